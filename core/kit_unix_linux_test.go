package core

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"wdsocket/core/endpoint"
	"wdsocket/core/layer/proxyheader"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
)

// localTransports are those between programs of one machine.
var localTransports = []setup{
	{name: "Unix socket direct", unix: true, direct: true, exact: true, pair: plainPair, raw: plainRaw},
	{name: "Unix socket parked", unix: true, alike: true, exact: true, pair: plainPair, raw: plainRaw},
	{name: "TLS 1.3 direct, over a Unix socket", unix: true, tls: tlslayer.TLS13, direct: true, pair: plainPair, raw: plainRaw},
	{name: "WebSocket direct, over a Unix socket", unix: true, websocket: true, alike: true, direct: true, pair: plainPair, raw: plainRaw},
}

// localFiles tells that local addresses are files.
const localFiles = true

// file is the path of a Unix socket.
func (k *kit) file(port int) string { return filepath.Join(k.folder, strconv.Itoa(port)) }

func (k *kit) localAddress(port int) string { return "unix:" + k.file(port) }

func (k *kit) dialLocal(port int) (net.Conn, error) { return net.Dial("unix", k.file(port)) }

// localPeer is this process as the other end of a Unix socket.
func localPeer() endpoint.Addr {
	return endpoint.FromProcess(uint32(os.Getpid()), uint32(os.Geteuid()))
}

// leaveUnread makes sure that the peer of a Unix socket has something unread: when it
// closes then it resets.
func leaveUnread(t testing.TB, s *Socket) {
	t.Helper()
	err := unix.Sendto(s.stream.Load().conn.Source().FD(), []byte{0}, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, nil)
	if err != nil && err != unix.EAGAIN { // which says that there is more than enough
		t.Log(err)
	}
}

// A proxy that forwards to a Unix socket, as HAProxy does, is trusted by the word unix:.
func TestAProxyHeaderOverAUnixSocket(t *testing.T) {
	k := newKit(t, setup{name: "Unix", unix: true, exact: true, pair: plainPair, raw: plainRaw})
	server, port := k.listen(must(k, both(withInts(map[option.ID]int32{option.ProxyHeader: int32(proxyheader.Required)}), withText(option.TextProxyTrusted, "unix:"))))
	p := k.dial(port)
	p.send("PROXY TCP4 203.0.113.5 192.0.2.1 1234 80\r\n5\r\nhello")
	channel, err := server.Accept(patienceOfTests, nil)
	require.NoError(k, err)
	who, err := channel.Peer()
	require.NoError(k, err)
	require.Equal(k, "203.0.113.5:1234", who.String())
	k.expect(channel, "hello")
	pid, err := channel.LayerInfo(InfoPeerPID, 0)
	require.NoError(k, err)
	require.Equal(k, decimal(os.Getpid()), pid, "the proxy")

	client := k.connect(port, must(k, withInts(map[option.ID]int32{option.ProxyHeaderSend: 2})))
	channel, err = server.Accept(patienceOfTests, nil)
	require.NoError(k, err)
	who, err = channel.Peer()
	require.NoError(k, err)
	require.Equal(k, p.name(), who.String(), "the protocol leaves it to the receiver")
	k.write(client, "hello")
	k.expect(channel, "hello")
}
