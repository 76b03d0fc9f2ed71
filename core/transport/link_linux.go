package transport

import (
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"wdsocket/core/poll"
)

// KnowsAcknowledged tells whether Acknowledged is more than a guess here.
const KnowsAcknowledged = true

// Lost makes a stand-in for a connection to from that is over: whatever is
// asked of it fails, and it has no descriptor.
func Lost(from netip.AddrPort) *Conn {
	return &Conn{d: poll.NoSource(), from: from}
}

// IsLost tells whether the connection is a stand-in made by Lost.
func (c *Conn) IsLost() bool { return c.d.FD() < 0 }

// End tells how many bytes will have been sent when all that was written so
// far is: where the last thing written ends.
func (c *Conn) End() int64 {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	return c.Out.Load() + int64(len(c.out))
}

// Acknowledged tells how many of the bytes that were sent the peer's system has
// confirmed. It holds after a reset, too.
func (c *Conn) Acknowledged() int64 {
	if frozen := c.acked.Load(); frozen > 0 {
		return frozen - 1
	}
	out := c.Out.Load() // first: it may grow meanwhile
	return max(out-int64(c.unacknowledged()), 0)
}

// freeze remembers what was acknowledged before this side cuts the connection:
// the system forgets it then.
func (c *Conn) freeze() { c.acked.CompareAndSwap(0, c.Acknowledged()+1) }

// PeerGone is the time without any answer after which the peer counts as gone,
// 0 for never.
func (c *Conn) PeerGone() time.Duration { return time.Duration(c.gone.Load()) }

// Lapse tells whether something is on its way to the peer, and how long it may
// still stay unanswered until the peer counts as gone; 0 when it does. A peer
// that only does not read answers, and is no such one.
func (c *Conn) Lapse() (left time.Duration, owing bool) {
	gone := c.PeerGone()
	if gone <= 0 || c.unacknowledged() == 0 {
		return gone, false
	}
	info, err := unix.GetsockoptTCPInfo(c.d.FD(), unix.SOL_TCP, unix.TCP_INFO)
	if err != nil {
		return gone, false
	}
	switch info.State {
	case unix.BPF_TCP_ESTABLISHED, unix.BPF_TCP_CLOSE_WAIT, unix.BPF_TCP_FIN_WAIT1:
	default:
		return gone, false
	}
	// Only what was sent again, or asked again, without an answer says something.
	const asked = 2
	tried := info.Unacked > 0 && info.Retransmits > 0 || info.Unacked == 0 && info.Probes >= asked
	const tick = 10 * time.Millisecond // the system's clock may be so coarse
	left = gone + tick - time.Duration(info.Last_ack_recv)*time.Millisecond
	if tried {
		return max(left, 0), true
	}
	const soon = 200 * time.Millisecond
	return max(left, soon), true
}
