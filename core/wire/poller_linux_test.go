package wire

import (
	"io"
	"net"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
)

// parkedCalls tells how many calls the poller is to wake.
func parkedCalls() int {
	poller.mu.Lock()
	defer poller.mu.Unlock()
	return poller.waiting
}

func TestManyParkedReaders(t *testing.T) {
	leavesNothing(t)
	const connections = 200
	var g Gate
	conns := make([]*Conn, connections)
	peers := make([]net.Conn, connections)
	done := make([]<-chan error, connections)
	for i := range conns {
		conns[i], peers[i] = dialed(t, false)
		done[i] = start(func() error {
			w := g.Enter(Forever, false)
			defer w.Leave()
			conns[i].UseReader(w)
			buf := make([]byte, 1)
			for range 20 {
				if _, err := conns[i].Read(buf); err != nil {
					return err
				}
				if _, err := conns[i].Send(w, nil, buf, nil); err != nil {
					return err
				}
			}
			_, err := conns[i].Read(buf)
			return err
		})
	}
	var all sync.WaitGroup
	for i, p := range peers {
		all.Go(func() {
			buf := make([]byte, 1)
			for range 20 {
				p.Write([]byte{byte(i)})
				if _, err := io.ReadFull(p, buf); err != nil || buf[0] != byte(i) {
					assert.NoError(t, err)
					return
				}
			}
		})
	}
	all.Wait()
	eventually(t, func() bool { return parkedCalls() == connections }, "all parked")
	g.Close(func() {}, patienceOfTests)
	for i := range done {
		require.ErrorIs(t, await(t, done[i]), fault.Closed)
		conns[i].Close()
	}
	require.Zero(t, parkedCalls())
}

// cpuTime is what the process has used.
func cpuTime(t *testing.T) time.Duration {
	var used syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// TestAParkedWriterDoesNotSpin: the peer has ended its side and does not read.
func TestAParkedWriterDoesNotSpin(t *testing.T) {
	leavesNothing(t)
	c, peer := dialed(t, false)
	defer c.Close()
	require.NoError(t, peer.(*net.TCPConn).CloseWrite())
	eventually(t, func() bool { return c.Look() == PeerEnded }, "the end")
	var g Gate
	w := g.Enter(Forever, false)
	done := start(func() error {
		defer w.Leave()
		_, err := c.Send(w, nil, make([]byte, 64<<20), nil)
		return err
	})
	eventually(t, func() bool { return parkedCalls() == 1 }, "a parked writer")
	const watched = 300 * time.Millisecond
	time.Sleep(watched) // the system may still grow its buffers
	before := cpuTime(t)
	time.Sleep(watched)
	assert.Less(t, cpuTime(t)-before, watched/2)
	g.Cancel()
	require.ErrorIs(t, await(t, done), fault.Cancelled)
}

func TestAReaderAndAWriterParkTogether(t *testing.T) {
	leavesNothing(t)
	c, peer := dialed(t, false)
	defer c.Close()
	var g Gate
	const size = 32 << 20
	written := start(func() error {
		w := g.Enter(Forever, false)
		defer w.Leave()
		_, err := c.Send(w, nil, make([]byte, size), nil)
		return err
	})
	eventually(t, func() bool { return parkedCalls() == 1 }, "a parked writer")
	read := start(func() error {
		w := g.Enter(Forever, false)
		defer w.Leave()
		c.UseReader(w)
		_, err := c.Read(make([]byte, 1))
		return err
	})
	eventually(t, func() bool { return parkedCalls() == 2 }, "both parked")
	_, err := peer.Write([]byte("x"))
	require.NoError(t, err)
	require.NoError(t, await(t, read))
	require.NotZero(t, parkedCalls(), "the writer waits on")
	drained := start(func() error { _, err := io.CopyN(io.Discard, peer, size); return err })
	require.NoError(t, await(t, written))
	require.NoError(t, await(t, drained))
}

func TestTwoCallsForTheSameEventAreBothWoken(t *testing.T) {
	leavesNothing(t)
	c, peer := dialed(t, false)
	defer c.Close()
	var g Gate
	wait := func() error {
		w := g.Enter(Forever, false)
		defer w.Leave()
		_, err := w.ready(&c.d, unix.POLLIN)
		return err
	}
	first := start(wait)
	eventually(t, func() bool { return parkedCalls() == 1 }, "parked")
	second := start(wait)
	time.Sleep(moment)
	require.Equal(t, 1, parkedCalls())
	_, err := peer.Write([]byte("x"))
	require.NoError(t, err)
	require.NoError(t, await(t, first))
	require.NoError(t, await(t, second))
}

func TestAParkedCallIsToldWhatHappened(t *testing.T) {
	leavesNothing(t)
	c, peer := dialed(t, false)
	defer c.Close()
	var g Gate
	done := start(func() error {
		w := g.Enter(Forever, false)
		defer w.Leave()
		got, err := w.ready(&c.d, unix.POLLIN)
		if err == nil && got&unix.POLLERR == 0 {
			err = fault.Internal
		}
		return err
	})
	eventually(t, func() bool { return parkedCalls() == 1 }, "parked")
	require.NoError(t, peer.(*net.TCPConn).SetLinger(0))
	require.NoError(t, peer.Close())
	require.NoError(t, await(t, done))
}

func TestParkingFailsCleanly(t *testing.T) {
	leavesNothing(t)
	var g Gate
	bad := descriptor{fd: 1 << 20}
	w := g.Enter(patienceOfTests, false)
	_, err := w.ready(&bad, unix.POLLIN)
	require.ErrorIs(t, err, unix.EBADF)
	w.Leave()
	require.Zero(t, parkedCalls())
	require.Nil(t, bad.parked[slotRead])
}

func TestThePollerStartsAgain(t *testing.T) {
	leavesNothing(t)
	c, peer := dialed(t, false)
	defer c.Close()
	for range 20 {
		var g Gate
		w := g.Enter(patienceOfTests, false)
		c.UseReader(w)
		done := start(func() error { _, err := c.Read(make([]byte, 1)); return err })
		eventually(t, func() bool { return parkedCalls() == 1 }, "parked")
		ReleaseIdle() // not while a call is parked
		_, err := peer.Write([]byte("x"))
		require.NoError(t, err)
		require.NoError(t, await(t, done))
		w.Leave()
		ReleaseIdle()
	}
}

func TestWriteKeepsAndFlushSends(t *testing.T) {
	bothWaits(t, func(t *testing.T, direct bool) {
		c, peer := dialed(t, direct)
		defer c.Close()
		const size = 32 << 20
		n, err := c.Write(make([]byte, size))
		require.NoError(t, err)
		require.Equal(t, size, n, "it never waits")
		require.Positive(t, c.Kept())
		require.False(t, c.Settled())
		var g Gate
		w := g.Enter(moment, direct)
		require.ErrorIs(t, c.Flush(w), fault.Timeout)
		w.SetTimeout(patienceOfTests)
		read := start(func() error { _, err := io.CopyN(io.Discard, peer, size+3); return err })
		n, err = c.Send(w, []byte("e"), []byte("n"), []byte("d"))
		require.NoError(t, err)
		require.Equal(t, 3, n)
		require.Zero(t, c.Kept())
		w.Leave()
		require.NoError(t, await(t, read))
		eventually(t, c.Settled, "settled")
	})
}

func TestAReadSendsWhatWasKept(t *testing.T) {
	bothWaits(t, func(t *testing.T, direct bool) {
		c, peer := dialed(t, direct)
		defer c.Close()
		const size = 32 << 20
		_, err := c.Write(make([]byte, size))
		require.NoError(t, err)
		var g Gate
		w := g.Enter(patienceOfTests, direct)
		defer w.Leave()
		c.UseReader(w)
		done := start(func() error { _, err := c.Read(make([]byte, 1)); return err })
		_, err = io.CopyN(io.Discard, peer, size)
		require.NoError(t, err)
		_, err = peer.Write([]byte("x"))
		require.NoError(t, err)
		require.NoError(t, await(t, done))
		require.Zero(t, c.Kept())
	})
}

// The descriptor that a call waited with is idle before its gate is empty, so that
// the one who waits for that can give it back.
func TestEmptyGateHoldsNoDescriptor(t *testing.T) {
	leavesNothing(t)
	var g Gate
	w := g.Enter(Forever, true)
	require.NoError(t, w.arm())
	left := int64(-1)
	g.Close(func() {
		ReleaseIdle()
		left = Descriptors()
	}, 0)
	w.Leave()
	require.Zero(t, left)
}
