package poll

import (
	"sync/atomic"

	"wdsocket/core/fault"
)

// While the wake-up is set, a call that would have to wait behaves as if its time
// were over, and gives fault.Cancelled. Calls that find what they need go on, and
// so do polls, tasks and what goes on in the background.

// WakeupWord says whether the wake-up is set, in bit 0, and how often it was
// cleared. It may be memory outside of Go.
type WakeupWord struct{ word atomic.Uint32 }

var wakeup atomic.Pointer[WakeupWord]

func init() { wakeup.Store(new(WakeupWord)) }

// UseWakeup makes another word the wake-up's.
func UseWakeup(w *WakeupWord) { wakeup.Store(w) }

// Wakeup is the wake-up's word.
func Wakeup() *WakeupWord { return wakeup.Load() }

// isSet tells whether calls may not wait.
func (w *WakeupWord) isSet() bool { return w.word.Load()&1 != 0 }

// Clearings is how often the wake-up was cleared.
func (w *WakeupWord) Clearings() uint32 { return w.word.Load() >> 1 }

// nextClearing is the number of clearings after one more.
func nextClearing(clearings uint32) uint32 { return (clearings + 1) << 1 >> 1 }

// Set sets the wake-up, unless it was cleared since there were so many clearings.
func (w *WakeupWord) Set(clearings uint32) {
	w.word.CompareAndSwap(clearings<<1, clearings<<1|1)
}

// clear clears the wake-up.
func (w *WakeupWord) clear() {
	for {
		old := w.word.Load()
		if w.word.CompareAndSwap(old, old&^1+2) {
			return
		}
	}
}

// wakeupIsSet tells whether the call must not wait because the wake-up is set, or was
// when the call had begun. One that may not wait anyway is not concerned.
func (w *Call) wakeupIsSet() bool {
	return (wakeup.Load().isSet() || w.wokenBy.Load() == wokenByWakeup) && !w.nonBlocking && !w.background
}

// Interrupt wakes the calls of the user's that wait, and began when the wake-up had not
// been cleared more often than so. They must not wait again, also when it is cleared
// before they hear of it.
func (g *Gate) Interrupt(clearings uint32) {
	g.mu.Lock()
	for w := g.calls; w != nil; w = w.next {
		if !w.background && !later(w.clearings, clearings) {
			w.wakeLocked(wokenByWakeup)
		}
	}
	g.mu.Unlock()
}

// Interrupted tells whether the call would have to return instead of waiting.
func (w *Call) Interrupted() bool { return w.wakeupIsSet() || w.Woken() != fault.OK }
