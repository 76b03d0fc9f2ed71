package main

// #include "export_tray.h"
import "C"

import (
	"runtime"
	"sync/atomic"
	"time"
	"unsafe"

	"wdsocket/core"
	"wdsocket/core/frame"
)

// trays lend memory to the host's side of the library, which puts small messages
// there, or takes them, without entering Go; see export_tray.h. The memory stays
// Go's: it is pinned for as long as it is lent.
type trays struct {
	pins [2][C.WDS_TRAYS]runtime.Pinner // by core.Way; each under its tray's lock
}

// place is which tray a socket has.
func place(socket int32) int { return int(uint32(socket) % C.WDS_TRAYS) }

func loanOf(way core.Way, socket int32) *C.wds_loan {
	if way == core.Incoming {
		return &C.wds_in_trays[place(socket)].loan
	}
	return &C.wds_out_trays[place(socket)].loan
}

// hold takes the lock of a tray, which others hold for the time of a copy.
func hold(l *C.wds_loan) {
	const few = 100
	for tries := 0; !atomic.CompareAndSwapInt32((*int32)(&l.lock), 0, 1); tries++ {
		if tries < few {
			runtime.Gosched()
		} else { // its thread is not running
			time.Sleep(50 * time.Microsecond)
		}
	}
}

func release(l *C.wds_loan) { atomic.StoreInt32((*int32)(&l.lock), 0) }

// show tells the host's side whose tray it is.
func show(l *C.wds_loan, socket int32) { atomic.StoreInt32((*int32)(&l.open), socket) }

// begin lends a tray, of which the caller fills in the rest and releases it.
// False: the place is taken.
func (ts *trays) begin(way core.Way, socket int32, memory []byte) bool {
	l := loanOf(way, socket)
	if len(memory) == 0 || atomic.LoadInt32((*int32)(&l.open)) != 0 { // whoever uses it is not to be disturbed
		return false
	}
	hold(l)
	if l.owner != 0 {
		release(l)
		return false
	}
	ts.pins[way][place(socket)].Pin(&memory[0])
	l.owner, l.over, l.messages, l.bytes = C.int32_t(socket), 0, 0, 0
	return true
}

// Lend gives the host's side room for messages of a socket; Open lets it fill
// that. False: the place is taken, or it does not know such an envelope.
func (ts *trays) Lend(socket int32, room []byte, e frame.Envelope) bool {
	if len(e.Tail) > C.WDS_TRAY_TAIL || !ts.begin(core.Outgoing, socket, room) {
		return false
	}
	t := &C.wds_out_trays[place(socket)]
	defer release(&t.loan)
	t.memory, t.room = C.uintptr_t(uintptr(unsafe.Pointer(&room[0]))), C.int32_t(len(room))
	t.limit, t.sized = C.int32_t(min(e.Limit, len(room))), 0
	if e.Sized {
		t.sized = 1
	}
	t.tail_length = C.int32_t(len(e.Tail))
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&t.tail[0])), C.WDS_TRAY_TAIL), e.Tail)
	return true
}

// Deal gives the host's side messages of a socket, which stand in memory; the
// caller fills in where, and Open lets it take them. Nil: the place is taken.
func (ts *trays) Deal(socket int32, memory []byte) []core.Place {
	if !ts.begin(core.Incoming, socket, memory) {
		return nil
	}
	t := &C.wds_in_trays[place(socket)]
	defer release(&t.loan)
	t.memory, t.count = C.uintptr_t(uintptr(unsafe.Pointer(&memory[0]))), 0
	return unsafe.Slice((*core.Place)(unsafe.Pointer(&t.places[0])), C.WDS_PLACES)
}

// Open lets the host's side use the tray, unless Close came first; count is how
// many places were filled in.
func (ts *trays) Open(way core.Way, socket int32, count int) {
	l := loanOf(way, socket)
	hold(l)
	defer release(l)
	if l.owner != C.int32_t(socket) || l.over != 0 {
		return
	}
	if way == core.Incoming {
		C.wds_in_trays[place(socket)].count = C.int32_t(count)
	}
	show(l, socket)
}

// Close lets nobody use it any more; Take has to follow.
func (ts *trays) Close(way core.Way, socket int32) {
	l := loanOf(way, socket)
	hold(l)
	defer release(l)
	if l.owner == C.int32_t(socket) {
		l.over = 1
		show(l, 0)
	}
}

// Count tells how many bytes and messages were put there or taken so far; false:
// it is not lent.
func (ts *trays) Count(way core.Way, socket int32) (bytes, messages int, lent bool) {
	l := loanOf(way, socket)
	hold(l)
	defer release(l)
	return int(l.bytes), int(l.messages), l.owner == C.int32_t(socket)
}

// Take takes the tray back, and tells how many bytes and messages were put there
// or taken.
func (ts *trays) Take(way core.Way, socket int32) (bytes, messages int) {
	l := loanOf(way, socket)
	hold(l)
	defer release(l)
	if l.owner != C.int32_t(socket) {
		return 0, 0
	}
	show(l, 0)
	ts.pins[way][place(socket)].Unpin()
	l.owner = 0
	return int(l.bytes), int(l.messages)
}
