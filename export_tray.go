package main

// #include "export_tray.h"
import "C"

import (
	"runtime"
	"sync/atomic"
	"time"
	"unsafe"

	"wdsocket/core/frame"
)

// trays lend memory to the host's side of the library, where a small write is
// put without entering Go; see export_tray.h. The memory stays Go's: it is
// pinned for as long as it is lent.
type trays struct {
	pins [C.WDS_TRAYS]runtime.Pinner // each under its tray's lock
}

func trayOf(socket int32) (*C.wds_tray, int) {
	at := int(uint32(socket) % C.WDS_TRAYS)
	return &C.wds_trays[at], at
}

// hold takes the lock of a tray, which others hold for the time of a copy.
func hold(t *C.wds_tray) {
	const few = 100
	for tries := 0; !atomic.CompareAndSwapInt32((*int32)(&t.lock), 0, 1); tries++ {
		if tries < few {
			runtime.Gosched()
		} else { // its thread is not running
			time.Sleep(50 * time.Microsecond)
		}
	}
}

func release(t *C.wds_tray) { atomic.StoreInt32((*int32)(&t.lock), 0) }

// show tells the host's side whose tray it is.
func show(t *C.wds_tray, socket int32) { atomic.StoreInt32((*int32)(&t.open), socket) }

// Lend gives the host's side room for messages of a socket; Open lets it fill
// that. False: the place is taken, or it does not know such an envelope.
func (ts *trays) Lend(socket int32, room []byte, e frame.Envelope) bool {
	if len(e.Tail) > C.WDS_TRAY_TAIL || len(room) == 0 {
		return false
	}
	t, at := trayOf(socket)
	if atomic.LoadInt32((*int32)(&t.open)) != 0 {
		return false // whoever writes there is not to be disturbed
	}
	hold(t)
	defer release(t)
	if t.owner != 0 {
		return false
	}
	ts.pins[at].Pin(&room[0])
	t.owner, t.over, t.messages, t.used = C.int32_t(socket), 0, 0, 0
	t.memory, t.room = C.uintptr_t(uintptr(unsafe.Pointer(&room[0]))), C.int32_t(len(room))
	t.limit, t.sized = C.int32_t(min(e.Limit, len(room))), 0
	if e.Sized {
		t.sized = 1
	}
	t.tail_length = C.int32_t(len(e.Tail))
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&t.tail[0])), C.WDS_TRAY_TAIL), e.Tail)
	return true
}

// Open lets the host's side put messages there, unless Close came first.
func (ts *trays) Open(socket int32) {
	t, _ := trayOf(socket)
	hold(t)
	defer release(t)
	if t.owner == C.int32_t(socket) && t.over == 0 {
		show(t, socket)
	}
}

// Close lets nobody put anything there any more; Take has to follow.
func (ts *trays) Close(socket int32) {
	t, _ := trayOf(socket)
	hold(t)
	defer release(t)
	if t.owner == C.int32_t(socket) {
		t.over = 1
		show(t, 0)
	}
}

// Count tells how many bytes and messages were put there so far; false: it is
// not lent.
func (ts *trays) Count(socket int32) (bytes, messages int, lent bool) {
	t, _ := trayOf(socket)
	hold(t)
	defer release(t)
	return int(t.used), int(t.messages), t.owner == C.int32_t(socket)
}

// Take takes the room back, and tells how many bytes and messages are in it.
func (ts *trays) Take(socket int32) (bytes, messages int) {
	t, at := trayOf(socket)
	hold(t)
	defer release(t)
	if t.owner != C.int32_t(socket) {
		return 0, 0
	}
	show(t, 0)
	ts.pins[at].Unpin()
	t.owner, t.memory = 0, 0
	return int(t.used), int(t.messages)
}
