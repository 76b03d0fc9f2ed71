package websocket

import "unicode/utf8"

// utf8Check checks a text that comes in pieces. The zero value is ready.
type utf8Check struct {
	part [utf8.UTFMax]byte // of a character that goes on in the next piece
	n    uint8
}

// add checks the next piece. It is false as soon as what came cannot be the beginning of
// UTF-8.
func (u *utf8Check) add(p []byte) bool {
	for u.n > 0 && len(p) > 0 {
		u.part[u.n], p = p[0], p[1:]
		u.n++
		if whole := u.part[:u.n]; utf8.FullRune(whole) {
			if !utf8.Valid(whole) {
				return false
			}
			u.n = 0
		}
	}
	end := len(p)
	for back := 1; back < utf8.UTFMax && back <= len(p); back++ {
		if rest := p[len(p)-back:]; utf8.RuneStart(rest[0]) {
			if !utf8.FullRune(rest) {
				end -= back
				u.n = uint8(copy(u.part[:], rest))
			}
			break
		}
	}
	return utf8.Valid(p[:end])
}

// end tells whether the text ends with a whole character, and makes u ready for the
// next.
func (u *utf8Check) end() bool {
	whole := u.n == 0
	u.n = 0
	return whole
}
