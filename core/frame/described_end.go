package frame

import (
	"bytes"
	"math"
	"strconv"

	"wdsocket/core/fault"
	"wdsocket/core/frame/description"
)

// found is what looking for the end of data gives.
type found struct {
	at, n int  // where the end marker stands and how long it is, n 0 while there is none
	next  int  // else where to go on
	quote bool // next is inside quotes
	over  bool // the data is too long
	anew  int  // where a start marker begins the message anew, 0 for nowhere
	stray int  // where an escape byte stands that means nothing, 0 for nowhere
}

// decodeEnd is for data that an end marker ends, or silence.
func (s *side) decodeEnd(p []byte, at *layout, scanned int, silence bool) (Frame, error) {
	start, front := at[s.data], s.front(at)
	if front > s.limit {
		return bad(0), endless(s, p)
	}
	room := s.limit - front
	e := s.find(p, start, min(room, math.MaxInt-s.middle)+s.middle, scanned)
	switch {
	case e.anew > 0:
		return bad(e.anew), failure(fault.Frame, noteRestart, hexBytes(p[:e.anew]), hexBytes(s.start.Alternatives[0]))
	case e.stray > 0:
		return bad(e.stray), failure(fault.Frame, noteStray, Shown(p[e.stray:]), hexBytes([]byte{s.escape.Byte}))
	case e.over:
		return bad(0), endless(s, p)
	case e.n == 0 && s.gap > 0:
		return s.endBySilence(p, at, e, silence)
	case e.n == 0 && e.quote:
		return incomplete(-1, max(len(p)+1, start+s.behind), ^e.next), nil
	case e.n == 0:
		return incomplete(-1, max(len(p)+1, start+s.behind), e.next), nil
	case e.at-start < s.middle:
		return Frame{Size: -1, Total: e.at + e.n, Marks: IsWrong}, failure(fault.Frame, noteTooShort, Shown(p[:e.at+e.n]), s.from)
	}
	at[s.data+1] = e.at - s.middle
	data := p[start : e.at-s.middle]
	size := s.plainSize(data)
	if size > room {
		return bad(0), endless(s, p)
	}
	f := Frame{Start: start - front, Len: front + len(data), Size: front + size, Marks: IsClosed}
	for i, pos := s.data+1, at[s.data+1]; i < s.end; i++ {
		at[i] = pos
		pos += s.parts[i].least
	}
	at[s.end], at[s.end+1] = e.at, e.at+e.n
	return s.rest(p, at, s.end+1, f, e.at)
}

// endless is the error of data whose end does not come.
func endless(s *side, p []byte) error {
	end := [][]byte(nil)
	if s.end >= 0 {
		end = s.parts[s.end].Alternatives
	}
	return failure(fault.TooLong, noteNoEndText, Shown(p), strconv.Itoa(s.limit), hexAny(end), s.from, s.max)
}

// find looks for the end of the data, which begins at start. room is where it may begin at
// most behind that.
func (s *side) find(p []byte, start, room, scanned int) found {
	if only := s.parts[s.end].Alternatives; len(only) == 1 && s.escape.Mode == description.NoEscape && !s.restart {
		switch at, next := findEnd(p, only[0], start, scanned, room); {
		case at >= 0:
			return found{at: at, n: len(only[0])}
		case next < 0:
			return found{over: true}
		default:
			return found{next: next}
		}
	}
	e := found{next: max(scanned, start)}
	if scanned < 0 {
		e.next, e.quote = max(^scanned, start), true
	}
	return s.walk(p, start, room, e)
}

// walk is find byte by byte.
func (s *side) walk(p []byte, start, room int, e found) found {
	end, i := &s.parts[s.end], e.next
	mode, escape := s.escape.Mode, s.escape.Byte
	wide := 1
	if s.hides() {
		wide = 2 // so many bytes for one
	}
	for i < len(p) && (i-start)/wide <= room {
		b := p[i]
		switch {
		case !s.stop[b]:
		case mode == description.Quote && b == escape:
			e.quote = !e.quote
		case e.quote:
		case b == escape && mode != description.NoEscape && i+1 == len(p): // what it means the next byte tells
			e.next = i
			return e
		case b == escape && (mode == description.Protect && s.special[p[i+1]] || mode == description.Double && p[i+1] == escape):
			i += 2
			continue
		default:
			n, partly := end.match(p[i:])
			if partly {
				e.next = i
				return e
			}
			if n > 0 {
				e.at, e.n = i, n
				return e
			}
			if s.restart {
				if n, partly = s.start.match(p[i:]); partly {
					e.next = i
					return e
				}
			}
			if n > 0 {
				return s.restartAt(p, i, n, e)
			}
			switch {
			case b != escape:
			case mode == description.Double:
				e.stray = max(i, 1)
				return e
			case mode == description.Protect: // what need not be protected
				i++
			}
		}
		i++
	}
	e.next, e.over = i, (i-start)/wide > room
	return e
}

// restartAt is what a start marker of n bytes at p[i:] means: it begins the message anew,
// unless the end begins inside it.
func (s *side) restartAt(p []byte, i, n int, e found) found {
	for j := i + 1; j < i+n && s.escape.Mode == description.NoEscape; j++ {
		size, partly := s.parts[s.end].match(p[j:])
		switch {
		case partly:
			e.next = i
			return e
		case size > 0:
			e.at, e.n = j, size
			return e
		}
	}
	e.anew = i
	return e
}

// endBySilence is the message that silence ends before an end marker came. Until the line is
// known to be silent it has no errors, and what costs time for each byte is not looked at.
func (s *side) endBySilence(p []byte, at *layout, e found, silence bool) (Frame, error) {
	start, front := at[s.data], s.front(at)
	data := p[start:]
	f := Frame{Start: start - front, Len: front + len(data), Size: front + len(data), Total: len(p), Scanned: e.next}
	if !silence && (s.checked || s.hides()) {
		f.Marks = IsWrong
	}
	if e.quote {
		f.Scanned = ^e.next
	}
	switch {
	case len(data) == 0 && start == 0:
		return incomplete(-1, 1, 0), nil
	case !silence:
		return f, nil
	case s.checked:
		return bad(len(p)), failure(fault.Frame, noteSilentEnd, Shown(p), s.from)
	}
	f.Size = front + s.plainSize(data)
	f.Escaped = f.Size != f.Len
	return f, nil
}

// decodeSilent is for data that nothing but silence ends, and for raw bytes.
func (s *side) decodeSilent(p []byte, at *layout, silence bool) (Frame, error) {
	start, front := at[s.data], s.front(at)
	if s.raw() {
		return everything(p), nil
	}
	n := len(p) - start - s.behind
	if front+n > s.limit {
		return bad(0), failure(fault.TooLong, noteNoSilenceText, Shown(p), strconv.Itoa(s.limit), s.max)
	}
	switch {
	case (s.behind > 0 || s.checked) && !silence: // more may be coming: check bytes and what is behind the data are looked at once
		return Frame{Len: len(p), Size: len(p), Total: len(p), Marks: IsWrong}, nil
	case n < 0:
		return bad(len(p)), failure(fault.Frame, noteTooShort, Shown(p), s.from)
	}
	at[s.data+1] = start + n
	f, err := s.rest(p, at, s.data+1, Frame{Start: start - front, Len: front + n, Size: front + n}, 0)
	if f.Total < len(p) {
		f.Total = len(p)
	}
	return f, err
}

// acrossBytes tells whether lit stands at the front of the bytes that parts are, one behind
// the other.
func acrossBytes(lit []byte, parts ...[]byte) bool {
	for _, p := range parts {
		n := min(len(p), len(lit))
		if !bytes.Equal(p[:n], lit[:n]) {
			return false
		}
		if lit = lit[n:]; len(lit) == 0 {
			return true
		}
	}
	return false
}
