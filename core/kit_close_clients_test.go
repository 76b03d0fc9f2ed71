package core

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

func TestAServerIsClosedWithItsClients(t *testing.T) {
	for name, timeout := range map[string]time.Duration{"waiting": patienceOfTests, "at once": 0, "for ever": forever} {
		t.Run(name, func(t *testing.T) {
			overTransports(t, func(k *kit) {
				server, clients, channels := k.clientsOf(3, nil)
				gone, others, _ := k.clientsOf(1, nil)
				require.NoError(k, clients[2].Close()) // it has left, and its channel is there
				k.eventually(func() bool { return channels[2].State() != StateOpen }, "it has left")
				reader := k.start(func() error { _, err := channels[0].Read(make([]byte, 9), forever); return err })
				k.untilReadLocked(channels[0])
				long := strings.Repeat("x", 50000)
				k.write(channels[0], long)
				var released []*Socket
				require.NoError(k, server.CloseWithClients(false, timeout, func(s *Socket) { released = append(released, s) }))
				assert.Same(k, server, released[0])
				assert.ElementsMatch(k, append([]*Socket{server}, channels...), released)
				k.fails(k.await(reader), fault.Closed)
				k.expect(clients[0], long)
				k.readFails(clients[0], patienceOfTests, fault.PeerClosed)
				k.readFails(clients[1], patienceOfTests, fault.PeerClosed)
				for _, s := range released {
					k.fails(s.Close(), fault.Handle)
				}
				k.fails(server.CloseWithClients(false, 0, func(*Socket) {}), fault.Handle)
				require.Equal(k, StateOpen, others[0].State(), "another server's client")
				require.NoError(k, gone.Close())
			})
		})
	}
}

func TestAServerIsResetWithItsClients(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, port := k.listen(nil)
		p := k.dial(port)
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		p.end = channel
		require.NoError(k, server.CloseWithClients(true, forever, func(*Socket) {}))
		p.expectReset()
		k.fails(channel.Close(), fault.Handle)
	})
}

func TestClosingClientsGoesOnInTheBackground(t *testing.T) {
	bothWaits(t, func(k *kit) {
		server, port := k.listen(must(k, both(inMode(frame.Raw, ""), withInts(map[option.ID]int32{option.WriteTimeout: 0, option.CloseTimeout: 3600000}))))
		p := k.dial(port)
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		written := 0
		for {
			n, err := channel.Write([]byte(strings.Repeat("x", 1<<16)))
			if written += n; err != nil {
				break
			}
		}
		k.fails(server.CloseWithClients(false, moment, func(*Socket) {}), fault.Timeout)
		p.expect(strings.Repeat("x", written))
	})
}

func TestOnlyServersHaveClientsToClose(t *testing.T) {
	bothWaits(t, func(k *kit) {
		release := func(*Socket) { t.Error("released") }
		client, channel := k.pair(k, nil)
		udp := k.lib.NewSocket("")
		require.NoError(k, udp.Open(KindUDP, 0, 0, "127.0.0.1", 0))
		for _, s := range []*Socket{client, channel, udp} {
			k.fails(s.CloseWithClients(false, 0, release), fault.Kind)
			require.NoError(k, s.Close())
		}
		unopened, failed := k.lib.NewSocket(""), k.lib.NewSocket("")
		k.fails(failed.Open(KindServer, 0, 0, "192.0.2.77", 0), fault.LocalAddress)
		for _, s := range []*Socket{unopened, failed} {
			require.NoError(k, s.CloseWithClients(false, forever, func(*Socket) {}))
			k.fails(s.Close(), fault.Handle)
		}
		simplified, port := k.listen(nil)
		p := k.dial(port)
		p.send("2\r\nhi")
		k.expect(simplified, "hi")
		k.write(simplified, "bye")
		require.NoError(k, simplified.CloseWithClients(false, patienceOfTests, func(*Socket) {}))
		p.expect("3\r\nbye")
		p.expectEnd()
	})
}
