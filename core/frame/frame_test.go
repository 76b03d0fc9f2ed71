package frame

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// wires are messages of every mode with their exact bytes.
var wires = []struct {
	name    string
	change  func(*Params)
	message string // hex
	wire    string // hex
}{
	{"size", func(p *Params) {}, "48656C6C6F20576F726C64", "31310D0A 48656C6C6F20576F726C64"},
	{"size, empty", func(p *Params) {}, "", "300D0A"},
	{"size, NUL and digits inside", func(p *Params) {}, "0031320D0A", "350D0A 0031320D0A"},
	{"end tag, default", tagged("\x1A"), "4142", "4142 1A"},
	{"end tag, empty", tagged("\x1A"), "", "1A"},
	{"end tag CR LF", tagged("\r\n"), "4142", "4142 0D0A"},
	{"end tag CR LF behind CR", tagged("\r\n"), "410D", "410D 0D0A"},
	{"end tag buffer", func(p *Params) { p.Mode, p.Tag = EndTagBuffer, []byte("EOF") }, "45", "45 454F46"},
	{"fixed", func(p *Params) { p.Mode, p.Length = Fixed, 3 }, "010203", "010203"},
	{"length, high byte first", func(p *Params) { p.Mode = Length }, "AABB", "0002 AABB"},
	{"length, empty", func(p *Params) { p.Mode = Length }, "", "0000"},
	{"length, low byte first", func(p *Params) { p.Mode, p.LittleEndian = Length, true }, "AABB", "0200 AABB"},
	{"length, one byte", func(p *Params) { p.Mode, p.Width = Length, 1 }, "AABB", "02 AABB"},
	{"length, four bytes", func(p *Params) { p.Mode, p.Width = Length, 4 }, "AABB", "00000002 AABB"},
	{"length, four low first", func(p *Params) { p.Mode, p.Width, p.LittleEndian = Length, 4, true }, "AA", "01000000 AA"},
	{"length counts itself", func(p *Params) { p.Mode, p.Adjustment = Length, -2 }, "AABB", "0004 AABB"},
	{"length counts less", func(p *Params) { p.Mode, p.Adjustment = Length, 1 }, "AABB", "0001 AABB"},
	{"length behind zeros", func(p *Params) { p.Mode, p.Offset = Length, 3 }, "AA", "000000 0001 AA"},
	{"length behind a header", func(p *Params) { p.Mode, p.Offset, p.Header = Length, 3, []byte{7, 8} }, "AA", "070800 0001 AA"},
	{"header cut to the offset", func(p *Params) { p.Mode, p.Offset, p.Header = Length, 1, []byte{7, 8} }, "AA", "07 0001 AA"},
	{"length, header kept", func(p *Params) { p.Mode, p.Offset, p.KeepHeader = Length, 1, true }, "55 0002 AABB", "55 0002 AABB"},
	{"length, header kept and checked", keptField, "55 02 AABB", "55 02 AABB"},
	{"start marker inside, begins anew, escape", anew(marked("02", "03", "10")), "4102", "02 41 1002 03"},
	{"markers", marked("02", "03", ""), "4142", "02 4142 03"},
	{"markers, empty", marked("02", "03", ""), "", "02 03"},
	{"no start marker", marked("", "0D0A", ""), "4142", "4142 0D0A"},
	{"start marker inside", marked("02", "03", ""), "4102", "02 4102 03"},
	{"escape", marked("02", "03", "10"), "41 02 03 10 42", "02 41 1002 1003 1010 42 03"},
	{"escape of the last byte", marked("02", "03", "10"), "10", "02 1010 03"},
	{"escape begins both markers", marked("1002", "1003", "10"), "41 10 03 10", "1002 41 1010 03 1010 1003"},
	{"XOR", checked(CheckXOR, 2), "4142", "02 4142 03 00"},
	{"XOR over nothing else", checked(CheckXOR, 0), "4142", "02 4142 03 03"},
	{"XOR over the start", checked(CheckXOR, 1), "4142", "02 4142 03 01"},
	{"XOR over both", checked(CheckXOR, 3), "4142", "02 4142 03 02"},
	{"sum", checked(CheckSum, 0), "FF04", "02 FF04 03 03"},
	{"LRC", checked(CheckLRC, 0), "0104", "02 0104 03 FB"},
	{"CRC-16/MODBUS", checked(CheckCRC16, 0), "313233343536373839", "02 313233343536373839 03 374B"},
	{"CRC-16/XMODEM", checked(CheckCRC16CCITT, 0), "313233343536373839", "02 313233343536373839 03 31C3"},
	{"check bytes are not escaped", escapedXOR, "4041", "02 4041 03 02"},
	{"check over the message without escapes", escapedXOR, "02 03", "02 1002 1003 03 02"},
}

func tagged(tag string) func(*Params) {
	return func(p *Params) { p.Mode, p.Tag = EndTag, []byte(tag) }
}

func marked(start, end, escape string) func(*Params) {
	return func(p *Params) {
		p.Mode = Markers
		p.Start, p.End, p.Escape = unhex(start), unhex(end), unhex(escape)
	}
}

func checked(check Check, span int) func(*Params) {
	return func(p *Params) { p.Mode, p.Check, p.CheckSpan = Markers, check, span }
}

func escapedXOR(p *Params) {
	marked("02", "03", "10")(p)
	p.Check = CheckXOR
}

func TestWire(t *testing.T) {
	for _, c := range wires {
		t.Run(c.name, func(t *testing.T) {
			f := framerWith(t, c.change)
			message, wire := unhex(c.message), unhex(c.wire)
			assert.Equal(t, wire, encode(t, f, message))

			twice := append(bytes.Clone(wire), wire...)
			got := sameInPieces(t, f, twice, len(wire)+1)
			assert.Equal(t, [][]byte{message, message}, got.messages)
			assert.Empty(t, got.buffer)
		})
	}
}

func TestPresets(t *testing.T) {
	cases := []struct {
		name, message, wire string
	}{
		{"modbus-tcp", "0001 0000 0006 11 03 006B 0003", "0001 0000 0006 11 03 006B 0003"},
		{"tpkt", "02F080", "0300 0007 02F080"},
		{"mllp", "4D53487C0D", "0B 4D53487C0D 1C0D"},
		{"stx-etx-bcc", "3132", "02 3132 03 00"},
		{"iso8583", "30383030", "0004 30383030"},
	}
	var names []string
	for _, c := range cases {
		names = append(names, c.name)
		t.Run(c.name, func(t *testing.T) {
			f := preset(t, c.name)
			assert.Equal(t, unhex(c.wire), encode(t, f, unhex(c.message)))
			got := sameInPieces(t, f, append(unhex(c.wire), unhex(c.wire)...), 3)
			assert.Equal(t, [][]byte{unhex(c.message), unhex(c.message)}, got.messages)
		})
	}
	assert.Equal(t, names, Presets())
}

func TestPresetKeepsLimitAndTag(t *testing.T) {
	p := Defaults()
	p.Limit, p.Tag, p.TagAsIs, p.Offset, p.LittleEndian = 1234, []byte("END"), true, 9, true
	got, ok := Preset(p, "iso8583")
	require.True(t, ok)
	assert.Equal(t, 1234, got.Limit)
	assert.Equal(t, []byte("END"), got.Tag)
	assert.True(t, got.TagAsIs)
	assert.Zero(t, got.Offset)
	assert.False(t, got.LittleEndian)

	same, ok := Preset(p, "MODBUS")
	assert.False(t, ok)
	assert.Equal(t, p, same)
}

func TestModbusWritesTheLength(t *testing.T) {
	f := preset(t, "modbus-tcp")
	assert.Equal(t, unhex("0001 0000 0002 1103"), encode(t, f, unhex("0001 0000 FFFF 1103")))
}

func TestCorrelator(t *testing.T) {
	c, ok := preset(t, "modbus-tcp").(Correlator)
	require.True(t, ok)
	request := unhex("0007 0000 0002 1103")
	assert.True(t, c.Answers(request, unhex("0007 0000 0003 110302")))
	assert.False(t, c.Answers(request, unhex("0008 0000 0003 110302")), "another transaction")
	assert.False(t, c.Answers(request, unhex("0007 0001 0003 110302")), "another protocol")
	assert.False(t, c.Answers(request, unhex("0007 00")))
	assert.False(t, c.Answers(unhex("0007"), request))

	for _, name := range []string{"tpkt", "iso8583", "mllp", "stx-etx-bcc"} {
		_, ok = preset(t, name).(Correlator)
		assert.False(t, ok, name)
	}
	p, _ := Preset(Defaults(), "modbus-tcp")
	p.KeepHeader = false
	f, err := New(p)
	require.NoError(t, err)
	_, ok = f.(Correlator)
	assert.False(t, ok, "no header, no transaction number")
}

func TestCorrelatorFindsItsAnswer(t *testing.T) {
	c := preset(t, "modbus-tcp").(Correlator)
	request := unhex("0007 0000 0002 1103")
	for stream, want := range map[string]int{
		"":                              0,
		"0007 0000 0005 1103020001":     0, // at the front
		"0006 0000 00FE 1103 0007 0000": 0, // not enough of it
		"0006 0000 00FE 1103 0007 0000 0005 1103020001": 8,
		"0006 0000 00FE 1103 0007 0000 0003 118302":     8, // an exception
		"0006 0000 00FE 1103 0007 0000 0005 1203":       0, // another unit
		"0006 0000 00FE 1103 0007 0000 0005 1104":       0, // another function
		"0006 0000 00FE 1103 0007 0000 0001 1103":       0, // no header
	} {
		at, err := c.Find(request, unhex(stream))
		assert.Equal(t, want, at, stream)
		assert.Equal(t, want > 0, err != nil, stream)
		if err != nil {
			framedError(t, err)
		}
	}
	assert.True(t, c.Meant(request, unhex("0007 0000 FFFF")))
	assert.True(t, c.Meant(request, unhex("0007 0009 0005")))
	assert.True(t, c.Meant(request, unhex("FF 0007 0000 FFFF")))
	assert.False(t, c.Meant(request, unhex("0006 0000 FFFF")))
	assert.False(t, c.Meant(nil, unhex("0006 0000 FFFF")))
	assert.False(t, c.Meant(request, unhex("00")))
}

func TestTagAsIs(t *testing.T) {
	f := framerWith(t, func(p *Params) { p.Mode, p.Tag, p.TagAsIs = EndTag, []byte("\r\n"), true })
	assert.Equal(t, []byte("QUIT\r\n"), encode(t, f, []byte("QUIT\r\n")))
	got := sameInPieces(t, f, []byte("QUIT\r\nA\r\n"), 5)
	assert.Equal(t, [][]byte{[]byte("QUIT"), []byte("A")}, got.messages)
}

func TestRaw(t *testing.T) {
	f := framerWith(t, func(p *Params) { p.Mode, p.Limit = Raw, 4 })
	assert.True(t, f.Stream())
	assert.Zero(t, f.Gap())
	got := atOnce(t, f, []byte("ABCDEF"))
	assert.Equal(t, [][]byte{[]byte("ABCDEF")}, got.messages, "the reader says how much it takes")
	assert.Equal(t, []byte("AB"), encode(t, f, []byte("AB")))
	fr, err := f.Decode(nil, 0)
	require.NoError(t, err)
	checkFrame(t, nil, fr, err)
}

func TestGap(t *testing.T) {
	f := framerWith(t, func(p *Params) { p.Mode, p.Gap, p.Limit = Gap, 20*time.Millisecond, 4 })
	assert.False(t, f.Stream())
	assert.Equal(t, 20*time.Millisecond, f.Gap())
	assert.Equal(t, [][]byte{[]byte("ABCD")}, atOnce(t, f, []byte("ABCD")).messages)
	_, err := f.Decode([]byte("ABCDE"), 0)
	assert.ErrorIs(t, err, fault.TooLong)
	fr, err := f.Decode(nil, 0)
	checkFrame(t, nil, fr, err)
}

func TestModes(t *testing.T) {
	for _, mode := range Modes() {
		f := framerWith(t, func(p *Params) { p.Mode = mode })
		assert.Equal(t, mode == Raw, f.Stream())
		assert.Equal(t, mode == Gap, f.Gap() > 0)
	}
}

func TestSizeIsKnownEarly(t *testing.T) {
	cases := []struct {
		name       string
		change     func(*Params)
		bytes      string
		size, need int
	}{
		{"size, nothing yet", func(p *Params) {}, "", -1, 3},
		{"size, digits", func(p *Params) {}, "3131", -1, 4},
		{"size, CR", func(p *Params) {}, "31310D", -1, 4},
		{"size", func(p *Params) {}, "31310D0A 48", 11, 15},
		{"length, half a field", func(p *Params) { p.Mode = Length }, "01", -1, 2},
		{"length", func(p *Params) { p.Mode = Length }, "0100", 256, 258},
		{"length kept", func(p *Params) { p.Mode, p.KeepHeader = Length, true }, "0100", 258, 258},
		{"fixed", func(p *Params) { p.Mode, p.Length = Fixed, 9 }, "", 9, 9},
		{"tag", tagged("12345"), "41", -1, 5},
		{"markers", checked(CheckCRC16, 0), "", -1, 4},
		{"markers, check to come", checked(CheckCRC16, 0), "0241420301", 2, 6},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := unhex(c.bytes)
			fr, err := framerWith(t, c.change).Decode(p, 0)
			require.NoError(t, err)
			checkFrame(t, p, fr, err)
			assert.Zero(t, fr.Total)
			assert.Equal(t, c.size, fr.Size)
			assert.Equal(t, c.need, fr.Need)
		})
	}
}

func TestLeadingZerosAreRead(t *testing.T) {
	f := framerWith(t, func(*Params) {})
	got := sameInPieces(t, f, []byte("0000000002\r\nAB00\r\n1\r\nC"), 12)
	assert.Equal(t, [][]byte{[]byte("AB"), {}, []byte("C")}, got.messages)
}

func TestScannedSavesWork(t *testing.T) {
	long := bytes.Repeat([]byte("a"), 1000)
	for name, f := range map[string]Framer{
		"tag":     framerWith(t, tagged("\r\n")),
		"markers": framerWith(t, marked("", "0D0A", "")),
		"escape":  framerWith(t, marked("", "0D0A", "10")),
	} {
		fr, err := f.Decode(long, 0)
		require.NoError(t, err, name)
		assert.GreaterOrEqual(t, fr.Scanned, len(long)-1, name)
	}
}

func TestScannedOutOfRangeIsHarmless(t *testing.T) {
	for _, c := range wires {
		f := framerWith(t, c.change)
		for _, scanned := range []int{math.MinInt, -1, 1000, math.MaxInt} {
			p := unhex(c.wire)[:len(unhex(c.wire))/2]
			fr, err := f.Decode(p, scanned)
			checkFrame(t, p, fr, err)
		}
	}
}

func TestFramerKeepsCopies(t *testing.T) {
	p := Defaults()
	p.Mode, p.Tag = EndTag, []byte("\r\n")
	f, err := New(p)
	require.NoError(t, err)
	p.Tag[0] = 'X'
	assert.Equal(t, []byte("A\r\n"), encode(t, f, []byte("A")))
}

func TestForeignEscapes(t *testing.T) {
	f := framerWith(t, marked("02", "03", "10"))
	got := sameInPieces(t, f, unhex("02 41 1042 43 03"), 3)
	assert.Equal(t, [][]byte{[]byte("ABC")}, got.messages, "any byte may be escaped")
}

// steady is one framer of each kind with a message for it.
func steady(t testing.TB) map[string]Framer {
	return map[string]Framer{
		"size":       framerWith(t, func(*Params) {}),
		"tag":        framerWith(t, tagged("\r\n")),
		"raw":        framerWith(t, func(p *Params) { p.Mode = Raw }),
		"gap":        framerWith(t, func(p *Params) { p.Mode = Gap }),
		"fixed":      framerWith(t, func(p *Params) { p.Mode, p.Length = Fixed, 64 }),
		"length":     framerWith(t, func(p *Params) { p.Mode = Length }),
		"modbus":     preset(t, "modbus-tcp"),
		"markers":    framerWith(t, checked(CheckCRC16, 3)),
		"escape":     framerWith(t, escapedXOR),
		"mllp":       preset(t, "mllp"),
		"anew":       framerWith(t, anew(escapedXOR)),
		"records":    framerWith(t, records),
		"no markers": framerWith(t, marked("", "0D", "")),
	}
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	for name, f := range steady(t) {
		t.Run(name, func(t *testing.T) {
			message := bytes.Repeat([]byte("A"), 64)
			switch name {
			case "escape", "anew":
				message = bytes.Repeat([]byte{0x02}, 64)
			case "modbus":
				copy(message, unhex("0001 0000"))
			}
			wire := encode(t, f, message)
			scratch, dst := make([]byte, 0, 256), make([]byte, 64)
			assert.Zero(t, testing.AllocsPerRun(100, func() {
				_, _, _, scratch, _ = f.Encode(scratch, message)
				if _, err := f.Decode(wire[:len(wire)-1], 0); err != nil {
					t.Error(err)
				}
				fr, _ := f.Decode(wire, 0)
				if f.Extract(dst, wire, fr) != 64 {
					t.Error("not the message")
				}
			}))
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	message := bytes.Repeat([]byte("A"), 64)
	copy(message, unhex("0001 0000")) // as "modbus" wants it
	for name, f := range steady(b) {
		b.Run(name, func(b *testing.B) {
			wire := encode(b, f, message)
			dst := make([]byte, 64)
			b.SetBytes(int64(len(message)))
			for b.Loop() {
				fr, _ := f.Decode(wire, 0)
				f.Extract(dst, wire, fr)
			}
		})
	}
}
