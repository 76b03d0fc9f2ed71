package frame

import (
	"bytes"
	"slices"
	"strconv"
	"time"

	"wdsocket/core/fault"
)

// markerFramer is the mode with start and end markers.
//
// With an escape byte, that byte is written before every byte of the message
// that is the escape byte, the first byte of the end marker or the first byte
// of the start marker; a reader takes whatever follows an escape byte as it
// is. So every message can be written. Without one, a message that would be
// ended too early by the end marker in it is refused.
//
// The check bytes follow the end marker and are never escaped. They are
// computed over the message as the programs see it, without escape bytes, and
// over the markers that span names.
//
// Where a start marker begins a message anew, one that stands wholly in front of
// where the end may begin shows that the end of the message before it is missing.
type markerFramer struct {
	start, end []byte
	escape     byte
	escapes    bool // there is an escape byte
	restarts   bool // a start marker begins a message anew
	check      Check
	span       int
	limit      int
	preset     string // that the figures are of, "" for none
}

func newMarkerFramer(p Params) Framer {
	f := &markerFramer{
		start: bytes.Clone(p.Start),
		end:   bytes.Clone(p.End),
		check: p.Check,
		span:  p.CheckSpan,
		limit: p.Limit,

		restarts: p.restart(),
		preset:   p.PresetInUse(),
	}
	if len(p.Escape) > 0 {
		f.escape, f.escapes = p.Escape[0], true
	}
	return f
}

func (*markerFramer) Contiguous() bool   { return false }
func (*markerFramer) Resync() Resync     { return ResyncTag }
func (*markerFramer) Gap() time.Duration { return 0 }
func (*markerFramer) Stream() bool       { return false }

func (f *markerFramer) Decode(p []byte, scanned int) (Frame, error) {
	if !bytes.HasPrefix(p, f.start) {
		return f.decodeStart(p)
	}
	at, next, anew := f.findEnd(p, scanned)
	switch {
	case anew > 0:
		return bad(anew), failure(fault.Frame, noteRestart, hexBytes(p[:anew]), hexBytes(f.start))
	case at >= 0:
		return f.decodeEnd(p, at)
	case next < 0:
		return bad(0), endlessError(f, p, f.limit)
	}
	return incomplete(-1, max(len(p)+1, len(f.start)+len(f.end)+f.check.width()), next), nil
}

// decodeStart deals with bytes that do not begin with the start marker: they
// are its first bytes, or noise to be thrown away up to where a start marker
// begins or may begin.
func (f *markerFramer) decodeStart(p []byte) (Frame, error) {
	if bytes.HasPrefix(f.start, p) {
		return incomplete(-1, len(f.start)+len(f.end)+f.check.width(), 0), nil
	}
	noise := bytes.Index(p, f.start)
	if noise < 0 {
		noise = max(1, len(p)-len(f.start)+1)
		for !bytes.HasPrefix(f.start, p[noise:]) {
			noise++
		}
	}
	return bad(noise), failure(fault.Frame, noteNoise, Shown(p[:noise]), hexBytes(f.start))
}

// findEnd looks for the end marker behind the start marker; the results are
// those of the function of that name. anew is where a start marker begins the
// message anew, the last one of them, or 0. With an escape byte the limit is
// applied roughly here, at twice its bytes, and exactly once the end is found.
func (f *markerFramer) findEnd(p []byte, scanned int) (at, next, anew int) {
	if f.escapes {
		return f.findEscaped(p, scanned)
	}
	at, next = findEnd(p, f.end, len(f.start), scanned, f.limit)
	if f.restarts {
		anew = f.findStart(p, scanned, at, next)
	}
	return at, next, anew
}

// findStart looks for start markers behind the first one, as far as findEnd, which
// gave at and next, is sure that no end begins.
func (f *markerFramer) findStart(p []byte, scanned, at, next int) (anew int) {
	to := at
	switch {
	case at >= 0:
	case next >= 0:
		to = next
	default:
		to = len(f.start) + f.limit + 1
	}
	from := min(max(len(f.start), max(scanned, 0)-len(f.start)+1), to)
	for {
		i := bytes.Index(p[from:to], f.start)
		if i < 0 {
			return anew
		}
		anew = from + i
		from = anew + len(f.start)
	}
}

// findEscaped is findEnd with an escape byte.
func (f *markerFramer) findEscaped(p []byte, scanned int) (at, next, anew int) {
	i := min(max(scanned, len(f.start)), len(p))
	stop := len(p)
	if f.tooLong(stop) {
		stop = len(f.start) + 2*f.limit + 2 // the first that is too long
	}
	end, escape := f.end[0], f.escape
	start := end
	if f.restarts {
		start = f.start[0]
	}
	for i < stop {
		b, step := p[i], 1
		if b == end || b == start {
			switch {
			case bytes.HasPrefix(p[i:], f.end):
				return i, 0, anew
			case f.restarts && bytes.HasPrefix(p[i:], f.start) && !bytes.HasPrefix(f.end, p[i:]):
				anew = i
				i += len(f.start)
				continue
			case bytes.HasPrefix(f.end, p[i:]), f.restarts && bytes.HasPrefix(f.start, p[i:]): // more must come
				stop = i
				continue
			}
		}
		if b == escape {
			step = 2
		}
		if len(p)-i < step {
			break
		}
		i += step
	}
	if f.tooLong(i) {
		return -1, -1, anew
	}
	return -1, i, anew
}

// tooLong tells whether a message that reaches up to p[i] is over the limit,
// whatever is escaped in it.
func (f *markerFramer) tooLong(i int) bool { return (i-len(f.start))/2 > f.limit }

// decodeEnd finishes a message whose end marker is at p[at:].
func (f *markerFramer) decodeEnd(p []byte, at int) (Frame, error) {
	payload := p[len(f.start):at]
	size := len(payload)
	if f.escapes {
		size = f.unescapedLen(payload)
	}
	if size > f.limit {
		return bad(0), endlessError(f, p, f.limit)
	}
	behind := at + len(f.end)
	total := behind + f.check.width()
	if len(p) < total {
		return incomplete(size, total, at), nil
	}
	want := f.checkBytes(payload, f.escapes)
	if got := p[behind:total]; !bytes.Equal(got, want[:len(got)]) {
		if i := bytes.Index(got, f.start); f.restarts && i >= 0 { // the check bytes are missing too
			total = behind + i
		}
		return bad(total), wrongCheck(got, want)
	}
	escaped := size != len(payload)
	return Frame{Start: len(f.start), Len: len(payload), Size: size, Total: total, Escaped: escaped}, nil
}

// wrongCheck is the error for check bytes. It takes want by value so that only
// a wrong message costs an allocation.
func wrongCheck(got []byte, want [2]byte) error {
	return failure(fault.Check, noteCheck, hexBytes(got), hexBytes(want[:len(got)]))
}

// literal splits payload at its first escape byte: what stands before it, the
// byte that it protects, and the rest. protected is empty if there is none.
func (f *markerFramer) literal(payload []byte) (before, protected, rest []byte) {
	i := bytes.IndexByte(payload, f.escape)
	if i < 0 || i+1 == len(payload) {
		return payload, nil, nil
	}
	return payload[:i], payload[i+1 : i+2], payload[i+2:]
}

func (f *markerFramer) unescapedLen(payload []byte) int {
	n := 0
	for len(payload) > 0 {
		before, protected, rest := f.literal(payload)
		n += len(before) + len(protected)
		payload = rest
	}
	return n
}

// checkBytes computes the check over payload, in which escaped tells whether
// escape bytes have a meaning.
func (f *markerFramer) checkBytes(payload []byte, escaped bool) [2]byte {
	state := f.check.begin()
	if f.span&spanStart != 0 {
		state = f.check.add(state, f.start)
	}
	for escaped && len(payload) > 0 {
		before, protected, rest := f.literal(payload)
		state = f.check.add(f.check.add(state, before), protected)
		payload = rest
	}
	state = f.check.add(state, payload)
	if f.span&spanEnd != 0 {
		state = f.check.add(state, f.end)
	}
	return f.check.finish(state)
}

func (f *markerFramer) Extract(dst, p []byte, fr Frame) int {
	payload := p[fr.Start : fr.Start+fr.Len]
	if !fr.Escaped {
		return copy(dst, payload)
	}
	n := 0
	for len(payload) > 0 {
		before, protected, rest := f.literal(payload)
		n += copy(dst[n:], before)
		n += copy(dst[n:], protected)
		payload = rest
	}
	return n
}

func (f *markerFramer) Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error) {
	if err := checkLimit(len(m), f.limit); err != nil {
		return nil, nil, nil, scratch, err
	}
	extra := 0
	if f.escapes {
		extra = f.countSpecial(m)
	} else if err := f.refuseMarkers(m); err != nil {
		return nil, nil, nil, scratch, err
	}
	check := f.checkBytes(m, false)
	room := len(f.start) + len(f.end) + len(check)
	if extra > 0 {
		room += len(m) + extra
	}
	scratch = slices.Grow(scratch[:0], room)
	scratch = append(scratch, f.start...)
	head, body = scratch, m
	if extra > 0 {
		scratch = f.appendEscaped(scratch, m)
		body = scratch[len(head):]
	}
	behind := len(scratch)
	scratch = append(scratch, f.end...)
	scratch = append(scratch, check[:f.check.width()]...)
	return head, body, scratch[behind:], scratch, nil
}

// refuseMarkers is the error of a message that would end too early on the wire, or
// begin anew.
func (f *markerFramer) refuseMarkers(m []byte) error {
	if err := refuseEnd(m, f.end, noteMarkerAt, noteMarkerAt); err != nil || !f.restarts {
		return err
	}
	if at := bytes.Index(m, f.start); at >= 0 {
		return failure(fault.TagInMessage, noteStartAt, strconv.Itoa(at), hexBytes(f.start))
	}
	return nil
}

// special tells whether a byte of a message needs an escape byte before it.
func (f *markerFramer) special(b byte) bool {
	return b == f.escape || b == f.end[0] || (len(f.start) > 0 && b == f.start[0])
}

func (f *markerFramer) countSpecial(m []byte) int {
	n := 0
	for _, b := range m {
		if f.special(b) {
			n++
		}
	}
	return n
}

func (f *markerFramer) appendEscaped(dst, m []byte) []byte {
	for _, b := range m {
		if f.special(b) {
			dst = append(dst, f.escape)
		}
		dst = append(dst, b)
	}
	return dst
}
