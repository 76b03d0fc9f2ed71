package fault

// Code is the number of an error. The numbers are those of the C interface
// (WDS_E_ in wdsocket.h): fixed, negative, never used again for another
// meaning. A Code is itself an error, so that errors.Is(err, fault.Timeout)
// asks for a kind of error.
type Code int32

// The codes, in the order of the header.
const (
	OK                      Code = 0
	Timeout                 Code = -1   // the time asked for ended first
	Closed                  Code = -2   // this program closed the socket meanwhile
	Cancelled               Code = -3   // WDSocketCancel or WDSocketWakeup ended this call; the socket is still open
	PeerClosed              Code = -4   // the peer ended the conversation in order, all it sent has been delivered
	Reset                   Code = -5   // the connection was cut: reset by the peer, or found dead by keep-alive
	Busy                    Code = -6   // another thread is reading (or waiting on) this socket
	Handle                  Code = -7   // no such socket or token: closed, or never made
	Kind                    Code = -8   // the socket is of another kind than the function needs
	State                   Code = -9   // not possible in the socket's present state
	Argument                Code = -10  // a parameter is wrong; the text names it
	Buffer                  Code = -11  // the buffer is too small for what is there; nothing was consumed
	Memory                  Code = -12  // the library's memory budget is used up
	Internal                Code = -13  // a fault inside the library; WDS_INFO_DETAIL tells where
	Forked                  Code = -14  // called in a forked child
	Unsupported             Code = -15  // not available on this system or in this version
	NameTaken               Code = -16  // a live socket has that name already
	NotFound                Code = -17  // no socket has that name
	Silent                  Code = -18  // the connection was ended here: nothing came for WDS_OPT_IDLE_LIMIT, or a message took longer than WDS_OPT_MESSAGE_LIMIT
	Reconnecting            Code = -19  // the connection is down and is being made again (WDS_OPT_RECONNECT)
	Refused                 Code = -30  // nothing listens on that port, or the peer refused
	Unreachable             Code = -31  // no way to that host or network
	HostUnknown             Code = -32  // the host name does not exist
	Resolver                Code = -33  // the name could not be looked up: the name server failed or is silent
	PortTaken               Code = -34  // the local port is used by another socket
	LocalAddress            Code = -35  // the local address is not one of this machine
	Access                  Code = -36  // the system denies it to this user
	Descriptors             Code = -37  // no descriptors left in the process or the system
	System                  Code = -38  // another error of the system; WDS_INFO_SYSTEM has its number
	NotConnected            Code = -39  // the socket is not open (yet)
	NoClient                Code = -40  // simplified server: no client has been taken yet
	NoRequest               Code = -41  // no connection request is pending
	StandardServer          Code = -42  // read or write on a server whose clients are accepted: use the channel
	Limit                   Code = -43  // a limit on sockets or clients is reached
	Broken                  Code = -50  // an earlier write stopped inside a message: nothing more can be written
	WriteClosed             Code = -51  // this program has ended its own sending side
	Full                    Code = -52  // the send queue is full (WDS_OPT_SEND_QUEUE): nothing of the message was taken
	Frame                   Code = -60  // the bytes are no message of the transmission mode; the text shows them
	TooLong                 Code = -61  // a message is longer than the limit
	TagInMessage            Code = -62  // the message to write contains the end tag or a marker
	Check                   Code = -63  // the check bytes of a message are wrong
	Text                    Code = -64  // the text cannot be converted between the character sets
	PortUnreachable         Code = -70  // a datagram came back: no socket on that port (WDS_OPT_UDP_ERRORS)
	DatagramSize            Code = -71  // the datagram is too big to send
	NoDestination           Code = -72  // no address given and none received yet
	TLSExpired              Code = -90  // the certificate has expired
	TLSNotYetValid          Code = -91  // the certificate is not valid yet: or the clock is wrong
	TLSWrongHost            Code = -92  // the certificate is for other names than the one connected to
	TLSSelfSigned           Code = -93  // the certificate is self-signed and not trusted here
	TLSUnknownAuthority     Code = -94  // the certificate is signed by an authority that is not trusted here
	TLSMissingIntermediate  Code = -95  // the peer did not send the certificate of its issuer
	TLSBadCertificate       Code = -96  // the certificate is wrong in another way
	TLSPin                  Code = -97  // none of the peer's keys is pinned
	TLSCertificateFile      Code = -98  // an own certificate or key cannot be read
	TLSKeyMismatch          Code = -99  // the private key does not belong to the certificate
	TLSPassword             Code = -100 // the password of the certificate file is wrong
	TLSNoCommonVersion      Code = -101 // both ends have no TLS version in common
	TLSNoClientCertificate  Code = -102 // the server wants a client certificate and got none
	TLSBadClientCertificate Code = -103 // the server does not accept the client certificate
	TLSTruncated            Code = -104 // the connection ended without TLS's own end: data may be missing
	TLSPlainText            Code = -105 // the peer does not speak TLS on this port
	TLSHandshake            Code = -106 // the handshake failed in another way; the text says how
	TLSSurplus              Code = -107 // plain bytes stand in front of TLS: somebody may have put them there
	TLSNotSecured           Code = -108 // there is no TLS on this connection
	TLSRecord               Code = -109 // a TLS record is damaged or forged
	ProxyUnreachable        Code = -110 // a proxy cannot be reached
	ProxyAuthentication     Code = -111 // a proxy wants a user and a password, or does not accept those given
	ProxyRefused            Code = -112 // a proxy refuses to connect to the target; the text has its words
	ProxyTarget             Code = -113 // a proxy cannot reach the target; the text has its words
	ProxyProtocol           Code = -114 // a proxy does not speak the protocol of its URL
	WebSocketHandshake      Code = -120 // the handshake of WebSocket failed; the text says how
	WebSocketRefused        Code = -121 // the server answered a WebSocket request with another HTTP status than 101
	WebSocketPlain          Code = -122 // the peer does not speak WebSocket: a plain HTTP request, or no HTTP at all
	WebSocketDenied         Code = -123 // this server refused a WebSocket request: path, origin, version
	WebSocketProtocol       Code = -124 // a frame breaks the rules of WebSocket
	WebSocketText           Code = -125 // a text message is not UTF-8
	WebSocketTooLong        Code = -126 // a message is longer than the limit
	WebSocketClosed         Code = -127 // the peer closed the WebSocket with a code of an error
	WebSocketAbnormal       Code = -128 // the connection ended without the end of WebSocket
	ProxyHeader             Code = -135 // the PROXY header in front of a connection is wrong
	NoProxyHeader           Code = -136 // a server requires a PROXY header, and the connection begins otherwise
	ProxyUntrusted          Code = -137 // a server requires a PROXY header, and the address is not one of a trusted proxy
)

// IsTLS tells whether a code is one of TLS.
func (c Code) IsTLS() bool { return c <= TLSExpired && c >= TLSRecord }

// IsWebSocket tells whether a code is one of WebSockets.
func (c Code) IsWebSocket() bool { return c <= WebSocketHandshake && c >= WebSocketAbnormal }

// Phase tells what was being done when an error happened.
type Phase int32

// The phases, in the order of the header.
const (
	PhaseNone      Phase = 0
	PhaseCall      Phase = 1
	PhaseResolve   Phase = 2
	PhaseConnect   Phase = 3
	PhaseListen    Phase = 4
	PhaseAccept    Phase = 5
	PhaseRead      Phase = 6
	PhaseWrite     Phase = 7
	PhaseFrame     Phase = 8
	PhaseClose     Phase = 9
	PhaseOption    Phase = 10
	PhaseProxy     Phase = 11
	PhaseTLS       Phase = 12
	PhaseWebSocket Phase = 13
)
