package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// history is what was typed, also in earlier sessions, if it has a file. Lines that begin with a
// blank stay out of it, as shells do it. It is the history of a term.Terminal.
type history struct {
	path string // "": it is not kept

	mu    sync.Mutex
	lines []string // the last one at the end
}

// Its bounds: what of the file is looked at, and how much of that is kept.
const (
	historyLines = 1000
	historyBytes = 1 << 20
)

// loadHistory reads a history. A file that cannot be read is none: it is of no other use.
func loadHistory(path string) *history {
	h := &history{path: path}
	if path == "" {
		return h
	}
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		if err == nil {
			h.path = "" // a link or a device is not written to
		}
		return h
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return h
	}
	h.lines = slices.DeleteFunc(strings.Split(string(data[max(len(data)-historyBytes, 0):]), "\n"), func(line string) bool { return line == "" })
	if n := len(h.lines); n > historyLines || len(data) > historyBytes {
		h.lines = slices.Clone(h.lines[max(n-historyLines, 0):])
		h.rewrite()
	}
	return h
}

// rewrite makes the file as long as it may be. It is replaced at once: another session may read it.
func (h *history) rewrite() {
	file, err := os.CreateTemp(filepath.Dir(h.path), "history-*")
	if err != nil {
		return
	}
	_, err = file.WriteString(strings.Join(h.lines, "\n") + "\n")
	if closed := file.Close(); err == nil && closed == nil && os.Rename(file.Name(), h.path) == nil {
		return
	}
	_ = os.Remove(file.Name())
}

// Add is called with each line that was typed.
func (h *history) Add(line string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if line == "" || line[0] == ' ' || len(h.lines) > 0 && h.lines[len(h.lines)-1] == line {
		return
	}
	h.lines = append(h.lines, line)
	if h.path == "" {
		return
	}
	_ = os.MkdirAll(filepath.Dir(h.path), 0o700) // opening tells
	file, err := os.OpenFile(h.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		h.path = "" // the lines of this session are there
		return
	}
	_, _ = file.WriteString(line + "\n")
	_ = file.Close()
}

// Len is how many lines there are.
func (h *history) Len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.lines)
}

// At gives a line, 0 is the last one.
func (h *history) At(i int) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.lines[len(h.lines)-1-i]
}

// last is the last line that begins so and is longer.
func (h *history) last(begin string) (line string, found bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, line := range slices.Backward(h.lines) {
		if strings.HasPrefix(line, begin) && line != begin {
			return line, true
		}
	}
	return "", false
}

// historyFile is where the history is kept, "" where the system says of no folder.
func historyFile() string {
	folder := stateFolder()
	if folder == "" {
		return ""
	}
	return filepath.Join(folder, "wdsock", "history")
}
