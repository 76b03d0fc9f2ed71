package poll

import (
	"time"

	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
	"wdsocket/core/poll/syswait"
	"wdsocket/core/syserr"
)

// TellsEndUnarmed tells whether a Poller tells of the end of a connection that
// was not rearmed after its last event.
const TellsEndUnarmed = true

// Poller waits for many sockets in one thread. Each is known by a number of
// the user's; an event comes once when something changes (edge-triggered), so
// the user takes all there is before waiting for the next.
//
// Add, Remove and Wake may be called from any goroutine, Wait from one at a
// time.
type Poller struct {
	epoll, wakeFD int
	timer         int // 0 until it is needed
	events        []unix.EpollEvent
}

const (
	wakeNumber  = -1
	timerNumber = -2
)

// NewPoller makes a Poller, which holds two descriptors.
func NewPoller() (*Poller, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, syserr.Wrap(err, fault.PhaseCall, "")
	}
	wake, err := newWakeFD()
	if err != nil {
		unix.Close(epoll)
		return nil, syserr.Wrap(err, fault.PhaseCall, "")
	}
	ev := unix.EpollEvent{Events: unix.EPOLLIN, Fd: wakeNumber}
	if err := unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, wake, &ev); err != nil {
		unix.Close(epoll)
		closeWakeFD(wake)
		return nil, syserr.Wrap(err, fault.PhaseCall, "")
	}
	descriptors.Add(1)
	return &Poller{epoll: epoll, wakeFD: wake, events: make([]unix.EpollEvent, 256)}, nil
}

// Add watches a socket from now on. What it shows already is told too.
func (a *Poller) Add(s Pollable, number int32) error {
	ev := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLPRI | unix.EPOLLOUT | unix.EPOLLRDHUP | unix.EPOLLET&0xffffffff, Fd: number}
	if err := unix.EpollCtl(a.epoll, unix.EPOLL_CTL_ADD, s.Source().fd, &ev); err != nil {
		return syserr.Wrap(err, fault.PhaseCall, "")
	}
	return nil
}

// Remove watches a socket no longer. It must come before the socket is closed.
func (a *Poller) Remove(s Pollable) {
	unix.EpollCtl(a.epoll, unix.EPOLL_CTL_DEL, s.Source().fd, nil)
}

// Rearm tells that the user has taken all input of a socket. The system tells of
// more without it.
func (*Poller) Rearm(int32) {}

// Wake ends a Wait, the present one or the next.
func (a *Poller) Wake() {
	signalFD(a.wakeFD)
}

// Wait collects what sockets show into out, which must not be empty. It waits
// as w says, but no longer than until until (zero: no limit of its own), and
// not at all if nonBlocking is set. 0 sockets: Wake was called, or until has come.
// Errors: fault.Timeout, fault.Cancelled, fault.Closed.
func (a *Poller) Wait(w *Call, until time.Time, nonBlocking bool, out []Ready) (int, error) {
	w.gate.mu.Lock()
	w.waker.fd = a.wakeFD
	w.gate.mu.Unlock()
	defer func() {
		w.gate.mu.Lock()
		w.waker.fd = -1
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
		if nonBlocking {
			limit = 0
		}
		n, err := syswait.Epoll(a.epoll, a.events[:min(len(a.events), len(out))], limit)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return 0, syserr.Wrap(err, fault.PhaseCall, "")
		}
		found, woken := a.collect(a.events[:n], out)
		switch {
		case found > 0 || woken && w.Woken() == fault.OK || nonBlocking || n > 0 && !woken: // the last: the timer
			return found, nil
		case woken:
			continue
		case !until.IsZero() && !time.Now().Before(until):
			return 0, nil
		case w.remaining() == 0:
			return 0, w.reason(fault.Timeout)
		}
	}
}

// PollNow is Wait for a call that waits for nothing and cannot be woken.
func (a *Poller) PollNow(out []Ready) int {
	n, err := unix.EpollWait(a.epoll, a.events[:min(len(a.events), len(out))], 0)
	if err != nil {
		return 0
	}
	found, woken := a.collect(a.events[:n], out)
	if woken { // it may have been for a Wait
		a.Wake()
	}
	return found
}

func (a *Poller) collect(events []unix.EpollEvent, out []Ready) (found int, woken bool) {
	for _, ev := range events {
		if ev.Fd == wakeNumber {
			clearFD(a.wakeFD)
			woken = true
			continue
		}
		if ev.Fd == timerNumber { // the user sets it anew
			continue
		}
		out[found] = Ready{Number: ev.Fd,
			Input:    ev.Events&(unix.EPOLLIN|unix.EPOLLRDHUP|unix.EPOLLERR|unix.EPOLLHUP) != 0,
			Urgent:   ev.Events&unix.EPOLLPRI != 0,
			Ended:    ev.Events&(unix.EPOLLRDHUP|unix.EPOLLERR|unix.EPOLLHUP) != 0,
			Writable: ev.Events&(unix.EPOLLOUT|unix.EPOLLERR|unix.EPOLLHUP) != 0}
		found++
	}
	return found, woken
}

// Descriptor becomes readable when Wait would return at once.
func (a *Poller) Descriptor() int { return a.epoll }

// Close gives the descriptors back; no call may be inside.
func (a *Poller) Close() {
	unix.Close(a.epoll)
	descriptors.Add(-1)
	closeWakeFD(a.wakeFD)
	a.closeTimer()
}
