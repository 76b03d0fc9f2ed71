// Package endpoint is where a socket is, or its peer: one small type for the
// addresses of all kinds, one for what a program writes, and the texts that name them.
package endpoint

import (
	"encoding/binary"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"unique"
)

// Kind says what an address is made of.
type Kind uint8

// The kinds of addresses.
const (
	None     Kind = iota // no address: the zero Addr
	IP                   // an IP address and a port
	Name                 // a host's name, which only the peer of a proxy may know how to look up, and a port
	UnixPath             // a Unix-domain socket: a path, or "@name" without a file
	PipeName             // a named pipe of Windows
	Process              // a process of this machine and its user: a peer that has no address of its own
)

// Addr is an address. It can be compared, is a key of maps, and nothing is
// allocated for it but for a new name.
//
// A kind with a name alone (a Unix socket's path, a named pipe) is a Kind, a
// constructor beside FromName, and the kind's case in Host and AppendTo.
// ParseLocation is where its texts are read.
type Addr struct {
	ip   [16]byte              // of IPv4 as IPv6 writes it; of a process its number and its user's
	name unique.Handle[string] // the zone of an IP address, the name, or the user of a process in Windows; the zero Handle for none
	port uint16
	kind Kind
}

// FromIP is the address of an IP address and a port; the zero Addr where ip is not
// valid. An IPv4 address that is written as one of IPv6 is one of IPv4.
func FromIP(ip netip.Addr, port uint16) Addr {
	if !ip.IsValid() {
		return Addr{}
	}
	a := Addr{ip: ip.As16(), port: port, kind: IP}
	if zone := ip.Zone(); zone != "" && !ip.Is4In6() {
		a.name = unique.Make(zone)
	}
	return a
}

// FromAddrPort is FromIP of both in one.
func FromAddrPort(a netip.AddrPort) Addr { return FromIP(a.Addr(), a.Port()) }

// FromName is the address of a host whose name was looked up elsewhere, as by a proxy.
func FromName(host string, port uint16) Addr {
	return Addr{name: unique.Make(host), port: port, kind: Name}
}

// Addr is the address of a Unix socket or of a pipe, as a program has written it.
func (l Location) Addr() Addr {
	if l.HasPort() {
		return Addr{}
	}
	return Addr{name: unique.Make(l.String()), kind: l.Kind}
}

// FromProcess is a process of a user of this machine. Its text is no place to connect to.
func FromProcess(pid, uid uint32) Addr {
	a := Addr{kind: Process}
	binary.BigEndian.PutUint32(a.ip[:4], pid)
	binary.BigEndian.PutUint32(a.ip[4:], uid)
	return a
}

// FromWindowsProcess is a process of Windows at the other end of a named pipe or a Unix
// socket. Its user is known by a SID, which is a text, or "" for not known.
func FromWindowsProcess(s Scheme, pid uint32, sid string) Addr {
	a := FromProcess(pid, ^uint32(0))
	user := s.String()
	if sid != "" {
		user += sidPrefix + sid
	}
	a.name = unique.Make(user)
	return a
}

const sidPrefix = "sid="

// Process is the number of the process and of its user; false where the kind has none.
func (a Addr) Process() (pid, uid uint32, is bool) {
	return binary.BigEndian.Uint32(a.ip[:4]), binary.BigEndian.Uint32(a.ip[4:]), a.kind == Process
}

// processText is "unix:pid=1234,uid=1000", or "unix:uid=1000" of all of one user; in
// Windows "pipe:pid=1234", or "pipe:sid=S-1-5-21-..." of all of one user, "pipe:" of all
// whose user is not known.
func (a Addr) processText() string {
	pid, uid, _ := a.Process()
	number := "pid=" + strconv.FormatUint(uint64(pid), 10)
	if a.name != (unique.Handle[string]{}) {
		if pid == 0 {
			return a.name.Value()
		}
		scheme, _, _ := strings.Cut(a.name.Value(), sidPrefix)
		return scheme + number
	}
	user := "uid=" + strconv.FormatUint(uint64(uid), 10)
	if pid == 0 {
		return Unix.String() + user
	}
	return Unix.String() + number + "," + user
}

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
func (a Addr) IP() netip.Addr {
	if a.kind != IP {
		return netip.Addr{}
	}
	ip := netip.AddrFrom16(a.ip).Unmap()
	if a.name != (unique.Handle[string]{}) {
		ip = ip.WithZone(a.name.Value())
	}
	return ip
}

// Port is the port, 0 where the kind has none.
func (a Addr) Port() uint16 { return a.port }

// AddrPort is the IP address with the port, for package net.
func (a Addr) AddrPort() netip.AddrPort {
	if a.kind != IP {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(a.IP(), a.port)
}

// Host is the text without the port: "10.0.0.5", "fe80::1%eth0", "unix:/run/app.sock".
func (a Addr) Host() string {
	switch a.kind {
	case IP:
		return a.IP().String()
	case Name, UnixPath, PipeName:
		return a.name.Value()
	case Process:
		return a.processText()
	}
	return ""
}

// String is the text: "10.0.0.5:5000", "[::1]:5000", "host:5000", "unix:/run/app.sock",
// "unix:pid=1234,uid=1000", or "" where it is no address.
func (a Addr) String() string {
	switch a.kind {
	case IP:
		return a.AddrPort().String()
	case Name:
		return net.JoinHostPort(a.name.Value(), strconv.Itoa(int(a.port)))
	}
	return a.Host()
}

// AppendTo appends the text.
func (a Addr) AppendTo(b []byte) []byte {
	if a.kind == IP {
		return a.AddrPort().AppendTo(b)
	}
	return append(b, a.String()...)
}

// WithoutPort is what limits per address go by: all connections of one peer have
// the same, all processes of one user.
func (a Addr) WithoutPort() Addr {
	a.port = 0
	if a.kind == Process {
		clear(a.ip[:4])
	}
	return a
}
