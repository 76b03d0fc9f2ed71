package wlanguage

import (
	"fmt"
	"strings"
)

// alone checks an expression that is a statement.
func (c *checker) alone(e *expression) {
	switch e.kind {
	case exCall:
		c.typeOf(e)
	case exName:
		key := fold(e.name)
		_, local := c.locals[key]
		if c.procedures[key] != nil && !local {
			c.fault(e.line, msgNoParentheses, e.name, e.name)
			return
		}
		c.typeOf(e)
		if local || c.globals[key] != nil || c.constants[key] != nil {
			c.fault(e.line, msgNoEffect)
		}
	case exNumber, exText, exBinary, exPart, exChoice, exDuration:
		c.typeOf(e)
		c.fault(e.line, msgNoEffect)
	default:
		c.typeOf(e)
	}
}

// call checks a call and gives the type of its result.
func (c *values) call(e *expression) typ {
	name, plain := e.calls()
	if !plain {
		c.typeOf(e.args[0])
		c.arguments(e)
		return typ{}
	}
	key := fold(name)
	if v := c.locals[key]; v != nil {
		c.arguments(e)
		if k := c.resolve(v.kind).kind; k != kAny && k != kProcedure {
			c.fault(e.line, msgNotCallable, name, kindNames[k])
		}
		return typ{}
	}
	if p := c.procedures[key]; p != nil {
		return c.callProcedure(e, p)
	}
	for _, inner := range c.current.internal {
		if fold(inner.name) == key {
			c.arguments(e)
			return typ{}
		}
	}
	if f := builtins().functions[key]; f != nil {
		c.callBuiltin(e, f, name)
		return f.gives
	}
	c.arguments(e)
	c.unknownCall(e, name)
	return typ{}
}

// arguments checks those of a call of which nothing is known.
func (c *values) arguments(e *expression) {
	for _, arg := range e.args[1:] {
		switch {
		case arg.kind == exName && c.elsewhere(arg):
		case arg.kind == exName:
			c.name(arg, true)
		default:
			c.value(arg)
		}
	}
}

// unknownCall reports a call of what is neither a procedure nor a function.
func (c *values) unknownCall(e *expression, name string) {
	key := fold(name)
	library := strings.HasPrefix(key, "wd") && len(name) > 2
	switch {
	case c.globals[key] != nil || c.structures[key] != nil || strings.Contains(name, "."):
		return
	case strings.HasPrefix(name, "WDSocket"):
		c.fault(e.line, msgOfDLL, name, name)
		return
	case library && !c.library:
		return // the module is not at hand
	}
	near := nearest(name, c.procedureNames(), functionNames())
	switch {
	case near != "" && !(c.options.Foreign && distance(key, fold(near), 3) > 1):
		c.fault(e.line, msgProcedureMeant, name, near)
	case library:
		c.fault(e.line, msgNoProcedure, name)
	case !c.options.Foreign && !c.options.Snippet:
		c.fault(e.line, msgNoFunction, name)
	}
}

func functionNames() []string {
	var all []string
	for _, f := range builtins().functions {
		all = append(all, f.name)
	}
	return all
}

// callProcedure checks the arguments of a procedure.
func (c *values) callProcedure(e *expression, p *procedure) typ {
	args := e.args[1:]
	if !p.any && len(args) > p.most() {
		c.fault(e.line, msgTooMany, p.name, len(args), wanted(p.least, p.most()))
	}
	named := false
	for i, arg := range args {
		named = named || arg.kind == exList && arg.name == "named"
		if i >= len(p.params) || named {
			c.value(arg)
			continue
		}
		c.argument(p, p.params[i], arg)
	}
	if len(args) < p.least && !named {
		c.fault(e.line, msgTooFew, p.name, len(args), wanted(p.least, p.most()), p.params[len(args)].name)
	}
	c.families(e, p)
	return c.resolve(c.symbols.result(p))
}

func wanted(least, most int) string {
	switch {
	case most < 0:
		return fmt.Sprintf("%d+", least)
	case least == most:
		return fmt.Sprint(least)
	}
	return fmt.Sprintf("%d-%d", least, most)
}

// argument checks one argument of a procedure against its parameter.
func (c *values) argument(p *procedure, param *variable, arg *expression) {
	if arg.kind == exOmitted {
		if param.value == nil {
			c.fault(arg.line, msgOmitted, param.name, p.name)
		}
		return
	}
	want := c.resolve(param.kind)
	if arg.kind == exName {
		if k := c.name(arg, takesProcedure(param)).kind; k == kProcedure && want.kind != kProcedure && want.kind != kAny {
			c.fault(arg.line, msgArgument, param.name, p.name, kindNames[want.kind], kindNames[k], hintCall)
			return
		}
	}
	got := c.typeOfArgument(arg)
	if n, is := c.numberFor(arg, got); is && want.kind == kBoolean {
		if n != "0" && n != "1" {
			c.fault(arg.line, msgNotBoolean, param.name, p.name, n)
		}
		return
	}
	if r := c.roles[param]; want.kind == kAny && got.kind != kProcedure && !r.takes(got) {
		hint := hintNone
		if r == roleMessage && got.isNumber() {
			hint = hintText
		}
		c.fault(arg.line, msgArgument, param.name, p.name, roleNames[r], kindNames[got.kind], hint)
		return
	}
	if hint, bad := misfit(want, got, arg); bad {
		c.fault(arg.line, msgArgument, param.name, p.name, kindNames[want.kind], kindNames[got.kind], hint)
		return
	}
	if strictly(want, got) {
		c.fault(arg.line, msgArgument, param.name, p.name, kindNames[want.kind], kindNames[got.kind], hintOf(want, got))
	}
}

// typeOfArgument does not report a name a second time.
func (c *values) typeOfArgument(arg *expression) typ {
	if arg.kind == exName {
		return c.quietly(arg)
	}
	return c.value(arg)
}

// numberFor gives the number that an argument is: a numeral, or a constant or variable of type int.
func (c *scope) numberFor(arg *expression, got typ) (string, bool) {
	switch {
	case arg.kind == exNumber:
		return arg.name, true
	case arg.kind == exUnary && arg.name == "-" && arg.args[0].kind == exNumber:
		return "-" + arg.args[0].name, true
	case arg.kind == exName && got.kind == kInt:
		if v := c.constants[fold(arg.name)]; v != nil && v.value != nil && v.value.kind == exNumber && (v.value.name == "0" || v.value.name == "1") {
			return v.value.name, true
		}
		return arg.name, true
	}
	return "", false
}

// takesProcedure tells whether a parameter takes a procedure by its name without parentheses.
func takesProcedure(v *variable) bool {
	name := fold(v.name)
	return v.kind.kind == kProcedure || v.kind.kind == kAny && v.kind.name == "" && (strings.Contains(name, "proc") || strings.Contains(name, "callback"))
}

// callBuiltin checks the arguments of a function of WLanguage.
func (c *values) callBuiltin(e *expression, f *builtin, name string) {
	args := e.args[1:]
	if f.most >= 0 && len(args) > f.most {
		c.fault(e.line, msgTooMany, name, len(args), wanted(f.least, f.most))
	}
	if len(args) < f.least {
		c.fault(e.line, msgTooFew, name, len(args), wanted(f.least, f.most), message{"an argument", "un argument"})
	}
	for i, arg := range args {
		if arg.kind == exOmitted {
			continue
		}
		if arg.kind == exName && f.takesProcedure(i) {
			c.name(arg, true)
			continue
		}
		got := c.value(arg)
		if want, bad := wrongForBuiltin(f.kindOf(i), got, arg); bad {
			place := message{fmt.Sprintf("argument %d", i+1), fmt.Sprintf("l'argument %d", i+1)}
			c.fault(arg.line, msgArgument, place, name, kindNames[want], kindNames[got.kind], hintOf(typ{kind: want}, got))
		}
	}
	c.originalCall(e, f)
	c.api(e, name)
}

// wrongForBuiltin refuses what WLanguage's own functions cannot convert.
func wrongForBuiltin(code byte, got typ, arg *expression) (kind, bool) {
	notNumber := got.kind == kBuffer || got.kind == kArray || got.kind == kStructure || got.isText() && arg.kind == exText && !isNumeral(arg.name)
	switch code {
	case 's', 't':
		return kString, got.kind == kArray || got.kind == kStructure || got.kind == kProcedure
	case 'B':
		return kBuffer, got.kind == kInt || got.kind == kBoolean || got.kind == kArray || got.kind == kStructure
	case 'i':
		return kInt, notNumber
	case 'n':
		return kReal, notNumber
	case 'b':
		return kBoolean, notNumber || got.isText() && arg.kind == exText
	case 'p':
		return kProcedure, got.isNumber() || got.kind == kBuffer
	}
	return kAny, false
}
