package frame

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// TestLengthsNearTheHighestInt has no limit but that of an int: what a length tells is either
// more than is there, or too long. Where an int has 32 bits, nothing wraps around.
func TestLengthsNearTheHighestInt(t *testing.T) {
	var framers []Framer
	for _, text := range []string{
		"len:u32be data", "len:u32be+65536 data", "hdr:1024 len:u32be data ; keep", "len:u32be=d d=data xor(d) 0D0A", "len:u64be data", "len:u40be data 03",
		"len:u32be hdr:1000 data hdr:1000 ; keep", "len:u64be>>4 data", "l=len:u32be-65536 data", "hdr:4 len:u32be-8 data ; keep", "postgres",
	} {
		framers = append(framers, framerWith(t, func(p *Params) {
			described, err := Describe(*p, text)
			require.NoError(t, err, text)
			*p = described
			p.Limit = math.MaxInt32
		}))
	}
	for _, adjustment := range []int{0, -4, 65536, -65536} {
		for _, keep := range []bool{false, true} {
			framers = append(framers, framerWith(t, func(p *Params) {
				p.Mode, p.Width, p.Offset, p.Adjustment, p.KeepHeader, p.Limit = Length, 4, 1, adjustment, keep, math.MaxInt32
			}))
		}
	}
	framers = append(framers, &recordFramer{limit: math.MaxInt32})
	for _, f := range framers {
		for _, base := range []uint64{1 << 31, 1 << 32, 1 << 35, 1 << 40, 1 << 63, 0} {
			for off := -70000; off <= 70000; off += 1 + max(off, -off)/40 {
				p := make([]byte, 0, 2100)
				for range 130 { // wherever the length stands
					p = binary.BigEndian.AppendUint64(p, base+uint64(off))
				}
				for start := range 8 {
					b := p[start:]
					fr, err := f.Decode(b, 0)
					switch {
					case err != nil:
						code := fault.CodeOf(err)
						require.True(t, code == fault.TooLong || code == fault.Frame || code == fault.Check, "%s: %v", f, err)
					case fr.Total == 0:
						require.Greater(t, fr.Need, len(b), "%s: %x", f, b[:20])
						require.LessOrEqual(t, fr.Size, math.MaxInt32, "%s", f)
						require.GreaterOrEqual(t, fr.Size, -1, "%s", f)
					default:
						require.LessOrEqual(t, fr.Total, len(b), "%s", f)
						require.LessOrEqual(t, fr.Start+fr.Len, fr.Total, "%s", f)
					}
				}
			}
		}
	}
}

// TestEndsWithTheHighestLimit: what stands between the data and its end adds to the limit.
func TestEndsWithTheHighestLimit(t *testing.T) {
	for _, text := range []string{"d=data sum/hex(d) 03", "02 d=data crc-32/hex(d) 0D0A ; restart", "02 d=data~10 03 sum(d)", "d=data crc-32/hex(d) (0D0A|0A)", "slip", "hdlc"} {
		f := framerWith(t, func(p *Params) {
			described, err := Describe(*p, text)
			require.NoError(t, err, text)
			*p = described
			p.Limit = math.MaxInt32
		})
		fr, err := f.Decode([]byte("\x02begins"), 0)
		assert.NoError(t, err, text)
		assert.Zero(t, fr.Total, text)
	}
}
