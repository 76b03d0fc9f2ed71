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
// One that waits for an orderly close ends its waiting only: the close goes on
// in the background.
func (s *Socket) Cancel() {
	s.gate.Cancel()
	s.release(fault.Cancelled, s.options().CloseTimeout)
}

// release ends the waiting of CloseAndWait and gives what it waited for, nil if
// no call of it is under way.
func (s *Socket) release(why fault.Code, patience time.Duration) *lingering {
	l := s.lingering.Load()
	if l == nil || !l.release(why, patience) {
		return nil
	}
	s.lib.forget(s) // from now on it is as after Close
	return l
}

// closing tells how long data may take to leave, and how long the system was
// told to see to it: negative for not at all.
func (s *Socket) closing() (patience, linger time.Duration) {
	o := s.options()
	return o.CloseTimeout, o.System.Linger
}

// wakePatience is how long a close waits for the calls it woke.
const wakePatience = time.Second

// shut lets no call in any more and runs last when all have left, which it waits
// for at most for patience. False: the socket is closed already.
func (s *Socket) shut(last func(), patience time.Duration) bool {
	if !s.gate.Close(last, patience) {
		return false
	}
	if st := s.stream.Load(); st != nil {
		st.endLoan() // where a call is still inside
		st.endDeal()
	}
	return true
}

// Close ends the socket. It returns at once; what was written still goes out
// in the background, at most for the close time-out. Calls that wait return
// fault.Closed. Only the first Close counts; others give fault.Handle, but for
// one that ends the waiting of CloseAndWait.
func (s *Socket) Close() error {
	if !s.shut(s.tearDown, wakePatience) && s.release(fault.Closed, s.options().CloseTimeout) == nil {
		return fault.New(fault.Handle, fault.PhaseClose, s.Label())
	}
	return nil
}

// hasten is for CloseAll: an orderly close that is under way ends within the
// close time-out.
func (s *Socket) hasten() {
	if l := s.lingering.Load(); l != nil {
		l.hasten()
	}
}

// leave takes the socket out of the library and its server.
func (s *Socket) leave() {
	defer s.lib.forget(s)
	s.leaveServer()
}

// leaveServer takes a channel out of its server and the groups there.
func (s *Socket) leaveServer() {
	if s.parent != nil {
		st := s.stream.Load()
		defer s.parent.leave(s, st.conn.PeerAddr().WithoutPort(), st)
		s.parent.groups.leaveAll(s)
	}
	s.lib.log(levelTraffic, s, "closed")
}

// unhook takes the socket out of its queue: no event of it is told any more.
func (s *Socket) unhook() {
	if a := s.attached.Load(); a != nil {
		a.leave()
	}
}

// tearDown gives everything back; no call is inside.
func (s *Socket) tearDown() {
	patience, linger := s.closing()
	s.end(func(st *stream) { st.finish(patience, linger) })
}

// end gives everything back, and a panic in one part does not keep the others
// from it; finish ends a connection. No call is inside.
func (s *Socket) end(finish func(*stream)) {
	defer s.leave()
	if u := s.packets.Load(); u != nil {
		defer u.close()
	}
	if v := s.server.Load(); v != nil {
		defer v.close(finish)
	}
	if st := s.stream.Load(); st != nil {
		defer func() {
			s.seize()
			st.keepEnds()
			finish(st)
		}()
	}
	s.unhook()
}

// Abort ends the socket by a reset; what was not sent is thrown away. It also
// ends an orderly close that CloseAndWait waits for.
func (s *Socket) Abort() error {
	if s.shut(func() { s.end((*stream).abort) }, wakePatience) {
		return nil
	}
	l := s.release(fault.Closed, 0)
	if l == nil {
		return fault.New(fault.Handle, fault.PhaseClose, s.Label())
	}
	timer := time.NewTimer(wakePatience)
	defer timer.Stop()
	select {
	case <-l.done:
	case <-timer.C:
	}
	return nil
}

// CloseAndWait ends the socket and waits until what was written has reached
// the peer's system. Until then Cancel ends the waiting (fault.Cancelled) and
// Close too (fault.Closed); the close goes on in the background then, at most for
// the close time-out. Abort and CloseAll end both (fault.Closed), the latter after
// the close time-out at the latest.
//
// Errors: fault.Timeout (it did not in time, and the connection was reset),
// fault.Reset (the connection was cut before), fault.Busy (another call of it is
// under way), fault.Handle (the socket is closed already).
func (s *Socket) CloseAndWait(timeout time.Duration) error {
	if s.stream.Load() == nil {
		return s.Close()
	}
	l := newLingering(timeout, s.options().CloseTimeout)
	l.woken, l.done = make(chan struct{}), make(chan struct{})
	if !s.lingering.CompareAndSwap(nil, l) { // first: CloseAll finds it as soon as the gate is closed
		code := fault.Handle
		if other := s.lingering.Load(); other != nil && other.waited() {
			code = fault.Busy
		}
		return fault.New(code, fault.PhaseClose, s.Label())
	}
	begin := func() {
		defer s.lib.linger(l, func() { // after a panic too: this call waits for it
			if st := s.endInOrder(l); l.err == nil {
				l.goOn()
				st.outlast(l.limit)
			}
		})
		defer s.leaveServer()
		s.unhook()
	}
	if !s.shut(begin, 0) {
		s.lingering.Store(nil)
		return fault.New(fault.Handle, fault.PhaseClose, s.Label())
	}
	return s.awaitEnd(l, timeout)
}

// endInOrder runs an orderly close and tells the call that waits for it.
func (s *Socket) endInOrder(l *lingering) (st *stream) {
	defer close(l.done)
	defer s.lib.forget(s)
	s.seize()
	st = s.stream.Load() // which may be another than at first, of a link that healed
	l.err = s.lib.attempt("the close", func() error { return l.run(st) })
	return st
}

// awaitEnd waits for the end of an orderly close.
func (s *Socket) awaitEnd(l *lingering, timeout time.Duration) error {
	select {
	case <-s.gate.Empty():
	default:
		s.awaitEmpty(l, timeout)
	}
	select {
	case <-l.done:
	case <-l.woken:
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.why == fault.OK { // else that it was ended comes first, also where both are true
		return l.err
	}
	return fault.New(l.why, fault.PhaseClose, s.Label())
}

// awaitEmpty waits until the calls inside have left, so that the close can begin.
func (s *Socket) awaitEmpty(l *lingering, timeout time.Duration) {
	var late <-chan time.Time // a call does not leave
	if timeout >= 0 {
		timer := time.NewTimer(timeout)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-s.gate.Empty():
	case <-l.woken:
	case <-late:
		l.release(fault.Timeout, 0)
	}
}

// CloseWrite ends the own sending side; the peer may still send. When it did not in
// time, or was cancelled, it may be called again. Errors: fault.Timeout,
// fault.Cancelled, fault.Kind, fault.NotConnected.
func (s *Socket) CloseWrite(timeout time.Duration) error {
	w, err := s.enterBackground(timeout, fault.PhaseClose)
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
	return s.reason(w, st, st.halfClose(w))
}

// Closed tells whether the socket was closed, by its user or by CloseAll.
func (s *Socket) Closed() bool { return s.gate.Closed() }
