package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMessagesOfAWebSocket(t *testing.T) {
	server, at := serve(t, "--echo", "-f", "size", "--set", "WEBSOCKET_PROTOCOLS=chat", "--set", "WEBSOCKET_PATHS=/echo", "ws://127.0.0.1:0")
	text := told(t, 0, "", "ws", "--protocol", "other,chat", "--header", "X-One: 1", "--header", "X-Two: 2", "--compress", "-w", longest.String(),
		"--expect", "^two é$", at+"/echo", "one", "two é")
	assert.Regexp(t, `connected to \S+, WebSocket, chat\none\ntwo é\n$`, text)
	server.out.waitFor(t, `\[1\] two é`)
	text = told(t, 0, "", "ws", "-x", "-w", longest.String(), "--expect", "^\\xff$", "ws://"+at+"/echo", "FF")
	assert.Contains(t, text, "0000  FF")
	assert.Contains(t, told(t, exitFailed, "", "ws", at+"/other", "x"), "404")
}

func TestWebSocketsHaveMessagesByThemselves(t *testing.T) {
	server, at := serve(t, "--echo", "ws://127.0.0.1:0", "welcome")
	text := told(t, 0, "", "connect", "-w", longest.String(), "--expect", "^hello$", "ws://"+at, "hello")
	assert.Regexp(t, `\nwelcome\nhello\n$|\nhello\n$`, text)
	assert.Equal(t, "[1] hello", server.out.waitFor(t, `\[1\] hello`)[0])
	// Bytes come back as bytes, between texts.
	script := scriptFile(t, "send FF FE\nexpect ^\\xFF\\xFE$\nsend 74657874\nexpect ^text$\nclose\n")
	assert.Contains(t, told(t, 0, "", "ws", "-x", "-w", longest.String(), "--script", script, at), "0000  FF FE")
	assert.Contains(t, told(t, exitUsage, "", "ws", "-w", longest.String(), "--expect", "never", at, `\xFF`), "this is not UTF-8")
}
