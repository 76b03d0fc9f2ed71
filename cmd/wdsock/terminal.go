package main

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"os"
	"sync"
	"unicode/utf8"

	"golang.org/x/term"
)

// keyboard is a terminal whose lines are edited: with a history (up, down), and completion
// (Tab) of what was typed before. What is shown meanwhile stands above the line.
type keyboard struct {
	*term.Terminal
	file  *os.File    // that has the size
	wrong func(error) // tells of a line that is none: the next one may be
	typed *history
}

const ctrlC = 3

// keys are the bytes of a keyboard. They are taken as they come, also while no line is asked
// for: Ctrl-C, which is a byte there, has to end the program while it writes, too.
type keys struct {
	mu     sync.Mutex
	came   sync.Cond
	part   []byte // of a character
	typed  []byte
	failed error
}

// newKeys begins to read; Ctrl-C calls stop.
func newKeys(in io.Reader, stop func()) *keys {
	k := &keys{}
	k.came.L = &k.mu
	go k.listen(in, stop) // reading a terminal cannot be interrupted: it is left behind
	return k
}

func (k *keys) listen(in io.Reader, stop func()) {
	buf := make([]byte, 256)
	for {
		n, err := in.Read(buf)
		if bytes.IndexByte(buf[:n], ctrlC) >= 0 {
			stop()
			err = cmp.Or(err, io.EOF) // what is typed now is for the program behind this one
		}
		k.mu.Lock()
		k.takeLocked(buf[:n])
		k.failed = err
		k.came.Broadcast()
		k.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// takeLocked takes bytes. Those that are no characters become escapes: the terminal would wait
// for the rest of one for ever.
func (k *keys) takeLocked(p []byte) {
	k.part = append(k.part, p...)
	for len(k.part) > 0 && utf8.FullRune(k.part) {
		r, n := utf8.DecodeRune(k.part)
		if r == utf8.RuneError {
			k.typed = append(k.typed, escaped(k.part[:1])...)
			n = 1
		} else {
			k.typed = append(k.typed, k.part[:n]...)
		}
		k.part = k.part[n:]
	}
}

// Read gives what was typed. Without room it is a sequence of a key that has no end.
func (k *keys) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, io.ErrShortBuffer
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for len(k.typed) == 0 {
		if k.failed != nil {
			return 0, k.failed
		}
		k.came.Wait()
	}
	n := copy(p, k.typed)
	k.typed = k.typed[n:]
	return n, nil
}

// interactive makes standard input a keyboard, if it and the output are terminals, whose history
// is kept or not. restore is to be called at the end.
func (s *session) interactive(kept bool) (restore func()) {
	in, isFile := s.stdin.(*os.File)
	out, isOut := s.stdout.(*os.File)
	if !isFile || !isOut || s.out.json || !term.IsTerminal(int(in.Fd())) || !term.IsTerminal(int(out.Fd())) || !understandsSequences(out) {
		return func() {}
	}
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return func() {} // its lines are those of the system
	}
	k := &keyboard{file: out, wrong: func(err error) { s.out.wrong("", textOf(err, s.lib.Language())) }}
	k.Terminal = term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{newKeys(in, s.stop), out}, "> ")
	path := ""
	if kept {
		path = historyFile()
	}
	k.typed = loadHistory(path)
	k.History, k.AutoCompleteCallback = k.typed, k.complete
	s.stdin = k
	s.out.redirect(k)
	return func() {
		s.out.redirect(nil)
		_, _ = io.WriteString(out, "\r\x1b[K") // without the prompt
		_ = term.Restore(int(in.Fd()), before)
	}
}

// Read makes it a reader: those who ask for lines call ReadLine.
func (k *keyboard) Read(p []byte) (int, error) {
	line, err := k.ReadLine()
	return copy(p, line+"\n"), err
}

// ReadLine gives a line without its end.
func (k *keyboard) ReadLine() (string, error) {
	if width, height, err := term.GetSize(int(k.file.Fd())); err == nil && width > 0 { // 0: it does not tell
		_ = k.SetSize(width, height) // the window may have another one now
	}
	line, err := k.Terminal.ReadLine()
	if errors.Is(err, term.ErrPasteIndicator) { // it was not typed, which makes no difference
		err = nil
	}
	return line, err
}

// complete makes the beginning of a line the last one that began so.
func (k *keyboard) complete(line string, pos int, key rune) (string, int, bool) {
	if key != '\t' {
		return "", 0, false
	}
	if typed, found := k.typed.last(line[:pos]); found {
		return typed, len(typed), true
	}
	return line, pos, true
}
