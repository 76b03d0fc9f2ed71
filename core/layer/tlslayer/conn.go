package tlslayer

import (
	"crypto/tls"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

// Conn is one end of a TLS connection. One thread at a time may read, and one
// may write beside it; the handshake comes before both.
type Conn struct {
	tls    *tls.Conn
	below  *records
	who    string
	client bool
	more   atomic.Bool // the last Read filled its buffer, or met the end: more may be decrypted already

	asked, presented bool // the server asked for a certificate, this client gave one
	received         bool // Read has given bytes; the reader's
}

func newConn(base layer.Base, who string) *Conn {
	c := &Conn{below: &records{base: base, who: who}, who: who}
	c.below.answers.out = base
	return c
}

// clientCertificate is for GetClientCertificate: it shows a certificate that the server
// understands, or the first: the server's own words on it are better than
// none.
func clientCertificate(c *Conn, own []identity) func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return func(info *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		c.asked = true
		if len(own) == 0 {
			return &tls.Certificate{}, nil
		}
		c.presented = true
		for _, id := range own {
			if info.SupportsCertificate(id.pair) == nil {
				return id.pair, nil
			}
		}
		return own[0].pair, nil
	}
}

// Handshake runs the handshake to its end in the caller's thread. It waits in
// the Read of what it stands on alone; a time-out there ends it for good. Its errors are
// *fault.Error.
func (c *Conn) Handshake() error {
	if err := c.tls.Handshake(); err != nil {
		return c.handshakeFailed(err)
	}
	c.below.open = true
	return nil
}

// Read reads decrypted bytes, at least one. Errors from below come unchanged,
// and reading goes on after a time-out. The peer's orderly end of TLS is
// fault.PeerClosed, the transport's end without it fault.TLSTruncated.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.tls.Read(p)
	c.more.Store(n > 0 && (n == len(p) || err != nil))
	c.received = c.received || n > 0
	switch {
	case err == nil || n > 0:
		return n, nil // what comes with bytes comes again without
	case err == io.EOF:
		return 0, fault.New(fault.PeerClosed, fault.PhaseRead, c.who)
	default:
		return 0, c.streamFailed(err, fault.PhaseRead)
	}
}

// Pending tells whether Read may give bytes without there being any below. Only the
// reader may ask. True does not promise it: it may be a part of a
// record.
func (c *Conn) Pending() bool { return c.more.Load() || c.below.excess != nil }

// Idle is layer.Idler's. Of a record that has come in part the rest comes from below.
func (c *Conn) Idle() bool { return !c.Pending() && c.below.answers.unread.Load() <= mostAnswers }

// Midway is layer.Piecemeal's: a record has come in part.
func (c *Conn) Midway() bool { return c.below.got > 0 || c.below.left > 0 }

// Write encrypts p and writes it below, which does not wait: so does this not. The
// bytes that are kept there are for the owner of the bottom to bound: write in
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

// Unsent tells how many encrypted bytes are kept at the bottom.
func (c *Conn) Unsent() int { return c.below.base.Unsent() }

// Drain waits until they are with the system.
func (c *Conn) Drain(until time.Time) error { return c.below.base.Drain(until) }

// CloseWrite tells the peer by a close_notify that nothing more comes through
// TLS. Reading goes on.
func (c *Conn) CloseWrite() error {
	c.below.answers.host.Store(true)
	defer c.below.answers.host.Store(false)
	if err := c.tls.CloseWrite(); err != nil {
		return c.streamFailed(err, fault.PhaseClose)
	}
	return nil
}

// ExpectsMore is layer.Unsolicited's: a server of TLS 1.3 sends tickets behind the
// handshake (RFC 8446, section 4.6.1). They come before the first bytes that Read
// gives.
func (c *Conn) ExpectsMore() bool {
	return c.client && !c.received && c.below.open && c.tls.ConnectionState().Version >= tls.VersionTLS13
}

// Leftover takes what came from below and was not used: after Read gave
// fault.PeerClosed, the bytes behind the peer's end of TLS.
func (c *Conn) Leftover() []byte {
	rest := slices.Clone(c.below.waiting())
	if rest != nil {
		c.below.drop(len(rest))
	}
	return rest
}
