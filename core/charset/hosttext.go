// Package charset carries text between a host program and the library: names,
// addresses and error texts in the host's encoding (Decode, Encode, Cut), and
// message text between the host's encoding and the character set used on the
// wire (Charset). Inside the library text is UTF-8. All functions may be called
// from any goroutine.
package charset

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encoding is the encoding of the host's text, WDS_HOST_TEXT_ in wdsocket.h. A
// number that is none of them is taken as UTF8.
type Encoding int32

// The encodings of hosts.
const (
	UTF8  Encoding = 0
	ANSI  Encoding = 1 // the ANSI code page of the system on Windows, windows-1252 elsewhere
	UTF16 Encoding = 2 // little-endian
)

var utf16le = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)

// coder is the encoding as x/text knows it.
func (e Encoding) coder() encoding.Encoding {
	switch e {
	case ANSI:
		return ansi()
	case UTF16:
		return utf16le
	default:
		return unicode.UTF8
	}
}

func (e Encoding) name() string {
	switch e {
	case ANSI:
		return "ANSI"
	case UTF16:
		return "utf-16le"
	default:
		return "utf-8"
	}
}

// Decode turns the host's text, without its terminator, into UTF-8. Nothing
// fails: UTF8 that is not valid is taken as ANSI, as hosts mix the two up; a
// character that is malformed in ANSI or UTF16 becomes U+FFFD.
func Decode(enc Encoding, text []byte) string {
	coder := enc.coder()
	if coder == unicode.UTF8 {
		if utf8.Valid(text) {
			return string(text)
		}
		coder = ansi()
	}
	// The decoders replace what is malformed and have no other errors.
	decoded, _ := coder.NewDecoder().Bytes(text)
	return string(decoded)
}

// Encode turns text into the host's encoding, without a terminator. What the
// encoding cannot express, and bytes that are not UTF-8, become '?'.
func Encode(enc Encoding, text string) []byte {
	text = strings.ToValidUTF8(text, "?")
	switch enc {
	case ANSI:
		return encodeReplacing(text)
	case UTF16:
		b := make([]byte, 0, 2*len(text))
		for _, unit := range utf16.Encode([]rune(text)) {
			b = binary.LittleEndian.AppendUint16(b, unit)
		}
		return b
	default:
		return []byte(text)
	}
}

// encodeReplacing encodes as ANSI, with '?' for each character that is missing
// there.
func encodeReplacing(text string) []byte {
	encoder := ansi().NewEncoder()
	rest, encoded := []byte(text), make([]byte, 0, len(text))
	for len(rest) > 0 {
		var n int
		var err error
		encoded, n, err = transform.Append(encoder, encoded, rest)
		rest = rest[n:]
		if err != nil && len(rest) > 0 {
			_, size := utf8.DecodeRune(rest)
			encoded, rest = append(encoded, '?'), rest[size:]
		}
	}
	return encoded
}

// TerminatorLen is how many zero bytes end a text: 2 for UTF16, 1 otherwise.
func TerminatorLen(enc Encoding) int {
	if enc == UTF16 {
		return 2
	}
	return 1
}

// IndexTerminator finds the terminator of a text in b and returns the length
// of the text in bytes, -1 if there is none. In UTF16 it looks at whole units
// only.
func IndexTerminator(enc Encoding, b []byte) int {
	if enc != UTF16 {
		return bytes.IndexByte(b, 0)
	}
	for i := 0; i+1 < len(b); i += 2 {
		if b[i] == 0 && b[i+1] == 0 {
			return i
		}
	}
	return -1
}

// Cut shortens a text that Encode made so that it fits into capacity bytes
// together with its terminator, without breaking a character. If not even the
// terminator fits the result is empty.
func Cut(enc Encoding, encoded []byte, capacity int) []byte {
	room := max(capacity-TerminatorLen(enc), 0)
	if len(encoded) <= room {
		return encoded
	}
	switch enc {
	case ANSI:
		return encoded[:wholeANSI(encoded[:room])]
	case UTF16:
		return encoded[:wholeUTF16(encoded, room)]
	default:
		for room > 0 && !utf8.RuneStart(encoded[room]) {
			room--
		}
		return encoded[:room]
	}
}

// wholeANSI is the length of the whole characters in text: code pages of East
// Asia have characters of two bytes.
func wholeANSI(text []byte) int {
	decoder := ansi().NewDecoder()
	// A character becomes at most one of three bytes, or a surrogate pair's four.
	_, n, _ := decoder.Transform(make([]byte, 4*len(text)+utf8.UTFMax), text, false)
	return n
}

// wholeUTF16 is the longest length up to room that ends neither inside a unit
// nor inside a surrogate pair.
func wholeUTF16(text []byte, room int) int {
	room &^= 1
	if room < 2 {
		return 0
	}
	last := binary.LittleEndian.Uint16(text[room-2:])
	if last >= 0xD800 && last < 0xDC00 {
		return room - 2
	}
	return room
}
