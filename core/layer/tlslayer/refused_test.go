package tlslayer

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/layer/layertest"
)

// mutated is a certificate with other bytes in it, which its signature does not
// cover any more.
func mutated(t *testing.T, cert *x509.Certificate, from, to string) []byte {
	t.Helper()
	require.Equal(t, 1, bytes.Count(cert.Raw, []byte(from)))
	return bytes.Replace(cert.Raw, []byte(from), []byte(to), 1)
}

// serveRaw makes a handshake with a server of crypto/tls that shows der.
func serveRaw(t *testing.T, client *Party, der []byte, key crypto.PrivateKey) error {
	t.Helper()
	one, two := pipe()
	server := tls.Server(&closable{two}, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MaxVersion: tls.VersionTLS12})
	done := make(chan error)
	go func() {
		err := server.Handshake()
		two.Stop()
		done <- err
	}()
	err := client.Client(one, "server:1").Handshake()
	one.Stop()
	<-done
	return err
}

// closable is an end that tls.Conn may close and give deadlines.
type closable struct{ *layertest.End }

func (c *closable) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *closable) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (c *closable) Close() error                     { c.Stop(); return nil }
func (c *closable) SetWriteDeadline(time.Time) error { return nil }
func (c *closable) SetReadDeadline(time.Time) error  { return nil }
func (c *closable) SetDeadline(time.Time) error      { return nil }

func accepting(t *testing.T) Settings {
	t.Helper()
	var s Settings
	require.NoError(t, s.SetBits(AcceptAny|OnlyAuthorities))
	return s
}

func TestANegativeSerialNumberIsForAcceptAnyOnly(t *testing.T) {
	root := newAuthority(t, "root")
	id := root.leaf("P-256", func(c *x509.Certificate) { c.SerialNumber = big.NewInt(0x12345678) })
	der := mutated(t, id.cert, "\x02\x04\x12\x34\x56\x78", "\x02\x04\x92\x34\x56\x78")
	require.NoError(t, serveRaw(t, clientParty(t, accepting(t)), der, id.key))
	isFault(t, serveRaw(t, clientParty(t, trusting(t, id)), der, id.key), fault.TLSBadCertificate, "leaf", "WDS_SSL_ACCEPT_ANY")
}

func TestSmallRSAKeysAreForAcceptAnyOnly(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 512)
	require.NoError(t, err)
	root := newAuthority(t, "root")
	tmpl := template("small")
	tmpl.DNSNames = []string{"localhost"}
	leaf := root.sign(tmpl, small)
	require.NoError(t, serveRaw(t, clientParty(t, accepting(t)), leaf.cert.Raw, small))
	isFault(t, serveRaw(t, clientParty(t, trusting(t, leaf)), leaf.cert.Raw, small), fault.TLSBadCertificate, "small", "512")

	// trusted itself, and above a leaf as a root or in the middle
	var itself Settings
	require.NoError(t, itself.SetBits(OnlyAuthorities))
	require.NoError(t, itself.SetAuthorities(pemOf(leaf.cert)))
	isFault(t, serveRaw(t, clientParty(t, itself), leaf.cert.Raw, small), fault.TLSBadCertificate, "512")
	authority := func(above *issued) *issued {
		tmpl := template("small authority")
		tmpl.IsCA, tmpl.BasicConstraintsValid, tmpl.KeyUsage, tmpl.ExtKeyUsage = true, true, x509.KeyUsageCertSign, nil
		made := above.sign(tmpl, small)
		if made.root == nil {
			made.root = made.cert
		}
		return made
	}
	for _, id := range []*issued{authority(&issued{t: t}).leaf("P-256", nil), authority(root).leaf("P-256", nil)} {
		p := handshake(t, clientParty(t, trusting(t, id)), serverParty(t, serverOf(t, id)))
		isFault(t, p.clientErr, fault.TLSBadCertificate, "small authority", "512")
	}

	// as an own certificate no peer would take it
	var s Settings
	isFault(t, s.SetCertificate(leaf.pem(), ""), fault.TLSCertificateFile, "512")
}

func TestWhatNoOptionLetsThroughSaysSo(t *testing.T) {
	root := newAuthority(t, "root")
	id := root.leaf("P-256", func(c *x509.Certificate) { c.Subject.CommonName = "sales@tests.example" })
	der := mutated(t, id.cert, "\x0c\x13sales@", "\x13\x13sales@")
	isFault(t, serveRaw(t, clientParty(t, accepting(t)), der, id.key), fault.TLSBadCertificate, "PrintableString", "WDS_SSL_ACCEPT_ANY")

	one, two := pipe()
	s := serverOf(t, id)
	addBits(t, &s, RequireClient|AcceptAny)
	done := make(chan error)
	go func() {
		client := tls.Client(&closable{one}, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: id.key}}, InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12})
		err := client.Handshake()
		one.Stop()
		done <- err
	}()
	isFault(t, serverParty(t, s).Server(two, "client:1").Handshake(), fault.TLSBadClientCertificate, "PrintableString")
	two.Stop()
	<-done
}

func TestAWeakSignatureIsNamed(t *testing.T) {
	root := newAuthority(t, "root")
	leaf := root.leaf("P-256", nil)
	sha1 := *leaf.cert
	sha1.SignatureAlgorithm = x509.ECDSAWithSHA1
	unknown := x509.UnknownAuthorityError{Cert: &sha1}
	wrong := unknownAuthority(unknown, []*x509.Certificate{&sha1})
	isFault(t, wrong, fault.TLSBadCertificate, "leaf", "ECDSA-SHA1", "SHA-256")

	// one above counts only if its issuer was tried: another may vouch for it
	middle := root.authority("middle")
	below := middle.leaf("P-256", nil)
	weakMiddle := *middle.cert
	weakMiddle.SignatureAlgorithm = x509.SHA1WithRSA
	wrong = unknownAuthority(x509.UnknownAuthorityError{Cert: below.cert}, []*x509.Certificate{below.cert, &weakMiddle})
	isFault(t, wrong, fault.TLSUnknownAuthority, "root")
}

func TestTheChainIsSentInOrder(t *testing.T) {
	root := newAuthority(t, "root")
	upper := root.authority("upper")
	lower := upper.authority("lower")
	id := lower.leaf("P-256", nil)
	twin := root.authority("lower") // the same name, another key
	other := newAuthority(t, "other").leaf("P-256", nil)
	names := func(chain []*x509.Certificate) (list []string) {
		for _, c := range chain {
			list = append(list, c.Subject.CommonName)
		}
		return list
	}
	for _, file := range [][]*x509.Certificate{
		{id.cert, lower.cert, upper.cert},
		{upper.cert, lower.cert, id.cert},
		{lower.cert, id.cert, other.cert, upper.cert, twin.cert, id.cert},
	} {
		assert.Equal(t, []string{"leaf P-256", "lower", "upper"}, names(chainOf(id.cert, file)))
	}
	assert.Equal(t, []string{"leaf P-256", "lower", "upper", "root"}, names(chainOf(id.cert, []*x509.Certificate{root.cert, upper.cert, lower.cert, id.cert})))

	// a second certificate of the upper one's key, by another root
	cross := newAuthority(t, "old root").sign(upper.cert, upper.key)
	got := chainOf(id.cert, []*x509.Certificate{upper.cert, cross.cert, lower.cert, id.cert})
	assert.Equal(t, []string{"leaf P-256", "lower", "upper", "upper"}, names(got))

	var s Settings
	require.NoError(t, s.SetCertificate(certPEM(upper.cert, lower.cert, id.cert)+id.keyPEM(), ""))
	assert.Equal(t, [][]byte{id.cert.Raw, lower.cert.Raw, upper.cert.Raw}, s.own[0].pair.Certificate)
}

func TestAnOwnCertificateMayHaveExpiredIfThatIsAskedFor(t *testing.T) {
	root := newAuthority(t, "root")
	for code, change := range map[fault.Code]func(*x509.Certificate){
		fault.TLSExpired:     func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) },
		fault.TLSNotYetValid: func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) },
	} {
		id := root.leaf("P-256", change)
		for _, load := range []func(string, string, bool) (Change, error){LoadCertificate, LoadFurther} {
			_, err := load(id.pem(), "", false)
			isFault(t, err, code)
			loaded, err := load(id.pem(), "", true)
			require.NoError(t, err)
			require.Len(t, loaded.Warnings, 1)
			isFault(t, loaded.Warnings[0], code)
			var s Settings
			loaded.Make(&s)
			require.Len(t, s.own, 1)
		}
	}
}

func TestPlainTextInsideOfTLSIsShown(t *testing.T) {
	const oops = "500 OOPS: vsftpd: the child died\r\n"
	shown := `500 OOPS: vsftpd: the child died\r\n`
	id := newAuthority(t, "root").leaf("P-256", nil)
	for _, bits := range []int32{TLS12, TLS13} {
		s := trusting(t, id)
		addBits(t, &s, bits)
		// behind the handshake
		p := handshake(t, clientParty(t, s), serverParty(t, serverOf(t, id))).good(t)
		p.serverBelow.Out.Put([]byte(oops))
		_, err := p.client.Read(make([]byte, 10))
		isFault(t, err, fault.TLSRecord, shown)

		// within it: the server says no more than its hello
		one, two := pipe()
		two.OnWrite = func(b []byte) int {
			hello := headerSize + int(b[3])<<8 + int(b[4])
			two.Out.Put(append(bytes.Clone(b[:hello]), oops...))
			two.OnWrite = func(b []byte) int { return len(b) }
			return len(b)
		}
		done := make(chan error)
		go func() { done <- serverParty(t, serverOf(t, id)).Server(two, "client").Handshake() }()
		isFault(t, clientParty(t, s).Client(one, "server").Handshake(), fault.TLSRecord, shown)
		one.Stop()
		<-done
	}
}

func TestWhatASpeakerOfPlainTextSaidIsShown(t *testing.T) {
	id := newAuthority(t, "root").leaf("P-256", nil)
	for text, words := range map[string]string{
		"220 mail.example ESMTP\r\n":                          `220 mail.example ESMTP\r\n`,
		"HTTP/1.1 400 Bad Request\r\nServer: any\r\n\r\n":     `HTTP/1.1 400 Bad Request\r\nServer`,
		"SSH-2.0-OpenSSH_9.2\r\n":                             `SSH-2.0-OpenSSH_9.2`,
		"500 OOPS: vsftpd: refusing to run with writable\r\n": `500 OOPS`,
	} {
		for _, most := range []int{0, 3} { // also in pieces
			one, two := pipe()
			one.Most = most
			two.Out.Put([]byte(text))
			err := clientParty(t, trusting(t, id)).Client(one, "server").Handshake()
			if most > 0 {
				words = words[:5]
			}
			isFault(t, err, fault.TLSPlainText, words)
		}
	}
	one, two := pipe()
	two.Out.Put([]byte("GET / HTTP/1.1\r\nHost: here\r\n\r\n"))
	e := isFault(t, serverParty(t, serverOf(t, id)).Server(one, "client").Handshake(), fault.TLSPlainText, `GET / HTTP/1.1\r\nHost: here`)
	assert.Contains(t, e.Error(), "an HTTP request without TLS")
	assert.Contains(t, e.Text(fault.French), "une requête HTTP sans TLS")
}
