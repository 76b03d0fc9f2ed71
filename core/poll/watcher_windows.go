package poll

import (
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/windows"

	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
	"wdsocket/core/syserr"
)

// TellsEndUnarmed tells whether a Watcher tells of the end of a connection that
// was not rearmed after its last event.
const TellsEndUnarmed = false

// Watcher waits for many sockets in one thread. Each is known by a number of
// the user's; an event comes once, and again when the user has asked for it:
// input after Rearm, room as soon as a connection keeps output again.
//
// Add, Remove, Rearm and Ring may be called from any goroutine, Wait from one
// at a time.
type Watcher struct {
	port windows.Handle
	rung atomic.Bool
	ring func() // Ring, made once

	mu      lockorder.Mutex[lockorder.Watcher]
	closed  bool
	helpers []windows.Handle // of the socket driver, each for so many places
	places  []*place         // by the system's context; nil when unused
	unused  []int32
	numbers []*place // by the user's number

	found []completion // of the one who waits
}

// helperLoad is for how many sockets one handle of the driver asks: it looks
// through a list of what is asked.
const helperLoad = 32

// place is a watched socket.
type place struct {
	at     int32 // in places
	number int32
	base   windows.Handle
	helper windows.Handle
	gone   bool // watched no longer; the system still has a request
	input  poll
	room   poll
}

// bellKey marks the completions of Ring.
const bellKey = 1

// NewWatcher makes a Watcher, which holds a handle of the system, and one more
// for each 32 sockets.
func NewWatcher() (*Watcher, error) {
	port, err := windows.CreateIoCompletionPort(windows.InvalidHandle, 0, 0, 1)
	if err != nil {
		return nil, syserr.Wrap(err, fault.PhaseCall, "")
	}
	descriptors.Add(1)
	a := &Watcher{port: port, found: make([]completion, 256)}
	a.ring = a.Ring
	return a, nil
}

// Add watches a socket from now on. What it shows already is told too.
func (a *Watcher) Add(s Watched, number int32) error {
	sys := s.Source()
	if err := a.add(sys, number, true, false); err != nil {
		return err
	}
	sys.seat.Store(&seat{a, number})
	if c, ok := s.(keeper); ok && c.Holds() {
		a.askRoom(number)
	}
	return nil
}

// keeper is a Watched that may wait for room from the beginning.
type keeper interface{ Holds() bool }

// Remove watches a socket no longer. It must come before the socket is closed.
func (a *Watcher) Remove(s Watched) {
	if at := s.Source().seat.Swap(nil); at != nil {
		a.dismiss(at.number)
	}
}

func (a *Watcher) add(s *Source, number int32, input, room bool) error {
	var base windows.Handle
	err := s.raw.Control(func(fd uintptr) { base = baseHandle(windows.Handle(fd)) })
	if err != nil { // closed meanwhile
		return syserr.Wrap(windows.WSAECONNABORTED, fault.PhaseCall, "")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	p, err := a.newPlace(base, number)
	if err != nil {
		return syserr.Wrap(err, fault.PhaseCall, "")
	}
	if input {
		a.ask(p, &p.input)
	}
	if room {
		a.ask(p, &p.room)
	}
	return nil
}

// newPlace makes a place; a.mu is held.
func (a *Watcher) newPlace(base windows.Handle, number int32) (*place, error) {
	p := &place{at: int32(len(a.places)), number: number, base: base}
	if n := len(a.unused); n > 0 {
		p.at = a.unused[n-1]
	}
	group := int(p.at) / helperLoad
	if group == len(a.helpers) {
		h, err := openAFD(a.port)
		if err != nil {
			return nil, err
		}
		descriptors.Add(1)
		a.helpers = append(a.helpers, h)
	}
	p.helper = a.helpers[group]
	if n := len(a.unused); n > 0 {
		a.unused = a.unused[:n-1]
		a.places[p.at] = p
	} else {
		a.places = append(a.places, p)
	}
	for int(number) >= len(a.numbers) {
		a.numbers = append(a.numbers, nil)
	}
	a.numbers[number] = p
	return p, nil
}

// ask asks for one kind of event, unless that is asked for already; a.mu is
// held. What the system refuses is told as an end: the call that follows finds
// out.
func (a *Watcher) ask(p *place, o *poll) {
	if o.asked || p.gone || a.closed {
		return
	}
	events, context := uint32(afdInput), uintptr(p.at)*2+1
	if o == &p.room {
		events, context = afdRoom, context+1
	}
	if !o.ask(p.helper, p.base, events, context) {
		o.iosb.Status, o.info.count, o.info.events = windows.STATUS_SUCCESS, 1, afdAbort
		o.asked = enqueue(a.port, 0, context)
	}
}

// Rearm tells that the user has taken all input of a socket: more of it makes
// an event.
func (a *Watcher) Rearm(number int32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p := a.by(number); p != nil {
		a.ask(p, &p.input)
	}
}

// askRoom makes an event of room for sending.
func (a *Watcher) askRoom(number int32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p := a.by(number); p != nil {
		a.ask(p, &p.room)
	}
}

// by finds a place; a.mu is held.
func (a *Watcher) by(number int32) *place {
	if int(number) >= len(a.numbers) {
		return nil
	}
	return a.numbers[number]
}

// dismiss ends a place. Its memory stays until the system has answered what it
// was asked.
func (a *Watcher) dismiss(number int32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.by(number)
	if p == nil || a.closed {
		return
	}
	a.numbers[number] = nil
	p.gone = true
	p.input.cancel(p.helper)
	p.room.cancel(p.helper)
	a.release(p)
}

// release makes a place that is gone free for another socket, once the system
// has answered; a.mu is held.
func (a *Watcher) release(p *place) {
	if p.gone && !p.input.asked && !p.room.asked {
		a.places[p.at] = nil
		a.unused = append(a.unused, p.at)
	}
}

// Ring ends a Wait, the present or the next one.
func (a *Watcher) Ring() {
	if a.rung.CompareAndSwap(false, true) {
		enqueue(a.port, bellKey, 0)
	}
}

// Wait collects what sockets show into out, which must not be empty. It waits
// as w says, but no longer than until until (zero: no limit of its own), and
// not at all if glance is set. 0 sockets: the bell rang, or until has come.
// Errors: fault.Timeout, fault.Cancelled, fault.Closed.
func (a *Watcher) Wait(w *Wait, until time.Time, glance bool, out []Ready) (int, error) {
	w.wakeBy(a.ring)
	defer w.wakeBy(nil)
	for {
		if why := w.Woken(); why != fault.OK {
			return 0, why
		}
		limit := w.milliseconds()
		if !until.IsZero() {
			if ms := wholeMilliseconds(max(time.Until(until), 0)); limit < 0 || ms < limit {
				limit = ms
			}
		}
		if glance {
			limit = 0
		}
		found, rung := a.take(limit, out)
		switch {
		case found > 0 || rung && w.Woken() == fault.OK || glance:
			return found, nil
		case rung:
			continue
		case !until.IsZero() && !time.Now().Before(until):
			return 0, nil
		case w.remaining() == 0:
			return 0, w.verdict(fault.Timeout)
		}
	}
}

// Glance is Wait for a call that waits for nothing and cannot be woken.
func (a *Watcher) Glance(out []Ready) int {
	found, rung := a.take(0, out)
	if rung { // it may have been for a Wait
		a.Ring()
	}
	return found
}

// take waits for completions, at most limit milliseconds unless it is
// negative, and tells what they mean.
func (a *Watcher) take(limit int, out []Ready) (found int, rung bool) {
	n := dequeue(a.port, a.found[:min(len(a.found), len(out))], limit)
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, done := range a.found[:n] {
		if done.key == bellKey {
			a.rung.Store(false)
			rung = true
			continue
		}
		if a.answered(done.context, &out[found]) {
			found++
		}
	}
	return found, rung
}

// answered takes the answer to a request; true if it is something to tell.
// a.mu is held.
func (a *Watcher) answered(context uintptr, into *Ready) bool {
	p := a.places[(context-1)/2]
	o := &p.input
	if context%2 == 0 {
		o = &p.room
	}
	o.asked = false
	if p.gone {
		a.release(p)
		return false
	}
	events, again := o.result()
	if again {
		a.ask(p, o)
		return false
	}
	const over = afdAbort | afdLocalClose | afdConnectFail
	*into = Ready{Number: p.number,
		Input:    o == &p.input || events&over != 0,
		Writable: o == &p.room || events&over != 0,
		Ended:    events&afdEnded != 0}
	return true
}

// Descriptor is for systems where a Wait can be made on a descriptor; there is
// none.
func (a *Watcher) Descriptor() int { return -1 }

// Close gives the handles back; no call may be inside.
func (a *Watcher) Close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	for _, p := range a.places {
		if p != nil {
			p.gone = true
			p.input.cancel(p.helper)
			p.room.cancel(p.helper)
			a.release(p)
		}
	}
	a.drain()
	for _, h := range a.helpers {
		windows.CloseHandle(h)
	}
	windows.CloseHandle(a.port)
	descriptors.Add(-1 - int64(len(a.helpers)))
}

// drain waits for the answers to all requests; a.mu is held. Memory that the
// system might still write to is kept for good.
func (a *Watcher) drain() {
	const patience, step = 50, 100 // milliseconds
	for tries := 0; len(a.unused) < len(a.places) && tries < patience; tries++ {
		n := dequeue(a.port, a.found, step)
		for _, done := range a.found[:n] {
			if done.key != bellKey {
				a.answered(done.context, nil)
			}
		}
	}
	if len(a.unused) < len(a.places) {
		unanswered.Store(a, nil)
	}
}

// unanswered keeps what the system has not answered in time.
var unanswered sync.Map

// idle keeps Watchers for the waits of single calls.
var idle struct {
	mu   sync.Mutex
	kept []*Watcher
}

const keptWatchers = 16

func borrowWatcher() (*Watcher, error) {
	idle.mu.Lock()
	if n := len(idle.kept); n > 0 {
		a := idle.kept[n-1]
		idle.kept = idle.kept[:n-1]
		idle.mu.Unlock()
		return a, nil
	}
	idle.mu.Unlock()
	return NewWatcher()
}

func (a *Watcher) giveBack() {
	idle.mu.Lock()
	keep := len(idle.kept) < keptWatchers
	if keep {
		idle.kept = append(idle.kept, a)
	}
	idle.mu.Unlock()
	if !keep {
		a.Close()
	}
}

func releaseWatchers() {
	idle.mu.Lock()
	kept := idle.kept
	idle.kept = nil
	idle.mu.Unlock()
	for _, a := range kept {
		a.Close()
	}
}
