package frame

import (
	"bytes"
	"strconv"

	"wdsocket/core/fault"
	"wdsocket/core/frame/description"
)

// judge tells whether the lengths and the check bytes of a message are right, which stands
// where at says.
func (s *side) judge(p []byte, at *layout, f Frame) (Frame, error) {
	for i := range s.parts {
		if s.parts[i].Kind != description.Length || i == s.size && s.parts[s.data].Bytes == 0 {
			continue
		}
		n, err := s.announcedSize(p, at, i)
		if have := at[s.data+1] - at[s.data]; err == nil && n != int64(have) {
			err = failure(fault.Frame, noteLengthOff, hexBytes(p[at[i]:at[i+1]]), strconv.FormatInt(n, 10), strconv.Itoa(have))
		}
		if err != nil {
			return s.lost(p[:f.Total], err)
		}
	}
	for i := range s.parts {
		pt := &s.parts[i]
		if pt.Kind != description.Check {
			continue
		}
		var room [mostCheck]byte
		sum, whole := s.sum(p, at, pt)
		want, got := pt.appendCheck(room[:0], sum), p[at[i]:at[i+1]]
		if whole && (pt.Check.Encoding == description.Hex && sameHex(got, want) || bytes.Equal(got, want)) {
			continue
		}
		if s.wrong == description.Keep {
			f.Marks |= IsWrong
			return f, nil
		}
		return Frame{Size: -1, Total: f.Total, Marks: IsWrong}, wrongBytes(got, room, len(want))
	}
	return f, nil
}

// wrongBytes is the error for check bytes. It takes want by value so that only a wrong message
// costs an allocation.
func wrongBytes(got []byte, want [mostCheck]byte, n int) error {
	return failure(fault.Check, noteCheck, hexBytes(got), hexBytes(want[:n]))
}

// sameHex compares hexadecimal digits whatever the case of their letters.
func sameHex(got, want []byte) bool {
	for i, b := range got {
		if b != want[i] && digitOf(b) != digitOf(want[i]) {
			return false
		}
	}
	return true
}

// sum computes the check pt over p, whose parts stand where at says. It is not whole if it is
// over pairs of digits and there are others.
func (s *side) sum(p []byte, at *layout, pt *part) (sum uint64, whole bool) {
	state := summing{state: pt.alg.New(), pairs: pt.Check.Pairs}
	for j := pt.span.From; j <= pt.span.To; j++ {
		b := p[at[j]:at[j+1]]
		if j != s.data || pt.Check.Wire || !s.hides() {
			state.update(b)
			continue
		}
		for len(b) > 0 {
			before, protected, rest := s.literal(b)
			state.update(before)
			state.update(protected)
			b = rest
		}
	}
	return state.state.Sum(), state.whole()
}

// hides tells whether there are bytes in the data on the wire that are none of the message.
func (s *escaping) hides() bool {
	return s.escape.Mode == description.Protect || s.escape.Mode == description.Double
}

// literal splits data at its first escape byte: what stands before it, the byte that it
// protects, and the rest.
func (s *escaping) literal(data []byte) (before, protected, rest []byte) {
	i := bytes.IndexByte(data, s.escape.Byte)
	if i < 0 || i+1 == len(data) {
		return data, nil, nil
	}
	return data[:i], data[i+1 : i+2], data[i+2:]
}

// plainSize is how long data is without its escape bytes.
func (s *escaping) plainSize(data []byte) int {
	if !s.hides() {
		return len(data)
	}
	n := 0
	for len(data) > 0 {
		before, protected, rest := s.literal(data)
		n += len(before) + len(protected)
		data = rest
	}
	return n
}
