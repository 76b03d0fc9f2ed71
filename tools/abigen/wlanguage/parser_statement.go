package wlanguage

// statement reads one; nil for what is no statement, as a declaration of constants.
func (p *parser) statement() *statement {
	t := p.peek()
	s := &statement{line: t.line}
	switch {
	case p.atInternal():
		p.internal()
		return nil
	case p.atDeclaration():
		p.declaration(s)
		p.endLine()
		return s
	case t.isWord("constant", "const", "constante") && !p.ahead(1).isOp("="):
		p.constants()
		return nil
	case t.isWord("structure") && p.ahead(1).kind == tkWord && p.ahead(2).endsLine():
		p.take()
		s.vars = []*variable{{name: p.take().text, line: t.line}}
		p.structure(s)
		p.endLine()
		return nil
	case t.isWord("static", "local", "locale", "global", "globale", "statique") && p.ahead(1).kind == tkWord:
		p.take()
		if p.atDeclaration() {
			p.declaration(s)
		}
		p.endLine()
		return s
	case t.isWord("if", "si"):
		p.condition(s)
	case t.isWord("loop", "boucle"):
		p.loop(s)
	case t.isWord("while", "tantque"):
		p.while(s)
	case t.isWord("for", "pour"):
		p.loopFor(s)
	case t.isWord("switch", "selon"):
		p.choose(s)
	case t.isWord("when", "quand") && p.ahead(1).isWord("exception"):
		p.exception(s)
	case t.isWord("result", "renvoyer", "return", "retour", "retourner"):
		p.result(s)
		p.endLine()
	case t.isWord("break", "sortir"):
		p.take()
		s.kind = stBreak
		p.endLine()
	case t.isWord("continue", "continuer"):
		p.take()
		s.kind = stContinue
		p.endLine()
	case t.isWord("goto", "label", "etiquette"):
		p.skipLine()
	default:
		p.simple(s)
		p.endLine()
	}
	return s
}

// simple reads an assignment or a call.
func (p *parser) simple(s *statement) {
	first := p.postfix()
	s.left = []*expression{first}
	for p.peek().isOp(",") {
		p.take()
		s.left = append(s.left, p.postfix())
	}
	switch t := p.peek(); {
	case t.isOp("=") || t.isOp("+=") || t.isOp("-=") || t.isOp("*=") || t.isOp("/=") || t.isOp("|=") || t.isOp("%="):
		p.take()
		s.kind, s.op = stAssign, t.text
		s.exprs = []*expression{p.expression()}
	case t.isOp("<") && p.ahead(1).isOp("-") && p.ahead(1).glued:
		p.take()
		p.take()
		s.kind, s.op = stAssign, "<-"
		s.exprs = []*expression{p.expression()}
	case t.isOp("<=") || t.isOp("=>"):
		p.take()
		s.kind, s.op = stAssign, "<-"
		s.exprs = []*expression{p.expression()}
	case t.isOp("++") || t.isOp("--"):
		p.take()
		s.kind, s.op = stAssign, "+="
		s.exprs = []*expression{{kind: exNumber, line: t.line, name: "1"}}
	default:
		s.kind, s.exprs, s.left = stCall, s.left, nil
	}
}

// result reads RESULT value. RETURN alone ends a procedure.
func (p *parser) result(s *statement) {
	p.take()
	s.kind = stResult
	if !p.peek().endsLine() && !p.peek().isOp(";") && !p.peek().isWord("else", "sinon") {
		s.exprs = []*expression{p.expression()}
	}
}

// constants reads CONSTANT name = value, or the lines up to END.
func (p *parser) constants() {
	t := p.take()
	if len(p.file.procedures) > 0 && p.inside != p.file.outside && len(p.blocks) == 0 && p.peek().endsLine() {
		p.fault(t.line, msgConstantLate)
	}
	if !p.peek().endsLine() {
		p.constant()
		p.endLine()
		return
	}
	p.skipLine()
	for !p.peek().isWord("end", "fin") {
		if p.peek().kind == tkEnd || p.atProcedure() {
			p.fault(t.line, msgNoEnd, t.text)
			return
		}
		p.constant()
		p.endLine()
	}
	p.take()
	p.endLine()
}

// condition reads IF in one line or over several.
func (p *parser) condition(s *statement) {
	t := p.take()
	s.kind = stIf
	s.exprs = []*expression{p.expression()}
	if !p.takeWord("then", "alors") && !p.peek().endsLine() {
		p.fault(t.line, msgThen, t.text)
		for !p.peek().endsLine() && !p.takeWord("then", "alors") {
			p.take()
		}
	}
	if !p.peek().endsLine() {
		p.oneLine(s)
		return
	}
	p.skipLine()
	p.open(t)
	s.body = p.list(nil)
	p.otherwise(s)
	p.shut()
}

// oneLine reads IF ... THEN statement [ELSE statement].
func (p *parser) oneLine(s *statement) {
	s.body = p.inLine()
	if p.tokens[p.at-1].kind != tkLine && p.takeWord("else", "sinon") {
		s.other = p.inLine()
	}
}

// inLine reads statements of the same line, up to ELSE.
func (p *parser) inLine() []*statement {
	if p.peek().endsLine() {
		p.fault(p.peek().line, msgValueMissing)
		p.skipLine()
		return nil
	}
	// A statement takes the end of its line with it; one in front of ELSE must not.
	t := p.peek()
	s := &statement{line: t.line}
	switch {
	case t.isWord("result", "renvoyer", "return", "retour", "retourner"):
		p.result(s)
	case t.isWord("break", "sortir"):
		p.take()
		s.kind = stBreak
	case t.isWord("continue", "continuer"):
		p.take()
		s.kind = stContinue
	case t.isWord("if", "si", "for", "pour", "loop", "boucle", "while", "tantque", "switch", "selon"):
		return []*statement{p.statement()}
	case p.atDeclaration():
		p.declaration(s)
	default:
		p.simple(s)
	}
	if p.peek().isWord("else", "sinon") {
		return []*statement{s}
	}
	more := p.takeOp(";") && !p.peek().endsLine()
	if more {
		return append([]*statement{s}, p.inLine()...)
	}
	p.endLine()
	return []*statement{s}
}

// otherwise reads ELSE and ELSE IF.
func (p *parser) otherwise(s *statement) {
	if !p.takeWord("else", "sinon") {
		return
	}
	if !p.peek().isWord("if", "si") {
		if p.peek().endsLine() {
			p.skipLine()
		}
		s.other = p.list(nil)
		return
	}
	t := p.take()
	inner := &statement{kind: stIf, line: t.line}
	inner.exprs = []*expression{p.expression()}
	p.takeWord("then", "alors")
	if p.peek().endsLine() {
		p.skipLine()
	}
	inner.body = p.list(nil)
	p.otherwise(inner)
	s.other = []*statement{inner}
}
