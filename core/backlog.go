package core

import (
	"math"
	"sync/atomic"

	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
)

// shared is an encoded message that may wait for many clients at once. Its
// bytes never change.
type shared struct {
	b     []byte
	own   bool // written to this one client: it is never thrown away
	money *mem.Budget
	waits atomic.Int32 // clients that it waits for; the budget pays while there are any
}

func (m *shared) hold() {
	if m.waits.Add(1) == 1 {
		m.money.ForceReserve(len(m.b))
	}
}

func (m *shared) letGo() {
	if m.waits.Add(-1) == 0 {
		m.money.Release(len(m.b))
	}
}

// backlog is what waits in a connection before it goes through TLS or to the
// system: published messages, in the order of publishing, and small writes that
// are being collected. A connection gets one when it first needs it.
//
// A message leaves it whole and is then at once with the layer below, so what
// is in it can still be thrown away.
type backlog struct {
	mu        lockorder.Mutex[lockorder.Backlog]
	items     []waiting    // from first on
	first     int          // the front in items
	came      int64        // how many have come, ever
	published int          // of published messages
	owned     int          // bytes of own ones
	some      atomic.Bool  // there are any, for others to see
	since     atomic.Int64 // when the first of them came, by clock

	untold atomic.Int64 // messages thrown away and not told of

	gathering
}

// waiting is a message in a backlog.
type waiting struct {
	m      *shared
	number int64 // of all that ever came
}

// backlog gives the stream's backlog, made when it is first asked for.
func (st *stream) backlog() *backlog {
	if b := st.back.Load(); b != nil {
		return b
	}
	st.back.CompareAndSwap(nil, new(backlog))
	return st.back.Load()
}

// add puts a message at the end. A published one may be too much for limit
// bytes: lost tells how many were thrown away then, as policy says, and taken
// whether this one is in.
func (b *backlog) add(m *shared, limit int, policy publishPolicy) (taken bool, lost int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !m.own && b.published > 0 && b.published+len(m.b) > limit {
		switch policy {
		case dropNewest:
			return false, 1
		case disconnect:
			return false, b.clear() + 1
		}
		for b.published > 0 && b.published+len(m.b) > limit {
			b.dropOldest()
			lost++
		}
	}
	m.hold()
	b.came++
	b.items = append(b.items, waiting{m, b.came})
	b.charge(m, 1)
	if !b.some.Swap(true) {
		b.since.Store(clock())
	}
	return true, lost
}

// charge counts a message that came or went; b.mu is held.
func (b *backlog) charge(m *shared, sign int) {
	if m.own {
		b.owned += sign * len(m.b)
	} else {
		b.published += sign * len(m.b)
	}
}

// dropOldest throws away the first published message: own ones before it move
// up, so that no gaps gather behind them. b.mu is held.
func (b *backlog) dropOldest() {
	for i := b.first; i < len(b.items); i++ {
		if m := b.items[i].m; !m.own {
			copy(b.items[b.first+1:i+1], b.items[b.first:i])
			b.dropFront(m)
			m.letGo()
			return
		}
	}
}

// dropFront drops the place at the front, which m had; b.mu is held.
func (b *backlog) dropFront(m *shared) {
	b.items[b.first] = waiting{}
	b.first++
	b.charge(m, -1)
	b.trim()
}

// trim drops the room of what has left; b.mu is held.
func (b *backlog) trim() {
	const few = 64
	switch {
	case b.first == len(b.items):
		if cap(b.items) > few {
			b.items = nil
		}
		b.items, b.first = b.items[:0], 0
		b.some.Store(false)
		b.since.Store(0)
	case b.first > few && b.first > len(b.items)/2:
		n := copy(b.items, b.items[b.first:])
		clear(b.items[n:])
		b.items, b.first = b.items[:n], 0
	}
}

// pop takes the message at the front, nil if there is none. It is the caller's
// to let go.
func (b *backlog) pop() *shared {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.first == len(b.items) {
		return nil
	}
	m := b.items[b.first].m
	b.dropFront(m)
	return m
}

// clear throws all away and tells how many published messages there were; b.mu
// is held.
func (b *backlog) clear() (lost int) {
	for _, i := range b.items[b.first:] {
		i.m.letGo()
		if !i.m.own {
			lost++
		}
	}
	b.items, b.first, b.published, b.owned = nil, 0, 0, 0
	b.some.Store(false)
	b.since.Store(0)
	return lost
}

// ends tells how many messages have left and come, ever.
func (b *backlog) ends() (left, came int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.first == len(b.items) {
		return b.came, b.came
	}
	return b.items[b.first].number - 1, b.came
}

// lastCame is the number of the last message that ever came to the backlog.
func (st *stream) lastCame() int64 {
	b := st.back.Load()
	if b == nil {
		return 0
	}
	_, came := b.ends()
	return came
}

// queued tells whether messages wait in the backlog.
func (st *stream) queued() bool {
	b := st.back.Load()
	return b != nil && b.some.Load()
}

// pressing tells whether something waits that is to leave as soon as there is
// room.
func (st *stream) pressing() bool {
	b := st.back.Load()
	return b != nil && (b.some.Load() || b.due.Load())
}

// queuedBytes tells how many bytes of published and of own messages wait there.
func (st *stream) queuedBytes() (published, own int) {
	b := st.back.Load()
	if b == nil {
		return 0, 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.published, b.owned
}

// unsent tells how many bytes were written by this program and are not with the
// system yet.
func (st *stream) unsent() int {
	_, own := st.queuedBytes()
	return own + st.conn.Unsent() + st.gathered()
}

// forsake throws away what waits: nothing can leave any more.
func (st *stream) forsake() {
	b := st.back.Load()
	if b == nil {
		return
	}
	b.mu.Lock()
	b.clear()
	b.mu.Unlock()
	b.gathering.forsake(st)
}

// put hands bytes to the layer below without waiting; the caller has the
// writer's role.
func (st *stream) put(b []byte) error {
	var err error
	if st.on != nil {
		_, err = st.on.top.Write(b)
	} else {
		_, err = st.conn.Write(b)
	}
	return err
}

// push sends what waits in the order of writing, as far as it goes without
// waiting; the caller has the writer's role.
func (st *stream) push() error { return st.pushUpTo(math.MaxInt64) }

// pushUpTo is push for the messages up to number last that ever came to the
// backlog.
func (st *stream) pushUpTo(last int64) error {
	b := st.back.Load()
	for {
		if st.conn.HasUnsent() {
			if left, err := st.conn.TryFlush(); left > 0 || err != nil {
				return st.cutShort(err)
			}
		}
		if b == nil {
			return nil
		}
		if left, _ := b.ends(); b.n == 0 && left >= last {
			return nil
		}
		more, err := st.pushOne(b)
		if err != nil {
			st.forsake()
			return st.cutShort(err)
		}
		if !more {
			return nil
		}
	}
}

// pushOne hands what was collected, or else one message, to the layer below.
func (st *stream) pushOne(b *backlog) (more bool, err error) {
	if b.n > 0 {
		return true, st.putGathered(&b.gathering)
	}
	b.due.Store(false) // what was to leave has left already
	m := b.pop()
	if m == nil {
		return false, nil
	}
	defer m.letGo()
	if !m.own {
		st.written.Add(1)
	}
	return true, st.put(m.b)
}

// carry is push for one who does not write: if somebody does just now, it is he
// who sends on. Whoever gives the writer's role back calls it, so that nothing
// stays that came meanwhile.
func (st *stream) carry() error {
	for st.pressing() && st.tryTurn() {
		err := st.pushAndDrop()
		if err != nil || st.conn.HasUnsent() {
			return err
		}
	}
	return nil
}

// catchUp sends what was published and collected before a write, and waits for
// it as w says; the caller has the writer's role.
func (st *stream) catchUp(w *poll.Call, lv *live) error {
	b := st.back.Load()
	if b == nil {
		return nil
	}
	if err := st.part(w, lv); err != nil {
		return err
	}
	_, came := b.ends()
	for {
		left, now := b.ends()
		if left >= came || left == now {
			return nil
		}
		if err := st.conn.Flush(w); err != nil {
			return err
		}
		if err := st.push(); err != nil {
			return err
		}
	}
}

// sendAll waits until everything that waits is with the system.
func (st *stream) sendAll(w *poll.Call) error {
	for {
		if err := st.conn.Flush(w); err != nil {
			return st.cutShort(err)
		}
		if err := st.takeTurn(w); err != nil {
			return fault.New(fault.CodeOf(err), fault.PhaseWrite, st.who())
		}
		if st.idle() { // only with the role: else a message may be between queue and connection
			st.dropTurn()
			return nil
		}
		if err := st.pushAndDrop(); err != nil {
			return err
		}
	}
}

// pushAndDrop is push, after which the writer's role is given back.
func (st *stream) pushAndDrop() error {
	defer st.dropTurn()
	return st.push()
}

// idle tells whether nothing of this side waits to be sent.
func (st *stream) idle() bool { return !st.conn.HasUnsent() && !st.queued() && st.gathered() == 0 }
