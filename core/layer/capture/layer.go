package capture

import (
	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

// Conn is a layer of an open connection: it records what passes and changes
// nothing. What it stands on decides what is recorded: above TLS the bytes of
// the messages, below it the records of TLS.
type Conn struct {
	layer.Through
	r *Recorder
}

// Layer is the layer of one connection, whose Recorder belongs to who made it and
// closes it with the connection.
type Layer struct{ *Recorder }

// Phase is that of connecting.
func (Layer) Phase() fault.Phase { return fault.PhaseConnect }

// Instant is true.
func (Layer) Instant() bool { return true }

// Handshake puts a Conn on base.
func (l Layer) Handshake(base layer.Base, _ string) (layer.Conn, error) {
	return &Conn{layer.Through{Base: base}, l.Recorder}, nil
}

// Read reads and records.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.Base.Read(p)
	if n > 0 {
		c.r.Bytes(Received, p[:n])
		return n, err
	}
	if err != nil {
		switch fault.CodeOf(err) {
		case fault.Timeout, fault.Cancelled:
		default:
			c.r.End(Received, err)
		}
	}
	return n, err
}

// Write records and writes: an answer is never recorded before what it answers.
func (c *Conn) Write(p []byte) (int, error) {
	c.r.Bytes(Sent, p)
	n, err := c.Base.Write(p)
	if err != nil {
		c.r.Note("the last write failed: " + err.Error())
	}
	return n, err
}

// CloseWrite records the end of sending.
func (c *Conn) CloseWrite() error {
	c.r.End(Sent, nil)
	return nil
}
