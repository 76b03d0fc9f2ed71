package transport

import (
	"time"

	"golang.org/x/sys/unix"
)

// Acknowledged tells how many of the bytes that were sent the peer's system has
// confirmed. It holds after a reset, too.
func (c *tcpConn) Acknowledged() int64 {
	if frozen := c.acked.Load(); frozen > 0 {
		return frozen - 1
	}
	out := c.bytesOut.Load() // first: it may grow meanwhile
	return max(out-int64(c.unacknowledged()), 0)
}

// snapshotAcked remembers what was acknowledged before this side resets the connection:
// the system forgets it then.
func (c *tcpConn) snapshotAcked() { c.acked.CompareAndSwap(0, c.Acknowledged()+1) }

// UserTimeout is the time without any answer after which the peer counts as gone,
// 0 for never.
func (c *tcpConn) UserTimeout() time.Duration { return time.Duration(c.userTimeout.Load()) }

// UserTimeoutLeft tells whether something is on its way to the peer, and how long it may
// still stay unanswered until the peer counts as gone; 0 when it does. A peer
// that only does not read answers, and is no such one.
func (c *tcpConn) UserTimeoutLeft() (left time.Duration, unacked bool) {
	gone := c.UserTimeout()
	if gone <= 0 || c.unacknowledged() == 0 {
		return gone, false
	}
	info, err := unix.GetsockoptTCPInfo(c.source.FD(), unix.SOL_TCP, unix.TCP_INFO)
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

// ResetUnanswered resets a connection whose peer is gone, and tells whether it did: while
// something that has come is unread it does not, as that would be lost.
func (c *tcpConn) ResetUnanswered() bool {
	if c.Unread() {
		return false
	}
	c.Reset()
	return true
}
