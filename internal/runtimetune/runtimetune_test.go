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
		assert.Equal(t, c.pace, paceFor(c.live), "%d bytes", c.live)
	}
}

func TestTheFloorIsWhereTheCollectorBegins(t *testing.T) {
	old := debug.SetGCPercent(paceFor(0))
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
	quiet := heap{allocated: 500 * mb, live: 8 * mb, used: 30 * mb, kept: 20 * mb}
	for _, c := range []struct {
		what  string
		now   heap
		freed bool
		again bool
	}{
		{"a storm that is over", quiet, true, false},
		{"still going on", heap{allocated: 501 * mb, live: 8 * mb, used: 30 * mb}, false, true},
		{"little to free", heap{allocated: 500 * mb, live: 8 * mb, used: 9 * mb, kept: mb}, false, false},
		{"little beside what lives", heap{allocated: 500 * mb, live: 800 * mb, used: 900 * mb, kept: 50 * mb}, false, false},
	} {
		freed := false
		tidy := &tidying{last: quiet, read: func() heap { return c.now }, free: func() { freed = true }}
		tidy.running.Store(true)
		tidy.look()
		assert.Equal(t, c.freed, freed, c.what)
		assert.Equal(t, c.again, tidy.running.Load(), c.what)
	}
}

// What panics is reported, and the next collection begins anew.
func TestGivingMemoryBackSurvivesAPanic(t *testing.T) {
	var begun, reported atomic.Int32
	const panics = 3
	tidy := &tidying{
		read: func() heap {
			if begun.Add(1) <= panics {
				panic("it goes wrong")
			}
			return heap{}
		},
		free:   func() {},
		report: func(*fault.Error) { reported.Add(1) },
	}
	tidy.running.Store(true)
	require.Panics(t, tidy.look)
	require.False(t, tidy.running.Load())
	require.Panics(t, tidy.begin)
	require.False(t, tidy.running.Load())
	func() {
		c := &collected{pace: ownPace, after: tidy}
		require.Panics(t, c.again)
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
	assert.Less(t, h.spare(), uint64(1)<<40)
}

func TestPaceChangesOnlyWhereItMatters(t *testing.T) {
	assert.True(t, worthwhile(100, 1500))
	assert.True(t, worthwhile(1500, 700))
	assert.True(t, worthwhile(110, 100), "back to Go's own")
	assert.False(t, worthwhile(100, 100))
	assert.False(t, worthwhile(700, 600))
	assert.False(t, worthwhile(700, 800))
}
