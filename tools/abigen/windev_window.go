package main

import (
	"fmt"
	"regexp"
	"strings"
)

// window is one of the demonstration: its fields, and the code of each event. It is described by
// comments in a text in WLanguage, which is what a user pastes where the file does not open.
type window struct {
	name, title string
	width       string
	height      string
	fields      []*field
	codes       map[string]string // "NAME event": code
	procedures  []wlPiece
}

type field struct {
	name, kind             string
	x, y, width, height    string
	text                   string
	columns                []column
	typeNumber, codeNumber int
}

type column struct{ name, title string }

// fieldKinds are type and type_code of the fields that the windows have.
var fieldKinds = map[string][2]int{
	"libellé":                    {3, codeLabel},
	"champ de saisie":            {2, codeEdit},
	"champ de saisie multiligne": {2, codeEdit},
	"bouton":                     {4, codeButton},
	"table":                      {9, codeTable},
}

var (
	windowLine = regexp.MustCompile(`^// FENÊTRE (\w+) : (\d+) x (\d+), "(.*)"$`)
	fieldLine  = regexp.MustCompile(`^// CHAMP ([\p{L}\d_]+) : ([^,]+), (\d+), (\d+), (\d+) x (\d+), "(.*)"$`)
	columnLine = regexp.MustCompile(`^// COLONNE ([\p{L}\d_]+)\.([\p{L}\d_]+) : "(.*)"$`)
	codeLine   = regexp.MustCompile(`^// CODE ([\p{L}\d_]+) : (.+)$`)
)

// parseWindow reads a description; its mistakes are found by the tests of what is made of it.
func parseWindow(text string) *window {
	win := &window{codes: map[string]string{}}
	section := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if m := windowLine.FindStringSubmatch(line); m != nil {
			win.name, win.width, win.height, win.title = m[1], m[2], m[3], m[4]
		} else if m := fieldLine.FindStringSubmatch(line); m != nil {
			kind := fieldKinds[m[2]]
			win.fields = append(win.fields, &field{name: m[1], kind: m[2], x: m[3], y: m[4], width: m[5], height: m[6], text: m[7], typeNumber: kind[0], codeNumber: kind[1]})
		} else if m := columnLine.FindStringSubmatch(line); m != nil {
			for _, f := range win.fields {
				if f.name == m[1] {
					f.columns = append(f.columns, column{m[2], m[3]})
				}
			}
		} else if m := codeLine.FindStringSubmatch(line); m != nil {
			section = m[1] + " " + m[2]
		} else if section != "" {
			win.codes[section] += line + "\n"
		}
	}
	_, win.procedures = wlPieces(win.codes[win.name+" procédures locales"])
	return win
}

// places is the procedure that says where the fields stand and what is written on them, which the
// file itself does not.
func (win *window) places() wlPiece {
	var b strings.Builder
	b.WriteString("// Faite de la description de la fenêtre : la place et le texte des champs.\nPROCÉDURE PlaceLesChamps()\n")
	fmt.Fprintf(&b, "MaFenêtre..Titre = \"%s\"\nMaFenêtre..Largeur = %s\nMaFenêtre..Hauteur = %s\n", win.title, win.width, win.height)
	for _, f := range win.fields {
		fmt.Fprintf(&b, "%[1]s..X = %[2]s\n%[1]s..Y = %[3]s\n%[1]s..Largeur = %[4]s\n%[1]s..Hauteur = %[5]s\n", f.name, f.x, f.y, f.width, f.height)
		switch f.kind {
		case "libellé":
			fmt.Fprintf(&b, "%s = \"%s\"\n", f.name, f.text)
		case "bouton", "table":
			fmt.Fprintf(&b, "%s..Libellé = \"%s\"\n", f.name, f.text)
		}
		for _, c := range f.columns {
			fmt.Fprintf(&b, "%s.%s..Titre = \"%s\"\n", f.name, c.name, c.title)
		}
	}
	return wlPiece{"PlaceLesChamps", b.String()}
}

// demoWindow is a window as WINDEV keeps it.
func demoWindow(win *window) string {
	var w setWriter
	w.head(win.name, win.title, elementWindow)
	w.line(0, "window :")
	w.line(1, "name : %s", win.name)
	w.line(1, "identifier : %s", identifier(win.name))
	w.line(1, "controls :")
	for _, f := range win.fields {
		w.field(win, f)
	}
	w.line(1, "languages :")
	w.line(2, "- fr-FR")
	w.line(1, "popup_menus : []")
	w.line(1, "code_elements :")
	w.line(2, "type_code : %d", codeWindow)
	w.line(2, "p_codes :")
	w.line(3, "-")
	w.code(5, "PROCÉDURE MaFenêtre()\n"+win.codes[win.name+" déclarations globales"])
	w.line(3, "-")
	w.code(5, "PlaceLesChamps()\n"+win.codes[win.name+" fin d'initialisation"])
	w.line(5, "type : %d", eventShown)
	w.line(3, "-")
	w.code(5, win.codes[win.name+" fermeture"])
	w.line(5, "type : %d", eventClosing)
	w.procedures(2, win.name, codeLocal, append([]wlPiece{win.places()}, win.procedures...))
	w.tail(win.name)
	return w.b.String()
}

func (w *setWriter) field(win *window, f *field) {
	w.line(2, "-")
	w.line(4, "name : %s", f.name)
	w.line(4, "identifier : %s", identifier(win.name, f.name))
	if len(f.columns) > 0 {
		w.line(4, "columns :")
		for _, c := range f.columns {
			w.line(5, "-")
			w.line(7, "name : %s", c.name)
			w.line(7, "identifier : %s", identifier(win.name, f.name, c.name))
			w.line(7, "type : %d", fieldKinds["champ de saisie"][0])
			w.line(7, "content :")
			w.line(8, "type : %d", fieldKinds["champ de saisie"][0])
			w.line(7, "code_elements :")
			w.line(8, "type_code : %d", codeEdit)
			w.line(8, "p_codes : []")
		}
		w.line(4, "breaks : []")
	}
	w.line(4, "type : %d", f.typeNumber)
	if len(f.columns) > 0 {
		w.line(4, "controls : []")
	}
	w.line(4, "code_elements :")
	w.line(5, "type_code : %d", f.codeNumber)
	click := win.codes[f.name+" clic"]
	if click == "" {
		w.line(5, "p_codes : []")
		return
	}
	w.line(5, "p_codes :")
	w.line(6, "-")
	w.code(8, click)
	w.line(8, "type : %d", eventClick)
}
