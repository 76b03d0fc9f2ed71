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
