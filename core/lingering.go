package core

import (
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
)

// lingering is an orderly close under way: until when what was written may still
// leave, and the call that waits for it, if there is one.
type lingering struct {
	most time.Duration // what CloseAll leaves it

	mu    lockorder.Mutex[lockorder.Leaf]
	until time.Time     // then the connection is reset; zero: never
	late  fault.Code    // what the call gives then
	woken chan struct{} // closed when the call has to return before the end; nil if none waits
	why   fault.Code    // and what it gives then, fault.OK while it waits

	done chan struct{} // closed at the end; nil if no call waits
	err  error         // how it ended
}

// farAway is a time that does not come.
const farAway = 100 * 365 * 24 * time.Hour

// newLingering makes one that ends after at most patience, negative for never.
func newLingering(patience, most time.Duration) *lingering {
	l := &lingering{most: most, late: fault.Timeout}
	if patience >= 0 {
		l.until = time.Now().Add(patience)
	}
	return l
}

// limit is when it ends at the latest.
func (l *lingering) limit() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.until.IsZero() {
		return time.Now().Add(farAway)
	}
	return l.until
}

// shortenLocked makes it end after patience, or earlier if that was agreed.
func (l *lingering) shortenLocked(patience time.Duration) {
	if end := time.Now().Add(patience); l.until.IsZero() || end.Before(l.until) {
		l.until = end
	}
}

// hasten is for CloseAll: it ends within the close time-out of its socket.
func (l *lingering) hasten() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.shortenLocked(l.most)
	l.late = fault.Closed
}

// goOn is for what follows behind the end of the call's waiting: it ends within the
// close time-out.
func (l *lingering) goOn() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.late != fault.Closed { // else CloseAll has said when
		l.until = time.Now().Add(l.most)
	}
}

// release makes the call that waits return with why; the close goes on without
// it, for at most patience. False: no call waits any more.
func (l *lingering) release(why fault.Code, patience time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.waitedLocked() {
		return false
	}
	l.shortenLocked(patience)
	l.why = why
	close(l.woken)
	return true
}

// waited tells whether a call waits for the end.
func (l *lingering) waited() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.waitedLocked()
}

func (l *lingering) waitedLocked() bool {
	select {
	case <-l.done:
		return false
	default:
		return l.why == fault.OK
	}
}

// run closes the connection in order.
func (l *lingering) run(st *stream) error {
	if st.settle(l.limit) {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if code := l.late; !l.until.IsZero() && !time.Now().Before(l.until) {
		return fault.New(code, fault.PhaseClose, st.who())
	}
	return fault.New(fault.Reset, fault.PhaseClose, st.who())
}
