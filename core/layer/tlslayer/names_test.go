package tlslayer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// selfMade is a certificate with the names of a hostile peer, which it signs
// itself.
func selfMade(t *testing.T, subject string, dns ...string) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: subject}, DNSNames: dns,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return cert
}

func TestNamesOfAHostilePeerAreEscaped(t *testing.T) {
	cert := selfMade(t, "one\nerror two\x1b[31m", "a.example", "b,c.example", "good.example\x00.evil.example")
	for what, text := range map[int32]string{
		InfoSubject: `CN=one\x0Aerror two\x1B[31m`,
		InfoIssuer:  `CN=one\x0Aerror two\x1B[31m`,
		InfoNames:   `a.example,b\,c.example,good.example\x00.evil.example`,
	} {
		assert.Equal(t, text, ofCertificate(cert, what))
	}
	plain := selfMade(t, "one\nerror two\x1b[31m", "a.example")
	_, wrong := (&trust{host: "a.example"}).verify([]*x509.Certificate{plain})
	require.ErrorIs(t, wrong, fault.TLSSelfSigned)
	assert.Contains(t, wrong.Error(), `one\x0Aerror two\x1B[31m`)
}

func TestANULInANameIsRefused(t *testing.T) {
	for _, cert := range []*x509.Certificate{
		selfMade(t, "", "good.example\x00.evil.example"),
		selfMade(t, "good.example\x00.evil.example", "good.example"),
	} {
		for _, client := range []bool{false, true} {
			_, wrong := (&trust{host: "good.example", client: client}).verify([]*x509.Certificate{cert})
			require.ErrorIs(t, wrong, fault.TLSBadCertificate)
			assert.Contains(t, wrong.Error(), `good.example\x00.evil.example`)
			assert.Contains(t, wrong.Text(fault.French), "NUL")
		}
	}
}
