package main

// #include "export_shim.h"
import "C"

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"wdsocket/core"
	"wdsocket/core/fault"
	"wdsocket/core/option"
	"wdsocket/handles"
	"wdsocket/internal/runtimetune"
	"wdsocket/internal/selftest"
)

func newLibrary() *core.Library {
	l := core.NewLibrary()
	l.Direct = true
	l.Trays = new(trays)
	l.TextsChanged = func() { publishTextSettings(l) }
	_ = l.SetText(option.TextLanguage, "") // the system's: no value is ever refused
	return l
}

// publishTextSettings lets the shim know what texts are like, for forked children.
func publishTextSettings(l *core.Library) {
	atomic.StoreInt32((*int32)(&C.wds_language), int32(l.Language()))
	atomic.StoreInt32((*int32)(&C.wds_host_text), int32(l.HostText()))
}

var tuneOnce sync.Once

// tuneRuntime fits the Go runtime to a library in a host, before the first object
// is made.
func tuneRuntime() {
	tuneOnce.Do(func() {
		runtimetune.RaiseMaxProcs()
		runtimetune.PaceCollector(lib.Report)
	})
}

//export wdsgo_Version
func wdsgo_Version(rec *C.wds_record) C.int32_t { return core.Version }

//export wdsgo_CloseAll
func wdsgo_CloseAll(rec *C.wds_record) (result C.int32_t) {
	defer guard(rec, &result)
	for _, h := range table.Handles(handles.Any) {
		_, _ = table.Remove(h, handles.Any) // another call may have been quicker
	}
	lib.CloseAllFrom(currentCallback())
	tokens.Drain(func(object any) { object.(*lent).free() }) // last: running callbacks read them
	for _, h := range table.Handles(handles.Any) {           // that other calls made meanwhile
		if object, err := table.Get(h, handles.Any); err == nil {
			dropClosed(h, object.(closer))
		}
	}
	return 0
}

// What an error function tells, by the numbers of the header.
const (
	infoMessage     = 4001
	infoName        = 4002
	infoCode        = 4003
	infoSystem      = 4004
	infoPhase       = 4005
	infoDetail      = 4006
	infoAddress     = 4010
	infoPort        = 4011
	infoEndpoint    = 4012
	infoDestination = 4013

	infoRouteProxies   = 4040
	infoRouteEndpoint  = 4041
	infoProxyEndpoint  = 4050
	infoProxySSLClient = 4059
)

//export wdsgo_ErrorInfo
func wdsgo_ErrorInfo(rec *C.wds_record, socket, what C.int32_t, text *C.char, capacity C.int32_t) (result C.int32_t) {
	defer guard(nil, &result)
	e, detail, err := errorOf(rec, socket)
	if err != nil {
		return C.int32_t(fault.CodeOf(err))
	}
	if what < infoMessage || what > infoDetail {
		return C.int32_t(fault.Argument)
	}
	return textOutTruncated(errorText(e, detail, int(what)), text, capacity)
}

// errorOf is the error that a host asks about: its thread's last one, or that
// of a socket. nil if there was none.
func errorOf(rec *C.wds_record, socket C.int32_t) (*fault.Error, string, error) {
	if socket == 0 {
		if rec.code == 0 {
			return nil, "", nil
		}
		e, detail := readRecord(rec)
		return e, detail, nil
	}
	s, err := socketOf(socket)
	if err != nil {
		return nil, "", err
	}
	return s.Why(), "", nil
}

func errorText(e *fault.Error, detail string, what int) string {
	if e == nil {
		return ""
	}
	lang := lib.Language()
	switch what {
	case infoMessage:
		return e.Text(lang)
	case infoName:
		return e.Code.Name()
	case infoCode:
		return fmt.Sprint(int32(e.Code))
	case infoSystem:
		return fmt.Sprint(e.Sys)
	case infoPhase:
		return e.Phase.Text(lang)
	}
	lines := []string{
		e.Text(lang),
		fmt.Sprintf("%s (%d)", e.Code.Name(), int32(e.Code)),
		e.Phase.Text(lang),
	}
	if e.Sys != 0 {
		lines = append(lines, fmt.Sprintf("%d %s", e.Sys, syscall.Errno(e.Sys).Error()))
	}
	if detail != "" {
		lines = append(lines, detail)
	}
	return strings.Join(lines, "\n")
}

//export wdsgo_ErrorCode
func wdsgo_ErrorCode(rec *C.wds_record, socket, what C.int32_t) (result C.int32_t) {
	defer guard(nil, &result)
	e, _, err := errorOf(rec, socket)
	switch {
	case err != nil:
		return C.int32_t(fault.CodeOf(err))
	case what != infoCode && what != infoSystem && what != infoPhase:
		return C.int32_t(fault.Argument)
	case e == nil:
		return 0
	}
	switch what {
	case infoSystem:
		return C.int32_t(e.Sys)
	case infoPhase:
		return C.int32_t(e.Phase)
	}
	return C.int32_t(e.Code)
}

//export wdsgo_ErrorText
func wdsgo_ErrorText(rec *C.wds_record, code, what C.int32_t, text *C.char, capacity C.int32_t) (result C.int32_t) {
	defer guard(nil, &result)
	c := fault.Code(code)
	switch {
	case what != infoName && what != infoMessage:
		return C.int32_t(fault.Argument)
	case !c.Known():
		return textOutTruncated("", text, capacity)
	case what == infoName:
		return textOutTruncated(c.Name(), text, capacity)
	}
	return textOutTruncated(c.Text(lib.Language()), text, capacity)
}

//export wdsgo_ErrorScope
func wdsgo_ErrorScope(rec *C.wds_record, socket, code C.int32_t) (result C.int32_t) {
	defer guard(nil, &result)
	return C.int32_t(scopeOf(rec, socket, code))
}

// scopeOf is how far an error reaches: code on a socket, or alone; without a code the
// error of that socket, or the thread's last one.
func scopeOf(rec *C.wds_record, socket, code C.int32_t) fault.Scope {
	e, last := fault.New(fault.Code(code), fault.PhaseNone, ""), socket == 0 && code == 0
	if last {
		e, socket = fault.New(fault.Code(rec.code), fault.Phase(rec.phase), ""), rec.socket
	}
	object, err := table.Get(int32(socket), handles.Any)
	s, isSocket := object.(*core.Socket)
	switch {
	case isSocket && code == 0 && !last:
		if e = s.Why(); e == nil {
			return fault.ScopeNone
		}
		return s.Scope(e.Code, e.Phase)
	case isSocket:
		return s.Scope(e.Code, e.Phase)
	case err != nil && socket != 0 && !last:
		return fault.ScopeProgram // it is closed
	}
	scope := e.Code.ScopeIn(e.Phase)
	kind := core.Kind(rec.opened)
	if last && kind != 0 && scope == fault.ScopeCall && e.Phase == fault.PhaseTLS {
		scope = fault.ScopeConnection // none was made
	}
	if last && scope == fault.ScopeConnection && kind != 0 && kind != core.KindClient {
		return fault.ScopeServer
	}
	return scope
}

//export wdsgo_SelfTest
func wdsgo_SelfTest(rec *C.wds_record, text *C.char, capacity C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	if err := inRange("capacity", capacity, 0, largest); err != nil {
		return fail(rec, err)
	}
	if text == nil { // without a terminator, as elsewhere
		return selftest.Room - 2
	}
	tuneRuntime()
	return textOut(rec, selftest.Run(lib.Language(), lib.HostText()), text, capacity)
}
