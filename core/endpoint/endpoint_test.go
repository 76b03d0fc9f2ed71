package endpoint

import (
	"net/netip"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

func TestAddr(t *testing.T) {
	a := Parse("10.0.0.5:5000")
	assert.Equal(t, "10.0.0.5:5000", a.String())
	assert.Equal(t, "10.0.0.5:5000", string(a.AppendTo(nil)))
	assert.Equal(t, "10.0.0.5", a.Host())
	assert.EqualValues(t, 5000, a.Port())
	assert.Equal(t, IP, a.Kind())
	assert.Equal(t, a, Parse("[::ffff:10.0.0.5]:5000"), "IPv4 in IPv6 is IPv4")
	assert.NotEqual(t, a, Parse("10.0.0.5:5001"))
	assert.Equal(t, a.WithoutPort(), Parse("10.0.0.5:5001").WithoutPort())
	assert.Equal(t, "fe80::1%eth0", Parse("[fe80::1%eth0]:1").Host())

	for _, none := range []Addr{{}, Parse("10.0.0.5"), Parse("host:1"), FromIP(netip.Addr{}, 7), FromAddrPort(netip.AddrPort{}), Addr{}.WithoutPort()} {
		assert.False(t, none.IsValid())
		assert.Zero(t, none)
		assert.Empty(t, none.String()+none.Host()+string(none.AppendTo(nil)))
	}
}

func TestAddrOfAName(t *testing.T) {
	a := FromName("printer.local", 9100)
	assert.Equal(t, Name, a.Kind())
	assert.Equal(t, "printer.local:9100", a.String())
	assert.Equal(t, "printer.local:9100", string(a.AppendTo(nil)))
	assert.Equal(t, "printer.local", a.Host())
	assert.EqualValues(t, 9100, a.Port())
	assert.Equal(t, a, FromName("printer."+"local", 9100))
	assert.Equal(t, FromName("printer.local", 1).WithoutPort(), a.WithoutPort())
	assert.NotEqual(t, FromName("other.local", 9100), a)
	assert.False(t, a.IP().IsValid())
	assert.False(t, a.AddrPort().IsValid())
}

func TestAddrKeepsTheIPAddress(t *testing.T) {
	for _, text := range []string{"0.0.0.0", "10.0.0.5", "255.255.255.255", "::", "::1", "2001:db8::7", "fe80::1%eth0"} {
		ip := netip.MustParseAddr(text)
		assert.Equal(t, ip, FromIP(ip, 7).IP(), text)
		assert.Equal(t, netip.AddrPortFrom(ip, 7), FromIP(ip, 7).AddrPort(), text)
		assert.Equal(t, FromIP(ip, 7), Parse(FromIP(ip, 7).String()), text)
	}
}

func TestLocationInErrors(t *testing.T) {
	assert.Equal(t, "host:80", At("host", 80).String())
	assert.Equal(t, "[::1]:80", At("::1", 80).String())
	assert.Equal(t, "127.0.0.1:80", At("", 80).String())
}

// An idle connection has one or two of them.
func TestAddrIsSmallAndAllocatesNothing(t *testing.T) {
	assert.LessOrEqual(t, unsafe.Sizeof(Addr{}), unsafe.Sizeof(netip.AddrPort{}))
	ip, seen := netip.MustParseAddr("2001:db8::1"), map[Addr]int{}
	seen[FromIP(ip, 0)] = 0
	assert.Zero(t, testing.AllocsPerRun(100, func() { seen[FromIP(ip, 1).WithoutPort()]++ }))
}

func TestParseLocation(t *testing.T) {
	for _, c := range []struct {
		text string
		port int
		host string
		want int
	}{
		{"", 0, "", 0},
		{" host ", 7, "host", 7},
		{"host:80", 0, "host", 80},
		{"host:80", 80, "host", 80},
		{":80", 0, "", 80},
		{"10.0.0.5", 1, "10.0.0.5", 1},
		{"::1", 1, "::1", 1},
		{"[::1]", 1, "::1", 1},
		{"[::1]:2", 0, "::1", 2},
		{"[fe80::1%eth0]:2", 0, "fe80::1%eth0", 2},
	} {
		at, err := ParseLocation(c.text, c.port)
		require.NoError(t, err, c.text)
		assert.Equal(t, Location{Host: c.host, Port: uint16(c.want), Kind: IP}, at, c.text)
	}
	for text, code := range map[string]fault.Code{
		"wsx://host/":   fault.Unsupported,
		"unix:/tmp/x":   fault.Unsupported,
		"host:65536":    fault.Argument,
		"host:-1":       fault.Argument,
		"[]:1":          fault.Argument,
		"a:b:c":         fault.Argument,
		"010.0.0.1":     fault.Argument,
		"nul\x00inside": fault.Argument,
	} {
		_, err := ParseLocation(text, 0)
		assert.Equal(t, code, fault.CodeOf(err), text)
	}
	for _, port := range []int{-1, 65536} {
		_, err := ParseLocation("host", port)
		assert.Equal(t, fault.Argument, fault.CodeOf(err))
	}
	_, err := ParseLocation("host:80", 81)
	assert.Equal(t, fault.Argument, fault.CodeOf(err))
}

// An address of a WebSocket has its port from its scheme, unless it names one.
func TestWebSocketLocations(t *testing.T) {
	for text, want := range map[string]Location{
		"ws://host":                {Host: "host", Port: 80, Kind: IP, Scheme: "ws"},
		"WSS://host":               {Host: "host", Port: 443, Kind: IP, Scheme: "wss"},
		"ws://host:8080/chat?x=1":  {Host: "host", Port: 8080, Kind: IP, Scheme: "ws", Path: "/chat?x=1"},
		"wss://[::1]:1?x":          {Host: "::1", Port: 1, Kind: IP, Scheme: "wss", Path: "/?x"},
		"ws://10.0.0.1/a:b/ws://c": {Host: "10.0.0.1", Port: 80, Kind: IP, Scheme: "ws", Path: "/a:b/ws://c"},
	} {
		at, err := ParseLocation(text, 0)
		require.NoError(t, err, text)
		assert.Equal(t, want, at, text)
		assert.Equal(t, want.Port == 80 || want.Port == 443, at.DefaultPort(), text)
	}
	at, err := ParseLocation("ws://host/x", 7)
	require.NoError(t, err)
	assert.EqualValues(t, 7, at.Port)
}
