package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sources is a folder as verb_dist lays it out, in small.
func sources(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "wdsocket-1.2.3")
	for name, text := range map[string]string{
		"LICENSE":                    "one\ntwo\n",
		"README.md":                  "a\n<!-- source -->\n./build.sh\n<!-- archive\n    gcc\n-->\nb\n",
		"hosts/vba/wdsocket.bas":     "Option\nExplicit\n",
		"linux-amd64/wdsocket.pc":    "prefix\n",
		"linux-amd64/libwdsocket.so": "\x7fELF\n",
		"windows-386/wdsocket32.dll": "MZ\n\r\n",
		"windows-386/wdsocket32.def": "LIBRARY\r\n",
	} {
		put(t, dir, name, text)
	}
	require.NoError(t, os.Chmod(filepath.Join(dir, "linux-amd64", "libwdsocket.so"), 0o700))
	require.NoError(t, os.Symlink("libwdsocket.so", filepath.Join(dir, "linux-amd64", "libwdsocket.so.1")))
	return dir
}

// put writes a file below dir.
func put(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

// assertPacked compares the files of an archive, which are in one folder with the list of their checksums.
func assertPacked(t *testing.T, want, got map[string]string) {
	t.Helper()
	want[checksumFile] = sumsOf(want)
	packed := map[string]string{}
	for name, text := range want {
		packed["wdsocket-1.2.3/"+name] = text
	}
	assert.Equal(t, packed, got)
}

// sumsOf is the list of the files' checksums.
func sumsOf(files map[string]string) string {
	var lines []string
	for name, text := range files {
		if !strings.HasPrefix(text, "link ") {
			lines = append(lines, fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(text)), name))
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[66:], b[66:]) })
	return strings.Join(lines, "")
}

func TestZipIsForWindows(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	require.NoError(t, Pack(sources(t), out))
	r, err := zip.OpenReader(out + ".zip")
	require.NoError(t, err)
	defer r.Close()
	got := map[string]string{}
	for _, f := range r.File {
		assert.True(t, f.Mode().IsRegular(), "%s: Windows does not unpack links", f.Name)
		opened, err := f.Open()
		require.NoError(t, err)
		data, err := io.ReadAll(opened)
		require.NoError(t, err)
		got[f.Name] = string(data)
	}
	assertPacked(t, map[string]string{
		"LICENSE":                      "one\r\ntwo\r\n",
		"README.md":                    "a\r\n    gcc\r\nb\r\n",
		"hosts/vba/wdsocket.bas":       "Option\r\nExplicit\r\n",
		"linux-amd64/wdsocket.pc":      "prefix\n",
		"linux-amd64/libwdsocket.so":   "\x7fELF\n",
		"linux-amd64/libwdsocket.so.1": "\x7fELF\n",
		"windows-386/wdsocket32.dll":   "MZ\n\r\n",
		"windows-386/wdsocket32.def":   "LIBRARY\r\n",
	}, got)
}

func TestTarIsForLinux(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	require.NoError(t, Pack(sources(t), out))
	f, err := os.Open(out + ".tar.gz")
	require.NoError(t, err)
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	require.NoError(t, err)
	r := tar.NewReader(unzipped)
	got := map[string]string{}
	for {
		head, err := r.Next()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		data, err := io.ReadAll(r)
		require.NoError(t, err)
		got[head.Name] = string(data)
		if head.Linkname != "" {
			got[head.Name] = "link " + head.Linkname
		}
		assert.Equal(t, head.Name == "wdsocket-1.2.3/linux-amd64/libwdsocket.so", head.Mode == 0o755, head.Name)
	}
	assertPacked(t, map[string]string{
		"LICENSE":                      "one\ntwo\n",
		"README.md":                    "a\n    gcc\nb\n",
		"hosts/vba/wdsocket.bas":       "Option\r\nExplicit\r\n",
		"linux-amd64/wdsocket.pc":      "prefix\n",
		"linux-amd64/libwdsocket.so":   "\x7fELF\n",
		"linux-amd64/libwdsocket.so.1": "link libwdsocket.so",
		"windows-386/wdsocket32.dll":   "MZ\n\r\n",
		"windows-386/wdsocket32.def":   "LIBRARY\n",
	}, got)
}

func TestOneArchiveAlone(t *testing.T) {
	both, one := t.TempDir(), t.TempDir()
	dir := sources(t)
	require.NoError(t, Pack(dir, filepath.Join(both, "out")))
	for _, name := range []string{"out.zip", "out.tar.gz"} {
		require.NoError(t, Pack(dir, filepath.Join(one, name)))
		want, err := os.ReadFile(filepath.Join(both, name))
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join(one, name))
		require.NoError(t, err)
		assert.Equal(t, want, got, name)
	}
	left, err := os.ReadDir(one)
	require.NoError(t, err)
	assert.Len(t, left, 2, "no list of checksums, which would be that of one archive")
}

func TestTheSameFilesGiveTheSameArchives(t *testing.T) {
	var zips, tars, lists [2][]byte
	for round := range 2 {
		dir := sources(t)
		old := time.Now().Add(-time.Duration(round) * time.Hour)
		require.NoError(t, os.Chtimes(filepath.Join(dir, "LICENSE"), old, old))
		out := filepath.Join(t.TempDir(), "out")
		require.NoError(t, Pack(dir, out))
		require.NoError(t, Pack(dir, out), "a second time over the first")
		zips[round], _ = os.ReadFile(out + ".zip")
		tars[round], _ = os.ReadFile(out + ".tar.gz")
		lists[round], _ = os.ReadFile(filepath.Join(filepath.Dir(out), checksumFile))
	}
	for _, pair := range [][2][]byte{zips, tars, lists} {
		assert.NotEmpty(t, pair[0])
		assert.Equal(t, pair[0], pair[1])
	}
	assert.Equal(t, fmt.Sprintf("%x  out.tar.gz\n%x  out.zip\n", sha256.Sum256(tars[0]), sha256.Sum256(zips[0])), string(lists[0]))
}

func TestPackRefusesWhatItCannotJudge(t *testing.T) {
	for name, spoil := range map[string]func(dir string) error{
		"an unknown kind of file": func(dir string) error { return os.WriteFile(filepath.Join(dir, "new.kind"), nil, 0o600) },
		"a link out of it":        func(dir string) error { return os.Symlink("/etc/passwd", filepath.Join(dir, "x.txt")) },
		"marks out of order": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "x.md"), []byte(archiveMark+"\n"+endMark+"\n"), 0o600)
		},
		"a mark without an end": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "x.md"), []byte(sourceMark+"\n"+archiveMark+"\n"), 0o600)
		},
	} {
		dir := sources(t)
		require.NoError(t, spoil(dir))
		assert.Error(t, Pack(dir, filepath.Join(t.TempDir(), "out")), name)
	}
}

func TestPackNeedsAFolder(t *testing.T) {
	assert.Error(t, Pack(filepath.Join(t.TempDir(), "none"), filepath.Join(t.TempDir(), "out")))
}
