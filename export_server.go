package main

// #include "export_shim.h"
import "C"

import (
	"wdsocket/core"
	"wdsocket/handles"
)

//export wdsgo_WaitForConnection
func wdsgo_WaitForConnection(rec *C.wds_record, server, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(server)
	if err = first(err, checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	return done(rec, 1, s.WaitForConnection(core.Milliseconds(int32(timeout))))
}

//export wdsgo_Accept
func wdsgo_Accept(rec *C.wds_record, server, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(server)
	if err = first(err, checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	ch, err := s.Accept(core.Milliseconds(int32(timeout)), register)
	if err != nil {
		return fail(rec, err)
	}
	return C.int32_t(ch.ID())
}

// register gives an accepted channel its handle.
func register(ch *core.Socket) error {
	_, err := publish("", handles.Socket, func(h int32) closer {
		ch.SetID(h)
		return ch
	})
	return err
}

//export wdsgo_Deny
func wdsgo_Deny(rec *C.wds_record, server C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(server)
	if err != nil {
		return fail(rec, err)
	}
	return done(rec, 0, s.Deny())
}
