//go:build lockorder

package lockorder

import (
	"fmt"
	"slices"
	"sync"
)

// Asserted tells whether the order is asserted.
const Asserted = true

// Mutex is a mutex with a place in the order.
type Mutex[R Rank] struct{ mu sync.Mutex }

// Lock locks m. It panics where the goroutine holds a lock that stands behind m.
func (m *Mutex[R]) Lock() {
	var r R
	before(r)
	m.mu.Lock()
	note(r)
}

// TryLock locks m if that takes no waiting. What cannot wait cannot lock up: it may
// be tried out of order.
func (m *Mutex[R]) TryLock() bool {
	var r R
	if !m.mu.TryLock() {
		return false
	}
	note(r)
	return true
}

// Unlock unlocks m, also of another goroutine than the one that locked it.
func (m *Mutex[R]) Unlock() {
	var r R
	forget(r)
	m.mu.Unlock()
}

// held are the places of the locks that each goroutine holds, in parts, so that
// they do not wait for each other.
var held [64]struct {
	mu     sync.Mutex
	places map[uintptr][]int
}

// goroutine tells the present one from all others that there are.
func goroutine() uintptr

// with runs f on the places of the present goroutine, and keeps what it returns.
func with(f func(places []int) []int) {
	id := goroutine()
	part := &held[id>>10%uintptr(len(held))]
	part.mu.Lock()
	defer part.mu.Unlock()
	if part.places == nil {
		part.places = make(map[uintptr][]int)
	}
	places := f(part.places[id])
	if len(places) == 0 {
		delete(part.places, id)
		return
	}
	part.places[id] = places
}

func before(r Rank) {
	with(func(places []int) []int {
		for _, place := range places {
			if place >= r.Place() {
				panic(fmt.Sprintf("lock order: %T (%d) is taken under a lock with place %d", r, r.Place(), place))
			}
		}
		return places
	})
}

func note(r Rank) {
	with(func(places []int) []int { return append(places, r.Place()) })
}

func forget(r Rank) {
	with(func(places []int) []int {
		if i := slices.Index(places, r.Place()); i >= 0 {
			return slices.Delete(places, i, i+1)
		}
		return places
	})
}
