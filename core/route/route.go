// Package route says by which proxies a client reaches its target: what a program
// writes, what the system is set to, and the exceptions from both. It opens nothing.
package route

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/hostname"
)

// Protocol is how a proxy is spoken to.
type Protocol uint8

// The protocols.
const (
	HTTP    Protocol = iota // CONNECT (RFC 9110, section 9.3.6)
	HTTPS                   // the same, over TLS to the proxy
	SOCKS5                  // RFC 1928; names are looked up on this machine
	SOCKS5H                 // RFC 1928; the proxy looks names up
)

// protocols are their schemes and usual ports.
var protocols = [...]struct {
	scheme string
	port   uint16
}{HTTP: {"http", 80}, HTTPS: {"https", 443}, SOCKS5: {"socks5", 1080}, SOCKS5H: {"socks5h", 1080}}

// Proxy is one on the way to a target.
type Proxy struct {
	Protocol Protocol
	Host     string // a name or an IP address
	Port     uint16
	User     string
	Password string
	Known    bool // there is a user, be it an empty one
}

// Label names the proxy in texts, without user and password: "http://proxy:3128".
func (p *Proxy) Label() string { return p.url("") }

// masked is the text of the proxy without its secrets.
func (p *Proxy) masked() string {
	if p.Known {
		return p.url(hidden + "@")
	}
	return p.Label()
}

// url is the proxy's URL, with what stands in front of its host.
func (p *Proxy) url(user string) string {
	return protocols[p.Protocol].scheme + "://" + user + net.JoinHostPort(p.Host, strconv.Itoa(int(p.Port)))
}

// hidden stands for user and password.
const hidden = "***"

// Location is where it listens.
func (p *Proxy) Location() endpoint.Location { return endpoint.At(p.Host, int(p.Port)) }

// Labels names the proxies of a way, the first one first.
func Labels(way []Proxy) string {
	labels := make([]string, len(way))
	for i := range way {
		labels[i] = way[i].Label()
	}
	return strings.Join(labels, " ")
}

// Way is what WDS_TEXT_PROXY says. The zero Way is no proxy, and none is ever changed.
type Way struct {
	text    string // without secrets
	proxies []Proxy
	system  bool
}

// systemWord stands for the system's setting.
const systemWord = "system"

// most bounds how many proxies may follow each other.
const most = 8

// Parse understands "", "system", and URLs of proxies, separated by blanks.
func Parse(text string) (Way, error) {
	words := strings.Fields(text)
	if len(words) == 1 && strings.EqualFold(words[0], systemWord) {
		return Way{text: systemWord, system: true}, nil
	}
	if len(words) > most {
		return Way{}, wrong(noteMost, strconv.Itoa(len(words)), strconv.Itoa(most))
	}
	w := Way{}
	texts := make([]string, len(words))
	for i, word := range words {
		p, err := parseProxy(word)
		if err != nil {
			return Way{}, err
		}
		w.proxies, texts[i] = append(w.proxies, p), p.masked()
	}
	w.text = strings.Join(texts, " ")
	return w, nil
}

// String is the text, with a mask instead of users and passwords.
func (w Way) String() string { return w.text }

// parseProxy understands the URL of one proxy.
func parseProxy(text string) (Proxy, error) {
	shown := mask(text)
	scheme, _, found := strings.Cut(text, "://")
	if !found {
		return Proxy{}, wrong(noteForm, shown)
	}
	at := -1
	for i := range protocols {
		if strings.EqualFold(scheme, protocols[i].scheme) {
			at = i
		}
	}
	if at < 0 {
		return Proxy{}, wrong(noteProtocol, scheme)
	}
	u, err := url.Parse(text)
	if err != nil || u.Opaque != "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || strings.Contains(text, "#") {
		return Proxy{}, wrong(noteForm, shown)
	}
	p := Proxy{Protocol: Protocol(at), Host: u.Hostname(), Port: protocols[at].port}
	if !isHost(p.Host) {
		return Proxy{}, wrong(noteForm, shown)
	}
	if port := u.Port(); port != "" {
		n, ok := parsePort(port)
		if !ok {
			return Proxy{}, wrong(noteForm, shown)
		}
		p.Port = n
	}
	if u.User != nil {
		p.User, p.Known = u.User.Username(), true
		p.Password, _ = u.User.Password()
	}
	return p, p.checkUser(shown)
}

// checkUser refuses what the protocol cannot carry.
func (p *Proxy) checkUser(shown string) error {
	const longest = 255 // RFC 1929, section 2
	switch {
	case !p.Known:
	case p.Protocol <= HTTPS && strings.Contains(p.User, ":"): // RFC 7617, section 2
		return wrong(noteColon, shown)
	case p.Protocol > HTTPS && (p.User == "" || len(p.User) > longest || len(p.Password) > longest):
		return wrong(noteSecretLength, shown, strconv.Itoa(longest))
	}
	return nil
}

// parsePort reads the number of a port, which is not 0.
func parsePort(text string) (port uint16, ok bool) {
	n, err := strconv.ParseUint(text, 10, 16)
	return uint16(n), err == nil && n != 0
}

// isHost tells whether a text can be the host of a proxy.
func isHost(host string) bool {
	if endpoint.IsIP(host) {
		return true
	}
	name, err := hostname.ASCII(host)
	return err == nil && name != "" && len(name) <= longestName && !strings.ContainsAny(name, "\x00 \t\r\n\"'<>:\\[]|^`{}%")
}

// longestName is the longest host name, in bytes.
const longestName = 253

// mask is the text of a proxy's URL, right or wrong, without what may be a user and a
// password.
func mask(text string) string {
	scheme, rest, found := strings.Cut(text, "://")
	if !found {
		scheme, rest = "", text
	} else {
		scheme += "://"
	}
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		rest = hidden + rest[at:]
	}
	return scheme + rest
}

// To is the proxies on the way to a target, the first one first; none: it is connected
// to directly. What the system is set to is asked for each time.
func (w Way) To(target endpoint.Location, except *Exceptions) ([]Proxy, error) {
	if len(w.proxies) == 0 && !w.system || target.Kind != endpoint.IP || target.Host == "" { // this machine
		return nil, nil
	}
	if except.match(target) {
		return nil, nil
	}
	way := w.proxies
	if w.system {
		var err error
		if way, err = systems(target); err != nil || len(way) == 0 {
			return nil, err
		}
	}
	if a, err := netip.ParseAddr(target.Host); err == nil && a.Zone() != "" {
		return nil, fault.New(fault.Argument, fault.PhaseProxy, "address").With(noteZone, target.Host, Labels(way))
	}
	return way, nil
}

func wrong(note fault.Note, args ...string) *fault.Error {
	return fault.New(fault.Argument, fault.PhaseOption, "text").With(note, args...)
}
