// WDSocketConnection.cs - a connection, the common part of clients and of what a server
// has accepted.
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace WDSocketLibrary
{
    // A handle of the library, closed when it is disposed or, at the latest, when the garbage
    // collector finds it.
    internal sealed class WDSocketHandle : SafeHandle
    {
        internal WDSocketHandle(bool owned) : base(IntPtr.Zero, owned) { }

        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }

        // Of a closed socket the library refuses the number with WDS_E_HANDLE, and no new
        // one gets it: no reference is counted during calls.
        internal int Number { get { return (int)handle; } }

        // Set takes the result of a call that makes a handle.
        internal void Set(int result)
        {
            SetHandle((IntPtr)WDSocketException.Check(0, result));
        }

        protected override bool ReleaseHandle()
        {
            return WDSocket.WDSocketClose((int)handle) == WDSocket.WDS_OK;
        }
    }

    /// <summary>
    /// A socket of the library: what clients, connections and servers have in common.
    /// </summary>
    /// <remarks>
    /// All members may be called by any thread. Errors are <see cref="WDSocketException"/>s, and
    /// <see cref="ObjectDisposedException"/> once the socket is closed.
    /// </remarks>
    public abstract class WDSocketBase : IDisposable
    {
        internal readonly WDSocketHandle Own;
        private readonly object starting = new object();
        private WDSocketEvents events; // it, timers and ended under the lock
        private readonly Dictionary<int, WDSocketTimer> timers = new Dictionary<int, WDSocketTimer>();
        private bool ended;
        private IDisposable attached; // under the lock
        private Encoding encoding = Encoding.UTF8;

        internal WDSocketBase(bool owned = true)
        {
            Loaded();
            Own = new WDSocketHandle(owned);
        }

        /// <summary>How texts become bytes and back: UTF-8 unless it is set. A connection of a server begins with what the server has then.</summary>
        public Encoding TextEncoding
        {
            get { return encoding; }
            set
            {
                if (value == null) throw new ArgumentNullException("value");
                encoding = value;
            }
        }

        // Loaded says what to do where the library cannot be loaded.
        private static void Loaded()
        {
            try
            {
                WDSocket.WDSocketVersion();
            }
            catch (DllNotFoundException e)
            {
                string what = Environment.OSVersion.Platform != PlatformID.Win32NT
                    ? "libwdsocket.so.1 cannot be loaded: set LD_LIBRARY_PATH to its folder, or install it"
                    : (IntPtr.Size == 8 ? "wdsocket64.dll" : "wdsocket32.dll") + " cannot be loaded: put it beside the program";
                throw new DllNotFoundException(what + " (" + e.Message + ")", e);
            }
        }

        /// <summary>How many sockets the program holds, without event queues: 0 at its end, if it has closed them all.</summary>
        public static long SocketsHeld
        {
            get
            {
                Loaded();
                long[] number = new long[1];
                WDSocketException.Check(0, WDSocket.WDSocketGetNumber(0, WDSocket.WDS_NUM_SOCKETS, number));
                return number[0];
            }
        }

        /// <summary>Tells how a device may delimit its messages, from bytes that raw mode has read, from the beginning of a message on.</summary>
        /// <returns>A line for each way, the best one first: the text for <see cref="SetFrame"/>, a tab, the names for
        /// <see cref="SetPreset"/>, a tab, and the reason. "" if nothing fits.</returns>
        public static string Guess(byte[] received)
        {
            if (received == null) throw new ArgumentNullException("received");
            Loaded();
            return WDSocketText.Received((text, size) =>
            {
                int length = WDSocket.WDSocketGuess(received, received.Length, text, size);
                return length == WDSocket.WDS_E_BUFFER ? length : WDSocketException.Check(0, length);
            });
        }

        /// <summary>The handle, for functions of <see cref="WDSocket"/> that this class does not wrap.</summary>
        /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
        public int Handle
        {
            get
            {
                if (Own.IsClosed) throw new ObjectDisposedException(GetType().Name);
                return Own.Number;
            }
        }

        /// <summary>What the socket is doing, one of <c>WDSocket.WDS_STATE_...</c>; 0 once it is closed.</summary>
        public int State
        {
            get { return Own.IsClosed ? 0 : Math.Max(0, WDSocket.WDSocketState(Own.Number)); }
        }

        /// <summary>Any object of the program.</summary>
        public object Tag { get; set; }

        /// <summary>Sets an option, one of <c>WDSocket.WDS_OPT_...</c>.</summary>
        public void SetOption(int option, int value)
        {
            Check(WDSocket.WDSocketSetOption(Handle, option, value));
        }

        /// <summary>Gives the value of an option, one of <c>WDSocket.WDS_OPT_...</c>.</summary>
        public int GetOption(int option)
        {
            int[] value = new int[1];
            Check(WDSocket.WDSocketGetOption(Handle, option, value));
            return value[0];
        }

        /// <summary>Sets an option that is a text, one of <c>WDSocket.WDS_TEXT_...</c>.</summary>
        public void SetText(int option, string value)
        {
            Check(WDSocket.WDSocketSetText(Handle, option, WDSocketText.Sent(value, "value")));
        }

        /// <summary>Gives an option that is a text, one of <c>WDSocket.WDS_TEXT_...</c>.</summary>
        public string GetText(int option)
        {
            int socket = Handle;
            return Told((text, size) => WDSocket.WDSocketGetText(socket, option, text, size));
        }

        /// <summary>Sets an option that is bytes, such as <see cref="WDSocket.WDS_TEXT_HEARTBEAT"/>.</summary>
        public void SetBytes(int option, byte[] value)
        {
            if (value == null) throw new ArgumentNullException("value");
            Check(WDSocket.WDSocketSetBytes(Handle, option, value, value.Length));
        }

        /// <summary>Gives an option that is bytes.</summary>
        public byte[] GetBytes(int option)
        {
            int socket = Handle;
            byte[] value = new byte[256];
            int length;
            while ((length = WDSocket.WDSocketGetBytes(socket, option, value, value.Length)) == WDSocket.WDS_E_BUFFER)
                value = new byte[2 * value.Length];
            Array.Resize(ref value, Check(length));
            return value;
        }

        /// <summary>Gives a figure, one of <c>WDSocket.WDS_NUM_...</c>.</summary>
        public long GetNumber(int what)
        {
            long[] value = new long[1];
            Check(WDSocket.WDSocketGetNumber(Handle, what, value));
            return value[0];
        }

        /// <summary>Ends the calls of other threads that wait on this socket, with <see cref="WDSocket.WDS_E_CANCELLED"/>; it stays open.</summary>
        public void Cancel()
        {
            Check(WDSocket.WDSocketCancel(Handle));
        }

        /// <summary>Chooses how messages are delimited; unless this is called, it is <see cref="WDSocket.WDS_MODE_SIZE"/>.</summary>
        /// <remarks>Of a server, before or after it listens, it is that of the clients that it accepts from then on.</remarks>
        /// <param name="mode">One of <c>WDSocket.WDS_MODE_...</c>.</param>
        /// <param name="tag">The end tag, for the modes that have one: "\r\n". It is UTF-8 on its way, whatever <see cref="TextEncoding"/> is.</param>
        public void SetMode(int mode, string tag = null)
        {
            Mode(mode, tag == null ? null : Encoding.UTF8.GetBytes(tag));
        }

        /// <summary>Chooses a mode with an end tag that is no text, as <see cref="SetMode(int, string)"/>.</summary>
        /// <param name="mode"><see cref="WDSocket.WDS_MODE_END_TAG"/> or <see cref="WDSocket.WDS_MODE_END_TAG_BUFFER"/>.</param>
        /// <param name="tag">The end tag, 1 to 64 bytes: <c>new byte[] { 0xff, 0xff }</c>.</param>
        public void SetMode(int mode, byte[] tag)
        {
            if (tag == null) throw new ArgumentNullException("tag");
            Mode(mode, tag);
        }

        private void Mode(int mode, byte[] tag)
        {
            Check(WDSocket.WDSocketChangeTransmissionMode(Handle, mode, tag, tag == null ? 0 : tag.Length));
        }

        /// <summary>Chooses how messages are delimited by the name of a protocol (<see cref="WDSocket.WDS_TEXT_FRAME_PRESET"/>): "line", "modbus-tcp".</summary>
        /// <remarks>As <see cref="SetMode(int, string)"/>; docs/framing.md has the names.</remarks>
        public void SetPreset(string name)
        {
            SetText(WDSocket.WDS_TEXT_FRAME_PRESET, name);
        }

        /// <summary>Chooses how messages are delimited by a description of their bytes (<see cref="WDSocket.WDS_TEXT_FRAME"/>):
        /// "len:u16be data" is a message behind its length in two bytes.</summary>
        /// <remarks>As <see cref="SetMode(int, string)"/>; docs/framing.md has the language.</remarks>
        public void SetFrame(string description)
        {
            SetText(WDSocket.WDS_TEXT_FRAME, description);
            SetMode(WDSocket.WDS_MODE_DESCRIBED);
        }

        /// <summary>Has a method called after a time, and then at each interval, where the events are raised and one after the other
        /// with them, so that they need no locks between them.</summary>
        /// <remarks>For what has events: a client, a server, UDP. A connection that a server has accepted has those of the server.</remarks>
        /// <param name="tick">The method. Its exception is told as that of a handler. A call that comes late stands for those that it has missed.</param>
        /// <param name="dueMs">Milliseconds until the first call, 0 or more.</param>
        /// <param name="periodMs">Milliseconds from each to the next, 0 = once.</param>
        /// <returns>The timer, which ends with the socket, or earlier by its <see cref="WDSocketTimer.Dispose"/>.</returns>
        /// <exception cref="InvalidOperationException">StartEvents was not called before.</exception>
        public WDSocketTimer StartTimer(Action tick, int dueMs, int periodMs = 0)
        {
            if (tick == null) throw new ArgumentNullException("tick");
            lock (starting)
            {
                if (ended) throw new ObjectDisposedException(GetType().Name);
                if (events == null) throw new InvalidOperationException("call StartEvents first: the timer is called where events are raised");
                int timer = Check(WDSocket.WDSocketNewTimer(events.Queue, dueMs, periodMs, 0));
                return timers[timer] = new WDSocketTimer(this, timer, tick, periodMs == 0);
            }
        }

        // Tick calls the method of the timer of an event, unless it was ended meanwhile.
        internal void Tick(WDSocket.Event e)
        {
            WDSocketTimer timer;
            lock (starting)
            {
                if (!timers.TryGetValue(e.socket, out timer)) return;
            }
            if (timer.IsOnce) timer.Dispose();
            timer.Call();
        }

        internal void Forget(int timer)
        {
            lock (starting) timers.Remove(timer);
        }

        /// <summary>Closes the socket. What was written is still sent. More calls do nothing.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Closes the socket, as <see cref="Dispose()"/>.</summary>
        public void Close() { Dispose(); }

        /// <summary>Releases the handle.</summary>
        /// <param name="disposing">Whether the program has asked for it.</param>
        protected virtual void Dispose(bool disposing)
        {
            if (!disposing) return;
            EndEvents();
            Own.Dispose();
        }

        internal int Check(int result)
        {
            if (result == WDSocket.WDS_E_HANDLE && Own.IsClosed) throw new ObjectDisposedException(GetType().Name);
            return WDSocketException.Check(Own.Number, result);
        }

        // Call tells an event, unless no handler is there: another thread may take the last one
        // away just now.
        internal static void Call<T>(EventHandler<T> handlers, object sender, T arguments) where T : EventArgs
        {
            if (handlers != null) handlers(sender, arguments);
        }

        internal bool HasEvents { get { lock (starting) return events != null; } }

        // BeginEvents attaches the socket to a queue of its own. Once it is disposed of, the
        // queue is, too, whichever call comes first.
        internal void BeginEvents(int how, Action<WDSocket.Event> raise)
        {
            lock (starting)
            {
                if (ended) throw new ObjectDisposedException(GetType().Name);
                if (events != null) throw new InvalidOperationException("the events are started already");
                if (attached != null) throw new InvalidOperationException("a method whose name ends with Async was called: use those, or events, but not both");
                int socket = Handle;
                events = new WDSocketEvents(queue => Check(WDSocket.WDSocketAttach(queue, socket, how)), raise);
                events.Start("events of a " + GetType().Name);
            }
        }

        // Attached gives what is kept for the socket until it is closed, in place of events; made once.
        internal T Attached<T>(Func<T> make) where T : class, IDisposable
        {
            lock (starting)
            {
                if (ended) throw new ObjectDisposedException(GetType().Name);
                if (events != null) throw new InvalidOperationException("StartEvents was called: use events, or the methods whose names end with Async, but not both");
                if (attached == null) attached = make();
                return (T)attached;
            }
        }

        // EndEvents: no handler begins afterwards.
        internal void EndEvents()
        {
            WDSocketEvents last;
            IDisposable kept;
            lock (starting)
            {
                ended = true;
                timers.Clear(); // they end with their queue
                last = events;
                kept = attached;
            }
            if (last != null) last.Close();
            if (kept != null) kept.Dispose();
        }

        // Told is a text of any length that a function fills in, or its exception.
        internal string Told(WDSocketText.Filler fill)
        {
            return WDSocketText.Received((text, size) =>
            {
                int length = fill(text, size);
                return length == WDSocket.WDS_E_BUFFER ? length : Check(length);
            });
        }

        // OfPeer is one of WDS_INFO_ that WDSocketClientInfo tells.
        internal string OfPeer(int what)
        {
            int socket = Handle;
            return Told((text, size) => WDSocket.WDSocketClientInfo(socket, what, text, size));
        }
    }

    /// <summary>
    /// A connection: one that a server has accepted, or, as <see cref="WDSocketClient"/>, one of a client.
    /// </summary>
    /// <example>
    /// <code>
    /// using (WDSocketConnection connection = server.Accept(10000))
    ///     connection.Write("Hello, " + connection.ReadText(10000));
    /// </code>
    /// </example>
    public class WDSocketConnection : WDSocketBase
    {
        private readonly WDSocketServer server; // that has accepted it, or that it is
        private readonly bool simplified;

        // The class of a client calls it; the handle follows.
        internal WDSocketConnection() { }

        // A channel of a server.
        internal WDSocketConnection(WDSocketServer server, int channel)
        {
            Own.Set(channel);
            this.server = server;
            TextEncoding = server.TextEncoding;
        }

        // A simplified server, whose handle stays the server's.
        internal WDSocketConnection(WDSocketServer server) : base(false)
        {
            Own.Set(server.Handle);
            this.server = server;
            simplified = true;
            TextEncoding = server.TextEncoding;
        }

        internal bool IsSimplified { get { return simplified; } }

        /// <summary>Whether messages can be written and read: the connection is open, and the peer has not ended it. Of a
        /// simplified server: whether it has a client; it is asked by the thread that reads.</summary>
        public bool IsConnected
        {
            get { return simplified ? WDSocket.WDSocketAvailable(Own.Number) >= 0 : State == WDSocket.WDS_STATE_OPEN; }
        }

        /// <summary>The peer: "192.168.1.7:5000".</summary>
        public string PeerEndpoint { get { return OfPeer(WDSocket.WDS_INFO_ENDPOINT); } }

        /// <summary>The peer's address without the port: "192.168.1.7".</summary>
        public string PeerAddress { get { return OfPeer(WDSocket.WDS_INFO_ADDRESS); } }

        /// <summary>The address and port of this end: "192.168.1.2:40123".</summary>
        public string LocalEndpoint
        {
            get
            {
                int socket = Handle;
                return Told((text, size) => WDSocket.WDSocketLocalInfo(socket, WDSocket.WDS_INFO_ENDPOINT, text, size));
            }
        }

        /// <summary>What else is known of the peer, one of <c>WDSocket.WDS_INFO_...</c>.</summary>
        /// <param name="what">Such as <see cref="WDSocket.WDS_INFO_PROXY_ENDPOINT"/>, the proxy that it came through, or
        /// <see cref="WDSocket.WDS_INFO_PEER_PID"/>, the process at the other end of a local socket; "" where there is none.</param>
        /// <exception cref="WDSocketException">There is no peer yet (<see cref="WDSocket.WDS_E_NOT_CONNECTED"/>).</exception>
        public string PeerInfo(int what)
        {
            return OfPeer(what);
        }

        /// <summary>What the handshake of a WebSocket said, and how the peer closed it, one of <c>WDSocket.WDS_INFO_WEBSOCKET_...</c>.</summary>
        /// <param name="what">Such as <see cref="WDSocket.WDS_INFO_WEBSOCKET_PATH"/>, the path that the client asked for.</param>
        /// <exception cref="WDSocketException">It is no WebSocket (<see cref="WDSocket.WDS_E_KIND"/>).</exception>
        public string WebSocketInfo(int what)
        {
            int socket = Handle;
            return Told((text, size) => WDSocket.WDSocketWebSocketInfo(socket, what, text, size));
        }

        /// <summary>What TLS has agreed upon and who the peer is, one of <c>WDSocket.WDS_INFO_SSL_...</c>.</summary>
        /// <param name="what">Such as <see cref="WDSocket.WDS_INFO_SSL_SUBJECT"/>, the owner of a certificate of the peer.</param>
        /// <param name="certificate">The number of the certificate: 0 is the peer's own, then follow those that signed it.</param>
        /// <exception cref="WDSocketException">There is no TLS on the connection (<see cref="WDSocket.WDS_E_TLS_NOT_SECURED"/>).</exception>
        public string TlsInfo(int what, int certificate = 0)
        {
            int socket = Handle;
            return Told((text, size) => WDSocket.WDSocketSSLInfo(socket, what, certificate, text, size));
        }

        /// <summary>Writes a message.</summary>
        /// <exception cref="WDSocketException">The connection has ended, the peer does not read
        /// (<see cref="WDSocket.WDS_E_TIMEOUT"/>, or with a send queue <see cref="WDSocket.WDS_E_FULL"/>), or
        /// the message does not fit the mode.</exception>
        public void Write(byte[] message)
        {
            if (message == null) throw new ArgumentNullException("message");
            Check(WDSocket.WDSocketWrite(Handle, message, message.Length));
        }

        /// <summary>Writes a text as a message, in <see cref="WDSocketBase.TextEncoding"/>.</summary>
        /// <exception cref="WDSocketException">As <see cref="Write(byte[])"/>.</exception>
        public void Write(string text)
        {
            if (text == null) throw new ArgumentNullException("text");
            Write(TextEncoding.GetBytes(text));
        }

        /// <summary>Waits for a message and gives it; in raw mode the bytes that have arrived.</summary>
        /// <param name="timeoutMs">Milliseconds, -1 = for ever, 0 = does not wait.</param>
        /// <exception cref="WDSocketException">None came in time (<see cref="WDSocketException.IsTimeout"/>), or the
        /// connection has ended (<see cref="WDSocket.WDS_E_PEER_CLOSED"/>, <see cref="WDSocket.WDS_E_RESET"/> ...).</exception>
        public byte[] Read(int timeoutMs)
        {
            byte[] message;
            Check(Take(timeoutMs, out message));
            return message;
        }

        /// <summary>As <see cref="Read"/>, but a message that did not come in time is no exception.</summary>
        /// <returns>Whether there was one.</returns>
        public bool TryRead(int timeoutMs, out byte[] message)
        {
            int result = Take(timeoutMs, out message);
            if (result == WDSocket.WDS_E_TIMEOUT) return false;
            Check(result);
            return true;
        }

        /// <summary>Waits for a message and gives it as a text, by <see cref="WDSocketBase.TextEncoding"/>.</summary>
        /// <exception cref="WDSocketException">As <see cref="Read"/>.</exception>
        public string ReadText(int timeoutMs)
        {
            return TextEncoding.GetString(Read(timeoutMs));
        }

        /// <summary>Waits for the next bytes of the stream, so many, whatever the mode is.</summary>
        /// <exception cref="WDSocketException">As <see cref="Read"/>; after a time-out what has come is still there.</exception>
        public byte[] ReadExactly(int size, int timeoutMs)
        {
            byte[] bytes = new byte[size];
            Check(WDSocket.WDSocketReadExactly(Handle, bytes, size, timeoutMs));
            return bytes;
        }

        /// <summary>Waits for the bytes up to a tag, which is not part of the result, whatever the mode is.</summary>
        /// <param name="tag">The tag: <c>new byte[] { 13, 10 }</c>.</param>
        /// <param name="timeoutMs">Milliseconds, -1 = for ever, 0 = does not wait.</param>
        /// <param name="most">The bytes that the result may have.</param>
        /// <exception cref="WDSocketException">As <see cref="Read"/>; there is no tag within so many bytes (<see cref="WDSocket.WDS_E_BUFFER"/>).</exception>
        public byte[] ReadUntil(byte[] tag, int timeoutMs, int most = 65536)
        {
            if (tag == null) throw new ArgumentNullException("tag");
            byte[] bytes = new byte[most];
            int length = Check(WDSocket.WDSocketReadUntil(Handle, bytes, most, tag, tag.Length, timeoutMs));
            Array.Resize(ref bytes, length);
            return bytes;
        }

        /// <summary>How many bytes of messages can be read without waiting.</summary>
        public int Available()
        {
            return Check(WDSocket.WDSocketAvailable(Handle));
        }

        /// <summary>Discards what has arrived, one of <c>WDSocket.WDS_DISCARD_...</c>.</summary>
        /// <returns>How many bytes.</returns>
        public int Discard(int what = WDSocket.WDS_DISCARD_ALL)
        {
            return Check(WDSocket.WDSocketDiscard(Handle, what));
        }

        /// <summary>Waits until the system has what was written, with a send queue (<see cref="WDSocket.WDS_OPT_SEND_QUEUE"/>).</summary>
        public void Flush(int timeoutMs)
        {
            Check(WDSocket.WDSocketFlush(Handle, timeoutMs));
        }

        /// <summary>Begins TLS on the open connection, after both ends have agreed on it (STARTTLS).</summary>
        /// <param name="timeoutMs">Milliseconds, -1 = for ever.</param>
        /// <param name="options">Bits of <c>WDSocket.WDS_SSL_...</c>.</param>
        /// <param name="role"><see cref="WDSocket.WDS_ROLE_SERVER"/> on the side of the server, with the certificate of <see cref="WDSocket.WDS_TEXT_SSL_CERTIFICATE"/>.</param>
        /// <exception cref="WDSocketException">The handshake failed, and the connection can only be closed; or what has arrived in
        /// plain text is to be read first (<see cref="WDSocket.WDS_E_TLS_SURPLUS"/>), and it goes on as before.</exception>
        public void StartTls(int timeoutMs, int options = 0, int role = WDSocket.WDS_ROLE_CLIENT)
        {
            Check(WDSocket.WDSocketStartSSL(Handle, role, options, null, null, timeoutMs));
        }

        /// <summary>Ends TLS and goes on in plain text, after both ends have agreed on it: it waits until the peer ends it, too.</summary>
        /// <param name="timeoutMs">Milliseconds, -1 = for ever.</param>
        /// <exception cref="WDSocketException">The peer did not in time (<see cref="WDSocketException.IsTimeout"/>): call it again or close; there
        /// is no TLS (<see cref="WDSocket.WDS_E_TLS_NOT_SECURED"/>); or events or tasks receive for the connection (<see cref="WDSocket.WDS_E_BUSY"/>).</exception>
        public void StopTls(int timeoutMs)
        {
            Check(WDSocket.WDSocketStopSSL(Handle, timeoutMs));
        }

        /// <summary>Ends what this program sends: the peer reads the end, and can still answer.</summary>
        public void EndWriting(int timeoutMs)
        {
            Check(WDSocket.WDSocketCloseEx(Handle, WDSocket.WDS_CLOSE_WRITE, timeoutMs));
        }

        /// <summary>Writes a request and waits for its answer. What came before it is discarded, and an answer that comes too
        /// late is not taken for that of the next request.</summary>
        /// <param name="request">The request.</param>
        /// <param name="timeoutMs">Milliseconds for both, -1 = for ever.</param>
        /// <param name="most">The bytes that the answer may have.</param>
        /// <exception cref="WDSocketException">As <see cref="Read"/>; the answer is longer (<see cref="WDSocket.WDS_E_BUFFER"/>).</exception>
        public byte[] Exchange(byte[] request, int timeoutMs, int most = 65536)
        {
            if (request == null) throw new ArgumentNullException("request");
            byte[] answer = new byte[most];
            int length = Check(WDSocket.WDSocketExchange(Handle, request, request.Length, answer, most, timeoutMs));
            Array.Resize(ref answer, length);
            return answer;
        }

        /// <summary>Writes a request and gives its answer, texts in <see cref="WDSocketBase.TextEncoding"/>.</summary>
        /// <exception cref="WDSocketException">As <see cref="Exchange(byte[], int, int)"/>.</exception>
        public string Exchange(string request, int timeoutMs, int most = 65536)
        {
            if (request == null) throw new ArgumentNullException("request");
            return TextEncoding.GetString(Exchange(TextEncoding.GetBytes(request), timeoutMs, most));
        }

        /// <summary>Joins a group of the server that has accepted the connection: <see cref="WDSocketServer.WriteToGroup(string, byte[])"/> writes to it.</summary>
        public void Join(string group)
        {
            Check(WDSocket.WDSocketGroupJoin(Handle, WDSocketText.Sent(group, "group")));
        }

        /// <summary>Leaves a group, or with null all of them.</summary>
        public void Leave(string group = null)
        {
            Check(WDSocket.WDSocketGroupLeave(Handle, WDSocketText.Sent(group, "group")));
        }

        /// <summary>Writes a message to the other clients of the server that has accepted the connection, as a chat does with what one says.</summary>
        /// <remarks>It never waits. What a client does not take at once waits within its <see cref="WDSocket.WDS_OPT_PUBLISH_QUEUE"/>, 1 MiB
        /// unless set; beyond it the oldest messages are dropped, which OtherEvent tells (<see cref="WDSocket.WDS_EVENT_DROPPED"/>),
        /// or the client is disconnected: <see cref="WDSocket.WDS_OPT_PUBLISH_POLICY"/>.</remarks>
        /// <param name="message">The message.</param>
        /// <param name="group">A group (<see cref="Join"/>), of which the connection need not be a member; null = all clients of the server.</param>
        /// <returns>How many they are.</returns>
        /// <exception cref="WDSocketException">No server has accepted it (<see cref="WDSocket.WDS_E_KIND"/>), or that is closed
        /// (<see cref="WDSocket.WDS_E_CLOSED"/>); that the peer has left is no error.</exception>
        public int WriteToOthers(byte[] message, string group = null)
        {
            if (message == null) throw new ArgumentNullException("message");
            return Check(WDSocket.WDSocketGroupPublish(Handle, WDSocketText.Sent(group, "group"), message, message.Length));
        }

        /// <summary>Writes a text to the other clients of the server, in <see cref="WDSocketBase.TextEncoding"/>.</summary>
        /// <returns>How many they are.</returns>
        /// <exception cref="WDSocketException">As <see cref="WriteToOthers(byte[], string)"/>.</exception>
        public int WriteToOthers(string text, string group = null)
        {
            if (text == null) throw new ArgumentNullException("text");
            return WriteToOthers(TextEncoding.GetBytes(text), group);
        }

        /// <summary>Closes the connection and waits until the peer's system has what was written.</summary>
        /// <exception cref="WDSocketException">It did not get it in time, or the connection was cut; the connection is closed all the same.</exception>
        public void Close(int timeoutMs)
        {
            int socket = Handle;
            try
            {
                if (!simplified) WDSocketException.Check(socket, WDSocket.WDSocketCloseEx(socket, WDSocket.WDS_CLOSE_GRACEFUL, timeoutMs));
            }
            finally
            {
                Dispose();
            }
        }

        /// <summary>Resets the connection at once; what was not sent is discarded. That of a simplified server goes on with the
        /// next client.</summary>
        public void Abort()
        {
            if (simplified)
            {
                WDSocket.WDSocketDeny(Own.Number);
                return;
            }
            if (!Own.IsClosed) WDSocket.WDSocketCloseEx(Own.Number, WDSocket.WDS_CLOSE_ABORT, 0);
            Dispose();
        }

        /// <summary>Releases the handle.</summary>
        /// <param name="disposing">Whether the program has asked for it.</param>
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing && server != null) server.Forget(this);
        }

        // Take reads a message of any length, or gives an error.
        internal int Take(int timeoutMs, out byte[] message)
        {
            IntPtr[] data = new IntPtr[1], token = new IntPtr[1];
            int[] length = new int[1];
            message = null;
            int result = WDSocket.WDSocketReadMessage(Own.Number, timeoutMs, data, length, token);
            if (result < 0) return result;
            try
            {
                byte[] copy = new byte[length[0]];
                if (copy.Length > 0) Marshal.Copy(data[0], copy, 0, copy.Length);
                message = copy;
            }
            finally
            {
                WDSocket.WDSocketMessageFree(token[0]);
            }
            return result;
        }

        // TakeAnnounced reads a message that an event has announced. One that cannot be
        // converted is discarded, and its error thrown; one that was taken back is not there, nor
        // one of a connection that another thread has closed meanwhile.
        internal bool TakeAnnounced(out byte[] message)
        {
            int result = Take(0, out message);
            if (result == WDSocket.WDS_E_TIMEOUT || result < 0 && Own.IsClosed) return false;
            try
            {
                Check(result);
            }
            catch (WDSocketException)
            {
                if (result == WDSocket.WDS_E_TEXT) WDSocket.WDSocketDiscard(Own.Number, WDSocket.WDS_DISCARD_MESSAGE);
                throw;
            }
            return true;
        }

        // Reason is why a connection has ended that an event tells of: null if in order.
        internal WDSocketException Reason(WDSocket.Event e)
        {
            return e.kind == WDSocket.WDS_EVENT_PEER_CLOSED && e.code == WDSocket.WDS_E_PEER_CLOSED || e.code == 0 ? null : WDSocketException.OfEvent(e.socket, e.code);
        }
    }
}
