package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Header is what the generator knows of wdsocket.h, in the order of the file.
type Header struct {
	Sections []Section
	Structs  []Struct
}

// Section is a part of the header under a ruled heading.
type Section struct {
	Title     string
	Text      []string // lines below the title, may be empty
	Groups    []Group
	Functions []Function
}

// Group is a run of constants below one comment.
type Group struct {
	Title     string // the comment, or empty
	Constants []Constant
}

// Constant is a #define with a number.
type Constant struct {
	Name    string
	Value   int64
	Comment string
}

// Param is one parameter of a function. Type is normalised: "const char *".
type Param struct {
	Type string
	Name string
}

// Function is a prototype with the comment above it.
type Function struct {
	Name    string
	Result  string
	Params  []Param
	Comment []string // lines without the comment's own marks
}

// GoName is the name of the Go export behind a public function.
func (f Function) GoName() string {
	return "wdsgo_" + strings.TrimPrefix(f.Name, "WDSocket")
}

// Signature is the C prototype on one line, without linkage words.
func (f Function) Signature() string {
	return f.Result + " " + f.Name + "(" + paramList(f.Params) + ")"
}

// StackBytes is the size of the arguments in 32-bit stdcall, where every
// parameter type of this ABI takes four bytes.
func (f Function) StackBytes() int { return 4 * len(f.Params) }

// Functions returns every function in the order of the file.
func (h *Header) Functions() []Function {
	var all []Function
	for _, s := range h.Sections {
		all = append(all, s.Functions...)
	}
	return all
}

// Constants returns every constant in the order of the file.
func (h *Header) Constants() []Constant {
	var all []Constant
	for _, s := range h.Sections {
		for _, g := range s.Groups {
			all = append(all, g.Constants...)
		}
	}
	return all
}

// Constant looks a constant up by its name.
func (h *Header) Constant(name string) (Constant, bool) {
	for _, c := range h.Constants() {
		if c.Name == name {
			return c, true
		}
	}
	return Constant{}, false
}

// Version is the text form of WDSOCKET_VERSION, "1.2.3".
func (h *Header) Version() string {
	c, _ := h.Constant("WDSOCKET_VERSION")
	return fmt.Sprintf("%d.%d.%d", c.Value/10000, c.Value/100%100, c.Value%100)
}

func paramList(params []Param) string {
	if len(params) == 0 {
		return "void"
	}
	parts := make([]string, len(params))
	for i, p := range params {
		parts[i] = declare(p.Type, p.Name)
	}
	return strings.Join(parts, ", ")
}

// declare puts the star of a pointer to the name, as the header does.
func declare(ctype, name string) string {
	if strings.HasSuffix(ctype, "*") {
		return ctype + name
	}
	return ctype + " " + name
}

// headerParser walks over the lines of the header. The header has one fixed way of
// writing, and everything that deviates from it is an error: a declaration
// that the generator overlooked would be missing from the library.
type headerParser struct {
	lines   []string
	next    int
	header  *Header
	pending []string // the last comment, if nothing but it came since
	group   bool     // the last constant's group is still open
}

// ParseHeader reads the text of wdsocket.h.
func ParseHeader(text string) (*Header, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	p := &headerParser{
		lines:  strings.Split(text, "\n"),
		header: &Header{Sections: []Section{{Title: "Version"}}},
	}
	for p.next < len(p.lines) {
		if err := p.item(); err != nil {
			return nil, fmt.Errorf("line %d: %w", p.next, err)
		}
	}
	return p.header, nil
}

func (p *headerParser) section() *Section {
	return &p.header.Sections[len(p.header.Sections)-1]
}

func (p *headerParser) take() string {
	line := p.lines[p.next]
	p.next++
	return line
}

func (p *headerParser) item() error {
	line := strings.TrimSpace(p.lines[p.next])
	switch {
	case strings.HasPrefix(line, "/*"):
		return p.comment()
	case strings.HasPrefix(line, "#define WDS_"), strings.HasPrefix(line, "#define WDSOCKET_VERSION"):
		return p.constant()
	case strings.HasPrefix(line, "WDSOCKET_API"):
		return p.prototype()
	case strings.HasPrefix(line, "typedef struct"):
		return p.record()
	case strings.Contains(line, "WDSocket"):
		return fmt.Errorf("%q is no declaration this program understands", line)
	case line == "":
		p.take()
		p.group = false
		return nil
	}
	p.take()
	p.pending = nil
	return nil
}

// comment reads a block comment. It becomes a section if it is ruled, else it
// waits for the declaration below it.
func (p *headerParser) comment() error {
	lines, err := p.block(p.take())
	if err != nil {
		return err
	}
	p.group = false
	if len(lines) > 2 && isRule(lines[0]) {
		body := lines[1:]
		if isRule(body[len(body)-1]) {
			body = body[:len(body)-1]
		}
		p.header.Sections = append(p.header.Sections, Section{Title: body[0], Text: trimBlank(body[1:])})
		p.pending = nil
		return nil
	}
	p.pending = trimBlank(lines)
	return nil
}

// block reads from a line that opens a comment to the line that ends it, and
// takes the marks off.
func (p *headerParser) block(first string) ([]string, error) {
	var out []string
	line := strings.TrimPrefix(strings.TrimSpace(first), "/*")
	for {
		body, end, done := strings.Cut(line, "*/")
		if strings.TrimSpace(end) != "" {
			return nil, fmt.Errorf("text behind a comment: %q", end)
		}
		out = append(out, strings.TrimRight(strings.TrimPrefix(body, " "), " "))
		if done {
			return out, nil
		}
		if p.next == len(p.lines) {
			return nil, fmt.Errorf("comment without end")
		}
		line = p.take()
		if t := strings.TrimLeft(line, " "); strings.HasPrefix(t, "*") && !strings.HasPrefix(t, "*/") {
			line = t[1:]
		}
	}
}

var definePattern = regexp.MustCompile(`^#define (\w+) +\(?(-?[0-9]+)\)?\s*(/\*.*)?$`)

func (p *headerParser) constant() error {
	line := p.take()
	m := definePattern.FindStringSubmatch(line)
	if m == nil {
		return fmt.Errorf("%q is no constant this program understands", line)
	}
	value, err := strconv.ParseInt(m[2], 10, 64)
	if err != nil {
		return err
	}
	c := Constant{Name: m[1], Value: value}
	if m[3] != "" {
		lines, err := p.block(m[3])
		if err != nil {
			return err
		}
		c.Comment = joinText(lines)
	}
	p.addConstant(c)
	return nil
}

func (p *headerParser) addConstant(c Constant) {
	s := p.section()
	if !p.group {
		s.Groups = append(s.Groups, Group{Title: joinText(p.pending)})
		p.group = true
	}
	p.pending = nil
	g := &s.Groups[len(s.Groups)-1]
	g.Constants = append(g.Constants, c)
}

var (
	prototypePattern = regexp.MustCompile(`^WDSOCKET_API (int32_t) WDSOCKET_CALL (WDSocket\w+)\((.*)\);$`)
	paramPattern     = regexp.MustCompile(`^((?:const )?\w+ ?\**)\s*?(\w+)$`)
)

func (p *headerParser) prototype() error {
	text := strings.TrimSpace(p.take())
	for !strings.Contains(text, ";") {
		if p.next == len(p.lines) {
			return fmt.Errorf("prototype without end")
		}
		text += " " + strings.TrimSpace(p.take())
	}
	m := prototypePattern.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("%q is no prototype this program understands", text)
	}
	params, err := parseParams(m[3])
	if err != nil {
		return fmt.Errorf("%s: %w", m[2], err)
	}
	s := p.section()
	s.Functions = append(s.Functions, Function{Name: m[2], Result: m[1], Params: params, Comment: p.pending})
	p.pending = nil
	return nil
}

func parseParams(text string) ([]Param, error) {
	if text == "void" {
		return nil, nil
	}
	var params []Param
	for _, part := range strings.Split(text, ",") {
		part = strings.TrimSpace(part)
		m := paramPattern.FindStringSubmatch(part)
		if m == nil {
			return nil, fmt.Errorf("%q is no parameter this program understands", part)
		}
		p := Param{Type: strings.TrimSpace(m[1]), Name: m[2]}
		if _, ok := goTypes[p.Type]; !ok {
			return nil, fmt.Errorf("type %q is not one of the ABI", p.Type)
		}
		params = append(params, p)
	}
	return params, nil
}

// callbackType is a pointer to a function of the host. Hosts in other languages
// pass it as a plain pointer.
const callbackType = "wds_event_proc"

// numeric tells whether a parameter is wide as a pointer but need not be one:
// the host may pass what it likes, and Go must not take it for an address.
func (p Param) numeric() bool {
	return p.Type == callbackType || p.Type == "void *" && (p.Name == "user" || p.Name == "window")
}

// goType is the parameter's type in the Go export.
func (p Param) goType() string {
	if p.numeric() {
		return "C.uintptr_t"
	}
	return goTypes[p.Type]
}

// goTypes maps the parameter types of the ABI to those of the Go exports.
var goTypes = map[string]string{
	"int32_t":       "C.int32_t",
	"const char *":  "*C.char",
	"char *":        "*C.char",
	"const void *":  "unsafe.Pointer",
	"void *":        "unsafe.Pointer",
	"const void **": "*unsafe.Pointer",
	"void **":       "*unsafe.Pointer",
	"int32_t *":     "*C.int32_t",
	"int64_t *":     "*C.int64_t",
	callbackType:    "C.uintptr_t",
}

func isRule(line string) bool {
	return strings.Count(line, "-") > 20 && strings.Trim(line, "- ") == ""
}

func trimBlank(lines []string) []string {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

func joinText(lines []string) string {
	return strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
}
