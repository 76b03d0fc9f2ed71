package main

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
)

// forLinux leaves everything as it is but the texts that are read on Windows only.
func forLinux(entries []entry) ([]entry, error) {
	return withLineEnds(entries, func(name string) bool { return slices.Contains(windowsOnly, path.Ext(name)) })
}

// forWindows has no links, which Windows unpacks as texts with a name in them, and
// texts with the line ends of Windows but for what is for Linux.
func forWindows(entries []entry) ([]entry, error) {
	entries, err := withoutLinks(entries)
	if err != nil {
		return nil, err
	}
	return withLineEnds(entries, func(name string) bool { return !strings.HasPrefix(name, "linux-") })
}

// The editors of VBA and VB6 import nothing with other line ends; WINDEV runs on Windows.
var windowsOnly = []string{".bas", ".cls", ".frm", ".wdg", ".wdp", ".wdw", ".wl"}

var (
	textEndings = []string{
		".bas", ".bat", ".c", ".cfg", ".cls", ".cmake", ".cpp", ".cs", ".csproj", ".def", ".dpr", ".frm", ".h", ".hpp", ".html", ".json", ".lpr", ".md",
		".pas", ".pc", ".py", ".sh", ".toml", ".txt", ".wdg", ".wdp", ".wdw", ".wl", ".xml", ".yml",
	}
	textNames   = []string{"LICENSE"}
	dataNames   = []string{"wdsock"}
	dataEndings = []string{".1", ".a", ".dll", ".exe", ".lib", ".png", ".so"}
)

// isText fails with a kind of file that is not known.
func isText(name string) (bool, error) {
	ending := path.Ext(name)
	switch {
	case slices.Contains(textEndings, ending), slices.Contains(textNames, path.Base(name)):
		return true, nil
	case slices.Contains(dataEndings, ending), slices.Contains(dataNames, path.Base(name)):
		return false, nil
	}
	return false, fmt.Errorf("%s: text or data?", name)
}

// withLineEnds ends the lines of texts with LF, and with CR LF where crlf says so.
func withLineEnds(entries []entry, crlf func(name string) bool) ([]entry, error) {
	entries = slices.Clone(entries)
	for i, e := range entries {
		if e.link != "" {
			continue
		}
		text, err := isText(e.name)
		if err != nil {
			return nil, err
		}
		if !text {
			continue
		}
		e.data = bytes.ReplaceAll(e.data, []byte("\r\n"), []byte("\n"))
		if crlf(e.name) {
			e.data = bytes.ReplaceAll(e.data, []byte("\n"), []byte("\r\n"))
		}
		entries[i] = e
	}
	return entries, nil
}

// withoutLinks puts the file in the place of a link that leads to it.
func withoutLinks(entries []entry) ([]entry, error) {
	files := map[string]entry{}
	for _, e := range entries {
		if e.link == "" {
			files[e.name] = e
		}
	}
	entries = slices.Clone(entries)
	for i, e := range entries {
		if e.link == "" {
			continue
		}
		file, ok := files[path.Join(path.Dir(e.name), e.link)]
		if !ok {
			return nil, fmt.Errorf("%s leads to %s, which is no file of the archive", e.name, e.link)
		}
		entries[i].link, entries[i].mode, entries[i].data = "", file.mode, file.data
	}
	return entries, nil
}

// What is between the first two lines is for readers of the source, what is between the
// last two for those of the archive. A browser shows the first only.
const (
	sourceMark  = "<!-- source -->"
	archiveMark = "<!-- archive"
	endMark     = "-->"
)

// archiveText is a text as the archive's reader needs it.
func archiveText(text string) (string, error) {
	var b strings.Builder
	const (
		common = iota
		source
		archive
	)
	at := common
	for line := range strings.Lines(text) {
		next := at
		switch strings.TrimRight(line, "\r\n") {
		case sourceMark:
			if at != common {
				return "", fmt.Errorf("%s inside of another", sourceMark)
			}
			next = source
		case archiveMark:
			if at != source {
				return "", fmt.Errorf("%s without %s", archiveMark, sourceMark)
			}
			next = archive
		case endMark:
			if at != archive {
				return "", fmt.Errorf("%s without %s", endMark, archiveMark)
			}
			next = common
		}
		if next == at && at != source {
			b.WriteString(line)
		}
		at = next
	}
	if at != common {
		return "", fmt.Errorf("%s without an end", sourceMark)
	}
	return b.String(), nil
}
