package description

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"wdsocket/core/escape"
	"wdsocket/core/fault"
)

// scanner reads a text from the left to the right. Its first error stays: what is read
// behind it does not count.
type scanner struct {
	text string
	at   int
	err  error
}

// fail notes an error at a place: note has the column in {0} and found in {1}.
func (p *scanner) fail(at int, note fault.Note, found string, more ...string) {
	if p.err != nil {
		return
	}
	column := strconv.Itoa(utf8.RuneCountInString(p.text[:min(at, len(p.text))]) + 1)
	args := append([]string{column, found}, more...)
	p.err = fault.New(fault.Argument, fault.PhaseOption, "WDS_TEXT_FRAME").With(note, args...)
}

// unexpected notes that something else is allowed where the parser stands.
func (p *scanner) unexpected(allowed string) { p.unexpectedAt(p.at, allowed) }

func (p *scanner) unexpectedAt(at int, allowed string) {
	if at >= len(p.text) {
		p.fail(at, noteEnds, "", allowed)
		return
	}
	p.fail(at, noteFound, p.shown(at), allowed)
}

// shown is what an error text shows of a place: what stands there up to a blank.
func (p *scanner) shown(at int) string {
	const most = 24
	rest := p.text[at:]
	end := strings.IndexFunc(rest, isBlank)
	switch {
	case end < 0:
		end = len(rest)
	case end == 0:
		end = 1
	}
	return escape.Quote([]byte(rest[:end]), most)
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\r' || r == '\n' }

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isHex(c byte) bool    { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }
func inLabel(c byte) bool  { return isLetter(c) || isDigit(c) || c == '_' }
func inName(c byte) bool   { return inLabel(c) || c == '-' || c == '/' }
func inFigure(c byte) bool { return inLabel(c) || c == '-' || c == '.' || c == ',' }

// blanks goes over blanks and tells whether there were any, or nothing is left.
func (p *scanner) blanks() bool {
	from := p.at
	for p.at < len(p.text) && isBlank(rune(p.text[p.at])) {
		p.at++
	}
	return p.at > from || p.at == len(p.text)
}

// run takes the longest run of characters of a kind.
func (p *scanner) run(is func(byte) bool) string {
	from := p.at
	for p.at < len(p.text) && is(p.text[p.at]) {
		p.at++
	}
	return p.text[from:p.at]
}

// take takes a text that stands where the parser stands, in small letters or capitals.
func (p *scanner) take(what string) bool {
	if len(p.text)-p.at < len(what) || !strings.EqualFold(p.text[p.at:p.at+len(what)], what) {
		return false
	}
	p.at += len(what)
	return true
}

// number reads a number of a range.
func (p *scanner) number(low, high int) int {
	from := p.at
	digits := p.run(isDigit)
	if digits == "" {
		p.unexpected(strconv.Itoa(low) + ".." + strconv.Itoa(high))
		return low
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < low || n > high {
		p.fail(from, noteRange, digits[:min(len(digits), maxLabel)], strconv.Itoa(low)+".."+strconv.Itoa(high))
		return low
	}
	return n
}

// literal reads hex pairs and texts that stand one behind the other.
func (p *scanner) literal() []byte {
	from := p.at
	var out []byte
	for p.err == nil && p.at < len(p.text) {
		c := p.text[p.at]
		if c == '"' {
			end := strings.IndexByte(p.text[p.at+1:], '"')
			if end < 0 {
				p.fail(p.at, noteOpenQuote, p.shown(p.at))
				return out
			}
			out = append(out, p.text[p.at+1:p.at+1+end]...)
			p.at += end + 2
			continue
		}
		if !isHex(c) {
			break
		}
		p.hexPairs(&out)
	}
	switch {
	case p.err != nil:
	case p.at == from:
		p.unexpected(literalAllowed)
	case len(out) == 0:
		p.fail(from, noteEmpty, "")
	case len(out) > maxLiteral:
		p.fail(from, noteRange, strconv.Itoa(len(out)), "1.."+strconv.Itoa(maxLiteral))
	}
	return out
}

func (p *scanner) hexPairs(out *[]byte) {
	from := p.at
	digits := p.run(isHex)
	if len(digits)%2 != 0 {
		p.fail(from, noteOddDigits, p.shown(from))
		return
	}
	for i := 0; i < len(digits); i += 2 {
		b, _ := strconv.ParseUint(digits[i:i+2], 16, 8)
		*out = append(*out, byte(b))
	}
}

// alternatives reads literals in parentheses, or one without.
func (p *scanner) alternatives() (out [][]byte) {
	if !p.take("(") {
		return [][]byte{p.literal()}
	}
	for p.err == nil {
		from := p.at
		lit := p.literal()
		switch {
		case p.err != nil:
		case len(out) == maxAlternatives:
			p.fail(from, noteTooMany, p.shown(from), strconv.Itoa(maxAlternatives))
		case slices.ContainsFunc(out, func(other []byte) bool { return string(other) == string(lit) }):
			p.fail(from, noteTwice, literalText(lit))
		}
		out = append(out, lit)
		if p.err == nil && p.take(")") {
			return out
		}
		if p.err == nil && !p.take("|") {
			p.unexpected("|, )")
		}
	}
	return out
}

// oneByte reads a literal of one byte.
func (p *scanner) oneByte() byte {
	from := p.at
	lit := p.literal()
	if p.err == nil && len(lit) != 1 {
		p.fail(from, noteOneByte, literalText(lit), strconv.Itoa(len(lit)))
	}
	if p.err != nil {
		return 0
	}
	return lit[0]
}
