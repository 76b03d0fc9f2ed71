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

// RaiseMaxProcs makes sure that host threads find room in the Go scheduler: with
// few processors configured, many threads in short calls wait for each other.
// The host's user may have chosen a number by GOMAXPROCS.
func RaiseMaxProcs() {
	const enough = 64
	if os.Getenv("GOMAXPROCS") == "" && runtime.GOMAXPROCS(0) < enough {
		runtime.GOMAXPROCS(enough)
	}
}

// PaceCollector gives the collector its pace, unless the host's user has
// chosen one by GOGC.
func PaceCollector(report task.Report) {
	if os.Getenv("GOGC") != "" {
		return
	}
	c := &gcPacer{pace: goDefaultPercent, trimmer: &heapTrimmer{read: readHeap, free: debug.FreeOSMemory, report: report}}
	c.adjust()
}

// gcPacer sets the pace of the collector anew after every collection, which finds
// it unreachable: the pace follows the live memory.
type gcPacer struct {
	pace    int
	trimmer *heapTrimmer
}

const goDefaultPercent = 100 // per cent of the live memory, Go's default

func (c *gcPacer) adjust() {
	defer task.SetFinalizer("the pace of the collector", c.trimmer.report, c, (*gcPacer).adjust)
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if next := gcPercentFor(live[0].Value.Uint64()); worthChanging(c.pace, next) {
		debug.SetGCPercent(next)
		c.pace = next
	}
	c.trimmer.begin()
}

// gcPercentFor is how many per cent of the live memory may be added before the next
// collection. Go's own least heap grows with the pace, so that a small heap
// needs no more than what makes it the floor.
func gcPercentFor(live uint64) int {
	const goLeast = 4 << 20 // of the heap, at goDefaultPercent
	const most = heapFloor / goLeast * goDefaultPercent
	return min(max(int(heapFloor*100/max(live, 1))-100, goDefaultPercent), most)
}

// worthChanging tells whether a change of the pace is worth the stop of all
// threads that it takes.
func worthChanging(now, next int) bool {
	const slack = 4 // a quarter
	return next > now+now/slack || next < now-now/slack || next == goDefaultPercent && now != goDefaultPercent
}

// heapTrimmer gives memory back to the system once a storm is over: thousands of
// handshakes leave many times the memory that their connections need, and a
// library that is silent afterwards would not collect it for minutes.
//
// Each collection begins it. It checks every trimInterval until hardly anything was
// allocated between two checks, and frees then if that is worthwhile.
type heapTrimmer struct {
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
	idle      uint64 // free, and not given back to the system
}

const (
	trimInterval = 3 * time.Second
	trimQuiet    = 256 << 10 // allocated between two checks
	trimLeast    = 4 << 20
	trimPercent  = 25 // of the live memory
)

func (t *heapTrimmer) begin() {
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
	t.checkLater()
	goesOn = true
}

// checkLater checks after a while.
func (t *heapTrimmer) checkLater() {
	task.AfterFunc("giving memory back", t.report, trimInterval, t.check)
}

func (t *heapTrimmer) check() {
	goesOn := false
	defer func() {
		if !goesOn {
			t.running.Store(false)
		}
	}()
	now := t.read()
	if now.allocated-t.last.allocated > trimQuiet {
		t.last = now
		t.checkLater()
		goesOn = true
		return
	}
	if now.reclaimable() > max(trimLeast, now.live*trimPercent/100) {
		t.free() // collects: it does not begin another time meanwhile
	}
}

// reclaimable is about what freeing would give back.
func (h *heap) reclaimable() uint64 { return h.used - min(h.live, h.used) + h.idle }

func readHeap() heap {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/free:bytes"}}
	metrics.Read(s)
	return heap{s[0].Value.Uint64(), s[1].Value.Uint64(), s[2].Value.Uint64(), s[3].Value.Uint64()}
}
