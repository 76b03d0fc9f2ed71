package core

import (
	"slices"
	"sync"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// scratch is memory that is needed while a message is written: of framing, and
// for a short message with its framing in one piece, which the system may not
// take from the stack everywhere.
type scratch struct {
	b     []byte
	whole [quickLargest]byte
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// takeTurn takes the writer's role, waiting as w says. Errors: fault.Timeout,
// fault.Cancelled, fault.Closed.
func (st *stream) takeTurn(w *poll.Call) error {
	if err := st.turn.Lock(w); err != nil {
		return err
	}
	st.recall()
	return nil
}

// tryTurn takes the writer's role if it is free.
func (st *stream) tryTurn() bool {
	if !st.turn.TryLock() {
		return false
	}
	st.recall()
	return true
}

// dropTurn gives the writer's role back.
func (st *stream) dropTurn() { st.turn.Unlock() }

// write sends one message.
func (st *stream) write(w *poll.Call, lv *live, msg []byte) (int, error) {
	return st.writeMessage(w, lv, msg, lv.keeps())
}

// writeMessage is write; keep tells whether a link that heals keeps the message.
func (st *stream) writeMessage(w *poll.Call, lv *live, msg []byte, keep bool) (int, error) {
	if err := st.takeTurn(w); err != nil {
		e := fault.New(fault.CodeOf(err), fault.PhaseWrite, st.who())
		st.unwritten(e, 0)
		return 0, e
	}
	defer st.dropTurn()
	l := st.link.Load()
	kept := l != nil && keep
	if err := st.unwritable(); err != nil && !kept {
		return 0, err
	}
	if l != nil && !kept {
		if l.isDown() {
			return 0, fault.New(fault.Reconnecting, fault.PhaseWrite, st.who())
		}
		l.log.NoteReceived(l.came.Load())
	}
	sc := scratches.Get().(*scratch)
	defer sc.recycle()
	body := msg
	if lv.charset != nil {
		text, err := lv.charset.ToWire(st.lib.HostText(), nil, msg)
		if err != nil {
			return 0, st.faulty(textFault(err, st.who()))
		}
		body = text
	}
	head, body, tail, grown, err := lv.Encode(sc.b[:0], body)
	if err != nil {
		return 0, st.faulty(textFault(err, st.who()))
	}
	sc.b = grown
	if total := len(head) + len(body) + len(tail); kept {
		if err := l.keepMessage(st, lv, head, body, tail); err != nil {
			return 0, err
		}
	} else if total > 0 {
		if err := st.emit(w, lv, head, body, tail); err != nil {
			return 0, err
		}
	}
	st.wroteOne(lv, msg)
	if l != nil && !kept {
		l.noteMessage(st)
	}
	return len(msg), nil
}

// emit hands the parts of a message to the layer below, or to what waits before
// it.
func (st *stream) emit(w *poll.Call, lv *live, head, body, tail []byte) error {
	total := len(head) + len(body) + len(tail)
	switch {
	case lv.coalesce > 0 && total <= gatherLargest && !st.queued() && st.link.Load() == nil:
		return st.gather(w, lv, head, body, tail)
	case lv.sendQueue > 0:
		return st.enqueue(lv, head, body, tail)
	}
	if err := st.catchUp(w, lv); err != nil {
		return st.writeFailed(err, 0, total)
	}
	if n, err := st.send(w, head, body, tail); err != nil {
		return st.writeFailed(err, n, total)
	}
	return nil
}

// enqueue hands the parts of a message to the system, and keeps what it does
// not take; it never waits. A message that would make the queue longer than
// allowed is refused as a whole.
func (st *stream) enqueue(lv *live, head, body, tail []byte) error {
	total := len(head) + len(body) + len(tail)
	if st.queued() || st.gathered() > 0 {
		if err := st.push(); err != nil {
			return st.writeFailed(err, 0, total)
		}
	}
	if kept := st.unsent(); kept > 0 && kept+total > lv.sendQueue {
		st.refused.Store(true)
		if kept = st.unsent(); kept == 0 { // it has drained meanwhile, which nobody tells
			st.refused.Store(false)
			return st.enqueue(lv, head, body, tail)
		}
		return st.isFull(lv, kept+total)
	}
	if st.queued() || st.gathered() > 0 {
		st.backlog().add(&shared{b: slices.Concat(head, body, tail), own: true, money: &st.lib.money}, 0, dropOldest)
		return nil
	}
	if err := st.putAll(head, body, tail); err != nil {
		return st.writeFailed(err, 0, total)
	}
	return nil
}

// isFull is the error of a write that would make the send queue too long.
func (st *stream) isFull(lv *live, size int) error {
	return st.faulty(fault.New(fault.Full, fault.PhaseWrite, st.who()).With(fault.NoteTooLong, decimal(size), decimal(lv.sendQueue)))
}

// putAll writes the parts of a message as one piece, without waiting.
func (st *stream) putAll(head, body, tail []byte) error {
	sc := scratches.Get().(*scratch)
	defer sc.recycle()
	if st.transparent() && len(head)+len(body)+len(tail) <= len(sc.whole) {
		b := &sc.whole
		n := copy(b[:], head)
		n += copy(b[n:], body)
		n += copy(b[n:], tail)
		_, err := st.conn.Write(b[:n])
		return err
	}
	sc.b = append(append(append(sc.b[:0], head...), body...), tail...)
	return st.put(sc.b)
}

// cutShort notes that what the send queue held cannot leave any more. It gives
// the error back.
func (st *stream) cutShort(err error) error {
	switch fault.CodeOf(err) {
	case fault.OK, fault.Timeout, fault.Cancelled, fault.Closed:
	default:
		if e := syserr.Wrap(err, fault.PhaseWrite, st.who()); st.broken.CompareAndSwap(nil, e) {
			st.unwritten(e, 1)
		}
	}
	return err
}

// recycle keeps small memory for the next write.
func (sc *scratch) recycle() {
	const largest = 64 << 10
	if cap(sc.b) <= largest {
		scratches.Put(sc)
	}
}

func (st *stream) unwritable() error {
	if st.shut.Load() {
		return fault.New(fault.WriteClosed, fault.PhaseWrite, st.who())
	}
	if e := st.broken.Load(); e != nil {
		return e
	}
	if e := st.ended.Load(); e != nil && e.Code != fault.PeerClosed {
		return e
	}
	return nil
}

// writeFailed notes a message that stopped in the middle.
func (st *stream) writeFailed(err error, sent, total int) error {
	e := syserr.Wrap(err, fault.PhaseWrite, st.who())
	st.unwritten(e, sent)
	if sent == 0 || e.Code == fault.Reset { // after a reset there is nothing left to break
		return e
	}
	told := *e
	told.With(fault.NotePartWritten, decimal(sent), decimal(total))
	st.broken.CompareAndSwap(nil, fault.New(fault.Broken, fault.PhaseWrite, st.who()).
		With(fault.NotePartWritten, decimal(sent), decimal(total)))
	return &told
}

// clearAll sends what waits, whole messages all; the caller has the writer's role.
func (st *stream) clearAll(w *poll.Call) error {
	for {
		if err := st.push(); err != nil {
			return err
		}
		if err := st.conn.Flush(w); err != nil {
			return err
		}
		if st.idle() {
			return nil
		}
	}
}

// halfClose ends the sending side once the writers before it are done.
func (st *stream) halfClose(w *poll.Call) error {
	if err := st.takeTurn(w); err != nil {
		return fault.New(fault.CodeOf(err), fault.PhaseClose, st.who())
	}
	defer st.dropTurn()
	if st.shut.Load() {
		return nil
	}
	if e := st.broken.Load(); e != nil {
		return e // the peer must not take a message cut short for the end
	}
	if err := st.clearAll(w); err != nil {
		return syserr.Wrap(st.cutShort(err), fault.PhaseClose, st.who())
	}
	st.farewell() // the ends of the layers
	if err := st.conn.Flush(w); err != nil {
		return st.writeFailed(err, 1, 1)
	}
	st.shut.Store(true)
	if err := st.conn.CloseWrite(); err != nil && fault.CodeOf(err) != fault.Reset {
		return err
	}
	return nil
}
