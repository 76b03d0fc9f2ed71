package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Texts of a socket with a character set go through the library in UTF-8, in both sets.
func TestTextsAreUTF8WhereTheLibraryConvertsThem(t *testing.T) {
	h, _ := realHeader(t)
	for name, text := range map[string]string{"module": windevModule(h), "compat": windevCompat(h)} {
		module := parseWL(name, text)
		for _, of := range []string{"wdsBytes", "wdSocketRead"} {
			p := module.procedures[strings.ToLower(of)]
			require.NotNil(t, p, of)
			assert.True(t, calls(module, p, "wdsConverts", 3), "%s: %s", name, of)
		}
	}
}

// calls tells whether a procedure calls another one, by so many others at most.
func calls(module *wlText, p *wlProcedure, name string, depth int) bool {
	for _, line := range p.lines {
		for _, call := range wlCalls(line.text) {
			next := module.procedures[strings.ToLower(call.name)]
			if call.name == name || depth > 0 && next != nil && calls(module, next, name, depth-1) {
				return true
			}
		}
	}
	return false
}
