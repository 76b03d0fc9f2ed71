// WDSocketException.cs - the exception of the classes WDSocketClient, WDSocketServer and
// WDSocketConnection.
using System;
using System.IO;

namespace WDSocketLibrary
{
    /// <summary>
    /// An error of the library: its text says what happened, at which address, and what to do.
    /// </summary>
    /// <remarks>
    /// <see cref="Code"/> is what a program decides by, for example
    /// <see cref="WDSocket.WDS_E_REFUSED"/>; docs/errors.md explains every code.
    /// </remarks>
    public class WDSocketException : IOException
    {
        private readonly int code, systemError, phase, scope;
        private readonly string name, detail;

        /// <summary>The code of the library, one of <c>WDSocket.WDS_E_...</c>.</summary>
        public int Code { get { return code; } }

        /// <summary>The name of the code: "WDS_E_REFUSED".</summary>
        public string Name { get { return name; } }

        /// <summary>The number of the system's error, 0 if the system had none.</summary>
        public int SystemError { get { return systemError; } }

        /// <summary>What the library was doing, one of <c>WDSocket.WDS_PHASE_...</c>.</summary>
        public int Phase { get { return phase; } }

        /// <summary>What the error has ended, one of <c>WDSocket.WDS_SCOPE_...</c>: the call, a message, the connection.</summary>
        public int Scope { get { return scope; } }

        /// <summary>Everything that is known of the error, a line each, for a log.</summary>
        public string Detail { get { return detail; } }

        /// <summary>Whether the time was up: the call may be repeated.</summary>
        public bool IsTimeout { get { return code == WDSocket.WDS_E_TIMEOUT; } }

        /// <summary>Whether the connection has ended or was not made, or this program has closed it in another thread
        /// (<see cref="WDSocket.WDS_E_CLOSED"/>), or a call was a mistake of the program, such as a wrong argument, that it would make
        /// again: what is left is to close it, and of a mistake to correct the program.</summary>
        /// <remarks>Of a simplified server it is false when a client leaves: read on. After <see cref="WDSocket.WDS_E_FRAME"/>
        /// it can also be read on in another mode.</remarks>
        public bool IsConnectionOver { get { return scope >= WDSocket.WDS_SCOPE_CONNECTION; } }

        // of is a socket whose end is described, or 0 for the last error of this thread.
        private WDSocketException(int code, int of, int socket, string message) : base(message)
        {
            this.code = code;
            name = TextOfCode(code, WDSocket.WDS_INFO_NAME);
            scope = WDSocket.WDSocketErrorScope(socket, code);
            // Only an error that is still the one on record has more to say.
            bool recorded = WDSocket.WDSocketErrorCode(of, WDSocket.WDS_INFO_CODE) == code;
            detail = recorded ? Info(of, WDSocket.WDS_INFO_DETAIL) : message;
            systemError = recorded ? WDSocket.WDSocketErrorCode(of, WDSocket.WDS_INFO_SYSTEM) : 0;
            phase = recorded ? WDSocket.WDSocketErrorCode(of, WDSocket.WDS_INFO_PHASE) : 0;
        }

        // Check gives a result back, and throws it if it is an error of the call that this
        // thread has just made.
        internal static int Check(int socket, int result)
        {
            if (result >= 0) return result;
            string message = Info(0, WDSocket.WDS_INFO_MESSAGE);
            if (message.Length == 0) message = TextOfCode(result, WDSocket.WDS_INFO_MESSAGE);
            throw new WDSocketException(result, 0, socket, message);
        }

        // OfEvent describes the code of an event: the reason that the socket knows, if it is
        // that, or what the code means.
        internal static WDSocketException OfEvent(int socket, int code)
        {
            bool known = WDSocket.WDSocketErrorCode(socket, WDSocket.WDS_INFO_CODE) == code;
            string message = known ? Info(socket, WDSocket.WDS_INFO_MESSAGE) : TextOfCode(code, WDSocket.WDS_INFO_MESSAGE);
            return new WDSocketException(code, known ? socket : 0, socket, message);
        }

        private static string Info(int socket, int what)
        {
            return WDSocketText.Received((text, size) => WDSocket.WDSocketErrorInfo(socket, what, text, size));
        }

        private static string TextOfCode(int code, int what)
        {
            return WDSocketText.Received((text, size) => WDSocket.WDSocketErrorText(code, what, text, size));
        }
    }

    // Texts for the library, and those of any length that it fills in.
    internal static class WDSocketText
    {
        internal delegate int Filler(byte[] text, int capacity);

        // Sent refuses a text that would end at a zero byte in it. It may be a password, and is not shown.
        internal static byte[] Sent(string text, string name)
        {
            if (text != null && text.IndexOf('\0') >= 0) throw new ArgumentException("the text would end at the zero byte in it", name);
            return WDSocket.Text(text);
        }

        internal static string Received(Filler fill)
        {
            byte[] text = new byte[256];
            int length = fill(text, text.Length);
            // A text may have grown between the two calls.
            while (length >= text.Length || length == WDSocket.WDS_E_BUFFER)
            {
                text = new byte[Math.Max(length + 1, 2 * text.Length)];
                length = fill(text, text.Length);
            }
            return WDSocket.String(text, length);
        }
    }
}
