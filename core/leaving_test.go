package core

import (
	"io"
	"net"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/layer"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
	"wdsocket/core/stats"
)

// greeting is a layer that is a handshake and nothing else: each side sends the text and
// waits for the other's. It reads what comes with that, and leaves.
type greeting struct {
	text  string
	from  endpoint.Addr   // the peer, as it says
	phase fault.Phase     // 0: PROXY
	pause <-chan struct{} // what the handshake waits for, nil for nothing
}

func (greeting) Instant() bool { return false }

func (g greeting) Phase() fault.Phase {
	if g.phase != 0 {
		return g.phase
	}
	return fault.PhaseProxy
}

func (g greeting) Handshake(base layer.Base, who string) (layer.Conn, error) {
	if _, err := base.Write([]byte(g.text)); err != nil {
		return nil, err
	}
	if g.pause != nil {
		<-g.pause
	}
	b, got := make([]byte, 4096), 0
	for got < len(g.text) {
		n, err := base.Read(b[got:])
		if err != nil {
			return nil, err
		}
		got += n
	}
	if string(b[:len(g.text)]) != g.text {
		return nil, fault.New(fault.Refused, fault.PhaseRead, who)
	}
	return layer.Finish(base, b[len(g.text):got], g.from), nil
}

// greetingConn is the greeting of a peer that is no socket of the library. It leaves in
// one piece with the first bytes that are written, or everything does in pieces of one
// byte.
type greetingConn struct {
	net.Conn
	says, hears string // still to be said and heard
	pieces      bool
}

func (c *greetingConn) Write(p []byte) (int, error) {
	all := append([]byte(c.says), p...)
	c.says = ""
	step := len(all)
	if c.pieces {
		step = 1
	}
	for len(all) > 0 {
		if _, err := c.Conn.Write(all[:step]); err != nil {
			return 0, err
		}
		all = all[step:]
	}
	return len(p), nil
}

func (c *greetingConn) Read(p []byte) (int, error) {
	if c.hears != "" {
		heard := make([]byte, len(c.hears))
		if _, err := io.ReadFull(c.Conn, heard); err != nil {
			return 0, err
		}
		if string(heard) != c.hears {
			return 0, unexpected("%q instead of %q", heard, c.hears)
		}
		c.hears = ""
	}
	return c.Conn.Read(p)
}

// forwardedPeer is who the tests' greetings say that the peer is.
var forwardedPeer = endpoint.Parse("192.0.2.7:700")

// overGreetings runs a test with one and with two handshakes that leave, without other
// layers and below TLS, with peers that send in one piece and in many.
func overGreetings(t *testing.T, f func(k *kit, text string, pieces bool)) {
	for _, tr := range []setup{transports[0], transports[1], transports[3]} {
		for _, texts := range [][]string{{"hello\n"}, {"one\n", "two\n"}} {
			for _, pieces := range []bool{false, true} {
				t.Run(tr.name+"/"+strconv.Itoa(len(texts))+"/pieces "+strconv.FormatBool(pieces), func(t *testing.T) {
					k := newKit(t, tr)
					all := ""
					for _, text := range texts {
						k.lib.Lower = append(k.lib.Lower, greeting{text: text, from: forwardedPeer})
						all += text
					}
					f(k, all, pieces)
				})
			}
		}
	}
}

// greets connects a peer that is no socket of the library, whose greeting leaves with the
// first bytes behind it. What it hears, if it is to, stands before what it reads.
func (k *kit) greets(port int, says, hears string, pieces bool) *peer {
	k.Helper()
	p := k.silent(port)
	p.Conn = &greetingConn{Conn: p.Conn, says: says, hears: hears, pieces: pieces}
	if k.tls != 0 {
		p.Conn = k.secureDialed(p.Conn)
	}
	return p
}

// hasLeft checks that a connection is as one on which there was no handshake but that
// of TLS: quick writes are made.
func (k *kit) hasLeft(s *Socket) {
	k.Helper()
	st := s.stream.Load()
	require.Equal(k, k.tls == 0, st.transparent())
	if k.tls != 0 {
		require.Equal(k, 2, st.layers.Len(), "TLS, on what records below it")
	}
	done, err := s.writeQuick([]byte("World"))
	require.NoError(k, err)
	require.True(k, done)
	end, err := s.Peer()
	require.NoError(k, err)
	from := k.lib.Lower[0].(greeting).from
	require.Equal(k, from, end, "the address stays")
	require.Equal(k, from.String(), s.Label())
}

func TestALayerLeavesAServersClient(t *testing.T) {
	overGreetings(t, func(k *kit, text string, pieces bool) {
		server, port := k.listen(nil)
		p := k.greets(port, text, text, pieces)
		p.send("5\r\nHello4\r\nmore")
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		require.Equal(k, k.layers(), channel.Layers())
		k.expect(channel, "Hello")
		k.hasLeft(channel)
		p.expect("5\r\nWorld")
		k.expect(channel, "more")
		f, err := channel.Statistics()
		require.NoError(k, err)
		require.Equal(k, k.tls != 0, f[stats.TLSMicros] > 0, "other handshakes have nothing to do with TLS")
		require.Positive(k, f[stats.FirstByteMicros])
		_, err = channel.Read(make([]byte, 9), moment)
		require.ErrorContains(k, err, forwardedPeer.String(), "errors name it")
		require.NoError(k, p.Close())
		k.readFails(channel, patienceOfTests, fault.PeerClosed)
	})
}

func TestALayerLeavesAManagedClient(t *testing.T) {
	overGreetings(t, func(k *kit, text string, pieces bool) {
		r := newRig(k)
		server, port := k.listen(nil)
		r.attach(server, true)
		p := k.greets(port, text, text, pieces)
		p.send("5\r\nHello4\r\nmore")
		accepted := r.next()
		require.Equal(k, EventAccepted, accepted.Kind)
		channel := r.socketOf(accepted)
		r.message(channel, "Hello")
		r.message(channel, "more")
		k.hasLeft(channel)
		p.expect("5\r\nWorld")
		p.send("5\r\nafter")
		r.message(channel, "after")
	})
}

// answersGreetings takes a client as a peer that is no socket of the library.
func (k *kit) answersGreetings(ln net.Listener, text, behind string, pieces bool) (*peer, error) {
	c, err := ln.Accept()
	if err != nil {
		return nil, err
	}
	k.Cleanup(func() { c.Close() })
	g := &greetingConn{Conn: c, says: text, hears: text, pieces: pieces}
	p := &peer{Conn: g, tcp: c.(*net.TCPConn), t: k}
	if k.tls == 0 {
		_, err = g.Write([]byte(behind))
		return p, err
	}
	if _, err := g.Write(nil); err != nil {
		return nil, err
	}
	p.Conn = secureAccepted(g)
	_, err = p.Write([]byte(behind))
	return p, err
}

func (k *kit) listensRaw() (ln net.Listener, port int) {
	k.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(k, err)
	k.Cleanup(func() { ln.Close() })
	return ln, ln.Addr().(*net.TCPAddr).Port
}

func TestALayerLeavesAClient(t *testing.T) {
	overGreetings(t, func(k *kit, text string, pieces bool) {
		ln, port := k.listensRaw()
		var p *peer
		done := k.start(func() (err error) {
			p, err = k.answersGreetings(ln, text, "5\r\nHello4\r\nmore", pieces)
			return err
		})
		s := k.connect(port, nil)
		require.NoError(k, k.await(done))
		k.expect(s, "Hello")
		k.hasLeft(s)
		p.expect("5\r\nWorld")
		k.expect(s, "more")
	})
}

func TestALayerLeavesAClientInAQueue(t *testing.T) {
	overGreetings(t, func(k *kit, text string, pieces bool) {
		r := newRig(k)
		ln, port := k.listensRaw()
		var p *peer
		done := k.start(func() (err error) {
			p, err = k.answersGreetings(ln, text, "5\r\nHello4\r\nmore", pieces)
			return err
		})
		s := k.socket(nil)
		r.attach(s, false)
		require.NoError(k, s.Open(KindClient, k.layers(), port, "127.0.0.1", 0))
		r.expectEvent(s, EventConnected)
		r.message(s, "Hello")
		r.message(s, "more")
		require.NoError(k, k.await(done))
		k.hasLeft(s)
		p.expect("5\r\nWorld")
	})
}

// Each connection of a link has its handshakes, and what came behind the last of them
// comes behind what the one before had received.
func TestALayerLeavesEachConnectionOfALink(t *testing.T) {
	for _, tr := range []setup{transports[1], transports[3]} {
		t.Run(tr.name, func(t *testing.T) {
			k := newKit(t, tr)
			k.lib.Lower = []layer.Layer{greeting{text: "hello\n", from: forwardedPeer}}
			ln, port := k.listensRaw()
			take := func(p **peer, behind string) <-chan error {
				return k.start(func() (err error) {
					*p, err = k.answersGreetings(ln, "hello\n", behind, false)
					return err
				})
			}
			var first, second *peer
			done := take(&first, "6\r\nbefore4\r\nlast")
			s := k.connect(port, must(k, withInts(map[option.ID]int32{option.Reconnect: 1, option.ReconnectFirst: 20, option.ReconnectMost: 100})))
			require.NoError(k, k.await(done))
			k.expect(s, "before")
			require.Equal(k, len("4\r\nlast"), k.number(s, NumBuffered))
			done = take(&second, "5\r\nafter")
			first.reset()
			k.eventually(func() bool {
				if _, times := s.reconnector.Load().status(); times == 1 {
					return true
				}
				s.Write([]byte("any")) // which meets the end
				return false
			}, "it is connected again")
			require.NoError(k, k.await(done))
			k.expect(s, "last")
			k.expect(s, "after")
			require.Equal(k, k.tls == 0, s.stream.Load().transparent())
		})
	}
}

// TLS that ends leaves a connection as if no layer had ever been there, although one
// that has left stood below it.
func TestALayerThatHasLeftStaysAwayWhenTLSEnds(t *testing.T) {
	k := newKit(t, transports[3])
	k.lib.Lower = []layer.Layer{greeting{text: "hello\n", from: endpoint.FromName("printer.test", 9100)}}
	client, channel := plainPair(k, nil)
	done := k.start(func() error { return channel.StopTLS(patienceOfTests) })
	require.NoError(k, client.StopTLS(patienceOfTests))
	require.NoError(k, k.await(done))
	k.tls = 0
	k.hasLeft(client)
	k.expect(channel, "World")
	k.hasLeft(channel)
	k.expect(client, "World")
}

// The time of a handshake counts for TLS alone where it is TLS's, and its errors are in
// its own phase.
func TestEachHandshakeHasItsOwnTimeAndPhase(t *testing.T) {
	k := newKit(t, transports[3])
	pause := make(chan struct{})
	k.lib.Lower = []layer.Layer{greeting{text: "hello\n", pause: pause}}
	server, port := k.listen(nil)
	client := k.socket(nil)
	began := clock()
	done := k.start(func() error { return client.Open(KindClient, LayerTLS, port, "127.0.0.1", patienceOfTests) })
	k.eventually(func() bool { return handshaking(server) == 1 && clock()-began > int64(10*moment) }, "a slow handshake")
	slow := (clock() - began) / 1000
	tlsBegan := clock()
	close(pause)
	require.NoError(k, k.await(done))
	most := (clock()-tlsBegan)/1000 + 1
	f, err := client.Statistics()
	require.NoError(k, err)
	require.Positive(k, f[stats.TLSMicros])
	require.LessOrEqual(k, f[stats.TLSMicros], most, "%d µs of it are another layer's", slow)

	ln, raw := k.listensRaw()
	refusing := k.start(func() error {
		c, err := ln.Accept()
		if err != nil {
			return err
		}
		defer c.Close()
		if _, err := io.ReadFull(c, make([]byte, len("hello\n"))); err != nil {
			return err
		}
		_, err = c.Write([]byte("HELLO\n"))
		return err
	})
	refused := k.socket(nil)
	err = refused.Open(KindClient, LayerTLS, raw, "127.0.0.1", patienceOfTests)
	k.fails(err, fault.Refused)
	var e *fault.Error
	require.ErrorAs(k, err, &e)
	require.Equal(k, fault.PhaseProxy, e.Phase)
	require.NoError(k, k.await(refusing))
	require.Equal(k, tlslayer.TLS13, k.tls)
}

// What a layer that leaves has read too much are messages as all others: with a
// heartbeat among them, and where silence ends a message.
func TestARestIsTakenAsWhatIsReceived(t *testing.T) {
	t.Run("heartbeat", func(t *testing.T) {
		k := newKit(t, transports[1])
		k.lib.Lower = []layer.Layer{greeting{text: "hello\n", from: forwardedPeer}}
		server, port := k.listen(must(t, both(inMode(frame.Size, ""), withInts(map[option.ID]int32{option.Heartbeat: 10000}), withText(option.TextHeartbeat, "beat"))))
		p := k.greets(port, "hello\n", "hello\n", false)
		p.send("4\r\nbeat5\r\nHello")
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		require.Equal(k, len("5\r\nHello"), k.number(channel, NumBuffered))
		k.expect(channel, "Hello")
	})
	t.Run("gap", func(t *testing.T) {
		k := newKit(t, transports[1])
		k.lib.Lower = []layer.Layer{greeting{text: "hello\n", from: forwardedPeer}}
		server, port := k.listen(must(t, both(inMode(frame.Gap, ""), withInts(map[option.ID]int32{option.FrameGap: 1000}))))
		p := k.greets(port, "hello\n", "hello\n", false)
		p.send("Hello")
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		k.readFails(channel, 0, fault.Timeout) // it may go on
		k.expect(channel, "Hello")
	})
}
