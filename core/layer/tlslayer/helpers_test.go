package tlslayer

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"wdsocket/core/fault"
	"wdsocket/core/layer/layertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is what a test waits for something that has to come.
const patience = 30 * time.Second

// pipe makes a connection in memory.
func pipe() (a, b *layertest.End) { return layertest.Pipe(patience) }

// issued is a certificate with its key and those above it.
type issued struct {
	t     *testing.T
	cert  *x509.Certificate
	key   crypto.Signer
	chain []*x509.Certificate // above it, without the root
	root  *x509.Certificate
}

func newKey(t *testing.T, kind string) crypto.Signer {
	t.Helper()
	var key crypto.Signer
	var err error
	switch kind {
	case "RSA":
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	case "Ed25519":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	case "P-384":
		key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	default:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	require.NoError(t, err)
	return key
}

var serials struct {
	sync.Mutex
	last int64
}

func template(name string) *x509.Certificate {
	serials.Lock()
	defer serials.Unlock()
	serials.last++
	return &x509.Certificate{
		SerialNumber: big.NewInt(1000 + serials.last),
		Subject:      pkix.Name{CommonName: name, Organization: []string{"wdsocket tests"}},
		NotBefore:    time.Now().Add(-48 * time.Hour),
		NotAfter:     time.Now().Add(100*24*time.Hour + time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
}

func newAuthority(t *testing.T, name string) *issued {
	t.Helper()
	return (&issued{t: t}).authority(name)
}

// authority makes one below, or a root of its own if there is nothing above.
func (i *issued) authority(name string) *issued {
	tmpl := template(name)
	tmpl.IsCA, tmpl.BasicConstraintsValid, tmpl.ExtKeyUsage = true, true, nil
	tmpl.KeyUsage = x509.KeyUsageCertSign
	return i.sign(tmpl, newKey(i.t, "P-256"))
}

func (i *issued) sign(tmpl *x509.Certificate, key crypto.Signer) *issued {
	i.t.Helper()
	parent, signer := i.cert, i.key
	if parent == nil {
		parent, signer = tmpl, key
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, key.Public(), signer)
	require.NoError(i.t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(i.t, err)
	made := &issued{t: i.t, cert: cert, key: key, root: i.root}
	switch {
	case i.cert == nil:
		made.root = cert
	case i.cert != i.root:
		made.chain = append([]*x509.Certificate{i.cert}, i.chain...)
	}
	return made
}

// leaf makes a certificate for localhost; change may be nil.
func (i *issued) leaf(kind string, change func(*x509.Certificate)) *issued {
	i.t.Helper()
	tmpl := template("leaf " + kind)
	tmpl.DNSNames = []string{"localhost"}
	if change != nil {
		change(tmpl)
	}
	return i.sign(tmpl, newKey(i.t, kind))
}

func certPEM(certs ...*x509.Certificate) string {
	var b strings.Builder
	for _, cert := range certs {
		b.WriteString(pemOf(cert))
	}
	return b.String()
}

func (i *issued) keyPEM() string {
	der, err := x509.MarshalPKCS8PrivateKey(i.key)
	require.NoError(i.t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// pem is certificate, chain and key.
func (i *issued) pem() string {
	return certPEM(append([]*x509.Certificate{i.cert}, i.chain...)...) + i.keyPEM()
}

func (i *issued) rootPEM() string { return certPEM(i.root) }

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

// serverOf gives settings with a certificate.
func serverOf(t *testing.T, id *issued) Settings {
	t.Helper()
	var s Settings
	require.NoError(t, s.SetCertificate(id.pem(), ""))
	return s
}

// trusting gives settings of a client that trusts the root of id alone.
func trusting(t *testing.T, id *issued) Settings {
	t.Helper()
	var s Settings
	require.NoError(t, s.SetBits(OnlyAuthorities))
	require.NoError(t, s.SetAuthorities(id.rootPEM()))
	return s
}

func addBits(t *testing.T, s *Settings, bits int32) {
	t.Helper()
	require.NoError(t, s.SetBits(s.Bits()|bits))
}

// pair is a connection with both ends.
type pair struct {
	client, server       *Conn
	below, serverBelow   *layertest.End
	clientErr, serverErr error
}

func clientParty(t *testing.T, s Settings) *Party {
	t.Helper()
	p, err := NewClient(s, "localhost", nil)
	require.NoError(t, err)
	return p
}

func serverParty(t *testing.T, s Settings) *Party {
	t.Helper()
	p, err := NewServer(s)
	require.NoError(t, err)
	return p
}

// shake runs a handshake of both ends.
func handshake(t *testing.T, client, server *Party) *pair {
	t.Helper()
	p := &pair{}
	p.below, p.serverBelow = pipe()
	p.client, p.server = client.Client(p.below, "server:1"), server.Server(p.serverBelow, "client:2")
	p.run()
	return p
}

func (p *pair) run() {
	done := make(chan error)
	go func() {
		err := p.server.Handshake()
		if err != nil {
			p.serverBelow.Stop()
		}
		done <- err
	}()
	if p.clientErr = p.client.Handshake(); p.clientErr != nil {
		p.below.Stop()
	}
	p.serverErr = <-done
}

// good fails the test unless both ends are ready and understand each other.
func (p *pair) good(t *testing.T) *pair {
	t.Helper()
	require.NoError(t, p.clientErr)
	require.NoError(t, p.serverErr)
	p.exchange(t, p.client, p.server, "hello")
	p.exchange(t, p.server, p.client, "and hello")
	return p
}

func (p *pair) exchange(t *testing.T, from, to *Conn, text string) {
	t.Helper()
	n, err := from.Write([]byte(text))
	require.NoError(t, err)
	require.Equal(t, len(text), n)
	assert.Equal(t, text, readN(t, to, len(text)))
}

func readN(t *testing.T, c *Conn, n int) string {
	t.Helper()
	got := make([]byte, n)
	for have := 0; have < n; {
		m, err := c.Read(got[have:])
		require.NoError(t, err)
		require.Positive(t, m)
		have += m
	}
	return string(got)
}

func info(t *testing.T, c *Conn, what int32, index int) string {
	t.Helper()
	text, err := c.Info(what, index)
	require.NoError(t, err)
	return text
}

// isFault checks an error's code and that its text contains words in both
// languages.
func isFault(t *testing.T, err error, code fault.Code, words ...string) *fault.Error {
	t.Helper()
	require.Error(t, err)
	e, ok := err.(*fault.Error)
	require.True(t, ok, "%T: %v", err, err)
	assert.Equal(t, code.Name(), e.Code.Name(), e.Error())
	for _, lang := range []fault.Language{fault.English, fault.French} {
		for _, w := range words {
			assert.Contains(t, e.Text(lang), w)
		}
		assert.NotRegexp(t, `[{}]`, e.Text(lang))
	}
	return e
}
