package proxy

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/layer/layertest"
)

func ended(code fault.Code) error { return fault.New(code, fault.PhaseRead, "192.0.2.1:5432") }

const (
	proxyLabel = "http://proxy.example:3128"
	target     = "db.example:5432"
)

func hop() Hop {
	return Hop{Proxy: proxyLabel, Next: endpoint.FromName("db.example", 5432), Target: target}
}

func withUser(h Hop) Hop {
	h.User, h.Password, h.Known = "anna", "s3cret:ü", true
	return h
}

func inChain(h Hop) Hop {
	h.Next, h.NextName = endpoint.FromName("second.example", 1080), "socks5h://second.example:1080"
	return h
}

// shake makes the handshake with what a proxy sends.
func shake(l layer.Layer, s *layertest.Script) (rest string, err error) {
	if s.End == nil {
		s.End = ended(fault.PeerClosed)
	}
	c, err := l.Handshake(s, "who")
	if err != nil {
		return "", err
	}
	return string(c.Leftover()), nil
}

const (
	accepted    = "\x05\x00"
	wantsUser   = "\x05\x02"
	connected   = "\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50"
	connected6  = "\x05\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x50"
	connectedN  = "\x05\x00\x00\x03\x05proxy\x00\x50"
	established = "HTTP/1.1 200 Connection established\r\nProxy-Agent: x\r\n\r\n"
)

// Answers are taken in pieces of any size, and what stands behind one is the target's.
func TestAProxyConnects(t *testing.T) {
	for name, c := range map[string]struct {
		l             layer.Layer
		answer, asked string
		keeps         bool // nothing is read behind the answer
	}{
		"SOCKS5":                {SOCKS5(hop()), accepted + connected, "\x05\x01\x00" + "\x05\x01\x00\x03\x0adb.example\x15\x38", true},
		"SOCKS5, IPv6 bound":    {SOCKS5(hop()), accepted + connected6, "\x05\x01\x00" + "\x05\x01\x00\x03\x0adb.example\x15\x38", true},
		"SOCKS5, name bound":    {SOCKS5(hop()), accepted + connectedN, "\x05\x01\x00" + "\x05\x01\x00\x03\x0adb.example\x15\x38", true},
		"SOCKS5, user":          {SOCKS5(withUser(hop())), wantsUser + "\x01\x00" + connected, "\x05\x02\x00\x02" + "\x01\x04anna\x09s3cret:ü" + "\x05\x01\x00\x03\x0adb.example\x15\x38", true},
		"SOCKS5, user not used": {SOCKS5(withUser(hop())), accepted + connected, "\x05\x02\x00\x02" + "\x05\x01\x00\x03\x0adb.example\x15\x38", true},
		"SOCKS5, IPv4":          {SOCKS5(Hop{Next: endpoint.Parse("192.0.2.7:80")}), accepted + connected, "\x05\x01\x00" + "\x05\x01\x00\x01\xc0\x00\x02\x07\x00\x50", true},
		"SOCKS5, IPv6":          {SOCKS5(Hop{Next: endpoint.Parse("[2001:db8::7]:80")}), accepted + connected, "\x05\x01\x00" + "\x05\x01\x00\x04\x20\x01\x0d\xb8" + strings.Repeat("\x00", 11) + "\x07\x00\x50", true},
		"CONNECT":               {Connect(hop()), established, "CONNECT db.example:5432 HTTP/1.1\r\nHost: db.example:5432\r\n\r\n", false},
		"CONNECT, IPv6":         {Connect(Hop{Next: endpoint.Parse("[2001:db8::7]:80")}), established, "CONNECT [2001:db8::7]:80 HTTP/1.1\r\nHost: [2001:db8::7]:80\r\n\r\n", false},
		"CONNECT, user": {Connect(withUser(hop())), established, "CONNECT db.example:5432 HTTP/1.1\r\nHost: db.example:5432\r\nProxy-Authorization: Basic " +
			base64.StdEncoding.EncodeToString([]byte("anna:s3cret:ü")) + "\r\n\r\n", false},
		"CONNECT, bare lines":     {Connect(hop()), "HTTP/1.0 200 OK\nA: b\n\n", "CONNECT db.example:5432 HTTP/1.1\r\nHost: db.example:5432\r\n\r\n", false},
		"CONNECT, no reason":      {Connect(hop()), "HTTP/1.1 204\r\n\r\n", "CONNECT db.example:5432 HTTP/1.1\r\nHost: db.example:5432\r\n\r\n", false},
		"CONNECT, announced":      {Connect(hop()), "HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n" + established, "CONNECT db.example:5432 HTTP/1.1\r\nHost: db.example:5432\r\n\r\n", false},
		"CONNECT, length ignored": {Connect(hop()), "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", "CONNECT db.example:5432 HTTP/1.1\r\nHost: db.example:5432\r\n\r\n", false},
	} {
		for _, piece := range []int{0, 1, 2, 3} {
			t.Run(name, func(t *testing.T) {
				const behind = "\r\nHello\n\n"
				s := &layertest.Script{In: c.answer + behind, Piece: piece}
				rest, err := shake(c.l, s)
				require.NoError(t, err)
				assert.Equal(t, c.asked, s.Out.String())
				assert.Equal(t, behind, rest+s.In, "nothing is lost, whether it was read or not")
				if c.keeps {
					assert.Empty(t, rest)
				}
			})
		}
	}
}

// Each failure has its code, the phase PROXY, and texts in both languages that name the
// proxy and the target and no secret.
func TestAProxyThatDoesNotConnect(t *testing.T) {
	http := func(head string) string { return "HTTP/1.1 " + head + "\r\n\r\n" }
	for name, c := range map[string]struct {
		l      layer.Layer
		answer string
		end    fault.Code // behind the answer, 0: the orderly end
		code   fault.Code
		says   string
	}{
		"general failure":           {SOCKS5(hop()), accepted + "\x05\x01\x00\x01", 0, fault.ProxyTarget, "does not say why"},
		"ruleset":                   {SOCKS5(hop()), accepted + "\x05\x02\x00\x01", 0, fault.ProxyRefused, "rules"},
		"network unreachable":       {SOCKS5(hop()), accepted + "\x05\x03\x00\x01", 0, fault.ProxyTarget, "no way"},
		"host unreachable":          {SOCKS5(hop()), accepted + "\x05\x04\x00\x01", 0, fault.ProxyTarget, "no way"},
		"refused":                   {SOCKS5(hop()), accepted + "\x05\x05\x00\x01", 0, fault.ProxyTarget, "nothing listens"},
		"TTL":                       {SOCKS5(hop()), accepted + "\x05\x06\x00\x01", 0, fault.ProxyTarget, "in time"},
		"command":                   {SOCKS5(hop()), accepted + "\x05\x07\x00\x01", 0, fault.ProxyRefused, "reply 7"},
		"address type":              {SOCKS5(hop()), accepted + "\x05\x08\x00\x01", 0, fault.ProxyRefused, "socks5h://"},
		"unassigned":                {SOCKS5(hop()), accepted + "\x05\xfe\x00\x01", 0, fault.ProxyRefused, "reply 254"},
		"no method":                 {SOCKS5(hop()), "\x05\xff", 0, fault.ProxyAuthentication, "scheme://user:password@host:port"},
		"no method, with a user":    {SOCKS5(withUser(hop())), "\x05\xff", 0, fault.ProxyAuthentication, "another authentication"},
		"wrong user":                {SOCKS5(withUser(hop())), wantsUser + "\x01\x01", 0, fault.ProxyAuthentication, "does not accept"},
		"wrong user, hangs up":      {SOCKS5(withUser(hop())), wantsUser + "\x01\x01", fault.Reset, fault.ProxyAuthentication, "does not accept"},
		"a method not offered":      {SOCKS5(hop()), "\x05\x02", 0, fault.ProxyProtocol, "05 02"},
		"GSSAPI":                    {SOCKS5(withUser(hop())), "\x05\x01", 0, fault.ProxyProtocol, "05 01"},
		"SOCKS4":                    {SOCKS5(hop()), "\x00\x5b\x00\x00\x00\x00\x00\x00", 0, fault.ProxyProtocol, "SOCKS4"},
		"HTTP":                      {SOCKS5(hop()), "HTTP/1.1 400 Bad Request\r\n\r\n", 0, fault.ProxyProtocol, "http:// instead of socks5://"},
		"lies about its address":    {SOCKS5(hop()), accepted + "\x05\x00\x00\x09", 0, fault.ProxyProtocol, "05 00 00 09"},
		"another version, request":  {SOCKS5(hop()), accepted + "\x04\x00\x00\x01", 0, fault.ProxyProtocol, "04 00 00 01"},
		"another version, user":     {SOCKS5(withUser(hop())), wantsUser + "\x02\x00", 0, fault.ProxyProtocol, "02 00"},
		"hangs up":                  {SOCKS5(hop()), "", 0, fault.ProxyRefused, "without an answer"},
		"is reset":                  {SOCKS5(hop()), "", fault.Reset, fault.ProxyRefused, "without an answer"},
		"hangs up inside":           {SOCKS5(hop()), accepted + "\x05\x00", 0, fault.ProxyRefused, "before its answer was whole"},
		"hangs up in the address":   {SOCKS5(hop()), accepted + "\x05\x00\x00\x03\xff12", 0, fault.ProxyRefused, "before its answer was whole"},
		"is silent":                 {SOCKS5(hop()), "", fault.Timeout, fault.Timeout, "not answered within"},
		"is silent inside":          {SOCKS5(hop()), accepted + "\x05\x00", fault.Timeout, fault.Timeout, "not answered within"},
		"is cancelled":              {SOCKS5(hop()), accepted, fault.Cancelled, fault.Cancelled, "WDSocketCancel"},
		"next proxy refused":        {SOCKS5(inChain(hop())), accepted + "\x05\x05\x00\x01", 0, fault.ProxyUnreachable, "the next proxy, socks5h://second.example:1080: nothing listens"},
		"next proxy failed":         {SOCKS5(inChain(hop())), accepted + "\x05\x01\x00\x01", 0, fault.ProxyUnreachable, "socks5h://second.example:1080, and does not say why"},
		"next proxy no route":       {SOCKS5(inChain(hop())), accepted + "\x05\x04\x00\x01", 0, fault.ProxyUnreachable, "socks5h://second.example:1080: it has no way"},
		"next proxy silent":         {SOCKS5(inChain(hop())), accepted + "\x05\x06\x00\x01", 0, fault.ProxyUnreachable, "socks5h://second.example:1080: it does not answer"},
		"next proxy by ruleset":     {SOCKS5(inChain(hop())), accepted + "\x05\x02\x00\x01", 0, fault.ProxyRefused, "second.example:1080"},
		"403":                       {Connect(hop()), http("403 Not allowed here"), 0, fault.ProxyRefused, "403 Not allowed here"},
		"405":                       {Connect(hop()), http("405 Method Not Allowed"), 0, fault.ProxyRefused, "405 Method Not Allowed"},
		"302":                       {Connect(hop()), http("302 Found\r\nLocation: http://login/"), 0, fault.ProxyRefused, "302 Found"},
		"501":                       {Connect(hop()), http("501 Not Implemented"), 0, fault.ProxyRefused, "501 Not Implemented"},
		"502":                       {Connect(hop()), http("502 Bad Gateway"), 0, fault.ProxyTarget, "502 Bad Gateway"},
		"503 of squid":              {Connect(hop()), http("503 Service Unavailable\r\nX-Squid-Error: ERR_CONNECT_FAIL 111"), 0, fault.ProxyTarget, "ERR_CONNECT_FAIL 111"},
		"503 in a chain":            {Connect(inChain(hop())), http("503 Service Unavailable"), 0, fault.ProxyUnreachable, "socks5h://second.example:1080: 503 Service Unavailable"},
		"407":                       {Connect(hop()), http("407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x"), 0, fault.ProxyAuthentication, "wants a user"},
		"407 without its header":    {Connect(hop()), http("407 Proxy Authentication Required"), 0, fault.ProxyAuthentication, "wants a user"},
		"407, wrong user":           {Connect(withUser(hop())), http("407 No\r\nproxy-authenticate: basic"), 0, fault.ProxyAuthentication, "does not accept"},
		"407, NTLM":                 {Connect(withUser(hop())), http("407 No\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate abc"), 0, fault.ProxyAuthentication, "NTLM, Negotiate"},
		"long words":                {Connect(hop()), http("403 " + strings.Repeat("a", 3000)), 0, fault.ProxyRefused, strings.Repeat("a", 150) + "aaa"},
		"control characters":        {Connect(hop()), http("403 \x1b[31mred"), 0, fault.ProxyRefused, `\x1B[31mred`},
		"TLS":                       {Connect(hop()), "\x15\x03\x01\x00\x02\x02\x46", 0, fault.ProxyProtocol, "https:// instead of http://"},
		"SOCKS":                     {Connect(hop()), "\x05\xff", 0, fault.ProxyProtocol, "socks5h://"},
		"another protocol":          {Connect(hop()), "220 mail.example ESMTP\r\n", 0, fault.ProxyProtocol, "begins with \"2"},
		"almost HTTP":               {Connect(hop()), "HTTP/2.0 200 OK\r\n\r\n", 0, fault.ProxyProtocol, "HTTP/2"},
		"no status":                 {Connect(hop()), "HTTP/1.1 yes\r\n\r\n", 0, fault.ProxyProtocol, "HTTP/1.1 yes"},
		"a status of four":          {Connect(hop()), "HTTP/1.1 2000 OK\r\n\r\n", 0, fault.ProxyProtocol, "HTTP/1.1 2000"},
		"a status too small":        {Connect(hop()), "HTTP/1.1 042 OK\r\n\r\n", 0, fault.ProxyProtocol, "HTTP/1.1 042"},
		"an answer without an end":  {Connect(hop()), "HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", 1<<16), 0, fault.ProxyProtocol, "32768 bytes"},
		"a line without an end":     {Connect(hop()), "HTTP/1.1 200 " + strings.Repeat("a", 1<<17), 0, fault.ProxyProtocol, "32768 bytes"},
		"announcements without end": {Connect(hop()), strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 1<<14), 0, fault.ProxyProtocol, "32768 bytes"},
		"CONNECT, hangs up":         {Connect(hop()), "", 0, fault.ProxyRefused, "without an answer"},
		"CONNECT, hangs up inside":  {Connect(hop()), "HTTP/1.1 200 OK\r\n", 0, fault.ProxyRefused, "before its answer was whole"},
		"CONNECT, is silent":        {Connect(hop()), "HTTP/1.1 20", fault.Timeout, fault.Timeout, "not answered within"},
		"the end of TLS":            {Connect(hop()), "", fault.TLSTruncated, fault.ProxyRefused, "without an answer"},
	} {
		for _, piece := range []int{0, 1} {
			t.Run(name, func(t *testing.T) {
				s := &layertest.Script{In: c.answer, Piece: piece}
				if c.end != 0 {
					s.End = ended(c.end)
				}
				_, err := shake(c.l, s)
				requireFault(t, err, c.code)
				assert.ErrorContains(t, err, c.says)
				assert.LessOrEqual(t, len(c.answer)-len(s.In), mostHead)
			})
		}
	}
}

func requireFault(t *testing.T, err error, code fault.Code) {
	t.Helper()
	var e *fault.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, code.Error(), e.Code.Error(), "%v", err)
	require.Equal(t, fault.PhaseProxy, e.Phase)
	for _, lang := range []fault.Language{fault.English, fault.French} {
		text := e.Text(lang)
		require.Contains(t, text, "proxy.example:3128")
		require.Contains(t, text, target)
		require.NotContains(t, text, "s3cret")
		require.NotContains(t, text, "anna")
		require.NotContains(t, text, "{")
		require.Less(t, len(text), 1000)
	}
}

func TestAWriteToAProxyThatFails(t *testing.T) {
	for _, l := range []layer.Layer{SOCKS5(hop()), Connect(hop())} {
		_, err := shake(l, &layertest.Script{Refuses: ended(fault.Reset)})
		requireFault(t, err, fault.ProxyRefused)
		other := errors.New("of another kind")
		_, err = shake(l, &layertest.Script{Refuses: other})
		assert.Same(t, other, err)
		assert.Equal(t, fault.PhaseProxy, l.Phase())
		assert.False(t, l.Instant())
	}
}

func TestAProxyThatCannotBeReached(t *testing.T) {
	for code, becomes := range map[fault.Code]fault.Code{
		fault.Refused: fault.ProxyUnreachable, fault.Unreachable: fault.ProxyUnreachable, fault.HostUnknown: fault.ProxyUnreachable,
		fault.Resolver: fault.ProxyUnreachable, fault.Timeout: fault.Timeout, fault.LocalAddress: fault.LocalAddress,
	} {
		of := fault.New(code, fault.PhaseConnect, "proxy.example:3128")
		requireFault(t, NotConnected(of, proxyLabel, target), becomes)
		assert.Equal(t, fault.PhaseConnect, of.Phase, "the error of others stays as it is")
	}
	hinted := fault.New(fault.Refused, fault.PhaseConnect, "x").With(noteNobody).Advise(hintHTTP, "")
	err := NotConnected(hinted, proxyLabel, target)
	requireFault(t, err, fault.ProxyUnreachable)
	assert.ErrorContains(t, err, "HTTP proxy", "a hint stays")
	other := errors.New("of another kind")
	assert.Same(t, other, NotConnected(other, proxyLabel, target))
	assert.Same(t, other, OnTheWay(other, proxyLabel, target))
}

// fakeTLS is a layer that gives or fails.
type fakeTLS struct{ err error }

func (fakeTLS) Phase() fault.Phase { return fault.PhaseTLS }
func (fakeTLS) Instant() bool      { return false }
func (f fakeTLS) Handshake(base layer.Base, who string) (layer.Conn, error) {
	if f.err == nil && who != proxyLabel {
		return nil, errors.New(who)
	}
	return layer.Through{Base: base}, f.err
}

func TestTLSToAProxy(t *testing.T) {
	_, err := shake(Secured(fakeTLS{}, hop()), &layertest.Script{})
	require.NoError(t, err)
	l := Secured(fakeTLS{fault.New(fault.TLSUnknownAuthority, fault.PhaseTLS, "who")}, hop())
	assert.Equal(t, fault.PhaseProxy, l.Phase())
	assert.False(t, l.Instant())
	_, err = shake(l, &layertest.Script{})
	requireFault(t, err, fault.TLSUnknownAuthority)
	advised := fault.New(fault.TLSHandshake, fault.PhaseTLS, proxyLabel).Advise(hintHTTP, "") // that is about the target
	_, err = shake(Secured(fakeTLS{advised}, hop()), &layertest.Script{})
	requireFault(t, err, fault.TLSHandshake)
	assert.NotContains(t, err.Error(), "HTTP proxy")
	assert.Equal(t, hintHTTP, advised.Hint, "it is shared")
	_, err = shake(Secured(fakeTLS{ended(fault.Timeout)}, hop()), &layertest.Script{})
	requireFault(t, err, fault.Timeout)
	assert.ErrorContains(t, err, "TLS handshake")
	_, err = shake(Secured(fakeTLS{ended(fault.TLSPlainText)}, hop()), &layertest.Script{})
	requireFault(t, err, fault.ProxyProtocol)
}

// fuzzAnswer checks that an answer gives the same however it comes, that it is bounded,
// and that errors are of the proxy.
func fuzzAnswer(t *testing.T, l layer.Layer, data string, piece uint8) {
	whole, cut := &layertest.Script{In: data}, &layertest.Script{In: data, Piece: int(piece)%7 + 1}
	restWhole, errWhole := shake(l, whole)
	restCut, errCut := shake(l, cut)
	require.Equal(t, fault.CodeOf(errWhole), fault.CodeOf(errCut), "%v\n%v", errWhole, errCut)
	for _, s := range []*layertest.Script{whole, cut} {
		require.LessOrEqual(t, len(data)-len(s.In), mostHead)
	}
	if errWhole == nil {
		require.Equal(t, restWhole+whole.In, restCut+cut.In)
		return
	}
	var e *fault.Error
	require.ErrorAs(t, errWhole, &e)
	require.Equal(t, fault.PhaseProxy, e.Phase)
	require.Less(t, len(e.Error()), 2000)
	switch fault.CodeOf(errWhole) {
	case fault.ProxyAuthentication, fault.ProxyProtocol, fault.ProxyRefused, fault.ProxyTarget:
	default:
		require.Fail(t, "another error", "%v", errWhole)
	}
}

func FuzzSOCKS5(f *testing.F) {
	f.Fuzz(func(t *testing.T, data string, piece uint8, known bool) {
		h := hop()
		if known {
			h = withUser(h)
		}
		fuzzAnswer(t, SOCKS5(h), data, piece)
	})
}

func FuzzConnect(f *testing.F) {
	f.Fuzz(func(t *testing.T, data string, piece uint8, known bool) {
		h := hop()
		if known {
			h = withUser(h)
		}
		fuzzAnswer(t, Connect(h), data, piece)
	})
}
