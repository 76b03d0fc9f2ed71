package main

import (
	"fmt"
	"regexp"
	"strings"
)

// Doc is a function's comment taken apart.
type Doc struct {
	Summary string // first paragraph
	Params  map[string]string
	Values  map[string][]ResultRow // of a parameter that is described value by value
	Body    []string               // paragraphs between the parameters and the results
	Results []ResultRow
	After   string // a remark below the results
	Threads string
	Since   string
}

// ResultRow is one line of the list of results. Meaning is empty where the
// key explains itself: a list of codes, or "as WDSocketRead".
type ResultRow struct {
	Key     string
	Meaning string
}

var sincePattern = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`)

// ParseDoc takes the comment of f apart and fails where it lacks something
// that every function has to tell.
func ParseDoc(f Function) (*Doc, error) {
	parts := splitLabels(f.Comment)
	d := &Doc{
		Params:  map[string]string{},
		Threads: joinText(parts["Threads"]),
		Since:   joinText(parts["Since"]),
	}
	if len(f.Comment) == 0 || !strings.HasPrefix(f.Comment[0], f.Name+" ") {
		return nil, fmt.Errorf("%s: the comment does not begin with the name", f.Name)
	}
	d.readBody(f, parts["text"])
	d.readResults(parts["Results"])
	switch {
	case len(d.Results) == 0:
		return nil, fmt.Errorf("%s: no results are documented", f.Name)
	case d.Threads == "":
		return nil, fmt.Errorf("%s: nothing about threads is documented", f.Name)
	case !sincePattern.MatchString(d.Since):
		return nil, fmt.Errorf("%s: since %q is no version", f.Name, d.Since)
	}
	return d, nil
}

// splitLabels divides the lines at "Results:", "Threads:" and "Since:".
func splitLabels(lines []string) map[string][]string {
	parts := map[string][]string{}
	label := "text"
	for _, line := range lines {
		for _, l := range []string{"Results", "Threads", "Since"} {
			if rest, ok := strings.CutPrefix(line, l+":"); ok {
				label, line = l, rest
			}
		}
		parts[label] = append(parts[label], line)
	}
	return parts
}

func (d *Doc) readBody(f Function, lines []string) {
	names := map[string]bool{}
	for _, p := range f.Params {
		names[p.Name] = true
	}
	var paragraph, current []string // current: names of the parameter being described
	flush := func() {
		if text := joinText(paragraph); text != "" {
			if d.Summary == "" {
				d.Summary = text
			} else {
				d.Body = append(d.Body, text)
			}
		}
		paragraph = nil
	}
	for _, line := range lines {
		if found, text := paramLine(line, names); found != nil {
			flush()
			current = found
			d.describe(current, text)
			continue
		}
		switch {
		case strings.TrimSpace(line) == "":
			flush()
			current = nil
		case current != nil && strings.HasPrefix(line, " "):
			d.describe(current, line)
		default:
			current = nil
			paragraph = append(paragraph, line)
		}
	}
	flush()
}

// valuePattern is the beginning of a value's own description: "WDS_A + WDS_B: what it does".
var valuePattern = regexp.MustCompile(`^(WDS_\w+(?: \+ WDS_\w+)*): (.*)`)

func (d *Doc) describe(names []string, text string) {
	for _, n := range names {
		value := valuePattern.FindStringSubmatch(strings.TrimSpace(text))
		rows := d.Values[n]
		switch {
		case value != nil && (len(rows) > 0 || d.Params[n] == ""):
			if d.Values == nil {
				d.Values = map[string][]ResultRow{}
			}
			d.Values[n] = append(rows, ResultRow{Key: value[1], Meaning: value[2]})
		case len(rows) > 0:
			last := &rows[len(rows)-1]
			last.Meaning = joinText([]string{last.Meaning, text})
		}
		d.Params[n] = joinText([]string{d.Params[n], text})
	}
}

// paramLine recognises "name, name  what it means".
func paramLine(line string, names map[string]bool) ([]string, string) {
	head, text, ok := strings.Cut(line, "  ")
	if !ok || head == "" {
		return nil, ""
	}
	found := strings.Split(head, ", ")
	for _, n := range found {
		if !names[n] {
			return nil, ""
		}
	}
	return found, text
}

// readResults reads lines "  key   meaning". A key that ends in a comma goes
// on in the next line; a line that stands far to the right goes on with the
// meaning; a line that is not indented begins the remark.
func (d *Doc) readResults(lines []string) {
	key := ""
	var after []string
	for _, line := range lines {
		text := strings.TrimSpace(line)
		indent := len(line) - len(strings.TrimLeft(line, " "))
		switch {
		case text == "":
		case indent < 2 || len(after) > 0:
			after = append(after, text)
		case indent > 4 && len(d.Results) > 0:
			last := &d.Results[len(d.Results)-1]
			last.Meaning = joinText([]string{last.Meaning, text})
		default:
			head, meaning, _ := strings.Cut(text, "  ")
			key = strings.TrimSpace(key + " " + head)
			if strings.HasSuffix(key, ",") {
				continue
			}
			d.Results = append(d.Results, ResultRow{Key: key, Meaning: joinText([]string{meaning})})
			key = ""
		}
	}
	if key != "" {
		d.Results = append(d.Results, ResultRow{Key: strings.TrimSuffix(key, ",")})
	}
	d.After = joinText(after)
}
