package main

// #include "export_shim.h"
import "C"

import (
	"strconv"
	"time"

	"wdsocket/core"
	"wdsocket/core/fault"
	"wdsocket/handles"
)

func decimal(n int) string { return strconv.Itoa(n) }

//export wdsgo_Cancel
func wdsgo_Cancel(rec *C.wds_record, socket C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	object, err := table.Get(int32(socket), handles.Any)
	if err != nil {
		return fail(rec, err)
	}
	switch o := object.(type) {
	case *core.Socket:
		o.Cancel()
	case *core.Queue:
		o.Cancel()
	default:
		return fail(rec, fault.New(fault.Kind, fault.PhaseCall, ""))
	}
	return 0
}

//export wdsgo_Close
func wdsgo_Close(rec *C.wds_record, socket C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	object, err := table.Remove(int32(socket), handles.Any)
	if err != nil {
		return fail(rec, err)
	}
	return done(rec, 0, end(object, inside()))
}

//export wdsgo_CloseEx
func wdsgo_CloseEx(rec *C.wds_record, socket, how, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	_, err := socketOf(socket)
	if err = first(err, inRange("how", how, 0, 2), checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	wait := core.Milliseconds(int32(timeout))
	if core.CloseHow(how) == core.CloseWrite {
		s, err := socketOf(socket)
		if err != nil {
			return fail(rec, err)
		}
		return done(rec, 0, s.CloseWrite(wait))
	}
	if core.CloseHow(how) == core.CloseGraceful {
		return done(rec, 0, closeAndWait(int32(socket), wait))
	}
	object, err := table.Remove(int32(socket), handles.Socket)
	if err != nil {
		return fail(rec, err)
	}
	return done(rec, 0, object.(*core.Socket).Abort())
}

// closeAndWait ends a socket in order. It keeps its handle until then, so that
// other calls can end the wait; its name may be given again at once.
func closeAndWait(h int32, wait time.Duration) error {
	s, err := socketOf(C.int32_t(h))
	if err != nil {
		return err
	}
	_ = table.YieldName(h) // it may be gone already
	err = s.CloseAndWait(wait)
	if fault.CodeOf(err) != fault.Busy { // else that call takes it back
		_, _ = table.Remove(h, handles.Socket) // another close may have done so
	}
	return err
}
