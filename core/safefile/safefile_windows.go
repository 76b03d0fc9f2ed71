package safefile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/windows"
)

// device tells whether a path leads to a device or pipe by its name: CON, NUL,
// COM1, with an extension too where the system takes it so, and what is in the
// name space of devices (\\.\pipe\x). Opening alone may do something there.
func device(path string) bool {
	slashed := filepath.ToSlash(path)
	if strings.HasPrefix(slashed, "//./") || strings.HasPrefix(slashed, "//?/") && !volume(slashed[4:]) {
		return true
	}
	base := filepath.Base(path)
	return base != ".." && base != "." && base != string(filepath.Separator) && !filepath.IsLocal(base)
}

// volume tells whether what follows \\?\ is a file's long name: C:\..., a share
// (UNC\server\share) or Volume{...}.
func volume(rest string) bool {
	lower := strings.ToLower(rest)
	return len(rest) > 1 && rest[1] == ':' || strings.HasPrefix(lower, "unc/") || strings.HasPrefix(lower, "volume{")
}

// onDisk tells whether an open file is one, and not a pipe or a device.
func onDisk(f *os.File) bool {
	kind, err := windows.GetFileType(windows.Handle(f.Fd()))
	return err == nil && kind == windows.FILE_TYPE_DISK
}

// read reads a file. Pipes are not taken: Windows has no shell that gives one as
// a path, and the server of a pipe could act as its client.
func read(path string, until time.Time, patience time.Duration) ([]byte, *Error) {
	if device(path) {
		return nil, refuse(noteNotRegular)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, failed(err)
	}
	defer f.Close()
	if !onDisk(f) {
		return nil, refuse(noteNotRegular)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, failed(err)
	case !info.Mode().IsRegular():
		return nil, notRegular(info.Mode())
	case info.Size() > Limit:
		return nil, refuse(noteTooLarge)
	}
	data, err := io.ReadAll(io.LimitReader(f, Limit+1))
	switch {
	case err != nil:
		return nil, failed(err)
	case len(data) > Limit:
		return nil, refuse(noteTooLarge)
	case time.Now().After(until):
		return nil, silent(len(data), patience)
	}
	return data, nil
}

// openAppend opens what is there, if it is a file and no link, or makes the
// file; what was put in its place between the two is not taken.
func openAppend(path string, access int) (*os.File, error) {
	if device(path) {
		return nil, refuse(noteNotRegular)
	}
	const rounds = 10 // as often as others make and remove it in the same moment
	for range rounds {
		before, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_EXCL|access, 0o600)
			if errors.Is(err, fs.ErrExist) {
				continue
			}
			return f, err
		}
		if err != nil {
			return nil, err
		}
		if !before.Mode().IsRegular() {
			return nil, notRegular(before.Mode())
		}
		f, err := os.OpenFile(path, os.O_APPEND|access, 0)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		now, err := f.Stat()
		if err == nil && onDisk(f) && os.SameFile(before, now) {
			return f, nil
		}
		f.Close()
	}
	return nil, refuse(noteNotRegular)
}
