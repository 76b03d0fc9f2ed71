package transport

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
)

func TestAWaitThatWasWokenIsCleanWhenUsedAgain(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		c, _ := dialed(t, direct)
		defer c.Close()
		for range 200 {
			var g poll.Gate
			w := g.Enter(polltest.Patience, direct)
			done := polltest.Start(func() error {
				c.UseReader(w)
				_, err := c.Read(make([]byte, 1))
				w.Leave()
				return err
			})
			g.Cancel()
			require.ErrorIs(t, polltest.Await(t, done), fault.Cancelled)
			w = g.Enter(time.Microsecond, direct)
			c.UseReader(w)
			_, err := c.Read(make([]byte, 1))
			w.Leave()
			require.ErrorIs(t, err, fault.Timeout)
		}
	})
}

// TestACallIsWokenWhateverItIsDoing closes at every polltest.Moment of a first wait,
// also while it makes what wakes it.
func TestACallIsWokenWhateverItIsDoing(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		for i := range 1500 {
			c, peer := dialed(t, direct) // a closed gate ends its connection
			if i%2 == 0 {
				poll.ReleaseIdle() // so that the wait starts from nothing
			}
			var g poll.Gate
			w := g.Enter(poll.Forever, direct)
			c.UseReader(w)
			done := polltest.Start(func() error {
				_, err := c.Read(make([]byte, 1))
				w.Leave()
				return err
			})
			for range i % 50 {
				runtime.Gosched()
			}
			g.Close(func() {}, polltest.Patience)
			require.ErrorIs(t, polltest.Await(t, done), fault.Closed)
			require.NoError(t, c.Close())
			require.NoError(t, peer.Close())
		}
	})
}

func TestReadsAreNeverEarly(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		c, _ := dialed(t, direct)
		defer c.Close()
		for _, timeout := range []time.Duration{time.Microsecond, time.Millisecond, 3*time.Millisecond + 100*time.Microsecond, polltest.Moment} {
			var g poll.Gate
			began := time.Now()
			w := g.Enter(timeout, direct)
			c.UseReader(w)
			_, err := c.Read(make([]byte, 1))
			w.Leave()
			require.ErrorIs(t, err, fault.Timeout)
			assert.GreaterOrEqual(t, time.Since(began), timeout)
		}
	})
}
