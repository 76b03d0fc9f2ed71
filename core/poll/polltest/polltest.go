// Package polltest is what the tests of sockets share: time-outs, calls beside the test,
// and the check that nothing is left.
package polltest

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"wdsocket/core/poll"
)

// Patience is how long a test waits for what must happen.
const Patience = 20 * time.Second

// Moment is a time-out that is meant to end.
const Moment = 30 * time.Millisecond

// LeavesNothing checks at the end of a test that nothing is left.
func LeavesNothing(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		poll.ReleaseIdle()
		assert.Zero(t, poll.Descriptors())
		goleak.VerifyNone(t, goleak.IgnoreAnyFunction("wdsocket/core/transport.readTable")) // Windows may take long for its table
	})
}

// BothWaits runs a test with calls that block their thread and calls that park
// their goroutine.
func BothWaits(t *testing.T, f func(t *testing.T, direct bool)) {
	for _, direct := range []bool{false, true} {
		t.Run("direct "+strconv.FormatBool(direct), func(t *testing.T) {
			LeavesNothing(t)
			f(t, direct)
		})
	}
}

// Await gives the result of a call begun by Start.
func Await(t *testing.T, done <-chan error) error {
	t.Helper()
	select {
	case err := <-done:
		return err
	case <-time.After(Patience):
		require.FailNow(t, "a call does not return")
		return nil
	}
}

// Start makes a call beside the test.
func Start(f func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	return done
}

// Eventually waits until ok, and fails the test when it does not happen.
func Eventually(t *testing.T, ok func() bool, what string) {
	t.Helper()
	until := time.Now().Add(Patience)
	for !ok() {
		if time.Now().After(until) {
			require.FailNow(t, "it does not happen: "+what)
		}
		time.Sleep(time.Millisecond)
	}
}
