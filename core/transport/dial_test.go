package transport

import (
	"net"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
)

func TestThePauseForIPv6EndsWithItsAnswer(t *testing.T) {
	four := lookup{addrs: []netip.Addr{netip.MustParseAddr("127.0.0.1")}}
	six := lookup{addrs: []netip.Addr{netip.IPv6Loopback()}}
	failed := lookup{err: &net.DNSError{IsNotFound: true}}
	for _, c := range []struct {
		name          string
		first, second lookup
		pauses        bool
	}{
		{"IPv4 first", four, six, true},
		{"IPv4 first, IPv6 fails", four, failed, true},
		{"IPv4 first, no address of IPv6", four, lookup{}, true},
		{"IPv6 first", six, four, false},
		{"IPv6 fails first", failed, four, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &happyEyeballs{target: target("both.test", 1), lookups: 2}
			r.lookups--
			r.lookupDone(c.first)
			if c.pauses {
				require.True(t, r.notBefore.After(time.Now()), "IPv6 gets its chance")
			}
			r.lookups--
			r.lookupDone(c.second)
			require.True(t, r.candidates())
			assert.True(t, r.notBefore.IsZero(), "there is nothing to wait for any more")
		})
	}
}

func TestAnAnswerDoesNotShortenTheDelayBetweenAttempts(t *testing.T) {
	r := &happyEyeballs{target: target("both.test", 1), attempted: 1, notBefore: time.Now().Add(time.Hour)}
	r.lookupDone(lookup{addrs: []netip.Addr{netip.IPv6Loopback()}})
	assert.False(t, r.notBefore.IsZero())
}

// A socket whose own port is the peer's port meets itself where nothing listens.
func TestAConnectionWithItselfIsRefused(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		port := ln.Addr().(*net.TCPAddr).Port
		require.NoError(t, ln.Close())
		for range 3 { // the port is free again at once
			var g poll.Gate
			w := g.Enter(polltest.Patience, direct)
			to := target("127.0.0.1", port)
			to.LocalAddr, to.LocalPort = "127.0.0.1", port
			c, err := Dial(w, to)
			w.Leave()
			if c != nil {
				c.Close()
			}
			require.Error(t, err, "connected to itself")
			require.Equal(t, fault.Refused.Name(), fault.CodeOf(err).Name(), "%v", err)
			require.ErrorContains(t, err, "127.0.0.1:"+strconv.Itoa(port))
		}
	})
}

func TestAKindOfAddressThatThereIsNot(t *testing.T) {
	to := target("127.0.0.1", 1)
	to.Kind = endpoint.Name
	_, err := Dial(nil, to)
	require.ErrorIs(t, err, fault.Unsupported)
	_, err = Listen(&Local{Location: to.Location, Options: options()})
	require.ErrorIs(t, err, fault.Unsupported)
}

func TestATimeoutOfConnectingSaysWhetherAClosedPortIsRuledOut(t *testing.T) {
	text := func(waited time.Duration, local bool) string {
		return noAnswer(fault.New(fault.Timeout, fault.PhaseConnect, "10.0.0.5:5000"), waited, local).Error()
	}
	short := text(300*time.Millisecond, false)
	assert.Contains(t, short, "within 300 ms: try again with a longer time-out")
	assert.Contains(t, short, "the machine is on")
	assert.NotContains(t, short, "closed port")
	assert.Contains(t, text(5*time.Second, false), "where a closed port would have refused: check the address")
	assert.NotContains(t, text(5*time.Second, true), "the machine is on", "this one is")
}
