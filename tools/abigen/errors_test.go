package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"wdsocket/core/fault"
)

var errorHeading = regexp.MustCompile(`(?m)^### (WDS_E_\w+) \((-\d+)\)$`)

// No code of the header is missing on a page, and each says why, what to do and what
// it ends.
func TestPagesOfErrorsHaveEveryCode(t *testing.T) {
	h, _ := realHeader(t)
	var want []string
	for _, c := range h.Constants() {
		if strings.HasPrefix(c.Name, "WDS_E_") {
			want = append(want, fmt.Sprintf("### %s (%d)", c.Name, c.Value))
		}
	}
	assert.NotEmpty(t, want)
	for lang, words := range errorPages {
		page := errorsPage(h, lang)
		assert.ElementsMatch(t, want, errorHeading.FindAllString(page, -1))
		for _, word := range []string{words.causes, words.cure, words.ends} {
			assert.Equal(t, len(want), len(regexp.MustCompile(`(?m)^- \*\*`+regexp.QuoteMeta(word)+`\*\* \S.*\.$`).FindAllString(page, -1)), word)
		}
		for _, name := range regexp.MustCompile(`\bWDS_[A-Z_0-9]*[A-Z0-9]\b`).FindAllString(page, -1) {
			_, known := h.Constant(name)
			assert.True(t, known, name)
		}
		assert.NotContains(t, page, "@")
	}
}

// The numbers of the scopes are those of the header.
func TestScopesAreThoseOfTheHeader(t *testing.T) {
	h, _ := realHeader(t)
	names := map[fault.Scope]string{fault.ScopeNone: "NONE", fault.ScopeCall: "CALL", fault.ScopeMessage: "MESSAGE", fault.ScopeClient: "CLIENT",
		fault.ScopeConnection: "CONNECTION", fault.ScopeServer: "SERVER", fault.ScopeProgram: "PROGRAM", fault.ScopeLibrary: "LIBRARY"}
	for scope, name := range names {
		assert.Equal(t, "WDS_SCOPE_"+name, scopeNames(h)[scope])
	}
	for _, code := range fault.Codes() {
		assert.Equal(t, code == fault.OK, code.Scope() == fault.ScopeNone, code.Name())
	}
}
