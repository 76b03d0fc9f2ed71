package inject

import (
	"sync"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/task"
)

// mostHeld bounds the bytes that are held back on their way to the peer. What
// goes beyond is fault.Memory: a peer that takes nothing would make a host's write
// wait and time out, but a layer's never waits.
const mostHeld = 16 << 20

// pushAgain is when the task tries again to send what the system did not take.
const pushAgain = 5 * time.Millisecond

var noteHeld = fault.NewNote(
	"WDS_TEXT_FAULTS holds back more than {0} bytes",
	"WDS_TEXT_FAULTS retient plus de {0} octets")

// farAway is a time that does not come.
var farAway = time.Unix(1<<40, 0)

// Owner is what a Conn needs of the connection that it is a layer of.
type Owner struct {
	// Wait waits as the bottom's reader does until a time has come: nil
	// then, otherwise fault.Timeout and the like.
	Wait func(until time.Time) error

	// Push sends what the bottom has kept, as far as the system takes it,
	// and waits for nothing. It is called beside the writer. nil is none.
	Push func()

	// Cut resets the connection. It must not call the Conn. nil is none.
	Cut func()

	// Report is told of a panic in the task.
	Report task.Report
}

// Conn is the layer of one connection, and its layer.Layer. One goroutine at a time reads, and one
// may write beside it. What is late on its way to the peer is sent by a task;
// after Close it touches nothing below any more.
type Conn struct {
	owner Owner
	who   string

	// the reader's
	in     side
	late   []byte    // came from below, and is not due yet
	due    time.Time // when it is
	resume time.Time // when a stall ends, zero without
	vain   time.Time // until when the last Read would have had to wait, zero if it gave something

	mu      sync.Mutex // of what is sent; held around what is done below
	below   layer.Base
	out     side
	pieces  []piece // held back
	held    int     // their bytes
	halted  time.Time
	running bool
	broken  *fault.Error
	closed  bool
	wake    chan struct{} // for the task
}

// piece is what is passed on at once, at a time.
type piece struct {
	bytes []byte
	due   time.Time
}

// New makes the Conn of a connection; Handshake puts it in its place. who names the peer
// in errors.
func New(f *Faults, owner Owner, who string) *Conn {
	return &Conn{owner: owner, who: who, in: newSide(f.Receive, f.Seed, ofReceive), out: newSide(f.Send, f.Seed, ofSend), wake: make(chan struct{}, 1)}
}

// Phase is that of connecting.
func (*Conn) Phase() fault.Phase { return fault.PhaseConnect }

// Instant is true.
func (*Conn) Instant() bool { return true }

// Handshake puts the Conn on base, at first or anew: what it has done so far counts
// on. The caller is the reader and the writer.
func (c *Conn) Handshake(base layer.Base, _ string) (layer.Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.below = base
	return c, nil
}

// Read gives what came from below, when it is due.
func (c *Conn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for c.vain = (time.Time{}); ; {
		if until := c.stopped(); !until.IsZero() {
			if err := c.owner.Wait(until); err != nil {
				c.vain = until
				return 0, err
			}
			continue
		}
		if len(c.late) > 0 {
			n := copy(p, c.late)
			c.late = c.late[n:]
			return n, nil
		}
		if c.in.isCut() {
			c.cut()
			return 0, c.reset(fault.PhaseRead)
		}
		n, err := c.below.Read(p[:c.in.size(len(p))])
		if n == 0 {
			return 0, err
		}
		c.in.damage(p[:n])
		c.in.passed += int64(n)
		delay := c.in.delay()
		if delay == 0 {
			return n, nil
		}
		c.late = append(c.late[:0:0], p[:n]...)
		c.due = time.Now().Add(delay)
	}
}

// Stopped tells until when Read gives nothing, the zero time if it may. After a Read in
// vain it is what that would have waited for, even if it has come meanwhile: nothing
// else tells of it. It is the reader's to ask.
func (c *Conn) Stopped() time.Time {
	if !c.vain.IsZero() {
		return c.vain
	}
	return c.stopped()
}

// stopped is Stopped of the next Read.
func (c *Conn) stopped() time.Time {
	if len(c.late) > 0 {
		if time.Now().Before(c.due) {
			return c.due
		}
		return time.Time{}
	}
	return c.in.stalled(&c.resume)
}

// Pending tells whether there are bytes that are due.
func (c *Conn) Pending() bool { return len(c.late) > 0 && !time.Now().Before(c.due) }

// Idle is layer.Idler's: nothing is held back, and no fault begins at this place.
func (c *Conn) Idle() bool { return len(c.late) == 0 && !c.in.isCut() && c.Stopped().IsZero() }

// Leftover is nothing: all that came from below is read.
func (c *Conn) Leftover() []byte { return nil }

func (c *Conn) reset(phase fault.Phase) *fault.Error { return fault.New(fault.Reset, phase, c.who) }

func (c *Conn) cut() {
	if c.owner.Cut != nil {
		c.owner.Cut()
	}
}

// Write takes all of p and passes on what is due.
func (c *Conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.broken != nil:
		return 0, c.broken
	case c.out.isCut() && len(p) > 0:
		c.cutLocked()
		return 0, c.broken
	case c.held+len(p) > mostHeld:
		return 0, fault.New(fault.Memory, fault.PhaseWrite, c.who).With(noteHeld, "16777216")
	}
	n := len(p)
	for len(p) > 0 && !c.out.isCut() {
		part := append([]byte(nil), p[:c.out.size(len(p))]...)
		p = p[len(part):]
		due := time.Time{}
		if delay := c.out.delay(); delay > 0 {
			due = time.Now().Add(delay)
		}
		if until := c.out.stalled(&c.halted); until.After(due) {
			due = until
		}
		if last := len(c.pieces) - 1; last >= 0 && c.pieces[last].due.After(due) {
			due = c.pieces[last].due // one after the other
		}
		c.out.damage(part)
		c.out.passed += int64(len(part))
		c.pieces = append(c.pieces, piece{part, due})
		c.held += len(part)
	}
	if err := c.passLocked(time.Now()); err != nil {
		return 0, err
	}
	if c.out.isCut() && c.held == 0 {
		c.cutLocked() // what stands before the place was sent
		return n, nil
	}
	c.workLocked()
	return n, nil
}

// cutLocked resets the connection, and lets nothing more be written.
func (c *Conn) cutLocked() {
	c.broken = c.reset(fault.PhaseWrite)
	c.cut()
}

// passLocked passes on what is due at a time.
func (c *Conn) passLocked(now time.Time) error {
	done := 0
	for _, p := range c.pieces {
		if p.due.After(now) {
			break
		}
		if _, err := c.below.Write(p.bytes); err != nil {
			c.forgetLocked()
			return err
		}
		c.held -= len(p.bytes)
		done++
	}
	c.pieces = c.pieces[done:]
	if len(c.pieces) == 0 {
		c.pieces = nil
	}
	return nil
}

func (c *Conn) forgetLocked() { c.pieces, c.held = nil, 0 }

// workLocked sees to it that a task does what is left to do.
func (c *Conn) workLocked() {
	if c.running || c.closed || !c.leftLocked() {
		return
	}
	c.running = true
	task.Go("the injected faults", c.owner.Report, c.run)
}

// leftLocked tells whether there is something to do that a time will bring.
func (c *Conn) leftLocked() bool {
	return len(c.pieces) > 0 && c.pieces[0].due.Before(farAway)
}

// run is the task.
func (c *Conn) run() {
	for {
		next, more := c.step()
		if !more {
			return
		}
		timer := time.NewTimer(time.Until(next))
		select {
		case <-timer.C:
		case <-c.wake:
			timer.Stop()
		}
	}
}

// step passes on what is due, and tells when there is more to do.
func (c *Conn) step() (next time.Time, more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer func() { c.running = more }()
	if c.closed {
		return
	}
	if err := c.passLocked(time.Now()); err != nil {
		return // reading, or the next write, meets it too
	}
	if c.out.isCut() && c.held == 0 && c.broken == nil {
		c.cutLocked()
		return
	}
	if c.owner.Push != nil && c.below.Unsent() > 0 {
		c.owner.Push()
		next, more = time.Now().Add(pushAgain), true
	}
	if c.leftLocked() && (!more || c.pieces[0].due.Before(next)) {
		next, more = c.pieces[0].due, true
	}
	return next, more
}

// CloseWrite passes on at once what is late. What a stall without an end holds back
// is lost.
func (c *Conn) CloseWrite() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.broken != nil {
		return nil
	}
	err := c.passLocked(farAway.Add(-1))
	c.forgetLocked()
	return err
}

// Unsent counts what is held back too.
func (c *Conn) Unsent() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held + c.below.Unsent()
}

// Drain waits for what is held back too.
func (c *Conn) Drain(until time.Time) error {
	for {
		next, below := c.nextDue()
		if next.IsZero() {
			return below.Drain(until)
		}
		if soonest := time.Now().Add(time.Millisecond); next.Before(soonest) {
			next = soonest // the task is about to pass it on
		}
		if next.After(until) {
			next = until
		}
		if err := c.owner.Wait(next); err != nil {
			return err
		}
		if !time.Now().Before(until) {
			return fault.New(fault.Timeout, fault.PhaseWrite, c.who)
		}
	}
}

// nextDue tells when something that is held back is passed on, the zero time if
// nothing is.
func (c *Conn) nextDue() (time.Time, layer.Base) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.pieces) == 0 {
		return time.Time{}, c.below
	}
	return c.pieces[0].due, c.below
}

// Close ends the layer with its connection. Once it returns nothing below is
// touched any more.
func (c *Conn) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.forgetLocked()
	c.broken = c.reset(fault.PhaseWrite)
	select {
	case c.wake <- struct{}{}:
	default:
	}
}
