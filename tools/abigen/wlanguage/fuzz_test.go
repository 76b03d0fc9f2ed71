package wlanguage

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whatever a text is, it is read to its end, and what is found is on lines that it has.
func FuzzCheck(f *testing.F) {
	programs, err := filepath.Glob(windev + "/examples/*.wl")
	require.NoError(f, err)
	for _, path := range programs {
		f.Add(read(f, "examples/"+filepath.Base(path)))
	}
	for _, m := range mistakes {
		text, _ := m.apply(f)
		f.Add(text)
	}
	f.Add("x = [\n\ttext\n]\nCASE ERROR:\n\tRESULT a ? b ELSE c\n<COMPILE IF x>\n/* a\nb */ QUAND EXCEPTION DANS\nFAIRE\nFIN")
	f.Add("INTERNAL PROCEDURE f(a, b: int, * ) <x> : (int, string)\nEND\nPOUR TOUTE CHAINE s DE t SEPAREE PAR \",\"\nFIN\na, b = f(<x>: 1, *)...\n[[ ]]")
	f.Add("#internal_properties\n code : |1-\n  x = 1\n  PROCEDURE F()\n type : 1\n code : |1+\n\n  PROCEDURE G()\n  RESULT 1\n")
	f.Add("CONSTANT\n\tA = B + 1\n\tB = A\nEND\nx is int = A")
	known := []*File{Parse("known.wl", "CONSTANT\n\tWDS_OK = 0\nEND\nPROCEDURE wdSocketRead(xSocket, bForever is boolean = True)\nRESULT \"\"\n")}
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + 1
		for _, o := range []Options{{}, {Snippet: true, Foreign: true}, {Typed: true}} {
			faults := Parse("p", text).Check(known, o)
			for _, fault := range faults {
				assert.True(t, 1 <= fault.Line && fault.Line <= lines, "%v of %d lines", fault, lines)
				assert.NotContains(t, fault.English+fault.French, "%!", "the arguments of the text")
			}
			assert.True(t, slices.IsSortedFunc(faults, func(a, b Fault) int { return a.Line - b.Line }))
		}
	})
}

// pieces are what edits put into a program.
var pieces = []string{"IF ", "THEN ", "ELSE ", "END\n", "(", ")", "[", "]", "[[", "\"", "CASE ", "SWITCH x\n", ",", ":", "=", " is ", "int", "PROCEDURE ", "GLOBAL\n", "CONSTANT\n",
	"\n", "...", "<", ">", "array of ", "internal ", "..", "{", "POUR ", " À ", "TO ", "-", "&", "NOT ", "Structure\n", "/*", "é", "10 s", "LOOP\n", "?", "*", "when exception in\n", "do\n", "on ", "8-byte "}

// What editing leaves half done is read to its end, without a panic.
func TestEditedProgramsAreReadToTheirEnd(t *testing.T) {
	var programs []string
	for _, m := range mistakes {
		text, _ := m.apply(t)
		programs = append(programs, text)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		text := programs[r.IntN(len(programs))]
		for range 1 + r.IntN(5) {
			i := r.IntN(len(text) + 1)
			rest := text[min(len(text), i+r.IntN(30)):]
			if r.IntN(2) == 0 {
				rest = pieces[r.IntN(len(pieces))] + text[i:]
			}
			text = text[:i] + rest
		}
		lines := strings.Count(text, "\n") + 1
		for _, fault := range Parse("p", text).Check(nil, Options{}) {
			assert.True(t, 1 <= fault.Line && fault.Line <= lines, "%v of %q", fault, text)
		}
	}
}
