package core

import (
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/layer/capture"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
	"wdsocket/core/task"
)

const (
	maxCoalesced        = 64 << 10 // so many bytes are sent together
	maxCoalescedMessage = 16 << 10 // a longer message is sent at once, with the coalesced ones
)

// coalescer collects small writes that are sent together (option.Coalesce). The write
// lock guards it, but for the atomic fields and timer.
type coalescer struct {
	block        *mem.Block
	n            int
	batched      int // messages added since something was sent
	lastBatch    int // bytes that were sent together last
	encodeBuffer []byte

	loan   loan         // the last one
	lentAs *ioConfig    // what its messages are written by
	lent   atomic.Int64 // loan while it lasts: the host's side collects too, behind n

	size         atomic.Int64 // n, readable without the lock
	flushPending atomic.Bool  // to be sent as soon as there is room

	timer         *time.Timer // made with the first write that is collected, under Socket.mu
	timerRuns     atomic.Bool // the timer runs
	queueNotified atomic.Bool // the event queue knows of it
}

// coalescedBytes returns how many bytes are coalesced and not sent.
func (st *stream) coalescedBytes() int {
	if sq := st.sendq.Load(); sq != nil {
		return int(sq.size.Load())
	}
	return 0
}

func (co *coalescer) bytes() []byte { return co.block.Bytes()[:co.n] }

// append adds a message, for which there is room.
func (co *coalescer) append(head, body, tail []byte) {
	at := co.block.Bytes()[co.n:]
	n := copy(at, head)
	n += copy(at[n:], body)
	n += copy(at[n:], tail)
	co.n += n
	co.batched++
	co.size.Store(int64(co.n))
}

// hasRoom tells whether there is room without more memory.
func (co *coalescer) hasRoom(n int) bool {
	return co.block != nil && co.n+n <= min(len(co.block.Bytes()), maxCoalesced)
}

// grow makes room for n bytes more, which do not exceed maxCoalesced.
func (co *coalescer) grow(budget *mem.Budget, n int) {
	bl := mem.NewBlock(max(co.n+n, 2*co.n, co.lastBatch))
	budget.ForceReserve(len(bl.Bytes()))
	if co.block != nil {
		copy(bl.Bytes(), co.bytes())
		budget.Release(len(co.block.Bytes()))
		co.block.Recycle()
	}
	co.block = bl
}

// removeSent drops the first n bytes, which were sent.
func (co *coalescer) removeSent(budget *mem.Budget, n int) {
	co.lastBatch, co.batched = min(n, maxCoalesced), 0
	co.n = copy(co.block.Bytes(), co.block.Bytes()[n:co.n])
	co.size.Store(int64(co.n))
	if co.n == 0 {
		budget.Release(len(co.block.Bytes()))
		co.block.Recycle()
		co.block = nil
		co.flushPending.Store(false)
	}
}

func (co *coalescer) discard(st *stream) {
	if co.block != nil {
		co.removeSent(&st.lib.budget, co.n)
	}
}

// coalesceLocked adds a message to the coalesced ones. If that would be too much, those
// are sent first, as w allows. The caller holds the write lock.
func (st *stream) coalesceLocked(w *poll.Call, cfg *ioConfig, head, body, tail []byte) error {
	total := len(head) + len(body) + len(tail)
	co := &st.sendQueue().coalescer
	if kept := st.conn.Unsent(); cfg.sendQueueLimit > 0 && kept > 0 && kept+co.n+total > cfg.sendQueueLimit {
		st.writeRefused.Store(true)
		if st.conn.HasUnsent() { // else it has drained meanwhile, which makes no event
			return st.queueFullError(cfg, kept+co.n+total)
		}
		st.writeRefused.Store(false)
	}
	if co.n+total > maxCoalesced {
		if err := st.flushCoalescedLocked(w, cfg); err != nil {
			return err
		}
	}
	if !co.hasRoom(total) {
		co.grow(&st.lib.budget, total)
	}
	co.append(head, body, tail)
	return nil
}

// flushCoalescedLocked sends the coalesced bytes: with a send queue without blocking,
// otherwise as w allows. What was not sent when the time is over stays.
func (st *stream) flushCoalescedLocked(w *poll.Call, cfg *ioConfig) error {
	sq := st.sendq.Load()
	if sq == nil || sq.n == 0 {
		return nil
	}
	if cfg.sendQueueLimit > 0 {
		return st.countWriteFailure(st.writeCoalescedLocked(&sq.coalescer))
	}
	n, err := st.send(w, sq.bytes(), nil, nil)
	sq.removeSent(&st.lib.budget, n)
	return st.countWriteFailure(err)
}

// countWriteFailure is markBroken for the error of a write, which it counts in any case.
func (st *stream) countWriteFailure(err error) error {
	if err == nil {
		return nil
	}
	e := syserr.Wrap(err, fault.PhaseWrite, st.peerLabel())
	st.counters.CountWriteError(e, 0)
	return st.markBroken(e)
}

// writeCoalescedLocked hands the coalesced bytes to the uppermost layer. It never
// blocks.
func (st *stream) writeCoalescedLocked(co *coalescer) error {
	_, err := st.write(co.bytes())
	co.removeSent(&st.lib.budget, co.n)
	return err
}

// tryCoalesceLocked adds a message if others are coalesced already and there is room in
// their block. The caller holds the write lock.
func (st *stream) tryCoalesceLocked(cfg *ioConfig, msg []byte) bool {
	sq := st.sendq.Load()
	if sq.n == 0 || !st.canCoalesce(sq) {
		return false
	}
	head, body, tail, grown, err := cfg.Encode(sq.encodeBuffer[:0], msg)
	if err != nil {
		return false
	}
	sq.encodeBuffer = grown
	if !sq.hasRoom(len(head) + len(body) + len(tail)) {
		return false
	}
	sq.append(head, body, tail)
	return true
}

// canCoalesce tells whether a message may be added to the coalesced ones.
func (st *stream) canCoalesce(sq *sendQueue) bool {
	return !st.writeClosed.Load() && st.broken.Load() == nil && st.ended.Load() == nil && !sq.nonEmpty.Load()
}

// writeCoalescing adds a message to those that are coalesced already, without entering
// the gate: nothing blocks and no descriptor is touched. If it returns false nothing
// was changed.
func (s *Socket) writeCoalescing(msg []byte) bool {
	st, cfg := s.stream.Load(), s.config.Load()
	if cfg.coalesce == 0 || st == nil || st.reconnector.Load() != nil || cfg.charset != nil || cfg.sendQueueLimit > 0 || len(msg) > maxCoalescedMessage || st.coalescedBytes() == 0 || !st.tryLockWrite() {
		return false
	}
	if !s.coalesceAndUnlock(st, cfg, msg) {
		return false
	}
	st.countWritten(cfg, msg)
	if st.needsFlush() && s.gate.EnterFast() { // published or due meanwhile: that needs the descriptor
		defer s.gate.LeaveFast()
		s.ensureFlush(st)
	}
	return true
}

// coalesceAndUnlock is tryCoalesceLocked and unlocks.
func (s *Socket) coalesceAndUnlock(st *stream, cfg *ioConfig, msg []byte) bool {
	defer st.unlockWrite()
	if !st.tryCoalesceLocked(cfg, msg) {
		return false
	}
	s.lend(st, st.sendq.Load(), cfg)
	st.cacheLocalEnd() // for the log line that is written without a lock
	return true
}

// countWritten counts a message that was written, and logs it.
func (st *stream) countWritten(cfg *ioConfig, msg []byte) {
	st.written.Add(1)
	st.noteActivity(cfg)
	if st.lib.journal.Enabled(levelAll) {
		st.lib.log(levelAll, st, "%d bytes written", len(msg))
	}
	st.traceMessage(capture.Sent, msg)
}

// scheduleFlush makes sure coalesced bytes are sent before the event queue blocks, at
// the latest after option.Coalesce.
func (s *Socket) scheduleFlush(st *stream, cfg *ioConfig) {
	sq := st.sendq.Load()
	if sq == nil || sq.size.Load() == 0 {
		return
	}
	if reg := s.registration.Load(); reg != nil && !sq.queueNotified.Swap(true) {
		reg.q.noteCoalesced(reg, sq)
	}
	if sq.timerRuns.Swap(true) {
		return // it runs for an earlier message, and this one may be sent then
	}
	pause := max(cfg.coalesce, time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	if sq.timer == nil {
		sq.timer = task.AfterFunc("the sending of small writes", s.lib.Report, pause, func() { s.flushByTimer(st) })
	} else {
		sq.timer.Reset(pause)
	}
}

// flushByTimer sends the coalesced bytes when option.Coalesce is over. It never blocks.
func (s *Socket) flushByTimer(st *stream) {
	sq := st.sendq.Load()
	sq.timerRuns.Store(false)
	w := s.gate.EnterPoll()
	if w == nil {
		return // closing sends it
	}
	defer w.Leave()
	s.flushCoalesced(st)
}

// flushCoalesced sends the coalesced bytes without blocking. The caller is inside the
// gate.
func (s *Socket) flushCoalesced(st *stream) {
	if st.coalescedBytes() == 0 {
		return
	}
	st.sendq.Load().flushPending.Store(true)
	s.ensureFlush(st)
}

// flushBeforeRead sends the coalesced bytes before a read blocks: the peer may be
// waiting for them.
func (st *stream) flushBeforeRead(w *poll.Call) {
	if w.NonBlocking() || st.coalescedBytes() == 0 {
		return
	}
	st.sendq.Load().flushPending.Store(true)
	st.tryFlush() // an error is the next write's, or shows in the read
}

// adoptUnsent makes the queue flush what was coalesced, and report what was dropped,
// before the socket was attached.
func (reg *registration) adoptUnsent() {
	st := reg.s.stream.Load()
	if st == nil {
		return
	}
	sq := st.sendq.Load()
	if sq == nil {
		return
	}
	sq.queueNotified.Store(false)
	reg.s.scheduleFlush(st, reg.s.config.Load())
	if sq.unreportedDrops.Load() > 0 {
		reg.postDropped()
	}
}

// noteCoalesced remembers a socket with coalesced writes for flushRegisteredLocked.
func (q *Queue) noteCoalesced(reg *registration, sq *sendQueue) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if reg.detached {
		sq.queueNotified.Store(false)
		return
	}
	q.coalescing = append(q.coalescing, reg)
}

// flushRegisteredLocked sends what the queue's sockets have coalesced, before the queue
// blocks. The caller holds the poll lock.
func (q *Queue) flushRegisteredLocked() {
	q.mu.Lock()
	if len(q.coalescing) == 0 || len(q.ready) > 0 || q.head < len(q.events) {
		q.mu.Unlock()
		return // the queue will not block yet
	}
	out := q.coalescing
	q.coalescing, q.flushSpare = q.flushSpare[:0], nil
	q.mu.Unlock()
	for i, reg := range out {
		reg.flushCoalesced()
		out[i] = nil
	}
	q.flushSpare = out
}

// flushCoalesced is Socket.flushCoalesced for the queue.
func (reg *registration) flushCoalesced() {
	w := reg.s.gate.EnterPoll()
	if w == nil {
		return
	}
	defer w.Leave()
	if st := reg.s.stream.Load(); st != nil {
		if sq := st.sendq.Load(); sq != nil {
			sq.queueNotified.Store(false)
		}
		reg.s.flushCoalesced(st)
	}
}
