package core

import (
	"math/bits"
	"sync"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/wire"
)

// budget bounds the memory that all sockets of a library hold for data that
// nobody has taken yet.
type budget struct {
	limit atomic.Int64
	used  atomic.Int64

	mu      sync.Mutex
	freed   chan struct{} // closed when somebody who waits should try again
	waiting atomic.Bool   // there is one, for others to see
}

// smallest is what a socket's buffer may always have, so that none starves.
const smallest = 4 << 10

// take reserves n bytes if they fit.
func (b *budget) take(n int) bool {
	if now := b.used.Add(int64(n)); now <= b.limit.Load() {
		return true
	}
	b.used.Add(int64(-n))
	return false
}

// force reserves n bytes that are there already.
func (b *budget) force(n int) { b.used.Add(int64(n)) }

// give returns n bytes.
func (b *budget) give(n int) {
	if n == 0 {
		return
	}
	b.used.Add(int64(-n))
	if b.waiting.Load() {
		b.retry()
	}
}

// retry lets those who wait for memory try again.
func (b *budget) retry() {
	b.mu.Lock()
	if b.freed != nil {
		close(b.freed)
		b.freed = nil
		b.waiting.Store(false)
	}
	b.mu.Unlock()
}

// patience is how long reading pauses for memory in a call without an end.
const patience = 30 * time.Second

// await reserves n bytes, waiting until others give some back, as w says. When
// the time ends first the error is fault.Memory.
func (b *budget) await(w *wire.Wait, n int, who string) error {
	until := time.Now().Add(patience)
	for !b.take(n) {
		b.mu.Lock()
		if b.freed == nil {
			b.freed = make(chan struct{})
			b.waiting.Store(true)
		}
		freed := b.freed
		b.mu.Unlock()
		if b.take(n) {
			return nil
		}
		err := w.ForAtMost(freed, until)
		switch {
		case err == nil:
		case fault.CodeOf(err) == fault.Timeout:
			return fault.New(fault.Memory, fault.PhaseRead, who).With(fault.NoteBudget, decimal(n), decimal(int(b.limit.Load())))
		default:
			return wire.Wrap(err, fault.PhaseRead, who)
		}
	}
	return nil
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
