package main

import (
	"fmt"
	"strings"
)

// pascalUnit declares the functions for Delphi and Free Pascal.
func pascalUnit(h *Header) string {
	var b strings.Builder
	b.WriteString(pascalHead)
	b.WriteString(constantLines(h, "  ", "%s = %d;", "//"))
	b.WriteString("\ntype\n  // The record of an event: wds_event of the header. WDSocketNextEvents fills in an array of them.\n  TWDSocketEvent = record\n")
	for _, f := range h.Record().Fields {
		fmt.Fprintf(&b, "    %s: Integer; // %s\n", f.Name, f.Comment)
	}
	b.WriteString("  end;\n  PWDSocketEvent = ^TWDSocketEvent;\n")
	for _, f := range h.Functions() {
		fmt.Fprintf(&b, "\n%s\n%s", inEditor(summary(f)), pascalFunction(f))
	}
	b.WriteString("\nimplementation\n\nend.\n")
	return b.String()
}

const pascalHead = `// ` + hostNote + `
//
// wdsocket for Delphi and Free Pascal, on Windows in 32 and 64 bits and on Linux.
// Texts are UTF-8 unless WDS_OPT_HOST_TEXT says otherwise: in Delphi pass
// PAnsiChar(UTF8String(text)). Nil is NULL.
// Data to write is a PAnsiChar too, or the address of any memory, @buffer[0]; the
// compiler refuses a PWideChar, of which only one letter would be sent. Memory that
// the library fills in must have the size that is passed: for a string call
// SetLength first, which also makes it unshared, and pass @text[1]; a UnicodeString
// cannot receive bytes.
unit wdsocket;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}

interface

const
{$IFDEF MSWINDOWS}
  WDSOCKET_LIBRARY = {$IFDEF WIN64}'wdsocket64.dll'{$ELSE}'wdsocket32.dll'{$ENDIF};
{$ELSE}
  WDSOCKET_LIBRARY = {$IFDEF FPC}'wdsocket'{$ELSE}'libwdsocket.so.1'{$ENDIF};
{$ENDIF}
`

func pascalFunction(f Function) string {
	parts := make([]string, len(f.Params))
	for i, p := range f.Params {
		kind := "Pointer"
		switch roleOf(f, i) {
		case roleNumber:
			kind = "Integer"
		case roleTextIn, roleTextOut, roleBytesIn:
			kind = "PAnsiChar" // no PWideChar: of its text one letter would be left
		case roleInt:
			kind = "PInteger"
		case roleLong:
			kind = "PInt64"
		case roleAddress:
			kind = "PPointer"
		}
		parts[i] = hostName(p) + ": " + kind
	}
	list := ""
	if len(parts) > 0 {
		list = "(" + strings.Join(parts, "; ") + ")"
	}
	return fmt.Sprintf("function %s%s: Integer; {$IFDEF WIN32}stdcall{$ELSE}cdecl{$ENDIF}; external WDSOCKET_LIBRARY name '%s';\n", f.Name, list, f.Name)
}
