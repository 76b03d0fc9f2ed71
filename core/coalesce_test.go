package core

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/option"
)

func coalescing(k *kit, ms int32) func(*Socket) {
	return func(s *Socket) {
		require.NoError(k, s.SetOption(option.Coalesce, ms))
		require.NoError(k, s.SetOption(option.SSLWarnDays, 0))
	}
}

// longest is the most that small writes may wait: what leaves before it left
// for another reason.
const longest = 1000

func TestSmallWritesWaitForEachOther(t *testing.T) {
	overTransports(t, func(k *kit) {
		client, channel := k.pair(k, coalescing(k, longest))
		out, began := channel.stream.Load().conn.BytesOut(), time.Now()
		for range 10 {
			k.write(channel, "small")
		}
		if left := channel.stream.Load().conn.BytesOut() - out; time.Since(began) < longest*time.Millisecond/2 {
			assert.Zero(k, left)
		}
		for range 10 {
			k.expect(client, "small")
		}
		assert.Less(k, time.Since(began), longest*time.Millisecond+late)
		assert.Equal(k, 10, k.number(channel, NumMessagesWritten))
	})
}

// TestSmallWritesLeaveEarly writes small messages, does what makes them leave, and expects
// them long before their time.
func TestSmallWritesLeaveEarly(t *testing.T) {
	small := func(k *kit, s *Socket) {
		for range 3 {
			k.write(s, "small")
		}
	}
	for name, do := range map[string]func(k *kit, s, other *Socket){
		"flush":    func(k *kit, s, _ *Socket) { require.NoError(k, s.Flush(patienceOfTests)) },
		"close":    func(k *kit, s, _ *Socket) { require.NoError(k, s.Close()) },
		"wait":     func(k *kit, s, _ *Socket) { require.NoError(k, s.CloseAndWait(patienceOfTests)) },
		"shutdown": func(k *kit, s, _ *Socket) { require.NoError(k, s.CloseWrite(patienceOfTests)) },
		"read":     func(k *kit, s, _ *Socket) { k.readFails(s, moment, fault.Timeout) },
		"queue": func(k *kit, s, _ *Socket) {
			q, err := k.lib.NewQueue(nil)
			require.NoError(k, err)
			require.NoError(k, q.Attach(s, false))
			small(k, s)
			_, err = q.Next(make([]Event, 4), moment)
			k.fails(err, fault.Timeout)
			small(k, s)
			_, err = q.Next(make([]Event, 4), moment)
			k.fails(err, fault.Timeout)
			assert.Zero(k, s.stream.Load().coalescedBytes())
		},
		"exchange": func(k *kit, s, other *Socket) {
			_, err := s.Exchange([]byte("small"), make([]byte, 9), moment)
			k.fails(err, fault.Timeout)
		},
	} {
		t.Run(name, func(t *testing.T) {
			overTransports(t, func(k *kit) {
				client, channel := k.pair(k, coalescing(k, longest))
				small(k, channel)
				st := channel.stream.Load()
				do(k, channel, client)
				assert.Zero(k, st.coalescedBytes())
				for range channel.stream.Load().written.Load() {
					k.expect(client, "small")
				}
			})
		})
	}
}

// Messages of all lengths keep their order, with and without a send queue,
// whatever makes them leave.
func TestCoalescedWritesKeepTheirOrder(t *testing.T) {
	for _, queue := range []int32{0, 1 << 30} {
		overTransports(t, func(k *kit) {
			const messages = 3000
			client, channel := k.pair(k, coalescing(k, 1))
			require.NoError(k, channel.SetOption(option.SendQueue, queue))
			got := k.start(func() error { return k.readAll(client, messages) })
			for i := range messages {
				size := 1 + rand.IntN(200)
				if i%50 == 0 {
					size = rand.IntN(100 << 10)
				}
				_, err := channel.Write(numbered(i, size))
				require.NoError(k, err)
				if i%701 == 0 {
					require.NoError(k, channel.Flush(patienceOfTests))
				}
			}
			require.NoError(k, channel.Close())
			require.NoError(k, k.await(got))
			k.readFails(client, patienceOfTests, fault.PeerClosed)
		})
	}
}

// A peer that does not read makes the writer wait once 64 KiB are together, and
// nothing is torn when its time ends: the writes that were taken arrive.
func TestCoalescedWritesWaitForTheirPeer(t *testing.T) {
	overTransports(t, func(k *kit) {
		client, channel := k.pair(k, func(s *Socket) {
			slowOptions(k, 1<<20, 0)(s)
			coalescing(k, longest)(s)
			require.NoError(k, s.SetOption(option.WriteTimeout, 100))
		})
		taken := 0
		for ; ; taken++ {
			if _, err := channel.Write(numbered(taken, 1000)); err != nil {
				k.fails(err, fault.Timeout)
				break
			}
		}
		require.NoError(k, k.readAll(client, taken))
		k.write(channel, "after")
		k.expect(client, "after")
	})
}

// With a send queue what is collected counts, and "writable" is told.
func TestCoalescedWritesFillTheSendQueue(t *testing.T) {
	overTransports(t, func(k *kit) {
		r := newRig(k)
		client, channel := k.pair(k, func(s *Socket) {
			slowOptions(k, 1<<20, 0)(s)
			coalescing(k, longest)(s)
			require.NoError(k, s.SetOption(option.SendQueue, 100<<10))
		})
		r.attach(channel, false)
		taken := 0
		for ; ; taken++ {
			if _, err := channel.Write(numbered(taken, 1000)); err != nil {
				k.fails(err, fault.Full)
				break
			}
		}
		assert.LessOrEqual(k, channel.stream.Load().unsentBytes(), 200<<10)
		got := k.start(func() error { return k.readAll(client, taken) })
		r.expectEvent(channel, EventWritable)
		require.NoError(k, channel.Flush(patienceOfTests)) // the queue, which sends what the system did not take, is asked no more
		require.NoError(k, k.await(got))
	})
}

// An error that the collected writes meet is told by a write that follows, or
// by the end of the connection.
func TestCoalescedWritesReportErrors(t *testing.T) {
	overTransports(t, func(k *kit) {
		channel, p := k.raw(k, coalescing(k, 1))
		k.write(channel, "one")
		p.reset()
		k.eventually(func() bool {
			_, err := channel.Write([]byte("more"))
			return err != nil
		}, "an error")
		_, err := channel.Write([]byte("more"))
		assert.ErrorIs(k, err, fault.Reset)
	})
}

// Each write reaches no further than the memory that collects.
func TestCoalescingAllocatesNothing(t *testing.T) {
	if raceEnabled {
		return // the race detector allocates
	}
	k := newKit(t, setup{direct: true, pair: plainPair})
	client, channel := k.pair(k, coalescing(k, longest))
	got := k.start(func() error {
		buf, lengths := make([]byte, 1<<20), make([]int32, 4096)
		for {
			if _, err := client.ReadMany(buf, lengths, patienceOfTests); err != nil {
				return err
			}
		}
	})
	msg := bytes.Repeat([]byte("m"), 100)
	k.write(channel, "begin")
	assert.Less(k, testing.AllocsPerRun(20000, func() { channel.Write(msg) }), 0.1)
	require.NoError(k, channel.Close())
	k.fails(k.await(got), fault.PeerClosed)
}

func BenchmarkCoalescedWrites(b *testing.B) {
	lib := NewLibrary()
	lib.Direct = true
	defer lib.CloseAll()
	server := lib.NewSocket("")
	require.NoError(b, server.Open(KindServer, 0, 0, "127.0.0.1", 0))
	client := lib.NewSocket("")
	require.NoError(b, client.Open(KindClient, 0, portOf(b, server), "127.0.0.1", patienceOfTests))
	channel, err := server.Accept(patienceOfTests, nil)
	require.NoError(b, err)
	require.NoError(b, channel.SetOption(option.Coalesce, longest))
	go func() {
		buf, lengths := make([]byte, 1<<20), make([]int32, 4096)
		for {
			if _, err := client.ReadMany(buf, lengths, forever); err != nil {
				return
			}
		}
	}()
	msg := make([]byte, 100)
	b.ReportAllocs()
	for b.Loop() {
		channel.Write(msg)
	}
}

// A request that was collected leaves in time, also where its exchange did not
// wait for the answer.
func TestRequestsLeaveInTime(t *testing.T) {
	overTransports(t, func(k *kit) {
		client, channel := k.pair(k, nil)
		coalescing(k, 5)(client)
		_, err := client.Exchange([]byte("request"), make([]byte, 10), 0)
		k.fails(err, fault.Timeout)
		k.expect(channel, "request")
	})
}
