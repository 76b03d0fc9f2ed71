package transport

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
	"wdsocket/core/syserr"
)

// listener is a plain server on an address of this machine; port 0 is chosen.
func listener(t *testing.T, host string, port int) (net.Listener, int) {
	t.Helper()
	ln, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.ParseIP(host), Port: port})
	require.NoError(t, err)
	t.Cleanup(func() { ln.Close() })
	return ln, ln.Addr().(*net.TCPAddr).Port
}

// freePort is a port that nothing listens on.
func freePort(t *testing.T) int {
	ln, port := listener(t, "127.0.0.1", 0)
	require.NoError(t, ln.Close())
	return port
}

// dial runs one Dial and closes what it gives.
func dial(timeout time.Duration, direct bool, to *Target) (string, error) {
	var g poll.Gate
	w := g.Enter(timeout, direct)
	defer w.Leave()
	c, err := Dial(w, to)
	if err != nil {
		return "", err
	}
	defer c.Close()
	return c.PeerAddr().IP().String(), nil
}

func requireFault(t *testing.T, err error, code fault.Code, phase fault.Phase) {
	t.Helper()
	var e *fault.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, code.Name(), e.Code.Name(), "%v", err)
	require.Equal(t, phase.Name(), e.Phase.Name(), "%v", err)
}

func TestDialAddresses(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		_, port := listener(t, "127.0.0.1", 0)
		_, port6 := listener(t, "::1", 0)
		cases := []struct {
			host   string
			port   int
			family Family
			want   string
			code   fault.Code
		}{
			{"127.0.0.1", port, AnyFamily, "127.0.0.1", 0},
			{"127.0.0.1", port, IPv4, "127.0.0.1", 0},
			{"127.0.0.1", port, IPv6, "", fault.Unreachable},
			{"::ffff:127.0.0.1", port, AnyFamily, "127.0.0.1", 0},
			{"", port, AnyFamily, "127.0.0.1", 0},
			{"", port6, AnyFamily, "::1", 0},
			{"", port6, IPv4, "", fault.Refused},
			{"::1", port6, AnyFamily, "::1", 0},
			{"::1", port6, IPv4, "", fault.Unreachable},
			{"::1", port, AnyFamily, "", fault.Refused},
			{"localhost", port, AnyFamily, "127.0.0.1", 0},
		}
		for _, c := range cases {
			to := target(c.host, c.port)
			to.Family = c.family
			got, err := dial(polltest.Patience, direct, to)
			if c.code == 0 {
				require.NoError(t, err, c.host)
				assert.Equal(t, c.want, got)
			} else {
				requireFault(t, err, c.code, fault.PhaseConnect)
			}
		}
	})
}

func TestDialFromAnOwnAddress(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		ln, port := listener(t, "127.0.0.1", 0)
		to := target("127.0.0.1", port)
		to.LocalAddr, to.LocalPort = "127.0.0.5", freePort(t)
		var g poll.Gate
		w := g.Enter(polltest.Patience, direct)
		c, err := Dial(w, to)
		w.Leave()
		require.NoError(t, err)
		peer, err := ln.Accept()
		require.NoError(t, err)
		assert.Equal(t, c.LocalAddr().String(), peer.RemoteAddr().String())
		assert.Equal(t, "127.0.0.5", c.LocalAddr().IP().String())
		assert.EqualValues(t, to.LocalPort, c.LocalAddr().Port())
		peer.Close()
		c.Close()

		_, taken := listener(t, "127.0.0.5", 0)
		to.LocalPort = taken
		_, err = dial(polltest.Patience, direct, to)
		requireFault(t, err, fault.PortTaken, fault.PhaseConnect)
		to.LocalAddr, to.LocalPort = "192.0.2.77", 0
		_, err = dial(polltest.Patience, direct, to)
		requireFault(t, err, fault.LocalAddress, fault.PhaseConnect)
		to.LocalAddr = "nonsense"
		_, err = dial(polltest.Patience, direct, to)
		requireFault(t, err, fault.LocalAddress, fault.PhaseConnect)
	})
}

func TestDialNames(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		_, port := listener(t, "127.0.0.1", 0)
		d := newNameServer(t)
		d.set("four.test", addresses("127.0.0.1"))
		d.set("both.test", addresses("::1", "127.0.0.1"))
		d.set("slow6.test", slow(typeAAAA, 200*time.Millisecond, addresses("127.0.0.1")))
		d.set("slow4.test", slow(typeA, 200*time.Millisecond, addresses("::1", "127.0.0.1")))
		d.set("dead.test", addresses("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.1"))
		for _, name := range []string{"four.test", "both.test", "slow6.test", "slow4.test", "dead.test"} {
			to := target(name, port)
			to.Resolver = d.resolver()
			got, err := dial(polltest.Patience, direct, to)
			require.NoError(t, err, name)
			assert.Equal(t, "127.0.0.1", got, name)
		}
	})
}

func TestDialNamesThatFail(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		port := freePort(t)
		d := newNameServer(t)
		d.set("none.test", addresses())
		d.set("servfail.test", code(2))
		d.set("refused.test", code(5))
		d.set("silent.test", silent)
		d.set("wrong.test", wrong)
		d.set("slow.test", slow(typeA, 10*polltest.Moment, addresses("127.0.0.1")))
		d.set("dead.test", addresses("127.0.0.1", "127.0.0.2"))
		d.set("six.test", addresses("::1"))
		cases := []struct {
			name    string
			family  Family
			timeout time.Duration
			code    fault.Code
			phase   fault.Phase
		}{
			{"unknown.test", AnyFamily, polltest.Patience, fault.HostUnknown, fault.PhaseResolve},
			{"none.test", AnyFamily, polltest.Patience, fault.HostUnknown, fault.PhaseResolve},
			{"six.test", IPv4, polltest.Patience, fault.HostUnknown, fault.PhaseResolve},
			{"servfail.test", AnyFamily, polltest.Patience, fault.Resolver, fault.PhaseResolve},
			{"refused.test", AnyFamily, polltest.Patience, fault.Resolver, fault.PhaseResolve},
			{"silent.test", AnyFamily, polltest.Moment, fault.Resolver, fault.PhaseResolve},
			{"wrong.test", AnyFamily, polltest.Moment, fault.Resolver, fault.PhaseResolve},
			{"slow.test", IPv4, polltest.Moment, fault.Resolver, fault.PhaseResolve},
			{"dead.test", AnyFamily, polltest.Patience, fault.Refused, fault.PhaseConnect},
			{"silent.test", AnyFamily, 0, fault.Resolver, fault.PhaseResolve},
			{"bad..name", AnyFamily, polltest.Patience, fault.HostUnknown, fault.PhaseResolve},
		}
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				to := target(c.name, port)
				to.Family, to.Resolver = c.family, d.resolver()
				began := time.Now()
				_, err := dial(c.timeout, direct, to)
				requireFault(t, err, c.code, c.phase)
				require.ErrorContains(t, err, c.name)
				require.Less(t, time.Since(began), polltest.Patience/2)
			})
		}
	})
}

func TestCancelAndCloseInEachPhaseOfDialing(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		d := newNameServer(t)
		d.set("silent.test", silent)
		hole := blackHole(t, "127.0.0.7", 0)
		for _, c := range []struct {
			host  string
			phase fault.Phase
		}{{"silent.test", fault.PhaseResolve}, {"127.0.0.7", fault.PhaseConnect}} {
			for _, wake := range []fault.Code{fault.Cancelled, fault.Closed} {
				var g poll.Gate
				w := g.Enter(poll.Forever, direct)
				to := target(c.host, hole)
				to.Resolver = d.resolver()
				done := polltest.Start(func() error {
					defer w.Leave()
					_, err := Dial(w, to)
					return err
				})
				time.Sleep(polltest.Moment)
				began := time.Now()
				if wake == fault.Closed {
					g.Close(func() {}, polltest.Patience)
				} else {
					g.Cancel()
				}
				requireFault(t, polltest.Await(t, done), wake, c.phase)
				assert.Less(t, time.Since(began), polltest.Patience/4, "promptly")
			}
		}
	})
}

func TestDialIntoABlackHoleKeepsItsTime(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		port := blackHole(t, "127.0.0.7", 0)
		began := time.Now()
		_, err := dial(100*time.Millisecond, direct, target("127.0.0.7", port))
		requireFault(t, err, fault.Timeout, fault.PhaseConnect)
		assert.GreaterOrEqual(t, time.Since(began), 100*time.Millisecond)
	})
}

// Nothing is looked up for an address, however early the time is over.
func TestAnAddressIsNotLookedUp(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		port := blackHole(t, "127.0.0.7", 0)
		for range 50 {
			_, err := dial(time.Nanosecond, direct, target("127.0.0.7", port))
			requireFault(t, err, fault.Timeout, fault.PhaseConnect)
		}
	})
}

func TestThreeBlackHolesThenALiveOne(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		port := blackHole(t, "127.0.0.2", 0)
		blackHole(t, "127.0.0.3", port)
		blackHole(t, "127.0.0.4", port)
		listener(t, "127.0.0.5", port)
		d := newNameServer(t)
		d.set("holes.test", addresses("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"))
		to := target("holes.test", port)
		to.Resolver = d.resolver()
		began := time.Now()
		got, err := dial(polltest.Patience, direct, to)
		require.NoError(t, err)
		require.Equal(t, "127.0.0.5", got)
		assert.Less(t, time.Since(began), polltest.Patience/2, "a quarter of a second each")
	})
}

func TestLookup(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		d := newNameServer(t)
		d.set("both.test", addresses("::1", "127.0.0.1", "127.0.0.2"))
		d.set("half.test", slow(typeAAAA, polltest.Moment, func(q []byte, kind byte) []byte {
			if kind == typeAAAA {
				return code(2)(q, kind)
			}
			return addresses("127.0.0.1")(q, kind)
		}))
		d.set("silent.test", silent)
		d.set("servfail.test", code(2))
		lookup := func(name string, family Family, timeout time.Duration) (int, error) {
			var g poll.Gate
			w := g.Enter(timeout, direct)
			defer w.Leave()
			addrs, err := d.resolver().Lookup(w, name, family)
			return len(addrs), err
		}
		for _, c := range []struct {
			name   string
			family Family
			want   int
		}{{"both.test", AnyFamily, 3}, {"both.test", IPv4, 2}, {"both.test", IPv6, 1},
			{"half.test", AnyFamily, 1}, {"10.0.0.1", IPv6, 1}, {"::1", AnyFamily, 1}} {
			n, err := lookup(c.name, c.family, polltest.Patience)
			require.NoError(t, err)
			assert.Equal(t, c.want, n, c.name)
		}
		_, err := lookup("unknown.test", AnyFamily, polltest.Patience)
		requireFault(t, err, fault.HostUnknown, fault.PhaseResolve)
		_, err = lookup("servfail.test", AnyFamily, polltest.Patience)
		requireFault(t, err, fault.Resolver, fault.PhaseResolve)
		_, err = lookup("silent.test", AnyFamily, polltest.Moment)
		requireFault(t, err, fault.Resolver, fault.PhaseResolve)
	})
}

// It runs in a goroutine of package net, which would end the process.
func TestADialOfANameServerThatPanicsFails(t *testing.T) {
	polltest.LeavesNothing(t)
	var none context.Context
	var servers nameServers
	_, err := Resolver{}.resolver(&servers).Dial(none, "udp", "127.0.0.1:53")
	servers.end()
	requireFault(t, err, fault.Internal, fault.PhaseCall)
}

func TestTheSystemsResolver(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		_, port := listener(t, "127.0.0.1", 0)
		to := target("localhost", port)
		to.Resolver = Resolver{System: true}
		_, err := dial(polltest.Patience, direct, to)
		require.NoError(t, err)
	})
}

func TestWrap(t *testing.T) {
	known := fault.New(fault.Check, fault.PhaseFrame, "x")
	cases := []struct {
		err   error
		phase fault.Phase
		want  fault.Code
	}{
		{known, fault.PhaseRead, fault.Check},
		{fault.Cancelled, fault.PhaseRead, fault.Cancelled},
		{context.DeadlineExceeded, fault.PhaseConnect, fault.Timeout},
		{os.ErrDeadlineExceeded, fault.PhaseConnect, fault.Timeout},
		{net.ErrClosed, fault.PhaseConnect, fault.Closed},
		{errors.New("anything"), fault.PhaseConnect, fault.System},
		{&net.DNSError{IsNotFound: true}, fault.PhaseResolve, fault.HostUnknown},
		{&net.DNSError{IsTimeout: true}, fault.PhaseResolve, fault.Resolver},
		{&net.OpError{Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, fault.PhaseConnect, fault.Refused},
		{syscall.ECONNREFUSED, fault.PhaseRead, fault.PortUnreachable},
		{syscall.EHOSTUNREACH, fault.PhaseConnect, fault.Unreachable},
		{syscall.EHOSTUNREACH, fault.PhaseRead, fault.Reset},
		{syscall.ETIMEDOUT, fault.PhaseConnect, fault.Timeout},
		{syscall.ETIMEDOUT, fault.PhaseRead, fault.Reset},
		{syscall.ECONNRESET, fault.PhaseWrite, fault.Reset},
		{syscall.EPIPE, fault.PhaseWrite, fault.Reset},
		{syscall.EADDRINUSE, fault.PhaseListen, fault.PortTaken},
		{syscall.EADDRNOTAVAIL, fault.PhaseListen, fault.LocalAddress},
		{syscall.EACCES, fault.PhaseListen, fault.Access},
		{syscall.EMFILE, fault.PhaseAccept, fault.Descriptors},
		{syscall.EMSGSIZE, fault.PhaseWrite, fault.DatagramSize},
		{syscall.EIO, fault.PhaseWrite, fault.System},
	}
	for _, c := range cases {
		got := syserr.Wrap(c.err, c.phase, "somebody")
		assert.Equal(t, c.want.Name(), got.Code.Name(), "%v", c.err)
		var errno syscall.Errno
		if errors.As(c.err, &errno) {
			assert.EqualValues(t, errno, got.Sys)
		}
		if got != known {
			assert.Equal(t, c.phase, got.Phase)
			assert.Equal(t, "somebody", got.Who)
		}
	}
}
