package core

import (
	"sync/atomic"
	"time"

	"wdsocket/core/capture"
	"wdsocket/core/fault"
	"wdsocket/core/mem"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
	"wdsocket/core/task"
)

const (
	gatherMost    = 64 << 10 // so many bytes leave together
	gatherLargest = 16 << 10 // a longer message leaves at once, with what was collected
)

// gathering collects small writes that leave together (option.Coalesce). But for
// size and due it belongs to the one who has the writer's role.
type gathering struct {
	bl      *mem.Block
	n       int
	run     int // messages collected since something left
	usual   int // bytes that left together last
	scratch []byte

	loan   loan         // the last one
	lentAs *live        // what its messages are written by
	lent   atomic.Int64 // loan while it lasts: the host's side collects too, behind n

	size atomic.Int64 // n, for others to see
	due  atomic.Bool  // it was to leave and there was no room below

	timer *time.Timer // made with the first write that is collected, under Socket.mu
	armed atomic.Bool // the timer runs
	noted atomic.Bool // the queue that the socket is attached to knows of it
}

// gathered tells how many bytes are collected.
func (st *stream) gathered() int {
	if b := st.back.Load(); b != nil {
		return int(b.size.Load())
	}
	return 0
}

func (g *gathering) bytes() []byte { return g.bl.Bytes()[:g.n] }

// append adds a message; it fits.
func (g *gathering) append(head, body, tail []byte) {
	at := g.bl.Bytes()[g.n:]
	n := copy(at, head)
	n += copy(at[n:], body)
	n += copy(at[n:], tail)
	g.n += n
	g.run++
	g.size.Store(int64(g.n))
}

// fits tells whether there is room without more memory.
func (g *gathering) fits(n int) bool {
	return g.bl != nil && g.n+n <= min(len(g.bl.Bytes()), gatherMost)
}

// grow makes room for n bytes more, which do not exceed gatherMost.
func (g *gathering) grow(money *mem.Budget, n int) {
	bl := mem.NewBlock(max(g.n+n, 2*g.n, g.usual))
	money.ForceReserve(len(bl.Bytes()))
	if g.bl != nil {
		copy(bl.Bytes(), g.bytes())
		money.Release(len(g.bl.Bytes()))
		g.bl.Recycle()
	}
	g.bl = bl
}

// left drops what has left, which is n bytes at the front.
func (g *gathering) left(money *mem.Budget, n int) {
	g.usual, g.run = min(n, gatherMost), 0
	g.n = copy(g.bl.Bytes(), g.bl.Bytes()[n:g.n])
	g.size.Store(int64(g.n))
	if g.n == 0 {
		money.Release(len(g.bl.Bytes()))
		g.bl.Recycle()
		g.bl = nil
		g.due.Store(false)
	}
}

func (g *gathering) forsake(st *stream) {
	if g.bl != nil {
		g.left(&st.lib.money, g.n)
	}
}

// gather collects a message. If too much is together then, what was there
// leaves first, as w says; the caller has the writer's role.
func (st *stream) gather(w *poll.Call, lv *live, head, body, tail []byte) error {
	total := len(head) + len(body) + len(tail)
	g := &st.backlog().gathering
	if kept := st.conn.Unsent(); lv.sendQueue > 0 && kept > 0 && kept+g.n+total > lv.sendQueue {
		st.refused.Store(true)
		if st.conn.HasUnsent() { // else it has drained meanwhile, which nobody tells
			return st.isFull(lv, kept+g.n+total)
		}
		st.refused.Store(false)
	}
	if g.n+total > gatherMost {
		if err := st.part(w, lv); err != nil {
			return err
		}
	}
	if !g.fits(total) {
		g.grow(&st.lib.money, total)
	}
	g.append(head, body, tail)
	return nil
}

// part sends what was collected: with a send queue without waiting, otherwise
// as w says. What has not left when the wait ends stays where it is.
func (st *stream) part(w *poll.Call, lv *live) error {
	b := st.back.Load()
	if b == nil || b.n == 0 {
		return nil
	}
	if lv.sendQueue > 0 {
		return st.writeError(st.putGathered(&b.gathering))
	}
	n, err := st.send(w, b.bytes(), nil, nil)
	b.left(&st.lib.money, n)
	return st.writeError(err)
}

// writeError is cutShort for the error of a write, which is counted.
func (st *stream) writeError(err error) error {
	if err == nil {
		return nil
	}
	e := syserr.Wrap(err, fault.PhaseWrite, st.who())
	st.unwritten(e, 0)
	return st.cutShort(e)
}

// putGathered hands what was collected to the layer below without waiting.
func (st *stream) putGathered(g *gathering) error {
	err := st.put(g.bytes())
	g.left(&st.lib.money, g.n)
	return err
}

// tryGather collects a message if that needs nothing but room that is there;
// the caller has the writer's role.
func (st *stream) tryGather(lv *live, msg []byte) bool {
	b := st.back.Load()
	if b.n == 0 || !st.gatherable(b) {
		return false
	}
	head, body, tail, grown, err := lv.Encode(b.scratch[:0], msg)
	if err != nil {
		return false
	}
	b.scratch = grown
	if !b.fits(len(head) + len(body) + len(tail)) {
		return false
	}
	b.append(head, body, tail)
	return true
}

// gatherable tells whether a message may be collected with those that are.
func (st *stream) gatherable(b *backlog) bool {
	return !st.shut.Load() && st.broken.Load() == nil && st.ended.Load() == nil && !b.some.Load()
}

// writeGathered writes a message to those that are being collected, without
// entering the gate: nothing is waited for and no descriptor is touched. False:
// the usual way has to be taken, and nothing was changed.
func (s *Socket) writeGathered(msg []byte) bool {
	st, lv := s.stream.Load(), s.live.Load()
	if lv.coalesce == 0 || st == nil || st.link.Load() != nil || lv.charset != nil || lv.sendQueue > 0 || len(msg) > gatherLargest || st.gathered() == 0 || !st.tryTurn() {
		return false
	}
	if !s.gatherAndDrop(st, lv, msg) {
		return false
	}
	st.wroteOne(lv, msg)
	if st.pressing() && s.gate.EnterFast() { // published or due meanwhile: that needs the descriptor
		defer s.gate.LeaveFast()
		s.carryOn(st)
	}
	return true
}

// gatherAndDrop is tryGather, after which the writer's role is given back.
func (s *Socket) gatherAndDrop(st *stream, lv *live, msg []byte) bool {
	defer st.dropTurn()
	if !st.tryGather(lv, msg) {
		return false
	}
	s.lend(st, st.back.Load(), lv)
	st.keepEnds() // for the line that is written without a role
	return true
}

// wroteOne counts a message that was written.
func (st *stream) wroteOne(lv *live, msg []byte) {
	st.written.Add(1)
	st.spoke(lv)
	if st.lib.log0.Enabled(levelAll) {
		st.lib.log(levelAll, st, "%d bytes written", len(msg))
	}
	st.traceMessage(capture.Sent, msg)
}

// hurry sees to it that what was collected leaves in time: before the queue that
// the socket is attached to waits, or when the time is over.
func (s *Socket) hurry(st *stream, lv *live) {
	b := st.back.Load()
	if b == nil || b.size.Load() == 0 {
		return
	}
	if a := s.attached.Load(); a != nil && !b.noted.Swap(true) {
		a.q.noteGathered(a, b)
	}
	if b.armed.Swap(true) {
		return // it rings for an earlier one, and this one may leave then
	}
	pause := max(lv.coalesce, time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	if b.timer == nil {
		b.timer = task.AfterFunc("the sending of small writes", s.lib.Report, pause, func() { s.sendGathered(st) })
	} else {
		b.timer.Reset(pause)
	}
}

// sendGathered sends what was collected, without waiting.
func (s *Socket) sendGathered(st *stream) {
	b := st.back.Load()
	b.armed.Store(false)
	w := s.gate.EnterPoll()
	if w == nil {
		return // closing sends it
	}
	defer w.Leave()
	s.letOut(st)
}

// letOut sends what was collected; the caller is inside the gate.
func (s *Socket) letOut(st *stream) {
	if st.gathered() == 0 {
		return
	}
	st.back.Load().due.Store(true)
	s.carryOn(st)
}

// sendBefore sends what was collected before a read waits.
func (st *stream) sendBefore(w *poll.Call) {
	if w.NonBlocking() || st.gathered() == 0 {
		return
	}
	st.back.Load().due.Store(true)
	st.carry() // an error is the next write's, or shows in the read
}

// takeOver makes the queue see to what was collected, and tell what was thrown
// away, before the socket was attached.
func (a *attachment) takeOver() {
	st := a.s.stream.Load()
	if st == nil {
		return
	}
	b := st.back.Load()
	if b == nil {
		return
	}
	b.noted.Store(false)
	a.s.hurry(st, a.s.live.Load())
	if b.untold.Load() > 0 {
		a.postDropped()
	}
}

// noteGathered remembers a socket with collected writes for the next time that
// the queue waits.
func (q *Queue) noteGathered(a *attachment, b *backlog) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if a.gone {
		b.noted.Store(false)
		return
	}
	q.gathered = append(q.gathered, a)
}

// letOutAll sends what the sockets of the queue have collected, before the queue
// waits; the caller has the queue's turn.
func (q *Queue) letOutAll() {
	q.mu.Lock()
	if len(q.gathered) == 0 || len(q.hot) > 0 || q.told < len(q.posted) {
		q.mu.Unlock()
		return // it will not wait yet
	}
	out := q.gathered
	q.gathered, q.lettingOut = q.lettingOut[:0], nil
	q.mu.Unlock()
	for i, a := range out {
		a.letOut()
		out[i] = nil
	}
	q.lettingOut = out
}

func (a *attachment) letOut() {
	w := a.s.gate.EnterPoll()
	if w == nil {
		return
	}
	defer w.Leave()
	if st := a.s.stream.Load(); st != nil {
		if b := st.back.Load(); b != nil {
			b.noted.Store(false)
		}
		a.s.letOut(st)
	}
}
