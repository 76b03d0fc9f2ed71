package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestATerminalThatUnderstandsNothingGetsNoSequences(t *testing.T) {
	for name, understands := range map[string]bool{"dumb": false, "": false, "xterm": true} {
		t.Setenv("TERM", name)
		assert.Equal(t, understands, understandsSequences(os.Stdout), name)
	}
}
