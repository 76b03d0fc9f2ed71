package main

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
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

func TestPaceChangesOnlyWhereItMatters(t *testing.T) {
	assert.True(t, worthwhile(100, 1500))
	assert.True(t, worthwhile(1500, 700))
	assert.True(t, worthwhile(110, 100), "back to Go's own")
	assert.False(t, worthwhile(100, 100))
	assert.False(t, worthwhile(700, 600))
	assert.False(t, worthwhile(700, 800))
}
