package safefile

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"wdsocket/core/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func write(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

func requireNote(t *testing.T, note fault.Note, err error) {
	t.Helper()
	var e *Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, note, e.Note, err.Error())
}

func TestReadsFilesUpToTheLimit(t *testing.T) {
	for _, size := range []int{0, 1, 100_000, Limit} {
		data := bytes.Repeat([]byte("x"), size)
		got, err := Read(write(t, data))
		require.NoError(t, err)
		assert.Equal(t, string(data), string(got))
	}
	_, err := Read(write(t, make([]byte, Limit+1)))
	requireNote(t, noteTooLarge, err)
}

func TestErrorsSayWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	_, err := Read(dir)
	requireNote(t, noteDirectory, err)
	_, err = OpenAppend(dir)
	requireNote(t, noteDirectory, err)
	assert.Equal(t, fault.Access, Code(err))

	missing := filepath.Join(dir, "no", "file")
	_, err = Read(missing)
	require.ErrorIs(t, err, fs.ErrNotExist)
	assert.NotContains(t, err.Error(), missing)
	_, err = OpenAppend(missing)
	require.ErrorIs(t, err, fs.ErrNotExist)
	assert.Equal(t, fault.System, Code(err))
	e := Explain(fault.New(Code(err), fault.PhaseOption, missing), err)
	assert.NotZero(t, e.Sys)
	assert.Equal(t, 1, strings.Count(e.Text(fault.French), missing))
	assert.Equal(t, fault.Access, Code(&fs.PathError{Err: fs.ErrPermission}))
	assert.Equal(t, "strange", Explain(fault.New(fault.System, 0, ""), errors.New("strange")).Args[0])
}

func TestAppends(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new")
	for range 2 {
		f, err := OpenAppend(path)
		require.NoError(t, err)
		_, err = f.WriteString("line\n")
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
	got, err := Read(path)
	require.NoError(t, err)
	assert.Equal(t, "line\nline\n", string(got))
}

func TestNoLinkIsFollowedForWriting(t *testing.T) {
	dir := t.TempDir()
	target, missing := filepath.Join(dir, "target"), filepath.Join(dir, "missing")
	require.NoError(t, os.WriteFile(target, nil, 0o600))
	for _, to := range []string{target, missing, dir} {
		link := filepath.Join(dir, "link")
		if err := os.Symlink(to, link); err != nil {
			t.Log("this user may not make links here:", err)
			return
		}
		_, err := OpenAppend(link)
		requireNote(t, noteLink, err)
		require.NoError(t, os.Remove(link))
	}
	assert.NoFileExists(t, missing)
	folder := filepath.Join(dir, "folder")
	require.NoError(t, os.Symlink(dir, folder))
	f, err := OpenAppend(filepath.Join(folder, "new"))
	require.NoError(t, err, "a folder may be a link")
	require.NoError(t, f.Close())
	link := filepath.Join(dir, "link")
	require.NoError(t, os.Symlink(target, link))
	_, err = Read(link)
	require.NoError(t, err, "reading follows links: certificates are renewed that way")
}

func TestWhatHangsIsLeftBehind(t *testing.T) {
	assert.Equal(t, 5*time.Second, Patience, "as the header says")
	requireNote(t, noteSilent, silent(0, Patience))
	assert.Equal(t, "nothing came from it within 5000 ms", silent(0, Patience).Error())
	assert.Equal(t, "it did not come to an end within 5000 ms", silent(1, Patience).Error())
}
