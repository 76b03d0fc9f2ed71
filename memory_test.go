package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPaceFollowsTheLiveMemory(t *testing.T) {
	for _, c := range []struct {
		live uint64
		pace int
	}{
		{0, 1500}, {1 << 20, 1500}, {2 << 20, 700}, {4 << 20, 300}, {8 << 20, 100}, {9 << 20, 100}, {1 << 40, 100},
	} {
		assert.Equal(t, c.pace, paceFor(c.live), "%d bytes", c.live)
	}
}

func TestPaceChangesOnlyWhereItMatters(t *testing.T) {
	assert.True(t, worthwhile(100, 1500))
	assert.True(t, worthwhile(1500, 700))
	assert.True(t, worthwhile(110, 100), "back to Go's own")
	assert.False(t, worthwhile(100, 100))
	assert.False(t, worthwhile(700, 600))
	assert.False(t, worthwhile(700, 800))
}
