// Package poll is how calls wait for sockets of the system, and wake. It knows
// descriptors (Source) and nothing of what is sent over them.
//
// Each call that may wait begins with Gate.Enter and ends with Call.Leave. The
// Call carries the call's deadline and is what Cancel and Close wake. A
// descriptor is closed only when its gate is empty, so that no call can ever
// touch a number that the system has given to another socket.
package poll

import (
	"sync"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
)

// Forever is the time-out of a call that waits until something happens.
const Forever time.Duration = -1

// Gate counts the calls inside one socket, wakes them and runs what must
// happen when the last one has left, as Go's internal/poll.fdMutex or a rundown
// reference of Windows does. The zero value is open and ready.
type Gate struct {
	mu       lockorder.Mutex[lockorder.Gate]
	calls    *Call
	closed   bool
	last     func()          // runs once, when closed and empty
	empty    chan struct{}   // closed after last has run
	deferred []*deferredFunc // run when no fast call is left
	freeing  int             // calls that have left and still run deferred functions

	fast atomic.Int64 // calls of EnterFast, and the marks
}

// The marks in Gate.fast, set under Gate.mu: the gate is closed, and the last
// fast call to leave has deferred functions to run.
const (
	markClosed   = 1 << 62
	markDeferred = 1 << 61
	marks        = markClosed | markDeferred
)

// Call is one call inside a gate: how long it may wait, and why it was woken.
// It belongs to one goroutine or thread at a time.
type Call struct {
	gate        *Gate
	prev, next  *Call
	allowed     time.Duration // that the call began with
	timeout     time.Duration
	begun       bool      // the time runs: deadline is right
	deadline    time.Time // zero: for ever
	nonBlocking bool      // do not wait at all
	direct      bool      // wait in the calling thread
	internal    bool      // Gate.Cancel does not wake it, Close does
	background  bool      // a wake-up does not end it
	poll        bool      // its time-outs are shared errors without an address
	clearings   uint32    // of the wake-up, when the call began
	wokenBy     atomic.Int32
	deferred    []*deferredFunc // run when the call has left; under gate.mu
	wakeCh      chan struct{}
	waker       waker
}

// Enter begins a call that may wait for timeout: Forever, 0 for not at all.
// direct calls wait in the calling thread and cost no hand-off; others park
// their goroutine. A closed gate gives nil.
func (g *Gate) Enter(timeout time.Duration, direct bool) *Call {
	return g.enter(timeout, direct, false, false)
}

// EnterBackground is Enter for what a wake-up does not end: closing, and what goes
// on when the user's call has returned. Gate.Cancel is for it.
func (g *Gate) EnterBackground(timeout time.Duration, direct bool) *Call {
	return g.enter(timeout, direct, false, true)
}

func (g *Gate) enter(timeout time.Duration, direct, internal, background bool) *Call {
	w := newCall()
	w.gate, w.direct, w.internal, w.poll, w.background = g, direct, internal, false, background
	w.clearings = wakeup.Load().Clearings()
	w.allowed = timeout
	w.SetTimeout(timeout)
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		w.gate = nil
		recycle(w)
		return nil
	}
	w.next = g.calls
	if g.calls != nil {
		g.calls.prev = w
	}
	g.calls = w
	g.mu.Unlock()
	return w
}

// EnterPoll is Enter for a read that does not wait. Its time-out is a shared error
// without an address in it.
func (g *Gate) EnterPoll() *Call {
	w := g.Enter(0, true)
	if w != nil {
		w.poll = true
	}
	return w
}

// EnterTask begins work of the socket's own, without a deadline and parked.
// Gate.Cancel is not for it, Close and Call.Cancel are.
func (g *Gate) EnterTask() *Call {
	return g.enter(Forever, false, true, true)
}

// Leave ends the call. The Call must not be used afterwards.
func (w *Call) Leave() {
	g := w.gate
	g.mu.Lock()
	if w.prev != nil {
		w.prev.next = w.next
	} else {
		g.calls = w.next
	}
	if w.next != nil {
		w.next.prev = w.prev
	}
	w.prev, w.next, w.gate = nil, nil, nil
	w.waker.release(w.wokenBy.Load() != wokenByNothing) // first: behind an empty gate nothing of its calls is left
	g.leftUnlock(w.dropDeferredLocked())
	recycle(w)
}

// NewPollCall makes a Call that EnterPollFast uses again and again.
func NewPollCall() *Call {
	w := &Call{direct: true, poll: true, wakeCh: make(chan struct{}, 1)}
	w.waker.init()
	return w
}

// EnterPollFast is EnterFast for a read that does not wait. w comes from
// NewPollCall and is in use until LeavePollFast; its time-out is a shared error
// without an address in it.
func (g *Gate) EnterPollFast(w *Call) bool {
	if !g.EnterFast() {
		return false
	}
	w.gate = g
	w.SetTimeout(0)
	return true
}

// LeavePollFast ends what EnterPollFast began.
func (w *Call) LeavePollFast() {
	g := w.gate
	w.waker.release(false)
	w.gate = nil
	g.LeaveFast()
}

// EnterFast lets a call in that waits for nothing and ends at once: it cannot be
// woken and costs less than Enter. False: the gate is closed. LeaveFast must follow.
func (g *Gate) EnterFast() bool {
	for {
		now := g.fast.Load()
		if now&markClosed != 0 {
			return false
		}
		if g.fast.CompareAndSwap(now, now+1) {
			return true
		}
	}
}

// fastCalls is how many calls of EnterFast are inside.
func (g *Gate) fastCalls() int64 { return g.fast.Load() &^ marks }

// LeaveFast ends what EnterFast began.
func (g *Gate) LeaveFast() {
	if now := g.fast.Add(-1); now&marks != 0 && now&^marks == 0 {
		g.leaveFastLast()
	}
}

// leaveFastLast runs what waited for the last fast call to leave, unless another
// has entered: then that one runs it.
func (g *Gate) leaveFastLast() {
	g.mu.Lock()
	if g.fastCalls() > 0 {
		g.mu.Unlock()
		return
	}
	g.fast.And(^markDeferred)
	holds := g.deferred
	g.deferred = nil
	g.leftUnlock(dropDeferred(holds))
}

// leftUnlock runs what waited for a call that has left and, if it was the last one,
// the closing work. It unlocks g.mu.
func (g *Gate) leftUnlock(free []func()) {
	if len(free) > 0 {
		g.runDeferredUnlock(free)
		return
	}
	g.emptyUnlock()
}

// emptyUnlock does the closing work if the gate is closed and empty. It unlocks
// g.mu.
func (g *Gate) emptyUnlock() {
	last := g.takeLastLocked()
	g.mu.Unlock()
	if last != nil {
		g.finish(last)
	}
}

// deferredFunc runs when no call is left that may still use what it frees.
type deferredFunc struct {
	users int
	run   func()
}

// Retire runs free as soon as every call that is inside now has left, in the
// goroutine of the last one: at once if there is none. The one call except, the
// caller's own, is not waited for.
func (g *Gate) Retire(except *Call, free func()) {
	r := &deferredFunc{run: free}
	g.mu.Lock()
	for w := g.calls; w != nil; w = w.next {
		if w != except {
			w.deferred = append(w.deferred, r)
			r.users++
		}
	}
	switch {
	case g.fast.Or(markDeferred)&^marks > 0:
		g.deferred = append(g.deferred, r)
		r.users++
	case g.deferred == nil: // else the last fast call is about to run them
		g.fast.And(^markDeferred)
	}
	unused := r.users == 0
	g.mu.Unlock()
	if unused {
		free()
	}
}

// dropDeferredLocked ends the call's part in what is deferred, and tells what can
// run now.
func (w *Call) dropDeferredLocked() []func() {
	free := dropDeferred(w.deferred)
	clear(w.deferred)
	w.deferred = w.deferred[:0]
	return free
}

func dropDeferred(holds []*deferredFunc) (free []func()) {
	for _, r := range holds {
		if r.users--; r.users == 0 {
			free = append(free, r.run)
		}
	}
	return free
}

// runDeferredUnlock is leftUnlock where there is something to run: outside of the
// lock, and the gate does not count as empty before it is done. A panic keeps neither
// the others nor the closing work from running.
func (g *Gate) runDeferredUnlock(free []func()) {
	g.freeing++
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		g.freeing--
		g.emptyUnlock()
	}()
	for _, f := range free {
		defer f()
	}
}

// takeLastLocked hands out the closing work to exactly one caller.
func (g *Gate) takeLastLocked() func() {
	if !g.closed || g.calls != nil || g.freeing > 0 || g.fastCalls() > 0 {
		return nil
	}
	last := g.last
	g.last = nil
	return last
}

func (g *Gate) finish(last func()) {
	defer close(g.empty) // after a panic too: closes wait for it
	last()
}

// Cancel wakes every call inside with fault.Cancelled. Calls that begin later
// are not concerned.
func (g *Gate) Cancel() {
	g.mu.Lock()
	for w := g.calls; w != nil; w = w.next {
		if !w.internal {
			w.wakeLocked(wokenByCancel)
		}
	}
	g.mu.Unlock()
}

// Close refuses later calls, wakes every call inside with fault.Closed,
// and runs last when all have left, in the goroutine of the last one. It
// waits for that, at most for patience. Only the first Close counts; it
// returns true.
func (g *Gate) Close(last func(), patience time.Duration) bool {
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		return false
	}
	g.closed, g.last, g.empty = true, last, make(chan struct{})
	g.fast.Or(markClosed)
	for w := g.calls; w != nil; w = w.next {
		w.wakeLocked(wokenByClose)
	}
	run := g.takeLastLocked()
	g.mu.Unlock()
	if run != nil {
		g.finish(run)
		return true
	}
	if patience <= 0 {
		return true
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-g.empty:
	case <-timer.C:
	}
	return true
}

// Empty is closed when every call has left a closed gate and what must happen
// then has; nil while the gate is open.
func (g *Gate) Empty() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.empty
}

// Cancel wakes one call with fault.Cancelled. The caller makes sure that it has
// not left.
func (w *Call) Cancel() {
	w.gate.mu.Lock()
	w.wakeLocked(wokenByCancel)
	w.gate.mu.Unlock()
}

// Closed tells whether Close was called.
func (g *Gate) Closed() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.closed
}

// SetTimeout sets the call's time anew. It runs from the moment the call first
// has to wait: one that does not wait never looks at the clock.
func (w *Call) SetTimeout(timeout time.Duration) {
	w.timeout, w.nonBlocking, w.begun = timeout, timeout == 0, false
}

// Allowed is the time that the call began with, whatever was set since.
func Allowed(w *Call) time.Duration { return w.allowed }

// begin starts the call's time.
func (w *Call) begin() {
	if w.begun {
		return
	}
	w.begun, w.deadline = true, time.Time{}
	if w.timeout > 0 {
		w.deadline = time.Now().Add(w.timeout)
	}
}

// Deadline tells when the call's time ends; false if it never does. A call
// that may not wait at all has a deadline in the past.
func (w *Call) Deadline() (time.Time, bool) {
	if w.nonBlocking {
		return time.Unix(1, 0), true
	}
	w.begin()
	return w.deadline, !w.deadline.IsZero()
}

// SetDeadline replaces the deadline; the zero time is for ever.
func (w *Call) SetDeadline(t time.Time) {
	w.deadline, w.nonBlocking, w.begun = t, false, true
}

// TimeIsUp tells whether the call's time has passed.
func (w *Call) TimeIsUp() bool { return w.remaining() == 0 }

// Expired is the error of a call whose time is over: fault.Timeout, or why it was
// woken.
func (w *Call) Expired() error { return w.reason(fault.Timeout) }

// IsPoll tells whether the call is one of EnterPoll or NewPollCall.
func (w *Call) IsPoll() bool { return w.poll }

// NonBlocking tells whether the call may not wait at all.
func (w *Call) NonBlocking() bool { return w.nonBlocking }

// remaining is the time left: negative for ever, 0 when it is over.
func (w *Call) remaining() time.Duration {
	if w.nonBlocking || w.wakeupIsSet() {
		return 0
	}
	w.begin()
	if w.deadline.IsZero() {
		return Forever
	}
	return max(time.Until(w.deadline), 0)
}

// For waits on a channel: nil when it is ready, otherwise fault.Timeout,
// fault.Cancelled or fault.Closed.
func (w *Call) For(ready <-chan struct{}) error {
	return w.sleep(ready, nil, fault.Timeout)
}

// ForAtMost is For with an end of its own: fault.Timeout comes at until at the
// latest.
func (w *Call) ForAtMost(ready <-chan struct{}, until time.Time) error {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	return w.sleep(ready, timer.C, fault.Timeout)
}

// Pause waits for d, but no longer than the call may. It returns nil when d
// has passed, otherwise fault.Timeout, fault.Cancelled or fault.Closed.
func (w *Call) Pause(d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	return w.sleep(nil, timer.C, fault.OK)
}

// sleep waits until ready is, or until due, whose result is then.
func (w *Call) sleep(ready <-chan struct{}, due <-chan time.Time, then fault.Code) error {
	select {
	case <-ready:
		return nil
	default:
	}
	if why := w.Woken(); why != fault.OK { // the wake-up may have been taken already
		return why
	}
	left := w.remaining()
	if left == 0 {
		return w.reason(fault.Timeout)
	}
	var expired <-chan time.Time
	if left > 0 {
		timer := time.NewTimer(left)
		defer timer.Stop()
		expired = timer.C
	}
	for {
		select {
		case <-ready:
			return nil
		case <-due:
			return w.reason(then)
		case <-expired:
			select {
			case <-ready: // both, where the process was stopped
				return nil
			default:
			}
			return w.reason(fault.Timeout)
		case <-w.wakeCh:
			if why := w.Woken(); why != fault.OK {
				return why
			}
			if w.wakeupIsSet() {
				return w.sleep(ready, due, then) // looks, and does not wait
			}
		}
	}
}

// Err is nil, or fault.Closed or fault.Cancelled when the call must return.
func (w *Call) Err() error { return w.reason(fault.OK) }

// reason is why the call was woken, otherwise code.
func (w *Call) reason(code fault.Code) error {
	if why := w.Woken(); why != fault.OK {
		return why
	}
	switch {
	case code == fault.OK:
		return nil
	case code == fault.Timeout && w.wakeupIsSet():
		return fault.Cancelled
	case code == fault.Timeout:
		return fault.Timeout // a constant is no allocation, where this is not inlined either
	}
	return code
}

// calls keeps Calls for later use.
var calls = sync.Pool{New: func() any {
	w := &Call{wakeCh: make(chan struct{}, 1)}
	w.waker.init()
	return w
}}

func newCall() *Call { return calls.Get().(*Call) }

func recycle(w *Call) {
	if w.wokenBy.Load() != wokenByNothing {
		w.wokenBy.Store(wokenByNothing)
		select {
		case <-w.wakeCh:
		default:
		}
	}
	calls.Put(w)
}

// ReleaseIdle gives back the descriptors that the package keeps for later
// calls. Sockets in use are not concerned.
func ReleaseIdle() {
	releaseWakeFDs()
	releaseParker()
}

var descriptors atomic.Int64

// Descriptors tells how many descriptors of the system the package holds.
func Descriptors() int64 { return descriptors.Load() }

// milliseconds is the time left, rounded up: a wait is never early. Negative:
// for ever.
func (w *Call) milliseconds() int {
	left := w.remaining()
	if left < 0 {
		return -1
	}
	return wholeMilliseconds(left)
}

// wholeMilliseconds rounds up, to what the system takes.
func wholeMilliseconds(d time.Duration) int {
	const longest = 1 << 30
	return int(min((d+time.Millisecond-1)/time.Millisecond, longest))
}
