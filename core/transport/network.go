package transport

import (
	"maps"
	"net"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
)

// network is how addresses of one kind are connected to and listened on.
type network interface {
	dial(w *poll.Call, t *Target) (Conn, error)
	listen(l *Local) (Listener, error)
}

// networks are those that there are, by the kind of address: a new one is
// a row here, and a file with its Conn and its Listener. A kind that only some systems
// have is a row of localNetworks in a file of theirs.
var networks = func() map[endpoint.Kind]network {
	all := map[endpoint.Kind]network{endpoint.IP: tcp{}}
	maps.Copy(all, localNetworks)
	return all
}()

// Dial connects within the time of w.
func Dial(w *poll.Call, t *Target) (Conn, error) {
	n := networks[t.Kind]
	if n == nil {
		return nil, notHere(fault.PhaseConnect, t.Location)
	}
	return n.dial(w, t)
}

// notHere is the error of a kind of address that this system does not have: named pipes.
func notHere(phase fault.Phase, at endpoint.Location) *fault.Error {
	return fault.New(fault.Unsupported, phase, at.String()).With(textNoPipes)
}

// Listen opens a server.
func Listen(l *Local) (Listener, error) {
	n := networks[l.Kind]
	if n == nil {
		return nil, notHere(fault.PhaseListen, l.Location)
	}
	return firstFree(l, true, n.listen)
}

// ListenPacket opens a datagram port.
func ListenPacket(l *Local) (*Packet, error) { return firstFree(l, false, listenPacket) }

// tcp is the network of IP addresses.
type tcp struct{}

func (tcp) dial(w *poll.Call, t *Target) (Conn, error) { return dialTCP(w, t) }
func (tcp) listen(l *Local) (Listener, error)          { return listenTCP(l) }

// addrFrom is an address of package net.
func addrFrom(a net.Addr) endpoint.Addr {
	if a == nil {
		return endpoint.Addr{}
	}
	return endpoint.Parse(a.String())
}
