package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBenchCountsWhatCameBack(t *testing.T) {
	_, at := serve(t, "--echo", "--color", "never", "-f", "size", "127.0.0.1:0")
	text := told(t, 0, "", "bench", "-f", "size", "--clients", "3", "--messages", "20", "--size", "1000", at)
	assert.Regexp(t, `^60 messages of 1000 bytes there and back in [\d.]+ s, 3 connections\n\d+ a second`, text)
	var r result
	require.NoError(t, json.Unmarshal([]byte(told(t, 0, "", "--json", "bench", "-f", "size", "--for", "20ms", at)), &r))
	assert.Positive(t, r.Messages)
	assert.LessOrEqual(t, r.P50, r.P90)
	assert.LessOrEqual(t, r.P99, r.Max)
	_, twice := serve(t, "--reply", "(.*)=>$1$1", "--end", "none", "127.0.0.1:0")
	assert.Contains(t, told(t, exitFailed, "", "bench", "-n", "10", twice), "does not send back")
	_, other := serve(t, "--reply", "w=>no", "-f", "size", "127.0.0.1:0")
	assert.Contains(t, told(t, exitFailed, "", "bench", "-f", "size", other), "does not send back")
	_, raw := serve(t, "--echo", "127.0.0.1:0")
	assert.Contains(t, told(t, 0, "", "bench", "-n", "5", "--size", "100000", raw), "5 messages")
	told(t, exitUsage, "", "bench", "--size", "0", at)
}
