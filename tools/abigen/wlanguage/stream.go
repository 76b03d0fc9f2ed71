package wlanguage

import "slices"

// stream gives the tokens of a text, one after the other, and notes what is wrong with them.
type stream struct {
	file   *File
	tokens []token
	at     int
	quiet  bool // the line already has a fault
}

func (p *stream) peek() token { return p.ahead(0) }

func (p *stream) ahead(n int) token { return p.tokens[min(p.at+n, len(p.tokens)-1)] }

func (p *stream) take() token {
	t := p.peek()
	if p.at < len(p.tokens)-1 {
		p.at++
	}
	return t
}

func (p *stream) takeOp(op string) bool {
	if p.peek().isOp(op) {
		p.take()
		return true
	}
	return false
}

// takeWord takes one of the words, given without accents, if it is the next token.
func (p *stream) takeWord(list ...string) bool {
	if p.peek().isWord(list...) {
		p.take()
		return true
	}
	return false
}

func (t token) isOp(op string) bool { return t.kind == tkOp && t.text == op }

func (t token) isWord(list ...string) bool { return t.kind == tkWord && slices.Contains(list, t.fold) }

func (t token) endsLine() bool { return t.kind == tkLine || t.kind == tkEnd }

func (p *stream) skipLine() {
	for !p.peek().endsLine() {
		p.take()
	}
	p.take()
	p.quiet = false
}

// fault reports one mistake a line.
func (p *stream) fault(line int, m message, args ...any) {
	if !p.quiet {
		p.file.faults = append(p.file.faults, m.at(p.file.name, line, args...))
	}
	p.quiet = true
}
