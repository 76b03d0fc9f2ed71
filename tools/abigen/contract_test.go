package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func readText(t *testing.T, root, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	require.NoError(t, err)
	return string(text)
}

func TestGeneratedFilesAreUpToDate(t *testing.T) {
	h, root := realHeader(t)
	assert.NoError(t, Check(root, Generate(h)))
}

func TestABIChangesOnlyOnPurpose(t *testing.T) {
	h, root := realHeader(t)
	assert.Equal(t, readText(t, root, "include/abi.txt"), abiList(h),
		"the ABI changed: if that is meant, run \"go -C tools/abigen run .\" and tell it in CHANGELOG.md")
}

func TestCheckFindsStaleMissingAndLeftOverFiles(t *testing.T) {
	root := t.TempDir()
	files := map[string]string{"a.txt": "a", referenceDir + "/F.md": "f"}
	require.Error(t, Check(root, files), "nothing written yet")
	require.NoError(t, Write(root, files))
	require.NoError(t, Check(root, files))

	stale := filepath.Join(root, "a.txt")
	require.NoError(t, os.WriteFile(stale, []byte("b"), 0o644))
	assert.ErrorContains(t, Check(root, files), "a.txt")

	old := filepath.Join(root, filepath.FromSlash(referenceDir), "Gone.md")
	require.NoError(t, os.WriteFile(old, []byte("x"), 0o644))
	assert.ErrorContains(t, Check(root, files), "Gone.md")
	require.NoError(t, Write(root, files))
	assert.NoFileExists(t, old)
	assert.NoError(t, Check(root, files))
}

// The guides' tables of the record have the names of the header, and the same constants of detail.
func TestTheGuidesKnowTheFieldsOfAnEvent(t *testing.T) {
	h, root := realHeader(t)
	for _, guide := range []string{"docs/events.md", "docs/events.fr.md"} {
		text := readText(t, root, guide)
		for i, f := range h.Record().Fields {
			row := regexp.MustCompile(fmt.Sprintf("(?m)^\\| %d \\| `%s` \\| .*$", i, f.Name)).FindString(text)
			require.NotEmpty(t, row, "%s: %s", guide, f.Name)
			for _, family := range regexp.MustCompile(`WDS_[A-Z]+_`).FindAllString(f.Comment, -1) {
				assert.Contains(t, row, family, guide)
			}
		}
	}
}

// One space between a code and its meaning would make the meaning a part of the code.
func TestResultsAreCodesAndMeanings(t *testing.T) {
	h, _ := realHeader(t)
	both := regexp.MustCompile(`^WDS_\w+ \w`)
	for _, f := range h.Functions() {
		for _, row := range mustDoc(f).Results {
			assert.NotRegexp(t, both, row.Key, f.Name)
		}
	}
}

func TestTheReferenceSaysWhatHoldsForAGroup(t *testing.T) {
	h, _ := realHeader(t)
	index := referenceIndex(h)
	assert.Contains(t, index, "\n  tls://host:port  with TLS")
	open := functionPage(h, function(t, h, "WDSocketOpen"))
	assert.Contains(t, open, "What holds for all functions of this group: [Creating and opening](README.md#creating-and-opening).")
	assert.Contains(t, open, "with port 0: see [Creating and opening](README.md#creating-and-opening).")
	for _, f := range h.Functions() {
		assert.NotContains(t, functionPage(h, f), "see above", "a page has nothing above")
	}
}

func TestParametersThatTakeFewValuesHaveATable(t *testing.T) {
	h, _ := realHeader(t)
	page := functionPage(h, function(t, h, "WDSocketCloseEx"))
	assert.Contains(t, page, "| `how` | `int32_t` | one of the values below. |")
	assert.Regexp(t, `\| \[.WDS_CLOSE_ABORT.\]\S* \+ \[.WDS_CLOSE_CLIENTS.\]\S* \| All of them are reset\. \|`, page)
	connect := mustDoc(function(t, h, "WDSocketConnect"))
	assert.NotContains(t, connect.Params["address"], "0 ms")
}

func TestEveryFunctionTellsEverything(t *testing.T) {
	h, _ := realHeader(t)
	for _, f := range h.Functions() {
		t.Run(f.Name, func(t *testing.T) {
			d, err := ParseDoc(f)
			require.NoError(t, err)
			for _, p := range f.Params {
				assert.NotEmpty(t, paramText(f, d, p.Name), "parameter %s", p.Name)
			}
		})
	}
}

func TestEveryNameInACommentExists(t *testing.T) {
	h, root := realHeader(t)
	known := map[string]bool{"WDS_CLOSE_": true}
	for _, c := range h.Constants() {
		known[c.Name] = true
		for i, r := range c.Name {
			if r == '_' {
				known[c.Name[:i+1]] = true
			}
		}
	}
	for _, f := range h.Functions() {
		known[f.Name] = true
	}
	text := readText(t, root, "include/wdsocket.h")
	for _, word := range regexp.MustCompile(`\b(WDS_[A-Z0-9_]+|WDSocket\w+)`).FindAllString(text, -1) {
		assert.True(t, known[word], word)
	}
}

func TestReferenceLinksLeadSomewhere(t *testing.T) {
	h, _ := realHeader(t)
	files := Generate(h)
	target := regexp.MustCompile(`\]\(([^)#]*)(#[^)]*)?\)`)
	for name, text := range files {
		if !strings.HasSuffix(name, ".md") {
			continue
		}
		for _, m := range target.FindAllStringSubmatch(text, -1) {
			page := m[1]
			if strings.HasPrefix(page, "../") {
				continue
			}
			linked, ok := files[path.Join(path.Dir(name), page)]
			require.True(t, ok, "%s links to %s", name, page)
			if m[2] != "" {
				assert.Contains(t, linked, `id="`+m[2][1:]+`"`, "%s links to %s", name, m[0])
			}
		}
	}
}

func TestNamesSuitEveryHost(t *testing.T) {
	h, _ := realHeader(t)
	seen := map[string]string{}
	add := func(name string) {
		lower := strings.ToLower(name)
		assert.Empty(t, seen[lower], "%s differs in case only", name)
		seen[lower] = name
	}
	for _, f := range h.Functions() {
		add(f.Name)
		assert.NotRegexp(t, `[AW]$`, f.Name, "hosts take the last letter for a character set")
		assert.Regexp(t, `^WDSocket[A-Z][A-Za-z]+$`, f.Name)
		assert.LessOrEqual(t, len(f.Params), 8)
	}
	for _, c := range h.Constants() {
		add(c.Name)
		assert.Regexp(t, `^(WDS_[A-Z0-9_]+[A-Z0-9]|WDSOCKET_VERSION)$`, c.Name)
	}
}

func TestNumbersOfAFamilyDiffer(t *testing.T) {
	h, _ := realHeader(t)
	family := regexp.MustCompile(`^WDS_[A-Z]+_`)
	seen := map[string]map[int64]string{}
	for _, c := range h.Constants() {
		name := family.FindString(c.Name)
		if name == "WDS_HOST_" || name == "" {
			continue
		}
		if seen[name] == nil {
			seen[name] = map[int64]string{}
		}
		assert.Empty(t, seen[name][c.Value], "%s has a number that is taken", c.Name)
		seen[name][c.Value] = c.Name
		if name == "WDS_E_" {
			assert.Negative(t, c.Value, c.Name)
		}
	}
}

// Each family that functions take as "option" or "what" has a thousand numbers
// of its own.
func TestNumbersOfFamiliesDoNotOverlap(t *testing.T) {
	h, _ := realHeader(t)
	seen := map[int64]string{}
	for i, family := range numberedFamilies {
		count := 0
		for _, c := range h.Constants() {
			if !strings.HasPrefix(c.Name, family) {
				continue
			}
			count++
			assert.Equal(t, int64(i+1), c.Value/1000, c.Name)
			assert.NotZero(t, c.Value%1000, c.Name)
			assert.Empty(t, seen[c.Value], c.Name)
			seen[c.Value] = c.Name
			assert.Contains(t, numberNames(h), fmt.Sprintf("case %d:\n\t\treturn %q\n", c.Value, c.Name))
		}
		assert.NotZero(t, count, family)
	}
}

// goExports returns the functions marked //export in the root package.
func goExports(t *testing.T, root string) map[string]*ast.FuncDecl {
	t.Helper()
	found := map[string]*ast.FuncDecl{}
	names, err := filepath.Glob(filepath.Join(root, "*.go"))
	require.NoError(t, err)
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		require.NoError(t, err)
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Doc == nil {
				continue
			}
			for _, c := range f.Doc.List {
				if export, ok := strings.CutPrefix(c.Text, "//export "); ok {
					assert.Equal(t, f.Name.Name, strings.TrimSpace(export), "exported under another name")
					found[f.Name.Name] = f
				}
			}
		}
	}
	return found
}

// goTypesOf lists the types of a parameter or result list, one per value.
func goTypesOf(list *ast.FieldList) []string {
	var all []string
	if list == nil {
		return nil
	}
	for _, field := range list.List {
		for range max(1, len(field.Names)) {
			all = append(all, types.ExprString(field.Type))
		}
	}
	return all
}

func TestGoExportsFitTheHeader(t *testing.T) {
	h, root := realHeader(t)
	exports := goExports(t, root)
	delete(exports, "wdsgo_Start") // the shim's own
	delete(exports, "wdsgo_Interrupt")
	for _, f := range h.Functions() {
		if native[f.Name] {
			continue
		}
		t.Run(f.GoName(), func(t *testing.T) {
			decl, ok := exports[f.GoName()]
			require.True(t, ok, "no Go file exports it")
			want := []string{"*C.wds_record"}
			for _, p := range f.Params {
				want = append(want, p.goType())
			}
			assert.Equal(t, want, goTypesOf(decl.Type.Params))
			assert.Equal(t, []string{"C.int32_t"}, goTypesOf(decl.Type.Results))
		})
		delete(exports, f.GoName())
	}
	for name := range exports {
		assert.Fail(t, name+" is exported but not in the header")
	}
}

// everyFunction is a C file that includes the header and uses each function
// with its own type.
func everyFunction(h *Header) string {
	var b strings.Builder
	b.WriteString("#include \"wdsocket.h\"\n#include \"wdsocket.h\"\n")
	for _, f := range h.Functions() {
		b.WriteString("int32_t (WDSOCKET_CALL *use_" + f.Name + ")(" + paramList(f.Params) + ") = " + f.Name + ";\n")
	}
	for _, c := range h.Constants() {
		b.WriteString("char sizeof_" + c.Name + "[(" + c.Name + ") < 0 ? -(" + c.Name + ") : (" + c.Name + ") % 7 + 1];\n")
	}
	return b.String()
}

func TestHeaderCompilesEverywhere(t *testing.T) {
	h, root := realHeader(t)
	source := filepath.Join(t.TempDir(), "all")
	text := []byte(everyFunction(h))
	require.NoError(t, os.WriteFile(source+".c", text, 0o644))
	require.NoError(t, os.WriteFile(source+".cpp", text, 0o644))
	for _, c := range []struct{ compiler, standard, suffix string }{
		{"gcc", "c89", ".c"}, {"gcc", "c99", ".c"}, {"gcc", "c11", ".c"}, {"gcc", "c17", ".c"},
		{"g++", "c++98", ".cpp"}, {"g++", "c++11", ".cpp"}, {"g++", "c++17", ".cpp"}, {"g++", "c++20", ".cpp"},
		{"i686-w64-mingw32-gcc", "c99", ".c"}, {"x86_64-w64-mingw32-gcc", "c99", ".c"},
	} {
		t.Run(c.compiler+" "+c.standard, func(t *testing.T) {
			cmd := exec.Command(c.compiler, "-std="+c.standard, "-pedantic", "-Wall", "-Wextra", "-Werror",
				"-I", filepath.Join(root, "include"), "-fsyntax-only", source+c.suffix)
			out, err := cmd.CombinedOutput()
			assert.NoError(t, err, string(out))
		})
	}
}
