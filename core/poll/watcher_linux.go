package poll

import (
	"time"

	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
	"wdsocket/core/syserr"
)

// TellsEndUnarmed tells whether a Watcher tells of the end of a connection that
// was not rearmed after its last event.
const TellsEndUnarmed = true

// Watcher waits for many sockets in one thread. Each is known by a number of
// the user's; an event comes once when something changes (edge-triggered), so
// the user takes all there is before waiting for the next.
//
// Add, Remove and Ring may be called from any goroutine, Wait from one at a
// time.
type Watcher struct {
	epoll, bell int
	clock       int // 0 until it is needed
	events      []unix.EpollEvent
}

const (
	bellNumber  = -1
	clockNumber = -2
)

// NewWatcher makes a Watcher, which holds two descriptors.
func NewWatcher() (*Watcher, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, syserr.Wrap(err, fault.PhaseCall, "")
	}
	bell, err := newBell()
	if err != nil {
		unix.Close(epoll)
		return nil, syserr.Wrap(err, fault.PhaseCall, "")
	}
	ev := unix.EpollEvent{Events: unix.EPOLLIN, Fd: bellNumber}
	if err := unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, bell, &ev); err != nil {
		unix.Close(epoll)
		closeBell(bell)
		return nil, syserr.Wrap(err, fault.PhaseCall, "")
	}
	descriptors.Add(1)
	return &Watcher{epoll: epoll, bell: bell, events: make([]unix.EpollEvent, 256)}, nil
}

// Add watches a socket from now on. What it shows already is told too.
func (a *Watcher) Add(s Watched, number int32) error {
	ev := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLRDHUP | unix.EPOLLET&0xffffffff, Fd: number}
	if err := unix.EpollCtl(a.epoll, unix.EPOLL_CTL_ADD, s.Source().fd, &ev); err != nil {
		return syserr.Wrap(err, fault.PhaseCall, "")
	}
	return nil
}

// Remove watches a socket no longer. It must come before the socket is closed.
func (a *Watcher) Remove(s Watched) {
	unix.EpollCtl(a.epoll, unix.EPOLL_CTL_DEL, s.Source().fd, nil)
}

// Rearm tells that the user has taken all input of a socket. The system tells of
// more without it.
func (*Watcher) Rearm(int32) {}

// Ring ends a Wait, the present or the next one.
func (a *Watcher) Ring() {
	ringBell(a.bell)
}

// Wait collects what sockets show into out, which must not be empty. It waits
// as w says, but no longer than until until (zero: no limit of its own), and
// not at all if glance is set. 0 sockets: the bell rang, or until has come.
// Errors: fault.Timeout, fault.Cancelled, fault.Closed.
func (a *Watcher) Wait(w *Wait, until time.Time, glance bool, out []Ready) (int, error) {
	w.gate.mu.Lock()
	w.sys.fd = a.bell
	w.gate.mu.Unlock()
	defer func() {
		w.gate.mu.Lock()
		w.sys.fd = -1
		w.gate.mu.Unlock()
	}()
	for {
		if why := w.Woken(); why != fault.OK {
			return 0, why
		}
		limit := w.milliseconds()
		if !until.IsZero() {
			if ms := wholeMilliseconds(max(time.Until(until), 0)); limit < 0 || ms < limit {
				limit = ms
			}
		}
		if glance {
			limit = 0
		}
		n, err := unix.EpollWait(a.epoll, a.events[:min(len(a.events), len(out))], limit)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return 0, syserr.Wrap(err, fault.PhaseCall, "")
		}
		found, rung := a.collect(a.events[:n], out)
		switch {
		case found > 0 || rung && w.Woken() == fault.OK || glance || n > 0 && !rung: // the last: the clock
			return found, nil
		case rung:
			continue
		case !until.IsZero() && !time.Now().Before(until):
			return 0, nil
		case w.remaining() == 0:
			return 0, w.verdict(fault.Timeout)
		}
	}
}

// Glance is Wait for a call that waits for nothing and cannot be woken.
func (a *Watcher) Glance(out []Ready) int {
	n, err := unix.EpollWait(a.epoll, a.events[:min(len(a.events), len(out))], 0)
	if err != nil {
		return 0
	}
	found, rung := a.collect(a.events[:n], out)
	if rung { // it may have been for a Wait
		a.Ring()
	}
	return found
}

func (a *Watcher) collect(events []unix.EpollEvent, out []Ready) (found int, rung bool) {
	for _, ev := range events {
		if ev.Fd == bellNumber {
			hushBell(a.bell)
			rung = true
			continue
		}
		if ev.Fd == clockNumber { // the user sets it anew
			continue
		}
		out[found] = Ready{Number: ev.Fd,
			Input:    ev.Events&(unix.EPOLLIN|unix.EPOLLRDHUP|unix.EPOLLERR|unix.EPOLLHUP) != 0,
			Ended:    ev.Events&(unix.EPOLLRDHUP|unix.EPOLLERR|unix.EPOLLHUP) != 0,
			Writable: ev.Events&(unix.EPOLLOUT|unix.EPOLLERR|unix.EPOLLHUP) != 0}
		found++
	}
	return found, rung
}

// Descriptor becomes readable when Wait would return at once.
func (a *Watcher) Descriptor() int { return a.epoll }

// Close gives the descriptors back; no call may be inside.
func (a *Watcher) Close() {
	unix.Close(a.epoll)
	descriptors.Add(-1)
	closeBell(a.bell)
	a.closeClock()
}
