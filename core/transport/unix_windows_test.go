package transport

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
)

// unixLocal is a path in a folder of the test, to listen at.
func unixLocal(t *testing.T) *Local {
	t.Helper()
	folder, err := os.MkdirTemp("", "unix") // what TempDir does at its end Wine cannot do
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, os.Remove(folder)) })
	at, err := endpoint.ParseLocation("unix:"+filepath.Join(folder, "a"), 0)
	require.NoError(t, err)
	return &Local{Location: at, Options: options()}
}

// Where the system has Unix sockets they work; where it has none the error says since
// when there are, and what to use instead.
func TestUnixSocketsOfWindows(t *testing.T) {
	polltest.LeavesNothing(t)
	local := unixLocal(t)
	var g poll.Gate
	w := g.Enter(polltest.Patience, true)
	defer w.Leave()
	ln, err := Listen(local)
	if fault.CodeOf(err) == fault.Unsupported {
		assert.ErrorContains(t, err, "Windows 10 version 1803")
		assert.ErrorContains(t, err, "local:name or pipe:name")
		_, err = Dial(w, &Target{Location: local.Location, Options: options()})
		assert.Equal(t, fault.Unsupported, fault.CodeOf(err))
		return
	}
	require.NoError(t, err)
	client, err := Dial(w, &Target{Location: local.Location, Options: options()})
	require.NoError(t, err)
	defer client.Close()
	channel, from, err := ln.Accept(w)
	require.NoError(t, err)
	assert.Equal(t, ownProcess(endpoint.Unix), from)
	defer channel.Close()
	_, err = client.Send(w, []byte("hello"), nil, nil)
	require.NoError(t, err)
	got := make([]byte, 10)
	channel.UseReader(w)
	n, err := channel.Read(got)
	require.NoError(t, err)
	assert.Equal(t, "hello", string(got[:n]))
	_, err = Listen(local)
	assert.Equal(t, fault.PortTaken, fault.CodeOf(err))
	ln.Close()
	_, err = os.Lstat(local.Path)
	assert.True(t, isMissing(err), "%v", err)
}

// One program at a time opens a server at a path, and its lock file goes.
func TestLockFileOfAUnixSocket(t *testing.T) {
	local := unixLocal(t)
	lock := local.Path + ".lock"
	require.NoError(t, withLockFile(local, func() error {
		_, err := os.Lstat(lock)
		assert.NoError(t, err)
		err = withLockFile(local, func() error {
			t.Error("two have the lock")
			return nil
		})
		assert.Equal(t, fault.PortTaken, fault.CodeOf(err))
		assert.ErrorContains(t, err, lock)
		return nil
	}))
	_, err := os.Lstat(lock)
	assert.True(t, isMissing(err), "%v", err)
	local.Path = filepath.Join(local.Path, "none")
	err = withLockFile(local, func() error { return nil })
	assert.Equal(t, fault.LocalAddress, fault.CodeOf(err))
	assert.ErrorContains(t, err, "does not exist")
}

// A server that is busy refuses clients as one that has gone: its file is not taken for one
// that was left behind.
func TestTheFileOfABusyServerIsNotStale(t *testing.T) {
	file := &socketFile{id: fileID{0xfeed, 1, uint32(os.Getpid())}}
	asked := 0
	acceptsAt := func(accepts int) func() error {
		asked = 0
		return func() error {
			if asked++; asked == accepts {
				return nil
			}
			return &os.SyscallError{Syscall: "connect", Err: windows.WSAECONNREFUSED}
		}
	}
	assert.True(t, file.isStale(acceptsAt(probes+1)))
	assert.Equal(t, probes, asked)
	assert.False(t, file.isStale(acceptsAt(1)))
	assert.False(t, file.isStale(acceptsAt(probes)), "it has accepted meanwhile")
	assert.False(t, file.isStale(func() error { return windows.WSAEACCES }), "another user's")

	lock := file.id.lock()
	require.NotZero(t, lock)
	assert.False(t, file.isStale(acceptsAt(probes+1)))
	assert.Zero(t, asked)
	again := file.id.lock()
	lock.release()
	assert.True(t, file.id.isLocked(), "another handle of it is open")
	again.release()
	assert.False(t, file.id.isLocked())
	fileLock(0).release()
}

// Clients wait for room at a server whose backlog is full, and it keeps its file.
func TestFullBacklogOfAUnixSocketOnWindows(t *testing.T) {
	polltest.LeavesNothing(t)
	local := unixLocal(t)
	local.Options.Backlog = 1
	ln, err := Listen(local)
	if fault.CodeOf(err) == fault.Unsupported {
		return
	}
	require.NoError(t, err)
	var waiting []Conn
	for err == nil {
		var g poll.Gate
		w := g.Enter(100*time.Millisecond, true)
		var c Conn
		if c, err = Dial(w, &Target{Location: local.Location, Options: options()}); err == nil {
			waiting = append(waiting, c)
		}
		w.Leave()
	}
	assert.ErrorIs(t, err, fault.Timeout)
	assert.ErrorContains(t, err, "WDS_OPT_BACKLOG")
	_, err = Listen(local)
	assert.ErrorIs(t, err, fault.PortTaken)
	_, err = os.Lstat(local.Path)
	assert.NoError(t, err)
	for _, c := range waiting {
		c.Close()
	}
	ln.Close()
}

// A file that is none of a socket is left alone.
func TestAnOrdinaryFileIsNotTakenAway(t *testing.T) {
	local := unixLocal(t)
	require.NoError(t, removeStale(local), "there is none")
	require.NoError(t, os.WriteFile(local.Path, []byte("text"), 0o600))
	err := removeStale(local)
	assert.Equal(t, fault.PortTaken, fault.CodeOf(err))
	assert.ErrorContains(t, err, "is no socket")
	defer func() { assert.NoError(t, os.Remove(local.Path)) }()
	_, err = socketFileAt(local.Path, windows.FILE_READ_ATTRIBUTES)
	assert.ErrorIs(t, err, errNoSocket)
}

// The clients of one user count as one, whatever process they are in.
func TestTheUserAtAPipe(t *testing.T) {
	polltest.LeavesNothing(t)
	at, err := endpoint.ParseLocation("pipe:user of "+strconv.Itoa(os.Getpid()), 0)
	require.NoError(t, err)
	ln, err := Listen(&Local{Location: at, Options: options()})
	require.NoError(t, err)
	defer ln.Close()
	var g poll.Gate
	w := g.Enter(polltest.Patience, true)
	defer w.Leave()
	client, err := Dial(w, &Target{Location: at, Options: options()})
	require.NoError(t, err)
	defer client.Close()
	channel, from, err := ln.Accept(w)
	require.NoError(t, err)
	defer channel.Close()
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	require.NoError(t, err)
	assert.Equal(t, "pipe:sid="+user.User.Sid.String(), from.WithoutPort().String())
	assert.Equal(t, "pipe:pid="+strconv.Itoa(os.Getpid()), from.String())
	assert.Equal(t, "pipe:", processOf(endpoint.Pipe, 0).WithoutPort().String(), "no such process")
}
