package core

import (
	"net"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"wdsocket/core/option"
)

// descriptorOf finds the system's socket with a local port among those of the
// process; remote 0 is one without a peer.
func descriptorOf(k *kit, local, remote int) int {
	k.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(k, err)
	for _, e := range entries {
		fd, err := strconv.Atoi(e.Name())
		require.NoError(k, err)
		own, err := unix.Getsockname(fd)
		if err != nil || portIn(own) != local {
			continue
		}
		peer, err := unix.Getpeername(fd)
		if err != nil && remote == 0 || err == nil && portIn(peer) == remote {
			return fd
		}
	}
	require.FailNow(k, "no such socket")
	return -1
}

func portIn(sa unix.Sockaddr) int {
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		return a.Port
	case *unix.SockaddrInet6:
		return a.Port
	}
	return -1
}

func TestOptionsReachTheSystem(t *testing.T) {
	type effect struct {
		id           option.ID
		value        int32
		level, which int
		want         int
		name         string
	}
	streams := []effect{
		{option.NoDelay, 1, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1, "nodelay"},
		{option.NoDelay, 0, unix.IPPROTO_TCP, unix.TCP_NODELAY, 0, "nodelay off"},
		{option.KeepAlive, 1, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1, "keepalive"},
		{option.KeepAlive, 0, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 0, "keepalive off"},
		{option.KeepAliveIdle, 7000, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 7, "idle"},
		{option.KeepAliveInterval, 2001, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 3, "interval"},
		{option.KeepAliveCount, 9, unix.IPPROTO_TCP, unix.TCP_KEEPCNT, 9, "count"},
		{option.SendBuffer, 10000, unix.SOL_SOCKET, unix.SO_SNDBUF, 20000, "send buffer"},
		{option.ReceiveBuffer, 11000, unix.SOL_SOCKET, unix.SO_RCVBUF, 22000, "receive buffer"},
	}
	datagrams := []effect{
		{option.Broadcast, 0, unix.SOL_SOCKET, unix.SO_BROADCAST, 0, "broadcast off"},
		{option.Broadcast, 1, unix.SOL_SOCKET, unix.SO_BROADCAST, 1, "broadcast"},
		{option.UDPErrors, 1, unix.SOL_IP, unix.IP_RECVERR, 1, "errors"},
		{option.MulticastTTL, 33, unix.SOL_IP, unix.IP_MULTICAST_TTL, 33, "ttl"},
		{option.MulticastLoop, 0, unix.SOL_IP, unix.IP_MULTICAST_LOOP, 0, "loop off"},
		{option.SendBuffer, 12000, unix.SOL_SOCKET, unix.SO_SNDBUF, 24000, "send buffer"},
		{option.ReceiveBuffer, 13000, unix.SOL_SOCKET, unix.SO_RCVBUF, 26000, "receive buffer"},
	}
	check := func(k *kit, set *Socket, effects []effect, fds ...int) {
		k.Helper()
		for _, e := range effects {
			require.NoError(k, set.SetOption(e.id, e.value))
			for _, fd := range fds {
				got, err := unix.GetsockoptInt(fd, e.level, e.which)
				require.NoError(k, err)
				assert.Equal(k, e.want, got, e.name)
			}
		}
	}
	bothWaits(t, func(k *kit) {
		s, p := k.raw(k, nil)
		own, err := s.Option(option.LocalPort)
		require.NoError(k, err)
		peer, err := s.Option(option.PeerPort)
		require.NoError(k, err)
		require.Equal(k, p.LocalAddr().(*net.TCPAddr).Port, int(peer))
		fd := descriptorOf(k, int(own), int(peer))
		for _, e := range []effect{streams[0], {option.KeepAlive, 1, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1, ""},
			{0, 0, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 30, "default idle"}, {0, 0, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 10, "default interval"},
			{0, 0, unix.IPPROTO_TCP, unix.TCP_KEEPCNT, 3, "default count"}} {
			got, err := unix.GetsockoptInt(fd, e.level, e.which)
			require.NoError(k, err)
			assert.Equal(k, e.want, got, e.name)
		}
		check(k, s, streams, fd)
		require.NoError(k, s.SetOption(option.Linger, 2500))
		linger, err := unix.GetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER)
		require.NoError(k, err)
		assert.Equal(k, unix.Linger{Onoff: 1, Linger: 3}, *linger)
		require.NoError(k, s.SetOption(option.Linger, -1))
		linger, err = unix.GetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER)
		require.NoError(k, err)
		assert.Zero(k, linger.Onoff)
	})
	bothWaits(t, func(k *kit) { // a server's are those of the clients it has and gets
		server, port := k.listen(nil)
		p := k.dial(port)
		p.send("2\r\nhi")
		k.expect(server, "hi")
		check(k, server, streams[:7], descriptorOf(k, port, p.LocalAddr().(*net.TCPAddr).Port))
		require.NoError(k, server.Deny())
		p = k.dial(port)
		require.NoError(k, server.WaitForConnection(patienceOfTests))
		check(k, server, streams[:7], descriptorOf(k, port, p.LocalAddr().(*net.TCPAddr).Port))
	})
	bothWaits(t, func(k *kit) {
		s, port := k.udp(nil)
		check(k, s, datagrams, descriptorOf(k, port, 0))
		both := k.lib.NewSocket("")
		require.NoError(k, both.Open(KindUDP, 0, 0, "", 0))
		fd := descriptorOf(k, portOf(k, both), 0)
		check(k, both, datagrams, fd)
		hops, err := unix.GetsockoptInt(fd, unix.SOL_IPV6, unix.IPV6_MULTICAST_HOPS)
		require.NoError(k, err)
		assert.Equal(k, 33, hops)
	})
}

func TestTheBacklogReachesTheSystem(t *testing.T) {
	bothWaits(t, func(k *kit) {
		_, port := k.listen(must(k, withInts(map[option.ID]int32{option.Backlog: 17})))
		table, err := os.ReadFile("/proc/net/tcp")
		require.NoError(k, err)
		require.Contains(k, string(table), strings.ToUpper(strconv.FormatInt(0x10000+int64(port), 16)[1:]))
		info, err := unix.GetsockoptTCPInfo(descriptorOf(k, port, 0), unix.SOL_TCP, unix.TCP_INFO)
		require.NoError(k, err)
		assert.EqualValues(k, 17, info.Sacked, "a listener's queue")
	})
}
