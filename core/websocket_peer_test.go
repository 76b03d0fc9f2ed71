package core

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// WebSockets with a peer that writes each frame itself.

// peerFrame is a short frame that the library has sent.
type peerFrame struct {
	op      byte
	payload string
}

// nextFrame reads a frame.
func (p *webSocketPeer) nextFrame() (f peerFrame) {
	head := make([]byte, 2)
	r := io.MultiReader(bytes.NewReader(p.unread), p.Conn)
	_, err := io.ReadFull(r, head)
	require.NoError(p.k, err)
	payload := make([]byte, head[1])
	_, err = io.ReadFull(r, payload)
	require.NoError(p.k, err)
	p.unread = p.unread[min(len(p.unread), len(head)+len(payload)):]
	return peerFrame{head[0] &^ finBit, string(payload)}
}

// withPeer connects a channel with a WebSocket of the test's own.
func withPeer(t *testing.T, f func(k *kit, s *Socket, p *webSocketPeer)) {
	for _, direct := range []bool{false, true} {
		t.Run("direct "+strconv.FormatBool(direct), func(t *testing.T) {
			k := newKit(t, setup{direct: direct, websocket: true, pair: plainPair, raw: plainRaw})
			s, p := k.raw(k, nil)
			f(k, s, p.Conn.(*webSocketPeer))
		})
	}
}

// What errors say of a message that is not whole, or too long, is what the peer has sent.
func TestErrorsOfWebSocketsShowNoRecords(t *testing.T) {
	for name, end := range map[string]struct {
		by   func(p *webSocketPeer) error
		code fault.Code
		says string
	}{
		"a close code":  {func(p *webSocketPeer) error { return p.frame(opClose, true, []byte("\x0f\xa1bye")) }, fault.WebSocketClosed, "4001, \"bye\""},
		"no close code": {func(p *webSocketPeer) error { return p.frame(opClose, true, nil) }, fault.PeerClosed, "6 bytes of a message"},
		"no close":      {func(p *webSocketPeer) error { return p.Conn.Close() }, fault.WebSocketAbnormal, "6 bytes of a message"},
	} {
		t.Run(name, func(t *testing.T) {
			withPeer(t, func(k *kit, s *Socket, p *webSocketPeer) {
				require.NoError(k, p.frame(opBinary, false, []byte("ha")))
				require.NoError(k, p.frame(opContinuation, false, []byte("lf o")))
				require.NoError(k, end.by(p))
				_, err := s.Read(make([]byte, 100), patienceOfTests)
				k.fails(err, end.code)
				assert.Contains(k, err.Error(), end.says)
			})
		})
	}
	withPeer(t, func(k *kit, s *Socket, p *webSocketPeer) {
		require.NoError(k, p.frame(opBinary, true, bytes.Repeat([]byte{'x'}, 0x1234)))
		k.readFails(s, patienceOfTests, fault.Buffer)
		require.NoError(k, s.SetOption(option.MaxMessage, 10))
		_, err := s.Read(make([]byte, 100), patienceOfTests)
		k.fails(err, fault.TooLong)
		assert.NotContains(k, err.Error(), "12 34", "of a header that the peer has not sent")
		assert.Contains(k, err.Error(), decimal(0x1234))
	})
}

// Pings between the fragments of a message are answered, each at once, and are no part of
// it, whatever the mode.
func TestFragmentsBetweenPingsInEveryMode(t *testing.T) {
	const opPong = 10
	for _, mode := range frame.Modes() {
		if mode == frame.Raw {
			continue
		}
		t.Run("mode "+decimal(int(mode)), func(t *testing.T) {
			withPeer(t, func(k *kit, s *Socket, p *webSocketPeer) {
				require.NoError(k, s.SetOption(option.FrameLength, 8))
				require.NoError(k, s.SetMode(mode, nil))
				reads := k.start(func() error {
					buf := make([]byte, 100)
					for _, want := range []string{"abcdef", "", "second"} {
						n, err := s.Read(buf, patienceOfTests)
						require.NoError(k, err)
						assert.Equal(k, want, string(buf[:n]))
					}
					return nil
				})
				ask := func(question string) {
					require.NoError(k, p.frame(opPing, true, []byte(question)))
					require.Equal(k, peerFrame{opPong, question}, p.nextFrame())
				}
				require.NoError(k, p.frame(1, false, []byte("ab")))
				ask("first")
				require.NoError(k, p.frame(opContinuation, false, nil))
				ask("")
				require.NoError(k, p.frame(opContinuation, false, []byte("cd")))
				require.NoError(k, p.frame(opContinuation, true, []byte("ef")))
				ask("between")
				require.NoError(k, p.frame(opBinary, false, nil))
				require.NoError(k, p.frame(opContinuation, true, nil))
				require.NoError(k, p.frame(opBinary, true, []byte("second")))
				require.NoError(k, k.await(reads))
			})
		})
	}
}

// Each end closes its own side with a code of its own, and reads what the other still
// sends.
func TestEachEndOfAWebSocketHasACloseCode(t *testing.T) {
	withPeer(t, func(k *kit, s *Socket, p *webSocketPeer) {
		require.NoError(k, s.SetOption(option.WebSocketCloseCode, 4001))
		require.NoError(k, s.SetText(option.TextWebSocketCloseReason, "no more"))
		require.NoError(k, s.CloseWrite(patienceOfTests))
		require.Equal(k, peerFrame{opClose, "\x0f\xa1no more"}, p.nextFrame())
		require.Empty(k, k.webSocketInfo(s, InfoWebSocketCloseCode), "the peer has not closed")
		require.NoError(k, p.frame(opBinary, true, []byte("last words")))
		k.expect(s, "last words")
		_, err := s.Write([]byte("x"))
		k.fails(err, fault.WriteClosed)
		require.NoError(k, p.frame(opClose, true, append(binary.BigEndian.AppendUint16(nil, 4002), "nor here"...)))
		k.readFails(s, patienceOfTests, fault.WebSocketClosed)
		assert.Equal(k, "4002", k.webSocketInfo(s, InfoWebSocketCloseCode))
		assert.Equal(k, "nor here", k.webSocketInfo(s, InfoWebSocketCloseReason))
	})
}

// Members of a group that are cut off come back, over the same address, and are told
// what is published then.
func TestWebSocketsOfAGroupReconnectInAQueue(t *testing.T) {
	bothWaits(t, func(k *kit) {
		k.websocket = true
		server, url := k.webSocketServer(nil)
		r := newRig(k)
		r.attach(server, true)
		const members = 3
		clients := make(map[*Socket]bool)
		for range members {
			client := k.socket(must(k, withInts(map[option.ID]int32{option.ReconnectFirst: 20, option.ReconnectMost: 100, option.Reconnect: 1})))
			require.NoError(k, client.Open(KindClient, 0, 0, url+"/prices", patienceOfTests))
			r.attach(client, false)
			clients[client] = true
		}
		var channels []*Socket
		joins := func(again int) {
			channels = nil
			for back := 0; len(channels) < members || back < again; {
				e := r.next()
				switch e.Kind {
				case EventAccepted:
					ch := r.socketOf(e)
					require.NoError(k, ch.GroupJoin("prices"))
					channels = append(channels, ch)
				case EventReconnected:
					back++
				}
			}
		}
		joins(0)
		for _, ch := range channels {
			require.Equal(k, "/prices", k.webSocketInfo(ch, InfoWebSocketPath))
			require.NoError(k, ch.Abort())
		}
		joins(members)
		k.publish(server, "prices", "copper", members)
		for range members {
			e := r.next()
			require.Equal(k, EventMessage, e.Kind)
			s := r.socketOf(e)
			require.True(k, clients[s])
			r.take(s, "copper")
			delete(clients, s)
		}
	})
}

// compressing connects a channel with a peer that has agreed on compression.
func (k *kit) compressing() (*Socket, *webSocketPeer) {
	k.Helper()
	server, _ := k.webSocketServer(must(k, func(s *Socket) error { return s.SetOption(option.WebSocketCompression, 1) }))
	c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", decimal(portOf(k, server))))
	require.NoError(k, err)
	k.Cleanup(func() { c.Close() })
	_, err = io.WriteString(c, strings.TrimSuffix(webSocketRequest, "\r\n")+"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
	require.NoError(k, err)
	r := bufio.NewReader(c)
	answer, err := http.ReadResponse(r, nil)
	require.NoError(k, err)
	require.Contains(k, answer.Header.Get("Sec-WebSocket-Extensions"), "permessage-deflate")
	s, err := server.Accept(patienceOfTests, nil)
	require.NoError(k, err)
	require.NoError(k, server.Close())
	return s, &webSocketPeer{Conn: c, k: k}
}

// deflated is a message as permessage-deflate has it.
func (k *kit) deflated(message []byte) []byte {
	k.Helper()
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	require.NoError(k, err)
	_, err = w.Write(message)
	require.NoError(k, err)
	require.NoError(k, w.Flush())
	return bytes.TrimSuffix(out.Bytes(), []byte{0, 0, 0xFF, 0xFF})
}

// noise cannot be compressed.
func noise(size int) []byte {
	p := make([]byte, size)
	r := rand.NewChaCha8([32]byte{})
	r.Read(p)
	return p
}

const opCompressed = opBinary | 0x40

// What has come of a compressed message counts as buffered, and leaves with it.
func TestACompressedMessageIsInTheBudget(t *testing.T) {
	for _, ends := range []bool{true, false} {
		t.Run("it ends "+strconv.FormatBool(ends), func(t *testing.T) {
			bothWaits(t, func(k *kit) {
				s, p := k.compressing()
				const size = 300 << 10
				message := noise(size)
				bytes := k.deflated(message)
				half := len(bytes) / 2
				require.NoError(k, p.frame(opCompressed, false, bytes[:half]))
				buf := make([]byte, size)
				reads := k.start(func() error {
					n, err := s.Read(buf, patienceOfTests)
					if err == nil && string(buf[:n]) != string(message) {
						return io.ErrUnexpectedEOF
					}
					return err
				})
				k.eventually(func() bool { return k.buffered() >= half }, "what has come is counted")
				if !ends {
					require.NoError(k, p.Conn.Close())
					k.fails(k.await(reads), fault.WebSocketAbnormal)
					return
				}
				require.NoError(k, p.frame(opContinuation, true, bytes[half:]))
				require.NoError(k, k.await(reads))
				assert.Zero(k, k.buffered())
			})
		})
	}
}

// A compressed message for which there is no memory ends nothing else.
func TestACompressedMessageBeyondTheBudget(t *testing.T) {
	bothWaits(t, func(k *kit) {
		require.NoError(k, k.lib.SetOption(option.TotalBuffer, 1<<20))
		s, p := k.compressing()
		sent := k.start(func() error { return p.frame(opCompressed, false, noise(4<<20)) })
		k.eventually(func() bool {
			_, err := s.Read(make([]byte, 10), moment)
			return fault.CodeOf(err) == fault.Memory
		}, "it is refused")
		assert.LessOrEqual(k, k.buffered(), 1<<20)
		require.NoError(k, s.Abort())
		assert.Zero(k, k.buffered())
		k.await(sent)
	})
}

// A queue waits for that memory, and does not ask all the time.
func TestAQueueWaitsForMemoryOfACompressedMessage(t *testing.T) {
	k := newKit(t, setup{direct: true})
	require.NoError(k, k.lib.SetOption(option.TotalBuffer, 1<<20))
	s, p := k.compressing()
	st := s.stream.Load()
	looked := &readings{Conn: st.conn}
	st.conn = looked
	r := newRig(k)
	r.attach(s, false)
	sent := k.start(func() error { return p.frame(opCompressed, false, noise(4<<20)) })
	k.eventually(func() bool {
		r.silent()
		return st.ws.Load().missing() > 0 && k.buffered() > 64<<10
	}, "it waits for memory")
	before := looked.n.Load()
	for range 10 {
		r.silent()
	}
	assert.LessOrEqual(k, looked.n.Load()-before, int32(10*10))
	st.conn = looked.Conn
	require.NoError(k, s.Abort())
	k.await(sent)
}
