//go:build !linux

package wire

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
)

// Conn is the bottom layer of a connection, on package net. The promises are
// those of the Linux one: Read waits as the Wait given to UseReader says,
// Write never waits but keeps for Flush, every end is a *fault.Error.
type Conn struct {
	nc     *net.TCPConn
	peer   string
	local  netip.AddrPort
	reader *Wait

	outMu sync.Mutex
	out   []byte
	kept  atomic.Bool

	ended atomic.Int32 // a Condition that a read or write has met

	In, Out atomic.Int64
}

func attach(c net.Conn, peer string) (*Conn, error) {
	descriptors.Add(1)
	return &Conn{nc: c.(*net.TCPConn), peer: peer, local: endOf(c.LocalAddr())}, nil
}

func endOf(a net.Addr) netip.AddrPort {
	if a == nil {
		return netip.AddrPort{}
	}
	end, _ := netip.ParseAddrPort(a.String())
	return netip.AddrPortFrom(end.Addr().Unmap(), end.Port())
}

// Peer names the other end in texts.
func (c *Conn) Peer() string { return c.peer }

// UseReader sets how the reads that follow wait.
func (c *Conn) UseReader(w *Wait) { c.reader = w }

// Read takes what is there, at least one byte, or waits for it.
func (c *Conn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c.pushWhileReading()
	n := 0
	err := c.reader.runNow(c.nc.SetReadDeadline, func() bool { return readable(c.nc) }, func() (e error) {
		n, e = c.nc.Read(p)
		return e
	})
	if n > 0 {
		c.In.Add(int64(n))
		return n, nil
	}
	if errors.Is(err, io.EOF) && look(c.nc) == Cut { // Wine: a reset behind an end
		c.ended.Store(int32(Cut))
		return 0, fault.New(fault.Reset, fault.PhaseRead, c.peer)
	}
	if errors.Is(err, io.EOF) {
		c.ended.Store(int32(PeerEnded))
		return 0, fault.New(fault.PeerClosed, fault.PhaseRead, c.peer)
	}
	return 0, c.fail(err, fault.PhaseRead)
}

func (c *Conn) fail(err error, phase fault.Phase) error {
	e := Wrap(err, phase, c.peer)
	switch e.Code {
	case fault.PortUnreachable:
		e.Code = fault.Reset
	}
	if e.Code == fault.Reset {
		c.ended.Store(int32(Cut))
	}
	return e
}

// Send writes head, body and tail as one piece and waits as w says. A write
// that was interrupted counts as begun: the system does not tell how much of
// it went out.
func (c *Conn) Send(w *Wait, head, body, tail []byte) (int, error) {
	if c.kept.Load() {
		if err := c.Flush(w); err != nil {
			return 0, err
		}
	}
	parts := net.Buffers{}
	for _, part := range [][]byte{head, body, tail} {
		if len(part) > 0 {
			parts = append(parts, part)
		}
	}
	var n int64
	err := w.run(c.nc.SetWriteDeadline, func() (e error) {
		n, e = parts.WriteTo(c.nc)
		return e
	})
	c.Out.Add(n)
	if err != nil {
		return max(int(n), 1), c.fail(err, fault.PhaseWrite)
	}
	return int(n), nil
}

// Write takes all of p and never waits: it is kept for Flush.
func (c *Conn) Write(p []byte) (int, error) {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	c.out = append(c.out, p...)
	c.kept.Store(true)
	return len(p), nil
}

// Holds tells whether Write keeps something.
func (c *Conn) Holds() bool { return c.kept.Load() }

// Push sends what it can of what Write kept.
func (c *Conn) Push() (left int, err error) { return c.pushKept(time.Now().Add(time.Millisecond)) }

// Kept tells how many bytes Write keeps.
func (c *Conn) Kept() int {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	return len(c.out)
}

// pushKept sends what Write kept, until the given time at most.
func (c *Conn) pushKept(until time.Time) (left int, err error) {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	if len(c.out) == 0 {
		return 0, nil
	}
	c.nc.SetWriteDeadline(until)
	n, err := c.nc.Write(c.out)
	c.Out.Add(int64(n))
	c.out = c.out[n:]
	if len(c.out) == 0 {
		c.out = nil
		c.kept.Store(false)
	}
	return len(c.out), err
}

// pushWhileReading sends what Write kept before a read waits: the peer may be
// waiting for it. A peer that does not take it, and sends, is read all the same.
func (c *Conn) pushWhileReading() {
	const try = 5 * time.Millisecond // a deadline may be over before a write begins
	for c.kept.Load() {
		left, err := c.pushKept(time.Now().Add(try))
		if left == 0 || err != nil && !errors.Is(err, os.ErrDeadlineExceeded) || readable(c.nc) {
			return
		}
		deadline, ends := c.reader.Deadline()
		if c.reader.Woken() != fault.OK || ends && !time.Now().Before(deadline) {
			return
		}
	}
}

// Flush waits until what Write kept is with the system.
func (c *Conn) Flush(w *Wait) error {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	if len(c.out) == 0 {
		return nil
	}
	err := w.run(c.nc.SetWriteDeadline, func() error {
		n, err := c.nc.Write(c.out)
		c.Out.Add(int64(n))
		c.out = c.out[n:]
		return err
	})
	if err != nil {
		return c.fail(err, fault.PhaseWrite)
	}
	c.out = nil
	c.kept.Store(false)
	return nil
}

// Buffered tells how many bytes the system holds for reading.
func (c *Conn) Buffered() int { return pendingInput(c.nc) }

// Condition is what is known of a connection.
type Condition int

// What Look may find.
const (
	Alive     Condition = iota // both directions are open
	PeerEnded                  // the peer has ended its sending side
	Cut                        // reset, or over
)

// Look asks how the connection is, and changes nothing.
func (c *Conn) Look() Condition {
	if known := Condition(c.ended.Load()); known != Alive {
		return known
	}
	return look(c.nc)
}

// Apply sets the options that an open connection has.
func (c *Conn) Apply(o *Options) error { return applyStream(c.nc, o) }

// CloseWrite tells the peer that nothing more comes.
func (c *Conn) CloseWrite() error {
	if err := c.nc.CloseWrite(); err != nil {
		return Wrap(err, fault.PhaseClose, c.peer)
	}
	return nil
}

// Abort closes by a reset.
func (c *Conn) Abort() {
	c.nc.SetLinger(0)
	c.Close()
}

// Cut resets the connection at once; calls inside return.
func (c *Conn) Cut() {
	c.nc.SetLinger(0)
	c.nc.Close()
}

// Close gives the descriptor back.
func (c *Conn) Close() error {
	c.nc.Close()
	descriptors.Add(-1)
	return nil
}

// Settled tells whether Close would lose nothing. Where the system does not
// tell what the peer has, only unread input and kept output count: the system
// goes on sending after a close.
func (c *Conn) Settled() bool { return !c.kept.Load() && c.Buffered() == 0 }

// Settle waits until all that was written has reached the peer's system,
// throwing away what still comes in. If whole it ends the sending side first,
// and the system tells that this end, the last thing sent, has arrived.
// Otherwise nothing tells, and the time is what the peer gets for reading.
// False: it did not within the time, or the connection broke.
func (c *Conn) Settle(until time.Time, whole bool) bool {
	if _, err := c.pushKept(until); err != nil {
		return false
	}
	if whole {
		c.CloseWrite()
	}
	ended, pause := false, time.Millisecond
	for {
		var broke bool
		if ended {
			time.Sleep(pause)
		} else if ended, broke = c.discard(pause, until); broke {
			return false
		}
		if whole && acknowledged(c.local, c.RemoteEnd(), ended) {
			return true
		}
		if !time.Now().Before(until) {
			return false
		}
		pause = min(pause*2, 20*time.Millisecond)
	}
}

// discard throws away what comes in until nothing has come for the pause.
func (c *Conn) discard(pause time.Duration, until time.Time) (ended, broke bool) {
	scrap := make([]byte, 4096)
	for {
		c.nc.SetReadDeadline(time.Now().Add(pause))
		_, err := c.nc.Read(scrap)
		switch {
		case errors.Is(err, io.EOF):
			return true, false
		case errors.Is(err, os.ErrDeadlineExceeded):
			return false, false
		case err != nil || time.Now().After(until):
			return false, true
		}
	}
}

// LocalEnd is the own address.
func (c *Conn) LocalEnd() netip.AddrPort { return c.local }

// RemoteEnd is the peer's address.
func (c *Conn) RemoteEnd() netip.AddrPort { return endOf(c.nc.RemoteAddr()) }

// LocalAddr is for layers that want a net.Addr.
func (c *Conn) LocalAddr() net.Addr { return c.nc.LocalAddr() }

// RemoteAddr is for layers that want a net.Addr.
func (c *Conn) RemoteAddr() net.Addr { return c.nc.RemoteAddr() }

// SetDeadline does nothing: the Wait of each call has the deadline.
func (c *Conn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing: the Wait of each call has the deadline.
func (c *Conn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing: the Wait of each call has the deadline.
func (c *Conn) SetWriteDeadline(time.Time) error { return nil }
