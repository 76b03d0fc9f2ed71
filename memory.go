package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// heapFloor is how large the heap may become before the collector runs at all.
// By itself Go begins at 4 MiB, and a library whose live memory is some hundred
// kilobytes would collect hundreds of times a second under load. Where the live
// memory is half of the floor or more, the pace is Go's own.
const heapFloor = 16 << 20

// raiseHeapFloor gives the collector its pace, unless the host's user has
// chosen one by GOGC.
func raiseHeapFloor() {
	if os.Getenv("GOGC") != "" {
		return
	}
	c := &collected{pace: ownPace}
	c.again()
}

// collected is found unreachable by every collection, so that the pace follows
// the live memory.
type collected struct{ pace int }

const ownPace = 100 // per cent of the live memory, Go's default

func (c *collected) again() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if next := paceFor(live[0].Value.Uint64()); worthwhile(c.pace, next) {
		debug.SetGCPercent(next)
		c.pace = next
	}
	runtime.SetFinalizer(c, (*collected).again)
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
