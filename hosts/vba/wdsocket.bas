Attribute VB_Name = "wdsocketDeclarations"
' Made by tools/abigen from wdsocket.h. Do not edit.
'
' wdsocket for VBA (32 and 64 bits) and VB6. Put wdsocket32.dll or wdsocket64.dll
' beside the document or program and load it first, with its path, or put its
' folder into PATH.
'
' - ByVal String is passed as ANSI text, so the first call must be
'   WDSocketSetOption 0, WDS_OPT_HOST_TEXT, WDS_HOST_TEXT_ANSI
' - vbNullString is NULL. A text that is received needs room before the call:
'   text = Space$(256); cut it to the length that is returned.
' - Bytes are passed by their first element: buffer(0); NULL is ByVal CLngPtr(0),
'   in VB6 ByVal 0&. The length is that of the bytes, UBound(buffer) + 1.
' - A text as a message is ByVal text and -1: WDSocketWrite(socket, ByVal text, -1).
'   Without ByVal the address of the text would be sent, and -1 with bytes would
'   also send the memory after them. Receive a message into bytes, never into a
'   text: StrConv(buffer, vbUnicode) converts it.
' - Do not use WDSocketSetCallback in VBA: it would call in another thread.
' - A 64-bit number is LongLong in 64 bits and Currency in 32 bits, where it must
'   be multiplied by 10000.
Option Explicit

' The version of this header: major * 10000 + minor * 100 + patch.
Public Const WDSOCKET_VERSION As Long = 200 ' 0.2.0

Public Const WDS_OK As Long = 0

' waiting
Public Const WDS_E_TIMEOUT As Long = -1 ' the time was up first
Public Const WDS_E_CLOSED As Long = -2 ' this program closed the socket meanwhile
Public Const WDS_E_CANCELLED As Long = -3 ' WDSocketCancel or WDSocketWakeup ended this call; the socket is still open

' the peer
Public Const WDS_E_PEER_CLOSED As Long = -4 ' the peer closed the connection in order; everything it sent has been delivered
Public Const WDS_E_RESET As Long = -5 ' the connection was cut: reset by the peer, or found dead by keep-alive
Public Const WDS_E_SILENT As Long = -18 ' this end ended the connection: nothing arrived for WDS_OPT_IDLE_LIMIT, or a message took longer than WDS_OPT_MESSAGE_LIMIT
Public Const WDS_E_RECONNECTING As Long = -19 ' the connection is down and the client is reconnecting (WDS_OPT_RECONNECT)

' the call
Public Const WDS_E_BUSY As Long = -6 ' another thread is reading (or waiting on) this socket
Public Const WDS_E_HANDLE As Long = -7 ' no such socket or token: closed, or never created
Public Const WDS_E_KIND As Long = -8 ' the function needs another kind of socket
Public Const WDS_E_STATE As Long = -9 ' not possible in the socket's present state
Public Const WDS_E_ARGUMENT As Long = -10 ' a parameter is wrong; the text names it
Public Const WDS_E_BUFFER As Long = -11 ' the buffer is too small for the data; nothing was consumed
Public Const WDS_E_MEMORY As Long = -12 ' the library's memory budget is used up
Public Const WDS_E_INTERNAL As Long = -13 ' a fault inside the library; WDS_INFO_DETAIL says where
Public Const WDS_E_FORKED As Long = -14 ' called in a forked child
Public Const WDS_E_UNSUPPORTED As Long = -15 ' not available on this system or in this version
Public Const WDS_E_NAME_TAKEN As Long = -16 ' a live socket already has that name
Public Const WDS_E_NOT_FOUND As Long = -17 ' no socket has that name

' connecting and listening
Public Const WDS_E_REFUSED As Long = -30 ' nothing listens on that port, or the peer refused
Public Const WDS_E_UNREACHABLE As Long = -31 ' no route to that host or network
Public Const WDS_E_HOST_UNKNOWN As Long = -32 ' the host name does not exist
Public Const WDS_E_RESOLVER As Long = -33 ' the name could not be looked up: the name server failed or is silent
Public Const WDS_E_PORT_TAKEN As Long = -34 ' the local port is used by another socket
Public Const WDS_E_LOCAL_ADDRESS As Long = -35 ' the local address does not belong to this machine
Public Const WDS_E_ACCESS As Long = -36 ' the system denies it to this user
Public Const WDS_E_DESCRIPTORS As Long = -37 ' no descriptors left in the process or the system
Public Const WDS_E_SYSTEM As Long = -38 ' another system error; WDS_INFO_SYSTEM has its number
Public Const WDS_E_NOT_CONNECTED As Long = -39 ' the socket is not open (yet)

' servers
Public Const WDS_E_NO_CLIENT As Long = -40 ' simplified server: no client has been accepted yet
Public Const WDS_E_NO_REQUEST As Long = -41 ' no connection request is pending
Public Const WDS_E_STANDARD_SERVER As Long = -42 ' read or write on a server whose clients are accepted: use the channel
Public Const WDS_E_LIMIT As Long = -43 ' a limit on sockets or clients is reached

' writing
Public Const WDS_E_BROKEN As Long = -50 ' an earlier write stopped inside a message: nothing more can be written
Public Const WDS_E_WRITE_CLOSED As Long = -51 ' this program has ended its own sending side

Public Const WDS_E_FULL As Long = -52 ' the send queue is full (WDS_OPT_SEND_QUEUE): no part of the message was taken

' messages
Public Const WDS_E_FRAME As Long = -60 ' the bytes are not a message of the transmission mode; the text shows them
Public Const WDS_E_TOO_LONG As Long = -61 ' a message is longer than the limit
Public Const WDS_E_TAG_IN_MESSAGE As Long = -62 ' the message to write contains the end tag, or a marker
Public Const WDS_E_CHECK As Long = -63 ' the check bytes of a message are wrong
Public Const WDS_E_TEXT As Long = -64 ' the text cannot be converted between the character sets

' UDP
Public Const WDS_E_PORT_UNREACHABLE As Long = -70 ' a datagram was rejected: no socket on that port (WDS_OPT_UDP_ERRORS)
Public Const WDS_E_DATAGRAM_SIZE As Long = -71 ' the datagram is too big to send
Public Const WDS_E_NO_DESTINATION As Long = -72 ' no address given and none received yet

' TLS
Public Const WDS_E_TLS_EXPIRED As Long = -90 ' the certificate has expired
Public Const WDS_E_TLS_NOT_YET_VALID As Long = -91 ' the certificate is not valid yet, or the clock is wrong
Public Const WDS_E_TLS_WRONG_HOST As Long = -92 ' the certificate does not contain the name connected to
Public Const WDS_E_TLS_SELF_SIGNED As Long = -93 ' the certificate is self-signed and not trusted here
Public Const WDS_E_TLS_UNKNOWN_AUTHORITY As Long = -94 ' the certificate is signed by an authority that is not trusted here
Public Const WDS_E_TLS_MISSING_INTERMEDIATE As Long = -95 ' the peer did not send the certificate of its issuer
Public Const WDS_E_TLS_BAD_CERTIFICATE As Long = -96 ' the certificate is invalid in another way
Public Const WDS_E_TLS_PIN As Long = -97 ' none of the peer's keys is pinned
Public Const WDS_E_TLS_CERTIFICATE_FILE As Long = -98 ' this program's certificate or key cannot be read
Public Const WDS_E_TLS_KEY_MISMATCH As Long = -99 ' the private key does not belong to the certificate
Public Const WDS_E_TLS_PASSWORD As Long = -100 ' the password of the certificate file is wrong
Public Const WDS_E_TLS_NO_COMMON_VERSION As Long = -101 ' the two ends have no TLS version in common
Public Const WDS_E_TLS_NO_CLIENT_CERTIFICATE As Long = -102 ' the server requires a client certificate and got none
Public Const WDS_E_TLS_BAD_CLIENT_CERTIFICATE As Long = -103 ' the server does not accept the client certificate
Public Const WDS_E_TLS_TRUNCATED As Long = -104 ' the connection ended without a TLS close: data may be missing
Public Const WDS_E_TLS_PLAIN_TEXT As Long = -105 ' the peer does not speak TLS on this port
Public Const WDS_E_TLS_HANDSHAKE As Long = -106 ' the handshake failed in another way; the text says how
Public Const WDS_E_TLS_SURPLUS As Long = -107 ' plain bytes arrived before TLS: an attacker may have inserted them
Public Const WDS_E_TLS_NOT_SECURED As Long = -108 ' the connection does not use TLS
Public Const WDS_E_TLS_RECORD As Long = -109 ' a TLS record is damaged or forged
Public Const WDS_E_PROXY_UNREACHABLE As Long = -110 ' a proxy of WDS_TEXT_PROXY cannot be reached
Public Const WDS_E_PROXY_AUTHENTICATION As Long = -111 ' a proxy wants a user and a password, or does not accept those of WDS_TEXT_PROXY
Public Const WDS_E_PROXY_REFUSED As Long = -112 ' a proxy refuses to connect to the target; the text has its words
Public Const WDS_E_PROXY_TARGET As Long = -113 ' a proxy cannot reach the target; the text has its words
Public Const WDS_E_PROXY_PROTOCOL As Long = -114 ' a proxy does not speak the protocol that WDS_TEXT_PROXY says

' WebSocket; since 0.2.0
Public Const WDS_E_WEBSOCKET_HANDSHAKE As Long = -120 ' the WebSocket handshake failed; the text says how
Public Const WDS_E_WEBSOCKET_REFUSED As Long = -121 ' the server refused the WebSocket: it answered with the HTTP status in the text
Public Const WDS_E_WEBSOCKET_PLAIN As Long = -122 ' the peer does not speak WebSocket on this port
Public Const WDS_E_WEBSOCKET_DENIED As Long = -123 ' this server refused the client's WebSocket request
Public Const WDS_E_WEBSOCKET_PROTOCOL As Long = -124 ' a WebSocket frame breaks the protocol
Public Const WDS_E_WEBSOCKET_TEXT As Long = -125 ' a WebSocket text message is not UTF-8
Public Const WDS_E_WEBSOCKET_TOO_LONG As Long = -126 ' a WebSocket message is longer than the limit
Public Const WDS_E_WEBSOCKET_CLOSED As Long = -127 ' the peer closed the WebSocket with a code other than 1000 and 1001; the text has code and reason
Public Const WDS_E_WEBSOCKET_ABNORMAL As Long = -128 ' the connection ended without a WebSocket close: data may be missing

' PROXY protocol; since 0.2.0
Public Const WDS_E_PROXY_HEADER As Long = -135 ' the PROXY header in front of a connection is wrong; the text says what is
Public Const WDS_E_NO_PROXY_HEADER As Long = -136 ' the server requires a PROXY header, and the connection begins with something else
Public Const WDS_E_PROXY_UNTRUSTED As Long = -137 ' the server requires a PROXY header, and the address is not in WDS_TEXT_PROXY_TRUSTED

' What WDSocketErrorInfo, WDSocketErrorCode and WDSocketErrorText return
Public Const WDS_INFO_MESSAGE As Long = 4001 ' the text for a user: what happened, where, and what to do
Public Const WDS_INFO_NAME As Long = 4002 ' the code's name, "WDS_E_REFUSED"
Public Const WDS_INFO_CODE As Long = 4003 ' the code as a number
Public Const WDS_INFO_SYSTEM As Long = 4004 ' the system's error number, 0 if none
Public Const WDS_INFO_PHASE As Long = 4005 ' what the library was doing, one of WDS_PHASE_
Public Const WDS_INFO_DETAIL As Long = 4006 ' all of these, one line each

' What WDSocketClientInfo and WDSocketLocalInfo return
Public Const WDS_INFO_ADDRESS As Long = 4010 ' "192.168.1.7" or "fe80::1%eth0"
Public Const WDS_INFO_PORT As Long = 4011 ' "5000"
Public Const WDS_INFO_ENDPOINT As Long = 4012 ' "192.168.1.7:5000" or "[fe80::1%eth0]:5000"
Public Const WDS_INFO_DESTINATION As Long = 4013 ' WDSocketLocalInfo of a UDP socket: the address that the last datagram read was sent to; since 0.2.0

' What WDSocketSSLInfo returns
Public Const WDS_INFO_SSL_VERSION As Long = 4020 ' "TLS 1.3"
Public Const WDS_INFO_SSL_CIPHER As Long = 4021 ' "TLS_AES_128_GCM_SHA256"
Public Const WDS_INFO_SSL_ALPN As Long = 4022 ' the negotiated protocol, "" if none
Public Const WDS_INFO_SSL_RESUMED As Long = 4023 ' "1" if an earlier session was resumed, otherwise "0"
Public Const WDS_INFO_SSL_GROUP As Long = 4024 ' key exchange: "X25519"
Public Const WDS_INFO_SSL_SERVER_NAME As Long = 4025 ' the server name that the client asked for
Public Const WDS_INFO_SSL_VERIFY As Long = 4026 ' "" if the peer's certificate was verified, otherwise what is wrong with it
Public Const WDS_INFO_SSL_COUNT As Long = 4027 ' number of certificates that the peer sent
Public Const WDS_INFO_SSL_SUBJECT As Long = 4030 ' of certificate number index: "CN=..."
Public Const WDS_INFO_SSL_ISSUER As Long = 4031 ' "CN=..."
Public Const WDS_INFO_SSL_NAMES As Long = 4032 ' host names, addresses, e-mail addresses and URIs, separated by commas; inside a name \, and \\
Public Const WDS_INFO_SSL_FROM As Long = 4033 ' valid from, "2026-01-31T12:00:00Z"
Public Const WDS_INFO_SSL_UNTIL As Long = 4034 ' valid until
Public Const WDS_INFO_SSL_SHA1 As Long = 4035 ' thumbprint, hexadecimal
Public Const WDS_INFO_SSL_SHA256 As Long = 4036 ' thumbprint, hexadecimal
Public Const WDS_INFO_SSL_PIN As Long = 4037 ' SHA-256 of the public key, base64, as WDS_TEXT_SSL_PINS takes it
Public Const WDS_INFO_SSL_SERIAL As Long = 4038 ' serial number, hexadecimal
Public Const WDS_INFO_SSL_PEM As Long = 4039 ' the certificate as PEM text

' What WDSocketClientInfo returns of a client that goes through proxies (WDS_TEXT_PROXY), otherwise ""; since 0.2.0
Public Const WDS_INFO_ROUTE_PROXIES As Long = 4040 ' the proxies, in order, separated by spaces, user and password masked: "http://proxy:3128 socks5h://10.0.0.2:1080"
Public Const WDS_INFO_ROUTE_ENDPOINT As Long = 4041 ' the address at which the first one was reached: "10.0.0.1:3128"

' What WDSocketClientInfo returns of a connection whose PROXY header was read, otherwise ""; since 0.2.0
Public Const WDS_INFO_PROXY_ENDPOINT As Long = 4050 ' the proxy's own address: "10.0.0.2:41234"
Public Const WDS_INFO_PROXY_DESTINATION As Long = 4051 ' the address that the client connected to: "203.0.113.5:443", "" if the proxy does not say
Public Const WDS_INFO_PROXY_VERSION As Long = 4052 ' the header's version: "1" or "2"
Public Const WDS_INFO_PROXY_TLVS As Long = 4053 ' all TLVs of version 2, type=bytes, hexadecimal: "02=6578616d706c65,E0=01"
Public Const WDS_INFO_PROXY_AUTHORITY As Long = 4054 ' the host name that the client asked for (SNI)
Public Const WDS_INFO_PROXY_ALPN As Long = 4055 ' the protocol that client and proxy agreed on
Public Const WDS_INFO_PROXY_UNIQUE_ID As Long = 4056 ' the proxy's name for the connection, hexadecimal
Public Const WDS_INFO_PROXY_SSL_VERSION As Long = 4057 ' the TLS between client and proxy: "TLSv1.3", "" without
Public Const WDS_INFO_PROXY_SSL_CIPHER As Long = 4058 ' "TLS_AES_256_GCM_SHA384"
Public Const WDS_INFO_PROXY_SSL_CLIENT As Long = 4059 ' common name in the client's certificate, "" if there is none or the proxy has not verified it

' What WDSocketClientInfo returns of a Unix socket or named pipe, otherwise "": the process at the other end as it was when it connected, or when the server began to listen; since 0.2.0
Public Const WDS_INFO_PEER_PID As Long = 4070 ' its number, "1234"
Public Const WDS_INFO_PEER_UID As Long = 4071 ' the number of its user, "1000"; "" on Windows

' What WDSocketWebSocketInfo returns; since 0.2.0
Public Const WDS_INFO_WEBSOCKET_PATH As Long = 4060 ' the path that the client asked for, with its query: "/chat?room=1"
Public Const WDS_INFO_WEBSOCKET_HOST As Long = 4061 ' the host that it named: "example.com" or "example.com:8080"
Public Const WDS_INFO_WEBSOCKET_PROTOCOL As Long = 4062 ' the sub-protocol agreed upon, "" if none
Public Const WDS_INFO_WEBSOCKET_ORIGIN As Long = 4063 ' where the client's page comes from: "https://example.com", "" if it did not say
Public Const WDS_INFO_WEBSOCKET_HEADERS As Long = 4064 ' server: the headers of the client's request; client: those of the answer; lines "Name: value"
Public Const WDS_INFO_WEBSOCKET_CLOSE_CODE As Long = 4065 ' the code that the peer closed with: "1000", "1005" if it gave none; "" if it has not closed
Public Const WDS_INFO_WEBSOCKET_CLOSE_REASON As Long = 4066 ' the reason that it gave, UTF-8 at most 123 bytes, "" if none

' Phases: what the library was doing when the error happened
Public Const WDS_PHASE_NONE As Long = 0
Public Const WDS_PHASE_CALL As Long = 1 ' checking the call itself
Public Const WDS_PHASE_RESOLVE As Long = 2 ' looking up a name
Public Const WDS_PHASE_CONNECT As Long = 3 ' connecting
Public Const WDS_PHASE_LISTEN As Long = 4 ' opening a server or UDP port
Public Const WDS_PHASE_ACCEPT As Long = 5 ' waiting for or accepting a client
Public Const WDS_PHASE_READ As Long = 6 ' reading
Public Const WDS_PHASE_WRITE As Long = 7 ' writing
Public Const WDS_PHASE_FRAME As Long = 8 ' decoding or encoding a message
Public Const WDS_PHASE_CLOSE As Long = 9 ' closing
Public Const WDS_PHASE_OPTION As Long = 10 ' setting or reading an option
Public Const WDS_PHASE_PROXY As Long = 11 ' talking to a proxy, or reading its PROXY header
Public Const WDS_PHASE_TLS As Long = 12 ' TLS handshake or records
Public Const WDS_PHASE_WEBSOCKET As Long = 13 ' WebSocket handshake or frames; since 0.2.0

' How far an error reaches (WDSocketErrorScope): a loop continues below WDS_SCOPE_CONNECTION and ends from there on; since 0.2.0
Public Const WDS_SCOPE_NONE As Long = 0 ' no error
Public Const WDS_SCOPE_CALL As Long = 1 ' this call only, the socket is unchanged: call again, later or as the text says
Public Const WDS_SCOPE_MESSAGE As Long = 2 ' one message or datagram, read or to be written: continue with the next one
Public Const WDS_SCOPE_CLIENT As Long = 3 ' a client of the server: the server continues; the next read of a simplified server accepts the next client
Public Const WDS_SCOPE_CONNECTION As Long = 4 ' the connection has ended, or was not made: close the socket; a client may connect again
Public Const WDS_SCOPE_SERVER As Long = 5 ' the server or UDP socket is not open: correct what the text says, then open it again
Public Const WDS_SCOPE_PROGRAM As Long = 6 ' the call cannot succeed as it is, or this program has closed the socket: do not repeat it
Public Const WDS_SCOPE_LIBRARY As Long = 7 ' no call in this process succeeds

' Kinds of socket for WDSocketOpen
Public Const WDS_KIND_CLIENT As Long = 1
Public Const WDS_KIND_SERVER As Long = 2
Public Const WDS_KIND_UDP As Long = 3
Public Const WDS_KIND_CLIENT_SSL As Long = 4
Public Const WDS_KIND_SERVER_SSL As Long = 5
Public Const WDS_KIND_WEBSOCKET_CLIENT As Long = 6 ' WebSocket (RFC 6455); an address "ws://..." does the same; since 0.2.0
Public Const WDS_KIND_WEBSOCKET_SERVER As Long = 7 ' since 0.2.0
Public Const WDS_KIND_WEBSOCKET_CLIENT_SSL As Long = 8 ' WebSocket above TLS; an address "wss://..." does the same; since 0.2.0
Public Const WDS_KIND_WEBSOCKET_SERVER_SSL As Long = 9 ' since 0.2.0

' What the messages of a WebSocket are: WDS_OPT_WEBSOCKET_KIND, WDS_OPT_WEBSOCKET_MESSAGE, detail of WDS_EVENT_MESSAGE; since 0.2.0
Public Const WDS_WEBSOCKET_TEXT As Long = 1 ' text: UTF-8; a page in a browser gets a string
Public Const WDS_WEBSOCKET_BINARY As Long = 2 ' bytes; a page gets a Blob, or an ArrayBuffer where it sets binaryType

' TLS options: bits of ssl_options and of WDS_OPT_SSL_OPTIONS
Public Const WDS_SSL_DEFAULT As Long = 0 ' TLS 1.2 and 1.3, certificate and host name verified
Public Const WDS_SSL_V2 As Long = 1 ' SSL 2: refused with WDS_E_UNSUPPORTED
Public Const WDS_SSL_V3 As Long = 2 ' SSL 3: refused with WDS_E_UNSUPPORTED
Public Const WDS_SSL_TLS10 As Long = 4 ' TLS 1.0; the versions given replace the default and must not have a gap
Public Const WDS_SSL_TLS11 As Long = 8 ' TLS 1.1
Public Const WDS_SSL_TLS12 As Long = 16 ' TLS 1.2
Public Const WDS_SSL_TLS13 As Long = 32 ' TLS 1.3
Public Const WDS_SSL_ACCEPT_ANY As Long = 256 ' accept any certificate of the peer; pins, if set, are still checked
Public Const WDS_SSL_ASK_CLIENT As Long = 512 ' server: ask for a client certificate, verify it if one comes; needs WDS_TEXT_SSL_AUTHORITIES or pins
Public Const WDS_SSL_REQUIRE_CLIENT As Long = 1024 ' server: refuse clients without a valid certificate; needs WDS_TEXT_SSL_AUTHORITIES or pins
Public Const WDS_SSL_NO_RESUMPTION As Long = 2048 ' a full handshake each time
Public Const WDS_SSL_ONLY_AUTHORITIES As Long = 4096 ' trust only WDS_TEXT_SSL_AUTHORITIES, not the system's authorities

' Events: the field kind of a record that WDSocketNextEvents returns
Public Const WDS_EVENT_REQUEST As Long = 1 ' a client asks to connect to a server: call WDSocketAccept or WDSocketDeny
Public Const WDS_EVENT_ACCEPTED As Long = 2 ' a managed server has accepted a client: socket is the channel, value the server
Public Const WDS_EVENT_CONNECTED As Long = 3 ' a pending connection is open
Public Const WDS_EVENT_MESSAGE As Long = 4 ' a whole message can be read, value is its length; raw mode: value bytes can be read. Of a WebSocket, detail is WDS_WEBSOCKET_TEXT or WDS_WEBSOCKET_BINARY (raw: 0), of WDS_TEXT_FRAME WDS_FRAME_CONTROL or WDS_FRAME_WRONG, or 0
Public Const WDS_EVENT_WRITABLE As Long = 5 ' after WDS_E_FULL: the send queue is empty again, or half of WDS_OPT_RECONNECT_KEEP is free
Public Const WDS_EVENT_PEER_CLOSED As Long = 6 ' the peer ended the conversation; the last event of this socket
Public Const WDS_EVENT_RESET As Long = 7 ' the connection was cut; the last event of this socket
Public Const WDS_EVENT_ERROR As Long = 8 ' opening, the framing or a TLS handshake failed for good, or the connection was ended because it held too much memory; code says why. The last event of this socket, except for a server (a client could not be accepted) and UDP (WDS_OPT_UDP_ERRORS), which continue
Public Const WDS_EVENT_TIMER As Long = 9 ' a timer is due: socket is the timer, value how many times it fell due since its last event
Public Const WDS_EVENT_TIMEOUT As Long = 10 ' the connection was ended because of silence: value 1 = WDS_OPT_IDLE_LIMIT, 2 = the peer is gone (keep-alive, WDS_OPT_PEER_GONE), 3 = a message took longer than WDS_OPT_MESSAGE_LIMIT; the last event of this socket
Public Const WDS_EVENT_RECONNECTING As Long = 11 ' the connection is down and the client is reconnecting: value is the number of the attempt, counted since the last connection that lasted longer than WDS_OPT_RECONNECT_MOST, code why the last one ended
Public Const WDS_EVENT_RECONNECTED As Long = 12 ' the client has reconnected: value is the number of the successful attempt
Public Const WDS_EVENT_TLS_DONE As Long = 13 ' a handshake that WDSocketStartSSL began in the background is done; if it fails, WDS_EVENT_ERROR comes instead
Public Const WDS_EVENT_DROPPED As Long = 14 ' messages were dropped: value is how many, code why: WDS_E_FULL (a queue of WDSocketGroupPublish), WDS_E_RECONNECTING (unsent when the connection ended); detail is the number of the first, where known
Public Const WDS_EVENT_UNSURE As Long = 15 ' the connection is down, and the peer may not have read messages that its system had received: value is how many, detail the number of the first (a socket's messages are numbered from 1, in the order of writing)
Public Const WDS_EVENT_CERTIFICATE As Long = 16 ' the socket's own certificate expires soon: value is the days left, negative once it has expired (WDS_OPT_SSL_WARN_DAYS)

Public Const WDS_EVENT_NOISE As Long = 17 ' bytes that are not a message were skipped, and the conversation continues: value is how many, code why (WDS_E_FRAME: noise between messages, reported once up to the next message, counting what was skipped when the event is handed out; WDS_E_CHECK: a message with wrong check bytes)

' How a socket is attached to a queue
Public Const WDS_ATTACH_PLAIN As Long = 0 ' a server reports requests
Public Const WDS_ATTACH_MANAGE As Long = 1 ' a server accepts clients by itself, and attaches their channels too

' Roles in a TLS handshake, for WDSocketStartSSL
Public Const WDS_ROLE_CLIENT As Long = 1 ' begins the handshake and verifies the peer
Public Const WDS_ROLE_SERVER As Long = 2 ' presents its certificate

' Transmission modes: how messages are delimited in the stream
Public Const WDS_MODE_END_TAG As Long = 0 ' message, then the end tag
Public Const WDS_MODE_SIZE As Long = 1 ' length in decimal digits, CR LF, message: the default, "WINDEV mode"
Public Const WDS_MODE_END_TAG_BUFFER As Long = 2 ' sends the same bytes as WDS_MODE_END_TAG
Public Const WDS_MODE_RAW As Long = 3 ' bytes as they arrive, no messages
Public Const WDS_MODE_LENGTH As Long = 4 ' a binary length field, see WDS_OPT_FRAME_
Public Const WDS_MODE_FIXED As Long = 5 ' every message has WDS_OPT_FRAME_LENGTH bytes
Public Const WDS_MODE_MARKERS As Long = 6 ' start and end markers, escape, check bytes
Public Const WDS_MODE_GAP As Long = 7 ' a silence of WDS_OPT_FRAME_GAP ends a message
Public Const WDS_MODE_DESCRIBED As Long = 8 ' as WDS_TEXT_FRAME describes it; setting that text chooses this mode; since 0.2.0

' What a message is that WDS_TEXT_FRAME describes: WDS_OPT_FRAME_MESSAGE, detail of WDS_EVENT_MESSAGE, 0 for a usual one; since 0.2.0
Public Const WDS_FRAME_CONTROL As Long = 3 ' one of the bytes of control=, such as ACK (06) or NAK (15)
Public Const WDS_FRAME_WRONG As Long = 4 ' its check bytes are wrong, and bad=keep is set

' What WDSocketDiscard discards
Public Const WDS_DISCARD_MESSAGE As Long = 1 ' the next message or datagram
Public Const WDS_DISCARD_ALL As Long = 2 ' everything that has arrived
Public Const WDS_DISCARD_OLDER As Long = 3 ' all whole messages or datagrams except the newest; since 0.2.0

' States
Public Const WDS_STATE_NEW As Long = 1 ' created, not opened
Public Const WDS_STATE_CONNECTING As Long = 2 ' connecting
Public Const WDS_STATE_OPEN As Long = 3 ' connected; a UDP socket that is ready
Public Const WDS_STATE_LISTENING As Long = 4 ' a server that accepts clients
Public Const WDS_STATE_WRITE_CLOSED As Long = 5 ' open, but this program ended its sending side
Public Const WDS_STATE_PEER_CLOSED As Long = 6 ' the peer ended the conversation; what it sent can still be read
Public Const WDS_STATE_RESET As Long = 7 ' the connection was cut
Public Const WDS_STATE_BROKEN As Long = 8 ' a write or the framing failed for good: only reading or closing is left
Public Const WDS_STATE_FAILED As Long = 9 ' opening failed; may be opened again

' Ways to close
Public Const WDS_CLOSE_GRACEFUL As Long = 0 ' send what was written first, within the time given
Public Const WDS_CLOSE_WRITE As Long = 1 ' half-close: end the sending side only; reading continues, the handle stays
Public Const WDS_CLOSE_ABORT As Long = 2 ' reset at once and discard unsent data
Public Const WDS_CLOSE_CLIENTS As Long = 4 ' added to WDS_CLOSE_GRACEFUL or WDS_CLOSE_ABORT: a server and every client that it has accepted; since 0.2.0

Public Const WDS_OPT_NODELAY As Long = 1001 ' 0/1, default 1: small writes are sent at once (Nagle off); at once
Public Const WDS_OPT_KEEPALIVE As Long = 1002 ' 0/1, default 1: detect a dead peer, also while data is unacknowledged; at once
Public Const WDS_OPT_KEEPALIVE_IDLE As Long = 1003 ' ms of silence before the first probe, 1000..32767000, default 30000, whole seconds; at once
Public Const WDS_OPT_KEEPALIVE_INTERVAL As Long = 1004 ' ms between probes, 1000..32767000, default 10000, whole seconds; at once
Public Const WDS_OPT_KEEPALIVE_COUNT As Long = 1005 ' unanswered probes that end the connection, 1..127, default 3; at once
Public Const WDS_OPT_SEND_BUFFER As Long = 1006 ' bytes of the system's send buffer, 0 = the system's choice (default); at once
Public Const WDS_OPT_RECEIVE_BUFFER As Long = 1007 ' bytes of the system's receive buffer, 0 = the system's choice (default); at once, best before opening
Public Const WDS_OPT_LINGER As Long = 1008 ' ms to send written data after WDSocketClose, instead of WDS_OPT_CLOSE_TIMEOUT; -1 off (default), 0 = reset; WDSocketCloseAll allows WDS_OPT_CLOSE_TIMEOUT; at once
Public Const WDS_OPT_READ_GAP As Long = 1009 ' ms, 0..3600000, default 0. Raw mode: a read collects until nothing arrives for this time or the maximum is reached. Other modes: once a message has begun, a read waits this long for the rest, even beyond its own time; at once
Public Const WDS_OPT_WRITE_TIMEOUT As Long = 1010 ' ms that a write may wait, -1 for ever, default 30000; at once
Public Const WDS_OPT_CLOSE_TIMEOUT As Long = 1011 ' ms to send written data after WDSocketClose, 0..3600000, default 5000; at once
Public Const WDS_OPT_MAX_MESSAGE As Long = 1012 ' bytes of the longest message, in both directions, 1..2147483647, default 16777216; at once
Public Const WDS_OPT_SYSTEM_RESOLVER As Long = 1013 ' 0/1, default 0: look up names with the system's functions instead of the library's own; always on Windows, unless WDS_TEXT_DNS_SERVER is set; before opening
Public Const WDS_OPT_EXCLUSIVE_PORT As Long = 1014 ' 0/1, default 1: no other socket can use the port of this server or UDP socket; before opening
Public Const WDS_OPT_BACKLOG As Long = 1015 ' clients that may wait to be accepted, 1..65535, default 511 (the system may lower it); before opening
Public Const WDS_OPT_MAX_CLIENTS As Long = 1016 ' channels and waiting clients of a server at the same time, 0 = no limit (default): further clients are refused by reset. Handshakes in progress are limited by WDS_OPT_SSL_PENDING instead, so that silent clients do not shut out others; at once
Public Const WDS_OPT_MAX_CLIENTS_PER_ADDRESS As Long = 1017 ' the same for each peer address, including handshakes in progress, 0 = no limit (default); at once
Public Const WDS_OPT_TAG_AS_IS As Long = 1018 ' 0/1, default 0: the end tag is neither appended nor refused on write; at once
Public Const WDS_OPT_UDP_ERRORS As Long = 1019 ' 0/1, default 0: report "port unreachable" on a UDP socket; at once
Public Const WDS_OPT_BROADCAST As Long = 1020 ' 0/1, default 1: UDP may send to broadcast addresses; at once
Public Const WDS_OPT_MULTICAST_TTL As Long = 1021 ' hops of multicast datagrams, 0..255, default 1; at once
Public Const WDS_OPT_MULTICAST_LOOP As Long = 1022 ' 0/1, default 1: multicast datagrams sent here are also received on this machine; at once
Public Const WDS_OPT_USER_NUMBER As Long = 1023 ' any number the host chooses, default 0; at once
Public Const WDS_OPT_LOCAL_PORT As Long = 1024 ' get: the port in use; set: a client's local port, 0 = any (default); before opening
Public Const WDS_OPT_PEER_PORT As Long = 1025 ' get only: the peer's port
Public Const WDS_OPT_MODE As Long = 1026 ' get only: the transmission mode (set it with WDSocketChangeTransmissionMode)
Public Const WDS_OPT_ADDRESS_FAMILY As Long = 1027 ' 0 both (default), 4 IPv4 only, 6 IPv6 only; before opening
Public Const WDS_OPT_RESOLVE_CACHE As Long = 1028 ' ms for which WDSocketWriteUDP remembers a looked-up name, 0..86400000, default 60000; at once
Public Const WDS_OPT_RESOLVE_TIMEOUT As Long = 1029 ' ms to look up a name for WDSocketWriteUDP, or to open a server or UDP socket by name, 0..600000, default 5000; at once
Public Const WDS_OPT_EXCHANGE_LATE As Long = 1030 ' ms after a time-out of WDSocketExchange during which its answer may still come and is discarded; -1 for ever, default 10000; at once
Public Const WDS_OPT_SEND_QUEUE As Long = 1033 ' bytes, default 0: a write waits while the peer does not read. Above 0 a write never waits: up to this many bytes wait in the library; a message that does not fit is refused with WDS_E_FULL, unless nothing is waiting; clients and channels; at once
Public Const WDS_OPT_PEER_GONE As Long = 1034 ' ms after the last sign of life at which a peer counts as gone, whether data is unacknowledged or not: 2000..3600000, 0 = decided by the three keep-alive options (default); sets them and WDS_OPT_KEEPALIVE. A queue or a waiting call detects it. A peer that merely does not read still responds and is not gone. On Windows the system alone decides while data is unacknowledged: after about 20 s; at once
Public Const WDS_OPT_IDLE_LIMIT As Long = 1035 ' ms without receiving anything after which the connection is reset, 100..86400000, 0 = none (default). Applies while the socket is in a queue or a read waits. Reads then give WDS_E_SILENT, the event is WDS_EVENT_TIMEOUT. On a server it is that of its clients: the time without one does not count, a read of a simplified server waits on; at once
' ms that a message may take from its first byte to its last, 100..86400000, 0 = any time (default):
' a peer that sends a byte now and then is not idle, and holds a simplified server for ever without
' this limit. Then the connection is ended as by WDS_OPT_IDLE_LIMIT. Applies while the socket is in
' a queue or a read waits, in every mode but raw, and to what WDSocketReadExactly and
' WDSocketReadUntil wait for. The time begins when the first byte of the message in front is found
' by the queue, or by a read that waits: for a message behind another one, not before that one was
' read. A message that has all arrived is not late, however long it waits to be read; but for one
' that is larger than the system's buffers, time in which this program does not read counts. One
' that silence ends has the silence in addition. Heartbeats, and bytes that WDS_E_FRAME skips, are
' no messages. With TLS or a WebSocket a read that waits may notice up to an eighth of the limit
' later that a message has begun; since 0.2.0; at once
Public Const WDS_OPT_MESSAGE_LIMIT As Long = 1091
Public Const WDS_OPT_HEARTBEAT As Long = 1036 ' ms without sending anything after which WDS_TEXT_HEARTBEAT is written as a message, 100..86400000, 0 = never (default). Applies while the socket is in a queue or a read waits. No heartbeat is written while data is unsent or unacknowledged, or if it cannot be a message of the mode. A WebSocket sends a ping instead unless WDS_TEXT_HEARTBEAT is set, also when nothing was received for that time, whatever is being written, and the peer's pong is a sign of life; at once
Public Const WDS_OPT_COALESCE As Long = 1037 ' ms that small writes may wait to be sent together, 0 = they are sent at once (default), 1..1000. They are sent earlier when 64 KiB have accumulated, before a read or WDSocketNextEvents waits, at WDSocketFlush and at the close; at once
Public Const WDS_OPT_PUBLISH_QUEUE As Long = 1038 ' bytes of published messages that may wait for one client, 1..2147483647, default 1048576; at once
Public Const WDS_OPT_PUBLISH_POLICY As Long = 1039 ' when that queue is full: 0 the oldest message is dropped (default), 1 the newest is, 2 the client is disconnected; WDS_EVENT_DROPPED reports it; at once
Public Const WDS_OPT_KIND As Long = 1031 ' get only: WDS_KIND_, 0 for a socket not opened yet
Public Const WDS_OPT_SERVER As Long = 1032 ' get only: on a channel, the handle of its server, 0 if none

' figures of the modes 4 to 7: at once, for the next message
Public Const WDS_OPT_FRAME_OFFSET As Long = 1040 ' where the length field begins, 0..255, default 0
Public Const WDS_OPT_FRAME_WIDTH As Long = 1041 ' bytes of the length field: 1, 2 or 4, default 2
Public Const WDS_OPT_FRAME_ORDER As Long = 1042 ' 0 high byte first (default), 1 low byte first
Public Const WDS_OPT_FRAME_ADJUSTMENT As Long = 1043 ' bytes after the length field = its value + this, -65536..65536, default 0
Public Const WDS_OPT_FRAME_KEEP_HEADER As Long = 1044 ' 0..2, default 0: messages do not include the length field. 1: they include everything up to and including it, and a write puts the right length there whatever the message contains ("modbus-tcp"). 2, since 0.2.0: as 1, but a write of a message whose length field is wrong gives WDS_E_FRAME
Public Const WDS_OPT_FRAME_LENGTH As Long = 1045 ' length of a fixed message, 1..2147483647, default 1
Public Const WDS_OPT_FRAME_GAP As Long = 1046 ' ms of silence that end a message, 1..60000, default 50
Public Const WDS_OPT_FRAME_CHECK As Long = 1047 ' check bytes after the end marker: one of WDS_CHECK_
Public Const WDS_OPT_FRAME_CHECK_SPAN As Long = 1048 ' what the check covers besides the message: 0 nothing, 1 the start marker, 2 the end marker (default), 3 both
Public Const WDS_OPT_FRAME_RESTART As Long = 1049 ' 0/1, default 0: a start marker inside a message is part of the message. 1: it starts a new message: what came before is reported as one WDS_E_FRAME, like noise, and writing a message that contains the start marker gives WDS_E_TAG_IN_MESSAGE (with an escape byte it is escaped). The presets with a start marker set it to 1; setting your own markers after the preset sets it to 0. It has no effect without a start marker, if the start marker equals the end marker, or if it looks like the escape byte and a byte that is escaped; since 0.2.0
Public Const WDS_OPT_FRAME_MESSAGE As Long = 1095 ' get only: what the last message read is in WDS_MODE_DESCRIBED: 0 a usual one, or none yet, WDS_FRAME_CONTROL or WDS_FRAME_WRONG; since 0.2.0

' Unix sockets
Public Const WDS_OPT_UNIX_MODE As Long = 1090 ' the permissions of a server's file, 0..511 (0777), default 384 (0600): its user alone can connect. Connecting needs to write: 432 (0660) lets the file's group in, 438 (0666) every user. They are set before anybody can connect, whatever the umask is; since 0.2.0; before opening

' what is written otherwise than it is read: at once, for the next message
Public Const WDS_OPT_WRITE_MODE As Long = 1100 ' -1..7, default -1: writes use the mode of WDSocketChangeTransmissionMode. One of WDS_MODE_, to WDS_MODE_GAP: writes use this mode instead, and reads are not affected; the modes' figures (WDS_OPT_FRAME_, markers, WDS_OPT_TAG_AS_IS) and WDS_OPT_MAX_MESSAGE are the same ones for both. Holds for everything that writes: heartbeats, exchanges, groups, coalesced and kept messages too. WDSocketChangeTransmissionMode and WDS_TEXT_FRAME_PRESET leave it as it is. No effect on WebSockets and UDP sockets; since 0.2.0

' WDSocketExchange: what comes before the answer, and how the answer is known; at once, for the next exchange
Public Const WDS_OPT_EXCHANGE_ECHO As Long = 1101 ' 0/1, default 0. 1: the bytes of the request may come back before the answer, as from RS-485 converters, and are skipped; not on a WebSocket; since 0.2.0
Public Const WDS_OPT_EXCHANGE_REPEATS As Long = 1102 ' 0..100, default 0: how often a request that is refused by WDS_TEXT_EXCHANGE_NAK is written again, within the time of the exchange; since 0.2.0
Public Const WDS_OPT_EXCHANGE_FIELD As Long = 1103 ' -1..65535, default -1: none, the answer is the next message (with "modbus-tcp" the one of the same transaction). Otherwise where in a request a field begins that its answer repeats, such as a transaction number or the STAN of ISO 8583, counted in the bytes of the message without framing. Messages with other bytes there are discarded and counted (WDS_STAT_STALE), WDS_E_TIMEOUT names the last of them, and there is no wait for late answers. Not in raw mode (WDS_E_STATE); a request that ends before the field gives WDS_E_ARGUMENT; since 0.2.0
Public Const WDS_OPT_EXCHANGE_FIELD_WIDTH As Long = 1104 ' bytes of that field, 1..64, default 2; since 0.2.0
Public Const WDS_OPT_EXCHANGE_FIELD_ANSWER As Long = 1105 ' where in an answer the field begins, -1..65535, default -1: where it does in the request; since 0.2.0

' TLS: before the handshake; on a server for clients that connect afterwards
Public Const WDS_OPT_SSL_OPTIONS As Long = 1050 ' WDS_SSL_ bits, default 0; functions with ssl_options set it
Public Const WDS_OPT_SSL_HANDSHAKE_TIMEOUT As Long = 1051 ' ms that a handshake may take, 1..600000, default 10000
Public Const WDS_OPT_SSL_PENDING As Long = 1052 ' handshakes at the same time on a server, 1..65535, default 4096: beyond it the oldest is dropped
Public Const WDS_OPT_SSL_DAYS_LEFT As Long = 1053 ' get only: whole days until the socket's own certificate expires, negative once it has
Public Const WDS_OPT_SSL_WARN_DAYS As Long = 1054 ' days before the socket's own certificate expires from which WDS_EVENT_CERTIFICATE comes, once when the socket is attached or opened and once a day, 0..3650, 0 = never, default 30; at once
Public Const WDS_OPT_SSL_ALLOW_EXPIRED As Long = 1055 ' 0/1, default 0: a certificate of this program that has expired or is not valid yet gives WDS_E_TLS_EXPIRED or WDS_E_TLS_NOT_YET_VALID; 1: it is used, with a warning in the log, and the peers decide. Set it before the certificate. Since: 0.2.0

' reconnecting: clients, see "Reconnecting"
Public Const WDS_OPT_RECONNECT As Long = 1070 ' 0/1, default 0: a client whose connection ends, other than by this program's own close, connects again to the same address, looked up again, with the same options, TLS and mode; at once
Public Const WDS_OPT_RECONNECT_FIRST As Long = 1071 ' ms before the first attempt, 1..3600000, default 200; the pause doubles with each attempt, plus a random part of up to half the pause; at once
Public Const WDS_OPT_RECONNECT_MOST As Long = 1072 ' ms of the longest pause, without the random part, 1..3600000, default 30000. Only a connection that lasted longer than this counts as successful: after it, pauses and attempts start over; at once
Public Const WDS_OPT_RECONNECT_TRIES As Long = 1073 ' attempts after which the client gives up (WDS_EVENT_ERROR; reads give the reason), including those that connected but did not last longer than WDS_OPT_RECONNECT_MOST, 0 = never (default)..2147483647; at once
Public Const WDS_OPT_RECONNECT_KEEP As Long = 1074 ' bytes of messages that are kept until they reach the peer's system, and are written again to the next connection, 0..2147483647; a write then never waits, and gives WDS_E_FULL beyond this size. 0 (default): unsent messages are dropped, and WDS_EVENT_DROPPED reports them; at once
Public Const WDS_OPT_RECONNECT_WAIT As Long = 1075 ' 0/1, default 0: while the connection is down, reads and writes give WDS_E_RECONNECTING at once; 1: they wait for it, within their time (a write with WDS_OPT_RECONNECT_KEEP returns at once either way); at once

' PROXY protocol: the header, version 1 or 2, in front of a connection, by which a proxy (HAProxy, nginx) says who its client is; not UDP; since 0.2.0
Public Const WDS_OPT_PROXY_HEADER As Long = 1080 ' how a server treats headers, WDS_PROXY_HEADER_OFF (default), _ACCEPTED or _REQUIRED. They are read only from the addresses in WDS_TEXT_PROXY_TRUSTED, without which the server does not open (WDS_E_ARGUMENT), in front of TLS. Then WDSocketClientInfo, errors, the log and WDS_OPT_MAX_CLIENTS_PER_ADDRESS are about the proxy's client; a trusted address has no such limit before. A proxy's health checks (it connects and closes, or says that there is no client and sends nothing more) give neither events nor errors; WDS_STAT_HEALTH_CHECKS counts them; before opening
Public Const WDS_OPT_PROXY_HEADER_TIMEOUT As Long = 1081 ' ms in which the header must have come, 1..600000, default 5000; at once
Public Const WDS_OPT_PROXY_HEADER_SEND As Long = 1082 ' the version of the header that a client sends in front of its connections, 1 or 2, with its own address and the peer's (for servers that require a header), 0 = none (default). To a server that speaks first 2 is better: version 1 about the connection itself looks like a health check until something is sent; connections made afterwards

' WebSocket; since 0.2.0
Public Const WDS_OPT_WEBSOCKET_KIND As Long = 1085 ' the kind of messages written: WDS_WEBSOCKET_TEXT or WDS_WEBSOCKET_BINARY (default). A text message that is not UTF-8 is refused (WDS_E_TEXT): WDS_TEXT_CHARSET "utf-8" converts the host's text. Raw mode always writes binary; at once
Public Const WDS_OPT_WEBSOCKET_COMPRESSION As Long = 1086 ' 0/1, default 0: offer compression (permessage-deflate, RFC 7692), or accept it; connections made afterwards
Public Const WDS_OPT_WEBSOCKET_CLOSE_CODE As Long = 1087 ' the code to close with, 1000..4999 except 1004..1006 and 1015..2999, default 1000 (normal closure); 4000..4999 are free for programs; at once
Public Const WDS_OPT_WEBSOCKET_MESSAGE As Long = 1088 ' get only: the kind of the last message read, WDS_WEBSOCKET_TEXT or WDS_WEBSOCKET_BINARY; 0 none yet, or raw mode

' process
Public Const WDS_OPT_HOST_TEXT As Long = 1060 ' encoding of the host's text: 0 UTF-8 (default), 1 ANSI, 2 UTF-16LE; process
Public Const WDS_OPT_TOTAL_BUFFER As Long = 1061 ' bytes that all sockets together may buffer, 1048576..2147483647, default 268435456 (134217728 in 32 bits); each socket may always hold 4096 bytes. While others wait for memory, an incomplete message may hold at most an eighth, and the connection that has held the most for the longest ends with WDS_E_MEMORY; process
Public Const WDS_OPT_LOG_LEVEL As Long = 1062 ' lines of WDS_TEXT_LOG_FILE: 0 none, 1 errors and warnings ("error"), 2 also beginnings and ends ("event", default), 3 also reads and writes, never their bytes ("trace"). A client that leaves a TLS server, or is reset, before it has sent a byte, such as a port scan, is an event, not an error; process
Public Const WDS_OPT_LOG_SIZE As Long = 1063 ' bytes after which the log file is renamed to NAME.1 and a new one begins, 65536..2147483647, default 10485760; process
Public Const WDS_OPT_CAPTURE_SIZE As Long = 1064 ' maximum bytes of a file of WDS_TEXT_CAPTURE_FILE or WDS_TEXT_TRACE_FILE, 65536..2147483647, default 104857600: a capture ends there, after a complete packet, and the log says so; a trace is renamed to NAME.1 and a new one begins; process
Public Const WDS_OPT_CAPTURE_BELOW_TLS As Long = 1065 ' 0/1, default 0: record 0 the messages' bytes, above TLS, 1 the TLS records, below it (see WDS_TEXT_SSL_KEY_LOG); at once, where the capture begins anew

' Check bytes
Public Const WDS_CHECK_NONE As Long = 0 ' default
Public Const WDS_CHECK_XOR As Long = 1 ' BCC: one byte, all bytes XORed
Public Const WDS_CHECK_SUM As Long = 2 ' one byte, sum modulo 256
Public Const WDS_CHECK_LRC As Long = 3 ' one byte, two's complement of the sum (ISO 1155, Modbus ASCII)
Public Const WDS_CHECK_CRC16 As Long = 4 ' two bytes, CRC-16/MODBUS, low byte first
Public Const WDS_CHECK_CRC16_CCITT As Long = 5 ' two bytes, CRC-16/XMODEM, high byte first

' How a server treats PROXY headers
Public Const WDS_PROXY_HEADER_OFF As Long = 0 ' none is read
Public Const WDS_PROXY_HEADER_ACCEPTED As Long = 1 ' trusted addresses may send one, and have WDS_OPT_PROXY_HEADER_TIMEOUT to do so; from others none is awaited
Public Const WDS_PROXY_HEADER_REQUIRED As Long = 2 ' trusted addresses must send one; connections from others are reset

' Encodings of the host's text
Public Const WDS_HOST_TEXT_UTF8 As Long = 0
Public Const WDS_HOST_TEXT_ANSI As Long = 1
Public Const WDS_HOST_TEXT_UTF16 As Long = 2

Public Const WDS_TEXT_LANGUAGE As Long = 2001 ' "en" or "fr": language of the error texts; "" = the system's (default): French where the user interface of Windows is French, otherwise English; process
' path of the log file, "" = none (default): a regular file, no symbolic link; process. Each line is
' TIME LEVEL SUBJECT: TEXT, as 2026-11-27T18:55:00.927Z trace #12 "scale" client 127.0.0.1:40123 ->
' 10.0.0.5:5000: 11 bytes written The time is UTC, the level "error", "event" or "trace"
' (WDS_OPT_LOG_LEVEL). The subject is #handle, "name", kind and addresses; the quoted name is left
' out if there is none, and quotation marks and backslashes in it have a backslash before them.
' Kinds: "client", "channel", "server" and "udp", with addresses; "socket" if it is not open;
' "process", without handle, if no socket is concerned. Addresses: the local one, -> (this side
' connected) or <- (the peer did), the peer's; an unknown address is "-", such as the local one of a
' client that could not connect, whose peer is host:port as given. A server has its local address; a
' client that is not a channel (refused, failed in the handshake, or served by a simplified server)
' has the server's handle and both addresses. "udp" has a peer for a datagram, -> sent, <- received.
' Control characters are written \xNN, and lines longer than 8192 bytes are cut
Public Const WDS_TEXT_LOG_FILE As Long = 2002
Public Const WDS_TEXT_LOCAL_ADDRESS As Long = 2003 ' local address of a client or UDP socket, "" = the system's choice; before opening
Public Const WDS_TEXT_DNS_SERVER As Long = 2004 ' name server "address" or "address:port", "" = the system's; before opening
Public Const WDS_TEXT_CHARSET As Long = 2005 ' character set of transmitted text ("windows-1252", "ibm850", "utf-16le" ...), "" = messages are bytes (default); at once
Public Const WDS_TEXT_FRAME_PRESET As Long = 2006 ' sets a mode with all its options: "line", "modbus-tcp", "tpkt", "mllp", "stx-etx-bcc", "iso8583"; or the description of a protocol as WDS_TEXT_FRAME: "astm", "mqtt", "netstring", "nmea", "zvt" ...; or a protocol that no description tells (docs/framing.md): "modbus-rtu" for a master, "modbus-rtu-slave", "dnp3", "hdlc", "postgres", "redis", "slip"; a name that there is not gives WDS_E_UNSUPPORTED, and its text lists them all; at once
' describes the messages by their parts in the order of the wire, chooses WDS_MODE_DESCRIBED, and is
' given back in canonical form; in another mode, what is asked for is the text that describes the
' same. Parts: bytes in hexadecimal or in quotes, (alternatives|of them), hdr:n bytes as they are,
' len:TYPE, data, and check bytes NAME(from..to); a part may have a label= ; behind ";" options; "
' >> " and a second description for what is written. "s=02 d=data e=03 xor(d..e)", "len:u24le=d
' hdr:1 d=data ; keep", "data (0D0A|0A|0D)", "1002 data~~10 1003", "hdr:1 len:varint data ; keep",
' "len:dec~":"=d d=data ","" TYPE: u8 to u64le or u64be, decN, hexN, bcdN digits, dec~delimiter,
' varint, vlq, ber, zvt; then & mask, >> shift, = what it counts (default: all behind it), + or - a
' number. data:n has n bytes; data~XX is escaped by the byte XX, data~~XX doubles it, data~'XX is
' quoted. NAME: xor, sum, lrc, fletcher-16, crc-16/modbus and the others of the CRC catalogue, or
' crc(width,poly,init,refin,refout,xorout); /hex or /dec digits, /le or /be. Options: keep (messages
' have what stands in front of the data), restart (a start marker inside a message begins it anew),
' noise (what stands in front of one is dropped without an error), max=n, gap=ms (silence ends a
' message, too), ignore= bytes between messages, control= bytes that are messages of their own
' (WDS_FRAME_CONTROL), bad= what happens to a message with wrong check bytes: skip (WDS_E_CHECK,
' default), nak (the same, and 15 is sent by itself), keep (WDS_FRAME_WRONG). "" takes it back.
' Limits: text 1..1024 bytes, 24 parts in each direction, 16 alternatives, bytes and texts 1..255,
' labels 16, hdr 1..1024, data and max 1..2147483647, gap 1..60000, + and - 1..65536; no NAK is sent
' while more than 4096 bytes are not sent yet. Errors: WDS_E_ARGUMENT, and its text points at the
' place; since 0.2.0; at once
Public Const WDS_TEXT_FRAME As Long = 2060
Public Const WDS_TEXT_USER_TEXT As Long = 2007 ' any text the host chooses; at once
Public Const WDS_TEXT_MULTICAST_JOIN As Long = 2008 ' set only: group, or group%interface: receive what is sent to it; UDP, once open
Public Const WDS_TEXT_MULTICAST_LEAVE As Long = 2009 ' set only: the same text as the join
Public Const WDS_TEXT_MULTICAST_INTERFACE As Long = 2010 ' interface name for outgoing multicast, "" = the system's choice; UDP, at once
Public Const WDS_TEXT_FRAME_START As Long = 2011 ' bytes, 0..16: start marker, default 02; at once
Public Const WDS_TEXT_FRAME_END As Long = 2012 ' bytes, 1..16: end marker, default 03; at once
Public Const WDS_TEXT_FRAME_ESCAPE As Long = 2013 ' bytes, 0 or 1: escape byte placed before marker and escape bytes inside a message, default none; at once
Public Const WDS_TEXT_FRAME_HEADER As Long = 2015 ' bytes, 0..255: the bytes before a stripped length field (at most WDS_OPT_FRAME_OFFSET bytes are used): written, and expected on read; default none = zeros are written, anything is accepted; at once
Public Const WDS_TEXT_HEARTBEAT As Long = 2016 ' bytes, 0..65535: the message of WDS_OPT_HEARTBEAT as transmitted, default none = an empty message. While WDS_OPT_HEARTBEAT is above 0, a received message equal to it counts as a sign of life and is not delivered, except in the modes raw and gap; at once
Public Const WDS_TEXT_CAPTURE_FILE As Long = 2017 ' path of a pcapng file that records the traffic, "" = none (default), for Wireshark and tshark; the IP and TCP headers are synthetic. Sockets that name the same file share it; an existing capture is appended to, any other existing file is refused (WDS_E_ARGUMENT); a regular file, no symbolic link, readable by this user only. Recording never makes a call wait for the disk and never makes a call fail. At once, from any thread, also while a connection or UDP socket is open: what is received and written from then on is recorded, also by a call that waits to receive; a write in progress may be missing. "" ends it, another path continues in that file. A capture that begins inside a connection has a synthetic beginning. On a server: the client of a simplified server, and clients accepted afterwards; a channel has its own setting. On socket 0: sockets created afterwards
Public Const WDS_TEXT_TRACE_FILE As Long = 2018 ' path of a text file that records the traffic, "" = none (default): time, handle, name and kind, both addresses, bytes as hex and text, messages, beginnings and ends; otherwise as WDS_TEXT_CAPTURE_FILE
Public Const WDS_TEXT_FAULTS As Long = 2019 ' faults injected into connections, for a program's own tests, "" = none (default): words separated by spaces. "delay=20..50": milliseconds by which each piece is delayed, "partial=1..7": bytes of a piece, "corrupt=0.001": probability that a byte is damaged, "cut=5000": bytes after which the connection is reset, "stall=1000": bytes after which nothing passes, "stall=1000/2000": for 2000 milliseconds; each for a single direction with the prefix "send:" or "receive:". "seed=42": the same number repeats the same faults. "at=top": above TLS, "at=bottom" (default): below it. The text names an invalid word (WDS_E_ARGUMENT). Connections made afterwards, not UDP
Public Const WDS_TEXT_SSL_CERTIFICATE As Long = 2020 ' this program's certificate and key: a PEM file with both, "certificate.pem|key.pem", a PFX file, PEM text itself, or on Windows "store:subject" / "store:thumbprint"; on a listening server it replaces the one in use; PEM may be in UTF-8 or UTF-16; a damaged certificate in it gives WDS_E_TLS_CERTIFICATE_FILE; at once
Public Const WDS_TEXT_SSL_PASSWORD As Long = 2021 ' set only: password of the certificate file; set it before the certificate
Public Const WDS_TEXT_SSL_ADD_CERTIFICATE As Long = 2022 ' set only: a further certificate of a server, chosen by the name that a client asks for; at once
Public Const WDS_TEXT_SSL_AUTHORITIES As Long = 2023 ' further authorities to trust: a PEM or DER file, or PEM text; "" = none. For client certificates a server trusts only these. PEM may be in UTF-8 or UTF-16. A damaged certificate gives WDS_E_TLS_CERTIFICATE_FILE, and the text names its line; an intact one that cannot be used is skipped, and the log names it; other types of blocks are ignored
Public Const WDS_TEXT_SSL_SERVER_NAME As Long = 2024 ' name to verify and to ask for instead of the address connected to
Public Const WDS_TEXT_SSL_ALPN As Long = 2025 ' protocols to offer or accept, separated by commas: "h2,http/1.1"
Public Const WDS_TEXT_SSL_PINS As Long = 2026 ' SHA-256 of public keys, base64 or hexadecimal, separated by commas: one of the peer's must be among them
Public Const WDS_TEXT_SSL_SUITES As Long = 2027 ' allowed TLS 1.2 cipher suites, by IANA or OpenSSL name, separated by commas
Public Const WDS_TEXT_SSL_GROUPS As Long = 2028 ' allowed key exchange groups: "X25519,P-256,P-384,P-521,X25519MLKEM768"
Public Const WDS_TEXT_SSL_KEY_LOG As Long = 2029 ' file that receives the session keys, to decrypt with Wireshark: a regular file, no symbolic link; "" = none
Public Const WDS_TEXT_PROXY As Long = 2030 ' the proxies through which a client connects, "" = none (default): "http://host:port" (CONNECT), "https://host:port" (the same, over TLS to the proxy), "socks5://host:port" (SOCKS5; names are looked up on this machine), "socks5h://host:port" (SOCKS5; the proxy looks names up), each with "user:password@" before the host if needed (special characters as %40: Basic, or SOCKS5 user and password). Several, at most 8, separated by spaces, are a chain: each connects to the next, the last one to the target. "system": HTTPS_PROXY or ALL_PROXY with NO_PROXY of the environment, else, on Windows, the user's or the machine's setting, without a script. The time of the connect covers everything, and without one an attempt ends after 2 minutes. WDSocketGetText shows *** instead of user and password. TLS to a proxy uses WDS_TEXT_SSL_AUTHORITIES and always verifies. Not for UDP; without effect on servers; the next connection, also of WDS_OPT_RECONNECT
Public Const WDS_TEXT_PROXY_EXCEPTIONS As Long = 2031 ' targets that are connected to directly, "" = none (default), separated by commas, semicolons or spaces: "example.com" (with all names below it), "*.example.com", "192.168.*", addresses, "10.0.0.0/8", each but a network with a port if need be ("example.com:8080"), "<local>" (names without a dot), "*" (all); the next connection
Public Const WDS_TEXT_PROXY_TRUSTED As Long = 2035 ' the proxies whose PROXY headers a server takes: IP addresses and prefixes separated by commas or blanks, "10.0.0.2, 192.168.7.0/24, fd00::/8"; "unix:" for whoever comes over a Unix socket; "" = none (default); connections accepted afterwards; since 0.2.0

Public Const WDS_TEXT_WEBSOCKET_PATHS As Long = 2040 ' WebSocket server: the paths that it serves, separated by commas: "/chat,/files/x", "/files/" followed by * for all below; others are answered with 404; "" = any (default); since 0.2.0; clients that connect afterwards
Public Const WDS_TEXT_WEBSOCKET_PROTOCOLS As Long = 2041 ' sub-protocols, separated by commas: a client offers them, the best first; a server takes the first of the client's that is among its own, or none; "" = none (default); since 0.2.0; connections made afterwards
Public Const WDS_TEXT_WEBSOCKET_ORIGINS As Long = 2042 ' a server: the origins whose pages may connect, separated by commas, "https://example.com"; others are answered with 403; clients other than browsers name none and are accepted; "" = any (default). A client: the origin that it names, "" = none; since 0.2.0; connections made afterwards
Public Const WDS_TEXT_WEBSOCKET_HEADERS As Long = 2043 ' further headers of a client's request, or of a server's answer: lines "Name: value", "" = none (default); since 0.2.0; connections made afterwards
Public Const WDS_TEXT_WEBSOCKET_PAGE As Long = 2044 ' what a server answers to a plain HTTP request: an HTML page if it begins with <, otherwise text, at most 1048576 bytes; "" = the status 426 (default); since 0.2.0; clients that connect afterwards
Public Const WDS_TEXT_WEBSOCKET_CLOSE_REASON As Long = 2045 ' the reason to close with, at most 123 bytes of UTF-8, "" = none (default); since 0.2.0; at once
Public Const WDS_TEXT_UNIX_OWNER As Long = 2050 ' "user", "user:group" or ":group", names or numbers. A server: to whom it gives the file of its Unix socket, "" = its own user (default). A client: as which user the server must run, otherwise WDS_E_ACCESS, "" = any (default); since 0.2.0; before opening
Public Const WDS_TEXT_PIPE_SECURITY As Long = 2055 ' who may connect to the named pipe, or on Windows to the Unix socket, of a server: a security descriptor of Windows in SDDL, such as "D:P(A;;GA;;;OW)(A;;GA;;;SY)(A;;GA;;;BA)(A;;0x12019b;;;AU)" for every user who has logged on; "" = the server's own user, administrators and the system (default); of no effect on Linux; since 0.2.0; before opening
Public Const WDS_TEXT_WRITE_TAG As Long = 2065 ' bytes, 0..64: the end tag of what is written, none = WDS_TEXT_TAG (default), such as CR where the peer's lines end in CR LF; for the modes WDS_MODE_END_TAG and WDS_MODE_END_TAG_BUFFER, WDS_OPT_WRITE_MODE or not; since 0.2.0; at once
Public Const WDS_TEXT_EXCHANGE_ACK As Long = 2066 ' bytes, 0..16: what may come before the answer of WDSocketExchange and confirms the request, such as 06 (ACK); skipped wherever it stands in front of an answer, any number of times. No answer may begin with these bytes, such as a length of 6; none by default; since 0.2.0; at once
Public Const WDS_TEXT_EXCHANGE_NAK As Long = 2067 ' bytes, 0..16: what comes instead of an answer and refuses the request, such as 15 (NAK): it is written again, at most WDS_OPT_EXCHANGE_REPEATS times. After that these bytes are the answer that WDSocketExchange returns; none by default; since 0.2.0; at once
Public Const WDS_TEXT_TAG As Long = 2014 ' bytes, 1..64: the end tag, default 1A (set it with WDSocketChangeTransmissionMode or here); at once

' of a socket
Public Const WDS_NUM_BYTES_READ As Long = 3001 ' bytes received from the system, framing included
Public Const WDS_NUM_BYTES_WRITTEN As Long = 3002 ' bytes given to the system, framing included
Public Const WDS_NUM_MESSAGES_READ As Long = 3003 ' messages (raw: reads) delivered
Public Const WDS_NUM_MESSAGES_WRITTEN As Long = 3004 ' messages (raw: writes) sent
Public Const WDS_NUM_BUFFERED As Long = 3005 ' bytes received and not delivered yet
Public Const WDS_NUM_CONNECT_US As Long = 3006 ' microseconds that connecting took
Public Const WDS_NUM_CLIENTS As Long = 3007 ' a server's open channels
Public Const WDS_NUM_PENDING As Long = 3008 ' a server's pending requests
Public Const WDS_NUM_REFUSED As Long = 3009 ' clients a server refused: limits and WDSocketDeny

' of the process (socket 0)
Public Const WDS_NUM_SOCKETS As Long = 3020 ' open sockets: one that was closed does not count, though it may still send
Public Const WDS_NUM_TOKENS As Long = 3021 ' message tokens not freed
Public Const WDS_NUM_GOROUTINES As Long = 3022 ' background tasks of the library
Public Const WDS_NUM_DESCRIPTORS As Long = 3023 ' descriptors held by the library
Public Const WDS_NUM_BUFFERED_BYTES As Long = 3024 ' bytes of the memory budget in use

' Statistics: indices into the array that WDSocketStatistics fills
Public Const WDS_STAT_BYTES_READ As Long = 0 ' bytes received from the system, framing included
Public Const WDS_STAT_BYTES_WRITTEN As Long = 1 ' bytes given to the system, framing included
Public Const WDS_STAT_MESSAGES_READ As Long = 2 ' messages (raw: reads) delivered
Public Const WDS_STAT_MESSAGES_WRITTEN As Long = 3 ' messages (raw: writes) accepted for sending
Public Const WDS_STAT_CONNECT_US As Long = 4 ' microseconds that connecting took, TLS included
Public Const WDS_STAT_TLS_US As Long = 5 ' microseconds that the handshake took, 0 without TLS
Public Const WDS_STAT_FIRST_BYTE_US As Long = 6 ' microseconds from the open connection to the first byte received, 0 = none yet
Public Const WDS_STAT_RECEIVE_QUEUE As Long = 7 ' bytes received and not delivered yet
Public Const WDS_STAT_SEND_QUEUE As Long = 8 ' bytes written and not passed to the system yet
Public Const WDS_STAT_PUBLISH_QUEUE As Long = 9 ' bytes of published messages that are waiting
Public Const WDS_STAT_DROPPED As Long = 10 ' messages dropped: published ones, and those lost with a connection
Public Const WDS_STAT_RECONNECTS As Long = 11 ' how often the client has reconnected
Public Const WDS_STAT_CLIENTS As Long = 12 ' a server's open channels
Public Const WDS_STAT_PENDING As Long = 13 ' a server's pending requests
Public Const WDS_STAT_ACCEPTED As Long = 14 ' clients that a server accepted
Public Const WDS_STAT_REFUSED As Long = 15 ' clients that a server refused
Public Const WDS_STAT_ERRORS_RESET As Long = 16 ' connections that were cut
Public Const WDS_STAT_ERRORS_SILENT As Long = 17 ' connections ended because of silence: idle limit, message limit, peer gone
Public Const WDS_STAT_ERRORS_FRAME As Long = 18 ' framing errors: each stretch of noise once, wrong check bytes, messages too long
Public Const WDS_STAT_ERRORS_WRITE As Long = 19 ' writes that timed out or stopped inside a message
Public Const WDS_STAT_ERRORS_FULL As Long = 20 ' writes that found the send queue full
Public Const WDS_STAT_ERRORS_TLS As Long = 21 ' handshakes and records that failed; a client that leaves a server before sending a byte is not counted
Public Const WDS_STAT_ERRORS_OTHER As Long = 22 ' other errors of connecting, accepting, reading and writing; a read time-out is not counted
Public Const WDS_STAT_STALE As Long = 23 ' messages that WDSocketExchange discarded: earlier arrivals, late answers, answers of another transaction; since 0.2.0
Public Const WDS_STAT_HEALTH_CHECKS As Long = 24 ' connections by which a proxy only checked whether the server is there (WDS_OPT_PROXY_HEADER); since 0.2.0
Public Const WDS_STAT_COUNT As Long = 25 ' the number of figures in this version

' The record of an event: wds_event of the header. Dim events(63) As wds_event, then
' WDSocketNextEvents(queue, -1, events(0), 32, 64)
Public Type wds_event
    socket As Long ' the handle of the socket or timer
    kind As Long ' one of WDS_EVENT_
    value As Long ' depends on the kind
    code As Long ' one of WDS_E_, 0 if nothing failed
    user As Long ' WDS_OPT_USER_NUMBER of the socket, or the number given to the timer
    sequence As Long ' 1, 2, 3 ... in each queue
    queue As Long ' the handle of the queue
    detail As Long ' WDS_SCOPE_ if code is not 0, or the number of a message, or WDS_WEBSOCKET_, or WDS_FRAME_; otherwise 0
End Type

#If Win64 Then
    Public Declare PtrSafe Function WDSocketVersion Lib "wdsocket64.dll" Alias "WDSocketVersion" () As Long
    Public Declare PtrSafe Function WDSocketCloseAll Lib "wdsocket64.dll" Alias "WDSocketCloseAll" () As Long
    Public Declare PtrSafe Function WDSocketErrorInfo Lib "wdsocket64.dll" Alias "WDSocketErrorInfo" (ByVal socket As Long, ByVal what As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketErrorCode Lib "wdsocket64.dll" Alias "WDSocketErrorCode" (ByVal socket As Long, ByVal what As Long) As Long
    Public Declare PtrSafe Function WDSocketErrorText Lib "wdsocket64.dll" Alias "WDSocketErrorText" (ByVal code As Long, ByVal what As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketErrorScope Lib "wdsocket64.dll" Alias "WDSocketErrorScope" (ByVal socket As Long, ByVal code As Long) As Long
    Public Declare PtrSafe Function WDSocketNew Lib "wdsocket64.dll" Alias "WDSocketNew" (ByVal socket_name As String) As Long
    Public Declare PtrSafe Function WDSocketOpen Lib "wdsocket64.dll" Alias "WDSocketOpen" (ByVal socket As Long, ByVal kind As Long, ByVal port As Long, ByVal address As String, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketConnect Lib "wdsocket64.dll" Alias "WDSocketConnect" (ByVal socket_name As String, ByVal port As Long, ByVal address As String, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketCreate Lib "wdsocket64.dll" Alias "WDSocketCreate" (ByVal socket_name As String, ByVal port As Long, ByVal address As String) As Long
    Public Declare PtrSafe Function WDSocketCreateUDP Lib "wdsocket64.dll" Alias "WDSocketCreateUDP" (ByVal socket_name As String, ByVal port As Long, ByVal address As String) As Long
    Public Declare PtrSafe Function WDSocketConnectSSL Lib "wdsocket64.dll" Alias "WDSocketConnectSSL" (ByVal socket_name As String, ByVal port As Long, ByVal address As String, ByVal ssl_options As Long, ByVal timeout_ms As Long, ByVal client_certificate As String, ByVal password As String) As Long
    Public Declare PtrSafe Function WDSocketCreateSSL Lib "wdsocket64.dll" Alias "WDSocketCreateSSL" (ByVal socket_name As String, ByVal port As Long, ByVal certificate As String, ByVal ssl_options As Long, ByVal address As String, ByVal password As String) As Long
    Public Declare PtrSafe Function WDSocketStartSSL Lib "wdsocket64.dll" Alias "WDSocketStartSSL" (ByVal socket As Long, ByVal role As Long, ByVal ssl_options As Long, ByVal certificate As String, ByVal password As String, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketStopSSL Lib "wdsocket64.dll" Alias "WDSocketStopSSL" (ByVal socket As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketSSLInfo Lib "wdsocket64.dll" Alias "WDSocketSSLInfo" (ByVal socket As Long, ByVal what As Long, ByVal index As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketWebSocketInfo Lib "wdsocket64.dll" Alias "WDSocketWebSocketInfo" (ByVal socket As Long, ByVal what As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketWaitForConnection Lib "wdsocket64.dll" Alias "WDSocketWaitForConnection" (ByVal server As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketAccept Lib "wdsocket64.dll" Alias "WDSocketAccept" (ByVal server As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketDeny Lib "wdsocket64.dll" Alias "WDSocketDeny" (ByVal server As Long) As Long
    Public Declare PtrSafe Function WDSocketRead Lib "wdsocket64.dll" Alias "WDSocketRead" (ByVal socket As Long, ByRef buffer As Any, ByVal capacity As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketReadMany Lib "wdsocket64.dll" Alias "WDSocketReadMany" (ByVal socket As Long, ByRef buffer As Any, ByVal capacity As Long, ByRef lengths As Long, ByVal count As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketReadMessage Lib "wdsocket64.dll" Alias "WDSocketReadMessage" (ByVal socket As Long, ByVal timeout_ms As Long, ByRef data As LongPtr, ByRef length As Long, ByRef message As LongPtr) As Long
    Public Declare PtrSafe Function WDSocketMessageFree Lib "wdsocket64.dll" Alias "WDSocketMessageFree" (ByVal message As LongPtr) As Long
    Public Declare PtrSafe Function WDSocketReadExactly Lib "wdsocket64.dll" Alias "WDSocketReadExactly" (ByVal socket As Long, ByRef buffer As Any, ByVal length As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketReadUntil Lib "wdsocket64.dll" Alias "WDSocketReadUntil" (ByVal socket As Long, ByRef buffer As Any, ByVal capacity As Long, ByRef tag As Any, ByVal tag_length As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketWrite Lib "wdsocket64.dll" Alias "WDSocketWrite" (ByVal socket As Long, ByRef data As Any, ByVal length As Long) As Long
    Public Declare PtrSafe Function WDSocketExchange Lib "wdsocket64.dll" Alias "WDSocketExchange" (ByVal socket As Long, ByRef data As Any, ByVal length As Long, ByRef reply As Any, ByVal capacity As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketWriteUDP Lib "wdsocket64.dll" Alias "WDSocketWriteUDP" (ByVal socket As Long, ByRef data As Any, ByVal length As Long, ByVal address As String, ByVal port As Long) As Long
    Public Declare PtrSafe Function WDSocketReadUDP Lib "wdsocket64.dll" Alias "WDSocketReadUDP" (ByVal socket As Long, ByRef buffer As Any, ByVal capacity As Long, ByVal timeout_ms As Long, ByVal address As String, ByVal address_capacity As Long, ByRef port As Long) As Long
    Public Declare PtrSafe Function WDSocketAvailable Lib "wdsocket64.dll" Alias "WDSocketAvailable" (ByVal socket As Long) As Long
    Public Declare PtrSafe Function WDSocketDiscard Lib "wdsocket64.dll" Alias "WDSocketDiscard" (ByVal socket As Long, ByVal what As Long) As Long
    Public Declare PtrSafe Function WDSocketChangeTransmissionMode Lib "wdsocket64.dll" Alias "WDSocketChangeTransmissionMode" (ByVal socket As Long, ByVal mode As Long, ByRef tag As Any, ByVal tag_length As Long) As Long
    Public Declare PtrSafe Function WDSocketFlush Lib "wdsocket64.dll" Alias "WDSocketFlush" (ByVal socket As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketNewQueue Lib "wdsocket64.dll" Alias "WDSocketNewQueue" () As Long
    Public Declare PtrSafe Function WDSocketAttach Lib "wdsocket64.dll" Alias "WDSocketAttach" (ByVal queue As Long, ByVal socket As Long, ByVal how As Long) As Long
    Public Declare PtrSafe Function WDSocketDetach Lib "wdsocket64.dll" Alias "WDSocketDetach" (ByVal socket As Long) As Long
    Public Declare PtrSafe Function WDSocketNextEvents Lib "wdsocket64.dll" Alias "WDSocketNextEvents" (ByVal queue As Long, ByVal timeout_ms As Long, ByRef events As Any, ByVal record_bytes As Long, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketNewTimer Lib "wdsocket64.dll" Alias "WDSocketNewTimer" (ByVal queue As Long, ByVal delay_ms As Long, ByVal repeat_ms As Long, ByVal user_number As Long) As Long
    Public Declare PtrSafe Function WDSocketSetCallback Lib "wdsocket64.dll" Alias "WDSocketSetCallback" (ByVal queue As Long, ByVal callback As LongPtr, ByVal user As LongPtr) As Long
    Public Declare PtrSafe Function WDSocketSetWindow Lib "wdsocket64.dll" Alias "WDSocketSetWindow" (ByVal queue As Long, ByVal window As LongPtr, ByVal message As Long) As Long
    Public Declare PtrSafe Function WDSocketDescriptor Lib "wdsocket64.dll" Alias "WDSocketDescriptor" (ByVal queue As Long) As Long
    Public Declare PtrSafe Function WDSocketGroupJoin Lib "wdsocket64.dll" Alias "WDSocketGroupJoin" (ByVal channel As Long, ByVal group As String) As Long
    Public Declare PtrSafe Function WDSocketGroupLeave Lib "wdsocket64.dll" Alias "WDSocketGroupLeave" (ByVal channel As Long, ByVal group As String) As Long
    Public Declare PtrSafe Function WDSocketGroupPublish Lib "wdsocket64.dll" Alias "WDSocketGroupPublish" (ByVal server As Long, ByVal group As String, ByRef data As Any, ByVal length As Long) As Long
    Public Declare PtrSafe Function WDSocketClientInfo Lib "wdsocket64.dll" Alias "WDSocketClientInfo" (ByVal socket As Long, ByVal what As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketLocalInfo Lib "wdsocket64.dll" Alias "WDSocketLocalInfo" (ByVal socket As Long, ByVal what As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketExist Lib "wdsocket64.dll" Alias "WDSocketExist" (ByVal socket As Long) As Long
    Public Declare PtrSafe Function WDSocketState Lib "wdsocket64.dll" Alias "WDSocketState" (ByVal socket As Long) As Long
    Public Declare PtrSafe Function WDSocketFind Lib "wdsocket64.dll" Alias "WDSocketFind" (ByVal socket_name As String) As Long
    Public Declare PtrSafe Function WDSocketName Lib "wdsocket64.dll" Alias "WDSocketName" (ByVal socket As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketList Lib "wdsocket64.dll" Alias "WDSocketList" (ByVal server As Long, ByRef sockets As Long, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketGetNumber Lib "wdsocket64.dll" Alias "WDSocketGetNumber" (ByVal socket As Long, ByVal what As Long, ByRef value As LongLong) As Long
    Public Declare PtrSafe Function WDSocketStatistics Lib "wdsocket64.dll" Alias "WDSocketStatistics" (ByVal socket As Long, ByRef figures As LongLong, ByVal count As Long) As Long
    Public Declare PtrSafe Function WDSocketSelfTest Lib "wdsocket64.dll" Alias "WDSocketSelfTest" (ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketGuess Lib "wdsocket64.dll" Alias "WDSocketGuess" (ByRef data As Any, ByVal length As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketSetOption Lib "wdsocket64.dll" Alias "WDSocketSetOption" (ByVal socket As Long, ByVal option_id As Long, ByVal value As Long) As Long
    Public Declare PtrSafe Function WDSocketGetOption Lib "wdsocket64.dll" Alias "WDSocketGetOption" (ByVal socket As Long, ByVal option_id As Long, ByRef value As Long) As Long
    Public Declare PtrSafe Function WDSocketSetText Lib "wdsocket64.dll" Alias "WDSocketSetText" (ByVal socket As Long, ByVal option_id As Long, ByVal text As String) As Long
    Public Declare PtrSafe Function WDSocketGetText Lib "wdsocket64.dll" Alias "WDSocketGetText" (ByVal socket As Long, ByVal option_id As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketSetBytes Lib "wdsocket64.dll" Alias "WDSocketSetBytes" (ByVal socket As Long, ByVal option_id As Long, ByRef data As Any, ByVal length As Long) As Long
    Public Declare PtrSafe Function WDSocketGetBytes Lib "wdsocket64.dll" Alias "WDSocketGetBytes" (ByVal socket As Long, ByVal option_id As Long, ByRef buffer As Any, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketCancel Lib "wdsocket64.dll" Alias "WDSocketCancel" (ByVal socket As Long) As Long
    Public Declare PtrSafe Function WDSocketWakeup Lib "wdsocket64.dll" Alias "WDSocketWakeup" (ByVal switch_on As Long) As Long
    Public Declare PtrSafe Function WDSocketWakeupDescriptor Lib "wdsocket64.dll" Alias "WDSocketWakeupDescriptor" () As Long
    Public Declare PtrSafe Function WDSocketClose Lib "wdsocket64.dll" Alias "WDSocketClose" (ByVal socket As Long) As Long
    Public Declare PtrSafe Function WDSocketCloseEx Lib "wdsocket64.dll" Alias "WDSocketCloseEx" (ByVal socket As Long, ByVal how As Long, ByVal timeout_ms As Long) As Long
#ElseIf VBA7 Then
    Public Declare PtrSafe Function WDSocketVersion Lib "wdsocket32.dll" Alias "WDSocketVersion" () As Long
    Public Declare PtrSafe Function WDSocketCloseAll Lib "wdsocket32.dll" Alias "WDSocketCloseAll" () As Long
    Public Declare PtrSafe Function WDSocketErrorInfo Lib "wdsocket32.dll" Alias "WDSocketErrorInfo" (ByVal socket As Long, ByVal what As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketErrorCode Lib "wdsocket32.dll" Alias "WDSocketErrorCode" (ByVal socket As Long, ByVal what As Long) As Long
    Public Declare PtrSafe Function WDSocketErrorText Lib "wdsocket32.dll" Alias "WDSocketErrorText" (ByVal code As Long, ByVal what As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketErrorScope Lib "wdsocket32.dll" Alias "WDSocketErrorScope" (ByVal socket As Long, ByVal code As Long) As Long
    Public Declare PtrSafe Function WDSocketNew Lib "wdsocket32.dll" Alias "WDSocketNew" (ByVal socket_name As String) As Long
    Public Declare PtrSafe Function WDSocketOpen Lib "wdsocket32.dll" Alias "WDSocketOpen" (ByVal socket As Long, ByVal kind As Long, ByVal port As Long, ByVal address As String, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketConnect Lib "wdsocket32.dll" Alias "WDSocketConnect" (ByVal socket_name As String, ByVal port As Long, ByVal address As String, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketCreate Lib "wdsocket32.dll" Alias "WDSocketCreate" (ByVal socket_name As String, ByVal port As Long, ByVal address As String) As Long
    Public Declare PtrSafe Function WDSocketCreateUDP Lib "wdsocket32.dll" Alias "WDSocketCreateUDP" (ByVal socket_name As String, ByVal port As Long, ByVal address As String) As Long
    Public Declare PtrSafe Function WDSocketConnectSSL Lib "wdsocket32.dll" Alias "WDSocketConnectSSL" (ByVal socket_name As String, ByVal port As Long, ByVal address As String, ByVal ssl_options As Long, ByVal timeout_ms As Long, ByVal client_certificate As String, ByVal password As String) As Long
    Public Declare PtrSafe Function WDSocketCreateSSL Lib "wdsocket32.dll" Alias "WDSocketCreateSSL" (ByVal socket_name As String, ByVal port As Long, ByVal certificate As String, ByVal ssl_options As Long, ByVal address As String, ByVal password As String) As Long
    Public Declare PtrSafe Function WDSocketStartSSL Lib "wdsocket32.dll" Alias "WDSocketStartSSL" (ByVal socket As Long, ByVal role As Long, ByVal ssl_options As Long, ByVal certificate As String, ByVal password As String, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketStopSSL Lib "wdsocket32.dll" Alias "WDSocketStopSSL" (ByVal socket As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketSSLInfo Lib "wdsocket32.dll" Alias "WDSocketSSLInfo" (ByVal socket As Long, ByVal what As Long, ByVal index As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketWebSocketInfo Lib "wdsocket32.dll" Alias "WDSocketWebSocketInfo" (ByVal socket As Long, ByVal what As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketWaitForConnection Lib "wdsocket32.dll" Alias "WDSocketWaitForConnection" (ByVal server As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketAccept Lib "wdsocket32.dll" Alias "WDSocketAccept" (ByVal server As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketDeny Lib "wdsocket32.dll" Alias "WDSocketDeny" (ByVal server As Long) As Long
    Public Declare PtrSafe Function WDSocketRead Lib "wdsocket32.dll" Alias "WDSocketRead" (ByVal socket As Long, ByRef buffer As Any, ByVal capacity As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketReadMany Lib "wdsocket32.dll" Alias "WDSocketReadMany" (ByVal socket As Long, ByRef buffer As Any, ByVal capacity As Long, ByRef lengths As Long, ByVal count As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketReadMessage Lib "wdsocket32.dll" Alias "WDSocketReadMessage" (ByVal socket As Long, ByVal timeout_ms As Long, ByRef data As LongPtr, ByRef length As Long, ByRef message As LongPtr) As Long
    Public Declare PtrSafe Function WDSocketMessageFree Lib "wdsocket32.dll" Alias "WDSocketMessageFree" (ByVal message As LongPtr) As Long
    Public Declare PtrSafe Function WDSocketReadExactly Lib "wdsocket32.dll" Alias "WDSocketReadExactly" (ByVal socket As Long, ByRef buffer As Any, ByVal length As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketReadUntil Lib "wdsocket32.dll" Alias "WDSocketReadUntil" (ByVal socket As Long, ByRef buffer As Any, ByVal capacity As Long, ByRef tag As Any, ByVal tag_length As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketWrite Lib "wdsocket32.dll" Alias "WDSocketWrite" (ByVal socket As Long, ByRef data As Any, ByVal length As Long) As Long
    Public Declare PtrSafe Function WDSocketExchange Lib "wdsocket32.dll" Alias "WDSocketExchange" (ByVal socket As Long, ByRef data As Any, ByVal length As Long, ByRef reply As Any, ByVal capacity As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketWriteUDP Lib "wdsocket32.dll" Alias "WDSocketWriteUDP" (ByVal socket As Long, ByRef data As Any, ByVal length As Long, ByVal address As String, ByVal port As Long) As Long
    Public Declare PtrSafe Function WDSocketReadUDP Lib "wdsocket32.dll" Alias "WDSocketReadUDP" (ByVal socket As Long, ByRef buffer As Any, ByVal capacity As Long, ByVal timeout_ms As Long, ByVal address As String, ByVal address_capacity As Long, ByRef port As Long) As Long
    Public Declare PtrSafe Function WDSocketAvailable Lib "wdsocket32.dll" Alias "WDSocketAvailable" (ByVal socket As Long) As Long
    Public Declare PtrSafe Function WDSocketDiscard Lib "wdsocket32.dll" Alias "WDSocketDiscard" (ByVal socket As Long, ByVal what As Long) As Long
    Public Declare PtrSafe Function WDSocketChangeTransmissionMode Lib "wdsocket32.dll" Alias "WDSocketChangeTransmissionMode" (ByVal socket As Long, ByVal mode As Long, ByRef tag As Any, ByVal tag_length As Long) As Long
    Public Declare PtrSafe Function WDSocketFlush Lib "wdsocket32.dll" Alias "WDSocketFlush" (ByVal socket As Long, ByVal timeout_ms As Long) As Long
    Public Declare PtrSafe Function WDSocketNewQueue Lib "wdsocket32.dll" Alias "WDSocketNewQueue" () As Long
    Public Declare PtrSafe Function WDSocketAttach Lib "wdsocket32.dll" Alias "WDSocketAttach" (ByVal queue As Long, ByVal socket As Long, ByVal how As Long) As Long
    Public Declare PtrSafe Function WDSocketDetach Lib "wdsocket32.dll" Alias "WDSocketDetach" (ByVal socket As Long) As Long
    Public Declare PtrSafe Function WDSocketNextEvents Lib "wdsocket32.dll" Alias "WDSocketNextEvents" (ByVal queue As Long, ByVal timeout_ms As Long, ByRef events As Any, ByVal record_bytes As Long, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketNewTimer Lib "wdsocket32.dll" Alias "WDSocketNewTimer" (ByVal queue As Long, ByVal delay_ms As Long, ByVal repeat_ms As Long, ByVal user_number As Long) As Long
    Public Declare PtrSafe Function WDSocketSetCallback Lib "wdsocket32.dll" Alias "WDSocketSetCallback" (ByVal queue As Long, ByVal callback As LongPtr, ByVal user As LongPtr) As Long
    Public Declare PtrSafe Function WDSocketSetWindow Lib "wdsocket32.dll" Alias "WDSocketSetWindow" (ByVal queue As Long, ByVal window As LongPtr, ByVal message As Long) As Long
    Public Declare PtrSafe Function WDSocketDescriptor Lib "wdsocket32.dll" Alias "WDSocketDescriptor" (ByVal queue As Long) As Long
    Public Declare PtrSafe Function WDSocketGroupJoin Lib "wdsocket32.dll" Alias "WDSocketGroupJoin" (ByVal channel As Long, ByVal group As String) As Long
    Public Declare PtrSafe Function WDSocketGroupLeave Lib "wdsocket32.dll" Alias "WDSocketGroupLeave" (ByVal channel As Long, ByVal group As String) As Long
    Public Declare PtrSafe Function WDSocketGroupPublish Lib "wdsocket32.dll" Alias "WDSocketGroupPublish" (ByVal server As Long, ByVal group As String, ByRef data As Any, ByVal length As Long) As Long
    Public Declare PtrSafe Function WDSocketClientInfo Lib "wdsocket32.dll" Alias "WDSocketClientInfo" (ByVal socket As Long, ByVal what As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketLocalInfo Lib "wdsocket32.dll" Alias "WDSocketLocalInfo" (ByVal socket As Long, ByVal what As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketExist Lib "wdsocket32.dll" Alias "WDSocketExist" (ByVal socket As Long) As Long
    Public Declare PtrSafe Function WDSocketState Lib "wdsocket32.dll" Alias "WDSocketState" (ByVal socket As Long) As Long
    Public Declare PtrSafe Function WDSocketFind Lib "wdsocket32.dll" Alias "WDSocketFind" (ByVal socket_name As String) As Long
    Public Declare PtrSafe Function WDSocketName Lib "wdsocket32.dll" Alias "WDSocketName" (ByVal socket As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketList Lib "wdsocket32.dll" Alias "WDSocketList" (ByVal server As Long, ByRef sockets As Long, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketGetNumber Lib "wdsocket32.dll" Alias "WDSocketGetNumber" (ByVal socket As Long, ByVal what As Long, ByRef value As Currency) As Long
    Public Declare PtrSafe Function WDSocketStatistics Lib "wdsocket32.dll" Alias "WDSocketStatistics" (ByVal socket As Long, ByRef figures As Currency, ByVal count As Long) As Long
    Public Declare PtrSafe Function WDSocketSelfTest Lib "wdsocket32.dll" Alias "WDSocketSelfTest" (ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketGuess Lib "wdsocket32.dll" Alias "WDSocketGuess" (ByRef data As Any, ByVal length As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketSetOption Lib "wdsocket32.dll" Alias "WDSocketSetOption" (ByVal socket As Long, ByVal option_id As Long, ByVal value As Long) As Long
    Public Declare PtrSafe Function WDSocketGetOption Lib "wdsocket32.dll" Alias "WDSocketGetOption" (ByVal socket As Long, ByVal option_id As Long, ByRef value As Long) As Long
    Public Declare PtrSafe Function WDSocketSetText Lib "wdsocket32.dll" Alias "WDSocketSetText" (ByVal socket As Long, ByVal option_id As Long, ByVal text As String) As Long
    Public Declare PtrSafe Function WDSocketGetText Lib "wdsocket32.dll" Alias "WDSocketGetText" (ByVal socket As Long, ByVal option_id As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketSetBytes Lib "wdsocket32.dll" Alias "WDSocketSetBytes" (ByVal socket As Long, ByVal option_id As Long, ByRef data As Any, ByVal length As Long) As Long
    Public Declare PtrSafe Function WDSocketGetBytes Lib "wdsocket32.dll" Alias "WDSocketGetBytes" (ByVal socket As Long, ByVal option_id As Long, ByRef buffer As Any, ByVal capacity As Long) As Long
    Public Declare PtrSafe Function WDSocketCancel Lib "wdsocket32.dll" Alias "WDSocketCancel" (ByVal socket As Long) As Long
    Public Declare PtrSafe Function WDSocketWakeup Lib "wdsocket32.dll" Alias "WDSocketWakeup" (ByVal switch_on As Long) As Long
    Public Declare PtrSafe Function WDSocketWakeupDescriptor Lib "wdsocket32.dll" Alias "WDSocketWakeupDescriptor" () As Long
    Public Declare PtrSafe Function WDSocketClose Lib "wdsocket32.dll" Alias "WDSocketClose" (ByVal socket As Long) As Long
    Public Declare PtrSafe Function WDSocketCloseEx Lib "wdsocket32.dll" Alias "WDSocketCloseEx" (ByVal socket As Long, ByVal how As Long, ByVal timeout_ms As Long) As Long
#Else
    Public Declare Function WDSocketVersion Lib "wdsocket32.dll" Alias "WDSocketVersion" () As Long
    Public Declare Function WDSocketCloseAll Lib "wdsocket32.dll" Alias "WDSocketCloseAll" () As Long
    Public Declare Function WDSocketErrorInfo Lib "wdsocket32.dll" Alias "WDSocketErrorInfo" (ByVal socket As Long, ByVal what As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare Function WDSocketErrorCode Lib "wdsocket32.dll" Alias "WDSocketErrorCode" (ByVal socket As Long, ByVal what As Long) As Long
    Public Declare Function WDSocketErrorText Lib "wdsocket32.dll" Alias "WDSocketErrorText" (ByVal code As Long, ByVal what As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare Function WDSocketErrorScope Lib "wdsocket32.dll" Alias "WDSocketErrorScope" (ByVal socket As Long, ByVal code As Long) As Long
    Public Declare Function WDSocketNew Lib "wdsocket32.dll" Alias "WDSocketNew" (ByVal socket_name As String) As Long
    Public Declare Function WDSocketOpen Lib "wdsocket32.dll" Alias "WDSocketOpen" (ByVal socket As Long, ByVal kind As Long, ByVal port As Long, ByVal address As String, ByVal timeout_ms As Long) As Long
    Public Declare Function WDSocketConnect Lib "wdsocket32.dll" Alias "WDSocketConnect" (ByVal socket_name As String, ByVal port As Long, ByVal address As String, ByVal timeout_ms As Long) As Long
    Public Declare Function WDSocketCreate Lib "wdsocket32.dll" Alias "WDSocketCreate" (ByVal socket_name As String, ByVal port As Long, ByVal address As String) As Long
    Public Declare Function WDSocketCreateUDP Lib "wdsocket32.dll" Alias "WDSocketCreateUDP" (ByVal socket_name As String, ByVal port As Long, ByVal address As String) As Long
    Public Declare Function WDSocketConnectSSL Lib "wdsocket32.dll" Alias "WDSocketConnectSSL" (ByVal socket_name As String, ByVal port As Long, ByVal address As String, ByVal ssl_options As Long, ByVal timeout_ms As Long, ByVal client_certificate As String, ByVal password As String) As Long
    Public Declare Function WDSocketCreateSSL Lib "wdsocket32.dll" Alias "WDSocketCreateSSL" (ByVal socket_name As String, ByVal port As Long, ByVal certificate As String, ByVal ssl_options As Long, ByVal address As String, ByVal password As String) As Long
    Public Declare Function WDSocketStartSSL Lib "wdsocket32.dll" Alias "WDSocketStartSSL" (ByVal socket As Long, ByVal role As Long, ByVal ssl_options As Long, ByVal certificate As String, ByVal password As String, ByVal timeout_ms As Long) As Long
    Public Declare Function WDSocketStopSSL Lib "wdsocket32.dll" Alias "WDSocketStopSSL" (ByVal socket As Long, ByVal timeout_ms As Long) As Long
    Public Declare Function WDSocketSSLInfo Lib "wdsocket32.dll" Alias "WDSocketSSLInfo" (ByVal socket As Long, ByVal what As Long, ByVal index As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare Function WDSocketWebSocketInfo Lib "wdsocket32.dll" Alias "WDSocketWebSocketInfo" (ByVal socket As Long, ByVal what As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare Function WDSocketWaitForConnection Lib "wdsocket32.dll" Alias "WDSocketWaitForConnection" (ByVal server As Long, ByVal timeout_ms As Long) As Long
    Public Declare Function WDSocketAccept Lib "wdsocket32.dll" Alias "WDSocketAccept" (ByVal server As Long, ByVal timeout_ms As Long) As Long
    Public Declare Function WDSocketDeny Lib "wdsocket32.dll" Alias "WDSocketDeny" (ByVal server As Long) As Long
    Public Declare Function WDSocketRead Lib "wdsocket32.dll" Alias "WDSocketRead" (ByVal socket As Long, ByRef buffer As Any, ByVal capacity As Long, ByVal timeout_ms As Long) As Long
    Public Declare Function WDSocketReadMany Lib "wdsocket32.dll" Alias "WDSocketReadMany" (ByVal socket As Long, ByRef buffer As Any, ByVal capacity As Long, ByRef lengths As Long, ByVal count As Long, ByVal timeout_ms As Long) As Long
    Public Declare Function WDSocketReadMessage Lib "wdsocket32.dll" Alias "WDSocketReadMessage" (ByVal socket As Long, ByVal timeout_ms As Long, ByRef data As Long, ByRef length As Long, ByRef message As Long) As Long
    Public Declare Function WDSocketMessageFree Lib "wdsocket32.dll" Alias "WDSocketMessageFree" (ByVal message As Long) As Long
    Public Declare Function WDSocketReadExactly Lib "wdsocket32.dll" Alias "WDSocketReadExactly" (ByVal socket As Long, ByRef buffer As Any, ByVal length As Long, ByVal timeout_ms As Long) As Long
    Public Declare Function WDSocketReadUntil Lib "wdsocket32.dll" Alias "WDSocketReadUntil" (ByVal socket As Long, ByRef buffer As Any, ByVal capacity As Long, ByRef tag As Any, ByVal tag_length As Long, ByVal timeout_ms As Long) As Long
    Public Declare Function WDSocketWrite Lib "wdsocket32.dll" Alias "WDSocketWrite" (ByVal socket As Long, ByRef data As Any, ByVal length As Long) As Long
    Public Declare Function WDSocketExchange Lib "wdsocket32.dll" Alias "WDSocketExchange" (ByVal socket As Long, ByRef data As Any, ByVal length As Long, ByRef reply As Any, ByVal capacity As Long, ByVal timeout_ms As Long) As Long
    Public Declare Function WDSocketWriteUDP Lib "wdsocket32.dll" Alias "WDSocketWriteUDP" (ByVal socket As Long, ByRef data As Any, ByVal length As Long, ByVal address As String, ByVal port As Long) As Long
    Public Declare Function WDSocketReadUDP Lib "wdsocket32.dll" Alias "WDSocketReadUDP" (ByVal socket As Long, ByRef buffer As Any, ByVal capacity As Long, ByVal timeout_ms As Long, ByVal address As String, ByVal address_capacity As Long, ByRef port As Long) As Long
    Public Declare Function WDSocketAvailable Lib "wdsocket32.dll" Alias "WDSocketAvailable" (ByVal socket As Long) As Long
    Public Declare Function WDSocketDiscard Lib "wdsocket32.dll" Alias "WDSocketDiscard" (ByVal socket As Long, ByVal what As Long) As Long
    Public Declare Function WDSocketChangeTransmissionMode Lib "wdsocket32.dll" Alias "WDSocketChangeTransmissionMode" (ByVal socket As Long, ByVal mode As Long, ByRef tag As Any, ByVal tag_length As Long) As Long
    Public Declare Function WDSocketFlush Lib "wdsocket32.dll" Alias "WDSocketFlush" (ByVal socket As Long, ByVal timeout_ms As Long) As Long
    Public Declare Function WDSocketNewQueue Lib "wdsocket32.dll" Alias "WDSocketNewQueue" () As Long
    Public Declare Function WDSocketAttach Lib "wdsocket32.dll" Alias "WDSocketAttach" (ByVal queue As Long, ByVal socket As Long, ByVal how As Long) As Long
    Public Declare Function WDSocketDetach Lib "wdsocket32.dll" Alias "WDSocketDetach" (ByVal socket As Long) As Long
    Public Declare Function WDSocketNextEvents Lib "wdsocket32.dll" Alias "WDSocketNextEvents" (ByVal queue As Long, ByVal timeout_ms As Long, ByRef events As Any, ByVal record_bytes As Long, ByVal capacity As Long) As Long
    Public Declare Function WDSocketNewTimer Lib "wdsocket32.dll" Alias "WDSocketNewTimer" (ByVal queue As Long, ByVal delay_ms As Long, ByVal repeat_ms As Long, ByVal user_number As Long) As Long
    Public Declare Function WDSocketSetCallback Lib "wdsocket32.dll" Alias "WDSocketSetCallback" (ByVal queue As Long, ByVal callback As Long, ByVal user As Long) As Long
    Public Declare Function WDSocketSetWindow Lib "wdsocket32.dll" Alias "WDSocketSetWindow" (ByVal queue As Long, ByVal window As Long, ByVal message As Long) As Long
    Public Declare Function WDSocketDescriptor Lib "wdsocket32.dll" Alias "WDSocketDescriptor" (ByVal queue As Long) As Long
    Public Declare Function WDSocketGroupJoin Lib "wdsocket32.dll" Alias "WDSocketGroupJoin" (ByVal channel As Long, ByVal group As String) As Long
    Public Declare Function WDSocketGroupLeave Lib "wdsocket32.dll" Alias "WDSocketGroupLeave" (ByVal channel As Long, ByVal group As String) As Long
    Public Declare Function WDSocketGroupPublish Lib "wdsocket32.dll" Alias "WDSocketGroupPublish" (ByVal server As Long, ByVal group As String, ByRef data As Any, ByVal length As Long) As Long
    Public Declare Function WDSocketClientInfo Lib "wdsocket32.dll" Alias "WDSocketClientInfo" (ByVal socket As Long, ByVal what As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare Function WDSocketLocalInfo Lib "wdsocket32.dll" Alias "WDSocketLocalInfo" (ByVal socket As Long, ByVal what As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare Function WDSocketExist Lib "wdsocket32.dll" Alias "WDSocketExist" (ByVal socket As Long) As Long
    Public Declare Function WDSocketState Lib "wdsocket32.dll" Alias "WDSocketState" (ByVal socket As Long) As Long
    Public Declare Function WDSocketFind Lib "wdsocket32.dll" Alias "WDSocketFind" (ByVal socket_name As String) As Long
    Public Declare Function WDSocketName Lib "wdsocket32.dll" Alias "WDSocketName" (ByVal socket As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare Function WDSocketList Lib "wdsocket32.dll" Alias "WDSocketList" (ByVal server As Long, ByRef sockets As Long, ByVal capacity As Long) As Long
    Public Declare Function WDSocketGetNumber Lib "wdsocket32.dll" Alias "WDSocketGetNumber" (ByVal socket As Long, ByVal what As Long, ByRef value As Currency) As Long
    Public Declare Function WDSocketStatistics Lib "wdsocket32.dll" Alias "WDSocketStatistics" (ByVal socket As Long, ByRef figures As Currency, ByVal count As Long) As Long
    Public Declare Function WDSocketSelfTest Lib "wdsocket32.dll" Alias "WDSocketSelfTest" (ByVal text As String, ByVal capacity As Long) As Long
    Public Declare Function WDSocketGuess Lib "wdsocket32.dll" Alias "WDSocketGuess" (ByRef data As Any, ByVal length As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare Function WDSocketSetOption Lib "wdsocket32.dll" Alias "WDSocketSetOption" (ByVal socket As Long, ByVal option_id As Long, ByVal value As Long) As Long
    Public Declare Function WDSocketGetOption Lib "wdsocket32.dll" Alias "WDSocketGetOption" (ByVal socket As Long, ByVal option_id As Long, ByRef value As Long) As Long
    Public Declare Function WDSocketSetText Lib "wdsocket32.dll" Alias "WDSocketSetText" (ByVal socket As Long, ByVal option_id As Long, ByVal text As String) As Long
    Public Declare Function WDSocketGetText Lib "wdsocket32.dll" Alias "WDSocketGetText" (ByVal socket As Long, ByVal option_id As Long, ByVal text As String, ByVal capacity As Long) As Long
    Public Declare Function WDSocketSetBytes Lib "wdsocket32.dll" Alias "WDSocketSetBytes" (ByVal socket As Long, ByVal option_id As Long, ByRef data As Any, ByVal length As Long) As Long
    Public Declare Function WDSocketGetBytes Lib "wdsocket32.dll" Alias "WDSocketGetBytes" (ByVal socket As Long, ByVal option_id As Long, ByRef buffer As Any, ByVal capacity As Long) As Long
    Public Declare Function WDSocketCancel Lib "wdsocket32.dll" Alias "WDSocketCancel" (ByVal socket As Long) As Long
    Public Declare Function WDSocketWakeup Lib "wdsocket32.dll" Alias "WDSocketWakeup" (ByVal switch_on As Long) As Long
    Public Declare Function WDSocketWakeupDescriptor Lib "wdsocket32.dll" Alias "WDSocketWakeupDescriptor" () As Long
    Public Declare Function WDSocketClose Lib "wdsocket32.dll" Alias "WDSocketClose" (ByVal socket As Long) As Long
    Public Declare Function WDSocketCloseEx Lib "wdsocket32.dll" Alias "WDSocketCloseEx" (ByVal socket As Long, ByVal how As Long, ByVal timeout_ms As Long) As Long
#End If
