package main

import (
	"fmt"
	"strings"
)

// pythonModule declares the functions for ctypes.
func pythonModule(h *Header) string {
	var b strings.Builder
	b.WriteString(pythonHead)
	b.WriteString(constantLines(h, "", "%s = %d", " #"))
	b.WriteString("\n_FUNCTIONS = {\n")
	for _, f := range h.Functions() {
		parts := make([]string, len(f.Params))
		for i := range f.Params {
			parts[i] = pythonKind(f, i)
		}
		fmt.Fprintf(&b, "    # %s\n    %q: [%s],\n", f.Signature(), f.Name, strings.Join(parts, ", "))
	}
	b.WriteString("}\n")
	b.WriteString(pythonTail)
	return strings.ReplaceAll(b.String(), "\n # ", "\n# ")
}

func pythonKind(f Function, i int) string {
	switch roleOf(f, i) {
	case roleNumber:
		return "_int"
	case roleTextIn, roleTextOut:
		return "_text"
	case roleInt:
		return "_int_p"
	case roleLong:
		return "_long_p"
	case roleAddress:
		return "_void_pp"
	}
	return "_void_p"
}

const pythonHead = `"""wdsocket for Python, through ctypes.

` + hostNote + `

    import wdsocket
    lib = wdsocket.load("/path/to/the/library")  # or without a path
    socket = lib.WDSocketConnect(None, 5000, b"127.0.0.1", 10000)

Texts are bytes in UTF-8, None is NULL, and what the library fills in is made by
ctypes.create_string_buffer, ctypes.byref(ctypes.c_int32()) or an array.
Functions that wait let other Python threads run.

Events are records of 8 numbers: (ctypes.c_int32 * 8 * 64)() has room for 64, and
WDSocketNextEvents fills it with records of 32 bytes. A callback is
@wdsocket.EVENT_PROC over a function (event, user), where event[0] to event[7] are
the record; keep it alive as long as the queue may call it. EVENT_PROC() is NULL.
"""
import ctypes
import struct
import sys

_int = ctypes.c_int32
_text = ctypes.c_char_p
_void_p = ctypes.c_void_p
_int_p = ctypes.POINTER(ctypes.c_int32)
_long_p = ctypes.POINTER(ctypes.c_int64)
_void_pp = ctypes.POINTER(ctypes.c_void_p)

EVENT_PROC = (ctypes.WINFUNCTYPE if sys.platform == "win32" and struct.calcsize("P") == 4
              else ctypes.CFUNCTYPE)(None, _int_p, _void_p)
`

const pythonTail = `

def load(path=None):
    """Loads the library and declares its functions; path is its file."""
    wide = struct.calcsize("P") == 8
    windows = sys.platform == "win32"
    if path is None:
        path = ("wdsocket64.dll" if wide else "wdsocket32.dll") if windows else "libwdsocket.so.1"
    library = (ctypes.WinDLL if windows and not wide else ctypes.CDLL)(path)
    for name, arguments in _FUNCTIONS.items():
        function = getattr(library, name)
        function.restype = _int
        function.argtypes = arguments
    return library
`
