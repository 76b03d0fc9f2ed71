package core

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
)

// exportsDescriptor tells whether the queue's descriptor is readable within a time.
func (r *rig) exportsDescriptor(wait time.Duration) bool {
	r.Helper()
	fd, err := r.q.Descriptor()
	require.NoError(r, err)
	until := time.Now().Add(wait)
	for {
		left := max(time.Until(until), 0)
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		n, err := unix.Poll(fds, int((left+time.Millisecond-1)/time.Millisecond))
		if err == unix.EINTR {
			continue
		}
		require.NoError(r, err)
		return n == 1
	}
}

// drain asks until nothing is left, and sees that the descriptor is silent
// then.
func (r *rig) drain() (events []Event) {
	r.Helper()
	out := make([]Event, 2)
	for range 100 {
		n, err := r.q.Next(out, 0)
		events = append(events, out[:n]...)
		if err != nil {
			r.fails(err, fault.Timeout)
			if !r.exportsDescriptor(0) {
				return events
			}
		}
	}
	r.Fatal("the descriptor does not fall silent")
	return nil
}

func TestDescriptorShowsWhatThereIs(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, must(r, inMode(frame.EndTag, "\n")))
		r.drain()
		require.False(r, r.exportsDescriptor(moment))
		r.attach(s, false)
		r.drain()
		p.send("one\ntwo\nthree\n")
		got := 0
		for got < 3 {
			require.True(r, r.exportsDescriptor(patienceOfTests), "after %d", got)
			n, err := r.q.Next(make([]Event, 1), 0) // leaves some behind
			if err != nil {
				r.fails(err, fault.Timeout)
			}
			got += n
		}
		r.drain()
		for _, text := range []string{"one", "two", "three"} {
			r.take(s, text)
		}
		r.drain()
		require.NoError(r, s.Detach())
		r.drain()
		p.send("four\n")
		require.False(r, r.exportsDescriptor(moment), "it is no longer here")
		r.attach(s, false)
		require.True(r, r.exportsDescriptor(patienceOfTests))
	})
}

func TestDescriptorShowsWhatOthersDo(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		require.False(k, func() bool { r.drain(); return r.exportsDescriptor(0) }())
		_, port := k.listen(nil)
		client := k.socket(nil)
		r.attach(client, false)
		r.drain()
		k.finishes(func() error { return client.Open(KindClient, k.layers(), port, "127.0.0.1", patienceOfTests) })
		require.True(k, r.exportsDescriptor(patienceOfTests))
		events := r.drain()
		require.Len(k, events, 1)
		require.Equal(k, EventConnected, events[0].Kind)
		r.q.Cancel()
		require.True(k, r.exportsDescriptor(0))
		require.Empty(k, r.drain())
	})
}

func TestDescriptorShowsTimers(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		before := k.descriptors()
		_, err := r.q.NewTimer(0, 0, 1, 5) // made before anybody watches
		require.NoError(k, err)
		require.Equal(k, before, k.descriptors(), "what is not watched needs none")
		require.True(k, r.exportsDescriptor(0))
		require.Equal(k, before+1, k.descriptors())
		require.Len(k, r.drain(), 1)

		begun := time.Now()
		_, err = r.q.NewTimer(3*moment, 0, 1, 5)
		require.NoError(k, err)
		early, err := r.q.NewTimer(moment, moment, 1, 6)
		require.NoError(k, err)
		var reported []int32 // on a busy machine both timers may be due at once
		drain := func() {
			for _, e := range r.drain() {
				reported = append(reported, e.Socket)
			}
		}
		require.True(k, r.exportsDescriptor(patienceOfTests))
		require.GreaterOrEqual(k, time.Since(begun), moment)
		drain()
		require.Equal(k, int32(6), reported[0])
		require.True(k, r.exportsDescriptor(patienceOfTests))
		require.GreaterOrEqual(k, time.Since(begun), 2*moment)
		drain()
		early.Stop()
		k.eventually(func() bool {
			r.exportsDescriptor(moment)
			drain()
			return slices.Contains(reported, 5)
		}, "the other timer")
		require.GreaterOrEqual(k, time.Since(begun), 3*moment)
		require.False(k, r.exportsDescriptor(3*moment))
		require.NoError(k, r.q.Close())
		_, err = r.q.Descriptor()
		k.fails(err, fault.Closed)
	})
}

func (k *kit) descriptors() int64 {
	n, err := k.lib.Number(NumDescriptors)
	require.NoError(k, err)
	return n
}

// A callback stays on one thread of the system.
func TestCallbackStaysOnItsThread(t *testing.T) {
	k := newKit(t, setup{direct: true})
	r := newRig(k)
	threads := make(map[int]bool)
	h := r.listens(func(Event) { threads[unix.Gettid()] = true })
	for i := range 50 {
		_, err := r.q.NewTimer(0, 0, 0, 1)
		require.NoError(k, err)
		h.atLeast(i + 1)
	}
	require.NoError(k, r.q.SetCallback(nil, NoCallback))
	require.Len(k, threads, 1)
}
