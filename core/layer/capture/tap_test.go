package capture

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
)

// conversations cuts packets where a connection begins, as the tools do.
func conversations(all []packet) (each [][]packet) {
	for _, p := range all {
		if p.tcp.SYN && !p.tcp.ACK {
			each = append(each, nil)
		}
		each[len(each)-1] = append(each[len(each)-1], p)
	}
	return each
}

func TestATapIsSwitched(t *testing.T) {
	files, reported, path := start(t)
	tap := new(Tap)
	asked := 0
	to := func(o Options) {
		tap.Switch(files, o, Accepted, func() Socket { asked++; s := socket(3, "tap"); s.Midway = true; return s })
	}
	say := func(at Side, p string) { tap.Recorder().Bytes(at, Sent, []byte(p)) }

	to(Options{})
	require.Nil(t, tap.Recorder())
	say(Both, "not recorded ")
	to(Options{Capture: path, Trace: path + ".txt"})
	require.True(t, tap.Recorder().Traces())
	say(Both, "one ")
	to(Options{Capture: path}) // the capture goes on
	require.False(t, tap.Recorder().Traces())
	say(Above, "two ")
	say(Below, "not of this side ")
	to(Options{Capture: path, Trace: path + ".txt"})
	say(Above, "three ")
	to(Options{Capture: path, BelowTLS: true, Trace: path + ".txt"})
	say(Above, "not of this side ")
	say(Below, "four ")
	to(Options{Capture: path + "2", BelowTLS: true, Trace: path + ".txt"})
	say(Below, "five ")
	late := tap.Recorder()
	to(Options{BelowTLS: true})
	require.Nil(t, tap.Recorder())
	late.Bytes(Below, Sent, []byte("late "))
	late.Message(Sent, []byte("late "))
	late.End(Received, fault.New(fault.PeerClosed, fault.PhaseRead, ""))
	to(Options{Capture: path})
	say(Above, "six")
	tap.Recorder().End(Received, fault.New(fault.Timeout, fault.PhaseRead, "")) // of a call
	tap.Close(nil)
	tap.Close(nil)
	to(Options{Capture: path})
	say(Above, "closed")
	late.Close(nil)
	require.True(t, files.Wait(patience))
	assert.Empty(t, reported.list())
	assert.Equal(t, 2, asked)

	var said []string
	first := readCapture(t, path)
	for _, c := range conversations(first) {
		said = append(said, string(follow(t, c, here.AddrPort())))
		assert.Equal(t, there.AddrPort(), sourceOf(t, c[0]), "that accepted")
		assert.Contains(t, c[0].comments[0], "#3 \"tap\" client; the capture begins inside the connection")
	}
	assert.Equal(t, []string{"one two three ", "four ", "six"}, said)
	assert.Equal(t, "five ", string(follow(t, readCapture(t, path+"2"), here.AddrPort())))
	ends, fins := 0, 0
	for _, p := range first {
		if len(p.comments) > 0 && strings.Contains(p.comments[0], "the capture ends here") {
			ends++
		}
		if p.tcp.FIN || p.tcp.RST {
			fins++
		}
	}
	assert.Equal(t, []int{2, 1}, []int{ends, fins})

	trace, err := os.ReadFile(path + ".txt")
	require.NoError(t, err)
	text := string(trace)
	assert.Equal(t, 2, strings.Count(text, "recording begins; the connection was there already\n"))
	assert.Equal(t, 2, strings.Count(text, "recording ends; the connection goes on\n"))
	for word, n := range map[string]int{"one ": 1, "two ": 0, "three ": 1, "four ": 1, "five ": 1, "late": 0, "six": 0, "not": 0} {
		assert.Equal(t, n, strings.Count(text, "  "+word), word)
	}
}

// A file that is left and used again at once has everything in order.
func TestAFileIsUsedAgainAtOnce(t *testing.T) {
	files, reported, path := start(t)
	tap := new(Tap)
	const rounds = 200
	for i := range rounds {
		tap.Switch(files, Options{Capture: path, Trace: path + ".txt"}, Connected, func() Socket { return socket(1, "") })
		tap.Recorder().Bytes(Both, Sent, fmt.Appendf(nil, "round %d", i))
		tap.Switch(files, Options{}, Connected, nil)
	}
	tap.Close(nil)
	require.True(t, files.Wait(patience))
	assert.Empty(t, reported.list())
	each := conversations(readCapture(t, path))
	require.Len(t, each, rounds)
	trace, err := os.ReadFile(path + ".txt")
	require.NoError(t, err)
	from := 0
	for i, c := range each {
		require.Equal(t, fmt.Sprintf("round %d", i), string(follow(t, c, here.AddrPort())))
		at := strings.Index(string(trace)[from:], fmt.Sprintf("round %d", i))
		require.GreaterOrEqual(t, at, 0)
		from += at
	}
}

// Recording comes and goes beside calls that record, and beside the end.
func TestATapIsSwitchedBesideCalls(t *testing.T) {
	for range 20 {
		files, reported, path := start(t)
		tap := new(Tap)
		var all sync.WaitGroup
		for d := range 2 {
			all.Go(func() {
				for i := range 500 {
					tap.Recorder().Bytes(Both, Direction(d), fmt.Appendf(nil, "%d;", i))
					tap.Recorder().Message(Direction(d), []byte("x"))
				}
			})
		}
		all.Go(func() {
			for i := range 20 {
				o := Options{Capture: path, Trace: path + ".txt"}
				if i%2 == 1 {
					o = Options{}
				}
				tap.Switch(files, o, Connected, func() Socket { return Socket{Local: here, Peer: endpoint.Parse("10.0.0.6:1"), Midway: true} })
			}
			tap.Close(nil)
		})
		all.Wait()
		require.True(t, files.Wait(patience))
		assert.Empty(t, reported.list())
		files.mu.Lock()
		assert.Empty(t, files.open)
		files.mu.Unlock()
		for _, c := range conversations(readCapture(t, path)) {
			for _, end := range []endpoint.Addr{here, endpoint.Parse("10.0.0.6:1")} {
				expected := -1
				for word := range strings.SplitSeq(strings.TrimSuffix(string(follow(t, c, end.AddrPort())), ";"), ";") {
					n := -1
					fmt.Sscan(word, &n)
					assert.True(t, word == "" || expected < 0 || n == expected, "nothing is lost or doubled")
					expected = n + 1
				}
			}
		}
	}
}
