package main

// #include "export_shim.h"
import "C"

import (
	"fmt"
	"unsafe"

	"wdsocket/core"
	"wdsocket/core/fault"
	"wdsocket/handles"
)

// queueOf looks a queue up.
func queueOf(h C.int32_t) (*core.Queue, error) {
	object, err := table.Get(int32(h), handles.Queue)
	if err != nil {
		return nil, err
	}
	return object.(*core.Queue), nil
}

//export wdsgo_NewQueue
func wdsgo_NewQueue(rec *C.wds_record) (result C.int32_t) {
	defer guard(rec, &result)
	tuning.Do(tune)
	q, err := lib.NewQueue(register)
	if err != nil {
		return fail(rec, err)
	}
	h, err := publish("", handles.Queue, func(h int32) closer {
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
	if err = first(err, inRange("how", how, 0, 1)); err != nil {
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
	if err = first(err, checkTime(timeout), inRange("record_bytes", bytes, recordBytes, 1<<20), inRange("capacity", capacity, 1, largest)); err != nil {
		return fail(rec, err)
	}
	switch {
	case events == nil:
		return fail(rec, isNull("events"))
	case bytes%4 != 0:
		return fail(rec, wrong("record_bytes", fmt.Sprint(bytes)))
	}
	var batch [128]core.Event
	n, err := q.Next(batch[:min(int(capacity), len(batch))], core.Milliseconds(int32(timeout)))
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
	if err = first(err, inRange("delay_ms", delay, 0, largest), inRange("repeat_ms", repeat, 0, largest)); err != nil {
		return fail(rec, err)
	}
	var refused error
	h, err := publish("", handles.Timer, func(h int32) closer {
		t, err := q.NewTimer(core.Milliseconds(int32(delay)), core.Milliseconds(int32(repeat)), int32(user), h)
		if refused = err; err != nil {
			return nil
		}
		return t
	})
	return done(rec, int(h), first(refused, err))
}

//export wdsgo_Flush
func wdsgo_Flush(rec *C.wds_record, socket, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err = first(err, checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	return done(rec, 0, s.Flush(core.Milliseconds(int32(timeout))))
}

// end closes whatever a handle stood for. A callback of a queue that is running
// is waited for, unless the caller is part of it.
func end(object any, from core.Inside) error {
	switch o := object.(type) {
	case *core.Socket:
		return o.Close()
	case *core.Queue:
		return o.CloseFrom(from)
	case *core.Timer:
		o.Stop()
		return nil
	}
	return fault.New(fault.Kind, fault.PhaseClose, "")
}
