package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPatternsFitBytes(t *testing.T) {
	for pattern, message := range map[string]string{`^\x00\xFF(.)$`: "\x00\xFF\xFE", `^é(.)$`: "éx", `^\x02(.)`: "\x02\x80\x03"} {
		compiled, err := patternOf(pattern)
		require.NoError(t, err)
		found, fits := fitting(compiled, []byte(message))
		require.True(t, fits, "%s %q", pattern, message)
		want := map[string]string{`^\x00\xFF(.)$`: "\xFD\xFE$", `^é(.)$`: "\xFDx$", `^\x02(.)`: "\xFD\x80$"}[pattern]
		assert.Equal(t, want, string(found.expand([]byte("\xFD$1$$"))), pattern)
		assert.Equal(t, "\xFD", string(found.expand([]byte("\xFD"))))
	}
}

// scriptFile makes a file.
func scriptFile(t *testing.T, text string) string {
	name := filepath.Join(folder(t), "script.txt")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

func TestScriptsTalkWithEachOther(t *testing.T) {
	_, at := serve(t, "-f", "line", "--script", scriptFile(t, `
# a server that asks for a name
send name?
expect ^I am (.*)$
send hello $1
wait 1ms
repeat
`), "127.0.0.1:0")
	client := scriptFile(t, "expect ^name\r\nsend I am Anna\r\nexpect ^hello Anna\r\nexpect ^name\r\nsend I am\\x20Bert\r\nexpect ^hello Bert\r\nclose\r\n")
	text := told(t, 0, "", "connect", "-f", "line", "-w", longest.String(), "--script", client, at)
	assert.Contains(t, text, "hello Bert\n")
	assert.Contains(t, told(t, exitUnexpected, "", "connect", "-f", "line", "-w", "100ms", "--script", scriptFile(t, "expect nothing like that"), at),
		"line 1 of the script: no message fits nothing like that")
}

func TestAScriptKnowsTheEnd(t *testing.T) {
	_, at := serve(t, "-f", "line", "--script", scriptFile(t, "send one\nsend two\nclose\n"), "127.0.0.1:0")
	text := told(t, 0, "", "connect", "-f", "line", "-w", longest.String(), "--script", scriptFile(t, "expect two"), at)
	assert.Contains(t, text, "one\ntwo\n")
	text = told(t, exitUnexpected, "", "connect", "-f", "line", "-w", longest.String(), "--script", scriptFile(t, "expect one\n\nexpect three"), at)
	assert.Contains(t, text, "line 3 of the script: no message fits three")
	// It ends with a message of the peer, too.
	_, other := serve(t, "-f", "line", "--script", scriptFile(t, "expect x"), "127.0.0.1:0")
	told(t, 0, "", "connect", "-f", "line", "-w", "1ms", "--script", scriptFile(t, "send x"), other)
}

func TestWrongScriptsAreToldWithTheirLine(t *testing.T) {
	for text, want := range map[string]string{
		"sent x":         ":1: a line begins with send",
		"send a\nwait x": ":2: wait has a time behind it",
		"expect (":       ":1: \"(\" is no regular expression",
		`send \q`:        ":1: ",
		"close now":      ":1: nothing stands behind close",
		"# only this":    "has no steps",
		"send x\nrepeat": ":2: what is repeated has to wait",
	} {
		assert.Contains(t, told(t, exitUsage, "", "connect", "--script", scriptFile(t, text), "127.0.0.1:1"), want)
	}
	assert.Contains(t, told(t, exitUsage, "", "--language", "fr", "listen", "--script", scriptFile(t, "sent x"), "127.0.0.1:0"), "une ligne commence par send")
	told(t, exitUsage, "", "connect", "--script", scriptFile(t, "send x"), "127.0.0.1:1", "message")
}
