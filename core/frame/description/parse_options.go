package description

import (
	"math"
	"strconv"
	"strings"
)

// readOptions reads what stands behind ";".
func (p *parser) readOptions(f *Frame, write bool) {
	allowed := optionsAllowed
	if write {
		allowed = writeAllowed
	}
	for separate, some := true, false; p.err == nil; some = true {
		separate = p.blanks() || separate
		rest := p.text[p.at:]
		if rest == "" || strings.HasPrefix(rest, ">>") {
			if !some {
				p.unexpected(allowed)
			}
			return
		}
		if !separate {
			p.unexpected("\" \"")
			return
		}
		from := p.at
		name := strings.ToLower(p.run(isLetter))
		if _, is := p.options[name]; is {
			p.fail(from, noteTwice, p.shown(from))
			return
		}
		p.options[name] = from
		p.option(&f.Options, from, name)
		if p.err == nil && write && name != "keep" && name != "max" {
			p.fail(from, noteReadOnly, p.shown(from), writeAllowed)
		}
		separate = false
	}
}

// option reads one, from what stands behind its name on.
func (p *parser) option(o *Options, from int, name string) {
	switch {
	case name == "keep":
		o.Keep = true
	case name == "restart":
		o.Restart = true
	case name == "noise":
		o.Noise = true
	case name == "max" && p.take("="):
		o.Max = p.number(1, math.MaxInt32)
	case name == "gap" && p.take("="):
		o.Gap = p.number(1, maxGap)
	case name == "ignore" && p.take("="):
		o.Ignore = p.alternatives()
	case name == "control" && p.take("="):
		at := p.at
		for _, lit := range p.alternatives() {
			if len(lit) != 1 {
				p.fail(at, noteOneByte, literalText(lit), strconv.Itoa(len(lit)))
				return
			}
			o.Control = append(o.Control, lit[0])
		}
	case name == "bad" && p.take("="):
		at := p.at
		word := strings.ToLower(p.run(isLetter))
		for i, name := range wrongs {
			if name == word {
				o.Wrong = Wrong(i)
				return
			}
		}
		p.unexpectedAt(at, strings.Join(wrongs[:], ", "))
	default:
		p.unexpectedAt(from, optionsAllowed)
	}
}

// wrongs are the words of bad=, by their Wrong.
var wrongs = [...]string{Skip: "skip", NAK: "nak", Keep: "keep"}
