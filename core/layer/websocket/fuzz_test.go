package websocket

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// drained is all that a Conn reads, and the error behind it.
func drained(t testing.TB, client, records, compressed bool, sent []byte, most, size int) (got []byte, written []frame, code fault.Code) {
	t.Helper()
	c, near, far := alone(client, Config{Records: records, MaxMessage: 1 << 16}, compressed)
	near.Most = most
	far.Out.Put(sent)
	p := make([]byte, size)
	for {
		n, err := c.Read(p)
		if err != nil {
			require.Zero(t, n)
			var e *fault.Error
			require.True(t, errors.As(err, &e))
			require.NotEmpty(t, e.Text(fault.French))
			return got, parseFrames(t, near.Out.TakeAll(), client), e.Code
		}
		require.Positive(t, n)
		require.LessOrEqual(t, n, size)
		got = append(got, p[:n]...)
	}
}

// joined are the whole messages of records, each with its kind in front.
func joined(records []byte) (out []string) {
	for message := ""; len(records) >= RecordHeader; {
		n := RecordHeader + int(binary.BigEndian.Uint32(records[1:]))
		if n > len(records) {
			break
		}
		message += string(records[RecordHeader:n])
		if records[0]&FlagMore == 0 {
			out = append(out, string('0'+rune(records[0]))+message)
			message = ""
		}
		records = records[n:]
	}
	return out
}

// FuzzFrames has both sides read the same bytes in different pieces: what they read and
// answer is the same.
func FuzzFrames(f *testing.F) {
	for _, c := range frameCases() {
		var sent []byte
		for _, one := range c.frames {
			if len(one.payload) > 200 {
				continue
			}
			sent = append(sent, one.bytes(true)...)
		}
		f.Add(sent, byte(1), byte(70), byte(0))
	}
	f.Add(frame{text | bitRSV1, deflated(f, strings.Repeat("Hello", 20))}.bytes(true), byte(3), byte(64), byte(7))
	f.Add(frame{text | bitRSV1, deflated(f, "Hello")}.bytes(false), byte(3), byte(7), byte(6))
	f.Fuzz(func(t *testing.T, sent []byte, most, size, kind byte) {
		client, stream, compressed := kind&1 != 0, kind&2 != 0, kind&4 != 0
		got, written, code := drained(t, client, !stream, compressed, sent, 0, 1<<17)
		pieces, writtenToo, codeToo := drained(t, client, !stream, compressed, sent, int(most), int(size)+1)
		if compressed && code != codeToo { // of several things that are wrong the first in memory is told
			wrong := []fault.Code{fault.WebSocketProtocol, fault.WebSocketText, fault.WebSocketTooLong}
			require.Contains(t, wrong, code)
			require.Contains(t, wrong, codeToo)
			return
		}
		require.Equal(t, code, codeToo)
		if code == fault.Timeout {
			require.Equal(t, written, writtenToo)
			if !compressed {
				require.Equal(t, got, pieces)
			} else if !stream {
				require.Equal(t, joined(got), joined(pieces))
			}
		} else { // behind what is wrong nothing is read, and before it as much as had come
			require.Equal(t, codesAlone(written), codesAlone(writtenToo))
			if !compressed {
				short := min(len(got), len(pieces))
				require.True(t, bytes.Equal(got[:short], pieces[:short]))
			}
		}
	})
}

// FuzzRequest gives a server any bytes.
func FuzzRequest(f *testing.F) {
	f.Add(lines(sampleRequest...))
	f.Add(lines(with(sampleRequest, "+ x")...))
	f.Add(lines("GET / HTTP/1.1", "Host: x"))
	f.Add("GET http:// HTTP/1.1\r\n\r\n")
	f.Add(lines(with(sampleRequest, "+Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=\"9\"")...))
	f.Fuzz(func(t *testing.T, request string) {
		config := ServerConfig{Config: Config{Compression: true}, Paths: []string{"/chat", "/"}, Protocols: []string{"chat"}}
		c, answer, err := serve(t, config, request, 0)
		if err == nil {
			assert.True(t, strings.HasPrefix(answer, "HTTP/1.1 101 "))
			assert.True(t, isPath(c.Facts().Path))
		} else {
			assert.False(t, strings.HasPrefix(answer, "HTTP/1.1 101 "))
			var e *fault.Error
			require.True(t, errors.As(err, &e))
			assert.NotEmpty(t, e.Text(fault.French))
		}
		if answer != "" { // it is one answer, whatever the request had
			h, err := parseHeader(strings.SplitAfter(answer, "\r\n\r\n")[0][:strings.Index(answer, "\r\n\r\n")+2])
			require.NoError(t, err)
			assert.LessOrEqual(t, len(h.fields), 7)
		}
	})
}

// FuzzAnswer gives a client any bytes; KEY stands for the answer to its key.
func FuzzAnswer(f *testing.F) {
	good := strings.Replace(lines(sampleAnswer("KEY")...), accept("KEY"), "KEY", 1)
	f.Add(good)
	f.Add(good + "\x81\x00")
	f.Add(strings.Replace(good, "X-From: there", "Sec-WebSocket-Extensions: "+offered, 1))
	f.Add(lines("HTTP/1.1 301 Moved", "Location: x"))
	f.Add(lines("HTTP/1.1 401 Unauthorized", "WWW-Authenticate: x"))
	f.Add("HTTP/1.1 1")
	f.Fuzz(func(t *testing.T, answer string) {
		c, _, err := ask(t, ClientConfig{Config: Config{Compression: true}, Protocols: []string{"chat"}}, 0, func(key string) string { return strings.Replace(answer, "KEY", accept(key), 1) })
		if err == nil {
			assert.NotNil(t, c.Facts())
			assert.True(t, strings.HasPrefix(answer, "HTTP/1."))
			return
		}
		var e *fault.Error
		require.True(t, errors.As(err, &e))
		assert.NotEmpty(t, e.Text(fault.French))
	})
}

// FuzzUTF8 checks a text in two pieces.
func FuzzUTF8(f *testing.F) {
	f.Add([]byte("aé日\U0010ffff"), 3)
	f.Add([]byte("\xed\xa0\x80"), 1)
	f.Add([]byte("\xf4\x90"), 1)
	f.Fuzz(func(t *testing.T, text []byte, at int) {
		at = max(0, min(at, len(text)))
		var u utf8Check
		good := u.add(text[:at]) && u.add(text[at:]) && u.end()
		assert.Equal(t, bytes.Equal(bytes.ToValidUTF8(text, nil), text), good)
	})
}
