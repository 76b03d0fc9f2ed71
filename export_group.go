package main

// #include "export_shim.h"
import "C"

import (
	"unsafe"

	"wdsocket/core/fault"
)

//export wdsgo_GroupJoin
func wdsgo_GroupJoin(rec *C.wds_record, channel C.int32_t, group *C.char) (result C.int32_t) {
	defer guard(rec, &result)
	return fail(rec, fault.New(fault.Unsupported, fault.PhaseCall, ""))
}

//export wdsgo_GroupLeave
func wdsgo_GroupLeave(rec *C.wds_record, channel C.int32_t, group *C.char) (result C.int32_t) {
	defer guard(rec, &result)
	return fail(rec, fault.New(fault.Unsupported, fault.PhaseCall, ""))
}

//export wdsgo_GroupPublish
func wdsgo_GroupPublish(rec *C.wds_record, server C.int32_t, group *C.char, data unsafe.Pointer, length C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	return fail(rec, fault.New(fault.Unsupported, fault.PhaseCall, ""))
}
