package transport

import (
	"errors"
	"net"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// What golang.org/x/sys does not name.
const (
	soExclusiveAddrUse = ^int(windows.SO_REUSEADDR) // winsock2.h: ((int)(~SO_REUSEADDR))
	fionread           = 0x4004667f
	sioUDPConnReset    = 0x9800000c
	pollIn             = 0x0100 | 0x0200 // POLLRDNORM | POLLRDBAND
	pollHangUp         = 0x0002
	pollError          = 0x0001
)

var (
	winsock     = windows.NewLazySystemDLL("ws2_32.dll")
	wsaPoll     = winsock.NewProc("WSAPoll")
	ioctlSocket = winsock.NewProc("ioctlsocket")
	wsaListen   = winsock.NewProc("listen")
	peek        = winsock.NewProc("recv")
	wsaRecvFrom = winsock.NewProc("WSARecvFrom")
	wsaSend     = winsock.NewProc("WSASend")
)

type pollFD struct {
	fd      windows.Handle
	events  int16
	revents int16
}

// with runs f on the descriptor of a socket of package net.
func with(c syscall.Conn, f func(windows.Handle)) {
	if raw, err := c.SyscallConn(); err == nil {
		raw.Control(func(fd uintptr) { f(windows.Handle(fd)) })
	}
}

func pollNow(c syscall.Conn) (events int16) {
	with(c, func(h windows.Handle) {
		p := pollFD{fd: h, events: pollIn}
		wsaPoll.Call(uintptr(unsafe.Pointer(&p)), 1, 0)
		events = p.revents
	})
	return events
}

// readable tells whether reading or accepting would not wait.
func readable(c syscall.Conn) bool { return pollNow(c) != 0 }

// pendingInput is the number of bytes the system holds.
func pendingInput(c syscall.Conn) int {
	var n uint32
	with(c, func(h windows.Handle) {
		ioctlSocket.Call(uintptr(h), fionread, uintptr(unsafe.Pointer(&n)))
	})
	return int(n)
}

// stateOf asks how a connection is.
func stateOf(c syscall.Conn) State {
	events := pollNow(c)
	switch {
	case events&pollError != 0:
		return StateReset
	case events&pollHangUp != 0:
		return StatePeerClosed
	case events&pollIn == 0:
		return StateOpen
	}
	var b [1]byte
	n, errno := uintptr(0), error(nil)
	with(c, func(h windows.Handle) {
		const msgPeek = 2
		n, _, errno = peek.Call(uintptr(h), uintptr(unsafe.Pointer(&b)), 1, msgPeek)
	})
	switch {
	case n == 0:
		return StatePeerClosed
	case int32(n) == -1 && errno != windows.WSAEWOULDBLOCK: // that: it was read meanwhile
		return StateReset
	}
	return StateOpen
}

// resetOnClose makes closing a connection break it off.
func resetOnClose(c syscall.Conn) {
	with(c, func(h windows.Handle) {
		windows.SetsockoptLinger(h, windows.SOL_SOCKET, windows.SO_LINGER, &windows.Linger{Onoff: 1})
	})
}

func controlClient(t *Target) func(string, string, syscall.RawConn) error {
	return func(_, _ string, raw syscall.RawConn) error {
		return control(raw, func(h windows.Handle) error { return applyBuffers(h, t.Options) })
	}
}

func control(raw syscall.RawConn, set func(windows.Handle) error) error {
	var inner error
	if err := raw.Control(func(fd uintptr) { inner = set(windows.Handle(fd)) }); err != nil {
		return err
	}
	return inner
}

// controlServer makes the port exclusive unless it is to be shared.
func controlServer(l *Local) func(string, string, syscall.RawConn) error { return controlPort(l) }

// controlPacket also has the system tell which own address a datagram was sent
// to.
func controlPacket(l *Local) func(string, string, syscall.RawConn) error {
	port := controlPort(l)
	return func(network, address string, raw syscall.RawConn) error {
		if err := port(network, address, raw); err != nil || !l.anywhere() {
			return err
		}
		return control(raw, func(h windows.Handle) error {
			windows.SetsockoptInt(h, windows.IPPROTO_IP, windows.IP_PKTINFO, 1)
			windows.SetsockoptInt(h, windows.IPPROTO_IPV6, windows.IPV6_PKTINFO, 1) // refused by one of IPv4
			return nil
		})
	}
}

func controlPort(l *Local) func(string, string, syscall.RawConn) error {
	return func(_, _ string, raw syscall.RawConn) error {
		return control(raw, func(h windows.Handle) error {
			option := soExclusiveAddrUse
			if l.Options.Shared {
				option = windows.SO_REUSEADDR
			}
			return windows.SetsockoptInt(h, windows.SOL_SOCKET, option, 1)
		})
	}
}

func setBacklog(ln syscall.Conn, n int) (err error) {
	with(ln, func(h windows.Handle) {
		if r, _, errno := wsaListen.Call(uintptr(h), uintptr(n)); int32(r) != 0 {
			err = errno
		}
	})
	return err
}

func applyBuffers(h windows.Handle, o *Options) error {
	if o.SendBuffer > 0 {
		if err := o.allow("WDS_OPT_SEND_BUFFER", windows.SetsockoptInt(h, windows.SOL_SOCKET, windows.SO_SNDBUF, o.SendBuffer)); err != nil {
			return err
		}
	}
	if o.ReceiveBuffer > 0 {
		return o.allow("WDS_OPT_RECEIVE_BUFFER", windows.SetsockoptInt(h, windows.SOL_SOCKET, windows.SO_RCVBUF, o.ReceiveBuffer))
	}
	return nil
}

func applyStream(nc *net.TCPConn, o *Options) error {
	var err error
	with(nc, func(h windows.Handle) { err = applyBuffers(h, o) })
	if err != nil {
		return err
	}
	linger := -1
	if o.Linger >= 0 {
		linger = int((o.Linger + time.Second - 1) / time.Second)
	}
	if err := o.allow("WDS_OPT_NODELAY", nc.SetNoDelay(o.NoDelay)); err != nil {
		return err
	}
	if err := o.allow("WDS_OPT_KEEPALIVE", keepAlive(nc, o)); err != nil {
		return err
	}
	return o.allow("WDS_OPT_LINGER", nc.SetLinger(linger))
}

// keepAlive sets the probes. Windows before 10 version 1703 knows no number of
// probes and always sends ten; the two times hold there too.
func keepAlive(nc *net.TCPConn, o *Options) error {
	config := net.KeepAliveConfig{Enable: o.KeepAlive, Idle: o.KeepAliveIdle, Interval: o.KeepAliveInterval, Count: o.KeepAliveCount}
	err := nc.SetKeepAliveConfig(config)
	if errors.Is(err, windows.WSAENOPROTOOPT) {
		config.Count = -1
		err = nc.SetKeepAliveConfig(config)
	}
	return err
}

func applyPacket(pc *net.UDPConn, o *Options) (err error) {
	with(pc, func(h windows.Handle) {
		if err = applyBuffers(h, o); err != nil {
			return
		}
		if err = o.allow("WDS_OPT_BROADCAST", windows.SetsockoptInt(h, windows.SOL_SOCKET, windows.SO_BROADCAST, number(o.Broadcast))); err != nil {
			return
		}
		flag, got := uint32(number(o.ReportUnreachable)), uint32(0)
		err = o.allow("WDS_OPT_UDP_ERRORS", windows.WSAIoctl(h, sioUDPConnReset, (*byte)(unsafe.Pointer(&flag)), 4, nil, 0, &got, nil, 0))
	})
	return err
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// dialUDP makes a datagram socket that sends to one address only.
func dialUDP(address string) (net.Conn, error) { return net.Dial("udp", address) }
