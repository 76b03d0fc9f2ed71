package core

import (
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
)

// A TLS peer says why it ends a connection before it cuts it, and the alert may
// still be unread when a write meets the cut: in TLS 1.3 a server judges the
// client's certificate when the client takes the handshake for done. A write that
// fails so looks for that reason, and gives the error that a read would give.

// reasonTimeout is how long a write that has failed waits at most for another
// thread that reads: the end of the connection ends that read, too.
const reasonTimeout = 100 * time.Millisecond

// cutReason returns the error of a write that failed with err: why the peer cut the
// connection, if that can be known, otherwise err.
func (s *Socket) cutReason(w *poll.Call, st *stream, err error) error {
	if !st.mayHaveReason(err) {
		return err
	}
	if s.lockReadForReason(w, st) {
		st.readReason(w, s.config.Load())
		s.unlockRead()
		s.wakeQueue() // what was read meanwhile is for the queue to tell
	}
	return st.reasonOf(err)
}

// cutReasonReading is cutReason for a caller that holds the read lock.
func (st *stream) cutReasonReading(w *poll.Call, cfg *ioConfig, err error) error {
	if !st.mayHaveReason(err) {
		return err
	}
	st.readReason(w, cfg)
	return st.reasonOf(err)
}

// mayHaveReason tells whether err is a cut that the peer may have given a reason
// for.
func (st *stream) mayHaveReason(err error) bool {
	return err != nil && fault.CodeOf(err) == fault.Reset && st.tls.Load() != nil
}

// lockReadForReason takes the read lock; false if another thread finds, or has found,
// how the connection ended.
func (s *Socket) lockReadForReason(w *poll.Call, st *stream) bool {
	until := time.Now().Add(reasonTimeout)
	for st.ended.Load() == nil {
		if s.tryLockRead() {
			return true
		}
		if !time.Now().Before(until) || w.Pause(lockRetryPause) != nil {
			return false
		}
	}
	return false
}

// readReason reads what has come, without waiting, until it is known how the
// connection ended; messages stay for their reader. The caller holds the read
// lock.
func (st *stream) readReason(w *poll.Call, cfg *ioConfig) {
	own, _ := w.Deadline() // the zero time for ever
	polls := w.NonBlocking()
	w.SetTimeout(0)
	st.useConfig(cfg)
	for st.ended.Load() == nil && st.in.Len() < mem.MaxReadSize && st.fill(w, cfg) == nil {
	}
	if !polls {
		w.SetDeadline(own)
	}
}

// reasonOf is the reason that is known, otherwise err.
func (st *stream) reasonOf(err error) error {
	e := st.ended.Load()
	if e == nil || e.Code == fault.TLSTruncated || !e.Code.IsTLS() {
		return err
	}
	return e
}
