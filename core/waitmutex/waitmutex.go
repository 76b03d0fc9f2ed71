// Package waitmutex is a mutex for calls that must not wait longer than they
// may: locking ends with a time-out or when the call is cancelled.
package waitmutex

import "wdsocket/core/lockorder"

// Waiter is a call that waits: For returns when there is something in the
// channel, or with the reason why the call must not wait any longer.
type Waiter interface {
	For(c <-chan struct{}) error
}

// Mutex is the lock. Unlock hands it to one of the calls that wait, so that
// none of them is passed over by one that comes later. The zero value is
// unlocked.
//
// Its own lock is a leaf: nothing is locked under it.
type Mutex struct {
	mu      lockorder.Mutex[lockorder.Leaf]
	locked  bool
	waiting int32         // calls that wait and were not handed the lock yet
	handoff chan struct{} // holds the lock on its way to one of them; made when one first waits
}

// TryLock locks m if that takes no waiting.
func (m *Mutex) TryLock() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	free := !m.locked
	m.locked = true
	return free
}

// Lock locks m. The error is w's: m is not locked then.
func (m *Mutex) Lock(w Waiter) error {
	m.mu.Lock()
	if !m.locked {
		m.locked = true
		m.mu.Unlock()
		return nil
	}
	if m.handoff == nil {
		m.handoff = make(chan struct{}, 1)
	}
	m.waiting++
	m.mu.Unlock()
	err := w.For(m.handoff)
	if err != nil {
		m.abandon()
	}
	return err
}

// HasWaiter tells whether a call waits for m.
func (m *Mutex) HasWaiter() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.waiting > 0
}

// abandon ends a wait that was in vain. A lock that was on its way meanwhile goes
// on to the next.
func (m *Mutex) abandon() {
	m.mu.Lock()
	defer m.mu.Unlock()
	select {
	case <-m.handoff:
		m.unlockLocked()
	default:
		m.waiting--
	}
}

// Unlock hands the lock to a call that waits, or unlocks m.
func (m *Mutex) Unlock() {
	m.mu.Lock()
	m.unlockLocked()
	m.mu.Unlock()
}

func (m *Mutex) unlockLocked() {
	if m.waiting == 0 {
		m.locked = false
		return
	}
	m.waiting--
	m.handoff <- struct{}{} // one lock: there is room
}
