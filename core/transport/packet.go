package transport

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"unsafe"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/syserr"
)

// MaxDatagram is the longest datagram there is.
const MaxDatagram = 65535

// PacketInfo tell where a datagram that was received came from and where it came to.
type PacketInfo struct {
	From endpoint.Addr // the sender
	To   netip.Addr    // that it was sent to: an own address, a broadcast address or a group
	Own  netip.Addr    // the own address to answer from; invalid: the system's choice
}

// arrived tells the ends of a datagram by the control data that came with it.
func (p *Packet) arrived(from endpoint.Addr, control []byte) PacketInfo {
	e := PacketInfo{From: from, To: p.addr.IP()}
	if !p.packetInfo {
		return e
	}
	e.To = netip.Addr{}
	for len(control) > 0 {
		level, kind, data, rest := nextControl(control)
		control = rest
		switch {
		case level == ipLevel && kind == ipPacketInfo && len(data) >= sizeInfo4:
			e.To, e.Own = destination4(data)
		case level == ip6Level && kind == ip6PacketInfo && len(data) >= sizeInfo6 && !e.To.IsValid():
			e.To = netip.AddrFrom16([16]byte(data)).Unmap()
			if e.To.IsLinkLocalUnicast() && e.To.Is6() {
				e.To = e.To.WithZone(p.zones.name(binary.NativeEndian.Uint32(data[16:])))
			}
			e.Own = e.To
		}
	}
	if e.Own.IsMulticast() || e.Own.IsUnspecified() {
		e.Own = netip.Addr{}
	}
	return e
}

// Reaches tells whether the socket's own address allows datagrams to another.
func (p *Packet) Reaches(a netip.Addr) bool {
	own := p.addr.IP()
	switch {
	case own.Is4():
		return a.Is4()
	case own.IsUnspecified() && p.dualStack:
		return true
	}
	return a.Is6()
}

// zoneCache keeps the name of the interface asked for last.
type zoneCache struct {
	index uint32
	text  string
}

func (z *zoneCache) name(index uint32) string {
	if z.index != index {
		z.index, z.text = index, zoneName(index)
	}
	return z.text
}

// controlData has room for what goes with a datagram, as the system aligns it.
type controlData [12]uint64

func (c *controlData) bytes() []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(c)), unsafe.Sizeof(*c))
}

// controlHeader begins each piece of control data; the systems have the same.
type controlHeader struct {
	length      uintptr
	level, kind int32
}

const (
	sizeHeader = int(unsafe.Sizeof(controlHeader{}))
	sizeInfo6  = 20 // struct in6_pktinfo: address, interface (RFC 3542, section 6)
)

// nextControl splits the first piece off control data (RFC 3542, section 20).
func nextControl(b []byte) (level, kind int32, data, rest []byte) {
	if len(b) < sizeHeader {
		return 0, 0, nil, nil
	}
	h := (*controlHeader)(unsafe.Pointer(&b[0]))
	if h.length < uintptr(sizeHeader) || h.length > uintptr(len(b)) {
		return 0, 0, nil, nil
	}
	const word = int(unsafe.Sizeof(uintptr(0)))
	next := (int(h.length) + word - 1) &^ (word - 1)
	return h.level, h.kind, b[sizeHeader:h.length], b[min(next, len(b)):]
}

// leaveFrom makes the control data that has a datagram leave from an own
// address.
func (c *controlData) leaveFrom(own netip.Addr) []byte {
	b := c.bytes()
	clear(b)
	h := (*controlHeader)(unsafe.Pointer(c))
	size := sizeInfo6
	if own.Is4() {
		h.level, h.kind, size = ipLevel, ipPacketInfo, sizeInfo4
		source4(b[sizeHeader:], own)
	} else {
		h.level, h.kind = ip6Level, ip6PacketInfo
		raw := own.As16()
		copy(b[sizeHeader:], raw[:])
		binary.NativeEndian.PutUint32(b[sizeHeader+16:], zoneNumber(own.Zone()))
	}
	h.length = uintptr(sizeHeader + size)
	const word = int(unsafe.Sizeof(uintptr(0)))
	return b[:(sizeHeader+size+word-1)&^(word-1)]
}

// Group splits "239.1.2.3" or "ff02::1%eth0" into a multicast group and an
// interface; ok is false if it is no group.
func Group(text string) (group netip.Addr, zone string, ok bool) {
	text, zone, _ = strings.Cut(text, "%")
	group, err := netip.ParseAddr(text)
	group = group.Unmap()
	return group, zone, err == nil && group.IsMulticast()
}

// group is the multicast group that a datagram socket is to listen on.
func (l *Local) group() (group netip.Addr, zone string, ok bool) {
	group, zone, ok = Group(l.Host)
	if zone == "" {
		zone = l.Options.MulticastFrom
	}
	return group, zone, ok && l.Family.allows(group)
}

// anywhere tells whether all own addresses are listened on.
func (l *Local) anywhere() bool {
	a, err := netip.ParseAddr(l.Host)
	return l.Host == "" || err == nil && a.IsUnspecified()
}

// joinOwn makes a socket on a group's address a member of the group: it would
// hear nothing otherwise.
func (p *Packet) joinOwn(group netip.Addr, zone string) error {
	text := group.String()
	if zone != "" {
		text += "%" + zone
	}
	if err := p.Join(text); err != nil {
		e := syserr.Wrap(err, fault.PhaseListen, p.label)
		if zone == "" && e.Note == fault.NoNote {
			e.With(noteGroupInterface, text)
		}
		p.Close()
		return e
	}
	p.group = group
	return nil
}

// LocalAddr is the own address.
func (p *Packet) LocalAddr() endpoint.Addr { return p.addr }
