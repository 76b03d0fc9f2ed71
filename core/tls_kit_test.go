package core

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
)

// Certificates of the tests: an authority, and what it signed for this machine.

type testCertificates struct {
	root *x509.Certificate
	key  *ecdsa.PrivateKey

	rootPEM string
	leafPEM string // with its key
	pool    *x509.CertPool
}

// certificates are made once for all tests.
var certificates = sync.OnceValue(func() *testCertificates {
	c := &testCertificates{pool: x509.NewCertPool()}
	c.key, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	root := certificateTemplate("tests' authority")
	root.IsCA, root.BasicConstraintsValid, root.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, root, root, c.key.Public(), c.key)
	if err != nil {
		panic(err)
	}
	c.root, _ = x509.ParseCertificate(der)
	c.pool.AddCert(c.root)
	c.rootPEM = pemText("CERTIFICATE", der)
	c.leafPEM = c.issue("this machine", "localhost")
	return c
})

func certificateTemplate(name string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(60 * certCheckInterval), // longer than what queues warn of
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
}

// issue makes a certificate with its key for 127.0.0.1 and a name.
func (c *testCertificates) issue(subject, host string) string {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	leaf := certificateTemplate(subject)
	leaf.DNSNames, leaf.IPAddresses = []string{host}, []net.IP{net.IPv4(127, 0, 0, 1)}
	der, err := x509.CreateCertificate(rand.Reader, leaf, c.root, key.Public(), c.key)
	if err != nil {
		panic(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return pemText("CERTIFICATE", der) + pemText("PRIVATE KEY", keyDER)
}

func pemText(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// secured gives a socket what it needs as a client and as a server. Without
// resumption no ticket follows the handshake, which a peer that only writes
// would leave unread, so that its close became a reset.
func (k *kit) secured(s *Socket, bits int32) {
	k.Helper()
	require.NoError(k, s.SetOption(option.SSLOptions, bits|tlslayer.OnlyAuthorities|tlslayer.NoResumption))
	require.NoError(k, s.SetText(option.TextSSLAuthorities, certificates().rootPEM))
	require.NoError(k, s.SetText(option.TextSSLCertificate, certificates().leafPEM))
}

// secureDialed makes the handshake of a peer that is no socket of the library.
func (k *kit) secureDialed(c net.Conn) net.Conn {
	k.Helper()
	conn := tls.Client(c, peerConfig())
	require.NoError(k, c.SetDeadline(time.Now().Add(patienceOfTests)))
	require.NoError(k, conn.Handshake())
	require.NoError(k, c.SetDeadline(time.Time{}))
	return conn
}

// secureAccepted is a connection that a peer which is no socket of the library has
// accepted: the first read or write makes the handshake.
func secureAccepted(c net.Conn) net.Conn {
	pair, err := tls.X509KeyPair([]byte(certificates().leafPEM), []byte(certificates().leafPEM))
	if err != nil {
		panic(err)
	}
	return tls.Server(c, &tls.Config{Certificates: []tls.Certificate{pair}})
}

func peerConfig() *tls.Config {
	return &tls.Config{RootCAs: certificates().pool, ServerName: "localhost"}
}
