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
)

func (k *kit) figures(s *Socket) Stats {
	k.Helper()
	f, err := s.Statistics()
	require.NoError(k, err)
	return f
}

// counted checks the figures named and that all other errors are none.
func (k *kit) counted(f Stats, want map[Stat]int64) {
	k.Helper()
	for i := range StatCount {
		if n, named := want[i]; named {
			assert.Equal(k, n, f[i], "figure %d", i)
		} else if i >= StatErrorsReset || i == StatDropped || i == StatReconnects {
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
		assert.Zero(k, k.figures(channel)[StatFirstByteMicros])
		handshake := k.figures(channel)[StatBytesRead]

		k.write(client, "Hello")
		k.write(client, "World")
		k.expect(channel, "Hello")
		f := k.figures(channel)
		k.counted(f, map[Stat]int64{StatMessagesRead: 1, StatMessagesWritten: 0, StatClients: 0, StatAccepted: 0, StatSendQueue: 0})
		assert.Contains(k, []int64{0, 8}, f[StatReceiveQueue], "the second one may be on its way")
		k.expect(channel, "World")
		f = k.figures(channel)
		assert.Positive(k, f[StatFirstByteMicros])
		assert.Equal(k, k.tls != 0, f[StatTLSMicros] > 0)
		if k.tls == 0 {
			assert.Equal(k, int64(16), f[StatBytesRead])
		} else {
			assert.Greater(k, f[StatBytesRead], handshake+16)
		}
		c := k.figures(client)
		assert.Equal(k, f[StatBytesRead], c[StatBytesWritten])
		assert.Positive(k, c[StatConnectMicros])
		assert.GreaterOrEqual(k, c[StatConnectMicros], c[StatTLSMicros])
		k.counted(c, map[Stat]int64{StatMessagesRead: 0, StatMessagesWritten: 2, StatReceiveQueue: 0})

		v := k.figures(server)
		k.counted(v, map[Stat]int64{StatMessagesRead: 2, StatClients: 1, StatPending: 0, StatAccepted: 1, StatRefused: 0,
			StatBytesRead: f[StatBytesRead], StatFirstByteMicros: f[StatFirstByteMicros], StatTLSMicros: f[StatTLSMicros]})
		all := k.lib.Statistics()
		k.counted(all, map[Stat]int64{StatMessagesRead: 2, StatMessagesWritten: 2, StatClients: 1, StatAccepted: 1,
			StatBytesRead: f[StatBytesRead] + c[StatBytesRead]})
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
			assert.Equal(k, int64(1), k.figures(server)[StatClients])
			require.NoError(k, client.CloseWrite(patienceOfTests))
			k.readFails(channel, patienceOfTests, fault.PeerClosed)
			require.NoError(k, channel.CloseAndWait(patienceOfTests)) // with TLS it says good-bye
			_, err = channel.Statistics()
			k.fails(err, fault.Closed)
			f := k.figures(server)
			k.counted(f, map[Stat]int64{StatMessagesRead: int64(i + 1), StatMessagesWritten: int64(i + 1), StatAccepted: int64(i + 1), StatClients: 0})
			assert.Greater(k, f[StatBytesRead], read)
			assert.Greater(k, f[StatBytesWritten], written)
			read, written = f[StatBytesRead], f[StatBytesWritten]
			require.NoError(k, client.Close())
		}
		if k.exact {
			assert.Equal(k, int64(clients*len("3\r\nask")), read)
			assert.Equal(k, int64(clients*len("6\r\nanswer")), written)
		}
		require.NoError(k, server.Close())
		assert.Equal(k, Stats{}, k.lib.Statistics())
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
		require.Positive(k, k.figures(channel)[StatSendQueue])
		require.NoError(k, channel.Close())
		require.Less(k, k.figures(server)[StatBytesWritten], int64(size))
		got := int64(0)
		buf := make([]byte, 1<<20)
		for got < size {
			n, err := p.Read(buf)
			require.NoError(k, err)
			got += int64(n)
		}
		p.expectEnd()
		k.eventually(func() bool { return k.figures(server)[StatBytesWritten] == size }, "all is counted")
	})
}

func TestStatisticsOfASimplifiedServer(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, port := k.listen(nil)
		for i := range int64(3) {
			p := k.dial(port)
			p.send("5\r\nHello")
			k.expect(server, "Hello")
			k.counted(k.figures(server), map[Stat]int64{StatMessagesRead: i + 1, StatAccepted: i + 1, StatClients: 0})
			require.NoError(k, p.Close())
			k.readFails(server, patienceOfTests, fault.PeerClosed)
			k.counted(k.figures(server), map[Stat]int64{StatMessagesRead: i + 1, StatAccepted: i + 1})
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
		k.counted(k.figures(channel), map[Stat]int64{StatErrorsFrame: 1})

		channel, p = k.raw(k, must(k, withInts(map[option.ID]int32{option.MaxMessage: 10})))
		_, err := channel.Write(make([]byte, 11))
		k.fails(err, fault.TooLong)
		k.readFails(channel, 0, fault.Timeout)
		k.counted(k.figures(channel), map[Stat]int64{StatErrorsFrame: 1})
		p.reset()
		for range 3 {
			k.readFails(channel, patienceOfTests, fault.Reset)
		}
		k.counted(k.figures(channel), map[Stat]int64{StatErrorsFrame: 1, StatErrorsReset: 1})

		channel, _ = k.raw(k, must(k, both(inMode(frame.Raw, ""), withInts(map[option.ID]int32{option.WriteTimeout: 1}))))
		for err == nil || fault.CodeOf(err) == fault.TooLong {
			_, err = channel.Write(make([]byte, 1<<20))
		}
		k.fails(err, fault.Timeout)
		k.counted(k.figures(channel), map[Stat]int64{StatErrorsWrite: 1})

		channel, _ = k.raw(k, must(k, both(inMode(frame.Raw, ""), withInts(map[option.ID]int32{option.SendQueue: 1 << 20}))))
		for err = nil; err == nil; {
			_, err = channel.Write(make([]byte, 1<<20))
		}
		k.fails(err, fault.Full)
		f := k.figures(channel)
		k.counted(f, map[Stat]int64{StatErrorsFull: 1})
		assert.Positive(k, f[StatSendQueue])

		channel, _ = k.raw(k, must(k, inMode(frame.EndTag, "\n")))
		_, err = channel.Write([]byte("a\nb"))
		k.fails(err, fault.TagInMessage)
		k.counted(k.figures(channel), map[Stat]int64{StatErrorsOther: 1})
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
			k.fails(refused.Open(KindClient, 0, port, "127.0.0.1", patienceOfTests), fault.Refused)
			k.counted(k.figures(refused), map[Stat]int64{StatErrorsOther: i + 1})
		}
		require.Equal(k, int64(2), k.lib.Statistics()[StatErrorsOther])

		ln, err := net.Listen("tcp", "127.0.0.1:0") // silent
		require.NoError(k, err)
		defer ln.Close()
		silent := k.socket(nil)
		k.secured(silent, tlslayer.TLS13)
		k.fails(silent.Open(KindClient, LayerTLS, ln.Addr().(*net.TCPAddr).Port, "127.0.0.1", moment), fault.Timeout)
		k.counted(k.figures(silent), map[Stat]int64{StatErrorsTLS: 1})
	})
}

func TestStatisticsOfHandshakesThatFail(t *testing.T) {
	k := newKit(t, transports[3])
	server, port := k.listen(nil)
	c, err := net.Dial("tcp", "127.0.0.1:"+decimal(port))
	require.NoError(t, err)
	_, err = c.Write([]byte("GET / HTTP/1.0\r\n\r\n"))
	require.NoError(t, err)
	k.eventually(func() bool { return k.figures(server)[StatErrorsTLS] == 1 }, "it is counted")
	require.NoError(t, c.Close())
	p := k.dial(port) // a good one
	channel, err := server.Accept(patienceOfTests, nil)
	require.NoError(t, err)
	require.NoError(t, p.tcp.CloseWrite()) // without TLS's own end
	k.readFails(channel, patienceOfTests, fault.TLSTruncated)
	k.counted(k.figures(server), map[Stat]int64{StatErrorsTLS: 2, StatAccepted: 1, StatClients: 1})
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
		k.counted(f, map[Stat]int64{StatBytesRead: 9, StatBytesWritten: 9, StatMessagesWritten: 1, StatMessagesRead: 0, StatReceiveQueue: 9})
		assert.Positive(k, f[StatFirstByteMicros])
		k.expect(u, "to myself")
		_, err = u.WriteTo(make([]byte, 70000), "127.0.0.1", portOf(k, u))
		k.fails(err, fault.DatagramSize)
		k.counted(k.figures(u), map[Stat]int64{StatMessagesRead: 1, StatReceiveQueue: 0, StatErrorsOther: 1})
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
		assert.Nil(t, s.set.Load())
		assert.Nil(t, s.stream.Load().set.Load())
	}
}
