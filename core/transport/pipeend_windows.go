package transport

import (
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
)

// Peer names the other end in texts.
func (c *pipeConn) Peer() string { return c.peer.String() }

// SetPeer says who the other end is where a layer knows better than the system.
func (c *pipeConn) SetPeer(peer endpoint.Addr) {
	c.peer = peer
	clear(c.pollErrs[:])
}

// PeerAddr is the other end as it was when the connection was made.
func (c *pipeConn) PeerAddr() endpoint.Addr { return c.peer }

// LocalAddr is the own end.
func (c *pipeConn) LocalAddr() endpoint.Addr { return c.local }

// PeerProcess is the process at the other end.
func (c *pipeConn) PeerProcess() endpoint.Addr { return c.process }

// Buffered tells how many bytes the system holds for reading.
func (c *pipeConn) Buffered() int {
	n, _ := c.end.Buffered()
	return n
}

// Unread tells whether something has come that was not read, be it the peer's end.
func (c *pipeConn) Unread() bool {
	n, ended := c.end.Buffered()
	return n > 0 || ended // an end shows behind what came before it
}

// BytesIn is how many bytes were received.
func (c *pipeConn) BytesIn() int64 { return c.bytesIn.Load() }

// BytesOut is how many bytes were sent.
func (c *pipeConn) BytesOut() int64 { return c.bytesOut.Load() }

// WritePos tells how many bytes will have been sent when all that was written is.
func (c *pipeConn) WritePos() int64 {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	return c.bytesOut.Load() + int64(len(c.unsent))
}

// State asks the system how the connection is, and changes nothing.
func (c *pipeConn) State() State {
	if c.reset.Load() {
		return StateReset
	}
	if _, ended := c.end.Buffered(); ended || c.peerHasClosed() {
		return StatePeerClosed
	}
	return StateOpen
}

// WasReset tells whether the connection was reset here, or the peer did not take all that
// was sent.
func (c *pipeConn) WasReset() bool { return c.reset.Load() || c.lost.Load() }

// Apply sets nothing: a pipe's buffers are those that it was made with.
func (c *pipeConn) Apply(*Options) error { return nil }

// HalfCloses is false: a pipe has one end for both directions.
func (c *pipeConn) HalfCloses() bool { return false }

// CloseWrite is refused.
func (c *pipeConn) CloseWrite() error {
	return fault.New(fault.Unsupported, fault.PhaseClose, c.Peer()).With(textNoHalfClose)
}

// AllAcked tells whether Close would lose nothing: what the system has taken whole stays
// for the peer.
func (c *pipeConn) AllAcked() bool {
	return !c.hasUnsent.Load() && c.Buffered() == 0 && !c.end.Pending(&c.output)
}

// AwaitAcked waits until the pipe has all that was written, throwing away what still
// comes in.
func (c *pipeConn) AwaitAcked(until func() time.Time, _ bool, feed func() bool) State {
	const first = time.Millisecond
	scrap := make([]byte, 4096)
	for pause, out := first, c.bytesOut.Load(); ; {
		if _, err := c.TryFlush(); err != nil {
			return StateReset
		}
		more := feed()
		gone := c.discardInput(scrap)
		if !more && !c.hasUnsent.Load() && !c.end.Pending(&c.output) && !c.WasReset() {
			return StatePeerClosed
		}
		if gone || !time.Now().Before(until()) || c.WasReset() {
			return StateReset
		}
		time.Sleep(pause)
		pause = min(pause*2, 20*time.Millisecond)
		if now := c.bytesOut.Load(); now != out { // the peer takes it
			out, pause = now, first
		}
	}
}

// AwaitEnd waits for nothing: what comes in behind Close takes nothing from the peer.
func (c *pipeConn) AwaitEnd(func() time.Time, time.Duration) {}

// discardInput throws away what is there to read, or much of it, and tells whether the
// peer has gone.
func (c *pipeConn) discardInput(scrap []byte) (gone bool) {
	for total := 0; total < maxDiscard; {
		n, err := c.receive(scrap)
		if n == 0 {
			return err != nil
		}
		total += n
	}
	return false
}

// Reset ends both directions at once. Calls inside return, and it may run beside them.
func (c *pipeConn) Reset() {
	c.reset.Store(true)
	c.end.Close()
	c.signal.End()
}

// Abort resets and closes.
func (c *pipeConn) Abort() {
	c.Reset()
	c.Close()
}

// Close gives the handle back. It never waits; no call may be inside.
func (c *pipeConn) Close() error {
	c.end.Close()
	c.name.endClosed()
	return nil
}
