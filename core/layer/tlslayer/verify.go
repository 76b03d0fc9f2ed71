package tlslayer

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"wdsocket/core/fault"
)

// trust decides about the peer's certificates. It never changes.
type trust struct {
	client      bool   // the peer is a client
	asked       bool   // and was asked for a certificate
	any         bool   // WDS_SSL_ACCEPT_ANY
	system      bool   // the system's authorities count
	host        string // the name that a server must have
	authorities *authorities
	pins        pinned
}

func newTrust(s *Settings, client bool, host string) *trust {
	t := &trust{client: client, asked: s.bits&(AskClient|RequireClient) != 0, any: s.bits&AcceptAny != 0, host: host, authorities: s.authorities, pins: s.pins}
	t.system = s.bits&OnlyAuthorities == 0 && (!client || s.authorities == nil)
	return t
}

// fingerprint is the same for two trusts that decide alike.
func (t *trust) fingerprint() [sha256.Size]byte {
	sum := sha256.New()
	for _, flag := range []bool{t.client, t.any, t.system} {
		binary.Write(sum, binary.LittleEndian, flag)
	}
	if t.authorities != nil {
		sum.Write(t.authorities.fingerprint[:])
	}
	sum.Write([]byte(t.host + "\x00" + t.pins.text))
	return [sha256.Size]byte(sum.Sum(nil))
}

// decide is for VerifyConnection: nil lets the handshake go on.
func (t *trust) decide(state tls.ConnectionState) error {
	certs := state.PeerCertificates
	if len(certs) == 0 {
		return nil // a client that was only asked; else crypto/tls has refused already
	}
	var chains [][]*x509.Certificate
	if !t.any {
		var wrong *fault.Error
		if chains, wrong = t.verify(certs); wrong != nil {
			return t.ofClient(wrong)
		}
	}
	if err := t.pinned(certs[0], chains); err != nil {
		return err
	}
	return nil
}

// ofClient makes a server's error of one of a client's certificate.
func (t *trust) ofClient(wrong *fault.Error) *fault.Error {
	if !t.client {
		return wrong
	}
	told := *wrong
	told.Code, told.Cause = fault.TLSBadClientCertificate, wrong
	if told.Note == fault.NoNote {
		told.With(noteReason, wrong.Code.Text(fault.English))
	}
	return &told
}

// pinned checks the pins. Without a verified chain only the peer's own key
// counts: the certificates behind it may be copies of another's.
func (t *trust) pinned(leaf *x509.Certificate, chains [][]*x509.Certificate) *fault.Error {
	if len(t.pins.keys) == 0 || t.pins.has(leaf) {
		return nil
	}
	for _, chain := range chains {
		if slices.ContainsFunc(chain, t.pins.has) {
			return nil
		}
	}
	return fault.New(fault.TLSPin, fault.PhaseTLS, "").With(noteNotPinned, pinOf(leaf))
}

// verify builds the chains of the peer's certificates or says what is wrong
// with them. Trust comes before the name: a certificate that no authority has
// signed says nothing about names.
func (t *trust) verify(certs []*x509.Certificate) ([][]*x509.Certificate, *fault.Error) {
	leaf := certs[0]
	for _, cert := range certs {
		if name, has := nameWithNUL(cert); has {
			return nil, peerFault(fault.TLSBadCertificate, nil, noteNUL, name)
		}
		if cert.SerialNumber.Sign() < 0 {
			return nil, peerFault(fault.TLSBadCertificate, nil, noteNegativeSerial, subject(cert))
		}
	}
	if wrong := dates(leaf, time.Now()); wrong != nil {
		return nil, wrong
	}
	options := x509.VerifyOptions{
		Roots:         t.authorities.pool(t.system),
		Intermediates: x509.NewCertPool(),
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if t.client {
		options.KeyUsages[0] = x509.ExtKeyUsageClientAuth
	}
	for _, cert := range certs[1:] {
		options.Intermediates.AddCert(cert)
	}
	chains, err := leaf.Verify(options)
	if err != nil {
		return nil, explain(err, certs)
	}
	if chains, wrong := withoutSmallKeys(chains); len(chains) == 0 {
		return nil, wrong
	}
	if !t.client {
		if err := leaf.VerifyHostname(t.host); err != nil {
			return nil, t.wrongHost(leaf, err)
		}
	}
	return chains, nil
}

// smallestRSA is the shortest RSA key, in bits, that verification trusts. The
// settings of go.mod let crypto/rsa use shorter ones, and crypto/x509 parse
// negative serial numbers, where any certificate is accepted: what verifies looks
// for both itself.
const smallestRSA = 1024

// smallKey tells how many bits an RSA key has that is too short.
func smallKey(public crypto.PublicKey) (bits int, small bool) {
	key, ok := public.(*rsa.PublicKey)
	if !ok {
		return 0, false
	}
	return key.N.BitLen(), key.N.BitLen() < smallestRSA
}

// withoutSmallKeys drops the chains that have too short a key, and says so if
// none is left.
func withoutSmallKeys(chains [][]*x509.Certificate) (good [][]*x509.Certificate, wrong *fault.Error) {
	for _, chain := range chains {
		small := slices.IndexFunc(chain, func(c *x509.Certificate) bool {
			_, small := smallKey(c.PublicKey)
			return small
		})
		if small < 0 {
			good = append(good, chain)
			continue
		}
		bits, _ := smallKey(chain[small].PublicKey)
		wrong = peerFault(fault.TLSBadCertificate, nil, noteSmallKey, subject(chain[small]), strconv.Itoa(bits))
	}
	return good, wrong
}

func dates(cert *x509.Certificate, now time.Time) *fault.Error {
	switch {
	case now.After(cert.NotAfter):
		return peerFault(fault.TLSExpired, nil, noteExpired, subject(cert), instant(cert.NotAfter))
	case now.Before(cert.NotBefore):
		return peerFault(fault.TLSNotYetValid, nil, noteNotYet, subject(cert), instant(cert.NotBefore))
	}
	return nil
}

func peerFault(code fault.Code, cause error, note fault.Note, args ...string) *fault.Error {
	e := fault.New(code, fault.PhaseTLS, "").With(note, args...)
	e.Cause = cause
	return e
}

// explain makes an error with a code of its own of what x509 says.
func explain(err error, certs []*x509.Certificate) *fault.Error {
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(err, &unknown):
		return unknownAuthority(err, certs)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil:
		if wrong := dates(invalid.Cert, time.Now()); wrong != nil {
			wrong.Cause = err
			return wrong
		}
		return peerFault(fault.TLSExpired, err, noteReason, plainText(err))
	case errors.As(err, &invalid) && invalid.Reason == x509.IncompatibleUsage:
		return peerFault(fault.TLSBadCertificate, err, noteUsage)
	default:
		return peerFault(fault.TLSBadCertificate, err, noteReason, plainText(err))
	}
}

// unknownAuthority finds out why no chain ends at a trusted authority.
func unknownAuthority(err error, certs []*x509.Certificate) *fault.Error {
	leaf := certs[0]
	if selfSigned(leaf) {
		return peerFault(fault.TLSSelfSigned, err, noteSelfSigned, subject(leaf))
	}
	path := pathOf(certs)
	if cert := signedWeakly(err, path); cert != nil {
		return peerFault(fault.TLSBadCertificate, err, noteWeakSignature, subject(cert), cert.SignatureAlgorithm.String())
	}
	for _, cert := range path[1:] {
		if wrong := dates(cert, time.Now()); wrong != nil {
			wrong.Cause = err
			return wrong
		}
		if !cert.IsCA {
			return peerFault(fault.TLSBadCertificate, err, noteNoAuthority, subject(cert))
		}
	}
	top := path[len(path)-1]
	issuer := top.Issuer.String()
	switch {
	case selfSigned(top):
		return peerFault(fault.TLSUnknownAuthority, err, noteUnknownRoot, issuer)
	case top == leaf && len(leaf.IssuingCertificateURL) > 0:
		return peerFault(fault.TLSMissingIntermediate, err, noteMissing, issuer, leaf.IssuingCertificateURL[0])
	default:
		return peerFault(fault.TLSUnknownAuthority, err, noteUnknownIssuer, issuer)
	}
}

// signedWeakly finds the certificate that no authority makes good because it is
// signed with SHA-1, or worse: the first, or one above it whose issuer is known.
func signedWeakly(err error, path []*x509.Certificate) *x509.Certificate {
	known := strings.Contains(err.Error(), "insecure algorithm") // of an issuer that was tried
	for i, cert := range path {
		if weak(cert.SignatureAlgorithm) && !bytes.Equal(cert.RawIssuer, cert.RawSubject) && (i == 0 || known) {
			return cert
		}
	}
	return nil
}

// weak tells whether crypto/x509 trusts no signature of an algorithm.
func weak(algorithm x509.SignatureAlgorithm) bool {
	switch algorithm {
	case x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.DSAWithSHA1, x509.MD5WithRSA, x509.MD2WithRSA:
		return true
	}
	return false
}

func selfSigned(cert *x509.Certificate) bool {
	return bytes.Equal(cert.RawIssuer, cert.RawSubject) && signedBy(cert, cert)
}

// signedBy tells whether parent's key made the signature of cert. One that is too
// weak to be looked at counts.
func signedBy(cert, parent *x509.Certificate) bool {
	if weak(cert.SignatureAlgorithm) {
		return len(cert.AuthorityKeyId) == 0 || len(parent.SubjectKeyId) == 0 || bytes.Equal(cert.AuthorityKeyId, parent.SubjectKeyId)
	}
	err := parent.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature)
	return err == nil || errors.Is(err, x509.ErrUnsupportedAlgorithm)
}

// pathOf follows the issuers through what the peer sent, from the leaf to where
// its chain ends.
func pathOf(certs []*x509.Certificate) []*x509.Certificate {
	path := certs[:1:1]
	for len(path) < len(certs) {
		top := path[len(path)-1]
		next := slices.IndexFunc(certs, func(c *x509.Certificate) bool {
			return c != top && bytes.Equal(c.RawSubject, top.RawIssuer)
		})
		if next < 0 || bytes.Equal(top.RawIssuer, top.RawSubject) {
			break
		}
		path = append(path, certs[next])
	}
	return path
}

func (t *trust) wrongHost(leaf *x509.Certificate, cause error) *fault.Error {
	e := peerFault(fault.TLSWrongHost, cause, noteNoNames)
	if list := names(leaf); len(list) > 0 {
		const most = 10
		if len(list) > most {
			list = append(list[:most:most], "…")
		}
		e.With(noteNames, strings.Join(list, ", "))
	}
	e.Who = t.host
	return e
}

// nameWithNUL finds a name that a host whose texts end at a NUL would take for
// another one: "good.example\x00.evil.example".
func nameWithNUL(cert *x509.Certificate) (string, bool) {
	all := names(cert)
	for _, part := range append(slices.Clone(cert.Subject.Names), cert.Issuer.Names...) {
		if text, ok := part.Value.(string); ok {
			all = append(all, text)
		}
	}
	for _, name := range all {
		if strings.Contains(name, "\x00") {
			return name, true
		}
	}
	return "", false
}

// subject names a certificate in a text.
func subject(cert *x509.Certificate) string {
	if name := cert.Subject.String(); name != "" {
		return name
	}
	return strings.Join(names(cert), ",")
}

// names are all names of a certificate.
func names(cert *x509.Certificate) []string {
	list := slices.Clone(cert.DNSNames)
	for _, ip := range cert.IPAddresses {
		list = append(list, ip.String())
	}
	list = append(list, cert.EmailAddresses...)
	for _, uri := range cert.URIs {
		list = append(list, uri.String())
	}
	return list
}

// plainText is an error's text without the names of packages.
func plainText(err error) string {
	return strings.TrimPrefix(strings.TrimPrefix(err.Error(), "tls: "), "x509: ")
}
