package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sources are the Go files of the module that are no tests, by their path, those of
// other systems and tags too.
func sources(t *testing.T) (*token.FileSet, map[string]*ast.File) {
	set, files := token.NewFileSet(), make(map[string]*ast.File)
	require.NoError(t, filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && (name == "testdata" || name == "dist" || name == "build" || len(name) > 2 && name[0] == '.'):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution|parser.ParseComments)
		rel, _ := filepath.Rel("../..", path)
		files[filepath.ToSlash(rel)] = f
		return err
	}))
	require.NotEmpty(t, files)
	return set, files
}

// typed are the constants of a named type in files of a folder.
func typed(files map[string]*ast.File, folder, name string) map[string]bool {
	out := make(map[string]bool)
	for path, f := range files {
		if filepath.ToSlash(filepath.Dir(path)) != folder {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, is := n.(*ast.ValueSpec)
			if !is {
				return true
			}
			if of, is := spec.Type.(*ast.Ident); is && of.Name == name {
				for _, id := range spec.Names {
					out[id.Name] = true
				}
			}
			return true
		})
	}
	return out
}

// What is to be known of a transmission mode, its framing says. Who names a mode
// outside of it keeps a list that a new one would be missing from; only the
// self-test may, which tries each.
func TestNoListOfModesIsKeptOutsideTheFraming(t *testing.T) {
	const room, may = "core/frame", "internal/selftest"
	set, files := sources(t)
	modes := typed(files, room, "Mode")
	require.NotEmpty(t, modes)
	for path, f := range files {
		if in := filepath.ToSlash(filepath.Dir(path)); in == room || in == may {
			continue
		}
		name := ""
		for _, i := range f.Imports {
			if i.Path.Value == `"`+module+"/"+room+`"` {
				if name = "frame"; i.Name != nil {
					name = i.Name.Name
				}
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if sel, is := n.(*ast.SelectorExpr); is && modes[sel.Sel.Name] {
				if of, is := sel.X.(*ast.Ident); is && of.Name == name {
					assert.Fail(t, "a mode is named", "%s: %s.%s", set.Position(sel.Pos()), name, sel.Sel.Name)
				}
			}
			return true
		})
	}
}
