package transport

import (
	"os"
	"time"

	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
)

// lockPatience is how long another program may take to open its server.
const lockPatience = 2 * time.Second

// withLockFile runs f while no other program takes the file of a socket for one that
// was left behind: each holds the lock until it listens.
func withLockFile(l *Local, f func() error) error {
	path := l.Path + ".lock"
	for until := time.Now().Add(lockPatience); ; time.Sleep(5 * time.Millisecond) {
		fd, err := unix.Open(path, unix.O_CREAT|unix.O_RDWR|unix.O_NOFOLLOW|unix.O_CLOEXEC|unix.O_NONBLOCK, 0o600)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			if _, is := os.Lstat(path); is == nil {
				return fault.New(fault.Access, fault.PhaseListen, l.Label()).With(textLockFile, path)
			}
			return bindFailed(err, l)
		}
		err = unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB)
		if err == nil && isFile(fd, path) {
			defer unix.Close(fd)
			if isEmpty(fd) { // another program's has something in it, and stays
				defer unix.Unlink(path)
			}
			return f()
		}
		unix.Close(fd)
		if err != nil && time.Now().After(until) {
			return fault.New(fault.PortTaken, fault.PhaseListen, l.Label()).With(textLockFile, path)
		}
	}
}

// isFile tells whether an open file is the one at a path.
func isFile(fd int, path string) bool {
	var open, now unix.Stat_t
	return unix.Fstat(fd, &open) == nil && unix.Lstat(path, &now) == nil && open.Dev == now.Dev && open.Ino == now.Ino
}

// isEmpty tells whether an open file is an ordinary one without anything in it, as lock
// files of this package are.
func isEmpty(fd int) bool {
	var st unix.Stat_t
	return unix.Fstat(fd, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFREG && st.Size == 0
}
