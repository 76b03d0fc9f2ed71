package core

import (
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/wire"
)

// exchange writes a request and reads its answer.
//
// What arrived before belongs to earlier requests and is thrown away. An
// answer that is still owed to an exchange that timed out is waited for first,
// so that it can never be taken for this one's; protocols whose answers name
// their request need no such wait.
func (st *stream) exchange(w *wire.Wait, lv *live, request, reply []byte) (int, error) {
	correlator, correlates := lv.Framer.(frame.Correlator)
	if err := st.discard(w, lv); err != nil {
		return 0, err
	}
	if !correlates {
		if err := st.collectOwed(w, lv); err != nil {
			return 0, err
		}
	}
	if w.Interrupted() { // it would wait for the answer in vain
		return 0, wire.Wrap(w.Expired(), fault.PhaseRead, st.who())
	}
	if _, err := st.writeMessage(w, lv, request, false); err != nil {
		return 0, err
	}
	if correlates {
		if err := st.awaitAnswer(w, lv, func(reply []byte) bool { return correlator.Answers(request, reply) }); err != nil {
			return 0, err
		}
	}
	n, err := st.readMessage(w, lv, reply)
	switch fault.CodeOf(err) {
	case fault.Timeout, fault.Cancelled, fault.Memory: // the answer may still come
		st.owe(lv)
	}
	return n, err
}

// awaitAnswer waits for the message that answers, and throws away those before
// it.
func (st *stream) awaitAnswer(w *wire.Wait, lv *live, answers func([]byte) bool) error {
	for {
		f, err := st.next(w, lv, -1, nil)
		if err != nil {
			return err
		}
		if answers(st.in.bytes()[f.Start : f.Start+f.Len]) {
			return nil
		}
		st.take(f.Total)
	}
}

// owe notes that an answer may still come.
func (st *stream) owe(lv *live) {
	st.odd().owed++
	st.rare.owedTil = time.Time{}
	if lv.exchangeLate >= 0 {
		st.rare.owedTil = time.Now().Add(lv.exchangeLate)
	}
}

// discard throws away what has arrived. Where the stream cannot be found again
// in the middle of a message, the beginning of one is marked instead: the whole
// of it goes when it is complete.
func (st *stream) discard(w *wire.Wait, lv *live) error {
	st.follow(lv)
	own, _ := w.Deadline() // the zero time for ever
	polls := w.Polls()
	w.SetTimeout(0)
	err := st.discardPresent(w, lv)
	if !polls {
		w.SetDeadline(own)
	}
	return err
}

func (st *stream) discardPresent(w *wire.Wait, lv *live) error {
	const most = 64 << 20 // a peer that sends without end is no peer to ask
	for dropped := 0; dropped < most; {
		err := st.fill(w, lv)
		before := st.in.len()
		st.dropWhole(lv)
		dropped += before - st.in.len()
		switch fault.CodeOf(err) {
		case fault.OK:
		case fault.Timeout:
			return nil
		case fault.Memory:
			return nil
		default:
			return err
		}
	}
	return nil
}

// dropWhole takes the whole messages out of the buffer, and what can be taken
// of an unfinished one.
func (st *stream) dropWhole(lv *live) {
	switch lv.Mode() {
	case frame.Size, frame.Length, frame.Fixed:
		for st.in.len() > 0 {
			f, err := lv.Decode(st.in.bytes(), 0)
			if err != nil || f.Total == 0 {
				st.stale = err == nil
				return
			}
			st.take(f.Total)
			st.settleDebt()
			st.stale = false
		}
	case frame.EndTag, frame.EndTagBuffer, frame.Markers:
		for st.in.len() > 0 {
			f, err := lv.Decode(st.in.bytes(), 0)
			if f.Total == 0 && err != nil { // no message: nothing is waited for in it
				st.take(st.in.len())
				return
			}
			if f.Total == 0 {
				break
			}
			st.take(f.Total)
			st.settleDebt()
		}
		if st.rare == nil || st.rare.owed == 0 { // else it is the beginning of an answer that is waited for
			st.take(st.in.len())
		}
	default:
		if st.in.len() > 0 {
			st.take(st.in.len())
			st.settleDebt()
		}
	}
}

func (st *stream) settleDebt() {
	if st.rare != nil && st.rare.owed > 0 {
		st.rare.owed--
	}
}

// collectOwed waits for the answers of earlier exchanges and throws them away.
func (st *stream) collectOwed(w *wire.Wait, lv *live) error {
	for st.rare != nil && st.rare.owed > 0 {
		own, ends := w.Deadline()
		polls := w.Polls()
		forgiven := !st.rare.owedTil.IsZero() && (!ends || own.After(st.rare.owedTil))
		if forgiven && !polls {
			w.SetDeadline(st.rare.owedTil)
		}
		marked := st.stale
		st.stale = false // what is marked is the beginning of what is owed
		_, err := st.skipMessage(w, lv)
		if err != nil {
			st.stale = marked
		}
		if forgiven && !polls {
			w.SetDeadline(own)
		}
		switch {
		case err == nil:
			st.settleDebt()
		case fault.CodeOf(err) != fault.Timeout:
			return err
		case !st.rare.owedTil.IsZero() && !time.Now().Before(st.rare.owedTil):
			st.rare.owed = 0 // that request was lost
		default:
			return fault.New(fault.Timeout, fault.PhaseRead, st.who()).With(fault.NoteOwedAnswer)
		}
	}
	return nil
}

// skipMessage waits for one message and throws it away.
func (st *stream) skipMessage(w *wire.Wait, lv *live) (int, error) {
	if lv.Stream() {
		if err := st.fill(w, lv); err != nil {
			return 0, err
		}
		n := st.in.len()
		st.take(n)
		return n, nil
	}
	f, err := st.next(w, lv, -1, nil)
	if err != nil {
		return 0, err
	}
	st.take(f.Total)
	return f.Size, nil
}
