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
	DiscardOlder   DiscardWhat = 3 // all whole messages or datagrams but the newest
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
			d := discardingDatagrams{u, w}
			switch what {
			case DiscardAll:
				return d.all()
			case DiscardOlder:
				return d.older()
			}
			return d.one()
		})
	}
	return s.acrossReconnects(0, fault.PhaseRead, func(time.Duration) (int, error) {
		// nothing of a client that was not taken is thrown away
		return s.withPresentPeer(0, fault.PhaseRead, func(w *poll.Call, st *stream, cfg *ioConfig) (int, error) {
			st.useConfig(cfg)
			d := discarding{st, w, cfg}
			defer d.forgetEvents()
			switch {
			case what == DiscardOlder:
				return d.older()
			case what == DiscardAll || cfg.Stream():
				return d.all(what)
			}
			f, err := st.nextMessage(w, cfg, -1, nil)
			if err != nil {
				return 0, err
			}
			d.front(f.Total)
			return f.Size, nil
		})
	})
}

// discarding throws away what a connection has received.
type discarding struct {
	st  *stream
	w   *poll.Call
	cfg *ioConfig
}

// all throws away the bytes of a mode without bounds, or the whole
// messages: the beginning of one stays, so that the stream can be understood.
// What stands in front of an error or of the end is thrown away first, and the
// next call tells of it.
func (d discarding) all(what DiscardWhat) (int, error) {
	st := d.st
	total, any, failed := 0, false, error(nil)
	for received := 0; failed == nil; {
		n, met, err := d.whole()
		total += n
		any = any || met
		if failed = err; failed != nil || received >= mostDiscarded {
			break
		}
		before := st.in.Len()
		failed = st.fill(d.w, d.cfg)
		received += st.in.Len() - before
	}
	if failed == nil || any || fault.CodeOf(failed) == fault.Timeout && what == DiscardAll {
		return total, nil
	}
	return 0, failed
}

// whole throws away what is whole in the buffer, damaged messages too.
// It tells how many bytes of messages that were, whether there was anything,
// and the error that nothing is understood behind.
func (d discarding) whole() (total int, any bool, err error) {
	st := d.st
	for st.in.Len() > 0 {
		f, err := st.decodeFront(d.cfg)
		switch {
		case st.framingErr != nil:
			return total, any, st.framingErr
		case err == nil && f.Total == 0:
			return total, any, nil
		case err == nil:
			total += f.Size
			d.front(f.Total)
			st.discardNext = false
		}
		any = true
	}
	return total, any, nil
}

// older throws away all whole messages but the newest, and the damaged ones in
// front of that. A mode without bounds has one, all that is there.
func (d discarding) older() (total int, err error) {
	st, cfg := d.st, d.cfg
	if cfg.Stream() || cfg.Gap() > 0 {
		return 0, nil
	}
	for received, failed := 0, error(nil); ; {
		n, whole, err := d.olderWhole()
		total += n
		if failed == nil {
			failed = err
		}
		if failed != nil || received >= mostDiscarded {
			if total == 0 && !whole && fault.CodeOf(failed) != fault.Timeout {
				return 0, failed
			}
			return total, nil
		}
		before := st.in.Len()
		failed = st.fill(d.w, d.cfg)
		received += st.in.Len() - before
	}
}

// olderWhole throws away the messages at the front that a whole one follows. It
// tells how many bytes of messages that were, whether a whole one is at the front then,
// and the error that nothing is understood behind.
func (d discarding) olderWhole() (total int, whole bool, err error) {
	st := d.st
	for {
		f, err := st.decodeFront(d.cfg)
		switch {
		case st.framingErr != nil:
			return total, false, err
		case err != nil: // damaged
		case f.Total == 0:
			return total, false, nil
		case st.discardNext: // of an exchange that was given up
			d.front(f.Total)
			st.discardNext = false
		case !d.followedByWhole(f.Total):
			return total, true, nil
		default:
			total += f.Size
			d.front(f.Total)
		}
	}
}

// followedByWhole tells whether a whole message stands behind the first at bytes.
func (d discarding) followedByWhole(at int) bool {
	for b := d.st.in.Bytes(); at < len(b); {
		f, err := d.cfg.decodeAt(d.st, at, 0)
		if err == nil || f.Total == 0 {
			return err == nil && f.Total > 0
		}
		at += f.Total // damaged
	}
	return false
}

// front drops the message at the front.
func (d discarding) front(bytes int) {
	st := d.st
	st.advance(bytes)
	st.lateReplyArrived()
	if st.registration != nil {
		st.registration.noteConsumed(st, 1)
	}
}

// forgetEvents drops the events of discarded messages.
func (d discarding) forgetEvents() {
	st := d.st
	if st.registration != nil {
		st.registration.forgetMessages(st.registration.unread)
	}
}

// discardingDatagrams throws away what a UDP socket has received.
type discardingDatagrams struct {
	u *udpSocket
	w *poll.Call
}

// one throws the datagram in front away.
func (d discardingDatagrams) one() (int, error) {
	u := d.u
	if err := u.receive(d.w); err != nil {
		return 0, err
	}
	n := u.n
	u.releaseHeld()
	if u.registration != nil {
		u.registration.forgetMessages(0)
	}
	return n, nil
}

// older throws all datagrams away that have arrived but the newest, which is told
// of anew in a queue.
func (d discardingDatagrams) older() (total int, err error) {
	u := d.u
	const most = 1 << 16 // datagrams may be empty
	if err := u.receive(d.w); err != nil {
		if fault.CodeOf(err) == fault.Timeout {
			return 0, nil
		}
		return 0, err
	}
	dropped := false
	for count := 0; count < most && total < mostDiscarded; count++ {
		newest, n, ends := u.block, u.n, u.ends
		u.block = nil
		err := u.receive(d.w)
		if fault.CodeOf(err) == fault.PortUnreachable {
			u.block, u.n, u.ends = newest, n, ends
			continue
		}
		if err != nil { // the newest it is
			u.block, u.n, u.ends = newest, n, ends
			break
		}
		u.lib.budget.Release(len(newest.Bytes()))
		newest.Recycle()
		total += n
		dropped = true
	}
	if reg := u.registration; reg != nil && dropped {
		reg.unread = 0
		reg.forgetMessages(0)
		reg.q.markReady(reg)
	}
	return total, nil
}

// all throws all datagrams away that have arrived, and what the system
// reports about earlier ones.
func (d discardingDatagrams) all() (total int, err error) {
	const most = 1 << 16 // datagrams may be empty
	for count := 0; count < most && total < mostDiscarded; count++ {
		n, err := d.one()
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
