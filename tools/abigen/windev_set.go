package main

import (
	"embed"
	"fmt"
	"hash/fnv"
	"regexp"
	"strings"
)

// WINDEV 25 and later keep a project as texts: mappings and lists by indentation, one blank a
// level, code in blocks. What is made here has the structure that public projects show. It has
// no internal_properties, the editor's own encrypted settings: where a field stands and what is
// written on it is therefore set by code. No WINDEV has opened these files.

// windevVersion is the version in the files: later ones open it, earlier ones have no such text.
const windevVersion = 25

// Numbers of WINDEV's own, as its files have them.
const (
	elementWindow  = 2
	elementSet     = 7
	elementProject = 4097

	codeProject   = 0
	codeWindow    = 1
	codeLabel     = 2
	codeEdit      = 3
	codeButton    = 4
	codeTable     = 9
	codeLocal     = 14 // a procedure of a window
	codeGlobal    = 15 // a procedure of a set
	codeSet       = 31
	codeProgram   = 159
	eventClosing  = 2
	eventClick    = 18
	eventShown    = 34 // the end of the initialization of a window
	eventStart    = 196608
	eventBody     = 458752 // of a procedure
	eventDeclared = 720896 // declarations of a set
	programWindow = 1      // a program for Windows
)

// setWriter writes such a text.
type setWriter struct{ b strings.Builder }

func (w *setWriter) line(depth int, format string, args ...any) {
	w.b.WriteString(strings.Repeat(" ", depth) + fmt.Sprintf(format, args...) + "\n")
}

// code writes a block of code, as it is, one level below its key.
func (w *setWriter) code(depth int, text string) {
	w.line(depth, "code : |1-")
	for line := range strings.Lines(strings.Trim(text, "\n") + "\n") {
		w.b.WriteString(strings.TrimRight(strings.Repeat(" ", depth+1)+line, "\n") + "\n")
	}
}

func (w *setWriter) head(name, description string, kind int) {
	w.line(0, "#To edit and compare internal_properties, use WINDEV integrated tools.")
	w.line(0, "info :")
	w.line(1, "name : %s", name)
	w.line(1, "major_version : %d", windevVersion)
	w.line(1, "minor_version : 0")
	w.line(1, "type : %d", kind)
	w.line(1, "description : %s", description)
	w.line(1, "subtype : 0")
}

// tail is what every element ends with.
func (w *setWriter) tail(name string) {
	w.line(0, "resources :")
	w.line(1, "string_res :")
	w.line(2, "identifier : %s", identifier(name, "resources"))
}

// number is an identifier, the same in every version of the files, and another one for each name.
func number(parts ...string) uint64 {
	sum := fnv.New64a()
	sum.Write([]byte("wdsocket/" + strings.Join(parts, "/")))
	return sum.Sum64() >> 1 // a positive number of 64 bits
}

func identifier(parts ...string) string { return fmt.Sprintf("0x%016x", number(parts...)) }

// wlPiece is a procedure with the comment above it, or what stands before the first.
type wlPiece struct{ name, text string }

var wlPieceHead = regexp.MustCompile(`(?im)^PROC[EÉ]DURE\s+([\p{L}\d_]+)\s*\(`)

// wlPieces cuts a text into its declarations and its procedures. A comment belongs to the
// procedure right below it; one with an empty line below it is a heading of the text and left out.
func wlPieces(text string) (declarations string, procedures []wlPiece) {
	heads := wlPieceHead.FindAllStringSubmatchIndex(text, -1)
	if len(heads) == 0 {
		return text, nil
	}
	starts := make([]int, len(heads), len(heads)+1)
	for i, head := range heads {
		starts[i] = commentAbove(text, head[0])
	}
	starts = append(starts, len(text))
	for i, head := range heads {
		procedures = append(procedures, wlPiece{text[head[2]:head[3]], withoutHeading(text[starts[i]:starts[i+1]])})
	}
	return withoutHeading(text[:starts[0]]), procedures
}

// commentAbove is where the comment begins whose last line is right above a place in a text.
func commentAbove(text string, at int) int {
	for at > 0 {
		line := strings.LastIndexByte(text[:at-1], '\n') + 1
		if !strings.HasPrefix(text[line:at], "//") {
			break
		}
		at = line
	}
	return at
}

// withoutHeading leaves out the comments at the end of a piece, which are about what follows.
func withoutHeading(piece string) string {
	lines := strings.Split(strings.TrimRight(piece, "\n"), "\n")
	for n := len(lines); n > 0 && (strings.HasPrefix(lines[n-1], "//") || lines[n-1] == ""); n-- {
		lines = lines[:n-1]
	}
	return strings.Join(lines, "\n") + "\n"
}

// procedureSet is a set of procedures as WINDEV keeps it.
func procedureSet(name, description, text string) string {
	var w setWriter
	declarations, procedures := wlPieces(text)
	w.head(name, description, elementSet)
	w.line(0, "procedure_set :")
	w.line(1, "identifier : %s", identifier(name))
	w.line(1, "code_elements :")
	w.line(2, "type_code : %d", codeSet)
	w.line(2, "p_codes :")
	w.line(3, "-")
	w.code(5, declarations)
	w.line(5, "type : %d", eventDeclared)
	w.procedures(2, name, codeGlobal, procedures)
	w.tail(name)
	return w.b.String()
}

func (w *setWriter) procedures(depth int, of string, kind int, procedures []wlPiece) {
	w.line(depth, "procedures :")
	for _, p := range procedures {
		w.line(depth+1, "-")
		w.line(depth+3, "name : %s", p.name)
		w.line(depth+3, "procedure_id : %d", number(of, p.name))
		w.line(depth+3, "type_code : %d", kind)
		w.code(depth+3, p.text)
		w.line(depth+3, "type : %d", eventBody)
	}
	w.line(depth, "procedure_templates : []")
	w.line(depth, "property_templates : []")
}

const (
	setFolder = windevFolder + "/projet"
	setName   = "wdsocket"
	demoName  = "wdsocket_demo"
)

//go:embed windev_demo/*.wl.txt
var demoFiles embed.FS

// demoWindows are those of the project, the first one first.
var demoWindows = []string{"FEN_Serveur", "FEN_Client", "FEN_Appareil"}

// procedureSets are what is imported instead of being pasted: one of them into a project.
var procedureSets = []struct {
	name, description string
	text              func(*Header) string
}{
	{setName, "Les sockets de wdsocket / the sockets of wdsocket", windevModule},
	{setName + "_compat", "Les mêmes, avec le sens exact du WLangage / the same, with the exact meaning of WLanguage", windevCompat},
}

// setFiles are the sets of procedures and the project that shows the first.
func setFiles(h *Header) map[string]string {
	files := map[string]string{
		setFolder + "/" + demoName + ".wdp": demoProject(),
	}
	for _, set := range procedureSets {
		files[setFolder+"/"+set.name+".wdg"] = procedureSet(set.name, set.description, set.text(h))
	}
	for _, name := range demoWindows {
		source, _ := demoFiles.ReadFile("windev_demo/" + name + ".wl.txt")
		files[setFolder+"/"+name+".wdw"] = demoWindow(parseWindow(string(source)))
		files[setFolder+"/"+name+".wl"] = string(source)
	}
	return files
}

func demoProject() string {
	var w setWriter
	w.head(demoName, "Trois fenêtres avec wdsocket", elementProject)
	w.line(0, "project :")
	w.line(1, "identifier : 0x0")
	w.line(1, "configurations :")
	w.line(2, "-")
	w.line(4, "name : Exécutable Windows 64 bits")
	w.line(4, "configuration_id : %d", number(demoName, "configuration"))
	w.line(4, "type : %d", programWindow)
	w.line(4, "generation_name : %s.exe", demoName)
	w.line(4, "language : 1")
	w.line(4, "64bits : true")
	w.line(1, "elements :")
	w.line(2, "identifier : %s", identifier(demoName, "elements"))
	w.line(2, "elements :")
	for _, name := range demoWindows {
		w.element(name, ".wdw", elementWindow)
	}
	w.element(setName, ".wdg", elementSet)
	w.line(2, "other_elements : []")
	w.line(1, "languages :")
	w.line(2, "- fr-FR")
	w.line(1, "code_elements :")
	w.line(2, "type_code : %d", codeProject)
	w.line(2, "p_codes :")
	w.line(3, "-")
	w.code(5, "// La fenêtre du serveur ouvre les deux autres.\nOuvre("+demoWindows[0]+")")
	w.line(5, "type : %d", eventStart)
	w.tail(demoName)
	return w.b.String()
}

func (w *setWriter) element(name, ending string, kind int) {
	w.line(3, "-")
	w.line(5, "name : %s", name)
	w.line(5, "identifier : %s", identifier(demoName, name))
	w.line(5, `physical_name : .\%s%s`, name, ending)
	w.line(5, "type : %d", kind)
}
