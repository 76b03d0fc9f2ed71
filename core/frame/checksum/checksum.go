// Package checksum computes check bytes: XOR, sums and cyclic redundancy checks, by the names
// of the public catalogue of CRC algorithms or by their parameters.
//
//	a, ok := checksum.Find("CRC-16/MODBUS")
//	s := a.New()
//	s.Update([]byte("123456789"))
//	s.Sum() // 4B37, which is written low byte first: a.LowFirst()
package checksum

import "math/bits"

// kind is how an Algorithm computes.
type kind uint8

const (
	xor       kind = iota // all bytes XORed
	sum                   // all bytes added
	negated               // two's complement of the sum
	inverted              // one's complement of the sum
	fletcher              // the sum, and the sum of the sums, modulo 255 or 65535
	adler                 // the same modulo 65521, beginning with 1
	highFirst             // a CRC that takes the highest bit of a byte first
	lowFirst              // a CRC that takes the lowest bit first: the catalogue's refin
)

// Algorithm is one way to compute check bytes. It may be used by any number of goroutines.
type Algorithm struct {
	name   string
	kind   kind
	bits   int
	swap   bool   // the result is reflected, other than what is read: refin and refout differ
	begin  uint64 // the state before the first byte, in the place where the table works
	xorOut uint64
	table  func() *[256]uint64 // what one byte does to a CRC
}

// Name is the canonical name: what Find takes, in small letters.
func (a *Algorithm) Name() string { return a.name }

// Bits is how many bits the result has, 1 to 64.
func (a *Algorithm) Bits() int { return a.bits }

// Size is how many bytes the result has in binary.
func (a *Algorithm) Size() int { return (a.bits + 7) / 8 }

// LowFirst tells whether the low byte comes first on the wire unless a protocol says otherwise:
// so it is where the low bit does.
func (a *Algorithm) LowFirst() bool { return a.kind == lowFirst != a.swap }

// State is a computation that has begun: New makes it, and it is copied by assignment.
type State struct {
	a        *Algorithm
	one, two uint64
	odd      bool // of Fletcher-32: half a word was taken
}

// New begins a computation.
func (a *Algorithm) New() State { return State{a: a, one: a.begin} }

// Update takes more bytes. It allocates nothing.
func (s *State) Update(p []byte) {
	switch s.a.kind {
	case xor:
		for _, b := range p {
			s.one ^= uint64(b)
		}
	case sum, negated, inverted:
		for _, b := range p {
			s.one += uint64(b)
		}
	case fletcher:
		s.words(p)
	case adler:
		for _, b := range p {
			s.one = (s.one + uint64(b)) % 65521
			s.two = (s.two + s.one) % 65521
		}
	case highFirst:
		table, crc := s.a.table(), s.one
		for _, b := range p {
			crc = crc<<8 ^ table[byte(crc>>56)^b]
		}
		s.one = crc
	case lowFirst:
		table, crc := s.a.table(), s.one
		for _, b := range p {
			crc = crc>>8 ^ table[byte(crc)^b]
		}
		s.one = crc
	}
}

// words is Update of a Fletcher checksum: of bytes, or of words of two, low byte first, of
// which the last is filled up with 0.
func (s *State) words(p []byte) {
	if s.a.bits == 16 {
		for _, b := range p {
			s.one = (s.one + uint64(b)) % 255
			s.two = (s.two + s.one) % 255
		}
		return
	}
	for _, b := range p {
		if s.odd {
			// The first half was added to both sums already.
			s.one = (s.one + uint64(b)<<8) % 65535
			s.two = (s.two + uint64(b)<<8) % 65535
		} else {
			s.one = (s.one + uint64(b)) % 65535
			s.two = (s.two + s.one) % 65535
		}
		s.odd = !s.odd
	}
}

// Sum is the result for what was taken until now. More may be taken afterwards.
func (s *State) Sum() uint64 {
	a, mask := s.a, ^uint64(0)>>(64-s.a.bits)
	switch a.kind {
	case negated:
		return -s.one & mask
	case inverted:
		return ^s.one & mask
	case fletcher, adler:
		return s.two<<(a.bits/2) | s.one
	case highFirst:
		crc := s.one >> (64 - a.bits)
		if a.swap {
			crc = bits.Reverse64(s.one)
		}
		return crc ^ a.xorOut
	case lowFirst:
		crc := s.one
		if a.swap {
			crc = bits.Reverse64(s.one) >> (64 - a.bits)
		}
		return crc ^ a.xorOut
	}
	return s.one & mask
}
