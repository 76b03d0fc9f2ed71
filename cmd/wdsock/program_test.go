package main

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asProgram, set in the environment, makes the program of these tests wdsock itself.
const asProgram = "WDSOCK_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// program is wdsock in a process of its own.
type program struct {
	*exec.Cmd
	stdout, stderr output
	ended          chan struct{}
}

// launch starts the program that the environment variable WDSOCK names, or else this one.
func launch(t *testing.T, in io.Reader, args ...string) *program {
	path, env := os.Getenv("WDSOCK"), os.Environ()
	if path == "" {
		own, err := os.Executable()
		require.NoError(t, err)
		path, env = own, append(env, asProgram+"=1")
	}
	p := &program{Cmd: exec.Command(path, append([]string{"--language", "en"}, args...)...), ended: make(chan struct{})}
	p.Env, p.Stdin, p.Stdout, p.Stderr = env, in, &p.stdout, &p.stderr
	p.SysProcAttr = interruptible()
	require.NoError(t, p.Start())
	go func() {
		_ = p.Wait() // ProcessState has it
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = p.Process.Kill() // it may have ended
		<-p.ended
	})
	return p
}

// exits waits for the end, and compares the exit code.
func (p *program) exits(t *testing.T, code int) string {
	select {
	case <-p.ended:
	case <-time.After(longest):
		require.Fail(t, "it does not end", "%s%s", &p.stdout, &p.stderr)
	}
	require.Equal(t, code, p.ProcessState.ExitCode(), "%s%s", &p.stdout, &p.stderr)
	return p.stdout.String()
}

// ran is what a program that ends by itself writes to its standard output.
func ran(t *testing.T, code int, args ...string) string {
	return launch(t, strings.NewReader(""), args...).exits(t, code)
}

// listens starts one that waits for clients, and gives its address.
func listens(t *testing.T, args ...string) (*program, string) {
	p := launch(t, strings.NewReader(""), args...)
	return p, p.stderr.waitFor(t, `listening at ([^\s,]+)`)[1]
}

func TestTheProgramTalks(t *testing.T) {
	_, at := listens(t, "listen", "--echo", "-f", "line", "127.0.0.1:0")
	text := ran(t, 0, "connect", "-f", "line", "-w", longest.String(), "--expect", "^two é$", at, `one\x02`, "two é")
	assert.Equal(t, "one\\x02\ntwo é\n", text, "messages alone are the standard output")
	lines := launch(t, strings.NewReader("first\r\nsecond\n"), "connect", "-f", "line", "-w", longest.String(), "--expect", "second", at)
	assert.Equal(t, "first\nsecond\n", lines.exits(t, 0), "lines may end as those of either system")
}

func TestTheProgramsJSONAndExitCodes(t *testing.T) {
	server, at := listens(t, "listen", "--echo", "-f", "line", "127.0.0.1:0")
	var events []string
	for line := range strings.Lines(ran(t, exitUnexpected, "--json", "connect", "-f", "line", "-w", "1s", "--expect", "no", at, "hi")) {
		var object struct{ Event string }
		require.NoError(t, json.Unmarshal([]byte(line), &object), line)
		events = append(events, object.Event)
	}
	assert.Subset(t, events, []string{"connected", "sent", "received"})
	assert.Regexp(t, `^wdsock \d+\.\d+\.\d+\r?\n$`, ran(t, 0, "--version"))
	ran(t, exitUsage, "connect")
	require.NoError(t, server.Process.Kill())
	<-server.ended
	assert.Regexp(t, `port +closed`, ran(t, exitFailed, "doctor", at))
	ran(t, exitFailed, "connect", at, "x")
}

// Files are named as the system does: folders with a drive on Windows, and letters beyond ASCII.
func TestTheProgramsFiles(t *testing.T) {
	folder := filepath.Join(folder(t), "un dossier é")
	require.NoError(t, os.Mkdir(folder, 0o700))
	message, capture, trace := filepath.Join(folder, "message"), filepath.Join(folder, "talk.pcapng"), filepath.Join(folder, "talk.txt")
	require.NoError(t, os.WriteFile(message, []byte("of a file"), 0o600))
	_, target := listens(t, "listen", "--echo", "-f", "line", "127.0.0.1:0")
	proxy, at := listens(t, "proxy", "-f", "line", "--once", "--capture", capture, "127.0.0.1:0", target)
	ran(t, 0, "connect", "-f", "line", "-w", longest.String(), "--capture", trace, "--expect", "^of a file$", "--file", message, at)
	shown := proxy.exits(t, 0)
	assert.Contains(t, shown, "[1] > of a file")
	assert.Contains(t, shown, "[1] < of a file")
	data, err := os.ReadFile(capture)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(data), "\x0A\x0D\x0D\x0A"), "no pcapng")
	assert.Contains(t, string(data), "of a file")
	data, err = os.ReadFile(trace)
	require.NoError(t, err)
	assert.Contains(t, string(data), "message received, 9 bytes")
}

func TestTheProgramsDatagrams(t *testing.T) {
	_, at := listens(t, "udp", "--listen", "--reply", "WHO=>ME", "127.0.0.1:0")
	client := launch(t, strings.NewReader(""), "udp", "-w", longest.String(), at, "WHO")
	client.stdout.waitFor(t, `  ME\r?\n`)
}

func TestTheProgramExamines(t *testing.T) {
	_, at := listens(t, "listen", "-f", "02 data 03", "127.0.0.1:0", "S S 100.00 g", "S D 99.93 g", "S S 100.01 g")
	report := ran(t, 0, "doctor", "-w", "20s", at)
	assert.Regexp(t, `(?m)^port +open: connected to `+at, report)
	assert.Regexp(t, `(?m)^framing +02 data 03`, report)
}

// Ctrl-C ends a server in order: it closes what it has, and tells no error.
func TestTheProgramIsInterrupted(t *testing.T) {
	server, at := listens(t, "listen", "127.0.0.1:0")
	client := start(t, strings.NewReader(""), "connect", "-w", longest.String(), at, "hello")
	server.stdout.waitFor(t, `\[1\] hello`)
	require.NoError(t, interrupt(server.Process))
	server.exits(t, 0)
	assert.NotContains(t, server.stderr.String(), "wdsock: ")
	client.out.waitFor(t, `the peer has closed the connection`)
	assert.Equal(t, 0, client.wait(t))
}
