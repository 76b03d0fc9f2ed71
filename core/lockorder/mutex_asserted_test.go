//go:build lockorder

package lockorder

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheOrderIsAsserted(t *testing.T) {
	var first Mutex[Socket]
	var second Mutex[Server]
	first.Lock()
	second.Lock()
	second.Unlock()
	first.Unlock()

	second.Lock()
	assert.PanicsWithValue(t, "lock order: lockorder.Socket (6) is taken under a lock with place 7", first.Lock)
	var other Mutex[Server]
	assert.Panics(t, other.Lock, "two of one place")
	assert.True(t, first.TryLock(), "what does not wait may be tried")
	assert.False(t, first.TryLock())
	first.Unlock()
	second.Unlock()

	done := make(chan struct{})
	second.Lock()
	go func() { // another goroutine holds nothing
		first.Lock()
		first.Unlock()
		close(done)
	}()
	<-done
	second.Unlock()
	for i := range held {
		assert.Empty(t, held[i].places)
	}
}
