package endpoint

import (
	"net"
	"net/netip"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"unicode/utf8"

	"wdsocket/core/fault"
	"wdsocket/core/hostname"
)

// ParseLocation understands an address beside a port that is given on its own; port 0
// then takes the one in the text. This is the only reader of addresses, and this is their
// grammar, which wdsocket.h describes:
//
//	address = host / hosts / scheme "://" hosts      ; scheme = "tcp" / "tls"
//	        / scheme "://" hosts [path]              ; scheme = "ws" / "wss"
//	        / "unix:/" file / "unix:@" name          ; a Unix-domain socket
//	        / "pipe:" name / "local:" name
//	hosts   = host [":" ports] / "[" v6 [%zone] "]" [":" ports]
//	host    = name / v4 / v6 / ""                    ; v6 without a scheme only
//	ports   = port ["-" port]                        ; a range is for what listens
//	path    = "/" ... / "?" ...                      ; no blanks, no fragment
//
// Schemes are read in any case. fault.Unsupported is for what stands for something that
// the library does not know, "http://..." or "mailto:...".
func ParseLocation(address string, port int) (Location, error) {
	if port < 0 || port > 65535 {
		return Location{}, argumentNote("port", noteNoPort, strconv.Itoa(port))
	}
	if strings.IndexByte(address, 0) >= 0 {
		return Location{}, argumentNote("address", fault.NoteNul)
	}
	if !strings.Contains(address, ":") {
		host := strings.TrimSpace(address)
		return At(host, port), checkNumbers(host)
	}
	if isLiteral(address) {
		return At(address, port), nil
	}
	scheme, rest, err := cutScheme(address)
	if err != nil {
		return Location{}, err
	}
	switch scheme {
	case Unix, Pipe, Local:
		if port != 0 {
			return Location{}, argumentNote("port", noteNeedsNoPort, strconv.Itoa(port), address)
		}
		return parseName(scheme, rest)
	}
	at := Location{Scheme: scheme, Kind: IP}
	if scheme.WebSocket() {
		if i := strings.IndexAny(rest, "/?#"); i >= 0 {
			rest, at.Path = rest[:i], rest[i:]
		}
		if err := checkPath(address, at.Path); err != nil {
			return Location{}, err
		}
		if strings.HasPrefix(at.Path, "?") {
			at.Path = "/" + at.Path
		}
	}
	return at, at.parseHosts(address, rest, port)
}

// cutScheme takes the scheme off an address.
func cutScheme(address string) (Scheme, string, error) {
	name, rest, is := schemeOf(address)
	if !is {
		return Bare, address, nil
	}
	for scheme := TCP; scheme <= Local; scheme++ {
		text := scheme.String()
		if len(address) >= len(text) && strings.EqualFold(address[:len(text)], text) {
			return scheme, address[len(text):], nil
		}
	}
	for scheme := TCP; scheme <= WSS; scheme++ {
		if strings.EqualFold(name+"://", scheme.String()) {
			return Bare, "", argumentNote("address", noteSlashes, address, scheme.String())
		}
	}
	unknown := fault.New(fault.Unsupported, fault.PhaseCall, address)
	if url, err := url.Parse(address); err == nil && strings.HasPrefix(rest, "//") && url.Hostname() != "" {
		return Bare, "", unknown.With(textURL, url.Hostname())
	}
	return Bare, "", unknown.With(noteScheme, name)
}

// parseHosts reads "host", "host:port", "host:port-port" and "[v6]:port".
func (l *Location) parseHosts(address, text string, port int) error {
	l.Port = uint16(port)
	if l.Scheme != Bare && strings.ContainsFunc(text, inNoHost) {
		return argumentNote("address", noteBadHost, address, l.Scheme.String())
	}
	if !strings.Contains(text, ":") {
		l.Host = text
		return l.checkHost(address)
	}
	if inner, found := strings.CutPrefix(text, "["); found && strings.HasSuffix(inner, "]") {
		inner = strings.TrimSuffix(inner, "]")
		if isLiteral(inner) {
			l.Host = inner
			return nil
		}
	}
	host, ports, err := net.SplitHostPort(text)
	from, to, ok := parsePorts(ports)
	if err != nil || !ok || host == "" && strings.HasPrefix(text, "[") || strings.Contains(host, ":") && !isLiteral(host) {
		return argumentNote("address", noteBadPair, address, "[v6]:port")
	}
	if port != 0 && (port != int(from) || to != 0) {
		return argumentNote("port", noteTwoPorts, strconv.Itoa(port), address)
	}
	l.Host, l.Port, l.PortTo = host, from, to
	return l.checkHost(address)
}

// inNoHost tells what stands in no host, port or brackets of a URL.
func inNoHost(c rune) bool { return c <= ' ' || c == 0x7F || strings.ContainsRune(`@/?#\`, c) }

// checkHost refuses what is no host. Of one without a scheme looking it up will tell.
func (l *Location) checkHost(address string) error {
	if l.Scheme != Bare && strings.ContainsAny(l.Host, "[]%") && !isLiteral(l.Host) {
		return argumentNote("address", noteBadHost, address, l.Scheme.String())
	}
	return checkNumbers(l.Host)
}

// parsePorts reads "5000" and "5000-5010"; to is 0 without a range.
func parsePorts(text string) (from, to uint16, ok bool) {
	first, last, ranged := strings.Cut(text, "-")
	from, ok = parsePort(first)
	if !ranged || !ok {
		return from, 0, ok
	}
	to, ok = parsePort(last)
	return from, to, ok && from > 0 && from <= to
}

// parsePort reads digits, and nothing else.
func parsePort(text string) (uint16, bool) {
	n, err := strconv.ParseUint(text, 10, 16)
	return uint16(n), err == nil
}

// checkPath refuses what cannot stand in the first line of a request.
func checkPath(address, path string) error {
	if strings.ContainsFunc(path, func(c rune) bool { return c <= ' ' || c == 0x7F || c == utf8.RuneError }) {
		return argumentNote("address", noteBadPath, address)
	}
	if strings.Contains(path, "#") {
		return argumentNote("address", noteFragment, address)
	}
	return nil
}

// maxUnixPath is what fits into the system's address of a Unix socket, beside the zero
// at its end or, of a name without a file, in front of it.
const maxUnixPath = 107

// maxPipeName is what fits behind \\.\pipe\, of which the system takes 256 characters.
const maxPipeName = 247

// maxLocalName is what fits into both.
const maxLocalName = 100

// parseName reads what stands behind unix:, pipe: and local:.
func parseName(scheme Scheme, name string) (Location, error) {
	at, most := Location{Scheme: scheme, Kind: PipeName, Path: name}, maxPipeName
	valid := name != "" && !strings.ContainsFunc(name, func(c rune) bool { return c < ' ' || c == '/' || c == '\\' })
	switch scheme {
	case Unix:
		at.Kind, most = UnixPath, maxUnixPath
		if strings.HasPrefix(name, "///") { // an empty host in front of the path, as other programs write it
			at.Path = name[2:]
		}
		valid = strings.HasPrefix(at.Path, "/") && at.Path != "/" && !strings.HasPrefix(at.Path, "//") ||
			strings.HasPrefix(at.Path, "@") && at.Path != "@"
		if runtime.GOOS == "windows" && !valid { // C:\...
			valid = len(name) > 3 && name[1] == ':' && (name[2] == '\\' || name[2] == '/')
		}
	case Local:
		most = maxLocalName
		valid = name != "" && strings.Trim(name, localLetters) == ""
		if runtime.GOOS != "windows" {
			at.Kind, at.Path = UnixPath, localFolder+name
		}
	}
	switch {
	case !valid:
		return Location{}, argumentNote("address", noteBadName, scheme.String()+name, scheme.form())
	case len(at.Path) > most:
		return Location{}, argumentNote("address", fault.NoteTooLong, strconv.Itoa(len(at.Path)), strconv.Itoa(most))
	}
	return at, nil
}

// localFolder is where the file of local:name is on systems with Unix sockets: every user
// may make one there, and take away only his own. Names without a file ("@name") anybody
// may have, whatever the permissions.
const localFolder = "/tmp/local."

// localLetters are those of a name that any system takes.
const localLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

// form shows how an address with a name is written.
func (s Scheme) form() string {
	switch s {
	case Unix:
		if runtime.GOOS == "windows" {
			return `unix:C:\path`
		}
		return "unix:/path, unix:@name"
	case Pipe:
		return "pipe:name"
	}
	return "local:name (A-Z a-z 0-9 . _ -)"
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

// isLiteral is IsIP of an address, whose zone ends with the brackets around it.
func isLiteral(s string) bool { return IsIP(s) && !strings.ContainsAny(s, "[]") }

// schemeOf finds "ws://…", "unix:…" and the like. "host:80" is none: what
// stands behind its colon is a number, or two.
func schemeOf(address string) (scheme, rest string, is bool) {
	scheme, rest, _ = strings.Cut(address, ":")
	for i, c := range scheme {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789+-.", c)) {
			return "", "", false
		}
	}
	if scheme == "" {
		return "", "", false
	}
	for known := Unix; known <= Local; known++ { // whose names may be numbers
		if strings.EqualFold(scheme+":", known.String()) && !isPorts(rest) {
			return scheme, rest, true
		}
	}
	if isPorts(rest) || rest == "" || strings.Contains(rest, ":") && !strings.HasPrefix(rest, "//") {
		return "", "", false
	}
	return scheme, rest, true
}

// isPorts tells whether a text is numbers, as ports are, be they wrong.
func isPorts(text string) bool { return text != "" && strings.Trim(text, "0123456789-") == "" }

func argumentNote(name string, note fault.Note, args ...string) *fault.Error {
	return fault.New(fault.Argument, fault.PhaseCall, name).With(note, args...)
}

// NoPort is the error of a call that needs a port and got none.
func NoPort() error { return argumentNote("port", noteNoPort, "0") }

// NoRange is the error of a call that needs one port and got a range.
func (l Location) NoRange() error { return argumentNote("address", noteNoRange, l.ports()) }
