package fault

import (
	"cmp"
	"strings"

	"wdsocket/core/escape"
)

// Language of a text.
type Language int32

// The languages there are.
const (
	English Language = iota
	French
)

// Note is a sentence that says more about an error than its code does.
type Note int32

// NoNote is the absence of a note. The others are declared beside their texts.
const NoNote Note = 0

// Text is the error for a user: what happened, to whom and what to do. In the
// tables {who} stands for the one concerned, {0} to {4} for the arguments of a
// note, {alt} for that of a hint, {call} for the function that was called; a part in square brackets is for errors that name somebody. Much of it
// comes from a peer: escape.Text keeps it on its line, and what it contains is
// never taken for a placeholder.
func (e *Error) Text(lang Language) string {
	who, args := escape.Text(e.Who), e.Args
	for i, arg := range args {
		args[i] = escape.Text(arg)
	}
	between, behind := ": ", "; "
	if lang == French {
		between, behind = " : ", " ; "
	}
	alt := escape.Text(e.Alt)
	call := cmp.Or(alt, thisFunction[lang])
	text := fill(e.Code.template(lang), who)
	if n := e.Note.text(lang); e.Note.whole() {
		text = fillNote(n, who, alt, call, args)
	} else if n != "" {
		text += between + strings.TrimSpace(fillNote(n, who, alt, call, args))
	}
	if h := e.Hint.text(lang); h != "" {
		text += behind + fillNote(h, who, alt, call, args)
	}
	return text
}

// thisFunction is {call} where the function that was called is not known.
var thisFunction = map[Language]string{English: "this function", French: "cette fonction"}

// NamesCall tells whether the text has {call} in it: Alt is the function that was called.
func (e *Error) NamesCall() bool { return strings.Contains(e.Note.text(English), "{call}") }

// Sentence is the text of a note alone, with its arguments.
func Sentence(lang Language, note Note, args ...string) string {
	var all [5]string
	copy(all[:], args)
	return fillNote(note.text(lang), "", "", thisFunction[lang], all)
}

// fillNote puts the arguments into a note's template in one pass, so that
// nothing inside an argument is taken for a placeholder.
func fillNote(template, who, alt, call string, args [5]string) string {
	if who == "" {
		template = fill(template, "")
	} else {
		template = strings.NewReplacer("[", "", "]", "").Replace(template)
	}
	return strings.NewReplacer("{0}", args[0], "{1}", args[1], "{2}", args[2], "{3}", args[3], "{4}", args[4], "{alt}", alt, "{call}", call, "{who}", who).Replace(template)
}

// Error makes a Code an error of its own.
func (c Code) Error() string { return c.Text(English) }
