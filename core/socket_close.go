package core

import (
	"runtime"
	"time"

	"wdsocket/core/fault"
)

// lockReadForClose takes the read lock for good: the socket is being closed, and only a
// read of buffered messages may still hold it.
func (s *Socket) lockReadForClose() {
	for !s.tryLockRead() {
		runtime.Gosched()
	}
}

// Cancel wakes every call that waits on this socket now, with fault.Cancelled.
// One that waits for an orderly close ends its waiting only: the close goes on
// in the background.
func (s *Socket) Cancel() {
	s.gate.Cancel()
	s.releaseCloser(fault.Cancelled, s.options().CloseTimeout)
}

// releaseCloser makes CloseAndWait return and gives what it waited for, nil if no call
// of it waits.
func (s *Socket) releaseCloser(why fault.Code, atMost time.Duration) *lingering {
	l := s.lingering.Load()
	if l == nil || !l.releaseWaiter(why, atMost) {
		return nil
	}
	s.lib.removeSocket(s) // from now on it is as after Close
	return l
}

// closeLimits returns how long unsent data may take at a close, and the limit that
// option.Linger sets instead: negative for not set, 0 for a reset.
func (s *Socket) closeLimits() (closeTimeout, linger time.Duration) {
	o := s.options()
	return o.CloseTimeout, o.System.Linger
}

// wakeTimeout is how long a close waits for the calls it woke.
const wakeTimeout = time.Second

// shut closes the gate and runs last when all calls have left, waiting at most atMost
// for that. False: the socket is closed already.
func (s *Socket) shut(last func(), atMost time.Duration) bool {
	if !s.gate.Close(last, atMost) {
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
	if !s.shut(s.tearDown, wakeTimeout) && s.releaseCloser(fault.Closed, s.options().CloseTimeout) == nil {
		return fault.New(fault.Handle, fault.PhaseClose, s.Label())
	}
	return nil
}

// shortenLinger bounds an orderly close under way by the close time-out, for CloseAll.
func (s *Socket) shortenLinger() {
	if l := s.lingering.Load(); l != nil {
		l.shorten()
	}
}

// removeFromLibrary takes the socket out of the library and its server.
func (s *Socket) removeFromLibrary() {
	defer s.lib.removeSocket(s)
	s.leaveServer()
}

// leaveServer takes a channel out of its server and the groups there.
func (s *Socket) leaveServer() {
	if s.parent != nil {
		st := s.stream.Load()
		defer s.parent.removeChannel(s, st.conn.PeerAddr().WithoutPort(), st)
		s.parent.groups.leaveAll(s)
	}
	s.lib.log(levelTraffic, s, "closed")
}

// leaveQueue detaches the socket from its queue: no event of it is handed out any more.
func (s *Socket) leaveQueue() {
	if reg := s.registration.Load(); reg != nil {
		reg.leaveQueue()
	}
}

// tearDown releases everything. No call is inside.
func (s *Socket) tearDown() {
	closeTimeout, linger := s.closeLimits()
	s.end(func(st *stream) { st.closeInOrder(closeTimeout, linger) })
}

// end releases everything, also after a panic in one part; finish ends a connection. No
// call is inside.
func (s *Socket) end(finish func(*stream)) {
	defer s.removeFromLibrary()
	if u := s.udp.Load(); u != nil {
		defer u.close()
	}
	if v := s.server.Load(); v != nil {
		defer v.close(finish)
	}
	if st := s.stream.Load(); st != nil {
		defer func() {
			s.lockReadForClose()
			st.cacheLocalEnd()
			finish(st)
		}()
	}
	s.leaveQueue()
}

// Abort ends the socket by a reset; what was not sent is thrown away. It also
// ends an orderly close that CloseAndWait waits for.
func (s *Socket) Abort() error {
	if s.shut(func() { s.end((*stream).abort) }, wakeTimeout) {
		return nil
	}
	l := s.releaseCloser(fault.Closed, 0)
	if l == nil {
		return fault.New(fault.Handle, fault.PhaseClose, s.Label())
	}
	timer := time.NewTimer(wakeTimeout)
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
	l, err := s.beginOrderlyClose(timeout)
	if err != nil {
		return err
	}
	return s.awaitClosed(l, timeout)
}

// beginOrderlyClose starts an orderly close, of at most timeout, whose end a call waits
// for. Errors: fault.Busy, fault.Handle, as of CloseAndWait.
func (s *Socket) beginOrderlyClose(timeout time.Duration) (*lingering, error) {
	l := newLingering(timeout, s.options().CloseTimeout)
	l.woken, l.done = make(chan struct{}), make(chan struct{})
	if !s.lingering.CompareAndSwap(nil, l) { // first: CloseAll finds it as soon as the gate is closed
		code := fault.Handle
		if other := s.lingering.Load(); other != nil && other.hasWaiter() {
			code = fault.Busy
		}
		return nil, fault.New(code, fault.PhaseClose, s.Label())
	}
	begin := func() {
		defer s.lib.goLinger(l, func() { // after a panic too: the call waits for it
			if st := s.endInOrder(l); l.err == nil {
				l.extend()
				st.awaitPeerEnd(l.limit)
			}
		})
		defer s.leaveServer()
		s.leaveQueue()
	}
	if !s.shut(begin, 0) {
		s.lingering.Store(nil)
		return nil, fault.New(fault.Handle, fault.PhaseClose, s.Label())
	}
	return l, nil
}

// endInOrder runs an orderly close and tells the call that waits for it.
func (s *Socket) endInOrder(l *lingering) (st *stream) {
	defer close(l.done)
	defer s.lib.removeSocket(s)
	s.lockReadForClose()
	st = s.stream.Load() // which may be another than at first, after a reconnect
	l.err = s.lib.recoverPanic("the close", func() error { return l.run(st) })
	return st
}

// awaitClosed waits for the end of an orderly close.
func (s *Socket) awaitClosed(l *lingering, timeout time.Duration) error {
	select {
	case <-s.gate.Empty():
	default:
		s.awaitGateEmpty(l, timeout)
	}
	select {
	case <-l.done:
	case <-l.woken:
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reason == fault.OK { // else that it was ended comes first, also where both are true
		return l.err
	}
	return fault.New(l.reason, fault.PhaseClose, s.Label())
}

// awaitGateEmpty waits until the calls inside have left, so that the close can begin.
func (s *Socket) awaitGateEmpty(l *lingering, timeout time.Duration) {
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
		l.releaseWaiter(fault.Timeout, 0)
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
	if s.server.Load() != nil || s.udp.Load() != nil {
		return s.wrongKind(fault.PhaseClose, textNeedsConnection)
	}
	st := s.stream.Load()
	if st == nil {
		return s.notOpen(fault.PhaseClose)
	}
	return s.cutReason(w, st, st.halfClose(w))
}

// Closed tells whether the socket was closed, by its user or by CloseAll.
func (s *Socket) Closed() bool { return s.gate.Closed() }
