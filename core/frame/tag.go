package frame

import (
	"bytes"
	"strconv"

	"wdsocket/core/fault"
)

// tagFramer is both end-tag modes: message, then the tag.
type tagFramer struct {
	whole
	tag   []byte
	asIs  bool
	limit int
}

func newTagFramer(p Params) Framer {
	return &tagFramer{tag: bytes.Clone(p.Tag), asIs: p.TagAsIs, limit: p.Limit}
}

func (*tagFramer) Contiguous() bool { return false }
func (*tagFramer) Resync() Resync   { return ResyncTag }

func (f *tagFramer) Decode(p []byte, scanned int) (Frame, error) {
	at, next := findEnd(p, f.tag, 0, scanned, f.limit)
	switch {
	case at >= 0:
		return Frame{Len: at, Size: at, Total: at + len(f.tag)}, nil
	case next < 0:
		return bad(0), endlessError(f, p, f.limit)
	}
	return incomplete(-1, max(len(p)+1, len(f.tag)), next), nil
}

// findEnd looks for the first end in p[start:] that closes a message of at most
// limit bytes. It gives its position; or -1 and from where to go on once there
// are more bytes, which is -1 too when the limit is used up.
func findEnd(p, end []byte, start, scanned, limit int) (at, next int) {
	from := min(max(scanned, start), len(p))
	window := p
	room := len(p) - start - len(end)
	if room > limit {
		window = p[:start+limit+len(end)]
	}
	from = min(from, len(window))
	if i := bytes.Index(window[from:], end); i >= 0 {
		return from + i, 0
	}
	if room >= limit {
		return -1, -1
	}
	return -1, max(start, len(p)-len(end)+1)
}

func (f *tagFramer) Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error) {
	if err := checkLimit(len(m), f.limit); err != nil {
		return nil, nil, nil, scratch, err
	}
	if f.asIs {
		return nil, m, nil, scratch, nil
	}
	if err := refuseEnd(m, f.tag, noteTagAt, noteTagLast); err != nil {
		return nil, nil, nil, scratch, err
	}
	scratch = append(scratch[:0], f.tag...)
	return nil, m, scratch, scratch, nil
}

// refuseEnd is the error of a message that would end too early on the wire: inside, or
// where it ends with what ends messages.
func refuseEnd(m, end []byte, inside, last fault.Note) error {
	at := firstEnd(m, end)
	if at == len(m) {
		return nil
	}
	text := inside
	if at+len(end) == len(m) {
		text = last
	}
	return failure(fault.TagInMessage, text, strconv.Itoa(at), hexBytes(end), strconv.Itoa(len(m)))
}

// firstEnd tells where a reader of m and end, one behind the other, sees the
// first end. That is before len(m) not only when m holds the end, but also when
// m's last bytes and the end's first ones make one: "xa" before "aa".
func firstEnd(m, end []byte) int {
	if i := bytes.Index(m, end); i >= 0 {
		return i
	}
	for k := min(len(m), len(end)-1); k > 0; k-- {
		if bytes.HasSuffix(m, end[:k]) && bytes.HasPrefix(end, end[k:]) {
			return len(m) - k
		}
	}
	return len(m)
}
