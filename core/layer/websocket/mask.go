package websocket

import (
	"encoding/binary"
	"math/bits"
)

// maskInto writes src, masked with key (of RFC 6455, section 5.3, the first byte the
// lowest), to dst, which is as long and may be src or begin before it in the same
// memory. It gives the key for the bytes that follow.
func maskInto(dst, src []byte, key uint32) uint32 {
	wide := uint64(key)<<32 | uint64(key)
	for len(src) >= 32 {
		d, s := dst[:32], src[:32]
		a, b := binary.LittleEndian.Uint64(s), binary.LittleEndian.Uint64(s[8:])
		c, e := binary.LittleEndian.Uint64(s[16:]), binary.LittleEndian.Uint64(s[24:])
		binary.LittleEndian.PutUint64(d, a^wide)
		binary.LittleEndian.PutUint64(d[8:], b^wide)
		binary.LittleEndian.PutUint64(d[16:], c^wide)
		binary.LittleEndian.PutUint64(d[24:], e^wide)
		dst, src = dst[32:], src[32:]
	}
	for len(src) >= 8 {
		binary.LittleEndian.PutUint64(dst, binary.LittleEndian.Uint64(src)^wide)
		dst, src = dst[8:], src[8:]
	}
	for i, b := range src {
		dst[i] = b ^ byte(key)
		key = bits.RotateLeft32(key, -8)
	}
	return key
}
