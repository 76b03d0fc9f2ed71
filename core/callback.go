package core

import (
	"runtime"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/task"
)

// Inside says in which callback the thread that calls is: the ID of its queue,
// or Outside. Who waits for the end of a call must not be part of it.
type Inside int32

// Outside is a thread that is in no callback.
const Outside Inside = 0

// delivery is the goroutine that calls the host's function for the events of
// one queue. It lives while there is a function, and stays on one thread of
// the system.
type delivery struct {
	q     *Queue
	event *Event        // the record that the function sees
	over  chan struct{} // closed when the goroutine has ended

	// Under q.calls:
	f        func(*Event)  // nil: the goroutine ends
	calling  bool          // f runs
	returned chan struct{} // closed when that call returns, if somebody waits for it

	// Under lib.calls:
	waits *delivery // whose call the running function waits for
	ended bool      // the function is not called any more
}

// SetCallback makes the queue call f for each event, one after the other, in a
// goroutine of its own that stays on one thread; nil removes the present
// function. A call that is running is waited for, however long it takes, but
// for one that the caller is inside of, or that waits for the caller's.
//
// f gets a record that is its own until it returns, and may call everything.
// Next gives fault.Busy meanwhile. Errors: fault.Busy (a call of Next is
// inside, or a notifier is set), fault.Closed.
func (q *Queue) SetCallback(f func(*Event), from Inside) error {
	inside := q.gate.Enter(0, true)
	if inside == nil {
		return fault.New(fault.Closed, fault.PhaseCall, "")
	}
	d, returned, err := q.exchange(f)
	if err == nil {
		q.watch.Wake() // the goroutine may wait for events
	}
	inside.Leave()
	if returned != nil {
		q.lib.awaitDelivery(d, returned, from)
	}
	return err
}

// exchange puts f in the place of the present function. returned, which may be
// nil, tells when a call that is running has ended.
func (q *Queue) exchange(f func(*Event)) (d *delivery, returned <-chan struct{}, err error) {
	q.calls.Lock()
	defer q.calls.Unlock()
	d = q.delivery
	if f == nil {
		if d == nil {
			return nil, nil, nil
		}
		d.f = nil
		q.taker.CompareAndSwap(takerCallback, takerNone)
		return d, d.untilReturned(), nil
	}
	if q.notifier.Load() != nil {
		return nil, nil, fault.New(fault.Busy, fault.PhaseCall, "")
	}
	if q.taker.Load() != takerCallback && !q.taker.CompareAndSwap(takerNone, takerCallback) {
		return nil, nil, fault.New(fault.Busy, fault.PhaseCall, "")
	}
	if d != nil { // also one that was about to end
		d.f = f
		return d, d.untilReturned(), nil
	}
	q.delivery = &delivery{q: q, event: new(Event), over: make(chan struct{}), f: f}
	q.lib.deliveryBegins(q.delivery)
	task.Go("the callback", q.lib.Report, q.delivery.run)
	return q.delivery, nil, nil
}

// untilReturned is closed when the running call returns; nil if none runs.
// q.calls is held.
func (d *delivery) untilReturned() <-chan struct{} {
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
func (d *delivery) run() {
	runtime.LockOSThread()
	defer d.q.lib.deliveryOver(d)
	defer d.withdraw()
	for !d.finished() {
		if d.q.lib.attempt("the callback", d.deliver) != nil {
			const pause = 20 * time.Millisecond
			time.Sleep(pause) // it may panic again at once
		}
	}
}

// finished tells whether the goroutine has to end, and takes it out of its
// queue then.
func (d *delivery) finished() bool {
	q := d.q
	q.calls.Lock()
	defer q.calls.Unlock()
	if d.f != nil && !q.gate.Closed() {
		return false
	}
	d.withdrawLocked()
	return true
}

// withdraw takes the goroutine out of its queue, however it ends: a function may
// also end it by runtime.Goexit.
func (d *delivery) withdraw() {
	d.q.calls.Lock()
	defer d.q.calls.Unlock()
	d.withdrawLocked()
}

// withdrawLocked is withdraw with q.calls held; another goroutine may have its
// place already.
func (d *delivery) withdrawLocked() {
	q := d.q
	if q.delivery != d {
		return
	}
	d.f, q.delivery = nil, nil
	q.taker.CompareAndSwap(takerCallback, takerNone)
	q.lib.calls.Lock()
	d.ended = true
	q.lib.calls.Unlock()
}

// deliver waits for an event and calls the function for it and the next few.
// Then the sockets have their turn again, so that what is posted already does
// not hide what happens meanwhile.
func (d *delivery) deliver() error {
	if !d.await() {
		return nil
	}
	const some = 32
	for range some {
		f := d.begin()
		if f == nil {
			return nil
		}
		d.call(f)
	}
	return nil
}

// call runs the function, which may also end by a panic.
func (d *delivery) call(f func(*Event)) {
	defer d.end()
	f(d.event)
}

// begin takes the next event out, right before its call: nothing is told of
// what was closed or detached by the call before. nil: there is none.
func (d *delivery) begin() func(*Event) {
	q := d.q
	q.calls.Lock()
	defer q.calls.Unlock()
	if d.f == nil || !q.handOutOne(d.event) {
		return nil
	}
	d.calling = true
	return d.f
}

func (d *delivery) end() {
	d.q.calls.Lock()
	d.calling = false
	if d.returned != nil {
		close(d.returned)
		d.returned = nil
	}
	d.q.calls.Unlock()
}

// await waits until an event is posted. It looks around once in any case.
// false: the queue is closed, the function is gone, or something unusual.
func (d *delivery) await() bool {
	q := d.q
	w := q.gate.EnterTask()
	if w == nil {
		return false
	}
	defer w.Leave()
	q.takeTurn()
	defer q.leaveTurn()
	for d.wanted() {
		busy := q.lookAround()
		if q.pending() {
			return true
		}
		n, err := q.watch.Wait(w, q.nextDue(), busy, q.ready)
		if err != nil {
			if fault.CodeOf(err) != fault.Closed {
				const pause = 20 * time.Millisecond
				w.Pause(pause) // the system is short of something
			}
			return false
		}
		q.noteReady(q.ready[:n])
	}
	return false
}

func (d *delivery) wanted() bool {
	d.q.calls.Lock()
	defer d.q.calls.Unlock()
	return d.f != nil
}

func (lib *Library) deliveryBegins(d *delivery) {
	lib.calls.Lock()
	lib.deliveries[d] = struct{}{}
	lib.calls.Unlock()
	lib.running.Add(1)
}

func (lib *Library) deliveryOver(d *delivery) {
	defer close(d.over) // which is waited for
	lib.running.Add(-1)
	lib.calls.Lock()
	delete(lib.deliveries, d)
	lib.calls.Unlock()
}

// awaitDelivery waits for done, which comes when the present call of d has
// returned. It does not wait if that call is the caller's own, or waits for
// the caller's, directly or in a row.
func (lib *Library) awaitDelivery(d *delivery, done <-chan struct{}, from Inside) {
	lib.calls.Lock()
	self := lib.deliveryOf(from)
	if self != nil {
		for other := d; other != nil; other = other.waits {
			if other == self {
				lib.calls.Unlock()
				return
			}
		}
		self.waits = d
	}
	lib.calls.Unlock()
	<-done
	if self != nil {
		lib.calls.Lock()
		self.waits = nil
		lib.calls.Unlock()
	}
}

// deliveryOf is the one that calls for a queue, whether that is closed or not;
// lib.calls is held.
func (lib *Library) deliveryOf(from Inside) *delivery {
	if from == Outside {
		return nil
	}
	for d := range lib.deliveries {
		if !d.ended && d.q.ID() == int32(from) {
			return d
		}
	}
	return nil
}

// awaitDeliveries waits for the calls of all callbacks that were removed.
func (lib *Library) awaitDeliveries(from Inside) {
	lib.calls.Lock()
	present := make([]*delivery, 0, len(lib.deliveries))
	for d := range lib.deliveries {
		if d.q.gate.Closed() {
			present = append(present, d)
		}
	}
	lib.calls.Unlock()
	for _, d := range present {
		lib.awaitDelivery(d, d.over, from)
	}
}
