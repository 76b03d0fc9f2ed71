package core

import (
	"runtime"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/transport"
)

// state tells the truth about the connection.
func (st *stream) state() State {
	if e := st.ended.Load(); e != nil {
		if e.Code == fault.PeerClosed {
			return StatePeerClosed
		}
		return StateReset
	}
	condition := st.conn.State()
	switch {
	case condition == transport.StateReset:
		return StateReset
	case condition == transport.StatePeerClosed:
		return StatePeerClosed
	case st.broken.Load() != nil, st.astray.Load() != nil:
		return StateBroken
	case st.shut.Load():
		return StateWriteClosed
	}
	return StateOpen
}

// finish closes the connection; no call is inside. What was written still goes
// out in the background, at most for patience, or for linger if that was set: the
// system itself would make its close wait.
func (st *stream) finish(patience, linger time.Duration) {
	handed := false
	defer func() {
		if !handed { // a panic, or there is to be no orderly end
			defer st.cutOff()
			st.forsake()
		}
	}()
	st.uncount()
	st.leaveUnread()
	st.held.Store(0)
	st.stopWriting()
	if linger == 0 {
		return
	}
	if more := st.feed(); linger < 0 && !more && st.broken.Load() == nil && st.conn.AllAcked() && !st.endsLate(false) {
		handed = true
		st.closeConn()
		st.keepLate()
		return
	}
	l := newLingering(patience, patience)
	if linger > 0 {
		l = newLingering(linger, patience)
	}
	st.lib.linger(l, func() {
		if l.run(st) == nil {
			st.outlast(l.limit)
		}
	})
	handed = true
}

// expectsMore tells whether the peer sends something that no reader has asked for:
// under TLS 1.3 the tickets of a server come after the client's hand-shake is done,
// and some servers send more then.
func (st *stream) expectsMore() bool { return st.on != nil && st.on.ExpectsMore() }

// leaveUnread throws away what came and was not read; the caller has the reader's
// role for good.
func (st *stream) leaveUnread() {
	st.unread = st.unread || st.in.Len() > 0
	st.in.Drop()
}

// endsLate tells whether the connection is for outlast. came: something came in
// while it was being closed. A peer that was sent nothing has nothing to lose.
func (st *stream) endsLate(came bool) bool {
	return (came || st.unread) && st.conn.BytesOut() > 0 && st.conn.State() == transport.StateOpen || st.expectsMore()
}

// outlast ends a connection that settle left open: the peer sends, and would lose
// what it has not read to the answer of the system to what comes behind a close.
func (st *stream) outlast(until func() time.Time) {
	if !st.late {
		return
	}
	defer st.closeConn()
	silence := time.Duration(sendsSilence)
	if st.expectsMore() {
		silence = farAway
	}
	st.conn.AwaitEnd(until, silence)
}

// sendsSilence is after how much silence a peer that was sending counts as done.
const sendsSilence = time.Second

// settle waits until what was written is out, at most until what until tells at
// the time, then closes, unless outlast is to do that. False: it was cut.
func (st *stream) settle(until func() time.Time) bool {
	defer st.keepLate()
	defer st.forsake()
	closed := false
	defer func() {
		if !closed { // a panic, or the peer must not take a message cut short for the end
			st.cutOff()
		}
	}()
	st.leaveUnread()
	st.stopWriting()
	whole := st.broken.Load() == nil
	condition := st.conn.AwaitAcked(until, whole, st.feed)
	if condition == transport.StateReset || !whole || st.broken.Load() != nil {
		return false
	}
	closed = true
	if st.late = st.endsLate(condition == transport.StateOpen); !st.late {
		st.closeConn()
	}
	return true
}

// abort resets the connection; no call is inside.
func (st *stream) abort() {
	defer st.cutOff()
	st.uncount()
	st.in.Drop()
	st.stopWriting()
	st.forsake()
}

// uncount is the end of a client in the limits of the server that took it; a
// channel's end is told by the channel.
func (st *stream) uncount() {
	if v := st.home(); v != nil {
		v.uncount(st)
	}
}

// stopWriting takes the writer's role for good: the connection is being closed,
// and only a write that does not enter the gate may still be under way.
func (st *stream) stopWriting() {
	for !st.writer {
		if st.writer = st.tryTurn(); !st.writer {
			runtime.Gosched()
		}
	}
	if b := st.back.Load(); b != nil && b.timer != nil {
		b.timer.Stop()
	}
}

// feed sends on what waits, and the ends of the layers behind the last of it, as far as
// it goes without waiting; the caller has both roles for good. It tells whether
// there is more to come.
func (st *stream) feed() (more bool) {
	if st.broken.Load() != nil || st.push() != nil {
		st.forsake()
		return false
	}
	if st.queued() || st.gathered() > 0 {
		return true
	}
	st.farewell()
	return false
}
