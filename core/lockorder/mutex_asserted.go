//go:build lockorder

package lockorder

import (
	"bytes"
	"fmt"
	"runtime"
	"strconv"
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

// held are the places of the locks that each goroutine holds.
var held struct {
	mu     sync.Mutex
	places map[int64][]int
}

func before(r Rank) {
	held.mu.Lock()
	defer held.mu.Unlock()
	for _, place := range held.places[goroutine()] {
		if place >= r.Place() {
			panic(fmt.Sprintf("lock order: %T (%d) is taken under a lock with place %d", r, r.Place(), place))
		}
	}
}

func note(r Rank) {
	held.mu.Lock()
	defer held.mu.Unlock()
	if held.places == nil {
		held.places = make(map[int64][]int)
	}
	id := goroutine()
	held.places[id] = append(held.places[id], r.Place())
}

func forget(r Rank) {
	held.mu.Lock()
	defer held.mu.Unlock()
	id := goroutine()
	places := held.places[id]
	for i := len(places) - 1; i >= 0; i-- {
		if places[i] == r.Place() {
			places = append(places[:i], places[i+1:]...)
			break
		}
	}
	if len(places) == 0 {
		delete(held.places, id)
	} else {
		held.places[id] = places
	}
}

// goroutine is the number of the present one, as its stack says.
func goroutine() int64 {
	var b [64]byte
	words := bytes.Fields(b[:runtime.Stack(b[:], false)])
	id, err := strconv.ParseInt(string(words[1]), 10, 64)
	if err != nil {
		panic(err)
	}
	return id
}
