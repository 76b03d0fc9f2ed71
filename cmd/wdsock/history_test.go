package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheHistoryIsThereInTheNextSession(t *testing.T) {
	path := filepath.Join(folder(t), "folder", "history")
	first := loadHistory(path)
	for _, line := range []string{"one", `t\x02wo`, `t\x02wo`, "", " secret", "three"} {
		first.Add(line)
	}
	second := loadHistory(path)
	require.Equal(t, 3, second.Len())
	assert.Equal(t, []string{"three", `t\x02wo`, "one"}, []string{second.At(0), second.At(1), second.At(2)})
	line, found := second.last("t")
	assert.Equal(t, "three", line)
	assert.True(t, found)
	_, found = second.last("three")
	assert.False(t, found)
	second.Add("of the second")
	first.Add("of the first")
	assert.Equal(t, "of the first", loadHistory(path).At(0))
	assert.Equal(t, "of the second", loadHistory(path).At(1))
}

func TestTheHistoryHasABound(t *testing.T) {
	path := filepath.Join(folder(t), "history")
	var all strings.Builder
	for i := range 3 * historyLines {
		fmt.Fprintf(&all, "line %d\n", i)
	}
	require.NoError(t, os.WriteFile(path, []byte(all.String()), 0o600))
	h := loadHistory(path)
	assert.Equal(t, historyLines, h.Len())
	assert.Equal(t, fmt.Sprintf("line %d", 3*historyLines-1), h.At(0))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, historyLines, strings.Count(string(data), "\n"))
	require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("x", 2*historyBytes)), 0o600))
	assert.Equal(t, 1, loadHistory(path).Len())
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.LessOrEqual(t, info.Size(), int64(historyBytes+1))
	rest, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	require.NoError(t, err)
	assert.Equal(t, []string{path}, rest)
}

func TestAHistoryThatCannotBeKeptIsOneOfThisSession(t *testing.T) {
	folder := folder(t)
	for _, path := range []string{"", folder} {
		h := loadHistory(path)
		h.Add("one")
		assert.Equal(t, 1, h.Len())
		assert.Equal(t, "one", h.At(0))
	}
}
