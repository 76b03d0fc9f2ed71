// Package architecture holds the tree against ARCHITECTURE.md.
package architecture

import (
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	module = "wdsocket"
	root   = "../.."
)

// modules are the Go modules of the tree, by folder: those over which the tests go.
func modules(t *testing.T) []string {
	text, err := os.ReadFile(root + "/tools/test/run.sh")
	require.NoError(t, err)
	list := regexp.MustCompile(`(?m)^modules=\((.*)\)$`).FindStringSubmatch(string(text))
	require.NotNil(t, list)
	return strings.Fields(list[1])
}

// section is the text of ARCHITECTURE.md under a heading.
func section(t *testing.T, heading string) string {
	text, err := os.ReadFile(root + "/ARCHITECTURE.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "\n## "+heading+"\n")
	require.True(t, found, heading)
	body, _, _ := strings.Cut(rest, "\n## ")
	return body
}

// rooms reads the table: what each room may import.
func rooms(t *testing.T) map[string][]string {
	text := section(t, "The rooms")
	row := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| [^|]+ \\|([^|]*)\\|$")
	out := make(map[string][]string)
	for _, m := range row.FindAllStringSubmatch(text, -1) {
		out[m[1]] = strings.FieldsFunc(m[2], func(r rune) bool { return r == ',' || r == ' ' })
	}
	return out
}

// imported tells what each package imports of the tree and of others, on the
// systems that there are.
func imported(t *testing.T) map[string][]string {
	out := make(map[string][]string)
	for _, system := range []string{"linux", "windows"} {
		for _, folder := range modules(t) {
			list := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...")
			list.Dir = filepath.Join(root, folder)
			list.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=1")
			list.Stderr = os.Stderr
			text, err := list.Output()
			require.NoError(t, err)
			for line := range strings.Lines(string(text)) {
				addImports(out, strings.Fields(line))
			}
		}
	}
	return out
}

// addImports adds a package and what it imports.
func addImports(out map[string][]string, words []string) {
	room := roomOf(words[0])
	imports := append([]string{}, out[room]...)
	for _, path := range words[1:] {
		if short := shortOf(path); short != "" {
			imports = append(imports, short)
		}
	}
	slices.Sort(imports)
	out[room] = slices.Compact(imports)
}

func roomOf(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

// shortOf is how the table calls an import, "" for the standard library.
func shortOf(path string) string {
	parts := strings.Split(path, "/")
	switch {
	case path == module || parts[0] == module:
		return roomOf(path)
	case parts[0] == "golang.org":
		return parts[1] + "/" + parts[2]
	case strings.Contains(parts[0], "."): // host/owner/name, or a host of its own: go.uber.org/name
		return parts[min(2, len(parts)-1)]
	}
	return ""
}

// A module that the list lacks would be left out of all checks.
func TestEachModuleIsInTheListOfTheTests(t *testing.T) {
	var there []string
	require.NoError(t, fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case slices.Contains([]string{".git", "build", "dist"}, name):
			return fs.SkipDir
		case entry.Name() == "go.mod":
			there = append(there, path.Dir(name))
		}
		return nil
	}))
	assert.ElementsMatch(t, there, modules(t))
}

// loaded are the packages of the library of a system, which a host loads.
func loaded(t *testing.T, system string) []string {
	list := exec.Command("go", "list", "-deps", ".")
	list.Dir = root
	list.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=1")
	list.Stderr = os.Stderr
	text, err := list.Output()
	require.NoError(t, err)
	packages := strings.Fields(string(text))
	require.Contains(t, packages, module+"/core", system)
	return packages
}

// What a host loads holds no helper of the tests, on either system.
func TestTheLibraryHoldsNoTests(t *testing.T) {
	for _, system := range []string{"linux", "windows"} {
		packages := loaded(t, system)
		assert.NotContains(t, packages, "testing", system)
		assert.NotContains(t, packages, module+"/core/layer/layertest", system)
	}
}

// What makes a library large by a single import: regular expressions have all scripts of Unicode,
// and where a method may be called by its name the linker keeps every method.
func TestTheLibraryHoldsNothingLarge(t *testing.T) {
	for _, system := range []string{"linux", "windows"} {
		packages := loaded(t, system)
		for _, large := range []string{"regexp", "encoding/json", "text/template", "net/http", "flag"} {
			assert.NotContains(t, packages, large, system)
		}
	}
}

func TestEachPackageIsARoomOfTheMap(t *testing.T) {
	allowed, there := rooms(t), imported(t)
	for room := range there {
		if room != "internal/architecture" {
			assert.Contains(t, allowed, room, "it is not in ARCHITECTURE.md")
		}
	}
	for room := range allowed {
		assert.Contains(t, there, room, "ARCHITECTURE.md has it, the tree has not")
	}
}

// build.sh finds what does the work in tools, and does none.
func TestTheBuildScriptIsADispatcher(t *testing.T) {
	text, err := os.ReadFile(root + "/build.sh")
	require.NoError(t, err)
	assert.LessOrEqual(t, strings.Count(string(text), "\n"), 100, "lines")
}

// The header's folder is what a C compiler and a linker are given.
func TestIncludeHoldsNoGo(t *testing.T) {
	require.NoError(t, fs.WalkDir(os.DirFS(root), "include", func(name string, _ fs.DirEntry, err error) error {
		assert.NotEqual(t, ".go", path.Ext(name), name)
		return err
	}))
}

func TestRoomsImportWhatTheMapSays(t *testing.T) {
	there := imported(t)
	for room, may := range rooms(t) {
		slices.Sort(may)
		assert.ElementsMatch(t, may, there[room], "the imports of %s", room)
	}
}

// Imports go down: in the order of the table none is of a room above.
func TestImportsGoDown(t *testing.T) {
	place := make(map[string]int)
	for i, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(section(t, "The rooms"), -1) {
		place[m[1]] = i + 1
	}
	for room, imports := range rooms(t) {
		for _, other := range imports {
			if place[other] != 0 && !strings.HasPrefix(room, "tools/") {
				assert.Less(t, place[room], place[other], "%s imports %s, which stands above it", room, other)
			}
		}
	}
}

// What several modules use has one version: that of the library.
func TestModulesUseTheSameVersions(t *testing.T) {
	required := func(folder string) map[string]string {
		text, err := os.ReadFile(filepath.Join(root, folder, "go.mod"))
		require.NoError(t, err)
		out := make(map[string]string)
		for _, m := range regexp.MustCompile(`(?m)^(?:\t|require )(\S+) (v\S+)`).FindAllStringSubmatch(string(text), -1) {
			out[m[1]] = m[2]
		}
		return out
	}
	library := required(".")
	require.NotEmpty(t, library)
	for _, folder := range modules(t) {
		for path, version := range required(folder) {
			if library[path] != "" {
				assert.Equal(t, library[path], version, "%s in %s", path, folder)
			}
		}
	}
}

// The table of locks has the places that package lockorder asserts.
func TestLocksHaveTheirPlaces(t *testing.T) {
	source, err := os.ReadFile(root + "/core/lockorder/lockorder.go")
	require.NoError(t, err)
	locks := make(map[string]string) // by type
	for _, m := range regexp.MustCompile(`(?m)^\t(\w+)\s+struct\{\} // (.*)$`).FindAllStringSubmatch(string(source), -1) {
		locks[m[1]] = m[2]
	}
	var asserted, listed []string
	for _, m := range regexp.MustCompile(`func \((\w+)\) Place\(\) int\s+\{ return (\d+) \}`).FindAllStringSubmatch(string(source), -1) {
		if m[1] != "Leaf" {
			asserted = append(asserted, m[2]+" "+locks[m[1]])
		}
	}
	for _, m := range regexp.MustCompile("(?m)^\\| (`[^|]+) \\| [^|]+ \\| (\\d+) \\|$").FindAllStringSubmatch(section(t, "Locks"), -1) {
		name, _, _ := strings.Cut(strings.ReplaceAll(m[1], "`", ""), " (")
		listed = append(listed, m[2]+" "+name)
	}
	assert.NotEmpty(t, listed)
	assert.Equal(t, asserted, listed)
}
