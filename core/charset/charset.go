package charset

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	stdunicode "unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"wdsocket/core/fault"
)

var (
	noteCharset = fault.NewNote(
		"no character set of that name is known",
		"aucun jeu de caractères de ce nom n'est connu")
	noteMalformed = fault.NewNote(
		"the bytes at offset {0} are no character: {1}",
		"les octets à la position {0} ne forment pas un caractère : {1}")
	noteMissing = fault.NewNote(
		"the character at offset {0} does not exist in the other character set: {1}",
		"le caractère à la position {0} n'existe pas dans l'autre jeu de caractères : {1}")
)

// Charset converts message text between the host's encoding and a character
// set on the wire. It has no state: any number of goroutines may use one.
type Charset struct {
	name  string
	coder encoding.Encoding
	// genuine are the bytes of U+FFFD in sets that have it: in all others it
	// stands for bytes that are no character.
	genuine [][]byte
}

func newCharset(name string, coder encoding.Encoding) *Charset {
	return &Charset{name: name, coder: coder, genuine: genuine(name, coder)}
}

func genuine(name string, coder encoding.Encoding) [][]byte {
	if strings.HasPrefix(name, "utf-16") {
		return [][]byte{{0xFF, 0xFD}, {0xFD, 0xFF}} // only one of them decodes so
	}
	if b, err := coder.NewEncoder().Bytes([]byte("\uFFFD")); err == nil {
		return [][]byte{b}
	}
	return nil
}

// hosts are the host's encodings as character sets.
var hosts = sync.OnceValue(func() []*Charset {
	return []*Charset{
		UTF8:  newCharset(UTF8.name(), UTF8.coder()),
		ANSI:  newCharset(ANSI.name(), ANSI.coder()),
		UTF16: newCharset(UTF16.name(), UTF16.coder()),
	}
})

func (e Encoding) charset() *Charset {
	list := hosts()
	if e < 0 || int(e) >= len(list) {
		e = UTF8
	}
	return list[e]
}

// Name is the usual name of the character set in lower case, "windows-1252".
// Lookup finds the same set by it.
func (c *Charset) Name() string { return c.name }

// ToWire converts a message from the host's encoding to the character set,
// appends it to dst and returns the longer slice. Nothing is replaced: bytes
// that are no character in the host's encoding (no matter that Decode would
// guess) and characters that the set does not have are fault.Text, with their
// offset in msg, and dst as it was. dst and msg must not overlap.
func (c *Charset) ToWire(host Encoding, dst, msg []byte) ([]byte, error) {
	return convert(host.charset(), c, dst, msg)
}

// FromWire converts a message from the character set to the host's encoding,
// with the same rules as ToWire.
func (c *Charset) FromWire(host Encoding, dst, msg []byte) ([]byte, error) {
	return convert(c, host.charset(), dst, msg)
}

// longestCharacter bounds the bytes of one character in any character set.
const longestCharacter = 8

// FromWireFitting converts the longest piece at the front of msg that is whole
// characters and takes at most room bytes of the host's text. It gives the text
// and how many bytes of msg that is, and looks at no more of msg than it has to:
// its work is bounded by room. What cannot be converted is an error only at the
// front; before that it ends the piece.
//
// used 0 without an error: more bytes are needed if msg holds no whole character,
// and more room otherwise.
func (c *Charset) FromWireFitting(host Encoding, msg []byte, room int) (text []byte, used int, err error) {
	const most = 4 // bytes on the wire for one of the host's
	look := min(len(msg), min(room, len(msg))+longestCharacter)
	for {
		text, used, err = c.fitting(host.charset(), msg[:look], room)
		limit := min(len(msg), most*min(room, len(msg))+longestCharacter)
		if err != nil || look >= limit || len(text) == room || used < look-longestCharacter {
			return text, used, err
		}
		look = min(2*look, limit)
	}
}

// fitting is FromWireFitting for a piece that may be looked at as a whole.
func (c *Charset) fitting(host *Charset, msg []byte, room int) (text []byte, used int, err error) {
	plain := make([]byte, 3*len(msg)+longestCharacter) // no character is longer in UTF-8 by more
	n, used, err := c.decodeWhole(plain, msg)
	if err != nil {
		return nil, 0, err
	}
	text, whole, err := host.encodeFitting(plain[:n], room)
	if whole == n {
		return text, used, nil
	}
	if whole == 0 {
		if err != nil {
			err = missing(c, host, msg, plain[:n], 0)
		}
		return nil, 0, err
	}
	n, used, _ = c.decodeWhole(plain[:whole], msg) // the same again, up to where it fits
	text, _, _ = host.encodeFitting(plain[:n], room)
	return text, used, nil
}

// decodeWhole decodes the whole characters at the front of msg to UTF-8, as far
// as dst has room and up to the first that is malformed. It is an error if that
// is the first of all.
func (c *Charset) decodeWhole(dst, msg []byte) (n, used int, err error) {
	n, used, _ = c.coder.NewDecoder().Transform(dst, msg, false)
	if n == 0 && used == 0 && len(msg) >= longestCharacter && len(dst) >= longestCharacter {
		return 0, 0, c.malformed(0, msg)
	}
	if !bytes.Contains(dst[:n], []byte("\uFFFD")) {
		return n, used, nil
	}
	bad := -1
	c.walk(msg[:used], func(offset int, char, text []byte) bool {
		if bytes.Contains(text, []byte("\uFFFD")) && !c.isGenuine(char) {
			bad, err = offset, c.malformed(offset, char)
		}
		return bad < 0
	})
	switch {
	case bad < 0:
		return n, used, nil
	case bad == 0:
		return 0, 0, err
	}
	n, used, _ = c.coder.NewDecoder().Transform(dst, msg[:bad], true)
	return n, used, nil
}

// encodeFitting encodes the characters at the front of text that take at most
// room bytes, and tells how many bytes of text they are. The error is that of a
// character that the set does not have, where that is what ended it.
func (c *Charset) encodeFitting(text []byte, room int) (out []byte, whole int, err error) {
	if c.coder == unicode.UTF8 {
		for whole = min(len(text), room); whole > 0 && whole < len(text) && !utf8.RuneStart(text[whole]); {
			whole--
		}
		return text[:whole], whole, nil
	}
	out = make([]byte, min(room, 4*len(text)))
	n, whole, err := c.coder.NewEncoder().Transform(out, text, true)
	if err == transform.ErrShortDst {
		err = nil
	}
	return out[:n], whole, err
}

// convert goes through UTF-8, which is one step if one side is UTF-8.
func convert(from, to *Charset, dst, msg []byte) ([]byte, error) {
	if to.coder == unicode.UTF8 {
		return from.decode(dst, msg)
	}
	text := msg
	if from.coder != unicode.UTF8 || !utf8.Valid(msg) {
		var err error
		if text, err = from.decode(nil, msg); err != nil {
			return dst, err
		}
	}
	encoded, n, err := transform.Append(to.coder.NewEncoder(), dst, text)
	if err != nil {
		return dst, missing(from, to, msg, text, n)
	}
	return encoded, nil
}

// decode appends a message as UTF-8.
func (c *Charset) decode(dst, msg []byte) ([]byte, error) {
	if c.coder == unicode.UTF8 && utf8.Valid(msg) {
		return append(dst, msg...), nil
	}
	text, n, err := transform.Append(c.coder.NewDecoder(), dst, msg)
	if err != nil {
		return dst, c.malformed(n, msg[n:])
	}
	if bytes.Contains(text[len(dst):], []byte("\uFFFD")) {
		if err := c.check(msg); err != nil {
			return dst, err
		}
	}
	return text, nil
}

// check finds out whether a message that decodes to something with U+FFFD has
// bytes that are no character, or has that character itself.
func (c *Charset) check(msg []byte) error {
	var err error
	c.walk(msg, func(offset int, char, text []byte) bool {
		if bytes.Contains(text, []byte("\uFFFD")) && !c.isGenuine(char) {
			err = c.malformed(offset, char)
		}
		return err == nil
	})
	return err
}

func (c *Charset) isGenuine(char []byte) bool {
	return slices.ContainsFunc(c.genuine, func(g []byte) bool { return bytes.Equal(g, char) })
}

// walk decodes a message character by character, and calls f with each one's
// offset, its bytes and its text (nothing for a shift sequence) until f returns
// false. It is slow: for messages that are already known to be odd.
func (c *Charset) walk(msg []byte, f func(offset int, char, text []byte) bool) {
	decoder := c.coder.NewDecoder()
	var text [64]byte
	for at, end := 0, 1; at < len(msg); end++ {
		last := end >= len(msg)
		end = min(end, len(msg))
		nDst, nSrc, _ := decoder.Transform(text[:], msg[at:end], last)
		if nSrc == 0 && nDst == 0 && !last {
			continue // not a whole character yet
		}
		if nSrc == 0 {
			nSrc = end - at
		}
		if !f(at, msg[at:at+nSrc], text[:nDst]) {
			return
		}
		at += nSrc
		end = at
	}
}

// malformed is the error for bytes that are no character.
func (c *Charset) malformed(offset int, char []byte) error {
	shown := fmt.Sprintf("% X", char[:min(len(char), 8)])
	return fault.New(fault.Text, fault.PhaseFrame, "").
		With(noteMalformed, strconv.Itoa(offset), shown+" ("+c.name+")")
}

// missing is the error for the character at text[n:], which the set to does
// not have. The offset it tells is that in msg.
func missing(from, to *Charset, msg, text []byte, n int) error {
	offset := n
	if from.coder != unicode.UTF8 {
		offset = from.offset(msg, n)
	}
	char, _ := utf8.DecodeRune(text[n:])
	shown := fmt.Sprintf("%U", char)
	if stdunicode.IsPrint(char) {
		shown = fmt.Sprintf("%q %U", string(char), char)
	}
	return fault.New(fault.Text, fault.PhaseFrame, "").
		With(noteMissing, strconv.Itoa(offset), shown+" ("+to.name+")")
}

// offset finds where in msg the character begins that is at text[n:].
func (c *Charset) offset(msg []byte, n int) int {
	found, done := 0, 0
	c.walk(msg, func(offset int, _, text []byte) bool {
		found = offset
		done += len(text)
		return done <= n
	})
	return found
}
