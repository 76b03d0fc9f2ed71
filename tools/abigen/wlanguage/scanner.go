package wlanguage

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind int

const (
	tkEnd tokenKind = iota // of the text
	tkLine
	tkWord
	tkNumber
	tkDuration
	tkText  // "...", without the quotation marks
	tkBlock // [ ... ] over several lines
	tkOp
)

// token is a word, a number, a text or a sign.
type token struct {
	kind   tokenKind
	text   string
	fold   string // of a word: in small letters without accents
	line   int
	column int  // of the first token of a line: its indentation, a tab is one
	glued  bool // nothing stands between it and the token before
}

// fold makes names comparable: WLanguage's words are the same in capitals and small letters,
// with and without accents.
func fold(name string) string { return folder.Replace(strings.ToLower(name)) }

var folder = strings.NewReplacer("à", "a", "â", "a", "ä", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e",
	"î", "i", "ï", "i", "ô", "o", "ö", "o", "ù", "u", "û", "u", "ü", "u", "œ", "oe")

// scanner cuts a text into tokens; each line of the text that holds something ends in a tkLine.
type scanner struct {
	file   string
	text   string
	at     int
	line   int
	glued  bool
	first  bool // nothing of the line has been read
	indent int
	tokens []token
	faults []Fault
	depth  int     // of round brackets in the line
	split  []Fault // lines that end inside of brackets without "..."
	// Lines whose comment begins or ends with "on purpose", in French "exprès".
	deliberate map[int]bool
}

func scan(file, text string) *scanner {
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
	s := &scanner{file: file, text: text, line: 1, first: true, deliberate: map[int]bool{}}
	for s.at < len(s.text) {
		s.next()
	}
	s.add(tkLine, "")
	s.add(tkEnd, "")
	return s
}

func (s *scanner) fault(m message, args ...any) {
	s.faults = append(s.faults, m.at(s.file, s.line, args...))
}

func (s *scanner) add(kind tokenKind, text string) {
	if kind == tkLine && (len(s.tokens) == 0 || s.tokens[len(s.tokens)-1].kind == tkLine) {
		return
	}
	t := token{kind: kind, text: text, line: s.line, column: s.indent, glued: s.glued && !s.first}
	if kind == tkWord {
		t.fold = fold(text)
	}
	s.tokens = append(s.tokens, t)
	s.glued, s.first = true, false
}

// ends gives the place of the end of the line.
func (s *scanner) ends() int {
	if i := strings.IndexByte(s.text[s.at:], '\n'); i >= 0 {
		return s.at + i
	}
	return len(s.text)
}

func (s *scanner) next() {
	rest := s.text[s.at:]
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case r == '\n' && s.depth > 0 && s.goesOn():
		s.split = append(s.split, msgSplit.at(s.file, s.line))
		first, indent := s.first, s.indent
		s.newLine(1)
		s.first, s.indent = first, indent
	case r == '\n':
		s.add(tkLine, "")
		s.newLine(1)
		s.depth = 0
	case strings.HasPrefix(rest, "//"):
		if deliberate.MatchString(s.text[s.at:s.ends()]) {
			s.deliberate[s.line] = true
		}
		s.at = s.ends()
	case strings.HasPrefix(rest, "/*"):
		s.comment()
	case strings.HasPrefix(rest, "..."):
		s.goOn()
	case r == '"':
		s.quoted()
	case r >= '0' && r <= '9':
		s.number()
	case r == '_' || unicode.IsLetter(r):
		s.word()
	case r == '[' && s.opensBlock():
		s.block()
	case r == '<' && s.first && s.directive():
		s.at = s.ends()
	case unicode.IsSpace(r) || r == '\ufeff':
		s.at += size
		s.glued = false
		if s.first {
			s.indent++
		}
	default:
		s.operator(r, size)
	}
}

// goesOn tells whether the last sign of the line needs something behind it: newer versions of
// WLanguage let a line end there inside of brackets.
func (s *scanner) goesOn() bool {
	last := s.tokens[len(s.tokens)-1]
	return last.isOp(",") || last.isOp("(") || last.isOp("+") || last.kind == tkLine
}

func (s *scanner) newLine(bytes int) {
	s.at += bytes
	s.line++
	s.glued, s.first, s.indent = false, true, 0
}

// comment skips /* ... */, which may go over lines.
func (s *scanner) comment() {
	end := strings.Index(s.text[s.at:], "*/")
	if end < 0 {
		s.fault(msgCommentOpen)
		s.at = len(s.text)
		return
	}
	s.line += strings.Count(s.text[s.at:s.at+end], "\n")
	s.at += end + len("*/")
	s.glued = false
}

// goOn skips the end of a line that "..." continues on the next one.
func (s *scanner) goOn() {
	end := s.ends()
	rest, _, _ := strings.Cut(s.text[s.at+len("..."):end], "//")
	if strings.TrimSpace(rest) != "" {
		s.operator('.', 1)
		return
	}
	s.at = end
	s.glued = false
	if s.at < len(s.text) {
		s.at++
		s.line++
	}
}

// quoted reads a text: "" in it is one quotation mark.
func (s *scanner) quoted() {
	var b strings.Builder
	line := s.text[s.at+1 : s.ends()]
	for i := 0; i < len(line); i++ {
		if line[i] != '"' {
			b.WriteByte(line[i])
			continue
		}
		if i+1 < len(line) && line[i+1] == '"' {
			b.WriteByte('"')
			i++
			continue
		}
		s.add(tkText, b.String())
		s.at += i + 2
		return
	}
	s.fault(msgTextOpen)
	s.add(tkText, b.String())
	s.at = s.ends()
}

// opensBlock tells whether a [ is the last of its line: the text of the lines below follows.
func (s *scanner) opensBlock() bool {
	rest, _, _ := strings.Cut(s.text[s.at+1:s.ends()], "//")
	return strings.TrimSpace(rest) == "" && !s.first
}

// block reads the lines up to one that begins with ].
func (s *scanner) block() {
	begin := s.line
	end := s.ends()
	for from := end + 1; from <= len(s.text); {
		to := len(s.text)
		if i := strings.IndexByte(s.text[from:], '\n'); i >= 0 {
			to = from + i
		}
		line := s.text[from:to]
		if strings.HasPrefix(strings.TrimLeft(line, " \t"), "]") {
			s.add(tkBlock, s.text[end+1:from])
			s.line = begin + strings.Count(s.text[s.at:from], "\n")
			s.at = from + strings.IndexByte(line, ']') + 1
			return
		}
		from = to + 1
	}
	s.fault(msgBlockTextOpen)
	s.add(tkBlock, "")
	s.at = end
}

// directive tells whether a line is for the compiler, as <COMPILE IF ...>, or gives attributes.
func (s *scanner) directive() bool {
	line := strings.TrimSpace(s.text[s.at:s.ends()])
	return strings.HasSuffix(line, ">")
}

// deliberate is the comment of a line that breaks a rule on purpose: it begins or ends so.
var deliberate = regexp.MustCompile(`(?i)^//\s*(?:on purpose|expr[eè]s)\b|\b(?:on purpose|expr[eè]s)\s*$`)

var (
	numeral  = regexp.MustCompile(`^(?:0[xX][0-9a-fA-F]+|0[bB][01]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)`)
	duration = regexp.MustCompile(`^(?:\d+(?:\.\d+)?(?:d|day|j|jour|h|min|mn|s|cs|ms|us))+$`)
	wordRest = regexp.MustCompile(`^[\p{L}\d_]*`)
)

// number reads a number, and a duration as 500ms or 1h30min.
func (s *scanner) number() {
	text := numeral.FindString(s.text[s.at:])
	more := wordRest.FindString(s.text[s.at+len(text):])
	if more == "" {
		s.add(tkNumber, text)
		s.at += len(text)
		return
	}
	if whole := strings.ToLower(text + more); duration.MatchString(whole) {
		s.add(tkDuration, whole)
	} else {
		s.fault(msgNumber, text+more)
		s.add(tkNumber, text)
	}
	s.at += len(text) + len(more)
}

func (s *scanner) word() {
	text := wordRest.FindString(s.text[s.at:])
	s.add(tkWord, text)
	s.at += len(text)
}

// operators of several signs, the longest first. [ and ] are single: the parser joins them.
var operators = []string{"[=]", "..", "<>", "<=", ">=", "==", "~=", "~~", "+=", "-=", "*=", "/=", "%=", "|=", "++", "--", "||", "??", "?.", "=>", "[="}

func (s *scanner) operator(r rune, size int) {
	for _, op := range operators {
		if strings.HasPrefix(s.text[s.at:], op) {
			s.add(tkOp, op)
			s.at += len(op)
			return
		}
	}
	switch r {
	case '(':
		s.depth++
	case ')':
		s.depth--
	}
	if !strings.ContainsRune("+-*/^=<>()[]{},;:.&|?%'~!@#$\\", r) {
		s.fault(msgCharacter, string(r))
		s.at += size
		return
	}
	s.add(tkOp, string(r))
	s.at += size
}
