package transport

import (
	"net"
	"strconv"

	"wdsocket/core/endpoint"
)

// Local is an own address to listen on.
type Local struct {
	Host    string // address or name, "" for all
	Port    int    // 0: the system chooses
	Family  Family
	Options *Options
}

// Label names the address in texts.
func (l *Local) Label() string {
	if l.Host == "" {
		return "port " + strconv.Itoa(l.Port)
	}
	return net.JoinHostPort(l.Host, strconv.Itoa(l.Port))
}

// labelAt is Label with the port that the system chose.
func (l *Local) labelAt(end endpoint.Addr) string {
	at := *l
	at.Port = int(end.Port())
	return at.Label()
}

// LocalAddr is the address listened on.
func (l *Listener) LocalAddr() endpoint.Addr { return l.addr }
