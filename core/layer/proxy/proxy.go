// Package proxy is the handshakes with proxies, as layers that leave once theirs is
// done: SOCKS5 (RFC 1928, RFC 1929) and CONNECT of HTTP (RFC 9110, section 9.3.6). What
// they read of an answer is bounded, and may come in pieces of any size.
package proxy

import (
	"errors"
	"strconv"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

// Hop is one proxy on the way to a target, and what it is asked to connect to.
type Hop struct {
	Proxy    string        // names it in texts: "socks5://proxy:1080"
	Next     endpoint.Addr // what it is to connect to: the target, or the next proxy
	NextName string        // names that proxy in texts; "" where Next is the target
	Target   string        // names the target in texts: "db.example:5432"
	User     string
	Password string
	Known    bool // there is a user, be it an empty one
}

// fail makes an error that names the target and, as {0}, the proxy.
func (h *Hop) fail(code fault.Code, note fault.Note, args ...string) *fault.Error {
	return fault.New(code, fault.PhaseProxy, h.Target).With(note, append([]string{h.Proxy}, args...)...)
}

// unreachable is fail for what the proxy cannot connect to. What is next may be a proxy,
// too.
func (h *Hop) unreachable(toTarget, toProxy fault.Note, args ...string) *fault.Error {
	if h.NextName == "" {
		return h.fail(fault.ProxyTarget, toTarget, args...)
	}
	return h.fail(fault.ProxyUnreachable, toProxy, append([]string{h.NextName}, args...)...)
}

// refused is fail for what the proxy does not want to do.
func (h *Hop) refused(words string) *fault.Error {
	return h.fail(fault.ProxyRefused, noteRefused, h.Next.String(), words)
}

// talk is one handshake.
type talk struct {
	*Hop
	base  layer.Base
	began time.Time
	came  int // bytes that were read
}

func (h *Hop) begin(base layer.Base) *talk { return &talk{Hop: h, base: base, began: time.Now()} }

// write sends p, all of it.
func (t *talk) write(p []byte) error {
	if _, err := t.base.Write(p); err != nil {
		return t.own(err)
	}
	return nil
}

// read reads at least one byte.
func (t *talk) read(p []byte) (int, error) {
	n, err := t.base.Read(p)
	t.came += n
	if err != nil {
		return n, t.own(err)
	}
	return n, nil
}

// readFull fills p.
func (t *talk) readFull(p []byte) error {
	for len(p) > 0 {
		n, err := t.read(p)
		if err != nil {
			return err
		}
		p = p[n:]
	}
	return nil
}

// own is the error of a handshake that what is below has ended with err.
func (t *talk) own(err error) error {
	var e *fault.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case fault.Timeout:
		return t.fail(fault.Timeout, noteSilent, milliseconds(t.began))
	case fault.PeerClosed, fault.Reset, fault.TLSTruncated:
		note := noteHungUp
		if t.came > 0 {
			note = noteHungUpMidway
		}
		return t.fail(fault.ProxyRefused, note)
	}
	return OnTheWay(e, t.Proxy, t.Target)
}

func milliseconds(began time.Time) string {
	return strconv.FormatInt(time.Since(began).Milliseconds(), 10)
}

// OnTheWay makes the error of a connection to a proxy one that names the target, too.
func OnTheWay(err error, proxy, target string) error {
	var e *fault.Error
	if !errors.As(err, &e) {
		return err
	}
	in := *e
	in.Phase, in.Who = fault.PhaseProxy, proxy
	if in.Hint == fault.NoNote {
		return in.Advise(hintOnTheWay, target)
	}
	in.Who += " -> " + target
	return &in
}

// NotConnected makes the error of a connection to a proxy that could not be made one
// that names the target, too, and says that it is the proxy that is not to be reached.
func NotConnected(err error, proxy, target string) error {
	var e *fault.Error
	if !errors.As(err, &e) {
		return err
	}
	in := *e
	reason := fault.NoNote
	switch e.Code {
	case fault.Refused:
		reason = noteNobody
	case fault.Unreachable:
		reason = noteNoRoute
	case fault.HostUnknown:
		reason = noteUnknown
	case fault.Resolver:
		reason = noteNotLookedUp
	default:
		return OnTheWay(err, proxy, target)
	}
	in.Code = fault.ProxyUnreachable
	if in.Note == fault.NoNote {
		in.Note = reason
	}
	return OnTheWay(&in, proxy, target)
}

// Secured is TLS to a proxy, which stays: errors name the proxy and the target.
func Secured(tls layer.Layer, hop Hop) layer.Layer { return secured{tls, &hop} }

type secured struct {
	tls layer.Layer
	hop *Hop
}

// Phase is fault.PhaseProxy.
func (secured) Phase() fault.Phase { return fault.PhaseProxy }

// Instant is false.
func (secured) Instant() bool { return false }

// Handshake makes the handshake of TLS.
func (s secured) Handshake(base layer.Base, _ string) (layer.Conn, error) {
	began := time.Now()
	c, err := s.tls.Handshake(base, s.hop.Proxy)
	if err == nil {
		return c, nil
	}
	switch fault.CodeOf(err) {
	case fault.Timeout:
		return nil, s.hop.fail(fault.Timeout, noteSilentTLS, milliseconds(began))
	case fault.TLSPlainText:
		return nil, s.hop.fail(fault.ProxyProtocol, noteNoTLS)
	}
	if e, is := err.(*fault.Error); is { // what TLS advises is about the target's address, not the proxy's
		err = e.Advised(fault.NoNote, "")
	}
	return nil, OnTheWay(err, s.hop.Proxy, s.hop.Target)
}
