package websocket

import (
	"encoding/binary"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"wdsocket/core/fault"
)

// The opcodes of RFC 6455, section 5.2, and the bits beside them.
const (
	opContinuation = 0
	opText         = 1
	opBinary       = 2
	opClose        = 8
	opPing         = 9
	opPong         = 10

	bitControl = 0x08
	bitFinal   = 0x80
	bitRSV1    = 0x40
	bitsRSV    = 0x70
	bitMask    = 0x80

	mostControl = 125 // bytes of a control frame
	mostHead    = 14  // bytes in front of a frame's payload
)

// writer is what writes frames. Its mutex is held for each whole frame.
type writer struct {
	c      *Conn
	mu     sync.Mutex
	closed bool // a close frame was written
	begun  bool // fragments of a message were
	code   uint16
	reason string

	// records
	head [RecordHeader]byte
	got  int    // bytes of head that are known
	left uint32 // bytes of the record's payload that are still to come

	// control frames
	given    int64       // bytes written so far
	pong     int64       // given behind the last pong
	ping     int64       // the same of the last ping
	next     *control    // the pong that waits for the last one to leave, nil if none
	waits    atomic.Bool // there is one
	deflater *deflater   // of the message that is being written, nil if it is not compressed
}

// control is the payload of a control frame.
type control struct {
	n int
	b [mostControl]byte
}

// frames collects frames in a buffer on their way to the base. The writer's lock is
// held.
type frames struct {
	c    *Conn
	buf  *buffer
	n    int
	sent int // bytes given to the base
	err  error
}

// room makes room for n bytes, which a buffer has.
func (f *frames) room(n int) {
	if f.n+n > len(f.buf.b) {
		f.flush()
	}
}

// flush gives what was collected to the base.
func (f *frames) flush() {
	f.pass(f.buf.b[:f.n])
	f.n = 0
}

func (f *frames) pass(p []byte) {
	if f.err != nil || len(p) == 0 {
		return
	}
	if _, f.err = f.c.base.Write(p); f.err != nil {
		return
	}
	f.sent += len(p)
	f.c.out.given += int64(len(p))
}

// plainHead tells how many bytes stand in front of a payload of n bytes that is not masked.
func plainHead(n int) int {
	switch {
	case n <= mostControl:
		return 2
	case n < 1<<16:
		return 4
	}
	return 10
}

// putHead writes them, and tells how many they are. first is the frame's first byte.
func putHead(b []byte, first byte, n int) int {
	size := plainHead(n)
	b[0] = first
	switch size {
	case 2:
		b[1] = byte(n)
	case 4:
		b[1] = 126
		binary.BigEndian.PutUint16(b[2:], uint16(n))
	default:
		b[1] = 127
		binary.BigEndian.PutUint64(b[2:], uint64(n))
	}
	return size
}

// frame adds a frame. first is its first byte.
func (f *frames) frame(first byte, payload []byte) {
	f.room(mostHead)
	b := f.buf.b[f.n:][:mostHead]
	at := putHead(b, first, len(payload))
	var key uint32
	if f.c.client {
		b[1] |= bitMask
		key = rand.Uint32() // of ChaCha8 with a seed of the system: no page or program can foresee it
		binary.LittleEndian.PutUint32(b[at:], key)
		at += 4
	}
	f.n += at
	f.payload(payload, key)
}

// payload adds the payload of a frame: masked by a client, otherwise the part that a
// buffer does not hold as it is.
func (f *frames) payload(p []byte, key uint32) {
	for {
		n := min(len(p), len(f.buf.b)-f.n)
		if f.c.client {
			key = maskInto(f.buf.b[f.n:][:n], p[:n], key)
		} else {
			copy(f.buf.b[f.n:], p[:n])
		}
		f.n += n
		if p = p[n:]; len(p) == 0 {
			return
		}
		f.flush()
		if !f.c.client && len(p) >= len(f.buf.b) {
			f.pass(p)
			return
		}
	}
}

// framesLocked begins to collect frames.
func (w *writer) framesLocked() frames { return frames{c: w.c, buf: buffers.Get().(*buffer)} }

// done gives what is left to the base, and the buffer back.
func (f *frames) done() error {
	f.flush()
	buffers.Put(f.buf)
	f.buf = nil
	return f.err
}

// Write writes frames: of the records in p, or of p itself. It never waits.
func (c *Conn) Write(p []byte) (int, error) {
	w := &c.out
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return 0, c.writeError(fault.PhaseWrite)
	}
	f := w.framesLocked()
	if w.next != nil {
		w.pongLocked(&f)
	}
	if c.config.Records {
		w.recordsLocked(&f, p)
	} else if len(p) > 0 {
		w.partLocked(&f, 0, p)
	}
	if err := f.done(); err != nil {
		return min(f.sent, len(p)), err // a part may have left
	}
	return len(p), nil
}

// WriteRecord is Write of one whole record, short or long, in memory that it may change:
// most frames of a server fit into the place of the record.
func (c *Conn) WriteRecord(p []byte) (int, error) {
	length := len(p) - RecordHeader
	at := RecordHeader - plainHead(length) // where the frame begins
	if c.client || !c.config.Records || c.facts.Compressed || length < 0 || at < 0 {
		return c.Write(p)
	}
	w := &c.out
	w.mu.Lock()
	if w.closed || w.next != nil || w.got > 0 || w.begun || p[0]&FlagMore != 0 {
		w.mu.Unlock()
		return c.Write(p)
	}
	defer w.mu.Unlock()
	first := byte(bitFinal | opBinary)
	if p[0]&FlagText != 0 {
		first = bitFinal | opText
	}
	putHead(p[at:], first, length)
	if _, err := c.base.Write(p[at:]); err != nil {
		return 0, err
	}
	w.given += int64(len(p) - at)
	return len(p), nil
}

// recordsLocked takes records apart. What comes of a record goes out at once: the rest of it
// is another fragment.
func (w *writer) recordsLocked(f *frames, p []byte) {
	for len(p) > 0 && f.err == nil {
		if w.got < RecordHeader {
			n := copy(w.head[w.got:], p)
			w.got += n
			p = p[n:]
			if w.got < RecordHeader {
				return
			}
			if w.left = binary.BigEndian.Uint32(w.head[1:]); w.left > 0 {
				continue
			}
		}
		n := int(min(uint64(w.left), uint64(len(p))))
		w.left -= uint32(n)
		flags := w.head[0]
		if w.left > 0 {
			flags |= FlagMore
		} else {
			w.got = 0
		}
		w.partLocked(f, flags, p[:n])
		p = p[n:]
	}
}

// partLocked writes a message or a part of one as a frame.
func (w *writer) partLocked(f *frames, flags byte, p []byte) {
	first := byte(opBinary)
	switch {
	case w.begun:
		first = opContinuation
	case flags&FlagText != 0:
		first = opText
	}
	if w.c.facts.Compressed {
		first, p = w.compressLocked(first, flags, p)
	}
	if w.begun = flags&FlagMore != 0; !w.begun {
		first |= bitFinal
	}
	f.frame(first, p)
	if w.deflater != nil && !w.begun {
		f.flush()
		w.deflater.release()
		w.deflater = nil
	}
}

// Ping sends a ping, unless one is still on its way out. The pong gives nothing to read;
// see Heard.
func (c *Conn) Ping() error {
	w := &c.out
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return c.writeError(fault.PhaseWrite)
	}
	if !w.leftLocked(w.ping) {
		return nil
	}
	err := w.controlLocked(opPing, nil)
	w.ping = w.given
	return err
}

// leftLocked tells whether all up to given bytes has left the bottom, as far as is
// known: layers below may have made more bytes of it.
func (w *writer) leftLocked(given int64) bool {
	return given == 0 || w.given-int64(w.c.base.Unsent()) >= given
}

// controlLocked writes a control frame.
func (w *writer) controlLocked(op byte, payload []byte) error {
	f := w.framesLocked()
	f.frame(bitFinal|op, payload)
	return f.done()
}

// answerPing answers a ping, at once or, if the last pong has not left, later and in the
// place of other pings.
func (w *writer) answerPing(payload []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	if w.next == nil && !w.leftLocked(w.pong) {
		w.next = new(control)
		w.waits.Store(true)
	}
	if w.next != nil {
		w.next.n = copy(w.next.b[:], payload)
		return
	}
	w.controlLocked(opPong, payload) // that it cannot be written, the reader finds out
	w.pong = w.given
}

// sendPong sends a pong that waits, if it may go.
func (w *writer) sendPong() {
	if !w.waits.Load() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next != nil && !w.closed {
		f := w.framesLocked()
		w.pongLocked(&f)
		f.done()
	}
}

// pongLocked adds the pong that waits, if it may go.
func (w *writer) pongLocked(f *frames) {
	if !w.leftLocked(w.pong) {
		return
	}
	f.frame(bitFinal|opPong, w.next.b[:w.next.n])
	w.pong = w.given + int64(f.n)
	w.next = nil
	w.waits.Store(false)
}

// SetClose sets what CloseWrite tells the peer, 1000 without a reason otherwise. The
// reason has at most 123 bytes.
func (c *Conn) SetClose(code uint16, reason string) error {
	if err := checkClose(code, reason); err != nil {
		return err
	}
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	c.out.code, c.out.reason = code, reason
	return nil
}

// CloseWrite sends a close frame: nothing can be written behind it. Reading goes on
// until the peer's.
func (c *Conn) CloseWrite() error {
	c.out.mu.Lock()
	code, reason := c.out.code, c.out.reason
	c.out.mu.Unlock()
	if code == 0 {
		code = CloseNormal
	}
	return c.out.sendClose(code, reason)
}

// sendClose sends a close frame unless one was sent. CloseNone is none.
func (w *writer) sendClose(code uint16, reason string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil
	}
	w.closed, w.next = true, nil
	w.waits.Store(false)
	if w.deflater != nil {
		w.deflater.release()
		w.deflater = nil
	}
	var payload []byte
	if code != CloseNone {
		payload = append(binary.BigEndian.AppendUint16(make([]byte, 0, mostControl), code), reason...)
	}
	return w.controlLocked(opClose, payload)
}
