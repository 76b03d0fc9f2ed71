package main

import (
	_ "embed"
	"regexp"
	"strings"
)

//go:embed windev_compat.wl.txt
var compatText string

// compatName is the set of procedures for programs that were written for the socket
// functions of WLanguage itself.
const compatName = "wdsocket_compat.wl"

// windevCompat is the module with the originals' exact meaning: a procedure of the template
// stands where the module has one of that name, behind those of the template that stand
// between it and the one before, which the module has not. A project takes one of the two
// files, so that no name is there twice.
func windevCompat(h *Header) string {
	own := paragraphs(compatText)
	out := paragraphs(windevText())
	at := map[string]int{}
	for i, p := range out {
		if name := procedureName(p); name != "" {
			at[name] = i
		}
	}
	out[0] = own[0]
	var more []string
	for _, p := range own[1:] {
		i, replaces := at[procedureName(p)]
		switch {
		case strings.HasPrefix(p, "GLOBAL\n"):
			for j := range out {
				if strings.HasPrefix(out[j], "GLOBAL\n") {
					out[j] += strings.TrimPrefix(p, "GLOBAL")
				}
			}
		case replaces:
			out[i] = strings.Join(append(more, p), "\n\n")
			more = nil
		default:
			more = append(more, p)
		}
	}
	return windevMade(h, strings.Join(append(out, more...), "\n\n")+"\n\n")
}

// paragraphs are the parts of a text between its empty lines: in the templates a
// declaration, or a procedure with the comment above it.
func paragraphs(text string) []string {
	return strings.Split(strings.Trim(text, "\n"), "\n\n")
}

var procedureLine = regexp.MustCompile(`(?m)^PROCEDURE ([\p{L}\d_]+)\(`)

// procedureName is the procedure that a paragraph defines, "" if it does not.
func procedureName(paragraph string) string {
	if m := procedureLine.FindStringSubmatch(paragraph); m != nil {
		return m[1]
	}
	return ""
}
