package main

// #include "export_shim.h"
import "C"

import (
	"time"

	"wdsocket/core"
	"wdsocket/core/fault"
	"wdsocket/handles"
)

// newSocket makes a socket and gives it its handle and name.
func newSocket(name string) (int32, *core.Socket, error) {
	tuning.Do(tune)
	var s *core.Socket
	h, err := publish(name, handles.Socket, func(h int32) closer {
		s = lib.NewSocket(name)
		s.SetID(h)
		return s
	})
	return h, s, err
}

// prepared finds a socket that was made under a name and can be opened.
func prepared(name string) (int32, *core.Socket, bool) {
	if name == "" {
		return 0, nil, false
	}
	h, found := table.Find(name)
	if !found {
		return 0, nil, false
	}
	s, err := socketOf(C.int32_t(h))
	if err != nil || s.Closed() { // being closed: its name may be given again
		return 0, nil, false
	}
	return h, s, true
}

// open is New and Open in one call, for the functions in the manner of
// WLanguage. prepare, which may be nil, sets options first.
func open(rec *C.wds_record, name *C.char, prepare func(*core.Socket) error, kind core.Kind, port C.int32_t, address *C.char, timeout time.Duration) C.int32_t {
	text := textIn(name)
	h, s, found := prepared(text)
	if found {
		if state := s.State(); state != core.StateNew && state != core.StateFailed {
			return fail(rec, fault.New(fault.NameTaken, fault.PhaseCall, text))
		}
	} else {
		var err error
		if h, s, err = newSocket(text); err != nil {
			return fail(rec, err)
		}
	}
	var err error
	if prepare != nil {
		err = prepare(s)
	}
	if err == nil {
		err = s.Open(kind, int(port), textIn(address), timeout)
	}
	if err == nil {
		return C.int32_t(h)
	}
	if !found {
		if _, gone := table.Remove(h, handles.Socket); gone == nil {
			s.Close()
		}
	}
	return fail(rec, err)
}

//export wdsgo_New
func wdsgo_New(rec *C.wds_record, name *C.char) (result C.int32_t) {
	defer guard(rec, &result)
	h, _, err := newSocket(textIn(name))
	return done(rec, int(h), err)
}

//export wdsgo_Open
func wdsgo_Open(rec *C.wds_record, socket, kind, port C.int32_t, address *C.char, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err = first(err, inRange("kind", kind, int32(core.KindClient), int32(core.KindServerSSL)), checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	return done(rec, 0, s.Open(core.Kind(kind), int(port), textIn(address), core.Milliseconds(int32(timeout))))
}

//export wdsgo_Connect
func wdsgo_Connect(rec *C.wds_record, name *C.char, port C.int32_t, address *C.char, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	if err := checkTime(timeout); err != nil {
		return fail(rec, err)
	}
	return open(rec, name, nil, core.KindClient, port, address, core.Milliseconds(int32(timeout)))
}

//export wdsgo_Create
func wdsgo_Create(rec *C.wds_record, name *C.char, port C.int32_t, address *C.char) (result C.int32_t) {
	defer guard(rec, &result)
	return open(rec, name, nil, core.KindServer, port, address, -1)
}

//export wdsgo_CreateUDP
func wdsgo_CreateUDP(rec *C.wds_record, name *C.char, port C.int32_t, address *C.char) (result C.int32_t) {
	defer guard(rec, &result)
	return open(rec, name, nil, core.KindUDP, port, address, -1)
}
