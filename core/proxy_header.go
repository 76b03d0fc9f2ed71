package core

import (
	"errors"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/layer/proxyheader"
	"wdsocket/core/poll"
	"wdsocket/core/route"
	"wdsocket/core/syserr"
)

// The header of the PROXY protocol on a server: from which clients one is read, whom a
// connection counts for, and what is only a proxy that looks whether the server is there.

// proxied is what is known of the proxies of a connection.
type proxied struct {
	header *proxyheader.Header // that one has sent to a server, nil if none
	way    *route.Taken        // that a client goes, nil without
}

// isOfProxies tells whether a number is one of what info tells.
func isOfProxies(what int32) bool { return proxyheader.IsInfo(what) || route.IsInfo(what) }

// info tells one of the facts, "" where there is none.
func (p *proxied) info(what int32) string {
	switch {
	case p == nil:
		return ""
	case route.IsInfo(what):
		return p.way.Info(what)
	}
	return p.header.Info(what)
}

// admission says what a client that is no channel counts for in the limits.
type admission uint8

const (
	admittedNot       admission = iota
	admittedProxy               // for nothing: a trusted proxy, whose client is not known yet
	admittedHandshake           // for its address: handshakes have a limit of their own, and silent clients may not shut others out
	admittedReady               // as a channel does
)

// hasAddress tells whether a client counts for its address.
func (a admission) hasAddress() bool { return a >= admittedHandshake }

// headerOf is the layer that reads the header of a server's client, nil where none is read.
// Without a client it is one that any of them may have.
func headerOf(v *server, st *stream) *proxyheader.Server {
	o := &v.sock.options().ProxyHeader
	switch {
	case o.Mode == proxyheader.Off:
		return nil
	case st == nil:
		return proxyheader.NewServer(o, endpoint.Addr{})
	case o.Expects(st.conn.PeerAddr()):
		return proxyheader.NewServer(o, st.conn.PeerAddr())
	}
	return nil
}

// checkProxyHeader makes sure that a server which reads headers trusts an address.
func checkProxyHeader(o *proxyheader.Settings) error {
	if o.Mode != proxyheader.Off && o.Trusted.Empty() {
		return fault.New(fault.Argument, fault.PhaseListen, "WDS_TEXT_PROXY_TRUSTED").With(noteNoTrusted)
	}
	return nil
}

// admissionOf is what a client that was taken from the system counts for: as, or as a
// proxy. The error: its address may not connect, whatever it sends.
func admissionOf(v *server, st *stream, as admission) (admission, error) {
	o, peer := &v.sock.options().ProxyHeader, st.conn.PeerAddr()
	switch {
	case o.Refuses(peer):
		return as, fault.New(fault.ProxyUntrusted, fault.PhaseProxy, st.peerLabel())
	case as == admittedHandshake && o.Expects(peer):
		return admittedProxy, nil
	}
	return as, nil
}

// setClientPeer sets a client's peer address; it counts for that address from now on.
// The error is a limitError.
func (v *server) setClientPeer(st *stream, peer endpoint.Addr) error {
	most, perAddress := v.sock.clientLimits()
	v.mu.Lock()
	as := max(st.admission, admittedHandshake)
	v.countLocked(st, admittedNot)
	st.conn.SetPeer(peer)
	v.countLocked(st, as)
	err := reached(v.limitLocked(st, as, most, perAddress))
	v.mu.Unlock()
	if err != nil {
		v.noteRefused(st, err)
	}
	return err
}

// forwardedClient keeps what a proxy has said of a client, once its handshakes have ended
// with err. Where there is no client it waits, at most within a time, for what proves that
// there is one: without, the proxy only looks whether the server is there, and the error is
// an errHealthCheck.
func forwardedClient(w *poll.Call, st *stream, h *proxyheader.Server, err error) error {
	if h == nil {
		return err
	}
	if header := h.Header(); header != nil {
		st.proxied = &proxied{header: header}
	}
	if !h.Probe() {
		return err
	}
	if err == nil && st.in.Len() == 0 {
		err = awaitFirstByte(w, st, h.Limit())
	}
	switch fault.CodeOf(err) {
	case fault.PeerClosed, fault.Reset, fault.TLSTruncated:
		return errHealthCheck
	case fault.TLSHandshake:
		if leftWithoutAWord(st) {
			return errHealthCheck
		}
	}
	return err
}

// errHealthCheck is a connection on which a proxy has only looked whether the server is
// there.
var errHealthCheck = errors.New("health check")

// awaitFirstByte waits for what the peer sends first, at most within a time.
func awaitFirstByte(w *poll.Call, st *stream, within time.Duration) error {
	var from layer.Base = st.conn
	if st.layers != nil {
		from = st.layers.top
	}
	defer shorten(w, within)()
	const most = 4096
	p := make([]byte, most)
	n, err := from.Read(p)
	if fault.CodeOf(err) == fault.Timeout {
		return nil // it waits for the server
	}
	if err != nil {
		return syserr.Wrap(err, fault.PhaseRead, st.peerLabel())
	}
	st.takeRest(st.layers.side(), p[:n])
	return nil
}

// leftWithoutAWord tells whether a client has sent nothing; a PROXY header is its proxy's.
func leftWithoutAWord(st *stream) bool {
	sent := st.conn.BytesIn()
	if st.proxied != nil {
		sent -= int64(st.proxied.header.Size)
	}
	return sent == 0
}
