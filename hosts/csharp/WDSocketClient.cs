// WDSocketClient.cs - a client as a class, with exceptions and events.
//
// Add WDSocket.cs, WDSocketException.cs, WDSocketConnection.cs, WDSocketEvents.cs and this
// file to the project; for servers WDSocketServer.cs, which the connection's class names.
using System;

namespace WDSocketLibrary
{
    /// <summary>
    /// A client: it connects, writes and reads messages, or is told of them by events.
    /// </summary>
    /// <remarks>
    /// A client has one connection; for another one make another object. Dispose of it also after
    /// an exception, best by <c>using</c>.
    /// </remarks>
    /// <example>
    /// <code>
    /// using (WDSocketClient client = new WDSocketClient())
    /// {
    ///     client.Connect("10.0.0.5", 5000, 3000);
    ///     client.Write("weight?");
    ///     Console.WriteLine(client.ReadText(3000));
    /// }
    /// </code>
    /// </example>
    public sealed class WDSocketClient : WDSocketConnection
    {
        /// <summary>The connection is open, or open again (<see cref="WDSocket.WDS_OPT_RECONNECT"/>). Not raised by <see cref="Connect"/>, which returns then.</summary>
        public event EventHandler<WDSocketEventArgs> Connected;

        /// <summary>A message has arrived.</summary>
        public event EventHandler<WDSocketMessageEventArgs> MessageReceived;

        /// <summary>The connection has ended, but not by this program. The client is disposed of afterwards.</summary>
        public event EventHandler<WDSocketClosedEventArgs> Closed;

        /// <summary>Something failed that has not ended the connection: <see cref="ConnectInBackground"/>, a message, or a handler of the program.</summary>
        /// <remarks>Without a handler here an exception of another handler is unhandled, and ends the program.</remarks>
        public event EventHandler<WDSocketErrorEventArgs> ErrorOccurred;

        /// <summary>Everything else that the library tells, such as an attempt to connect again.</summary>
        public event EventHandler<WDSocketOtherEventArgs> OtherEvent;

        /// <summary>Makes a client that is not connected yet, so that its options can be set first.</summary>
        /// <param name="name">A name, for texts of errors and for the log; it is unique among the sockets of the program.</param>
        /// <exception cref="WDSocketException">The name is taken (<see cref="WDSocket.WDS_E_NAME_TAKEN"/>).</exception>
        public WDSocketClient(string name = null)
        {
            Own.Set(WDSocket.WDSocketNew(WDSocketText.Sent(name, "name")));
        }

        /// <summary>Connects, and waits for it.</summary>
        /// <param name="address">A name or an IP address; with port 0 also "host:port", "tls://host:port", "ws://host/path"
        /// and whatever else the library connects to.</param>
        /// <param name="port">The port, or 0.</param>
        /// <param name="timeoutMs">Milliseconds for looking the name up, connecting, proxies and TLS together, from 1; -1 = as long as the system takes.</param>
        /// <exception cref="WDSocketException">It did not succeed; <see cref="Connect"/> may be called again.</exception>
        public void Connect(string address, int port, int timeoutMs)
        {
            if (timeoutMs == 0) throw new ArgumentException("1 or more, or -1: what does not wait is ConnectInBackground", "timeoutMs");
            Check(WDSocket.WDSocketOpen(Handle, WDSocket.WDS_KIND_CLIENT, port, WDSocketText.Sent(address, "address"), timeoutMs));
        }

        /// <summary>Begins to connect: <see cref="Connected"/> or <see cref="ErrorOccurred"/> tells how it ended.</summary>
        /// <param name="address">As of <see cref="Connect"/>.</param>
        /// <param name="port">The port, or 0.</param>
        /// <exception cref="InvalidOperationException"><see cref="StartEvents"/> was not called before.</exception>
        public void ConnectInBackground(string address, int port)
        {
            if (!HasEvents) throw new InvalidOperationException("call StartEvents first: events tell how it ended");
            Check(WDSocket.WDSocketOpen(Handle, WDSocket.WDS_KIND_CLIENT, port, WDSocketText.Sent(address, "address"), 0));
        }

        /// <summary>Begins to raise events. <see cref="WDSocketConnection.Read"/> is of no use then: events take the messages.</summary>
        /// <remarks>
        /// Called in the thread of a window, events are raised there; elsewhere in a thread of
        /// their own, where a handler must not wait for a thread that closes the client.
        /// Subscribe first.
        /// </remarks>
        public void StartEvents()
        {
            BeginEvents(WDSocket.WDS_ATTACH_PLAIN, Raise);
        }

        private void Raise(WDSocket.Event e)
        {
            try
            {
                Tell(e);
            }
            catch (Exception error)
            {
                EventHandler<WDSocketErrorEventArgs> told = ErrorOccurred;
                if (told == null) throw;
                told(this, new WDSocketErrorEventArgs(this, error));
            }
        }

        private void Tell(WDSocket.Event e)
        {
            switch (e.kind)
            {
                case WDSocket.WDS_EVENT_TIMER:
                    Tick(e);
                    break;
                case WDSocket.WDS_EVENT_MESSAGE:
                    byte[] message;
                    if (TakeAnnounced(out message))
                        Call(MessageReceived, this, new WDSocketMessageEventArgs(this, message));
                    break;
                case WDSocket.WDS_EVENT_CONNECTED:
                case WDSocket.WDS_EVENT_RECONNECTED:
                    Call(Connected, this, new WDSocketEventArgs(this));
                    break;
                case WDSocket.WDS_EVENT_PEER_CLOSED:
                case WDSocket.WDS_EVENT_RESET:
                case WDSocket.WDS_EVENT_TIMEOUT:
                    End(e);
                    break;
                case WDSocket.WDS_EVENT_ERROR:
                    // A client that could not connect may try again.
                    if (State == WDSocket.WDS_STATE_FAILED) throw WDSocketException.OfEvent(e.socket, e.code);
                    End(e);
                    break;
                default:
                    Call(OtherEvent, this, new WDSocketOtherEventArgs(this, e));
                    break;
            }
        }

        private void End(WDSocket.Event e)
        {
            try
            {
                Call(Closed, this, new WDSocketClosedEventArgs(this, Reason(e)));
            }
            finally
            {
                Dispose();
            }
        }
    }
}
