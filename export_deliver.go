package main

// #include "export_shim.h"
import "C"

import (
	"unsafe"

	"wdsocket/core"
	"wdsocket/core/fault"
	"wdsocket/internal/winmsg"
)

// inside tells which callback the calling thread is in.
func inside() core.Inside { return core.Inside(C.wds_told_by()) }

//export wdsgo_SetCallback
func wdsgo_SetCallback(rec *C.wds_record, queue C.int32_t, callback, user C.uintptr_t) (result C.int32_t) {
	defer guard(rec, &result)
	q, err := queueOf(queue)
	if err != nil {
		return fail(rec, err)
	}
	var call func(*core.Event)
	if callback != 0 {
		call = func(event *core.Event) {
			C.wds_tell(callback, (*C.int32_t)(unsafe.Pointer(event)), user, queue)
		}
	}
	return done(rec, 0, q.SetCallback(call, inside()))
}

//export wdsgo_SetWindow
func wdsgo_SetWindow(rec *C.wds_record, queue C.int32_t, window C.uintptr_t, message C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	q, err := queueOf(queue)
	switch {
	case err != nil:
		return fail(rec, err)
	case !winmsg.Available:
		return fail(rec, fault.New(fault.Unsupported, fault.PhaseCall, ""))
	case window == 0:
		return done(rec, 0, q.SetNotifier(nil))
	}
	const most = 0xffff
	if err := inRange("message", message, 1, most); err != nil {
		return fail(rec, err)
	}
	if !winmsg.IsWindow(uintptr(window)) {
		return fail(rec, wrong("window", decimal(int(window))))
	}
	return done(rec, 0, q.SetNotifier(func() core.Told {
		return tellWindow(uintptr(window), uint32(message), int32(queue))
	}))
}

// tellWindow posts the message. A window that is there and takes none has too
// many waiting.
func tellWindow(window uintptr, message uint32, queue int32) core.Told {
	switch {
	case winmsg.Post(window, message, queue):
		return core.ToldWell
	case winmsg.IsWindow(window):
		return core.ToldLater
	}
	return core.ToldNever
}

//export wdsgo_Descriptor
func wdsgo_Descriptor(rec *C.wds_record, queue C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	q, err := queueOf(queue)
	if err != nil {
		return fail(rec, err)
	}
	fd, err := q.Descriptor()
	return done(rec, fd, err)
}
