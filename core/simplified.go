package core

import (
	"wdsocket/core/fault"
	"wdsocket/core/poll"
)

// The client of a simplified server: calls and tasks that use it count, and the last one closes it.

// acquireClient returns the simplified client for the time of a call; releaseClient
// must follow. If there is none, one is waited for if mayAccept is set, otherwise the
// error is fault.NoClient.
func (v *server) acquireClient(w *poll.Call, mayAccept bool, phase fault.Phase) (*stream, error) {
	st, err := v.acquirePresent()
	if st != nil || err != nil {
		return st, err
	}
	if !mayAccept {
		return nil, fault.New(fault.NoClient, phase, v.sock.Label())
	}
	if !v.accepting.CompareAndSwap(false, true) {
		return nil, fault.New(fault.Busy, fault.PhaseAccept, v.sock.Label()).With(fault.NoteReader)
	}
	defer v.accepting.Store(false)
	if st, err = v.nextClient(w); err != nil {
		return nil, overdueAccept(v, w, err)
	}
	v.mu.Lock()
	if v.standard { // became so meanwhile: the client is a request, if none is pending
		v.mu.Unlock()
		v.requeue(st)
		return nil, v.notSimplified()
	}
	st.refs = 1
	v.client = st
	v.countLocked(st, admittedNot) // it is no channel: it does not keep the next one from waiting
	v.mu.Unlock()
	v.sock.mu.Lock()
	v.sock.recordLocked() // the options may have changed meanwhile
	v.sock.mu.Unlock()
	v.accepted.Add(1)
	v.sock.lib.log(levelTraffic, st, "accepted")
	return st, nil
}

func (v *server) notSimplified() error {
	return fault.New(fault.StandardServer, fault.PhaseCall, v.sock.Label())
}

// needClient gives fault.NoClient where there is none.
func (v *server) needClient(phase fault.Phase) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.standard:
		return v.notSimplified()
	case v.client == nil:
		return fault.New(fault.NoClient, phase, v.sock.Label())
	}
	return nil
}

// acquirePresent acquires the present client; nil if there is none.
func (v *server) acquirePresent() (*stream, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.standard {
		return nil, v.notSimplified()
	}
	if v.client == nil {
		return nil, nil
	}
	v.client.refs++
	return v.client, nil
}

// releaseClient ends the use of a client. If it is over, its last user closes it.
func (v *server) releaseClient(st *stream, over bool) {
	v.mu.Lock()
	if over {
		v.retireClientLocked(st) // while st counts as used, or it would be closed twice
	}
	st.refs--
	last := st.closing && st.refs == 0
	v.mu.Unlock()
	if last {
		v.finishClient(st)
	}
}

// retireClientLocked removes st as the client. Its last user closes it: the caller if
// the result is true.
func (v *server) retireClientLocked(st *stream) (last bool) {
	if v.client == st {
		v.client = nil
	}
	if st.closing {
		return false
	}
	st.closing = true
	if v.flushCall != nil {
		v.flushCall.Cancel()
		v.flushCall = nil // the next client's task has its own
	}
	return st.refs == 0
}

func (v *server) finishClient(st *stream) {
	v.sock.lib.log(levelTraffic, st, "closed")
	closeTimeout, linger := v.sock.closeLimits()
	v.mu.Lock()
	v.keepClientStatsLocked(st)
	v.mu.Unlock()
	st.closeInOrder(closeTimeout, linger)
}

// holdForFlush counts a task that flushes as a user of a simplified server's client: the
// descriptor stays as long as the task, whose call w is cancelled when the client is over.
// False: it is over.
func holdForFlush(v *server, st *stream, w *poll.Call) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if st.closing {
		return false
	}
	st.refs++
	v.flushCall = w
	return true
}

// releaseFromFlush ends what holdForFlush began; w is still inside.
func releaseFromFlush(v *server, st *stream, w *poll.Call) {
	v.mu.Lock()
	if v.flushCall == w { // else the next task's
		v.flushCall = nil
	}
	v.mu.Unlock()
	v.releaseClient(st, false)
}
