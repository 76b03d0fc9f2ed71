package endpoint

import (
	"net"
	"strconv"
	"strings"
)

// Location is where a socket is to connect to or to listen, as a program has written
// it: a name is not looked up. A name may have to reach a proxy, or a certificate, as it
// is.
type Location struct {
	Scheme Scheme // what stands in front; Bare for nothing
	Kind   Kind   // how it is connected to; IP of a name that stands for an IP address, too
	Port   uint16 // 0: none, or one that the system chooses
	PortTo uint16 // the last of a range that begins with Port; 0: there is no range
	Host   string // name or IP address; "": this machine, or all its addresses
	Path   string // of a WebSocket: "/path?query", "" for none; "/file" or "@name" of a Unix socket, or a pipe's name
}

// Scheme is what an address begins with. It says what stands on its connections.
type Scheme uint8

// The schemes.
const (
	Bare  Scheme = iota // none: what stands on the connections is said elsewhere
	TCP                 // tcp://host:port, plain
	TLS                 // tls://host:port
	WS                  // ws://host:port/path, a WebSocket
	WSS                 // wss://host:port/path, one above TLS
	Unix                // unix:/path or unix:@name
	Pipe                // pipe:name
	Local               // local:name, one of those two, as the system has it
)

// schemes are their texts.
var schemes = [...]string{TCP: "tcp://", TLS: "tls://", WS: "ws://", WSS: "wss://", Unix: "unix:", Pipe: "pipe:", Local: "local:"}

// String is what an address with the scheme begins with, "tcp://".
func (s Scheme) String() string { return schemes[s] }

// Secure tells that connections have TLS.
func (s Scheme) Secure() bool { return s == TLS || s == WSS }

// Plain tells that connections have no TLS. That of ws:// is left to the call.
func (s Scheme) Plain() bool { return s == TCP }

// WebSocket tells that messages are those of a WebSocket.
func (s Scheme) WebSocket() bool { return s == WS || s == WSS }

// At is the Location of a host and a port.
func At(host string, port int) Location { return Location{Host: host, Port: uint16(port), Kind: IP} }

// WebPath is the path that a WebSocket asks for, "" for none.
func (l Location) WebPath() string {
	if !l.Scheme.WebSocket() {
		return "" // a Unix socket's is another
	}
	return l.Path
}

// HasPort tells whether the kind of address has ports.
func (l Location) HasPort() bool { return l.Kind == IP }

// String is the text that ParseLocation reads, and names it in errors: "host:5000",
// "[::1]:5000", "ws://host:80/path".
func (l Location) String() string {
	text := l.Scheme.String()
	switch l.Kind {
	case UnixPath, PipeName:
		if l.Scheme == Local {
			return text + strings.TrimPrefix(l.Path, localFolder)
		}
		return text + l.Path
	}
	host := l.Host
	if host == "" {
		host = "127.0.0.1"
	}
	return text + net.JoinHostPort(host, l.ports()) + l.Path
}

// ports is "5000", or "5000-5010".
func (l Location) ports() string {
	ports := strconv.Itoa(int(l.Port))
	if l.PortTo != 0 {
		ports += "-" + strconv.Itoa(int(l.PortTo))
	}
	return ports
}

// Listening names it in errors as an own address: "port 5000" where that is all.
func (l Location) Listening() string {
	if l.Kind == IP && l.Host == "" && l.Scheme == Bare {
		return "port " + l.ports()
	}
	return l.String()
}

// usualPort is the port that the scheme stands for: 80 of ws://, 443 of wss://; 0 for
// none.
func (s Scheme) usualPort() uint16 {
	switch s {
	case WS:
		return 80
	case WSS:
		return 443
	}
	return 0
}

// WithDefaultPort has the port that the scheme stands for, if none was given.
func (l Location) WithDefaultPort() Location {
	if l.Port == 0 {
		l.Port = l.Scheme.usualPort()
	}
	return l
}

// DefaultPort tells whether the port is the one that the scheme stands for.
func (l Location) DefaultPort() bool { return l.Port != 0 && l.Port == l.Scheme.usualPort() }
