package core

import (
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
)

// readMessage reads one message into p.
func (st *stream) readMessage(w *poll.Call, lv *live, p []byte) (int, error) {
	if lv.Stream() {
		return st.readRaw(w, lv, p)
	}
	if lv.charset != nil {
		return st.readConverted(w, lv, p)
	}
	f, err := st.next(w, lv, len(p), p)
	if err != nil {
		return 0, err
	}
	if f.Total > 0 {
		lv.Extract(p, st.in.Bytes(), f)
		st.take(f.Total)
	}
	st.delivered(p[:f.Size])
	return f.Size, nil
}

// readRaw reads the bytes that are there, at most len(p).
func (st *stream) readRaw(w *poll.Call, lv *live, p []byte) (int, error) {
	st.follow(lv)
	if lv.charset != nil {
		return st.rawConverted(w, lv, p)
	}
	if err := st.collect(w, lv, len(p)); err != nil {
		return 0, err
	}
	if st.in.Len() == 0 && len(p) > 0 {
		n, err := st.readBehind(w, p)
		if err != nil {
			return 0, err
		}
		st.delivered(p[:n])
		return n, nil
	}
	if len(p) == 0 {
		return 0, st.rawNoRoom(w, lv)
	}
	n := copy(p, st.in.Bytes())
	st.take(n)
	st.delivered(p[:n])
	return n, nil
}

// readBehind reads past the empty buffer.
func (st *stream) readBehind(w *poll.Call, p []byte) (int, error) {
	if e := st.ended.Load(); e != nil {
		return 0, e
	}
	n, err := st.receive(w, p)
	if err != nil {
		return 0, st.readFailed(err)
	}
	st.came(n)
	return n, nil
}

// rawNoRoom answers a raw read for no bytes at all: there are some and they do
// not fit, or there are none.
func (st *stream) rawNoRoom(w *poll.Call, lv *live) error {
	if st.in.Len() == 0 {
		if err := st.fill(w, lv); err != nil {
			return err
		}
	}
	return st.fits(st.in.Len(), 0)
}

// collect waits, with a read gap, until the line is silent or enough is there.
func (st *stream) collect(w *poll.Call, lv *live, enough int) error {
	if lv.readGap == 0 {
		return nil
	}
	if st.in.Len() == 0 {
		if err := st.fill(w, lv); err != nil {
			return err
		}
	}
	for st.in.Len() < enough && st.ended.Load() == nil {
		quiet, err := st.quiet(w, lv, lv.readGap)
		if err != nil {
			return err
		}
		if quiet {
			return nil
		}
	}
	return nil
}

// size waits for a message and tells its length, raw: the bytes there are.
func (st *stream) size(w *poll.Call, lv *live) (int, error) {
	if lv.Stream() {
		st.follow(lv)
		if st.in.Len() == 0 {
			if err := st.fill(w, lv); err != nil {
				return 0, err
			}
		}
		if lv.charset != nil {
			return st.textSize(w, lv)
		}
		return st.in.Len() + st.behind(), nil
	}
	f, err := st.next(w, lv, -1, nil)
	if err != nil {
		return 0, err
	}
	if lv.charset != nil {
		text, err := st.convert(lv, f, st.in.Bytes())
		return len(text), err
	}
	return f.Size, nil
}

// readMany reads one message and what whole ones stand behind it.
func (st *stream) readMany(w *poll.Call, lv *live, p []byte, lengths []int32) (int, error) {
	n, err := st.readMessage(w, lv, p)
	if err != nil {
		return 0, err
	}
	lengths[0] = int32(n)
	if lv.Stream() || lv.Gap() > 0 || st.lost != nil {
		return 1, nil
	}
	got := 1
	p = p[n:]
	w.SetTimeout(0)
	for {
		more, used := st.takeMore(lv, p, lengths[got:])
		got += more
		p = p[used:]
		if got == len(lengths) || !st.full || more == 0 || st.fill(w, lv) != nil {
			return got, nil
		}
	}
}

// takeMore delivers the whole messages at the front as long as they fit, and
// tells how many and how long they are together. An error is the next call's
// to tell.
func (st *stream) takeMore(lv *live, p []byte, lengths []int32) (got, used int) {
	taken := 0
	if bulk, ok := lv.Framer.(frame.Bulk); ok && lv.charset == nil && lv.watch == nil {
		got, used, taken = bulk.TakeMany(p, lengths, st.in.Bytes())
	} else {
		got, used, taken = st.copyMany(lv, p, lengths)
	}
	if got > 0 {
		st.take(taken)
		st.count(got)
		if st.lib.log0.Enabled(levelAll) {
			st.lib.log(levelAll, st, "%d bytes read as %d messages", taken, got)
		}
	}
	return got, used
}

// copyMany copies the whole messages at the front as long as they fit, and tells
// how many, how long they are together, and what to take.
func (st *stream) copyMany(lv *live, p []byte, lengths []int32) (got, used, taken int) {
	b := st.in.Bytes()
	for got < len(lengths) && taken < len(b) {
		f, err := lv.Decode(b[taken:], 0)
		if err != nil || f.Total == 0 {
			break
		}
		n, ok := st.copyOut(lv, f, b[taken:], p[used:])
		if !ok {
			break
		}
		lengths[got] = int32(n)
		taken += f.Total
		used += n
		got++
	}
	return got, used, taken
}

// copyOut gives a whole message that stands in b to its reader, if it fits.
func (st *stream) copyOut(lv *live, f frame.Frame, b, p []byte) (int, bool) {
	if lv.charset == nil {
		if f.Size > len(p) {
			return 0, false
		}
		return lv.Extract(p, b, f), true
	}
	text, err := st.convert(lv, f, b)
	if err != nil || len(text) > len(p) {
		return 0, false
	}
	return copy(p, text), true
}

// tryBuffered reads one message that has arrived already, without entering the
// gate: nothing is waited for and no descriptor is touched. False: the usual
// way has to be taken, and nothing was changed.
func (st *stream) tryBuffered(lv *live, p []byte) (int, bool) {
	if st.in.Len() == 0 || st.mode != lv || st.lost != nil || st.stale || lv.charset != nil || lv.Stream() || lv.Gap() > 0 {
		return 0, false
	}
	f, err := lv.Decode(st.in.Bytes(), st.scanned)
	if err != nil || f.Total == 0 || f.Size > len(p) {
		return 0, false
	}
	lv.Extract(p, st.in.Bytes(), f)
	st.take(f.Total)
	st.delivered(p[:f.Size])
	return f.Size, true
}

// lendMessage reads one message and lends it.
func (st *stream) lendMessage(w *poll.Call, lv *live) (*mem.Message, error) {
	if lv.Stream() && lv.charset == nil {
		st.follow(lv)
		if err := st.collect(w, lv, mem.MaxReadSize); err != nil {
			return nil, err
		}
		if st.in.Len() == 0 {
			if err := st.fill(w, lv); err != nil {
				return nil, err
			}
		}
		n := min(st.in.Len(), mem.MaxReadSize)
		return st.lend(0, n, n), nil
	}
	if lv.charset != nil {
		return st.lendConverted(w, lv)
	}
	f, err := st.next(w, lv, -1, nil)
	if err != nil {
		return nil, err
	}
	if f.Escaped {
		m := mem.NewMessage(&st.lib.money, f.Size)
		lv.Extract(m.Bytes(), st.in.Bytes(), f)
		st.take(f.Total)
		st.delivered(m.Bytes())
		return m, nil
	}
	return st.lend(f.Start, f.Size, f.Total), nil
}

func (st *stream) lend(start, n, total int) *mem.Message {
	if st.known != nil {
		st.knownTaken(total, st.knownOf(total))
	}
	m := st.in.TakeMessage(start, n, total)
	if st.att != nil {
		st.att.peeked = max(st.att.peeked-total, 0)
	}
	st.scanned, st.noisy = 0, false
	if lv := st.mode; lv != nil && lv.watch != nil {
		st.dropSigns(lv)
	}
	st.held.Store(int64(st.in.Len()))
	st.delivered(m.Bytes())
	return m
}

func (st *stream) lendConverted(w *poll.Call, lv *live) (*mem.Message, error) {
	n, err := st.size(w, lv)
	if err != nil {
		if fault.CodeOf(err) == fault.Text {
			st.faulty(err)
		}
		return nil, err
	}
	if lv.Stream() {
		n = min(n, mem.MaxReadSize)
	}
	m := mem.NewMessage(&st.lib.money, n)
	got, err := st.readMessage(w, lv, m.Bytes())
	if err != nil {
		m.Free()
		return nil, err
	}
	m.Truncate(got)
	return m, nil
}
