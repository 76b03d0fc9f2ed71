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
	b.WriteString(csharpRecord(h.Record()))
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
		fmt.Fprintf(&b, csharpEvents, set.library, set.convention)
		b.WriteString("        }\n")
	}
	b.WriteString("    }\n}\n")
	return b.String()
}

const csharpHead = `// ` + hostNote + `
//
// wdsocket for .NET Framework, .NET and Mono. Texts are UTF-8 with a NUL at the
// end: WDSocket.Text makes them, WDSocket.String reads them. null is NULL. Pass an
// array for everything that the library fills in; for a single number, an array of
// one element. -1 as a length or capacity means that of the array; of data to
// write, without the NUL that WDSocket.Text puts at its end. More than the array has
// is an ArgumentException, and so is a text without its NUL.
// On Linux, .NET itself may crash with any library written in Go
// (golang/go#78883); Mono is not affected.
using System;
using System.Runtime.InteropServices;
using System.Text;

namespace WDSocketLibrary
{
    public static class WDSocket
    {
        private static readonly bool Windows = Environment.OSVersion.Platform == PlatformID.Win32NT;
        private static readonly bool Wide = IntPtr.Size == 8;

        // Text converts a string to the form that the library expects.
        public static byte[] Text(string text) { return text == null ? null : Encoding.UTF8.GetBytes(text + "\0"); }

        // String reads a text of so many bytes from a buffer.
        public static string String(byte[] text, int length) { return Encoding.UTF8.GetString(text, 0, Math.Max(0, Math.Min(length, text.Length))); }

        // Terminated refuses a text without a NUL: the library would read beyond the array.
        private static void Terminated(byte[] text, string name)
        {
            if (text != null && Array.IndexOf(text, (byte)0) < 0)
                throw new ArgumentException("a text needs a NUL at its end: WDSocket.Text makes one", name);
        }

        // Fitting checks a size given for an array; -1 becomes the size of the array.
        private static int Fitting(Array array, int size, string name)
        {
            if (array == null) return size;
            if (size > array.Length)
                throw new ArgumentException("the array has " + array.Length + " elements, not " + size, name);
            return size == -1 ? array.Length : size;
        }

        // Given is Fitting for data to write: with -1, one NUL at its end is that of a text and is not written.
        private static int Given(byte[] data, int size, string name)
        {
            bool text = size == -1 && data != null && data.Length > 0 && data[data.Length - 1] == 0;
            return text ? data.Length - 1 : Fitting(data, size, name);
        }
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

// csharpChoice calls the function of the library in use, with texts that end and
// sizes that fit the arrays.
func csharpChoice(f Function) string {
	declared, passed := make([]string, len(f.Params)), make([]string, len(f.Params))
	var checks strings.Builder
	for i, p := range f.Params {
		name := hostName(p)
		declared[i], passed[i] = csharpKind(f, i)+" "+name, name
		if roleOf(f, i) == roleTextIn {
			fmt.Fprintf(&checks, "            Terminated(%s, \"%s\");\n", name, name)
		}
		if size := f.sized(i); size == 1 {
			check, number := "Fitting", hostName(f.Params[i+1])
			if roleOf(f, i) == roleBytesIn {
				check = "Given"
			}
			fmt.Fprintf(&checks, "            %s = %s(%s, %s, \"%s\");\n", number, check, name, number, number)
		} else if size == 2 {
			fmt.Fprintf(&checks, "            Fitting(%s, checked(%s * %s), \"%s\");\n", name, hostName(f.Params[i+1]), hostName(f.Params[i+2]), name)
		}
	}
	return csharpFunction(summary(f), f.Name, "", declared, passed, checks.String())
}

// csharpFunction is one that chooses among the libraries; suffix tells those apart
// that take the same function's arguments in another way.
func csharpFunction(summary, name, suffix string, declared, passed []string, checks string) string {
	call := fmt.Sprintf(".%s%s(%s)", name, suffix, strings.Join(passed, ", "))
	return fmt.Sprintf("        %s\n        public static int %s(%s)\n        {\n%s            return !Windows ? Unix%s : Wide ? Windows64%s : Windows32%s;\n        }\n",
		inEditor(summary), name, strings.Join(declared, ", "), checks, call, call, call)
}

// csharpRecord declares the record of an event, and WDSocketNextEvents with an array of it.
func csharpRecord(s Struct) string {
	var b strings.Builder
	b.WriteString("\n        // The record of an event: wds_event of the header.\n        [StructLayout(LayoutKind.Sequential)]\n        public struct Event\n        {\n")
	for _, f := range s.Fields {
		fmt.Fprintf(&b, "            public int %s; // %s\n", f.Name, f.Comment)
	}
	b.WriteString("        }\n\n")
	b.WriteString(csharpFunction("WDSocketNextEvents fills an array of records and gives their number.", "WDSocketNextEvents", "Records",
		[]string{"int queue", "int timeout_ms", "Event[] events"},
		[]string{"queue", "timeout_ms", "events", fmt.Sprint(s.Bytes()), "events.Length"}, ""))
	return b.String()
}

const csharpEvents = "            [DllImport(\"%s\", EntryPoint = \"WDSocketNextEvents\", CallingConvention = CallingConvention.%s, ExactSpelling = true)] " +
	"internal static extern int WDSocketNextEventsRecords(int queue, int timeout_ms, [In][Out] Event[] events, int record_bytes, int capacity);\n"
