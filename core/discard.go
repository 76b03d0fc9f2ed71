package core

import (
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
)

// DiscardWhat says what is thrown away (WDS_DISCARD_).
type DiscardWhat int32

// What can be thrown away.
const (
	DiscardMessage DiscardWhat = 1 // the message or datagram in front
	DiscardAll     DiscardWhat = 2 // all that has arrived
)

// mostDiscarded bounds what one call throws away: a peer that sends without end
// must not keep it for ever.
const mostDiscarded = 64 << 20

// Discard throws away what has arrived, and tells how many bytes of messages
// that were; it never waits. Errors as Read; fault.Timeout when there is no
// whole message in front, fault.NoClient.
func (s *Socket) Discard(what DiscardWhat) (int, error) {
	if u := s.udp.Load(); u != nil {
		return s.readUDP(0, func(w *poll.Call, _ *ioConfig) (int, error) {
			if what == DiscardAll {
				return u.discardAll(w)
			}
			return u.discardOne(w)
		})
	}
	return s.acrossReconnects(0, fault.PhaseRead, func(time.Duration) (int, error) {
		// nothing of a client that was not taken is thrown away
		return s.withPresentPeer(0, fault.PhaseRead, func(w *poll.Call, st *stream, cfg *ioConfig) (int, error) {
			if what == DiscardAll || cfg.Stream() {
				return st.discardAll(w, cfg, what)
			}
			f, err := st.nextMessage(w, cfg, -1, nil)
			if err != nil {
				return 0, err
			}
			st.discardFront(f.Total)
			st.forgetDiscardedEvents()
			return f.Size, nil
		})
	})
}

// discardAll throws away the bytes of a mode without bounds, or the whole
// messages: the beginning of one stays, so that the stream can be understood.
// What stands in front of an error or of the end is thrown away first, and the
// next call tells of it.
func (st *stream) discardAll(w *poll.Call, cfg *ioConfig, what DiscardWhat) (int, error) {
	st.useConfig(cfg)
	defer st.forgetDiscardedEvents()
	total, any, failed := 0, false, error(nil)
	for received := 0; failed == nil; {
		n, met, err := st.discardWhole(cfg)
		total += n
		any = any || met
		if failed = err; failed != nil || received >= mostDiscarded {
			break
		}
		before := st.in.Len()
		failed = st.fill(w, cfg)
		received += st.in.Len() - before
	}
	if failed == nil || any || fault.CodeOf(failed) == fault.Timeout && what == DiscardAll {
		return total, nil
	}
	return 0, failed
}

// discardWhole throws away what is whole in the buffer, damaged messages too.
// It tells how many bytes of messages that were, whether there was anything,
// and the error that nothing is understood behind.
func (st *stream) discardWhole(cfg *ioConfig) (total int, any bool, err error) {
	for st.in.Len() > 0 {
		f, err := st.decodeFront(cfg)
		switch {
		case st.framingErr != nil:
			return total, any, st.framingErr
		case err == nil && f.Total == 0:
			return total, any, nil
		case err == nil:
			total += f.Size
			st.discardFront(f.Total)
			st.discardNext = false
		}
		any = true
	}
	return total, any, nil
}

// discardFront drops the message at the front.
func (st *stream) discardFront(bytes int) {
	st.advance(bytes)
	st.lateReplyArrived()
	if st.registration != nil {
		st.registration.noteConsumed(st, 1)
	}
}

// forgetDiscardedEvents drops the events of discarded messages.
func (st *stream) forgetDiscardedEvents() {
	if st.registration != nil {
		st.registration.forgetMessages(st.registration.unread)
	}
}

// discardOne throws the datagram in front away.
func (u *udpSocket) discardOne(w *poll.Call) (int, error) {
	if err := u.receive(w); err != nil {
		return 0, err
	}
	n := u.n
	u.releaseHeld()
	if u.registration != nil {
		u.registration.forgetMessages(0)
	}
	return n, nil
}

// discardAll throws all datagrams away that have arrived, and what the system
// reports about earlier ones.
func (u *udpSocket) discardAll(w *poll.Call) (total int, err error) {
	const most = 1 << 16 // datagrams may be empty
	for count := 0; count < most && total < mostDiscarded; count++ {
		n, err := u.discardOne(w)
		switch fault.CodeOf(err) {
		case fault.OK, fault.PortUnreachable:
			total += n
		case fault.Timeout:
			return total, nil
		default:
			return total, err
		}
	}
	return total, nil
}
