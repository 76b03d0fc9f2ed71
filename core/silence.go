package core

import (
	"bytes"
	"container/heap"
	"math"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
	"wdsocket/core/transport"
)

// Silence: connections on which nothing comes, peers that are gone, and signs
// of life. Who waits for a connection looks after it: a reader in its own wait,
// a queue by an alarm among its timers. Nothing else runs for it.

// watching is what the settings say of silence; a live without has none.
type watching struct {
	idle, beat time.Duration // 0: none
	sign       []byte        // a heartbeat with its framing, nil if there is none
	body       []byte        // what a reader would get of it
	told       bool          // heartbeats of the peer can be told from messages
}

// newWatching makes it, nil if there is nothing to watch.
func newWatching(s *option.Settings, framer frame.Framer) *watching {
	if s.IdleLimit == 0 && s.Heartbeat == 0 {
		return nil
	}
	v := &watching{idle: s.IdleLimit, beat: s.Heartbeat}
	head, body, tail, _, err := framer.Encode(nil, s.HeartbeatText)
	if v.beat == 0 || err != nil || len(head)+len(body)+len(tail) == 0 {
		return v
	}
	v.sign = bytes.Join([][]byte{head, body, tail}, nil)
	if framer.Stream() || framer.Gap() > 0 {
		return v
	}
	if f, err := framer.Decode(v.sign, 0); err == nil && f.Total == len(v.sign) {
		v.body = make([]byte, f.Size)
		framer.Extract(v.body, v.sign, f)
		v.told = true
	}
	return v
}

// Decode looks for a message as the framing does. Heartbeats in front of it are
// no messages of their own but count as its beginning, so that nobody who takes
// messages out of a stream has to know of them.
func (lv *live) Decode(p []byte, scanned int) (frame.Frame, error) {
	f, err := lv.framing.Decode(p, scanned)
	if v := lv.watch; v == nil || !v.told || !v.is(lv, p, f) || err != nil {
		return f, err
	}
	return lv.behindSigns(p, f)
}

// behindSigns finds the message behind the heartbeat f at the front of p.
func (lv *live) behindSigns(p []byte, f frame.Frame) (frame.Frame, error) {
	skip := 0
	for {
		skip += f.Total
		if skip == len(p) {
			return frame.Frame{Size: -1, Need: skip + 1}, nil
		}
		var err error
		f, err = lv.framing.Decode(p[skip:], 0)
		if err == nil && lv.watch.is(lv, p[skip:], f) {
			continue
		}
		f.Start += skip
		f.Need += skip
		f.Scanned = 0
		if f.Total > 0 {
			f.Total += skip
		}
		return f, err
	}
}

// is tells whether the whole message f of p is a heartbeat.
func (v *watching) is(lv *live, p []byte, f frame.Frame) bool {
	if f.Total == 0 || f.Size != len(v.body) {
		return false
	}
	if !f.Escaped {
		return bytes.Equal(p[f.Start:f.Start+f.Len], v.body)
	}
	got := make([]byte, f.Size)
	lv.Extract(got, p, f)
	return bytes.Equal(got, v.body)
}

// mayBeSign tells whether a message of that length may be a heartbeat.
func (lv *live) mayBeSign(size int) bool {
	return lv.watch != nil && lv.watch.told && size == len(lv.watch.body)
}

// dropSigns takes heartbeats at the front out of the buffer, so that they do not
// gather while no message comes.
func (st *stream) dropSigns(lv *live) {
	v := lv.watch
	if v == nil || !v.told || st.stale || st.att != nil && st.att.peeked > 0 {
		return
	}
	for bytes.HasPrefix(st.in.Bytes(), v.sign) {
		if st.known != nil {
			st.knownTaken(len(v.sign), 0)
		}
		st.in.Consume(len(v.sign))
		st.scanned = 0
	}
}

// epoch is where clock counts from.
var epoch = time.Now()

// clock is a time that only goes on, in nanoseconds, above 0.
func clock() int64 { return int64(time.Since(epoch)) + 1 }

// clockTime is the time that clock shows as ns.
func clockTime(ns int64) time.Time { return epoch.Add(time.Duration(ns - 1)) }

const never = math.MaxInt64

// pulse tells when a connection last showed life.
type pulse struct {
	heard int64        // when something last came; belongs to the reader
	spoke atomic.Int64 // when something was last written
}

// beats is the stream's pulse, made when somebody first asks for it.
func (st *stream) beats() *pulse {
	if p := st.pulse.Load(); p != nil {
		return p
	}
	p := &pulse{heard: clock()}
	p.spoke.Store(p.heard)
	st.pulse.CompareAndSwap(nil, p)
	return st.pulse.Load()
}

// spoke notes that something was written, where that matters.
func (st *stream) spoke(lv *live) {
	if lv.watch != nil && lv.watch.beat > 0 {
		st.beats().spoke.Store(clock())
	}
}

// due is when attend has something to do.
func (st *stream) due(v *watching) int64 {
	p, due := st.beats(), int64(never)
	if v.idle > 0 {
		due = p.heard + int64(v.idle)
	}
	if v.beat > 0 {
		due = min(due, p.spoke.Load()+int64(v.beat))
	}
	return due
}

// attend ends a connection on which nothing has come for too long, and writes a
// heartbeat where nothing was written; the caller has the reader's role. Error:
// fault.Silent.
func (st *stream) attend(v *watching) error {
	p, now := st.beats(), clock()
	if v.idle > 0 && now >= p.heard+int64(v.idle) {
		if !st.conn.Unread() { // else it came, and only was not read
			st.conn.Reset()
			return fault.New(fault.Silent, fault.PhaseRead, st.who())
		}
		p.heard = now
	}
	if v.beat > 0 && now >= p.spoke.Load()+int64(v.beat) {
		st.beat(v)
	}
	return nil
}

// beat writes a heartbeat, unless something is on its way anyway: where the
// peer does not read, or does not answer, heartbeats must not pile up. It never
// waits.
func (st *stream) beat(v *watching) {
	if !st.tryTurn() {
		return // somebody is writing
	}
	defer func() {
		st.dropTurn()
		st.carry() // what came meanwhile
	}()
	st.beats().spoke.Store(clock())
	if v.sign == nil || st.unwritable() != nil || !st.idle() || st.conn.WritePos() > transport.Acknowledged(st.conn) {
		return
	}
	st.put(v.sign)
	// If it failed the connection is over, which reading it tells.
}

// receiveWatched is receive for a reader that waits: it looks after the
// connection meanwhile.
func (st *stream) receiveWatched(w *poll.Call, v *watching, p []byte) (int, error) {
	own, _ := w.Deadline() // the zero time for ever
	defer func() { w.SetDeadline(own) }()
	for {
		due := clockTime(st.due(v))
		if own.IsZero() || due.Before(own) {
			w.SetDeadline(due)
		} else {
			w.SetDeadline(own)
		}
		n, err := st.receiveOnce(w, p)
		if n > 0 || fault.CodeOf(err) != fault.Timeout || !own.IsZero() && !time.Now().Before(own) {
			return n, err
		}
		if err := st.attend(v); err != nil {
			return 0, err
		}
	}
}

// vigil is how a queue looks after a socket.
type vigil struct {
	timer Timer       // among the queue's; under its mu
	rung  atomic.Bool // the timer was due

	watch *watching // that the timer was set for; belongs to the reader
	out   int64     // bytes sent when the queue last looked; the same
}

// vigilant is the attachment's vigil, made when it is first needed.
func (a *attachment) vigilant() *vigil {
	if v := a.vigil.Load(); v != nil {
		return v
	}
	v := &vigil{timer: Timer{q: a.q, about: a, index: -1}}
	a.vigil.CompareAndSwap(nil, v)
	return a.vigil.Load()
}

// wrote notes that something is on its way to the peer: a queue has to see to
// it that it is acknowledged. The system itself looks after connections only
// while nothing is.
func (s *Socket) wrote(st *stream) {
	a := s.attached.Load()
	if a == nil || s.owing.Load() == a { // most writes end here, without a look at the queue's side
		return
	}
	gone := transport.UserTimeout(st.conn)
	if gone <= 0 || s.owing.Swap(a) == a {
		return
	}
	if s.attached.Load() != a { // detached meanwhile: it is not to be held
		s.owing.CompareAndSwap(a, nil)
		return
	}
	a.q.alarm(a.vigilant(), clock()+int64(transport.UserTimeoutCheck(gone)), true)
}

// alarm makes the queue look at a socket at a certain time, or earlier if that
// is agreed already. The one who asks the queue does not have to be rung.
func (q *Queue) alarm(v *vigil, due int64, ring bool) {
	when, t := clockTime(due), &v.timer
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case t.about.gone, t.index >= 0 && !t.due.After(when):
		return
	case t.index >= 0:
		t.due = when
		heap.Fix(&q.timers, t.index)
	default:
		t.due = when
		heap.Push(&q.timers, t)
	}
	q.setClock()
	if ring && t.index == 0 && q.asking.Load() { // its wait must end earlier
		q.watch.Wake()
	}
}

// rouse makes the queue look at a socket whose alarm is due; q.mu is held.
func (a *attachment) rouse() {
	a.vigil.Load().rung.Store(true)
	if !a.inHot && !a.gone {
		a.q.addHot(a)
	}
}

// keepWatch looks after the silence of a connection when its alarm has rung, or
// the options have changed; the caller has the reader's role.
func (a *attachment) keepWatch(w *poll.Call, st *stream, lv *live) {
	v := a.vigil.Load()
	if v == nil {
		if lv.watch == nil {
			return
		}
		v = a.vigilant()
	}
	if !v.rung.Swap(false) && v.watch == lv.watch || a.over || st.ended.Load() != nil {
		return
	}
	v.watch = lv.watch
	due := int64(never)
	var err error
	if lv.watch != nil {
		if err = st.attend(lv.watch); err == nil {
			due = st.due(lv.watch)
		}
	}
	if err == nil && lv.keeps() && st.link.Load() != nil && st.refused.Load() {
		if a.s.drained(st); st.refused.Load() {
			due = min(due, clock()+int64(roomPause))
		}
	}
	if err == nil && a.s.owing.Load() == a {
		var look int64
		look, err = a.lapse(st, v)
		due = min(due, look)
	}
	switch {
	case err != nil:
		st.readFailed(err)
		a.input.Store(true)
		a.lookStream(w, st) // which tells the end
	case due != never:
		a.q.alarm(v, due, false)
	}
}

// lapse looks whether what is on its way was acknowledged, and tells when to
// look again. Error: the peer is gone.
func (a *attachment) lapse(st *stream, v *vigil) (due int64, err error) {
	watchful, ok := st.conn.(transport.UserTimeouter)
	if !ok {
		a.s.owing.CompareAndSwap(a, nil)
		return never, nil
	}
	left, owing := watchful.UserTimeoutLeft()
	now, out := clock(), st.conn.BytesOut()
	switch {
	case owing && left <= 0 && watchful.ResetUnanswered():
		return never, syserr.UserTimeout(st.who())
	case owing:
		const soonest = 50 * time.Millisecond // also while the host has yet to read what came
		return now + int64(max(left, soonest)), nil
	case watchful.UserTimeout() > 0 && out != v.out: // it goes on: the next write need not ask for a look
		v.out = out
		return now + int64(transport.UserTimeoutCheck(watchful.UserTimeout())), nil
	}
	a.s.owing.CompareAndSwap(a, nil)
	if st.conn.BytesOut() == out || !a.s.owing.CompareAndSwap(nil, a) {
		return never, nil
	}
	return now + int64(transport.UserTimeoutCheck(watchful.UserTimeout())), nil // written in between
}

// tellEnd posts the last event of a connection, unless it is made again.
func (a *attachment) tellEnd(st *stream, e *fault.Error) {
	l := a.s.link.Load()
	switch {
	case l != nil && l.broke(st, e): // it heals
	case l != nil && l.isOver():
		a.finish(EventError, e)
	case e.Code == fault.Memory:
		a.finish(EventError, e)
	case e.Code == fault.PeerClosed:
		a.finish(EventPeerClosed, e)
	case e.Code == fault.Silent:
		a.finishAs(EventTimeout, SilentIdle, e)
	case syserr.IsUserTimeout(e):
		a.finishAs(EventTimeout, SilentGone, e)
	default:
		a.finish(EventReset, e)
	}
}
