package core

import (
	"container/list"
	"errors"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
	"wdsocket/core/wire"
)

// door is the entrance of a server whose clients have hand-shakes: it takes them from the system
// at once and makes each hand-shake in a goroutine of its own, so that a slow
// or silent client delays nobody. Clients whose hand-shake is done stand ready.
type door struct {
	v *server

	mu      lockorder.Mutex[lockorder.Handshakes]
	shaking *list.List // of *wire.Wait, the oldest first
	ready   []*stream
	came    chan struct{} // closed when something is ready or wrong
	trouble error         // why no clients can be taken now
}

func newDoor(v *server) *door {
	return &door{v: v, shaking: list.New(), came: make(chan struct{})}
}

// open starts taking clients. w belongs to the door from now on.
func (d *door) open(w *wire.Wait) {
	d.v.sock.lib.task("taking clients", d.v.sock, func() {
		defer w.Leave()
		for d.admit(w) {
		}
	})
}

// admit takes one client; false when the server is being closed.
func (d *door) admit(w *wire.Wait) bool {
	err := d.v.sock.lib.attempt("taking clients", func() error { return d.admitOne(w) })
	switch fault.CodeOf(err) {
	case fault.OK:
		return true
	case fault.Closed:
		return false
	}
	d.tell(nil, err)
	const pause = 100 * time.Millisecond
	return w.Pause(pause) == nil
}

func (d *door) admitOne(w *wire.Wait) error {
	st, err := d.v.take(w, admittedHandshake)
	if err != nil {
		return err
	}
	d.tell(nil, nil)
	d.shake(st)
	return nil
}

// tell notes a client that is ready, or why none can be taken.
func (d *door) tell(st *stream, trouble error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.trouble = trouble
	if st != nil {
		d.ready = append(d.ready, st)
	}
	if st != nil || trouble != nil {
		close(d.came)
		d.came = make(chan struct{})
		d.v.sock.stir()
	}
}

// shake makes the hand-shake of a client beside the others.
func (d *door) shake(st *stream) {
	begun := false
	defer func() {
		if !begun {
			st.abort()
		}
	}()
	limit, most := d.v.sock.handshakes()
	w := d.v.sock.gate.EnterTask()
	if w == nil {
		return
	}
	place := d.enroll(w, most)
	begun = true
	d.v.sock.lib.task("the hand-shake", d.v.sock, func() {
		defer w.Leave()
		defer d.strike(place)
		settled := false
		defer func() {
			if !settled { // a panic
				st.abort()
			}
		}()
		err := d.v.sock.lib.attempt("the hand-shake", func() error {
			return st.build(w, d.v.chain(), limit)
		})
		most := d.v.sock.backlog() // locks the socket, which must not happen under d.mu
		d.mu.Lock()
		d.shaking.Remove(place)
		full := len(d.ready) >= most
		d.mu.Unlock()
		closing := w.Woken() == fault.Closed
		settled = true
		switch {
		case errors.Is(err, errTooMany):
			st.abort()
		case err != nil:
			d.failed(st, wire.Wrap(err, fault.PhaseTLS, ""))
			d.v.sock.giveUp(st)
		case full || closing:
			d.v.refused.Add(1)
			st.abort()
		case d.v.admit(st, admittedReady):
			d.tell(st, nil)
		}
	})
}

// failed counts and logs a hand-shake that failed. A client that left without a
// word has begun none: a scan of ports, or a program that looks whether the server
// is there. Neither that nor what this side has ended is an error.
func (d *door) failed(st *stream, e *fault.Error) {
	s := d.v.sock
	switch e.Code {
	case fault.Cancelled:
		s.lib.log(levelTraffic, st, "given up, the limit %s is reached", intOptions[OptSSLPending].name)
		return
	case fault.Closed:
		s.lib.log(levelTraffic, st, "%v", e)
		return
	case fault.TLSHandshake, fault.PeerClosed, fault.Reset:
		if st.conn.In.Load() == 0 {
			s.lib.log(levelTraffic, st, "ended by the client before it sent anything")
			return
		}
	}
	s.failed(e)
	s.lib.log(levelError, st, "%v", e)
}

// strike takes a hand-shake off the list, if it is still there.
func (d *door) strike(place *list.Element) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shaking.Remove(place)
}

// enroll counts a hand-shake; of too many the oldest is given up.
func (d *door) enroll(w *wire.Wait, most int) *list.Element {
	d.mu.Lock()
	defer d.mu.Unlock()
	for old := d.shaking.Front(); old != nil && d.shaking.Len() >= most; old = d.shaking.Front() {
		old.Value.(*wire.Wait).Cancel()
		d.shaking.Remove(old)
	}
	return d.shaking.PushBack(w)
}

// next hands out a client that is ready, or waits for one as w says. The limits
// of clients hold anew: they may have been lowered.
func (d *door) next(w *wire.Wait) (*stream, error) {
	began := time.Now()
	for {
		d.mu.Lock()
		if len(d.ready) > 0 {
			st := d.ready[0]
			d.ready[0] = nil
			d.ready = d.ready[1:]
			d.mu.Unlock()
			if d.v.admit(st, admittedReady) {
				return st, nil
			}
			continue
		}
		came, trouble := d.came, d.trouble
		d.mu.Unlock()
		const bearable = time.Second
		if trouble != nil && time.Since(began) >= bearable {
			return nil, trouble
		}
		if err := w.For(came); err != nil {
			if trouble != nil && fault.CodeOf(err) == fault.Timeout {
				return nil, trouble
			}
			return nil, wire.Wrap(err, fault.PhaseAccept, d.v.sock.Label())
		}
	}
}

// close refuses the clients that are ready; no call is inside the server.
func (d *door) close() {
	d.mu.Lock()
	ready := d.ready
	d.ready = nil
	d.mu.Unlock()
	for _, st := range ready {
		defer st.abort() // a panic keeps none of the others from it
	}
}

// pending tells how many clients are ready.
func (d *door) pending() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.ready)
}
