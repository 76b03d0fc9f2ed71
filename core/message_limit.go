package core

import (
	"wdsocket/core/fault"
	"wdsocket/core/frame"
)

// The limit of a message (option.MessageLimit): how long it may take from its first byte to its
// last. The message at the front counts, once a reader that waits, or the queue, knows that it
// has begun and is not whole: no earlier than the one before it was taken. Liveness watches it.

var (
	textIdle = fault.NewSentence(
		"nothing came from {who} for {0} ms, and WDS_OPT_IDLE_LIMIT allows no more: this end has ended the connection",
		"rien reçu de {who} pendant {0} ms, et WDS_OPT_IDLE_LIMIT n'accorde pas plus : la connexion a été coupée de ce côté-ci")
	textIdleMidMessage = fault.NewSentence(
		"nothing came from {who} for {0} ms after {1} bytes of a message that is not whole, and WDS_OPT_IDLE_LIMIT allows no more: this end has ended the connection",
		"rien reçu de {who} pendant {0} ms après {1} octets d'un message incomplet, et WDS_OPT_IDLE_LIMIT n'accorde pas plus : la connexion a été coupée de ce côté-ci")
	textMessageLate = fault.NewSentence(
		"a message of {who} that began {0} ms ago is not complete, and WDS_OPT_MESSAGE_LIMIT allows {2} ms: {1} bytes of it came ({3}), and this end has ended the connection; have the peer send each message without pauses, check that it ends its messages as {4} says, or raise the limit",
		"un message de {who} commencé il y a {0} ms n'est pas complet, et WDS_OPT_MESSAGE_LIMIT accorde {2} ms : {1} octets en sont arrivés ({3}), et la connexion a été coupée de ce côté-ci ; faites envoyer chaque message sans pause par le correspondant, vérifiez qu'il termine ses messages comme l'indique {4}, ou augmentez la limite")
	textMessageInLayer = fault.NewSentence(
		"a message of {who} that began {0} ms ago is not complete, and WDS_OPT_MESSAGE_LIMIT allows {2} ms: 0 bytes of it can be read, as a record of TLS or a frame of a WebSocket came only in part, and this end has ended the connection; have the peer send each message without pauses, or raise the limit",
		"un message de {who} commencé il y a {0} ms n'est pas complet, et WDS_OPT_MESSAGE_LIMIT accorde {2} ms : 0 octet en est lisible, car un enregistrement TLS ou une trame WebSocket n'est arrivé qu'en partie, et la connexion a été coupée de ce côté-ci ; faites envoyer chaque message sans pause par le correspondant, ou augmentez la limite")
)

// lateMessage is what is known of a message whose time is over. It belongs to the reader.
type lateMessage struct {
	begun int64 // the message: when it began
	all   int64 // bytes that had come in all when its time was over: they are read first
	look  int64 // when to look again whether they were
}

// lateLook is how often that is looked at.
const lateLook = 20e6

// layerLooks is how many times in the limit a call that waits looks whether a layer has
// a record or a frame in part: the layer does not tell.
const layerLooks = 8

// notePast notes that n bytes of the message at the front have come past the buffer.
func (act *activity) notePast(n int) {
	if act != nil {
		act.past = n
	}
}

// limitsMessages tells whether what is read now has an end that it may be late for.
func (lc *livenessConfig) limitsMessages(st *stream) bool {
	return lc.messageLimit > 0 && (!lc.stream || st.asBytes)
}

// noteMessage notes that the message at the front is not whole: it has begun where something of
// it is in the buffer, or in a layer, or has come past the buffer.
func (lc *livenessConfig) noteMessage(st *stream, past int) {
	switch begun := st.in.Len()+past > 0 || st.layers != nil && st.layers.Midway(); {
	case begun && st.in.Begun() == 0:
		st.in.MarkBegun(clock())
	case !begun && st.in.Begun() != 0:
		st.in.MarkBegun(0)
	}
}

// messageDue is when the message that has begun is late, or is looked at again.
func (lc *livenessConfig) messageDue(st *stream, act *activity) int64 {
	begun := st.in.Begun()
	switch {
	case begun == 0 || !lc.limitsMessages(st):
		return never
	case act.late.begun == begun:
		return max(act.late.look, begun+int64(lc.messageTime)) // the limit may have been raised
	}
	return begun + int64(lc.messageTime)
}

// lateMessageError is the error of a message that is late at a time, nil while none is. What had
// come when its time was over is read first: it may be whole.
func (lc *livenessConfig) lateMessageError(st *stream, act *activity, now int64) *fault.Error {
	if now < lc.messageDue(st, act) {
		return nil
	}
	begun, late := st.in.Begun(), &act.late
	in := st.conn.BytesIn()
	if late.begun != begun {
		*late = lateMessage{begun: begun, all: in + int64(st.conn.Buffered())}
	}
	if in < late.all || in == late.all && (st.conn.Unread() || st.layers != nil && st.layers.Pending()) {
		late.look = now + lateLook
		return nil
	}
	text, have, shown, framing := textMessageLate, st.in.Len()+act.past, frame.Shown(st.in.Bytes()), ""
	if cfg := st.decodedWith; st.ws.Load().hasRecords(cfg) {
		have = frame.RecordPayload(st.in.Bytes()) + act.past
		shown, framing = "WebSocket", "WebSocket"
	} else if cfg != nil {
		framing = cfg.Framer.String()
	}
	if have == 0 {
		text = textMessageInLayer
	}
	return fault.New(fault.Silent, fault.PhaseRead, st.peerLabel()).
		With(text, decimal(int((now-begun)/1e6)), decimal(have), decimal(int(lc.messageLimit.Milliseconds())), shown, framing)
}

// isLateMessage tells whether the end of a connection is that of a message that was late.
func isLateMessage(e *fault.Error) bool {
	return e.Note == textMessageLate || e.Note == textMessageInLayer
}

// lateEnd is the error of a connection that has ended because a message was late, nil for any
// other: its end, unlike others, completes no message that silence ends.
func lateEnd(st *stream) *fault.Error {
	if e := st.ended.Load(); e != nil && isLateMessage(e) {
		return e
	}
	return nil
}

// watchMessage notes for a queue that has read what there is whether a message has begun, and
// tells whether the timer is set too late for that, or not at all.
func watchMessage(reg *registration, st *stream, lc *livenessConfig) bool {
	if lc == nil || !lc.limitsMessages(st) || reg.unread > 0 {
		return false
	}
	lc.noteMessage(st, 0)
	due := lc.messageDue(st, st.activity())
	lt := reg.liveness.Load()
	return due != never && (lt == nil || lt.setFor == 0 || due < lt.setFor)
}

// layerHolds tells whether there may be the beginning of a message in a layer, and that is
// of interest.
func layerHolds(st *stream) bool {
	return st.layers != nil && st.decodedWith != nil && st.decodedWith.liveness != nil && st.decodedWith.liveness.limitsMessages(st) && st.layers.Midway()
}
