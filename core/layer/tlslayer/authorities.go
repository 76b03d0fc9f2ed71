package tlslayer

import (
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"sync"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"wdsocket/core/fault"
	"wdsocket/core/safefile"
)

// authorities are certificates that are trusted beside or instead of those of
// the system. They never change.
type authorities struct {
	spec        string
	certs       []*x509.Certificate
	fingerprint [sha256.Size]byte

	alone      *x509.CertPool
	withSystem func() *x509.CertPool
}

// loadAuthorities reads a PEM or DER file, or PEM text; "" gives none. warnings
// name the certificates that are left out.
func loadAuthorities(spec string) (a *authorities, warnings []*fault.Error, err error) {
	if spec == "" {
		return nil, nil, nil
	}
	who, text, isText := nameAuthorities, spec, true
	var data []byte
	if !isPEM(spec) {
		who = spec
		if data, err = safefile.Read(spec); err != nil {
			return nil, nil, unreadable(spec, err)
		}
		if text, isText, err = pemText(data, who); err != nil {
			return nil, nil, err
		}
	}
	var certs []*x509.Certificate
	if isText {
		certs, warnings, err = certificatesIn(text, who)
	} else {
		certs, err = x509.ParseCertificates(data)
		if err != nil {
			err = bad(fault.TLSCertificateFile, who, err, noteReason, err.Error())
		}
	}
	switch {
	case err != nil:
		return nil, nil, err
	case len(certs) == 0 && len(warnings) > 0:
		return nil, nil, warnings[0]
	case len(certs) == 0:
		return nil, nil, bad(fault.TLSCertificateFile, who, nil, noteNoCertificate)
	}
	return newAuthorities(spec, certs), warnings, nil
}

// certificatesIn gives the certificates of a PEM text. One that crypto/x509
// refuses is left out, and a warning names it: a bundle is another's choice, and
// the rest of it can be used.
func certificatesIn(text, who string) (certs []*x509.Certificate, warnings []*fault.Error, err error) {
	for _, block := range pemBlocks(text) {
		if !block.isCertificate() {
			continue
		}
		if block.Block == nil {
			return nil, nil, block.damaged(who, nil)
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err == nil {
			certs = append(certs, cert)
			continue
		}
		subject, ok := wellFormed(block.Bytes)
		if !ok {
			return nil, nil, block.damaged(who, err)
		}
		warnings = append(warnings, bad(fault.TLSCertificateFile, who, err, noteSkipped,
			block.at(), fmt.Sprintf("\"%s\" (%s)", subject, plainText(err))))
	}
	return certs, warnings, nil
}

func newAuthorities(spec string, certs []*x509.Certificate) *authorities {
	a := &authorities{spec: spec, certs: certs, alone: x509.NewCertPool()}
	sum := sha256.New()
	for _, cert := range certs {
		sum.Write(cert.Raw)
		a.alone.AddCert(cert)
	}
	sum.Sum(a.fingerprint[:0])
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
