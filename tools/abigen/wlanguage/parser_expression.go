package wlanguage

// expressions reads values.
type expressions struct {
	stream
	depth  int  // of nesting
	header bool // a : ends the expression, as in a CASE
}

// deepest is how far expressions may be nested: a bound for texts that are no programs.
const deepest = 200

var unknown = &expression{kind: exUnknown}

func (p *expressions) expression() *expression {
	if p.depth++; p.depth > deepest {
		p.fault(p.peek().line, msgNested)
		for !p.peek().endsLine() {
			p.take()
		}
		p.depth--
		return unknown
	}
	e := p.choice()
	p.depth--
	return e
}

func binary(line int, op string, left, right *expression) *expression {
	return &expression{kind: exBinary, line: line, name: op, args: []*expression{left, right}}
}

// choice reads a ? b ELSE c.
func (p *expressions) choice() *expression {
	e := p.or()
	if !p.peek().isOp("?") {
		return e
	}
	line := p.take().line
	then := p.or()
	if !p.takeWord("else", "sinon") && !p.takeOp(":") {
		p.fault(line, msgChoice)
		return unknown
	}
	return &expression{kind: exChoice, line: line, args: []*expression{e, then, p.expression()}}
}

func (p *expressions) or() *expression {
	e := p.and()
	for p.peek().isWord("or", "ou", "_or_", "_ou_", "xor") || p.peek().isOp("??") {
		line := p.take().line
		e = binary(line, "or", e, p.and())
	}
	return e
}

func (p *expressions) and() *expression {
	e := p.not()
	for p.peek().isWord("and", "et", "_and_", "_et_") {
		line := p.take().line
		e = binary(line, "and", e, p.not())
	}
	return e
}

func (p *expressions) not() *expression {
	turns := 0
	line := p.peek().line
	for p.takeWord("not", "pas") {
		turns++
	}
	e := p.comparison()
	if turns > 0 {
		e = &expression{kind: exUnary, line: line, name: "not", args: []*expression{e}}
	}
	return e
}

func (p *expressions) comparison() *expression {
	e := p.sum()
	for {
		t := p.peek()
		switch {
		case t.kind == tkOp && (t.text == "=" || t.text == "==" || t.text == "<>" || t.text == "<" || t.text == ">" || t.text == "<=" || t.text == ">=" ||
			t.text == "~=" || t.text == "~~" || t.text == "[=" || t.text == "[=]"):
			p.take()
			e = binary(t.line, t.text, e, p.sum())
		case t.isWord("in", "dans") && !p.ahead(1).endsLine(), t.isWord("between", "entre"):
			p.take()
			e = binary(t.line, "in", e, p.sum())
		default:
			return e
		}
	}
}

func (p *expressions) sum() *expression {
	e := p.product()
	for {
		t := p.peek()
		if t.kind != tkOp || t.text != "+" && t.text != "-" && t.text != "&" && t.text != "|" && t.text != "||" && t.text != "--" && t.text != "++" {
			return e
		}
		if (t.text == "--" || t.text == "++") && p.ahead(1).endsLine() {
			return e // n++
		}
		p.take()
		e = binary(t.line, t.text, e, p.product())
	}
}

func (p *expressions) product() *expression {
	e := p.unary()
	for {
		t := p.peek()
		if !(t.isOp("*") || t.isOp("/") || t.isOp("^") || t.isOp("%") || t.isWord("modulo")) {
			return e
		}
		p.take()
		e = binary(t.line, "*", e, p.unary())
	}
}

func (p *expressions) unary() *expression {
	t := p.peek()
	if !(t.isOp("-") || t.isOp("+") || t.isOp("&") || t.isOp("--")) {
		return p.postfix()
	}
	if p.depth++; p.depth > deepest {
		p.fault(t.line, msgNested)
		for !p.peek().endsLine() {
			p.take()
		}
		p.depth--
		return unknown
	}
	p.take()
	e := &expression{kind: exUnary, line: t.line, name: t.text, args: []*expression{p.unary()}}
	p.depth--
	return e
}

// postfix reads a value with calls, indices and members behind it.
func (p *expressions) postfix() *expression {
	e := p.primary()
	for {
		t := p.peek()
		switch {
		case t.isOp("("):
			p.take()
			e = &expression{kind: exCall, line: e.line, args: append([]*expression{e}, p.arguments(")")...)}
		case t.isOp("[") && p.ahead(1).isOp("[") && p.ahead(1).glued:
			p.take()
			p.take()
			e = p.part(e)
		case t.isOp("[") && (t.glued || e.kind != exText):
			p.take()
			e = &expression{kind: exIndex, line: e.line, args: append([]*expression{e}, p.arguments("]")...)}
		case t.isOp("..") || t.isOp(".") || t.isOp("?.") || t.isOp(":") && !p.header && t.glued && p.ahead(1).glued:
			if p.ahead(1).kind != tkWord && !p.ahead(1).isOp("{") {
				p.take()
				p.fault(t.line, msgMember, t.text)
				return unknown
			}
			p.take()
			member := p.take()
			e = &expression{kind: exMember, line: t.line, name: member.text, args: []*expression{e}}
			if member.isOp("{") {
				p.arguments("}")
			}
		default:
			return e
		}
	}
}

// arguments reads a list up to its bracket. One that is left out is an exOmitted.
func (p *expressions) arguments(shut string) []*expression {
	var all []*expression
	line := p.peek().line
	if p.takeOp(shut) {
		return all
	}
	header := p.header
	p.header = false
	defer func() { p.header = header }()
	for {
		switch t := p.peek(); {
		case t.isOp(",") || t.isOp(shut):
			all = append(all, &expression{kind: exOmitted, line: t.line})
		case t.isOp("*") && (p.ahead(1).isOp(",") || p.ahead(1).isOp(shut)): // the default
			p.take()
			all = append(all, &expression{kind: exOmitted, line: t.line})
		case t.isOp("<") && p.ahead(1).kind == tkWord: // <name>: value
			all = append(all, p.named())
		default:
			all = append(all, p.expression())
		}
		if shut == "]" && p.atTo() { // a[1 TO 2], a[2 TO]
			p.take()
			if !p.peek().isOp(shut) {
				all = append(all, p.sum())
			}
		}
		if p.takeOp(shut) {
			return all
		}
		if !p.takeOp(",") {
			p.fault(line, msgBracket, shut)
			return all
		}
	}
}

// named reads <name>: value, which may stand anywhere in the list: what it gives is not checked.
func (p *expressions) named() *expression {
	for !p.peek().endsLine() && !p.takeOp(">") {
		p.take()
	}
	p.takeOp(":")
	e := p.expression()
	return &expression{kind: exList, line: e.line, name: "named", args: []*expression{e}}
}

// part reads [[1 TO 2]], [[1 TO]], [[TO 2]], [[1]] and [[1 ON 2]].
func (p *expressions) part(of *expression) *expression {
	e := &expression{kind: exPart, line: of.line, args: []*expression{of}}
	line := p.peek().line
	if !p.atTo() {
		e.args = append(e.args, p.sum())
	}
	if p.atTo() || p.peek().isWord("on", "sur") {
		p.take()
		e.name = "to"
		if !p.peek().isOp("]") {
			e.args = append(e.args, p.sum())
		}
	}
	for range 2 {
		if !p.takeOp("]") {
			p.fault(line, msgBracket, "]]")
		}
	}
	return e
}

// atTo tells whether TO stands there, in French À.
func (p *expressions) atTo() bool {
	return p.peek().isWord("to", "_to_", "_a_") || p.peek().isWord("a") && !p.ahead(1).isOp("[") && !p.ahead(1).isOp("(") && !p.ahead(1).isOp(".")
}

func (p *expressions) primary() *expression {
	t := p.peek()
	switch {
	case t.kind == tkNumber:
		p.take()
		if u := p.peek(); u.isWord("s", "ms", "cs", "min", "mn", "h", "d", "j", "us") { // 10 s
			p.take()
			return p.moreDuration(&expression{kind: exDuration, line: t.line, name: t.text + u.fold})
		}
		return &expression{kind: exNumber, line: t.line, name: t.text}
	case t.kind == tkDuration:
		p.take()
		return p.moreDuration(&expression{kind: exDuration, line: t.line, name: t.text})
	case t.kind == tkText || t.kind == tkBlock:
		p.take()
		return &expression{kind: exText, line: t.line, name: t.text}
	case p.atLambda():
		return p.lambda()
	case t.isOp("("):
		return p.bracketed()
	case t.isOp("["):
		p.take()
		return &expression{kind: exList, line: t.line, args: p.arguments("]")}
	case t.isOp("{"):
		p.take()
		return &expression{kind: exIndirect, line: t.line, args: p.arguments("}")}
	case t.isOp(":") && p.ahead(1).glued && p.ahead(1).kind == tkWord: // a member of the class
		p.take()
		p.take()
		return &expression{kind: exUnknown, line: t.line}
	case t.kind == tkWord && !reserved[t.fold]:
		p.take()
		if t.isWord("new", "allocate", "nouveau", "allouer") && p.peek().kind == tkWord {
			p.takeWord("a", "an", "un", "une")
			p.postfix()
			return &expression{kind: exUnknown, line: t.line}
		}
		return &expression{kind: exName, line: t.line, name: t.text}
	}
	said := t.text
	if t.endsLine() {
		said = "..."
		p.fault(t.line, msgValueMissing)
	} else {
		p.fault(t.line, msgValue, said)
	}
	return &expression{kind: exUnknown, line: t.line}
}

// atLambda tells whether (names) => or name => stands there.
func (p *expressions) atLambda() bool {
	n := 1
	if p.peek().isOp("(") {
		for !p.ahead(n).isOp(")") {
			if t := p.ahead(n); t.endsLine() || t.kind == tkOp && t.text != "," {
				return false
			}
			n++
		}
		n++
	} else if p.peek().kind != tkWord {
		return false
	}
	return p.ahead(n).isOp("=>")
}

// lambda skips one, with the lines between { and }: its names are its own.
func (p *expressions) lambda() *expression {
	e := &expression{kind: exUnknown, line: p.peek().line}
	for !p.takeOp("=>") {
		p.take()
	}
	if !p.peek().isOp("{") {
		p.expression()
		return e
	}
	for open := 0; p.peek().kind != tkEnd; {
		switch t := p.take(); {
		case t.isOp("{"):
			open++
		case t.isOp("}"):
			open--
		}
		if open == 0 {
			break
		}
	}
	return e
}

// moreDuration takes what follows in 3 min 30 s.
func (p *expressions) moreDuration(e *expression) *expression {
	for p.peek().kind == tkDuration || p.peek().kind == tkNumber && p.ahead(1).isWord("s", "ms", "cs", "min", "mn", "h", "d", "j", "us") {
		if p.take().kind == tkNumber {
			p.take()
		}
	}
	return e
}

// bracketed reads (value), and (a, b), which takes several results.
func (p *expressions) bracketed() *expression {
	line := p.take().line
	all := p.arguments(")")
	if len(all) == 1 {
		return all[0]
	}
	return &expression{kind: exList, line: line, args: all}
}

// reserved words of WLanguage cannot be values.
var reserved = words(`if si then alors else sinon end fin for pour while tantque switch selon case cas loop boucle result renvoyer return retour break sortir
	continue continuer constant constante and et or ou not pas is est are sont procedure to`)

// caseValue reads a value, or one with an operator: CASE > 5.
func (p *expressions) caseValue() *expression {
	t := p.peek()
	if t.isOp("<") || t.isOp(">") || t.isOp("<=") || t.isOp(">=") || t.isOp("<>") || t.isOp("=") {
		p.take()
		return &expression{kind: exUnary, line: t.line, name: "case", args: []*expression{p.sum()}}
	}
	return p.sum()
}
