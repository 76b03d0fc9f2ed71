package frame

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// A hint to another mode, TLS or HTTP claims no more than what is there shows: a
// program that polls must not be advised to break a framing that is right.
func TestHintsClaimOnlyWhatIsKnown(t *testing.T) {
	params := func(change func(*Params)) Params {
		p := Defaults()
		change(&p)
		return p
	}
	length := params(func(p *Params) { p.Mode = Length })
	endTag := params(func(p *Params) { p.Mode, p.Tag = EndTag, []byte("\r\n") })
	unset := params(func(p *Params) { p.Mode = EndTag })
	end := params(func(p *Params) { p.Mode, p.Tag = EndTag, []byte("END") })
	line, _ := Protocol(Defaults(), "line")
	stxETX, _ := Preset(Defaults(), "stx-etx-bcc")
	announced, err := Describe(Defaults(), "len:u32 data")
	require.NoError(t, err)
	for _, c := range []struct {
		name   string
		params Params
		bytes  string
		want   fault.Note
	}{
		{"lines for a size", Defaults(), "220 ready\r\n", hintTag},
		{"lines with another end", endTag, "GROUP x\n", hintTag},
		{"lines where no end tag was set", unset, "220 ready\r\n", hintTag},
		{"half a binary message with 0A in it", length, "\x00\x64\x01\x02\n\x03\x04", fault.NoNote},
		{"half a binary message that ends with 0A", length, "\x00\x64\x01\x02\x03\n", fault.NoNote},
		{"lines inside a message with an end of its own", end, "first\r\nsecond\r\n", fault.NoNote},
		{"lines where lines are the messages", line, "220 ready\r\n", fault.NoNote},
		{"lines that end with an alternative", line, "220 ready\n", fault.NoNote},
		{"STX and ETX where they are the markers", stxETX, "\x02abc\x03", fault.NoNote},
		{"a length where one is described", announced, "\x00\x01\xff", fault.NoNote},
		{"the first half of the end", endTag, "GROUP x\r", fault.NoNote},
		{"a client of TLS", Defaults(), "\x16\x03\x01\x02\x00\x01", hintTLSClient},
		{"a length that looks like TLS", length, "\x16\x03", fault.NoNote},
		{"a length that looks like TLS, no record", length, "\x16\x03\x09\x09\x09\x09", fault.NoNote},
		{"HTTP", Defaults(), "GET / HTTP/1.1\r\n\r\n", hintHTTPClient},
		{"a word of HTTP", endTag, "GET temp", fault.NoNote},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := New(c.params)
			require.NoError(t, err)
			hint, _ := Likely(f, []byte(c.bytes), false)
			assert.Equal(t, c.want, hint)
		})
	}
	f, err := New(Defaults())
	require.NoError(t, err)
	hint, _ := Likely(f, []byte("HTTP/1.1 400 Bad Request\r\n"), true)
	assert.Equal(t, hintHTTPServer, hint)
}

// Errors name what the program has set: its preset, with all ends of it, and what limits.
func TestErrorsNameThePreset(t *testing.T) {
	line, known := Protocol(Defaults(), "line")
	require.True(t, known)
	line.Limit = 20
	described, err := Describe(line, "data 0A ; max=10")
	require.NoError(t, err)
	for _, c := range []struct {
		name     string
		params   Params
		want     []string
		wantNone string
	}{
		{"a preset", line, []string{`0D 0A | 0A | 0D (WDS_TEXT_FRAME_PRESET "line")`, "20 bytes that WDS_OPT_MAX_MESSAGE"}, "tag"},
		{"a description", described, []string{"0A (WDS_TEXT_FRAME)", "10 bytes that max="}, "PRESET"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := New(c.params)
			require.NoError(t, err)
			_, err = f.Decode([]byte("a line that is longer than that"), 0)
			require.Equal(t, fault.TooLong, fault.CodeOf(err))
			for _, want := range c.want {
				assert.Contains(t, err.Error(), want)
			}
			assert.NotContains(t, err.Error(), c.wantNone)
		})
	}
}

// A preset is in use as long as its figures are: the limit is none of them.
func TestPresetInUse(t *testing.T) {
	mllp, _ := Preset(Defaults(), "mllp")
	line, _ := Protocol(Defaults(), "line")
	slip, err := Describe(Defaults(), "slip")
	require.NoError(t, err)
	change := func(p Params, with func(*Params)) Params {
		with(&p)
		return p
	}
	for _, c := range []struct {
		name   string
		params Params
		want   string
	}{
		{"markers", mllp, "mllp"},
		{"a description", line, "line"},
		{"the name as a description", slip, "slip"},
		{"another limit", change(mllp, func(p *Params) { p.Limit = 20 }), "mllp"},
		{"another marker", change(mllp, func(p *Params) { p.End = []byte{3} }), ""},
		{"another mode", change(line, func(p *Params) { p.Mode = Markers }), ""},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, c.params.PresetInUse()) })
	}
	described, err := Describe(line, "data 0A")
	require.NoError(t, err)
	assert.Empty(t, described.PresetInUse())
}
