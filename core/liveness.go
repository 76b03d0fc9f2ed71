package core

import (
	"container/heap"
	"math"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
	"wdsocket/core/transport"
)

// Liveness: idle limits, late messages, heartbeats, and peers that stop acknowledging. A reader checks
// its connection while it waits, a queue by one of its timers. Nothing else runs for it.

// epoch is where clock counts from.
var epoch = time.Now()

// clock is a monotonic time in nanoseconds, above 0.
func clock() int64 { return int64(time.Since(epoch)) + 1 }

// clockTime is the time that clock shows as ns.
func clockTime(ns int64) time.Time { return epoch.Add(time.Duration(ns - 1)) }

const never = math.MaxInt64

// activity is when a connection last received and last sent something.
type activity struct {
	lastReceived int64        // when something last came; belongs to the reader
	bytesIn      int64        // that had come when nothing of it was for the reader; the same
	lastPing     int64        // when a ping was last due; the same
	pingEnd      int64        // what had been written behind the last one; the same
	late         lateMessage  // what is known of a message whose time is over; the same
	past         int          // bytes of the message at the front that come past the buffer; the same
	lastSent     atomic.Int64 // when something was last written
}

// activity returns st.lastActivity, allocating it on first use.
func (st *stream) activity() *activity {
	if act := st.lastActivity.Load(); act != nil {
		return act
	}
	act := &activity{lastReceived: clock(), bytesIn: st.conn.BytesIn()}
	act.lastSent.Store(act.lastReceived)
	st.lastActivity.CompareAndSwap(nil, act)
	return st.lastActivity.Load()
}

// noteForLayers notes, after a read that gave nothing, whether something came for the
// layers, as the answer to a ping. in is what has come in all.
func (act *activity) noteForLayers(in int64) {
	if act.bytesIn != in {
		act.bytesIn, act.lastReceived = in, clock()
	}
}

// noteActivity notes that something was sent, where heartbeats depend on it.
func (st *stream) noteActivity(cfg *ioConfig) {
	if cfg.liveness != nil && cfg.liveness.heartbeatInterval > 0 {
		st.activity().lastSent.Store(clock())
	}
}

// livenessDue is when checkLiveness has something to do.
func (st *stream) livenessDue(lc *livenessConfig) int64 {
	act, due := st.activity(), int64(never)
	if lc.idleLimit > 0 {
		due = act.lastReceived + int64(lc.idleLimit)
	}
	if lc.heartbeatInterval > 0 {
		due = min(due, lc.heartbeatDue(act))
	}
	return min(due, lc.messageDue(st, act))
}

// checkLiveness ends a connection that was idle for too long, or whose message is late, and sends a heartbeat
// where one is due. The caller holds the read lock. Error: fault.Silent.
func (st *stream) checkLiveness(lc *livenessConfig) error {
	act, now := st.activity(), clock()
	if lc.idleLimit > 0 && now >= act.lastReceived+int64(lc.idleLimit) {
		if !st.conn.Unread() { // else it was received, and only not read
			st.conn.Reset()
			return fault.New(fault.Silent, fault.PhaseRead, st.peerLabel()).With(textIdle, decimal(int(lc.idleLimit.Milliseconds())))
		}
		act.lastReceived = now
	}
	if e := lc.lateMessageError(st, act, now); e != nil {
		st.conn.Reset()
		return e
	}
	if lc.heartbeatInterval > 0 && now >= lc.heartbeatDue(act) {
		st.sendHeartbeat(lc)
	}
	return nil
}

// receiveWithLiveness receives for a reader that waits, and checks liveness meanwhile.
func (st *stream) receiveWithLiveness(w *poll.Call, lc *livenessConfig, p []byte) (int, error) {
	own, _ := w.Deadline() // the zero time for ever
	defer func() { w.SetDeadline(own) }()
	act := st.activity()
	for {
		look := int64(never)
		if lc.limitsMessages(st) {
			lc.noteMessage(st, act.past)
			if st.layers != nil && st.in.Len()+act.past == 0 {
				look = clock() + int64(lc.messageLimit)/layerLooks
			}
			if lc.messageDue(st, act) <= act.lastReceived { // while bytes come, nothing is waited for
				if err := st.checkLiveness(lc); err != nil {
					return 0, err
				}
			}
		}
		at := min(st.livenessDue(lc), look)
		if due := clockTime(at); at != never && (own.IsZero() || due.Before(own)) {
			w.SetDeadline(due)
		} else {
			w.SetDeadline(own)
		}
		n, err := st.receiveOnce(w, p)
		if n > 0 || fault.CodeOf(err) != fault.Timeout || !own.IsZero() && !time.Now().Before(own) {
			return n, err
		}
		if lc.limitsMessages(st) {
			lc.noteMessage(st, act.past) // what a layer had in part may have been no message
		}
		if err := st.checkLiveness(lc); err != nil {
			return 0, err
		}
	}
}

// livenessTimer is the queue's timer for the liveness of a socket.
type livenessTimer struct {
	timer Timer       // among the queue's; under its mu
	fired atomic.Bool // the timer was due

	config      *livenessConfig // that the timer was set for; belongs to the reader
	setFor      int64           // when it is due at the latest, 0: it was not set since it fired; the same
	sentAtCheck int64           // bytes sent when the queue last looked; the same
}

// livenessTimer returns reg.liveness, allocating it on first use.
func (reg *registration) livenessTimer() *livenessTimer {
	if lt := reg.liveness.Load(); lt != nil {
		return lt
	}
	lt := &livenessTimer{timer: Timer{q: reg.q, registration: reg, index: -1}}
	reg.liveness.CompareAndSwap(nil, lt)
	return reg.liveness.Load()
}

// watchAcks notes that something was sent: the queue has to check that it is
// acknowledged. The system itself watches connections only while nothing is
// outstanding.
func (s *Socket) watchAcks(st *stream) {
	reg := s.registration.Load()
	if reg == nil || s.ackWatcher.Load() == reg { // most writes end here, without touching the queue
		return
	}
	gone := transport.UserTimeout(st.conn)
	if gone <= 0 || s.ackWatcher.Swap(reg) == reg {
		return
	}
	if s.registration.Load() != reg { // detached meanwhile: it is not to be held
		s.ackWatcher.CompareAndSwap(reg, nil)
		return
	}
	reg.q.scheduleWake(reg.livenessTimer(), clock()+int64(transport.UserTimeoutCheck(gone)), true)
}

// scheduleWake makes the queue service a socket at a certain time, or earlier if that
// is scheduled already. wake is false for the thread that polls.
func (q *Queue) scheduleWake(lt *livenessTimer, due int64, wake bool) {
	when, t := clockTime(due), &lt.timer
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case t.registration.detached, t.index >= 0 && !t.due.After(when):
		return
	case t.index >= 0:
		t.due = when
		heap.Fix(&q.timers, t.index)
	default:
		t.due = when
		heap.Push(&q.timers, t)
	}
	q.setTimerLocked()
	if wake && t.index == 0 && q.polling.Load() { // its wait must end earlier
		q.watcher.Wake()
	}
}

// livenessDueLocked makes the queue service a socket whose liveness timer has expired.
func (reg *registration) livenessDueLocked() {
	reg.liveness.Load().fired.Store(true)
	if !reg.inReady && !reg.detached {
		reg.q.addReadyLocked(reg)
	}
}

// checkLiveness checks the liveness of a connection when its timer has fired, or the
// options have changed. The caller holds the read lock.
func (reg *registration) checkLiveness(w *poll.Call, st *stream, cfg *ioConfig) {
	begun := watchMessage(reg, st, cfg.liveness)
	lt := reg.liveness.Load()
	if lt == nil {
		if cfg.liveness == nil {
			return
		}
		lt = reg.livenessTimer()
	}
	fired := lt.fired.Swap(false)
	if fired {
		lt.setFor = 0
	}
	if !fired && lt.config == cfg.liveness && !begun || reg.finalPosted || st.ended.Load() != nil {
		return
	}
	lt.config = cfg.liveness
	due := int64(never)
	var err error
	if cfg.liveness != nil {
		if err = st.checkLiveness(cfg.liveness); err == nil {
			due = st.livenessDue(cfg.liveness)
		}
	}
	if err == nil && cfg.keepsMessages() && st.reconnector.Load() != nil && st.writeRefused.Load() {
		if reg.s.postWritable(st); st.writeRefused.Load() {
			due = min(due, clock()+int64(roomCheckInterval))
		}
	}
	if err == nil && reg.s.ackWatcher.Load() == reg {
		var look int64
		look, err = reg.checkUserTimeout(st, lt)
		due = min(due, look)
	}
	switch {
	case err != nil:
		st.readFailed(err)
		reg.input.Store(true)
		reg.serviceStream(w, st) // which posts the end
	case due != never:
		if lt.setFor == 0 || due < lt.setFor {
			lt.setFor = due
		}
		reg.q.scheduleWake(lt, due, false)
	}
}

// checkUserTimeout checks whether outstanding data was acknowledged in time, and
// returns when to check again. Error: the peer is gone.
func (reg *registration) checkUserTimeout(st *stream, lt *livenessTimer) (due int64, err error) {
	watchful, ok := st.conn.(transport.UserTimeouter)
	if !ok {
		reg.s.ackWatcher.CompareAndSwap(reg, nil)
		return never, nil
	}
	left, unacked := watchful.UserTimeoutLeft()
	now, out := clock(), st.conn.BytesOut()
	switch {
	case unacked && left <= 0 && watchful.ResetUnanswered():
		return never, syserr.UserTimeout(st.peerLabel())
	case unacked:
		const soonest = 50 * time.Millisecond // also while the host has yet to read what came
		return now + int64(max(left, soonest)), nil
	case watchful.UserTimeout() > 0 && out != lt.sentAtCheck: // it goes on: the next write need not ask for a look
		lt.sentAtCheck = out
		return now + int64(transport.UserTimeoutCheck(watchful.UserTimeout())), nil
	}
	reg.s.ackWatcher.CompareAndSwap(reg, nil)
	if st.conn.BytesOut() == out || !reg.s.ackWatcher.CompareAndSwap(nil, reg) {
		return never, nil
	}
	return now + int64(transport.UserTimeoutCheck(watchful.UserTimeout())), nil // written in between
}

// postEnd posts the last event of a connection, unless it is reconnecting.
func (reg *registration) postEnd(st *stream, e *fault.Error) {
	rc := reg.s.reconnector.Load()
	switch {
	case rc != nil && rc.startReconnecting(st, e): // it reconnects
	case rc != nil && rc.isGivenUp():
		reg.postFinal(EventError, e)
	case e.Code == fault.Memory:
		reg.postFinal(EventError, e)
	case e.Code == fault.PeerClosed, e.Code == fault.WebSocketClosed:
		reg.postFinal(EventPeerClosed, e)
	case isLateMessage(e):
		reg.postFinalValue(EventTimeout, SilentMessage, e)
	case e.Code == fault.Silent:
		reg.postFinalValue(EventTimeout, SilentIdle, e)
	case syserr.IsUserTimeout(e):
		reg.postFinalValue(EventTimeout, SilentGone, e)
	default:
		reg.postFinal(EventReset, e)
	}
}
