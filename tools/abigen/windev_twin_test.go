package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// twins are the functions of ctest/originals/twin.c and the procedures whose steps they repeat.
var twins = map[string]string{
	"twin_connect": "wdSocketConnect", "twin_connect_ssl": "wdSocketConnectSSL", "twin_create": "wdSocketCreate", "twin_create_ssl": "wdSocketCreateSSL",
	"twin_create_udp": "wdSocketCreateUDP", "twin_wait": "wdSocketWaitForConnection", "twin_accept": "wdSocketAccept", "twin_deny": "wdSocketDeny",
	"twin_read": "wdSocketRead", "twin_write": "wdSocketWrite", "twin_close": "wdSocketClose", "twin_exist": "wdSocketExist",
	"twin_info": "wdSocketClientInfo", "twin_mode": "wdSocketChangeTransmissionMode", "error_occurred": "wdErrorOccurred", "read_rest": "wdsReadRest",
}

var (
	twinInWLanguage = regexp.MustCompile(`(WDSocket\w+|wds?[A-Z][\p{L}\d_]*)["(]`)
	twinInC         = regexp.MustCompile(`\b(\w+)\(`)
)

// calledBy gives the functions of the library that a text calls, itself or by others.
func calledBy(name string, bodies map[string]string, called *regexp.Regexp) []string {
	found, seen := map[string]bool{}, map[string]bool{}
	var look func(string)
	look = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		for _, m := range called.FindAllStringSubmatch(bodies[name], -1) {
			switch {
			case strings.HasPrefix(m[1], "WDSocket"):
				found[m[1]] = true
			case bodies[m[1]] != "":
				look(m[1])
			}
		}
	}
	look(name)
	return slices.Sorted(maps.Keys(found))
}

func TestTheTwinCallsWhatTheCompatibilitySetCalls(t *testing.T) {
	h, root := realHeader(t)
	procedures, functions := map[string]string{}, map[string]string{}
	for _, p := range parseWL(compatName, windevCompat(h)).order {
		for _, line := range p.lines {
			procedures[p.name] += line.text + "\n"
		}
	}
	// A socket is named in other ways there, and text is converted.
	for _, name := range []string{"wdSocketHandle", "wdsBytes", "wdsText", "wdsConverts", "wdsLibrary"} {
		procedures[name] = ""
	}
	text := readText(t, root, "ctest/originals/twin.c")
	for _, form := range []string{`(?ms)^static [\w ]+ \**(\w+)\([^)]*\)\n\{\n(.*?)^\}`, `(?m)^static [\w ]+ \**(\w+)\([^)]*\) \{(.*)\}$`} {
		for _, m := range regexp.MustCompile(form).FindAllStringSubmatch(text, -1) {
			functions[m[1]] = m[2]
		}
	}
	functions["handle"], functions["give"] = "", ""
	for twin, original := range twins {
		require.NotEmpty(t, functions[twin], twin)
		require.NotEmpty(t, procedures[original], original)
		assert.Equal(t, calledBy(original, procedures, twinInWLanguage), calledBy(twin, functions, twinInC), "%s and %s", original, twin)
	}
}
