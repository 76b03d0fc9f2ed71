package core

import (
	"sync/atomic"

	"wdsocket/core/wire"
)

// buffer holds what has arrived and was not delivered yet. It has memory only
// while it holds bytes or is being filled. One byte at the end of its block
// stays free, for the NUL behind a message that is lent out.
type buffer struct {
	money *budget
	bl    *block
	r, w  int
	ahead int // how much to read at once, by the traffic so far

	long atomic.Pointer[longer] // nil while no message needed more than a first block
}

// longer is what others may know of a message that needs more than a first block.
type longer struct {
	since atomic.Int64 // when it began to, by clock; 0: it is whole, or gone
	paid  atomic.Int64 // reserved for what is read past the buffer
}

// grows notes that a message needs more than a first block.
func (b *buffer) grows() {
	l := b.long.Load()
	if l == nil {
		l = new(longer)
		b.long.Store(l)
	}
	if l.since.Load() == 0 {
		l.since.Store(clock())
	}
}

// began is when the message at the front began to need more than a first block, 0 if
// it does not, or is whole.
func (b *buffer) began() int64 {
	if l := b.long.Load(); l != nil {
		return l.since.Load()
	}
	return 0
}

// rests notes that the message at the front is whole, or gone.
func (b *buffer) rests() {
	if l := b.long.Load(); l != nil && l.since.Load() != 0 {
		l.since.Store(0)
	}
}

const mostAhead = 64 << 10

func (b *buffer) bytes() []byte {
	if b.bl == nil {
		return nil
	}
	return b.bl.b[b.r:b.w]
}

func (b *buffer) len() int { return b.w - b.r }

// size is how much memory the buffer has.
func (b *buffer) size() int {
	if b.bl == nil {
		return 0
	}
	return len(b.bl.b)
}

// consume drops n bytes at the front and the memory with the last of them.
func (b *buffer) consume(n int) {
	b.rests()
	b.r += n
	if b.r == b.w {
		b.drop()
	}
}

// cut drops all but the first n bytes.
func (b *buffer) cut(n int) {
	b.w = b.r + n
	if n == 0 {
		b.drop()
	}
}

func (b *buffer) drop() {
	if b.bl != nil {
		b.money.give(len(b.bl.b))
		b.bl.recycle()
		b.bl = nil
	}
	b.r, b.w = 0, 0
	b.rests()
}

// inherit takes over what another buffer holds.
func (b *buffer) inherit(from *buffer) {
	b.bl, b.r, b.w, b.ahead = from.bl, from.r, from.w, from.ahead
	b.long.Store(from.long.Swap(nil))
	from.bl, from.r, from.w, from.ahead = nil, 0, 0, 0
}

// shrink drops all but the first n bytes, and the memory that they do not need.
func (b *buffer) shrink(n int) {
	if n == 0 {
		b.drop()
		return
	}
	bl := newBlock(n + 1)
	b.money.force(len(bl.b) - b.size())
	b.w = b.r + n
	b.move(bl)
	b.rests()
}

// room gives space behind the bytes. It grows only when the block is full, so
// that memory follows what arrived and never what was announced.
func (b *buffer) room(w *wire.Wait, of *stream) ([]byte, error) {
	if b.bl == nil {
		n := max(b.ahead, smallest)
		if !b.money.take(n) {
			n = smallest
			b.money.force(n)
		}
		b.bl = newBlock(n)
	}
	if b.w == len(b.bl.b)-1 {
		if b.r > 0 {
			copy(b.bl.b, b.bl.b[b.r:b.w])
			b.r, b.w = 0, b.w-b.r
		} else if err := b.grow(w, of); err != nil {
			return nil, err
		}
	}
	return b.bl.b[b.w : len(b.bl.b)-1], nil
}

func (b *buffer) grow(w *wire.Wait, of *stream) error {
	n := 2 * len(b.bl.b)
	if err := of.reserve(w, n-b.size(), b.size(), 0); err != nil {
		return err
	}
	if lv := of.mode; lv == nil || !lv.Stream() {
		b.grows()
	}
	b.move(newBlock(n))
	return nil
}

// move changes the block for a larger one; the difference is paid for.
func (b *buffer) move(to *block) {
	n := copy(to.b, b.bytes())
	if b.bl != nil {
		b.bl.recycle()
	}
	b.bl, b.r, b.w = to, 0, n
}

// filled tells how much of the room was used, and tunes the reading ahead.
func (b *buffer) filled(n, room int) {
	b.w += n
	switch {
	case n == room:
		b.ahead = min(max(2*len(b.bl.b), smallest), mostAhead)
	case n < b.ahead/8:
		b.ahead /= 2
	}
}

// append adds bytes that were read past the buffer; they are paid for
// whatever the budget says, because they are here.
func (b *buffer) append(p []byte) {
	if len(p) == 0 {
		return
	}
	if b.bl == nil || len(b.bl.b)-1-b.w < len(p) {
		bl := newBlock(b.len() + len(p) + 1)
		b.money.force(len(bl.b) - b.size())
		b.move(bl)
	}
	b.w += copy(b.bl.b[b.w:], p)
}

// lend hands the block over to a message of n bytes that begins start bytes
// behind the front; total bytes leave the buffer. What is left moves.
func (b *buffer) lend(start, n, total int) *Message {
	rest := b.len() - total
	if rest > n { // the rest is the larger part: the message moves
		m := newMessage(b.money, n)
		copy(m.data, b.bl.b[b.r+start:])
		b.consume(total)
		return m
	}
	old, from := b.bl, b.r
	m := &Message{money: b.money, bl: old, data: old.b[from+start : from+start+n]}
	b.bl, b.r, b.w = nil, 0, 0
	b.rests()
	b.append(old.b[from+total : from+total+rest])
	old.b[from+start+n] = 0
	return m
}

// Message is a received message in the library's memory, with one zero byte
// behind it. Free gives the memory back.
type Message struct {
	money *budget
	bl    *block
	data  []byte
}

// Bytes is the message; it must not be used after Free.
func (m *Message) Bytes() []byte { return m.data }

// Memory is the whole block the message stands in: at least one byte even for
// an empty message.
func (m *Message) Memory() []byte { return m.bl.b }

// Offset tells where in Memory the message begins.
func (m *Message) Offset() int { return cap(m.bl.b) - cap(m.data) }

// Free gives the memory back. It must be called once.
func (m *Message) Free() {
	m.money.give(len(m.bl.b))
	m.bl.recycle()
	m.bl, m.data = nil, nil
}

// newMessage makes a message of n bytes to be filled.
func newMessage(money *budget, n int) *Message {
	m := &Message{money: money, bl: newBlock(n + 1)}
	money.force(len(m.bl.b))
	m.data = m.bl.b[:n]
	m.bl.b[n] = 0
	return m
}
