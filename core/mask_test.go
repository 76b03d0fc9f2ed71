package core

import (
	"net"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

// mask is a layer that changes every byte: what does not go through it is damaged.
type mask byte

func (mask) Phase() fault.Phase { return fault.PhaseConnect }
func (mask) Instant() bool      { return true }

func (m mask) Handshake(base layer.Base, _ string) (layer.Conn, error) {
	return maskedBase{layer.Through{Base: base}, m}, nil
}

type maskedBase struct {
	layer.Through
	mask mask
}

func (c maskedBase) Read(p []byte) (int, error) {
	n, err := c.Base.Read(p)
	c.mask.change(p[:n])
	return n, err
}

func (c maskedBase) Write(p []byte) (int, error) { return c.Base.Write(c.mask.changed(p)) }

// maskedConn is the same for a peer.
type maskedConn struct {
	net.Conn
	mask mask
}

func (c maskedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mask.change(p[:n])
	return n, err
}

func (c maskedConn) Write(p []byte) (int, error) { return c.Conn.Write(c.mask.changed(p)) }

// CloseWrite ends the sending side of what it stands on.
func (c maskedConn) CloseWrite() error {
	return c.Conn.(interface{ CloseWrite() error }).CloseWrite()
}

func (m mask) change(p []byte) {
	for i := range p {
		p[i] ^= byte(m)
	}
}

func (m mask) changed(p []byte) []byte {
	b := append([]byte(nil), p...)
	m.change(b)
	return b
}
