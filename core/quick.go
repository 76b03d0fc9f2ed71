package core

import (
	"wdsocket/core/fault"
)

// quickLargest is the longest message, with its framing, that is written in
// passing.
const quickLargest = 512

// writeQuick writes a short message to a plain connection on which nothing
// waits, with the least that this takes: most writes are such. done false: the
// usual way has to be taken, and nothing was changed.
func (s *Socket) writeQuick(msg []byte) (done bool, err error) {
	st, lv := s.stream.Load(), s.live.Load()
	if st == nil || len(msg) > quickLargest || lv.charset != nil || lv.coalesce > 0 || lv.mend != nil || !s.gate.Pass() {
		return false, nil
	}
	defer s.gate.Passed()
	if !st.tryTurn() {
		return false, nil
	}
	if st.sec == nil && st.link.Load() == nil && st.back.Load() == nil && !st.conn.Holds() && st.unwritable() == nil {
		done, err = s.passMessage(st, lv, msg)
	}
	st.dropTurn()
	if st.pressing() || lv.sendQueue > 0 && st.conn.Holds() { // published meanwhile, or kept
		s.carryOn(st)
	}
	if done && err == nil {
		st.wroteOne(lv, len(msg))
		s.wrote(st)
	}
	return done, err
}

// passMessage encodes and sends a message; the caller has the writer's role and
// is inside the gate.
func (s *Socket) passMessage(st *stream, lv *live, msg []byte) (done bool, err error) {
	sc := scratches.Get().(*scratch)
	defer sc.recycle()
	head, body, tail, grown, err := lv.Encode(sc.b[:0], msg)
	if err != nil {
		return false, nil
	}
	sc.b = grown
	total := len(head) + len(body) + len(tail)
	if total == 0 || total > quickLargest {
		return false, nil
	}
	b := &sc.whole
	n := copy(b[:], head)
	n += copy(b[n:], body)
	copy(b[n:], tail)
	if lv.sendQueue > 0 {
		if _, err = st.conn.Write(b[:total]); err != nil {
			return true, st.writeFailed(err, 0, total)
		}
		return true, nil
	}
	sent, err := st.conn.TrySend(b[:total])
	switch {
	case err != nil:
		return true, st.writeFailed(err, sent, total)
	case sent == 0:
		return false, nil
	case sent < total:
		return true, s.sendRest(st, lv, b[:total], sent)
	}
	return true, nil
}

// sendRest waits until the rest of a message is with the system.
func (s *Socket) sendRest(st *stream, lv *live, b []byte, sent int) error {
	w := s.gate.Enter(lv.writeTimeout, s.lib.Direct)
	if w == nil {
		return st.writeFailed(fault.New(fault.Closed, fault.PhaseWrite, st.who()), sent, len(b))
	}
	defer w.Leave()
	n, err := st.conn.Send(w, b[sent:], nil, nil)
	if err != nil {
		return st.writeFailed(err, sent+n, len(b))
	}
	return nil
}
