package transport

import (
	"net"
	"net/netip"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
)

// bindAddr is where a socket is bound. Package net would bind it too, but in a
// sandbox that refuses setsockopt it opens no server and no datagram socket.
type bindAddr struct {
	addr      endpoint.Addr
	v6        bool
	v6Only    bool // IPv6 without IPv4
	dualStack bool // IPv6 and IPv4; IPv4 alone where the system has no IPv6
}

// bindAddr tells where to bind. An unspecified address means both families, unless
// the options name one.
func (l *Local) bindAddr() (*bindAddr, error) {
	addr := unspecified(l.Family != IPv4)
	if l.Host != "" {
		literal, err := netip.ParseAddr(l.Host)
		literal = literal.Unmap()
		if err != nil {
			return nil, fault.New(fault.LocalAddress, fault.PhaseListen, l.Host)
		}
		if !l.Family.allows(literal) {
			return nil, l.Family.refuse(fault.New(fault.LocalAddress, fault.PhaseListen, l.Host))
		}
		if !literal.IsUnspecified() {
			addr = literal
		}
	}
	return &bindAddr{
		addr:      endpoint.FromIP(addr, l.Port),
		v6:        addr.Is6(),
		v6Only:    l.Family == IPv6,
		dualStack: addr.IsUnspecified() && l.Family == AnyFamily,
	}, nil
}

func unspecified(six bool) netip.Addr {
	if six {
		return netip.IPv6Unspecified()
	}
	return netip.IPv4Unspecified()
}

// socket makes the socket.
func (p *bindAddr) socket(kind int) (int, error) {
	fd, err := p.try(kind)
	if err == nil || !p.dualStack {
		return fd, err
	}
	four := &bindAddr{addr: endpoint.FromIP(unspecified(false), p.addr.Port())}
	fd, failed := four.try(kind)
	if failed != nil {
		return -1, err
	}
	*p = *four
	return fd, nil
}

func (p *bindAddr) try(kind int) (int, error) {
	family := unix.AF_INET
	if p.v6 {
		family = unix.AF_INET6
	}
	fd, err := unix.Socket(family, kind|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	if p.v6Only || p.dualStack { // of a single address it makes no difference
		if err := setInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, number(p.v6Only)); err != nil {
			unix.Close(fd)
			return -1, err
		}
	}
	return fd, nil
}

func (p *bindAddr) bind(fd int) error { return withAddress(unix.SYS_BIND, fd, p.addr, p.v6) }

// withAddress calls the system with an address, allocating nothing for it.
func withAddress(call uintptr, fd int, at endpoint.Addr, six bool) error {
	var raw unix.RawSockaddrAny
	size := toRaw(&raw, at, six)
	if _, _, errno := unix.Syscall(call, uintptr(fd), uintptr(unsafe.Pointer(&raw)), uintptr(size)); errno != 0 {
		return errno
	}
	return nil
}

// dialUDP makes a datagram socket that sends to one address only.
func dialUDP(address string) (net.Conn, error) {
	parsed, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil, err
	}
	to := endpoint.FromAddrPort(parsed)
	p := bindAddr{v6: to.IP().Is6()}
	fd, err := p.try(unix.SOCK_DGRAM)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	f := os.NewFile(uintptr(fd), "udp")
	defer f.Close()
	if err := withAddress(unix.SYS_CONNECT, fd, to, p.v6); err != nil {
		return nil, os.NewSyscallError("connect", err)
	}
	return net.FileConn(f)
}
