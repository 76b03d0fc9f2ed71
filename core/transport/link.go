package transport

import "time"

// Unread tells whether something has come that was not read, be it the peer's
// end.
func (c *Conn) Unread() bool { return c.Buffered() > 0 || c.Look() == PeerEnded }

// GiveUp cuts a connection whose peer is gone, and tells whether it did: while
// something that has come is unread it does not, as that would be lost.
func (c *Conn) GiveUp() bool {
	if c.Unread() {
		return false
	}
	c.Cut()
	return true
}

// LapseLook is how long to wait before the next look at Lapse while nothing is
// known to be on its way.
func LapseLook(gone time.Duration) time.Duration {
	const (
		rounds  = 4 // looks in the time
		precise = 30 * time.Second
		latest  = 1500 * time.Millisecond
	)
	if gone <= precise {
		return min(gone/rounds, latest)
	}
	return gone / rounds
}
