package websocket

import (
	"time"
	"unicode/utf8"

	"wdsocket/core/fault"
)

// controlEnded is behind a control frame.
func (r *reader) controlEnded(op byte) {
	r.heard++
	payload := r.control.b[:r.control.n]
	switch op {
	case opPing:
		r.c.out.answerPing(payload)
	case opClose:
		said, wrong := parseClose(payload)
		if wrong != nil {
			r.fail(wrong)
			return
		}
		r.c.peer.Store(&said)
		r.c.out.sendClose(said.code, said.reason)
		r.failed = said.err(r.c.who)
	}
}

// countEmpty counts a frame that gives nothing to read: many at once may keep a call
// longer than its time.
func (r *reader) countEmpty() *wrongFrame {
	const (
		most   = 1 << 14
		within = 16 * time.Second
	)
	if r.empty++; r.empty == 1 {
		r.since = time.Now()
	}
	if r.empty < most {
		return nil
	}
	if time.Since(r.since) < within {
		return &wrongFrame{close: ClosePolicy, code: fault.WebSocketProtocol, note: noteFlood}
	}
	r.empty = 0
	return nil
}

// fail ends reading because of what the peer sent, and tells it so.
func (r *reader) fail(wrong *wrongFrame) {
	e := fault.New(wrong.code, fault.PhaseWebSocket, r.c.who).With(wrong.note, wrong.args[:]...)
	reason := fault.Sentence(fault.English, wrong.note, wrong.args[:]...)
	if len(reason) > longestReason {
		end := longestReason
		for !utf8.RuneStart(reason[end]) {
			end--
		}
		reason = reason[:end]
	}
	r.c.out.sendClose(wrong.close, reason)
	r.failed = e
}
