// Package inject makes a connection a bad one on purpose, so that a program's own
// tests can see what it does then: bytes that come late, in pieces, damaged, only
// up to a place, or not at all.
//
//	faults, err := inject.Parse("delay=20..50 receive:corrupt=0.001 seed=42")
//	l := inject.New(faults, owner) // a layer of one connection
//
// The same seed does the same to the same bytes.
package inject

import (
	"math"
	"strconv"
	"strings"
	"time"

	"wdsocket/core/escape"
	"wdsocket/core/fault"
)

// Faults are what is done to a connection. The zero value is not none: Parse
// makes them.
type Faults struct {
	Send    Direction
	Receive Direction
	Seed    uint64
	Top     bool // above TLS; otherwise below it
}

// Direction is what is done to one direction.
type Direction struct {
	DelayMin, DelayMax     time.Duration // of each piece; 0: none
	PartialMin, PartialMax int           // bytes of a piece; 0: as it comes
	Corrupt                float64       // of each byte: how likely it is damaged
	Cut                    int64         // bytes after which the connection is reset, -1: never
	Stall                  int64         // bytes after which nothing more passes, -1: never
	StallFor               time.Duration // until it goes on, 0: it never does

	given map[string]bool // by name, while it is parsed
}

// The names of the grammar.
const (
	nameDelay   = "delay"
	namePartial = "partial"
	nameCorrupt = "corrupt"
	nameCut     = "cut"
	nameStall   = "stall"
	nameSeed    = "seed"
	nameAt      = "at"

	onlySend    = "send:"
	onlyReceive = "receive:"
	atTop       = "top"
	atBottom    = "bottom"
	rangeMark   = ".."
)

// Limits of the figures.
const (
	mostDelay   = 600_000 // ms
	mostStall   = 3_600_000
	mostPartial = math.MaxInt32
)

var (
	noteWord = fault.NewNote(
		"\"{0}\" is not known; known are delay=, partial=, corrupt=, cut= and stall=, each also behind send: or receive:, and seed= and at=",
		"« {0} » est inconnu ; sont connus delay=, partial=, corrupt=, cut= et stall=, chacun aussi précédé de send: ou receive:, ainsi que seed= et at=")
	noteForm = fault.NewNote(
		"\"{0}\" has not the form {1}",
		"« {0} » n'a pas la forme {1}")
	noteTwice = fault.NewNote(
		"\"{0}\" gives something for the second time",
		"« {0} » indique une chose pour la deuxième fois")
)

// forms say in errors what a word must look like.
var forms = map[string]string{
	nameDelay:   "delay=MS, delay=MS..MS (0..600000)",
	namePartial: "partial=BYTES, partial=BYTES..BYTES (1..2147483647)",
	nameCorrupt: "corrupt=RATE (0..1)",
	nameCut:     "cut=BYTES (0..)",
	nameStall:   "stall=BYTES, stall=BYTES/MS (1..3600000)",
	nameSeed:    "seed=NUMBER (0..18446744073709551615)",
	nameAt:      "at=top, at=bottom",
}

// Parse makes Faults of text: words with spaces between them, in any order.
//
//	delay=MS       each piece that passes waits so long;
//	delay=MS..MS   or a time between the two
//	partial=N      pieces have at most N bytes;
//	partial=N..N   or a number between the two
//	corrupt=RATE   so likely is each byte damaged, 0..1
//	cut=N          the connection is reset once N bytes have passed
//	stall=N        nothing more passes once N bytes have;
//	stall=N/MS     or nothing for so long
//	seed=N         another number, other faults; 0 unless given
//	at=top         above TLS: what the program sees is damaged
//	at=bottom      below TLS: what the network sees is (this is the default)
//
// The first five are for both directions, unless send: or receive: stands
// before them: "send:cut=500". Nothing may be given twice for a direction. Text
// without a word gives nil.
//
// Errors: fault.Argument, which names the word.
func Parse(text string) (*Faults, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, nil
	}
	none := Direction{Cut: -1, Stall: -1}
	f := &Faults{Send: none, Receive: none}
	f.Send.given, f.Receive.given = make(map[string]bool), make(map[string]bool)
	for _, word := range words {
		if err := f.word(word); err != nil {
			return nil, err
		}
	}
	f.Send.given, f.Receive.given = nil, nil
	return f, nil
}

// word takes one word.
func (f *Faults) word(word string) error {
	to, rest := []*Direction{&f.Send, &f.Receive}, word
	if after, only := strings.CutPrefix(word, onlySend); only {
		to, rest = to[:1], after
	} else if after, only := strings.CutPrefix(word, onlyReceive); only {
		to, rest = to[1:], after
	}
	name, value, found := strings.Cut(rest, "=")
	both := name == nameSeed || name == nameAt
	if forms[name] == "" || !found || both && len(to) < 2 {
		return wrong(noteWord, word, "")
	}
	for _, d := range to {
		if d.given[name] {
			return wrong(noteTwice, word, "")
		}
		d.given[name] = true
	}
	good := false
	if both {
		good = f.set(name, value)
	} else {
		good = true
		for _, d := range to {
			good = good && d.set(name, value)
		}
	}
	if !good {
		return wrong(noteForm, word, forms[name])
	}
	return nil
}

func wrong(note fault.Note, word, form string) error {
	const most = 60
	if len(word) > most {
		word = word[:most] + "..."
	}
	return fault.New(fault.Argument, fault.PhaseOption, "text").With(note, escape.Text(word), form)
}

func (f *Faults) set(name, value string) bool {
	if name == nameAt {
		f.Top = value == atTop
		return f.Top || value == atBottom
	}
	n, ok := number(value, math.MaxUint64)
	f.Seed = n
	return ok
}

func (d *Direction) set(name, value string) bool {
	switch name {
	case nameDelay:
		low, high, ok := span(value, 0, mostDelay)
		d.DelayMin, d.DelayMax = time.Duration(low)*time.Millisecond, time.Duration(high)*time.Millisecond
		return ok
	case namePartial:
		low, high, ok := span(value, 1, mostPartial)
		d.PartialMin, d.PartialMax = int(low), int(high)
		return ok
	case nameCorrupt:
		rate, err := strconv.ParseFloat(value, 64)
		d.Corrupt = rate
		return err == nil && rate >= 0 && rate <= 1
	case nameCut:
		n, ok := number(value, math.MaxInt64)
		d.Cut = int64(n)
		return ok
	}
	bytes, ms, timed := strings.Cut(value, "/")
	n, ok := number(bytes, math.MaxInt64)
	d.Stall = int64(n)
	if !timed {
		return ok
	}
	span, good := number(ms, mostStall)
	d.StallFor = time.Duration(span) * time.Millisecond
	return ok && good && span > 0
}

// number takes decimal digits alone.
func number(text string, most uint64) (uint64, bool) {
	if strings.HasPrefix(text, "+") {
		return 0, false
	}
	n, err := strconv.ParseUint(text, 10, 64)
	return n, err == nil && n <= most
}

// span takes "N" or "N..N".
func span(text string, least, most uint64) (low, high uint64, ok bool) {
	first, second, two := strings.Cut(text, rangeMark)
	low, ok = number(first, most)
	high = low
	if ok && two {
		high, ok = number(second, most)
	}
	return low, high, ok && low >= least && low <= high
}

// String is text that Parse makes the same Faults of.
func (f *Faults) String() string {
	if f == nil {
		return ""
	}
	var words []string
	send, receive := f.Send.words(), f.Receive.words()
	for i, w := range send {
		switch {
		case w == receive[i] && w != "":
			words = append(words, w)
		default:
			if w != "" {
				words = append(words, onlySend+w)
			}
			if receive[i] != "" {
				words = append(words, onlyReceive+receive[i])
			}
		}
	}
	if f.Top {
		words = append(words, nameAt+"="+atTop)
	}
	words = append(words, nameSeed+"="+strconv.FormatUint(f.Seed, 10))
	return strings.Join(words, " ")
}

func (d *Direction) words() [5]string {
	var w [5]string
	if d.DelayMax > 0 {
		w[0] = nameDelay + "=" + written(d.DelayMin.Milliseconds(), d.DelayMax.Milliseconds())
	}
	if d.PartialMax > 0 {
		w[1] = namePartial + "=" + written(int64(d.PartialMin), int64(d.PartialMax))
	}
	if d.Corrupt > 0 {
		w[2] = nameCorrupt + "=" + strconv.FormatFloat(d.Corrupt, 'g', -1, 64)
	}
	if d.Cut >= 0 {
		w[3] = nameCut + "=" + strconv.FormatInt(d.Cut, 10)
	}
	if d.Stall >= 0 {
		w[4] = nameStall + "=" + strconv.FormatInt(d.Stall, 10)
		if d.StallFor > 0 {
			w[4] += "/" + strconv.FormatInt(d.StallFor.Milliseconds(), 10)
		}
	}
	return w
}

func written(low, high int64) string {
	text := strconv.FormatInt(low, 10)
	if high != low {
		text += rangeMark + strconv.FormatInt(high, 10)
	}
	return text
}
