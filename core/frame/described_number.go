package frame

import (
	"math"
	"strconv"

	"wdsocket/core/frame/checksum"
	"wdsocket/core/frame/description"
)

// How numbers of a description are written: lengths, and check bytes in digits.

// maxBase128 is how many bytes 64 bits need in groups of 7.
const maxBase128 = 10

// lengthSize is how many bytes a length has at least, and whether it always has so many.
func lengthSize(l *description.LengthField) (least int, fixed bool) {
	switch l.Encoding {
	case description.Binary, description.Hex:
		return l.Width, true
	case description.Decimal:
		if l.Width > 0 {
			return l.Width, true
		}
		return 1 + len(l.Delimiter), false
	case description.BCD:
		return (l.Width + 1) / 2, true
	}
	return 1, false
}

// number is what reading a length gives.
type number uint8

const (
	numberWhole number = iota
	numberMore         // more bytes are needed
	numberWrong        // it is none
)

// readLength reads a length at the front of p. n is how many bytes it has, or has at least
// where more are needed.
func readLength(l *description.LengthField, p []byte) (value uint64, n int, is number) {
	least, fixed := lengthSize(l)
	if fixed && len(p) < least {
		return 0, least, numberMore
	}
	switch l.Encoding {
	case description.Binary:
		return masked(l, p[:least]), least, numberWhole
	case description.Decimal:
		if l.Width == 0 {
			return readDelimited(l.Delimiter, p)
		}
		return readDigits(p[:least], 10)
	case description.Hex:
		return readDigits(p[:least], 16)
	case description.BCD:
		return readBCD(p[:least])
	}
	return readVarying(l.Encoding, p)
}

// readDigits reads a number of which all of p are the digits.
func readDigits(p []byte, base uint64) (value uint64, n int, is number) {
	for _, b := range p {
		digit := digitOf(b)
		if digit >= base || value > (math.MaxUint64-digit)/base {
			return 0, 0, numberWrong
		}
		value = value*base + digit
	}
	return value, len(p), numberWhole
}

// digitOf is what a digit counts, 255 for none.
func digitOf(b byte) uint64 {
	switch {
	case b >= '0' && b <= '9':
		return uint64(b - '0')
	case b >= 'A' && b <= 'F':
		return uint64(b-'A') + 10
	case b >= 'a' && b <= 'f':
		return uint64(b-'a') + 10
	}
	return math.MaxUint8
}

func readBCD(p []byte) (value uint64, n int, is number) {
	for _, b := range p {
		if b>>4 > 9 || b&15 > 9 || value > (math.MaxUint64-99)/100 {
			return 0, 0, numberWrong
		}
		value = value*100 + uint64(b>>4)*10 + uint64(b&15)
	}
	return value, len(p), numberWhole
}

// readDelimited reads 1 to 10 digits with a delimiter behind them.
func readDelimited(delimiter, p []byte) (value uint64, n int, is number) {
	digits := 0
	for digits < len(p) && digits <= maxDigits && p[digits] >= '0' && p[digits] <= '9' {
		digits++
	}
	if digits > maxDigits || digits == 0 && len(p) > 0 {
		return 0, 0, numberWrong
	}
	rest := p[digits:]
	for i := range min(len(rest), len(delimiter)) {
		if rest[i] != delimiter[i] {
			return 0, 0, numberWrong
		}
	}
	if len(rest) < len(delimiter) || digits == 0 {
		return 0, max(digits, 1) + len(delimiter), numberMore
	}
	value, _, is = readDigits(p[:digits], 10)
	return value, digits + len(delimiter), is
}

// readVarying reads a number that says itself how long it is.
func readVarying(encoding description.Encoding, p []byte) (value uint64, n int, is number) {
	if len(p) == 0 {
		return 0, 1, numberMore
	}
	switch encoding {
	case description.BER:
		size := int(p[0] & 0x7F)
		switch {
		case p[0] < 0x80:
			return uint64(p[0]), 1, numberWhole
		case size == 0 || size > 8: // indefinite, or no length that can be
			return 0, 0, numberWrong
		case len(p) < 1+size:
			return 0, 1 + size, numberMore
		}
		return bigEndian(p[1 : 1+size]), 1 + size, numberWhole
	case description.ZVT:
		switch {
		case p[0] != 0xFF:
			return uint64(p[0]), 1, numberWhole
		case len(p) < 3:
			return 0, 3, numberMore
		}
		return uint64(p[1]) | uint64(p[2])<<8, 3, numberWhole
	}
	return readBase128(encoding == description.VLQ, p)
}

func readBase128(highFirst bool, p []byte) (value uint64, n int, is number) {
	for i, b := range p {
		if i == maxBase128 {
			return 0, 0, numberWrong
		}
		group := uint64(b & 0x7F)
		switch {
		case highFirst && value > math.MaxUint64>>7, !highFirst && i == maxBase128-1 && group > 1:
			return 0, 0, numberWrong
		case highFirst:
			value = value<<7 | group
		default:
			value |= group << (7 * i)
		}
		if b < 0x80 {
			return value, i + 1, numberWhole
		}
	}
	if len(p) == maxBase128 {
		return 0, 0, numberWrong
	}
	return 0, len(p) + 1, numberMore
}

func bigEndian(p []byte) (value uint64) {
	for _, b := range p {
		value = value<<8 | uint64(b)
	}
	return value
}

// appendLength writes a length behind dst, false where it does not fit.
func appendLength(dst []byte, l *description.LengthField, value uint64) ([]byte, bool) {
	switch l.Encoding {
	case description.Binary:
		raw, ok := unmasked(l, value)
		if !ok {
			return dst, false
		}
		return appendBytes(dst, raw, l.Width, l.LittleEndian), true
	case description.Decimal:
		if l.Width == 0 {
			if value > 9999999999 {
				return dst, false
			}
			return append(strconv.AppendUint(dst, value, 10), l.Delimiter...), true
		}
		return appendDigits(dst, value, l.Width, 10)
	case description.Hex:
		return appendDigits(dst, value, l.Width, 16)
	case description.BCD:
		return appendBCD(dst, value, (l.Width+1)/2)
	}
	return appendVarying(dst, l.Encoding, value)
}

func appendBytes(dst []byte, value uint64, width int, lowFirst bool) []byte {
	for i := range width {
		shift := 8 * i
		if !lowFirst {
			shift = 8 * (width - 1 - i)
		}
		dst = append(dst, byte(value>>shift))
	}
	return dst
}

// appendDigits writes a number with leading zeros.
func appendDigits(dst []byte, value uint64, width int, base uint64) ([]byte, bool) {
	const digits = "0123456789ABCDEF"
	from := len(dst)
	for range width {
		dst = append(dst, '0')
	}
	for i := len(dst) - 1; i >= from; i-- {
		dst[i] = digits[value%base]
		value /= base
	}
	return dst, value == 0
}

func appendBCD(dst []byte, value uint64, width int) ([]byte, bool) {
	from := len(dst)
	for range width {
		dst = append(dst, 0)
	}
	for i := len(dst) - 1; i >= from; i-- {
		dst[i] = byte(value/10%10<<4 | value%10)
		value /= 100
	}
	return dst, value == 0
}

func appendVarying(dst []byte, encoding description.Encoding, value uint64) ([]byte, bool) {
	switch encoding {
	case description.BER:
		if value < 0x80 {
			return append(dst, byte(value)), true
		}
		width := 1
		for width < 8 && value>>(8*width) != 0 {
			width++
		}
		return appendBytes(append(dst, 0x80|byte(width)), value, width, false), true
	case description.ZVT:
		if value < 0xFF {
			return append(dst, byte(value)), true
		}
		return append(dst, 0xFF, byte(value), byte(value>>8)), value <= math.MaxUint16
	case description.VLQ:
		width := 1
		for width < maxBase128 && value>>(7*width) != 0 {
			width++
		}
		for i := width - 1; i > 0; i-- {
			dst = append(dst, byte(value>>(7*i))|0x80)
		}
		return append(dst, byte(value)&0x7F), true
	}
	for value >= 0x80 {
		dst = append(dst, byte(value)|0x80)
		value >>= 7
	}
	return append(dst, byte(value)), true
}

// masked is what a binary length says: its bits under the mask, moved.
func masked(l *description.LengthField, p []byte) uint64 {
	var value uint64
	if l.LittleEndian {
		for i := len(p) - 1; i >= 0; i-- {
			value = value<<8 | uint64(p[i])
		}
	} else {
		value = bigEndian(p)
	}
	if l.Mask != 0 {
		value &= l.Mask
	}
	return value >> l.Shift
}

// unmasked is the field that says value, false where it does not fit.
func unmasked(l *description.LengthField, value uint64) (uint64, bool) {
	raw := value << l.Shift
	all := ^uint64(0) >> (64 - 8*l.Width)
	if l.Mask != 0 {
		all &= l.Mask
	}
	return raw, raw>>l.Shift == value && raw&^all == 0
}

// mostCheck is how many bytes a check has at most: 64 bits in decimal digits.
const mostCheck = 20

// checkSize is how many bytes a check has on the wire.
func checkSize(a *checksum.Algorithm, encoding description.Encoding) int {
	switch encoding {
	case description.Hex:
		return 2 * a.Size()
	case description.Decimal:
		return len(strconv.FormatUint(math.MaxUint64>>(64-a.Bits()), 10))
	}
	return a.Size()
}

// appendCheck writes a check.
func (p *part) appendCheck(dst []byte, sum uint64) []byte {
	size := p.alg.Size()
	switch p.Check.Encoding {
	case description.Hex, description.Decimal:
		if p.lowFirst {
			swapped := uint64(0)
			for i := range size {
				swapped = swapped<<8 | sum>>(8*i)&0xFF
			}
			sum = swapped
		}
		base := uint64(10)
		if p.Check.Encoding == description.Hex {
			base = 16
		}
		dst, _ = appendDigits(dst, sum, p.least, base)
		return dst
	}
	return appendBytes(dst, sum, size, p.lowFirst)
}
