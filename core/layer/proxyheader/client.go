package proxyheader

import (
	"net"

	"github.com/pires/go-proxyproto"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

// client is the layer that sends a header, and leaves.
type client struct {
	version   int
	own, peer endpoint.Addr
}

// NewClient sends a header of a version, about a connection between two addresses. If
// one of them is not known the header says so.
func NewClient(version int, own, peer endpoint.Addr) layer.Layer {
	return client{version, own, peer}
}

// Phase is the phase of proxies.
func (client) Phase() fault.Phase { return fault.PhaseProxy }

// Instant is true: nothing is read.
func (client) Instant() bool { return true }

// Handshake sends the header.
func (c client) Handshake(base layer.Base, _ string) (layer.Conn, error) {
	b, err := Format(c.version, c.own, c.peer)
	if err != nil {
		return nil, err
	}
	if _, err := base.Write(b); err != nil {
		return nil, err
	}
	return layer.Finish(base, nil, endpoint.Addr{}), nil
}

// Format is the header of a connection between two addresses.
func Format(version int, source, destination endpoint.Addr) ([]byte, error) {
	if from, to := unixAddr(source), unixAddr(destination); version == 2 && from != nil && to != nil {
		return proxyproto.HeaderProxyFromAddrs(byte(version), from, to).Format()
	}
	return proxyproto.HeaderProxyFromAddrs(byte(version), tcpAddr(source), tcpAddr(destination)).Format()
}

// unixAddr is an address of a Unix socket for go-proxyproto, nil where it is none. A
// client has no path.
func unixAddr(a endpoint.Addr) net.Addr {
	switch a.Kind() {
	case endpoint.Process:
		return &net.UnixAddr{Net: "unix"}
	case endpoint.UnixPath:
		at, err := endpoint.ParseLocation(a.Host(), 0)
		if err == nil {
			return &net.UnixAddr{Net: "unix", Name: at.Path}
		}
	}
	return nil
}

// tcpAddr is an address for go-proxyproto, nil where it is none of IP.
func tcpAddr(a endpoint.Addr) net.Addr {
	if a.Kind() != endpoint.IP {
		return nil
	}
	return net.TCPAddrFromAddrPort(a.AddrPort())
}
