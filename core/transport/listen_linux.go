package transport

import (
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// tcpListener is a Listener of TCP.
type tcpListener struct {
	source poll.Source
	label  string
	addr   endpoint.Addr
	opts   atomic.Pointer[Options] // that accepted connections have
}

// listenTCP opens a server port.
func listenTCP(l *Local) (Listener, error) {
	fd, err := openPort(l)
	if err != nil {
		return nil, syserr.Wrap(err, fault.PhaseListen, l.Label())
	}
	out := &tcpListener{addr: addrOf(fd, unix.SYS_GETSOCKNAME)}
	out.source.Init(fd)
	out.label = l.labelAt(out.addr)
	out.opts.Store(l.Options)
	return out, nil
}

// openPort makes the socket of a server. SO_REUSEADDR on Linux lets a server
// start again at once and still refuses a second listener. Accepted connections
// inherit the stream options.
func openPort(l *Local) (int, error) {
	p, err := l.bindAddr()
	if err != nil {
		return -1, err
	}
	fd, err := p.socket(unix.SOCK_STREAM)
	if err != nil {
		return -1, err
	}
	err = l.Options.set(fd, "SO_REUSEADDR", unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	if err == nil && l.Options.Shared {
		err = wrapShared(setInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1))
	}
	if err == nil {
		err = p.bind(fd)
	}
	if err == nil {
		err = applyStream(fd, l.Options)
	}
	if err == nil {
		err = unix.Listen(fd, max(l.Options.Backlog, 1))
	}
	if err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// Apply sets the options that connections accepted afterwards inherit.
func (l *tcpListener) Apply(o *Options) error {
	l.opts.Store(o)
	return applyStream(l.source.FD(), o)
}

// Accept takes the next client, or waits for one as w says. A lack of
// descriptors is told after at most a second; the clients stay in the
// system's queue.
func (l *tcpListener) Accept(w *poll.Call) (Conn, endpoint.Addr, error) {
	var raw unix.RawSockaddrAny
	fd, err := l.accept(w, &raw)
	if err != nil {
		return nil, endpoint.Addr{}, err
	}
	from := fromRaw(&raw)
	conn := newConn(fd, from)
	conn.setUserTimeout(l.opts.Load())
	return conn, from, nil
}

// accept is Accept of a descriptor and the peer's address.
func (l *tcpListener) accept(w *poll.Call, raw *unix.RawSockaddrAny) (int, error) {
	var shortageSince time.Time
	for {
		size := uint32(unsafe.Sizeof(*raw))
		fd, _, errno := unix.RawSyscall6(unix.SYS_ACCEPT4, uintptr(l.source.FD()), uintptr(unsafe.Pointer(raw)), uintptr(unsafe.Pointer(&size)), unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0, 0)
		var err error
		switch errno {
		case 0:
			return int(fd), nil
		case unix.EAGAIN:
			_, err = l.source.Wait(w, unix.POLLIN)
		case unix.EINTR, unix.ECONNABORTED, unix.EPROTO, unix.ENETDOWN, unix.EHOSTDOWN, unix.EHOSTUNREACH, unix.ENETUNREACH, unix.EPERM, unix.ETIMEDOUT:
			err = w.Err() // that client is gone, the next one may do
		case unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.ENOMEM:
			err = l.retryOnEMFILE(w, &shortageSince, errno)
		default:
			err = errno
		}
		if err != nil {
			return -1, waitFailed(err, noClient, l.label)
		}
	}
}

// retryOnEMFILE waits a little for a descriptor to become free.
func (l *tcpListener) retryOnEMFILE(w *poll.Call, since *time.Time, errno syscall.Errno) error {
	if since.IsZero() {
		*since = time.Now()
	}
	lack := fault.New(fault.Descriptors, fault.PhaseAccept, l.label)
	lack.Sys = int32(errno)
	if time.Since(*since) >= maxEMFILEWait {
		return lack
	}
	err := w.Pause(50 * time.Millisecond)
	if err == fault.Timeout {
		return lack
	}
	return err
}

// Close gives the descriptor back; no call may be inside.
func (l *tcpListener) Close() { l.source.Close() }

// Source is what calls and queues wait for.
func (l *tcpListener) Source() *poll.Source { return &l.source }
