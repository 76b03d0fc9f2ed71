package core

import (
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
)

// lingering is an orderly close in progress: until when unsent data may still leave,
// and the call that waits for it, if there is one.
type lingering struct {
	closeTimeout time.Duration // what CloseAll leaves it

	mu       lockorder.Mutex[lockorder.Leaf]
	until    time.Time     // then the connection is reset; zero: never
	lateCode fault.Code    // what the call gives then
	woken    chan struct{} // closed when the call has to return before the end; nil if none waits
	reason   fault.Code    // and what it gives then, fault.OK while it waits

	done chan struct{} // closed at the end; nil if no call waits
	err  error         // how it ended
}

// farFuture is a time that does not come.
const farFuture = 100 * 365 * 24 * time.Hour

// newLingering makes one that ends after at most atMost, negative for never.
func newLingering(atMost, closeTimeout time.Duration) *lingering {
	l := &lingering{closeTimeout: closeTimeout, lateCode: fault.Timeout}
	if atMost >= 0 {
		l.until = time.Now().Add(atMost)
	}
	return l
}

// limit is when it ends at the latest.
func (l *lingering) limit() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.until.IsZero() {
		return time.Now().Add(farFuture)
	}
	return l.until
}

// shortenLocked makes it end after atMost, or earlier if that was agreed.
func (l *lingering) shortenLocked(atMost time.Duration) {
	if end := time.Now().Add(atMost); l.until.IsZero() || end.Before(l.until) {
		l.until = end
	}
}

// shorten bounds it by the close time-out of its socket, for CloseAll.
func (l *lingering) shorten() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.shortenLocked(l.closeTimeout)
	l.lateCode = fault.Closed
}

// extend gives what follows the call's wait the close time-out.
func (l *lingering) extend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lateCode != fault.Closed { // else CloseAll has said when
		l.until = time.Now().Add(l.closeTimeout)
	}
}

// releaseWaiter makes the waiting call return with reason; the close goes on without
// it, for at most atMost. False: no call waits any more.
func (l *lingering) releaseWaiter(reason fault.Code, atMost time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.hasWaiterLocked() {
		return false
	}
	l.shortenLocked(atMost)
	l.reason = reason
	close(l.woken)
	return true
}

// hasWaiter tells whether a call waits for the end.
func (l *lingering) hasWaiter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.hasWaiterLocked()
}

func (l *lingering) hasWaiterLocked() bool {
	select {
	case <-l.done:
		return false
	default:
		return l.reason == fault.OK
	}
}

// run does the orderly close.
func (l *lingering) run(st *stream) error {
	if st.drainAndClose(l.limit) {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if code := l.lateCode; !l.until.IsZero() && !time.Now().Before(l.until) {
		return fault.New(code, fault.PhaseClose, st.peerLabel())
	}
	return fault.New(fault.Reset, fault.PhaseClose, st.peerLabel())
}
