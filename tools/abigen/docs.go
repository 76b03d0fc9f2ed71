package main

import (
	"fmt"
	"regexp"
	"strings"
)

const pageMark = "<!-- Made by tools/abigen from wdsocket.h. Do not edit. -->\n"

// usualParams says what the parameters are that the header explains once, in
// its conventions, and not at each function.
var usualParams = map[string]string{
	"socket":     "the handle of the socket.",
	"what":       "which figure or text is wanted.",
	"text":       "receives the text, ended by NUL; NULL asks for its length.",
	"buffer":     "receives the bytes; NULL asks for their number.",
	"capacity":   "bytes of the buffer before it.",
	"option":     "the number of the option.",
	"value":      "receives the number.",
	"message":    "the token that came with the message.",
	"timeout_ms": "milliseconds; -1 waits for ever, 0 does not wait.",
	"count":      "numbers in the array before it.",
}

// oddParams holds the same for single functions whose parameter is used
// otherwise.
var oddParams = map[string]string{
	"WDSocketSetOption.value":          "the number to set.",
	"WDSocketSetText.text":             "the text to set, ended by NUL.",
	"WDSocketFind.socket_name":         "the name, ended by NUL.",
	"WDSocketDeny.server":              "a server.",
	"WDSocketGetOption.option":         "one of WDS_OPT_.",
	"WDSocketSetText.option":           "one of WDS_TEXT_ that is a text.",
	"WDSocketGetText.option":           "one of WDS_TEXT_ that is a text.",
	"WDSocketSetBytes.option":          "one of WDS_TEXT_.",
	"WDSocketGetBytes.option":          "one of WDS_TEXT_ that is a row of bytes.",
	"WDSocketMessageFree.message":      "the token that WDSocketReadMessage gave.",
	"WDSocketGetOption.socket":         "a socket, or 0 for the defaults and the options of the process.",
	"WDSocketSetText.socket":           "a socket, or 0 for the defaults and the options of the process.",
	"WDSocketGetText.socket":           "a socket, or 0 for the defaults and the options of the process.",
	"WDSocketSetBytes.socket":          "a socket, or 0 for the defaults.",
	"WDSocketGetBytes.socket":          "a socket, or 0 for the defaults.",
	"WDSocketWaitForConnection.server": "a server.",
}

// paramText is the description of a parameter, empty if there is none.
func paramText(f Function, d *Doc, name string) string {
	if text := d.Params[name]; text != "" {
		return text
	}
	if text := oddParams[f.Name+"."+name]; text != "" {
		return text
	}
	return usualParams[name]
}

var wordPattern = regexp.MustCompile(`\bWD(?:Socket\w+|S_\w+|SOCKET_VERSION)`)

// prose turns header text into Markdown: names become links.
func prose(h *Header, text string) string {
	for _, mark := range []string{"\\", "*", "|", "<", ">"} {
		text = strings.ReplaceAll(text, mark, "\\"+mark)
	}
	return wordPattern.ReplaceAllStringFunc(text, func(word string) string { return linkTo(h, word) })
}

func linkTo(h *Header, word string) string {
	for _, f := range h.Functions() {
		if f.Name == word {
			return fmt.Sprintf("[`%s`](%s.md)", word, word)
		}
	}
	if _, ok := h.Constant(word); ok {
		return fmt.Sprintf("[`%s`](constants.md#%s)", word, strings.ToLower(word))
	}
	if strings.HasSuffix(word, "_") {
		return "[`" + word + "`…](constants.md)"
	}
	return "`" + word + "`"
}

// mustDoc is ParseDoc for a header whose comments have been checked.
func mustDoc(f Function) *Doc {
	d, err := ParseDoc(f)
	if err != nil {
		panic(err)
	}
	return d
}

func functionPage(h *Header, f Function) string {
	d := mustDoc(f)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n# %s\n\n", pageMark, f.Name)
	summary := strings.Replace(prose(h, d.Summary), linkTo(h, f.Name), "`"+f.Name+"`", 1)
	fmt.Fprintf(&b, "%s\n\n", summary)
	fmt.Fprintf(&b, "```c\n%s;\n```\n\n", wrapSignature(f))
	if s := sectionOf(h, f); len(s.Text) > 0 {
		fmt.Fprintf(&b, "What holds for all functions of this group: %s.\n\n", linkToSection(s))
	}
	writeParams(&b, h, f, d)
	if len(d.Body) > 0 {
		b.WriteString("## Remarks\n\n")
		writeParagraphs(&b, h, d.Body)
	}
	writeResults(&b, h, d)
	fmt.Fprintf(&b, "## Threads\n\n%s\n\n", prose(h, sentence(d.Threads)))
	fmt.Fprintf(&b, "## Since\n\n%s\n\n", d.Since)
	b.WriteString("[All functions](README.md) · [All constants](constants.md)\n")
	return b.String()
}

func writeParams(b *strings.Builder, h *Header, f Function, d *Doc) {
	if len(f.Params) == 0 {
		return
	}
	b.WriteString("## Parameters\n\n| Name | Type | Meaning |\n| --- | --- | --- |\n")
	for _, p := range f.Params {
		text := prose(h, paramText(f, d, p.Name))
		if len(d.Values[p.Name]) > 0 {
			text = "one of the values below."
		}
		fmt.Fprintf(b, "| `%s` | `%s` | %s |\n", p.Name, p.Type, linkSections(h, text))
	}
	b.WriteString("\n")
	for _, p := range f.Params {
		if rows := d.Values[p.Name]; len(rows) > 0 {
			fmt.Fprintf(b, "| `%s` | What it does |\n| --- | --- |\n", p.Name)
			for _, r := range rows {
				fmt.Fprintf(b, "| %s | %s |\n", prose(h, r.Key), prose(h, sentence(r.Meaning)))
			}
			b.WriteString("\n")
		}
	}
}

func writeParagraphs(b *strings.Builder, h *Header, paragraphs []string) {
	for _, p := range paragraphs {
		b.WriteString(prose(h, p) + "\n\n")
	}
}

// wrapSignature breaks a long prototype after the parameters that fit.
func wrapSignature(f Function) string {
	line := f.Result + " " + f.Name + "("
	indent := strings.Repeat(" ", len(line))
	if len(f.Params) == 0 {
		return line + "void)"
	}
	var lines []string
	for i, p := range f.Params {
		part := declare(p.Type, p.Name)
		if i < len(f.Params)-1 {
			part += ","
		} else {
			part += ")"
		}
		if len(line)+len(part) > 100 {
			lines = append(lines, strings.TrimRight(line, " "))
			line = indent
		}
		line += part + " "
	}
	return strings.Join(append(lines, strings.TrimRight(line, " ")), "\n")
}

func writeResults(b *strings.Builder, h *Header, d *Doc) {
	b.WriteString("## Results\n\n| Result | Meaning |\n| --- | --- |\n")
	for _, row := range d.Results {
		for _, r := range expandRow(h, row) {
			fmt.Fprintf(b, "| %s | %s |\n", prose(h, r.Key), prose(h, r.Meaning))
		}
	}
	fmt.Fprintf(b, "\n%s\n\n", prose(h, "Every function may also return WDS_E_ARGUMENT, WDS_E_INTERNAL and WDS_E_FORKED."))
	if d.After != "" {
		b.WriteString(prose(h, d.After) + "\n\n")
	}
}

// expandRow gives each code of a list without a meaning a row with the
// meaning that its constant has.
func expandRow(h *Header, row ResultRow) []ResultRow {
	if row.Meaning != "" {
		return []ResultRow{row}
	}
	var rows []ResultRow
	for _, name := range strings.Split(row.Key, ", ") {
		c, ok := h.Constant(name)
		if !ok {
			return []ResultRow{row}
		}
		meaning := c.Comment
		if c.Name == "WDS_OK" {
			meaning = "done"
		}
		rows = append(rows, ResultRow{Key: name, Meaning: meaning})
	}
	return rows
}

func constantsPage(h *Header) string {
	var b strings.Builder
	b.WriteString(pageMark + "\n# Constants\n\nNumbers are fixed and are never used again for another meaning. " +
		"A constant whose text names no version exists since 0.1.0.\n")
	for _, s := range h.Sections {
		if len(s.Groups) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n", s.Title)
		if len(s.Text) > 0 {
			fmt.Fprintf(&b, "\n%s\n", prose(h, joinText(s.Text)))
		}
		for _, g := range s.Groups {
			writeGroup(&b, h, g)
		}
	}
	for _, s := range h.Structs {
		writeStruct(&b, h, s)
	}
	b.WriteString("\n[All functions](README.md)\n")
	return b.String()
}

func writeStruct(b *strings.Builder, h *Header, s Struct) {
	fmt.Fprintf(b, "\n## The record %s\n\n%s\n", s.Name, prose(h, joinText(s.Comment)))
	b.WriteString("\n| Field | Place | Meaning |\n| --- | ---: | --- |\n")
	for i, f := range s.Fields {
		fmt.Fprintf(b, "| `%s` | %d | %s |\n", f.Name, i, prose(h, f.Comment))
	}
}

func writeGroup(b *strings.Builder, h *Header, g Group) {
	if g.Title != "" {
		fmt.Fprintf(b, "\n%s\n", prose(h, sentence(g.Title)))
	}
	b.WriteString("\n| Name | Value | Meaning |\n| --- | ---: | --- |\n")
	for _, c := range g.Constants {
		fmt.Fprintf(b, "| <a id=\"%s\"></a>`%s` | %d | %s |\n", strings.ToLower(c.Name), c.Name, c.Value, prose(h, c.Comment))
	}
}

// sentence gives text a capital and a full stop.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	text = strings.ToUpper(text[:1]) + text[1:]
	if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, ":") {
		text += "."
	}
	return text
}

func sectionOf(h *Header, f Function) Section {
	for _, s := range h.Sections {
		for _, each := range s.Functions {
			if each.Name == f.Name {
				return s
			}
		}
	}
	return Section{}
}

var notInAnchor = regexp.MustCompile(`[^a-z0-9 -]`)

func anchorOf(s Section) string {
	return strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(s.Title), ""), " ", "-")
}

// linkToSection leads to the section's text, which stands in the index.
func linkToSection(s Section) string {
	return "[" + s.Title + "](README.md#" + anchorOf(s) + ")"
}

// linkSections makes a link where a text says "see" and the title of a section.
func linkSections(h *Header, text string) string {
	for _, s := range h.Sections {
		text = strings.ReplaceAll(text, "see "+s.Title, "see "+linkToSection(s))
	}
	return text
}

// writeSectionText keeps indented paragraphs, which are tables of text, as they stand.
func writeSectionText(b *strings.Builder, h *Header, lines []string) {
	for _, paragraph := range strings.Split(strings.Join(lines, "\n"), "\n\n") {
		if strings.HasPrefix(paragraph, " ") {
			fmt.Fprintf(b, "\n```text\n%s\n```\n", paragraph)
		} else {
			fmt.Fprintf(b, "\n%s\n", prose(h, joinText(strings.Split(paragraph, "\n"))))
		}
	}
}

func referenceIndex(h *Header) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n# Reference\n\nEvery function and [constant](constants.md) of the C interface, version %s, "+
		"made from the comments of [`include/wdsocket.h`](../../include/wdsocket.h). "+
		"The conventions that hold for all of them stand at the top of that file.\n", pageMark, h.Version())
	for _, s := range h.Sections {
		if len(s.Functions) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## <a id=\"%s\"></a>%s\n", anchorOf(s), s.Title)
		if len(s.Text) > 0 {
			writeSectionText(&b, h, s.Text)
		}
		b.WriteString("\n| Function | |\n| --- | --- |\n")
		for _, f := range s.Functions {
			fmt.Fprintf(&b, "| [`%s`](%s.md) | %s |\n", f.Name, f.Name, prose(h, firstSentence(f)))
		}
	}
	return b.String()
}

// firstSentence is the first sentence of the comment without the name.
func firstSentence(f Function) string {
	text := strings.TrimPrefix(mustDoc(f).Summary, f.Name+" ")
	if i := strings.Index(text, ". "); i >= 0 {
		text = text[:i+1]
	}
	if i := strings.Index(text, ": "); i >= 0 && !strings.Contains(text[:i], "(") {
		text = text[:i] + "."
	}
	return sentence(strings.TrimSpace(text))
}
