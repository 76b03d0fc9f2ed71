package fault

// Scope is how far an error reaches: what of a program's sockets it ends. The
// numbers are those of the C interface (WDS_SCOPE_). Up to ScopeClient the same
// call may be made again.
type Scope int32

// The scopes, in the order of the header.
const (
	ScopeNone       Scope = iota // no error
	ScopeCall                    // this call only: the same may succeed later
	ScopeMessage                 // one message or datagram: the next one may succeed
	ScopeClient                  // the client of a simplified server: it takes the next one
	ScopeConnection              // the connection is over, or was not made
	ScopeServer                  // the server, or the UDP socket, is not open
	ScopeProgram                 // the call cannot succeed as it is; nothing has changed
	ScopeLibrary                 // no call of this process succeeds
)

// scopes is the only list of the scopes of codes, at the number of the code
// without its sign: how far it reaches on a connection that is open, if the error
// did not end it.
var scopes = [...]Scope{
	-Timeout:         ScopeCall,
	-Closed:          ScopeProgram,
	-Cancelled:       ScopeCall,
	-PeerClosed:      ScopeConnection,
	-Reset:           ScopeConnection,
	-Busy:            ScopeCall,
	-Handle:          ScopeProgram,
	-Kind:            ScopeProgram,
	-State:           ScopeProgram,
	-Argument:        ScopeProgram,
	-Buffer:          ScopeCall,
	-Memory:          ScopeCall,
	-Internal:        ScopeConnection, // what has become of it is not known
	-Forked:          ScopeLibrary,
	-Unsupported:     ScopeProgram,
	-NameTaken:       ScopeProgram,
	-NotFound:        ScopeCall,
	-Silent:          ScopeConnection,
	-Reconnecting:    ScopeCall,
	-Refused:         ScopeConnection,
	-Unreachable:     ScopeConnection,
	-HostUnknown:     ScopeConnection,
	-Resolver:        ScopeConnection,
	-PortTaken:       ScopeServer,
	-LocalAddress:    ScopeServer,
	-Access:          ScopeCall,
	-Descriptors:     ScopeCall,
	-System:          ScopeCall,
	-NotConnected:    ScopeProgram,
	-NoClient:        ScopeCall,
	-NoRequest:       ScopeCall,
	-StandardServer:  ScopeProgram,
	-Limit:           ScopeCall,
	-Broken:          ScopeConnection,
	-WriteClosed:     ScopeProgram,
	-Full:            ScopeCall,
	-Frame:           ScopeMessage,
	-TooLong:         ScopeMessage,
	-TagInMessage:    ScopeMessage,
	-Check:           ScopeMessage,
	-Text:            ScopeMessage,
	-PortUnreachable: ScopeMessage,
	-DatagramSize:    ScopeMessage,
	-NoDestination:   ScopeCall,

	-TLSExpired:              ScopeConnection,
	-TLSNotYetValid:          ScopeConnection,
	-TLSWrongHost:            ScopeConnection,
	-TLSSelfSigned:           ScopeConnection,
	-TLSUnknownAuthority:     ScopeConnection,
	-TLSMissingIntermediate:  ScopeConnection,
	-TLSBadCertificate:       ScopeConnection,
	-TLSPin:                  ScopeConnection,
	-TLSCertificateFile:      ScopeProgram,
	-TLSKeyMismatch:          ScopeProgram,
	-TLSPassword:             ScopeProgram,
	-TLSNoCommonVersion:      ScopeConnection,
	-TLSNoClientCertificate:  ScopeConnection,
	-TLSBadClientCertificate: ScopeConnection,
	-TLSTruncated:            ScopeConnection,
	-TLSPlainText:            ScopeConnection,
	-TLSHandshake:            ScopeConnection,
	-TLSSurplus:              ScopeConnection, // it is open, but not to be trusted
	-TLSNotSecured:           ScopeProgram,
	-TLSRecord:               ScopeConnection,

	-ProxyUnreachable:    ScopeConnection,
	-ProxyAuthentication: ScopeConnection,
	-ProxyRefused:        ScopeConnection,
	-ProxyTarget:         ScopeConnection,
	-ProxyProtocol:       ScopeConnection,
	-WebSocketHandshake:  ScopeConnection,
	-WebSocketRefused:    ScopeConnection,
	-WebSocketPlain:      ScopeConnection,
	-WebSocketDenied:     ScopeConnection,
	-WebSocketProtocol:   ScopeConnection,
	-WebSocketText:       ScopeConnection,
	-WebSocketTooLong:    ScopeConnection,
	-WebSocketClosed:     ScopeConnection,
	-WebSocketAbnormal:   ScopeConnection,
	-ProxyHeader:         ScopeConnection,
	-NoProxyHeader:       ScopeConnection,
	-ProxyUntrusted:      ScopeConnection,
}

// Scope is how far an error of this code reaches if nothing else is known.
// ScopeProgram for a code that does not exist: waiting does not help.
func (c Code) Scope() Scope {
	switch {
	case c == OK:
		return ScopeNone
	case c > 0 || -int(c) >= len(scopes) || !c.Known():
		return ScopeProgram
	}
	return scopes[-c]
}

// ScopeIn is Scope for an error that happened during a phase. What cannot be opened
// is a connection, or a server where it is to listen.
func (c Code) ScopeIn(phase Phase) Scope {
	scope := c.Scope()
	switch phase {
	case PhaseCall, PhaseOption:
		if (scope == ScopeConnection || scope == ScopeServer) && c != Internal { // as an own certificate that has expired
			return ScopeProgram
		}
	case PhaseResolve, PhaseConnect, PhaseProxy:
		if scope == ScopeCall || scope == ScopeServer {
			return ScopeConnection
		}
	case PhaseListen:
		if scope == ScopeCall || scope == ScopeConnection {
			return ScopeServer
		}
	}
	return scope
}
