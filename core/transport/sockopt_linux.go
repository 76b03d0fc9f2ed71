package transport

import (
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/syserr"
)

// detach takes the descriptor out of a net.Conn, net.Listener or the like, and
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
func attach(c net.Conn, peer endpoint.Addr) (*tcpConn, error) {
	fd, err := detach(c.(syscall.Conn))
	c.Close()
	if err != nil {
		return nil, err
	}
	return newConn(fd, peer), nil
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

// setInt sets an option of the system. A system that refuses to and shows that
// the option is as wanted anyway does no harm.
func setInt(fd, level, which, value int) error {
	err := unix.SetsockoptInt(fd, level, which, value)
	if err == nil {
		return nil
	}
	shown := value
	if level == unix.SOL_SOCKET && (which == unix.SO_SNDBUF || which == unix.SO_RCVBUF) {
		shown *= 2 // the system adds room for its own use
	}
	if got, failed := unix.GetsockoptInt(fd, level, which); failed == nil && got == shown {
		return nil
	}
	return err
}

// set is setInt for an option that has a name.
func (o *Options) set(fd int, name string, level, which, value int) error {
	return o.allow(name, setInt(fd, level, which, value))
}

// wrapShared names the option behind a port that cannot be shared.
func wrapShared(err error) error {
	if err == nil {
		return nil
	}
	return syserr.Wrap(err, fault.PhaseOption, "WDS_OPT_EXCLUSIVE_PORT")
}

func applyBuffers(fd int, o *Options) error {
	if o.SendBuffer > 0 {
		if err := o.set(fd, "WDS_OPT_SEND_BUFFER", unix.SOL_SOCKET, unix.SO_SNDBUF, o.SendBuffer); err != nil {
			return err
		}
	}
	if o.ReceiveBuffer > 0 {
		return o.set(fd, "WDS_OPT_RECEIVE_BUFFER", unix.SOL_SOCKET, unix.SO_RCVBUF, o.ReceiveBuffer)
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
		{"WDS_OPT_NODELAY", unix.IPPROTO_TCP, unix.TCP_NODELAY, number(o.NoDelay)},
		{"WDS_OPT_KEEPALIVE", unix.SOL_SOCKET, unix.SO_KEEPALIVE, number(o.KeepAlive)},
		{"WDS_OPT_KEEPALIVE_IDLE", unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, seconds(o.KeepAliveIdle)},
		{"WDS_OPT_KEEPALIVE_INTERVAL", unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, seconds(o.KeepAliveInterval)},
		{"WDS_OPT_KEEPALIVE_COUNT", unix.IPPROTO_TCP, unix.TCP_KEEPCNT, o.KeepAliveCount},
	}
	for _, s := range settings {
		if err := o.set(fd, s.name, s.level, s.which, s.value); err != nil {
			return err
		}
	}
	return o.allow("WDS_OPT_LINGER", setLinger(fd, o.Linger))
}

func setLinger(fd int, d time.Duration) error {
	linger := unix.Linger{}
	if d >= 0 {
		linger.Onoff, linger.Linger = 1, int32(seconds(d))
	}
	err := unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &linger)
	if err != nil {
		if got, failed := unix.GetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER); failed == nil && *got == linger {
			return nil
		}
	}
	return err
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
