package capture

import (
	"strconv"
	"time"
	"unicode/utf8"

	"wdsocket/core/endpoint"
	"wdsocket/core/escape"
)

// What a trace shows of one record; the rest is counted.
const (
	mostDumped  = 4096
	mostMessage = 256
	mostLine    = 1024
	perRow      = 16
)

const timeFormat = "2006-01-02T15:04:05.000000Z"

func appendTime(line []byte, at time.Time) []byte { return at.UTC().AppendFormat(line, timeFormat) }

// headLocked appends what each record begins with: the time, the socket, both ends and
// the direction.
func (r *Recorder) headLocked(line []byte, at time.Time, d Direction, peer endpoint.Addr) []byte {
	line = append(appendTime(line, at), ' ')
	if r.label != "" {
		line = append(append(line, r.label...), ' ')
	}
	line = AppendEnd(line, r.socket.Local)
	arrow := " -> "
	if d == Received {
		arrow = " <- "
	}
	line = append(line, arrow...)
	if target := r.socket.Target; target != "" {
		line = append(line, target...)
	} else {
		line = AppendEnd(line, peer)
	}
	return append(line, "  "...)
}

// AppendEnd appends an end of a connection, "-" if it is not known.
func AppendEnd(line []byte, a endpoint.Addr) []byte {
	if !a.IsValid() {
		return append(line, '-')
	}
	return a.AppendTo(line)
}

// lineLocked records a line of text.
func (r *Recorder) lineLocked(d Direction, text string) {
	if r.text == nil {
		return
	}
	r.text.add(overhead+len(text), func(b *batch, at time.Time) {
		b.bytes = r.headLocked(b.bytes, at, d, r.socket.Peer)
		b.bytes = appendCut(b.bytes, text, mostLine)
		b.bytes = append(b.bytes, '\n')
		b.endRecord()
	})
}

// appendCut appends text on one line, cut at a character where it is longer than
// a limit.
func appendCut(line []byte, text string, limit int) []byte {
	from := len(line)
	line = escape.Append(line, text[:min(len(text), limit+utf8.UTFMax)], from+limit)
	if len(line)-from > limit {
		cut := from + limit
		for cut > from && !utf8.RuneStart(line[cut]) {
			cut--
		}
		line = append(line[:cut], "..."...)
	}
	return line
}

// dumpLocked records bytes, as hex and as text, behind a word for the direction.
func (r *Recorder) dumpLocked(d Direction, peer endpoint.Addr, p []byte, sent, received string) {
	word := sent
	if d == Received {
		word = received
	}
	shown := p[:min(len(p), mostDumped)]
	r.text.add(2*overhead+len(shown)*5, func(b *batch, at time.Time) {
		line := append(r.headLocked(b.bytes, at, d, peer), word...)
		line = append(appendCount(line, len(p)), '\n')
		for at := 0; at < len(shown); at += perRow {
			line = appendRow(line, at, shown[at:min(at+perRow, len(shown))])
		}
		if rest := len(p) - len(shown); rest > 0 {
			line = append(appendCount(append(line, "    ... "...), rest), " more\n"...)
		}
		b.bytes = line
		b.endRecord()
	})
}

func appendCount(line []byte, n int) []byte {
	line = strconv.AppendInt(line, int64(n), 10)
	if n == 1 {
		return append(line, " byte"...)
	}
	return append(line, " bytes"...)
}

// messageLocked records a whole message.
func (r *Recorder) messageLocked(d Direction, p []byte) {
	word := "message sent, "
	if d == Received {
		word = "message received, "
	}
	r.text.add(overhead+4*mostMessage, func(b *batch, at time.Time) {
		line := append(r.headLocked(b.bytes, at, d, r.socket.Peer), word...)
		line = append(appendCount(line, len(p)), ": "...)
		shown := p[:min(len(p), mostMessage+utf8.UTFMax)]
		line = appendCut(line, string(shown), mostMessage)
		b.bytes = append(line, '\n')
		b.endRecord()
	})
}

const digits = "0123456789ABCDEF"

// appendRow appends a row of a dump: the place, 16 bytes as hex and as ASCII.
func appendRow(line []byte, at int, p []byte) []byte {
	line = append(line, "    "...)
	for shift := 28; shift >= 0; shift -= 4 {
		line = append(line, digits[at>>shift&15])
	}
	line = append(line, ' ')
	for i := range perRow {
		if i == perRow/2 {
			line = append(line, ' ')
		}
		if i < len(p) {
			line = append(line, ' ', digits[p[i]>>4], digits[p[i]&15])
		} else {
			line = append(line, "   "...)
		}
	}
	line = append(line, "  "...)
	for _, c := range p {
		if c < ' ' || c > '~' {
			c = '.'
		}
		line = append(line, c)
	}
	return append(line, '\n')
}
