package core

import (
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/wire"
)

// state tells the truth about the connection.
func (st *stream) state() State {
	if e := st.ended.Load(); e != nil {
		if e.Code == fault.PeerClosed {
			return StatePeerClosed
		}
		return StateReset
	}
	condition := st.conn.Look()
	switch {
	case condition == wire.Cut:
		return StateReset
	case condition == wire.PeerEnded:
		return StatePeerClosed
	case st.broken.Load() != nil, st.astray.Load() != nil:
		return StateBroken
	case st.shut.Load():
		return StateWriteClosed
	}
	return StateOpen
}

// finish closes the connection; nobody is inside. What was written still goes
// out in the background, at most for patience.
func (st *stream) finish(patience, linger time.Duration) {
	st.in.drop()
	st.held.Store(0)
	if linger == 0 {
		st.conn.Abort()
		return
	}
	st.farewell()
	if linger > 0 || st.broken.Load() == nil && st.conn.Settled() {
		st.conn.Close()
		return
	}
	st.lib.task(func() { st.settle(time.Now().Add(patience)) })
}

// settle waits until what was written is out, then closes. False: it was cut.
func (st *stream) settle(until time.Time) bool {
	st.in.drop()
	st.farewell()
	whole := st.broken.Load() == nil
	if !st.conn.Settle(until, whole) || !whole {
		st.conn.Abort() // the peer must not take a message cut short for the end
		return false
	}
	st.conn.Close()
	return true
}

// abort resets the connection; nobody is inside.
func (st *stream) abort() {
	st.in.drop()
	st.conn.Abort()
}
