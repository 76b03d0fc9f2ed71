package transport

import (
	"net"
	"net/netip"
	"time"
)

// KnowsAcknowledged tells whether Acknowledged is more than a guess here.
const KnowsAcknowledged = false

// Lost makes a stand-in for a connection to from that is over: whatever is
// asked of it fails, and it has no descriptor.
func Lost(from netip.AddrPort) *Conn {
	c := &Conn{nc: new(net.TCPConn), peer: from.String(), lost: true}
	c.ended.Store(int32(Cut))
	return c
}

// IsLost tells whether the connection is a stand-in made by Lost.
func (c *Conn) IsLost() bool { return c.lost }

// End tells how many bytes will have been sent when all that was written so
// far is: where the last thing written ends.
func (c *Conn) End() int64 {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	return c.Out.Load() + int64(len(c.out))
}

// Acknowledged tells how many bytes the own system has taken: what of them the
// peer's has confirmed, it does not tell.
func (c *Conn) Acknowledged() int64 { return c.Out.Load() }

// PeerGone is 0: the system itself gives up a peer that is gone.
func (c *Conn) PeerGone() time.Duration { return 0 }

// Lapse tells nothing here.
func (c *Conn) Lapse() (left time.Duration, owing bool) { return 0, false }
