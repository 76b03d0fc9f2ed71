package fault

import "strings"

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
// stands for the one concerned, {0} and {1} for the arguments of a note.
func Render(lang Language, code Code, who string, note Note, args [2]string) string {
	text := strings.ReplaceAll(code.Text(lang), "{who}", who)
	if n := note.text(lang); n != "" {
		text += ": " + strings.NewReplacer("{0}", args[0], "{1}", args[1], "{who}", who).Replace(n)
	}
	return text
}

// Error makes a Code an error of its own.
func (c Code) Error() string { return c.Text(English) }
