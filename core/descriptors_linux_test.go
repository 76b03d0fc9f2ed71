package core

import (
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
	"wdsocket/core/option"
	"wdsocket/core/poll"
)

// fewDescriptors lowers the limit of the process and gives what restores it.
func fewDescriptors(k *kit) (restore func()) {
	var before unix.Rlimit
	require.NoError(k, unix.Getrlimit(unix.RLIMIT_NOFILE, &before))
	few := before
	few.Cur = 200
	require.NoError(k, unix.Setrlimit(unix.RLIMIT_NOFILE, &few))
	return func() { require.NoError(k, unix.Setrlimit(unix.RLIMIT_NOFILE, &before)) }
}

// shortOfDescriptors says that this process is to run a test with few
// descriptors.
const shortOfDescriptors = "WDSOCKET_TEST_FEW_DESCRIPTORS"

// TestLackOfDescriptors runs in a process of its own, whose limit is low.
func TestLackOfDescriptors(t *testing.T) {
	if os.Getenv(shortOfDescriptors) != "" {
		bothWaits(t, lackOfDescriptors)
		bothWaits(t, lackWhileOpen)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestLackOfDescriptors$", "-test.v")
	cmd.Env = append(os.Environ(), shortOfDescriptors+"=1")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "--- PASS: TestLackOfDescriptors")
}

// fill opens files until no descriptor is left.
func fill() (files []*os.File) {
	for {
		f, err := os.Open(os.DevNull)
		if err != nil {
			return files
		}
		files = append(files, f)
	}
}

func lackOfDescriptors(k *kit) {
	server, port := k.listen(nil)
	k.fails(server.WaitForConnection(moment), fault.Timeout) // what it needs to wait is there
	waiting := make([]net.Conn, 0, 2)
	for range cap(waiting) {
		waiting = append(waiting, k.dial(port))
	}
	restore := fewDescriptors(k)
	files := fill()
	began := time.Now()
	k.fails(server.WaitForConnection(forever), fault.Descriptors)
	assert.GreaterOrEqual(k, time.Since(began), time.Second/2, "it is borne for a while, without spinning")
	k.fails(server.WaitForConnection(0), fault.Descriptors)
	k.fails(k.lib.NewSocket("").Open(KindUDP, 0, 0, "127.0.0.1", 0), fault.Descriptors)
	k.fails(k.lib.NewSocket("").Open(KindClient, 0, port, "127.0.0.1", patienceOfTests), fault.Descriptors)

	done := k.start(func() error { return server.WaitForConnection(patienceOfTests) })
	time.Sleep(moment)
	for _, f := range files {
		require.NoError(k, f.Close())
	}
	require.NoError(k, k.await(done), "it goes on by itself")
	restore()
	for range waiting { // the clients stayed in the queue
		_, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
	}
}

// lackWhileOpen: what a connection needs to wait may be missing, which is no
// reason to end it.
func lackWhileOpen(k *kit) {
	s, p := plainRaw(k, nil)
	poll.ReleaseIdle()
	restore := fewDescriptors(k)
	files := fill()
	_, err := s.Read(make([]byte, 10), moment)
	k.fails(err, fault.Timeout)
	done := k.start(func() error { _, err := s.Read(make([]byte, 10), forever); return err })
	require.Eventually(k, s.readLock.Load, patienceOfTests, time.Millisecond)
	s.Cancel()
	k.fails(k.await(done), fault.Cancelled)
	p.send("5\r\nhello")
	got := make([]byte, 10)
	n, err := s.Read(got, patienceOfTests)
	require.NoError(k, err)
	assert.Equal(k, "hello", string(got[:n]))

	// A message that stops half-way: the time is over, not the descriptors.
	require.NoError(k, s.SetOption(option.WriteTimeout, 100))
	_, err = s.Write(make([]byte, 16<<20))
	k.fails(err, fault.Timeout)
	_, err = s.Write([]byte("x"))
	k.fails(err, fault.Broken)
	for _, f := range files {
		require.NoError(k, f.Close())
	}
	restore()
}

// TestQueueWithoutDescriptors runs in a process of its own, whose limit is low.
func TestQueueWithoutDescriptors(t *testing.T) {
	if os.Getenv(shortOfDescriptors) != "" {
		bothWaits(t, queueWithoutDescriptors)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestQueueWithoutDescriptors$", "-test.v")
	cmd.Env = append(os.Environ(), shortOfDescriptors+"=1")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "--- PASS: TestQueueWithoutDescriptors")
}

// queueWithoutDescriptors checks that a managed server tells of the lack, does
// not spin, and goes on when it has passed.
func queueWithoutDescriptors(k *kit) {
	r := newRig(k)
	server, port := k.listen(nil)
	r.attach(server, true)
	r.silent() // what waiting needs is there
	restore := fewDescriptors(k)
	first := k.dial(port)
	files := fill()
	accepted := 0
	if e := r.next(); e.Kind == EventAccepted {
		accepted++
	} else {
		require.Equal(k, int32(fault.Descriptors), e.Code)
	}
	begun, reported := time.Now(), 0
	for time.Since(begun) < 300*time.Millisecond {
		e, ok := r.within(moment)
		if ok {
			reported++
		}
		if e.Kind == EventAccepted {
			accepted++
		}
	}
	require.Less(k, reported, 20, "it does not spin")
	for _, f := range files {
		f.Close()
	}
	restore()
	second := k.dial(port)
	for accepted < 2 {
		if r.next().Kind == EventAccepted {
			accepted++
		}
	}
	second.send("1\r\nx")
	first.send("1\r\nx")
	for range 2 {
		e := r.next()
		for e.Kind == EventError {
			e = r.next()
		}
		r.take(r.socketOf(e), "x")
	}
}
