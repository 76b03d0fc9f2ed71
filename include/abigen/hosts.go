package main

import (
	"fmt"
	"strings"
)

// hostFiles are the declarations for languages other than C, and what the
// Windows tests know of the header.
func hostFiles(h *Header) map[string]string {
	return map[string]string{
		"ctest/windows/functions.inc": functionTable(h),
	}
}

// functionTable lists each function with the number of its arguments, for a
// program that calls them all without a prototype.
func functionTable(h *Header) string {
	var b strings.Builder
	b.WriteString("/* Made by include/abigen from wdsocket.h. Do not edit. */\n")
	for _, f := range h.Functions() {
		fmt.Fprintf(&b, "FUNCTION(%s, %d)\n", f.Name, len(f.Params))
	}
	return b.String()
}
