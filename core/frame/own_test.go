package frame

import (
	"bytes"
	"encoding/hex"
	"math/bits"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// ownFramer makes the framer of a protocol that has its own.
func ownFramer(t testing.TB, name string, limit int) Framer {
	t.Helper()
	p := Defaults()
	p.Limit = limit
	p, known := Protocol(p, name)
	require.True(t, known, name)
	f, err := New(p)
	require.NoError(t, err)
	return f
}

// onTheWire are messages of protocols with framers of their own: name, bytes, message.
var onTheWire = []struct{ name, wire, message string }{
	// The examples of MODBUS application protocol V1.1b3, 6, with the CRCs of address 11.
	{"modbus-rtu", "11 03 06 022B 0000 0064 C8BA", "11 03 06 022B 0000 0064"},
	{"modbus-rtu", "11 01 01 05 954B", "11 01 01 05"},
	{"modbus-rtu", "11 05 00AC FF00 4E8B", "11 05 00AC FF00"},
	{"modbus-rtu", "11 83 02 C134", "11 83 02"},
	{"modbus-rtu", "11 2B 0E 01 01 00 00 02 00 02 4141 01 01 42 0000", "11 2B 0E 01 01 00 00 02 00 02 4141 01 01 42"},
	{"modbus-rtu", "11 18 0006 0002 01B8 1284 0000", "11 18 0006 0002 01B8 1284"},
	{"modbus-rtu", "11 08 0000 A537 0000", "11 08 0000 A537"},
	{"modbus-rtu", "11 66 414243 0000", "11 66 414243"},
	{"modbus-rtu-slave", "11 03 006B 0003 7687", "11 03 006B 0003"},
	{"modbus-rtu-slave", "11 10 0001 0002 04 000A 0102 C6F0", "11 10 0001 0002 04 000A 0102"},
	{"modbus-rtu-slave", "11 17 0003 0006 000E 0003 06 00FF 00FF 00FF 0000", "11 17 0003 0006 000E 0003 06 00FF 00FF 00FF"},
	{"modbus-rtu-slave", "11 11 CDEC", "11 11"},
	{"modbus-rtu-slave", "11 2B 0E 01 00 0000", "11 2B 0E 01 00"},
	{"modbus-rtu-slave", "11 64 41 0000", "11 64 41"},
	// A reset of the link, and a read of class 0 to 3, as descriptions of the protocol show them.
	{"dnp3", "0564 05 C0 0100 0A00 E08C", "C0 0100 0A00"},
	{"dnp3", "0564 14 C4 0A00 0100 0000 C0C3 01 3C02 06 3C03 06 3C04 06 3C01 06 0000", "C4 0A00 0100 C0C3 01 3C02 06 3C03 06 3C04 06 3C01 06"},
	{"dnp3", "0564 00", "44 0100 0A00 000102030405060708090A0B0C0D0E0F 10"},
	{"hdlc", "7E FF7D23 C021 000000", "FF03 C021"},
	{"slip", "C0 41 DBDC DBDD 42 C0", "41 C0DB 42"},
	{"slip", "C0 41 C0", "41"},
	{"postgres", "0000 0008 04D2 162F", "0000 0008 04D2 162F"},
	{"postgres", "51 0000 000D 53454C4543542031 00", "51 0000 000D 53454C4543542031 00"},
	{"postgres", "5A 0000 0005 49", "5A 0000 0005 49"},
	{"redis", "2B4F4B0D0A", "2B4F4B0D0A"},                         // +OK
	{"redis", "24350D0A610D0A620A0D0A", "24350D0A610D0A620A0D0A"}, // $5, a CR LF b LF
	{"redis", "50494E470D0A", "50494E470D0A"},                     // PING
	{"redis", "2A320D0A24340D0A4543484F0D0A2A310D0A3A2D310D0A", "2A320D0A24340D0A4543484F0D0A2A310D0A3A2D310D0A"},
	{"redis", "7C310D0A2B610D0A5F0D0A25310D0A2B620D0A242D310D0A", "7C310D0A2B610D0A5F0D0A25310D0A2B620D0A242D310D0A"},
}

// wireOf is the row's wire. Check bytes that a 0000 at its end, or in it, stands for are
// computed.
func wireOf(t testing.TB, name, wire, message string) []byte {
	p := unhex(wire)
	if bytes.HasSuffix(p, []byte{0, 0}) || len(p) < 4 {
		return encode(t, ownFramer(t, name, 1000), unhex(message))
	}
	return p
}

// TestOwnOnTheWire reads what a protocol shows, cut at every byte, and writes it again.
func TestOwnOnTheWire(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range onTheWire {
		f, wire, m := ownFramer(t, row.name, 1000), wireOf(t, row.name, row.wire, row.message), unhex(row.message)
		assert.Equal(t, hex.EncodeToString(wire), hex.EncodeToString(encode(t, f, m)), row.wire)
		r := everyCut(t, f, append(bytes.Clone(wire), wire...))
		one := "message " + hex.EncodeToString(m)
		assert.Equal(t, []string{one, one}, r.events, row.wire)
		assert.Empty(t, r.buffer, row.wire)
		seen[row.name] = true
	}
	for _, name := range ownNames() {
		assert.True(t, seen[name], name)
	}
}

// TestOwnIsADescription: the name is the whole text, and is given back.
func TestOwnIsADescription(t *testing.T) {
	for _, name := range ownNames() {
		p, err := Describe(Defaults(), " "+name+" ")
		require.NoError(t, err)
		assert.Equal(t, Described, p.Mode)
		assert.Equal(t, name, View(p))
		again, known := Protocol(Defaults(), name)
		assert.True(t, known)
		assert.Equal(t, p, again)
		p, err = Describe(p, "data 0A")
		require.NoError(t, err)
		assert.Equal(t, "data 0A", View(p))
		p, err = Describe(again, "")
		require.NoError(t, err)
		assert.Equal(t, Size, p.Mode)
		assert.Contains(t, ownFramer(t, name, 9).String(), name)
	}
}

// TestPresetsAreNoDescriptions: all other names say where they belong.
func TestPresetsAreNoDescriptions(t *testing.T) {
	for _, name := range PresetNames() {
		if hasOwn(name) {
			continue
		}
		p, err := Describe(Defaults(), name+" ")
		var failure *fault.Error
		require.ErrorAs(t, err, &failure, name)
		assert.Equal(t, Defaults(), p)
		assert.Equal(t, fault.Argument, failure.Code)
		assert.Contains(t, failure.Text(fault.English), "\""+name+"\" is the name of a preset and no description: set it with WDS_TEXT_FRAME_PRESET")
		assert.Contains(t, failure.Text(fault.French), "réglez-le avec WDS_TEXT_FRAME_PRESET")
	}
}

// TestOwnMutated damages streams of messages, which gives the same however they are cut, and
// comes back to right messages behind the damage.
func TestOwnMutated(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for range 400 {
		row := onTheWire[r.IntN(len(onTheWire))]
		f, wire := ownFramer(t, row.name, 20+r.IntN(1000)), wireOf(t, row.name, row.wire, row.message)
		stream := bytes.Repeat(wire, 3)
		for range 1 + r.IntN(3) {
			at := r.IntN(len(stream))
			switch r.IntN(3) {
			case 0:
				stream[at] ^= byte(1 << r.IntN(8))
			case 1:
				stream = append(stream[:at:at], stream[at+1:]...)
			case 2:
				stream = append(append(stream[:at:at], byte(r.IntN(256))), stream[at:]...)
			}
		}
		everyCut(t, f, stream)
	}
}

// TestOwnAllocatesNothing per message.
func TestOwnAllocatesNothing(t *testing.T) {
	for _, row := range onTheWire {
		f, m := ownFramer(t, row.name, 1000), unhex(row.message)
		var scratch, wire []byte
		dst := make([]byte, 1000)
		once := func() {
			var head, body, tail []byte
			var err error
			if head, body, tail, scratch, err = f.Encode(scratch, m); err != nil {
				t.Fatal(err)
			}
			wire = append(append(append(wire[:0], head...), body...), tail...)
			scanned := 0
			for n := 1; n <= len(wire); n++ {
				fr, err := f.Decode(wire[:n], scanned)
				if scanned = fr.Scanned; err != nil || fr.Total != 0 && f.Extract(dst, wire, fr) != len(m) {
					t.Fatal(row, err, fr)
				}
			}
		}
		once()
		require.Zero(t, testing.AllocsPerRun(100, once), row.wire)
	}
}

// TestGuessOwn: of several messages a protocol with check bytes is the first guess.
func TestGuessOwn(t *testing.T) {
	for _, row := range onTheWire {
		i := slices.IndexFunc(own[:], func(o ownProtocol) bool { return o.name == row.name })
		if own[i].check == "" {
			continue
		}
		found := Guess(bytes.Repeat(wireOf(t, row.name, row.wire, row.message), 3))
		require.NotEmpty(t, found, row.wire)
		texts := []string{found[0].Text}
		for _, g := range found[1:] {
			texts = append(texts, g.Text)
		}
		assert.Contains(t, texts[:min(2, len(texts))], row.name, row.wire, row.message)
		assert.Contains(t, found[slices.Index(texts, row.name)].Reason(fault.English), "3 messages are whole; the check bytes "+own[i].check)
	}
}

// FuzzDecodeOwn reads any bytes as any protocol, and writes them.
func FuzzDecodeOwn(f *testing.F) {
	for i, row := range onTheWire {
		f.Add(uint8(i), unhex(row.wire), uint16(300), uint16(3))
		f.Add(uint8(i), unhex(row.message), uint16(300), uint16(3))
	}
	f.Fuzz(func(t *testing.T, which uint8, stream []byte, limit, cut uint16) {
		if len(stream) > fuzzStreamLimit {
			return
		}
		f := ownFramer(t, own[int(which)%len(own)].name, 1+int(limit))
		sameInPieces(t, f, stream, int(cut)%(len(stream)+1))
		head, body, tail, _, err := f.Encode(nil, stream)
		if err != nil {
			framedError(t, err)
			return
		}
		sameInPieces(t, f, bytes.Join([][]byte{head, body, tail}, nil), int(cut)%(len(stream)+1))
	})
}

func ownEvents(t testing.TB, name, stream string) []string {
	t.Helper()
	return everyCut(t, ownFramer(t, name, 1000), unhex(stream)).events
}

// TestModbusRTUDamage: noise, damage, lost bytes, functions that are not known.
func TestModbusRTUDamage(t *testing.T) {
	const good, message = "1103 06 022B 0000 0064 C8BA", "message 110306022b00000064"
	for name, c := range map[string]struct {
		stream string
		want   []string
	}{
		"a wrong CRC is told at once": {"1103 06 022B 0000 0065 C8BA", []string{"error -63"}},
		"and goes on behind it":       {"1103 06 022B 0000 0065 C8BA" + good, []string{"error -63", message}},
		"a byte too many":             {"00" + good, []string{"error -60", message}},
		"noise":                       {"FF FF FF 41" + good, []string{"error -60", message}},
		"a byte too few":              {"1103 06 022B 0000 64 C8BA" + good, []string{"error -63", message}},
		"the end is missing":          {"1103 06 022B 0000" + good, []string{"error -63", message}},
		"and an exception behind":     {"1103 06 022B 0000 0065 C8BA 1183 02 C134", []string{"error -63", "message 118302"}},
	} {
		assert.Equal(t, c.want, ownEvents(t, "modbus-rtu", c.stream), name)
	}
	f := ownFramer(t, "modbus-rtu", 1000)
	noise := bytes.Repeat([]byte{0x55}, modbusLongest)
	r := everyCut(t, f, noise[:modbusLongest-1])
	assert.Empty(t, r.events, "a CRC may still come")
	r = everyCut(t, f, append(noise, unhex(good)...))
	assert.Equal(t, []string{"error -60", message}, r.events)
	for _, m := range [][]byte{nil, {1}, make([]byte, modbusLongest-1)} {
		_, _, _, _, err := f.Encode(nil, m)
		require.ErrorIs(t, err, fault.Frame)
	}
	_, _, _, _, err := ownFramer(t, "modbus-rtu", 3).Encode(nil, unhex("110306"+"0000"))
	require.ErrorIs(t, err, fault.TooLong)
	small := everyCut(t, ownFramer(t, "modbus-rtu", 5), unhex(good+"1183 02 C134"))
	assert.Equal(t, []string{"error -61", "message 118302"}, small.events, "over the limit, and behind it")
}

// TestDNP3Damage: noise, wrong check bytes of either kind, lost bytes.
func TestDNP3Damage(t *testing.T) {
	const good, message = "0564 05 C0 0100 0A00 E08C", "message c001000a00"
	long := hex.EncodeToString(encode(t, ownFramer(t, "dnp3", 1000), unhex("44 0100 0A00 000102030405060708090A0B0C0D0E0F 10")))
	assert.Len(t, long, 2*(10+16+2+1+2))
	for name, c := range map[string]struct {
		stream string
		want   []string
	}{
		"noise":               {"00 05 05 41" + good, []string{"error -60", message}},
		"of the first block":  {"0564 05 C1 0100 0A00 E08C" + good, []string{"error -63", message}},
		"of another block":    {long[:40] + "FF" + long[42:] + good, []string{"error -63", message}},
		"the end is missing":  {long[:40] + good + good, []string{"error -63", message, message}},
		"a length too short":  {"0564 04 C0 0100 0A00 0000", []string{"error -63"}},
		"a start in the data": {long + good, []string{"message 4401000a00000102030405060708090a0b0c0d0e0f10", message}},
	} {
		assert.Equal(t, c.want, ownEvents(t, "dnp3", c.stream), name)
	}
	f := ownFramer(t, "dnp3", 300)
	for _, n := range []int{0, dnp3Link - 1, dnp3Most + 1} {
		_, _, _, _, err := f.Encode(nil, make([]byte, n))
		require.ErrorIs(t, err, fault.Frame)
	}
	r := rand.New(rand.NewPCG(33, 34))
	for n := dnp3Link; n <= dnp3Most; n++ {
		m := make([]byte, n)
		for i := range m {
			m[i] = byte(r.Uint32())
		}
		wire := encode(t, f, m)
		got := sameInPieces(t, f, append(bytes.Clone(wire), wire...), r.IntN(len(wire)))
		one := "message " + hex.EncodeToString(m)
		require.Equal(t, []string{one, one}, got.events)
		require.Empty(t, got.buffer)
	}
	small := everyCut(t, ownFramer(t, "dnp3", 10), unhex(long+good))
	assert.Equal(t, []string{"error -61", message}, small.events)
}

// TestStuffed: marks that are shared, noise, stray escape bytes, wrong check bytes.
func TestStuffed(t *testing.T) {
	assert.Equal(t, []string{"message 41", "message c0", "error -60", "message 42"}, ownEvents(t, "slip", "41 C0 DBDC C0C0C0 DB41 C0 42 C0 C0"))
	assert.Equal(t, []string{"error -60"}, ownEvents(t, "slip", "C0 41 DB C0"))
	// The first message of PPP: FF 03, with all control characters escaped.
	f := ownFramer(t, "hdlc", 100)
	assert.Equal(t, "7eff03c02101010004d1b57e", hex.EncodeToString(encode(t, f, unhex("FF03 C021 01010004"))))
	assert.Equal(t, []string{"message ff03c02101010004", "error -63", "error -60", "message ff03c02101010004"},
		ownEvents(t, "hdlc", "7E FF 7D23 C0 21 7D21 7D21 7D20 7D24 D1 B5 7E FF03C02101010005D1B5 7E 41 7E 7D7D 7E FF03C02101010004D1B5 7E"))
	r := rand.New(rand.NewPCG(35, 36))
	for _, name := range []string{"slip", "hdlc"} {
		f := ownFramer(t, name, 30)
		for range 2000 {
			m := make([]byte, 1+r.IntN(30))
			for i := range m {
				m[i] = []byte{0xC0, 0xDB, 0xDC, 0xDD, 0x7E, 0x7D, 0x5E, 0x41}[r.IntN(8)]
			}
			wire := encode(t, f, m)
			got := sameInPieces(t, f, append(bytes.Clone(wire), wire[1:]...), r.IntN(len(wire)))
			one := "message " + hex.EncodeToString(m)
			require.Equal(t, []string{one, one}, got.events)
			require.Empty(t, got.buffer)
		}
		_, _, _, _, err := f.Encode(nil, nil)
		require.ErrorIs(t, err, fault.Frame)
		long := everyCut(t, f, append([]byte{f.EndMark()[0]}, bytes.Repeat([]byte("A"), 100)...))
		assert.Equal(t, []string{"error -61"}, long.events, "memory is bounded")
		scanned := 0
		for n := 1; n < 30; n++ {
			fr, err := f.Decode(bytes.Repeat([]byte("A"), n), scanned)
			require.NoError(t, err)
			scanned = fr.Scanned
			assert.Equal(t, n, scanned, "what was looked at is not looked at again")
		}
	}
}

// TestPostgres: the first message has no type, a wrong length is the end, and writing puts it
// right.
func TestPostgres(t *testing.T) {
	assert.Equal(t, []string{"message 0000000804d2162f", "message 5100000005" + "00", "message 5300000004"},
		ownEvents(t, "postgres", "0000000804D2162F 5100000005 00 5300000004"))
	for _, wrong := range []string{"0000000704D216", "0000271104", "5100000003", "51FFFFFFFF"} {
		assert.True(t, everyCut(t, ownFramer(t, "postgres", 1000), unhex(wrong)).dead, wrong)
	}
	f := ownFramer(t, "postgres", 1000)
	assert.Equal(t, "510000000a53454c454354", hex.EncodeToString(encode(t, f, []byte("Q\x00\x00\x00\x00SELECT"))))
	fr, err := f.Decode([]byte("D\x00\x00\x01\x00"), 0)
	require.NoError(t, err)
	assert.Equal(t, Frame{Size: 257, Need: 257}, fr, "known at once")
	for _, m := range []string{"", "00000000", "00000000" + "00"} {
		_, _, _, _, err := f.Encode(nil, unhex(m))
		require.ErrorIs(t, err, fault.Frame, m)
	}
	_, err = ownFramer(t, "postgres", 5).Decode([]byte("D\x00\x00\x01\x00"), 0)
	require.ErrorIs(t, err, fault.TooLong)
}

// TestRedis: values of every type, nested, null, pushed; what is none; what is too long.
func TestRedis(t *testing.T) {
	const limit = 2000
	f := ownFramer(t, "redis", limit)
	for _, value := range []string{
		"+OK\r\n", "-ERR no\r\n", ":-12\r\n", "_\r\n", "#t\r\n", ",1.5e3\r\n", "(3492890328409238509324850943850943825024385\r\n", "+\r\n", "+a\rb\r\n",
		"$0\r\n\r\n", "$-1\r\n", "*-1\r\n", "$3\r\n\r\n\r\r\n", "!5\r\nERR x\r\n", "=7\r\ntxt:abc\r\n", "*0\r\n", "~2\r\n:1\r\n:2\r\n", ">2\r\n+message\r\n$1\r\nx\r\n",
		"%2\r\n+a\r\n:1\r\n+b\r\n*1\r\n_\r\n", "|1\r\n+ttl\r\n:3600\r\n*2\r\n:1\r\n|1\r\n+a\r\n+b\r\n:2\r\n", "*1\r\n*1\r\n*1\r\n*0\r\n",
		strings.Repeat("*1\r\n", 300) + ":1\r\n", "*100\r\n" + strings.Repeat("$2\r\n\r\n\r\n", 100), "PING\r\n", "get key\n",
	} {
		r := everyCut(t, f, []byte(value+value+"+"))
		assert.Equal(t, []string{"message " + hex.EncodeToString([]byte(value)), "message " + hex.EncodeToString([]byte(value))}, r.events, "%q", value)
		assert.Equal(t, value, string(encode(t, f, []byte(value))))
	}
	for _, wrong := range []string{
		"\r\n", "?\r\n", "*1\r\nPING\r\n", "$1\r\nabc\r\n", "$x", "$\r\n", "$-2", "$-1x", "*-12", "%-1", "!-1", "*?", "$1\rx", "$1\n", "+a\n", "+\n", "*--1", "$-\r", "*+1",
		"$0000000000000000001\r\n", "*1\r\n\r\n", "\x00",
	} {
		assert.True(t, everyCut(t, f, []byte(wrong)).dead, "%q", wrong)
		_, _, _, _, err := f.Encode(nil, []byte(wrong))
		require.ErrorIs(t, err, fault.Frame, "%q", wrong)
	}
	for _, long := range []string{
		"*667\r\n", "%334\r\n", "$1994\r\n", "*4294967295\r\n", "%999999999999999999\r\n", "$999999999999999999\r\n", "*600\r\n*600\r\n", "+" + strings.Repeat("a", limit),
		strings.Repeat("x", limit+1), "*1\r\n$1990\r\n",
	} {
		assert.Equal(t, []string{"error -61"}, everyCut(t, f, []byte(long)).events, "%.20q", long)
	}
	for _, part := range []string{"", "+OK", "*1\r\n", "+a\r\n+b\r\n", "$3\r\nab"} {
		_, _, _, _, err := f.Encode(nil, []byte(part))
		require.ErrorIs(t, err, fault.Frame, "%q", part)
	}
	fr, err := f.Decode([]byte("$1000\r\nab"), 0)
	require.NoError(t, err)
	assert.Equal(t, [2]int{1009, 1009}, [2]int{fr.Size, fr.Need}, "a long value is received where it is wanted")
}

// TestRedisLooksOnce: byte by byte, each value of a long answer is passed once.
func TestRedisLooksOnce(t *testing.T) {
	f := ownFramer(t, "redis", 60000)
	wire := []byte("*3\r\n*2000\r\n" + strings.Repeat("$5\r\nhello\r\n", 2000) + "+" + strings.Repeat("line", 5000) + "\r\n:1\r\n")
	scanned, last := 0, 0
	for n := range wire {
		fr, err := f.Decode(wire[:n], scanned)
		require.NoError(t, err)
		require.Zero(t, fr.Total)
		s := respStateOf(fr.Scanned)
		if bits.UintSize == 64 || n < 1<<15 {
			require.GreaterOrEqual(t, s.pos, last)
			require.GreaterOrEqual(t, s.pos, n-12, "no more than a value")
			last = s.pos
		}
		scanned = fr.Scanned
	}
	fr, err := f.Decode(wire, scanned)
	require.NoError(t, err)
	assert.Equal(t, len(wire), fr.Total)
}

// TestModbusRTUPrefersItsLength: a message that another one carries is none.
func TestModbusRTUPrefersItsLength(t *testing.T) {
	f := ownFramer(t, "modbus-rtu", 1000)
	inner := unhex("1183 02 C134")
	m := append(unhex("1103 05"), inner...)
	r := everyCut(t, f, encode(t, f, m))
	assert.Equal(t, []string{"message " + hex.EncodeToString(m)}, r.events)
}

// TestModbusRTURoundTrip: messages of all functions with a length, any data, back to back.
func TestModbusRTURoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	random := func(n int) []byte {
		p := make([]byte, n)
		for i := range p {
			p[i] = byte(r.Uint32())
		}
		return p
	}
	for _, name := range []string{"modbus-rtu", "modbus-rtu-slave"} {
		f := ownFramer(t, name, 300)
		length := modbusResponse
		if name != "modbus-rtu" {
			length = modbusRequest
		}
		written := map[byte]int{}
		for range 300 {
			var stream []byte
			var want []string
			for range 4 {
				m := random(modbusLongest + 20)
				m[1] = byte(1 + r.IntN(0x18))
				if r.IntN(4) == 0 {
					m[1] = modbusEncapsulated
					m[2], m[7] = deviceIdentification, byte(r.IntN(3))
				}
				n, _ := length(m)
				if n < modbusShortest || n > modbusLongest {
					continue
				}
				m = m[:n-modbusCRC]
				written[m[1]]++
				stream = append(stream, encode(t, f, m)...)
				want = append(want, "message "+hex.EncodeToString(m))
			}
			if len(stream) > 0 {
				require.Equal(t, want, sameInPieces(t, f, stream, r.IntN(len(stream))).events)
			}
		}
		require.Greater(t, len(written), 15, name)
	}
}

// TestOwnCorpus reads the streams that fuzzing has found as every protocol: with one more of
// them, a number stands for another.
func TestOwnCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/fuzz/FuzzDecodeOwn/*")
	require.NoError(t, err)
	require.Greater(t, len(files), 15)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		_, literal, _ := strings.Cut(string(text), "[]byte(")
		literal, _, _ = strings.Cut(literal, ")\n")
		stream, err := strconv.Unquote(literal)
		require.NoError(t, err, file)
		for _, name := range ownNames() {
			for _, limit := range []int{2, 300, 1 << 20} {
				everyCut(t, ownFramer(t, name, limit), []byte(stream))
			}
		}
	}
}
