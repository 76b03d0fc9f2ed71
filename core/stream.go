package core

import (
	"math"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/hosttext"
	"wdsocket/core/secure"
	"wdsocket/core/wire"
)

// live is the part of the settings that reading and writing look at, in a form
// that is replaced as a whole when an option changes.
type live struct {
	frame.Framer
	charset      *hosttext.Charset
	readGap      time.Duration
	writeTimeout time.Duration
	exchangeLate time.Duration
	sendQueue    int
	inPlace      bool // a message stands in the stream as it is, up to its end
}

func newLive(s *settings) (*live, error) {
	framer, err := frame.New(s.frame)
	if err != nil {
		return nil, err
	}
	lv := &live{Framer: framer, charset: s.charset, readGap: s.readGap,
		writeTimeout: s.writeTimeout, exchangeLate: s.exchangeLate, sendQueue: s.sendQueue}
	switch framer.Mode() {
	case frame.Size, frame.Length, frame.Fixed:
		lv.inPlace = s.charset == nil
	}
	return lv, nil
}

// stream is one connection in use: what has arrived, who may read, who may
// write, and how it ended. The fields of the reader belong to whoever has the
// reader's role, those of the writer to whoever holds turn.
type stream struct {
	lib  *Library
	conn *wire.Conn
	sec  *secure.Conn                // TLS on conn, nil without; changed with both roles
	seen atomic.Pointer[secure.Conn] // sec, for others to see
	from netip.AddrPort              // the client, of a server's stream

	// reader
	in      buffer
	scanned int       // where Decode goes on
	full    bool      // the last fill took all it had room for: there may be more
	began   time.Time // when the message at the front began, with a read gap
	last    time.Time // when something last came, with gaps
	lost    error     // the stream cannot be understood any more
	stale   bool      // the message at the front is to be thrown away
	owed    int       // answers of exchanges that timed out
	owedTil time.Time // until when they may come; zero: for ever
	mode    *live     // that scanned and lost belong to

	att *attachment // of the queue that reads for the host

	ended  atomic.Pointer[fault.Error] // why nothing more comes
	astray atomic.Pointer[fault.Error] // lost, for others to see

	// writer
	turn    chan struct{} // holds one token
	broken  atomic.Pointer[fault.Error]
	shut    atomic.Bool // this program ended its sending side
	refused atomic.Bool // the send queue was full for a write
	sending atomic.Bool // a task sends on what the send queue holds

	read, written atomic.Int64 // messages
	held          atomic.Int64 // bytes in the buffer, for others to see

	users int  // of a simplified server's client, under the server's lock
	dead  bool // to be closed when users is 0
}

func newStream(lib *Library, conn *wire.Conn, from netip.AddrPort) *stream {
	st := &stream{lib: lib, conn: conn, from: from, turn: make(chan struct{}, 1)}
	st.turn <- struct{}{}
	st.in.money = &lib.money
	return st
}

func (st *stream) who() string { return st.conn.Peer() }

// follow forgets what belonged to another mode.
func (st *stream) follow(lv *live) {
	if st.mode != lv {
		st.mode, st.scanned, st.lost = lv, 0, nil
		st.astray.Store(nil)
	}
}

// next makes sure that a whole message is at the front of the buffer and
// describes it. room is the reader's capacity, negative for none: a message
// that is known not to fit is an error at once. If into is given, a long
// message may be read straight into it: Total is 0 then.
func (st *stream) next(w *wire.Wait, lv *live, room int, into []byte) (frame.Frame, error) {
	st.follow(lv)
	for {
		f, err := st.decode(lv)
		switch {
		case err != nil:
			return f, err
		case f.Total > 0 && st.settled(w, lv, &err):
			if st.stale {
				st.take(f.Total)
				st.stale = false
				continue
			}
			return f, st.fits(f.Size, room)
		case err != nil:
			return f, err
		case f.Total > 0:
			continue
		}
		if f.Size >= 0 && !st.stale && lv.charset == nil && st.in.len() > 0 && st.ended.Load() == nil {
			if err := st.fits(f.Size, room); err != nil {
				return f, err
			}
		}
		if into != nil && lv.inPlace && !st.stale && f.Size >= longMessage && st.in.len() <= mostAhead {
			return st.straight(w, lv, f, into)
		}
		if err := st.fill(w, lv); err != nil && !st.goOn(w, lv, err, st.in.len()) {
			return f, err
		}
	}
}

// decode looks for a message at the front. Errors that say so are told once
// and skipped; others stay.
func (st *stream) decode(lv *live) (frame.Frame, error) {
	if st.lost != nil {
		return frame.Frame{}, st.lost
	}
	if st.in.len() == 0 && lv.Mode() != frame.Fixed {
		return frame.Frame{Size: -1}, nil
	}
	f, err := lv.Decode(st.in.bytes(), st.scanned)
	st.scanned = f.Scanned
	if err == nil {
		return f, nil
	}
	e := wire.Wrap(err, fault.PhaseFrame, "")
	e.Who = st.who()
	if f.Total > 0 {
		st.take(f.Total)
	} else {
		st.lost = e
		st.astray.Store(e)
	}
	st.lib.log(levelError, "%v", e)
	return frame.Frame{Size: -1}, e
}

// settled tells whether a decoded message is really over: where silence ends a
// message the line must have been silent.
func (st *stream) settled(w *wire.Wait, lv *live, failed *error) bool {
	gap := lv.Gap()
	if gap == 0 || st.ended.Load() != nil {
		return true
	}
	quiet, err := st.quiet(w, lv, gap)
	*failed = err
	return quiet
}

// quiet waits until nothing has come for gap. False without an error: more
// came, and it is in the buffer.
func (st *stream) quiet(w *wire.Wait, lv *live, gap time.Duration) (bool, error) {
	silent := st.last.Add(gap)
	own, ends := w.Deadline()
	patient := !ends || own.After(silent)
	polls := w.Polls()
	if patient {
		w.SetDeadline(silent)
	}
	err := st.fill(w, lv)
	if patient {
		w.SetDeadline(own)
	}
	switch {
	case err == nil:
		return false, nil
	case st.ended.Load() != nil:
		return true, nil
	case fault.CodeOf(err) == fault.Timeout && (patient || polls && !time.Now().Before(silent)):
		return true, nil
	}
	return false, err
}

// goOn tells whether reading goes on after a failed fill: a message that has
// begun, of which have bytes came, may have more time than the call.
func (st *stream) goOn(w *wire.Wait, lv *live, err error, have int) bool {
	if lv.readGap == 0 || have == 0 || fault.CodeOf(err) != fault.Timeout {
		return false
	}
	until := st.began.Add(lv.readGap)
	if !time.Now().Before(until) {
		return false
	}
	w.SetDeadline(until)
	return true
}

// fits tells whether a message of size bytes fits into room.
func (st *stream) fits(size, room int) error {
	if room < 0 || size <= room {
		return nil
	}
	return fault.New(fault.Buffer, fault.PhaseRead, st.who()).With(noteSmallBuffer, decimal(size), decimal(room))
}

// fill reads what is there into the buffer, or waits for it.
func (st *stream) fill(w *wire.Wait, lv *live) error {
	if e := st.ended.Load(); e != nil {
		return st.unfinished(e)
	}
	room, err := st.in.room(w, st.who())
	if err != nil {
		return err
	}
	n, err := st.receive(w, room)
	if err != nil {
		if st.in.len() == 0 {
			st.in.drop()
		}
		return st.readFailed(err)
	}
	st.arrived(lv)
	st.full = n == len(room)
	st.in.filled(n, len(room))
	st.held.Store(int64(st.in.len()))
	return nil
}

// receive reads from the uppermost layer.
func (st *stream) receive(w *wire.Wait, p []byte) (int, error) {
	st.conn.UseReader(w)
	if st.sec != nil {
		return st.sec.Read(p)
	}
	return st.conn.Read(p)
}

// arrived notes the times that gaps are measured from.
func (st *stream) arrived(lv *live) {
	if lv.readGap == 0 && lv.Gap() == 0 {
		return
	}
	st.last = time.Now()
	if st.in.len() == 0 {
		st.began = st.last
	}
}

// readFailed remembers an error that ends the stream and passes on the others.
func (st *stream) readFailed(err error) error {
	switch e := wire.Wrap(err, fault.PhaseRead, st.who()); e.Code {
	case fault.Timeout, fault.Cancelled, fault.Closed:
		return err
	default:
		if st.ended.CompareAndSwap(nil, e) {
			st.lib.log(levelTraffic, "%v", e)
		}
		return st.unfinished(e)
	}
}

// unfinished adds to the error of the end how much of a message had come.
func (st *stream) unfinished(e *fault.Error) error {
	if st.in.len() == 0 || st.stale {
		return e
	}
	told := *e
	return told.With(noteMidMessage, decimal(st.in.len()))
}

// take drops n bytes at the front of the buffer.
func (st *stream) take(n int) {
	if st.att != nil {
		st.att.peeked = max(st.att.peeked-n, 0)
	}
	st.in.consume(n)
	st.scanned = 0
	if st.in.len() > 0 {
		st.began = st.last
	}
	st.held.Store(int64(st.in.len()))
}

// delivered counts a message that reached its reader.
func (st *stream) delivered(n int) {
	st.count(1)
	if st.lib.log0.Enabled(levelAll) {
		st.lib.log(levelAll, "%s: %d bytes read", st.who(), n)
	}
}

// count notes messages that reached their reader.
func (st *stream) count(messages int) {
	st.read.Add(int64(messages))
	st.owed = max(st.owed-messages, 0)
	if st.att != nil {
		st.att.consumed(st, messages)
	}
}

const (
	longMessage = 16 << 10  // from here on a message is read straight to its reader
	straightRun = 256 << 10 // at most so many bytes at once
)

// straight reads the rest of a long message into its reader's memory. If it is
// interrupted, what came goes into the buffer, and once that holds much the
// message is read there to its end.
func (st *stream) straight(w *wire.Wait, lv *live, f frame.Frame, into []byte) (frame.Frame, error) {
	head := f.Need - f.Size
	had := copy(into, st.in.bytes()[head:])
	have, paid := had, 0
	for have < f.Size {
		run, err := st.afford(w, f.Size-have, have-had, &paid)
		n := 0
		if err == nil {
			n, err = st.receive(w, into[have:have+run])
		}
		if have == 0 && n > 0 && lv.readGap > 0 {
			st.began = time.Now()
		}
		have += n
		if err != nil && !st.goOn(w, lv, err, have) {
			st.lib.money.give(paid)
			st.in.append(into[had:have])
			st.held.Store(int64(st.in.len()))
			if fault.CodeOf(err) == fault.Memory {
				return f, err
			}
			return f, st.readFailed(err)
		}
	}
	st.lib.money.give(paid)
	st.take(st.in.len())
	return frame.Frame{Size: f.Size}, nil
}

// afford reserves memory for the bytes that are read straight to the reader and
// would have to be kept if it went away: have of them are here, rest are to
// come. It tells how many to read at once.
func (st *stream) afford(w *wire.Wait, rest, have int, paid *int) (run int, err error) {
	cost := func() int { return blockSize(st.in.len()+have+run+1) - st.in.size() - *paid }
	run = min(rest, straightRun)
	if need := cost(); need <= 0 || st.lib.money.take(need) {
		*paid += max(need, 0)
		return run, nil
	}
	run = min(rest, smallest)
	if need := cost(); need > 0 {
		if err := st.lib.money.await(w, need, st.who()); err != nil {
			return 0, err
		}
		*paid += need
	}
	return run, nil
}

// readMessage reads one message into p.
func (st *stream) readMessage(w *wire.Wait, lv *live, p []byte) (int, error) {
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
		lv.Extract(p, st.in.bytes(), f)
		st.take(f.Total)
	}
	st.delivered(f.Size)
	return f.Size, nil
}

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
	e := wire.Wrap(err, fault.PhaseFrame, who)
	told := *e
	told.Who = who
	return &told
}

func (st *stream) readConverted(w *wire.Wait, lv *live, p []byte) (int, error) {
	f, err := st.next(w, lv, -1, nil)
	if err != nil {
		return 0, err
	}
	text, err := st.convert(lv, f, st.in.bytes())
	if err != nil {
		return 0, err
	}
	if err := st.fits(len(text), len(p)); err != nil {
		return 0, err
	}
	copy(p, text)
	st.take(f.Total)
	st.delivered(len(text))
	return len(text), nil
}

// readRaw reads the bytes that are there, at most len(p).
func (st *stream) readRaw(w *wire.Wait, lv *live, p []byte) (int, error) {
	st.follow(lv)
	if lv.charset != nil {
		return st.rawConverted(w, lv, p)
	}
	if err := st.collect(w, lv, len(p)); err != nil {
		return 0, err
	}
	if st.in.len() == 0 && len(p) > 0 {
		n, err := st.readBehind(w, p)
		if err != nil {
			return 0, err
		}
		st.delivered(n)
		return n, nil
	}
	if len(p) == 0 {
		return 0, st.rawNoRoom(w, lv)
	}
	n := copy(p, st.in.bytes())
	st.take(n)
	st.delivered(n)
	return n, nil
}

// readBehind reads past the empty buffer.
func (st *stream) readBehind(w *wire.Wait, p []byte) (int, error) {
	if e := st.ended.Load(); e != nil {
		return 0, e
	}
	n, err := st.receive(w, p)
	if err != nil {
		return 0, st.readFailed(err)
	}
	return n, nil
}

// rawNoRoom answers a raw read for no bytes at all: there are some and they do
// not fit, or there are none.
func (st *stream) rawNoRoom(w *wire.Wait, lv *live) error {
	if st.in.len() == 0 {
		if err := st.fill(w, lv); err != nil {
			return err
		}
	}
	return st.fits(st.in.len(), 0)
}

// rawConverted delivers whole characters: what is there is converted as far as
// it can be.
func (st *stream) rawConverted(w *wire.Wait, lv *live, p []byte) (int, error) {
	if err := st.collect(w, lv, len(p)); err != nil {
		return 0, err
	}
	for {
		if st.in.len() > 0 {
			text, used, err := st.convertSome(lv, len(p))
			if err != nil || used > 0 {
				if err == nil {
					copy(p, text)
					st.take(used)
					st.delivered(len(text))
				}
				return len(text), err
			}
		}
		if err := st.fill(w, lv); err != nil {
			return 0, err
		}
	}
}

// longestCharacter bounds the bytes of one character in any character set.
const longestCharacter = 8

// convertSome converts the longest piece of the buffer that is whole
// characters and fits. used 0 without an error: more bytes are needed.
func (st *stream) convertSome(lv *live, room int) (text []byte, used int, err error) {
	b := st.in.bytes()
	text, used, err = st.wholeCharacters(lv, b)
	if used == 0 {
		if len(b) < longestCharacter {
			return nil, 0, nil
		}
		return nil, 0, err
	}
	for len(text) > room && used > 1 {
		smaller, n, _ := st.wholeCharacters(lv, b[:used/2])
		if n == 0 {
			break
		}
		text, used = smaller, n
	}
	if err := st.fits(len(text), room); err != nil {
		return nil, 0, err
	}
	return text, used, nil
}

// wholeCharacters converts b without the part of a character at its end.
func (st *stream) wholeCharacters(lv *live, b []byte) (text []byte, used int, err error) {
	for cut := 0; cut < min(len(b), longestCharacter); cut++ {
		var failed error
		text, failed = lv.charset.FromWire(st.lib.HostText(), nil, b[:len(b)-cut])
		if failed == nil {
			return text, len(b) - cut, nil
		}
		err = textFault(failed, st.who())
	}
	return nil, 0, err
}

// collect waits, with a read gap, until the line is silent or enough is there.
func (st *stream) collect(w *wire.Wait, lv *live, enough int) error {
	if lv.readGap == 0 {
		return nil
	}
	if st.in.len() == 0 {
		if err := st.fill(w, lv); err != nil {
			return err
		}
	}
	for st.in.len() < enough && st.ended.Load() == nil {
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
func (st *stream) size(w *wire.Wait, lv *live) (int, error) {
	if lv.Stream() {
		st.follow(lv)
		if st.in.len() == 0 {
			if err := st.fill(w, lv); err != nil {
				return 0, err
			}
		}
		for lv.charset != nil { // until there is a whole character
			text, used, err := st.convertSome(lv, math.MaxInt32)
			if err != nil || used > 0 {
				return len(text), err
			}
			if err := st.fill(w, lv); err != nil {
				return 0, err
			}
		}
		return st.in.len() + st.behind(), nil
	}
	f, err := st.next(w, lv, -1, nil)
	if err != nil {
		return 0, err
	}
	if lv.charset != nil {
		text, err := st.convert(lv, f, st.in.bytes())
		return len(text), err
	}
	return f.Size, nil
}

// readMany reads one message and what whole ones stand behind it.
func (st *stream) readMany(w *wire.Wait, lv *live, p []byte, lengths []int32) (int, error) {
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
	b := st.in.bytes()
	taken := 0
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
	if got > 0 {
		st.take(taken)
		st.count(got)
		if st.lib.log0.Enabled(levelAll) {
			st.lib.log(levelAll, "%s: %d bytes read as %d messages", st.who(), taken, got)
		}
	}
	return got, used
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
	if st.in.len() == 0 || st.mode != lv || st.lost != nil || st.stale || lv.charset != nil || lv.Stream() || lv.Gap() > 0 {
		return 0, false
	}
	f, err := lv.Decode(st.in.bytes(), st.scanned)
	if err != nil || f.Total == 0 || f.Size > len(p) {
		return 0, false
	}
	lv.Extract(p, st.in.bytes(), f)
	st.take(f.Total)
	st.delivered(f.Size)
	return f.Size, true
}

// lendMessage reads one message and lends it.
func (st *stream) lendMessage(w *wire.Wait, lv *live) (*Message, error) {
	if lv.Stream() && lv.charset == nil {
		st.follow(lv)
		if err := st.collect(w, lv, mostAhead); err != nil {
			return nil, err
		}
		if st.in.len() == 0 {
			if err := st.fill(w, lv); err != nil {
				return nil, err
			}
		}
		n := min(st.in.len(), mostAhead)
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
		m := newMessage(&st.lib.money, f.Size)
		lv.Extract(m.data, st.in.bytes(), f)
		st.take(f.Total)
		st.delivered(f.Size)
		return m, nil
	}
	return st.lend(f.Start, f.Size, f.Total), nil
}

func (st *stream) lend(start, n, total int) *Message {
	m := st.in.lend(start, n, total)
	if st.att != nil {
		st.att.peeked = max(st.att.peeked-total, 0)
	}
	st.scanned = 0
	st.held.Store(int64(st.in.len()))
	st.delivered(n)
	return m
}

func (st *stream) lendConverted(w *wire.Wait, lv *live) (*Message, error) {
	n, err := st.size(w, lv)
	if err != nil {
		return nil, err
	}
	if lv.Stream() {
		n = min(n, mostAhead)
	}
	m := newMessage(&st.lib.money, n)
	got, err := st.readMessage(w, lv, m.data)
	if err != nil {
		m.Free()
		return nil, err
	}
	m.data = m.data[:got]
	m.bl.b[got] = 0
	return m, nil
}

// available tells the bytes that reads would give now.
func (st *stream) available(w *wire.Wait, lv *live) (int, error) {
	st.follow(lv)
	if lv.Stream() {
		return st.availableRaw(w, lv)
	}
	const most = 1 << 20
	var failed error
	for st.in.len() < most && failed == nil {
		failed = st.fill(w, lv)
	}
	total, whole := st.countWhole(lv)
	if whole > 0 {
		return total, nil
	}
	if _, err := st.decode(lv); err != nil {
		return 0, err
	}
	if fault.CodeOf(failed) == fault.Timeout {
		return 0, nil
	}
	return 0, failed
}

func (st *stream) availableRaw(w *wire.Wait, lv *live) (int, error) {
	if st.in.len() == 0 {
		if err := st.fill(w, lv); err != nil && fault.CodeOf(err) != fault.Timeout {
			return 0, err
		}
	}
	return st.in.len() + st.behind(), nil
}

// behind tells how many bytes the system holds that can be read as they are.
func (st *stream) behind() int {
	if st.sec != nil {
		return 0
	}
	return st.conn.Buffered()
}

// countWhole adds up the messages that are whole, without taking them.
func (st *stream) countWhole(lv *live) (total, whole int) {
	b := st.in.bytes()
	for len(b) > 0 {
		if lv.Gap() > 0 && time.Since(st.last) < lv.Gap() && st.ended.Load() == nil {
			break
		}
		f, err := lv.Decode(b, 0)
		if err != nil || f.Total == 0 {
			break
		}
		total += f.Size
		whole++
		b = b[f.Total:]
	}
	return total, whole
}

// scratch is memory that framing needs while a message is written.
type scratch struct{ b []byte }

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// write sends one message.
func (st *stream) write(w *wire.Wait, lv *live, msg []byte) (int, error) {
	if err := w.For(st.turn); err != nil {
		return 0, fault.New(fault.CodeOf(err), fault.PhaseWrite, st.who())
	}
	defer func() { st.turn <- struct{}{} }()
	if err := st.unwritable(); err != nil {
		return 0, err
	}
	sc := scratches.Get().(*scratch)
	defer sc.recycle()
	body := msg
	if lv.charset != nil {
		text, err := lv.charset.ToWire(st.lib.HostText(), nil, msg)
		if err != nil {
			return 0, textFault(err, st.who())
		}
		body = text
	}
	head, body, tail, grown, err := lv.Encode(sc.b[:0], body)
	if err != nil {
		return 0, textFault(err, st.who())
	}
	sc.b = grown
	if total := len(head) + len(body) + len(tail); total > 0 && lv.sendQueue > 0 {
		if err := st.enqueue(lv, head, body, tail); err != nil {
			return 0, err
		}
	} else if total > 0 {
		if n, err := st.send(w, head, body, tail); err != nil {
			return 0, st.writeFailed(err, n, total)
		}
	}
	st.written.Add(1)
	if st.lib.log0.Enabled(levelAll) {
		st.lib.log(levelAll, "%s: %d bytes written", st.who(), len(msg))
	}
	return len(msg), nil
}

// enqueue hands the parts of a message to the system, and keeps what it does
// not take; it never waits. A message that would make the queue longer than
// allowed is refused as a whole.
func (st *stream) enqueue(lv *live, head, body, tail []byte) error {
	total := len(head) + len(body) + len(tail)
	if kept := st.conn.Kept(); kept > 0 && kept+total > lv.sendQueue {
		st.refused.Store(true)
		return fault.New(fault.Full, fault.PhaseWrite, st.who()).With(fault.NoteTooLong, decimal(kept+total), decimal(lv.sendQueue))
	}
	sc := scratches.Get().(*scratch)
	defer sc.recycle()
	sc.b = append(append(append(sc.b[:0], head...), body...), tail...)
	var err error
	if st.sec != nil {
		_, err = st.sec.Write(sc.b)
	} else {
		_, err = st.conn.Write(sc.b)
	}
	if err != nil {
		return st.writeFailed(err, 0, total)
	}
	return nil
}

// recycle keeps small memory for the next write.
func (sc *scratch) recycle() {
	const largest = 64 << 10
	if cap(sc.b) <= largest {
		scratches.Put(sc)
	}
}

func (st *stream) unwritable() error {
	if st.shut.Load() {
		return fault.New(fault.WriteClosed, fault.PhaseWrite, st.who())
	}
	if e := st.broken.Load(); e != nil {
		return e
	}
	if e := st.ended.Load(); e != nil && e.Code != fault.PeerClosed {
		return e
	}
	return nil
}

// writeFailed notes a message that stopped in the middle.
func (st *stream) writeFailed(err error, sent, total int) error {
	e := wire.Wrap(err, fault.PhaseWrite, st.who())
	if sent == 0 || e.Code == fault.Reset { // after a reset there is nothing left to break
		return e
	}
	told := *e
	told.With(fault.NotePartWritten, decimal(sent), decimal(total))
	st.broken.CompareAndSwap(nil, fault.New(fault.Broken, fault.PhaseWrite, st.who()).
		With(fault.NotePartWritten, decimal(sent), decimal(total)))
	return &told
}

// halfClose ends the sending side once the writers before it are done.
func (st *stream) halfClose(w *wire.Wait) error {
	if err := w.For(st.turn); err != nil {
		return fault.New(fault.CodeOf(err), fault.PhaseClose, st.who())
	}
	defer func() { st.turn <- struct{}{} }()
	if st.shut.Load() {
		return nil
	}
	if e := st.broken.Load(); e != nil {
		return e // the peer must not take a message cut short for the end
	}
	st.farewell()
	if err := st.conn.Flush(w); err != nil {
		return st.writeFailed(err, 1, 1)
	}
	st.shut.Store(true)
	if err := st.conn.CloseWrite(); err != nil && fault.CodeOf(err) != fault.Reset {
		return err
	}
	return nil
}

// state tells the truth about the connection.
func (st *stream) state() State {
	if e := st.ended.Load(); e != nil {
		if e.Code == fault.PeerClosed {
			return StatePeerClosed
		}
		return StateReset
	}
	condition := st.conn.Look()
	switch {
	case condition == wire.Cut:
		return StateReset
	case condition == wire.PeerEnded:
		return StatePeerClosed
	case st.broken.Load() != nil, st.astray.Load() != nil:
		return StateBroken
	case st.shut.Load():
		return StateWriteClosed
	}
	return StateOpen
}

// finish closes the connection; nobody is inside. What was written still goes
// out in the background, at most for patience.
func (st *stream) finish(patience, linger time.Duration) {
	st.in.drop()
	st.held.Store(0)
	if linger == 0 {
		st.conn.Abort()
		return
	}
	st.farewell()
	if linger > 0 || st.broken.Load() == nil && st.conn.Settled() {
		st.conn.Close()
		return
	}
	st.lib.task(func() { st.settle(time.Now().Add(patience)) })
}

// settle waits until what was written is out, then closes. False: it was cut.
func (st *stream) settle(until time.Time) bool {
	st.in.drop()
	st.farewell()
	whole := st.broken.Load() == nil
	if !st.conn.Settle(until, whole) || !whole {
		st.conn.Abort() // the peer must not take a message cut short for the end
		return false
	}
	st.conn.Close()
	return true
}

// abort resets the connection; nobody is inside.
func (st *stream) abort() {
	st.in.drop()
	st.conn.Abort()
}
