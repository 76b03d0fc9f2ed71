package frame

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"wdsocket/core/fault"
	"wdsocket/core/frame/description"
)

// A guess looks at so many bytes at most, and gives so many descriptions.
const (
	guessBytes = 4096
	guessMost  = 8
)

// Guessed is a description that fits bytes that came.
type Guessed struct {
	Text     string   // for WDS_TEXT_FRAME; "" for what is none of a framing: TLS, HTTP
	Names    []string // the protocols that are framed so
	Messages int      // that are whole
	Rest     int      // bytes behind them: a message that is not whole

	bits    float64 // how much of the bytes is explained: what would be so by chance once in 2^bits
	reasons []sentence
}

// sentence is one in both languages, with what it names.
type sentence struct {
	note fault.Note
	args []string
}

// Reason tells why the description fits.
func (g *Guessed) Reason(lang fault.Language) string {
	texts := make([]string, len(g.reasons))
	for i, s := range g.reasons {
		texts[i] = fault.Sentence(lang, s.note, s.args...)
	}
	if lang == fault.French {
		return strings.Join(texts, " ; ")
	}
	return strings.Join(texts, "; ")
}

// Guess tells which descriptions fit bytes that came from a peer, from the beginning of a
// message on: those that make whole messages of them, and at most one at the end that is not
// whole. The first explains most.
//
// It is a guess: more messages make it a better one. What only silence, a fixed length or a
// protocol's own rules tell apart cannot be found.
func Guess(p []byte) []Guessed {
	p = p[:min(len(p), guessBytes)]
	switch {
	case isTLS(p):
		return []Guessed{{reasons: []sentence{{note: noteGuessTLS}}}}
	case isHTTP(p):
		return []Guessed{{reasons: []sentence{{note: noteGuessHTTP}}}}
	}
	var found []Guessed
	for _, c := range candidates(p) {
		if g, fits := c.try(p); fits {
			found = append(found, g)
		}
	}
	found = append(found, guessOwn(p)...)
	slices.SortStableFunc(found, func(a, b Guessed) int { return cmp.Compare(b.bits, a.bits) })
	found = slices.Clip(distinct(found))
	return found[:min(len(found), guessMost)]
}

// distinct leaves out descriptions that say what a better one says, and those that explain
// far less than the best.
func distinct(found []Guessed) (out []Guessed) {
	for _, g := range found {
		i := slices.IndexFunc(out, func(other Guessed) bool { return other.Text == g.Text })
		switch {
		case i >= 0:
			out[i].Names = append(out[i].Names, g.Names...)
		case g.bits*4 >= found[0].bits:
			out = append(out, g)
		}
	}
	return out
}

// candidate is a description that may fit.
type candidate struct {
	name, text string
	doubt      float64 // bits: that of so many candidates one fits by chance
}

// try takes bytes apart by a description and tells whether it fits.
func (c candidate) try(p []byte) (g Guessed, fits bool) {
	d, err := description.Parse(c.text)
	if err != nil || d.Read.Raw() {
		return g, false
	}
	plain := *d.Read
	plain.Options.Keep = false // what a message is without its header
	params := Defaults()
	params.Description, params.Limit = &description.Description{Read: &plain}, math.MaxInt32
	framer, err := newDescribed(params)
	if err != nil || framer.Gap() != 0 {
		return g, false
	}
	g = Guessed{Text: d.String(), bits: -c.doubt}
	if c.name != "" {
		g.Names = []string{c.name}
	}
	seen := evidence{frame: &plain, surprise: surprise(p)}
	used := seen.split(framer, p)
	g.Messages, g.Rest = seen.messages, len(p)-used
	if seen.messages == 0 || seen.empty*4 > seen.messages || seen.noise*4 > used || onlyText(&plain) && seen.control {
		return g, false
	}
	g.bits += seen.bits - float64(seen.messages)*choices(&plain)
	if g.Rest > 0 { // what is behind it might be anything
		g.bits -= 4
	}
	g.reasons = reasons(&plain, g.Messages, p)
	const least = 4
	return g, g.bits >= least
}

// guessOwn are the protocols with framers of their own that make whole messages of p.
func guessOwn(p []byte) (found []Guessed) {
	const bits, doubt = 12, 4 // of the check bytes of a message, some of which might be right by chance
	for i := range own {
		if own[i].check == "" {
			continue
		}
		seen := evidence{frame: &description.Frame{Parts: []description.Part{{Kind: description.Data}}}}
		used := seen.split(own[i].make(math.MaxInt32), p)
		if seen.messages == 0 {
			continue
		}
		g := Guessed{Text: own[i].name, Names: []string{own[i].name}, Messages: seen.messages, Rest: len(p) - used, bits: float64(seen.messages)*bits - doubt}
		g.reasons = []sentence{{noteGuessOwn, []string{strconv.Itoa(g.Messages)}}, {noteGuessCheck, []string{own[i].check}}}
		found = append(found, g)
	}
	return found
}

// reasons tells what of a description was seen.
func reasons(f *description.Frame, messages int, p []byte) (out []sentence) {
	count := strconv.Itoa(messages)
	length, end := f.Deciding(), f.End()
	switch {
	case length >= 0:
		out = append(out, sentence{noteGuessLength, []string{count, hexBytes(p[:min(len(p), shownBytes)])}})
	case end >= 0 && f.Parts[0].Kind == description.Literal:
		out = append(out, sentence{noteGuessMarkers, []string{count, seen(f.Parts[0].Alternatives, p), seen(f.Parts[end].Alternatives, p)}})
	case end >= 0:
		out = append(out, sentence{noteGuessEnd, []string{count, seen(f.Parts[end].Alternatives, p)}})
	default:
		out = append(out, sentence{noteGuessFixed, []string{count, strconv.Itoa(f.Parts[f.Data()].Bytes)}})
	}
	for i := range f.Parts {
		if f.Parts[i].Kind == description.Check {
			out = append(out, sentence{noteGuessCheck, []string{f.Parts[i].Check.Name}})
		}
	}
	return out
}

// seen are the alternatives that occur in p, in hexadecimal.
func seen(all [][]byte, p []byte) string {
	var texts []string
	for _, lit := range all {
		if bytes.Contains(p, lit) {
			texts = append(texts, hexBytes(lit))
		}
	}
	return strings.Join(texts, ", ")
}

// LikelyDescription is a description that bytes at the front of a stream fit which are no
// message of f, or none that ends: a hint, and the text. It takes its time, and claims only
// what would hardly be so by chance: not of text, which is inside any message.
func LikelyDescription(f Framer, p []byte) (hint fault.Note, text string) {
	const enough, messages = 20, 2
	if isLines(p) || f.Stream() {
		return fault.NoNote, ""
	}
	found := Guess(p)
	if len(found) == 0 || found[0].Text == "" || found[0].bits < enough || found[0].Messages < messages || found[0].Rest > 0 {
		return fault.NoNote, ""
	}
	return hintDescription, found[0].Text
}
