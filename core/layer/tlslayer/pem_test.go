package tlslayer

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

func TestPEMIsReadAsTheLaxGrammarAllows(t *testing.T) {
	root := newAuthority(t, "root")
	cert := certPEM(root.cert)
	for name, text := range map[string]string{
		"as it is":               cert,
		"byte order mark":        "\ufeff" + cert,
		"marks between":          cert + "\ufeff" + cert,
		"mark and no line end":   strings.TrimSpace(cert) + "\ufeff" + cert,
		"no line end":            strings.TrimSpace(cert) + cert,
		"no line end at the end": strings.TrimSpace(cert),
		"CR LF":                  strings.ReplaceAll(cert, "\n", "\r\n"),
		"CR":                     strings.ReplaceAll(cert, "\n", "\r"),
		"indented":               "\t" + strings.ReplaceAll(cert, "\n", "\n   "),
		"end of file of DOS":     cert + "\x1a",
		"words around":           "-- the root --\n" + cert + "---- its end\nBEGIN CERTIFICATE\n",
		"other label":            strings.ReplaceAll(cert, "CERTIFICATE", "X509 CERTIFICATE"),
		"other kinds":            "-----BEGIN TRUSTED CERTIFICATE-----\n!\n-----END TRUSTED CERTIFICATE-----\n" + cert + "-----BEGIN PKCS7-----\n",
	} {
		certs, warnings, err := certificatesIn(text, "file")
		require.NoError(t, err, name)
		assert.Empty(t, warnings, name)
		require.NotEmpty(t, certs, name)
		assert.Len(t, certs, strings.Count(text, "-----BEGIN CERTIFICATE")+strings.Count(text, "-----BEGIN X509"), name)
		for _, c := range certs {
			assert.True(t, c.Equal(root.cert), name)
		}
	}
}

func TestDamagedBlocksAreFound(t *testing.T) {
	cert := certPEM(newAuthority(t, "root").cert)
	lines := strings.SplitAfter(cert, "\n")
	for name, damaged := range map[string]string{
		"no end":               lines[0] + lines[1],
		"no beginning":         strings.Join(lines[1:], ""),
		"begun twice":          lines[0] + cert,
		"a letter":             strings.Replace(cert, "MII", "M*I", 1),
		"a line less":          strings.Replace(cert, lines[2], "", 1),
		"empty":                lines[0] + "-----END CERTIFICATE-----\n",
		"a dash less":          cert[1:],
		"a dash less behind":   strings.Replace(cert, "CERTIFICATE-----", "CERTIFICATE----", 1),
		"more behind":          strings.Replace(cert, "CERTIFICATE-----", "CERTIFICATE----- # mine", 1),
		"another end":          strings.Replace(cert, "END CERT", "END X509 CERT", 1),
		"not DER":              "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		"DER of another thing": "-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n",
	} {
		_, _, err := certificatesIn(cert+"\n"+damaged+"\n"+cert, "file.pem")
		e := isFault(t, err, fault.TLSCertificateFile, "file.pem", "CERTIFICATE")
		line := strings.Count(cert, "\n") + 2
		if name == "no beginning" {
			line += len(lines) - 3
		}
		assert.Contains(t, e.Error(), "line "+strconv.Itoa(line)+":", name)
		assert.Contains(t, e.Text(fault.French), "ligne "+strconv.Itoa(line), name)
	}
}

// No text makes it fail otherwise than by an error, and what is written as it
// has to be is found.
func FuzzPEM(f *testing.F) {
	f.Add("-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----")
	f.Add("\ufeff-----BEGIN A-----\r-----END A----------BEGIN B-----\nX: y\n\n-----END B-----")
	f.Fuzz(func(t *testing.T, text string) {
		for _, b := range pemBlocks(text) {
			assert.Positive(t, b.line)
			assert.NotEmpty(t, b.label)
			if b.Block != nil {
				assert.Equal(t, b.label, b.Type)
			}
		}
		pemText([]byte(text), "file")
		wellFormed([]byte(text))
	})
}
