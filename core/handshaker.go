package core

import (
	"container/list"
	"errors"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// handshaker accepts the clients of a server whose connections have layers: it
// takes them from the system at once and makes the handshakes of each in a
// goroutine of its own, so that a slow or silent client delays no other. Clients
// whose handshakes are done wait in ready.
type handshaker struct {
	v *server

	mu         lockorder.Mutex[lockorder.Handshakes]
	inProgress *list.List // of *poll.Call, the oldest first
	ready      []*stream
	readyCh    chan struct{} // closed when a client is ready or none can be accepted
	acceptErr  error         // why none can be accepted now
}

func newHandshaker(v *server) *handshaker {
	return &handshaker{v: v, inProgress: list.New(), readyCh: make(chan struct{})}
}

// start starts accepting clients. w belongs to the handshaker from now on.
func (h *handshaker) start(w *poll.Call) {
	h.v.sock.lib.goTask("taking clients", h.v.sock, func() {
		defer w.Leave()
		for h.acceptNext(w) {
		}
	})
}

// acceptNext accepts one client; false when the server is being closed.
func (h *handshaker) acceptNext(w *poll.Call) bool {
	err := h.v.sock.lib.recoverPanic("taking clients", func() error { return h.acceptOne(w) })
	switch fault.CodeOf(err) {
	case fault.OK:
		return true
	case fault.Closed:
		return false
	}
	h.offer(nil, err)
	const pause = 100 * time.Millisecond
	return w.Pause(pause) == nil
}

func (h *handshaker) acceptOne(w *poll.Call) error {
	st, err := h.v.acceptConn(w, admittedHandshake)
	if err != nil {
		return err
	}
	h.offer(nil, nil)
	h.handshake(st)
	return nil
}

// offer publishes a client that is ready, or why none can be accepted.
func (h *handshaker) offer(st *stream, acceptErr error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.acceptErr = acceptErr
	if st != nil {
		h.ready = append(h.ready, st)
	}
	if st != nil || acceptErr != nil {
		close(h.readyCh)
		h.readyCh = make(chan struct{})
		h.v.sock.wakeQueue()
	}
}

// handshake makes the handshakes of a client beside those of the others.
func (h *handshaker) handshake(st *stream) {
	begun := false
	defer func() {
		if !begun {
			st.abort()
		}
	}()
	limit, most := h.v.sock.handshakes()
	w := h.v.sock.gate.EnterTask()
	if w == nil {
		return
	}
	place := h.track(w, most)
	begun = true
	h.v.sock.lib.goTask("the handshake", h.v.sock, func() {
		defer w.Leave()
		defer h.untrack(place)
		settled := false
		defer func() {
			if !settled { // a panic
				st.abort()
			}
		}()
		err := h.v.sock.lib.recoverPanic("the handshake", func() error {
			c := h.v.chain(st)
			return forwardedClient(w, st, c.header, st.buildLayers(w, c, limit))
		})
		most := h.v.sock.listenBacklog() // locks the socket, which must not happen under h.mu
		h.mu.Lock()
		h.inProgress.Remove(place)
		full := len(h.ready) >= most
		h.mu.Unlock()
		closing := w.Woken() == fault.Closed
		settled = true
		var above limitError
		switch {
		case errors.As(err, &above):
			st.abort()
		case errors.Is(err, errHealthCheck):
			h.v.healthChecks.Add(1)
			h.v.sock.lib.log(levelAll, st, "health check")
			st.abort()
		case err != nil:
			h.failed(st, syserr.Wrap(err, fault.PhaseAccept, ""))
			h.v.sock.closeAfterHandshake(st)
		case full || closing:
			h.v.refused.Add(1)
			st.abort()
		case h.v.makeReady(st):
			h.offer(st, nil)
		}
	})
}

// failed counts and logs a handshake that failed. A client that left without a
// word has begun none: a scan of ports, or a program that looks whether the server
// is there. Neither that nor what this side has ended is an error.
func (h *handshaker) failed(st *stream, e *fault.Error) {
	s := h.v.sock
	switch e.Code {
	case fault.Cancelled:
		s.lib.log(levelTraffic, st, "given up, the limit %s is reached", option.Ints()[option.SSLPending].Name)
		return
	case fault.Closed:
		s.lib.log(levelTraffic, st, "%v", e)
		return
	case fault.TLSHandshake, fault.PeerClosed, fault.Reset:
		if leftWithoutAWord(st) {
			s.lib.log(levelTraffic, st, "ended by the client before it sent anything")
			return
		}
	}
	s.counters.CountOpenFailure(e)
	s.lib.log(levelError, st, "%v", e)
}

// untrack takes a handshake off the list, if it is still there.
func (h *handshaker) untrack(place *list.Element) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.inProgress.Remove(place)
}

// track lists a handshake; of too many the oldest is given up.
func (h *handshaker) track(w *poll.Call, most int) *list.Element {
	h.mu.Lock()
	defer h.mu.Unlock()
	for old := h.inProgress.Front(); old != nil && h.inProgress.Len() >= most; old = h.inProgress.Front() {
		old.Value.(*poll.Call).Cancel()
		h.inProgress.Remove(old)
	}
	return h.inProgress.PushBack(w)
}

// next hands out a client that is ready, or waits for one as w says. The limits
// of clients hold anew: they may have been lowered.
func (h *handshaker) next(w *poll.Call) (*stream, error) {
	began := time.Now()
	for {
		h.mu.Lock()
		if len(h.ready) > 0 {
			st := h.ready[0]
			h.ready[0] = nil
			h.ready = h.ready[1:]
			h.mu.Unlock()
			if h.v.allowed(st) {
				return st, nil
			}
			continue
		}
		readyCh, acceptErr := h.readyCh, h.acceptErr
		h.mu.Unlock()
		const bearable = time.Second
		if acceptErr != nil && time.Since(began) >= bearable {
			return nil, acceptErr
		}
		if err := w.For(readyCh); err != nil {
			if acceptErr != nil && fault.CodeOf(err) == fault.Timeout {
				return nil, acceptErr
			}
			return nil, syserr.Wrap(err, fault.PhaseAccept, h.v.sock.Label())
		}
	}
}

// close refuses the clients that are ready; no call is inside the server.
func (h *handshaker) close() {
	h.mu.Lock()
	ready := h.ready
	h.ready = nil
	h.mu.Unlock()
	for _, st := range ready {
		defer st.abort() // a panic keeps none of the others from it
	}
}

// readyCount tells how many clients are ready.
func (h *handshaker) readyCount() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.ready)
}
