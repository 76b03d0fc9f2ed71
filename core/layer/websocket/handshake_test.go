package websocket

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/layer/layertest"
)

const (
	sampleKey    = "dGhlIHNhbXBsZSBub25jZQ==" // of RFC 6455, section 1.3
	sampleAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

// lines joins lines as HTTP has them.
func lines(list ...string) string { return strings.Join(list, "\r\n") + "\r\n\r\n" }

var sampleRequest = []string{"GET /chat?a=b HTTP/1.1", "Host: server.example.com", "Upgrade: websocket", "Connection: keep-alive, Upgrade",
	"Sec-WebSocket-Key: " + sampleKey, "Origin: http://example.com", "Sec-WebSocket-Protocol: chat, superchat", "Sec-WebSocket-Version: 13"}

// with changes a header: "-Name" leaves a line out, "Name: value" stands instead of the
// lines of that name, "+Name: value" behind all.
func with(header []string, changes ...string) []string {
	out := append([]string(nil), header...)
	for _, change := range changes {
		added, isAdded := strings.CutPrefix(change, "+")
		name, _, _ := strings.Cut(strings.TrimPrefix(change, "-"), ":")
		at := -1
		for i, line := range out {
			if hasPrefixFold(line, name+":") {
				at = i
			}
		}
		switch {
		case isAdded:
			out = append(out, added)
		case strings.HasPrefix(change, "-"):
			out = append(out[:at], out[at+1:]...)
		case at >= 0:
			out[at] = change
		default:
			out[0] = change
		}
	}
	return out
}

// serve gives a server a request, and what it answers.
func serve(t testing.TB, config ServerConfig, request string, most int) (c *Conn, answer string, err error) {
	t.Helper()
	l, err := NewServer(config)
	require.NoError(t, err)
	near, far := pipe()
	near.Wait, near.Most = 0, most
	far.Out.Put([]byte(request))
	got, err := l.Handshake(near, "10.0.0.7:5000")
	if err == nil {
		c = got.(*Conn)
	}
	return c, string(near.Out.TakeAll()), err
}

func TestAServerAgrees(t *testing.T) {
	for _, most := range []int{0, 1, 7} {
		c, answer, err := serve(t, ServerConfig{Config: Config{Records: true}, Protocols: []string{"superchat", "chat"}, Paths: []string{"/other", "/chat"},
			Origins: []string{"https://example.com", "HTTP://example.com"}, Headers: []string{"X-Server: mine"}}, lines(sampleRequest...)+string(frame{text, "at once"}.bytes(true)), most)
		require.NoError(t, err)
		assert.Equal(t, lines("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: "+sampleAccept, "Sec-WebSocket-Protocol: chat", "X-Server: mine"), answer)
		facts := c.Facts()
		assert.Equal(t, []string{"/chat?a=b", "server.example.com", "http://example.com", "chat"}, []string{facts.Path, facts.Host, facts.Origin, facts.Protocol})
		assert.Equal(t, strings.Join(sampleRequest[1:], "\r\n")+"\r\n", facts.Headers)
		assert.False(t, facts.Compressed)
		if most == 0 {
			assert.True(t, c.Pending(), "what came behind the request")
		}
		m, err := readMessage(c, 100)
		require.NoError(t, err)
		assert.Equal(t, "at once", m.payload)
		assert.False(t, c.Pending())
		assert.Empty(t, c.Leftover())
	}
}

func TestRequestsThatAServerTakes(t *testing.T) {
	for name, request := range map[string][]string{
		"as it is":                   sampleRequest,
		"fields in other cases":      with(sampleRequest, "UPGRADE: WebSocket", "connection:upgrade", "sec-websocket-version:\t13 "),
		"Upgrade in two lines":       with(sampleRequest, "Upgrade: h2c", "+Upgrade: websocket"),
		"Connection in two lines":    with(sampleRequest, "Connection: keep-alive", "+Connection: Upgrade"),
		"the address in the request": with(sampleRequest, "GET ws://server.example.com/chat HTTP/1.1"),
		"no path in the address":     with(sampleRequest, "GET http://server.example.com HTTP/1.1"),
		"an empty body":              with(sampleRequest, "+Content-Length: 0"),
		"no origin":                  with(sampleRequest, "-Origin"),
		"bytes beyond ASCII":         with(sampleRequest, "+X-Name: Zoë"),
		"an empty field":             with(sampleRequest, "+X-Empty:"),
	} {
		_, answer, err := serve(t, ServerConfig{Origins: []string{"http://example.com"}}, lines(request...), 0)
		assert.NoError(t, err, name)
		assert.True(t, strings.HasPrefix(answer, "HTTP/1.1 101 "), "%s: %s", name, answer)
	}
}

// refusals are requests, what they are answered with and how the error tells of it.
func TestRequestsThatAServerRefuses(t *testing.T) {
	many := sampleRequest
	for i := range 120 {
		many = append(many[:len(many):len(many)], fmt.Sprint("X-", i, ": x"))
	}
	config := ServerConfig{Paths: []string{"/chat", "/files/*"}, Origins: []string{"http://example.com"}}
	for name, c := range map[string]struct {
		request []string
		status  string
		code    fault.Code
		words   string
	}{
		"a plain request":          {[]string{"GET / HTTP/1.1", "Host: x"}, "426 Upgrade Required", fault.WebSocketPlain, "(GET / HTTP/1.1)"},
		"a plain request of 1.0":   {[]string{"GET / HTTP/1.0"}, "426 Upgrade Required", fault.WebSocketPlain, "426"},
		"another upgrade":          {with(sampleRequest, "Upgrade: h2c"), "426 Upgrade Required", fault.WebSocketPlain, "426"},
		"another version":          {with(sampleRequest, "Sec-WebSocket-Version: 8"), "426 Upgrade Required", fault.WebSocketDenied, "version 8"},
		"another path":             {with(sampleRequest, "GET /chats HTTP/1.1"), "404 Not Found", fault.WebSocketDenied, "path /chats"},
		"another path below":       {with(sampleRequest, "GET /files HTTP/1.1"), "404 Not Found", fault.WebSocketDenied, "path /files"},
		"another origin":           {with(sampleRequest, "Origin: https://evil.example"), "403 Forbidden", fault.WebSocketDenied, "https://evil.example"},
		"no origin of its own":     {with(sampleRequest, "Origin: null"), "403 Forbidden", fault.WebSocketDenied, "null"},
		"another method":           {with(sampleRequest, "POST /chat HTTP/1.1"), "400 Bad Request", fault.WebSocketDenied, "POST"},
		"no version of HTTP":       {with(sampleRequest, "GET /chat HTTP/"), "505 HTTP Version Not Supported", fault.WebSocketDenied, "GET /chat"},
		"another version of HTTP":  {with(sampleRequest, "GET /chat HTTP/2.0"), "505 HTTP Version Not Supported", fault.WebSocketDenied, "HTTP/2.0"},
		"the beginning of HTTP/2":  {[]string{"PRI * HTTP/2.0"}, "400 Bad Request", fault.WebSocketDenied, "PRI"},
		"a blank in the path":      {with(sampleRequest, "GET /a b HTTP/1.1"), "400 Bad Request", fault.WebSocketDenied, "/a b"},
		"a fragment in the path":   {with(sampleRequest, "GET /a#b HTTP/1.1"), "400 Bad Request", fault.WebSocketDenied, "/a#b"},
		"no host":                  {with(sampleRequest, "-Host"), "400 Bad Request", fault.WebSocketDenied, "Host"},
		"two hosts":                {with(sampleRequest, "+Host: other"), "400 Bad Request", fault.WebSocketDenied, "Host"},
		"no key":                   {with(sampleRequest, "-Sec-WebSocket-Key"), "400 Bad Request", fault.WebSocketDenied, "Sec-WebSocket-Key"},
		"two keys":                 {with(sampleRequest, "+Sec-WebSocket-Key: "+sampleKey), "400 Bad Request", fault.WebSocketDenied, "Sec-WebSocket-Key"},
		"a key that is none":       {with(sampleRequest, "Sec-WebSocket-Key: "+strings.Repeat("!", 24)), "400 Bad Request", fault.WebSocketDenied, "Sec-WebSocket-Key"},
		"a key too short":          {with(sampleRequest, "Sec-WebSocket-Key: AAAA"), "400 Bad Request", fault.WebSocketDenied, "Sec-WebSocket-Key"},
		"no version":               {with(sampleRequest, "-Sec-WebSocket-Version"), "400 Bad Request", fault.WebSocketDenied, "Sec-WebSocket-Version"},
		"two versions":             {with(sampleRequest, "+Sec-WebSocket-Version: 13"), "400 Bad Request", fault.WebSocketDenied, "Sec-WebSocket-Version"},
		"no connection":            {with(sampleRequest, "Connection: keep-alive"), "400 Bad Request", fault.WebSocketDenied, "Connection"},
		"two origins":              {with(sampleRequest, "+Origin: http://example.com"), "400 Bad Request", fault.WebSocketDenied, "Origin"},
		"a body":                   {with(sampleRequest, "+Content-Length: 5"), "400 Bad Request", fault.WebSocketDenied, "body"},
		"a body in chunks":         {with(sampleRequest, "+Transfer-Encoding: chunked"), "400 Bad Request", fault.WebSocketDenied, "body"},
		"a line that goes on":      {with(sampleRequest, "+X-Long: a", "+ b"), "400 Bad Request", fault.WebSocketHandshake, "goes on"},
		"a line without a colon":   {with(sampleRequest, "+X"), "400 Bad Request", fault.WebSocketHandshake, "a line that is none"},
		"a blank before the colon": {with(sampleRequest, "+X : y"), "400 Bad Request", fault.WebSocketHandshake, "a line that is none"},
		"a NUL":                    {with(sampleRequest, "+X: \x00"), "400 Bad Request", fault.WebSocketHandshake, "a line that is none"},
		"a lone CR":                {with(sampleRequest, "+X: a\rSec-WebSocket-Protocol: b"), "400 Bad Request", fault.WebSocketHandshake, "a line that is none"},
		"a lone LF":                {with(sampleRequest, "+X: a\nSec-WebSocket-Protocol: b"), "400 Bad Request", fault.WebSocketHandshake, "a line that is none"},
		"too many lines":           {many, "431 Request Header Fields Too Large", fault.WebSocketHandshake, "100 lines"},
		"too long":                 {with(sampleRequest, "+X: "+strings.Repeat("x", mostHeader)), "431 Request Header Fields Too Large", fault.WebSocketHandshake, "16 KiB"},
	} {
		for _, most := range []int{0, 1} {
			_, answer, err := serve(t, config, lines(c.request...), most)
			var e *fault.Error
			require.ErrorAs(t, err, &e, name)
			assert.Equal(t, c.code, e.Code, name)
			assert.Equal(t, "10.0.0.7:5000", e.Who, name)
			assert.Equal(t, fault.PhaseWebSocket, e.Phase, name)
			assert.Contains(t, e.Error(), c.words, name)
			assert.True(t, strings.HasPrefix(answer, "HTTP/1.1 "+c.status+"\r\n"), "%s: %s", name, answer)
			head, body, _ := strings.Cut(answer, "\r\n\r\n")
			assert.Contains(t, head, fmt.Sprint("Content-Length: ", len(body)), name)
			assert.Contains(t, head, "\r\nConnection: close", name)
			if strings.HasPrefix(c.status, "426") {
				assert.Contains(t, head, "\r\nUpgrade: websocket\r\n", name)
				assert.Contains(t, head, "\r\nSec-WebSocket-Version: 13\r\n", name)
				assert.Contains(t, head, "\r\nConnection: close, Upgrade\r\n", name)
			}
		}
	}
}

// What is no HTTP is told at once, and not answered.
func TestAServerWhosePeerDoesNotSpeakHTTP(t *testing.T) {
	for _, sent := range []string{"\x16\x03\x01\x02\x00", "\x00", "hello there\r\n", "\r\n", strings.Repeat("A", 21)} {
		_, answer, err := serve(t, ServerConfig{}, sent, 0)
		assert.Equal(t, fault.WebSocketPlain, fault.CodeOf(err), "%q: %v", sent, err)
		assert.Empty(t, answer)
	}
	near, far := pipe()
	far.Out.Put([]byte("GET / HT"))
	far.Stop()
	l, err := NewServer(ServerConfig{})
	require.NoError(t, err)
	_, err = l.Handshake(near, "peer:1")
	assert.Equal(t, fault.WebSocketHandshake, fault.CodeOf(err))
	assert.Contains(t, err.Error(), "ended the connection in the middle")
	_, _, err = serve(t, ServerConfig{}, "GET / HTTP/1.1\r\n", 0)
	assert.Equal(t, fault.Timeout, fault.CodeOf(err), "that of the base")
}

func TestAServersPage(t *testing.T) {
	config := ServerConfig{Page: Page{Body: "<p>Hello"}, Paths: []string{"/chat"}}
	_, answer, err := serve(t, config, lines("GET /any HTTP/1.1", "Host: x"), 0)
	assert.Equal(t, fault.WebSocketPlain, fault.CodeOf(err))
	assert.Equal(t, lines("HTTP/1.1 200 OK", "Cache-Control: no-cache", "Connection: close", "Content-Type: text/html; charset=utf-8", "Content-Length: 8")+"<p>Hello", answer)
	_, answer, _ = serve(t, config, lines("HEAD /any HTTP/1.1", "Host: x"), 0)
	assert.True(t, strings.HasPrefix(answer, "HTTP/1.1 200 OK") && strings.HasSuffix(answer, "Content-Length: 8\r\n\r\n"), answer)
	_, answer, _ = serve(t, config, lines("POST /any HTTP/1.1", "Host: x"), 0)
	assert.True(t, strings.HasPrefix(answer, "HTTP/1.1 426 "), answer)
	config.Page.Type = "text/plain"
	_, answer, _ = serve(t, config, lines("GET /any HTTP/1.1", "Host: x"), 0)
	assert.Contains(t, answer, "Content-Type: text/plain\r\n")
}

func TestAServerCompresses(t *testing.T) {
	for offer, agreed := range map[string]bool{"permessage-deflate; client_max_window_bits": true, "x-other, permessage-deflate; server_max_window_bits=9, permessage-deflate": true, "x-other": false} {
		for _, on := range []bool{false, true} {
			c, answer, err := serve(t, ServerConfig{Config: Config{Compression: on}}, lines(with(sampleRequest, "+Sec-WebSocket-Extensions: "+offer)...), 0)
			require.NoError(t, err)
			assert.Equal(t, on && agreed, c.Facts().Compressed)
			assert.Equal(t, on && agreed, strings.Contains(answer, "Sec-WebSocket-Extensions: "+offered))
		}
	}
}

// ask has a client ask, and answers what answer makes of the key.
func ask(t testing.TB, config ClientConfig, most int, answer func(key string) string) (c *Conn, request string, err error) {
	t.Helper()
	config.Host = "example.com:81"
	l, err := NewClient(config)
	require.NoError(t, err)
	near, far := pipe()
	near.Wait, near.Most = 0, most
	answering := &asking{End: near, far: far, answer: answer}
	got, err := l.Handshake(answering, "example.com:81")
	if err == nil {
		c = got.(*Conn)
	}
	return c, answering.request, err
}

// asking is a bottom whose peer answers the first thing that is written.
type asking struct {
	*layertest.End
	far     *layertest.End
	answer  func(key string) string
	request string
}

func (a *asking) Write(p []byte) (int, error) {
	if a.request == "" {
		a.request = string(p)
		h, _ := parseHeader(strings.TrimSuffix(a.request, "\r\n"))
		key, _ := h.one("Sec-WebSocket-Key")
		a.far.Out.Put([]byte(a.answer(key)))
		return len(p), nil
	}
	return a.End.Write(p)
}

func sampleAnswer(key string) []string {
	return []string{"HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: " + accept(key), "X-From: there"}
}

func TestAClientAsks(t *testing.T) {
	assert.Equal(t, sampleAccept, accept(sampleKey))
	for _, most := range []int{0, 1} {
		c, request, err := ask(t, ClientConfig{Path: "/chat?x=1", Protocols: []string{"chat", "superchat"}, Origin: "https://example.com", Headers: []string{"Cookie: a=b", "Authorization: Basic eDp5"}, Config: Config{Compression: true}}, most,
			func(key string) string {
				return lines(with(sampleAnswer(key), "+Sec-WebSocket-Protocol: superchat", "+Sec-WebSocket-Extensions: "+offered)...) + string(frame{text, "at once"}.bytes(false))
			})
		require.NoError(t, err)
		h, err := parseHeader(strings.TrimSuffix(request, "\r\n"))
		require.NoError(t, err)
		key, _ := h.one("Sec-WebSocket-Key")
		assert.True(t, isKey(key))
		assert.Equal(t, lines("GET /chat?x=1 HTTP/1.1", "Host: example.com:81", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: "+key, "Sec-WebSocket-Version: 13", "Origin: https://example.com",
			"Sec-WebSocket-Protocol: chat, superchat", "Sec-WebSocket-Extensions: "+offered, "Cookie: a=b", "Authorization: Basic eDp5"), request)
		facts := c.Facts()
		assert.Equal(t, Facts{"/chat?x=1", "example.com:81", "https://example.com", "superchat", strings.Join(with(sampleAnswer(key), "+Sec-WebSocket-Protocol: superchat", "+Sec-WebSocket-Extensions: "+offered)[1:], "\r\n") + "\r\n", true}, *facts)
		p := make([]byte, 100)
		n, err := c.Read(p)
		require.NoError(t, err)
		for n < len("at once") {
			m, err := c.Read(p[n:])
			require.NoError(t, err)
			n += m
		}
		assert.Equal(t, "at once", string(p[:n]))
	}
	_, first, _ := ask(t, ClientConfig{}, 0, func(string) string { return "" })
	_, second, _ := ask(t, ClientConfig{}, 0, func(string) string { return "" })
	assert.True(t, strings.HasPrefix(first, "GET / HTTP/1.1\r\n"))
	assert.NotEqual(t, first, second, "each request has a key of its own")
}

func TestAnswersThatAClientRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(key string) []string
		code   fault.Code
		words  string
	}{
		"no accept":       {func(key string) []string { return with(sampleAnswer(key), "-Sec-WebSocket-Accept") }, fault.WebSocketHandshake, "Sec-WebSocket-Accept"},
		"another accept":  {func(string) []string { return sampleAnswer(sampleKey) }, fault.WebSocketHandshake, "another request"},
		"two accepts":     {func(key string) []string { return with(sampleAnswer(key), "+Sec-WebSocket-Accept: x") }, fault.WebSocketHandshake, "more than once"},
		"no upgrade":      {func(key string) []string { return with(sampleAnswer(key), "-Upgrade") }, fault.WebSocketHandshake, "Upgrade"},
		"another upgrade": {func(key string) []string { return with(sampleAnswer(key), "Upgrade: h2c") }, fault.WebSocketHandshake, "h2c"},
		"no connection":   {func(key string) []string { return with(sampleAnswer(key), "Connection: close") }, fault.WebSocketHandshake, "Connection"},
		"a protocol":      {func(key string) []string { return with(sampleAnswer(key), "+Sec-WebSocket-Protocol: other") }, fault.WebSocketHandshake, "\"other\""},
		"two protocols": {func(key string) []string {
			return with(sampleAnswer(key), "+Sec-WebSocket-Protocol: chat", "+Sec-WebSocket-Protocol: chat")
		}, fault.WebSocketHandshake, "more than once"},
		"an extension":        {func(key string) []string { return with(sampleAnswer(key), "+Sec-WebSocket-Extensions: "+offered) }, fault.WebSocketHandshake, "permessage-deflate"},
		"a line that goes on": {func(key string) []string { return with(sampleAnswer(key), "+ x") }, fault.WebSocketHandshake, "goes on"},
		"not HTTP":            {func(string) []string { return []string{"220 mail.example.com ESMTP"} }, fault.WebSocketPlain, "ESMTP"},
		"no status":           {func(string) []string { return []string{"HTTP/1.1 OK"} }, fault.WebSocketPlain, "HTTP/1.1 OK"},
		"another HTTP":        {func(string) []string { return []string{"HTTP/2 101"} }, fault.WebSocketPlain, "HTTP/2"},
		"too long":            {func(string) []string { return []string{"HTTP/1.1 101 x", "X: " + strings.Repeat("x", mostHeader)} }, fault.WebSocketHandshake, "16 KiB"},
		"200":                 {func(string) []string { return []string{"HTTP/1.1 200 OK"} }, fault.WebSocketRefused, "\"200 OK\"; there is an ordinary page at the path /where"},
		"301": {func(string) []string {
			return []string{"HTTP/1.1 301 Moved Permanently", "Location: wss://new.example/ws"}
		}, fault.WebSocketRefused, "it has moved to wss://new.example/ws: connect there"},
		"302 without a place": {func(string) []string { return []string{"HTTP/1.0 302 Found"} }, fault.WebSocketRefused, "302 Found"},
		"401": {func(string) []string {
			return []string{"HTTP/1.1 401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\""}
		}, fault.WebSocketRefused, "Authorization, or Cookie (WWW-Authenticate: Basic realm=\"x\")"},
		"403":                    {func(string) []string { return []string{"HTTP/1.1 403 Forbidden"} }, fault.WebSocketRefused, "check origin"},
		"404":                    {func(string) []string { return []string{"HTTP/1.1 404 Not Found"} }, fault.WebSocketRefused, "no WebSocket at the path /where"},
		"426":                    {func(string) []string { return []string{"HTTP/1.1 426 Upgrade Required", "Sec-WebSocket-Version: 25"} }, fault.WebSocketRefused, "(Sec-WebSocket-Version: 25)"},
		"503":                    {func(string) []string { return []string{"HTTP/1.1 503 Service Unavailable", "Retry-After: 30"} }, fault.WebSocketRefused, "try again later (Retry-After: 30)"},
		"400, with a line break": {func(string) []string { return []string{"HTTP/1.1 400 B\x1bd"} }, fault.WebSocketHandshake, "a line that is none"},
		"400":                    {func(string) []string { return []string{"HTTP/1.1 400 Bad Request"} }, fault.WebSocketRefused, "if it speaks TLS at this port, connect to wss:// instead of ws://"},
		"an alert of TLS":        {func(string) []string { return []string{"\x15\x03\x01\x00\x02\x02\x0a"} }, fault.WebSocketPlain, "this is TLS: connect to wss:// instead of ws://"},
		"418":                    {func(string) []string { return []string{"HTTP/1.1 418"} }, fault.WebSocketRefused, "\"418\""},
	} {
		for _, most := range []int{0, 1} {
			_, _, err := ask(t, ClientConfig{Path: "/where", Protocols: []string{"chat"}}, most, func(key string) string { return lines(c.answer(key)...) })
			var e *fault.Error
			require.ErrorAs(t, err, &e, name)
			assert.Equal(t, c.code, e.Code, "%s: %v", name, err)
			if most == 0 || c.code != fault.WebSocketPlain { // that shows what has come
				assert.Contains(t, e.Error(), c.words, name)
			}
			assert.NotContains(t, e.Text(fault.French), "{", name)
			assert.Equal(t, "example.com:81", e.Who, name)
			assert.Equal(t, fault.PhaseWebSocket, e.Phase, name)
		}
	}
}

// A server that ends or cuts the connection without a word may speak TLS, unless TLS
// stands below already.
func TestAServerThatMayWantTLS(t *testing.T) {
	const advice = "if it speaks TLS at this port, connect to wss:// instead of ws://"
	for _, secure := range []bool{false, true} {
		l, err := NewClient(ClientConfig{Host: "example.com", Secure: secure})
		require.NoError(t, err)
		near, far := pipe()
		far.Stop()
		_, err = l.Handshake(near, "peer:1")
		assert.Equal(t, fault.WebSocketHandshake, fault.CodeOf(err))
		assert.Equal(t, !secure, strings.Contains(err.Error(), advice), err.Error())
		cut := fault.New(fault.Reset, fault.PhaseRead, "peer:1")
		err = l.(*client).adviseTLS(cut, nil)
		assert.Equal(t, fault.Reset, fault.CodeOf(err))
		assert.Equal(t, !secure, strings.Contains(err.Error(), advice), err.Error())
		assert.Equal(t, fault.NoNote, cut.Hint, "it is shared")
		assert.NotContains(t, l.(*client).adviseTLS(fault.New(fault.Timeout, fault.PhaseRead, "peer:1"), nil).Error(), advice)
	}
	_, _, err := serve(t, ServerConfig{}, "\x16\x03\x01\x02\x00", 0)
	assert.ErrorContains(t, err, "the client speaks TLS: let it connect to ws://, or open this server at wss://")
}

// What a setting may not have is refused before anything is sent.
func TestSettings(t *testing.T) {
	for name, c := range map[string]ClientConfig{
		"no host":               {},
		"a host with a line":    {Host: "example.com\r\nX: y"},
		"a host with a path":    {Host: "example.com/x"},
		"a path with a line":    {Host: "x", Path: "/\r\nX: y"},
		"a path with a blank":   {Host: "x", Path: "/a b"},
		"a path from nowhere":   {Host: "x", Path: "chat"},
		"a path with a part":    {Host: "x", Path: "/a#b"},
		"a protocol, a line":    {Host: "x", Protocols: []string{"a\r\nX: y"}},
		"a protocol, a blank":   {Host: "x", Protocols: []string{"a b"}},
		"a protocol, empty":     {Host: "x", Protocols: []string{""}},
		"a protocol twice":      {Host: "x", Protocols: []string{"a", "a"}},
		"an origin, a line":     {Host: "x", Origin: "https://a\r\nX: y"},
		"an origin with a path": {Host: "x", Origin: "https://a/b"},
		"a header, two lines":   {Host: "x", Headers: []string{"X: y\r\nZ: a"}},
		"a header, no colon":    {Host: "x", Headers: []string{"X"}},
		"a header, no name":     {Host: "x", Headers: []string{": x"}},
		"a header of its own":   {Host: "x", Headers: []string{"upgrade: x"}},
		"another of its own":    {Host: "x", Headers: []string{"sec-websocket-key: x"}},
		"a body":                {Host: "x", Headers: []string{"Content-Length: 5"}},
	} {
		_, err := NewClient(c)
		assert.Equal(t, fault.Argument, fault.CodeOf(err), name)
	}
	for name, c := range map[string]ServerConfig{
		"a path":     {Paths: []string{"chat"}},
		"an origin":  {Origins: []string{"example.com"}},
		"a protocol": {Protocols: []string{"a,b"}},
		"a header":   {Headers: []string{"X: \n"}},
		"a page":     {Page: Page{Type: "text/html\r\nX: y"}},
	} {
		_, err := NewServer(c)
		assert.Equal(t, fault.Argument, fault.CodeOf(err), name)
	}
	list, err := Tokens("X", " chat, superchat,,\r\nthird ")
	assert.NoError(t, err)
	assert.Equal(t, []string{"chat", "superchat", "third"}, list)
	_, err = Tokens("WDS_TEXT_X", "a b")
	assert.EqualError(t, err, "wrong parameter WDS_TEXT_X: \"a b\" is no name as HTTP knows it: letters, digits and !#$%&'*+-.^_`|~ without blanks")
	list, err = Paths("X", "/a, /b/*")
	assert.NoError(t, err)
	assert.Equal(t, []string{"/a", "/b/*"}, list)
	list, err = Origins("X", "https://a, http://localhost:8080, null, http://[::1]:80")
	assert.NoError(t, err)
	assert.Len(t, list, 4)
	list, err = HeaderLines("X", "A: b\r\nC: d, e\n\n")
	assert.NoError(t, err)
	assert.Equal(t, []string{"A: b", "C: d, e"}, list)
	_, err = HeaderLines("X", "A: b\rC: d")
	assert.Error(t, err)
}

func TestPhaseAndInstant(t *testing.T) {
	for _, l := range []layer.Layer{new(client), new(server)} {
		assert.Equal(t, fault.PhaseWebSocket, l.Phase())
		assert.False(t, l.Instant())
	}
}
