package frame

import (
	"encoding/binary"
	"slices"
	"strconv"

	"wdsocket/core/fault"
)

// What a message of MODBUS RTU has with its check bytes: address, function, CRC at least.
const (
	modbusShortest = 4
	modbusLongest  = 256
	modbusCRC      = 2
)

// Addresses: that of all slaves, which none answers, and the highest one of a slave.
const (
	modbusBroadcast = 0
	modbusHighest   = 247
)

// What a modbusLength tells of bytes that show no length.
const (
	modbusMore    = 0  // more bytes are needed
	modbusUnknown = -1 // of this function no length is known
)

// modbusLength is how many bytes a message has with its check bytes, as far as p, the
// beginning of it, tells. p has address and function. Beside modbusMore it is how many bytes
// tell more.
type modbusLength func(p []byte) (n, need int)

// rtuFramer is MODBUS RTU as a serial gateway passes it on over TCP, where the silences
// between messages are lost: the function tells how long a message is, and the CRC whether
// it is one. The message is address, function and data.
//
// Of a function that is not known the CRC tells the end. So it does where a message began
// with noise: the first message that is whole counts. What is damaged is an error at once,
// and it goes on where the next message may begin.
type rtuFramer struct {
	whole
	limit  int
	length modbusLength
	name   string
}

func newRTUMaster(limit int) Framer {
	return &rtuFramer{limit: limit, length: modbusResponse, name: "modbus-rtu"}
}

func newRTUSlave(limit int) Framer {
	return &rtuFramer{limit: limit, length: modbusRequest, name: "modbus-rtu-slave"}
}

func (f *rtuFramer) String() string { return presetText(f.name) }

// Contiguous is false: check bytes stand behind a message.
func (*rtuFramer) Contiguous() bool { return false }

// Resync: by the CRC.
func (*rtuFramer) Resync() Resync { return ResyncTag }

func (f *rtuFramer) Decode(p []byte, scanned int) (Frame, error) {
	if len(p) < 2 {
		return incomplete(-1, modbusShortest, 0), nil
	}
	switch n, need := f.length(p); {
	case n == modbusMore:
		return incomplete(-1, need, 0), nil
	case n == modbusUnknown || n > modbusLongest:
		return f.search(p, scanned)
	case n > len(p):
		return incomplete(-1, n, 0), nil
	case modbusRight(p[:n]):
		return f.found(n)
	default:
		want := binary.LittleEndian.AppendUint16(nil, modbusSum(p[:n-modbusCRC]))
		fr := bad(f.resume(p[:n], true))
		fr.Marks |= IsWrong
		return fr, failure(fault.Check, noteCheck, hexBytes(p[n-modbusCRC:n]), hexBytes(want))
	}
}

// found is the message of n bytes at the front.
func (f *rtuFramer) found(n int) (Frame, error) {
	size := n - modbusCRC
	if size > f.limit {
		return bad(n), failure(fault.TooLong, noteOverLimit, strconv.Itoa(size), strconv.Itoa(f.limit), maxMessage)
	}
	return Frame{Len: size, Size: size, Total: n}, nil
}

// search looks for the end of a message whose function tells none: the first place where the
// CRC is right, or where another message ends that has begun behind it.
func (f *rtuFramer) search(p []byte, scanned int) (Frame, error) {
	q := p[:min(len(p), modbusLongest)]
	first := len(q) + 1 // where the first message ends that begins behind
	begin := 0
	for i := 1; i+1 < len(q); i++ {
		n, _ := f.length(q[i:])
		if end := i + n; n > 0 && end > scanned && end < first && end <= len(q) && modbusRight(q[i:end]) {
			first, begin = end, i
		}
	}
	sum := modbusTable().New()
	sum.Update(q[:min(modbusShortest-1, len(q))])
	for end := modbusShortest; end <= len(q) && end <= first; end++ {
		if sum.Update(q[end-1 : end]); sum.Sum() == 0 { // as it is over what ends with it
			return f.found(end)
		}
	}
	switch {
	case begin > 0:
		return bad(begin), failure(fault.Frame, noteModbusNoise, Shown(p[:begin]))
	case len(p) < modbusLongest:
		return incomplete(-1, max(modbusShortest, len(p)+1), len(p)), nil
	}
	return bad(f.resume(q, false)), failure(fault.Frame, noteModbusNone, Shown(p), strconv.Itoa(modbusLongest))
}

// resume is where in p, which does not begin with a message, one is whole; or, if there is
// none, where one may have begun. Where bytes of a message were lost that is mostly the same
// one, asked for again: alike, only what begins as p does counts, so that nothing is left over
// of a message with a wrong byte.
func (f *rtuFramer) resume(p []byte, alike bool) int {
	first, next, may := len(p)+1, 0, len(p)
	for i := 1; i < len(p); i++ {
		if i+1 == len(p) {
			if alike && p[i] == p[0] {
				may = min(may, i)
			}
			break
		}
		n, need := f.length(p[i:])
		if n == modbusMore {
			n = need
		}
		end := i + n
		switch {
		case n < 0 || n > modbusLongest:
		case end > len(p):
			if !alike || p[i] == p[0] && p[i+1] == p[1] {
				may = min(may, i)
			}
		case end < first && modbusRight(p[i:end]):
			first, next = end, i
		}
	}
	if next > 0 {
		return next
	}
	return may
}

// modbusTable computes the check bytes.
var modbusTable = lazyTable("crc-16/modbus")

// modbusSum are the check bytes of a message, as a number whose low byte comes first.
func modbusSum(p []byte) uint16 {
	sum := modbusTable().New()
	sum.Update(p)
	return uint16(sum.Sum())
}

// modbusRight tells whether the check bytes are right: the sum over what ends with them is 0.
func modbusRight(p []byte) bool { return modbusSum(p) == 0 }

func (f *rtuFramer) Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error) {
	const least, most = modbusShortest - modbusCRC, modbusLongest - modbusCRC
	if err := checkLimit(len(m), f.limit); err != nil {
		return nil, nil, nil, scratch, err
	}
	if len(m) < least || len(m) > most {
		return nil, nil, nil, scratch, failure(fault.Frame, noteModbusSize, strconv.Itoa(len(m)), strconv.Itoa(least), strconv.Itoa(most))
	}
	scratch = binary.LittleEndian.AppendUint16(slices.Grow(scratch[:0], modbusCRC), modbusSum(m))
	return nil, m, scratch, scratch, nil
}

// The functions of MODBUS application protocol V1.1b3, 6.
const (
	modbusReadCoils      = 0x01
	modbusReadInputs     = 0x04
	modbusWriteCoil      = 0x05
	modbusWriteRegister  = 0x06
	modbusStatus         = 0x07
	modbusDiagnostics    = 0x08
	modbusEventCounter   = 0x0B
	modbusEventLog       = 0x0C
	modbusWriteCoils     = 0x0F
	modbusWriteRegisters = 0x10
	modbusServerID       = 0x11
	modbusReadFile       = 0x14
	modbusWriteFile      = 0x15
	modbusMaskWrite      = 0x16
	modbusReadWrite      = 0x17
	modbusReadFIFO       = 0x18
	modbusEncapsulated   = 0x2B
	modbusException      = 0x80 // what a function has in addition in an answer that is an error
)

// counted is the length of a message with a byte at place at that counts what follows it.
func counted(p []byte, at int) (n, need int) {
	if len(p) <= at {
		return modbusMore, at + 1
	}
	return at + 1 + int(p[at]) + modbusCRC, 0
}

// modbusResponse is the length of what a slave sends.
func modbusResponse(p []byte) (n, need int) {
	switch function := p[1]; {
	case p[0] == modbusBroadcast || p[0] > modbusHighest: // which is noise more often
	case function >= modbusReadCoils && function <= modbusReadInputs,
		function == modbusEventLog, function == modbusServerID, function == modbusReadFile, function == modbusWriteFile, function == modbusReadWrite:
		return counted(p, 2)
	case function == modbusWriteCoil, function == modbusWriteRegister, function == modbusWriteCoils, function == modbusWriteRegisters,
		function == modbusEventCounter:
		return 8, 0
	case function == modbusStatus:
		return 5, 0
	case function == modbusDiagnostics:
		return diagnostics(p)
	case function == modbusMaskWrite:
		return 10, 0
	case function == modbusReadFIFO:
		if len(p) < 4 {
			return modbusMore, 4
		}
		return 4 + int(binary.BigEndian.Uint16(p[2:])) + modbusCRC, 0
	case function == modbusEncapsulated:
		return identification(p)
	case function > modbusException:
		const codes = 0x0B // the highest
		if len(p) < 3 {
			return modbusMore, 3
		}
		if p[2] >= 1 && p[2] <= codes {
			return 5, 0
		}
	}
	return modbusUnknown, 0
}

// modbusRequest is the length of what a master sends.
func modbusRequest(p []byte) (n, need int) {
	switch function := p[1]; {
	case p[0] > modbusHighest: // which is noise more often
	case function >= modbusReadCoils && function <= modbusWriteRegister:
		return 8, 0
	case function == modbusStatus, function == modbusEventCounter, function == modbusEventLog, function == modbusServerID:
		return 4, 0
	case function == modbusDiagnostics:
		return diagnostics(p)
	case function == modbusWriteCoils, function == modbusWriteRegisters:
		return counted(p, 6)
	case function == modbusReadFile, function == modbusWriteFile:
		return counted(p, 2)
	case function == modbusMaskWrite:
		return 10, 0
	case function == modbusReadWrite:
		return counted(p, 10)
	case function == modbusReadFIFO:
		return 6, 0
	case function == modbusEncapsulated && len(p) < 3:
		return modbusMore, 3
	case function == modbusEncapsulated && p[2] == deviceIdentification:
		return 7, 0
	}
	return modbusUnknown, 0
}

// diagnostics is the length of a diagnostic request, or of its answer: what is to be echoed
// has any length.
func diagnostics(p []byte) (n, need int) {
	if len(p) < 4 {
		return modbusMore, 4
	}
	if binary.BigEndian.Uint16(p[2:]) == 0 {
		return modbusUnknown, 0
	}
	return 8, 0
}

// deviceIdentification is the one encapsulated interface with a length.
const deviceIdentification = 0x0E

// identification is the length of an answer with objects: each a number, its length, a text.
func identification(p []byte) (n, need int) {
	const count, head = 7, 8
	if len(p) < 3 {
		return modbusMore, 3
	}
	if p[2] != deviceIdentification {
		return modbusUnknown, 0
	}
	if len(p) < head {
		return modbusMore, head
	}
	at := head
	for range p[count] {
		if at > modbusLongest {
			return modbusUnknown, 0
		}
		if len(p) < at+2 {
			return modbusMore, at + 2
		}
		at += 2 + int(p[at+1])
	}
	return at + modbusCRC, 0
}
