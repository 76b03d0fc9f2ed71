package core

import (
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
)

// readTimeout is the time-out of a read: 0 on a socket that a queue reads for.
func (s *Socket) readTimeout(timeout time.Duration) time.Duration {
	if s.registration.Load() != nil {
		return 0
	}
	return timeout
}

// acquireStream returns the stream that this socket reads and writes; releaseStream
// must follow. A simplified server without a client waits for one if mayAccept is set.
func (s *Socket) acquireStream(w *poll.Call, mayAccept bool, phase fault.Phase) (*stream, error) {
	if st := s.stream.Load(); st != nil {
		return st, nil
	}
	if v := s.server.Load(); v != nil {
		return v.acquireClient(w, mayAccept, phase)
	}
	if s.udp.Load() != nil {
		return nil, s.wrongKind(phase, textNeedsConnection)
	}
	return nil, s.notOpen(phase)
}

// releaseStream ends the use of an acquired stream. err is what the call returns: an
// error that ends a simplified server's client ends it here.
func (s *Socket) releaseStream(st *stream, err error) {
	if s.stream.Load() == st {
		return
	}
	if v := s.server.Load(); v != nil {
		v.releaseClient(st, err != nil && (st.ended.Load() != nil || st.framingErr != nil) && endsClient(err))
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

// startRead begins a call with the read lock; endRead ends it. A simplified server
// without a client fails unless mayAccept is set, also while another call holds the
// lock and waits for a client.
func (s *Socket) startRead(timeout time.Duration, mayAccept bool, phase fault.Phase) (*poll.Call, error) {
	w, err := s.enter(s.readTimeout(timeout), fault.PhaseRead)
	if err != nil {
		return nil, err
	}
	if v := s.server.Load(); v != nil && !mayAccept {
		err = v.needClient(phase)
	}
	if err == nil {
		err = s.lockRead(fault.PhaseRead)
	}
	if err != nil {
		w.Leave()
		return nil, err
	}
	return w, nil
}

func (s *Socket) endRead(w *poll.Call) {
	s.unlockRead()
	w.Leave()
}

// withReader runs f with the read lock on the stream, across reconnects.
func (s *Socket) withReader(timeout time.Duration, f func(*poll.Call, *stream, *ioConfig) (int, error)) (int, error) {
	return s.acrossReconnects(timeout, fault.PhaseRead, func(left time.Duration) (int, error) { return s.withReaderOnce(left, f) })
}

// withReaderOnce is withReader on one connection.
func (s *Socket) withReaderOnce(timeout time.Duration, f func(*poll.Call, *stream, *ioConfig) (int, error)) (n int, err error) {
	return s.withStream(timeout, true, fault.PhaseRead, f)
}

// withPresentPeer is withReaderOnce for what needs the peer: a simplified server
// accepts no client for it (fault.NoClient).
func (s *Socket) withPresentPeer(timeout time.Duration, phase fault.Phase, f func(*poll.Call, *stream, *ioConfig) (int, error)) (n int, err error) {
	return s.withStream(timeout, false, phase, f)
}

func (s *Socket) withStream(timeout time.Duration, mayAccept bool, phase fault.Phase, f func(*poll.Call, *stream, *ioConfig) (int, error)) (n int, err error) {
	w, err := s.startRead(timeout, mayAccept, phase)
	if err != nil {
		return 0, err
	}
	defer s.endRead(w)
	st, err := s.acquireStream(w, mayAccept, phase)
	if err != nil {
		return 0, err
	}
	defer func() { s.releaseStream(st, err) }()
	cfg := s.config.Load()
	n, err = f(w, st, cfg)
	err = overdueRead(st, w, cfg, phase, err)
	s.onError(st, err)
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
	return s.acrossReconnects(timeout, fault.PhaseRead, func(left time.Duration) (int, error) { return s.readOnce(p, left) })
}

// readOnce is Read on one connection.
func (s *Socket) readOnce(p []byte, timeout time.Duration) (n int, err error) {
	w, err := s.startRead(timeout, true, fault.PhaseRead)
	if err != nil {
		return 0, err
	}
	defer s.endRead(w)
	if u := s.udp.Load(); u != nil {
		n, err = u.readFrom(w, s.config.Load(), p, nil)
		return n, overdueDatagram(u, w, err)
	}
	st, err := s.acquireStream(w, true, fault.PhaseRead)
	if err != nil {
		return 0, err
	}
	defer func() { s.releaseStream(st, err) }()
	cfg := s.config.Load()
	n, err = st.readMessage(w, cfg, p)
	err = overdueRead(st, w, cfg, fault.PhaseRead, err)
	s.onError(st, err)
	return n, err
}

// readBuffered reads a message that is buffered, if there is one.
func (s *Socket) readBuffered(p []byte) (int, bool) {
	st := s.stream.Load()
	if st == nil || st.buffered.Load() == 0 || !s.tryLockRead() {
		return 0, false
	}
	defer s.unlockRead()
	cfg := s.config.Load()
	n, ok := st.tryBuffered(cfg, p)
	if ok {
		s.deal(st, cfg)
	}
	return n, ok
}

// Size waits as Read does and tells the length of the next message without
// taking it; in raw mode the bytes that are there. Errors as Read.
func (s *Socket) Size(timeout time.Duration) (int, error) {
	if u := s.udp.Load(); u != nil {
		return s.readUDP(timeout, func(w *poll.Call, cfg *ioConfig) (int, error) { return u.size(w, cfg) })
	}
	return s.withReader(timeout, func(w *poll.Call, st *stream, cfg *ioConfig) (int, error) { return st.size(w, cfg) })
}

// readUDP runs f with the read lock on a UDP socket.
func (s *Socket) readUDP(timeout time.Duration, f func(*poll.Call, *ioConfig) (int, error)) (int, error) {
	w, err := s.startRead(timeout, true, fault.PhaseRead)
	if err != nil {
		return 0, err
	}
	defer s.endRead(w)
	n, err := f(w, s.config.Load())
	return n, overdueDatagram(s.udp.Load(), w, err)
}

// ReadMany reads one message as Read does and with it every further whole one
// that has arrived and fits. They stand one behind the other in p; lengths,
// which has room for one at least, receives the length of each. It returns
// their number.
func (s *Socket) ReadMany(p []byte, lengths []int32, timeout time.Duration) (int, error) {
	if u := s.udp.Load(); u != nil {
		return s.readUDP(timeout, func(w *poll.Call, cfg *ioConfig) (int, error) { return u.readMany(w, cfg, p, lengths) })
	}
	return s.withReader(timeout, func(w *poll.Call, st *stream, cfg *ioConfig) (int, error) {
		return st.readMany(w, cfg, p, lengths)
	})
}

// ReadMessage reads one message and lends it; its Free must be called. In raw
// mode it is what is there, at most 65536 bytes.
func (s *Socket) ReadMessage(timeout time.Duration) (*mem.Message, error) {
	var m *mem.Message
	if u := s.udp.Load(); u != nil {
		_, err := s.readUDP(timeout, func(w *poll.Call, cfg *ioConfig) (n int, err error) {
			m, err = u.lend(w, cfg)
			return 0, err
		})
		return m, err
	}
	_, err := s.withReader(timeout, func(w *poll.Call, st *stream, cfg *ioConfig) (n int, err error) {
		m, err = st.lendMessage(w, cfg)
		return 0, err
	})
	return m, err
}

// Available tells how many bytes reads would give now: in raw mode bytes, in
// the others those of whole messages. Errors as Read.
func (s *Socket) Available() (int, error) {
	if u := s.udp.Load(); u != nil {
		n, err := s.Size(0)
		if fault.CodeOf(err) == fault.Timeout {
			return 0, nil
		}
		return n, err
	}
	return s.acrossReconnects(0, fault.PhaseRead, func(time.Duration) (int, error) {
		return s.withPresentPeer(0, fault.PhaseRead, func(w *poll.Call, st *stream, cfg *ioConfig) (int, error) { return st.available(w, cfg) })
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
	if s.writeCoalescing(msg) {
		return len(msg), nil
	}
	if done, err := s.writeQuick(msg); done {
		if err != nil {
			return 0, err
		}
		return len(msg), nil
	}
	return s.acrossReconnects(s.config.Load().writeTimeout, fault.PhaseWrite, func(left time.Duration) (int, error) { return s.writeOnce(msg, left) })
}

// writeOnce is Write on one connection.
func (s *Socket) writeOnce(msg []byte, timeout time.Duration) (int, error) {
	cfg := s.config.Load()
	w, err := s.enter(timeout, fault.PhaseWrite)
	if err != nil {
		return 0, err
	}
	defer w.Leave()
	if u := s.udp.Load(); u != nil {
		return s.reply(w, cfg, u, msg)
	}
	st, err := s.acquireStream(w, false, fault.PhaseWrite)
	if err != nil {
		return 0, err
	}
	defer s.releaseStream(st, nil)
	n, err := st.sendMessage(w, cfg, msg)
	if st.needsFlush() || (cfg.sendQueueLimit > 0 || cfg.coalesce > 0 || cfg.keepsMessages()) && st.conn.HasUnsent() {
		s.ensureFlush(st)
	}
	s.scheduleFlush(st, cfg)
	s.watchAcks(st)
	if err != nil {
		err = s.cutReason(w, st, err)
		s.watchForRoom(st, cfg, err)
		s.onError(st, err)
	}
	return n, err
}

// ensureFlush flushes as far as it goes, and leaves the rest to the event queue or a
// task.
func (s *Socket) ensureFlush(st *stream) {
	if st.tryFlush() == nil && (st.conn.HasUnsent() || st.needsFlush()) {
		s.startFlushTask(st)
	}
}

// startFlushTask starts a task that flushes, unless one runs or the event queue of the
// socket does it.
func (s *Socket) startFlushTask(st *stream) {
	if s.registration.Load() != nil || !st.flushing.CompareAndSwap(false, true) {
		return
	}
	w := s.gate.EnterTask()
	if w == nil {
		st.flushing.Store(false)
		return
	}
	v := s.server.Load()
	if v != nil && !holdForFlush(v, st, w) {
		st.flushing.Store(false)
		w.Leave()
		return
	}
	s.lib.goTask("sending on", s, func() {
		defer w.Leave()
		if v != nil {
			defer releaseFromFlush(v, st, w)
		}
		err := s.lib.recoverPanic("sending on", func() error {
			defer st.flushing.Store(false)
			return st.flush(w)
		})
		if fault.CodeOf(err) == fault.Internal {
			st.markBroken(err) // writes tell of it
		}
		if err == nil {
			s.postWritable(st)
			if st.conn.HasUnsent() || st.needsFlush() { // written since
				s.startFlushTask(st)
			}
		}
	})
}

// postWritable posts EventWritable if a write was refused and there is room again.
func (s *Socket) postWritable(st *stream) {
	if rc, cfg := st.reconnector.Load(), s.config.Load(); rc != nil && cfg.keepsMessages() && st.writeRefused.Load() && !rc.hasRoomAgain(st, cfg) {
		return
	}
	if reg := s.registration.Load(); reg != nil && st.writeRefused.Swap(false) {
		reg.post(EventWritable, 0, fault.OK)
		reg.q.markReady(reg)
	}
}

// Flush waits until everything written is with the system, and no longer in
// the send queue. Errors: fault.Timeout, fault.Reset, fault.Kind,
// fault.NotConnected, fault.Closed, fault.Cancelled.
func (s *Socket) Flush(timeout time.Duration) error {
	_, err := s.acrossReconnects(timeout, fault.PhaseWrite, func(left time.Duration) (int, error) { return 0, s.flushOnce(left) })
	return err
}

// flushOnce is Flush on one connection.
func (s *Socket) flushOnce(timeout time.Duration) error {
	w, err := s.enter(timeout, fault.PhaseWrite)
	if err != nil {
		return err
	}
	defer w.Leave()
	st := s.stream.Load()
	if st == nil {
		if s.server.Load() != nil || s.udp.Load() != nil {
			return s.wrongKind(fault.PhaseWrite, textNeedsConnection)
		}
		return s.notOpen(fault.PhaseWrite)
	}
	if rc := st.reconnector.Load(); rc != nil && rc.isDown() {
		return fault.New(fault.Reconnecting, fault.PhaseWrite, st.peerLabel())
	}
	if err = st.flush(w); err == nil {
		s.ensureFlush(st) // what was published while flush held the lock
		s.postWritable(st)
	}
	err = s.cutReason(w, st, overdueFlush(st, w, err))
	s.onError(st, err)
	return err
}

// reply sends a datagram to the sender of the last one read.
func (s *Socket) reply(w *poll.Call, cfg *ioConfig, u *udpSocket, msg []byte) (int, error) {
	last, ok := u.lastEnds()
	if !ok {
		return 0, fault.New(fault.NoDestination, fault.PhaseWrite, s.Label())
	}
	return u.write(w, cfg, msg, last.From)
}

// Exchange writes a request and reads its answer into reply, within timeout.
// What arrived before is thrown away, and an answer that comes after its
// exchange has timed out is never taken for the next one's. Errors as Write
// and Read; fault.Kind for a UDP socket.
func (s *Socket) Exchange(request, reply []byte, timeout time.Duration) (int, error) {
	if s.registration.Load() != nil { // it would have to wait
		return 0, fault.New(fault.Busy, fault.PhaseRead, s.Label()).With(textWaitsInQueue)
	}
	return s.exchangeAcrossReconnects(timeout, func(w *poll.Call, st *stream, cfg *ioConfig) (int, error) {
		n, err := st.exchange(w, cfg, request, reply)
		s.scheduleFlush(st, cfg) // it may have collected its request and not waited
		return n, err
	})
}

// WriteTo sends one datagram; address "" is the sender of the last one read.
// Errors: fault.Kind on other sockets, fault.NoDestination, and those of
// looking up and sending.
func (s *Socket) WriteTo(msg []byte, address string, port int) (int, error) {
	cfg := s.config.Load()
	w, err := s.enter(cfg.writeTimeout, fault.PhaseWrite)
	if err != nil {
		return 0, err
	}
	defer w.Leave()
	u, err := s.udpSocket(fault.PhaseWrite)
	if err != nil {
		return 0, err
	}
	if address == "" {
		return s.reply(w, cfg, u, msg)
	}
	to, err := datagramsTo(address, port)
	if err != nil {
		return 0, err
	}
	return u.writeNamed(w, s.options(), cfg, msg, to.Host, to.Port)
}

func (s *Socket) udpSocket(phase fault.Phase) (*udpSocket, error) {
	if u := s.udp.Load(); u != nil {
		return u, nil
	}
	s.mu.Lock()
	kind := s.kind
	s.mu.Unlock()
	if kind == 0 || kind == KindUDP {
		return nil, s.notOpen(phase)
	}
	return nil, s.wrongKind(phase, textNeedsUDP)
}

// ReadFrom reads one datagram and its sender. accept, which may be nil, is
// asked with the sender first; if it refuses, nothing is taken.
func (s *Socket) ReadFrom(p []byte, timeout time.Duration, accept func(endpoint.Addr) error) (int, error) {
	u, err := s.udpSocket(fault.PhaseRead)
	if err != nil {
		return 0, err
	}
	return s.readUDP(timeout, func(w *poll.Call, cfg *ioConfig) (int, error) { return u.readFrom(w, cfg, p, accept) })
}
