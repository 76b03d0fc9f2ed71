package websocket

import (
	"encoding/binary"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"wdsocket/core/layer"
	"wdsocket/core/layer/layertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is what a test waits for something that has to come.
const patience = 60 * time.Second

// pipe makes a connection in memory.
func pipe() (a, b *layertest.End) { return layertest.Pipe(patience) }

// pair is a connection with both its ends.
type pair struct {
	client, server             *Conn
	clientBottom, serverBottom *layertest.End
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
