package core

import (
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
)

// A TLS peer says why it ends a connection before it cuts it, and the alert may
// still be unread when a write meets the cut: in TLS 1.3 a server judges the
// client's certificate when the client takes the hand-shake for done. A write that
// fails so looks for that reason, and gives the error that a read would give.

// reasonPatience is how long a write that has failed waits at most for another
// thread that reads: the end of the connection ends that read, too.
const reasonPatience = 100 * time.Millisecond

// reason gives the error of a write that failed with err: why the peer cut the
// connection, if that can be known, otherwise err.
func (s *Socket) reason(w *poll.Call, st *stream, err error) error {
	if !st.mayHaveReason(err) {
		return err
	}
	if s.awaitReading(w, st) {
		st.readReason(w, s.live.Load())
		s.dropRole()
		s.stir() // what was read meanwhile is for the queue to tell
	}
	return st.reasonOf(err)
}

// reasonReading is reason for a caller that has the reader's role.
func (st *stream) reasonReading(w *poll.Call, lv *live, err error) error {
	if !st.mayHaveReason(err) {
		return err
	}
	st.readReason(w, lv)
	return st.reasonOf(err)
}

// mayHaveReason tells whether err is a cut that the peer may have given a reason
// for.
func (st *stream) mayHaveReason(err error) bool {
	return err != nil && fault.CodeOf(err) == fault.Reset && st.tls.Load() != nil
}

// awaitReading takes the reader's role; false if another thread finds, or has
// found, how the connection ended.
func (s *Socket) awaitReading(w *poll.Call, st *stream) bool {
	until := time.Now().Add(reasonPatience)
	for st.ended.Load() == nil {
		if s.tryRole() {
			return true
		}
		if !time.Now().Before(until) || w.Pause(linkGlance) != nil {
			return false
		}
	}
	return false
}

// readReason reads what has come, without waiting, until it is known how the
// connection ended; messages stay for their reader. The caller has the reader's
// role.
func (st *stream) readReason(w *poll.Call, lv *live) {
	own, _ := w.Deadline() // the zero time for ever
	polls := w.NonBlocking()
	w.SetTimeout(0)
	st.follow(lv)
	for st.ended.Load() == nil && st.in.Len() < mem.MaxReadSize && st.fill(w, lv) == nil {
	}
	if !polls {
		w.SetDeadline(own)
	}
}

// reasonOf is the reason that is known, otherwise err.
func (st *stream) reasonOf(err error) error {
	e := st.ended.Load()
	if e == nil || e.Code == fault.TLSTruncated || e.Code > fault.TLSExpired || e.Code < fault.TLSRecord {
		return err
	}
	return e
}
