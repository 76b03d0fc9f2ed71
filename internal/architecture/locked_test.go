package architecture

import (
	"go/ast"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// mutexHeld is how a comment says that the caller holds a mutex.
var mutexHeld = regexp.MustCompile(`\b([mM]u|calls|\w+Mu) is held\b|[cC]aller holds (the poll lock|\S*[mM]u)\b`)

// A function that needs a mutex held says so by its name, too.
func TestHelpersUnderAMutexAreCalledLocked(t *testing.T) {
	_, files := sources(t)
	found := 0
	functions(files, func(folder string, d *ast.FuncDecl) {
		if !mutexHeld.MatchString(strings.Join(strings.Fields(d.Doc.Text()), " ")) {
			return
		}
		found++
		assert.True(t, strings.HasSuffix(d.Name.Name, "Locked"), "%s: %s.%s needs a lock held", folder, receiver(d), d.Name.Name)
	})
	assert.Positive(t, found)
}
