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
	for _, f := range h.Functions() {
		fmt.Fprintf(&b, "\n// %s\n%s", summary(f), pascalFunction(f))
	}
	b.WriteString("\nimplementation\n\nend.\n")
	return b.String()
}

const pascalHead = `// ` + hostNote + `
//
// wdsocket for Delphi and Free Pascal, on Windows in 32 and 64 bits and on Linux.
// Texts are UTF-8 unless WDS_OPT_HOST_TEXT says otherwise: in Delphi pass
// PAnsiChar(UTF8String(text)). Nil is NULL.
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
		case roleTextIn, roleTextOut:
			kind = "PAnsiChar"
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
