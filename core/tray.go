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
type Place = frame.Place

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

// lend lets the host's side go on collecting; the caller holds the write lock,
// and writes may be collected as cfg says.
func (s *Socket) lend(st *stream, sq *sendQueue, cfg *ioConfig) {
	trays, id := s.lib.Trays, s.id.Load()
	if trays == nil || id == 0 || sq.batched < lendAfter || st.recording.recorder().Traces() || s.lib.journal.Enabled(levelAll) {
		return
	}
	f, ok := cfg.writer.(frame.Enveloping)
	if !ok {
		return
	}
	e := f.Envelope()
	e.Limit = min(e.Limit, maxCoalescedMessage)
	if !trays.Lend(id, sq.block.Bytes()[sq.n:min(len(sq.block.Bytes()), maxCoalesced)], e) {
		return
	}
	sq.loan, sq.lentAs = sq.loan.next(id), cfg
	sq.lent.Store(int64(sq.loan))
	if s.config.Load() != cfg || !st.canCoalesce(sq) || st.reconnector.Load() != nil || s.gate.Closed() {
		st.recall() // what happened meanwhile has not seen the loan
		return
	}
	trays.Open(Outgoing, id, 0) // what happens from now on sees the loan, and may have closed it already
}

// endLoan stops the host's side from collecting. Whoever changes something that
// collecting depends on, and has not the write lock, calls it afterwards.
func (st *stream) endLoan() {
	if sq := st.sendq.Load(); sq != nil {
		if l := loan(sq.lent.Load()); l != 0 {
			st.lib.Trays.Close(Outgoing, l.socket())
		}
	}
}

// recall takes the memory back, with what was collected there; the caller holds the write
// lock. It is part of taking that lock.
func (st *stream) recall() {
	sq := st.sendq.Load()
	if sq == nil {
		return
	}
	l := loan(sq.lent.Load())
	if l == 0 {
		return
	}
	bytes, messages := st.lib.Trays.Take(Outgoing, l.socket())
	sq.n += bytes
	sq.batched += messages
	sq.size.Store(int64(sq.n))
	st.written.Add(int64(messages))
	sq.lent.Store(0)
	if messages == 0 {
		return
	}
	st.noteActivity(sq.lentAs)
	if st.lib.journal.Enabled(levelAll) {
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
	sq := st.sendq.Load()
	if sq == nil {
		return 0, st.written.Load()
	}
	for {
		bytes, messages, before := st.outside(Outgoing, &sq.lent)
		collected, written = st.coalescedBytes()+bytes, st.written.Load()+int64(messages)
		if _, _, after := st.outside(Outgoing, &sq.lent); after == before {
			return collected, written
		}
	}
}

// incoming tells how many bytes wait for their reader, and how many messages were
// read, both with those outside of Go.
func (st *stream) incoming() (held, read int64) {
	for {
		bytes, messages, before := st.outside(Incoming, &st.dealt)
		held, read = st.buffered.Load()-int64(bytes), st.read.Load()+int64(messages)
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
// the caller holds the read lock and has read one as cfg says.
func (s *Socket) deal(st *stream, cfg *ioConfig) {
	if st.bufferedReads = min(st.bufferedReads+1, dealAfter); st.bufferedReads < dealAfter || st.in.Len() == 0 {
		return
	}
	trays, id := s.lib.Trays, s.id.Load()
	if trays == nil || id == 0 || cfg.liveness != nil || cfg.reconnect != nil || cfg.readGap > 0 || st.registration != nil || st.cold != nil || st.recording.recorder().Traces() ||
		st.reconnector.Load() != nil || s.lib.journal.Enabled(levelAll) {
		return
	}
	places := trays.Deal(id, st.in.Bytes())
	if places == nil {
		return
	}
	count, bytes := cfg.locate(st, places, s.lastKind.Load())
	if count > 0 && bytes == st.in.Len() {
		count-- // the last one is read in Go, where the buffer's memory is given back with it
	}
	st.deals = st.deals.next(id)
	st.dealt.Store(int64(st.deals))
	st.places = int32(count)
	if count < dealLeast || s.config.Load() != cfg || st.reconnector.Load() != nil || s.gate.Closed() {
		st.gatherIn() // what happened meanwhile has not seen the loan
		return
	}
	trays.Open(Incoming, id, count) // what happens from now on sees the loan, and may have closed it already
}

// locate finds out where messages stand in the buffer, and tells how many, and how many
// bytes of it they are. All of them are text, or none is; and all are what the one before is.
func (cfg *ioConfig) locate(st *stream, places []Place, kind int32) (count, bytes int) {
	text := st.ws.Load().gaveText()
	if cfg.bulk != nil && !text && kind == 0 {
		return cfg.bulk.Locate(places, st.in.Bytes())
	}
	for i := range places {
		f, err := cfg.decodeAt(st, bytes, 0)
		if err != nil || f.Total == 0 || f.Escaped || f.Text != text || messageKind(f) != kind {
			return i, bytes
		}
		places[i] = Place{Start: int32(bytes + f.Start), Length: int32(f.Len), Total: int32(f.Total)}
		bytes += f.Total
	}
	return len(places), bytes
}

// endDeal stops the host's side from taking messages. Whoever changes something
// that reading depends on, and has not the read lock, calls it afterwards.
func (st *stream) endDeal() {
	if l := loan(st.dealt.Load()); l != 0 {
		st.lib.Trays.Close(Incoming, l.socket())
	}
}

// gatherIn takes back what was dealt and not taken; the caller holds the read
// lock. It is part of taking that lock.
func (st *stream) gatherIn() {
	l := loan(st.dealt.Load())
	if l == 0 {
		return
	}
	bytes, messages := st.lib.Trays.Take(Incoming, l.socket())
	if 2*messages <= int(st.places) {
		st.bufferedReads = -dealPause
	}
	if messages > 0 {
		st.advance(bytes)
		st.countRead(messages)
	}
	st.dealt.Store(0) // whoever asks for figures waits no longer, least of all for a log
	if messages > 0 && st.lib.journal.Enabled(levelAll) {
		st.lib.log(levelAll, st, "%d bytes read as %d messages", bytes, messages)
	}
}
