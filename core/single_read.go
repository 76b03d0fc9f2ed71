package core

import (
	"bytes"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
)

// Single reads: so many bytes of the stream, or those up to a tag, whatever the
// transmission mode is. What they leave is read in the mode again.

var (
	textNothingSingle = fault.NewSentence(
		"nothing came from {who} within {0} ms: the connection is still open; read again, or allow more time",
		"rien reçu de {who} en {0} ms : la connexion reste ouverte ; relisez, ou accordez plus de temps")
	textNotEnough = fault.NewSentence(
		"{1} of the {2} bytes that {call} waits for came from {who} within {0} ms: {3}; they are kept: read again for the rest, with more time, or ask for fewer",
		"{1} des {2} octets attendus par {call} reçus de {who} en {0} ms : {3} ; ils sont conservés : relisez pour obtenir la suite, avec un délai plus long, ou demandez moins d'octets")
	textNoTag = fault.NewSentence(
		"{1} bytes came from {who} within {0} ms without the tag {2} that {call} waits for: {3}; they are kept: read again for the rest, with more time, or with the tag that the peer uses",
		"{1} octets reçus de {who} en {0} ms, sans le marqueur {2} attendu par {call} : {3} ; ils sont conservés : relisez pour obtenir la suite, avec un délai plus long, ou avec le marqueur du correspondant")
	textEndedShort = fault.NewSentence(
		"{who} ended the connection, and only {0} of the {1} bytes that {call} waits for came: {2}; they can still be read: call WDSocketReadExactly for {0} bytes",
		"{who} a terminé la connexion, et seuls {0} des {1} octets attendus par {call} sont arrivés : {2} ; ils peuvent encore être lus : appelez WDSocketReadExactly pour {0} octets")
	textEndedWithoutTag = fault.NewSentence(
		"{who} ended the connection, and {0} bytes came without the tag {1} that {call} waits for: {2}; they can still be read: call WDSocketReadExactly for {0} bytes",
		"{who} a terminé la connexion, et {0} octets sont arrivés sans le marqueur {1} attendu par {call} : {2} ; ils peuvent encore être lus : appelez WDSocketReadExactly pour {0} octets")
	textTagTooFar = fault.NewSentence(
		"{0} bytes came from {who} without the tag {1} that {call} waits for, and WDS_OPT_MAX_MESSAGE allows {2}: {3}; they are kept: use the tag that the peer uses, raise the limit, or read or discard them",
		"{0} octets reçus de {who} sans le marqueur {1} attendu par {call}, et WDS_OPT_MAX_MESSAGE en permet {2} : {3} ; ils sont conservés : indiquez le marqueur du correspondant, augmentez la limite, ou bien lisez ou supprimez ces octets")
)

// ReadExactly reads the next n bytes into p, which has room for them, whatever the mode
// is; with a nil p it waits for them and takes nothing. n 0 gives 0 at once.
//
// Errors as Read, but for those of the mode; fault.TooLong for more bytes than a
// message may have, fault.Kind for a UDP socket, fault.State for a WebSocket that is
// not raw.
func (s *Socket) ReadExactly(p []byte, n int, timeout time.Duration) (int, error) {
	return s.readSingly(singleRead{n: n}, p, p == nil, timeout)
}

// ReadUntil reads the bytes up to the next tag into p, and takes the tag, too, whatever
// the mode is; with a nil p it tells how many they are and takes nothing. Errors as
// ReadExactly; fault.Buffer (nothing consumed).
func (s *Socket) ReadUntil(p, tag []byte, timeout time.Duration) (int, error) {
	return s.readSingly(singleRead{tag: tag}, p, p == nil, timeout)
}

func (s *Socket) readSingly(want singleRead, p []byte, peeks bool, timeout time.Duration) (int, error) {
	if s.udp.Load() != nil {
		return 0, s.wrongKind(fault.PhaseRead, textNeedsConnection)
	}
	if limit := s.config.Load().limit; want.n > limit {
		return 0, fault.New(fault.TooLong, fault.PhaseRead, s.Label()).With(fault.NoteTooLong, decimal(want.n), decimal(limit))
	}
	if want.n == 0 && len(want.tag) == 0 {
		return 0, nil
	}
	var keeps error // the client of a simplified server, for what is left of it
	n, err := s.withReader(timeout, func(w *poll.Call, st *stream, cfg *ioConfig) (int, error) {
		if st.ws.Load() != nil && !cfg.Stream() {
			return 0, fault.New(fault.State, fault.PhaseRead, st.peerLabel()).With(noteRawWebSocket)
		}
		r := want
		r.st, r.w, r.cfg = st, w, cfg
		n, err := r.read(p, peeks)
		keeps = nil
		if err != nil && s.stream.Load() != st && r.keepsClient() {
			keeps = err
			return 0, nil
		}
		return n, err
	})
	if keeps != nil {
		return 0, keeps
	}
	return n, err
}

// singleRead is such a read in progress.
type singleRead struct {
	n   int    // bytes that are wanted
	tag []byte // or those up to here

	st  *stream
	w   *poll.Call
	cfg *ioConfig
}

// read waits for the bytes, and takes them unless it peeks.
func (r *singleRead) read(p []byte, peeks bool) (int, error) {
	st := r.st
	st.useConfig(r.cfg)
	st.asBytes = true // what looks like a heartbeat may be the middle of something
	defer func() { st.asBytes = false }()
	if err := r.finishDiscarding(); err != nil {
		return 0, err
	}
	size, total, direct, err := r.await(p, peeks)
	switch {
	case err != nil:
		return 0, r.failed(err)
	case peeks:
		st.in.MarkWhole()
		return size, nil
	case size > len(p):
		return 0, st.checkFits(size, len(p))
	case !direct:
		copy(p[:size], st.in.Bytes())
		st.advance(total)
	}
	r.restart()
	st.noteDelivered(p[:size])
	return size, nil
}

// await waits until the bytes are there: size of them, total with the tag. direct: they
// were received straight into p.
func (r *singleRead) await(p []byte, peeks bool) (size, total int, direct bool, err error) {
	st := r.st
	for {
		size, total, err = r.find()
		inherited := 0
		if st.cold != nil {
			inherited = st.cold.inherited
		}
		switch {
		case err != nil:
			return 0, 0, false, err
		case inherited > 0 && (total > inherited || total == 0 && st.ended.Load() == nil):
			st.advance(min(inherited, st.in.Len())) // what came by two connections does not belong together
			continue
		case total > 0:
			return size, total, false, nil
		}
		if rest := r.n - st.in.Len(); rest >= longMessage && !peeks && st.in.Len() <= mem.MaxReadSize && st.ws.Load() == nil {
			_, err = st.readDirect(r.w, r.cfg, frame.Frame{Size: r.n, Need: r.n}, p[:r.n])
			return r.n, r.n, true, err
		}
		if err = st.fill(r.w, r.cfg); err != nil && !st.extendDeadline(r.w, r.cfg, err, st.in.Len()) {
			return 0, 0, false, err
		}
	}
}

// find looks for the bytes in the buffer; total is 0 while they are not there. Each byte
// is looked at once, however many calls it takes.
func (r *singleRead) find() (size, total int, err error) {
	b := r.st.in.Bytes()
	if len(r.tag) == 0 {
		if len(b) < r.n {
			return 0, 0, nil
		}
		return r.n, r.n, nil
	}
	c := r.st.coldState()
	if !bytes.Equal(c.tag, r.tag) {
		c.tag, c.tagScanned, c.lastTimeout = append(c.tag[:0], r.tag...), 0, lastTimeout{}
	}
	from := min(c.tagScanned, len(b))
	at := bytes.Index(b[from:], r.tag)
	if at >= 0 {
		size = from + at
		total = size + len(r.tag)
	} else {
		c.tagScanned = max(len(b)-len(r.tag)+1, 0)
		size = c.tagScanned
	}
	if limit := r.cfg.limit; size > limit {
		return 0, 0, fault.New(fault.TooLong, fault.PhaseRead, r.st.peerLabel()).
			With(textTagTooFar, decimal(len(b)), frame.Shown(r.tag), decimal(limit), frame.Shown(b))
	}
	return size, total, nil
}

// finishDiscarding discards the rest of a message that an exchange has given up.
func (r *singleRead) finishDiscarding() error {
	for r.st.discardNext {
		f, err := r.st.decodeFront(r.cfg)
		switch {
		case err != nil:
			r.st.discardNext = false
		case f.Total > 0:
			r.st.advance(f.Total)
			r.st.discardNext = false
		default:
			if err := r.st.fill(r.w, r.cfg); err != nil {
				return err
			}
		}
	}
	return nil
}

// restart makes the mode begin anew behind the bytes that were taken.
func (r *singleRead) restart() {
	st := r.st
	if st.framingErr != nil {
		st.framingErr = nil
		st.sharedFramingErr.Store(nil)
	}
	if reg := st.registration; reg != nil {
		reg.unread, reg.unreadBytes, reg.scanned = 0, 0, 0
		reg.forgetMessages(0)
	}
}

// failed is the error of a read that failed with err: it says what there is. The bytes
// stay; in a queue, an event tells when there are enough, or more.
func (r *singleRead) failed(err error) error {
	st := r.st
	b := st.in.Bytes()
	if e := st.ended.Load(); e != nil {
		return r.endedShort(e, b)
	}
	if !isBare(err, fault.PhaseRead) {
		return err
	}
	if reg := st.registration; reg != nil && r.cfg.Stream() {
		reg.forgetMessages(0)
		reg.noteConsumed(st, reg.unread)
		reg.enough = max(r.n, len(b)+1)
	}
	state := timeoutState{r.cfg, poll.Allowed(r.w), st.conn.BytesIn(), len(b), false, st.owner.Load().registration.Load() != nil, r.n + 1}
	return st.coldState().lastTimeout.of(state, func() *fault.Error {
		e, ms := fault.New(fault.Timeout, fault.PhaseRead, st.peerLabel()), milliseconds(state.allowed)
		switch {
		case state.queued:
			return e.With(textQueueRead)
		case len(b) == 0:
			return e.With(textNothingSingle, ms)
		case len(r.tag) == 0:
			return e.With(textNotEnough, ms, decimal(len(b)), decimal(r.n), frame.Shown(b))
		}
		return e.With(textNoTag, ms, decimal(len(b)), frame.Shown(r.tag), frame.Shown(b))
	})
}

// endedShort is the error of a connection that is over, with b left of it.
func (r *singleRead) endedShort(e *fault.Error, b []byte) error {
	switch {
	case e.Code == fault.Memory, e.Code == fault.Silent:
		return r.st.withUnfinished(e)
	case len(b) == 0:
		return e
	}
	noted := e.Advised(fault.NoNote, "")
	if len(r.tag) == 0 {
		return noted.With(textEndedShort, decimal(len(b)), decimal(r.n), frame.Shown(b))
	}
	return noted.With(textEndedWithoutTag, decimal(len(b)), frame.Shown(r.tag), frame.Shown(b))
}

// keepsClient tells whether a simplified server's client that has ended stays once more,
// for what is left to read of it.
func (r *singleRead) keepsClient() bool {
	left := r.st.in.Len()
	if c, e := r.st.coldState(), r.st.ended.Load(); e != nil && e.Code != fault.Silent && left > 0 && c.restTold != left {
		c.restTold = left
		return true
	}
	return false
}
