package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProxyShowsMessagesOfBothWays(t *testing.T) {
	_, target := serve(t, "-f", "line", "--reply", "^S$ => S S 1 g", "--echo", "127.0.0.1:0")
	capture := filepath.Join(folder(t), "talk.pcapng")
	proxy := start(t, strings.NewReader(""), "proxy", "-f", "line", "--capture", capture, "127.0.0.1:0", target)
	at := proxy.out.waitFor(t, `listening at (\S+),`)[1]
	// Both lines come in one piece, and what is behind them is no whole line.
	text := told(t, 0, "", "connect", "--end", "none", "-w", longest.String(), "--expect", "two\r\n$", at, `S\r\ntwo\r\nrest`)
	assert.Contains(t, text, "S S 1 g")
	proxy.out.waitFor(t, `\[1\] has ended`)
	shown := proxy.out.String()
	assert.Contains(t, shown, "[1] > S\\r\\n\n[1] > two\\r\\n\n")
	assert.Contains(t, shown, "[1] < S S 1 g\\r\\n\n")
	assert.Contains(t, shown, "[1] < two\\r\\n\n")
	assert.Contains(t, shown, "[1] > rest\n")
	proxy.end(t)
	data, err := os.ReadFile(capture)
	require.NoError(t, err)
	assert.Contains(t, string(data), "S S 1 g")
}

func TestProxyPassesOnWhatIsNoMessage(t *testing.T) {
	_, target := serve(t, "--echo", "127.0.0.1:0")
	proxy := start(t, strings.NewReader(""), "proxy", "-x", "-f", "02 data 03", "127.0.0.1:0", target)
	at := proxy.out.waitFor(t, `listening at (\S+),`)[1]
	told(t, 0, "", "connect", "-x", "-w", longest.String(), "--expect", "AB", at, "41 42")
	proxy.out.waitFor(t, `(?s)\[1\] > .*\[1\] > 0000  41 42 +AB\n`)
	proxy.end(t)
}

func TestProxyTellsThatTheTargetIsNotThere(t *testing.T) {
	gone, target := serve(t, "127.0.0.1:0")
	gone.end(t)
	proxy := start(t, strings.NewReader(""), "proxy", "127.0.0.1:0", target)
	at := proxy.out.waitFor(t, `listening at (\S+),`)[1]
	assert.Contains(t, told(t, exitFailed, "", "connect", "-w", "20s", at, "x"), "wdsock: ")
	proxy.out.waitFor(t, `! \[1\] .*refused`)
	proxy.end(t)
	told(t, exitUsage, "", "proxy", "-f", "nonsense here", "127.0.0.1:0", target)
}

// With several clients the peer tells whose a message is.
func TestProxyTellsWhoseAMessageIsInJSON(t *testing.T) {
	_, target := serve(t, "--echo", "-f", "line", "127.0.0.1:0")
	proxy := start(t, strings.NewReader(""), "--json", "proxy", "-f", "line", "127.0.0.1:0", target)
	at := proxy.out.waitFor(t, `"listening","peer":"([^"]+)"`)[1]
	told(t, 0, "", "connect", "-f", "line", "-w", longest.String(), "--expect", "hello", at, "hello")
	client := proxy.out.waitFor(t, `"accepted","peer":"([^"]+)"`)[1]
	proxy.out.waitFor(t, `"client","peer":"`+client+`","bytes":7,`)
	proxy.out.waitFor(t, `"target","peer":"`+client+`","bytes":7,`)
	proxy.end(t)
}
