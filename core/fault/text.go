package fault

import (
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

// Text is the error for a user: what happened, to whom and what to do.
func (e *Error) Text(lang Language) string {
	return Render(lang, e.Code, e.Who, e.Note, e.Args)
}

// Render puts a text together from the parts of an error. In the tables {who}
// stands for the one concerned, {0} and {1} for the arguments of a note; a part
// in square brackets is for errors that name somebody. Much of it comes from a
// peer: escape.Text keeps it on its line, and what it contains is never taken
// for a placeholder.
func Render(lang Language, code Code, who string, note Note, args [2]string) string {
	who, args = escape.Text(who), [2]string{escape.Text(args[0]), escape.Text(args[1])}
	text := fill(code.template(lang), who)
	n := note.text(lang)
	if n == "" {
		return text
	}
	colon := ": "
	if lang == French {
		colon = " : "
	}
	return text + colon + strings.TrimSpace(fillNote(n, who, args))
}

// Sentence is the text of a note alone, with its arguments.
func Sentence(lang Language, note Note, args ...string) string {
	var both [2]string
	copy(both[:], args)
	return fillNote(note.text(lang), "", both)
}

// fillNote puts the arguments into a note's template in one pass, so that
// nothing inside an argument is taken for a placeholder.
func fillNote(template, who string, args [2]string) string {
	if who == "" {
		template = fill(template, "")
	} else {
		template = strings.NewReplacer("[", "", "]", "").Replace(template)
	}
	return strings.NewReplacer("{0}", args[0], "{1}", args[1], "{who}", who).Replace(template)
}

// Error makes a Code an error of its own.
func (c Code) Error() string { return c.Text(English) }
