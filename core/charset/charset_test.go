package charset

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"wdsocket/core/fault"
)

func lookup(t testing.TB, name string) *Charset {
	t.Helper()
	c, err := Lookup(name)
	require.NoError(t, err, name)
	return c
}

func TestLookup(t *testing.T) {
	tests := []struct{ name, want string }{
		{"utf-8", "utf-8"}, {"UTF8", "utf-8"}, {"cp65001", "utf-8"},
		{"utf-16le", "utf-16le"}, {"UTF-16BE", "utf-16be"}, {"cp1200", "utf-16le"}, {"utf-16", "utf-16"},
		{"iso-8859-1", "iso-8859-1"}, {"ISO8859-1", "iso-8859-1"}, {"iso_8859_1", "iso-8859-1"},
		{"iso88591", "iso-8859-1"}, {"latin1", "iso-8859-1"}, {"Latin-1", "iso-8859-1"}, {"l1", "iso-8859-1"},
		{"cp28591", "iso-8859-1"}, {"cp819", "iso-8859-1"}, {"iso8859-9", "iso-8859-9"}, {"latin5", "iso-8859-9"},
		{"iso-8859-15", "iso-8859-15"}, {"cp28605", "iso-8859-15"},
		{"windows-1252", "windows-1252"}, {" Windows-1252 ", "windows-1252"}, {"cp1252", "windows-1252"},
		{"ascii", "us-ascii"}, {"US-ASCII", "us-ascii"},
		{"ibm850", "ibm850"}, {"cp850", "ibm850"}, {"CP-850", "ibm850"}, {"cp437", "ibm437"},
		{"cp858", "ibm00858"}, {"IBM00858", "ibm00858"}, {"cp866", "ibm866"}, {"ibm-1047", "ibm1047"},
		{"cp037", "ibm037"}, {"cp1140", "ibm01140"},
		{"shift_jis", "shift_jis"}, {"sjis", "shift_jis"}, {"cp932", "shift_jis"}, {"euc-jp", "euc-jp"},
		{"iso-2022-jp", "iso-2022-jp"},
		{"gbk", "gbk"}, {"cp936", "gbk"}, {"gb2312", "gbk"}, {"gb18030", "gb18030"},
		{"big5", "big5"}, {"euc-kr", "euc-kr"}, {"koi8-r", "koi8-r"}, {"macintosh", "macintosh"},
	}
	for _, tt := range tests {
		c := lookup(t, tt.name)
		assert.Equal(t, tt.want, c.Name(), tt.name)
		again := lookup(t, c.Name())
		assert.Equal(t, c.coder, again.coder, tt.name)
	}
}

// The forms of names that have a number, as regular expressions.
func TestFormsOfNames(t *testing.T) {
	isoName := regexp.MustCompile(`^iso[-_ ]?8859[-_ ]?(\d{1,2})$`)
	pageName := regexp.MustCompile(`^(?:cp|ibm|windows)[-_ ]?(\d{3,5})$`)
	part := func(form *regexp.Regexp, name string) string {
		if m := form.FindStringSubmatch(name); m != nil {
			return m[1]
		}
		return ""
	}
	between := []string{"", "-", "_", " ", "--", "x"}
	numbers := []string{"", "1", "15", "015", "850", "1252", "00858", "123456", "1a", "x", "-1", "٣"}
	for _, word := range []string{"iso", "cp", "ibm", "windows", "i", "xcp", ""} {
		for _, first := range between {
			for _, middle := range []string{"", "8859", "885"} {
				for _, second := range between {
					for _, number := range numbers {
						name := word + first + middle + second + number
						iso, isISO := isoPart(name)
						assert.Equal(t, isoName.MatchString(name), isISO, name)
						page, isPage := codePageNumber(name)
						assert.Equal(t, pageName.MatchString(name), isPage, name)
						if isISO {
							assert.Equal(t, part(isoName, name), iso)
						}
						if isPage {
							assert.Equal(t, part(pageName, name), page)
						}
					}
				}
			}
		}
	}
}

func TestEveryANSICodePageOfWindowsIsKnown(t *testing.T) {
	for _, page := range []string{"874", "932", "936", "949", "950", "1250", "1251", "1252", "1253", "1254", "1255", "1256", "1257", "1258", "65001"} {
		lookup(t, "cp"+page)
	}
}

func TestLookupOfTheUnknown(t *testing.T) {
	for _, name := range []string{"", "no-such-set", "utf-7", "replacement", "iso-2022-kr", "iso-8859-0", "iso-8859-99", "iso-8859-11", "cp99999", "#"} {
		c, err := Lookup(name)
		assert.ErrorIs(t, err, fault.Unsupported, name)
		assert.Nil(t, c)
		assert.ErrorContains(t, err, name)
	}
}

func TestConvert(t *testing.T) {
	withANSI(t, charmap.Windows1252)
	tests := []struct {
		charset    string
		host       Encoding
		text, wire string
	}{
		{"utf-8", UTF8, "é€😀", "é€😀"},
		{"utf-8", ANSI, "\xE9\x80", "é€"},
		{"utf-8", UTF16, "\xE9\x00\x3D\xD8\x00\xDE", "é😀"},
		{"utf-8", UTF8, "\uFFFD", "\uFFFD"},
		{"utf-8", UTF8, "\uFEFFa", "\uFEFFa"},
		{"windows-1252", UTF8, "é€", "\xE9\x80"},
		{"iso-8859-1", UTF8, "é\u0080", "\xE9\x80"},
		{"ibm850", UTF8, "é", "\x82"},
		{"ibm850", ANSI, "\xE9", "\x82"},
		{"ibm850", UTF16, "\xE9\x00", "\x82"},
		{"utf-16le", UTF8, "é😀\x00", "\xE9\x00\x3D\xD8\x00\xDE\x00\x00"},
		{"utf-16be", UTF8, "é\uFFFD\uFEFF", "\x00\xE9\xFF\xFD\xFE\xFF"},
		{"utf-16le", ANSI, "\x80", "\xAC\x20"},
		{"utf-16le", UTF16, "\xFD\xFF\x3D\xD8\x00\xDE", "\xFD\xFF\x3D\xD8\x00\xDE"},
		{"utf-16", UTF8, "a\uFFFD", "\xFE\xFF\x00a\xFF\xFD"},
		{"shift_jis", UTF8, "日本", "\x93\xFA\x96\x7B"},
		{"gbk", UTF8, "中文", "\xD6\xD0\xCE\xC4"},
		{"gb18030", UTF8, "é\uFFFD😀", "\xA8\xA6\x84\x31\xA4\x37\x94\x39\xFC\x36"},
		{"us-ascii", UTF8, "a\x00b", "a\x00b"},
		{"gbk", UTF8, "", ""},
	}
	for _, tt := range tests {
		c := lookup(t, tt.charset)
		wire, err := c.ToWire(tt.host, []byte("dst"), []byte(tt.text))
		require.NoError(t, err, "%s %q", tt.charset, tt.text)
		assert.Equal(t, "dst"+tt.wire, string(wire), tt.charset)
		text, err := c.FromWire(tt.host, []byte("dst"), []byte(tt.wire))
		require.NoError(t, err, "%s %q", tt.charset, tt.wire)
		assert.Equal(t, "dst"+tt.text, string(text), tt.charset)
	}
	text, err := lookup(t, "utf-16").FromWire(UTF8, nil, []byte("\xFF\xFEa\x00\xFD\xFF"))
	require.NoError(t, err)
	assert.Equal(t, "a\uFFFD", string(text))
}

func TestWhatCannotBeConverted(t *testing.T) {
	withANSI(t, charmap.Windows1252)
	tests := []struct {
		name, charset string
		host          Encoding
		toWire        bool
		msg           string
		offset, shown string
	}{
		{"not in the set", "windows-1252", UTF8, true, "é中", "2", `"中" U+4E2D (windows-1252)`},
		{"not in the set, from ANSI", "ibm850", ANSI, true, "\xE9\xE9\x80", "2", `"€" U+20AC (ibm850)`},
		{"not in the set, from UTF-16", "us-ascii", UTF16, true, "a\x00\x3D\xD8\x00\xDE", "2", `"😀" U+1F600 (us-ascii)`},
		{"cannot be shown", "us-ascii", UTF8, true, "a\u0085", "1", "U+0085 (us-ascii)"},
		{"U+FFFD itself", "windows-1252", UTF8, true, "ab\uFFFD", "2", "\"\uFFFD\" U+FFFD (windows-1252)"},
		{"host's UTF-8 is none", "windows-1252", UTF8, true, "ab\xE9c", "2", "E9 63 (utf-8)"},
		{"host's UTF-8 is none, same set", "utf-8", UTF8, true, "\uFFFDab\xE9c", "5", "E9 63 (utf-8)"},
		{"host's UTF-16 is cut", "utf-8", UTF16, true, "a\x00b", "2", "62 (utf-16le)"},
		{"lone surrogate", "utf-16be", UTF16, true, "\xFD\xFF\x00\xDEa\x00", "2", "00 DE 61 00 (utf-16le)"},
		{"not in the host's set", "utf-8", ANSI, false, "a中", "1", `"中" U+4E2D (ANSI)`},
		{"not in the host's set, two bytes", "gbk", ANSI, false, "\xD6\xD0", "0", `"中" U+4E2D (ANSI)`},
		{"not in the host's set, further on", "shift_jis", ANSI, false, "ab\x93\xFA", "2", `"日" U+65E5 (ANSI)`},
		{"wire is no UTF-8", "utf-8", UTF8, false, "a\xC3(", "1", "C3 28 (utf-8)"},
		{"wire is cut UTF-8", "utf-8", ANSI, false, "\xEF\xBF\xBD\xE2\x82", "3", "E2 82 (utf-8)"},
		{"wire is no ASCII", "us-ascii", UTF8, false, "abc\x80", "3", "80 (us-ascii)"},
		{"wire is cut Shift JIS", "shift_jis", UTF8, false, "\x93\xFA\x93", "2", "93 (shift_jis)"},
		{"wire is no GB18030", "gb18030", UTF8, false, "\x84\x31\xA4\x37a\xFF", "5", "FF (gb18030)"},
		{"wire is half a unit", "utf-16be", UTF8, false, "\x00a\x00", "2", "00 (utf-16be)"},
		{"wire has a lone surrogate", "utf-16le", UTF8, false, "\x3D\xD8a\x00", "0", "3D D8 61 00 (utf-16le)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := lookup(t, tt.charset)
			convert := c.FromWire
			if tt.toWire {
				convert = c.ToWire
			}
			got, err := convert(tt.host, []byte("dst"), []byte(tt.msg))
			require.ErrorIs(t, err, fault.Text)
			assert.Equal(t, "dst", string(got))
			var e *fault.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, []string{tt.offset, tt.shown}, e.Args[:2])
			assert.Contains(t, e.Text(fault.French), tt.shown)
		})
	}
}

var sets = []string{
	"utf-8", "utf-16le", "utf-16be", "utf-16", "us-ascii", "iso-8859-1", "iso-8859-3", "iso-8859-15", "windows-1252", "windows-1253",
	"ibm437", "ibm850", "ibm037", "koi8-r", "macintosh", "shift_jis", "euc-jp", "iso-2022-jp", "gbk", "gb18030", "hz-gb-2312", "big5", "euc-kr",
}

// Whatever arrives, it is converted or refused: no byte is replaced, and what
// was converted goes back and gives the same text again.
func TestNothingIsReplaced(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, name := range sets {
		c := lookup(t, name)
		converted := 0
		for range 3000 {
			msg := randomMessage(random)
			text, err := c.FromWire(UTF8, nil, msg)
			if err != nil {
				require.ErrorIs(t, err, fault.Text)
				continue
			}
			converted++
			require.True(t, utf8.Valid(text), name)
			if len(c.genuine) == 0 {
				require.NotContains(t, string(text), "\uFFFD", "%s % X", name, msg)
			}
			wire, err := c.ToWire(UTF8, nil, text)
			if err != nil { // bytes that decode to what has no code of its own
				require.ErrorIs(t, err, fault.Text)
				continue
			}
			again, err := c.FromWire(UTF8, nil, wire)
			require.NoError(t, err, name)
			require.Equal(t, string(text), string(again), "%s % X", name, msg)
		}
		assert.NotZero(t, converted, name)
	}
}

func randomMessage(random *rand.Rand) []byte {
	msg := make([]byte, random.IntN(6))
	for i := range msg {
		msg[i] = byte(random.IntN(256))
		if random.IntN(2) == 0 {
			msg[i] &= 0x7F
		}
	}
	return msg
}

// The offset of a character that a set does not have is exact in every set.
func TestOffsetsInEverySet(t *testing.T) {
	for _, name := range sets {
		if strings.HasPrefix(name, "utf-") || name == "gb18030" {
			continue
		}
		_, err := lookup(t, name).ToWire(UTF16, nil, Encode(UTF16, "abc\U0001F600d"))
		var e *fault.Error
		require.ErrorAs(t, err, &e, name)
		assert.Equal(t, "6", e.Args[0], name)
		assert.Contains(t, e.Args[1], "U+1F600", name)
	}
}

// A long message full of U+FFFD, which is checked character by character, is
// still a matter of its length only.
func TestALongOddMessage(t *testing.T) {
	c := lookup(t, "gb18030")
	text := strings.Repeat("\uFFFD中a", 1<<15)
	wire, err := c.ToWire(UTF8, nil, []byte(text))
	require.NoError(t, err)
	got, err := c.FromWire(UTF8, nil, wire)
	require.NoError(t, err)
	assert.True(t, text == string(got))
}

func TestACharsetInManyGoroutines(t *testing.T) {
	for _, name := range []string{"iso-2022-jp", "utf-16", "ibm850"} {
		c := lookup(t, name)
		msg := []byte("plain text")
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 200 {
					wire, err := c.ToWire(UTF8, nil, msg)
					assert.NoError(t, err)
					got, err := c.FromWire(UTF8, nil, wire)
					assert.NoError(t, err)
					assert.True(t, bytes.Equal(msg, got))
				}
			})
		}
		wg.Wait()
	}
}

func FuzzConvert(f *testing.F) {
	f.Add(uint8(0), []byte("é"))
	f.Add(uint8(17), []byte("\x1B$B"))
	f.Fuzz(func(t *testing.T, which uint8, msg []byte) {
		c := lookup(t, sets[int(which)%len(sets)])
		for _, host := range []Encoding{UTF8, ANSI, UTF16} {
			if _, err := c.FromWire(host, nil, msg); err != nil {
				require.ErrorIs(t, err, fault.Text)
			}
			if _, err := c.ToWire(host, nil, msg); err != nil {
				require.ErrorIs(t, err, fault.Text)
			}
		}
	})
}

// stateful sets depend on what came before: a piece cannot be converted alone.
var stateful = []string{"utf-16", "iso-2022-jp", "hz-gb-2312"}

// A text that is converted in pieces, as it fits and as it arrives, is the text
// that is converted as a whole.
func TestPiecesMakeTheWhole(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	const letters = "aé€ßΩж中文字かなハ한글𠀀😀\n"
	for _, name := range sets {
		if slices.Contains(stateful, name) {
			continue
		}
		c := lookup(t, name)
		for _, host := range []Encoding{UTF8, ANSI, UTF16} {
			msg, whole := []byte{}, []byte{}
			for range 400 {
				char := []rune(letters)[random.IntN(len([]rune(letters)))]
				b, err := c.ToWire(UTF8, nil, []byte(string(char)))
				if err != nil {
					continue
				}
				text, err := c.FromWire(host, nil, b)
				if err != nil {
					continue
				}
				msg, whole = append(msg, b...), append(whole, text...)
			}
			require.NotEmpty(t, msg, name)
			got, at, there := []byte{}, 0, 0
			for at < len(msg) {
				room := 1 + random.IntN(20)
				text, used, err := c.FromWireFitting(host, msg[at:there], room)
				require.NoError(t, err, name)
				require.LessOrEqual(t, len(text), room, name)
				if used == 0 { // more bytes, or more room
					there = min(there+1+random.IntN(30), len(msg))
					text, used, err = c.FromWireFitting(host, msg[at:there], longestCharacter)
					require.NoError(t, err, name)
				}
				got, at = append(got, text...), at+used
			}
			require.Equal(t, string(whole), string(got), name)
		}
	}
}

// As much as fits is taken, and no more is looked at than that needs.
func TestAPieceIsBoundedByItsRoom(t *testing.T) {
	c := lookup(t, "windows-1252")
	msg := bytes.Repeat([]byte("\xe9"), 1<<20)
	for room, want := range map[int]int{0: 0, 1: 0, 2: 1, 1000: 500, 1001: 500} {
		text, used, err := c.FromWireFitting(UTF8, msg, room)
		require.NoError(t, err)
		require.Equal(t, want, used, room)
		require.Len(t, text, 2*want)
	}
	few := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			c.FromWireFitting(UTF8, msg[:2000], 1000)
		}
	})
	much := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			c.FromWireFitting(UTF8, msg, 1000)
		}
	})
	assert.Less(t, much.AllocedBytesPerOp(), 2*few.AllocedBytesPerOp()+1)
}

func TestWhatCannotBeConvertedEndsAPiece(t *testing.T) {
	c := lookup(t, "windows-1252")
	text, used, err := c.FromWireFitting(UTF8, []byte("ab\x81cd"), 100)
	require.NoError(t, err)
	require.Equal(t, "ab", string(text))
	require.Equal(t, 2, used)
	_, used, err = c.FromWireFitting(UTF8, []byte("\x81cd"), 100)
	require.ErrorIs(t, err, fault.Text)
	require.Zero(t, used)

	c = lookup(t, "utf-8")
	text, used, err = c.FromWireFitting(ANSI, []byte("ab中"), 100)
	require.NoError(t, err)
	require.Equal(t, "ab", string(text))
	require.Equal(t, 2, used)
	_, _, err = c.FromWireFitting(ANSI, []byte("中ab"), 100)
	require.ErrorIs(t, err, fault.Text)
}
