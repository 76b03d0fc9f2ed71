package frame

import (
	"bytes"
	"math"
	"strconv"

	"wdsocket/core/fault"
	"wdsocket/core/frame/description"
)

func (f *described) Decode(p []byte, scanned int) (Frame, error) {
	return f.read.decode(-1, p, scanned, false)
}

// DecodeBehind is Decode behind a byte.
func (f *described) DecodeBehind(before int, p []byte, scanned int) (Frame, error) {
	return f.read.decode(before, p, scanned, false)
}

// AtSilence is DecodeBehind of bytes behind which the line is silent.
func (f *described) AtSilence(before int, p []byte) (Frame, error) {
	return f.read.decode(before, p, 0, true)
}

// Between tells how many bytes at the front of p are between messages.
func (f *described) Between(before int, p []byte) int {
	n, _ := f.read.between(before, p)
	return n
}

// decode looks for one message behind the byte before. Scanned is below 0 inside quotes.
func (s *side) decode(before int, p []byte, scanned int, silence bool) (Frame, error) {
	if w := s.short; w != nil {
		if end := w.end(p); end > 0 {
			n := end - w.first
			return Frame{Start: w.first, Len: n, Size: n, Total: end, Marks: IsClosed}, nil
		}
	}
	skip, more := s.between(before, p)
	if more || skip == len(p) {
		return incomplete(-1, len(p)+1, 0), nil
	}
	if skip == 0 {
		return s.decodeAt(p, scanned, silence)
	}
	switch {
	case scanned < 0:
		scanned = min(scanned+skip, -1)
	case scanned > 0:
		scanned = max(scanned-skip, 0)
	}
	f, err := s.decodeAt(p[skip:], scanned, silence)
	f.Start += skip
	f.Need += skip
	if f.Total > 0 {
		f.Total += skip
	}
	switch {
	case f.Scanned < 0:
		f.Scanned -= skip
	case f.Scanned > 0:
		f.Scanned += skip
	}
	return f, err
}

// between tells how many bytes at the front of p are between messages. more: what is behind
// them may be so too, or not.
func (s *beside) between(before int, p []byte) (n int, more bool) {
	for _, f := range s.follow {
		if before == int(f.after) && len(p) > 0 && p[0] == f.swallow {
			n = 1
			break
		}
	}
	if len(s.ignore) == 0 && !s.noise {
		return n, false
	}
	for n < len(p) {
		q := p[n:]
		if s.first[q[0]] && s.begins(q) {
			return n, false
		}
		size, partly := s.ignored(q)
		switch {
		case partly:
			return n, true
		case size > 0:
			n += size
		case s.noise && s.start != nil:
			n += s.next(q)
		default:
			return n, false
		}
	}
	return n, false
}

// ignored tells how many bytes at the front of p are dropped, the longest that there are.
// partly: more may come of them, for which to wait.
func (s *beside) ignored(p []byte) (n int, partly bool) {
	for _, lit := range s.ignore {
		if bytes.HasPrefix(p, lit) {
			n = max(n, len(lit))
		} else {
			partly = partly || bytes.HasPrefix(lit, p)
		}
	}
	return n, partly
}

// match tells how long the alternative at the front of p is, 0 for none. partly: it may become
// a longer one, for which to wait.
func (p *part) match(b []byte) (n int, partly bool) {
	for _, a := range p.Alternatives {
		if len(a) > n && bytes.HasPrefix(b, a) {
			n = len(a)
		}
	}
	for _, a := range p.Alternatives {
		if len(a) > len(b) && bytes.HasPrefix(a, b) && (n == 0 || !p.follows || len(a) > n+1) {
			return n, true
		}
	}
	return n, false
}

// begins tells whether a start marker is at the front of p, or what may become one, or a
// control byte.
func (s *beside) begins(p []byte) bool {
	if bytes.IndexByte(s.control, p[0]) >= 0 {
		return true
	}
	if s.start == nil {
		return false
	}
	n, partly := s.start.match(p)
	return n > 0 || partly
}

// next is where behind the first byte of p something begins that is understood: a message, or
// what is dropped between messages.
func (s *beside) next(p []byte) int {
	for i := 1; i < len(p); i++ {
		if !s.first[p[i]] {
			continue
		}
		if s.begins(p[i:]) {
			return i
		}
		if n, partly := s.ignored(p[i:]); n > 0 || partly {
			return i
		}
	}
	return len(p)
}

// lost is the result for a message that cannot go on as it does: it goes on where the next one
// may begin, if that can be told.
func (s *side) lost(p []byte, err error) (Frame, error) {
	if s.start == nil {
		return bad(0), err
	}
	return bad(s.next(p)), err
}

// decodeAt looks for a message at the front of p, which is not empty.
func (s *side) decodeAt(p []byte, scanned int, silence bool) (Frame, error) {
	var at layout
	f, err := s.prefix(p, &at)
	switch {
	case err != nil:
		return f, err
	case f.Total > 0 || f.Need > 0:
		return f, nil
	}
	switch {
	case s.announced():
		return s.decodeAnnounced(p, &at)
	case s.end >= 0:
		return s.decodeEnd(p, &at, scanned, silence)
	}
	return s.decodeSilent(p, &at, silence)
}

// prefix finds out where the parts in front of the data stand. A Frame with Need or Total is
// the result: more is needed, or it is a control byte.
func (s *side) prefix(p []byte, at *layout) (Frame, error) {
	pos := 0
	for i := range s.data {
		pt := &s.parts[i]
		at[i] = pos
		n := pt.least
		switch pt.Kind {
		case description.Literal:
			size, partly := pt.match(p[pos:])
			switch {
			case partly && i == 0: // it may still be something between messages
				return incomplete(-1, len(p)+1, 0), nil
			case partly:
				return incomplete(-1, max(len(p)+1, pos+pt.least), 0), nil
			case size == 0 && i == 0:
				return s.noStart(p)
			case size == 0:
				return s.lost(p, failure(fault.Frame, noteLiteral, Shown(p), hexAny(pt.Alternatives), s.from))
			}
			n = size
		case description.Length:
			_, size, is := readLength(&pt.Length, p[pos:])
			if is == numberWrong {
				if f, isControl := s.controlByte(p); isControl {
					return f, nil
				}
				return s.lost(p, failure(fault.Frame, noteNumber, Shown(p), s.from))
			}
			n = size
		}
		if i == 0 && s.start == nil {
			if f, is := s.controlByte(p); is {
				return f, nil
			}
		}
		pos += n
		if pos > len(p) {
			return incomplete(-1, pos, 0), nil
		}
	}
	at[s.data] = pos
	if s.data == 0 {
		f, _ := s.controlByte(p)
		return f, nil
	}
	return Frame{}, nil
}

// controlByte is the message that a control byte at the front of p is.
func (s *beside) controlByte(p []byte) (f Frame, is bool) {
	if len(s.control) == 0 || len(p) == 0 || bytes.IndexByte(s.control, p[0]) < 0 {
		return Frame{}, false
	}
	return Frame{Len: 1, Size: 1, Total: 1, Marks: IsControl | IsClosed}, true
}

// noStart deals with bytes that do not begin with the start marker: a control byte, or noise.
func (s *side) noStart(p []byte) (Frame, error) {
	if f, is := s.controlByte(p); is {
		return f, nil
	}
	noise := s.next(p)
	return bad(noise), failure(fault.Frame, noteNoiseText, Shown(p[:noise]), hexAny(s.start.Alternatives), s.from)
}

// front is how many bytes of a message stand in front of the data.
func (s *side) front(at *layout) int {
	if s.keep {
		return at[s.data]
	}
	return 0
}

// decodeAnnounced is for data of which a length, or the description, says how long it is.
func (s *side) decodeAnnounced(p []byte, at *layout) (Frame, error) {
	start := at[s.data]
	n := int64(s.parts[s.data].Bytes)
	if s.size >= 0 && n == 0 {
		var err error
		if n, err = s.announcedSize(p, at, s.size); err != nil {
			return s.lost(p, err)
		}
	}
	front := s.front(at)
	need := int64(start) + n + int64(s.behind)
	if n > int64(s.limit-front) || need > math.MaxInt { // where an int has 32 bits
		return bad(0), announcedTooLong(p[:min(start, len(p))], n+int64(front), s.limit, s.max)
	}
	at[s.data+1] = start + int(n)
	size := front + int(n)
	if need > int64(len(p)) {
		return incomplete(size, int(need), 0), nil
	}
	return s.rest(p, at, s.data+1, Frame{Start: start - front, Len: size, Size: size, Marks: IsClosed}, 0)
}

// announcedSize is how many bytes of data the length in part i tells.
func (s *side) announcedSize(p []byte, at *layout, i int) (int64, error) {
	pt := &s.parts[i]
	value, _, is := readLength(&pt.Length, p[at[i]:at[i+1]])
	const most = 1 << 62
	if is != numberWhole || value > most {
		value = most
	}
	n := int64(value) + int64(pt.Length.Adjust)
	for j := pt.span.From; j <= pt.span.To; j++ {
		switch {
		case j < s.data:
			n -= int64(at[j+1] - at[j])
		case j > s.data:
			n -= int64(s.parts[j].least)
		}
	}
	if n < 0 {
		return 0, failure(fault.Frame, noteNegative, hexBytes(p[:at[s.data]]), strconv.FormatInt(n, 10))
	}
	return n, nil
}

// rest finds out where the parts from i on stand, and whether all is right; f is the message.
func (s *side) rest(p []byte, at *layout, i int, f Frame, scanned int) (Frame, error) {
	pos := at[i]
	for ; i < len(s.parts); i++ {
		pt := &s.parts[i]
		at[i] = pos
		n := pt.least
		if pt.Kind == description.Literal {
			size, partly := pt.match(p[pos:])
			switch {
			case partly:
				return incomplete(f.Size, len(p)+1, scanned), nil
			case size == 0:
				err := failure(fault.Frame, noteLiteralBehind, Shown(p[pos:]), hexAny(pt.Alternatives), s.from)
				if s.announced() {
					return s.lost(p, err)
				}
				return bad(pos), err
			}
			n = size
		}
		if pos += n; pos > len(p) {
			return incomplete(f.Size, pos, scanned), nil
		}
	}
	at[i] = pos
	f.Total = pos
	f.Escaped = f.Size != f.Len
	return s.judge(p, at, f)
}

func (f *described) Extract(dst, p []byte, fr Frame) int {
	s, b := f.read, p[fr.Start:fr.Start+fr.Len]
	if !fr.Escaped {
		return copy(dst, b)
	}
	n := 0
	if s.keep {
		var at layout
		if _, err := s.prefix(b, &at); err == nil {
			n = copy(dst, b[:at[s.data]])
		}
		b = b[n:]
	}
	for len(b) > 0 {
		before, protected, rest := s.literal(b)
		n += copy(dst[n:], before)
		n += copy(dst[n:], protected)
		b = rest
	}
	return n
}
