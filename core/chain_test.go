package core

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/option"
)

// forwarded is a layer of a server behind a proxy: a client's first four bytes
// are its address.
type forwarded struct{}

func (forwarded) Phase() fault.Phase { return fault.PhaseProxy }
func (forwarded) Instant() bool      { return false }

func (forwarded) Handshake(base layer.Base, who string) (layer.Conn, error) {
	var b [4]byte
	for n := 0; n < len(b); {
		got, err := base.Read(b[n:])
		if err != nil {
			return nil, err
		}
		n += got
	}
	if b[0] == 0 {
		return nil, fault.New(fault.Refused, fault.PhaseProxy, who)
	}
	return forwardedConn{layer.Through{Base: base}, endpoint.FromIP(netip.AddrFrom4(b), 7)}, nil
}

type forwardedConn struct {
	layer.Through
	peer endpoint.Addr
}

func (c forwardedConn) Peer() endpoint.Addr { return c.peer }

// overForwarded runs a test with a server behind a proxy, with and without TLS.
func overForwarded(t *testing.T, f func(k *kit, server *Socket, port int)) {
	for _, tr := range []setup{transports[1], transports[3]} {
		t.Run(tr.name, func(t *testing.T) {
			k := newKit(t, tr)
			k.lib.Lower = []layer.Layer{forwarded{}}
			server, port := k.listen(func(s *Socket) {
				require.NoError(k, s.SetOption(option.MaxClientsPerAddress, 2))
			})
			f(k, server, port)
		})
	}
}

// behindProxy connects a client that the proxy says comes from an address.
func (k *kit) behindProxy(address string, port int) *peer {
	k.Helper()
	p := k.silent(port)
	b := netip.MustParseAddr(address).As4()
	p.send(string(b[:]))
	if k.tls != 0 {
		p.Conn = k.secureDialed(p.Conn)
	}
	return p
}

func TestAPeersAddressComesFromALayer(t *testing.T) {
	overForwarded(t, func(k *kit, server *Socket, port int) {
		p := k.behindProxy("192.0.2.7", port)
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		end, err := channel.Peer()
		require.NoError(k, err)
		require.Equal(k, "192.0.2.7:7", end.String())
		p.send("5\r\nHello")
		k.expect(channel, "Hello")
		_, err = channel.Read(make([]byte, 9), moment)
		require.ErrorContains(k, err, "192.0.2.7:7", "errors name it")
		k.write(channel, "World")
		p.expect("5\r\nWorld")
		require.NoError(k, channel.Close())
	})
}

func TestLimitsCountTheAddressThatALayerKnows(t *testing.T) {
	overForwarded(t, func(k *kit, server *Socket, port int) {
		var peers []*peer
		for _, address := range []string{"192.0.2.7", "192.0.2.8", "192.0.2.7", "192.0.2.8"} {
			peers = append(peers, k.behindProxy(address, port))
			_, err := server.Accept(patienceOfTests, nil)
			require.NoError(k, err)
		}
		third := k.silent(port)
		third.send("\xc0\x00\x02\x07")
		k.eventually(func() bool { return k.number(server, NumRefused) == 1 }, "it is one too many")
		for _, p := range peers {
			p.reset()
		}
		k.lib.CloseAll()
		v := server.server.Load()
		k.eventually(func() bool {
			v.mu.Lock()
			defer v.mu.Unlock()
			return len(v.perAddress) == 0
		}, "none counts any more")
	})
}

// A server without TLS whose layers have a handshake: a silent client delays
// nobody, and one that is refused by a layer is told of in the log alone.
func TestHandshakesOfOtherLayersAreMadeBesideAccepting(t *testing.T) {
	overForwarded(t, func(k *kit, server *Socket, port int) {
		silent := k.silent(port)
		refused := k.silent(port)
		refused.send("\x00\x00\x00\x00")
		refused.expectEnd()
		k.behindProxy("192.0.2.7", port)
		_, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		require.Equal(k, 1, handshaking(server))
		require.NoError(k, server.Close())
		silent.expectEnd()
	})
}

func TestAClientsLayerHasTheTimeOfItsHandshake(t *testing.T) {
	k := newKit(t, transports[1])
	server, port := k.listen(nil)
	k.lib.Lower = []layer.Layer{forwarded{}} // the server says nothing
	s := k.socket(func(s *Socket) { require.NoError(k, s.SetOption(option.SSLHandshakeTimeout, 50)) })
	err := s.Open(KindClient, 0, port, "127.0.0.1", patienceOfTests)
	require.ErrorIs(t, err, fault.Timeout)
	var e *fault.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, fault.PhaseProxy, e.Phase)
	began := time.Now()
	require.ErrorIs(t, s.Open(KindClient, 0, port, "127.0.0.1", moment), fault.Timeout)
	require.Less(t, time.Since(began), patienceOfTests)
	require.NoError(t, server.Close())
}

// limited is a greeting whose handshake has a time of its own.
type limited struct {
	greeting
	limit time.Duration
}

func (l limited) Limit() time.Duration { return l.limit }

// The connection's time is the other layers' alone: a layer with a time of its own has
// less, or more.
func TestAHandshakeMayHaveATimeOfItsOwn(t *testing.T) {
	const text, long = "hello\n", 600 * time.Second
	serves := func(t *testing.T, tr setup, limit, others time.Duration) (*kit, int) {
		k := newKit(t, tr)
		k.lib.Lower = []layer.Layer{limited{greeting{text: text}, limit}}
		_, port := k.listen(must(k, withInts(map[option.ID]int32{option.SSLHandshakeTimeout: int32(others / time.Millisecond)})))
		return k, port
	}
	for _, tr := range []setup{transports[1], transports[3]} {
		for name, limit := range map[string][2]time.Duration{"less": {moment, long}, "none": {0, moment}} {
			t.Run(tr.name+"/"+name, func(t *testing.T) {
				k, port := serves(t, tr, limit[0], limit[1])
				p := k.silent(port)
				p.expect(text)
				p.expectEnd()
			})
		}
	}
	t.Run("more", func(t *testing.T) {
		k, port := serves(t, transports[1], long, time.Millisecond)
		pause := make(chan struct{})
		k.lib.Lower = []layer.Layer{limited{greeting{text: text, pause: pause}, long}}
		s := k.socket(func(s *Socket) { require.NoError(k, s.SetOption(option.SSLHandshakeTimeout, 1)) })
		began := clock()
		done := k.start(func() error { return s.Open(KindClient, 0, port, "127.0.0.1", patienceOfTests) })
		k.eventually(func() bool { return clock()-began > int64(moment) }, "the time of the others is over")
		close(pause)
		require.NoError(k, k.await(done))
	})
}
