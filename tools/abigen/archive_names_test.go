package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// unpacked is an archive with a text about its files, and one more file with this text.
func unpacked(t *testing.T, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	for file, data := range map[string]string{
		"README.md":                      "# Title\n\n## A part, of `it`\n\n[it](#a-part-of-it), [docs](docs/a.md#und-ärger), [hosts](hosts), <https://x/y.c>\n`docs/a.md` `a.md` `hosts/` `/etc/x.c`\n",
		"README.txt":                     "  docs/a.md   what\n  linux-amd64/lib/libwdsocket.so\n",
		"docs/a.md":                      "# Und Ärger\r\n\r\n[up](../README.md) `hosts/x.py`\r\n",
		"hosts/x.py":                     "",
		"linux-amd64/lib/libwdsocket.so": "",
		name:                             text,
	} {
		path := filepath.Join(dir, filepath.FromSlash(file))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(data), 0o600))
	}
	return dir
}

func TestTextsMayNameWhatTheArchiveHas(t *testing.T) {
	assert.NoError(t, CheckTexts(unpacked(t, "docs/b.md", "`x.py`, `core.Socket`, `README.md`\n\n    gcc -L linux-amd64/lib -Wl,-rpath,\"$PWD/linux-amd64/lib\"\n")))
	assert.Error(t, CheckTexts(t.TempDir()), "no texts at all")
}

func TestTextsMayNotNameWhatTheArchiveLacks(t *testing.T) {
	for text, want := range map[string]string{
		"[gone](gone.md)":                       "gone.md",
		"[gone](a.md#gone)":                     "a.md#gone",
		"[gone](#gone)":                         "#gone",
		"see `tools/test`":                      "tools/test",
		"see `core/`":                           "core/",
		"see `gone.c`":                          "gone.c",
		"see `hosts/gone.py`":                   "hosts/gone.py",
		"run `./build.sh demo`":                 "build.sh",
		"run build.sh":                          "build.sh",
		"    gcc -L dist/linux-amd64":           "dist/linux-amd64",
		"```\ngcc examples/gone.c\n```":         "examples/gone.c",
		"    -Wl,-rpath,\"$PWD/linux-386/lib\"": "linux-386/lib",
	} {
		err := CheckTexts(unpacked(t, "docs/b.md", text+"\n"))
		assert.ErrorContains(t, err, "docs/b.md: "+want+" is not in the archive", text)
	}
	assert.ErrorContains(t, CheckTexts(unpacked(t, "README.txt", "  docs/gone.md   what\r\n")), "README.txt: docs/gone.md")
}
