package core

import (
	"math"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
	"wdsocket/core/stats"
)

func (k *kit) figures(s *Socket) stats.Row {
	k.Helper()
	f, err := s.Statistics()
	require.NoError(k, err)
	return f
}

// counted checks the figures named and that all other errors are none.
func (k *kit) counted(f stats.Row, want map[stats.ID]int64) {
	k.Helper()
	for i := range stats.Count {
		if n, named := want[i]; named {
			assert.Equal(k, n, f[i], "figure %d", i)
		} else if i >= stats.ErrorsReset || i == stats.Dropped || i == stats.Reconnects {
			assert.Zero(k, f[i], "figure %d", i)
		}
	}
}

func TestStatisticsOfAConversation(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, port := k.listen(nil)
		client := k.connect(port, nil)
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		assert.Zero(k, k.figures(channel)[stats.FirstByteMicros])
		handshake := k.figures(channel)[stats.BytesRead]

		k.write(client, "Hello")
		k.write(client, "World")
		k.expect(channel, "Hello")
		f := k.figures(channel)
		k.counted(f, map[stats.ID]int64{stats.MessagesRead: 1, stats.MessagesWritten: 0, stats.Clients: 0, stats.Accepted: 0, stats.SendQueue: 0})
		assert.Contains(k, []int64{0, 8}, f[stats.ReceiveQueue], "the second one may be on its way")
		k.expect(channel, "World")
		f = k.figures(channel)
		assert.Positive(k, f[stats.FirstByteMicros])
		assert.Equal(k, k.tls != 0, f[stats.TLSMicros] > 0)
		switch {
		case k.tls != 0:
			assert.Greater(k, f[stats.BytesRead], handshake+16)
		case k.header: // which is counted as what stands in front of a conversation with TLS is
			assert.Equal(k, handshake+16, f[stats.BytesRead])
			assert.Positive(k, handshake)
		default:
			assert.Equal(k, int64(16), f[stats.BytesRead])
		}
		c := k.figures(client)
		assert.Equal(k, f[stats.BytesRead], c[stats.BytesWritten])
		assert.Positive(k, c[stats.ConnectMicros])
		assert.EqualValues(k, c[stats.ConnectMicros], k.number(client, NumConnectMicros))
		assert.GreaterOrEqual(k, c[stats.ConnectMicros], c[stats.TLSMicros])
		k.counted(c, map[stats.ID]int64{stats.MessagesRead: 0, stats.MessagesWritten: 2, stats.ReceiveQueue: 0})

		v := k.figures(server)
		k.counted(v, map[stats.ID]int64{stats.MessagesRead: 2, stats.Clients: 1, stats.Pending: 0, stats.Accepted: 1, stats.Refused: 0,
			stats.BytesRead: f[stats.BytesRead], stats.FirstByteMicros: f[stats.FirstByteMicros], stats.TLSMicros: f[stats.TLSMicros]})
		all := k.lib.Statistics()
		k.counted(all, map[stats.ID]int64{stats.MessagesRead: 2, stats.MessagesWritten: 2, stats.Clients: 1, stats.Accepted: 1,
			stats.BytesRead: f[stats.BytesRead] + c[stats.BytesRead]})
	})
}

func TestStatisticsOfClientsThatHaveGone(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, port := k.listen(nil)
		var read, written int64
		const clients = 5
		for i := range clients {
			client := k.connect(port, nil)
			channel, err := server.Accept(patienceOfTests, nil)
			require.NoError(k, err)
			k.write(client, "ask")
			k.expect(channel, "ask")
			k.write(channel, "answer")
			k.expect(client, "answer")
			assert.Equal(k, int64(1), k.figures(server)[stats.Clients])
			require.NoError(k, client.CloseWrite(patienceOfTests))
			k.readFails(channel, patienceOfTests, fault.PeerClosed)
			require.NoError(k, channel.CloseAndWait(patienceOfTests)) // with TLS it says good-bye
			_, err = channel.Statistics()
			k.fails(err, fault.Closed)
			f := k.figures(server)
			k.counted(f, map[stats.ID]int64{stats.MessagesRead: int64(i + 1), stats.MessagesWritten: int64(i + 1), stats.Accepted: int64(i + 1), stats.Clients: 0})
			assert.Greater(k, f[stats.BytesRead], read)
			assert.Greater(k, f[stats.BytesWritten], written)
			read, written = f[stats.BytesRead], f[stats.BytesWritten]
			require.NoError(k, client.Close())
		}
		if k.exact {
			assert.Equal(k, int64(clients*len("3\r\nask")), read)
			assert.Equal(k, int64(clients*len("6\r\nanswer")), written)
		}
		require.NoError(k, server.Close())
		assert.Equal(k, stats.Row{}, k.lib.Statistics())
	})
}

// What the send queue holds still goes out while the channel is closed, and is
// among the server's figures then.
func TestStatisticsOfWhatLeavesLate(t *testing.T) {
	bothWaits(t, func(k *kit) {
		server, port := k.listen(must(k, both(inMode(frame.Raw, ""), withInts(map[option.ID]int32{option.SendQueue: math.MaxInt32, option.CloseTimeout: 20000}))))
		p := k.dial(port)
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		const size = 16 << 20
		k.write(channel, string(make([]byte, size)))
		require.Positive(k, k.figures(channel)[stats.SendQueue])
		require.NoError(k, channel.Close())
		require.Less(k, k.figures(server)[stats.BytesWritten], int64(size))
		got := int64(0)
		buf := make([]byte, 1<<20)
		for got < size {
			n, err := p.Read(buf)
			require.NoError(k, err)
			got += int64(n)
		}
		p.expectEnd()
		k.eventually(func() bool { return k.figures(server)[stats.BytesWritten] == size }, "all is counted")
	})
}

func TestStatisticsOfASimplifiedServer(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, port := k.listen(nil)
		for i := range int64(3) {
			p := k.dial(port)
			p.send("5\r\nHello")
			k.expect(server, "Hello")
			k.counted(k.figures(server), map[stats.ID]int64{stats.MessagesRead: i + 1, stats.Accepted: i + 1, stats.Clients: 0})
			require.NoError(k, p.Close())
			k.readFails(server, patienceOfTests, fault.PeerClosed)
			k.counted(k.figures(server), map[stats.ID]int64{stats.MessagesRead: i + 1, stats.Accepted: i + 1})
		}
	})
}

func TestStatisticsOfErrors(t *testing.T) {
	overTransports(t, func(k *kit) {
		channel, p := k.raw(k, nil)
		p.send("nonsense\r\n")
		for range 3 { // told each time, counted once
			k.readFails(channel, patienceOfTests, fault.Frame)
		}
		k.counted(k.figures(channel), map[stats.ID]int64{stats.ErrorsFrame: 1})

		channel, p = k.raw(k, must(k, withInts(map[option.ID]int32{option.MaxMessage: 10})))
		_, err := channel.Write(make([]byte, 11))
		k.fails(err, fault.TooLong)
		k.readFails(channel, 0, fault.Timeout)
		k.counted(k.figures(channel), map[stats.ID]int64{stats.ErrorsFrame: 1})
		p.reset()
		for range 3 {
			k.readFails(channel, patienceOfTests, fault.Reset)
		}
		k.counted(k.figures(channel), map[stats.ID]int64{stats.ErrorsFrame: 1, stats.ErrorsReset: 1})

		channel, _ = k.raw(k, must(k, both(inMode(frame.Raw, ""), withInts(map[option.ID]int32{option.WriteTimeout: 1}))))
		for err == nil || fault.CodeOf(err) == fault.TooLong {
			_, err = channel.Write(make([]byte, 1<<20))
		}
		k.fails(err, fault.Timeout)
		k.counted(k.figures(channel), map[stats.ID]int64{stats.ErrorsWrite: 1})

		channel, _ = k.raw(k, must(k, both(inMode(frame.Raw, ""), withInts(map[option.ID]int32{option.SendQueue: 1 << 20}))))
		for err = nil; err == nil; {
			_, err = channel.Write(make([]byte, 1<<20))
		}
		k.fails(err, fault.Full)
		f := k.figures(channel)
		k.counted(f, map[stats.ID]int64{stats.ErrorsFull: 1})
		assert.Positive(k, f[stats.SendQueue])

		channel, _ = k.raw(k, must(k, inMode(frame.EndTag, "\n")))
		_, err = channel.Write([]byte("a\nb"))
		k.fails(err, fault.TagInMessage)
		k.counted(k.figures(channel), map[stats.ID]int64{stats.ErrorsOther: 1})
	})
}

func TestStatisticsOfOpening(t *testing.T) {
	bothWaits(t, func(k *kit) {
		server, port := k.listen(nil)
		client := k.connect(port, nil)
		require.NoError(k, server.Close())
		require.NoError(k, client.Close())
		refused := k.lib.NewSocket("")
		for i := range int64(2) {
			k.fails(k.open(refused, KindClient, 0, port, patienceOfTests), fault.Refused)
			k.counted(k.figures(refused), map[stats.ID]int64{stats.ErrorsOther: i + 1})
		}
		require.Equal(k, int64(2), k.lib.Statistics()[stats.ErrorsOther])

		ln, err := net.Listen("tcp", "127.0.0.1:0") // silent
		require.NoError(k, err)
		defer ln.Close()
		silent := k.socket(nil)
		k.secured(silent, tlslayer.TLS13)
		k.fails(silent.Open(KindClient, LayerTLS, ln.Addr().(*net.TCPAddr).Port, "127.0.0.1", moment), fault.Timeout)
		k.counted(k.figures(silent), map[stats.ID]int64{stats.ErrorsTLS: 1})
	})
}

func TestStatisticsOfHandshakesThatFail(t *testing.T) {
	k := newKit(t, transports[3])
	server, port := k.listen(nil)
	c, err := net.Dial("tcp", "127.0.0.1:"+decimal(port))
	require.NoError(t, err)
	_, err = c.Write([]byte("GET / HTTP/1.0\r\n\r\n"))
	require.NoError(t, err)
	k.eventually(func() bool { return k.figures(server)[stats.ErrorsTLS] == 1 }, "it is counted")
	require.NoError(t, c.Close())
	p := k.dial(port) // a good one
	channel, err := server.Accept(patienceOfTests, nil)
	require.NoError(t, err)
	require.NoError(t, p.tcp.CloseWrite()) // without TLS's own end
	k.readFails(channel, patienceOfTests, fault.TLSTruncated)
	k.counted(k.figures(server), map[stats.ID]int64{stats.ErrorsTLS: 2, stats.Accepted: 1, stats.Clients: 1})
}

func TestStatisticsOfDatagrams(t *testing.T) {
	bothWaits(t, func(k *kit) {
		u := k.socket(nil)
		require.NoError(k, u.Open(KindUDP, 0, 0, "127.0.0.1", 0))
		_, err := u.WriteTo([]byte("to myself"), "127.0.0.1", portOf(k, u))
		require.NoError(k, err)
		n, err := u.Size(patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, 9, n)
		f := k.figures(u)
		k.counted(f, map[stats.ID]int64{stats.BytesRead: 9, stats.BytesWritten: 9, stats.MessagesWritten: 1, stats.MessagesRead: 0, stats.ReceiveQueue: 9})
		assert.Positive(k, f[stats.FirstByteMicros])
		k.expect(u, "to myself")
		_, err = u.WriteTo(make([]byte, 70000), "127.0.0.1", portOf(k, u))
		k.fails(err, fault.DatagramSize)
		k.counted(k.figures(u), map[stats.ID]int64{stats.MessagesRead: 1, stats.ReceiveQueue: 0, stats.ErrorsOther: 1})
	})
}

// An idle connection has no counters.
func TestIdleClientsHaveNoCounters(t *testing.T) {
	k := newKit(t, transports[1])
	client, channel := plainPair(k, nil)
	k.write(client, "x")
	k.expect(channel, "x")
	k.readFails(channel, time.Millisecond, fault.Timeout)
	for _, s := range []*Socket{client, channel} {
		assert.False(t, s.counters.Used())
		assert.False(t, s.stream.Load().counters.Used())
	}
}
