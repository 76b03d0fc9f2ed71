package core

import (
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/layer/tlslayer"
)

// watched is the lowest layer of a test: it counts what is received through it, and has
// things happen around a receive.
type watched struct {
	receives      atomic.Int64
	before, after func() // once, nil for nothing
}

func (*watched) Phase() fault.Phase { return fault.PhaseConnect }
func (*watched) Instant() bool      { return true }

func (w *watched) Handshake(base layer.Base, _ string) (layer.Conn, error) {
	return &watchedConn{layer.Through{Base: base}, w}, nil
}

type watchedConn struct {
	layer.Through
	w *watched
}

func (c *watchedConn) Idle() bool { return true }

func (c *watchedConn) Read(p []byte) (int, error) {
	c.w.receives.Add(1)
	once(&c.w.before)
	n, err := c.Base.Read(p)
	if n > 0 {
		once(&c.w.after)
	}
	return n, err
}

func once(f *func()) {
	if do := *f; do != nil {
		*f = nil
		do()
	}
}

// layered are ways to stand on layers; what they inject is harmless.
var layered = []setup{
	{name: "TLS 1.3", tls: tlslayer.TLS13},
	{name: "TLS 1.2", alike: true, tls: tlslayer.TLS12},
	{name: "TLS 1.3, recorded, nothing injected", alike: true, record: true, faults: "at=bottom", tls: tlslayer.TLS13},
	{name: "TLS 1.3 over a Unix socket", unix: true, tls: tlslayer.TLS13},
	{name: "WebSocket", websocket: true},
	{name: "WebSocket, recorded, nothing injected", alike: true, record: true, faults: "at=top", websocket: true},
	{name: "WebSocket above TLS 1.3", websocket: true, tls: tlslayer.TLS13},
	{name: "nothing injected", alike: true, faults: "at=top"},
}

// watchedQueue is a queue for a channel on a watched layer.
func watchedQueue(t *testing.T, tr setup) (*rig, *watched) {
	tr.direct, tr.pair, tr.raw = true, plainPair, plainRaw
	k, w := newKit(t, tr), new(watched)
	k.lib.Lower = []layer.Layer{w}
	return newRig(k), w
}

func TestQueueReceivesAMessageAtOnce(t *testing.T) {
	for _, tr := range layered {
		t.Run(tr.name, func(t *testing.T) {
			r, w := watchedQueue(t, tr)
			s, p := r.raw(r.kit, nil)
			r.attach(s, false)
			p.send("5\r\nfirst")
			r.message(s, "first")
			for range 20 {
				before := w.receives.Load()
				p.send("4\r\nnext")
				r.message(s, "next")
				require.EqualValues(r, 1, w.receives.Load()-before, "a receive in vain")
			}
			r.write(s, "answer")
			p.expect("6\r\nanswer")
			r.silent()
		})
	}
}

// wire is what a peer's bytes go through: a test may hold them.
type wire struct {
	net.Conn
	hold bool
	held []byte
}

func (w *wire) Write(p []byte) (int, error) {
	if w.hold {
		w.held = append(w.held, p...)
		return len(p), nil
	}
	return w.Conn.Write(p)
}

// SetWriteDeadline does nothing: crypto/tls lets nothing be written behind its end.
func (*wire) SetWriteDeadline(time.Time) error { return nil }

// bytesOf are what a peer would send.
func (w *wire) bytesOf(send func()) []byte {
	w.hold, w.held = true, nil
	send()
	w.hold = false
	return w.held
}

// behindWire connects a channel with a peer on a wire.
func (k *kit) behindWire() (*Socket, *peer, *wire) {
	k.Helper()
	server, port := k.listen(nil)
	p := k.silent(port)
	w := &wire{Conn: p.tcp}
	p.Conn = w
	if k.tls != 0 {
		p.Conn = k.secureDialed(p.Conn)
	}
	if k.websocket {
		p.end = server
		p.Conn = k.upgrade(p.Conn, func() *Socket { return p.end })
	}
	channel, err := server.Accept(patienceOfTests, nil)
	require.NoError(k, err)
	require.NoError(k, server.Close())
	p.end = channel
	return channel, p, w
}

// ending is a way to end a connection.
type ending struct {
	name string
	end  func(p *peer, orderly []byte)
	code func(tr setup) fault.Code
}

var endings = []ending{
	{"an end of the layers", func(p *peer, orderly []byte) {
		_, err := p.tcp.Write(orderly)
		require.NoError(p.t, err)
	}, func(setup) fault.Code { return fault.PeerClosed }},
	{"an end", func(p *peer, _ []byte) { require.NoError(p.t, p.tcp.CloseWrite()) }, func(tr setup) fault.Code {
		switch {
		case tr.tls != 0:
			return fault.TLSTruncated
		case tr.websocket:
			return fault.WebSocketAbnormal
		}
		return fault.PeerClosed
	}},
	{"a reset", func(p *peer, _ []byte) { p.reset() }, func(setup) fault.Code { return fault.Reset }},
}

// An end is told, whenever it comes: behind the message, while that is received, or later.
func TestQueueTellsAnEndBehindLayers(t *testing.T) {
	const withIt, beforeReceive, behindReceive, later = "with the message", "before it is received", "once it is received", "later"
	for _, tr := range append([]setup{
		{name: "slow pieces", faults: "receive:delay=1..3 receive:partial=1..4 seed=1"},
		{name: "TLS 1.3 on slow pieces", faults: "at=bottom receive:delay=1..3 receive:partial=1..20 seed=1", tls: tlslayer.TLS13},
		{name: "TLS 1.3 below slow pieces", faults: "at=top receive:delay=1..3 receive:partial=1..4 seed=1", tls: tlslayer.TLS13},
		{name: "WebSocket on slow pieces", faults: "at=bottom receive:delay=1..3 receive:partial=1..4 seed=1", websocket: true},
	}, layered...) {
		if tr.alike {
			continue
		}
		for _, how := range endings {
			if tr.tls == 0 && !tr.websocket && how.name == endings[0].name || tr.unix && how.name == "a reset" {
				continue
			}
			for _, when := range []string{withIt, beforeReceive, behindReceive, later} {
				for _, bytewise := range []bool{false, true} {
					t.Run(fmt.Sprintf("%s/%s/%s/bytewise %v", tr.name, how.name, when, bytewise), func(t *testing.T) {
						r, watch := watchedQueue(t, tr)
						s, p, w := r.behindWire()
						r.attach(s, false)
						p.send("5\r\nfirst")
						r.message(s, "first")
						message := w.bytesOf(func() { p.send("5\r\nHello") })
						var orderly []byte
						if c, has := p.Conn.(interface{ CloseWrite() error }); has {
							orderly = w.bytesOf(func() { require.NoError(t, c.CloseWrite()) })
						}
						end := func() { how.end(p, orderly) }
						if bytewise {
							last := len(message) - 1
							for _, b := range message[:last] {
								r.receives(s, p, []byte{b})
							}
							message = message[last:]
						}
						switch when {
						case withIt:
							if how.name == endings[0].name {
								message, end = append(message, orderly...), func() {}
							}
						case beforeReceive:
							watch.before, end = end, func() {}
						case behindReceive:
							watch.after, end = end, func() {}
						}
						_, err := p.tcp.Write(message)
						require.NoError(t, err)
						if when != later {
							end()
						}
						r.message(s, "Hello")
						if when == later {
							r.receives(s, p, nil)
							end()
						}
						e := r.next()
						require.NotEqual(t, EventMessage, e.Kind)
						require.ErrorIs(t, s.Why(), how.code(tr))
					})
				}
			}
		}
	}
}

// receives sends bytes and has the queue receive them, which make no message.
func (r *rig) receives(s *Socket, p *peer, b []byte) {
	r.Helper()
	conn := s.stream.Load().conn
	until := conn.BytesIn() + int64(len(b))
	_, err := p.tcp.Write(b)
	require.NoError(r, err)
	r.eventually(func() bool {
		_, told := r.within(time.Millisecond)
		require.False(r, told)
		return conn.BytesIn() == until
	}, "the bytes are received")
}

// TestQueueReceivesBehindUrgentData: a receive ends in front of it, and the system makes no
// further event for what is there already.
func TestQueueReceivesBehindUrgentData(t *testing.T) {
	plainly(t, func(k *kit) {
		r := newRig(k)
		s, p := k.raw(k, nil)
		r.attach(s, false)
		p.send("5\r\nfirst")
		r.message(s, "first")
		raw, err := p.tcp.(*net.TCPConn).SyscallConn()
		require.NoError(k, err)
		for range 3 {
			p.send("3\r\nabc")
			require.NoError(k, raw.Control(func(fd uintptr) { err = unix.Sendto(int(fd), []byte("!"), unix.MSG_OOB, nil) }))
			require.NoError(k, err)
			p.send("3\r\ndef")
			r.message(s, "abc")
			r.message(s, "def")
		}
		r.silent()
		require.NoError(k, p.Close())
		r.expectEvent(s, EventPeerClosed)
	})
}
