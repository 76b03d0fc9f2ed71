package core

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
)

// crowdAddress is set in a process that only holds idle connections.
const (
	crowdAddress = "WDS_TEST_CROWD_ADDRESS"
	crowdSize    = "WDS_TEST_CROWD_SIZE"
	crowdTLS     = "WDS_TEST_CROWD_TLS"

	crowdWebSocket = "WDS_TEST_CROWD_WEBSOCKET"
)

func init() {
	if address := os.Getenv(crowdAddress); address != "" {
		holdCrowd(address)
	}
}

// holdCrowd opens connections, says so, and keeps them until its input ends.
func holdCrowd(address string) {
	n, _ := strconv.Atoi(os.Getenv(crowdSize))
	kept := make([]net.Conn, 0, n) // or the collector closes them
	for range n {
		c, err := net.Dial("tcp", address)
		if err == nil && os.Getenv(crowdTLS) != "" {
			err = tls.Client(c, &tls.Config{InsecureSkipVerify: true}).Handshake()
		}
		if err == nil && os.Getenv(crowdWebSocket) != "" {
			if _, err = io.WriteString(c, webSocketRequest); err == nil {
				_, err = http.ReadResponse(bufio.NewReader(c), nil)
			}
		}
		if err != nil {
			os.Stdout.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		kept = append(kept, c)
	}
	os.Stdout.WriteString("there\n")
	io.Copy(io.Discard, os.Stdin)
	runtime.KeepAlive(kept)
	os.Exit(0)
}

// startCrowd connects n clients of another process.
func startCrowd(t *testing.T, port, n int, secured, websocket bool) (there chan string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), crowdAddress+"=127.0.0.1:"+strconv.Itoa(port), crowdSize+"="+strconv.Itoa(n))
	if secured {
		cmd.Env = append(cmd.Env, crowdTLS+"=1")
	}
	if websocket {
		cmd.Env = append(cmd.Env, crowdWebSocket+"=1")
	}
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	there = make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(out).ReadString('\n')
		there <- line
	}()
	t.Cleanup(func() {
		in.Close()
		cmd.Process.Kill() // it may still be connecting
		cmd.Wait()
	})
	return there
}

// crowdLimit is how many clients there may be beside the descriptors of the
// test itself.
func crowdLimit(t *testing.T, n int) int {
	var limit unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	const own = 200
	if free := int(min(limit.Cur, 1<<20)) - own; free < n {
		t.Logf("%d clients instead of %d, because of the limit of descriptors", free, n)
		return free
	}
	return n
}

func liveHeap() int {
	runtime.GC()
	runtime.GC() // what pools keep goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc + m.StackInuse)
}

// An idle client of a managed server may take 2 KB of resident memory, with
// TLS 16 KB, and the collector lets the heap become twice what is in use. Runs with
// TLS differ by some 40 bytes: that much is allowed more.
func TestIdleMemory(t *testing.T) {
	for _, c := range []struct {
		name          string
		tls           int32
		websocket     bool
		clients, most int
	}{
		{"plain", 0, false, 10000, 1 << 10},
		{"WebSocket", 0, true, 10000, 4 << 10},
		{"TLS", tlslayer.TLS13, false, 2000, 8<<10 + 40},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newKit(t, setup{direct: true, tls: c.tls, websocket: c.websocket})
			server, port := k.listen(func(s *Socket) { require.NoError(t, s.SetOption(option.SSLWarnDays, 0)) })
			q, err := k.lib.NewQueue(func(ch *Socket) error { ch.SetID(1); return nil })
			require.NoError(t, err)
			require.NoError(t, q.Attach(server, true))
			before, n := liveHeap(), crowdLimit(t, c.clients)
			there := startCrowd(t, port, n, c.tls != 0, c.websocket)
			events := make([]Event, 128)
			for got := 0; got < n; {
				m, err := q.Next(events, patienceOfTests)
				require.NoError(t, err)
				for _, e := range events[:m] {
					require.Equal(t, EventAccepted, e.Kind)
				}
				got += m
			}
			require.Equal(t, "there\n", <-there)
			_, err = q.Next(events, 10*time.Millisecond)
			k.fails(err, fault.Timeout)
			each := (liveHeap() - before) / n
			t.Logf("%d bytes of live heap per idle client", each)
			most := c.most
			if raceEnabled { // the detector's objects are larger
				most += most / 4
			}
			assert.Less(t, each, most)
		})
	}
}
