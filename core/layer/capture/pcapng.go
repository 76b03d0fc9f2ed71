package capture

import (
	"encoding/binary"
	"fmt"
	"time"
)

// Blocks and options of pcapng, in little-endian order. Each section has one
// interface, number 0: several processes may append to one file then, and what
// one of them appends can be read behind a section of another.
const (
	blockSection    = 0x0A0D0D0A
	blockInterface  = 1
	blockStatistics = 5
	blockPacket     = 6

	byteOrderMagic = 0x1A2B3C4D
	linkTypeRaw    = 101 // IPv4 or IPv6 without a link layer

	optionEnd        = 0
	optionComment    = 1
	optionUserAppl   = 4 // of a section
	optionName       = 2 // of an interface
	optionResolution = 9 // of an interface
	optionFlags      = 2 // of a packet
	optionDropped    = 5 // of statistics
	nanoseconds      = 9 // 10^-9

	flagInbound  = 1
	flagOutbound = 2
)

// lastBlock is kept free for the block that says why a capture ends.
const lastBlock = 256

// mostComment bounds the bytes of a comment.
const mostComment = 1024

var order = binary.LittleEndian

// block begins a block; the result is for closeBlock.
func (b *batch) block(kind uint32) int {
	at := len(b.bytes)
	b.word(kind)
	b.word(0) // its length
	return at
}

// closeBlock ends the block that begins at a place, and the record with it.
func (b *batch) closeBlock(at int) {
	length := uint32(len(b.bytes) - at + 4)
	b.word(length)
	order.PutUint32(b.bytes[at+4:], length)
	b.endRecord()
}

func (b *batch) word(v uint32) { b.bytes = order.AppendUint32(b.bytes, v) }

// pad fills up to a multiple of 4 after so many bytes.
func (b *batch) pad(length int) {
	var zeros [3]byte
	b.bytes = append(b.bytes, zeros[:(4-length%4)%4]...)
}

func (b *batch) option(code uint16, value string) {
	b.bytes = order.AppendUint16(b.bytes, code)
	b.bytes = order.AppendUint16(b.bytes, uint16(len(value)))
	b.bytes = append(b.bytes, value...)
	b.pad(len(value))
}

// time appends a time in the resolution of the interface.
func (b *batch) time(at time.Time) {
	ns := uint64(at.UnixNano())
	b.word(uint32(ns >> 32))
	b.word(uint32(ns))
}

// section appends what a capture begins with, as one record.
func (b *batch) section() {
	at := b.block(blockSection)
	b.word(byteOrderMagic)
	b.bytes = order.AppendUint16(b.bytes, 1) // version 1.0
	b.bytes = order.AppendUint16(b.bytes, 0)
	b.bytes = order.AppendUint64(b.bytes, 1<<64-1) // its length is not known yet
	b.option(optionUserAppl, "wdsocket")
	b.option(optionEnd, "")
	b.closeBlock(at)
	at = b.block(blockInterface)
	b.word(linkTypeRaw)
	b.word(0) // packets are whole
	b.option(optionName, "wdsocket")
	b.option(optionResolution, string([]byte{nanoseconds}))
	b.option(optionEnd, "")
	b.closeBlock(at)
	b.ends = append(b.ends[:0], len(b.bytes)) // never one without the other
}

// statistics appends a block without a packet, for what there is to say of the
// capture itself.
func (b *batch) statistics(at time.Time, dropped int64, comment string) {
	begin := b.block(blockStatistics)
	b.word(0) // the interface
	b.time(at)
	b.option(optionComment, comment)
	if dropped > 0 {
		b.option(optionDropped, string(order.AppendUint64(nil, uint64(dropped))))
	}
	b.option(optionEnd, "")
	b.closeBlock(begin)
}

// openPacket begins the block of a packet of so many bytes, which are appended
// next.
func (b *batch) openPacket(at time.Time, length int) int {
	begin := b.block(blockPacket)
	b.word(0) // the interface
	b.time(at)
	b.word(uint32(length)) // in the capture
	b.word(uint32(length)) // on the wire
	return begin
}

// closePacket ends it.
func (b *batch) closePacket(begin, length int, d Direction, comment string) {
	b.pad(length)
	if comment != "" {
		b.option(optionComment, string(appendCut(nil, comment, mostComment)))
	}
	flags := uint32(flagOutbound)
	if d == Received {
		flags = flagInbound
	}
	b.bytes = order.AppendUint16(b.bytes, optionFlags)
	b.bytes = order.AppendUint16(b.bytes, 4)
	b.word(flags)
	b.option(optionEnd, "")
	b.closeBlock(begin)
}

// noteDropped appends a record that says how many were dropped before it.
func (k kind) noteDropped(b *batch, at time.Time, n int64) {
	const why = "records were dropped here: the disk was too slow"
	if k == packets {
		b.statistics(at, n, fmt.Sprintf("%d %s", n, why))
		return
	}
	b.bytes = appendTime(b.bytes, at)
	b.bytes = fmt.Appendf(b.bytes, " %d %s\n", n, why)
	b.endRecord()
}
