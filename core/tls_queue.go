package core

import (
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/poll"
	"wdsocket/core/task"
	"wdsocket/core/transport"
)

// TLS and queues: handshakes of sockets that are in a queue, and the warning
// that the own certificate ends soon.

// startTLSInQueue makes the handshake of a socket that is in a queue: in the
// thread that calls, or beside it if it may not wait.
func (s *Socket) startTLSInQueue(role Role, timeout time.Duration) error {
	enter := func() *poll.Call { return s.gate.Enter(timeout, s.lib.Direct) }
	if timeout == 0 {
		enter = s.gate.EnterTask
	}
	w := enter()
	if w == nil {
		return fault.New(fault.Closed, fault.PhaseTLS, s.Label())
	}
	beside := false
	defer func() {
		if !beside {
			w.Leave()
		}
	}()
	st, tls, err := s.lockForHandshake(w, role, timeout)
	if err != nil {
		return err
	}
	last := st.lastEnqueued() // what is published from now on goes through TLS
	if timeout != 0 {
		return s.finishHandshake(w, st, tls, last, false)
	}
	beside = true
	s.lib.goTask("the handshake", s, func() {
		defer w.Leave()
		s.finishHandshake(w, st, tls, last, true)
	})
	return nil
}

// lockForHandshake takes both locks; finishHandshake releases them. After an error, or
// a panic, neither is held.
func (s *Socket) lockForHandshake(w *poll.Call, role Role, timeout time.Duration) (*stream, layer.Layer, error) {
	if err := s.lockRead(fault.PhaseTLS); err != nil {
		return nil, nil, err
	}
	claimed := false
	defer func() {
		if !claimed {
			s.unlockAfterHandshake()
		}
	}()
	s.handshaking.Store(true)
	st, err := s.acquireStream(w, false, fault.PhaseTLS)
	if err != nil {
		return nil, nil, err
	}
	if err := s.lockWriteForHandshake(w, st, timeout); err != nil {
		return nil, nil, err
	}
	defer func() {
		if !claimed {
			defer s.ensureFlush(st) // what was published meanwhile
			st.unlockWrite()
		}
	}()
	tls, err := s.prepareTLS(w, st, role)
	if err != nil {
		return nil, nil, err
	}
	claimed = true
	return st, tls, nil
}

// lockWriteForHandshake takes the write lock. A call that may not wait does not wait
// for another thread's write either.
func (s *Socket) lockWriteForHandshake(w *poll.Call, st *stream, timeout time.Duration) error {
	if timeout == 0 {
		if !st.tryLockWrite() {
			return fault.New(fault.Busy, fault.PhaseTLS, st.peerLabel())
		}
	} else if err := st.lockWrite(w); err != nil {
		return notLocked(st, w, fault.PhaseTLS, err)
	}
	err := st.checkWritable()
	if err != nil {
		st.unlockWrite()
	}
	return err
}

// unlockAfterHandshake releases the read lock and wakes the queue.
func (s *Socket) unlockAfterHandshake() {
	s.handshaking.Store(false)
	if reg := s.registration.Load(); reg == nil { // the queue was closed meanwhile
		if st := s.stream.Load(); st != nil {
			st.registration = nil
		}
	}
	s.unlockRead()
	s.wakeQueue()
}

// finishHandshake does the handshake, posts how it ended, and releases both locks.
func (s *Socket) finishHandshake(w *poll.Call, st *stream, tls layer.Layer, last int64, post bool) error {
	defer s.unlockAfterHandshake()
	defer st.tryFlush() // what was published meanwhile
	defer st.unlockWrite()
	err := s.handshake(w, st, tls, last)
	if reg := s.registration.Load(); reg != nil {
		switch {
		case err != nil && w.Woken() != fault.Closed:
			reg.postFinal(EventError, err)
		case err == nil && post:
			reg.post(EventTLSDone, 0, fault.OK)
		}
		if err == nil {
			reg.certCheckDue.Store(true)
		}
	}
	return err
}

// giveUpAfterHandshake ends reconnecting after a handshake failed on the open
// connection: what led to it cannot be repeated. The caller holds both locks.
func (rc *reconnector) giveUpAfterHandshake(st *stream) {
	rc.log.Ack(transport.Acknowledged(st.conn))
	dropped := rc.log.ReportLost(true)
	rc.mu.Lock()
	rc.givenUp = true
	rc.mu.Unlock()
	rc.postRanges(EventDropped, fault.Reconnecting, dropped...)
}

// certCheckInterval is how often the expiry of a certificate is checked.
const certCheckInterval = 24 * time.Hour

// checkCertExpiry posts that the own certificate expires soon, and schedules the next
// check. Channels have the certificate of their server, which alone is checked.
func (reg *registration) checkCertExpiry() {
	s := reg.s
	if s.parent != nil || reg.finalPosted {
		reg.certCheckDue.Store(false)
		return
	}
	st, v := s.stream.Load(), s.server.Load()
	if st == nil && v == nil {
		return // not open yet
	}
	reg.certCheckDue.Store(false)
	if st != nil && st.tls.Load() == nil || v != nil && v.party == nil {
		return
	}
	o := s.options()
	left, has := o.TLS.DaysLeft()
	if !has {
		return
	}
	if o.WarnDays > 0 && int(left) <= o.WarnDays {
		reg.post(EventCertificate, int(left), fault.OK)
	}
	reg.q.scheduleCertCheck(reg)
}

// scheduleCertCheck makes the queue check the certificate of a socket once a day.
func (q *Queue) scheduleCertCheck(reg *registration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if reg.detached {
		return
	}
	if q.certTimers == nil {
		q.certTimers = make(map[*registration]*time.Timer)
	}
	if t := q.certTimers[reg]; t != nil {
		t.Stop()
	}
	q.certTimers[reg] = task.AfterFunc("the timer of a certificate", q.lib.Report, q.certCheckEvery, func() {
		reg.certCheckDue.Store(true)
		q.markReady(reg)
	})
}

// cancelCertCheckLocked ends that.
func (q *Queue) cancelCertCheckLocked(reg *registration) {
	if t := q.certTimers[reg]; t != nil {
		t.Stop()
		delete(q.certTimers, reg)
	}
}
