package tlslayer

import (
	"crypto/ecdh"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"software.sslmate.com/src/go-pkcs12"

	"wdsocket/core/fault"
)

func pfx(t *testing.T, encoder *pkcs12.Encoder, id *issued, password string) []byte {
	t.Helper()
	data, err := encoder.Encode(id.key, id.cert, id.chain, password)
	require.NoError(t, err)
	return data
}

func legacyPEM(t *testing.T, id *issued, password string) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(id.key)
	require.NoError(t, err)
	//lint:ignore SA1019 files like this are what is tested
	block, err := x509.EncryptPEMBlock(rand.Reader, "PRIVATE KEY", der, []byte(password), x509.PEMCipherAES256)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(block))
}

func TestOwnCertificateInEveryForm(t *testing.T) {
	middle := newAuthority(t, "root").authority("middle")
	for _, kind := range []string{"P-256", "P-384", "RSA", "Ed25519"} {
		t.Run(kind, func(t *testing.T) {
			id := middle.leaf(kind, nil)
			id.t = t
			chain := certPEM(append([]*x509.Certificate{id.cert}, id.chain...)...)
			reversed := certPEM(append(append([]*x509.Certificate{}, id.chain...), id.cert)...)
			certFile, keyFile := write(t, "cert.pem", []byte(chain)), write(t, "key.pem", []byte(id.keyPEM()))
			der, err := x509.MarshalPKCS8PrivateKey(id.key)
			require.NoError(t, err)
			forms := map[string]struct {
				spec, password string
				chain          int
			}{
				"one PEM file":        {write(t, "both.pem", []byte(id.pem())), "", 2},
				"key first":           {write(t, "both.pem", []byte(id.keyPEM()+chain)), "", 2},
				"issuer first":        {write(t, "both.pem", []byte(reversed+id.keyPEM())), "", 2},
				"two files":           {certFile + "|" + keyFile, "", 2},
				"two files, blanks":   {certFile + " | " + keyFile, "", 2},
				"bar in the name":     {write(t, "a|b.pem", []byte(id.pem())), "", 2},
				"DER files":           {write(t, "c.der", id.cert.Raw) + "|" + write(t, "k.der", der), "", 1},
				"PEM text":            {id.pem(), "", 2},
				"PFX modern":          {write(t, "new.pfx", pfx(t, pkcs12.Modern, id, "pass word é")), "pass word é", 2},
				"PFX 3DES":            {write(t, "old.pfx", pfx(t, pkcs12.LegacyDES, id, "secret")), "secret", 2},
				"PFX RC2":             {write(t, "old.pfx", pfx(t, pkcs12.LegacyRC2, id, "secret")), "secret", 2},
				"PFX empty password":  {write(t, "empty.pfx", pfx(t, pkcs12.Legacy, id, "")), "", 2},
				"PEM with DEK-Info":   {chain + legacyPEM(t, id, "secret"), "secret", 2},
				"password not needed": {id.pem(), "whatever", 2},
			}
			for name, form := range forms {
				var s Settings
				require.NoError(t, s.SetCertificate(form.spec, form.password), name)
				require.Len(t, s.own, 1)
				assert.Len(t, s.own[0].pair.Certificate, form.chain, name)
				assert.True(t, s.own[0].pair.Leaf.Equal(id.cert), name)
				assert.NotContains(t, s.Certificate(), "PRIVATE", name)
				if !isPEM(form.spec) {
					assert.Equal(t, form.spec, s.Certificate())
				}
				require.NoError(t, s.SetCertificate("", ""))
				assert.Empty(t, s.Certificate())
			}
		})
	}
}

// The keys in testdata were written by OpenSSL, "openssl pkcs8 -topk8" with the
// options that their names say, password "secret".
func TestEncryptedKeysOfOpenSSL(t *testing.T) {
	cert, err := os.ReadFile("testdata/cert.pem")
	require.NoError(t, err)
	keys, err := filepath.Glob("testdata/key-*.pem")
	require.NoError(t, err)
	require.NotEmpty(t, keys)
	path := write(t, "cert.pem", cert)
	for _, key := range keys {
		var s Settings
		err := s.SetCertificate(path+"|"+key, "secret")
		if strings.Contains(key, "unsupported") {
			isFault(t, err, fault.Unsupported, key, "PFX")
			continue
		}
		require.NoError(t, err, key)
		isFault(t, s.SetCertificate(path+"|"+key, "wrong"), fault.TLSPassword, key)
		isFault(t, s.SetCertificate(path+"|"+key, ""), fault.TLSPassword, key)
		assert.Equal(t, path+"|"+key, s.Certificate(), "the failed one changed nothing")
	}
}

func TestOwnCertificatesThatAreWrong(t *testing.T) {
	root := newAuthority(t, "root")
	good, other := root.leaf("P-256", nil), root.leaf("P-256", nil)
	expired := root.leaf("P-256", func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) })
	early := root.leaf("P-256", func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) })
	certOnly := certPEM(good.cert)
	curve, err := ecdh.X25519().GenerateKey(rand.Reader)
	require.NoError(t, err)
	strange, err := x509.MarshalPKCS8PrivateKey(curve)
	require.NoError(t, err)
	file := func(text string) string { return write(t, "file", []byte(text)) }
	damaged := strings.Replace(good.pem(), "MII", "AAA", 1)
	tests := []struct {
		name, spec, password string
		code                 fault.Code
		words                string
	}{
		{"no file", "/no/such/file.pem", "", fault.TLSCertificateFile, "/no/such/file.pem"},
		{"no key file", file(certOnly) + "|/no/such/key.pem", "", fault.TLSCertificateFile, "/no/such/key.pem"},
		{"a folder", t.TempDir(), "", fault.TLSCertificateFile, os.TempDir()},
		{"neither form", file("hello"), "", fault.TLSCertificateFile, "PFX"},
		{"empty file", file(""), "", fault.TLSCertificateFile, "PFX"},
		{"no key", file(certOnly), "", fault.TLSCertificateFile, ".pem|"},
		{"no certificate", file(good.keyPEM()), "", fault.TLSCertificateFile, "file"},
		{"damaged certificate", file(damaged), "", fault.TLSCertificateFile, "file"},
		{"key that does not fit", file(certOnly) + "|" + write(t, "k", []byte(other.keyPEM())), "", fault.TLSKeyMismatch, "file"},
		{"key of a strange kind", certOnly + string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: strange})), "", fault.TLSCertificateFile, "ecdh"},
		{"wrong password, modern", write(t, "m.pfx", pfx(t, pkcs12.Modern, good, "right")), "wrong", fault.TLSPassword, "m.pfx"},
		{"wrong password, legacy", write(t, "l.pfx", pfx(t, pkcs12.Legacy, good, "right")), "", fault.TLSPassword, "l.pfx"},
		{"wrong password, DEK-Info", write(t, "d.pem", []byte(certOnly+legacyPEM(t, good, "right"))), "wrong", fault.TLSPassword, "d.pem"},
		{"damaged PFX", write(t, "b.pfx", pfx(t, pkcs12.Modern, good, "")[:200]), "", fault.TLSCertificateFile, "b.pfx"},
		{"expired", file(expired.pem()), "", fault.TLSExpired, instant(expired.cert.NotAfter)},
		{"expired, PEM text", expired.pem(), "", fault.TLSExpired, nameCertificate},
		{"not yet valid", file(early.pem()), "", fault.TLSNotYetValid, instant(early.cert.NotBefore)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s Settings
			e := isFault(t, s.SetCertificate(tt.spec, tt.password), tt.code, tt.words)
			assert.Equal(t, fault.PhaseOption, e.Phase)
			isFault(t, s.AddCertificate(tt.spec, tt.password), tt.code, tt.words)
			assert.Equal(t, Settings{}, s)
		})
	}
	var s Settings
	isFault(t, s.AddCertificate("", ""), fault.Argument)
}

func TestRenewalOfAFurtherCertificate(t *testing.T) {
	root := newAuthority(t, "root")
	named := func(name, kind string) *issued {
		return root.leaf(kind, func(c *x509.Certificate) { c.DNSNames = []string{name} })
	}
	s := serverOf(t, named("main", "P-256"))
	require.NoError(t, s.AddCertificate(named("shop", "P-256").pem(), ""))
	require.NoError(t, s.AddCertificate(named("shop", "RSA").pem(), ""))
	before := s
	renewed := named("shop", "P-256")
	require.NoError(t, s.AddCertificate(renewed.pem(), ""))
	require.Len(t, s.own, 3)
	assert.True(t, s.own[1].pair.Leaf.Equal(renewed.cert))
	assert.False(t, before.own[1].pair.Leaf.Equal(renewed.cert), "a copy is independent")
	main := named("main", "P-256")
	require.NoError(t, s.SetCertificate(main.pem(), ""))
	require.Len(t, s.own, 3)
	assert.True(t, s.own[0].pair.Leaf.Equal(main.cert))
	require.NoError(t, s.SetCertificate("", ""))
	assert.Empty(t, s.own)
}

func TestTheStoreIsOfWindowsOnly(t *testing.T) {
	var s Settings
	want := fault.Unsupported
	if runtime.GOOS == "windows" {
		want = fault.TLSCertificateFile // no such certificate there
	}
	isFault(t, s.SetCertificate("store: no such subject", ""), want, "store: no such subject")
}
