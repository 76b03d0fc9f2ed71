package wire

import (
	"net"
	"net/netip"
	"strings"
	"sync"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
	"golang.org/x/sys/windows"

	"wdsocket/core/fault"
)

// Packet is a datagram socket: one reader at a time, any number of writers.
type Packet struct {
	pc    *net.UDPConn
	sys   patient
	label string
	end   netip.AddrPort

	reading packetCall // for one reader at a time
	writing sync.Pool  // of *packetCall
}

// packetCall is a call of package net about one datagram.
type packetCall struct {
	netCall
	buf   []byte
	n     int
	other netip.AddrPort // who sent it, or is to get it
}

// MaxDatagram is the longest datagram there is.
const MaxDatagram = 65535

func newPacket(pc *net.UDPConn, l *Local) (*Packet, error) {
	p := &Packet{pc: pc, label: l.labelAt(endOf(pc.LocalAddr())), end: endOf(pc.LocalAddr())}
	if err := p.sys.init(pc); err != nil {
		pc.Close()
		return nil, Wrap(err, fault.PhaseListen, l.Label())
	}
	r := &p.reading
	r.netCall = newNetCall(pc.SetReadDeadline, func() (err error) {
		r.n, r.other, err = pc.ReadFromUDPAddrPort(r.buf)
		return err
	})
	p.writing.New = func() any {
		c := new(packetCall)
		c.netCall = newNetCall(pc.SetWriteDeadline, func() error {
			_, err := pc.WriteToUDPAddrPort(c.buf, c.other)
			return err
		})
		return c
	}
	descriptors.Add(1)
	if err := p.Apply(l.Options); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// LocalEnd is the own address.
func (p *Packet) LocalEnd() netip.AddrPort { return p.end }

// Apply sets the options of a datagram socket.
func (p *Packet) Apply(o *Options) error {
	if err := applyPacket(p.pc, o); err != nil {
		return Wrap(err, fault.PhaseOption, p.label)
	}
	four, six := ipv4.NewPacketConn(p.pc), ipv6.NewPacketConn(p.pc)
	errs := [][2]error{
		{four.SetMulticastTTL(o.MulticastTTL), six.SetMulticastHopLimit(o.MulticastTTL)},
		{four.SetMulticastLoopback(o.MulticastLoop), six.SetMulticastLoopback(o.MulticastLoop)},
	}
	if o.MulticastFrom != "" {
		nif, err := net.InterfaceByName(o.MulticastFrom)
		if err != nil {
			return fault.New(fault.LocalAddress, fault.PhaseOption, o.MulticastFrom)
		}
		errs = append(errs, [2]error{four.SetMulticastInterface(nif), six.SetMulticastInterface(nif)})
	}
	for _, pair := range errs {
		if pair[0] != nil && pair[1] != nil { // one family is enough
			return Wrap(pair[0], fault.PhaseOption, p.label)
		}
	}
	return nil
}

// Join makes the socket a member of a multicast group: "239.1.2.3" or, with
// the interface, "239.1.2.3%eth0". Leave takes the same text.
func (p *Packet) Join(group string) error { return p.membership(group, true) }

// Leave ends a membership.
func (p *Packet) Leave(group string) error { return p.membership(group, false) }

func (p *Packet) membership(group string, join bool) error {
	text, zone, _ := strings.Cut(group, "%")
	addr, err := netip.ParseAddr(text)
	if err != nil || !addr.IsMulticast() {
		return fault.New(fault.Argument, fault.PhaseOption, "group").With(fault.NoteParameter, group)
	}
	var nif *net.Interface
	if zone != "" {
		if nif, err = net.InterfaceByName(zone); err != nil {
			return fault.New(fault.LocalAddress, fault.PhaseOption, zone)
		}
	}
	to := &net.UDPAddr{IP: addr.AsSlice()}
	four, six := ipv4.NewPacketConn(p.pc), ipv6.NewPacketConn(p.pc)
	switch {
	case addr.Is4() && join:
		err = four.JoinGroup(nif, to)
	case addr.Is4():
		err = four.LeaveGroup(nif, to)
	case join:
		err = six.JoinGroup(nif, to)
	default:
		err = six.LeaveGroup(nif, to)
	}
	if err != nil {
		return memberFailed(err, group)
	}
	return nil
}

// ReadFrom takes one datagram, or waits for one as w says.
func (p *Packet) ReadFrom(w *Wait, buf []byte) (int, netip.AddrPort, error) {
	if w.now {
		return p.readNow(w, buf)
	}
	r := &p.reading
	r.buf, r.n, r.other = buf, 0, netip.AddrPort{}
	err := w.run(&r.netCall)
	r.buf = nil
	from := netip.AddrPortFrom(r.other.Addr().Unmap(), r.other.Port())
	if err != nil {
		return 0, from, p.readFailed(err, from)
	}
	return r.n, from, nil
}

// readNow is ReadFrom for a call that may not wait.
func (p *Packet) readNow(w *Wait, buf []byte) (int, netip.AddrPort, error) {
	n, errno := p.sys.receive(buf, true)
	switch errno {
	case 0:
		return n, p.sys.sender(), nil
	case windows.WSAEWOULDBLOCK:
		return 0, netip.AddrPort{}, Wrap(w.verdict(fault.Timeout), fault.PhaseRead, p.label)
	}
	return 0, netip.AddrPort{}, p.readFailed(errno, p.sys.sender())
}

// readFailed is the error of a read; Windows tells an unreachable port as a
// reset.
func (p *Packet) readFailed(err error, from netip.AddrPort) error {
	e := Wrap(err, fault.PhaseRead, p.label)
	if e.Code == fault.Reset {
		e.Code = fault.PortUnreachable
		e.Who = from.String()
	}
	return e
}

// WriteTo sends one datagram and waits for room as w says.
func (p *Packet) WriteTo(w *Wait, buf []byte, to netip.AddrPort) error {
	c := p.writing.Get().(*packetCall)
	c.buf, c.other = buf, to
	err := w.run(&c.netCall)
	c.buf = nil
	p.writing.Put(c)
	if err != nil {
		return Wrap(err, fault.PhaseWrite, to.String())
	}
	return nil
}

// Available is the length of the next datagrams, 0 if there is none.
func (p *Packet) Available() int { return pendingInput(p.pc) }

// Close gives the descriptor back.
func (p *Packet) Close() {
	p.pc.Close()
	descriptors.Add(-1)
}
