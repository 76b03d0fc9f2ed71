package capture

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
)

func random(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(rand.Uint32())
	}
	return p
}

func socket(number int32, name string) Socket {
	return Socket{Label: label(number, name), Local: here, Peer: there}
}

func label(number int32, name string) string {
	if name != "" {
		return fmt.Sprintf("#%d \"%s\" client", number, name)
	}
	return fmt.Sprintf("#%d client", number)
}

// The streams of a connection come out as they went in, whatever the beginning
// and the addresses.
func TestAConnectionIsReadBack(t *testing.T) {
	addresses := [][2]endpoint.Addr{
		{here, there}, {here6, far6}, {here, far6}, {},
		{endpoint.Parse("[::ffff:10.1.2.3]:80"), endpoint.Parse("[fe80::1%eth0]:81")},
		{here, endpoint.Addr{}},
	}
	for _, kind := range []struct {
		begin  Beginning
		midway bool
	}{{begin: Connected}, {begin: Accepted}, {Connected, true}, {Accepted, true}} {
		for _, a := range addresses {
			t.Run(fmt.Sprintf("%v %v", kind, a), func(t *testing.T) {
				begin := kind.begin
				files, reported, path := start(t)
				before := time.Now()
				r := files.Record(Options{Capture: path}, Socket{Label: `#12 "scale" client`, Local: a[0], Peer: a[1], Midway: kind.midway}, begin)
				out, in := random(3*segment+17), random(2*segment)
				r.Bytes(Both, Sent, out[:1])
				r.Bytes(Both, Received, in[:100])
				r.Bytes(Both, Sent, out[1:])
				r.Bytes(Both, Received, in[100:])
				r.Bytes(Both, Sent, nil)
				r.End(Received, fault.New(fault.PeerClosed, fault.PhaseRead, ""))
				r.Close(nil)
				require.True(t, files.Wait(patience))
				all := readCapture(t, path)
				assert.Equal(t, out, follow(t, all, r.ends[0]))
				assert.Equal(t, in, follow(t, all, r.ends[1]))
				assert.Empty(t, reported.list())

				flags, fins := 0, 0
				last := before
				for i, p := range all {
					if p.tcp.SYN {
						flags++
						assert.Less(t, i, 2)
					}
					if p.tcp.FIN {
						fins++
					}
					assert.False(t, p.at.Before(last.Truncate(0).Add(-time.Microsecond)) || p.at.After(time.Now()))
					last = p.at
				}
				assert.Equal(t, 2, fins)
				assert.Equal(t, 2, flags)
				require.Len(t, all[0].comments, 1)
				assert.Contains(t, all[0].comments[0], `socket #12 "scale" client`)
				assert.Equal(t, kind.midway, strings.Contains(all[0].comments[0], "begins inside the connection"))
				first := r.ends[0]
				if begin == Accepted {
					first = r.ends[1]
				}
				assert.Equal(t, first, sourceOf(t, all[0]))
			})
		}
	}
}

func TestNumbersPassFourGiB(t *testing.T) {
	files, _, path := start(t)
	r := files.Record(Options{Capture: path}, socket(1, ""), Connected)
	r.next = [2]uint32{1<<32 - 5, 1<<32 - 7}
	r.Bytes(Both, Sent, []byte("0123456789"))
	r.Bytes(Both, Received, []byte("abcdefghij"))
	r.Bytes(Both, Sent, []byte("K"))
	r.Close(nil)
	require.True(t, files.Wait(patience))
	all := readCapture(t, path)[3:]
	assert.Equal(t, "0123456789K", string(follow(t, all, here.AddrPort())))
	assert.Equal(t, "abcdefghij", string(follow(t, all, there.AddrPort())))
	assert.EqualValues(t, 3, all[2].tcp.Ack)
}

// Several sockets, some of them at once, share one file; it is appended to later.
func TestConnectionsShareAFile(t *testing.T) {
	files, _, path := start(t)
	const n = 8
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			s := socket(int32(i+1), "")
			s.Local = endpoint.FromIP(here.IP(), uint16(1000+i))
			r := files.Record(Options{Capture: path}, s, Connected)
			defer r.Close(nil)
			var both sync.WaitGroup
			both.Go(func() {
				for j := range 50 {
					r.Bytes(Both, Sent, fmt.Appendf(nil, "%d:%d ", i, j))
				}
			})
			for j := range 50 {
				r.Bytes(Both, Received, fmt.Appendf(nil, "%d=%d ", i, j))
			}
			both.Wait()
		})
	}
	all.Wait()
	require.True(t, files.Wait(patience))
	for i := range n {
		var own []packet
		port := uint16(1000 + i)
		for _, p := range readCapture(t, path) {
			if uint16(p.tcp.SrcPort) == port || uint16(p.tcp.DstPort) == port {
				own = append(own, p)
			}
		}
		var out, in string
		for j := range 50 {
			out += fmt.Sprintf("%d:%d ", i, j)
			in += fmt.Sprintf("%d=%d ", i, j)
		}
		assert.Equal(t, out, string(follow(t, own, endpoint.FromIP(here.IP(), port).AddrPort())))
		assert.Equal(t, in, string(follow(t, own, there.AddrPort())))
	}
}

func TestACaptureIsAppendedTo(t *testing.T) {
	files, reported, path := start(t)
	for i := range 3 {
		r := files.Record(Options{Capture: path}, Socket{Local: here, Peer: endpoint.FromIP(there.IP(), uint16(i+1))}, Connected)
		r.Bytes(Both, Sent, []byte{byte('a' + i)})
		r.Close(nil)
		require.True(t, files.Wait(patience))
	}
	assert.Empty(t, reported.list())
	all := readCapture(t, path)
	assert.Len(t, all, 3*5)
	if runtime.GOOS != "windows" {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
	}
}

func TestDatagrams(t *testing.T) {
	for _, local := range []endpoint.Addr{here, here6} {
		files, _, path := start(t)
		peer := there
		if local == here6 {
			peer = far6
		}
		r := files.Record(Options{Capture: path, Trace: path + ".txt"}, Socket{Label: "#3 udp", Local: local}, Datagrams)
		long := random(70000)
		r.Datagram(Sent, peer, []byte("one"))
		r.Datagram(Received, peer, nil)
		r.Datagram(Received, peer, long)
		r.Close(nil)
		require.True(t, files.Wait(patience))
		all := readCapture(t, path)
		require.Len(t, all, 3)
		assert.Equal(t, "one", string(all[0].udp.Payload))
		assert.Equal(t, local.AddrPort(), sourceOf(t, all[0]))
		assert.Equal(t, []string{"socket #3 udp"}, all[0].comments)
		assert.Empty(t, all[1].udp.Payload)
		assert.Equal(t, peer.AddrPort(), sourceOf(t, all[1]))
		assert.Greater(t, len(all[2].udp.Payload), 65000)
		assert.True(t, bytes.HasPrefix(long, all[2].udp.Payload))
		trace, err := os.ReadFile(path + ".txt")
		require.NoError(t, err)
		assert.Contains(t, string(trace), "#3 udp "+local.String()+" -> "+peer.String()+"  datagram sent, 3 bytes\n    00000000  6F 6E 65 ")
		assert.Contains(t, string(trace), local.String()+" <- "+peer.String()+"  datagram received, 0 bytes\n")
	}
}

// At its size a capture ends, with a whole packet, and it is said once.
func TestACaptureEndsAtItsSize(t *testing.T) {
	for size := int64(1); size < 6000; size += 97 {
		files, reported, path := start(t)
		files.SetSize(size)
		assert.Equal(t, size, files.Size())
		r := files.Record(Options{Capture: path}, socket(1, "x"), Connected)
		want := []byte{}
		for i := range 200 {
			p := fmt.Appendf(nil, "message %d;", i)
			want = append(want, p...)
			r.Bytes(Both, Sent, p)
			if i%50 == 0 {
				files.Flush(patience)
			}
		}
		r.Close(nil)
		require.True(t, files.Wait(patience))
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.LessOrEqual(t, info.Size(), size)
		require.Len(t, reported.list(), 1)
		require.ErrorIs(t, reported.list()[0], ErrFull)
		assert.Contains(t, reported.list()[0].Error(), path)
		if info.Size() == 0 {
			continue
		}
		got := follow(t, readCapture(t, path), here.AddrPort())
		assert.True(t, bytes.HasPrefix(want, got))
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		types := blocks(t, data)
		assert.Equal(t, []uint32{blockSection, blockInterface}, types[:2])
		assert.EqualValues(t, blockStatistics, types[len(types)-1])
		assert.True(t, strings.Contains(string(data), "the limit of"))
		if size > 2000 {
			assert.NotEmpty(t, got)
		}
	}
}

func TestWhatIsNoCaptureIsNotAppendedTo(t *testing.T) {
	files, reported, path := start(t)
	r := files.Record(Options{Capture: path}, socket(1, ""), Connected)
	r.Close(nil)
	require.True(t, files.Wait(patience))
	good, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, Options{Capture: path}.Try())
	for name, data := range map[string][]byte{
		"text":      []byte("a letter that must not be lost\n"),
		"short":     good[:20],
		"torn":      good[:len(good)-4],
		"torn more": good[:len(good)-6],
		"zeros":     append(bytes.Clone(good), make([]byte, 8)...),
	} {
		require.NoError(t, os.WriteFile(path, data, 0o600))
		err := Options{Capture: path}.Try()
		require.ErrorIs(t, err, fault.Argument, name)
		var e *fault.Error
		require.ErrorAs(t, err, &e)
		assert.Contains(t, e.Text(fault.French), "n'est pas une capture")
		assert.Contains(t, e.Text(fault.English), path)
		r := files.Record(Options{Capture: path}, socket(1, ""), Connected)
		r.Bytes(Both, Sent, []byte("nowhere"))
		r.Close(nil)
		require.True(t, files.Wait(patience))
		left, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, data, left, name)
	}
	assert.Len(t, reported.list(), 5)
	assert.NoError(t, Options{Trace: path}.Try(), "a trace is appended to any text")
	assert.NoError(t, Options{}.Try())
}

func TestFilesThatCannotBe(t *testing.T) {
	files, reported, _ := start(t)
	dir := t.TempDir()
	for path, code := range map[string]fault.Code{
		dir:                               fault.Access,
		filepath.Join(dir, "no", "such"):  fault.System,
		filepath.Join(dir, "link"):        fault.Access,
		"relative/folder/that/is/not/her": fault.System,
	} {
		if filepath.Base(path) == "link" {
			if os.Symlink(filepath.Join(dir, "target"), path) != nil {
				continue // Windows asks for a right
			}
		}
		for _, o := range []Options{{Capture: path}, {Trace: path}} {
			err := o.Try()
			require.ErrorIs(t, err, code, path)
			assert.Contains(t, err.Error(), path)
			before := len(reported.list())
			r := files.Record(o, socket(1, ""), Accepted)
			r.Bytes(Both, Received, []byte("nowhere"))
			r.Close(nil)
			require.True(t, files.Wait(patience))
			assert.Len(t, reported.list(), before+1)
		}
	}
	assert.NoFileExists(t, filepath.Join(dir, "target"))
}

func TestARelativePathStays(t *testing.T) {
	t.Chdir(t.TempDir())
	where, err := os.Getwd()
	require.NoError(t, err)
	o := Options{Capture: "a", Trace: "b"}.Absolute()
	assert.Equal(t, Options{Capture: filepath.Join(where, "a"), Trace: filepath.Join(where, "b")}, o)
	assert.Equal(t, Options{}, Options{}.Absolute())
}

func TestNothingIsRecorded(t *testing.T) {
	files := NewFiles(nil)
	r := files.Record(Options{}, socket(1, ""), Connected)
	assert.Nil(t, r)
	r.Bytes(Both, Sent, []byte("x"))
	r.Message(Sent, []byte("x"))
	r.Datagram(Sent, there, nil)
	r.Note("x")
	r.End(Sent, nil)
	r.Close(nil)
	files.failed(fs.ErrExist)
	assert.True(t, files.Flush(0))
}

func TestAReset(t *testing.T) {
	files, _, path := start(t)
	r := files.Record(Options{Capture: path, Trace: path + ".txt"}, socket(1, ""), Connected)
	r.Bytes(Both, Sent, []byte("x"))
	r.End(Received, fault.New(fault.Reset, fault.PhaseRead, "10.0.0.5:5000"))
	r.End(Received, nil)
	r.Close(nil)
	r.Close(nil)
	require.True(t, files.Wait(patience))
	all := readCapture(t, path)
	last := all[len(all)-1]
	assert.True(t, last.tcp.RST)
	assert.Equal(t, there.AddrPort(), sourceOf(t, last))
	assert.Contains(t, last.comments[0], "10.0.0.5:5000")
	trace, err := os.ReadFile(path + ".txt")
	require.NoError(t, err)
	assert.Equal(t, 1, strings.Count(string(trace), "ended: "))
	assert.True(t, strings.HasSuffix(string(trace), "closed\n"))
}

func TestTheLayer(t *testing.T) {
	files, _, path := start(t)
	r := files.Record(Options{Capture: path, BelowTLS: true}, socket(5, "l"), Accepted)
	b := &base{reads: [][]byte{[]byte("hello"), []byte("world")}, end: fault.New(fault.Timeout, fault.PhaseRead, "")}
	tap := new(Tap)
	tap.recorder.Store(r)
	l := Layer{tap, Below}
	assert.True(t, l.Instant())
	assert.Equal(t, fault.PhaseConnect, l.Phase())
	c, err := l.Handshake(b, "peer")
	require.NoError(t, err)
	p := make([]byte, 3)
	var got []byte
	for {
		n, err := c.Read(p)
		if err != nil {
			require.ErrorIs(t, err, fault.Timeout)
			break
		}
		got = append(got, p[:n]...)
	}
	assert.Equal(t, "helloworld", string(got))
	n, err := c.Write([]byte("answer"))
	require.NoError(t, err)
	assert.Equal(t, 6, n)
	b.broken = fault.New(fault.Reset, fault.PhaseWrite, "")
	_, err = c.Write([]byte("lost"))
	require.ErrorIs(t, err, fault.Reset)
	b.end = fault.New(fault.PeerClosed, fault.PhaseRead, "")
	_, err = c.Read(p)
	require.ErrorIs(t, err, fault.PeerClosed)
	require.NoError(t, c.CloseWrite())
	assert.False(t, c.Pending())
	assert.True(t, c.(interface{ Idle() bool }).Idle())
	assert.Nil(t, c.Leftover())
	assert.Equal(t, 7, c.Unsent())
	assert.Equal(t, "answer", b.wrote.String())
	r.Close(nil)
	require.True(t, files.Wait(patience))
	all := readCapture(t, path)
	assert.Equal(t, "helloworld", string(follow(t, all, there.AddrPort())))
	assert.Equal(t, "answerlost", string(follow(t, all, here.AddrPort())))
	comments := ""
	for _, p := range all {
		comments += strings.Join(p.comments, "")
	}
	assert.Contains(t, comments, "the last write failed")
}

// What hosts and peers choose does not spoil a file.
func TestNamesAreHarmless(t *testing.T) {
	files, _, path := start(t)
	s := socket(7, "a\nb\x00\xff"+strings.Repeat("é", 5000))
	r := files.Record(Options{Capture: path, Trace: path + ".txt"}, s, Connected)
	for range 100 {
		r.Note(strings.Repeat("é", 1000) + "\n")
	}
	r.Close(nil)
	require.True(t, files.Wait(patience))
	readCapture(t, path)
	trace, err := os.ReadFile(path + ".txt")
	require.NoError(t, err)
	for line := range strings.Lines(string(trace)) {
		assert.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z #7 "a\\x0Ab\\x00\\xFFé+`, line)
		assert.Less(t, len(line), 1400)
	}
}
