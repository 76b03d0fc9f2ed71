package main

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

// inOneLanguage are the guides without a French page.
var inOneLanguage = []string{"performance.md"}

// bilingual gives for each guide in English the one in French.
func bilingual(t *testing.T, root string) map[string]string {
	t.Helper()
	pairs := map[string]string{}
	for name := range matching(t, root, "docs/*.md") {
		base := filepath.Base(name)
		if strings.HasSuffix(base, ".fr.md") || base == "appareils.md" || slices.Contains(inOneLanguage, base) {
			continue
		}
		french := strings.TrimSuffix(base, ".md") + ".fr.md"
		if base == "devices.md" {
			french = "appareils.md"
		}
		_, err := os.Stat(filepath.Join(root, "docs", french))
		require.NoError(t, err, "%s has no French page", base)
		pairs[base] = french
	}
	require.GreaterOrEqual(t, len(pairs), 11)
	return pairs
}

// shape is what two pages that say the same have in common, and where each of it stands.
type shape struct {
	headings []string // levels
	tables   []string // rows and columns
	fences   []string // programs in C and others: the text; in WLanguage the blocks
	indented []string // lines of code
	others   map[string]int
}

var (
	headingMark = regexp.MustCompile(`^#+ `)
	tableRow    = regexp.MustCompile(`^\|.*\|$`)
	codeComment = regexp.MustCompile(`/\*.*?\*/|\s// .*$`)
	otherMarks  = map[string]*regexp.Regexp{
		"numbered items": regexp.MustCompile(`^\d+\. `),
		"items":          regexp.MustCompile(`^ *- `),
		"bold openings":  regexp.MustCompile(`^\*\*`),
	}
)

func shapeOf(text string) shape {
	s := shape{others: map[string]int{}}
	language, open, row := "", false, false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(codeComment.ReplaceAllString(strings.TrimRight(line, "\r\n"), ""), " ")
		mark, fence := strings.CutPrefix(strings.TrimSpace(line), "```")
		isRow := !open && tableRow.MatchString(line)
		switch {
		case fence && !open:
			language, open = mark, true
			s.fences = append(s.fences, mark+"\n")
		case fence:
			open = false
		case open && language == "":
			// Names are in the language of the page; the calls, and what they are given, are not.
			s.fences[len(s.fences)-1] += strings.Repeat("(", strings.Count(line, "(")) + strings.Join(guideConstant.FindAllString(line, -1), " ") + "\n"
		case open:
			s.fences[len(s.fences)-1] += line + "\n"
		case headingMark.MatchString(line):
			s.headings = append(s.headings, headingMark.FindString(line))
		case isRow && !row:
			s.tables = append(s.tables, strings.Repeat("|", cells(line)))
		case isRow:
			s.tables[len(s.tables)-1] += "\n" + strings.Repeat("|", cells(line))
		case strings.HasPrefix(line, "    "):
			s.indented = append(s.indented, line)
		}
		row = isRow
		for what, mark := range otherMarks {
			if !open && mark.MatchString(line) {
				s.others[what]++
			}
		}
	}
	return s
}

// cells counts the columns of a row; a bar in code is not one between columns.
func cells(row string) int {
	return strings.Count(regexp.MustCompile("`[^`]*`").ReplaceAllString(strings.ReplaceAll(row, `\|`, ""), ""), "|") - 1
}

// What one page has, the other has: headings of the same levels, tables of the same rows and
// columns, programs, items, and the constants and functions named.
func TestBothLanguagesSayTheSame(t *testing.T) {
	_, root := realHeader(t)
	for name, inFrench := range bilingual(t, root) {
		english, french := readText(t, root, "docs/"+name), readText(t, root, "docs/"+inFrench)
		assert.Equal(t, shapeOf(english), shapeOf(french), name)
		for _, what := range []*regexp.Regexp{guideConstant, guideFunction} {
			assert.Equal(t, names(what, english), names(what, french), name)
		}
		// Each leads to the other at its beginning.
		first := func(text string) string { return strings.Join(strings.SplitN(text, "\n", 6)[:5], "\n") }
		assert.Contains(t, first(english), "]("+inFrench+")", name)
		assert.Contains(t, first(french), "]("+name+")", inFrench)
		assert.Equal(t, 1, strings.Count(french, "]("+name+")"), "%s: a French page leads to French pages", inFrench)
	}
	for name, inFrench := range bilingual(t, root) {
		for _, other := range bilingual(t, root) {
			if other != inFrench {
				assert.NotRegexp(t, `\]\(`+regexp.QuoteMeta(name)+`[)#]`, readText(t, root, "docs/"+other), "there is %s", inFrench)
			}
		}
	}
}

// The words of WLanguage's French users: a socket is masculine, and neither polling nor a
// callback is left in English.
func TestFrenchPagesUseTheWordsOfTheirReaders(t *testing.T) {
	_, root := realHeader(t)
	wrong := regexp.MustCompile(`(?i)\b(?:une|la|cette|sa) socket\b|\bpolling\b|\bcallbacks\b|\bend tag\b|\btimeout\b|\bthread-safe\b`)
	for _, inFrench := range bilingual(t, root) {
		text := readText(t, root, "docs/"+inFrench)
		text = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`|\\[[^]]*\\.md\\]\\([^)]*\\)|\\]\\([^)]*\\)").ReplaceAllString(text, "")
		for _, found := range wrong.FindAllString(text, -1) {
			assert.Fail(t, "not said in French", "%s: %s", inFrench, found)
		}
	}
}

// The list of the archive's files names every guide.
func TestTheListOfTheArchiveNamesEveryGuide(t *testing.T) {
	_, root := realHeader(t)
	list := readText(t, root, "docs/package.txt")
	for english, french := range bilingual(t, root) {
		assert.Contains(t, list, "  docs/"+english+" ")
		assert.Contains(t, list, "  docs/"+french+" ")
	}
}

func TestShapesThatDifferAreSeen(t *testing.T) {
	page := "# A\n\n## B\n\n| a | b |\n| --- | --- |\n| `x|y` | 1 |\n\n- one\n\n```c\nint a;\n```\n\n```\nwdSocketClose(n, WDS_CLOSE_ABORT)\n```\n\n    openssl x\n"
	for name, change := range map[string][2]string{
		"a level":            {"## B", "### B"},
		"a row":              {"| `x|y` | 1 |\n", ""},
		"a column":           {"| `x|y` | 1 |", "| `x|y` |"},
		"a program":          {"int a;", "int b;"},
		"a language":         {"```c", "```cpp"},
		"a call of WLangage": {"wdSocketClose(n", "wdSocketClose(wdSocketHandle(n)"},
		"a constant":         {"WDS_CLOSE_ABORT", "WDS_CLOSE_WRITE"},
		"a line of code":     {"    openssl x\n", ""},
		"an item":            {"- one", "one"},
	} {
		require.Contains(t, page, change[0], name)
		assert.NotEqual(t, shapeOf(page), shapeOf(strings.Replace(page, change[0], change[1], 1)), name)
	}
	assert.Equal(t, shapeOf(page), shapeOf(strings.Replace(page, "wdSocketClose(n", "wdSocketFerme(nCanal", 1)), "names are in the page's language")
}

// examplesInFrench are the programs of WINDEV in both languages.
var examplesInFrench = map[string]string{
	"first": "premier", "client": "un_client", "simple_server": "serveur_simplifie", "standard_server": "serveur_standard", "plc": "automate",
	"tls": "tls_fr", "websocket": "websocket_fr", "event_chat": "evenements_discussion", "event_ticker": "evenements_cours",
	"event_reconnect": "evenements_reconnexion", "chat_before": "discussion_avant", "chat_after": "discussion_apres", "structures": "structures_fr",
	"devices": "appareils", "event_echo": "evenement_echo", "websocket_hello": "websocket_bonjour", "asynchronous": "asynchrone", "three_lines": "trois_lignes",
}

// Each example is there in both languages: the same lines of code, with the same constants.
func TestExamplesAreThereInBothLanguages(t *testing.T) {
	_, root := realHeader(t)
	all := matching(t, root, "hosts/windev/examples/*.wl")
	left := map[string]bool{}
	for file := range all {
		left[strings.TrimSuffix(filepath.Base(file), ".wl")] = true
	}
	form := func(name string) string {
		var code strings.Builder
		for _, line := range wlLines(all["hosts/windev/examples/"+name+".wl"]) {
			code.WriteString(line.text + "\n")
		}
		return shapeOf("```\n" + code.String() + "```\n").fences[0]
	}
	for english, french := range examplesInFrench {
		require.True(t, left[english] && left[french], "%s, %s", english, french)
		assert.Equal(t, form(english), form(french), "%s, %s", english, french)
		delete(left, english)
		delete(left, french)
	}
	assert.Empty(t, left, "examples in one language")
}
