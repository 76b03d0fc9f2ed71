package main

// #include "export_shim.h"
// #include "export_start.h"
// #include "export_wakeup.h"
import "C"

import (
	"runtime"
	"sync"
	"time"
	"unsafe"

	"wdsocket/core/poll"
	"wdsocket/core/task"
)

// wdsgo_Start is the first entry into Go. The descriptors that C holds are let go
// of, and at once the runtime takes its own: it would end the process if there were
// none when it needs them first.
//
//export wdsgo_Start
func wdsgo_Start() (result C.int32_t) {
	defer guard(nil, &result)
	C.wds_release_reserved()
	task.AfterFunc("the first timer", nil, time.Hour, func() {}).Stop()
	poll.UseWakeup((*poll.WakeupWord)(unsafe.Pointer(&C.wds_wakeup_word)))
	waitOnTheirStacks()
	watchWakeups()
	startThreads()
	if path := C.GoString(C.wds_trace()); path != "" {
		lib.RecordAll(path)
	}
	return 0
}

// startThreads has the runtime make the threads now that it would make in the
// first moments of work: it ends the process when it cannot have one.
func startThreads() {
	const threads = 4
	var all, arrived sync.WaitGroup
	all.Add(threads)
	arrived.Add(threads)
	for range threads {
		task.Go("a first thread", lib.Report, func() {
			defer arrived.Done()
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			all.Done()
			all.Wait() // each has a thread of its own
		})
	}
	arrived.Wait()
}
