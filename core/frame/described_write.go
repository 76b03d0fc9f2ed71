package frame

import (
	"bytes"
	"slices"
	"strconv"

	"wdsocket/core/fault"
	"wdsocket/core/frame/description"
)

// draft is a message that is being written: where its parts stand. Those in front of the data
// are p[at[i]:at[i+1]], those behind it too; the data is not in between.
type draft struct {
	s    *side
	p    []byte
	at   [maxParts]int
	size [maxParts]int
	m    []byte // the data, without escape bytes
	wire []byte // the data as it is written
}

func (f *described) Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error) {
	s := f.write
	d := draft{s: s, p: scratch[:0], m: m}
	if len(m) > s.limit {
		return nil, nil, nil, scratch, overLimit(len(m), s.limit, s.max)
	}
	if s.raw() {
		return nil, m, nil, scratch, nil
	}
	if err := d.draftFrame(); err != nil {
		return nil, nil, nil, d.p, err
	}
	split := len(d.p)
	if s.data+1 < len(s.parts) {
		split = d.at[s.data+1]
	}
	// What the data became stands behind all parts.
	ends := d.partsEnd()
	head, tail = d.p[:split], d.p[split:ends]
	if err := d.refuse(head, tail); err != nil {
		return nil, nil, nil, d.p, err
	}
	return head, d.wire, tail, d.p, nil
}

// partsEnd is where the last part ends in d.p.
func (d *draft) partsEnd() int {
	s := d.s
	last := len(s.parts) - 1
	if last == s.data {
		if last--; last < 0 {
			return 0
		}
	}
	return d.at[last] + d.size[last]
}

// draftFrame writes all parts.
func (d *draft) draftFrame() error {
	s := d.s
	var kept layout
	prefix := []byte(nil)
	if s.keep {
		f, err := s.prefix(d.m, &kept)
		if err != nil {
			return err
		}
		if f.Need > 0 || f.Total > 0 || kept[s.data] > len(d.m) {
			return failure(fault.Frame, noteShortHeader, strconv.Itoa(len(d.m)), strconv.Itoa(max(f.Need, kept[s.data])))
		}
		prefix, d.m = d.m, d.m[kept[s.data]:]
	}
	if fixed := s.parts[s.data].Bytes; fixed > 0 && len(d.m) != fixed {
		return failure(fault.Frame, noteFixedLength, strconv.Itoa(len(d.m)), strconv.Itoa(fixed))
	}
	d.p = slices.Grow(d.p, d.room(len(prefix)-len(d.m)))
	if err := d.sizes(prefix, &kept); err != nil {
		return err
	}
	for i := range s.parts {
		d.at[i] = len(d.p)
		if i == s.data {
			continue
		}
		d.p = d.appendPart(i, prefix, &kept)
		d.size[i] = len(d.p) - d.at[i]
	}
	return d.fillChecks()
}

// room is how many bytes all parts have at most, roughly.
func (d *draft) room(prefix int) int {
	s := d.s
	n := max(prefix, 0)
	for i := range s.parts {
		n += s.parts[i].least + maxBase128
	}
	return n
}

// sizes finds out how long each part is. A length that counts itself may grow by what it says.
func (d *draft) sizes(prefix []byte, kept *layout) error {
	s := d.s
	for i := range s.parts {
		pt := &s.parts[i]
		d.size[i] = pt.least
		switch {
		case i == s.data:
			d.size[i] = len(d.m)
		case prefix != nil && i < s.data && pt.Kind != description.Length:
			d.size[i] = kept[i+1] - kept[i]
		case pt.Kind == description.Literal:
			d.size[i] = len(pt.Alternatives[0])
		}
	}
	for changed := true; changed; {
		changed = false
		for i := range s.parts {
			if s.parts[i].Kind != description.Length {
				continue
			}
			var b [32]byte
			value, err := d.value(i)
			if err != nil {
				return err
			}
			out, ok := appendLength(b[:0], &s.parts[i].Length, value)
			if !ok {
				return failure(fault.Frame, noteLengthFit, strconv.FormatUint(value, 10), s.from)
			}
			if len(out) > d.size[i] {
				d.size[i], changed = len(out), true
			}
		}
	}
	return nil
}

// value is what the length in part i has to say.
func (d *draft) value(i int) (uint64, error) {
	pt, n := &d.s.parts[i], int64(0)
	for j := pt.span.From; j <= pt.span.To; j++ {
		n += int64(d.size[j])
	}
	if n -= int64(pt.Length.Adjust); n < 0 {
		return 0, failure(fault.Frame, noteLengthFit, strconv.FormatInt(n, 10), d.s.from)
	}
	return uint64(n), nil
}

// appendPart writes part i, check bytes as 0.
func (d *draft) appendPart(i int, prefix []byte, kept *layout) []byte {
	s := d.s
	pt := &s.parts[i]
	switch {
	case pt.Kind == description.Length:
		value, _ := d.value(i)
		p, _ := appendLength(d.p, &pt.Length, value)
		return p
	case prefix != nil && i < s.data:
		return append(d.p, prefix[kept[i]:kept[i+1]]...)
	case pt.Kind == description.Literal:
		return append(d.p, pt.Alternatives[0]...)
	}
	return appendZeros(d.p, pt.least)
}

func appendZeros(p []byte, n int) []byte {
	p = slices.Grow(p, n)
	p = p[:len(p)+n]
	clear(p[len(p)-n:])
	return p
}

// fillChecks writes the data as it goes onto the wire, and the check bytes.
func (d *draft) fillChecks() error {
	s := d.s
	d.wire = d.m
	if extra := s.countEscapes(d.m); extra > 0 {
		from := len(d.p)
		d.p = slices.Grow(d.p, len(d.m)+extra)
		for _, b := range d.m {
			if s.escapes(b) {
				d.p = append(d.p, s.escape.Byte)
			}
			d.p = append(d.p, b)
		}
		d.wire = d.p[from:]
	}
	for i := range s.parts {
		pt := &s.parts[i]
		if pt.Kind != description.Check {
			continue
		}
		state := summing{state: pt.alg.New(), pairs: pt.Check.Pairs}
		for j := pt.span.From; j <= pt.span.To; j++ {
			switch {
			case j != s.data:
				state.update(d.p[d.at[j] : d.at[j]+d.size[j]])
			case pt.Check.Wire:
				state.update(d.wire)
			default:
				state.update(d.m)
			}
		}
		if err := d.refusePairs(&state); err != nil {
			return err
		}
		pt.appendCheck(d.p[:d.at[i]], state.state.Sum())
	}
	return nil
}

// escapes tells whether a byte of a message needs an escape byte before it.
func (s *escaping) escapes(b byte) bool {
	switch s.escape.Mode {
	case description.Protect:
		return s.special[b]
	case description.Double:
		return b == s.escape.Byte
	}
	return false
}

func (s *escaping) countEscapes(m []byte) int {
	if !s.hides() {
		return 0
	}
	n := 0
	for _, b := range m {
		if s.escapes(b) {
			n++
		}
	}
	return n
}

// refuse is the error of a message that would be read as another one.
func (d *draft) refuse(head, tail []byte) error {
	s := d.s
	for _, lit := range s.ignore {
		short := lit[:min(len(lit), len(head)+len(d.wire)+len(tail))] // what the next message begins with may complete it
		if s.start == nil && len(short) > 0 && acrossBytes(short, head, d.wire, tail) {
			return failure(fault.Frame, noteIgnored, hexBytes(lit), s.from)
		}
	}
	if s.start == nil {
		for _, b := range s.control {
			if acrossBytes([]byte{b}, head, d.wire, tail) {
				return failure(fault.Frame, noteIsControl, hexBytes([]byte{b}), s.from)
			}
		}
	}
	if len(s.follow) > 0 {
		last := s.parts[len(s.parts)-1].Alternatives[0]
		for _, f := range s.follow {
			if f.after == last[len(last)-1] && acrossBytes([]byte{f.swallow}, head, d.wire, tail) {
				return failure(fault.Frame, noteIgnored, hexBytes([]byte{f.swallow}), s.from)
			}
		}
	}
	if s.end < 0 {
		return nil
	}
	return d.refuseMarks(d.wire, tail)
}

// refuseMarks is the error of a message that would end too early on the wire, or begin anew.
func (d *draft) refuseMarks(wire, tail []byte) error {
	s := d.s
	end := &s.parts[s.end]
	if len(end.Alternatives) == 1 && s.escape.Mode == description.NoEscape && !s.restart {
		return d.refuseOne(wire, tail, end.Alternatives[0])
	}
	quoted := false
	for i := 0; i < len(wire); i++ {
		b := wire[i]
		switch {
		case !s.stop[b]:
		case s.escape.Mode == description.Quote && b == s.escape.Byte:
			quoted = !quoted
		case quoted:
		case s.hides() && b == s.escape.Byte:
			i++
		default:
			for _, a := range end.Alternatives {
				// What the next message begins with may complete it.
				if acrossBytes(a[:min(len(a), len(wire)-i+len(tail))], wire[i:], tail) {
					return s.endsTooEarly(i, a, len(wire))
				}
			}
			if !s.restart {
				continue
			}
			for _, a := range s.start.Alternatives {
				if acrossBytes(a, wire[i:], tail[:s.middle]) {
					return failure(fault.TagInMessage, noteStartAt, strconv.Itoa(i), hexBytes(a))
				}
			}
		}
	}
	if quoted {
		return failure(fault.TagInMessage, noteOpenQuote, hexBytes([]byte{s.escape.Byte}))
	}
	return d.refuseTail(len(wire), tail)
}

// refuseOne is refuseMarks for one end marker, which is looked for quickly.
func (d *draft) refuseOne(wire, tail, end []byte) error {
	if i := bytes.Index(wire, end); i >= 0 {
		return d.s.endsTooEarly(i, end, len(wire))
	}
	for i := max(len(wire)-len(end)+1, 0); i < len(wire); i++ {
		if acrossBytes(end, wire[i:], tail) {
			return d.s.endsTooEarly(i, end, len(wire))
		}
	}
	return d.refuseTail(len(wire), tail)
}

// refuseTail is the error of check bytes in which a reader would see the end, or of an end of
// which it would see another alternative.
func (d *draft) refuseTail(at int, tail []byte) error {
	s := d.s
	end := &s.parts[s.end]
	for i := range s.middle {
		for _, a := range end.Alternatives {
			if bytes.HasPrefix(tail[i:], a) {
				return s.endsTooEarly(at, a, at)
			}
		}
	}
	if n, _ := end.match(tail[s.middle:]); n != len(end.Alternatives[0]) {
		return s.endsTooEarly(at, end.Alternatives[0], at)
	}
	return nil
}

// endsTooEarly is the error of a message with an end marker after at of its bytes.
func (s *side) endsTooEarly(at int, end []byte, size int) error {
	return failure(fault.TagInMessage, noteEndAt, strconv.Itoa(at), hexBytes(end), strconv.Itoa(size), s.from)
}
