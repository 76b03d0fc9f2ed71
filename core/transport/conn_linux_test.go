package transport

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
)

func TestWriteKeepsAndFlushSends(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		c, peer := dialed(t, direct)
		defer c.Close()
		const size = 32 << 20
		n, err := c.Write(make([]byte, size))
		require.NoError(t, err)
		require.Equal(t, size, n, "it never waits")
		require.Positive(t, c.Unsent())
		require.False(t, c.AllAcked())
		var g poll.Gate
		w := g.Enter(polltest.Moment, direct)
		require.ErrorIs(t, c.Flush(w), fault.Timeout)
		w.SetTimeout(polltest.Patience)
		read := polltest.Start(func() error { _, err := io.CopyN(io.Discard, peer, size+3); return err })
		n, err = c.Send(w, []byte("e"), []byte("n"), []byte("d"))
		require.NoError(t, err)
		require.Equal(t, 3, n)
		require.Zero(t, c.Unsent())
		w.Leave()
		require.NoError(t, polltest.Await(t, read))
		polltest.Eventually(t, c.AllAcked, "settled")
	})
}

func TestAReadSendsWhatWasKept(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		c, peer := dialed(t, direct)
		defer c.Close()
		const size = 32 << 20
		_, err := c.Write(make([]byte, size))
		require.NoError(t, err)
		var g poll.Gate
		w := g.Enter(polltest.Patience, direct)
		defer w.Leave()
		c.UseReader(w)
		done := polltest.Start(func() error { _, err := c.Read(make([]byte, 1)); return err })
		_, err = io.CopyN(io.Discard, peer, size)
		require.NoError(t, err)
		_, err = peer.Write([]byte("x"))
		require.NoError(t, err)
		require.NoError(t, polltest.Await(t, done))
		require.Zero(t, c.Unsent())
	})
}
