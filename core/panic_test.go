package core

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/secure"
)

// What panics beside the calls ends nothing else, and holds nothing.

func TestAHandshakeThatPanicsLeavesItsServer(t *testing.T) {
	k := tlsKit(t)
	server, port := k.listen(nil)
	d := server.server.Load().door
	set := func(party *secure.Party) (old *secure.Party) {
		d.mu.Lock()
		defer d.mu.Unlock()
		old, d.v.party = d.v.party, party
		return old
	}
	party := set(new(secure.Party)) // one that was never made ready
	k.tooMany(port)
	k.eventually(func() bool { return shaking(server) == 0 }, "the hand-shake is over")
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
		require.NoError(k, q.SetCallback(func(*Event) { defer close(called); runtime.Goexit() }, Outside))
		_, err = q.NewTimer(0, 0, 1, 1)
		require.NoError(k, err)
		<-called
		k.eventually(func() bool {
			q.calls.Lock()
			defer q.calls.Unlock()
			return q.delivery == nil
		}, "the queue has no callback")
		again := make(chan struct{})
		require.NoError(k, q.SetCallback(func(*Event) { close(again) }, Outside))
		_, err = q.NewTimer(0, 0, 1, 1)
		require.NoError(k, err)
		<-again
		require.NoError(k, q.SetCallback(nil, Outside))
		require.NoError(k, q.Close())
	})
}

func TestAnAttemptThatPanicsIsAnInternalError(t *testing.T) {
	lib := NewLibrary()
	err := lib.attempt("the test", func() error { panic("wrong") })
	assert.ErrorIs(t, err, fault.Internal)
	assert.NoError(t, lib.attempt("the test", func() error { return nil }))
}

func TestAnOpeningThatPanicsFails(t *testing.T) {
	bothWaits(t, func(k *kit) {
		_, port := k.listen(nil)
		for _, timeout := range []time.Duration{0, patienceOfTests} {
			s := k.socket(nil)
			opts := s.opts.Swap(nil)
			err := s.Open(KindClient, port, "127.0.0.1", timeout)
			if timeout != 0 {
				k.fails(err, fault.Internal)
			}
			k.eventually(func() bool { return !s.opening.Load() }, "the opening is over")
			s.opts.Store(opts)
			_, err = s.Read(make([]byte, 1), 0)
			k.fails(err, fault.Internal)
			require.NoError(k, s.Open(KindClient, port, "127.0.0.1", patienceOfTests), "it may be tried again")
			require.NoError(k, s.Close())
		}
	})
}

func TestAHandshakeInAQueueThatPanicsHoldsNothing(t *testing.T) {
	bothWaits(t, func(k *kit) {
		client, _ := k.pair(k, nil)
		w := client.gate.EnterTask()
		defer w.Leave()
		st, _, err := client.claim(w, RoleClient, 0)
		require.NoError(k, err)
		k.fails(client.layered(w, st, nil, st.lastCame(), true), fault.Internal)
		_, err = client.Read(make([]byte, 1), 0)
		k.fails(err, fault.Internal)
		_, err = client.Write([]byte("x"))
		k.fails(err, fault.Internal)
	})
}

func TestALinkWhoseHealingPanicsIsGivenUp(t *testing.T) {
	bothWaits(t, func(k *kit) {
		client, _ := k.pair(k, must(k, withInts(map[Option]int32{OptReconnect: 1})))
		l, st := client.link.Load(), client.stream.Load()
		w := client.gate.EnterTask()
		defer w.Leave()
		l.mu.Lock()
		down := make(chan struct{})
		l.down = down
		l.mu.Unlock()
		l.fell.Store(true)
		opts := client.opts.Swap(nil)
		l.healOrEnd(w, st, fault.New(fault.Reset, fault.PhaseRead, ""), 0)
		client.opts.Store(opts)
		<-down
		_, err := client.Read(make([]byte, 1), patienceOfTests)
		k.fails(err, fault.Internal)
	})
}
