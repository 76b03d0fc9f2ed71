package transport

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// tcpConn is a Conn over TCP, on package net.
type tcpConn struct {
	nc     netConn
	sys    rawSocket
	peer   endpoint.Addr
	local  endpoint.Addr
	unix   bool // it is what a unixConn stands on
	reader *poll.Call

	outgoing

	knownState  atomic.Int32 // a State that a read or write has met
	writeClosed atomic.Bool  // this side has ended its sending

	sendMu sync.Mutex // one call at a time sends

	pendingRead *netRead // what reads that wait need, made for the first

	pollErrs [3]*fault.Error // the errors of reads that found nothing, made once

	bytesIn, bytesOut atomic.Int64
}

// Peer names the other end in texts.
func (c *tcpConn) Peer() string { return c.peer.String() }

// SetPeer says who the other end is where a layer knows better than the system,
// before anything else uses the connection.
func (c *tcpConn) SetPeer(peer endpoint.Addr) {
	c.peer = peer
	clear(c.pollErrs[:])
}

// PeerAddr is the other end as it was when the connection was made.
func (c *tcpConn) PeerAddr() endpoint.Addr { return c.peer }

// Read takes what is there, at least one byte, or waits for it.
func (c *tcpConn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	w := c.reader
	if w.MayNotWait() {
		return c.readNow(w, p)
	}
	if err := c.flushWhileReading(w); err != nil {
		return 0, c.fail(err, fault.PhaseRead)
	}
	n, err := c.readWaiting(w, p)
	switch {
	case n > 0:
		c.bytesIn.Add(int64(n))
		return n, nil
	case errors.Is(err, io.EOF):
		return 0, c.eofError()
	}
	return 0, c.fail(err, fault.PhaseRead)
}

// netRead is a read of package net, for one reader at a time.
type netRead struct {
	poll.NetCall
	p []byte
	n int
}

func (c *tcpConn) readWaiting(w *poll.Call, p []byte) (int, error) {
	if c.pendingRead == nil {
		r := new(netRead)
		r.NetCall = poll.NewNetCall(c.nc.SetReadDeadline, func() (err error) {
			r.n, err = c.nc.Read(r.p)
			return err
		})
		c.pendingRead = r
	}
	r := c.pendingRead
	r.p, r.n = p, 0
	err := w.Run(&r.NetCall)
	r.p = nil
	return r.n, err
}

// readNow is Read for a call that may not wait.
func (c *tcpConn) readNow(w *poll.Call, p []byte) (int, error) {
	if c.hasUnsent.Load() {
		c.TryFlush()
	}
	n, errno := c.sys.receive(p, false)
	switch {
	case errno == windows.WSAEWOULDBLOCK:
		return 0, c.pollError(w)
	case errno != 0:
		return 0, c.fail(errno, fault.PhaseRead)
	case n == 0:
		return 0, c.eofError()
	}
	c.bytesIn.Add(int64(n))
	return n, nil
}

// pollError is the error of a read that may not wait.
func (c *tcpConn) pollError(w *poll.Call) error {
	code := fault.CodeOf(w.Expired())
	at := -int(code) - 1 // Timeout -1, Closed -2, Cancelled -3
	if c.pollErrs[at] == nil {
		c.pollErrs[at] = fault.New(code, fault.PhaseRead, c.Peer())
	}
	return c.pollErrs[at]
}

// eofError is the error of a stream that is over. The system tells of a reset only
// once, and that may have been a writer.
func (c *tcpConn) eofError() error {
	if State(c.knownState.Load()) == StateReset || stateOf(c.nc) == StateReset { // the latter in Wine: a reset behind an end
		c.knownState.Store(int32(StateReset))
		return fault.New(fault.Reset, fault.PhaseRead, c.Peer())
	}
	c.knownState.Store(int32(StatePeerClosed))
	return fault.New(fault.PeerClosed, fault.PhaseRead, c.Peer())
}

func (c *tcpConn) fail(err error, phase fault.Phase) error {
	e := syserr.Wrap(err, phase, c.Peer())
	switch e.Code {
	case fault.PortUnreachable:
		e.Code = fault.Reset
	}
	if e.Code == fault.Reset {
		c.knownState.Store(int32(StateReset))
	}
	return e
}

// Send writes head, body and tail as one piece and waits as w says. It returns
// how many bytes the system took; fewer than all come with an error. What
// Write kept earlier goes first.
func (c *tcpConn) Send(w *poll.Call, head, body, tail []byte) (int, error) {
	if c.hasUnsent.Load() {
		if err := c.Flush(w); err != nil {
			return 0, err
		}
	}
	total, sent := len(head)+len(body)+len(tail), 0
	for sent < total {
		c.sendMu.Lock()
		n, errno := c.sys.send(sent, head, body, tail)
		c.sendMu.Unlock()
		c.bytesOut.Add(int64(n))
		sent += n
		switch errno {
		case 0:
		case windows.WSAEWOULDBLOCK:
			if err := (tcpOutlet{c}).awaitWritable(w); err != nil {
				return sent, err
			}
		default:
			return sent, c.fail(errno, fault.PhaseWrite)
		}
	}
	return sent, nil
}

// tcpOutlet is the socket as the outlet of what a connection writes.
type tcpOutlet struct{ *tcpConn }

// sendNow sends what the system takes at once.
func (c tcpOutlet) sendNow(p []byte) (int, error) {
	c.sendMu.Lock()
	defer c.sendMu.Unlock()
	sent := 0
	for sent < len(p) {
		n, errno := c.sys.send(0, p[sent:])
		c.bytesOut.Add(int64(n))
		sent += n
		if errno == windows.WSAEWOULDBLOCK {
			return sent, nil
		}
		if errno != 0 {
			return sent, c.fail(errno, fault.PhaseWrite)
		}
	}
	return sent, nil
}

func (c tcpOutlet) pollWritable() { c.sys.PollWritable() }

// awaitWritable waits for room.
func (c tcpOutlet) awaitWritable(w *poll.Call) error {
	if _, err := c.sys.Await(w, false, true); err != nil {
		return c.fail(err, fault.PhaseWrite)
	}
	return nil
}

// flushWhileReading sends what Write kept before a read waits: the peer may be
// waiting for it. A peer that does not take it, and sends, is read all the same.
func (c *tcpConn) flushWhileReading(w *poll.Call) error {
	for c.hasUnsent.Load() {
		left, err := c.TryFlush()
		if left == 0 || err != nil {
			return nil // reading tells what is wrong
		}
		shows, err := c.sys.Await(w, true, true)
		if shows.Input || err != nil {
			return err
		}
	}
	return nil
}

// Buffered tells how many bytes the system holds for reading.
func (c *tcpConn) Buffered() int { return pendingInput(c.nc) }

// State asks how the connection is, and changes nothing.
func (c *tcpConn) State() State {
	if known := State(c.knownState.Load()); known != StateOpen {
		return known
	}
	return stateOf(c.nc)
}

// WasReset tells whether the connection was reset.
func (c *tcpConn) WasReset() bool { return c.State() == StateReset }

// Apply sets the options that an open connection has.
func (c *tcpConn) Apply(o *Options) error {
	return applyStream(c.nc.(*net.TCPConn), o)
}

// CloseWrite tells the peer that nothing more comes.
func (c *tcpConn) CloseWrite() error {
	c.writeClosed.Store(true)
	if err := c.nc.CloseWrite(); err != nil {
		return syserr.Wrap(err, fault.PhaseClose, c.Peer())
	}
	return nil
}

// Abort closes by a reset.
func (c *tcpConn) Abort() {
	resetOnClose(c.nc)
	c.Close()
}

// Reset resets the connection at once; calls inside return.
func (c *tcpConn) Reset() {
	resetOnClose(c.nc)
	c.nc.Close()
}

// Close gives the descriptor back.
func (c *tcpConn) Close() error {
	c.nc.Close()
	c.sys.Close()
	return nil
}

// Source is what calls and queues wait for.
func (c *tcpConn) Source() *poll.Source { return &c.sys.Source }

// AllAcked tells whether Close would lose nothing. Where the system does not
// tell what the peer has, only unread input and kept output count: the system
// goes on sending after a close.
func (c *tcpConn) AllAcked() bool { return !c.hasUnsent.Load() && c.Buffered() == 0 }

// AwaitAcked waits until all that was written has reached the peer's system,
// throwing away what still comes in. If whole it ends the sending side first,
// and the system tells that this end, the last thing sent, has arrived.
// Otherwise nothing tells, and the time is what the peer gets for reading.
// feed is asked again and again for what is still to be written: it writes what
// it can and tells whether there is more. until, asked again and again too, tells
// when the time is over. It was StateReset if it did not within the time, or the
// connection broke; StateOpen, where something came in and more may follow, is for
// AwaitEnd.
func (c *tcpConn) AwaitAcked(until func() time.Time, whole bool, feed func() bool) State {
	ended, came, pause, end := false, false, time.Millisecond, (*arrival)(nil)
	for out := c.bytesOut.Load(); ; {
		if _, err := c.TryFlush(); err != nil {
			return StateReset
		}
		more := feed()
		if whole && !more && !c.hasUnsent.Load() && !c.writeClosed.Load() {
			c.CloseWrite()
		}
		if end == nil && whole && c.writeClosed.Load() {
			end = newArrival(c.local, c.remoteAddr())
		}
		if ended {
			time.Sleep(pause)
		} else {
			n, over, broke := c.discardInput(pause)
			if broke {
				return StateReset
			}
			came, ended = came || n > 0, over
		}
		asked := time.Now()
		if end != nil && (c.unix || end.told(ended, until().Sub(asked))) { // what is sent over a Unix socket has never left the system
			if came && !ended {
				return StateOpen
			}
			return StatePeerClosed
		}
		if !time.Now().Before(until()) || c.State() == StateReset {
			return StateReset
		}
		pause = min(pause*2, 20*time.Millisecond)
		if now := c.bytesOut.Load(); now != out { // the peer takes it
			out, pause = now, time.Millisecond
		}
		pause = max(pause, time.Since(asked)) // the answer is dear where there are many connections
	}
}

// AwaitEnd throws away what still comes in until the peer has ended, at most until
// what until tells, asked again and again, and only as long as something comes
// within silence: the system answers what comes in behind Close by a reset, which
// takes from the peer what it has not read yet.
func (c *tcpConn) AwaitEnd(until func() time.Time, silence time.Duration) {
	const pause = 50 * time.Millisecond // in which it waits for input
	last := time.Now()
	for now := last; now.Before(until()) && now.Sub(last) < silence; now = time.Now() {
		n, ended, broke := c.discardInput(pause)
		if ended || broke {
			return
		}
		if n > 0 {
			last = now
		}
	}
}

// discardInput throws away what comes in during the pause, or much of it: a peer that
// sends a byte now and then makes it no longer.
func (c *tcpConn) discardInput(pause time.Duration) (n int, ended, broke bool) {
	scrap := make([]byte, 4096)
	c.nc.SetReadDeadline(time.Now().Add(pause))
	for n < maxDiscard {
		got, err := c.nc.Read(scrap)
		n += got
		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			return n, true, false
		case errors.Is(err, os.ErrDeadlineExceeded):
			return n, false, false
		default:
			return n, false, true
		}
	}
	return n, false, false
}

// LocalAddr is the own address.
func (c *tcpConn) LocalAddr() endpoint.Addr { return c.local }

// remoteAddr is the peer's address.
func (c *tcpConn) remoteAddr() endpoint.Addr { return addrFrom(c.nc.RemoteAddr()) }
