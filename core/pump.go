package core

import (
	"math"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/poll"
	"wdsocket/core/task"
)

// look gives an attached socket its turn: it receives what is there and posts
// what the host has to know. It never waits. w is the queue's for looks.
func (a *attachment) look(w *poll.Call) {
	s := a.s
	if !s.gate.EnterPollFast(w) {
		return
	}
	defer w.LeavePollFast()
	if s.attached.Load() != a || s.opening.Load() {
		return
	}
	if !s.tryRole() {
		if !s.layering.Load() { // a hand-shake makes it hot when it is over
			a.q.heat(a) // somebody reads what it was told of
		}
		return
	}
	defer s.dropRole()
	if err := a.begin(); err != nil {
		a.finish(EventError, err)
		return
	}
	if a.warnable.Load() {
		a.warn()
	}
	if st := s.stream.Load(); st != nil {
		a.pushKept(st)
		a.lookStream(w, st)
		a.keepWatch(w, st, s.live.Load())
	} else if v := s.server.Load(); v != nil {
		a.lookServer(w, v)
	} else if u := s.packets.Load(); u != nil {
		a.lookDatagrams(w, u)
	}
}

// finish posts the last event of a socket.
func (a *attachment) finish(kind EventKind, err error) {
	a.finishAs(kind, 0, err)
}

// finishAs is finish for an event that has a value.
func (a *attachment) finishAs(kind EventKind, value int, err error) {
	if a.over {
		return
	}
	a.over = true
	a.postEvent(a.event(a.s.userNumber.Load(), kind, value, fault.CodeOf(err)), true)
}

// revive takes back that the last event was told: what made no sense may make
// some now.
func (a *attachment) revive() {
	a.over = false
	a.q.mu.Lock()
	a.closing = false
	a.q.mu.Unlock()
}

// pushKept sends on what the send queue holds, and tells when there is room.
// While nothing waits the mark of room stays: who keeps something has found none
// since, and the system tells of it then.
func (a *attachment) pushKept(st *stream) {
	if !a.writable.Load() || !st.conn.HasUnsent() && st.back.Load() == nil && !st.refused.Load() {
		return
	}
	a.writable.Store(false)
	left, err := st.conn.TryFlush() // also if it seems to hold nothing: a write may be keeping just now
	if st.cutShort(err) == nil && left == 0 && st.carry() == nil && st.unsent() == st.gathered() {
		a.s.drained(st)
	}
}

// lookStream receives and announces messages until the system has no more,
// the host has enough to read, or the socket's turn is over.
func (a *attachment) lookStream(w *poll.Call, st *stream) {
	lv := a.s.live.Load()
	if a.era != lv.era { // the bytes are other messages now
		a.era, a.peeked, a.scanned, a.announced = lv.era, 0, 0, 0
		if st.ended.Load() == nil {
			a.revive()
		}
		a.forget(0)
	}
	st.follow(lv)
	st.att = a
	received := 0
	for !a.over {
		if err := a.announce(st, lv); err != nil {
			a.finish(EventError, err)
			return
		}
		if a.announced >= mostAnnounced || a.announced > 0 && (st.in.Len() >= turn || lv.Gap() > 0) {
			a.full = true
			return // reading makes it hot again
		}
		if st.ended.Load() == nil && !a.input.Load() {
			return
		}
		if received >= turn {
			a.q.heat(a)
			return
		}
		before := st.in.Len()
		if err := st.fill(w, lv); err != nil {
			a.fillFailed(st, lv, err)
			return
		}
		a.fed()
		received += st.in.Len() - before
		if st.transparent() && !st.full && !a.ended.Load() {
			a.exhausted()
		}
	}
}

// exhausted notes that the system has no more to read; more makes an event.
func (a *attachment) exhausted() {
	a.input.Store(false)
	a.q.watch.Rearm(a.number)
}

// fillFailed deals with a fill that brought nothing.
func (a *attachment) fillFailed(st *stream, lv *live, err error) {
	e := st.ended.Load()
	switch {
	case e == nil && fault.CodeOf(err) == fault.Timeout:
		if until := st.stopped(); !until.IsZero() { // until there is room, or it has waited too long
			a.q.heatAt(a, until)
		} else {
			a.exhausted()
		}
	case e == nil: // no memory now
		a.starve(st)
	case lv.Stream() && a.announced > 0 && st.in.Len() > a.peeked:
		a.full = true // what was not told of comes before the end
	default:
		if lv.Gap() > 0 {
			a.announce(st, lv)
		}
		a.tellEnd(st, e)
	}
}

// announce tells of the whole messages that have arrived and were not told of.
func (a *attachment) announce(st *stream, lv *live) error {
	if lv.Stream() {
		if st.in.Len() > 0 && a.announced == 0 {
			a.announceRaw(st, lv)
		}
		return nil
	}
	for a.announced < mostAnnounced && st.in.Len() > a.peeked {
		scanned := a.scanned
		if a.peeked == 0 {
			scanned = st.scanned
		}
		f, err := lv.Decode(st.in.Bytes()[a.peeked:], scanned)
		if err != nil {
			if a.announced > 0 {
				return nil // told when those before it are read
			}
			if _, err = st.decode(lv); err != nil {
				return err
			}
			continue // it was skipped, and an event tells of it
		}
		if f.Total == 0 {
			if a.peeked == 0 {
				st.scanned = f.Scanned
			}
			a.scanned = f.Scanned
			return nil
		}
		if gap := lv.Gap(); gap > 0 && st.ended.Load() == nil {
			if silent := st.odd().last.Add(gap); time.Now().Before(silent) {
				a.q.heatAt(a, silent)
				return nil
			}
		}
		st.in.MarkWhole()
		a.peeked += f.Total
		a.scanned = 0
		a.announced++
		a.post(EventMessage, st.hostSize(lv, f, a.peeked-f.Total), fault.OK)
	}
	return nil
}

// noise tells that bytes were skipped; more: what was told of goes on.
func (a *attachment) noise(bytes int, code fault.Code, more bool) {
	if !more {
		a.post(EventNoise, bytes, code)
		a.q.heat(a) // it may be a reader who met it
		return
	}
	q := a.q
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := len(q.posted) - 1; i >= q.told; i-- {
		if p := &q.posted[i]; p.about == a && p.event.Kind == EventNoise {
			p.event.Value += int32(min(bytes, math.MaxInt32-int(p.event.Value)))
			return
		}
	}
}

// announceRaw tells of the bytes that have arrived, as far as they are whole
// characters.
func (a *attachment) announceRaw(st *stream, lv *live) {
	size, used := st.in.Len(), st.in.Len()
	if lv.charset != nil {
		n, err := st.textThere(lv)
		if n == 0 && err == nil {
			return
		}
		if err == nil {
			size, used = n, st.known.wire
		}
	}
	a.announced, a.peeked = 1, used
	a.post(EventMessage, size, fault.OK)
}

// hostSize is how long the message at an offset is for the host.
func (st *stream) hostSize(lv *live, f frame.Frame, at int) int {
	if lv.charset == nil {
		return f.Size
	}
	text, err := st.convert(lv, f, st.in.Bytes()[at:])
	if err != nil { // reading it tells
		return f.Size
	}
	return len(text)
}

// heatAt makes the queue look at a socket at a certain time.
func (q *Queue) heatAt(a *attachment, when time.Time) {
	if a.alarmed.Swap(true) {
		return // it looks then, and sees how long to wait further
	}
	task.AfterFunc("the timer of a queue", q.lib.Report, time.Until(when), func() {
		a.alarmed.Store(false)
		q.heat(a)
	})
}

// lookServer tells of a request, or accepts on its own.
func (a *attachment) lookServer(w *poll.Call, v *server) {
	if a.over {
		return
	}
	for range 64 { // others have their turn too
		v.mu.Lock()
		pending := v.pending != nil
		v.mu.Unlock()
		if pending && !a.manage {
			return // accepting or denying it makes the server hot again
		}
		err := v.await(w)
		if err != nil {
			a.awaitFailed(err)
			return
		}
		if !a.manage {
			a.post(EventRequest, 0, fault.OK)
			return
		}
		if err := a.admit(w, v); err != nil {
			a.post(EventError, 0, fault.CodeOf(err))
			if st := v.takePending(); st != nil {
				v.refused.Add(1)
				st.abort()
			}
		}
	}
	a.q.heat(a)
}

func (a *attachment) awaitFailed(err error) {
	switch fault.CodeOf(err) {
	case fault.Timeout:
		a.exhausted()
	case fault.Descriptors:
		a.post(EventError, 0, fault.Descriptors)
		const pause = 100 * time.Millisecond
		a.q.heatAt(a, time.Now().Add(pause))
	case fault.Busy: // somebody accepts just now
		const pause = 10 * time.Millisecond
		a.q.heatAt(a, time.Now().Add(pause))
	case fault.Cancelled:
		a.q.heat(a)
	case fault.Closed:
	default: // it is used as a simplified server
		a.finish(EventError, err)
	}
}

// admit accepts the pending request and attaches the channel.
func (a *attachment) admit(w *poll.Call, v *server) error {
	ch, err := v.accept(w, func(ch *Socket) error {
		if err := a.q.Attach(ch, false); err != nil { // first: a handle may not be made for nothing
			return err
		}
		a.s.lib.adopt(ch)
		if a.q.adopt == nil {
			return nil
		}
		err := a.q.adopt(ch)
		if err != nil {
			ch.Detach()
			a.s.lib.forget(ch)
		}
		return err
	})
	if err != nil {
		return err
	}
	if b := ch.attached.Load(); b != nil {
		b.post(EventAccepted, int(a.s.ID()), fault.OK)
	}
	return nil
}

// lookDatagrams tells of a datagram.
func (a *attachment) lookDatagrams(w *poll.Call, u *datagrams) {
	u.att = a
	if a.announced > 0 {
		return
	}
	err := u.receive(w)
	switch fault.CodeOf(err) {
	case fault.OK:
		a.announced = 1
		size := u.n
		if text, err := u.content(a.s.live.Load()); err == nil {
			size = len(text)
		}
		a.post(EventMessage, size, fault.OK)
	case fault.Timeout:
		a.exhausted()
	case fault.Cancelled:
		a.q.heat(a)
	case fault.Closed:
	default:
		a.post(EventError, 0, fault.CodeOf(err))
		a.q.heat(a)
	}
}

// consumed is told by the reader that messages have left the buffer.
func (a *attachment) consumed(st *stream, messages int) {
	a.announced = max(a.announced-messages, 0)
	if a.full || a.announced == 0 && (a.input.Load() || st.in.Len() > 0) {
		a.full = false
		a.q.heat(a)
	}
}
