package core

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/mem"
	"wdsocket/core/option"
	"wdsocket/core/poll"
)

// What panics beside the calls ends nothing else, and holds nothing.

func TestAHandshakeThatPanicsLeavesItsServer(t *testing.T) {
	k := tlsKit(t)
	server, port := k.listen(nil)
	d := server.server.Load().handshaker
	set := func(party *tlslayer.Party) (old *tlslayer.Party) {
		d.mu.Lock()
		defer d.mu.Unlock()
		old, d.v.party = d.v.party, party
		return old
	}
	party := set(new(tlslayer.Party)) // one that was never made ready
	k.tooMany(port)
	k.eventually(func() bool { return handshaking(server) == 0 }, "the handshake is over")
	set(party)
	p := k.dial(port)
	channel, err := server.Accept(patienceOfTests, nil)
	require.NoError(t, err)
	k.write(channel, "welcome")
	p.expect("7\r\nwelcome")
	require.NoError(t, server.Close())
	require.NoError(t, channel.Close())
}

func TestACallbackThatEndsItsGoroutineLeavesItsQueue(t *testing.T) {
	bothWaits(t, func(k *kit) {
		q, err := k.lib.NewQueue(nil)
		require.NoError(k, err)
		called := make(chan struct{})
		require.NoError(k, q.SetCallback(func(*Event) { defer close(called); runtime.Goexit() }, NoCallback))
		_, err = q.NewTimer(0, 0, 1, 1)
		require.NoError(k, err)
		<-called
		k.eventually(func() bool {
			q.calls.Lock()
			defer q.calls.Unlock()
			return q.dispatcher == nil
		}, "the queue has no callback")
		again := make(chan struct{})
		require.NoError(k, q.SetCallback(func(*Event) { close(again) }, NoCallback))
		_, err = q.NewTimer(0, 0, 1, 1)
		require.NoError(k, err)
		<-again
		require.NoError(k, q.SetCallback(nil, NoCallback))
		require.NoError(k, q.Close())
	})
}

func TestAnAttemptThatPanicsIsAnInternalError(t *testing.T) {
	lib := NewLibrary()
	err := lib.recoverPanic("the test", func() error { panic("wrong") })
	assert.ErrorIs(t, err, fault.Internal)
	assert.NoError(t, lib.recoverPanic("the test", func() error { return nil }))
}

func TestAnOpeningThatPanicsFails(t *testing.T) {
	bothWaits(t, func(k *kit) {
		_, port := k.listen(nil)
		for _, timeout := range []time.Duration{0, patienceOfTests} {
			s := k.socket(nil)
			opts := s.opts.Swap(nil)
			err := k.open(s, KindClient, 0, port, timeout)
			if timeout != 0 {
				k.fails(err, fault.Internal)
			}
			k.eventually(func() bool { return !s.opening.Load() }, "the opening is over")
			s.opts.Store(opts)
			_, err = s.Read(make([]byte, 1), 0)
			k.fails(err, fault.Internal)
			require.NoError(k, k.open(s, KindClient, 0, port, patienceOfTests), "it may be tried again")
			require.NoError(k, s.Close())
		}
	})
}

func TestAHandshakeInAQueueThatPanicsHoldsNothing(t *testing.T) {
	bothWaits(t, func(k *kit) {
		client, _ := k.pair(k, nil)
		w := client.gate.EnterTask()
		defer w.Leave()
		st, _, err := client.lockForHandshake(w, RoleClient, 0)
		require.NoError(k, err)
		k.fails(client.finishHandshake(w, st, nil, st.lastEnqueued(), true), fault.Internal)
		_, err = client.Read(make([]byte, 1), 0)
		k.fails(err, fault.Internal)
		_, err = client.Write([]byte("x"))
		k.fails(err, fault.Internal)
	})
}

func TestReconnectingThatPanicsIsGivenUp(t *testing.T) {
	bothWaits(t, func(k *kit) {
		client, _ := k.pair(k, must(k, withInts(map[option.ID]int32{option.Reconnect: 1})))
		rc, st := client.reconnector.Load(), client.stream.Load()
		w := client.gate.EnterTask()
		defer w.Leave()
		rc.mu.Lock()
		down := make(chan struct{})
		rc.upAgain = down
		rc.mu.Unlock()
		rc.downNow.Store(true)
		opts := client.opts.Swap(nil)
		rc.reconnectOrGiveUp(w, st, fault.New(fault.Reset, fault.PhaseRead, ""), 0)
		client.opts.Store(opts)
		<-down
		_, err := client.Read(make([]byte, 1), patienceOfTests)
		k.fails(err, fault.Internal)
	})
}

// gone makes opts what they were not: whatever looks at the options panics
// until the function given back is called.
func gone(s *Socket) (back func()) {
	opts := s.opts.Swap(nil)
	return func() { s.opts.Store(opts) }
}

// panics runs f, which must.
func (k *kit) panics(f func()) {
	k.Helper()
	k.fails(k.lib.recoverPanic("the test", func() error { f(); return nil }), fault.Internal)
}

// layer puts TLS on a connection, or takes it away; with an empty one whatever is
// sent panics.
func (k *kit) layer(s *Socket, top layer.Conn) {
	k.Helper()
	w, st := s.gate.EnterTask(), s.stream.Load()
	defer w.Leave()
	require.NoError(k, st.lockWrite(w))
	defer st.unlockWrite()
	stack := newLayerStack(st)
	if top != nil {
		_, err := stack.Insert(0, fixed{top})
		require.NoError(k, err)
	}
	st.layersChanged(stack)
}

// fixed is a layer that puts a Conn of the test's own on a connection.
type fixed struct{ conn layer.Conn }

func (fixed) Phase() fault.Phase                                 { return fault.PhaseTLS }
func (fixed) Instant() bool                                      { return true }
func (f fixed) Handshake(layer.Base, string) (layer.Conn, error) { return f.conn, nil }

func goesWrong() { panic("it goes wrong") }

func TestAPanicIsInTheLogWithItsStack(t *testing.T) {
	k := newKit(t, transports[0])
	log := k.logs()
	s := k.socket(nil)
	k.lib.goTask("the test's task", s, goesWrong)
	log.awaits("the test's task")
	log.awaits("it goes wrong")
	log.awaits("core.goesWrong")
	k.fails(k.lib.recoverPanic("the attempt", func() error { goesWrong(); return nil }), fault.Internal)
	log.awaits("the attempt")
	require.NoError(t, s.Close())
}

func TestATLSStartThatPanicsHoldsNothing(t *testing.T) {
	plainQueues(t, func(r *rig) {
		client, channel := r.upgradable()
		for _, timeout := range []time.Duration{0, patienceOfTests} {
			back := gone(client)
			r.panics(func() { client.StartTLS(RoleClient, timeout) })
			back()
		}
		r.write(client, "still plain")
		r.message(channel, "still plain")
		require.NoError(r, channel.StartTLS(RoleServer, 0))
		require.NoError(r, client.StartTLS(RoleClient, 0))
		r.oneEach(EventTLSDone, client, channel)
		began := time.Now()
		require.NoError(r, client.Close())
		assert.Less(r, time.Since(began), wakeTimeout, "no call is inside")
		r.expectEvent(channel, EventPeerClosed)
	})
}

// A server that panics over a client goes on with the next one.
func TestAClientWhoseTakingPanicsLeavesItsServer(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, port := k.listen(nil)
		back := gone(server)
		if k.layers() == 0 && !k.header { // no handshake
			p := k.silent(port)
			k.panics(func() { server.Accept(patienceOfTests, nil) })
			p.expectReset()
		} else {
			k.tooMany(port)
		}
		back()
		p := k.dial(port)
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		k.write(channel, "welcome")
		p.expect("7\r\nwelcome")
		require.Zero(k, counted(server)-1, "one is counted")
	})
}

// A close gives everything back, whatever part of it panics.
func TestACloseThatPanicsGivesEverythingBack(t *testing.T) {
	unhooked := func(s *Socket) { s.registration.Store(&registration{s: s}) }
	for name, end := range map[string]func(k *kit, s *Socket){
		"close": func(k *kit, s *Socket) { k.panics(func() { s.Close() }) },
		"abort": func(k *kit, s *Socket) { k.panics(func() { s.Abort() }) },
		"wait":  func(k *kit, s *Socket) { k.panics(func() { s.CloseAndWait(patienceOfTests) }) },
		"all":   func(k *kit, s *Socket) { k.lib.CloseAll() },
	} {
		t.Run(name, func(t *testing.T) {
			bothWaits(t, func(k *kit) {
				client, channel := k.pair(k, nil)
				server, _ := k.listen(nil)
				udp := k.socket(nil)
				require.NoError(k, udp.Open(KindUDP, 0, 0, "127.0.0.1", 0))
				for _, s := range []*Socket{client, channel, server, udp} {
					unhooked(s)
				}
				for _, s := range []*Socket{client, channel, server, udp} {
					if !s.Closed() {
						end(k, s)
					}
					select {
					case <-s.gate.Empty():
					default:
						require.Fail(k, "the gate is not empty")
					}
				}
			})
		})
	}
}

func TestAConnectionWhoseEndPanicsIsReset(t *testing.T) {
	for name, end := range map[string]func(k *kit, s *Socket){
		"close": func(k *kit, s *Socket) { k.panics(func() { s.Close() }) },
		"wait":  func(k *kit, s *Socket) { k.fails(s.CloseAndWait(patienceOfTests), fault.Internal) },
		"long":  func(k *kit, s *Socket) { k.fails(s.CloseAndWait(poll.Forever), fault.Internal) },
	} {
		t.Run(name, func(t *testing.T) {
			bothWaits(t, func(k *kit) {
				channel, p := k.raw(k, nil)
				k.layer(channel, new(tlslayer.Conn))
				end(k, channel)
				p.expectReset()
			})
		})
	}
}

func TestSendingOnThatPanicsEndsTheWriting(t *testing.T) {
	bothWaits(t, func(k *kit) {
		_, channel := k.pair(k, coalescing(k, longest))
		st := channel.stream.Load()
		k.write(channel, "small")
		k.layer(channel, new(tlslayer.Conn))
		st.sendq.Load().flushPending.Store(true)
		channel.startFlushTask(st)
		k.eventually(func() bool { return st.broken.Load() != nil }, "writes are told")
		k.eventually(func() bool { return !st.flushing.Load() }, "it may be tried again")
		k.layer(channel, nil)
		_, err := channel.Write([]byte("more"))
		require.ErrorIs(k, err, fault.Internal, "%v", err)
		began := time.Now()
		require.NoError(k, channel.Close())
		assert.Less(k, time.Since(began), wakeTimeout, "no call is inside")
	})
}

func TestAConnectionWhoseTakingOverPanicsIsGivenBack(t *testing.T) {
	bothWaits(t, func(k *kit) {
		server, port := k.listen(nil)
		s := k.socket(must(k, withInts(map[option.ID]int32{option.Reconnect: 1})))
		w := s.gate.EnterTask()
		st, err := s.dial(w, &openAttempt{s: s, at: endpoint.At("127.0.0.1", port)})
		require.NoError(k, err)
		back := gone(s)
		k.panics(func() { s.connected(w, st, endpoint.At("127.0.0.1", port), 0) })
		back()
		w.Leave()
		require.NoError(k, k.open(s, KindClient, 0, port, patienceOfTests))
		lost, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		k.readFails(lost, patienceOfTests, fault.Reset)
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		k.write(s, "the second")
		k.expect(channel, "the second")
	})
}

// unframed takes the framing from a socket: whatever encodes or decodes a message
// panics until the function given back is called.
func unframed(s *Socket) (back func()) {
	c := s.config.Load().codec
	reader, writer := c.Framer, c.writer
	c.Framer, c.writer = nil, nil
	return func() { c.Framer, c.writer = reader, writer }
}

// The short ways of reading and writing, which take what they need by themselves.
func TestTheShortWaysSurviveAPanic(t *testing.T) {
	for name, ms := range map[string]int32{"plain": 0, "coalesced": longest} {
		t.Run(name, func(t *testing.T) {
			bothWaits(t, func(k *kit) {
				channel, p := k.raw(k, coalescing(k, ms))
				st := channel.stream.Load()
				p.send("2\r\nhi2\r\nyo")
				k.expect(channel, "hi")
				require.NotZero(k, st.buffered.Load(), "a message is at hand")
				k.write(channel, "before")
				back := unframed(channel)
				k.panics(func() { channel.Read(make([]byte, 10), 0) })
				k.panics(func() { channel.Write([]byte("lost")) })
				back()
				k.layer(channel, new(tlslayer.Conn))
				k.panics(func() { channel.sendPublication(&publication{lib: k.lib, server: channel, msg: []byte("lost")}) })
				k.layer(channel, nil)
				k.expect(channel, "yo")
				k.write(channel, "after")
				require.NoError(k, channel.Flush(patienceOfTests))
				p.expect("6\r\nbefore5\r\nafter")
				began := time.Now()
				require.NoError(k, channel.Close())
				assert.Less(k, time.Since(began), wakeTimeout, "no call is inside")
			})
		})
	}
}

// A simplified server's client is given back by a call that panics: else it would
// never be closed.
func TestASimplifiedServersClientSurvivesAPanic(t *testing.T) {
	bothWaits(t, func(k *kit) {
		server, port := k.listen(nil)
		p := k.dial(port)
		p.send("2\r\nhi")
		k.expect(server, "hi")
		st := server.server.Load().client
		for what, f := range map[string]func(){
			"read":  func() { server.Read(make([]byte, 10), 0) },
			"size":  func() { server.Size(0) },
			"write": func() { server.Write([]byte("x")) },
		} {
			p.send("2\r\nyo")
			k.eventually(func() bool { return st.conn.Buffered() > 0 || st.in.Len() > 0 }, "a message")
			back := unframed(server)
			k.panics(f)
			back()
			require.Zero(k, st.refs, what)
		}
	})
}

// The memory's timer: what panics for one that waits keeps it from no other.
func TestTheMemoryTimerSurvivesAPanic(t *testing.T) {
	k := newKit(t, transports[0])
	log := k.logs()
	b := &k.lib.budget
	var asked atomic.Int32
	woken := make(chan struct{})
	never := func() bool { return false }
	claims := []*mem.Claim{
		{Wake: goesWrong, Withdrawn: never},
		{Wake: func() { close(woken) }, Withdrawn: never},
		{Wake: goesWrong, Withdrawn: func() bool {
			if asked.Add(1) == 1 {
				goesWrong()
			}
			return true
		}},
	}
	b.Request(claims[2], mem.SmallestBlock, 0)
	log.awaits("the timer of memory")
	b.Request(claims[0], mem.SmallestBlock, 0)
	b.Request(claims[1], mem.SmallestBlock, 0)
	k.await(k.start(func() error { <-woken; return nil }))
	require.False(t, b.Waiting())
}

// The timers of a queue, which panic as long as it has no watcher.
func TestTheTimersOfAQueueSurviveAPanic(t *testing.T) {
	k := newKit(t, transports[2])
	log := k.logs()
	r := newRig(k)
	swap := func(watch *poll.Poller, shown bool) (old *poll.Poller) {
		r.q.mu.Lock()
		defer r.q.mu.Unlock()
		old, r.q.watcher = r.q.watcher, watch
		r.q.descriptorExported.Store(shown)
		return old
	}
	r.q.certCheckEvery = moment
	server, _ := r.listen(must(k, withInts(map[option.ID]int32{option.SSLWarnDays: 60})))
	r.attach(server, true)
	r.expectEvent(server, EventCertificate)
	watch := swap(nil, true)
	log.awaits("the timer of a certificate")
	swap(watch, false)
	r.expectEvent(server, EventCertificate)
	require.NoError(k, server.SetOption(option.SSLWarnDays, 0))

	reg := server.registration.Load()
	watch = swap(nil, true)
	r.q.markReadyAt(reg, time.Now())
	log.awaits("the timer of a queue")
	swap(watch, false)
	require.False(k, reg.wakeScheduled.Load(), "it may be set again")
	require.NoError(k, r.q.Close())
}

func TestTheTimerOfSmallWritesSurvivesAPanic(t *testing.T) {
	k := newKit(t, transports[0])
	log := k.logs()
	channel, p := k.raw(k, coalescing(k, int32(moment/time.Millisecond)))
	k.write(channel, "first")
	p.expect("5\r\nfirst")
	k.layer(channel, new(tlslayer.Conn))
	_, err := channel.Write([]byte("second"))
	require.NoError(k, err)
	log.awaits("the sending of small writes")
	k.layer(channel, nil)
	require.NoError(k, channel.Close())
}
