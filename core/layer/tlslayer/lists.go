package tlslayer

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"sync"

	"wdsocket/core/fault"
)

// openSSLNames are the suites' names in OpenSSL.
var openSSLNames = sync.OnceValue(func() map[string]uint16 {
	return map[string]uint16{
		"RC4-SHA":                       tls.TLS_RSA_WITH_RC4_128_SHA,
		"DES-CBC3-SHA":                  tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA,
		"AES128-SHA":                    tls.TLS_RSA_WITH_AES_128_CBC_SHA,
		"AES256-SHA":                    tls.TLS_RSA_WITH_AES_256_CBC_SHA,
		"AES128-SHA256":                 tls.TLS_RSA_WITH_AES_128_CBC_SHA256,
		"AES128-GCM-SHA256":             tls.TLS_RSA_WITH_AES_128_GCM_SHA256,
		"AES256-GCM-SHA384":             tls.TLS_RSA_WITH_AES_256_GCM_SHA384,
		"ECDHE-ECDSA-RC4-SHA":           tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA,
		"ECDHE-ECDSA-AES128-SHA":        tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
		"ECDHE-ECDSA-AES256-SHA":        tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
		"ECDHE-RSA-RC4-SHA":             tls.TLS_ECDHE_RSA_WITH_RC4_128_SHA,
		"ECDHE-RSA-DES-CBC3-SHA":        tls.TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA,
		"ECDHE-RSA-AES128-SHA":          tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
		"ECDHE-RSA-AES256-SHA":          tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
		"ECDHE-ECDSA-AES128-SHA256":     tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
		"ECDHE-RSA-AES128-SHA256":       tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256,
		"ECDHE-RSA-AES128-GCM-SHA256":   tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		"ECDHE-ECDSA-AES128-GCM-SHA256": tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
		"ECDHE-RSA-AES256-GCM-SHA384":   tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
		"ECDHE-ECDSA-AES256-GCM-SHA384": tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
		"ECDHE-RSA-CHACHA20-POLY1305":   tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		"ECDHE-ECDSA-CHACHA20-POLY1305": tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
	}
})

// suitesByName has every suite of crypto/tls under both names.
var suitesByName = sync.OnceValue(func() map[string]*tls.CipherSuite {
	byName, byNumber := map[string]*tls.CipherSuite{}, map[uint16]*tls.CipherSuite{}
	for _, list := range [][]*tls.CipherSuite{tls.CipherSuites(), tls.InsecureCipherSuites()} {
		for _, suite := range list {
			byName[suite.Name], byNumber[suite.ID] = suite, suite
		}
	}
	for name, number := range openSSLNames() {
		if suite := byNumber[number]; suite != nil {
			byName[name] = suite
		}
	}
	return byName
})

func parseSuites(list string) (suites named[uint16], err error) {
	for _, name := range items(list) {
		upper := strings.ToUpper(name)
		suite := suitesByName()[upper]
		switch {
		case suite == nil && (strings.HasPrefix(upper, "TLS_AES_") || strings.HasPrefix(upper, "TLS_CHACHA20_")),
			suite != nil && suite.SupportedVersions[0] == tls.VersionTLS13:
			return suites, wrong(fault.Unsupported, nameSuites, noteSuites13, name)
		case suite == nil:
			return suites, wrong(fault.Unsupported, nameSuites, noteUnknownItem, name, secureSuites())
		}
		suites.list = append(suites.list, suite.ID)
	}
	suites.text = list
	return suites, nil
}

// secureSuites lists the suites worth using, for a text.
func secureSuites() string {
	var names []string
	for _, suite := range tls.CipherSuites() {
		if suite.SupportedVersions[0] != tls.VersionTLS13 {
			names = append(names, suite.Name)
		}
	}
	return strings.Join(names, ", ")
}

// groups are the key exchanges, by the names of RFC 8446 and of OpenSSL; the
// first name of each is the one told.
var groups = [...]struct {
	number tls.CurveID
	names  []string
}{
	{tls.X25519, []string{"X25519"}},
	{tls.CurveP256, []string{"P-256", "secp256r1", "prime256v1"}},
	{tls.CurveP384, []string{"P-384", "secp384r1"}},
	{tls.CurveP521, []string{"P-521", "secp521r1"}},
	{tls.X25519MLKEM768, []string{"X25519MLKEM768"}},
	{tls.SecP256r1MLKEM768, []string{"SecP256r1MLKEM768"}},
	{tls.SecP384r1MLKEM1024, []string{"SecP384r1MLKEM1024"}},
}

func parseGroups(list string) (chosen named[tls.CurveID], err error) {
	for _, name := range items(list) {
		number := groupNumber(name)
		if number == 0 {
			return chosen, wrong(fault.Unsupported, nameGroups, noteGroup, name, groupNames())
		}
		chosen.list = append(chosen.list, number)
	}
	chosen.text = list
	return chosen, nil
}

func groupNumber(name string) tls.CurveID {
	for _, g := range groups {
		for _, n := range g.names {
			if strings.EqualFold(n, name) {
				return g.number
			}
		}
	}
	return 0
}

func groupName(number tls.CurveID) string {
	for _, g := range groups {
		if g.number == number {
			return g.names[0]
		}
	}
	if number == 0 { // RSA key exchange, or an old resumed session
		return ""
	}
	return number.String()
}

func groupNames() string {
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = g.names[0]
	}
	return strings.Join(names, ", ")
}

// pinned is a set of public keys.
type pinned struct {
	text string
	keys map[[sha256.Size]byte]bool
}

func parsePins(list string) (p pinned, err error) {
	for _, item := range items(list) {
		key, ok := parsePin(item)
		if !ok {
			return pinned{}, wrong(fault.Argument, namePins, notePinForm, item)
		}
		if p.keys == nil {
			p.keys = map[[sha256.Size]byte]bool{}
		}
		p.keys[key] = true
	}
	p.text = list
	return p, nil
}

// parsePin takes the usual forms: base64, with "sha256/" or "sha256//" before
// it, and hexadecimal with or without colons.
func parsePin(text string) (key [sha256.Size]byte, ok bool) {
	text, prefixed := strings.CutPrefix(text, "sha256/")
	if key, ok = decodePin(text); !ok && prefixed {
		key, ok = decodePin(strings.TrimPrefix(text, "/"))
	}
	return key, ok
}

func decodePin(text string) (key [sha256.Size]byte, ok bool) {
	raw, err := hex.DecodeString(strings.ReplaceAll(text, ":", ""))
	if err != nil || len(raw) != len(key) {
		raw, err = base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	}
	if err != nil || len(raw) != len(key) {
		return key, false
	}
	return [sha256.Size]byte(raw), true
}

func (p pinned) has(cert *x509.Certificate) bool {
	return p.keys[sha256.Sum256(cert.RawSubjectPublicKeyInfo)]
}

// pinOf is a public key in the form that SetPins takes.
func pinOf(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}
