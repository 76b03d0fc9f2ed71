package frame

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

func TestGuess(t *testing.T) {
	for _, c := range []struct{ name, bytes, want, reason string }{
		{"a scale", "S S  12.50 kg\r\nS S  12.51 kg\r\n", "data 0D0A", "2 messages end with 0D 0A"},
		{"a bar code reader", "4006381333931\r4006381333948\r", "data 0D", "2 messages end with 0D"},
		{"lines", "a line\nanother\n", "data 0A", "2 messages end with 0A"},
		{"a scale with a checksum", "\x02R01W\x03\x07\x02R02W\x03\x04", "", "2 messages begin with 02 and end with 03; the check bytes xor are right"},
		{"the size mode", "11\r\nHello World", "len:dec~0D0A data", "the length field is right in 1 messages"},
		{"two bytes", "\x00\x05hello\x00\x03abc", "len:u16be data", "the length field is right in 2 messages"},
		{"two bytes, low first", "\x05\x00hello\x03\x00abc", "len:u16le data", ""},
		{"four bytes that count themselves", "\x00\x00\x00\x09hello\x00\x00\x00\x07abc", "len:u32be-4 data", ""},
		{"a netstring", "5:hello,3:abc,", `len:dec~":"=data data ","`, ""},
		{"NMEA", "$GPGGA,1*4B\r\n", `("$"|"!") d=data "*" xor/hex(d) 0D0A ; keep restart noise`, "the check bytes xor are right"},
		{"TLS", "\x16\x03\x01\x02\x00\x01", "", "this is TLS"},
		{"HTTP", "GET / HTTP/1.1\r\n\r\n", "", "this is HTTP"},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := Guess([]byte(c.bytes))
			require.NotEmpty(t, found)
			if c.want != "" {
				assert.Equal(t, c.want, found[0].Text)
			}
			assert.Contains(t, found[0].Reason(fault.English), c.reason)
			assert.NotEqual(t, found[0].Reason(fault.English), found[0].Reason(fault.French))
		})
	}
	assert.Empty(t, Guess(nil))
	assert.Empty(t, Guess([]byte{0x9C}))
}

// hidden are the protocols of which a few short messages show nothing: a length of one byte,
// or an end of one, is in any bytes.
var hidden = []string{"mqtt", "visca", "zvt"}

// The examples of protocols are recognised: of three of one kind its description is among
// the guesses, of most the first.
func TestGuessProtocols(t *testing.T) {
	examples, err := os.ReadFile("description/testdata/protocols.txt")
	require.NoError(t, err)
	first, all := 0, 0
	for line := range strings.Lines(string(examples)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		wire, _ := hex.DecodeString(fields[1])
		found := Guess(bytes.Repeat(wire, 3))
		i := slices.IndexFunc(found, func(g Guessed) bool { return slices.Contains(g.Names, fields[0]) })
		texts := make([]string, len(found))
		for i := range found {
			texts[i] = found[i].Text
		}
		assert.True(t, i >= 0 || slices.Contains(hidden, fields[0]), "%s: %q", fields[0], texts)
		if i == 0 {
			first++
		}
		all++
	}
	assert.Greater(t, first, all/2)
}

// Bytes that mean nothing are taken for something rarely.
func TestGuessOfNoise(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	taken := 0
	const tries = 300
	for range tries {
		p := make([]byte, 40+r.IntN(400))
		for i := range p {
			p[i] = byte(r.Uint32())
		}
		if len(Guess(p)) > 0 {
			taken++
		}
	}
	assert.Less(t, taken, tries/5)
	assert.Empty(t, Guess(make([]byte, 1000)), "zeros")
}

// What is guessed can be set, and whatever came costs no more than its bounds.
func TestGuessedCanBeSet(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for range 300 {
		for _, g := range Guess(fewBytes(r, 1, 60)) {
			if g.Text == "" {
				continue
			}
			_, err := Describe(Defaults(), g.Text)
			require.NoError(t, err)
			require.Positive(t, g.Messages)
			require.NotEmpty(t, g.Reason(fault.French))
		}
	}
	assert.LessOrEqual(t, len(Guess(bytes.Repeat([]byte("\x02a\x03"), 100000))), guessMost)
}

// A hint to a description is for several whole messages that are none of the mode.
func TestLikelyDescription(t *testing.T) {
	size, err := New(Defaults())
	require.NoError(t, err)
	three := []byte("\x02R01W\x03\x07\x02R02W\x03\x04\x02R03W\x03\x05")
	hint, text := LikelyDescription(size, three)
	assert.Equal(t, hintDescription, hint)
	assert.Contains(t, text, "xor(d..e)")
	for _, p := range []string{"", "\x02R01W\x03\x07", "220 ready\r\n220 ready\r\n", "\x00\x64\x01\x02\n\x03\x04", string(three) + "\x02R"} {
		hint, text := LikelyDescription(size, []byte(p))
		assert.Equal(t, fault.NoNote, hint, "%q: %s", p, text)
	}
	r := rand.New(rand.NewPCG(21, 22))
	for range 300 { // half of a message with a length in front
		p := make([]byte, 40+r.IntN(400))
		for i := range p {
			p[i] = byte(r.Uint32())
		}
		p[0], p[1] = 0x10, 0
		hint, text := LikelyDescription(size, p)
		assert.Equal(t, fault.NoNote, hint, text)
	}
}
