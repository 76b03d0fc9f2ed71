package capture

import "wdsocket/core/fault"

// Conn is a layer of an open connection: it records what passes and changes
// nothing. What it stands on decides what is recorded: above TLS the bytes of
// the messages, below it the records of TLS.
type Conn struct {
	Base
	r *Recorder
}

// Layer puts a Conn on below. r belongs to the caller, who closes it with the
// connection.
func Layer(below Base, r *Recorder) *Conn { return &Conn{below, r} }

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

// Pending is false: nothing is kept here.
func (c *Conn) Pending() bool { return false }

// Leftover is nothing.
func (c *Conn) Leftover() []byte { return nil }
