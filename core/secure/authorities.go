package secure

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"sync"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"wdsocket/core/fault"
	"wdsocket/core/safefile"
)

// authorities are certificates that are trusted beside or instead of those of
// the system. They never change.
type authorities struct {
	spec  string
	certs []*x509.Certificate
	print [sha256.Size]byte

	alone      *x509.CertPool
	withSystem func() *x509.CertPool
}

// loadAuthorities reads a PEM or DER file, or PEM text; "" gives none.
func loadAuthorities(spec string) (*authorities, error) {
	if spec == "" {
		return nil, nil
	}
	data, who := []byte(spec), nameAuthorities
	if !isPEM(spec) {
		var err error
		who = spec
		if data, err = safefile.Read(spec); err != nil {
			return nil, unreadable(spec, err)
		}
	}
	certs, err := certificatesIn(data, who)
	if err != nil {
		return nil, err
	}
	return newAuthorities(spec, certs), nil
}

func certificatesIn(data []byte, who string) ([]*x509.Certificate, error) {
	if !isPEM(string(data)) {
		certs, err := x509.ParseCertificates(data)
		if err != nil {
			return nil, bad(fault.TLSCertificateFile, who, err, noteReason, err.Error())
		}
		if len(certs) == 0 {
			return nil, bad(fault.TLSCertificateFile, who, nil, noteNoCertificate)
		}
		return certs, nil
	}
	var certs []*x509.Certificate
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" && block.Type != "X509 CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, bad(fault.TLSCertificateFile, who, err, noteReason, err.Error())
		}
		certs = append(certs, cert)
	}
	if len(certs) == 0 {
		return nil, bad(fault.TLSCertificateFile, who, nil, noteNoCertificate)
	}
	return certs, nil
}

func newAuthorities(spec string, certs []*x509.Certificate) *authorities {
	a := &authorities{spec: spec, certs: certs, alone: x509.NewCertPool()}
	sum := sha256.New()
	for _, cert := range certs {
		sum.Write(cert.Raw)
		a.alone.AddCert(cert)
	}
	sum.Sum(a.print[:0])
	a.withSystem = sync.OnceValue(func() *x509.CertPool {
		pool := systemRoots().Clone()
		for _, cert := range certs {
			pool.AddCert(cert)
		}
		return pool
	})
	return a
}

// pool gives what is trusted; the receiver may be nil.
func (a *authorities) pool(system bool) *x509.CertPool {
	switch {
	case a == nil && system:
		return systemRoots()
	case a == nil:
		return x509.NewCertPool()
	case system:
		return a.withSystem()
	default:
		return a.alone
	}
}

// systemRoots are the authorities of the system, or the embedded ones where it
// has none.
var systemRoots = sync.OnceValue(func() *x509.CertPool {
	return orEmbedded(x509.SystemCertPool())
})

func orEmbedded(pool *x509.CertPool, err error) *x509.CertPool {
	if err == nil && !pool.Equal(x509.NewCertPool()) {
		return pool
	}
	pool = x509.NewCertPool()
	for root := range bundle.Roots() {
		cert, err := x509.ParseCertificate(root.Certificate)
		switch {
		case err != nil: // cannot be: the bundle is tested
		case root.Constraint == nil:
			pool.AddCert(cert)
		default:
			pool.AddCertWithConstraint(cert, root.Constraint)
		}
	}
	return pool
}
