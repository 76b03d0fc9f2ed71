package main

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// originals are the functions of WLanguage that the compatibility set stands for: with
// "wd" in front these are its procedures, in English and in French.
var originals = map[string]string{
	"SocketConnect": "SocketConnecte", "SocketConnectSSL": "SocketConnecteSSL", "SocketCreate": "SocketCrée", "SocketCreateSSL": "SocketCréeSSL",
	"SocketCreateUDP": "SocketCréeUDP", "SocketWaitForConnection": "SocketAttendConnexion", "SocketAccept": "SocketAccepte", "SocketDeny": "SocketRefuse",
	"SocketRead": "SocketLit", "SocketWrite": "SocketEcrit", "SocketClose": "SocketFerme", "SocketExist": "SocketExiste", "SocketClientInfo": "SocketInfoClient",
	"SocketChangeTransmissionMode": "SocketChangeModeTransmission",
	"SocketConnectBluetooth":       "SocketConnecteBluetooth", "SocketCreateBluetooth": "SocketCréeBluetooth",
	"SocketConnectInfrared": "SocketConnecteInfraRouge", "SocketCreateInfrared": "SocketCréeInfraRouge",
	"WebSocketClientConnect": "WebSocketClientConnecte", "WebSocketClientConnectSSL": "WebSocketClientConnecteSSL",
	"ErrorInfo": "ErreurInfo", "ErrorOccurred": "ErreurDétectée",
}

func TestTheCompatibilitySetFitsTheHeader(t *testing.T) {
	h, _ := realHeader(t)
	text := windevCompat(h)
	compat := parseWL(compatName, text)
	require.NoError(t, errors.Join(compat.check(h, nil)...))
	module := parseWL("module", windevModule(h))
	for _, p := range module.order {
		assert.True(t, p.name == "" || compat.procedures[strings.ToLower(p.name)] != nil, "%s is left out", p.name)
	}
	for _, p := range paragraphs(compatText) {
		if name := procedureName(p); name != "" {
			code := p[strings.Index(p, "PROCEDURE "):]
			assert.Equal(t, 1, strings.Count(text, code+"\n"), "%s stands there once, as it is in the template", name)
		}
	}
	assert.Contains(t, text, "\tgbWdsStrict is boolean = True\n", "the line to change")
	assert.NotContains(t, text, "@NOTE@")
}

func TestTheCompatibilitySetHasEveryOriginalInBothLanguages(t *testing.T) {
	h, _ := realHeader(t)
	compat := parseWL(compatName, windevCompat(h))
	for english, french := range originals {
		e, f := compat.procedures["wd"+strings.ToLower(english)], compat.procedures["wd"+strings.ToLower(french)]
		require.NotNil(t, e, english)
		require.NotNil(t, f, french)
		assert.Equal(t, [2]int{e.least, e.most}, [2]int{f.least, f.most}, french)
	}
	assert.Equal(t, 5, compat.procedures["wdsocketread"].most, "the five parameters of SocketRead")
	assert.Equal(t, 1, compat.procedures["wdsocketread"].least)
}

var (
	compatCase = regexp.MustCompile(`(?m)^\tCASE ([\p{L}\d_]+): n\w+ = (WDS_\w+)$`)
	compatBit  = regexp.MustCompile(`BinaryAND\(nOptions, ([\p{L}\d_]+)\)`)
)

// constantRows are those of a guide's table of constants: what is in the columns of
// WLanguage, and what is in the last one.
func constantRows(guide string) map[string]string {
	rows := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\| ([\p{L}\d_]+)[^|]*\| ([\p{L}\d_]*)[^|]*\| ([^|]*) \|$`).FindAllStringSubmatch(guide, -1) {
		rows[m[1]], rows[m[2]] = m[3], m[3]
	}
	return rows
}

// The guides tell of every constant that the compatibility set knows, and what it becomes.
func TestTheGuidesTellOfEveryConstantOfTheOriginals(t *testing.T) {
	english, french := guides(t)
	known := map[string]string{}
	for _, m := range compatCase.FindAllStringSubmatch(compatText, -1) {
		known[m[1]] = m[2]
	}
	for _, m := range compatBit.FindAllStringSubmatch(compatText, -1) {
		known[m[1]] = ""
	}
	require.GreaterOrEqual(t, len(known), 16, "the test sees the constants")
	for _, guide := range []string{english, french} {
		rows := constantRows(guide)
		for name, becomes := range known {
			if assert.Contains(t, rows, name) && becomes != "" {
				assert.Contains(t, rows[name], "`"+becomes+"`", name)
			}
		}
		for name, becomes := range map[string]string{"ProtocolSSL2": "WDS_SSL_V2", "ProtocolSSL3": "WDS_SSL_V3", "ProtocolTLS1": "WDS_SSL_TLS10",
			"ProtocolTLS1_1": "WDS_SSL_TLS11", "ProtocolTLS1_2": "WDS_SSL_TLS12", "ProtocolTLS1_3": "WDS_SSL_TLS13"} {
			assert.Contains(t, rows[name], "`"+becomes+"`", name)
			assert.Contains(t, compatText, becomes)
		}
	}
}

// The rows with a number are the differences that the scripts of ctest/originals.c demand.
func TestTheGuidesTellOfEveryDifferenceThatIsTested(t *testing.T) {
	_, root := realHeader(t)
	numbers := func(expression, text string) []string {
		var all []string
		for _, m := range regexp.MustCompile(expression).FindAllStringSubmatch(text, -1) {
			all = append(all, m[1])
		}
		slices.Sort(all)
		return slices.Compact(all)
	}
	tested := numbers(` !(\d)"`, readText(t, root, "ctest/originals.c"))
	require.NotEmpty(t, tested)
	english, french := guides(t)
	assert.Equal(t, tested, numbers(`(?m)^\| (\d+) \| [^|]+ \| [^|]+ \|$`, english))
	assert.Equal(t, tested, numbers(`(?m)^\| (\d+) \| [^|]+ \| [^|]+ \|$`, french))
}

// What is given instead of a certificate says itself what is wrong; ctest/originals_tls.c has
// the library refuse it.
func TestCertificatesThatCannotBeTakenAreRefused(t *testing.T) {
	_, root := realHeader(t)
	tested := readText(t, root, "ctest/originals_tls.c")
	refused := regexp.MustCompile(`RESULT "([^"]{30,})"|": (only the personal store[^"]*)"`).FindAllStringSubmatch(compatText, -1)
	require.Len(t, refused, 2)
	for _, m := range refused {
		assert.Contains(t, tested, m[1]+m[2])
	}
}
