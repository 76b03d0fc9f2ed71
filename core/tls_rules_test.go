package core

import (
	"bytes"
	"crypto/tls"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
)

// What the connection under crypto/tls has to keep to, on real sockets.

// TestATimeoutInsideARecord cuts each record in two and lets time pass between.
func TestATimeoutInsideARecord(t *testing.T) {
	eachVersion(t, func(k *kit) {
		s, p, held := k.heldBack()
		for _, cut := range []int{1, 4, 5, 6, 20, -1} {
			onWire := held.capture(func() { p.send("5\r\nHello") })
			if cut < 0 {
				cut += len(onWire)
			}
			held.put(onWire[:cut])
			k.readFails(s, moment/4, fault.Timeout)
			k.readFails(s, 0, fault.Timeout)
			held.put(onWire[cut:])
			k.expect(s, "Hello")
		}
	})
}

// eachVersion runs a test over TLS 1.2 and 1.3, whose records it makes by hand.
func eachVersion(t *testing.T, f func(k *kit)) {
	for _, tr := range slices.Concat(transports, localTransports) {
		if tr.tls != 0 && tr.direct && !tr.masked {
			t.Run(tr.name, func(t *testing.T) { f(newKit(t, tr)) })
		}
	}
}

// holder stands between a peer's TLS and its connection.
type holder struct {
	systemConn
	holds bool
	kept  []byte
	t     require.TestingT
}

func (h *holder) Write(p []byte) (int, error) {
	if h.holds {
		h.kept = append(h.kept, p...)
		return len(p), nil
	}
	return h.systemConn.Write(p)
}

// SetWriteDeadline does nothing: crypto/tls lets no write pass behind its own
// close_notify.
func (h *holder) SetWriteDeadline(time.Time) error { return nil }

// capture gives what f writes instead of sending it.
func (h *holder) capture(f func()) []byte {
	h.holds, h.kept = true, nil
	f()
	h.holds = false
	return h.kept
}

// put sends bytes as one piece.
func (h *holder) put(p []byte) {
	_, err := h.systemConn.Write(p)
	require.NoError(h.t, err)
}

// heldBack connects a channel with a peer whose bytes can be held back.
func (k *kit) heldBack() (*Socket, *peer, *holder) {
	k.Helper()
	server, port := k.listen(nil)
	tcp, err := k.dialSystem(port)
	require.NoError(k, err)
	k.Cleanup(func() { tcp.Close() })
	below := &peer{Conn: tcp, tcp: tcp.(systemConn), t: k}
	k.introduces(below)
	if k.leaves {
		below.send(kitGreeting)
		below.expect(kitGreeting)
	}
	held := &holder{systemConn: tcp.(systemConn), t: k}
	conn := tls.Client(held, peerConfig())
	require.NoError(k, conn.Handshake())
	s, err := server.Accept(patienceOfTests, nil)
	require.NoError(k, err)
	return s, &peer{Conn: conn, tcp: held.systemConn, t: k}, held
}

// TestTruncation: the transport's end is no end of TLS, wherever it comes.
func TestTruncation(t *testing.T) {
	eachVersion(t, func(k *kit) {
		for _, cut := range []int{0, 1, 5, 6, 20, -1} {
			s, p, held := k.heldBack()
			p.send("5\r\nHello")
			onWire := held.capture(func() { p.send("4\r\nlost") })
			if cut < 0 {
				cut += len(onWire)
			}
			held.put(onWire[:cut]) // 0: at the boundary of a record
			require.NoError(k, p.tcp.CloseWrite())
			k.expect(s, "Hello")
			for range 2 {
				k.readFails(s, patienceOfTests, fault.TLSTruncated)
			}
			require.ErrorIs(k, s.Why(), fault.TLSTruncated)
			require.NoError(k, s.Close())
		}
	})
}

// TestPlainBytesRightBehindCloseNotify: they belong to what follows TLS, though
// they came with its end.
func TestPlainBytesRightBehindCloseNotify(t *testing.T) {
	eachVersion(t, func(k *kit) {
		for _, tail := range []string{"5\r\nplain", "5\r\nplain3\r\ntwo", strings.Repeat("1\r\nx", 20000)} {
			s, p, held := k.heldBack()
			all := held.capture(func() {
				p.send("6\r\nsecret")
				require.NoError(k, p.Conn.(*tls.Conn).CloseWrite())
			})
			sent := k.start(func() error { _, err := held.systemConn.Write(append(all, tail...)); return err })
			k.expect(s, "secret")
			k.readFails(s, patienceOfTests, fault.PeerClosed)
			require.NoError(k, s.StopTLS(patienceOfTests))
			k.fails(s.StopTLS(0), fault.TLSNotSecured)
			for rest := tail; rest != ""; {
				n := 0
				for rest[n] != '\r' {
					n++
				}
				size := int(rest[0] - '0')
				k.expect(s, rest[n+2:n+2+size])
				rest = rest[n+2+size:]
			}
			require.NoError(k, k.await(sent))
			k.write(s, "plain too")
			require.NoError(k, p.tcp.SetReadDeadline(time.Now().Add(patienceOfTests)))
			all, err := io.ReadAll(io.LimitReader(p.tcp, int64(closeNotifySize(k.tls))))
			require.NoError(k, err)
			require.Equal(k, map[int32]byte{tlslayer.TLS12: 21, tlslayer.TLS13: 23}[k.tls], all[0], "an alert")
			(&peer{Conn: p.tcp, tcp: p.tcp, t: k}).expect("9\r\nplain too")
			require.NoError(k, s.Close())
		}
	})
}

// closeNotifySize is that of the record with AES-GCM; in TLS 1.3 it looks like
// data.
func closeNotifySize(version int32) int {
	const header, nonce, alert, tag = 5, 8, 2, 16
	if version == tlslayer.TLS12 {
		return header + nonce + alert + tag
	}
	return header + alert + 1 + tag
}

// TestAWriteTimeoutLosesNothingOfTheStream: what was encrypted goes out later, or
// nothing behind it.
func TestAWriteTimeoutLosesNothingOfTheStream(t *testing.T) {
	eachVersion(t, func(k *kit) {
		s, p := k.raw(k, must(k, both(inMode(frame.Raw, ""), withInts(map[option.ID]int32{option.WriteTimeout: 0}))))
		block := bytes.Repeat([]byte("x"), 1000)
		sent := 0
		for {
			n, err := s.Write(block)
			sent += n
			if err != nil {
				k.fails(err, fault.Timeout)
				break
			}
		}
		require.Equal(k, StateBroken, s.State())
		read := k.start(func() error {
			got, err := io.ReadAll(p)
			if bytes.Count(got, block[:1]) != len(got) || len(got) < sent || fault.CodeOf(err) == fault.TLSRecord {
				return unexpected("%d of %d bytes, %v", len(got), sent, err)
			}
			return nil
		})
		require.NoError(k, s.Close())
		require.NoError(k, k.await(read))
	})
}

// TestQuestionsBesideHandshakes asks while TLS comes and goes.
func TestQuestionsBesideHandshakes(t *testing.T) {
	k := newKit(t, setup{direct: true, pair: plainPair})
	client, channel := k.pair(k, nil)
	k.secured(client, tlslayer.TLS13)
	k.secured(channel, tlslayer.TLS13)
	stop := make(chan struct{})
	asking := k.start(func() error {
		for {
			select {
			case <-stop:
				return nil
			default:
			}
			client.LayerInfo(tlslayer.InfoVersion, 0)
			channel.LayerInfo(tlslayer.InfoVerify, 0)
			client.State()
			channel.Peer()
		}
	})
	for range 20 {
		up := k.start(func() error { return channel.StartTLS(RoleServer, patienceOfTests) })
		require.NoError(t, client.StartTLS(RoleClient, patienceOfTests))
		require.NoError(t, k.await(up))
		k.write(client, "hello")
		k.expect(channel, "hello")
		down := k.start(func() error { return channel.StopTLS(patienceOfTests) })
		require.NoError(t, client.StopTLS(patienceOfTests))
		require.NoError(t, k.await(down))
		k.write(channel, "hello")
		k.expect(client, "hello")
	}
	close(stop)
	assert.NoError(t, k.await(asking))
}
