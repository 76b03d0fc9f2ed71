//go:build !lockorder

package lockorder

import "sync"

// Asserted tells whether the order is asserted.
const Asserted = false

// Mutex is a mutex with a place in the order.
type Mutex[R Rank] struct{ sync.Mutex }
