package main

import (
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/tools/abigen/wlanguage"
)

// fence is a program, or lines for a shell, in a text in Markdown.
type fence struct {
	file     string
	line     int
	language string // "" is WLanguage
	text     string
}

// fences are those of the guides and lists; the reference is made from the header.
func fences(t *testing.T, root string) []fence {
	t.Helper()
	var all []fence
	for file, text := range matching(t, root, "README.md", "docs/*.md", "examples/README.md", "hosts/README*", "hosts/*/README*") {
		found, open := fencesOf(file, text)
		assert.False(t, open, "%s: a fence is open at the end", file)
		all = append(all, found...)
	}
	return all
}

// matching are the files that fit the patterns, from the root on, with their texts.
func matching(t *testing.T, root string, patterns ...string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		require.NoError(t, err)
		for _, file := range files {
			name, err := filepath.Rel(root, file)
			require.NoError(t, err)
			all[filepath.ToSlash(name)] = readText(t, root, name)
		}
	}
	return all
}

func fencesOf(file, text string) (all []fence, open bool) {
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		language, mark := strings.CutPrefix(strings.TrimSpace(line), "```")
		switch {
		case mark && open:
			open = false
		case mark:
			open = true
			all = append(all, fence{file: file, line: i + 1, language: language})
		case open:
			all[len(all)-1].text += line + "\n"
		}
	}
	return all, open
}

// programSources of each language in which guides have programs, which the tests compile and run.
var programSources = map[string][]string{
	"c":      {"examples/*.c", "examples/devices/*.c"},
	"cpp":    {"examples/*.cpp"},
	"python": {"hosts/python/examples/*.py", "hosts/test/*.py"},
	"pascal": {"hosts/test/*.pas"},
	"csharp": {"hosts/test/*.cs"},
	"vb":     {"hosts/vba/examples/*"}, // which TestVBAModulesFitTheirDeclarations reads
}

// wlanguageSources are the programs in WLanguage: no compiler is at hand, abigen -check reads them.
var wlanguageSources = []string{"hosts/windev/examples/*.wl", "hosts/windev/essai/*.wl"}

// isWLProgram tells a program in WLanguage from lines that show a call.
func isWLProgram(text string) bool {
	lines := wlLines(text)
	return len(lines) >= 5 || slices.ContainsFunc(lines, func(line wlLine) bool { return wlHead.MatchString(line.text) })
}

// noPrograms are for a shell or a tool; the tests of those run them.
var noPrograms = []string{"sh", "cmake", "haproxy"}

// trimmed is a text without the indentation of its lines, which a guide may leave out.
func trimmed(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimSpace(line) + "\n")
	}
	return b.String()
}

// isExcerptOf tells whether the paragraphs of a program stand in a text, each as it is, one behind the other.
func isExcerptOf(program, text string) bool {
	at := 0
	for paragraph := range strings.SplitSeq(strings.Trim(trimmed(program), "\n"), "\n\n") {
		i := strings.Index(text[at:], "\n"+paragraph+"\n")
		if i < 0 {
			return false
		}
		at += i + len(paragraph) + 1
	}
	return true
}

func TestEveryProgramOfAGuideIsAFileThatIsRun(t *testing.T) {
	h, root := realHeader(t)
	module := parseWL("module", windevModule(h))
	modules, err := wlModules(root)
	require.NoError(t, err)
	programs, calls := 0, 0
	for _, f := range fences(t, root) {
		patterns, isProgram := programSources[f.language]
		switch {
		case f.language == "":
			// Calls of API are compared with the header, those of procedures with the module.
			text := parseWL(f.file, f.text)
			text.checkEvents(true) // the server may be in the program before
			calls++
			if isWLProgram(f.text) {
				assert.True(t, isExcerptOfOne(f.text, matching(t, root, wlanguageSources...)), "%s:%d: the program is no excerpt of %v", f.file, f.line, wlanguageSources)
			}
			assert.NoError(t, errors.Join(text.check(h, module)...), "%s:%d", f.file, f.line)
			assert.Empty(t, wlanguage.Parse(f.file, f.text).Check(moduleOf(modules, f.text), wlanguage.Options{Snippet: true, Library: exported(h)}), "%s:%d", f.file, f.line)
		case isProgram:
			assert.True(t, isExcerptOfOne(f.text, matching(t, root, patterns...)),
				"%s:%d: the program is no excerpt of %v", f.file, f.line, patterns)
			programs++
		default:
			assert.Contains(t, noPrograms, f.language, "%s:%d", f.file, f.line)
		}
	}
	assert.GreaterOrEqual(t, programs, 7, "the test sees the programs")
	assert.NotZero(t, calls, "and those in WLanguage")
}

// isExcerptOfOne tells whether a program is an excerpt of one of the texts.
func isExcerptOfOne(program string, texts map[string]string) bool {
	for _, text := range texts {
		if isExcerptOf(program, "\n"+trimmed(text)) {
			return true
		}
	}
	return false
}

// samplesOf are the programs in the comments of a header: lines that stand deeper than the text around them.
func samplesOf(header string) []string {
	var all []string
	inside := false
	for line := range strings.Lines(header) {
		text, comment := strings.CutPrefix(strings.TrimLeft(line, " "), "*")
		code, deeper := strings.CutPrefix(text, "     ")
		switch {
		case !comment || !deeper:
			inside = false
		case inside:
			all[len(all)-1] += code
		default:
			inside = true
			all = append(all, code)
		}
	}
	return all
}

func TestLoopsInTheCommentsOfTheHeaderForCPlusPlusAreRun(t *testing.T) {
	_, root := realHeader(t)
	programs := matching(t, root, "ctest/cxx_header.cpp")
	loops := 0
	for _, sample := range samplesOf(readText(t, root, "include/wdsocket.hpp")) {
		if !strings.Contains(sample, "for (;;)") && !strings.Contains(sample, ".run(") {
			continue
		}
		loops++
		_, opened, found := strings.Cut(sample, "wds::server server(5000);\n") // that of the test listens on another port
		if !found {
			opened = sample
		}
		assert.True(t, isExcerptOfOne(opened, programs), "no excerpt of ctest/cxx_header.cpp:\n%s", sample)
	}
	assert.Equal(t, 3, loops)
}

func TestAnExcerptIsVerbatim(t *testing.T) {
	text := "\n" + trimmed("int a;\n\tint b = 1;\n\tint c;\n\n\treturn b;\n}\n")
	for program, want := range map[string]bool{
		"int b = 1;\nint c;\n":             true,
		"    int b = 1;\n    int c;\n":     true,
		"int a;\n\nreturn b;\n":            true,
		"return b;\n\nint a;\n":            false,
		"int b = 2;\n":                     false,
		"int b = 1;\nreturn b;\n":          false,
		"b = 1;\n":                         false,
		"int b = 1;\n\nint c;\n\nint d;\n": false,
	} {
		assert.Equal(t, want, isExcerptOf(program, text), program)
	}
}

// What runs the examples: each has its name in one of them.
var exampleRunners = []string{"tools/test/steps/examples.sh", "tools/test/bad_clients.py", "tools/test/devices.py", "ctest/peers/run.sh", "ctest/peers/tls.sh", "ctest/peers/proxies.sh", "hosts/test/run.sh"}

func TestEveryExampleIsRun(t *testing.T) {
	_, root := realHeader(t)
	var runners strings.Builder
	for _, name := range exampleRunners {
		runners.WriteString(readText(t, root, name))
	}
	files := matching(t, root, "examples/*.c", "examples/devices/*.c")
	require.NotEmpty(t, files)
	for file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".c")
		assert.Regexp(t, `\b`+regexp.QuoteMeta(name)+`\b`, runners.String(), "%s is run by none of %v", name, exampleRunners)
		assert.Contains(t, readText(t, root, "examples/README.md"), "`"+strings.TrimPrefix(file, "examples/")+"`")
	}
}

// inlineCall is a call of the module in the middle of a text, between marks of code.
var inlineCall = regexp.MustCompile("`([^`\n]*\\bwd[A-Z][\\p{L}\\d]*\\([^`\n]+\\)[^`\n]*)`")

// What a guide calls in the middle of a sentence, WLanguage reads too.
func TestCallsInTheTextOfTheGuidesAreRead(t *testing.T) {
	h, root := realHeader(t)
	modules, err := wlModules(root)
	require.NoError(t, err)
	calls := 0
	for file, text := range matching(t, root, "README.md", "CHANGELOG.md", "docs/*.md", "hosts/*.md", "hosts/windev/*/README.md") {
		for _, m := range inlineCall.FindAllStringSubmatch(text, -1) {
			code := m[1]
			if strings.Contains(code, "...") || strings.Contains(code, "…") || strings.HasPrefix(code, "PROC") { // a form, not a call
				continue
			}
			calls++
			o := wlanguage.Options{Snippet: true, Foreign: true, Library: exported(h)}
			program := wlanguage.Parse(file, "nSocket, nQueue, nFile are int\n"+code)
			assert.Empty(t, program.Check(moduleOf(modules, code), o), "%s: %s", file, code)
		}
	}
	assert.GreaterOrEqual(t, calls, 10, "the test sees the calls")
}
