// WDSocketUdp.cs - UDP as a class, with exceptions and events.
//
// Add WDSocket.cs, WDSocketException.cs, WDSocketConnection.cs, WDSocketEvents.cs,
// WDSocketServer.cs, which the class of connections names, and this file to the project.
using System;
using System.Text;

namespace WDSocketLibrary
{
    /// <summary>A datagram that has arrived, and where it came from.</summary>
    public sealed class WDSocketDatagram
    {
        private readonly Encoding encoding;

        /// <summary>Its bytes, never cut; an empty datagram has none.</summary>
        public byte[] Data { get; private set; }

        /// <summary>Its bytes as a text, by <see cref="WDSocketBase.TextEncoding"/>. Bytes that are no such text become U+FFFD.</summary>
        public string Text { get { return encoding.GetString(Data); } }

        /// <summary>The address of the sender: "192.168.1.7".</summary>
        public string Address { get; private set; }

        /// <summary>The port of the sender.</summary>
        public int Port { get; private set; }

        internal WDSocketDatagram(byte[] data, string address, int port, Encoding encoding)
        {
            Data = data;
            Address = address;
            Port = port;
            this.encoding = encoding;
        }
    }

    /// <summary>A datagram that has arrived.</summary>
    public class WDSocketDatagramEventArgs : EventArgs
    {
        /// <summary>The datagram.</summary>
        public WDSocketDatagram Datagram { get; private set; }

        internal WDSocketDatagramEventArgs(WDSocketDatagram datagram) { Datagram = datagram; }
    }

    /// <summary>
    /// A UDP socket: it sends datagrams and receives them, or is told of them by events.
    /// </summary>
    /// <remarks>
    /// A datagram that was sent need not arrive. To a broadcast address it goes to all of that network; to receive what
    /// is sent to a multicast group, open the group as address, or join it afterwards by
    /// <c>SetText(WDSocket.WDS_TEXT_MULTICAST_JOIN, "239.7.7.1")</c>. Modes and presets are those of connections.
    /// </remarks>
    /// <example>
    /// <code>
    /// using (WDSocketUdp udp = new WDSocketUdp())
    /// {
    ///     udp.Open(5000);
    ///     WDSocketDatagram question = udp.Receive(3000);
    ///     udp.Send("you said " + question.Text, question.Address, question.Port);
    /// }
    /// </code>
    /// </example>
    public sealed class WDSocketUdp : WDSocketBase
    {
        private const int Longest = 65536; // no datagram is longer

        [ThreadStatic]
        private static byte[] room;

        /// <summary>A datagram has arrived.</summary>
        public event EventHandler<WDSocketDatagramEventArgs> DatagramReceived;

        /// <summary>Something failed: a datagram was refused (<see cref="WDSocket.WDS_OPT_UDP_ERRORS"/>), or a handler of the program. The socket stays open.</summary>
        /// <remarks>Without a handler here an exception of another handler is unhandled, and ends the program.</remarks>
        public event EventHandler<WDSocketErrorEventArgs> ErrorOccurred;

        /// <summary>Everything else that the library tells.</summary>
        public event EventHandler<WDSocketOtherEventArgs> OtherEvent;

        /// <summary>Makes a socket that is not open yet, so that options can be set first.</summary>
        /// <param name="name">A name, for texts of errors and for the log; it is unique among the sockets of the program.</param>
        /// <exception cref="WDSocketException">The name is taken (<see cref="WDSocket.WDS_E_NAME_TAKEN"/>).</exception>
        public WDSocketUdp(string name = null)
        {
            Own.Set(WDSocket.WDSocketNew(WDSocketText.Sent(name, "name")));
        }

        /// <summary>The port that it receives on, also if the system has chosen it.</summary>
        public int Port { get { return GetOption(WDSocket.WDS_OPT_LOCAL_PORT); } }

        /// <summary>Opens the socket; only then it sends, too.</summary>
        /// <param name="port">The port, 0 = chosen by the system, for what only asks.</param>
        /// <param name="address">The local address, null = all; or a multicast group.</param>
        /// <exception cref="WDSocketException">The port is taken (<see cref="WDSocket.WDS_E_PORT_TAKEN"/>) ...; <see cref="Open"/> may be called again.</exception>
        public void Open(int port = 0, string address = null)
        {
            Check(WDSocket.WDSocketOpen(Handle, WDSocket.WDS_KIND_UDP, port, WDSocketText.Sent(address, "address"), 0));
        }

        /// <summary>Sends a datagram.</summary>
        /// <param name="data">At most 65507 bytes over IPv4.</param>
        /// <param name="address">The receiver's address or name, or a broadcast address; null = where the last datagram came from.</param>
        /// <param name="port">Its port; without an address none.</param>
        /// <exception cref="WDSocketException">It is too long (<see cref="WDSocket.WDS_E_DATAGRAM_SIZE"/>), or there is no way to the receiver.</exception>
        public void Send(byte[] data, string address = null, int port = 0)
        {
            if (data == null) throw new ArgumentNullException("data");
            Check(WDSocket.WDSocketWriteUDP(Handle, data, data.Length, WDSocketText.Sent(address, "address"), port));
        }

        /// <summary>Sends a text as a datagram, in <see cref="WDSocketBase.TextEncoding"/>.</summary>
        /// <exception cref="WDSocketException">As <see cref="Send(byte[], string, int)"/>.</exception>
        public void Send(string text, string address = null, int port = 0)
        {
            if (text == null) throw new ArgumentNullException("text");
            Send(TextEncoding.GetBytes(text), address, port);
        }

        /// <summary>Waits for a datagram.</summary>
        /// <param name="timeoutMs">Milliseconds, -1 = for ever, 0 = does not wait.</param>
        /// <exception cref="WDSocketException">None came in time (<see cref="WDSocketException.IsTimeout"/>), or one that was
        /// sent was refused (<see cref="WDSocket.WDS_OPT_UDP_ERRORS"/>): receive on.</exception>
        public WDSocketDatagram Receive(int timeoutMs)
        {
            WDSocketDatagram datagram;
            Check(Take(timeoutMs, out datagram));
            return datagram;
        }

        /// <summary>As <see cref="Receive"/>, but a datagram that did not come in time is no exception.</summary>
        /// <returns>Whether there was one.</returns>
        public bool TryReceive(int timeoutMs, out WDSocketDatagram datagram)
        {
            int result = Take(timeoutMs, out datagram);
            if (result == WDSocket.WDS_E_TIMEOUT) return false;
            Check(result);
            return true;
        }

        /// <summary>Begins to raise events. <see cref="Receive"/> is of no use then: events take the datagrams.</summary>
        /// <remarks>
        /// Called in the thread of a window, events are raised there; elsewhere in a thread of
        /// their own, where a handler must not wait for a thread that closes the socket.
        /// Subscribe first.
        /// </remarks>
        public void StartEvents()
        {
            BeginEvents(WDSocket.WDS_ATTACH_PLAIN, Raise);
        }

        // Take reads a datagram, or gives an error.
        private int Take(int timeoutMs, out WDSocketDatagram datagram)
        {
            if (room == null) room = new byte[Longest];
            byte[] address = new byte[128];
            int[] port = new int[1];
            datagram = null;
            int length = WDSocket.WDSocketReadUDP(Own.Number, room, room.Length, timeoutMs, address, address.Length, port);
            if (length < 0) return length;
            byte[] data = new byte[length];
            Array.Copy(room, data, length);
            datagram = new WDSocketDatagram(data, WDSocket.String(address, Array.IndexOf(address, (byte)0)), port[0], TextEncoding);
            return length;
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
                told(this, new WDSocketErrorEventArgs(null, error));
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
                    WDSocketDatagram datagram;
                    int result = Take(0, out datagram);
                    // Taken back, or closed by another thread meanwhile.
                    if (result == WDSocket.WDS_E_TIMEOUT || result < 0 && Own.IsClosed) return;
                    Check(result);
                    Call(DatagramReceived, this, new WDSocketDatagramEventArgs(datagram));
                    break;
                case WDSocket.WDS_EVENT_ERROR:
                    throw WDSocketException.OfEvent(e.socket, e.code);
                default:
                    Call(OtherEvent, this, new WDSocketOtherEventArgs(null, e));
                    break;
            }
        }
    }
}
