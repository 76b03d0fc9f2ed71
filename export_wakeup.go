package main

// #include "export_shim.h"
// #include "export_wakeup.h"
import "C"

import "wdsocket/core/fault"

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
