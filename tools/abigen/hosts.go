package main

import (
	"fmt"
	"regexp"
	"strings"
)

// hostFiles are the declarations for languages other than C, and what the
// Windows tests know of them.
func hostFiles(h *Header) map[string]string {
	basic, pascal, sharp := vbaModule(h), pascalUnit(h), csharpFile(h)
	return map[string]string{
		"hosts/vba/wdsocket.bas":        basic,
		"hosts/pascal/wdsocket.pas":     pascal,
		"hosts/csharp/WDSocket.cs":      sharp,
		"hosts/python/wdsocket.py":      pythonModule(h),
		"hosts/windev/wdsocket.wl":      windevModule(h),
		windevFolder + "/" + compatName: windevCompat(h),
		"ctest/windows/functions.inc":   functionTable(basic, pascal, sharp),
	}
}

const hostNote = "Made by tools/abigen from wdsocket.h. Do not edit."

// role is what a parameter is for, as far as languages other than C must know.
type role int

const (
	roleNumber   role = iota // int32_t by value
	roleTextIn               // text of the host
	roleTextOut              // buffer for text
	roleBytesIn              // bytes of the host
	roleBytesOut             // buffer for bytes
	roleToken                // a pointer that the host only passes on
	roleAddress              // receives a pointer
	roleInt                  // receives one or more numbers of 32 bits
	roleLong                 // receives a number of 64 bits
)

// roleOf tells the role of parameter number i. A void pointer in front of its
// length is a buffer; alone it is a token.
func roleOf(f Function, i int) role {
	p := f.Params[i]
	switch p.Type {
	case "int32_t":
		return roleNumber
	case "const char *":
		return roleTextIn
	case "char *":
		return roleTextOut
	case "int32_t *":
		return roleInt
	case "int64_t *":
		return roleLong
	case "void **", "const void **":
		return roleAddress
	case "void *", "const void *":
		if i+1 < len(f.Params) && lengthName.MatchString(f.Params[i+1].Name) {
			if p.Type == "void *" {
				return roleBytesOut
			}
			return roleBytesIn
		}
	}
	return roleToken
}

var (
	lengthName = regexp.MustCompile(`(^|_)(length|capacity|bytes)$`)
	sizeName   = regexp.MustCompile(`(^|_)(length|capacity|bytes|count)$`) // of arrays, too
)

// sized tells how many numbers behind parameter i say how much room it has, or how
// much there is: 1, 2 for records (their size and their number), or 0.
func (f Function) sized(i int) int {
	switch roleOf(f, i) {
	case roleTextOut, roleBytesOut, roleBytesIn, roleInt, roleLong:
	default:
		return 0
	}
	switch next := i + 1; {
	case next == len(f.Params) || roleOf(f, next) != roleNumber || !sizeName.MatchString(f.Params[next].Name):
		return 0
	case f.Params[next].Name == "record_bytes":
		return 2
	}
	return 1
}

// renamed keeps parameters clear of the words of other languages.
var renamed = map[string]string{
	"option": "option_id", "event": "event_id", "type": "type_id", "string": "text", "name": "text_name",
	"end": "end_at", "ref": "reference", "lock": "lock_id", "params": "parameters", "function": "function_id", "on": "switch_on",
}

func hostName(p Param) string {
	if name, ok := renamed[p.Name]; ok {
		return name
	}
	return p.Name
}

// constantLines writes every constant by format, which gets name and value, with
// its comment behind mark, below the title of its group.
func constantLines(h *Header, indent, format, mark string) string {
	var b strings.Builder
	for _, s := range h.Sections {
		for _, g := range s.Groups {
			if g.Title != "" {
				fmt.Fprintf(&b, "\n%s%s %s\n", indent, mark, g.Title)
			} else {
				b.WriteString("\n")
			}
			for _, c := range g.Constants {
				line := indent + fmt.Sprintf(format, c.Name, c.Value)
				if c.Comment != "" {
					line += " " + mark + " " + c.Comment
				}
				b.WriteString(line + "\n")
			}
		}
	}
	return b.String()
}

// summary is the first sentence about a function, which a capital follows or nothing.
func summary(f Function) string {
	first, _, _ := strings.Cut(strings.Join(f.Comment, "\n"), "\n\n")
	text := joinText([]string{first})
	if end := sentenceEnd.FindStringIndex(text); end != nil {
		return text[:end[0]+1]
	}
	return text
}

// inEditor is a comment that the editors of C# and Delphi show where the function is used.
func inEditor(text string) string {
	return "/// <summary>" + strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text) + "</summary>"
}

var sentenceEnd = regexp.MustCompile(`\. \p{Lu}`)

// Declared is a function as the text of a host language declares it.
type Declared struct {
	Name      string
	Arguments int
}

var (
	vbaDeclaration    = regexp.MustCompile(`(?m)^\s*Public Declare (?:PtrSafe )?Function (\w+) Lib "(\w+)\.dll" Alias "(\w+)" \((.*)\) As Long$`)
	pascalDeclaration = regexp.MustCompile(`(?m)^function (\w+)(?:\((.*)\))?: Integer; .*external WDSOCKET_LIBRARY name '(\w+)';$`)
	csharpDeclaration = regexp.MustCompile(`(?m)^\s*\[DllImport\("([\w.]+)".*\] public static extern int (\w+)\((.*)\);$`)
)

// declaredVBA, declaredPascal and declaredCSharp read the declarations back
// from the text of a host language, knowing nothing of the header.
func declaredVBA(text string) []Declared {
	var all []Declared
	for _, m := range vbaDeclaration.FindAllStringSubmatch(text, -1) {
		all = append(all, Declared{Name: m[3], Arguments: arguments(m[4], ",")})
	}
	return all
}

func declaredPascal(text string) []Declared {
	var all []Declared
	for _, m := range pascalDeclaration.FindAllStringSubmatch(text, -1) {
		all = append(all, Declared{Name: m[3], Arguments: arguments(m[2], ";")})
	}
	return all
}

func declaredCSharp(text string) []Declared {
	var all []Declared
	for _, m := range csharpDeclaration.FindAllStringSubmatch(text, -1) {
		all = append(all, Declared{Name: m[2], Arguments: arguments(m[3], ",")})
	}
	return all
}

func arguments(list, separator string) int {
	if strings.TrimSpace(list) == "" {
		return 0
	}
	return strings.Count(list, separator) + 1
}

// functionTable lists each function as the other languages declare it, for a
// program that calls them all: a wrong number of arguments moves the stack.
func functionTable(basic, pascal, sharp string) string {
	var b strings.Builder
	b.WriteString("/* " + hostNote + "\n * Read back from the declarations in hosts. */\n")
	for _, host := range []struct {
		name string
		all  []Declared
	}{
		{"vba", declaredVBA(basic)},
		{"pascal", declaredPascal(pascal)},
		{"csharp", declaredCSharp(sharp)},
	} {
		seen := map[Declared]bool{}
		for _, d := range host.all {
			if !seen[d] {
				fmt.Fprintf(&b, "FUNCTION(%s, %s, %d)\n", host.name, d.Name, d.Arguments)
			}
			seen[d] = true
		}
	}
	return b.String()
}
