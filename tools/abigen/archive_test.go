package main

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheSameFilesGiveTheSameArchives(t *testing.T) {
	var zips, tars [2][]byte
	for round := range 2 {
		dir := filepath.Join(t.TempDir(), "wdsocket-1.2.3")
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "b"), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "b", "one"), []byte("one"), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "a"), []byte("two"), 0o600))
		require.NoError(t, os.Symlink("b/one", filepath.Join(dir, "link")))
		old := time.Now().Add(-time.Duration(round) * time.Hour)
		require.NoError(t, os.Chtimes(filepath.Join(dir, "a"), old, old))
		out := filepath.Join(t.TempDir(), "out")
		require.NoError(t, Pack(dir, out))
		require.NoError(t, Pack(dir, out), "a second time over the first")
		zips[round], _ = os.ReadFile(out + ".zip")
		tars[round], _ = os.ReadFile(out + ".tar.gz")

		sums, err := os.ReadFile(filepath.Join(dir, checksumFile))
		require.NoError(t, err)
		assert.Equal(t, "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3  a\n"+
			"7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  b/one\n", string(sums))
		r, err := zip.OpenReader(out + ".zip")
		require.NoError(t, err)
		var names []string
		for _, f := range r.File {
			names = append(names, f.Name)
		}
		require.NoError(t, r.Close())
		assert.Equal(t, []string{"wdsocket-1.2.3/SHA256SUMS", "wdsocket-1.2.3/a", "wdsocket-1.2.3/b/one", "wdsocket-1.2.3/link"}, names)
	}
	assert.NotEmpty(t, zips[0])
	assert.Equal(t, zips[0], zips[1])
	assert.NotEmpty(t, tars[0])
	assert.Equal(t, tars[0], tars[1])
}

func TestPackNeedsAFolder(t *testing.T) {
	assert.Error(t, Pack(filepath.Join(t.TempDir(), "none"), filepath.Join(t.TempDir(), "out")))
}
