package tlslayer

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

func TestNumbersAgreeWithTheHeader(t *testing.T) {
	header, err := os.ReadFile("../../../include/wdsocket.h")
	require.NoError(t, err)
	numbers := map[string]int32{
		"SSL_V2": V2, "SSL_V3": V3, "SSL_TLS10": TLS10, "SSL_TLS11": TLS11, "SSL_TLS12": TLS12, "SSL_TLS13": TLS13,
		"SSL_ACCEPT_ANY": AcceptAny, "SSL_ASK_CLIENT": AskClient, "SSL_REQUIRE_CLIENT": RequireClient,
		"SSL_NO_RESUMPTION": NoResumption, "SSL_ONLY_AUTHORITIES": OnlyAuthorities, "SSL_DEFAULT": 0,
		"INFO_SSL_VERSION": InfoVersion, "INFO_SSL_CIPHER": InfoCipher, "INFO_SSL_ALPN": InfoALPN,
		"INFO_SSL_RESUMED": InfoResumed, "INFO_SSL_GROUP": InfoGroup, "INFO_SSL_SERVER_NAME": InfoServerName,
		"INFO_SSL_VERIFY": InfoVerify, "INFO_SSL_COUNT": InfoCount, "INFO_SSL_SUBJECT": InfoSubject,
		"INFO_SSL_ISSUER": InfoIssuer, "INFO_SSL_NAMES": InfoNames, "INFO_SSL_FROM": InfoFrom, "INFO_SSL_UNTIL": InfoUntil,
		"INFO_SSL_SHA1": InfoSHA1, "INFO_SSL_SHA256": InfoSHA256, "INFO_SSL_PIN": InfoPin, "INFO_SSL_SERIAL": InfoSerial,
		"INFO_SSL_PEM": InfoPEM,
	}
	found := regexp.MustCompile(`(?m)^#define WDS_((?:INFO_)?SSL_\w+) (\d+)`).FindAllStringSubmatch(string(header), -1)
	require.Len(t, found, len(numbers))
	for _, m := range found {
		assert.Equal(t, m[2], strconv.Itoa(int(numbers[m[1]])), m[1])
	}
	for _, name := range []string{nameBits, nameAdd, nameAuthorities, nameServerName, nameALPN, namePins, nameSuites,
		nameGroups, nameKeyLog, nameCertificate} {
		assert.Contains(t, string(header), "#define "+name+" ")
	}
}

func TestBits(t *testing.T) {
	tests := []struct {
		bits            int32
		code            fault.Code
		lowest, highest uint16
	}{
		{0, fault.OK, tls.VersionTLS12, tls.VersionTLS13},
		{AcceptAny, fault.OK, tls.VersionTLS12, tls.VersionTLS13},
		{TLS10, fault.OK, tls.VersionTLS10, tls.VersionTLS10},
		{TLS10 | TLS11 | TLS12 | TLS13, fault.OK, tls.VersionTLS10, tls.VersionTLS13},
		{TLS13 | RequireClient, fault.OK, tls.VersionTLS13, tls.VersionTLS13},
		{V2, fault.Unsupported, 0, 0},
		{V3 | TLS12, fault.Unsupported, 0, 0},
		{TLS10 | TLS12, fault.Unsupported, 0, 0},
		{TLS11 | TLS13, fault.Unsupported, 0, 0},
		{64, fault.Argument, 0, 0},
		{-1, fault.Argument, 0, 0},
	}
	for _, tt := range tests {
		var s Settings
		err := s.SetBits(tt.bits)
		if tt.code != fault.OK {
			e := isFault(t, err, tt.code)
			assert.Equal(t, fault.PhaseOption, e.Phase)
			assert.Zero(t, s.Bits())
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, tt.bits, s.Bits())
		config := s.config()
		assert.Equal(t, tt.lowest, config.MinVersion)
		assert.Equal(t, tt.highest, config.MaxVersion)
	}
}

func TestListsThatAreWrong(t *testing.T) {
	long := strings.Repeat("x", 256)
	tests := []struct {
		name  string
		set   func(*Settings, string) error
		value string
		code  fault.Code
		words string
	}{
		{"suite of TLS 1.3", (*Settings).SetSuites, "TLS_AES_128_GCM_SHA256", fault.Unsupported, "TLS 1.3"},
		{"suite of TLS 1.3 that Go has not", (*Settings).SetSuites, "TLS_AES_128_CCM_SHA256", fault.Unsupported, "TLS 1.3"},
		{"suite nobody knows", (*Settings).SetSuites, "AES128-GCM-SHA256, NONSENSE", fault.Unsupported, "NONSENSE"},
		{"group that Go has not", (*Settings).SetGroups, "X448", fault.Unsupported, "X448"},
		{"pin too short", (*Settings).SetPins, "abcd", fault.Argument, "abcd"},
		{"pin of nothing", (*Settings).SetPins, "sha256/", fault.Argument, "sha256/"},
		{"protocol too long", (*Settings).SetALPN, long, fault.Argument, long},
		{"name with a blank", (*Settings).SetServerName, "a b", fault.Argument, "a b"},
		{"key log in no folder", (*Settings).SetKeyLog, t.TempDir() + "/none/keys", fault.Argument, nameKeyLog},
		{"no authority file", (*Settings).SetAuthorities, "/no/such/file", fault.TLSCertificateFile, "/no/such/file"},
		{"authorities without any", (*Settings).SetAuthorities, "-----BEGIN NOTHING-----\n-----END NOTHING-----\n", fault.TLSCertificateFile, nameAuthorities},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s Settings
			e := isFault(t, tt.set(&s, tt.value), tt.code, tt.words)
			assert.Equal(t, fault.PhaseOption, e.Phase)
			assert.Equal(t, Settings{}, s, "nothing was changed")
		})
	}
}

func TestListsAsTheyWereGiven(t *testing.T) {
	pin := strings.Repeat("ab", 32)
	var s Settings
	require.NoError(t, s.SetSuites("ECDHE-RSA-AES128-GCM-SHA256, tls_ecdhe_ecdsa_with_aes_256_gcm_sha384"))
	require.NoError(t, s.SetGroups("x25519,prime256v1"))
	require.NoError(t, s.SetPins(pin))
	require.NoError(t, s.SetALPN(" h2, http/1.1 ,"))
	require.NoError(t, s.SetServerName("mail.example.com"))
	log := t.TempDir() + "/keys"
	require.NoError(t, s.SetKeyLog(log))
	copied := s
	assert.Equal(t, []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384}, copied.suites.list)
	assert.Equal(t, "ECDHE-RSA-AES128-GCM-SHA256, tls_ecdhe_ecdsa_with_aes_256_gcm_sha384", copied.Suites())
	assert.Equal(t, []tls.CurveID{tls.X25519, tls.CurveP256}, copied.groups.list)
	assert.Equal(t, "x25519,prime256v1", copied.Groups())
	assert.Equal(t, pin, copied.Pins())
	assert.Equal(t, "h2,http/1.1", copied.ALPN())
	assert.Equal(t, "mail.example.com", copied.ServerName())
	assert.Equal(t, log, copied.KeyLog())
	require.NoError(t, s.SetSuites(""))
	require.NoError(t, s.SetALPN(""))
	assert.NotEmpty(t, copied.Suites())
	assert.Empty(t, s.Suites())
	assert.Nil(t, s.config().NextProtos)
}

func TestEveryOpenSSLNameIsASuite(t *testing.T) {
	for name := range openSSLNames() {
		var s Settings
		assert.NoError(t, s.SetSuites(name), name)
	}
}

func TestPinsInEveryForm(t *testing.T) {
	cert := newAuthority(t, "pins").cert
	b64 := pinOf(cert)
	raw, ok := parsePin(b64)
	require.True(t, ok)
	text := hex.EncodeToString(raw[:])
	colons := regexp.MustCompile("..").ReplaceAllString(strings.ToUpper(text), "$0:")
	for _, form := range []string{b64, strings.TrimRight(b64, "="), "sha256/" + b64, "sha256//" + b64, text, strings.TrimSuffix(colons, ":")} {
		p, err := parsePins("," + form)
		require.NoError(t, err, form)
		assert.True(t, p.has(cert), form)
	}
	slash, ok := parsePin("sha256/" + "/" + strings.Repeat("A", 42) + "=")
	require.True(t, ok)
	assert.Equal(t, byte(0xfc), slash[0], "a slash of the base64 itself")
}

func TestDaysLeft(t *testing.T) {
	root := newAuthority(t, "root")
	var s Settings
	_, ok := s.DaysLeft()
	assert.False(t, ok)
	s = serverOf(t, root.leaf("P-256", nil))
	days, ok := s.DaysLeft()
	assert.True(t, ok)
	assert.EqualValues(t, 100, days)
	require.NoError(t, s.AddCertificate(root.leaf("P-256", func(c *x509.Certificate) {
		c.NotAfter, c.DNSNames = time.Now().Add(3*24*time.Hour+time.Hour), []string{"soon"}
	}).pem(), ""))
	days, _ = s.DaysLeft()
	assert.EqualValues(t, 3, days)
	s.own[1].pair.Leaf.NotAfter = time.Now().Add(-time.Hour)
	days, _ = s.DaysLeft()
	assert.EqualValues(t, -1, days)
}

func TestAuthoritiesInEveryForm(t *testing.T) {
	one, two := newAuthority(t, "one"), newAuthority(t, "two")
	both := certPEM(one.cert, two.cert)
	for name, spec := range map[string]string{
		"text": both, "PEM file": write(t, "both.pem", []byte(both)), "DER file": write(t, "one.der", one.cert.Raw),
	} {
		var s Settings
		require.NoError(t, s.SetAuthorities(spec), name)
		assert.Equal(t, spec, s.Authorities())
		assert.True(t, s.authorities.certs[0].Equal(one.cert), name)
		require.NoError(t, s.SetAuthorities(""))
		assert.Empty(t, s.Authorities())
	}
}

func TestEmbeddedAuthoritiesWhereTheSystemHasNone(t *testing.T) {
	some := x509.NewCertPool()
	some.AddCert(newAuthority(t, "system").cert)
	assert.True(t, some.Equal(orEmbedded(some, nil)), "the system's own come first")
	empty := x509.NewCertPool()
	assert.False(t, empty.Equal(orEmbedded(x509.NewCertPool(), nil)))
	assert.False(t, empty.Equal(orEmbedded(nil, assert.AnError)))
	system := systemRoots()
	_ = newAuthorities("", []*x509.Certificate{newAuthority(t, "more").cert}).pool(true)
	assert.True(t, system.Equal(systemRoots()), "further authorities do not change the system's")
	var none *authorities
	assert.True(t, empty.Equal(none.pool(false)), "only no authorities at all")
}

func TestStoreChoice(t *testing.T) {
	root := newAuthority(t, "Store Root")
	cert := root.leaf("P-256", func(c *x509.Certificate) { c.Subject.CommonName = "shop.example.com" }).cert
	later := root.leaf("P-256", func(c *x509.Certificate) {
		c.Subject.CommonName = "shop.example.com"
		c.NotAfter = c.NotAfter.Add(time.Hour)
	}).cert
	old := root.leaf("P-256", func(c *x509.Certificate) {
		c.Subject.CommonName = "shop.example.com"
		c.NotAfter = time.Now().Add(-time.Hour)
	}).cert
	print := ofCertificate(cert, InfoSHA1)
	spaced := regexp.MustCompile("..").ReplaceAllString(strings.ToUpper(print), "$0 ")
	for text, rank := range map[string]int{
		print: 3, "\u200e" + spaced: 3, ofCertificate(cert, InfoSHA256): 3, strings.Repeat("00", 20): 0,
		"SHOP.example.com": 2, "CN=shop.example.com": 2, "localhost": 2, cert.Subject.String(): 2,
		"example": 1, "wdsocket tests": 1, "other": 0, "": 0,
	} {
		assert.Equal(t, rank, parseStoreQuery(text).rank(cert), text)
	}
	w := parseStoreQuery("shop.example.com")
	assert.True(t, w.better(cert, nil))
	assert.True(t, w.better(cert, old), "valid before expired")
	assert.True(t, w.better(later, cert))
	assert.False(t, w.better(root.cert, nil))
	assert.True(t, parseStoreQuery("Store Root").better(root.cert, nil))
}

func TestPlainHost(t *testing.T) {
	for host, want := range map[string]string{
		"example.com": "example.com", "example.com.": "example.com", "[::1]": "::1", "fe80::1%eth0": "fe80::1",
		"::ffff:10.0.0.1": "10.0.0.1", "127.0.0.1": "127.0.0.1", "": "",
	} {
		assert.Equal(t, want, plainHost(host))
	}
}

func TestServerNamesAreAsCertificatesHaveThem(t *testing.T) {
	for host, want := range map[string]string{
		"müller.test":     "xn--mller-kva.test",
		"MÜLLER.test.":    "xn--mller-kva.test",
		"plain.example.":  "plain.example",
		"my_host.example": "my_host.example",
		"[fe80::1%eth0]":  "fe80::1",
		"10.0.0.5":        "10.0.0.5",
	} {
		assert.Equal(t, want, plainHost(host), host)
	}
	var s Settings
	require.NoError(t, s.SetServerName("müller.test."))
	assert.Equal(t, "müller.test.", s.ServerName(), "as it was set")
	assert.Equal(t, fault.Argument, fault.CodeOf(s.SetServerName("ü\u0300\x01.test")))
}
