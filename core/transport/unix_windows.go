package transport

import (
	"errors"
	"net"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
	"wdsocket/core/task"
)

// unixSockets is the network of Unix-domain sockets, which Windows has since version 1803
// of Windows 10. Connections go through package net and the calls of TCP.
type unixSockets struct{}

// dial connects within the time of w.
func (unixSockets) dial(w *poll.Call, t *Target) (Conn, error) {
	if err := checkUnix(fault.PhaseConnect, t.Location, t.Options); err != nil {
		return nil, err
	}
	var nc net.Conn
	var failed error
	began, done, over := time.Now(), make(chan struct{}), make(chan struct{})
	task.Go("connecting", nil, func() {
		defer close(done)
		if fell := task.Catch("connecting", func() { nc, failed = connectUnix(t.Path, over) }); fell != nil {
			failed = fell
		}
	})
	if err := w.For(done); err != nil {
		close(over)
		task.Go("connecting", nil, func() { // the system cannot be told to give up
			if <-done; failed == nil {
				nc.Close()
			}
		})
		waited := time.Since(began)
		if poll.Allowed(w) > 0 {
			waited = poll.Allowed(w)
		}
		return nil, noAnswerUnix(syserr.Wrap(err, fault.PhaseConnect, t.Label()), waited)
	}
	if failed != nil {
		return nil, connectFailed(failed, t)
	}
	c, err := newUnixConn(nc, t.Addr(), ownProcess(endpoint.Unix))
	if err != nil {
		return nil, err
	}
	if err := c.Apply(t.Options); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// connectUnix connects to the file at a path. Where as many clients wait as the server lets,
// the system refuses one more: it tries until it is over.
func connectUnix(path string, over <-chan struct{}) (net.Conn, error) {
	for {
		c, err := net.Dial("unix", path)
		if !errors.Is(err, windows.WSAECONNREFUSED) || !isServed(path) {
			return c, err
		}
		select {
		case <-over:
			return nil, err
		case <-time.After(probePause):
		}
	}
}

// checkUnix refuses what this Windows does not have, and options that it could not keep.
func checkUnix(phase fault.Phase, at endpoint.Location, o *Options) error {
	who := at.String()
	h, err := unixSocket()
	if err == nil {
		windows.Closesocket(h)
	}
	switch {
	case err == windows.WSAEAFNOSUPPORT, err == windows.WSAEPROTONOSUPPORT, err == windows.WSAESOCKTNOSUPPORT:
		return fault.New(fault.Unsupported, phase, who).With(textNoUnix)
	case err != nil:
		return syserr.Wrap(err, phase, who)
	case at.Path[0] == '@':
		return fault.New(fault.Unsupported, phase, who).With(textNoAbstract)
	case o.UnixMode.chosen || !o.UnixOwner.none():
		return fault.New(fault.Argument, phase, who).With(textNoModes)
	}
	return nil
}

// unixSocket makes a socket.
func unixSocket() (windows.Handle, error) {
	return windows.WSASocket(windows.AF_UNIX, windows.SOCK_STREAM, 0, nil, 0, windows.WSA_FLAG_OVERLAPPED|windows.WSA_FLAG_NO_HANDLE_INHERIT)
}

// connectFailed says why the system does not connect.
func connectFailed(err error, t *Target) error {
	e := syserr.Wrap(err, fault.PhaseConnect, t.Label())
	switch file, err := socketFileAt(t.Path, windows.FILE_READ_ATTRIBUTES); {
	case isMissing(err):
		e.Code = fault.Refused
		return e.With(textNoSocketFile, t.Path)
	case err == errNoSocket:
		e.Code = fault.Refused
		return e.With(textOtherFile, t.Path)
	case err == nil:
		file.close()
	}
	switch e.Code {
	case fault.Refused:
		return e.With(textStaleFile, t.Path)
	case fault.Access:
		return e.With(textFileAccess, t.Path)
	}
	return e
}

// processAt is the process at the other end.
func processAt(nc netConn) endpoint.Addr {
	const sioGetPeerPID = 0x58000100 // SIO_AF_UNIX_GETPEERPID of afunix.h
	var pid, got uint32
	with(nc, func(h windows.Handle) {
		if windows.WSAIoctl(h, sioGetPeerPID, nil, 0, (*byte)(unsafe.Pointer(&pid)), 4, &got, nil, 0) != nil {
			pid = 0
		}
	})
	if pid == 0 {
		return endpoint.FromWindowsProcess(endpoint.Unix, 0, "")
	}
	return processOf(endpoint.Unix, pid)
}

// unixConn is a Conn over a Unix-domain socket. Sending and receiving are those of TCP.
type unixConn struct {
	tcpConn
	process endpoint.Addr // at the other end
}

// newUnixConn takes over a connection; the zero peer is the process at the other end.
func newUnixConn(nc net.Conn, peer, local endpoint.Addr) (*unixConn, error) {
	c := &unixConn{process: processAt(nc.(netConn))}
	if !peer.IsValid() {
		peer = c.process
	}
	c.unix = true
	if err := attachTo(&c.tcpConn, nc, peer, local); err != nil {
		return nil, err
	}
	return c, nil
}

// PeerProcess is the process at the other end, when it connected or began to listen.
func (c *unixConn) PeerProcess() endpoint.Addr { return c.process }

// Apply sets the options that a Unix socket has: its buffers.
func (c *unixConn) Apply(o *Options) (err error) {
	with(c.nc, func(h windows.Handle) { err = applyBuffers(h, o) })
	return err
}
