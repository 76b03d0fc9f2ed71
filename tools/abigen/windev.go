package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// windevFolder holds the module and programs that use it.
const windevFolder = "hosts/windev"

// CheckWindev compares every call of the WLanguage module with the header, and
// every call of the examples with the module.
func CheckWindev(h *Header, root string) error {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(windevFolder), "wdsocket.wl"))
	if err != nil {
		return err
	}
	module := parseWL("wdsocket.wl", string(text))
	faults := append(module.check(h, nil), parseWL(compatName, windevCompat(h)).check(h, nil)...)
	examples, _ := filepath.Glob(filepath.Join(root, filepath.FromSlash(windevFolder), "examples", "*.wl"))
	for _, path := range examples {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		example := parseWL(filepath.Base(path), string(text))
		example.checkEvents(example.manages())
		faults = append(faults, example.check(h, module)...)
	}
	return errors.Join(faults...)
}

// wlText is what is known of a WLanguage text.
type wlText struct {
	file       string
	constants  map[string]int64
	procedures map[string]*wlProcedure
	order      []*wlProcedure // the first, without a name, is what stands outside
	faults     []error
}

type wlProcedure struct {
	name      string
	line      int
	least     int               // arguments
	most      int               // arguments
	variables map[string]string // lower-case name: type in lower case, "" for any
	rooms     map[string]string // lower-case name of a buffer: what its size is
	lines     []wlLine
	defined   int // place in the order
}

type wlLine struct {
	number int
	text   string
}

var (
	wlHead     = regexp.MustCompile(`(?i)^PROC[EÉ]DURE\s+([\p{L}\d_]+)\s*\((.*)\)(?:\s*:\s*(.+))?$`)
	wlDeclared = regexp.MustCompile(`(?i)^([\p{L}\d_]+(?:\s*,\s*[\p{L}\d_]+)*)\s+(?:is|are|est|sont)\s+(?:an?\s+|une?\s+)?(.+)$`)
	wlConst    = regexp.MustCompile(`^(\w+)\s*=\s*(-?\d+)$`)
)

func parseWL(file, text string) *wlText {
	w := &wlText{file: file, constants: map[string]int64{}, procedures: map[string]*wlProcedure{}}
	current := &wlProcedure{variables: map[string]string{}, rooms: map[string]string{}}
	w.order = append(w.order, current)
	inConstants, depth := false, 0
	for _, line := range wlLines(text) {
		switch upper := strings.ToUpper(line.text); {
		case wlHead.MatchString(line.text):
			if depth != 0 {
				w.fault(line.number, "%d blocks are still open", depth)
			}
			depth = 0
			current = w.procedure(line)
			continue
		case upper == "CONSTANT":
			inConstants = true
			if len(w.order) > 1 {
				w.fault(line.number, "constants stand behind a procedure")
			}
		case upper == "GLOBAL":
			if len(w.order) > 1 {
				w.fault(line.number, "globals stand behind a procedure")
			}
			continue
		case inConstants && upper != "END":
			if m := wlConst.FindStringSubmatch(line.text); m != nil {
				w.constants[m[1]], _ = strconv.ParseInt(m[2], 10, 64)
			} else {
				w.fault(line.number, "%q is no constant", line.text)
			}
			continue
		case upper == "END":
			inConstants = false
		}
		depth += wlDepth(line.text)
		if depth < 0 {
			w.fault(line.number, "END without a beginning")
			depth = 0
		}
		current.declare(line.text)
		current.lines = append(current.lines, line)
	}
	if depth != 0 {
		w.fault(0, "%d blocks are open at the end", depth)
	}
	return w
}

// wlLines takes comments off and joins what "..." at the end of a line continues.
func wlLines(text string) []wlLine {
	var out []wlLine
	pending := ""
	for i, raw := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		line := strings.TrimSpace(wlWithoutComment(raw))
		if rest, more := strings.CutSuffix(line, "..."); more {
			pending += rest + " "
			continue
		}
		line = pending + line
		pending = ""
		if line != "" {
			out = append(out, wlLine{i + 1, line})
		}
	}
	return out
}

func wlWithoutComment(line string) string {
	quoted := false
	for i := range line {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case !quoted && strings.HasPrefix(line[i:], "//"):
			return line[:i]
		}
	}
	return line
}

func (w *wlText) fault(line int, format string, args ...any) {
	w.faults = append(w.faults, fmt.Errorf("%s:%d: %s", w.file, line, fmt.Sprintf(format, args...)))
}

func (w *wlText) procedure(line wlLine) *wlProcedure {
	m := wlHead.FindStringSubmatch(line.text)
	p := &wlProcedure{name: m[1], line: line.number, variables: map[string]string{}, rooms: map[string]string{}, defined: len(w.order)}
	for _, part := range wlSplit(m[2]) {
		declaration, _, optional := strings.Cut(part, "=")
		p.most++
		if !optional {
			if p.least != p.most-1 {
				w.fault(line.number, "a parameter without a default behind one with a default")
			}
			p.least++
		}
		declaration = strings.TrimSpace(declaration)
		if wlDeclared.MatchString(declaration) {
			p.declare(declaration)
		} else {
			p.variables[strings.ToLower(declaration)] = ""
		}
	}
	if w.procedures[strings.ToLower(p.name)] != nil {
		w.fault(line.number, "%s is there twice", p.name)
	}
	w.procedures[strings.ToLower(p.name)] = p
	w.order = append(w.order, p)
	return p
}

func (p *wlProcedure) declare(line string) {
	m := wlDeclared.FindStringSubmatch(line)
	if m == nil {
		return
	}
	if m := wlRoomed.FindStringSubmatch(line); m != nil {
		p.rooms[strings.ToLower(m[1])] = m[2]
	}
	kind, _, _ := strings.Cut(m[2], "=")
	for _, name := range strings.Split(m[1], ",") {
		p.variables[strings.ToLower(strings.TrimSpace(name))] = strings.ToLower(strings.TrimSpace(kind))
	}
}

// wlSplit cuts a list at its commas, but not inside brackets or texts.
func wlSplit(list string) []string {
	var parts []string
	depth, quoted, start := 0, false, 0
	for i := range list {
		switch c := list[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case c == ',' && depth == 0:
			parts = append(parts, strings.TrimSpace(list[start:i]))
			start = i + 1
		}
	}
	if last := strings.TrimSpace(list[start:]); last != "" || len(parts) > 0 {
		parts = append(parts, last)
	}
	return parts
}

// wlCall is one call inside a line.
type wlCall struct {
	name string
	args []string
}

var wlName = regexp.MustCompile(`([\p{L}_][\p{L}\d_]*)\(`)

// wlCalls finds the calls of a line, those inside others too.
func wlCalls(line string) []wlCall {
	var calls []wlCall
	for _, at := range wlName.FindAllStringSubmatchIndex(line, -1) {
		if strings.Count(line[:at[0]], `"`)%2 == 1 {
			continue
		}
		if end := wlClosing(line, at[1]); end > 0 {
			calls = append(calls, wlCall{line[at[2]:at[3]], wlSplit(line[at[1]:end])})
		}
	}
	return calls
}

func wlClosing(line string, from int) int {
	depth, quoted := 1, false
	for i := from; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// check looks at every call. module is the text that defines what w uses, nil
// if that is w itself.
func (w *wlText) check(h *Header, module *wlText) []error {
	own := module == nil
	if own {
		module = w
		w.checkConstants(h)
	}
	for _, p := range w.order {
		for _, line := range p.lines {
			for _, call := range wlCalls(line.text) {
				switch lower := strings.ToLower(call.name); {
				case lower == "api" || lower == "calldll32":
					w.checkAPI(h, p, line, call)
				case strings.HasPrefix(lower, "wd"):
					w.checkProcedure(module, own, p, line, call)
				case !wlFunctions[lower] && w.procedures[lower] == nil:
					w.fault(line.number, "WLanguage has no function %s, as far as is known here", call.name)
				}
			}
			w.checkNames(module, line)
			w.checkBytes(module, p, line)
		}
		if own {
			w.checkEnd(p)
		}
	}
	return w.faults
}

func (w *wlText) checkConstants(h *Header) {
	for _, c := range h.Constants() {
		if value, ok := w.constants[c.Name]; !ok || value != c.Value {
			w.fault(0, "the constant %s is not %d", c.Name, c.Value)
		}
	}
}

var wlConstantName = regexp.MustCompile(`\bWDS_\w+`)

// checkNames finds constants that do not exist.
func (w *wlText) checkNames(module *wlText, line wlLine) {
	for _, name := range wlConstantName.FindAllString(line.text, -1) {
		if _, ok := module.constants[name]; !ok {
			w.fault(line.number, "there is no constant %s", name)
		}
	}
}

func (w *wlText) checkProcedure(module *wlText, own bool, p *wlProcedure, line wlLine, call wlCall) {
	called := module.procedures[strings.ToLower(call.name)]
	switch {
	case called == nil && !own && w.procedures[strings.ToLower(call.name)] != nil:
	case called == nil:
		w.fault(line.number, "there is no procedure %s", call.name)
	case own && called.defined >= p.defined:
		w.fault(line.number, "%s stands below %s, which calls it", call.name, p.name)
	case len(call.args) < called.least || len(call.args) > called.most:
		w.fault(line.number, "%s with %d arguments, want %d to %d", call.name, len(call.args), called.least, called.most)
	}
}

// checkAPI compares one call of the library with the header: name, number and
// types of the arguments, room of buffers, and a result of four bytes.
func (w *wlText) checkAPI(h *Header, p *wlProcedure, line wlLine, call wlCall) {
	if len(call.args) < 2 {
		w.fault(line.number, "%s without a function", call.name)
		return
	}
	name := strings.Trim(call.args[1], `"`)
	var f Function
	for _, candidate := range h.Functions() {
		if candidate.Name == name {
			f = candidate
		}
	}
	args := call.args[2:]
	switch {
	case f.Name == "":
		w.fault(line.number, "the header has no function %s", call.args[1])
		return
	case call.args[1] != `"`+name+`"`:
		w.fault(line.number, "the function's name is no text")
	case len(args) != len(f.Params):
		w.fault(line.number, "%s with %d arguments, want %d", name, len(args), len(f.Params))
		return
	}
	if result, _, _ := strings.Cut(line.text, "="); !strings.HasPrefix(line.text[len(result):], "= "+call.name) || !p.isInt(result) {
		w.fault(line.number, "the result of %s does not go to a variable of type int", name)
	}
	for i, arg := range args {
		if why := w.wrong(p, f, i, args); why != "" {
			w.fault(line.number, "%s, %s %q: %s", name, f.Params[i].Name, arg, why)
		}
	}
}

// isInt tells whether the left side of an assignment is, or declares, an int.
func (p *wlProcedure) isInt(left string) bool {
	name, _, _ := strings.Cut(strings.TrimSpace(left), " ")
	return p.variables[strings.ToLower(name)] == "int"
}

var (
	wlNumber = regexp.MustCompile(`^-?\d+$`)
	wlRoom   = regexp.MustCompile(`^(?:asciiz string|buffer) on (\d+)$`)
)

// wrong tells what is wrong with argument i, "" if nothing is.
func (w *wlText) wrong(p *wlProcedure, f Function, i int, args []string) string {
	arg := args[i]
	name, address := strings.CutPrefix(arg, "&")
	kind, declared := p.variables[strings.ToLower(name)]
	_, constant := w.constants[name]
	number := wlNumber.MatchString(name) || constant
	if !declared && !number && !strings.EqualFold(arg, "Null") {
		return "is not declared in this procedure"
	}
	if kind == "string" || kind == "ansi string" || kind == "unicode string" {
		return "is a string that WLanguage may move or convert"
	}
	null := strings.EqualFold(arg, "Null")
	switch what := roleOf(f, i); what {
	case roleNumber:
		if address || !number && kind != "int" {
			return "is not an int"
		}
	case roleToken:
		if address || kind != "system int" {
			return "is not a system int"
		}
	case roleTextIn, roleTextOut:
		if !null && (!address || !strings.HasPrefix(kind, "asciiz string on ")) {
			return "is not the address of an ASCIIZ string"
		}
		if what == roleTextOut && (!null || args[i+1] != "0") { // Null and 0 ask for the length
			return w.room(kind, args[i+1])
		}
	case roleBytesIn, roleBytesOut:
		if !null && (!address || !strings.HasPrefix(kind, "buffer")) {
			return "is not the address of a buffer"
		}
		if what == roleBytesOut && !null {
			if size := p.rooms[strings.ToLower(name)]; size != "" && size == args[i+1] {
				return ""
			}
			return w.roomFor(f, i, kind, args)
		}
	case roleLong:
		if i+1 < len(f.Params) && f.Params[i+1].Name == "count" { // a row of them
			if null || !address || !strings.HasPrefix(kind, "buffer") {
				return "is not the address of a buffer"
			}
			return w.roomTimes(kind, args[i+1], bytesOfLong)
		}
		if !null && (!address || kind != "8-byte int") {
			return "is not the address of a variable of type 8-byte int"
		}
	case roleInt, roleAddress:
		if what == roleInt && i+1 < len(f.Params) && sizeName.MatchString(f.Params[i+1].Name) { // a row of them
			if null || !address || !strings.HasPrefix(kind, "buffer") {
				return "is not the address of a buffer"
			}
			return w.roomTimes(kind, args[i+1], bytesOfInt)
		}
		want := map[role]string{roleInt: "int", roleAddress: "system int"}[what]
		if !null && (!address || kind != want) {
			return "is not the address of a variable of type " + want
		}
	}
	return ""
}

// Bytes of the numbers in a row.
const (
	bytesOfInt  = 4
	bytesOfLong = 8
)

// roomFor is room for a buffer of bytes, or of records: their size is followed
// by their number.
func (w *wlText) roomFor(f Function, i int, kind string, args []string) string {
	if f.Params[i+1].Name == "record_bytes" {
		return w.roomTimes(kind, args[i+2], w.number(args[i+1]))
	}
	return w.room(kind, args[i+1])
}

func (w *wlText) room(kind, capacity string) string { return w.roomTimes(kind, capacity, 1) }

// number is the value of a constant or a numeral.
func (w *wlText) number(text string) int64 {
	value, ok := w.constants[text]
	if !ok {
		value, _ = strconv.ParseInt(text, 10, 64)
	}
	return value
}

// roomTimes checks that a buffer has the capacity that is given, in pieces of
// size bytes. A variable is set from the same constants in the lines above.
func (w *wlText) roomTimes(kind, capacity string, size int64) string {
	m := wlRoom.FindStringSubmatch(kind)
	if m == nil {
		return "is a buffer without a size"
	}
	has, _ := strconv.ParseInt(m[1], 10, 64)
	needed := w.number(capacity) * size
	if needed > has {
		return fmt.Sprintf("has %d bytes, %d are needed", has, needed)
	}
	return ""
}
