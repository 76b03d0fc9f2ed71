package websocket

import (
	"bytes"
	"compress/flate"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// deflated compresses a message as RFC 7692, section 7.2.1, says.
func deflated(t testing.TB, payload string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	require.NoError(t, err)
	w.Write([]byte(payload))
	w.Flush()
	return strings.TrimSuffix(b.String(), "\x00\x00\xff\xff")
}

// The cases 12 and 13 of the Autobahn test suite: messages of many lengths, in
// fragments, with pings between.
func TestCompressedMessages(t *testing.T) {
	for _, payload := range []string{"", "Hello", strings.Repeat("Hello, wörld ", 10), strings.Repeat("0123456789", 20_000), "\U0010ffff"} {
		z := deflated(t, payload)
		third := len(z) / 3
		for name, frames := range map[string][]frame{
			"one":       {{text | bitRSV1, z}},
			"fragments": {{opText | bitRSV1, z[:third]}, {ping, "p"}, {more, ""}, {more, z[third:]}, {last, ""}},
			"several":   {{text | bitRSV1, z}, {opText | bitRSV1, z[:third]}, {ping, "p"}, {last, z[third:]}, {text | bitRSV1, z}},
			"mixed":     {{text | bitRSV1, z}, {text, payload}, {opText | bitRSV1, z[:third]}, {last, z[third:]}},
		} {
			for _, client := range []bool{false, true} {
				for _, most := range []int{0, 1, 1000} {
					for _, size := range []int{1, 64, 4096} {
						if len(payload) > 1000 && (size < 4096 || most == 1) {
							continue
						}
						var sent []byte
						for _, f := range frames {
							sent = append(sent, f.bytes(!client)...)
						}
						h := hear(t, client, Config{Records: true}, true, sent, most, size)
						require.NotEmpty(t, h.messages, "%s: %v", name, h.err)
						for _, m := range h.messages {
							require.True(t, m.text && m.payload == payload, "%s %d bytes: %d", name, len(payload), len(m.payload))
						}
						if name == "mixed" || name == "several" {
							require.Len(t, h.messages, 3)
						}
						require.Equal(t, fault.Timeout, h.err.Code)
					}
				}
			}
		}
	}
}

// The examples of RFC 7692, section 7.2.3, but for those with a context.
func TestCompressedMessagesOfTheRFC(t *testing.T) {
	for name, sent := range map[string][]byte{
		"one block":       {0xc1, 0x07, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00},
		"in fragments":    {0x41, 0x03, 0xf2, 0x48, 0xcd, 0x80, 0x04, 0xc9, 0xc9, 0x07, 0x00},
		"no compression":  {0xc1, 0x0b, 0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00},
		"BFINAL is 1":     {0xc1, 0x08, 0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00},
		"two blocks":      {0xc1, 0x0d, 0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00},
		"not compressed":  {0x81, 0x05, 'H', 'e', 'l', 'l', 'o'},
		"in two and more": {0x41, 0x02, 0xf2, 0x48, 0x00, 0x01, 0xcd, 0x80, 0x04, 0xc9, 0xc9, 0x07, 0x00},
	} {
		h := hear(t, true, Config{Records: true}, true, sent, 0, 100)
		assert.Equal(t, []string{"THello"}, messagesOf(h), "%s: %v", name, h.err)
	}
}

func TestBadCompressedMessages(t *testing.T) {
	zeros := deflated(t, strings.Repeat("\x00", 1<<20))
	require.Less(t, len(zeros), 2000)
	for name, c := range map[string]struct {
		frames []frame
		code   fault.Code
		close  int
	}{
		"damaged":               {[]frame{{binMsg | bitRSV1, "\xff\xff\xff"}}, fault.WebSocketProtocol, CloseText},
		"cut":                   {[]frame{{binMsg | bitRSV1, deflated(t, "0123456789")[:4]}}, fault.WebSocketProtocol, CloseText},
		"no text":               {[]frame{{text | bitRSV1, deflated(t, "\xff")}}, fault.WebSocketText, CloseText},
		"half a character":      {[]frame{{text | bitRSV1, deflated(t, "\xc3")}}, fault.WebSocketText, CloseText},
		"the bit on a fragment": {[]frame{{opText | bitRSV1, "x"}, {last | bitRSV1, ""}}, fault.WebSocketProtocol, CloseProtocol},
		"the bit on a ping":     {[]frame{{ping | bitRSV1, ""}}, fault.WebSocketProtocol, CloseProtocol},
		"another bit":           {[]frame{{text | bitRSV1 | 0x20, ""}}, fault.WebSocketProtocol, CloseProtocol},
		"a bomb":                {[]frame{{binMsg | bitRSV1, zeros}}, fault.WebSocketTooLong, CloseTooLong},
	} {
		var sent []byte
		for _, f := range c.frames {
			sent = append(sent, f.bytes(true)...)
		}
		h := hear(t, false, Config{Records: true, MaxMessage: 100_000}, true, sent, 0, 4096)
		assert.Equal(t, c.code, h.err.Code, "%s: %v", name, h.err)
		assert.Equal(t, closesWith(c.close), codesAlone(h.written), name)
		assert.Empty(t, h.messages, name)
	}
}

// What is written is compressed where that pays, also what comes in parts.
func TestCompressedWrites(t *testing.T) {
	c, near, _ := alone(false, Config{Records: true}, true)
	long := strings.Repeat("Hello, wörld ", 1000)
	c.Write(record(FlagText, "short"))
	assert.Equal(t, []frame{{text, "short"}}, parseFrames(t, near.Out.TakeAll(), false))
	c.Write(record(FlagText, long))
	frames := parseFrames(t, near.Out.TakeAll(), false)
	require.Len(t, frames, 1)
	assert.Equal(t, byte(text|bitRSV1), frames[0].first)
	assert.Less(t, len(frames[0].payload), 500)
	assert.Nil(t, c.out.deflater, "nothing is kept between messages")

	r := record(FlagText, long)
	c.Write(r[:1000])
	assert.NotNil(t, c.out.deflater)
	c.Write(r[1000:5000])
	require.NoError(t, c.Ping())
	c.Write(r[5000:])
	assert.Nil(t, c.out.deflater)
	sent := near.Out.TakeAll()
	frames = parseFrames(t, sent, false)
	require.Len(t, frames, 4)
	assert.Equal(t, []byte{opText | bitRSV1, more, ping, last}, []byte{frames[0].first, frames[1].first, frames[2].first, frames[3].first})
	h := hear(t, true, Config{Records: true}, true, sent, 0, 4096)
	require.Len(t, h.messages, 1)
	assert.True(t, h.messages[0].payload == long)

	c.Write(r[:1000])
	require.NoError(t, c.CloseWrite())
	assert.Nil(t, c.out.deflater, "given up in the middle")
}

func TestExtensionParameters(t *testing.T) {
	for offer, ok := range map[string]bool{
		"permessage-deflate":                          true,
		"Permessage-Deflate ; client_max_window_bits": true,
		offered: true,
		"permessage-deflate; client_max_window_bits=10":                              true,
		`permessage-deflate; client_max_window_bits="10"`:                            true,
		"permessage-deflate; server_max_window_bits=15":                              true,
		"permessage-deflate; server_max_window_bits=10":                              false,
		"permessage-deflate; server_max_window_bits":                                 false,
		"permessage-deflate; client_max_window_bits=7":                               false,
		"permessage-deflate; client_max_window_bits=08":                              false,
		"permessage-deflate; client_max_window_bits=16":                              false,
		"permessage-deflate; client_no_context_takeover=1":                           false,
		"permessage-deflate; unknown":                                                false,
		"permessage-deflate; client_no_context_takeover; client_no_context_takeover": false,
		"x-webkit-deflate-frame":                                                     false,
	} {
		assert.Equal(t, ok, isOffer(offer), offer)
	}
	for answer, ok := range map[string]bool{
		offered: true,
		"permessage-deflate; server_no_context_takeover":                            true,
		"permessage-deflate; server_no_context_takeover; server_max_window_bits=12": true,
		"permessage-deflate": false,
		"permessage-deflate; server_no_context_takeover; client_max_window_bits=12": false,
		"permessage-deflate; server_no_context_takeover=1":                          false,
		"permessage-deflate; server_no_context_takeover; x":                         false,
	} {
		assert.Equal(t, ok, isAgreed(answer), answer)
	}
}
