// Package mem is the memory of received data: a budget that all connections share,
// blocks from pools, the buffer of a connection and messages that leave it.
package mem

import (
	"slices"
	"sync/atomic"
	"time"

	"wdsocket/core/lockorder"
	"wdsocket/core/task"
)

// Budget bounds the memory that all sockets of a library hold for data that
// has not been read yet, and is fair about it:
//
//   - A socket may always have a smallest block.
//   - While a reader within its share waits for memory, a message that is not whole
//     yet gets no more than its share, an eighth of the budget.
//   - Where such a reader has waited for grace, or any other for patience, the
//     connection that holds most for longest is ended, so that service resumes.
type Budget struct {
	limit atomic.Int64
	used  atomic.Int64

	waiting     atomic.Bool  // there are claims; read without the lock
	withinShare atomic.Int32 // how many claims are within their share
	retrySoon   atomic.Bool  // the timer was set to retry, as memory has become free

	grace, patience time.Duration
	evict           func() bool // ends the connection that holds most for longest, if any holds much
	report          task.Report // of panics in the timer

	mu      lockorder.Mutex[lockorder.Budget]
	claims  []*Claim // in the order they came
	timer   *time.Timer
	armed   bool      // it runs
	evicted time.Time // when a connection was last ended
	refused struct {  // calls that do not wait, within their share
		since, last time.Time
	}
}

// Claim is memory that a reader waits for. Budget.mu guards its fields, but the
// functions, which are set before the first Request.
type Claim struct {
	n, have int       // bytes it wants, and has
	since   time.Time // zero while nothing is wanted
	queued  bool

	Wake      func()      // it may try again
	Withdrawn func() bool // it is wanted no more
	ConnEnded func() bool // its connection has ended, which needs no memory; nil where that wakes by itself
	TimedOut  func()      // there was none for too long; nil where the waiting call sees to that
}

const (
	// SmallestBlock is what a socket's buffer may always have, so that none starves.
	SmallestBlock = 4 << 10
	// patience is how long reading pauses for memory in a call without an end.
	patience = 30 * time.Second
	// grace is how long a reader within its share waits before another's
	// connection is ended for it.
	grace = time.Second

	// ReviewInterval is how often claims are reviewed.
	ReviewInterval = 250 * time.Millisecond
	retryDelay     = 2 * time.Millisecond // from a release to the next review
)

// Init sets an empty budget up. evict ends the connection that holds most for
// longest, and tells whether there was one that holds much; report is called with
// panics of the budget's timer.
func (b *Budget) Init(limit int64, evict func() bool, report task.Report) {
	b.limit.Store(limit)
	b.grace, b.patience, b.evict, b.report = grace, patience, evict, report
}

// Limit is the size of the budget in bytes.
func (b *Budget) Limit() int64 { return b.limit.Load() }

// SetLimit changes the size of the budget.
func (b *Budget) SetLimit(limit int64) {
	b.limit.Store(limit)
	b.retry()
}

// Used is how many bytes are reserved.
func (b *Budget) Used() int64 { return b.used.Load() }

// Patience is how long reading pauses for memory in a call without an end.
func (b *Budget) Patience() time.Duration { return b.patience }

// Waiting tells whether there are claims that wait.
func (b *Budget) Waiting() bool { return b.waiting.Load() }

// share is what a message that is not whole may have while others wait.
func (b *Budget) share() int64 { return max(b.limit.Load()/8, MaxReadSize) }

// Reserve reserves n bytes if they fit.
func (b *Budget) Reserve(n int) bool {
	if now := b.used.Add(int64(n)); now <= b.limit.Load() {
		return true
	}
	b.used.Add(int64(-n))
	return false
}

// ReserveFair is Reserve for a reader that has some bytes already: it gets no more
// than its share while a reader within its share waits.
func (b *Budget) ReserveFair(n, have int) bool {
	if b.withinShare.Load() > 0 && int64(n+have) > b.share() {
		return false
	}
	return b.Reserve(n)
}

// ForceReserve reserves n bytes whatever the limit is: they are in use already.
func (b *Budget) ForceReserve(n int) { b.used.Add(int64(n)) }

// Release gives n bytes back.
func (b *Budget) Release(n int) {
	if n == 0 {
		return
	}
	if used := b.used.Add(int64(-n)); b.Waiting() && b.limit.Load()-used >= SmallestBlock {
		b.retry()
	}
}

// retry lets waiting claims be reviewed soon.
func (b *Budget) retry() {
	if b.retrySoon.Swap(true) {
		return
	}
	b.mu.Lock()
	if b.armed {
		b.timer.Reset(retryDelay)
	} else {
		b.retrySoon.Store(false)
	}
	b.mu.Unlock()
}

// Request makes a claim wait for n bytes more than have; it keeps its age if it
// waited before.
func (b *Budget) Request(c *Claim, n, have int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.n, c.have = n, have
	if c.since.IsZero() {
		c.since = time.Now()
	}
	if !c.queued {
		c.queued = true
		b.claims = append(b.claims, c)
	}
	b.watchLocked()
}

// Withdraw ends a claim.
func (b *Budget) Withdraw(c *Claim) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.since = time.Time{}
	if c.queued {
		c.queued = false
		b.claims = slices.DeleteFunc(b.claims, func(other *Claim) bool { return other == c })
		b.watchLocked()
	}
}

// NoteRefused notes that a call which does not wait got no memory: it will come again.
func (b *Budget) NoteRefused(n, have int) {
	if int64(n+have) > b.share() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused.last = time.Now()
	if b.refused.since.IsZero() {
		b.refused.since = b.refused.last
	}
	b.watchLocked()
}

// watchLocked counts the waiting claims and starts the timer.
func (b *Budget) watchLocked() {
	within := int32(0)
	for _, c := range b.claims {
		if int64(c.n+c.have) <= b.share() {
			within++
		}
	}
	b.withinShare.Store(within)
	b.waiting.Store(len(b.claims) > 0)
	if b.armed || len(b.claims) == 0 && b.refused.since.IsZero() {
		return
	}
	b.armed = true
	if b.timer == nil {
		b.timer = task.AfterFunc("the timer of memory", b.report, ReviewInterval, b.serve)
		return
	}
	b.timer.Reset(ReviewInterval)
}

// serve gives out what is free, and ends a connection where some have waited too
// long.
func (b *Budget) serve() {
	ready, waiting, late, needy := b.review(time.Now())
	defer func() {
		if needy && !b.evict() {
			for _, c := range late { // the memory is not used by received data
				c.TimedOut()
			}
		}
	}()
	for _, c := range slices.Backward(ready) {
		defer c.Wake() // in their order; a panic does not stop the others
	}
	for _, c := range waiting {
		if c.ConnEnded() {
			c.Wake()
		}
	}
}

// review takes out the claims that what is free is enough for and those that are
// too late, and starts the timer again. waiting are those that stay and do not
// learn of the end of their connection. needy: a connection has to be ended.
func (b *Budget) review(now time.Time) (ready, waiting, late []*Claim, needy bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.armed = false
	b.retrySoon.Store(false)
	defer b.watchLocked()
	b.claims = slices.DeleteFunc(b.claims, func(c *Claim) bool {
		if c.queued = !c.Withdrawn(); !c.queued {
			c.since = time.Time{}
		}
		return !c.queued
	})
	ready = b.servableLocked()
	for _, c := range b.claims {
		if c.ConnEnded != nil {
			waiting = append(waiting, c)
		}
	}
	if needy, late = b.overdueLocked(now); needy {
		b.evicted = now
	}
	return ready, waiting, late, needy
}

// servableLocked takes out the claims that what is free is enough for: those within
// their share first.
func (b *Budget) servableLocked() (ready []*Claim) {
	free := b.limit.Load() - b.used.Load()
	share, left := b.share(), false
	for _, within := range []bool{true, false} {
		for _, c := range b.claims {
			switch {
			case !c.queued, within != (int64(c.n+c.have) <= share):
			case int64(c.n) <= free:
				free -= int64(c.n)
				c.queued = false
				ready = append(ready, c)
			default:
				left = true
			}
		}
		if left {
			break
		}
	}
	b.claims = slices.DeleteFunc(b.claims, func(c *Claim) bool { return !c.queued })
	return ready
}

// overdueLocked tells whether a connection has to be ended for a claim that waits, and
// which claims have waited for longer than any may.
func (b *Budget) overdueLocked(now time.Time) (needy bool, late []*Claim) {
	if r := &b.refused; now.Sub(r.last) > 2*b.grace {
		r.since = time.Time{}
	} else if !r.since.IsZero() {
		needy = now.Sub(r.since) >= b.grace
	}
	for _, c := range b.claims {
		age := now.Sub(c.since)
		needy = needy || age >= b.patience || age >= b.grace && int64(c.n+c.have) <= b.share()
		if age >= b.patience && c.TimedOut != nil {
			late = append(late, c)
		}
	}
	return needy && now.Sub(b.evicted) >= b.grace, late
}
