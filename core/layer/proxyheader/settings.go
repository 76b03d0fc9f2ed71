package proxyheader

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
)

// Mode says what a server makes of headers.
type Mode int32

// The modes (WDS_PROXY_HEADER_).
const (
	Off      Mode = iota
	Accepted      // trusted addresses may send one
	Required      // trusted addresses must send one, and others are not let in
)

// Settings are what a socket does about headers.
type Settings struct {
	Mode    Mode // of a server
	Timeout time.Duration
	Trusted Trusted

	Send int // the version that a client sends, 0 for none
}

// Expects tells whether a server reads a header from a peer.
func (s *Settings) Expects(peer endpoint.Addr) bool {
	return s.Mode != Off && s.Trusted.Has(peer)
}

// Refuses tells whether a server lets a peer not in, whatever it sends.
func (s *Settings) Refuses(peer endpoint.Addr) bool {
	return s.Mode == Required && !s.Trusted.Has(peer)
}

// Trusted is a list of addresses. The zero Trusted has none.
type Trusted struct {
	text     string
	prefixes []netip.Prefix
	unix     bool // every client that comes by a Unix socket
}

// ParseTrusted reads IP addresses, prefixes and "unix:" that are separated by commas or
// blanks.
func ParseTrusted(text string) (Trusted, error) {
	t := Trusted{text: text}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\r' || r == '\n' }) {
		if strings.EqualFold(word, endpoint.Unix.String()) {
			t.unix = true
			continue
		}
		p, err := netip.ParsePrefix(word)
		if err != nil {
			ip, err := netip.ParseAddr(word)
			if err != nil || ip.Zone() != "" {
				return Trusted{}, fault.New(fault.Argument, fault.PhaseOption, "text").With(notePrefix, word)
			}
			p = netip.PrefixFrom(ip, ip.BitLen())
		}
		const mapped = 96 // bits in front of an IPv4 address that is written as one of IPv6
		if ip := p.Addr(); ip.Is4In6() && p.Bits() >= mapped {
			p = netip.PrefixFrom(ip.Unmap(), p.Bits()-mapped)
		}
		t.prefixes = append(t.prefixes, p)
	}
	return t, nil
}

// String is the text that was read.
func (t Trusted) String() string { return t.text }

// Empty tells whether nothing is trusted.
func (t Trusted) Empty() bool { return len(t.prefixes) == 0 && !t.unix }

// Has tells whether an address is among them.
func (t Trusted) Has(a endpoint.Addr) bool {
	if a.Kind() == endpoint.Process {
		return t.unix
	}
	ip := a.IP().WithZone("")
	return ip.IsValid() && slices.ContainsFunc(t.prefixes, func(p netip.Prefix) bool { return p.Contains(ip) })
}
