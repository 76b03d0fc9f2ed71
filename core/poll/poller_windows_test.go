package poll_test

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
	"wdsocket/core/transport"
)

// bench is a Poller and what is needed to wait for it.
type bench struct {
	*testing.T
	a    *poll.Poller
	gate poll.Gate
	out  [64]poll.Ready
}

func newBench(t *testing.T) *bench {
	polltest.LeavesNothing(t)
	a, err := poll.NewPoller()
	require.NoError(t, err)
	t.Cleanup(a.Close)
	return &bench{T: t, a: a}
}

// wait collects what shows within a time; 0 asks without waiting.
func (b *bench) wait(limit time.Duration) []poll.Ready {
	w := b.gate.Enter(limit, true)
	defer w.Leave()
	n, err := b.a.Wait(w, time.Time{}, false, b.out[:])
	if err != nil {
		require.ErrorIs(b, err, fault.Timeout)
	}
	return b.out[:n]
}

const longEnough = 20 * time.Second

// pair gives one of ours and the peer's end, a plain connection.
func (b *bench) pair() (transport.Conn, *net.TCPConn) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	defer ln.Close()
	w := b.gate.Enter(longEnough, true)
	defer w.Leave()
	ours, err := transport.Dial(w, &transport.Target{Location: endpoint.At("127.0.0.1", ln.Addr().(*net.TCPAddr).Port), Options: &transport.Options{}})
	require.NoError(b, err)
	theirs, err := ln.Accept()
	require.NoError(b, err)
	b.Cleanup(func() { theirs.Close() })
	return ours, theirs.(*net.TCPConn)
}

func TestInputIsToldOnceUntilItIsAskedForAgain(t *testing.T) {
	b := newBench(t)
	ours, theirs := b.pair()
	defer ours.Close()
	require.NoError(t, b.a.Add(ours, 5))
	defer b.a.Remove(ours)
	require.Empty(t, b.wait(0))
	_, err := theirs.Write([]byte("one"))
	require.NoError(t, err)
	require.Equal(t, []poll.Ready{{Number: 5, Input: true}}, b.wait(longEnough))
	_, err = theirs.Write([]byte("two"))
	require.NoError(t, err)
	require.Empty(t, b.wait(50*time.Millisecond), "nobody has read what was told of")
	b.a.Rearm(5)
	require.Equal(t, []poll.Ready{{Number: 5, Input: true}}, b.wait(longEnough), "it is there still")
	require.NoError(t, theirs.Close())
	b.a.Rearm(5)
	got := b.wait(longEnough)
	require.Len(t, got, 1)
	require.True(t, got[0].Input)
}

func TestRoomIsToldWhileSomethingIsKept(t *testing.T) {
	b := newBench(t)
	ours, theirs := b.pair()
	defer ours.Close()
	require.NoError(t, b.a.Add(ours, 0))
	defer b.a.Remove(ours)
	total := 0
	for !ours.HasUnsent() {
		n, err := ours.Write(make([]byte, 1<<20))
		require.NoError(t, err)
		total += n
	}
	require.Empty(t, b.wait(50*time.Millisecond))
	read := make(chan int, 1)
	go func() {
		got, scrap := 0, make([]byte, 1<<16)
		for got < total {
			n, err := theirs.Read(scrap)
			if err != nil {
				break
			}
			got += n
		}
		read <- got
	}()
	for ours.HasUnsent() {
		require.Equal(t, []poll.Ready{{Writable: true}}, b.wait(longEnough))
		_, err := ours.TryFlush()
		require.NoError(t, err)
	}
	require.Equal(t, total, <-read)
	require.Empty(t, b.wait(50*time.Millisecond), "nothing is kept")
}

func TestManyAreWatchedAndReplaced(t *testing.T) {
	b := newBench(t)
	const many = 3*poll.SocketsPerHandle + 1
	var ours [many]transport.Conn
	var theirs [many]*net.TCPConn
	for round := range 3 {
		for i := range ours {
			ours[i], theirs[i] = b.pair()
			require.NoError(t, b.a.Add(ours[i], int32(i)))
		}
		for i := range theirs {
			_, err := theirs[i].Write([]byte("x"))
			require.NoError(t, err)
		}
		reported := map[int32]int{}
		for len(reported) < many {
			ready := b.wait(longEnough)
			require.NotEmpty(t, ready)
			for _, r := range ready {
				reported[r.Number]++
				require.True(t, r.Input)
			}
		}
		for i := range ours { // half of them are asked about when they go
			require.Equal(t, 1, reported[int32(i)], "round %d", round)
			if i%2 == 0 {
				b.a.Rearm(int32(i))
			}
			b.a.Remove(ours[i])
			require.NoError(t, ours[i].Close())
			require.NoError(t, theirs[i].Close())
		}
		require.Empty(t, b.wait(0))
	}
	require.Equal(t, many/poll.SocketsPerHandle+1, b.a.AFDHandles(), "places are used again")
}

func TestAWakeEndsAWait(t *testing.T) {
	b := newBench(t)
	ended := make(chan int, 1)
	go func() { ended <- len(b.wait(poll.Forever)) }()
	b.a.Wake()
	select {
	case n := <-ended:
		require.Zero(t, n)
	case <-time.After(longEnough):
		t.Fatal("it waits on")
	}
	b.a.Wake()
	b.a.Wake()
	require.Empty(t, b.wait(longEnough), "a wake before the wait counts")
	require.Zero(t, b.a.PollNow(b.out[:]), "once")
}
