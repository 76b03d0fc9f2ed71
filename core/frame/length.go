package frame

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strconv"

	"wdsocket/core/fault"
)

// lengthFramer is the mode with a binary length field.
type lengthFramer struct {
	whole
	offset, width int
	order         binary.ByteOrder
	adjustment    int64
	keep          bool
	header        []byte // at most offset bytes
	limit         int
}

// modbusFramer is a lengthFramer whose messages begin with a transaction
// number.
type modbusFramer struct{ *lengthFramer }

// correlated is how many bytes of a Modbus TCP message a reply repeats: the
// transaction and the protocol identifier.
const correlated = 4

func (modbusFramer) Answers(request, reply []byte) bool {
	return len(request) >= correlated && len(reply) >= correlated &&
		bytes.Equal(request[:correlated], reply[:correlated])
}

func newLengthFramer(p Params) Framer {
	f := &lengthFramer{
		offset:     p.Offset,
		width:      p.Width,
		order:      binary.BigEndian,
		adjustment: int64(p.Adjustment),
		keep:       p.KeepHeader,
		limit:      p.Limit,
	}
	if p.LittleEndian {
		f.order = binary.LittleEndian
	}
	if !p.KeepHeader {
		f.header = bytes.Clone(p.Header[:min(len(p.Header), p.Offset)])
	}
	// An option set after the preset may have taken the transaction number
	// out of the messages.
	if p.modbus && p.KeepHeader && p.Offset >= correlated {
		return modbusFramer{f}
	}
	return f
}

func (f *lengthFramer) Mode() Mode { return Length }

// prefix is the length of everything up to and with the length field.
func (f *lengthFramer) prefix() int { return f.offset + f.width }

func (f *lengthFramer) Decode(p []byte, _ int) (Frame, error) {
	seen := min(len(p), len(f.header))
	if !bytes.Equal(p[:seen], f.header[:seen]) {
		return bad(0), failure(fault.Frame, noteHeader, hexBytes(p), hexBytes(f.header))
	}
	prefix := f.prefix()
	if len(p) < prefix {
		return incomplete(-1, prefix, 0), nil
	}
	rest := f.field(p[f.offset:prefix]) + f.adjustment
	if rest < 0 {
		return bad(0), failure(fault.Frame, noteNegative, hexBytes(p[:prefix]), strconv.FormatInt(rest, 10))
	}
	size, start := rest, prefix
	if f.keep {
		size, start = rest+int64(prefix), 0
	}
	if size > int64(f.limit) || rest > int64(math.MaxInt-prefix) {
		return bad(0), announcedTooLong(p[:prefix], size, f.limit)
	}
	total := prefix + int(rest)
	if len(p) < total {
		return incomplete(int(size), total, 0), nil
	}
	return Frame{Start: start, Len: int(size), Size: int(size), Total: total}, nil
}

// field reads a length field.
func (f *lengthFramer) field(p []byte) int64 {
	switch f.width {
	case 1:
		return int64(p[0])
	case 2:
		return int64(f.order.Uint16(p))
	default:
		return int64(f.order.Uint32(p))
	}
}

func (f *lengthFramer) putField(p []byte, value int64) {
	switch f.width {
	case 1:
		p[0] = byte(value)
	case 2:
		f.order.PutUint16(p, uint16(value))
	default:
		f.order.PutUint32(p, uint32(value))
	}
}

func (f *lengthFramer) Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error) {
	prefix := f.prefix()
	value, err := f.valueFor(m)
	if err != nil {
		return nil, nil, nil, scratch, err
	}
	scratch = slices.Grow(scratch[:0], prefix)[:prefix]
	if f.keep {
		copy(scratch, m)
		m = m[prefix:]
	} else {
		n := copy(scratch, f.header)
		clear(scratch[n:f.offset])
	}
	f.putField(scratch[f.offset:], value)
	return scratch, m, nil, scratch, nil
}

// valueFor gives what the length field of message m says.
func (f *lengthFramer) valueFor(m []byte) (int64, error) {
	if err := checkLimit(len(m), f.limit); err != nil {
		return 0, err
	}
	rest := len(m)
	if f.keep {
		rest -= f.prefix()
	}
	if rest < 0 {
		return 0, failure(fault.Frame, noteShortHeader, strconv.Itoa(len(m)), strconv.Itoa(f.prefix()))
	}
	value := int64(rest) - f.adjustment
	if value < 0 || value > int64(1)<<(8*f.width)-1 {
		return 0, failure(fault.Frame, noteField, strconv.FormatInt(value, 10), strconv.Itoa(f.width))
	}
	return value, nil
}
