package core

import (
	"runtime"
	"time"

	"wdsocket/core/fault"
)

// seize takes the reader's role for good: the socket is being closed, and only
// a read of what has arrived already may still be under way.
func (s *Socket) seize() {
	for !s.tryRole() {
		runtime.Gosched()
	}
}

// Cancel wakes every call that waits on this socket now, with fault.Cancelled.
func (s *Socket) Cancel() { s.gate.Cancel() }

// closing tells how long data may take to leave, and how long the system was
// told to see to it: negative for not at all.
func (s *Socket) closing() (patience, linger time.Duration) {
	o := s.options()
	return o.closeTimeout, o.wire.Linger
}

// wakePatience is how long a close waits for the calls it woke.
const wakePatience = time.Second

// shut lets nobody in any more and runs last when all have left. False: somebody
// else has closed the socket.
func (s *Socket) shut(last func()) bool {
	if !s.gate.Close(last, wakePatience) {
		return false
	}
	if st := s.stream.Load(); st != nil {
		st.endLoan() // where somebody is still inside
		st.endDeal()
	}
	return true
}

// Close ends the socket. It returns at once; what was written still goes out
// in the background, at most for the close time-out. Calls that wait return
// fault.Closed. Only the first Close counts; others give fault.Handle.
func (s *Socket) Close() error {
	if !s.shut(s.tearDown) {
		return fault.New(fault.Handle, fault.PhaseClose, s.Label())
	}
	return nil
}

// leave takes the socket out of the library and its server.
func (s *Socket) leave() {
	if s.parent != nil {
		st := s.stream.Load()
		s.parent.groups.leaveAll(s)
		s.parent.leave(s, st.conn.PeerEnd().Addr(), st)
	}
	s.lib.log(levelTraffic, "%s: closed", s.Label())
	s.lib.forget(s)
}

// unhook takes the socket out of its queue: no event of it is told any more.
func (s *Socket) unhook() {
	if a := s.attached.Load(); a != nil {
		a.leave()
	}
}

// tearDown gives everything back; nobody is inside.
func (s *Socket) tearDown() {
	s.unhook()
	patience, linger := s.closing()
	if st := s.stream.Load(); st != nil {
		s.seize()
		st.finish(patience, linger)
	}
	if v := s.server.Load(); v != nil {
		v.close(func(st *stream) { st.finish(patience, linger) })
	}
	if u := s.packets.Load(); u != nil {
		u.close()
	}
	s.leave()
}

// Abort ends the socket by a reset; what was not sent is thrown away.
func (s *Socket) Abort() error {
	closed := s.shut(func() {
		s.unhook()
		if st := s.stream.Load(); st != nil {
			s.seize()
			st.abort()
			s.leave()
			return
		}
		if v := s.server.Load(); v != nil {
			v.close((*stream).abort)
			s.leave()
			return
		}
		s.tearDown()
	})
	if !closed {
		return fault.New(fault.Handle, fault.PhaseClose, s.Label())
	}
	return nil
}

// CloseAndWait ends the socket and waits until what was written has reached
// the peer's system. fault.Timeout: it did not in time, and the connection was
// reset; fault.Reset: the connection was cut before.
func (s *Socket) CloseAndWait(timeout time.Duration) error {
	st := s.stream.Load()
	if st == nil {
		return s.Close()
	}
	handed := make(chan struct{})
	over := s.lib.taskBegins()
	defer s.lib.taskOver(over)
	if !s.shut(func() { s.unhook(); s.leave(); close(handed) }) {
		return fault.New(fault.Handle, fault.PhaseClose, s.Label())
	}
	<-handed
	st = s.stream.Load() // it may have been connected again
	s.seize()
	until := time.Now().Add(timeout)
	if timeout < 0 {
		const forever = 100 * 365 * 24 * time.Hour
		until = time.Now().Add(forever)
	}
	if st.settle(until) {
		return nil
	}
	if time.Now().Before(until) {
		return fault.New(fault.Reset, fault.PhaseClose, st.who())
	}
	return fault.New(fault.Timeout, fault.PhaseClose, st.who())
}

// CloseWrite ends the own sending side; the peer may still send. Errors:
// fault.Timeout, fault.Kind, fault.NotConnected.
func (s *Socket) CloseWrite(timeout time.Duration) error {
	w, err := s.enter(timeout, fault.PhaseClose)
	if err != nil {
		return err
	}
	defer w.Leave()
	if s.server.Load() != nil || s.packets.Load() != nil {
		return fault.New(fault.Kind, fault.PhaseClose, s.Label())
	}
	st := s.stream.Load()
	if st == nil {
		return s.notOpen(fault.PhaseClose)
	}
	return st.halfClose(w)
}

// Closed tells whether the socket was closed, by its user or by CloseAll.
func (s *Socket) Closed() bool { return s.gate.Closed() }
