package main

// #include "export_shim.h"
import "C"

import (
	"fmt"
	"slices"
	"time"

	"wdsocket/core"
	"wdsocket/core/fault"
	"wdsocket/core/option"
	"wdsocket/handles"
)

// newSocket makes a socket and gives it its handle and name.
func newSocket(name string) (int32, *core.Socket, error) {
	tuneRuntime()
	var s *core.Socket
	h, err := addHandle(name, handles.Socket, func(h int32) closer {
		s = lib.NewSocket(name)
		s.SetID(h)
		return s
	})
	return h, s, err
}

// findUnopened finds a socket that was made under a name and can be opened.
func findUnopened(name string) (int32, *core.Socket, bool) {
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

// openNamed is New and Open in one call, for the functions in the manner of
// WLanguage. prepare, which may be nil, sets options first.
func openNamed(rec *C.wds_record, name *C.char, prepare func(*core.Socket) error, kind core.Kind, layers core.Layers, port C.int32_t, address *C.char, timeout time.Duration) C.int32_t {
	text := textIn(name)
	h, s, found := findUnopened(text)
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
		err = s.Open(kind, layers, int(port), textIn(address), timeout)
	}
	if err == nil {
		return C.int32_t(h)
	}
	if !found {
		if _, gone := table.Remove(h, handles.Socket); gone == nil {
			s.Close()
		}
	}
	result := fail(rec, err)
	rec.opened = C.int32_t(kind)
	return result
}

// kind is what a socket is for, and the layers that it is opened with.
type kind struct {
	kind   core.Kind
	layers core.Layers
}

// kinds are those of the header (WDS_KIND_), the first of which is 1.
var kinds = [...]kind{
	{core.KindClient, 0},
	{core.KindServer, 0},
	{core.KindUDP, 0},
	{core.KindClient, core.LayerTLS},
	{core.KindServer, core.LayerTLS},
	{core.KindClient, core.LayerWebSocket},
	{core.KindServer, core.LayerWebSocket},
	{core.KindClient, core.LayerWebSocket | core.LayerTLS},
	{core.KindServer, core.LayerWebSocket | core.LayerTLS},
}

// kindNumber is the kind of a socket as the header has it, 0 while it is not opened.
func kindNumber(s *core.Socket) int32 {
	return int32(slices.Index(kinds[:], kind{s.Kind(), s.Layers()}) + 1)
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
	if err = firstError(err, inRange("kind", kind, 1, int32(len(kinds))), checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	as := kinds[kind-1]
	return done(rec, 0, s.Open(as.kind, as.layers, int(port), textIn(address), option.Milliseconds(int32(timeout))))
}

//export wdsgo_Connect
func wdsgo_Connect(rec *C.wds_record, name *C.char, port C.int32_t, address *C.char, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	if err := checkTime(timeout); err != nil {
		return fail(rec, err)
	}
	return openNamed(rec, name, nil, core.KindClient, 0, port, address, option.Milliseconds(int32(timeout)))
}

//export wdsgo_Create
func wdsgo_Create(rec *C.wds_record, name *C.char, port C.int32_t, address *C.char) (result C.int32_t) {
	defer guard(rec, &result)
	return openNamed(rec, name, nil, core.KindServer, 0, port, address, -1)
}

//export wdsgo_CreateUDP
func wdsgo_CreateUDP(rec *C.wds_record, name *C.char, port C.int32_t, address *C.char) (result C.int32_t) {
	defer guard(rec, &result)
	return openNamed(rec, name, nil, core.KindUDP, 0, port, address, -1)
}

//export wdsgo_WaitForConnection
func wdsgo_WaitForConnection(rec *C.wds_record, server, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(server)
	if err = firstError(err, checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	return done(rec, 1, s.WaitForConnection(option.Milliseconds(int32(timeout))))
}

//export wdsgo_Accept
func wdsgo_Accept(rec *C.wds_record, server, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(server)
	if err = firstError(err, checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	ch, err := s.Accept(option.Milliseconds(int32(timeout)), registerChannel)
	if err != nil {
		return fail(rec, err)
	}
	return C.int32_t(ch.ID())
}

// registerChannel gives an accepted channel its handle.
func registerChannel(ch *core.Socket) error {
	_, err := addHandle("", handles.Socket, func(h int32) closer {
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
	return done(rec, 0, closeObject(object, currentCallback()))
}

// closeObject closes whatever a handle stood for. A callback of a queue that is running
// is waited for, unless the caller is part of it.
func closeObject(object any, from core.CallbackID) error {
	switch o := object.(type) {
	case *core.Socket:
		return o.Close()
	case *core.Queue:
		return o.Close(from)
	case *core.Timer:
		o.Stop()
		return nil
	}
	return fault.New(fault.Kind, fault.PhaseClose, "")
}

//export wdsgo_CloseEx
func wdsgo_CloseEx(rec *C.wds_record, socket, how, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	_, err := socketOf(socket)
	if err = firstError(err, inRange("how", how, 0, 6), checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	wait := option.Milliseconds(int32(timeout))
	switch core.CloseHow(how) {
	case core.CloseGraceful:
		return done(rec, 0, closeAndWait(int32(socket), wait))
	case core.CloseWrite:
		s, err := socketOf(socket)
		if err != nil {
			return fail(rec, err)
		}
		return done(rec, 0, s.CloseWrite(wait))
	case core.CloseAbort:
		object, err := table.Remove(int32(socket), handles.Socket)
		if err != nil {
			return fail(rec, err)
		}
		return done(rec, 0, object.(*core.Socket).Abort())
	case core.CloseGraceful | core.CloseClients, core.CloseAbort | core.CloseClients:
		s, err := socketOf(socket)
		if err != nil {
			return fail(rec, err)
		}
		return done(rec, 0, s.CloseWithClients(core.CloseHow(how) != core.CloseClients, wait, dropHandle))
	}
	return fail(rec, badParameter("how", fmt.Sprint(how)))
}

// dropHandle takes the handle of a socket back that is about to be closed.
func dropHandle(s *core.Socket) {
	_, _ = table.Remove(s.ID(), handles.Socket) // another call may have been quicker
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
