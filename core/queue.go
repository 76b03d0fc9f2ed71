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

// Queue collects the events of the sockets attached to it, so that one thread
// serves them all. The thread that asks for events does the work itself: it
// waits in the system for all sockets together, receives what is there, and
// takes messages apart; no other goroutine is involved.
//
// While a socket is attached, the queue has the reader's part: Read, ReadMany
// and ReadMessage take what events have told of and never wait.
type Queue struct {
	lib  *Library
	id   atomic.Int32
	gate poll.Gate

	taker atomic.Int32 // who takes the events out: one of the takers
	watch *poll.Poller

	turn   lockorder.Mutex[lockorder.QueuePoll] // held by the one who looks at the sockets and waits for them
	wanted atomic.Int32                         // calls of Next that want it
	asking atomic.Bool                          // somebody has the turn
	shown  atomic.Bool                          // the descriptor was asked for: it must always tell the truth

	calls    lockorder.Mutex[lockorder.QueueCalls] // guards delivery and what it says there
	delivery *delivery                             // calls the host's function
	notifier atomic.Pointer[notifier]

	mu       lockorder.Mutex[lockorder.Queue]
	places   []*attachment // by number
	unused   []int32
	hot      []*attachment // to be looked at without the system's word
	posted   []posting
	told     int // of posted, at its front
	timers   timerHeap
	armed    time.Time // when the watcher's clock makes the descriptor readable
	sequence int32

	adopt func(*Socket) error // registers the channels of managed servers

	warnEvery time.Duration               // how often certificates are looked at
	warnings  map[*attachment]*time.Timer // when next; under mu

	look    *poll.Call    // of the one who has the turn
	ready   []poll.Ready  // the same
	looking []*attachment // the same

	gathered   []*attachment // that collect writes
	lettingOut []*attachment // room for the next ones; of the one who has the turn
}

// Who takes events out of a queue.
const (
	takerNone int32 = iota
	takerHost       // a call of Next
	takerCallback
)

// posting is an event on its way, with what it is about: nothing is told of
// what was closed or detached meanwhile.
type posting struct {
	event Event
	about *attachment
	timer *Timer
}

// attachment is a socket's place in a queue. The fields after inHot belong to
// whoever has the socket's reader's role.
type attachment struct {
	q       *Queue
	s       *Socket
	number  int32
	manage  bool // accept by itself
	gone    bool // detached; under q.mu
	inHot   bool // under q.mu
	closing bool // the last event was posted; under q.mu

	watched  bool
	input    atomic.Bool // the system may have more to read
	writable atomic.Bool // the system may have room again
	ended    atomic.Bool // the system told of the end: read on to see it
	alarmed  atomic.Bool // it will be looked at at a certain time
	dropping atomic.Bool // an event of dropped messages is posted and not handed out
	warnable atomic.Bool // the end of the own certificate is to be looked at

	vigil atomic.Pointer[vigil] // nil while there is nothing to look after

	claim     *mem.Claim // memory that is waited for, nil for none
	full      bool       // as much is told as may wait
	announced int        // messages told and not read yet
	peeked    int        // their bytes at the front of the buffer
	scanned   int        // where Decode goes on behind them
	era       int        // of the framing that they were found with
	over      bool       // the last event was posted
}

// mostAnnounced bounds the messages that wait in a socket's buffer for a host
// that does not read them; beyond it the peer has to wait.
const mostAnnounced = 256

// atOnce is how many sockets are looked at before the host has its turn: few, so
// that what the processor keeps of them is still there when it answers.
const atOnce = 64

// turn is how many bytes one socket may receive before others have theirs.
const turn = 256 << 10

// NewQueue makes a queue. adopt, which may be nil, is called with each channel
// that a managed server accepts, before its first event; if it fails the
// client is turned away. Errors: fault.Descriptors, fault.Unsupported.
func (lib *Library) NewQueue(adopt func(*Socket) error) (*Queue, error) {
	watch, err := poll.NewPoller()
	if err != nil {
		return nil, err
	}
	q := &Queue{lib: lib, watch: watch, adopt: adopt, warnEvery: day, look: poll.NewPollCall(), ready: make([]poll.Ready, atOnce)}
	lib.mu.Lock()
	lib.queues[q] = struct{}{}
	lib.mu.Unlock()
	return q, nil
}

// SetID keeps a number that the user of the package knows the queue by.
func (q *Queue) SetID(id int32) { q.id.Store(id) }

// ID is the number given to SetID.
func (q *Queue) ID() int32 { return q.id.Load() }

// Attach makes the queue tell of a socket: of one that is open, is being
// opened, or will be. manage makes a server accept its clients by itself; they
// are attached too. Errors: fault.State (attached already), fault.Busy
// (somebody is reading), fault.Closed.
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
	if err := s.takeRole(fault.PhaseCall); err != nil {
		return err
	}
	defer s.dropRole()
	a := &attachment{q: q, s: s, manage: manage, era: s.live.Load().era}
	a.input.Store(true)
	a.warnable.Store(true)
	if err := s.hook(a); err != nil {
		return err
	}
	q.place(a)
	if err := a.begin(); err != nil {
		q.remove(a)
		return err
	}
	a.takeOver()
	q.heat(a)
	return nil
}

// hook notes the place in a queue; s.mu orders it with the end of an opening.
func (s *Socket) hook(a *attachment) error {
	if v := s.server.Load(); v != nil && v.taking.Load() {
		return fault.New(fault.Busy, fault.PhaseCall, s.Label()).With(fault.NoteReader)
	}
	s.mu.Lock()
	taken := !s.attached.CompareAndSwap(nil, a)
	s.mu.Unlock()
	if taken {
		return fault.New(fault.State, fault.PhaseCall, s.Label())
	}
	return nil
}

// place gives an attachment its number.
func (q *Queue) place(a *attachment) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := len(q.unused); n > 0 {
		a.number = q.unused[n-1]
		q.unused = q.unused[:n-1]
		q.places[a.number] = a
		return
	}
	a.number = int32(len(q.places))
	q.places = append(q.places, a)
}

// begin watches the system's socket, once there is one; the caller is inside
// the socket's gate.
func (a *attachment) begin() error {
	if a.watched {
		return nil
	}
	target := a.s.watched()
	if target == nil {
		return nil
	}
	a.watched = true
	return a.q.watch.Add(target, a.number)
}

// watched is what the system can wait for; nil while there is nothing.
func (s *Socket) watched() poll.Pollable {
	if st := s.stream.Load(); st != nil {
		if transport.IsPlaceholder(st.conn) {
			return nil
		}
		return st.conn
	}
	if v := s.server.Load(); v != nil && v.handshaker == nil { // which would say itself that a client is ready
		return v.ln
	}
	if u := s.packets.Load(); u != nil {
		return u.sock
	}
	return nil
}

// Detach ends an attachment; what has arrived can be read as before. Errors:
// fault.State (not attached), fault.Closed.
func (s *Socket) Detach() error {
	a := s.attached.Load()
	if a == nil && !s.gate.Closed() {
		return fault.New(fault.State, fault.PhaseCall, s.Label())
	}
	return s.detach(a)
}

// detach ends the attachment that is given, and no later one.
func (s *Socket) detach(a *attachment) error {
	w, err := s.enter(0, fault.PhaseCall)
	if err != nil {
		return err
	}
	defer w.Leave()
	if s.attached.Load() != a {
		return fault.New(fault.State, fault.PhaseCall, s.Label())
	}
	if err := s.takeRole(fault.PhaseCall); err != nil {
		return err
	}
	defer s.dropRole()
	if a == nil || s.attached.Load() != a {
		return fault.New(fault.State, fault.PhaseCall, s.Label())
	}
	a.leave()
	if u := s.packets.Load(); u != nil {
		u.att = nil
	}
	if st := s.stream.Load(); st != nil {
		st.att = nil
		if st.conn.HasUnsent() || st.pressing() {
			s.sendOn(st) // the queue did it so far
		}
	}
	return nil
}

// leave ends an attachment; the caller is inside the socket's gate, or the
// last one.
func (a *attachment) leave() {
	if inside := a.q.gate.Enter(0, true); inside != nil { // else its descriptors go, and with them this
		if target := a.s.watched(); target != nil && a.watched {
			a.q.watch.Remove(target)
		}
		defer inside.Leave()
	}
	a.q.remove(a)
}

func (q *Queue) remove(a *attachment) {
	a.s.attached.CompareAndSwap(a, nil)
	a.s.owing.CompareAndSwap(a, nil)
	q.mu.Lock()
	defer q.mu.Unlock()
	if a.gone {
		return
	}
	a.gone = true
	q.warnNoMore(a)
	if v := a.vigil.Load(); v != nil && v.timer.index >= 0 {
		heap.Remove(&q.timers, v.timer.index)
	}
	if q.places[a.number] == a {
		q.places[a.number] = nil
		q.unused = append(q.unused, a.number)
	}
}

// heat makes the queue look at a socket at the next opportunity.
func (q *Queue) heat(a *attachment) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if a.inHot || a.gone {
		return
	}
	q.addHot(a)
	if q.asking.Load() || q.shown.Load() {
		q.watch.Wake() // under the lock: while a is not gone the descriptor is there
	}
}

// addHot puts a socket in the row of those to be looked at; q.mu is held.
func (q *Queue) addHot(a *attachment) {
	a.inHot = true
	q.hot = append(q.hot, a)
}

// post adds an event about a socket.
func (a *attachment) post(kind EventKind, value int, code fault.Code) {
	a.postFor(a.s.userNumber.Load(), kind, value, code)
}

// postFor is post for one who holds the socket's lock.
func (a *attachment) postFor(user int32, kind EventKind, value int, code fault.Code) {
	a.postEvent(a.event(user, kind, value, code), false)
}

// event makes the record of an event.
func (a *attachment) event(user int32, kind EventKind, value int, code fault.Code) Event {
	return Event{Socket: a.s.ID(), Kind: kind, Value: int32(value), Code: int32(code), User: user, Queue: a.q.ID()}
}

// postEvent adds an event as it is; last says that it is the socket's last one.
func (a *attachment) postEvent(event Event, last bool) {
	q := a.q
	q.mu.Lock()
	late := a.closing && event.Kind == EventDropped // publishing goes on beside
	if !a.gone && !late {
		a.closing = a.closing || last
		q.posted = append(q.posted, posting{about: a, event: event})
		if q.shown.Load() && !q.asking.Load() { // else who has the turn sees it
			q.watch.Wake()
		}
	}
	q.mu.Unlock()
}

// Next hands out events, as many as fit into out, and waits for the first one
// as timeout says. A socket's events come in order; nothing comes after
// fault.PeerClosed or fault.Reset was told, or after it was closed.
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
	if !q.taker.CompareAndSwap(takerNone, takerHost) {
		return 0, fault.New(fault.Busy, fault.PhaseCall, "")
	}
	defer q.taker.Store(takerNone)
	q.takeTurn()
	defer q.leaveTurn()
	for {
		busy := q.lookAround()
		if n := q.handOut(out); n > 0 {
			return n, nil
		}
		n, err := q.watch.Wait(w, q.nextDue(), busy, q.ready)
		if err != nil {
			return 0, syserr.Wrap(err, fault.PhaseCall, "")
		}
		q.noteReady(q.ready[:n])
		if busy && w.Over() { // what is still to be looked at waits for the next call
			return 0, syserr.Wrap(w.Expired(), fault.PhaseCall, "")
		}
	}
}

// lookAround gives every hot socket its turn and tells whether some are still
// hot. The system is asked first, so that busy sockets do not hide others.
func (q *Queue) lookAround() (busy bool) {
	q.runTimers()
	q.mu.Lock()
	waiting := len(q.hot) > 0 || q.told < len(q.posted)
	q.mu.Unlock()
	if waiting {
		if n := q.watch.PollNow(q.ready); n > 0 {
			q.noteReady(q.ready[:n])
		}
	}
	q.mu.Lock()
	q.looking, q.hot = q.hot, q.looking[:0]
	for _, a := range q.looking {
		a.inHot = false
	}
	q.mu.Unlock()
	for i, a := range q.looking {
		a.look(q.look)
		q.looking[i] = nil
	}
	q.letOutAll()
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.hot) > 0
}

// noteReady makes the sockets hot that the system told of.
func (q *Queue) noteReady(ready []poll.Ready) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range ready {
		a := q.places[r.Number]
		if a == nil {
			continue
		}
		if r.Input {
			a.input.Store(true)
		}
		if r.Ended {
			a.ended.Store(true)
		}
		if r.Writable && !a.writable.Load() {
			a.writable.Store(true)
		}
		if !a.inHot {
			q.addHot(a)
		}
	}
}

// forget takes back what was posted about messages and not handed out, the
// first ones, until no more than so many are left.
func (a *attachment) forget(left int) {
	q := a.q
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting := 0
	for _, p := range q.posted[q.told:] {
		if p.about == a && p.event.Kind == EventMessage {
			waiting++
		}
	}
	if waiting <= left {
		return
	}
	q.posted = append(q.posted[:0], slices.DeleteFunc(q.posted[q.told:], func(p posting) bool {
		if p.about != a || p.event.Kind != EventMessage || waiting <= left {
			return false
		}
		waiting--
		return true
	})...)
	q.told = 0
}

// handOut moves posted events to the host.
func (q *Queue) handOut(out []Event) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for n < len(out) && q.handOutNext(&out[n]) {
		n++
	}
	q.trim()
	return n
}

// handOutOne is handOut for one event.
func (q *Queue) handOutOne(out *Event) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	defer q.trim()
	return q.handOutNext(out)
}

// handOutNext moves one event; q.mu is held.
func (q *Queue) handOutNext(out *Event) bool {
	for q.told < len(q.posted) {
		p := q.posted[q.told]
		q.posted[q.told] = posting{}
		q.told++
		if p.stale() {
			continue
		}
		if p.event.isFull() {
			if p.event.Value = p.about.untoldDrops(); p.event.Value == 0 {
				continue
			}
		}
		q.sequence = max(q.sequence+1, 1)
		*out = p.event
		out.Sequence = q.sequence
		if p.timer != nil {
			out.Value = p.timer.takeTimes()
		}
		return true
	}
	return false
}

// stale tells whether the event is about something that is gone; q.mu is held.
func (p *posting) stale() bool {
	return p.about != nil && p.about.gone || p.timer != nil && p.timer.stopped
}

// trim uses the place of what was handed out again, also where the host never
// takes the last event; q.mu is held.
func (q *Queue) trim() {
	const few = 64
	switch {
	case q.told == len(q.posted):
		q.posted, q.told = q.posted[:0], 0
	case q.told > few && q.told > len(q.posted)/2:
		n := copy(q.posted, q.posted[q.told:])
		clear(q.posted[n:])
		q.posted, q.told = q.posted[:n], 0
	}
}

// Cancel wakes the call of Next that waits, with fault.Cancelled, and one that
// watches the descriptor.
func (q *Queue) Cancel() {
	q.gate.Cancel()
	if inside := q.gate.Enter(0, true); inside != nil {
		if q.shown.Load() {
			q.watch.Wake()
		}
		inside.Leave()
	}
}

// Close ends the queue: its sockets are detached and stay open, its timers
// stop, and a call of its callback that is running is waited for.
func (q *Queue) Close() error { return q.CloseFrom(Outside) }

// CloseFrom is Close for a caller who is inside a callback.
func (q *Queue) CloseFrom(from Inside) error {
	if err := q.Shut(); err != nil {
		return err
	}
	q.calls.Lock()
	d := q.delivery
	q.calls.Unlock()
	if d != nil {
		q.lib.awaitDelivery(d, d.over, from)
	}
	return nil
}

// Shut is Close without the wait for a running call of the callback.
func (q *Queue) Shut() error {
	if !q.shut(wakePatience) {
		return fault.New(fault.Handle, fault.PhaseClose, "")
	}
	return nil
}

// shut lets no call in any more, and waits at most for patience for those that
// are inside. False: the queue is closed already.
func (q *Queue) shut(patience time.Duration) bool {
	if !q.gate.Close(q.tearDown, patience) {
		return false
	}
	q.calls.Lock()
	if q.delivery != nil {
		q.delivery.f = nil
	}
	q.calls.Unlock()
	return true
}

// Closed tells whether the queue was closed, by its user or by CloseAll.
func (q *Queue) Closed() bool { return q.gate.Closed() }

func (q *Queue) tearDown() {
	q.mu.Lock()
	present := slices.Clone(q.places)
	for _, t := range q.timers {
		t.stopped = true
	}
	q.mu.Unlock()
	defer q.lib.forgetQueue(q)
	defer q.watch.Close()
	for _, a := range present {
		if a != nil {
			q.lib.attempt("leaving a queue", func() error {
				defer q.remove(a)
				return a.s.detach(a)
			})
		}
	}
}

// Timer tells a queue that time has passed.
type Timer struct {
	q       *Queue
	id      int32
	user    int32
	due     time.Time
	every   time.Duration
	index   int   // in the heap, -1 when not there
	stopped bool  // under q.mu
	times   int64 // it was due and this is not told; under q.mu

	about *attachment // that it makes the queue look at; nil for the host's own
}

// NewTimer makes a timer that is due after delay and, if every is above 0,
// again and again. user is told with each event, and id as its Socket. Error:
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
	q.setClock()
	q.mu.Unlock()
	if q.asking.Load() { // its wait must end earlier; who comes later sees the timer
		q.watch.Wake()
	}
	return t, nil
}

// fall notes that the timer was due, and posts an event unless one waits to be
// handed out already; q.mu is held.
func (t *Timer) fall(times int64) {
	waits := t.times > 0
	t.times += times
	if q := t.q; !waits {
		q.posted = append(q.posted, posting{timer: t, event: Event{Socket: t.id, Kind: EventTimer, User: t.user, Queue: q.ID()}})
	}
}

// takeTimes tells how often the timer was due since it was last told; q.mu is
// held.
func (t *Timer) takeTimes() int32 {
	times := min(t.times, math.MaxInt32)
	t.times = 0
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
	if len(q.timers) == 0 && q.armed.IsZero() {
		return
	}
	defer q.setClock()
	now := time.Now()
	for len(q.timers) > 0 && !q.timers[0].due.After(now) {
		t := q.timers[0]
		if t.about != nil {
			heap.Pop(&q.timers)
			t.about.rouse()
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
		t.fall(times)
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
