// WDSocketServer.cs - a server for many clients as a class, with exceptions and events.
//
// Add WDSocket.cs, WDSocketException.cs, WDSocketConnection.cs, WDSocketEvents.cs and this
// file to the project.
using System;
using System.Collections.Generic;
using System.Text;

namespace WDSocketLibrary
{
    /// <summary>
    /// A server: its clients are accepted one by one, or by themselves once events are raised.
    /// </summary>
    /// <remarks>Closing it closes its clients too. Dispose of it also after an exception, best by <c>using</c>.</remarks>
    /// <example>
    /// <code>
    /// using (WDSocketServer server = new WDSocketServer())
    /// {
    ///     server.MessageReceived += (sender, e) => e.Connection.Write(e.Data);
    ///     server.ErrorOccurred += (sender, e) => Console.Error.WriteLine(e.Error.Message); // of one client: the others go on
    ///     server.Listen(5000);
    ///     server.StartEvents();
    ///     Console.ReadLine();
    /// }
    /// </code>
    /// </example>
    public sealed class WDSocketServer : WDSocketBase
    {
        private readonly Dictionary<int, WDSocketConnection> clients = new Dictionary<int, WDSocketConnection>();
        private bool closing; // under the lock of clients

        /// <summary>A client has connected.</summary>
        public event EventHandler<WDSocketEventArgs> ClientConnected;

        /// <summary>A message of a client has arrived.</summary>
        public event EventHandler<WDSocketMessageEventArgs> MessageReceived;

        /// <summary>The connection of a client has ended, but not by this program. It is disposed of afterwards.</summary>
        public event EventHandler<WDSocketClosedEventArgs> ClientClosed;

        /// <summary>Something failed that has ended no connection: a client could not be accepted, a message, or a handler of the program.</summary>
        /// <remarks>Without a handler here an exception of another handler is unhandled, and ends the program.</remarks>
        public event EventHandler<WDSocketErrorEventArgs> ErrorOccurred;

        /// <summary>Everything else that the library tells, such as a certificate that expires soon.</summary>
        public event EventHandler<WDSocketOtherEventArgs> OtherEvent;

        /// <summary>Makes a server that does not listen yet, so that options can be set first: its clients get them all.</summary>
        /// <param name="name">A name, for texts of errors and for the log; it is unique among the sockets of the program.</param>
        /// <exception cref="WDSocketException">The name is taken (<see cref="WDSocket.WDS_E_NAME_TAKEN"/>).</exception>
        public WDSocketServer(string name = null)
        {
            Own.Set(WDSocket.WDSocketNew(WDSocketText.Sent(name, "name")));
        }

        /// <summary>The port that the server listens on, also if the system has chosen it.</summary>
        public int Port { get { return GetOption(WDSocket.WDS_OPT_LOCAL_PORT); } }

        /// <summary>The clients that are connected, and not closed by this program.</summary>
        public WDSocketConnection[] Clients
        {
            get
            {
                lock (clients)
                {
                    WDSocketConnection[] all = new WDSocketConnection[clients.Count];
                    clients.Values.CopyTo(all, 0);
                    return all;
                }
            }
        }

        /// <summary>Opens the server.</summary>
        /// <param name="port">The port, 0 = chosen by the system or part of the address.</param>
        /// <param name="address">The local address, null = all; with port 0 also "host:port", "tls://host:port", "ws://host:port/path"
        /// and whatever else the library listens on.</param>
        /// <exception cref="WDSocketException">The port is taken (<see cref="WDSocket.WDS_E_PORT_TAKEN"/>) ...; <see cref="Listen"/> may be called again.</exception>
        public void Listen(int port, string address = null)
        {
            Check(WDSocket.WDSocketOpen(Handle, WDSocket.WDS_KIND_SERVER, port, WDSocketText.Sent(address, "address"), 0));
        }

        /// <summary>Waits for a client and accepts it. Not for servers with events, which accept by themselves.</summary>
        /// <param name="timeoutMs">Milliseconds, -1 = for ever, 0 = does not wait.</param>
        /// <returns>The connection; null if no client came in time.</returns>
        /// <exception cref="WDSocketException">A client could not be accepted; the server goes on unless
        /// <see cref="WDSocketException.IsConnectionOver"/>.</exception>
        public WDSocketConnection Accept(int timeoutMs)
        {
            int channel = WDSocket.WDSocketAccept(Handle, timeoutMs);
            // 0 ms without a request: another code says the same.
            if (channel == WDSocket.WDS_E_TIMEOUT || channel == WDSocket.WDS_E_NO_REQUEST) return null;
            return Remember(Check(channel));
        }

        /// <summary>Waits until a client asks to connect. <see cref="PendingInfo"/> tells who it is, and <see cref="Accept"/> or <see cref="Deny"/>
        /// decides; until then it waits. Not for servers with events.</summary>
        /// <param name="timeoutMs">Milliseconds, -1 = for ever, 0 = does not wait.</param>
        /// <returns>Whether one asks.</returns>
        /// <exception cref="WDSocketException">As <see cref="Accept"/>.</exception>
        public bool WaitForConnection(int timeoutMs)
        {
            int result = WDSocket.WDSocketWaitForConnection(Handle, timeoutMs);
            if (result == WDSocket.WDS_E_TIMEOUT) return false;
            Check(result);
            return true;
        }

        /// <summary>Who asks to connect: "192.168.1.7:40123"; of a simplified server, who is its client.</summary>
        /// <param name="what">As of <see cref="WDSocketConnection.PeerInfo"/>: <see cref="WDSocket.WDS_INFO_ADDRESS"/> is the address without the port.</param>
        /// <exception cref="WDSocketException">No client asks (<see cref="WDSocket.WDS_E_NO_REQUEST"/>).</exception>
        public string PendingInfo(int what = WDSocket.WDS_INFO_ENDPOINT)
        {
            return OfPeer(what);
        }

        /// <summary>Refuses the client that asks to connect, by a reset; of a simplified server it disconnects its client.</summary>
        /// <exception cref="WDSocketException">No client asks (<see cref="WDSocket.WDS_E_NO_REQUEST"/>): it has given up, for instance.</exception>
        public void Deny()
        {
            Check(WDSocket.WDSocketDeny(Handle));
        }

        /// <summary>The server as WLanguage's simplified one, which has one client at a time.</summary>
        /// <remarks>
        /// The first <see cref="WDSocketConnection.Read"/> waits for a client and accepts it. When that leaves, a call throws
        /// an exception that is not <see cref="WDSocketException.IsConnectionOver"/>, and the next read waits for another client.
        /// It lives as long as the server; closing it closes nothing, and <see cref="WDSocketConnection.Abort"/> disconnects the
        /// client and goes on with the next: for one that stays after a write to it has failed. Not for a server that accepts, or that has events.
        /// </remarks>
        /// <example>
        /// <code>
        /// server.SetOption(WDSocket.WDS_OPT_IDLE_LIMIT, 60000); // a silent client does not keep the next one waiting
        /// server.SetOption(WDSocket.WDS_OPT_MESSAGE_LIMIT, 60000); // nor does one that never ends its message
        /// WDSocketConnection served = server.Simplified();
        /// bool writing = false;
        /// for (;;)
        /// {
        ///     try
        ///     {
        ///         writing = false;
        ///         string question = served.ReadText(-1);
        ///         writing = true;
        ///         served.Write("you said " + question);
        ///     }
        ///     catch (WDSocketException e)
        ///     {
        ///         if (e.IsConnectionOver || e.Code == WDSocket.WDS_E_CANCELLED) throw; // of the server itself
        ///         if (writing &amp;&amp; e.Scope != WDSocket.WDS_SCOPE_MESSAGE) served.Abort(); // it may still be there, but takes no answers
        ///     } // else the client has left
        /// }
        /// </code>
        /// </example>
        public WDSocketConnection Simplified()
        {
            return new WDSocketConnection(this);
        }

        /// <summary>Begins to accept clients and to raise events.</summary>
        /// <remarks>
        /// Called in the thread of a window, events are raised there; elsewhere in a thread of
        /// their own, where a handler must not wait for a thread that closes the server. One
        /// thread serves all clients, so that writing must not wait for one of them: unless
        /// <see cref="WDSocket.WDS_OPT_SEND_QUEUE"/> is set, it becomes 1 MiB, and a client that reads
        /// too slowly makes a write fail with <see cref="WDSocket.WDS_E_FULL"/>. Subscribe first.
        /// </remarks>
        public void StartEvents()
        {
            if (GetOption(WDSocket.WDS_OPT_SEND_QUEUE) == 0) SetOption(WDSocket.WDS_OPT_SEND_QUEUE, 1 << 20);
            BeginEvents(WDSocket.WDS_ATTACH_MANAGE, Raise);
        }

        /// <summary>Writes a message to all clients.</summary>
        /// <remarks>It never waits. What a client does not take at once waits within its <see cref="WDSocket.WDS_OPT_PUBLISH_QUEUE"/>, 1 MiB
        /// unless set; beyond it the oldest messages are dropped, which OtherEvent tells (<see cref="WDSocket.WDS_EVENT_DROPPED"/>),
        /// or the client is disconnected: <see cref="WDSocket.WDS_OPT_PUBLISH_POLICY"/>.</remarks>
        public void WriteToAll(byte[] message)
        {
            if (message == null) throw new ArgumentNullException("message");
            Check(WDSocket.WDSocketGroupPublish(Handle, null, message, message.Length));
        }

        /// <summary>Writes a text to all clients, in <see cref="WDSocketBase.TextEncoding"/>.</summary>
        public void WriteToAll(string text)
        {
            if (text == null) throw new ArgumentNullException("text");
            WriteToAll(TextEncoding.GetBytes(text));
        }

        /// <summary>Writes a message to the clients of a group (<see cref="WDSocketConnection.Join"/>). It never waits: see <see cref="WriteToAll(byte[])"/>.</summary>
        /// <returns>How many there are.</returns>
        public int WriteToGroup(string group, byte[] message)
        {
            if (group == null) throw new ArgumentNullException("group");
            if (message == null) throw new ArgumentNullException("message");
            return Check(WDSocket.WDSocketGroupPublish(Handle, WDSocketText.Sent(group, "group"), message, message.Length));
        }

        /// <summary>Writes a text to the clients of a group, in <see cref="WDSocketBase.TextEncoding"/>.</summary>
        /// <returns>How many there are.</returns>
        public int WriteToGroup(string group, string text)
        {
            if (text == null) throw new ArgumentNullException("text");
            return WriteToGroup(group, TextEncoding.GetBytes(text));
        }

        /// <summary>Ends the events, closes the server and its clients, and waits until their systems have what was written: for the end of a program.</summary>
        /// <param name="timeoutMs">Milliseconds for all of them together, -1 = for ever.</param>
        /// <exception cref="WDSocketException">Some did not get it in time (<see cref="WDSocketException.IsTimeout"/>), and it is sent on for a while, or a
        /// connection was cut; all are closed all the same.</exception>
        public void Close(int timeoutMs)
        {
            int socket = Handle;
            EndEvents();
            lock (clients) closing = true;
            try
            {
                WDSocketException.Check(socket, WDSocket.WDSocketCloseEx(socket, WDSocket.WDS_CLOSE_GRACEFUL + WDSocket.WDS_CLOSE_CLIENTS, timeoutMs));
            }
            finally
            {
                Dispose();
            }
        }

        /// <summary>Ends the events, closes the clients, to whom what was written is still sent, and the server.</summary>
        /// <param name="disposing">Whether the program has asked for it.</param>
        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                // Nothing is accepted any more once the events have ended; what another
                // thread accepts now is closed by Remember.
                EndEvents();
                lock (clients) closing = true;
                foreach (WDSocketConnection client in Clients) client.Dispose();
                CloseUnknown();
            }
            base.Dispose(disposing);
        }

        // CloseUnknown closes what was accepted and whose event was not fetched any more.
        private void CloseUnknown()
        {
            if (Own.IsClosed || Own.IsInvalid) return; // 0 would mean all sockets of the program
            int[] channels = new int[256];
            int count;
            while ((count = WDSocket.WDSocketList(Own.Number, channels, channels.Length)) != 0)
            {
                if (count == WDSocket.WDS_E_BUFFER) channels = new int[2 * channels.Length];
                else if (count < 0) return;
                for (int i = 0; i < count; i++) WDSocket.WDSocketClose(channels[i]);
            }
        }

        internal void Forget(WDSocketConnection client)
        {
            lock (clients) clients.Remove(client.Own.Number);
        }

        // Remember makes the object of a channel.
        private WDSocketConnection Remember(int channel)
        {
            WDSocketConnection client = new WDSocketConnection(this, channel);
            lock (clients)
            {
                if (!closing)
                {
                    clients.Add(channel, client);
                    return client;
                }
            }
            client.Dispose();
            throw new ObjectDisposedException(GetType().Name);
        }

        private void Raise(WDSocket.Event e)
        {
            WDSocketConnection client = null;
            try
            {
                if (e.kind == WDSocket.WDS_EVENT_TIMER)
                {
                    Tick(e);
                    return;
                }
                if (e.kind == WDSocket.WDS_EVENT_ACCEPTED) client = Remember(e.socket);
                else lock (clients) clients.TryGetValue(e.socket, out client);
                Tell(client, e);
            }
            catch (Exception error)
            {
                EventHandler<WDSocketErrorEventArgs> told = ErrorOccurred;
                if (told == null) throw;
                told(this, new WDSocketErrorEventArgs(client, error));
            }
        }

        // client is null where an event is about the server itself, or about a client that
        // this program has closed meanwhile.
        private void Tell(WDSocketConnection client, WDSocket.Event e)
        {
            if (client == null && e.socket != Own.Number) return;
            switch (e.kind)
            {
                case WDSocket.WDS_EVENT_ACCEPTED:
                    Call(ClientConnected, this, new WDSocketEventArgs(client));
                    break;
                case WDSocket.WDS_EVENT_MESSAGE:
                    byte[] message;
                    if (client.TakeAnnounced(out message))
                        Call(MessageReceived, this, new WDSocketMessageEventArgs(client, message));
                    break;
                case WDSocket.WDS_EVENT_PEER_CLOSED:
                case WDSocket.WDS_EVENT_RESET:
                case WDSocket.WDS_EVENT_TIMEOUT:
                case WDSocket.WDS_EVENT_ERROR:
                    if (client == null) throw WDSocketException.OfEvent(e.socket, e.code);
                    End(client, e);
                    break;
                default:
                    Call(OtherEvent, this, new WDSocketOtherEventArgs(client, e));
                    break;
            }
        }

        private void End(WDSocketConnection client, WDSocket.Event e)
        {
            try
            {
                Call(ClientClosed, this, new WDSocketClosedEventArgs(client, client.Reason(e)));
            }
            finally
            {
                client.Dispose();
            }
        }
    }
}
