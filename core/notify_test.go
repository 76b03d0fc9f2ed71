package core

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
)

// notifications counts how often a notifier was called.
type notifications struct {
	*rig
	calls atomic.Int32
	kind  atomic.Int32 // a NotifyResult, what it answers
}

func (r *rig) notifies() *notifications {
	r.Helper()
	b := &notifications{rig: r}
	require.NoError(r, r.q.SetNotifier(func() NotifyResult {
		b.calls.Add(1)
		return NotifyResult(b.kind.Load())
	}))
	return b
}

// expects waits until the notifier was called so often, and sees that it is called
// no more.
func (b *notifications) expects(n int) {
	b.Helper()
	b.eventually(func() bool { return int(b.calls.Load()) >= n }, "the notifier")
	time.Sleep(moment)
	require.Equal(b, n, int(b.calls.Load()))
}

// fetch takes one event without waiting.
func (b *notifications) fetch() (Event, bool) {
	b.Helper()
	out := make([]Event, 1)
	n, err := b.q.Next(out, 0)
	if err != nil {
		b.fails(err, fault.Timeout)
		return Event{}, false
	}
	require.Equal(b, 1, n)
	return out[0], true
}

func TestNotifierTellsOnce(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, must(r, inMode(frame.EndTag, "\n")))
		r.attach(s, false)
		b := r.notifies()
		b.expects(0)
		p.send("half")
		b.expects(0)
		p.send(" and half\nanother\n")
		b.expects(1)
		p.send("a third\n")
		b.expects(1)
		for i, text := range []string{"half and half", "another", "a third"} {
			e, reported := b.fetch()
			require.True(r, reported)
			require.Equal(r, EventMessage, e.Kind)
			r.take(s, text)
			b.expects(min(i+2, 3)) // again while some are left
		}
		_, reported := b.fetch()
		require.False(r, reported)
		b.expects(3)
		require.NoError(r, p.Close())
		b.expects(4)
	})
}

func TestNotifierOfWhatIsThere(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		s, p := k.raw(k, must(k, inMode(frame.EndTag, "\n")))
		r.attach(s, false)
		p.send("before\n")
		b := r.notifies()
		b.expects(1)
		c := r.notifies() // in its place
		c.expects(1)
		b.expects(1)
		require.NoError(k, r.q.SetNotifier(nil))
		r.message(s, "before")
		p.send("after\n")
		r.message(s, "after")
		c.expects(1)
		require.NoError(k, r.q.SetCallback(func(*Event) {}, NoCallback))
	})
}

func TestNotifierOfTimers(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		b := r.notifies()
		begun := time.Now()
		timer, err := r.q.NewTimer(moment, 0, 1, 5)
		require.NoError(k, err)
		b.expects(1)
		require.GreaterOrEqual(k, time.Since(begun), moment)
		timer.Stop()
		_, reported := b.fetch()
		require.False(k, reported)
		_, err = r.q.NewTimer(0, 0, 1, 5)
		require.NoError(k, err)
		b.expects(2)
	})
}

func TestNotifierThatIsNotHeard(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		b := r.notifies()
		b.kind.Store(int32(RetryLater))
		_, err := r.q.NewTimer(0, 0, 1, 5)
		require.NoError(k, err)
		k.eventually(func() bool { return b.calls.Load() > 3 }, "another try")
		b.kind.Store(int32(Notified))
		_, reported := b.fetch()
		require.True(k, reported)

		c := r.notifies()
		c.kind.Store(int32(TargetGone))
		_, err = r.q.NewTimer(0, 0, 1, 5)
		require.NoError(k, err)
		k.eventually(func() bool { return r.q.SetCallback(func(*Event) {}, NoCallback) == nil }, "the end of the notifier")
		require.Equal(k, int32(1), c.calls.Load())
		require.NoError(k, r.q.Close())
		k.fails(r.q.SetNotifier(nil), fault.Closed)
	})
}

func TestNotifierBesideAHostThatWaits(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		s, p := k.raw(k, must(k, inMode(frame.EndTag, "\n")))
		r.attach(s, false)
		b := r.notifies()
		for range 20 {
			asking := k.start(func() error { _, err := r.q.Next(make([]Event, 1), forever); return err })
			k.eventually(func() bool { return r.q.consumer.Load() == consumerHost }, "the call of Next")
			p.send("x\n")
			require.NoError(k, k.await(asking))
			r.sequence++
			r.take(s, "x")
		}
		require.LessOrEqual(k, int(b.calls.Load()), 20)
		require.NoError(k, r.q.SetNotifier(nil))
	})
}

// The host fetches when it is told, and now and then besides: it is never
// refused, hears of everything, and is told at most once for each time it
// asks.
func TestNotifierLosesNothing(t *testing.T) {
	overTransports(t, func(k *kit) {
		const clients, rounds = 8, 200
		r := newRig(k)
		reported := make(chan struct{}, 1000000)
		var asked, calls atomic.Int64
		require.NoError(k, r.q.SetNotifier(func() NotifyResult {
			calls.Add(1)
			reported <- struct{}{}
			return Notified
		}))
		var sent []<-chan error
		for c := range clients {
			s, p := k.raw(k, must(k, inMode(frame.EndTag, "\n")))
			r.attach(s, false)
			sent = append(sent, k.start(func() error {
				for i := range rounds {
					if _, err := fmt.Fprintf(p, "%d %d\n", c, i); err != nil {
						return err
					}
					if i%16 == c {
						time.Sleep(time.Millisecond)
					}
				}
				return nil
			}))
		}
		buf := make([]byte, 100)
		got := 0
		out := make([]Event, 3)
		limit := time.After(patienceOfTests * 2)
		for got < clients*rounds {
			select {
			case <-reported:
			case <-time.After(time.Duration(got%5) * time.Millisecond): // it also asks unbidden
				if got%3 == 0 {
					break
				}
				continue
			case <-limit:
				t.Fatalf("%d of %d", got, clients*rounds)
			}
			asked.Add(1)
			n, err := r.q.Next(out, 0)
			if err != nil {
				k.fails(err, fault.Timeout)
			}
			for _, e := range out[:n] {
				require.Equal(k, EventMessage, e.Kind)
				_, err := r.socketOf(e).Read(buf, 0)
				require.NoError(k, err)
				got++
			}
		}
		for _, done := range sent {
			require.NoError(k, k.await(done))
		}
		require.NoError(k, r.q.SetNotifier(nil))
		require.LessOrEqual(k, calls.Load(), asked.Load()+1)
	})
}
