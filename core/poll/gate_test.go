package poll_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
)

func TestGateLetsInUntilItIsClosed(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		var g poll.Gate
		a, b := g.Enter(poll.Forever, direct), g.Enter(0, direct)
		require.NotNil(t, a)
		require.NotNil(t, b)
		require.False(t, g.Closed())
		var ran atomic.Int32
		require.True(t, g.Close(func() { ran.Add(1) }, time.Millisecond))
		require.True(t, g.Closed())
		require.Nil(t, g.Enter(poll.Forever, direct))
		require.False(t, g.Close(func() { ran.Add(100) }, time.Hour), "only the first counts")
		require.Equal(t, fault.Closed, a.Woken())
		require.ErrorIs(t, a.For(nil), fault.Closed)
		a.Leave()
		require.Zero(t, ran.Load(), "somebody is inside")
		b.Leave()
		require.EqualValues(t, 1, ran.Load(), "the last leaver runs it")
	})
}

func TestGateThatIsEmptyRunsAtOnce(t *testing.T) {
	polltest.LeavesNothing(t)
	var g poll.Gate
	ran := false
	require.True(t, g.Close(func() { ran = true }, 0))
	require.True(t, ran)
}

// A panic in what a call held up, or in the closing work, keeps no close waiting.
func TestGateIsEmptyAfterAPanic(t *testing.T) {
	polltest.LeavesNothing(t)
	for name, call := range map[string]func(g *poll.Gate) (leave func()){
		"enter": func(g *poll.Gate) func() { return g.Enter(poll.Forever, true).Leave },
		"pass": func(g *poll.Gate) func() {
			g.EnterFast()
			return g.LeaveFast
		},
	} {
		for _, held := range []bool{true, false} {
			var g poll.Gate
			ran, freed := 0, 0
			leave := call(&g)
			if held {
				g.Retire(nil, func() { freed++ })
				g.Retire(nil, func() { panic("what was held up") })
				g.Retire(nil, func() { freed++ })
			}
			g.Close(func() { ran++; panic("the closing work") }, 0)
			require.Panics(t, leave, name)
			require.Equal(t, 1, ran, name)
			if held {
				require.Equal(t, 2, freed, name)
			}
			select {
			case <-g.Empty():
			default:
				require.Fail(t, "not empty", name)
			}
		}
	}
	var g poll.Gate
	require.Panics(t, func() { g.Close(func() { panic("the closing work") }, poll.Forever) })
	<-g.Empty()
}

func TestPassingKeepsWhatIsClosed(t *testing.T) {
	polltest.LeavesNothing(t)
	var g poll.Gate
	require.True(t, g.EnterFast())
	require.True(t, g.EnterFast())
	ran, freed := 0, 0
	g.Retire(nil, func() { freed++ })
	g.Close(func() { ran++ }, 0)
	require.False(t, g.EnterFast(), "closed")
	require.Nil(t, g.Enter(0, true))
	g.LeaveFast()
	require.Equal(t, [2]int{0, 0}, [2]int{ran, freed}, "somebody passes")
	g.LeaveFast()
	require.Equal(t, [2]int{1, 1}, [2]int{ran, freed})
}

func TestRetiringWaitsForThoseWhoPassAndThoseInside(t *testing.T) {
	polltest.LeavesNothing(t)
	var g poll.Gate
	freed := 0
	w := g.Enter(0, true)
	require.True(t, g.EnterFast())
	g.Retire(nil, func() { freed++ })
	g.LeaveFast()
	require.Zero(t, freed, "a call is inside")
	w.Leave()
	require.Equal(t, 1, freed)

	require.True(t, g.EnterFast())
	g.LeaveFast()
	g.Retire(nil, func() { freed++ })
	require.Equal(t, 2, freed, "nobody is there")
	g.Close(func() {}, 0)
}

// What is retired is released once, and never while a call is inside that came
// before; so is what is closed.
func TestRetiringWhileManyPass(t *testing.T) {
	polltest.LeavesNothing(t)
	const passers, rounds = 4, 2000
	var g poll.Gate
	var present atomic.Pointer[atomic.Bool] // what those who pass may use
	present.Store(new(atomic.Bool))
	var spoilt, freed, closed atomic.Int32
	var busy sync.WaitGroup
	look := func(enter func() bool, leave func()) {
		for enter() {
			mine := present.Load()
			runtime.Gosched()
			if mine.Load() {
				spoilt.Add(1)
			}
			leave()
		}
	}
	for i := range passers {
		busy.Go(func() {
			if i%2 == 0 {
				look(g.EnterFast, g.LeaveFast)
				return
			}
			w := poll.NewPollCall()
			look(func() bool { return g.EnterPollFast(w) }, w.LeavePollFast)
		})
	}
	for range rounds {
		old := present.Swap(new(atomic.Bool))
		g.Retire(nil, func() {
			old.Store(true)
			freed.Add(1)
		})
	}
	g.Close(func() { closed.Add(1) }, polltest.Patience)
	require.EqualValues(t, 1, closed.Load())
	busy.Wait()
	require.EqualValues(t, rounds, freed.Load())
	require.Zero(t, spoilt.Load())
	require.EqualValues(t, 1, closed.Load())
}

func TestCloseWaitsForTheLastOne(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		var g poll.Gate
		w := g.Enter(poll.Forever, direct)
		var ran atomic.Bool
		left := polltest.Start(func() error {
			err := w.For(nil)
			time.Sleep(polltest.Moment)
			w.Leave()
			return err
		})
		g.Close(func() { ran.Store(true) }, polltest.Patience)
		require.True(t, ran.Load())
		require.ErrorIs(t, polltest.Await(t, left), fault.Closed)
	})
}

func TestClosedOutranksCancelled(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		var g poll.Gate
		w := g.Enter(poll.Forever, direct)
		g.Cancel()
		require.Equal(t, fault.Cancelled, w.Woken())
		g.Close(func() {}, 0)
		require.Equal(t, fault.Closed, w.Woken())
		g.Cancel()
		require.Equal(t, fault.Closed, w.Woken())
		w.Leave()
	})
}

func TestAWokenCallStaysWoken(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		var g poll.Gate
		w := g.Enter(poll.Forever, direct)
		defer w.Leave()
		g.Cancel()
		done := polltest.Start(func() error {
			for range 3 { // it is woken once
				if err := w.For(make(chan struct{})); err != fault.Cancelled {
					return err
				}
				if err := w.Pause(time.Hour); err != fault.Cancelled {
					return err
				}
			}
			return nil
		})
		require.NoError(t, polltest.Await(t, done))
		ready := make(chan struct{})
		close(ready)
		require.NoError(t, w.For(ready), "what is ready needs no wait")
		next := g.Enter(0, direct)
		require.Equal(t, fault.OK, next.Woken(), "later calls are not concerned")
		next.Leave()
	})
}

func TestTimesOfAWait(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		var g poll.Gate
		w := g.Enter(poll.Forever, direct)
		defer w.Leave()
		_, ends := w.Deadline()
		require.False(t, ends)
		require.False(t, w.NonBlocking())

		w.SetTimeout(0)
		require.True(t, w.NonBlocking())
		past, ends := w.Deadline()
		require.True(t, ends)
		require.True(t, past.Before(time.Now()))
		require.ErrorIs(t, w.For(make(chan struct{})), fault.Timeout)
		require.ErrorIs(t, w.Pause(time.Hour), fault.Timeout)

		began := time.Now()
		w.SetTimeout(polltest.Moment)
		require.ErrorIs(t, w.For(make(chan struct{})), fault.Timeout)
		assert.GreaterOrEqual(t, time.Since(began), polltest.Moment, "never early")
		require.ErrorIs(t, w.For(make(chan struct{})), fault.Timeout, "it is over")

		w.SetTimeout(poll.Forever)
		began = time.Now()
		require.NoError(t, w.Pause(polltest.Moment))
		assert.GreaterOrEqual(t, time.Since(began), polltest.Moment)
		require.ErrorIs(t, w.ForAtMost(make(chan struct{}), time.Now().Add(polltest.Moment)), fault.Timeout)
		w.SetDeadline(time.Now().Add(-time.Hour))
		require.ErrorIs(t, w.For(make(chan struct{})), fault.Timeout)
	})
}

func TestManyComeAndGoWhileItCloses(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		for range 50 {
			var g poll.Gate
			var inside, ran atomic.Int32
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					for {
						w := g.Enter(poll.Forever, direct)
						if w == nil {
							return
						}
						inside.Add(1)
						w.Pause(time.Microsecond)
						inside.Add(-1)
						w.Leave()
					}
				})
			}
			g.Cancel()
			g.Close(func() {
				ran.Add(1)
				assert.Zero(t, inside.Load())
			}, polltest.Patience)
			all.Wait()
			require.EqualValues(t, 1, ran.Load())
		}
	})
}

// What a call held up is part of it: behind an empty gate nothing is left.
func TestGateIsEmptyBehindWhatCallsHeldUp(t *testing.T) {
	polltest.LeavesNothing(t)
	var g poll.Gate
	a, b := g.Enter(poll.Forever, false), g.Enter(poll.Forever, false)
	begun, goOn := make(chan struct{}), make(chan struct{})
	var freed, early atomic.Bool
	g.Retire(b, func() {
		close(begun)
		<-goOn
		freed.Store(true)
	})
	g.Close(func() { early.Store(!freed.Load()) }, 0)
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.Leave()
	}()
	<-begun
	b.Leave()
	select {
	case <-g.Empty():
		t.Error("it is not")
	default:
	}
	close(goOn)
	<-g.Empty()
	require.False(t, early.Load())
	<-done
}

func TestRetireWaitsForThoseInside(t *testing.T) {
	var g poll.Gate
	freed := 0
	free := func() { freed++ }
	g.Retire(nil, free)
	require.Equal(t, 1, freed, "nobody is inside")
	own, other, third := g.Enter(0, true), g.Enter(0, true), g.Enter(0, true)
	g.Retire(own, free)
	g.Retire(own, free)
	late := g.Enter(0, true)
	other.Leave()
	require.Equal(t, 1, freed)
	third.Leave()
	require.Equal(t, 3, freed, "neither the caller nor who came later is waited for")
	late.Leave()
	own.Leave()
	inside := g.Enter(0, true)
	g.Retire(nil, free)
	over := false
	go g.Close(func() { over = freed == 4 }, polltest.Patience)
	require.Eventually(t, g.Closed, polltest.Patience, time.Millisecond)
	inside.Leave()
	require.Eventually(t, g.LastBegun, polltest.Patience, time.Millisecond)
	<-g.Empty()
	require.True(t, over, "before the closing work")
}
