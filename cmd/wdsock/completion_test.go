package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// PowerShell itself is not run: its script has the same words in the same places as that of bash, and
// nothing that its quotes do not hold.
func TestPowerShellCompletesTheSame(t *testing.T) {
	bash, script := told(t, 0, "", "--completion"), told(t, 0, "", "--completion-powershell")
	for _, r := range script {
		require.Less(t, r, rune(0x80), "not in ASCII: %q", r)
	}
	text := regexp.MustCompile(`'[^']*'`)
	words := func(list string) (all []string) {
		for _, quoted := range text.FindAllString(list, -1) {
			all = append(all, strings.Trim(quoted, "'"))
		}
		return all
	}

	valued := regexp.MustCompile(`(?m)^    (?:else)?if \(@\((.*)\) -ccontains \$before\[-1\]\) \{ \$words = @\((.*)\) \}$`).FindAllStringSubmatch(script, -1)
	require.Greater(t, len(valued), 8)
	for _, v := range valued {
		names, values := strings.Join(words(v[1]), " | "), words(v[2])
		if values == nil {
			assert.Contains(t, bash, "\n    "+names+") mapfile -t COMPREPLY < <(compgen -f ")
		} else {
			assert.Contains(t, bash, "\n    "+names+") mapfile -t COMPREPLY < <(compgen -W '"+strings.Join(values, " ")+"' ")
		}
	}
	assert.Equal(t, strings.Count(bash, ") mapfile -t COMPREPLY"), len(valued))

	commands := regexp.MustCompile(`(?m)^    (?:elseif \(\$command -ceq ('.*')\)|else) \{ \$words = @\((.*)\) \}$`).FindAllStringSubmatch(script, -1)
	require.Greater(t, len(commands), 6)
	for _, c := range commands {
		name := strings.Join(words(c[1]), "")
		if name == "" {
			name = "''"
		}
		assert.Contains(t, bash, "\n    "+name+") words='"+strings.Join(words(c[2]), " ")+"' ;;\n")
	}
	assert.Equal(t, strings.Count(bash, ") words='"), len(commands))

	// Brackets are closed in turn, outside of texts.
	var open []rune
	for _, r := range text.ReplaceAllString(script, "") {
		switch r {
		case '(', '{', '[':
			open = append(open, map[rune]rune{'(': ')', '{': '}', '[': ']'}[r])
		case ')', '}', ']':
			require.NotEmpty(t, open)
			require.Equal(t, open[len(open)-1], r)
			open = open[:len(open)-1]
		case '\'':
			require.Fail(t, "a text has no end")
		}
	}
	assert.Empty(t, open)
}
