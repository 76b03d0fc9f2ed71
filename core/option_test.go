package core

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/charset"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// definition is one #define of the header with its comment.
type definition struct {
	number  int32
	comment string
}

// definitions reads the numbers of the C header.
func definitions(t *testing.T) map[string]definition {
	t.Helper()
	header, err := os.ReadFile(filepath.Join("..", "include", "wdsocket.h"))
	require.NoError(t, err)
	out := make(map[string]definition)
	lines := regexp.MustCompile(`(?m)^#define (WDS_\w+)\s+\(?(-?\d+)\)?[ \t]*(/\*(?s:.*?)\*/)?`)
	for _, m := range lines.FindAllStringSubmatch(string(header), -1) {
		n, err := strconv.ParseInt(m[2], 10, 32)
		require.NoError(t, err)
		comment := regexp.MustCompile(`\s+`).ReplaceAllString(strings.Trim(m[3], "/* "), " ")
		out[m[1]] = definition{int32(n), comment}
	}
	require.NotEmpty(t, out)
	return out
}

// constants reads the Go constants of a type, by name in capitals.
func constants(t *testing.T, file, typeName string) map[string]int32 {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	out := make(map[string]int32)
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, is := n.(*ast.ValueSpec)
		if !is {
			return true
		}
		if of, is := spec.Type.(*ast.Ident); is && of.Name == typeName {
			text := spec.Values[0].(*ast.BasicLit).Value
			n, err := strconv.ParseInt(text, 10, 32)
			require.NoError(t, err)
			out[strings.ToUpper(spec.Names[0].Name)] = int32(n)
		}
		return true
	})
	require.NotEmpty(t, out, typeName)
	return out
}

func TestNumbersAgreeWithTheHeader(t *testing.T) {
	header := definitions(t)
	families := []struct{ prefix, file, typeName, goPrefix string }{
		{"WDS_OPT_", "option/ids.go", "ID", ""},
		{"WDS_TEXT_", "option/ids.go", "TextID", "TEXT"},
		{"WDS_NUM_", "constants.go", "Number", "NUM"},
		{"WDS_STATE_", "constants.go", "State", "STATE"},
		{"WDS_CLOSE_", "constants.go", "CloseHow", "CLOSE"},
		{"WDS_MODE_", "frame/mode.go", "Mode", ""},
		{"WDS_CHECK_", "frame/frame.go", "Check", "CHECK"},
	}
	// where the names differ by more than their spelling
	other := map[string]string{"CONNECTMICROS": "CONNECTUS"}
	for _, f := range families {
		want := make(map[string]int32)
		for name, d := range header {
			if rest, of := strings.CutPrefix(name, f.prefix); of {
				want[strings.ReplaceAll(rest, "_", "")] = d.number
			}
		}
		got := make(map[string]int32)
		for name, n := range constants(t, f.file, f.typeName) {
			name = strings.TrimPrefix(name, f.goPrefix)
			if as, is := other[name]; is {
				name = as
			}
			got[name] = n
		}
		assert.Equal(t, want, got, f.prefix)
	}
}

func TestEveryOptionOfTheHeaderIsKnown(t *testing.T) {
	header := definitions(t)
	names := make(map[string]bool)
	for id, o := range option.Ints() {
		names[o.Name] = true
		assert.EqualValues(t, header[o.Name].number, id, o.Name)
	}
	for id, o := range option.Texts() {
		names[o.Name] = true
		assert.EqualValues(t, header[o.Name].number, id, o.Name)
	}
	for name := range header {
		if strings.HasPrefix(name, "WDS_OPT_") || strings.HasPrefix(name, "WDS_TEXT_") {
			assert.True(t, names[name], "%s is not in the tables", name)
		}
	}
}

var (
	rangeWords   = regexp.MustCompile(`(-?\d+)\.\.(-?\d+)`)
	defaultWords = regexp.MustCompile(`default (-?\d+)`)
	beforeWords  = regexp.MustCompile(`(-?\d+)[^,;:]*\(default\)`)
)

// documented is what a comment of the header says about an option.
type documented struct {
	low, high, standard         int32
	hasRange, hasDefault        bool
	early, once, process, asked bool
}

func readComment(text string) (c documented) {
	number := func(s string) int32 {
		n, _ := strconv.ParseInt(s, 10, 32)
		return int32(n)
	}
	if m := rangeWords.FindStringSubmatch(text); m != nil {
		c.low, c.high, c.hasRange = number(m[1]), number(m[2]), true
		if c.low > 0 && strings.Contains(text, "0 = ") {
			c.low = 0 // with a gap above it
		}
	} else if strings.HasPrefix(text, "0/1") {
		c.low, c.high, c.hasRange = 0, 1, true
	}
	if m := defaultWords.FindStringSubmatch(text); m != nil {
		c.standard, c.hasDefault = number(m[1]), true
	} else if m := beforeWords.FindStringSubmatch(text); m != nil {
		c.standard, c.hasDefault = number(m[1]), true
	}
	c.early = strings.Contains(text, "before opening") && !strings.Contains(text, "best before")
	c.once = strings.Contains(text, "at once")
	c.process = strings.Contains(text, "; process")
	c.asked = strings.HasPrefix(text, "get only")
	return c
}

func TestRangesDefaultsAndMomentsAreThoseOfTheHeader(t *testing.T) {
	header := definitions(t)
	lib := NewLibrary()
	defer lib.CloseAll()
	defaults, ranges := 0, 0
	for id, o := range option.Ints() {
		c := readComment(header[o.Name].comment)
		assert.Equal(t, c.asked, o.Effect == option.GetOnly, "%s: get only", o.Name)
		assert.Equal(t, c.process, o.Effect == option.ProcessWide, "%s: process", o.Name)
		assert.Equal(t, c.early, o.Effect == option.BeforeOpen, "%s: before opening", o.Name)
		if o.Effect == option.GetOnly {
			continue
		}
		if c.hasRange {
			ranges++
			assert.Equal(t, [2]int32{c.low, c.high}, [2]int32{o.Low, o.High}, "%s: range", o.Name)
		}
		if c.hasDefault {
			defaults++
			got, err := lib.Option(id)
			require.NoError(t, err)
			assert.Equal(t, c.standard, got, "%s: default", o.Name)
		}
	}
	assert.Greater(t, ranges, 20, "the comments are understood")
	assert.Greater(t, defaults, 35)
	for id, o := range option.Texts() {
		c := readComment(header[o.Name].comment)
		assert.Equal(t, c.process, o.Effect == option.ProcessWide, "%s: process", o.Name)
		assert.Equal(t, c.early, o.Effect == option.BeforeOpen, "%s: before opening", o.Name)
		isBytes := strings.HasPrefix(header[o.Name].comment, "bytes,")
		assert.Equal(t, isBytes, id.Binary(), "%s: bytes", o.Name)
	}
}

func TestTextDefaults(t *testing.T) {
	lib := NewLibrary()
	defer lib.CloseAll()
	for id, want := range map[option.TextID]string{option.TextLanguage: "en", option.TextLogFile: "", option.TextLocalAddress: "", option.TextDNSServer: "",
		option.TextCharset: "", option.TextUserText: "", option.TextMulticastInterface: "", option.TextFrameStart: "\x02", option.TextFrameEnd: "\x03",
		option.TextFrameEscape: "", option.TextFrameHeader: "", option.TextTag: "\x1a", option.TextProxy: "", option.TextProxyExceptions: ""} {
		got, err := lib.Text(id)
		require.NoError(t, err)
		assert.Equal(t, want, got, option.Texts()[id].Name)
	}
}

// sampleOf is a value of an option that is not its default.
func sampleOf(o option.Int, now int32) int32 {
	const tls13 = 32 // where the value is made of bits, one that has a meaning
	if o.Try != nil && o.Low == 0 {
		return 5000 // there is a gap above 0
	}
	for _, v := range []int32{o.Low, o.High, o.Low + 1, tls13} {
		if v >= o.Low && v != now && v > math.MinInt32+1 && v < 1<<21 {
			return v
		}
	}
	return o.High
}

func TestEveryIntegerOptionIsSetToldAndInherited(t *testing.T) {
	for id, o := range option.Ints() {
		if o.Effect == option.GetOnly {
			continue
		}
		t.Run(o.Name, func(t *testing.T) {
			k := newKit(t, setup{})
			before, err := k.lib.Option(id)
			require.NoError(t, err)
			want := sampleOf(o, before)
			for _, bad := range []int64{int64(o.Low) - 1, int64(o.High) + 1} {
				if bad >= math.MinInt32 && bad <= math.MaxInt32 {
					k.fails(k.lib.SetOption(id, int32(bad)), fault.Argument)
				}
			}
			if o.Effect == option.ProcessWide {
				s := k.lib.NewSocket("")
				k.fails(s.SetOption(id, want), fault.Argument)
				require.NoError(t, k.lib.SetOption(id, want))
				got, err := s.Option(id)
				require.NoError(t, err, "it may be asked for on a socket")
				require.Equal(t, want, got)
				return
			}
			earlier := k.lib.NewSocket("")
			require.NoError(t, k.lib.SetOption(id, want))
			got, err := k.lib.Option(id)
			require.NoError(t, err)
			require.Equal(t, want, got)
			got, err = earlier.Option(id)
			require.NoError(t, err)
			require.Equal(t, before, got, "a socket made before keeps its own")
			later := k.lib.NewSocket("")
			got, err = later.Option(id)
			require.NoError(t, err)
			require.Equal(t, want, got, "one made afterwards has it")
			require.NoError(t, later.SetOption(id, before))
			got, err = later.Option(id)
			require.NoError(t, err)
			require.Equal(t, before, got)
			if o.Low > math.MinInt32 {
				k.fails(later.SetOption(id, o.Low-1), fault.Argument)
				got, err = later.Option(id)
				require.NoError(t, err)
				require.Equal(t, before, got, "a refused value changes nothing")
			}
		})
	}
}

func TestMomentsOfOptions(t *testing.T) {
	bothWaits(t, func(k *kit) {
		client, _ := k.pair(k, nil)
		u, _ := k.udp(nil)
		server, _ := k.listen(nil)
		for id, o := range option.Ints() {
			if o.Effect == option.GetOnly || o.Effect == option.ProcessWide {
				continue
			}
			for _, s := range []*Socket{client, server, u} {
				now := o.Low
				if id != option.LocalPort {
					var err error
					now, err = s.Option(id)
					require.NoError(k, err, o.Name)
				}
				err := s.SetOption(id, now)
				if o.Effect == option.BeforeOpen {
					k.fails(err, fault.State)
				} else {
					require.NoError(k, err, o.Name)
				}
			}
		}
		for id, o := range option.Texts() {
			if o.Effect == option.BeforeOpen {
				k.fails(client.SetText(id, ""), fault.State)
			}
		}
		for id, o := range option.Ints() {
			if o.Effect == option.GetOnly {
				k.fails(client.SetOption(id, 1), fault.Argument)
				k.fails(k.lib.SetOption(id, 1), fault.Argument)
			}
		}
	})
}

func TestUnknownOptions(t *testing.T) {
	k := newKit(t, setup{})
	s := k.lib.NewSocket("")
	for _, id := range []int32{0, -1, 49, 999, 1000, 1999, math.MaxInt32, math.MinInt32} {
		k.fails(s.SetOption(option.ID(id), 1), fault.Argument)
		k.fails(k.lib.SetOption(option.ID(id), 1), fault.Argument)
		_, err := s.Option(option.ID(id))
		k.fails(err, fault.Argument)
		_, err = k.lib.Option(option.ID(id))
		k.fails(err, fault.Argument)
	}
	for _, id := range []int32{0, -1, 999, 2999, math.MaxInt32} {
		k.fails(s.SetText(option.TextID(id), ""), fault.Argument)
		k.fails(k.lib.SetText(option.TextID(id), ""), fault.Argument)
		_, err := s.Text(option.TextID(id))
		k.fails(err, fault.Argument)
		_, err = k.lib.Text(option.TextID(id))
		k.fails(err, fault.Argument)
	}
	for _, id := range []option.TextID{option.TextMulticastJoin, option.TextMulticastLeave} {
		k.fails(k.lib.SetText(id, "239.1.1.1"), fault.Argument)
		_, err := k.lib.Text(id)
		k.fails(err, fault.Argument)
	}
	k.fails(s.SetText(option.TextLanguage, "fr"), fault.Argument)
	k.fails(s.SetMode(frame.Mode(8), nil), fault.Argument)
	k.fails(s.SetMode(frame.Mode(-1), nil), fault.Argument)
	k.fails(k.lib.SetMode(frame.Mode(8), nil), fault.Argument)
	for _, what := range []Number{NumClients, NumPending, NumRefused} {
		_, err := s.Number(what)
		k.fails(err, fault.Kind)
	}
}

func TestTextOptions(t *testing.T) {
	k := newKit(t, setup{})
	s := k.lib.NewSocket("")
	good := []struct {
		id        option.TextID
		set, want string
	}{
		{option.TextLocalAddress, "127.0.0.1", "127.0.0.1"},
		{option.TextLocalAddress, "::1", "::1"},
		{option.TextLocalAddress, "", ""},
		{option.TextDNSServer, "127.0.0.1", "127.0.0.1:53"},
		{option.TextDNSServer, "127.0.0.1:5353", "127.0.0.1:5353"},
		{option.TextDNSServer, "::1", "[::1]:53"},
		{option.TextDNSServer, "", ""},
		{option.TextCharset, "Latin1", "iso-8859-1"},
		{option.TextCharset, "", ""},
		{option.TextUserText, "anything é", "anything é"},
		{option.TextFrameStart, "", ""},
		{option.TextFrameStart, "0123456789abcdef", "0123456789abcdef"},
		{option.TextFrameEnd, "\r\n", "\r\n"},
		{option.TextFrameEscape, "\x10", "\x10"},
		{option.TextFrameEscape, "", ""},
		{option.TextFrameHeader, strings.Repeat("h", 255), strings.Repeat("h", 255)},
		{option.TextTag, strings.Repeat("t", 64), strings.Repeat("t", 64)},
		{option.TextFramePreset, "mllp", "mllp"},
	}
	for _, c := range good {
		require.NoError(t, s.SetText(c.id, c.set), "%s %q", option.Texts()[c.id].Name, c.set)
		got, err := s.Text(c.id)
		require.NoError(t, err)
		assert.Equal(t, c.want, got, option.Texts()[c.id].Name)
		require.NoError(t, k.lib.SetText(c.id, c.set))
		got, err = k.lib.Text(c.id)
		require.NoError(t, err)
		assert.Equal(t, c.want, got, option.Texts()[c.id].Name)
	}
	bad := []struct {
		id   option.TextID
		set  string
		code fault.Code
	}{
		{option.TextLocalAddress, "a.name", fault.Argument},
		{option.TextDNSServer, "a.name:53", fault.Argument},
		{option.TextCharset, "no-such-set", fault.Unsupported},
		{option.TextFramePreset, "no-such-preset", fault.Unsupported},
		{option.TextFrameStart, strings.Repeat("s", 17), fault.Argument},
		{option.TextFrameEnd, "", fault.Argument},
		{option.TextFrameEnd, strings.Repeat("e", 17), fault.Argument},
		{option.TextFrameEscape, "ab", fault.Argument},
		{option.TextFrameHeader, strings.Repeat("h", 256), fault.Argument},
		{option.TextTag, "", fault.Argument},
		{option.TextTag, strings.Repeat("t", 65), fault.Argument},
	}
	for _, c := range bad {
		k.fails(s.SetText(c.id, c.set), c.code)
		k.fails(k.lib.SetText(c.id, c.set), c.code)
	}
	mode, err := s.Option(option.Mode)
	require.NoError(t, err)
	assert.EqualValues(t, frame.Markers, mode, "the preset chose it")
	k.fails(k.lib.SetText(option.TextLanguage, "de"), fault.Unsupported)
	require.NoError(t, k.lib.SetText(option.TextLanguage, "fr"))
	assert.Equal(t, fault.French, k.lib.Language())
	got, err := s.Text(option.TextLanguage)
	require.NoError(t, err)
	assert.Equal(t, "fr", got)
	require.NoError(t, k.lib.SetText(option.TextLanguage, ""))
	assert.Equal(t, charset.SystemLanguage(), k.lib.Language(), "none is the system's")
}

func TestTheLogFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "socket.log")
	k := newKit(t, setup{})
	require.NoError(t, k.lib.SetText(option.TextLogFile, path))
	got, err := k.lib.Text(option.TextLogFile)
	require.NoError(t, err)
	assert.Equal(t, path, got)
	server, port := k.listen(nil)
	k.connect(port, nil)
	_, err = server.Accept(patienceOfTests, nil)
	require.NoError(t, err)
	k.lib.CloseAll()
	require.NoError(t, k.lib.SetText(option.TextLogFile, ""))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, word := range []string{": listening\n", ": connected in ", ": closed\n"} {
		assert.Contains(t, string(text), word)
	}
	require.Error(t, k.lib.SetText(option.TextLogFile, filepath.Join(path, "no", "such")))
}

func TestWidthsThreeIsNone(t *testing.T) {
	k := newKit(t, setup{})
	s := k.lib.NewSocket("")
	k.fails(s.SetOption(option.FrameWidth, 3), fault.Argument)
	k.fails(s.SetOption(option.AddressFamily, 5), fault.Argument)
	require.NoError(t, s.SetOption(option.KeepAliveIdle, 1001))
	got, err := s.Option(option.KeepAliveIdle)
	require.NoError(t, err)
	assert.EqualValues(t, 2000, got, "whole seconds, rounded up")
	assert.Equal(t, time.Duration(-1), option.Milliseconds(-7))
	assert.Equal(t, 7*time.Millisecond, option.Milliseconds(7))
}

func TestOptionsAfterClosing(t *testing.T) {
	k := newKit(t, setup{})
	s := k.lib.NewSocket("")
	require.NoError(t, s.Close())
	k.fails(s.SetOption(option.NoDelay, 0), fault.Closed)
	k.fails(s.SetText(option.TextUserText, ""), fault.Closed)
	k.fails(s.SetText(option.TextMulticastJoin, "239.1.1.1"), fault.Closed)
	k.fails(s.Open(KindClient, 0, 1, "", 0), fault.Closed)
	_, err := s.Write(nil)
	k.fails(err, fault.Closed)
	k.readFails(s, 0, fault.Closed)
}

func TestOpeningInTheBackground(t *testing.T) {
	bothWaits(t, func(k *kit) {
		server, port := k.listen(nil)
		s := k.lib.NewSocket("")
		require.NoError(k, s.Open(KindClient, 0, port, "127.0.0.1", 0))
		k.eventually(func() bool { return s.State() == StateOpen }, "open")
		_, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		require.NoError(k, server.Close())
		failing := k.lib.NewSocket("")
		require.NoError(k, failing.Open(KindClient, 0, port, "127.0.0.1", 0))
		k.eventually(func() bool { return failing.State() == StateFailed }, "failed")
		require.ErrorIs(k, failing.Why(), fault.Refused)
		k.readFails(failing, 0, fault.Refused)

		dns := newFakeDNS(k)
		dns.silence("silent.test")
		for _, end := range []func(*Socket){(*Socket).Cancel, func(s *Socket) { s.Close() }} {
			waiting := k.socket(must(k, withText(option.TextDNSServer, dns.address())))
			require.NoError(k, waiting.Open(KindClient, 0, port, "silent.test", 0))
			require.Equal(k, StateConnecting, waiting.State())
			k.fails(waiting.Open(KindClient, 0, port, "", 0), fault.State)
			k.readFails(waiting, 0, fault.NotConnected)
			end(waiting)
			k.eventually(func() bool { s := waiting.State(); return s == StateFailed || s == 0 }, "given up")
		}
	})
}
