package task_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const helper = "wdsocket/core/task"

// starters are the functions that start something whose panic ends the process,
// by the path of their package.
var starters = map[string][]string{
	"time":    {"AfterFunc"},
	"context": {"AfterFunc"},
	"runtime": {"SetFinalizer", "AddCleanup"},
}

// started tells what a file starts on its own and not with the helper, each with
// its line.
func started(t require.TestingT, path string, source any) (found []string, helped int) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, source, parser.SkipObjectResolution)
	require.NoError(t, err)
	packages := make(map[string]string) // the paths by the names
	for _, i := range file.Imports {
		full, err := strconv.Unquote(i.Path.Value)
		require.NoError(t, err)
		name := full[strings.LastIndexByte(full, '/')+1:]
		if i.Name != nil {
			name = i.Name.Name
		}
		packages[name] = full
		if _, bears := starters[full]; bears {
			assert.NotEqual(t, ".", name, "%s: the names of %s could not be told", path, full)
		}
	}
	note := func(at ast.Node, what string) {
		found = append(found, strconv.Itoa(files.Position(at.Pos()).Line)+": "+what)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			note(n, "go")
		case *ast.SelectorExpr: // also one that is not called here
			owner := ""
			if x, ok := n.X.(*ast.Ident); ok {
				owner = packages[x.Name]
			}
			if owner == helper {
				helped++
				break
			}
			if n.Sel.Name == "Go" { // a WaitGroup's and the like
				note(n, "Go")
			}
			for _, name := range starters[owner] {
				if n.Sel.Name == name {
					note(n, owner+"."+name)
				}
			}
		}
		return true
	})
	return found, helped
}

// All files are looked through, those of the other systems too. Programs of
// their own, package main in a folder below, are no part of the library, nor
// are helpers of tests: packages that import testing, which the library does
// not (internal/architecture, TestTheLibraryHoldsNoTests).
func TestEverythingIsStartedByTheHelper(t *testing.T) {
	const root = "../.."
	files, helped := 0, 0
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "dist" || name == "build"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		case filepath.ToSlash(path) == root+"/core/task/task.go":
			return nil
		}
		head, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		require.NoError(t, err)
		if slices.ContainsFunc(head.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"testing"` }) {
			return nil
		}
		if head.Name.Name == "main" && filepath.Dir(path) != filepath.FromSlash(root) {
			return nil
		}
		found, n := started(t, path, nil)
		assert.Empty(t, found, path)
		files++
		helped += n
		return nil
	}))
	assert.Greater(t, files, 50)
	assert.Greater(t, helped, 15)
}

func TestWhatIsStartedIsFound(t *testing.T) {
	const source = `package p
import (
	"context"
	"runtime"
	clock "time"
	"wdsocket/core/task"
)
func f() {
	go f()
	clock.AfterFunc(0, f)
	later := clock.AfterFunc
	context.AfterFunc(nil, f)
	runtime.SetFinalizer(nil, f)
	runtime.AddCleanup(nil, f, nil)
	group.Go(f)
	task.Go("", nil, f)
	clock.Sleep(0)
}`
	found, helped := started(t, "p.go", source)
	assert.Equal(t, []string{"9: go", "10: time.AfterFunc", "11: time.AfterFunc", "12: context.AfterFunc",
		"13: runtime.SetFinalizer", "14: runtime.AddCleanup", "15: Go"}, found)
	assert.Equal(t, 1, helped)
}
