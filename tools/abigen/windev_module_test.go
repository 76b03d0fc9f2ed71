package main

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every procedure for programs has a help in English and, under its French name, in
// French; those of the module's own begin with "wds" and have none.
func TestEveryProcedureHasBothNamesAndHelps(t *testing.T) {
	h, _ := realHeader(t)
	module := windevModule(h)
	english, french, cut := strings.Cut(module, frenchNames)
	require.True(t, cut)
	parsed := parseWL("module", module)
	forward := regexp.MustCompile(`^RESULT (wd[\p{L}\d]+)\(`)
	for part, words := range map[string][]string{english: {"// Summary: ", "// Syntax:\n", "\n// Parameters:\n", "\n// Return value:\n"},
		french: {"// Résumé : ", "// Syntaxe :\n", "\n// Paramètres :\n", "\n// Valeur de retour :\n"}} {
		count := 0
		for _, paragraph := range paragraphs(part) {
			name := procedureName(paragraph)
			if name == "" || strings.HasPrefix(name, "wds") {
				assert.NotContains(t, paragraph, words[0], name)
				continue
			}
			count++
			for _, word := range words {
				assert.Contains(t, paragraph, word, name)
			}
			assert.Contains(t, paragraph, "> = "+name+" (", "the syntax")
			assert.Regexp(t, `(?m)^PROCEDURE `+name+`\(.*\) : \S`, paragraph, "the result has a type")
			if part == french {
				lines := strings.Split(paragraph, "\n")
				m := forward.FindStringSubmatch(lines[len(lines)-1])
				require.NotNil(t, m, name)
				f, e := parsed.procedures[strings.ToLower(name)], parsed.procedures[strings.ToLower(m[1])]
				assert.Equal(t, [2]int{e.least, e.most}, [2]int{f.least, f.most}, name)
			}
		}
		assert.GreaterOrEqual(t, count, 75)
	}
}

func TestAProcedureBecomesTwo(t *testing.T) {
	text := "//@ name wdAdd | wdAjoute\n//@ en Adds.\n//@ en Twice.\n//@ fr Ajoute.\n//@ par nA | nUn | one | un\n//@ par sB | sDeux | two | deux\n//@ par xC | xTrois | three | trois\n" +
		"//@ res the sum | la somme\nPROCEDURE wdAdd(nA is int, sB is string = \"\", xC = 1) : 8-byte int\nRESULT nA\n\n"
	made := wlGenerate(text)
	assert.Contains(t, made, "// Summary: Adds.\n// Twice.\n// Syntax:\n// <Result> = wdAdd (<nA> is int [, <sB> is string [, <xC>]])\n//\n// Parameters:\n"+
		"//\tnA (int): one\n//\tsB (string, default value = \"\"): two\n//\txC (default value = 1): three\n// Return value:\n//\t8-byte int: the sum\nPROCEDURE wdAdd(nA is int, sB is string = \"\", xC = 1) : 8-byte int\nRESULT nA\n\n")
	assert.Contains(t, made, "// Résumé : Ajoute.\n// Syntaxe :\n// <Résultat> = wdAjoute (<nUn> est un entier [, <sDeux> est une chaîne [, <xTrois>]])\n//\n// Paramètres :\n"+
		"//\tnUn (entier) : un\n//\tsDeux (chaîne, valeur par défaut = \"\") : deux\n//\txTrois (valeur par défaut = 1) : trois\n// Valeur de retour :\n//\tentier sur 8 octets : la somme\n"+
		"PROCEDURE wdAjoute(nUn is int, sDeux is string = \"\", xTrois = 1) : 8-byte int\nRESULT wdAdd(nUn, sDeux, xTrois)\n")
	for old, new := range map[string]string{"wdAdd(": "wdSub(", "nA is": "nZ is", ", xC = 1": "", "//@ fr": "//@ de", "| the": "| "} {
		bad := strings.Replace(text, old, new, 1)
		if bad != text {
			assert.Panics(t, func() { wlGenerate(bad) }, "%s instead of %s", new, old)
		}
	}
}

// What the layer of wdSocketOn does is tried out in C: the same events, in the same
// groups, lead to the same calls.
func TestTheAsynchronousLayerAndItsTwinInCHaveTheSameCases(t *testing.T) {
	h, root := realHeader(t)
	module := windevModule(h)
	_, module, _ = strings.Cut(module, "PROCEDURE wdsTell(")
	module, _, _ = strings.Cut(module, "\n\n")
	_, twin, _ := strings.Cut(readText(t, root, "ctest/asynchronous.c"), "static void tell(")
	twin, _, _ = strings.Cut(twin, "\n}\n")
	event := regexp.MustCompile(`WDS_EVENT_\w+`)
	assert.NotEmpty(t, names(event, module))
	assert.Equal(t, names(event, module), names(event, twin))
	assert.Contains(t, module, ">= WDS_SCOPE_CONNECTION")
	assert.Contains(t, twin, ">= WDS_SCOPE_CONNECTION")
	turns := regexp.MustCompile(`FOR nTurn = 1 TO (\d+)`).FindStringSubmatch(windevModule(h))
	require.NotNil(t, turns)
	assert.Contains(t, readText(t, root, "ctest/asynchronous.c"), "#define TURNS "+turns[1]+" ")
}

// A read does not begin with clearing a buffer for the longest message: what is longer than
// 4 KB is read into a buffer of its length, inside a block that is rarely reached.
func TestReadsClearNoLargeBuffer(t *testing.T) {
	h, _ := realHeader(t)
	sized := regexp.MustCompile(`(?i) is (?:buffer|asciiz string) on (\d+)`)
	checked := 0
	for _, p := range parseWL("module", windevModule(h)).order {
		depth := 0
		for _, line := range p.lines {
			if m := sized.FindStringSubmatch(line.text); m != nil && depth == 0 && regexp.MustCompile(`Read|Exchange|Event|Serve|Tell`).MatchString(p.name) {
				checked++
				size, err := strconv.Atoi(m[1])
				require.NoError(t, err)
				assert.LessOrEqual(t, size, 4096, p.name)
			}
			depth += wlDepth(line.text)
		}
	}
	assert.GreaterOrEqual(t, checked, 6)
}
