package main

// #include "export_shim.h"
import "C"

import "wdsocket/core/fault"

//export wdsgo_SelfTest
func wdsgo_SelfTest(rec *C.wds_record, text *C.char, capacity C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	return fail(rec, fault.New(fault.Unsupported, fault.PhaseCall, ""))
}
