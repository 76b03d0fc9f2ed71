package main

import (
	"fmt"
	"strings"
)

// csharpFile declares the functions for .NET and Mono: one set of imports for
// each library's name, and functions that choose, so that a program built for
// any processor runs.
func csharpFile(h *Header) string {
	var b strings.Builder
	b.WriteString(csharpHead)
	b.WriteString(constantLines(h, "        ", "public const int %s = %d;", "//"))
	for _, f := range h.Functions() {
		b.WriteString("\n" + csharpChoice(f))
	}
	for _, set := range []struct{ class, library, convention string }{
		{"Windows32", "wdsocket32.dll", "StdCall"},
		{"Windows64", "wdsocket64.dll", "Cdecl"},
		{"Unix", "libwdsocket.so.1", "Cdecl"},
	} {
		fmt.Fprintf(&b, "\n        private static class %s\n        {\n", set.class)
		for _, f := range h.Functions() {
			fmt.Fprintf(&b, "            [DllImport(\"%s\", CallingConvention = CallingConvention.%s, ExactSpelling = true)] public static extern int %s(%s);\n",
				set.library, set.convention, f.Name, csharpParams(f))
		}
		b.WriteString("        }\n")
	}
	b.WriteString("    }\n}\n")
	return b.String()
}

const csharpHead = `// ` + hostNote + `
//
// wdsocket for .NET Framework, .NET and Mono. Texts are UTF-8 with a NUL at the
// end: WDSocket.Text makes them, WDSocket.String reads them. null is NULL. What
// the library fills in is an array: of one element where it is one number.
// On Linux, .NET itself may crash with any library written in Go
// (golang/go#78883); Mono is not concerned.
using System;
using System.Runtime.InteropServices;
using System.Text;

namespace WDSocketLibrary
{
    public static class WDSocket
    {
        private static readonly bool Windows = Environment.OSVersion.Platform == PlatformID.Win32NT;
        private static readonly bool Wide = IntPtr.Size == 8;

        // Text gives a text as the library takes it.
        public static byte[] Text(string text) { return text == null ? null : Encoding.UTF8.GetBytes(text + "\0"); }

        // String reads a text of so many bytes from a buffer.
        public static string String(byte[] text, int length) { return Encoding.UTF8.GetString(text, 0, Math.Max(0, Math.Min(length, text.Length))); }
`

func csharpKind(f Function, i int) string {
	switch roleOf(f, i) {
	case roleNumber:
		return "int"
	case roleTextIn, roleTextOut, roleBytesIn, roleBytesOut:
		return "byte[]"
	case roleInt:
		return "int[]"
	case roleLong:
		return "long[]"
	case roleAddress:
		return "IntPtr[]"
	}
	return "IntPtr"
}

// csharpParams marks what the library fills in: a runtime that copies arrays
// copies those back.
func csharpParams(f Function) string {
	parts := make([]string, len(f.Params))
	for i, p := range f.Params {
		kind := csharpKind(f, i)
		switch roleOf(f, i) {
		case roleTextOut, roleBytesOut, roleInt, roleLong, roleAddress:
			kind = "[In][Out] " + kind
		}
		parts[i] = kind + " " + hostName(p)
	}
	return strings.Join(parts, ", ")
}

func csharpChoice(f Function) string {
	declared, passed := make([]string, len(f.Params)), make([]string, len(f.Params))
	for i, p := range f.Params {
		declared[i] = csharpKind(f, i) + " " + hostName(p)
		passed[i] = hostName(p)
	}
	call := fmt.Sprintf(".%s(%s)", f.Name, strings.Join(passed, ", "))
	return fmt.Sprintf("        // %s\n        public static int %s(%s)\n        {\n            return !Windows ? Unix%s : Wide ? Windows64%s : Windows32%s;\n        }\n",
		summary(f), f.Name, strings.Join(declared, ", "), call, call, call)
}
