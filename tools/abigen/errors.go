package main

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"wdsocket/core/fault"
)

// The pages of errors: what is written by hand, and a line for each code.
var (
	//go:embed errors.md.txt
	errorsEnglish string
	//go:embed errors.fr.md.txt
	errorsFrench string
	//go:embed errors.csv.txt
	errorLines string
)

// errorWords are the words of a page in one language; column is where its causes
// stand in a line of a code.
type errorWords struct {
	page               string
	column, family     int
	causes, cure, ends string
	scopes             [8][2]string
}

var errorPages = map[fault.Language]errorWords{
	fault.English: {errorsEnglish, 1, 0, "Why:", "What to do:", "Ends:", [8][2]string{
		{"nothing: no error", "continue"},
		{"this call only", "call again, later or as the text says"},
		{"one message or datagram", "continue with the next one"},
		{"a client of the server", "continue: the server serves the next client"},
		{"the connection, or the attempt to connect", "close the socket; a client connects again"},
		{"the server or the UDP socket: it is not open", "correct what the text says, then open it again"},
		{"nothing, but the call cannot succeed as it is", "correct the program; do not repeat the call"},
		{"the library in this process", "no call succeeds: end or restart the process"},
	}},
	fault.French: {errorsFrench, 4, 1, "Pourquoi :", "Que faire :", "Met fin à :", [8][2]string{
		{"rien : aucune erreur", "continuez"},
		{"cet appel seulement", "recommencez l'appel, plus tard ou comme l'indique le texte"},
		{"un message ou un datagramme", "continuez avec le suivant"},
		{"un client du serveur", "continuez : le serveur sert le client suivant"},
		{"la connexion, ou la tentative de connexion", "fermez le socket ; un client se reconnecte"},
		{"le serveur ou le socket UDP : il n'est pas ouvert", "corrigez ce qu'indique le texte, puis rouvrez-le"},
		{"rien, mais l'appel ne peut pas réussir tel quel", "corrigez le programme ; ne répétez pas l'appel"},
		{"la bibliothèque dans ce processus", "aucun appel ne réussit : arrêtez ou relancez le processus"},
	}},
}

// errorsPage is the page of errors in a language: every code of the header, in its
// order.
func errorsPage(h *Header, lang fault.Language) string {
	words := errorPages[lang]
	var scopes, list strings.Builder
	names := scopeNames(h)
	for i, s := range words.scopes {
		fmt.Fprintf(&scopes, "| `%s` %d | %s | %s |\n", names[i], i, s[0], s[1])
	}
	for _, line := range strings.Split(strings.TrimSpace(errorLines), "\n") {
		if family, is := strings.CutPrefix(line, "# "); is {
			fmt.Fprintf(&list, "## %s\n\n", strings.Split(family, "|")[words.family])
			continue
		}
		parts := strings.Split(line, "|")
		code := codeNamed(parts[0])
		parts = parts[words.column : words.column+3]
		text := fmt.Sprintf("### %s (%d)\n\n%s.\n\n- **%s** %s.\n- **%s** %s.\n- **%s** %s (`%s`). %s", code.Name(), int32(code), code.Text(lang),
			words.causes, parts[0], words.cure, parts[1], words.ends, words.scopes[code.Scope()][0], names[code.Scope()], parts[2])
		list.WriteString(strings.TrimRight(text, " ") + "\n\n")
	}
	return strings.NewReplacer("@MARK@\n", pageMark, "@SCOPES@\n", scopes.String(), "@ERRORS@\n", strings.TrimSpace(list.String())+"\n").Replace(words.page)
}

// scopeNames are the names of the scopes at their numbers.
func scopeNames(h *Header) []string {
	names := make([]string, fault.ScopeLibrary+1)
	for _, c := range h.Constants() {
		if strings.HasPrefix(c.Name, "WDS_SCOPE_") {
			names[c.Value] = c.Name
		}
	}
	return names
}

// codeNamed is the code with a name of the header.
func codeNamed(name string) fault.Code {
	codes := fault.Codes()
	i := slices.IndexFunc(codes, func(c fault.Code) bool { return c.Name() == name })
	if i < 0 {
		panic("the page of errors has " + name + ", which does not exist")
	}
	return codes[i]
}
