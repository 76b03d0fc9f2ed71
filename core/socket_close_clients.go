package core

import (
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
)

// CloseWithClients ends a server, and every client that it has accepted, each as Close
// does or, with abort, as Abort does. It waits, at most timeout, until what was written
// to the clients has reached their systems; 0 does not wait. A server that is not open
// is closed, too. release is told of each socket before it is closed.
//
// Errors: fault.Timeout (what is left still goes out in the background, at most for the
// close time-out), fault.Kind (not a server), fault.Handle (closed already).
func (s *Socket) CloseWithClients(abort bool, timeout time.Duration, release func(*Socket)) error {
	if kind := s.Kind(); kind != 0 && kind != KindServer {
		return s.wrongKind(fault.PhaseClose, textNeedsServer)
	}
	release(s)
	end := s.Close
	if abort {
		end = s.Abort
	}
	if err := end(); err != nil {
		return err
	}
	channels, err := s.Channels()
	if err != nil { // it never was open
		return nil
	}
	for _, ch := range channels {
		release(ch)
	}
	if abort || timeout == 0 {
		closeTogether(channels, abort)
		return nil
	}
	return s.closeAndWaitTogether(channels, timeout)
}

// closeTogether closes sockets without waiting for what was written. All are woken
// before any is waited for.
func closeTogether(sockets []*Socket, abort bool) {
	gates := make([]*poll.Gate, 0, len(sockets))
	for _, s := range sockets {
		last := s.tearDown
		if abort {
			last = func() { s.end((*stream).abort) }
		}
		if s.shut(last, 0) { // else another call has closed it
			gates = append(gates, &s.gate)
		}
	}
	awaitEmpty(gates)
}

// closeAndWaitTogether closes the channels of a server in order and waits for all of
// them, at most timeout altogether.
func (s *Socket) closeAndWaitTogether(channels []*Socket, timeout time.Duration) error {
	var late <-chan time.Time
	if timeout > 0 {
		timer := time.NewTimer(timeout)
		defer timer.Stop()
		late = timer.C
	}
	ends := make(map[*Socket]*lingering, len(channels))
	for _, ch := range channels {
		if l, err := ch.beginOrderlyClose(-1); err == nil { // else another call closes it
			ends[ch] = l
		}
	}
	over, unsent := false, false
	for ch, l := range ends {
		if !over {
			select {
			case <-l.done: // a client that has gone meanwhile is closed, too
				continue
			case <-late:
				over = true
			}
		}
		if ch.releaseCloser(fault.Timeout, ch.options().CloseTimeout) != nil { // else it ended just now
			unsent = true
		}
	}
	if unsent {
		return fault.New(fault.Timeout, fault.PhaseClose, s.Label())
	}
	return nil
}

// awaitEmpty waits until no call is inside, for at most wakeTimeout altogether.
func awaitEmpty(gates []*poll.Gate) {
	timer := time.NewTimer(wakeTimeout)
	defer timer.Stop()
	for _, g := range gates {
		select {
		case <-g.Empty():
		case <-timer.C:
			return
		}
	}
}
