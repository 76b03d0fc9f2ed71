package poll_test

import (
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"wdsocket/core/poll"
	"wdsocket/core/transport"
)

// patienceOfTests is how long a test waits for what must happen.
const patienceOfTests = 20 * time.Second

// moment is a time-out that is meant to end.
const moment = 30 * time.Millisecond

// leavesNothing checks at the end of a test that nothing is left.
func leavesNothing(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		poll.ReleaseIdle()
		assert.Zero(t, poll.Descriptors())
		goleak.VerifyNone(t)
	})
}

// bothWaits runs a test with calls that block their thread and calls that park
// their goroutine.
func bothWaits(t *testing.T, f func(t *testing.T, direct bool)) {
	for _, direct := range []bool{false, true} {
		t.Run("direct "+strconv.FormatBool(direct), func(t *testing.T) {
			leavesNothing(t)
			f(t, direct)
		})
	}
}

func await(t *testing.T, done <-chan error) error {
	t.Helper()
	select {
	case err := <-done:
		return err
	case <-time.After(patienceOfTests):
		require.FailNow(t, "a call does not return")
		return nil
	}
}

func start(f func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	return done
}

func eventually(t *testing.T, ok func() bool, what string) {
	t.Helper()
	until := time.Now().Add(patienceOfTests)
	for !ok() {
		if time.Now().After(until) {
			require.FailNow(t, "it does not happen: "+what)
		}
		time.Sleep(time.Millisecond)
	}
}

// dialed makes a connection whose other end is a plain one.
func dialed(t *testing.T, direct bool) (transport.Conn, net.Conn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	var g poll.Gate
	w := g.Enter(patienceOfTests, direct)
	defer w.Leave()
	options := &transport.Options{NoDelay: true, Linger: -1}
	c, err := transport.Dial(w, &transport.Target{Host: "127.0.0.1", Port: ln.Addr().(*net.TCPAddr).Port, Options: options})
	require.NoError(t, err)
	peer, err := ln.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { peer.Close() })
	return c, peer
}
