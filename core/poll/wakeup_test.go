package poll_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
)

// ownWakeup gives the test a wake-up of its own.
func ownWakeup(t *testing.T) *poll.WakeupWord {
	before, own := poll.Wakeup(), new(poll.WakeupWord)
	poll.UseWakeup(own)
	t.Cleanup(func() { poll.UseWakeup(before) })
	return own
}

func TestWakeupBeforeTheWaitIsNotLost(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		word := ownWakeup(t)
		var g poll.Gate
		word.Set(word.Clearings())
		for range 2 {
			w := g.Enter(poll.Forever, direct)
			assert.True(t, w.Interrupted())
			assert.True(t, w.TimeIsUp())
			assert.ErrorIs(t, w.For(nil), fault.Cancelled)
			w.Leave()
		}
		w := g.Enter(0, direct)
		assert.ErrorIs(t, w.For(nil), fault.Timeout, "it would not have waited")
		w.Leave()
		word.Clear()
		w = g.Enter(polltest.Moment, direct)
		assert.False(t, w.Interrupted())
		assert.ErrorIs(t, w.For(nil), fault.Timeout)
		w.Leave()
	})
}

func TestWakeupEndsWhatWaits(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		word := ownWakeup(t)
		var g poll.Gate
		w := g.Enter(poll.Forever, direct)
		done := polltest.Start(func() error { return w.For(nil) })
		word.Set(word.Clearings())
		g.Interrupt(word.Clearings())
		word.Clear() // at once: what waited hears of it all the same
		require.ErrorIs(t, polltest.Await(t, done), fault.Cancelled)
		w.Leave()
	})
}

// A wake-up that comes while a call is inside which may not wait does not concern it.
func TestWakeupLeavesCallsAloneThatDoNotWait(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		word := ownWakeup(t)
		var g poll.Gate
		w := g.Enter(0, direct)
		g.Interrupt(word.Clearings())
		assert.False(t, w.Interrupted())
		assert.NoError(t, w.Err())
		assert.ErrorIs(t, w.Expired(), fault.Timeout)
		assert.ErrorIs(t, w.For(nil), fault.Timeout)
		assert.ErrorIs(t, w.Pause(polltest.Patience), fault.Timeout)
		g.Cancel()
		assert.ErrorIs(t, w.For(nil), fault.Cancelled)
		g.Interrupt(word.Clearings())
		assert.ErrorIs(t, w.For(nil), fault.Cancelled, "by its user")
		w.Leave()
	})
}

// One that may wait goes on with what it finds.
func TestWakeupLeavesWhatIsThere(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		word := ownWakeup(t)
		var g poll.Gate
		w := g.Enter(poll.Forever, direct)
		g.Interrupt(word.Clearings())
		there := make(chan struct{})
		close(there)
		assert.NoError(t, w.Err())
		assert.NoError(t, w.For(there))
		assert.ErrorIs(t, w.For(nil), fault.Cancelled)
		w.Leave()
		w = g.Enter(0, direct)
		assert.ErrorIs(t, w.For(nil), fault.Timeout, "the next call knows nothing of it")
		w.Leave()
	})
}

// A call that begins after a clearing is not for the wake-ups before it, however
// late they are told, also where the count begins anew.
func TestWakeupIsForCallsThatBeganBeforeItsClearing(t *testing.T) {
	polltest.LeavesNothing(t)
	for _, cleared := range []uint32{0, 1, 1<<30 - 1, 1<<31 - 1} {
		word := ownWakeup(t)
		word.SetClearings(cleared)
		require.Equal(t, cleared, word.Clearings())
		var g poll.Gate
		before := g.Enter(poll.Forever, true)
		word.Clear()
		require.Equal(t, poll.NextClearing(cleared), word.Clearings())
		after := g.Enter(poll.Forever, true)

		word.Set(cleared)
		g.Interrupt(cleared)
		assert.False(t, word.IsSet(), "cleared since: %d", cleared)
		assert.ErrorIs(t, before.For(nil), fault.Cancelled, cleared)
		assert.False(t, after.Interrupted(), cleared)

		word.Set(word.Clearings())
		assert.True(t, word.IsSet(), cleared)
		assert.True(t, after.Interrupted(), cleared)
		g.Interrupt(word.Clearings())
		word.Clear()
		assert.False(t, word.IsSet(), cleared)
		assert.ErrorIs(t, after.For(nil), fault.Cancelled, cleared)
		before.Leave()
		after.Leave()
	}
}

func TestWakeupLeavesTasksAndTheBackgroundAlone(t *testing.T) {
	polltest.LeavesNothing(t)
	word := ownWakeup(t)
	var g poll.Gate
	task, background := g.EnterTask(), g.EnterBackground(poll.Forever, true)
	word.Set(word.Clearings())
	g.Interrupt(word.Clearings())
	for _, w := range []*poll.Call{task, background} {
		assert.Equal(t, fault.OK, w.Woken())
		assert.False(t, w.Interrupted())
		assert.False(t, w.TimeIsUp())
		w.Leave()
	}
}

// Setting, clearing and calls in as many threads as there are: a call ends, and none
// after the last clearing is cancelled.
func TestWakeupFromManyGoroutines(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		word := ownWakeup(t)
		var g poll.Gate
		stop := make(chan struct{})
		woken := polltest.Start(func() error {
			for {
				select {
				case <-stop:
					return nil
				default:
				}
				clearings := word.Clearings()
				word.Set(clearings)
				g.Interrupt(clearings)
				word.Clear()
			}
		})
		for range 100 {
			w := g.Enter(poll.Forever, direct)
			assert.ErrorIs(t, polltest.Await(t, polltest.Start(func() error { return w.For(nil) })), fault.Cancelled)
			w.Leave()
		}
		close(stop)
		require.NoError(t, polltest.Await(t, woken))
		w := g.Enter(polltest.Moment, direct)
		assert.ErrorIs(t, w.For(nil), fault.Timeout)
		w.Leave()
	})
}

// A pipe may be empty when the word was changed and the mark has not come yet: a wake-up
// that was cleared stays cleared.
func TestMarksOfAClearingThatComeLate(t *testing.T) {
	polltest.LeavesNothing(t)
	for _, cleared := range []uint32{0, 1<<31 - 1} {
		word := ownWakeup(t)
		word.SetClearings(cleared)
		var marks poll.WakeupMarks
		for _, put := range []uint32{1<<30 - 1, 1<<31 - 2, 1<<31 - 1, cleared} { // as many as one goes on to
			marks.Took(nil, min(put, cleared))
		}
		word.Clear() // its mark is on its way
		_, woken := marks.Took(nil, cleared)
		require.False(t, woken)
		word.Set(word.Clearings())
		word.Clear()
		clearings, woken := marks.Took([]byte{0, 1, 0}, cleared+2)
		assert.True(t, woken)
		assert.Equal(t, poll.NextClearing(cleared), clearings)
		assert.False(t, word.IsSet(), "cleared since: %d", cleared)
		_, woken = marks.Took(nil, cleared+2)
		assert.False(t, woken)
	}
}

// Marks that are dropped, because the pipe is full, lose nothing.
func TestMarksThatAreDropped(t *testing.T) {
	polltest.LeavesNothing(t)
	word := ownWakeup(t)
	var marks poll.WakeupMarks
	var g poll.Gate
	word.Clear() // dropped
	w := g.Enter(poll.Forever, true)
	defer w.Leave()
	word.Set(word.Clearings()) // dropped
	clearings, woken := marks.Took(nil, 1)
	require.True(t, woken)
	g.Interrupt(clearings)
	assert.ErrorIs(t, w.For(nil), fault.Cancelled)
	word.Clear()
	clearings, woken = marks.Took([]byte{0, 7}, 1) // of other software, behind the clearing
	assert.True(t, woken)
	assert.Equal(t, word.Clearings(), clearings)
	assert.True(t, word.IsSet())
	marks.Took(nil, 1) // the clearing's mark was taken before it was counted
	clearings, woken = marks.Took([]byte{7}, 2)
	assert.True(t, woken)
	assert.Equal(t, word.Clearings(), clearings)
}
