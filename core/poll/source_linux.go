package poll

import (
	"time"

	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
	"wdsocket/core/poll/syswait"
)

// Source is a socket of the system that calls and queues can wait for: its
// descriptor, and the parked calls that wait for it.
type Source struct {
	fd     int
	added  bool // known to the parker
	parked [2]*Call
}

// NoSource has no descriptor: whatever the system is asked about it fails.
func NoSource() Source { return Source{fd: -1} }

// Init takes a descriptor over.
func (d *Source) Init(fd int) {
	d.fd = fd
	descriptors.Add(1)
}

// FD is the descriptor.
func (d *Source) FD() int { return d.fd }

// Close gives the descriptor back. It never waits; no call may be inside.
func (d *Source) Close() {
	d.unregister()
	unix.Close(d.fd)
	descriptors.Add(-1)
}

// unregister takes a descriptor out before it is closed.
func (d *Source) unregister() {
	parker.mu.Lock()
	defer parker.mu.Unlock()
	if !d.added {
		return
	}
	delete(parker.sources, int32(d.fd))
	unix.EpollCtl(parker.epoll, unix.EPOLL_CTL_DEL, d.fd, nil)
	d.added = false
}

// Wait waits as w says until the socket shows one of events (poll's bits) and
// returns those it shows. Errors: fault.Timeout, fault.Cancelled, fault.Closed,
// or a system error.
func (d *Source) Wait(w *Call, events int16) (int16, error) { return w.waitFor(d, events) }

// WaitAtMost is Wait with an end of its own: no bits and no error after most.
func (d *Source) WaitAtMost(w *Call, events int16, most time.Duration) (int16, error) {
	left := w.remaining()
	if left >= 0 && left <= most {
		return w.waitFor(d, events)
	}
	own, _ := w.Deadline() // the zero time for ever
	w.SetDeadline(time.Now().Add(most))
	got, err := w.waitFor(d, events)
	w.SetDeadline(own)
	if err == fault.Timeout {
		return 0, nil
	}
	return got, err
}

// HasError tells whether the system holds an error of the socket that no call
// has been told yet.
func (d *Source) HasError() bool {
	fds := [1]unix.PollFd{{Fd: int32(d.fd)}}
	n, err := syswait.Poll(fds[:], 0)
	return err == nil && n > 0 && fds[0].Revents&unix.POLLERR != 0
}
