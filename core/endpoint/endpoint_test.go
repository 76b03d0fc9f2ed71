package endpoint

import (
	"net/netip"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

func TestAddrOfAUnixSocket(t *testing.T) {
	for _, text := range []string{"unix:/run/app.sock", "unix:@name", "local:name", "pipe:name"} {
		at, err := ParseLocation(text, 0)
		require.NoError(t, err)
		a := at.Addr()
		assert.Equal(t, at.Kind, a.Kind())
		assert.Equal(t, []string{text, text, text}, []string{a.String(), a.Host(), string(a.AppendTo(nil))})
		assert.Zero(t, a.Port())
		assert.False(t, a.IP().IsValid())
		assert.Equal(t, a, at.Addr())
		assert.Equal(t, a, a.WithoutPort())
	}
	assert.Zero(t, At("host", 80).Addr(), "a host may have many addresses")
}

func TestAddrOfAProcess(t *testing.T) {
	a := FromProcess(1234, 1000)
	assert.Equal(t, "unix:pid=1234,uid=1000", a.String())
	assert.Equal(t, a.String(), a.Host()+string(a.AppendTo(nil))[len(a.Host()):])
	pid, uid, is := a.Process()
	assert.Equal(t, []any{uint32(1234), uint32(1000), true}, []any{pid, uid, is})
	assert.Equal(t, a.WithoutPort(), FromProcess(1235, 1000).WithoutPort(), "one user")
	assert.NotEqual(t, a.WithoutPort(), FromProcess(1234, 1001).WithoutPort())
	assert.Equal(t, "unix:uid=1000", a.WithoutPort().String())
	assert.False(t, a.IP().IsValid())
	_, _, is = Parse("10.0.0.5:1").Process()
	assert.False(t, is)
	_, err := ParseLocation(a.String(), 0)
	assert.Error(t, err, "nobody listens there")
}

func TestAddrOfAProcessInWindows(t *testing.T) {
	a := FromWindowsProcess(Pipe, 1234, "S-1-5-21-1")
	assert.Equal(t, "pipe:pid=1234", a.String())
	assert.Equal(t, "pipe:sid=S-1-5-21-1", a.WithoutPort().String())
	assert.Equal(t, a.WithoutPort(), FromWindowsProcess(Pipe, 1235, "S-1-5-21-1").WithoutPort(), "one user")
	assert.NotEqual(t, a.WithoutPort(), FromWindowsProcess(Pipe, 1234, "S-1-5-21-2").WithoutPort())
	unknown := FromWindowsProcess(Unix, 1234, "")
	assert.Equal(t, []string{"unix:pid=1234", "unix:"}, []string{unknown.String(), unknown.WithoutPort().String()})
	_, uid, is := a.Process()
	assert.True(t, is)
	assert.Equal(t, ^uint32(0), uid, "a SID is no number")
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
