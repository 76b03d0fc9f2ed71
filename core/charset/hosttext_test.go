package charset

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// withANSI runs a test as if the system's ANSI code page were another one.
func withANSI(t *testing.T, coder encoding.Encoding) {
	t.Helper()
	before, beforeSet := ansi, hosts()[ANSI]
	ansi, hosts()[ANSI] = func() encoding.Encoding { return coder }, newCharset(ANSI.name(), coder)
	t.Cleanup(func() { ansi, hosts()[ANSI] = before, beforeSet })
}

func TestDecode(t *testing.T) {
	withANSI(t, charmap.Windows1252)
	tests := []struct {
		name string
		enc  Encoding
		text string
		want string
	}{
		{"empty", UTF8, "", ""},
		{"UTF-8", UTF8, "é€😀", "é€😀"},
		{"ANSI in place of UTF-8", UTF8, "caf\xE9 \x80", "café €"},
		{"cut UTF-8 is taken as ANSI", UTF8, "\xC3", "Ã"},
		{"ANSI", ANSI, "caf\xE9 \x80", "café €"},
		{"ANSI is not guessed to be UTF-8", ANSI, "\xC3\xA9", "Ã©"},
		{"UTF-16", UTF16, "\xE9\x00\xAC\x20\x3D\xD8\x00\xDE", "é€😀"},
		{"lone surrogate", UTF16, "\x3D\xD8a\x00", "\uFFFDa"},
		{"half a unit", UTF16, "a\x00b", "a\uFFFD"},
		{"no such encoding", 99, "é", "é"},
		{"no such encoding either", -1, "é", "é"},
		{"NULs are kept", UTF8, "a\x00b", "a\x00b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, Decode(tt.enc, []byte(tt.text)))
		})
	}
}

func TestEncode(t *testing.T) {
	withANSI(t, charmap.Windows1252)
	tests := []struct {
		name string
		enc  Encoding
		text string
		want string
	}{
		{"empty", UTF8, "", ""},
		{"UTF-8", UTF8, "é€😀", "é€😀"},
		{"no UTF-8", UTF8, "a\xFFb", "a?b"},
		{"ANSI", ANSI, "café €", "caf\xE9 \x80"},
		{"not in ANSI", ANSI, "中a文😀é", "?a??\xE9"},
		{"no UTF-8 to ANSI", ANSI, "a\xFFb", "a?b"},
		{"UTF-16", UTF16, "é€😀", "\xE9\x00\xAC\x20\x3D\xD8\x00\xDE"},
		{"no UTF-8 to UTF-16", UTF16, "\xFF", "?\x00"},
		{"no such encoding", 99, "é", "é"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, string(Encode(tt.enc, tt.text)))
		})
	}
}

func TestAnANSIOfTwoBytes(t *testing.T) {
	withANSI(t, japanese.ShiftJIS)
	b := Encode(ANSI, "a日本é語")
	assert.Equal(t, "a\x93\xFA\x96\x7B?\x8C\xEA", string(b))
	assert.Equal(t, "a日本?語", Decode(ANSI, b))
	for capacity, want := range map[int]string{0: "", 1: "", 2: "a", 3: "a", 4: "a日", 5: "a日", 6: "a日本", 7: "a日本?", 8: "a日本?", 9: "a日本?語"} {
		assert.Equal(t, want, Decode(ANSI, Cut(ANSI, b, capacity)), "%d", capacity)
	}
}

func TestTerminators(t *testing.T) {
	assert.Equal(t, 1, TerminatorLen(UTF8))
	assert.Equal(t, 1, TerminatorLen(ANSI))
	assert.Equal(t, 2, TerminatorLen(UTF16))

	tests := []struct {
		enc  Encoding
		b    string
		want int
	}{
		{UTF8, "", -1},
		{UTF8, "abc", -1},
		{UTF8, "abc\x00d\x00", 3},
		{ANSI, "\x00", 0},
		{UTF16, "", -1},
		{UTF16, "\x00", -1},
		{UTF16, "\x00\x00", 0},
		{UTF16, "a\x00b\x00", -1},
		{UTF16, "a\x00\x00\x01\x00\x00", 4}, // the zeros before U+0100 are not a unit
		{UTF16, "a\x00\x00", -1},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, IndexTerminator(tt.enc, []byte(tt.b)), "%d %q", tt.enc, tt.b)
	}
}

func TestCutKeepsWholeCharacters(t *testing.T) {
	const text = "aé€😀z\u0301中"
	for _, enc := range []Encoding{UTF8, ANSI, UTF16} {
		encoded := Encode(enc, text)
		whole := Decode(enc, encoded)
		room := TerminatorLen(enc)
		before := 0
		for capacity := -1; capacity <= len(encoded)+room+1; capacity++ {
			cut := Cut(enc, encoded, capacity)
			require.LessOrEqual(t, len(cut), max(capacity-room, 0))
			require.GreaterOrEqual(t, len(cut), before)
			before = len(cut)
			got := Decode(enc, cut)
			require.True(t, strings.HasPrefix(whole, got), "%d %d %q", enc, capacity, got)
			if next := strings.TrimPrefix(whole, got); next != "" {
				_, size := utf8.DecodeRuneInString(next)
				assert.Greater(t, len(cut)+len(Encode(enc, next[:size]))+room, capacity, "one more would have fitted")
			}
		}
		assert.Equal(t, len(encoded), before)
	}
}

func TestEncodeAndDecodeAreInverse(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var runes []rune
		for range random.IntN(20) {
			if r := rune(random.IntN(utf8.MaxRune + 1)); utf8.ValidRune(r) && !utf16.IsSurrogate(r) {
				runes = append(runes, r)
			}
		}
		text := string(runes)
		assert.Equal(t, text, Decode(UTF8, Encode(UTF8, text)))
		assert.Equal(t, text, Decode(UTF16, Encode(UTF16, text)))
	}
	withANSI(t, charmap.Windows1252)
	var all []byte
	for b := range 256 {
		if !strings.Contains("\x81\x8D\x8F\x90\x9D", string([]byte{byte(b)})) { // not given out in windows-1252
			all = append(all, byte(b))
		}
	}
	assert.Equal(t, all, Encode(ANSI, Decode(ANSI, all)))
}
