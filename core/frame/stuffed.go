package frame

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strconv"

	"wdsocket/core/fault"
	"wdsocket/core/frame/checksum"
)

// stuffing is how a byte that means something stands in data: as the escape byte and another
// byte.
type stuffing struct {
	name         string
	mark, escape byte
	markAs       byte // behind the escape byte: the mark
	escapeAs     byte // and the escape byte
	flips        byte // what is flipped in any other byte behind it; 0: there is none
	check        string
}

// SLIP is RFC 1055, HDLC in octets RFC 1662, 4: 7D takes bit 6 of what follows it, and a
// frame ends with a CRC.
var (
	slip = stuffing{name: "slip", mark: 0xC0, escape: 0xDB, markAs: 0xDC, escapeAs: 0xDD}
	hdlc = stuffing{name: "hdlc", mark: 0x7E, escape: 0x7D, markAs: 0x5E, escapeAs: 0x5D, flips: 0x20, check: "crc-16/x-25"}
)

// stuffedFramer is that of messages between marks. One mark may be the end of a message and
// the beginning of the next: marks with nothing in between are no messages, and dropped.
type stuffedFramer struct {
	whole
	stuffing
	limit int
	alg   *checksum.Algorithm // nil without check bytes
	tail  int                 // check bytes
	marks []byte
}

func newSLIP(limit int) Framer { return newStuffed(slip, limit) }
func newHDLC(limit int) Framer { return newStuffed(hdlc, limit) }

func newStuffed(s stuffing, limit int) Framer {
	f := &stuffedFramer{stuffing: s, limit: limit, marks: []byte{s.mark}}
	if s.check != "" {
		f.alg, _ = checksum.Find(s.check)
		f.tail = f.alg.Size()
	}
	return f
}

func (f *stuffedFramer) String() string { return presetText(f.name) }

// EndMark is the mark.
func (f *stuffedFramer) EndMark() []byte { return f.marks }

// Contiguous is false: nothing says the length.
func (*stuffedFramer) Contiguous() bool { return false }

// Resync: at the next mark.
func (*stuffedFramer) Resync() Resync { return ResyncTag }

// Between tells how many marks are in front of a message.
func (f *stuffedFramer) Between(_ int, p []byte) (n int) {
	for n < len(p) && p[n] == f.mark {
		n++
	}
	return n
}

// DecodeBehind is Decode: what was before makes no difference.
func (f *stuffedFramer) DecodeBehind(_ int, p []byte, scanned int) (Frame, error) {
	return f.Decode(p, scanned)
}

func (f *stuffedFramer) Decode(p []byte, scanned int) (Frame, error) {
	start := f.Between(-1, p)
	if start == len(p) {
		return incomplete(-1, len(p)+1, 0), nil
	}
	from := max(start, scanned)
	n := bytes.IndexByte(p[from:], f.mark)
	most := 2 * (int64(f.limit) + int64(f.tail)) // bytes on the wire at most
	switch {
	case n < 0 && int64(len(p)-start) > most, n >= 0 && int64(from+n-start) > most:
		return bad(0), failure(fault.TooLong, noteNoEndText, Shown(p[start:]), strconv.Itoa(f.limit), hexBytes(f.marks), presetText(f.name), maxMessage)
	case n < 0:
		return incomplete(-1, len(p)+1, len(p)), nil
	}
	end := from + n
	return f.judge(p[:end], start)
}

// judge is the message p[start:], behind which a mark stands.
func (f *stuffedFramer) judge(p []byte, start int) (Frame, error) {
	total := len(p) + 1
	size := 0
	var sum checksum.State
	if f.alg != nil {
		sum = f.alg.New()
	}
	// Behind the message its check bytes stand, each in one byte or two.
	var behind [3]int // where the last three bytes begin, p's end included
	var last [2]byte
	for i := start; i < len(p); size++ {
		at := i
		b, n, ok := f.unstuffed(p[i:])
		if !ok {
			return bad(total), failure(fault.Frame, noteStray, Shown(p[i:]), hexBytes([]byte{f.escape}))
		}
		i += n
		behind = [3]int{behind[1], behind[2], at}
		if f.alg != nil {
			if size >= f.tail {
				sum.Update(last[:1])
			}
			last = [2]byte{last[1], b}
		}
	}
	fr := Frame{Start: start, Len: len(p) - start, Size: size, Total: total}
	if f.alg != nil {
		if size <= f.tail {
			return bad(total), failure(fault.Frame, noteTooShort, Shown(p[start:]), presetText(f.name))
		}
		fr.Len, fr.Size = behind[1]-start, size-f.tail
		if want := uint16(sum.Sum()); binary.LittleEndian.Uint16(last[:]) != want {
			fr, got := bad(total), last
			fr.Marks |= IsWrong
			return fr, failure(fault.Check, noteCheck, hexBytes(got[:]), hexBytes(binary.LittleEndian.AppendUint16(nil, want)))
		}
	}
	fr.Escaped = fr.Len != fr.Size
	if fr.Size > f.limit {
		return bad(total), failure(fault.TooLong, noteOverLimit, strconv.Itoa(fr.Size), strconv.Itoa(f.limit), maxMessage)
	}
	return fr, nil
}

// unstuffed is the byte that the n bytes at the front of p stand for; not ok: they stand for
// none.
func (s *stuffing) unstuffed(p []byte) (b byte, n int, ok bool) {
	switch {
	case p[0] != s.escape:
		return p[0], 1, true
	case len(p) == 1:
		return 0, 0, false
	case p[1] == s.markAs:
		return s.mark, 2, true
	case p[1] == s.escapeAs:
		return s.escape, 2, true
	case s.flips != 0 && p[1] != s.escape:
		return p[1] ^ s.flips, 2, true
	}
	return 0, 0, false
}

func (f *stuffedFramer) Extract(dst, p []byte, fr Frame) int {
	b := p[fr.Start : fr.Start+fr.Len]
	if !fr.Escaped {
		return copy(dst, b)
	}
	n := 0
	for len(b) > 0 {
		one, used, _ := f.unstuffed(b)
		dst[n] = one
		n++
		b = b[used:]
	}
	return n
}

func (f *stuffedFramer) Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error) {
	if err := checkLimit(len(m), f.limit); err != nil {
		return nil, nil, nil, scratch, err
	}
	if len(m) == 0 {
		return nil, nil, nil, scratch, failure(fault.Frame, noteStuffedEmpty, hexBytes(f.marks))
	}
	p := append(slices.Grow(scratch[:0], len(m)+len(m)/16+8), f.mark)
	p = f.appendStuffed(p, m)
	if f.alg != nil {
		sum := f.alg.New()
		sum.Update(m)
		p = f.appendStuffed(p, binary.LittleEndian.AppendUint16(make([]byte, 0, 2), uint16(sum.Sum())))
	}
	p = append(p, f.mark)
	return p, nil, nil, p, nil
}

func (s *stuffing) appendStuffed(p, m []byte) []byte {
	for _, b := range m {
		switch b {
		case s.mark:
			p = append(p, s.escape, s.markAs)
		case s.escape:
			p = append(p, s.escape, s.escapeAs)
		default:
			p = append(p, b)
		}
	}
	return p
}
