package tlslayer

import (
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

func TestAServerNeedsACertificate(t *testing.T) {
	_, err := NewServer(Settings{})
	e := isFault(t, err, fault.TLSCertificateFile, nameCertificate)
	assert.Equal(t, fault.PhaseOption, e.Phase)
}

func TestCertificateByServerName(t *testing.T) {
	root := newAuthority(t, "root")
	named := func(kind string, names ...string) *issued {
		return root.leaf(kind, func(c *x509.Certificate) { c.DNSNames = names })
	}
	main, wild := named("P-256", "main.example.com"), named("P-256", "*.shop.example.com")
	exact, other := named("P-256", "a.shop.example.com"), named("RSA", "main.example.com")
	s := serverOf(t, main)
	for _, id := range []*issued{wild, exact, other} {
		require.NoError(t, s.AddCertificate(id.pem(), ""))
	}
	server := serverParty(t, s)
	for _, tt := range []struct {
		host, suites string
		want         *issued
	}{
		{"main.example.com", "", main},
		{"b.shop.example.com", "", wild},
		{"a.shop.example.com", "", exact},
		{"A.Shop.example.com", "", exact},
		{"127.0.0.1", "", main},
		{"unknown.example.com", "", main},
		{"main.example.com", "ECDHE-RSA-AES128-GCM-SHA256", other},
		{"unknown.example.com", "ECDHE-RSA-AES128-GCM-SHA256", other},
	} {
		var c Settings
		addBits(t, &c, AcceptAny|TLS12)
		require.NoError(t, c.SetSuites(tt.suites))
		party, err := NewClient(c, tt.host, nil)
		require.NoError(t, err)
		p := handshake(t, party, server).good(t)
		assert.Equal(t, pinOf(tt.want.cert), info(t, p.client, InfoPin, 0), tt.host)
	}
}

func TestReplacementUnderLoad(t *testing.T) {
	root := newAuthority(t, "root")
	first, second := root.leaf("P-256", nil), root.leaf("P-256", nil)
	server, client := serverParty(t, serverOf(t, first)), clientParty(t, trusting(t, root))
	before := handshake(t, client, server).good(t)

	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 25 {
				p := handshake(t, client, server)
				assert.NoError(t, p.clientErr)
				assert.NoError(t, p.serverErr)
				assert.Contains(t, []string{pinOf(first.cert), pinOf(second.cert)}, info(t, p.client, InfoPin, 0))
			}
		})
	}
	for i := range 20 {
		require.NoError(t, server.Replace(serverOf(t, []*issued{first, second}[i%2])))
	}
	wg.Wait()
	require.NoError(t, server.Replace(serverOf(t, second)))
	after := handshake(t, client, server).good(t)
	assert.Equal(t, pinOf(second.cert), info(t, after.client, InfoPin, 0))
	before.good(t)
	assert.Equal(t, pinOf(first.cert), info(t, before.client, InfoPin, 0))
	isFault(t, server.Replace(Settings{}), fault.TLSCertificateFile)
	handshake(t, client, server).good(t)
}

// resumes makes two connections and tells whether the second resumes the
// first.
func resumes(t *testing.T, one, two Settings, sessions *Sessions, server *Party, between func()) bool {
	t.Helper()
	connect := func(s Settings) *pair {
		party, err := NewClient(s, "localhost", sessions)
		require.NoError(t, err)
		return handshake(t, party, server).good(t) // reading takes the ticket of TLS 1.3
	}
	connect(one)
	if between != nil {
		between()
	}
	p := connect(two)
	resumed := info(t, p.client, InfoResumed, 0)
	assert.Equal(t, resumed, info(t, p.server, InfoResumed, 0))
	assert.Empty(t, info(t, p.client, InfoVerify, 0))
	assert.Equal(t, "localhost", info(t, p.client, InfoNames, 0))
	return resumed == "1"
}

func TestResumption(t *testing.T) {
	root := newAuthority(t, "root")
	id := root.leaf("P-256", nil)
	for _, version := range []int32{TLS12, TLS13} {
		settings := serverOf(t, id)
		server := serverParty(t, settings)
		client := trusting(t, root)
		addBits(t, &client, version)
		assert.True(t, resumes(t, client, client, &Sessions{}, server, nil))
		assert.False(t, resumes(t, client, client, nil, server, nil))

		full := client
		addBits(t, &full, NoResumption)
		assert.False(t, resumes(t, full, full, &Sessions{}, server, nil))

		pins := client
		require.NoError(t, pins.SetPins(pinOf(root.cert)))
		assert.False(t, resumes(t, client, pins, &Sessions{}, server, nil), "other trust, other sessions")
		more := client
		require.NoError(t, more.SetAuthorities(certPEM(root.cert, newAuthority(t, "more").cert)))
		assert.False(t, resumes(t, client, more, &Sessions{}, server, nil))

		assert.True(t, resumes(t, client, client, &Sessions{}, server, func() {
			require.NoError(t, server.Replace(serverOf(t, root.leaf("P-256", nil))))
		}), "tickets outlive a replacement")
		noTickets := settings
		addBits(t, &noTickets, NoResumption)
		assert.False(t, resumes(t, client, client, &Sessions{}, serverParty(t, noTickets), nil))
	}
}

// A ticket from before does not let a client in whom the new settings would
// refuse.
func TestResumptionAndOtherClientsTrusted(t *testing.T) {
	root := newAuthority(t, "root")
	clients, others := newAuthority(t, "clients"), newAuthority(t, "others")
	for _, version := range []int32{TLS12, TLS13} {
		settings := serverOf(t, root.leaf("P-256", nil))
		addBits(t, &settings, RequireClient)
		require.NoError(t, settings.SetAuthorities(clients.rootPEM()))
		server := serverParty(t, settings)
		client := trusting(t, root)
		addBits(t, &client, version)
		require.NoError(t, client.SetCertificate(clients.leaf("P-256", nil).pem(), ""))
		sessions := &Sessions{}
		require.True(t, resumes(t, client, client, sessions, server, nil))

		require.NoError(t, settings.SetAuthorities(others.rootPEM()))
		require.NoError(t, server.Replace(settings))
		party, err := NewClient(client, "localhost", sessions)
		require.NoError(t, err)
		p := handshake(t, party, server)
		isFault(t, p.serverErr, fault.TLSBadClientCertificate)
	}
}

func TestALPN(t *testing.T) {
	root := newAuthority(t, "root")
	for _, tt := range []struct {
		client, server, want string
		good                 bool
	}{
		{"h2,http/1.1", "http/1.1,h2", "http/1.1", true},
		{"h2", "", "", true},
		{"", "h2", "", true},
		{"h2", "mqtt", "", false},
	} {
		for _, version := range []int32{TLS12, TLS13} {
			client, server := trusting(t, root), serverOf(t, root.leaf("P-256", nil))
			addBits(t, &client, version)
			require.NoError(t, client.SetALPN(tt.client))
			require.NoError(t, server.SetALPN(tt.server))
			p := handshake(t, clientParty(t, client), serverParty(t, server))
			if !tt.good {
				isFault(t, p.clientErr, fault.TLSHandshake, "ALPN", "server:1")
				isFault(t, p.serverErr, fault.TLSHandshake, "ALPN", "client:2")
				continue
			}
			p.good(t)
			assert.Equal(t, tt.want, info(t, p.client, InfoALPN, 0))
			assert.Equal(t, tt.want, info(t, p.server, InfoALPN, 0))
		}
	}
}

func TestVersions(t *testing.T) {
	root := newAuthority(t, "root")
	names := map[int32]string{TLS10: "TLS 1.0", TLS11: "TLS 1.1", TLS12: "TLS 1.2", TLS13: "TLS 1.3"}
	all := []int32{TLS10, TLS11, TLS12, TLS13}
	for _, ours := range all {
		for _, theirs := range all {
			client, server := trusting(t, root), serverOf(t, root.leaf("P-256", nil))
			addBits(t, &client, ours)
			addBits(t, &server, theirs)
			p := handshake(t, clientParty(t, client), serverParty(t, server))
			if ours == theirs {
				p.good(t)
				assert.Equal(t, names[ours], info(t, p.client, InfoVersion, 0))
				continue
			}
			isFault(t, p.clientErr, fault.TLSNoCommonVersion, "server:1")
			isFault(t, p.serverErr, fault.TLSNoCommonVersion, "client:2")
		}
	}
}

func TestSuites(t *testing.T) {
	root := newAuthority(t, "root")
	for _, kind := range []string{"P-256", "RSA"} {
		server := serverParty(t, serverOf(t, root.leaf(kind, nil)))
		for openSSL, number := range openSSLNames() {
			ecdsa := strings.HasPrefix(openSSL, "ECDHE-ECDSA")
			if !strings.HasPrefix(openSSL, "ECDHE") || ecdsa != (kind == "P-256") || strings.Contains(openSSL, "RC4") ||
				strings.Contains(openSSL, "DES") || strings.HasSuffix(openSSL, "AES128-SHA256") {
				continue // crypto/tls servers do not take these unless they are asked for, too
			}
			client := trusting(t, root)
			require.NoError(t, client.SetSuites(openSSL))
			addBits(t, &client, TLS12)
			p := handshake(t, clientParty(t, client), server).good(t)
			assert.Equal(t, suitesByName()[openSSL].Name, info(t, p.client, InfoCipher, 0))
			assert.Equal(t, suitesByName()[openSSL].ID, number)
		}
	}
	client, server := trusting(t, root), serverOf(t, root.leaf("P-256", nil))
	addBits(t, &client, TLS12)
	require.NoError(t, client.SetSuites("ECDHE-ECDSA-AES128-GCM-SHA256"))
	require.NoError(t, server.SetSuites("ECDHE-ECDSA-AES256-GCM-SHA384"))
	p := handshake(t, clientParty(t, client), serverParty(t, server))
	isFault(t, p.clientErr, fault.TLSHandshake, "handshake failure")
	isFault(t, p.serverErr, fault.TLSHandshake, "cipher suite")
}

func TestGroups(t *testing.T) {
	root := newAuthority(t, "root")
	server := serverOf(t, root.leaf("P-256", nil))
	for _, g := range groups {
		client := trusting(t, root)
		require.NoError(t, client.SetGroups(g.names[len(g.names)-1]))
		p := handshake(t, clientParty(t, client), serverParty(t, server)).good(t)
		assert.Equal(t, g.names[0], info(t, p.client, InfoGroup, 0))
		assert.Equal(t, g.names[0], info(t, p.server, InfoGroup, 0))
	}
	client := trusting(t, root)
	require.NoError(t, client.SetGroups("X25519"))
	require.NoError(t, server.SetGroups("P-521"))
	p := handshake(t, clientParty(t, client), serverParty(t, server))
	isFault(t, p.clientErr, fault.TLSHandshake, "handshake failure")
	isFault(t, p.serverErr, fault.TLSHandshake, "client:2")
}

func TestKeyLog(t *testing.T) {
	root := newAuthority(t, "root")
	client := trusting(t, root)
	path := t.TempDir() + "/keys"
	require.NoError(t, client.SetKeyLog(path))
	server := serverParty(t, serverOf(t, root.leaf("P-256", nil)))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { handshake(t, clientParty(t, client), server) })
	}
	wg.Wait()
	lines, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, 4, strings.Count(string(lines), "SERVER_TRAFFIC_SECRET_0 "))
	require.NoError(t, os.Remove(path))
	require.NoError(t, os.Mkdir(path, 0o700))
	handshake(t, clientParty(t, client), server).good(t)
}

func TestSessionsAreBounded(t *testing.T) {
	root := newAuthority(t, "root")
	sessions := &Sessions{}
	view := sessions.view([32]byte{1})
	server := serverParty(t, serverOf(t, root.leaf("P-256", nil)))
	party, err := NewClient(trusting(t, root), "localhost", sessions)
	require.NoError(t, err)
	handshake(t, party, server).good(t)
	var s Settings = trusting(t, root)
	own := sessions.view(s.fingerprint(newTrust(&s, false, "localhost")))
	session, ok := own.Get("localhost")
	require.True(t, ok)
	_, ok = view.Get("localhost")
	assert.False(t, ok)
	for i := range sessionsKept {
		view.Put(fmt.Sprint(i), session)
	}
	_, ok = own.Get("localhost")
	assert.False(t, ok, "the oldest is given up")
	view.Put("5", nil)
	_, ok = view.Get("5")
	assert.False(t, ok)
}

// Without authorities or pins every client with a certificate of a public
// authority would be let in.
func TestServersThatVerifyClientsNeedAuthorities(t *testing.T) {
	root := newAuthority(t, "root")
	for _, bits := range []int32{AskClient, RequireClient, AskClient | RequireClient, RequireClient | OnlyAuthorities} {
		settings := serverOf(t, root.leaf("P-256", nil))
		server := serverParty(t, settings)
		addBits(t, &settings, bits)
		_, err := NewServer(settings)
		e := isFault(t, err, fault.Argument, "WDS_TEXT_SSL_AUTHORITIES", "WDS_TEXT_SSL_PINS")
		assert.Contains(t, e.Text(fault.French), "autorités")
		require.ErrorIs(t, server.Replace(settings), fault.Argument)
		_, err = NewClient(settings, "localhost", nil)
		require.NoError(t, err, "clients are verified by servers")

		anybody, pinned, trusting := settings, settings, settings
		addBits(t, &anybody, AcceptAny)
		require.NoError(t, pinned.SetPins(pinOf(root.leaf("P-256", nil).cert)))
		require.NoError(t, trusting.SetAuthorities(root.rootPEM()))
		for _, good := range []Settings{anybody, pinned, trusting} {
			require.NoError(t, server.Replace(good))
		}
	}
}
