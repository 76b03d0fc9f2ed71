package main

// #include "export_shim.h"
import "C"

import (
	"fmt"
	"unsafe"

	"wdsocket/core"
	"wdsocket/core/fault"
	"wdsocket/core/option"
	"wdsocket/handles"
	"wdsocket/internal/winmsg"
)

//export wdsgo_NewQueue
func wdsgo_NewQueue(rec *C.wds_record) (result C.int32_t) {
	defer guard(rec, &result)
	tuneRuntime()
	q, err := lib.NewQueue(registerChannel)
	if err != nil {
		return fail(rec, err)
	}
	h, err := addHandle("", handles.Queue, func(h int32) closer {
		q.SetID(h)
		return q
	})
	if err != nil {
		q.Close()
	}
	return done(rec, int(h), err)
}

//export wdsgo_Attach
func wdsgo_Attach(rec *C.wds_record, queue, socket, how C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	q, err := queueOf(queue)
	if err != nil {
		return fail(rec, err)
	}
	s, err := socketOf(socket)
	if err = firstError(err, inRange("how", how, 0, 1)); err != nil {
		return fail(rec, err)
	}
	return done(rec, 0, q.Attach(s, how == 1))
}

//export wdsgo_Detach
func wdsgo_Detach(rec *C.wds_record, socket C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	return done(rec, 0, s.Detach())
}

// recordBytes is the size of an event record.
const recordBytes = 32

//export wdsgo_NextEvents
func wdsgo_NextEvents(rec *C.wds_record, queue, timeout C.int32_t, events unsafe.Pointer, bytes, capacity C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	q, err := queueOf(queue)
	if err = firstError(err, checkTime(timeout), inRange("record_bytes", bytes, recordBytes, 1<<20), inRange("capacity", capacity, 1, largest)); err != nil {
		return fail(rec, err)
	}
	switch {
	case events == nil:
		return fail(rec, nullParameter("events"))
	case bytes%4 != 0:
		return fail(rec, badParameter("record_bytes", fmt.Sprint(bytes)))
	}
	var batch [128]core.Event
	n, err := q.Next(batch[:min(int(capacity), len(batch))], option.Milliseconds(int32(timeout)))
	if err != nil {
		return fail(rec, err)
	}
	for i := range batch[:n] {
		*(*core.Event)(unsafe.Add(events, i*int(bytes))) = batch[i]
	}
	return C.int32_t(n)
}

//export wdsgo_NewTimer
func wdsgo_NewTimer(rec *C.wds_record, queue, delay, repeat, user C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	q, err := queueOf(queue)
	if err = firstError(err, inRange("delay_ms", delay, 0, largest), inRange("repeat_ms", repeat, 0, largest)); err != nil {
		return fail(rec, err)
	}
	var refused error
	h, err := addHandle("", handles.Timer, func(h int32) closer {
		t, err := q.NewTimer(option.Milliseconds(int32(delay)), option.Milliseconds(int32(repeat)), int32(user), h)
		if refused = err; err != nil {
			return nil
		}
		return t
	})
	return done(rec, int(h), firstError(refused, err))
}

// currentCallback tells which callback the calling thread is in.
func currentCallback() core.CallbackID { return core.CallbackID(C.wds_current_callback()) }

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
			C.wds_invoke(callback, (*C.int32_t)(unsafe.Pointer(event)), user, queue)
		}
	}
	return done(rec, 0, q.SetCallback(call, currentCallback()))
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
		return fail(rec, badParameter("window", decimal(int(window))))
	}
	return done(rec, 0, q.SetNotifier(func() core.NotifyResult {
		return postToWindow(uintptr(window), uint32(message), int32(queue))
	}))
}

// postToWindow posts the message. A window that is there and takes none has too
// many waiting.
func postToWindow(window uintptr, message uint32, queue int32) core.NotifyResult {
	switch {
	case winmsg.Post(window, message, queue):
		return core.Notified
	case winmsg.IsWindow(window):
		return core.RetryLater
	}
	return core.TargetGone
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
