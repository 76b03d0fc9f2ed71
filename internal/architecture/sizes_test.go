package architecture

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// facade is the type that all a host may do with a socket is a method of. It has no
// limit of methods, and may not be made smaller in appearance only: that is what
// the last three sizes are for.
const facade = "Socket"

// sizes are what ARCHITECTURE.md limits, by the first column of its table; each is
// measured of all files and given by the name of what is measured.
var sizes = map[string]func(set *token.FileSet, files map[string]*ast.File) map[string]int{
	"lines of a file, those of its systems with it": lines,
	"methods of a type":                             methods,
	"exported names of a package":                   exported,
	"fields of a package that are functions":        functionFields,
	"functions of `core` that take a `*Socket`":     takeFacade,
	"types that a `Socket` embeds":                  embedded,
}

// breathes is what may be smaller than its number: not each line that goes has to be
// written down.
var breathes = map[string]bool{"lines of a file, those of its systems with it": true}

// size is a row of the table: the limit, and what is above it, the highest first.
type size struct {
	most  int
	above []int
}

// limits reads the table.
func limits(t *testing.T) map[string]size {
	out := make(map[string]size)
	for _, m := range regexp.MustCompile(`(?m)^\| (.+) \| (\d+) \|([\d ]*)\|$`).FindAllStringSubmatch(section(t, "Sizes"), -1) {
		row := size{}
		row.most, _ = strconv.Atoi(m[2])
		for _, n := range strings.Fields(m[3]) {
			above, _ := strconv.Atoi(n)
			row.above = append(row.above, above)
		}
		out[m[1]] = row
	}
	return out
}

// What is above a limit was so when the limit was made. It goes down only: who makes
// it smaller writes the new number down. Names are of no matter: what is renamed or
// moved keeps its number.
func TestNothingGrowsAboveItsSize(t *testing.T) {
	set, files := sources(t)
	table := limits(t)
	require.ElementsMatch(t, slices.Collect(maps.Keys(sizes)), slices.Collect(maps.Keys(table)))
	for what, measure := range sizes {
		row := table[what]
		var above []int
		var named []string
		measured := measure(set, files)
		for _, name := range slices.Sorted(maps.Keys(measured)) {
			if n := measured[name]; n > row.most {
				above = append(above, n)
				named = append(named, fmt.Sprint(n, " ", name))
			}
		}
		slices.Sort(above)
		slices.Reverse(above)
		assert.True(t, slices.IsSortedFunc(row.above, func(a, b int) int { return b - a }), "%s: the highest first", what)
		said := strings.Trim(fmt.Sprint(above), "[]")
		switch grown := greater(above, row.above); {
		case grown:
			assert.Fail(t, "above the limit", "%s: at most %d, and what was above it before may not grow.\nnow   %s\nlimit %s\n%s",
				what, row.most, said, strings.Trim(fmt.Sprint(row.above), "[]"), strings.Join(named, "\n"))
		case len(above) < len(row.above) || !slices.Equal(above, row.above) && !breathes[what]:
			assert.Fail(t, "smaller than the limit", "well done; ARCHITECTURE.md gets the row\n| %s | %d | %s |", what, row.most, said)
		}
	}
}

// greater tells whether one of now is above its limit.
func greater(now, limit []int) bool {
	for i, n := range now {
		if i >= len(limit) || n > limit[i] {
			return true
		}
	}
	return false
}

func TestGreater(t *testing.T) {
	assert.False(t, greater([]int{5, 3}, []int{5, 3}))
	assert.False(t, greater([]int{4}, []int{5, 3}))
	assert.False(t, greater(nil, nil))
	assert.True(t, greater([]int{5, 4}, []int{5, 3}), "one that grows")
	assert.True(t, greater([]int{5, 3, 1}, []int{5, 3}), "one more")
	assert.True(t, greater([]int{1}, nil))
}

// system is what a file name ends in that is for one system or processor.
var system = regexp.MustCompile(`(_(linux|windows|other|unix|amd64|386))+\.go$`)

// lines counts them, rounded up to tens.
func lines(set *token.FileSet, files map[string]*ast.File) map[string]int {
	const step = 10
	out := make(map[string]int)
	for at, f := range files {
		out[system.ReplaceAllString(at, ".go")] += set.File(f.FileStart).LineCount()
	}
	for at, n := range out {
		out[at] = (n + step - 1) / step * step
	}
	return out
}

// receiver is the name of the type that a method is of, "" of a function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	of := d.Recv.List[0].Type
	for {
		switch x := of.(type) {
		case *ast.StarExpr:
			of = x.X
		case *ast.IndexExpr:
			of = x.X
		case *ast.IndexListExpr:
			of = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// functions calls each with the folder and the declaration of every function there is.
func functions(files map[string]*ast.File, each func(folder string, d *ast.FuncDecl)) {
	for at, f := range files {
		for _, d := range f.Decls {
			if d, is := d.(*ast.FuncDecl); is {
				each(path.Dir(at), d)
			}
		}
	}
}

// counted gives how many different things there are of each name.
func counted(things map[string]map[string]bool) map[string]int {
	out := make(map[string]int)
	for name, of := range things {
		out[name] = len(of)
	}
	return out
}

// add notes a thing of a name, which two systems may have in files of their own.
func add(things map[string]map[string]bool, name, thing string) {
	if things[name] == nil {
		things[name] = make(map[string]bool)
	}
	things[name][thing] = true
}

func methods(_ *token.FileSet, files map[string]*ast.File) map[string]int {
	of := make(map[string]map[string]bool)
	functions(files, func(folder string, d *ast.FuncDecl) {
		if r := receiver(d); r != "" && (folder != "core" || r != facade) {
			add(of, folder+" "+r, d.Name.Name)
		}
	})
	return counted(of)
}

// exported counts what other packages may name, but for constants: types, functions,
// methods and variables.
func exported(_ *token.FileSet, files map[string]*ast.File) map[string]int {
	of := make(map[string]map[string]bool)
	functions(files, func(folder string, d *ast.FuncDecl) {
		if r := receiver(d); d.Name.IsExported() && (r == "" || ast.IsExported(r)) {
			add(of, folder, r+"."+d.Name.Name)
		}
	})
	for at, f := range files {
		for _, d := range f.Decls {
			d, is := d.(*ast.GenDecl)
			if !is || d.Tok == token.CONST {
				continue
			}
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					if spec.Name.IsExported() {
						add(of, path.Dir(at), spec.Name.Name)
					}
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						if name.IsExported() {
							add(of, path.Dir(at), name.Name)
						}
					}
				}
			}
		}
	}
	return counted(of)
}

// fields calls each with every struct type that has a name, and each of its fields.
func fields(files map[string]*ast.File, each func(folder, of string, field *ast.Field)) {
	for at, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			spec, is := n.(*ast.TypeSpec)
			if !is {
				return true
			}
			if of, is := spec.Type.(*ast.StructType); is {
				for _, field := range of.Fields.List {
					each(path.Dir(at), spec.Name.Name, field)
				}
			}
			return true
		})
	}
}

// functionFields counts those that may stand for a call upward.
func functionFields(_ *token.FileSet, files map[string]*ast.File) map[string]int {
	of := make(map[string]map[string]bool)
	fields(files, func(folder, in string, field *ast.Field) {
		if _, is := field.Type.(*ast.FuncType); is {
			for _, name := range field.Names {
				add(of, folder, in+"."+name.Name)
			}
		}
	})
	return counted(of)
}

// isFacade tells whether an expression is the facade's type, inside its package.
func isFacade(x ast.Expr) bool {
	if star, is := x.(*ast.StarExpr); is {
		x = star.X
	}
	id, is := x.(*ast.Ident)
	return is && id.Name == facade
}

// takeFacade counts functions of its package that might be the facade's methods.
func takeFacade(_ *token.FileSet, files map[string]*ast.File) map[string]int {
	of := make(map[string]map[string]bool)
	functions(files, func(folder string, d *ast.FuncDecl) {
		if folder != "core" {
			return
		}
		for _, p := range d.Type.Params.List {
			if isFacade(p.Type) {
				add(of, folder, receiver(d)+"."+d.Name.Name)
			}
		}
	})
	return counted(of)
}

// embedded counts what lends the facade its methods.
func embedded(_ *token.FileSet, files map[string]*ast.File) map[string]int {
	out := make(map[string]int)
	fields(files, func(folder, of string, field *ast.Field) {
		if folder == "core" && of == facade && len(field.Names) == 0 {
			out[folder+" "+of]++
		}
	})
	return out
}
