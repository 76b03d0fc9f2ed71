package wlanguage

import "strings"

// declarations reads what is declared: procedures' heads, variables, structures.
type declarations struct {
	expressions
	blocks  []block // that are open
	suspect *block  // whose end is probably missing, by the indentation of another END
}

// block is one that is open.
type block struct {
	word   string
	line   int
	column int
}

// modifiers stand in front of PROCEDURE.
var modifiers = []string{"private", "privee", "prive", "protected", "protegee", "protege", "public", "publique", "global", "globale", "local", "locale",
	"virtual", "virtuelle", "abstract", "abstraite", "internal", "interne", "static"}

var procedureWords = []string{"procedure", "function", "fonction", "methode", "method"}

// atProcedure tells whether a procedure begins that ends the one before. An internal one does not.
func (p *declarations) atProcedure() bool {
	n := 0
	for p.ahead(n).isWord(modifiers...) {
		n++
	}
	return p.ahead(n).isWord(procedureWords...) && !p.atInternal() && p.ahead(n+1).kind == tkWord && !p.ahead(n+1).isWord("is", "est")
}

func (p *declarations) atInternal() bool {
	return p.peek().isWord("internal", "interne") && p.ahead(1).isWord(procedureWords...) ||
		p.peek().isWord(procedureWords...) && p.ahead(1).isWord("internal", "interne")
}

// head reads PROCEDURE name(parameters) : type.
func (p *declarations) head() *procedure {
	for p.takeWord(modifiers...) || p.takeWord(procedureWords...) {
	}
	t := p.take()
	head := &procedure{name: t.text, line: t.line}
	for p.peek().isOp(".") || p.peek().isOp(":") && p.ahead(1).glued && p.ahead(1).kind == tkWord { // of a class
		p.take()
		head.name += "." + p.take().text
	}
	if p.takeOp("(") {
		p.parameters(head)
		if !p.takeOp(")") {
			p.fault(t.line, msgParameters, head.name)
		}
	}
	p.attributes()
	if p.takeOp(":") {
		head.typed = true
		if p.takeOp("(") { // several results
			for !p.peek().endsLine() && !p.takeOp(")") {
				p.take()
			}
		} else {
			head.result = p.typeOf()
			for p.takeOp(",") {
				head.result = typ{}
				p.typeOf()
			}
		}
		p.attributes()
	}
	return head
}

// attributes skips <...>.
func (p *declarations) attributes() {
	for p.peek().isOp("<") {
		for !p.peek().endsLine() && !p.takeOp(">") {
			p.take()
		}
	}
}

func (p *declarations) parameters(head *procedure) {
	optional := false
	for !p.peek().endsLine() && !p.peek().isOp(")") {
		if p.takeOp("*") {
			head.any = true
		} else {
			v := p.parameter()
			if v == nil {
				return
			}
			switch {
			case v.value != nil:
				optional = true
			case optional:
				p.fault(head.line, msgDefaultBefore, v.name)
			default:
				head.least++
			}
			head.params = append(head.params, v)
		}
		if !p.takeOp(",") {
			return
		}
	}
}

// parameter reads [LOCAL] name [is type] [= default].
func (p *declarations) parameter() *variable {
	p.attributes()
	local := p.peek().isWord("local", "locale", "const", "constant", "constante") && p.ahead(1).kind == tkWord && !p.ahead(1).isWord("is", "est") && p.takeWord(p.peek().fold)
	if p.peek().kind != tkWord {
		return nil
	}
	t := p.take()
	v := &variable{name: t.text, line: t.line, local: local}
	p.attributes()
	if p.takeWord("is", "est") || p.takeOp(":") || p.peek().kind == tkWord { // name is type, name: type, name type
		v.kind = p.typeOf()
	}
	p.attributes()
	if p.takeOp("=") {
		v.value = p.expression()
	}
	return v
}

// atDeclaration tells whether "name, name is" stands there.
func (p *declarations) atDeclaration() bool {
	for n := 0; p.ahead(n).kind == tkWord; n += 2 {
		switch next := p.ahead(n + 1); {
		case next.isWord("is", "are", "est", "sont"):
			return true
		case !next.isOp(","):
			return false
		}
	}
	return false
}

// declaration reads "name, name is type = value" into a statement.
func (p *declarations) declaration(s *statement) {
	s.kind = stDeclare
	for {
		t := p.take()
		s.vars = append(s.vars, &variable{name: t.text, line: t.line})
		if !p.takeOp(",") {
			break
		}
	}
	p.take() // is
	if p.atStructure() {
		p.structure(s)
		return
	}
	kind := p.typeOf()
	for _, v := range s.vars {
		v.kind = kind
	}
	if p.peek().isOp("(") { // what it is made from
		p.expression()
	}
	p.attributes()
	if p.takeOp("=") || p.peek().isOp("<") && p.ahead(1).isOp("-") && p.takeOp("<") && p.takeOp("-") {
		s.vars[len(s.vars)-1].value = p.expression()
	}
	p.attributes()
}

// atStructure tells whether "[a] structure" ends the line.
func (p *declarations) atStructure() bool {
	n := 0
	if p.peek().isWord("a", "an", "un", "une") {
		n++
	}
	return p.ahead(n).isWord("structure", "class", "classe", "enumeration", "combination", "combinaison") && p.ahead(n+1).endsLine()
}

// structure reads the members up to END.
func (p *declarations) structure(s *statement) {
	s.kind = stNothing
	name := s.vars[0]
	s.vars = nil
	p.open(token{text: name.name, line: name.line, column: p.peek().column})
	p.skipLine()
	made := &structure{name: name.name, line: name.line}
	for !p.peek().isWord("end", "fin") && p.peek().kind != tkEnd && !p.atProcedure() {
		member := &statement{line: p.peek().line}
		if p.atDeclaration() {
			p.declaration(member)
			made.members = append(made.members, member.vars...)
		} else {
			for !p.peek().endsLine() {
				p.take()
			}
		}
		p.endLine()
	}
	p.file.structures = append(p.file.structures, made)
	last := p.blocks[len(p.blocks)-1]
	p.blocks = p.blocks[:len(p.blocks)-1]
	if !p.takeWord("end", "fin") {
		p.quiet = false
		p.fault(last.line, msgNoEnd, last.word)
	}
}

// typeOf reads a type: words in any order of both languages, then what its size is.
func (p *declarations) typeOf() typ {
	t := typ{}
	known := false
	begin := p.peek()
	for {
		w := p.peek()
		switch {
		case w.isWord("array", "arrays", "tableau", "tableaux"):
			p.take()
			return typ{kind: kArray, elem: p.element()}
		case w.isWord("on", "sur"):
			p.take()
			p.sum()
			p.takeWord("bytes", "byte", "octets", "octet")
			continue
		case w.isWord("ansi", "asciiz"):
			p.take()
			t.kind, known = kANSI, true
			continue
		case w.isWord("unicode"):
			p.take()
			t.kind, known = kString, true
			continue
		case w.kind == tkNumber && p.ahead(1).isOp("-"): // 8-byte int
			p.take()
			p.take()
			p.takeWord("byte", "bytes", "octet", "octets")
			continue
		case w.kind == tkNumber && p.ahead(1).isWord("byte", "bytes", "octet", "octets"):
			p.take()
			p.take()
			continue
		case w.isOp("'"):
			p.take()
			continue
		case w.kind != tkWord || known && w.isWord("else", "sinon"):
			if !known {
				p.fault(begin.line, msgNoType, begin.text)
			}
			return t
		}
		p.take()
		switch k, isType := typeWords[w.fold]; {
		case isType && !known:
			t.kind, known = k, true
		case isType || typeFillers[w.fold] || w.fold == "d" && p.peek().isOp("'"):
		case known:
			p.fault(w.line, msgBehindType, w.text)
		default:
			t.name, t.kind, known = w.text, kStructure, true
			for p.peek().isOp(".") && p.ahead(1).kind == tkWord {
				p.take()
				p.take()
				t.kind, t.name = kAny, ""
			}
		}
	}
}

// element reads what the elements of an array are.
func (p *declarations) element() *typ {
	for p.takeOp("(") {
		for !p.peek().endsLine() && !p.takeOp(")") {
			p.take()
		}
	}
	p.takeWord("associative", "associatif", "associatifs", "fixed", "fixe", "dynamic", "dynamique")
	p.takeWord("of", "de", "d")
	p.takeOp("'")
	if p.peek().kind == tkNumber && !p.ahead(1).isOp("-") && !p.ahead(1).isWord("byte", "octet", "octets") || p.peek().isOp("(") || p.peek().kind == tkWord && strings.HasPrefix(p.peek().fold, "wds_") {
		p.sum()
	}
	if p.peek().endsLine() || p.peek().isOp("=") {
		return &typ{}
	}
	t := p.typeOf()
	return &t
}
