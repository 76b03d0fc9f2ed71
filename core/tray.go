package core

import (
	"runtime"
	"sync/atomic"

	"wdsocket/core/frame"
)

// Way is a direction of messages.
type Way int

const (
	Outgoing Way = iota // what the host writes
	Incoming            // what it reads
)

// Place is where a message stands in the memory it was dealt with, and how much of
// the stream is over with it.
type Place struct{ Start, Length, Total int32 }

// Trays lend memory to somebody outside of Go: an out-tray, where he puts the
// messages of small writes that are collected (option.Coalesce), and an in-tray, from
// which he takes messages that have arrived. Small messages then cost no more than
// their copying.
//
// A socket is known by its number (Socket.SetID). All methods may be called from
// any goroutine and wait for no longer than a message is copied.
type Trays interface {
	// Lend gives room for messages of a socket, each in its envelope. Nothing is
	// put there before Open. False: they cannot be.
	Lend(socket int32, room []byte, e frame.Envelope) bool

	// Deal gives messages of a socket away that stand in memory. The caller fills
	// in the places it gets, one for each and as many as he likes; nothing is
	// taken before Open. Nil: they cannot be.
	Deal(socket int32, memory []byte) []Place

	// Open lets messages be put there, or those of the first count places be
	// taken in their order, unless Close came before it.
	Open(way Way, socket int32, count int)

	// Close lets nothing be put there or taken any more. Take has to follow; until
	// then the memory is the borrower's.
	Close(way Way, socket int32)

	// Count tells what Take would; false: nothing is lent to the socket.
	Count(way Way, socket int32) (bytes, messages int, lent bool)

	// Take takes the memory back and tells how many messages were put there or
	// taken, and how many bytes of the stream they are: of an out-tray, those at
	// the beginning of the room.
	Take(way Way, socket int32) (bytes, messages int)
}

// loan is memory that is lent: how many loans were before it, and below that the
// number of the socket. 0: none is.
type loan int64

func (l loan) socket() int32 { return int32(l) }

func (l loan) next(socket int32) loan { return (l>>32+1)<<32 | loan(socket) }

// lendAfter is how many messages are collected before the memory is lent: a
// loan is dearer than a few messages.
const lendAfter = 4

// lend lets the host's side go on collecting; the caller has the writer's role,
// and writes may be collected as lv says.
func (s *Socket) lend(st *stream, b *backlog, lv *live) {
	trays, id := s.lib.Trays, s.id.Load()
	if trays == nil || id == 0 || b.run < lendAfter || st.recorder().Traces() || s.lib.log0.Enabled(levelAll) {
		return
	}
	f, ok := lv.Framer.(frame.Enveloping)
	if !ok {
		return
	}
	e := f.Envelope()
	e.Limit = min(e.Limit, gatherLargest)
	if !trays.Lend(id, b.bl.Bytes()[b.n:min(len(b.bl.Bytes()), gatherMost)], e) {
		return
	}
	b.loan, b.lentAs = b.loan.next(id), lv
	b.lent.Store(int64(b.loan))
	if s.live.Load() != lv || !st.gatherable(b) || st.link.Load() != nil || s.gate.Closed() {
		st.recall() // what happened meanwhile has not seen the loan
		return
	}
	trays.Open(Outgoing, id, 0) // what happens from now on sees the loan, and may have closed it already
}

// endLoan stops the host's side from collecting. Whoever changes something that
// collecting depends on, and has not the writer's role, calls it afterwards.
func (st *stream) endLoan() {
	if b := st.back.Load(); b != nil {
		if l := loan(b.lent.Load()); l != 0 {
			st.lib.Trays.Close(Outgoing, l.socket())
		}
	}
}

// recall takes the memory back, with what was collected there; the caller has
// the writer's role. It is part of taking the role.
func (st *stream) recall() {
	b := st.back.Load()
	if b == nil {
		return
	}
	l := loan(b.lent.Load())
	if l == 0 {
		return
	}
	bytes, messages := st.lib.Trays.Take(Outgoing, l.socket())
	b.n += bytes
	b.run += messages
	b.size.Store(int64(b.n))
	st.written.Add(int64(messages))
	b.lent.Store(0)
	if messages == 0 {
		return
	}
	st.spoke(b.lentAs)
	if st.lib.log0.Enabled(levelAll) {
		st.lib.log(levelAll, st, "%d bytes written as %d messages", bytes, messages)
	}
}

// outside tells what was put into a tray or taken from it so far; lent is the loan.
func (st *stream) outside(way Way, lent *atomic.Int64) (bytes, messages int, l loan) {
	for {
		l := loan(lent.Load())
		if l == 0 {
			return 0, 0, 0
		}
		if bytes, messages, lent := st.lib.Trays.Count(way, l.socket()); lent {
			return bytes, messages, l
		}
		runtime.Gosched() // it is just being taken back
	}
}

// collected tells how many bytes are collected, outside of Go too.
func (st *stream) collected() int {
	bytes, _ := st.outgoing()
	return bytes
}

// messagesWritten tells how many messages were written, those that were
// collected outside of Go too.
func (st *stream) messagesWritten() int64 {
	_, messages := st.outgoing()
	return messages
}

// outgoing tells how many bytes are collected, and how many messages were written,
// both with those outside of Go: what is taken back meanwhile counts once.
func (st *stream) outgoing() (collected int, written int64) {
	b := st.back.Load()
	if b == nil {
		return 0, st.written.Load()
	}
	for {
		bytes, messages, before := st.outside(Outgoing, &b.lent)
		collected, written = st.gathered()+bytes, st.written.Load()+int64(messages)
		if _, _, after := st.outside(Outgoing, &b.lent); after == before {
			return collected, written
		}
	}
}

// incoming tells how many bytes wait for their reader, and how many messages were
// read, both with those outside of Go.
func (st *stream) incoming() (held, read int64) {
	for {
		bytes, messages, before := st.outside(Incoming, &st.dealt)
		held, read = st.held.Load()-int64(bytes), st.read.Load()+int64(messages)
		if _, _, after := st.outside(Incoming, &st.dealt); after == before {
			return held, read
		}
	}
}

// Dealing messages costs as much as reading some. It begins when several were read
// one after the other that had arrived before, and pauses after most of what was
// dealt was not taken.
const (
	dealAfter = 4
	dealLeast = 4
	dealPause = 64
)

// deal lets the host's side take messages that have arrived, where they are read one
// after the other and nothing but their place in the buffer is to be known of them;
// the caller has the reader's role and has read one as lv says.
func (s *Socket) deal(st *stream, lv *live) {
	if st.run++; st.run < dealAfter || st.in.Len() == 0 {
		return
	}
	trays, id := s.lib.Trays, s.id.Load()
	if trays == nil || id == 0 || lv.watch != nil || lv.mend != nil || lv.readGap > 0 || st.att != nil || st.rare != nil || st.recorder().Traces() ||
		st.link.Load() != nil || s.lib.log0.Enabled(levelAll) {
		return
	}
	places := trays.Deal(id, st.in.Bytes())
	if places == nil {
		return
	}
	count, bytes := lv.locate(st.in.Bytes(), places)
	if count > 0 && bytes == st.in.Len() {
		count-- // the last one is read in Go, where the buffer's memory is given back with it
	}
	st.deals = st.deals.next(id)
	st.dealt.Store(int64(st.deals))
	st.places = int32(count)
	if count < dealLeast || s.live.Load() != lv || st.link.Load() != nil || s.gate.Closed() {
		st.gatherIn() // what happened meanwhile has not seen the loan
		return
	}
	trays.Open(Incoming, id, count) // what happens from now on sees the loan, and may have closed it already
}

// locate finds out where messages stand in b, and tells how many, and how many
// bytes of b they are.
func (lv *live) locate(b []byte, places []Place) (count, bytes int) {
	for i := range places {
		f, err := lv.Decode(b[bytes:], 0)
		if err != nil || f.Total == 0 || f.Escaped {
			return i, bytes
		}
		places[i] = Place{Start: int32(bytes + f.Start), Length: int32(f.Len), Total: int32(f.Total)}
		bytes += f.Total
	}
	return len(places), bytes
}

// endDeal stops the host's side from taking messages. Whoever changes something
// that reading depends on, and has not the reader's role, calls it afterwards.
func (st *stream) endDeal() {
	if l := loan(st.dealt.Load()); l != 0 {
		st.lib.Trays.Close(Incoming, l.socket())
	}
}

// gatherIn takes back what was dealt and not taken; the caller has the reader's
// role. It is part of taking the role.
func (st *stream) gatherIn() {
	l := loan(st.dealt.Load())
	if l == 0 {
		return
	}
	bytes, messages := st.lib.Trays.Take(Incoming, l.socket())
	if 2*messages <= int(st.places) {
		st.run = -dealPause
	}
	if messages > 0 {
		st.take(bytes)
		st.count(messages)
	}
	st.dealt.Store(0) // whoever asks for figures waits no longer, least of all for a log
	if messages > 0 && st.lib.log0.Enabled(levelAll) {
		st.lib.log(levelAll, st, "%d bytes read as %d messages", bytes, messages)
	}
}
