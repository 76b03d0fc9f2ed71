package frame

import (
	"bytes"
	"encoding/binary"
	"strconv"

	"wdsocket/core/escape"
	"wdsocket/core/fault"
)

// What texts say of a mode: what it is, what ends a message, and in which mode
// bytes may be that are no message of it.

func (f *tagFramer) String() string { return "WDS_MODE_END_TAG, " + hexBytes(f.tag) }
func (*sizeFramer) String() string  { return "WDS_MODE_SIZE" }
func (rawFramer) String() string    { return "WDS_MODE_RAW" }
func (gapFramer) String() string    { return "WDS_MODE_GAP" }
func (f fixedFramer) String() string {
	return "WDS_MODE_FIXED, WDS_OPT_FRAME_LENGTH " + strconv.Itoa(f.length)
}
func (f *markerFramer) String() string { return "WDS_MODE_MARKERS, " + hexBytes(f.end) }
func (f *lengthFramer) String() string {
	return "WDS_MODE_LENGTH, WDS_OPT_FRAME_WIDTH " + strconv.Itoa(f.width)
}

// EndMark is what ends a message on the wire.
func (f *tagFramer) EndMark() []byte    { return f.tag }
func (f *markerFramer) EndMark() []byte { return f.end }
func (whole) EndMark() []byte           { return nil }
func (plain) EndMark() []byte           { return nil }

// EndMarkText is the end mark of a mode in hexadecimal, "" where none ends a
// message.
func EndMarkText(f Framer) string { return hexBytes(f.EndMark()) }

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
	const tlsAlert, tlsHandshake, tlsMajor = 0x15, 0x16, 3
	switch {
	case len(p) >= 2 && p[1] == tlsMajor && (p[0] == tlsHandshake || p[0] == tlsAlert):
		if server {
			return hintTLSServer, ""
		}
		return hintTLSClient, ""
	case isHTTP(p):
		return hintHTTP, ""
	}
	if l, is := f.(*lengthFramer); is {
		if size, is := l.otherSize(p); is && int64(len(p)-l.prefix()) == size {
			return hintOrder, strconv.FormatInt(size, 10)
		}
	}
	if bytes.IndexByte(p, '\n') >= 0 {
		return likelyText(f, p)
	}
	return likelyBinary(f, p)
}

// isHTTP tells whether p begins with a request or an answer of HTTP.
func isHTTP(p []byte) bool {
	for _, begin := range [...]string{"GET ", "POST ", "HEAD ", "PUT ", "OPTIONS ", "CONNECT ", "HTTP/1."} {
		if bytes.HasPrefix(p, []byte(begin)) {
			return true
		}
	}
	return false
}

// likelyText is Likely for bytes with a line end in them.
func likelyText(f Framer, p []byte) (fault.Note, string) {
	if size, prefix, ok := readSize(p); ok && size >= 0 {
		if _, is := f.(*sizeFramer); !is && int64(len(p)-prefix) <= size {
			return hintMode, "WDS_MODE_SIZE"
		}
		return fault.NoNote, ""
	}
	tag := []byte("\n")
	if at := bytes.IndexByte(p, '\n'); at > 0 && p[at-1] == '\r' {
		tag = []byte("\r\n")
	}
	if bytes.Equal(tag, f.EndMark()) {
		return fault.NoNote, ""
	}
	return hintTag, hexBytes(tag)
}

// likelyBinary is Likely for bytes without a line end.
func likelyBinary(f Framer, p []byte) (fault.Note, string) {
	const stx, etx = 2, 3
	_, length := f.(*lengthFramer)
	switch n := len(p); {
	case length:
	case n >= 4 && p[0] == 0 && int(binary.BigEndian.Uint32(p)) == n-4:
		return hintMode, "WDS_MODE_LENGTH, WDS_OPT_FRAME_WIDTH 4"
	case n >= 3 && int(binary.BigEndian.Uint16(p)) == n-2:
		return hintMode, "WDS_MODE_LENGTH, WDS_OPT_FRAME_WIDTH 2"
	case n >= 2 && p[0] == stx && bytes.IndexByte(p, etx) > 0:
		return hintMode, "WDS_MODE_MARKERS (STX, ETX)"
	case n >= 2 && p[n-1] == '\r' && !bytes.Equal(f.EndMark(), []byte("\r")):
		return hintTag, "0D"
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
	e := announcedTooLong(prefix, size, f.limit)
	if other, is := f.otherSize(prefix); is {
		e.Advise(hintOrder, strconv.FormatInt(other, 10))
	}
	return e
}
