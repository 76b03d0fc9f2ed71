package core

import (
	"sync/atomic"
	"time"

	"wdsocket/core/capture"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/hosttext"
	"wdsocket/core/mem"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/secure"
	"wdsocket/core/syserr"
	"wdsocket/core/transport"
	"wdsocket/core/waitmutex"
)

// live is the part of the settings that reading and writing look at, in a form
// that is replaced as a whole when an option changes. Sockets with the same
// settings share it.
type live struct {
	*framing
	readGap      time.Duration
	writeTimeout time.Duration
	exchangeLate time.Duration
	sendQueue    int
	era          int       // counts the changes of the framing
	watch        *watching // of silence, nil without
	mend         *mending  // of a link that heals, nil without

	coalesce      time.Duration
	publishQueue  int
	publishPolicy publishPolicy
}

// framing is how messages become bytes. Sockets that have the same one encode a
// message alike.
type framing struct {
	frame.Framer
	charset *hosttext.Charset
	inPlace bool // a message stands in the stream as it is, up to its end
	raw     bool // what the Framer's Stream says, for a quicker answer
	sized   bool // the size of a message is known before its first byte
	gap     time.Duration
}

// Stream is the Framer's.
func (f *framing) Stream() bool { return f.raw }

// Gap is the Framer's.
func (f *framing) Gap() time.Duration { return f.gap }

// newLive makes what reading and writing look at; before is what it was, nil
// for none, and reframed tells whether the framing may have changed since.
func newLive(s *option.Settings, before *live, reframed bool) (*live, error) {
	lv := &live{readGap: s.ReadGap, writeTimeout: s.WriteTimeout, exchangeLate: s.ExchangeLate, sendQueue: s.SendQueue, mend: newMending(s),
		coalesce: s.Coalesce, publishQueue: s.PublishQueue, publishPolicy: publishPolicy(s.PublishPolicy)}
	if before != nil {
		lv.framing, lv.era = before.framing, before.era
	}
	if !reframed {
		lv.watch = newWatching(s, lv.Framer)
		return lv, nil
	}
	framer, err := frame.New(s.Frame)
	if err != nil {
		return nil, err
	}
	lv.era++
	nothing, _ := framer.Decode(nil, 0)
	lv.framing = &framing{Framer: framer, charset: s.Charset, inPlace: framer.Contiguous() && s.Charset == nil,
		raw: framer.Stream(), sized: nothing.Size >= 0, gap: framer.Gap()}
	lv.watch = newWatching(s, framer)
	return lv, nil
}

// stream is one connection in use: what has arrived, who may read, who may
// write, and how it ended. The fields of the reader belong to whoever has the
// reader's role, those of the writer to whoever holds turn.
type stream struct {
	lib  *Library
	conn transport.Conn
	on   *stacked // what stands on conn, nil without any; changed with both roles

	// reader; first what every message needs
	in      mem.Buffer
	held    atomic.Int64 // bytes in the buffer, for others to see
	mode    *live        // that scanned and lost belong to
	att     *attachment  // of the queue that reads for the host
	scanned int          // where Decode goes on
	known   *known       // of the front of the buffer
	lost    error        // the stream cannot be understood any more
	full    bool         // the last fill took all it had room for: there may be more
	stale   bool         // the message at the front is to be thrown away
	noisy   bool         // what was skipped last was noise: more of it is the same stretch
	asks    bool         // an exchange reads: noise is not its error
	rare    *seldom      // nil on most streams
	run     int32        // messages read one after the other that had arrived before, see deal
	places  int32        // messages that are dealt
	deals   loan         // the last one of them
	dealt   atomic.Int64 // the loan of the messages that are dealt, 0: none are

	ended atomic.Pointer[fault.Error] // why nothing more comes
	pulse atomic.Pointer[pulse]       // nil while nobody asks for it
	read  atomic.Int64                // messages

	clocks clocks

	// writer
	turn    waitmutex.Mutex
	back    atomic.Pointer[backlog] // what is not with the layer below yet, nil on most streams
	link    atomic.Pointer[link]    // that it is the connection of, nil of most
	broken  atomic.Pointer[fault.Error]
	written atomic.Int64 // messages
	shut    atomic.Bool  // this program ended its sending side
	refused atomic.Bool  // the send queue was full for a write
	sending atomic.Bool  // a task sends on what the send queue holds
	writer  bool         // the turn was taken for good: it is being closed
	unread  bool         // it was closed with input that was not read
	late    bool         // it is for outlast to close

	rec atomic.Pointer[recording]   // nil of most
	tls atomic.Pointer[secure.Conn] // the layer that is TLS, nil without

	astray atomic.Pointer[fault.Error] // lost, for others to see

	of       atomic.Pointer[Socket] // that it is the connection of, the server until a channel is
	reported int64                  // bytes written that home has counted for good, under its lock
	tallied

	users     int32     // of a simplified server's client, under the server's lock
	dead      bool      // to be closed when users is 0
	admission admission // what home counts it for, under its lock
}

// seldom is what reading needs where there are gaps, or exchanges.
type seldom struct {
	began   time.Time // when the message at the front began, with a read gap
	last    time.Time // when something last came, with gaps
	owed    int       // answers to exchanges that were not taken
	owedTil time.Time // until when they may come; zero: for ever
	sought  sought    // what an exchange waits for
}

// odd is the stream's seldom, made when it is first asked for.
func (st *stream) odd() *seldom {
	if st.rare == nil {
		st.rare = new(seldom)
	}
	return st.rare
}

// newStream is for a connection of a socket: a client, or the server that took it.
func newStream(of *Socket, conn transport.Conn) *stream {
	lib := of.lib
	st := &stream{lib: lib, conn: conn}
	st.of.Store(of)
	st.clocks.opened = lib.micros()
	st.in.Init(&lib.money)
	return st
}

// home is the server that took the connection, nil of a client's own.
func (st *stream) home() *server {
	of := st.of.Load()
	if of.parent != nil {
		return of.parent
	}
	return of.server.Load()
}

func (st *stream) who() string { return st.conn.Peer() }

// follow forgets what belonged to another mode.
func (st *stream) follow(lv *live) {
	if st.mode != lv {
		st.mode, st.scanned, st.lost, st.known, st.noisy = lv, 0, nil, nil, false
		st.astray.Store(nil)
		if lv.watch != nil {
			st.beats()
		}
	}
}

// next makes sure that a whole message is at the front of the buffer and
// describes it. room is the reader's capacity, negative for none: that a
// message does not fit is told once it is whole, because the reader makes room
// for it then. If into is given, a long message may be read straight into it:
// Total is 0 then.
func (st *stream) next(w *poll.Call, lv *live, room int, into []byte) (frame.Frame, error) {
	st.follow(lv)
	for filled := false; ; filled = true {
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
		if into != nil && lv.inPlace && !st.stale && !lv.mayBeSign(f.Size) && f.Size >= longMessage && f.Size <= len(into) && st.in.Len() <= mem.MaxReadSize {
			return st.straight(w, lv, f, into)
		}
		if filled && st.noisy && w.Over() { // however much noise comes
			return f, syserr.Wrap(w.Expired(), fault.PhaseRead, st.who())
		}
		if err := st.fill(w, lv); err != nil && !st.goOn(w, lv, err, st.in.Len()) {
			return f, err
		}
	}
}

// decode looks for a message at the front. An error that the stream can be
// understood behind is told once, to the reader or, on a socket in a queue, by an
// event, and its bytes are skipped; any other stays.
func (st *stream) decode(lv *live) (frame.Frame, error) {
	if st.lost != nil {
		return frame.Frame{}, st.lost
	}
	for st.in.Len() > 0 || lv.sized {
		f, err := lv.Decode(st.in.Bytes(), st.scanned)
		st.scanned = f.Scanned
		if err == nil {
			if f.Total > 0 && lv.Gap() == 0 {
				st.in.MarkWhole()
			}
			return f, nil
		}
		e := st.misframed(err)
		if f.Total > 0 {
			if told := st.skip(e, f.Total); told {
				continue
			}
			return frame.Frame{Size: -1}, e
		}
		st.faulty(e)
		st.lost = e
		st.astray.Store(e)
		st.lib.log(levelError, st, "%v", e)
		return frame.Frame{Size: -1}, e
	}
	return frame.Frame{Size: -1}, nil
}

// misframed is an error of the framing, of this peer.
func (st *stream) misframed(err error) *fault.Error {
	e := syserr.Wrap(err, fault.PhaseFrame, "")
	e.Who = st.who()
	return e
}

// skip drops bytes at the front that are no message, or a damaged one, which an
// answer that is owed may be. told: the reader need not hear of it. Noise up to the next message is one error, in
// however many pieces it comes; that the answer which an exchange waits for is
// damaged is an error of its own.
func (st *stream) skip(e *fault.Error, bytes int) (told bool) {
	lost := st.isSought(bytes)
	more := st.noisy && e.Code == fault.Frame && !lost
	st.take(bytes)
	st.noisy, st.stale = e.Code == fault.Frame, false
	if !more {
		st.faulty(e)
		st.lib.log(levelError, st, "%v", e)
	}
	if e.Code == fault.Check {
		st.settleDebt()
	}
	if st.att != nil {
		st.att.noise(bytes, e.Code, more)
	}
	return more || st.att != nil || st.asks && e.Code == fault.Frame && !lost
}

// isSought tells whether the bytes at the front, which are no message, are the
// answer that an exchange waits for.
func (st *stream) isSought(bytes int) bool {
	return st.rare != nil && st.rare.sought.correlator != nil &&
		st.rare.sought.correlator.Meant(st.rare.sought.request, st.in.Bytes()[:bytes])
}

// settled tells whether a decoded message is really over: where silence ends a
// message the line must have been silent.
func (st *stream) settled(w *poll.Call, lv *live, failed *error) bool {
	gap := lv.Gap()
	if gap == 0 || st.ended.Load() != nil {
		return true
	}
	if st.att != nil && st.att.announced > 0 { // found by its queue, which has read no further
		return true
	}
	quiet, err := st.quiet(w, lv, gap)
	*failed = err
	return quiet
}

// quiet waits until nothing has come for gap. False without an error: more
// came, and it is in the buffer.
func (st *stream) quiet(w *poll.Call, lv *live, gap time.Duration) (bool, error) {
	silent := st.odd().last.Add(gap)
	own, ends := w.Deadline()
	patient := !ends || own.After(silent)
	polls := w.NonBlocking()
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
func (st *stream) goOn(w *poll.Call, lv *live, err error, have int) bool {
	if lv.readGap == 0 || have == 0 || fault.CodeOf(err) != fault.Timeout {
		return false
	}
	until := st.odd().began.Add(lv.readGap)
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
func (st *stream) fill(w *poll.Call, lv *live) error {
	if e := st.ended.Load(); e != nil {
		return st.unfinished(e)
	}
	room, err := st.room(w)
	if e := st.ended.Load(); err != nil && e != nil { // looked at before memory was waited for
		return st.unfinished(e)
	}
	if err != nil {
		return st.faulty(err)
	}
	had := st.in.Len()
	n, err := st.receive(w, room)
	if err != nil {
		if st.in.Len() == 0 {
			st.in.Drop()
		}
		return st.readFailed(err)
	}
	st.arrived(lv)
	st.full = n == len(room)
	st.in.Filled(n, len(room))
	st.dropSigns(lv)
	st.came(st.in.Len() - had)
	st.held.Store(int64(st.in.Len()))
	return nil
}

// came tells a link that heals that so many bytes came which are no heartbeats.
func (st *stream) came(n int) {
	if l := st.link.Load(); l != nil && n > 0 {
		l.came.Add(int64(n))
	}
}

// receive reads from the uppermost layer.
func (st *stream) receive(w *poll.Call, p []byte) (int, error) {
	if lv := st.mode; lv != nil && lv.watch != nil && !w.NonBlocking() {
		return st.receiveWatched(w, lv.watch, p)
	}
	return st.receiveOnce(w, p)
}

// receiveOnce is receive without looking after the connection meanwhile.
func (st *stream) receiveOnce(w *poll.Call, p []byte) (int, error) {
	st.sendBefore(w)
	st.conn.UseReader(w)
	var n int
	var err error
	if st.on != nil {
		n, err = st.on.top.Read(p)
	} else {
		n, err = st.conn.Read(p)
	}
	if n > 0 {
		if st.clocks.first.Load() == 0 {
			st.noteFirst()
		}
		if p := st.pulse.Load(); p != nil {
			p.heard = clock()
		}
	}
	return n, err
}

// arrived notes the times that gaps are measured from.
func (st *stream) arrived(lv *live) {
	if lv.readGap == 0 && lv.Gap() == 0 {
		return
	}
	st.odd().last = time.Now()
	if st.in.Len() == 0 {
		st.rare.began = st.rare.last
	}
}

// readFailed remembers an error that ends the stream and passes on the others.
func (st *stream) readFailed(err error) error {
	switch fault.CodeOf(err) {
	case fault.Timeout, fault.Cancelled, fault.Closed:
		return err
	}
	e := syserr.Wrap(err, fault.PhaseRead, st.who())
	if st.ended.CompareAndSwap(nil, e) {
		st.endLoan()
		st.over(e)
		st.lib.log(levelTraffic, st, "%v", e)
	}
	return st.unfinished(st.ended.Load())
}

// unfinished adds to the error of the end how much of a message had come.
func (st *stream) unfinished(e *fault.Error) error {
	if e.Code == fault.Memory {
		st.dropUnfinished()
	}
	if st.in.Len() == 0 || st.stale {
		return e
	}
	told := *e
	return told.With(noteMidMessage, decimal(st.in.Len()))
}

// take drops n bytes at the front of the buffer.
func (st *stream) take(n int) {
	host := 0
	if st.known != nil {
		host = st.knownOf(n)
	}
	st.takeAs(n, host)
}

// takeAs is take for bytes that are known to be host bytes for the host.
func (st *stream) takeAs(n, host int) {
	if st.known != nil {
		st.knownTaken(n, host)
	}
	if st.att != nil {
		st.att.peeked = max(st.att.peeked-n, 0)
	}
	st.in.Consume(n)
	st.scanned, st.noisy = 0, false
	if lv := st.mode; lv != nil && lv.watch != nil {
		st.dropSigns(lv)
	}
	if st.rare != nil && st.in.Len() > 0 {
		st.rare.began = st.rare.last
	}
	st.held.Store(int64(st.in.Len()))
}

// delivered counts a message that reached its reader.
func (st *stream) delivered(msg []byte) {
	st.count(1)
	if st.lib.log0.Enabled(levelAll) {
		st.lib.log(levelAll, st, "%d bytes read", len(msg))
	}
	st.traceMessage(capture.Received, msg)
}

// count notes messages that reached their reader.
func (st *stream) count(messages int) {
	st.read.Add(int64(messages))
	if st.rare != nil {
		st.rare.owed = max(st.rare.owed-messages, 0)
	}
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
func (st *stream) straight(w *poll.Call, lv *live, f frame.Frame, into []byte) (frame.Frame, error) {
	head := f.Need - f.Size
	had := copy(into, st.in.Bytes()[head:])
	have, paid := had, 0
	for have < f.Size {
		run, err := st.afford(w, f.Size-have, have-had, &paid)
		n := 0
		if err == nil {
			n, err = st.receive(w, into[have:have+run])
			st.came(n)
		}
		if have == 0 && n > 0 && lv.readGap > 0 {
			st.odd().began = time.Now()
		}
		have += n
		if err != nil && !st.goOn(w, lv, err, have) {
			st.pay(&paid, -paid)
			st.in.Append(into[had:have])
			st.held.Store(int64(st.in.Len()))
			if e := st.ended.Load(); e != nil {
				return f, st.unfinished(e)
			}
			if fault.CodeOf(err) == fault.Memory {
				return f, st.faulty(err)
			}
			return f, st.readFailed(err)
		}
	}
	st.pay(&paid, -paid)
	st.take(st.in.Len())
	st.in.ResetReadSize() // the next one may be as long: what comes with its beginning is copied
	return frame.Frame{Size: f.Size}, nil
}

// afford reserves memory for the bytes that are read straight to the reader and
// would have to be kept if it went away: have of them are here, rest are to
// come. It tells how many to read at once.
func (st *stream) afford(w *poll.Call, rest, have int, paid *int) (run int, err error) {
	cost := func() int { return mem.BlockSize(st.in.Len()+have+run+1) - st.in.Size() - *paid }
	st.grows()
	run = min(rest, straightRun)
	if need := cost(); need <= 0 || st.lib.money.ReserveFair(need, st.in.Size()+*paid) {
		st.pay(paid, max(need, 0))
		return run, nil
	}
	run = min(rest, mem.SmallestBlock)
	if need := cost(); need > 0 {
		if err := st.reserve(w, need, st.in.Size()+*paid, have); err != nil {
			return 0, err
		}
		st.pay(paid, need)
	}
	return run, nil
}

// pay notes what was reserved, or with less than 0 gives it back.
func (st *stream) pay(paid *int, n int) {
	*paid += n
	st.in.SetReservedPast(*paid)
	if n < 0 {
		st.lib.money.Release(-n)
	}
}
