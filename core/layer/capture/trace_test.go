package capture

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

func TestTheTrace(t *testing.T) {
	files, _, path := start(t)
	r := files.Record(Options{Trace: path}, socket(12, "scale"), Connected)
	r.Note("TLS 1.3, TLS_AES_128_GCM_SHA256")
	r.Bytes(Both, Sent, []byte("Hello World\r\n\x00\xffabc"))
	r.Message(Sent, []byte("Hello World"))
	r.Bytes(Both, Received, []byte("1"))
	r.Message(Received, []byte("two\r\nlines "+strings.Repeat("é", 300)))
	r.Bytes(Both, Received, []byte(strings.Repeat("x", mostDumped+1)))
	r.End(Received, fault.New(fault.PeerClosed, fault.PhaseRead, ""))
	r.Close(nil)
	require.True(t, files.Wait(patience))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	got := regexp.MustCompile(`(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z `).ReplaceAllString(string(data), "")
	const (
		out = `#12 "scale" client 127.0.0.1:40001 -> 10.0.0.5:5000  `
		in  = `#12 "scale" client 127.0.0.1:40001 <- 10.0.0.5:5000  `
	)
	want := out + "connected\n" +
		out + "TLS 1.3, TLS_AES_128_GCM_SHA256\n" +
		out + "sent 18 bytes\n" +
		"    00000000  48 65 6C 6C 6F 20 57 6F  72 6C 64 0D 0A 00 FF 61  Hello World....a\n" +
		"    00000010  62 63                                             bc\n" +
		out + "message sent, 11 bytes: Hello World\n" +
		in + "received 1 byte\n" +
		"    00000000  31                                                1\n" +
		in + `message received, 611 bytes: two\x0D\x0Alines `
	require.True(t, strings.HasPrefix(got, want), got)
	got = got[len(want):]
	line, got, _ := strings.Cut(got, "\n")
	assert.True(t, strings.HasSuffix(line, "é..."))
	assert.Equal(t, strings.Count(line, "é")*2+3, len(line), "no character is cut")
	assert.True(t, strings.HasPrefix(got, in+"received 4097 bytes\n    00000000  78"))
	assert.True(t, strings.HasSuffix(got, "    00000FF0  78 78 78 78 78 78 78 78  78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"+
		"    ... 1 byte more\n"+
		in+"the peer has ended its sending\n"+out+"end of sending\n"+out+"closed\n"), got)
}

func TestATraceIsTurnedOver(t *testing.T) {
	files, reported, path := start(t)
	const size = 2000
	files.SetSize(size)
	r := files.Record(Options{Trace: path}, socket(1, ""), Connected)
	const n = 200
	for i := range n {
		r.Message(Sent, []byte{byte('0' + i/100), byte('0' + i/10%10), byte('0' + i%10)})
	}
	r.Close(nil)
	require.True(t, files.Wait(patience))
	before, err := os.ReadFile(path + ".1")
	require.NoError(t, err)
	now, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.LessOrEqual(t, len(before), size)
	assert.LessOrEqual(t, len(now), size)
	lines := strings.Split(strings.TrimSuffix(string(before)+string(now), "\n"), "\n")
	assert.Greater(t, len(before)+len(now), size)
	for i, line := range lines[:len(lines)-2] {
		next := n - (len(lines) - 2) + i
		assert.True(t, strings.HasSuffix(line, string([]byte{byte('0' + next/100), byte('0' + next/10%10), byte('0' + next%10)})), line)
	}
	assert.Empty(t, reported.list())
}

func TestARecordLongerThanTheSize(t *testing.T) {
	files, _, path := start(t)
	files.SetSize(1000)
	r := files.Record(Options{Trace: path}, socket(1, ""), Connected)
	r.Bytes(Both, Sent, make([]byte, 3000))
	r.Close(nil)
	require.True(t, files.Wait(patience))
	before, err := os.ReadFile(path + ".1")
	require.NoError(t, err)
	assert.Contains(t, string(before), "sent 3000 bytes")
	assert.FileExists(t, path)
}

func TestATurnOverThatFails(t *testing.T) {
	files, _, path := start(t)
	require.NoError(t, os.MkdirAll(filepath.Join(path+".1", "full"), 0o700))
	files.SetSize(300)
	r := files.Record(Options{Trace: path}, socket(1, ""), Connected)
	for range 50 {
		r.Message(Sent, []byte("message"))
	}
	r.Close(nil)
	require.True(t, files.Wait(patience))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, 50, strings.Count(string(data), "message sent"), "it grows on, nothing is lost")
}

func TestATraceWithoutASize(t *testing.T) {
	files, _, path := start(t)
	files.SetSize(0)
	r := files.Record(Options{Trace: path}, Socket{Midway: true}, Connected)
	for range 50 {
		r.Bytes(Both, Received, []byte("x"))
	}
	r.Close(nil)
	require.True(t, files.Wait(patience))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, 50, strings.Count(string(data), "Z - <- -  received 1 byte\n"))
	assert.NoFileExists(t, path+".1")
}

func TestAnAttempt(t *testing.T) {
	files, _, path := start(t)
	r := files.Record(Options{Trace: path}, Socket{Label: "#4 client"}, Attempt)
	r.Note("not connected: refused")
	r.Close(nil)
	require.True(t, files.Wait(patience))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Regexp(t, `^\S+Z #4 client - -> -  not connected: refused\n$`, string(data))
}

func TestAnotherName(t *testing.T) {
	files, _, path := start(t)
	(*Recorder)(nil).Named("#1 channel")
	r := files.Record(Options{Trace: path, Capture: path + ".pcapng"}, socket(4, "server"), Accepted)
	r.Named("#5 channel")
	r.Bytes(Both, Received, []byte("x"))
	r.Close(nil)
	require.True(t, files.Wait(patience))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Contains(t, string(data), `Z #4 "server" client 127.0.0.1:40001 -> 10.0.0.5:5000  from now on #5 channel`+"\n")
	assert.Contains(t, string(data), "Z #5 channel 127.0.0.1:40001 <- 10.0.0.5:5000  received 1 byte\n")
	all := readCapture(t, path+".pcapng")
	assert.Equal(t, []string{`socket #4 "server" client`}, all[0].comments)
	assert.Equal(t, []string{"from now on #5 channel"}, all[3].comments)
}

// A sum of 0 is sent as FFFF: 0 is none.
func TestAChecksumOfZero(t *testing.T) {
	files, _, path := start(t)
	r := files.Record(Options{Capture: path}, Socket{Local: here}, Datagrams)
	for i := range 1 << 16 {
		r.Datagram(Sent, there, []byte{byte(i >> 8), byte(i)})
		if i%4096 == 0 {
			require.True(t, files.Flush(patience))
		}
	}
	r.Close(nil)
	require.True(t, files.Wait(patience))
	found := 0
	for _, p := range readCapture(t, path) {
		assert.NotZero(t, p.udp.Checksum)
		if p.udp.Checksum == 0xFFFF {
			found++
		}
	}
	assert.Positive(t, found)
}
