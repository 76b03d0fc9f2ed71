package capture

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// failing is a file whose disk fails, hangs or panics.
type failing struct {
	handle
	left  atomic.Int64  // bytes until the disk is full
	hangs chan struct{} // writes wait for it to be closed
	panic atomic.Bool
}

var errFull = errors.New("no space left on device")

func (f *failing) Write(p []byte) (int, error) {
	if f.hangs != nil {
		<-f.hangs
	}
	if f.panic.Load() {
		panic("a fault of the test")
	}
	if n := f.left.Add(-int64(len(p))); n < 0 {
		whole, err := f.handle.Write(p[:max(int64(len(p))+n, 0)])
		if err != nil {
			return whole, err
		}
		return whole, errFull
	}
	return f.handle.Write(p)
}

// useFailing opens files through f from now on.
func useFailing(t *testing.T, f *failing) {
	before := openHandle
	openHandle = func(path string) (handle, error) {
		h, err := before(path)
		f.handle = h
		return f, err
	}
	t.Cleanup(func() { openHandle = before })
}

func TestAFullDiskEndsRecording(t *testing.T) {
	for left := int64(0); left < 3000; left += 131 {
		for _, k := range []kind{packets, text} {
			files, reported, path := start(t)
			f := new(failing)
			f.left.Store(left)
			useFailing(t, f)
			o := Options{Capture: path}
			if k == text {
				o = Options{Trace: path}
			}
			r := files.Record(o, socket(1, ""), Connected)
			for range 50 {
				r.Bytes(Both, Sent, []byte("something of the message"))
			}
			require.True(t, files.Flush(patience))
			r.Bytes(Both, Sent, []byte("ignored"))
			r.Close(nil)
			require.True(t, files.Wait(patience))
			require.Len(t, reported.list(), 1)
			require.ErrorIs(t, reported.list()[0], errFull)
			assert.Contains(t, reported.list()[0].Error(), path)
			data, err := os.ReadFile(path)
			require.NoError(t, err)
			if k == packets {
				blocks(t, data) // all of them whole
			} else if len(data) > 0 {
				assert.True(t, strings.HasSuffix(string(data), "\n"))
			}
		}
	}
}

// While the disk hangs memory is bounded and no call waits; what was dropped is
// said where it is missing.
func TestASlowDisk(t *testing.T) {
	for _, k := range []kind{packets, text} {
		files, reported, path := start(t)
		f := &failing{hangs: make(chan struct{})}
		f.left.Store(1 << 40)
		useFailing(t, f)
		o := Options{Capture: path}
		if k == text {
			o = Options{Trace: path}
		}
		r := files.Record(o, socket(1, ""), Connected)
		block := make([]byte, segment)
		of := r.packets
		if k == text {
			of = r.text
		}
		dropped := int64(0)
		for dropped < 100 {
			r.Bytes(Both, Sent, block)
			of.mu.Lock()
			dropped = of.dropped
			assert.LessOrEqual(t, len(of.batch.bytes), mostWaiting)
			of.mu.Unlock()
		}
		assert.False(t, files.Flush(0))
		close(f.hangs)
		require.True(t, files.Flush(patience))
		r.Bytes(Both, Sent, []byte("behind the gap"))
		r.Close(nil)
		require.True(t, files.Wait(patience))
		assert.Empty(t, reported.list())
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		said := regexp.MustCompile(`(\d+) records were dropped here`).FindAllStringSubmatch(string(data), -1)
		require.Len(t, said, 1)
		assert.Equal(t, fmt.Sprint(dropped), said[0][1])
		assert.Contains(t, string(data), "behind the gap")
		if k == packets {
			all := readCapture(t, path)
			gap := uint32(0)
			next := all[2].tcp.Seq
			for _, p := range all[2:] {
				if sourceOf(t, p) == here.AddrPort() {
					gap += p.tcp.Seq - next
					next = p.tcp.Seq + uint32(len(p.tcp.Payload))
				}
			}
			assert.EqualValues(t, dropped*segment, gap, "the numbers show how much is missing")
		}
	}
}

// What was dropped last is said too.
func TestDropsAtTheEnd(t *testing.T) {
	files, _, path := start(t)
	f := &failing{hangs: make(chan struct{})}
	f.left.Store(1 << 40)
	useFailing(t, f)
	r := files.Record(Options{Capture: path}, socket(1, ""), Connected)
	for of := r.packets; ; {
		r.Bytes(Both, Sent, make([]byte, segment))
		of.mu.Lock()
		lost := of.dropped
		of.mu.Unlock()
		if lost > 0 {
			break
		}
	}
	r.Close(nil)
	assert.False(t, files.Wait(0), "it hangs")
	close(f.hangs)
	require.True(t, files.Wait(patience))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Contains(t, string(data), "records were dropped here")
}

func TestAPanicEndsRecordingAlone(t *testing.T) {
	files, reported, path := start(t)
	f := new(failing)
	f.panic.Store(true)
	useFailing(t, f)
	r := files.Record(Options{Trace: path}, socket(1, ""), Connected)
	require.True(t, files.Flush(patience))
	r.Bytes(Both, Sent, []byte("ignored"))
	of := r.text
	r.Close(nil)
	require.True(t, files.Wait(patience))
	require.Len(t, reported.list(), 1)
	assert.ErrorIs(t, reported.list()[0], fault.Internal)
	assert.True(t, files.Flush(0))
	<-of.flushed() // of one that is closed
}

// A write that the system takes only a part of, without an error.
type shortly struct{ handle }

func (s shortly) Write(p []byte) (int, error) { return s.handle.Write(p[:len(p)/2]) }

func TestAShortWriteEndsRecording(t *testing.T) {
	files, reported, path := start(t)
	before := openHandle
	openHandle = func(path string) (handle, error) {
		h, err := before(path)
		return shortly{h}, err
	}
	t.Cleanup(func() { openHandle = before })
	r := files.Record(Options{Capture: path}, socket(1, ""), Connected)
	r.Close(nil)
	require.True(t, files.Wait(patience))
	require.Len(t, reported.list(), 1)
	assert.Contains(t, reported.list()[0].Error(), "short write")
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Zero(t, info.Size(), "nothing that is not whole stays")
}

// The folder of a trace goes away while it is turned over.
func TestATraceThatCannotBeBegunAnew(t *testing.T) {
	files, reported, path := start(t)
	files.SetSize(300)
	r := files.Record(Options{Trace: path}, socket(1, ""), Connected)
	require.True(t, files.Flush(patience))
	before := openHandle
	openHandle = func(string) (handle, error) { return nil, errFull }
	t.Cleanup(func() { openHandle = before })
	for range 20 {
		r.Message(Sent, []byte("message"))
	}
	r.Close(nil)
	require.True(t, files.Wait(patience))
	require.Len(t, reported.list(), 1)
	assert.ErrorIs(t, reported.list()[0], errFull)
}

// What waits for a file is released when it ends, and a datagram that was dropped
// has told nothing.
func TestDroppedDatagrams(t *testing.T) {
	files, _, path := start(t)
	f := &failing{hangs: make(chan struct{})}
	f.left.Store(1 << 40)
	useFailing(t, f)
	s := socket(9, "u")
	r := files.Record(Options{Capture: path}, s, Datagrams)
	for of := r.packets; ; {
		r.mu.Lock()
		r.described = false // each tells it, so that the one that is dropped would
		r.mu.Unlock()
		r.Datagram(Sent, there, make([]byte, 60_000))
		of.mu.Lock()
		lost := of.dropped
		of.mu.Unlock()
		if lost > 0 {
			break
		}
	}
	assert.False(t, r.described)
	for range 200 {
		r.Note(strings.Repeat("remark ", 10))
	}
	assert.Less(t, len(r.remark), 2*mostComment)
	waiting := r.packets.flushed()
	ending := files
	r.Close(nil)
	assert.False(t, ending.Flush(0))
	close(f.hangs)
	<-waiting
	require.True(t, files.Wait(patience))
}
