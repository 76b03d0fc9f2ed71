package endpoint

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"wdsocket/core/fault"
	"wdsocket/core/hostname"
)

// Location is where a socket is to connect to or to listen, as a program has written
// it: a name is not looked up. A name may have to reach a proxy, or a certificate, as it
// is.
type Location struct {
	Host string // name or IP address; "": this machine, or all its addresses
	Port uint16 // 0: none, or one that the system chooses
	Kind Kind   // how it is connected to; IP of a name that stands for an IP address, too

	Scheme string // "ws" or "wss"; "" without
	Path   string // behind the port of such an address, with its query: "/chat?room=1"
}

// At is the Location of a host and a port.
func At(host string, port int) Location { return Location{Host: host, Port: uint16(port), Kind: IP} }

// schemePorts are the schemes of WebSockets with their ports.
var schemePorts = map[string]int{"ws": 80, "wss": 443}

// DefaultPort tells whether the port is the one that the scheme stands for.
func (l Location) DefaultPort() bool { return l.Port != 0 && int(l.Port) == schemePorts[l.Scheme] }

// parseURL reads "ws://host:port/path"; is tells whether it is one. Port 0 then takes
// the one in the text, or that of the scheme.
func parseURL(address string, port int) (at Location, is bool, err error) {
	scheme, rest, found := strings.Cut(address, "://")
	scheme = strings.ToLower(scheme)
	usual, known := schemePorts[scheme]
	if !found || !known {
		return Location{}, false, nil
	}
	host, path := rest, ""
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	if strings.HasPrefix(path, "?") {
		path = "/" + path
	}
	if host, port, err = split(host, port); err != nil {
		return Location{}, true, err
	}
	if port == 0 {
		port = usual
	}
	at = At(host, port)
	at.Scheme, at.Path = scheme, path
	return at, true, nil
}

// String names it in errors: "host:5000", "[::1]:5000".
func (l Location) String() string {
	host := l.Host
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, strconv.Itoa(int(l.Port)))
}

// ParseLocation understands "host", "host:port", "[v6]:port" and "ws://host:port/path"
// beside a port that is given on its own; port 0 then takes the one in the text. What
// stands for another kind of address, "unix:...", is fault.Unsupported.
func ParseLocation(address string, port int) (Location, error) {
	if at, is, err := parseURL(address, port); is {
		return at, err
	}
	host, port, err := split(address, port)
	if err != nil {
		return Location{}, err
	}
	return At(host, port), nil
}

// split is ParseLocation for what has a host and a port.
func split(address string, port int) (string, int, error) {
	if port < 0 || port > 65535 {
		return "", 0, argumentNote("port", noteNoPort, strconv.Itoa(port))
	}
	if strings.ContainsRune(address, 0) {
		return "", 0, argumentNote("address", fault.NoteNul)
	}
	if !strings.Contains(address, ":") {
		address = strings.TrimSpace(address)
		return address, port, checkNumbers(address)
	}
	if _, err := netip.ParseAddr(address); err == nil {
		return address, port, nil
	}
	if scheme, is := schemeOf(address); is {
		if url, err := url.Parse(address); err == nil && url.Hostname() != "" {
			return "", 0, fault.New(fault.Unsupported, fault.PhaseCall, address).With(textURL, url.Hostname())
		}
		return "", 0, fault.New(fault.Unsupported, fault.PhaseCall, address).With(fault.NoteScheme, scheme)
	}
	if inner, found := strings.CutPrefix(address, "["); found && strings.HasSuffix(inner, "]") {
		inner = strings.TrimSuffix(inner, "]")
		if _, err := netip.ParseAddr(inner); err == nil {
			return inner, port, nil
		}
	}
	host, text, err := net.SplitHostPort(address)
	own, numErr := strconv.ParseUint(text, 10, 16)
	if err != nil || numErr != nil || host == "" && strings.HasPrefix(address, "[") || strings.Contains(host, ":") && !IsIP(host) {
		return "", 0, argumentNote("address", noteBadPair, address, "[v6]:port")
	}
	if port != 0 && port != int(own) {
		return "", 0, argumentNote("port", noteTwoPorts, strconv.Itoa(port), address)
	}
	return host, int(own), checkNumbers(host)
}

// checkNumbers refuses four numbers with dots that are no IPv4 address, instead
// of having them looked up as a name: with zeros in front other programs take
// them for octal.
func checkNumbers(host string) error {
	if strings.Trim(host, "0123456789.") != "" || IsIP(host) {
		return nil // which costs nothing for each datagram
	}
	plain, is := hostname.Dotted(host)
	switch {
	case !is:
		return nil
	case IsIP(plain):
		return argumentNote("address", noteZeros, host, plain)
	}
	return argumentNote("address", NoteNoIP, host)
}

// IsIP tells whether a text is an IP address.
func IsIP(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

// schemeOf finds "ws://…", "unix:…" and the like. "host:80" is none: what
// stands behind its colon is a number.
func schemeOf(address string) (string, bool) {
	scheme, rest, _ := strings.Cut(address, ":")
	for i, c := range scheme {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789+-.", c)) {
			return "", false
		}
	}
	if scheme == "" || strings.HasPrefix(address, "[") {
		return "", false
	}
	if _, err := strconv.ParseUint(rest, 10, 64); err == nil || rest == "" || strings.Contains(rest, ":") && !strings.HasPrefix(rest, "//") {
		return "", false
	}
	if strings.HasPrefix(rest, "-") {
		return "", false // a negative port, not a scheme
	}
	return scheme, true
}

func argumentNote(name string, note fault.Note, args ...string) *fault.Error {
	return fault.New(fault.Argument, fault.PhaseCall, name).With(note, args...)
}

// NoPort is the error of a call that needs a port and got none.
func NoPort() error { return argumentNote("port", noteNoPort, "0") }
