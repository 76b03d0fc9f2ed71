package transport

import (
	"context"
	"net"
	"strconv"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// tcpListener is a Listener of TCP.
type tcpListener struct {
	ln    netListener
	sys   poll.Source
	label string
	addr  endpoint.Addr
	opts  Options
}

func (l *Local) address() string { return net.JoinHostPort(l.Host, strconv.Itoa(int(l.Port))) }

// listenTCP opens a server port.
func listenTCP(l *Local) (Listener, error) {
	config := net.ListenConfig{KeepAlive: -1, Control: controlServer(l)}
	config.SetMultipathTCP(false)
	ln, err := config.Listen(context.Background(), l.Family.network("tcp"), l.address())
	if err != nil {
		return nil, listenFailed(err, l)
	}
	out, err := newListener(ln.(*net.TCPListener), l)
	if err != nil {
		return nil, err // no nil in an interface
	}
	return out, nil
}

// listenPacket opens a datagram port.
func listenPacket(l *Local) (*Packet, error) {
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

func listenFailed(err error, l *Local) *fault.Error {
	e := syserr.Wrap(err, fault.PhaseListen, l.Label())
	if e.Code == fault.HostUnknown || e.Code == fault.Resolver {
		e.Phase, e.Who = fault.PhaseResolve, l.Host
	}
	return e
}

func newListener(ln netListener, l *Local) (*tcpListener, error) {
	raw, err := ln.SyscallConn()
	if err != nil {
		ln.Close()
		return nil, syserr.Wrap(err, fault.PhaseListen, l.Label())
	}
	out := &tcpListener{ln: ln, label: l.labelAt(addrFrom(ln.Addr())), addr: addrFrom(ln.Addr()), opts: *l.Options}
	out.sys.Init(raw)
	if err := setBacklog(ln, max(l.Options.Backlog, 1)); err != nil {
		out.Close()
		return nil, syserr.Wrap(err, fault.PhaseListen, l.Label())
	}
	return out, nil
}

// Apply sets the options of connections accepted afterwards.
func (l *tcpListener) Apply(o *Options) error {
	l.opts = *o
	return nil
}

// Accept takes the next client, or waits for one as w says. A lack of
// descriptors is told after at most a second.
func (l *tcpListener) Accept(w *poll.Call) (Conn, endpoint.Addr, error) {
	nc, err := l.accept(w)
	if err != nil {
		return nil, endpoint.Addr{}, err
	}
	return l.take(nc)
}

// accept is Accept of what the system gives.
func (l *tcpListener) accept(w *poll.Call) (net.Conn, error) {
	var shortageSince time.Time
	for {
		var nc net.Conn
		c := poll.NewNetCall(l.ln.SetDeadline, func() (e error) {
			nc, e = l.ln.Accept()
			return e
		})
		err := w.RunNow(&c, l.pending)
		if err == nil {
			return nc, nil
		}
		e := waitFailed(err, noClient, l.label)
		switch e.Code {
		case fault.Reset: // that client is gone, the next one may do
			continue
		case fault.Descriptors:
			if shortageSince.IsZero() {
				shortageSince = time.Now()
			}
			if time.Since(shortageSince) < maxEMFILEWait && w.Pause(50*time.Millisecond) == nil {
				continue
			}
		}
		return nil, e
	}
}

// pending tells whether a client waits.
func (l *tcpListener) pending() bool { return readable(l.ln) }

func (l *tcpListener) take(nc net.Conn) (Conn, endpoint.Addr, error) {
	from := addrFrom(nc.RemoteAddr())
	conn, err := attach(nc, from)
	if err != nil {
		return nil, from, err
	}
	// The options of a client that has gone meanwhile cannot be set; what it
	// sent is read all the same, and then its end is told.
	if err := conn.Apply(&l.opts); err != nil && syserr.Wrap(err, fault.PhaseAccept, conn.Peer()).Code != fault.Reset {
		conn.Close()
		return nil, from, err
	}
	return conn, from, nil
}

// Close gives the descriptor back.
func (l *tcpListener) Close() {
	l.ln.Close()
	l.sys.Close()
}

// Source is what calls and queues wait for.
func (l *tcpListener) Source() *poll.Source { return &l.sys }
