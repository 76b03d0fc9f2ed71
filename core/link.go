package core

import (
	"math"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/resendlog"
	"wdsocket/core/syserr"
	"wdsocket/core/transport"
)

// A link that heals. While it is up nothing runs for it: whoever meets the end
// of the connection, a reader, a writer or the queue, says so, and one task
// makes the connection again. Until then the socket has a stream without a
// connection, which holds the whole messages that were received.

// mending is what reading and writing look at of the options of such a link.
type mending struct {
	keep int // bytes of messages that are kept, 0: none
	wait bool
}

// newMending makes it, nil if a link is not to heal.
func newMending(s *option.Settings) *mending {
	if !s.Reconnect {
		return nil
	}
	return &mending{keep: s.ReconnectKeep, wait: s.ReconnectWait}
}

// keeps tells whether messages are kept.
func (lv *live) keeps() bool { return lv.mend != nil && lv.mend.keep > 0 }

// link is what a client needs to be connected again.
type link struct {
	s        *Socket
	host     string
	port     int
	patience time.Duration // of one try

	readings atomic.Int64 // how often the task has begun and ended to take or have the reader's role
	fell     atomic.Bool  // down, for who does not want to wait for mu
	came     atomic.Int64 // bytes that came from the peer, without heartbeats

	tries int // since a connection lasted; belongs to the task

	mu    lockorder.Mutex[lockorder.Link]
	down  chan struct{} // closed when it is up again or given up, nil while it is up
	times int           // it was made again
	since int64         // when the present connection was made, as clock tells it
	over  bool          // given up

	log resendlog.Log // belongs to the holder of the write lock
}

// tryTime is how long a try may take if opening the socket had no limit.
const tryTime = 30 * time.Second

// relink makes the link of a client that is open and is to heal, once; s.mu is
// held.
func (s *Socket) relink(o *option.Settings) {
	st := s.stream.Load()
	if !o.Reconnect || st == nil || s.kind != KindClient || s.parent != nil || s.link.Load() != nil {
		return
	}
	l := &link{s: s, host: s.host, port: s.port, patience: s.wait, since: clock()}
	if l.patience <= 0 {
		l.patience = tryTime
	}
	l.log.Start(st.messagesWritten())
	s.link.Store(l)
	st.link.Store(l)
	st.endLoan() // the link's books are kept in Go
	st.endDeal()
}

// present tells whether the link is down, and how often it was made again.
func (l *link) present() (down <-chan struct{}, times int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.down, l.times
}

func (l *link) isDown() bool { return l.fell.Load() }

func (l *link) isOver() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

// met is told of the error of a call: if it is the end of the connection, and
// the link is to heal, that begins.
func (s *Socket) met(st *stream, err error) {
	l := s.link.Load()
	if l == nil || err == nil || !endsLink(fault.CodeOf(err)) {
		return
	}
	if st.ended.Load() != nil || st.broken.Load() != nil || fault.CodeOf(err) == fault.Reset || fault.CodeOf(err) == fault.Unreachable {
		l.broke(st, syserr.Wrap(err, fault.PhaseRead, st.who()))
	}
}

// endsLink tells whether an error may be the end of a connection.
func endsLink(code fault.Code) bool {
	switch code {
	case fault.PeerClosed, fault.Reset, fault.Silent, fault.Broken, fault.Reconnecting, fault.System, fault.Unreachable:
		return true
	case fault.TLSNotSecured, fault.TLSSurplus:
		return false
	}
	return ofTLS(code)
}

func ofTLS(code fault.Code) bool { return code <= fault.TLSExpired && code >= fault.TLSRecord }

// final tells whether the end of a connection, or a failed try, is one that comes
// again each time, such as a certificate that is not accepted: who was told of it
// first, a read, a write or the task, makes no difference.
func final(code fault.Code) bool { return ofTLS(code) && !passing(code) }

// broke begins to heal a link whose connection st is over. It tells whether the
// link is being healed.
func (l *link) broke(st *stream, why *fault.Error) bool {
	s := l.s
	upgraded := st.tls.Load() != nil && !s.Layers().Has(LayerTLS) // what led to it cannot be done again
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.over, !s.options().Reconnect && l.down == nil, st.shut.Load(), upgraded:
		return false
	case l.down != nil, s.stream.Load() != st:
		return true
	}
	w := s.gate.EnterTask()
	if w == nil {
		return false
	}
	if e := st.ended.Load(); e != nil {
		why = e
	}
	l.down = make(chan struct{})
	l.fell.Store(true)
	lasted := time.Duration(clock() - l.since)
	s.lib.log(levelTraffic, st, "the link is down: %v", why)
	s.lib.task("connecting again", s, func() {
		defer w.Leave()
		l.healOrEnd(w, st, why, lasted)
	})
	return true
}

// overLink runs a call, and again when the link has healed meanwhile: until it
// succeeds, or fails for another reason than the end of a connection. While the
// link is down it waits, if that was asked for.
func (s *Socket) overLink(timeout time.Duration, phase fault.Phase, call func(time.Duration) (int, error)) (int, error) {
	l := s.link.Load()
	if l == nil {
		return call(timeout)
	}
	began, left := time.Now(), timeout
	for {
		_, before := l.present()
		n, err := call(left)
		if err == nil || !endsLink(fault.CodeOf(err)) || final(fault.CodeOf(err)) {
			return n, err
		}
		down, now := l.present()
		if down == nil && now == before { // it does not heal
			return n, err
		}
		if timeout > 0 {
			left = max(timeout-time.Since(began), 0)
		}
		if down != nil {
			if err := l.await(down, left, phase); err != nil {
				return 0, err
			}
			if timeout > 0 {
				left = max(timeout-time.Since(began), 0)
			}
		}
	}
}

// askOverLink is reader for an exchange. It is not repeated once its request
// was written: the peer may have done what was asked.
func (s *Socket) askOverLink(timeout time.Duration, exchange func(*poll.Call, *stream, *live) (int, error)) (int, error) {
	if s.link.Load() == nil {
		return s.readerPresent(timeout, fault.PhaseWrite, exchange)
	}
	var lost error
	n, err := s.overLink(timeout, fault.PhaseRead, func(left time.Duration) (int, error) {
		asked := false
		n, err := s.readerPresent(left, fault.PhaseWrite, func(w *poll.Call, st *stream, lv *live) (int, error) {
			before := st.written.Load()
			n, err := exchange(w, st, lv)
			asked = st.written.Load() != before
			return n, err
		})
		if !asked || err == nil || !endsLink(fault.CodeOf(err)) || final(fault.CodeOf(err)) {
			return n, err
		}
		if lost = err; s.link.Load().isDown() {
			lost = fault.New(fault.Reconnecting, fault.PhaseRead, s.Label())
		}
		return 0, nil
	})
	if lost != nil {
		return 0, lost
	}
	return n, err
}

// await waits until the link is no longer down.
func (l *link) await(down <-chan struct{}, timeout time.Duration, phase fault.Phase) error {
	s := l.s
	m := s.live.Load().mend
	if m == nil || !m.wait || timeout == 0 || phase == fault.PhaseRead && s.attached.Load() != nil {
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

// healOrEnd is heal; after a panic the link is given up, so that nothing waits for
// it.
func (l *link) healOrEnd(w *poll.Call, st *stream, why *fault.Error, lasted time.Duration) {
	s := l.s
	err := s.lib.attempt("connecting again", func() error {
		l.heal(w, st, why, lasted)
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
	l.giveUp(w, present, syserr.Wrap(err, fault.PhaseConnect, s.Label()))
}

// heal is the task that makes the connection again. Pauses and tries go on counting
// from one connection to the next until one lasts longer than the longest pause: a
// peer that accepts and closes is none that is there again.
func (l *link) heal(w *poll.Call, st *stream, why *fault.Error, lasted time.Duration) {
	s := l.s
	spare, dropped, unsure := l.part(w, st, why)
	if spare == nil {
		return
	}
	why = spare.ended.Load()
	if lasted > s.options().ReconnectMost {
		l.tries = 0
	}
	for first := true; ; first = false {
		o := s.options()
		up, left := o.Reconnect && !final(why.Code) && (first || passing(why.Code)), o.ReconnectTries == 0 || l.tries < o.ReconnectTries
		if up && left {
			l.tries++
			l.tell(EventReconnecting, l.tries, why.Code, 0)
		}
		if first {
			l.tellSpans(EventDropped, fault.Reconnecting, dropped...)
			l.tellSpans(EventUnsure, why.Code, unsure)
		}
		if !up || !left {
			if up && why.Note == fault.NoNote {
				told := *why
				why = told.With(noteTriesUsed, decimal(l.tries))
			}
			l.giveUp(w, spare, why)
			return
		}
		w.SetDeadline(time.Time{})
		if w.Pause(pauseBefore(o, l.tries)) != nil {
			return
		}
		w.SetTimeout(l.patience)
		next, err := s.reach(w, &attempt{s: s, host: l.host, port: l.port})
		w.SetDeadline(time.Time{})
		if err == nil {
			if err = l.resume(w, spare, next); err == nil {
				return
			}
			next.abort()
		}
		if w.Woken() != fault.OK {
			return
		}
		why = syserr.Wrap(err, fault.PhaseConnect, s.Label())
		s.failed(why)
	}
}

// pauseBefore is how long to wait before a try: it doubles, and up to half as
// much again is left to chance.
func pauseBefore(o *option.Settings, try int) time.Duration {
	pause := min(o.ReconnectFirst, o.ReconnectMost)
	for ; try > 1 && pause < o.ReconnectMost; try-- {
		pause = min(2*pause, o.ReconnectMost)
	}
	return pause + rand.N(pause/2+1)
}

// passing tells whether a try may succeed where one has failed so.
func passing(code fault.Code) bool {
	switch code {
	case fault.TLSHandshake, fault.TLSTruncated, fault.TLSRecord:
		return true
	case fault.Argument, fault.Unsupported, fault.Access, fault.Internal:
		return false
	}
	return code > fault.TLSExpired || code < fault.TLSRecord
}

// roles takes the reader's role, and then the writer's of st. False: the socket
// is being closed.
func (l *link) roles(w *poll.Call, st *stream) bool {
	return l.takeReading(w) && l.takeWriting(w, st)
}

func (l *link) takeReading(w *poll.Call) bool {
	l.readings.Add(1) // first: whoever finds the role taken sees who has it
	for !l.s.tryRole() {
		if w.Pause(linkGlance) != nil { // who has it meets the end, too
			l.readings.Add(1)
			return false
		}
	}
	return true
}

// dropReading gives the reader's role back.
func (l *link) dropReading() {
	l.s.dropRole()
	l.readings.Add(1) // last: until then nobody is told that the role is taken
}

// readsSince tells whether the task has, or had since, the reader's role;
// readings is how often it had begun and ended before.
func (l *link) readsSince(readings int64) bool {
	return readings%2 == 1 || l.readings.Load() != readings
}

// linkGlance is the pause between two attempts to take a role that is held for
// a moment only.
const linkGlance = 200 * time.Microsecond

func (l *link) takeWriting(w *poll.Call, st *stream) bool {
	if st.takeTurn(w) != nil {
		l.dropReading()
		return false
	}
	return true
}

// part parts the socket from a connection that is over: what came is kept for
// its reader, and it is found out which messages did not arrive. The stream it
// gives stands in until there is another; nil: the socket is being closed.
func (l *link) part(w *poll.Call, st *stream, why *fault.Error) (spare *stream, dropped []resendlog.Range, unsure resendlog.Range) {
	s := l.s
	if !l.takeReading(w) {
		return nil, nil, resendlog.Range{}
	}
	defer func() {
		if s.stream.Load() != st {
			s.gate.Retire(w, st.cutOff)
		}
	}()
	reads := true
	defer func() {
		if reads {
			l.dropReading()
		}
	}()
	l.drain(w, st, why)
	acked := transport.Acknowledged(st.conn)
	e := st.ended.Load()
	// A system ends in order only what its program has read: with data unread it
	// resets. But a proxy may be that system: what nothing came behind is not known
	// to have been read by the peer's program.
	clean := transport.KnowsAcknowledged(st.conn) && e.Code == fault.PeerClosed && !st.conn.WasReset()
	st.conn.Reset()            // whoever still writes returns
	if !l.takeWriting(w, st) { // which gives the other role back, too
		reads = false
		return nil, nil, resendlog.Range{}
	}
	defer st.dropTurn()
	l.log.Ack(acked)
	l.log.NoteReceived(l.came.Load())
	unsure = l.log.Uncertain(acked, clean)
	dropped = l.log.ReportLost(false)
	return l.standIn(st, e), dropped, unsure
}

// drain takes out of the system what came before the end, and tells the queue;
// the caller has the reader's role.
func (l *link) drain(w *poll.Call, st *stream, why *fault.Error) {
	const most = 2 * resendlog.MaxPeerUnread // a peer that goes on sending is not waited for
	lv := l.s.live.Load()
	st.follow(lv)
	w.SetTimeout(0)
	for st.ended.Load() == nil && st.in.Len() < most && st.fill(w, lv) == nil {
	}
	w.SetDeadline(time.Time{})
	if st.ended.CompareAndSwap(nil, why) {
		st.over(why)
	}
	if a := l.s.attached.Load(); a != nil {
		a.input.Store(true)
		a.lookStream(w, st)
	}
}

// standIn puts a stream without a connection in the place of st; the caller has
// both roles.
func (l *link) standIn(st *stream, why *fault.Error) *stream {
	s, lost := l.s, fault.New(fault.Reconnecting, fault.PhaseWrite, st.who())
	spare := newStream(s, transport.Placeholder(st.conn.PeerAddr()))
	spare.ended.Store(why)
	spare.broken.Store(lost)
	st.broken.CompareAndSwap(nil, lost)
	spare.refused.Store(st.refused.Load())
	st.in.Truncate(st.whole(s.live.Load()))
	st.known = nil
	spare.inherit(st)
	spare.link.Store(l)
	if a := s.attached.Load(); a != nil {
		a.unwatch(st)
	}
	st.forsake()
	s.replaced(st)
	s.mu.Lock()
	s.stream.Store(spare)
	s.mu.Unlock()
	return spare
}

// whole tells how many bytes at the front are whole messages, and noise between
// them: the rest of the others never comes. The caller has the reader's role.
func (st *stream) whole(lv *live) int {
	b := st.in.Bytes()
	if lv.Stream() || lv.Gap() > 0 {
		return len(b)
	}
	n, marked := 0, st.stale
	for at := 0; at < len(b); {
		f, err := lv.Decode(b[at:], 0)
		if f.Total == 0 {
			break
		}
		at += f.Total
		if err != nil { // what follows is understood again
			marked = false
			continue
		}
		n = at
		if marked {
			st.take(n)
			st.stale = false
			return st.whole(lv)
		}
	}
	return n
}

// inherit takes over what the reader of another stream has not read.
func (st *stream) inherit(from *stream) {
	st.mode, st.lost, st.att = from.mode, from.lost, from.att
	st.astray.Store(from.astray.Load())
	st.in.TakeOver(&from.in)
	from.held.Store(0)
	st.held.Store(int64(st.in.Len()))
}

// unwatch makes the queue wait for a connection no longer; the caller has the
// reader's role.
func (a *attachment) unwatch(st *stream) {
	if !a.watched {
		return
	}
	a.watched = false
	if inside := a.q.gate.Enter(0, true); inside != nil { // else its descriptors go
		a.q.watch.Remove(st.conn)
		// Who leaves a queue last while it is being closed takes it down, which
		// waits for the role that the caller has.
		a.s.lib.task("leaving a queue", a.q, inside.Leave)
	}
}

// resume gives the socket its new connection, and writes what was kept to it.
func (l *link) resume(w *poll.Call, spare, next *stream) error {
	s := l.s
	closed := func() error { return fault.New(fault.Closed, fault.PhaseConnect, s.Label()) }
	if !l.roles(w, spare) {
		return closed()
	}
	defer l.dropReading()
	defer spare.dropTurn()
	err := l.log.Replay(!next.transparent(), func(p []byte) (int64, error) {
		err := next.putAll(p, nil, nil)
		return next.conn.WritePos(), err
	})
	if err != nil {
		return err
	}
	next.inherit(spare)
	next.refused.Store(spare.refused.Load())
	next.link.Store(l)
	s.replaced(spare)
	s.stats().reconnects.Add(1)
	s.mu.Lock()
	s.stream.Store(next)
	s.mu.Unlock()
	l.mu.Lock()
	up := l.down
	l.down = nil
	l.times++
	l.since = clock()
	l.fell.Store(false)
	l.mu.Unlock()
	close(up)
	s.lib.log(levelTraffic, next, "the link is there again after %d tries", l.tries)
	l.tell(EventReconnected, l.tries, fault.OK, 0)
	l.attend(next)
	return nil
}

// attend makes the queue wait for a new connection, or a task send on.
func (l *link) attend(next *stream) {
	s := l.s
	if a := s.attached.Load(); a != nil {
		a.over = false
		a.ended.Store(false)
		a.writable.Store(true)
		s.owing.Store(nil)
		if v := a.vigil.Load(); v != nil {
			v.rung.Store(true) // it begins anew
		}
		s.wrote(next)
		s.stir() // which watches it
		return
	}
	if next.conn.HasUnsent() {
		s.sendOn(next)
	}
}

// giveUp leaves the link as it is; reads and writes give why.
func (l *link) giveUp(w *poll.Call, spare *stream, why *fault.Error) {
	s := l.s
	if !l.roles(w, spare) {
		return
	}
	dropped, up := l.endAndDrop(spare, why)
	if up != nil {
		close(up)
	}
	s.lib.log(levelError, spare, "the link is given up: %v", why)
	l.tellSpans(EventDropped, fault.Reconnecting, dropped...)
	s.stir() // which tells the end, behind the messages that were not told of
}

// endAndDrop makes why the end of the link, after which both roles are given back.
// It gives the messages that are lost, and what is closed for those that wait.
func (l *link) endAndDrop(spare *stream, why *fault.Error) (dropped []resendlog.Range, up chan struct{}) {
	defer l.dropReading()
	defer spare.dropTurn()
	spare.ended.Store(why)
	spare.broken.Store(why)
	dropped = l.log.ReportLost(true)
	l.mu.Lock()
	up = l.down
	l.down, l.over = nil, true
	l.mu.Unlock()
	l.fell.Store(false)
	return dropped, up
}

// tell posts an event to the queue that the socket is in.
func (l *link) tell(kind EventKind, value int, code fault.Code, detail int64) {
	s := l.s
	a := s.attached.Load()
	if a == nil {
		return
	}
	e := a.event(s.userNumber.Load(), kind, min(value, math.MaxInt32), code)
	if detail <= math.MaxInt32 { // else it is not told
		e.Detail = int32(detail)
	}
	a.postEvent(e, false)
	a.q.heat(a)
}

// tellSpans posts an event for each row of messages.
func (l *link) tellSpans(kind EventKind, code fault.Code, spans ...resendlog.Range) {
	for _, sp := range spans {
		if sp.Count == 0 {
			continue
		}
		if kind == EventDropped {
			l.s.stats().dropped.Add(int64(sp.Count))
		}
		l.tell(kind, sp.Count, code, sp.First)
	}
}

// keepMessage takes a message that is kept until the peer's system has it. It
// never waits, and takes it also while the link is down; the caller has the
// writer's role.
func (l *link) keepMessage(st *stream, lv *live, head, body, tail []byte) error {
	total := len(head) + len(body) + len(tail)
	switch {
	case st.shut.Load(), l.isOver():
		return st.unwritable()
	case l.s.stream.Load() != st: // another took its place
		return fault.New(fault.Reconnecting, fault.PhaseWrite, st.who())
	case !l.log.HasRoom(total, lv.mend.keep, func() int64 { return transport.Acknowledged(st.conn) }):
		st.refused.Store(true)
		return st.faulty(fault.New(fault.Full, fault.PhaseWrite, st.who()).
			With(fault.NoteTooLong, decimal(l.log.Kept()+total), decimal(lv.mend.keep)))
	}
	l.log.NoteReceived(l.came.Load())
	l.log.Keep(head, body, tail)
	if transport.IsPlaceholder(st.conn) {
		return nil
	}
	err := error(nil)
	if e := st.broken.Load(); e != nil {
		err = e
	} else {
		err = st.putAll(head, body, tail)
	}
	if err != nil {
		l.broke(st, syserr.Wrap(err, fault.PhaseWrite, st.who()))
		return nil // the next connection gets it
	}
	l.log.Sent(st.conn.WritePos())
	return nil
}

// noteMessage notes a message that was written and is not kept; the caller has
// the writer's role.
func (l *link) noteMessage(st *stream) {
	l.log.Add(st.conn.WritePos())
	if l.log.ShouldAck() {
		l.log.Ack(transport.Acknowledged(st.conn))
	}
}

// roomAgain tells whether writes that were refused may be tried again.
func (l *link) roomAgain(st *stream, lv *live) bool {
	if transport.IsPlaceholder(st.conn) || !st.tryTurn() {
		return false
	}
	defer st.dropTurn()
	l.log.Ack(transport.Acknowledged(st.conn))
	return l.log.Kept() <= lv.mend.keep/2
}

// unkept sees to it that a host whose message was refused is told when there is
// room: the acknowledgements that make it are no events.
func (s *Socket) unkept(st *stream, lv *live, err error) {
	a := s.attached.Load()
	if a != nil && lv.keeps() && st.link.Load() != nil && fault.CodeOf(err) == fault.Full {
		a.q.alarm(a.vigilant(), clock()+int64(roomPause), true)
	}
}

// roomPause is how long to wait between two looks whether there is room again.
const roomPause = 20 * time.Millisecond
