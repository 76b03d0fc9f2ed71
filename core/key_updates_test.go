package core

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/chacha20poly1305"

	"wdsocket/core/fault"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
)

// Key updates of TLS 1.3 (RFC 8446, section 4.6.3): each asks for an answer.

// secrets collects what a peer would write into a key log.
type secrets struct {
	mu   sync.Mutex
	text string
}

func (s *secrets) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text += string(p)
	return len(p), nil
}

func (s *secrets) of(t require.TestingT, name string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	for line := range strings.Lines(s.text) {
		if parts := strings.Fields(line); len(parts) == 3 && parts[0] == name {
			secret, err := hex.DecodeString(parts[2])
			require.NoError(t, err)
			return secret
		}
	}
	require.FailNow(t, "no such secret", name)
	return nil
}

// recordMaker makes the records of one direction of TLS 1.3 with what machines prefer,
// AES-128-GCM or ChaCha20-Poly1305: what crypto/tls never does by itself can be sent so.
type recordMaker struct {
	suite  uint16
	secret []byte
	number uint64
}

func (m *recordMaker) expand(label string, length int) []byte {
	label = "tls13 " + label
	info := append([]byte{byte(length >> 8), byte(length), byte(len(label))}, label...)
	out, err := hkdf.Expand(sha256.New, m.secret, string(append(info, 0)), length)
	if err != nil {
		panic(err)
	}
	return out
}

func (m *recordMaker) sealer() cipher.AEAD {
	if m.suite == tls.TLS_CHACHA20_POLY1305_SHA256 {
		seal, err := chacha20poly1305.New(m.expand("key", chacha20poly1305.KeySize))
		if err != nil {
			panic(err)
		}
		return seal
	}
	block, err := aes.NewCipher(m.expand("key", 16))
	if err != nil {
		panic(err)
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return seal
}

func (m *recordMaker) record(kind byte, data []byte) []byte {
	seal := m.sealer()
	nonce := m.expand("iv", seal.NonceSize())
	for i, b := range binary.BigEndian.AppendUint64(nil, m.number) {
		nonce[4+i] ^= b
	}
	m.number++
	size := len(data) + 1 + seal.Overhead()
	header := []byte{23, 3, 3, byte(size >> 8), byte(size)}
	return seal.Seal(header, nonce, append(bytes.Clone(data), kind), header)
}

// newKeys announces new keys, asks for the other's, and uses them from then on.
func (m *recordMaker) newKeys() []byte {
	const handshake, updateRequested = 22, 1
	out := m.record(handshake, []byte{24, 0, 0, 1, updateRequested})
	m.secret, m.number = m.expand("traffic upd", len(m.secret)), 0
	return out
}

// updater connects a channel with a peer of TLS 1.3 that can ask for new keys, by tcp.
func (k *kit) updater(prepare func(*Socket)) (channel *Socket, conn *tls.Conn, tcp net.Conn, peer *recordMaker) {
	server, port := k.listen(prepare)
	tcp, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", decimal(port)))
	require.NoError(k, err)
	k.Cleanup(func() { tcp.Close() })
	log := &secrets{}
	config := peerConfig()
	config.KeyLogWriter = log
	conn = tls.Client(tcp, config)
	require.NoError(k, conn.Handshake())
	channel, err = server.Accept(patienceOfTests, nil)
	require.NoError(k, err)
	peer = &recordMaker{suite: conn.ConnectionState().CipherSuite, secret: log.of(k, "CLIENT_TRAFFIC_SECRET_0")}
	require.Contains(k, []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_CHACHA20_POLY1305_SHA256}, peer.suite)
	return channel, conn, tcp, peer
}

// TestAShortReadDuringAKeyUpdateBehindAStuckWriter: the answer to a key update
// is a write inside of a read, and the way out is full.
func TestAShortReadDuringAKeyUpdateBehindAStuckWriter(t *testing.T) {
	for _, direct := range []bool{false, true} {
		t.Run("direct "+strconv.FormatBool(direct), func(t *testing.T) {
			keyUpdateBehindAStuckWriter(newKit(t, setup{direct: direct, tls: tlslayer.TLS13}))
		})
	}
}

func keyUpdateBehindAStuckWriter(k *kit) {
	s, conn, tcp, peer := k.updater(nil)

	big := bytes.Repeat([]byte("0123456789abcdef"), huge/16)
	written := k.start(func() error { _, err := s.Write(big); return err })
	k.untilStuck(s)
	for i, word := range []string{"one", "two", "six"} {
		_, err := tcp.Write(peer.newKeys())
		require.NoError(k, err)
		began := time.Now()
		k.readFails(s, moment, fault.Timeout) // the key update alone: no hanging
		require.Less(k, time.Since(began), patienceOfTests/2, "round %d", i)
		_, err = tcp.Write(peer.record(23, []byte("3\r\n"+word)))
		require.NoError(k, err)
		k.expect(s, word)
	}
	select {
	case err := <-written:
		require.Fail(k, "the writer was not stuck", "%v", err)
	default:
	}
	// All that was written comes, across the changes of keys.
	want := append([]byte(decimal(len(big))+"\r\n"), big...)
	got := make([]byte, len(want))
	require.NoError(k, conn.SetReadDeadline(time.Now().Add(3*patienceOfTests)))
	_, err := io.ReadFull(conn, got)
	require.NoError(k, err)
	require.True(k, bytes.Equal(want, got))
	require.NoError(k, k.await(written))
}

// flood sends messages of one byte, with as many key updates before each as are not
// refused, until it cannot.
func (m *recordMaker) flood(conn net.Conn, messages int) error {
	for range messages {
		var out []byte
		for range 14 {
			out = append(out, m.newKeys()...)
		}
		if _, err := conn.Write(append(out, m.record(23, []byte("1\r\nx"))...)); err != nil {
			return err
		}
	}
	return nil
}

// TestKeyUpdatesOfAPeerThatDoesNotRead: the answers, which reading makes this side write,
// neither fill the memory nor keep the processor busy; the connection ends, and says why.
func TestKeyUpdatesOfAPeerThatDoesNotRead(t *testing.T) {
	for _, way := range []struct{ direct, queued bool }{{false, false}, {true, false}, {true, true}} {
		t.Run(fmt.Sprintf("direct %t, queue %t", way.direct, way.queued), func(t *testing.T) {
			k := newKit(t, setup{direct: way.direct, tls: tlslayer.TLS13})
			channel, _, tcp, peer := k.updater(func(s *Socket) {
				require.NoError(k, s.SetOption(option.SendBuffer, 8192)) // little is on its way
			})
			flooded := k.start(func() error { return peer.flood(tcp, 10_000) }) // messages, few of which are read
			if way.queued {
				r := newRig(k)
				r.attach(channel, false)
				for r.next().Kind == EventMessage {
					k.expect(channel, "x")
				}
			}
			var err error
			for buf := make([]byte, 10); err == nil; {
				_, err = channel.Read(buf, patienceOfTests)
			}
			k.fails(err, fault.TLSRecord)
			require.Contains(k, err.Error(), "key updates")
			require.NoError(k, channel.Abort())
			_ = k.await(flooded) // ended by that, unless the system had taken all
		})
	}
}

// TestKeyUpdatesOfAPeerThatReads: it may ask for as many as it likes.
func TestKeyUpdatesOfAPeerThatReads(t *testing.T) {
	for _, direct := range []bool{false, true} {
		t.Run("direct "+strconv.FormatBool(direct), func(t *testing.T) {
			k := newKit(t, setup{direct: direct, tls: tlslayer.TLS13})
			channel, _, tcp, peer := k.updater(nil)
			const messages = 300
			flooded := k.start(func() error { return peer.flood(tcp, messages) })
			read := k.start(func() error {
				if _, err := io.Copy(io.Discard, tcp); err != nil && !errors.Is(err, net.ErrClosed) {
					return err
				}
				return nil
			})
			for range messages {
				k.expect(channel, "x")
			}
			require.NoError(k, k.await(flooded))
			require.NoError(k, tcp.Close())
			require.NoError(k, k.await(read))
		})
	}
}
