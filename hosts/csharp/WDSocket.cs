// Made by tools/abigen from wdsocket.h. Do not edit.
//
// wdsocket for .NET Framework, .NET and Mono. Texts are UTF-8 with a NUL at the
// end: WDSocket.Text makes them, WDSocket.String reads them. null is NULL. Pass an
// array for everything that the library fills in; for a single number, an array of
// one element. -1 as a length or capacity means that of the array; of data to
// write, without the NUL that WDSocket.Text puts at its end. More than the array has
// is an ArgumentException, and so is a text without its NUL.
// On Linux, .NET itself may crash with any library written in Go
// (golang/go#78883); Mono is not affected.
using System;
using System.Runtime.InteropServices;
using System.Text;

namespace WDSocketLibrary
{
    public static class WDSocket
    {
        private static readonly bool Windows = Environment.OSVersion.Platform == PlatformID.Win32NT;
        private static readonly bool Wide = IntPtr.Size == 8;

        // Text converts a string to the form that the library expects.
        public static byte[] Text(string text) { return text == null ? null : Encoding.UTF8.GetBytes(text + "\0"); }

        // String reads a text of so many bytes from a buffer.
        public static string String(byte[] text, int length) { return Encoding.UTF8.GetString(text, 0, Math.Max(0, Math.Min(length, text.Length))); }

        // Terminated refuses a text without a NUL: the library would read beyond the array.
        private static void Terminated(byte[] text, string name)
        {
            if (text != null && Array.IndexOf(text, (byte)0) < 0)
                throw new ArgumentException("a text needs a NUL at its end: WDSocket.Text makes one", name);
        }

        // Fitting checks a size given for an array; -1 becomes the size of the array.
        private static int Fitting(Array array, int size, string name)
        {
            if (array == null) return size;
            if (size > array.Length)
                throw new ArgumentException("the array has " + array.Length + " elements, not " + size, name);
            return size == -1 ? array.Length : size;
        }

        // Given is Fitting for data to write: with -1, one NUL at its end is that of a text and is not written.
        private static int Given(byte[] data, int size, string name)
        {
            bool text = size == -1 && data != null && data.Length > 0 && data[data.Length - 1] == 0;
            return text ? data.Length - 1 : Fitting(data, size, name);
        }

        // The version of this header: major * 10000 + minor * 100 + patch.
        public const int WDSOCKET_VERSION = 200; // 0.2.0

        public const int WDS_OK = 0;

        // waiting
        public const int WDS_E_TIMEOUT = -1; // the time was up first
        public const int WDS_E_CLOSED = -2; // this program closed the socket meanwhile
        public const int WDS_E_CANCELLED = -3; // WDSocketCancel or WDSocketWakeup ended this call; the socket is still open

        // the peer
        public const int WDS_E_PEER_CLOSED = -4; // the peer closed the connection in order; everything it sent has been delivered
        public const int WDS_E_RESET = -5; // the connection was cut: reset by the peer, or found dead by keep-alive
        public const int WDS_E_SILENT = -18; // this end ended the connection: nothing arrived for WDS_OPT_IDLE_LIMIT, or a message took longer than WDS_OPT_MESSAGE_LIMIT
        public const int WDS_E_RECONNECTING = -19; // the connection is down and the client is reconnecting (WDS_OPT_RECONNECT)

        // the call
        public const int WDS_E_BUSY = -6; // another thread is reading (or waiting on) this socket
        public const int WDS_E_HANDLE = -7; // no such socket or token: closed, or never created
        public const int WDS_E_KIND = -8; // the function needs another kind of socket
        public const int WDS_E_STATE = -9; // not possible in the socket's present state
        public const int WDS_E_ARGUMENT = -10; // a parameter is wrong; the text names it
        public const int WDS_E_BUFFER = -11; // the buffer is too small for the data; nothing was consumed
        public const int WDS_E_MEMORY = -12; // the library's memory budget is used up
        public const int WDS_E_INTERNAL = -13; // a fault inside the library; WDS_INFO_DETAIL says where
        public const int WDS_E_FORKED = -14; // called in a forked child
        public const int WDS_E_UNSUPPORTED = -15; // not available on this system or in this version
        public const int WDS_E_NAME_TAKEN = -16; // a live socket already has that name
        public const int WDS_E_NOT_FOUND = -17; // no socket has that name

        // connecting and listening
        public const int WDS_E_REFUSED = -30; // nothing listens on that port, or the peer refused
        public const int WDS_E_UNREACHABLE = -31; // no route to that host or network
        public const int WDS_E_HOST_UNKNOWN = -32; // the host name does not exist
        public const int WDS_E_RESOLVER = -33; // the name could not be looked up: the name server failed or is silent
        public const int WDS_E_PORT_TAKEN = -34; // the local port is used by another socket
        public const int WDS_E_LOCAL_ADDRESS = -35; // the local address does not belong to this machine
        public const int WDS_E_ACCESS = -36; // the system denies it to this user
        public const int WDS_E_DESCRIPTORS = -37; // no descriptors left in the process or the system
        public const int WDS_E_SYSTEM = -38; // another system error; WDS_INFO_SYSTEM has its number
        public const int WDS_E_NOT_CONNECTED = -39; // the socket is not open (yet)

        // servers
        public const int WDS_E_NO_CLIENT = -40; // simplified server: no client has been accepted yet
        public const int WDS_E_NO_REQUEST = -41; // no connection request is pending
        public const int WDS_E_STANDARD_SERVER = -42; // read or write on a server whose clients are accepted: use the channel
        public const int WDS_E_LIMIT = -43; // a limit on sockets or clients is reached

        // writing
        public const int WDS_E_BROKEN = -50; // an earlier write stopped inside a message: nothing more can be written
        public const int WDS_E_WRITE_CLOSED = -51; // this program has ended its own sending side

        public const int WDS_E_FULL = -52; // the send queue is full (WDS_OPT_SEND_QUEUE): no part of the message was taken

        // messages
        public const int WDS_E_FRAME = -60; // the bytes are not a message of the transmission mode; the text shows them
        public const int WDS_E_TOO_LONG = -61; // a message is longer than the limit
        public const int WDS_E_TAG_IN_MESSAGE = -62; // the message to write contains the end tag, or a marker
        public const int WDS_E_CHECK = -63; // the check bytes of a message are wrong
        public const int WDS_E_TEXT = -64; // the text cannot be converted between the character sets

        // UDP
        public const int WDS_E_PORT_UNREACHABLE = -70; // a datagram was rejected: no socket on that port (WDS_OPT_UDP_ERRORS)
        public const int WDS_E_DATAGRAM_SIZE = -71; // the datagram is too big to send
        public const int WDS_E_NO_DESTINATION = -72; // no address given and none received yet

        // TLS
        public const int WDS_E_TLS_EXPIRED = -90; // the certificate has expired
        public const int WDS_E_TLS_NOT_YET_VALID = -91; // the certificate is not valid yet, or the clock is wrong
        public const int WDS_E_TLS_WRONG_HOST = -92; // the certificate does not contain the name connected to
        public const int WDS_E_TLS_SELF_SIGNED = -93; // the certificate is self-signed and not trusted here
        public const int WDS_E_TLS_UNKNOWN_AUTHORITY = -94; // the certificate is signed by an authority that is not trusted here
        public const int WDS_E_TLS_MISSING_INTERMEDIATE = -95; // the peer did not send the certificate of its issuer
        public const int WDS_E_TLS_BAD_CERTIFICATE = -96; // the certificate is invalid in another way
        public const int WDS_E_TLS_PIN = -97; // none of the peer's keys is pinned
        public const int WDS_E_TLS_CERTIFICATE_FILE = -98; // this program's certificate or key cannot be read
        public const int WDS_E_TLS_KEY_MISMATCH = -99; // the private key does not belong to the certificate
        public const int WDS_E_TLS_PASSWORD = -100; // the password of the certificate file is wrong
        public const int WDS_E_TLS_NO_COMMON_VERSION = -101; // the two ends have no TLS version in common
        public const int WDS_E_TLS_NO_CLIENT_CERTIFICATE = -102; // the server requires a client certificate and got none
        public const int WDS_E_TLS_BAD_CLIENT_CERTIFICATE = -103; // the server does not accept the client certificate
        public const int WDS_E_TLS_TRUNCATED = -104; // the connection ended without a TLS close: data may be missing
        public const int WDS_E_TLS_PLAIN_TEXT = -105; // the peer does not speak TLS on this port
        public const int WDS_E_TLS_HANDSHAKE = -106; // the handshake failed in another way; the text says how
        public const int WDS_E_TLS_SURPLUS = -107; // plain bytes arrived before TLS: an attacker may have inserted them
        public const int WDS_E_TLS_NOT_SECURED = -108; // the connection does not use TLS
        public const int WDS_E_TLS_RECORD = -109; // a TLS record is damaged or forged
        public const int WDS_E_PROXY_UNREACHABLE = -110; // a proxy of WDS_TEXT_PROXY cannot be reached
        public const int WDS_E_PROXY_AUTHENTICATION = -111; // a proxy wants a user and a password, or does not accept those of WDS_TEXT_PROXY
        public const int WDS_E_PROXY_REFUSED = -112; // a proxy refuses to connect to the target; the text has its words
        public const int WDS_E_PROXY_TARGET = -113; // a proxy cannot reach the target; the text has its words
        public const int WDS_E_PROXY_PROTOCOL = -114; // a proxy does not speak the protocol that WDS_TEXT_PROXY says

        // WebSocket; since 0.2.0
        public const int WDS_E_WEBSOCKET_HANDSHAKE = -120; // the WebSocket handshake failed; the text says how
        public const int WDS_E_WEBSOCKET_REFUSED = -121; // the server refused the WebSocket: it answered with the HTTP status in the text
        public const int WDS_E_WEBSOCKET_PLAIN = -122; // the peer does not speak WebSocket on this port
        public const int WDS_E_WEBSOCKET_DENIED = -123; // this server refused the client's WebSocket request
        public const int WDS_E_WEBSOCKET_PROTOCOL = -124; // a WebSocket frame breaks the protocol
        public const int WDS_E_WEBSOCKET_TEXT = -125; // a WebSocket text message is not UTF-8
        public const int WDS_E_WEBSOCKET_TOO_LONG = -126; // a WebSocket message is longer than the limit
        public const int WDS_E_WEBSOCKET_CLOSED = -127; // the peer closed the WebSocket with a code other than 1000 and 1001; the text has code and reason
        public const int WDS_E_WEBSOCKET_ABNORMAL = -128; // the connection ended without a WebSocket close: data may be missing

        // PROXY protocol; since 0.2.0
        public const int WDS_E_PROXY_HEADER = -135; // the PROXY header in front of a connection is wrong; the text says what is
        public const int WDS_E_NO_PROXY_HEADER = -136; // the server requires a PROXY header, and the connection begins with something else
        public const int WDS_E_PROXY_UNTRUSTED = -137; // the server requires a PROXY header, and the address is not in WDS_TEXT_PROXY_TRUSTED

        // What WDSocketErrorInfo, WDSocketErrorCode and WDSocketErrorText return
        public const int WDS_INFO_MESSAGE = 4001; // the text for a user: what happened, where, and what to do
        public const int WDS_INFO_NAME = 4002; // the code's name, "WDS_E_REFUSED"
        public const int WDS_INFO_CODE = 4003; // the code as a number
        public const int WDS_INFO_SYSTEM = 4004; // the system's error number, 0 if none
        public const int WDS_INFO_PHASE = 4005; // what the library was doing, one of WDS_PHASE_
        public const int WDS_INFO_DETAIL = 4006; // all of these, one line each

        // What WDSocketClientInfo and WDSocketLocalInfo return
        public const int WDS_INFO_ADDRESS = 4010; // "192.168.1.7" or "fe80::1%eth0"
        public const int WDS_INFO_PORT = 4011; // "5000"
        public const int WDS_INFO_ENDPOINT = 4012; // "192.168.1.7:5000" or "[fe80::1%eth0]:5000"
        public const int WDS_INFO_DESTINATION = 4013; // WDSocketLocalInfo of a UDP socket: the address that the last datagram read was sent to; since 0.2.0

        // What WDSocketSSLInfo returns
        public const int WDS_INFO_SSL_VERSION = 4020; // "TLS 1.3"
        public const int WDS_INFO_SSL_CIPHER = 4021; // "TLS_AES_128_GCM_SHA256"
        public const int WDS_INFO_SSL_ALPN = 4022; // the negotiated protocol, "" if none
        public const int WDS_INFO_SSL_RESUMED = 4023; // "1" if an earlier session was resumed, otherwise "0"
        public const int WDS_INFO_SSL_GROUP = 4024; // key exchange: "X25519"
        public const int WDS_INFO_SSL_SERVER_NAME = 4025; // the server name that the client asked for
        public const int WDS_INFO_SSL_VERIFY = 4026; // "" if the peer's certificate was verified, otherwise what is wrong with it
        public const int WDS_INFO_SSL_COUNT = 4027; // number of certificates that the peer sent
        public const int WDS_INFO_SSL_SUBJECT = 4030; // of certificate number index: "CN=..."
        public const int WDS_INFO_SSL_ISSUER = 4031; // "CN=..."
        public const int WDS_INFO_SSL_NAMES = 4032; // host names, addresses, e-mail addresses and URIs, separated by commas; inside a name \, and \\
        public const int WDS_INFO_SSL_FROM = 4033; // valid from, "2026-01-31T12:00:00Z"
        public const int WDS_INFO_SSL_UNTIL = 4034; // valid until
        public const int WDS_INFO_SSL_SHA1 = 4035; // thumbprint, hexadecimal
        public const int WDS_INFO_SSL_SHA256 = 4036; // thumbprint, hexadecimal
        public const int WDS_INFO_SSL_PIN = 4037; // SHA-256 of the public key, base64, as WDS_TEXT_SSL_PINS takes it
        public const int WDS_INFO_SSL_SERIAL = 4038; // serial number, hexadecimal
        public const int WDS_INFO_SSL_PEM = 4039; // the certificate as PEM text

        // What WDSocketClientInfo returns of a client that goes through proxies (WDS_TEXT_PROXY), otherwise ""; since 0.2.0
        public const int WDS_INFO_ROUTE_PROXIES = 4040; // the proxies, in order, separated by spaces, user and password masked: "http://proxy:3128 socks5h://10.0.0.2:1080"
        public const int WDS_INFO_ROUTE_ENDPOINT = 4041; // the address at which the first one was reached: "10.0.0.1:3128"

        // What WDSocketClientInfo returns of a connection whose PROXY header was read, otherwise ""; since 0.2.0
        public const int WDS_INFO_PROXY_ENDPOINT = 4050; // the proxy's own address: "10.0.0.2:41234"
        public const int WDS_INFO_PROXY_DESTINATION = 4051; // the address that the client connected to: "203.0.113.5:443", "" if the proxy does not say
        public const int WDS_INFO_PROXY_VERSION = 4052; // the header's version: "1" or "2"
        public const int WDS_INFO_PROXY_TLVS = 4053; // all TLVs of version 2, type=bytes, hexadecimal: "02=6578616d706c65,E0=01"
        public const int WDS_INFO_PROXY_AUTHORITY = 4054; // the host name that the client asked for (SNI)
        public const int WDS_INFO_PROXY_ALPN = 4055; // the protocol that client and proxy agreed on
        public const int WDS_INFO_PROXY_UNIQUE_ID = 4056; // the proxy's name for the connection, hexadecimal
        public const int WDS_INFO_PROXY_SSL_VERSION = 4057; // the TLS between client and proxy: "TLSv1.3", "" without
        public const int WDS_INFO_PROXY_SSL_CIPHER = 4058; // "TLS_AES_256_GCM_SHA384"
        public const int WDS_INFO_PROXY_SSL_CLIENT = 4059; // common name in the client's certificate, "" if there is none or the proxy has not verified it

        // What WDSocketClientInfo returns of a Unix socket or named pipe, otherwise "": the process at the other end as it was when it connected, or when the server began to listen; since 0.2.0
        public const int WDS_INFO_PEER_PID = 4070; // its number, "1234"
        public const int WDS_INFO_PEER_UID = 4071; // the number of its user, "1000"; "" on Windows

        // What WDSocketWebSocketInfo returns; since 0.2.0
        public const int WDS_INFO_WEBSOCKET_PATH = 4060; // the path that the client asked for, with its query: "/chat?room=1"
        public const int WDS_INFO_WEBSOCKET_HOST = 4061; // the host that it named: "example.com" or "example.com:8080"
        public const int WDS_INFO_WEBSOCKET_PROTOCOL = 4062; // the sub-protocol agreed upon, "" if none
        public const int WDS_INFO_WEBSOCKET_ORIGIN = 4063; // where the client's page comes from: "https://example.com", "" if it did not say
        public const int WDS_INFO_WEBSOCKET_HEADERS = 4064; // server: the headers of the client's request; client: those of the answer; lines "Name: value"
        public const int WDS_INFO_WEBSOCKET_CLOSE_CODE = 4065; // the code that the peer closed with: "1000", "1005" if it gave none; "" if it has not closed
        public const int WDS_INFO_WEBSOCKET_CLOSE_REASON = 4066; // the reason that it gave, UTF-8 at most 123 bytes, "" if none

        // Phases: what the library was doing when the error happened
        public const int WDS_PHASE_NONE = 0;
        public const int WDS_PHASE_CALL = 1; // checking the call itself
        public const int WDS_PHASE_RESOLVE = 2; // looking up a name
        public const int WDS_PHASE_CONNECT = 3; // connecting
        public const int WDS_PHASE_LISTEN = 4; // opening a server or UDP port
        public const int WDS_PHASE_ACCEPT = 5; // waiting for or accepting a client
        public const int WDS_PHASE_READ = 6; // reading
        public const int WDS_PHASE_WRITE = 7; // writing
        public const int WDS_PHASE_FRAME = 8; // decoding or encoding a message
        public const int WDS_PHASE_CLOSE = 9; // closing
        public const int WDS_PHASE_OPTION = 10; // setting or reading an option
        public const int WDS_PHASE_PROXY = 11; // talking to a proxy, or reading its PROXY header
        public const int WDS_PHASE_TLS = 12; // TLS handshake or records
        public const int WDS_PHASE_WEBSOCKET = 13; // WebSocket handshake or frames; since 0.2.0

        // How far an error reaches (WDSocketErrorScope): a loop continues below WDS_SCOPE_CONNECTION and ends from there on; since 0.2.0
        public const int WDS_SCOPE_NONE = 0; // no error
        public const int WDS_SCOPE_CALL = 1; // this call only, the socket is unchanged: call again, later or as the text says
        public const int WDS_SCOPE_MESSAGE = 2; // one message or datagram, read or to be written: continue with the next one
        public const int WDS_SCOPE_CLIENT = 3; // a client of the server: the server continues; the next read of a simplified server accepts the next client
        public const int WDS_SCOPE_CONNECTION = 4; // the connection has ended, or was not made: close the socket; a client may connect again
        public const int WDS_SCOPE_SERVER = 5; // the server or UDP socket is not open: correct what the text says, then open it again
        public const int WDS_SCOPE_PROGRAM = 6; // the call cannot succeed as it is, or this program has closed the socket: do not repeat it
        public const int WDS_SCOPE_LIBRARY = 7; // no call in this process succeeds

        // Kinds of socket for WDSocketOpen
        public const int WDS_KIND_CLIENT = 1;
        public const int WDS_KIND_SERVER = 2;
        public const int WDS_KIND_UDP = 3;
        public const int WDS_KIND_CLIENT_SSL = 4;
        public const int WDS_KIND_SERVER_SSL = 5;
        public const int WDS_KIND_WEBSOCKET_CLIENT = 6; // WebSocket (RFC 6455); an address "ws://..." does the same; since 0.2.0
        public const int WDS_KIND_WEBSOCKET_SERVER = 7; // since 0.2.0
        public const int WDS_KIND_WEBSOCKET_CLIENT_SSL = 8; // WebSocket above TLS; an address "wss://..." does the same; since 0.2.0
        public const int WDS_KIND_WEBSOCKET_SERVER_SSL = 9; // since 0.2.0

        // What the messages of a WebSocket are: WDS_OPT_WEBSOCKET_KIND, WDS_OPT_WEBSOCKET_MESSAGE, detail of WDS_EVENT_MESSAGE; since 0.2.0
        public const int WDS_WEBSOCKET_TEXT = 1; // text: UTF-8; a page in a browser gets a string
        public const int WDS_WEBSOCKET_BINARY = 2; // bytes; a page gets a Blob, or an ArrayBuffer where it sets binaryType

        // TLS options: bits of ssl_options and of WDS_OPT_SSL_OPTIONS
        public const int WDS_SSL_DEFAULT = 0; // TLS 1.2 and 1.3, certificate and host name verified
        public const int WDS_SSL_V2 = 1; // SSL 2: refused with WDS_E_UNSUPPORTED
        public const int WDS_SSL_V3 = 2; // SSL 3: refused with WDS_E_UNSUPPORTED
        public const int WDS_SSL_TLS10 = 4; // TLS 1.0; the versions given replace the default and must not have a gap
        public const int WDS_SSL_TLS11 = 8; // TLS 1.1
        public const int WDS_SSL_TLS12 = 16; // TLS 1.2
        public const int WDS_SSL_TLS13 = 32; // TLS 1.3
        public const int WDS_SSL_ACCEPT_ANY = 256; // accept any certificate of the peer; pins, if set, are still checked
        public const int WDS_SSL_ASK_CLIENT = 512; // server: ask for a client certificate, verify it if one comes; needs WDS_TEXT_SSL_AUTHORITIES or pins
        public const int WDS_SSL_REQUIRE_CLIENT = 1024; // server: refuse clients without a valid certificate; needs WDS_TEXT_SSL_AUTHORITIES or pins
        public const int WDS_SSL_NO_RESUMPTION = 2048; // a full handshake each time
        public const int WDS_SSL_ONLY_AUTHORITIES = 4096; // trust only WDS_TEXT_SSL_AUTHORITIES, not the system's authorities

        // Events: the field kind of a record that WDSocketNextEvents returns
        public const int WDS_EVENT_REQUEST = 1; // a client asks to connect to a server: call WDSocketAccept or WDSocketDeny
        public const int WDS_EVENT_ACCEPTED = 2; // a managed server has accepted a client: socket is the channel, value the server
        public const int WDS_EVENT_CONNECTED = 3; // a pending connection is open
        public const int WDS_EVENT_MESSAGE = 4; // a whole message can be read, value is its length; raw mode: value bytes can be read. Of a WebSocket, detail is WDS_WEBSOCKET_TEXT or WDS_WEBSOCKET_BINARY (raw: 0), of WDS_TEXT_FRAME WDS_FRAME_CONTROL or WDS_FRAME_WRONG, or 0
        public const int WDS_EVENT_WRITABLE = 5; // after WDS_E_FULL: the send queue is empty again, or half of WDS_OPT_RECONNECT_KEEP is free
        public const int WDS_EVENT_PEER_CLOSED = 6; // the peer ended the conversation; the last event of this socket
        public const int WDS_EVENT_RESET = 7; // the connection was cut; the last event of this socket
        public const int WDS_EVENT_ERROR = 8; // opening, the framing or a TLS handshake failed for good, or the connection was ended because it held too much memory; code says why. The last event of this socket, except for a server (a client could not be accepted) and UDP (WDS_OPT_UDP_ERRORS), which continue
        public const int WDS_EVENT_TIMER = 9; // a timer is due: socket is the timer, value how many times it fell due since its last event
        public const int WDS_EVENT_TIMEOUT = 10; // the connection was ended because of silence: value 1 = WDS_OPT_IDLE_LIMIT, 2 = the peer is gone (keep-alive, WDS_OPT_PEER_GONE), 3 = a message took longer than WDS_OPT_MESSAGE_LIMIT; the last event of this socket
        public const int WDS_EVENT_RECONNECTING = 11; // the connection is down and the client is reconnecting: value is the number of the attempt, counted since the last connection that lasted longer than WDS_OPT_RECONNECT_MOST, code why the last one ended
        public const int WDS_EVENT_RECONNECTED = 12; // the client has reconnected: value is the number of the successful attempt
        public const int WDS_EVENT_TLS_DONE = 13; // a handshake that WDSocketStartSSL began in the background is done; if it fails, WDS_EVENT_ERROR comes instead
        public const int WDS_EVENT_DROPPED = 14; // messages were dropped: value is how many, code why: WDS_E_FULL (a queue of WDSocketGroupPublish), WDS_E_RECONNECTING (unsent when the connection ended); detail is the number of the first, where known
        public const int WDS_EVENT_UNSURE = 15; // the connection is down, and the peer may not have read messages that its system had received: value is how many, detail the number of the first (a socket's messages are numbered from 1, in the order of writing)
        public const int WDS_EVENT_CERTIFICATE = 16; // the socket's own certificate expires soon: value is the days left, negative once it has expired (WDS_OPT_SSL_WARN_DAYS)

        public const int WDS_EVENT_NOISE = 17; // bytes that are not a message were skipped, and the conversation continues: value is how many, code why (WDS_E_FRAME: noise between messages, reported once up to the next message, counting what was skipped when the event is handed out; WDS_E_CHECK: a message with wrong check bytes)

        // How a socket is attached to a queue
        public const int WDS_ATTACH_PLAIN = 0; // a server reports requests
        public const int WDS_ATTACH_MANAGE = 1; // a server accepts clients by itself, and attaches their channels too

        // Roles in a TLS handshake, for WDSocketStartSSL
        public const int WDS_ROLE_CLIENT = 1; // begins the handshake and verifies the peer
        public const int WDS_ROLE_SERVER = 2; // presents its certificate

        // Transmission modes: how messages are delimited in the stream
        public const int WDS_MODE_END_TAG = 0; // message, then the end tag
        public const int WDS_MODE_SIZE = 1; // length in decimal digits, CR LF, message: the default, "WINDEV mode"
        public const int WDS_MODE_END_TAG_BUFFER = 2; // sends the same bytes as WDS_MODE_END_TAG
        public const int WDS_MODE_RAW = 3; // bytes as they arrive, no messages
        public const int WDS_MODE_LENGTH = 4; // a binary length field, see WDS_OPT_FRAME_
        public const int WDS_MODE_FIXED = 5; // every message has WDS_OPT_FRAME_LENGTH bytes
        public const int WDS_MODE_MARKERS = 6; // start and end markers, escape, check bytes
        public const int WDS_MODE_GAP = 7; // a silence of WDS_OPT_FRAME_GAP ends a message
        public const int WDS_MODE_DESCRIBED = 8; // as WDS_TEXT_FRAME describes it; setting that text chooses this mode; since 0.2.0

        // What a message is that WDS_TEXT_FRAME describes: WDS_OPT_FRAME_MESSAGE, detail of WDS_EVENT_MESSAGE, 0 for a usual one; since 0.2.0
        public const int WDS_FRAME_CONTROL = 3; // one of the bytes of control=, such as ACK (06) or NAK (15)
        public const int WDS_FRAME_WRONG = 4; // its check bytes are wrong, and bad=keep is set

        // What WDSocketDiscard discards
        public const int WDS_DISCARD_MESSAGE = 1; // the next message or datagram
        public const int WDS_DISCARD_ALL = 2; // everything that has arrived
        public const int WDS_DISCARD_OLDER = 3; // all whole messages or datagrams except the newest; since 0.2.0

        // States
        public const int WDS_STATE_NEW = 1; // created, not opened
        public const int WDS_STATE_CONNECTING = 2; // connecting
        public const int WDS_STATE_OPEN = 3; // connected; a UDP socket that is ready
        public const int WDS_STATE_LISTENING = 4; // a server that accepts clients
        public const int WDS_STATE_WRITE_CLOSED = 5; // open, but this program ended its sending side
        public const int WDS_STATE_PEER_CLOSED = 6; // the peer ended the conversation; what it sent can still be read
        public const int WDS_STATE_RESET = 7; // the connection was cut
        public const int WDS_STATE_BROKEN = 8; // a write or the framing failed for good: only reading or closing is left
        public const int WDS_STATE_FAILED = 9; // opening failed; may be opened again

        // Ways to close
        public const int WDS_CLOSE_GRACEFUL = 0; // send what was written first, within the time given
        public const int WDS_CLOSE_WRITE = 1; // half-close: end the sending side only; reading continues, the handle stays
        public const int WDS_CLOSE_ABORT = 2; // reset at once and discard unsent data
        public const int WDS_CLOSE_CLIENTS = 4; // added to WDS_CLOSE_GRACEFUL or WDS_CLOSE_ABORT: a server and every client that it has accepted; since 0.2.0

        public const int WDS_OPT_NODELAY = 1001; // 0/1, default 1: small writes are sent at once (Nagle off); at once
        public const int WDS_OPT_KEEPALIVE = 1002; // 0/1, default 1: detect a dead peer, also while data is unacknowledged; at once
        public const int WDS_OPT_KEEPALIVE_IDLE = 1003; // ms of silence before the first probe, 1000..32767000, default 30000, whole seconds; at once
        public const int WDS_OPT_KEEPALIVE_INTERVAL = 1004; // ms between probes, 1000..32767000, default 10000, whole seconds; at once
        public const int WDS_OPT_KEEPALIVE_COUNT = 1005; // unanswered probes that end the connection, 1..127, default 3; at once
        public const int WDS_OPT_SEND_BUFFER = 1006; // bytes of the system's send buffer, 0 = the system's choice (default); at once
        public const int WDS_OPT_RECEIVE_BUFFER = 1007; // bytes of the system's receive buffer, 0 = the system's choice (default); at once, best before opening
        public const int WDS_OPT_LINGER = 1008; // ms to send written data after WDSocketClose, instead of WDS_OPT_CLOSE_TIMEOUT; -1 off (default), 0 = reset; WDSocketCloseAll allows WDS_OPT_CLOSE_TIMEOUT; at once
        public const int WDS_OPT_READ_GAP = 1009; // ms, 0..3600000, default 0. Raw mode: a read collects until nothing arrives for this time or the maximum is reached. Other modes: once a message has begun, a read waits this long for the rest, even beyond its own time; at once
        public const int WDS_OPT_WRITE_TIMEOUT = 1010; // ms that a write may wait, -1 for ever, default 30000; at once
        public const int WDS_OPT_CLOSE_TIMEOUT = 1011; // ms to send written data after WDSocketClose, 0..3600000, default 5000; at once
        public const int WDS_OPT_MAX_MESSAGE = 1012; // bytes of the longest message, in both directions, 1..2147483647, default 16777216; at once
        public const int WDS_OPT_SYSTEM_RESOLVER = 1013; // 0/1, default 0: look up names with the system's functions instead of the library's own; always on Windows, unless WDS_TEXT_DNS_SERVER is set; before opening
        public const int WDS_OPT_EXCLUSIVE_PORT = 1014; // 0/1, default 1: no other socket can use the port of this server or UDP socket; before opening
        public const int WDS_OPT_BACKLOG = 1015; // clients that may wait to be accepted, 1..65535, default 511 (the system may lower it); before opening
        public const int WDS_OPT_MAX_CLIENTS = 1016; // channels and waiting clients of a server at the same time, 0 = no limit (default): further clients are refused by reset. Handshakes in progress are limited by WDS_OPT_SSL_PENDING instead, so that silent clients do not shut out others; at once
        public const int WDS_OPT_MAX_CLIENTS_PER_ADDRESS = 1017; // the same for each peer address, including handshakes in progress, 0 = no limit (default); at once
        public const int WDS_OPT_TAG_AS_IS = 1018; // 0/1, default 0: the end tag is neither appended nor refused on write; at once
        public const int WDS_OPT_UDP_ERRORS = 1019; // 0/1, default 0: report "port unreachable" on a UDP socket; at once
        public const int WDS_OPT_BROADCAST = 1020; // 0/1, default 1: UDP may send to broadcast addresses; at once
        public const int WDS_OPT_MULTICAST_TTL = 1021; // hops of multicast datagrams, 0..255, default 1; at once
        public const int WDS_OPT_MULTICAST_LOOP = 1022; // 0/1, default 1: multicast datagrams sent here are also received on this machine; at once
        public const int WDS_OPT_USER_NUMBER = 1023; // any number the host chooses, default 0; at once
        public const int WDS_OPT_LOCAL_PORT = 1024; // get: the port in use; set: a client's local port, 0 = any (default); before opening
        public const int WDS_OPT_PEER_PORT = 1025; // get only: the peer's port
        public const int WDS_OPT_MODE = 1026; // get only: the transmission mode (set it with WDSocketChangeTransmissionMode)
        public const int WDS_OPT_ADDRESS_FAMILY = 1027; // 0 both (default), 4 IPv4 only, 6 IPv6 only; before opening
        public const int WDS_OPT_RESOLVE_CACHE = 1028; // ms for which WDSocketWriteUDP remembers a looked-up name, 0..86400000, default 60000; at once
        public const int WDS_OPT_RESOLVE_TIMEOUT = 1029; // ms to look up a name for WDSocketWriteUDP, or to open a server or UDP socket by name, 0..600000, default 5000; at once
        public const int WDS_OPT_EXCHANGE_LATE = 1030; // ms after a time-out of WDSocketExchange during which its answer may still come and is discarded; -1 for ever, default 10000; at once
        public const int WDS_OPT_SEND_QUEUE = 1033; // bytes, default 0: a write waits while the peer does not read. Above 0 a write never waits: up to this many bytes wait in the library; a message that does not fit is refused with WDS_E_FULL, unless nothing is waiting; clients and channels; at once
        public const int WDS_OPT_PEER_GONE = 1034; // ms after the last sign of life at which a peer counts as gone, whether data is unacknowledged or not: 2000..3600000, 0 = decided by the three keep-alive options (default); sets them and WDS_OPT_KEEPALIVE. A queue or a waiting call detects it. A peer that merely does not read still responds and is not gone. On Windows the system alone decides while data is unacknowledged: after about 20 s; at once
        public const int WDS_OPT_IDLE_LIMIT = 1035; // ms without receiving anything after which the connection is reset, 100..86400000, 0 = none (default). Applies while the socket is in a queue or a read waits. Reads then give WDS_E_SILENT, the event is WDS_EVENT_TIMEOUT. On a server it is that of its clients: the time without one does not count, a read of a simplified server waits on; at once
        public const int WDS_OPT_MESSAGE_LIMIT = 1091; // ms that a message may take from its first byte to its last, 100..86400000, 0 = any time (default): a peer that sends a byte now and then is not idle, and holds a simplified server for ever without this limit. Then the connection is ended as by WDS_OPT_IDLE_LIMIT. Applies while the socket is in a queue or a read waits, in every mode but raw, and to what WDSocketReadExactly and WDSocketReadUntil wait for. The time begins when the first byte of the message in front is found by the queue, or by a read that waits: for a message behind another one, not before that one was read. A message that has all arrived is not late, however long it waits to be read; but for one that is larger than the system's buffers, time in which this program does not read counts. One that silence ends has the silence in addition. Heartbeats, and bytes that WDS_E_FRAME skips, are no messages. With TLS or a WebSocket a read that waits may notice up to an eighth of the limit later that a message has begun; since 0.2.0; at once
        public const int WDS_OPT_HEARTBEAT = 1036; // ms without sending anything after which WDS_TEXT_HEARTBEAT is written as a message, 100..86400000, 0 = never (default). Applies while the socket is in a queue or a read waits. No heartbeat is written while data is unsent or unacknowledged, or if it cannot be a message of the mode. A WebSocket sends a ping instead unless WDS_TEXT_HEARTBEAT is set, also when nothing was received for that time, whatever is being written, and the peer's pong is a sign of life; at once
        public const int WDS_OPT_COALESCE = 1037; // ms that small writes may wait to be sent together, 0 = they are sent at once (default), 1..1000. They are sent earlier when 64 KiB have accumulated, before a read or WDSocketNextEvents waits, at WDSocketFlush and at the close; at once
        public const int WDS_OPT_PUBLISH_QUEUE = 1038; // bytes of published messages that may wait for one client, 1..2147483647, default 1048576; at once
        public const int WDS_OPT_PUBLISH_POLICY = 1039; // when that queue is full: 0 the oldest message is dropped (default), 1 the newest is, 2 the client is disconnected; WDS_EVENT_DROPPED reports it; at once
        public const int WDS_OPT_KIND = 1031; // get only: WDS_KIND_, 0 for a socket not opened yet
        public const int WDS_OPT_SERVER = 1032; // get only: on a channel, the handle of its server, 0 if none

        // figures of the modes 4 to 7: at once, for the next message
        public const int WDS_OPT_FRAME_OFFSET = 1040; // where the length field begins, 0..255, default 0
        public const int WDS_OPT_FRAME_WIDTH = 1041; // bytes of the length field: 1, 2 or 4, default 2
        public const int WDS_OPT_FRAME_ORDER = 1042; // 0 high byte first (default), 1 low byte first
        public const int WDS_OPT_FRAME_ADJUSTMENT = 1043; // bytes after the length field = its value + this, -65536..65536, default 0
        public const int WDS_OPT_FRAME_KEEP_HEADER = 1044; // 0..2, default 0: messages do not include the length field. 1: they include everything up to and including it, and a write puts the right length there whatever the message contains ("modbus-tcp"). 2, since 0.2.0: as 1, but a write of a message whose length field is wrong gives WDS_E_FRAME
        public const int WDS_OPT_FRAME_LENGTH = 1045; // length of a fixed message, 1..2147483647, default 1
        public const int WDS_OPT_FRAME_GAP = 1046; // ms of silence that end a message, 1..60000, default 50
        public const int WDS_OPT_FRAME_CHECK = 1047; // check bytes after the end marker: one of WDS_CHECK_
        public const int WDS_OPT_FRAME_CHECK_SPAN = 1048; // what the check covers besides the message: 0 nothing, 1 the start marker, 2 the end marker (default), 3 both
        public const int WDS_OPT_FRAME_RESTART = 1049; // 0/1, default 0: a start marker inside a message is part of the message. 1: it starts a new message: what came before is reported as one WDS_E_FRAME, like noise, and writing a message that contains the start marker gives WDS_E_TAG_IN_MESSAGE (with an escape byte it is escaped). The presets with a start marker set it to 1; setting your own markers after the preset sets it to 0. It has no effect without a start marker, if the start marker equals the end marker, or if it looks like the escape byte and a byte that is escaped; since 0.2.0
        public const int WDS_OPT_FRAME_MESSAGE = 1095; // get only: what the last message read is in WDS_MODE_DESCRIBED: 0 a usual one, or none yet, WDS_FRAME_CONTROL or WDS_FRAME_WRONG; since 0.2.0

        // Unix sockets
        public const int WDS_OPT_UNIX_MODE = 1090; // the permissions of a server's file, 0..511 (0777), default 384 (0600): its user alone can connect. Connecting needs to write: 432 (0660) lets the file's group in, 438 (0666) every user. They are set before anybody can connect, whatever the umask is; since 0.2.0; before opening

        // what is written otherwise than it is read: at once, for the next message
        public const int WDS_OPT_WRITE_MODE = 1100; // -1..7, default -1: writes use the mode of WDSocketChangeTransmissionMode. One of WDS_MODE_, to WDS_MODE_GAP: writes use this mode instead, and reads are not affected; the modes' figures (WDS_OPT_FRAME_, markers, WDS_OPT_TAG_AS_IS) and WDS_OPT_MAX_MESSAGE are the same ones for both. Holds for everything that writes: heartbeats, exchanges, groups, coalesced and kept messages too. WDSocketChangeTransmissionMode and WDS_TEXT_FRAME_PRESET leave it as it is. No effect on WebSockets and UDP sockets; since 0.2.0

        // WDSocketExchange: what comes before the answer, and how the answer is known; at once, for the next exchange
        public const int WDS_OPT_EXCHANGE_ECHO = 1101; // 0/1, default 0. 1: the bytes of the request may come back before the answer, as from RS-485 converters, and are skipped; not on a WebSocket; since 0.2.0
        public const int WDS_OPT_EXCHANGE_REPEATS = 1102; // 0..100, default 0: how often a request that is refused by WDS_TEXT_EXCHANGE_NAK is written again, within the time of the exchange; since 0.2.0
        public const int WDS_OPT_EXCHANGE_FIELD = 1103; // -1..65535, default -1: none, the answer is the next message (with "modbus-tcp" the one of the same transaction). Otherwise where in a request a field begins that its answer repeats, such as a transaction number or the STAN of ISO 8583, counted in the bytes of the message without framing. Messages with other bytes there are discarded and counted (WDS_STAT_STALE), WDS_E_TIMEOUT names the last of them, and there is no wait for late answers. Not in raw mode (WDS_E_STATE); a request that ends before the field gives WDS_E_ARGUMENT; since 0.2.0
        public const int WDS_OPT_EXCHANGE_FIELD_WIDTH = 1104; // bytes of that field, 1..64, default 2; since 0.2.0
        public const int WDS_OPT_EXCHANGE_FIELD_ANSWER = 1105; // where in an answer the field begins, -1..65535, default -1: where it does in the request; since 0.2.0

        // TLS: before the handshake; on a server for clients that connect afterwards
        public const int WDS_OPT_SSL_OPTIONS = 1050; // WDS_SSL_ bits, default 0; functions with ssl_options set it
        public const int WDS_OPT_SSL_HANDSHAKE_TIMEOUT = 1051; // ms that a handshake may take, 1..600000, default 10000
        public const int WDS_OPT_SSL_PENDING = 1052; // handshakes at the same time on a server, 1..65535, default 4096: beyond it the oldest is dropped
        public const int WDS_OPT_SSL_DAYS_LEFT = 1053; // get only: whole days until the socket's own certificate expires, negative once it has
        public const int WDS_OPT_SSL_WARN_DAYS = 1054; // days before the socket's own certificate expires from which WDS_EVENT_CERTIFICATE comes, once when the socket is attached or opened and once a day, 0..3650, 0 = never, default 30; at once
        public const int WDS_OPT_SSL_ALLOW_EXPIRED = 1055; // 0/1, default 0: a certificate of this program that has expired or is not valid yet gives WDS_E_TLS_EXPIRED or WDS_E_TLS_NOT_YET_VALID; 1: it is used, with a warning in the log, and the peers decide. Set it before the certificate. Since: 0.2.0

        // reconnecting: clients, see "Reconnecting"
        public const int WDS_OPT_RECONNECT = 1070; // 0/1, default 0: a client whose connection ends, other than by this program's own close, connects again to the same address, looked up again, with the same options, TLS and mode; at once
        public const int WDS_OPT_RECONNECT_FIRST = 1071; // ms before the first attempt, 1..3600000, default 200; the pause doubles with each attempt, plus a random part of up to half the pause; at once
        public const int WDS_OPT_RECONNECT_MOST = 1072; // ms of the longest pause, without the random part, 1..3600000, default 30000. Only a connection that lasted longer than this counts as successful: after it, pauses and attempts start over; at once
        public const int WDS_OPT_RECONNECT_TRIES = 1073; // attempts after which the client gives up (WDS_EVENT_ERROR; reads give the reason), including those that connected but did not last longer than WDS_OPT_RECONNECT_MOST, 0 = never (default)..2147483647; at once
        public const int WDS_OPT_RECONNECT_KEEP = 1074; // bytes of messages that are kept until they reach the peer's system, and are written again to the next connection, 0..2147483647; a write then never waits, and gives WDS_E_FULL beyond this size. 0 (default): unsent messages are dropped, and WDS_EVENT_DROPPED reports them; at once
        public const int WDS_OPT_RECONNECT_WAIT = 1075; // 0/1, default 0: while the connection is down, reads and writes give WDS_E_RECONNECTING at once; 1: they wait for it, within their time (a write with WDS_OPT_RECONNECT_KEEP returns at once either way); at once

        // PROXY protocol: the header, version 1 or 2, in front of a connection, by which a proxy (HAProxy, nginx) says who its client is; not UDP; since 0.2.0
        public const int WDS_OPT_PROXY_HEADER = 1080; // how a server treats headers, WDS_PROXY_HEADER_OFF (default), _ACCEPTED or _REQUIRED. They are read only from the addresses in WDS_TEXT_PROXY_TRUSTED, without which the server does not open (WDS_E_ARGUMENT), in front of TLS. Then WDSocketClientInfo, errors, the log and WDS_OPT_MAX_CLIENTS_PER_ADDRESS are about the proxy's client; a trusted address has no such limit before. A proxy's health checks (it connects and closes, or says that there is no client and sends nothing more) give neither events nor errors; WDS_STAT_HEALTH_CHECKS counts them; before opening
        public const int WDS_OPT_PROXY_HEADER_TIMEOUT = 1081; // ms in which the header must have come, 1..600000, default 5000; at once
        public const int WDS_OPT_PROXY_HEADER_SEND = 1082; // the version of the header that a client sends in front of its connections, 1 or 2, with its own address and the peer's (for servers that require a header), 0 = none (default). To a server that speaks first 2 is better: version 1 about the connection itself looks like a health check until something is sent; connections made afterwards

        // WebSocket; since 0.2.0
        public const int WDS_OPT_WEBSOCKET_KIND = 1085; // the kind of messages written: WDS_WEBSOCKET_TEXT or WDS_WEBSOCKET_BINARY (default). A text message that is not UTF-8 is refused (WDS_E_TEXT): WDS_TEXT_CHARSET "utf-8" converts the host's text. Raw mode always writes binary; at once
        public const int WDS_OPT_WEBSOCKET_COMPRESSION = 1086; // 0/1, default 0: offer compression (permessage-deflate, RFC 7692), or accept it; connections made afterwards
        public const int WDS_OPT_WEBSOCKET_CLOSE_CODE = 1087; // the code to close with, 1000..4999 except 1004..1006 and 1015..2999, default 1000 (normal closure); 4000..4999 are free for programs; at once
        public const int WDS_OPT_WEBSOCKET_MESSAGE = 1088; // get only: the kind of the last message read, WDS_WEBSOCKET_TEXT or WDS_WEBSOCKET_BINARY; 0 none yet, or raw mode

        // process
        public const int WDS_OPT_HOST_TEXT = 1060; // encoding of the host's text: 0 UTF-8 (default), 1 ANSI, 2 UTF-16LE; process
        public const int WDS_OPT_TOTAL_BUFFER = 1061; // bytes that all sockets together may buffer, 1048576..2147483647, default 268435456 (134217728 in 32 bits); each socket may always hold 4096 bytes. While others wait for memory, an incomplete message may hold at most an eighth, and the connection that has held the most for the longest ends with WDS_E_MEMORY; process
        public const int WDS_OPT_LOG_LEVEL = 1062; // lines of WDS_TEXT_LOG_FILE: 0 none, 1 errors and warnings ("error"), 2 also beginnings and ends ("event", default), 3 also reads and writes, never their bytes ("trace"). A client that leaves a TLS server, or is reset, before it has sent a byte, such as a port scan, is an event, not an error; process
        public const int WDS_OPT_LOG_SIZE = 1063; // bytes after which the log file is renamed to NAME.1 and a new one begins, 65536..2147483647, default 10485760; process
        public const int WDS_OPT_CAPTURE_SIZE = 1064; // maximum bytes of a file of WDS_TEXT_CAPTURE_FILE or WDS_TEXT_TRACE_FILE, 65536..2147483647, default 104857600: a capture ends there, after a complete packet, and the log says so; a trace is renamed to NAME.1 and a new one begins; process
        public const int WDS_OPT_CAPTURE_BELOW_TLS = 1065; // 0/1, default 0: record 0 the messages' bytes, above TLS, 1 the TLS records, below it (see WDS_TEXT_SSL_KEY_LOG); at once, where the capture begins anew

        // Check bytes
        public const int WDS_CHECK_NONE = 0; // default
        public const int WDS_CHECK_XOR = 1; // BCC: one byte, all bytes XORed
        public const int WDS_CHECK_SUM = 2; // one byte, sum modulo 256
        public const int WDS_CHECK_LRC = 3; // one byte, two's complement of the sum (ISO 1155, Modbus ASCII)
        public const int WDS_CHECK_CRC16 = 4; // two bytes, CRC-16/MODBUS, low byte first
        public const int WDS_CHECK_CRC16_CCITT = 5; // two bytes, CRC-16/XMODEM, high byte first

        // How a server treats PROXY headers
        public const int WDS_PROXY_HEADER_OFF = 0; // none is read
        public const int WDS_PROXY_HEADER_ACCEPTED = 1; // trusted addresses may send one, and have WDS_OPT_PROXY_HEADER_TIMEOUT to do so; from others none is awaited
        public const int WDS_PROXY_HEADER_REQUIRED = 2; // trusted addresses must send one; connections from others are reset

        // Encodings of the host's text
        public const int WDS_HOST_TEXT_UTF8 = 0;
        public const int WDS_HOST_TEXT_ANSI = 1;
        public const int WDS_HOST_TEXT_UTF16 = 2;

        public const int WDS_TEXT_LANGUAGE = 2001; // "en" or "fr": language of the error texts; "" = the system's (default): French where the user interface of Windows is French, otherwise English; process
        public const int WDS_TEXT_LOG_FILE = 2002; // path of the log file, "" = none (default): a regular file, no symbolic link; process. Each line is TIME LEVEL SUBJECT: TEXT, as 2026-11-27T18:55:00.927Z trace #12 "scale" client 127.0.0.1:40123 -> 10.0.0.5:5000: 11 bytes written The time is UTC, the level "error", "event" or "trace" (WDS_OPT_LOG_LEVEL). The subject is #handle, "name", kind and addresses; the quoted name is left out if there is none, and quotation marks and backslashes in it have a backslash before them. Kinds: "client", "channel", "server" and "udp", with addresses; "socket" if it is not open; "process", without handle, if no socket is concerned. Addresses: the local one, -> (this side connected) or <- (the peer did), the peer's; an unknown address is "-", such as the local one of a client that could not connect, whose peer is host:port as given. A server has its local address; a client that is not a channel (refused, failed in the handshake, or served by a simplified server) has the server's handle and both addresses. "udp" has a peer for a datagram, -> sent, <- received. Control characters are written \xNN, and lines longer than 8192 bytes are cut
        public const int WDS_TEXT_LOCAL_ADDRESS = 2003; // local address of a client or UDP socket, "" = the system's choice; before opening
        public const int WDS_TEXT_DNS_SERVER = 2004; // name server "address" or "address:port", "" = the system's; before opening
        public const int WDS_TEXT_CHARSET = 2005; // character set of transmitted text ("windows-1252", "ibm850", "utf-16le" ...), "" = messages are bytes (default); at once
        public const int WDS_TEXT_FRAME_PRESET = 2006; // sets a mode with all its options: "line", "modbus-tcp", "tpkt", "mllp", "stx-etx-bcc", "iso8583"; or the description of a protocol as WDS_TEXT_FRAME: "astm", "mqtt", "netstring", "nmea", "zvt" ...; or a protocol that no description tells (docs/framing.md): "modbus-rtu" for a master, "modbus-rtu-slave", "dnp3", "hdlc", "postgres", "redis", "slip"; a name that there is not gives WDS_E_UNSUPPORTED, and its text lists them all; at once
        public const int WDS_TEXT_FRAME = 2060; // describes the messages by their parts in the order of the wire, chooses WDS_MODE_DESCRIBED, and is given back in canonical form; in another mode, what is asked for is the text that describes the same. Parts: bytes in hexadecimal or in quotes, (alternatives|of them), hdr:n bytes as they are, len:TYPE, data, and check bytes NAME(from..to); a part may have a label= ; behind ";" options; " >> " and a second description for what is written. "s=02 d=data e=03 xor(d..e)", "len:u24le=d hdr:1 d=data ; keep", "data (0D0A|0A|0D)", "1002 data~~10 1003", "hdr:1 len:varint data ; keep", "len:dec~":"=d d=data ","" TYPE: u8 to u64le or u64be, decN, hexN, bcdN digits, dec~delimiter, varint, vlq, ber, zvt; then & mask, >> shift, = what it counts (default: all behind it), + or - a number. data:n has n bytes; data~XX is escaped by the byte XX, data~~XX doubles it, data~'XX is quoted. NAME: xor, sum, lrc, fletcher-16, crc-16/modbus and the others of the CRC catalogue, or crc(width,poly,init,refin,refout,xorout); /hex or /dec digits, /le or /be. Options: keep (messages have what stands in front of the data), restart (a start marker inside a message begins it anew), noise (what stands in front of one is dropped without an error), max=n, gap=ms (silence ends a message, too), ignore= bytes between messages, control= bytes that are messages of their own (WDS_FRAME_CONTROL), bad= what happens to a message with wrong check bytes: skip (WDS_E_CHECK, default), nak (the same, and 15 is sent by itself), keep (WDS_FRAME_WRONG). "" takes it back. Limits: text 1..1024 bytes, 24 parts in each direction, 16 alternatives, bytes and texts 1..255, labels 16, hdr 1..1024, data and max 1..2147483647, gap 1..60000, + and - 1..65536; no NAK is sent while more than 4096 bytes are not sent yet. Errors: WDS_E_ARGUMENT, and its text points at the place; since 0.2.0; at once
        public const int WDS_TEXT_USER_TEXT = 2007; // any text the host chooses; at once
        public const int WDS_TEXT_MULTICAST_JOIN = 2008; // set only: group, or group%interface: receive what is sent to it; UDP, once open
        public const int WDS_TEXT_MULTICAST_LEAVE = 2009; // set only: the same text as the join
        public const int WDS_TEXT_MULTICAST_INTERFACE = 2010; // interface name for outgoing multicast, "" = the system's choice; UDP, at once
        public const int WDS_TEXT_FRAME_START = 2011; // bytes, 0..16: start marker, default 02; at once
        public const int WDS_TEXT_FRAME_END = 2012; // bytes, 1..16: end marker, default 03; at once
        public const int WDS_TEXT_FRAME_ESCAPE = 2013; // bytes, 0 or 1: escape byte placed before marker and escape bytes inside a message, default none; at once
        public const int WDS_TEXT_FRAME_HEADER = 2015; // bytes, 0..255: the bytes before a stripped length field (at most WDS_OPT_FRAME_OFFSET bytes are used): written, and expected on read; default none = zeros are written, anything is accepted; at once
        public const int WDS_TEXT_HEARTBEAT = 2016; // bytes, 0..65535: the message of WDS_OPT_HEARTBEAT as transmitted, default none = an empty message. While WDS_OPT_HEARTBEAT is above 0, a received message equal to it counts as a sign of life and is not delivered, except in the modes raw and gap; at once
        public const int WDS_TEXT_CAPTURE_FILE = 2017; // path of a pcapng file that records the traffic, "" = none (default), for Wireshark and tshark; the IP and TCP headers are synthetic. Sockets that name the same file share it; an existing capture is appended to, any other existing file is refused (WDS_E_ARGUMENT); a regular file, no symbolic link, readable by this user only. Recording never makes a call wait for the disk and never makes a call fail. At once, from any thread, also while a connection or UDP socket is open: what is received and written from then on is recorded, also by a call that waits to receive; a write in progress may be missing. "" ends it, another path continues in that file. A capture that begins inside a connection has a synthetic beginning. On a server: the client of a simplified server, and clients accepted afterwards; a channel has its own setting. On socket 0: sockets created afterwards
        public const int WDS_TEXT_TRACE_FILE = 2018; // path of a text file that records the traffic, "" = none (default): time, handle, name and kind, both addresses, bytes as hex and text, messages, beginnings and ends; otherwise as WDS_TEXT_CAPTURE_FILE
        public const int WDS_TEXT_FAULTS = 2019; // faults injected into connections, for a program's own tests, "" = none (default): words separated by spaces. "delay=20..50": milliseconds by which each piece is delayed, "partial=1..7": bytes of a piece, "corrupt=0.001": probability that a byte is damaged, "cut=5000": bytes after which the connection is reset, "stall=1000": bytes after which nothing passes, "stall=1000/2000": for 2000 milliseconds; each for a single direction with the prefix "send:" or "receive:". "seed=42": the same number repeats the same faults. "at=top": above TLS, "at=bottom" (default): below it. The text names an invalid word (WDS_E_ARGUMENT). Connections made afterwards, not UDP
        public const int WDS_TEXT_SSL_CERTIFICATE = 2020; // this program's certificate and key: a PEM file with both, "certificate.pem|key.pem", a PFX file, PEM text itself, or on Windows "store:subject" / "store:thumbprint"; on a listening server it replaces the one in use; PEM may be in UTF-8 or UTF-16; a damaged certificate in it gives WDS_E_TLS_CERTIFICATE_FILE; at once
        public const int WDS_TEXT_SSL_PASSWORD = 2021; // set only: password of the certificate file; set it before the certificate
        public const int WDS_TEXT_SSL_ADD_CERTIFICATE = 2022; // set only: a further certificate of a server, chosen by the name that a client asks for; at once
        public const int WDS_TEXT_SSL_AUTHORITIES = 2023; // further authorities to trust: a PEM or DER file, or PEM text; "" = none. For client certificates a server trusts only these. PEM may be in UTF-8 or UTF-16. A damaged certificate gives WDS_E_TLS_CERTIFICATE_FILE, and the text names its line; an intact one that cannot be used is skipped, and the log names it; other types of blocks are ignored
        public const int WDS_TEXT_SSL_SERVER_NAME = 2024; // name to verify and to ask for instead of the address connected to
        public const int WDS_TEXT_SSL_ALPN = 2025; // protocols to offer or accept, separated by commas: "h2,http/1.1"
        public const int WDS_TEXT_SSL_PINS = 2026; // SHA-256 of public keys, base64 or hexadecimal, separated by commas: one of the peer's must be among them
        public const int WDS_TEXT_SSL_SUITES = 2027; // allowed TLS 1.2 cipher suites, by IANA or OpenSSL name, separated by commas
        public const int WDS_TEXT_SSL_GROUPS = 2028; // allowed key exchange groups: "X25519,P-256,P-384,P-521,X25519MLKEM768"
        public const int WDS_TEXT_SSL_KEY_LOG = 2029; // file that receives the session keys, to decrypt with Wireshark: a regular file, no symbolic link; "" = none
        public const int WDS_TEXT_PROXY = 2030; // the proxies through which a client connects, "" = none (default): "http://host:port" (CONNECT), "https://host:port" (the same, over TLS to the proxy), "socks5://host:port" (SOCKS5; names are looked up on this machine), "socks5h://host:port" (SOCKS5; the proxy looks names up), each with "user:password@" before the host if needed (special characters as %40: Basic, or SOCKS5 user and password). Several, at most 8, separated by spaces, are a chain: each connects to the next, the last one to the target. "system": HTTPS_PROXY or ALL_PROXY with NO_PROXY of the environment, else, on Windows, the user's or the machine's setting, without a script. The time of the connect covers everything, and without one an attempt ends after 2 minutes. WDSocketGetText shows *** instead of user and password. TLS to a proxy uses WDS_TEXT_SSL_AUTHORITIES and always verifies. Not for UDP; without effect on servers; the next connection, also of WDS_OPT_RECONNECT
        public const int WDS_TEXT_PROXY_EXCEPTIONS = 2031; // targets that are connected to directly, "" = none (default), separated by commas, semicolons or spaces: "example.com" (with all names below it), "*.example.com", "192.168.*", addresses, "10.0.0.0/8", each but a network with a port if need be ("example.com:8080"), "<local>" (names without a dot), "*" (all); the next connection
        public const int WDS_TEXT_PROXY_TRUSTED = 2035; // the proxies whose PROXY headers a server takes: IP addresses and prefixes separated by commas or blanks, "10.0.0.2, 192.168.7.0/24, fd00::/8"; "unix:" for whoever comes over a Unix socket; "" = none (default); connections accepted afterwards; since 0.2.0

        public const int WDS_TEXT_WEBSOCKET_PATHS = 2040; // WebSocket server: the paths that it serves, separated by commas: "/chat,/files/x", "/files/" followed by * for all below; others are answered with 404; "" = any (default); since 0.2.0; clients that connect afterwards
        public const int WDS_TEXT_WEBSOCKET_PROTOCOLS = 2041; // sub-protocols, separated by commas: a client offers them, the best first; a server takes the first of the client's that is among its own, or none; "" = none (default); since 0.2.0; connections made afterwards
        public const int WDS_TEXT_WEBSOCKET_ORIGINS = 2042; // a server: the origins whose pages may connect, separated by commas, "https://example.com"; others are answered with 403; clients other than browsers name none and are accepted; "" = any (default). A client: the origin that it names, "" = none; since 0.2.0; connections made afterwards
        public const int WDS_TEXT_WEBSOCKET_HEADERS = 2043; // further headers of a client's request, or of a server's answer: lines "Name: value", "" = none (default); since 0.2.0; connections made afterwards
        public const int WDS_TEXT_WEBSOCKET_PAGE = 2044; // what a server answers to a plain HTTP request: an HTML page if it begins with <, otherwise text, at most 1048576 bytes; "" = the status 426 (default); since 0.2.0; clients that connect afterwards
        public const int WDS_TEXT_WEBSOCKET_CLOSE_REASON = 2045; // the reason to close with, at most 123 bytes of UTF-8, "" = none (default); since 0.2.0; at once
        public const int WDS_TEXT_UNIX_OWNER = 2050; // "user", "user:group" or ":group", names or numbers. A server: to whom it gives the file of its Unix socket, "" = its own user (default). A client: as which user the server must run, otherwise WDS_E_ACCESS, "" = any (default); since 0.2.0; before opening
        public const int WDS_TEXT_PIPE_SECURITY = 2055; // who may connect to the named pipe, or on Windows to the Unix socket, of a server: a security descriptor of Windows in SDDL, such as "D:P(A;;GA;;;OW)(A;;GA;;;SY)(A;;GA;;;BA)(A;;0x12019b;;;AU)" for every user who has logged on; "" = the server's own user, administrators and the system (default); of no effect on Linux; since 0.2.0; before opening
        public const int WDS_TEXT_WRITE_TAG = 2065; // bytes, 0..64: the end tag of what is written, none = WDS_TEXT_TAG (default), such as CR where the peer's lines end in CR LF; for the modes WDS_MODE_END_TAG and WDS_MODE_END_TAG_BUFFER, WDS_OPT_WRITE_MODE or not; since 0.2.0; at once
        public const int WDS_TEXT_EXCHANGE_ACK = 2066; // bytes, 0..16: what may come before the answer of WDSocketExchange and confirms the request, such as 06 (ACK); skipped wherever it stands in front of an answer, any number of times. No answer may begin with these bytes, such as a length of 6; none by default; since 0.2.0; at once
        public const int WDS_TEXT_EXCHANGE_NAK = 2067; // bytes, 0..16: what comes instead of an answer and refuses the request, such as 15 (NAK): it is written again, at most WDS_OPT_EXCHANGE_REPEATS times. After that these bytes are the answer that WDSocketExchange returns; none by default; since 0.2.0; at once
        public const int WDS_TEXT_TAG = 2014; // bytes, 1..64: the end tag, default 1A (set it with WDSocketChangeTransmissionMode or here); at once

        // of a socket
        public const int WDS_NUM_BYTES_READ = 3001; // bytes received from the system, framing included
        public const int WDS_NUM_BYTES_WRITTEN = 3002; // bytes given to the system, framing included
        public const int WDS_NUM_MESSAGES_READ = 3003; // messages (raw: reads) delivered
        public const int WDS_NUM_MESSAGES_WRITTEN = 3004; // messages (raw: writes) sent
        public const int WDS_NUM_BUFFERED = 3005; // bytes received and not delivered yet
        public const int WDS_NUM_CONNECT_US = 3006; // microseconds that connecting took
        public const int WDS_NUM_CLIENTS = 3007; // a server's open channels
        public const int WDS_NUM_PENDING = 3008; // a server's pending requests
        public const int WDS_NUM_REFUSED = 3009; // clients a server refused: limits and WDSocketDeny

        // of the process (socket 0)
        public const int WDS_NUM_SOCKETS = 3020; // open sockets: one that was closed does not count, though it may still send
        public const int WDS_NUM_TOKENS = 3021; // message tokens not freed
        public const int WDS_NUM_GOROUTINES = 3022; // background tasks of the library
        public const int WDS_NUM_DESCRIPTORS = 3023; // descriptors held by the library
        public const int WDS_NUM_BUFFERED_BYTES = 3024; // bytes of the memory budget in use

        // Statistics: indices into the array that WDSocketStatistics fills
        public const int WDS_STAT_BYTES_READ = 0; // bytes received from the system, framing included
        public const int WDS_STAT_BYTES_WRITTEN = 1; // bytes given to the system, framing included
        public const int WDS_STAT_MESSAGES_READ = 2; // messages (raw: reads) delivered
        public const int WDS_STAT_MESSAGES_WRITTEN = 3; // messages (raw: writes) accepted for sending
        public const int WDS_STAT_CONNECT_US = 4; // microseconds that connecting took, TLS included
        public const int WDS_STAT_TLS_US = 5; // microseconds that the handshake took, 0 without TLS
        public const int WDS_STAT_FIRST_BYTE_US = 6; // microseconds from the open connection to the first byte received, 0 = none yet
        public const int WDS_STAT_RECEIVE_QUEUE = 7; // bytes received and not delivered yet
        public const int WDS_STAT_SEND_QUEUE = 8; // bytes written and not passed to the system yet
        public const int WDS_STAT_PUBLISH_QUEUE = 9; // bytes of published messages that are waiting
        public const int WDS_STAT_DROPPED = 10; // messages dropped: published ones, and those lost with a connection
        public const int WDS_STAT_RECONNECTS = 11; // how often the client has reconnected
        public const int WDS_STAT_CLIENTS = 12; // a server's open channels
        public const int WDS_STAT_PENDING = 13; // a server's pending requests
        public const int WDS_STAT_ACCEPTED = 14; // clients that a server accepted
        public const int WDS_STAT_REFUSED = 15; // clients that a server refused
        public const int WDS_STAT_ERRORS_RESET = 16; // connections that were cut
        public const int WDS_STAT_ERRORS_SILENT = 17; // connections ended because of silence: idle limit, message limit, peer gone
        public const int WDS_STAT_ERRORS_FRAME = 18; // framing errors: each stretch of noise once, wrong check bytes, messages too long
        public const int WDS_STAT_ERRORS_WRITE = 19; // writes that timed out or stopped inside a message
        public const int WDS_STAT_ERRORS_FULL = 20; // writes that found the send queue full
        public const int WDS_STAT_ERRORS_TLS = 21; // handshakes and records that failed; a client that leaves a server before sending a byte is not counted
        public const int WDS_STAT_ERRORS_OTHER = 22; // other errors of connecting, accepting, reading and writing; a read time-out is not counted
        public const int WDS_STAT_STALE = 23; // messages that WDSocketExchange discarded: earlier arrivals, late answers, answers of another transaction; since 0.2.0
        public const int WDS_STAT_HEALTH_CHECKS = 24; // connections by which a proxy only checked whether the server is there (WDS_OPT_PROXY_HEADER); since 0.2.0
        public const int WDS_STAT_COUNT = 25; // the number of figures in this version

        // The record of an event: wds_event of the header.
        [StructLayout(LayoutKind.Sequential)]
        public struct Event
        {
            public int socket; // the handle of the socket or timer
            public int kind; // one of WDS_EVENT_
            public int value; // depends on the kind
            public int code; // one of WDS_E_, 0 if nothing failed
            public int user; // WDS_OPT_USER_NUMBER of the socket, or the number given to the timer
            public int sequence; // 1, 2, 3 ... in each queue
            public int queue; // the handle of the queue
            public int detail; // WDS_SCOPE_ if code is not 0, or the number of a message, or WDS_WEBSOCKET_, or WDS_FRAME_; otherwise 0
        }

        /// <summary>WDSocketNextEvents fills an array of records and gives their number.</summary>
        public static int WDSocketNextEvents(int queue, int timeout_ms, Event[] events)
        {
            return !Windows ? Unix.WDSocketNextEventsRecords(queue, timeout_ms, events, 32, events.Length) : Wide ? Windows64.WDSocketNextEventsRecords(queue, timeout_ms, events, 32, events.Length) : Windows32.WDSocketNextEventsRecords(queue, timeout_ms, events, 32, events.Length);
        }

        /// <summary>WDSocketVersion returns the library's version: major * 10000 + minor * 100 + patch, 10203 = 1.2.3.</summary>
        public static int WDSocketVersion()
        {
            return !Windows ? Unix.WDSocketVersion() : Wide ? Windows64.WDSocketVersion() : Windows32.WDSocketVersion();
        }

        /// <summary>WDSocketCloseAll closes every socket and frees every message token.</summary>
        public static int WDSocketCloseAll()
        {
            return !Windows ? Unix.WDSocketCloseAll() : Wide ? Windows64.WDSocketCloseAll() : Windows32.WDSocketCloseAll();
        }

        /// <summary>WDSocketErrorInfo describes an error as text (WLanguage: ErrorInfo).</summary>
        public static int WDSocketErrorInfo(int socket, int what, byte[] text, int capacity)
        {
            capacity = Fitting(text, capacity, "capacity");
            return !Windows ? Unix.WDSocketErrorInfo(socket, what, text, capacity) : Wide ? Windows64.WDSocketErrorInfo(socket, what, text, capacity) : Windows32.WDSocketErrorInfo(socket, what, text, capacity);
        }

        /// <summary>WDSocketErrorCode returns a number that belongs to an error.</summary>
        public static int WDSocketErrorCode(int socket, int what)
        {
            return !Windows ? Unix.WDSocketErrorCode(socket, what) : Wide ? Windows64.WDSocketErrorCode(socket, what) : Windows32.WDSocketErrorCode(socket, what);
        }

        /// <summary>WDSocketErrorText returns the name or the general text of an error code.</summary>
        public static int WDSocketErrorText(int code, int what, byte[] text, int capacity)
        {
            capacity = Fitting(text, capacity, "capacity");
            return !Windows ? Unix.WDSocketErrorText(code, what, text, capacity) : Wide ? Windows64.WDSocketErrorText(code, what, text, capacity) : Windows32.WDSocketErrorText(code, what, text, capacity);
        }

        /// <summary>WDSocketErrorScope returns how far an error reaches: what it has ended, and so whether a loop continues, serves the next client, or closes the socket.</summary>
        public static int WDSocketErrorScope(int socket, int code)
        {
            return !Windows ? Unix.WDSocketErrorScope(socket, code) : Wide ? Windows64.WDSocketErrorScope(socket, code) : Windows32.WDSocketErrorScope(socket, code);
        }

        /// <summary>WDSocketNew creates a socket without opening it, so that its options can be set first; WDSocketOpen opens it.</summary>
        public static int WDSocketNew(byte[] socket_name)
        {
            Terminated(socket_name, "socket_name");
            return !Windows ? Unix.WDSocketNew(socket_name) : Wide ? Windows64.WDSocketNew(socket_name) : Windows32.WDSocketNew(socket_name);
        }

        /// <summary>WDSocketOpen opens a socket created by WDSocketNew, or one whose opening failed.</summary>
        public static int WDSocketOpen(int socket, int kind, int port, byte[] address, int timeout_ms)
        {
            Terminated(address, "address");
            return !Windows ? Unix.WDSocketOpen(socket, kind, port, address, timeout_ms) : Wide ? Windows64.WDSocketOpen(socket, kind, port, address, timeout_ms) : Windows32.WDSocketOpen(socket, kind, port, address, timeout_ms);
        }

        /// <summary>WDSocketConnect connects a client (WLanguage: SocketConnect).</summary>
        public static int WDSocketConnect(byte[] socket_name, int port, byte[] address, int timeout_ms)
        {
            Terminated(socket_name, "socket_name");
            Terminated(address, "address");
            return !Windows ? Unix.WDSocketConnect(socket_name, port, address, timeout_ms) : Wide ? Windows64.WDSocketConnect(socket_name, port, address, timeout_ms) : Windows32.WDSocketConnect(socket_name, port, address, timeout_ms);
        }

        /// <summary>WDSocketCreate opens a TCP server (WLanguage: SocketCreate).</summary>
        public static int WDSocketCreate(byte[] socket_name, int port, byte[] address)
        {
            Terminated(socket_name, "socket_name");
            Terminated(address, "address");
            return !Windows ? Unix.WDSocketCreate(socket_name, port, address) : Wide ? Windows64.WDSocketCreate(socket_name, port, address) : Windows32.WDSocketCreate(socket_name, port, address);
        }

        /// <summary>WDSocketCreateUDP opens a UDP socket (WLanguage: SocketCreateUDP).</summary>
        public static int WDSocketCreateUDP(byte[] socket_name, int port, byte[] address)
        {
            Terminated(socket_name, "socket_name");
            Terminated(address, "address");
            return !Windows ? Unix.WDSocketCreateUDP(socket_name, port, address) : Wide ? Windows64.WDSocketCreateUDP(socket_name, port, address) : Windows32.WDSocketCreateUDP(socket_name, port, address);
        }

        /// <summary>WDSocketConnectSSL connects a client with TLS (WLanguage: SocketConnectSSL).</summary>
        public static int WDSocketConnectSSL(byte[] socket_name, int port, byte[] address, int ssl_options, int timeout_ms, byte[] client_certificate, byte[] password)
        {
            Terminated(socket_name, "socket_name");
            Terminated(address, "address");
            Terminated(client_certificate, "client_certificate");
            Terminated(password, "password");
            return !Windows ? Unix.WDSocketConnectSSL(socket_name, port, address, ssl_options, timeout_ms, client_certificate, password) : Wide ? Windows64.WDSocketConnectSSL(socket_name, port, address, ssl_options, timeout_ms, client_certificate, password) : Windows32.WDSocketConnectSSL(socket_name, port, address, ssl_options, timeout_ms, client_certificate, password);
        }

        /// <summary>WDSocketCreateSSL opens a TCP server with TLS (WLanguage: SocketCreateSSL), simplified or standard as WDSocketCreate.</summary>
        public static int WDSocketCreateSSL(byte[] socket_name, int port, byte[] certificate, int ssl_options, byte[] address, byte[] password)
        {
            Terminated(socket_name, "socket_name");
            Terminated(certificate, "certificate");
            Terminated(address, "address");
            Terminated(password, "password");
            return !Windows ? Unix.WDSocketCreateSSL(socket_name, port, certificate, ssl_options, address, password) : Wide ? Windows64.WDSocketCreateSSL(socket_name, port, certificate, ssl_options, address, password) : Windows32.WDSocketCreateSSL(socket_name, port, certificate, ssl_options, address, password);
        }

        /// <summary>WDSocketStartSSL starts TLS on an open plain connection, as needed for the STARTTLS of mail and news servers.</summary>
        public static int WDSocketStartSSL(int socket, int role, int ssl_options, byte[] certificate, byte[] password, int timeout_ms)
        {
            Terminated(certificate, "certificate");
            Terminated(password, "password");
            return !Windows ? Unix.WDSocketStartSSL(socket, role, ssl_options, certificate, password, timeout_ms) : Wide ? Windows64.WDSocketStartSSL(socket, role, ssl_options, certificate, password, timeout_ms) : Windows32.WDSocketStartSSL(socket, role, ssl_options, certificate, password, timeout_ms);
        }

        /// <summary>WDSocketStopSSL ends TLS in order and continues in plain text.</summary>
        public static int WDSocketStopSSL(int socket, int timeout_ms)
        {
            return !Windows ? Unix.WDSocketStopSSL(socket, timeout_ms) : Wide ? Windows64.WDSocketStopSSL(socket, timeout_ms) : Windows32.WDSocketStopSSL(socket, timeout_ms);
        }

        /// <summary>WDSocketSSLInfo returns what the handshake negotiated and who the peer is.</summary>
        public static int WDSocketSSLInfo(int socket, int what, int index, byte[] text, int capacity)
        {
            capacity = Fitting(text, capacity, "capacity");
            return !Windows ? Unix.WDSocketSSLInfo(socket, what, index, text, capacity) : Wide ? Windows64.WDSocketSSLInfo(socket, what, index, text, capacity) : Windows32.WDSocketSSLInfo(socket, what, index, text, capacity);
        }

        /// <summary>WDSocketWebSocketInfo returns what the opening handshake of a WebSocket said, and how the peer closed it.</summary>
        public static int WDSocketWebSocketInfo(int socket, int what, byte[] text, int capacity)
        {
            capacity = Fitting(text, capacity, "capacity");
            return !Windows ? Unix.WDSocketWebSocketInfo(socket, what, text, capacity) : Wide ? Windows64.WDSocketWebSocketInfo(socket, what, text, capacity) : Windows32.WDSocketWebSocketInfo(socket, what, text, capacity);
        }

        /// <summary>WDSocketWaitForConnection waits until a client asks to connect (WLanguage: SocketWaitForConnection).</summary>
        public static int WDSocketWaitForConnection(int server, int timeout_ms)
        {
            return !Windows ? Unix.WDSocketWaitForConnection(server, timeout_ms) : Wide ? Windows64.WDSocketWaitForConnection(server, timeout_ms) : Windows32.WDSocketWaitForConnection(server, timeout_ms);
        }

        /// <summary>WDSocketAccept accepts the pending request, or waits for one (WLanguage: SocketAccept).</summary>
        public static int WDSocketAccept(int server, int timeout_ms)
        {
            return !Windows ? Unix.WDSocketAccept(server, timeout_ms) : Wide ? Windows64.WDSocketAccept(server, timeout_ms) : Windows32.WDSocketAccept(server, timeout_ms);
        }

        /// <summary>WDSocketDeny refuses the pending request by a reset (WLanguage: SocketDeny).</summary>
        public static int WDSocketDeny(int server)
        {
            return !Windows ? Unix.WDSocketDeny(server) : Wide ? Windows64.WDSocketDeny(server) : Windows32.WDSocketDeny(server);
        }

        /// <summary>WDSocketRead reads one message (WLanguage: SocketRead); in raw mode the bytes that have arrived, at most capacity.</summary>
        public static int WDSocketRead(int socket, byte[] buffer, int capacity, int timeout_ms)
        {
            capacity = Fitting(buffer, capacity, "capacity");
            return !Windows ? Unix.WDSocketRead(socket, buffer, capacity, timeout_ms) : Wide ? Windows64.WDSocketRead(socket, buffer, capacity, timeout_ms) : Windows32.WDSocketRead(socket, buffer, capacity, timeout_ms);
        }

        /// <summary>WDSocketReadMany reads one message as WDSocketRead does, and every further whole message that has already arrived and fits.</summary>
        public static int WDSocketReadMany(int socket, byte[] buffer, int capacity, int[] lengths, int count, int timeout_ms)
        {
            capacity = Fitting(buffer, capacity, "capacity");
            count = Fitting(lengths, count, "count");
            return !Windows ? Unix.WDSocketReadMany(socket, buffer, capacity, lengths, count, timeout_ms) : Wide ? Windows64.WDSocketReadMany(socket, buffer, capacity, lengths, count, timeout_ms) : Windows32.WDSocketReadMany(socket, buffer, capacity, lengths, count, timeout_ms);
        }

        /// <summary>WDSocketReadMessage reads one message without copying: the message stays in the library's memory until WDSocketMessageFree is called.</summary>
        public static int WDSocketReadMessage(int socket, int timeout_ms, IntPtr[] data, int[] length, IntPtr[] message)
        {
            return !Windows ? Unix.WDSocketReadMessage(socket, timeout_ms, data, length, message) : Wide ? Windows64.WDSocketReadMessage(socket, timeout_ms, data, length, message) : Windows32.WDSocketReadMessage(socket, timeout_ms, data, length, message);
        }

        /// <summary>WDSocketMessageFree frees a message's memory.</summary>
        public static int WDSocketMessageFree(IntPtr message)
        {
            return !Windows ? Unix.WDSocketMessageFree(message) : Wide ? Windows64.WDSocketMessageFree(message) : Windows32.WDSocketMessageFree(message);
        }

        /// <summary>WDSocketReadExactly reads the next length bytes of the stream, whatever the transmission mode is, and leaves the mode as it is: what comes after them is read in the mode again.</summary>
        public static int WDSocketReadExactly(int socket, byte[] buffer, int length, int timeout_ms)
        {
            length = Fitting(buffer, length, "length");
            return !Windows ? Unix.WDSocketReadExactly(socket, buffer, length, timeout_ms) : Wide ? Windows64.WDSocketReadExactly(socket, buffer, length, timeout_ms) : Windows32.WDSocketReadExactly(socket, buffer, length, timeout_ms);
        }

        /// <summary>WDSocketReadUntil reads the bytes up to the next tag, whatever the transmission mode is, and leaves the mode as it is.</summary>
        public static int WDSocketReadUntil(int socket, byte[] buffer, int capacity, byte[] tag, int tag_length, int timeout_ms)
        {
            capacity = Fitting(buffer, capacity, "capacity");
            tag_length = Given(tag, tag_length, "tag_length");
            return !Windows ? Unix.WDSocketReadUntil(socket, buffer, capacity, tag, tag_length, timeout_ms) : Wide ? Windows64.WDSocketReadUntil(socket, buffer, capacity, tag, tag_length, timeout_ms) : Windows32.WDSocketReadUntil(socket, buffer, capacity, tag, tag_length, timeout_ms);
        }

        /// <summary>WDSocketWrite writes one message (WLanguage: SocketWrite); on a UDP socket one datagram to the sender of the last datagram read.</summary>
        public static int WDSocketWrite(int socket, byte[] data, int length)
        {
            length = Given(data, length, "length");
            return !Windows ? Unix.WDSocketWrite(socket, data, length) : Wide ? Windows64.WDSocketWrite(socket, data, length) : Windows32.WDSocketWrite(socket, data, length);
        }

        /// <summary>WDSocketExchange sends a question and waits for its answer: it discards what has already arrived, writes data as one message and reads one message.</summary>
        public static int WDSocketExchange(int socket, byte[] data, int length, byte[] reply, int capacity, int timeout_ms)
        {
            length = Given(data, length, "length");
            capacity = Fitting(reply, capacity, "capacity");
            return !Windows ? Unix.WDSocketExchange(socket, data, length, reply, capacity, timeout_ms) : Wide ? Windows64.WDSocketExchange(socket, data, length, reply, capacity, timeout_ms) : Windows32.WDSocketExchange(socket, data, length, reply, capacity, timeout_ms);
        }

        /// <summary>WDSocketWriteUDP sends one datagram (WLanguage: SocketWrite with address).</summary>
        public static int WDSocketWriteUDP(int socket, byte[] data, int length, byte[] address, int port)
        {
            length = Given(data, length, "length");
            Terminated(address, "address");
            return !Windows ? Unix.WDSocketWriteUDP(socket, data, length, address, port) : Wide ? Windows64.WDSocketWriteUDP(socket, data, length, address, port) : Windows32.WDSocketWriteUDP(socket, data, length, address, port);
        }

        /// <summary>WDSocketReadUDP reads one datagram and its sender.</summary>
        public static int WDSocketReadUDP(int socket, byte[] buffer, int capacity, int timeout_ms, byte[] address, int address_capacity, int[] port)
        {
            capacity = Fitting(buffer, capacity, "capacity");
            address_capacity = Fitting(address, address_capacity, "address_capacity");
            return !Windows ? Unix.WDSocketReadUDP(socket, buffer, capacity, timeout_ms, address, address_capacity, port) : Wide ? Windows64.WDSocketReadUDP(socket, buffer, capacity, timeout_ms, address, address_capacity, port) : Windows32.WDSocketReadUDP(socket, buffer, capacity, timeout_ms, address, address_capacity, port);
        }

        /// <summary>WDSocketAvailable returns how many bytes can be read now without waiting: in raw mode all bytes, in the other modes those of whole messages, counted after conversion (WDS_TEXT_CHARSET).</summary>
        public static int WDSocketAvailable(int socket)
        {
            return !Windows ? Unix.WDSocketAvailable(socket) : Wide ? Windows64.WDSocketAvailable(socket) : Windows32.WDSocketAvailable(socket);
        }

        /// <summary>WDSocketDiscard discards received data without a buffer: a message longer than the program's buffer, or everything that is out of date.</summary>
        public static int WDSocketDiscard(int socket, int what)
        {
            return !Windows ? Unix.WDSocketDiscard(socket, what) : Wide ? Windows64.WDSocketDiscard(socket, what) : Windows32.WDSocketDiscard(socket, what);
        }

        /// <summary>WDSocketChangeTransmissionMode chooses how messages are delimited (WLanguage: SocketChangeTransmissionMode).</summary>
        public static int WDSocketChangeTransmissionMode(int socket, int mode, byte[] tag, int tag_length)
        {
            tag_length = Given(tag, tag_length, "tag_length");
            return !Windows ? Unix.WDSocketChangeTransmissionMode(socket, mode, tag, tag_length) : Wide ? Windows64.WDSocketChangeTransmissionMode(socket, mode, tag, tag_length) : Windows32.WDSocketChangeTransmissionMode(socket, mode, tag, tag_length);
        }

        /// <summary>WDSocketFlush waits until everything in the send queue (WDS_OPT_SEND_QUEUE) has been passed to the system.</summary>
        public static int WDSocketFlush(int socket, int timeout_ms)
        {
            return !Windows ? Unix.WDSocketFlush(socket, timeout_ms) : Wide ? Windows64.WDSocketFlush(socket, timeout_ms) : Windows32.WDSocketFlush(socket, timeout_ms);
        }

        /// <summary>WDSocketNewQueue creates an event queue.</summary>
        public static int WDSocketNewQueue()
        {
            return !Windows ? Unix.WDSocketNewQueue() : Wide ? Windows64.WDSocketNewQueue() : Windows32.WDSocketNewQueue();
        }

        /// <summary>WDSocketAttach attaches a socket to a queue, which from then on reports its events.</summary>
        public static int WDSocketAttach(int queue, int socket, int how)
        {
            return !Windows ? Unix.WDSocketAttach(queue, socket, how) : Wide ? Windows64.WDSocketAttach(queue, socket, how) : Windows32.WDSocketAttach(queue, socket, how);
        }

        /// <summary>WDSocketDetach detaches a socket from its queue.</summary>
        public static int WDSocketDetach(int socket)
        {
            return !Windows ? Unix.WDSocketDetach(socket) : Wide ? Windows64.WDSocketDetach(socket) : Windows32.WDSocketDetach(socket);
        }

        /// <summary>WDSocketNextEvents waits for the next event of a queue and returns as many events as there are.</summary>
        public static int WDSocketNextEvents(int queue, int timeout_ms, byte[] events, int record_bytes, int capacity)
        {
            Fitting(events, checked(record_bytes * capacity), "events");
            return !Windows ? Unix.WDSocketNextEvents(queue, timeout_ms, events, record_bytes, capacity) : Wide ? Windows64.WDSocketNextEvents(queue, timeout_ms, events, record_bytes, capacity) : Windows32.WDSocketNextEvents(queue, timeout_ms, events, record_bytes, capacity);
        }

        /// <summary>WDSocketNewTimer creates a timer in a queue: WDS_EVENT_TIMER comes when it is due.</summary>
        public static int WDSocketNewTimer(int queue, int delay_ms, int repeat_ms, int user_number)
        {
            return !Windows ? Unix.WDSocketNewTimer(queue, delay_ms, repeat_ms, user_number) : Wide ? Windows64.WDSocketNewTimer(queue, delay_ms, repeat_ms, user_number) : Windows32.WDSocketNewTimer(queue, delay_ms, repeat_ms, user_number);
        }

        /// <summary>WDSocketSetCallback makes the library call a function of the host for each event of a queue, one event after the other.</summary>
        public static int WDSocketSetCallback(int queue, IntPtr callback, IntPtr user)
        {
            return !Windows ? Unix.WDSocketSetCallback(queue, callback, user) : Wide ? Windows64.WDSocketSetCallback(queue, callback, user) : Windows32.WDSocketSetCallback(queue, callback, user);
        }

        /// <summary>WDSocketSetWindow makes a queue notify a window (Windows) that it has events by PostMessageW(window, message, queue, 0): once when the queue becomes non-empty, and again after a WDSocketNextEvents that left events behind.</summary>
        public static int WDSocketSetWindow(int queue, IntPtr window, int message)
        {
            return !Windows ? Unix.WDSocketSetWindow(queue, window, message) : Wide ? Windows64.WDSocketSetWindow(queue, window, message) : Windows32.WDSocketSetWindow(queue, window, message);
        }

        /// <summary>WDSocketDescriptor returns a descriptor for select, poll, epoll or the loop of a framework.</summary>
        public static int WDSocketDescriptor(int queue)
        {
            return !Windows ? Unix.WDSocketDescriptor(queue) : Wide ? Windows64.WDSocketDescriptor(queue) : Windows32.WDSocketDescriptor(queue);
        }

        /// <summary>WDSocketGroupJoin adds a channel to a group of its server.</summary>
        public static int WDSocketGroupJoin(int channel, byte[] group)
        {
            Terminated(group, "group");
            return !Windows ? Unix.WDSocketGroupJoin(channel, group) : Wide ? Windows64.WDSocketGroupJoin(channel, group) : Windows32.WDSocketGroupJoin(channel, group);
        }

        /// <summary>WDSocketGroupLeave removes a channel from a group.</summary>
        public static int WDSocketGroupLeave(int channel, byte[] group)
        {
            Terminated(group, "group");
            return !Windows ? Unix.WDSocketGroupLeave(channel, group) : Wide ? Windows64.WDSocketGroupLeave(channel, group) : Windows32.WDSocketGroupLeave(channel, group);
        }

        /// <summary>WDSocketGroupPublish writes one message to every member of a group, as WDSocketWrite would to each, but without waiting.</summary>
        public static int WDSocketGroupPublish(int server, byte[] group, byte[] data, int length)
        {
            Terminated(group, "group");
            length = Given(data, length, "length");
            return !Windows ? Unix.WDSocketGroupPublish(server, group, data, length) : Wide ? Windows64.WDSocketGroupPublish(server, group, data, length) : Windows32.WDSocketGroupPublish(server, group, data, length);
        }

        /// <summary>WDSocketClientInfo returns the peer's address (WLanguage: SocketClientInfo): for a client or channel the other end; for a server the client that asks to connect, or the simplified server's client; for a UDP socket the sender of the last datagram read.</summary>
        public static int WDSocketClientInfo(int socket, int what, byte[] text, int capacity)
        {
            capacity = Fitting(text, capacity, "capacity");
            return !Windows ? Unix.WDSocketClientInfo(socket, what, text, capacity) : Wide ? Windows64.WDSocketClientInfo(socket, what, text, capacity) : Windows32.WDSocketClientInfo(socket, what, text, capacity);
        }

        /// <summary>WDSocketLocalInfo returns the local address of a socket.</summary>
        public static int WDSocketLocalInfo(int socket, int what, byte[] text, int capacity)
        {
            capacity = Fitting(text, capacity, "capacity");
            return !Windows ? Unix.WDSocketLocalInfo(socket, what, text, capacity) : Wide ? Windows64.WDSocketLocalInfo(socket, what, text, capacity) : Windows32.WDSocketLocalInfo(socket, what, text, capacity);
        }

        /// <summary>WDSocketExist tells whether a socket exists (WLanguage: SocketExist): from its creation until WDSocketClose or WDSocketCloseEx begins, even if the peer is gone.</summary>
        public static int WDSocketExist(int socket)
        {
            return !Windows ? Unix.WDSocketExist(socket) : Wide ? Windows64.WDSocketExist(socket) : Windows32.WDSocketExist(socket);
        }

        /// <summary>WDSocketState returns the actual state of a socket: it also checks the connection, so that it detects a peer that has gone even if no thread reads.</summary>
        public static int WDSocketState(int socket)
        {
            return !Windows ? Unix.WDSocketState(socket) : Wide ? Windows64.WDSocketState(socket) : Windows32.WDSocketState(socket);
        }

        /// <summary>WDSocketFind finds a live socket by its name, also while it is still connecting, or while WDSocketCloseEx closes it and no other socket has taken the name.</summary>
        public static int WDSocketFind(byte[] socket_name)
        {
            Terminated(socket_name, "socket_name");
            return !Windows ? Unix.WDSocketFind(socket_name) : Wide ? Windows64.WDSocketFind(socket_name) : Windows32.WDSocketFind(socket_name);
        }

        /// <summary>WDSocketName returns a socket's name.</summary>
        public static int WDSocketName(int socket, byte[] text, int capacity)
        {
            capacity = Fitting(text, capacity, "capacity");
            return !Windows ? Unix.WDSocketName(socket, text, capacity) : Wide ? Windows64.WDSocketName(socket, text, capacity) : Windows32.WDSocketName(socket, text, capacity);
        }

        /// <summary>WDSocketList lists the channels of a server, or all sockets.</summary>
        public static int WDSocketList(int server, int[] sockets, int capacity)
        {
            capacity = Fitting(sockets, capacity, "capacity");
            return !Windows ? Unix.WDSocketList(server, sockets, capacity) : Wide ? Windows64.WDSocketList(server, sockets, capacity) : Windows32.WDSocketList(server, sockets, capacity);
        }

        /// <summary>WDSocketGetNumber returns a 64-bit figure.</summary>
        public static int WDSocketGetNumber(int socket, int what, long[] value)
        {
            return !Windows ? Unix.WDSocketGetNumber(socket, what, value) : Wide ? Windows64.WDSocketGetNumber(socket, what, value) : Windows32.WDSocketGetNumber(socket, what, value);
        }

        /// <summary>WDSocketStatistics returns all figures of a socket at once.</summary>
        public static int WDSocketStatistics(int socket, long[] figures, int count)
        {
            count = Fitting(figures, count, "count");
            return !Windows ? Unix.WDSocketStatistics(socket, figures, count) : Wide ? Windows64.WDSocketStatistics(socket, figures, count) : Windows32.WDSocketStatistics(socket, figures, count);
        }

        /// <summary>WDSocketSelfTest tests the library on this machine and writes a report of about 25 lines: bitness and versions, the text encoding seen, a negative result, two threads at once, a conversation on loopback in each transmission mode and with TLS, datagrams and events.</summary>
        public static int WDSocketSelfTest(byte[] text, int capacity)
        {
            capacity = Fitting(text, capacity, "capacity");
            return !Windows ? Unix.WDSocketSelfTest(text, capacity) : Wide ? Windows64.WDSocketSelfTest(text, capacity) : Windows32.WDSocketSelfTest(text, capacity);
        }

        /// <summary>WDSocketGuess tells how the messages are framed that a peer sends, from bytes that came: for each description that fits, one line with the text for WDS_TEXT_FRAME, a TAB, the names for WDS_TEXT_FRAME_PRESET that are framed so, with commas between them, another TAB, and the reason.</summary>
        public static int WDSocketGuess(byte[] data, int length, byte[] text, int capacity)
        {
            length = Given(data, length, "length");
            capacity = Fitting(text, capacity, "capacity");
            return !Windows ? Unix.WDSocketGuess(data, length, text, capacity) : Wide ? Windows64.WDSocketGuess(data, length, text, capacity) : Windows32.WDSocketGuess(data, length, text, capacity);
        }

        /// <summary>WDSocketSetOption sets an integer option.</summary>
        public static int WDSocketSetOption(int socket, int option_id, int value)
        {
            return !Windows ? Unix.WDSocketSetOption(socket, option_id, value) : Wide ? Windows64.WDSocketSetOption(socket, option_id, value) : Windows32.WDSocketSetOption(socket, option_id, value);
        }

        /// <summary>WDSocketGetOption returns an integer option.</summary>
        public static int WDSocketGetOption(int socket, int option_id, int[] value)
        {
            return !Windows ? Unix.WDSocketGetOption(socket, option_id, value) : Wide ? Windows64.WDSocketGetOption(socket, option_id, value) : Windows32.WDSocketGetOption(socket, option_id, value);
        }

        /// <summary>WDSocketSetText sets a text option; NULL means "".</summary>
        public static int WDSocketSetText(int socket, int option_id, byte[] text)
        {
            Terminated(text, "text");
            return !Windows ? Unix.WDSocketSetText(socket, option_id, text) : Wide ? Windows64.WDSocketSetText(socket, option_id, text) : Windows32.WDSocketSetText(socket, option_id, text);
        }

        /// <summary>WDSocketGetText returns a text option.</summary>
        public static int WDSocketGetText(int socket, int option_id, byte[] text, int capacity)
        {
            capacity = Fitting(text, capacity, "capacity");
            return !Windows ? Unix.WDSocketGetText(socket, option_id, text, capacity) : Wide ? Windows64.WDSocketGetText(socket, option_id, text, capacity) : Windows32.WDSocketGetText(socket, option_id, text, capacity);
        }

        /// <summary>WDSocketSetBytes sets an option that consists of bytes, or any text option given with its length.</summary>
        public static int WDSocketSetBytes(int socket, int option_id, byte[] data, int length)
        {
            length = Given(data, length, "length");
            return !Windows ? Unix.WDSocketSetBytes(socket, option_id, data, length) : Wide ? Windows64.WDSocketSetBytes(socket, option_id, data, length) : Windows32.WDSocketSetBytes(socket, option_id, data, length);
        }

        /// <summary>WDSocketGetBytes returns an option that consists of bytes.</summary>
        public static int WDSocketGetBytes(int socket, int option_id, byte[] buffer, int capacity)
        {
            capacity = Fitting(buffer, capacity, "capacity");
            return !Windows ? Unix.WDSocketGetBytes(socket, option_id, buffer, capacity) : Wide ? Windows64.WDSocketGetBytes(socket, option_id, buffer, capacity) : Windows32.WDSocketGetBytes(socket, option_id, buffer, capacity);
        }

        /// <summary>WDSocketCancel ends every call that is waiting on this socket or queue, with WDS_E_CANCELLED.</summary>
        public static int WDSocketCancel(int socket)
        {
            return !Windows ? Unix.WDSocketCancel(socket) : Wide ? Windows64.WDSocketCancel(socket) : Windows32.WDSocketCancel(socket);
        }

        /// <summary>WDSocketWakeup ends all waiting calls.</summary>
        public static int WDSocketWakeup(int switch_on)
        {
            return !Windows ? Unix.WDSocketWakeup(switch_on) : Wide ? Windows64.WDSocketWakeup(switch_on) : Windows32.WDSocketWakeup(switch_on);
        }

        /// <summary>WDSocketWakeupDescriptor returns a descriptor for software that reports signals by writing a byte, such as Python's signal.set_wakeup_fd: writing any byte except 0 to it has the effect of WDSocketWakeup(1).</summary>
        public static int WDSocketWakeupDescriptor()
        {
            return !Windows ? Unix.WDSocketWakeupDescriptor() : Wide ? Windows64.WDSocketWakeupDescriptor() : Windows32.WDSocketWakeupDescriptor();
        }

        /// <summary>WDSocketClose closes a socket (WLanguage: SocketClose), a queue or a timer.</summary>
        public static int WDSocketClose(int socket)
        {
            return !Windows ? Unix.WDSocketClose(socket) : Wide ? Windows64.WDSocketClose(socket) : Windows32.WDSocketClose(socket);
        }

        /// <summary>WDSocketCloseEx closes a socket in a chosen way.</summary>
        public static int WDSocketCloseEx(int socket, int how, int timeout_ms)
        {
            return !Windows ? Unix.WDSocketCloseEx(socket, how, timeout_ms) : Wide ? Windows64.WDSocketCloseEx(socket, how, timeout_ms) : Windows32.WDSocketCloseEx(socket, how, timeout_ms);
        }

        private static class Windows32
        {
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketVersion();
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketCloseAll();
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketErrorInfo(int socket, int what, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketErrorCode(int socket, int what);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketErrorText(int code, int what, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketErrorScope(int socket, int code);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketNew(byte[] socket_name);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketOpen(int socket, int kind, int port, byte[] address, int timeout_ms);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketConnect(byte[] socket_name, int port, byte[] address, int timeout_ms);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketCreate(byte[] socket_name, int port, byte[] address);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketCreateUDP(byte[] socket_name, int port, byte[] address);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketConnectSSL(byte[] socket_name, int port, byte[] address, int ssl_options, int timeout_ms, byte[] client_certificate, byte[] password);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketCreateSSL(byte[] socket_name, int port, byte[] certificate, int ssl_options, byte[] address, byte[] password);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketStartSSL(int socket, int role, int ssl_options, byte[] certificate, byte[] password, int timeout_ms);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketStopSSL(int socket, int timeout_ms);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketSSLInfo(int socket, int what, int index, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketWebSocketInfo(int socket, int what, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketWaitForConnection(int server, int timeout_ms);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketAccept(int server, int timeout_ms);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketDeny(int server);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketRead(int socket, [In][Out] byte[] buffer, int capacity, int timeout_ms);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketReadMany(int socket, [In][Out] byte[] buffer, int capacity, [In][Out] int[] lengths, int count, int timeout_ms);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketReadMessage(int socket, int timeout_ms, [In][Out] IntPtr[] data, [In][Out] int[] length, [In][Out] IntPtr[] message);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketMessageFree(IntPtr message);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketReadExactly(int socket, [In][Out] byte[] buffer, int length, int timeout_ms);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketReadUntil(int socket, [In][Out] byte[] buffer, int capacity, byte[] tag, int tag_length, int timeout_ms);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketWrite(int socket, byte[] data, int length);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketExchange(int socket, byte[] data, int length, [In][Out] byte[] reply, int capacity, int timeout_ms);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketWriteUDP(int socket, byte[] data, int length, byte[] address, int port);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketReadUDP(int socket, [In][Out] byte[] buffer, int capacity, int timeout_ms, [In][Out] byte[] address, int address_capacity, [In][Out] int[] port);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketAvailable(int socket);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketDiscard(int socket, int what);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketChangeTransmissionMode(int socket, int mode, byte[] tag, int tag_length);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketFlush(int socket, int timeout_ms);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketNewQueue();
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketAttach(int queue, int socket, int how);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketDetach(int socket);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketNextEvents(int queue, int timeout_ms, [In][Out] byte[] events, int record_bytes, int capacity);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketNewTimer(int queue, int delay_ms, int repeat_ms, int user_number);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketSetCallback(int queue, IntPtr callback, IntPtr user);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketSetWindow(int queue, IntPtr window, int message);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketDescriptor(int queue);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketGroupJoin(int channel, byte[] group);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketGroupLeave(int channel, byte[] group);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketGroupPublish(int server, byte[] group, byte[] data, int length);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketClientInfo(int socket, int what, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketLocalInfo(int socket, int what, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketExist(int socket);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketState(int socket);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketFind(byte[] socket_name);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketName(int socket, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketList(int server, [In][Out] int[] sockets, int capacity);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketGetNumber(int socket, int what, [In][Out] long[] value);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketStatistics(int socket, [In][Out] long[] figures, int count);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketSelfTest([In][Out] byte[] text, int capacity);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketGuess(byte[] data, int length, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketSetOption(int socket, int option_id, int value);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketGetOption(int socket, int option_id, [In][Out] int[] value);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketSetText(int socket, int option_id, byte[] text);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketGetText(int socket, int option_id, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketSetBytes(int socket, int option_id, byte[] data, int length);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketGetBytes(int socket, int option_id, [In][Out] byte[] buffer, int capacity);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketCancel(int socket);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketWakeup(int switch_on);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketWakeupDescriptor();
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketClose(int socket);
            [DllImport("wdsocket32.dll", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] public static extern int WDSocketCloseEx(int socket, int how, int timeout_ms);
            [DllImport("wdsocket32.dll", EntryPoint = "WDSocketNextEvents", CallingConvention = CallingConvention.StdCall, ExactSpelling = true)] internal static extern int WDSocketNextEventsRecords(int queue, int timeout_ms, [In][Out] Event[] events, int record_bytes, int capacity);
        }

        private static class Windows64
        {
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketVersion();
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketCloseAll();
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketErrorInfo(int socket, int what, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketErrorCode(int socket, int what);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketErrorText(int code, int what, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketErrorScope(int socket, int code);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketNew(byte[] socket_name);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketOpen(int socket, int kind, int port, byte[] address, int timeout_ms);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketConnect(byte[] socket_name, int port, byte[] address, int timeout_ms);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketCreate(byte[] socket_name, int port, byte[] address);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketCreateUDP(byte[] socket_name, int port, byte[] address);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketConnectSSL(byte[] socket_name, int port, byte[] address, int ssl_options, int timeout_ms, byte[] client_certificate, byte[] password);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketCreateSSL(byte[] socket_name, int port, byte[] certificate, int ssl_options, byte[] address, byte[] password);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketStartSSL(int socket, int role, int ssl_options, byte[] certificate, byte[] password, int timeout_ms);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketStopSSL(int socket, int timeout_ms);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketSSLInfo(int socket, int what, int index, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketWebSocketInfo(int socket, int what, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketWaitForConnection(int server, int timeout_ms);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketAccept(int server, int timeout_ms);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketDeny(int server);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketRead(int socket, [In][Out] byte[] buffer, int capacity, int timeout_ms);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketReadMany(int socket, [In][Out] byte[] buffer, int capacity, [In][Out] int[] lengths, int count, int timeout_ms);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketReadMessage(int socket, int timeout_ms, [In][Out] IntPtr[] data, [In][Out] int[] length, [In][Out] IntPtr[] message);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketMessageFree(IntPtr message);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketReadExactly(int socket, [In][Out] byte[] buffer, int length, int timeout_ms);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketReadUntil(int socket, [In][Out] byte[] buffer, int capacity, byte[] tag, int tag_length, int timeout_ms);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketWrite(int socket, byte[] data, int length);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketExchange(int socket, byte[] data, int length, [In][Out] byte[] reply, int capacity, int timeout_ms);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketWriteUDP(int socket, byte[] data, int length, byte[] address, int port);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketReadUDP(int socket, [In][Out] byte[] buffer, int capacity, int timeout_ms, [In][Out] byte[] address, int address_capacity, [In][Out] int[] port);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketAvailable(int socket);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketDiscard(int socket, int what);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketChangeTransmissionMode(int socket, int mode, byte[] tag, int tag_length);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketFlush(int socket, int timeout_ms);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketNewQueue();
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketAttach(int queue, int socket, int how);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketDetach(int socket);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketNextEvents(int queue, int timeout_ms, [In][Out] byte[] events, int record_bytes, int capacity);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketNewTimer(int queue, int delay_ms, int repeat_ms, int user_number);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketSetCallback(int queue, IntPtr callback, IntPtr user);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketSetWindow(int queue, IntPtr window, int message);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketDescriptor(int queue);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGroupJoin(int channel, byte[] group);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGroupLeave(int channel, byte[] group);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGroupPublish(int server, byte[] group, byte[] data, int length);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketClientInfo(int socket, int what, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketLocalInfo(int socket, int what, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketExist(int socket);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketState(int socket);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketFind(byte[] socket_name);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketName(int socket, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketList(int server, [In][Out] int[] sockets, int capacity);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGetNumber(int socket, int what, [In][Out] long[] value);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketStatistics(int socket, [In][Out] long[] figures, int count);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketSelfTest([In][Out] byte[] text, int capacity);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGuess(byte[] data, int length, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketSetOption(int socket, int option_id, int value);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGetOption(int socket, int option_id, [In][Out] int[] value);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketSetText(int socket, int option_id, byte[] text);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGetText(int socket, int option_id, [In][Out] byte[] text, int capacity);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketSetBytes(int socket, int option_id, byte[] data, int length);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGetBytes(int socket, int option_id, [In][Out] byte[] buffer, int capacity);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketCancel(int socket);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketWakeup(int switch_on);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketWakeupDescriptor();
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketClose(int socket);
            [DllImport("wdsocket64.dll", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketCloseEx(int socket, int how, int timeout_ms);
            [DllImport("wdsocket64.dll", EntryPoint = "WDSocketNextEvents", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] internal static extern int WDSocketNextEventsRecords(int queue, int timeout_ms, [In][Out] Event[] events, int record_bytes, int capacity);
        }

        private static class Unix
        {
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketVersion();
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketCloseAll();
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketErrorInfo(int socket, int what, [In][Out] byte[] text, int capacity);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketErrorCode(int socket, int what);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketErrorText(int code, int what, [In][Out] byte[] text, int capacity);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketErrorScope(int socket, int code);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketNew(byte[] socket_name);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketOpen(int socket, int kind, int port, byte[] address, int timeout_ms);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketConnect(byte[] socket_name, int port, byte[] address, int timeout_ms);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketCreate(byte[] socket_name, int port, byte[] address);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketCreateUDP(byte[] socket_name, int port, byte[] address);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketConnectSSL(byte[] socket_name, int port, byte[] address, int ssl_options, int timeout_ms, byte[] client_certificate, byte[] password);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketCreateSSL(byte[] socket_name, int port, byte[] certificate, int ssl_options, byte[] address, byte[] password);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketStartSSL(int socket, int role, int ssl_options, byte[] certificate, byte[] password, int timeout_ms);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketStopSSL(int socket, int timeout_ms);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketSSLInfo(int socket, int what, int index, [In][Out] byte[] text, int capacity);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketWebSocketInfo(int socket, int what, [In][Out] byte[] text, int capacity);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketWaitForConnection(int server, int timeout_ms);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketAccept(int server, int timeout_ms);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketDeny(int server);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketRead(int socket, [In][Out] byte[] buffer, int capacity, int timeout_ms);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketReadMany(int socket, [In][Out] byte[] buffer, int capacity, [In][Out] int[] lengths, int count, int timeout_ms);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketReadMessage(int socket, int timeout_ms, [In][Out] IntPtr[] data, [In][Out] int[] length, [In][Out] IntPtr[] message);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketMessageFree(IntPtr message);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketReadExactly(int socket, [In][Out] byte[] buffer, int length, int timeout_ms);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketReadUntil(int socket, [In][Out] byte[] buffer, int capacity, byte[] tag, int tag_length, int timeout_ms);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketWrite(int socket, byte[] data, int length);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketExchange(int socket, byte[] data, int length, [In][Out] byte[] reply, int capacity, int timeout_ms);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketWriteUDP(int socket, byte[] data, int length, byte[] address, int port);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketReadUDP(int socket, [In][Out] byte[] buffer, int capacity, int timeout_ms, [In][Out] byte[] address, int address_capacity, [In][Out] int[] port);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketAvailable(int socket);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketDiscard(int socket, int what);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketChangeTransmissionMode(int socket, int mode, byte[] tag, int tag_length);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketFlush(int socket, int timeout_ms);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketNewQueue();
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketAttach(int queue, int socket, int how);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketDetach(int socket);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketNextEvents(int queue, int timeout_ms, [In][Out] byte[] events, int record_bytes, int capacity);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketNewTimer(int queue, int delay_ms, int repeat_ms, int user_number);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketSetCallback(int queue, IntPtr callback, IntPtr user);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketSetWindow(int queue, IntPtr window, int message);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketDescriptor(int queue);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGroupJoin(int channel, byte[] group);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGroupLeave(int channel, byte[] group);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGroupPublish(int server, byte[] group, byte[] data, int length);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketClientInfo(int socket, int what, [In][Out] byte[] text, int capacity);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketLocalInfo(int socket, int what, [In][Out] byte[] text, int capacity);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketExist(int socket);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketState(int socket);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketFind(byte[] socket_name);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketName(int socket, [In][Out] byte[] text, int capacity);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketList(int server, [In][Out] int[] sockets, int capacity);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGetNumber(int socket, int what, [In][Out] long[] value);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketStatistics(int socket, [In][Out] long[] figures, int count);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketSelfTest([In][Out] byte[] text, int capacity);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGuess(byte[] data, int length, [In][Out] byte[] text, int capacity);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketSetOption(int socket, int option_id, int value);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGetOption(int socket, int option_id, [In][Out] int[] value);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketSetText(int socket, int option_id, byte[] text);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGetText(int socket, int option_id, [In][Out] byte[] text, int capacity);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketSetBytes(int socket, int option_id, byte[] data, int length);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketGetBytes(int socket, int option_id, [In][Out] byte[] buffer, int capacity);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketCancel(int socket);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketWakeup(int switch_on);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketWakeupDescriptor();
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketClose(int socket);
            [DllImport("libwdsocket.so.1", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] public static extern int WDSocketCloseEx(int socket, int how, int timeout_ms);
            [DllImport("libwdsocket.so.1", EntryPoint = "WDSocketNextEvents", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)] internal static extern int WDSocketNextEventsRecords(int queue, int timeout_ms, [In][Out] Event[] events, int record_bytes, int capacity);
        }
    }
}
