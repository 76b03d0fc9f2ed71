package core

import (
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/poll"
)

// What the texts of time-outs say: to whom, after how many milliseconds, and what
// there is. Hosts poll with reads of a few milliseconds: the error of a read that
// found what the one before it found is the same one, and nothing is allocated.

var (
	textNothing = fault.NewSentence(
		"nothing came from {who} within {0} ms (mode {1}): the connection is still open; read again, or allow more time; if nothing ever comes, the peer may be waiting for a message from you",
		"rien reçu de {who} en {0} ms (mode {1}) : la connexion reste ouverte ; relisez, ou accordez plus de temps ; si rien n'arrive jamais, le correspondant attend peut-être un message de vous")
	textNoAnswer = fault.NewSentence(
		"no answer to the request came from {who} within {0} ms (mode {1}): the connection is still open; allow more time, and check that the peer knows the request and uses this mode",
		"aucune réponse à la requête reçue de {who} en {0} ms (mode {1}) : la connexion reste ouverte ; accordez plus de temps, et vérifiez que le correspondant connaît la requête et utilise ce mode")
	textNoEnd = fault.NewSentence(
		"{1} bytes came from {who} within {0} ms without the end tag {2} of WDS_MODE_END_TAG: {3}; they are kept",
		"{1} octets reçus de {who} en {0} ms, sans le marqueur de fin {2} de WDS_MODE_END_TAG : {3} ; ils sont conservés")
	textNoMarker = fault.NewSentence(
		"{1} bytes came from {who} within {0} ms without the end marker {2} of {4}: {3}; they are kept",
		"{1} octets reçus de {who} en {0} ms, sans le marqueur de fin {2} de {4} : {3} ; ils sont conservés")
	textNoDescribedEnd = fault.NewSentence(
		"{1} bytes came from {who} within {0} ms without the end {2} of {4}: {3}; they are kept",
		"{1} octets reçus de {who} en {0} ms, sans la fin {2} de {4} : {3} ; ils sont conservés")
	textUnfinished = fault.NewSentence(
		"{1} of {2} bytes of a message came from {who} within {0} ms (mode {4}): {3}; they are kept",
		"{1} des {2} octets d'un message reçus de {who} en {0} ms (mode {4}) : {3} ; ils sont conservés")
	textNoSilence = fault.NewSentence(
		"{1} bytes came from {who} within {0} ms, without the silence that ends a message (mode {4}): {3}; they are kept",
		"{1} octets reçus de {who} en {0} ms, sans le silence qui termine un message (mode {4}) : {3} ; ils sont conservés")
	// what to do where the bytes do not tell another mode
	hintRestOfTag = fault.NewNote(
		"read again for the rest, with more time; if it never comes, set the end tag that the peer uses (WDSocketChangeTransmissionMode)",
		"relisez pour obtenir la suite, avec un délai plus long ; si elle n'arrive jamais, indiquez le marqueur de fin du correspondant (WDSocketChangeTransmissionMode)")
	hintRestOfMarkers = fault.NewNote(
		"read again for the rest, with more time; if it never comes, set the end marker that the peer uses (WDS_TEXT_FRAME_END)",
		"relisez pour obtenir la suite, avec un délai plus long ; si elle n'arrive jamais, indiquez le marqueur de fin du correspondant (WDS_TEXT_FRAME_END)")
	hintRestOfDescribed = fault.NewNote(
		"read again for the rest, with more time; if it never comes, describe in WDS_TEXT_FRAME how the peer ends its messages",
		"relisez pour obtenir la suite, avec un délai plus long ; si elle n'arrive jamais, décrivez dans WDS_TEXT_FRAME comment le correspondant termine ses messages")
	hintRestOfLength = fault.NewNote(
		"read again for the rest, with more time; if it never comes, the length that the peer announces (or WDS_OPT_FRAME_LENGTH) is wrong",
		"relisez pour obtenir la suite, avec un délai plus long ; si elle n'arrive jamais, la longueur annoncée par le correspondant (ou WDS_OPT_FRAME_LENGTH) est incorrecte")
	hintSilence = fault.NewNote(
		"read again, with more time, or shorten {alt}",
		"relisez avec un délai plus long, ou réduisez {alt}")
	textQueueRead = fault.NewSentence(
		"no whole message from {who} yet, and reading a socket in an event queue never waits, whatever the time-out: read after WDS_EVENT_MESSAGE (WDSocketNextEvents, or the callback)",
		"aucun message complet n'est encore arrivé de {who}, et la lecture d'un socket placé dans une file d'événements n'attend jamais, quel que soit le délai : lisez après l'événement WDS_EVENT_MESSAGE (WDSocketNextEvents, ou la fonction de rappel)")
	textNoDatagram = fault.NewSentence(
		"no datagram came to {who} within {0} ms: read again, or allow more time; if one was sent, check that it went to this address and port, and that no firewall drops it",
		"aucun datagramme n'est arrivé à {who} en {0} ms : relisez, ou accordez plus de temps ; si un datagramme a été envoyé, vérifiez qu'il l'a été à cette adresse et à ce port, et qu'aucun pare-feu ne le bloque")
	textNoClient = fault.NewSentence(
		"no client connected to {who} within {0} ms: wait again, or longer; if a client tried, check that it uses this address and port, and that no firewall blocks it",
		"aucun client ne s'est connecté à {who} en {0} ms : attendez encore, ou plus longtemps ; si un client a essayé, vérifiez qu'il utilise cette adresse et ce port, et qu'aucun pare-feu ne le bloque")
	hintLoopback = fault.NewNote(
		"only this machine can reach {who}: to admit others, open it on all addresses (address \"\")",
		"seule cette machine peut atteindre {who} : pour en admettre d'autres, ouvrez-le sur toutes les adresses (adresse \"\")")
	textHandshake = fault.NewSentence(
		"{who} accepted the connection but did not answer the TLS handshake within {0} ms: connect again with a longer time-out; if there is still no answer, this port does not speak TLS: use the server's TLS port, or, if it has none, WDSocketConnect (not encrypted)",
		"{who} a accepté la connexion mais n'a pas répondu à la négociation TLS en {0} ms : reconnectez-vous avec un délai plus long ; s'il n'y a toujours pas de réponse, ce port n'utilise pas TLS : utilisez le port TLS du serveur ou, s'il n'en a pas, WDSocketConnect (sans chiffrement)")
	textClientHandshake = fault.NewSentence(
		"the client {who} connected but did not begin the TLS handshake within {0} ms: it probably does not use TLS (connect it with TLS, or create the server with WDSocketCreate); if it does, allow more time (WDS_OPT_SSL_HANDSHAKE_TIMEOUT)",
		"le client {who} s'est connecté mais n'a pas commencé la négociation TLS en {0} ms : il n'utilise probablement pas TLS (connectez-le en TLS, ou créez le serveur avec WDSocketCreate) ; s'il l'utilise, accordez plus de temps (WDS_OPT_SSL_HANDSHAKE_TIMEOUT)")
	textNoHandshake = fault.NewSentence(
		"no TLS handshake came from {who} within {0} ms: check that the peer, too, begins TLS (WDSocketStartSSL) at this moment, or allow more time; close this connection and begin on a new one",
		"aucune négociation TLS reçue de {who} en {0} ms : vérifiez que le correspondant commence lui aussi TLS (WDSocketStartSSL) à ce moment, ou accordez plus de temps ; fermez cette connexion et recommencez sur une nouvelle")
	textHalfHandshake = fault.NewSentence(
		"{who} began the TLS handshake but did not finish it within {0} ms: the peer or the network is slow; close the connection, and allow more time for the next one (WDS_OPT_SSL_HANDSHAKE_TIMEOUT, or the time-out of the call)",
		"{who} a commencé la négociation TLS mais ne l'a pas terminée en {0} ms : le correspondant ou le réseau est lent ; fermez la connexion, et accordez plus de temps à la suivante (WDS_OPT_SSL_HANDSHAKE_TIMEOUT, ou le délai de l'appel)")
	textNotRead = fault.NewSentence(
		"nothing of a message of {2} bytes could be written to {who} within {0} ms: the peer does not read, or cannot be reached; try again later, or allow more time (WDS_OPT_WRITE_TIMEOUT)",
		"rien d'un message de {2} octets n'a pu être écrit vers {who} en {0} ms : le correspondant ne lit pas, ou est injoignable ; réessayez plus tard, ou accordez plus de temps (WDS_OPT_WRITE_TIMEOUT)")
	textPartWritten = fault.NewSentence(
		"only {1} of {2} bytes of a message were written to {who} within {0} ms: the peer does not read, or cannot be reached; nothing more can be written on this connection: close it; for the next one, find out why the peer does not read, or allow more time (WDS_OPT_WRITE_TIMEOUT)",
		"seuls {1} des {2} octets d'un message ont été écrits vers {who} en {0} ms : le correspondant ne lit pas, ou est injoignable ; plus rien ne peut être écrit sur cette connexion : fermez-la ; pour la suivante, cherchez pourquoi le correspondant ne lit pas, ou accordez plus de temps (WDS_OPT_WRITE_TIMEOUT)")
	textOtherWriter = fault.NewSentence(
		"another call was still sending to {who} after {0} ms; this one has done nothing: try again later",
		"un autre appel envoyait encore vers {who} au bout de {0} ms ; celui-ci n'a rien fait : réessayez plus tard")
	textNotFlushed = fault.NewSentence(
		"{1} bytes still wait to be sent to {who} after {0} ms: the peer does not read, or cannot be reached; call again, with more time",
		"{1} octets attendent encore d'être envoyés à {who} au bout de {0} ms : le correspondant ne lit pas, ou est injoignable ; rappelez la fonction avec un délai plus long")
)

// timeoutState is what the text of a time-out depends on.
type timeoutState struct {
	cfg      *ioConfig
	allowed  time.Duration
	received int64 // bytes of the connection
	buffered int   // bytes that are no whole message
	exchange bool
	queued   bool
	single   int // bytes of a single read and one; 0: a message is read
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
	state := timeoutState{cfg, poll.Allowed(w), st.conn.BytesIn(), st.in.Len(), exchange, st.owner.Load().registration.Load() != nil, 0}
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
	hint, alt := likely(st, cfg.Framer)
	rest := hintSilence
	if end := frame.EndMarkText(cfg.Framer); end != "" {
		e.With(byEnd(cfg.Framer, textNoEnd, textNoMarker, textNoDescribedEnd), ms, have, end, shown, frame.SetBy(cfg.Framer))
		rest = byEnd(cfg.Framer, hintRestOfTag, hintRestOfMarkers, hintRestOfDescribed)
	} else if f, err := cfg.decodeAt(st, 0, 0); err == nil && f.Need > len(b) {
		have, all := received(cfg.Framer, f, b)
		e.With(textUnfinished, ms, have, all, shown, mode)
		rest = hintRestOfLength
	} else {
		e.With(textNoSilence, ms, have, "", shown, mode)
	}
	if hint == fault.NoNote {
		hint, alt = rest, frame.GapSetBy(cfg.Framer)
	}
	return e.Advise(hint, alt)
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

// notLocked is the error of a call that failed with err to get the write lock: nothing was
// written by it.
func notLocked(st *stream, w *poll.Call, phase fault.Phase, err error) *fault.Error {
	e := fault.New(fault.CodeOf(err), phase, st.peerLabel())
	if e.Code == fault.Timeout {
		e.With(textOtherWriter, milliseconds(poll.Allowed(w)))
	}
	return e
}

// overdueFlush is the error of a flush that failed with err.
func overdueFlush(st *stream, w *poll.Call, err error) error {
	if !isBare(err, fault.PhaseWrite) {
		return err
	}
	e := *err.(*fault.Error)
	return e.With(textNotFlushed, milliseconds(poll.Allowed(w)), decimal(st.unsentBytes()))
}

// overdueHandshake is the error of a handshake that failed with err within the time
// of w, at most limit. before is how many bytes had come when it began; that a peer does
// not speak TLS is said only if it has sent nothing at all on a new connection.
func overdueHandshake(st *stream, w *poll.Call, limit time.Duration, err error, before int64, open bool) error {
	if !isBare(err, fault.PhaseTLS) {
		return err
	}
	if own := poll.Allowed(w); own > 0 {
		limit = min(limit, own)
	}
	text := textNoHandshake
	switch in := st.conn.BytesIn(); {
	case in > before:
		text = textHalfHandshake
	case open || in > 0:
	case st.server() != nil:
		text = textClientHandshake
	default:
		text = textHandshake
	}
	e := *err.(*fault.Error)
	e.Who = st.peerLabel()
	return e.With(text, milliseconds(limit))
}

// overdueAt is the time-out of what waits at an address of this machine, and says if others
// cannot reach it.
func overdueAt(local endpoint.Addr, phase fault.Phase) *fault.Error {
	e := fault.New(fault.Timeout, phase, local.String())
	if local.IP().IsLoopback() {
		e.Advise(hintLoopback, "")
	}
	return e
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
		return overdueAt(v.ln.LocalAddr(), fault.PhaseAccept).With(textNoClient, milliseconds(state.allowed))
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
		if state.queued {
			return fault.New(fault.Timeout, fault.PhaseRead, u.sock.LocalAddr().String()).With(textQueueRead)
		}
		return overdueAt(u.sock.LocalAddr(), fault.PhaseRead).With(textNoDatagram, milliseconds(state.allowed))
	})
}

// shorten makes the time of w end after limit, if it does not before. restore gives it
// its own time again, whatever was set meanwhile.
func shorten(w *poll.Call, limit time.Duration) (restore func()) {
	if w.NonBlocking() {
		return func() {}
	}
	own, ends := w.Deadline()
	if end := time.Now().Add(limit); !ends || own.After(end) {
		w.SetDeadline(end)
	}
	return func() { w.SetDeadline(own) } // the zero time for ever
}
