package core

import (
	"runtime"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/task"
)

// CallbackID says which callback the calling thread is in: the ID of its queue, or
// NoCallback. A call must not wait for the end of the callback that it is made from.
type CallbackID int32

// NoCallback is a thread that is in no callback.
const NoCallback CallbackID = 0

// dispatcher is the goroutine that calls the host's function for the events of one
// queue. It lives while there is a function, and stays on one thread.
type dispatcher struct {
	q     *Queue
	event *Event        // the record that the function sees
	done  chan struct{} // closed when the goroutine has ended

	// Under q.calls:
	f        func(*Event)  // nil: the goroutine ends
	calling  bool          // f runs
	returned chan struct{} // closed when that call returns, if another waits for it

	// Under lib.calls:
	waitsFor *dispatcher // whose call the running function waits for
	ended    bool        // the function is not called any more
}

// SetCallback makes the queue call f for each event, one after the other, in a
// goroutine of its own that stays on one thread; nil removes the present
// function. A call that is running is waited for, however long it takes, but
// for one that the caller is inside of, or that waits for the caller's.
//
// f gets a record that is its own until it returns, and may call everything.
// Next gives fault.Busy meanwhile. Errors: fault.Busy (a call of Next is
// inside, or a notifier is set), fault.Closed.
func (q *Queue) SetCallback(f func(*Event), from CallbackID) error {
	inside := q.gate.Enter(0, true)
	if inside == nil {
		return fault.New(fault.Closed, fault.PhaseCall, "")
	}
	d, returned, err := q.swapCallback(f)
	if err == nil {
		q.watcher.Wake() // the goroutine may wait for events
	}
	inside.Leave()
	if returned != nil {
		q.lib.awaitDispatcher(d, returned, from)
	}
	return err
}

// swapCallback replaces the function. returned, which may be nil, is closed when a
// running call has ended.
func (q *Queue) swapCallback(f func(*Event)) (d *dispatcher, returned <-chan struct{}, err error) {
	q.calls.Lock()
	defer q.calls.Unlock()
	d = q.dispatcher
	if f == nil {
		if d == nil {
			return nil, nil, nil
		}
		d.f = nil
		q.consumer.CompareAndSwap(consumerCallback, consumerNone)
		return d, d.returnedLocked(), nil
	}
	if q.notifier.Load() != nil {
		return nil, nil, fault.New(fault.Busy, fault.PhaseCall, "")
	}
	if q.consumer.Load() != consumerCallback && !q.consumer.CompareAndSwap(consumerNone, consumerCallback) {
		return nil, nil, fault.New(fault.Busy, fault.PhaseCall, "")
	}
	if d != nil { // also one that was about to end
		d.f = f
		return d, d.returnedLocked(), nil
	}
	q.dispatcher = &dispatcher{q: q, event: new(Event), done: make(chan struct{}), f: f}
	q.lib.dispatcherStarted(q.dispatcher)
	task.Go("the callback", q.lib.Report, q.dispatcher.run)
	return q.dispatcher, nil, nil
}

// returnedLocked is closed when the running call returns; nil if none runs.
func (d *dispatcher) returnedLocked() <-chan struct{} {
	if !d.calling {
		return nil
	}
	if d.returned == nil {
		d.returned = make(chan struct{})
	}
	return d.returned
}

// run is the goroutine. It ends without giving its thread back, so that what
// the host has bound to the thread ends too.
func (d *dispatcher) run() {
	runtime.LockOSThread()
	defer d.q.lib.dispatcherEnded(d)
	defer d.remove()
	for !d.finished() {
		if d.q.lib.recoverPanic("the callback", d.dispatch) != nil {
			const pause = 20 * time.Millisecond
			time.Sleep(pause) // it may panic again at once
		}
	}
}

// finished tells whether the goroutine has to end, and takes it out of its
// queue then.
func (d *dispatcher) finished() bool {
	q := d.q
	q.calls.Lock()
	defer q.calls.Unlock()
	if d.f != nil && !q.gate.Closed() {
		return false
	}
	d.removeLocked()
	return true
}

// remove takes the dispatcher out of its queue, however it ends: a function may also
// end it by runtime.Goexit.
func (d *dispatcher) remove() {
	d.q.calls.Lock()
	defer d.q.calls.Unlock()
	d.removeLocked()
}

// removeLocked is remove with q.calls held; another dispatcher may have its place
// already.
func (d *dispatcher) removeLocked() {
	q := d.q
	if q.dispatcher != d {
		return
	}
	d.f, q.dispatcher = nil, nil
	q.consumer.CompareAndSwap(consumerCallback, consumerNone)
	q.lib.calls.Lock()
	d.ended = true
	q.lib.calls.Unlock()
}

// dispatch waits for an event and calls the function for it and the next few.
// Then the sockets are serviced again, so that what is posted already does
// not hide what happens meanwhile.
func (d *dispatcher) dispatch() error {
	if !d.awaitEvent() {
		return nil
	}
	const batch = 32
	for range batch {
		f := d.takeEvent()
		if f == nil {
			return nil
		}
		d.callFunction(f)
	}
	return nil
}

// callFunction runs the function, which may also end by a panic.
func (d *dispatcher) callFunction(f func(*Event)) {
	defer d.callEnded()
	f(d.event)
}

// takeEvent takes the next event, right before its call: events of what was closed or
// detached by the call before are dropped. nil: there is none.
func (d *dispatcher) takeEvent() func(*Event) {
	q := d.q
	q.calls.Lock()
	defer q.calls.Unlock()
	if d.f == nil || !q.takeEvent(d.event) {
		return nil
	}
	d.calling = true
	return d.f
}

func (d *dispatcher) callEnded() {
	d.q.calls.Lock()
	d.calling = false
	if d.returned != nil {
		close(d.returned)
		d.returned = nil
	}
	d.q.calls.Unlock()
}

// awaitEvent waits for an event, polling once in any case. False: the queue is closed,
// the function is gone, or the system failed.
func (d *dispatcher) awaitEvent() bool {
	q := d.q
	w := q.gate.EnterTask()
	if w == nil {
		return false
	}
	defer w.Leave()
	q.lockPoll()
	defer q.unlockPollAndWake()
	for d.hasFunction() {
		busy := q.pollOnce()
		if q.hasEvents() {
			return true
		}
		n, err := q.watcher.Wait(w, q.nextDue(), busy, q.polled)
		if err != nil {
			if fault.CodeOf(err) != fault.Closed {
				const pause = 20 * time.Millisecond
				w.Pause(pause) // the system is short of something
			}
			return false
		}
		q.markPolled(q.polled[:n])
	}
	return false
}

func (d *dispatcher) hasFunction() bool {
	d.q.calls.Lock()
	defer d.q.calls.Unlock()
	return d.f != nil
}

func (lib *Library) dispatcherStarted(d *dispatcher) {
	lib.calls.Lock()
	lib.dispatchers[d] = struct{}{}
	lib.calls.Unlock()
	lib.tasksRunning.Add(1)
}

func (lib *Library) dispatcherEnded(d *dispatcher) {
	defer close(d.done) // which is waited for
	lib.tasksRunning.Add(-1)
	lib.calls.Lock()
	delete(lib.dispatchers, d)
	lib.calls.Unlock()
}

// awaitDispatcher waits for done, which is closed when the present call of d has
// returned. It does not wait if that call is the caller's own, or waits for the
// caller's, directly or through others.
func (lib *Library) awaitDispatcher(d *dispatcher, done <-chan struct{}, from CallbackID) {
	lib.calls.Lock()
	self := lib.dispatcherOfLocked(from)
	if self != nil {
		for other := d; other != nil; other = other.waitsFor {
			if other == self {
				lib.calls.Unlock()
				return
			}
		}
		self.waitsFor = d
	}
	lib.calls.Unlock()
	<-done
	if self != nil {
		lib.calls.Lock()
		self.waitsFor = nil
		lib.calls.Unlock()
	}
}

// dispatcherOfLocked is the one that calls for a queue, whether that is closed or not;
// lib.calls is held.
func (lib *Library) dispatcherOfLocked(from CallbackID) *dispatcher {
	if from == NoCallback {
		return nil
	}
	for d := range lib.dispatchers {
		if !d.ended && d.q.ID() == int32(from) {
			return d
		}
	}
	return nil
}

// awaitDispatchers waits for the calls of all callbacks that were removed.
func (lib *Library) awaitDispatchers(from CallbackID) {
	lib.calls.Lock()
	present := make([]*dispatcher, 0, len(lib.dispatchers))
	for d := range lib.dispatchers {
		if d.q.gate.Closed() {
			present = append(present, d)
		}
	}
	lib.calls.Unlock()
	for _, d := range present {
		lib.awaitDispatcher(d, d.done, from)
	}
}
