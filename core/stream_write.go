package core

import (
	"sync"

	"wdsocket/core/fault"
	"wdsocket/core/wire"
)

// scratch is memory that framing needs while a message is written.
type scratch struct{ b []byte }

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// write sends one message.
func (st *stream) write(w *wire.Wait, lv *live, msg []byte) (int, error) {
	if err := w.For(st.turn); err != nil {
		return 0, fault.New(fault.CodeOf(err), fault.PhaseWrite, st.who())
	}
	defer func() { st.turn <- struct{}{} }()
	if err := st.unwritable(); err != nil {
		return 0, err
	}
	sc := scratches.Get().(*scratch)
	defer sc.recycle()
	body := msg
	if lv.charset != nil {
		text, err := lv.charset.ToWire(st.lib.HostText(), nil, msg)
		if err != nil {
			return 0, textFault(err, st.who())
		}
		body = text
	}
	head, body, tail, grown, err := lv.Encode(sc.b[:0], body)
	if err != nil {
		return 0, textFault(err, st.who())
	}
	sc.b = grown
	if total := len(head) + len(body) + len(tail); total > 0 && lv.sendQueue > 0 {
		if err := st.enqueue(lv, head, body, tail); err != nil {
			return 0, err
		}
	} else if total > 0 {
		if n, err := st.send(w, head, body, tail); err != nil {
			return 0, st.writeFailed(err, n, total)
		}
	}
	st.written.Add(1)
	if st.lib.log0.Enabled(levelAll) {
		st.lib.log(levelAll, "%s: %d bytes written", st.who(), len(msg))
	}
	return len(msg), nil
}

// enqueue hands the parts of a message to the system, and keeps what it does
// not take; it never waits. A message that would make the queue longer than
// allowed is refused as a whole.
func (st *stream) enqueue(lv *live, head, body, tail []byte) error {
	total := len(head) + len(body) + len(tail)
	if kept := st.conn.Kept(); kept > 0 && kept+total > lv.sendQueue {
		st.refused.Store(true)
		if kept = st.conn.Kept(); kept == 0 { // it has drained meanwhile, which nobody tells
			st.refused.Store(false)
			return st.enqueue(lv, head, body, tail)
		}
		return fault.New(fault.Full, fault.PhaseWrite, st.who()).With(fault.NoteTooLong, decimal(kept+total), decimal(lv.sendQueue))
	}
	sc := scratches.Get().(*scratch)
	defer sc.recycle()
	sc.b = append(append(append(sc.b[:0], head...), body...), tail...)
	var err error
	if st.sec != nil {
		_, err = st.sec.Write(sc.b)
	} else {
		_, err = st.conn.Write(sc.b)
	}
	if err != nil {
		return st.writeFailed(err, 0, total)
	}
	return nil
}

// cutShort notes that what the send queue held cannot leave any more. It gives
// the error back.
func (st *stream) cutShort(err error) error {
	switch fault.CodeOf(err) {
	case fault.OK, fault.Timeout, fault.Cancelled, fault.Closed:
	default:
		st.broken.CompareAndSwap(nil, wire.Wrap(err, fault.PhaseWrite, st.who()))
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
	e := wire.Wrap(err, fault.PhaseWrite, st.who())
	if sent == 0 || e.Code == fault.Reset { // after a reset there is nothing left to break
		return e
	}
	told := *e
	told.With(fault.NotePartWritten, decimal(sent), decimal(total))
	st.broken.CompareAndSwap(nil, fault.New(fault.Broken, fault.PhaseWrite, st.who()).
		With(fault.NotePartWritten, decimal(sent), decimal(total)))
	return &told
}

// halfClose ends the sending side once the writers before it are done.
func (st *stream) halfClose(w *wire.Wait) error {
	if err := w.For(st.turn); err != nil {
		return fault.New(fault.CodeOf(err), fault.PhaseClose, st.who())
	}
	defer func() { st.turn <- struct{}{} }()
	if st.shut.Load() {
		return nil
	}
	if e := st.broken.Load(); e != nil {
		return e // the peer must not take a message cut short for the end
	}
	st.farewell()
	if err := st.conn.Flush(w); err != nil {
		return st.writeFailed(err, 1, 1)
	}
	st.shut.Store(true)
	if err := st.conn.CloseWrite(); err != nil && fault.CodeOf(err) != fault.Reset {
		return err
	}
	return nil
}
