package core

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
	"wdsocket/core/route"
)

// Ways by proxies to a target, and what clients are told of it.

// through gives a client proxies.
func through(proxies ...*fakeProxy) func(*Socket) error {
	urls := make([]string, len(proxies))
	for i, p := range proxies {
		urls[i] = p.url()
	}
	return withText(option.TextProxy, strings.Join(urls, " "))
}

// trusting lets a client trust the tests' authority, for proxies with TLS.
func trusting(s *Socket) error {
	return s.SetText(option.TextSSLAuthorities, certificates().rootPEM)
}

// overProxies runs a test over each kind of proxy and chains of them.
func overProxies(t *testing.T, tr setup, f func(k *kit, proxies []*fakeProxy)) {
	for _, chain := range [][]string{{"http"}, {"https"}, {"socks5"}, {"socks5h"}, {"http", "socks5h"}, {"socks5", "https"}, {"https", "https"}, {"socks5h", "socks5", "http"}} {
		for _, user := range []string{"", "anna"} {
			for _, pieces := range []bool{false, true} {
				t.Run(strings.Join(chain, " ")+"/user "+user+"/pieces "+strconv.FormatBool(pieces), func(t *testing.T) {
					k := newKit(t, tr)
					var proxies []*fakeProxy
					for _, scheme := range chain {
						proxies = append(proxies, k.proxy(scheme, func(p *fakeProxy) {
							p.user, p.pieces = user, pieces
							if user != "" {
								p.password = "s3cret"
							}
						}))
					}
					f(k, proxies)
				})
			}
		}
	}
}

func TestClientsConnectThroughProxies(t *testing.T) {
	for _, tr := range []setup{transports[1], transports[3]} {
		t.Run(tr.name, func(t *testing.T) {
			overProxies(t, tr, func(k *kit, proxies []*fakeProxy) {
				server, port := k.listen(nil)
				client := k.connect(port, must(k, both(through(proxies...), trusting)))
				channel, err := server.Accept(patienceOfTests, nil)
				require.NoError(k, err)
				k.write(client, "Hello")
				k.expect(channel, "Hello")
				k.write(channel, "World")
				k.expect(client, "World")
				target := "127.0.0.1:" + strconv.Itoa(port)
				for i, p := range proxies {
					next := target
					if i+1 < len(proxies) {
						next = "127.0.0.1:" + strconv.Itoa(proxies[i+1].port)
					}
					assert.Equal(k, []string{next}, p.requests())
				}
				end, err := client.Peer()
				require.NoError(k, err)
				assert.Equal(k, target, end.String(), "it is the target")
				assert.Equal(k, target, client.Label())
				way, err := client.LayerInfo(route.InfoProxies, 0)
				require.NoError(k, err)
				first, err := client.LayerInfo(route.InfoEndpoint, 0)
				require.NoError(k, err)
				var labels []string
				for _, p := range proxies {
					user := ""
					if p.user != "" {
						user = "***@"
					}
					labels = append(labels, p.scheme+"://"+user+"127.0.0.1:"+strconv.Itoa(p.port))
				}
				assert.Equal(k, strings.Join(labels, " "), way)
				assert.Equal(k, "127.0.0.1:"+strconv.Itoa(proxies[0].port), first)
				none, err := channel.LayerInfo(route.InfoProxies, 0)
				require.NoError(k, err)
				assert.Empty(k, none)
				shown, err := client.Text(option.TextProxy)
				require.NoError(k, err)
				assert.NotContains(k, shown, "s3cret")
				assert.NotContains(k, shown, "anna")
				if k.tls == 0 && !strings.Contains(shown, "https") {
					assert.True(k, client.stream.Load().transparent(), "as without a proxy")
				}
				require.NoError(k, channel.Close())
				k.readFails(client, patienceOfTests, fault.PeerClosed)
			})
		})
	}
}

// A WebSocket goes through proxies as other connections do, and asks for the target.
func TestAWebSocketThroughProxies(t *testing.T) {
	for _, tr := range []setup{{name: "ws", websocket: true, direct: true}, {name: "wss", websocket: true, tls: tlslayer.TLS13}} {
		t.Run(tr.name, func(t *testing.T) {
			k := newKit(t, tr)
			first, second := k.proxy("http", nil), k.proxy("socks5h", nil)
			server, port := k.listen(nil)
			client := k.connect(port, must(k, both(through(first, second), trusting)))
			channel, err := server.Accept(patienceOfTests, nil)
			require.NoError(k, err)
			k.write(client, "Hello")
			k.expect(channel, "Hello")
			k.write(channel, "World")
			k.expect(client, "World")
			target := "127.0.0.1:" + strconv.Itoa(port)
			assert.Equal(k, target, k.webSocketInfo(channel, InfoWebSocketHost))
			assert.Equal(k, []string{"127.0.0.1:" + strconv.Itoa(second.port)}, first.requests())
			assert.Equal(k, []string{target}, second.requests())
			require.NoError(k, channel.Close())
			k.readFails(client, patienceOfTests, fault.PeerClosed)
		})
	}
}

// A name that the proxy is to look up reaches it as it is, and a certificate is checked
// for it.
func TestTheProxyLooksNamesUp(t *testing.T) {
	for _, scheme := range []string{"http", "socks5h"} {
		for _, tr := range []setup{transports[0], transports[3]} {
			t.Run(scheme+"/"+tr.name, func(t *testing.T) {
				k := newKit(t, tr)
				p := k.proxy(scheme, func(p *fakeProxy) {
					p.names["localhost"], p.names["xn--mller-kva.example"] = "127.0.0.1", "127.0.0.1"
				})
				_, port := k.listen(nil)
				dns := newFakeDNS(k)
				client := k.socket(must(k, both(through(p), withText(option.TextDNSServer, dns.address()))))
				require.NoError(k, client.Open(KindClient, k.layers(), port, "localhost", patienceOfTests))
				end, err := client.Peer()
				require.NoError(k, err)
				assert.Equal(k, "localhost:"+strconv.Itoa(port), end.String())
				other := k.socket(must(k, both(through(p), withText(option.TextDNSServer, dns.address()))))
				err = other.Open(KindClient, k.layers(), port, "müller.example", patienceOfTests)
				if k.tls == 0 {
					require.NoError(k, err)
				} else {
					k.fails(err, fault.TLSWrongHost)
					require.ErrorContains(k, err, "xn--mller-kva.example")
				}
				assert.Equal(k, []string{"localhost:" + strconv.Itoa(port), "xn--mller-kva.example:" + strconv.Itoa(port)}, p.requests())
				assert.Zero(k, dns.asked("localhost")+dns.asked("xn--mller-kva.example"))
				for _, name := range []string{"a b", "a\r\nb", strings.Repeat("a", 300)} {
					err := k.socket(must(k, through(p))).Open(KindClient, k.layers(), port, name, patienceOfTests)
					k.fails(err, fault.HostUnknown)
				}
				assert.Len(k, p.requests(), 2)
			})
		}
	}
}

// Names are looked up here for a proxy that takes addresses, and each address is tried.
func TestEachAddressIsTriedThroughAProxy(t *testing.T) {
	bothWaits(t, func(k *kit) {
		server, port := k.listen(nil)
		p := k.proxy("socks5", nil)
		dns := newFakeDNS(k)
		dns.answer("db.example", "127.0.0.1")
		dns.answer("db.example", "127.0.0.77")
		dns.answer("down.example", "127.0.0.78")
		dns.answer("down.example", "127.0.0.79")
		set := must(k, both(through(p), withText(option.TextDNSServer, dns.address()), withInts(map[option.ID]int32{option.AddressFamily: 4})))
		client := k.socket(set)
		require.NoError(k, client.Open(KindClient, 0, port, "db.example", patienceOfTests))
		asked := p.requests()
		require.NotEmpty(k, asked)
		require.LessOrEqual(k, len(asked), 2)
		assert.Equal(k, "127.0.0.1:"+strconv.Itoa(port), asked[len(asked)-1])
		end, err := client.Peer()
		require.NoError(k, err)
		assert.Equal(k, asked[len(asked)-1], end.String())
		_, err = server.Accept(patienceOfTests, nil)
		require.NoError(k, err)

		err = k.socket(set).Open(KindClient, 0, port, "down.example", patienceOfTests)
		k.fails(err, fault.ProxyTarget)
		assert.Len(k, p.requests(), len(asked)+2, "each address is tried once")
		err = k.socket(set).Open(KindClient, 0, port, "unknown.example", patienceOfTests)
		k.fails(err, fault.HostUnknown)
		assert.Len(k, p.requests(), len(asked)+2)
	})
}

// The addresses share the time: one that hangs in the proxy leaves some for the next.
func TestAddressesShareTheTime(t *testing.T) {
	k := newKit(t, transports[1])
	j := &journey{next: [][]endpoint.Addr{make([]endpoint.Addr, 4), make([]endpoint.Addr, 1)}, tried: []int{0, 0}}
	end := time.Now().Add(time.Minute)
	assert.InDelta(k, 15, time.Until(j.share(end)).Seconds(), 1)
	j.tried[0] = 3
	assert.InDelta(k, 60, time.Until(j.share(end)).Seconds(), 1)
	j.tried[0] = 0
	assert.InDelta(k, 2, time.Until(j.share(time.Now().Add(4*time.Second))).Seconds(), 0.5, "not less than that")
	assert.LessOrEqual(k, time.Until(j.share(time.Now().Add(time.Second))), time.Second)
}

// Each failure names the proxy and the target, in its phase, in the log too, and nothing
// shows a secret.
func TestProxiesThatFail(t *testing.T) {
	const greet = "\x05\x00"
	for name, c := range map[string]struct {
		scheme  string
		prepare func(*fakeProxy)
		text    func(p *fakeProxy) string // nil: its own
		target  func(k *kit) int          // nil: one that is there
		code    fault.Code
		says    string
	}{
		"wrong password, CONNECT": {"http", wants, wrongPassword, nil, fault.ProxyAuthentication, "does not accept"},
		"wrong password, SOCKS5":  {"socks5", wants, wrongPassword, nil, fault.ProxyAuthentication, "does not accept"},
		"wrong password, TLS":     {"https", wants, wrongPassword, nil, fault.ProxyAuthentication, "does not accept"},
		"no password, CONNECT":    {"http", wants, (*fakeProxy).bare, nil, fault.ProxyAuthentication, "user:password@"},
		"no password, SOCKS5":     {"socks5h", wants, (*fakeProxy).bare, nil, fault.ProxyAuthentication, "user:password@"},
		"target down, CONNECT":    {"http", nil, nil, (*kit).unusedPort, fault.ProxyTarget, "502 no such luck"},
		"target down, SOCKS5":     {"socks5", nil, nil, (*kit).unusedPort, fault.ProxyTarget, "nothing listens"},
		"refused, with words":     {"http", answers("HTTP/1.1 403 Access denied by rule 7\r\n\r\n"), nil, nil, fault.ProxyRefused, "403 Access denied by rule 7"},
		"refused, SOCKS5":         {"socks5h", answers(greet + "\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00"), nil, nil, fault.ProxyRefused, "rules"},
		"SOCKS instead of HTTP":   {"socks5", nil, instead("http"), nil, fault.ProxyRefused, "speaks another protocol"},
		"HTTP instead of SOCKS":   {"http", answers("HTTP/1.1 400 Bad Request\r\n\r\n"), instead("socks5"), nil, fault.ProxyProtocol, "http:// instead of socks5://"},
		"TLS instead of HTTP":     {"http", answers("\x15\x03\x01\x00\x02\x02\x46"), nil, nil, fault.ProxyProtocol, "https:// instead of http://"},
		"HTTP instead of TLS":     {"http", answers("HTTP/1.1 400 Bad Request\r\n\r\n"), instead("https"), nil, fault.ProxyProtocol, "http:// instead of https://"},
		"noise":                   {"socks5", answers("\x05\x00\x05\x00\x00\x09noise"), nil, nil, fault.ProxyProtocol, "05 00 00 09"},
		"nobody":                  {"http", func(p *fakeProxy) {}, func(p *fakeProxy) string { p.ln.Close(); return p.bare() }, nil, fault.ProxyUnreachable, "nothing listens there"},
		"an unknown proxy":        {"http", nil, func(*fakeProxy) string { return "http://user:s3cret@proxy.invalid:3128" }, nil, fault.ProxyUnreachable, "proxy.invalid:3128"},
		"nobody behind a proxy":   {"http", nil, func(p *fakeProxy) string { return p.bare() + " socks5h://user:s3cret@127.0.0.1:1" }, nil, fault.ProxyUnreachable, "socks5h://127.0.0.1:1"},
		"silence":                 {"http", func(p *fakeProxy) { p.silent = true }, nil, nil, fault.Timeout, "not answered within"},
		"silence, SOCKS5":         {"socks5h", func(p *fakeProxy) { p.silent = true }, nil, nil, fault.Timeout, "not answered within"},
		"silence in the middle":   {"http", answers("HTTP/1.1 200 OK\r\nA: "), nil, nil, fault.Timeout, "not answered within"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t, transports[1])
			log := k.logs()
			p := k.proxy(c.scheme, c.prepare)
			port := 0
			if c.target != nil {
				port = c.target(k)
			} else {
				_, port = k.listen(nil)
			}
			text := p.url()
			if c.text != nil {
				text = c.text(p)
			}
			s := k.socket(must(k, both(withText(option.TextProxy, text), trusting)))
			timeout := patienceOfTests
			if c.code == fault.Timeout {
				timeout = 10 * moment
			}
			err := s.Open(KindClient, 0, port, "127.0.0.1", timeout)
			k.fails(err, c.code)
			var e *fault.Error
			require.ErrorAs(k, err, &e)
			require.Equal(k, fault.PhaseProxy, e.Phase)
			require.Equal(k, fault.ScopeConnection, s.Scope(e.Code, e.Phase))
			lines := log.text()
			for _, text := range []string{e.Text(fault.English), e.Text(fault.French), lines} {
				require.Contains(k, text, "127.0.0.1:"+strconv.Itoa(port), "the target")
				require.NotContains(k, text, "s3cret")
				if !strings.Contains(name, "behind") && !strings.Contains(name, "unknown") {
					require.Contains(k, text, "127.0.0.1:"+strconv.Itoa(p.port), "the proxy")
				}
			}
			require.Contains(k, e.Text(fault.English), c.says)
			require.Contains(k, lines, c.says)
		})
	}
}

func wants(p *fakeProxy) { p.user, p.password = "anna", "s3cret" }

func wrongPassword(p *fakeProxy) string { return strings.Replace(p.url(), "s3cret", "s3cretwrong", 1) }

func answers(text string) func(*fakeProxy) { return func(p *fakeProxy) { p.answers = text } }

// instead is the proxy by another scheme than its own.
func instead(scheme string) func(*fakeProxy) string {
	return func(p *fakeProxy) string { return scheme + "://127.0.0.1:" + strconv.Itoa(p.port) }
}

// A proxy's certificate is verified, whatever is accepted from the target.
func TestTheCertificateOfAProxyIsVerified(t *testing.T) {
	k := newKit(t, transports[3])
	p := k.proxy("https", nil)
	_, port := k.listen(nil)
	s := k.lib.NewSocket("test")
	require.NoError(k, s.SetOption(option.SSLOptions, 256)) // accept any
	require.NoError(k, s.SetText(option.TextProxy, p.url()))
	err := s.Open(KindClient, LayerTLS, port, "127.0.0.1", patienceOfTests)
	k.fails(err, fault.TLSUnknownAuthority)
	require.ErrorContains(k, err, p.bare())
	require.ErrorContains(k, err, "127.0.0.1:"+strconv.Itoa(port))
	require.NoError(k, s.SetText(option.TextSSLAuthorities, certificates().rootPEM))
	require.NoError(k, s.Open(KindClient, LayerTLS, port, "127.0.0.1", patienceOfTests))
}

// What comes in one piece with a proxy's answer is the target's.
func TestBytesBehindTheAnswerOfAProxy(t *testing.T) {
	for _, scheme := range []string{"http", "https", "socks5h"} {
		t.Run(scheme, func(t *testing.T) {
			k := newKit(t, transports[1])
			first := k.proxy(scheme, func(p *fakeProxy) { p.behind = "5\r\nHello4\r\nmo" })
			server, port := k.listen(nil)
			s := k.connect(port, must(k, both(through(first), trusting)))
			channel, err := server.Accept(patienceOfTests, nil)
			require.NoError(k, err)
			k.expect(s, "Hello")
			require.NoError(k, channel.SetMode(0, nil))
			_, err = channel.Write([]byte("re"))
			require.NoError(k, err)
			k.expect(s, "more")
		})
	}
}

// Clients in a queue, and those that connect again, go the same way.
func TestQueuesAndReconnectingGoThroughProxies(t *testing.T) {
	for _, tr := range []setup{transports[1], transports[3]} {
		t.Run(tr.name, func(t *testing.T) {
			k := newKit(t, tr)
			p := k.proxy("socks5h", wants)
			server, port := k.listen(nil)
			r := newRig(k)
			s := k.socket(must(k, both(through(p), withInts(map[option.ID]int32{option.Reconnect: 1, option.ReconnectFirst: 20, option.ReconnectMost: 100}))))
			r.attach(s, false)
			require.NoError(k, s.Open(KindClient, k.layers(), port, "127.0.0.1", 0))
			r.expectEvent(s, EventConnected)
			accept := func(text string) *Socket {
				channel, err := server.Accept(patienceOfTests, nil)
				require.NoError(k, err)
				k.write(channel, text)
				return channel
			}
			accept("first")
			r.message(s, "first")
			p.cut()
			r.expectEvent(s, EventReconnecting)
			for e := r.next(); e.Kind != EventReconnected; e = r.next() {
				require.Equal(k, EventReconnecting, e.Kind)
			}
			accept("second")
			r.message(s, "second")
			require.GreaterOrEqual(k, len(p.requests()), 2)

			require.NoError(k, s.SetText(option.TextProxy, wrongPassword(p)))
			p.cut()
			for {
				e := r.next()
				if e.Kind == EventError {
					require.Equal(k, int32(fault.ProxyAuthentication), e.Code, "which does not go by itself")
					break
				}
				require.Equal(k, EventReconnecting, e.Kind)
			}
		})
	}
}

// A connect in the background fails with an event, and Close ends one that hangs.
func TestBackgroundConnectsThroughProxies(t *testing.T) {
	bothWaits(t, func(k *kit) {
		_, port := k.listen(nil)
		r := newRig(k)
		refuses := k.proxy("http", answers("HTTP/1.1 403 No\r\n\r\n"))
		s := k.socket(must(k, through(refuses)))
		r.attach(s, false)
		require.NoError(k, s.Open(KindClient, 0, port, "127.0.0.1", 0))
		require.Equal(k, int32(fault.ProxyRefused), r.expectEvent(s, EventError).Code)
		silent := k.proxy("socks5", func(p *fakeProxy) { p.silent = true })
		hangs := k.socket(must(k, through(silent)))
		require.NoError(k, hangs.Open(KindClient, 0, port, "127.0.0.1", 0))
		k.eventually(func() bool {
			silent.mu.Lock()
			defer silent.mu.Unlock()
			return len(silent.conns) == 1
		}, "it has connected to the proxy")
		began := time.Now()
		require.NoError(k, hangs.Close())
		require.Less(k, time.Since(began), patienceOfTests)
	})
}

func TestExceptionsGoDirectly(t *testing.T) {
	k := newKit(t, transports[1])
	p := k.proxy("http", nil)
	_, port := k.listen(nil)
	set := both(through(p), withText(option.TextProxyExceptions, "127.0.0.0/8"))
	k.connect(port, must(k, set))
	require.Empty(k, p.requests())
	k.connect(port, must(k, both(set, withText(option.TextProxyExceptions, ""))))
	require.Len(k, p.requests(), 1)
	s := k.socket(nil)
	k.fails(s.SetText(option.TextProxy, "gopher://x"), fault.Argument)
	k.fails(s.SetText(option.TextProxyExceptions, "a/b"), fault.Argument)
	require.NoError(k, k.lib.SetText(option.TextProxy, p.url()))
	k.connect(port, nil)
	require.Len(k, p.requests(), 2, "of the sockets that are made afterwards")
}
