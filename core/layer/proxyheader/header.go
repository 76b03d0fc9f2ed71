// Package proxyheader has the header of the PROXY protocol, versions 1 and 2, that a proxy
// sends in front of all other bytes of a connection: who its client is. One layer reads
// it on a server, one sends it on a client, and both leave then.
//
// How long a header is, is found out from its first bytes; go-proxyproto parses these
// bytes and no others.
package proxyheader

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/pires/go-proxyproto"

	"wdsocket/core/endpoint"
	"wdsocket/core/escape"
	"wdsocket/core/fault"
)

const (
	longestV1 = 107 // bytes of a header of version 1, as the protocol says
	fixedV2   = 16  // bytes of a header of version 2 in front of the addresses

	// LongestV2 is how many bytes a header of version 2 may announce behind its first 16:
	// addresses, facts about TLS and a certificate.
	LongestV2 = 4096
)

// The places of the fixed part of version 2.
const (
	atCommand = 12
	atFamily  = 13
	atLength  = 14
)

// signatureV1 is what a header of version 1 begins with.
var signatureV1 = append(bytes.Clone(proxyproto.SIGV1), ' ')

// errNone says that bytes do not begin a header.
var errNone = errors.New("no PROXY header")

// Header is what a header says.
type Header struct {
	Version int
	Size    int // bytes of the header

	Proxy       endpoint.Addr // who sent it
	Source      endpoint.Addr // the proxy's client; not valid where that is not known
	Destination endpoint.Addr // what the client connected to; the same
	Local       bool          // there is no client: the proxy looks whether the server is there, or does not tell

	tlvs []proxyproto.TLV
	tls  *tlsFacts // of a client that speaks TLS with the proxy, nil without
}

// Length tells how long the header is that b begins with; 0 where b is too short to tell.
func Length(b []byte) (int, error) {
	switch {
	case begins(b, proxyproto.SIGV2):
		if len(b) < fixedV2 {
			return 0, nil
		}
		n := int(binary.BigEndian.Uint16(b[atLength:]))
		if n > LongestV2 {
			return 0, wrong(noteLongV2, strconv.Itoa(n), strconv.Itoa(LongestV2))
		}
		return fixedV2 + n, nil
	case begins(b, signatureV1):
		if end := bytes.IndexByte(b[:min(len(b), longestV1)], '\n'); end >= 0 {
			return end + 1, nil
		}
		if len(b) >= longestV1 {
			return 0, wrong(noteLongV1, strconv.Itoa(longestV1), shown(b))
		}
		return 0, nil
	}
	return 0, errNone
}

// begins tells whether b and signature begin alike.
func begins(b, signature []byte) bool {
	n := min(len(b), len(signature))
	return bytes.Equal(b[:n], signature[:n])
}

// signed tells whether b has the whole signature of a header, which nothing else has.
func signed(b []byte) bool {
	return bytes.HasPrefix(b, proxyproto.SIGV2) || bytes.HasPrefix(b, signatureV1)
}

// Parse reads a header, which is exactly b.
func Parse(b []byte) (*Header, error) {
	h := &Header{Size: len(b)}
	text := b
	if len(b) >= fixedV2 && bytes.HasPrefix(b, proxyproto.SIGV2) && b[atCommand] == byte(proxyproto.PROXY) && b[atFamily] == byte(proxyproto.UNSPEC) {
		text = bytes.Clone(b) // of a client without an address, as one of a Unix socket: the protocol leaves it to the receiver
		text[atCommand] = byte(proxyproto.LOCAL)
	}
	p, err := proxyproto.Read(bufio.NewReaderSize(bytes.NewReader(text), len(text)))
	if err != nil {
		return nil, explain(err, b)
	}
	h.Version = int(p.Version)
	tlvs, err := p.TLVs()
	if p.Command.IsLocal() {
		h.Local = true
		if err == nil {
			h.setTLVs(tlvs)
		}
		return h, nil // what it says beside that is to be skipped
	}
	switch {
	case err != nil:
		return nil, wrong(noteTLV)
	case !checksumFits(b):
		return nil, wrong(noteChecksum)
	case p.TransportProtocol.IsDatagram():
		return nil, wrong(noteFamily, familyText(b))
	}
	if source, destination, ok := p.TCPAddrs(); ok {
		h.Source, h.Destination = addrOf(source), addrOf(destination)
	}
	if err := h.setTLVs(tlvs); err != nil {
		return nil, wrong(noteTLV)
	}
	return h, nil
}

func (h *Header) setTLVs(tlvs []proxyproto.TLV) error {
	for _, t := range tlvs {
		switch t.Type {
		case proxyproto.PP2_TYPE_NOOP:
			continue
		case proxyproto.PP2_TYPE_SSL:
			facts, err := parseTLS(t.Value)
			if err != nil {
				return err
			}
			if facts.spoken() {
				h.tls = facts
			}
		}
		h.tlvs = append(h.tlvs, t)
	}
	return nil
}

func addrOf(a *net.TCPAddr) endpoint.Addr {
	ip, _ := netip.AddrFromSlice(a.IP)
	return endpoint.FromIP(ip, uint16(a.Port))
}

// The bytes of the addresses of version 2, by the family in the high half of a byte.
var addressesV2 = [16]int{1: 12, 2: 36, 3: 216}

// checksumFits tells whether the checksum of a header with a client, if it has one, is that
// of its bytes. Its TLVs are whole.
func checksumFits(b []byte) bool {
	if b[0] != proxyproto.SIGV2[0] {
		return true
	}
	const head, size = 3, crc32.Size // type and length of a TLV
	for at := fixedV2 + addressesV2[b[atFamily]>>4]; at < len(b); {
		n := int(binary.BigEndian.Uint16(b[at+1:]))
		value := at + head
		if b[at] == byte(proxyproto.PP2_TYPE_CRC32C) {
			if n != size {
				return false
			}
			zeroed := bytes.Clone(b)
			clear(zeroed[value : value+size])
			return crc32.Checksum(zeroed, crc32.MakeTable(crc32.Castagnoli)) == binary.BigEndian.Uint32(b[value:])
		}
		at = value + n
	}
	return true
}

// explain is the error of a header that go-proxyproto does not take.
func explain(err error, b []byte) error {
	switch {
	case errors.Is(err, proxyproto.ErrUnsupportedProtocolVersionAndCommand):
		return wrong(noteCommand, strings.ToUpper(hex.EncodeToString(b[atCommand:atFamily])))
	case errors.Is(err, proxyproto.ErrUnsupportedAddressFamilyAndProtocol):
		return wrong(noteFamily, familyText(b))
	case errors.Is(err, proxyproto.ErrInvalidLength):
		return wrong(noteShortV2, strconv.Itoa(len(b)-fixedV2), familyText(b))
	}
	return wrong(noteLine, shown(b))
}

// familyText shows the byte of a header of version 2 that says what it is about.
func familyText(b []byte) string { return strings.ToUpper(hex.EncodeToString(b[atFamily:atLength])) }

// shown is the beginning of what was sent.
func shown(b []byte) string {
	const most = 32
	return escape.Quote(b, most)
}

// wrong is the error of a header that is wrong.
func wrong(note fault.Note, args ...string) *fault.Error {
	return fault.New(fault.ProxyHeader, fault.PhaseProxy, "").With(note, args...)
}
