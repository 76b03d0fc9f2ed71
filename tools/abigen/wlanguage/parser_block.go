package wlanguage

func (p *parser) loop(s *statement) {
	t := p.take()
	s.kind = stLoop
	if p.takeOp("(") {
		s.exprs = p.arguments(")")
	}
	p.blockOf(s, t)
}

// blockOf reads the lines up to END.
func (p *parser) blockOf(s *statement, t token) {
	if !p.peek().endsLine() {
		p.fault(p.peek().line, msgBehind, p.peek().text)
	}
	p.skipLine()
	p.open(t)
	s.body = p.list(nil)
	p.shut()
}

func (p *parser) while(s *statement) {
	t := p.take()
	s.kind = stWhile
	s.exprs = []*expression{p.expression()}
	p.takeWord("do", "faire")
	p.blockOf(s, t)
}

// loopFor reads FOR i = 1 TO 10 STEP 2 and FOR EACH.
func (p *parser) loopFor(s *statement) {
	t := p.take()
	if p.takeWord("each", "all", "tout", "toute", "every", "chaque") {
		p.forEach(s)
		p.blockOf(s, t)
		return
	}
	s.kind = stFor
	name := p.take()
	s.vars = []*variable{{name: name.text, line: name.line, kind: typ{kind: kInt}}}
	if p.takeWord("is", "est") {
		s.vars[0].kind = p.typeOf()
	}
	if name.kind != tkWord || !p.takeOp("=") && !p.takeWord("from", "de") {
		p.fault(t.line, msgFor, t.text)
		for !p.peek().endsLine() {
			p.take()
		}
		p.blockOf(s, t)
		return
	}
	s.exprs = []*expression{p.sum()}
	if !p.atTo() {
		p.fault(t.line, msgFor, t.text)
		for !p.peek().endsLine() {
			p.take()
		}
	} else {
		p.take()
		s.exprs = append(s.exprs, p.expression())
	}
	if p.takeWord("step", "pas") {
		s.exprs = append(s.exprs, p.expression())
	}
	p.blockOf(s, t)
}

// forEach reads EACH name[, index] OF list, and EACH STRING name OF text SEPARATED BY sign.
func (p *parser) forEach(s *statement) {
	s.kind = stForEach
	kind := typ{}
	if p.peek().isWord("string", "chaine") && p.ahead(1).kind == tkWord && !p.ahead(1).isWord("of", "de", "in", "dans") {
		p.take()
		kind = typ{kind: kString}
	}
	p.takeWord("element", "line", "ligne")
	for p.peek().kind == tkWord && !p.peek().isWord("of", "de", "in", "dans", "on", "sur") {
		name := p.take()
		s.vars = append(s.vars, &variable{name: name.text, line: name.line, kind: kind})
		kind = typ{}
		if !p.takeOp(",") {
			break
		}
	}
	if !p.takeWord("of", "de", "in", "dans", "on", "sur") {
		if !p.peek().endsLine() {
			p.fault(p.peek().line, msgFor, "FOR EACH")
		}
	} else {
		s.exprs = append(s.exprs, p.expression())
	}
	if p.takeWord("separated", "separee", "separe") {
		p.takeWord("by", "par")
		s.exprs = append(s.exprs, p.expression())
	}
	for !p.peek().endsLine() { // BACKWARD, FROM, USING and others
		p.take()
	}
}

// choose reads SWITCH with its cases.
func (p *parser) choose(s *statement) {
	t := p.take()
	s.kind = stSwitch
	s.exprs = []*expression{p.expression()}
	if !p.peek().endsLine() {
		p.fault(p.peek().line, msgBehind, p.peek().text)
	}
	p.skipLine()
	p.open(t)
	for {
		before := p.at
		switch {
		case p.peek().kind == tkLine:
			p.skipLine()
		case p.atCase():
			s.cases = append(s.cases, p.arm())
		case p.peek().isWord("end", "fin") || p.peek().kind == tkEnd || p.atProcedure():
			p.shut()
			return
		default:
			p.fault(p.peek().line, msgBeforeCase, p.peek().text)
			p.skipLine()
		}
		if p.at == before {
			p.skipLine()
		}
	}
}

// arm reads one case: values, and what is done, behind : in the same line or in the next ones.
func (p *parser) arm() arm {
	a := arm{line: p.peek().line}
	if !p.peek().isWord("case", "cas") {
		p.take()
		a.other = true
	}
	p.take()
	p.header = true
	for !a.other {
		a.values = append(a.values, p.caseValue())
		if p.atTo() {
			p.take()
			a.values = append(a.values, p.sum())
		}
		if !p.takeOp(",") {
			break
		}
	}
	p.header = false
	switch {
	case p.takeOp(":") || p.peek().endsLine():
	default:
		p.fault(p.peek().line, msgCase, p.peek().text)
		p.skipLine()
	}
	a.body = p.list(nil)
	return a
}

// exception reads WHEN EXCEPTION IN ... DO ... END.
func (p *parser) exception(s *statement) {
	t := p.take()
	p.take()
	p.takeWord("in", "dans")
	s.kind = stBlock
	if p.peek().endsLine() {
		p.skipLine()
	}
	p.open(t)
	s.body = p.list(nil)
	if p.takeWord("do", "faire") {
		s.other = p.list(nil)
	}
	p.shut()
}
