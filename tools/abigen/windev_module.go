package main

import (
	"embed"
	"fmt"
	"regexp"
	"strings"
)

//go:embed windev/*.wl.txt
var windevTexts embed.FS

// windevText is the text of the WLanguage module, without constants and with the marked
// lines above its procedures.
func windevText() string {
	files, err := windevTexts.ReadDir("windev")
	if err != nil {
		panic(err)
	}
	var b strings.Builder
	for _, file := range files { // in the order of their names
		text, err := windevTexts.ReadFile("windev/" + file.Name())
		if err != nil {
			panic(err)
		}
		b.Write(text)
	}
	return b.String()
}

// windevModule is the WLanguage module with the constants of the header.
func windevModule(h *Header) string { return windevMade(h, windevText()) }

// windevMade makes a module of a text with marked lines.
func windevMade(h *Header, text string) string {
	constants := strings.Trim(constantLines(inBothLanguages(h), "\t", "%s = %d", "//"), "\n")
	text = wlGenerate(text)
	return strings.NewReplacer("@NOTE@", hostNote, "@CONSTANTS@", constants).Replace(text)
}

// frenchNames is the title of the part that has the procedures with French names.
const frenchNames = "French names / Noms français"

// wlGenerate makes of the lines "//@" above each procedure the comment that the editor
// shows as its help, in English, and behind everything else the procedure with its French
// name and help:
//
//	//@ name wdSocketWrite | wdSocketEcrit
//	//@ en what it does; more lines may follow
//	//@ fr ce qu'elle fait
//	//@ par xSocket | xSocket | what the parameter is | ce qu'est le paramètre
//	//@ res what the result is | ce qu'est le résultat
//	PROCEDURE wdSocketWrite(xSocket, ...) : boolean
//
// A procedure whose name is the same in both languages has both helps.
func wlGenerate(text string) string {
	var out, french strings.Builder
	var about wlAbout
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if mark, is := strings.CutPrefix(line, "//@ "); is {
			about.note(mark)
			continue
		}
		if m := wlHead.FindStringSubmatch(line); m != nil && about.english != "" {
			about.head(m)
			out.WriteString(about.help(helpEnglish))
			if about.french == "" {
				out.WriteString("//\n" + about.help(helpFrench))
			} else {
				french.WriteString("\n" + about.help(helpFrench) + about.alias())
			}
			about = wlAbout{}
		}
		out.WriteString(line + "\n")
	}
	title := "// " + strings.Repeat("-", 75)
	return out.String() + title + "\n// " + frenchNames + "\n" + title + "\n" + french.String()
}

// wlAbout is what the marked lines say of a procedure.
type wlAbout struct {
	english, french string // names
	summary         [2][]string
	parameters      []wlParameter
	result          [2]string
	kind            string // of the result
}

type wlParameter struct {
	names, texts [2]string
	kind         string // "" for any
	standard     string // the value by default
	optional     bool
}

// The languages of the help.
const (
	helpEnglish = iota
	helpFrench
)

// note takes one marked line.
func (a *wlAbout) note(mark string) {
	what, rest, _ := strings.Cut(mark, " ")
	parts := strings.Split(rest, " | ")
	switch {
	case what == "name":
		a.english = parts[0]
		if len(parts) > 1 {
			a.french = parts[1]
		}
	case what == "en":
		a.summary[helpEnglish] = append(a.summary[helpEnglish], rest)
	case what == "fr":
		a.summary[helpFrench] = append(a.summary[helpFrench], rest)
	case what == "par" && len(parts) == 4:
		a.parameters = append(a.parameters, wlParameter{names: [2]string{parts[0], parts[1]}, texts: [2]string{parts[2], parts[3]}})
	case what == "res" && len(parts) == 2:
		a.result = [2]string{parts[0], parts[1]}
	default:
		panic(fmt.Sprintf("a marked line of the WLanguage module is not understood: %q", mark))
	}
}

// head takes the types from the line with the procedure; it panics where that has other
// names or parameters than the marked lines.
func (a *wlAbout) head(m []string) {
	list := wlSplit(m[2])
	if m[1] != a.english || len(list) != len(a.parameters) {
		panic(fmt.Sprintf("%s(%s) is not the procedure that the lines above it describe: %s with %d parameters", m[1], m[2], a.english, len(a.parameters)))
	}
	a.kind = strings.TrimSpace(m[3])
	for i, part := range list {
		p := &a.parameters[i]
		declaration, standard, optional := strings.Cut(part, "=")
		p.standard, p.optional = strings.TrimSpace(standard), optional
		name := strings.TrimSpace(declaration)
		if d := wlDeclared.FindStringSubmatch(name); d != nil {
			name, p.kind = d[1], d[2]
		}
		if name != p.names[helpEnglish] {
			panic(fmt.Sprintf("%s: the parameter %s is described as %s", a.english, name, p.names[helpEnglish]))
		}
	}
}

// wlWords are the words of a help in each language.
var wlWords = [2]struct{ summary, syntax, result, parameters, none, value, is, standard, colon string }{
	{"Summary:", "Syntax:", "Result", "Parameters:", "None", "Return value:", "is", "default value", ": "},
	{"Résumé :", "Syntaxe :", "Résultat", "Paramètres :", "Aucun", "Valeur de retour :", "est", "valeur par défaut", " : "},
}

var frenchKinds = strings.NewReplacer("array of int", "tableau d'entiers", "8-byte int", "entier sur 8 octets", "system int", "entier système",
	"boolean", "booléen", "string", "chaîne", "int", "entier")

// frenchArticles are what stands between "est" and a type.
var frenchArticles = map[string]string{"string": "une chaîne"}

// kindIn is a type in a language, with its article in French.
func kindIn(kind string, language int, article bool) string {
	switch {
	case language == helpEnglish:
		return kind
	case !article:
		return frenchKinds.Replace(kind)
	case frenchArticles[kind] != "":
		return frenchArticles[kind]
	}
	return "un " + frenchKinds.Replace(kind)
}

// help is the comment above the procedure, in the form that the editor shows.
func (a *wlAbout) help(language int) string {
	words := wlWords[language]
	var b strings.Builder
	for i, line := range a.summary[language] {
		if i == 0 {
			line = words.summary + " " + line
		}
		b.WriteString("// " + line + "\n")
	}
	fmt.Fprintf(&b, "// %s\n// <%s> = %s (%s)\n//\n// %s\n", words.syntax, words.result, a.nameIn(language), a.syntax(language), words.parameters)
	for _, p := range a.parameters {
		var of []string
		if p.kind != "" {
			of = append(of, kindIn(p.kind, language, false))
		}
		if p.optional {
			of = append(of, words.standard+" = "+p.standard)
		}
		kind := ""
		if len(of) > 0 {
			kind = " (" + strings.Join(of, ", ") + ")"
		}
		b.WriteString("//\t" + p.names[language] + kind + words.colon + p.texts[language] + "\n")
	}
	if len(a.parameters) == 0 {
		b.WriteString("//\t" + words.none + "\n")
	}
	kind := ""
	if a.kind != "" {
		kind = kindIn(a.kind, language, false) + words.colon
	}
	fmt.Fprintf(&b, "// %s\n//\t%s%s\n", words.value, kind, a.result[language])
	return b.String()
}

func (a *wlAbout) nameIn(language int) string {
	if language == helpFrench && a.french != "" {
		return a.french
	}
	return a.english
}

// syntax is the list of the parameters, with brackets around those that can be left out.
func (a *wlAbout) syntax(language int) string {
	var b strings.Builder
	open := 0
	for i, p := range a.parameters {
		if p.optional {
			if i > 0 {
				b.WriteString(" ")
			}
			b.WriteString("[")
			open++
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("<" + p.names[language] + ">")
		if p.kind != "" {
			b.WriteString(" " + wlWords[language].is + " " + kindIn(p.kind, language, true))
		}
	}
	return b.String() + strings.Repeat("]", open)
}

// alias is the procedure with the French name.
func (a *wlAbout) alias() string {
	var declared, passed []string
	for _, p := range a.parameters {
		name := p.names[helpFrench]
		passed = append(passed, name)
		if p.kind != "" {
			name += " is " + p.kind
		}
		if p.optional {
			name += " = " + p.standard
		}
		declared = append(declared, name)
	}
	kind := ""
	if a.kind != "" {
		kind = " : " + a.kind
	}
	return fmt.Sprintf("PROCEDURE %s(%s)%s\nRESULT %s(%s)\n", a.french, strings.Join(declared, ", "), kind, a.english, strings.Join(passed, ", "))
}

// wlRoomed is a variable that gets a buffer of a size that is known only then.
var wlRoomed = regexp.MustCompile(`(?i)^(\w+) is buffer = wdsRoom\((\w+)\)$`)
