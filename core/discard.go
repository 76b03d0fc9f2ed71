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
	if u := s.packets.Load(); u != nil {
		return s.datagram(0, func(w *poll.Call, _ *live) (int, error) {
			if what == DiscardAll {
				return u.discardAll(w)
			}
			return u.discardOne(w)
		})
	}
	return s.overLink(0, fault.PhaseRead, func(time.Duration) (int, error) {
		// nothing of a client that was not taken is thrown away
		return s.readerPresent(0, fault.PhaseRead, func(w *poll.Call, st *stream, lv *live) (int, error) {
			if what == DiscardAll || lv.Stream() {
				return st.discardAll(w, lv, what)
			}
			f, err := st.next(w, lv, -1, nil)
			if err != nil {
				return 0, err
			}
			st.discarded(f.Total)
			st.forgetDiscarded()
			return f.Size, nil
		})
	})
}

// discardAll throws away the bytes of a mode without bounds, or the whole
// messages: the beginning of one stays, so that the stream can be understood.
// What stands in front of an error or of the end is thrown away first, and the
// next call tells of it.
func (st *stream) discardAll(w *poll.Call, lv *live, what DiscardWhat) (int, error) {
	st.follow(lv)
	defer st.forgetDiscarded()
	total, any, failed := 0, false, error(nil)
	for received := 0; failed == nil; {
		n, met, err := st.discardWhole(lv)
		total += n
		any = any || met
		if failed = err; failed != nil || received >= mostDiscarded {
			break
		}
		before := st.in.Len()
		failed = st.fill(w, lv)
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
func (st *stream) discardWhole(lv *live) (total int, any bool, err error) {
	for st.in.Len() > 0 {
		f, err := st.decode(lv)
		switch {
		case st.lost != nil:
			return total, any, st.lost
		case err == nil && f.Total == 0:
			return total, any, nil
		case err == nil:
			total += f.Size
			st.discarded(f.Total)
			st.stale = false
		}
		any = true
	}
	return total, any, nil
}

// discarded drops the message at the front.
func (st *stream) discarded(bytes int) {
	st.take(bytes)
	st.settleDebt()
	if st.att != nil {
		st.att.consumed(st, 1)
	}
}

// forgetDiscarded takes back the events of messages that were thrown away.
func (st *stream) forgetDiscarded() {
	if st.att != nil {
		st.att.forget(st.att.announced)
	}
}

// discardOne throws the datagram in front away.
func (u *datagrams) discardOne(w *poll.Call) (int, error) {
	if err := u.receive(w); err != nil {
		return 0, err
	}
	n := u.n
	u.gone()
	if u.att != nil {
		u.att.forget(0)
	}
	return n, nil
}

// discardAll throws all datagrams away that have arrived, and what the system
// reports about earlier ones.
func (u *datagrams) discardAll(w *poll.Call) (total int, err error) {
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
