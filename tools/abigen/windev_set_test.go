package main

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// node is a line of a file of WINDEV with what stands below it.
type node struct {
	key, value string
	below      []*node // items of a list have no key
}

func (n *node) at(keys ...string) *node {
	for _, key := range keys {
		i := slices.IndexFunc(n.below, func(b *node) bool { return b.key == key })
		if i < 0 {
			return &node{}
		}
		n = n.below[i]
	}
	return n
}

// each calls f for a node and all below it.
func (n *node) each(f func(*node)) {
	f(n)
	for _, b := range n.below {
		b.each(f)
	}
}

// nodeReader reads such a file, strictly: one blank a level, two behind a dash, code one below its key.
type nodeReader struct {
	lines []string
	at    int
	fault error
}

func readNodes(text string) (*node, error) {
	lines := strings.Split(text, "\n")
	r := &nodeReader{lines: lines[:len(lines)-1]}
	if lines[len(lines)-1] != "" || !strings.HasPrefix(text, "#To edit and compare internal_properties") {
		return nil, errors.New("no beginning or no end")
	}
	r.at = 1
	root := &node{below: r.mapping(0)}
	if r.fault == nil && r.at < len(r.lines) {
		r.fail("too deep, or neither key nor item")
	}
	return root, r.fault
}

func (r *nodeReader) fail(why string) {
	if r.fault == nil {
		r.fault = fmt.Errorf("line %d: %s: %q", r.at+1, why, r.lines[min(r.at, len(r.lines)-1)])
	}
}

func depthOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

var keyed = regexp.MustCompile(`^ *(\w+) :(?: (.*))?$`)

func (r *nodeReader) mapping(depth int) (all []*node) {
	for r.fault == nil && r.at < len(r.lines) && depthOf(r.lines[r.at]) == depth {
		m := keyed.FindStringSubmatch(r.lines[r.at])
		if m == nil {
			r.fail("no key")
			return nil
		}
		n := &node{key: m[1], value: m[2]}
		r.at++
		switch {
		case m[2] == "|1-":
			n.value = r.block(depth + 1)
		case m[2] == "" && r.at < len(r.lines) && strings.HasPrefix(strings.TrimLeft(r.lines[r.at], " "), "-"):
			n.below = r.list(depth + 1)
		case m[2] == "":
			n.below = r.mapping(depth + 1)
		}
		if m[2] == "" && len(n.below) == 0 {
			r.fail("nothing below a key")
		}
		if slices.ContainsFunc(all, func(other *node) bool { return other.key == n.key }) {
			r.fail("a key twice")
		}
		all = append(all, n)
	}
	return all
}

func (r *nodeReader) list(depth int) (all []*node) {
	dash := strings.Repeat(" ", depth) + "-"
	for r.fault == nil && r.at < len(r.lines) && strings.HasPrefix(r.lines[r.at], dash) {
		item := &node{value: strings.TrimPrefix(strings.TrimPrefix(r.lines[r.at], dash), " ")}
		r.at++
		if item.value == "" {
			item.below = r.mapping(depth + 2)
		}
		all = append(all, item)
	}
	return all
}

func (r *nodeReader) block(depth int) string {
	var b strings.Builder
	for r.at < len(r.lines) && strings.HasPrefix(r.lines[r.at], strings.Repeat(" ", depth)) {
		b.WriteString(r.lines[r.at][depth:] + "\n")
		r.at++
	}
	return b.String()
}

func setNodes(t *testing.T) map[string]*node {
	t.Helper()
	h, _ := realHeader(t)
	all := map[string]*node{}
	for name, text := range setFiles(h) {
		if path.Ext(name) == ".wl" {
			continue
		}
		n, err := readNodes(text)
		require.NoError(t, err, name)
		all[path.Base(name)] = n
	}
	require.GreaterOrEqual(t, len(all), 5)
	return all
}

func TestTheSetHasTheStructureOfWindevsTexts(t *testing.T) {
	seen := map[string]string{}
	for name, n := range setNodes(t) {
		assert.Equal(t, strings.TrimSuffix(name, path.Ext(name)), n.at("info", "name").value)
		assert.Equal(t, strconv.Itoa(windevVersion), n.at("info", "major_version").value, name)
		kind, main := strconv.Itoa(map[string]int{".wdg": elementSet, ".wdp": elementProject, ".wdw": elementWindow}[path.Ext(name)]),
			map[string]string{".wdg": "procedure_set", ".wdp": "project", ".wdw": "window"}[path.Ext(name)]
		assert.Equal(t, kind, n.at("info", "type").value, name)
		assert.NotEmpty(t, n.at(main, "code_elements", "type_code").value, name)
		n.each(func(n *node) {
			switch n.key {
			case "identifier", "procedure_id", "configuration_id":
				if n.value == "0x0" {
					return // the project's own
				}
				number, err := strconv.ParseUint(strings.TrimPrefix(n.value, "0x"), map[bool]int{true: 16, false: 10}[strings.HasPrefix(n.value, "0x")], 63)
				assert.NoError(t, err, n.value)
				key := strconv.FormatUint(number, 10)
				assert.Empty(t, seen[key], "%s has the number of %s", name, seen[key])
				seen[key] = name
			case "type", "type_code":
				_, err := strconv.Atoi(n.value)
				assert.NoError(t, err, "%s: %s", name, n.value)
				assert.NotEqual(t, "type 0", n.key+" "+n.value, name)
			case "code":
				assert.NotEmpty(t, strings.TrimSpace(n.value), name)
			}
		})
	}
}

// What is imported is what is pasted.
func TestTheSetIsTheModule(t *testing.T) {
	h, _ := realHeader(t)
	for _, of := range procedureSets {
		set := setNodes(t)[of.name+".wdg"].at("procedure_set", "code_elements")
		declarations := set.at("p_codes").below[0].at("code").value
		imported := declarations
		for _, p := range set.at("procedures").below {
			assert.Contains(t, p.at("code").value, "PROCEDURE "+p.at("name").value+"(")
			assert.Equal(t, 1, len(wlPieceHead.FindAllString(p.at("code").value, -1)), p.at("name").value)
			imported += p.at("code").value
		}
		assert.NotContains(t, declarations, "PROCEDURE ")
		want, got := parseWL(of.name+".wl", of.text(h)), parseWL(of.name+".wdg", imported)
		require.NoError(t, errors.Join(got.faults...))
		assert.Equal(t, want.constants, got.constants)
		require.Len(t, got.order, len(want.order))
		for i, p := range want.order {
			require.Len(t, got.order[i].lines, len(p.lines), p.name)
			for k, line := range p.lines {
				assert.Equal(t, line.text, got.order[i].lines[k].text, p.name)
			}
		}
		assert.NoError(t, errors.Join(got.check(h, nil)...))
	}
}

func TestTheProjectHasItsElements(t *testing.T) {
	all := setNodes(t)
	elements := all[demoName+".wdp"].at("project", "elements", "elements").below
	require.Len(t, elements, len(all)-len(procedureSets), "one set and the windows")
	for _, e := range elements {
		file, ok := strings.CutPrefix(e.at("physical_name").value, `.\`)
		require.True(t, ok)
		require.NotNil(t, all[file], file)
		assert.Equal(t, all[file].at("info", "name").value, e.at("name").value)
		assert.Equal(t, all[file].at("info", "type").value, e.at("type").value)
	}
	start := all[demoName+".wdp"].at("project", "code_elements", "p_codes").below[0].at("code").value
	assert.Contains(t, start, "Ouvre("+demoWindows[0]+")")
}

var (
	fieldName = regexp.MustCompile(`\b(?:LIB|SAI|BTN|TABLE|COL)_[\p{L}\d_]+`)
	columnOf  = regexp.MustCompile(`\bCOL_[\p{L}\d_]+`)
)

func TestTheWindowsAreWhole(t *testing.T) {
	h, _ := realHeader(t)
	for _, name := range demoWindows {
		source, err := demoFiles.ReadFile("windev_demo/" + name + ".wl.txt")
		require.NoError(t, err)
		win := parseWindow(string(source))
		assert.Equal(t, name, win.name)
		known := map[string]bool{}
		area := func(f *field) (x, y, right, below int) {
			x, _ = strconv.Atoi(f.x)
			y, _ = strconv.Atoi(f.y)
			right, _ = strconv.Atoi(f.width)
			below, _ = strconv.Atoi(f.height)
			return x, y, x + right, y + below
		}
		width, _ := strconv.Atoi(win.width)
		height, _ := strconv.Atoi(win.height)
		for i, f := range win.fields {
			known[f.name] = true
			assert.NotZero(t, f.typeNumber, "%s: %q is no kind of field", f.name, f.kind)
			assert.Equal(t, f.kind == "bouton", win.codes[f.name+" clic"] != "", f.name)
			assert.Equal(t, f.kind == "table", len(f.columns) > 0, f.name)
			for _, c := range f.columns {
				known[c.name] = true
			}
			x, y, right, below := area(f)
			assert.Contains(t, setFiles(h)[setFolder+"/"+name+".wdw"],
				fmt.Sprintf("\n      %[1]s..X = %[2]d\n      %[1]s..Y = %[3]d\n      %[1]s..Largeur = %[4]d\n      %[1]s..Hauteur = %[5]d\n", f.name, x, y, right-x, below-y))
			assert.True(t, right <= width && below <= height, "%s stands outside of %s", f.name, name)
			for _, other := range win.fields[:i] {
				ox, oy, oright, obelow := area(other)
				assert.False(t, x < oright && ox < right && y < obelow && oy < below, "%s covers %s", f.name, other.name)
			}
		}
		assert.Equal(t, strings.Count(string(source), "\n// CHAMP "), len(win.fields), name)
		for of, code := range win.codes {
			of, _, _ = strings.Cut(of, " ")
			assert.True(t, of == name || known[of], "%s: code of %s", name, of)
			for _, used := range append(fieldName.FindAllString(code, -1), columnOf.FindAllString(code, -1)...) {
				assert.True(t, known[used], "%s uses %s", name, used)
			}
		}
		assert.Len(t, win.codes, strings.Count(string(source), "\n// CODE "), "%s: a code stands there twice", name)
	}
}

// The windows use the module as it is, and close what they open.
func TestTheWindowsFitTheModule(t *testing.T) {
	h, root := realHeader(t)
	module := parseWL("module", windevModule(h))
	for _, name := range demoWindows {
		text := readText(t, root, setFolder+"/"+name+".wl")
		// A code of an event is a procedure of its own.
		numbered := 0
		text = regexp.MustCompile(`(?m)^// CODE .*(?: clic|fin d'initialisation|fermeture)$`).ReplaceAllStringFunc(text, func(string) string {
			numbered++
			return "PROCÉDURE Code" + strconv.Itoa(numbered) + "()"
		})
		program := parseWL(name, inEnglish(text))
		program.checkEvents(program.manages())
		assert.NoError(t, errors.Join(program.check(h, module)...))
		for _, created := range regexp.MustCompile(`wdSocket(?:Connecte|Crée|New|Nouveau)\("([^"]*)"`).FindAllStringSubmatch(text, -1) {
			assert.Contains(t, text, `("`+created[1]+`")`, "%s: %s is never closed", name, created[1])
		}
	}
}

func TestPiecesOfAText(t *testing.T) {
	declarations, pieces := wlPieces("// of the file\n\nGLOBAL\n\tg is int\n\n// ---\n// a heading\n// ---\n\n// what A does\nPROCEDURE A()\nRESULT 1\n\n// ---\n\nPROCÉDURE Bé(x)\n// inside\nRENVOYER 2\n")
	assert.Equal(t, "// of the file\n\nGLOBAL\n\tg is int\n", declarations)
	assert.Equal(t, []wlPiece{{"A", "// what A does\nPROCEDURE A()\nRESULT 1\n"}, {"Bé", "PROCÉDURE Bé(x)\n// inside\nRENVOYER 2\n"}}, pieces)
}

func TestSeededMistakesInAFileOfWindevAreFound(t *testing.T) {
	h, _ := realHeader(t)
	good := setFiles(h)[setFolder+"/FEN_Client.wdw"]
	for name, mistake := range map[string][2]string{
		"one blank too many":    {"\n name : FEN_Client\n identifier", "\n  name : FEN_Client\n identifier"},
		"an item without dash":  {"\n  -\n    name : LIB_Port", "\n    name : LIB_Port"},
		"code at its key":       {"\n         SI wdSocketFerme", "\n        SI wdSocketFerme"},
		"a key without a colon": {"popup_menus : []", "popup_menus []"},
		"nothing below":         {"\n string_res :\n", "\n other :\n string_res :\n"},
	} {
		require.Contains(t, good, mistake[0], name)
		_, err := readNodes(strings.Replace(good, mistake[0], mistake[1], 1))
		assert.Error(t, err, name)
	}
}
