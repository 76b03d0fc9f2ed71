package route

import (
	"net"
	"net/netip"
	"path"
	"strings"

	"wdsocket/core/endpoint"
	"wdsocket/core/hostname"
)

// Exceptions are targets that are connected to directly: those of
// WDS_TEXT_PROXY_EXCEPTIONS, or of the system. nil are none.
type Exceptions struct {
	text string
	list []exception
}

// exception is one of them.
type exception struct {
	network netip.Prefix // or a pattern
	pattern string       // of a name, or an address with "*": "*.example.com", "192.168.*"
	below   bool         // all names below the pattern, too
	local   bool         // names without a dot
	port    uint16       // 0: any
}

// localWord is what Windows calls names without a dot.
const localWord = "<local>"

// ParseExceptions understands what environments (NO_PROXY) and Windows write: words
// separated by commas, semicolons or blanks.
func ParseExceptions(text string) (*Exceptions, error) {
	x := &Exceptions{text: text}
	for _, word := range strings.FieldsFunc(text, isSeparator) {
		e, ok := parseException(word)
		if !ok {
			return nil, wrong(notePattern, word)
		}
		x.list = append(x.list, e)
	}
	if len(x.list) == 0 {
		return nil, nil
	}
	return x, nil
}

// String is the text as it was given.
func (x *Exceptions) String() string {
	if x == nil {
		return ""
	}
	return x.text
}

func parseException(word string) (exception, bool) {
	if strings.EqualFold(word, localWord) {
		return exception{local: true}, true
	}
	if network, err := netip.ParsePrefix(word); err == nil {
		return exception{network: network.Masked()}, true
	}
	e, host := exception{}, word
	if inner, port, err := net.SplitHostPort(word); err == nil {
		n, ok := parsePort(port)
		if !ok {
			return e, false
		}
		host, e.port = inner, n
	}
	if a, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		e.network, _ = a.WithZone("").Prefix(a.BitLen())
		return e, true
	}
	if rest, dot := strings.CutPrefix(host, "."); dot {
		host = "*." + rest
	}
	name, ok := canonical(host)
	if !ok || strings.ContainsAny(name, "/:[]\\?") {
		return e, false
	}
	e.pattern, e.below = name, !strings.Contains(name, "*")
	return e, true
}

// canonical is a name as it is compared.
func canonical(host string) (string, bool) {
	name, err := hostname.ASCII(host)
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	return name, err == nil && name != ""
}

// match tells whether a target is one of them.
func (x *Exceptions) match(target endpoint.Location) bool {
	if x == nil {
		return false
	}
	a, err := netip.ParseAddr(target.Host)
	name, _ := canonical(target.Host)
	for _, e := range x.list {
		if (e.port == 0 || e.port == target.Port) && e.matches(a.Unmap().WithZone(""), err == nil, name) {
			return true
		}
	}
	return false
}

func (e *exception) matches(a netip.Addr, isIP bool, name string) bool {
	switch {
	case e.local:
		return !isIP && !strings.Contains(name, ".")
	case e.network.IsValid():
		return isIP && e.network.Contains(a)
	case e.below && !isIP && strings.HasSuffix(name, "."+e.pattern):
		return true
	}
	is, err := path.Match(e.pattern, name)
	return err == nil && is
}
