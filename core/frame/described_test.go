package frame

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame/description"
)

// Parts of descriptions, for tests: the language is package description's.

func lit(alternatives ...string) description.Part {
	p := description.Part{Kind: description.Literal}
	for _, a := range alternatives {
		p.Alternatives = append(p.Alternatives, unhex(a))
	}
	return p
}

func hdr(n int) description.Part { return description.Part{Kind: description.Header, Bytes: n} }
func data() description.Part     { return description.Part{Kind: description.Data} }

func escaped(mode description.EscapeMode, b byte) description.Part {
	return description.Part{Kind: description.Data, Escape: description.Escape{Byte: b, Mode: mode}}
}

func lengthPart(l description.LengthField) description.Part {
	return description.Part{Kind: description.Length, Length: l}
}

func check(name string, from, to int) description.Part {
	return description.Part{Kind: description.Check, Check: description.CheckField{Name: name, Span: description.Span{From: from, To: to}}}
}

func digits(p description.Part, e description.Encoding) description.Part {
	p.Check.Encoding = e
	return p
}

func frameOf(parts ...description.Part) *description.Frame { return &description.Frame{Parts: parts} }

func (o optioned) with(change func(*description.Options)) *description.Frame {
	change(&o.Options)
	return o.Frame
}

type optioned struct{ *description.Frame }

func framerOf(t testing.TB, d *description.Frame) *described {
	t.Helper()
	f, err := describedOf(d, 1000)
	require.NoError(t, err)
	return f
}

func describedOf(d *description.Frame, limit int) (*described, error) {
	p := Defaults()
	p.Limit, p.Description = limit, &description.Description{Read: d}
	f, err := newDescribed(p)
	if err != nil {
		return nil, err
	}
	return f.(*described), nil
}

// everyCut reads a stream cut at every byte, and at once and byte by byte: always the same.
func everyCut(t testing.TB, f Framer, stream []byte) *reader {
	t.Helper()
	all := sameInPieces(t, f, stream, 0)
	for cut := 1; cut < len(stream); cut++ {
		other := inPieces(t, f, stream, cut)
		require.Equal(t, all.events, other.events, "%x cut at %d", stream, cut)
	}
	return all
}

// TestDescribedOnTheWire compares with bytes that descriptions of protocols show.
func TestDescribedOnTheWire(t *testing.T) {
	for name, c := range map[string]struct {
		d       *description.Frame
		message string
		wire    string
	}{
		"stx data etx lrc": {frameOf(lit("02"), data(), lit("03"), check("xor", 1, 2)), "414243", "02 414243 03 43"},
		"mysql": {optioned{frameOf(lengthPart(description.LengthField{Width: 3, LittleEndian: true, Span: &description.Span{From: 2, To: 2}}), hdr(1), data())}.with(func(o *description.Options) { o.Keep = true }),
			"030000 07 414243", "030000 07 414243"},
		"mqtt":           {optioned{frameOf(hdr(1), lengthPart(description.LengthField{Encoding: description.Varint}), data())}.with(func(o *description.Options) { o.Keep = true }), "c000", "c000"},
		"ascii4":         {frameOf(lengthPart(description.LengthField{Encoding: description.Decimal, Width: 4}), data()), "414243", "30303033 414243"},
		"hex2":           {frameOf(lengthPart(description.LengthField{Encoding: description.Hex, Width: 2}), data()), strings.Repeat("41", 11), "3042" + strings.Repeat("41", 11)},
		"bcd4":           {frameOf(lengthPart(description.LengthField{Encoding: description.BCD, Width: 4}), data()), strings.Repeat("41", 123), "0123" + strings.Repeat("41", 123)},
		"ber":            {frameOf(lengthPart(description.LengthField{Encoding: description.BER}), data()), strings.Repeat("41", 200), "81c8" + strings.Repeat("41", 200)},
		"zvt":            {frameOf(hdr(2), lengthPart(description.LengthField{Encoding: description.ZVT}), data()), strings.Repeat("41", 300), "0000 ff2c01" + strings.Repeat("41", 300)},
		"varint":         {frameOf(lengthPart(description.LengthField{Encoding: description.Varint}), data()), strings.Repeat("41", 321), "c102" + strings.Repeat("41", 321)},
		"vlq":            {frameOf(lengthPart(description.LengthField{Encoding: description.VLQ}), data()), strings.Repeat("41", 321), "8241" + strings.Repeat("41", 321)},
		"netstring":      {frameOf(lengthPart(description.LengthField{Encoding: description.Decimal, Delimiter: []byte(":"), Span: &description.Span{From: 1, To: 1}}), data(), lit("2c")), "414243", "333a 414243 2c"},
		"line":           {frameOf(data(), lit("0d0a", "0a", "0d")), "4142", "4142 0d0a"},
		"dle":            {frameOf(lit("1002"), escaped(description.Double, 0x10), lit("1003")), "411042", "1002 41101042 1003"},
		"protected":      {frameOf(lit("02"), escaped(description.Protect, 0x10), lit("03")), "02031041", "02 1002 1003 1010 41 03"},
		"ft1.2":          {frameOf(lit("68"), lengthPart(description.LengthField{Width: 1, Span: &description.Span{From: 4, To: 4}}), lengthPart(description.LengthField{Width: 1, Span: &description.Span{From: 4, To: 4}}), lit("68"), data(), check("sum", 4, 4), lit("16")), "0102", "68 02 02 68 0102 03 16"},
		"nmea":           {frameOf(lit("24", "21"), data(), lit("2a"), digits(check("xor", 1, 1), description.Hex), lit("0d0a", "0a", "0d")), hex.EncodeToString([]byte("GPGGA,1")), hex.EncodeToString([]byte("$GPGGA,1*4B\r\n"))},
		"astm":           {frameOf(lit("02"), data(), lit("03", "17"), digits(check("sum", 1, 2), description.Hex), lit("0d0a")), hex.EncodeToString([]byte("3L|1|N\r")), hex.EncodeToString([]byte("\x023L|1|N\r\x0306\r\n"))},
		"modbus ascii":   {frameOf(lit("3a"), data(), digits(check("lrc", 1, 1), description.Hex), lit("0d0a")), "3031", "3a 3031 3946 0d0a"},
		"counts itself":  {frameOf(lengthPart(description.LengthField{Width: 2, Span: &description.Span{From: 0, To: 2}}), data(), check("crc-16/modbus", 0, 1)), "4142", "0006 4142 5044"},
		"mask and shift": {frameOf(lengthPart(description.LengthField{Width: 2, Mask: 0x0ff0, Shift: 4}), data()), "414243", "0030 414243"},
		"adjusted":       {frameOf(lengthPart(description.LengthField{Width: 1, Adjust: -1}), data()), "414243", "04 414243"},
		"fixed":          {frameOf(lit("02"), description.Part{Kind: description.Data, Bytes: 2}, lit("03")), "4142", "02 4142 03"},
		"quoted":         {frameOf(escaped(description.Quote, '"'), lit("0a")), "410a42"[:2] + "220a22" + "42", "41 220a22 42 0a"},
	} {
		t.Run(name, func(t *testing.T) {
			f := framerOf(t, c.d)
			m, wire := unhex(c.message), unhex(c.wire)
			got := encode(t, f, m)
			assert.Equal(t, hex.EncodeToString(wire), hex.EncodeToString(got))
			twice := append(bytes.Clone(wire), wire...)
			r := everyCut(t, f, twice)
			require.Equal(t, []string{"message " + hex.EncodeToString(m), "message " + hex.EncodeToString(m)}, r.events)
			require.Empty(t, r.buffer)
		})
	}
}

// events reads a stream in every way it may be cut.
func events(t testing.TB, d *description.Frame, stream string) []string {
	t.Helper()
	return everyCut(t, framerOf(t, d), unhex(stream)).events
}

// TestLineEnds: a lone CR ends a message at once, an LF behind it is swallowed whenever it comes.
func TestLineEnds(t *testing.T) {
	d := frameOf(data(), lit("0d0a", "0a", "0d"))
	assert.Equal(t, []string{"message 41", "message 42", "message 43", "message ", "message 44"}, events(t, d, "410d0a 420d 430a 0a 440d0a"))
	f := framerOf(t, d)
	fr, err := f.Decode([]byte("A\r"), 0)
	require.NoError(t, err)
	assert.Equal(t, 2, fr.Total, "at once")
	assert.Equal(t, 1, f.Between('\r', []byte("\nB")))
	assert.Equal(t, 0, f.Between('\n', []byte("\nB")))
	// What cannot be told by one byte is waited for, as is what check bytes are over.
	before := frameOf(check("sum", 1, 2), data(), lit("0d0a", "0d"))
	everyCut(t, framerOf(t, before), append(encode(t, framerOf(t, before), []byte("A")), "X"...))
	both := frameOf(data(), lit("0d0a", "0a0d", "0a", "0d"))
	assert.Equal(t, []string{"message 41", "message 42"}, events(t, both, "410d0a 420a0d"))
	_, _, _, _, err = framerOf(t, frameOf(data(), lit("0d", "0d0a"))).Encode(nil, []byte("\nA"))
	require.ErrorIs(t, err, fault.Frame, "the reader would swallow it")
}

// TestBesideMessages: bytes that are dropped, and control bytes.
func TestBesideMessages(t *testing.T) {
	stx := optioned{frameOf(lit("02"), data(), lit("03"))}.with(func(o *description.Options) {
		o.Ignore, o.Control = [][]byte{{0}, unhex("0d0a")}, unhex("050615")
	})
	assert.Equal(t, []string{"message 06", "message 4105", "message 15"}, events(t, stx, "00 06 00 0d0a 02 4105 03 00 15 00"))
	assert.Equal(t, []string{"message 06", "error -60", "message 05", "message 41"}, events(t, stx, "06 7f0d7f 05 02 41 03"), "noise ends at a control byte")
	fr, err := framerOf(t, stx).Decode([]byte{6}, 0)
	require.NoError(t, err)
	assert.True(t, fr.Control())
	stx.Options.Noise = true
	assert.Equal(t, []string{"message 06", "message 41"}, events(t, stx, "7f 06 7f7f 02 41 03 7f"))

	longer := optioned{frameOf(hdr(1), data())}.with(func(o *description.Options) { o.Ignore = unhexes("0d", "0d0a") })
	longer.Parts[1].Bytes = 1
	everyCut(t, framerOf(t, longer), unhex("0d0a 01 41 0d 02 42"))
	assert.Equal(t, []string{"message 41", "message 42"}, events(t, longer, "0d0a 01 41 0d 02 42"), "the longest is dropped")

	line := optioned{frameOf(data(), lit("0d"))}.with(func(o *description.Options) { o.Ignore, o.Control = unhexes("0a", "00"), unhex("06") })
	assert.Equal(t, []string{"message 41", "message 06", "message 42"}, events(t, line, "0a 41 0d 0a00 06 42 0d"))
	for _, m := range []string{"0a41", "06"} {
		_, _, _, _, err := framerOf(t, line).Encode(nil, unhex(m))
		require.ErrorIs(t, err, fault.Frame, m)
	}
}

func unhexes(texts ...string) (all [][]byte) {
	for _, text := range texts {
		all = append(all, unhex(text))
	}
	return all
}

// TestWrongChecks: skipped, or kept.
func TestWrongChecks(t *testing.T) {
	d := frameOf(lit("02"), data(), lit("03"), check("xor", 1, 2))
	assert.Equal(t, []string{"error -63", "message 41"}, events(t, d, "02 41 03 00 02 41 03 42"))
	fr, err := framerOf(t, d).Decode(unhex("0241030002"), 0)
	require.ErrorIs(t, err, fault.Check)
	assert.True(t, fr.Wrong())
	d.Options.Wrong = description.NAK
	assert.True(t, framerOf(t, d).AnswersNAK())
	d.Options.Wrong = description.Keep
	assert.Equal(t, []string{"message 41 wrong", "message 41"}, events(t, d, "02 41 03 00 02 41 03 42"))
}

// TestDamage: what is wrong costs what is wrong.
func TestDamage(t *testing.T) {
	ft := frameOf(lit("68"), lengthPart(description.LengthField{Width: 1, Span: &description.Span{From: 4, To: 4}}), lengthPart(description.LengthField{Width: 1, Span: &description.Span{From: 4, To: 4}}), lit("68"), data(), check("sum", 4, 4), lit("16"))
	assert.Equal(t, []string{"error -60", "message 01"}, events(t, ft, "68 02 03 68 0102 03 16 68 01 01 68 01 01 16"), "the lengths differ")
	assert.Equal(t, []string{"error -60", "message 01"}, events(t, ft, "68 02 02 68 0102 03 17 68 01 01 68 01 01 16"), "the end differs")
	dle := frameOf(lit("1002"), escaped(description.Double, 0x10), lit("1003"))
	assert.Equal(t, []string{"error -60", "message 42"}, events(t, dle, "1002 41 1002 42 1003"), "an end is missing")
	netstring := frameOf(lengthPart(description.LengthField{Encoding: description.Decimal, Delimiter: []byte(":"), Span: &description.Span{From: 1, To: 1}}), data(), lit("2c"))
	for _, wrong := range []string{"41", "3a", "303a41", "31 41", "3132333435363738393031 3a"} {
		r := everyCut(t, framerOf(t, netstring), unhex(wrong))
		assert.True(t, r.dead, wrong)
	}
	restart := optioned{frameOf(lit("02"), data(), lit("03"))}.with(func(o *description.Options) { o.Restart = true })
	assert.Equal(t, []string{"error -60", "message 42"}, events(t, restart, "02 41 02 42 03"))
}

// TestImpossibleDescriptions are refused, with the name of the option.
func TestImpossibleDescriptions(t *testing.T) {
	one := description.LengthField{Width: 1}
	for name, d := range map[string]*description.Frame{
		"no data":                frameOf(lit("02")),
		"a length behind":        frameOf(data(), lengthPart(one)),
		"nothing ends it":        frameOf(lit("02"), data()),
		"unknown check":          frameOf(data(), lit("03"), check("none", 0, 0)),
		"empty literal":          frameOf(data(), lit("")),
		"escape without end":     frameOf(lengthPart(one), escaped(description.Protect, 0x10)),
		"doubled, other end":     frameOf(escaped(description.Double, 0x10), lit("03")),
		"protected is the end":   frameOf(escaped(description.Protect, 3), lit("03")),
		"silence and length":     optioned{frameOf(lengthPart(one), data())}.with(func(o *description.Options) { o.Gap = 5 }),
		"varying behind":         frameOf(lengthPart(one), data(), lit("0d0a", "0d")),
		"restart with start=end": optioned{frameOf(lit("03"), data(), lit("03"))}.with(func(o *description.Options) { o.Restart = true }),
		"too many parts":         frameOf(append(make([]description.Part, maxParts), data())...),
	} {
		_, err := describedOf(d, 1000)
		require.ErrorIs(t, err, fault.Argument, name)
	}
}

// TestSilence: an end marker or silence, whichever comes first.
func TestSilence(t *testing.T) {
	either := framerOf(t, optioned{frameOf(data(), lit("0d"))}.with(func(o *description.Options) { o.Gap = 5 }))
	fr, err := either.Decode([]byte("AB\rC"), 0)
	require.NoError(t, err)
	assert.True(t, fr.Closed())
	assert.Equal(t, 3, fr.Total)
	fr, err = either.Decode([]byte("AB"), 0)
	require.NoError(t, err)
	assert.Equal(t, Frame{Len: 2, Size: 2, Total: 2, Scanned: 2}, fr)

	rtu := framerOf(t, optioned{frameOf(data(), check("crc-16/modbus", 0, 0))}.with(func(o *description.Options) { o.Gap = 5 }))
	wire := encode(t, rtu, unhex("010300000001"))
	assert.Equal(t, "010300000001840a", hex.EncodeToString(wire))
	fr, err = rtu.AtSilence(-1, wire)
	require.NoError(t, err)
	assert.Equal(t, Frame{Len: 6, Size: 6, Total: 8}, fr)
	fr, err = rtu.Decode(wire[:7], 0)
	require.NoError(t, err, "more may be coming")
	assert.True(t, fr.Wrong())
	fr, err = rtu.AtSilence(-1, wire[:7])
	require.ErrorIs(t, err, fault.Check)
	assert.Equal(t, 7, fr.Total)
	assert.True(t, framerOf(t, frameOf(data())).Stream())

	front := framerOf(t, optioned{frameOf(check("xor", 1, 1), data())}.with(func(o *description.Options) { o.Gap = 5 }))
	fr, err = front.Decode(unhex("0341"), 0)
	require.NoError(t, err, "more may be coming of what the check bytes in front are over")
	assert.Equal(t, 2, fr.Total)
	fr, err = front.AtSilence(-1, unhex("034142"))
	require.NoError(t, err)
	assert.Equal(t, Frame{Start: 1, Len: 2, Size: 2, Total: 3}, fr)

	protected := framerOf(t, optioned{frameOf(escaped(description.Protect, 0x10), lit("03"))}.with(func(o *description.Options) { o.Gap = 5 }))
	fr, err = protected.Decode(unhex("411003"), 0)
	require.NoError(t, err)
	assert.Equal(t, Frame{Len: 3, Size: 3, Total: 3, Scanned: 3, Marks: IsWrong}, fr, "how much of it is escape bytes is looked at once")
	fr, err = protected.AtSilence(-1, unhex("411003"))
	require.NoError(t, err)
	assert.Equal(t, Frame{Len: 3, Size: 2, Total: 3, Scanned: 3, Escaped: true}, fr)
}

// randomDescription makes one out of few bytes, so that marks, escapes and data meet by chance.
func randomDescription(r *rand.Rand) *description.Frame {
	d := &description.Frame{}
	literal := func() description.Part {
		p := description.Part{Kind: description.Literal}
		for range 1 + r.IntN(3) {
			p.Alternatives = append(p.Alternatives, fewBytes(r, 1, 3))
		}
		return p
	}
	span := func(to int) description.Span {
		from := r.IntN(to + 1)
		return description.Span{From: from, To: from + r.IntN(to-from+1)}
	}
	names := []string{"xor", "sum", "lrc", "crc-16/modbus", "crc-16/xmodem", "crc-32", "crc-8", "crc-24/openpgp"}
	some := func() description.Part {
		p := check(names[r.IntN(len(names))], 0, 0)
		p.Check.Span, p.Check.Wire = span(len(d.Parts)-1), r.IntN(2) == 0
		p.Check.Encoding, p.Check.Order = []description.Encoding{description.Binary, description.Hex, description.Decimal}[r.IntN(3)], description.Order(r.IntN(3))
		return p
	}
	add := func(p description.Part) { d.Parts = append(d.Parts, p) }
	if r.IntN(2) == 0 {
		add(literal())
	}
	if r.IntN(4) == 0 {
		add(hdr(r.IntN(3)))
	}
	kind := r.IntN(3)
	lengths := 0
	if kind == 0 {
		lengths = 1 + r.IntN(2)
	}
	var places []int
	for range lengths {
		l := description.LengthField{Encoding: description.Encoding(r.IntN(8)), Width: 1 + r.IntN(3), LittleEndian: r.IntN(2) == 0, Adjust: r.IntN(3) - 1, Delimiter: fewBytes(r, 1, 2)}
		if l.Encoding == description.Decimal && r.IntN(2) == 0 {
			l.Width = 0
		}
		if l.Encoding == description.Binary && r.IntN(3) == 0 {
			l.Mask, l.Shift = 0xFC, 2
		}
		places = append(places, len(d.Parts))
		add(lengthPart(l))
	}
	if r.IntN(6) == 0 {
		add(literal())
	}
	if len(d.Parts) > 0 && r.IntN(8) == 0 {
		add(some())
	}
	part := data()
	switch kind {
	case 1:
		part.Bytes = 1 + r.IntN(4)
	case 2:
		part.Escape = description.Escape{Byte: byte(r.IntN(4)), Mode: description.EscapeMode(r.IntN(4))}
	}
	place := len(d.Parts)
	add(part)
	if kind == 2 {
		if r.IntN(4) == 0 {
			p := some()
			p.Check.Encoding = description.Hex
			add(p)
		}
		end := literal()
		if part.Escape.Mode == description.Double {
			for i := range end.Alternatives {
				end.Alternatives[i] = append([]byte{part.Escape.Byte}, end.Alternatives[i]...)
			}
		}
		add(end)
	}
	if r.IntN(2) == 0 {
		add(some())
	}
	if r.IntN(3) == 0 {
		add(literal())
	}
	for _, i := range places {
		if r.IntN(2) == 0 {
			d.Parts[i].Length.Span = &description.Span{From: r.IntN(place + 1), To: place + r.IntN(len(d.Parts)-place)}
		}
	}
	o := &d.Options
	o.Keep, o.Restart, o.Noise = r.IntN(3) == 0, r.IntN(3) == 0, r.IntN(6) == 0
	if r.IntN(4) == 0 {
		o.Ignore = [][]byte{fewBytes(r, 1, 2)}
	}
	if r.IntN(4) == 0 {
		o.Control = fewBytes(r, 1, 1)
	}
	o.Wrong = description.Wrong(r.IntN(3))
	return d
}

// TestDescribedRoundTrip writes random messages by random descriptions: what is written is
// read back, cut at every byte, and a message is only refused with a reason.
func TestDescribedRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	written := map[string]int{}
	for range 3000 {
		d := randomDescription(r)
		f, err := describedOf(d, 1+r.IntN(60))
		if err != nil {
			require.ErrorIs(t, err, fault.Argument)
			continue
		}
		if !settled(f) {
			continue
		}
		var stream []byte
		var want []string
		for range 3 {
			m := randomMessage(r, f)
			head, body, tail, _, err := f.Encode(nil, m)
			if err != nil {
				framedError(t, err)
				continue
			}
			wire := bytes.Join([][]byte{head, body, tail}, nil)
			stream = append(stream, wire...)
			if f.read.keep { // lengths and checks were put right
				n := len(head)
				m = append(bytes.Clone(wire[:n]), m[len(m)-plainLen(f, m):]...)
			}
			want = append(want, "message "+hex.EncodeToString(m))
		}
		if len(stream) == 0 {
			continue
		}
		got := everyCut(t, f, stream)
		require.Equal(t, want, got.events, "%+v %x", d, stream)
		require.Empty(t, got.buffer)
		switch {
		case f.read.size >= 0:
			written["length"] += len(want)
		case f.read.end >= 0:
			written[[]string{"end", "protect", "double", "quote"}[f.read.escape.Mode]] += len(want)
		default:
			written["fixed"] += len(want)
		}
	}
	for _, kind := range []string{"length", "end", "protect", "double", "quote", "fixed"} {
		require.Greater(t, written[kind], 50, kind)
	}
}

// plainLen is how much of a kept message is data.
func plainLen(f *described, m []byte) int {
	var at layout
	if _, err := f.read.prefix(m, &at); err != nil {
		return 0
	}
	return len(m) - at[f.read.data]
}

// randomMessage makes one that fits a description, as far as that is easy.
func randomMessage(r *rand.Rand, f *described) []byte {
	n := f.read.parts[f.read.data].Bytes
	m := fewBytes(r, n, max(n, 10*min(1, 1-min(n, 1))))
	if !f.read.keep {
		return m
	}
	s := *f.write
	s.keep = false
	d := draft{s: &s, m: m}
	if err := d.draftFrame(); err != nil {
		return m
	}
	head := d.p
	if s.data+1 < len(s.parts) {
		head = d.p[:d.at[s.data+1]]
	}
	return append(bytes.Clone(head[:min(len(head), cap(head))]), m...)
}

// settled tells whether the written alternatives are read at once: one that may become a
// longer one is waited for, and a start that goes on in the data is another one.
func settled(f *described) bool {
	for i := range f.read.parts {
		p := &f.read.parts[i]
		if p.Kind != description.Literal {
			continue
		}
		for _, a := range p.Alternatives {
			if len(a) > len(p.Alternatives[0]) && bytes.HasPrefix(a, p.Alternatives[0]) && !p.follows {
				return false
			}
		}
		if p.follows {
			if n, partly := p.match(p.Alternatives[0]); partly || n != len(p.Alternatives[0]) {
				return false
			}
		}
	}
	return true
}

// TestDescribedRandomStreams reads random bytes: the same comes out however they are cut.
func TestDescribedRandomStreams(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	tried := 0
	for range 3000 {
		d := randomDescription(r)
		f, err := describedOf(d, 1+r.IntN(60))
		if err != nil {
			continue
		}
		tried++
		stream := fewBytes(r, 1, 30)
		everyCut(t, f, stream)
	}
	require.Greater(t, tried, 1000)
}

// described by a text.
func framerFor(t testing.TB, text string) *described {
	t.Helper()
	d, err := description.Parse(text)
	require.NoError(t, err, text)
	p := Defaults()
	p.Description = d
	f, err := newDescribed(p)
	require.NoError(t, err, text)
	return f.(*described)
}

// TestProtocolsOnTheWire reads the example of each protocol, and writes it again.
func TestProtocolsOnTheWire(t *testing.T) {
	examples, err := os.ReadFile("description/testdata/protocols.txt")
	require.NoError(t, err)
	for line := range strings.Lines(string(examples)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		p, is := description.Find(fields[0])
		require.True(t, is, line)
		t.Run(fields[0], func(t *testing.T) {
			f, wire, m := framerFor(t, p.Text), unhex(fields[1]), unhex(fields[2])
			if f.Gap() > 0 && f.read.end < 0 {
				fr, err := f.AtSilence(-1, wire)
				require.NoError(t, err)
				require.Equal(t, m, wire[fr.Start:fr.Start+fr.Len])
			} else {
				r := everyCut(t, f, append(bytes.Clone(wire), wire...))
				one := "message " + hex.EncodeToString(m)
				require.Equal(t, []string{one, one}, r.events)
				require.Empty(t, r.buffer)
			}
			if f.read == f.write {
				if head, body, tail, _, err := f.Encode(nil, m); assert.NoError(t, err) {
					again := bytes.Join([][]byte{head, body, tail}, nil)
					if !bytes.Equal(again, wire) { // with another alternative
						require.Equal(t, []string{"message " + hex.EncodeToString(m)}, everyCut(t, f, again).events)
					}
				}
			}
		})
	}
}

// TestViewIsTheSame: today's modes and the descriptions that are said to be the same write the
// same, and read the same messages.
func TestViewIsTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	compared := map[Mode]int{}
	for range 6000 {
		p := randomParams(r)
		p.CheckField = false
		own, err := New(p)
		if err != nil {
			continue
		}
		d, err := description.Parse(View(p))
		require.NoError(t, err, "%s %+v", View(p), p)
		p.Description = d
		other, err := newDescribed(p)
		require.NoError(t, err, "%s %+v", View(p), p)
		var stream []byte
		for range 3 {
			m := fewBytes(r, 0, 12)
			head, body, tail, _, err := own.Encode(nil, m)
			wire := bytes.Join([][]byte{head, body, tail}, nil)
			head, body, tail, _, otherErr := other.Encode(nil, m)
			require.Equal(t, err != nil, otherErr != nil, "%s %x", View(p), m)
			require.Equal(t, wire, bytes.Join([][]byte{head, body, tail}, nil), "%s %x", View(p), m)
			if err == nil {
				stream = append(stream, wire...)
			}
		}
		require.Equal(t, atOnce(t, own, stream).events, atOnce(t, other, stream).events, "%s %x", View(p), stream)
		// Of bytes that are none of a message both make something of their own: where a header
		// or check bytes are wrong, a description finds the next start marker.
		if p.Mode != Length && (p.Mode != Markers || !p.Restart && p.Check == CheckNone) {
			stream = fewBytes(r, 1, 40)
			require.Equal(t, atOnce(t, own, stream).events, atOnce(t, other, stream).events, "%s %x", View(p), stream)
		}
		compared[p.Mode]++
	}
	for _, mode := range []Mode{EndTag, Size, EndTagBuffer, Length, Fixed, Markers} {
		require.Greater(t, compared[mode], 100, "mode %d", mode)
	}
}

// TestDescribedIsLinear: what was looked at is not looked at again, however slowly bytes come.
func TestDescribedIsLinear(t *testing.T) {
	for name, d := range map[string]*description.Frame{
		"one end":   frameOf(lit("02"), data(), lit("1003")),
		"ends":      frameOf(data(), lit("0d0a", "0a", "0d")),
		"doubled":   frameOf(lit("1002"), escaped(description.Double, 0x10), lit("1003")),
		"protected": frameOf(lit("02"), escaped(description.Protect, 0x10), lit("03")),
		"quoted":    frameOf(escaped(description.Quote, 'A'), lit("0a")),
		"restart":   optioned{frameOf(lit("0203"), data(), lit("04"))}.with(func(o *description.Options) { o.Restart = true }),
	} {
		f := framerOf(t, d)
		stream := append(start(d), bytes.Repeat([]byte("BA\x10\x10A"), 150)...)
		if name == "ends" || name == "quoted" {
			stream = bytes.Repeat([]byte("BAA"), 250)
		}
		scanned := 0
		for n := 1; n <= len(stream); n++ {
			fr, err := f.Decode(stream[:n], scanned)
			require.NoError(t, err, name)
			require.Zero(t, fr.Total, name)
			if n > 8 {
				require.GreaterOrEqual(t, max(fr.Scanned, ^fr.Scanned), n-3, name)
			}
			scanned = fr.Scanned
		}
	}
}

// TestDescribedAllocatesNothing per message.
func TestDescribedAllocatesNothing(t *testing.T) {
	for name, d := range map[string]*description.Frame{
		"stx":       frameOf(lit("02"), data(), lit("03"), check("crc-16/modbus", 1, 2)),
		"line":      frameOf(data(), lit("0d0a", "0a", "0d")),
		"length":    frameOf(lengthPart(description.LengthField{Encoding: description.Varint}), data(), digits(check("xor", 0, 1), description.Hex)),
		"protected": frameOf(lit("02"), escaped(description.Protect, 0x10), lit("03")),
	} {
		f, m := framerOf(t, d), []byte("A\x10BC")
		var scratch, wire []byte
		dst := make([]byte, 100)
		once := func() {
			var head, body, tail []byte
			var err error
			if head, body, tail, scratch, err = f.Encode(scratch, m); err != nil {
				t.Fatal(err)
			}
			wire = append(append(append(wire[:0], head...), body...), tail...)
			fr, err := f.Decode(wire, 0)
			if err != nil || f.Extract(dst, wire, fr) != len(m) || !bytes.Equal(dst[:len(m)], m) {
				t.Fatal(name, err, fr)
			}
		}
		once()
		require.Zero(t, testing.AllocsPerRun(100, once), name)
	}
}

// FuzzDecodeDescribed reads any bytes by any description, and writes them.
func FuzzDecodeDescribed(f *testing.F) {
	f.Add(uint64(1), []byte{0, 1, 2, 3}, uint16(2))
	f.Fuzz(func(t *testing.T, seed uint64, stream []byte, cut uint16) {
		stream = bytes.ReplaceAll(stream, []byte("{"), []byte("[")) // which is what is left of a text's holes
		r := rand.New(rand.NewPCG(seed, 1))
		d := randomDescription(r)
		f, err := describedOf(d, 1+r.IntN(60))
		if err != nil {
			require.ErrorIs(t, err, fault.Argument)
			return
		}
		sameInPieces(t, f, stream, int(cut)%(len(stream)+1))
		head, body, tail, _, err := f.Encode(nil, stream)
		if err != nil {
			framedError(t, err)
			return
		}
		if !settled(f) || f.read.keep {
			return
		}
		got := atOnce(t, f, bytes.Join([][]byte{head, body, tail}, nil))
		require.Equal(t, []string{"message " + hex.EncodeToString(stream)}, got.events)
	})
}

// start is what a message of d begins with.
func start(d *description.Frame) []byte {
	if d.Data() == 0 {
		return nil
	}
	return bytes.Clone(d.Parts[0].Alternatives[0])
}
