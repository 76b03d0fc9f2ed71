package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/term"

	"wdsocket/core"
)

// full is an output without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestOutputThatCannotBeWrittenIsAFailure(t *testing.T) {
	_, at := serve(t, "--echo", "127.0.0.1:0")
	for _, args := range [][]string{{"connect", "-w", longest.String(), at, "x"}, {"--json", "listen", "127.0.0.1:0"}, {"--json", "bench", "-n", "1", at}} {
		var errs output
		exit := run(t.Context(), append([]string{"--language", "en"}, args...), strings.NewReader(""), full{}, &errs)
		assert.Equal(t, exitFailed, exit, args)
		assert.Contains(t, errs.String(), "the output cannot be written: no space left")
	}
}

func TestHelpThatCannotBeWrittenIsAFailure(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"connect", "--help"}, {"--version"}, {"--man"}, {"--completion"}} {
		var errs output
		assert.Equal(t, exitFailed, run(t.Context(), append([]string{"--language", "en"}, args...), strings.NewReader(""), full{}, &errs), args)
		assert.Contains(t, errs.String(), "the output cannot be written: no space left", args)
	}
}

// endless is a device that never ends, as /dev/zero is.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestAFileWithoutAnEndIsRefused(t *testing.T) {
	_, err := contentOf("-", endless{})
	assert.ErrorContains(t, err, "longer than 256 MB")
}

func TestStandardInputOfAnyKind(t *testing.T) {
	_, at := serve(t, "--echo", "-f", "size", "127.0.0.1:0")
	long := strings.Repeat("x", longestLine+1)
	assert.Contains(t, told(t, exitFailed, long, "connect", "-f", "size", at), "--file -")
	assert.Contains(t, told(t, 0, "one\ntwo", "connect", "-f", "size", "-w", longest.String(), "--expect", "^one.two$", "--file", "-", at), `one\ntwo`)
	told(t, exitUsage, "", "connect", "--repeat", "-1", at, "x")
	told(t, exitUsage, `\q`, "connect", "-f", "size", at)
}

// joined is two ways.
type joined struct {
	io.Reader
	io.Writer
}

func TestAWrongLineAtAKeyboardIsToldAndTheNextOneIsSent(t *testing.T) {
	var wrong []error
	k := &keyboard{Terminal: term.NewTerminal(joined{strings.NewReader("\\q\rgood\r\x1b[200~pasted\r\x1b[201~"), io.Discard}, ""), file: os.Stdin,
		wrong: func(err error) { wrong = append(wrong, err) }}
	var sent []string
	require.NoError(t, typed{}.sendLines(t.Context(), k, framing{Frame: "line"}, func(data []byte) error {
		sent = append(sent, string(data))
		return nil
	}))
	assert.Equal(t, []string{"good", "pasted"}, sent)
	assert.Len(t, wrong, 1)
}

func TestCtrlCIsNoticedWhileNoLineIsRead(t *testing.T) {
	in, typing := io.Pipe()
	ctx, stop := context.WithCancel(t.Context())
	k := newKeys(in, stop)
	for _, some := range []string{"a\r", "b\r", "\x03"} {
		_, err := io.WriteString(typing, some)
		require.NoError(t, err)
	}
	<-ctx.Done()
	require.NoError(t, typing.Close())
	all, err := io.ReadAll(k)
	require.NoError(t, err)
	assert.Equal(t, "a\rb\r\x03", string(all))
}

func TestBytesThatAreNoCharactersAreTypedAsEscapes(t *testing.T) {
	k := newKeys(strings.NewReader("\xe9t\xe9 \u00e9\ufffd\xc3\r"), func() {})
	board := &keyboard{Terminal: term.NewTerminal(joined{k, io.Discard}, ""), file: os.Stdin}
	line, err := board.ReadLine()
	require.NoError(t, err)
	assert.Equal(t, `\xE9t\xE9 é\xEF\xBF\xBD\xC3`, line)
	endless := &keyboard{Terminal: term.NewTerminal(joined{newKeys(strings.NewReader("\x1b["+strings.Repeat("1", 1000)), func() {}), io.Discard}, ""), file: os.Stdin}
	_, err = endless.ReadLine()
	assert.ErrorIs(t, err, io.ErrShortBuffer)
}

func TestAClientThatDoesNotReadDelaysTheOthersOnce(t *testing.T) {
	lines, typing := io.Pipe()
	server := start(t, lines, "listen", "-t", "5s", "127.0.0.1:0")
	at := server.out.waitFor(t, `listening at (\S+)\n`)[1]
	deaf, err := net.Dial("tcp", at)
	require.NoError(t, err)
	defer deaf.Close()
	server.out.waitFor(t, `\[1\] `)
	reading, err := net.Dial("tcp", at)
	require.NoError(t, err)
	defer reading.Close()
	server.out.waitFor(t, `\[2\] `)
	const size, count = 1 << 20, 32 // more than the system keeps
	received := make(chan error, 1)
	go func() {
		_, err := io.CopyN(io.Discard, reading, count*(size+2))
		received <- err
	}()
	line := strings.Repeat("x", size) + "\n"
	for range count {
		_, err := io.WriteString(typing, line)
		require.NoError(t, err)
	}
	require.NoError(t, <-received)
	server.out.waitFor(t, `(?s)! .*\[1\] has gone`)
	server.end(t)
	require.NoError(t, typing.Close())
}

func TestMessagesThatCannotBeSentAreTold(t *testing.T) {
	server, at := serve(t, "-f", "02 data 03", "127.0.0.1:0", `\x03`)
	told(t, 0, "", "connect", "-w", "1ms", at, "x")
	server.out.waitFor(t, `! `)
	server.end(t)
}

func TestAnAnswerThatIsTooLongEndsNoServiceOfDatagrams(t *testing.T) {
	server := start(t, strings.NewReader(""), "udp", "--listen", "--reply", "^WHO$=>ME", "--reply", "(.*)=>$1$1", "127.0.0.1:0")
	at := server.out.waitFor(t, `listening at (\S+)\n`)[1]
	peer, err := net.Dial("udp", at)
	require.NoError(t, err)
	defer peer.Close()
	_, err = peer.Write(make([]byte, 60000))
	require.NoError(t, err)
	server.out.waitFor(t, `! `)
	_, err = peer.Write([]byte("WHO"))
	require.NoError(t, err)
	answer := make([]byte, 10)
	n, err := peer.Read(answer)
	require.NoError(t, err)
	assert.Equal(t, "ME", string(answer[:n]))
	server.end(t)
}

func TestErrorsAreObjectsInJSON(t *testing.T) {
	server, at := serve(t, "--echo", "127.0.0.1:0")
	var h happening
	require.NoError(t, json.Unmarshal([]byte(told(t, 0, "", "--json", "bench", "-n", "1", at)), &h))
	assert.NotEmpty(t, h.Time)
	server.end(t)
	var out, errs output
	assert.Equal(t, exitFailed, run(t.Context(), []string{"--json", "connect", at}, strings.NewReader(""), &out, &errs))
	require.NoError(t, json.Unmarshal([]byte(out.String()), &h), out.String())
	assert.Equal(t, "error", h.Event)
	assert.NotEmpty(t, h.Text)
}

// What a peer has sent is part of the line that is proposed for a shell.
func TestArgumentsAreQuoted(t *testing.T) {
	text := quoted(`len:dec~"'"=data`)
	assert.Contains(t, []string{`'len:dec~"'\''"=data'`, `"len:dec~\"'\"=data"`}, text)
}

func TestARecordingThatEndsIsTold(t *testing.T) {
	_, at := serve(t, "--echo", "-f", "size", "127.0.0.1:0")
	name := filepath.Join(folder(t), "large")
	require.NoError(t, os.WriteFile(name, bytes.Repeat([]byte("x"), 200000), 0o600))
	text := told(t, 0, "", "connect", "-f", "size", "-w", longest.String(), "--expect", "x", "--file", name, "--capture", name+".pcapng", "--set", "CAPTURE_SIZE=65536", at)
	assert.Regexp(t, `! .*large\.pcapng`, text)
}

func TestWhatThePeerDoesNotTakeIsAFailure(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	name := filepath.Join(folder(t), "large")
	require.NoError(t, os.WriteFile(name, make([]byte, 1<<20), 0o600))
	told(t, exitFailed, "", "connect", "--set", "RECEIVE_BUFFER=4096", "-t", "1s", "-w", "1ms", "--file", name, listener.Addr().String())
}

func TestProxyTellsAtOnceWhatCannotBe(t *testing.T) {
	told(t, exitFailed, "", "proxy", "--capture", folder(t), "127.0.0.1:0", "127.0.0.1:1")
	told(t, exitUsage, "", "proxy", "--set", "NOTHING=1", "127.0.0.1:0", "127.0.0.1:1")
	assert.Contains(t, told(t, exitUsage, "", "listen", "99999"), "port")
}

// A target that reads only later is none that has failed.
func TestProxyWaitsForAProgramThatDoesNotRead(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	proxy := start(t, strings.NewReader(""), "proxy", "-t", "500ms", "127.0.0.1:0", listener.Addr().String())
	at := proxy.out.waitFor(t, `listening at (\S+),`)[1]
	client, err := net.Dial("tcp", at)
	require.NoError(t, err)
	defer client.Close()
	target, err := listener.Accept()
	require.NoError(t, err)
	defer target.Close()
	const size = 24 << 20
	written := make(chan error, 1)
	go func() {
		_, err := client.Write(bytes.Repeat([]byte("x"), size))
		written <- err
	}()
	select {
	case err := <-written:
		require.NoError(t, err, "it was written, or failed, while the target read nothing")
	case <-time.After(1500 * time.Millisecond): // longer than a write has time otherwise
	}
	_, err = io.CopyN(io.Discard, target, size)
	require.NoError(t, err)
	require.NoError(t, <-written)
	proxy.end(t)
}

// counting counts what waits for the end of a context.
type counting struct {
	context.Context
	waiting atomic.Int32
}

func (*counting) Value(any) any { return nil }

func (c *counting) AfterFunc(f func()) (stop func() bool) {
	c.waiting.Add(1)
	stopped := context.AfterFunc(c.Context, f)
	return func() bool {
		c.waiting.Add(-1)
		return stopped()
	}
}

func TestProxyKeepsNothingOfAConnectionThatHasEnded(t *testing.T) {
	_, target := serve(t, "--echo", "127.0.0.1:0")
	var out output
	ctx := &counting{Context: t.Context()}
	s := &session{Context: ctx, lib: core.NewLibrary(), out: newPrinter(&out, &out, false, "never", func() {})}
	defer s.lib.CloseAll()
	server := s.lib.NewSocket("")
	require.NoError(t, server.Open(core.KindServer, 0, 0, "127.0.0.1:0", 0))
	end, err := server.Local()
	require.NoError(t, err)
	peer, err := net.Dial("tcp", end.String())
	require.NoError(t, err)
	require.NoError(t, peer.Close())
	client, err := s.next(server)
	require.NoError(t, err)
	c := &proxyCommand{Target: target}
	c.Timeout = longest
	c.lead(s, client, 1, nil)
	assert.Contains(t, out.String(), "has ended")
	assert.Zero(t, ctx.waiting.Load())
}

func TestAScriptThatExpectsNothingKeepsNotEverything(t *testing.T) {
	in := newInbox()
	for range inboxMessages {
		in.put(make([]byte, 1<<20))
	}
	assert.Equal(t, inboxBytes, in.bytes)
	assert.Len(t, in.messages, inboxBytes>>20)
	in.put(make([]byte, 2*inboxBytes)) // the last one in any case
	assert.Len(t, in.messages, 1)
	for range 2 * inboxMessages {
		in.put([]byte("x"))
	}
	data, there, _ := in.take()
	assert.True(t, there)
	assert.Equal(t, "x", string(data))
	assert.Len(t, in.messages, inboxMessages-1)
}
