package frame

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"wdsocket/core/fault"
)

// A record is a message, or a part of one, of a layer that keeps messages apart
// itself, as that of WebSocket does: flags, the length, high byte first, and so many
// bytes. No host chooses this framing: Params.Records puts it in place of the mode's.
const (
	RecordText   = 1 // text; otherwise binary
	RecordMore   = 2 // the message goes on in the next record, which has the same RecordText
	RecordHeader = 5 // bytes in front of those of the message
)

// recordFramer is the framing of records. Each message is written as one. One that
// arrives in several parts is joined by Extract: Escaped, with the headers of its parts
// between them.
//
// The layer keeps to the limit too, and tells the peer; a message in parts is
// measured here only once it is whole.
type recordFramer struct {
	announced
	limit int
	text  bool // what is written
}

func (f *recordFramer) Decode(p []byte, scanned int) (Frame, error) {
	at := 0
	if scanned > 0 && scanned <= len(p) {
		at = scanned // of the header of a later part
	}
	for {
		if len(p)-at < RecordHeader {
			return incomplete(-1, at+RecordHeader, at), nil
		}
		size, last := recordSize(p[at:])
		if size > int64(min(f.limit, math.MaxInt-RecordHeader-at)) || f.tooManyParts(at) {
			return bad(0), f.tooLong(size)
		}
		next := at + RecordHeader + int(size)
		switch {
		case next > len(p) && at == 0 && last:
			return Frame{Size: int(size), Need: next, Text: p[0]&RecordText != 0}, nil
		case next > len(p):
			return incomplete(-1, next, at), nil
		case last && at == 0:
			return Frame{Start: RecordHeader, Len: int(size), Size: int(size), Total: next, Text: p[0]&RecordText != 0}, nil
		case last:
			return f.joined(p[:next])
		}
		at = next
	}
}

// recordSize reads the header of a record: how long it is, and whether the message ends
// with it.
func recordSize(p []byte) (size int64, last bool) {
	return int64(binary.BigEndian.Uint32(p[1:])), p[0]&RecordMore == 0
}

// tooManyParts tells whether what stands before a part can be no message within the
// limit, even if each part but the last has one byte.
func (f *recordFramer) tooManyParts(before int) bool {
	return int64(before) > int64(f.limit)*(RecordHeader+1)
}

// joined is the message of which p is all parts.
func (f *recordFramer) joined(p []byte) (Frame, error) {
	total := int64(0)
	for at := 0; at < len(p); {
		size, _ := recordSize(p[at:])
		total += size
		at += RecordHeader + int(size)
	}
	if total > int64(f.limit) {
		return bad(0), f.tooLong(total)
	}
	return Frame{Start: RecordHeader, Len: len(p) - RecordHeader, Size: int(total), Total: len(p), Escaped: true, Text: p[0]&RecordText != 0}, nil
}

// tooLong is the error of a message with size bytes at least. It shows nothing of a
// record, which the peer has not sent as such.
func (f *recordFramer) tooLong(size int64) error {
	return failure(fault.TooLong, noteOverLimit, strconv.FormatInt(size, 10), strconv.Itoa(f.limit), maxMessage)
}

// RecordPayload tells how many bytes of the records in p are those of messages. The last
// record may not be whole.
func RecordPayload(p []byte) (bytes int) {
	for len(p) > RecordHeader {
		size, _ := recordSize(p)
		n := int(min(size, int64(len(p)-RecordHeader)))
		bytes += n
		p = p[RecordHeader+n:]
	}
	return bytes
}

func (f *recordFramer) Extract(dst, p []byte, fr Frame) int {
	if !fr.Escaped {
		return f.whole.Extract(dst, p, fr)
	}
	n, at := 0, fr.Start-RecordHeader
	for at < fr.Start+fr.Len {
		size, _ := recordSize(p[at:])
		at += RecordHeader
		n += copy(dst[n:], p[at:at+int(size)])
		at += int(size)
	}
	return n
}

func (f *recordFramer) Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error) {
	if err := checkLimit(len(m), f.limit); err != nil {
		return nil, nil, nil, scratch, err
	}
	flags := byte(0)
	if f.text {
		if !utf8.Valid(m) {
			return nil, nil, nil, scratch, failure(fault.Text, noteNotUTF8, hexBytes(m[validUTF8(m):]))
		}
		flags = RecordText
	}
	scratch = append(slices.Grow(scratch[:0], RecordHeader), flags)
	scratch = binary.BigEndian.AppendUint32(scratch, uint32(len(m)))
	return scratch, m, nil, scratch, nil
}

// put is Encode into b; 0: it does not fit, or Encode fails.
func (f *recordFramer) put(b, m []byte) int {
	if len(m) > len(b)-RecordHeader || checkLimit(len(m), f.limit) != nil || f.text && !utf8.Valid(m) {
		return 0
	}
	b[0] = 0
	if f.text {
		b[0] = RecordText
	}
	binary.BigEndian.PutUint32(b[1:], uint32(len(m)))
	return RecordHeader + copy(b[RecordHeader:], m)
}

// validUTF8 is how many bytes at the front of m are UTF-8.
func validUTF8(m []byte) int {
	n := 0
	for n < len(m) {
		r, size := utf8.DecodeRune(m[n:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		n += size
	}
	return n
}
