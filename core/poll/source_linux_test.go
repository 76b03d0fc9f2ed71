package poll_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
)

func TestParkingFailsCleanly(t *testing.T) {
	polltest.LeavesNothing(t)
	var g poll.Gate
	bad := poll.SourceOf(1 << 20)
	w := g.Enter(polltest.Patience, false)
	_, err := bad.Wait(w, unix.POLLIN)
	require.ErrorIs(t, err, unix.EBADF)
	w.Leave()
	require.Zero(t, poll.ParkedCalls())
	require.False(t, bad.Parked())
}

// The descriptor that a call waited with is idle before its gate is empty, so that
// a call that waits for the gate can give it back.
func TestEmptyGateHoldsNoDescriptor(t *testing.T) {
	polltest.LeavesNothing(t)
	var g poll.Gate
	w := g.Enter(poll.Forever, true)
	require.NoError(t, w.Arm())
	left := int64(-1)
	g.Close(func() {
		poll.ReleaseIdle()
		left = poll.Descriptors()
	}, 0)
	w.Leave()
	require.Zero(t, left)
}
