package tlslayer

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"wdsocket/core/fault"
	"wdsocket/core/safefile"
)

// identity is an own certificate, ready for use.
type identity struct {
	spec string // as it was given, without keys
	pair *tls.Certificate
}

// replacedBy tells whether id is made for the same names, a renewal.
func (i *identity) replacedBy(id *identity) bool {
	if i.spec == id.spec && !isPEM(i.spec) {
		return true
	}
	old, renewed := names(i.pair.Leaf), names(id.pair.Leaf)
	slices.Sort(old)
	slices.Sort(renewed)
	return len(old) > 0 && slices.Equal(old, renewed) && sameKind(i.pair.Leaf, id.pair.Leaf)
}

// sameKind is false for, say, RSA beside ECDSA: a server may have both.
func sameKind(a, b *x509.Certificate) bool { return a.PublicKeyAlgorithm == b.PublicKeyAlgorithm }

// material is what certificate files contained.
type material struct {
	certs []*x509.Certificate
	key   crypto.PrivateKey
}

const storePrefix = "store:"

// loadIdentity loads and checks an own certificate. One that is not valid now is
// an error, or a warning if anyDate is true.
func loadIdentity(spec, password string, anyDate bool) (id identity, warnings []*fault.Error, err error) {
	m, who, shown, err := loadMaterial(spec, password)
	if err != nil {
		return identity{}, nil, err
	}
	pair, err := m.pair(who)
	if err != nil {
		return identity{}, nil, err
	}
	if wrong := inDate(pair.Leaf, who); wrong != nil {
		if !anyDate {
			return identity{}, nil, wrong
		}
		warnings = append(warnings, wrong)
	}
	return identity{spec: shown, pair: pair}, warnings, nil
}

// loadMaterial reads all that spec names. who names it in errors, shown is what a
// getter may tell.
func loadMaterial(spec, password string) (m material, who, shown string, err error) {
	switch {
	case isPEM(spec):
		who = nameCertificate
		err = m.addPEM(spec, password, who)
		return m, who, withoutKeys(m.certs), err
	case strings.HasPrefix(spec, storePrefix):
		m, err = fromStore(strings.TrimSpace(spec[len(storePrefix):]), spec)
		return m, spec, spec, err
	}
	for _, path := range files(spec) {
		if err := m.addFile(path, password); err != nil {
			return m, path, spec, err
		}
	}
	return m, spec, spec, nil
}

// files are the paths of "certificate.pem|key.pem"; a file may have that
// character in its name, too.
func files(spec string) []string {
	if _, err := os.Stat(spec); err == nil {
		return []string{spec}
	}
	var paths []string
	for path := range strings.SplitSeq(spec, "|") {
		if path = strings.TrimSpace(path); path != "" {
			paths = append(paths, path)
		}
	}
	return paths
}

func withoutKeys(certs []*x509.Certificate) string {
	var b strings.Builder
	for _, cert := range certs {
		b.WriteString(pemOf(cert))
	}
	return b.String()
}

func pemOf(cert *x509.Certificate) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}))
}

// bad makes the error of a certificate file.
func bad(code fault.Code, who string, cause error, note fault.Note, args ...string) *fault.Error {
	e := wrong(code, who, note, args...)
	e.Cause = cause
	return e
}

// unreadable is the error of a file that could not be read.
func unreadable(path string, err error) error {
	return safefile.Explain(wrong(fault.TLSCertificateFile, path, fault.NoNote), err)
}

func (m *material) addFile(path, password string) error {
	data, err := safefile.Read(path)
	if err != nil {
		return unreadable(path, err)
	}
	text, isText, err := pemText(data, path)
	switch {
	case err != nil:
		return err
	case isText:
		return m.addPEM(text, password, path)
	}
	return m.addDER(data, password, path)
}

// addDER takes PFX, and a bare certificate or key as half of a pair.
func (m *material) addDER(data []byte, password, who string) error {
	if cert, err := x509.ParseCertificate(data); err == nil {
		m.certs = append(m.certs, cert)
		return nil
	}
	if key, err := parseKey(data); err == nil {
		m.key = key
		return nil
	}
	if key, err := decryptKey(data, password); err == nil {
		m.key = key
		return nil
	} else if errors.Is(err, errWrongPassword) {
		return bad(fault.TLSPassword, who, err, fault.NoNote)
	}
	return m.addPFX(data, password, who)
}

func (m *material) addPFX(data []byte, password, who string) error {
	key, leaf, chain, err := pkcs12.DecodeChain(data, password)
	var missing pkcs12.NotImplementedError
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword), errors.Is(err, pkcs12.ErrDecryption):
		return bad(fault.TLSPassword, who, err, fault.NoNote)
	case errors.As(err, &missing):
		return bad(fault.Unsupported, who, err, noteReason, err.Error())
	case err != nil && (len(data) == 0 || data[0] != 0x30): // no DER at all
		return bad(fault.TLSCertificateFile, who, err, noteUnknownFile)
	case err != nil:
		return bad(fault.TLSCertificateFile, who, err, noteReason, err.Error())
	}
	m.key = key
	m.certs = append(append(m.certs, leaf), chain...)
	return nil
}

func (m *material) addPEM(text, password, who string) error {
	for _, block := range pemBlocks(text) {
		switch {
		case block.isCertificate():
			if block.Block == nil {
				return block.damaged(who, nil)
			}
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return block.refused(who, err)
			}
			m.certs = append(m.certs, cert)
		case block.isKey() && m.key == nil:
			if block.Block == nil {
				return block.damaged(who, nil)
			}
			key, err := keyOf(block.Block, password, who)
			if err != nil {
				return err
			}
			m.key = key
		}
	}
	return nil
}

// keyOf reads a private key, encrypted or not.
func keyOf(block *pem.Block, password, who string) (crypto.PrivateKey, error) {
	var key crypto.PrivateKey
	var err error
	der := block.Bytes
	switch {
	case block.Type == "ENCRYPTED PRIVATE KEY":
		key, err = decryptKey(der, password)
	case block.Headers["DEK-Info"] != "":
		// OpenSSL's old encryption is weak, but the file is the user's own and
		// already there.
		//lint:ignore SA1019 the only way to read such a file
		if der, err = x509.DecryptPEMBlock(block, []byte(password)); err == nil {
			key, err = parseKey(der)
			if err != nil { // a wrong password may look right by chance
				err = errWrongPassword
			}
		}
	default:
		key, err = parseKey(der)
	}
	var unsupported errUnsupportedCipher
	switch {
	case err == nil:
		return key, nil
	case errors.Is(err, errWrongPassword), errors.Is(err, x509.IncorrectPasswordError):
		return nil, bad(fault.TLSPassword, who, err, fault.NoNote)
	case errors.As(err, &unsupported):
		return nil, bad(fault.Unsupported, who, err, noteEncryptedKey, err.Error())
	default:
		return nil, bad(fault.TLSCertificateFile, who, err, noteReason, err.Error())
	}
}

// parseKey reads a private key in one of its three forms.
func parseKey(der []byte) (crypto.PrivateKey, error) {
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return key, nil
	}
	return x509.ParsePKCS8PrivateKey(der)
}

// pair puts certificate, chain and key together.
func (m *material) pair(who string) (*tls.Certificate, error) {
	switch {
	case len(m.certs) == 0:
		return nil, bad(fault.TLSCertificateFile, who, nil, noteNoCertificate)
	case m.key == nil:
		return nil, bad(fault.TLSCertificateFile, who, nil, noteNoKey)
	}
	signer, ok := m.key.(crypto.Signer)
	if !ok || !usable(signer.Public()) {
		return nil, bad(fault.TLSCertificateFile, who, nil, noteKeyType, fmt.Sprintf("%T", m.key))
	}
	at := slices.IndexFunc(m.certs, func(c *x509.Certificate) bool { return samePublic(c.PublicKey, signer.Public()) })
	if at < 0 {
		return nil, bad(fault.TLSKeyMismatch, who, nil, fault.NoNote)
	}
	leaf := m.certs[at]
	if bits, small := smallKey(leaf.PublicKey); small {
		return nil, bad(fault.TLSCertificateFile, who, nil, noteOwnSmallKey, strconv.Itoa(bits))
	}
	pair := &tls.Certificate{PrivateKey: signer, Leaf: leaf}
	for _, cert := range chainOf(leaf, m.certs) {
		pair.Certificate = append(pair.Certificate, cert.Raw)
	}
	return pair, nil
}

// chainOf puts a chain in the order of RFC 5246, section 7.4.2, whatever the order
// of certs: each certificate behind the one it signed. Behind it come those that
// signed one of them too, which makes other ways to an authority. A root stays if
// it is there; what signed nothing of the chain is left out.
func chainOf(leaf *x509.Certificate, certs []*x509.Certificate) []*x509.Certificate {
	chain := []*x509.Certificate{leaf}
	add := func(signed *x509.Certificate) bool {
		for _, cert := range certs {
			if bytes.Equal(cert.RawSubject, signed.RawIssuer) && !slices.ContainsFunc(chain, cert.Equal) && signedBy(signed, cert) {
				chain = append(chain, cert)
				return true
			}
		}
		return false
	}
	for add(chain[len(chain)-1]) {
	}
	for i := 0; i < len(chain); i++ {
		for add(chain[i]) {
		}
	}
	return chain
}

func usable(public crypto.PublicKey) bool {
	switch public.(type) {
	case *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey:
		return true
	}
	return false
}

func samePublic(a, b crypto.PublicKey) bool {
	key, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && key.Equal(b)
}

// inDate refuses a certificate that every peer would refuse.
func inDate(leaf *x509.Certificate, who string) *fault.Error {
	now := time.Now()
	switch {
	case now.After(leaf.NotAfter):
		return bad(fault.TLSExpired, who, nil, noteOwnExpired, instant(leaf.NotAfter))
	case now.Before(leaf.NotBefore):
		return bad(fault.TLSNotYetValid, who, nil, noteOwnNotYet, instant(leaf.NotBefore))
	}
	return nil
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }
