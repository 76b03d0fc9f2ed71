package description

import (
	"encoding/hex"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each protocol is named once, in the order of the names, says where it is described, can be
// read, is written in canonical form but for what is readable as text, and has an example.
func TestProtocols(t *testing.T) {
	examples, err := os.ReadFile("testdata/protocols.txt")
	require.NoError(t, err)
	shown := map[string]bool{}
	for line := range strings.Lines(string(examples)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		require.Len(t, fields, 3, line)
		for _, bytes := range fields[1:] {
			_, err := hex.DecodeString(bytes)
			require.NoError(t, err, line)
		}
		assert.Contains(t, strings.ToLower(fields[1]), strings.ToLower(fields[2]), "every message stands on the wire as it is: %s", line)
		shown[fields[0]] = true
	}
	for _, p := range Protocols() {
		d, err := Parse(p.Text)
		if assert.NoError(t, err, p.Name) {
			again, err := Parse(d.String())
			require.NoError(t, err, p.Name)
			assert.Equal(t, d, again, p.Name)
		}
		assert.NotEmpty(t, p.Source, p.Name)
		assert.True(t, shown[p.Name], "an example of %s", p.Name)
		found, is := Find(p.Name)
		assert.True(t, is && found == p)
		delete(shown, p.Name)
	}
	assert.Empty(t, shown, "examples of what is no protocol")
	_, is := Find("no such protocol")
	assert.False(t, is)

	all := slices.Concat(Protocols(), Inexpressible())
	for i, p := range all {
		assert.False(t, slices.ContainsFunc(all[:i], func(other Protocol) bool { return other.Name == p.Name }), p.Name)
		assert.NotEmpty(t, p.Text)
		assert.NotEmpty(t, p.Source)
	}
	byName := func(a, b Protocol) int { return strings.Compare(a.Name, b.Name) }
	assert.True(t, slices.IsSortedFunc(Protocols(), byName))
	assert.True(t, slices.IsSortedFunc(Inexpressible(), byName))
}
