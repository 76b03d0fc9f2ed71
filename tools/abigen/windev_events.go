package main

import (
	"regexp"
	"slices"
	"strings"
)

var (
	wlBlock    = regexp.MustCompile(`(?i)^(?:IF|FOR|WHILE|LOOP|SWITCH|CONSTANT|SI|POUR|TANTQUE|BOUCLE|SELON)\b`)
	wlThenMore = regexp.MustCompile(`(?i)\b(?:THEN|ALORS)\s+\S`)
	wlFields   = regexp.MustCompile(`(?i)^[\p{L}\d_]+\s+(?:is|est)\s+(?:an?\s+|une?\s+)?structure$`)
	wlFinish   = regexp.MustCompile(`(?i)^(?:END|FIN)$`)
)

// wlDepth is 1 for a line that begins a block, -1 for one that ends it, otherwise 0.
func wlDepth(line string) int {
	switch {
	case wlBlock.MatchString(line) && !wlThenMore.MatchString(line), wlFields.MatchString(line):
		return 1
	case wlFinish.MatchString(line):
		return -1
	}
	return 0
}

// What a program does with events and errors, in English and in French. The rules
// read texts that cannot be run here.
var (
	wlEvents     = regexp.MustCompile(`(?i)^(?:SWITCH|SELON)\s+(?:wdEventKind|wdEvénementType)\(`)
	wlCase       = regexp.MustCompile(`(?i)^(?:CASE|CAS)\s+([^:]*?)\s*(?::(.*))?$`)
	wlCondition  = regexp.MustCompile(`(?i)\b(?:IF|SI)\s+(?:wdEventDetail|wdEvénementDétail)\(.*>=\s*WDS_SCOPE_CONNECTION\b`)
	wlMeans      = regexp.MustCompile(`(?i)\b(?:wdSocketClose|wdSocketFerme)\(`)
	wlManagement = regexp.MustCompile(`(?i)\b(?:wdSocketAttach|wdSocketAttache)\([^)]*,\s*(?:True|Vrai)\)`)
)

// wlEnds are the events that are the last of a socket, which is held until it is closed.
var wlEnds = []string{"WDS_EVENT_PEER_CLOSED", "WDS_EVENT_RESET", "WDS_EVENT_TIMEOUT", "WDS_EVENT_ERROR"}

// checkEvents finds a program that looks at events and does not close a socket at each
// of its ends, or closes its server when one client could not be accepted. servers
// tells that sockets in the queue may be those of a managed server.
func (w *wlText) checkEvents(servers bool) {
	for _, p := range w.order {
		for i, line := range p.lines {
			if wlEvents.MatchString(line.text) {
				w.checkCases(line.number, wlCases(p.lines[i+1:]), servers)
			}
		}
	}
}

func (w *wlText) checkCases(number int, cases map[string]string, servers bool) {
	for _, end := range wlEnds {
		body := cases[end]
		switch {
		case !wlMeans.MatchString(body):
			w.fault(number, "nothing is closed at %s", end)
		case end == "WDS_EVENT_ERROR" && servers && !wlCondition.MatchString(body):
			w.fault(number, "the server is closed when one client could not be accepted (WDS_EVENT_ERROR)")
		}
	}
}

// manages tells whether a server in the text accepts by itself: its own errors come
// as events, too.
func (w *wlText) manages() bool {
	for _, p := range w.order {
		if slices.ContainsFunc(p.lines, func(line wlLine) bool { return wlManagement.MatchString(line.text) }) {
			return true
		}
	}
	return false
}

// wlCases gives what is done for each name behind CASE, up to the end of the block.
func wlCases(lines []wlLine) map[string]string {
	cases := map[string]string{}
	var current []string
	depth := 0
	for _, line := range lines {
		if m := wlCase.FindStringSubmatch(line.text); depth == 0 && m != nil {
			current = current[:0]
			for name := range strings.SplitSeq(m[1], ",") {
				name = strings.TrimSpace(name)
				current = append(current, name)
				cases[name] += m[2] + "\n"
			}
			continue
		}
		if depth += wlDepth(line.text); depth < 0 {
			return cases
		}
		for _, name := range current {
			cases[name] += line.text + "\n"
		}
	}
	return cases
}
