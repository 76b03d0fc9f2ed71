package poll

import "wdsocket/core/fault"

// What wakes a call. What outranks another has the higher number.
const (
	wokenByNothing int32 = iota
	wokenByWakeup        // it must not wait any more
	wokenByCancel        // it must return
	wokenByClose
)

// wakeLocked tells the call what wakes it; gate.mu is held.
func (w *Call) wakeLocked(by int32) {
	w.wokenBy.Store(max(w.wokenBy.Load(), by))
	select {
	case w.wakeCh <- struct{}{}:
	default:
	}
	w.waker.signal()
}

// Woken tells why the call must return: fault.Closed, fault.Cancelled, or
// fault.OK while it need not. A wake-up is no reason: it ends waiting, and nothing else.
func (w *Call) Woken() fault.Code {
	switch w.wokenBy.Load() {
	case wokenByCancel:
		return fault.Cancelled
	case wokenByClose:
		return fault.Closed
	}
	return fault.OK
}
