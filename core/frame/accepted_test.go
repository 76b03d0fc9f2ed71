package frame

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame/description"
)

// words are pieces of descriptions, of which many together make sense.
var words = [...][]string{
	{"s=02 ", "s=1002 ", "s=(02|0102) ", "10 ", "", "", "hdr:2 ", "s=2203 ", "s=03 "},
	{"", "", "len:u8 ", "l=len:u16le=d ", "len:dec~20=d..e ", "len:varint ", "l=len:u8=l..d ", "len:hex2-1 ", "c=xor(d) ", "len:u16&0FFF>>1 "},
	{"d=data", "d=data", "d=data:4", "d=data~10", "d=data~~10", "d=data~'22"},
	{"", "", " xor(d)", " xor/hex(d)", " crc-16/modbus/wire(d)", " hdr:1"},
	{"", " e=03", " e=1003", " e=(0D0A|0A|0D)", " e=(03|17)", " e=0203", " e=2210"},
	{"", "", " sum(d..e)", " lrc/dec(d)", " xor(d) 0D0A", " hdr:2", " (03|0304)"},
	{"", "", " ; restart", " ; gap=5", " ; keep max=9", " ; ignore=(00|0A)", " ; control=(05|06)", " ; noise restart", " ; bad=nak"},
}

// Whatever Parse lets pass, there is a framer for: only it says what a description may say.
func TestWhatIsParsedCanBeFramed(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	frame := func(write bool) string {
		var b strings.Builder
		for i := range words {
			if i == len(words)-1 && write {
				break
			}
			b.WriteString(words[i][r.IntN(len(words[i]))])
		}
		return b.String()
	}
	allowed := 0
	for range 30000 {
		text := frame(false)
		if r.IntN(4) == 0 {
			text += " >> " + frame(true)
		}
		p := Defaults()
		d, err := description.Parse(text)
		if err != nil {
			continue
		}
		allowed++
		p.Description = d
		_, err = newDescribed(p)
		require.NoError(t, err, text)
	}
	assert.Greater(t, allowed, 1000)
}

// What is only written has no end of its own.
func TestWrittenWithoutAnEnd(t *testing.T) {
	for text, want := range map[string]string{
		"data 0D >> 02 data xor(data)":    "\x02AB\x03",
		"data 0D >> data (0D0A|0A)":       "AB\r\n",
		"data 0D >> 02 data xor(data) 03": "\x02AB\x03\x03",
		"data 0D >> data":                 "AB",
	} {
		d, err := description.Parse(text)
		require.NoError(t, err, text)
		p := Defaults()
		p.Description = d
		f, err := newDescribed(p)
		require.NoError(t, err, text)
		head, body, tail, _, err := f.Encode(nil, []byte("AB"))
		require.NoError(t, err, text)
		assert.Equal(t, want, string(slices.Concat(head, body, tail)), text)
	}
}

// A check over what pairs of digits stand for refuses what is none.
func TestChecksOverPairsOfDigits(t *testing.T) {
	d, err := description.Parse(`":" data lrc/hex/pairs(data) 0D0A`)
	require.NoError(t, err)
	p := Defaults()
	p.Description = d
	f, err := newDescribed(p)
	require.NoError(t, err)
	for _, m := range []string{"0103000", "01030g", "xy"} {
		_, _, _, _, err := f.Encode(nil, []byte(m))
		assert.ErrorIs(t, err, fault.Frame, m)
	}
	for stream, want := range map[string]string{
		":010300000001FB\r\n": "message 303130333030303030303031",
		":010300000001fb\r\n": "message 303130333030303030303031",
		":010300000001FC\r\n": "error -63",
		":01030000000FB\r\n":  "error -63",
		":zz0300000001FB\r\n": "error -63",
	} {
		assert.Equal(t, []string{want}, sameInPieces(t, f, []byte(stream), 5).events, "%q", stream)
	}
}
