package wlanguage

// endLine ends a statement: nothing may stand behind it.
func (p *declarations) endLine() {
	if p.takeOp(";") {
		return
	}
	if t := p.peek(); !t.endsLine() {
		p.fault(t.line, msgBehind, t.text)
	}
	p.skipLine()
}

// open begins a block, shut ends it.
func (p *declarations) open(t token) {
	p.blocks = append(p.blocks, block{word: t.text, line: t.line, column: t.column})
}

func (p *declarations) shut() {
	last := p.blocks[len(p.blocks)-1]
	p.blocks = p.blocks[:len(p.blocks)-1]
	t := p.peek()
	if !t.isWord("end", "fin") {
		if p.suspect != nil {
			last = *p.suspect
		}
		p.quiet = false
		p.fault(last.line, msgNoEnd, last.word)
		p.suspect, p.quiet = nil, false
		return
	}
	if t.column < last.column && p.suspect == nil && t.line != last.line {
		p.suspect = &last
	}
	p.take()
	p.endLine()
}

func (p *declarations) constant() {
	t := p.take()
	if t.kind != tkWord || !p.takeOp("=") {
		p.fault(t.line, msgConstant, t.text)
		return
	}
	p.file.constants = append(p.file.constants, &variable{name: t.text, line: t.line, value: p.expression()})
}
