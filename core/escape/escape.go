// Package escape makes text of bytes that another end chose: names in
// certificates, what a peer sent, answers of name servers. Such text must not
// end early in a C string, begin a line of its own or steer a terminal.
package escape

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is text on one line: control characters (NUL, line ends, ESC), what
// Unicode has for the same (line separators, marks that turn the direction of
// writing) and bytes that are not UTF-8 become \xNN, byte by byte. All else
// stays, so that escaping twice is escaping once.
func Text(text string) string {
	for i, r := range text {
		if mustEscape(r, text[i:]) {
			return string(Append(make([]byte, 0, len(text)+16), text, len(text)*4))
		}
	}
	return text
}

// Append adds what Text makes of text. It stops soon after line is longer than
// limit.
func Append(line []byte, text string, limit int) []byte {
	for i := 0; i < len(text) && len(line) <= limit; {
		r, size := utf8.DecodeRuneInString(text[i:])
		if mustEscape(r, text[i:]) {
			for _, b := range []byte(text[i : i+size]) {
				line = append(line, '\\', 'x', digits[b>>4], digits[b&15])
			}
		} else {
			line = append(line, text[i:i+size]...)
		}
		i += size
	}
	return line
}

const digits = "0123456789ABCDEF"

// mustEscape tells whether the character that rest begins with must not stand
// as it is.
func mustEscape(r rune, rest string) bool {
	switch {
	case r < ' ', r >= 0x7F && r < 0xA0:
		return true
	case r < utf8.RuneSelf:
		return false
	case r == utf8.RuneError:
		_, size := utf8.DecodeRuneInString(rest)
		return size == 1
	}
	const lineSeparator, paragraphSeparator = 0x2028, 0x2029
	return r == lineSeparator || r == paragraphSeparator || unicode.Is(unicode.Bidi_Control, r)
}

// Quote shows bytes as a quoted text, at most limit of them: what is not printable
// as in Go and C ("\r\n", "\x02").
func Quote(p []byte, limit int) string {
	if len(p) <= limit {
		return strconv.Quote(string(p))
	}
	for whole := limit; limit > 0 && limit > whole-utf8.UTFMax && !utf8.RuneStart(p[limit]); { // not inside a character
		limit--
	}
	return strconv.Quote(string(p[:limit])) + "..."
}

// List joins items with commas. A comma or backslash inside an item has a
// backslash before it: a list is taken apart at the commas that have none.
func List(items []string) string {
	var b strings.Builder
	for i, item := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(Text(inList.Replace(item)))
	}
	return b.String()
}

var inList = strings.NewReplacer(`\`, `\\`, `,`, `\,`)
