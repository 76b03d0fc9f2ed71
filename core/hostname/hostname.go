// Package hostname turns the names of hosts as people write them into the form
// that name servers and certificates have.
package hostname

import (
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// ASCII gives a name its form in the DNS: "müller.example" is
// "xn--mller-kva.example" there (IDNA 2008, mapped as UTS 46 says). A name that
// is ASCII already stays as it is, whatever it contains.
func ASCII(name string) (string, error) {
	if isASCII(name) {
		return name, nil
	}
	bare, absolute := strings.CutSuffix(name, ".")
	out, err := idna.Lookup.ToASCII(bare)
	if err == nil && absolute {
		out += "."
	}
	return out, err
}

// InCertificate gives a name the form that certificates and the server names of
// TLS have: that of ASCII, without a dot at the end (RFC 6066, section 3).
func InCertificate(name string) (string, error) {
	out, err := ASCII(name)
	return strings.TrimSuffix(out, "."), err
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Dotted tells whether text is four numbers with dots, as an IPv4 address is,
// and gives it without zeros in front of the numbers. Such a text is never a
// name: no top-level domain is a number (RFC 3696, section 2).
func Dotted(text string) (plain string, is bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 4 {
		return "", false
	}
	for i, part := range parts {
		if part == "" || strings.Trim(part, "0123456789") != "" {
			return "", false
		}
		if n, err := strconv.ParseUint(part, 10, 32); err == nil {
			part = strconv.FormatUint(n, 10)
		}
		parts[i] = part
	}
	return strings.Join(parts, "."), true
}
