package capture

import (
	"encoding/binary"
	"net/netip"
	"time"

	"wdsocket/core/endpoint"
)

// Sizes and figures of the headers that are made up.
const (
	header4   = 20
	header6   = 40
	headerTCP = 20
	headerUDP = 8

	optionsSYN = 8 // bytes

	protocolTCP = 6
	protocolUDP = 17
	hops        = 64
	window      = 65535
	windowScale = 14 // the largest there is: the window is never full

	flagFIN = 1
	flagSYN = 2
	flagRST = 4
	flagPSH = 8
	flagACK = 16
)

// segment is the most payload in one packet. What is larger is cut, as TCP does.
const segment = 32 << 10

// overhead is more than a packet's block needs beside its payload and comment.
const overhead = 160

// ends are the two ends of what is recorded, by direction: the source of what is
// sent is local, that of what is received is the peer. Both have one family.
type ends [2]netip.AddrPort

// madeUp stand for addresses that do not exist, as those of Unix sockets: they
// are reserved for documentation (RFC 5737).
var madeUp = [2]netip.Addr{netip.AddrFrom4([4]byte{192, 0, 2, 1}), netip.AddrFrom4([4]byte{192, 0, 2, 2})}

// endsOf makes ends that headers can be made of.
func (fs *Files) endsOf(local, peer endpoint.Addr) ends {
	e := ends{plain(local.AddrPort()), plain(peer.AddrPort())}
	if !e[0].IsValid() && !e[1].IsValid() {
		port := uint16(1024 + fs.ports.Add(1)%64000)
		return ends{netip.AddrPortFrom(madeUp[0], port), netip.AddrPortFrom(madeUp[1], 1)}
	}
	for i := range e {
		if !e[i].IsValid() {
			e[i] = netip.AddrPortFrom(madeUp[i], 1)
		}
	}
	if e[0].Addr().Is4() != e[1].Addr().Is4() {
		for i, a := range e {
			e[i] = netip.AddrPortFrom(netip.AddrFrom16(a.Addr().As16()), a.Port())
		}
	}
	return e
}

func plain(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}

func (e *ends) source(d Direction) netip.AddrPort { return e[d] }
func (e *ends) target(d Direction) netip.AddrPort { return e[1-d] }

// size is the length of the IP header.
func (e *ends) size() int {
	if e[0].Addr().Is4() {
		return header4
	}
	return header6
}

// tcp appends a TCP packet as a record.
func (b *batch) tcp(e *ends, at time.Time, d Direction, flags byte, seq, ack uint32, payload []byte, comment string) {
	head := headerTCP
	if flags&flagSYN != 0 {
		head += optionsSYN
	}
	length := e.size() + head + len(payload)
	begin := b.openPacket(at, length)
	from := len(b.bytes)
	b.ip(e, d, protocolTCP, head+len(payload), seq)
	above := len(b.bytes)
	p := binary.BigEndian.AppendUint16(b.bytes, e.source(d).Port())
	p = binary.BigEndian.AppendUint16(p, e.target(d).Port())
	p = binary.BigEndian.AppendUint32(p, seq)
	p = binary.BigEndian.AppendUint32(p, ack)
	p = append(p, byte(head/4)<<4, flags)
	p = binary.BigEndian.AppendUint16(p, window)
	p = append(p, 0, 0, 0, 0) // checksum, urgent pointer
	if flags&flagSYN != 0 {
		p = append(p, 2, 4, 0xFF, 0xD7, 3, 3, windowScale, 0) // the largest segment is 65495
	}
	b.bytes = append(p, payload...)
	binary.BigEndian.PutUint16(b.bytes[above+16:], e.checksum(d, protocolTCP, b.bytes[above:]))
	b.closePacket(begin, len(b.bytes)-from, d, comment)
}

// udp appends a UDP packet as a record. A payload that is longer than a header
// can say is cut.
func (b *batch) udp(e *ends, at time.Time, d Direction, id uint32, payload []byte, comment string) {
	most := 65535 - headerUDP
	if e.size() == header4 {
		most -= header4
	}
	payload = payload[:min(len(payload), most)]
	length := e.size() + headerUDP + len(payload)
	begin := b.openPacket(at, length)
	b.ip(e, d, protocolUDP, headerUDP+len(payload), id)
	above := len(b.bytes)
	p := binary.BigEndian.AppendUint16(b.bytes, e.source(d).Port())
	p = binary.BigEndian.AppendUint16(p, e.target(d).Port())
	p = binary.BigEndian.AppendUint16(p, uint16(headerUDP+len(payload)))
	p = append(p, 0, 0)
	b.bytes = append(p, payload...)
	sum := e.checksum(d, protocolUDP, b.bytes[above:])
	if sum == 0 {
		sum = 0xFFFF // 0 is none
	}
	binary.BigEndian.PutUint16(b.bytes[above+6:], sum)
	b.closePacket(begin, length, d, comment)
}

// ip appends an IP header for so many bytes.
func (b *batch) ip(e *ends, d Direction, protocol byte, length int, id uint32) {
	source, target := e.source(d).Addr(), e.target(d).Addr()
	if source.Is4() {
		from := len(b.bytes)
		p := append(b.bytes, 4<<4|header4/4, 0)
		p = binary.BigEndian.AppendUint16(p, uint16(header4+length))
		p = binary.BigEndian.AppendUint16(p, uint16(id))
		p = append(p, 0x40, 0, hops, protocol, 0, 0) // do not fragment
		s, t := source.As4(), target.As4()
		p = append(append(p, s[:]...), t[:]...)
		binary.BigEndian.PutUint16(p[from+10:], ^fold(sum(0, p[from:])))
		b.bytes = p
		return
	}
	p := append(b.bytes, 6<<4, 0, 0, 0)
	p = binary.BigEndian.AppendUint16(p, uint16(length))
	p = append(p, protocol, hops)
	s, t := source.As16(), target.As16()
	b.bytes = append(append(p, s[:]...), t[:]...)
}

// checksum is that of TCP and UDP, with the pseudo-header.
func (e *ends) checksum(d Direction, protocol byte, packet []byte) uint16 {
	var total uint64
	for _, a := range e {
		if a.Addr().Is4() {
			raw := a.Addr().As4()
			total = sum(total, raw[:])
		} else {
			raw := a.Addr().As16()
			total = sum(total, raw[:])
		}
	}
	total += uint64(protocol) + uint64(len(packet))
	return ^fold(sum(total, packet))
}

// sum adds 16-bit words, big-endian, to a total; the last byte of an odd number
// is the upper half of one.
func sum(total uint64, p []byte) uint64 {
	for ; len(p) >= 4; p = p[4:] {
		total += uint64(binary.BigEndian.Uint32(p)) // carries come in again when it is folded
	}
	if len(p) >= 2 {
		total += uint64(binary.BigEndian.Uint16(p))
		p = p[2:]
	}
	if len(p) > 0 {
		total += uint64(p[0]) << 8
	}
	return total
}

// fold adds the carries of a sum until 16 bits are left.
func fold(total uint64) uint16 {
	for total > 0xFFFF {
		total = total>>16 + total&0xFFFF
	}
	return uint16(total)
}
