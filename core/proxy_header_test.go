package core

import (
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer/proxyheader"
	"wdsocket/core/option"
	"wdsocket/core/stats"
)

// headerV1 and headerV2 are about a client at 192.0.2.7:700.
const (
	headerV1    = "PROXY TCP4 192.0.2.7 203.0.113.5 700 443\r\n"
	headerV2    = "\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0C\xC0\x00\x02\x07\xCB\x00\x71\x05\x02\xBC\x01\xBB"
	headerLocal = "\r\n\r\n\x00\r\nQUIT\n\x20\x00\x00\x00"
)

// behindProxy makes a server read PROXY headers from this machine.
func behindProxy(mode proxyheader.Mode, more ...func(*Socket) error) func(*Socket) error {
	return both(append([]func(*Socket) error{
		withInts(map[option.ID]int32{option.ProxyHeader: int32(mode)}),
		withText(option.TextProxyTrusted, "127.0.0.1")}, more...)...)
}

// forwards connects a peer that is no socket of the library, whose header leaves with the
// first bytes behind it.
func (k *kit) forwards(port int, header string, pieces bool) *peer {
	k.Helper()
	return k.greets(port, header, "", pieces)
}

// overHeaders runs a test with servers that read headers, plain and in front of TLS.
func overHeaders(t *testing.T, f func(k *kit, mode proxyheader.Mode)) {
	for _, tr := range []setup{transports[0], transports[1], transports[2], transports[3], transports[5]} {
		for _, mode := range []proxyheader.Mode{proxyheader.Accepted, proxyheader.Required} {
			t.Run(tr.name+"/"+strconv.Itoa(int(mode)), func(t *testing.T) { f(newKit(t, tr), mode) })
		}
	}
}

// isForwarded checks that a channel is the client of the header.
func (k *kit) isForwarded(channel *Socket, proxy *peer) {
	k.Helper()
	end, err := channel.Peer()
	require.NoError(k, err)
	require.Equal(k, "192.0.2.7:700", end.String())
	got, err := channel.LayerInfo(proxyheader.InfoEndpoint, 0)
	require.NoError(k, err)
	require.Equal(k, proxy.tcp.LocalAddr().String(), got)
	got, err = channel.LayerInfo(proxyheader.InfoDestination, 0)
	require.NoError(k, err)
	require.Equal(k, "203.0.113.5:443", got)
}

func TestAServerReadsPROXYHeaders(t *testing.T) {
	overHeaders(t, func(k *kit, mode proxyheader.Mode) {
		server, port := k.listen(must(k, behindProxy(mode)))
		for _, header := range []string{headerV1, headerV2} {
			for _, pieces := range []bool{false, true} {
				p := k.forwards(port, header, pieces)
				p.send("5\r\nHello4\r\nmore")
				require.NoError(k, server.WaitForConnection(patienceOfTests))
				asks, err := server.Peer()
				require.NoError(k, err)
				require.Equal(k, "192.0.2.7:700", asks.String(), "who asks is known before it is accepted")
				about, err := server.LayerInfo(proxyheader.InfoVersion, 0)
				require.NoError(k, err)
				require.Equal(k, map[string]string{headerV1: "1", headerV2: "2"}[header], about)
				channel, err := server.Accept(patienceOfTests, nil)
				require.NoError(k, err)
				k.isForwarded(channel, p)
				require.Equal(k, k.layers(), channel.Layers())
				st := channel.stream.Load()
				require.Equal(k, k.tls == 0, st.transparent(), "the layer has left")
				k.expect(channel, "Hello")
				k.write(channel, "World")
				p.expect("5\r\nWorld")
				k.expect(channel, "more")
				require.NoError(k, p.Close())
				k.readFails(channel, patienceOfTests, fault.PeerClosed)
				require.ErrorContains(k, channel.Why(), "192.0.2.7:700", "errors name the client")
				require.NoError(k, channel.Close())
			}
		}
	})
}

func TestASimplifiedServerReadsPROXYHeaders(t *testing.T) {
	overHeaders(t, func(k *kit, mode proxyheader.Mode) {
		server, port := k.listen(must(k, behindProxy(mode)))
		p := k.forwards(port, headerV2, true)
		p.send("5\r\nHello")
		k.expect(server, "Hello")
		k.isForwarded(server, p)
		k.write(server, "World")
		p.expect("5\r\nWorld")
		require.NoError(k, p.Close())
		k.readFails(server, patienceOfTests, fault.PeerClosed)
		next := k.forwards(port, headerV1, false)
		next.send("4\r\nnext")
		k.expect(server, "next")
	})
}

func TestAManagedServerReadsPROXYHeaders(t *testing.T) {
	overHeaders(t, func(k *kit, mode proxyheader.Mode) {
		r := newRig(k)
		server, port := k.listen(must(k, behindProxy(mode)))
		r.attach(server, true)
		p := k.forwards(port, headerV2, false)
		p.send("5\r\nHello4\r\nmore")
		accepted := r.next()
		require.Equal(k, EventAccepted, accepted.Kind)
		channel := r.socketOf(accepted)
		k.isForwarded(channel, p)
		r.message(channel, "Hello")
		r.message(channel, "more")
		k.write(channel, "World")
		p.expect("5\r\nWorld")
		p.send("5\r\nafter")
		r.message(channel, "after")
	})
}

// Where headers are accepted, nothing is awaited from other addresses: a server that
// speaks first speaks at once. From a trusted address the time of a header is awaited.
func TestWhoSendsNoHeaderWhereItIsAccepted(t *testing.T) {
	bothWaits(t, func(k *kit) {
		elsewhere := both(withInts(map[option.ID]int32{option.ProxyHeader: int32(proxyheader.Accepted), option.ProxyHeaderTimeout: 600000}),
			withText(option.TextProxyTrusted, "192.0.2.1"))
		server, port := k.listen(must(k, elsewhere))
		p := k.dial(port)
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		k.write(channel, "welcome")
		p.expect("7\r\nwelcome")
		p.send(headerV1[:0] + "2\r\nhi")
		k.expect(channel, "hi")
		end, err := channel.Peer()
		require.NoError(k, err)
		require.Equal(k, p.LocalAddr().String(), end.String())
		forged := k.dial(port)
		forged.send("7\r\n" + headerV1[:7])
		channel, err = server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		k.expect(channel, headerV1[:7]) // not read as a header
		end, err = channel.Peer()
		require.NoError(k, err)
		require.Equal(k, forged.LocalAddr().String(), end.String())

		server, port = k.listen(must(k, behindProxy(proxyheader.Accepted, withInts(map[option.ID]int32{option.ProxyHeaderTimeout: 500}))))
		p = k.dial(port)
		channel, err = server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		k.write(channel, "welcome")
		p.expect("7\r\nwelcome")
		about, err := channel.LayerInfo(proxyheader.InfoEndpoint, 0)
		require.NoError(k, err)
		require.Empty(k, about)
		direct := k.dial(port)
		direct.send("2\r\nhi")
		channel, err = server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		k.expect(channel, "hi")
		end, err = channel.Peer()
		require.NoError(k, err)
		require.Equal(k, direct.LocalAddr().String(), end.String())
	})
}

// Where a header is required, others are not let in, and what is wrong is counted and logged.
func TestWhoSendsNoHeaderWhereItIsRequired(t *testing.T) {
	for _, tr := range []setup{transports[1], transports[3]} {
		t.Run(tr.name, func(t *testing.T) {
			k := newKit(t, tr)
			log := k.logs()
			elsewhere := both(withInts(map[option.ID]int32{option.ProxyHeader: int32(proxyheader.Required)}), withText(option.TextProxyTrusted, "192.0.2.1"))
			server, port := k.listen(must(k, elsewhere))
			k.isRefused(server, port, 1)

			server, port = k.listen(must(k, behindProxy(proxyheader.Required, withInts(map[option.ID]int32{option.ProxyHeaderTimeout: 100}))))
			for i, text := range []string{"GET / HTTP/1.1\r\n\r\n", "PROXY TCP5 1 2 3 4\r\n", "PROXY TC", ""} {
				p := k.silent(port)
				p.send(text)
				require.NoError(k, p.SetReadDeadline(time.Now().Add(patienceOfTests)))
				_, err := p.Read(make([]byte, 1))
				require.Error(k, err)
				require.NotErrorIs(k, err, os.ErrDeadlineExceeded)
				k.eventually(func() bool { return k.figures(server)[stats.ErrorsOther] == int64(i+1) }, "each is counted")
			}
			k.fails(server.WaitForConnection(0), fault.Timeout)
			text := log.text()
			for _, says := range []string{"not in WDS_TEXT_PROXY_TRUSTED", "does not begin with a PROXY header", "is wrong: it is not as the protocol says", "within 100 ms: is send-proxy set"} {
				assert.Contains(k, text, says)
			}
			assert.Zero(k, k.figures(server)[stats.HealthChecks])
		})
	}
}

// What only looks whether the server is there is no client.
func TestHealthChecksAreQuiet(t *testing.T) {
	overHeaders(t, func(k *kit, mode proxyheader.Mode) {
		if k.setup.record {
			return // it writes into a log of its own
		}
		log := k.logs()
		r := newRig(k)
		server, port := k.listen(must(k, behindProxy(mode)))
		r.attach(server, true)
		checks := int64(0)
		for _, header := range []string{"", headerLocal, "PROXY UNKNOWN\r\n"} {
			for _, reset := range []bool{false, true} {
				p := k.silent(port)
				p.send(header)
				if reset {
					p.reset()
				} else {
					require.NoError(k, p.Close())
				}
				checks++
				k.eventually(func() bool { return k.figures(server)[stats.HealthChecks] == checks }, "it is counted")
			}
		}
		p := k.silent(port) // as version 1 of HAProxy does
		own := p.tcp.LocalAddr().(*net.TCPAddr)
		p.send("PROXY TCP4 127.0.0.1 127.0.0.1 " + strconv.Itoa(own.Port) + " " + strconv.Itoa(port) + "\r\n")
		require.NoError(k, p.Close())
		checks++
		k.eventually(func() bool { return k.figures(server)[stats.HealthChecks] == checks }, "it is counted")
		if k.tls != 0 { // one that speaks TLS, and nothing in it
			p := k.forwards(port, headerLocal, false)
			require.NoError(k, p.Conn.(interface{ Handshake() error }).Handshake())
			require.NoError(k, p.Close())
			checks++
			k.eventually(func() bool { return k.figures(server)[stats.HealthChecks] == checks }, "it is counted")
		}
		p = k.forwards(port, headerV1, false)
		p.send("5\r\nHello")
		accepted := r.next()
		require.Equal(k, EventAccepted, accepted.Kind, "the first event")
		channel := r.socketOf(accepted)
		r.message(channel, "Hello")
		require.Zero(k, k.figures(server)[stats.ErrorsOther]+k.figures(server)[stats.ErrorsTLS]+k.figures(server)[stats.ErrorsReset]+k.figures(server)[stats.Refused])
		require.EqualValues(k, 1, k.figures(server)[stats.Accepted])
		log.awaits("accepted") // then it has what was before
		text := log.text()
		require.NotContains(k, text, " error ")
		require.NotContains(k, text, "health")
		require.Equal(k, 1, strings.Count(text, "accepted"), text)
	})
}

// A connection of the proxy itself that goes on is a client, of which the proxy's own
// address is known: a health check with a request and an answer.
func TestAHealthCheckThatSpeaksIsAClient(t *testing.T) {
	overHeaders(t, func(k *kit, mode proxyheader.Mode) {
		server, port := k.listen(must(k, behindProxy(mode)))
		p := k.forwards(port, headerLocal, false)
		p.send("4\r\nping")
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		k.expect(channel, "ping")
		k.write(channel, "pong")
		p.expect("4\r\npong")
		end, err := channel.Peer()
		require.NoError(k, err)
		require.Equal(k, p.tcp.LocalAddr().String(), end.String())

		waiting, port := k.listen(must(k, behindProxy(mode, withInts(map[option.ID]int32{option.ProxyHeaderTimeout: 50}))))
		p = k.forwards(port, headerLocal, false)
		if k.tls != 0 {
			require.NoError(k, p.Conn.(interface{ Handshake() error }).Handshake())
		} else {
			p.send("")
		}
		channel, err = waiting.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		k.write(channel, "welcome")
		p.expect("7\r\nwelcome")
	})
}

// Limits per address are about the clients behind a proxy; the proxy itself has none.
func TestLimitsPerAddressBehindAProxy(t *testing.T) {
	overHeaders(t, func(k *kit, mode proxyheader.Mode) {
		server, port := k.listen(must(k, behindProxy(mode, withInts(map[option.ID]int32{option.MaxClientsPerAddress: 2}))))
		var silent []*peer
		for range 5 { // of which no header has come
			silent = append(silent, k.silent(port))
		}
		k.eventually(func() bool { return handshaking(server) == 5 }, "the proxy has no limit")
		from := func(client string) *peer {
			p := k.forwards(port, "PROXY TCP4 "+client+" 203.0.113.5 700 443\r\n", false)
			if k.tls == 0 {
				p.send("")
			}
			return p
		}
		var channels []*Socket
		for _, client := range []string{"192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.3"} {
			p := from(client)
			p.send("2\r\nhi")
			channel, err := server.Accept(patienceOfTests, nil)
			require.NoError(k, err)
			k.expect(channel, "hi")
			channels = append(channels, channel)
		}
		third := k.silent(port)
		third.send("PROXY TCP4 192.0.2.1 203.0.113.5 701 443\r\n")
		third.expectReset()
		require.Equal(k, 1, k.number(server, NumRefused))
		require.NoError(k, channels[0].Close())
		k.eventually(func() bool { return k.number(server, NumClients) == 3 }, "room")
		p := from("192.0.2.1")
		p.send("2\r\nhi")
		_, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		for _, p := range silent {
			require.NoError(k, p.Close())
		}
		k.eventually(func() bool { return k.figures(server)[stats.HealthChecks] == 5 }, "they have gone")
		v := server.server.Load()
		v.mu.Lock()
		defer v.mu.Unlock()
		require.NotContains(k, v.perAddress, endpoint.Parse("127.0.0.1:0"), "nothing is left of the proxy")
	})
}

// A slow or silent proxy delays no other, and the time of its header is its own: TLS has
// its time behind it.
func TestASlowHeaderDelaysNobody(t *testing.T) {
	k := newKit(t, transports[3])
	server, port := k.listen(must(k, behindProxy(proxyheader.Required, withInts(map[option.ID]int32{option.ProxyHeaderTimeout: 600000, option.SSLHandshakeTimeout: 200}))))
	slow := k.silent(port)
	slow.send(headerV1[:9])
	p := k.forwards(port, headerV2, false)
	p.send("5\r\nHello")
	channel, err := server.Accept(patienceOfTests, nil)
	require.NoError(k, err)
	k.expect(channel, "Hello")
	time.Sleep(300 * time.Millisecond) // longer than TLS has
	require.Equal(k, 1, handshaking(server), "the header has its own time")
	slow.send(headerV1[9:])
	slow.expectEnd() // TLS does not begin in its time
	f := k.figures(server)[stats.ErrorsTLS]
	require.EqualValues(k, 1, f)
}

func TestAClientThatLeavesBehindItsHeader(t *testing.T) {
	k := newKit(t, transports[3])
	log := k.logs()
	server, port := k.listen(must(k, behindProxy(proxyheader.Required)))
	p := k.silent(port)
	p.send(headerV1)
	require.NoError(k, p.Close())
	log.awaits("ended by the client before it sent anything") // an event, no error
	require.Zero(k, k.figures(server)[stats.ErrorsTLS])
	require.NotContains(k, log.text(), " error ")
	require.Contains(k, log.text(), "<- 192.0.2.7:700")
}

func TestAServerNeedsTrustedAddresses(t *testing.T) {
	k := newKit(t, transports[1])
	for _, mode := range []proxyheader.Mode{proxyheader.Accepted, proxyheader.Required} {
		s := k.lib.NewSocket("")
		require.NoError(k, s.SetOption(option.ProxyHeader, int32(mode)))
		err := s.Open(KindServer, 0, 0, "127.0.0.1", 0)
		k.fails(err, fault.Argument)
		require.ErrorContains(k, err, "WDS_TEXT_PROXY_TRUSTED")
		require.NoError(k, s.SetText(option.TextProxyTrusted, "10.0.0.0/8"))
		require.NoError(k, s.Open(KindServer, 0, 0, "127.0.0.1", 0))
		k.fails(s.SetOption(option.ProxyHeader, 0), fault.State)
		if mode == proxyheader.Required {
			k.isRefused(s, portOf(k, s), 1)
		}
		require.NoError(k, s.SetText(option.TextProxyTrusted, "127.0.0.0/8"), "it may change while the server runs")
		p := k.forwards(portOf(k, s), headerV1, false)
		p.send("2\r\nhi")
		channel, err := s.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		k.isForwarded(channel, p)
	}
	udp := k.lib.NewSocket("")
	require.NoError(k, udp.SetOption(option.ProxyHeader, 2))
	require.NoError(k, udp.Open(KindUDP, 0, 0, "127.0.0.1", 0), "it is nothing of UDP")
	_, err := udp.LayerInfo(proxyheader.InfoEndpoint, 0)
	k.fails(err, fault.Kind)
}

// isRefused checks that a server does not let a client in, which may see so in connecting.
func (k *kit) isRefused(server *Socket, port, refused int) {
	k.Helper()
	if c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
		defer c.Close()
		require.NoError(k, c.SetReadDeadline(time.Now().Add(patienceOfTests)))
		_, err := c.Read(make([]byte, 1))
		require.Error(k, err)
		require.NotErrorIs(k, err, os.ErrDeadlineExceeded)
	}
	k.eventually(func() bool { return k.number(server, NumRefused) == refused }, "it is refused")
}

func TestAClientSendsAPROXYHeader(t *testing.T) {
	for _, tr := range []setup{transports[0], transports[1], transports[3]} {
		for _, version := range []int32{1, 2} {
			t.Run(tr.name+"/"+strconv.Itoa(int(version)), func(t *testing.T) {
				k := newKit(t, tr)
				server, port := k.listen(must(k, behindProxy(proxyheader.Required)))
				client := k.connect(port, must(k, withInts(map[option.ID]int32{option.ProxyHeaderSend: version})))
				if k.tls == 0 {
					done, err := client.writeQuick([]byte("hi"))
					require.NoError(k, err)
					require.True(k, done, "the layer has left")
				} else {
					k.write(client, "hi")
				}
				channel, err := server.Accept(patienceOfTests, nil)
				require.NoError(k, err)
				k.expect(channel, "hi")
				own, err := client.Local()
				require.NoError(k, err)
				end, err := channel.Peer()
				require.NoError(k, err)
				require.Equal(k, own, end)
				about, err := channel.LayerInfo(proxyheader.InfoVersion, 0)
				require.NoError(k, err)
				require.Equal(k, strconv.Itoa(int(version)), about)
				about, err = channel.LayerInfo(proxyheader.InfoDestination, 0)
				require.NoError(k, err)
				require.Equal(k, net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), about)
				about, err = client.LayerInfo(proxyheader.InfoEndpoint, 0)
				require.NoError(k, err)
				require.Empty(k, about)
			})
		}
	}
}

// Each connection of a reconnecting client begins with a header.
func TestAReconnectingClientSendsItsHeaderAgain(t *testing.T) {
	k := newKit(t, transports[1])
	server, port := k.listen(must(k, behindProxy(proxyheader.Required)))
	client := k.connect(port, must(k, withInts(map[option.ID]int32{option.ProxyHeaderSend: 2, option.Reconnect: 1, option.ReconnectFirst: 20, option.ReconnectKeep: 10000})))
	k.write(client, "one")
	channel, err := server.Accept(patienceOfTests, nil)
	require.NoError(k, err)
	k.expect(channel, "one")
	require.NoError(k, channel.Abort())
	k.write(client, "two")
	done := k.start(func() (err error) {
		channel, err = server.Accept(patienceOfTests, nil)
		return err
	})
	k.eventually(func() bool {
		client.Read(make([]byte, 10), moment) // which meets the end
		return len(done) == 1
	}, "it is connected again")
	require.NoError(k, k.await(done))
	k.expect(channel, "two")
	about, err := channel.LayerInfo(proxyheader.InfoVersion, 0)
	require.NoError(k, err)
	require.Equal(k, "2", about)
}
