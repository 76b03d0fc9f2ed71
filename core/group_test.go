package core

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// clientsOf connects n clients to a server.
func (k *kit) clientsOf(n int, prepare func(*Socket)) (server *Socket, clients, channels []*Socket) {
	k.Helper()
	server, port := k.listen(prepare)
	for range n {
		client := k.connect(port, prepare)
		ch, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		clients, channels = append(clients, client), append(channels, ch)
	}
	return server, clients, channels
}

func (k *kit) publish(server *Socket, group, msg string, reaches int) {
	k.Helper()
	n, err := server.GroupPublish(group, []byte(msg))
	require.NoError(k, err)
	require.Equal(k, reaches, n)
}

func TestGroups(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, clients, channels := k.clientsOf(4, nil)
		for _, ch := range channels[:3] {
			require.NoError(k, ch.GroupJoin("news"))
			require.NoError(k, ch.GroupJoin("news"))
		}
		require.NoError(k, channels[0].GroupJoin("sport"))
		k.publish(server, "news", "one", 3)
		k.publish(server, "", "two", 4)
		k.publish(server, "sport", "three", 1)
		k.publish(server, "nobody", "four", 0)
		require.NoError(k, channels[0].GroupLeave("news"))
		require.NoError(k, channels[0].GroupLeave("news"))
		k.publish(server, "news", "", 2)
		require.NoError(k, channels[1].Close())
		k.publish(server, "news", "six", 1)
		require.NoError(k, channels[0].GroupLeave(""))
		k.publish(server, "sport", "seven", 0)
		k.publish(server, "", "eight", 3)
		for i, want := range [][]string{{"one", "two", "three", "eight"}, {"one", "two", ""}, {"one", "two", "", "six", "eight"}, {"two", "eight"}} {
			for _, text := range want {
				k.expect(clients[i], text)
			}
		}
		k.readFails(clients[1], patienceOfTests, fault.PeerClosed)
		assert.Equal(k, 4, k.number(channels[0], NumMessagesWritten))
		require.NoError(k, channels[2].Close())
		assert.Empty(k, server.server.Load().groups.byName)
	})
}

// hears expects the messages of a client, and that it has no others: the server closes
// its channel, and what is read behind them is that end.
func (k *kit) hears(client, channel *Socket, messages ...string) {
	k.Helper()
	require.NoError(k, channel.Close())
	for _, text := range messages {
		k.expect(client, text)
	}
	k.readFails(client, patienceOfTests, fault.PeerClosed)
}

// What a channel publishes is for the others: all, or those of a group, of which it may
// be no member.
func TestPublishToTheOthers(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, clients, channels := k.clientsOf(3, nil)
		for _, ch := range channels[1:] {
			require.NoError(k, ch.GroupJoin("news"))
		}
		k.publish(channels[0], "", "all but 0", 2)
		k.publish(channels[1], "", "all but 1", 2)
		k.publish(channels[1], "news", "1 tells the group", 1)
		k.publish(channels[0], "news", "0 is no member", 2)
		k.publish(channels[0], "nobody", "x", 0)
		k.publish(server, "", "everybody", 3)
		k.hears(clients[0], channels[0], "all but 1", "everybody")
		k.publish(channels[2], "news", "without 0", 1)
		k.hears(clients[1], channels[1], "all but 0", "0 is no member", "everybody", "without 0")
		k.publish(channels[2], "", "alone", 0)
		k.hears(clients[2], channels[2], "all but 0", "all but 1", "1 tells the group", "0 is no member", "everybody")
	})
}

// A client that has left is told of to the others as long as its channel is not closed.
func TestPublishToTheOthersOfOneThatHasLeft(t *testing.T) {
	overTransports(t, func(k *kit) {
		_, clients, channels := k.clientsOf(2, nil)
		require.NoError(k, clients[0].Close())
		k.readFails(channels[0], patienceOfTests, fault.PeerClosed)
		k.publish(channels[0], "", "0 leaves", 1)
		require.NoError(k, channels[0].Close())
		_, err := channels[0].GroupPublish("", []byte("x"))
		k.fails(err, fault.Closed)
		k.hears(clients[1], channels[1], "0 leaves")
	})
}

// What is collected for the others leaves before what is published, and what is
// collected for the one that publishes is left alone.
func TestPublishToTheOthersBesideCoalescing(t *testing.T) {
	overTransports(t, func(k *kit) {
		_, clients, channels := k.clientsOf(2, must(k, withInts(map[option.ID]int32{option.Coalesce: 1000})))
		k.write(channels[0], "own")
		k.write(channels[1], "before")
		k.publish(channels[0], "", "published", 1)
		k.write(channels[1], "behind")
		k.hears(clients[0], channels[0], "own")
		k.hears(clients[1], channels[1], "before", "published", "behind")
	})
}

// A message need not be one in the mode of the channel that gets nothing.
func TestPublishToTheOthersIsEncodedForThem(t *testing.T) {
	k := newKit(t, setup{direct: true})
	_, clients, channels := k.clientsOf(2, nil)
	require.NoError(k, channels[0].SetMode(frame.EndTag, []byte("|")))
	k.publish(channels[0], "", "a|b", 1)
	k.expect(clients[1], "a|b")
	_, err := channels[1].GroupPublish("", []byte("a|b"))
	k.fails(err, fault.TagInMessage)
}

func TestGroupErrors(t *testing.T) {
	k := newKit(t, setup{direct: true})
	server, clients, channels := k.clientsOf(2, nil)
	k.fails(clients[0].GroupJoin("a"), fault.Kind)
	k.fails(server.GroupJoin("a"), fault.Kind)
	k.fails(channels[0].GroupJoin(""), fault.Argument)
	k.fails(channels[0].GroupJoin(strings.Repeat("x", MaxGroupName+1)), fault.Argument)
	require.NoError(k, channels[0].GroupJoin(strings.Repeat("x", MaxGroupName)))
	k.fails(channels[0].GroupLeave(strings.Repeat("x", MaxGroupName+1)), fault.Argument)
	_, err := clients[0].GroupPublish("", nil)
	k.fails(err, fault.Kind)
	_, err = k.lib.NewSocket("").GroupPublish("", nil)
	k.fails(err, fault.Kind)
	_, err = channels[0].GroupPublish(strings.Repeat("x", MaxGroupName+1), nil)
	k.fails(err, fault.Argument)
	require.NoError(k, channels[0].Close())
	k.fails(channels[0].GroupJoin("a"), fault.Closed)
	k.fails(channels[0].GroupLeave("a"), fault.Closed)
	require.NoError(k, server.Close())
	_, err = server.GroupPublish("", nil)
	k.fails(err, fault.Closed)
	_, err = channels[1].GroupPublish("", nil)
	k.fails(err, fault.Closed)
	assert.ErrorContains(k, err, "closed the server")

	simple, port := k.listen(nil)
	client := k.connect(port, nil)
	k.write(client, "taken")
	k.expect(simple, "taken")
	_, err = simple.GroupPublish("", []byte("x"))
	k.fails(err, fault.Kind)
}

// A message that cannot be one in some member's mode reaches nobody.
func TestPublishIsAllOrNothing(t *testing.T) {
	k := newKit(t, setup{direct: true})
	server, clients, channels := k.clientsOf(3, nil)
	require.NoError(k, channels[1].SetMode(frame.EndTag, []byte("|")))
	require.NoError(k, clients[1].SetMode(frame.EndTag, []byte("|")))
	_, err := server.GroupPublish("", []byte("a|b"))
	k.fails(err, fault.TagInMessage)
	require.NoError(k, channels[2].SetOption(option.MaxMessage, 4))
	_, err = server.GroupPublish("", []byte("12345"))
	k.fails(err, fault.TooLong)
	k.publish(server, "", "1234", 3)
	for _, client := range clients {
		k.expect(client, "1234")
	}
}

// Every channel has its own mode and gets the message in it.
func TestPublishInEveryMode(t *testing.T) {
	overTransports(t, func(k *kit) {
		const clientsPerMode = 2
		server, clients, channels := k.clientsOf(8*clientsPerMode, nil)
		for i := range clients {
			mode := frame.Mode(i % 8)
			for _, s := range []*Socket{clients[i], channels[i]} {
				require.NoError(k, s.SetOption(option.FrameLength, 6))
				require.NoError(k, s.SetMode(mode, nil))
				if mode == frame.EndTag {
					require.NoError(k, s.SetText(option.TextCharset, "utf-16le"))
				}
			}
		}
		k.publish(server, "", "öäxy", len(clients))
		for i, client := range clients {
			if frame.Mode(i%8) != frame.Raw {
				k.expect(client, "öäxy")
				continue
			}
			buf, got := make([]byte, 100), ""
			for len(got) < len("öäxy") {
				n, err := client.Read(buf, patienceOfTests)
				require.NoError(k, err)
				got += string(buf[:n])
			}
			assert.Equal(k, "öäxy", got)
		}
	})
}

// numbered is a message that carries its number.
func numbered(i, size int) []byte {
	b := bytes.Repeat([]byte{byte(i)}, max(size, 4))
	binary.BigEndian.PutUint32(b, uint32(i))
	return b
}

// readNumbered reads one and checks its bytes.
func (k *kit) readNumbered(s *Socket, buf []byte) (int, error) {
	k.Helper()
	n, err := s.Read(buf, patienceOfTests)
	if err != nil {
		return 0, err
	}
	i := int(binary.BigEndian.Uint32(buf))
	require.True(k, bytes.Equal(numbered(i, n), buf[:n]), "message %d", i)
	return i, nil
}

// slowOptions make the system hold little, so that queues fill.
func slowOptions(k *kit, limit, policy int32) func(*Socket) {
	return func(s *Socket) {
		for option, value := range map[option.ID]int32{option.PublishQueue: limit, option.PublishPolicy: policy, option.SendBuffer: 8 << 10,
			option.ReceiveBuffer: 64 << 10, option.SSLWarnDays: 0} { // less than a segment stalls for seconds on loopback
			require.NoError(k, s.SetOption(option, value))
		}
	}
}

// One client does not read: the others get everything, and what it reads at
// last and what was told as dropped is what was published.
func TestPublishPolicies(t *testing.T) {
	const limit, messages, size = 64 << 10, 2000, 1000
	overTransports(t, func(k *kit) {
		for policy := range int32(2) {
			r := newRig(k)
			server, port := k.listen(slowOptions(k, limit, policy))
			r.attach(server, true)
			slow, fast := k.connect(port, slowOptions(k, limit, policy)), k.connect(port, nil)
			for range 2 {
				require.Equal(k, EventAccepted, r.next().Kind)
			}
			all := k.start(func() error { return k.readAll(fast, messages) })
			dropped := r.publishAll(server, fast, messages, size)
			require.NoError(k, k.await(all))
			k.publish(server, "", "\xff\xff\xff\xffend", 2)
			received, last := r.readUntilEnd(slow, &dropped)
			assert.Equal(k, messages, received+dropped, "policy %d: %d received, %d dropped", policy, received, dropped)
			assert.Positive(k, dropped)
			if policy == int32(dropOldest) {
				assert.Equal(k, messages-1, last)
			}
			require.NoError(k, server.Close())
		}
	})
}

// readAll reads the numbered messages from 0 to n.
func (k *kit) readAll(s *Socket, n int) error {
	buf := make([]byte, 1<<20)
	for i := range n {
		got, err := k.readNumbered(s, buf)
		if err != nil {
			return err
		}
		if got != i {
			return fmt.Errorf("message %d instead of %d", got, i)
		}
	}
	return nil
}

// publishAll publishes numbered messages at the pace of a client that reads,
// and adds up what is told as dropped.
func (r *rig) publishAll(server, fast *Socket, messages, size int) (dropped int) {
	r.Helper()
	const ahead = 8
	awaitRead := func(least int) { // the queue sends on: a socket of the system may hold few messages
		r.eventually(func() bool {
			for {
				e, reported := r.within(0)
				if !reported {
					break
				}
				dropped += r.asDropped(e)
			}
			return int(fast.stream.Load().read.Load()) >= least
		}, "a reader that keeps up")
	}
	for i := range messages {
		_, err := server.GroupPublish("", numbered(i, size))
		require.NoError(r, err)
		awaitRead(i - ahead)
	}
	awaitRead(messages)
	return dropped
}

func (r *rig) asDropped(e Event) int {
	r.Helper()
	require.Equal(r, EventDropped, e.Kind, "%+v", e)
	require.Equal(r, int32(fault.Full), e.Code)
	return int(e.Value)
}

// readUntilEnd reads a slow client up to the message that says end, while the
// queue sends on.
func (r *rig) readUntilEnd(slow *Socket, dropped *int) (received, last int) {
	r.Helper()
	last = -1
	var over atomic.Bool
	done := r.start(func() error {
		defer over.Store(true)
		buf := make([]byte, 1<<20)
		for {
			n, err := slow.Read(buf, patienceOfTests)
			if err != nil || string(buf[4:n]) == "end" {
				return err
			}
			i := int(binary.BigEndian.Uint32(buf))
			if i <= last {
				return fmt.Errorf("message %d after %d", i, last)
			}
			last = i
			received++
		}
	})
	for !over.Load() {
		if e, reported := r.within(moment); reported {
			*dropped += r.asDropped(e)
		}
	}
	require.NoError(r, r.await(done))
	return received, last
}

// A client that does not keep up is disconnected: it is told as dropped and as
// reset, once each.
func TestPublishDisconnects(t *testing.T) {
	overTransports(t, func(k *kit) {
		r := newRig(k)
		server, port := k.listen(slowOptions(k, 64<<10, int32(disconnect)))
		r.attach(server, true)
		k.connect(port, slowOptions(k, 1, 0))
		ch := r.socketOf(r.next())
		for i := 0; ; i++ {
			n, err := server.GroupPublish("", numbered(i, 1000))
			require.NoError(k, err)
			if n == 0 {
				break
			}
		}
		assert.Positive(k, r.asDropped(r.next()))
		e := r.next()
		assert.Equal(k, EventReset, e.Kind)
		assert.Equal(k, ch.ID(), e.Socket)
		assert.Equal(k, fault.Reset, ch.Why().Code)
		assert.ErrorContains(k, ch.Why(), " did not keep up with what is published: this end has disconnected it")
		k.publish(server, "", "gone", 0)
		r.silent()
	})
}

// Without a queue a task sends on; Flush and the end wait for it.
func TestPublishedIsFlushedAndClosedBehind(t *testing.T) {
	const messages = 300
	for _, end := range []string{"flush", "close", "close and wait", "half-close"} {
		overTransports(t, func(k *kit) {
			server, clients, channels := k.clientsOf(1, slowOptions(k, 1<<30, 0))
			for i := range messages {
				k.publish(server, "", string(numbered(i, 4000)), 1)
			}
			require.True(k, channels[0].stream.Load().hasQueued())
			got := k.start(func() error { return k.readAll(clients[0], messages) })
			switch end {
			case "flush":
				require.NoError(k, channels[0].Flush(patienceOfTests))
				assert.True(k, channels[0].stream.Load().nothingUnsent())
			case "close":
				require.NoError(k, channels[0].Close())
			case "close and wait":
				require.NoError(k, channels[0].CloseAndWait(patienceOfTests))
			case "half-close":
				require.NoError(k, channels[0].CloseWrite(patienceOfTests))
				k.publish(server, "", "too late", 0)
			}
			require.NoError(k, k.await(got))
			if end != "flush" {
				k.readFails(clients[0], patienceOfTests, fault.PeerClosed)
			}
		})
	}
}

// A message that another thread has taken from the queue is not with the system yet.
func TestFlushWaitsForAMessageBetweenQueueAndConnection(t *testing.T) {
	overTransports(t, func(k *kit) {
		channel, _ := k.raw(k, nil)
		w, st := channel.gate.EnterTask(), channel.stream.Load()
		defer w.Leave()
		require.NoError(k, st.lockWrite(w)) // as that thread has it
		err := channel.Flush(moment)
		flushed := k.start(func() error { return channel.Flush(patienceOfTests) })
		st.unlockWrite()
		k.fails(err, fault.Timeout)
		require.NoError(k, k.await(flushed))
	})
}

// A time-out of Flush is told, and what waits goes on leaving.
func TestFlushOfPublishedTimesOut(t *testing.T) {
	overTransports(t, func(k *kit) {
		const messages = 300
		server, clients, channels := k.clientsOf(1, slowOptions(k, 1<<30, 0))
		for i := range messages {
			k.publish(server, "", string(numbered(i, 4000)), 1)
		}
		k.fails(channels[0].Flush(moment), fault.Timeout)
		require.NoError(k, k.readAll(clients[0], messages))
	})
}

// A writer that waits for its peer does not delay who publishes, and order is
// kept: what one goroutine writes and publishes arrives so.
func TestPublishBetweenWrites(t *testing.T) {
	for _, c := range []struct {
		name   string
		option option.ID
		value  int32
	}{{"blocking", option.NoDelay, 1}, {"send queue", option.SendQueue, 1 << 30}, {"coalescing", option.Coalesce, 20}} {
		t.Run(c.name, func(t *testing.T) {
			overTransports(t, func(k *kit) {
				const messages = 1000
				server, clients, channels := k.clientsOf(1, slowOptions(k, 1<<30, 0))
				require.NoError(k, channels[0].SetOption(c.option, c.value))
				got := k.start(func() error { return k.readAll(clients[0], messages) })
				for i := range messages {
					if msg := numbered(i, 1+i%5*3000); i%3 == 0 {
						_, err := channels[0].Write(msg)
						require.NoError(k, err)
					} else {
						k.publish(server, "", string(msg), 1)
					}
				}
				require.NoError(k, channels[0].Flush(patienceOfTests))
				require.NoError(k, k.await(got))
			})
		})
	}
}

func TestPublishDoesNotWaitForAWriter(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, clients, channels := k.clientsOf(1, nil)
		big := bytes.Repeat([]byte("x"), 16<<20)
		writing := k.start(func() error {
			_, err := channels[0].Write(big)
			return err
		})
		k.untilStuck(channels[0])
		k.publish(server, "", "behind", 1)
		k.publish(server, "", "it", 1)
		buf := make([]byte, len(big)+1)
		n, err := clients[0].Read(buf, patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, len(big), n)
		require.NoError(k, k.await(writing))
		k.expect(clients[0], "behind")
		k.expect(clients[0], "it")
	})
}

// Members come, go, are closed and change while many publish.
func TestPublishBesideEverything(t *testing.T) {
	overTransports(t, func(k *kit) {
		const rounds, publishers = 150, 3
		server, clients, channels := k.clientsOf(6, slowOptions(k, 1<<16, 0))
		q, err := k.lib.NewQueue(nil)
		require.NoError(k, err)
		var readers, writers sync.WaitGroup
		for _, c := range clients {
			readers.Go(func() {
				for buf := make([]byte, 1<<16); ; {
					if _, err := c.Read(buf, patienceOfTests); err != nil {
						return
					}
				}
			})
		}
		for range publishers {
			writers.Go(func() {
				for i := range rounds {
					_, err := server.GroupPublish([]string{"", "a"}[i%2], numbered(i, 500))
					assert.NoError(k, err)
				}
			})
		}
		for n, ch := range channels {
			writers.Go(func() {
				for i := range rounds {
					switch (n + i) % 7 {
					case 0:
						ch.GroupJoin("a")
					case 1:
						ch.GroupLeave("a")
					case 2:
						ch.Write(numbered(i, 300))
					case 3:
						ch.SetOption(option.Coalesce, int32(i%3))
					case 4:
						q.Attach(ch, false)
					case 5:
						ch.Detach()
					case 6:
						ch.GroupPublish([]string{"", "a"}[i%2], numbered(i, 500))
					}
				}
				ch.GroupJoin("a")
				ch.Close()
			})
		}
		stop := k.start(func() error {
			for events := make([]Event, 16); ; {
				if _, err := q.Next(events, forever); err != nil {
					return nil
				}
			}
		})
		writers.Wait()
		readers.Wait()
		require.NoError(k, q.Close())
		require.NoError(k, k.await(stop))
		assert.Empty(k, server.server.Load().groups.byName)
	})
}

// Publishing encodes once, and allocates nothing for a member.
func TestPublishAllocatesNothingPerMember(t *testing.T) {
	if raceEnabled {
		return // the race detector allocates
	}
	k := newKit(t, setup{direct: true})
	const members, runs = 50, 20
	server, clients, channels := k.clientsOf(members, nil)
	for _, ch := range channels {
		require.NoError(k, ch.SetOption(option.SendQueue, 1000)) // settings of its own, the same framing
	}
	msg := bytes.Repeat([]byte("m"), 100)
	k.publish(server, "", string(msg), members)
	allocs := testing.AllocsPerRun(runs, func() { server.GroupPublish("", msg) })
	assert.Less(k, allocs, 10.0)
	toOthers := testing.AllocsPerRun(runs, func() { channels[0].GroupPublish("", msg) })
	assert.LessOrEqual(k, toOthers, allocs)
	for i, c := range clients {
		for range 1 + (runs+1)*min(i+1, 2) {
			k.expect(c, string(msg))
		}
	}
}

// What waits for clients is counted in the budget once, and given back.
func TestPublishedBytesAreShared(t *testing.T) {
	k := newKit(t, setup{direct: true})
	const members, messages, size = 10, 100, 10000
	server, _, channels := k.clientsOf(members, slowOptions(k, 1<<30, 0))
	for i := range messages {
		k.publish(server, "", string(numbered(i, size)), members)
	}
	assert.LessOrEqual(k, k.buffered(), messages*(size+100))
	published, _ := channels[0].stream.Load().queuedBytes()
	assert.Greater(k, published, messages*size/2)
	for _, ch := range channels {
		require.NoError(k, ch.Abort())
	}
	k.eventually(func() bool { return k.buffered() == 0 }, "memory given back")
}

// A message that was written waits for a client that never reads, and published
// ones behind it are dropped again and again: nothing is left of them.
func TestDroppedBehindAWriteLeaveNothing(t *testing.T) {
	k := newKit(t, setup{direct: true})
	const limit, size, rounds = 4000, 1000, 5000
	server, _, channels := k.clientsOf(1, must(k, withInts(map[option.ID]int32{option.SendBuffer: 4096, option.ReceiveBuffer: 4096, option.PublishQueue: limit, option.SendQueue: 1 << 30})))
	st := channels[0].stream.Load()
	for own := 0; own < 10*size; _, own = st.queuedBytes() {
		k.publish(server, "", string(numbered(0, size)), 1)
		k.write(channels[0], string(numbered(0, size)))
	}
	for i := range rounds {
		k.publish(server, "", string(numbered(i, size)), 1)
	}
	published, own := st.queuedBytes()
	require.LessOrEqual(k, published, limit)
	require.Positive(k, own)
	require.Less(k, cap(st.sendQueue().items), rounds/10)
	left, came := st.sendQueue().progress()
	require.Greater(k, came, int64(rounds))
	require.Less(k, left, came)
	require.NoError(k, channels[0].Abort())
}
