package capture

import (
	"bytes"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"wdsocket/core/endpoint"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 30 * time.Second

var (
	here  = endpoint.Parse("127.0.0.1:40001")
	there = endpoint.Parse("10.0.0.5:5000")
	here6 = endpoint.Parse("[::1]:40001")
	far6  = endpoint.Parse("[2001:db8::5]:5000")
)

// reports collects what Files report.
type reports struct {
	mu  sync.Mutex
	all []error
}

func (r *reports) add(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, err)
}

func (r *reports) list() []error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]error(nil), r.all...)
}

// start makes Files whose tasks have ended when the test has.
func start(t *testing.T) (*Files, *reports, string) {
	t.Helper()
	reported := new(reports)
	fs := NewFiles(reported.add)
	t.Cleanup(func() { assert.True(t, fs.Wait(patience)) })
	return fs, reported, filepath.Join(t.TempDir(), "file")
}

// packet is one that was read from a capture.
type packet struct {
	at       time.Time
	comments []string
	network  gopacket.Flow
	tcp      *layers.TCP
	udp      *layers.UDP
}

// readCapture reads a file to its end with another library. The checksums of all
// packets are right.
func readCapture(t *testing.T, path string) []packet {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	blocks(t, data)
	r, err := pcapgo.NewNgReader(bytes.NewReader(data), pcapgo.NgReaderOptions{WantMixedLinkType: true})
	require.NoError(t, err)
	var all []packet
	for {
		raw, info, options, err := r.ReadPacketDataWithOptions()
		if err == io.EOF {
			return all
		}
		require.NoError(t, err)
		assert.Equal(t, info.Length, len(raw))
		first := layers.LayerTypeIPv4
		if raw[0]>>4 == 6 {
			first = layers.LayerTypeIPv6
		}
		decoded := gopacket.NewPacket(raw, first, gopacket.DecodeOptions{})
		require.Nil(t, decoded.ErrorLayer())
		if l, ok := decoded.TransportLayer().(interface {
			SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
		}); assert.True(t, ok) {
			require.NoError(t, l.SetNetworkLayerForChecksum(decoded.NetworkLayer()))
		}
		bad, mismatches := decoded.VerifyChecksums()
		require.NoError(t, bad)
		assert.Empty(t, mismatches)
		p := packet{at: info.Timestamp, comments: options.Comments, network: decoded.NetworkLayer().NetworkFlow()}
		switch l := decoded.TransportLayer().(type) {
		case *layers.TCP:
			p.tcp = l
		case *layers.UDP:
			p.udp = l
		}
		all = append(all, p)
	}
}

// blocks tells the types of all blocks, whose lengths hold together.
func blocks(t *testing.T, data []byte) []uint32 {
	t.Helper()
	var types []uint32
	for len(data) > 0 {
		require.GreaterOrEqual(t, len(data), 12)
		length := int(order.Uint32(data[4:]))
		require.Zero(t, length%4)
		require.GreaterOrEqual(t, len(data), length)
		require.Equal(t, length, int(order.Uint32(data[length-4:])))
		types = append(types, order.Uint32(data))
		data = data[length:]
	}
	return types
}

// follow puts the two directions of one connection together, by the numbers of
// its packets: what the end at source sent. What is missing is an error.
func follow(t *testing.T, all []packet, source netip.AddrPort) []byte {
	t.Helper()
	var got []byte
	next, begun := uint32(0), false
	for _, p := range all {
		if p.tcp == nil || sourceOf(t, p) != source {
			continue
		}
		if !begun {
			begun, next = true, p.tcp.Seq
		}
		require.Equal(t, next, p.tcp.Seq)
		got = append(got, p.tcp.Payload...)
		next += uint32(len(p.tcp.Payload))
		if p.tcp.SYN || p.tcp.FIN {
			next++
		}
	}
	return got
}

func sourceOf(t *testing.T, p packet) netip.AddrPort {
	t.Helper()
	a, ok := netip.AddrFromSlice(p.network.Src().Raw())
	require.True(t, ok)
	port := uint16(0)
	if p.tcp != nil {
		port = uint16(p.tcp.SrcPort)
	} else {
		port = uint16(p.udp.SrcPort)
	}
	return netip.AddrPortFrom(a, port)
}

// base is what a layer stands on.
type base struct {
	reads  [][]byte
	end    error
	wrote  bytes.Buffer
	broken error
}

func (b *base) Read(p []byte) (int, error) {
	if len(b.reads) == 0 {
		return 0, b.end
	}
	n := copy(p, b.reads[0])
	if b.reads[0] = b.reads[0][n:]; len(b.reads[0]) == 0 {
		b.reads = b.reads[1:]
	}
	return n, nil
}

func (b *base) Write(p []byte) (int, error) {
	if b.broken != nil {
		return 0, b.broken
	}
	return b.wrote.Write(p)
}

func (b *base) Unsent() int           { return 7 }
func (b *base) Drain(time.Time) error { return nil }
