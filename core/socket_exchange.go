package core

import (
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
)

// patience is the time-out of a read: a socket that a queue reads for never
// waits.
func (s *Socket) patience(timeout time.Duration) time.Duration {
	if s.attached.Load() != nil {
		return 0
	}
	return timeout
}

// partner borrows the stream that this socket reads and writes; giveBack must
// follow. A simplified server without a client waits for one if takes says so.
func (s *Socket) partner(w *poll.Call, takes bool, phase fault.Phase) (*stream, error) {
	if st := s.stream.Load(); st != nil {
		return st, nil
	}
	if v := s.server.Load(); v != nil {
		return v.borrow(w, takes, phase)
	}
	if s.packets.Load() != nil {
		return nil, fault.New(fault.Kind, phase, s.Label())
	}
	return nil, s.notOpen(phase)
}

// giveBack ends the use of a partner. err is what the call returns: an error
// that ends a simplified server's client ends it here.
func (s *Socket) giveBack(st *stream, err error) {
	if s.stream.Load() == st {
		return
	}
	if v := s.server.Load(); v != nil {
		v.giveBack(st, err != nil && (st.ended.Load() != nil || st.lost != nil) && endsClient(err))
	}
}

// endsClient tells whether an error of a read is the client's end, and not one
// of the call.
func endsClient(err error) bool {
	switch fault.CodeOf(err) {
	case fault.Timeout, fault.Cancelled, fault.Closed, fault.Buffer, fault.Text:
		return false
	}
	return true
}

// startRead begins a call with the reader's role; endRead ends it. A simplified
// server without a client says so unless the call takes one, also while another
// call has the role and waits for a client.
func (s *Socket) startRead(timeout time.Duration, takes bool, phase fault.Phase) (*poll.Call, error) {
	w, err := s.enter(s.patience(timeout), fault.PhaseRead)
	if err != nil {
		return nil, err
	}
	if v := s.server.Load(); v != nil && !takes {
		err = v.needClient(phase)
	}
	if err == nil {
		err = s.takeRole(fault.PhaseRead)
	}
	if err != nil {
		w.Leave()
		return nil, err
	}
	return w, nil
}

func (s *Socket) endRead(w *poll.Call) {
	s.dropRole()
	w.Leave()
}

// reader runs f with the reader's role on the stream.
func (s *Socket) reader(timeout time.Duration, f func(*poll.Call, *stream, *live) (int, error)) (int, error) {
	return s.overLink(timeout, fault.PhaseRead, func(left time.Duration) (int, error) { return s.readerOnce(left, f) })
}

// readerOnce is reader as long as one connection lasts.
func (s *Socket) readerOnce(timeout time.Duration, f func(*poll.Call, *stream, *live) (int, error)) (n int, err error) {
	return s.readerWith(timeout, true, fault.PhaseRead, f)
}

// readerPresent is readerOnce for what needs the peer to be there: a simplified
// server takes no client for it, which gives fault.NoClient.
func (s *Socket) readerPresent(timeout time.Duration, phase fault.Phase, f func(*poll.Call, *stream, *live) (int, error)) (n int, err error) {
	return s.readerWith(timeout, false, phase, f)
}

func (s *Socket) readerWith(timeout time.Duration, takes bool, phase fault.Phase, f func(*poll.Call, *stream, *live) (int, error)) (n int, err error) {
	w, err := s.startRead(timeout, takes, phase)
	if err != nil {
		return 0, err
	}
	defer s.endRead(w)
	st, err := s.partner(w, takes, phase)
	if err != nil {
		return 0, err
	}
	defer func() { s.giveBack(st, err) }()
	n, err = f(w, st, s.live.Load())
	s.met(st, err)
	return n, err
}

// Read reads one message into p; in raw mode the bytes that are there, at most
// len(p). On a simplified server the first read takes the client.
//
// Errors: fault.Timeout, fault.PeerClosed, fault.Reset, fault.Buffer (nothing
// consumed), fault.Frame, fault.Check, fault.TooLong, fault.Text,
// fault.Memory, fault.StandardServer, fault.NotConnected, fault.Busy,
// fault.Closed, fault.Cancelled.
func (s *Socket) Read(p []byte, timeout time.Duration) (int, error) {
	if n, ok := s.readBuffered(p); ok {
		return n, nil
	}
	return s.overLink(timeout, fault.PhaseRead, func(left time.Duration) (int, error) { return s.readOnce(p, left) })
}

// readOnce is Read as long as one connection lasts.
func (s *Socket) readOnce(p []byte, timeout time.Duration) (n int, err error) {
	w, err := s.startRead(timeout, true, fault.PhaseRead)
	if err != nil {
		return 0, err
	}
	defer s.endRead(w)
	if u := s.packets.Load(); u != nil {
		return u.readFrom(w, s.live.Load(), p, nil)
	}
	st, err := s.partner(w, true, fault.PhaseRead)
	if err != nil {
		return 0, err
	}
	defer func() { s.giveBack(st, err) }()
	n, err = st.readMessage(w, s.live.Load(), p)
	s.met(st, err)
	return n, err
}

// readBuffered reads a message that has arrived already, if there is one.
func (s *Socket) readBuffered(p []byte) (int, bool) {
	st := s.stream.Load()
	if st == nil || st.held.Load() == 0 || !s.tryRole() {
		return 0, false
	}
	defer s.dropRole()
	lv := s.live.Load()
	n, ok := st.tryBuffered(lv, p)
	if ok {
		s.deal(st, lv)
	}
	return n, ok
}

// Size waits as Read does and tells the length of the next message without
// taking it; in raw mode the bytes that are there. Errors as Read.
func (s *Socket) Size(timeout time.Duration) (int, error) {
	if u := s.packets.Load(); u != nil {
		return s.datagram(timeout, func(w *poll.Call, lv *live) (int, error) { return u.size(w, lv) })
	}
	return s.reader(timeout, func(w *poll.Call, st *stream, lv *live) (int, error) { return st.size(w, lv) })
}

// datagram runs f with the reader's role on a UDP socket.
func (s *Socket) datagram(timeout time.Duration, f func(*poll.Call, *live) (int, error)) (int, error) {
	w, err := s.startRead(timeout, true, fault.PhaseRead)
	if err != nil {
		return 0, err
	}
	defer s.endRead(w)
	return f(w, s.live.Load())
}

// ReadMany reads one message as Read does and with it every further whole one
// that has arrived and fits. They stand one behind the other in p; lengths,
// which has room for one at least, receives the length of each. It returns
// their number.
func (s *Socket) ReadMany(p []byte, lengths []int32, timeout time.Duration) (int, error) {
	if u := s.packets.Load(); u != nil {
		return s.datagram(timeout, func(w *poll.Call, lv *live) (int, error) { return u.readMany(w, lv, p, lengths) })
	}
	return s.reader(timeout, func(w *poll.Call, st *stream, lv *live) (int, error) {
		return st.readMany(w, lv, p, lengths)
	})
}

// ReadMessage reads one message and lends it; its Free must be called. In raw
// mode it is what is there, at most 65536 bytes.
func (s *Socket) ReadMessage(timeout time.Duration) (*mem.Message, error) {
	var m *mem.Message
	if u := s.packets.Load(); u != nil {
		_, err := s.datagram(timeout, func(w *poll.Call, lv *live) (n int, err error) {
			m, err = u.lend(w, lv)
			return 0, err
		})
		return m, err
	}
	_, err := s.reader(timeout, func(w *poll.Call, st *stream, lv *live) (n int, err error) {
		m, err = st.lendMessage(w, lv)
		return 0, err
	})
	return m, err
}

// Available tells how many bytes reads would give now: in raw mode bytes, in
// the others those of whole messages. Errors as Read.
func (s *Socket) Available() (int, error) {
	if u := s.packets.Load(); u != nil {
		n, err := s.Size(0)
		if fault.CodeOf(err) == fault.Timeout {
			return 0, nil
		}
		return n, err
	}
	return s.overLink(0, fault.PhaseRead, func(time.Duration) (int, error) {
		return s.readerPresent(0, fault.PhaseRead, func(w *poll.Call, st *stream, lv *live) (int, error) { return st.available(w, lv) })
	})
}

// Write writes one message and waits while the peer does not read, at most for
// the write time-out; on a UDP socket one datagram to the sender of the last
// one read. It returns len(msg).
//
// Errors: fault.Timeout, fault.Reset, fault.Broken, fault.WriteClosed,
// fault.TagInMessage, fault.TooLong, fault.Frame, fault.Text, fault.NoClient,
// fault.StandardServer, fault.NoDestination, fault.DatagramSize,
// fault.NotConnected, fault.Closed, fault.Cancelled.
func (s *Socket) Write(msg []byte) (int, error) {
	if s.writeGathered(msg) {
		return len(msg), nil
	}
	if done, err := s.writeQuick(msg); done {
		if err != nil {
			return 0, err
		}
		return len(msg), nil
	}
	return s.overLink(s.live.Load().writeTimeout, fault.PhaseWrite, func(left time.Duration) (int, error) { return s.writeOnce(msg, left) })
}

// writeOnce is Write as long as one connection lasts.
func (s *Socket) writeOnce(msg []byte, timeout time.Duration) (int, error) {
	lv := s.live.Load()
	w, err := s.enter(timeout, fault.PhaseWrite)
	if err != nil {
		return 0, err
	}
	defer w.Leave()
	if u := s.packets.Load(); u != nil {
		return s.reply(w, lv, u, msg)
	}
	st, err := s.partner(w, false, fault.PhaseWrite)
	if err != nil {
		return 0, err
	}
	defer s.giveBack(st, nil)
	n, err := st.write(w, lv, msg)
	if st.pressing() || (lv.sendQueue > 0 || lv.coalesce > 0 || lv.keeps()) && st.conn.HasUnsent() {
		s.carryOn(st)
	}
	s.hurry(st, lv)
	s.wrote(st)
	if err != nil {
		err = s.reason(w, st, err)
		s.unkept(st, lv, err)
		s.met(st, err)
	}
	return n, err
}

// carryOn sends what waits as far as it goes, and makes sure that somebody sends
// the rest.
func (s *Socket) carryOn(st *stream) {
	if st.carry() == nil && (st.conn.HasUnsent() || st.pressing()) {
		s.sendOn(st)
	}
}

// sendOn makes sure that somebody sends what the send queue holds: the queue
// that the socket is attached to, or a task.
func (s *Socket) sendOn(st *stream) {
	if s.attached.Load() != nil || !st.sending.CompareAndSwap(false, true) {
		return
	}
	w := s.gate.EnterTask()
	if w == nil {
		st.sending.Store(false)
		return
	}
	s.lib.task("sending on", s, func() {
		defer w.Leave()
		err := s.lib.attempt("sending on", func() error {
			defer st.sending.Store(false)
			return st.sendAll(w)
		})
		if fault.CodeOf(err) == fault.Internal {
			st.cutShort(err) // writes tell of it
		}
		if err == nil {
			s.drained(st)
			if st.conn.HasUnsent() || st.pressing() { // written since
				s.sendOn(st)
			}
		}
	})
}

// drained tells that the send queue is empty again, if a write was refused.
func (s *Socket) drained(st *stream) {
	if l, lv := st.link.Load(), s.live.Load(); l != nil && lv.keeps() && st.refused.Load() && !l.roomAgain(st, lv) {
		return
	}
	if a := s.attached.Load(); a != nil && st.refused.Swap(false) {
		a.post(EventWritable, 0, fault.OK)
		a.q.heat(a)
	}
}

// Flush waits until everything written is with the system, and no longer in
// the send queue. Errors: fault.Timeout, fault.Reset, fault.Kind,
// fault.NotConnected, fault.Closed, fault.Cancelled.
func (s *Socket) Flush(timeout time.Duration) error {
	_, err := s.overLink(timeout, fault.PhaseWrite, func(left time.Duration) (int, error) { return 0, s.flushOnce(left) })
	return err
}

// flushOnce is Flush as long as one connection lasts.
func (s *Socket) flushOnce(timeout time.Duration) error {
	w, err := s.enter(timeout, fault.PhaseWrite)
	if err != nil {
		return err
	}
	defer w.Leave()
	st := s.stream.Load()
	if st == nil {
		if s.server.Load() != nil || s.packets.Load() != nil {
			return fault.New(fault.Kind, fault.PhaseWrite, s.Label())
		}
		return s.notOpen(fault.PhaseWrite)
	}
	if l := st.link.Load(); l != nil && l.isDown() {
		return fault.New(fault.Reconnecting, fault.PhaseWrite, st.who())
	}
	if err = st.sendAll(w); err == nil {
		s.carryOn(st) // what was published while sendAll had the role
		s.drained(st)
	}
	err = s.reason(w, st, err)
	s.met(st, err)
	return err
}

// reply sends a datagram to the sender of the last one read.
func (s *Socket) reply(w *poll.Call, lv *live, u *datagrams, msg []byte) (int, error) {
	last, ok := u.lastEnds()
	if !ok {
		return 0, fault.New(fault.NoDestination, fault.PhaseWrite, s.Label())
	}
	return u.write(w, lv, msg, last.From)
}

// Exchange writes a request and reads its answer into reply, within timeout.
// What arrived before is thrown away, and an answer that comes after its
// exchange has timed out is never taken for the next one's. Errors as Write
// and Read; fault.Kind for a UDP socket.
func (s *Socket) Exchange(request, reply []byte, timeout time.Duration) (int, error) {
	if s.attached.Load() != nil { // it would have to wait
		return 0, fault.New(fault.Busy, fault.PhaseRead, s.Label()).With(fault.NoteReader)
	}
	return s.askOverLink(timeout, func(w *poll.Call, st *stream, lv *live) (int, error) {
		n, err := st.exchange(w, lv, request, reply)
		s.hurry(st, lv) // it may have collected its request and not waited
		return n, err
	})
}

// WriteTo sends one datagram; address "" is the sender of the last one read.
// Errors: fault.Kind on other sockets, fault.NoDestination, and those of
// looking up and sending.
func (s *Socket) WriteTo(msg []byte, address string, port int) (int, error) {
	lv := s.live.Load()
	w, err := s.enter(lv.writeTimeout, fault.PhaseWrite)
	if err != nil {
		return 0, err
	}
	defer w.Leave()
	u, err := s.udp(fault.PhaseWrite)
	if err != nil {
		return 0, err
	}
	if address == "" {
		return s.reply(w, lv, u, msg)
	}
	host, port, err := endpoint.Split(address, port)
	if err != nil {
		return 0, err
	}
	if port == 0 {
		return 0, endpoint.NoPort()
	}
	return u.writeNamed(w, s.options(), lv, msg, host, uint16(port))
}

func (s *Socket) udp(phase fault.Phase) (*datagrams, error) {
	if u := s.packets.Load(); u != nil {
		return u, nil
	}
	s.mu.Lock()
	kind := s.kind
	s.mu.Unlock()
	if kind == 0 || kind == KindUDP {
		return nil, s.notOpen(phase)
	}
	return nil, fault.New(fault.Kind, phase, s.Label())
}

// ReadFrom reads one datagram and its sender. accept, which may be nil, is
// asked with the sender first; if it refuses, nothing is taken.
func (s *Socket) ReadFrom(p []byte, timeout time.Duration, accept func(endpoint.Addr) error) (int, error) {
	u, err := s.udp(fault.PhaseRead)
	if err != nil {
		return 0, err
	}
	return s.datagram(timeout, func(w *poll.Call, lv *live) (int, error) { return u.readFrom(w, lv, p, accept) })
}
