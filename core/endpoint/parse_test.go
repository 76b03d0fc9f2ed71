package endpoint

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// local is what local:name stands for.
func local(name string) Location {
	if runtime.GOOS == "windows" {
		return Location{Scheme: Local, Kind: PipeName, Path: name}
	}
	return Location{Scheme: Local, Kind: UnixPath, Path: "/tmp/local." + name}
}

func TestParseLocation(t *testing.T) {
	for _, c := range []struct {
		text string
		port int
		want Location
	}{
		{"", 0, Location{Kind: IP}},
		{" host ", 7, At("host", 7)},
		{"host:80", 0, At("host", 80)},
		{"host:80", 80, At("host", 80)},
		{":80", 0, At("", 80)},
		{"10.0.0.5", 1, At("10.0.0.5", 1)},
		{"::1", 1, At("::1", 1)},
		{"[::1]", 1, At("::1", 1)},
		{"[::1]:2", 0, At("::1", 2)},
		{"[fe80::1%eth0]:2", 0, At("fe80::1%eth0", 2)},
		{"müller.example:80", 0, At("müller.example", 80)},

		{"host:5000-5010", 0, Location{Kind: IP, Host: "host", Port: 5000, PortTo: 5010}},
		{":5000-5000", 0, Location{Kind: IP, Port: 5000, PortTo: 5000}},
		{"[::1]:1-65535", 0, Location{Kind: IP, Host: "::1", Port: 1, PortTo: 65535}},

		{"tcp://host:80", 0, Location{Scheme: TCP, Kind: IP, Host: "host", Port: 80}},
		{"TLS://host", 443, Location{Scheme: TLS, Kind: IP, Host: "host", Port: 443}},
		{"tls://[fe80::1%eth0]:2", 0, Location{Scheme: TLS, Kind: IP, Host: "fe80::1%eth0", Port: 2}},
		{"tcp://:5000-5010", 0, Location{Scheme: TCP, Kind: IP, Port: 5000, PortTo: 5010}},

		{"ws://host:80/chat?room=1", 0, Location{Scheme: WS, Kind: IP, Host: "host", Port: 80, Path: "/chat?room=1"}},
		{"wss://müller.example/", 0, Location{Scheme: WSS, Kind: IP, Host: "müller.example", Path: "/"}},
		{"ws://[::1]?a:b@c", 9, Location{Scheme: WS, Kind: IP, Host: "::1", Port: 9, Path: "/?a:b@c"}},
		{"ws://host", 0, Location{Scheme: WS, Kind: IP, Host: "host"}},

		{"unix:/run/app.sock", 0, Location{Scheme: Unix, Kind: UnixPath, Path: "/run/app.sock"}},
		{"unix:///run/app.sock", 0, Location{Scheme: Unix, Kind: UnixPath, Path: "/run/app.sock"}},
		{"unix:/run/with blank:and colon", 0, Location{Scheme: Unix, Kind: UnixPath, Path: "/run/with blank:and colon"}},
		{"Unix:@name", 0, Location{Scheme: Unix, Kind: UnixPath, Path: "@name"}},
		{"unix:/" + strings.Repeat("x", 106), 0, Location{Scheme: Unix, Kind: UnixPath, Path: "/" + strings.Repeat("x", 106)}},
		{"pipe:name", 0, Location{Scheme: Pipe, Kind: PipeName, Path: "name"}},
		{"local:my.app-1", 0, local("my.app-1")},

		{"unix:80", 0, At("unix", 80)}, // a machine may have that name
		{"local:80", 0, At("local", 80)},
	} {
		at, err := ParseLocation(c.text, c.port)
		require.NoError(t, err, c.text)
		assert.Equal(t, c.want, at, c.text)
		checkRoundTrip(t, at)
	}
}

// checkRoundTrip asserts that the text of a Location is read as the Location.
func checkRoundTrip(t *testing.T, at Location) {
	t.Helper()
	again, err := ParseLocation(at.String(), 0)
	require.NoError(t, err, "%q", at.String())
	if at.Kind == IP && at.Host == "" {
		at.Host = "127.0.0.1"
	}
	require.Equal(t, at, again, "%q", at.String())
}

func TestParseLocationRefuses(t *testing.T) {
	for text, code := range map[string]fault.Code{
		"http://host/":               fault.Unsupported,
		"mailto:someone":             fault.Unsupported,
		"carrier-pigeon://roof":      fault.Unsupported,
		"host:65536":                 fault.Argument,
		"host:-1":                    fault.Argument,
		"host:0-5":                   fault.Argument,
		"host:5-":                    fault.Argument,
		"host:5010-5000":             fault.Argument,
		"host:1-2-3":                 fault.Argument,
		"host:1-65536":               fault.Argument,
		"[]:1":                       fault.Argument,
		"a:b:c":                      fault.Argument,
		"010.0.0.1":                  fault.Argument,
		"nul\x00inside":              fault.Argument,
		"tcp://host:80/path":         fault.Argument,
		"tls://user@host:80":         fault.Argument,
		"tls://::1":                  fault.Argument,
		"tls://010.0.0.1:80":         fault.Argument,
		"tcp:host":                   fault.Argument,
		"wss:host/path":              fault.Argument,
		"ws://user:secret@host/":     fault.Argument,
		"ws://host/a b":              fault.Argument,
		"ws://host/a\r\nHost: b":     fault.Argument,
		"ws://host/#part":            fault.Argument,
		"ws://host:port/":            fault.Argument,
		"unix:":                      fault.Argument,
		"unix:/":                     fault.Argument,
		"unix:relative":              fault.Argument,
		"unix:@":                     fault.Argument,
		"unix://host/path":           fault.Argument,
		"pipe:":                      fault.Argument,
		`pipe:a\b`:                   fault.Argument,
		"local:":                     fault.Argument,
		"local:a/b":                  fault.Argument,
		"local:Zürich":               fault.Argument,
		"pipe:" + long(248):          fault.Argument,
		"local:" + long(101):         fault.Argument,
		"unix:/" + long(maxUnixPath): fault.Argument,
		"unix:@" + long(maxUnixPath): fault.Argument,
	} {
		_, err := ParseLocation(text, 0)
		assert.Equal(t, code, fault.CodeOf(err), text)
	}
	for _, port := range []int{-1, 65536} {
		_, err := ParseLocation("host", port)
		assert.Equal(t, fault.Argument, fault.CodeOf(err))
	}
	for _, text := range []string{"host:80", "host:81-90", "host:80-90", "unix:/run/app.sock", "pipe:name", "local:name", "ws://host:80/"} {
		_, err := ParseLocation(text, 81)
		assert.Equal(t, fault.Argument, fault.CodeOf(err), text)
	}
}

func long(n int) string { return strings.Repeat("x", n) }

func TestTooLongPathIsTold(t *testing.T) {
	_, err := ParseLocation("unix:/"+long(200), 0)
	require.ErrorContains(t, err, "201 bytes, at most 107")
}

func TestDefaultPorts(t *testing.T) {
	for text, port := range map[string]uint16{"ws://host/": 80, "wss://host/": 443, "wss://host:9/": 9, "host": 0, "tls://host": 0} {
		at, err := ParseLocation(text, 0)
		require.NoError(t, err)
		assert.Equal(t, port, at.WithDefaultPort().Port, text)
		assert.Equal(t, port == 80 || port == 443, at.WithDefaultPort().DefaultPort(), text)
	}
}

func TestListeningLabels(t *testing.T) {
	for text, label := range map[string]string{
		":5000": "port 5000", ":5000-5010": "port 5000-5010", "host:80": "host:80", "tcp://:80": "tcp://127.0.0.1:80", "unix:@name": "unix:@name"} {
		at, err := ParseLocation(text, 0)
		require.NoError(t, err)
		assert.Equal(t, label, at.Listening())
	}
}

// What is read is printed back, and read again as the same.
func FuzzParseLocation(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string, port uint16) {
		at, err := ParseLocation(text, int(port))
		if err != nil {
			require.Contains(t, []fault.Code{fault.Argument, fault.Unsupported}, fault.CodeOf(err), text)
			return
		}
		require.False(t, at.PortTo != 0 && (at.Port == 0 || at.PortTo < at.Port))
		require.Equal(t, at.Kind == IP, at.HasPort())
		require.NotContains(t, at.Path+at.Host, "\x00")
		if at.Scheme.WebSocket() {
			require.False(t, strings.ContainsAny(at.Path, " \r\n"))
		}
		if at.Scheme == Bare && strings.ContainsAny(at.Host, " \t[]%\n") && !IsIP(at.Host) {
			return // no name of a host; looking it up will tell
		}
		checkRoundTrip(t, at)
	})
}
