package main

// #include "export_shim.h"
import "C"

import (
	"fmt"
	"runtime"
	"unsafe"

	"wdsocket/core"
	"wdsocket/core/charset"
	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/mem"
	"wdsocket/core/option"
)

//export wdsgo_Read
func wdsgo_Read(rec *C.wds_record, socket C.int32_t, buffer unsafe.Pointer, capacity, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	p, err := bufferOut(buffer, capacity, bufferNames)
	if err = firstError(err, checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	if buffer == nil {
		n, err := s.Size(option.Milliseconds(int32(timeout)))
		return done(rec, n, err)
	}
	n, err := s.Read(p, option.Milliseconds(int32(timeout)))
	if err != nil {
		return fail(rec, err)
	}
	terminateBytes(p, n)
	return C.int32_t(n)
}

//export wdsgo_ReadMany
func wdsgo_ReadMany(rec *C.wds_record, socket C.int32_t, buffer unsafe.Pointer, capacity C.int32_t, lengths *C.int32_t, count, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	p, err := bufferOut(buffer, capacity, bufferNames)
	if err = firstError(err, inRange("count", count, 1, largest), checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	if buffer == nil || lengths == nil {
		name := "buffer"
		if buffer != nil {
			name = "lengths"
		}
		return fail(rec, nullParameter(name))
	}
	sizes := unsafe.Slice((*int32)(unsafe.Pointer(lengths)), int(count))
	n, err := s.ReadMany(p, sizes, option.Milliseconds(int32(timeout)))
	if err != nil {
		return fail(rec, err)
	}
	used := 0
	for _, size := range sizes[:n] {
		used += int(size)
	}
	terminateBytes(p, used)
	return C.int32_t(n)
}

//export wdsgo_ReadExactly
func wdsgo_ReadExactly(rec *C.wds_record, socket C.int32_t, buffer unsafe.Pointer, length, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	p, err := bufferOut(buffer, length, dataNames)
	if err = firstError(err, checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	n, err := s.ReadExactly(p, int(length), option.Milliseconds(int32(timeout)))
	return done(rec, n, err)
}

//export wdsgo_ReadUntil
func wdsgo_ReadUntil(rec *C.wds_record, socket C.int32_t, buffer unsafe.Pointer, capacity C.int32_t, tag unsafe.Pointer, tagLength, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	p, err := bufferOut(buffer, capacity, bufferNames)
	if err != nil {
		return fail(rec, err)
	}
	end, err := tagIn(tag, tagLength)
	if err = firstError(err, checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	n, err := s.ReadUntil(p, end, option.Milliseconds(int32(timeout)))
	if err == nil {
		terminateBytes(p, n)
	}
	return done(rec, n, err)
}

// tagIn is an end tag that the host gives.
func tagIn(tag unsafe.Pointer, length C.int32_t) ([]byte, error) {
	b, err := bytesIn(tag, length, true, tagNames)
	if err == nil {
		err = inRange("tag_length", C.int32_t(len(b)), 1, 64)
	}
	return b, err
}

// lent is a message in the host's hands. Its memory is the library's and
// pinned, so that the host may hold its address.
type lent struct {
	message *mem.Message
	pin     runtime.Pinner
}

func (l *lent) free() {
	l.pin.Unpin()
	l.message.Free()
}

//export wdsgo_ReadMessage
func wdsgo_ReadMessage(rec *C.wds_record, socket, timeout C.int32_t, data *unsafe.Pointer, length *C.int32_t, message *unsafe.Pointer) (result C.int32_t) {
	defer guard(rec, &result)
	if data != nil {
		setAddress(data, nil)
	}
	if length != nil {
		*length = 0
	}
	if message != nil {
		setAddress(message, nil)
	}
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	for _, p := range []struct {
		name string
		null bool
	}{{"data", data == nil}, {"length", length == nil}, {"message", message == nil}} {
		if p.null {
			return fail(rec, nullParameter(p.name))
		}
	}
	if err := checkTime(timeout); err != nil {
		return fail(rec, err)
	}
	m, err := s.ReadMessage(option.Milliseconds(int32(timeout)))
	if err != nil {
		return fail(rec, err)
	}
	l := &lent{message: m}
	start := &m.Memory()[m.Offset()]
	l.pin.Pin(start)
	setAddress(data, unsafe.Pointer(start))
	setAddress(message, tokens.Add(l))
	*length = C.int32_t(len(m.Bytes()))
	return *length
}

// setAddress writes an address into the host's memory as a number: what stood
// there is the host's, and the collector must not take it for a pointer.
func setAddress(at *unsafe.Pointer, p unsafe.Pointer) {
	*(*uintptr)(unsafe.Pointer(at)) = uintptr(p)
}

//export wdsgo_MessageFree
func wdsgo_MessageFree(rec *C.wds_record, message unsafe.Pointer) (result C.int32_t) {
	defer guard(rec, &result)
	object, ok := tokens.Take(message)
	if !ok {
		return fail(rec, fault.New(fault.Handle, fault.PhaseCall, "message"))
	}
	object.(*lent).free()
	return 0
}

//export wdsgo_Write
func wdsgo_Write(rec *C.wds_record, socket C.int32_t, data unsafe.Pointer, length C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	p, err := bytesIn(data, length, true, dataNames)
	if err != nil {
		return fail(rec, err)
	}
	n, err := s.Write(p)
	return done(rec, n, err)
}

//export wdsgo_Exchange
func wdsgo_Exchange(rec *C.wds_record, socket C.int32_t, data unsafe.Pointer, length C.int32_t, reply unsafe.Pointer, capacity, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	request, err := bytesIn(data, length, true, dataNames)
	if err != nil {
		return fail(rec, err)
	}
	p, err := bufferOut(reply, capacity, replyNames)
	if err = firstError(err, checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	if reply == nil {
		return fail(rec, nullParameter("reply"))
	}
	n, err := s.Exchange(request, p, option.Milliseconds(int32(timeout)))
	if err != nil {
		return fail(rec, err)
	}
	terminateBytes(p, n)
	return C.int32_t(n)
}

//export wdsgo_WriteUDP
func wdsgo_WriteUDP(rec *C.wds_record, socket C.int32_t, data unsafe.Pointer, length C.int32_t, address *C.char, port C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	p, err := bytesIn(data, length, true, dataNames)
	if err == nil && address != nil {
		err = inRange("port", port, 0, 65535)
	}
	if err != nil {
		return fail(rec, err)
	}
	n, err := s.WriteTo(p, textIn(address), int(port))
	return done(rec, n, err)
}

//export wdsgo_ReadUDP
func wdsgo_ReadUDP(rec *C.wds_record, socket C.int32_t, buffer unsafe.Pointer, capacity, timeout C.int32_t, address *C.char, addressCapacity C.int32_t, port *C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	p, err := bufferOut(buffer, capacity, bufferNames)
	if err != nil {
		return fail(rec, err)
	}
	text, err := bufferOut(unsafe.Pointer(address), addressCapacity, [2]string{"address", "address_capacity"})
	if err = firstError(err, checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	if s.Kind() != core.KindUDP {
		return fail(rec, notUDP(s))
	}
	if buffer == nil {
		n, err := s.Size(option.Milliseconds(int32(timeout)))
		return done(rec, n, err)
	}
	n, err := s.ReadFrom(p, option.Milliseconds(int32(timeout)), func(from endpoint.Addr) error {
		return senderOut(from, text, port)
	})
	if err != nil {
		return fail(rec, err)
	}
	terminateBytes(p, n)
	return C.int32_t(n)
}

// notUDP is the error of a UDP function on another socket.
func notUDP(s *core.Socket) error {
	_, err := s.Destination()
	return err
}

// senderOut writes a datagram's sender, or refuses the datagram when its
// address does not fit.
func senderOut(from endpoint.Addr, text []byte, port *C.int32_t) error {
	if text != nil {
		enc := lib.HostText()
		encoded := charset.Encode(enc, from.Host())
		if len(encoded) > len(text) {
			terminate(text, 0, enc)
			return fault.New(fault.Buffer, fault.PhaseRead, "address").
				With(fault.TextSmallBuffer, fmt.Sprint(len(encoded)), fmt.Sprint(len(text)))
		}
		terminate(text, copy(text, encoded), enc)
	}
	if port != nil {
		*port = C.int32_t(from.Port())
	}
	return nil
}

//export wdsgo_Available
func wdsgo_Available(rec *C.wds_record, socket C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err != nil {
		return fail(rec, err)
	}
	n, err := s.Available()
	return done(rec, min(n, largest), err)
}

//export wdsgo_Discard
func wdsgo_Discard(rec *C.wds_record, socket, what C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err = firstError(err, inRange("what", what, int32(core.DiscardMessage), int32(core.DiscardOlder))); err != nil {
		return fail(rec, err)
	}
	n, err := s.Discard(core.DiscardWhat(what))
	return done(rec, min(n, largest), err)
}

//export wdsgo_ChangeTransmissionMode
func wdsgo_ChangeTransmissionMode(rec *C.wds_record, socket, mode C.int32_t, tag unsafe.Pointer, tagLength C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	var bytes []byte
	err := inRange("mode", mode, 0, int32(frame.Highest()))
	if err == nil && tag != nil && frame.Mode(mode).Tagged() {
		bytes, err = tagIn(tag, tagLength)
	}
	set := lib.SetMode
	if socket != 0 {
		s, lookup := socketOf(socket)
		if lookup != nil {
			return fail(rec, lookup)
		}
		set = s.SetMode
	}
	if err != nil {
		return fail(rec, err)
	}
	return done(rec, 0, set(frame.Mode(mode), bytes))
}

//export wdsgo_Flush
func wdsgo_Flush(rec *C.wds_record, socket, timeout C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	s, err := socketOf(socket)
	if err = firstError(err, checkTime(timeout)); err != nil {
		return fail(rec, err)
	}
	return done(rec, 0, s.Flush(option.Milliseconds(int32(timeout))))
}
