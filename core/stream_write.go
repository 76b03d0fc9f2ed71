package core

import (
	"slices"
	"sync"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
	"wdsocket/core/transport"
)

// scratch is memory that is needed while a message is written: of framing, and
// for a short message with its framing in one piece, which the system may not
// take from the stack everywhere.
type scratch struct {
	b     []byte
	whole [quickLargest]byte
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// lockWrite takes the write lock, waiting as w allows, and takes the memory lent to C
// for writing back. Errors: fault.Timeout, fault.Cancelled, fault.Closed.
func (st *stream) lockWrite(w *poll.Call) error {
	if st.tryLockWrite() {
		return nil
	}
	if err := st.writeLock.Lock(w); err != nil {
		return err
	}
	st.recall()
	if st.broken.Load() != nil && w.Interrupted() { // as the one before it, however late it hears of it
		st.unlockWrite()
		return w.Expired()
	}
	return nil
}

// tryLockWrite takes the write lock if it is free.
func (st *stream) tryLockWrite() bool {
	if !st.writeLock.TryLock() {
		return false
	}
	st.recall()
	return true
}

// unlockWrite releases the write lock. tryFlush must follow.
func (st *stream) unlockWrite() { st.writeLock.Unlock() }

// sendMessage writes one message.
func (st *stream) sendMessage(w *poll.Call, cfg *ioConfig, msg []byte) (int, error) {
	return st.writeMessage(w, cfg, msg, cfg.keepsMessages())
}

// writeMessage is sendMessage; keep tells whether a reconnecting socket keeps the message.
func (st *stream) writeMessage(w *poll.Call, cfg *ioConfig, msg []byte, keep bool) (int, error) {
	if err := st.lockWrite(w); err != nil {
		e := notLocked(st, w, fault.PhaseWrite, err)
		st.counters.CountWriteError(e, 0)
		return 0, e
	}
	defer st.unlockWrite()
	rc := st.reconnector.Load()
	kept := rc != nil && keep
	if err := st.checkWritable(); err != nil && !kept {
		return 0, err
	}
	if rc != nil && !kept {
		if rc.isDown() {
			return 0, fault.New(fault.Reconnecting, fault.PhaseWrite, st.peerLabel())
		}
		rc.log.NoteReceived(rc.receivedBytes.Load())
	}
	sc := scratches.Get().(*scratch)
	defer sc.recycle()
	body := msg
	if cfg.charset != nil {
		text, err := cfg.charset.ToWire(st.lib.HostText(), nil, msg)
		if err != nil {
			return 0, st.counters.CountError(textFault(err, st.peerLabel()))
		}
		body = text
	}
	head, body, tail, grown, err := cfg.Encode(sc.b[:0], body)
	if err != nil {
		return 0, st.counters.CountError(textFault(err, st.peerLabel()))
	}
	sc.b = grown
	if total := len(head) + len(body) + len(tail); kept {
		if err := rc.keepMessage(st, cfg, head, body, tail); err != nil {
			return 0, err
		}
	} else if total > 0 {
		if err := st.writeEncoded(w, cfg, head, body, tail); err != nil {
			return 0, err
		}
	}
	st.countWritten(cfg, msg)
	if rc != nil && !kept {
		rc.noteMessage(st)
	}
	return len(msg), nil
}

// writeEncoded coalesces an encoded message, queues it, or sends it and blocks until
// the system has it.
func (st *stream) writeEncoded(w *poll.Call, cfg *ioConfig, head, body, tail []byte) error {
	total := len(head) + len(body) + len(tail)
	switch {
	case cfg.coalesce > 0 && total <= maxCoalescedMessage && !st.hasQueued() && st.reconnector.Load() == nil:
		return st.coalesceLocked(w, cfg, head, body, tail)
	case cfg.sendQueueLimit > 0:
		return st.writeOrQueue(cfg, head, body, tail)
	}
	if err := st.flushQueuedLocked(w, cfg); err != nil {
		return st.writeFailed(overdueWrite(w, err, 0, total), 0, total)
	}
	if n, err := st.send(w, head, body, tail); err != nil {
		return st.writeFailed(overdueWrite(w, err, n, total), n, total)
	}
	return nil
}

// writeOrQueue writes the parts of a message and keeps what the system does not take.
// It never blocks. A message that would make the send queue longer than its limit is
// refused as a whole.
func (st *stream) writeOrQueue(cfg *ioConfig, head, body, tail []byte) error {
	total := len(head) + len(body) + len(tail)
	if st.hasQueued() || st.coalescedBytes() > 0 {
		if err := st.tryFlushLocked(); err != nil {
			return st.writeFailed(err, 0, total)
		}
	}
	if kept := st.unsentBytes(); kept > 0 && kept+total > cfg.sendQueueLimit {
		st.writeRefused.Store(true)
		if kept = st.unsentBytes(); kept == 0 { // it has drained meanwhile, which makes no event
			st.writeRefused.Store(false)
			return st.writeOrQueue(cfg, head, body, tail)
		}
		return st.queueFullError(cfg, kept+total)
	}
	if st.hasQueued() || st.coalescedBytes() > 0 {
		st.sendQueue().add(&encodedMessage{b: slices.Concat(head, body, tail), undroppable: true, budget: &st.lib.budget}, 0, dropOldest)
		return nil
	}
	if err := st.writeParts(head, body, tail); err != nil {
		return st.writeFailed(err, 0, total)
	}
	return nil
}

// queueFullError is the error of a write that would exceed the send queue's limit.
func (st *stream) queueFullError(cfg *ioConfig, size int) error {
	return st.counters.CountError(fault.New(fault.Full, fault.PhaseWrite, st.peerLabel()).With(fault.NoteTooLong, decimal(size), decimal(cfg.sendQueueLimit)))
}

// writeParts writes the parts of a message as one piece. It never blocks.
func (st *stream) writeParts(head, body, tail []byte) error {
	sc := scratches.Get().(*scratch)
	defer sc.recycle()
	if st.transparent() && len(head)+len(body)+len(tail) <= len(sc.whole) {
		b := &sc.whole
		n := copy(b[:], head)
		n += copy(b[n:], body)
		n += copy(b[n:], tail)
		_, err := st.write(b[:n])
		return err
	}
	sc.b = append(append(append(sc.b[:0], head...), body...), tail...)
	_, err := st.write(sc.b)
	return err
}

// markBroken records that what is pending can no longer be sent, unless err only ends
// this call. It returns err.
func (st *stream) markBroken(err error) error {
	switch fault.CodeOf(err) {
	case fault.OK, fault.Timeout, fault.Cancelled, fault.Closed:
	default:
		if e := syserr.Wrap(err, fault.PhaseWrite, st.peerLabel()); st.broken.CompareAndSwap(nil, e) {
			st.counters.CountWriteError(e, 1)
		}
	}
	return err
}

// recycle keeps small memory for the next write.
func (sc *scratch) recycle() {
	const largest = 64 << 10
	if cap(sc.b) <= largest {
		scratches.Put(sc)
	}
}

// checkWritable returns why nothing can be written any more, nil if it can.
func (st *stream) checkWritable() error {
	if st.writeClosed.Load() {
		return fault.New(fault.WriteClosed, fault.PhaseWrite, st.peerLabel())
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
	e := advise(st, syserr.Wrap(err, fault.PhaseWrite, st.peerLabel()))
	st.counters.CountWriteError(e, sent)
	if sent == 0 || e.Code == fault.Reset { // after a reset there is nothing left to break
		return e
	}
	noted := *e
	if noted.Note == fault.NoNote {
		noted.With(notePartWritten, decimal(sent), decimal(total))
	}
	st.broken.CompareAndSwap(nil, advise(st, fault.New(fault.Broken, fault.PhaseWrite, st.peerLabel()).
		With(textBroken, decimal(sent), decimal(total))))
	return &noted
}

// flushLocked blocks until everything pending is sent. The caller holds the write lock.
func (st *stream) flushLocked(w *poll.Call) error {
	for {
		if err := st.tryFlushLocked(); err != nil {
			return err
		}
		if err := st.conn.Flush(w); err != nil {
			return err
		}
		if st.nothingUnsent() {
			return nil
		}
	}
}

// halfClose ends the sending side once the writers before it are done.
func (st *stream) halfClose(w *poll.Call) error {
	if err := st.lockWrite(w); err != nil {
		return notLocked(st, w, fault.PhaseClose, err)
	}
	defer st.unlockWrite()
	if st.writeClosed.Load() {
		return nil
	}
	if e := st.broken.Load(); e != nil {
		return e // the peer must not take a message cut short for the end
	}
	if st.ws.Load() == nil && !transport.HalfCloses(st.conn) {
		return st.conn.CloseWrite() // which is refused, and the connection goes on
	}
	if err := st.flushLocked(w); err != nil {
		return syserr.Wrap(st.markBroken(err), fault.PhaseClose, st.peerLabel())
	}
	st.closeLayers() // the ends of the layers
	if err := st.conn.Flush(w); err != nil {
		return st.writeFailed(err, 1, 1)
	}
	st.writeClosed.Store(true)
	if st.ws.Load() != nil { // it ends the connection when its peer has closed, too
		return nil
	}
	if err := st.conn.CloseWrite(); err != nil && fault.CodeOf(err) != fault.Reset {
		return err
	}
	return nil
}
