package core

import (
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/poll"
)

// quickLargest is the longest message, with its framing, that is written in
// passing.
const quickLargest = 512

// writeQuick writes a short message to a connection on which nothing waits, with the
// least that this takes: most writes are such. done false: the usual way has to be
// taken, and nothing was changed.
func (s *Socket) writeQuick(msg []byte) (done bool, err error) {
	st, cfg := s.stream.Load(), s.config.Load()
	if st == nil || len(msg) > quickLargest || cfg.charset != nil || cfg.coalesce > 0 || cfg.reconnect != nil || !s.gate.EnterFast() {
		return false, nil
	}
	defer s.gate.LeaveFast()
	if !st.tryLockWrite() {
		return false, nil
	}
	done, err = s.passAndDrop(st, cfg, msg)
	if st.needsFlush() || cfg.sendQueueLimit > 0 && st.conn.HasUnsent() { // published meanwhile, or kept
		s.ensureFlush(st)
	}
	switch {
	case done && err == nil:
		st.countWritten(cfg, msg)
		s.watchAcks(st)
	case done && st.mayHaveReason(err):
		if w := s.gate.Enter(cfg.writeTimeout, s.lib.Direct); w != nil {
			defer w.Leave()
			err = s.cutReason(w, st, err)
		}
	}
	return done, err
}

// passAndDrop is passMessage where nothing waits on the connection; the write
// lock is given back.
func (s *Socket) passAndDrop(st *stream, cfg *ioConfig, msg []byte) (done bool, err error) {
	defer st.unlockWrite()
	if st.recording.recorder() != nil || st.reconnector.Load() != nil || st.sendq.Load() != nil || st.conn.HasUnsent() || st.checkWritable() != nil {
		return false, nil
	}
	return s.passMessage(st, cfg, msg)
}

// passMessage encodes and sends a message; the caller holds the write lock and
// is inside the gate.
func (s *Socket) passMessage(st *stream, cfg *ioConfig, msg []byte) (done bool, err error) {
	sc := scratches.Get().(*scratch)
	defer sc.recycle()
	b := sc.whole[:]
	total := frame.Put(cfg.writer, b, msg)
	if total == 0 {
		total = sc.put(cfg, msg)
	}
	if total == 0 {
		return false, nil
	}
	if st.layers != nil {
		return true, s.passThroughLayers(st, cfg, b[:total])
	}
	sent, err := st.conn.TrySend(b[:total])
	switch {
	case err != nil:
		return true, st.writeFailed(err, sent, total)
	case sent < total && cfg.sendQueueLimit > 0:
		if n, err := st.conn.Write(b[sent:total]); err != nil {
			return true, st.writeFailed(err, sent+n, total)
		}
		return true, nil
	case sent == 0:
		return false, nil
	case sent < total:
		return true, s.sendRest(st, cfg, b[:total], sent)
	}
	return true, nil
}

// passThroughLayers sends an encoded message through the layers, which may change its
// memory: they take all of it.
func (s *Socket) passThroughLayers(st *stream, cfg *ioConfig, b []byte) error {
	var n int
	var err error
	if ws := st.ws.Load(); ws != nil {
		n, err = ws.WriteRecord(b)
	} else {
		n, err = st.layers.top.Write(b)
	}
	if err != nil {
		return st.writeFailed(err, n, len(b))
	}
	if cfg.sendQueueLimit > 0 || !st.conn.HasUnsent() {
		return nil
	}
	w, err := s.enterHalfSent(st, cfg, len(b), len(b))
	if err != nil {
		return err
	}
	defer w.Leave()
	if err := st.conn.Flush(w); err != nil {
		return st.writeFailed(overdueWrite(w, err, len(b), len(b)), len(b), len(b))
	}
	return nil
}

// put encodes a message into sc.whole; 0: it does not fit, or cannot be encoded.
func (sc *scratch) put(cfg *ioConfig, msg []byte) int {
	head, body, tail, grown, err := cfg.Encode(sc.b[:0], msg)
	if err != nil {
		return 0
	}
	sc.b = grown
	total := len(head) + len(body) + len(tail)
	if total > len(sc.whole) {
		return 0
	}
	n := copy(sc.whole[:], head)
	n += copy(sc.whole[n:], body)
	copy(sc.whole[n:], tail)
	return total
}

// enterHalfSent enters the gate for a write that waits: sent of its bytes are on their way.
func (s *Socket) enterHalfSent(st *stream, cfg *ioConfig, sent, total int) (*poll.Call, error) {
	w := s.gate.Enter(cfg.writeTimeout, s.lib.Direct)
	if w == nil {
		return nil, st.writeFailed(fault.New(fault.Closed, fault.PhaseWrite, st.peerLabel()), sent, total)
	}
	return w, nil
}

// sendRest waits until the rest of a message is with the system.
func (s *Socket) sendRest(st *stream, cfg *ioConfig, b []byte, sent int) error {
	w, err := s.enterHalfSent(st, cfg, sent, len(b))
	if err != nil {
		return err
	}
	defer w.Leave()
	n, err := st.conn.Send(w, b[sent:], nil, nil)
	if err != nil {
		return st.writeFailed(err, sent+n, len(b))
	}
	return nil
}
