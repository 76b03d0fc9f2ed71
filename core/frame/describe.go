package frame

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"wdsocket/core/escape"
	"wdsocket/core/fault"
)

// What texts say of a mode: what it is, what ends a message, and in which mode
// bytes may be that are no message of it.

func (f *tagFramer) String() string  { return "WDS_MODE_END_TAG " + hexBytes(f.tag) }
func (*sizeFramer) String() string   { return "WDS_MODE_SIZE" }
func (rawFramer) String() string     { return "WDS_MODE_RAW" }
func (gapFramer) String() string     { return "WDS_MODE_GAP" }
func (*recordFramer) String() string { return "WebSocket" }
func (f fixedFramer) String() string {
	return "WDS_MODE_FIXED, WDS_OPT_FRAME_LENGTH " + strconv.Itoa(f.length)
}
func (f *markerFramer) String() string { return f.by() + " " + hexBytes(f.end) }
func (f *described) String() string {
	if f.preset != "" {
		return presetText(f.preset) + ": " + f.text
	}
	return strings.TrimSpace("WDS_TEXT_FRAME " + f.text)
}
func (f *lengthFramer) String() string {
	return presetOr(f.preset, "WDS_MODE_LENGTH, WDS_OPT_FRAME_WIDTH "+strconv.Itoa(f.width))
}

// EndMark is what ends a message on the wire.
func (f *tagFramer) EndMark() []byte    { return f.tag }
func (f *markerFramer) EndMark() []byte { return f.end }
func (whole) EndMark() []byte           { return nil }
func (plain) EndMark() []byte           { return nil }

// by names what the mode was set by, a preset or the mode itself.
func (f *markerFramer) by() string { return presetOr(f.preset, "WDS_MODE_MARKERS") }

// endMarks are all marks that end a message of f, none where nothing does.
func endMarks(f Framer) [][]byte {
	if d, is := f.(*described); is && d.read.end >= 0 {
		return d.read.parts[d.read.end].Alternatives
	}
	if end := f.EndMark(); len(end) > 0 {
		return [][]byte{end}
	}
	return nil
}

// EndMarkText is the end mark of a mode in hexadecimal, all of them where there are
// several, "" where none ends a message.
func EndMarkText(f Framer) string { return hexAny(endMarks(f)) }

// SetBy names what a program has set so that an end mark ends messages as in f: the preset,
// the description or the mode.
func SetBy(f Framer) string {
	switch f := f.(type) {
	case *described:
		return f.read.from
	case *stuffedFramer:
		return presetText(f.name)
	case *markerFramer:
		return f.by()
	}
	return "WDS_MODE_END_TAG"
}

// GapSetBy names what sets the silence that ends a message of f.
func GapSetBy(f Framer) string {
	if HasDescription(f) {
		return "gap="
	}
	return "WDS_OPT_FRAME_GAP"
}

// HasMarkers tells whether f is one of WDS_MODE_MARKERS, whose messages end with a marker,
// not with a tag.
func HasMarkers(f Framer) bool {
	_, is := f.(*markerFramer)
	return is
}

// HasDescription tells whether what ends a message of f is WDS_TEXT_FRAME's.
func HasDescription(f Framer) bool {
	switch f.(type) {
	case *described, *stuffedFramer:
		return true
	}
	return false
}

// Shown is how texts show bytes of a peer: as text, or in hexadecimal where they
// are mostly none.
func Shown(p []byte) string {
	const most = 32
	odd := 0
	for _, b := range p[:min(len(p), most)] {
		if b < ' ' && b != '\r' && b != '\n' && b != '\t' || b >= 0x7F {
			odd++
		}
	}
	if odd*4 > min(len(p), most) {
		return hexBytes(p)
	}
	return escape.Quote(p, most)
}

// Likely tells what bytes at the front of a stream seem to be that are no message
// of f, or none that ends: a hint, and what it names. server: the peer is the one
// that was connected to.
func Likely(f Framer, p []byte, server bool) (hint fault.Note, arg string) {
	switch {
	case isTLS(p):
		if server {
			return hintTLSServer, ""
		}
		return hintTLSClient, ""
	case isHTTP(p) && server:
		return hintHTTPServer, ""
	case isHTTP(p):
		return hintHTTPClient, ""
	}
	if l, is := f.(*lengthFramer); is {
		if size, is := l.otherSize(p); is && int64(len(p)-l.prefix()) == size {
			return hintOrder, strconv.FormatInt(size, 10)
		}
	}
	if isLines(p) {
		return likelyText(f, p)
	}
	return likelyBinary(f, p)
}

// isTLS tells whether p begins with a record of TLS that ends or begins a
// conversation: type, version 3.0 to 3.4, a length that is possible.
func isTLS(p []byte) bool {
	const alert, handshake, major, minor, head, alertSize, largest = 0x15, 0x16, 3, 4, 5, 2, 1<<14 + 256
	if len(p) < head || p[1] != major || p[2] > minor {
		return false
	}
	size := binary.BigEndian.Uint16(p[3:])
	return p[0] == alert && size == alertSize || p[0] == handshake && size > 0 && size <= largest
}

// isLines tells whether p is text and ends with the end of a line, CR or LF: bytes
// of a message that is still on its way have such ones, too.
func isLines(p []byte) bool {
	const most = 4096
	if len(p) == 0 || p[len(p)-1] != '\n' && p[len(p)-1] != '\r' {
		return false
	}
	for _, b := range p[:min(len(p), most)] {
		if b < ' ' && b != '\r' && b != '\n' && b != '\t' || b == 0x7F {
			return false
		}
	}
	return true
}

// endsLines tells whether a line that ends with tag may end, or be part of, a message of f:
// an end mark is in it, begins with it, or has characters that text may have inside, as "END".
func endsLines(f Framer, tag []byte) bool {
	return slices.ContainsFunc(endMarks(f), func(end []byte) bool {
		return bytes.Contains(tag, end) || bytes.HasPrefix(end, tag) || bytes.ContainsFunc(end, func(r rune) bool { return r >= ' ' })
	})
}

// counts tells whether a length tells where messages of f end.
func counts(f Framer) bool {
	switch f := f.(type) {
	case *lengthFramer, modbusFramer, *postgresFramer:
		return true
	case *described:
		return f.read.size >= 0
	}
	return false
}

// starts tells whether messages of f may begin with a byte that is a marker.
func starts(f Framer, b byte) bool {
	switch f := f.(type) {
	case *markerFramer:
		return len(f.start) > 0 && f.start[0] == b
	case *described:
		return f.read.starts[b]
	}
	return false
}

// isHTTP tells whether p begins with a request or an answer of HTTP.
func isHTTP(p []byte) bool {
	const most = 4096
	first, _, _ := bytes.Cut(p[:min(len(p), most)], []byte("\n"))
	if !bytes.Contains(first, []byte("HTTP/1.")) {
		return false
	}
	for _, begin := range [...]string{"GET ", "POST ", "HEAD ", "PUT ", "OPTIONS ", "CONNECT ", "HTTP/1."} {
		if bytes.HasPrefix(p, []byte(begin)) {
			return true
		}
	}
	return false
}

// likelyText is Likely for lines of text.
func likelyText(f Framer, p []byte) (fault.Note, string) {
	if size, prefix, ok := readSize(p); ok && size >= 0 {
		if _, is := f.(*sizeFramer); !is && int64(len(p)-prefix) <= size {
			return hintMode, "WDS_MODE_SIZE"
		}
		return fault.NoNote, ""
	}
	tag := p[len(p)-1:]
	if bytes.HasSuffix(p, []byte("\r\n")) {
		tag = []byte("\r\n")
	}
	_, fixed := f.(fixedFramer)
	if fixed || endsLines(f, tag) {
		return fault.NoNote, ""
	}
	return hintTag, hexBytes(tag)
}

// likelyBinary is Likely for bytes that are no lines of text.
func likelyBinary(f Framer, p []byte) (fault.Note, string) {
	const stx, etx = 2, 3
	switch n := len(p); {
	case counts(f):
	case n >= 4 && p[0] == 0 && int(binary.BigEndian.Uint32(p)) == n-4:
		return hintMode, "WDS_MODE_LENGTH, WDS_OPT_FRAME_WIDTH 4"
	case n >= 3 && int(binary.BigEndian.Uint16(p)) == n-2:
		return hintMode, "WDS_MODE_LENGTH, WDS_OPT_FRAME_WIDTH 2"
	case n >= 2 && p[0] == stx && !starts(f, stx) && bytes.IndexByte(p, etx) > 0:
		return hintMode, "WDS_MODE_MARKERS (STX, ETX)"
	}
	return fault.NoNote, ""
}

// otherSize is the size of a message in the other byte order, if it is one.
func (f *lengthFramer) otherSize(p []byte) (int64, bool) {
	prefix := f.prefix()
	if f.width == 1 || len(p) < prefix {
		return 0, false
	}
	other := *f
	if other.order = binary.LittleEndian; f.order == binary.LittleEndian {
		other.order = binary.BigEndian
	}
	size := other.field(p[other.offset:prefix]) + other.adjustment
	return size, size >= 0 && size <= int64(other.limit)
}

// tooLong is the error of a length over the limit.
func (f *lengthFramer) tooLong(prefix []byte, size int64) error {
	e := announcedTooLong(prefix, size, f.limit, maxMessage)
	if other, is := f.otherSize(prefix); is {
		e.Advise(hintOrder, strconv.FormatInt(other, 10))
	}
	return e
}
