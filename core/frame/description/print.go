package description

import (
	"fmt"
	"strconv"
	"strings"
)

// String is the description in canonical form: Parse gives the same again.
func (d *Description) String() string {
	text := d.Read.String()
	if d.Write != nil {
		text += " >> " + d.Write.String()
	}
	return text
}

// String is one direction in canonical form.
func (f *Frame) String() string {
	var words []string
	for i := range f.Parts {
		words = append(words, f.partText(&f.Parts[i]))
	}
	if options := f.Options.texts(); len(options) > 0 {
		words = append(append(words, ";"), options...)
	}
	return strings.Join(words, " ")
}

func (f *Frame) partText(p *Part) string {
	text := ""
	if p.Label != "" {
		text = p.Label + "="
	}
	switch p.Kind {
	case Literal:
		return text + literalsText(p.Alternatives)
	case Header:
		return text + "hdr:" + strconv.Itoa(p.Bytes)
	case Length:
		return text + "len:" + f.lengthText(&p.Length)
	case Check:
		return text + p.Check.nameText() + "(" + f.spanText(p.Check.Span) + ")"
	}
	text += "data"
	if p.Bytes > 0 {
		text += ":" + strconv.Itoa(p.Bytes)
	}
	if p.Escape.Mode != NoEscape {
		text += [...]string{Protect: "~", Double: "~~", Quote: "~'"}[p.Escape.Mode] + fmt.Sprintf("%02X", p.Escape.Byte)
	}
	return text
}

func (f *Frame) lengthText(l *LengthField) string {
	text := l.numberText()
	if l.Mask != 0 {
		text += fmt.Sprintf("&%0*X", 2*l.Width, l.Mask)
	}
	if l.Shift != 0 {
		text += ">>" + strconv.Itoa(l.Shift)
	}
	if l.Span != nil {
		text += "=" + f.spanText(*l.Span)
	}
	if l.Adjust != 0 {
		text += fmt.Sprintf("%+d", l.Adjust)
	}
	return text
}

func (l *LengthField) numberText() string {
	width := strconv.Itoa(l.Width)
	switch l.Encoding {
	case Decimal:
		if l.Width == 0 {
			return "dec~" + literalText(l.Delimiter)
		}
		return "dec" + width
	case Hex:
		return "hex" + width
	case BCD:
		return "bcd" + width
	case Binary:
		text := "u" + strconv.Itoa(8*l.Width)
		switch {
		case l.LittleEndian:
			text += "le"
		case l.Width > 1:
			text += "be"
		}
		return text
	}
	for name, encoding := range variable {
		if encoding == l.Encoding {
			return name
		}
	}
	return ""
}

func (c *CheckField) nameText() string {
	text := c.Name
	switch c.Encoding {
	case Hex:
		text += "/hex"
	case Decimal:
		text += "/dec"
	}
	text += [...]string{Natural: "", LowFirst: "/le", HighFirst: "/be"}[c.Order]
	if c.Wire {
		text += "/wire"
	}
	if c.Pairs {
		text += "/pairs"
	}
	return text
}

// spanText names the parts of a span, which have labels.
func (f *Frame) spanText(s Span) string {
	name := func(i int) string {
		if p := &f.Parts[i]; p.Label != "" || p.Kind != Data {
			return p.Label
		}
		return "data"
	}
	if s.From == s.To {
		return name(s.From)
	}
	return name(s.From) + ".." + name(s.To)
}

func (o *Options) texts() (words []string) {
	add := func(is bool, word string) {
		if is {
			words = append(words, word)
		}
	}
	add(o.Keep, "keep")
	add(o.Restart, "restart")
	add(o.Noise, "noise")
	add(o.Max > 0, "max="+strconv.Itoa(o.Max))
	add(o.Gap > 0, "gap="+strconv.Itoa(o.Gap))
	add(len(o.Ignore) > 0, "ignore="+literalsText(o.Ignore))
	var controls [][]byte
	for i := range o.Control {
		controls = append(controls, o.Control[i:i+1])
	}
	add(len(controls) > 0, "control="+literalsText(controls))
	add(o.Wrong != Skip, "bad="+wrongs[o.Wrong])
	return words
}

// literalsText is one literal, or several as alternatives.
func literalsText(all [][]byte) string {
	if len(all) == 1 {
		return literalText(all[0])
	}
	texts := make([]string, len(all))
	for i := range all {
		texts[i] = literalText(all[i])
	}
	return "(" + strings.Join(texts, "|") + ")"
}

// literalText is bytes as a literal: what is readable as text, if there are enough
// characters of it.
func literalText(p []byte) string {
	const enough = 3
	var b strings.Builder
	for len(p) > 0 {
		n := 0
		for n < len(p) && p[n] >= ' ' && p[n] < 0x7F && p[n] != '"' {
			n++
		}
		if n >= enough || n == len(p) && b.Len() == 0 {
			b.WriteString(`"` + string(p[:n]) + `"`)
			p = p[n:]
			continue
		}
		n = max(n, 1)
		fmt.Fprintf(&b, "%X", p[:n])
		p = p[n:]
	}
	return b.String()
}
