package fault

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// headerNumbers reads the numbers whose names begin with prefix from the C
// header.
func headerNumbers(t *testing.T, prefix string) map[string]int32 {
	t.Helper()
	header, err := os.ReadFile("../../include/wdsocket.h")
	require.NoError(t, err)
	define := regexp.MustCompile(`(?m)^#define (` + prefix + `\w+) \(?(-?\d+)\)?`)
	numbers := map[string]int32{}
	for _, m := range define.FindAllStringSubmatch(string(header), -1) {
		n, err := strconv.ParseInt(m[2], 10, 32)
		require.NoError(t, err)
		require.NotContains(t, numbers, m[1], "defined twice")
		numbers[m[1]] = int32(n)
	}
	require.NotEmpty(t, numbers)
	return numbers
}

// goConstants reads the constants of one type from code.go, as number by name.
func goConstants(t *testing.T, typeName string) map[string]int32 {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "code.go", nil, 0)
	require.NoError(t, err)
	constants := map[string]int32{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if ident, ok := spec.Type.(*ast.Ident); ok && ident.Name == typeName {
			constants[spec.Names[0].Name] = evaluate(t, spec.Values[0])
		}
		return true
	})
	require.NotEmpty(t, constants)
	return constants
}

func evaluate(t *testing.T, e ast.Expr) int32 {
	t.Helper()
	sign := int64(1)
	if minus, ok := e.(*ast.UnaryExpr); ok {
		require.Equal(t, token.SUB, minus.Op)
		sign, e = -1, minus.X
	}
	literal, ok := e.(*ast.BasicLit)
	require.True(t, ok)
	n, err := strconv.ParseInt(literal.Value, 10, 32)
	require.NoError(t, err)
	return int32(sign * n)
}

// goNames turns the header's names into those of the Go constants: lower case,
// no underscores, without the prefix.
func goNames(prefix string, header map[string]int32) map[string]int32 {
	names := map[string]int32{}
	for name, n := range header {
		names[plain(strings.TrimPrefix(name, prefix))] = n
	}
	return names
}

func plain(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

func TestCodesAgreeWithTheHeader(t *testing.T) {
	header := headerNumbers(t, "WDS_E_")
	header["WDS_OK"] = 0

	inTable := map[string]int32{}
	for _, c := range Codes() {
		require.NotContains(t, inTable, c.Name(), "two rows")
		inTable[c.Name()] = int32(c)
	}
	assert.Equal(t, header, inTable)

	constants := map[string]int32{}
	for name, n := range goConstants(t, "Code") {
		constants[strings.ToLower(name)] = n
	}
	delete(header, "WDS_OK")
	want := goNames("WDS_E_", header)
	want["ok"] = 0
	assert.Equal(t, want, constants)
}

func TestCodesAreInTheOrderOfTheHeader(t *testing.T) {
	codes := Codes()
	for i := 1; i < len(codes); i++ {
		assert.Less(t, codes[i], codes[i-1], codes[i].Name())
	}
}

func TestPhasesAgreeWithTheHeader(t *testing.T) {
	header := headerNumbers(t, "WDS_PHASE_")
	inTable := map[string]int32{}
	for _, p := range Phases() {
		inTable[p.Name()] = int32(p)
		assert.NotEmpty(t, p.Text(English))
		assert.NotEmpty(t, p.Text(French))
	}
	assert.Equal(t, header, inTable)

	constants := map[string]int32{}
	for name, n := range goConstants(t, "Phase") {
		constants[strings.ToLower(strings.TrimPrefix(name, "Phase"))] = n
	}
	assert.Equal(t, goNames("WDS_PHASE_", header), constants)
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// checkTemplates checks that two translations are there, are balanced and name
// the same things.
func checkTemplates(t *testing.T, english, french string, allowed ...string) {
	t.Helper()
	count := func(s string) map[string]int {
		found := map[string]int{}
		for _, p := range placeholder.FindAllString(s, -1) {
			assert.Contains(t, allowed, p, s)
			found[p]++
		}
		return found
	}
	assert.Equal(t, count(english), count(french), english)
	for _, s := range []string{english, french} {
		require.NotEmpty(t, s)
		rest := placeholder.ReplaceAllString(s, "")
		assert.NotContains(t, rest, "{", s)
		assert.NotContains(t, rest, "}", s)
		depth := 0
		for _, r := range s {
			switch r {
			case '[':
				depth++
			case ']':
				depth--
			}
			assert.True(t, depth == 0 || depth == 1, "brackets do not nest: %s", s)
		}
		assert.Zero(t, depth, s)
		assert.NotRegexp(t, `\s{2}|^\s|\s$|\.$`, s)
	}
}

func TestEveryRowHasBothLanguages(t *testing.T) {
	for _, r := range table {
		checkTemplates(t, r.english, r.french, "{who}")
		assert.NotEqual(t, r.english, r.french, r.name)
	}
}

func TestEveryNoteHasBothLanguages(t *testing.T) {
	require.NotZero(t, notes.count.Load())
	for i := range notes.count.Load() {
		n := Note(i + 1).entry()
		checkTemplates(t, n.english, n.french, "{who}", "{0}", "{1}", "{2}", "{3}", "{4}", "{alt}")
	}
}

func TestEveryTextReadsWellWithAndWithoutWho(t *testing.T) {
	for _, c := range Codes() {
		for _, lang := range []Language{English, French} {
			for _, who := range []string{"", "[fe80::1%eth0]:5000"} {
				text := New(c, PhaseNone, who).Text(lang)
				assert.NotRegexp(t, `[{}]|\s{2}|^\s|\s$|^[:;,]|\( `, text, c.Name())
				if c != OK && who != "" {
					assert.Contains(t, text, who, c.Name())
				} else {
					assert.NotContains(t, text, "[", c.Name())
					assert.Equal(t, c.Text(lang), text)
				}
			}
		}
	}
}

func TestRender(t *testing.T) {
	both := NewNote("{0} before {1}[ at {who}]", "{0} avant {1}[ chez {who}]")
	whole := NewSentence("[{who}: ]all is said in {0} ms", "[{who} : ]tout est dit en {0} ms")
	hint := NewNote("try {alt}", "essayez {alt}")
	needs := NewSentence("{call} needs it", "{call} le demande")
	is := NewNote("{who} is a timer", "{who} est un minuteur")
	tests := []struct {
		name    string
		err     *Error
		english string
		french  string
	}{
		{"a sentence instead of the code's", New(Timeout, PhaseRead, "10.0.0.5:5000").With(whole, "20"),
			"10.0.0.5:5000: all is said in 20 ms", "10.0.0.5:5000 : tout est dit en 20 ms"},
		{"a sentence and a hint", New(Timeout, PhaseRead, "").With(whole, "20").Advise(hint, "it"),
			"all is said in 20 ms; try it", "tout est dit en 20 ms ; essayez it"},
		{"the function that was called", New(Kind, PhaseCall, "#7").With(needs, "").Advise(is, "WDSocketRead"),
			"WDSocketRead needs it; #7 is a timer", "WDSocketRead le demande ; #7 est un minuteur"},
		{"a function that is not known", New(Kind, PhaseCall, "#7").With(needs, ""),
			"this function needs it", "cette fonction le demande"},
		{"nobody named", New(Refused, PhaseConnect, ""),
			"connection refused (nothing listens at that address and port, or a firewall refuses it)",
			"connexion refusée (aucun programme n'écoute à cette adresse sur ce port, ou un pare-feu la refuse)"},
		{"somebody named", New(Refused, PhaseConnect, "10.0.0.5:5000"),
			"connection to 10.0.0.5:5000 refused (nothing listens at that address and port, or a firewall refuses it)",
			"connexion à 10.0.0.5:5000 refusée (aucun programme n'écoute à cette adresse sur ce port, ou un pare-feu la refuse)"},
		{"a parameter with a range", New(Argument, PhaseCall, "port").With(NoteRange, "70000", "1..65535"),
			"wrong parameter port: 70000 is not in the range 1..65535",
			"paramètre port incorrect : 70000 n'est pas dans l'intervalle 1..65535"},
		{"a note without arguments", New(Timeout, PhaseWrite, "").With(NoteEarlierAnswer),
			"the time allowed ended before the call was done: the answer to an earlier request has not come yet; nothing was written",
			"le délai accordé s'est écoulé avant la fin de l'appel : la réponse à une demande précédente n'est pas encore arrivée ; rien n'a été écrit"},
		{"arguments are not templates", New(NotFound, PhaseCall, "{0}[x]").With(both, "{1}{who}", "[{0}]"),
			"no live socket has the name {0}[x]: {1}{who} before [{0}] at {0}[x]",
			"aucun socket existant ne porte le nom {0}[x] : {1}{who} avant [{0}] chez {0}[x]"},
		{"a note's own bracket", New(NotFound, PhaseCall, "").With(both, "a", "b"),
			"no live socket has the name: a before b",
			"aucun socket existant ne porte le nom : a avant b"},
		{"unknown code", New(-999, PhaseCall, "x"), "unknown error -999", "erreur inconnue -999"},
		{"unknown note", New(Closed, PhaseCall, "").With(1 << 30), Closed.Text(English), Closed.Text(French)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.english, tt.err.Text(English))
			assert.Equal(t, tt.english, tt.err.Error())
			assert.Equal(t, tt.french, tt.err.Text(French))
		})
	}
}

// What others hold stays as it is, whatever the copy advises.
func TestAdvised(t *testing.T) {
	hint := NewNote("try {alt}", "essayez {alt}")
	plain := New(Timeout, PhaseRead, "peer:1").With(NoteEarlierAnswer)
	advised := plain.Advised(hint, "it")
	assert.Equal(t, plain.Text(English)+"; try it", advised.Text(English))
	assert.Equal(t, plain.Text(French)+" ; essayez it", advised.Text(French))
	assert.Equal(t, New(Timeout, PhaseRead, "peer:1").With(NoteEarlierAnswer), plain)
	without := advised.Advised(NoNote, "")
	assert.Equal(t, plain, without)
	assert.Equal(t, hint, advised.Hint)
}

func TestUnknownNumbersHaveTextsToo(t *testing.T) {
	assert.Equal(t, "-999", Code(-999).Name())
	assert.Equal(t, "unknown error 5", Code(5).Text(Language(9)))
	for _, p := range []Phase{-1, 99} {
		assert.Equal(t, strconv.Itoa(int(p)), p.Name())
		assert.Equal(t, strconv.Itoa(int(p)), p.Text(French))
	}
	assert.Equal(t, Closed.Text(English), Closed.Text(Language(9)))
}

func TestErrorIsAsAndCause(t *testing.T) {
	cause := errors.New("underneath")
	e := New(Timeout, PhaseRead, "socket 5")
	e.Cause = cause
	wrapped := fmt.Errorf("outer: %w", e)

	assert.ErrorIs(t, wrapped, Timeout)
	assert.NotErrorIs(t, wrapped, Closed)
	assert.ErrorIs(t, wrapped, cause)
	var ne net.Error
	require.ErrorAs(t, wrapped, &ne)
	assert.True(t, ne.Timeout())
	assert.True(t, e.Temporary())
	assert.False(t, New(Reset, PhaseRead, "").Timeout())

	assert.Equal(t, Timeout, CodeOf(wrapped))
	assert.Equal(t, OK, CodeOf(nil))
	assert.Equal(t, Refused, CodeOf(Refused))
	assert.Equal(t, Internal, CodeOf(cause))
}

func TestNotesMayBeMadeAndReadAtTheSameTime(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 100 {
				words := fmt.Sprintf("note %d %d", i, j)
				n := NewNote(words, words+" fr")
				assert.Equal(t, words, n.text(English))
				assert.Equal(t, words+" fr", n.text(French))
				assert.NotEmpty(t, NoteNul.text(French))
			}
		})
	}
	wg.Wait()
}
