package transport

import (
	"sync/atomic"

	"wdsocket/core/lockorder"
	"wdsocket/core/poll"
)

// outgoing is what a connection was given to write and the system has not taken yet.
type outgoing struct {
	to        outlet
	outMu     lockorder.Mutex[lockorder.Output]
	unsent    []byte      // kept by Write
	hasUnsent atomic.Bool // unsent is not empty
}

// outlet is where output goes: one end of a connection of the system.
type outlet interface {
	sendNow(p []byte) (int, error)    // what the system takes at once, be it nothing
	pollWritable()                    // a queue that waits is told when there is room
	awaitWritable(w *poll.Call) error // waits for room as w says
}

// Write takes all of p and never waits: what the system does not take is kept for Flush.
func (o *outgoing) Write(p []byte) (int, error) {
	o.outMu.Lock()
	defer o.outMu.Unlock()
	rest := p
	if len(o.unsent) == 0 {
		n, err := o.to.sendNow(p)
		if err != nil {
			return n, err
		}
		rest = p[n:]
	}
	if len(rest) > 0 {
		o.unsent = append(o.unsent, rest...)
		o.hasUnsent.Store(true)
		o.to.pollWritable()
	}
	return len(p), nil
}

// TrySend sends what the system takes at once, and keeps nothing. Nothing that Write kept
// may wait.
func (o *outgoing) TrySend(p []byte) (int, error) {
	o.outMu.Lock()
	defer o.outMu.Unlock()
	return o.to.sendNow(p)
}

// Unsent tells how many bytes Write keeps.
func (o *outgoing) Unsent() int {
	o.outMu.Lock()
	defer o.outMu.Unlock()
	return len(o.unsent)
}

// TryFlush sends what it can of what Write kept, without waiting, and tells how much is
// left.
func (o *outgoing) TryFlush() (left int, err error) {
	o.outMu.Lock()
	defer o.outMu.Unlock()
	n, err := o.to.sendNow(o.unsent)
	o.unsent = o.unsent[n:]
	if len(o.unsent) == 0 {
		o.unsent = nil
		o.hasUnsent.Store(false)
	} else if err == nil {
		o.to.pollWritable()
	}
	return len(o.unsent), err
}

// Flush waits until what Write kept is with the system.
func (o *outgoing) Flush(w *poll.Call) error {
	for o.hasUnsent.Load() {
		if left, err := o.TryFlush(); err != nil || left == 0 {
			return err
		}
		if err := o.to.awaitWritable(w); err != nil {
			return err
		}
	}
	return nil
}
