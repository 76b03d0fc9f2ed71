package wlanguage

import (
	"fmt"
	"regexp"
	"strings"
)

// codeBegins is the line in front of code in a file of a project that WINDEV keeps as text: a set of
// procedures (.wdg), a window (.wdw), a class (.wdc).
var codeBegins = regexp.MustCompile(`^( *)code : \|\S*$`)

// ownHead is the beginning of code that is a procedure, or the declarations of a set or class.
var ownHead = regexp.MustCompile(`(?i)^(?:(?:\pL+ +){0,2}(?:proc[eé]dure|function|fonction|m[eé]thod\w*)\b|global|constante?\b|\S+ (?:is|est) )`)

// codeOf takes the code out of a file of a project and leaves all else as empty lines, so that
// lines keep their numbers. Another text stays as it is. Code of an event has no head: it gets one.
func codeOf(text string) string {
	if !strings.Contains(text, "internal_properties") || !strings.Contains(text, "code : |") {
		return text
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	out := make([]string, len(lines))
	indent, inside := 0, false
	for i, line := range lines {
		blank := strings.TrimSpace(line) == ""
		if inside && !blank && len(line)-len(strings.TrimLeft(line, " ")) <= indent {
			inside = false
		}
		if m := codeBegins.FindStringSubmatch(line); m != nil && !inside {
			indent, inside = len(m[1]), true
			if !ownHead.MatchString(firstLine(lines[i+1:])) {
				out[i] = fmt.Sprintf("PROCEDURE WIN_Code.Line%d()", i+1)
			}
			continue
		}
		if inside {
			out[i] = line
		}
	}
	return strings.Join(out, "\n")
}

// firstLine is the first one that is neither empty nor a comment.
func firstLine(lines []string) string {
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			return line
		}
	}
	return ""
}
