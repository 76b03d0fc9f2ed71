package escape

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestText(t *testing.T) {
	for in, out := range map[string]string{
		"":                                "",
		"plain, é and 日本":                 "plain, é and 日本",
		"good.example\x00.evil.example":   `good.example\x00.evil.example`,
		"a\r\nb\x1b[31m\x7f":              `a\x0D\x0Ab\x1B[31m\x7F`,
		"a\u0085b\u2028c\u202ed\u2066e":   `a\xC2\x85b\xE2\x80\xA8c\xE2\x80\xAEd\xE2\x81\xA6e`,
		"not UTF-8: \xff, U+FFFD: \ufffd": `not UTF-8: \xFF, U+FFFD: ` + "\ufffd",
	} {
		assert.Equal(t, out, Text(in))
		assert.Equal(t, out, Text(out), "once is enough")
	}
}

func TestList(t *testing.T) {
	assert.Equal(t, "", List(nil))
	assert.Equal(t, "a,b", List([]string{"a", "b"}))
	assert.Equal(t, `a\,b,c\\,d\x00`, List([]string{"a,b", `c\`, "d\x00"}))
}
