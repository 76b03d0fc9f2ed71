package core

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// udp opens a UDP socket on this machine.
func (k *kit) udp(prepare func(*Socket)) (*Socket, int) {
	k.Helper()
	s := k.socket(prepare)
	require.NoError(k, s.Open(KindUDP, 0, 0, "127.0.0.1", 0))
	return s, portOf(k, s)
}

// from reads a datagram and its sender.
func (k *kit) from(s *Socket) (string, endpoint.Addr) {
	k.Helper()
	var sender endpoint.Addr
	buf := make([]byte, 65535)
	n, err := s.ReadFrom(buf, patienceOfTests, func(a endpoint.Addr) error { sender = a; return nil })
	require.NoError(k, err)
	return string(buf[:n]), sender
}

func (k *kit) sendTo(s *Socket, msg string, port int) {
	k.Helper()
	n, err := s.WriteTo([]byte(msg), "127.0.0.1", port)
	require.NoError(k, err)
	require.Equal(k, len(msg), n)
}

func TestDatagrams(t *testing.T) {
	bothWaits(t, func(k *kit) {
		a, portA := k.udp(nil)
		b, portB := k.udp(nil)
		c, portC := k.udp(nil)
		require.Equal(k, StateOpen, a.State())
		require.Equal(k, KindUDP, a.Kind())
		_, err := a.Peer()
		k.fails(err, fault.NoDestination)
		_, err = a.Write([]byte("to whom?"))
		k.fails(err, fault.NoDestination)
		_, err = a.WriteTo([]byte("to whom?"), "", 0)
		k.fails(err, fault.NoDestination)
		k.readFails(a, 0, fault.Timeout)
		k.readFails(a, moment, fault.Timeout)

		k.sendTo(b, "from b", portA)
		msg, sender := k.from(a)
		require.Equal(k, "from b", msg)
		require.EqualValues(k, portB, sender.Port())
		k.sendTo(c, "from c", portA)
		msg, sender = k.from(a)
		require.Equal(k, "from c", msg)
		require.EqualValues(k, portC, sender.Port(), "the sender of each datagram")
		peer, err := a.Peer()
		require.NoError(k, err)
		require.Equal(k, sender, peer)
		k.write(a, "back to c")
		k.expect(c, "back to c")
		n, err := a.WriteTo([]byte("again"), "", 0)
		require.NoError(k, err)
		require.Equal(k, 5, n)
		k.expect(c, "again")

		assert.Equal(k, 2, k.number(a, NumMessagesRead))
		assert.Equal(k, 2, k.number(a, NumMessagesWritten))
		assert.Equal(k, 12, k.number(a, NumBytesRead))
		assert.Equal(k, 14, k.number(a, NumBytesWritten))
		k.fails(a.SetMode(frame.Raw, nil), fault.Kind)
		_, err = a.Exchange(nil, make([]byte, 1), 0)
		k.fails(err, fault.Kind)
		k.fails(a.CloseWrite(0), fault.Kind)
		k.fails(a.WaitForConnection(0), fault.Kind)
		require.NoError(k, a.CloseAndWait(0))
		require.NoError(k, b.Abort())
	})
}

func TestEmptyAndShortDatagrams(t *testing.T) {
	bothWaits(t, func(k *kit) {
		a, port := k.udp(nil)
		b, _ := k.udp(nil)
		k.sendTo(b, "", port)
		n, err := a.Read(nil, patienceOfTests)
		require.NoError(k, err)
		require.Zero(k, n, "0 bytes are a datagram")
		k.sendTo(b, "Hello World", port)
		n, err = a.Size(patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, 11, n)
		n, err = a.Available()
		require.NoError(k, err)
		require.Equal(k, 11, n)
		assert.Equal(k, 11, k.number(a, NumBuffered))
		for _, capacity := range []int{0, 10} {
			_, err = a.Read(make([]byte, capacity), 0)
			k.fails(err, fault.Buffer)
		}
		_, err = a.ReadFrom(make([]byte, 20), 0, func(endpoint.Addr) error { return fault.New(fault.Buffer, fault.PhaseRead, "address") })
		k.fails(err, fault.Buffer)
		k.expect(a, "Hello World")
		n, err = a.Available()
		require.NoError(k, err)
		require.Zero(k, n)

		k.sendTo(b, "lent", port)
		m, err := a.ReadMessage(patienceOfTests)
		require.NoError(k, err)
		require.NoError(k, a.Close())
		require.Zero(k, m.Memory()[m.Offset()+4])
		require.Equal(k, "lent", lent(m))
	})
}

func TestSizesOfDatagrams(t *testing.T) {
	bothWaits(t, func(k *kit) {
		a, port := k.udp(must(k, withInts(map[option.ID]int32{option.ReceiveBuffer: 1 << 20})))
		b, _ := k.udp(must(k, withInts(map[option.ID]int32{option.SendBuffer: 1 << 20})))
		for _, n := range []int{1, 1500, 65507} {
			msg := strings.Repeat("d", n)
			k.sendTo(b, msg, port)
			got, _ := k.from(a)
			require.True(k, msg == got)
		}
		for _, n := range []int{65508, 1 << 20} {
			_, err := b.WriteTo(make([]byte, n), "127.0.0.1", port)
			k.fails(err, fault.DatagramSize)
		}
	})
}

func TestReadManyDatagrams(t *testing.T) {
	bothWaits(t, func(k *kit) {
		a, port := k.udp(nil)
		b, _ := k.udp(nil)
		for _, msg := range []string{"one", "", "three", "four"} {
			k.sendTo(b, msg, port)
		}
		lengths := make([]int32, 3)
		buf := make([]byte, 10)
		n, err := a.ReadMany(buf, lengths, patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, 3, n)
		require.Equal(k, []int32{3, 0, 5}, lengths)
		require.Equal(k, "onethree", string(buf[:8]))
		k.expect(a, "four")
		k.sendTo(b, "fits", port)
		k.sendTo(b, "does not fit", port)
		n, err = a.ReadMany(buf, lengths, patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, 1, n)
		k.expect(a, "does not fit")
	})
}

func TestPortUnreachable(t *testing.T) {
	bothWaits(t, func(k *kit) {
		gone, deadPort := k.udp(nil)
		require.NoError(k, gone.Close())
		quiet, _ := k.udp(nil)
		k.sendTo(quiet, "into the void", deadPort)
		k.sendTo(quiet, "into the void", deadPort)
		k.readFails(quiet, moment, fault.Timeout)

		socket, _ := k.udp(must(k, withInts(map[option.ID]int32{option.UDPErrors: 1})))
		k.sendTo(socket, "comes back", deadPort)
		_, err := socket.Read(make([]byte, 100), patienceOfTests)
		k.fails(err, fault.PortUnreachable)
		require.ErrorContains(k, err, "127.0.0.1")
		k.readFails(socket, 0, fault.Timeout)
	})
}

func TestPortUnreachableIsToldThoughAWriterMetItFirst(t *testing.T) {
	bothWaits(t, func(k *kit) {
		gone, deadPort := k.udp(nil)
		require.NoError(k, gone.Close())
		live, livePort := k.udp(nil)
		socket, _ := k.udp(must(k, withInts(map[option.ID]int32{option.UDPErrors: 1})))
		k.sendTo(socket, "comes back", deadPort)
		k.sendTo(socket, "arrives", livePort)
		k.expect(live, "arrives")
		k.readFails(socket, patienceOfTests, fault.PortUnreachable)
		reader := k.start(func() error { _, err := socket.Read(make([]byte, 100), forever); return err })
		k.untilReadLocked(socket)
		for range 20 {
			k.sendTo(socket, "comes back", deadPort)
			k.sendTo(socket, "arrives", livePort)
			k.expect(live, "arrives")
		}
		k.fails(k.await(reader), fault.PortUnreachable)
	})
}

func TestDatagramsToWrongPlaces(t *testing.T) {
	bothWaits(t, func(k *kit) {
		s, _ := k.udp(nil)
		cases := []struct {
			address string
			port    int
			code    fault.Code
		}{
			{"127.0.0.1", 0, fault.Argument},
			{"127.0.0.1", 65536, fault.Argument},
			{"127.0.0.1", -1, fault.Argument},
			{"unix:/tmp/x", 0, fault.Unsupported},
			{"127.0.0.1:x", 0, fault.Argument},
			{"::1", 9, fault.Unreachable},
			{"a\x00b", 9, fault.Argument},
		}
		for _, c := range cases {
			_, err := s.WriteTo([]byte("x"), c.address, c.port)
			k.fails(err, c.code)
		}
		unopened := k.lib.NewSocket("")
		_, err := unopened.WriteTo(nil, "127.0.0.1", 1)
		k.fails(err, fault.NotConnected)
		_, err = unopened.ReadFrom(nil, 0, nil)
		k.fails(err, fault.NotConnected)
	})
}

func TestDualStackDatagrams(t *testing.T) {
	bothWaits(t, func(k *kit) {
		a := k.lib.NewSocket("")
		require.NoError(k, a.Open(KindUDP, 0, 0, "", 0))
		b := k.lib.NewSocket("")
		require.NoError(k, b.Open(KindUDP, 0, 0, "", 0))
		for _, host := range []string{"127.0.0.1", "::1"} {
			_, err := b.WriteTo([]byte(host), net.JoinHostPort(host, decimal(portOf(k, a))), 0)
			require.NoError(k, err)
			msg, sender := k.from(a)
			require.Equal(k, host, msg)
			require.Equal(k, host, sender.IP().String())
			k.write(a, "back")
			k.expect(b, "back")
		}
	})
}

func TestCloseAndCancelWakeADatagramReader(t *testing.T) {
	bothWaits(t, func(k *kit) {
		s, _ := k.udp(nil)
		done := k.start(func() error { _, err := s.Read(make([]byte, 9), forever); return err })
		k.untilReadLocked(s)
		k.readFails(s, 0, fault.Busy)
		_, err := s.Available()
		k.fails(err, fault.Busy)
		s.Cancel()
		k.fails(k.await(done), fault.Cancelled)
		done = k.start(func() error { _, err := s.ReadMessage(forever); return err })
		k.untilReadLocked(s)
		require.NoError(k, s.Close())
		k.fails(k.await(done), fault.Closed)
	})
}

func TestUDPPortsAreExclusive(t *testing.T) {
	bothWaits(t, func(k *kit) {
		_, port := k.udp(nil)
		second := k.lib.NewSocket("")
		k.fails(second.Open(KindUDP, 0, port, "127.0.0.1", 0), fault.PortTaken)
		shared := must(k, withInts(map[option.ID]int32{option.ExclusivePort: 0}))
		_, port = k.udp(shared)
		require.NoError(k, k.socket(shared).Open(KindUDP, 0, port, "127.0.0.1", 0))
	})
}

func TestMulticast(t *testing.T) {
	const group = "239.77.88.99%lo"
	bothWaits(t, func(k *kit) {
		listener := k.lib.NewSocket("")
		require.NoError(k, listener.SetOption(option.AddressFamily, 4))
		k.fails(listener.SetText(option.TextMulticastJoin, group), fault.NotConnected)
		require.NoError(k, listener.Open(KindUDP, 0, 0, "", 0))
		require.NoError(k, listener.SetText(option.TextMulticastJoin, group))
		k.fails(listener.SetText(option.TextMulticastJoin, group), fault.State)
		sender, _ := k.udp(nil)
		require.NoError(k, sender.SetText(option.TextMulticastInterface, "lo"))
		send := func() {
			_, err := sender.WriteTo([]byte("to all"), "239.77.88.99", portOf(k, listener))
			require.NoError(k, err)
		}
		send()
		k.expect(listener, "to all")
		require.NoError(k, listener.SetText(option.TextMulticastLeave, group))
		send()
		k.readFails(listener, moment, fault.Timeout)
		k.fails(listener.SetText(option.TextMulticastLeave, group), fault.State)

		k.fails(listener.SetText(option.TextMulticastJoin, "10.0.0.1"), fault.Argument)
		k.fails(listener.SetText(option.TextMulticastJoin, "nonsense"), fault.Argument)
		k.fails(listener.SetText(option.TextMulticastJoin, "239.1.1.1%nowhere"), fault.LocalAddress)
		k.fails(sender.SetText(option.TextMulticastInterface, "nowhere"), fault.LocalAddress)
		name, err := sender.Text(option.TextMulticastInterface)
		require.NoError(k, err)
		require.Equal(k, "lo", name, "a refused option is as before")
		_, err = listener.Text(option.TextMulticastJoin)
		k.fails(err, fault.Argument)
	})
}

func TestBroadcastNeedsItsOption(t *testing.T) {
	bothWaits(t, func(k *kit) {
		s := k.lib.NewSocket("")
		require.NoError(k, s.SetOption(option.Broadcast, 0))
		require.NoError(k, s.SetOption(option.AddressFamily, 4))
		require.NoError(k, s.Open(KindUDP, 0, 0, "", 0))
		_, err := s.WriteTo([]byte("x"), "127.255.255.255", 9)
		k.fails(err, fault.Access)
		require.NoError(k, s.SetOption(option.Broadcast, 1))
		_, err = s.WriteTo([]byte("x"), "127.255.255.255", 9)
		require.NoError(k, err)
	})
}

func TestCharsetOfDatagrams(t *testing.T) {
	bothWaits(t, func(k *kit) {
		a, portA := k.udp(must(k, withText(option.TextCharset, "windows-1252")))
		b, portB := k.udp(nil)
		k.sendTo(b, "\xe9", portA)
		n, err := a.Size(patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, 2, n)
		k.expect(a, "é")
		n, err = a.WriteTo([]byte("€"), "127.0.0.1", portB)
		require.NoError(k, err)
		require.Equal(k, 3, n)
		k.expect(b, "\x80")
		_, err = a.Write([]byte("中"))
		k.fails(err, fault.Text)
		k.sendTo(b, "\x81", portA)
		k.readFails(a, patienceOfTests, fault.Text)
		_, err = a.ReadMessage(0)
		k.fails(err, fault.Text)
		require.NoError(k, a.SetText(option.TextCharset, ""))
		k.expect(a, "\x81")
	})
}

func TestNamesAreRememberedForDatagrams(t *testing.T) {
	bothWaits(t, func(k *kit) {
		dns := newFakeDNS(k)
		dns.answer("peer.test", "127.0.0.1")
		a, portA := k.udp(nil)
		b, _ := k.udp(must(k, withText(option.TextDNSServer, dns.address())))
		for range 3 {
			_, err := b.WriteTo([]byte("x"), "peer.test", portA)
			require.NoError(k, err)
			k.expect(a, "x")
		}
		require.EqualValues(k, 1, dns.asked("peer.test"), "asked once")
		_, err := b.WriteTo([]byte("x"), "unknown.test", portA)
		k.fails(err, fault.HostUnknown)
		dns.answer("unknown.test", "127.0.0.1")
		_, err = b.WriteTo([]byte("x"), "unknown.test", portA)
		require.NoError(k, err, "a failure is not remembered")

		require.NoError(k, b.SetOption(option.ResolveCache, 0))
		dns.answer("fresh.test", "127.0.0.1")
		for range 2 {
			_, err = b.WriteTo([]byte("x"), "fresh.test", portA)
			require.NoError(k, err)
		}
		require.EqualValues(k, 2, dns.asked("fresh.test"))

		require.NoError(k, b.SetOption(option.ResolveTimeout, int32(moment.Milliseconds())))
		dns.silence("silent.test")
		began := time.Now()
		_, err = b.WriteTo([]byte("x"), "silent.test", portA)
		k.fails(err, fault.Resolver)
		require.Less(k, time.Since(began), patienceOfTests/4)
		var e *fault.Error
		require.ErrorAs(k, err, &e)
		require.Equal(k, fault.PhaseResolve, e.Phase)
	})
}
