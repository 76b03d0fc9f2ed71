package wlanguage

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
)

// builtins.txt lists the functions and constants of WLanguage that are known here.
//
//go:embed builtins.txt
var builtinText string

// builtin is a function of WLanguage.
type builtin struct {
	name  string // as it is written in the language that was asked for
	least int
	most  int // -1: any number
	kinds []byte
	gives typ
	// Of PC SOFT's own socket functions and those for their errors: what takes their place here.
	instead string
}

// original is a constant of PC SOFT's own socket functions, and what takes its place here.
type original struct{ name, instead string }

type builtinTable struct {
	functions map[string]*builtin // by folded name
	constants map[string]typ
	originals map[string]original
	names     []string // of all of them
}

var builtins = sync.OnceValue(func() *builtinTable {
	t := &builtinTable{functions: map[string]*builtin{}, constants: map[string]typ{}, originals: map[string]original{}}
	for line := range strings.Lines(builtinText) {
		fields := strings.Fields(line)
		if len(fields) > 1 && fields[0] != "#" {
			t.add(fields)
		}
	}
	return t
})

// add takes a line apart:
//
//	function English[/French] parameters [result] [=> instead]
//	constant type names
//	original English[/French] => instead
func (t *builtinTable) add(fields []string) {
	instead := ""
	for i, field := range fields {
		if field == "=>" {
			instead, fields = strings.Join(fields[i+1:], " "), fields[:i]
			break
		}
	}
	switch fields[0] {
	case "constant":
		for _, name := range fields[2:] {
			t.constants[fold(name)] = codes[fields[1][0]]
			t.names = append(t.names, name)
		}
	case "original":
		for i, name := range strings.Split(fields[1], "/") {
			t.originals[fold(name)] = original{name, inLanguage(instead, i)}
			t.names = append(t.names, name)
		}
	case "function":
		for i, name := range strings.Split(fields[1], "/") {
			f := &builtin{name: name, gives: typ{kind: kNothing}, instead: inLanguage(instead, i)}
			f.parameters(fields[2])
			if len(fields) > 3 {
				f.gives = codes[fields[3][0]]
			}
			if t.functions[fold(name)] == nil {
				t.functions[fold(name)] = f
				t.names = append(t.names, name)
			}
		}
	}
}

// inLanguage gives the French half of "english/french", if there is one.
func inLanguage(text string, language int) string {
	english, french, both := strings.Cut(text, "/")
	if language > 0 && both {
		return french
	}
	return english
}

// codes of types in builtins.txt.
var codes = map[byte]typ{
	'a': {}, 's': {kind: kString}, 'A': {kind: kANSI}, 'i': {kind: kInt}, 'n': {kind: kReal}, 'b': {kind: kBoolean}, 'B': {kind: kBuffer},
	'd': {kind: kDuration}, 't': {kind: kTime}, '0': {kind: kNull},
}

// parameters reads "s i? a*": t is text or Buffer, n a number, p a procedure, d a time; ? may be left out, * any number.
func (f *builtin) parameters(list string) {
	for i := 0; i < len(list); i++ {
		switch c := list[i]; c {
		case '-':
		case '?':
			f.least--
		case '*':
			f.least--
			f.most = -1
			return
		default:
			f.kinds = append(f.kinds, c)
			f.least++
			f.most++
		}
	}
}

// takesProcedure tells whether argument i may be a procedure, by its name without parentheses.
func (f *builtin) takesProcedure(i int) bool {
	k := f.kindOf(i)
	return k == 'p' || k == 'x'
}

// kindOf is the code of argument i.
func (f *builtin) kindOf(i int) byte {
	if len(f.kinds) == 0 {
		return 'a'
	}
	return f.kinds[min(i, len(f.kinds)-1)]
}

// special names need no declaration: objects that are always there.
var special = words(`mywindow mafenetre myself moimeme mypage mapage myproject monprojet myreport monetat mysource masource myparent monparent
	myparameters mesparametres mycontrol monchamp myfile monfichier socket objet object this parent myoptions mespreferences`)

// ofTypes are the constants that TypeVar gives: wlInt, wlChaîne.
var ofTypes = regexp.MustCompile(`^wl[A-Z]\pL`)

// withoutCall are functions that may be written without parentheses: they were variables once.
var withoutCall = words("erroroccurred erreurdetectee")
