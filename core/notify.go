package core

import (
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
)

// NotifyResult is the outcome of notifying a host that a queue has events.
type NotifyResult int

// The outcomes.
const (
	Notified   NotifyResult = iota // the host will call Next
	RetryLater                     // not now: it is tried again soon
	TargetGone                     // the host is gone
)

// notifier is the goroutine that notifies the host when a queue has events. It holds
// the poll lock only while no call of Next does: it polls until there is an event,
// notifies, and waits until the host has called Next.
type notifier struct {
	q       *Queue
	notify  func() NotifyResult
	wake    chan struct{} // the host has left Next, or the notifier has to end
	stopped atomic.Bool
	done    chan struct{} // closed when it has ended
}

// SetNotifier makes the queue call notify, which must not wait, once when there
// are events, and again when a Next has left some behind: never twice without
// a Next in between. By the time the host asks, the events may be gone. nil
// removes the present one, and none of its calls is running then. It ends by
// itself when notify gives TargetGone.
//
// Errors: fault.Busy (there is a callback), fault.Closed.
func (q *Queue) SetNotifier(notify func() NotifyResult) error {
	inside := q.gate.Enter(0, true)
	if inside == nil {
		return fault.New(fault.Closed, fault.PhaseCall, "")
	}
	defer inside.Leave()
	for {
		old, err := q.swapNotifier(notify)
		if err != nil || old == nil {
			return err
		}
		old.stop()
	}
}

// swapNotifier starts a notifier; one that is there has to be stopped
// first.
func (q *Queue) swapNotifier(notify func() NotifyResult) (old *notifier, err error) {
	q.calls.Lock()
	defer q.calls.Unlock()
	if old = q.notifier.Load(); old != nil || notify == nil {
		return old, nil
	}
	if q.consumer.Load() == consumerCallback {
		return nil, fault.New(fault.Busy, fault.PhaseCall, "")
	}
	n := &notifier{q: q, notify: notify, wake: make(chan struct{}, 1), done: make(chan struct{})}
	q.notifier.Store(n)
	q.lib.goTask("the notifier", q, n.run)
	return nil, nil
}

// stop ends the notifier and waits for that; the caller is inside the gate.
func (n *notifier) stop() {
	n.stopped.Store(true)
	n.wakeUp()
	n.q.watcher.Wake()
	<-n.done
}

// wakeUp makes the notifier poll again.
func (n *notifier) wakeUp() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

func (n *notifier) run() {
	defer close(n.done)
	defer n.q.notifier.CompareAndSwap(n, nil)
	w := n.q.gate.EnterTask()
	if w == nil {
		return
	}
	defer w.Leave()
	for !n.stopped.Load() {
		found, err := n.awaitEvent(w)
		if err != nil || found && !n.notifyHost(w) {
			return
		}
		if n.stopped.Load() || w.For(n.wake) != nil { // the look may have heard the call to stop
			return
		}
	}
}

// awaitEvent polls until there is an event. False: a call of Next holds the poll lock,
// or wants it, and wakes the notifier when it leaves.
func (n *notifier) awaitEvent(w *poll.Call) (found bool, err error) {
	q := n.q
	if !q.pollLock.TryLock() {
		return false, nil
	}
	q.polling.Store(true)
	defer q.unlockPoll()
	select {
	case <-n.wake: // for what this look sees anyway
	default:
	}
	for !n.stopped.Load() && q.pollWaiters.Load() == 0 {
		if q.hasEvents() {
			return true, nil
		}
		busy := q.pollOnce()
		if q.hasEvents() {
			return true, nil
		}
		k, err := q.watcher.Wait(w, q.nextDue(), busy, q.polled)
		if err != nil {
			return false, err
		}
		q.markPolled(q.polled[:k])
	}
	return false, nil
}

// notifyHost notifies the host, repeatedly if need be. False: the notifier has to end.
func (n *notifier) notifyHost(w *poll.Call) bool {
	for !n.stopped.Load() {
		switch n.notify() {
		case Notified:
			return true
		case TargetGone:
			return false
		}
		const pause = 20 * time.Millisecond
		if w.Pause(pause) != nil {
			return false
		}
	}
	return false
}

// lockPoll takes the poll lock: only its holder services sockets and waits for them. A
// notifier that holds it releases it at once.
func (q *Queue) lockPoll() {
	if !q.pollLock.TryLock() {
		q.pollWaiters.Add(1)
		q.watcher.Wake()
		q.pollLock.Lock()
		q.pollWaiters.Add(-1)
	}
	q.polling.Store(true)
}

// unlockPoll releases the poll lock. Once the descriptor was exported, it shows whether
// something is left.
func (q *Queue) unlockPoll() {
	q.polling.Store(false) // before looking at what is left: what comes later signals by itself
	q.pollLock.Unlock()
	if !q.descriptorExported.Load() {
		return
	}
	q.mu.Lock()
	if len(q.ready) > 0 || q.head < len(q.events) {
		q.watcher.Wake()
	}
	q.mu.Unlock()
}

// unlockPollAndWake is unlockPoll and wakes the notifier.
func (q *Queue) unlockPollAndWake() {
	q.unlockPoll()
	if n := q.notifier.Load(); n != nil {
		n.wakeUp()
	}
}

// hasEvents tells whether there is an event to hand out.
func (q *Queue) hasEvents() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.head < len(q.events) && q.events[q.head].obsoleteLocked() {
		q.events[q.head] = queuedEvent{}
		q.head++
	}
	q.trimLocked()
	return q.head < len(q.events)
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
	if err := q.watcher.NeedTimer(); err != nil {
		return 0, err
	}
	if !q.descriptorExported.Swap(true) {
		q.setTimerLocked()
		q.watcher.Wake() // for what is there already
	}
	return q.watcher.Descriptor(), nil
}

// setTimerLocked makes the exported descriptor readable when the next timer is due.
func (q *Queue) setTimerLocked() {
	if !q.descriptorExported.Load() {
		return
	}
	var due time.Time
	if len(q.timers) > 0 {
		due = q.timers[0].due
	}
	if !due.Equal(q.timerSetTo) {
		q.timerSetTo = due
		q.watcher.SetTimer(due)
	}
}
