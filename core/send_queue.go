package core

import (
	"math"
	"sync/atomic"

	"wdsocket/core/fault"
	"wdsocket/core/layer/capture"
	"wdsocket/core/lockorder"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
)

// encodedMessage is an encoded message that may wait for many clients at once. Its
// bytes never change.
type encodedMessage struct {
	b           []byte
	undroppable bool // written to this one client: it is never dropped
	budget      *mem.Budget
	refs        atomic.Int32 // clients that it waits for; the budget pays while there are any
}

func (m *encodedMessage) ref() {
	if m.refs.Add(1) == 1 {
		m.budget.ForceReserve(len(m.b))
	}
}

func (m *encodedMessage) unref() {
	if m.refs.Add(-1) == 0 {
		m.budget.Release(len(m.b))
	}
}

// sendQueue holds what has not gone through the layers yet: published messages, in the
// order of publishing, and small writes that are being coalesced. A connection gets one
// when it first needs it.
//
// A message leaves it whole and is then with the layer below, so what is in it can
// still be dropped.
type sendQueue struct {
	mu             lockorder.Mutex[lockorder.SendQueue]
	items          []queuedMessage // from first on
	first          int             // the front in items
	enqueued       int64           // how many were ever added
	publishedBytes int             // of published messages
	directBytes    int             // of direct messages
	nonEmpty       atomic.Bool     // there are items, readable without mu
	since          atomic.Int64    // when the first of them was added, by clock

	unreportedDrops atomic.Int64 // dropped messages that were not reported

	coalescer
}

// queuedMessage is a message in a send queue.
type queuedMessage struct {
	m      *encodedMessage
	number int64 // counted over all ever added
}

// sendQueue returns the connection's send queue, allocating it on first use.
func (st *stream) sendQueue() *sendQueue {
	if sq := st.sendq.Load(); sq != nil {
		return sq
	}
	st.sendq.CompareAndSwap(nil, new(sendQueue))
	return st.sendq.Load()
}

// add appends a message. A published one may exceed limit bytes: policy then says what
// is dropped, and dropped how many messages were; queued tells whether this one was
// added.
func (sq *sendQueue) add(m *encodedMessage, limit int, policy publishPolicy) (queued bool, dropped int) {
	sq.mu.Lock()
	defer sq.mu.Unlock()
	if !m.undroppable && sq.publishedBytes > 0 && sq.publishedBytes+len(m.b) > limit {
		switch policy {
		case dropNewest:
			return false, 1
		case disconnect:
			return false, sq.clearLocked() + 1
		}
		for sq.publishedBytes > 0 && sq.publishedBytes+len(m.b) > limit {
			sq.dropOldestLocked()
			dropped++
		}
	}
	m.ref()
	sq.enqueued++
	sq.items = append(sq.items, queuedMessage{m, sq.enqueued})
	sq.countLocked(m, 1)
	if !sq.nonEmpty.Swap(true) {
		sq.since.Store(clock())
	}
	return true, dropped
}

// countLocked adds a message to the byte counts, or with sign -1 subtracts it.
func (sq *sendQueue) countLocked(m *encodedMessage, sign int) {
	if m.undroppable {
		sq.directBytes += sign * len(m.b)
	} else {
		sq.publishedBytes += sign * len(m.b)
	}
}

// dropOldestLocked drops the first published message. Direct ones before it move up, so
// that no gaps collect.
func (sq *sendQueue) dropOldestLocked() {
	for i := sq.first; i < len(sq.items); i++ {
		if m := sq.items[i].m; !m.undroppable {
			copy(sq.items[sq.first+1:i+1], sq.items[sq.first:i])
			sq.dropFrontLocked(m)
			m.unref()
			return
		}
	}
}

// dropFrontLocked removes the first item, which is m.
func (sq *sendQueue) dropFrontLocked(m *encodedMessage) {
	sq.items[sq.first] = queuedMessage{}
	sq.first++
	sq.countLocked(m, -1)
	sq.trimLocked()
}

// trimLocked reclaims the slots of items that have left.
func (sq *sendQueue) trimLocked() {
	const few = 64
	switch {
	case sq.first == len(sq.items):
		if cap(sq.items) > few {
			sq.items = nil
		}
		sq.items, sq.first = sq.items[:0], 0
		sq.nonEmpty.Store(false)
		sq.since.Store(0)
	case sq.first > few && sq.first > len(sq.items)/2:
		n := copy(sq.items, sq.items[sq.first:])
		clear(sq.items[n:])
		sq.items, sq.first = sq.items[:n], 0
	}
}

// pop removes and returns the first message, nil if there is none. The caller must
// unref it.
func (sq *sendQueue) pop() *encodedMessage {
	sq.mu.Lock()
	defer sq.mu.Unlock()
	if sq.first == len(sq.items) {
		return nil
	}
	m := sq.items[sq.first].m
	sq.dropFrontLocked(m)
	return m
}

// clearLocked drops everything and returns how many published messages that were.
func (sq *sendQueue) clearLocked() (dropped int) {
	for _, i := range sq.items[sq.first:] {
		i.m.unref()
		if !i.m.undroppable {
			dropped++
		}
	}
	sq.items, sq.first, sq.publishedBytes, sq.directBytes = nil, 0, 0, 0
	sq.nonEmpty.Store(false)
	sq.since.Store(0)
	return dropped
}

// progress returns how many messages have ever left and have ever been enqueued.
func (sq *sendQueue) progress() (left, enqueued int64) {
	sq.mu.Lock()
	defer sq.mu.Unlock()
	if sq.first == len(sq.items) {
		return sq.enqueued, sq.enqueued
	}
	return sq.items[sq.first].number - 1, sq.enqueued
}

// lastEnqueued is the number of the message enqueued last.
func (st *stream) lastEnqueued() int64 {
	sq := st.sendq.Load()
	if sq == nil {
		return 0
	}
	_, enqueued := sq.progress()
	return enqueued
}

// hasQueued tells whether messages are in the send queue.
func (st *stream) hasQueued() bool {
	sq := st.sendq.Load()
	return sq != nil && sq.nonEmpty.Load()
}

// needsFlush tells whether something is to be sent as soon as there is room.
func (st *stream) needsFlush() bool {
	sq := st.sendq.Load()
	return sq != nil && (sq.nonEmpty.Load() || sq.flushPending.Load())
}

// queuedBytes returns the bytes of published and of direct messages in the send queue.
func (st *stream) queuedBytes() (published, own int) {
	sq := st.sendq.Load()
	if sq == nil {
		return 0, 0
	}
	sq.mu.Lock()
	defer sq.mu.Unlock()
	return sq.publishedBytes, sq.directBytes
}

// unsentBytes returns how many bytes this program has written that the system has not
// taken yet.
func (st *stream) unsentBytes() int {
	_, own := st.queuedBytes()
	return own + st.conn.Unsent() + st.coalescedBytes()
}

// discardUnsent drops everything unsent, once nothing can be sent any more.
func (st *stream) discardUnsent() {
	sq := st.sendq.Load()
	if sq == nil {
		return
	}
	sq.mu.Lock()
	sq.clearLocked()
	sq.mu.Unlock()
	sq.coalescer.discard(st)
}

// write hands bytes to the uppermost layer. It never blocks. The caller holds the write
// lock.
func (st *stream) write(b []byte) (n int, err error) {
	r := st.recording.recorder()
	if r != nil { // before it is written: an answer comes behind it
		r.Bytes(st.layers.side(), capture.Sent, b)
	}
	if st.layers != nil {
		n, err = st.layers.top.Write(b)
	} else {
		n, err = st.conn.Write(b)
	}
	if r != nil {
		r.SendFailed(st.layers.side(), err)
	}
	return n, err
}

// tryFlushLocked sends what is pending, in the order of writing, as far as it goes
// without blocking. The caller holds the write lock.
func (st *stream) tryFlushLocked() error { return st.tryFlushUpToLocked(math.MaxInt64) }

// tryFlushUpToLocked is tryFlushLocked up to message number last, counted over all ever
// enqueued.
func (st *stream) tryFlushUpToLocked(last int64) error {
	sq := st.sendq.Load()
	for {
		if st.conn.HasUnsent() {
			if left, err := st.conn.TryFlush(); left > 0 || err != nil {
				return st.markBroken(err)
			}
		}
		if sq == nil {
			return nil
		}
		if left, _ := sq.progress(); sq.n == 0 && left >= last {
			return nil
		}
		more, err := st.writeNextLocked(sq)
		if err != nil {
			st.discardUnsent()
			return st.markBroken(err)
		}
		if !more {
			return nil
		}
	}
}

// writeNextLocked hands the coalesced bytes, or else one message, to the uppermost
// layer.
func (st *stream) writeNextLocked(sq *sendQueue) (more bool, err error) {
	if sq.n > 0 {
		return true, st.writeCoalescedLocked(&sq.coalescer)
	}
	sq.flushPending.Store(false) // everything is sent
	m := sq.pop()
	if m == nil {
		return false, nil
	}
	defer m.unref()
	if !m.undroppable {
		st.written.Add(1)
	}
	_, err = st.write(m.b)
	return true, err
}

// tryFlush flushes unless a writer holds the lock; that writer then flushes. Call it
// after every unlockWrite, or bytes enqueued meanwhile are stuck. It never blocks.
func (st *stream) tryFlush() error {
	for st.needsFlush() && st.tryLockWrite() {
		err := st.tryFlushAndUnlock()
		if err != nil || st.conn.HasUnsent() {
			return err
		}
	}
	return nil
}

// flushQueuedLocked sends what was published and coalesced before a write, blocking as
// w allows. The caller holds the write lock.
func (st *stream) flushQueuedLocked(w *poll.Call, cfg *ioConfig) error {
	sq := st.sendq.Load()
	if sq == nil {
		return nil
	}
	if err := st.flushCoalescedLocked(w, cfg); err != nil {
		return err
	}
	_, enqueued := sq.progress()
	for {
		left, now := sq.progress()
		if left >= enqueued || left == now {
			return nil
		}
		if err := st.conn.Flush(w); err != nil {
			return err
		}
		if err := st.tryFlushLocked(); err != nil {
			return err
		}
	}
}

// flush blocks until the system has taken everything that is pending.
func (st *stream) flush(w *poll.Call) error {
	for {
		if err := st.conn.Flush(w); err != nil {
			return st.markBroken(err)
		}
		if err := st.lockWrite(w); err != nil {
			return notLocked(st, w, fault.PhaseWrite, err)
		}
		if st.nothingUnsent() { // only with the lock: else a message may be between queue and connection
			st.unlockWrite()
			return nil
		}
		if err := st.tryFlushAndUnlock(); err != nil {
			return err
		}
	}
}

// tryFlushAndUnlock is tryFlushLocked and unlocks.
func (st *stream) tryFlushAndUnlock() error {
	defer st.unlockWrite()
	return st.tryFlushLocked()
}

// nothingUnsent tells whether nothing is pending on this side.
func (st *stream) nothingUnsent() bool {
	return !st.conn.HasUnsent() && !st.hasQueued() && st.coalescedBytes() == 0
}
