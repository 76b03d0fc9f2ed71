package core

import (
	"crypto/tls"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
)

// tlsKit is a kit whose servers have a handshaker.
func tlsKit(t *testing.T) *kit {
	return newKit(t, setup{name: "TLS", direct: true, tls: tlslayer.TLS13, pair: plainPair, raw: plainRaw})
}

// silent is a client that begins no handshake.
func (k *kit) silent(port int) *peer {
	k.Helper()
	c, err := k.dialSystem(port)
	require.NoError(k, err)
	k.Cleanup(func() { c.Close() })
	return &peer{Conn: c, tcp: c.(systemConn), t: k}
}

// handshaking tells how many handshakes a server makes now.
func handshaking(s *Socket) int {
	h := s.server.Load().handshaker
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.inProgress.Len()
}

func TestAHandshakerLetsNobodyWaitForASilentClient(t *testing.T) {
	k := tlsKit(t)
	server, port := k.listen(nil)
	for range 50 {
		k.silent(port)
	}
	k.eventually(func() bool { return handshaking(server) == 50 }, "they hang")
	k.fails(server.WaitForConnection(moment), fault.Timeout)
	p := k.dial(port)
	channel, err := server.Accept(patienceOfTests, nil)
	require.NoError(t, err)
	k.write(channel, "welcome")
	p.expect("7\r\nwelcome")
	require.Equal(t, 50, handshaking(server))
}

func TestAHandshakerGivesTheOldestUp(t *testing.T) {
	k := tlsKit(t)
	server, port := k.listen(must(k, withInts(map[option.ID]int32{option.SSLPending: 3})))
	var all []*peer
	for range 6 {
		all = append(all, k.silent(port))
		time.Sleep(time.Millisecond) // so that their order is that of the system
	}
	for _, p := range all[:3] {
		require.NoError(t, p.SetReadDeadline(time.Now().Add(patienceOfTests)))
		_, err := p.Read(make([]byte, 1))
		require.Error(t, err)
		require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the oldest are given up")
	}
	k.eventually(func() bool { return handshaking(server) == 3 }, "the others hang")
	require.NoError(t, server.SetOption(option.SSLPending, 1))
	k.silent(port)
	k.eventually(func() bool { return handshaking(server) == 1 }, "a lower limit holds at once")
}

func TestAHandshakerEndsHandshakesInTime(t *testing.T) {
	k := tlsKit(t)
	server, port := k.listen(must(k, withInts(map[option.ID]int32{option.SSLHandshakeTimeout: 50})))
	p := k.silent(port)
	p.expectEnd()
	k.eventually(func() bool { return handshaking(server) == 0 }, "nothing hangs")
	k.fails(server.WaitForConnection(0), fault.Timeout)
}

func TestTheLimitsOfClientsHoldAfterTheirHandshake(t *testing.T) {
	for _, id := range []option.ID{option.MaxClients, option.MaxClientsPerAddress} {
		t.Run(option.Ints()[id].Name, func(t *testing.T) {
			k := tlsKit(t)
			server, port := k.listen(must(k, withInts(map[option.ID]int32{id: 2})))
			k.dial(port)
			k.dial(port)
			k.eventually(func() bool { return k.number(server, NumPending) == 2 }, "all ready")
			k.tooMany(port)
			require.NoError(t, server.WaitForConnection(patienceOfTests))
			k.tooMany(port)
			first, err := server.Accept(patienceOfTests, nil)
			require.NoError(t, err)
			k.tooMany(port)
			_, err = server.Accept(patienceOfTests, nil)
			require.NoError(t, err)
			k.tooMany(port)
			k.fails(server.WaitForConnection(moment), fault.Timeout)
			assert.Equal(t, 4, k.number(server, NumRefused))
			require.NoError(t, first.Close())
			k.eventually(func() bool { return k.number(server, NumClients) == 1 }, "room")
			k.dial(port)
			_, err = server.Accept(patienceOfTests, nil)
			require.NoError(t, err)
		})
	}
}

// A server has a handshaker exactly when its clients' connections get layers.
func TestThereIsAHandshakerWhereThereAreLayers(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(*kit)
		is      bool
	}{
		{"none", func(*kit) {}, false},
		{"an instant one", func(k *kit) { k.lib.Upper = []layer.Layer{mask(1)} }, true},
		{"one with a handshake", func(k *kit) { k.lib.Lower = []layer.Layer{forwarded{}} }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newKit(t, transports[0])
			c.prepare(k)
			server, _ := k.listen(nil)
			assert.Equal(t, c.is, server.server.Load().handshaker != nil)
		})
	}
	k := tlsKit(t)
	server, _ := k.listen(nil)
	assert.NotNil(t, server.server.Load().handshaker)
}

// A client is admitted once; whether the limits still allow it may be asked again
// and again.
func TestAskingWhetherAClientIsAllowedCountsNothing(t *testing.T) {
	k := tlsKit(t)
	server, port := k.listen(must(k, withInts(map[option.ID]int32{option.MaxClients: 1, option.MaxClientsPerAddress: 1})))
	k.dial(port)
	require.NoError(t, server.WaitForConnection(patienceOfTests))
	v := server.server.Load()
	st := v.takePending()
	for range 3 {
		require.True(t, v.allowed(st))
		require.Equal(t, 1, counted(server))
		require.Equal(t, 1, v.readyClients)
	}
	v.mu.Lock()
	assert.Empty(t, v.limitLocked(st, st.admission, 1, 1))
	assert.Equal(t, "WDS_OPT_MAX_CLIENTS_PER_ADDRESS", v.limitLocked(&stream{conn: st.conn}, admittedReady, 0, 1), "of another one")
	v.mu.Unlock()
	assert.EqualError(t, limitError("WDS_OPT_MAX_CLIENTS"), "the limit WDS_OPT_MAX_CLIENTS is reached")
	v.requeue(st)
}

// counted tells how many clients of an address a server counts.
func counted(s *Socket) int {
	v := s.server.Load()
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.perAddress[endpoint.Parse("127.0.0.1:0")] + v.perAddress[localPeer().WithoutPort()]
}

func TestHandshakesCountForTheirAddressUntilTheyEnd(t *testing.T) {
	k := tlsKit(t)
	server, port := k.listen(must(k, withInts(map[option.ID]int32{option.MaxClientsPerAddress: 2, option.MaxClients: 1})))
	one, two := k.silent(port), k.silent(port)
	k.eventually(func() bool { return handshaking(server) == 2 }, "for its address alone")
	k.tooMany(port)
	require.Equal(t, 2, counted(server))
	one.Close()
	k.eventually(func() bool { return counted(server) == 1 }, "one has gone")
	k.dial(port)
	k.eventually(func() bool { return k.number(server, NumPending) == 1 }, "ready")
	require.Equal(t, 2, counted(server))
	require.NoError(t, server.WaitForConnection(0))
	require.Equal(t, 2, counted(server), "asks")
	require.NoError(t, server.Deny())
	require.Equal(t, 1, counted(server), "was denied")
	k.dial(port)
	channel, err := server.Accept(patienceOfTests, nil)
	require.NoError(t, err)
	require.Equal(t, 2, counted(server), "a channel")
	require.NoError(t, channel.Close())
	require.Equal(t, 1, counted(server))
	two.Close()
	k.eventually(func() bool { return counted(server) == 0 }, "nobody is left")

	k.dial(port)
	k.eventually(func() bool { return k.number(server, NumPending) == 1 }, "ready")
	require.Equal(t, 1, counted(server))
	_, err = server.Accept(patienceOfTests, func(*Socket) error { return errors.New("no handle") })
	require.Error(t, err)
	require.Equal(t, 1, counted(server), "asks again")
	v := server.server.Load()
	require.NoError(t, server.Close())
	v.mu.Lock()
	defer v.mu.Unlock()
	require.Empty(t, v.perAddress)
	require.Zero(t, v.readyClients)
}

// tooMany is a client that is turned away before its handshake.
func (k *kit) tooMany(port int) {
	k.Helper()
	c, err := k.dialSystem(port)
	if err != nil {
		return // so soon
	}
	defer c.Close()
	require.NoError(k, c.SetDeadline(time.Now().Add(patienceOfTests)))
	require.Error(k, tls.Client(c, peerConfig()).Handshake())
}

func TestAHandshakerHoldsNoMoreThanTheBacklog(t *testing.T) {
	k := tlsKit(t)
	server, port := k.listen(must(k, withInts(map[option.ID]int32{option.Backlog: 2})))
	first, second := k.dial(port), k.dial(port)
	k.eventually(func() bool { return k.number(server, NumPending) == 2 }, "full")
	k.dial(port).expectReset()
	assert.Equal(t, 1, k.number(server, NumRefused))
	for range 2 {
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(t, err)
		k.write(channel, "x")
	}
	first.expect("1\r\nx")
	second.expect("1\r\nx")
}

func TestClosingRefusesThoseAfterTheirHandshake(t *testing.T) {
	for name, end := range map[string]func(*Socket) error{"close": (*Socket).Close, "abort": (*Socket).Abort} {
		t.Run(name, func(t *testing.T) {
			k := tlsKit(t)
			server, port := k.listen(nil)
			ready, asks := k.dial(port), k.dial(port)
			hangs := k.silent(port)
			k.eventually(func() bool { return k.number(server, NumPending) == 2 && handshaking(server) == 1 }, "all there")
			require.NoError(t, server.WaitForConnection(0))
			require.NoError(t, end(server))
			ready.expectReset()
			asks.expectReset()
			require.NoError(t, hangs.SetReadDeadline(time.Now().Add(patienceOfTests)))
			_, err := hangs.Read(make([]byte, 1))
			require.NotErrorIs(t, err, os.ErrDeadlineExceeded)
		})
	}
}

func TestAFailedHandshakeIsNoRequest(t *testing.T) {
	k := tlsKit(t)
	server, port := k.listen(nil)
	for _, words := range []string{"GET / HTTP/1.0\r\n\r\n", "\x16\x03\x01\x00\x05hello", "\x15\x03\x03\x00\x02\x02\x28"} {
		p := k.silent(port)
		p.send(words)
		require.NoError(t, p.SetReadDeadline(time.Now().Add(patienceOfTests)))
		for {
			if _, err := p.Read(make([]byte, 100)); err != nil {
				break // behind the alert
			}
		}
	}
	k.silent(port).reset()
	k.eventually(func() bool { return handshaking(server) == 0 }, "all over")
	k.fails(server.WaitForConnection(moment), fault.Timeout)
	k.dial(port)
	require.NoError(t, server.WaitForConnection(patienceOfTests))
}

// TestManyComeAtOnceAndTheServerIsClosed closes a server in each state of its
// clients.
func TestManyComeAtOnceAndTheServerIsClosed(t *testing.T) {
	for round := range 15 {
		t.Run(decimal(round), func(t *testing.T) { manyComeAndTheServerIsClosed(tlsKit(t), round) })
	}
}

func manyComeAndTheServerIsClosed(k *kit, round int) {
	server, port := k.listen(nil)
	var all []<-chan error
	for range 8 {
		all = append(all, k.start(func() error {
			s := k.socket(nil)
			defer s.Close()
			return s.Open(KindClient, LayerTLS, port, "127.0.0.1", patienceOfTests)
		}))
	}
	all = append(all, k.start(func() error {
		for {
			if _, err := server.Accept(forever, nil); err != nil {
				return err
			}
		}
	}))
	time.Sleep(time.Duration(round) * 300 * time.Microsecond)
	require.NoError(k, server.Close())
	for _, done := range all {
		k.await(done)
	}
}
