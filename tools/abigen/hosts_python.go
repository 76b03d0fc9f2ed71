package main

import (
	_ "embed"
	"fmt"
	"strings"
)

// pythonText is the module without what is made from the header.
//
//go:embed python.py.txt
var pythonText string

// pythonModule declares the functions for ctypes.
func pythonModule(h *Header) string {
	var constants, functions, buffers, methods, fields strings.Builder
	var names []string
	constants.WriteString(constantLines(h, "", "%s = %d", " #"))
	for _, f := range h.Functions() {
		parts := make([]string, len(f.Params))
		for i := range f.Params {
			parts[i] = pythonKind(f, i)
		}
		fmt.Fprintf(&functions, "    # %s\n    %q: [%s],\n", f.Signature(), f.Name, strings.Join(parts, ", "))
		fmt.Fprintf(&methods, "        def %s(%s) -> int: ...\n", f.Name, pythonParams(f))
		if sized := pythonBuffers(f); sized != "" {
			fmt.Fprintf(&buffers, "    %q: [%s],\n", f.Name, sized)
		}
	}
	for _, field := range h.Record().Fields {
		fmt.Fprintf(&fields, "    %s: int  # %s\n", field.Name, field.Comment)
		names = append(names, fmt.Sprintf("%q", field.Name))
	}
	return strings.NewReplacer(
		"@NOTE@", hostNote,
		"@CONSTANTS@\n", strings.TrimLeft(strings.ReplaceAll(constants.String(), "\n # ", "\n# "), "\n"),
		"@FUNCTIONS@\n", functions.String(),
		"@BUFFERS@\n", buffers.String(),
		"@METHODS@\n", methods.String(),
		"@FIELDS@\n", fields.String(),
		"@NAMES@", strings.Join(names, ", "),
	).Replace(pythonText)
}

func pythonKind(f Function, i int) string {
	switch roleOf(f, i) {
	case roleNumber:
		return "_int"
	case roleTextIn:
		return "_text"
	case roleBytesIn:
		return "_data"
	case roleTextOut, roleBytesOut:
		return "_room"
	case roleInt:
		return "_int_p"
	case roleLong:
		return "_long_p"
	case roleAddress:
		return "_void_pp"
	}
	return "_pointer"
}

// pythonParams are the parameters as a checker of types reads them: texts and data are whatever
// has bytes, which a str has not, and the library writes only to what can be written to.
func pythonParams(f Function) string {
	list := []string{"self"}
	for i := range f.Params {
		kind := "Any" // an address, a callback, what ctypes.byref gives
		switch roleOf(f, i) {
		case roleNumber:
			kind = "int"
		case roleTextIn, roleBytesIn:
			kind = "Optional[ReadableBuffer]"
		case roleTextOut, roleBytesOut:
			kind = "Optional[WriteableBuffer]"
		}
		list = append(list, hostName(f.Params[i])+": "+kind)
	}
	if len(list) > 1 {
		list = append(list, "/")
	}
	return strings.Join(list, ", ")
}

// pythonBuffers lists the arguments with room for something: their place, the
// places of the numbers that say how much, and the bytes of one.
func pythonBuffers(f Function) string {
	var all []string
	for i := range f.Params {
		places := map[int]string{1: fmt.Sprintf("(%d,)", i+1), 2: fmt.Sprintf("(%d, %d)", i+1, i+2)}[f.sized(i)]
		if places == "" {
			continue
		}
		size := 1
		switch roleOf(f, i) {
		case roleInt:
			size = 4
		case roleLong:
			size = 8
		}
		all = append(all, fmt.Sprintf("(%d, %s, %d)", i, places, size))
	}
	return strings.Join(all, ", ")
}
