package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// hostTypes are the types that a parameter of the header may have in a language,
// each with the way it is passed.
type hostTypes map[string]string

var (
	vba64      = hostTypes{"int32_t": "ByVal Long", "const char *": "ByVal String", "char *": "ByVal String", "int32_t *": "ByRef Long", "int64_t *": "ByRef LongLong", "void **": "ByRef LongPtr", "const void **": "ByRef LongPtr", "buffer": "ByRef Any", "token": "ByVal LongPtr"}
	vba32      = vba64.but("int64_t *", "ByRef Currency")
	vba6       = vba32.but("void **", "ByRef Long").but("const void **", "ByRef Long").but("token", "ByVal Long")
	pascalType = hostTypes{"int32_t": "Integer", "const char *": "PAnsiChar", "char *": "PAnsiChar", "int32_t *": "PInteger", "int64_t *": "PInt64", "void **": "PPointer", "const void **": "PPointer", "buffer": "PAnsiChar", "filled": "Pointer", "token": "Pointer"}
	pythonType = hostTypes{"int32_t": "_int", "const char *": "_text", "char *": "_room", "int32_t *": "_int_p", "int64_t *": "_long_p", "void **": "_void_pp", "const void **": "_void_pp", "buffer": "_data", "filled": "_room", "token": "_pointer"}
	csharpType = hostTypes{"int32_t": "int", "const char *": "byte[]", "char *": "[In][Out] byte[]", "int32_t *": "[In][Out] int[]", "int64_t *": "[In][Out] long[]", "void **": "[In][Out] IntPtr[]", "const void **": "[In][Out] IntPtr[]", "buffer": "byte[]", "filled": "[In][Out] byte[]", "token": "IntPtr"}
)

func (h hostTypes) but(kind, text string) hostTypes {
	other := hostTypes{kind: text}
	for k, v := range h {
		if k != kind {
			other[k] = v
		}
	}
	return other
}

// of is the type of parameter i. A pointer to anything with its length behind it
// is a buffer, without one a token.
func (h hostTypes) of(f Function, i int) string {
	kind := f.Params[i].Type
	if text, ok := h[kind]; ok {
		return text
	}
	if (kind == "void *" || kind == "const void *") && i+1 < len(f.Params) && lengthName.MatchString(f.Params[i+1].Name) {
		if text, ok := h["filled"]; ok && kind == "void *" {
			return text
		}
		return h["buffer"]
	}
	return h["token"]
}

func (h hostTypes) list(f Function) []string {
	all := make([]string, len(f.Params))
	for i := range all {
		all[i] = h.of(f, i)
	}
	return all
}

// declaration is what a host language says of a function: its library, how it is
// called, and the types of its arguments.
type declaration struct{ library, convention, types string }

func (d declaration) String() string { return d.library + " " + d.convention + " " + d.types }

var (
	vbaParts    = regexp.MustCompile(`(?m)^\s*Public Declare (PtrSafe )?Function \w+ Lib "(\w+\.dll)" Alias "(\w+)" \((.*)\) As Long$`)
	vbaSection  = regexp.MustCompile(`(?m)^#(?:If|ElseIf|Else).*$`)
	vbaParam    = regexp.MustCompile(`^(By\w+) \w+ As (\w+)$`)
	pascalParts = regexp.MustCompile(`(?m)^function (\w+)(?:\((.*)\))?: Integer; (.*); external WDSOCKET_LIBRARY name '(\w+)';$`)
	csharpParts = regexp.MustCompile(`(?m)^\s*\[DllImport\("([\w.]+)", CallingConvention = CallingConvention\.(\w+), ExactSpelling = true\)\] public static extern int (\w+)\((.*)\);$`)
)

var pythonParts = regexp.MustCompile(`(?m)^    "(\w+)": \[([^(]*)\],$`)

// split cuts a list of parameters and takes of each what shorten leaves.
func split(list, separator string, shorten func(string) string) string {
	var all []string
	for part := range strings.SplitSeq(list, separator) {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, shorten(part))
		}
	}
	return strings.Join(all, ", ")
}

// vbaSections are the declarations for 64 bits, for 32 bits, and for VB6.
func vbaSections(text string) []map[string]declaration {
	var all []map[string]declaration
	for _, section := range vbaSection.Split(text, -1)[1:] {
		found := map[string]declaration{}
		for _, m := range vbaParts.FindAllStringSubmatch(section, -1) {
			found[m[3]] = declaration{m[2], m[1], split(m[4], ",", func(p string) string { return vbaParam.ReplaceAllString(p, "$1 $2") })}
		}
		all = append(all, found)
	}
	return all
}

// faultsOf compares the declarations of one library in one language with the
// header.
func faultsOf(h *Header, got map[string]declaration, types hostTypes, library, convention string) []string {
	var faults []string
	for _, f := range h.Functions() {
		want := declaration{library, convention, strings.Join(types.list(f), ", ")}
		if got[f.Name] != want {
			faults = append(faults, fmt.Sprintf("%s: %v, want %v", f.Name, got[f.Name], want))
		}
	}
	return faults
}

func vbaFaults(h *Header, text string) []string {
	sections := vbaSections(text)
	if len(sections) < 3 {
		return []string{"sections are missing"}
	}
	faults := faultsOf(h, sections[0], vba64, "wdsocket64.dll", "PtrSafe ")
	faults = append(faults, faultsOf(h, sections[1], vba32, "wdsocket32.dll", "PtrSafe ")...)
	return append(faults, faultsOf(h, sections[2], vba6, "wdsocket32.dll", "")...)
}

func pascalFaults(h *Header, text string) []string {
	found := map[string]declaration{}
	for _, m := range pascalParts.FindAllStringSubmatch(text, -1) {
		if m[1] == m[4] {
			found[m[1]] = declaration{"", m[3], split(m[2], ";", func(p string) string { return p[strings.Index(p, ": ")+2:] })}
		}
	}
	return faultsOf(h, found, pascalType, "", "{$IFDEF WIN32}stdcall{$ELSE}cdecl{$ENDIF}")
}

func csharpFaults(h *Header, text string) []string {
	found := map[string]map[string]declaration{}
	for _, m := range csharpParts.FindAllStringSubmatch(text, -1) {
		if found[m[1]] == nil {
			found[m[1]] = map[string]declaration{}
		}
		found[m[1]][m[3]] = declaration{m[1], m[2], split(m[4], ",", func(p string) string { return p[:strings.LastIndex(p, " ")] })}
	}
	faults := faultsOf(h, found["wdsocket32.dll"], csharpType, "wdsocket32.dll", "StdCall")
	faults = append(faults, faultsOf(h, found["wdsocket64.dll"], csharpType, "wdsocket64.dll", "Cdecl")...)
	return append(faults, faultsOf(h, found["libwdsocket.so.1"], csharpType, "libwdsocket.so.1", "Cdecl")...)
}

func pythonFaults(h *Header, text string) []string {
	found := map[string]declaration{}
	for _, m := range pythonParts.FindAllStringSubmatch(text, -1) {
		found[m[1]] = declaration{types: m[2]}
	}
	return faultsOf(h, found, pythonType, "", "")
}

func TestTypesOfTheDeclarationsFitTheHeader(t *testing.T) {
	h, root := realHeader(t)
	assert.Empty(t, vbaFaults(h, readText(t, root, "hosts/vba/wdsocket.bas")))
	assert.Empty(t, pascalFaults(h, readText(t, root, "hosts/pascal/wdsocket.pas")))
	assert.Empty(t, pythonFaults(h, readText(t, root, "hosts/python/wdsocket.py")))
	assert.Empty(t, csharpFaults(h, readText(t, root, "hosts/csharp/WDSocket.cs")))
}

func TestSeededMistakesInTheDeclarationsAreFound(t *testing.T) {
	h, _ := realHeader(t)
	for name, test := range map[string]struct {
		faults   func(*Header, string) []string
		text     string
		old, new string
	}{
		"VBA without PtrSafe":           {vbaFaults, vbaModule(h), "Declare PtrSafe Function WDSocketClose ", "Declare Function WDSocketClose "},
		"VBA with the other DLL":        {vbaFaults, vbaModule(h), `WDSocketClose Lib "wdsocket64.dll"`, `WDSocketClose Lib "wdsocket32.dll"`},
		"VBA without its Alias":         {vbaFaults, vbaModule(h), `Alias "WDSocketClose"`, `Alias "wdsocketclose"`},
		"VBA number by reference":       {vbaFaults, vbaModule(h), `"WDSocketClose" (ByVal socket`, `"WDSocketClose" (ByRef socket`},
		"VBA pointer of 4 bytes":        {vbaFaults, vbaModule(h), "(ByVal message As LongPtr)", "(ByVal message As Long)"},
		"VBA figure of 4 bytes":         {vbaFaults, vbaModule(h), "ByRef value As LongLong", "ByRef value As Long"},
		"Pascal without convention":     {pascalFaults, pascalUnit(h), "WDSocketClose(socket: Integer): Integer; {$IFDEF WIN32}stdcall{$ELSE}cdecl{$ENDIF};", "WDSocketClose(socket: Integer): Integer; cdecl;"},
		"Pascal short pointer":          {pascalFaults, pascalUnit(h), "message: Pointer", "message: Integer"},
		"Pascal with any pointer":       {pascalFaults, pascalUnit(h), "data: PAnsiChar; length: Integer): Integer;", "data: Pointer; length: Integer): Integer;"},
		"Pascal with another name":      {pascalFaults, pascalUnit(h), "name 'WDSocketClose'", "name 'WDSocketCloseEx'"},
		"Python short pointer":          {pythonFaults, pythonModule(h), `"WDSocketMessageFree": [_pointer]`, `"WDSocketMessageFree": [_int]`},
		"Python argument missing":       {pythonFaults, pythonModule(h), `"WDSocketClose": [_int]`, `"WDSocketClose": []`},
		"Python read into bytes":        {pythonFaults, pythonModule(h), `"WDSocketRead": [_int, _room`, `"WDSocketRead": [_int, _data`},
		"C# cdecl in 32 bits":           {csharpFaults, csharpFile(h), "CallingConvention.StdCall", "CallingConvention.Cdecl"},
		"C# array not copied back":      {csharpFaults, csharpFile(h), "[In][Out] long[]", "long[]"},
		"C# short pointer":              {csharpFaults, csharpFile(h), "extern int WDSocketMessageFree(IntPtr", "extern int WDSocketMessageFree(int"},
		"C# name that may be corrected": {csharpFaults, csharpFile(h), "ExactSpelling = true", "ExactSpelling = false"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Empty(t, test.faults(h, test.text))
			assert.Contains(t, test.text, test.old)
			assert.NotEmpty(t, test.faults(h, strings.Replace(test.text, test.old, test.new, 1)))
		})
	}
}

// firstSentences are those of the header's comments above its functions, read
// without the parser.
func firstSentences(header string) map[string]string {
	found := map[string]string{}
	for _, part := range regexp.MustCompile(`(?s)/\*\n? ?\*? ?(WDSocket\w+ .*?)\*/`).FindAllStringSubmatch(header, -1) {
		paragraph := regexp.MustCompile(`\n \*\s*(\n|$)`).Split(part[1], 2)[0]
		text := strings.Join(strings.Fields(strings.ReplaceAll(paragraph, "\n *", " ")), " ")
		name, _, _ := strings.Cut(text, " ")
		found[name] = regexp.MustCompile(`^.*?\.(?: [A-Z]|$)`).FindString(text)
		found[name] = strings.TrimRight(found[name], " ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	}
	return found
}

func TestCommentsOfTheDeclarationsAreWholeSentences(t *testing.T) {
	h, root := realHeader(t)
	want := firstSentences(readText(t, root, "include/wdsocket.h"))
	pascal, sharp := readText(t, root, "hosts/pascal/wdsocket.pas"), readText(t, root, "hosts/csharp/WDSocket.cs")
	for _, f := range h.Functions() {
		sentence := want[f.Name]
		assert.Regexp(t, `^`+f.Name+` .*[^.]\.$`, sentence)
		sentence = "/// <summary>" + strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(sentence, "&", "&amp;"), "<", "&lt;"), ">", "&gt;") + "</summary>\n"
		assert.Contains(t, pascal, "\n"+sentence+"function "+f.Name)
		assert.Contains(t, sharp, "\n        "+sentence+"        public static int "+f.Name+"(")
	}
}

func TestCommentsOfConstantsAreWhole(t *testing.T) {
	h, root := realHeader(t)
	for name, mark := range map[string]string{"vba/wdsocket.bas": "'", "pascal/wdsocket.pas": "//", "csharp/WDSocket.cs": "//", "python/wdsocket.py": "#", "windev/wdsocket.wl": "//", "windev/" + compatName: "//"} {
		// A comment that is broken into lines reads as one that is not.
		text := regexp.MustCompile(`\n\s*`+mark+` `).ReplaceAllString(readText(t, root, "hosts/"+name), " ")
		for _, c := range h.Constants() {
			assert.Contains(t, text, c.Comment, "%s: %s", name, c.Name)
		}
	}
}

// The editor of VBA reads the code page of the machine.
func TestVBAIsASCII(t *testing.T) {
	_, root := realHeader(t)
	for i, r := range readText(t, root, "hosts/vba/wdsocket.bas") {
		assert.Less(t, r, rune(0x80), "byte %d", i)
	}
}
