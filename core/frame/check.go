package frame

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

// crcLowFirst is CRC-16/MODBUS: polynomial 8005, bits reflected.
func crcLowFirst(crc uint16, p []byte) uint16 {
	for _, b := range p {
		crc ^= uint16(b)
		for range 8 {
			if crc&1 != 0 {
				crc = crc>>1 ^ 0xA001
			} else {
				crc >>= 1
			}
		}
	}
	return crc
}

// crcHighFirst is CRC-16/XMODEM: polynomial 1021.
func crcHighFirst(crc uint16, p []byte) uint16 {
	for _, b := range p {
		crc ^= uint16(b) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x1021
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}
