package description

import (
	"bytes"
	"math/bits"
	"slices"
	"strconv"
)

// judge refuses what is written right and makes no sense: what cannot be read, or could
// be read in two ways.
type judge struct {
	*scanner
	f     *Frame
	where frameText
}

// frame judges a frame, of which the direction of writing needs less.
func (j *judge) frame(write bool) {
	data := j.f.Data()
	if data < 0 {
		j.fail(j.where.end, noteNoData, "")
		return
	}
	for i := range j.f.Parts {
		j.part(i, data)
	}
	j.escape(data)
	if !write {
		j.end(data)
		j.start()
		j.between()
	}
	j.options(data)
}

// part refuses a part that cannot be where it is.
func (j *judge) part(i, data int) {
	at, part := j.where.places[i], &j.f.Parts[i]
	shown := strconv.Quote(j.f.partText(part))
	switch {
	case part.Kind == Data && i != data:
		j.fail(at, noteSecondData, shown)
	case part.Kind == Data && part.Bytes > 0 && j.f.Deciding() >= 0:
		j.fail(at, noteFixedAndLength, shown)
	case part.Kind == Length && i > data:
		j.fail(at, noteLengthBehind, shown)
	case part.Kind == Length && !part.Length.maskFits():
		j.fail(at, noteMask, shown)
	case part.Kind == Length:
		j.length(i, data)
	case part.Kind == Check && part.Check.Span.To >= i:
		for _, counted := range j.f.Parts[max(i, part.Check.Span.From) : part.Check.Span.To+1] {
			if counted.Kind == Check {
				j.fail(at, noteCheckSpan, shown)
			}
		}
	}
}

// maskFits tells whether mask and shift take a value out of the field, in bits that stand
// together.
func (l *LengthField) maskFits() bool {
	if l.Mask == 0 && l.Shift == 0 {
		return true
	}
	if l.Encoding != Binary || l.Shift >= 8*l.Width || bits.Len64(l.Mask) > 8*l.Width {
		return false
	}
	if l.Mask == 0 {
		return true
	}
	value := l.Mask >> l.Shift
	value >>= bits.TrailingZeros64(value)
	return value != 0 && value&(value+1) == 0
}

// length refuses a length that counts without the data, or what has no size of its
// own before it is read.
func (j *judge) length(i, data int) {
	span := Span{i + 1, len(j.f.Parts) - 1}
	if own := j.f.Parts[i].Length.Span; own != nil {
		span = *own
	}
	shown := strconv.Quote(j.f.partText(&j.f.Parts[i]))
	if data < span.From || data > span.To {
		j.fail(j.where.places[i], noteSpanWithoutData, shown)
		return
	}
	for k := span.From; k <= span.To; k++ {
		if j.f.Parts[k].varies() {
			j.fail(j.where.places[i], noteCountsVariable, shown)
			return
		}
	}
}

// varies tells whether a part other than the data is not always equally long.
func (p *Part) varies() bool {
	switch p.Kind {
	case Length:
		return p.Length.Encoding >= Varint || p.Length.Encoding == Decimal && p.Length.Width == 0
	case Literal:
		for _, lit := range p.Alternatives {
			if len(lit) != len(p.Alternatives[0]) {
				return true
			}
		}
	}
	return false
}

// end refuses data of which nothing tells where it ends.
func (j *judge) end(data int) {
	at, part := j.where.places[data], &j.f.Parts[data]
	shown := strconv.Quote(j.f.partText(part))
	announced := part.Bytes > 0 || j.f.Deciding() >= 0
	if j.f.Options.Gap > 0 {
		if announced {
			j.fail(j.where.options["gap"], noteGapUse, "gap=")
		}
		if j.f.End() < 0 {
			for i := data + 1; i < len(j.f.Parts); i++ {
				if j.f.Parts[i].varies() {
					j.fail(at, noteEndless, shown)
				}
			}
		}
		return
	}
	if announced || j.f.End() >= 0 || j.f.Raw() {
		return
	}
	for i := data + 1; i < len(j.f.Parts); i++ {
		if j.f.Parts[i].Kind == Literal {
			j.fail(j.where.places[data+1], noteEndHidden, strconv.Quote(j.f.partText(&j.f.Parts[data+1])))
		}
	}
	j.fail(at, noteEndless, shown)
}

// start is the start marker: the alternatives of a literal that begins the frame.
func (f *Frame) start() [][]byte {
	if f.Parts[0].Kind == Literal {
		return f.Parts[0].Alternatives
	}
	return nil
}

// end is the end marker's alternatives, none without one.
func (f *Frame) end() [][]byte {
	if end := f.End(); end >= 0 {
		return f.Parts[end].Alternatives
	}
	return nil
}

// special are the bytes that Protect puts the escape byte before.
func (f *Frame) special(escape byte) []byte {
	out := []byte{escape}
	for _, lit := range slices.Concat(f.start(), f.end()) {
		out = append(out, lit[0])
	}
	return out
}

// escape refuses an escape byte that cannot be told from the end marker.
func (j *judge) escape(data int) {
	part := &j.f.Parts[data]
	escape := part.Escape
	if escape.Mode == NoEscape {
		return
	}
	at, shown := j.where.places[data], strconv.Quote(j.f.partText(part))
	if j.f.End() != data+1 {
		j.fail(at, noteEscapeUse, shown)
		return
	}
	for _, end := range j.f.end() {
		switch text := literalText(end); escape.Mode {
		case Protect:
			if !j.f.told(end, escape.Byte) {
				j.fail(at, noteEscapeEnd, shown, text)
			}
		case Double:
			if len(end) < 2 || end[0] != escape.Byte || end[1] == escape.Byte {
				j.fail(at, noteDouble, shown, text)
			}
		case Quote:
			if bytes.IndexByte(end, escape.Byte) >= 0 {
				j.fail(at, noteEscapeEnd, shown, text)
			}
		}
	}
}

// told tells whether a marker can be told from the escape byte and what it protects: it
// begins with another byte, or goes on with one that is never protected.
func (f *Frame) told(marker []byte, escape byte) bool {
	return marker[0] != escape || len(marker) > 1 && !slices.Contains(f.special(escape), marker[1])
}

// start refuses options about a start marker where there is none of use.
func (j *judge) start() {
	start, o := j.f.start(), &j.f.Options
	if o.Noise && start == nil {
		j.fail(j.where.options["noise"], noteNeedsStart, "noise")
	}
	if !o.Restart {
		return
	}
	at := j.where.options["restart"]
	if start == nil {
		j.fail(at, noteNeedsStart, "restart")
	}
	escape := j.f.Parts[j.f.Data()].Escape
	for _, lit := range start {
		same := slices.ContainsFunc(j.f.end(), func(end []byte) bool { return bytes.Equal(end, lit) })
		hidden := escape.Mode == Protect && !j.f.told(lit, escape.Byte) ||
			escape.Mode == Double && lit[0] == escape.Byte && (len(lit) < 2 || lit[1] == escape.Byte) ||
			escape.Mode == Quote && lit[0] == escape.Byte
		if j.f.End() < 0 || same || hidden {
			j.fail(at, noteRestartEnd, "restart")
		}
	}
}

// between refuses bytes between messages that could begin one.
func (j *judge) between() {
	o := &j.f.Options
	clash := func(option string, lit []byte, others [][]byte) {
		for _, other := range others {
			if bytes.HasPrefix(other, lit) || bytes.HasPrefix(lit, other) {
				j.fail(j.where.options[option], noteBetween, option+"=", literalText(other))
			}
		}
	}
	for _, lit := range o.Ignore {
		clash("ignore", lit, j.f.start())
	}
	for i := range o.Control {
		clash("control", o.Control[i:i+1], j.f.start())
		clash("control", o.Control[i:i+1], o.Ignore)
	}
}

func (j *judge) options(data int) {
	o := &j.f.Options
	if j.f.Raw() {
		for _, name := range [...]string{"ignore", "control", "bad", "keep", "restart"} {
			if at, is := j.where.options[name]; is {
				j.fail(at, noteNeedsMessages, name)
			}
		}
	}
	if at, is := j.where.options["bad"]; is && !slices.ContainsFunc(j.f.Parts, func(p Part) bool { return p.Kind == Check }) {
		j.fail(at, noteNeedsCheck, "bad=")
	}
	if n := j.f.Parts[data].Bytes; o.Max > 0 && n > o.Max {
		j.fail(j.where.places[data], noteOverMax, strconv.Itoa(n), strconv.Itoa(o.Max))
	}
}
