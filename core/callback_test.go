package core

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// heard collects what a callback is told.
type heard struct {
	*rig
	calls   sync.Mutex
	events  []Event
	running atomic.Int32
	then    func(Event) // done in the callback
}

// listens gives the rig's queue a callback.
func (r *rig) listens(then func(Event)) *heard {
	r.Helper()
	h := &heard{rig: r, then: then}
	require.NoError(r, r.q.SetCallback(h.hear, NoCallback))
	return h
}

func (h *heard) hear(e *Event) {
	if h.running.Add(1) != 1 {
		panic("two calls at once")
	}
	defer h.running.Add(-1)
	h.calls.Lock()
	h.events = append(h.events, *e)
	h.calls.Unlock()
	if h.then != nil {
		h.then(*e)
	}
}

func (h *heard) count() int {
	h.calls.Lock()
	defer h.calls.Unlock()
	return len(h.events)
}

// atLeast waits until so many events were told.
func (h *heard) atLeast(n int) []Event {
	h.Helper()
	h.eventually(func() bool { return h.count() >= n }, "events")
	h.calls.Lock()
	defer h.calls.Unlock()
	return append([]Event(nil), h.events...)
}

// quiet waits until whatever the sockets have to tell was told: a mark goes
// round behind it.
func (h *heard) quiet() {
	h.Helper()
	before := h.count()
	for range 3 {
		_, err := h.q.NewTimer(0, 0, 0, -1)
		require.NoError(h, err)
		h.atLeast(before + 1)
		before++
	}
}

// about are the events of one socket.
func (h *heard) about(s *Socket) (events []Event) {
	h.calls.Lock()
	defer h.calls.Unlock()
	for _, e := range h.events {
		if e.Socket == s.ID() {
			events = append(events, e)
		}
	}
	return events
}

// finishes requires that f ends.
func (k *kit) finishes(f func() error) {
	k.Helper()
	require.NoError(k, k.await(k.start(f)))
}

func TestCallbackIsCalledForEachEvent(t *testing.T) {
	overQueues(t, func(r *rig) {
		const rounds = 500
		s, p := r.raw(r.kit, must(r, inMode(frame.EndTag, "\n")))
		var got []string
		buf := make([]byte, 100)
		h := r.listens(func(e Event) {
			if e.Kind == EventMessage {
				n, err := s.Read(buf, 0)
				if err == nil {
					got = append(got, string(buf[:n]))
				}
			}
		})
		r.attach(s, false)
		var want []string
		sent := r.start(func() error {
			for i := range rounds {
				if _, err := fmt.Fprintf(p, "message %d\n", i); err != nil {
					return err
				}
			}
			return p.Close()
		})
		for i := range rounds {
			want = append(want, fmt.Sprintf("message %d", i))
		}
		events := h.atLeast(rounds + 1)
		require.NoError(r, r.await(sent))
		require.NoError(r, r.q.SetCallback(nil, NoCallback)) // waits for the last call
		require.Equal(r, want, got)
		for i, e := range events {
			require.Equal(r, int32(i+1), e.Sequence)
			require.Equal(r, s.ID(), e.Socket)
		}
		require.Equal(r, EventPeerClosed, events[rounds].Kind)
		require.Equal(r, rounds+1, h.count())
	})
}

func TestCallbackExcludesTheOtherWays(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		out := make([]Event, 1)
		waiting := k.start(func() error { _, err := r.q.Next(out, forever); return err })
		k.eventually(r.q.polling.Load, "the call of Next")
		k.fails(r.q.SetCallback(func(*Event) {}, NoCallback), fault.Busy)
		require.NoError(k, r.q.SetCallback(nil, NoCallback), "there is none to remove")
		r.q.Cancel()
		k.fails(k.await(waiting), fault.Cancelled)

		h := r.listens(nil)
		_, err := r.q.Next(out, 0)
		k.fails(err, fault.Busy)
		k.fails(r.q.SetNotifier(func() NotifyResult { return Notified }), fault.Busy)
		require.NoError(k, r.q.SetNotifier(nil))
		h.quiet()
		require.NoError(k, r.q.SetCallback(nil, NoCallback))
		require.NoError(k, r.q.SetCallback(nil, NoCallback))
		_, err = r.q.Next(out, 0)
		k.fails(err, fault.Timeout)

		require.NoError(k, r.q.Close())
		k.fails(r.q.SetCallback(func(*Event) {}, NoCallback), fault.Closed)
	})
}

func TestNothingIsLostWhenACallbackIsRemoved(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		const rounds = 2000
		s, p := k.raw(k, must(k, inMode(frame.EndTag, "\n")))
		r.attach(s, false)
		sent := k.start(func() error {
			for range rounds {
				if _, err := p.Write([]byte("x\n")); err != nil {
					return err
				}
			}
			return nil
		})
		var calls atomic.Int32
		buf := make([]byte, 10)
		hear := func(e *Event) {
			if n, err := s.Read(buf, 0); err == nil && n == 1 && e.Kind == EventMessage {
				calls.Add(1)
			}
		}
		deadline := time.Now().Add(patienceOfTests)
		for calls.Load() < rounds && time.Now().Before(deadline) {
			require.NoError(k, r.q.SetCallback(hear, NoCallback))
			before := calls.Load()
			k.eventually(func() bool { return calls.Load() > before }, "a call")
			require.NoError(k, r.q.SetCallback(nil, NoCallback))
			if calls.Load() == rounds {
				break
			}
			var one [1]Event
			n, err := r.q.Next(one[:], forever)
			require.NoError(k, err)
			for range n {
				hear(&one[0])
			}
		}
		require.Equal(k, int32(rounds), calls.Load())
		require.NoError(k, k.await(sent))
	})
}

func TestCallbackClosesSockets(t *testing.T) {
	ways := map[string]func(*Socket) error{
		"close":  (*Socket).Close,
		"abort":  (*Socket).Abort,
		"detach": (*Socket).Detach,
		"wait":   func(s *Socket) error { return s.CloseAndWait(patienceOfTests) },
	}
	for name, end := range ways {
		t.Run(name, func(t *testing.T) {
			overQueues(t, func(r *rig) {
				s, p := r.raw(r.kit, must(r, inMode(frame.EndTag, "\n")))
				other, q := r.raw(r.kit, must(r, inMode(frame.EndTag, "\n")))
				var failed error
				p.send("one\ntwo\nthree\n")
				q.send("one\ntwo\nthree\n")
				r.attach(s, false)
				r.attach(other, false)
				h := r.listens(func(e Event) {
					if e.Kind == EventMessage { // the first that is told ends both
						failed = firstError(end(s), end(other))
					}
				})
				h.atLeast(1)
				h.quiet()
				require.NoError(r, r.q.SetCallback(nil, NoCallback))
				require.NoError(r, failed)
				require.Equal(r, 1, len(h.about(s))+len(h.about(other)))
			})
		})
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestCallbackChangesItself(t *testing.T) {
	const id = CallbackID(7) // of the rig's queue
	cases := map[string]struct {
		change func(r *rig, second func(*Event)) error
		calls  int // of the first function
		goesOn bool
		closed bool
	}{
		"removes":  {change: func(r *rig, _ func(*Event)) error { return r.q.SetCallback(nil, id) }},
		"replaces": {change: func(r *rig, f func(*Event)) error { return r.q.SetCallback(f, id) }, goesOn: true},
		"removes and sets": {change: func(r *rig, f func(*Event)) error {
			return firstError(r.q.SetCallback(nil, id), r.q.SetCallback(f, id))
		}, goesOn: true},
		"closes":     {change: func(r *rig, _ func(*Event)) error { return r.q.Close(id) }, closed: true},
		"closes all": {change: func(r *rig, _ func(*Event)) error { r.lib.CloseAllFrom(id); return nil }, closed: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			bothWaits(t, func(k *kit) {
				r := newRig(k)
				var second atomic.Int32
				result := make(chan error, 1)
				h := r.listens(nil)
				h.then = func(Event) { result <- c.change(r, func(*Event) { second.Add(1) }) }
				for range 3 {
					_, err := r.q.NewTimer(0, 0, 0, 1)
					if !c.closed {
						require.NoError(k, err)
					}
				}
				require.NoError(k, k.await(result))
				if c.goesOn {
					k.eventually(func() bool { return second.Load() == 2 }, "calls of the second")
				}
				k.eventually(func() bool { return h.running.Load() == 0 }, "the end of the call")
				require.Equal(k, 1, h.count())
				if c.closed {
					k.fails(r.q.SetCallback(nil, NoCallback), fault.Closed)
				} else if !c.goesOn {
					r.sequence = 1 // that the callback was told
					r.next()
					r.next()
				}
			})
		})
	}
}

// A call that is running is waited for by who ends it from outside.
func TestEndingACallbackWaitsForItsCall(t *testing.T) {
	ways := map[string]func(r *rig){
		"removing":  func(r *rig) { _ = r.q.SetCallback(nil, NoCallback) },
		"replacing": func(r *rig) { _ = r.q.SetCallback(func(*Event) {}, NoCallback) },
		"closing":   func(r *rig) { _ = r.q.Close() },
		"close all": func(r *rig) { r.lib.CloseAll() },
	}
	for name, end := range ways {
		t.Run(name, func(t *testing.T) {
			bothWaits(t, func(k *kit) {
				r := newRig(k)
				release := make(chan struct{})
				h := r.listens(func(Event) { <-release })
				_, err := r.q.NewTimer(0, 0, 0, 1)
				require.NoError(k, err)
				k.eventually(func() bool { return h.running.Load() == 1 }, "the call")
				ended := make(chan struct{})
				over := k.start(func() error {
					end(r)
					if h.running.Load() != 0 {
						return unexpected("it runs still")
					}
					close(ended)
					return nil
				})
				select {
				case <-ended:
					t.Error("it did not wait")
				case <-time.After(moment):
				}
				close(release)
				require.NoError(k, k.await(over))
			})
		})
	}
}

func TestCallbacksEndEachOther(t *testing.T) {
	ways := map[string]func(q *Queue, from CallbackID) error{
		"closing":    func(q *Queue, from CallbackID) error { return q.Close(from) },
		"removing":   func(q *Queue, from CallbackID) error { return q.SetCallback(nil, from) },
		"replacing":  func(q *Queue, from CallbackID) error { return q.SetCallback(func(*Event) {}, from) },
		"ending all": func(q *Queue, from CallbackID) error { q.lib.CloseAllFrom(from); return nil },
	}
	for name, end := range ways {
		for _, n := range []int{2, 3, 5} {
			t.Run(fmt.Sprint(name, " ", n), func(t *testing.T) {
				k := newKit(t, setup{direct: true})
				queues := make([]*Queue, n)
				var inside, done sync.WaitGroup
				inside.Add(n)
				done.Add(n)
				for i := range queues {
					q, err := k.lib.NewQueue(nil)
					require.NoError(k, err)
					q.SetID(int32(i + 1))
					queues[i] = q
				}
				var once [5]sync.Once
				for i, q := range queues {
					require.NoError(k, q.SetCallback(func(*Event) {
						once[i].Do(func() {
							inside.Done()
							inside.Wait() // all are in their calls
							_ = end(queues[(i+1)%n], CallbackID(i+1))
							done.Done()
						})
					}, NoCallback))
					_, err := q.NewTimer(0, 0, 0, 1)
					require.NoError(k, err)
				}
				k.finishes(func() error { done.Wait(); return nil })
			})
		}
	}
}

// A callback that does not return delays nothing but its own queue.
func TestABlockedCallbackDelaysNobody(t *testing.T) {
	overTransports(t, func(k *kit) {
		blocked, free := newRig(k), newRig(k)
		free.q.SetID(8)
		release := make(chan struct{})
		a := blocked.listens(func(Event) { <-release })
		s, p := k.raw(k, must(k, inMode(frame.EndTag, "\n")))
		client, channel := k.pair(k, must(k, inMode(frame.EndTag, "\n")))
		blocked.attach(s, false)
		blocked.attach(client, false)
		p.send("stuck\n")
		k.eventually(func() bool { return a.running.Load() == 1 }, "the call")

		b := free.listens(nil)
		free.attach(channel, false)
		k.write(client, "on")
		b.atLeast(1)
		begun := time.Now()
		require.NoError(k, s.Close())
		require.NoError(k, client.Detach())
		require.NoError(k, free.q.Close())
		require.Less(k, time.Since(begun), patienceOfTests/2, "a call that is stuck would delay them for ever")
		k.expect(channel, "on")
		close(release)
	})
}

func TestACallbackThatPanics(t *testing.T) {
	k := newKit(t, setup{direct: true})
	r := newRig(k)
	h := r.listens(func(e Event) {
		if e.User == 1 {
			panic("a fault of the host")
		}
	})
	for _, user := range []int32{1, 2} {
		_, err := r.q.NewTimer(0, 0, user, 1)
		require.NoError(k, err)
		h.atLeast(int(user))
	}
}

// A client that is never silent does not hide another one, nor a timer.
func TestCallbackIsFair(t *testing.T) {
	overTransports(t, func(k *kit) {
		r := newRig(k)
		busy, flood := k.raw(k, must(k, inMode(frame.EndTag, "\n")))
		calm, p := k.raw(k, must(k, inMode(frame.EndTag, "\n")))
		require.NoError(k, flood.tcp.SetWriteBuffer(16<<10)) // what is on its way is delivered before the last write returns
		require.NoError(k, busy.SetOption(option.ReceiveBuffer, 16<<10))
		var stop atomic.Bool
		buf := make([]byte, 100)
		var answers atomic.Int32
		require.NoError(k, r.q.SetCallback(func(e *Event) {
			s := r.socketOf(*e)
			if e.Kind != EventMessage {
				return
			}
			if _, err := s.Read(buf, 0); err != nil {
				return
			}
			if s == calm {
				_, _ = s.Write([]byte("answer"))
				answers.Add(1)
			}
		}, NoCallback))
		r.attach(busy, false)
		r.attach(calm, false)
		lines := make([]byte, 0, 3000)
		for range 1000 {
			lines = append(lines, "x\n"...)
		}
		flooding := k.start(func() error {
			for !stop.Load() {
				if _, err := flood.Write(lines); err != nil {
					return err
				}
			}
			return nil
		})
		for range 50 {
			p.send("question\n")
			p.expect("answer\n")
		}
		stop.Store(true)
		require.NoError(k, k.await(flooding))
		require.NoError(k, r.q.SetCallback(nil, NoCallback))
		assert.Equal(k, int32(50), answers.Load())
	})
}

func TestTimersOfACallback(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		var timer *Timer
		var mu sync.Mutex
		h := r.listens(func(e Event) {
			mu.Lock()
			defer mu.Unlock()
			if e.Socket == 5 && e.Value > 0 {
				timer.Stop()
			}
		})
		mu.Lock()
		begun := time.Now()
		var err error
		timer, err = r.q.NewTimer(moment, time.Microsecond, 1, 5)
		mu.Unlock()
		require.NoError(k, err)
		h.atLeast(1)
		require.GreaterOrEqual(k, time.Since(begun), moment)
		h.quiet()
		n := 0
		for _, e := range h.atLeast(1) {
			if e.Socket == 5 {
				n++
			}
		}
		require.Equal(k, 1, n, "nothing after it was stopped")
	})
}

func TestACallbackCostsNoMemory(t *testing.T) {
	if raceEnabled {
		return // the detector makes pools forget on purpose
	}
	k := newKit(t, setup{direct: true})
	r := newRig(k)
	client, channel := plainPair(k, must(k, inMode(frame.Size, "")))
	r.attach(channel, false)
	heard := make(chan struct{}, 1)
	buf := make([]byte, 100)
	require.NoError(k, r.q.SetCallback(func(*Event) {
		if n, err := channel.Read(buf, 0); err == nil && n == 5 {
			heard <- struct{}{}
		}
	}, NoCallback))
	msg := []byte("hello")
	assert.Zero(k, allocations(t, func() {
		if _, err := client.Write(msg); err != nil {
			panic(err)
		}
		<-heard
	}))
}
