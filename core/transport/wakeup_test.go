package transport

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
)

// place is where a test listens.
type place struct {
	name string
	at   endpoint.Location
}

// places are one of each kind of address.
func places(t *testing.T) []place {
	t.Helper()
	name := "pipe:wakeup " + strconv.Itoa(os.Getpid())
	if runtime.GOOS != "windows" { // where Wine could not take the folder away
		name = "unix:" + filepath.Join(t.TempDir(), "socket")
	}
	local, err := endpoint.ParseLocation(name, 0)
	require.NoError(t, err)
	return []place{{"TCP", endpoint.At("127.0.0.1", 0)}, {"local", local}}
}

// interrupted is the error of a call that a wake-up is for as soon as it is inside.
func interrupted(g *poll.Gate, timeoutIsZero, direct bool, call func(w *poll.Call) error) error {
	timeout := poll.Forever
	if timeoutIsZero {
		timeout = 0
	}
	w := g.Enter(timeout, direct)
	defer w.Leave()
	g.Interrupt(poll.Wakeup().Clearings())
	return call(w)
}

// waitsInVain checks that a call finds nothing.
func waitsInVain(t *testing.T, direct bool, name string, call func(w *poll.Call) error) {
	t.Helper()
	var g poll.Gate
	assert.Equal(t, fault.Timeout, fault.CodeOf(interrupted(&g, true, direct, call)), "%s, which does not wait", name)
	assert.Equal(t, fault.Cancelled, fault.CodeOf(interrupted(&g, false, direct, call)), "%s, which waits", name)
}

// finds checks that a call has not to wait.
func finds(t *testing.T, timeoutIsZero, direct bool, name string, call func(w *poll.Call) error) {
	t.Helper()
	var g poll.Gate
	require.NoError(t, interrupted(&g, timeoutIsZero, direct, call), "%s, time-out 0: %t", name, timeoutIsZero)
}

// A wake-up ends waiting and nothing else, whatever is waited for: a call that does not wait
// gives what it gives without it, and one that waits takes what is there.
func TestAWakeupEndsWaitingOnly(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		for _, at := range places(t) {
			wakeConnections(t, direct, at)
		}
		wakeDatagrams(t, direct)
	})
}

func wakeConnections(t *testing.T, direct bool, at place) {
	server, err := Listen(&Local{Location: at.at, Options: options()})
	require.NoError(t, err)
	defer server.Close()
	to := at.at
	to.Port = server.LocalAddr().Port()

	var channel Conn
	accept := func(w *poll.Call) (err error) {
		channel, _, err = server.Accept(w)
		return err
	}
	waitsInVain(t, direct, at.name+": accepting", accept)
	for _, zero := range []bool{true, false} {
		var client Conn
		connect := func(w *poll.Call) (err error) {
			client, err = Dial(w, &Target{Location: to, Options: options()})
			return err
		}
		dialing := new(poll.Gate)
		w := dialing.Enter(polltest.Patience, direct)
		require.NoError(t, connect(w))
		w.Leave()
		polltest.Eventually(t, func() bool { return readableNow(server) }, "a client asks")
		finds(t, zero, direct, at.name+": accepting", accept)

		got := make([]byte, 4)
		read := func(w *poll.Call) error {
			channel.UseReader(w)
			n, err := channel.Read(got)
			if err == nil && string(got[:n]) != "new" {
				err = fmt.Errorf("%q", got[:n])
			}
			return err
		}
		waitsInVain(t, direct, at.name+": reading", read)
		for range 2 { // the second behind a read that took all there was
			_, err = client.TrySend([]byte("new"))
			require.NoError(t, err)
			polltest.Eventually(t, func() bool { return channel.Buffered() == 3 }, "it has come")
			finds(t, zero, direct, at.name+": reading", read)
		}
		waitsInVain(t, direct, at.name+": reading again", read)

		much := make([]byte, 64<<20)
		waitsInVain(t, direct, at.name+": writing", func(w *poll.Call) error {
			_, err := client.Send(w, much, nil, nil)
			return err
		})
		client.Abort()
		channel.Abort()
	}
}

func wakeDatagrams(t *testing.T, direct bool) {
	packets, err := ListenPacket(&Local{Location: endpoint.At("127.0.0.1", 0), Options: options()})
	require.NoError(t, err)
	defer packets.Close()
	got := make([]byte, 4)
	read := func(w *poll.Call) error {
		n, _, err := packets.ReadFrom(w, got)
		if err == nil && string(got[:n]) != "new" {
			err = fmt.Errorf("%q", got[:n])
		}
		return err
	}
	peer, err := net.Dial("udp", packets.LocalAddr().String())
	require.NoError(t, err)
	defer peer.Close()
	for _, zero := range []bool{true, false} {
		waitsInVain(t, direct, "reading datagrams", read)
		_, err = peer.Write([]byte("new"))
		require.NoError(t, err)
		polltest.Eventually(t, func() bool { return packets.Available() > 0 }, "it has come")
		finds(t, zero, direct, "reading datagrams", read)
	}
}

// readableNow tells whether a server has a client that asks.
func readableNow(server Listener) bool {
	watcher, err := poll.NewPoller()
	if err != nil {
		return false
	}
	defer watcher.Close()
	if watcher.Add(server, 1) != nil {
		return false
	}
	defer watcher.Remove(server)
	var shown [1]poll.Ready
	return watcher.PollNow(shown[:]) > 0
}
