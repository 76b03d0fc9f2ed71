package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A new constant gets its line in constants.fr.txt.
func TestEveryConstantIsSaidInFrench(t *testing.T) {
	h, _ := realHeader(t)
	french, left := frenchConstants(), frenchConstants()
	page, module := frenchConstantsPage(h), windevModule(h)
	for _, c := range h.Constants() {
		if c.Name == "WDS_OK" {
			continue
		}
		text := constantInFrench(c, french)
		assert.NotEmpty(t, text, c.Name)
		assert.NotEmpty(t, familyOf(c.Name), "%s is in no part of the French page", c.Name)
		assert.Equal(t, 1, strings.Count(page, "`"+c.Name+"` | "), c.Name)
		if c.Comment != "" {
			assert.Contains(t, module, c.Comment+" / "+text+"\n", c.Name)
		}
		delete(left, c.Name)
		for _, other := range guideConstant.FindAllString(text, -1) {
			known := strings.HasSuffix(other, "_")
			for _, d := range h.Constants() {
				known = known || d.Name == other
			}
			assert.True(t, known, "%s: there is no %s", c.Name, other)
		}
	}
	assert.Empty(t, left, "constants that there are not")
}
