package poll_test

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
	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
	"wdsocket/core/transport"
)

func TestManyParkedReaders(t *testing.T) {
	polltest.LeavesNothing(t)
	const connections = 200
	var g poll.Gate
	conns := make([]transport.Conn, connections)
	peers := make([]net.Conn, connections)
	done := make([]<-chan error, connections)
	for i := range conns {
		conns[i], peers[i] = dialed(t, false)
		done[i] = polltest.Start(func() error {
			w := g.Enter(poll.Forever, false)
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
	polltest.Eventually(t, func() bool { return poll.ParkedCalls() == connections }, "all parked")
	g.Close(func() {}, polltest.Patience)
	for i := range done {
		require.ErrorIs(t, polltest.Await(t, done[i]), fault.Closed)
		conns[i].Close()
	}
	require.Zero(t, poll.ParkedCalls())
}

// cpuTime is what the process has used.
func cpuTime(t *testing.T) time.Duration {
	var used syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// TestAParkedWriterDoesNotSpin: the peer has ended its side and does not read.
func TestAParkedWriterDoesNotSpin(t *testing.T) {
	polltest.LeavesNothing(t)
	c, peer := dialed(t, false)
	defer c.Close()
	require.NoError(t, peer.(*net.TCPConn).CloseWrite())
	polltest.Eventually(t, func() bool { return c.State() == transport.StatePeerClosed }, "the end")
	var g poll.Gate
	w := g.Enter(poll.Forever, false)
	done := polltest.Start(func() error {
		defer w.Leave()
		_, err := c.Send(w, nil, make([]byte, 64<<20), nil)
		return err
	})
	polltest.Eventually(t, func() bool { return poll.ParkedCalls() == 1 }, "a parked writer")
	const watched = 300 * time.Millisecond
	time.Sleep(watched) // the system may still grow its buffers
	before := cpuTime(t)
	time.Sleep(watched)
	assert.Less(t, cpuTime(t)-before, watched/2)
	g.Cancel()
	require.ErrorIs(t, polltest.Await(t, done), fault.Cancelled)
}

func TestAReaderAndAWriterParkTogether(t *testing.T) {
	polltest.LeavesNothing(t)
	c, peer := dialed(t, false)
	defer c.Close()
	var g poll.Gate
	const size = 32 << 20
	written := polltest.Start(func() error {
		w := g.Enter(poll.Forever, false)
		defer w.Leave()
		_, err := c.Send(w, nil, make([]byte, size), nil)
		return err
	})
	polltest.Eventually(t, func() bool { return poll.ParkedCalls() == 1 }, "a parked writer")
	read := polltest.Start(func() error {
		w := g.Enter(poll.Forever, false)
		defer w.Leave()
		c.UseReader(w)
		_, err := c.Read(make([]byte, 1))
		return err
	})
	polltest.Eventually(t, func() bool { return poll.ParkedCalls() == 2 }, "both parked")
	_, err := peer.Write([]byte("x"))
	require.NoError(t, err)
	require.NoError(t, polltest.Await(t, read))
	require.NotZero(t, poll.ParkedCalls(), "the writer waits on")
	drained := polltest.Start(func() error { _, err := io.CopyN(io.Discard, peer, size); return err })
	require.NoError(t, polltest.Await(t, written))
	require.NoError(t, polltest.Await(t, drained))
}

func TestTwoCallsForTheSameEventAreBothWoken(t *testing.T) {
	polltest.LeavesNothing(t)
	c, peer := dialed(t, false)
	defer c.Close()
	var g poll.Gate
	wait := func() error {
		w := g.Enter(poll.Forever, false)
		defer w.Leave()
		_, err := c.Source().Wait(w, unix.POLLIN)
		return err
	}
	first := polltest.Start(wait)
	polltest.Eventually(t, func() bool { return poll.ParkedCalls() == 1 }, "parked")
	second := polltest.Start(wait)
	time.Sleep(polltest.Moment)
	require.Equal(t, 1, poll.ParkedCalls())
	_, err := peer.Write([]byte("x"))
	require.NoError(t, err)
	require.NoError(t, polltest.Await(t, first))
	require.NoError(t, polltest.Await(t, second))
}

func TestAParkedCallIsToldWhatHappened(t *testing.T) {
	polltest.LeavesNothing(t)
	c, peer := dialed(t, false)
	defer c.Close()
	var g poll.Gate
	done := polltest.Start(func() error {
		w := g.Enter(poll.Forever, false)
		defer w.Leave()
		got, err := c.Source().Wait(w, unix.POLLIN)
		if err == nil && got&unix.POLLERR == 0 {
			err = fault.Internal
		}
		return err
	})
	polltest.Eventually(t, func() bool { return poll.ParkedCalls() == 1 }, "parked")
	require.NoError(t, peer.(*net.TCPConn).SetLinger(0))
	require.NoError(t, peer.Close())
	require.NoError(t, polltest.Await(t, done))
}

func TestThePollerStartsAgain(t *testing.T) {
	polltest.LeavesNothing(t)
	c, peer := dialed(t, false)
	defer c.Close()
	for range 20 {
		var g poll.Gate
		w := g.Enter(polltest.Patience, false)
		c.UseReader(w)
		done := polltest.Start(func() error { _, err := c.Read(make([]byte, 1)); return err })
		polltest.Eventually(t, func() bool { return poll.ParkedCalls() == 1 }, "parked")
		poll.ReleaseIdle() // not while a call is parked
		_, err := peer.Write([]byte("x"))
		require.NoError(t, err)
		require.NoError(t, polltest.Await(t, done))
		w.Leave()
		poll.ReleaseIdle()
	}
}
