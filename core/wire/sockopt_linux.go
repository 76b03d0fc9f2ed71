package wire

import (
	"net"
	"net/netip"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
)

// attach takes the descriptor out of a net.Conn, net.Listener or the like, and
// away from the Go runtime's poller.
func detach(c syscall.Conn) (int, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return -1, err
	}
	fd, dupErr := -1, error(nil)
	if err := raw.Control(func(old uintptr) {
		fd, dupErr = unix.FcntlInt(old, unix.F_DUPFD_CLOEXEC, 0)
	}); err != nil {
		return -1, err
	}
	return fd, dupErr
}

// attach makes a Conn of a connected net.Conn, which is used up.
func attach(c net.Conn, peer string) (*Conn, error) {
	fd, err := detach(c.(syscall.Conn))
	c.Close()
	if err != nil {
		return nil, err
	}
	end, _ := netip.ParseAddrPort(peer)
	return newConn(fd, netip.AddrPortFrom(end.Addr().Unmap(), end.Port())), nil
}

// controlClient sets what must be set before connecting.
func controlClient(t *Target) func(string, string, syscall.RawConn) error {
	return func(_, _ string, raw syscall.RawConn) error {
		return control(raw, func(fd int) error {
			if t.LocalPort != 0 {
				unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
			}
			return applyBuffers(fd, t.Options)
		})
	}
}

func control(raw syscall.RawConn, set func(fd int) error) error {
	var inner error
	if err := raw.Control(func(fd uintptr) { inner = set(int(fd)) }); err != nil {
		return err
	}
	return inner
}

func applyBuffers(fd int, o *Options) error {
	if o.SendBuffer > 0 {
		if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, o.SendBuffer); err != nil {
			return optionFailed(err, "SEND_BUFFER")
		}
	}
	if o.ReceiveBuffer > 0 {
		if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, o.ReceiveBuffer); err != nil {
			return optionFailed(err, "RECEIVE_BUFFER")
		}
	}
	return nil
}

// applyStream sets the options of a stream socket, or of a listener whose
// connections inherit them.
func applyStream(fd int, o *Options) error {
	if err := applyBuffers(fd, o); err != nil {
		return err
	}
	settings := []struct {
		name         string
		level, which int
		value        int
	}{
		{"NODELAY", unix.IPPROTO_TCP, unix.TCP_NODELAY, number(o.NoDelay)},
		{"KEEPALIVE", unix.SOL_SOCKET, unix.SO_KEEPALIVE, number(o.KeepAlive)},
		{"KEEPALIVE_IDLE", unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, seconds(o.KeepAliveIdle)},
		{"KEEPALIVE_INTERVAL", unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, seconds(o.KeepAliveInterval)},
		{"KEEPALIVE_COUNT", unix.IPPROTO_TCP, unix.TCP_KEEPCNT, o.KeepAliveCount},
	}
	for _, s := range settings {
		if err := unix.SetsockoptInt(fd, s.level, s.which, s.value); err != nil {
			return optionFailed(err, s.name)
		}
	}
	linger := unix.Linger{}
	if o.Linger >= 0 {
		linger.Onoff, linger.Linger = 1, int32(seconds(o.Linger))
	}
	if err := unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &linger); err != nil {
		return optionFailed(err, "LINGER")
	}
	return nil
}

func optionFailed(err error, name string) error {
	return Wrap(err, fault.PhaseOption, "WDS_OPT_"+name)
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// seconds rounds up: a time is never shorter than asked for.
func seconds(d time.Duration) int {
	return int((d + time.Second - 1) / time.Second)
}
