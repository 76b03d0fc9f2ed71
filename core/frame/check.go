package frame

import "sync"

// width is how many check bytes there are.
func (c Check) width() int {
	switch c {
	case CheckNone:
		return 0
	case CheckCRC16, CheckCRC16CCITT:
		return 2
	default:
		return 1
	}
}

// begin is the state before the first byte.
func (c Check) begin() uint16 {
	if c == CheckCRC16 {
		return 0xFFFF
	}
	return 0
}

// add takes more bytes into the state.
func (c Check) add(state uint16, p []byte) uint16 {
	switch c {
	case CheckXOR:
		for _, b := range p {
			state ^= uint16(b)
		}
	case CheckSum, CheckLRC:
		for _, b := range p {
			state += uint16(b)
		}
	case CheckCRC16:
		return crcLowFirst(state, p)
	case CheckCRC16CCITT:
		return crcHighFirst(state, p)
	}
	return state
}

// finish gives the check bytes in the order of the wire; the first width of
// them count.
func (c Check) finish(state uint16) [2]byte {
	switch c {
	case CheckLRC:
		return [2]byte{byte(-state)}
	case CheckCRC16CCITT:
		return [2]byte{byte(state >> 8), byte(state)}
	default:
		return [2]byte{byte(state), byte(state >> 8)}
	}
}

// The tables hold what one byte does to a checksum; they are made when a mode
// first needs them.
var (
	lowFirstTable = sync.OnceValue(func() *[256]uint16 {
		return crcTable(func(b int) uint16 { return uint16(b) }, func(crc uint16) uint16 {
			if crc&1 != 0 {
				return crc>>1 ^ 0xA001
			}
			return crc >> 1
		})
	})
	highFirstTable = sync.OnceValue(func() *[256]uint16 {
		return crcTable(func(b int) uint16 { return uint16(b) << 8 }, func(crc uint16) uint16 {
			if crc&0x8000 != 0 {
				return crc<<1 ^ 0x1021
			}
			return crc << 1
		})
	})
)

// crcTable makes a table: start places a byte, shift takes one bit out.
func crcTable(start func(int) uint16, shift func(uint16) uint16) *[256]uint16 {
	table := new([256]uint16)
	for b := range table {
		crc := start(b)
		for range 8 {
			crc = shift(crc)
		}
		table[b] = crc
	}
	return table
}

// crcLowFirst is CRC-16/MODBUS: polynomial 8005, bits reflected.
func crcLowFirst(crc uint16, p []byte) uint16 {
	table := lowFirstTable()
	for _, b := range p {
		crc = crc>>8 ^ table[byte(crc)^b]
	}
	return crc
}

// crcHighFirst is CRC-16/XMODEM: polynomial 1021.
func crcHighFirst(crc uint16, p []byte) uint16 {
	table := highFirstTable()
	for _, b := range p {
		crc = crc<<8 ^ table[byte(crc>>8)^b]
	}
	return crc
}
