package core

import (
	"net"
	"net/netip"
	"sync"

	"github.com/stretchr/testify/require"
)

// fakeDNS is a name server on this machine: it knows the names it was told,
// ignores those that are to be silent, and denies all others.
type fakeDNS struct {
	conn net.PacketConn
	mu   sync.Mutex
	by   map[string][]netip.Addr
	mute map[string]bool
	seen map[string]int // questions for IPv4
}

func newFakeDNS(k *kit) *fakeDNS {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(k, err)
	d := &fakeDNS{conn: conn, by: map[string][]netip.Addr{}, mute: map[string]bool{}, seen: map[string]int{}}
	done := k.start(func() error { d.serve(); return nil })
	k.Cleanup(func() { conn.Close(); <-done })
	return d
}

func (d *fakeDNS) address() string { return d.conn.LocalAddr().String() }

func (d *fakeDNS) answer(name, addr string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.by[name] = append(d.by[name], netip.MustParseAddr(addr))
}

func (d *fakeDNS) silence(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mute[name] = true
}

func (d *fakeDNS) asked(name string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seen[name]
}

func (d *fakeDNS) serve() {
	buf := make([]byte, 512)
	for {
		n, from, err := d.conn.ReadFrom(buf)
		if err != nil {
			return
		}
		if reply := d.reply(buf[:n]); reply != nil {
			d.conn.WriteTo(reply, from)
		}
	}
}

// reply answers one question (RFC 1035, section 4); nil is silence.
func (d *fakeDNS) reply(query []byte) []byte {
	const header = 12
	name, at := "", header
	for query[at] != 0 {
		length := int(query[at])
		if name != "" {
			name += "."
		}
		name += string(query[at+1 : at+1+length])
		at += 1 + length
	}
	kind := query[at+2]
	question := query[header : at+5]
	d.mu.Lock()
	defer d.mu.Unlock()
	const typeA, typeAAAA = 1, 28
	if kind == typeA {
		d.seen[name]++
	}
	if d.mute[name] {
		return nil
	}
	out := []byte{query[0], query[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}
	if len(d.by[name]) == 0 {
		out[3] |= 3 // no such name
	}
	out = append(out, question...)
	for _, addr := range d.by[name] {
		if addr.Is4() != (kind == typeA) || kind != typeA && kind != typeAAAA {
			continue
		}
		raw := addr.AsSlice()
		out[7]++
		out = append(out, 0xc0, header, 0, kind, 0, 1, 0, 0, 0, 60, 0, byte(len(raw)))
		out = append(out, raw...)
	}
	return out
}
