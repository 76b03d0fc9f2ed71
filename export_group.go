package main

// #include "export_shim.h"
import "C"

import (
	"unsafe"

	"wdsocket/core/fault"
)

// groupIn reads the name of a group; NULL is "", which no name is.
func groupIn(group *C.char) (string, error) {
	name := textIn(group)
	if group != nil && name == "" {
		return "", fault.New(fault.Argument, fault.PhaseCall, "group").With(fault.NoteParameter, "\"\"")
	}
	return name, nil
}

//export wdsgo_GroupJoin
func wdsgo_GroupJoin(rec *C.wds_record, channel C.int32_t, group *C.char) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(channel)
	if err != nil {
		return fail(rec, err)
	}
	name, err := groupIn(group)
	if group == nil {
		err = nullParameter("group")
	}
	if err != nil {
		return fail(rec, err)
	}
	return done(rec, 0, s.GroupJoin(name))
}

//export wdsgo_GroupLeave
func wdsgo_GroupLeave(rec *C.wds_record, channel C.int32_t, group *C.char) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(channel)
	if err != nil {
		return fail(rec, err)
	}
	name, err := groupIn(group)
	if err != nil {
		return fail(rec, err)
	}
	return done(rec, 0, s.GroupLeave(name))
}

//export wdsgo_GroupPublish
func wdsgo_GroupPublish(rec *C.wds_record, server C.int32_t, group *C.char, data unsafe.Pointer, length C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(server)
	if err != nil {
		return fail(rec, err)
	}
	name, err := groupIn(group)
	if err != nil {
		return fail(rec, err)
	}
	msg, err := bytesIn(data, length, true, dataNames)
	if err != nil {
		return fail(rec, err)
	}
	n, err := s.GroupPublish(name, msg)
	return done(rec, n, err)
}
