package transport

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/poll/polltest"
)

// A peer that sends a little now and then makes a close no longer.
func TestATricklingPeerDoesNotHoldAClose(t *testing.T) {
	polltest.LeavesNothing(t)
	for name, await := range map[string]func(c *tcpConn, until func() time.Time){
		"what was sent": func(c *tcpConn, until func() time.Time) {
			c.AwaitAcked(until, false, func() bool { return true })
		},
		"the peer's end": func(c *tcpConn, until func() time.Time) { c.AwaitEnd(until, polltest.Patience) },
	} {
		c, peer := dialed(t, true)
		sending := polltest.Start(func() error {
			for {
				if _, err := peer.Write([]byte("x")); err != nil {
					return nil
				}
				time.Sleep(time.Millisecond)
			}
		})
		until := time.Now().Add(polltest.Moment)
		over := polltest.Start(func() error {
			await(c, func() time.Time { return until })
			return nil
		})
		require.NoError(t, polltest.Await(t, over), name)
		require.NoError(t, c.Close())
		require.NoError(t, peer.Close())
		require.NoError(t, polltest.Await(t, sending), name)
	}
}
