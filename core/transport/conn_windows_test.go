package transport

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
)

func TestAConnectionThatIsCutEndsTheWaitForRoom(t *testing.T) {
	polltest.LeavesNothing(t)
	ours, _ := dialed(t, true)
	defer ours.Close()
	done := make(chan error, 1)
	go func() {
		var g poll.Gate
		w := g.Enter(poll.Forever, true)
		defer w.Leave()
		for {
			if _, err := ours.Send(w, make([]byte, 1<<20), nil, nil); err != nil {
				done <- err
				return
			}
		}
	}()
	require.Eventually(t, func() bool { return ours.BytesOut() > 0 }, polltest.Patience, time.Millisecond)
	ours.Reset()
	select {
	case err := <-done:
		require.Equal(t, fault.Reset, fault.CodeOf(err))
	case <-time.After(polltest.Patience):
		t.Fatal("it waits on")
	}
}

func TestAWriteThatTimesOutKnowsHowMuchWentOut(t *testing.T) {
	polltest.LeavesNothing(t)
	ours, theirs := dialed(t, true)
	total := 0
	for {
		var g poll.Gate
		w := g.Enter(50*time.Millisecond, true)
		n, err := ours.Send(w, make([]byte, 1<<20), nil, nil)
		w.Leave()
		total += n
		if err != nil {
			require.Equal(t, fault.Timeout, fault.CodeOf(err))
			break
		}
	}
	require.Equal(t, int64(total), ours.BytesOut())
	require.NoError(t, ours.CloseWrite())
	defer ours.Close()
	got, scrap := 0, make([]byte, 1<<16)
	for {
		n, err := theirs.Read(scrap)
		got += n
		if err != nil {
			break
		}
	}
	require.Equal(t, total, got)
}
