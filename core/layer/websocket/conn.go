package websocket

import (
	"errors"
	"math"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

// Conn is one end of a WebSocket. One goroutine at a time may read, and one may write
// beside it; Ping, SetClose, Closed and Facts may be called at any time.
type Conn struct {
	base   layer.Base
	who    string
	config *Config
	facts  *Facts
	client bool

	peer atomic.Pointer[closed] // what the peer's close frame said, nil before
	out  writer
	in   reader
}

func newConn(base layer.Base, who string, config *Config, client bool, facts *Facts, rest []byte) *Conn {
	c := &Conn{base: base, who: who, config: config, facts: facts, client: client}
	c.in.c, c.out.c, c.in.early = c, c, rest
	c.SetMaxMessage(config.MaxMessage)
	c.in.granted = math.MaxInt
	return c
}

// SetMaxMessage replaces what Config.MaxMessage was, for what has not been read yet. It
// is the reader's to call.
func (c *Conn) SetMaxMessage(bytes int64) { c.in.most = c.config.limit(bytes) }

// ErrHeld is what Read gives instead of collecting more of a compressed message than was
// granted. It is no end: reading goes on where Grant allows more.
var ErrHeld = errors.New("a compressed message needs more memory than was granted")

// Held tells how much memory a compressed message has of which not all has come. It is
// the reader's to ask.
func (c *Conn) Held() int {
	if f := c.in.inflater; f != nil {
		return cap(f.in)
	}
	return 0
}

// Needs is what Held may be after the next bytes of the message have come.
func (c *Conn) Needs() int {
	f := c.in.inflater
	if f == nil || f.active() || cap(f.in)-len(f.in) >= bufferSize {
		return c.Held()
	}
	return cap(f.in) + cap(f.in)/2 + bufferSize // what a slice grows by at most
}

// Grant sets how much memory a compressed message may have; before that it is any. It is
// the reader's to call.
func (c *Conn) Grant(bytes int) { c.in.granted = bytes }

// Forget drops what has come of a compressed message: nothing is read any more. It is the
// reader's to call.
func (c *Conn) Forget() {
	if f := c.in.inflater; f != nil {
		f.in, f.at = nil, 0
	}
}

// Facts is what was agreed. It does not change.
func (c *Conn) Facts() *Facts { return c.facts }

// Closed gives what the peer's close frame said, CloseNone if it had no code. ok tells
// whether one has come.
func (c *Conn) Closed() (code uint16, reason string, ok bool) {
	if said := c.peer.Load(); said != nil {
		return said.code, said.reason, true
	}
	return 0, "", false
}

// Unsent tells how many bytes are kept at the bottom.
func (c *Conn) Unsent() int { return c.base.Unsent() }

// Drain waits until they are with the system.
func (c *Conn) Drain(until time.Time) error { return c.base.Drain(until) }

// ExpectsMore is layer.Unsolicited's: behind the own close frame the peer's still comes.
func (c *Conn) ExpectsMore() bool {
	if c.peer.Load() != nil || c.in.failed != nil {
		return false
	}
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	return c.out.closed
}

// Leftover is nothing: nothing follows the end of a WebSocket.
func (c *Conn) Leftover() []byte { return nil }

// writeError is why nothing can be written behind a close frame.
func (c *Conn) writeError(phase fault.Phase) error {
	if said := c.peer.Load(); said != nil {
		e := said.err(c.who)
		e.Phase = phase
		return e
	}
	return fault.New(fault.WriteClosed, phase, c.who)
}
