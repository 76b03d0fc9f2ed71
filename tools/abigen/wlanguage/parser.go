package wlanguage

// parser reads statements. What it cannot read it reports once and skips to the end of the
// line; blocks stay balanced.
type parser struct {
	declarations
	inside *procedure
}

// Parse reads a text: a program, or a file of a project that WINDEV keeps as text.
func Parse(name, text string) *File {
	read := scan(name, codeOf(text))
	f := &File{name: name, faults: read.faults, split: read.split, deliberate: read.deliberate, outside: &procedure{line: 1}}
	p := &parser{inside: f.outside}
	p.file, p.tokens = f, read.tokens
	for p.peek().kind != tkEnd {
		before := p.at
		p.topLevel()
		if p.at == before { // nothing fits: go on behind it
			p.skipLine()
		}
	}
	return f
}

// topLevel reads a declaration of the file, a procedure, or a statement outside of any.
func (p *parser) topLevel() {
	switch {
	case p.atProcedure():
		p.procedure()
	case p.peek().kind == tkLine:
		p.skipLine()
	case p.peek().isWord("global", "globale"):
		p.globals()
	case p.peek().isWord("local", "locale") && p.ahead(1).endsLine():
		p.skipLine()
	default:
		p.inside.body = p.list(p.inside.body)
	}
}

// globals reads GLOBAL with one declaration behind it, or with those of the lines below.
func (p *parser) globals() {
	t := p.take()
	if !p.peek().endsLine() {
		if p.atDeclaration() {
			p.global()
			return
		}
		p.fault(t.line, msgNoType, p.peek().text)
	}
	p.skipLine()
	for p.atDeclaration() {
		p.global()
	}
}

// isWindow tells whether a procedure is the code of a window or page, which declares its globals.
func isWindow(name string) bool { return special[fold(name)] || isElement(name) }

func (p *parser) global() {
	if len(p.file.procedures) > 0 && !isWindow(p.inside.name) {
		p.fault(p.peek().line, msgGlobalLate)
	}
	s := &statement{line: p.peek().line}
	p.declaration(s)
	p.endLine()
	p.file.globals = append(p.file.globals, s.vars...)
}

// list reads statements up to what ends a list that is open: END, ELSE, CASE, a procedure, the end.
func (p *parser) list(into []*statement) []*statement {
	for {
		before := p.at
		switch {
		case p.peek().kind == tkEnd || p.atProcedure():
			return into
		case p.peek().kind == tkLine:
			p.skipLine()
		case len(p.blocks) == 0 && p.inside == p.file.outside && p.peek().isWord("global", "globale", "local", "locale"):
			return into
		case len(p.blocks) == 0 && isWindow(p.inside.name) && p.peek().isWord("global", "globale"):
			p.globals()
		case p.endsList() && len(p.blocks) > 0:
			return into
		case p.endsList():
			into = append(into, &statement{kind: stNothing, line: p.peek().line})
			p.stray()
		default:
			if s := p.statement(); s != nil {
				into = append(into, s)
			}
		}
		if p.at == before {
			p.skipLine()
		}
	}
}

// endsList tells whether the next line belongs to the block around.
func (p *parser) endsList() bool {
	return p.peek().isWord("end", "fin", "else", "sinon", "do", "faire") && !p.ahead(1).isOp("=") || p.atCase()
}

// atCase tells whether a case of a SWITCH begins, or the part of a procedure for errors.
func (p *parser) atCase() bool {
	return p.peek().isWord("case", "cas") || p.peek().isWord("other", "autre", "autres") && p.ahead(1).isWord("case", "cas")
}

// stray is an END, ELSE or CASE for which no block is open.
func (p *parser) stray() {
	if p.atCase() && p.ahead(1).isWord("error", "erreur", "exception") {
		p.skipLine() // the part of a procedure that handles errors
		return
	}
	p.fault(p.peek().line, msgStray, p.peek().text)
	p.skipLine()
}

// procedure reads a procedure up to where the next one begins.
func (p *parser) procedure() {
	head := p.head()
	p.file.procedures = append(p.file.procedures, head)
	p.inside, p.suspect = head, nil
	p.endLine()
	head.body = p.list(nil)
	p.suspect = nil
}

// internal reads a procedure inside another one.
func (p *parser) internal() {
	t := p.peek()
	head := p.head()
	p.inside.internal = append(p.inside.internal, head)
	p.endLine()
	p.open(t)
	outer := p.inside
	p.inside = head
	head.body = p.list(nil)
	p.inside = outer
	p.shut()
}
