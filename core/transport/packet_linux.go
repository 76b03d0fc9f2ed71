package transport

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// Packet is a datagram socket: one reader at a time, any number of writers.
type Packet struct {
	source     poll.Source
	label      string
	v6         bool
	dualStack  bool // of a socket on all addresses: IPv4 and IPv6
	packetInfo bool // each datagram comes with the address it was sent to
	addr       endpoint.Addr
	group      netip.Addr // that it is bound to, and so a member of
	zones      zoneCache  // the reader's
	reader     struct {   // the reader's own
		name    unix.RawSockaddrAny
		iov     unix.Iovec
		msg     unix.Msghdr
		control controlData
	}
}

// What is told of a datagram's addresses (ip(7), ipv6(7)).
const (
	ipLevel       = unix.SOL_IP
	ipPacketInfo  = unix.IP_PKTINFO
	ip6Level      = unix.SOL_IPV6
	ip6PacketInfo = unix.IPV6_PKTINFO
	sizeInfo4     = unix.SizeofInet4Pktinfo // interface, own address, address in the datagram
)

// destination4 reads a struct in_pktinfo: whom a datagram was sent to, and the
// own address there.
func destination4(info []byte) (to, own netip.Addr) {
	return netip.AddrFrom4([4]byte(info[8:])), netip.AddrFrom4([4]byte(info[4:]))
}

func source4(info []byte, own netip.Addr) {
	raw := own.As4()
	copy(info[4:], raw[:])
}

// listenPacket opens a datagram port.
func listenPacket(l *Local) (*Packet, error) {
	if group, zone, ok := l.group(); ok {
		return listenGroup(l, group, zone)
	}
	fd, err := openPacket(l)
	if err != nil {
		return nil, syserr.Wrap(err, fault.PhaseListen, l.Label())
	}
	return packetOf(fd, l)
}

func openPacket(l *Local) (int, error) {
	pl, err := l.bindAddr()
	if err != nil {
		return -1, err
	}
	fd, err := pl.socket(unix.SOCK_DGRAM)
	if err != nil {
		return -1, err
	}
	if err = preparePacket(fd, l); err == nil {
		err = pl.bind(fd)
	}
	if err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// packetOf takes a bound socket over.
func packetOf(fd int, l *Local) (*Packet, error) {
	p := &Packet{addr: addrOf(fd, unix.SYS_GETSOCKNAME), dualStack: l.Family != IPv6}
	p.source.Init(fd)
	p.label = l.labelAt(p.addr)
	p.packetInfo = p.addr.IP().IsUnspecified()
	domain, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN)
	p.v6 = err == nil && domain == unix.AF_INET6
	if err := p.Apply(l.Options); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// preparePacket sets what must be set before a datagram socket is bound: who
// may share its port, that it hears no groups but those it joins itself, and
// that it tells which own address a datagram was sent to. What an old system
// does not know stays as it is there.
func preparePacket(fd int, l *Local) error {
	set := func(level, which, value int) { unix.SetsockoptInt(fd, level, which, value) }
	domain, _ := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN)
	set(unix.SOL_IP, unix.IP_MULTICAST_ALL, 0)
	if domain == unix.AF_INET6 {
		set(unix.SOL_IPV6, unix.IPV6_MULTICAST_ALL, 0)
	}
	if l.anywhere() {
		set(unix.SOL_IP, unix.IP_PKTINFO, 1)
		if domain == unix.AF_INET6 {
			set(unix.SOL_IPV6, unix.IPV6_RECVPKTINFO, 1)
		}
	}
	if !l.Options.Shared {
		return nil
	}
	return wrapShared(errors.Join(setInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1), setInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)))
}

// listenGroup opens a socket on the address of a multicast group: it gets what
// is sent to the group and nothing else. Package net would listen on all
// addresses, and share the port.
func listenGroup(l *Local, group netip.Addr, zone string) (*Packet, error) {
	domain := unix.AF_INET
	var at unix.Sockaddr
	if group.Is4() {
		at = &unix.SockaddrInet4{Port: int(l.Port), Addr: group.As4()}
	} else {
		domain = unix.AF_INET6
		at = &unix.SockaddrInet6{Port: int(l.Port), Addr: group.As16(), ZoneId: zoneNumber(zone)}
	}
	fd, err := unix.Socket(domain, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, syserr.Wrap(err, fault.PhaseListen, l.Label())
	}
	if err = preparePacket(fd, l); err == nil && group.Is6() {
		err = l.Options.set(fd, "IPV6_V6ONLY", unix.SOL_IPV6, unix.IPV6_V6ONLY, 1)
	}
	if err == nil {
		err = unix.Bind(fd, at)
	}
	if err != nil {
		unix.Close(fd)
		e := syserr.Wrap(err, fault.PhaseListen, l.Label())
		if err == unix.EINVAL && zone == "" { // of a group of the link only
			e.Code = fault.LocalAddress
			e.With(noteGroupInterface, group.String())
		}
		return nil, e
	}
	p, err := packetOf(fd, l)
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
	fd := p.source.FD()
	if err := applyBuffers(fd, o); err != nil {
		return err
	}
	var from unix.IPMreqn
	from.Ifindex = int32(zoneNumber(o.MulticastFrom))
	if o.MulticastFrom != "" && from.Ifindex == 0 {
		return fault.New(fault.LocalAddress, fault.PhaseOption, o.MulticastFrom)
	}
	settings := []struct {
		six          bool
		name         string
		level, which int
		value        int
	}{
		{false, "WDS_OPT_BROADCAST", unix.SOL_SOCKET, unix.SO_BROADCAST, number(o.Broadcast)},
		{false, "WDS_OPT_UDP_ERRORS", unix.SOL_IP, unix.IP_RECVERR, number(o.ReportUnreachable)},
		{false, "WDS_OPT_MULTICAST_TTL", unix.SOL_IP, unix.IP_MULTICAST_TTL, o.MulticastTTL},
		{false, "WDS_OPT_MULTICAST_LOOP", unix.SOL_IP, unix.IP_MULTICAST_LOOP, number(o.MulticastLoop)},
		{true, "WDS_OPT_UDP_ERRORS", unix.SOL_IPV6, unix.IPV6_RECVERR, number(o.ReportUnreachable)},
		{true, "WDS_OPT_MULTICAST_TTL", unix.SOL_IPV6, unix.IPV6_MULTICAST_HOPS, o.MulticastTTL},
		{true, "WDS_OPT_MULTICAST_LOOP", unix.SOL_IPV6, unix.IPV6_MULTICAST_LOOP, number(o.MulticastLoop)},
		{true, textMulticastInterface, unix.SOL_IPV6, unix.IPV6_MULTICAST_IF, int(from.Ifindex)},
	}
	for _, s := range settings {
		if s.six && !p.v6 {
			continue
		}
		if err := o.set(fd, s.name, s.level, s.which, s.value); err != nil {
			return err
		}
	}
	return o.allow(textMulticastInterface, unix.SetsockoptIPMreqn(fd, unix.SOL_IP, unix.IP_MULTICAST_IF, &from))
}

const textMulticastInterface = "WDS_TEXT_MULTICAST_INTERFACE"

// Join makes the socket a member of a multicast group: "239.1.2.3" or, with
// the interface, "239.1.2.3%eth0". Leave takes the same text.
func (p *Packet) Join(group string) error {
	return p.membership(group, unix.IP_ADD_MEMBERSHIP, unix.IPV6_JOIN_GROUP)
}

// Leave ends a membership.
func (p *Packet) Leave(group string) error {
	return p.membership(group, unix.IP_DROP_MEMBERSHIP, unix.IPV6_LEAVE_GROUP)
}

func (p *Packet) membership(group string, four, six int) error {
	addr, zone, ok := Group(group)
	if !ok {
		return fault.New(fault.Argument, fault.PhaseOption, "group").With(fault.NoteParameter, group)
	}
	index := zoneNumber(zone)
	if zone != "" && index == 0 {
		return fault.New(fault.LocalAddress, fault.PhaseOption, zone)
	}
	var err error
	if addr.Is4() {
		err = unix.SetsockoptIPMreqn(p.source.FD(), unix.SOL_IP, four, &unix.IPMreqn{Multiaddr: addr.As4(), Ifindex: int32(index)})
	} else {
		err = unix.SetsockoptIPv6Mreq(p.source.FD(), unix.SOL_IPV6, six, &unix.IPv6Mreq{Multiaddr: addr.As16(), Interface: index})
	}
	if err == unix.EADDRINUSE && addr == p.group {
		return nil // it is a member since it was opened
	}
	if err != nil {
		return memberFailed(err, group)
	}
	return nil
}

// ReadFrom takes one datagram, or waits for one as w says. buf should have
// MaxDatagram bytes.
func (p *Packet) ReadFrom(w *poll.Call, buf []byte) (int, PacketInfo, error) {
	for {
		n, ends, errno := p.receive(buf, 0)
		switch errno {
		case 0:
			return n, ends, nil
		case unix.EAGAIN:
			got, err := p.source.Wait(w, unix.POLLIN)
			if err != nil {
				return 0, ends, waitFailed(err, noDatagram, p.label)
			}
			if got&unix.POLLIN == 0 { // only an error is queued
				if e := p.queuedError(); e != nil {
					return 0, ends, e
				}
			}
		case unix.EINTR:
		default:
			if e := p.queuedError(); e != nil {
				return 0, ends, e
			}
			if errno != unix.ECONNREFUSED {
				return 0, ends, syserr.Wrap(errno, fault.PhaseRead, p.label)
			}
		}
	}
}

func (p *Packet) receive(buf []byte, flags int) (int, PacketInfo, syscall.Errno) {
	r := &p.reader
	r.iov.Base = &buf[0]
	r.iov.SetLen(len(buf))
	r.msg = unix.Msghdr{Name: (*byte)(unsafe.Pointer(&r.name)), Namelen: uint32(unsafe.Sizeof(r.name)), Iov: &r.iov}
	r.msg.SetIovlen(1)
	if p.packetInfo {
		r.msg.Control = (*byte)(unsafe.Pointer(&r.control))
		r.msg.SetControllen(int(unsafe.Sizeof(r.control)))
	}
	n, _, errno := unix.RawSyscall(unix.SYS_RECVMSG, uintptr(p.source.FD()), uintptr(unsafe.Pointer(&r.msg)), uintptr(unix.MSG_DONTWAIT|flags))
	r.iov.Base = nil
	runtime.KeepAlive(buf)
	if errno != 0 {
		return 0, PacketInfo{}, errno
	}
	return int(n), p.arrived(fromRaw(&r.name), r.control.bytes()[:r.msg.Controllen]), 0
}

// queuedError takes one error from the socket's error queue (IP_RECVERR) and
// tells whom it concerns; nil if the queue is empty.
func (p *Packet) queuedError() error {
	var payload [64]byte
	control := make([]byte, 512)
	_, oobn, _, from, err := unix.Recvmsg(p.source.FD(), payload[:], control, unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
	if err != nil {
		return nil
	}
	errno := syscall.Errno(0)
	if messages, err := unix.ParseSocketControlMessage(control[:oobn]); err == nil {
		for _, m := range messages {
			if len(m.Data) >= 4 && (m.Header.Type == unix.IP_RECVERR || m.Header.Type == unix.IPV6_RECVERR) {
				errno = syscall.Errno(binary.NativeEndian.Uint32(m.Data))
			}
		}
	}
	return syserr.Wrap(errno, fault.PhaseRead, sockaddrText(from))
}

func sockaddrText(sa unix.Sockaddr) string {
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		return endpoint.FromIP(netip.AddrFrom4(a.Addr), uint16(a.Port)).String()
	case *unix.SockaddrInet6:
		return endpoint.FromIP(netip.AddrFrom16(a.Addr).Unmap(), uint16(a.Port)).String()
	}
	return ""
}

// WriteTo sends one datagram, from the given own address if it is valid and
// still there, and waits for room as w says.
func (p *Packet) WriteTo(w *poll.Call, buf []byte, to endpoint.Addr, own netip.Addr) error {
	if !p.Reaches(to.IP()) {
		return fault.New(fault.Unreachable, fault.PhaseWrite, to.String()).With(noteOtherFamily)
	}
	var name unix.RawSockaddrAny
	size := toRaw(&name, to, p.v6)
	iov := unix.Iovec{}
	if len(buf) > 0 {
		iov.Base = &buf[0]
		iov.SetLen(len(buf))
	}
	msg := unix.Msghdr{Name: (*byte)(unsafe.Pointer(&name)), Namelen: size, Iov: &iov}
	msg.SetIovlen(1)
	var source controlData
	if own.IsValid() {
		msg.Control = (*byte)(unsafe.Pointer(&source))
		msg.SetControllen(len(source.leaveFrom(own)))
	}
	const flags = unix.MSG_DONTWAIT | unix.MSG_NOSIGNAL
	const mostRefusals = 16
	refusals := 0
	for {
		_, _, errno := unix.RawSyscall(unix.SYS_SENDMSG, uintptr(p.source.FD()), uintptr(unsafe.Pointer(&msg)), flags)
		runtime.KeepAlive(buf)
		switch {
		case errno == 0:
			return nil
		case errno == unix.EINTR:
		case errno == unix.EAGAIN:
			if _, err := p.source.Wait(w, unix.POLLOUT); err != nil {
				return syserr.Wrap(err, fault.PhaseWrite, to.String())
			}
		case errno == unix.ECONNREFUSED && refusals < mostRefusals:
			refusals++ // an earlier datagram's error: the reader finds it in the queue
		case msg.Controllen > 0 && (errno == unix.EINVAL || syserr.CodeOf(errno, fault.PhaseWrite) == fault.Unreachable):
			msg.Control = nil // the own address has gone, or does not lead there
			msg.SetControllen(0)
		case errno == unix.EINVAL: // from the own address there is no way there
			e := syserr.Wrap(errno, fault.PhaseWrite, to.String())
			e.Code = fault.Unreachable
			return e
		default:
			return syserr.Wrap(errno, fault.PhaseWrite, to.String())
		}
	}
}

// Available is the length of the next datagram, 0 if there is none.
func (p *Packet) Available() int {
	n, err := unix.IoctlGetInt(p.source.FD(), unix.SIOCINQ)
	if err != nil {
		return 0
	}
	return n
}

// Close gives the descriptor back; no call may be inside.
func (p *Packet) Close() { p.source.Close() }

// Source is what calls and queues wait for.
func (p *Packet) Source() *poll.Source { return &p.source }
