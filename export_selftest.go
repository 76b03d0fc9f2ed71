package main

// #include "export_shim.h"
import "C"

import "wdsocket/internal/selftest"

//export wdsgo_SelfTest
func wdsgo_SelfTest(rec *C.wds_record, text *C.char, capacity C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	if err := inRange("capacity", capacity, 0, largest); err != nil {
		return fail(rec, err)
	}
	if text == nil { // without a terminator, as elsewhere
		return selftest.Room - 2
	}
	tuning.Do(tune)
	return textOut(rec, selftest.Run(lib.Language(), lib.HostText()), text, capacity)
}
