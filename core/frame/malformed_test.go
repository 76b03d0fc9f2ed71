package frame

import (
	"bytes"
	"encoding/hex"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

func limited(limit int, change func(*Params)) func(*Params) {
	return func(p *Params) {
		change(p)
		p.Limit = limit
	}
}

func anew(change func(*Params)) func(*Params) {
	return func(p *Params) {
		change(p)
		p.Restart = true
	}
}

func sized(*Params) {}

// keptField has a length field that a write does not put right.
func keptField(p *Params) {
	p.Mode, p.Offset, p.Width, p.KeepHeader, p.CheckField = Length, 1, 1, true, true
}

func modbus(p *Params) { *p, _ = Preset(*p, "modbus-tcp") }

func length(width, adjustment int) func(*Params) {
	return func(p *Params) { p.Mode, p.Width, p.Adjustment = Length, width, adjustment }
}

// TestMalformed has bytes that are no message. Decode must tell at the very
// byte that makes it certain (at), not before and not later.
// asShown is what a text shows of bytes that are given in hexadecimal; other words
// stay.
func asShown(words string) string {
	b, err := hex.DecodeString(strings.ReplaceAll(words, " ", ""))
	if err != nil || Shown(b) == hexBytes(b) {
		return words
	}
	return strings.TrimSuffix(Shown(b), `"`)
}

func TestMalformed(t *testing.T) {
	cases := []struct {
		name   string
		change func(*Params)
		bytes  string
		at     int // bytes after which it is certain
		code   fault.Code
		total  int
		shows  string
	}{
		{"size: max + 1", limited(10, sized), "11\r\nAB", 4, fault.TooLong, 0, "31 31 0D 0A"},
		{"size: ten nines", sized, "9999999999\r\n", 12, fault.TooLong, 0, "announces 9999999999 bytes, but WDS_OPT_MAX_MESSAGE allows 16777216"},
		{"size: 2^31", limited(math.MaxInt32, sized), "2147483648\r\n", 12, fault.TooLong, 0, "announces 2147483648 bytes, but WDS_OPT_MAX_MESSAGE allows 2147483647"},
		{"size: 2^32 + 1", sized, "4294967297\r\n", 12, fault.TooLong, 0, "announces 4294967297 bytes"},
		{"size: negative", sized, "-1\r\n", 1, fault.Frame, 0, "2D"},
		{"size: plus sign", sized, "+1\r\n", 1, fault.Frame, 0, "2B"},
		{"size: letters", sized, "abc\r\n", 1, fault.Frame, 0, "61"},
		{"size: letter behind a digit", sized, "1a\r\n", 2, fault.Frame, 0, "31 61"},
		{"size: hexadecimal", sized, "0x10\r\n", 2, fault.Frame, 0, "30 78"},
		{"size: space", sized, " 1\r\n", 1, fault.Frame, 0, "20"},
		{"size: space behind", sized, "1 \r\n", 2, fault.Frame, 0, "31 20"},
		{"size: no digit", sized, "\r\n", 1, fault.Frame, 0, "0D"},
		{"size: LF alone", sized, "1\nA", 2, fault.Frame, 0, "31 0A"},
		{"size: CR alone", sized, "1\rA", 3, fault.Frame, 0, "31 0D 41"},
		{"size: NUL", sized, "1\x00\r\n", 2, fault.Frame, 0, "31 00"},
		{"size: eleven digits", sized, "00000000001\r\n", 11, fault.Frame, 0, "30"},
		{"size: 40 digits", sized, strings.Repeat("1", 40) + "\r\n", 11, fault.Frame, 0, "31"},
		{"size: another protocol", sized, "GET / HTTP/1.1\r\nHost: example\r\n", 1, fault.Frame, 0, "47"},

		{"tag: never comes", limited(4, tagged("\r\n")), "ABCDEFGH", 6, fault.TooLong, 0, "41 42 43 44"},
		{"tag: comes one too late", limited(4, tagged("\r\n")), "ABCDE\r\n", 6, fault.TooLong, 0, "within the 4 bytes"},

		{"length: max + 1", limited(4, length(2, 0)), "\x00\x05ABCDE", 2, fault.TooLong, 0, "00 05"},
		{"length: all ones", length(4, 0), "\xFF\xFF\xFF\xFF", 4, fault.TooLong, 0, "announces 4294967295 bytes, but WDS_OPT_MAX_MESSAGE allows 16777216"},
		{"length: all ones and adjustment", limited(math.MaxInt32, length(4, 65536)), "\xFF\xFF\xFF\xFF", 4, fault.TooLong, 0, "FF FF FF FF"},
		{"length: negative", length(2, -4), "\x00\x03", 2, fault.Frame, 0, "leaves -1 bytes"},
		{"length: zero counts itself", length(2, -2), "\x00\x00", 2, fault.Frame, 0, "00 00"},
		{"length: kept header over the limit", limited(4, func(p *Params) { p.Mode, p.KeepHeader = Length, true }),
			"\x00\x03ABC", 2, fault.TooLong, 0, "announces 5 bytes, but WDS_OPT_MAX_MESSAGE allows 4"},
		{"length: wrong header", func(p *Params) { *p, _ = Preset(*p, "tpkt") }, "\x03\x01\x00\x07", 2, fault.Frame, 0, "03 01"},
		{"length: another protocol", func(p *Params) { *p, _ = Preset(*p, "tpkt") }, "GET /", 1, fault.Frame, 0, "47"},

		{"modbus: length", modbus, "\x00\x02\x00\x00\xFF\xFF", 5, fault.Frame, 3, "00 02 00 00 FF"},
		{"modbus: one too long", modbus, "\x00\x02\x00\x00\x00\xFF", 6, fault.Frame, 4, "2..254"},
		{"modbus: nothing behind it", modbus, "\x00\x02\x00\x00\x00\x01", 6, fault.Frame, 4, "00 02 00 00 00 01"},
		{"modbus: protocol", modbus, "\x00\x02\x00\x01\x00\x06", 4, fault.Frame, 2, "protocol identifier of Modbus is 0"},
		{"modbus: another protocol", modbus, "HTTP/1.1", 3, fault.Frame, 1, "48 54 54"},

		{"markers: no end", limited(3, marked("02", "03", "")), "\x02ABCDEF", 5, fault.TooLong, 0, "02 41 42 43 44"},
		{"markers: end one too late", limited(3, marked("02", "03", "")), "\x02ABCD\x03", 5, fault.TooLong, 0, "within the 3 bytes"},
		{"markers: escaped one too long", limited(1, marked("02", "03", "10")), "\x02\x10\x02\x10\x02\x03", 5, fault.TooLong, 0, "02 10"},
		{"markers: one too long, nothing escaped", limited(2, marked("02", "03", "10")), "\x02ABC\x03", 5, fault.TooLong, 0, "within the 2 bytes"},
		{"markers: escapes without end", limited(1, marked("02", "03", "10")), "\x02" + strings.Repeat("\x10\x02", 9), 5, fault.TooLong, 0, "02 10 02 10 02"},
		{"markers: noise", marked("02", "03", ""), "\r\n\x02A\x03", 1, fault.Frame, 1, "0D"},
		{"markers: begins anew", anew(marked("02", "03", "")), "\x02AB\x02C\x03", 4, fault.Frame, 3, "02 41 42"},
		{"markers: begins anew, end of two bytes", anew(marked("02", "0D0A", "")), "\x02AB\x02C\r\n", 5, fault.Frame, 3, "start marker 02 follows"},
		{"markers: begins anew, escape", anew(marked("02", "03", "10")), "\x02\x10\x02\x02C\x03", 4, fault.Frame, 3, "02 10 02"},
		{"markers: wrong check", checked(CheckXOR, 2), "\x02AB\x03\x07", 5, fault.Check, 5, "expected 00, got 07"},
		{"markers: wrong CRC", checked(CheckCRC16, 0), "\x02123456789\x03\x4B\x37", 13, fault.Check, 13, "expected 37 4B, got 4B 37"},

		{"gap: too long", func(p *Params) { p.Mode, p.Limit = Gap, 3 }, "ABCD", 4, fault.TooLong, 0, "41 42 43"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := framerWith(t, c.change)
			scanned := 0
			for n := range c.at {
				p := []byte(c.bytes[:n])
				fr, err := f.Decode(p, scanned)
				require.NoError(t, err, "after %d bytes", n)
				scanned = fr.Scanned
			}
			fr, err := f.Decode([]byte(c.bytes[:c.at]), scanned)
			e := framedError(t, err)
			assert.Equal(t, c.code, e.Code)
			assert.Equal(t, c.total, fr.Total)
			assert.Contains(t, e.Error(), asShown(c.shows))

			_, err = f.Decode([]byte(c.bytes), 0)
			assert.ErrorIs(t, err, c.code, "all at once")
		})
	}
}

func TestLongestMessagePasses(t *testing.T) {
	cases := []struct {
		name, stream string
		change       func(*Params)
	}{
		{"size", "4\r\nABCD", sized},
		{"tag", "ABCD\r\n", tagged("\r\n")},
		{"length", "\x00\x04ABCD", length(2, 0)},
		{"markers", "\x02ABCD\x03", marked("02", "03", "")},
		{"escape", "\x02\x10A\x10B\x10C\x10D\x03", marked("02", "03", "10")},
		{"fixed", "ABCD", func(p *Params) { p.Mode, p.Length = Fixed, 4 }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := framerWith(t, limited(4, c.change))
			got := sameInPieces(t, f, []byte(c.stream), 2)
			assert.Equal(t, []string{"message 41424344"}, got.events)
			assert.NotEmpty(t, encode(t, f, []byte("ABCD")))
		})
	}
}

// TestGoesOnBehindAnError has errors after which the stream is understood again.
func TestGoesOnBehindAnError(t *testing.T) {
	cases := []struct {
		name, stream string
		change       func(*Params)
		events       []string
	}{
		{"noise before the start", "\r\n\x02A\x03", marked("02", "03", ""), []string{"error -60", "message 41"}},
		{"noise between messages", "\x02A\x03xyz\x02B\x03", marked("02", "03", ""), []string{"message 41", "error -60", "message 42"}},
		{"noise ends like a start", "a\x10\x10\x02A\x10\x03", marked("1002", "1003", "10"), []string{"error -60", "message 41"}},
		{"noise with a broken start", "\x10\x03\x10\x02A\x10\x03", marked("1002", "1003", "10"), []string{"error -60", "message 41"}},
		{"modbus, a damaged length", "\x00\x02\x00\x00\xFF\xFF\x01\x03\x00\x03\x00\x00\x00\x02\x01\x03", modbus, []string{"error -60", "message 0003000000020103"}},
		{"modbus, noise", "\xFF\xFF\xFF\x00\x03\x00\x00\x00\x02\x01\x03", modbus, []string{"error -60", "message 0003000000020103"}},
		{"a start inside", "\x02A\x02B\x03", anew(marked("02", "03", "")), []string{"error -60", "message 42"}},
		{"starts inside", "\x02A\x02B\x02\x02C\x03\x02D\x03", anew(marked("02", "03", "")), []string{"error -60", "message 43", "message 44"}},
		{"a start inside, of its own", "\x02A\x02B\x03", marked("02", "03", ""), []string{"message 410242"}},
		{"a start inside, escape", "\x02A\x10\x02\x02B\x10\x02\x03", anew(marked("02", "03", "10")), []string{"error -60", "message 4202"}},
		{"a start inside, DLE", "\x10\x02A\x10\x10\x10\x02B\x10\x10\x02\x10\x03", anew(marked("1002", "1003", "10")), []string{"error -60", "message 421002"}},
		{"start equals end", "|A|B|C|", anew(marked("7C", "7C", "")), []string{"message 41", "error -60", "message 43"}},
		{"start is the escape", "\x10A\x10\x10B\x03", anew(marked("10", "03", "10")), []string{"message 411042"}},
		{"end is a part of start", "\x02\x03A\x02\x03B\x03", anew(marked("0203", "03", "")), []string{"message 4102", "error -60"}},
		{"start is a part of end", "\x10A\x10B\x10\x03", anew(marked("10", "1003", "")), []string{"error -60", "message 42"}},
		{"start overlaps end", "<<A<B<>", anew(marked("3C3C", "3C3E", "")), []string{"message 413c42"}},
		{"a start inside, over the limit", "\x02ABCD\x02A\x03", limited(3, anew(marked("02", "03", ""))), []string{"error -61"}},
		{"a start inside, at the limit", "\x02ABC\x02A\x03", limited(3, anew(marked("02", "03", ""))), []string{"error -60", "message 41"}},
		{"a start inside, within the limit", "\x02AB\x02ABC\x03", limited(3, anew(marked("02", "03", ""))), []string{"error -60", "message 414243"}},
		{"HL7", "\x0bMSH|1\r\x0bMSH|2\r\x1c\r", func(p *Params) { *p, _ = Preset(*p, "mllp") }, []string{"error -60", "message 4d53487c320d"}},
		{"HL7, half an end", "\x0bMSH|1\r\x1c\x0bMSH|2\r\x1c\r", func(p *Params) { *p, _ = Preset(*p, "mllp") }, []string{"error -60", "message 4d53487c320d"}},
		{"the check is missing", "\x02A\x03\x02B\x03\x41", func(p *Params) { *p, _ = Preset(*p, "stx-etx-bcc") }, []string{"error -63", "message 42"}},
		{"the check looks like a start", "\x02A\x03\x02\x02B\x03\x41", func(p *Params) { *p, _ = Preset(*p, "stx-etx-bcc") }, []string{"error -63", "error -60", "message 42"}},
		{"wrong check", "\x02A\x03\x00\x02A\x03\x42", checked(CheckXOR, 2), []string{"error -63", "message 41"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for cut := range len(c.stream) {
				got := sameInPieces(t, framerWith(t, c.change), []byte(c.stream), cut)
				assert.Equal(t, c.events, got.events)
			}
		})
	}
}

func TestNoiseUpToTheNextStart(t *testing.T) {
	f := framerWith(t, marked("1002", "1003", "10"))
	for stream, total := range map[string]int{
		"abc\x10\x02A": 3, // a whole start marker
		"abc\x10":      3, // may become one
		"abc":          3,
		"\x10\x10":     1,
	} {
		fr, err := f.Decode([]byte(stream), 0)
		assert.ErrorIs(t, err, fault.Frame)
		assert.Equal(t, total, fr.Total, "%x", stream)
	}
}

func TestEncodeRefuses(t *testing.T) {
	cases := []struct {
		name, message string
		change        func(*Params)
		code          fault.Code
		shows         string
	}{
		{"size: over the limit", "ABCDE", limited(4, sized), fault.TooLong, "allows 4"},
		{"tag: over the limit", "ABCDE", limited(4, tagged("\r\n")), fault.TooLong, "allows 4"},
		{"tag as is: over the limit", "ABCDE", limited(4, func(p *Params) { p.Mode, p.TagAsIs = EndTag, true }), fault.TooLong, "5 bytes"},
		{"raw: over the limit", "ABCDE", limited(4, func(p *Params) { p.Mode = Raw }), fault.TooLong, "5 bytes"},
		{"gap: over the limit", "ABCDE", limited(4, func(p *Params) { p.Mode = Gap }), fault.TooLong, "5 bytes"},
		{"length: over the limit", "ABCDE", limited(4, length(2, 0)), fault.TooLong, "5 bytes"},
		{"markers: over the limit", "ABCDE", limited(4, marked("02", "03", "")), fault.TooLong, "5 bytes"},
		{"tag inside", "A\r\nB", tagged("\r\n"), fault.TagInMessage, "contains the end tag 0D 0A after 1 of its 4 bytes"},
		{"tag at the end", "A\r\n", tagged("\r\n"), fault.TagInMessage, "ends with the end tag 0D 0A, after 1 of its 3 bytes; leave it out"},
		{"tag is the message", "\x1A", tagged("\x1A"), fault.TagInMessage, "after 0"},
		{"tag across the border", "xa", tagged("aa"), fault.TagInMessage, "contains the end tag"},
		{"tag across the border, two bytes", "xab", tagged("abab"), fault.TagInMessage, "contains the end tag"},
		{"message shorter than the tag", "a", tagged("aaaa"), fault.TagInMessage, "after 0"},
		{"end marker inside", "A\x03B", marked("02", "03", ""), fault.TagInMessage, "end marker 03 after 1 of its 3 bytes; leave it out"},
		{"end marker across the border", "x\x03", marked("02", "0303", ""), fault.TagInMessage, "after 1"},
		{"start marker inside", "A\x02B", anew(marked("02", "03", "")), fault.TagInMessage, "02 would begin it anew after 1"},
		{"start marker in front", "\x02B", anew(marked("02", "03", "")), fault.TagInMessage, "after 0"},
		{"length field that does not fit", "T\x04ABC", keptField, fault.Frame, "says 4, expected 3"},
		{"length field of nothing", "T\x01", keptField, fault.Frame, "says 1, expected 0"},
		{"fixed: short", "AB", func(p *Params) { p.Mode, p.Length = Fixed, 3 }, fault.Frame, "2 bytes, the mode wants 3"},
		{"fixed: long", "ABCD", func(p *Params) { p.Mode, p.Length = Fixed, 3 }, fault.Frame, "4 bytes"},
		{"length: one byte wide", strings.Repeat("A", 256), length(1, 0), fault.Frame, "256 does not fit"},
		{"length: two bytes wide", strings.Repeat("A", 65536), length(2, 0), fault.Frame, "65536 does not fit"},
		{"length: adjusted over the width", strings.Repeat("A", 254), length(1, -2), fault.Frame, "256 does not fit"},
		{"length: below the adjustment", "A", length(2, 2), fault.Frame, "-1 does not fit"},
		{"modbus: protocol", "\x00\x02\x00\x01\x00\x02\x01\x03", modbus, fault.Frame, "00 02 00 01"},
		{"modbus: too long", "\x00\x02\x00\x00\x00\x02" + strings.Repeat("A", 255), modbus, fault.Frame, "2..254"},
		{"modbus: too short", "\x00\x02\x00\x00\x00\x02\x01", modbus, fault.Frame, "2..254"},
		{"length: header to keep is not there", "ABC", func(p *Params) { p.Mode, p.Offset, p.KeepHeader = Length, 2, true }, fault.Frame, "needs 4"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			scratch := make([]byte, 0, 32)
			head, body, tail, back, err := framerWith(t, c.change).Encode(scratch, []byte(c.message))
			e := framedError(t, err)
			assert.Equal(t, c.code, e.Code)
			assert.Contains(t, e.Error(), c.shows)
			assert.Empty(t, append(append(head, body...), tail...))
			assert.Equal(t, 32, cap(back), "scratch is not lost")
		})
	}
}

// TestStartMarkersAreFoundOnce has a peer that sends nothing else: they are one
// error, and few looks.
func TestStartMarkersAreFoundOnce(t *testing.T) {
	for name, change := range map[string]func(*Params){
		"plain":  anew(marked("02", "03", "")),
		"escape": anew(marked("02", "03", "10")),
		"check":  anew(checked(CheckCRC16, 3)),
	} {
		flood := bytes.Repeat([]byte{2}, 1<<20)
		fr, err := framerWith(t, change).Decode(flood, 0)
		assert.ErrorIs(t, err, fault.Frame, name)
		assert.Equal(t, len(flood)-1, fr.Total, name)
	}
	f := framerWith(t, limited(10, anew(marked("02", "03", "10"))))
	fr, err := f.Decode(append([]byte("\x02A\x02"), bytes.Repeat([]byte("A"), 1<<20)...), 0)
	assert.ErrorIs(t, err, fault.Frame)
	assert.Equal(t, 2, fr.Total)
}

func TestPresetsBeginAnew(t *testing.T) {
	for _, name := range Presets() {
		p, _ := Preset(Defaults(), name)
		assert.Equal(t, p.Mode == Markers && len(p.Start) > 0, p.Restart, name)
		p.OwnMarkers()
		assert.False(t, p.Restart, name)
		p.SetRestart(true)
		p.OwnMarkers()
		assert.True(t, p.Restart, "it was asked for")
		p, _ = Preset(p, name)
		assert.Equal(t, p.Mode == Markers, p.Restart, "a preset has all its figures")
	}
}

func TestEncodeDoesNotRefuse(t *testing.T) {
	for message, tag := range map[string]string{
		"A\r":    "\r\n",
		"\n":     "\r\n",
		"xba":    "ab",
		"abaXab": "abc",
	} {
		f := framerWith(t, tagged(tag))
		got := sameInPieces(t, f, encode(t, f, []byte(message)), 1)
		assert.Equal(t, [][]byte{[]byte(message)}, got.messages)
	}
}

func TestValidate(t *testing.T) {
	require.NoError(t, Defaults().Validate())
	cases := []struct {
		who    string
		change func(*Params)
	}{
		{"WDS_OPT_MODE", func(p *Params) { p.Mode = -1 }},
		{"WDS_OPT_MODE", func(p *Params) { p.Mode = 9 }},
		{"WDS_TEXT_TAG", func(p *Params) { p.Tag = nil }},
		{"WDS_TEXT_TAG", func(p *Params) { p.Tag = make([]byte, 65) }},
		{"WDS_OPT_MAX_MESSAGE", func(p *Params) { p.Limit = 0 }},
		{"WDS_OPT_MAX_MESSAGE", func(p *Params) { p.Limit = -1 }},
		{"WDS_OPT_FRAME_OFFSET", func(p *Params) { p.Offset = -1 }},
		{"WDS_OPT_FRAME_OFFSET", func(p *Params) { p.Offset = 256 }},
		{"WDS_OPT_FRAME_WIDTH", func(p *Params) { p.Width = 0 }},
		{"WDS_OPT_FRAME_WIDTH", func(p *Params) { p.Width = 3 }},
		{"WDS_OPT_FRAME_WIDTH", func(p *Params) { p.Width = 8 }},
		{"WDS_OPT_FRAME_ADJUSTMENT", func(p *Params) { p.Adjustment = 65537 }},
		{"WDS_OPT_FRAME_ADJUSTMENT", func(p *Params) { p.Adjustment = -65537 }},
		{"WDS_TEXT_FRAME_HEADER", func(p *Params) { p.Header = make([]byte, 256) }},
		{"WDS_OPT_FRAME_LENGTH", func(p *Params) { p.Length = 0 }},
		{"WDS_OPT_FRAME_LENGTH", func(p *Params) { p.Mode, p.Length, p.Limit = Fixed, 5, 4 }},
		{"WDS_OPT_FRAME_GAP", func(p *Params) { p.Gap = 0 }},
		{"WDS_OPT_FRAME_GAP", func(p *Params) { p.Gap = time.Minute + time.Millisecond }},
		{"WDS_TEXT_FRAME_START", func(p *Params) { p.Start = make([]byte, 17) }},
		{"WDS_TEXT_FRAME_END", func(p *Params) { p.End = nil }},
		{"WDS_TEXT_FRAME_END", func(p *Params) { p.End = make([]byte, 17) }},
		{"WDS_TEXT_FRAME_ESCAPE", func(p *Params) { p.Escape = []byte{1, 2} }},
		{"WDS_TEXT_FRAME_ESCAPE", marked("02", "03", "03")},
		{"WDS_TEXT_FRAME_ESCAPE", marked("02", "1010", "10")},
		{"WDS_TEXT_FRAME_ESCAPE", marked("02", "1002", "10")},
		{"WDS_OPT_FRAME_CHECK", func(p *Params) { p.Check = 6 }},
		{"WDS_OPT_FRAME_CHECK_SPAN", func(p *Params) { p.CheckSpan = 4 }},
	}
	for _, c := range cases {
		p := Defaults()
		c.change(&p)
		f, err := New(p)
		assert.Nil(t, f)
		var e *fault.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, fault.Argument, e.Code)
		assert.Equal(t, fault.PhaseOption, e.Phase)
		assert.Equal(t, c.who, e.Who)
		assert.Contains(t, e.Error(), c.who)
	}
}
