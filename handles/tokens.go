package handles

import (
	"sync"
	"unsafe"

	"github.com/mattn/go-pointer"
)

// quarantine is how many taken tokens keep their address. The C library gives
// a freed address out again at once; without the delay a token that is freed
// twice would now and then free another one.
const quarantine = 1024

// token is what stands behind a token's address.
type token struct {
	owner      *Tokens        // never changes: read under another owner's lock too
	address    unsafe.Pointer // never changes
	object     any
	live       bool
	number     uint64 // of all ever made
	prev, next *token // the other live ones, for Drain
}

// Tokens gives out opaque pointers for objects that a host holds until it
// frees them. A pointer that was never given out, is NULL or has been taken
// already is told apart from a live one; what it points to is never looked at.
// The zero value is ready. All methods may be called from any goroutine.
type Tokens struct {
	lock   sync.Mutex // held around each look-up and release, which must be one step
	oldest *token
	newest *token
	count  int
	made   uint64
	taken  []unsafe.Pointer // a ring of quarantine addresses
	at     int              // the oldest in a full ring
}

// Add gives out a token for an object. It is never NULL.
func (t *Tokens) Add(object any) unsafe.Pointer {
	k := &token{owner: t, object: object, live: true}
	t.lock.Lock()
	defer t.lock.Unlock()
	k.address = pointer.Save(k)
	if k.prev = t.newest; k.prev != nil {
		k.prev.next = k
	} else {
		t.oldest = k
	}
	t.newest = k
	t.count++
	t.made++
	k.number = t.made
	return k.address
}

// Get finds the object of a live token of this Tokens.
func (t *Tokens) Get(p unsafe.Pointer) (any, bool) {
	t.lock.Lock()
	defer t.lock.Unlock()
	k := t.findLocked(p)
	if k == nil {
		return nil, false
	}
	return k.object, true
}

// Take ends a token and returns its object. Of several callers exactly one
// gets it.
func (t *Tokens) Take(p unsafe.Pointer) (any, bool) {
	t.lock.Lock()
	defer t.lock.Unlock()
	k := t.findLocked(p)
	if k == nil {
		return nil, false
	}
	return t.endLocked(k), true
}

// Drain takes every live token, the oldest first, and hands its object to f,
// which runs without a lock and may be nil. Tokens that are added meanwhile stay, or
// other goroutines could keep it for ever. If none is left, it gives back all memory that
// tokens hold.
func (t *Tokens) Drain(f func(any)) {
	t.lock.Lock()
	last := t.made
	t.lock.Unlock()
	for {
		object, ok := t.takeOldest(last)
		if !ok {
			return
		}
		if f != nil {
			f(object)
		}
	}
}

// takeOldest takes the oldest token, up to the one of that number; if there is none at
// all it ends the quarantine.
func (t *Tokens) takeOldest(last uint64) (any, bool) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.oldest != nil {
		if t.oldest.number > last {
			return nil, false
		}
		return t.endLocked(t.oldest), true
	}
	for _, p := range t.taken {
		pointer.Unref(p)
	}
	t.taken, t.at = nil, 0
	return nil, false
}

// Len is the number of live tokens.
func (t *Tokens) Len() int {
	t.lock.Lock()
	defer t.lock.Unlock()
	return t.count
}

// findLocked looks a token up. Restore only compares the address.
func (t *Tokens) findLocked(p unsafe.Pointer) *token {
	k, ok := pointer.Restore(p).(*token)
	if !ok || k.owner != t || !k.live {
		return nil
	}
	return k
}

// endLocked takes a live token out of the list and puts its address into quarantine.
func (t *Tokens) endLocked(k *token) any {
	if k.prev != nil {
		k.prev.next = k.next
	} else {
		t.oldest = k.next
	}
	if k.next != nil {
		k.next.prev = k.prev
	} else {
		t.newest = k.prev
	}
	t.count--
	object := k.object
	k.object, k.live, k.prev, k.next = nil, false, nil, nil
	t.retireLocked(k.address)
	return object
}

// retireLocked frees the address that has been in quarantine for longest, if it is
// full, and keeps this one instead.
func (t *Tokens) retireLocked(p unsafe.Pointer) {
	if len(t.taken) < quarantine {
		t.taken = append(t.taken, p)
		return
	}
	pointer.Unref(t.taken[t.at])
	t.taken[t.at] = p
	t.at = (t.at + 1) % quarantine
}
