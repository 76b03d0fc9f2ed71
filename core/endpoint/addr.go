// Package endpoint is where a socket is, or its peer: one small type for the
// addresses of all kinds, and the texts that name them.
package endpoint

import "net/netip"

// Kind says what an address is made of.
type Kind uint8

// The kinds of addresses.
const (
	None Kind = iota // no address: the zero Addr
	IP               // an IP address and a port
)

// Addr is an address. It can be compared, is a key of maps, and nothing is
// allocated for it.
//
// For a kind with a name instead (a Unix socket's path, a named pipe) add a Kind, a
// field of the type unique.Handle[string] for the name, which keeps an Addr
// comparable and costs each idle connection 8 bytes, a constructor beside FromIP,
// and the kind's case in String and WithoutPort; Split is where its texts are read.
type Addr struct {
	ip   netip.Addr
	port uint16
	kind Kind
}

// FromIP is the address of an IP address and a port; the zero Addr where ip is not
// valid. An IPv4 address that is written as one of IPv6 is one of IPv4.
func FromIP(ip netip.Addr, port uint16) Addr {
	if !ip.IsValid() {
		return Addr{}
	}
	return Addr{ip: ip.Unmap(), port: port, kind: IP}
}

// FromAddrPort is FromIP of both in one.
func FromAddrPort(a netip.AddrPort) Addr { return FromIP(a.Addr(), a.Port()) }

// Parse reads what String writes of an IP address with a port; the zero Addr where
// it is none.
func Parse(text string) Addr {
	a, _ := netip.ParseAddrPort(text)
	return FromAddrPort(a)
}

// Kind is the kind of address.
func (a Addr) Kind() Kind { return a.kind }

// IsValid tells whether it is an address.
func (a Addr) IsValid() bool { return a.kind != None }

// IP is the IP address, not valid where the kind has none.
func (a Addr) IP() netip.Addr { return a.ip }

// Port is the port, 0 where the kind has none.
func (a Addr) Port() uint16 { return a.port }

// AddrPort is the IP address with the port, for package net.
func (a Addr) AddrPort() netip.AddrPort { return netip.AddrPortFrom(a.ip, a.port) }

// Host is the text without the port: "10.0.0.5", "fe80::1%eth0".
func (a Addr) Host() string {
	if a.kind == None {
		return ""
	}
	return a.ip.String()
}

// String is the text: "10.0.0.5:5000", "[::1]:5000", or "" where it is no address.
func (a Addr) String() string {
	if a.kind == None {
		return ""
	}
	return a.AddrPort().String()
}

// AppendTo appends the text.
func (a Addr) AppendTo(b []byte) []byte {
	if a.kind == None {
		return b
	}
	return a.AddrPort().AppendTo(b)
}

// WithoutPort is what limits per address go by: all connections of one peer have
// the same.
func (a Addr) WithoutPort() Addr { return FromIP(a.ip, 0) }
