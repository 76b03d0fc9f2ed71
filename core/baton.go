package core

import (
	"sync"

	"wdsocket/core/wire"
)

// baton is the writer's role of a connection: a lock that a call waits for no
// longer than it may, handed from one to the next. The zero value is free.
//
// Its mu is taken last.
type baton struct {
	mu      sync.Mutex
	held    bool
	waiting int32         // calls that wait and were not given it yet
	passed  chan struct{} // holds the role on its way to one of them; made when one first waits
}

// try takes the role if it is free.
func (b *baton) try() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	free := !b.held
	b.held = true
	return free
}

// take waits for the role as w says. Errors: fault.Timeout, fault.Cancelled,
// fault.Closed.
func (b *baton) take(w *wire.Wait) error {
	b.mu.Lock()
	if !b.held {
		b.held = true
		b.mu.Unlock()
		return nil
	}
	if b.passed == nil {
		b.passed = make(chan struct{}, 1)
	}
	b.waiting++
	b.mu.Unlock()
	err := w.For(b.passed)
	if err != nil {
		b.giveUp()
	}
	return err
}

// giveUp ends a wait that was in vain. If the role was on its way meanwhile, it
// goes on to the next.
func (b *baton) giveUp() {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-b.passed:
		b.pass()
	default:
		b.waiting--
	}
}

// drop gives the role to one who waits, or makes it free.
func (b *baton) drop() {
	b.mu.Lock()
	b.pass()
	b.mu.Unlock()
}

func (b *baton) pass() {
	if b.waiting == 0 {
		b.held = false
		return
	}
	b.waiting--
	b.passed <- struct{}{} // one role: there is room
}
