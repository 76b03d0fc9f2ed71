package wire

import (
	"time"

	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
)

// sysWait is what a Wait needs to sleep in poll: an eventfd that wakes it. It
// is made at the first wait that must block and kept with the Wait. fd is
// written by the waiting call under gate.mu and read by wake under gate.mu.
type sysWait struct {
	fd  int
	fds [2]unix.PollFd
}

func (s *sysWait) init() { s.fd = -1 }

func (s *sysWait) ring() {
	if s.fd >= 0 {
		one := [8]byte{1}
		unix.Write(s.fd, one[:])
	}
}

func (s *sysWait) quiet() {
	if s.fd >= 0 {
		var count [8]byte
		unix.Read(s.fd, count[:])
	}
}

func (s *sysWait) release() {
	if s.fd >= 0 {
		unix.Close(s.fd)
		s.fd = -1
		descriptors.Add(-1)
	}
}

// arm makes the eventfd.
func (w *Wait) arm() error {
	if w.sys.fd >= 0 {
		return nil
	}
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return err
	}
	descriptors.Add(1)
	w.gate.mu.Lock()
	w.sys.fd = fd
	w.gate.mu.Unlock()
	return nil
}

// ready waits until fd shows one of events (poll's bits) and returns those it
// shows. Errors: fault.Timeout, fault.Cancelled, fault.Closed, or a system
// error.
func (w *Wait) ready(d *descriptor, events int16) (int16, error) {
	if why := w.Woken(); why != fault.OK {
		return 0, why
	}
	if !w.direct && !w.now {
		return w.park(d, events)
	}
	return w.watch(d, events)
}

// watch waits as ready does, in poll.
func (w *Wait) watch(d *descriptor, events int16) (int16, error) {
	if err := w.arm(); err != nil {
		return 0, err
	}
	if why := w.Woken(); why != fault.OK { // woken before there was an eventfd to ring
		return 0, why
	}
	for {
		w.sys.fds[0] = unix.PollFd{Fd: int32(d.fd), Events: events}
		w.sys.fds[1] = unix.PollFd{Fd: int32(w.sys.fd), Events: unix.POLLIN}
		n, err := unix.Poll(w.sys.fds[:], w.milliseconds())
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return 0, err
		}
		if why := w.Woken(); why != fault.OK {
			return 0, why
		}
		if w.sys.fds[0].Revents != 0 {
			return w.sys.fds[0].Revents, nil
		}
		if n == 0 && w.remaining() == 0 {
			return 0, fault.Timeout
		}
	}
}

// milliseconds is the time left for poll, rounded up: a wait is never early.
func (w *Wait) milliseconds() int {
	left := w.remaining()
	if left < 0 {
		return -1
	}
	const longest = 1 << 30
	return int(min((left+time.Millisecond-1)/time.Millisecond, longest))
}
