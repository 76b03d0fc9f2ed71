package core

import (
	"wdsocket/core/fault"
	"wdsocket/core/frame"
)

// Where a message begins, some framings know also by the byte in front of it: what is
// consumed leaves that byte behind, and every decoding of the buffer goes through decodeAt.

// before is the byte in front of an offset of the buffer, -1 for none of a message: at the
// front the last one that was consumed, and elsewhere that of the message that ends there.
// What came by an earlier connection is in front of nothing that came by this one.
func before(st *stream, at int) int {
	switch {
	case at > 0 && (st.cold == nil || st.cold.inherited != at):
		return int(st.in.Bytes()[at-1])
	case at == 0 && st.lastByte != 0:
		return int(st.lastByte)
	}
	return -1
}

// noteLastByte notes what is left behind by n bytes that are about to be consumed.
func noteLastByte(st *stream, n int) {
	st.lastByte = lastOf(st.in.Bytes(), n)
	if st.asBytes || st.cold != nil && st.cold.inherited == n { // it was no message, or of another connection
		st.lastByte = 0
	}
}

// lastOf is the last byte of a message of n bytes at the front of the buffer b, 0 for none.
func lastOf(b []byte, n int) byte {
	if n == 0 || n > len(b) {
		return 0
	}
	return b[n-1]
}

// delivered notes what a message is that is given to the reader.
func (s *Socket) delivered(f frame.Frame) {
	if kind := messageKind(f); s.lastKind.Load() != kind {
		s.lastKind.Store(kind)
	}
}

// What a message of a description is (WDS_FRAME_).
const (
	MessageControl int32 = 3 // a control byte
	MessageWrong   int32 = 4 // its check bytes are wrong
)

// messageKind is what hosts call a message that is not the usual one, else 0.
func messageKind(f frame.Frame) int32 {
	switch {
	case f.Control():
		return MessageControl
	case f.Wrong():
		return MessageWrong
	}
	return 0
}

// decodeAt decodes the message at an offset of the buffer.
func (cfg *ioConfig) decodeAt(st *stream, at, scanned int) (frame.Frame, error) {
	front := -1
	if cfg.follower != nil {
		front = before(st, at)
	}
	return cfg.decode(front, bytesFrom(st, at), scanned)
}

// bytesFrom is the buffer from an offset on, as far as a message there may go: none goes on
// in another connection, neither by bytes behind a CR nor where silence ends it.
func bytesFrom(st *stream, at int) []byte {
	b := st.in.Bytes()
	if st.cold != nil && at < st.cold.inherited {
		b = b[:st.cold.inherited]
	}
	return b[at:]
}

// decodeNext decodes the message behind those that have an event. What is between messages is
// looked at once, however long one of those stays unread.
func decodeNext(reg *registration, st *stream, cfg *ioConfig) (frame.Frame, error) {
	if reg.unreadBytes == 0 {
		reg.between = 0
		return cfg.decodeAt(st, 0, st.scanned)
	}
	return decodeBehind(st, cfg, reg.unreadBytes, &reg.between, reg.scanned)
}

// decodeBehind decodes the message behind those that end at an offset of the buffer, and notes
// how much behind them is between messages.
func decodeBehind(st *stream, cfg *ioConfig, at int, between *int, scanned int) (frame.Frame, error) {
	if cfg.follower == nil {
		return cfg.decodeAt(st, at, scanned)
	}
	last := -1
	if *between == 0 {
		last = before(st, at)
	}
	if n := cfg.follower.Between(last, bytesFrom(st, at+*between)); n > 0 {
		*between += n
		last = -1
	}
	return cfg.decode(last, bytesFrom(st, at+*between), scanned)
}

// searched notes how far the end of a message that is not whole was looked for.
func searched(reg *registration, st *stream, f frame.Frame) {
	if reg.unreadBytes == 0 {
		st.scanned = f.Scanned
	}
	reg.scanned = f.Scanned
}

// silenced is implemented by framers of which a message that silence ends is judged only
// then: until then more of it may be coming.
type silenced interface {
	AtSilence(before int, p []byte) (frame.Frame, error)
}

// judgeSilent judges what is at an offset of the buffer, which seemed wrong, and behind which
// the line is silent.
func (cfg *ioConfig) judgeSilent(st *stream, at int) (frame.Frame, error) {
	return cfg.Framer.(silenced).AtSilence(before(st, at), bytesFrom(st, at))
}

// judged is the message f at the front, where it has ended by silence as it is judged then.
// again: it was none, and its bytes were skipped without an error for the reader.
func (cfg *ioConfig) judged(st *stream, f frame.Frame) (_ frame.Frame, again bool, err error) {
	if !f.Wrong() || f.Closed() {
		return f, false, nil
	}
	if f, err = cfg.judgeSilent(st, 0); err == nil {
		return f, false, nil
	}
	e := st.framingError(err)
	return f, st.skipInvalid(e, f), e
}

// controlNAK says that a message came damaged.
const controlNAK = 0x15

// answerNAK sends NAK. It never waits: where a call writes or the system takes no more, it is
// sent behind that.
func (s *Socket) answerNAK(st *stream) {
	const most = 4096 // where the peer does not read, answers must not pile up
	if st.checkWritable() != nil || st.unsentBytes() > most {
		return
	}
	st.sendQueue().add(&encodedMessage{b: []byte{controlNAK}, undroppable: true, budget: &st.lib.budget}, 0, dropOldest)
	s.ensureFlush(st)
}

// skipInvalid drops bytes at the front that are no message, or a damaged one, which may
// be a late reply. handled: the reader need not get the error. Noise up to the next
// message is one error, in however many pieces it arrives; a damaged reply to the
// exchange in progress is an error of its own.
func (st *stream) skipInvalid(e *fault.Error, f frame.Frame) (handled bool) {
	bytes := f.Total
	awaited := st.isAwaitedReply(bytes)
	more := st.inNoise && e.Code == fault.Frame && !awaited
	st.advance(bytes)
	if !f.Wrong() {
		st.lastByte = 0
	} else if st.decodedWith.nak {
		st.owner.Load().answerNAK(st)
	}
	st.inNoise, st.discardNext = e.Code == fault.Frame, false
	if !more {
		st.counters.CountError(e)
		st.lib.log(levelError, st, "%v", e)
	}
	if e.Code == fault.Check {
		st.lateReplyArrived()
	}
	if st.registration != nil {
		st.registration.postNoise(bytes, e.Code, more)
	}
	return more || st.registration != nil || st.exchanging && e.Code == fault.Frame && !awaited
}

// isAwaitedReply tells whether the invalid bytes at the front are the reply that an
// exchange waits for.
func (st *stream) isAwaitedReply(bytes int) bool {
	return st.cold != nil && st.cold.awaited.correlator != nil &&
		st.cold.awaited.correlator.Meant(st.cold.awaited.request, st.in.Bytes()[:bytes])
}
