package core

import (
	"bytes"
	"slices"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

var (
	noteFieldInRaw = fault.NewNote(
		"WDS_OPT_EXCHANGE_FIELD needs messages: set another mode than WDS_MODE_RAW (WDSocketChangeTransmissionMode)",
		"WDS_OPT_EXCHANGE_FIELD demande des messages : choisissez un autre mode que WDS_MODE_RAW (WDSocketChangeTransmissionMode)")
	noteNoField = fault.NewNote(
		"a request of {0} bytes ends before the field of WDS_OPT_EXCHANGE_FIELD",
		"une requête de {0} octets se termine avant le champ de WDS_OPT_EXCHANGE_FIELD")
)

// replyCorrelator is what knows the reply to a request, nil where it is the next message;
// who is the peer. Errors: fault.State, fault.Argument.
func (cfg *ioConfig) replyCorrelator(request []byte, who string) (frame.Correlator, error) {
	field := cfg.replyField
	switch {
	case field == nil:
		c, _ := cfg.Framer.(frame.Correlator)
		return c, nil
	case cfg.Stream():
		return nil, fault.New(fault.State, fault.PhaseRead, who).With(noteFieldInRaw)
	case !field.Fits(request):
		return nil, fault.New(fault.Argument, fault.PhaseRead, "data").With(noteNoField, decimal(len(request)))
	}
	return *field, nil
}

// preamble is a request in progress, with what may stand before its answer: its echo,
// bytes that confirm it, and bytes that refuse it (option.Exchange).
type preamble struct {
	st      *stream
	w       *poll.Call
	cfg     *ioConfig
	request []byte

	echo    []byte // bytes of the request that may still come back
	repeats int    // how often it was written again
	refused bool   // for good: what says so is the answer
}

// write writes the request.
func (p *preamble) write() error {
	if _, err := p.st.writeMessage(p.w, p.cfg, p.request, false); err != nil {
		return p.st.cutReasonReading(p.w, p.cfg, err)
	}
	if o := p.cfg.beforeReply; o != nil && o.Echo && p.st.ws.Load() == nil {
		text := p.request
		if p.cfg.charset != nil {
			text, _ = p.cfg.charset.ToWire(p.st.lib.HostText(), nil, text) // as it was written
		}
		head, body, tail, _, err := p.cfg.Encode(nil, text)
		if err == nil {
			p.echo = slices.Concat(head, body, tail)
		}
	}
	return nil
}

// await takes what stands before the answer, and writes a refused request again. It
// returns when something else has come, or the time is over.
func (p *preamble) await() error {
	if p.cfg.beforeReply == nil || p.refused {
		return nil
	}
	st := p.st
	st.useConfig(p.cfg)
	rest := singleRead{st: st, w: p.w, cfg: p.cfg}
	if err := rest.finishDiscarding(); err != nil {
		return err
	}
	for filled := false; ; {
		switch needs, nak := p.take(); {
		case nak && p.repeats >= p.cfg.beforeReply.Repeats:
			p.refused = true
			return nil
		case nak:
			p.repeats++
			st.advance(len(p.cfg.beforeReply.Nak))
			if err := p.write(); err != nil {
				return err
			}
		case !needs:
			return nil
		default:
			var err error
			if filled && p.w.TimeIsUp() { // however much comes
				err = syserr.Wrap(p.w.Expired(), fault.PhaseRead, st.peerLabel())
			} else {
				err = st.fill(p.w, p.cfg)
			}
			filled = true
			switch {
			case err == nil, st.extendDeadline(p.w, p.cfg, err, st.in.Len()):
			case st.in.Len() > 0: // then it is the answer, or a part of it
				p.echo = nil
				return nil
			default:
				return err
			}
		}
	}
}

// take takes the echo and what confirms the request off the front of the buffer. needs:
// what there is may be the beginning of such; nak: it is refused there.
func (p *preamble) take() (needs, nak bool) {
	o := p.cfg.beforeReply
	for {
		b := p.st.in.Bytes()
		switch {
		case len(p.echo) > 0 && bytes.HasPrefix(b, p.echo):
			p.st.advance(len(p.echo))
			p.echo = nil
		case len(p.echo) > 0 && bytes.HasPrefix(p.echo, b):
			return true, false
		case len(p.echo) > 0:
			p.echo = nil // it has none
		case len(b) == 0:
			return true, false
		case len(o.Ack) > 0 && bytes.HasPrefix(b, o.Ack):
			p.st.advance(len(o.Ack))
		case len(o.Nak) > 0 && bytes.HasPrefix(b, o.Nak):
			return false, true
		default:
			return bytes.HasPrefix(o.Ack, b) || bytes.HasPrefix(o.Nak, b), false
		}
	}
}

// reply reads the answer, or gives what refuses the request as such.
func (p *preamble) reply(into []byte) (int, error) {
	if !p.refused {
		return p.st.readMessage(p.w, p.cfg, into)
	}
	nak := p.cfg.beforeReply.Nak
	if err := p.st.checkFits(len(nak), len(into)); err != nil {
		return 0, err
	}
	n := copy(into, nak)
	p.st.advance(n)
	p.st.noteDelivered(into[:n])
	return n, nil
}

// late is the error err of an exchange whose answer did not come; of a time-out it names
// the other answer that came last.
func (p *preamble) late(err error, c frame.Correlator, other string) error {
	if err == nil {
		return nil
	}
	if other == "" || fault.CodeOf(err) != fault.Timeout {
		return syserr.Wrap(err, fault.PhaseRead, p.st.peerLabel())
	}
	return fault.New(fault.Timeout, fault.PhaseRead, p.st.peerLabel()).With(fault.NoteOtherAnswer, other, c.Asked(p.request))
}

// message is the whole message f at the front of the buffer.
func (p *preamble) message(f frame.Frame) []byte {
	b := p.st.in.Bytes()
	if !f.Escaped {
		return b[f.Start : f.Start+f.Len]
	}
	m := make([]byte, f.Size)
	p.cfg.Extract(m, b, f)
	return m
}

// drop drops what confirms or refuses earlier requests off the front of the buffer:
// no call waits for it any more.
func (p *preamble) drop() {
	o, st := p.cfg.beforeReply, p.st
	if o == nil || st.discardNext {
		return
	}
	for b := st.in.Bytes(); ; b = st.in.Bytes() {
		switch {
		case len(o.Ack) > 0 && bytes.HasPrefix(b, o.Ack):
			st.advance(len(o.Ack))
		case len(o.Nak) > 0 && bytes.HasPrefix(b, o.Nak):
			st.advance(len(o.Nak))
			st.lateReplyArrived()
		default:
			return
		}
	}
}
