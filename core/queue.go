package core

import (
	"container/heap"
	"math"
	"slices"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
	"wdsocket/core/transport"
)

// Queue collects the events of the sockets attached to it, so that one thread serves
// them all. The thread that asks for events does the work itself: it waits in the
// system for all sockets together, receives what is available, and decodes it; no other
// goroutine is involved.
//
// While a socket is attached, the queue reads it: Read, ReadMany and ReadMessage take
// messages that events have announced and never wait.
type Queue struct {
	lib  *Library
	id   atomic.Int32
	gate poll.Gate

	consumer atomic.Int32 // one of the consumers
	watcher  *poll.Poller

	pollLock           lockorder.Mutex[lockorder.QueuePoll] // servicing sockets and waiting for them
	pollWaiters        atomic.Int32                         // calls of Next that wait for it
	polling            atomic.Bool                          // pollLock is held
	descriptorExported atomic.Bool                          // the descriptor was asked for: it must always be right

	calls      lockorder.Mutex[lockorder.QueueCalls] // guards dispatcher, and what that says is under it
	dispatcher *dispatcher                           // calls the host's function
	notifier   atomic.Pointer[notifier]

	mu            lockorder.Mutex[lockorder.Queue]
	registrations []*registration // by number
	freeNumbers   []int32
	ready         []*registration // to be serviced, whatever the system says
	events        []queuedEvent
	head          int // index of the first event not handed out
	timers        timerHeap
	timerSetTo    time.Time // when the watcher's clock makes the descriptor readable
	sequence      int32

	adopt func(*Socket) error // registers the channels of managed servers

	certCheckEvery time.Duration                 // how often certificates are looked at
	certTimers     map[*registration]*time.Timer // when next; under mu

	pollCall  *poll.Call      // under pollLock
	polled    []poll.Ready    // the same
	servicing []*registration // the same

	coalescing []*registration // with coalesced writes
	flushSpare []*registration // spare memory for coalescing; under pollLock
}

// The consumers of a queue's events.
const (
	consumerNone int32 = iota
	consumerHost       // a call of Next
	consumerCallback
)

// queuedEvent is an event that was not handed out yet, with its subject: events of what
// was closed or detached meanwhile are dropped.
type queuedEvent struct {
	event Event
	about *registration
	timer *Timer
}

// registration is a socket's entry in a queue. The socket's read lock guards the fields
// after inReady.
type registration struct {
	q           *Queue
	s           *Socket
	number      int32
	manage      bool // accept by itself
	detached    bool // detached; under q.mu
	inReady     bool // under q.mu
	finalQueued bool // the last event was posted; under q.mu

	watched       bool
	input         atomic.Bool // the system may have more to read
	writable      atomic.Bool // the system may have room again
	ended         atomic.Bool // the system reported the end: read on to see it
	urgent        atomic.Bool // urgent data has come: a receive that gives less than there is room for is not the last one
	wakeScheduled atomic.Bool // it will be serviced at a certain time
	dropsPosted   atomic.Bool // an event of dropped messages is posted and not handed out
	certCheckDue  atomic.Bool // the expiry of the own certificate is to be checked

	liveness atomic.Pointer[livenessTimer] // nil while there is nothing to check

	claim            *mem.Claim // memory that is waited for, nil for none
	unread           int        // messages with an event that are not read yet
	unreadBytes      int        // their bytes at the front of the buffer
	between, scanned int        // bytes behind them that are between messages, and where Decode goes on behind those
	codecGeneration  int        // of the framing that they were found with
	enough           int        // bytes that the next event of a raw mode waits for, which a single read has missed
	paused           bool       // as many messages are buffered as may be
	invalid          bool       // behind those with an event is no message, which is reported once they are read
	finalPosted      bool       // the last event was posted
}

// maxUnreadEvents bounds the messages buffered for a host that does not read them;
// beyond it the peer has to wait.
const maxUnreadEvents = 256

// pollBatch is how many sockets are serviced before their events are handed out: few,
// so that they are still in the processor's cache when the host answers.
const pollBatch = 64

// readQuota is how many bytes one socket may receive before the others are serviced.
const readQuota = 256 << 10

// NewQueue makes a queue. adopt, which may be nil, is called with each channel
// that a managed server accepts, before its first event; if it fails the
// client is turned away. Errors: fault.Descriptors, fault.Unsupported.
func (lib *Library) NewQueue(adopt func(*Socket) error) (*Queue, error) {
	watch, err := poll.NewPoller()
	if err != nil {
		return nil, err
	}
	q := &Queue{lib: lib, watcher: watch, adopt: adopt, certCheckEvery: certCheckInterval, pollCall: poll.NewPollCall(), polled: make([]poll.Ready, pollBatch)}
	lib.mu.Lock()
	lib.queues[q] = struct{}{}
	lib.mu.Unlock()
	return q, nil
}

// SetID keeps a number that the user of the package knows the queue by.
func (q *Queue) SetID(id int32) { q.id.Store(id) }

// ID is the number given to SetID.
func (q *Queue) ID() int32 { return q.id.Load() }

// Attach makes the queue report events of a socket: one that is open, is being
// opened, or will be. manage makes a server accept its clients by itself; they
// are attached too. Errors: fault.State (attached already), fault.Busy
// (another call is reading), fault.Closed.
func (q *Queue) Attach(s *Socket, manage bool) error {
	w, err := s.enter(0, fault.PhaseCall)
	if err != nil {
		return err
	}
	defer w.Leave()
	inside := q.gate.Enter(0, true) // its descriptors are there until this call ends
	if inside == nil {
		return fault.New(fault.Closed, fault.PhaseCall, s.Label())
	}
	defer inside.Leave()
	if err := s.lockRead(fault.PhaseCall); err != nil {
		return err
	}
	defer s.unlockRead()
	reg := &registration{q: q, s: s, manage: manage, codecGeneration: s.config.Load().codecGeneration}
	reg.input.Store(true)
	reg.certCheckDue.Store(true)
	if err := s.setRegistration(reg); err != nil {
		return err
	}
	q.register(reg)
	if err := reg.startWatching(); err != nil {
		q.unregister(reg)
		return err
	}
	reg.adoptUnsent()
	q.markReady(reg)
	return nil
}

// setRegistration notes the socket's queue; s.mu orders it with the end of an opening.
func (s *Socket) setRegistration(reg *registration) error {
	if v := s.server.Load(); v != nil && v.accepting.Load() {
		return fault.New(fault.Busy, fault.PhaseCall, s.Label()).With(fault.NoteReader)
	}
	s.mu.Lock()
	taken := !s.registration.CompareAndSwap(nil, reg)
	s.mu.Unlock()
	if taken {
		return fault.New(fault.State, fault.PhaseCall, s.Label()).With(textAttached)
	}
	return nil
}

// register gives a registration its number.
func (q *Queue) register(reg *registration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := len(q.freeNumbers); n > 0 {
		reg.number = q.freeNumbers[n-1]
		q.freeNumbers = q.freeNumbers[:n-1]
		q.registrations[reg.number] = reg
		return
	}
	reg.number = int32(len(q.registrations))
	q.registrations = append(q.registrations, reg)
}

// startWatching watches the system's socket, once there is one. The caller is inside
// the socket's gate.
func (reg *registration) startWatching() error {
	if reg.watched {
		return nil
	}
	target := reg.s.pollSource()
	if target == nil {
		return nil
	}
	reg.watched = true
	return reg.q.watcher.Add(target, reg.number)
}

// pollSource is what the system can watch; nil while there is nothing.
func (s *Socket) pollSource() poll.Pollable {
	if st := s.stream.Load(); st != nil {
		if transport.IsPlaceholder(st.conn) {
			return nil
		}
		return st.conn
	}
	if v := s.server.Load(); v != nil && v.handshaker == nil { // which would say itself that a client is ready
		return v.ln
	}
	if u := s.udp.Load(); u != nil {
		return u.sock
	}
	return nil
}

// Detach ends a registration; what has arrived can be read as before. Errors:
// fault.State (not attached), fault.Closed.
func (s *Socket) Detach() error {
	reg := s.registration.Load()
	if reg == nil && !s.gate.Closed() {
		return fault.New(fault.State, fault.PhaseCall, s.Label()).With(textNotAttached)
	}
	return s.detach(reg)
}

// detach ends the given registration, and no later one.
func (s *Socket) detach(reg *registration) error {
	w, err := s.enter(0, fault.PhaseCall)
	if err != nil {
		return err
	}
	defer w.Leave()
	if s.registration.Load() != reg {
		return fault.New(fault.State, fault.PhaseCall, s.Label()).With(textNotAttached)
	}
	if err := s.lockRead(fault.PhaseCall); err != nil {
		return err
	}
	defer s.unlockRead()
	if reg == nil || s.registration.Load() != reg {
		return fault.New(fault.State, fault.PhaseCall, s.Label()).With(textNotAttached)
	}
	reg.leaveQueue()
	if u := s.udp.Load(); u != nil {
		u.registration = nil
	}
	if st := s.stream.Load(); st != nil {
		st.registration = nil
		if st.conn.HasUnsent() || st.needsFlush() {
			s.startFlushTask(st) // the queue did it so far
		}
	}
	return nil
}

// leaveQueue ends the registration. The caller is inside the socket's gate, or was the
// last call in it.
func (reg *registration) leaveQueue() {
	if inside := reg.q.gate.Enter(0, true); inside != nil { // else its descriptors go, and with them this
		if target := reg.s.pollSource(); target != nil && reg.watched {
			reg.q.watcher.Remove(target)
		}
		defer inside.Leave()
	}
	reg.q.unregister(reg)
}

func (q *Queue) unregister(reg *registration) {
	reg.s.registration.CompareAndSwap(reg, nil)
	reg.s.ackWatcher.CompareAndSwap(reg, nil)
	q.mu.Lock()
	defer q.mu.Unlock()
	if reg.detached {
		return
	}
	reg.detached = true
	q.cancelCertCheckLocked(reg)
	if lt := reg.liveness.Load(); lt != nil && lt.timer.index >= 0 {
		heap.Remove(&q.timers, lt.timer.index)
	}
	if q.registrations[reg.number] == reg {
		q.registrations[reg.number] = nil
		q.freeNumbers = append(q.freeNumbers, reg.number)
	}
}

// markReady makes the queue service a socket at the next opportunity.
func (q *Queue) markReady(reg *registration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if reg.inReady || reg.detached {
		return
	}
	q.addReadyLocked(reg)
	if q.polling.Load() || q.descriptorExported.Load() {
		q.watcher.Wake() // under the lock: while a is not gone the descriptor is there
	}
}

// addReadyLocked puts a socket on the ready list.
func (q *Queue) addReadyLocked(reg *registration) {
	reg.inReady = true
	q.ready = append(q.ready, reg)
}

// post adds an event about a socket.
func (reg *registration) post(kind EventKind, value int, code fault.Code) {
	reg.postForLocked(reg.s.userNumber.Load(), kind, value, code)
}

// postForLocked posts an event; the caller holds the socket's lock.
func (reg *registration) postForLocked(user int32, kind EventKind, value int, code fault.Code) {
	reg.postEvent(reg.newEvent(user, kind, value, code), false)
}

// newEvent makes the record of an event.
func (reg *registration) newEvent(user int32, kind EventKind, value int, code fault.Code) Event {
	return Event{Socket: reg.s.ID(), Kind: kind, Value: int32(value), Code: int32(code), User: user, Queue: reg.q.ID(), Detail: int32(reg.s.eventScope(kind, code))}
}

// postEvent adds an event as it is; last says that it is the socket's last one.
func (reg *registration) postEvent(event Event, last bool) {
	q := reg.q
	q.mu.Lock()
	late := reg.finalQueued && event.Kind == EventDropped // publishing goes on beside
	if !reg.detached && !late {
		reg.finalQueued = reg.finalQueued || last
		q.events = append(q.events, queuedEvent{about: reg, event: event})
		if q.descriptorExported.Load() && !q.polling.Load() { // else the thread that polls sees it
			q.watcher.Wake()
		}
	}
	q.mu.Unlock()
}

// Next hands out events, as many as fit into out, and waits for the first one
// as timeout says. A socket's events come in order; nothing comes after
// fault.PeerClosed or fault.Reset was reported, or after it was closed.
//
// Errors: fault.Timeout, fault.Busy (another call is inside, or there is a
// callback), fault.Closed, fault.Cancelled, fault.Argument (no room).
func (q *Queue) Next(out []Event, timeout time.Duration) (int, error) {
	if len(out) == 0 {
		return 0, argument("capacity", "0")
	}
	w := q.gate.Enter(timeout, q.lib.Direct)
	if w == nil {
		return 0, fault.New(fault.Closed, fault.PhaseCall, "")
	}
	defer w.Leave()
	if !q.consumer.CompareAndSwap(consumerNone, consumerHost) {
		return 0, fault.New(fault.Busy, fault.PhaseCall, "")
	}
	defer q.consumer.Store(consumerNone)
	q.lockPoll()
	defer q.unlockPollAndWake()
	for {
		busy := q.pollOnce()
		if n := q.takeEvents(out); n > 0 {
			return n, nil
		}
		n, err := q.watcher.Wait(w, q.nextDue(), busy, q.polled)
		if err != nil {
			return 0, syserr.Wrap(err, fault.PhaseCall, "")
		}
		q.markPolled(q.polled[:n])
		if busy && w.TimeIsUp() { // ready sockets are serviced by the next call
			return 0, syserr.Wrap(w.Expired(), fault.PhaseCall, "")
		}
	}
}

// pollOnce services every ready socket and tells whether some are ready again. The
// system is asked first, so that busy sockets do not hide others.
func (q *Queue) pollOnce() (busy bool) {
	q.runTimers()
	q.mu.Lock()
	waiting := len(q.ready) > 0 || q.head < len(q.events)
	q.mu.Unlock()
	if waiting {
		if n := q.watcher.PollNow(q.polled); n > 0 {
			q.markPolled(q.polled[:n])
		}
	}
	q.mu.Lock()
	q.servicing, q.ready = q.ready, q.servicing[:0]
	for _, reg := range q.servicing {
		reg.inReady = false
	}
	q.mu.Unlock()
	for i, reg := range q.servicing {
		reg.service(q.pollCall)
		q.servicing[i] = nil
	}
	q.flushRegisteredLocked()
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.ready) > 0
}

// markPolled puts the sockets on the ready list that the system has reported.
func (q *Queue) markPolled(ready []poll.Ready) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range ready {
		reg := q.registrations[r.Number]
		if reg == nil {
			continue
		}
		if r.Input {
			reg.input.Store(true)
		}
		if r.Ended {
			reg.ended.Store(true)
		}
		if r.Urgent {
			reg.urgent.Store(true)
		}
		if r.Writable && !reg.writable.Load() {
			reg.writable.Store(true)
		}
		if !reg.inReady {
			q.addReadyLocked(reg)
		}
	}
}

// forgetMessages drops the oldest message events that were not handed out, until at
// most left remain.
func (reg *registration) forgetMessages(left int) {
	q := reg.q
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting := 0
	for _, p := range q.events[q.head:] {
		if p.about == reg && p.event.Kind == EventMessage {
			waiting++
		}
	}
	if waiting <= left {
		return
	}
	q.events = append(q.events[:0], slices.DeleteFunc(q.events[q.head:], func(p queuedEvent) bool {
		if p.about != reg || p.event.Kind != EventMessage || waiting <= left {
			return false
		}
		waiting--
		return true
	})...)
	q.head = 0
}

// takeEvents moves events to out.
func (q *Queue) takeEvents(out []Event) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for n < len(out) && q.takeEventLocked(&out[n]) {
		n++
	}
	q.trimLocked()
	return n
}

// takeEvent moves one event to out.
func (q *Queue) takeEvent(out *Event) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	defer q.trimLocked()
	return q.takeEventLocked(out)
}

// takeEventLocked moves one event to out.
func (q *Queue) takeEventLocked(out *Event) bool {
	for q.head < len(q.events) {
		p := q.events[q.head]
		q.events[q.head] = queuedEvent{}
		q.head++
		if p.obsoleteLocked() {
			continue
		}
		if p.event.isPublishDrop() {
			if p.event.Value = p.about.takeUnreportedDrops(); p.event.Value == 0 {
				continue
			}
		}
		q.sequence = max(q.sequence+1, 1)
		*out = p.event
		out.Sequence = q.sequence
		if p.timer != nil {
			out.Value = p.timer.takeExpirationsLocked()
		}
		return true
	}
	return false
}

// obsoleteLocked tells whether the event is about something that is gone.
func (p *queuedEvent) obsoleteLocked() bool {
	return p.about != nil && p.about.detached || p.timer != nil && p.timer.stopped
}

// trimLocked reclaims the slots of events that were handed out, also where the host
// never takes the last one.
func (q *Queue) trimLocked() {
	const few = 64
	switch {
	case q.head == len(q.events):
		q.events, q.head = q.events[:0], 0
	case q.head > few && q.head > len(q.events)/2:
		n := copy(q.events, q.events[q.head:])
		clear(q.events[n:])
		q.events, q.head = q.events[:n], 0
	}
}

// Cancel wakes the call of Next that waits, with fault.Cancelled, and one that
// watches the descriptor.
func (q *Queue) Cancel() {
	q.gate.Cancel()
	if inside := q.gate.Enter(0, true); inside != nil {
		if q.descriptorExported.Load() {
			q.watcher.Wake()
		}
		inside.Leave()
	}
}

// Close ends the queue: its sockets are detached and stay open, its timers
// stop, and a call of its callback that is running is waited for, unless the caller
// is inside it: from is the callback that the caller is inside, if there is one.
func (q *Queue) Close(from ...CallbackID) error {
	if err := q.closeAtOnce(); err != nil {
		return err
	}
	q.calls.Lock()
	d := q.dispatcher
	q.calls.Unlock()
	if d != nil {
		q.lib.awaitDispatcher(d, d.done, append(from, NoCallback)[0])
	}
	return nil
}

// closeAtOnce is Close without the wait for a running call of the callback.
func (q *Queue) closeAtOnce() error {
	if !q.shut(wakeTimeout) {
		return fault.New(fault.Handle, fault.PhaseClose, "")
	}
	return nil
}

// shut lets no call in any more, and waits at most atMost for those that
// are inside. False: the queue is closed already.
func (q *Queue) shut(atMost time.Duration) bool {
	if !q.gate.Close(q.tearDown, atMost) {
		return false
	}
	q.calls.Lock()
	if q.dispatcher != nil {
		q.dispatcher.f = nil
	}
	q.calls.Unlock()
	return true
}

// Closed tells whether the queue was closed, by its user or by CloseAll.
func (q *Queue) Closed() bool { return q.gate.Closed() }

func (q *Queue) tearDown() {
	q.mu.Lock()
	present := slices.Clone(q.registrations)
	for _, t := range q.timers {
		t.stopped = true
	}
	q.mu.Unlock()
	defer q.lib.removeQueue(q)
	defer q.watcher.Close()
	for _, reg := range present {
		if reg != nil {
			q.lib.recoverPanic("leaving a queue", func() error {
				defer q.unregister(reg)
				return reg.s.detach(reg)
			})
		}
	}
}

// Timer tells a queue that time has passed.
type Timer struct {
	q           *Queue
	id          int32
	user        int32
	due         time.Time
	every       time.Duration
	index       int   // in the heap, -1 when not there
	stopped     bool  // under q.mu
	expirations int64 // since the last event; under q.mu

	registration *registration // that it makes the queue service; nil for the host's own
}

// NewTimer makes a timer that is due after delay and, if every is above 0,
// again and again. user is passed with each event, and id as its Socket. Error:
// fault.Closed.
func (q *Queue) NewTimer(delay, every time.Duration, user, id int32) (*Timer, error) {
	inside := q.gate.Enter(0, true)
	if inside == nil {
		return nil, fault.New(fault.Closed, fault.PhaseCall, "")
	}
	defer inside.Leave()
	t := &Timer{q: q, id: id, user: user, due: time.Now().Add(delay), every: every, index: -1}
	q.mu.Lock()
	heap.Push(&q.timers, t)
	q.setTimerLocked()
	q.mu.Unlock()
	if q.polling.Load() { // its wait must end earlier; later calls see the timer
		q.watcher.Wake()
	}
	return t, nil
}

// expireLocked counts expirations, and posts an event unless one is posted already.
func (t *Timer) expireLocked(times int64) {
	waits := t.expirations > 0
	t.expirations += times
	if q := t.q; !waits {
		q.events = append(q.events, queuedEvent{timer: t, event: Event{Socket: t.id, Kind: EventTimer, User: t.user, Queue: q.ID()}})
	}
}

// takeExpirationsLocked returns how often the timer expired since the last event.
func (t *Timer) takeExpirationsLocked() int32 {
	times := min(t.expirations, math.MaxInt32)
	t.expirations = 0
	return int32(times)
}

// Closed tells whether the queue of the timer is closed.
func (t *Timer) Closed() bool { return t.q.Closed() }

// Stop ends the timer; no event of it is handed out afterwards.
func (t *Timer) Stop() {
	t.q.mu.Lock()
	defer t.q.mu.Unlock()
	t.stopped = true
	if t.index >= 0 {
		heap.Remove(&t.q.timers, t.index)
	}
}

// runTimers posts the events of the timers that are due.
func (q *Queue) runTimers() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.timers) == 0 && q.timerSetTo.IsZero() {
		return
	}
	defer q.setTimerLocked()
	now := time.Now()
	for len(q.timers) > 0 && !q.timers[0].due.After(now) {
		t := q.timers[0]
		if t.registration != nil {
			heap.Pop(&q.timers)
			t.registration.livenessDueLocked()
			continue
		}
		times := int64(1)
		if t.every > 0 {
			times += int64(now.Sub(t.due) / t.every)
			t.due = t.due.Add(time.Duration(times) * t.every)
			heap.Fix(&q.timers, 0)
		} else {
			heap.Pop(&q.timers)
		}
		t.expireLocked(times)
	}
}

// nextDue is when the next timer is due, zero if there is none.
func (q *Queue) nextDue() time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.timers) == 0 {
		return time.Time{}
	}
	return q.timers[0].due
}

// timerHeap has the timer that is due first at its top.
type timerHeap []*Timer

func (h timerHeap) Len() int           { return len(h) }
func (h timerHeap) Less(i, j int) bool { return h[i].due.Before(h[j].due) }
func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push is for package heap.
func (h *timerHeap) Push(x any) {
	t := x.(*Timer)
	t.index = len(*h)
	*h = append(*h, t)
}

// Pop is for package heap.
func (h *timerHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	t.index = -1
	return t
}
