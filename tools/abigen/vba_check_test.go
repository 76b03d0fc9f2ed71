package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// vbaReserved are words that cannot be names.
var vbaReserved = strings.Fields(`addressof and any array as base boolean byref byte byval call case cdecl circle close const currency
	date debug declare dim do double each else elseif empty end endif enum eqv erase event exit false for friend function get global gosub goto
	if imp implements in input integer is lbound let like lock long longlong longptr loop lset me mod new next not nothing null object on
	open option optional or paramarray preserve print private property pset public put raiseevent redim rem resume return rset scale
	seek select set shared single static step stop string sub tab then to true type typeof ubound unlock until variant wend
	while with withevents write xor`)

// vbaKnown are the functions and names of VBA and Excel that the modules use, with their types.
var vbaKnown = map[string]string{
	"len": "Long", "ubound": "Long", "lbound": "Long", "left$": "String", "space$": "String", "strconv": "Variant", "instr": "Long", "now": "Date", "timeserial": "Date",
	"vbnullstring": "String", "vbnullchar": "String", "vbcrlf": "String", "vbunicode": "Long", "vbfromunicode": "Long", "vbobjecterror": "Long", "msgbox": "Long",
	"err": "Object", "thisworkbook": "Object", "application": "Object", "activesheet": "Object", "worksheet": "Object", "collection": "Object", "xlup": "Long",
}

// vbaProject is what is compiled together.
type vbaProject struct {
	target  vbaTarget
	modules map[string]*vbaModuleText
	names   map[string]bool // public in standard modules, and classes
}

// vbaProblems compiles modules, as far as their declarations go: every name is declared, blocks
// are closed, and each call of a DLL has arguments of the declared number and types.
func vbaProblems(files map[string]string, target vbaTarget) []string {
	p := &vbaProject{target: target, modules: map[string]*vbaModuleText{}, names: map[string]bool{}}
	var problems []string
	for name, text := range files {
		m := readVBA(text, target)
		p.modules[name] = m
		base, class := strings.CutSuffix(name, ".cls")
		if class {
			p.names[strings.ToLower(base)] = true
			continue
		}
		for _, n := range m.public {
			p.names[n] = true
		}
		for n := range m.records {
			p.names[n] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		m := p.modules[name]
		if !m.explicit {
			m.fault(1, "no Option Explicit")
		}
		for _, procedure := range m.all {
			p.check(m, procedure)
		}
		for _, problem := range m.problems {
			problems = append(problems, fmt.Sprintf("%s:%s (%v)", name, problem, target))
		}
	}
	return problems
}

// vbaScope is what a line can name.
type vbaScope struct {
	*vbaProject
	m      *vbaModuleText
	locals map[string]vbaVariable
	line   int
}

func (p *vbaProject) check(m *vbaModuleText, procedure *vbaProcedure) {
	s := &vbaScope{vbaProject: p, m: m, locals: map[string]vbaVariable{}, line: procedure.at}
	for _, param := range procedure.params {
		if param.name != "" {
			m.declare(procedure.at, s.locals, param.name, param.vbaVariable)
		}
	}
	var open []string
	for _, line := range procedure.body {
		s.line = line.number
		if len(line.tokens) == 2 && line.tokens[1] == ":" {
			s.locals[strings.ToLower(line.tokens[0])] = vbaVariable{kind: "label"}
		}
		if line.is("Dim") {
			for _, part := range splitVBA(line.tokens[1:]) {
				name, v, ok := vbaVariableOf(part)
				if !ok {
					m.fault(line.number, "not understood: %s", strings.Join(line.tokens, " "))
					continue
				}
				m.declare(line.number, s.locals, name, v)
			}
		}
	}
	for _, line := range procedure.body {
		s.line = line.number
		open = s.block(line, open)
		s.nameCheck(line)
		s.calls(line)
	}
	if len(open) > 0 {
		m.fault(procedure.at, "%s has no end", open[len(open)-1])
	}
}

// block opens and closes blocks.
func (s *vbaScope) block(line vbaLine, open []string) []string {
	last := strings.ToLower(line.tokens[len(line.tokens)-1])
	begins := map[string]string{"if": "If", "for": "For", "do": "Do", "while": "While", "with": "With", "select": "Select"}
	ends := map[string]string{"next": "For", "loop": "Do", "wend": "While"}
	first := strings.ToLower(line.tokens[0])
	closing := ends[first]
	if first == "end" && len(line.tokens) == 2 {
		closing = map[string]string{"if": "If", "with": "With", "select": "Select"}[last]
	}
	need := map[string]string{"else": "If", "elseif": "If", "case": "Select"}[first]
	switch {
	case first == "if" && last != "then":
		// On one line.
	case begins[first] != "":
		return append(open, begins[first])
	case closing != "" || need != "":
		if len(open) == 0 || open[len(open)-1] != closing+need {
			s.m.fault(line.number, "%s does not fit what is open: %v", strings.Join(line.tokens, " "), open)
			return open
		}
		if closing != "" {
			return open[:len(open)-1]
		}
	}
	return open
}

func vbaIsName(token string) bool {
	c := token[0]
	return c == '_' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// nameCheck finds names that nothing declares.
func (s *vbaScope) nameCheck(line vbaLine) {
	for i, token := range line.tokens {
		name := strings.ToLower(token)
		if !vbaIsName(token) || i > 0 && line.tokens[i-1] == "." || slices.Contains(vbaReserved, name) || name == "error" || name == "explicit" {
			continue
		}
		_, local := s.locals[name]
		_, variable := s.m.variables[name]
		_, known := vbaKnown[name]
		if !local && !variable && !known && s.m.procedures[name] == nil && !s.names[name] {
			s.m.fault(line.number, "%s is not declared", token)
		}
	}
}

// find is a procedure that a name means here.
func (s *vbaScope) find(name string) *vbaProcedure {
	if _, hidden := s.locals[name]; hidden {
		return nil
	}
	if p := s.m.procedures[name]; p != nil {
		return p
	}
	if !s.names[name] {
		return nil
	}
	for file, m := range s.modules {
		if p := m.procedures[name]; p != nil && strings.HasSuffix(file, ".bas") && slices.Contains(m.public, name) {
			return p
		}
	}
	return nil
}

// calls looks at every call of a line.
func (s *vbaScope) calls(line vbaLine) {
	statement := true
	for i, token := range line.tokens {
		name := strings.ToLower(token)
		begins := statement
		statement = slices.Contains([]string{"then", "else", "raiseevent", ":"}, name)
		if i > 0 && line.tokens[i-1] == "." || !vbaIsName(token) {
			continue
		}
		p := s.find(name)
		if p == nil {
			continue
		}
		after := line.tokens[i+1:]
		switch {
		case len(after) > 0 && after[0] == "=" && begins:
			// The result of the function that this is, or a property.
		case len(after) > 0 && after[0] == "(":
			end := vbaClosing(after)
			if end < 0 {
				s.m.fault(line.number, "a bracket is open")
				continue
			}
			s.call(token, p, splitVBA(after[1:end]))
		case begins:
			s.call(token, p, splitVBA(after))
		default:
			s.call(token, p, nil)
		}
	}
}

func vbaClosing(words []string) int {
	depth := 0
	for i, w := range words {
		if w == "(" {
			depth++
		} else if w == ")" {
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func (s *vbaScope) call(name string, p *vbaProcedure, args [][]string) {
	least := 0
	for _, param := range p.params {
		if !param.optional {
			least++
		}
	}
	if len(args) < least || len(args) > len(p.params) {
		s.m.fault(s.line, "%s has %d arguments, not %d", name, len(p.params), len(args))
		return
	}
	for i, arg := range args {
		if problem := s.misfit(p.params[i], arg, p.extern); problem != "" {
			s.m.fault(s.line, "%s, argument %d (%s): %s", name, i+1, strings.Join(arg, " "), problem)
		}
	}
}

// misfit says what is wrong with an argument. A DLL gets what is declared and nothing else:
// what VBA would convert by itself is as wrong there as what it cannot.
func (s *vbaScope) misfit(param vbaParameter, arg []string, extern bool) string {
	byVal := len(arg) > 0 && strings.EqualFold(arg[0], "ByVal")
	if byVal {
		arg = arg[1:]
	}
	got, element := s.typeOf(arg)
	pointer := "Long"
	if s.target.vba7 {
		pointer = "LongPtr"
	}
	switch {
	case param.kind == "Any" && byVal:
		if got != "String" && got != pointer {
			return fmt.Sprintf("ByVal passes %q, which is no address", got)
		}
	case byVal:
		return "ByVal is for As Any"
	case param.kind == "Any":
		if !element || got != "Byte" && got != "wds_event" {
			return fmt.Sprintf("the first element of an array is passed, not %q", got)
		}
	case param.array:
		if got != param.kind+"()" {
			return fmt.Sprintf("is %q, not %s()", got, param.kind)
		}
	case got == param.kind, !extern && (got == "Variant" || got == "Object" || param.kind == "WDSocketClient"):
	default:
		return fmt.Sprintf("is %q, not %s", got, param.kind)
	}
	if extern && !param.byVal && !byVal && !element && len(arg) != 1 {
		return "the library writes to a variable"
	}
	return ""
}

// typeOf is the type of an expression, "" where it cannot be told, and whether it is the
// element of an array.
func (s *vbaScope) typeOf(words []string) (kind string, element bool) {
	if len(words) == 0 {
		return "", false
	}
	depth := 0
	for i, w := range words {
		switch w {
		case "(":
			depth++
		case ")":
			depth--
		case "&":
			if depth == 0 {
				return "String", false
			}
		case "+", "-", "*":
			if depth == 0 && i > 0 {
				left, _ := s.typeOf(words[:i])
				right, _ := s.typeOf(words[i+1:])
				if left == right {
					return left, false
				}
				return "", false
			}
		case ">", "<", "=", "<>", ">=", "<=":
			if depth == 0 {
				return "Boolean", false
			}
		}
	}
	if words[0] == "-" {
		return s.typeOf(words[1:])
	}
	first := words[0]
	name := strings.ToLower(first)
	switch {
	case first[0] == '"':
		return "String", false
	case first[0] >= '0' && first[0] <= '9':
		return "Long", false
	case name == "true" || name == "false":
		return "Boolean", false
	case name == "me":
		return "Object", false
	}
	v, ok := s.locals[name]
	if !ok {
		v, ok = s.m.variables[name]
	}
	if !ok {
		if p := s.find(name); p != nil {
			return p.result, false
		}
		for file, m := range s.modules {
			if constant, there := m.variables[name]; there && strings.HasSuffix(file, ".bas") && s.names[name] {
				return constant.kind, false
			}
		}
		return vbaKnown[name], false
	}
	rest := words[1:]
	if !v.array {
		return v.kind, false
	}
	if len(rest) == 0 {
		return v.kind + "()", false
	}
	if end := vbaClosing(rest); end == len(rest)-1 {
		return v.kind, true
	} else if end >= 0 && len(rest) == end+3 && rest[end+1] == "." {
		for _, m := range s.modules {
			if fields := m.records[strings.ToLower(v.kind)]; fields != nil {
				return fields[strings.ToLower(rest[end+2])], false
			}
		}
	}
	return "", false
}
