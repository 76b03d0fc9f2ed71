package waitmutex

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var errLate = errors.New("late")

// until waits until its channel is closed.
type until chan struct{}

func (u until) For(c <-chan struct{}) error {
	select {
	case <-c:
		return nil
	case <-u:
		return errLate
	}
}

// waiters waits until so many calls wait for m.
func waiters(t *testing.T, m *Mutex, n int32) {
	t.Helper()
	require.Eventually(t, func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.waiting == n
	}, 20*time.Second, time.Millisecond)
}

func TestLockingWithoutWaiting(t *testing.T) {
	var m Mutex
	require.True(t, m.TryLock())
	require.False(t, m.TryLock())
	m.Unlock()
	require.NoError(t, m.Lock(nil))
	require.False(t, m.TryLock())
	m.Unlock()
	require.True(t, m.TryLock())
}

func TestTheLockIsHandedToOneThatWaits(t *testing.T) {
	var m Mutex
	require.True(t, m.TryLock())
	got := make(chan error)
	go func() { got <- m.Lock(make(until)) }()
	waiters(t, &m, 1)
	m.Unlock()
	require.False(t, m.TryLock(), "it is on its way")
	require.NoError(t, <-got)
	m.Unlock()
	require.True(t, m.TryLock())
}

func TestAWaitInVain(t *testing.T) {
	var m Mutex
	require.True(t, m.TryLock())
	late, got := make(until), make(chan error)
	go func() { got <- m.Lock(late) }()
	waiters(t, &m, 1)
	close(late)
	require.ErrorIs(t, <-got, errLate)
	m.Unlock()
	require.True(t, m.TryLock(), "nobody was handed it")
}

// refuses is a call that is handed the lock and is cancelled in the same moment.
type refuses struct {
	m    *Mutex
	next func()
}

func (r refuses) For(<-chan struct{}) error {
	r.next()
	r.m.Unlock() // on its way to this call now
	return errLate
}

func TestALockOnItsWayToACallThatGaveUpGoesOn(t *testing.T) {
	var m Mutex
	require.True(t, m.TryLock())
	got := make(chan error)
	err := m.Lock(refuses{&m, func() {
		go func() { got <- m.Lock(make(until)) }()
		waiters(t, &m, 2)
	}})
	require.ErrorIs(t, err, errLate)
	require.NoError(t, <-got)
	m.Unlock()
	require.True(t, m.TryLock())

	require.ErrorIs(t, m.Lock(refuses{&m, func() {}}), errLate)
	require.True(t, m.TryLock(), "there was no next one")
}

func TestOneAtATimeHoldsIt(t *testing.T) {
	var m Mutex
	var inside, most atomic.Int32
	var all sync.WaitGroup
	never := make(until)
	for range 8 {
		all.Go(func() {
			for range 500 {
				if !assert.NoError(t, m.Lock(never)) {
					return
				}
				most.Store(max(most.Load(), inside.Add(1)))
				inside.Add(-1)
				m.Unlock()
			}
		})
	}
	all.Wait()
	assert.Equal(t, int32(1), most.Load())
}
