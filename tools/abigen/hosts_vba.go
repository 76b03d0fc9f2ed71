package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// vbaModule declares the functions for VBA in 32 and 64 bits, and for VB6. The
// editor changes the case of names, so each has its Alias.
func vbaModule(h *Header) string {
	var b strings.Builder
	b.WriteString(vbaHead)
	b.WriteString(vbaLines(constantLines(h, "", "Public Const %s As Long = %d", "'")))
	b.WriteString("\n' The record of an event: wds_event of the header. Dim events(63) As wds_event, then\n" +
		"' WDSocketNextEvents(queue, -1, events(0), 32, 64)\nPublic Type wds_event\n")
	for _, f := range h.Record().Fields {
		fmt.Fprintf(&b, "    %s As Long ' %s\n", f.Name, f.Comment)
	}
	b.WriteString("End Type\n")
	b.WriteString("\n#If Win64 Then\n")
	for _, f := range h.Functions() {
		b.WriteString(vbaFunction(f, "PtrSafe ", "wdsocket64", "LongLong", "LongPtr"))
	}
	b.WriteString("#ElseIf VBA7 Then\n")
	for _, f := range h.Functions() {
		b.WriteString(vbaFunction(f, "PtrSafe ", "wdsocket32", "Currency", "LongPtr"))
	}
	b.WriteString("#Else\n")
	for _, f := range h.Functions() {
		b.WriteString(vbaFunction(f, "", "wdsocket32", "Currency", "Long"))
	}
	b.WriteString("#End If\n")
	return b.String()
}

const vbaHead = `Attribute VB_Name = "wdsocketDeclarations"
' ` + hostNote + `
'
' wdsocket for VBA (32 and 64 bits) and VB6. Put wdsocket32.dll or wdsocket64.dll
' beside the document or program and load it first, with its path, or put its
' folder into PATH.
'
' - ByVal String is passed as ANSI text, so the first call must be
'   WDSocketSetOption 0, WDS_OPT_HOST_TEXT, WDS_HOST_TEXT_ANSI
' - vbNullString is NULL. A text that is received needs room before the call:
'   text = Space$(256); cut it to the length that is returned.
' - Bytes are passed by their first element: buffer(0); NULL is ByVal CLngPtr(0),
'   in VB6 ByVal 0&. The length is that of the bytes, UBound(buffer) + 1.
' - A text as a message is ByVal text and -1: WDSocketWrite(socket, ByVal text, -1).
'   Without ByVal the address of the text would be sent, and -1 with bytes would
'   also send the memory after them. Receive a message into bytes, never into a
'   text: StrConv(buffer, vbUnicode) converts it.
' - Do not use WDSocketSetCallback in VBA: it would call in another thread.
' - A 64-bit number is LongLong in 64 bits and Currency in 32 bits, where it must
'   be multiplied by 10000.
Option Explicit
`

func vbaFunction(f Function, safe, library, long, pointer string) string {
	parts := make([]string, len(f.Params))
	for i, p := range f.Params {
		name := hostName(p)
		switch roleOf(f, i) {
		case roleNumber:
			parts[i] = "ByVal " + name + " As Long"
		case roleTextIn, roleTextOut:
			parts[i] = "ByVal " + name + " As String"
		case roleBytesIn, roleBytesOut:
			parts[i] = "ByRef " + name + " As Any"
		case roleToken:
			parts[i] = "ByVal " + name + " As " + pointer
		case roleAddress:
			parts[i] = "ByRef " + name + " As " + pointer
		case roleInt:
			parts[i] = "ByRef " + name + " As Long"
		case roleLong:
			parts[i] = "ByRef " + name + " As " + long
		}
	}
	return fmt.Sprintf("    Public Declare %sFunction %s Lib \"%s.dll\" Alias \"%s\" (%s) As Long\n", safe, f.Name, library, f.Name, strings.Join(parts, ", "))
}

// vbaLines keeps lines within what VBA takes, 1023 characters: a longer comment
// stands above its constant, on lines of its own.
func vbaLines(text string) string {
	const most = 1000
	var b strings.Builder
	for line := range strings.Lines(text) {
		if code, comment, ok := strings.Cut(line, "' "); ok && len(line) > most {
			b.WriteString(wrapped(comment, "' ", 100))
			if line = strings.TrimRight(code, " ") + "\n"; line == "\n" {
				continue
			}
		}
		b.WriteString(line)
	}
	return b.String()
}

// wrapped breaks a text into lines of at most so many characters that begin with mark,
// as far as its words allow.
func wrapped(text, mark string, most int) string {
	var b strings.Builder
	line := mark
	for _, word := range strings.Fields(text) {
		if line != mark && utf8.RuneCountInString(line)+utf8.RuneCountInString(word)+1 > most {
			b.WriteString(line + "\n")
			line = mark
		}
		if line != mark {
			line += " "
		}
		line += word
	}
	return b.String() + line + "\n"
}
