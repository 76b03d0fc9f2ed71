package safefile

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// read reads a file or pipe. What else there may be is found out before it is
// opened, which some devices do not take as harmless, and once more after that.
func read(path string, until time.Time, patience time.Duration) ([]byte, *Error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, failed(err)
	}
	if !readable(info.Mode()) {
		return nil, notRegular(info.Mode())
	}
	fd, err := openRetrying(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, failed(err)
	}
	defer unix.Close(fd)
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return nil, failed(err)
	}
	switch stat.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		if stat.Size > Limit {
			return nil, refuse(noteTooLarge)
		}
	case unix.S_IFIFO:
	default:
		return nil, refuse(noteNotRegular)
	}
	return readAll(fd, until, patience)
}

func readable(mode fs.FileMode) bool { return mode.IsRegular() || mode&fs.ModeType == fs.ModeNamedPipe }

// readAll reads to the end. A pipe that has no writer yet shows no event: it is
// waited for like one that has and is silent.
func readAll(fd int, until time.Time, patience time.Duration) ([]byte, *Error) {
	var data []byte
	part := make([]byte, 16<<10)
	for {
		left := time.Until(until)
		if left <= 0 {
			return nil, silent(len(data), patience)
		}
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		n, err := unix.Poll(fds, int(left.Milliseconds())+1)
		if err == nil && n > 0 {
			n, err = unix.Read(fd, part)
			if err == nil && n == 0 {
				return data, nil
			}
			data = append(data, part[:max(n, 0)]...)
		}
		switch {
		case err != nil && err != unix.EINTR && err != unix.EAGAIN:
			return nil, failed(err)
		case len(data) > Limit:
			return nil, refuse(noteTooLarge)
		}
	}
}

func openRetrying(path string, flags int, mode uint32) (fd int, err error) {
	for {
		if fd, err = unix.Open(path, flags, mode); err != unix.EINTR {
			return fd, err
		}
	}
}

// openAppend opens without following a link in the last place and without
// waiting for the reader of a pipe.
func openAppend(path string, access int) (*os.File, error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return nil, notRegular(info.Mode())
	}
	flags := os.O_APPEND | os.O_CREATE | access | unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_NOCTTY
	f, err := os.OpenFile(path, flags, 0o600)
	switch {
	case errors.Is(err, unix.ELOOP):
		if info, e := os.Lstat(path); e == nil && info.Mode()&fs.ModeSymlink != 0 {
			return nil, refuse(noteLink)
		}
	case errors.Is(err, unix.ENXIO): // a pipe, since a moment ago
		return nil, refuse(noteNotRegular)
	}
	return f, err
}
