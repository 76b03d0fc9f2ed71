package proxyheader

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pires/go-proxyproto"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/layer/layertest"
)

// v2 is a header of version 2 of a command, a family and what stands behind the length.
func v2(command, family byte, body string) string {
	b := append(bytes.Clone(proxyproto.SIGV2), command, family)
	return string(binary.BigEndian.AppendUint16(b, uint16(len(body)))) + body
}

// tlv is one TLV.
func tlv(kind byte, value string) string {
	return string(binary.BigEndian.AppendUint16([]byte{kind}, uint16(len(value)))) + value
}

// ends4 are the addresses of version 2 that the tests use: 192.0.2.7:700 to 203.0.113.5:443.
const ends4 = "\xC0\x00\x02\x07\xCB\x00\x71\x05\x02\xBC\x01\xBB"

// tls13 is the TLV of a client with a verified certificate.
var tls13 = tlv(0x20, "\x03\x00\x00\x00\x00"+tlv(0x21, "TLSv1.3")+tlv(0x23, "TLS_AES_128_GCM_SHA256")+tlv(0x22, "alice"))

// summed is a header with a checksum.
func summed(header string) string {
	b := []byte(header + tlv(0x03, "\x00\x00\x00\x00"))
	binary.BigEndian.PutUint16(b[atLength:], uint16(len(b)-fixedV2))
	binary.BigEndian.PutUint32(b[len(b)-crc32.Size:], crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
	return string(b)
}

// good are headers that are right, with what they say.
var good = []struct {
	name, text, source, destination string
	local                           bool
}{
	{"TCP4", "PROXY TCP4 192.0.2.7 203.0.113.5 700 443\r\n", "192.0.2.7:700", "203.0.113.5:443", false},
	{"TCP6", "PROXY TCP6 2001:db8::7 ::1 700 443\r\n", "[2001:db8::7]:700", "[::1]:443", false},
	{"IPv4 as IPv6", "PROXY TCP6 ::ffff:192.0.2.7 ::1 700 443\r\n", "192.0.2.7:700", "[::1]:443", false},
	{"longest", "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
		"[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", false},
	{"UNKNOWN", "PROXY UNKNOWN\r\n", "", "", true},
	{"UNKNOWN with what is to be ignored", "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n", "", "", true},
	{"v2 IPv4", v2(0x21, 0x11, ends4), "192.0.2.7:700", "203.0.113.5:443", false},
	{"v2 IPv6", v2(0x21, 0x21, strings.Repeat("\x20", 16)+strings.Repeat("\x30", 16)+"\x02\xBC\x01\xBB"),
		"[2020:2020:2020:2020:2020:2020:2020:2020]:700", "[3030:3030:3030:3030:3030:3030:3030:3030]:443", false},
	{"v2 Unix", v2(0x21, 0x31, strings.Repeat("/x\x00\x00", 54)), "", "", false},
	{"v2 LOCAL", v2(0x20, 0x00, ""), "", "", true},
	{"v2 LOCAL with addresses", v2(0x20, 0x11, ends4), "", "", true},
	{"v2 LOCAL with less than addresses", v2(0x20, 0x11, "abc"), "", "", true},
	{"v2 LOCAL with a TLV cut off", v2(0x20, 0x00, "\x02\x00\x09x"), "", "", true},
	{"v2 without a family", v2(0x21, 0x00, ""), "", "", true},
	{"v2 with TLVs", v2(0x21, 0x11, ends4+tlv(0x04, "xx")+tlv(0x02, "example.org")+tls13), "192.0.2.7:700", "203.0.113.5:443", false},
	{"v2 with a checksum", summed(v2(0x21, 0x11, ends4+tlv(0x04, "padding"))), "192.0.2.7:700", "203.0.113.5:443", false},
	{"v2 of the greatest length", v2(0x21, 0x11, ends4+tlv(0xE0, strings.Repeat("x", LongestV2-12-3))), "192.0.2.7:700", "203.0.113.5:443", false},
}

// bad are headers that are not, with a part of their error.
var bad = []struct{ name, text, says string }{
	{"no line end", "PROXY TCP4 " + strings.Repeat("1", longestV1), "no line end within 107 bytes"},
	{"no CR", "PROXY TCP4 192.0.2.7 203.0.113.5 700 443\n", "not as the protocol says"},
	{"another protocol", "PROXY UDP4 192.0.2.7 203.0.113.5 700 443\r\n", "not as the protocol says"},
	{"no protocol", "PROXY \r\n", "not as the protocol says"},
	{"a port above", "PROXY TCP4 192.0.2.7 203.0.113.5 70000 443\r\n", "not as the protocol says"},
	{"a port with a zero", "PROXY TCP4 192.0.2.7 203.0.113.5 0700 443\r\n", "not as the protocol says"},
	{"an address of another family", "PROXY TCP4 ::1 ::1 700 443\r\n", "not as the protocol says"},
	{"a zone", "PROXY TCP6 fe80::1%eth0 ::1 700 443\r\n", "not as the protocol says"},
	{"a name", "PROXY TCP4 localhost 203.0.113.5 700 443\r\n", "not as the protocol says"},
	{"too few words", "PROXY TCP4 192.0.2.7\r\n", "not as the protocol says"},
	{"v2 too long", v2(0x21, 0x11, ends4+strings.Repeat("x", LongestV2)), "4108 bytes are announced, at most 4096"},
	{"v2 too short", v2(0x21, 0x21, ends4), "12 bytes are announced, too few for addresses of the family 21"},
	{"v2 of version 1", v2(0x11, 0x11, ends4), "version or command 11"},
	{"v2 command", v2(0x22, 0x11, ends4), "version or command 22"},
	{"v2 family", v2(0x21, 0x41, ends4), "family or protocol 41"},
	{"v2 protocol", v2(0x21, 0x13, ends4), "family or protocol 13"},
	{"v2 of a datagram", v2(0x21, 0x12, ends4), "family or protocol 12"},
	{"v2 with a TLV cut off", v2(0x21, 0x11, ends4+"\x02\x00\x09x"), "TLVs is cut off"},
	{"v2 with a TLV of TLS cut off", v2(0x21, 0x11, ends4+tlv(0x20, "\x01\x00")), "TLVs is cut off"},
	{"v2 with TLS and a fact of it cut off", v2(0x21, 0x11, ends4+tlv(0x20, "\x01\x00\x00\x00\x00\x21\x00\x09x")), "TLVs is cut off"},
	{"v2 with TLS of no version", v2(0x21, 0x11, ends4+tlv(0x20, "\x01\x00\x00\x00\x00")), "TLVs is cut off"},
	{"v2 with TLS of an empty version", v2(0x21, 0x11, ends4+tlv(0x20, "\x01\x00\x00\x00\x00"+tlv(0x21, ""))), "TLVs is cut off"},
	{"v2 with TLS of a version not in ASCII", v2(0x21, 0x11, ends4+tlv(0x20, "\x01\x00\x00\x00\x00"+tlv(0x21, "TLS\xE9"))), "TLVs is cut off"},
	{"v2 with TLS of an empty cipher", v2(0x21, 0x11, ends4+tlv(0x20, "\x00\x00\x00\x00\x00"+tlv(0x23, ""))), "TLVs is cut off"},
	{"v2 with TLS of a client not in UTF-8", v2(0x21, 0x11, ends4+tlv(0x20, "\x00\x00\x00\x00\x00"+tlv(0x22, "\xE9"))), "TLVs is cut off"},
	{"v2 with a wrong checksum", strings.Replace(summed(v2(0x21, 0x11, ends4)), "\xC0\x00\x02\x07", "\xC0\x00\x02\x08", 1), "checksum (CRC32C) is wrong"},
	{"v2 with a short checksum", v2(0x21, 0x11, ends4+tlv(0x03, "x")), "checksum (CRC32C) is wrong"},
}

func ended(code fault.Code) error { return fault.New(code, fault.PhaseRead, "proxy:1") }

var proxyAddr = endpoint.Parse("10.0.0.2:41234")

// serve runs the layer of a server on what came.
func serve(mode Mode, from *layertest.Script) (*Server, *layer.Finished, error) {
	s := NewServer(&Settings{Mode: mode, Timeout: time.Second}, proxyAddr)
	c, err := s.Handshake(from, "10.0.0.2:41234")
	if err != nil {
		return s, nil, err
	}
	return s, c.(*layer.Finished), nil
}

func TestAHeaderIsRead(t *testing.T) {
	for _, c := range good {
		for _, piece := range []int{0, 1, 13} {
			for _, behind := range []string{"", "Hello"} {
				for _, mode := range []Mode{Accepted, Required} {
					s, done, err := serve(mode, &layertest.Script{In: c.text + behind, Piece: piece})
					require.NoError(t, err, c.name)
					h := s.Header()
					require.NotNil(t, h, c.name)
					assert.Equal(t, c.source, h.Source.String(), c.name)
					assert.Equal(t, c.destination, h.Destination.String(), c.name)
					assert.Equal(t, c.local, h.Local, c.name)
					assert.Equal(t, c.local, s.Probe(), c.name)
					assert.Equal(t, len(c.text), h.Size, c.name)
					assert.Equal(t, proxyAddr, h.Proxy)
					assert.Equal(t, c.text[0] == 'P', h.Version == 1, c.name)
					if piece == 0 {
						assert.Equal(t, behind[:min(len(behind), max(0, 512-len(c.text)))], string(done.Rest), c.name)
					}
					switch from := done.From.String(); {
					case c.local:
						assert.Empty(t, from, "the proxy counts for no address yet")
					case c.source == "":
						assert.Equal(t, proxyAddr.String(), from, c.name)
					default:
						assert.Equal(t, c.source, from, c.name)
					}
				}
			}
		}
	}
}

// What came behind the header is not lost, wherever the pieces end.
func TestWhatComesBehindAHeaderIsKept(t *testing.T) {
	for _, c := range good {
		all := c.text + "Hello"
		for piece := 1; piece <= len(all); piece += 1 + len(all)/50 {
			from := &layertest.Script{In: all, Piece: piece}
			_, done, err := serve(Required, from)
			require.NoError(t, err, c.name)
			assert.Equal(t, "Hello", string(done.Rest)+from.In, "%s in pieces of %d", c.name, piece)
		}
	}
}

func TestAWrongHeaderIsToldOf(t *testing.T) {
	for _, c := range bad {
		for _, mode := range []Mode{Accepted, Required} {
			for _, piece := range []int{0, 1} {
				s, _, err := serve(mode, &layertest.Script{In: c.text, Piece: piece, End: io.ErrUnexpectedEOF})
				require.Equal(t, fault.ProxyHeader, fault.CodeOf(err), "%s: %v", c.name, err)
				assert.ErrorContains(t, err, c.says, c.name)
				assert.ErrorContains(t, err, "10.0.0.2:41234", c.name)
				assert.Nil(t, s.Header())
				assert.False(t, s.Probe())
				assert.NotContains(t, err.(*fault.Error).Text(fault.French), "{", c.name)
			}
		}
	}
}

func TestAConnectionThatBeginsOtherwise(t *testing.T) {
	for _, text := range []string{"GET / HTTP/1.1\r\n", "PROXYS", "PROXY\tTCP4", "\r\n\r\n\x00\r\nQUIX", "5\r\nHello", "\x16\x03\x01", "proxy tcp4"} {
		for _, piece := range []int{0, 1} {
			from := &layertest.Script{In: text, Piece: piece}
			s, done, err := serve(Accepted, from)
			require.NoError(t, err, text)
			assert.Equal(t, text, string(done.Rest)+from.In)
			assert.Equal(t, proxyAddr, done.From, "it is a client of its own")
			assert.Nil(t, s.Header())

			_, _, err = serve(Required, &layertest.Script{In: text, Piece: piece})
			assert.Equal(t, fault.NoProxyHeader, fault.CodeOf(err), text)
		}
	}
}

func TestAnEndBeforeTheHeaderIsWhole(t *testing.T) {
	for _, c := range []struct {
		text               string
		how                fault.Code
		accepted, required fault.Code
		probe              bool
	}{
		{"", fault.PeerClosed, fault.PeerClosed, fault.PeerClosed, true},
		{"", fault.Reset, fault.Reset, fault.Reset, true},
		{"", fault.Timeout, fault.OK, fault.Timeout, false},
		{"", fault.Cancelled, fault.Cancelled, fault.Cancelled, false},
		{"P", fault.PeerClosed, fault.OK, fault.ProxyHeader, false},
		{"\r\n", fault.Timeout, fault.OK, fault.Timeout, false},
		{"PROXY", fault.Reset, fault.OK, fault.ProxyHeader, false},
		{"PROXY TC", fault.PeerClosed, fault.ProxyHeader, fault.ProxyHeader, false},
		{"PROXY TC", fault.Timeout, fault.Timeout, fault.Timeout, false},
		{v2(0x21, 0x11, ends4)[:20], fault.PeerClosed, fault.ProxyHeader, fault.ProxyHeader, false},
		{v2(0x21, 0x11, ends4)[:14], fault.Timeout, fault.Timeout, fault.Timeout, false},
	} {
		for mode, want := range map[Mode]fault.Code{Accepted: c.accepted, Required: c.required} {
			s, done, err := serve(mode, &layertest.Script{In: c.text, End: ended(c.how)})
			require.Equal(t, want, fault.CodeOf(err), "%q %d: %v", c.text, c.how, err)
			assert.Equal(t, c.probe, s.Probe(), "%q", c.text)
			if want == fault.OK {
				assert.Equal(t, c.text, string(done.Rest))
			}
			if want == fault.Timeout {
				assert.ErrorContains(t, err, "within 1000 ms")
			}
		}
	}
}

// Version 1 has no command for a connection of the proxy's own: HAProxy's health checks
// tell of the connection itself.
func TestAHeaderAboutTheConnectionItself(t *testing.T) {
	for text, local := range map[string]bool{
		"PROXY TCP4 10.0.0.2 10.0.0.9 41234 5000\r\n":                      true,
		"PROXY TCP4 10.0.0.2 10.0.0.9 41235 5000\r\n":                      false, // a client on the proxy's machine
		v2(0x21, 0x11, "\x0A\x00\x00\x02\x0A\x00\x00\x09\xA1\x12\x13\x88"): false,
	} {
		s, _, err := serve(Required, &layertest.Script{In: text})
		require.NoError(t, err)
		assert.Equal(t, local, s.Probe(), "%q", text)
	}
}

func TestWhatTLVsSay(t *testing.T) {
	s, _, err := serve(Required, &layertest.Script{In: v2(0x21, 0x11, ends4+tlv(0x04, "pad")+tlv(0x01, "h2")+tlv(0x02, "a\nb.example")+tlv(0x05, "\x01\xFF")+tls13+tlv(0xE0, ""))})
	require.NoError(t, err)
	h := s.Header()
	assert.Equal(t, "h2", h.Info(InfoALPN))
	assert.Equal(t, `a\x0Ab.example`, h.Info(InfoAuthority), "it goes into texts")
	assert.Equal(t, "01ff", h.Info(InfoUniqueID))
	assert.Equal(t, "TLSv1.3", h.Info(InfoTLSVersion))
	assert.Equal(t, "TLS_AES_128_GCM_SHA256", h.Info(InfoTLSCipher))
	assert.Equal(t, "alice", h.Info(InfoTLSClient))
	assert.True(t, strings.HasPrefix(h.Info(InfoTLVs), "01=6832,02=610a622e6578616d706c65,05=01ff,20=03"), h.Info(InfoTLVs))
	assert.True(t, strings.HasSuffix(h.Info(InfoTLVs), ",E0="), h.Info(InfoTLVs))

	for name, ssl := range map[string]string{
		"not verified":   "\x03\x00\x00\x00\x01",
		"no certificate": "\x01\x00\x00\x00\x00",
	} {
		s, _, err := serve(Required, &layertest.Script{In: v2(0x21, 0x11, ends4+tlv(0x20, ssl+tlv(0x21, "TLSv1.3")+tlv(0x22, "alice")))})
		require.NoError(t, err)
		assert.Empty(t, s.Header().Info(InfoTLSClient), name)
		assert.Equal(t, "TLSv1.3", s.Header().Info(InfoTLSVersion))
	}
	s, _, err = serve(Required, &layertest.Script{In: v2(0x21, 0x11, ends4+tlv(0x20, "\x00\x00\x00\x00\x00"))})
	require.NoError(t, err)
	assert.Empty(t, s.Header().Info(InfoTLSVersion)+s.Header().Info(InfoTLSCipher)+s.Header().Info(InfoTLSClient)+s.Header().Info(InfoALPN)+s.Header().Info(InfoUniqueID), "no TLS")
}

// A header about a Unix socket says of which; version 1 has no form for that.
func TestHeaderOfAUnixSocket(t *testing.T) {
	at, err := endpoint.ParseLocation("unix:/run/app.sock", 0)
	require.NoError(t, err)
	b, err := Format(2, endpoint.FromProcess(7, 8), at.Addr())
	require.NoError(t, err)
	p, err := proxyproto.Read(bufio.NewReader(bytes.NewReader(b)))
	require.NoError(t, err)
	assert.Equal(t, proxyproto.UnixStream, p.TransportProtocol)
	assert.True(t, p.Command.IsProxy())
	assert.Equal(t, "/run/app.sock", p.DestinationAddr.(*net.UnixAddr).Name)
	b, err = Format(1, endpoint.FromProcess(7, 8), at.Addr())
	require.NoError(t, err)
	assert.Equal(t, "PROXY UNKNOWN\r\n", string(b))
}

func TestTrustedUnixSockets(t *testing.T) {
	trusted, err := ParseTrusted("10.0.0.2, unix:")
	require.NoError(t, err)
	assert.True(t, trusted.Has(endpoint.FromProcess(7, 8)))
	assert.True(t, trusted.Has(endpoint.Parse("10.0.0.2:1")))
	assert.False(t, trusted.Empty())
	all, err := ParseTrusted("0.0.0.0/0 ::/0")
	require.NoError(t, err)
	assert.False(t, all.Has(endpoint.FromProcess(7, 8)))
}

func TestTrustedAddresses(t *testing.T) {
	trusted, err := ParseTrusted(" 10.0.0.2, 192.168.7.0/24\tfd00::/8 ::ffff:172.16.0.0/108,2001:db8::1 ")
	require.NoError(t, err)
	assert.Equal(t, " 10.0.0.2, 192.168.7.0/24\tfd00::/8 ::ffff:172.16.0.0/108,2001:db8::1 ", trusted.String())
	for text, want := range map[string]bool{"10.0.0.2:1": true, "10.0.0.3:1": false, "192.168.7.255:1": true, "[fd12::1]:1": true, "[fe80::1%eth0]:1": false,
		"172.31.255.255:1": true, "172.32.0.0:1": false, "[2001:db8::1]:1": true, "[2001:db8::2]:1": false, "[::ffff:10.0.0.2]:1": true} {
		assert.Equal(t, want, trusted.Has(endpoint.Parse(text)), text)
	}
	zones, err := ParseTrusted("fe80::/10")
	require.NoError(t, err)
	assert.True(t, zones.Has(endpoint.Parse("[fe80::1%eth0]:1")))
	all, err := ParseTrusted("0.0.0.0/0")
	require.NoError(t, err)
	assert.True(t, all.Has(endpoint.FromIP(netip.MustParseAddr("1.2.3.4"), 5)))
	assert.False(t, all.Has(endpoint.FromName("host", 5)))
	assert.False(t, Trusted{}.Has(proxyAddr))
	assert.True(t, Trusted{}.Empty())
	for _, wrong := range []string{"localhost", "10.0.0.0/33", "10.0.0.1-10.0.0.9", "10.0.0.2;10.0.0.3", "fe80::1%eth0", "*"} {
		_, err := ParseTrusted("10.0.0.2 " + wrong)
		assert.Equal(t, fault.Argument, fault.CodeOf(err), wrong)
		assert.ErrorContains(t, err, wrong)
	}
}

func TestAClientSendsItsHeader(t *testing.T) {
	own, peer := endpoint.Parse("192.0.2.7:700"), endpoint.Parse("203.0.113.5:443")
	own6, peer6 := endpoint.Parse("[fe80::1%eth0]:700"), endpoint.Parse("[2001:db8::7]:443")
	for _, c := range []struct {
		version       int
		own, peer     endpoint.Addr
		text          string
		source, local string
	}{
		{1, own, peer, "PROXY TCP4 192.0.2.7 203.0.113.5 700 443\r\n", "192.0.2.7:700", ""},
		{1, own6, peer6, "PROXY TCP6 fe80::1 2001:db8::7 700 443\r\n", "[fe80::1]:700", ""},
		{1, own, endpoint.FromName("host", 80), "PROXY UNKNOWN\r\n", "", "local"},
		{2, own, peer, v2(0x21, 0x11, ends4), "192.0.2.7:700", ""},
		{2, own6, peer6, "", "[fe80::1]:700", ""},
		{2, own, endpoint.FromName("host", 80), v2(0x20, 0, ""), "", "local"},
	} {
		base := new(layertest.Script)
		l := NewClient(c.version, c.own, c.peer)
		assert.True(t, l.Instant())
		assert.Equal(t, fault.PhaseProxy, l.Phase())
		done, err := l.Handshake(base, "peer:1")
		require.NoError(t, err)
		assert.IsType(t, new(layer.Finished), done)
		if c.text != "" {
			assert.Equal(t, c.text, base.Out.String())
		}
		s, _, err := serve(Required, &layertest.Script{In: base.Out.String()})
		require.NoError(t, err)
		assert.Equal(t, c.source, s.Header().Source.String())
		assert.Equal(t, c.local != "", s.Header().Local)
	}
	_, err := NewClient(1, own, peer).Handshake(&layertest.Script{Refuses: ended(fault.Reset)}, "")
	assert.Equal(t, fault.Reset, fault.CodeOf(err))
}

func TestWhatIsAskedWithoutAHeader(t *testing.T) {
	for what := int32(InfoEndpoint - 1); what <= InfoTLSClient+1; what++ {
		assert.Empty(t, (*Header)(nil).Info(what))
		assert.Equal(t, what >= 4050 && what <= 4059, IsInfo(what))
	}
}

func TestTheLimitIsThatOfTheParser(t *testing.T) {
	assert.EqualValues(t, proxyproto.MaxV2HeaderSize, LongestV2)
}

// seeds are the corpus of the fuzz targets.
func seeds(f *testing.F, first byte) {
	for _, c := range good {
		if c.text[0] == first {
			f.Add([]byte(c.text + "Hello"))
		}
	}
	for _, c := range bad {
		if c.text[0] == first {
			f.Add([]byte(c.text))
		}
	}
}

// fuzz reads what comes as a header, at once and in pieces: nothing is lost, nothing
// panics, and what is said may be asked for.
func fuzz(f *testing.F) {
	f.Fuzz(func(t *testing.T, all []byte) {
		for _, mode := range []Mode{Accepted, Required} {
			var first string
			for _, piece := range []int{0, 7} {
				from := &layertest.Script{In: string(all), Piece: piece, End: ended(fault.PeerClosed)}
				s, done, err := serve(mode, from)
				said := ""
				if err != nil {
					said = fault.CodeOf(err).Name()
					_ = err.(*fault.Error).Text(fault.French)
				} else if h := s.Header(); h != nil {
					said = h.Source.String() + h.Destination.String() + h.Info(InfoTLVs) + h.Info(InfoAuthority) + h.Info(InfoALPN) + h.Info(InfoUniqueID) + h.Info(InfoTLSVersion) + h.Info(InfoTLSCipher) + h.Info(InfoTLSClient)
					require.Equal(t, string(all[h.Size:]), string(done.Rest)+from.In)
					require.LessOrEqual(t, h.Size, fixedV2+LongestV2)
				} else {
					require.Equal(t, Accepted, mode)
					require.Equal(t, string(all), string(done.Rest)+from.In)
				}
				if piece != 0 {
					require.Equal(t, first, said, "pieces change nothing")
				}
				first = said
			}
		}
	})
}

func FuzzVersion1(f *testing.F) {
	seeds(f, 'P')
	fuzz(f)
}

func FuzzVersion2(f *testing.F) {
	seeds(f, '\r')
	fuzz(f)
}
