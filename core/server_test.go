package core

import (
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

func TestStandardServer(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, port := k.listen(nil)
		require.Equal(k, StateListening, server.State())
		require.Equal(k, KindServer, server.Kind())
		require.Equal(k, k.layers(), server.Layers())
		k.fails(server.WaitForConnection(0), fault.Timeout)
		_, err := server.Accept(moment, nil)
		k.fails(err, fault.Timeout)
		k.fails(server.Deny(), fault.NoRequest)
		_, err = server.Peer()
		k.fails(err, fault.NoRequest)

		p := k.dial(port)
		for range 2 { // it is left pending
			require.NoError(k, server.WaitForConnection(patienceOfTests))
		}
		assert.Equal(k, 1, k.number(server, NumPending))
		asks, err := server.Peer()
		require.NoError(k, err)
		require.Equal(k, p.name(), asks.String(), "who asks")

		channel, err := server.Accept(0, nil)
		require.NoError(k, err)
		assert.Equal(k, 0, k.number(server, NumPending))
		assert.Equal(k, 1, k.number(server, NumClients))
		require.Same(k, server, channel.Server())
		require.Nil(k, server.Server())
		channels, err := server.Channels()
		require.NoError(k, err)
		require.Equal(k, []*Socket{channel}, channels)
		p.send("5\r\nHello")
		k.expect(channel, "Hello")

		require.NoError(k, server.Close())
		k.write(channel, "lives on")
		p.expect("8\r\nlives on")
		require.NoError(k, channel.Close())
		p.expectEnd()
	})
}

func TestDenyResets(t *testing.T) {
	bothWaits(t, func(k *kit) {
		server, port := k.listen(nil)
		first, second := k.dial(port), k.dial(port)
		require.NoError(k, server.WaitForConnection(patienceOfTests))
		require.NoError(k, server.Deny())
		first.expectReset()
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		k.write(channel, "welcome")
		second.expect("7\r\nwelcome")
		assert.Equal(k, 1, k.number(server, NumRefused))
	})
}

func TestClosingAServerRefusesPendingRequests(t *testing.T) {
	bothWaits(t, func(k *kit) {
		server, port := k.listen(nil)
		pending, waiting := k.dial(port), k.dial(port)
		require.NoError(k, server.WaitForConnection(patienceOfTests))
		require.NoError(k, server.Close())
		pending.expectReset()
		waiting.expectReset()
	})
}

func TestCloseAndCancelWakeAServer(t *testing.T) {
	calls := map[string]func(*Socket) error{
		"wait":   func(s *Socket) error { return s.WaitForConnection(forever) },
		"accept": func(s *Socket) error { _, err := s.Accept(forever, nil); return err },
		"read":   func(s *Socket) error { _, err := s.Read(make([]byte, 9), forever); return err },
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			overTransports(t, func(k *kit) {
				server, _ := k.listen(nil)
				for _, wake := range []struct {
					code fault.Code
					f    func()
				}{{fault.Cancelled, server.Cancel}, {fault.Closed, func() { server.Close() }}} {
					done := k.start(func() error { return call(server) })
					k.eventually(server.server.Load().accepting.Load, "waiting")
					wake.f()
					k.fails(k.await(done), wake.code)
				}
			})
		})
	}
}

func TestOneAtATimeWaitsOnAServer(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, port := k.listen(nil)
		done := k.start(func() error { return server.WaitForConnection(forever) })
		k.eventually(server.server.Load().accepting.Load, "waiting")
		k.fails(server.WaitForConnection(forever), fault.Busy)
		_, err := server.Accept(0, nil)
		k.fails(err, fault.Busy)
		k.dial(port)
		require.NoError(k, k.await(done))
	})
}

func TestARefusedRegistrationLeavesTheRequestPending(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, port := k.listen(nil)
		p := k.dial(port)
		_, err := server.Accept(patienceOfTests, func(*Socket) error { return fault.New(fault.Limit, fault.PhaseCall, "") })
		k.fails(err, fault.Limit)
		assert.Equal(k, 1, k.number(server, NumPending))
		assert.Equal(k, 0, k.number(server, NumClients))
		channel, err := server.Accept(0, func(ch *Socket) error { ch.SetID(7); return nil })
		require.NoError(k, err)
		require.EqualValues(k, 7, channel.ID())
		k.write(channel, "x")
		p.expect("1\r\nx")
	})
}

func TestARefusedRegistrationBesideAnotherRequest(t *testing.T) {
	bothWaits(t, func(k *kit) {
		server, port := k.listen(nil)
		k.dial(port)
		_, err := server.Accept(patienceOfTests, func(*Socket) error {
			k.dial(port)
			if err := server.WaitForConnection(patienceOfTests); err != nil {
				return err
			}
			return fault.New(fault.Limit, fault.PhaseCall, "")
		})
		k.fails(err, fault.Limit)
		assert.Equal(k, 1, k.number(server, NumPending))
		_, err = server.Accept(0, nil)
		require.NoError(k, err)
	})
}

func TestLimitsOfClients(t *testing.T) {
	for _, id := range []option.ID{option.MaxClients, option.MaxClientsPerAddress} {
		t.Run(option.Ints()[id].Name, func(t *testing.T) {
			bothWaits(t, func(k *kit) {
				server, port := k.listen(must(k, withInts(map[option.ID]int32{id: 2})))
				k.dial(port)
				one, err := server.Accept(patienceOfTests, nil)
				require.NoError(k, err)
				k.dial(port)
				_, err = server.Accept(patienceOfTests, nil)
				require.NoError(k, err)

				var above []*peer
				for range 3 {
					above = append(above, k.dial(port))
				}
				k.fails(server.WaitForConnection(moment), fault.Timeout)
				for _, p := range above {
					p.expectReset()
				}
				assert.Equal(k, 3, k.number(server, NumRefused))

				require.NoError(k, one.Close())
				k.eventually(func() bool { return k.number(server, NumClients) == 1 }, "room")
				k.dial(port)
				_, err = server.Accept(patienceOfTests, nil)
				require.NoError(k, err)
				require.NoError(k, server.SetOption(id, 0))
				k.dial(port)
				_, err = server.Accept(patienceOfTests, nil)
				require.NoError(k, err, "no limit any more")
			})
		})
	}
}

func TestChannelsInheritTheOptionsOfTheirServer(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, port := k.listen(must(k, both(inMode(frame.EndTag, "!"),
			withInts(map[option.ID]int32{option.UserNumber: 42, option.KeepAliveIdle: 7000, option.WriteTimeout: 1234}),
			withText(option.TextUserText, "mine"))))
		p := k.dial(port)
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		own := int32(port)
		if k.unix {
			own = 0
		}
		for id, want := range map[option.ID]int32{option.UserNumber: 42, option.KeepAliveIdle: 7000, option.WriteTimeout: 1234,
			option.Mode: int32(frame.EndTag), option.LocalPort: own} {
			got, err := channel.Option(id)
			require.NoError(k, err)
			assert.Equal(k, want, got, option.Ints()[id].Name)
		}
		require.NoError(k, server.SetMode(frame.Size, nil), "accepted channels keep theirs")
		p.send("Hello!")
		k.expect(channel, "Hello")
		text, err := channel.Text(option.TextUserText)
		require.NoError(k, err)
		assert.Equal(k, "mine", text)
	})
}

func TestAClientThatIsGoneBeforeAccept(t *testing.T) {
	bothWaits(t, func(k *kit) {
		server, port := k.listen(nil)
		gone, ended := k.dial(port), k.dial(port)
		gone.reset()
		ended.send("3\r\nbye")
		require.NoError(k, ended.Close())
		stays := k.dial(port)
		stays.send("5\r\nstays")
		got := map[string]int{}
		for got["stays"] == 0 {
			channel, err := server.Accept(patienceOfTests, nil)
			require.NoError(k, err)
			buf := make([]byte, 10)
			n, err := channel.Read(buf, patienceOfTests)
			if err != nil {
				k.fails(err, fault.Reset)
			}
			got[string(buf[:n])]++
			require.NoError(k, channel.Close())
		}
		assert.Equal(k, 1, got["bye"])
	})
}

func TestPortsOfServers(t *testing.T) {
	bothWaits(t, func(k *kit) {
		server, port := k.listen(nil)
		require.NotZero(k, port)
		chosen, err := server.Option(option.LocalPort)
		require.NoError(k, err)
		require.EqualValues(k, port, chosen)

		second := k.lib.NewSocket("second")
		k.fails(k.open(second, KindServer, 0, port, 0), fault.PortTaken)
		require.Equal(k, StateFailed, second.State())
		require.ErrorIs(k, second.Why(), fault.PortTaken)
		k.readFails(second, 0, fault.PortTaken)

		channels := 0
		for range 3 { // start again on the port, with connections of the last one still about
			k.dial(port)
			_, err := server.Accept(patienceOfTests, nil)
			require.NoError(k, err)
			channels++
			require.NoError(k, server.Close())
			server = k.lib.NewSocket("again")
			require.NoError(k, k.open(server, KindServer, 0, port, 0))
		}
		require.NoError(k, server.Close())
		require.NoError(k, k.open(second, KindServer, 0, port, 0), "a failed opening may be tried again")
		require.Equal(k, StateListening, second.State())
		require.Equal(k, 3, channels)
	})
}

func TestSharedPorts(t *testing.T) {
	bothWaits(t, func(k *kit) {
		shared := must(k, withInts(map[option.ID]int32{option.ExclusivePort: 0}))
		server, port := k.listen(shared)
		second := k.socket(shared)
		require.NoError(k, k.open(second, KindServer, 0, port, 0))
		exclusive := k.lib.NewSocket("")
		k.fails(k.open(exclusive, KindServer, 0, port, 0), fault.PortTaken)
		k.fails(server.SetOption(option.ExclusivePort, 1), fault.State)
	})
}

func TestAddressesOfServers(t *testing.T) {
	bothWaits(t, func(k *kit) {
		all := k.lib.NewSocket("")
		require.NoError(k, all.Open(KindServer, 0, 0, "", 0))
		for _, host := range []string{"127.0.0.1", "::1", "localhost", ""} {
			c := k.lib.NewSocket("")
			require.NoError(k, c.Open(KindClient, 0, portOf(k, all), host, patienceOfTests), host)
			channel, err := all.Accept(patienceOfTests, nil)
			require.NoError(k, err)
			end, err := channel.Peer()
			require.NoError(k, err)
			assert.False(k, end.IP().Is4In6(), "IPv4 peers are shown as such")
			if host == "127.0.0.1" {
				assert.Equal(k, host, end.IP().String())
			}
		}
		s := k.lib.NewSocket("")
		k.fails(s.Open(KindServer, 0, 0, "192.0.2.77", 0), fault.LocalAddress)
		k.fails(s.Open(KindServer, 0, 70000, "", 0), fault.Argument)
		k.fails(s.Open(KindServer, 0, -1, "", 0), fault.Argument)
		k.fails(s.Open(Kind(9), 0, 1, "", 0), fault.Argument)
		k.fails(s.Open(KindUDP, LayerTLS, 1, "", 0), fault.Argument)
		k.fails(s.Open(KindServer, 0, 0, "carrier-pigeon://roof", 0), fault.Unsupported)
		require.NoError(k, s.SetOption(option.AddressFamily, 6))
		require.NoError(k, s.Open(KindServer, 0, 0, "", 0))
		c := k.lib.NewSocket("")
		k.fails(c.Open(KindClient, 0, portOf(k, s), "127.0.0.1", patienceOfTests), fault.Refused)
		require.NoError(k, c.Open(KindClient, 0, portOf(k, s), "[::1]", patienceOfTests))
	})
}

func TestWrongKinds(t *testing.T) {
	bothWaits(t, func(k *kit) {
		client, channel := k.pair(k, nil)
		for _, s := range []*Socket{client, channel} {
			k.fails(s.WaitForConnection(0), fault.Kind)
			_, err := s.Accept(0, nil)
			k.fails(err, fault.Kind)
			k.fails(s.Deny(), fault.Kind)
			_, err = s.Channels()
			k.fails(err, fault.Kind)
			_, err = s.WriteTo([]byte("x"), "127.0.0.1", 1)
			k.fails(err, fault.Kind)
			_, err = s.ReadFrom(make([]byte, 1), 0, nil)
			k.fails(err, fault.Kind)
			k.fails(s.SetText(option.TextMulticastJoin, "239.1.2.3"), fault.Kind)
		}
		server, _ := k.listen(nil)
		k.fails(server.CloseWrite(0), fault.Kind)
	})
}

func TestSimplifiedServer(t *testing.T) {
	bothWaits(t, func(k *kit) {
		server, port := k.listen(nil)
		_, err := server.Write([]byte("too soon"))
		k.fails(err, fault.NoClient)
		_, err = server.Exchange([]byte("too soon"), make([]byte, 10), 0)
		k.fails(err, fault.NoClient)
		_, err = server.Available()
		k.fails(err, fault.NoClient)
		k.fails(server.Deny(), fault.NoRequest)
		k.readFails(server, moment, fault.Timeout)

		first, second := k.dial(port), k.dial(port)
		first.send("5\r\nfirst")
		k.expect(server, "first")
		k.write(server, "hello first")
		first.expect("11\r\nhello first")
		who, err := server.Peer()
		require.NoError(k, err)
		require.Equal(k, first.name(), who.String())
		second.send("6\r\nsecond")
		k.readFails(server, moment, fault.Timeout)
		assert.Equal(k, 8, k.number(server, NumBytesRead), "of the present client")

		first.send("3\r\nbye")
		require.NoError(k, first.Close())
		k.expect(server, "bye")
		k.readFails(server, patienceOfTests, fault.PeerClosed)
		_, err = server.Write([]byte("nobody"))
		k.fails(err, fault.NoClient)
		k.expect(server, "second")
		k.write(server, "hello second")
		second.expect("12\r\nhello second")

		require.NoError(k, server.Deny())
		second.expectReset()
		third := k.dial(port)
		third.send("nonsense")
		k.readFails(server, patienceOfTests, fault.Frame)
		fourth := k.dial(port)
		fourth.send("0\r\n2\r\nok")
		k.expect(server, "")
		k.fails(server.WaitForConnection(0), fault.State)
		_, err = server.Accept(0, nil)
		k.fails(err, fault.State)
		k.expect(server, "ok")
		fourth.reset()
		k.readFails(server, patienceOfTests, fault.Reset)
		k.fails(server.WaitForConnection(0), fault.Timeout)
		k.readFails(server, 0, fault.StandardServer)
	})
}

func TestDenyWakesTheReaderOfASimplifiedServer(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, port := k.listen(nil)
		p := k.dial(port)
		p.send("2\r\nhi")
		k.expect(server, "hi")
		done := k.start(func() error { _, err := server.Read(make([]byte, 9), forever); return err })
		k.untilReadLocked(server)
		time.Sleep(time.Millisecond)
		require.NoError(k, server.Deny())
		k.fails(k.await(done), fault.Reset)
		p.expectReset()
		next := k.dial(port)
		next.send("4\r\nnext")
		k.expect(server, "next")
	})
}

// What one client of a simplified server did not take is sent on by a task, which ends with that
// client: its descriptor may be the next one's afterwards.
func TestSendingOnEndsWithTheClientOfASimplifiedServer(t *testing.T) {
	for name, end := range map[string]func(k *kit, server *Socket, p *peer){
		"denied": func(k *kit, server *Socket, p *peer) { require.NoError(k, server.Deny()) },
		"half closed": func(k *kit, server *Socket, p *peer) {
			require.NoError(k, p.tcp.(interface{ CloseWrite() error }).CloseWrite())
			k.readFails(server, patienceOfTests, fault.PeerClosed)
		},
	} {
		t.Run(name, func(t *testing.T) {
			bothWaits(t, func(k *kit) {
				server, port := k.listen(must(k, withInts(map[option.ID]int32{
					option.SendQueue: 1 << 20, option.SendBuffer: 4096, option.CloseTimeout: 3600000})))
				p := k.dial(port)
				p.send("2\r\nhi")
				k.expect(server, "hi")
				var err error
				for err == nil {
					_, err = server.Write(make([]byte, 60000))
				}
				k.fails(err, fault.Full)
				v := server.server.Load()
				v.mu.Lock()
				st := v.client
				v.mu.Unlock()
				require.True(k, st.flushing.Load())
				end(k, server, p)
				k.eventually(func() bool { return !st.flushing.Load() }, "the task has left")
				p.reset()
				next := k.dial(port)
				next.send("4\r\nnext")
				k.expect(server, "next")
				k.write(server, "yours")
				next.expect("5\r\nyours")
			})
		})
	}
}

func TestModeChangeOnASimplifiedServer(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, port := k.listen(nil)
		p := k.dial(port)
		p.send("1\r\naxyz;")
		k.expect(server, "a")
		require.NoError(k, server.SetMode(frame.EndTag, []byte(";")))
		k.expect(server, "xyz")
		require.NoError(k, p.Close())
		k.readFails(server, patienceOfTests, fault.PeerClosed)
		next := k.dial(port)
		next.send("for all later ones;")
		k.expect(server, "for all later ones")
	})
}

func TestAServerBecomesStandardUnderItsReader(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, port := k.listen(nil)
		done := k.start(func() error { _, err := server.Read(make([]byte, 9), forever); return err })
		k.eventually(server.server.Load().accepting.Load, "a simplified reader")
		k.fails(server.WaitForConnection(0), fault.Busy)
		p := k.dial(port)
		k.fails(k.await(done), fault.StandardServer)
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		k.write(channel, "yours")
		p.expect("5\r\nyours")
		_, err = server.Write([]byte("x"))
		k.fails(err, fault.StandardServer)
		_, err = server.Available()
		k.fails(err, fault.StandardServer)
		_, err = server.Exchange(nil, make([]byte, 1), 0)
		k.fails(err, fault.StandardServer)
	})
}

func TestClosingASimplifiedServerDeliversWhatWasWritten(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, port := k.listen(nil)
		p := k.dial(port)
		p.send("2\r\nhi")
		k.expect(server, "hi")
		msg := strings.Repeat("x", 100000)
		k.write(server, msg)
		require.NoError(k, server.Close())
		p.expect("100000\r\n" + msg)
		p.expectEnd()
	})
	overTransports(t, func(k *kit) {
		server, port := k.listen(nil)
		p := k.dial(port)
		p.send("2\r\nhi")
		k.expect(server, "hi")
		require.NoError(k, server.Abort())
		p.expectReset()
	})
}

func TestNamesInTexts(t *testing.T) {
	bothWaits(t, func(k *kit) {
		s := k.lib.NewSocket("name")
		require.Equal(k, "name", s.Label())
		s.setName("other")
		err := s.Open(KindClient, 0, 1, "127.0.0.1", patienceOfTests)
		k.fails(err, fault.Refused)
		require.ErrorContains(k, err, net.JoinHostPort("127.0.0.1", strconv.Itoa(1)))
		require.Equal(k, "other", s.Label())
	})
}

// TestOwnAddressByName: the name of an own address is looked up as the options
// say, not for longer, and can be given up.
func TestOwnAddressByName(t *testing.T) {
	bothWaits(t, func(k *kit) {
		dns := newFakeDNS(k)
		dns.answer("here.example", "127.0.0.1")
		dns.silence("silent.example")
		ask := func(s *Socket) {
			require.NoError(k, s.SetText(option.TextDNSServer, dns.address()))
		}
		for _, kind := range []Kind{KindServer, KindUDP} {
			s := k.socket(ask)
			require.NoError(k, s.Open(kind, 0, 0, "here.example", forever))
			end, err := s.Local()
			require.NoError(k, err)
			assert.Equal(k, "127.0.0.1", end.IP().String())

			s = k.socket(ask)
			k.fails(s.Open(kind, 0, 0, "nowhere.example", forever), fault.HostUnknown)
			require.NoError(k, s.SetOption(option.ResolveTimeout, int32(moment/time.Millisecond)))
			k.fails(s.Open(kind, 0, 0, "silent.example", forever), fault.Resolver)

			require.NoError(k, s.SetOption(option.ResolveTimeout, 600000))
			done := k.start(func() error { return s.Open(kind, 0, 0, "silent.example", forever) })
			require.Eventually(k, func() bool { return s.State() == StateConnecting }, patienceOfTests, time.Millisecond)
			require.NoError(k, s.Close())
			k.fails(k.await(done), fault.Closed)
		}
	})
}

// A reader waits for a simplified client while the server becomes a standard one
// whose first request is pending: the next client does not take its place.
func TestARequestIsNotForgottenForAnother(t *testing.T) {
	bothWaits(t, func(k *kit) {
		server, port := k.listen(nil)
		other, otherPort := k.listen(nil)
		k.dial(otherPort)
		require.NoError(k, other.WaitForConnection(patienceOfTests))
		first := other.server.Load().takePending()
		done := k.start(func() error {
			_, err := server.Read(make([]byte, 10), forever)
			return err
		})
		v := server.server.Load()
		k.eventually(v.accepting.Load, "the reader waits for a client")
		v.mu.Lock()
		v.standard, v.pending = true, first
		v.mu.Unlock()
		if c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil { // it may be reset already
			defer c.Close()
		}
		k.fails(k.await(done), fault.StandardServer)
		v.mu.Lock()
		defer v.mu.Unlock()
		require.Same(k, first, v.pending)
	})
}
