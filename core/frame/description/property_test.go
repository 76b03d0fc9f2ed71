package description

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// few makes bytes out of few different ones, so that markers meet by chance.
func few(r *rand.Rand, most int) []byte {
	p := make([]byte, 1+r.IntN(most))
	for i := range p {
		p[i] = []byte{0x02, 0x03, 0x10, ' ', 'A', 'b', '"', 0xE9}[r.IntN(8)]
	}
	return p
}

func fews(r *rand.Rand, most int) (out [][]byte) {
	seen := map[string]bool{}
	for range 1 + r.IntN(3) {
		lit := few(r, most)
		if !seen[string(lit)] {
			out = append(out, lit)
		}
		seen[string(lit)] = true
	}
	return out
}

func randomSpan(r *rand.Rand, f *Frame) Span {
	a, b := r.IntN(len(f.Parts)), r.IntN(len(f.Parts))
	a, b = min(a, b), max(a, b)
	for _, i := range [...]int{a, b} {
		if part := &f.Parts[i]; part.Kind != Data && part.Label == "" {
			part.Label = "p" + strings.Repeat("_", i)
		}
	}
	return Span{a, b}
}

func randomLength(r *rand.Rand) (l LengthField) {
	l.Encoding = Encoding(r.IntN(8))
	switch l.Encoding {
	case Binary:
		l.Width = 1 + r.IntN(8)
		l.LittleEndian = l.Width > 1 && r.IntN(2) == 0
		if r.IntN(3) == 0 {
			l.Mask = (1<<(1+r.IntN(8)) - 1) << r.IntN(4)
			l.Shift = r.IntN(4)
		}
	case Decimal:
		if l.Width = r.IntN(19); l.Width == 0 {
			l.Delimiter = []byte{':'}
		}
	case Hex:
		l.Width = 1 + r.IntN(16)
	case BCD:
		l.Width = 2 * (1 + r.IntN(9))
	}
	l.Adjust = max(0, r.IntN(9)-4) * (1 - 2*r.IntN(2))
	return l
}

// likely are kinds of parts that make a frame more often than others do.
var likely = [][]Kind{
	{Literal, Data, Literal},
	{Literal, Data, Literal, Check},
	{Literal, Data, Check, Literal},
	{Header, Length, Data},
	{Literal, Header, Length, Length, Data, Check, Literal},
	{Data, Literal},
	{Data},
}

func randomKinds(r *rand.Rand) (kinds []Kind) {
	if r.IntN(3) > 0 {
		return likely[r.IntN(len(likely))]
	}
	for range 1 + r.IntN(6) {
		kinds = append(kinds, Kind(r.IntN(5)))
	}
	return kinds
}

func randomFrame(r *rand.Rand) *Frame {
	f := &Frame{}
	for _, kind := range randomKinds(r) {
		part := Part{Kind: kind}
		switch part.Kind {
		case Literal:
			part.Alternatives = fews(r, 5)
			if r.IntN(4) == 0 {
				part.Alternatives = [][]byte{{0x10, 0x03}}
			}
		case Header:
			part.Bytes = 1 + r.IntN(20)
		case Length:
			part.Length = randomLength(r)
		case Data:
			if r.IntN(3) == 0 {
				part.Bytes = 1 + r.IntN(20)
			}
			if r.IntN(3) == 0 {
				part.Escape = Escape{few(r, 1)[0], EscapeMode(1 + r.IntN(3))}
			}
		}
		f.Parts = append(f.Parts, part)
	}
	for i := range f.Parts {
		part := &f.Parts[i]
		switch {
		case part.Kind == Length && r.IntN(2) == 0:
			span := randomSpan(r, f)
			part.Length.Span = &span
		case part.Kind == Check:
			names := []string{"xor", "crc-16/modbus", "sum", "crc(8,07,00,0,0,00)"}
			encodings := []Encoding{Binary, Hex, Decimal}
			part.Check = CheckField{names[r.IntN(4)], encodings[r.IntN(3)], Order(r.IntN(3)), r.IntN(2) == 0, r.IntN(4) == 0, randomSpan(r, f)}
		}
	}
	o := &f.Options
	o.Keep, o.Restart, o.Noise = r.IntN(3) == 0, r.IntN(5) == 0, r.IntN(5) == 0
	o.Max, o.Gap = max(0, r.IntN(40)-10), max(0, r.IntN(40)-25)
	if r.IntN(5) == 0 {
		o.Ignore = fews(r, 2)
	}
	if r.IntN(5) == 0 {
		o.Control = []byte{6, 5}
	}
	o.Wrong = Wrong(max(0, r.IntN(9)-6))
	return f
}

// sound tells whether a tree obeys the rules, which go by it and not by a text.
func sound(f *Frame, write bool) bool {
	j := judge{&scanner{}, f, frameText{places: make([]int, len(f.Parts)), options: map[string]int{}}}
	for _, word := range f.Options.texts() {
		name, _, _ := strings.Cut(word, "=")
		j.where.options[name] = 0
		if write && name != "max" && name != "keep" {
			return false
		}
	}
	j.frame(write)
	return j.err == nil
}

// What is printed and read again is the same, and only what the rules allow can be read.
func TestPrintedAndReadAgain(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	allowed, kinds, escapes := 0, map[Kind]int{}, map[EscapeMode]int{}
	for range 30000 {
		d := &Description{Read: randomFrame(r)}
		fine := sound(d.Read, false)
		if r.IntN(4) == 0 {
			d.Write = randomFrame(r)
			fine = sound(d.Write, true) && fine
		}
		text := d.String()
		again, err := Parse(text)
		if !fine {
			require.ErrorIs(t, err, fault.Argument, text)
			continue
		}
		require.NoError(t, err, text)
		require.Equal(t, d, again, text)
		require.Equal(t, text, again.String())
		allowed++
		for _, part := range d.Read.Parts {
			kinds[part.Kind]++
			escapes[part.Escape.Mode]++
		}
	}
	assert.Greater(t, allowed, 2000)
	for _, kind := range []Kind{Literal, Header, Length, Data, Check} {
		assert.Greater(t, kinds[kind], 200, "kind %d", kind)
	}
	for _, mode := range []EscapeMode{Protect, Double, Quote} {
		assert.Greater(t, escapes[mode], 5, "escape %d", mode)
	}
}
