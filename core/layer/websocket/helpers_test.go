package websocket

import (
	"encoding/binary"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is what a test waits for something that has to come.
const patience = 60 * time.Second

// queue is one direction of a connection in memory.
type queue struct {
	mu    sync.Mutex
	bytes []byte
	ended error
	added chan struct{}
}

func (q *queue) put(p []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.bytes = append(q.bytes, p...)
	q.signal()
}

func (q *queue) end(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended == nil {
		q.ended = err
	}
	q.signal()
}

func (q *queue) signal() {
	select {
	case q.added <- struct{}{}:
	default:
	}
}

func (q *queue) take(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := copy(p, q.bytes)
	q.bytes = append(q.bytes[:0], q.bytes[n:]...)
	if n == 0 {
		return 0, q.ended
	}
	return n, nil
}

// takeAll takes what has been put so far.
func (q *queue) takeAll() []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.bytes
	q.bytes = nil
	return all
}

// end is one end of a connection in memory, as layer.Base promises: Read waits for
// at most wait, Write never does.
type end struct {
	in, out *queue
	wait    time.Duration
	most    int // bytes per Read, 0 for any
	unsent  int
}

func pipe() (a, b *end) {
	one, two := &queue{added: make(chan struct{}, 1)}, &queue{added: make(chan struct{}, 1)}
	return &end{in: one, out: two, wait: patience}, &end{in: two, out: one, wait: patience}
}

func (e *end) Read(p []byte) (int, error) {
	if e.most > 0 {
		p = p[:min(len(p), e.most)]
	}
	if n, err := e.in.take(p); n > 0 || err != nil {
		return n, err
	}
	if e.wait == 0 {
		return 0, fault.New(fault.Timeout, fault.PhaseRead, "bottom")
	}
	late := time.NewTimer(e.wait)
	defer late.Stop()
	for {
		select {
		case <-e.in.added:
		case <-late.C:
			return 0, fault.New(fault.Timeout, fault.PhaseRead, "bottom")
		}
		if n, err := e.in.take(p); n > 0 || err != nil {
			return n, err
		}
	}
}

func (e *end) Write(p []byte) (int, error) {
	e.out.put(p)
	return len(p), nil
}

// stop ends the sending side.
func (e *end) stop() { e.out.end(fault.New(fault.PeerClosed, fault.PhaseRead, "bottom")) }

func (e *end) Unsent() int             { return e.unsent }
func (e *end) Drain(_ time.Time) error { return nil }

// pair is a connection with both its ends.
type pair struct {
	client, server             *Conn
	clientBottom, serverBottom *end
}

// connect makes a connection.
func connect(t testing.TB, client ClientConfig, server ServerConfig) *pair {
	t.Helper()
	p := new(pair)
	p.clientBottom, p.serverBottom = pipe()
	if client.Host == "" {
		client.Host = "example.com"
	}
	c, err := NewClient(client)
	require.NoError(t, err)
	s, err := NewServer(server)
	require.NoError(t, err)
	var wg sync.WaitGroup
	var one, two layer.Conn
	var clientErr, serverErr error
	wg.Go(func() { one, clientErr = c.Handshake(p.clientBottom, "server:80") })
	wg.Go(func() { two, serverErr = s.Handshake(p.serverBottom, "client:5000") })
	wg.Wait()
	require.NoError(t, clientErr)
	require.NoError(t, serverErr)
	p.client, p.server = one.(*Conn), two.(*Conn)
	return p
}

// recordsOf is connect with records.
func recordsOf(t testing.TB, compressed bool) *pair {
	t.Helper()
	config := Config{Records: true, Compression: compressed}
	return connect(t, ClientConfig{Config: config}, ServerConfig{Config: config})
}

// record makes a record.
func record(flags byte, payload string) []byte {
	b := binary.BigEndian.AppendUint32([]byte{flags}, uint32(len(payload)))
	return append(b, payload...)
}

// message is what a peer gets.
type message struct {
	text    bool
	payload string
	parts   int
}

// messages reads the messages of a Conn, with memory of size bytes.
type messages struct {
	c    *Conn
	size int
	kept []byte
}

// next reads one message.
func (r *messages) next() (m message, err error) {
	buf := make([]byte, r.size)
	for {
		for len(r.kept) >= RecordHeader {
			n := int(binary.BigEndian.Uint32(r.kept[1:]))
			if len(r.kept) < RecordHeader+n {
				break
			}
			flags := r.kept[0]
			m.text = flags&FlagText != 0
			m.payload += string(r.kept[RecordHeader : RecordHeader+n])
			m.parts++
			r.kept = r.kept[RecordHeader+n:]
			if flags&FlagMore == 0 {
				return m, nil
			}
		}
		n, err := r.c.Read(buf)
		if err != nil {
			return m, err
		}
		r.kept = append(r.kept, buf[:n]...)
	}
}

// readMessage reads one message behind which nothing else has come.
func readMessage(c *Conn, size int) (message, error) {
	return (&messages{c: c, size: size}).next()
}
