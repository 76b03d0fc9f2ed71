package frame

import (
	"math"
	"unicode/utf8"

	"wdsocket/core/frame/checksum"
	"wdsocket/core/frame/description"
)

// evidence is what speaks for a description: what would not be so by chance.
type evidence struct {
	frame    *description.Frame
	surprise [256]float64 // bits of each byte: the rarer it is, the more

	bits     float64
	messages int
	empty    int  // messages without a byte
	control  bool // a message has control characters
	noise    int  // bytes between messages
}

// surprise is how many bits each byte of p says: the fewer the more often it is there.
func surprise(p []byte) (bits [256]float64) {
	var count [256]int
	for _, b := range p {
		count[b]++
	}
	const prior = 16 // as if some others had been seen
	for b, n := range count {
		bits[b] = math.Log2(float64(len(p)+prior) / float64(n+1))
	}
	return bits
}

// split takes p apart and gives how many bytes whole messages take, with what is between
// them. An error makes it none.
func (e *evidence) split(f Framer, p []byte) (used int) {
	before := -1
	for used < len(p) {
		fr, skip, err := decodeBehind(f, before, p[used:])
		if err != nil {
			e.messages = 0
			return 0
		}
		if fr.Total == 0 {
			break
		}
		if !fr.Control() {
			e.add(p[used:], skip, fr)
		}
		used += fr.Total
		before = int(p[used-1])
	}
	if e.frame.Deciding() >= 0 && used == len(p) && e.messages > 0 { // and not beside it
		e.bits += math.Log2(float64(used) / float64(e.messages))
	}
	return used
}

// decodeBehind decodes behind a byte, and tells how many bytes before the message are between
// messages.
func decodeBehind(f Framer, before int, p []byte) (fr Frame, skip int, err error) {
	if f, is := f.(Follower); is {
		fr, err = f.DecodeBehind(before, p, 0)
		return fr, f.Between(before, p), err
	}
	fr, err = f.Decode(p, 0)
	return fr, 0, err
}

// add takes the message at the front of p as evidence.
func (e *evidence) add(p []byte, skip int, fr Frame) {
	e.messages++
	e.noise += skip
	if fr.Len == 0 {
		e.empty++
		return
	}
	for _, b := range p[fr.Start : fr.Start+fr.Len] {
		e.control = e.control || b < ' ' && b != '\t'
	}
	data := e.frame.Data()
	e.bits += e.told(e.frame.Parts[:data], p[skip:fr.Start], len(p))
	behind := e.told(e.frame.Parts[data+1:], p[fr.Start+fr.Len:fr.Total], len(p))
	if data > 0 || onlyText(e.frame) || fr.Total == len(p) { // what ends a message is in any bytes
		e.bits += behind
	}
}

// told is what parts foretell of bytes that they are: all but headers, and of a length what is
// more than that it is possible in the bytes that there are.
func (e *evidence) told(parts []description.Part, p []byte, there int) (bits float64) {
	for i := range parts {
		switch part := &parts[i]; part.Kind {
		case description.Header:
			p = p[min(part.Bytes, len(p)):]
		case description.Check:
			bits += float64(e.checkBits(&part.Check))
		case description.Length:
			bits -= math.Log2(float64(there))
		}
	}
	sum := 0.0
	for _, b := range p {
		sum += e.surprise[b]
	}
	return max(0, bits+sum)
}

// checkBits is how many bits of check bytes are right.
func (e *evidence) checkBits(c *description.CheckField) int {
	if algorithm, is := checksum.Find(c.Name); is {
		return algorithm.Bits() / 2
	}
	return 0
}

// onlyText tells whether nothing but an end marker makes a description, and one of text:
// messages have no control characters then.
func onlyText(f *description.Frame) bool {
	return len(f.Parts) == 2 && f.End() == 1 && f.Parts[1].Alternatives[0][0] < utf8.RuneSelf
}

// choices are bits that alternatives cost: with enough of them, one fits.
func choices(f *description.Frame) (bits float64) {
	for i := range f.Parts {
		if n := len(f.Parts[i].Alternatives); n > 1 {
			bits += math.Log2(float64(n))
		}
	}
	return bits
}
