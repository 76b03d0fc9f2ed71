package description

import (
	"slices"
	"strconv"
	"strings"

	"wdsocket/core/frame/checksum"
)

// variable are the numbers whose width is not said, by their names.
var variable = map[string]Encoding{"varint": Varint, "vlq": VLQ, "ber": BER, "zvt": ZVT}

// digits are the numbers in digits, with how many there may be.
var digits = map[string]struct {
	encoding Encoding
	most     int
}{"dec": {Decimal, 18}, "hex": {Hex, 16}, "bcd": {BCD, 18}}

// length reads what stands behind "len:".
func (p *parser) length(l *LengthField) {
	p.lengthNumber(l)
	if p.err == nil && p.take("&") {
		from := p.at
		mask, err := strconv.ParseUint(p.run(isHex), 16, 64)
		if err != nil || mask == 0 {
			p.unexpectedAt(from, "0FFF")
		}
		l.Mask = mask
	}
	if p.err == nil && p.take(">>") {
		l.Shift = p.number(1, 63)
	}
	if p.err == nil && p.take("=") {
		l.Span = new(Span)
		p.span(l.Span)
	}
	switch {
	case p.err != nil:
	case p.take("+"):
		l.Adjust = p.number(1, maxAdjust)
	case p.take("-"):
		l.Adjust = -p.number(1, maxAdjust)
	}
}

// lengthNumber reads how a length is written.
func (p *parser) lengthNumber(l *LengthField) {
	from := p.at
	word := strings.ToLower(p.run(func(c byte) bool { return isLetter(c) || isDigit(c) }))
	name := strings.TrimRight(word, "0123456789")
	if word == "dec" && p.take("~") {
		l.Encoding, l.Delimiter = Decimal, p.literal()
		if p.err == nil && isDigit(l.Delimiter[0]) {
			p.unexpectedAt(from+len("dec~"), `":", 0D0A`)
		}
		return
	}
	if encoding, is := variable[word]; is {
		l.Encoding = encoding
		return
	}
	if kind, is := digits[name]; is && word != name {
		least, step := 1, 1
		if kind.encoding == BCD {
			least, step = 2, 2
		}
		n, err := strconv.Atoi(word[len(name):])
		if err != nil || n < least || n > kind.most || n%step != 0 {
			p.fail(from, noteRange, strconv.Quote(word[:min(len(word), maxLabel)]), name+strconv.Itoa(least)+".."+name+strconv.Itoa(kind.most))
		}
		l.Encoding, l.Width = kind.encoding, n
		return
	}
	p.binary(l, from, word)
}

// binary reads "u16le".
func (p *parser) binary(l *LengthField, from int, word string) {
	bits, is := strings.CutPrefix(word, "u")
	bits, l.LittleEndian = strings.CutSuffix(bits, "le")
	bits, high := strings.CutSuffix(bits, "be")
	n, err := strconv.Atoi(bits)
	if !is || err != nil || n%8 != 0 || n < 8 || n > 64 || strconv.Itoa(n) != bits || n == 8 && (high || l.LittleEndian) || high && l.LittleEndian {
		p.unexpectedAt(from, lengthsAllowed)
		return
	}
	l.Width = n / 8
}

// check reads check bytes, from their name on.
func (p *parser) check(c *CheckField) {
	begin := p.at
	name := strings.ToLower(p.run(inName))
	if figures, _, _ := strings.Cut(p.text[p.at:], ")"); strings.Contains(figures, ",") {
		p.at++
		name += "(" + strings.ToLower(p.run(inFigure)) + ")"
		if !p.take(")") {
			p.unexpected(")")
			return
		}
		suffix := p.at
		if suffix < len(p.text) && p.text[suffix] != '/' && p.text[suffix] != '(' {
			p.unexpected("(data), (a..b), /hex, /dec, /le, /be, /wire, /pairs")
			return
		}
		name += strings.ToLower(p.run(inName))
	}
	c.Name = suffixes(name, c)
	if c.Name == "" || !isLetter(c.Name[0]) {
		p.unexpectedAt(begin, morePartsAfter)
		return
	}
	algorithm, known := checksum.Find(c.Name)
	if !known {
		p.fail(begin, noteCheckName, strconv.Quote(c.Name), alike(c.Name))
		return
	}
	if strings.Contains(c.Name, "(") {
		c.Name = algorithm.Name()
	}
	if !p.take("(") {
		p.unexpected("(data), (a..b), /hex, /dec, /le, /be, /wire, /pairs")
		return
	}
	p.span(&c.Span)
	if p.err == nil && !p.take(")") {
		p.unexpected(".., )")
	}
}

// alike lists names of checks that begin as name does, or the shortest there are.
func alike(name string) string {
	family, _, _ := strings.Cut(name, "/")
	var names []string
	for _, known := range checksum.Names() {
		if strings.HasPrefix(known, family+"/") || len(known) <= len("sum-8") {
			names = append(names, known)
		}
	}
	return strings.Join(append(names, "crc-16/modbus", "crc(16,8005,ffff,1,1,0000)"), ", ")
}

// suffixes takes what says how check bytes are written off the end of their name.
func suffixes(name string, c *CheckField) string {
	for {
		cut := strings.LastIndexByte(name, '/')
		if cut < 0 {
			return name
		}
		switch suffix := name[cut+1:]; {
		case suffix == "hex" && c.Encoding == Binary:
			c.Encoding = Hex
		case suffix == "dec" && c.Encoding == Binary:
			c.Encoding = Decimal
		case suffix == "le" && c.Order == Natural:
			c.Order = LowFirst
		case suffix == "be" && c.Order == Natural:
			c.Order = HighFirst
		case suffix == "wire" && !c.Wire:
			c.Wire = true
		case suffix == "pairs" && !c.Pairs:
			c.Pairs = true
		default:
			return name
		}
		name = name[:cut]
	}
}

// span reads labels, to be looked up later.
func (p *parser) span(s *Span) {
	at := p.at
	from := p.run(inLabel)
	to := from
	if from == "" {
		p.unexpected("data, a..b")
		return
	}
	if p.take("..") {
		if to = p.run(inLabel); to == "" {
			p.unexpected("data, b")
			return
		}
	}
	p.spans = append(p.spans, namedSpan{at, from, to, s})
}

// lookUp finds the parts that spans name.
//
// The spans of lengths are pointers that stay; those of checks point into parts, which
// are moved while they are read.
func (p *parser) lookUp(f *Frame) {
	next := 0
	for i := range f.Parts {
		part := &f.Parts[i]
		span := part.Length.Span
		if part.Kind == Check {
			span = &part.Check.Span
		}
		if span == nil {
			continue
		}
		named := p.spans[next]
		next++
		span.From, span.To = p.labelled(f, named.at, named.from), p.labelled(f, named.at, named.to)
		if p.err == nil && span.From > span.To {
			p.fail(named.at, noteSpanOrder, named.from+".."+named.to)
		}
	}
}

// labelled is the index of the part that is called label.
func (p *parser) labelled(f *Frame, at int, label string) int {
	i := slices.IndexFunc(f.Parts, func(part Part) bool {
		return part.Label == label || label == "data" && part.Kind == Data
	})
	if i < 0 {
		var all []string
		for _, part := range f.Parts {
			if part.Label != "" {
				all = append(all, part.Label)
			}
		}
		p.fail(at, noteNoLabel, strconv.Quote(label), strings.Join(append(all, "data"), ", "))
	}
	return i
}
