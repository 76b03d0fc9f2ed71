// Package fault holds the errors of the library: one table of codes with
// names and texts in English and French, and the error value that says what
// happened, to whom, and during what.
package fault

import "errors"

// Error is what every failing call of the library returns.
type Error struct {
	Code  Code
	Phase Phase
	Sys   int32     // the system's error number (errno, WSAGetLastError), 0 if none
	Who   string    // to whom it happened: "10.0.0.5:5000", "socket #12", a parameter's name
	Note  Note      // a sentence that says more, or stands instead of the code's; NoNote if there is none
	Hint  Note      // a sentence behind it that says what may help, NoNote if there is none
	Args  [5]string // what the note's text names: offending bytes, limits, paths
	Alt   string    // what the hint's text names
	Cause error     // the error underneath, if there is one
}

// New makes an error.
func New(code Code, phase Phase, who string) *Error {
	return &Error{Code: code, Phase: phase, Who: who}
}

// With adds a note to an error that was just made and returns it.
func (e *Error) With(note Note, args ...string) *Error {
	e.Note = note
	copy(e.Args[:], args)
	return e
}

// Advise adds a hint to an error that was just made and returns it. alt is {alt}
// in its text.
func (e *Error) Advise(hint Note, alt string) *Error {
	e.Hint = hint
	e.Alt = alt
	return e
}

// Advised gives a copy of e that has this hint instead of its own, or none with NoNote: e
// may be in the hands of others.
func (e *Error) Advised(hint Note, alt string) *Error {
	advised := *e
	return advised.Advise(hint, alt)
}

// Error is the English text.
func (e *Error) Error() string { return e.Text(English) }

// Unwrap gives the error underneath.
func (e *Error) Unwrap() error { return e.Cause }

// Is makes errors.Is(err, fault.Timeout) work.
func (e *Error) Is(target error) bool {
	code, ok := target.(Code)
	return ok && code == e.Code
}

// Timeout makes an error a net.Error: true when it is a matter of waiting
// longer.
func (e *Error) Timeout() bool { return e.Code == Timeout || e.Code == Cancelled }

// Temporary is true for the same errors as Timeout: crypto/tls goes on after
// such an error, and only after such an error.
func (e *Error) Temporary() bool { return e.Timeout() }

// CodeOf tells the code of any error: OK for nil, Internal for an error that
// is none of ours.
func CodeOf(err error) Code {
	switch own := err.(type) {
	case nil:
		return OK
	case *Error:
		return own.Code
	case Code:
		return own
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	var code Code
	if errors.As(err, &code) {
		return code
	}
	return Internal
}
