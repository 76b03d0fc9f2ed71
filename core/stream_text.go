package core

import (
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// Reading in a character set (TextCharset).

// convert gives the message at the front in the host's character set.
func (st *stream) convert(cfg *ioConfig, f frame.Frame, b []byte) ([]byte, error) {
	wireText := make([]byte, f.Size)
	cfg.Extract(wireText, b, f)
	out, err := cfg.charset.FromWire(st.lib.HostText(), nil, wireText)
	if err != nil {
		return nil, textFault(err, st.peerLabel())
	}
	return out, nil
}

func textFault(err error, who string) error {
	e := syserr.Wrap(err, fault.PhaseFrame, who)
	noted := *e
	noted.Who = who
	return &noted
}

func (st *stream) readConverted(w *poll.Call, cfg *ioConfig, p []byte) (int, error) {
	f, err := st.nextMessage(w, cfg, -1, nil)
	if err != nil {
		return 0, err
	}
	text, err := st.convert(cfg, f, st.in.Bytes())
	if err != nil {
		return 0, st.counters.CountError(err)
	}
	if err := st.checkFits(len(text), len(p)); err != nil {
		return 0, err
	}
	copy(p, text)
	st.advance(f.Total)
	st.ws.Load().delivered(f)
	st.owner.Load().delivered(f)
	st.noteDelivered(text)
	return len(text), nil
}

// longestText bounds one character in the host's encoding.
const longestText = 8

// textFront converts the whole characters at the front of the buffer that take at
// most room bytes. used 0 without an error: more has to come.
func (st *stream) textFront(cfg *ioConfig, capacity int) (text []byte, used int, err error) {
	text, used, err = cfg.charset.FromWireFitting(st.lib.HostText(), st.in.Bytes(), capacity)
	switch {
	case err != nil:
		return nil, 0, textFault(err, st.peerLabel())
	case used > 0 || capacity >= longestText:
		return text, used, nil
	}
	if text, used, err = st.textFront(cfg, longestText); used > 0 {
		err = st.checkFits(len(text), capacity)
	}
	return nil, 0, err
}

// readRawConverted delivers whole characters: of what is there as many as fit.
func (st *stream) readRawConverted(w *poll.Call, cfg *ioConfig, p []byte) (int, error) {
	if err := st.awaitReadGap(w, cfg, len(p)); err != nil {
		return 0, err
	}
	for {
		if st.in.Len() > 0 {
			text, used, err := st.textFront(cfg, len(p))
			if err != nil {
				return 0, st.counters.CountError(err)
			}
			if used > 0 {
				n := copy(p, text)
				st.advanceAs(used, n)
				if n > 0 { // a shift to another set is no text
					st.noteDelivered(p[:n])
					return n, nil
				}
				continue
			}
		}
		if err := st.fill(w, cfg); err != nil {
			return 0, err
		}
	}
}

// wholeCharacters returns how many bytes at the front are whole characters: all of them, where
// there is no character set, or some are no text.
func wholeCharacters(st *stream, cfg *ioConfig) int {
	if !cfg.Stream() || cfg.charset == nil {
		return st.in.Len()
	}
	st.front = nil
	if _, err := st.bufferedTextSize(cfg); err != nil {
		return st.in.Len()
	}
	return st.front.wire
}

// textSize tells how long the characters that are there are for the host, and
// waits for the first.
func (st *stream) textSize(w *poll.Call, cfg *ioConfig) (int, error) {
	for {
		n, err := st.bufferedTextSize(cfg)
		if err != nil || n > 0 {
			return n, err
		}
		if err := st.fill(w, cfg); err != nil {
			return 0, err
		}
	}
}

// bufferedTextSize returns how long the whole characters in the buffer are for the
// host. It converts what it has not seen yet, so that each byte is looked at once
// however often this is called. The error is that of the first character.
func (st *stream) bufferedTextSize(cfg *ioConfig) (int, error) {
	const piece = 16 << 10 // of text
	k := st.frontInfo()
	for k.wire < st.in.Len() {
		text, used, err := cfg.charset.FromWireFitting(st.lib.HostText(), st.in.Bytes()[k.wire:], piece)
		if err != nil && k.host == 0 {
			return 0, textFault(err, st.peerLabel())
		}
		if used == 0 {
			break
		}
		k.wire += used
		k.host += len(text)
	}
	return k.host, nil
}
