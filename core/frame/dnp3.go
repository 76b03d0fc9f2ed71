package frame

import (
	"encoding/binary"
	"slices"
	"strconv"

	"wdsocket/core/fault"
)

// A frame of the data link layer of DNP3: two bytes to begin with, a length, what the length
// counts, and check bytes behind the first block and behind each other one.
const (
	dnp3First  = 0x05
	dnp3Second = 0x64
	dnp3Before = 3  // start and length
	dnp3Link   = 5  // control, destination, source
	dnp3Head   = 10 // the first block, with its check bytes
	dnp3Block  = 16 // bytes of data of each other one, but for the last
	dnp3Most   = 255
	dnp3CRC    = 2
)

// dnp3Framer is that of DNP3, IEEE 1815, 9. The message is control, destination, source and
// data, without start, length and check bytes, which writing computes. What is damaged is an
// error, and it goes on where the next frame may begin.
type dnp3Framer struct {
	whole
	limit int
}

func newDNP3(limit int) Framer { return &dnp3Framer{limit: limit} }

func (*dnp3Framer) String() string { return presetText("dnp3") }

// Contiguous is false: check bytes stand in messages.
func (*dnp3Framer) Contiguous() bool { return false }

// Resync: by the two bytes that a frame begins with.
func (*dnp3Framer) Resync() Resync { return ResyncTag }

func (f *dnp3Framer) Decode(p []byte, _ int) (Frame, error) {
	if len(p) > 0 && !dnp3Begins(p) {
		next := 1
		for next < len(p) && !dnp3Begins(p[next:]) {
			next++
		}
		return bad(next), failure(fault.Frame, noteDNP3Noise, Shown(p[:next]))
	}
	if len(p) < dnp3Head {
		return incomplete(-1, dnp3Head, 0), nil
	}
	size := int(p[dnp3Before-1])
	if err := dnp3Check(p[:dnp3Head]); err != nil || size < dnp3Link {
		if err == nil {
			err = failure(fault.Frame, noteNegative, hexBytes(p[:dnp3Before]), strconv.Itoa(size-dnp3Link))
		}
		fr := bad(f.resume(p[:dnp3Head]))
		if fault.CodeOf(err) == fault.Check {
			fr.Marks = IsWrong
		}
		return fr, err
	}
	total := dnp3Total(size)
	if total > len(p) {
		return incomplete(-1, total, 0), nil
	}
	for at := dnp3Head; at < total; at += dnp3Block + dnp3CRC {
		if err := dnp3Check(p[at:min(at+dnp3Block+dnp3CRC, total)]); err != nil {
			fr := bad(f.resume(p[:total]))
			fr.Marks |= IsWrong
			return fr, err
		}
	}
	if size > f.limit {
		return bad(total), failure(fault.TooLong, noteOverLimit, strconv.Itoa(size), strconv.Itoa(f.limit), maxMessage)
	}
	return Frame{Start: dnp3Before, Len: total - dnp3Before, Size: size, Total: total, Escaped: true}, nil
}

// dnp3Total is how many bytes a frame with that length has.
func dnp3Total(size int) int {
	data := size - dnp3Link
	return dnp3Head + data + (data+dnp3Block-1)/dnp3Block*dnp3CRC
}

// dnp3Begins tells whether p, which is not empty, may be the beginning of a frame.
func dnp3Begins(p []byte) bool {
	return p[0] == dnp3First && (len(p) == 1 || p[1] == dnp3Second)
}

// resume is where behind the first byte of a damaged frame another one may begin.
func (*dnp3Framer) resume(p []byte) int {
	for i := 1; i < len(p); i++ {
		if dnp3Begins(p[i:]) && (i+dnp3Head > len(p) || dnp3Check(p[i:i+dnp3Head]) == nil) {
			return i
		}
	}
	return len(p)
}

// dnp3Table computes the check bytes.
var dnp3Table = lazyTable("crc-16/dnp")

func dnp3Sum(p []byte) uint16 {
	sum := dnp3Table().New()
	sum.Update(p)
	return uint16(sum.Sum())
}

// dnp3Check is the error of a block with wrong check bytes at its end.
func dnp3Check(p []byte) error {
	at := len(p) - dnp3CRC
	want := dnp3Sum(p[:at])
	if binary.LittleEndian.Uint16(p[at:]) == want {
		return nil
	}
	return failure(fault.Check, noteCheck, hexBytes(p[at:]), hexBytes(binary.LittleEndian.AppendUint16(nil, want)))
}

func (*dnp3Framer) Extract(dst, p []byte, f Frame) int {
	const link = dnp3Head - dnp3CRC
	n := copy(dst, p[dnp3Before:link])
	for at := dnp3Head; at < f.Total; at += dnp3Block + dnp3CRC {
		n += copy(dst[n:], p[at:min(at+dnp3Block, f.Total-dnp3CRC)])
	}
	return n
}

func (f *dnp3Framer) Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error) {
	if err := checkLimit(len(m), f.limit); err != nil {
		return nil, nil, nil, scratch, err
	}
	if len(m) < dnp3Link || len(m) > dnp3Most {
		return nil, nil, nil, scratch, failure(fault.Frame, noteDNP3Size, strconv.Itoa(len(m)))
	}
	p := slices.Grow(scratch[:0], dnp3Total(len(m)))
	p = append(append(p, dnp3First, dnp3Second, byte(len(m))), m[:dnp3Link]...)
	p = binary.LittleEndian.AppendUint16(p, dnp3Sum(p))
	for m = m[dnp3Link:]; len(m) > 0; {
		block := m[:min(len(m), dnp3Block)]
		p = binary.LittleEndian.AppendUint16(append(p, block...), dnp3Sum(block))
		m = m[len(block):]
	}
	return p, nil, nil, p, nil
}
