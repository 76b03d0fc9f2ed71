package transport

import (
	"math"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
)

// unixAt is where a Unix socket of a test is.
func unixAt(t testing.TB, text string) endpoint.Location {
	t.Helper()
	at, err := endpoint.ParseLocation(text, 0)
	require.NoError(t, err)
	return at
}

// unixPath is the path of a socket of a test.
func unixPath(t testing.TB) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "unix") // TempDir may be too long for it
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(folder) })
	return filepath.Join(folder, "s")
}

func listenUnix(t testing.TB, text string) (Listener, error) {
	t.Helper()
	return Listen(&Local{Location: unixAt(t, text), Options: options()})
}

func dialUnix(t testing.TB, text string, timeout time.Duration) (Conn, error) {
	t.Helper()
	var g poll.Gate
	w := g.Enter(timeout, true)
	defer w.Leave()
	return Dial(w, &Target{Location: unixAt(t, text), Options: options()})
}

func accepted(t testing.TB, l Listener) Conn {
	t.Helper()
	var g poll.Gate
	w := g.Enter(polltest.Patience, true)
	defer w.Leave()
	c, from, err := l.Accept(w)
	require.NoError(t, err)
	require.Equal(t, from, c.PeerAddr())
	return c
}

// unixPair is a client and what a server has accepted.
func unixPair(t testing.TB, direct bool) (client, channel Conn) {
	t.Helper()
	path := "unix:" + unixPath(t)
	l, err := listenUnix(t, path)
	require.NoError(t, err)
	defer l.Close()
	client, err = dialUnix(t, path, polltest.Patience)
	require.NoError(t, err)
	return client, accepted(t, l)
}

// reads is one read of a connection.
func reads(t testing.TB, c Conn, timeout time.Duration, direct bool) (string, error) {
	t.Helper()
	var g poll.Gate
	w := g.Enter(timeout, direct)
	defer w.Leave()
	c.UseReader(w)
	buf := make([]byte, 100)
	n, err := c.Read(buf)
	return string(buf[:n]), err
}

func TestUnixSocketsTalk(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		for _, text := range []string{"unix:" + unixPath(t), "unix:@wdsocket-test-" + filepath.Base(filepath.Dir(unixPath(t))), "local:test." + filepath.Base(filepath.Dir(unixPath(t)))} {
			l, err := listenUnix(t, text)
			require.NoError(t, err)
			assert.Equal(t, text, l.LocalAddr().String())
			client, err := dialUnix(t, text, polltest.Patience)
			require.NoError(t, err)
			channel := accepted(t, l)

			assert.Equal(t, text, client.Peer())
			assert.Equal(t, text, channel.LocalAddr().String())
			assert.Equal(t, client.LocalAddr(), channel.PeerAddr())
			pid, uid, is := channel.PeerAddr().Process()
			assert.Equal(t, []any{uint32(os.Getpid()), uint32(os.Geteuid()), true}, []any{pid, uid, is})

			for from, to := range map[Conn]Conn{client: channel, channel: client} {
				n, err := from.Write([]byte("hello"))
				require.NoError(t, err)
				assert.Equal(t, 5, n)
				assert.EqualValues(t, 5, Acknowledged(from), "it is with the peer at once")
				assert.Equal(t, 5, to.Buffered())
				assert.True(t, to.Unread())
				got, err := reads(t, to, polltest.Patience, direct)
				require.NoError(t, err)
				assert.Equal(t, "hello", got)
				assert.False(t, to.Unread())
				_, err = reads(t, to, time.Millisecond, direct)
				require.ErrorIs(t, err, fault.Timeout)
				assert.Equal(t, StateOpen, to.State())
			}
			require.NoError(t, client.Close())
			require.NoError(t, channel.Close())
			l.Close()
			if at := unixAt(t, text); at.Path[0] != '@' {
				assert.NoFileExists(t, at.Path)
				assert.NoFileExists(t, at.Path+".lock")
			}
		}
	})
}

func TestUnixEnds(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		t.Run("half closed", func(t *testing.T) {
			client, channel := unixPair(t, direct)
			defer client.Close()
			defer channel.Close()
			require.NoError(t, client.CloseWrite())
			_, err := reads(t, channel, polltest.Patience, direct)
			require.ErrorIs(t, err, fault.PeerClosed)
			assert.Equal(t, StatePeerClosed, channel.State())
			assert.False(t, channel.WasReset())
			_, err = channel.Write([]byte("still"))
			require.NoError(t, err)
			got, err := reads(t, client, polltest.Patience, direct)
			require.NoError(t, err)
			assert.Equal(t, "still", got)
		})
		t.Run("closed with all read", func(t *testing.T) {
			client, channel := unixPair(t, direct)
			defer channel.Close()
			_, err := client.Write([]byte("last"))
			require.NoError(t, err)
			require.NoError(t, client.Close())
			_, err = channel.Write([]byte("too late"))
			require.ErrorIs(t, err, fault.Reset)
			got, err := reads(t, channel, polltest.Patience, direct)
			require.NoError(t, err, "what came before is there")
			assert.Equal(t, "last", got)
			_, err = reads(t, channel, polltest.Patience, direct)
			require.ErrorIs(t, err, fault.PeerClosed)
			assert.Equal(t, StatePeerClosed, channel.State())
		})
		t.Run("closed in order with something unread", func(t *testing.T) {
			client, channel := unixPair(t, direct)
			defer channel.Close()
			_, err := channel.Write([]byte("unread"))
			require.NoError(t, err)
			require.NoError(t, client.Close())
			_, err = reads(t, channel, polltest.Patience, direct)
			require.ErrorIs(t, err, fault.PeerClosed)
		})
		t.Run("reset with something unread", func(t *testing.T) {
			client, channel := unixPair(t, direct)
			defer channel.Close()
			_, err := channel.Write([]byte("unread"))
			require.NoError(t, err)
			client.Abort()
			assert.Equal(t, StateReset, channel.State())
			assert.True(t, channel.WasReset())
			for range 2 { // the system tells it once
				_, err = reads(t, channel, polltest.Patience, direct)
				require.ErrorIs(t, err, fault.Reset)
			}
			assert.Equal(t, StateReset, channel.State())
		})
		t.Run("reset here while a call reads", func(t *testing.T) {
			client, channel := unixPair(t, direct)
			defer client.Close()
			done := polltest.Start(func() error {
				_, err := reads(t, client, poll.Forever, direct)
				return err
			})
			client.Reset()
			require.ErrorIs(t, polltest.Await(t, done), fault.Reset)
			assert.Equal(t, StateReset, client.State())
			channel.Close()
		})
	})
}

// A writer that fills the system's buffers waits until the peer reads.
func TestUnixWriterWaitsForRoom(t *testing.T) {
	polltest.BothWaits(t, func(t *testing.T, direct bool) {
		client, channel := unixPair(t, direct)
		defer client.Close()
		defer channel.Close()
		const size = 4 << 20
		var g poll.Gate
		w := g.Enter(20*time.Millisecond, direct)
		n, err := client.Send(w, nil, make([]byte, size), nil)
		w.Leave()
		require.ErrorIs(t, err, fault.Timeout)
		require.Less(t, n, size)
		done := polltest.Start(func() error {
			var g poll.Gate
			w := g.Enter(polltest.Patience, direct)
			defer w.Leave()
			_, err := client.Send(w, nil, make([]byte, size-n), nil)
			return err
		})
		w = g.Enter(polltest.Patience, direct)
		defer w.Leave()
		channel.UseReader(w)
		buf := make([]byte, 64<<10)
		for channel.BytesIn() < size {
			_, err := channel.Read(buf)
			require.NoError(t, err)
		}
		require.NoError(t, polltest.Await(t, done))
	})
}

func TestUnixConnectIsRefused(t *testing.T) {
	path := unixPath(t)
	_, err := dialUnix(t, "unix:"+path, polltest.Patience)
	require.ErrorIs(t, err, fault.Refused)
	require.ErrorContains(t, err, "there is no file "+path)
	_, err = dialUnix(t, "unix:@"+path, polltest.Patience)
	require.ErrorIs(t, err, fault.Refused)
	require.ErrorContains(t, err, "same name")

	require.NoError(t, os.WriteFile(path, nil, 0o600))
	_, err = dialUnix(t, "unix:"+path, polltest.Patience)
	require.ErrorIs(t, err, fault.Refused)
	require.NoError(t, os.Remove(path))

	leaveBehind(t, path)
	_, err = dialUnix(t, "unix:"+path, polltest.Patience)
	require.ErrorIs(t, err, fault.Refused)
	require.ErrorContains(t, err, "left behind")
}

// leaveBehind makes the file of a socket at which nothing listens.
func leaveBehind(t testing.TB, path string) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	require.NoError(t, unix.Bind(fd, &unix.SockaddrUnix{Name: path}))
	require.NoError(t, unix.Close(fd))
	require.FileExists(t, path)
}

func TestFullBacklogOfAUnixSocket(t *testing.T) {
	path := "unix:" + unixPath(t)
	o := options()
	o.Backlog = 1
	l, err := Listen(&Local{Location: unixAt(t, path), Options: o})
	require.NoError(t, err)
	defer l.Close()
	var waiting []Conn
	for err == nil {
		var c Conn
		if c, err = dialUnix(t, path, 20*time.Millisecond); err == nil {
			waiting = append(waiting, c)
		}
	}
	require.ErrorIs(t, err, fault.Timeout)
	require.ErrorContains(t, err, "WDS_OPT_BACKLOG")
	done := polltest.Start(func() error {
		c, err := dialUnix(t, path, polltest.Patience)
		if err == nil {
			err = c.Close()
		}
		return err
	})
	for range len(waiting) + 1 {
		accepted(t, l).Close()
	}
	require.NoError(t, polltest.Await(t, done))
	for _, c := range waiting {
		c.Close()
	}
}

func TestTheFileOfAUnixSocket(t *testing.T) {
	path := unixPath(t)
	l, err := listenUnix(t, "unix:"+path)
	require.NoError(t, err)
	info, err := os.Lstat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "its user alone")

	_, err = listenUnix(t, "unix:"+path)
	require.ErrorIs(t, err, fault.PortTaken)
	require.ErrorContains(t, err, "another program or socket")
	var g poll.Gate
	w := g.Enter(0, true)
	_, _, err = l.Accept(w)
	require.ErrorIs(t, err, fault.Timeout, "the server has not noticed")
	w.Leave()
	l.Close()
	assert.NoFileExists(t, path)

	leaveBehind(t, path)
	require.NoError(t, os.WriteFile(path+".lock", []byte("1234"), 0o600))
	l, err = listenUnix(t, "unix:"+path)
	require.NoError(t, err, "a file that was left behind is taken away")
	assert.FileExists(t, path+".lock", "a lock file of another program stays")
	require.NoError(t, os.Remove(path+".lock"))
	require.NoError(t, os.Remove(path))
	other, err := net.Listen("unix", path)
	require.NoError(t, err)
	l.Close()
	assert.FileExists(t, path, "that of another server stays")
	require.NoError(t, other.Close())

	require.NoError(t, os.WriteFile(path, []byte("precious"), 0o600))
	_, err = listenUnix(t, "unix:"+path)
	require.ErrorIs(t, err, fault.PortTaken)
	require.ErrorContains(t, err, "no socket")
	assert.FileExists(t, path)
	_, err = listenUnix(t, "unix:"+path+"/below")
	require.ErrorIs(t, err, fault.LocalAddress)
	_, err = listenUnix(t, "unix:/nowhere/at/all")
	require.ErrorIs(t, err, fault.LocalAddress)
	require.ErrorContains(t, err, "/nowhere/at does not exist")
}

// Programs that start at the same time: one of them gets the socket that was left behind.
func TestOneOfManyTakesAStaleFile(t *testing.T) {
	path := unixPath(t)
	leaveBehind(t, path)
	const many = 8
	opened := make(chan Listener, many)
	var all []<-chan error
	for range many {
		all = append(all, polltest.Start(func() error {
			l, err := listenUnix(t, "unix:"+path)
			if err == nil {
				opened <- l
			}
			return err
		}))
	}
	got := 0
	for _, done := range all {
		if err := polltest.Await(t, done); err == nil {
			got++
		} else {
			assert.ErrorIs(t, err, fault.PortTaken)
		}
	}
	require.Equal(t, 1, got)
	c, err := dialUnix(t, "unix:"+path, polltest.Patience)
	require.NoError(t, err)
	c.Close()
	(<-opened).Close()
}

func TestPipesAreForWindows(t *testing.T) {
	_, err := dialUnix(t, "pipe:name", polltest.Patience)
	require.ErrorIs(t, err, fault.Unsupported)
	require.ErrorContains(t, err, "local:name")
	_, err = listenUnix(t, "pipe:name")
	require.ErrorIs(t, err, fault.Unsupported)
}

// asNobody runs f in a thread of another user, where the tests run as root.
func asNobody(t *testing.T, f func()) {
	const nobody = 65534
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // for good: the thread ends with it
		if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, ^uintptr(0), nobody, ^uintptr(0)); errno != 0 {
			t.Log("another user cannot be tried:", errno)
			return
		}
		f()
	}()
	<-done
}

func TestOtherUsersOfAUnixSocket(t *testing.T) {
	path := unixPath(t)
	require.NoError(t, os.Chmod(filepath.Dir(path), 0o755))
	l, err := listenUnix(t, "unix:"+path)
	require.NoError(t, err)
	asNobody(t, func() {
		_, err := dialUnix(t, "unix:"+path, polltest.Patience)
		assert.ErrorIs(t, err, fault.Access)
		assert.ErrorContains(t, err, "permissions 0600")
		_, err = listenUnix(t, "unix:"+path+"2")
		assert.ErrorIs(t, err, fault.Access)
		assert.ErrorContains(t, err, "may not create files in")
	})
	l.Close()
	o := options()
	o.UnixMode = UnixModeOf(0o666)
	l, err = Listen(&Local{Location: unixAt(t, "unix:"+path), Options: o})
	require.NoError(t, err)
	defer l.Close()
	asNobody(t, func() {
		c, err := dialUnix(t, "unix:"+path, polltest.Patience)
		if assert.NoError(t, err) {
			assert.Equal(t, uint32(os.Getuid()), second(PeerProcess(c).Process()))
			c.Close()
			channel := accepted(t, l)
			assert.EqualValues(t, 65534, second(channel.PeerAddr().Process()))
			channel.Close()
		}
	})
	require.NoError(t, os.Chmod(filepath.Dir(path), 0o700))
	asNobody(t, func() {
		_, err := dialUnix(t, "unix:"+path, polltest.Patience)
		assert.ErrorIs(t, err, fault.Access)
		assert.ErrorContains(t, err, "a folder on the way")
	})
}

func second(_, uid uint32, _ bool) uint32 { return uid }

func TestParseOwner(t *testing.T) {
	for _, text := range []string{"", "user", "user:group", ":group", "0:0"} {
		o, err := ParseOwner(text)
		require.NoError(t, err)
		assert.Equal(t, text, o.String())
		assert.Equal(t, text == "", o.none())
	}
	for _, text := range []string{":", "user:", "a b", "a:b:c", "a/b"} {
		_, err := ParseOwner(text)
		assert.ErrorIs(t, err, fault.Argument, text)
	}
	o, err := ParseOwner("root:0")
	require.NoError(t, err)
	uid, gid, err := o.ids()
	require.NoError(t, err)
	assert.Equal(t, [2]int{0, 0}, [2]int{uid, gid})
	const highest = math.MaxUint32 - 1
	o, err = ParseOwner("4294967294:2147483648")
	require.NoError(t, err)
	uid, gid, err = o.ids()
	require.NoError(t, err)
	assert.Equal(t, [2]uint32{highest, 1 << 31}, [2]uint32{uint32(uid), uint32(gid)})
	for _, text := range []string{"4294967295", "4294967296", "-1", "no-such-user-here"} {
		o, err := ParseOwner(text)
		require.NoError(t, err)
		_, _, err = o.ids()
		assert.ErrorIs(t, err, fault.Argument, text)
	}
}
