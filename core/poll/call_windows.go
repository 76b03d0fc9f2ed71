package poll

import (
	"errors"
	"net"
	"os"
	"time"

	"wdsocket/core/fault"
)

// waker is the way to wake a call that waits inside package net: setting the
// deadline it waits for into the past. It is read and written under gate.mu.
type waker struct {
	wake func()
}

func (s *waker) init() {}

func (s *waker) signal() {
	if s.wake != nil {
		s.wake()
	}
}

func (s *waker) release(bool) {}

func releaseParker()  {}
func releaseWakeFDs() { releasePollers() }

// wakeBy sets what wakes the call while it waits; nil: it does not wait.
func (w *Call) wakeBy(wake func()) {
	w.gate.mu.Lock()
	w.waker.wake = wake
	w.gate.mu.Unlock()
}

// past is a deadline that is over.
var past = time.Unix(1, 0)

// NetCall is a call of package net that can be made to wait as a Call says: op
// makes it, and set sets the deadline it heeds. It is made once and used again,
// so that nothing is allocated for a call.
type NetCall struct {
	set func(time.Time) error
	end func() // makes a call that waits return
	op  func() error
}

// NewNetCall makes the call op, which heeds the deadline that set sets.
func NewNetCall(set func(time.Time) error, op func() error) NetCall {
	return NetCall{set, func() { set(past) }, op}
}

// Run makes a call of package net wait as w says. Errors: fault.Timeout,
// fault.Cancelled, fault.Closed, or the call's own.
func (w *Call) Run(c *NetCall) error {
	deadline, ends := w.Deadline()
	if !ends {
		deadline = time.Time{}
	}
	w.gate.mu.Lock()
	if why := w.Woken(); why != fault.OK {
		w.gate.mu.Unlock()
		return why
	}
	if w.wakeupIsSet() { // what does not have to wait goes on
		deadline = time.Now().Add(soon)
	}
	c.set(deadline)
	w.waker.wake = c.end
	w.gate.mu.Unlock()
	err := c.op()
	w.wakeBy(nil)
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, net.ErrClosed) && w.Woken() != fault.OK {
		return w.Expired()
	}
	return err
}

// RunNow is Run for calls that may not wait: ready says whether it would. One
// that waits all the same, because what was ready has gone, is ended soon.
func (w *Call) RunNow(c *NetCall, ready func() bool) error {
	if !w.MayNotWait() {
		return w.Run(c)
	}
	if !ready() {
		return w.Expired()
	}
	c.set(time.Now().Add(soon))
	err := c.op()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return w.Expired()
	}
	return err
}

// soon is when a call of package net that should not wait is ended.
const soon = 200 * time.Millisecond

// MayNotWait tells whether the call takes what is there or nothing.
func (w *Call) MayNotWait() bool { return w.nonBlocking || w.wakeupIsSet() }
