package main

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"wdsocket/core/fault"
)

// readable is text of a page for man without what is there for roff, in one line.
func readable(page string) string {
	var lines []string
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, ".") {
			_, line, _ = strings.Cut(line, ` "`)
			line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), `"`)
		}
		lines = append(lines, line)
	}
	return inOneLine(strings.NewReplacer(`\(dq`, `"`, `\(ha`, "^", `\(ti`, "~", `\(ga`, "`", `\(aq`, "'", `\&`, "", `\-`, "-", `\e`, `\`).Replace(strings.Join(lines, " ")))
}

func inOneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// The page for man says what --help says, in both languages.
func TestTheManualHasAllTextsOfTheHelp(t *testing.T) {
	for lang, name := range map[fault.Language]string{fault.English: "en", fault.French: "fr"} {
		manual := readable(told(t, 0, "", "--language", name, "--man"))
		app := newParser(new(cli), lang, io.Discard, io.Discard).Model
		texts, _ := textsOf(app)
		texts = append(texts, app.Help)
		for _, command := range app.Children {
			texts = append(texts, command.Detail, command.Name)
			for _, f := range command.Flags {
				texts = append(texts, f.Name)
			}
		}
		for _, text := range texts {
			assert.Contains(t, manual, inOneLine(text))
		}
	}
}
