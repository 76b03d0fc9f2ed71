package transport

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
)

// lively makes round trips until the connection's reads sleep in the receive.
func lively(t *testing.T, c *tcpConn, peer net.Conn) {
	t.Helper()
	for i := 0; !c.blockIn.WillBlock(); i++ {
		require.Less(t, i, 100000, "reads never sleep in the receive")
		var g poll.Gate
		w := g.Enter(polltest.Patience, true)
		c.UseReader(w)
		c.shortRead = true // a wait is wanted
		done := polltest.Start(func() error {
			_, err := peer.Write([]byte("x"))
			return err
		})
		n, err := c.Read(make([]byte, 10))
		w.Leave()
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.NoError(t, polltest.Await(t, done))
	}
	c.shortRead = true
}

func TestReadsThatSleepInTheReceiveAreWoken(t *testing.T) {
	polltest.LeavesNothing(t)
	c, peer := dialed(t, true)
	defer c.Close()
	for range 20 {
		lively(t, c, peer)
		var g poll.Gate
		w := g.Enter(poll.Forever, true)
		c.UseReader(w)
		done := polltest.Start(func() error {
			_, err := c.Read(make([]byte, 10))
			return err
		})
		g.Cancel()
		require.ErrorIs(t, polltest.Await(t, done), fault.Cancelled)
		w.Leave()
	}
}

func TestReadsThatSleepInTheReceiveKeepTheirTime(t *testing.T) {
	polltest.LeavesNothing(t)
	c, peer := dialed(t, true)
	defer c.Close()
	for _, timeout := range []time.Duration{0, time.Microsecond, 3 * time.Millisecond, 2*poll.LongestBlock - 1, 2*poll.LongestBlock + 1, 5 * poll.LongestBlock} {
		lively(t, c, peer)
		var g poll.Gate
		began := time.Now()
		w := g.Enter(timeout, true)
		c.UseReader(w)
		_, err := c.Read(make([]byte, 1))
		w.Leave()
		require.ErrorIs(t, err, fault.Timeout)
		assert.GreaterOrEqual(t, time.Since(began), timeout)
		assert.Less(t, time.Since(began), timeout+polltest.Patience/4)
	}
}

func TestACutEndsASleepInTheReceive(t *testing.T) {
	polltest.LeavesNothing(t)
	for range 20 {
		c, peer := dialed(t, true)
		lively(t, c, peer)
		var g poll.Gate
		w := g.Enter(poll.Forever, true)
		c.UseReader(w)
		done := polltest.Start(func() error {
			_, err := c.Read(make([]byte, 10))
			return err
		})
		c.Reset()
		require.ErrorIs(t, polltest.Await(t, done), fault.Reset)
		w.Leave()
		require.NoError(t, c.Close())
	}
}

// However lively the peer is: what sleeps now ends soon, and no other sleep follows.
func TestNobodyBeginsToSleepInWhatIsBeingCut(t *testing.T) {
	polltest.LeavesNothing(t)
	c, peer := dialed(t, true)
	defer c.Close()
	lively(t, c, peer)
	var g poll.Gate
	w := g.Enter(poll.Forever, true)
	defer w.Leave()
	require.True(t, c.mayBlock(&c.blockIn, w, unix.SO_RCVTIMEO))
	c.Reset()
	assert.False(t, c.mayBlock(&c.blockIn, w, unix.SO_RCVTIMEO))
	c.blockOut.Skip = 0
	assert.False(t, c.mayBlock(&c.blockOut, w, unix.SO_SNDTIMEO))
}

// pour sends without an end, to a peer that takes what the test lets it.
func pour(c *tcpConn, w *poll.Call) (sent int, err error) {
	piece := make([]byte, 1<<20)
	for err == nil {
		var n int
		n, err = c.Send(w, []byte("head"), piece, nil)
		sent += n
	}
	return sent, err
}

// pouring makes a connection whose sends sleep in the send itself: its peer has
// taken much, and takes nothing more.
func pouring(t *testing.T) (*tcpConn, net.Conn) {
	t.Helper()
	c, peer := dialed(t, true)
	var g poll.Gate
	w := g.Enter(polltest.Patience, true)
	defer w.Leave()
	const total = 64 << 20
	taken := polltest.Start(func() error {
		_, err := io.CopyN(io.Discard, peer, total)
		return err
	})
	for range total >> 20 {
		c.blockOut.Skip = 0 // as if it had waited before
		_, err := c.Send(w, nil, make([]byte, 1<<20), nil)
		require.NoError(t, err)
	}
	require.NoError(t, polltest.Await(t, taken))
	c.blockOut.Skip = 0
	require.True(t, c.blockOut.WillBlock(), "sends never sleep")
	return c, peer
}

func TestSendsThatSleepKeepTheirTimeAndTellWhatWent(t *testing.T) {
	polltest.LeavesNothing(t)
	for _, timeout := range []time.Duration{0, time.Millisecond, 2*poll.LongestBlock + 1, 5 * poll.LongestBlock} {
		c, peer := pouring(t)
		var g poll.Gate
		began := time.Now()
		w := g.Enter(timeout, true)
		sent, err := pour(c, w)
		w.Leave()
		require.ErrorIs(t, err, fault.Timeout)
		assert.GreaterOrEqual(t, time.Since(began), timeout)
		require.NoError(t, c.CloseWrite())
		got, err := io.Copy(io.Discard, peer)
		require.NoError(t, err)
		assert.EqualValues(t, sent, got)
		require.NoError(t, c.Close())
	}
}

func TestSendsThatSleepAreWoken(t *testing.T) {
	polltest.LeavesNothing(t)
	c, _ := pouring(t)
	defer c.Close()
	for range 10 {
		c.blockOut.Skip = 0
		var g poll.Gate
		w := g.Enter(poll.Forever, true)
		done := polltest.Start(func() error {
			_, err := pour(c, w)
			return err
		})
		g.Cancel()
		require.ErrorIs(t, polltest.Await(t, done), fault.Cancelled)
		w.Leave()
	}
}
