package core

import (
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// exchange writes a request and reads its answer.
//
// What arrived before belongs to earlier requests and is thrown away. An answer
// that is still owed to an earlier exchange is waited for first, so that it can
// never be taken for this one's; protocols whose answers name their request need
// no such wait. Noise is skipped, and the time goes on.
func (st *stream) exchange(w *poll.Call, lv *live, request, reply []byte) (int, error) {
	st.asks = true
	defer func() { st.asks = false }()
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
		return 0, syserr.Wrap(w.Expired(), fault.PhaseRead, st.who())
	}
	if _, err := st.writeMessage(w, lv, request, false); err != nil {
		return 0, st.reasonReading(w, lv, err)
	}
	if correlates {
		if err := st.awaitAnswer(w, lv, correlator, request); err != nil {
			return 0, err
		}
		return st.readMessage(w, lv, reply)
	}
	st.odd().owed++ // whoever takes it settles that
	n, err := st.readMessage(w, lv, reply)
	if st.rare.owed > 0 {
		st.rare.owedTil = time.Time{}
		if lv.exchangeLate >= 0 {
			st.rare.owedTil = time.Now().Add(lv.exchangeLate)
		}
	}
	return n, err
}

// awaitAnswer waits for the message that answers request, and throws away those
// before it. A time-out names the last of them. That the answer is damaged is an
// error at once; a damaged message before it is skipped, whatever length it says.
func (st *stream) awaitAnswer(w *poll.Call, lv *live, c frame.Correlator, request []byte) error {
	st.odd().sought = sought{c, request}
	defer func() { st.rare.sought = sought{} }()
	other := ""
	for filled := false; ; {
		f, err := st.decode(lv)
		switch {
		case err != nil:
			return err
		case f.Total > 0 && !st.stale && c.Answers(request, st.in.Bytes()[f.Start:f.Start+f.Len]):
			return nil
		case st.skipToAnswer(f):
			continue
		case f.Total > 0:
			other = c.Request(st.in.Bytes()[f.Start:])
			st.take(f.Total)
			st.stale = false
			st.stats().stale.Add(1)
			continue
		}
		if filled && w.Over() { // however much of others comes
			err = w.Expired()
		} else if err = st.fill(w, lv); err == nil || st.goOn(w, lv, err, st.in.Len()) {
			filled = true
			continue
		}
		if other == "" || fault.CodeOf(err) != fault.Timeout {
			return syserr.Wrap(err, fault.PhaseRead, st.who())
		}
		return fault.New(fault.Timeout, fault.PhaseRead, st.who()).With(fault.NoteOtherAnswer, other, c.Request(request))
	}
}

// sought is the request whose answer an exchange waits for.
type sought struct {
	correlator frame.Correlator // nil: for none, or for whatever comes next
	request    []byte
}

// skipToAnswer drops what stands at the front, the message f or the beginning of
// one, if the answer that is sought begins inside it: its length was wrong.
func (st *stream) skipToAnswer(f frame.Frame) bool {
	sought := &st.rare.sought
	at, err := sought.correlator.Find(sought.request, st.in.Bytes()[f.Start:])
	if at == 0 || f.Total > 0 && f.Start+at >= f.Total {
		return false
	}
	st.skip(st.misframed(err), f.Start+at)
	return true
}

// discard throws away what has arrived. Where the stream cannot be found again
// in the middle of a message, the beginning of one is marked instead: the whole
// of it goes when it is complete.
func (st *stream) discard(w *poll.Call, lv *live) error {
	st.follow(lv)
	if w.NonBlocking() {
		return st.discardPresent(w, lv, time.Time{})
	}
	own, _ := w.Deadline() // the zero time for ever
	w.SetTimeout(0)
	defer w.SetDeadline(own)
	return st.discardPresent(w, lv, own)
}

// discardPresent throws away what is there. A peer that sends without end must not
// keep the call beyond its time, which ends at until; the zero time bounds nothing.
func (st *stream) discardPresent(w *poll.Call, lv *live, until time.Time) error {
	for received := 0; received < mostDiscarded && w.Woken() == fault.OK; {
		if received > 0 && !until.IsZero() && !time.Now().Before(until) {
			return fault.New(fault.Timeout, fault.PhaseRead, st.who())
		}
		before := st.in.Len()
		failed := st.fill(w, lv)
		received += st.in.Len() - before
		if err := st.dropWhole(lv); err != nil {
			return err
		}
		switch fault.CodeOf(failed) {
		case fault.OK:
		case fault.Timeout, fault.Memory:
			return nil
		default:
			return failed
		}
	}
	return nil
}

// dropWhole takes the whole messages and the noise out of the buffer, and what
// can be taken of an unfinished message. The error is that nothing is understood
// any more.
func (st *stream) dropWhole(lv *live) error {
	switch lv.Resync() {
	default: // frame.ResyncLength
		for st.in.Len() > 0 {
			f, err := st.decode(lv)
			if err != nil || f.Total == 0 {
				st.stale = err == nil
				return err
			}
			st.drop(f.Total)
			st.stale = false
		}
	case frame.ResyncTag:
		for st.in.Len() > 0 {
			f, err := lv.Decode(st.in.Bytes(), 0)
			if f.Total == 0 && err != nil { // no message: nothing is waited for in it
				st.take(st.in.Len())
				return nil
			}
			if f.Total == 0 {
				break
			}
			if err != nil {
				st.skip(st.misframed(err), f.Total)
				continue
			}
			st.drop(f.Total)
		}
		if !st.owes() { // else it is the beginning of an answer that is waited for
			st.take(st.in.Len())
		}
	case frame.ResyncAnywhere:
		ends := lv.Gap() > 0 || lv.readGap > 0 // by silence, which is waited for
		if st.in.Len() > 0 && (!ends || !st.owes()) {
			st.drop(st.in.Len())
		}
	}
	return nil
}

// drop throws the message at the front away, which may be one that is owed.
func (st *stream) drop(bytes int) {
	st.take(bytes)
	st.stats().stale.Add(1)
	st.settleDebt()
}

// owes tells whether an answer to an earlier exchange may still come.
func (st *stream) owes() bool { return st.rare != nil && st.rare.owed > 0 }

func (st *stream) settleDebt() {
	if st.owes() {
		st.rare.owed--
	}
}

// collectOwed waits for the answers of earlier exchanges and throws them away.
func (st *stream) collectOwed(w *poll.Call, lv *live) error {
	for st.owes() {
		own, ends := w.Deadline()
		polls := w.NonBlocking()
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
			st.stats().stale.Add(1)
		case fault.CodeOf(err) == fault.Check: // it came, damaged
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
func (st *stream) skipMessage(w *poll.Call, lv *live) (int, error) {
	if lv.Stream() {
		if err := st.collect(w, lv, mem.MaxReadSize); err != nil {
			return 0, err
		}
		if st.in.Len() == 0 {
			if err := st.fill(w, lv); err != nil {
				return 0, err
			}
		}
		n := st.in.Len()
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
