package core

import (
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// Reading in a character set (TextCharset).

// convert gives the message at the front in the host's character set.
func (st *stream) convert(lv *live, f frame.Frame, b []byte) ([]byte, error) {
	wireText := make([]byte, f.Size)
	lv.Extract(wireText, b, f)
	out, err := lv.charset.FromWire(st.lib.HostText(), nil, wireText)
	if err != nil {
		return nil, textFault(err, st.who())
	}
	return out, nil
}

func textFault(err error, who string) error {
	e := syserr.Wrap(err, fault.PhaseFrame, who)
	told := *e
	told.Who = who
	return &told
}

func (st *stream) readConverted(w *poll.Call, lv *live, p []byte) (int, error) {
	f, err := st.next(w, lv, -1, nil)
	if err != nil {
		return 0, err
	}
	text, err := st.convert(lv, f, st.in.Bytes())
	if err != nil {
		return 0, st.faulty(err)
	}
	if err := st.fits(len(text), len(p)); err != nil {
		return 0, err
	}
	copy(p, text)
	st.take(f.Total)
	st.delivered(text)
	return len(text), nil
}

// longestText bounds one character in the host's encoding.
const longestText = 8

// textFront converts the whole characters at the front of the buffer that take at
// most room bytes. used 0 without an error: more has to come.
func (st *stream) textFront(lv *live, room int) (text []byte, used int, err error) {
	text, used, err = lv.charset.FromWireFitting(st.lib.HostText(), st.in.Bytes(), room)
	switch {
	case err != nil:
		return nil, 0, textFault(err, st.who())
	case used > 0 || room >= longestText:
		return text, used, nil
	}
	if text, used, err = st.textFront(lv, longestText); used > 0 {
		err = st.fits(len(text), room)
	}
	return nil, 0, err
}

// rawConverted delivers whole characters: of what is there as many as fit.
func (st *stream) rawConverted(w *poll.Call, lv *live, p []byte) (int, error) {
	if err := st.collect(w, lv, len(p)); err != nil {
		return 0, err
	}
	for {
		if st.in.Len() > 0 {
			text, used, err := st.textFront(lv, len(p))
			if err != nil {
				return 0, st.faulty(err)
			}
			if used > 0 {
				n := copy(p, text)
				st.takeAs(used, n)
				if n > 0 { // a shift to another set is no text
					st.delivered(p[:n])
					return n, nil
				}
				continue
			}
		}
		if err := st.fill(w, lv); err != nil {
			return 0, err
		}
	}
}

// textSize tells how long the characters that are there are for the host, and
// waits for the first.
func (st *stream) textSize(w *poll.Call, lv *live) (int, error) {
	for {
		n, err := st.textThere(lv)
		if err != nil || n > 0 {
			return n, err
		}
		if err := st.fill(w, lv); err != nil {
			return 0, err
		}
	}
}

// textThere tells how long the whole characters in the buffer are for the host. It
// converts what it has not seen yet, so that each byte is looked at once however
// often this is asked. The error is that of the first character.
func (st *stream) textThere(lv *live) (int, error) {
	const piece = 16 << 10 // of text
	k := st.front()
	for k.wire < st.in.Len() {
		text, used, err := lv.charset.FromWireFitting(st.lib.HostText(), st.in.Bytes()[k.wire:], piece)
		if err != nil && k.host == 0 {
			return 0, textFault(err, st.who())
		}
		if used == 0 {
			break
		}
		k.wire += used
		k.host += len(text)
	}
	return k.host, nil
}
