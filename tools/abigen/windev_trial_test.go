package main

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const trialFile = "hosts/windev/essai/essai.wl"

// inEnglish has the words of WLanguage that parseWL needs in English: blocks and types. A line
// that breaks a rule on purpose, because the trial finds out what it does, is left out.
func inEnglish(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.Contains(line, "// exprès") {
			continue
		}
		for _, w := range frenchWords {
			line = w.french.ReplaceAllString(line, w.english)
		}
		b.WriteString(line)
	}
	return b.String()
}

var frenchWords = []struct {
	french  *regexp.Regexp
	english string
}{
	{regexp.MustCompile(`^CONSTANTE\b`), "CONSTANT"},
	{regexp.MustCompile(`^(\t*)QUAND EXCEPTION DANS\b`), "${1}LOOP"},
	{regexp.MustCompile(`^\t*FAIRE\n`), ""},
	{regexp.MustCompile(`^(\t*)FIN\n`), "${1}END\n"},
	{regexp.MustCompile(`\best une? entier système\b`), "is system int"},
	{regexp.MustCompile(`\best un entier sur 8 octets\b`), "is 8-byte int"},
	{regexp.MustCompile(`\best un entier sur 2 octets\b`), "is 2-byte int"},
	{regexp.MustCompile(`\best un entier\b`), "is int"},
	{regexp.MustCompile(`\best une chaîne ASCIIZ sur `), "is ASCIIZ string on "},
	{regexp.MustCompile(`\best une chaîne ANSI\b`), "is ANSI string"},
	{regexp.MustCompile(`\best une chaîne\b`), "is string"},
	{regexp.MustCompile(`\best un Buffer sur `), "is Buffer on "},
	{regexp.MustCompile(`\bRENVOYER\b`), "RESULT"},
}

func TestTheTrialFitsTheHeader(t *testing.T) {
	h, root := realHeader(t)
	text := readText(t, root, trialFile)
	trial := parseWL(trialFile, inEnglish(text))
	require.NoError(t, errors.Join(trial.check(h, parseWL("module", windevModule(h)))...))

	calls := 0
	for _, p := range trial.order {
		for _, line := range p.lines {
			for _, call := range wlCalls(line.text) {
				if call.name == "API" {
					calls++
				}
			}
		}
	}
	assert.GreaterOrEqual(t, calls, 30, "the test sees the calls")
	for _, c := range h.Constants() {
		for ours, value := range trial.constants {
			if "WDS_"+strings.TrimPrefix(ours, "ESSAI_") == c.Name {
				assert.Equal(t, c.Value, value, ours)
			}
		}
	}
	assert.NotContains(t, text, "WDS_", "the trial runs where the module does not compile")
}

// Each step is announced, run, and explained in both languages.
func TestEveryStepOfTheTrialIsRunAndExplained(t *testing.T) {
	_, root := realHeader(t)
	text, page := readText(t, root, trialFile), readText(t, root, "hosts/windev/essai/README.md")
	procedures := parseWL(trialFile, inEnglish(text)).procedures
	announced := regexp.MustCompile(`(?m)^// (\d+)\. `).FindAllStringSubmatch(text, -1)
	run := regexp.MustCompile(`(?m)^\tCAS (\d+) : RENVOYER (\w[\p{L}\d]*)\(\)$`).FindAllStringSubmatch(text, -1)
	require.GreaterOrEqual(t, len(run), 16)
	require.Len(t, announced, len(run))
	for i, m := range run {
		number := strconv.Itoa(i + 1)
		assert.Equal(t, number, m[1])
		assert.Equal(t, number, announced[i][1])
		assert.NotNil(t, procedures[strings.ToLower(m[2])], m[2])
		assert.Equal(t, 2, strings.Count(page, "\n| "+number+" | "), "step %s", number)
	}
	assert.Contains(t, text, "POUR nEtape = 1 À "+strconv.Itoa(len(run))+"\n")
}

// What a user fills in by hand is asked for by the report, and by the template that takes it.
func TestTheTemplateAsksForTheReport(t *testing.T) {
	_, root := realHeader(t)
	text, page := readText(t, root, trialFile), readText(t, root, "hosts/windev/essai/README.md")
	template := readText(t, root, ".github/ISSUE_TEMPLATE/windev-essai.md")
	for _, asked := range []string{"ANSI ou UNICODE", "collé d'un seul coup", "wdsocket.wdg", "wdsocket_demo.wdp", "refusées par l'éditeur"} {
		assert.Contains(t, text, asked)
		assert.Contains(t, template, asked)
	}
	for _, t2 := range []string{page, template} {
		assert.Contains(t, t2, "essai-wdsocket.txt")
	}
	assert.Contains(t, text, `"\essai-wdsocket.txt"`)
	assert.Contains(t, template, "compte rendu d'essai")
	assert.Contains(t, page, "compte rendu d'essai")
}
