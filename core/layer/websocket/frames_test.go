package websocket

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/layer/layertest"
)

// The cases are those of the Autobahn test suite, by its numbers, with the rules of RFC
// 6455 as the measure.

// frame is one of the peer, made and read by hand.
type frame struct {
	first   byte
	payload string
}

const (
	text   = bitFinal | opText
	binMsg = bitFinal | opBinary
	more   = opContinuation
	last   = bitFinal | opContinuation
	ping   = bitFinal | opPing
	pong   = bitFinal | opPong
	ending = bitFinal | opClose
)

// bytes makes the frame as a client or a server sends it.
func (f frame) bytes(masked bool) []byte {
	b := []byte{f.first}
	bit := byte(0)
	if masked {
		bit = bitMask
	}
	switch n := len(f.payload); {
	case n <= 125:
		b = append(b, bit|byte(n))
	case n <= 0xFFFF:
		b = binary.BigEndian.AppendUint16(append(b, bit|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, bit|127), uint64(n))
	}
	if !masked {
		return append(b, f.payload...)
	}
	key := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	b = append(b, key[:]...)
	for i := range len(f.payload) {
		b = append(b, f.payload[i]^key[i%4])
	}
	return b
}

// parseFrames takes what a Conn wrote apart.
func parseFrames(t testing.TB, b []byte, masked bool) (frames []frame) {
	t.Helper()
	for len(b) > 0 {
		require.GreaterOrEqual(t, len(b), 2)
		f := frame{first: b[0]}
		require.Equal(t, masked, b[1]&bitMask != 0, "mask")
		n, at := int(b[1]&0x7F), 2
		switch n {
		case 126:
			n, at = int(binary.BigEndian.Uint16(b[2:])), 4
			require.Greater(t, n, 125, "the shortest form")
		case 127:
			n, at = int(binary.BigEndian.Uint64(b[2:])), 10
			require.Greater(t, n, 0xFFFF, "the shortest form")
		}
		var key [4]byte
		if masked {
			copy(key[:], b[at:])
			at += 4
		}
		require.GreaterOrEqual(t, len(b), at+n, "a whole frame")
		payload := bytes.Clone(b[at : at+n])
		for i := range payload {
			payload[i] ^= key[i%4]
		}
		f.payload = string(payload)
		frames, b = append(frames, f), b[at+n:]
	}
	return frames
}

// closing is the payload of a close frame.
func closing(code int, reason string) string {
	return string(binary.BigEndian.AppendUint16(nil, uint16(code))) + reason
}

// alone is a Conn whose peer is the test.
func alone(client bool, config Config, compressed bool) (*Conn, *layertest.End, *layertest.End) {
	near, far := pipe()
	near.Wait = 0
	return newConn(near, "peer:1", &config, client, &Facts{Compressed: compressed}, nil), near, far
}

// heard is what came of frames.
type heard struct {
	messages []message
	written  []frame
	err      *fault.Error
}

// hear has a Conn read all of what a peer sent, in pieces of most bytes, with memory of
// size bytes.
func hear(t testing.TB, client bool, config Config, compressed bool, sent []byte, most, size int) heard {
	t.Helper()
	c, near, far := alone(client, config, compressed)
	near.Most = most
	far.Out.Put(sent)
	var h heard
	r := &messages{c: c, size: size}
	for {
		m, err := r.next()
		if err != nil {
			require.ErrorAs(t, err, &h.err)
			break
		}
		h.messages = append(h.messages, m)
	}
	h.written = parseFrames(t, near.Out.TakeAll(), client)
	return h
}

// frameCase is what a peer sends and what comes of it.
type frameCase struct {
	name     string
	frames   []frame
	messages []string // text with a T in front, binary with a B
	written  []frame  // pongs, and the close frame by its code alone
	code     fault.Code
}

func messagesOf(h heard) (out []string) {
	for _, m := range h.messages {
		kind := "B"
		if m.text {
			kind = "T"
		}
		out = append(out, kind+m.payload)
	}
	return out
}

// codesAlone leaves the reasons of close frames out.
func codesAlone(frames []frame) (out []frame) {
	for _, f := range frames {
		if f.first == ending {
			f.payload = f.payload[:min(2, len(f.payload))]
		}
		out = append(out, f)
	}
	return out
}

// closesWith is what is written last.
func closesWith(code int) []frame { return []frame{{ending, closing(code, "")}} }

func frameCases() (cases []frameCase) {
	add := func(name string, frames []frame, messages []string, written []frame, code fault.Code) {
		cases = append(cases, frameCase{name, frames, messages, written, code})
	}
	violates := func(name string, frames []frame, messages ...string) {
		add(name, frames, messages, closesWith(CloseProtocol), fault.WebSocketProtocol)
	}
	for _, n := range []int{0, 1, 65, 125, 126, 127, 128, 65535, 65536} {
		payload := strings.Repeat("*", n)
		add(fmt.Sprint("1.1 text of ", n), []frame{{text, payload}}, []string{"T" + payload}, nil, fault.Timeout)
		payload = strings.Repeat("\xfe", n)
		add(fmt.Sprint("1.2 binary of ", n), []frame{{binMsg, payload}}, []string{"B" + payload}, nil, fault.Timeout)
	}

	full := strings.Repeat("\xff", 125)
	add("2.1 empty ping", []frame{{ping, ""}}, nil, []frame{{pong, ""}}, fault.Timeout)
	add("2.2 ping with text", []frame{{ping, "Hello"}}, nil, []frame{{pong, "Hello"}}, fault.Timeout)
	add("2.4 the longest ping", []frame{{ping, full}}, nil, []frame{{pong, full}}, fault.Timeout)
	violates("2.5 a ping too long", []frame{{ping, full + "."}})
	add("2.7 pongs unasked for", []frame{{pong, ""}, {pong, "x"}, {ping, "y"}}, nil, []frame{{pong, "y"}}, fault.Timeout)
	var pings, pongs []frame
	for i := range 10 {
		pings, pongs = append(pings, frame{ping, fmt.Sprint(i)}), append(pongs, frame{pong, fmt.Sprint(i)})
	}
	add("2.10 ten pings", pings, nil, pongs, fault.Timeout)

	for rsv := byte(0x10); rsv <= 0x70; rsv += 0x10 {
		violates(fmt.Sprint("3 reserved bits of a text ", rsv), []frame{{text, "one"}, {text | rsv, "two"}, {ping, ""}}, "Tone")
		violates(fmt.Sprint("3 reserved bits of a ping ", rsv), []frame{{ping | rsv, ""}})
		violates(fmt.Sprint("3 reserved bits of a close ", rsv), []frame{{ending | rsv, closing(1000, "")}})
	}
	for _, op := range []byte{3, 4, 5, 6, 7, 11, 12, 13, 14, 15} {
		violates(fmt.Sprint("4 opcode ", op), []frame{{text, "one"}, {bitFinal | op, "two"}}, "Tone")
		violates(fmt.Sprint("4 empty, opcode ", op), []frame{{bitFinal | op, ""}})
	}

	violates("5.1 a ping in fragments", []frame{{opPing, "one"}, {last, "two"}})
	violates("5.2 a pong in fragments", []frame{{opPong, "one"}, {last, "two"}})
	violates("5 a close frame in fragments", []frame{{opClose, closing(1000, "")}, {last, ""}})
	add("5.3 a text in fragments", []frame{{opText, "one"}, {last, "two"}}, []string{"Tonetwo"}, nil, fault.Timeout)
	add("5.6 a ping between", []frame{{opText, "one"}, {ping, "p"}, {last, "two"}}, []string{"Tonetwo"}, []frame{{pong, "p"}}, fault.Timeout)
	add("5.9 empty fragments", []frame{{opBinary, ""}, {more, ""}, {more, "one"}, {more, ""}, {last, ""}, {opText, ""}, {last, ""}}, []string{"Bone", "T"}, nil, fault.Timeout)
	violates("5.10 nothing to go on with", []frame{{last, "one"}, {text, "two"}})
	violates("5.12 nothing to go on with, not the last", []frame{{more, "one"}, {text, "two"}})
	violates("5.15 behind a message", []frame{{opText, "one"}, {last, "two"}, {more, "three"}}, "Tonetwo")
	violates("5.18 a message inside another", []frame{{opText, "one"}, {text, "two"}})
	violates("5.18 the same, binary", []frame{{opBinary, "one"}, {opText, "two"}})
	add("5.19 many fragments and pings", []frame{{opText, "1"}, {more, "2"}, {ping, "a"}, {more, "3"}, {more, "4"}, {ping, "b"}, {last, "5"}},
		[]string{"T12345"}, []frame{{pong, "a"}, {pong, "b"}}, fault.Timeout)

	const kosme = "\u03ba\u1f79\u03c3\u03bc\u03b5"
	for _, good := range []string{"Hello-µ@ßöäüàá-UTF-8!!", kosme, "\x00", "\u0080", "\u0800", "\U00010000", "\x7f", "\u07ff", "\uffff", "\ud7ff", "\ue000", "\ufffd", "\U0010ffff", "\ufeff"} {
		add("6 good "+fmt.Sprintf("%q", good), []frame{{text, good}}, []string{"T" + good}, nil, fault.Timeout)
		var each []frame
		for i := range len(good) {
			each = append(each, frame{more, good[i : i+1]})
		}
		each[0].first = opText
		add("6.2 in fragments "+fmt.Sprintf("%q", good), append(each, frame{last, ""}), []string{"T" + good}, nil, fault.Timeout)
	}
	for _, bad := range []string{kosme + "\xed\xa0\x80edited", "\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80", "\xf7\xbf\xbf\xbf", "\xf4\x90\x80\x80", "\x80", "\xbf", "\x80\xbf", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf",
		"\xc1\xbf", "\xc0\x80", "\xed\xa0\x80", "\xed\xaf\xbf", "\xed\xbf\xbf", "\xfe", "\xff", "\xce", kosme + "\xce", "\xe1\xbd", "\xf0\x90\x80", "\xc3(", "\xe2\x28\xa1"} {
		add("6 bad "+fmt.Sprintf("%q", bad), []frame{{text, "before"}, {text, bad}, {ping, ""}}, []string{"Tbefore"}, closesWith(CloseText), fault.WebSocketText)
		add("6 bad in fragments "+fmt.Sprintf("%q", bad), []frame{{opText, bad[:1]}, {more, bad[1:]}, {last, ""}}, nil, closesWith(CloseText), fault.WebSocketText)
		add("6 as binary "+fmt.Sprintf("%q", bad), []frame{{binMsg, bad}}, []string{"B" + bad}, nil, fault.Timeout)
	}
	add("6.4 told at once", []frame{{opText, "\xf4"}, {more, "\x90"}}, nil, closesWith(CloseText), fault.WebSocketText)

	end := func(payload string) frame { return frame{ending, payload} }
	add("7.1 a message, then the end", []frame{{text, "one"}, end(closing(1000, ""))}, []string{"Tone"}, closesWith(1000), fault.PeerClosed)
	add("7.1 twice", []frame{end(closing(1000, "")), end(closing(1000, ""))}, nil, closesWith(1000), fault.PeerClosed)
	add("7.1 a ping behind it", []frame{end(closing(1000, "")), {ping, ""}, {text, "one"}}, nil, closesWith(1000), fault.PeerClosed)
	add("7.1 inside a message", []frame{{opText, "one"}, end(closing(1000, "")), {last, "two"}}, nil, closesWith(1000), fault.PeerClosed)
	add("7.3 without a code", []frame{end("")}, nil, []frame{{ending, ""}}, fault.PeerClosed)
	violates("7.3 half a code", []frame{end("\x03")})
	add("7.3 with a reason", []frame{end(closing(1000, "Hello"))}, nil, closesWith(1000), fault.PeerClosed)
	add("7.3 the longest reason", []frame{end(closing(1000, strings.Repeat("*", 123)))}, nil, closesWith(1000), fault.PeerClosed)
	violates("7.3 too long", []frame{end(closing(1000, strings.Repeat("*", 124)))})
	add("7.5 a reason that is no text", []frame{end(closing(1000, "\xce\xba\xed\xa0\x80"))}, nil, closesWith(CloseText), fault.WebSocketText)
	for _, code := range []int{1000, 1001} {
		add(fmt.Sprint("7.7 code ", code), []frame{end(closing(code, ""))}, nil, closesWith(code), fault.PeerClosed)
	}
	for _, code := range []int{1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999} {
		add(fmt.Sprint("7.7 code ", code), []frame{end(closing(code, ""))}, nil, closesWith(code), fault.WebSocketClosed)
	}
	for _, code := range []int{0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		violates(fmt.Sprint("7.9 code ", code), []frame{end(closing(code, ""))})
	}
	return cases
}

// Each case is tried on both sides, in pieces of several sizes, with little and with
// much memory.
func TestFrames(t *testing.T) {
	for _, c := range frameCases() {
		t.Run(c.name, func(t *testing.T) {
			for _, client := range []bool{false, true} {
				var sent []byte
				for _, f := range c.frames {
					sent = append(sent, f.bytes(!client)...)
				}
				for _, most := range []int{0, 1, 3, 100} {
					for _, size := range []int{1, 7, 64, 70, 4096, 1 << 17} {
						if len(sent) > 2000 && (most > 0 && most < 100 || size < 64) {
							continue
						}
						h := hear(t, client, Config{Records: true}, false, sent, most, size)
						require.Equal(t, c.messages, messagesOf(h), "%v %d %d", client, most, size)
						require.Equal(t, c.written, codesAlone(h.written), "%v %d %d", client, most, size)
						require.Equal(t, c.code, h.err.Code, "%v %d %d: %v", client, most, size, h.err)
					}
				}
			}
		})
	}
}

// Without records the payload of all messages is one stream.
func TestFramesAsAStream(t *testing.T) {
	for _, client := range []bool{false, true} {
		for _, most := range []int{0, 1, 3} {
			for _, size := range []int{1, 5, 100} {
				c, near, far := alone(client, Config{}, false)
				near.Most = most
				for _, f := range []frame{{text, "one"}, {opBinary, "two"}, {ping, "p"}, {more, ""}, {last, "three"}, {text, ""}, {ending, closing(1000, "")}} {
					far.Out.Put(f.bytes(!client))
				}
				var got []byte
				p := make([]byte, size)
				var err error
				for err == nil {
					var n int
					n, err = c.Read(p)
					got = append(got, p[:n]...)
				}
				assert.Equal(t, "onetwothree", string(got))
				assert.Equal(t, fault.PeerClosed, fault.CodeOf(err))
				assert.Equal(t, []frame{{pong, "p"}, {ending, closing(1000, "")}}, parseFrames(t, near.Out.TakeAll(), client))
				_, err = c.Write([]byte("more"))
				assert.Equal(t, fault.PeerClosed, fault.CodeOf(err), "nothing goes behind a close frame")
			}
		}
	}
}

func TestMasks(t *testing.T) {
	for _, client := range []bool{false, true} {
		h := hear(t, client, Config{Records: true}, false, frame{text, "one"}.bytes(client), 0, 100)
		assert.Equal(t, fault.WebSocketProtocol, h.err.Code)
		assert.Equal(t, closesWith(CloseProtocol), codesAlone(h.written))
		assert.Empty(t, h.messages)
	}
}

func TestLengths(t *testing.T) {
	const most = 100
	config := Config{Records: true, MaxMessage: most}
	fits, tooMuch := strings.Repeat("x", most), strings.Repeat("x", most+1)
	for name, c := range map[string]struct {
		sent []frame
		got  []string
		code fault.Code
	}{
		"as long as may be":                {[]frame{{text, fits}, {opText, fits[:60]}, {last, fits[60:]}}, []string{"T" + fits, "T" + fits}, fault.Timeout},
		"9 too long":                       {[]frame{{text, tooMuch}}, nil, fault.WebSocketTooLong},
		"9 too long, in fragments":         {[]frame{{text, "one"}, {opText, fits[:60]}, {more, fits[60:]}, {last, "x"}}, []string{"Tone"}, fault.WebSocketTooLong},
		"9 fragments that are no messages": {[]frame{{opText, fits}, {ping, fits}, {last, ""}}, []string{"T" + fits}, fault.Timeout},
	} {
		var sent []byte
		for _, f := range c.sent {
			sent = append(sent, f.bytes(true)...)
		}
		h := hear(t, false, config, false, sent, 0, 4096)
		assert.Equal(t, c.got, messagesOf(h), name)
		assert.Equal(t, c.code, h.err.Code, name)
		if c.code == fault.WebSocketTooLong {
			assert.Equal(t, closesWith(CloseTooLong), codesAlone(h.written), name)
			assert.Contains(t, h.err.Error(), "101 bytes", name)
		}
	}
	for length, code := range map[uint64]fault.Code{1 << 63: fault.WebSocketProtocol, 1<<64 - 1: fault.WebSocketProtocol, 1<<63 - 1: fault.WebSocketTooLong, 1 << 31: fault.WebSocketTooLong, 1<<31 - 1: fault.Timeout} {
		sent := append(binary.BigEndian.AppendUint64([]byte{binMsg, bitMask | 127}, length), 0, 0, 0, 0, 'x')
		h := hear(t, false, Config{Records: true}, false, sent, 0, 4096)
		assert.Equal(t, code, h.err.Code, length)
	}
	long := append(binary.BigEndian.AppendUint64([]byte{binMsg, bitMask | 127}, 5), 0, 0, 0, 0)
	h := hear(t, false, Config{Records: true}, false, append(long, "hello"...), 1, 4096)
	assert.Equal(t, []string{"Bhello"}, messagesOf(h), "a length in more bytes than it needs")
}

// What a peer is told and what this side's errors say.
func TestWhatIsSaidOfABadFrame(t *testing.T) {
	h := hear(t, false, Config{Records: true}, false, frame{bitFinal | 5, ""}.bytes(true), 0, 100)
	assert.Equal(t, "peer:1: the peer broke the WebSocket protocol: a frame has the opcode 5, which does not exist (1002)", h.err.Error())
	assert.Contains(t, h.err.Text(fault.French), "code opération 5")
	assert.Equal(t, fault.PhaseWebSocket, h.err.Phase)
	require.Len(t, h.written, 1)
	assert.Equal(t, closing(CloseProtocol, "a frame has the opcode 5, which does not exist (1002)"), h.written[0].payload)

	h = hear(t, true, Config{Records: true}, false, frame{ending, closing(4001, "go\x1b away")}.bytes(false), 0, 100)
	assert.Equal(t, `peer:1: the peer closed the WebSocket: code 4001, "go\x1B away"`, h.err.Error())
	h = hear(t, true, Config{Records: true}, false, frame{ending, closing(1013, "")}.bytes(false), 0, 100)
	assert.Equal(t, "peer:1: the peer closed the WebSocket: code 1013 (Try Again Later)", h.err.Error())
	assert.Equal(t, closesWith(1013), h.written)
}

// An error stays, and what came before it was read before.
func TestAnErrorStays(t *testing.T) {
	c, _, far := alone(false, Config{Records: true}, false)
	far.Out.Put(frame{text, "one"}.bytes(true))
	far.Out.Put(frame{bitFinal | 5, ""}.bytes(true))
	p := make([]byte, 100)
	n, err := c.Read(p)
	require.NoError(t, err)
	assert.Equal(t, record(FlagText, "one"), p[:n])
	assert.True(t, c.Pending(), "the error comes without anything from below")
	assert.False(t, c.Idle())
	for range 3 {
		_, err = c.Read(p)
		assert.Equal(t, fault.WebSocketProtocol, fault.CodeOf(err))
		assert.False(t, c.Pending())
	}
	_, err = c.Write(record(FlagText, "x"))
	assert.Equal(t, fault.WriteClosed, fault.CodeOf(err), "%v", err)
}

// The end of the connection is not the end of the WebSocket.
func TestTheEndWithoutAClose(t *testing.T) {
	for _, client := range []bool{false, true} {
		c, _, far := alone(client, Config{Records: true}, false)
		far.Out.Put(frame{text, "one"}.bytes(!client))
		far.Stop()
		m, err := readMessage(c, 100)
		require.NoError(t, err)
		assert.Equal(t, "one", m.payload)
		_, err = readMessage(c, 100)
		assert.Equal(t, fault.WebSocketAbnormal, fault.CodeOf(err))
		_, _, ok := c.Closed()
		assert.False(t, ok)
	}
}
