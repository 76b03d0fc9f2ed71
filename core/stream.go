package core

import (
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/layer/capture"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/layer/websocket"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
	"wdsocket/core/stats"
	"wdsocket/core/syserr"
	"wdsocket/core/transport"
	"wdsocket/core/waitmutex"
)

// stream is one connection in use: what has arrived, the read and the write lock's
// fields, and how it ended. The read lock (Socket.readLock) guards the fields of the
// reader, writeLock those of the writer.
type stream struct {
	lib    *Library
	conn   transport.Conn
	layers *layerStack // what stands on conn, nil without any; changed with both locks

	// reader; first what every message needs
	in            mem.Buffer
	buffered      atomic.Int64  // bytes in the buffer, readable without the lock
	decodedWith   *ioConfig     // that scanned and framingErr belong to
	registration  *registration // of the queue that reads for the host
	scanned       int           // where Decode goes on
	front         *frontInfo    // of the front of the buffer
	framingErr    *fault.Error  // decoding cannot resume
	filledAll     bool          // the last fill used all its space: there may be more
	discardNext   bool          // discard the message at the front
	inNoise       bool          // what was skipped last was noise: more of it is the same error
	exchanging    bool          // an exchange reads: noise is no error of it
	asBytes       bool          // a single read reads: no heartbeat is looked for
	bufferedReads int8          // messages read one after the other that had arrived before, up to dealAfter, see deal
	admission     admission     // what the server counts it for, under its lock
	lastByte      byte          // of the message that was consumed last, 0 for none, see decode.go
	refs          int32         // of a simplified server's client, under the server's lock
	places        int32         // messages that are dealt
	cold          *coldState    // nil on most streams
	deals         loan          // the last one of them
	dealt         atomic.Int64  // the loan of the messages that are dealt, 0: none are

	ended        atomic.Pointer[fault.Error] // why nothing more comes
	lastActivity atomic.Pointer[activity]    // nil while it is not needed
	read         atomic.Int64                // messages

	timings stats.Timings

	// writer
	writeLock     waitmutex.Mutex
	sendq         atomic.Pointer[sendQueue]   // what is not with the layer below yet, nil on most streams
	reconnector   atomic.Pointer[reconnector] // that it is the connection of, nil of most
	broken        atomic.Pointer[fault.Error]
	written       atomic.Int64 // messages
	writeClosed   atomic.Bool  // this program ended its sending side
	writeRefused  atomic.Bool  // the send queue was full for a write
	flushing      atomic.Bool  // a task flushes
	writeLockKept bool         // writeLock is held for good: it is being closed
	closedUnread  bool         // it was closed with input that was not read
	lingers       bool         // it is for awaitPeerEnd to close
	closing       bool         // to be closed when refs is 0, under the server's lock

	recording lazyRecording
	tls       atomic.Pointer[tlslayer.Conn] // the layer that is TLS, nil without
	ws        atomic.Pointer[webSocket]     // the layer that is a WebSocket, nil without

	sharedFramingErr atomic.Pointer[fault.Error] // framingErr, readable without the lock

	owner        atomic.Pointer[Socket] // that it is the connection of, the server until a channel is
	countedBytes int64                  // bytes written that the server has counted for good, under its lock
	counters     stats.Counters
	proxied      *proxied // what is known of the proxies that it comes or goes through, nil without; set before it is used
}

// newStream is for a connection of a socket: a client, or the server that took it.
func newStream(of *Socket, conn transport.Conn) *stream {
	lib := of.lib
	st := &stream{lib: lib, conn: conn}
	st.owner.Store(of)
	st.timings.Opened(lib.micros())
	st.in.Init(&lib.budget)
	return st
}

// server returns the server that accepted the connection, nil for a client's own.
func (st *stream) server() *server {
	of := st.owner.Load()
	if of.parent != nil {
		return of.parent
	}
	return of.server.Load()
}

// peerLabel names the peer in texts.
func (st *stream) peerLabel() string { return st.conn.Peer() }

// useConfig resets what was decoded with another configuration.
func (st *stream) useConfig(cfg *ioConfig) {
	if st.decodedWith != cfg {
		st.decodedWith, st.scanned, st.framingErr, st.front, st.inNoise = cfg, 0, nil, nil, false
		st.sharedFramingErr.Store(nil)
		st.ws.Load().useLimit(cfg)
		if cfg.follower == nil { // what it reads stands behind that byte
			st.lastByte = 0
		}
		if cfg.liveness != nil {
			st.activity()
		}
	}
}

// nextMessage makes sure that a whole message is at the front of the buffer and
// describes it. capacity is the reader's, negative for none: that a message does not
// fit is reported once it is whole, because the reader makes room for it then. If into
// is given, a long message may be read directly into it: Total is 0 then.
func (st *stream) nextMessage(w *poll.Call, cfg *ioConfig, capacity int, into []byte) (frame.Frame, error) {
	st.useConfig(cfg)
	for filled := false; ; filled = true {
		f, err := st.decodeFront(cfg)
		switch {
		case err != nil:
			return f, err
		case f.Total > 0 && (f.Closed() || st.endedBySilence(w, cfg, &err)):
			f, again, err := cfg.judged(st, f)
			if again {
				continue
			}
			if err != nil {
				return f, err
			}
			if st.discardNext {
				st.advance(f.Total)
				st.discardNext = false
				continue
			}
			return f, st.checkFits(f.Size, capacity)
		case err != nil:
			return f, err
		case f.Total > 0:
			continue
		}
		if into != nil && cfg.contiguous && !st.discardNext && !cfg.mayBeHeartbeat(f.Size) && f.Size >= longMessage && f.Size <= len(into) && st.in.Len() <= mem.MaxReadSize {
			return st.readDirect(w, cfg, f, into)
		}
		if filled && st.inNoise && w.TimeIsUp() { // however much noise comes
			return f, syserr.Wrap(w.Expired(), fault.PhaseRead, st.peerLabel())
		}
		if err := st.fill(w, cfg); err != nil && !st.extendDeadline(w, cfg, err, st.in.Len()) {
			return f, err
		}
	}
}

// decodeFront decodes the message at the front. An error after which decoding can
// resume is reported once, to the reader or, on a socket in a queue, by an event, and
// its bytes are skipped; any other stays.
func (st *stream) decodeFront(cfg *ioConfig) (frame.Frame, error) {
	if st.framingErr != nil {
		return frame.Frame{}, st.framingErr
	}
	for st.in.Len() > 0 || cfg.sized {
		f, err := cfg.decodeAt(st, 0, st.scanned)
		st.scanned = f.Scanned
		if err == nil {
			if f.Total > 0 && cfg.Gap() == 0 {
				st.in.MarkWhole()
			}
			return f, nil
		}
		e := st.framingError(err)
		if f.Total > 0 {
			if handled := st.skipInvalid(e, f); handled {
				continue
			}
			return frame.Frame{Size: -1}, e
		}
		if e.Hint == fault.NoNote {
			e.Advise(likely(st, cfg.Framer))
		}
		st.counters.CountError(e)
		st.framingErr = e
		st.sharedFramingErr.Store(e)
		st.lib.log(levelError, st, "%v", e)
		return frame.Frame{Size: -1}, e
	}
	return frame.Frame{Size: -1}, nil
}

// endedBySilence tells whether a decoded message is complete: where a gap ends a
// message the line must have been silent for it.
func (st *stream) endedBySilence(w *poll.Call, cfg *ioConfig, failed *error) bool {
	gap := cfg.Gap()
	if gap == 0 || st.ended.Load() != nil && lateEnd(st) == nil || st.coldState().inherited > 0 {
		return true
	}
	if st.registration != nil && st.registration.unread > 0 { // found by its queue, which has read no further
		return true
	}
	quiet, err := st.awaitSilence(w, cfg, gap)
	*failed = err
	return quiet
}

// awaitSilence waits until nothing was received for gap. False without an error: more
// was, and is in the buffer.
func (st *stream) awaitSilence(w *poll.Call, cfg *ioConfig, gap time.Duration) (bool, error) {
	silent := st.coldState().lastReceived.Add(gap)
	own, ends := w.Deadline()
	bounded := !ends || own.After(silent)
	polls := w.NonBlocking()
	if bounded {
		w.SetDeadline(silent)
	}
	err := st.fill(w, cfg)
	if bounded {
		w.SetDeadline(own)
	}
	switch {
	case err == nil:
		return false, nil
	case st.ended.Load() != nil && lateEnd(st) == nil:
		return true, nil
	case fault.CodeOf(err) == fault.Timeout && (bounded || polls && !time.Now().Before(silent)):
		st.in.MarkWhole()
		return true, nil
	}
	return false, err
}

// extendDeadline tells whether reading goes on after a failed fill: a message that has
// begun, of which have bytes were received, may have more time than the call.
func (st *stream) extendDeadline(w *poll.Call, cfg *ioConfig, err error, have int) bool {
	if cfg.readGap == 0 || have == 0 || fault.CodeOf(err) != fault.Timeout {
		return false
	}
	until := st.coldState().messageBegan.Add(cfg.readGap)
	if !time.Now().Before(until) {
		return false
	}
	w.SetDeadline(until)
	return true
}

// checkFits returns an error unless a message of size bytes fits into capacity.
func (st *stream) checkFits(size, capacity int) error {
	if capacity < 0 || size <= capacity {
		return nil
	}
	return smallBuffer(st, size, capacity)
}

// fill receives what is available into the buffer, or waits for it.
func (st *stream) fill(w *poll.Call, cfg *ioConfig) error {
	if e := st.ended.Load(); e != nil {
		return st.withUnfinished(e)
	}
	space, err := st.room(w)
	if e := st.ended.Load(); err != nil && e != nil { // looked at before memory was waited for
		return st.withUnfinished(e)
	}
	if err != nil {
		return st.counters.CountError(err)
	}
	had := st.in.Len()
	n, err := st.receive(w, space)
	for err == websocket.ErrHeld {
		if err = st.ws.Load().reserve(w, st); err != nil {
			return st.counters.CountError(err)
		}
		n, err = st.receive(w, space)
	}
	st.ws.Load().settle(st)
	if err != nil {
		if st.in.Len() == 0 {
			st.in.Drop()
		}
		return st.readFailed(err)
	}
	st.noteArrival(cfg)
	st.filledAll = n == len(space)
	st.in.Filled(n, len(space))
	st.dropUnread(cfg)
	st.noteReceived(st.in.Len() - had)
	st.buffered.Store(int64(st.in.Len()))
	return cfg.cameInVain(w, st, n, st.in.Len()-had)
}

// noteReceived counts, for a reconnecting socket, received bytes that are no
// heartbeats.
func (st *stream) noteReceived(n int) {
	if rc := st.reconnector.Load(); rc != nil && n > 0 {
		rc.receivedBytes.Add(int64(n))
	}
}

// noteArrival notes the times that gaps are measured from.
func (st *stream) noteArrival(cfg *ioConfig) {
	if cfg.readGap == 0 && cfg.Gap() == 0 {
		return
	}
	st.coldState().lastReceived = time.Now()
	if st.in.Len() == 0 {
		st.cold.messageBegan = st.cold.lastReceived
	}
}

// readFailed records an error that ends the connection, and returns others as they are.
func (st *stream) readFailed(err error) error {
	switch fault.CodeOf(err) {
	case fault.Timeout, fault.Cancelled, fault.Closed:
		return err
	}
	e := advise(st, syserr.Wrap(err, fault.PhaseRead, st.peerLabel()))
	if st.ended.CompareAndSwap(nil, e) {
		st.endLoan()
		st.counters.CountEnd(e)
		st.lib.log(levelTraffic, st, "%v", e)
	}
	return st.withUnfinished(st.ended.Load())
}

// advance drops n bytes at the front of the buffer.
func (st *stream) advance(n int) {
	host := 0
	if st.front != nil {
		host = st.frontHostSize(n)
	}
	st.advanceAs(n, host)
}

// advanceAs is advance for bytes that are known to be host bytes for the host.
func (st *stream) advanceAs(n, host int) {
	if st.front != nil {
		st.frontTaken(n, host)
	}
	if st.registration != nil {
		st.registration.unreadBytes = max(st.registration.unreadBytes-n, 0)
	}
	if cfg := st.decodedWith; cfg != nil && cfg.follower != nil {
		noteLastByte(st, n)
	}
	st.in.Consume(n)
	st.scanned, st.inNoise = 0, false
	if cfg := st.decodedWith; cfg != nil && cfg.dropsUnread {
		st.dropUnread(cfg)
	}
	if st.cold != nil {
		st.cold.frontMoved(n)
		if st.in.Len() > 0 {
			st.cold.messageBegan = st.cold.lastReceived
		}
	}
	st.buffered.Store(int64(st.in.Len()))
}

// noteDelivered counts and logs a message that was read.
func (st *stream) noteDelivered(msg []byte) {
	st.countRead(1)
	if st.lib.journal.Enabled(levelAll) {
		st.lib.log(levelAll, st, "%d bytes read", len(msg))
	}
	st.traceMessage(capture.Received, msg)
}

// countRead counts messages that were read.
func (st *stream) countRead(messages int) {
	st.read.Add(int64(messages))
	if st.cold != nil {
		st.cold.pendingReplies = max(st.cold.pendingReplies-messages, 0)
	}
	if st.registration != nil {
		st.registration.noteConsumed(st, messages)
	}
}

const (
	longMessage = 16 << 10  // from here on a message is read straight to its reader
	directChunk = 256 << 10 // at most so many bytes at once
)

// readDirect receives the rest of a long message directly into the caller's memory. If
// it is interrupted, what was received goes into the buffer, and once that holds much
// the message is read there to its end.
func (st *stream) readDirect(w *poll.Call, cfg *ioConfig, f frame.Frame, into []byte) (frame.Frame, error) {
	head := f.Need - f.Size
	had := copy(into, st.in.Bytes()[head:])
	have, reserved := had, 0
	act := st.lastActivity.Load()
	for have < f.Size {
		act.notePast(have - had)
		chunk, err := st.reserveDirect(w, f.Size-have, have-had, &reserved)
		n := 0
		if err == nil {
			n, err = st.receive(w, into[have:have+chunk])
			st.noteReceived(n)
		}
		if have == 0 && n > 0 && cfg.readGap > 0 {
			st.coldState().messageBegan = time.Now()
		}
		have += n
		if err != nil && !st.extendDeadline(w, cfg, err, have) {
			st.noteReserved(&reserved, -reserved)
			st.in.Append(into[had:have])
			act.notePast(0)
			st.buffered.Store(int64(st.in.Len()))
			if e := st.ended.Load(); e != nil {
				return f, st.withUnfinished(e)
			}
			if fault.CodeOf(err) == fault.Memory {
				return f, st.counters.CountError(err)
			}
			return f, st.readFailed(err)
		}
	}
	st.noteReserved(&reserved, -reserved)
	act.notePast(0)
	st.advance(st.in.Len())
	st.in.ResetReadSize() // the next one may be as long: what comes with its beginning is copied
	return frame.Frame{Size: f.Size, Text: f.Text}, nil
}

// reserveDirect reserves memory for bytes that are received directly and would have to
// be buffered if the call ended: have of them are here, rest are missing. It returns
// how many to receive at once.
func (st *stream) reserveDirect(w *poll.Call, rest, have int, reserved *int) (chunk int, err error) {
	cost := func() int { return mem.BlockSize(st.in.Len()+have+chunk+1) - st.in.Size() - *reserved }
	st.grows()
	chunk = min(rest, directChunk)
	if need := cost(); need <= 0 || st.lib.budget.ReserveFair(need, st.in.Size()+*reserved) {
		st.noteReserved(reserved, max(need, 0))
		return chunk, nil
	}
	chunk = min(rest, mem.SmallestBlock)
	if need := cost(); need > 0 {
		if err := st.reserve(w, need, st.in.Size()+*reserved, have); err != nil {
			return 0, err
		}
		st.noteReserved(reserved, need)
	}
	return chunk, nil
}

// noteReserved adds to what was reserved; a negative n is returned to the budget.
func (st *stream) noteReserved(reserved *int, n int) {
	*reserved += n
	st.in.SetReservedPast(*reserved)
	if n < 0 {
		st.lib.budget.Release(-n)
	}
}
