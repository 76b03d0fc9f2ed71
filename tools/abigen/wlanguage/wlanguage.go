// Package wlanguage reads WLanguage, the language of WINDEV, WEBDEV and WINDEV Mobile, in its
// English and French words, and finds what its compiler, or a running program, would refuse:
// names that are not declared, arguments of the wrong number or type, a procedure without its
// parentheses, blocks without an end, constants of PC SOFT's own socket functions where those
// of wdsocket are meant.
//
// No compiler of WLanguage is at hand where it runs. It therefore refuses only what is certain:
// what it does not know has any type and any members.
package wlanguage

import (
	"cmp"
	"fmt"
	"slices"
)

// Fault is a mistake: where it is, what is wrong and what to do, in English and in French.
type Fault struct {
	File            string
	Line            int
	English, French string
}

func (f Fault) Error() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.English) }

// InFrench is Error for those who read French.
func (f Fault) InFrench() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.French) }

// Options say how strictly a text is read.
type Options struct {
	// Snippet is a part of a program: variables that begin with g, as gnQueue, are globals that are
	// declared elsewhere, and procedures that the text does not define are the program's.
	Snippet bool
	// Foreign is a program of which only this file is known: functions and constants that are not in
	// the table of WLanguage's are not refused, unless one is spelt almost alike, nor are names that
	// another file of the project may declare.
	Foreign bool
	// Library are the functions of the DLL, which API calls by their names.
	Library []Function
	// Typed demands that each procedure with a result says its type: PROCEDURE F(): int.
	Typed bool
}

// Function is one of the DLL's: its name, and for each parameter whether it is the address of a text.
type Function struct {
	Name  string
	Texts []bool
}

// Check finds the mistakes of a text, but for lines whose comment begins or ends with "on purpose", in French "exprès". known are the texts whose procedures, constants and globals
// it may use: the module, and others of the same project.
func (f *File) Check(known []*File, o Options) []Fault {
	c := newChecker(f, known, o)
	c.checkFile()
	unread := map[int]bool{} // lines that could not be read are not checked besides
	for _, fault := range f.faults {
		unread[fault.Line] = true
	}
	faults := append(slices.Clone(f.faults), slices.DeleteFunc(c.faults, func(f Fault) bool { return unread[f.Line] })...)
	if !o.Foreign {
		faults = append(faults, f.split...)
	}
	faults = slices.DeleteFunc(faults, func(fault Fault) bool { return f.deliberate[fault.Line] })
	slices.SortStableFunc(faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	return slices.Compact(faults)
}

// message is the text of a fault in both languages, with the same verbs in the same order. An
// argument that is a message itself is given in the language of the text.
type message struct{ english, french string }

func (m message) at(file string, line int, args ...any) Fault {
	english, french := slices.Clone(args), slices.Clone(args)
	for i, arg := range args {
		if inner, is := arg.(message); is {
			english[i], french[i] = inner.english, inner.french
		}
	}
	return Fault{File: file, Line: line, English: fmt.Sprintf(m.english, english...), French: fmt.Sprintf(m.french, french...)}
}
