package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// vbaTarget is what a module is compiled for: the editor knows VBA7 from Office 2010 on,
// and Win64 where Office has 64 bits.
type vbaTarget struct{ vba7, win64 bool }

func (t vbaTarget) String() string {
	switch {
	case t.win64:
		return "VBA7 64 bits"
	case t.vba7:
		return "VBA7 32 bits"
	}
	return "VBA6"
}

// vbaLine is a logical line, of which a comment is left away, taken apart.
type vbaLine struct {
	number int
	tokens []string
}

// is tells whether the line begins with these words.
func (l vbaLine) is(words ...string) bool {
	if len(l.tokens) < len(words) {
		return false
	}
	for i, w := range words {
		if !strings.EqualFold(l.tokens[i], w) {
			return false
		}
	}
	return true
}

var vbaToken = regexp.MustCompile(`"(?:[^"]|"")*"|[A-Za-z_]\w*[$]?|\d+(?:\.\d+)?&?|&H[0-9A-Fa-f]+|<>|<=|>=|:=|\S`)

// vbaLinesFor reads the lines that a target compiles, joined where they go on, without the
// head that the editor hides.
func vbaLinesFor(text string, target vbaTarget) ([]vbaLine, []string) {
	var (
		lines    []vbaLine
		problems []string
		taken    []bool // of the open #If: whether a branch was
		active   []bool
		joined   string
		began    int
	)
	on := func() bool { return !slices.Contains(active, false) }
	for i, raw := range strings.Split(text, "\n") {
		if joined == "" {
			began = i + 1
		}
		raw = strings.TrimRight(raw, "\r ")
		if head, ok := strings.CutSuffix(raw, " _"); ok {
			joined += head + " "
			continue
		}
		whole := joined + raw
		joined = ""
		line := vbaLine{began, withoutComment(vbaToken.FindAllString(whole, -1))}
		switch {
		case len(whole) > 1023:
			problems = append(problems, fmt.Sprintf("%d: longer than 1023 characters", began))
		case line.is("#", "If"), line.is("#", "ElseIf"):
			condition := map[string]bool{"VBA7": target.vba7, "Win64": target.win64}
			value, known := condition[line.tokens[2]]
			if !known || len(line.tokens) != 4 {
				problems = append(problems, fmt.Sprintf("%d: a condition that is not known", began))
			}
			if line.is("#", "If") {
				taken, active = append(taken, value), append(active, value)
			} else if n := len(active) - 1; n >= 0 {
				active[n] = value && !taken[n]
				taken[n] = taken[n] || value
			}
		case line.is("#", "Else"), line.is("#", "End", "If"):
			n := len(active) - 1
			if n < 0 {
				problems = append(problems, fmt.Sprintf("%d: no #If is open", began))
			} else if line.is("#", "Else") {
				active[n] = !taken[n]
			} else {
				taken, active = taken[:n], active[:n]
			}
		case on() && len(line.tokens) > 0:
			lines = append(lines, line)
		}
	}
	if len(active) > 0 || joined != "" {
		problems = append(problems, "the end is inside of something")
	}
	return lines, problems
}

// withoutComment cuts at an apostrophe, which inside of a text belongs to its token.
func withoutComment(tokens []string) []string {
	if i := slices.Index(tokens, "'"); i >= 0 {
		return tokens[:i]
	}
	return tokens
}

// vbaVariable is what was declared with a name: a type and, of an array, elements.
type vbaVariable struct {
	kind  string
	array bool
}

// vbaParameter is one of a procedure.
type vbaParameter struct {
	name     string
	byVal    bool
	optional bool
	vbaVariable
}

// vbaProcedure is a Sub, Function, Property, Declare or Event.
type vbaProcedure struct {
	params []vbaParameter
	result string
	body   []vbaLine
	at     int
	event  bool
	extern bool
}

// vbaModuleText is a module as it was read, names in lower case.
type vbaModuleText struct {
	explicit   bool
	variables  map[string]vbaVariable
	procedures map[string]*vbaProcedure
	public     []string
	records    map[string]map[string]string
	all        []*vbaProcedure // with those that have a name twice: properties
	problems   []string
}

// readVBA reads the declarations of a module, and its procedures up to their ends.
func readVBA(text string, target vbaTarget) *vbaModuleText {
	lines, problems := vbaLinesFor(text, target)
	m := &vbaModuleText{variables: map[string]vbaVariable{}, procedures: map[string]*vbaProcedure{}, records: map[string]map[string]string{}, problems: problems}
	if len(lines) > 0 && lines[0].is("VERSION") {
		for len(lines) > 0 && !lines[0].is("Attribute") {
			lines = lines[1:]
		}
	}
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		words := line.tokens
		public := line.is("Public")
		if public || line.is("Private") || line.is("Dim") {
			words = words[1:]
		}
		rest := vbaLine{line.number, words}
		switch {
		case line.is("Attribute"):
		case line.is("Option", "Explicit"):
			m.explicit = true
		case rest.is("Const"):
			m.variable(rest.number, words[1:], public)
		case rest.is("Type"):
			fields := map[string]string{}
			for i++; i < len(lines) && !lines[i].is("End", "Type"); i++ {
				fields[strings.ToLower(lines[i].tokens[0])] = lines[i].tokens[len(lines[i].tokens)-1]
			}
			m.records[strings.ToLower(words[1])] = fields
		case rest.is("Declare"), rest.is("Event"), rest.is("Sub"), rest.is("Function"), rest.is("Property"):
			i += m.procedure(line.number, words, public, lines[i+1:], target)
		default:
			m.variable(rest.number, words, public)
		}
	}
	return m
}

func (m *vbaModuleText) fault(line int, format string, args ...any) {
	m.problems = append(m.problems, fmt.Sprintf("%d: ", line)+fmt.Sprintf(format, args...))
}

// variable reads what stands behind Dim, Private or Const.
func (m *vbaModuleText) variable(number int, words []string, public bool) {
	if len(words) > 0 && strings.EqualFold(words[0], "WithEvents") {
		words = words[1:]
	}
	for _, part := range splitVBA(words) {
		name, v, ok := vbaVariableOf(part)
		if !ok {
			m.fault(number, "not understood: %s", strings.Join(words, " "))
			continue
		}
		m.declare(number, m.variables, name, v)
		if public {
			m.public = append(m.public, name)
		}
	}
}

func (m *vbaModuleText) declare(number int, into map[string]vbaVariable, name string, v vbaVariable) {
	if slices.Contains(vbaReserved, name) {
		m.fault(number, "%s is a word of the language", name)
	}
	if _, twice := into[name]; twice {
		m.fault(number, "%s is declared twice", name)
	}
	into[name] = v
}

// vbaVariableOf reads "name As type", "name() As type", "name(0 To 3) As type" and constants.
func vbaVariableOf(words []string) (string, vbaVariable, bool) {
	if i := slices.Index(words, "="); i >= 0 {
		words = words[:i]
	}
	as := slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, "As") })
	if as < 1 || as != len(words)-2 {
		return "", vbaVariable{}, false
	}
	return strings.ToLower(words[0]), vbaVariable{words[as+1], as > 1 && words[1] == "("}, true
}

// splitVBA cuts at the commas that stand in no brackets.
func splitVBA(words []string) [][]string {
	var parts [][]string
	depth, from := 0, 0
	for i, w := range words {
		switch w {
		case "(":
			depth++
		case ")":
			depth--
		case ",":
			if depth == 0 {
				parts, from = append(parts, words[from:i]), i+1
			}
		}
	}
	if from == 0 && len(words) == 0 {
		return nil
	}
	return append(parts, words[from:])
}

// procedure reads a head, and how many lines behind it belong to it.
func (m *vbaModuleText) procedure(number int, words []string, public bool, following []vbaLine, target vbaTarget) int {
	p := &vbaProcedure{at: number}
	kind := strings.ToLower(words[0])
	words = words[1:]
	if kind == "declare" {
		p.extern = true
		if safe := strings.EqualFold(words[0], "PtrSafe"); safe != target.vba7 {
			m.fault(number, "PtrSafe: %v, and it is compiled for %v", safe, target)
		}
		for !strings.EqualFold(words[0], "Function") && !strings.EqualFold(words[0], "Sub") {
			words = words[1:]
		}
		words = words[1:]
	}
	if kind == "property" {
		words = words[1:]
	}
	p.event = kind == "event"
	name := strings.ToLower(words[0])
	if slices.Contains(vbaReserved, name) {
		m.fault(number, "%s is a word of the language", name)
	}
	from := slices.Index(words, "(")
	to := len(words) - 1
	for to > from && words[to] != ")" {
		to--
	}
	if from < 0 || to <= from {
		m.fault(number, "%s has no brackets", name)
		return 0
	}
	if tail := words[to+1:]; len(tail) == 2 && strings.EqualFold(tail[0], "As") {
		p.result = tail[1]
	} else if strings.HasSuffix(strings.Join(words, ""), ")AsByte()") {
		// "() As Byte()": the last bracket is that of the result.
		p.result = "Byte()"
		for to--; words[to] != ")"; to-- {
		}
	}
	for _, part := range splitVBA(words[from+1 : to]) {
		param := vbaParameter{}
		for len(part) > 0 {
			switch word := strings.ToLower(part[0]); word {
			case "optional":
				param.optional = true
			case "byval":
				param.byVal = true
			case "byref":
			default:
				goto named
			}
			part = part[1:]
		}
	named:
		var ok bool
		if param.name, param.vbaVariable, ok = vbaVariableOf(part); !ok {
			m.fault(number, "a parameter of %s is not understood: %s", name, strings.Join(part, " "))
		}
		if slices.Contains(vbaReserved, param.name) {
			m.fault(number, "%s: the parameter %s is a word of the language", name, param.name)
		}
		p.params = append(p.params, param)
	}
	if public {
		m.public = append(m.public, name)
	}
	if old := m.procedures[name]; old == nil || kind == "property" && old.result == "" {
		m.procedures[name] = p
	}
	m.all = append(m.all, p)
	if p.extern || p.event {
		return 0
	}
	for i, line := range following {
		if line.is("End", kind) {
			p.body = following[:i]
			return i + 1
		}
		if line.is("End", "Sub") || line.is("End", "Function") || line.is("End", "Property") {
			m.fault(line.number, "ends something else than the %s of line %d", kind, number)
			p.body = following[:i]
			return i + 1
		}
	}
	m.fault(number, "%s has no end", name)
	return len(following)
}
