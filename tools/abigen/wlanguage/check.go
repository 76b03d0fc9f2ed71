package wlanguage

import (
	"maps"
	"slices"
	"strings"
)

// checker goes over one text.
type checker struct {
	values
	loops     int             // that a line is in
	before    *expression     // the call of the module in the statement before
	threaded  map[string]int  // procedures that run in a thread of their own, and the line that says so
	followers map[string]bool // procedures that wdSocketOn calls
}

func newChecker(f *File, known []*File, o Options) *checker {
	all := newSymbols(append(slices.Clone(known), f))
	return &checker{values: values{scope: scope{symbols: all, file: f, options: o}, opened: map[string]string{}}}
}

// checkFile checks all of it.
func (c *checker) checkFile() {
	c.given()
	c.twice()
	for _, v := range c.file.constants {
		c.begin(c.file.outside)
		c.typeOf(v.value)
	}
	for _, p := range append([]*procedure{c.file.outside}, c.file.procedures...) {
		c.sockets(p)
	}
	for _, st := range c.file.structures {
		for _, member := range st.members {
			c.knowType(member.line, member.kind)
		}
	}
	for _, v := range c.file.globals {
		c.begin(c.file.outside)
		c.declaration(v)
	}
	c.procedure(c.file.outside)
	for _, p := range c.file.procedures {
		c.procedure(p)
	}
}

// twice finds procedures and constants of the same name.
func (c *checker) twice() {
	lines := map[string]int{}
	for _, p := range c.file.procedures {
		if first := lines[fold(p.name)]; first != 0 && !strings.Contains(p.name, ".") {
			c.fault(p.line, msgProcedureTwice, p.name, first)
			continue
		}
		lines[fold(p.name)] = p.line
	}
	clear(lines)
	for _, v := range c.file.constants {
		if first := lines[fold(v.name)]; first != 0 {
			c.fault(v.line, msgConstantTwice, v.name, first)
			continue
		}
		lines[fold(v.name)] = v.line
	}
}

// begin enters a procedure.
func (c *checker) begin(p *procedure) {
	c.enter(p)
	c.loops, c.before, c.event = 0, nil, c.eventOf(p)
}

func (c *checker) procedure(p *procedure) {
	c.begin(p)
	seen := map[string]int{}
	for _, v := range p.params {
		c.once(seen, v)
		c.knowType(v.line, v.kind)
		if v.value != nil {
			c.assignable(v.line, v.name, v.kind, v.value)
		}
	}
	c.list(p.body, seen)
	c.ends(p)
	c.threads(p)
	outer := maps.Clone(c.locals)
	for _, inner := range p.internal {
		c.begin(inner)
		for name, v := range outer {
			if c.locals[name] == nil {
				c.locals[name] = v
			}
		}
		c.list(inner.body, map[string]int{})
	}
}

// once finds a second declaration of a name in a block.
func (c *checker) once(seen map[string]int, v *variable) {
	if first, is := seen[fold(v.name)]; is {
		c.fault(v.line, msgDeclaredTwice, v.name, first)
		return
	}
	seen[fold(v.name)] = v.line
}

// list checks the statements of a block. declared are the names of the block so far.
func (c *checker) list(all []*statement, declared map[string]int) {
	for i, s := range all {
		if i > 0 && leaves(all[i-1]) && s.kind != stNothing {
			c.fault(s.line, msgNeverReached)
		}
		c.statement(s, declared)
	}
}

func leaves(s *statement) bool {
	return s.kind == stResult || s.kind == stBreak || s.kind == stContinue
}

func (c *checker) statement(s *statement, declared map[string]int) {
	switch s.kind {
	case stDeclare:
		for _, v := range s.vars {
			c.once(declared, v)
			c.declaration(v)
		}
		c.declare(s)
	case stAssign:
		c.assign(s)
	case stCall:
		for _, e := range s.exprs {
			c.alone(e)
		}
	case stResult:
		c.result(s)
	case stBreak, stContinue:
		if c.loops == 0 {
			c.fault(s.line, msgOutsideLoop)
		}
	case stIf, stWhile, stLoop, stFor, stForEach:
		for _, e := range s.exprs {
			c.value(e)
		}
	case stSwitch:
		c.choose(s)
	}
	c.errors(s)
	for _, e := range s.expressions() {
		e.each(c.callback)
	}
	c.bodies(s)
}

// bodies checks what stands inside a statement.
func (c *checker) bodies(s *statement) {
	loop := s.kind == stLoop || s.kind == stWhile || s.kind == stFor || s.kind == stForEach
	if loop {
		c.declare(s)
		c.loops++
	}
	called := c.before
	c.list(s.body, map[string]int{})
	if s.kind == stIf {
		c.before = called
	}
	c.list(s.other, map[string]int{})
	for _, arm := range s.cases {
		c.before = called
		c.list(arm.body, map[string]int{})
	}
	if loop {
		c.loops--
	}
	if s.kind != stAssign && s.kind != stCall && s.kind != stDeclare {
		c.before = nil
	}
}

// declaration checks one variable: its type and its first value.
func (c *checker) declaration(v *variable) {
	c.knowType(v.line, v.kind)
	if v.value != nil {
		c.assignable(v.line, v.name, c.resolve(v.kind), v.value)
		if isOriginal(v.value) {
			c.origin[v] = v.value.name
		}
	}
}

// choose checks a SWITCH: no value twice, constants of the right family.
func (c *checker) choose(s *statement) {
	c.value(s.exprs[0])
	seen := map[string]int{}
	other := false
	for _, arm := range s.cases {
		if other {
			c.fault(arm.line, msgCaseAfterOther)
		}
		other = other || arm.other
		for _, value := range arm.values {
			c.value(value)
			c.comparedFamily(s.exprs[0], value)
			c.compared(arm.line, s.exprs[0], value)
			if value.kind == exName || value.kind == exNumber || value.kind == exText {
				key := value.name
				if value.kind == exName {
					key = fold(key)
				}
				if first := seen[key]; first != 0 && len(arm.values) > 0 && !arm.other {
					c.fault(arm.line, msgCaseTwice, value.name, first)
				}
				seen[key] = arm.line
			}
		}
	}
}

// result checks RESULT against the head of the procedure.
func (c *checker) result(s *statement) {
	if len(s.exprs) == 0 {
		return
	}
	got := c.value(s.exprs[0])
	if !c.current.typed {
		return
	}
	want := c.resolve(c.current.result)
	if hint, bad := misfit(want, got, s.exprs[0]); bad {
		c.fault(s.line, msgResultType, c.current.name, kindNames[want.kind], kindNames[got.kind], hint)
	}
}

// ends checks that a procedure which gives results gives one at its end.
func (c *checker) ends(p *procedure) {
	if p.name == "" {
		return
	}
	with := 0
	eachStatement(p.body, func(s *statement) {
		if s.kind == stResult && len(s.exprs) > 0 && with == 0 {
			with = s.line
		}
	})
	switch {
	case with == 0 && p.typed && p.result.kind != kNothing:
		c.fault(p.line, msgResultNever, p.name)
	case with == 0:
	case c.options.Typed && !p.typed:
		c.fault(p.line, msgResultUntyped, p.name, p.name, typeNames[c.symbols.result(p).kind])
	}
	if with != 0 && p.typed && open(p.body) {
		c.fault(lastLine(p), msgResultMissing, p.name, with)
	}
}

// open tells whether the end of a list can be reached.
func open(list []*statement) bool {
	if len(list) == 0 {
		return true
	}
	s := list[len(list)-1]
	switch s.kind {
	case stResult, stNothing:
		return false
	case stIf:
		return open(s.body) || open(s.other)
	case stLoop:
		return len(s.exprs) > 0 || breaks(s.body)
	case stSwitch:
		other := false
		for _, arm := range s.cases {
			if open(arm.body) {
				return true
			}
			other = other || arm.other
		}
		return !other
	case stBlock:
		return open(s.body)
	case stCall:
		name, _ := s.exprs[0].calls()
		return fold(name) != "endprogram" && fold(name) != "finprogramme"
	}
	return true
}

// breaks tells whether a loop is left by a BREAK of its own.
func breaks(list []*statement) bool {
	for _, s := range list {
		switch s.kind {
		case stBreak:
			return true
		case stLoop, stWhile, stFor, stForEach:
			continue
		}
		if breaks(s.body) || breaks(s.other) {
			return true
		}
		for _, arm := range s.cases {
			if breaks(arm.body) {
				return true
			}
		}
	}
	return false
}

func lastLine(p *procedure) int {
	line := p.line
	eachStatement(p.body, func(s *statement) { line = max(line, s.line) })
	return line
}
