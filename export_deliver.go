package main

// #include "export_shim.h"
import "C"

import (
	"unsafe"

	"wdsocket/core/fault"
)

//export wdsgo_SetCallback
func wdsgo_SetCallback(rec *C.wds_record, queue C.int32_t, callback, user unsafe.Pointer) (result C.int32_t) {
	defer guard(rec, &result)
	return fail(rec, fault.New(fault.Unsupported, fault.PhaseCall, ""))
}

//export wdsgo_SetWindow
func wdsgo_SetWindow(rec *C.wds_record, queue C.int32_t, window unsafe.Pointer, message C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	return fail(rec, fault.New(fault.Unsupported, fault.PhaseCall, ""))
}

//export wdsgo_Descriptor
func wdsgo_Descriptor(rec *C.wds_record, queue C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	return fail(rec, fault.New(fault.Unsupported, fault.PhaseCall, ""))
}
