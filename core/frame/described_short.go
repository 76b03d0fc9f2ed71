package frame

import (
	"bytes"
	"encoding/binary"
	"math"

	"wdsocket/core/frame/description"
)

// short is the short way through a description whose messages begin with a fixed number of
// bytes, of which some are their length in binary, and end with the data: of the preset "mysql"
// and its like. It knows whole messages only. All others, and what is none, go the long way,
// which tells what they are.
type short struct {
	literal []byte // what stands in front, nil for nothing
	field   *description.LengthField
	low     bool   // its low byte comes first
	shift   int    // of its bits
	at      int    // where the length stands
	start   int    // where the data does
	first   int    // where the message does: at the data, or in front of all
	mask    uint64 // the bits of the length
	beside  int    // bits of eight bytes that are not the length's
	add     int64  // to what the length says, for the bytes of data
	most    int64  // bytes of data
}

// shortened is the short way through a side, nil where there is none.
func (s *side) shortened() *short {
	last := len(s.parts) - 1
	if s.size < 0 || s.data != last || s.parts[last].Bytes > 0 || s.checked || s.noise || len(s.ignore) > 0 || len(s.control) > 0 {
		return nil
	}
	w := &short{}
	for i := range last {
		p := &s.parts[i]
		switch {
		case p.Kind == description.Header:
		case p.Kind == description.Literal && i == 0 && len(p.Alternatives) == 1:
			w.literal = p.Alternatives[0]
		case p.Kind == description.Length && i == s.size && p.Length.Encoding == description.Binary:
			w.at, w.field, w.beside, w.add = w.start, &p.Length, 64-8*p.Length.Width, int64(p.Length.Adjust)
			w.low, w.shift = p.Length.LittleEndian, p.Length.Shift
			w.mask = math.MaxUint64 >> w.beside
			if p.Length.Mask != 0 {
				w.mask &= p.Length.Mask
			}
		default:
			return nil
		}
		w.start += p.least
	}
	span := s.parts[s.size].span
	for i := span.From; i < last; i++ {
		w.add -= int64(s.parts[i].least)
	}
	w.most = int64(s.limit)
	if w.first = w.start; s.keep {
		w.first, w.most = 0, int64(s.limit)-int64(w.start)
	}
	return w
}

// end is where a whole message at the front of p ends, 0 for all that is none.
func (w *short) end(p []byte) int {
	if len(p) < w.start || len(w.literal) > 0 && !bytes.HasPrefix(p, w.literal) {
		return 0
	}
	var field uint64
	switch q := p[w.at:]; {
	case len(q) < 8:
		field = masked(w.field, q[:w.field.Width])
	case w.low:
		field = binary.LittleEndian.Uint64(q) & w.mask >> (w.shift & 63)
	default:
		field = binary.BigEndian.Uint64(q) >> (w.beside & 63) & w.mask >> (w.shift & 63)
	}
	n := int64(min(field, math.MaxInt64/2)) + w.add
	if n < 0 || n > w.most || n > int64(len(p)-w.start) {
		return 0
	}
	return w.start + int(n)
}

// TakeMany takes many messages at a time.
func (w *short) TakeMany(dst []byte, lengths []int32, p []byte) (count, used, taken int) {
	for count < len(lengths) {
		end := w.end(p[taken:])
		if end == 0 || end-w.first > len(dst)-used {
			break
		}
		used += copy(dst[used:], p[taken+w.first:taken+end])
		lengths[count] = int32(end - w.first)
		count++
		taken += end
	}
	return count, used, taken
}

// Locate tells where many messages stand.
func (w *short) Locate(places []Place, p []byte) (count, taken int) {
	for count < len(places) {
		end := w.end(p[taken:])
		if end == 0 {
			break
		}
		places[count] = Place{Start: int32(taken + w.first), Length: int32(end - w.first), Total: int32(end)}
		count++
		taken += end
	}
	return count, taken
}
