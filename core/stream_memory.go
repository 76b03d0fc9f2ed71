package core

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
	"wdsocket/core/transport"
)

// Memory for what arrives: how a reader waits for it, and how a connection is ended
// that holds so much that others wait.

// reserve gets n bytes of the budget for a reader that has have, and waits for them
// as w says. The end of the connection comes before that: it needs no memory. When
// there is none the error is fault.Memory. aside are the bytes of the message in
// front that are not in the buffer.
func (st *stream) reserve(w *poll.Call, n, have, aside int) error {
	b := &st.lib.budget
	if b.ReserveFair(n, have) {
		return nil
	}
	st.grows()
	if st.endedWhileWaiting(aside) {
		return st.ended.Load()
	}
	if !w.NonBlocking() {
		return st.awaitMemory(w, n, have, aside)
	}
	if st.registration == nil { // else the queue waits
		b.NoteRefused(n, have)
	}
	return st.noMemory(n)
}

func (st *stream) noMemory(n int) error {
	return fault.New(fault.Memory, fault.PhaseRead, st.peerLabel()).
		With(fault.NoteBudget, decimal(n), decimal(int(st.lib.budget.Limit())))
}

// room is space in the buffer for what arrives next. It grows only when it is full.
func (st *stream) room(w *poll.Call) ([]byte, error) {
	if room := st.in.Room(); room != nil {
		return room, nil
	}
	if err := st.reserve(w, st.in.Size(), st.in.Size(), 0); err != nil {
		return nil, err
	}
	if cfg := st.decodedWith; cfg == nil || !cfg.Stream() || st.asBytes {
		st.grows()
	}
	st.in.Grow()
	return st.in.Room(), nil
}

// grows notes that the message in front needs more than a first block.
func (st *stream) grows() {
	if st.in.GrowingSince() == 0 {
		st.in.MarkGrowing(clock())
	}
}

// awaitMemory is reserve for a call that waits.
func (st *stream) awaitMemory(w *poll.Call, n, have, aside int) error {
	b := &st.lib.budget
	freed := make(chan struct{}, 1)
	c := &mem.Claim{Withdrawn: func() bool { return false }, Wake: func() {
		select {
		case freed <- struct{}{}:
		default:
		}
	}}
	defer b.Withdraw(c)
	own, ends := w.Deadline()
	for until := time.Now().Add(b.Patience()); !b.ReserveFair(n, have); {
		b.Request(c, n, have)
		if err := st.checkAlive(aside); err != nil {
			return err
		}
		review := time.Now().Add(mem.ReviewInterval)
		err := w.ForAtMost(freed, review)
		now := time.Now()
		switch {
		case err == nil:
		case fault.CodeOf(err) != fault.Timeout:
			return syserr.Wrap(err, fault.PhaseRead, st.peerLabel())
		case ends && !now.Before(own), !now.Before(until):
			return st.noMemory(n)
		}
	}
	return nil
}

// checkAlive checks a connection whose reader waits for memory: its end, its idle limit
// and its heartbeats go on. The error is that of the end.
func (st *stream) checkAlive(aside int) error {
	if st.endedWhileWaiting(aside) {
		return st.ended.Load()
	}
	if cfg := st.decodedWith; cfg != nil && cfg.liveness != nil && st.livenessDue(cfg.liveness) <= clock() {
		if err := st.checkLiveness(cfg.liveness); err != nil {
			return st.readFailed(err)
		}
	}
	return nil
}

// endedWhileWaiting tells whether the connection is over without reading on: it was
// reset, or its peer has closed it and what was received completes no message.
func (st *stream) endedWhileWaiting(aside int) bool {
	if st.ended.Load() != nil {
		return true
	}
	code := fault.Reset
	switch st.conn.State() {
	case transport.StateOpen:
		return false
	case transport.StatePeerClosed:
		if unread := st.conn.Buffered(); !st.transparent() && (unread > 0 || st.layers.Pending()) || unread > 0 && !st.cannotComplete(unread+aside) {
			return false
		}
		if code = fault.PeerClosed; st.tls.Load() != nil {
			code = fault.TLSTruncated
		}
	}
	st.readFailed(fault.New(code, fault.PhaseRead, st.peerLabel()))
	return true
}

// cannotComplete tells whether the message in front needs more than the bytes still to
// be read. Behind a layer that is not known: its end is among them, too.
func (st *stream) cannotComplete(more int) bool {
	cfg, posted := st.decodedWith, 0
	if cfg == nil || cfg.Stream() || cfg.Gap() > 0 {
		return false
	}
	if st.registration != nil {
		posted = st.registration.unreadBytes
	}
	posted = min(posted, st.in.Len())
	f, err := cfg.decodeAt(st, posted, 0)
	return err == nil && f.Total == 0 && f.Need > st.in.Len()-posted+more
}

// requestMemory makes the queue service the socket again when there is memory for what
// has arrived.
func (reg *registration) requestMemory(st *stream) {
	if reg.claim == nil {
		reg.claim = &mem.Claim{
			Wake:      func() { reg.q.markReady(reg) },
			Withdrawn: func() bool { return reg.s.registration.Load() != reg || reg.s.gate.Closed() },
			TimedOut: func() {
				if st := reg.s.stream.Load(); st != nil {
					reg.s.evict(st, int(st.buffered.Load()))
				}
			},
		}
		if !poll.TellsEndUnarmed {
			reg.claim.ConnEnded = func() bool {
				st := reg.s.stream.Load()
				return st != nil && st.conn.State() != transport.StateOpen
			}
		}
	}
	size := max(st.in.Size(), st.ws.Load().missing(), mem.SmallestBlock)
	st.lib.budget.Request(reg.claim, size, size)
}

// gotMemory withdraws the claim of awaitMemory.
func (reg *registration) gotMemory() {
	if reg.claim != nil {
		reg.s.lib.budget.Withdraw(reg.claim)
		reg.claim = nil
	}
}

// memoryHolder is a connection with what it holds.
type memoryHolder struct {
	s      *Socket
	server *server // that it is the simplified client of
	st     *stream
	held   int
	weight float64 // bytes by time
}

// evictHolders ends the connection that holds most for longest, and further ones until
// there is room again. False: what such connections hold is little, so that ending
// them would not help.
func (lib *Library) evictHolders() bool {
	lib.mu.Lock()
	sockets := slices.Collect(maps.Keys(lib.sockets))
	lib.mu.Unlock()
	var holders []memoryHolder
	total, now := int64(0), clock()
	for _, s := range sockets {
		h := memoryHolder{s: s, st: s.stream.Load()}
		if v := s.server.Load(); v != nil {
			v.mu.Lock()
			h.server, h.st = v, v.client
			v.mu.Unlock()
		}
		if h.st == nil {
			continue
		}
		if h.weigh(now); h.held > mem.SmallestBlock {
			total += int64(h.held)
			holders = append(holders, h)
		}
	}
	limit := lib.budget.Limit()
	if total < limit/4 {
		return false
	}
	slices.SortFunc(holders, func(a, b memoryHolder) int { return cmp.Compare(b.weight, a.weight) })
	freed := int64(0)
	for _, h := range holders {
		if freed >= limit/64 {
			break
		}
		if h.endConn() {
			freed += int64(h.held)
		}
	}
	return freed > 0
}

// weigh adds up what a connection holds of a message that is not whole, and of what
// its peer does not take.
func (h *memoryHolder) weigh(now int64) {
	if h.st.ended.Load() != nil {
		return
	}
	if since := h.st.in.GrowingSince(); since != 0 {
		n := int(h.st.buffered.Load()) + h.st.in.ReservedPast()
		h.held += n
		h.weight += float64(n) * float64(now-since)
	}
	if ws := h.st.ws.Load(); ws != nil {
		if since := ws.since.Load(); since != 0 {
			n := int(ws.reserved.Load())
			h.held += n
			h.weight += float64(n) * float64(now-since)
		}
	}
	if sq := h.st.sendq.Load(); sq != nil {
		if since := sq.since.Load(); since != 0 {
			published, own := h.st.queuedBytes()
			n := published + own + h.st.coalescedBytes()
			h.held += n
			h.weight += float64(n) * float64(now-since)
		}
	}
}

// endConn ends the connection, unless it is over meanwhile.
func (h *memoryHolder) endConn() bool {
	if v := h.server; v != nil {
		if st, err := v.acquirePresent(); err != nil || st == nil {
			return false
		} else if st != h.st {
			v.releaseClient(st, false)
			return false
		}
		defer v.releaseClient(h.st, false)
	}
	return h.s.evict(h.st, h.held)
}

// evict ends a connection because of the memory that it holds, and gives that back.
func (s *Socket) evict(st *stream, held int) bool {
	if !s.gate.EnterFast() {
		return false
	}
	defer s.gate.LeaveFast()
	e := fault.New(fault.Memory, fault.PhaseRead, st.peerLabel()).
		With(noteHeldMost, decimal(held), decimal(int(s.lib.budget.Limit())))
	if !s.endConnection(st, e) {
		return false
	}
	if st.tryLockWrite() {
		defer st.unlockWrite()
		st.discardUnsent()
	}
	if s.tryLockRead() { // else the reader does it, which is woken
		defer s.unlockRead()
		st.dropUnfinished()
	}
	return true
}

// dropUnfinished drops a message of which the rest will not come, once the
// connection was ended for its memory; the caller holds the read lock. Messages
// that have an event stay.
func (st *stream) dropUnfinished() {
	st.ws.Load().release(st)
	if st.in.GrowingSince() == 0 {
		return
	}
	keep := 0
	if reg := st.registration; reg != nil {
		keep = min(reg.unreadBytes, st.in.Len())
		reg.between, reg.scanned = 0, 0
	}
	st.in.Shrink(keep)
	st.scanned, st.front = 0, nil
	if st.cold != nil {
		st.cold.tagScanned = 0
	}
	st.buffered.Store(int64(keep))
}
