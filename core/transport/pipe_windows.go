package transport

import (
	"sync/atomic"
	"time"

	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/overlapped"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// pipeConn is a Conn over a named pipe: a stream of bytes, of which the system holds what
// fits into the pipe. What is not as with TCP: it has one end for both directions, which
// does not tell whether the peer has closed or broken off.
//
// The system tells nobody that there is input or room. A read of nothing ends when there
// is input. A write that does not fit goes on until all of it does: one goes on at most,
// of a copy, and while it does there is no room.
type pipeConn struct {
	pipeEnd
	pipeReader
	pipeWriter

	listener atomic.Pointer[pipeListener] // that waits for its client
	name     *pipeName                    // of which it is a server's end; nil of a client's
}

// pipeEnd is what reading and writing share.
type pipeEnd struct {
	handle *overlapped.Handle
	source poll.Source
	signal *overlapped.Signal

	probe  overlapped.Operation // a read of nothing; of an instance that waits, its client's coming
	input  overlapped.Operation
	output overlapped.Operation

	inputDone chan overlapped.Outcome

	peer, local, process endpoint.Addr

	reset atomic.Bool // from this side
	lost  atomic.Bool // the peer has gone without taking all that was sent
}

// newPipeConn takes over an end of a pipe.
func newPipeConn(h windows.Handle) (*pipeConn, error) {
	c := &pipeConn{}
	c.inputDone = make(chan overlapped.Outcome, 1)
	c.pipeReader.pipe, c.pipeReader.out, c.pipeWriter.pipe = &c.pipeEnd, &c.pipeWriter, &c.pipeEnd
	c.pipeWriter.to = &c.pipeWriter
	var err error
	if c.handle, err = overlapped.New(h, c.completed); err != nil {
		return nil, syserr.Wrap(err, fault.PhaseCall, "")
	}
	c.signal = overlapped.NewSignal(c.asked)
	c.source.Init(c.signal)
	return c, nil
}

// completed is told of an operation that went on.
func (c *pipeConn) completed(op *overlapped.Operation, out overlapped.Outcome) {
	switch op {
	case &c.probe:
		if l := c.listener.Load(); l != nil {
			l.came(c, out.Err)
			return
		}
		c.signal.Tell(false)
	case &c.input:
		c.inputDone <- out
	case &c.output:
		outputs.Put((*[outputChunk]byte)(out.Buf[:outputChunk]))
		if out.Err != nil {
			c.lost.Store(true)
		}
		c.signal.Tell(true)
	}
}

// asked is called when a call or a queue waits for input or room.
func (c *pipeEnd) asked(output bool) {
	switch {
	case output:
		if !c.handle.Pending(&c.output) {
			c.signal.Tell(true)
		}
	case !c.handle.Pending(&c.probe):
		if _, err := c.handle.Read(&c.probe, nil); err != windows.ERROR_IO_PENDING {
			c.signal.Tell(false)
		}
	}
}

// Source is what calls and queues wait for.
func (c *pipeEnd) Source() *poll.Source { return &c.source }

// Peer names the other end in texts.
func (c *pipeEnd) Peer() string { return c.peer.String() }

// PeerAddr is the other end as it was when the connection was made.
func (c *pipeEnd) PeerAddr() endpoint.Addr { return c.peer }

// LocalAddr is the own end.
func (c *pipeEnd) LocalAddr() endpoint.Addr { return c.local }

// PeerProcess is the process at the other end.
func (c *pipeEnd) PeerProcess() endpoint.Addr { return c.process }

func (c *pipeEnd) fail(err error, phase fault.Phase) error {
	if err == windows.ERROR_INVALID_HANDLE && c.reset.Load() { // closed beside the call
		return fault.New(fault.Reset, phase, c.Peer())
	}
	e := syserr.Wrap(err, phase, c.Peer())
	if e.Code == fault.Reset && phase == fault.PhaseWrite {
		c.lost.Store(true)
	}
	return e
}

// State asks the system how the connection is, and changes nothing.
func (c *pipeEnd) State() State {
	if c.reset.Load() {
		return StateReset
	}
	if _, ended := c.handle.Buffered(); ended || c.peerHasClosed() {
		return StatePeerClosed
	}
	return StateOpen
}

// WasReset tells whether the connection was reset here, or the peer did not take all that
// was sent.
func (c *pipeEnd) WasReset() bool { return c.reset.Load() || c.lost.Load() }

// Apply sets nothing: a pipe's buffers are those that it was made with.
func (c *pipeEnd) Apply(*Options) error { return nil }

// HalfCloses is false: a pipe has one end for both directions.
func (c *pipeEnd) HalfCloses() bool { return false }

// CloseWrite is refused.
func (c *pipeEnd) CloseWrite() error {
	return fault.New(fault.Unsupported, fault.PhaseClose, c.Peer()).With(textNoHalfClose)
}

// AllAcked tells whether Close would lose nothing: what the system has taken whole stays
// for the peer.
func (c *pipeConn) AllAcked() bool {
	return !c.hasUnsent.Load() && c.Buffered() == 0 && !c.handle.Pending(&c.output)
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
		if !more && !c.hasUnsent.Load() && !c.handle.Pending(&c.output) && !c.WasReset() {
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
	c.handle.Close()
	c.signal.End()
}

// Abort resets and closes.
func (c *pipeConn) Abort() {
	c.Reset()
	c.Close()
}

// Close gives the handle back. It never waits; no call may be inside.
func (c *pipeConn) Close() error {
	c.handle.Close()
	c.source.Close()
	c.name.endClosed()
	return nil
}
