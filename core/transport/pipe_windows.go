package transport

import (
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
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
	end    *poll.Overlapped
	source poll.Source
	signal *poll.Signal
	reader *poll.Call

	probe  poll.Operation // a read of nothing; of an instance that waits, its client's coming
	input  poll.Operation
	output poll.Operation

	inputDone chan poll.Outcome

	sendMu    sync.Mutex // one call at a time sends
	outMu     lockorder.Mutex[lockorder.Output]
	unsent    []byte      // kept by Write
	hasUnsent atomic.Bool // unsent is not empty

	listener atomic.Pointer[pipeListener] // that waits for its client
	name     *pipeName                    // of which it is a server's end; nil of a client's

	peer, local, process endpoint.Addr

	reset atomic.Bool // from this side
	lost  atomic.Bool // the peer has gone without taking all that was sent

	pollErrs [3]*fault.Error // the errors of reads that found nothing, made once

	bytesIn, bytesOut atomic.Int64
}

// newPipeConn takes over an end of a pipe.
func newPipeConn(h windows.Handle) (*pipeConn, error) {
	c := &pipeConn{inputDone: make(chan poll.Outcome, 1)}
	var err error
	if c.end, err = poll.NewOverlapped(h, c.completed); err != nil {
		return nil, err
	}
	c.signal = poll.NewSignal(c.asked)
	c.source.InitSignal(c.signal)
	return c, nil
}

// outputChunk is how much a write gives to the system at once.
const outputChunk = 64 << 10

// outputs are the copies that writes are of.
var outputs = sync.Pool{New: func() any { return new([outputChunk]byte) }}

// completed is told of an operation that went on.
func (c *pipeConn) completed(op *poll.Operation, out poll.Outcome) {
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

// asked is called when somebody waits for input or room.
func (c *pipeConn) asked(output bool) {
	switch {
	case output:
		if !c.end.Pending(&c.output) {
			c.signal.Tell(true)
		}
	case !c.end.Pending(&c.probe):
		if _, err := c.end.Read(&c.probe, nil); err != windows.ERROR_IO_PENDING {
			c.signal.Tell(false)
		}
	}
}

// Source is what calls and queues wait for.
func (c *pipeConn) Source() *poll.Source { return &c.source }

// UseReader sets how the reads that follow wait.
func (c *pipeConn) UseReader(w *poll.Call) { c.reader = w }

// Read takes what is there, at least one byte, or waits for it.
func (c *pipeConn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	w := c.reader
	for {
		if n, err := c.receive(p); n > 0 || err != nil {
			return n, err
		}
		if c.hasUnsent.Load() {
			c.TryFlush()
		}
		if w.MayNotWait() {
			return 0, c.pollError(w)
		}
		if _, err := c.source.Await(w, true, c.hasUnsent.Load()); err != nil {
			return 0, c.fail(err, fault.PhaseRead)
		}
	}
}

// receive takes what is there, be it nothing.
func (c *pipeConn) receive(p []byte) (int, error) {
	there, ended := c.end.Buffered()
	if c.reset.Load() {
		return 0, fault.New(fault.Reset, fault.PhaseRead, c.Peer())
	}
	if ended {
		return 0, fault.New(fault.PeerClosed, fault.PhaseRead, c.Peer())
	}
	if there == 0 {
		return 0, nil
	}
	n, err := c.end.Read(&c.input, p[:min(there, len(p))])
	if err == windows.ERROR_IO_PENDING { // nobody else reads; but p is the caller's
		c.end.Cancel(&c.input)
		out := <-c.inputDone
		n, err = out.N, nil
	}
	if n > 0 {
		c.bytesIn.Add(int64(n))
		return n, nil
	}
	if err != nil {
		return 0, c.fail(err, fault.PhaseRead)
	}
	return 0, nil
}

// pollError is the error of a read that may not wait.
func (c *pipeConn) pollError(w *poll.Call) error {
	code := fault.CodeOf(w.Expired())
	at := -int(code) - 1 // Timeout -1, Closed -2, Cancelled -3
	if c.pollErrs[at] == nil {
		c.pollErrs[at] = fault.New(code, fault.PhaseRead, c.Peer())
	}
	return c.pollErrs[at]
}

func (c *pipeConn) fail(err error, phase fault.Phase) error {
	if err == windows.ERROR_INVALID_HANDLE && c.reset.Load() { // closed beside the call
		return fault.New(fault.Reset, phase, c.Peer())
	}
	e := syserr.Wrap(err, phase, c.Peer())
	if e.Code == fault.Reset && phase == fault.PhaseWrite {
		c.lost.Store(true)
	}
	return e
}

// Pause waits, as Read does, until a time has come.
func (c *pipeConn) Pause(until time.Time) error {
	left := time.Until(until)
	if left <= 0 {
		return nil
	}
	c.TryFlush()
	if err := c.reader.Pause(left); err != nil {
		return syserr.Wrap(err, fault.PhaseRead, c.Peer())
	}
	return nil
}

// give hands the system what is left of the parts after skip bytes, as much as it takes
// at once; 0: it has no room.
func (c *pipeConn) give(skip int, parts ...[]byte) (int, error) {
	c.sendMu.Lock()
	defer c.sendMu.Unlock()
	if c.reset.Load() {
		return 0, fault.New(fault.Reset, fault.PhaseWrite, c.Peer())
	}
	if c.end.Pending(&c.output) {
		return 0, nil
	}
	chunk := outputs.Get().(*[outputChunk]byte)
	n := 0
	for _, part := range parts {
		if skip >= len(part) {
			skip -= len(part)
			continue
		}
		n += copy(chunk[n:], part[skip:])
		skip = 0
	}
	err := error(nil)
	if n > 0 {
		err = c.end.Write(&c.output, chunk[:n])
	}
	if err != windows.ERROR_IO_PENDING {
		outputs.Put(chunk)
		if err != nil {
			return 0, c.fail(err, fault.PhaseWrite)
		}
	}
	c.bytesOut.Add(int64(n))
	return n, nil
}

// Send writes head, body and tail as one piece and waits as w says.
func (c *pipeConn) Send(w *poll.Call, head, body, tail []byte) (int, error) {
	if c.hasUnsent.Load() {
		if err := c.Flush(w); err != nil {
			return 0, err
		}
	}
	total, sent := len(head)+len(body)+len(tail), 0
	for sent < total {
		n, err := c.give(sent, head, body, tail)
		if err == nil && n == 0 {
			_, err = c.source.Await(w, false, true)
		}
		if err != nil {
			return sent, c.fail(err, fault.PhaseWrite)
		}
		sent += n
	}
	return sent, nil
}

// TrySend sends what the system takes at once, and keeps nothing.
func (c *pipeConn) TrySend(p []byte) (sent int, err error) {
	for sent < len(p) {
		n, err := c.give(sent, p)
		if n == 0 || err != nil {
			return sent, err
		}
		sent += n
	}
	return sent, nil
}

// Write takes all of p and never waits: what the system does not take is kept for Flush.
func (c *pipeConn) Write(p []byte) (int, error) {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	rest := p
	if len(c.unsent) == 0 {
		n, err := c.TrySend(p)
		if err != nil {
			return n, err
		}
		rest = p[n:]
	}
	if len(rest) > 0 {
		c.unsent = append(c.unsent, rest...)
		c.hasUnsent.Store(true)
		c.source.PollWritable()
	}
	return len(p), nil
}

// Unsent tells how many bytes Write keeps.
func (c *pipeConn) Unsent() int {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	return len(c.unsent)
}

// HasUnsent tells whether Write keeps something.
func (c *pipeConn) HasUnsent() bool { return c.hasUnsent.Load() }

// TryFlush sends what it can of what Write kept.
func (c *pipeConn) TryFlush() (left int, err error) {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	n, err := c.TrySend(c.unsent)
	c.unsent = c.unsent[n:]
	if len(c.unsent) == 0 {
		c.unsent = nil
		c.hasUnsent.Store(false)
	} else if err == nil {
		c.source.PollWritable()
	}
	return len(c.unsent), err
}

// Flush waits until what Write kept is with the system.
func (c *pipeConn) Flush(w *poll.Call) error {
	for c.hasUnsent.Load() {
		left, err := c.TryFlush()
		if err != nil || left == 0 {
			return err
		}
		if _, err := c.source.Await(w, false, true); err != nil {
			return c.fail(err, fault.PhaseWrite)
		}
	}
	return nil
}

// Drain is Flush for a reader: it waits as Read does, and until a time at the latest.
func (c *pipeConn) Drain(until time.Time) error {
	w := c.reader
	own, ends := w.Deadline()
	if !w.NonBlocking() && (!ends || own.After(until)) {
		w.SetDeadline(until)
		defer w.SetDeadline(own)
	}
	return c.Flush(w)
}
