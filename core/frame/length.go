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
	announced
	offset, width int
	order         binary.ByteOrder
	adjustment    int64
	keep, check   bool
	header        []byte // at most offset bytes
	limit         int
	preset        string // that the figures are of, "" for none
}

// modbusFramer is a lengthFramer whose messages begin with a transaction
// number.
//
// Its stream is understood again behind a header that is damaged: where the next
// one stands that keeps to the limits of the protocol.
type modbusFramer struct {
	*lengthFramer
	strict bool // the figures are the preset's: the protocol's own limits hold
}

const (
	// transaction is how many bytes of a Modbus TCP message number its request.
	transaction = 2
	// correlated is how many bytes of a Modbus TCP message a reply repeats: the
	// transaction and the protocol identifier.
	correlated = 4
	// mbap is the header up to and with the length.
	mbap = 6
	// leastModbus and mostModbus are what the length may say: at least a unit and
	// a function follow it.
	leastModbus, mostModbus = 2, 254
)

func (modbusFramer) Answers(request, reply []byte) bool {
	return len(request) >= correlated && len(reply) >= correlated &&
		bytes.Equal(request[:correlated], reply[:correlated])
}

func (modbusFramer) Asked(request []byte) string  { return transactionOf(request) }
func (modbusFramer) Answered(reply []byte) string { return transactionOf(reply) }

// transactionOf shows the transaction that a message begins with.
func transactionOf(message []byte) string {
	if len(message) < transaction {
		return hexBytes(message)
	}
	return strconv.Itoa(int(binary.BigEndian.Uint16(message)))
}

func (modbusFramer) Meant(request, p []byte) bool {
	return len(request) >= correlated && (bytes.HasPrefix(p, request[:transaction]) || bytes.Contains(p, request[:correlated]))
}

// Find knows an answer by its whole header, the unit and the function.
func (f modbusFramer) Find(request, p []byte) (at int, err error) {
	const least = mbap + leastModbus
	if !f.strict || len(request) < least {
		return 0, nil
	}
	const failed = 0x80 // a bit of the function: the answer is an exception
	for at = 1; at+least <= len(p); at++ {
		b := p[at : at+least]
		if f.Answers(request, b) && damage(b) == fault.NoNote && b[mbap] == request[mbap] && (b[mbap+1]^request[mbap+1])&^failed == 0 {
			return at, failure(fault.Frame, noteInside, hexBytes(p[:at]))
		}
	}
	return 0, nil
}

// Decode refuses a header that is none of the protocol at once: its length would
// be waited for in vain.
func (f modbusFramer) Decode(p []byte, scanned int) (Frame, error) {
	if sound(p) {
		return f.lengthFramer.Decode(p, scanned)
	}
	if err := f.limits(p); err != nil {
		next := 1
		for damage(p[next:]) != fault.NoNote {
			next++
		}
		return bad(next), err
	}
	return f.lengthFramer.Decode(p, scanned)
}

// limits tells whether what there is of a header is one of the protocol.
func (f modbusFramer) limits(p []byte) error {
	if !f.strict {
		return nil
	}
	note := damage(p)
	if note == fault.NoNote {
		return nil
	}
	return failure(fault.Frame, note, Shown(p[:min(len(p), mbap)]), strconv.Itoa(leastModbus)+".."+strconv.Itoa(mostModbus))
}

// sound tells whether p begins with a whole Modbus TCP header.
func sound(p []byte) bool {
	return len(p) >= mbap && p[2]|p[3]|p[4] == 0 && p[5]-leastModbus <= mostModbus-leastModbus
}

// damage tells what is wrong with a Modbus TCP header as far as it is there.
func damage(p []byte) fault.Note {
	switch {
	case len(p) > 2 && p[2] != 0, len(p) > 3 && p[3] != 0:
		return noteModbusProtocol
	case len(p) > 4 && p[4] != 0, len(p) > 5 && (p[5] < leastModbus || p[5] > mostModbus):
		return noteModbusLength
	}
	return fault.NoNote
}

func (f modbusFramer) Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error) {
	if head, body, tail, newScratch, err = f.lengthFramer.Encode(scratch, m); err == nil {
		err = f.limits(head)
	}
	if err != nil {
		return nil, nil, nil, newScratch, err
	}
	return head, body, tail, newScratch, nil
}

func newLengthFramer(p Params) Framer {
	f := &lengthFramer{
		offset:     p.Offset,
		width:      p.Width,
		order:      binary.BigEndian,
		adjustment: int64(p.Adjustment),
		keep:       p.KeepHeader,
		check:      p.KeepHeader && p.CheckField,
		limit:      p.Limit,
		preset:     p.PresetInUse(),
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
		return modbusFramer{f, p.Offset == correlated && p.Width == 2 && p.Adjustment == 0 && !p.LittleEndian}
	}
	return f
}

// prefix is the length of everything up to and with the length field.
func (f *lengthFramer) prefix() int { return f.offset + f.width }

func (f *lengthFramer) Decode(p []byte, _ int) (Frame, error) {
	seen := min(len(p), len(f.header))
	if !bytes.Equal(p[:seen], f.header[:seen]) {
		return bad(0), failure(fault.Frame, noteHeader, Shown(p), hexBytes(f.header))
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
		return bad(0), f.tooLong(p[:prefix], size)
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
	if f.check {
		if said := f.field(m[f.offset:f.prefix()]); said != value {
			return 0, failure(fault.Frame, noteFieldOff, strconv.FormatInt(said, 10), strconv.FormatInt(value, 10))
		}
	}
	return value, nil
}
