package description

import (
	"slices"
	"strconv"
	"strings"
)

// The limits of a description: whatever is given to Parse, it takes no more time and
// memory than these let it.
const (
	MaxText         = 1024 // bytes of a text
	MaxParts        = 24   // of one direction
	maxAlternatives = 16
	maxLiteral      = 255 // bytes
	maxLabel        = 16
	maxHeader       = 1024 // bytes of one hdr:
	maxAdjust       = 65536
	maxGap          = 60000
	maxNumber       = 1<<31 - 1
)

// What may stand at a place, as error texts show it.
const (
	partsAllowed   = `02, "text", (02|03), hdr:1, len:u16be, data, xor(data)`
	morePartsAfter = partsAllowed + `, ;, >>`
	lengthsAllowed = `u8, u16be, u24le, u64be, dec4, hex2, bcd4, dec~":", varint, vlq, ber, zvt`
	optionsAllowed = `keep, restart, noise, max=1000, gap=50, ignore=(00|0A), control=(05|06), bad=skip|nak|keep`
	writeAllowed   = `keep, max=1000`
	literalAllowed = `02, "text"`
)

// Parse reads a description. The error is a *fault.Error with fault.Argument whose note
// names the column, what stands there and what may stand there.
//
//	frame   = parts [ ";" option { option } ]          both = frame [ ">>" frame ]   read >> write
//	part    = [ label "=" ] ( lit | alt | hdr | len | data | check )
//	lit     = ( hex pairs | '"' text '"' ) { hex pairs | '"' text '"' }
//	alt     = "(" lit { "|" lit } ")"                  the first is written
//	hdr     = "hdr:" n
//	len     = "len:" number [ "&" hex ] [ ">>" n ] [ "=" span ] [ "+" n | "-" n ]
//	number  = "u8" | ( "u16" … "u64" ) [ "be" | "le" ] | "dec" n | "hex" n | "bcd" n
//	        | "dec~" lit | "varint" | "vlq" | "ber" | "zvt"
//	data    = "data" [ ":" n ] [ "~" lit | "~~" lit | "~'" lit ]
//	check   = name [ "(" figures ")" ] { "/hex" | "/dec" | "/le" | "/be" | "/wire" | "/pairs" } "(" span ")"
//	span    = label [ ".." label ]                     "data" is the label of the data part, too
//	option  = "keep" | "restart" | "noise" | "max=" n | "gap=" ms
//	        | "ignore=" ( lit | alt ) | "control=" ( lit | alt ) | "bad=" ( "skip" | "nak" | "keep" )
//
// Parts and options have blanks between them. Key words and the names of checks may be
// written in capitals, labels are what they are.
func Parse(text string) (*Description, error) {
	p := &parser{scanner: scanner{text: text}}
	d := p.description()
	if p.err != nil {
		return nil, p.err
	}
	return d, nil
}

// parser reads a description.
type parser struct {
	scanner
	frameText // of the frame that is being read
	spans     []namedSpan
}

// frameText tells where in a text a frame has its parts.
type frameText struct {
	places  []int          // where each part begins
	options map[string]int // where each option stands
	end     int            // behind the last part
}

// namedSpan is a span whose labels are looked up when all parts are there.
type namedSpan struct {
	at       int
	from, to string
	span     *Span
}

func (p *parser) description() *Description {
	if len(p.text) > MaxText {
		p.fail(MaxText, noteTooMany, p.shown(MaxText), strconv.Itoa(MaxText))
		return nil
	}
	d := &Description{Read: p.frame(false)}
	if p.err == nil && p.take(">>") {
		d.Write = p.frame(true)
	}
	if p.err == nil && p.at < len(p.text) {
		p.unexpected(optionsAllowed)
	}
	if p.err == nil {
		if n := len(d.String()); n > MaxText {
			p.fail(0, noteLongText, strconv.Itoa(n), strconv.Itoa(MaxText))
		}
	}
	return d
}

// frame reads one direction, up to ">>" or the end.
func (p *parser) frame(write bool) *Frame {
	f := &Frame{}
	p.frameText, p.spans = frameText{options: make(map[string]int)}, nil
	p.parts(f)
	p.end = p.at
	if p.err == nil && p.take(";") {
		p.readOptions(f, write)
	}
	if p.err == nil {
		p.lookUp(f)
	}
	if p.err == nil {
		judge := judge{&p.scanner, f, p.frameText}
		judge.frame(write)
	}
	return f
}

func (p *parser) parts(f *Frame) {
	for separate := true; p.err == nil; {
		separate = p.blanks() || separate
		rest := p.text[p.at:]
		switch {
		case rest == "" || rest[0] == ';' || strings.HasPrefix(rest, ">>"):
			if len(f.Parts) == 0 {
				p.unexpected(partsAllowed)
			}
			return
		case !separate:
			p.unexpected("\" \"")
		case len(f.Parts) == MaxParts:
			p.fail(p.at, noteTooMany, p.shown(p.at), strconv.Itoa(MaxParts))
		default:
			p.places = append(p.places, p.at)
			f.Parts = append(f.Parts, p.part(f))
			separate = false
		}
	}
}

// part reads one part. Those of f are read.
func (p *parser) part(f *Frame) (part Part) {
	part.Label = p.label(f)
	if p.err != nil {
		return part
	}
	before := p.at
	word := strings.ToLower(p.run(inName))
	next := byte(0)
	if p.at < len(p.text) {
		next = p.text[p.at]
	}
	p.at = before
	switch {
	case next == '(' && word != "":
		part.Kind = Check
		p.check(&part.Check)
	case word == "hdr" && next == ':':
		p.at += len("hdr:")
		part.Kind, part.Bytes = Header, p.number(1, maxHeader)
	case word == "len" && next == ':':
		p.at += len("len:")
		part.Kind = Length
		p.length(&part.Length)
	case word == "data":
		p.at += len("data")
		part.Kind = Data
		p.data(&part)
	case next == '"' && word == "", word != "" && isHex(word[0]) && strings.Trim(word, "0123456789abcdef") == "":
		part.Alternatives = [][]byte{p.literal()}
	case next == '(':
		part.Alternatives = p.alternatives()
	default:
		p.unexpected(morePartsAfter)
	}
	return part
}

// label reads "label=", if it stands there.
func (p *parser) label(f *Frame) string {
	from := p.at
	label := p.run(inLabel)
	if label == "" || p.at == len(p.text) || p.text[p.at] != '=' {
		p.at = from
		return ""
	}
	p.at++
	switch {
	case !isLetter(label[0]):
		p.unexpectedAt(from, "a=")
	case len(label) > maxLabel:
		p.fail(from, noteTooMany, strconv.Quote(label[maxLabel:]), strconv.Itoa(maxLabel))
	case label == "data":
		p.fail(from, noteLabelData, label)
	case slices.ContainsFunc(f.Parts, func(other Part) bool { return other.Label == label }):
		p.fail(from, noteTwice, strconv.Quote(label))
	}
	return label
}

func (p *parser) data(part *Part) {
	if p.take(":") {
		part.Bytes = p.number(1, maxNumber)
	}
	if p.err != nil || !p.take("~") {
		return
	}
	part.Escape.Mode = Protect
	switch {
	case p.take("~"):
		part.Escape.Mode = Double
	case p.take("'"):
		part.Escape.Mode = Quote
	}
	part.Escape.Byte = p.oneByte()
}
