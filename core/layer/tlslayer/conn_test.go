package tlslayer

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/layer/layertest"
)

// open gives a good connection.
func open(t *testing.T, version int32) *pair {
	t.Helper()
	root := newAuthority(t, "root")
	client := trusting(t, root)
	addBits(t, &client, version)
	return handshake(t, clientParty(t, client), serverParty(t, serverOf(t, root.leaf("P-256", nil)))).good(t)
}

func eachVersion(t *testing.T, test func(t *testing.T, version int32)) {
	for name, version := range map[string]int32{"1.2": TLS12, "1.3": TLS13} {
		t.Run(name, func(t *testing.T) { test(t, version) })
	}
}

func TestManyBytesBothWays(t *testing.T) {
	eachVersion(t, func(t *testing.T, version int32) {
		p := open(t, version)
		data := bytes.Repeat([]byte("0123456789abcdef!"), 200_000)
		for _, most := range []int{0, 1, 4, 5, 1000, 16 << 10} {
			part := data
			if most > 0 {
				part = data[:min(len(data), most*3000)]
			}
			p.below.Most = most
			var wg sync.WaitGroup
			wg.Go(func() {
				n, err := p.server.Write(part)
				assert.NoError(t, err)
				assert.Equal(t, len(part), n)
			})
			wg.Go(func() {
				_, err := p.client.Write(part)
				assert.NoError(t, err)
			})
			assert.True(t, string(part) == readN(t, p.client, len(part)))
			assert.True(t, string(part) == readN(t, p.server, len(part)))
			wg.Wait()
			assert.Nil(t, p.client.below.excess, "an idle connection holds no buffer")
			assert.Nil(t, p.server.below.excess)
		}
	})
}

func TestPending(t *testing.T) {
	p := open(t, TLS13)
	_, err := p.server.Write([]byte("12345"))
	require.NoError(t, err)
	assert.Equal(t, "12", readN(t, p.client, 2))
	assert.True(t, p.client.Pending())
	assert.False(t, p.client.Idle())
	got := make([]byte, 10)
	n, err := p.client.Read(got)
	require.NoError(t, err)
	assert.Equal(t, "345", string(got[:n]))
	assert.False(t, p.client.Pending())
	assert.True(t, p.client.Idle())
	for range 3 {
		_, err = p.server.Write([]byte("x"))
		require.NoError(t, err)
	}
	assert.Equal(t, "x", readN(t, p.client, 1))
	n, err = p.client.Read(got)
	require.NoError(t, err)
	assert.Equal(t, 1, n, "one record at a time")
	assert.True(t, p.client.Pending(), "another record is here")
	assert.False(t, p.client.Idle())
	readN(t, p.client, 1)
	p.client.below.answers.unread.Store(mostAnswers + 1)
	assert.False(t, p.client.Idle(), "reading waits for answers to leave")
}

func TestTimeoutThenMoreData(t *testing.T) {
	eachVersion(t, func(t *testing.T, version int32) {
		p := open(t, version)
		p.client.below.base.(*layertest.End).Wait = time.Millisecond
		buffer := make([]byte, 100)
		_, err := p.client.Read(buffer)
		isFault(t, err, fault.Timeout, "bottom")

		// A record that comes in three pieces, with time-outs between.
		record := capture(p.serverBelow, func() { p.server.Write([]byte("slow but whole")) })
		for _, piece := range [][]byte{record[:3], record[3:9]} {
			p.serverBelow.Out.Put(piece)
			for range 2 {
				_, err = p.client.Read(buffer)
				isFault(t, err, fault.Timeout)
			}
		}
		p.serverBelow.Out.Put(record[9:])
		p.below.Wait = patience
		assert.Equal(t, "slow but whole", readN(t, p.client, 14))
		p.good(t)
	})
}

// capture gives what is written meanwhile instead of sending it.
func capture(e *layertest.End, write func()) []byte {
	var all []byte
	e.OnWrite = func(p []byte) int {
		all = append(all, p...)
		return len(p)
	}
	write()
	e.OnWrite = nil
	return all
}

func TestErrorsOfTheBottomComeUnchanged(t *testing.T) {
	for _, code := range []fault.Code{fault.Timeout, fault.Cancelled, fault.Closed, fault.Reset} {
		p := open(t, TLS13)
		want := fault.New(code, fault.PhaseRead, "bottom")
		p.serverBelow.Out.End(want)
		for range 3 {
			_, err := p.client.Read(make([]byte, 1))
			assert.Same(t, want, err)
		}
	}
	below, _ := pipe()
	want := fault.New(fault.Timeout, fault.PhaseRead, "bottom")
	below.In.End(want)
	assert.Same(t, want, clientParty(t, Settings{}).Client(below, "server:1").Handshake())
}

func TestTruncation(t *testing.T) {
	eachVersion(t, func(t *testing.T, version int32) {
		t.Run("at a record's end", func(t *testing.T) {
			p := open(t, version)
			_, err := p.server.Write([]byte("all"))
			require.NoError(t, err)
			p.serverBelow.Stop()
			assert.Equal(t, "all", readN(t, p.client, 3))
			for range 2 {
				_, err = p.client.Read(make([]byte, 1))
				isFault(t, err, fault.TLSTruncated, "server:1")
			}
		})
		t.Run("inside a record", func(t *testing.T) {
			p := open(t, version)
			record := capture(p.serverBelow, func() { p.server.Write([]byte("half")) })
			p.serverBelow.Out.Put(record[:len(record)-1])
			p.serverBelow.Stop()
			_, err := p.client.Read(make([]byte, 10))
			isFault(t, err, fault.TLSTruncated, "server:1")
		})
		t.Run("inside the handshake", func(t *testing.T) {
			below, peer := pipe()
			peer.Stop()
			err := clientParty(t, Settings{}).Client(below, "server:1").Handshake()
			isFault(t, err, fault.TLSHandshake, "server:1")
		})
	})
}

func TestPlainBytesBehindCloseNotify(t *testing.T) {
	eachVersion(t, func(t *testing.T, version int32) {
		for _, most := range []int{0, 1, 7} {
			p := open(t, version)
			p.below.Most = most
			all := capture(p.serverBelow, func() {
				p.server.Write([]byte("the last of TLS"))
				require.NoError(t, p.server.CloseWrite())
			})
			p.serverBelow.Out.Put(append(all, "plain again\r\n"...))
			assert.Equal(t, "the last of TLS", readN(t, p.client, 15))
			for range 2 {
				_, err := p.client.Read(make([]byte, 10))
				isFault(t, err, fault.PeerClosed, "server:1")
			}
			rest := p.client.Leftover()
			for len(rest) < 13 {
				b := make([]byte, 13)
				n, err := p.below.Read(b)
				require.NoError(t, err)
				rest = append(rest, b[:n]...)
			}
			assert.Equal(t, "plain again\r\n", string(rest))
			assert.Empty(t, p.client.Leftover())
			assert.Nil(t, p.client.below.excess)

			_, err := p.server.Write([]byte("x"))
			isFault(t, err, fault.WriteClosed, "client:2")
			p.exchange(t, p.client, p.server, "the other way is open")
			require.NoError(t, p.client.CloseWrite())
			require.NoError(t, p.client.CloseWrite())
			_, err = p.server.Read(make([]byte, 1))
			isFault(t, err, fault.PeerClosed)
		}
	})
}

func TestDamagedRecords(t *testing.T) {
	eachVersion(t, func(t *testing.T, version int32) {
		damage := map[string]func([]byte) []byte{
			"a bit":    func(r []byte) []byte { r[len(r)-1] ^= 1; return r },
			"too long": func(r []byte) []byte { r[3] = 0xff; return r },
			"version":  func(r []byte) []byte { r[1] = 9; return r },
			"type":     func(r []byte) []byte { r[0] = 20; return r },
			"replayed": func(r []byte) []byte { return append(r, r...) },
		}
		for name, change := range damage {
			p := open(t, version)
			record := capture(p.serverBelow, func() { p.server.Write([]byte("data")) })
			p.serverBelow.Out.Put(change(record))
			var err error
			for range 2 {
				if _, err = p.client.Read(make([]byte, 10)); err != nil {
					break
				}
			}
			isFault(t, err, fault.TLSRecord, "server:1")
			_, err = p.client.Write([]byte("x"))
			require.Error(t, err, name)
			_, err = p.server.Read(make([]byte, 10))
			isFault(t, err, fault.TLSRecord, "client:2")
		}
	})
}

func TestPeersThatDoNotSpeakTLS(t *testing.T) {
	root := newAuthority(t, "root")
	server := serverParty(t, serverOf(t, root.leaf("P-256", nil)))
	client := clientParty(t, Settings{})
	for _, tt := range []struct {
		sent, shown string
		code        fault.Code
	}{
		{"220 mail.example.com ESMTP ready\r\n", "220 mail.example.com ESMTP ready", fault.TLSPlainText},
		{"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1", fault.TLSPlainText},
		{"\x00\x00\x00\x10binary message..", "binary message", fault.TLSPlainText},
		{"\x16\x20\x20\x00\x01x", "", fault.TLSPlainText},
		{"\x17\x03\x03\x00\x01x", "", fault.TLSPlainText},
	} {
		for name, make := range map[string]func(layer.Base, string) *Conn{"client": client.Client, "server": server.Server} {
			below, peer := pipe()
			peer.Out.Put([]byte(tt.sent))
			e := isFault(t, make(below, "peer:3").Handshake(), tt.code, "peer:3", tt.shown)
			assert.Equal(t, fault.PhaseTLS, e.Phase, name)
			assert.Contains(t, e.Error(), map[string]string{"client": "to tcp:// or ws:// instead of tls:// or wss://", "server": "the client has to use TLS"}[name])
		}
	}
	below, peer := pipe()
	peer.Out.Put([]byte("\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10"))
	isFault(t, server.Server(below, "peer:3").Handshake(), fault.TLSNoCommonVersion, "SSL 2")
}

func TestTLSOnAPlainPort(t *testing.T) {
	below, peer := pipe()
	c := clientParty(t, Settings{}).Client(below, "server:1")
	go func() {
		peer.Read(make([]byte, 5000))
		peer.Out.Put([]byte("HTTP/1.1 400 Bad Request\r\n"))
	}()
	isFault(t, c.Handshake(), fault.TLSPlainText, "HTTP/1.1 400 Bad Request")
}

// A server that ends or cuts the connection without a word may have no TLS.
func TestAServerThatMayHaveNoTLS(t *testing.T) {
	const advice = "if it has no TLS, connect with WDSocketConnect"
	below, peer := pipe()
	peer.Stop()
	c := clientParty(t, Settings{}).Client(below, "server:1")
	assert.Contains(t, isFault(t, c.Handshake(), fault.TLSHandshake).Error(), "in the middle of it; "+advice)
	cut := fault.New(fault.Reset, fault.PhaseRead, "server:1")
	assert.ErrorContains(t, c.below.cutOff(cut), advice)
	assert.Equal(t, fault.NoNote, cut.Hint, "it is shared")
	c.below.begun = true
	assert.NotContains(t, c.below.cutOff(cut).Error(), advice)
}

func TestInfo(t *testing.T) {
	root := newAuthority(t, "Root")
	id := root.authority("Middle").leaf("RSA", nil)
	client, server := trusting(t, root), serverOf(t, id)
	addBits(t, &client, TLS13)
	below, peer := pipe()
	unready := clientParty(t, client).Client(below, "server:1")
	_, err := unready.Info(InfoVersion, 0)
	isFault(t, err, fault.State, "server:1")
	isFault(t, unready.CloseWrite(), fault.State, "server:1")
	peer.Stop()

	p := handshake(t, clientParty(t, client), serverParty(t, server)).good(t)
	for what, want := range map[int32]string{
		InfoVersion: "TLS 1.3", InfoALPN: "", InfoResumed: "0", InfoServerName: "localhost", InfoVerify: "", InfoCount: "2",
		InfoGroup: "X25519MLKEM768", InfoNames: "localhost", InfoFrom: instant(id.cert.NotBefore),
		InfoUntil: instant(id.cert.NotAfter), InfoPEM: certPEM(id.cert), InfoPin: pinOf(id.cert),
		InfoSubject: "CN=leaf RSA,O=wdsocket tests", InfoIssuer: "CN=Middle,O=wdsocket tests",
		InfoSerial: hex.EncodeToString(id.cert.SerialNumber.Bytes()),
	} {
		assert.Equal(t, want, info(t, p.client, what, 0), what)
	}
	assert.Regexp(t, "^TLS_(AES|CHACHA20)", info(t, p.client, InfoCipher, 0))
	assert.Regexp(t, "^[0-9a-f]{40}$", info(t, p.client, InfoSHA1, 0))
	assert.Regexp(t, "^[0-9a-f]{64}$", info(t, p.client, InfoSHA256, 1))
	assert.Equal(t, "CN=Middle,O=wdsocket tests", info(t, p.client, InfoSubject, 1))
	for _, bad := range [][2]int32{{InfoSubject, 2}, {InfoSubject, -1}, {InfoCount + 1, 0}, {0, 0}, {InfoPEM + 1, 0}} {
		_, err := p.client.Info(bad[0], int(bad[1]))
		isFault(t, err, fault.Argument)
	}
	assert.Empty(t, info(t, p.server, InfoSubject, 0), "the client has sent no certificate")
	_, err = p.server.Info(InfoSubject, 1)
	isFault(t, err, fault.Argument)
	assert.NotEmpty(t, info(t, p.server, InfoVerify, 0))
}

// keyLog collects the secrets of a connection.
type keyLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (k *keyLog) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.text.Write(p)
}

func (k *keyLog) secret(t *testing.T, name string) []byte {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	for line := range strings.Lines(k.text.String()) {
		if fields := strings.Fields(line); fields[0] == name {
			secret, err := hex.DecodeString(fields[2])
			require.NoError(t, err)
			return secret
		}
	}
	require.Fail(t, "no "+name)
	return nil
}

// sealer writes records of TLS 1.3 with a secret, AES-128-GCM with SHA-256.
type sealer struct {
	t      *testing.T
	secret []byte
	seq    uint64
}

func (s *sealer) expand(label string, length int) []byte {
	label = "tls13 " + label
	info := binary.BigEndian.AppendUint16(nil, uint16(length))
	info = append(append(append(info, byte(len(label))), label...), 0)
	out, err := hkdf.Expand(sha256.New, s.secret, string(info), length)
	require.NoError(s.t, err)
	return out
}

func (s *sealer) record(kind byte, data []byte) []byte {
	block, err := aes.NewCipher(s.expand("key", 16))
	require.NoError(s.t, err)
	aead, err := cipher.NewGCM(block)
	require.NoError(s.t, err)
	nonce := s.expand("iv", 12)
	for i := range 8 {
		nonce[4+i] ^= byte(s.seq >> (56 - 8*i))
	}
	s.seq++
	inner := append(bytes.Clone(data), kind)
	head := binary.BigEndian.AppendUint16([]byte{23, 3, 3}, uint16(len(inner)+aead.Overhead()))
	return append(head, aead.Seal(nil, nonce, inner, head)...)
}

// update asks the peer to change its keys, too, and changes its own.
func (s *sealer) update() []byte {
	record := s.record(22, []byte{24, 0, 0, 1, 1})
	s.secret, s.seq = s.expand("traffic upd", 32), 0
	return record
}

// The peer asks for new keys, which a read has to answer with a write, while
// the transport takes no more bytes and a large write is stuck in it.
func TestShortReadDuringKeyUpdateBehindAStuckWriter(t *testing.T) {
	root := newAuthority(t, "root")
	log := &keyLog{}
	id := serverOf(t, root.leaf("P-256", nil)).own[0].pair
	below, peer := pipe()
	server := tls.Server(deadlines{peer}, &tls.Config{Certificates: []tls.Certificate{*id}, KeyLogWriter: log, SessionTicketsDisabled: true})
	done := make(chan error)
	go func() { done <- server.Handshake() }()
	c := clientParty(t, trusting(t, root)).Client(below, "server:1")
	require.NoError(t, c.Handshake())
	require.NoError(t, <-done)
	require.Equal(t, "TLS_AES_128_GCM_SHA256", info(t, c, InfoCipher, 0))

	// From now on nothing goes out: the bottom keeps all, as it promises.
	var mu sync.Mutex
	var kept []byte
	below.OnWrite = func(p []byte) int {
		mu.Lock()
		defer mu.Unlock()
		kept = append(kept, p...)
		return len(p)
	}
	big := bytes.Repeat([]byte("stuck"), 100_000)
	_, err := c.Write(big)
	require.NoError(t, err)

	seal := &sealer{t: t, secret: log.secret(t, "SERVER_TRAFFIC_SECRET_0")}
	peer.Out.Put(seal.update())
	peer.Out.Put(seal.record(23, []byte("short")))
	peer.Out.Put(seal.update())
	peer.Out.Put(seal.record(23, []byte("and more")))
	below.Wait = time.Second // it waits for nothing: all is there
	assert.Equal(t, "short", readN(t, c, 5))
	assert.Equal(t, "and more", readN(t, c, 8))
	_, err = c.Write([]byte("after"))
	require.NoError(t, err)

	// What was kept goes out later and is in order, across the change of keys.
	peer.In.Put(kept)
	got := make([]byte, len(big)+5)
	for have := 0; have < len(got); {
		n, err := server.Read(got[have:])
		require.NoError(t, err)
		have += n
	}
	assert.True(t, string(big)+"after" == string(got))
}

// deadlines lets a plain tls.Conn use an end.
type deadlines struct{ *layertest.End }

func (deadlines) LocalAddr() net.Addr              { return address("") }
func (deadlines) RemoteAddr() net.Addr             { return address("") }
func (deadlines) SetDeadline(time.Time) error      { return nil }
func (deadlines) SetReadDeadline(time.Time) error  { return nil }
func (deadlines) SetWriteDeadline(time.Time) error { return nil }
func (deadlines) Close() error                     { return nil }

var _ net.Conn = deadlines{}

func BenchmarkHandshake(b *testing.B) {
	t := &testing.T{}
	root := newAuthority(t, "root")
	client, server := clientParty(t, trusting(t, root)), serverParty(t, serverOf(t, root.leaf("P-256", nil)))
	for b.Loop() {
		handshake(t, client, server)
	}
}

func BenchmarkBulk(b *testing.B) {
	t := &testing.T{}
	root := newAuthority(t, "root")
	p := handshake(t, clientParty(t, trusting(t, root)), serverParty(t, serverOf(t, root.leaf("P-256", nil))))
	data, got := make([]byte, 1<<20), make([]byte, 1<<20)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		p.server.Write(data)
		for have := 0; have < len(got); {
			n, err := p.client.Read(got[have:])
			if err != nil {
				b.Fatal(err)
			}
			have += n
		}
	}
}
