package runtimetune

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

func TestPaceFollowsTheLiveMemory(t *testing.T) {
	for _, c := range []struct {
		live uint64
		pace int
	}{
		{0, 400}, {1 << 20, 400}, {2 << 20, 400}, {4 << 20, 300}, {8 << 20, 100}, {9 << 20, 100}, {1 << 40, 100},
	} {
		assert.Equal(t, c.pace, gcPercentFor(c.live), "%d bytes", c.live)
	}
}

func TestTheFloorIsWhereTheCollectorBegins(t *testing.T) {
	old := debug.SetGCPercent(gcPercentFor(0))
	t.Cleanup(func() { debug.SetGCPercent(old) })
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	const most = 2 * heapFloor // beside this test's own memory
	assert.GreaterOrEqual(t, m.NextGC, uint64(heapFloor))
	assert.Less(t, m.NextGC, uint64(most))
}

func TestMemoryIsGivenBackAfterAStorm(t *testing.T) {
	const mb = 1 << 20
	quiet := heap{allocated: 500 * mb, live: 8 * mb, used: 30 * mb, idle: 20 * mb}
	for _, c := range []struct {
		what  string
		now   heap
		freed bool
		again bool
	}{
		{"a storm that is over", quiet, true, false},
		{"still going on", heap{allocated: 501 * mb, live: 8 * mb, used: 30 * mb}, false, true},
		{"little to free", heap{allocated: 500 * mb, live: 8 * mb, used: 9 * mb, idle: mb}, false, false},
		{"little beside what lives", heap{allocated: 500 * mb, live: 800 * mb, used: 900 * mb, idle: 50 * mb}, false, false},
	} {
		freed := false
		trimmer := &heapTrimmer{last: quiet, read: func() heap { return c.now }, free: func() { freed = true }}
		trimmer.running.Store(true)
		trimmer.check()
		assert.Equal(t, c.freed, freed, c.what)
		assert.Equal(t, c.again, trimmer.running.Load(), c.what)
	}
}

// What panics is reported, and the next collection begins anew.
func TestGivingMemoryBackSurvivesAPanic(t *testing.T) {
	var begun, reported atomic.Int32
	const panics = 3
	trimmer := &heapTrimmer{
		read: func() heap {
			if begun.Add(1) <= panics {
				panic("it goes wrong")
			}
			return heap{}
		},
		free:   func() {},
		report: func(*fault.Error) { reported.Add(1) },
	}
	trimmer.running.Store(true)
	require.Panics(t, trimmer.check)
	require.False(t, trimmer.running.Load())
	require.Panics(t, trimmer.begin)
	require.False(t, trimmer.running.Load())
	func() {
		c := &gcPacer{pace: goDefaultPercent, trimmer: trimmer}
		require.Panics(t, c.adjust)
	}()
	require.Eventually(t, func() bool {
		runtime.GC()
		return begun.Load() > panics
	}, 20*time.Second, time.Millisecond)
	require.Zero(t, reported.Load(), "the calls above were not tasks")
}

func TestTheRuntimeTellsOfItsMemory(t *testing.T) {
	runtime.GC()
	h := readHeap()
	assert.Positive(t, h.allocated)
	assert.Positive(t, h.live)
	assert.Positive(t, h.used)
	assert.Less(t, h.reclaimable(), uint64(1)<<40)
}

func TestPaceChangesOnlyWhereItMatters(t *testing.T) {
	assert.True(t, worthChanging(100, 1500))
	assert.True(t, worthChanging(1500, 700))
	assert.True(t, worthChanging(110, 100), "back to Go's own")
	assert.False(t, worthChanging(100, 100))
	assert.False(t, worthChanging(700, 600))
	assert.False(t, worthChanging(700, 800))
}
