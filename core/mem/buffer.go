package mem

import (
	"slices"
	"sync/atomic"
)

// Buffer holds what has arrived and was not delivered yet. It has memory only
// while it holds bytes or is being filled. One byte at the end of its block
// stays free, for the NUL behind a message that is lent out.
type Buffer struct {
	budget   *Budget
	block    *Block
	r, w     int
	readSize int // how much to read at once, by the traffic so far

	growing atomic.Pointer[growth] // nil while no message needed more than a first block, and none was marked
}

// growth is what is noted of the message at the front while it is not whole, and of it what
// others may know where it needs more than a first block.
type growth struct {
	since atomic.Int64 // when it began to, 0: it is whole, or gone
	past  atomic.Int64 // reserved for bytes of it that are read past the buffer
	begun int64        // when the message at the front began, 0: nothing is known of one; the reader's
}

// MarkBegun notes that the message at the front began at a time, 0 for none.
func (b *Buffer) MarkBegun(at int64) { b.growth().begun = at }

// Begun is when the message at the front began, 0 if that is not known, or it is whole, or gone.
// It is the reader's to ask.
func (b *Buffer) Begun() int64 {
	if g := b.growing.Load(); g != nil {
		return g.begun
	}
	return 0
}

// growth returns b.growing, allocating it on first use.
func (b *Buffer) growth() *growth {
	if b.growing.Load() == nil {
		b.growing.Store(new(growth))
	}
	return b.growing.Load()
}

// MarkGrowing notes that the message at the front needs more than a first block since
// now, which is not 0.
func (b *Buffer) MarkGrowing(now int64) {
	b.growth().since.Store(now)
}

// SetReservedPast notes how many bytes are reserved for what is read past the buffer.
// The message was marked as growing.
func (b *Buffer) SetReservedPast(n int) { b.growing.Load().past.Store(int64(n)) }

// ReservedPast is how many bytes are reserved for what is read past the buffer. The
// message was marked as growing.
func (b *Buffer) ReservedPast() int { return int(b.growing.Load().past.Load()) }

// GrowingSince is when the message at the front began to need more than a first block,
// 0 if it does not, or is whole.
func (b *Buffer) GrowingSince() int64 {
	if g := b.growing.Load(); g != nil {
		return g.since.Load()
	}
	return 0
}

// MarkWhole notes that the message at the front is whole, or gone.
func (b *Buffer) MarkWhole() {
	g := b.growing.Load()
	if g == nil {
		return
	}
	g.begun = 0
	if g.since.Load() != 0 {
		g.since.Store(0)
	}
}

// MaxReadSize is the largest first block: how much is read at once.
const MaxReadSize = 64 << 10

// Init sets up an empty buffer, whose memory is reserved in budget.
func (b *Buffer) Init(budget *Budget) { b.budget = budget }

// Bytes is what the buffer holds; it is valid until the buffer changes.
func (b *Buffer) Bytes() []byte {
	if b.block == nil {
		return nil
	}
	return b.block.b[b.r:b.w]
}

// Len is how many bytes the buffer holds.
func (b *Buffer) Len() int { return b.w - b.r }

// Size is how much memory the buffer has.
func (b *Buffer) Size() int {
	if b.block == nil {
		return 0
	}
	return len(b.block.b)
}

// Consume drops n bytes at the front and the memory with the last of them.
func (b *Buffer) Consume(n int) {
	b.MarkWhole()
	b.r += n
	if b.r == b.w {
		b.Drop()
	}
}

// Truncate drops all but the first n bytes.
func (b *Buffer) Truncate(n int) {
	b.w = b.r + n
	if n == 0 {
		b.Drop()
	}
}

// Drop drops all bytes, and the memory.
func (b *Buffer) Drop() {
	if b.block != nil {
		b.budget.Release(len(b.block.b))
		b.block.Recycle()
		b.block = nil
	}
	b.r, b.w = 0, 0
	b.MarkWhole()
}

// TakeOver takes over what another buffer holds, in front of what this one does.
func (b *Buffer) TakeOver(from *Buffer) {
	own := slices.Clone(b.Bytes())
	b.Drop()
	b.block, b.r, b.w, b.readSize = from.block, from.r, from.w, from.readSize
	b.growing.Store(from.growing.Swap(nil))
	if b.Begun() != 0 {
		b.MarkBegun(0) // nothing that is not whole goes on here
	}
	from.block, from.r, from.w, from.readSize = nil, 0, 0, 0
	b.Append(own)
}

// Shrink drops all but the first n bytes, and the memory that they do not need.
func (b *Buffer) Shrink(n int) {
	if n == 0 {
		b.Drop()
		return
	}
	bl := NewBlock(n + 1)
	b.budget.ForceReserve(len(bl.b) - b.Size())
	b.w = b.r + n
	b.move(bl)
	b.MarkWhole()
}

// Room is space behind the bytes, nil if the block is full: it grows only then, so
// that memory follows what arrived and never what was announced.
func (b *Buffer) Room() []byte {
	if b.block == nil {
		n := max(b.readSize, SmallestBlock)
		if !b.budget.Reserve(n) {
			n = SmallestBlock
			b.budget.ForceReserve(n)
		}
		b.block = NewBlock(n)
	}
	if b.w == len(b.block.b)-1 {
		if b.r == 0 {
			return nil
		}
		copy(b.block.b, b.block.b[b.r:b.w])
		b.r, b.w = 0, b.w-b.r
	}
	return b.block.b[b.w : len(b.block.b)-1]
}

// Grow doubles a block that is full. The caller has reserved as many bytes as it has.
func (b *Buffer) Grow() { b.move(NewBlock(2 * len(b.block.b))) }

// ResetReadSize forgets the traffic so far: the next block is a smallest one.
func (b *Buffer) ResetReadSize() { b.readSize = 0 }

// move changes the block for another; the difference is reserved.
func (b *Buffer) move(to *Block) {
	n := copy(to.b, b.Bytes())
	if b.block != nil {
		b.block.Recycle()
	}
	b.block, b.r, b.w = to, 0, n
}

// Filled tells how much of the room was used, and tunes the size of reads.
func (b *Buffer) Filled(n, room int) {
	b.w += n
	switch {
	case n == room:
		b.readSize = min(max(2*len(b.block.b), SmallestBlock), MaxReadSize)
	case n < b.readSize/8:
		b.readSize /= 2
	}
}

// Append adds bytes that were read past the buffer; they are reserved
// whatever the limit is, because they are here.
func (b *Buffer) Append(p []byte) {
	if len(p) == 0 {
		return
	}
	if b.block == nil || len(b.block.b)-1-b.w < len(p) {
		bl := NewBlock(b.Len() + len(p) + 1)
		b.budget.ForceReserve(len(bl.b) - b.Size())
		b.move(bl)
	}
	b.w += copy(b.block.b[b.w:], p)
}

// TakeMessage hands the block over to a message of n bytes that begins start bytes
// behind the front; total bytes leave the buffer. What is left moves.
func (b *Buffer) TakeMessage(start, n, total int) *Message {
	rest := b.Len() - total
	if rest > n { // the rest is the larger part: the message moves
		m := NewMessage(b.budget, n)
		copy(m.data, b.block.b[b.r+start:])
		b.Consume(total)
		return m
	}
	old, from := b.block, b.r
	m := &Message{budget: b.budget, block: old, data: old.b[from+start : from+start+n]}
	b.block, b.r, b.w = nil, 0, 0
	b.MarkWhole()
	b.Append(old.b[from+total : from+total+rest])
	old.b[from+start+n] = 0
	return m
}
