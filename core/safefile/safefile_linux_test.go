package safefile

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

const short = 50 * time.Millisecond

func pipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, unix.Mkfifo(path, 0o600))
	return path
}

func TestAPipeWithoutAWriterIsGivenUp(t *testing.T) {
	path := pipe(t)
	_, err := readWithin(path, short)
	requireNote(t, noteSilent, err)

	writer, err := os.OpenFile(path, os.O_RDWR, 0)
	require.NoError(t, err)
	defer writer.Close()
	_, err = readWithin(path, short)
	requireNote(t, noteSilent, err)
	_, err = writer.WriteString("the beginning")
	require.NoError(t, err)
	_, err = readWithin(path, short)
	requireNote(t, noteUnfinished, err)
}

func TestAPipeIsReadToItsEnd(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789"), 20_000)
	path := pipe(t)
	wrote := make(chan error, 1)
	go func() {
		writer, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err == nil {
			_, err = writer.Write(data)
			writer.Close()
		}
		wrote <- err
	}()
	got, err := Read(path)
	require.NoError(t, err)
	require.NoError(t, <-wrote)
	assert.True(t, bytes.Equal(data, got))
}

func TestAPipeThatNeverEndsIsBounded(t *testing.T) {
	path := pipe(t)
	go func() {
		writer, err := os.OpenFile(path, os.O_WRONLY, 0)
		for err == nil {
			_, err = writer.Write(make([]byte, 64<<10))
		}
		writer.Close()
	}()
	_, err := Read(path)
	requireNote(t, noteTooLarge, err)
}

func TestDevicesAreNotOpened(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "socket")
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	defer unix.Close(fd)
	require.NoError(t, unix.Bind(fd, &unix.SockaddrUnix{Name: socket}))
	for _, path := range []string{"/dev/zero", "/dev/null", "/dev/tty", socket} {
		_, err := Read(path)
		requireNote(t, noteNotRegular, err)
		_, err = OpenAppend(path)
		requireNote(t, noteNotRegular, err)
	}
	_, err = OpenAppend(pipe(t))
	requireNote(t, noteNotRegular, err)
}
