package websocket

import (
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strings"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

var (
	noteStatus = fault.NewNote(
		"it answered \"{0}\"",
		"il a répondu « {0} »")
	noteAccept = fault.NewNote(
		"its answer belongs to another request (Sec-WebSocket-Accept): something in between answers from its cache",
		"sa réponse est celle d'une autre demande (Sec-WebSocket-Accept) : un intermédiaire répond depuis son cache")
	noteProtocol = fault.NewNote(
		"it chose the sub-protocol \"{0}\", which was not asked for",
		"il a choisi le sous-protocole « {0} », qui n'a pas été demandé")
	noteExtension = fault.NewNote(
		"it uses the extension \"{0}\", which was not asked for",
		"il utilise l'extension « {0} », qui n'a pas été demandée")

	hintMoved = fault.NewNote(
		"it has moved to {alt}: connect there",
		"il a été déplacé vers {alt} : connectez-vous à cette adresse")
	hintSignIn = fault.NewNote(
		"it requires authentication: give the header Authorization, or Cookie{alt}",
		"il demande une authentification : indiquez l'en-tête Authorization, ou Cookie{alt}")
	hintForbidden = fault.NewNote(
		"it does not allow this client: check origin, path and headers{alt}",
		"il n'autorise pas ce client : vérifiez l'origine, le chemin et les en-têtes{alt}")
	hintNotFound = fault.NewNote(
		"it has no WebSocket at the path {alt}: check the path",
		"il n'a pas de WebSocket au chemin {alt} : vérifiez le chemin")
	hintPage = fault.NewNote(
		"there is an ordinary page at the path {alt}: check the path",
		"une page ordinaire se trouve au chemin {alt} : vérifiez le chemin")
	hintLater = fault.NewNote(
		"it is not available now: try again later{alt}",
		"il ne peut pas répondre pour le moment : réessayez plus tard{alt}")
	hintRequestTLS = fault.NewNote(
		"it does not take this request: if it speaks TLS at this port, connect to wss:// instead of ws://, otherwise check path, sub-protocols and headers{alt}",
		"il n'accepte pas cette demande : s'il parle TLS sur ce port, connectez-vous à wss:// au lieu de ws://, sinon vérifiez le chemin, les sous-protocoles et les en-têtes{alt}")
	hintRequest = fault.NewNote(
		"it does not take this request: check path, sub-protocols and headers{alt}",
		"il n'accepte pas cette demande : vérifiez le chemin, les sous-protocoles et les en-têtes{alt}")
)

// Handshake asks for the WebSocket and reads the answer.
func (l *client) Handshake(base layer.Base, who string) (layer.Conn, error) {
	var nonce [16]byte
	rand.Read(nonce[:])
	key := base64.StdEncoding.EncodeToString(nonce[:])
	if _, err := base.Write(l.request(key)); err != nil {
		return nil, err
	}
	h, rest, got, err := readHeader(base, beginsAnswer)
	if err != nil {
		return nil, l.adviseTLS(aboutHeader(err, got, who), got)
	}
	if !isStatus(h.first) {
		return nil, aboutHeader(errFirstLine, got, who)
	}
	if h.first[len("HTTP/1.1 "):][:len("101")] != "101" {
		return nil, l.refused(h, who)
	}
	facts, e := l.agreed(h, key)
	if e != nil {
		e.Who = who
		return nil, e
	}
	return newConn(base, who, &l.config.Config, true, facts, rest), nil
}

// request is what is asked.
func (l *client) request(key string) []byte {
	c := &l.config
	b := make([]byte, 0, 512)
	b = append(b, "GET "+c.Path+" HTTP/1.1\r\nHost: "+c.Host+"\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "+key+"\r\nSec-WebSocket-Version: 13\r\n"...)
	if c.Origin != "" {
		b = append(b, "Origin: "+c.Origin+"\r\n"...)
	}
	if len(c.Protocols) > 0 {
		b = append(b, "Sec-WebSocket-Protocol: "+strings.Join(c.Protocols, ", ")+"\r\n"...)
	}
	if c.Compression {
		b = append(b, "Sec-WebSocket-Extensions: "+offered+"\r\n"...)
	}
	for _, line := range c.Headers {
		b = append(b, line+"\r\n"...)
	}
	return append(b, "\r\n"...)
}

// adviseTLS says in the error of a server that did not answer in HTTP that TLS may be
// missing.
func (l *client) adviseTLS(err error, got []byte) error {
	e, is := err.(*fault.Error)
	switch {
	case !is:
	case beginsTLS(got):
		return e.Advise(hintTLSServer, "")
	case len(got) > 0 || l.config.Secure:
	case e.Code == fault.WebSocketHandshake:
		return e.Advise(hintPerhapsTLS, "")
	case e.Code == fault.Reset:
		return e.Advised(hintPerhapsTLS, "")
	}
	return err
}

// beginsAnswer tells whether p may be the beginning of an answer.
func beginsAnswer(p []byte) bool {
	const begin = "HTTP/1."
	n := min(len(p), len(begin))
	return string(p[:n]) == begin[:n]
}

// isStatus tells whether line is the first of an answer, "HTTP/1.1 101 Switching Protocols".
func isStatus(line string) bool {
	const shortest = "HTTP/1.1 101"
	if len(line) < len(shortest) || line[8] != ' ' || line[7] < '0' || line[7] > '9' {
		return false
	}
	for _, b := range []byte(line[9:12]) {
		if b < '0' || b > '9' {
			return false
		}
	}
	return len(line) == len(shortest) || line[12] == ' '
}

// refused is the error about an answer that is not 101.
func (l *client) refused(h *header, who string) error {
	status := strings.TrimSpace(h.first[len("HTTP/1.1 "):])
	e := fault.New(fault.WebSocketRefused, fault.PhaseWebSocket, who).With(noteStatus, status)
	named := func(field string) string {
		if values := h.all(field); len(values) > 0 {
			return " (" + field + ": " + strings.Join(values, ", ") + ")"
		}
		return ""
	}
	switch code := status[:3]; {
	case code == "401", code == "407":
		return e.Advise(hintSignIn, named("WWW-Authenticate"))
	case code == "403":
		return e.Advise(hintForbidden, "")
	case code == "404", code == "410":
		return e.Advise(hintNotFound, l.config.Path)
	case code[0] == '2':
		return e.Advise(hintPage, l.config.Path)
	case code[0] == '3':
		if to, ok := h.one("Location"); ok && to != "" {
			return e.Advise(hintMoved, to)
		}
	case code == "429", code[0] == '5':
		return e.Advise(hintLater, named("Retry-After"))
	case code == "400" && !l.config.Secure: // as web servers with TLS answer HTTP
		return e.Advise(hintRequestTLS, "")
	case code == "426":
		return e.Advise(hintRequest, named("Sec-WebSocket-Version"))
	}
	return e.Advise(hintRequest, "")
}

// agreed checks the answer that agrees, and gives what was agreed.
func (l *client) agreed(h *header, key string) (*Facts, *fault.Error) {
	c := &l.config
	bad := func(note fault.Note, args ...string) (*Facts, *fault.Error) {
		return nil, fault.New(fault.WebSocketHandshake, fault.PhaseWebSocket, "").With(note, args...)
	}
	if !h.has("Upgrade", "websocket") {
		return bad(noteHeaderMissing, "Upgrade", strings.Join(h.all("Upgrade"), ", "))
	}
	if !h.has("Connection", "Upgrade") {
		return bad(noteHeaderMissing, "Connection", strings.Join(h.all("Connection"), ", "))
	}
	switch value, ok := h.one("Sec-WebSocket-Accept"); {
	case !ok:
		return bad(noteHeaderTwice, "Sec-WebSocket-Accept")
	case value == "":
		return bad(noteHeaderMissing, "Sec-WebSocket-Accept", value)
	case value != accept(key):
		return bad(noteAccept)
	}
	protocol, ok := h.one("Sec-WebSocket-Protocol")
	if !ok {
		return bad(noteHeaderTwice, "Sec-WebSocket-Protocol")
	}
	if protocol != "" && !slices.Contains(c.Protocols, protocol) {
		return bad(noteProtocol, protocol)
	}
	compressed := false
	for _, extension := range h.list("Sec-WebSocket-Extensions") {
		if !c.Compression || compressed || !isAgreed(extension) {
			return bad(noteExtension, extension)
		}
		compressed = true
	}
	return &Facts{Path: c.Path, Host: c.Host, Origin: c.Origin, Protocol: protocol, Headers: h.text, Compressed: compressed}, nil
}
