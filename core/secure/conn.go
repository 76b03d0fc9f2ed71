package secure

import (
	"crypto/tls"
	"io"
	"slices"
	"sync/atomic"

	"wdsocket/core/fault"
)

// Conn is one end of a TLS connection. One thread at a time may read, and one
// may write beside it; the hand-shake comes before both.
type Conn struct {
	tls    *tls.Conn
	below  *records
	who    string
	client bool
	more   atomic.Bool // the last Read filled its buffer: more may be decrypted already

	asked, shown bool // the server asked for a certificate, this client showed one
}

func newConn(b Bottom, who string) *Conn {
	c := &Conn{below: &records{Bottom: b, who: who}, who: who}
	c.below.answers.out, _ = b.(Drainer)
	return c
}

// present is for GetClientCertificate: it shows a certificate that the server
// understands, or the first: the server's own words on it are better than
// none.
func (c *Conn) present(own []identity) func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return func(info *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		c.asked = true
		if len(own) == 0 {
			return &tls.Certificate{}, nil
		}
		c.shown = true
		for _, id := range own {
			if info.SupportsCertificate(id.pair) == nil {
				return id.pair, nil
			}
		}
		return own[0].pair, nil
	}
}

// Handshake runs the hand-shake to its end in the caller's thread. It waits in
// Bottom's Read alone; a time-out there ends it for good. Its errors are
// *fault.Error.
func (c *Conn) Handshake() error {
	if err := c.tls.Handshake(); err != nil {
		return c.handshakeFailed(err)
	}
	c.below.open = true
	return nil
}

// Read reads decrypted bytes, at least one. Errors of Bottom come unchanged,
// and reading goes on after a time-out. The peer's orderly end of TLS is
// fault.PeerClosed, the transport's end without it fault.TLSTruncated.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.tls.Read(p)
	c.more.Store(n == len(p) && n > 0)
	switch {
	case err == nil || n > 0:
		return n, nil // what comes with bytes comes again without
	case err == io.EOF:
		return 0, fault.New(fault.PeerClosed, fault.PhaseRead, c.who)
	default:
		return 0, c.streamFailed(err, fault.PhaseRead)
	}
}

// Pending tells whether Read may give bytes without Bottom having any. Only the
// one who reads may ask. True does not promise it: it may be a part of a
// record.
func (c *Conn) Pending() bool { return c.more.Load() || c.below.excess != nil }

// Write encrypts p and gives it to Bottom, whose Write does not wait: so does
// this not. The bytes that Bottom keeps are its owner's to bound: write in
// pieces and wait between them.
func (c *Conn) Write(p []byte) (int, error) {
	c.below.answers.host.Store(true)
	n, err := c.tls.Write(p)
	c.below.answers.host.Store(false)
	if err != nil {
		return n, c.streamFailed(err, fault.PhaseWrite)
	}
	return n, nil
}

// CloseNotify tells the peer that nothing more comes through TLS. Reading goes
// on.
func (c *Conn) CloseNotify() error {
	c.below.answers.host.Store(true)
	defer c.below.answers.host.Store(false)
	if err := c.tls.CloseWrite(); err != nil {
		return c.streamFailed(err, fault.PhaseClose)
	}
	return nil
}

// Surplus takes what came from Bottom and was not used: after Read gave
// fault.PeerClosed, the bytes behind the peer's end of TLS.
func (c *Conn) Surplus() []byte {
	rest := slices.Clone(c.below.waiting())
	if rest != nil {
		c.below.drop(len(rest))
	}
	return rest
}
