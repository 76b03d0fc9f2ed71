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

// TellsEndUnarmed tells whether a Poller tells of the end of a connection that
// was not rearmed after its last event.
const TellsEndUnarmed = false

// Poller waits for many sockets in one thread. Each is known by a number of
// the user's; an event comes once, and again when the user has asked for it:
// input after Rearm, output as soon as a connection has unsent bytes again.
//
// Add, Remove, Rearm and Wake may be called from any goroutine, Wait from one
// at a time.
type Poller struct {
	port  windows.Handle
	woken atomic.Bool
	wake  func() // Wake, made once

	mu         lockorder.Mutex[lockorder.Poller]
	closed     bool
	afdHandles []windows.Handle // of the socket driver, each for socketsPerHandle slots
	slots      []*slot          // by the system's context; nil when unused
	unused     []int32
	byNumber   []*slot // by the user's number

	completions []completion // of Wait and PollNow
}

// socketsPerHandle is for how many sockets one handle of the driver asks: it looks
// through a list of what is asked.
const socketsPerHandle = 32

// slot is a watched socket.
type slot struct {
	index     int32 // in slots
	number    int32
	base      windows.Handle
	afdHandle windows.Handle
	signal    signalled // of what is no socket, otherwise nil
	removed   bool      // watched no longer; the system still has a request
	input     request
	output    request
}

// wakeKey marks the completions of Wake.
const wakeKey = 1

// NewPoller makes a Poller, which holds a handle of the system, and one more
// for each 32 sockets.
func NewPoller() (*Poller, error) {
	port, err := windows.CreateIoCompletionPort(windows.InvalidHandle, 0, 0, 1)
	if err != nil {
		return nil, syserr.Wrap(err, fault.PhaseCall, "")
	}
	descriptors.Add(1)
	a := &Poller{port: port, completions: make([]completion, 256)}
	a.wake = a.Wake
	return a, nil
}

// Add watches a socket from now on. What it shows already is told too.
func (a *Poller) Add(s Pollable, number int32) error {
	sys := s.Source()
	if err := a.add(sys, number, true, false); err != nil {
		return err
	}
	sys.registered.Store(&registration{a, number})
	if c, ok := s.(unsentHolder); ok && c.HasUnsent() {
		a.pollWritable(number)
	}
	return nil
}

// unsentHolder is a Pollable that may wait for room from the beginning.
type unsentHolder interface{ HasUnsent() bool }

// Remove watches a socket no longer. It must come before the socket is closed.
func (a *Poller) Remove(s Pollable) {
	if at := s.Source().registered.Swap(nil); at != nil {
		a.remove(at.number)
	}
}

func (a *Poller) add(s *Source, number int32, input, room bool) error {
	var base windows.Handle
	if s.signal == nil {
		err := s.raw.Control(func(fd uintptr) { base = baseHandle(windows.Handle(fd)) })
		if err != nil { // closed meanwhile
			return syserr.Wrap(windows.WSAECONNABORTED, fault.PhaseCall, "")
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	p, err := a.newSlotLocked(base, number)
	if err != nil {
		return syserr.Wrap(err, fault.PhaseCall, "")
	}
	p.signal = s.signal
	if input {
		a.issuePollLocked(p, &p.input)
	}
	if room {
		a.issuePollLocked(p, &p.output)
	}
	return nil
}

// newSlotLocked makes a slot.
func (a *Poller) newSlotLocked(base windows.Handle, number int32) (*slot, error) {
	p := &slot{index: int32(len(a.slots)), number: number, base: base}
	if n := len(a.unused); n > 0 {
		p.index = a.unused[n-1]
	}
	group := int(p.index) / socketsPerHandle
	if group == len(a.afdHandles) {
		h, err := openAFD(a.port)
		if err != nil {
			return nil, err
		}
		descriptors.Add(1)
		a.afdHandles = append(a.afdHandles, h)
	}
	p.afdHandle = a.afdHandles[group]
	if n := len(a.unused); n > 0 {
		a.unused = a.unused[:n-1]
		a.slots[p.index] = p
	} else {
		a.slots = append(a.slots, p)
	}
	for int(number) >= len(a.byNumber) {
		a.byNumber = append(a.byNumber, nil)
	}
	a.byNumber[number] = p
	return p, nil
}

// issuePollLocked asks for one kind of event, unless that is asked for already.
// What the system refuses is told as an end: the call that follows finds
// out.
func (a *Poller) issuePollLocked(p *slot, o *request) {
	if o.pending || p.removed || a.closed {
		return
	}
	events, context := uint32(afdInput), p.context(o)
	if o == &p.output {
		events = afdOutput
	}
	if p.signal != nil {
		o.pending = true
		p.signal.Arm(a.port, context, o == &p.output)
		return
	}
	if !o.issue(p.afdHandle, p.base, events, context) {
		o.iosb.Status, o.info.count, o.info.events = windows.STATUS_SUCCESS, 1, afdAbort
		o.pending = enqueue(a.port, 0, context)
	}
}

// Rearm tells that the user has taken all input of a socket: more of it makes
// an event.
func (a *Poller) Rearm(number int32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p := a.slotLocked(number); p != nil {
		a.issuePollLocked(p, &p.input)
	}
}

// pollWritable makes an event when there is room for sending.
func (a *Poller) pollWritable(number int32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p := a.slotLocked(number); p != nil {
		a.issuePollLocked(p, &p.output)
	}
}

// slotLocked finds a slot by its number.
func (a *Poller) slotLocked(number int32) *slot {
	if int(number) >= len(a.byNumber) {
		return nil
	}
	return a.byNumber[number]
}

// remove ends a slot. Its memory stays until the system has answered what it
// was asked.
func (a *Poller) remove(number int32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.slotLocked(number)
	if p == nil || a.closed {
		return
	}
	a.byNumber[number] = nil
	p.removed = true
	a.cancelLocked(p)
}

// context is what the completions of a slot's request carry.
func (p *slot) context(o *request) uintptr {
	context := uintptr(p.index)*2 + 1
	if o == &p.output {
		context++
	}
	return context
}

// cancelLocked takes back what was asked for a slot that was removed.
func (a *Poller) cancelLocked(p *slot) {
	for _, o := range [...]*request{&p.input, &p.output} {
		if p.signal == nil {
			o.cancel(p.afdHandle)
		} else if o.pending && p.signal.Disarm(a.port, p.context(o)) {
			o.pending = false
		}
	}
	a.freeSlotLocked(p)
}

// freeSlotLocked makes a slot that was removed free for another socket, once the
// system has answered.
func (a *Poller) freeSlotLocked(p *slot) {
	if p.removed && !p.input.pending && !p.output.pending {
		a.slots[p.index] = nil
		a.unused = append(a.unused, p.index)
	}
}

// Wake ends a Wait, the present one or the next.
func (a *Poller) Wake() {
	if a.woken.CompareAndSwap(false, true) {
		enqueue(a.port, wakeKey, 0)
	}
}

// Wait collects what sockets show into out, which must not be empty. It waits
// as w says, but no longer than until until (zero: no limit of its own), and
// not at all if nonBlocking is set. 0 sockets: Wake was called, or until has come.
// Errors: fault.Timeout, fault.Cancelled, fault.Closed.
func (a *Poller) Wait(w *Call, until time.Time, nonBlocking bool, out []Ready) (int, error) {
	w.wakeBy(a.wake)
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
		if nonBlocking {
			limit = 0
		}
		found, woken := a.take(limit, out)
		switch {
		case found > 0 || woken && w.Woken() == fault.OK || nonBlocking:
			return found, nil
		case woken:
			continue
		case !until.IsZero() && !time.Now().Before(until):
			return 0, nil
		case w.remaining() == 0:
			return 0, w.reason(fault.Timeout)
		}
	}
}

// PollNow is Wait for a call that waits for nothing and cannot be woken.
func (a *Poller) PollNow(out []Ready) int {
	found, woken := a.take(0, out)
	if woken { // it may have been for a Wait
		a.Wake()
	}
	return found
}

// take waits for completions, at most limit milliseconds unless it is
// negative, and tells what they mean.
func (a *Poller) take(limit int, out []Ready) (found int, woken bool) {
	n := dequeue(a.port, a.completions[:min(len(a.completions), len(out))], limit)
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, done := range a.completions[:n] {
		if done.key == wakeKey {
			a.woken.Store(false)
			woken = true
			continue
		}
		if a.completedLocked(done.context, &out[found]) {
			found++
		}
	}
	return found, woken
}

// completedLocked takes the answer to a request; true if it is something to tell.
func (a *Poller) completedLocked(context uintptr, into *Ready) bool {
	p := a.slots[(context-1)/2]
	o := &p.input
	if context%2 == 0 {
		o = &p.output
	}
	o.pending = false
	if p.removed {
		a.freeSlotLocked(p)
		return false
	}
	if p.signal != nil {
		ended := p.signal.Ended()
		*into = Ready{Number: p.number, Input: o == &p.input || ended, Writable: o == &p.output || ended, Ended: ended}
		return true
	}
	events, again := o.result()
	if again {
		a.issuePollLocked(p, o)
		return false
	}
	const over = afdAbort | afdLocalClose | afdConnectFail
	*into = Ready{Number: p.number,
		Input:    o == &p.input || events&over != 0,
		Writable: o == &p.output || events&over != 0,
		Ended:    events&afdEnded != 0}
	return true
}

// Descriptor is for systems where a program can wait itself on a descriptor; there is
// none.
func (a *Poller) Descriptor() int { return -1 }

// Close gives the handles back; no call may be inside.
func (a *Poller) Close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	for _, p := range a.slots {
		if p != nil {
			p.removed = true
			a.cancelLocked(p)
		}
	}
	a.drainLocked()
	for _, h := range a.afdHandles {
		windows.CloseHandle(h)
	}
	windows.CloseHandle(a.port)
	descriptors.Add(-1 - int64(len(a.afdHandles)))
}

// drainLocked waits for the answers to all requests. Memory that the
// system might still write to is kept for good.
func (a *Poller) drainLocked() {
	const patience, step = 50, 100 // milliseconds
	for tries := 0; len(a.unused) < len(a.slots) && tries < patience; tries++ {
		n := dequeue(a.port, a.completions, step)
		for _, done := range a.completions[:n] {
			if done.key != wakeKey {
				a.completedLocked(done.context, nil)
			}
		}
	}
	if len(a.unused) < len(a.slots) {
		unanswered.Store(a, nil)
	}
}

// unanswered keeps what the system has not answered in time.
var unanswered sync.Map
