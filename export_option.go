package main

// #include "export_shim.h"
import "C"

import (
	"unsafe"

	"wdsocket/core"
	"wdsocket/core/charset"
	"wdsocket/core/fault"
	"wdsocket/core/option"
)

//export wdsgo_SetOption
func wdsgo_SetOption(rec *C.wds_record, socket, number, value C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	if socket == 0 {
		return done(rec, 0, lib.SetOption(option.ID(number), int32(value)))
	}
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	return done(rec, 0, s.SetOption(option.ID(number), int32(value)))
}

//export wdsgo_GetOption
func wdsgo_GetOption(rec *C.wds_record, socket, number C.int32_t, value *C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	if value == nil {
		return fail(rec, nullParameter("value"))
	}
	if socket == 0 {
		n, err := lib.Option(option.ID(number))
		if err == nil {
			*value = C.int32_t(n)
		}
		return done(rec, 0, err)
	}
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	n, err := s.Option(option.ID(number))
	if err != nil {
		return fail(rec, err)
	}
	switch id := option.ID(number); {
	case id == option.Kind:
		n = kindNumber(s)
	case id == option.Server && s.Server() != nil:
		n = aliveServer(s)
	}
	*value = C.int32_t(n)
	return 0
}

// aliveServer is the handle of a channel's server, 0 once that is closed.
func aliveServer(ch *core.Socket) int32 {
	h := ch.Server().ID()
	if s, err := socketOf(C.int32_t(h)); err != nil || s != ch.Server() {
		return 0
	}
	return h
}

//export wdsgo_SetText
func wdsgo_SetText(rec *C.wds_record, socket, number C.int32_t, text *C.char) (result C.int32_t) {
	defer guard(rec, &result)
	id := option.TextID(number)
	value := textIn(text)
	if id.Binary() && text != nil {
		value = string(untilTerminator(unsafe.Pointer(text), charset.UTF8, longestText))
	}
	return setText(rec, socket, id, value)
}

func setText(rec *C.wds_record, socket C.int32_t, id option.TextID, value string) C.int32_t {
	if socket == 0 {
		return done(rec, 0, lib.SetText(id, value))
	}
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	return done(rec, 0, s.SetText(id, value))
}

//export wdsgo_GetText
func wdsgo_GetText(rec *C.wds_record, socket, number C.int32_t, text *C.char, capacity C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	id := option.TextID(number)
	value, err := textOf(socket, id)
	if err != nil {
		return fail(rec, err)
	}
	if id.Binary() {
		return fail(rec, badParameter("option", "WDSocketGetBytes"))
	}
	return textOut(rec, value, text, capacity)
}

func textOf(socket C.int32_t, id option.TextID) (string, error) {
	if socket == 0 {
		return lib.Text(id)
	}
	s, err := socketOf(socket)
	if err != nil {
		return "", err
	}
	return s.Text(id)
}

//export wdsgo_SetBytes
func wdsgo_SetBytes(rec *C.wds_record, socket, number C.int32_t, data unsafe.Pointer, length C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	p, err := bytesIn(data, length, false, dataNames)
	if err != nil {
		return fail(rec, err)
	}
	id := option.TextID(number)
	if id.Binary() {
		return setText(rec, socket, id, string(p))
	}
	return setText(rec, socket, id, charset.Decode(lib.HostText(), p))
}

//export wdsgo_GetBytes
func wdsgo_GetBytes(rec *C.wds_record, socket, number C.int32_t, buffer unsafe.Pointer, capacity C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	p, err := bufferOut(buffer, capacity, bufferNames)
	if err != nil {
		return fail(rec, err)
	}
	id := option.TextID(number)
	value, err := textOf(socket, id)
	if err != nil {
		return fail(rec, err)
	}
	bytes := []byte(value)
	if !id.Binary() {
		bytes = charset.Encode(lib.HostText(), value)
	}
	if buffer == nil {
		return C.int32_t(len(bytes))
	}
	if len(bytes) > len(p) {
		return fail(rec, fault.New(fault.Buffer, fault.PhaseCall, "buffer").
			With(fault.TextSmallBuffer, decimal(len(bytes)), decimal(len(p))))
	}
	terminateBytes(p, copy(p, bytes))
	return C.int32_t(len(bytes))
}
