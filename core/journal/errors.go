package journal

import (
	"errors"
	"io/fs"
	"syscall"

	"wdsocket/core/fault"
)

var noteNotRegular = fault.NewNote(
	"it is not a regular file",
	"ce n'est pas un fichier ordinaire")

// fileError tells why a log file could not be opened.
func fileError(path string, err error) error {
	code := fault.System
	if errors.Is(err, fs.ErrPermission) {
		code = fault.Access
	}
	reason := err
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		reason = pathError.Err // path and "open" are said already
	}
	e := fault.New(code, fault.PhaseOption, path).With(fault.NoteSystem, reason.Error())
	var number syscall.Errno
	if errors.As(err, &number) {
		e.Sys = int32(number)
	}
	e.Cause = err
	return e
}
