package main

// #include "export_shim.h"
import "C"

import (
	"errors"

	"wdsocket/core"
	"wdsocket/core/fault"
	"wdsocket/core/option"
)

// tlsOptions are the options that the functions for TLS take as parameters. 0
// and NULL keep what was set.
func tlsOptions(bits C.int32_t, certificate, password *C.char) func(*core.Socket) error {
	return func(s *core.Socket) error {
		if bits != 0 {
			if err := s.SetOption(option.SSLOptions, int32(bits)); err != nil {
				return err
			}
		}
		if password != nil {
			if err := s.SetText(option.TextSSLPassword, textIn(password)); err != nil {
				return err
			}
		}
		if certificate == nil {
			return nil
		}
		return s.SetText(option.TextSSLCertificate, textIn(certificate))
	}
}

//export wdsgo_ConnectSSL
func wdsgo_ConnectSSL(rec *C.wds_record, name *C.char, port C.int32_t, address *C.char, bits, timeout C.int32_t, certificate, password *C.char) (result C.int32_t) {
	defer guard(rec, &result)
	if err := checkTime(timeout); err != nil {
		return fail(rec, err)
	}
	return openNamed(rec, name, tlsOptions(bits, certificate, password), core.KindClient, core.LayerTLS, port, address, option.Milliseconds(int32(timeout)))
}

//export wdsgo_CreateSSL
func wdsgo_CreateSSL(rec *C.wds_record, name *C.char, port C.int32_t, certificate *C.char, bits C.int32_t, address, password *C.char) (result C.int32_t) {
	defer guard(rec, &result)
	return openNamed(rec, name, tlsOptions(bits, certificate, password), core.KindServer, core.LayerTLS, port, address, -1)
}

//export wdsgo_StartSSL
func wdsgo_StartSSL(rec *C.wds_record, socket, role, bits C.int32_t, certificate, password *C.char, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err = firstError(err, inRange("role", role, int32(core.RoleClient), int32(core.RoleServer)), checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	if err := tlsOptions(bits, certificate, password)(s); err != nil {
		return fail(rec, err)
	}
	return done(rec, 0, s.StartTLS(core.Role(role), option.Milliseconds(int32(timeout))))
}

//export wdsgo_StopSSL
func wdsgo_StopSSL(rec *C.wds_record, socket, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err = firstError(err, checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	return done(rec, 0, s.StopTLS(option.Milliseconds(int32(timeout))))
}

//export wdsgo_SSLInfo
func wdsgo_SSLInfo(rec *C.wds_record, socket, what, index C.int32_t, text *C.char, capacity C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err = firstError(err, inRange("index", index, 0, largest)); err != nil {
		return fail(rec, err)
	}
	if ofConnection(what) {
		return fail(rec, option.WrongNumber("what", option.FamilyInfo, int32(what)))
	}
	value, err := s.LayerInfo(int32(what), int(index))
	if err != nil {
		if e, is := errors.AsType[*fault.Error](err); is && e.Code == fault.Argument && e.Who == "what" {
			err = option.WrongNumber("what", option.FamilyInfo, int32(what))
		}
		return fail(rec, err)
	}
	return textOut(rec, value, text, capacity)
}
