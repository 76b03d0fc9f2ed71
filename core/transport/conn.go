package transport

import (
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/syserr"
)

// Condition is what is known of a connection.
type Condition int

// What Look may find.
const (
	Alive     Condition = iota // both directions are open
	PeerEnded                  // the peer has ended its sending side
	Cut                        // reset, or over
)

// Pause waits, as Read does, until a time has come: nil then, otherwise an error of
// waiting.
func (c *Conn) Pause(until time.Time) error {
	left := time.Until(until)
	if left <= 0 {
		return nil
	}
	w := c.reader
	c.pushKept() // as Read does
	if err := w.Pause(left); err != nil {
		return syserr.Wrap(err, fault.PhaseRead, c.Peer())
	}
	return nil
}

// discardMost is how much a close throws away before it looks at the time again.
const discardMost = 256 << 10
