package lockorder

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAMutexLocks(t *testing.T) {
	var m Mutex[Leaf]
	var all sync.WaitGroup
	n := 0
	for range 8 {
		all.Go(func() {
			for range 1000 {
				m.Lock()
				n++
				m.Unlock()
			}
		})
	}
	all.Wait()
	assert.Equal(t, 8000, n)
	assert.True(t, m.TryLock())
	assert.False(t, m.TryLock())
	m.Unlock()
}
