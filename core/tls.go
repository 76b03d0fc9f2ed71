package core

import (
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// Role says which end of a handshake a socket is.
type Role int32

// The roles of StartTLS.
const (
	RoleClient Role = 1
	RoleServer Role = 2
)

// StartTLS makes an open plain connection one with TLS, as STARTTLS needs,
// with the TLS options of the socket. Plain bytes that have arrived already
// are an error: an attacker may have put them there (RFC 3207, section 6).
//
// On a socket that is in a queue the handshake goes on in the background if
// timeout is 0: the queue tells EventTLSDone, or EventError as the socket's
// last event. Writes wait for its end; reads give fault.Busy.
//
// Errors: fault.TLSSurplus (the connection stays plain), those of a handshake
// (the connection is over), fault.State (there is TLS already), fault.Busy,
// fault.Timeout.
func (s *Socket) StartTLS(role Role, timeout time.Duration) error {
	if s.registration.Load() != nil {
		return s.startTLSInQueue(role, timeout)
	}
	return s.withBothLocks(timeout, func(w *poll.Call, st *stream) error {
		tls, err := s.prepareTLS(w, st, role)
		if err != nil {
			return err
		}
		return s.handshake(w, st, tls, st.lastEnqueued())
	})
}

// prepareTLS makes the layer of TLS for a plain connection of which all bytes
// were read. If it fails nothing was sent: the connection stays plain. So it does
// where the handshake would wait in vain.
func (s *Socket) prepareTLS(w *poll.Call, st *stream, role Role) (layer.Layer, error) {
	if st.tls.Load() != nil {
		return nil, fault.New(fault.State, fault.PhaseTLS, st.peerLabel()).With(textTLSAlready)
	}
	if w.Interrupted() {
		return nil, syserr.Wrap(w.Expired(), fault.PhaseTLS, st.peerLabel())
	}
	if n := st.in.Len(); n > 0 {
		e := fault.New(fault.TLSSurplus, fault.PhaseTLS, st.peerLabel()).With(fault.NoteUnfinished, decimal(n), "")
		st.counters.CountOpenFailure(e)
		return nil, e
	}
	return s.tlsLayer(st, role, s.options())
}

// handshake does the handshake of a connection that was plain, behind what was
// written, and published up to number last. The caller holds both locks.
func (s *Socket) handshake(w *poll.Call, st *stream, tls layer.Layer, last int64) error {
	limit := s.options().HandshakeTimeout
	err := s.lib.recoverPanic("the handshake", func() error {
		if err := st.flushUpToLocked(w, limit, last); err != nil {
			return err
		}
		return st.insertTLS(w, tls, limit)
	})
	if err != nil {
		st.counters.CountOpenFailure(syserr.Wrap(err, fault.PhaseTLS, st.peerLabel()))
		if rc := st.reconnector.Load(); rc != nil {
			rc.giveUpAfterHandshake(st)
		}
		st.markHandshakeFailed(err)
	}
	return err
}

// tlsLayer is one end of TLS for a connection that is open.
func (s *Socket) tlsLayer(st *stream, role Role, o *option.Settings) (layer.Layer, error) {
	if role == RoleClient {
		party, err := tlslayer.NewClient(o.TLS, s.peerName(st), &s.lib.sessions)
		if err != nil {
			return nil, err
		}
		return party.ClientLayer(), nil
	}
	party, err := tlslayer.NewServer(o.TLS)
	if err != nil {
		return nil, err
	}
	return party.ServerLayer(), nil
}

// markHandshakeFailed makes all later reads and writes fail. If this call was timed out,
// cancelled or closed they give fault.TLSHandshake, not that.
func (st *stream) markHandshakeFailed(err error) {
	e := syserr.Wrap(err, fault.PhaseTLS, st.peerLabel())
	switch e.Code {
	case fault.Timeout, fault.Cancelled, fault.Closed:
		e = fault.New(fault.TLSHandshake, fault.PhaseTLS, st.peerLabel()).With(noteHalfHandshake)
		e.Cause = err
	}
	st.ended.CompareAndSwap(nil, e)
	st.broken.CompareAndSwap(nil, e)
}

// peerName is what the peer's certificate must be for.
func (s *Socket) peerName(st *stream) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.to != nil && s.to.Host != "" {
		return s.to.Host
	}
	if peer := st.conn.PeerAddr(); peer.Kind() == endpoint.IP || peer.Kind() == endpoint.Name {
		return peer.Host()
	}
	return hostOf(endpoint.Location{}) // a Unix socket: this machine
}

// withBothLocks runs f with the read and the write lock of the stream.
func (s *Socket) withBothLocks(timeout time.Duration, f func(*poll.Call, *stream) error) error {
	if s.registration.Load() != nil { // it would have to wait
		return fault.New(fault.Busy, fault.PhaseTLS, s.Label()).With(textStopsInQueue)
	}
	_, err := s.withPresentPeer(timeout, fault.PhaseTLS, func(w *poll.Call, st *stream, _ *ioConfig) (int, error) {
		if err := st.lockWrite(w); err != nil {
			return 0, notLocked(st, w, fault.PhaseTLS, err)
		}
		defer st.tryFlush() // what was published meanwhile
		defer st.unlockWrite()
		if err := st.checkWritable(); err != nil {
			return 0, err
		}
		return 0, st.cutReasonReading(w, s.config.Load(), f(w, st))
	})
	return err
}

// StopTLS ends TLS in order and goes on in plain text: each side sends its
// close_notify. What the peer sent before its own is kept for reading.
//
// Errors: fault.TLSNotSecured, fault.Timeout, fault.Busy, and what reading may
// give.
func (s *Socket) StopTLS(timeout time.Duration) error {
	return s.withBothLocks(timeout, func(w *poll.Call, st *stream) error {
		tls := st.tls.Load()
		if tls == nil {
			return fault.New(fault.TLSNotSecured, fault.PhaseTLS, st.peerLabel())
		}
		if err := st.flushUpToLocked(w, s.options().HandshakeTimeout, st.lastEnqueued()); err != nil {
			return err
		}
		if err := tls.CloseWrite(); err != nil {
			return err
		}
		if err := st.conn.Flush(w); err != nil {
			return err
		}
		cfg := s.config.Load()
		for st.ended.Load() == nil {
			if err := st.fill(w, cfg); err != nil && st.ended.Load() == nil {
				return err
			}
		}
		if e := st.ended.Load(); e.Code != fault.PeerClosed {
			return e
		}
		st.ended.Store(nil)
		return st.removeTLS()
	})
}

// LayerInfo tells what a layer of the connection knows. what is a number of WDS_INFO_SSL_:
// what was agreed and who the peer is, index is that of a certificate of the peer's chain, 0
// for its own; one of WDS_INFO_PROXY_, "" without a PROXY header; one of
// WDS_INFO_ROUTE_, "" where no proxy is gone through; or InfoPeerPID and InfoPeerUID, ""
// where the peer may be on another machine. Errors: fault.TLSNotSecured,
// fault.Argument, fault.NotConnected, fault.NoRequest, fault.Kind.
func (s *Socket) LayerInfo(what int32, index int) (string, error) {
	w, err := s.enter(0, fault.PhaseCall)
	if err != nil {
		return "", err
	}
	defer w.Leave()
	st, err := s.inspect()
	if err != nil {
		return "", err
	}
	if isOfProxies(what) {
		return st.proxied.info(what), nil
	}
	if what == InfoPeerPID || what == InfoPeerUID {
		return processInfo(st.conn, what), nil
	}
	tls := st.tls.Load()
	if tls == nil {
		return "", fault.New(fault.TLSNotSecured, fault.PhaseTLS, st.peerLabel())
	}
	return tls.Info(what, index)
}
