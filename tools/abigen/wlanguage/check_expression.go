package wlanguage

import "strings"

// values finds the type of each value, and what is wrong in it.
type values struct {
	scope
	opened map[string]string // names of sockets that the text gives to procedures of the module, and which
}

// value checks an expression of which the result is used.
func (c *values) value(e *expression) typ {
	t := c.typeOf(e)
	if t.kind == kNothing {
		name, _ := e.calls()
		c.fault(e.line, msgNoResult, name)
		return typ{}
	}
	return t
}

// typeOf checks an expression and gives its type.
func (c *values) typeOf(e *expression) typ {
	switch e.kind {
	case exNumber:
		if strings.ContainsAny(e.name, ".") {
			return typ{kind: kReal}
		}
		return typ{kind: kInt}
	case exDuration:
		return typ{kind: kDuration}
	case exText:
		c.inText(e)
		return typ{kind: kString}
	case exName:
		return c.name(e, false)
	case exCall:
		return c.call(e)
	case exIndex:
		return c.index(e)
	case exPart:
		return c.part(e)
	case exMember:
		return c.member(e)
	case exUnary:
		return c.unary(e)
	case exBinary:
		return c.binary(e)
	case exChoice:
		c.value(e.args[0])
		return common(c.value(e.args[1]), c.value(e.args[2]))
	}
	for _, arg := range e.args {
		c.value(arg)
	}
	return typ{}
}

// inText checks what stands in [% %] inside a text.
func (c *values) inText(e *expression) {
	rest := e.name
	for {
		_, after, found := strings.Cut(rest, "[%")
		inner, next, ended := strings.Cut(after, "%]")
		if !found || !ended {
			return
		}
		rest = next
		read := scan(c.file.name, inner)
		p := &expressions{stream: stream{file: &File{}, tokens: read.tokens}}
		if part := p.sum(); len(read.faults) == 0 && len(p.file.faults) == 0 {
			part.each(func(x *expression) { x.line = e.line })
			c.typeOf(part)
		}
	}
}

func (c *values) index(e *expression) typ {
	of := c.value(e.args[0])
	for _, arg := range e.args[1:] {
		c.value(arg)
	}
	switch of.kind {
	case kArray:
		if of.elem != nil && len(e.args) == 2 {
			return c.resolve(*of.elem)
		}
	case kInt, kReal, kBoolean, kDuration:
		c.fault(e.line, msgIndexed, shown(e.args[0]), kindNames[of.kind])
	}
	return typ{}
}

// part is [[ ]]: of a text a text, of a Buffer a Buffer.
func (c *values) part(e *expression) typ {
	of := c.value(e.args[0])
	for _, arg := range e.args[1:] {
		if t := c.value(arg); t.isText() && arg.kind == exText {
			c.fault(arg.line, msgArgument, message{"the place", "la position"}, "[[ ]]", kindNames[kInt], kindNames[kString], hintNone)
		}
	}
	switch of.kind {
	case kAny, kString, kANSI, kBuffer, kStructure:
		return of
	}
	c.fault(e.line, msgNoPart, shown(e.args[0]), kindNames[of.kind])
	return typ{}
}

func (c *values) member(e *expression) typ {
	if e.args[0].kind == exName && c.elsewhere(e.args[0]) && c.procedures[fold(e.args[0].name)] == nil {
		return typ{}
	}
	of := c.value(e.args[0])
	if of.kind != kStructure {
		return typ{}
	}
	made := c.structures[fold(of.name)]
	for _, member := range made.members {
		if fold(member.name) == fold(e.name) {
			return c.resolve(member.kind)
		}
	}
	if len(made.members) > 0 {
		c.fault(e.line, msgNoMember, made.name, e.name)
	}
	return typ{}
}

func (c *values) unary(e *expression) typ {
	switch e.name {
	case "not":
		c.value(e.args[0])
		return typ{kind: kBoolean}
	case "&":
		if e.args[0].kind == exName {
			c.name(e.args[0], true)
		} else {
			c.value(e.args[0])
		}
		return typ{}
	case "case":
		return c.value(e.args[0])
	}
	t := c.value(e.args[0])
	if (t.isText() && e.args[0].kind == exText) || t.kind == kBuffer || t.kind == kArray || t.kind == kStructure {
		c.fault(e.line, msgArithmetic, shown(e.args[0]), kindNames[t.kind])
	}
	return t
}

func (c *values) binary(e *expression) typ {
	left, right := c.value(e.args[0]), c.value(e.args[1])
	switch e.name {
	case "or", "and", "in", "<", ">", "<=", ">=", "~~", "[=", "[=]":
		return typ{kind: kBoolean}
	case "=", "==", "<>", "~=":
		c.comparedFamily(e.args[0], e.args[1])
		c.comparedFamily(e.args[1], e.args[0])
		c.comparedTypes(e.line, e.args[0], e.args[1], left, right)
		return typ{kind: kBoolean}
	case "+":
		switch {
		case left.kind == kAny || right.kind == kAny:
			return typ{}
		case left.kind == kBuffer && right.kind == kBuffer:
			return left
		case left.kind == kANSI && right.kind == kANSI:
			return left
		case left.isText() || right.isText():
			return typ{kind: kString}
		}
	}
	for i, t := range []typ{left, right} {
		if t.kind == kBuffer || t.kind == kArray || t.kind == kStructure || t.kind == kBoolean && e.args[i].kind == exName ||
			t.isText() && e.args[i].kind == exText && e.name != "+" && !isNumeral(e.args[i].name) {
			c.fault(e.line, msgArithmetic, shown(e.args[i]), kindNames[t.kind])
			return typ{}
		}
	}
	switch {
	case left.kind == kAny || right.kind == kAny:
		return typ{}
	case left.kind == kInt && right.kind == kInt && e.name != "*":
		return left
	case left.kind == kInt && right.kind == kInt:
		return typ{kind: kInt} // a division may give a part, which an int cuts off
	}
	return typ{}
}

func isNumeral(text string) bool {
	text = strings.TrimPrefix(strings.TrimSpace(text), "-")
	return text != "" && numeral.FindString(text) == text
}

// compared checks the types of a SWITCH and a case.
func (c *values) compared(line int, left, right *expression) {
	c.comparedTypes(line, left, right, c.quietly(left), c.quietly(right))
}

// quietly gives the type of an expression of this procedure that was checked already.
func (c *values) quietly(e *expression) typ {
	mute := c.mute
	c.mute = true
	t := c.typeOf(e)
	c.mute = mute
	return t
}

// comparedTypes finds a number that is compared with a text that is none.
func (c *values) comparedTypes(line int, a, b *expression, left, right typ) {
	if left.isText() {
		a, b, left, right = b, a, right, left
	}
	if (left.kind == kInt || left.kind == kBoolean) && right.isText() && b.kind == exText && !isNumeral(b.name) {
		c.fault(line, msgComparedTypes, shown(a), message{`the text "` + b.name + `"`, `la chaîne "` + b.name + `"`})
	}
	if left.kind == kProcedure || right.kind == kProcedure || left.kind == kStructure && right.isNumber() || left.kind == kArray && (right.isText() || right.isNumber()) {
		c.fault(line, msgComparedTypes, shown(a), shown(b))
	}
}

// shown is an expression in a message.
func shown(e *expression) string {
	switch e.kind {
	case exName, exNumber, exDuration:
		return e.name
	case exText:
		return `"` + e.name + `"`
	case exCall:
		return shown(e.args[0]) + "()"
	case exMember:
		return shown(e.args[0]) + "." + e.name
	case exIndex:
		return shown(e.args[0]) + "[]"
	case exPart:
		return shown(e.args[0]) + "[[]]"
	case exUnary:
		if e.name == "-" || e.name == "&" {
			return e.name + shown(e.args[0])
		}
	}
	return "(...)"
}
