package route

import (
	"strings"

	"wdsocket/core/endpoint"
)

// What Taken.Info tells, by the numbers of the header (WDS_INFO_ROUTE_).
const (
	InfoProxies  = 4040
	InfoEndpoint = 4041
)

// IsInfo tells whether a number is one of what Info tells.
func IsInfo(what int32) bool { return what == InfoProxies || what == InfoEndpoint }

// Taken is the way by which a connection was made.
type Taken struct {
	Proxies []Proxy       // in order
	First   endpoint.Addr // where the first of them was reached
}

// Info tells one of the facts, "" where there are none, as in a nil Taken. Users and
// passwords are masked.
func (t *Taken) Info(what int32) string {
	if t == nil {
		return ""
	}
	if what == InfoEndpoint {
		return t.First.String()
	}
	texts := make([]string, len(t.Proxies))
	for i := range t.Proxies {
		texts[i] = t.Proxies[i].masked()
	}
	return strings.Join(texts, " ")
}
