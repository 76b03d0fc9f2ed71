package transport

import (
	"net"
	"syscall"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/syserr"
)

// netConn is a connection of package net: TCP's, or a Unix socket's.
type netConn interface {
	net.Conn
	syscall.Conn
	CloseWrite() error
}

// netListener is a listener of package net: TCP's, or a Unix socket's.
type netListener interface {
	net.Listener
	syscall.Conn
	SetDeadline(time.Time) error
}

// attach takes over a connection of TCP.
func attach(c net.Conn, peer endpoint.Addr) (*tcpConn, error) {
	conn := &tcpConn{}
	if err := attachTo(conn, c, peer, addrFrom(c.LocalAddr())); err != nil {
		return nil, err
	}
	return conn, nil
}

// attachTo makes c take over a connection between two ends.
func attachTo(c *tcpConn, nc net.Conn, peer, local endpoint.Addr) error {
	c.nc, c.peer, c.local, c.to = nc.(netConn), peer, local, tcpOutlet{c}
	if err := c.sys.init(c.nc); err != nil {
		nc.Close()
		return syserr.Wrap(err, fault.PhaseCall, peer.String())
	}
	return nil
}
