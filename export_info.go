package main

// #include "export_shim.h"
import "C"

import (
	"fmt"
	"slices"
	"unsafe"

	"wdsocket/core"
	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/option"
	"wdsocket/core/stats"
	"wdsocket/handles"
)

// addrOut tells an address, its port, or both.
func addrOut(rec *C.wds_record, what C.int32_t, text *C.char, capacity C.int32_t, of func() (endpoint.Addr, error)) C.int32_t {
	if what < infoAddress || what > infoEndpoint {
		return fail(rec, option.WrongNumber("what", option.FamilyInfo, int32(what)))
	}
	addr, err := of()
	if err != nil {
		return fail(rec, err)
	}
	switch what {
	case infoAddress:
		return textOut(rec, addr.Host(), text, capacity)
	case infoPort:
		return textOut(rec, fmt.Sprint(addr.Port()), text, capacity)
	}
	return textOut(rec, addr.String(), text, capacity)
}

// ofConnection tells whether a number is of what a connection knows beside addresses.
func ofConnection(what C.int32_t) bool {
	return isOfProxies(what) || what == C.int32_t(core.InfoPeerPID) || what == C.int32_t(core.InfoPeerUID)
}

//export wdsgo_ClientInfo
func wdsgo_ClientInfo(rec *C.wds_record, socket, what C.int32_t, text *C.char, capacity C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	if ofConnection(what) {
		fact, err := s.LayerInfo(int32(what), 0)
		if err != nil {
			return fail(rec, err)
		}
		return textOut(rec, fact, text, capacity)
	}
	return addrOut(rec, what, text, capacity, s.Peer)
}

// isOfProxies tells whether a number is of what WDSocketClientInfo tells of proxies.
func isOfProxies(what C.int32_t) bool {
	return what >= infoRouteProxies && what <= infoRouteEndpoint || what >= infoProxyEndpoint && what <= infoProxySSLClient
}

//export wdsgo_LocalInfo
func wdsgo_LocalInfo(rec *C.wds_record, socket, what C.int32_t, text *C.char, capacity C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	if what == infoDestination {
		to, err := s.Destination()
		if err != nil {
			return fail(rec, err)
		}
		return textOut(rec, to.String(), text, capacity)
	}
	return addrOut(rec, what, text, capacity, s.Local)
}

//export wdsgo_Exist
func wdsgo_Exist(rec *C.wds_record, socket C.int32_t) (result C.int32_t) {
	defer guard(nil, &result)
	if s, err := socketOf(socket); err != nil || s.Closed() {
		return 0
	}
	return 1
}

//export wdsgo_State
func wdsgo_State(rec *C.wds_record, socket C.int32_t) (result C.int32_t) {
	defer guard(nil, &result)
	s, err := socketOf(socket)
	if err != nil {
		return C.int32_t(fault.CodeOf(err))
	}
	if state := s.State(); state != 0 {
		return C.int32_t(state)
	}
	return C.int32_t(fault.Closed)
}

//export wdsgo_Find
func wdsgo_Find(rec *C.wds_record, name *C.char) (result C.int32_t) {
	defer guard(rec, &result)
	if name == nil {
		return fail(rec, nullParameter("socket_name"))
	}
	text := textIn(name)
	h, found := table.Find(text)
	if !found {
		return fail(rec, fault.New(fault.NotFound, fault.PhaseCall, text))
	}
	return C.int32_t(h)
}

//export wdsgo_Name
func wdsgo_Name(rec *C.wds_record, socket C.int32_t, text *C.char, capacity C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	if _, err := socketOf(socket); err != nil {
		return fail(rec, err)
	}
	name, _ := table.Name(int32(socket))
	return textOut(rec, name, text, capacity)
}

//export wdsgo_List
func wdsgo_List(rec *C.wds_record, server C.int32_t, sockets *C.int32_t, capacity C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	if err := inRange("capacity", capacity, 0, largest); err != nil {
		return fail(rec, err)
	}
	list, err := listOf(server)
	if err != nil {
		return fail(rec, err)
	}
	if sockets == nil {
		return C.int32_t(len(list))
	}
	if len(list) > int(capacity) {
		return fail(rec, fault.New(fault.Buffer, fault.PhaseCall, "sockets").
			With(fault.NoteParameter, fmt.Sprintf("%d > %d", len(list), int32(capacity))))
	}
	copy(unsafe.Slice((*int32)(unsafe.Pointer(sockets)), int(capacity)), list)
	return C.int32_t(len(list))
}

// listOf lists the channels of a server, or all sockets for 0.
func listOf(server C.int32_t) ([]int32, error) {
	if server == 0 {
		all := table.Handles(handles.Socket)
		return slices.DeleteFunc(all, func(h int32) bool {
			s, err := socketOf(C.int32_t(h))
			return err != nil || s.Closed()
		}), nil
	}
	s, err := socketOf(server)
	if err != nil {
		return nil, err
	}
	channels, err := s.Channels()
	if err != nil {
		return nil, err
	}
	var list []int32
	for _, ch := range channels {
		if h := ch.ID(); h != 0 {
			list = append(list, h)
		}
	}
	slices.Sort(list)
	return list, nil
}

//export wdsgo_GetNumber
func wdsgo_GetNumber(rec *C.wds_record, socket, what C.int32_t, value *C.int64_t) (result C.int32_t) {
	defer guard(rec, &result)
	if value == nil {
		return fail(rec, nullParameter("value"))
	}
	n, err := numberOf(socket, core.Number(what))
	if err != nil {
		return fail(rec, err)
	}
	*value = C.int64_t(n)
	return 0
}

func numberOf(socket C.int32_t, what core.Number) (int64, error) {
	if socket != 0 {
		s, err := socketOf(socket)
		if err != nil {
			return 0, err
		}
		return s.Number(what)
	}
	switch what {
	case core.NumSockets:
		return int64(table.Len(handles.Socket)), nil
	case core.NumTokens:
		return int64(tokens.Len()), nil
	}
	return lib.Number(what)
}

//export wdsgo_Statistics
func wdsgo_Statistics(rec *C.wds_record, socket C.int32_t, figures *C.int64_t, count C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	if figures == nil {
		return fail(rec, nullParameter("figures"))
	}
	if err := inRange("count", count, 1, largest); err != nil {
		return fail(rec, err)
	}
	all, err := statisticsOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	fit := min(int(count), len(all))
	return C.int32_t(copy(unsafe.Slice((*int64)(unsafe.Pointer(figures)), fit), all[:fit]))
}

func statisticsOf(socket C.int32_t) (stats.Row, error) {
	if socket == 0 {
		return lib.Statistics(), nil
	}
	s, err := socketOf(socket)
	if err != nil {
		return stats.Row{}, err
	}
	return s.Statistics()
}

//export wdsgo_WebSocketInfo
func wdsgo_WebSocketInfo(rec *C.wds_record, socket, what C.int32_t, text *C.char, capacity C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	value, err := s.WebSocketInfo(int32(what))
	if err != nil {
		return fail(rec, err)
	}
	return textOut(rec, value, text, capacity)
}
