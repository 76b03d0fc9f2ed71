package core

import (
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
)

// webSocketServer opens a server of WebSockets.
func (k *kit) webSocketServer(prepare func(*Socket)) (server *Socket, url string) {
	k.Helper()
	server = k.socket(prepare)
	require.NoError(k, server.Open(KindServer, LayerWebSocket, 0, "127.0.0.1", 0))
	return server, "ws://127.0.0.1:" + decimal(portOf(k, server))
}

// webSocketPair connects a client by an address with a path.
func (k *kit) webSocketPair(path string, prepare func(*Socket)) (client, channel *Socket) {
	k.Helper()
	server, url := k.webSocketServer(prepare)
	client = k.socket(prepare)
	require.NoError(k, client.Open(KindClient, 0, 0, url+path, patienceOfTests))
	channel, err := server.Accept(patienceOfTests, nil)
	require.NoError(k, err)
	require.NoError(k, server.Close())
	return client, channel
}

func (k *kit) webSocketInfo(s *Socket, what int32) string {
	k.Helper()
	text, err := s.WebSocketInfo(what)
	require.NoError(k, err)
	return text
}

func TestAWebSocketSaysWhatItsMessagesAre(t *testing.T) {
	bothWaits(t, func(k *kit) {
		client, channel := k.webSocketPair("/chat?room=1", nil)
		kind := func(s *Socket) int32 {
			n, err := s.Option(option.WebSocketMessage)
			require.NoError(k, err)
			return n
		}
		assert.Zero(k, kind(channel))
		k.write(client, "binary \xff")
		k.expect(channel, "binary \xff")
		assert.EqualValues(k, option.MessageBinary, kind(channel))
		require.NoError(k, client.SetOption(option.WebSocketKind, option.MessageText))
		_, err := client.Write([]byte("no text \xff"))
		k.fails(err, fault.Text)
		k.write(client, "é")
		k.write(client, strings.Repeat("long", 20000))
		k.expect(channel, "é")
		assert.EqualValues(k, option.MessageText, kind(channel))
		k.expect(channel, strings.Repeat("long", 20000))
		assert.EqualValues(k, option.MessageText, kind(channel))
		q, err := k.lib.NewQueue(nil)
		require.NoError(k, err)
		require.NoError(k, q.Attach(channel, false))
		k.write(client, "text")
		require.NoError(k, client.SetOption(option.WebSocketKind, option.MessageBinary))
		k.write(client, "bytes")
		for _, want := range []int32{option.MessageText, option.MessageBinary} {
			events := make([]Event, 1)
			_, err = q.Next(events, patienceOfTests)
			require.NoError(k, err)
			assert.Equal(k, EventMessage, events[0].Kind)
			assert.Equal(k, want, events[0].Detail)
		}
	})
}

func TestAWebSocketTellsItsOpening(t *testing.T) {
	bothWaits(t, func(k *kit) {
		client, channel := k.webSocketPair("/chat?room=1", func(s *Socket) {
			require.NoError(k, s.SetText(option.TextWebSocketProtocols, "chat, superchat"))
			require.NoError(k, s.SetText(option.TextWebSocketHeaders, "X-Test: one\r\nX-Other: two"))
			require.NoError(k, s.SetText(option.TextWebSocketOrigins, "https://example.com"))
			require.NoError(k, s.SetText(option.TextWebSocketPaths, "/chat"))
		})
		for _, s := range []*Socket{client, channel} {
			assert.Equal(k, "/chat?room=1", k.webSocketInfo(s, InfoWebSocketPath))
			assert.Equal(k, "chat", k.webSocketInfo(s, InfoWebSocketProtocol))
			assert.Equal(k, "https://example.com", k.webSocketInfo(s, InfoWebSocketOrigin))
			assert.Contains(k, k.webSocketInfo(s, InfoWebSocketHeaders), "X-Other: two")
			assert.Contains(k, k.webSocketInfo(s, InfoWebSocketHost), "127.0.0.1:")
			assert.Empty(k, k.webSocketInfo(s, InfoWebSocketCloseCode))
		}
		_, err := client.WebSocketInfo(InfoWebSocketCloseReason + 1)
		k.fails(err, fault.Argument)
		plain, _ := plainPair(k, nil)
		_, err = plain.WebSocketInfo(InfoWebSocketPath)
		k.fails(err, fault.Kind)
	})
}

func TestAWebSocketIsClosedWithACodeAndAReason(t *testing.T) {
	for code, ends := range map[int32]fault.Code{1000: fault.PeerClosed, 1001: fault.PeerClosed, 4001: fault.WebSocketClosed, 1011: fault.WebSocketClosed} {
		bothWaits(t, func(k *kit) {
			client, channel := k.webSocketPair("", nil)
			require.NoError(k, client.SetOption(option.WebSocketCloseCode, code))
			require.NoError(k, client.SetText(option.TextWebSocketCloseReason, "that is all"))
			k.write(client, "last words")
			closed := k.start(func() error { return client.CloseAndWait(patienceOfTests) })
			k.expect(channel, "last words")
			k.readFails(channel, patienceOfTests, ends)
			assert.Equal(k, decimal(int(code)), k.webSocketInfo(channel, InfoWebSocketCloseCode))
			assert.Equal(k, "that is all", k.webSocketInfo(channel, InfoWebSocketCloseReason))
			require.NoError(k, channel.Close())
			require.NoError(k, k.await(closed))
		})
	}
}

// It promises that the peer's system has everything, the close frame too: a peer that does
// not read answers none.
func TestAGracefulCloseNeedsNoAnswerToTheCloseFrame(t *testing.T) {
	bothWaits(t, func(k *kit) {
		client, channel := k.webSocketPair("", nil)
		require.NoError(k, client.CloseAndWait(patienceOfTests))
		k.readFails(channel, patienceOfTests, fault.PeerClosed)
	})
}

func TestAWebSocketIsRawFromItsOpeningOn(t *testing.T) {
	bothWaits(t, func(k *kit) {
		client, channel := k.webSocketPair("", nil)
		k.fails(client.SetMode(frame.Raw, nil), fault.State)
		require.NoError(k, client.SetMode(frame.EndTag, nil), "which makes no difference")
		k.write(client, "end tag \x1a")
		k.expect(channel, "end tag \x1a")
		client, channel = k.webSocketPair("", must(k, inMode(frame.Raw, "")))
		k.fails(client.SetMode(frame.Size, nil), fault.State)
		k.write(client, "bytes")
		k.write(client, " of a pipe")
		got := make([]byte, len("bytes of a pipe"))
		for n := 0; n < len(got); {
			m, err := channel.Read(got[n:], patienceOfTests)
			require.NoError(k, err)
			n += m
		}
		assert.Equal(k, "bytes of a pipe", string(got))
	})
}

// The longest message may be another one on an open WebSocket, and the peer is told of one
// that is longer.
func TestTheLongestMessageOfAnOpenWebSocket(t *testing.T) {
	bothWaits(t, func(k *kit) {
		client, channel := k.webSocketPair("", must(k, withInts(map[option.ID]int32{option.MaxMessage: 1000})))
		require.NoError(k, client.SetOption(option.MaxMessage, 1<<20))
		require.NoError(k, channel.SetOption(option.MaxMessage, 5000))
		k.write(client, strings.Repeat("x", 5000))
		k.expect(channel, strings.Repeat("x", 5000))
		require.NoError(k, channel.SetOption(option.MaxMessage, 10))
		k.write(client, strings.Repeat("x", 10))
		k.expect(channel, strings.Repeat("x", 10))
		k.write(client, "hello world")
		k.readFails(channel, patienceOfTests, fault.WebSocketTooLong)
		k.readFails(client, patienceOfTests, fault.WebSocketClosed)
		assert.Equal(k, "1009", k.webSocketInfo(client, InfoWebSocketCloseCode))
	})
}

// What is recorded of a WebSocket is what tools know: its opening and its frames, below
// TLS or above it.
func TestTheFramesOfAWebSocketAreRecorded(t *testing.T) {
	for _, tls := range []int32{0, tlslayer.TLS13} {
		t.Run("TLS "+decimal(int(tls)), func(t *testing.T) {
			k := newKit(t, setup{direct: true, tls: tls, websocket: true})
			folder := k.TempDir()
			capture, trace := filepath.Join(folder, "c.pcapng"), filepath.Join(folder, "trace")
			k.record(capture, trace, false)
			client, channel := plainPair(k, nil)
			port := endPort(k, client.Peer)
			k.write(client, "question")
			k.expect(channel, "question")
			k.write(channel, "answer")
			k.expect(client, "answer")
			require.NoError(k, client.Close())
			k.readFails(channel, patienceOfTests, fault.PeerClosed)
			k.lib.CloseAll()
			sent, _ := recorded(t, capture)
			for _, part := range []string{"101 Switching Protocols", "\x82\x06answer", "\x88\x02\x03\xe8"} {
				assert.Contains(t, string(sent[port]), part)
			}
			assert.NotContains(t, string(sent[port]), "\x00\x00\x06answer", "a record of the layer")
			lines, err := os.ReadFile(trace)
			require.NoError(t, err)
			assert.Contains(t, string(lines), "message sent, 8 bytes: question")
			assert.Contains(t, string(lines), "82 06 61 6E 73 77 65 72")
			assert.Contains(t, string(lines), "GET / HTTP/1.1")
		})
	}
}

// A ping is a heartbeat, and its answer a sign of life.
func TestPingsKeepAWebSocketAlive(t *testing.T) {
	bothWaits(t, func(k *kit) {
		client, channel := k.webSocketPair("", nil)
		const idle = 600
		require.NoError(k, withInts(map[option.ID]int32{option.Heartbeat: 100, option.IdleLimit: idle})(client))
		answers := k.start(func() error { // what answers the pings
			_, err := channel.Read(make([]byte, 10), patienceOfTests)
			return err
		})
		k.readFails(client, 3*idle*time.Millisecond, fault.Timeout)
		require.NoError(k, client.Close())
		k.fails(k.await(answers), fault.PeerClosed)
	})
}

// A ping is due when nothing came, or nothing went, for the time of a heartbeat, whatever
// this end is doing.
func TestPingsAreSentWhateverIsWritten(t *testing.T) {
	const day = int64(24 * time.Hour)
	long, now := clock()-2*day, clock()
	for name, when := range map[string]struct {
		received, sent int64
		writing        bool
	}{
		"to a peer that only listens": {received: long, sent: now},
		"during a long write":         {received: long, sent: now, writing: true},
		"to a peer that only speaks":  {received: now, sent: long},
	} {
		t.Run(name, func(t *testing.T) {
			bothWaits(t, func(k *kit) {
				client, channel := k.webSocketPair("", nil)
				require.NoError(k, client.SetOption(option.Heartbeat, int32(day/int64(time.Millisecond))))
				answers := k.start(func() error {
					_, err := channel.Read(make([]byte, 10), forever)
					return err
				})
				w, st := client.gate.EnterTask(), client.stream.Load()
				defer w.Leave()
				act, before := st.activity(), st.conn.BytesIn()
				act.lastReceived, act.lastPing = when.received, when.received
				act.lastSent.Store(when.sent)
				if when.writing {
					require.NoError(k, st.lockWrite(w))
					defer st.unlockWrite()
				}
				reads := k.start(func() error {
					_, err := client.Read(make([]byte, 10), forever)
					return err
				})
				k.eventually(func() bool { return st.conn.BytesIn() > before }, "a pong")
				client.Cancel()
				channel.Cancel()
				k.fails(k.await(reads), fault.Cancelled)
				k.fails(k.await(answers), fault.Cancelled)
			})
		})
	}
}

// Where the peer is gone, pings do not pile up.
func TestOnePingIsOnItsWay(t *testing.T) {
	k := newKit(t, setup{direct: true})
	client, _ := k.webSocketPair("", must(k, withInts(map[option.ID]int32{option.Heartbeat: 100})))
	st, lc := client.stream.Load(), client.config.Load().liveness
	act := st.activity()
	beat := func() (sent int64) {
		before, long := st.conn.WritePos(), clock()-2*int64(lc.heartbeatInterval)
		act.lastReceived, act.lastPing = long, long
		act.lastSent.Store(long)
		require.NoError(k, st.checkLiveness(lc))
		assert.Greater(k, st.livenessDue(lc), long+int64(lc.heartbeatInterval))
		return st.conn.WritePos() - before
	}
	const ping = 6
	assert.EqualValues(k, ping, beat())
	act.pingEnd = math.MaxInt64
	assert.Zero(k, beat())
}

func TestAServerOfWebSocketsAnswersOthers(t *testing.T) {
	bothWaits(t, func(k *kit) {
		server, url := k.webSocketServer(func(s *Socket) {
			require.NoError(k, s.SetText(option.TextWebSocketPaths, "/chat"))
		})
		client := k.socket(nil)
		err := client.Open(KindClient, 0, 0, url+"/elsewhere", patienceOfTests)
		k.fails(err, fault.WebSocketRefused)
		assert.Contains(k, err.Error(), "404")
		get := func() (int, string) {
			answer, err := http.Get(strings.Replace(url, "ws", "http", 1))
			require.NoError(k, err)
			defer http.DefaultClient.CloseIdleConnections()
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			require.NoError(k, err)
			return answer.StatusCode, string(body)
		}
		status, _ := get()
		assert.Equal(k, http.StatusUpgradeRequired, status)
		require.NoError(k, server.SetText(option.TextWebSocketPage, "<h1>Hello</h1>"))
		status, body := get()
		assert.Equal(k, http.StatusOK, status)
		assert.Equal(k, "<h1>Hello</h1>", body)
		require.NoError(k, client.Open(KindClient, 0, 0, url+"/chat", patienceOfTests))
		assert.Equal(k, LayerWebSocket, client.Layers())
	})
}

func TestOptionsOfWebSocketsAreChecked(t *testing.T) {
	s := newKit(t, setup{direct: true}).socket(nil)
	for _, code := range []int32{999, 1004, 1005, 1006, 1015, 2999, 5000} {
		assert.ErrorIs(t, s.SetOption(option.WebSocketCloseCode, code), fault.Argument, "%d", code)
	}
	for id, text := range map[option.TextID]string{
		option.TextWebSocketPaths:       "chat",
		option.TextWebSocketProtocols:   "a b",
		option.TextWebSocketOrigins:     "example.com",
		option.TextWebSocketHeaders:     "no header",
		option.TextWebSocketCloseReason: strings.Repeat("x", 124),
	} {
		assert.Error(t, s.SetText(id, text), "%d", id)
		assert.NoError(t, s.SetText(id, ""))
	}
}

// The header Host and the first line of a request are ASCII, whatever a program has
// written; a zone means something on this machine only.
func TestAWebSocketAsksInASCII(t *testing.T) {
	for address, want := range map[string]string{
		"ws://example.com/chat":      "example.com",
		"ws://example.com:80/chat":   "example.com",
		"wss://example.com:80/chat":  "example.com:80",
		"ws://Müller.example":        "xn--mller-kva.example",
		"ws://müller.example:8080":   "xn--mller-kva.example:8080",
		"ws://:8080":                 "localhost:8080",
		"ws://[2001:db8::1]":         "[2001:db8::1]",
		"ws://[fe80::1%eth0]:8080/x": "[fe80::1]:8080",
	} {
		at, err := endpoint.ParseLocation(address, 0)
		require.NoError(t, err, address)
		got, err := hostHeader(at.WithDefaultPort())
		require.NoError(t, err, address)
		assert.Equal(t, want, got, address)
	}
	_, err := hostHeader(endpoint.At("ü!.example", 80))
	assert.Equal(t, fault.HostUnknown, fault.CodeOf(err))
}

func TestAPathIsEncoded(t *testing.T) {
	bothWaits(t, func(k *kit) {
		const asked = "/caf%C3%A9/%20?n=%C3%BC%25"
		for _, paths := range []string{"", "/café/*"} {
			client, channel := k.webSocketPair("/café/%20?n=ü%25", func(s *Socket) {
				require.NoError(k, s.SetText(option.TextWebSocketPaths, paths))
			})
			assert.Equal(k, asked, k.webSocketInfo(client, InfoWebSocketPath))
			assert.Equal(k, asked, k.webSocketInfo(channel, InfoWebSocketPath))
		}
		server := k.socket(nil)
		require.NoError(k, server.Open(KindServer, 0, 0, "ws://127.0.0.1:0/café", 0))
		url := "ws://127.0.0.1:" + decimal(portOf(k, server))
		require.NoError(k, k.socket(nil).Open(KindClient, 0, 0, url+"/caf%C3%A9", patienceOfTests))
		k.fails(k.socket(nil).Open(KindClient, 0, 0, url+"/cafe", patienceOfTests), fault.WebSocketRefused)
	})
}
