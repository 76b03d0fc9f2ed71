package main

import (
	"io/fs"
	"path/filepath"
	"strings"
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
		put(t, dir, file, data)
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

// TestTextsOfTheSourceFitTheArchive is what the step "dist" finds, without building.
func TestTextsOfTheSourceFitTheArchive(t *testing.T) {
	_, root := realHeader(t)
	dir := filepath.Join(t.TempDir(), "wdsocket")
	for _, name := range []string{"LICENSE", "CHANGELOG.md", "README.md", "hosts", "docs", "examples", "include/wdsocket.h", "include/wdsocket.hpp"} {
		require.NoError(t, filepath.WalkDir(filepath.Join(root, filepath.FromSlash(name)), func(path string, d fs.DirEntry, err error) error {
			relative, _ := filepath.Rel(root, path)
			switch {
			case err != nil:
				return err
			case d.IsDir() && (relative == filepath.Join("hosts", "test") || d.Name() == "__pycache__"):
				return filepath.SkipDir
			case d.IsDir():
				return nil
			}
			put(t, dir, filepath.ToSlash(relative), strings.ReplaceAll(readText(t, root, relative), "@ARCH@", "amd64"))
			return nil
		}))
	}
	put(t, dir, "README.txt", strings.ReplaceAll(readText(t, root, "docs/package.txt"), "@ARCH@", "amd64"))
	for _, built := range []string{
		"lib/cmake/wdsocket/wdsocketConfig.cmake", "linux-amd64/lib/pkgconfig/wdsocket.pc",
		"linux-amd64/lib/libwdsocket.so", "linux-amd64/lib/libwdsocket.so.1", "linux-amd64/lib/libwdsocket.a",
		"linux-amd64/THIRD-PARTY.txt", "linux-amd64/sbom.cdx.json",
		"windows-386/wdsocket32.dll", "windows-386/wdsocket32.lib", "windows-amd64/wdsocket64.dll", "windows-amd64/wdsocket64.lib",
	} {
		put(t, dir, built, "")
	}

	entries, err := readTree(dir)
	require.NoError(t, err)
	_, err = forWindows(entries)
	require.NoError(t, err, "a kind of file that archive_texts.go does not know")
	put(t, dir, checksumFile, "")
	for _, e := range entries {
		put(t, dir, e.name, string(e.data))
	}
	assert.NoError(t, CheckTexts(dir))
}
