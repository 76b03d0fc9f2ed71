package websocket

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

var (
	notePlainPage = fault.NewNote(
		"a plain HTTP request ({0}) was answered with the page",
		"une requête HTTP ordinaire ({0}) a reçu la page en réponse")
	notePlain = fault.NewNote(
		"a plain HTTP request ({0}) was answered with 426 (Upgrade Required)",
		"une requête HTTP ordinaire ({0}) a reçu 426 (Upgrade Required) en réponse")
	noteNoPath = fault.NewNote(
		"it asked for the path {0}, which is not served (404)",
		"il a demandé le chemin {0}, qui n'est pas servi (404)")
	noteForeign = fault.NewNote(
		"it comes from the origin {0}, which is not allowed (403)",
		"il vient de l'origine {0}, qui n'est pas autorisée (403)")
	noteVersion = fault.NewNote(
		"it speaks version {0} of WebSocket, this server 13 (426)",
		"il parle la version {0} de WebSocket, ce serveur la 13 (426)")
	noteRequestLine = fault.NewNote(
		"\"{0}\" is no request for a WebSocket (400)",
		"« {0} » n'est pas une demande de WebSocket (400)")
	noteBody = fault.NewNote(
		"its request has a body (400)",
		"sa demande a un corps (400)")
)

// answer is one that refuses.
type answer struct {
	status string
	fields string // further ones
	option string // of the header Connection, behind "close"
	kind   string // Content-Type
	body   string
	empty  bool // the body is not sent: the request was HEAD
}

// refusal is an answer and the error that tells of it.
type refusal struct {
	answer
	err *fault.Error
}

const plainText = "text/plain; charset=utf-8"

// refuse makes a refusal.
func refuse(status string, code fault.Code, note fault.Note, args ...string) *refusal {
	return &refusal{answer{status: status, kind: plainText}, fault.New(code, fault.PhaseWebSocket, "").With(note, args...)}
}

// Handshake reads a request and answers it.
func (l *server) Handshake(base layer.Base, who string) (layer.Conn, error) {
	h, rest, got, err := readHeader(base, beginsRequest)
	if err != nil {
		if status := statusOf(err); status != "" {
			base.Write((&answer{status: status, kind: plainText}).bytes())
		}
		failed := aboutHeader(err, got, who)
		if e, is := failed.(*fault.Error); is && beginsTLS(got) {
			e.Advise(hintTLSClient, "")
		}
		return nil, failed
	}
	facts, r := l.requested(h)
	if r != nil {
		r.err.Who = who
		if _, err := base.Write(r.bytes()); err != nil {
			return nil, err
		}
		return nil, r.err
	}
	key, _ := h.one("Sec-WebSocket-Key")
	if _, err := base.Write(l.agree(facts, key)); err != nil {
		return nil, err
	}
	return newConn(base, who, &l.config.Config, false, facts, rest), nil
}

// beginsRequest tells whether p may be the beginning of a request: a method, a blank,
// and a line that ends in a version.
func beginsRequest(p []byte) bool {
	const longest = 20
	method := bytes.IndexByte(p, ' ')
	if method < 0 {
		method = len(p)
	}
	if method > longest || len(p) > 0 && !isToken(string(p[:method])) {
		return false
	}
	line, _, whole := bytes.Cut(p, emptyLine[:2])
	return !whole || bytes.Contains(line, []byte(" HTTP/"))
}

// statusOf is what a request that cannot be read is answered with, "" with nothing.
func statusOf(err error) string {
	switch err {
	case errTooLong, errTooMany:
		return "431 Request Header Fields Too Large"
	case errLine, errFold:
		return "400 Bad Request"
	}
	return ""
}

// requested checks a request, and gives what is agreed or how it is refused.
func (l *server) requested(h *header) (*Facts, *refusal) {
	method, rest, _ := strings.Cut(h.first, " ")
	target, version, _ := strings.Cut(rest, " ")
	path := pathOf(target)
	switch {
	case !strings.HasPrefix(version, "HTTP/"), path == "":
		return nil, refuse("400 Bad Request", fault.WebSocketDenied, noteRequestLine, h.first)
	case strings.HasPrefix(version, "HTTP/1.0") && len(h.all("Upgrade")) == 0:
		return nil, l.plain(method, h.first)
	case version != "HTTP/1.1":
		return nil, refuse("505 HTTP Version Not Supported", fault.WebSocketDenied, noteRequestLine, h.first)
	}
	host, ok := h.one("Host")
	if !ok || host == "" && len(h.all("Host")) == 0 || !isVisible(host) {
		return nil, missing(h, "Host")
	}
	if !h.has("Upgrade", "websocket") {
		return nil, l.plain(method, h.first)
	}
	if method != "GET" {
		return nil, refuse("400 Bad Request", fault.WebSocketDenied, noteRequestLine, h.first)
	}
	if r := l.checkFields(h); r != nil {
		return nil, r
	}
	origin, _ := h.one("Origin")
	if !l.serves(path) {
		return nil, refuse("404 Not Found", fault.WebSocketDenied, noteNoPath, path)
	}
	if !l.allows(origin) {
		return nil, refuse("403 Forbidden", fault.WebSocketDenied, noteForeign, origin)
	}
	facts := &Facts{Path: path, Host: host, Origin: origin, Headers: h.text}
	for _, protocol := range h.list("Sec-WebSocket-Protocol") {
		if slices.Contains(l.config.Protocols, protocol) {
			facts.Protocol = protocol
			break
		}
	}
	if l.config.Compression {
		facts.Compressed = slices.ContainsFunc(h.list("Sec-WebSocket-Extensions"), isOffer)
	}
	return facts, nil
}

// missing is about a field that is missing, wrong or there more than once.
func missing(h *header, name string) *refusal {
	values := h.all(name)
	if len(values) > 1 {
		return refuse("400 Bad Request", fault.WebSocketDenied, noteHeaderTwice, name)
	}
	return refuse("400 Bad Request", fault.WebSocketDenied, noteHeaderMissing, name, strings.Join(values, ""))
}

// checkFields checks the fields of a request for a WebSocket.
func (l *server) checkFields(h *header) *refusal {
	if length, ok := h.one("Content-Length"); !ok || length != "" && length != "0" || len(h.all("Transfer-Encoding")) > 0 {
		return refuse("400 Bad Request", fault.WebSocketDenied, noteBody)
	}
	if !h.has("Connection", "Upgrade") {
		return missing(h, "Connection")
	}
	version, ok := h.one("Sec-WebSocket-Version")
	switch {
	case !ok || version == "":
		return missing(h, "Sec-WebSocket-Version")
	case version != "13":
		r := refuse("426 Upgrade Required", fault.WebSocketDenied, noteVersion, version)
		r.fields, r.option = upgradeFields, upgradeOption
		return r
	}
	if key, ok := h.one("Sec-WebSocket-Key"); !ok || !isKey(key) {
		return missing(h, "Sec-WebSocket-Key")
	}
	if _, ok := h.one("Origin"); !ok {
		return missing(h, "Origin")
	}
	return nil
}

// What tells a client to ask for a WebSocket.
const (
	upgradeFields = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
	upgradeOption = ", Upgrade"
)

// plain answers a plain HTTP request.
func (l *server) plain(method, first string) *refusal {
	r := refuse("426 Upgrade Required", fault.WebSocketPlain, notePlain, first)
	r.fields, r.option, r.body, r.empty = upgradeFields, upgradeOption, "This is a WebSocket.\n", method == "HEAD"
	if page := &l.config.Page; page.Body != "" && (method == "GET" || r.empty) {
		r.status, r.fields, r.option, r.kind, r.body = "200 OK", "Cache-Control: no-cache\r\n", "", page.Type, page.Body
		r.err.With(notePlainPage, first)
	}
	return r
}

// pathOf is the path and the query of a request's target, "" if it has none.
func pathOf(target string) string {
	for _, scheme := range []string{"http://", "https://", "ws://", "wss://"} {
		if hasPrefixFold(target, scheme) {
			_, path, _ := strings.Cut(target[len(scheme):], "/")
			target = "/" + path
		}
	}
	if !isPath(target) {
		return ""
	}
	return target
}

// serves tells whether a path is one of the server's.
func (l *server) serves(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	return len(l.config.Paths) == 0 || slices.ContainsFunc(l.config.Paths, func(own string) bool {
		if below, is := strings.CutSuffix(own, "*"); is {
			return strings.HasPrefix(path, below)
		}
		return path == own
	})
}

// allows tells whether a page of an origin may connect. A client that is no browser
// names none.
func (l *server) allows(origin string) bool {
	return origin == "" || len(l.config.Origins) == 0 || slices.ContainsFunc(l.config.Origins, func(own string) bool { return strings.EqualFold(own, origin) })
}

// agree is the answer that agrees.
func (l *server) agree(facts *Facts, key string) []byte {
	b := make([]byte, 0, 256)
	b = append(b, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+accept(key)+"\r\n"...)
	if facts.Protocol != "" {
		b = append(b, "Sec-WebSocket-Protocol: "+facts.Protocol+"\r\n"...)
	}
	if facts.Compressed {
		b = append(b, "Sec-WebSocket-Extensions: "+offered+"\r\n"...)
	}
	for _, line := range l.config.Headers {
		b = append(b, line+"\r\n"...)
	}
	return append(b, "\r\n"...)
}

// bytes is the answer as it is sent.
func (a *answer) bytes() []byte {
	body := a.body
	if body == "" {
		body = a.status + "\n"
	}
	b := make([]byte, 0, 256+len(body))
	b = append(b, "HTTP/1.1 "+a.status+"\r\n"+a.fields+"Connection: close"+a.option+"\r\nContent-Type: "+a.kind+"\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"...)
	if a.empty {
		return b
	}
	return append(b, body...)
}
