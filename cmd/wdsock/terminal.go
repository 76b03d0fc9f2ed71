package main

import (
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"
)

// keyboard is a terminal whose lines are edited: with a history (up, down), and completion
// (Tab) of what was typed before. What is shown meanwhile stands above the line.
type keyboard struct {
	*term.Terminal
	file *os.File // that has the size

	mu    sync.Mutex
	typed []string // the last one first
}

const ctrlC = 3

// stoppable is the keyboard's bytes; Ctrl-C, which is a byte there, calls stop.
type stoppable struct {
	io.Reader
	stop func()
}

func (s stoppable) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	for _, b := range p[:n] {
		if b == ctrlC {
			s.stop()
		}
	}
	return n, err
}

// interactive makes standard input a keyboard, if it and the output are terminals. restore is
// to be called at the end.
func (s *session) interactive() (restore func()) {
	in, isFile := s.stdin.(*os.File)
	out, isOut := s.stdout.(*os.File)
	if !isFile || !isOut || s.out.json || !term.IsTerminal(int(in.Fd())) || !term.IsTerminal(int(out.Fd())) {
		return func() {}
	}
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return func() {} // its lines are those of the system
	}
	k := &keyboard{file: out}
	k.Terminal = term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{stoppable{in, s.stop}, out}, "> ")
	k.AutoCompleteCallback = k.complete
	s.stdin = k
	s.out.redirect(k)
	return func() {
		s.out.redirect(nil)
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
	if width, height, err := term.GetSize(int(k.file.Fd())); err == nil {
		_ = k.SetSize(width, height) // the window may have another one now
	}
	line, err := k.Terminal.ReadLine()
	if err == nil && line != "" {
		k.mu.Lock()
		k.typed = append([]string{line}, k.typed...)
		k.mu.Unlock()
	}
	return line, err
}

// complete makes the beginning of a line the last one that began so.
func (k *keyboard) complete(line string, pos int, key rune) (string, int, bool) {
	if key != '\t' {
		return "", 0, false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, typed := range k.typed {
		if strings.HasPrefix(typed, line[:pos]) && typed != line {
			return typed, len(typed), true
		}
	}
	return line, pos, true
}
