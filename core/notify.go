package core

import (
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
)

// Told is what became of an attempt to tell that a queue has events.
type Told int

// The outcomes.
const (
	ToldWell  Told = iota // it will be heard
	ToldLater             // not now: it is tried again soon
	ToldNever             // there is nobody to tell any more
)

// notifier is the goroutine that tells when a queue has events. It has the
// turn only while the host's thread has not: it looks at the sockets until
// there is an event, tells so, and waits then until the host has asked.
type notifier struct {
	q       *Queue
	tell    func() Told
	wake    chan struct{} // the host has left Next, or the notifier has to end
	stopped atomic.Bool
	over    chan struct{} // closed when it has ended
}

// SetNotifier makes the queue call tell, which must not wait, once when there
// are events, and again when a Next has left some behind: never twice without
// a Next in between. By the time the host asks, the events may be gone. nil
// removes the present one, and none of its calls is running then. It ends by
// itself when tell gives ToldNever.
//
// Errors: fault.Busy (there is a callback), fault.Closed.
func (q *Queue) SetNotifier(tell func() Told) error {
	inside := q.gate.Enter(0, true)
	if inside == nil {
		return fault.New(fault.Closed, fault.PhaseCall, "")
	}
	defer inside.Leave()
	for {
		old, err := q.exchangeNotifier(tell)
		if err != nil || old == nil {
			return err
		}
		old.stop()
	}
}

// exchangeNotifier starts a notifier; one that is there has to be stopped
// first.
func (q *Queue) exchangeNotifier(tell func() Told) (old *notifier, err error) {
	q.calls.Lock()
	defer q.calls.Unlock()
	if old = q.notifier.Load(); old != nil || tell == nil {
		return old, nil
	}
	if q.taker.Load() == takerCallback {
		return nil, fault.New(fault.Busy, fault.PhaseCall, "")
	}
	n := &notifier{q: q, tell: tell, wake: make(chan struct{}, 1), over: make(chan struct{})}
	q.notifier.Store(n)
	q.lib.task("the notifier", q, n.run)
	return nil, nil
}

// stop ends the notifier and waits for that; the caller is inside the gate.
func (n *notifier) stop() {
	n.stopped.Store(true)
	n.rouse()
	n.q.watch.Wake()
	<-n.over
}

// rouse makes the notifier look again.
func (n *notifier) rouse() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

func (n *notifier) run() {
	defer close(n.over)
	defer n.q.notifier.CompareAndSwap(n, nil)
	w := n.q.gate.EnterTask()
	if w == nil {
		return
	}
	defer w.Leave()
	for !n.stopped.Load() {
		found, err := n.look(w)
		if err != nil || found && !n.give(w) {
			return
		}
		if n.stopped.Load() || w.For(n.wake) != nil { // the look may have heard the call to stop
			return
		}
	}
}

// look waits until there is an event to tell of. false: the host has the turn,
// or wants it, and rouses when it leaves.
func (n *notifier) look(w *poll.Call) (found bool, err error) {
	q := n.q
	if !q.turn.TryLock() {
		return false, nil
	}
	q.asking.Store(true)
	defer q.endTurn()
	select {
	case <-n.wake: // for what this look sees anyway
	default:
	}
	for !n.stopped.Load() && q.wanted.Load() == 0 {
		if q.pending() {
			return true, nil
		}
		busy := q.lookAround()
		if q.pending() {
			return true, nil
		}
		k, err := q.watch.Wait(w, q.nextDue(), busy, q.ready)
		if err != nil {
			return false, err
		}
		q.noteReady(q.ready[:k])
	}
	return false, nil
}

// give tells, if need be again and again. false: the notifier has to end.
func (n *notifier) give(w *poll.Call) bool {
	for !n.stopped.Load() {
		switch n.tell() {
		case ToldWell:
			return true
		case ToldNever:
			return false
		}
		const pause = 20 * time.Millisecond
		if w.Pause(pause) != nil {
			return false
		}
	}
	return false
}

// takeTurn makes the caller the one who looks at the sockets and waits for
// them. Only a notifier that waits can have the turn; it gives way at once.
func (q *Queue) takeTurn() {
	if !q.turn.TryLock() {
		q.wanted.Add(1)
		q.watch.Wake()
		q.turn.Lock()
		q.wanted.Add(-1)
	}
	q.asking.Store(true)
}

// endTurn lets others look. Once the descriptor was asked for, it shows what
// is left.
func (q *Queue) endTurn() {
	q.asking.Store(false) // before the look at what is left: what comes after it rings by itself
	q.turn.Unlock()
	if !q.shown.Load() {
		return
	}
	q.mu.Lock()
	if len(q.hot) > 0 || q.told < len(q.posted) {
		q.watch.Wake()
	}
	q.mu.Unlock()
}

// leaveTurn is endTurn for all but the notifier, which may wait for it.
func (q *Queue) leaveTurn() {
	q.endTurn()
	if n := q.notifier.Load(); n != nil {
		n.rouse()
	}
}

// pending tells whether there is an event to hand out.
func (q *Queue) pending() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.told < len(q.posted) && q.posted[q.told].stale() {
		q.posted[q.told] = posting{}
		q.told++
	}
	q.trim()
	return q.told < len(q.posted)
}

// Descriptor becomes readable when Next may have something to tell without
// waiting; the user of the package may watch it and nothing else. It is the
// same at each call and gone with the queue. Errors: fault.Unsupported,
// fault.Descriptors, fault.Closed.
func (q *Queue) Descriptor() (int, error) {
	inside := q.gate.Enter(0, true)
	if inside == nil {
		return 0, fault.New(fault.Closed, fault.PhaseCall, "")
	}
	defer inside.Leave()
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.watch.NeedTimer(); err != nil {
		return 0, err
	}
	if !q.shown.Swap(true) {
		q.setClock()
		q.watch.Wake() // for what is there already
	}
	return q.watch.Descriptor(), nil
}

// setClock makes the descriptor readable when the next timer is due, if
// somebody watches it; q.mu is held.
func (q *Queue) setClock() {
	if !q.shown.Load() {
		return
	}
	var due time.Time
	if len(q.timers) > 0 {
		due = q.timers[0].due
	}
	if !due.Equal(q.armed) {
		q.armed = due
		q.watch.SetTimer(due)
	}
}
