// Package runtimetune fits the Go runtime to a library in a host.
package runtimetune

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"wdsocket/core/task"
)

// heapFloor is how large the heap may become before the collector runs at all.
// By itself Go begins at 4 MiB, and a library whose live memory is some hundred
// kilobytes would collect hundreds of times a second under load. Where the live
// memory is half of the floor or more, the pace is Go's own.
const heapFloor = 16 << 20

// MoreThreads makes sure that host threads find room in the Go scheduler: with
// few processors configured, many threads in short calls wait for each other.
// The host's user may have chosen a number by GOMAXPROCS.
func MoreThreads() {
	const enough = 64
	if os.Getenv("GOMAXPROCS") == "" && runtime.GOMAXPROCS(0) < enough {
		runtime.GOMAXPROCS(enough)
	}
}

// RaiseHeapFloor gives the collector its pace, unless the host's user has
// chosen one by GOGC.
func RaiseHeapFloor(report task.Report) {
	if os.Getenv("GOGC") != "" {
		return
	}
	c := &collected{pace: ownPace, after: &tidying{read: readHeap, free: debug.FreeOSMemory, report: report}}
	c.again()
}

// collected is found unreachable by every collection, so that the pace follows
// the live memory.
type collected struct {
	pace  int
	after *tidying
}

const ownPace = 100 // per cent of the live memory, Go's default

func (c *collected) again() {
	defer task.SetFinalizer("the pace of the collector", c.after.report, c, (*collected).again)
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if next := paceFor(live[0].Value.Uint64()); worthwhile(c.pace, next) {
		debug.SetGCPercent(next)
		c.pace = next
	}
	c.after.begin()
}

// paceFor is how many per cent of the live memory may be added before the next
// collection. Go's own least heap grows with the pace, so that a small heap
// needs no more than what makes it the floor.
func paceFor(live uint64) int {
	const goLeast = 4 << 20 // of the heap, at ownPace
	const most = heapFloor / goLeast * ownPace
	return min(max(int(heapFloor*100/max(live, 1))-100, ownPace), most)
}

// worthwhile tells whether a change of the pace is worth the stop of all
// threads that it takes.
func worthwhile(now, next int) bool {
	const slack = 4 // a quarter
	return next > now+now/slack || next < now-now/slack || next == ownPace && now != ownPace
}

// tidying gives memory back to the system once a storm is over: thousands of
// hand-shakes leave many times the memory that their connections need, and a
// library that is silent afterwards would not collect it for minutes.
//
// Each collection begins it. It looks every tidyPause until hardly anything was
// allocated between two looks, and frees then if that is worthwhile.
type tidying struct {
	running atomic.Bool
	last    heap
	read    func() heap
	free    func()
	report  task.Report
}

// heap is what is known of the memory, in bytes.
type heap struct {
	allocated uint64 // in all, since the beginning
	live      uint64 // after the last collection
	used      uint64 // by objects, dead ones too
	kept      uint64 // free, and not given back to the system
}

const (
	tidyPause   = 3 * time.Second
	tidyQuiet   = 256 << 10 // allocated between two looks
	tidyWorth   = 4 << 20
	tidyPercent = 25 // of the live memory
)

func (t *tidying) begin() {
	if t.running.Swap(true) {
		return
	}
	goesOn := false
	defer func() {
		if !goesOn {
			t.running.Store(false)
		}
	}()
	t.last = t.read()
	t.later()
	goesOn = true
}

// later looks after a while.
func (t *tidying) later() { task.AfterFunc("giving memory back", t.report, tidyPause, t.look) }

func (t *tidying) look() {
	goesOn := false
	defer func() {
		if !goesOn {
			t.running.Store(false)
		}
	}()
	now := t.read()
	if now.allocated-t.last.allocated > tidyQuiet {
		t.last = now
		t.later()
		goesOn = true
		return
	}
	if now.spare() > max(tidyWorth, now.live*tidyPercent/100) {
		t.free() // collects: it does not begin another time meanwhile
	}
}

// spare is about what freeing would give back.
func (h *heap) spare() uint64 { return h.used - min(h.live, h.used) + h.kept }

func readHeap() heap {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/free:bytes"}}
	metrics.Read(s)
	return heap{s[0].Value.Uint64(), s[1].Value.Uint64(), s[2].Value.Uint64(), s[3].Value.Uint64()}
}
