package capture

import (
	"sync/atomic"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

// Tap is where a connection, or a UDP socket, is recorded: recording is switched on
// and off there at any time, without a lock of the connection. The zero Tap records
// nothing, and costs what a comparison with nil does.
type Tap struct{ recorder atomic.Pointer[Recorder] }

// closedRecorder is of a Tap that is closed.
var closedRecorder = &Recorder{closed: true}

// Recorder records what passes now, nil if nothing does.
func (t *Tap) Recorder() *Recorder { return t.recorder.Load() }

// Switch records as o says from now on; s tells of the socket where recording
// begins. One goroutine at a time may call it; it never waits.
func (t *Tap) Switch(fs *Files, o Options, begin Beginning, s func() Socket) {
	r := t.recorder.Load()
	switch {
	case r == nil && o.None():
	case r == nil:
		if r = fs.Record(o, s(), begin); !t.recorder.CompareAndSwap(nil, r) {
			r.Close(nil) // the connection was closed meanwhile
		}
	default:
		if o.None() {
			t.recorder.CompareAndSwap(r, nil)
		}
		r.Switch(o)
	}
}

// Close ends recording for good, with the connection; why is as for
// Recorder.Close.
func (t *Tap) Close(why error) {
	if r := t.recorder.Swap(closedRecorder); r != closedRecorder {
		r.Close(why)
	}
}

// Layer is a layer that records what passes on its side of TLS, where its Tap says so.
// It changes nothing.
type Layer struct {
	*Tap
	Side Side
}

// Phase is that of connecting.
func (Layer) Phase() fault.Phase { return fault.PhaseConnect }

// Instant is true.
func (Layer) Instant() bool { return true }

// Handshake puts a Conn on base.
func (l Layer) Handshake(base layer.Base, _ string) (layer.Conn, error) {
	return &Conn{layer.Through{Base: base}, l.Tap, l.Side}, nil
}

// Conn is a Layer of an open connection.
type Conn struct {
	layer.Through
	tap  *Tap
	side Side
}

// Idle is true: nothing is kept.
func (c *Conn) Idle() bool { return true }

// Read reads and records.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.Base.Read(p)
	if r := c.tap.Recorder(); r != nil {
		r.Received(c.side, p[:n], err)
	}
	return n, err
}

// Write records and writes: an answer is never recorded before what it answers.
func (c *Conn) Write(p []byte) (int, error) {
	r := c.tap.Recorder()
	if r == nil {
		return c.Base.Write(p)
	}
	r.Bytes(c.side, Sent, p)
	n, err := c.Base.Write(p)
	r.SendFailed(c.side, err)
	return n, err
}
