package frame

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/frame/description"
)

// What may be looked at again with each byte that comes: what stands in front of a message,
// and the last bytes, which may begin an end.
const lookedAtFirst, lookedAtLast = 40, 24

// looksOnce gives the bytes of a message one by one. Each Decode gets them twice: as they are,
// and with others in the place of all that it need not look at again. If it gives the same, it
// has looked at no more than a fixed number of bytes, and the work grows as the bytes do. It
// tells how often it has compared.
func looksOnce(t *testing.T, f Framer, wire []byte, about string) (compared int) {
	t.Helper()
	decode := f.Decode
	if d, is := f.(Follower); is {
		decode = func(p []byte, scanned int) (Frame, error) { return d.DecodeBehind(-1, p, scanned) }
	}
	fr, err := decode(wire, 0)
	require.NoError(t, err, about)
	require.Equal(t, len(wire), fr.Total, about)
	others := [][]byte{{0}, {1}, {2}, {3}, {0x10}, {'"'}, unhex("00010203"), f.EndMark()}
	changed := make([]byte, len(wire))
	scanned := 0
	for n := 1; n < len(wire)-lookedAtLast; n++ {
		want, err := decode(wire[:n], scanned)
		require.NoError(t, err, about)
		require.True(t, want.Total == 0 || f.Gap() > 0 || f.Stream(), about)
		for _, other := range others {
			copy(changed, wire[:n])
			if fill(changed[min(lookedAtFirst, n):max(n-lookedAtLast, min(lookedAtFirst, n))], other) {
				got, err := decode(changed[:n], scanned)
				require.NoError(t, err, about)
				require.Equal(t, want, got, "%s: %d bytes, %x", about, n, other)
				compared++
			}
		}
		scanned = want.Scanned
	}
	return compared
}

// fill repeats a pattern, if there is one and room for it.
func fill(p, pattern []byte) bool {
	for i := range p {
		if len(pattern) > 0 {
			p[i] = pattern[i%len(pattern)]
		}
	}
	return len(p) > 0 && len(pattern) > 0
}

// TestEveryModeLooksOnce: no mode looks at the same bytes again and again while a message comes
// byte by byte.
func TestEveryModeLooksOnce(t *testing.T) {
	const size = 300
	tried := map[Mode]bool{}
	for name, change := range map[string]func(*Params){
		"size":          func(*Params) {},
		"end tag":       tagged("\x1A"),
		"end tag CR LF": tagged("\r\n"),
		"buffer":        func(p *Params) { p.Mode, p.Tag = EndTagBuffer, []byte("EOF") },
		"raw":           func(p *Params) { p.Mode = Raw },
		"length":        func(p *Params) { p.Mode, p.Width = Length, 4 },
		"fixed":         func(p *Params) { p.Mode, p.Length = Fixed, size },
		"gap":           func(p *Params) { p.Mode = Gap },
		"markers":       marked("02", "03", ""),
		"no start":      marked("", "0D0A", ""),
		"escape":        marked("02", "03", "10"),
		"anew":          anew(marked("02", "03", "")),
		"anew, escape":  anew(marked("0204", "0305", "10")),
		"anew, check":   anew(checked(CheckCRC16, 3)),
		"records":       func(p *Params) { p.Records = true },
	} {
		p := Defaults()
		change(&p)
		f, err := New(p)
		require.NoError(t, err, name)
		assert.Positive(t, looksOnce(t, f, encode(t, f, bytes.Repeat([]byte("AB\x11"), size/3)), name))
		tried[p.Mode] = true
	}
	for _, mode := range Modes() {
		assert.True(t, tried[mode], "mode %d", mode)
	}
}

// TestEveryDescriptionLooksOnce is the same for descriptions, with silence beside an end too.
func TestEveryDescriptionLooksOnce(t *testing.T) {
	for text, inside := range map[string]string{
		"data (0D0A|0A|0D)":                         "AB",
		"data (0D0A|0D0B|0D) ; ignore=00":           "AB",
		"1002 data~~10 1003":                        "AB\x10",
		"02 data~10 03":                             "AB\x10\x03",
		"02 d=data~10 e=03 xor(d..e) ; restart":     "AB\x02",
		`data~'22 0A`:                               "A",
		"len:varint data":                           "AB",
		`len:dec~":" data ","`:                      "AB",
		"len:u16be=d d=data c=crc-32(d..d) 03":      "AB",
		"len:ber data ; keep":                       "AB",
		`"$" d=data "*" xor/hex(d) 0D0A ; noise`:    "AB",
		"data 0D0A ; gap=50":                        "AB",
		"data (0D0A|0A|0D) ; gap=50":                "AB",
		"02 data~10 03 ; gap=50":                    "AB\x10",
		"02 d=data~10 03 crc-16/modbus(d) ; gap=50": "AB\x10",
		"data ; gap=50":                             "AB",
		"data crc-16/modbus(data) ; gap=50":         "AB",
	} {
		d, err := description.Parse(text)
		if !assert.NoError(t, err, text) {
			continue
		}
		p := Defaults()
		p.Description = d
		f, err := newDescribed(p)
		require.NoError(t, err, text)
		m := bytes.Repeat([]byte(inside), 200/len(inside))
		if d.Read.Options.Keep {
			m = append([]byte("\x81\xC8"), m[:200]...)
		}
		assert.Positive(t, looksOnce(t, f, encode(t, f, m), text), text)
	}
}

// TestRandomDescriptionsLookOnce is the same for any description.
func TestRandomDescriptionsLookOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	compared := map[string]int{}
	for range 2500 {
		d := randomDescription(r)
		part := &d.Parts[d.Data()]
		m := bytes.Repeat([]byte("AB"), 70)
		if part.Bytes > 0 {
			part.Bytes = len(m)
		}
		kind := []string{"end", "protect", "double", "quote"}[part.Escape.Mode]
		if kind == "protect" || kind == "double" {
			for i := range m {
				if r.IntN(5) == 0 {
					m[i] = part.Escape.Byte
				}
			}
		}
		f, err := describedOf(d, 200)
		if err != nil {
			continue
		}
		withoutKeep := *d
		withoutKeep.Options.Keep = false
		w, err := describedOf(&withoutKeep, 200)
		if err != nil {
			continue
		}
		head, body, tail, _, err := w.Encode(nil, m)
		if err != nil {
			continue
		}
		wire := bytes.Join([][]byte{head, body, tail}, nil)
		if fr, err := f.Decode(wire, 0); err != nil || fr.Total != len(wire) { // what comes next decides
			continue
		}
		switch {
		case part.Bytes > 0:
			kind = "fixed"
		case f.read.size >= 0:
			kind = "length"
		}
		compared[kind] += looksOnce(t, f, wire, (&description.Description{Read: d}).String())
	}
	for _, kind := range []string{"length", "end", "protect", "double", "quote", "fixed"} {
		assert.Greater(t, compared[kind], 1000, kind)
	}
}

// TestWhatIsBetweenIsLookedAtOnce: bytes between messages are dropped as they come.
func TestWhatIsBetweenIsLookedAtOnce(t *testing.T) {
	for _, text := range []string{"data 0D0A ; ignore=00", "02 data 03 ; ignore=(00|0D0A)", "0203 data 04 ; noise", "len:u16be data ; ignore=FF"} {
		f, r := framerFor(t, text), (*reader)(nil)
		between := []byte("\x00\x00")
		if text[0] == 'l' {
			between = []byte("\xFF\xFF")
		}
		r = newReader(t, f)
		for range 300 {
			for i := range between {
				r.feed(between[i : i+1])
				require.LessOrEqual(t, len(r.buffer), 2, text)
			}
		}
		require.Empty(t, r.events, text)
	}
}
