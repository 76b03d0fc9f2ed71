package core

import (
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"wdsocket/core/lockorder"
	"wdsocket/core/task"
)

// budget bounds the memory that all sockets of a library hold for data that
// nobody has taken yet, and is fair about it:
//
//   - A socket may always have a smallest block.
//   - While a reader within its share waits for memory, a message that is not whole
//     yet gets no more than its share, an eighth of the budget.
//   - Where such a reader has waited for grace, or any other for patience, the
//     connection that holds most for longest is ended, so that service resumes.
type budget struct {
	limit atomic.Int64
	used  atomic.Int64

	waiting atomic.Bool  // somebody waits, for others to see
	modest  atomic.Int32 // how many of them want no more than their share
	soon    atomic.Bool  // the timer runs to give out what has become free

	grace, patience time.Duration
	relieve         func() bool // ends the connection that holds most for longest, if there is one that holds much
	report          task.Report // of what the timer runs

	mu       lockorder.Mutex[lockorder.Budget]
	claims   []*claim // in the order they came
	timer    *time.Timer
	armed    bool      // it runs
	relieved time.Time // when a connection was last ended
	refused  struct {  // calls that do not wait, within their share
		since, last time.Time
	}
}

// claim is memory that a reader waits for. Its fields are guarded by budget.mu,
// but for the functions.
type claim struct {
	n, have int       // bytes it wants, and has
	since   time.Time // zero while nothing is wanted
	queued  bool

	wake func()      // it may try again
	gone func() bool // it is wanted no more
	over func() bool // its connection has ended, which needs no memory; nil where that wakes by itself
	end  func()      // there was none for too long; nil where the one who waits sees to it
}

const (
	// smallest is what a socket's buffer may always have, so that none starves.
	smallest = 4 << 10
	// patience is how long reading pauses for memory in a call without an end.
	patience = 30 * time.Second
	// grace is how long a reader within its share waits before another's
	// connection is ended for it.
	grace = time.Second

	budgetGlance = 250 * time.Millisecond // between two looks at those who wait
	budgetSoon   = 2 * time.Millisecond   // from memory that is free to those who wait
)

// share is what a message that is not whole may have while others wait.
func (b *budget) share() int64 { return max(b.limit.Load()/8, mostAhead) }

// take reserves n bytes if they fit.
func (b *budget) take(n int) bool {
	if now := b.used.Add(int64(n)); now <= b.limit.Load() {
		return true
	}
	b.used.Add(int64(-n))
	return false
}

// reserve is take for a reader that has some already: it is fair.
func (b *budget) reserve(n, have int) bool {
	if b.modest.Load() > 0 && int64(n+have) > b.share() {
		return false
	}
	return b.take(n)
}

// force reserves n bytes that are there already.
func (b *budget) force(n int) { b.used.Add(int64(n)) }

// give returns n bytes.
func (b *budget) give(n int) {
	if n == 0 {
		return
	}
	if used := b.used.Add(int64(-n)); b.waiting.Load() && b.limit.Load()-used >= smallest {
		b.retry()
	}
}

// retry lets those who wait for memory try again soon.
func (b *budget) retry() {
	if b.soon.Swap(true) {
		return
	}
	b.mu.Lock()
	if b.armed {
		b.timer.Reset(budgetSoon)
	} else {
		b.soon.Store(false)
	}
	b.mu.Unlock()
}

// request makes a claim wait for n bytes more than have; it keeps its age if it
// waited before.
func (b *budget) request(c *claim, n, have int) {
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
	b.watch()
}

// withdraw ends a claim.
func (b *budget) withdraw(c *claim) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.since = time.Time{}
	if c.queued {
		c.queued = false
		b.claims = slices.DeleteFunc(b.claims, func(other *claim) bool { return other == c })
		b.watch()
	}
}

// refuse notes that a call which does not wait got no memory: it will come again.
func (b *budget) refuse(n, have int) {
	if int64(n+have) > b.share() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused.last = time.Now()
	if b.refused.since.IsZero() {
		b.refused.since = b.refused.last
	}
	b.watch()
}

// watch counts those who wait and starts the timer; b.mu is held.
func (b *budget) watch() {
	modest := int32(0)
	for _, c := range b.claims {
		if int64(c.n+c.have) <= b.share() {
			modest++
		}
	}
	b.modest.Store(modest)
	b.waiting.Store(len(b.claims) > 0)
	if b.armed || len(b.claims) == 0 && b.refused.since.IsZero() {
		return
	}
	b.armed = true
	if b.timer == nil {
		b.timer = task.AfterFunc("the timer of memory", b.report, budgetGlance, b.glance)
		return
	}
	b.timer.Reset(budgetGlance)
}

// glance gives out what is free, and ends a connection where some have waited too
// long.
func (b *budget) glance() {
	ready, waiting, late, needy := b.review(time.Now())
	defer func() {
		if needy && !b.relieve() {
			for _, c := range late { // what is used is not theirs whose messages come
				c.end()
			}
		}
	}()
	for _, c := range slices.Backward(ready) {
		defer c.wake() // in their order; a panic keeps none of the others from it
	}
	for _, c := range waiting {
		if c.over() {
			c.wake()
		}
	}
}

// review takes out the claims that what is free is enough for and those that are
// too late, and starts the timer again. waiting are those that stay and do not
// learn of the end of their connection. needy: a connection has to be ended.
func (b *budget) review(now time.Time) (ready, waiting, late []*claim, needy bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.armed = false
	b.soon.Store(false)
	defer b.watch()
	b.claims = slices.DeleteFunc(b.claims, func(c *claim) bool {
		if c.queued = !c.gone(); !c.queued {
			c.since = time.Time{}
		}
		return !c.queued
	})
	ready = b.servable()
	for _, c := range b.claims {
		if c.over != nil {
			waiting = append(waiting, c)
		}
	}
	if needy, late = b.overdue(now); needy {
		b.relieved = now
	}
	return ready, waiting, late, needy
}

// servable takes out the claims that what is free is enough for: those within
// their share first. b.mu is held.
func (b *budget) servable() (ready []*claim) {
	free := b.limit.Load() - b.used.Load()
	share, left := b.share(), false
	for _, modest := range []bool{true, false} {
		for _, c := range b.claims {
			switch {
			case !c.queued, modest != (int64(c.n+c.have) <= share):
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
	b.claims = slices.DeleteFunc(b.claims, func(c *claim) bool { return !c.queued })
	return ready
}

// overdue tells whether a connection has to be ended for one that waits, and which
// have waited for longer than any may. b.mu is held.
func (b *budget) overdue(now time.Time) (needy bool, late []*claim) {
	if r := &b.refused; now.Sub(r.last) > 2*b.grace {
		r.since = time.Time{}
	} else if !r.since.IsZero() {
		needy = now.Sub(r.since) >= b.grace
	}
	for _, c := range b.claims {
		age := now.Sub(c.since)
		needy = needy || age >= b.patience || age >= b.grace && int64(c.n+c.have) <= b.share()
		if age >= b.patience && c.end != nil {
			late = append(late, c)
		}
	}
	return needy && now.Sub(b.relieved) >= b.grace, late
}

// Buffers come from pools by size: powers of two from 4 KiB to 1 MiB. Larger
// ones are made and left to the collector.
const (
	smallestClass = 12
	largestClass  = 20
)

var pools [largestClass - smallestClass + 1]sync.Pool

// block is a buffer; the pools keep pointers to it so that nothing is
// allocated when one changes hands.
type block struct {
	b []byte
}

func classOf(n int) int {
	if n <= 1<<smallestClass {
		return smallestClass
	}
	return bits.Len(uint(n - 1))
}

// blockSize is how much memory a block for n bytes has.
func blockSize(n int) int { return 1 << classOf(n) }

func newBlock(n int) *block {
	class := classOf(n)
	if class > largestClass {
		return &block{make([]byte, 1<<class)}
	}
	if bl, ok := pools[class-smallestClass].Get().(*block); ok {
		return bl
	}
	return &block{make([]byte, 1<<class)}
}

func (bl *block) recycle() {
	if class := classOf(len(bl.b)); class <= largestClass {
		pools[class-smallestClass].Put(bl)
	}
}
