package transport

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"syscall"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// Packet is a datagram socket: one reader at a time, any number of writers.
type Packet struct {
	pc         *net.UDPConn
	sys        rawSocket
	label      string
	dualStack  bool // of a socket on all addresses: IPv4 and IPv6
	packetInfo bool // each datagram comes with the address it was sent to
	addr       endpoint.Addr
	group      netip.Addr // that it was opened for, and so a member of
	zones      zoneCache  // the reader's

	reading packetCall // for one reader at a time
	writing sync.Pool  // of *packetCall
}

// packetCall is a call of package net about one datagram.
type packetCall struct {
	poll.NetCall
	buf     []byte
	n       int
	other   netip.AddrPort // who sent it, or is to get it
	control controlData
	used    []byte // of control
}

// What is told of a datagram's addresses (IP_PKTINFO, IPV6_PKTINFO).
const (
	ipLevel       = windows.IPPROTO_IP
	ipPacketInfo  = windows.IP_PKTINFO
	ip6Level      = windows.IPPROTO_IPV6
	ip6PacketInfo = windows.IPV6_PKTINFO
	sizeInfo4     = 8 // address, interface
)

// destination4 reads a struct in_pktinfo. What was sent to a broadcast address
// names no own one; the system then refuses to send from it.
func destination4(info []byte) (to, own netip.Addr) {
	to = netip.AddrFrom4([4]byte(info))
	return to, to
}

func source4(info []byte, own netip.Addr) {
	raw := own.As4()
	copy(info, raw[:])
}

func newPacket(pc *net.UDPConn, l *Local) (*Packet, error) {
	p := &Packet{pc: pc, label: l.labelAt(addrFrom(pc.LocalAddr())), addr: addrFrom(pc.LocalAddr()), dualStack: l.Family != IPv6}
	p.packetInfo = p.addr.IP().IsUnspecified()
	if err := p.sys.init(pc); err != nil {
		pc.Close()
		return nil, syserr.Wrap(err, fault.PhaseListen, l.Label())
	}
	r := &p.reading
	r.NetCall = poll.NewNetCall(pc.SetReadDeadline, func() (err error) {
		if p.packetInfo {
			n := 0
			r.n, n, _, r.other, err = pc.ReadMsgUDPAddrPort(r.buf, r.control.bytes())
			r.used = r.control.bytes()[:n]
			return err
		}
		r.n, r.other, err = pc.ReadFromUDPAddrPort(r.buf)
		return err
	})
	p.writing.New = func() any {
		c := new(packetCall)
		c.NetCall = poll.NewNetCall(pc.SetWriteDeadline, func() error {
			if len(c.used) > 0 {
				_, _, err := pc.WriteMsgUDPAddrPort(c.buf, c.used, c.other)
				return err
			}
			_, err := pc.WriteToUDPAddrPort(c.buf, c.other)
			return err
		})
		return c
	}
	if err := p.Apply(l.Options); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// listenGroup opens a socket for a multicast group. Windows binds none to the
// address of a group: it listens on all own addresses of the group's version of
// IP, and is a member.
func listenGroup(l *Local, group netip.Addr, zone string) (*Packet, error) {
	all := *l
	all.Host, all.Family = "0.0.0.0", IPv4
	if group.Is6() {
		all.Host, all.Family = "::", IPv6
	}
	p, err := listenPacket(&all)
	if err != nil {
		return nil, err
	}
	if err := p.joinOwn(group, zone); err != nil {
		return nil, err
	}
	return p, nil
}

// Apply sets the options of a datagram socket.
func (p *Packet) Apply(o *Options) error {
	if err := applyPacket(p.pc, o); err != nil {
		return syserr.Wrap(err, fault.PhaseOption, p.label)
	}
	four, six := ipv4.NewPacketConn(p.pc), ipv6.NewPacketConn(p.pc)
	type setting struct {
		name      string
		four, six error
	}
	settings := []setting{
		{"WDS_OPT_MULTICAST_TTL", four.SetMulticastTTL(o.MulticastTTL), six.SetMulticastHopLimit(o.MulticastTTL)},
		{"WDS_OPT_MULTICAST_LOOP", four.SetMulticastLoopback(o.MulticastLoop), six.SetMulticastLoopback(o.MulticastLoop)},
	}
	if o.MulticastFrom != "" {
		nif, err := net.InterfaceByName(o.MulticastFrom)
		if err != nil {
			return fault.New(fault.LocalAddress, fault.PhaseOption, o.MulticastFrom)
		}
		settings = append(settings, setting{"WDS_TEXT_MULTICAST_INTERFACE", four.SetMulticastInterface(nif), six.SetMulticastInterface(nif)})
	}
	for _, s := range settings {
		if s.four != nil && s.six != nil { // one family is enough
			if err := o.allow(s.name, s.four); err != nil {
				return err
			}
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
	addr, zone, ok := Group(group)
	if !ok {
		return fault.New(fault.Argument, fault.PhaseOption, "group").With(fault.NoteParameter, group)
	}
	var nif *net.Interface
	var err error
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
	if err != nil && join && addr == p.group {
		return nil // it is a member since it was opened
	}
	if err != nil {
		return memberFailed(err, group)
	}
	return nil
}

// ReadFrom takes one datagram, or waits for one as w says.
func (p *Packet) ReadFrom(w *poll.Call, buf []byte) (int, PacketInfo, error) {
	if w.MayNotWait() {
		return p.readNow(w, buf)
	}
	r := &p.reading
	r.buf, r.n, r.other, r.used = buf, 0, netip.AddrPort{}, nil
	err := w.Run(&r.NetCall)
	r.buf = nil
	from := endpoint.FromAddrPort(r.other)
	if err != nil {
		return 0, PacketInfo{From: from}, p.readFailed(err, from)
	}
	return r.n, p.arrived(from, r.used), nil
}

// readNow is ReadFrom for a call that may not wait.
func (p *Packet) readNow(w *poll.Call, buf []byte) (int, PacketInfo, error) {
	n, control, errno := p.sys.receiveFrom(buf, p.packetInfo)
	switch errno {
	case 0:
		return n, p.arrived(p.sys.sender(), control), nil
	case windows.WSAEWOULDBLOCK:
		return 0, PacketInfo{}, waitFailed(w.Expired(), noDatagram, p.label)
	}
	return 0, PacketInfo{}, p.readFailed(errno, p.sys.sender())
}

// readFailed is the error of a read; Windows tells an unreachable port as a
// reset.
func (p *Packet) readFailed(err error, from endpoint.Addr) error {
	e := waitFailed(err, noDatagram, p.label)
	if e.Code == fault.Reset {
		e.Code = fault.PortUnreachable
		e.Who = from.String()
	}
	return e
}

// WriteTo sends one datagram, from the given own address if it is valid and
// still there, and waits for room as w says.
func (p *Packet) WriteTo(w *poll.Call, buf []byte, to endpoint.Addr, own netip.Addr) error {
	if !p.Reaches(to.IP()) {
		return fault.New(fault.Unreachable, fault.PhaseWrite, to.String()).With(noteOtherFamily)
	}
	c := p.writing.Get().(*packetCall)
	c.buf, c.other, c.used = buf, to.AddrPort(), nil
	if own.IsValid() {
		c.used = c.control.leaveFrom(own)
	}
	err := w.Run(&c.NetCall)
	if c.used != nil && err != nil && sourceRefused(err) {
		c.used = nil // the own address has gone, or does not lead there
		err = w.Run(&c.NetCall)
	}
	c.buf = nil
	p.writing.Put(c)
	if err != nil {
		return syserr.Wrap(err, fault.PhaseWrite, to.String())
	}
	return nil
}

// sourceRefused tells whether a datagram may have been refused because of
// the address it was to leave from.
func sourceRefused(err error) bool {
	var errno syscall.Errno
	return errors.As(err, &errno) && (errno == windows.WSAEINVAL || errno == windows.WSAEOPNOTSUPP ||
		syserr.CodeOf(errno, fault.PhaseWrite) == fault.Unreachable)
}

// Available is the length of the next datagrams, 0 if there is none.
func (p *Packet) Available() int { return pendingInput(p.pc) }

// Close gives the descriptor back.
func (p *Packet) Close() {
	p.pc.Close()
	p.sys.Close()
}

// Source is what calls and queues wait for.
func (p *Packet) Source() *poll.Source { return &p.sys.Source }
