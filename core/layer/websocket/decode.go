package websocket

import (
	"encoding/binary"
	"strconv"

	"wdsocket/core/fault"
)

// decode decodes src into dst, which may be the same memory if dst has room as inPlace
// tells, and tells how much it made of how much.
func (r *reader) decode(dst, src []byte) (made, used int) {
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
			used += r.decodeHead(src[used:])
			continue
		}
		p := src[used:]
		p = p[:min(int64(len(p)), r.left)]
		if r.first&bitControl == 0 && !r.compressed {
			p = p[:min(len(p), len(dst)-made)]
			if len(p) == 0 {
				break
			}
			if !r.data(dst[made:], p) {
				r.fail(&wrongFrame{close: CloseText, code: fault.WebSocketText})
				break
			}
			made += len(p)
		} else {
			r.aside(p)
		}
		used += len(p)
		if r.left -= int64(len(p)); r.left == 0 && r.failed == nil {
			r.frameEnded()
		}
	}
	return made, used
}

// data decodes a part of the payload of a data frame. It is false for a text that is
// none: no part of it that would make the message whole is given.
func (r *reader) data(dst, p []byte) bool {
	dst = dst[:len(p)]
	r.unmask(dst, p)
	r.empty = 0
	if !r.text {
		return true
	}
	return r.check.add(dst) && (r.begun || int64(len(p)) < r.left || r.check.end())
}

// aside decodes a part of a control frame, or of a compressed message.
func (r *reader) aside(p []byte) {
	var dst []byte
	if r.first&bitControl != 0 {
		dst = r.control.b[r.control.n:][:len(p)]
		r.control.n += len(p)
	} else {
		dst = r.inflater.room(len(p))
		r.empty = 0
	}
	r.unmask(dst, p)
}

// unmask writes payload as it was before a client masked it.
func (r *reader) unmask(dst, p []byte) {
	if r.c.client {
		copy(dst, p)
	} else {
		r.key = maskInto(dst, p, r.key)
	}
}

// decodeHead takes the header of a frame, or a part of it, and tells how long that is.
func (r *reader) decodeHead(p []byte) int {
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
	if wrong := r.frameBegins(); wrong != nil {
		r.fail(wrong)
	} else if r.left == 0 {
		r.frameEnded()
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
func (r *reader) frameBegins() *wrongFrame {
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
	compressed := first&bitRSV1 != 0 && starts && r.c.facts.Compressed
	switch {
	case first&bitsRSV != 0 && !(compressed && first&bitsRSV == bitRSV1):
		return broken(noteReserved, "0x"+strconv.FormatUint(uint64(first), 16))
	case op > opPong || op > opBinary && op < opClose:
		return broken(noteOpcode, strconv.Itoa(int(op)))
	case op&bitControl != 0 && (length > mostControl || first&bitFinal == 0):
		return broken(noteControl)
	case r.c.client && masked:
		return broken(noteNoMask)
	case !r.c.client && !masked:
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
		return r.countEmpty()
	}
	switch {
	case starts && r.begun:
		return broken(noteInterrupted)
	case !starts && !r.begun:
		return broken(noteContinuation)
	case starts:
		r.text, r.compressed, r.size = op == opText, compressed, 0
		if compressed && r.inflater == nil {
			r.inflater = inflaters.Get().(*inflater)
		}
	}
	return r.partBegins(length)
}

// partBegins begins a fragment, or a message.
func (r *reader) partBegins(length uint64) *wrongFrame {
	r.begun = r.first&bitFinal == 0
	if length > uint64(max(r.most-r.size, 0)) {
		return tooLong(uint64(r.size)+length, r.most)
	}
	r.size += int64(length)
	if length == 0 {
		if wrong := r.countEmpty(); wrong != nil || r.begun { // a fragment without anything is none
			return wrong
		}
		if r.text && !r.compressed && !r.check.end() {
			return &wrongFrame{close: CloseText, code: fault.WebSocketText}
		}
	}
	if !r.compressed {
		r.giveRecord(int(length), r.begun)
	}
	return nil
}

func tooLong(length uint64, most int64) *wrongFrame {
	return &wrongFrame{CloseTooLong, fault.WebSocketTooLong, noteMessageLong, [2]string{strconv.FormatUint(length, 10), strconv.FormatInt(most, 10)}}
}

// giveRecord has Read give the header of a record.
func (r *reader) giveRecord(length int, more bool) {
	if !r.c.config.Records {
		return
	}
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
func (r *reader) frameEnded() {
	switch op := r.first & 0x0F; {
	case op&bitControl != 0:
		r.controlEnded(op)
	case r.begun:
	case r.compressed:
		r.inflater.begin()
	}
}
