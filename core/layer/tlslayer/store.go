package tlslayer

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"strings"
	"time"
	"unicode"
)

// storeQuery is what a certificate of the store is looked for by: a thumbprint
// (SHA-1 or SHA-256, in hexadecimal) or the subject.
type storeQuery struct {
	thumbprint string
	subject    string
}

// parseStoreQuery reads what stands behind "store:". Blanks, colons and the invisible
// marks that Windows copies along with a thumbprint do not matter.
func parseStoreQuery(text string) storeQuery {
	print := strings.Map(func(r rune) rune {
		if r == ':' || unicode.IsSpace(r) || !unicode.IsGraphic(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
	if _, err := hex.DecodeString(print); err == nil && (len(print) == 2*sha1.Size || len(print) == 2*sha256.Size) {
		return storeQuery{thumbprint: print}
	}
	return storeQuery{subject: strings.TrimSpace(text)}
}

// rank tells how well a certificate fits, 0 if it does not.
func (w storeQuery) rank(cert *x509.Certificate) int {
	if w.thumbprint != "" {
		one, two := sha1.Sum(cert.Raw), sha256.Sum256(cert.Raw)
		if w.thumbprint == hex.EncodeToString(one[:]) || w.thumbprint == hex.EncodeToString(two[:]) {
			return 3
		}
		return 0
	}
	whole := cert.Subject.String()
	switch {
	case strings.EqualFold(w.subject, cert.Subject.CommonName), strings.EqualFold(w.subject, whole),
		strings.EqualFold(w.subject, "CN="+cert.Subject.CommonName), hasExactly(cert, w.subject):
		return 2
	case w.subject != "" && strings.Contains(strings.ToLower(whole), strings.ToLower(w.subject)):
		return 1
	}
	return 0
}

// better tells whether a fits better than b, which may be nil: by its name,
// then by being valid now, then by being valid longer.
func (w storeQuery) better(a, b *x509.Certificate) bool {
	if b == nil {
		return w.rank(a) > 0
	}
	if x, y := w.rank(a), w.rank(b); x != y {
		return x > y
	}
	now := time.Now()
	if x, y := dates(a, now) == nil, dates(b, now) == nil; x != y {
		return x
	}
	return a.NotAfter.After(b.NotAfter)
}
