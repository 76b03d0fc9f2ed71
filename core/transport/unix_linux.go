package transport

import (
	"time"

	"golang.org/x/sys/unix"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// localNetworks are those without IP addresses.
var localNetworks = map[endpoint.Kind]network{endpoint.UnixPath: unixSockets{}}

// unixSockets is the network of Unix-domain sockets.
type unixSockets struct{}

// dial connects within the time of w. The system makes the connection at once, unless
// as many as it keeps for the server wait to be accepted.
func (unixSockets) dial(w *poll.Call, t *Target) (Conn, error) {
	fd, err := unixSocket()
	if err != nil {
		return nil, syserr.Wrap(err, fault.PhaseConnect, t.Label())
	}
	err = connectUnix(w, fd, t)
	if err == nil {
		err = t.checkServer(fd)
	}
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	c := newUnixConn(fd, t.Addr(), ownProcess())
	if err := c.Apply(t.Options); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// connectUnix connects a socket, and waits where the server has no room.
func connectUnix(w *poll.Call, fd int, t *Target) error {
	began := time.Now()
	for pause := time.Millisecond; ; pause = min(pause*2, 50*time.Millisecond) {
		err := unix.Connect(fd, &unix.SockaddrUnix{Name: t.Path})
		switch err {
		case nil:
			return nil
		case unix.EINTR:
			continue
		case unix.EAGAIN:
		default:
			return connectFailed(err, t)
		}
		if err := w.Pause(pause); err != nil {
			waited := time.Since(began)
			if poll.Allowed(w) > 0 {
				waited = poll.Allowed(w)
			}
			return noAnswerUnix(syserr.Wrap(err, fault.PhaseConnect, t.Label()), waited)
		}
	}
}

// connectFailed says why the system does not connect.
func connectFailed(err error, t *Target) error {
	e := syserr.Wrap(err, fault.PhaseConnect, t.Label())
	switch err {
	case unix.ENOENT, unix.ENOTDIR:
		e.Code = fault.Refused
		return e.With(textNoSocketFile, t.Path)
	case unix.ECONNREFUSED:
		if t.Path[0] == '@' {
			return e.With(textNoSocketName, t.Path)
		}
		return e.With(textStaleFile, t.Path)
	case unix.EPROTOTYPE, unix.ENOTSOCK:
		e.Code = fault.Refused
		return e.With(textOtherSocket, t.Path)
	case unix.EACCES, unix.EPERM:
		return explainAccess(e, t.Path)
	}
	return e
}

// unixSocket makes a socket.
func unixSocket() (int, error) {
	return unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
}

// ownProcess is this process as a peer sees it.
func ownProcess() endpoint.Addr {
	return endpoint.FromProcess(uint32(unix.Getpid()), uint32(unix.Geteuid()))
}

// processAt is the process at the other end.
func processAt(fd int) endpoint.Addr {
	cred, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil {
		return endpoint.FromProcess(0, ^uint32(0))
	}
	return endpoint.FromProcess(uint32(cred.Pid), cred.Uid)
}

// unixConn is a Conn over a Unix-domain socket. Sending and receiving are those of TCP.
// What is not: what was sent is with the peer at once; a peer that has closed with
// something unread has reset the connection, any other has ended it, and so is what it
// sees of this one. Nothing can be unanswered.
type unixConn struct {
	tcpConn
	process endpoint.Addr // at the other end
}

// newUnixConn takes over a socket between two ends.
func newUnixConn(fd int, peer, local endpoint.Addr) *unixConn {
	c := &unixConn{}
	c.peer, c.blockIn, c.blockOut, c.unix = peer, poll.NewBlockingIO(), poll.NewBlockingIO(), true
	c.process = processAt(fd)
	c.source.Init(fd)
	c.local.Store(&local)
	return c
}

// PeerProcess is the process at the other end, when it connected or began to listen.
func (c *unixConn) PeerProcess() endpoint.Addr { return c.process }

// Apply sets the options that a Unix socket has: its buffers.
func (c *unixConn) Apply(o *Options) error { return applyBuffers(c.source.FD(), o) }

// State asks the system how the connection is, and changes nothing.
func (c *unixConn) State() State {
	if c.WasReset() {
		return StateReset
	}
	fds := [1]unix.PollFd{{Fd: int32(c.source.FD()), Events: unix.POLLRDHUP}}
	for {
		n, err := unix.Poll(fds[:], 0)
		switch {
		case err == unix.EINTR:
		case err != nil || n > 0:
			return StatePeerClosed
		default:
			return StateOpen
		}
	}
}

// WasReset tells whether the connection was reset here, or the peer did not take all
// that was sent.
func (c *unixConn) WasReset() bool { return c.reset.Load() || c.source.HasError() }

// Unread tells whether something has come that was not read, be it the peer's end.
func (c *unixConn) Unread() bool { return c.Buffered() > 0 || c.State() == StatePeerClosed }

// Reset ends both directions at once. Calls inside return, and it may run beside them;
// the descriptor stays until Close. The peer sees a reset if something that it has sent
// is unread.
func (c *unixConn) Reset() {
	c.snapshotAcked()
	c.reset.Store(true)
	unix.Shutdown(c.source.FD(), unix.SHUT_RDWR)
}

// Abort resets and closes.
func (c *unixConn) Abort() {
	c.Reset()
	c.source.Close()
}

// Close gives the descriptor back. It never waits; no call may be inside. The peer sees
// an end: what was not read is thrown away first, and nothing more can come.
func (c *unixConn) Close() error {
	unix.Shutdown(c.source.FD(), unix.SHUT_RDWR)
	scrap := make([]byte, 4096)
	for {
		n, ended, broke := c.discardInput(scrap)
		if n == 0 || ended || broke {
			break
		}
	}
	c.source.Close()
	return nil
}
