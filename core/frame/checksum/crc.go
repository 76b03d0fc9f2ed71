package checksum

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"sync"
)

// Params are those of a CRC, in the catalogue's terms.
type Params struct {
	Width         int    // bits, 1 to 64
	Poly, Init    uint64 // as they are written with the highest bit first
	RefIn, RefOut bool   // bits of a byte are taken, and the result is given, lowest first
	XorOut        uint64
}

// CRC makes the algorithm that p describes, or gives false for what can be none.
func CRC(p Params) (*Algorithm, bool) {
	if p.Width < 1 || p.Width > 64 {
		return nil, false
	}
	if mask := ^uint64(0) >> (64 - p.Width); p.Poly == 0 || (p.Poly|p.Init|p.XorOut)&^mask != 0 {
		return nil, false
	}
	return p.algorithm(p.String()), true
}

// String is how Find takes it.
func (p Params) String() string {
	bit := map[bool]string{true: "1", false: "0"}
	digits := (p.Width + 3) / 4
	return fmt.Sprintf("crc(%d,%0*x,%0*x,%s,%s,%0*x)", p.Width, digits, p.Poly, digits, p.Init, bit[p.RefIn], bit[p.RefOut], digits, p.XorOut)
}

// algorithm keeps a CRC at the end of 64 bits where its next byte comes in: the upper end
// unless it is reflected.
func (p Params) algorithm(name string) *Algorithm {
	a := &Algorithm{name: name, kind: highFirst, bits: p.Width, swap: p.RefIn != p.RefOut, xorOut: p.XorOut}
	poly := p.Poly << (64 - p.Width)
	a.begin = p.Init << (64 - p.Width)
	if p.RefIn {
		a.kind = lowFirst
		poly, a.begin = bits.Reverse64(poly), bits.Reverse64(a.begin)
	}
	a.table = sync.OnceValue(func() *[256]uint64 { return newTable(poly, p.RefIn) })
	return a
}

// newTable computes what each byte does to a CRC.
func newTable(poly uint64, reflected bool) *[256]uint64 {
	table := new([256]uint64)
	for b := range table {
		crc := uint64(b)
		if !reflected {
			crc <<= 56
		}
		for range 8 {
			switch {
			case reflected && crc&1 != 0:
				crc = crc>>1 ^ poly
			case reflected:
				crc >>= 1
			case crc>>63 != 0:
				crc = crc<<1 ^ poly
			default:
				crc <<= 1
			}
		}
		table[b] = crc
	}
	return table
}

// parse reads what String writes.
func parse(text string) (*Algorithm, bool) {
	inside, ok := strings.CutPrefix(text, "crc(")
	if !ok {
		return nil, false
	}
	if inside, ok = strings.CutSuffix(inside, ")"); !ok {
		return nil, false
	}
	fields := strings.Split(inside, ",")
	if len(fields) != 6 {
		return nil, false
	}
	var number [6]uint64
	for i, field := range fields {
		base := 16
		if i == 0 {
			base = 10
		}
		n, err := strconv.ParseUint(strings.TrimSpace(field), base, 64)
		if err != nil {
			return nil, false
		}
		number[i] = n
	}
	if number[0] > 64 || number[3] > 1 || number[4] > 1 {
		return nil, false
	}
	return CRC(Params{int(number[0]), number[1], number[2], number[3] == 1, number[4] == 1, number[5]})
}
