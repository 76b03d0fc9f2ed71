package core

import (
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
)

// readMessage reads one message into p.
func (st *stream) readMessage(w *poll.Call, cfg *ioConfig, p []byte) (int, error) {
	if cfg.Stream() {
		return st.readRaw(w, cfg, p)
	}
	if cfg.charset != nil {
		return st.readConverted(w, cfg, p)
	}
	f, err := st.nextMessage(w, cfg, len(p), p)
	if err != nil {
		return 0, err
	}
	if f.Total > 0 {
		cfg.Extract(p, st.in.Bytes(), f)
		st.advance(f.Total)
	}
	st.ws.Load().delivered(f)
	st.owner.Load().delivered(f)
	st.noteDelivered(p[:f.Size])
	return f.Size, nil
}

// readRaw reads the available bytes, at most len(p).
func (st *stream) readRaw(w *poll.Call, cfg *ioConfig, p []byte) (int, error) {
	st.useConfig(cfg)
	if cfg.charset != nil {
		return st.readRawConverted(w, cfg, p)
	}
	if err := st.awaitReadGap(w, cfg, len(p)); err != nil {
		return 0, err
	}
	if st.in.Len() == 0 && len(p) > 0 && st.ws.Load() != nil { // whose frames' headers need room too
		if err := st.fill(w, cfg); err != nil {
			return 0, err
		}
	}
	if st.in.Len() == 0 && len(p) > 0 {
		n, err := st.readPastBuffer(w, p)
		if err != nil {
			return 0, err
		}
		st.noteDelivered(p[:n])
		return n, nil
	}
	if len(p) == 0 {
		return 0, st.readRawNothing(w, cfg)
	}
	n := copy(p, st.in.Bytes())
	st.advance(n)
	st.noteDelivered(p[:n])
	return n, nil
}

// readPastBuffer receives directly into p while the buffer is empty.
func (st *stream) readPastBuffer(w *poll.Call, p []byte) (int, error) {
	if e := st.ended.Load(); e != nil {
		return 0, e
	}
	n, err := st.receive(w, p)
	if err != nil {
		return 0, st.readFailed(err)
	}
	st.noteReceived(n)
	return n, nil
}

// readRawNothing is a raw read with no room: there are bytes and they do not fit, or
// there are none.
func (st *stream) readRawNothing(w *poll.Call, cfg *ioConfig) error {
	if st.in.Len() == 0 {
		if err := st.fill(w, cfg); err != nil {
			return err
		}
	}
	return st.checkFits(st.in.Len(), 0)
}

// awaitReadGap waits, if there is a read gap, until the line is silent or enough bytes
// are buffered.
func (st *stream) awaitReadGap(w *poll.Call, cfg *ioConfig, enough int) error {
	if cfg.readGap == 0 {
		return nil
	}
	if st.in.Len() == 0 {
		if err := st.fill(w, cfg); err != nil {
			return err
		}
	}
	for st.in.Len() < enough && st.ended.Load() == nil {
		quiet, err := st.awaitSilence(w, cfg, cfg.readGap)
		if err != nil {
			return err
		}
		if quiet {
			return nil
		}
	}
	return nil
}

// size waits for a message and returns its length; in raw mode that of the available
// bytes.
func (st *stream) size(w *poll.Call, cfg *ioConfig) (int, error) {
	if cfg.Stream() {
		st.useConfig(cfg)
		if st.in.Len() == 0 {
			if err := st.fill(w, cfg); err != nil {
				return 0, err
			}
		}
		if cfg.charset != nil {
			return st.textSize(w, cfg)
		}
		return st.in.Len() + st.unreadInSystem(), nil
	}
	f, err := st.nextMessage(w, cfg, -1, nil)
	if err != nil {
		return 0, err
	}
	if cfg.charset != nil {
		text, err := st.convert(cfg, f, st.in.Bytes())
		return len(text), err
	}
	return f.Size, nil
}

// readMany reads one message and the whole ones behind it.
func (st *stream) readMany(w *poll.Call, cfg *ioConfig, p []byte, lengths []int32) (int, error) {
	n, err := st.readMessage(w, cfg, p)
	if err != nil {
		return 0, err
	}
	lengths[0] = int32(n)
	if cfg.Stream() || cfg.Gap() > 0 || st.framingErr != nil {
		return 1, nil
	}
	got := 1
	p = p[n:]
	w.SetTimeout(0)
	for {
		more, used := st.takeMore(cfg, p, lengths[got:])
		got += more
		p = p[used:]
		if got == len(lengths) || !st.filledAll || more == 0 || st.fill(w, cfg) != nil {
			return got, nil
		}
	}
}

// takeMore delivers the whole messages at the front as long as they fit, and returns
// how many and how long they are together. An error is left to the next call.
func (st *stream) takeMore(cfg *ioConfig, p []byte, lengths []int32) (got, used int) {
	taken := 0
	if cfg.bulk != nil && cfg.charset == nil && cfg.liveness == nil {
		got, used, taken = cfg.bulk.TakeMany(p, lengths, st.in.Bytes())
	} else {
		got, used, taken = st.copyMany(cfg, p, lengths)
	}
	if got > 0 {
		st.advance(taken)
		st.countRead(got)
		if st.lib.journal.Enabled(levelAll) {
			st.lib.log(levelAll, st, "%d bytes read as %d messages", taken, got)
		}
	}
	return got, used
}

// copyMany copies the whole messages at the front as long as they fit, and tells
// how many, how long they are together, and what to take.
func (st *stream) copyMany(cfg *ioConfig, p []byte, lengths []int32) (got, used, taken int) {
	b := st.in.Bytes()
	for got < len(lengths) && taken < len(b) {
		f, err := cfg.decodeAt(st, taken, 0)
		if err != nil || f.Total == 0 {
			break
		}
		n, ok := st.copyOut(cfg, f, b[taken:], p[used:])
		if !ok {
			break
		}
		lengths[got] = int32(n)
		st.ws.Load().delivered(f)
		st.owner.Load().delivered(f)
		taken += f.Total
		used += n
		got++
	}
	return got, used, taken
}

// copyOut gives a whole message that stands in b to its reader, if it fits.
func (st *stream) copyOut(cfg *ioConfig, f frame.Frame, b, p []byte) (int, bool) {
	if cfg.charset == nil {
		if f.Size > len(p) {
			return 0, false
		}
		return cfg.Extract(p, b, f), true
	}
	text, err := st.convert(cfg, f, b)
	if err != nil || len(text) > len(p) {
		return 0, false
	}
	return copy(p, text), true
}

// tryBuffered reads one message that is buffered, without entering the gate: nothing
// blocks and no descriptor is touched. If it returns false nothing was changed.
func (st *stream) tryBuffered(cfg *ioConfig, p []byte) (int, bool) {
	if st.in.Len() == 0 || st.decodedWith != cfg || st.framingErr != nil || st.discardNext || cfg.charset != nil || cfg.Stream() || cfg.Gap() > 0 {
		return 0, false
	}
	f, err := cfg.decodeAt(st, 0, st.scanned)
	if err != nil || f.Total == 0 || f.Size > len(p) {
		return 0, false
	}
	cfg.Extract(p, st.in.Bytes(), f)
	st.advance(f.Total)
	st.ws.Load().delivered(f)
	st.owner.Load().delivered(f)
	st.noteDelivered(p[:f.Size])
	return f.Size, true
}

// lendMessage reads one message and lends it.
func (st *stream) lendMessage(w *poll.Call, cfg *ioConfig) (*mem.Message, error) {
	if cfg.Stream() && cfg.charset == nil {
		st.useConfig(cfg)
		if err := st.awaitReadGap(w, cfg, mem.MaxReadSize); err != nil {
			return nil, err
		}
		if st.in.Len() == 0 {
			if err := st.fill(w, cfg); err != nil {
				return nil, err
			}
		}
		n := min(st.in.Len(), mem.MaxReadSize)
		return st.lend(0, n, n), nil
	}
	if cfg.charset != nil {
		return st.lendConverted(w, cfg)
	}
	f, err := st.nextMessage(w, cfg, -1, nil)
	if err != nil {
		return nil, err
	}
	st.ws.Load().delivered(f)
	st.owner.Load().delivered(f)
	if f.Escaped {
		m := mem.NewMessage(&st.lib.budget, f.Size)
		cfg.Extract(m.Bytes(), st.in.Bytes(), f)
		st.advance(f.Total)
		st.noteDelivered(m.Bytes())
		return m, nil
	}
	return st.lend(f.Start, f.Size, f.Total), nil
}

func (st *stream) lend(start, n, total int) *mem.Message {
	if st.front != nil {
		st.frontTaken(total, st.frontHostSize(total))
	}
	if cfg := st.decodedWith; cfg != nil && cfg.follower != nil {
		noteLastByte(st, total)
	}
	m := st.in.TakeMessage(start, n, total)
	if st.registration != nil {
		st.registration.unreadBytes = max(st.registration.unreadBytes-total, 0)
	}
	st.scanned, st.inNoise = 0, false
	if st.cold != nil {
		st.cold.frontMoved(total)
	}
	if cfg := st.decodedWith; cfg != nil && cfg.dropsUnread {
		st.dropUnread(cfg)
	}
	st.buffered.Store(int64(st.in.Len()))
	st.noteDelivered(m.Bytes())
	return m
}

func (st *stream) lendConverted(w *poll.Call, cfg *ioConfig) (*mem.Message, error) {
	n, err := st.size(w, cfg)
	if err != nil {
		if fault.CodeOf(err) == fault.Text {
			st.counters.CountError(err)
		}
		return nil, err
	}
	if cfg.Stream() {
		n = min(n, mem.MaxReadSize)
	}
	m := mem.NewMessage(&st.lib.budget, n)
	got, err := st.readMessage(w, cfg, m.Bytes())
	if err != nil {
		m.Free()
		return nil, err
	}
	m.Truncate(got)
	return m, nil
}

// receive reads from the uppermost layer.
func (st *stream) receive(w *poll.Call, p []byte) (int, error) {
	if cfg := st.decodedWith; cfg != nil && cfg.liveness != nil && !w.NonBlocking() {
		return st.receiveWithLiveness(w, cfg.liveness, p)
	}
	return st.receiveOnce(w, p)
}

// receiveOnce is receive without checking liveness meanwhile.
func (st *stream) receiveOnce(w *poll.Call, p []byte) (int, error) {
	st.flushBeforeRead(w)
	st.conn.UseReader(w)
	var n int
	var err error
	if st.layers != nil {
		n, err = st.layers.top.Read(p)
	} else {
		n, err = st.conn.Read(p)
	}
	if r := st.recording.recorder(); r != nil { // it may have come while this waited
		r.Received(st.layers.side(), p[:n], err)
	}
	if n > 0 {
		if !st.timings.HasFirstByte() {
			st.noteFirstByte()
		}
		if act := st.lastActivity.Load(); act != nil {
			act.lastReceived = clock()
		}
	} else if act := st.lastActivity.Load(); act != nil && st.layers != nil {
		act.noteForLayers(st.conn.BytesIn())
	}
	return n, err
}
