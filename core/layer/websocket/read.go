package websocket

import (
	"time"

	"wdsocket/core/fault"
)

// reader is what reading knows. It belongs to the reader.
type reader struct {
	c      *Conn
	early  []byte       // came behind the handshake
	excess *kept        // came too early, nil if nothing
	made   *kept        // was decoded and had no room, nil if nothing
	failed *fault.Error // what reading ends with, once what came before it is read
	told   bool         // Read has

	// the frame
	head  [mostHead]byte
	got   uint8 // bytes of head that are known
	first byte
	left  int64 // bytes of its payload that are still to come
	key   uint32

	// the message
	begun      bool // a fragment of it came, and the last did not
	text       bool
	compressed bool
	size       int64 // what its frames have
	most       int64 // that it may have
	check      utf8Check
	record     [RecordHeader]byte
	toGive     uint8 // bytes of record that Read has not given yet
	inflater   *inflater
	granted    int // memory that it may have

	control *control // a control frame that is coming
	heard   int64
	empty   int       // frames without data since the last with some
	since   time.Time // when the first of them came
}

// kept is what has no room in the caller's memory.
type kept struct {
	buf   *buffer
	at, n int
}

// fewBytes is less memory than what decodes in place.
const fewBytes = 64

// manyBytes of a payload are worth a read of their own: what follows it is not moved.
const manyBytes = 4 << 10

// Heard counts the control frames that have come. It is the reader's to ask.
func (c *Conn) Heard() int64 { return c.in.heard }

// Pending tells whether Read may give bytes without the layer below having any.
func (c *Conn) Pending() bool {
	r := &c.in
	return len(r.early) > 0 || r.excess != nil || r.made != nil || r.toGive > 0 || r.inflater.active() || r.failed != nil && !r.told
}

// Idle is layer.Idler's: no pong waits to be sent either, and no compressed message for
// more memory. Of a frame that has come in part the rest comes from below.
func (c *Conn) Idle() bool {
	return !c.Pending() && !c.out.waits.Load() && c.Needs() <= c.in.granted
}

// Midway is layer.Piecemeal's: a frame has come in part, or a message without its last one.
func (c *Conn) Midway() bool { return c.in.got > 0 || c.in.left > 0 || c.in.begun }

// Read reads records, or bytes, at least one. Pings are answered meanwhile. Errors of
// waiting come unchanged, and reading goes on after them. The peer's end is
// fault.PeerClosed or, with a code of an error, fault.WebSocketClosed.
func (c *Conn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	r := &c.in
	for {
		if n := r.readKept(p); n > 0 {
			return n, nil
		}
		if r.failed != nil {
			r.told = true
			return 0, r.failed
		}
		if r.excess != nil || r.inflater.active() { // a compressed message has come to its end
			continue
		}
		if c.Needs() > r.granted {
			return 0, ErrHeld
		}
		c.out.sendPong()
		if n, err := r.readMore(p); n > 0 || err != nil {
			return n, err
		}
	}
}

// readKept reads what is here already.
func (r *reader) readKept(p []byte) int {
	if r.made != nil {
		return r.giveMade(p)
	}
	if r.inflater.active() {
		if n := r.inflate(p); n > 0 || r.failed != nil {
			return n
		}
	}
	if x := r.excess; x != nil {
		n, used := r.decode(p, x.buf.b[x.at:x.n])
		if x.at += used; x.at == x.n || r.failed != nil {
			buffers.Put(x.buf)
			r.excess = nil
		}
		return n
	}
	n, _ := r.decode(p, nil)
	return n
}

// readMore reads from below, and gives what comes of it: it may be nothing.
func (r *reader) readMore(p []byte) (int, error) {
	if at, n := r.inPlace(len(p)); n > 0 {
		got, err := r.receive(p[at : at+n])
		if err != nil {
			return 0, err
		}
		out, _ := r.decode(p, p[at:at+got])
		return out, nil
	}
	buf := buffers.Get().(*buffer)
	most := len(buf.b)
	if !r.c.facts.Compressed {
		most = fewBytes
	}
	got, err := r.receive(buf.b[:most])
	if err != nil {
		buffers.Put(buf)
		return 0, err
	}
	r.excess = &kept{buf: buf, n: got}
	return r.readKept(p), nil
}

// receive reads what came behind the handshake, or from below.
func (r *reader) receive(p []byte) (int, error) {
	if len(r.early) > 0 {
		n := copy(p, r.early)
		if r.early = r.early[n:]; len(r.early) == 0 {
			r.early = nil
		}
		return n, nil
	}
	n, err := r.c.base.Read(p)
	if n > 0 {
		return n, nil
	}
	if err == nil || fault.CodeOf(err) == fault.PeerClosed {
		r.failed, r.told = fault.New(fault.WebSocketAbnormal, fault.PhaseRead, r.c.who), true
		return 0, r.failed
	}
	return 0, err
}

// inPlace tells where in memory of size bytes to read how much, so that what is decoded
// has room in front of what is not; 0 if it would not. A record's header may be longer
// than a frame's.
func (r *reader) inPlace(size int) (at, n int) {
	lead := 0 // of the payload: it takes the room that it had
	if r.left > 0 && r.first&bitControl == 0 && !r.compressed {
		lead = int(min(r.left, int64(size)))
	}
	switch {
	case r.c.facts.Compressed:
		return 0, 0
	case lead == size, lead >= manyBytes:
		return 0, lead
	case !r.c.config.Records:
		return 0, size
	case size < fewBytes:
		return 0, 0
	case !r.c.client: // a frame's header has 6 bytes at least, but some may have come before
		if r.got > 0 {
			at = RecordHeader
		}
		return at, size - at
	}
	const frameHeader = 2 // at least
	n = lead + (size-lead-RecordHeader)*frameHeader/RecordHeader
	return size - n, n
}
