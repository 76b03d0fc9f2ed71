package main

// #include "export_shim.h"
import "C"

import (
	"strings"
	"unsafe"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
)

//export wdsgo_Guess
func wdsgo_Guess(rec *C.wds_record, data unsafe.Pointer, length C.int32_t, text *C.char, capacity C.int32_t) (result C.int32_t) {
	defer guard(rec, &result)
	p, err := bytesIn(data, length, false, dataNames)
	if err = firstError(err, inRange("capacity", capacity, 0, largest)); err != nil {
		return fail(rec, err)
	}
	return textOut(rec, guessText(frame.Guess(p), lib.Language()), text, capacity)
}

// guessText has a line for each guess: the description, the names of presets, the reason.
func guessText(found []frame.Guessed, lang fault.Language) string {
	var b strings.Builder
	for i := range found {
		g := &found[i]
		b.WriteString(g.Text + "\t" + strings.Join(g.Names, ",") + "\t" + g.Reason(lang) + "\r\n")
	}
	return b.String()
}
