// Package selftest tries the library out on the machine it runs on and writes a
// report for a user to pass on: what the library and the system are, and
// whether conversations on loopback work in every mode. It uses sockets of a
// library of its own, so that the host's options and sockets are not concerned.
package selftest

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"wdsocket/core"
	"wdsocket/core/charset"
	"wdsocket/core/fault"
	"wdsocket/core/option"
)

// Room is enough for a report in any encoding, with its terminator.
const Room = 16384

// longest is how long all trials together may take, which need half a second on a
// machine with eight times as much work as processors; what is not done by then
// has failed.
const longest = 30 * time.Second

// A call may take patience: less would blame the library for a machine that stands
// still for some seconds. Once a trial has waited in vain, others wait for afterwards only.
const (
	patience   = 10 * time.Second
	afterwards = time.Second
)

// Run makes the report: lines ended by CR LF, the last one says whether all is
// well. Several may run at once.
func Run(lang fault.Language, enc charset.Encoding) string {
	begun := time.Now()
	r := &report{lang: lang, enc: enc, until: begun.Add(longest)}
	r.facts()
	r.try(trials())
	r.summary(time.Since(begun))
	return r.text()
}

// said is a text in both languages.
type said struct{ english, french string }

func (s said) in(lang fault.Language) string {
	if lang == fault.French {
		return s.french
	}
	return s.english
}

// report is one that is being written.
type report struct {
	lang  fault.Language
	enc   charset.Encoding
	until time.Time

	lines         []string
	tried, failed int
}

func (r *report) line(format string, args ...any) {
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}

// text is the report, cut if need be so that it fits into Room.
func (r *report) text() string {
	text := []rune(strings.Join(r.lines, "\r\n") + "\r\n")
	const most = Room/2 - 2
	return string(text[:min(len(text), most)])
}

// facts writes what the library, the system and the host's text are.
func (r *report) facts() {
	fact := func(name said, format string, args ...any) {
		r.line("%-15s %s", name.in(r.lang)+colon(r.lang), fmt.Sprintf(format, args...))
	}
	bits := 32 << (^uint(0) >> 63)
	r.line("wdsocket %d.%d.%d, %s", core.Version/10000, core.Version/100%100, core.Version%100,
		said{"self-test", "autotest"}.in(r.lang))
	fact(said{"library", "bibliothèque"}, "%d bits, %s/%s, Go %s", bits, runtime.GOOS, runtime.GOARCH, runtime.Version())
	fact(said{"system", "système"}, "%s, %d CPU", system(), runtime.NumCPU())
	fact(said{"host text", "texte hôte"}, "%s (WDS_OPT_HOST_TEXT = %d), é = % X", encodingName(r.enc), r.enc, charset.Encode(r.enc, "é"))
	r.line("")
}

func colon(lang fault.Language) string { return said{":", " :"}.in(lang) }

func encodingName(enc charset.Encoding) string {
	switch enc {
	case charset.ANSI:
		return "ANSI"
	case charset.UTF16:
		return "UTF-16"
	}
	return "UTF-8"
}

// trial is one thing that is tried. run gives what is worth telling.
type trial struct {
	title said
	run   func(t *stage) (string, error)
}

func (r *report) try(all []trial) {
	lib := core.NewLibrary()
	lib.Direct = true // like a host's threads
	s := &stage{lib: lib, enc: r.enc, lang: r.lang, until: r.until, each: patience}
	_ = lib.SetOption(option.CloseTimeout, 1000)
	for _, t := range all {
		detail, err := s.play(t)
		r.verdict(t.title, detail, err)
		if fault.CodeOf(err) == fault.Timeout {
			s.each = afterwards
		}
	}
	lib.CloseAll()
	r.verdict(said{"nothing is left behind", "rien n'est laissé"}, "", s.leftovers())
}

// play runs a trial; a panic is its failure.
func (s *stage) play(t trial) (detail string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	if s.left() == 0 {
		return "", fault.New(fault.Timeout, fault.PhaseCall, "")
	}
	defer s.clear()
	return t.run(s)
}

// verdict writes one line.
func (r *report) verdict(title said, detail string, err error) {
	r.tried++
	name := title.in(r.lang)
	switch {
	case fault.CodeOf(err) == fault.Unsupported:
		r.line("--      %s%s %s", name, colon(r.lang), said{"not on this system", "pas sur ce système"}.in(r.lang))
	case err != nil:
		r.failed++
		r.line("%-7s %s%s %s", said{"FAILED", "ÉCHEC"}.in(r.lang), name, colon(r.lang), r.reason(err))
	case detail != "":
		r.line("ok      %s%s %s", name, colon(r.lang), detail)
	default:
		r.line("ok      %s", name)
	}
}

// reason is an error in one line of bounded length.
func (r *report) reason(err error) string {
	text := err.Error()
	switch e := err.(type) {
	case *fault.Error:
		text = fmt.Sprintf("%d %s, %s", int32(e.Code), e.Code.Name(), e.Text(r.lang))
	case fault.Code:
		text = fmt.Sprintf("%d %s", int32(e), e.Name())
	case said:
		text = e.in(r.lang)
	}
	line := []rune(strings.Join(strings.Fields(text), " "))
	const most = 150
	return string(line[:min(len(line), most)])
}

// Error makes a text in both languages an error.
func (s said) Error() string { return s.english }

func (r *report) summary(took time.Duration) {
	r.line("")
	ms := took.Milliseconds()
	if r.failed == 0 {
		r.line(said{"All is well: %d of %d, %d ms", "Tout va bien : %d sur %d, %d ms"}.in(r.lang), r.tried, r.tried, ms)
		return
	}
	r.line(said{"%d of %d FAILED, %d ms", "%d sur %d en ÉCHEC, %d ms"}.in(r.lang), r.failed, r.tried, ms)
}
