package websocket

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/layer/layertest"
)

var (
	_ layer.Conn        = (*Conn)(nil)
	_ layer.Unsolicited = (*Conn)(nil)
)

var lengths = []int{0, 1, 5, 63, 64, 124, 125, 126, 127, 1000, 4096, 65535, 65536, 65537, 200_000}

func TestMessagesBothWays(t *testing.T) {
	for _, compressed := range []bool{false, true} {
		for _, most := range []int{0, 1, 7, 1000} {
			t.Run(fmt.Sprint(compressed, most), func(t *testing.T) { messagesBothWays(t, compressed, most) })
		}
	}
}

func messagesBothWays(t *testing.T, compressed bool, most int) {
	p := recordsOf(t, compressed)
	p.clientBottom.Most, p.serverBottom.Most = most, most
	for _, size := range []int{1, 5, 6, 63, 64, 100, 4096, 1 << 17} {
		for _, length := range lengths {
			if (most > 0 || size < 4096) && length > 1000 {
				continue
			}
			want := strings.Repeat("é0123456789abcdefgh", length/20+1)[:length/2*2]
			for _, way := range []struct{ from, to *Conn }{{p.client, p.server}, {p.server, p.client}} {
				_, err := way.from.Write(record(FlagText, want))
				require.NoError(t, err)
				got, err := readMessage(way.to, size)
				require.NoError(t, err)
				require.True(t, want == got.payload, "%d bytes", len(want))
				require.True(t, got.text)
			}
		}
	}
	_, err := p.server.Write(record(0, "\xff\xfe"))
	require.NoError(t, err)
	got, err := readMessage(p.client, 100)
	require.NoError(t, err)
	assert.Equal(t, message{false, "\xff\xfe", 1}, got)
	assert.False(t, p.client.ExpectsMore())
	require.NoError(t, p.client.CloseWrite())
	assert.True(t, p.client.ExpectsMore(), "the other close frame")
	_, err = readMessage(p.server, 100)
	assert.Equal(t, fault.PeerClosed, fault.CodeOf(err))
	_, err = readMessage(p.client, 100)
	assert.Equal(t, fault.PeerClosed, fault.CodeOf(err), "%v", err)
	assert.False(t, p.client.ExpectsMore())
}

// What is written of a record in several calls is one message, and several records in
// one call are several.
func TestRecordsComeInParts(t *testing.T) {
	all := append(append(record(FlagText, "one"), record(0, "")...), record(FlagMore, "two")...)
	all = append(all, record(FlagMore|FlagText, "")...)
	all = append(all, record(0, "three")...)
	for _, client := range []bool{false, true} {
		for most := 1; most <= len(all); most++ {
			c, near, _ := alone(client, Config{Records: true}, false)
			for rest := all; len(rest) > 0; {
				n, err := c.Write(rest[:min(most, len(rest))])
				require.NoError(t, err)
				rest = rest[n:]
			}
			peer, _, far := alone(!client, Config{Records: true}, false)
			far.Out.Put(near.Out.TakeAll())
			r := &messages{c: peer, size: 100}
			for _, want := range []string{"one", "", "twothree"} {
				m, err := r.next()
				require.NoError(t, err)
				assert.Equal(t, want, m.payload)
				assert.Equal(t, want == "one", m.text)
			}
		}
	}
	c, near, _ := alone(false, Config{Records: true}, false)
	c.Write(all)
	assert.Equal(t, []frame{{text, "one"}, {binMsg, ""}, {opBinary, "two"}, {more, ""}, {last, "three"}}, parseFrames(t, near.Out.TakeAll(), false))
}

// What WriteRecord sends is what Write does, whatever came before it.
func TestWholeRecords(t *testing.T) {
	before := map[string]func(c *Conn, far *layertest.End){
		"nothing":   func(*Conn, *layertest.End) {},
		"a part":    func(c *Conn, _ *layertest.End) { c.Write(record(FlagMore|FlagText, "part")) },
		"a message": func(c *Conn, _ *layertest.End) { c.Write(record(0, "message")) },
		"a pong that waits": func(c *Conn, far *layertest.End) {
			c.out.next = &control{n: 1, b: [mostControl]byte{'p'}}
			c.out.waits.Store(true)
		},
		"the end": func(c *Conn, _ *layertest.End) { c.CloseWrite() },
	}
	for name, prepare := range before {
		for _, compressed := range []bool{false, true} {
			for _, flags := range []byte{0, FlagText, FlagMore, FlagMore | FlagText} {
				for _, length := range lengths {
					p := record(flags, strings.Repeat("x", length))
					sent := func(write func(*Conn, []byte) (int, error)) ([]frame, int, fault.Code) {
						c, near, far := alone(false, Config{Records: true}, compressed)
						prepare(c, far)
						n, err := write(c, slices.Clone(p))
						if err == nil {
							_, err = c.Write(record(0, "next"))
						}
						return parseFrames(t, near.Out.TakeAll(), false), n, fault.CodeOf(err)
					}
					wantFrames, wantN, wantCode := sent((*Conn).Write)
					frames, n, code := sent((*Conn).WriteRecord)
					require.Equal(t, wantFrames, frames, "%s %v %d %d", name, compressed, flags, length)
					require.Equal(t, []any{wantN, wantCode}, []any{n, code})
				}
			}
		}
	}
	for _, c := range []*Conn{recordsOf(t, false).client, connect(t, ClientConfig{}, ServerConfig{}).server} {
		n, err := c.WriteRecord(record(0, "bytes"))
		require.NoError(t, err)
		require.Equal(t, RecordHeader+5, n)
	}
}

// What is written counts for pongs, which wait until those before them have left.
func TestWholeRecordsCount(t *testing.T) {
	c, near, _ := alone(false, Config{Records: true}, false)
	for _, length := range lengths[:12] {
		before := c.out.given
		_, err := c.WriteRecord(record(0, strings.Repeat("x", length)))
		require.NoError(t, err)
		require.Equal(t, int64(len(near.Out.TakeAll())), c.out.given-before)
	}
}

func TestNothingIsMaskedInPlace(t *testing.T) {
	c, near, _ := alone(true, Config{Records: true}, false)
	p := record(0, strings.Repeat("0123456789", 10_000))
	want := string(p)
	_, err := c.Write(p)
	require.NoError(t, err)
	assert.True(t, want == string(p))
	first := near.Out.TakeAll()
	c.Write(p)
	assert.NotEqual(t, first[10:14], near.Out.TakeAll()[10:14], "each frame has a mask of its own")
}

// One pong is on its way at most, and one more waits: the answer to the last ping.
func TestPongsThatDoNotLeave(t *testing.T) {
	c, near, far := alone(false, Config{Records: true}, false)
	p := make([]byte, 100)
	hear := func(payload string) {
		far.Out.Put(frame{ping, payload}.bytes(true))
		_, err := c.Read(p)
		require.Equal(t, fault.Timeout, fault.CodeOf(err))
	}
	near.Kept = 1 << 20
	hear("0")
	assert.True(t, c.Idle())
	for i := range 99 {
		hear(fmt.Sprint(i + 1))
		assert.False(t, c.Idle(), "the pong is for the next read to send")
	}
	assert.Equal(t, []frame{{pong, "0"}}, parseFrames(t, near.Out.TakeAll(), false))
	_, err := c.Write(record(0, "x"))
	require.NoError(t, err)
	assert.Equal(t, []frame{{binMsg, "x"}}, parseFrames(t, near.Out.TakeAll(), false))
	near.Kept = 0
	_, err = c.Read(p)
	require.Equal(t, fault.Timeout, fault.CodeOf(err))
	assert.Equal(t, []frame{{pong, "99"}}, parseFrames(t, near.Out.TakeAll(), false))
	hear("next")
	assert.Equal(t, []frame{{pong, "next"}}, parseFrames(t, near.Out.TakeAll(), false))
	near.Kept = 1 << 20
	hear("1")
	hear("2")
	near.Kept = 0
	near.Out.TakeAll()
	_, err = c.Write(record(0, "x"))
	require.NoError(t, err)
	assert.Equal(t, []frame{{pong, "2"}, {binMsg, "x"}}, parseFrames(t, near.Out.TakeAll(), false), "a write takes it along")
	assert.Equal(t, int64(103), c.Heard())
}

// A lower limit counts for a message that has begun, too.
func TestTheLimitMayChange(t *testing.T) {
	for _, compressed := range []bool{false, true} {
		p := recordsOf(t, compressed)
		buf, long := make([]byte, 100), strings.Repeat("x", 200)
		_, err := p.client.Write(record(FlagMore, long))
		require.NoError(t, err)
		if !compressed {
			for n := 0; n < RecordHeader+len(long); {
				m, err := p.server.Read(buf)
				require.NoError(t, err)
				n += m
			}
		}
		p.server.SetMaxMessage(100)
		_, err = p.client.Write(record(0, "y"))
		require.NoError(t, err)
		for err == nil { // the beginning of what is decompressed
			_, err = p.server.Read(buf)
		}
		assert.ErrorIs(t, err, fault.WebSocketTooLong)
	}
}

func TestPings(t *testing.T) {
	p := recordsOf(t, false)
	p.serverBottom.Wait, p.clientBottom.Wait = 0, 0
	buf := make([]byte, 100)
	require.NoError(t, p.server.Ping())
	_, err := p.client.Read(buf)
	require.Equal(t, fault.Timeout, fault.CodeOf(err))
	_, err = p.server.Read(buf)
	require.Equal(t, fault.Timeout, fault.CodeOf(err))
	assert.Equal(t, int64(1), p.server.Heard())
	require.NoError(t, p.server.Ping())
	p.serverBottom.Kept = 1
	for range 10 {
		require.NoError(t, p.server.Ping())
	}
	assert.Equal(t, []frame{{ping, ""}}, parseFrames(t, p.serverBottom.Out.TakeAll(), false), "none while one has not left")
	require.NoError(t, p.server.CloseWrite())
	assert.Equal(t, fault.WriteClosed, fault.CodeOf(p.server.Ping()))
}

// A flood of frames without anything to read does not keep a call for ever.
func TestAFloodOfControlFramesEnds(t *testing.T) {
	for _, f := range []frame{{ping, ""}, {pong, "x"}, {more, ""}} {
		c, near, far := alone(false, Config{Records: true}, false)
		far.Out.Put(frame{opText, "x"}.bytes(true))
		far.Out.Put([]byte(strings.Repeat(string(f.bytes(true)), 20_000)))
		_, err := readMessage(c, 4096)
		assert.Equal(t, fault.WebSocketProtocol, fault.CodeOf(err), "%v", err)
		written := parseFrames(t, near.Out.TakeAll(), false)
		assert.Equal(t, closesWith(ClosePolicy), codesAlone(written[len(written)-1:]))
	}
	c, _, far := alone(false, Config{Records: true}, false)
	for range 20_000 {
		far.Out.Put(frame{ping, ""}.bytes(true))
		far.Out.Put(frame{text, "x"}.bytes(true))
	}
	r := &messages{c: c, size: 4096}
	for range 20_000 {
		_, err := r.next()
		require.NoError(t, err, "pings between messages")
	}
}

func TestCloseCodes(t *testing.T) {
	p := recordsOf(t, false)
	assert.Equal(t, fault.Argument, fault.CodeOf(p.client.SetClose(1005, "")))
	assert.Equal(t, fault.Argument, fault.CodeOf(p.client.SetClose(5000, "")))
	assert.Equal(t, fault.Argument, fault.CodeOf(p.client.SetClose(1000, strings.Repeat("x", 124))))
	assert.Equal(t, fault.Argument, fault.CodeOf(p.client.SetClose(1000, "\xff")))
	require.NoError(t, p.client.SetClose(4000, "bye"))
	_, _, ok := p.server.Closed()
	assert.False(t, ok)
	require.NoError(t, p.client.CloseWrite())
	require.NoError(t, p.client.CloseWrite(), "once is enough")
	_, err := p.client.Write(record(0, "x"))
	assert.Equal(t, fault.WriteClosed, fault.CodeOf(err))
	_, err = p.server.Write(record(0, "what is on its way"))
	require.NoError(t, err)
	_, err = readMessage(p.server, 100)
	assert.Equal(t, fault.WebSocketClosed, fault.CodeOf(err))
	assert.Contains(t, err.Error(), `code 4000, "bye"`)
	code, reason, ok := p.server.Closed()
	assert.Equal(t, []any{uint16(4000), "bye", true}, []any{code, reason, ok})
	_, err = p.server.Write(record(0, "x"))
	assert.Equal(t, fault.WebSocketClosed, fault.CodeOf(err), "why it cannot be written")
	m, err := readMessage(p.client, 100)
	require.NoError(t, err)
	assert.Equal(t, "what is on its way", m.payload, "reading goes on behind the own close frame")
	_, err = readMessage(p.client, 100)
	assert.Equal(t, fault.WebSocketClosed, fault.CodeOf(err))
	code, reason, ok = p.client.Closed()
	assert.Equal(t, []any{uint16(4000), "bye", true}, []any{code, reason, ok}, "the other close frame repeats it")
	assert.NoError(t, p.server.CloseWrite())
}

// Frames are whole, from whichever goroutine they come: pongs of a read, pings, messages.
func TestFramesAreWritten1AtATime(t *testing.T) {
	p := recordsOf(t, false)
	const count = 60
	long := strings.Repeat("0123456789", 5000)
	var wg sync.WaitGroup
	for _, way := range []struct{ from, to *Conn }{{p.client, p.server}, {p.server, p.client}} {
		wg.Go(func() {
			for range count {
				_, err := way.from.Write(record(FlagText, long))
				assert.NoError(t, err)
			}
		})
		wg.Go(func() {
			for range count {
				assert.NoError(t, way.from.Ping())
			}
		})
		wg.Go(func() {
			r := &messages{c: way.to, size: 1 << 16}
			for range count {
				m, err := r.next()
				if !assert.NoError(t, err) || !assert.True(t, m.payload == long) {
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestATimeOutIsNoEnd(t *testing.T) {
	p := recordsOf(t, false)
	p.serverBottom.Wait = time.Millisecond
	whole := frame{text, "slow but whole"}.bytes(true)
	r := &messages{c: p.server, size: 100}
	for i := range whole {
		_, err := r.next()
		require.Equal(t, fault.Timeout, fault.CodeOf(err))
		r.kept = nil
		p.clientBottom.Out.Put(whole[i : i+1])
		if i < len(whole)-1 {
			n, err := p.server.Read(make([]byte, 100))
			if err == nil {
				r.kept = nil
				assert.LessOrEqual(t, n, RecordHeader+1)
			}
		}
	}
	p.clientBottom.Out.Put(frame{text, "next"}.bytes(true))
	p.serverBottom.Wait = patience
	buf := make([]byte, 100)
	got := ""
	for !strings.HasSuffix(got, "next") {
		n, err := p.server.Read(buf)
		require.NoError(t, err)
		got += string(buf[:n])
	}
}

// circle is a Base whose Reads give what was written.
type circle struct {
	buf  []byte
	r, w int
}

func (c *circle) Read(p []byte) (int, error) {
	n := copy(p, c.buf[c.r:c.w])
	if c.r += n; c.r == c.w {
		c.r, c.w = 0, 0
	}
	if n == 0 {
		return 0, timedOut
	}
	return n, nil
}

var timedOut = fault.New(fault.Timeout, fault.PhaseRead, "bottom")

func (c *circle) Write(p []byte) (int, error) {
	c.w += copy(c.buf[c.w:], p)
	return len(p), nil
}

// half is a circle that is only read.
type half struct{ *circle }

func (half) Write(p []byte) (int, error) { return len(p), nil }

func (*circle) Unsent() int             { return 0 }
func (*circle) Drain(_ time.Time) error { return nil }

// between gives a client whose frames a server reads, or the other way round.
func between(client, records bool) (from, to *Conn) {
	base := &circle{buf: make([]byte, 1<<20)}
	config := &Config{Records: records}
	return newConn(base, "peer", config, client, new(Facts), nil), newConn(half{base}, "peer", config, !client, new(Facts), nil)
}

func TestNothingIsAllocatedPerMessage(t *testing.T) {
	for _, client := range []bool{true, false} {
		for _, length := range []int{10, 1000, 100_000} {
			from, to := between(client, true)
			p, buf := record(FlagText, strings.Repeat("x", length)), make([]byte, 64<<10)
			pass := func() {
				from.Write(p)
				for got := 0; got < len(p); {
					n, err := to.Read(buf)
					if err != nil {
						panic(err)
					}
					got += n
				}
			}
			pings := func() {
				from.Ping()
				if _, err := to.Read(buf); err != timedOut {
					panic(err)
				}
			}
			pings()
			assert.Zero(t, testing.AllocsPerRun(100, pass), "%v %d", client, length)
			assert.Zero(t, testing.AllocsPerRun(100, pings), "%v", client)
		}
	}
}

// 10,000 clients that wait have to be small.
func TestAConnectionThatWaitsIsSmall(t *testing.T) {
	const count, most = 1000, 2000
	base := new(circle)
	l, err := NewServer(ServerConfig{Config: Config{Records: true}})
	require.NoError(t, err)
	request := "GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
		"User-Agent: " + strings.Repeat("x", 200) + "\r\nOrigin: http://example.com\r\nSec-WebSocket-Version: 13\r\n\r\n"
	conns := make([]layer.Conn, count)
	base.buf = make([]byte, 4096)
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	for i := range conns {
		base.r, base.w = 0, copy(base.buf, request)
		if conns[i], err = l.Handshake(base, "peer"); err != nil {
			break
		}
		base.r, base.w = 0, copy(base.buf, frame{text, "hello"}.bytes(true))
		conns[i].Read(make([]byte, 100))
	}
	require.NoError(t, err)
	each := (int64(heap()) - int64(before)) / count
	assert.Less(t, each, int64(most), "bytes for each")
	runtime.KeepAlive(conns)
}

func TestMaskInto(t *testing.T) {
	src := []byte(strings.Repeat("0123456789abcdef!", 10))
	key := uint32(0x04030201)
	for length := range len(src) {
		for cut := 0; cut <= length; cut += 5 {
			for shift := range 10 {
				want := make([]byte, length)
				for i := range want {
					want[i] = src[i] ^ byte(i%4+1)
				}
				memory := append(make([]byte, shift), src[:length]...)
				next := maskInto(memory[:cut], memory[shift:shift+cut], key)
				maskInto(memory[cut:length], memory[shift+cut:], next)
				require.Equal(t, want, memory[:length], "%d %d %d", length, cut, shift)
			}
		}
	}
}

func BenchmarkPass(b *testing.B) {
	for _, client := range []bool{true, false} {
		for _, length := range []int{16, 1000, 60_000} {
			b.Run(fmt.Sprint("client=", client, "/", length), func(b *testing.B) {
				from, to := between(client, true)
				p, buf := record(FlagText, strings.Repeat("x", length)), make([]byte, 64<<10)
				b.SetBytes(int64(length))
				b.ReportAllocs()
				for b.Loop() {
					from.Write(p)
					for got := 0; got < len(p); {
						n, _ := to.Read(buf)
						got += n
					}
				}
			})
		}
	}
}
