package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestModulesAndProgramsAreReadAsWLanguage(t *testing.T) {
	h, root := realHeader(t)
	assert.NoError(t, CheckWLanguage(h, root))
}

// A program that is for the originals' meaning says so, and may then give their constants.
func TestAProgramIsReadWithItsModule(t *testing.T) {
	h, root := realHeader(t)
	file := filepath.Join(t.TempDir(), "program.wl")
	check := func(text string) error {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return CheckFiles(h, root, []string{file})
	}
	const program = "wdSocketChangeTransmissionMode(\"a\", SocketEndTag, CRLF)\n"
	assert.ErrorContains(t, check(program), "mistakes in WLanguage: 1")
	assert.NoError(t, check("// For wdsocket_compat.wl.\n"+program))
	assert.NoError(t, check("HReadFirst(Customer)\nMyOwn(1)\n"), "functions and procedures that are not known here")
	assert.Error(t, CheckFiles(h, root, nil))
	assert.Error(t, CheckFiles(h, root, []string{"no such file"}))
}
