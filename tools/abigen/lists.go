package main

import (
	"fmt"
	"sort"
	"strings"
)

// SONAME carries the number of the binary interface, which changes only when
// programs have to be linked again.
const soname = "libwdsocket.so.1"

// versionScript is the list for GNU ld: without it Go's own names would be
// exported too.
func versionScript(h *Header) string {
	var b strings.Builder
	b.WriteString("/* Made by tools/abigen from wdsocket.h. Do not edit. */\n{\nglobal:\n")
	for _, f := range sortedFunctions(h) {
		fmt.Fprintf(&b, "    %s;\n", f.Name)
	}
	b.WriteString("local:\n    *;\n};\n")
	return b.String()
}

// defFile is the export list of a Windows DLL. In 32 bits the compiler's name
// of a stdcall function ends in the size of its arguments; hosts look for the
// plain name.
func defFile(h *Header, bits int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "; Made by tools/abigen from wdsocket.h. Do not edit.\n; What the DLL exports. Programs are linked with wdsocket%d.lib.\nLIBRARY wdsocket%d.dll\nEXPORTS\n", bits, bits)
	for _, f := range sortedFunctions(h) {
		if bits == 32 {
			fmt.Fprintf(&b, "    %s=%s@%d\n", f.Name, f.Name, f.StackBytes())
		} else {
			fmt.Fprintf(&b, "    %s\n", f.Name)
		}
	}
	return b.String()
}

// abiList is the whole ABI in sorted lines. A change of the header shows here as
// a changed line, so that none is made by accident.
func abiList(h *Header) string {
	var b strings.Builder
	b.WriteString("# The ABI of wdsocket. Made by tools/abigen from wdsocket.h. Do not edit.\n")
	fmt.Fprintf(&b, "soname %s\n", soname)
	for _, f := range sortedFunctions(h) {
		fmt.Fprintf(&b, "function %s\n", f.Signature())
	}
	for _, s := range h.Structs {
		fmt.Fprintf(&b, "struct %s", s.Name)
		for i, f := range s.Fields {
			fmt.Fprintf(&b, " %s@%d", f.Name, 4*i)
		}
		fmt.Fprintf(&b, " size %d\n", s.Bytes())
	}
	constants := h.Constants()
	sort.Slice(constants, func(i, j int) bool { return constants[i].Name < constants[j].Name })
	for _, c := range constants {
		fmt.Fprintf(&b, "constant %s %d\n", c.Name, c.Value)
	}
	return b.String()
}

func sortedFunctions(h *Header) []Function {
	functions := h.Functions()
	sort.Slice(functions, func(i, j int) bool { return functions[i].Name < functions[j].Name })
	return functions
}

// versionResource is what Windows shows as the properties of the DLL. The
// build sets WDS_BITS.
func versionResource(h *Header) string {
	c, _ := h.Constant("WDSOCKET_VERSION")
	numbers := fmt.Sprintf("%d,%d,%d,0", c.Value/10000, c.Value/100%100, c.Value%100)
	return strings.NewReplacer("@NUMBERS@", numbers, "@VERSION@", h.Version()).Replace(resourceText)
}

const resourceText = `/* Made by tools/abigen from wdsocket.h. Do not edit. */
#if WDS_BITS == 32
#define WDS_FILE "wdsocket32.dll"
#else
#define WDS_FILE "wdsocket64.dll"
#endif
1 VERSIONINFO
FILEVERSION @NUMBERS@
PRODUCTVERSION @NUMBERS@
FILEOS 0x40004
FILETYPE 2
BEGIN
    BLOCK "StringFileInfo"
    BEGIN
        BLOCK "040904B0"
        BEGIN
            VALUE "CompanyName", "The wdsocket authors"
            VALUE "FileDescription", "A socket library for WINDEV, C, C++, Delphi, C#, VBA and Python"
            VALUE "FileVersion", "@VERSION@"
            VALUE "InternalName", "wdsocket"
            VALUE "LegalCopyright", "Copyright (c) 2026 The wdsocket authors, MIT License"
            VALUE "OriginalFilename", WDS_FILE
            VALUE "ProductName", "wdsocket"
            VALUE "ProductVersion", "@VERSION@"
        END
    END
    BLOCK "VarFileInfo"
    BEGIN
        VALUE "Translation", 0x409, 1200
    END
END
`
