package wlanguage

import (
	"slices"
	"strings"
)

// symbols are the names that a text may use, by their folded form.
type symbols struct {
	procedures map[string]*procedure
	home       map[*procedure]*File // where each is defined
	constants  map[string]*variable
	globals    map[string]*variable
	structures map[string]*structure
	results    map[*procedure]typ // what has been found out
	kinds      map[*variable]typ  // of constants
	roles      map[*variable]role // of parameters without a type
	outputs    map[*variable]bool // parameters that a procedure stores a result in
	translate  map[*variable]bool // parameters that constants of the originals may be given for
	library    bool               // the module is among the texts
}

func newSymbols(files []*File) *symbols {
	s := &symbols{procedures: map[string]*procedure{}, home: map[*procedure]*File{}, constants: map[string]*variable{}, globals: map[string]*variable{},
		structures: map[string]*structure{}, results: map[*procedure]typ{}, kinds: map[*variable]typ{}, roles: map[*variable]role{}, outputs: map[*variable]bool{}, translate: map[*variable]bool{}}
	for _, f := range files {
		for _, p := range f.procedures {
			s.procedures[fold(p.name)] = p
			s.home[p] = f
		}
		for _, c := range f.constants {
			s.constants[fold(c.name)] = c
			s.library = s.library || strings.HasPrefix(c.name, "WDS_")
		}
		for _, g := range f.globals {
			s.globals[fold(g.name)] = g
		}
		eachStatement(f.outside.body, func(st *statement) {
			for _, v := range st.vars {
				if s.globals[fold(v.name)] == nil {
					s.globals[fold(v.name)] = v
				}
			}
		})
		for _, st := range f.structures {
			s.structures[fold(st.name)] = st
		}
	}
	for range 4 { // as deep as procedures pass a parameter on
		for p := range s.home {
			s.translates(p)
		}
	}
	return s
}

// translates notes the parameters of a procedure that it compares with constants of the
// originals, or gives to a procedure that does.
func (s *symbols) translates(p *procedure) {
	params := map[string]*variable{}
	for _, v := range p.params {
		params[fold(v.name)] = v
	}
	param := func(e *expression) *variable {
		if e == nil || e.kind != exName {
			return nil
		}
		return params[fold(e.name)]
	}
	eachStatement(p.body, func(st *statement) {
		if st.kind == stSwitch && param(st.exprs[0]) != nil {
			for _, arm := range st.cases {
				for _, value := range arm.values {
					if isOriginal(value) {
						s.translate[param(st.exprs[0])] = true
					}
				}
			}
		}
		if st.kind == stAssign {
			if v := param(st.left[0]); v != nil && !v.local && v.value == nil {
				s.outputs[v] = true
			}
		}
		for _, e := range st.expressions() {
			e.each(func(e *expression) {
				s.passesOn(e, param)
			})
		}
	})
}

func (s *symbols) passesOn(e *expression, param func(*expression) *variable) {
	if e.kind == exBinary && (e.name == "=" || e.name == "<>" || e.name == "==") {
		for i := range 2 {
			if v := param(e.args[i]); v != nil && isOriginal(e.args[1-i]) {
				s.translate[v] = true
			}
		}
	}
	name, ok := e.calls()
	if !ok {
		return
	}
	called := s.procedures[fold(name)]
	original := builtins().functions[fold(name)]
	tested := slices.ContainsFunc(e.args[1:], isOriginal) // BinaryAND(nOptions, ProtocolTLS1)
	for i, arg := range e.args[1:] {
		v := param(arg)
		if v != nil && called != nil && i < len(called.params) && v.kind.kind == kAny {
			if role := roleOf(called, i); role != roleAny {
				s.roles[v] = role
			} else if role := s.roles[called.params[i]]; role != roleAny {
				s.roles[v] = role
			}
		}
		if v != nil && called != nil && i < len(called.params) && s.outputs[called.params[i]] {
			s.outputs[v] = true
		}
		switch {
		case v == nil:
		case called == nil && tested:
			s.translate[v] = true
		case called != nil && i < len(called.params) && s.translate[called.params[i]],
			called == nil && original != nil && original.instead != "":
			s.translate[v] = true
		}
	}
}

func isOriginal(e *expression) bool {
	if e == nil || e.kind != exName {
		return false
	}
	_, is := builtins().originals[fold(e.name)]
	return is
}

// result is the type of what a procedure gives: as its head says, or as its RESULTs are.
func (s *symbols) result(p *procedure) typ {
	if p.typed {
		return p.result
	}
	if t, known := s.results[p]; known {
		return t
	}
	s.results[p] = typ{} // while it is looked at
	c := &values{scope: scope{symbols: s, file: s.home[p], mute: true}}
	t, some, none := typ{}, false, false
	c.enter(p)
	eachStatement(p.body, func(st *statement) {
		c.declare(st)
		if st.kind != stResult {
			return
		}
		if len(st.exprs) == 0 {
			none = true
			return
		}
		switch next := c.typeOf(st.exprs[0]); {
		case !some:
			t, some = next, true
		default:
			t = common(t, next)
		}
	})
	if !some {
		t = typ{kind: kNothing}
	} else if none {
		t = typ{}
	}
	s.results[p] = t
	return t
}

// common is the type that fits both.
func common(a, b typ) typ {
	switch {
	case a.kind == b.kind && a.name == b.name:
		return a
	case a.isText() && b.isText(): // at run time it is what the RESULT that was reached gives
		return typ{}
	case a.isNumber() && b.isNumber():
		return typ{kind: kReal}
	}
	return typ{}
}

// nearest finds the name that differs from one in the fewest letters, one of a short name and two of others; "" if none does.
func nearest(name string, lists ...[]string) string {
	folded := fold(name)
	best, least := "", 3
	switch {
	case len(folded) < 3:
		return ""
	case len(folded) < 6:
		least = 2
	}
	for _, list := range lists {
		for _, other := range list {
			if d := len(other) - len(name); d > 4 || d < -4 {
				continue
			}
			if d := distance(folded, fold(other), least); d < least && d > 0 || d == 0 && best == "" {
				best, least = other, d
			}
		}
	}
	return best
}

// distance counts the letters to change, to insert, to leave out and to swap; limit or more is limit.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d >= limit || -d >= limit {
		return limit
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return min(rows[len(x)][len(y)], limit)
}
