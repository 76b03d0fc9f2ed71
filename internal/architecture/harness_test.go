package architecture

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const harness = root + "/ctest/harness"

// harnessIncludes tells what a file of ctest's harness includes of it, "" if there is
// no such file.
func harnessIncludes(t *testing.T, file string) []string {
	text, err := os.ReadFile(filepath.Join(harness, file))
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(t, err)
	var out []string
	for _, m := range regexp.MustCompile(`(?m)^#\s*include "(\w+)\.h"`).FindAllStringSubmatch(string(text), -1) {
		out = append(out, m[1])
	}
	return out
}

// harnessLayers are those of ctest/README.md, from the bottom up, and what each includes.
func harnessLayers(t *testing.T) (order []string, includes map[string][]string) {
	text, err := os.ReadFile(root + "/ctest/README.md")
	require.NoError(t, err)
	_, table, found := strings.Cut(string(text), "\n## The harness\n")
	require.True(t, found)
	includes = make(map[string][]string)
	for _, m := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\| [^|]+ \\|([^|]*)\\|$").FindAllStringSubmatch(table, -1) {
		order = append(order, m[1])
		includes[m[1]] = strings.FieldsFunc(m[2], func(r rune) bool { return r == ',' || r == ' ' })
	}
	require.NotEmpty(t, order)
	return order, includes
}

// Each file of ctest's harness includes what the table says, which is below it.
func TestHarnessIncludesGoDown(t *testing.T) {
	order, includes := harnessLayers(t)
	for i, layer := range order {
		var there []string
		for _, file := range []string{layer + ".h", layer + ".c"} {
			for _, other := range harnessIncludes(t, file) {
				if other != layer && other != "wdsocket" {
					assert.Contains(t, order[:i], other, "%s includes what is not below it", file)
					there = append(there, other)
				}
			}
		}
		slices.Sort(there)
		assert.Equal(t, includes[layer], append([]string{}, slices.Compact(there)...), "what %s includes", layer)
	}
}

func TestEachFileOfTheHarnessIsInTheTable(t *testing.T) {
	order, _ := harnessLayers(t)
	files, err := filepath.Glob(harness + "/*.[ch]")
	require.NoError(t, err)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		if name != "harness" { // includes them all
			assert.Contains(t, order, name)
		}
	}
	assert.Equal(t, order[:len(order)-2], harnessIncludes(t, "harness.h")[1:], "harness.h has their order")
}
