package core

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"wdsocket/core/fault"
)

// On Windows clients are accepted by package net, which allocates for each wait.
func TestNothingIsAllocatedByAcceptingInVain(t *testing.T) {
	if raceEnabled {
		return
	}
	k := newKit(t, setup{direct: true})
	server, _ := k.listen(nil)
	assert.Zero(t, allocations(t, func() {
		if err := server.WaitForConnection(0); fault.CodeOf(err) != fault.Timeout {
			panic(err)
		}
	}))
}
