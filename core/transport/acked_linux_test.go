package transport

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
)

// connected gives a connection and the other end of it.
func connected(t *testing.T) (*tcpConn, *net.TCPConn) {
	t.Helper()
	ln, port := listener(t, "127.0.0.1", 0)
	var g poll.Gate
	w := g.Enter(patience, true)
	defer w.Leave()
	c, err := Dial(w, &Target{Location: endpoint.At("127.0.0.1", port), Options: &Options{KeepAlive: true, KeepAliveIdle: time.Second,
		KeepAliveInterval: time.Second, KeepAliveCount: 2}})
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	peer, err := ln.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { peer.Close() })
	return c.(*tcpConn), peer.(*net.TCPConn)
}

const patience = 20 * time.Second

// fillUp writes until the peer, which does not read, takes no more.
func fillUp(t *testing.T, c *tcpConn) {
	t.Helper()
	_, err := c.Write(make([]byte, 16<<20))
	require.NoError(t, err)
	require.Positive(t, c.Unsent())
	last := int64(-1)
	require.Eventually(t, func() bool {
		now := c.Acknowledged()
		same := now == last
		last = now
		return same && now > 0
	}, patience, 20*time.Millisecond)
}

// TestAcknowledgedHoldsAfterTheEnd checks what the system tells once a
// connection is over: a reconnecting client counts on it.
func TestAcknowledgedHoldsAfterTheEnd(t *testing.T) {
	ends := map[string]func(*tcpConn, *net.TCPConn){
		"reset by the peer": func(c *tcpConn, peer *net.TCPConn) {
			require.NoError(t, peer.SetLinger(0))
			require.NoError(t, peer.Close())
			require.Eventually(t, func() bool { return c.State() == StateReset }, patience, time.Millisecond)
		},
		"cut here": func(c *tcpConn, _ *net.TCPConn) { c.Reset(); c.Reset() },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			c, peer := connected(t)
			_, err := c.Write([]byte("all of it"))
			require.NoError(t, err)
			require.Eventually(t, func() bool { return c.Acknowledged() == 9 }, patience, time.Millisecond)
			fillUp(t, c)
			require.Equal(t, int64(16<<20+9), c.WritePos())
			before := c.Acknowledged()
			require.Less(t, before, c.bytesOut.Load())
			end(c, peer)
			require.Equal(t, before, c.Acknowledged())
		})
	}
}

// TestAPeerThatDoesNotReadIsNotGone looks again and again for longer than the
// time after which a peer counts as gone.
func TestAPeerThatDoesNotReadIsNotGone(t *testing.T) {
	c, peer := connected(t)
	gone := c.UserTimeout()
	require.Equal(t, 3*time.Second, gone)
	_, unacked := c.UserTimeoutLeft()
	require.False(t, unacked)
	fillUp(t, c)
	for begun := time.Now(); time.Since(begun) < gone+time.Second; time.Sleep(20 * time.Millisecond) {
		left, unacked := c.UserTimeoutLeft()
		require.True(t, unacked)
		require.Positive(t, left)
	}
	go io.Copy(io.Discard, peer)
	require.Eventually(t, func() bool {
		c.TryFlush()
		_, unacked := c.UserTimeoutLeft()
		return !unacked && c.Unsent() == 0
	}, patience, time.Millisecond)
}

// TestWhatCameIsReadBeforeAConnectionIsGivenUp cuts connections whose peer is
// gone: not while bytes of the peer, or its end, are unread.
func TestWhatCameIsReadBeforeAConnectionIsGivenUp(t *testing.T) {
	c, peer := connected(t)
	require.False(t, c.Unread())
	_, err := peer.Write([]byte("x"))
	require.NoError(t, err)
	require.Eventually(t, c.Unread, patience, time.Millisecond)
	require.False(t, c.ResetUnanswered())
	var g poll.Gate
	w := g.Enter(patience, true)
	defer w.Leave()
	c.UseReader(w)
	n, err := c.Read(make([]byte, 10))
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.False(t, c.Unread())
	require.NoError(t, peer.CloseWrite())
	require.Eventually(t, c.Unread, patience, time.Millisecond)
	require.False(t, c.ResetUnanswered())
	_, err = c.Read(make([]byte, 10))
	require.Equal(t, fault.PeerClosed, fault.CodeOf(err))

	c, _ = connected(t)
	require.True(t, c.ResetUnanswered())
	require.Equal(t, StateReset, c.State())
}

func TestALostConnectionFailsInEachWay(t *testing.T) {
	_, peer := connected(t)
	end := endpoint.FromAddrPort(peer.LocalAddr().(*net.TCPAddr).AddrPort())
	before := poll.Descriptors()
	c := Placeholder(end)
	require.True(t, IsPlaceholder(c))
	require.Equal(t, end, c.PeerAddr())
	_, err := c.Write([]byte("x"))
	require.Error(t, err)
	require.Zero(t, c.Unsent())
	require.NoError(t, c.Apply(&Options{}))
	require.Zero(t, c.Buffered())
	require.False(t, c.LocalAddr().IsValid())
	c.Reset()
	c.Abort()
	require.NoError(t, c.Close())
	require.Equal(t, before, poll.Descriptors())
}
