package core

import (
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/poll"
)

// What the texts of time-outs say: to whom, after how many milliseconds, and what
// there is. Hosts poll with reads of a few milliseconds: the error of a read that
// found what the one before it found is the same one, and nothing is allocated.

var (
	textNothing = fault.NewSentence(
		"nothing has come from {who} within {0} ms (mode {1}): the peer has not sent yet, or it waits for a message itself",
		"rien n'est arrivé de {who} en {0} ms (mode {1}) : le correspondant n'a encore rien envoyé, ou il attend lui-même un message")
	textNoAnswer = fault.NewSentence(
		"no answer to the request has come from {who} within {0} ms (mode {1}): the peer does not know the request, does not see its end in this mode, or needs more time",
		"aucune réponse à la requête n'est arrivée de {who} en {0} ms (mode {1}) : le correspondant ne connaît pas la requête, n'en voit pas la fin dans ce mode, ou a besoin de plus de temps")
	textNoEnd = fault.NewSentence(
		"{1} bytes have come from {who} within {0} ms without the end tag {2} that ends a message (mode {4}): {3}",
		"{1} octets sont arrivés de {who} en {0} ms sans le marqueur de fin {2} qui termine un message (mode {4}) : {3}")
	textUnfinished = fault.NewSentence(
		"{1} of {2} bytes of a message have come from {who} within {0} ms (mode {4}): {3}; the rest is late, or the length in front is wrong",
		"{1} des {2} octets d'un message sont arrivés de {who} en {0} ms (mode {4}) : {3} ; la suite est en retard, ou la longueur indiquée au début est fausse")
	textNoSilence = fault.NewSentence(
		"{1} bytes have come from {who} within {0} ms and no silence that ends a message (mode {4}): {3}",
		"{1} octets sont arrivés de {who} en {0} ms, sans le silence qui termine un message (mode {4}) : {3}")
	textQueueRead = fault.NewSentence(
		"no whole message of {who} is there, and a read of a socket in a queue never waits, whatever its time-out: read after WDS_EVENT_MESSAGE (WDSocketNextEvents, or the callback)",
		"aucun message complet de {who} n'est là, et la lecture d'un socket placé dans une file d'événements n'attend jamais, quel que soit son délai : lisez après l'événement WDS_EVENT_MESSAGE (WDSocketNextEvents, ou le callback)")
	textNoDatagram = fault.NewSentence(
		"no datagram has come to {who} within {0} ms: check that it is sent to this address and port, and that no firewall drops it",
		"aucun datagramme n'est arrivé à {who} en {0} ms : vérifiez qu'il est envoyé à cette adresse et à ce port, et qu'aucun pare-feu ne le jette")
	textNoClient = fault.NewSentence(
		"no client has connected to {who} within {0} ms: check that clients use this address and port, and that no firewall keeps them away",
		"aucun client ne s'est connecté à {who} en {0} ms : vérifiez que les clients utilisent cette adresse et ce port, et qu'aucun pare-feu ne les écarte")
	textHandshake = fault.NewSentence(
		"{who} has accepted the connection and not answered the TLS hand-shake within {0} ms: this port does not seem to speak TLS (use its TLS port, or WDSocketConnect for plain text)",
		"{who} a accepté la connexion et n'a pas répondu à la négociation TLS en {0} ms : ce port ne semble pas parler TLS (utilisez son port TLS, ou WDSocketConnect sans chiffrement)")
	textClientHandshake = fault.NewSentence(
		"the client {who} has not finished the TLS hand-shake within {0} ms: it does not seem to speak TLS",
		"le client {who} n'a pas terminé la négociation TLS en {0} ms : il ne semble pas parler TLS")
	textNotRead = fault.NewSentence(
		"{who} does not read: nothing of a message of {2} bytes could be written within {0} ms; try again later, or see why the peer does not read (WDS_OPT_WRITE_TIMEOUT)",
		"{who} ne lit pas : rien du message de {2} octets n'a pu être écrit en {0} ms ; réessayez plus tard, ou cherchez pourquoi le correspondant ne lit pas (WDS_OPT_WRITE_TIMEOUT)")
	textPartWritten = fault.NewSentence(
		"{who} does not read: {1} of {2} bytes of a message were written within {0} ms, and nothing more can be written on this connection: close it, and see why the peer does not read, or give it more time (WDS_OPT_WRITE_TIMEOUT)",
		"{who} ne lit pas : {1} octets sur les {2} octets d'un message ont été écrits en {0} ms, et plus rien ne peut être écrit sur cette connexion : fermez-la, et cherchez pourquoi le correspondant ne lit pas, ou accordez-lui plus de temps (WDS_OPT_WRITE_TIMEOUT)")
	textOtherWriter = fault.NewSentence(
		"the write of another thread to {who} did not end within {0} ms, because the peer does not read; nothing of this message was written",
		"l'écriture d'un autre thread vers {who} ne s'est pas terminée en {0} ms, car le correspondant ne lit pas ; rien de ce message n'a été écrit")
	textNotFlushed = fault.NewSentence(
		"{who} does not read: {1} bytes still wait to be sent after {0} ms",
		"{who} ne lit pas : {1} octets attendent encore d'être envoyés au bout de {0} ms")
)

// timeoutState is what the text of a time-out depends on.
type timeoutState struct {
	cfg      *ioConfig
	allowed  time.Duration
	received int64 // bytes of the connection
	buffered int   // bytes that are no whole message
	exchange bool
	queued   bool
}

// lastTimeout is the last time-out of a reader, which the next one may be like.
type lastTimeout struct {
	state timeoutState
	err   *fault.Error
}

// of gives the error of a time-out in a state, which describe makes if it is
// another one than the last.
func (l *lastTimeout) of(state timeoutState, describe func() *fault.Error) error {
	if l.err == nil || l.state != state {
		l.state, l.err = state, describe()
	}
	return l.err
}

// milliseconds is a time in texts.
func milliseconds(d time.Duration) string { return decimal(int(d / time.Millisecond)) }

// isBare tells whether err is a time-out that says nothing more than that.
func isBare(err error, phase fault.Phase) bool {
	e, ok := err.(*fault.Error)
	return ok && e.Code == fault.Timeout && e.Phase == phase && e.Note == fault.NoNote
}

// overdueRead is the error of a read that failed with err: of a time-out it says what
// there is. phase is that of the call: an exchange writes, and what neither reads a
// message nor exchanges them keeps its error. The caller holds the read lock.
func overdueRead(st *stream, w *poll.Call, cfg *ioConfig, phase fault.Phase, err error) error {
	exchange := phase == fault.PhaseWrite
	if !isBare(err, fault.PhaseRead) || !exchange && phase != fault.PhaseRead {
		return err
	}
	state := timeoutState{cfg, poll.Allowed(w), st.conn.BytesIn(), st.in.Len(), exchange, st.owner.Load().registration.Load() != nil}
	return st.coldState().lastTimeout.of(state, func() *fault.Error { return describeTimeout(st, state) })
}

func describeTimeout(st *stream, state timeoutState) *fault.Error {
	e := fault.New(fault.Timeout, fault.PhaseRead, st.peerLabel())
	cfg, ms, mode := state.cfg, milliseconds(state.allowed), state.cfg.Framer.String()
	switch {
	case state.queued:
		return e.With(textQueueRead)
	case state.buffered == 0 && state.exchange:
		return e.With(textNoAnswer, ms, mode)
	case state.buffered == 0:
		return e.With(textNothing, ms, mode)
	}
	b := st.in.Bytes()
	have, shown := decimal(len(b)), frame.Shown(b)
	if end := frame.EndMarkText(cfg.Framer); end != "" {
		e.With(textNoEnd, ms, have, end, shown, mode)
	} else if f, err := cfg.Decode(b, 0); err == nil && f.Need > len(b) {
		e.With(textUnfinished, ms, have, decimal(f.Need), shown, mode)
	} else {
		e.With(textNoSilence, ms, have, "", shown, mode)
	}
	return e.Advise(frame.Likely(cfg.Framer, b, st.server() == nil))
}

// overdueWrite is the error of a write that failed with err when sent of total bytes
// were with the system.
func overdueWrite(w *poll.Call, err error, sent, total int) error {
	if !isBare(err, fault.PhaseWrite) {
		return err
	}
	e := *err.(*fault.Error)
	if sent == 0 {
		return e.With(textNotRead, milliseconds(poll.Allowed(w)), "", decimal(total))
	}
	return e.With(textPartWritten, milliseconds(poll.Allowed(w)), decimal(sent), decimal(total))
}

// overdueFlush is the error of a flush that failed with err.
func overdueFlush(st *stream, w *poll.Call, err error) error {
	if !isBare(err, fault.PhaseWrite) {
		return err
	}
	e := *err.(*fault.Error)
	return e.With(textNotFlushed, milliseconds(poll.Allowed(w)), decimal(st.unsentBytes()))
}

// overdueHandshake is the error of a hand-shake that failed with err within the time
// of w, at most limit.
func overdueHandshake(st *stream, w *poll.Call, limit time.Duration, err error) error {
	if !isBare(err, fault.PhaseTLS) {
		return err
	}
	if own := poll.Allowed(w); own > 0 {
		limit = min(limit, own)
	}
	text := textHandshake
	if st.server() != nil {
		text = textClientHandshake
	}
	e := *err.(*fault.Error)
	e.Who = st.peerLabel()
	return e.With(text, milliseconds(limit))
}

// overdueAccept is the error of a call for a client of the server that failed with
// err.
func overdueAccept(v *server, w *poll.Call, err error) error {
	if !isBare(err, fault.PhaseAccept) {
		return err
	}
	state := timeoutState{allowed: poll.Allowed(w)}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.lastTimeout.of(state, func() *fault.Error {
		return fault.New(fault.Timeout, fault.PhaseAccept, v.ln.LocalAddr().String()).With(textNoClient, milliseconds(state.allowed))
	})
}

// overdueDatagram is the error of a read of datagrams that failed with err. The caller holds the read
// lock.
func overdueDatagram(u *udpSocket, w *poll.Call, err error) error {
	if !isBare(err, fault.PhaseRead) {
		return err
	}
	state := timeoutState{allowed: poll.Allowed(w), queued: u.socket.registration.Load() != nil}
	return u.lastTimeout.of(state, func() *fault.Error {
		e := fault.New(fault.Timeout, fault.PhaseRead, u.sock.LocalAddr().String())
		if state.queued {
			return e.With(textQueueRead)
		}
		return e.With(textNoDatagram, milliseconds(state.allowed))
	})
}

// shorten makes the time of w end after limit, if it does not before. restore gives it
// its own time again.
func shorten(w *poll.Call, limit time.Duration) (restore func()) {
	own, ends := w.Deadline()
	end := time.Now().Add(limit)
	if ends && !own.After(end) {
		return func() {}
	}
	w.SetDeadline(end)
	return func() { w.SetDeadline(own) } // the zero time for ever
}
