package route

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
)

func to(host string, port int) endpoint.Location { return endpoint.At(host, port) }

func TestParse(t *testing.T) {
	for text, want := range map[string]struct {
		proxies []Proxy
		shown   string
	}{
		"":                                       {nil, ""},
		" \t ":                                   {nil, ""},
		"http://proxy:3128":                      {[]Proxy{{Protocol: HTTP, Host: "proxy", Port: 3128}}, "http://proxy:3128"},
		"HTTP://proxy:3128/":                     {[]Proxy{{Protocol: HTTP, Host: "proxy", Port: 3128}}, "http://proxy:3128"},
		"http://proxy":                           {[]Proxy{{Protocol: HTTP, Host: "proxy", Port: 80}}, "http://proxy:80"},
		"https://proxy":                          {[]Proxy{{Protocol: HTTPS, Host: "proxy", Port: 443}}, "https://proxy:443"},
		"socks5://10.0.0.1":                      {[]Proxy{{Protocol: SOCKS5, Host: "10.0.0.1", Port: 1080}}, "socks5://10.0.0.1:1080"},
		"socks5h://[::1]:9050":                   {[]Proxy{{Protocol: SOCKS5H, Host: "::1", Port: 9050}}, "socks5h://[::1]:9050"},
		"http://a:b@proxy:1":                     {[]Proxy{{Protocol: HTTP, Host: "proxy", Port: 1, User: "a", Password: "b", Known: true}}, "http://***@proxy:1"},
		"http://a@proxy:1":                       {[]Proxy{{Protocol: HTTP, Host: "proxy", Port: 1, User: "a", Known: true}}, "http://***@proxy:1"},
		"http://:b@proxy:1":                      {[]Proxy{{Protocol: HTTP, Host: "proxy", Port: 1, Password: "b", Known: true}}, "http://***@proxy:1"},
		"http://proxy.müller.example:1":          {[]Proxy{{Protocol: HTTP, Host: "proxy.müller.example", Port: 1}}, "http://proxy.müller.example:1"},
		"socks5h://a%40b%3Ac:%2F%20%25@proxy:1":  {[]Proxy{{Protocol: SOCKS5H, Host: "proxy", Port: 1, User: "a@b:c", Password: "/ %", Known: true}}, "socks5h://***@proxy:1"},
		"http://a:p@ss@proxy:1":                  {[]Proxy{{Protocol: HTTP, Host: "proxy", Port: 1, User: "a", Password: "p@ss", Known: true}}, "http://***@proxy:1"},
		"socks5://a:b@one:1\t http://c:d@two:2 ": {[]Proxy{{Protocol: SOCKS5, Host: "one", Port: 1, User: "a", Password: "b", Known: true}, {Protocol: HTTP, Host: "two", Port: 2, User: "c", Password: "d", Known: true}}, "socks5://***@one:1 http://***@two:2"},
	} {
		w, err := Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, want.proxies, w.proxies, text)
		assert.Equal(t, want.shown, w.String(), text)
		assert.False(t, w.system)
		again, err := Parse(w.String())
		require.NoError(t, err, "what is shown can be read")
		assert.Len(t, again.proxies, len(want.proxies))
	}
	w, err := Parse(" System ")
	require.NoError(t, err)
	assert.True(t, w.system)
	assert.Equal(t, "system", w.String())
}

func TestTextsThatAreNoProxies(t *testing.T) {
	long := "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	for _, text := range []string{"proxy", "proxy:3128", "://proxy", "ftp://proxy:1", "socks4://proxy:1", "http://", "http://:80", "http://proxy:0", "http://proxy:65536",
		"http://proxy:x", "http://proxy:1/path", "http://proxy:1?x", "http://proxy:1?", "http://proxy:1#x", "http:proxy", "http://[::1", "http://a\"b:1", "http://s3cret:s3cret%zz@proxy:1",
		"http://s3cret:s3cret@pro xy:1", "http://s3cret:s3cret/x@proxy:1", "http://s3cret:s3cret#x@proxy:1", "http://s3cret%3Ax:s3cret@proxy:1",
		"socks5://:s3cret@proxy:1", "socks5://x:" + long + long + long + long + "@proxy:1", "system http://proxy:1", "http://proxy:1 system", "http://proxy:1,http://proxy:2",
		"http://a:1 http://a:1 http://a:1 http://a:1 http://a:1 http://a:1 http://a:1 http://a:1 http://a:1", "http://p\x00:1", "http://%41:1/%00"} {
		w, err := Parse(text)
		require.ErrorIs(t, err, fault.Argument, "%q", text)
		assert.NotContains(t, err.Error(), "s3cret", "%q", text)
		assert.Empty(t, w.proxies)
	}
}

func TestExceptions(t *testing.T) {
	x, err := ParseExceptions("example.com, *.intern;.sub.example a/b 10.0.0.0/8 192.168.* [2001:db8::1]:80 fe80::/10 printer:9100 müller.example 127.0.0.1")
	require.ErrorIs(t, err, fault.Argument, "a/b")
	require.Nil(t, x)
	x, err = ParseExceptions("example.com, *.intern;.sub.example 10.0.0.0/8 192.168.* [2001:db8::1]:80 fe80::/10 printer:9100 müller.example 127.0.0.1 2001:db8::2")
	require.NoError(t, err)
	for host, want := range map[string]bool{
		"example.com": true, "EXAMPLE.com.": true, "a.b.example.com": true, "notexample.com": false, "example.com.org": false,
		"a.intern": true, "intern": false, "x.sub.example": true, "sub.example": false,
		"10.9.8.7": true, "11.0.0.1": false, "::ffff:10.1.1.1": true, "192.168.7.7": true, "192.169.7.7": false,
		"2001:db8::1": true, "fe80::1%eth0": true, "printer": false, "xn--mller-kva.example": true, "www.müller.example": true, "localhost": false,
		"127.0.0.1": true, "127.0.0.2": false, "2001:db8::2": true, "2001:db8::3": false,
	} {
		assert.Equal(t, want, x.match(to(host, 80)), host)
	}
	assert.True(t, x.match(to("printer", 9100)))
	assert.False(t, x.match(to("2001:db8::1", 81)))
	zoned, err := ParseExceptions("[fe80::1%eth0]:80")
	require.NoError(t, err)
	assert.True(t, zoned.match(to("fe80::1%eth0", 80)))
	assert.False(t, zoned.match(to("fe80::1%eth0", 81)))
	local, err := ParseExceptions("<LOCAL>")
	require.NoError(t, err)
	assert.True(t, local.match(to("server", 1)))
	assert.False(t, local.match(to("server.example", 1)))
	assert.False(t, local.match(to("::1", 1)))
	all, err := ParseExceptions("*")
	require.NoError(t, err)
	assert.True(t, all.match(to("server.example", 1)))
	assert.True(t, all.match(to("10.0.0.1", 1)))
	none, err := ParseExceptions(" ,; ")
	require.NoError(t, err)
	assert.Nil(t, none)
	assert.Equal(t, "", none.String())
	assert.Equal(t, "*", all.String())
	for _, wrong := range []string{"http://x", "a/b", "x:0", "x:y", "10.0.0.0/99", "[x]"} {
		_, err := ParseExceptions(wrong)
		assert.ErrorIs(t, err, fault.Argument, wrong)
	}
}

func TestTheWayToATarget(t *testing.T) {
	w, err := Parse("http://a:b@one:1 socks5://two:2")
	require.NoError(t, err)
	way, err := w.To(to("db.example", 1), nil)
	require.NoError(t, err)
	assert.Equal(t, w.proxies, way)
	assert.Equal(t, "http://one:1 socks5://two:2", Labels(way))
	assert.Equal(t, to("one", 1), way[0].Location())
	way, err = w.To(to("127.0.0.1", 1), nil)
	require.NoError(t, err)
	assert.Len(t, way, 2, "a tunnel may end on the proxy's machine")
	x, err := ParseExceptions("db.example")
	require.NoError(t, err)
	for _, target := range []endpoint.Location{to("db.example", 1), to("", 1), {Host: "x", Kind: endpoint.Name}} {
		way, err = w.To(target, x)
		require.NoError(t, err)
		assert.Empty(t, way)
	}
	_, err = w.To(to("fe80::1%eth0", 1), nil)
	require.ErrorIs(t, err, fault.Argument)
	assert.ErrorContains(t, err, "WDS_TEXT_PROXY_EXCEPTIONS")
	way, err = Way{}.To(to("fe80::1%eth0", 1), nil)
	require.NoError(t, err)
	assert.Empty(t, way)
}

// clean takes the environment's proxies away.
func clean(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy", "REQUEST_METHOD"} {
		t.Setenv(name, "")
	}
}

func TestTheEnvironment(t *testing.T) {
	w, err := Parse("system")
	require.NoError(t, err)
	way := func(host string) string {
		way, err := w.To(to(host, 80), nil)
		require.NoError(t, err)
		return Labels(way)
	}
	clean(t)
	t.Setenv("NO_PROXY", "intern.example,10.0.0.0/8")
	t.Setenv("ALL_PROXY", "socks5h://a:b@all:1")
	assert.Equal(t, "socks5h://all:1", way("db.example"))
	t.Setenv("HTTPS_PROXY", "proxy:3128")
	assert.Equal(t, "http://proxy:3128", way("db.example"))
	assert.Equal(t, "http://proxy:3128", way("müller.example"))
	assert.Empty(t, way("intern.example"))
	assert.Empty(t, way("x.intern.example"))
	assert.Empty(t, way("10.1.2.3"))
	assert.Empty(t, way("localhost"))
	assert.Empty(t, way("127.0.0.1"))
	except, err := ParseExceptions("db.example")
	require.NoError(t, err)
	direct, err := w.To(to("db.example", 80), except)
	require.NoError(t, err)
	assert.Empty(t, direct, "the program's own exceptions go with it")
	for _, wrong := range []string{"ftp://s3cret:s3cret@proxy", "http://s3cret:s3cret@proxy:1/path", "http://s3cret:s3cret@:7"} {
		t.Setenv("HTTPS_PROXY", wrong)
		_, err := w.To(to("db.example", 80), nil)
		require.ErrorIs(t, err, fault.Argument, wrong)
		assert.ErrorContains(t, err, "db.example:80")
		assert.NotContains(t, err.Error(), "s3cret")
	}
}

func TestSettingsOfWindows(t *testing.T) {
	for _, c := range []struct{ proxies, bypass, host, want string }{
		{"", "", "db.example", ""},
		{"proxy:8080", "", "db.example", "http://proxy:8080"},
		{"proxy:8080", "*.example", "db.example", ""},
		{"proxy:8080", "10.*;<local>;wrong:port;db.example", "db.example", ""},
		{"proxy:8080", "10.*;<local>", "server", ""},
		{"proxy:8080", "10.*;<local>", "10.1.1.1", ""},
		{"proxy:8080", "10.*;<local>", "11.1.1.1", "http://proxy:8080"},
		{"http=one:1;https=two:2;ftp=three:3", "", "db.example", "http://two:2"},
		{"http=one:1 https=http://two:2", "", "db.example", "http://two:2"},
		{"http=one:1;socks=four:4", "", "db.example", "socks5h://four:4"},
		{"socks=four:4;https=two:2", "", "db.example", "http://two:2"},
		{"http=one:1", "", "db.example", ""},
	} {
		way, err := ofSettings(to(c.host, 80), c.proxies, c.bypass)
		require.NoError(t, err, c)
		assert.Equal(t, c.want, Labels(way), c)
	}
	_, err := ofSettings(to("db.example", 80), "gopher://x", "")
	require.ErrorIs(t, err, fault.Argument)
	clean(t)
	_, err = systems(to("db.example", 80))
	require.NoError(t, err, "what this machine is set to")
}

func FuzzParse(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		w, err := Parse(text)
		if err != nil {
			require.ErrorIs(t, err, fault.Argument)
			return
		}
		again, err := Parse(w.String())
		require.NoError(t, err, "%q", w.String())
		require.Equal(t, w.String(), again.String())
	})
}
