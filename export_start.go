package main

// #include "export_shim.h"
// #include "export_start.h"
import "C"

import (
	"runtime"
	"sync"
	"time"
	"unsafe"

	"wdsocket/core/fault"
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
	C.wds_release()
	task.AfterFunc("the first timer", nil, time.Hour, func() {}).Stop()
	poll.UseWakeup((*poll.WakeupWord)(unsafe.Pointer(&C.wds_wakeup_word)))
	watchWakeups()
	startThreads()
	if path := C.GoString(C.wds_trace()); path != "" {
		lib.RecordAll(path)
	}
	return 0
}

// wdsgo_Interrupt is interrupt for C.
//
//export wdsgo_Interrupt
func wdsgo_Interrupt(clearings C.uint32_t) { interrupt(uint32(clearings)) }

// interrupt wakes the calls that began to wait before the wake-up was cleared for
// another time.
func interrupt(clearings uint32) {
	var ignored C.int32_t
	defer guard(nil, &ignored)
	lib.Interrupt(clearings)
}

//export wdsgo_WakeupDescriptor
func wdsgo_WakeupDescriptor(rec *C.wds_record) (result C.int32_t) {
	defer guard(rec, &result)
	if fd := C.wds_wakeup_descriptor(); fd >= 0 {
		return fd
	}
	return fail(rec, fault.New(fault.Unsupported, fault.PhaseCall, ""))
}

// startThreads has the runtime make the threads now that it would make in the
// first moments of work: it ends the process when it cannot have one.
func startThreads() {
	const threads = 4
	var all, met sync.WaitGroup
	all.Add(threads)
	met.Add(threads)
	for range threads {
		task.Go("a first thread", lib.Report, func() {
			defer met.Done()
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			all.Done()
			all.Wait() // each has a thread of its own
		})
	}
	met.Wait()
}
