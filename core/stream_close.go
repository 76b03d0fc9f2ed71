package core

import (
	"runtime"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/transport"
)

// state reports the state of the connection.
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
	case st.broken.Load() != nil, st.sharedFramingErr.Load() != nil:
		return StateBroken
	case st.writeClosed.Load():
		return StateWriteClosed
	}
	return StateOpen
}

// closeInOrder closes the connection; no call is inside. What was written is still sent
// in the background, for at most closeTimeout, or linger if that was set: the system
// itself would block in its close.
func (st *stream) closeInOrder(closeTimeout, linger time.Duration) {
	handed := false
	defer func() {
		if !handed { // a panic, or there is to be no orderly end
			defer st.reset()
			st.discardUnsent()
		}
	}()
	st.uncount()
	st.discardUnread()
	st.buffered.Store(0)
	st.lockWriteForClose()
	if linger == 0 {
		return
	}
	if more := st.tryFlushForClose(); linger < 0 && !more && st.broken.Load() == nil && st.conn.AllAcked() && !st.mustLinger(false) {
		handed = true
		st.closeConn()
		st.keepLateBytes()
		return
	}
	l := newLingering(closeTimeout, closeTimeout)
	if linger > 0 {
		l = newLingering(linger, closeTimeout)
	}
	st.lib.goLinger(l, func() {
		if l.run(st) == nil {
			st.awaitPeerEnd(l.limit)
		}
	})
	handed = true
}

// expectsMore tells whether the peer sends something that no reader has asked for:
// under TLS 1.3 the tickets of a server come after the client's handshake is done,
// and some servers send more then.
func (st *stream) expectsMore() bool { return st.layers != nil && st.layers.ExpectsMore() }

// discardUnread drops what was received and not read. The caller holds the read lock
// for good.
func (st *stream) discardUnread() {
	st.closedUnread = st.closedUnread || st.in.Len() > 0
	st.in.Drop()
	st.ws.Load().release(st)
}

// mustLinger tells whether the close has to wait for the peer's end. came: something
// was received during the close. A peer that was sent nothing has nothing to lose.
func (st *stream) mustLinger(came bool) bool {
	return (came || st.closedUnread) && st.conn.BytesOut() > 0 && st.conn.State() == transport.StateOpen || st.expectsMore()
}

// awaitPeerEnd waits for the peer's end after drainAndClose left the connection open: the
// peer is still sending, and the reset that answers data behind a close would destroy
// what it has not read.
func (st *stream) awaitPeerEnd(until func() time.Time) {
	if !st.lingers {
		return
	}
	defer st.closeConn()
	silence := time.Duration(lingerSilence)
	if st.expectsMore() {
		silence = farFuture
	}
	st.conn.AwaitEnd(until, silence)
}

// lingerSilence is after how much silence a peer that was sending counts as done.
const lingerSilence = time.Second

// drainAndClose waits until the peer's system has acknowledged everything, at most
// until what until returns at the time, and closes, unless awaitPeerEnd is to. False: it was
// cut.
func (st *stream) drainAndClose(until func() time.Time) bool {
	defer st.keepLateBytes()
	defer st.discardUnsent()
	closed := false
	defer func() {
		if !closed { // a panic, or the peer must not take a message cut short for the end
			st.reset()
		}
	}()
	st.discardUnread()
	st.lockWriteForClose()
	intact := st.broken.Load() == nil
	condition := st.conn.AwaitAcked(until, intact, st.tryFlushForClose)
	if condition == transport.StateReset || !intact || st.broken.Load() != nil {
		return false
	}
	closed = true
	if st.lingers = st.mustLinger(condition == transport.StateOpen); !st.lingers {
		st.closeConn()
	}
	return true
}

// abort resets the connection; no call is inside.
func (st *stream) abort() {
	defer st.reset()
	st.uncount()
	st.in.Drop()
	st.ws.Load().release(st)
	st.lockWriteForClose()
	st.discardUnsent()
}

// uncount takes a client out of the limits of its server; a channel's end is counted by
// the channel.
func (st *stream) uncount() {
	if v := st.server(); v != nil {
		v.uncount(st)
	}
}

// lockWriteForClose takes the write lock for good: the connection is being closed, and
// only a write that does not enter the gate may still hold it.
func (st *stream) lockWriteForClose() {
	for !st.writeLockKept {
		if st.writeLockKept = st.tryLockWrite(); !st.writeLockKept {
			runtime.Gosched()
		}
	}
	if sq := st.sendq.Load(); sq != nil && sq.timer != nil {
		sq.timer.Stop()
	}
}

// tryFlushForClose sends what is pending, and behind the last of it the ends of the
// layers, as far as it goes without blocking. more tells whether some is left. The
// caller holds both locks for good.
func (st *stream) tryFlushForClose() (more bool) {
	if st.broken.Load() != nil || st.tryFlushLocked() != nil {
		st.discardUnsent()
		return false
	}
	if st.hasQueued() || st.coalescedBytes() > 0 {
		return true
	}
	st.closeLayers()
	return false
}
