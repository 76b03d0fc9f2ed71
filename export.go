// Command wdsocket is the C interface of the socket library, built with
// -buildmode=c-shared. The functions of this package check their arguments,
// look handles up and call package core; include/wdsocket.h describes them.
//
//go:debug netdns=cgo
package main

// #include "export_shim.h"
import "C"

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"

	"wdsocket/core"
	"wdsocket/core/charset"
	"wdsocket/core/escape"
	"wdsocket/core/fault"
	"wdsocket/core/syserr"
	"wdsocket/core/task"
	"wdsocket/handles"
)

func main() {}

// What the process has: one table of handles, one of tokens, one library.
var (
	table  = handles.NewTable()
	tokens handles.Tokens
	lib    = newLibrary()
)

// guard is deferred by every export: a panic becomes WDS_E_INTERNAL and its
// stack the detail of the error.
func guard(rec *C.wds_record, result *C.int32_t) {
	if p := recover(); p != nil {
		*result = C.int32_t(fault.Internal)
		writeRecord(rec, fault.New(fault.Internal, fault.PhaseCall, ""), fmt.Sprintf("%v\n%s", p, debug.Stack()))
	}
}

// fail fills the thread's record and gives the result for an error.
func fail(rec *C.wds_record, err error) C.int32_t {
	e := syserr.Wrap(err, fault.PhaseCall, "")
	if e.Code == fault.Kind || e.NamesCall() {
		e = calledBy(e)
	}
	writeRecord(rec, e, task.StackOf(e))
	return C.int32_t(e.Code)
}

var hintCalled = fault.NewNote("the function called was {alt}", "la fonction appelée était {alt}")

// calledBy says in an error which function of the C interface was called.
func calledBy(e *fault.Error) *fault.Error {
	const deepest = 8
	var callers [deepest]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers[:])])
	for {
		frame, more := frames.Next()
		if _, name, is := strings.Cut(frame.Function, ".wdsgo_"); is {
			named := *e
			if named.Alt = "WDSocket" + name; !e.NamesCall() {
				named.Hint = hintCalled
			}
			return &named
		}
		if !more {
			return e
		}
	}
}

// done is the result of a call that gives a number.
func done(rec *C.wds_record, n int, err error) C.int32_t {
	if err != nil {
		return fail(rec, err)
	}
	return C.int32_t(n)
}

// writeRecord writes an error into the thread's record: its numbers, and who,
// the note's arguments and detail one behind the other.
func writeRecord(rec *C.wds_record, e *fault.Error, detail string) {
	if rec == nil {
		return
	}
	rec.code, rec.system, rec.phase, rec.note = C.int32_t(e.Code), C.int32_t(e.Sys), C.int32_t(e.Phase), C.int32_t(e.Note)
	rec.opened = 0
	rec.hint = C.int32_t(e.Hint)
	room := unsafe.Slice((*byte)(unsafe.Pointer(&rec.text[0])), len(rec.text))
	const each = 500 // so that a long name leaves room for the others
	for _, part := range [...]string{e.Who, e.Args[0], e.Args[1], e.Args[2], e.Args[3], e.Args[4], e.Alt} {
		room = room[putPart(room[:min(each, len(room))], escape.Text(part)):] // a NUL would end it
	}
	putPart(room, detail)
}

// putPart writes as much of a text as fits, cut at a character, and a NUL.
func putPart(room []byte, text string) int {
	n := min(len(text), len(room)-1)
	for n > 0 && n < len(text) && !utf8.RuneStart(text[n]) {
		n--
	}
	copy(room, text[:n])
	room[n] = 0
	return n + 1
}

// readRecord is what writeRecord wrote.
func readRecord(rec *C.wds_record) (e *fault.Error, detail string) {
	e = fault.New(fault.Code(rec.code), fault.Phase(rec.phase), "")
	e.Sys, e.Note, e.Hint = int32(rec.system), fault.Note(rec.note), fault.Note(rec.hint)
	room := unsafe.Slice((*byte)(unsafe.Pointer(&rec.text[0])), len(rec.text))
	for _, part := range [...]*string{&e.Who, &e.Args[0], &e.Args[1], &e.Args[2], &e.Args[3], &e.Args[4], &e.Alt, &detail} {
		n := 0
		for n < len(room)-1 && room[n] != 0 {
			n++
		}
		*part = string(room[:n])
		room = room[min(n+1, len(room)-1):]
	}
	return e, detail
}

// socketOf looks a socket up.
func socketOf(h C.int32_t) (*core.Socket, error) {
	object, err := table.Get(int32(h), handles.Socket)
	if err != nil {
		return nil, err
	}
	return object.(*core.Socket), nil
}

// queueOf looks a queue up.
func queueOf(h C.int32_t) (*core.Queue, error) {
	object, err := table.Get(int32(h), handles.Queue)
	if err != nil {
		return nil, err
	}
	return object.(*core.Queue), nil
}

// closer is what has a handle: a socket, a queue, or a timer, which is closed
// with its queue.
type closer interface{ Closed() bool }

// addHandle gives an object its handle, and a name if it has one.
func addHandle(name string, kind handles.Kind, make func(h int32) closer) (int32, error) {
	var made closer
	h, err := table.Add(name, kind, func(h int32) any {
		if made = make(h); made == nil {
			return nil
		}
		return made
	})
	if err == nil {
		dropClosed(h, made)
	}
	return h, err
}

// dropClosed takes the handle of an object back that WDSocketCloseAll has closed
// while it was being made: to the host it was made before, and is gone.
func dropClosed(h int32, object closer) {
	if object.Closed() {
		_, _ = table.Remove(h, handles.Any) // several may find it closed
	}
}

// badParameter is the error of a parameter's value.
func badParameter(name, value string) error {
	return fault.New(fault.Argument, fault.PhaseCall, name).With(fault.NoteParameter, value)
}

// nullParameter is the error of a pointer that may not be NULL.
func nullParameter(name string) error {
	return fault.New(fault.Argument, fault.PhaseCall, name).With(fault.NoteNull)
}

// inRange checks an integer parameter.
func inRange(name string, value C.int32_t, low, high int32) error {
	if int32(value) >= low && int32(value) <= high {
		return nil
	}
	return fault.New(fault.Argument, fault.PhaseCall, name).
		With(fault.NoteRange, fmt.Sprint(value), fmt.Sprintf("%d..%d", low, high))
}

const largest = 1<<31 - 1

// checkTime is for timeout_ms.
func checkTime(ms C.int32_t) error { return inRange("timeout_ms", ms, -1, largest) }

// firstError is the first of several checks that failed.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// longestText bounds the texts that a host may pass: what is longer has lost
// its end.
const longestText = 1 << 20

// textIn reads a NUL-terminated text of the host's; NULL is "".
func textIn(p *C.char) string {
	if p == nil {
		return ""
	}
	enc := lib.HostText()
	return charset.Decode(enc, untilTerminator(unsafe.Pointer(p), enc, longestText))
}

// untilTerminator is the host's memory up to its terminator.
func untilTerminator(p unsafe.Pointer, enc charset.Encoding, most int) []byte {
	width := charset.TerminatorLen(enc)
	n := 0
	for n < most {
		unit := unsafe.Slice((*byte)(unsafe.Add(p, n)), width)
		if unit[0] == 0 && unit[width-1] == 0 {
			break
		}
		n += width
	}
	return unsafe.Slice((*byte)(p), n)
}

// bytesIn is the host's memory (data, length); length -1 is text that ends with
// its terminator. names are those of the two parameters.
func bytesIn(data unsafe.Pointer, length C.int32_t, terminatedToo bool, names [2]string) ([]byte, error) {
	low := int32(0)
	if terminatedToo {
		low = -1
	}
	if err := inRange(names[1], length, low, largest); err != nil {
		return nil, err
	}
	switch {
	case data == nil && length != 0:
		return nil, nullParameter(names[0])
	case data == nil:
		return nil, nil
	case length < 0:
		return untilTerminator(data, lib.HostText(), largest), nil
	}
	return unsafe.Slice((*byte)(data), int(length)), nil
}

// bufferOut is the host's memory (buffer, capacity) to be filled.
func bufferOut(buffer unsafe.Pointer, capacity C.int32_t, names [2]string) ([]byte, error) {
	if err := inRange(names[1], capacity, 0, largest); err != nil {
		return nil, err
	}
	if buffer == nil {
		return nil, nil
	}
	return unsafe.Slice((*byte)(buffer), int(capacity)), nil
}

// terminateBytes puts the NUL behind n bytes if there is room.
func terminateBytes(p []byte, n int) {
	if n < len(p) {
		p[n] = 0
	}
}

// textOut gives a text to the host: too small a buffer gets "" and
// WDS_E_BUFFER, NULL asks for the length.
func textOut(rec *C.wds_record, text string, buffer *C.char, capacity C.int32_t) C.int32_t {
	p, err := bufferOut(unsafe.Pointer(buffer), capacity, [2]string{"text", "capacity"})
	if err != nil {
		return fail(rec, err)
	}
	enc := lib.HostText()
	encoded := charset.Encode(enc, text)
	if buffer == nil {
		return C.int32_t(len(encoded))
	}
	if len(encoded) > len(p) {
		terminate(p, 0, enc)
		return fail(rec, fault.New(fault.Buffer, fault.PhaseCall, "text").
			With(fault.TextSmallBuffer, decimal(len(encoded)), decimal(len(p))))
	}
	terminate(p, copy(p, encoded), enc)
	return C.int32_t(len(encoded))
}

// textOutTruncated is textOut for error texts: what does not fit is cut at a character.
func textOutTruncated(text string, buffer *C.char, capacity C.int32_t) C.int32_t {
	p, err := bufferOut(unsafe.Pointer(buffer), capacity, [2]string{"text", "capacity"})
	if err != nil {
		return C.int32_t(fault.Argument)
	}
	enc := lib.HostText()
	encoded := charset.Encode(enc, text)
	if buffer != nil {
		terminate(p, copy(p, charset.Cut(enc, encoded, len(p))), enc)
	}
	return C.int32_t(len(encoded))
}

// terminate writes the terminator behind n bytes if all of it fits.
func terminate(p []byte, n int, enc charset.Encoding) {
	if width := charset.TerminatorLen(enc); n+width <= len(p) {
		clear(p[n : n+width])
	}
}

var (
	bufferNames = [2]string{"buffer", "capacity"}
	dataNames   = [2]string{"data", "length"}
	replyNames  = [2]string{"reply", "capacity"}
	tagNames    = [2]string{"tag", "tag_length"}
)

func decimal(n int) string { return strconv.Itoa(n) }
