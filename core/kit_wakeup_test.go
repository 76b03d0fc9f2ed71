package core

import (
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/poll"
)

// waking is a layer in which each read meets a wake-up.
type waking struct {
	lib *Library
	on  atomic.Bool
}

func (*waking) Phase() fault.Phase { return fault.PhaseConnect }
func (*waking) Instant() bool      { return true }

func (w *waking) Handshake(base layer.Base, _ string) (layer.Conn, error) {
	return &wakingConn{layer.Through{Base: base}, w}, nil
}

type wakingConn struct {
	layer.Through
	w *waking
}

func (c *wakingConn) Read(p []byte) (int, error) {
	if c.w.on.Load() {
		c.w.lib.Interrupt(poll.Wakeup().Clearings())
	}
	return c.Base.Read(p)
}

// A wake-up that comes while a call is inside concerns it only where it would wait.
func TestAWakeupInsideACall(t *testing.T) {
	overTransports(t, func(k *kit) {
		wakes := &waking{lib: k.lib}
		k.lib.Lower = append(k.lib.Lower, wakes)
		client, channel := k.pair(k, nil)
		wakes.on.Store(true)
		k.readFails(client, 0, fault.Timeout)
		k.readFails(client, patienceOfTests, fault.Cancelled)
		k.readFails(client, 0, fault.Timeout)
		_, err := client.ReadMany(make([]byte, 9), make([]int32, 2), 0)
		k.fails(err, fault.Timeout)
		_, err = client.ReadMessage(0)
		k.fails(err, fault.Timeout)
		_, err = client.Size(0)
		k.fails(err, fault.Timeout)

		k.write(channel, "there")
		got := make([]byte, 9)
		k.eventually(func() bool {
			n, err := client.Read(got, 0)
			if err != nil {
				k.fails(err, fault.Timeout)
				return false
			}
			require.Equal(k, "there", string(got[:n]))
			return true
		}, "the message comes")

		_, err = client.Exchange([]byte("question"), got, 0)
		k.fails(err, fault.Timeout)
		k.eventually(func() bool { n, _ := channel.Read(got, 0); return string(got[:n]) == "question" }, "the question comes")

		q, err := k.lib.NewQueue(nil)
		require.NoError(k, err)
		require.NoError(k, q.Attach(channel, false))
		_, err = q.Next(make([]Event, 1), 0)
		k.fails(err, fault.Timeout)
		require.NoError(k, q.Close())
	})
}

// What ends a write in the middle of its message ends the one that waits behind it in the
// same way: it does not find a broken connection instead, where it gets its turn first.
func TestAWriteBehindOneThatAWakeupEnds(t *testing.T) {
	bothWaits(t, func(k *kit) {
		before, own := poll.Wakeup(), new(poll.WakeupWord)
		poll.UseWakeup(own)
		defer poll.UseWakeup(before)
		client, _ := k.pair(k, nil)
		st := client.stream.Load()
		require.True(k, st.tryLockWrite())
		behind := k.start(func() error { _, err := client.Write([]byte("next")); return err })
		k.eventually(st.writeLock.HasWaiter, "it waits")
		own.Set(own.Clearings())
		st.writeFailed(fault.Cancelled, 1, 2)
		st.unlockWrite() // the other one is not told of the wake-up, and has its turn
		k.fails(k.await(behind), fault.Cancelled)
		_, err := client.Write([]byte("later"))
		k.fails(err, fault.Broken)
	})
}
