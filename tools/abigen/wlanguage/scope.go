package wlanguage

import (
	"maps"
	"slices"
	"strings"
)

// scope is what is known at a line: the names of all texts, and those of the procedure.
type scope struct {
	*symbols
	file     *File
	options  Options
	faults   []Fault
	mute     bool // types are asked for, nothing is reported
	current  *procedure
	locals   map[string]*variable
	later    map[string]int       // variables that a line below declares
	reported map[string]bool      // names that were missed in this procedure already
	event    *variable            // the parameter of a procedure of wdSocketOn that says what happened
	origin   map[*variable]string // variables that hold a constant of the originals
}

func (c *scope) fault(line int, m message, args ...any) {
	if !c.mute {
		c.faults = append(c.faults, m.at(c.file.name, line, args...))
	}
}

// enter begins a procedure: its parameters are there.
func (c *scope) enter(p *procedure) {
	c.current = p
	c.locals, c.later, c.reported, c.origin = map[string]*variable{}, map[string]int{}, map[string]bool{}, map[*variable]string{}
	for _, v := range p.params {
		c.locals[fold(v.name)] = v
	}
	eachStatement(p.body, func(s *statement) {
		for _, v := range s.vars {
			if c.later[fold(v.name)] == 0 {
				c.later[fold(v.name)] = v.line
			}
		}
	})
}

// declare makes the variables of a statement known.
func (c *scope) declare(s *statement) {
	for _, v := range s.vars {
		if (s.kind == stFor || s.kind == stForEach) && c.locals[fold(v.name)] != nil {
			continue
		}
		c.locals[fold(v.name)] = v
	}
}

// knowType finds types that do not exist: those that are spelt almost as one that does.
func (c *scope) knowType(line int, t typ) {
	for t.kind == kArray && t.elem != nil {
		t = *t.elem
	}
	name := fold(t.name)
	if t.kind != kStructure || c.structures[name] != nil || advancedTypes[name] {
		return
	}
	near := nearest(t.name, slices.Sorted(maps.Keys(typeWords)), c.structureNames())
	if near != "" && c.options.Foreign && (distance(name, fold(near), 3) > 1 || strings.ToLower(t.name[:1]) != t.name[:1]) {
		return
	}
	if near != "" {
		c.fault(line, msgTypeMeant, t.name, near)
	} else if strings.ToLower(t.name[:1]) == t.name[:1] && !c.options.Foreign {
		c.fault(line, msgNoSuchType, t.name)
	}
}

func (c *scope) structureNames() []string {
	var all []string
	for _, s := range c.structures {
		all = append(all, s.name)
	}
	slices.Sort(all)
	return all
}

// resolve makes a type that is not known one that fits everything.
func (c *scope) resolve(t typ) typ {
	if t.kind == kStructure && c.structures[fold(t.name)] == nil {
		return typ{}
	}
	return t
}

// name gives the type of a name. reference tells that a procedure may be named without parentheses.
func (c *scope) name(e *expression, reference bool) typ {
	key := fold(e.name)
	if v := c.locals[key]; v != nil {
		return c.resolve(v.kind)
	}
	if v := c.globals[key]; v != nil && (c.current == c.file.outside || c.later[key] == 0) && !c.belowHere(v, e) {
		return c.resolve(v.kind)
	}
	if v := c.constants[key]; v != nil {
		return c.constantType(v)
	}
	if t, is := builtins().constants[key]; is {
		return t
	}
	if isOriginal(e) || ofTypes.MatchString(e.name) {
		return typ{kind: kInt}
	}
	if c.procedures[key] != nil && !special[key] {
		if !reference {
			c.fault(e.line, msgNoParentheses, e.name, e.name)
			return typ{}
		}
		return typ{kind: kProcedure}
	}
	if special[key] || isElement(e.name) || c.structures[key] != nil || advancedTypes[key] {
		return typ{}
	}
	if (c.options.Snippet || c.options.Foreign) && isGlobal(e.name) || c.options.Foreign && !isLocal(e.name) && nearest(e.name, names(c.locals)) == "" {
		return typ{}
	}
	c.missing(e, reference)
	return typ{}
}

// belowHere tells that a variable of the code outside of procedures is declared below.
func (c *scope) belowHere(v *variable, e *expression) bool {
	return c.current == c.file.outside && c.later[fold(v.name)] != 0 && v.line > e.line
}

// constantType is the type of a constant's value, where that does not go in a circle.
func (c *scope) constantType(v *variable) typ {
	t, known := c.kinds[v]
	if known || v.value == nil {
		return t
	}
	c.kinds[v] = typ{} // while it is looked at
	inner := &values{scope: scope{symbols: c.symbols, file: c.file, mute: true}}
	inner.enter(&procedure{})
	c.kinds[v] = inner.typeOf(v.value)
	return c.kinds[v]
}

// isGlobal tells whether a name has the form of a global variable: gnQueue.
func isGlobal(name string) bool {
	return len(name) > 2 && name[0] == 'g' && strings.ToLower(name[1:2]) == name[1:2] && strings.ToLower(name) != name
}

// isLocal tells whether a name has the form of a local variable: nPort, sText.
func isLocal(name string) bool {
	return len(name) > 2 && strings.ContainsRune("nsbxrdp", rune(name[0])) && name[1] >= 'A' && name[1] <= 'Z' && strings.ToUpper(name) != name
}

// isElement tells whether a name is written as those of windows, controls and queries are: EDT_Port.
func isElement(name string) bool {
	prefix, rest, found := strings.Cut(name, "_")
	return found && rest != "" && len(prefix) >= 2 && len(prefix) <= 6 && strings.ToUpper(prefix) == prefix && prefix != "WDS" &&
		(strings.ToUpper(rest) != rest || len(rest) < 3 || elementPrefixes[prefix])
}

var elementPrefixes = map[string]bool{"WIN": true, "FEN": true, "EDT": true, "SAI": true, "BTN": true, "STC": true, "LIB": true, "TABLE": true, "COL": true, "LIST": true, "LISTE": true,
	"COMBO": true, "IMG": true, "CBOX": true, "INT": true, "SEL": true, "RADIO": true, "QRY": true, "REQ": true, "RPT": true, "ETAT": true, "TAB": true, "LOOP": true, "ZR": true, "CELL": true}

// elsewhere tells that a name may be a data file, a query or a window of a program of which only
// this text is known.
func (c *scope) elsewhere(e *expression) bool {
	key := fold(e.name)
	return (c.options.Foreign || c.options.Snippet) && c.locals[key] == nil && c.globals[key] == nil && c.later[key] == 0 && nearest(e.name, names(c.locals)) == ""
}

// missing reports a name that nothing declares, once in a procedure.
func (c *scope) missing(e *expression, reference bool) {
	key := fold(e.name)
	if c.reported[key] {
		return
	}
	c.reported[key] = true
	f := builtins().functions[key]
	switch {
	case strings.HasPrefix(strings.ToUpper(e.name), "WDS_"):
		c.constantMissing(e)
	case f != nil && reference:
	case f != nil && !withoutCall[key]:
		c.fault(e.line, msgFunctionNoCall, e.name, e.name)
	case c.later[key] > 0:
		c.fault(e.line, msgDeclaredBelow, e.name, c.later[key])
	case reference && c.options.Snippet:
	default:
		near := nearest(e.name, names(c.locals), names(c.globals), names(c.constants), builtins().names)
		if reference {
			near = nearest(e.name, names(c.locals), names(c.globals), c.procedureNames())
		}
		switch {
		case near != "" && reference:
			c.fault(e.line, msgProcedureMeant, e.name, near)
		case near != "":
			c.fault(e.line, msgMeant, e.name, near)
		case reference:
			c.fault(e.line, msgUndeclared, e.name, e.name)
		default:
			c.fault(e.line, msgUndeclared, e.name, e.name)
		}
	}
}

func (c *scope) constantMissing(e *expression) {
	if !c.library {
		return // the module is not at hand
	}
	if near := nearest(e.name, names(c.constants)); near != "" {
		c.fault(e.line, msgMeant, e.name, near)
		return
	}
	c.fault(e.line, msgNoConstant, e.name)
}

func names(of map[string]*variable) []string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(of)) {
		all = append(all, of[key].name)
	}
	return all
}

func (c *scope) procedureNames() []string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(c.procedures)) {
		all = append(all, c.procedures[key].name)
	}
	return all
}
