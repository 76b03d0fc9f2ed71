package websocket

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"wdsocket/core/escape"
	"wdsocket/core/fault"
)

// What the errors about settings call them.
const (
	nameHost      = "address"
	namePath      = "WDS_TEXT_WEBSOCKET_PATHS"
	nameProtocols = "WDS_TEXT_WEBSOCKET_PROTOCOLS"
	nameOrigin    = "WDS_TEXT_WEBSOCKET_ORIGINS"
	nameHeaders   = "WDS_TEXT_WEBSOCKET_HEADERS"
	namePage      = "WDS_TEXT_WEBSOCKET_PAGE"
)

var (
	noteNoToken = fault.NewNote(
		"\"{0}\" is no name as HTTP knows it: letters, digits and !#$%&'*+-.^_`|~ without blanks",
		"« {0} » n'est pas un nom au sens de HTTP : lettres, chiffres et !#$%&'*+-.^_`|~ sans espaces")
	noteTwice = fault.NewNote(
		"\"{0}\" stands there twice",
		"« {0} » y figure deux fois")
	noteHeaderForm = fault.NewNote(
		"\"{0}\" is no header: a line is \"Name: value\", without control characters",
		"« {0} » n'est pas un en-tête : une ligne est « Nom: valeur », sans caractères de contrôle")
	noteOwnHeader = fault.NewNote(
		"the header {0} belongs to the handshake; leave it out",
		"l'en-tête {0} appartient à la négociation ; ne le donnez pas")
	notePathForm = fault.NewNote(
		"\"{0}\" is no path: it begins with / and has no blanks, # or control characters (write %20 for a blank, %23 for #)",
		"« {0} » n'est pas un chemin : il commence par / et n'a ni espaces, ni #, ni caractères de contrôle (écrivez %20 pour une espace, %23 pour #)")
	noteOriginForm = fault.NewNote(
		"\"{0}\" is no origin: it is \"https://example.com\" or \"http://localhost:8080\", without a path",
		"« {0} » n'est pas une origine : c'est « https://example.com » ou « http://localhost:8080 », sans chemin")
	noteHostForm = fault.NewNote(
		"\"{0}\" cannot stand in the header Host",
		"« {0} » ne peut pas figurer dans l'en-tête Host")
	noteCloseCode = fault.NewNote(
		"{0} is no code to close with: 1000 to 1003, 1007 to 1014 and 3000 to 4999 are",
		"{0} n'est pas un code de fermeture : 1000 à 1003, 1007 à 1014 et 3000 à 4999 le sont")
	noteCloseReason = fault.NewNote(
		"the reason has {0} bytes, at most {1} of UTF-8 are allowed",
		"la raison a {0} octets, au plus {1} en UTF-8 sont permis")
)

// wrong is the error about a setting.
func wrong(name string, note fault.Note, args ...string) error {
	return fault.New(fault.Argument, fault.PhaseOption, name).With(note, args...)
}

// Tokens takes a list of names apart, "chat, superchat". name is what its errors call
// it, as those of the functions below.
func Tokens(name, text string) ([]string, error) {
	list := items(text)
	return list, checkTokens(name, list)
}

// Paths takes a list of paths apart, "/chat, /files/*", and encodes them.
func Paths(name, text string) ([]string, error) {
	list := items(text)
	for i := range list {
		list[i] = EncodePath(list[i])
	}
	return list, checkEach(list, func(s string) error { return Path(name, s) })
}

// Origins takes a list of origins apart.
func Origins(name, text string) ([]string, error) {
	list := items(text)
	return list, checkEach(list, func(s string) error { return Origin(name, s) })
}

// HeaderLines takes lines of headers apart, each "Name: value".
func HeaderLines(name, text string) ([]string, error) {
	var list []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if line != "" {
			list = append(list, line)
		}
	}
	return list, checkHeaders(name, list)
}

// EncodePath gives a path as a request has it: bytes beyond ASCII with percent signs
// (RFC 3987, section 3.1), as browsers do.
func EncodePath(path string) string {
	b := make([]byte, 0, len(path))
	for _, c := range []byte(path) {
		if c < 0x80 {
			b = append(b, c)
		} else {
			b = fmt.Appendf(b, "%%%02X", c)
		}
	}
	return string(b)
}

// Path checks what a client may ask for.
func Path(name, path string) error {
	if !isPath(path) {
		return wrong(name, notePathForm, path)
	}
	return nil
}

// Origin checks an origin.
func Origin(name, origin string) error {
	scheme, host, ok := strings.Cut(origin, "://")
	if origin != "null" && (!ok || !isToken(scheme) || host == "" || !isVisible(host) || strings.ContainsAny(host, "/?#,")) {
		return wrong(name, noteOriginForm, origin)
	}
	return nil
}

// items takes a list apart at commas and line ends.
func items(text string) (list []string) {
	for item := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
		if item = strings.Trim(item, " \t"); item != "" {
			list = append(list, item)
		}
	}
	return list
}

func checkEach(list []string, check func(string) error) error {
	for _, item := range list {
		if err := check(item); err != nil {
			return err
		}
	}
	return nil
}

func checkTokens(name string, list []string) error {
	for i, item := range list {
		if !isToken(item) {
			return wrong(name, noteNoToken, item)
		}
		if slices.Contains(list[:i], item) {
			return wrong(name, noteTwice, item)
		}
	}
	return nil
}

// ownHeaders are those that the handshake itself writes, and those that would make
// another message of it.
var ownHeaders = []string{"Host", "Upgrade", "Connection", "Origin", "Content-Length", "Transfer-Encoding", "Trailer", "Te", "Expect"}

func checkHeaders(name string, list []string) error {
	for _, line := range list {
		field, value, ok := strings.Cut(line, ":")
		if !ok || !isToken(field) || !isFieldValue(value) {
			return wrong(name, noteHeaderForm, line)
		}
		if isOwnHeader(field) {
			return wrong(name, noteOwnHeader, field)
		}
	}
	return nil
}

func isOwnHeader(field string) bool {
	return hasPrefixFold(field, "Sec-WebSocket-") || slices.ContainsFunc(ownHeaders, func(own string) bool { return strings.EqualFold(own, field) })
}

func (c *ClientConfig) check() error {
	if c.Path == "" {
		c.Path = "/"
	}
	if c.Host == "" || !isVisible(c.Host) || strings.ContainsAny(c.Host, "/?#@,\\") {
		return wrong(nameHost, noteHostForm, c.Host)
	}
	if err := Path(namePath, c.Path); err != nil {
		return err
	}
	if c.Origin != "" {
		if err := Origin(nameOrigin, c.Origin); err != nil {
			return err
		}
	}
	if err := checkTokens(nameProtocols, c.Protocols); err != nil {
		return err
	}
	return checkHeaders(nameHeaders, c.Headers)
}

func (c *ServerConfig) check() error {
	if c.Page.Type == "" {
		c.Page.Type = "text/html; charset=utf-8"
	}
	if !isFieldValue(c.Page.Type) {
		return wrong(namePage, noteHeaderForm, "Content-Type: "+c.Page.Type)
	}
	if err := checkEach(c.Paths, func(s string) error { return Path(namePath, s) }); err != nil {
		return err
	}
	if err := checkEach(c.Origins, func(s string) error { return Origin(nameOrigin, s) }); err != nil {
		return err
	}
	if err := checkTokens(nameProtocols, c.Protocols); err != nil {
		return err
	}
	return checkHeaders(nameHeaders, c.Headers)
}

// checkClose checks what a program closes with.
func checkClose(code uint16, reason string) error {
	if !mayClose(code) {
		return wrong("WDS_OPT_WEBSOCKET_CLOSE_CODE", noteCloseCode, strconv.Itoa(int(code)))
	}
	if len(reason) > longestReason || !utf8.ValidString(reason) {
		return wrong("WDS_TEXT_WEBSOCKET_CLOSE_REASON", noteCloseReason, strconv.Itoa(len(reason)), strconv.Itoa(longestReason))
	}
	return nil
}

// isToken tells whether s is a token of RFC 9110.
func isToken(s string) bool {
	for i := range len(s) {
		if !isTokenByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func isTokenByte(b byte) bool {
	return b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z' || strings.IndexByte("!#$%&'*+-.^_`|~", b) >= 0
}

// isVisible tells whether s has printable ASCII without blanks alone.
func isVisible(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7F {
			return false
		}
	}
	return true
}

// isFieldValue tells whether s has no control characters but tabs.
func isFieldValue[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] < ' ' && s[i] != '\t' || s[i] == 0x7F {
			return false
		}
	}
	return true
}

// isPath tells whether s may stand in the first line of a request.
func isPath(s string) bool {
	return strings.HasPrefix(s, "/") && isVisible(s) && !strings.Contains(s, "#")
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// shown is the beginning of what a peer sent, for texts.
func shown(p []byte) string {
	const most = 120
	return escape.Quote(p, most)
}
