package poll_test

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
	"wdsocket/core/transport"
)

// dialed makes a connection whose other end is a plain one.
func dialed(t *testing.T, direct bool) (transport.Conn, net.Conn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	var g poll.Gate
	w := g.Enter(polltest.Patience, direct)
	defer w.Leave()
	options := &transport.Options{NoDelay: true, Linger: -1}
	c, err := transport.Dial(w, &transport.Target{Location: endpoint.At("127.0.0.1", ln.Addr().(*net.TCPAddr).Port), Options: options})
	require.NoError(t, err)
	peer, err := ln.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { peer.Close() })
	return c, peer
}
