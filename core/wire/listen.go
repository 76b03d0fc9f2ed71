package wire

import (
	"context"
	"net"
	"net/netip"
	"strconv"

	"wdsocket/core/fault"
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
func (l *Local) labelAt(end netip.AddrPort) string {
	at := *l
	at.Port = int(end.Port())
	return at.Label()
}

func (l *Local) address() string { return net.JoinHostPort(l.Host, strconv.Itoa(l.Port)) }

// Listen opens a server port.
func Listen(l *Local) (*Listener, error) {
	config := net.ListenConfig{KeepAlive: -1, Control: controlServer(l)}
	config.SetMultipathTCP(false)
	ln, err := config.Listen(context.Background(), l.Family.network("tcp"), l.address())
	if err != nil {
		return nil, listenFailed(err, l)
	}
	return newListener(ln.(*net.TCPListener), l)
}

// ListenPacket opens a datagram port.
func ListenPacket(l *Local) (*Packet, error) {
	if group, zone, ok := l.group(); ok {
		return listenGroup(l, group, zone)
	}
	config := net.ListenConfig{Control: controlPacket(l)}
	pc, err := config.ListenPacket(context.Background(), l.Family.network("udp"), l.address())
	if err != nil {
		return nil, listenFailed(err, l)
	}
	return newPacket(pc.(*net.UDPConn), l)
}

func listenFailed(err error, l *Local) error {
	e := Wrap(err, fault.PhaseListen, l.Label())
	if e.Code == fault.HostUnknown || e.Code == fault.Resolver {
		e.Phase, e.Who = fault.PhaseResolve, l.Host
	}
	return e
}
