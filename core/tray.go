package core

import (
	"runtime"

	"wdsocket/core/frame"
)

// Trays lend memory to somebody outside of Go, who puts the messages of small
// writes there without a call: small writes that are collected (OptCoalesce)
// then cost no more than their copying.
//
// A socket is known by its number (Socket.SetID). All methods may be called from
// any goroutine and wait for no longer than a message is copied.
type Trays interface {
	// Lend gives room for messages of a socket, each in its envelope. Nothing is
	// put there before Open. False: they cannot be.
	Lend(socket int32, room []byte, e frame.Envelope) bool

	// Open lets messages be put there, unless Close came before it.
	Open(socket int32)

	// Close lets nothing be put there any more. Take has to follow; until then
	// the room is the borrower's.
	Close(socket int32)

	// Count tells what Take would; false: nothing is lent to the socket.
	Count(socket int32) (bytes, messages int, lent bool)

	// Take takes the room back and tells how many bytes were put into its
	// beginning, and how many messages they are.
	Take(socket int32) (bytes, messages int)
}

// loan is memory of a gathering that is lent: how many were before it, and below
// that the number of the socket. 0: none is.
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
	if trays == nil || id == 0 || b.run < lendAfter || s.lib.log0.Enabled(levelAll) {
		return
	}
	f, ok := lv.Framer.(frame.Enveloping)
	if !ok {
		return
	}
	e := f.Envelope()
	e.Limit = min(e.Limit, gatherLargest)
	if !trays.Lend(id, b.bl.b[b.n:min(len(b.bl.b), gatherMost)], e) {
		return
	}
	b.loan, b.lentAs = b.loan.next(id), lv
	b.lent.Store(int64(b.loan))
	if s.live.Load() != lv || !st.gatherable(b) || st.link.Load() != nil || s.gate.Closed() {
		st.recall() // what happened meanwhile has not seen the loan
		return
	}
	trays.Open(id) // what happens from now on sees the loan, and may have closed it already
}

// endLoan stops the host's side from collecting. Whoever changes something that
// collecting depends on, and has not the writer's role, calls it afterwards.
func (st *stream) endLoan() {
	if b := st.back.Load(); b != nil {
		if l := loan(b.lent.Load()); l != 0 {
			st.lib.Trays.Close(l.socket())
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
	bytes, messages := st.lib.Trays.Take(l.socket())
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
		st.lib.log(levelAll, "%s: %d bytes written as %d messages", st.who(), bytes, messages)
	}
}

// outside tells what was collected outside of Go so far.
func (st *stream) outside() (bytes, messages int, l loan) {
	b := st.back.Load()
	if b == nil {
		return 0, 0, 0
	}
	for {
		l := loan(b.lent.Load())
		if l == 0 {
			return 0, 0, 0
		}
		if bytes, messages, lent := st.lib.Trays.Count(l.socket()); lent {
			return bytes, messages, l
		}
		runtime.Gosched() // it is just being taken back
	}
}

// collected tells how many bytes are collected, outside of Go too.
func (st *stream) collected() int {
	bytes, _ := st.figures()
	return bytes
}

// messagesWritten tells how many messages were written, those that were
// collected outside of Go too.
func (st *stream) messagesWritten() int64 {
	_, messages := st.figures()
	return messages
}

// figures tells how many bytes are collected, and how many messages were written,
// both with those outside of Go: what is taken back meanwhile counts once.
func (st *stream) figures() (collected int, written int64) {
	for {
		bytes, messages, before := st.outside()
		collected, written = st.gathered()+bytes, st.written.Load()+int64(messages)
		if _, _, after := st.outside(); after == before {
			return collected, written
		}
	}
}
