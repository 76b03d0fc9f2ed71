package tlslayer

import (
	"crypto/x509"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

const aia = "http://ca.example.com/middle.cer"

// badCertificate is a leaf that a verifying peer refuses.
type badCertificate struct {
	name  string
	make  func(t *testing.T, root *issued) *issued
	code  fault.Code
	words string
}

var badCertificates = []badCertificate{
	{"self-signed", func(t *testing.T, _ *issued) *issued {
		return (&issued{t: t}).leaf("P-256", nil)
	}, fault.TLSSelfSigned, "leaf P-256"},
	{"unknown authority, root not sent", func(t *testing.T, _ *issued) *issued {
		return newAuthority(t, "stranger").leaf("P-256", nil)
	}, fault.TLSUnknownAuthority, "stranger"},
	{"unknown authority, root sent", func(t *testing.T, _ *issued) *issued {
		id := newAuthority(t, "stranger").leaf("P-256", nil)
		id.chain = []*x509.Certificate{id.root}
		return id
	}, fault.TLSUnknownAuthority, "stranger"},
	{"authority of the same name", func(t *testing.T, _ *issued) *issued {
		return newAuthority(t, "root").leaf("P-256", nil)
	}, fault.TLSUnknownAuthority, "root"},
	{"missing intermediate", func(t *testing.T, root *issued) *issued {
		id := root.authority("middle").leaf("P-256", func(c *x509.Certificate) { c.IssuingCertificateURL = []string{aia} })
		id.chain = nil
		return id
	}, fault.TLSMissingIntermediate, aia},
	{"missing intermediate, no address", func(t *testing.T, root *issued) *issued {
		id := root.authority("middle").leaf("P-256", nil)
		id.chain = nil
		return id
	}, fault.TLSUnknownAuthority, "middle"},
	{"expired intermediate", func(t *testing.T, root *issued) *issued {
		tmpl := template("middle")
		tmpl.IsCA, tmpl.BasicConstraintsValid, tmpl.NotAfter = true, true, time.Now().Add(-time.Hour)
		tmpl.KeyUsage, tmpl.ExtKeyUsage = x509.KeyUsageCertSign, nil
		return root.sign(tmpl, newKey(t, "P-256")).leaf("P-256", nil)
	}, fault.TLSExpired, "middle"},
	{"issuer is no authority", func(t *testing.T, root *issued) *issued {
		no := root.leaf("P-256", func(c *x509.Certificate) { c.Subject.CommonName = "no issuer" })
		return no.leaf("P-256", nil)
	}, fault.TLSBadCertificate, "no issuer"},
	{"made for something else", func(t *testing.T, root *issued) *issued {
		return root.leaf("P-256", func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning} })
	}, fault.TLSBadCertificate, "TLS"},
	{"expired", func(t *testing.T, root *issued) *issued {
		return root.leaf("P-256", func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) })
	}, fault.TLSExpired, "leaf P-256"},
	{"not yet valid", func(t *testing.T, root *issued) *issued {
		return root.leaf("P-256", func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) })
	}, fault.TLSNotYetValid, "leaf P-256"},
}

var wrongNames = []badCertificate{
	{"wrong host", func(t *testing.T, root *issued) *issued {
		return root.leaf("P-256", func(c *x509.Certificate) {
			c.DNSNames, c.IPAddresses = []string{"mail.example.com", "*.example.org"}, []net.IP{net.IPv4(10, 0, 0, 1)}
		})
	}, fault.TLSWrongHost, "mail.example.com, *.example.org, 10.0.0.1"},
	{"no names", func(t *testing.T, root *issued) *issued {
		return root.leaf("P-256", func(c *x509.Certificate) { c.Subject.CommonName, c.DNSNames = "localhost", nil })
	}, fault.TLSWrongHost, "localhost"},
}

// unchecked gives settings with a certificate that the setter may refuse.
func unchecked(t *testing.T, id *issued) Settings {
	t.Helper()
	m := material{certs: append([]*x509.Certificate{id.cert}, id.chain...), key: id.key}
	pair, err := m.pair("test")
	require.NoError(t, err)
	return Settings{own: []identity{{pair: pair}}, main: true}
}

func TestServersWithBadCertificates(t *testing.T) {
	root := newAuthority(t, "root")
	for _, tt := range append(badCertificates, wrongNames...) {
		for _, version := range []int32{TLS12, TLS13} {
			t.Run(tt.name, func(t *testing.T) {
				root.t = t
				server := unchecked(t, tt.make(t, root))
				client := trusting(t, root)
				addBits(t, &client, version)
				p := handshake(t, clientParty(t, client), serverParty(t, server))
				e := isFault(t, p.clientErr, tt.code, tt.words)
				assert.Equal(t, fault.PhaseTLS, e.Phase)
				if tt.code == fault.TLSWrongHost {
					assert.Equal(t, "localhost", e.Who)
				} else {
					assert.Equal(t, "server:1", e.Who)
				}
				if version == TLS12 || p.serverErr != nil {
					isFault(t, p.serverErr, fault.TLSHandshake, "client:2", "bad certificate")
				}

				addBits(t, &client, AcceptAny)
				p = handshake(t, clientParty(t, client), serverParty(t, server)).good(t)
				assert.Contains(t, info(t, p.client, InfoVerify, 0), tt.words)
				assert.Equal(t, e.Error(), info(t, p.client, InfoVerify, 0))
				assert.Equal(t, tt.code, verdictOf(p.client).Code)
			})
		}
	}
}

func TestClientsWithBadCertificates(t *testing.T) {
	root := newAuthority(t, "root")
	for _, bits := range []int32{AskClient, RequireClient} {
		for _, version := range []int32{TLS12, TLS13} {
			for _, tt := range badCertificates {
				t.Run(tt.name, func(t *testing.T) {
					root.t = t
					server := serverOf(t, root.leaf("P-256", nil))
					addBits(t, &server, bits|version)
					require.NoError(t, server.SetAuthorities(root.rootPEM()))
					client := unchecked(t, tt.make(t, root))
					client.bits, client.authorities = OnlyAuthorities, server.authorities
					p := handshake(t, clientParty(t, client), serverParty(t, server))
					e := isFault(t, p.serverErr, fault.TLSBadClientCertificate, tt.words, "client:2")
					assert.ErrorIs(t, e, tt.code)
					isFault(t, clientVerdict(p), fault.TLSBadClientCertificate, "bad certificate")

					addBits(t, &server, AcceptAny)
					p = handshake(t, clientParty(t, client), serverParty(t, server)).good(t)
					assert.Contains(t, info(t, p.server, InfoVerify, 0), tt.words)
				})
			}
		}
	}
}

func verdictOf(c *Conn) *fault.Error {
	state := c.tls.ConnectionState()
	return c.verdict(&state)
}

// clientVerdict is what the client hears: in TLS 1.3 only its first read tells.
func clientVerdict(p *pair) error {
	if p.clientErr != nil {
		return p.clientErr
	}
	_, err := p.client.Read(make([]byte, 1))
	return err
}

func TestClientCertificates(t *testing.T) {
	root := newAuthority(t, "root")
	id := root.authority("middle").leaf("P-256", func(c *x509.Certificate) {
		c.Subject.CommonName, c.DNSNames, c.EmailAddresses = "Marie", nil, []string{"marie@example.com"}
	})
	for _, kind := range []string{"P-256", "RSA", "Ed25519"} {
		for _, version := range []int32{TLS12, TLS13} {
			server := serverOf(t, root.leaf(kind, nil))
			require.NoError(t, server.SetAuthorities(root.rootPEM()))
			client := trusting(t, root)
			addBits(t, &client, version)

			p := handshake(t, clientParty(t, client), serverParty(t, server)).good(t)
			assert.Equal(t, fault.TLSBadCertificate, verdictOf(p.server).Code, "nobody asked for one")

			addBits(t, &server, AskClient)
			p = handshake(t, clientParty(t, client), serverParty(t, server)).good(t)
			assert.Equal(t, "0", info(t, p.server, InfoCount, 0))
			assert.Equal(t, fault.TLSNoClientCertificate, verdictOf(p.server).Code)

			addBits(t, &server, RequireClient)
			p = handshake(t, clientParty(t, client), serverParty(t, server))
			isFault(t, p.serverErr, fault.TLSNoClientCertificate, "client:2")
			isFault(t, clientVerdict(p), fault.TLSNoClientCertificate, "server:1")

			require.NoError(t, client.SetCertificate(id.pem(), ""))
			p = handshake(t, clientParty(t, client), serverParty(t, server)).good(t)
			assert.Equal(t, "2", info(t, p.server, InfoCount, 0))
			assert.Contains(t, info(t, p.server, InfoSubject, 0), "CN=Marie")
			assert.Contains(t, info(t, p.server, InfoIssuer, 0), "CN=middle")
			assert.Equal(t, "marie@example.com", info(t, p.server, InfoNames, 0))
			assert.Empty(t, info(t, p.server, InfoVerify, 0))

			require.NoError(t, server.SetPins(pinOf(id.cert)))
			handshake(t, clientParty(t, client), serverParty(t, server)).good(t)
			require.NoError(t, server.SetPins(pinOf(root.leaf("P-256", nil).cert)))
			p = handshake(t, clientParty(t, client), serverParty(t, server))
			isFault(t, p.serverErr, fault.TLSPin, pinOf(id.cert))
		}
	}
}

// A server with authorities of its own does not let in a client that has a
// certificate of a public authority.
func TestAServersAuthoritiesReplaceTheSystems(t *testing.T) {
	s := serverOf(t, newAuthority(t, "root").leaf("P-256", nil))
	assert.True(t, newTrust(&s, true, "").system)
	require.NoError(t, s.SetAuthorities(newAuthority(t, "clients").rootPEM()))
	assert.False(t, newTrust(&s, true, "").system)
	assert.True(t, newTrust(&s, false, "").system)
}

func TestPins(t *testing.T) {
	root := newAuthority(t, "root")
	middle := root.authority("middle")
	id, stranger := middle.leaf("P-256", nil), newAuthority(t, "stranger").leaf("P-256", nil)
	selfMade := (&issued{t: t}).leaf("P-256", nil)
	forged := (&issued{t: t}).leaf("P-256", nil)
	forged.chain = []*x509.Certificate{id.cert, middle.cert}
	tests := []struct {
		name   string
		server *issued
		pin    *x509.Certificate
		bits   int32
		code   fault.Code
	}{
		{"the leaf", id, id.cert, 0, fault.OK},
		{"the intermediate", id, middle.cert, 0, fault.OK},
		{"the root", id, root.cert, 0, fault.OK},
		{"another", id, stranger.cert, 0, fault.TLSPin},
		{"another, any accepted", id, stranger.cert, AcceptAny, fault.TLSPin},
		{"the leaf, any accepted", selfMade, selfMade.cert, AcceptAny, fault.OK},
		{"a pin does not replace trust", selfMade, selfMade.cert, 0, fault.TLSSelfSigned},
		{"only sent along, any accepted", forged, id.cert, AcceptAny, fault.TLSPin},
		{"issuer sent along, any accepted", forged, middle.cert, AcceptAny, fault.TLSPin},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client := trusting(t, root)
			addBits(t, &client, tt.bits)
			require.NoError(t, client.SetPins(pinOf(stranger.root)+","+pinOf(tt.pin)))
			p := handshake(t, clientParty(t, client), serverParty(t, unchecked(t, tt.server)))
			if tt.code == fault.OK {
				p.good(t)
				return
			}
			isFault(t, p.clientErr, tt.code, "server:1")
			if tt.code == fault.TLSPin {
				isFault(t, p.clientErr, tt.code, pinOf(tt.server.cert))
			}
		})
	}
}

func TestTheNameThatCounts(t *testing.T) {
	root := newAuthority(t, "root")
	id := root.leaf("P-256", func(c *x509.Certificate) {
		c.DNSNames, c.IPAddresses = []string{"*.example.com"}, []net.IP{net.IPv4(10, 0, 0, 1), net.ParseIP("fe80::1")}
	})
	server := serverParty(t, serverOf(t, id))
	for _, tt := range []struct {
		host, override string
		good           bool
		asked          string
	}{
		{"www.example.com", "", true, "www.example.com"},
		{"WWW.example.com.", "", true, "WWW.example.com"},
		{"a.b.example.com", "", false, ""},
		{"10.0.0.1", "", true, ""},
		{"10.0.0.2", "", false, ""},
		{"[fe80::1%eth0]", "", true, ""},
		{"10.0.0.2", "mail.example.com", true, "mail.example.com"},
		{"www.example.com", "elsewhere", false, ""},
	} {
		client := trusting(t, root)
		require.NoError(t, client.SetServerName(tt.override))
		party, err := NewClient(client, tt.host, nil)
		require.NoError(t, err)
		p := handshake(t, party, server)
		if !tt.good {
			isFault(t, p.clientErr, fault.TLSWrongHost, "*.example.com")
			continue
		}
		p.good(t)
		assert.Equal(t, tt.asked, info(t, p.server, InfoServerName, 0))
		assert.Equal(t, tt.asked, info(t, p.client, InfoServerName, 0))
	}
	_, err := NewClient(Settings{}, "", nil)
	isFault(t, err, fault.Argument, nameServerName)
	_, err = NewClient(Settings{bits: AcceptAny}, "", nil)
	assert.NoError(t, err)
}
