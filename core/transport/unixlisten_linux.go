package transport

import (
	"errors"
	"path/filepath"

	"golang.org/x/sys/unix"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// unixListener is a Listener of a Unix-domain socket.
type unixListener struct {
	tcpListener
	file *socketFile // nil of a name without a file
}

// socketFile is the file of a Unix socket, as it was made.
type socketFile struct {
	path     string
	dev, ino uint64
}

// listen opens a server. Until it listens nobody can connect: the file has its
// permissions by then.
func (unixSockets) listen(l *Local) (Listener, error) {
	fd, err := unixSocket()
	if err != nil {
		return nil, syserr.Wrap(err, fault.PhaseListen, l.Label())
	}
	out := &unixListener{}
	if l.Path[0] == '@' {
		if err = l.checkNoFile(); err == nil {
			err = bindUnix(fd, l)
		}
	} else {
		err = withLockFile(l, func() (err error) {
			out.file, err = bindFile(fd, l)
			return err
		})
	}
	if err != nil {
		out.file.remove()
		unix.Close(fd)
		return nil, err
	}
	out.addr, out.label = l.Addr(), l.Label()
	out.source.Init(fd)
	out.opts.Store(l.Options)
	return out, nil
}

// bindUnix binds a socket and makes it listen.
func bindUnix(fd int, l *Local) error {
	err := unix.Bind(fd, &unix.SockaddrUnix{Name: l.Path})
	if err == nil {
		err = unix.Listen(fd, max(l.Options.Backlog, 1))
	}
	if err == unix.EADDRINUSE {
		return fault.New(fault.PortTaken, fault.PhaseListen, l.Label()).With(textNameTaken)
	}
	return listenFailed(err, l)
}

// bindFile is bindUnix of a socket with a file; the caller holds the lock file. A file
// that a program has left behind is taken away.
func bindFile(fd int, l *Local) (*socketFile, error) {
	err := unix.Fchmod(fd, privateMode) // the file gets no more, whatever the umask is
	if err == nil {
		err = unix.Bind(fd, &unix.SockaddrUnix{Name: l.Path})
	}
	if err == unix.EADDRINUSE {
		if err := removeStale(l); err != nil {
			return nil, err
		}
		err = unix.Bind(fd, &unix.SockaddrUnix{Name: l.Path})
	}
	if err != nil {
		return nil, bindFailed(err, l)
	}
	file, err := socketFileAt(l.Path)
	if err == nil {
		err = file.permit(l)
	}
	if err == nil {
		err = unix.Listen(fd, max(l.Options.Backlog, 1))
	}
	return file, listenFailed(err, l)
}

// bindFailed says why the system makes no file.
func bindFailed(err error, l *Local) error {
	e := syserr.Wrap(err, fault.PhaseListen, l.Label())
	folder := filepath.Dir(l.Path)
	switch {
	case errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENOTDIR):
		e.Code = fault.LocalAddress
		return e.With(textNoFolder, folder)
	case errors.Is(err, unix.EACCES), errors.Is(err, unix.EPERM), errors.Is(err, unix.EROFS):
		e.Code = fault.Access
		return e.With(textFolderAccess, folder, userName(uint32(unix.Geteuid())))
	}
	return e
}

// removeStale takes away a socket's file at which nothing listens.
func removeStale(l *Local) error {
	taken := fault.New(fault.PortTaken, fault.PhaseListen, l.Label())
	before, err := socketFileAt(l.Path)
	if err == unix.ENOENT {
		return nil
	}
	if err != nil {
		return taken.With(textNoSocket, l.Path)
	}
	switch err := probe(l.Path); err {
	case unix.ECONNREFUSED:
	case unix.ENOENT:
		return nil
	default:
		return taken.With(textFileTaken)
	}
	if err := before.remove(); err != nil {
		return bindFailed(err, l)
	}
	return nil
}

// probe asks whether the file of a socket is in use: ECONNREFUSED where it is not. A
// datagram socket is no client of a server, which notices nothing (EPROTOTYPE).
func probe(path string) error {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.Connect(fd, &unix.SockaddrUnix{Name: path})
}

// socketFileAt is the file at a path. Error: ENOTSOCK where it is none of a socket.
func socketFileAt(path string) (*socketFile, error) {
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		return nil, err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFSOCK {
		return nil, unix.ENOTSOCK
	}
	return &socketFile{path, uint64(st.Dev), st.Ino}, nil
}

// remove takes the file away if it still is the one that was seen.
func (f *socketFile) remove() error {
	if f == nil {
		return nil
	}
	if now, err := socketFileAt(f.path); err != nil || *now != *f {
		return nil
	}
	if err := unix.Unlink(f.path); err != unix.ENOENT {
		return err
	}
	return nil
}

// Accept takes the next client, or waits for one as w says.
func (l *unixListener) Accept(w *poll.Call) (Conn, endpoint.Addr, error) {
	var raw unix.RawSockaddrAny
	fd, err := l.accept(w, &raw)
	if err != nil {
		return nil, endpoint.Addr{}, err
	}
	from := processAt(fd)
	c := newUnixConn(fd, from, l.addr)
	c.Apply(l.opts.Load()) // which was told when it was set
	return c, from, nil
}

// Apply sets the options that connections accepted afterwards have.
func (l *unixListener) Apply(o *Options) error {
	l.opts.Store(o)
	return applyBuffers(l.source.FD(), o)
}

// Close gives the descriptor back; no call may be inside. The file goes first: while
// the socket listens nobody else takes it for one that was left behind.
func (l *unixListener) Close() {
	l.file.remove()
	l.source.Close()
}

// listenFailed is the error of opening, nil where there is none.
func listenFailed(err error, l *Local) error {
	if err == nil {
		return nil
	}
	return syserr.Wrap(err, fault.PhaseListen, l.Label())
}
