package websocket

import (
	"encoding/binary"
	"strconv"
	"time"
	"unicode/utf8"

	"wdsocket/core/fault"
)

// reader is what reading knows. It belongs to the reader.
type reader struct {
	early  []byte       // came behind the hand-shake
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
	check      utf8Check
	record     [RecordHeader]byte
	toGive     uint8 // bytes of record that Read has not given yet
	inflater   *inflater

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

// Read reads records, or bytes, at least one. Pings are answered meanwhile. Errors of
// waiting come unchanged, and reading goes on after them. The peer's end is
// fault.PeerClosed or, with a code of an error, fault.WSClosed.
func (c *Conn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	r := &c.in
	for {
		if n := c.readKept(p); n > 0 {
			return n, nil
		}
		if r.failed != nil {
			r.told = true
			return 0, r.failed
		}
		c.sendPong()
		if n, err := c.readMore(p); n > 0 || err != nil {
			return n, err
		}
	}
}

// readKept reads what is here already.
func (c *Conn) readKept(p []byte) int {
	r := &c.in
	if r.made != nil {
		return r.giveMade(p)
	}
	if r.inflater.active() {
		if n := c.inflate(p); n > 0 || r.failed != nil {
			return n
		}
	}
	if x := r.excess; x != nil {
		n, used := c.decode(p, x.buf.b[x.at:x.n])
		if x.at += used; x.at == x.n || r.failed != nil {
			buffers.Put(x.buf)
			r.excess = nil
		}
		return n
	}
	n, _ := c.decode(p, nil)
	return n
}

// readMore reads from below, and gives what comes of it: it may be nothing.
func (c *Conn) readMore(p []byte) (int, error) {
	r := &c.in
	if at, n := c.inPlace(len(p)); n > 0 {
		got, err := c.receive(p[at : at+n])
		if err != nil {
			return 0, err
		}
		out, _ := c.decode(p, p[at:at+got])
		return out, nil
	}
	buf := buffers.Get().(*buffer)
	most := len(buf.b)
	if !c.facts.Compressed {
		most = fewBytes
	}
	got, err := c.receive(buf.b[:most])
	if err != nil {
		buffers.Put(buf)
		return 0, err
	}
	r.excess = &kept{buf: buf, n: got}
	return c.readKept(p), nil
}

// receive reads what came behind the hand-shake, or from below.
func (c *Conn) receive(p []byte) (int, error) {
	r := &c.in
	if len(r.early) > 0 {
		n := copy(p, r.early)
		if r.early = r.early[n:]; len(r.early) == 0 {
			r.early = nil
		}
		return n, nil
	}
	n, err := c.base.Read(p)
	if n > 0 {
		return n, nil
	}
	if err == nil || fault.CodeOf(err) == fault.PeerClosed {
		r.failed, r.told = fault.New(fault.WSAbnormal, fault.PhaseRead, c.who), true
		return 0, r.failed
	}
	return 0, err
}

// inPlace tells where in memory of size bytes to read how much, so that what is decoded
// has room in front of what is not; 0 if it would not. A record's header may be longer
// than a frame's.
func (c *Conn) inPlace(size int) (at, n int) {
	r := &c.in
	lead := 0 // of the payload: it takes the room that it had
	if r.left > 0 && r.first&bitControl == 0 && !r.compressed {
		lead = int(min(r.left, int64(size)))
	}
	switch {
	case c.facts.Compressed:
		return 0, 0
	case lead == size, lead >= manyBytes:
		return 0, lead
	case !c.config.Records:
		return 0, size
	case size < fewBytes:
		return 0, 0
	case !c.client: // a frame's header has 6 bytes at least, but some may have come before
		if r.got > 0 {
			at = RecordHeader
		}
		return at, size - at
	}
	const frameHeader = 2 // at least
	n = lead + (size-lead-RecordHeader)*frameHeader/RecordHeader
	return size - n, n
}

// decode decodes src into dst, which may be the same memory if dst has room as inPlace
// tells, and tells how much it made of how much.
func (c *Conn) decode(dst, src []byte) (made, used int) {
	r := &c.in
	for r.failed == nil {
		if r.toGive > 0 {
			n := copy(dst[made:], r.record[RecordHeader-r.toGive:])
			made += n
			if r.toGive -= uint8(n); r.toGive > 0 {
				break
			}
		}
		if used == len(src) || r.inflater.active() {
			break
		}
		if r.left == 0 {
			used += c.decodeHead(src[used:])
			continue
		}
		p := src[used:]
		p = p[:min(int64(len(p)), r.left)]
		if r.first&bitControl == 0 && !r.compressed {
			p = p[:min(len(p), len(dst)-made)]
			if len(p) == 0 {
				break
			}
			if !c.data(dst[made:], p) {
				c.fail(&wrongFrame{close: CloseText, code: fault.WSText})
				break
			}
			made += len(p)
		} else {
			c.aside(p)
		}
		used += len(p)
		if r.left -= int64(len(p)); r.left == 0 && r.failed == nil {
			c.frameEnded()
		}
	}
	return made, used
}

// data decodes a part of the payload of a data frame. It is false for a text that is
// none: no part of it that would make the message whole is given.
func (c *Conn) data(dst, p []byte) bool {
	r := &c.in
	dst = dst[:len(p)]
	if c.client {
		copy(dst, p)
	} else {
		r.key = maskInto(dst, p, r.key)
	}
	r.empty = 0
	if !r.text {
		return true
	}
	return r.check.add(dst) && (r.begun || int64(len(p)) < r.left || r.check.end())
}

// aside decodes a part of a control frame, or of a compressed message.
func (c *Conn) aside(p []byte) {
	r := &c.in
	var dst []byte
	if r.first&bitControl != 0 {
		dst = r.control.b[r.control.n:][:len(p)]
		r.control.n += len(p)
	} else {
		dst = r.inflater.room(len(p))
		r.empty = 0
	}
	if c.client {
		copy(dst, p)
	} else {
		r.key = maskInto(dst, p, r.key)
	}
}

// decodeHead takes the header of a frame, or a part of it, and tells how long that is.
func (c *Conn) decodeHead(p []byte) int {
	r := &c.in
	used := 0
	for {
		need := headSize(r.head[:r.got])
		n := copy(r.head[r.got:need], p[used:])
		used += n
		if r.got += uint8(n); int(r.got) < need {
			return used
		}
		if need == headSize(r.head[:r.got]) {
			break
		}
	}
	if wrong := c.frameBegins(); wrong != nil {
		c.fail(wrong)
	} else if r.left == 0 {
		c.frameEnded()
	}
	r.got = 0
	return used
}

// headSize tells how long a frame's header is, as far as its beginning shows.
func headSize(p []byte) int {
	n := 2
	if len(p) < n {
		return n
	}
	switch p[1] &^ bitMask {
	case 126:
		n += 2
	case 127:
		n += 8
	}
	if p[1]&bitMask != 0 {
		n += 4
	}
	return n
}

// frameBegins checks the header of a frame and begins it.
func (c *Conn) frameBegins() *wrongFrame {
	r := &c.in
	first, op := r.head[0], r.head[0]&0x0F
	length, at := uint64(r.head[1]&^bitMask), 2
	switch length {
	case 126:
		length, at = uint64(binary.BigEndian.Uint16(r.head[2:])), 4
	case 127:
		length, at = binary.BigEndian.Uint64(r.head[2:]), 10
	}
	masked := r.head[1]&bitMask != 0
	starts := op == opText || op == opBinary
	compressed := first&bitRSV1 != 0 && starts && c.facts.Compressed
	switch {
	case first&bitsRSV != 0 && !(compressed && first&bitsRSV == bitRSV1):
		return broken(noteReserved, "0x"+strconv.FormatUint(uint64(first), 16))
	case op > opPong || op > opBinary && op < opClose:
		return broken(noteOpcode, strconv.Itoa(int(op)))
	case op&bitControl != 0 && (length > mostControl || first&bitFinal == 0):
		return broken(noteControl)
	case c.client && masked:
		return broken(noteNoMask)
	case !c.client && !masked:
		return broken(noteMask)
	case length > 1<<63-1:
		return broken(noteLength, strconv.FormatUint(length, 10))
	}
	if masked {
		r.key = binary.LittleEndian.Uint32(r.head[at:])
	}
	r.first, r.left = first, int64(length)
	if op&bitControl != 0 {
		if r.control == nil {
			r.control = new(control)
		}
		r.control.n = 0
		return c.countEmpty()
	}
	switch {
	case starts && r.begun:
		return broken(noteInterrupted)
	case !starts && !r.begun:
		return broken(noteContinuation)
	case starts:
		r.text, r.compressed, r.size = op == opText, compressed, 0
		if compressed && r.inflater == nil {
			r.inflater = new(inflater)
		}
	}
	return c.partBegins(length)
}

// partBegins begins a fragment, or a message.
func (c *Conn) partBegins(length uint64) *wrongFrame {
	r := &c.in
	r.begun = r.first&bitFinal == 0
	if most := c.config.limit(); length > uint64(most-r.size) {
		return tooLong(uint64(r.size)+length, most)
	}
	r.size += int64(length)
	if length == 0 {
		if wrong := c.countEmpty(); wrong != nil || r.begun { // a fragment without anything is none
			return wrong
		}
		if r.text && !r.compressed && !r.check.end() {
			return &wrongFrame{close: CloseText, code: fault.WSText}
		}
	}
	if !r.compressed {
		c.giveRecord(int(length), r.begun)
	}
	return nil
}

func tooLong(length uint64, most int64) *wrongFrame {
	return &wrongFrame{CloseTooLong, fault.WSTooLong, noteMessageLong, [2]string{strconv.FormatUint(length, 10), strconv.FormatInt(most, 10)}}
}

// giveRecord has Read give the header of a record.
func (c *Conn) giveRecord(length int, more bool) {
	if !c.config.Records {
		return
	}
	r := &c.in
	putRecord(r.record[:], length, r.text, more)
	r.toGive = RecordHeader
}

// putRecord writes the header of a record.
func putRecord(b []byte, length int, text, more bool) {
	b[0] = 0
	if text {
		b[0] |= FlagText
	}
	if more {
		b[0] |= FlagMore
	}
	binary.BigEndian.PutUint32(b[1:], uint32(length))
}

// frameEnded is behind the payload of a frame.
func (c *Conn) frameEnded() {
	r := &c.in
	switch op := r.first & 0x0F; {
	case op&bitControl != 0:
		c.controlEnded(op)
	case r.begun:
	case r.compressed:
		r.inflater.begin()
	}
}

// controlEnded is behind a control frame.
func (c *Conn) controlEnded(op byte) {
	r := &c.in
	r.heard++
	payload := r.control.b[:r.control.n]
	switch op {
	case opPing:
		c.answerPing(payload)
	case opClose:
		said, wrong := parseClose(payload)
		if wrong != nil {
			c.fail(wrong)
			return
		}
		c.peer.Store(&said)
		c.sendClose(said.code, "")
		r.failed = said.err(c.who)
	}
}

// countEmpty counts a frame that gives nothing to read: many at once may keep a call
// longer than its time.
func (c *Conn) countEmpty() *wrongFrame {
	const (
		most   = 1 << 14
		within = 16 * time.Second
	)
	r := &c.in
	if r.empty++; r.empty == 1 {
		r.since = time.Now()
	}
	if r.empty < most {
		return nil
	}
	if time.Since(r.since) < within {
		return &wrongFrame{close: ClosePolicy, code: fault.WSProtocol, note: noteFlood}
	}
	r.empty = 0
	return nil
}

// fail ends reading because of what the peer sent, and tells it so.
func (c *Conn) fail(wrong *wrongFrame) {
	e := fault.New(wrong.code, fault.PhaseWebSocket, c.who).With(wrong.note, wrong.args[:]...)
	reason := fault.Sentence(fault.English, wrong.note, wrong.args[:]...)
	if len(reason) > longestReason {
		end := longestReason
		for !utf8.RuneStart(reason[end]) {
			end--
		}
		reason = reason[:end]
	}
	c.sendClose(wrong.close, reason)
	c.in.failed = e
}
