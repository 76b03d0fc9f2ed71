package wire

import (
	"errors"
	"net"
	"os"
	"time"

	"wdsocket/core/fault"
)

// sysWait is the way to wake a call that waits inside package net: setting the
// deadline it waits for into the past. It is read and written under gate.mu.
type sysWait struct {
	wake func()
}

func (s *sysWait) init() {}

func (s *sysWait) ring() {
	if s.wake != nil {
		s.wake()
	}
}

func (s *sysWait) rest(bool) {}

func releasePoller() {}
func releaseBells()  { releaseWatchers() }

// wakeBy sets what wakes the call while it waits; nil: it does not wait.
func (w *Wait) wakeBy(wake func()) {
	w.gate.mu.Lock()
	w.sys.wake = wake
	w.gate.mu.Unlock()
}

// milliseconds is the time left, rounded up: a wait is never early. Negative:
// for ever.
func (w *Wait) milliseconds() int {
	left := w.remaining()
	if left < 0 {
		return -1
	}
	return wholeMilliseconds(left)
}

// wholeMilliseconds rounds up, to what the system takes.
func wholeMilliseconds(d time.Duration) int {
	const longest = 1 << 30
	return int(min((d+time.Millisecond-1)/time.Millisecond, longest))
}

// past is a deadline that is over.
var past = time.Unix(1, 0)

// run makes a call of package net wait as w says: set sets the deadline of the
// call op. Errors: fault.Timeout, fault.Cancelled, fault.Closed, or op's own.
func (w *Wait) run(set func(time.Time) error, op func() error) error {
	deadline, ends := w.Deadline()
	if !ends {
		deadline = time.Time{}
	}
	set(deadline)
	w.gate.mu.Lock()
	if why := w.Woken(); why != fault.OK {
		w.gate.mu.Unlock()
		return why
	}
	w.sys.wake = func() { set(past) }
	w.gate.mu.Unlock()
	err := op()
	w.wakeBy(nil)
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, net.ErrClosed) && w.Woken() != fault.OK {
		return w.verdict(fault.Timeout)
	}
	return err
}

// runNow is run for calls that may not wait: ready says whether op would. An op
// that waits all the same, because what was ready has gone, is ended soon.
func (w *Wait) runNow(set func(time.Time) error, ready func() bool, op func() error) error {
	if !w.now {
		return w.run(set, op)
	}
	if !ready() {
		return w.verdict(fault.Timeout)
	}
	const soon = 200 * time.Millisecond
	set(time.Now().Add(soon))
	err := op()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fault.Timeout
	}
	return err
}
