package transport

import (
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// pipeReader is the reading side of a pipeConn.
type pipeReader struct {
	pipe     *pipeEnd
	out      *pipeWriter
	reader   *poll.Call
	pollErrs [3]*fault.Error // the errors of reads that found nothing, made once
	bytesIn  atomic.Int64
}

// UseReader sets how the reads that follow wait.
func (c *pipeReader) UseReader(w *poll.Call) { c.reader = w }

// Read takes what is there, at least one byte, or waits for it.
func (c *pipeReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	w := c.reader
	for {
		if n, err := c.receive(p); n > 0 || err != nil {
			return n, err
		}
		if c.out.hasUnsent.Load() {
			c.out.TryFlush()
		}
		if w.MayNotWait() {
			return 0, c.pollError(w)
		}
		if _, err := c.pipe.source.Await(w, true, c.out.hasUnsent.Load()); err != nil {
			return 0, c.pipe.fail(err, fault.PhaseRead)
		}
	}
}

// receive takes what is there, be it nothing.
func (c *pipeReader) receive(p []byte) (int, error) {
	there, ended := c.pipe.handle.Buffered()
	if c.pipe.reset.Load() {
		return 0, fault.New(fault.Reset, fault.PhaseRead, c.pipe.Peer())
	}
	if ended {
		return 0, fault.New(fault.PeerClosed, fault.PhaseRead, c.pipe.Peer())
	}
	if there == 0 {
		return 0, nil
	}
	n, err := c.pipe.handle.Read(&c.pipe.input, p[:min(there, len(p))])
	if err == windows.ERROR_IO_PENDING { // no other call reads; but p is the caller's
		c.pipe.handle.Cancel(&c.pipe.input)
		out := <-c.pipe.inputDone
		n, err = out.N, nil
	}
	if n > 0 {
		c.bytesIn.Add(int64(n))
		return n, nil
	}
	if err != nil {
		return 0, c.pipe.fail(err, fault.PhaseRead)
	}
	return 0, nil
}

// pollError is the error of a read that may not wait.
func (c *pipeReader) pollError(w *poll.Call) error {
	code := fault.CodeOf(w.Expired())
	at := -int(code) - 1 // Timeout -1, Closed -2, Cancelled -3
	if c.pollErrs[at] == nil {
		c.pollErrs[at] = fault.New(code, fault.PhaseRead, c.pipe.Peer())
	}
	return c.pollErrs[at]
}

// SetPeer says who the other end is where a layer knows better than the system.
func (c *pipeReader) SetPeer(peer endpoint.Addr) {
	c.pipe.peer = peer
	clear(c.pollErrs[:])
}

// Buffered tells how many bytes the system holds for reading.
func (c *pipeReader) Buffered() int {
	n, _ := c.pipe.handle.Buffered()
	return n
}

// Unread tells whether something has come that was not read, be it the peer's end.
func (c *pipeReader) Unread() bool {
	n, ended := c.pipe.handle.Buffered()
	return n > 0 || ended // an end shows behind what came before it
}

// BytesIn is how many bytes were received.
func (c *pipeReader) BytesIn() int64 { return c.bytesIn.Load() }

// Pause waits, as Read does, until a time has come.
func (c *pipeReader) Pause(until time.Time) error {
	left := time.Until(until)
	if left <= 0 {
		return nil
	}
	c.out.TryFlush()
	if err := c.reader.Pause(left); err != nil {
		return syserr.Wrap(err, fault.PhaseRead, c.pipe.Peer())
	}
	return nil
}

// Drain is Flush for a reader: it waits as Read does, and until a time at the latest.
func (c *pipeReader) Drain(until time.Time) error {
	w := c.reader
	own, ends := w.Deadline()
	if !w.NonBlocking() && (!ends || own.After(until)) {
		w.SetDeadline(until)
		defer w.SetDeadline(own)
	}
	return c.out.Flush(w)
}

// pipeWriter is the writing side of a pipeConn.
type pipeWriter struct {
	outgoing
	pipe     *pipeEnd
	sendMu   sync.Mutex // one call at a time sends
	bytesOut atomic.Int64
}

// outputChunk is how much a write gives to the system at once.
const outputChunk = 64 << 10

// outputs are the copies that writes are of.
var outputs = sync.Pool{New: func() any { return new([outputChunk]byte) }}

// give hands the system what is left of the parts after skip bytes, as much as it takes
// at once; 0: it has no room.
func (c *pipeWriter) give(skip int, parts ...[]byte) (int, error) {
	c.sendMu.Lock()
	defer c.sendMu.Unlock()
	if c.pipe.reset.Load() {
		return 0, fault.New(fault.Reset, fault.PhaseWrite, c.pipe.Peer())
	}
	if c.pipe.handle.Pending(&c.pipe.output) {
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
		err = c.pipe.handle.Write(&c.pipe.output, chunk[:n])
	}
	if err != windows.ERROR_IO_PENDING {
		outputs.Put(chunk)
		if err != nil {
			return 0, c.pipe.fail(err, fault.PhaseWrite)
		}
	}
	c.bytesOut.Add(int64(n))
	return n, nil
}

// Send writes head, body and tail as one piece and waits as w says.
func (c *pipeWriter) Send(w *poll.Call, head, body, tail []byte) (int, error) {
	if c.hasUnsent.Load() {
		if err := c.Flush(w); err != nil {
			return 0, err
		}
	}
	total, sent := len(head)+len(body)+len(tail), 0
	for sent < total {
		n, err := c.give(sent, head, body, tail)
		if err == nil && n == 0 {
			err = c.awaitWritable(w)
		}
		if err != nil {
			return sent, err
		}
		sent += n
	}
	return sent, nil
}

// sendNow sends what the system takes at once.
func (c *pipeWriter) sendNow(p []byte) (sent int, err error) {
	for sent < len(p) {
		n, err := c.give(sent, p)
		if n == 0 || err != nil {
			return sent, err
		}
		sent += n
	}
	return sent, nil
}

func (c *pipeWriter) pollWritable() { c.pipe.source.PollWritable() }

// awaitWritable waits for room.
func (c *pipeWriter) awaitWritable(w *poll.Call) error {
	if _, err := c.pipe.source.Await(w, false, true); err != nil {
		return c.pipe.fail(err, fault.PhaseWrite)
	}
	return nil
}

// HasUnsent tells whether Write keeps something.
func (c *pipeWriter) HasUnsent() bool { return c.hasUnsent.Load() }

// BytesOut is how many bytes were sent.
func (c *pipeWriter) BytesOut() int64 { return c.bytesOut.Load() }

// WritePos tells how many bytes will have been sent when all that was written is.
func (c *pipeWriter) WritePos() int64 {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	return c.bytesOut.Load() + int64(len(c.unsent))
}
