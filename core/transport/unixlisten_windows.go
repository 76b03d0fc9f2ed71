package transport

import (
	"errors"
	"net"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// unixListener is a Listener of a Unix-domain socket.
type unixListener struct {
	*tcpListener
	path string
	file fileID
	lock fileLock // as long as nothing may take the file for one that was left behind
}

// listen opens a server.
func (unixSockets) listen(l *Local) (Listener, error) {
	if err := checkUnix(fault.PhaseListen, l.Location, l.Options); err != nil {
		return nil, err
	}
	var out *unixListener
	err := withLockFile(l, func() (err error) {
		out, err = listenFile(l)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// listenFile makes the socket and its file, and listens; the caller holds the lock file. A
// file that a program has left behind is taken away.
func listenFile(l *Local) (*unixListener, error) {
	ln, err := bindFile(l)
	if errors.Is(err, windows.WSAEADDRINUSE) {
		if err := removeStale(l); err != nil {
			return nil, err
		}
		ln, err = bindFile(l)
	}
	if err != nil {
		return nil, bindFailed(err, l)
	}
	file, err := socketFileAt(l.Path, windows.FILE_READ_ATTRIBUTES|windows.WRITE_DAC|windows.DELETE)
	if err != nil {
		ln.Close()
		return nil, bindFailed(err, l)
	}
	defer file.close()
	lock := file.id.lock()
	if err = file.protect(l); err == nil {
		refuseEarly(ln)
		var tcp *tcpListener
		if tcp, err = newListener(ln, l); err == nil {
			tcp.addr = l.Addr()
			return &unixListener{tcp, l.Path, file.id, lock}, nil
		}
	}
	file.remove()
	ln.Close()
	lock.release()
	return nil, listenFailed(err, l)
}

// bindFile makes a socket with a file, which stays when the socket is closed.
func bindFile(l *Local) (*net.UnixListener, error) {
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: l.Path, Net: "unix"})
	if err == nil {
		ln.SetUnlinkOnClose(false)
	}
	return ln, err
}

// refuseEarly sends clients away that connected before the file said who may.
func refuseEarly(ln *net.UnixListener) {
	for readable(ln) {
		if c, err := ln.Accept(); err == nil {
			c.Close()
		}
	}
}

// bindFailed says why the system makes no file.
func bindFailed(err error, l *Local) error {
	e := syserr.Wrap(err, fault.PhaseListen, l.Label())
	folder := filepath.Dir(l.Path)
	if at, err := os.Stat(folder); err != nil && isMissing(err) || err == nil && !at.IsDir() {
		e.Code = fault.LocalAddress
		return e.With(textNoFolder, folder)
	}
	if errors.Is(err, windows.WSAEACCES) || errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		e.Code = fault.Access
		return e.With(textFolderAccess, folder)
	}
	return e
}

// removeStale takes away a socket's file at which no server listens.
func removeStale(l *Local) error {
	taken := fault.New(fault.PortTaken, fault.PhaseListen, l.Label())
	file, err := socketFileAt(l.Path, windows.FILE_READ_ATTRIBUTES|windows.DELETE)
	switch {
	case isMissing(err):
		return nil
	case err == errNoSocket:
		return taken.With(textNoSocket, l.Path)
	case err != nil:
		return bindFailed(err, l)
	}
	defer file.close()
	if !file.isStale(func() error { return probe(l.Path) }) {
		return taken.With(textFileTaken)
	}
	if err := file.remove(); err != nil {
		return bindFailed(err, l)
	}
	return nil
}

// probe connects to a server, which sees a client that leaves.
func probe(path string) error {
	c, err := net.Dial("unix", path)
	if err == nil {
		c.Close()
	}
	return err
}

// Accept takes the next client, or waits for one as w says.
func (u *unixListener) Accept(w *poll.Call) (Conn, endpoint.Addr, error) {
	nc, err := u.accept(w)
	if err != nil {
		return nil, endpoint.Addr{}, err
	}
	c, err := newUnixConn(nc, endpoint.Addr{}, u.addr)
	if err != nil {
		return nil, endpoint.Addr{}, err
	}
	c.Apply(&u.opts) // which was told when it was set
	return c, c.PeerAddr(), nil
}

// Close gives the descriptor back; no call may be inside. The file goes first: while the
// socket listens no other server takes it for one that was left behind.
func (u *unixListener) Close() {
	if file, err := socketFileAt(u.path, windows.FILE_READ_ATTRIBUTES|windows.DELETE); err == nil {
		if file.id == u.file {
			file.remove()
		}
		file.close()
	}
	u.lock.release()
	u.tcpListener.Close()
}
