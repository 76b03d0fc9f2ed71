package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core"
	"wdsocket/core/option"
)

// longest is how long something may take that is waited for: a machine may stand still.
const longest = time.Minute

// output collects what a command writes.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// waitFor waits until a pattern is in it, and gives its groups.
func (o *output) waitFor(t *testing.T, pattern string) []string {
	var found []string
	require.Eventually(t, func() bool {
		found = regexp.MustCompile(pattern).FindStringSubmatch(o.String())
		return found != nil
	}, longest, 5*time.Millisecond, "%s in %s", pattern, o)
	return found
}

// command is one that runs.
type command struct {
	out  output
	stop context.CancelFunc
	exit chan int
}

// start runs a command with what comes from in.
func start(t *testing.T, in io.Reader, args ...string) *command {
	ctx, stop := context.WithCancel(context.Background())
	c := &command{stop: stop, exit: make(chan int, 1)}
	go func() { c.exit <- run(ctx, append([]string{"--language", "en"}, args...), in, &c.out, &c.out) }()
	t.Cleanup(stop)
	return c
}

// end stops it, as Ctrl-C does.
func (c *command) end(t *testing.T) {
	c.stop()
	assert.Equal(t, 0, c.wait(t), c.out.String())
}

// wait gives the exit code.
func (c *command) wait(t *testing.T) int {
	select {
	case code := <-c.exit:
		return code
	case <-time.After(longest):
		require.Fail(t, "it does not end", c.out.String())
		return -1
	}
}

// serve starts a server and tells its address.
func serve(t *testing.T, args ...string) (*command, string) {
	c := start(t, strings.NewReader(""), append([]string{"listen"}, args...)...)
	return c, c.out.waitFor(t, `listening at (\S+)\n`)[1]
}

// folder makes one for the test. That it is removed is not asserted: Wine does not remove the
// files that Go makes.
func folder(t *testing.T) string {
	name, err := os.MkdirTemp("", "wdsock-")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(name) })
	return name
}

// told runs a command to its end.
func told(t *testing.T, exit int, in string, args ...string) string {
	c := start(t, strings.NewReader(in), args...)
	require.Equal(t, exit, c.wait(t), c.out.String())
	return c.out.String()
}

func TestMessagesGoAndComeBack(t *testing.T) {
	server, at := serve(t, "--echo", "-f", "line", "127.0.0.1:0")
	text := told(t, 0, "", "connect", "-f", "line", "-w", longest.String(), "--expect", "two", at, `one\x02`, "two")
	assert.Contains(t, text, "\none\\x02\ntwo\n")
	text = told(t, 0, "first\nsecond\n", "connect", "-w", longest.String(), "--expect", "second", at)
	assert.Contains(t, text, `second\r\n`)
	assert.Contains(t, server.out.waitFor(t, `\[1\] (.*)\n\[1\] two\n`)[1], `one\x02`)
	server.out.waitFor(t, `\[1\] has gone`)
	server.end(t)
}

func TestBytesAreTypedAndShownInHexadecimal(t *testing.T) {
	_, at := serve(t, "--echo", "-f", "02 data 03", "127.0.0.1:0")
	text := told(t, 0, "", "connect", "-x", "-f", "02 data 03", "-w", longest.String(), "--expect", "AB", at, "41:42 0d")
	assert.Contains(t, text, "0000  41 42 0D")
}

func TestAFileIsOneMessage(t *testing.T) {
	name := filepath.Join(folder(t), "a message, with a comma")
	require.NoError(t, os.WriteFile(name, []byte("line\nline"), 0o600))
	_, at := serve(t, "--echo", "-f", "size", "127.0.0.1:0")
	assert.Contains(t, told(t, 0, "", "connect", "-f", "size", "-w", longest.String(), "--expect", "line.line$", "--file", name, at), `line\nline`)
}

func TestRulesAnswer(t *testing.T) {
	_, at := serve(t, "-f", "line", "--reply", "^PING$ => PONG", "--reply", "ADD (.*)=>OK $1", "127.0.0.1:0", "welcome")
	text := told(t, 0, "", "connect", "-f", "line", "--reply", "PONG=>ADD 12", "-w", longest.String(), "--expect", "OK 12", at, "nothing", "PING")
	assert.Regexp(t, "(?s)\nPONG\n.*OK 12\n", text)
	assert.Contains(t, told(t, 0, "", "connect", "-f", "line", "-w", longest.String(), "--expect", "welcome", at), "\nwelcome\n")
}

func TestManyClientsGetWhatIsTyped(t *testing.T) {
	lines, typing := io.Pipe()
	server := start(t, lines, "listen", "-f", "line", "127.0.0.1:0")
	at := server.out.waitFor(t, `listening at (\S+)\n`)[1]
	a := start(t, strings.NewReader(""), "connect", "-f", "line", "-w", "1m", "--expect", "all", at)
	b := start(t, strings.NewReader(""), "connect", "-f", "line", "-w", "1m", "--expect", "all", at)
	server.out.waitFor(t, `(?s)\[1\].*\[2\]|\[2\].*\[1\]`)
	_, err := io.WriteString(typing, "to all\n")
	require.NoError(t, err)
	assert.Equal(t, 0, a.wait(t))
	assert.Equal(t, 0, b.wait(t))
	server.end(t)
	require.NoError(t, typing.Close())
}

func TestMessagesAreRepeated(t *testing.T) {
	_, at := serve(t, "--every", "1ms", "--repeat", "0", "-f", "line", "127.0.0.1:0", "S S 1 g")
	client := start(t, strings.NewReader(""), "connect", "-f", "line", at)
	client.out.waitFor(t, "(S S 1 g\n){5}")
	client.end(t)
	text := told(t, 0, "", "connect", "-f", "line", "--repeat", "3", "--every", "1ms", "-w", "1ms", "--json", at, "SI")
	assert.Equal(t, 3, strings.Count(text, `"event":"sent"`))
}

// A framing that is not that of the peer shows no message: that something came is told.
func TestBytesThatAreNoMessageAreTold(t *testing.T) {
	for _, script := range []string{"send no end", "send no end\nclose"} {
		_, at := serve(t, "--end", "none", "--script", scriptFile(t, script), "127.0.0.1:0")
		client := start(t, strings.NewReader(""), "--json", "connect", "-f", "data 03", "--reply", "x=>y", "-w", "500ms", at)
		require.Equal(t, 0, client.wait(t), client.out.String())
		assert.Regexp(t, `"event":"rest",.*"text":"6 bytes came that are no whole message`, client.out.String(), script)
	}
	_, at := serve(t, "-f", "line", "--script", scriptFile(t, "send whole\nclose"), "127.0.0.1:0")
	assert.NotContains(t, told(t, 0, "", "--json", "connect", "-f", "line", "-w", longest.String(), "--reply", "x=>y", at), `"rest"`)
}

func TestAWrongCommandLineIsAnObjectInJSON(t *testing.T) {
	var out, errs output
	require.Equal(t, exitUsage, run(t.Context(), []string{"--language", "en", "--json", "fly"}, strings.NewReader(""), &out, &errs))
	var h happening
	require.NoError(t, json.Unmarshal([]byte(out.String()), &h), out.String())
	assert.Equal(t, "error", h.Event)
	assert.Contains(t, h.Text, "fly")
}

func TestEachLineOfJSONIsAnObject(t *testing.T) {
	_, at := serve(t, "--echo", "127.0.0.1:0")
	text := told(t, 0, "", "--json", "connect", "-w", longest.String(), "--expect", "hi", "--end", "none", at, "hi")
	events := map[string]map[string]any{}
	for line := range strings.Lines(text) {
		var object map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &object), line)
		events[object["event"].(string)] = object
	}
	assert.Equal(t, "6869", events["sent"]["hex"])
	assert.Equal(t, "hi", events["received"]["text"])
	assert.EqualValues(t, 2, events["received"]["bytes"])
	assert.Equal(t, at, events["connected"]["peer"])
}

// Programs read the events of --json by their names: the guide has each of them.
func TestTheGuideHasEveryEvent(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	require.NoError(t, err)
	events := map[string]bool{"result": true}
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, found := range regexp.MustCompile(`(?:\b(?:note|tell)\(|[Ee]vent: +)"([a-z]+)"`).FindAllStringSubmatch(string(text), -1) {
			events[found[1]] = true
		}
	}
	require.Subset(t, events, map[string]bool{"connected": true, "sent": true, "target": true, "error": true, "framing": true})
	for _, name := range []string{"wdsock.md", "wdsock.fr.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
		require.NoError(t, err)
		for event := range events {
			assert.Regexp(t, "(?m)^\\| .*`"+event+"`.* \\|$", string(text), name)
		}
	}
}

func TestWebSocketsAndLocalSockets(t *testing.T) {
	_, at := serve(t, "--echo", "ws://127.0.0.1:0")
	assert.Contains(t, told(t, 0, "", "connect", "-f", "size", "-w", longest.String(), "--expect", "^hello$", "ws://"+at+"/chat", "hello"), "hello\n")
	name := "local:wdsock-test-" + filepath.Base(folder(t))
	_, _ = serve(t, "--echo", name)
	assert.Contains(t, told(t, 0, "", "connect", "-w", longest.String(), "--expect", "hello", name, "hello"), `hello\r\n`)
}

func TestDatagrams(t *testing.T) {
	server := start(t, strings.NewReader(""), "udp", "--listen", "--reply", "WHO=>ME", "--echo", "127.0.0.1:0")
	at := server.out.waitFor(t, `listening at (\S+)\n`)[1]
	client := start(t, strings.NewReader(""), "udp", "-w", longest.String(), at, "WHO", `two\n`)
	client.out.waitFor(t, `(?s)  ME\n.*  two\\n\n`)
	client.end(t)
	server.end(t)
}

func TestExitCodes(t *testing.T) {
	server, at := serve(t, "--echo", "127.0.0.1:0")
	assert.Contains(t, told(t, exitUnexpected, "", "connect", "-w", "1ms", "--expect", "other", at, "x"), "no message fits other")
	server.end(t)
	assert.Contains(t, told(t, exitFailed, "", "connect", at, "x"), "refused")
	for _, args := range [][]string{{}, {"fly"}, {"connect"}, {"connect", "-x", at, "0"}, {"connect", at, `\q`},
		{"connect", "--set", "NOTHING=1", at}, {"connect", "--set", "NODELAY=x", at}, {"connect", "-f", "02 dta 03", at}, {"connect", "-f", "modbus", at},
		{"listen", "--reply", "PING", "127.0.0.1:0"}, {"connect", "--expect", "(", at}, {"udp", "localhost", "x"}} {
		told(t, exitUsage, "", args...)
	}
	assert.Contains(t, told(t, 0, "", "connect", "--help"), "wdsock connect -f \"02 data 03\"")
	assert.Regexp(t, `^wdsock \d+\.\d+\.\d+\n$`, told(t, 0, "", "--version"))
}

func TestErrorsAreInFrench(t *testing.T) {
	assert.Contains(t, told(t, exitUsage, "", "--language", "fr", "connect", "-x", "127.0.0.1:1", "0"), "n'est pas de l'hexadécimal")
	server, at := serve(t, "127.0.0.1:0")
	server.end(t)
	assert.Contains(t, told(t, exitFailed, "", "--language", "fr", "connect", at), "refusée")
}

func TestOptionsOfTheLibraryAreSetByName(t *testing.T) {
	lib := core.NewLibrary()
	defer lib.CloseAll()
	k := lib.NewSocket("")
	require.NoError(t, setByName(lib, k, "keepalive_idle", "7000"))
	require.NoError(t, setByName(lib, k, "WDS_TEXT_FRAME", "02 data 03 ; max=100"))
	value, err := k.Option(1003)
	require.NoError(t, err)
	assert.EqualValues(t, 7000, value)
	require.NoError(t, setByName(lib, k, "LOG_LEVEL", "1")) // of the process
	value, err = lib.Option(option.LogLevel)
	require.NoError(t, err)
	assert.EqualValues(t, 1, value)
	server := start(t, strings.NewReader(""), "udp", "--listen", "--set", "EXCLUSIVE_PORT=1", "127.0.0.1:0") // before it is open
	server.out.waitFor(t, `listening at`)
	server.end(t)
}

func TestEscapesGoBothWays(t *testing.T) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for _, data := range [][]byte{every, []byte("é€\u202e"), {}} {
		back, err := unescape(escaped(data))
		require.NoError(t, err)
		assert.Equal(t, data, append([]byte{}, back...))
	}
	assert.Equal(t, "0000  00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F  ................\n0010  41                                               A",
		dump(append(every[:16:16], 'A')))
}
