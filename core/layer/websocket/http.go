package websocket

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"strings"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

const (
	mostHeader = 16 << 10 // bytes of a request or an answer up to the empty line
	mostLines  = 100      // of its headers
)

// header is the first line and the fields of a request or an answer.
type header struct {
	first  string
	fields []field
	text   string // of all fields, with their line ends
}

// field is a header field; several of one name stand one behind the other.
type field struct{ name, value string }

// all gives the values of a name.
func (h *header) all(name string) (values []string) {
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) {
			values = append(values, f.value)
		}
	}
	return values
}

// one gives the value of a name that may stand there once; ok is false if it stands
// there more than once.
func (h *header) one(name string) (value string, ok bool) {
	switch values := h.all(name); len(values) {
	case 0:
		return "", true
	case 1:
		return values[0], true
	}
	return "", false
}

// list gives the items of a field that is a list.
func (h *header) list(name string) (list []string) {
	for _, value := range h.all(name) {
		list = append(list, items(value)...)
	}
	return list
}

// has tells whether the list of a field has an item, in whatever case.
func (h *header) has(name, item string) bool {
	for _, value := range h.list(name) {
		if strings.EqualFold(value, item) {
			return true
		}
	}
	return false
}

// What may be wrong with a header.
var (
	errTooLong   = errors.New("too long")
	errLine      = errors.New("a line")
	errFold      = errors.New("a line that goes on")
	errTooMany   = errors.New("too many lines")
	errFirstLine = errors.New("no first line")
)

// readHeader reads up to the empty line that ends a header, which may have mostHeader
// bytes, and gives what came behind it. It stops at once where the first bytes are none
// that HTTP, as begins says, may have. What came so far is in got after an error.
func readHeader(base layer.Base, begins func([]byte) bool) (h *header, rest, got []byte, err error) {
	buf := buffers.Get().(*buffer)
	defer buffers.Put(buf)
	n := 0
	for {
		m, err := base.Read(buf.b[n:mostHeader])
		if m == 0 {
			return nil, nil, bytes.Clone(buf.b[:n]), err
		}
		from := max(n-len(emptyLine)+1, 0)
		n += m
		if !begins(buf.b[:n]) {
			return nil, nil, bytes.Clone(buf.b[:n]), errFirstLine
		}
		if at := bytes.Index(buf.b[from:n], emptyLine); at >= 0 {
			end := from + at + len(emptyLine)
			h, err := parseHeader(string(buf.b[:end-2]))
			return h, bytes.Clone(buf.b[end:n]), bytes.Clone(buf.b[:end]), err
		}
		if n == mostHeader {
			return nil, nil, bytes.Clone(buf.b[:n]), errTooLong
		}
	}
}

var emptyLine = []byte("\r\n\r\n")

// parseHeader takes a header apart, which ends in the line end of its last line.
func parseHeader(text string) (*header, error) {
	first, rest, _ := strings.Cut(text, "\r\n")
	h := &header{first: first, text: rest}
	if !isFieldValue(first) {
		return h, errLine
	}
	for rest != "" {
		var line string
		line, rest, _ = strings.Cut(rest, "\r\n")
		if len(h.fields) == mostLines {
			return h, errTooMany
		}
		if line != "" && (line[0] == ' ' || line[0] == '\t') {
			return h, errFold
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || !isToken(name) || !isFieldValue(value) {
			return h, errLine
		}
		h.fields = append(h.fields, field{name, strings.Trim(value, " \t")})
	}
	return h, nil
}

// accept is the answer to a key.
func accept(key string) string {
	const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
	sum := sha1.Sum([]byte(key + guid))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// isKey tells whether a client may ask with a key: 16 bytes in base64.
func isKey(key string) bool {
	var raw [18]byte
	const keyLength = 24
	if len(key) != keyLength {
		return false
	}
	n, err := base64.StdEncoding.Strict().Decode(raw[:], []byte(key))
	return err == nil && n == 16
}

var (
	noteEnded = fault.NewNote(
		"the peer ended the connection in the middle of it",
		"le correspondant a mis fin à la connexion en cours de négociation")
	noteFirstBytes = fault.NewNote(
		"its first bytes are {0}",
		"ses premiers octets sont {0}")
	hintTLSServer = fault.NewNote(
		"this is TLS: connect to wss:// instead of ws://",
		"c'est du TLS : connectez-vous à wss:// au lieu de ws://")
	hintTLSClient = fault.NewNote(
		"the client speaks TLS: let it connect to ws://, or open this server at wss://",
		"le client parle TLS : connectez-le à ws://, ou ouvrez ce serveur à wss://")
	hintPerhapsTLS = fault.NewNote(
		"if it speaks TLS at this port, connect to wss:// instead of ws://",
		"s'il parle TLS sur ce port, connectez-vous à wss:// au lieu de ws://")
	noteHeaderLong = fault.NewNote(
		"the peer's HTTP header has more than {0}",
		"l'en-tête HTTP du correspondant dépasse {0}")
	noteHeaderLine = fault.NewNote(
		"its HTTP header has a line that is none, in {0}",
		"son en-tête HTTP a une ligne incorrecte, dans {0}")
	noteHeaderFold = fault.NewNote(
		"its HTTP header has a line that goes on in the next one, which HTTP no longer allows, in {0}",
		"son en-tête HTTP a une ligne qui se poursuit sur la suivante, ce que HTTP ne permet plus, dans {0}")
	noteHeaderTwice = fault.NewNote(
		"the header {0} stands there more than once",
		"l'en-tête {0} y figure plus d'une fois")
	noteHeaderMissing = fault.NewNote(
		"the header {0} is missing or wrong ({1})",
		"l'en-tête {0} manque ou est incorrect ({1})")
)

// end is the error of a base that ended or failed in the handshake; its own about
// waiting and resets come unchanged.
func ended(err error, who string) error {
	if err == nil || fault.CodeOf(err) == fault.PeerClosed {
		return fault.New(fault.WebSocketHandshake, fault.PhaseWebSocket, who).With(noteEnded)
	}
	return err
}

// aboutHeader is the error about a header that cannot be read, or of its base.
func aboutHeader(err error, got []byte, who string) error {
	e := fault.New(fault.WebSocketHandshake, fault.PhaseWebSocket, who)
	switch err {
	case errTooLong:
		return e.With(noteHeaderLong, "16 KiB")
	case errTooMany:
		return e.With(noteHeaderLong, "100 lines")
	case errFold:
		return e.With(noteHeaderFold, shown(got))
	case errLine:
		return e.With(noteHeaderLine, shown(got))
	case errFirstLine:
		return fault.New(fault.WebSocketPlain, fault.PhaseWebSocket, who).With(noteFirstBytes, shown(got))
	}
	return ended(err, who)
}

// beginsTLS tells whether p begins as TLS does: a record of a handshake, or an alert.
func beginsTLS(p []byte) bool {
	const alert, handshake, major = 21, 22, 3
	return len(p) > 0 && (p[0] == handshake || p[0] == alert) && (len(p) == 1 || p[1] == major)
}
