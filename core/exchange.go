package core

import (
	"math"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// exchange writes a request and reads its reply.
//
// What arrived before belongs to earlier requests and is discarded. A late reply to an
// earlier exchange is waited for first, so that it can never be taken for this one's;
// protocols whose replies name their request need no such wait. Noise is skipped, and
// the time goes on.
func (st *stream) exchange(w *poll.Call, cfg *ioConfig, request, reply []byte) (int, error) {
	st.exchanging = true
	defer func() { st.exchanging = false }()
	correlator, err := cfg.replyCorrelator(request, st.peerLabel())
	if err != nil {
		return 0, err
	}
	correlates := correlator != nil
	if err := st.discardStale(w, cfg); err != nil {
		return 0, err
	}
	if !correlates {
		if err := st.discardLateReplies(w, cfg); err != nil {
			return 0, err
		}
	}
	if w.Interrupted() { // it would wait for the answer in vain
		return 0, syserr.Wrap(w.Expired(), fault.PhaseRead, st.peerLabel())
	}
	before := preamble{st: st, w: w, cfg: cfg, request: request}
	if err := before.write(); err != nil {
		return 0, err
	}
	if correlates {
		if err := st.awaitReply(w, cfg, correlator, &before); err != nil {
			return 0, err
		}
		return before.reply(reply)
	}
	st.coldState().pendingReplies++ // until it is read or discarded
	n, err := 0, before.await()
	if err == nil {
		n, err = before.reply(reply)
	}
	if st.cold.pendingReplies > 0 {
		st.cold.pendingUntil = time.Time{}
		if cfg.exchangeLate >= 0 {
			st.cold.pendingUntil = time.Now().Add(cfg.exchangeLate)
		}
	}
	return n, err
}

// awaitReply waits for the reply to request, and discards messages before it. A
// time-out names the last of them. A damaged reply is an error at once; a damaged
// message before it is skipped, whatever length it says.
func (st *stream) awaitReply(w *poll.Call, cfg *ioConfig, c frame.Correlator, before *preamble) error {
	request := before.request
	st.coldState().awaited = awaitedReply{c, request}
	defer func() { st.cold.awaited = awaitedReply{} }()
	other := ""
	for filled := false; ; {
		if err := before.await(); err != nil || before.refused {
			return before.late(err, c, other)
		}
		f, err := st.decodeFront(cfg)
		if err == nil && f.Total > 0 && !f.Closed() {
			ended, again := st.endedBySilence(w, cfg, &err), false
			if ended {
				f, again, err = cfg.judged(st, f)
			}
			if again || !ended && err == nil {
				continue
			}
		}
		switch {
		case err != nil:
			return before.late(err, c, other)
		case f.Total > 0 && !st.discardNext && c.Answers(request, before.message(f)):
			return nil
		case st.skipToReply(f):
			continue
		case f.Total > 0:
			other = c.Answered(before.message(f))
			st.advance(f.Total)
			st.discardNext = false
			st.counters.CountStaleReply()
			continue
		}
		if filled && w.TimeIsUp() { // however much of others comes
			err = w.Expired()
		} else if err = st.fill(w, cfg); err == nil || st.extendDeadline(w, cfg, err, st.in.Len()) {
			filled = true
			continue
		}
		return before.late(err, c, other)
	}
}

// awaitedReply is the request whose reply an exchange waits for.
type awaitedReply struct {
	correlator frame.Correlator // nil: for none, or for whatever comes next
	request    []byte
}

// skipToReply drops what stands at the front, the message f or the beginning of one, if
// the awaited reply begins inside it: its length was wrong.
func (st *stream) skipToReply(f frame.Frame) bool {
	reply := &st.cold.awaited
	at, err := reply.correlator.Find(reply.request, st.in.Bytes()[f.Start:])
	if at == 0 || f.Total > 0 && f.Start+at >= f.Total {
		return false
	}
	st.skipInvalid(st.framingError(err), frame.Frame{Total: f.Start + at})
	return true
}

// discardStale discards what has arrived. Where the stream cannot be resynchronized in
// the middle of a message, its beginning is marked instead: the whole of it goes when
// it is complete.
func (st *stream) discardStale(w *poll.Call, cfg *ioConfig) error {
	st.useConfig(cfg)
	if w.NonBlocking() {
		return st.discardAvailable(w, cfg, time.Time{})
	}
	own, _ := w.Deadline() // the zero time for ever
	w.SetTimeout(0)
	defer w.SetDeadline(own)
	return st.discardAvailable(w, cfg, own)
}

// discardAvailable discards what is available. A peer that sends without end must not
// keep the call beyond its time, which ends at until; the zero time bounds nothing.
func (st *stream) discardAvailable(w *poll.Call, cfg *ioConfig, until time.Time) error {
	for received := 0; received < mostDiscarded && w.Woken() == fault.OK; {
		if received > 0 && !until.IsZero() && !time.Now().Before(until) {
			return fault.New(fault.Timeout, fault.PhaseRead, st.peerLabel())
		}
		before := st.in.Len()
		failed := st.fill(w, cfg)
		received += st.in.Len() - before
		if err := st.discardStaleWhole(cfg); err != nil {
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

// discardStaleWhole takes the whole messages and the noise out of the buffer, and what
// can be taken of an unfinished message. The error is that nothing is understood
// any more.
func (st *stream) discardStaleWhole(cfg *ioConfig) error {
	stale := preamble{st: st, cfg: cfg}
	switch cfg.Resync() {
	default: // frame.ResyncLength
		for st.in.Len() > 0 {
			if stale.drop(); st.in.Len() == 0 {
				break
			}
			f, err := st.decodeFront(cfg)
			if err != nil || f.Total == 0 {
				st.discardNext = err == nil
				return err
			}
			st.discardStaleMessage(f.Total)
			st.discardNext = false
		}
	case frame.ResyncTag:
		for st.in.Len() > 0 {
			f, err := cfg.decodeAt(st, 0, 0)
			if f.Total == 0 && err != nil { // no message: nothing is waited for in it
				st.advance(st.in.Len())
				return nil
			}
			if f.Total == 0 {
				break
			}
			if err != nil {
				st.skipInvalid(st.framingError(err), f)
				continue
			}
			st.discardStaleMessage(f.Total)
		}
		if !st.expectsLateReply() { // else it is the beginning of an answer that is waited for
			st.advance(st.in.Len())
		}
	case frame.ResyncAnywhere:
		ends := cfg.Gap() > 0 || cfg.readGap > 0 // by silence, which is waited for
		if st.in.Len() > 0 && (!ends || !st.expectsLateReply()) {
			st.discardStaleMessage(st.in.Len())
		}
	}
	return nil
}

// discardStaleMessage discards the message at the front, which may be a late reply.
func (st *stream) discardStaleMessage(bytes int) {
	st.advance(bytes)
	st.counters.CountStaleReply()
	st.lateReplyArrived()
}

// expectsLateReply tells whether a reply to an earlier exchange may still arrive.
func (st *stream) expectsLateReply() bool { return st.cold != nil && st.cold.pendingReplies > 0 }

// lateReplyArrived counts a late reply.
func (st *stream) lateReplyArrived() {
	if st.expectsLateReply() {
		st.cold.pendingReplies--
	}
}

// discardLateReplies waits for the replies of earlier exchanges and discards them.
func (st *stream) discardLateReplies(w *poll.Call, cfg *ioConfig) error {
	for st.expectsLateReply() {
		own, ends := w.Deadline()
		polls := w.NonBlocking()
		bounded := !st.cold.pendingUntil.IsZero() && (!ends || own.After(st.cold.pendingUntil))
		if bounded && !polls {
			w.SetDeadline(st.cold.pendingUntil)
		}
		discarding := st.discardNext
		st.discardNext = false // what is marked is the beginning of a late reply
		_, err := st.readAndDiscard(w, cfg)
		if err != nil {
			st.discardNext = discarding
		}
		if bounded && !polls {
			w.SetDeadline(own)
		}
		switch {
		case err == nil:
			st.lateReplyArrived()
			st.counters.CountStaleReply()
		case fault.CodeOf(err) == fault.Check: // it was received, damaged
		case fault.CodeOf(err) != fault.Timeout:
			return err
		case !st.cold.pendingUntil.IsZero() && !time.Now().Before(st.cold.pendingUntil):
			st.cold.pendingReplies = 0 // that request was lost
		default:
			return fault.New(fault.Timeout, fault.PhaseRead, st.peerLabel()).With(fault.NoteEarlierAnswer)
		}
	}
	return nil
}

// readAndDiscard waits for one message and discards it.
func (st *stream) readAndDiscard(w *poll.Call, cfg *ioConfig) (int, error) {
	if cfg.Stream() {
		if err := st.awaitReadGap(w, cfg, mem.MaxReadSize); err != nil {
			return 0, err
		}
		if st.in.Len() == 0 {
			if err := st.fill(w, cfg); err != nil {
				return 0, err
			}
		}
		n := st.in.Len()
		st.advance(n)
		return n, nil
	}
	late := preamble{st: st, w: w, cfg: cfg, repeats: math.MaxInt}
	if err := late.await(); err != nil {
		return 0, err
	}
	if late.refused {
		st.advance(len(cfg.beforeReply.Nak))
		return 0, nil
	}
	f, err := st.nextMessage(w, cfg, -1, nil)
	if err != nil {
		return 0, err
	}
	st.advance(f.Total)
	return f.Size, nil
}
