package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/term"
)

// The colours of a terminal.
const (
	colourReceived = "\x1b[32m"
	colourSent     = "\x1b[36m"
	colourNote     = "\x1b[2m"
	colourBad      = "\x1b[31m"
	colourEnd      = "\x1b[0m"
)

// colours tells whether output is to have them.
func colours(when string, out io.Writer) bool {
	if file, is := out.(*os.File); when == "auto" && is {
		return os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(file.Fd())) && understandsSequences(file)
	}
	return when == "always"
}

// printer writes what happens, for people or as JSON, a line at a time. It may be used by any
// number of goroutines.
type printer struct {
	mu       sync.Mutex
	terminal io.Writer // instead of both that follow, if they are terminals, where lines are edited
	w        io.Writer // messages, and all as JSON
	notes    io.Writer // what happened beside messages
	failed   error     // of w: nothing is shown any more
	stop     func()    // called then
	json     bool
	colours  bool // of messages
	dim      bool // notes have colours
	hex      bool // messages as bytes
}

func newPrinter(w, notes io.Writer, asJSON bool, when string, stop func()) *printer {
	return &printer{w: w, notes: notes, stop: stop, json: asJSON, colours: colours(when, w), dim: colours(when, notes)}
}

// writeLocked writes messages, or a line of JSON. That it cannot ends the program: what is lost
// must not look like success.
func (p *printer) writeLocked(w io.Writer, data []byte) {
	if _, err := w.Write(data); err != nil && w == p.w && p.failed == nil {
		p.failed = err
		p.stop()
	}
}

// lost is why the output could not be written.
func (p *printer) lost() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failed
}

// isTerminal tells whether what is written is shown on a terminal.
func isTerminal(w io.Writer) bool {
	file, is := w.(*os.File)
	return is && term.IsTerminal(int(file.Fd()))
}

// redirect sends everything to a terminal that has a line at its end, nil: back again.
func (p *printer) redirect(to io.Writer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.terminal = to
}

// happening is one thing that is shown, and a line of JSON.
type happening struct {
	Time  string `json:"time"`
	Event string `json:"event"`          // connected, received, sent, closed, note ...
	Peer  string `json:"peer,omitempty"` // whose
	Bytes *int   `json:"bytes,omitempty"`
	Text  string `json:"text,omitempty"` // a message with escapes, or what there is to say
	Hex   string `json:"hex,omitempty"`

	data   []byte
	colour string
	prefix string
	result bool // it is what the command was asked for, no note
}

// show writes it.
func (p *printer) show(h happening) {
	if h.data != nil {
		n := len(h.data)
		h.Bytes, h.Text, h.Hex = &n, escaped(h.data), hex.EncodeToString(h.data)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.json {
		h.Time = time.Now().Format(time.RFC3339Nano)
		p.objectLocked(h)
		return
	}
	text := h.Text
	if h.data != nil && p.hex {
		text = dump(h.data)
	}
	begin, end := "", ""
	w, colours := p.w, p.colours
	if h.data == nil && !h.result {
		w, colours = p.notes, p.dim
	}
	if p.terminal != nil && isTerminal(w) { // notes may go to a file
		w = p.terminal
	}
	if colours && h.colour != "" {
		begin, end = h.colour, colourEnd
	}
	for line := range strings.SplitSeq(text, "\n") {
		p.writeLocked(w, fmt.Appendf(nil, "%s%s%s%s\n", begin, h.prefix, line, end))
	}
}

// object writes a line of JSON.
func (p *printer) object(v any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.objectLocked(v)
}

func (p *printer) objectLocked(v any) {
	line, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	p.writeLocked(p.w, append(line, '\n'))
}

// received shows a message that came; prefix says from whom, where that is a question.
func (p *printer) received(peer, prefix string, data []byte) {
	p.show(happening{Event: "received", Peer: peer, data: data, colour: colourReceived, prefix: prefix})
}

// note shows what happened beside messages.
func (p *printer) note(event, peer, text string) {
	p.show(happening{Event: event, Peer: peer, Text: text, colour: colourNote, prefix: "* "})
}

// wrong shows an error that does not end the program.
func (p *printer) wrong(peer, text string) {
	p.show(happening{Event: "error", Peer: peer, Text: text, colour: colourBad, prefix: "! "})
}

// escaped is data as text on one line: what cannot be printed is written as Go and C do, a
// backslash as two.
func escaped(data []byte) string {
	var b strings.Builder
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, "\\x%02X", data[0])
		case strings.ContainsRune("\r\n\t\\", r):
			b.WriteString(map[rune]string{'\r': `\r`, '\n': `\n`, '\t': `\t`, '\\': `\\`}[r])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			for _, c := range data[:n] {
				fmt.Fprintf(&b, "\\x%02X", c)
			}
		}
		data = data[n:]
	}
	return b.String()
}

// dump is data in lines of 16 bytes, hexadecimal and text.
func dump(data []byte) string {
	var b strings.Builder
	for at := 0; at == 0 || at < len(data); at += 16 {
		line := data[at:min(at+16, len(data))]
		if at > 0 {
			b.WriteByte('\n')
		}
		text := make([]byte, len(line))
		for i, c := range line {
			text[i] = '.'
			if c >= ' ' && c < 0x7F {
				text[i] = c
			}
		}
		fmt.Fprintf(&b, "%04X  %-47s  %s", at, fmt.Sprintf("% X", line), text)
	}
	return b.String()
}
