package frame

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame/checksum"
	"wdsocket/core/frame/description"
)

// Describe gives p with the mode that a text describes, or that it names, or the error of a text that cannot be
// understood. "" takes a description back: where it was in use, the default mode is.
func Describe(p Params, text string) (Params, error) {
	p.preset = ""
	if text == "" {
		p.Description, p.DescriptionText = nil, ""
		if p.Mode == Described {
			p.Mode = Defaults().Mode
		}
		return p, nil
	}
	name := strings.TrimSpace(text)
	if hasOwn(name) {
		p.Mode, p.Description, p.DescriptionText, p.preset = Described, nil, name, name
		return p, nil
	}
	d, err := description.Parse(text)
	if err != nil {
		if slices.Contains(PresetNames(), name) {
			err = fault.New(fault.Argument, fault.PhaseOption, "WDS_TEXT_FRAME").With(notePresetName, name)
		}
		return p, err
	}
	p.Mode, p.Description, p.DescriptionText = Described, d, d.String()
	_, err = newDescribed(p)
	return p, err
}

// Protocol gives p with the description of a protocol by its name, false where there is none.
func Protocol(p Params, name string) (Params, bool) {
	text := name
	if !hasOwn(name) {
		named, is := description.Find(name)
		if !is {
			return p, false
		}
		text = named.Text
	}
	p, err := Describe(p, text)
	p.preset = name
	return p, err == nil
}

// Follower is implemented by framers that know a message also by the byte that was consumed
// in front of it: of (0D0A|0A|0D) a lone CR ends a message at once, and an LF that comes
// behind it is no message.
type Follower interface {
	// DecodeBehind is Decode behind a byte: the last one of the message in front, if that was
	// consumed last, else -1. Bytes between messages count as the beginning of the one
	// behind them.
	DecodeBehind(before int, p []byte, scanned int) (Frame, error)

	// Between tells how many bytes at the front of p are between messages, and may be
	// dropped.
	Between(before int, p []byte) int
}

// maxParts is how many parts a description may have.
const maxParts = description.MaxParts

// described is the framer of a description. Each direction has a side.
type described struct {
	read, write *side
	preset      string // "" for none
	text        string
}

// side is one direction of a description, made ready.
type side struct {
	beside
	escaping
	parts []part
	data  int // index of the message
	end   int // of the end marker, -1 for none
	size  int // of the length that decides, -1 for none

	short *short // the short way to whole messages, nil for none

	stop [256]bool // what has to be looked at in data

	keep, restart bool
	ambiguous     bool // a control byte begins a start marker
	limit         int
	gap           time.Duration
	from, max     string // what sets the description, and the limit, for texts
	wrong         description.Wrong

	checked bool // there are check bytes

	middle int // bytes between data and end marker
	behind int // bytes behind the data at least; all of them where they are fixed
}

// beside is what stands beside messages.
type beside struct {
	start   *part     // the start marker, nil without
	first   [256]bool // what means something between messages
	starts  [256]bool // what a start marker may begin with
	follow  []follow
	ignore  [][]byte
	control []byte
	noise   bool // what stands before a start marker is dropped
}

// escaping is how data contains what would end it.
type escaping struct {
	escape  description.Escape
	special [256]bool // what is protected
}

// follow is a byte that belongs to the end in front of it, if that ended with after.
type follow struct{ after, swallow byte }

// part is a part with what is computed of it once.
type part struct {
	description.Part
	alg      *checksum.Algorithm
	lowFirst bool // of check bytes
	span     description.Span
	least    int  // bytes at least
	fixed    bool // never more
	follows  bool // what comes of a longer alternative is swallowed
}

// layout is where parts stand: part i at [i] up to [i+1].
type layout [maxParts + 1]int

// newDescribed makes the framer of p's description.
func newDescribed(p Params) (Framer, error) {
	d := p.Description
	if f := newOwn(p.DescriptionText, p.Limit); d == nil && f != nil {
		return f, nil
	}
	if d == nil || d.Read == nil {
		return nil, impossible(noteNotDescribed)
	}
	read, err := newSide(d.Read, &p, false)
	if err != nil {
		return nil, err
	}
	f := &described{read: read, write: read, preset: p.preset, text: p.DescriptionText}
	if d.Write != nil {
		if f.write, err = newSide(d.Write, &p, true); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// impossible is the error of a description that says what cannot be.
func impossible(note fault.Note, args ...string) error {
	return wrongArgument("WDS_TEXT_FRAME").With(note, args...)
}

func newSide(d *description.Frame, p *Params, write bool) (*side, error) {
	o := &d.Options
	s := &side{data: d.Data(), end: d.End(), size: d.Deciding(), keep: o.Keep, limit: p.Limit, gap: time.Duration(o.Gap) * time.Millisecond, wrong: o.Wrong,
		from: presetOr(p.preset, "WDS_TEXT_FRAME"), max: maxMessage, beside: beside{noise: o.Noise, ignore: o.Ignore, control: o.Control}}
	if s.data < 0 || len(d.Parts) > maxParts {
		return nil, impossible(noteParts, strconv.Itoa(maxParts))
	}
	if o.Max > 0 && o.Max < p.Limit {
		s.limit, s.max = o.Max, "max="
	}
	for i := range d.Parts {
		p, err := newPart(d, i)
		if err != nil {
			return nil, err
		}
		s.parts = append(s.parts, p)
	}
	s.escape = s.parts[s.data].Escape
	s.measure()
	s.mark(o.Restart)
	if last := len(s.parts) - 1; last > s.data {
		s.follow = s.parts[last].followers()
		if slices.ContainsFunc(s.follow, func(f follow) bool { return s.starts[f.swallow] || slices.Contains(s.control, f.swallow) }) {
			s.follow = nil
		}
		if slices.ContainsFunc(s.parts, func(p part) bool { return p.Kind == description.Check && p.span.To == last }) {
			s.follow = nil // check bytes are over all of it
		}
		s.parts[last].follows = len(s.follow) > 0
	}
	s.short = s.shortened()
	return s, validate(s, write)
}

func newPart(d *description.Frame, i int) (part, error) {
	p := part{Part: d.Parts[i], fixed: true}
	switch p.Kind {
	case description.Literal:
		p.least = math.MaxInt
		longest := 0
		for _, a := range p.Alternatives {
			p.least, longest = min(p.least, len(a)), max(longest, len(a))
		}
		if p.least == 0 || longest == 0 {
			return p, impossible(noteEmptyLiteral)
		}
		p.fixed = p.least == longest
	case description.Header:
		p.least = p.Bytes
	case description.Length:
		p.span = description.Span{From: i + 1, To: len(d.Parts) - 1}
		if p.Length.Span != nil {
			p.span = *p.Length.Span
		}
		p.least, p.fixed = lengthSize(&p.Length)
	case description.Data:
		p.least, p.fixed = p.Bytes, p.Bytes > 0
	case description.Check:
		alg, ok := checksum.Find(p.Check.Name)
		if !ok {
			return p, impossible(noteCheckName, p.Check.Name)
		}
		p.alg, p.span = alg, p.Check.Span
		p.lowFirst = p.Check.Order == description.LowFirst || p.Check.Order == description.Natural && alg.LowFirst()
		p.least = checkSize(alg, p.Check.Encoding)
	}
	return p, nil
}

// followers are the bytes that a reader may meet behind the end of a message that it has
// taken: the last ones of longer alternatives. There are none where the last byte taken does
// not tell which alternative it was.
func (p *part) followers() []follow {
	var all []follow
	if p.Kind != description.Literal {
		return nil
	}
	for _, a := range p.Alternatives {
		for _, longer := range p.Alternatives {
			if len(longer) != len(a)+1 || !bytes.HasPrefix(longer, a) {
				continue
			}
			f := follow{a[len(a)-1], longer[len(a)]}
			if f.after == 0 || !p.always(f) { // which is no byte that is remembered
				return nil
			}
			all = append(all, f)
		}
	}
	return all
}

// always tells whether every alternative with that last byte goes on so.
func (p *part) always(f follow) bool {
	for _, a := range p.Alternatives {
		if a[len(a)-1] != f.after {
			continue
		}
		found := false
		for _, longer := range p.Alternatives {
			found = found || len(longer) == len(a)+1 && bytes.HasPrefix(longer, a) && longer[len(a)] == f.swallow
		}
		if !found {
			return false
		}
	}
	return true
}

// measure adds up what stands behind the data, and looks for check bytes.
func (s *side) measure() {
	for i := range s.parts {
		s.checked = s.checked || s.parts[i].Kind == description.Check
	}
	for i := s.data + 1; i < len(s.parts); i++ {
		s.behind += s.parts[i].least
		if i < s.end {
			s.middle += s.parts[i].least
		}
	}
}

// mark notes which bytes mean something where.
func (s *side) mark(restart bool) {
	if s.data > 0 && s.parts[0].Kind == description.Literal {
		s.start = &s.parts[0]
		for _, a := range s.start.Alternatives {
			s.first[a[0]], s.starts[a[0]] = true, true
			s.stop[a[0]] = restart
		}
	}
	for _, b := range s.control {
		s.ambiguous = s.ambiguous || s.first[b]
		s.first[b] = true
	}
	for _, lit := range s.ignore {
		s.first[lit[0]] = true
	}
	s.restart = restart && s.start != nil && s.end >= 0
	if s.end >= 0 {
		for _, a := range s.parts[s.end].Alternatives {
			s.stop[a[0]] = true
		}
	}
	if s.escape.Mode != description.NoEscape {
		s.stop[s.escape.Byte] = true
	}
	s.special = s.stop
	for b, starts := range s.starts {
		s.special[b] = s.special[b] || starts
	}
}

// announced tells whether a length or a number of bytes says where the data ends.
func (s *side) announced() bool { return s.size >= 0 || s.parts[s.data].Bytes > 0 }

// silent tells whether nothing but silence does.
func (s *side) silent() bool { return !s.announced() && s.end < 0 }

// inLength tells whether a length counts part i.
func (s *side) inLength(i int) bool {
	for j := range s.parts {
		if p := &s.parts[j]; p.Kind == description.Length && p.span.From <= i && i <= p.span.To {
			return true
		}
	}
	return false
}

// raw tells whether there are no messages.
func (s *side) raw() bool { return s.silent() && s.gap == 0 && len(s.parts) == 1 }

// AsRead is the framer of a peer, which writes what is read here.
func (f *described) AsRead() Framer {
	return &described{read: f.read, write: f.read, preset: f.preset, text: f.text}
}

// EndMark is what ends a message on the wire: the first alternative.
func (f *described) EndMark() []byte {
	if f.read.end < 0 {
		return nil
	}
	return f.read.parts[f.read.end].Alternatives[0]
}

// Gap is the silence that ends a message where nothing else did.
func (f *described) Gap() time.Duration { return f.read.gap }

// Stream tells whether the description is that of raw bytes.
func (f *described) Stream() bool { return f.read.raw() }

// Contiguous tells whether the message is the last thing of what its length tells.
func (f *described) Contiguous() bool {
	s := f.read
	if !s.announced() || s.data != len(s.parts)-1 {
		return false
	}
	for i := range s.parts {
		if s.parts[i].Kind == description.Check {
			return false
		}
	}
	return true
}

// Resync goes by what ends a message.
func (f *described) Resync() Resync {
	switch {
	case f.read.announced():
		return ResyncLength
	case f.read.end >= 0:
		return ResyncTag
	}
	return ResyncAnywhere
}

// AnswersNAK tells whether the control byte NAK is the answer to a message with wrong check
// bytes.
func (f *described) AnswersNAK() bool { return f.read.wrong == description.NAK }
