package poll

import (
	"sync"

	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
	"wdsocket/core/poll/syswait"
)

// waker is what a Call needs to sleep in poll: an eventfd that wakes it. It
// is taken at the first wait that must block and given back when the call
// ends. fd is written by the waiting call under gate.mu and read by wake under
// gate.mu.
type waker struct {
	fd  int
	fds [2]unix.PollFd
}

func (s *waker) init() { s.fd = -1 }

func (s *waker) signal() {
	if s.fd >= 0 {
		signalFD(s.fd)
	}
}

// release gives the eventfd back; no wake can come any more.
func (s *waker) release(woken bool) {
	if s.fd < 0 {
		return
	}
	fd := s.fd
	s.fd = -1
	if woken {
		clearFD(fd)
	}
	wakeFDs.mu.Lock()
	kept := len(wakeFDs.free) < maxIdleWakeFDs
	if kept {
		wakeFDs.free = append(wakeFDs.free, fd)
	}
	wakeFDs.mu.Unlock()
	if !kept {
		closeWakeFD(fd)
	}
}

// wakeFDs keeps eventfds for the next waits.
var wakeFDs struct {
	mu   sync.Mutex
	free []int
}

const maxIdleWakeFDs = 128

func newWakeFD() (int, error) {
	wakeFDs.mu.Lock()
	if n := len(wakeFDs.free); n > 0 {
		fd := wakeFDs.free[n-1]
		wakeFDs.free = wakeFDs.free[:n-1]
		wakeFDs.mu.Unlock()
		return fd, nil
	}
	wakeFDs.mu.Unlock()
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err == nil {
		descriptors.Add(1)
	}
	return fd, err
}

// signalFD makes an eventfd readable, clearFD makes it not readable.
func signalFD(fd int) {
	one := [8]byte{1}
	unix.Write(fd, one[:])
}

func clearFD(fd int) {
	var count [8]byte
	unix.Read(fd, count[:])
}

func closeWakeFD(fd int) {
	unix.Close(fd)
	descriptors.Add(-1)
}

func releaseWakeFDs() {
	wakeFDs.mu.Lock()
	free := wakeFDs.free
	wakeFDs.free = nil
	wakeFDs.mu.Unlock()
	for _, fd := range free {
		closeWakeFD(fd)
	}
}

// arm takes an eventfd.
func (w *Call) arm() error {
	if w.waker.fd >= 0 {
		return nil
	}
	fd, err := newWakeFD()
	if err != nil {
		return err
	}
	w.gate.mu.Lock()
	w.waker.fd = fd
	w.gate.mu.Unlock()
	return nil
}

// waitFor is Source.Wait.
func (w *Call) waitFor(d *Source, events int16) (int16, error) {
	if why := w.Woken(); why != fault.OK {
		return 0, why
	}
	if !w.direct && !w.nonBlocking && !w.wakeupIsSet() {
		return w.park(d, events)
	}
	return w.waitInPoll(d, events)
}

// retryInterval is how often, in milliseconds, a wait looks up that cannot be woken
// because no descriptor is left for its eventfd. A lack of descriptors must not
// be taken for the end of a connection.
const retryInterval = 20

// waitInPoll waits as ready does, in poll.
func (w *Call) waitInPoll(d *Source, events int16) (int16, error) {
	for {
		unarmed := w.arm()
		if unarmed != nil && !outOfResources(unarmed) {
			return 0, unarmed
		}
		if why := w.Woken(); why != fault.OK { // woken before there was an eventfd to signal
			return 0, why
		}
		limit := w.milliseconds() // 0 if a wake-up came before
		if unarmed != nil && (limit < 0 || limit > retryInterval) {
			limit = retryInterval
		}
		w.waker.fds[0] = unix.PollFd{Fd: int32(d.fd), Events: events}
		w.waker.fds[1] = unix.PollFd{Fd: int32(w.waker.fd), Events: unix.POLLIN} // -1 is passed over
		_, err := syswait.Poll(w.waker.fds[:], limit)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return 0, err
		}
		if why := w.Woken(); why != fault.OK {
			return 0, why
		}
		if w.waker.fds[0].Revents != 0 {
			return w.waker.fds[0].Revents, nil
		}
		if w.remaining() == 0 {
			return 0, w.Expired()
		}
	}
}
