package transport

import (
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/poll"
	"wdsocket/core/poll/polltest"
)

// dialed makes a connection whose other end is a plain one.
func dialed(t *testing.T, direct bool) (*tcpConn, net.Conn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	var g poll.Gate
	w := g.Enter(polltest.Patience, direct)
	defer w.Leave()
	c, err := Dial(w, target("127.0.0.1", ln.Addr().(*net.TCPAddr).Port))
	require.NoError(t, err)
	peer, err := ln.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { peer.Close() })
	return c.(*tcpConn), peer
}

// options are what an open socket needs.
func options() *Options {
	return &Options{NoDelay: true, KeepAlive: true, KeepAliveIdle: 30 * time.Second,
		KeepAliveInterval: 10 * time.Second, KeepAliveCount: 3, Linger: -1, Backlog: 100, MulticastTTL: 1}
}

func target(host string, port int) *Target {
	return &Target{Location: endpoint.At(host, port), Options: options()}
}

// nameServer is a name server on this machine. Each name has a behaviour.
type nameServer struct {
	conn net.PacketConn
	mu   sync.Mutex
	by   map[string]func(query []byte, kind byte) []byte
}

const (
	typeA    = 1
	typeAAAA = 28
)

func newNameServer(t *testing.T) *nameServer {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	d := &nameServer{conn: conn, by: make(map[string]func([]byte, byte) []byte)}
	done := make(chan struct{})
	var replies sync.WaitGroup
	go func() {
		defer close(done)
		buf := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			query := append([]byte(nil), buf[:n]...)
			replies.Go(func() {
				if reply := d.reply(query); reply != nil {
					conn.WriteTo(reply, from)
				}
			})
		}
	}()
	t.Cleanup(func() { conn.Close(); <-done; replies.Wait() })
	return d
}

func (d *nameServer) resolver() Resolver { return Resolver{Server: d.conn.LocalAddr().String()} }

func (d *nameServer) set(name string, f func(query []byte, kind byte) []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.by[name] = f
}

const dnsHeader = 12

func (d *nameServer) reply(query []byte) []byte {
	name, at := "", dnsHeader
	for query[at] != 0 {
		length := int(query[at])
		if name != "" {
			name += "."
		}
		name += string(query[at+1 : at+1+length])
		at += 1 + length
	}
	d.mu.Lock()
	f := d.by[name]
	d.mu.Unlock()
	if f == nil {
		return code(3)(query, query[at+2])
	}
	return f(query[:at+5], query[at+2])
}

// code is a behaviour: a reply with nothing but a response code (RFC 1035,
// section 4.1.1).
func code(rcode byte) func([]byte, byte) []byte {
	return func(query []byte, _ byte) []byte {
		out := append([]byte(nil), query...)
		out[2], out[3] = 0x81, 0x80|rcode
		for i := 6; i < dnsHeader; i++ {
			out[i] = 0
		}
		return out
	}
}

// addresses is a behaviour: the addresses of the family asked for.
func addresses(list ...string) func([]byte, byte) []byte {
	return func(query []byte, kind byte) []byte {
		out := code(0)(query, kind)
		for _, text := range list {
			addr := netip.MustParseAddr(text)
			if addr.Is4() && kind != typeA || addr.Is6() && kind != typeAAAA {
				continue
			}
			raw := addr.AsSlice()
			out[7]++
			out = append(out, 0xc0, dnsHeader, 0, kind, 0, 1, 0, 0, 0, 60, 0, byte(len(raw)))
			out = append(out, raw...)
		}
		return out
	}
}

// silent is a behaviour: no reply at all.
func silent([]byte, byte) []byte { return nil }

// slow is a behaviour that takes its time for one family.
func slow(late byte, by time.Duration, f func([]byte, byte) []byte) func([]byte, byte) []byte {
	return func(query []byte, kind byte) []byte {
		if kind == late {
			time.Sleep(by)
		}
		return f(query, kind)
	}
}

// wrong is a behaviour: replies that are none for this question.
func wrong(query []byte, kind byte) []byte {
	out := addresses("127.0.0.1")(query, kind)
	out[0], out[1] = ^out[0], ^out[1]
	return out
}
