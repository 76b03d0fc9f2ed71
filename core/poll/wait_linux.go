package poll

import (
	"sync"

	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
)

// sysWait is what a Wait needs to sleep in poll: an eventfd that wakes it. It
// is taken at the first wait that must block and given back when the call
// ends. fd is written by the waiting call under gate.mu and read by wake under
// gate.mu.
type sysWait struct {
	fd  int
	fds [2]unix.PollFd
}

func (s *sysWait) init() { s.fd = -1 }

func (s *sysWait) ring() {
	if s.fd >= 0 {
		ringBell(s.fd)
	}
}

// rest gives the eventfd back; no wake can come any more.
func (s *sysWait) rest(rung bool) {
	if s.fd < 0 {
		return
	}
	fd := s.fd
	s.fd = -1
	if rung {
		hushBell(fd)
	}
	bells.mu.Lock()
	kept := len(bells.free) < keptBells
	if kept {
		bells.free = append(bells.free, fd)
	}
	bells.mu.Unlock()
	if !kept {
		closeBell(fd)
	}
}

// bells keeps eventfds for the next waits.
var bells struct {
	mu   sync.Mutex
	free []int
}

const keptBells = 128

func newBell() (int, error) {
	bells.mu.Lock()
	if n := len(bells.free); n > 0 {
		fd := bells.free[n-1]
		bells.free = bells.free[:n-1]
		bells.mu.Unlock()
		return fd, nil
	}
	bells.mu.Unlock()
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err == nil {
		descriptors.Add(1)
	}
	return fd, err
}

// ringBell makes an eventfd readable, hushBell makes it silent again.
func ringBell(fd int) {
	one := [8]byte{1}
	unix.Write(fd, one[:])
}

func hushBell(fd int) {
	var count [8]byte
	unix.Read(fd, count[:])
}

func closeBell(fd int) {
	unix.Close(fd)
	descriptors.Add(-1)
}

func releaseBells() {
	bells.mu.Lock()
	free := bells.free
	bells.free = nil
	bells.mu.Unlock()
	for _, fd := range free {
		closeBell(fd)
	}
}

// arm takes an eventfd.
func (w *Wait) arm() error {
	if w.sys.fd >= 0 {
		return nil
	}
	fd, err := newBell()
	if err != nil {
		return err
	}
	w.gate.mu.Lock()
	w.sys.fd = fd
	w.gate.mu.Unlock()
	return nil
}

// ready is Source.Wait.
func (w *Wait) ready(d *Source, events int16) (int16, error) {
	if why := w.Woken(); why != fault.OK {
		return 0, why
	}
	if !w.direct && !w.now && !w.interrupted() {
		return w.park(d, events)
	}
	return w.watch(d, events)
}

// glance is how often, in milliseconds, a wait looks up that cannot be woken
// because no descriptor is left for its eventfd. A lack of descriptors must not
// be taken for the end of a connection.
const glance = 20

// watch waits as ready does, in poll.
func (w *Wait) watch(d *Source, events int16) (int16, error) {
	for {
		limit := w.milliseconds()
		if err := w.arm(); err != nil && !lacks(err) {
			return 0, err
		} else if err != nil && (limit < 0 || limit > glance) {
			limit = glance
		}
		if why := w.Woken(); why != fault.OK { // woken before there was an eventfd to ring
			return 0, why
		}
		w.sys.fds[0] = unix.PollFd{Fd: int32(d.fd), Events: events}
		w.sys.fds[1] = unix.PollFd{Fd: int32(w.sys.fd), Events: unix.POLLIN} // -1 is passed over
		n, err := poll(w.sys.fds[:], limit)
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
			return 0, w.Expired()
		}
	}
}
