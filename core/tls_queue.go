package core

import (
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/poll"
	"wdsocket/core/task"
	"wdsocket/core/transport"
)

// TLS and queues: hand-shakes of sockets that are in a queue, and the warning
// that the own certificate ends soon.

// startAttached makes the hand-shake of a socket that is in a queue: in the
// thread that calls, or beside it if it may not wait.
func (s *Socket) startAttached(role Role, timeout time.Duration) error {
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
	st, tls, err := s.claim(w, role, timeout)
	if err != nil {
		return err
	}
	last := st.lastCame() // what is published from now on goes through TLS
	if timeout != 0 {
		return s.layered(w, st, tls, last, false)
	}
	beside = true
	s.lib.task("the hand-shake", s, func() {
		defer w.Leave()
		s.layered(w, st, tls, last, true)
	})
	return nil
}

// claim takes both roles for a hand-shake; layered gives them back. After an
// error, or a panic, neither is taken.
func (s *Socket) claim(w *poll.Call, role Role, timeout time.Duration) (*stream, layer.Layer, error) {
	if err := s.takeRole(fault.PhaseTLS); err != nil {
		return nil, nil, err
	}
	claimed := false
	defer func() {
		if !claimed {
			s.unclaim()
		}
	}()
	s.layering.Store(true)
	st, err := s.partner(w, false, fault.PhaseTLS)
	if err != nil {
		return nil, nil, err
	}
	if err := s.claimWriting(w, st, timeout); err != nil {
		return nil, nil, err
	}
	defer func() {
		if !claimed {
			defer s.carryOn(st) // what was published meanwhile
			st.dropTurn()
		}
	}()
	tls, err := s.prepareTLS(w, st, role)
	if err != nil {
		return nil, nil, err
	}
	claimed = true
	return st, tls, nil
}

// claimWriting takes the writer's role. A call that may not wait does not wait
// for another thread's write either.
func (s *Socket) claimWriting(w *poll.Call, st *stream, timeout time.Duration) error {
	if timeout == 0 {
		if !st.tryTurn() {
			return fault.New(fault.Busy, fault.PhaseTLS, st.who())
		}
	} else if err := st.takeTurn(w); err != nil {
		return fault.New(fault.CodeOf(err), fault.PhaseTLS, st.who())
	}
	err := st.unwritable()
	if err != nil {
		st.dropTurn()
	}
	return err
}

// unclaim gives the reader's role back and lets the queue look again.
func (s *Socket) unclaim() {
	s.layering.Store(false)
	if a := s.attached.Load(); a == nil { // the queue was closed meanwhile
		if st := s.stream.Load(); st != nil {
			st.att = nil
		}
	}
	s.dropRole()
	s.stir()
}

// layered makes the hand-shake, tells the queue how it ended, and gives both
// roles back.
func (s *Socket) layered(w *poll.Call, st *stream, tls layer.Layer, last int64, tell bool) error {
	defer s.unclaim()
	defer st.carry() // what was published meanwhile
	defer st.dropTurn()
	err := s.shake(w, st, tls, last)
	if a := s.attached.Load(); a != nil {
		switch {
		case err != nil && w.Woken() != fault.Closed:
			a.finish(EventError, err)
		case err == nil && tell:
			a.post(EventTLSDone, 0, fault.OK)
		}
		if err == nil {
			a.warnable.Store(true)
		}
	}
	return err
}

// abandon ends the healing of a link whose hand-shake on the open connection has
// failed: what led to it cannot be done again. The caller has both roles.
func (l *link) abandon(st *stream) {
	l.log.Ack(transport.Acknowledged(st.conn))
	dropped := l.log.ReportLost(true)
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	l.tellSpans(EventDropped, fault.Reconnecting, dropped...)
}

// day is how often the end of a certificate is looked at.
const day = 24 * time.Hour

// warn tells that the own certificate ends soon, and sees to it that the queue
// looks at it again in a day. Channels have the certificate of their server,
// which is told of alone.
func (a *attachment) warn() {
	s := a.s
	if s.parent != nil || a.over {
		a.warnable.Store(false)
		return
	}
	st, v := s.stream.Load(), s.server.Load()
	if st == nil && v == nil {
		return // not open yet
	}
	a.warnable.Store(false)
	if st != nil && st.tls.Load() == nil || v != nil && v.party == nil {
		return
	}
	o := s.options()
	left, has := o.TLS.DaysLeft()
	if !has {
		return
	}
	if o.WarnDays > 0 && int(left) <= o.WarnDays {
		a.post(EventCertificate, int(left), fault.OK)
	}
	a.q.warnAgain(a)
}

// warnAgain makes the queue look at the certificate of a socket once a day.
func (q *Queue) warnAgain(a *attachment) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if a.gone {
		return
	}
	if q.warnings == nil {
		q.warnings = make(map[*attachment]*time.Timer)
	}
	if t := q.warnings[a]; t != nil {
		t.Stop()
	}
	q.warnings[a] = task.AfterFunc("the timer of a certificate", q.lib.Report, q.warnEvery, func() {
		a.warnable.Store(true)
		q.heat(a)
	})
}

// warnNoMore ends that; q.mu is held.
func (q *Queue) warnNoMore(a *attachment) {
	if t := q.warnings[a]; t != nil {
		t.Stop()
		delete(q.warnings, a)
	}
}
