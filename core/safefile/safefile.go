// Package safefile opens the files whose paths a host gives: certificates,
// authorities, the log, the key log. A path may lead to something else than a
// file, by mistake or because somebody else may write in the folder: a pipe
// without a writer, a device without an end, a link to a file of another user.
// None of them may stop the host or fill its memory.
package safefile

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"syscall"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/task"
)

// Limit is the largest file that Read takes. No certificate needs as much.
const Limit = 1 << 20

// Patience is how long Read waits for a pipe, and for a system that hangs.
const Patience = 5 * time.Second

// What is wrong with a file, where it is not the system that says so.
var (
	noteNotRegular = fault.NewNote("it is not a regular file", "ce n'est pas un fichier ordinaire")
	noteMissing    = fault.NewNote("the file does not exist; check the path (a relative one starts from {0})", "le fichier n'existe pas ; vérifiez le chemin (un chemin relatif part de {0})")
	noteDirectory  = fault.NewNote("it is a directory", "c'est un répertoire")
	noteLink       = fault.NewNote("it is a symbolic link, and links are not followed here", "c'est un lien symbolique, et les liens ne sont pas suivis ici")
	noteTooLarge   = fault.NewNote("it is larger than 1 MiB", "il dépasse 1 Mio")
	noteSilent     = fault.NewNote("nothing came from it within {0} ms", "rien n'en est venu en {0} ms")
	noteUnfinished = fault.NewNote("it did not come to an end within {0} ms", "il n'a pas pu être lu jusqu'à la fin en {0} ms")
)

// Error says what is wrong with a file. Its text does not name the file.
type Error struct {
	Note   fault.Note
	Arg    string // of the note
	System error  // what the system said; nil if what is there was refused
}

// Error is the English text.
func (e *Error) Error() string { return fault.Sentence(fault.English, e.Note, e.Arg) }

// Unwrap gives the system's error.
func (e *Error) Unwrap() error { return e.System }

// Code is that of an error about the file alone: fault.Access for what was
// refused, by the system or here, otherwise fault.System.
func Code(err error) fault.Code {
	var e *Error
	if errors.As(err, &e) && e.System == nil || errors.Is(err, fs.ErrPermission) {
		return fault.Access
	}
	return fault.System
}

// Explain says in another error, which names the file, what is wrong with it.
func Explain(to *fault.Error, err error) *fault.Error {
	to.Cause = err
	var number syscall.Errno
	if errors.As(err, &number) {
		to.Sys = int32(number)
	}
	e := failed(err)
	return to.With(e.Note, e.Arg)
}

func refuse(note fault.Note) *Error { return &Error{Note: note} }

// failed makes the error of what the system said.
func failed(err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	reason := err
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		reason = pathError.Err // the path, and "open"
	}
	if errors.Is(err, fs.ErrNotExist) {
		folder, _ := os.Getwd()
		return &Error{Note: noteMissing, Arg: folder, System: err}
	}
	return &Error{Note: fault.NoteSystem, Arg: reason.Error(), System: err}
}

// notRegular is what to say of something that is no regular file.
func notRegular(mode fs.FileMode) *Error {
	switch {
	case mode.IsDir():
		return refuse(noteDirectory)
	case mode&fs.ModeSymlink != 0:
		return refuse(noteLink)
	}
	return refuse(noteNotRegular)
}

// Read gives the content of a regular file, or of what a pipe delivers to its
// end, as of a shell's <(command): at most Limit bytes, and within about
// Patience. It follows links. Hold no lock that another call needs.
func Read(path string) ([]byte, error) { return readWithin(path, Patience) }

// readWithin reads in a goroutine, because a file system may hang where nothing
// can interrupt it; it is left behind then, until the system lets it go.
func readWithin(path string, patience time.Duration) ([]byte, error) {
	type result struct {
		data []byte
		err  *Error
	}
	done := make(chan result, 1)
	until := time.Now().Add(patience)
	task.Go("the reading of a file", nil, func() {
		var r result
		if fell := task.Catch("the reading of a file", func() { r.data, r.err = read(path, until, patience) }); fell != nil {
			r.err = failed(fell)
		}
		done <- r
	})
	const grace = 500 * time.Millisecond // read keeps the time itself wherever it can
	timer := time.NewTimer(patience + grace)
	defer timer.Stop()
	select {
	case r := <-done:
		if r.err != nil {
			return nil, r.err
		}
		return r.data, nil
	case <-timer.C:
		return nil, silent(0, patience)
	}
}

// silent is what to say when the time is over.
func silent(got int, patience time.Duration) *Error {
	note := noteSilent
	if got > 0 {
		note = noteUnfinished
	}
	return &Error{Note: note, Arg: strconv.FormatInt(patience.Milliseconds(), 10)}
}

// OpenAppend opens a file for appending, and makes it with access for this user
// only (0600) if it is not there. Only a regular file is opened, never what a
// symbolic link at the path leads to; the folders above may be links.
func OpenAppend(path string) (*os.File, error) { return open(path, os.O_WRONLY) }

// OpenAppendRead is OpenAppend for a file that is looked into too.
func OpenAppendRead(path string) (*os.File, error) { return open(path, os.O_RDWR) }

func open(path string, access int) (*os.File, error) {
	f, err := openAppend(path, access)
	if err != nil {
		return nil, failed(err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = notRegular(info.Mode())
	}
	if err != nil {
		f.Close()
		return nil, failed(err)
	}
	return f, nil
}

// IsAt tells whether an open file is still the one at a path: another process
// may have renamed it.
func IsAt(f interface{ Stat() (os.FileInfo, error) }, path string) bool {
	own, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(path)
	return err == nil && os.SameFile(own, there)
}
