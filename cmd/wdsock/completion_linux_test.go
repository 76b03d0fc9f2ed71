package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBashCompletesCommandLines(t *testing.T) {
	script := told(t, 0, "", "--completion")
	for words, want := range map[string]string{
		"con":                          "connect",
		"do":                           "doctor",
		"--ver":                        "--version",
		"connect --exp":                "--expect",
		"connect --no-h":               "--no-history",
		"--json listen --sim":          "--simulate",
		"listen --simulate sc":         "scale",
		"connect h:1 --frame modbus-t": "modbus-tcp",
		"connect -f mll":               "mllp",
		"doctor h:1 --ask s":           "s7 sics",
		"--color al":                   "always",
		"connect --end l":              "lf",
		"connect --cert completion_l":  "completion_linux_test.go",
		"listen --exp":                 "",
	} {
		bash := exec.Command("bash", "--norc", "-c", script+"\n"+`COMP_WORDS=(wdsock "$@"); COMP_CWORD=$#; _wdsock; echo "${COMPREPLY[*]}"`, "bash")
		bash.Args = append(bash.Args, strings.Fields(words)...)
		out, err := bash.CombinedOutput()
		require.NoError(t, err, "%s: %s", words, out)
		assert.Equal(t, want, strings.TrimSpace(string(out)), words)
	}
}
