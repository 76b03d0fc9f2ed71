package core

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What packages make when they are loaded costs each host, used or not: tables
// are made when they are first needed. Bytes, not time, which depends on the
// machine.
func TestLoadingMakesNoTables(t *testing.T) {
	const most, mostHere = 8 << 10, 20 << 10 // here are the variables of the tests, too
	command := exec.Command(os.Args[0], "-test.run=^$")
	command.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	output, err := command.CombinedOutput()
	require.NoError(t, err, string(output))
	packages := regexp.MustCompile(`(?m)^init (wdsocket/\S+) @.* clock, (\d+) bytes`).FindAllStringSubmatch(string(output), -1)
	assert.Greater(t, len(packages), 5, string(output))
	for _, p := range packages {
		bytes, err := strconv.Atoi(p[2])
		require.NoError(t, err)
		if p[1] == "wdsocket/core" {
			assert.Less(t, bytes, mostHere, p[1])
		} else {
			assert.Less(t, bytes, most, p[1])
		}
	}
}
