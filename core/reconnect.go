package core

import (
	"math"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/resendlog"
	"wdsocket/core/syserr"
	"wdsocket/core/transport"
)

// Reconnecting (option.Reconnect). While a connection is up nothing runs for it: the reader,
// writer or queue that finds its end starts one task that connects again. Until then
// the socket has a placeholder without a connection, which holds the whole messages
// that were received.

// reconnectConfig is the part of the reconnect options that I/O reads.
type reconnectConfig struct {
	keepBytes int // bytes of messages that are kept, 0: none
	wait      bool
}

// newReconnectConfig makes it, nil without option.Reconnect.
func newReconnectConfig(s *option.Settings) *reconnectConfig {
	if !s.Reconnect {
		return nil
	}
	return &reconnectConfig{keepBytes: s.ReconnectKeep, wait: s.ReconnectWait}
}

// keepsMessages tells whether messages are kept until they are acknowledged.
func (cfg *ioConfig) keepsMessages() bool { return cfg.reconnect != nil && cfg.reconnect.keepBytes > 0 }

// reconnector is what a client needs to connect again.
type reconnector struct {
	s              *Socket
	to             endpoint.Location
	attemptTimeout time.Duration // of one try

	readLockCount atomic.Int64 // counts up before the task takes the read lock, and after it has released it
	downNow       atomic.Bool  // down, without mu
	receivedBytes atomic.Int64 // bytes that came from the peer, without heartbeats

	tries int // since a connection lasted; belongs to the task

	mu          lockorder.Mutex[lockorder.Reconnector]
	upAgain     chan struct{} // closed when it is up again or given up, nil while it is up
	reconnects  int           // it was made again
	connectedAt int64         // when the present connection was made, as clock tells it
	givenUp     bool          // given up

	log resendlog.Log // belongs to the holder of the write lock
}

// defaultAttemptTimeout is how long a try may take if opening the socket had no limit.
const defaultAttemptTimeout = 30 * time.Second

// enableReconnectLocked makes the reconnector of an open client with option.Reconnect,
// once. s.mu is held.
func (s *Socket) enableReconnectLocked(o *option.Settings) {
	st := s.stream.Load()
	if !o.Reconnect || st == nil || s.kind != KindClient || s.parent != nil || s.reconnector.Load() != nil {
		return
	}
	rc := &reconnector{s: s, to: *s.to, attemptTimeout: s.dialTimeout, connectedAt: clock()}
	if rc.attemptTimeout <= 0 {
		rc.attemptTimeout = defaultAttemptTimeout
	}
	rc.log.Start(st.messagesWritten())
	s.reconnector.Store(rc)
	st.reconnector.Store(rc)
	st.endLoan() // the reconnector's records are kept in Go
	st.endDeal()
}

// status tells whether the connection is down, and how often it was made again.
func (rc *reconnector) status() (down <-chan struct{}, reconnects int) {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	return rc.upAgain, rc.reconnects
}

func (rc *reconnector) isDown() bool { return rc.downNow.Load() }

func (rc *reconnector) isGivenUp() bool {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	return rc.givenUp
}

// onError starts reconnecting if err ended the connection and the socket has
// option.Reconnect.
func (s *Socket) onError(st *stream, err error) {
	rc := s.reconnector.Load()
	if rc == nil || err == nil || !mayEndConnection(fault.CodeOf(err)) {
		return
	}
	if st.ended.Load() != nil || st.broken.Load() != nil || fault.CodeOf(err) == fault.Reset || fault.CodeOf(err) == fault.Unreachable {
		rc.startReconnecting(st, syserr.Wrap(err, fault.PhaseRead, st.peerLabel()))
	}
}

// mayEndConnection tells whether an error may be the end of a connection.
func mayEndConnection(code fault.Code) bool {
	switch code {
	case fault.PeerClosed, fault.Reset, fault.Silent, fault.Broken, fault.Reconnecting, fault.System, fault.Unreachable:
		return true
	case fault.TLSNotSecured, fault.TLSSurplus:
		return false
	}
	return code.IsTLS() || code.IsWebSocket()
}

// isPermanent tells whether the end of a connection, or a failed attempt, would repeat
// each time, such as a certificate that is not accepted, no matter which call met it
// first.
func isPermanent(code fault.Code) bool { return code.IsTLS() && !isTransient(code) }

// startReconnecting starts the reconnect task after the connection st has ended. It
// tells whether the socket is reconnecting.
func (rc *reconnector) startReconnecting(st *stream, why *fault.Error) bool {
	s := rc.s
	upgraded := st.tls.Load() != nil && !s.Layers().has(LayerTLS) // what led to it cannot be done again
	rc.mu.Lock()
	defer rc.mu.Unlock()
	switch {
	case rc.givenUp, !s.options().Reconnect && rc.upAgain == nil, st.writeClosed.Load(), upgraded:
		return false
	case rc.upAgain != nil, s.stream.Load() != st:
		return true
	}
	w := s.gate.EnterTask()
	if w == nil {
		return false
	}
	if e := st.ended.Load(); e != nil {
		why = e
	}
	rc.upAgain = make(chan struct{})
	rc.downNow.Store(true)
	lasted := time.Duration(clock() - rc.connectedAt)
	s.lib.log(levelTraffic, st, "the connection is down: %v", why)
	s.lib.goTask("connecting again", s, func() {
		defer w.Leave()
		rc.reconnectOrGiveUp(w, st, why, lasted)
	})
	return true
}

// acrossReconnects runs a call, and again after each reconnect: until it succeeds, or
// fails for another reason than the end of a connection. While the connection is down
// it waits if option.ReconnectWait is set, otherwise it fails.
func (s *Socket) acrossReconnects(timeout time.Duration, phase fault.Phase, call func(time.Duration) (int, error)) (int, error) {
	rc := s.reconnector.Load()
	if rc == nil {
		return call(timeout)
	}
	began, left := time.Now(), timeout
	for {
		_, before := rc.status()
		n, err := call(left)
		if err == nil || !mayEndConnection(fault.CodeOf(err)) || isPermanent(fault.CodeOf(err)) {
			return n, err
		}
		down, now := rc.status()
		if down == nil && now == before { // it does not reconnect
			return n, err
		}
		if timeout > 0 {
			left = max(timeout-time.Since(began), 0)
		}
		if down != nil {
			if err := rc.awaitUp(down, left, phase); err != nil {
				return 0, err
			}
			if timeout > 0 {
				left = max(timeout-time.Since(began), 0)
			}
		}
	}
}

// exchangeAcrossReconnects runs an exchange. It is not repeated once its request was
// written: the peer may have done what was asked.
func (s *Socket) exchangeAcrossReconnects(timeout time.Duration, exchange func(*poll.Call, *stream, *ioConfig) (int, error)) (int, error) {
	if s.reconnector.Load() == nil {
		return s.withPresentPeer(timeout, fault.PhaseWrite, exchange)
	}
	var exchangeErr error
	n, err := s.acrossReconnects(timeout, fault.PhaseRead, func(left time.Duration) (int, error) {
		requested := false
		n, err := s.withPresentPeer(left, fault.PhaseWrite, func(w *poll.Call, st *stream, cfg *ioConfig) (int, error) {
			before := st.written.Load()
			n, err := exchange(w, st, cfg)
			requested = st.written.Load() != before
			return n, err
		})
		if !requested || err == nil || !mayEndConnection(fault.CodeOf(err)) || isPermanent(fault.CodeOf(err)) {
			return n, err
		}
		if exchangeErr = err; s.reconnector.Load().isDown() {
			exchangeErr = fault.New(fault.Reconnecting, fault.PhaseRead, s.Label())
		}
		return 0, nil
	})
	if exchangeErr != nil {
		return 0, exchangeErr
	}
	return n, err
}

// awaitUp waits until the connection is no longer down.
func (rc *reconnector) awaitUp(down <-chan struct{}, timeout time.Duration, phase fault.Phase) error {
	s := rc.s
	m := s.config.Load().reconnect
	if m == nil || !m.wait || timeout == 0 || phase == fault.PhaseRead && s.registration.Load() != nil {
		return fault.New(fault.Reconnecting, phase, s.Label())
	}
	w, err := s.enter(timeout, phase)
	if err != nil {
		return err
	}
	defer w.Leave()
	if err := w.For(down); err != nil {
		return fault.New(fault.CodeOf(err), phase, s.Label())
	}
	return nil
}

// reconnectOrGiveUp is run; after a panic it gives up, so that no call waits for
// it.
func (rc *reconnector) reconnectOrGiveUp(w *poll.Call, st *stream, why *fault.Error, lasted time.Duration) {
	s := rc.s
	err := s.lib.recoverPanic("connecting again", func() error {
		rc.run(w, st, why, lasted)
		return nil
	})
	if err == nil {
		return
	}
	w.SetDeadline(time.Time{})
	present := s.stream.Load()
	if !transport.IsPlaceholder(present.conn) {
		present.conn.Reset()
	}
	rc.giveUp(w, present, syserr.Wrap(err, fault.PhaseConnect, s.Label()))
}

// run is the task that connects again. Pauses and attempts go on counting from
// one connection to the next until one lasts longer than the longest pause: a peer that
// accepts and closes is not back.
func (rc *reconnector) run(w *poll.Call, st *stream, why *fault.Error, lasted time.Duration) {
	s := rc.s
	placeholder, dropped, unsure := rc.detachConn(w, st, why)
	if placeholder == nil {
		return
	}
	why = placeholder.ended.Load()
	if lasted > s.options().ReconnectMost {
		rc.tries = 0
	}
	for first := true; ; first = false {
		o := s.options()
		up, left := o.Reconnect && !isPermanent(why.Code) && (first || isTransient(why.Code)), o.ReconnectTries == 0 || rc.tries < o.ReconnectTries
		if up && left {
			rc.tries++
			rc.postEvent(EventReconnecting, rc.tries, why.Code, 0)
		}
		if first {
			rc.postRanges(EventDropped, fault.Reconnecting, dropped...)
			rc.postRanges(EventUnsure, why.Code, unsure)
		}
		if !up || !left {
			if up && why.Note == fault.NoNote {
				noted := *why
				why = noted.With(noteTriesUsed, decimal(rc.tries))
			}
			rc.giveUp(w, placeholder, why)
			return
		}
		w.SetDeadline(time.Time{})
		if w.Pause(backoff(o, rc.tries)) != nil {
			return
		}
		w.SetTimeout(rc.attemptTimeout)
		next, err := s.dial(w, &openAttempt{s: s, at: rc.to})
		w.SetDeadline(time.Time{})
		if err == nil {
			if err = rc.switchTo(w, placeholder, next); err == nil {
				return
			}
			next.abort()
		}
		if w.Woken() != fault.OK {
			return
		}
		why = syserr.Wrap(err, fault.PhaseConnect, s.Label())
		s.counters.CountOpenFailure(why)
	}
}

// backoff is the pause before an attempt: it doubles, plus up to half as much at
// random.
func backoff(o *option.Settings, try int) time.Duration {
	pause := min(o.ReconnectFirst, o.ReconnectMost)
	for ; try > 1 && pause < o.ReconnectMost; try-- {
		pause = min(2*pause, o.ReconnectMost)
	}
	return pause + rand.N(pause/2+1)
}

// isTransient tells whether an attempt may succeed after one has failed so.
func isTransient(code fault.Code) bool {
	switch code {
	case fault.TLSHandshake, fault.TLSTruncated, fault.TLSRecord:
		return true
	case fault.Argument, fault.Unsupported, fault.Access, fault.Internal, fault.ProxyAuthentication:
		return false
	}
	return !code.IsTLS()
}

// lockBoth takes the read lock, then the write lock of st. False: the socket is being
// closed.
func (rc *reconnector) lockBoth(w *poll.Call, st *stream) bool {
	return rc.acquireReadLock(w) && rc.acquireWriteLock(w, st)
}

func (rc *reconnector) acquireReadLock(w *poll.Call) bool {
	rc.readLockCount.Add(1) // first: a call that finds the lock held sees that the task holds it
	for !rc.s.tryLockRead() {
		if w.Pause(lockRetryPause) != nil { // its holder meets the end, too
			rc.readLockCount.Add(1)
			return false
		}
	}
	return true
}

// releaseReadLock releases the read lock.
func (rc *reconnector) releaseReadLock() {
	rc.s.unlockRead()
	rc.readLockCount.Add(1) // last: until then no call fails with Busy
}

// readLockedSince tells whether the task holds, or has held, the read lock since
// readLockCount was count.
func (rc *reconnector) readLockedSince(count int64) bool {
	return count%2 == 1 || rc.readLockCount.Load() != count
}

// lockRetryPause is the pause between two attempts to take a lock that is held for a
// moment only.
const lockRetryPause = 200 * time.Microsecond

func (rc *reconnector) acquireWriteLock(w *poll.Call, st *stream) bool {
	if st.lockWrite(w) != nil {
		rc.releaseReadLock()
		return false
	}
	return true
}

// detachConn replaces a dead connection by a placeholder that keeps the received
// messages. It returns the placeholder and which sent messages are lost or uncertain,
// or nil if the socket is closing.
func (rc *reconnector) detachConn(w *poll.Call, st *stream, why *fault.Error) (placeholder *stream, dropped []resendlog.Range, unsure resendlog.Range) {
	s := rc.s
	if !rc.acquireReadLock(w) {
		return nil, nil, resendlog.Range{}
	}
	defer func() {
		if s.stream.Load() != st {
			s.gate.Retire(w, st.reset)
		}
	}()
	reads := true
	defer func() {
		if reads {
			rc.releaseReadLock()
		}
	}()
	rc.drainConn(w, st, why)
	acked := transport.Acknowledged(st.conn)
	e := st.ended.Load()
	// A system ends in order only what its program has read: with data unread it
	// resets. But a proxy may be that system: what nothing came behind is not known
	// to have been read by the peer's program.
	// Nor is it where a layer has told the end.
	clean := transport.KnowsAcknowledged(st.conn) && e.Code == fault.PeerClosed && !st.conn.WasReset() && st.ws.Load() == nil
	st.conn.Reset()                  // writers return
	if !rc.acquireWriteLock(w, st) { // which releases the read lock, too
		reads = false
		return nil, nil, resendlog.Range{}
	}
	defer st.unlockWrite()
	rc.log.Ack(acked)
	rc.log.NoteReceived(rc.receivedBytes.Load())
	unsure = rc.log.Uncertain(acked, clean)
	dropped = rc.log.ReportLost(false)
	return rc.installPlaceholder(st, e), dropped, unsure
}

// drainConn receives what arrived before the end, and posts its events. The caller
// holds the read lock.
func (rc *reconnector) drainConn(w *poll.Call, st *stream, why *fault.Error) {
	const most = 2 * resendlog.MaxPeerUnread // a peer that goes on sending is not waited for
	cfg := rc.s.config.Load()
	st.useConfig(cfg)
	w.SetTimeout(0)
	for st.ended.Load() == nil && st.in.Len() < most && st.fill(w, cfg) == nil {
	}
	w.SetDeadline(time.Time{})
	if st.ended.CompareAndSwap(nil, why) {
		st.counters.CountEnd(why)
	}
	if reg := rc.s.registration.Load(); reg != nil {
		reg.input.Store(true)
		reg.serviceStream(w, st)
	}
}

// installPlaceholder puts a stream without a connection in the place of st. The caller
// holds both locks.
func (rc *reconnector) installPlaceholder(st *stream, why *fault.Error) *stream {
	s, reconnecting := rc.s, fault.New(fault.Reconnecting, fault.PhaseWrite, st.peerLabel())
	placeholder := newStream(s, transport.Placeholder(st.conn.PeerAddr()))
	placeholder.ended.Store(why)
	placeholder.broken.Store(reconnecting)
	st.broken.CompareAndSwap(nil, reconnecting)
	placeholder.writeRefused.Store(st.writeRefused.Load())
	st.in.Truncate(st.wholeBytes(s.config.Load()))
	st.front = nil
	placeholder.inherit(st)
	placeholder.reconnector.Store(rc)
	if reg := s.registration.Load(); reg != nil {
		reg.stopWatching(st)
	}
	st.discardUnsent()
	s.keepStats(st)
	s.mu.Lock()
	s.stream.Store(placeholder)
	s.mu.Unlock()
	return placeholder
}

// stopWatching makes the queue watch a connection no longer. The caller holds the read
// lock.
func (reg *registration) stopWatching(st *stream) {
	if !reg.watched {
		return
	}
	reg.watched = false
	if inside := reg.q.gate.Enter(0, true); inside != nil { // else its descriptors go
		reg.q.watcher.Remove(st.conn)
		// The last call to leave a closing queue tears it down, which waits for the
		// lock that the caller holds.
		reg.s.lib.goTask("leaving a queue", reg.q, inside.Leave)
	}
}

// switchTo gives the socket its new connection, and sends the kept messages on it.
func (rc *reconnector) switchTo(w *poll.Call, placeholder, next *stream) error {
	s := rc.s
	closed := func() error { return fault.New(fault.Closed, fault.PhaseConnect, s.Label()) }
	if !rc.lockBoth(w, placeholder) {
		return closed()
	}
	defer rc.releaseReadLock()
	defer placeholder.unlockWrite()
	err := rc.log.Replay(!next.transparent(), func(p []byte) (int64, error) {
		err := next.writeParts(p, nil, nil)
		return next.conn.WritePos(), err
	})
	if err != nil {
		return err
	}
	next.inherit(placeholder)
	next.writeRefused.Store(placeholder.writeRefused.Load())
	next.reconnector.Store(rc)
	s.keepStats(placeholder)
	s.counters.CountReconnect()
	s.mu.Lock()
	s.stream.Store(next)
	s.recordLocked() // the options may have changed meanwhile
	s.mu.Unlock()
	rc.mu.Lock()
	up := rc.upAgain
	rc.upAgain = nil
	rc.reconnects++
	rc.connectedAt = clock()
	rc.downNow.Store(false)
	rc.mu.Unlock()
	close(up)
	s.lib.log(levelTraffic, next, "the connection is there again after %d tries", rc.tries)
	rc.postEvent(EventReconnected, rc.tries, fault.OK, 0)
	rc.watchConn(next)
	return nil
}

// watchConn makes the queue watch the new connection, or a task flush it.
func (rc *reconnector) watchConn(next *stream) {
	s := rc.s
	if reg := s.registration.Load(); reg != nil {
		reg.finalPosted = false
		reg.ended.Store(false)
		reg.writable.Store(true)
		s.ackWatcher.Store(nil)
		if lt := reg.liveness.Load(); lt != nil {
			lt.fired.Store(true) // it begins anew
		}
		s.watchAcks(next)
		s.wakeQueue() // which watches it
		return
	}
	if next.conn.HasUnsent() {
		s.startFlushTask(next)
	}
}

// giveUp ends reconnecting; reads and writes return why.
func (rc *reconnector) giveUp(w *poll.Call, placeholder *stream, why *fault.Error) {
	s := rc.s
	if !rc.lockBoth(w, placeholder) {
		return
	}
	dropped, up := rc.giveUpAndUnlock(placeholder, why)
	if up != nil {
		close(up)
	}
	s.lib.log(levelError, placeholder, "the connection is given up: %v", why)
	rc.postRanges(EventDropped, fault.Reconnecting, dropped...)
	s.wakeQueue() // which posts the end, behind the messages without an event
}

// giveUpAndUnlock makes why the final error, and unlocks both. It returns the lost
// messages, and what to close for waiting calls.
func (rc *reconnector) giveUpAndUnlock(placeholder *stream, why *fault.Error) (dropped []resendlog.Range, up chan struct{}) {
	defer rc.releaseReadLock()
	defer placeholder.unlockWrite()
	placeholder.ended.Store(why)
	placeholder.broken.Store(why)
	dropped = rc.log.ReportLost(true)
	rc.mu.Lock()
	up = rc.upAgain
	rc.upAgain, rc.givenUp = nil, true
	rc.mu.Unlock()
	rc.downNow.Store(false)
	return dropped, up
}

// postEvent posts an event to the queue of the socket.
func (rc *reconnector) postEvent(kind EventKind, value int, code fault.Code, detail int64) {
	s := rc.s
	reg := s.registration.Load()
	if reg == nil {
		return
	}
	e := reg.newEvent(s.userNumber.Load(), kind, min(value, math.MaxInt32), code)
	if detail > 0 && detail <= math.MaxInt32 { // else it is left out
		e.Detail = int32(detail)
	}
	reg.postEvent(e, false)
	reg.q.markReady(reg)
}

// postRanges posts an event for each range of messages.
func (rc *reconnector) postRanges(kind EventKind, code fault.Code, spans ...resendlog.Range) {
	for _, sp := range spans {
		if sp.Count == 0 {
			continue
		}
		if kind == EventDropped {
			rc.s.counters.CountDropped(sp.Count)
		}
		rc.postEvent(kind, sp.Count, code, sp.First)
	}
}

// keepMessage keeps a message until the peer's system has acknowledged it. It never
// blocks, and works while the connection is down. The caller holds the write lock.
func (rc *reconnector) keepMessage(st *stream, cfg *ioConfig, head, body, tail []byte) error {
	total := len(head) + len(body) + len(tail)
	switch {
	case st.writeClosed.Load(), rc.isGivenUp():
		return st.checkWritable()
	case rc.s.stream.Load() != st: // another took its place
		return fault.New(fault.Reconnecting, fault.PhaseWrite, st.peerLabel())
	case !rc.log.HasRoom(total, cfg.reconnect.keepBytes, func() int64 { return transport.Acknowledged(st.conn) }):
		st.writeRefused.Store(true)
		return st.counters.CountError(fault.New(fault.Full, fault.PhaseWrite, st.peerLabel()).
			With(fault.NoteTooLong, decimal(rc.log.Kept()+total), decimal(cfg.reconnect.keepBytes)))
	}
	rc.log.NoteReceived(rc.receivedBytes.Load())
	rc.log.Keep(head, body, tail)
	if transport.IsPlaceholder(st.conn) {
		return nil
	}
	err := error(nil)
	if e := st.broken.Load(); e != nil {
		err = e
	} else {
		err = st.writeParts(head, body, tail)
	}
	if err != nil {
		rc.startReconnecting(st, syserr.Wrap(err, fault.PhaseWrite, st.peerLabel()))
		return nil // the next connection gets it
	}
	rc.log.Sent(st.conn.WritePos())
	return nil
}

// noteMessage notes a message that was written and is not kept. The caller holds the
// write lock.
func (rc *reconnector) noteMessage(st *stream) {
	rc.log.Add(st.conn.WritePos())
	if rc.log.ShouldAck() {
		rc.log.Ack(transport.Acknowledged(st.conn))
	}
}

// hasRoomAgain tells whether refused writes may be tried again.
func (rc *reconnector) hasRoomAgain(st *stream, cfg *ioConfig) bool {
	if transport.IsPlaceholder(st.conn) || !st.tryLockWrite() {
		return false
	}
	defer st.unlockWrite()
	rc.log.Ack(transport.Acknowledged(st.conn))
	return rc.log.Kept() <= cfg.reconnect.keepBytes/2
}

// watchForRoom makes sure that a host whose message was refused gets EventWritable: the
// acknowledgements that make room are no events.
func (s *Socket) watchForRoom(st *stream, cfg *ioConfig, err error) {
	reg := s.registration.Load()
	if reg != nil && cfg.keepsMessages() && st.reconnector.Load() != nil && fault.CodeOf(err) == fault.Full {
		reg.q.scheduleWake(reg.livenessTimer(), clock()+int64(roomCheckInterval), true)
	}
}

// roomCheckInterval is the pause between two checks whether there is room again.
const roomCheckInterval = 20 * time.Millisecond
