package core

import (
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
	"wdsocket/core/transport"
)

// Open opens a socket that was made, or whose opening failed. layers are those
// that its connections get. For a client
// port and address are the peer's and timeout covers all of connecting; with 0
// it goes on in the background. For the others they are the own.
//
// Errors: fault.State (open already), what connecting or listening may give,
// fault.Closed, fault.Cancelled, fault.Argument.
func (s *Socket) Open(kind Kind, layers Layers, port int, address string, timeout time.Duration) error {
	at, err := endpoint.ParseLocation(address, port)
	if err != nil {
		return err
	}
	if kind < KindClient || kind > KindUDP || kind == KindUDP && layers != 0 {
		return argument("kind", decimal(int(kind)))
	}
	if layers, err = layersOf(kind, layers, at); err != nil {
		return err
	}
	if kind == KindClient {
		if at, err = peerAt(at); err != nil {
			return err
		}
	}
	a := &openAttempt{s: s, kind: kind, at: at}
	enter, beside := s.enter, kind == KindClient && timeout == 0
	if beside {
		enter = s.enterBackground
	}
	w, err := enter(timeout, fault.PhaseConnect)
	if err != nil {
		return err
	}
	if err := s.beginOpen(kind, layers, timeout); err != nil {
		w.Leave()
		return err
	}
	if beside {
		w.SetDeadline(time.Time{})
		s.lib.goTask("connecting", s, func() {
			defer w.Leave()
			s.finishOpen(a, s.lib.recoverPanic("connecting", func() error { return s.connect(w, a) }))
		})
		return nil
	}
	defer w.Leave()
	return s.finishOpen(a, s.lib.recoverPanic("opening", func() error {
		switch kind {
		case KindClient:
			return s.connect(w, a)
		case KindServer:
			return s.listen(w, at)
		}
		return s.bind(w, at)
	}))
}

// beginOpen makes sure that one call at a time opens the socket.
func (s *Socket) beginOpen(kind Kind, layers Layers, timeout time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != StateNew && s.state != StateFailed {
		return fault.New(fault.State, fault.PhaseCall, s.ownLabel()).With(textOpenAlready)
	}
	if err := s.setWebSocketLocked(layers.has(LayerWebSocket)); err != nil {
		return err
	}
	s.kind, s.layers, s.state, s.openErr, s.dialTimeout = kind, layers, StateConnecting, nil, timeout
	s.opening.Store(true)
	return nil
}

func (s *Socket) finishOpen(a *openAttempt, err error) error {
	err = s.openEnded(a, err)
	s.wakeQueue()
	return err
}

// openEnded records how opening ended, and posts that to the queue before any other
// event.
func (s *Socket) openEnded(tried *openAttempt, err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.opening.Store(false)
	reg := s.registration.Load()
	if err != nil {
		e := syserr.Wrap(err, fault.PhaseConnect, s.ownLabel())
		s.state, s.openErr = StateFailed, e
		s.counters.CountOpenFailure(e)
		s.lib.log(levelError, tried, "%v", e)
		if reg != nil {
			event := reg.newEvent(s.userNumber.Load(), EventError, 0, e.Code)
			if s.kind != KindClient && fault.Scope(event.Detail) == fault.ScopeConnection {
				event.Detail = int32(fault.ScopeServer)
			}
			reg.postEvent(event, false)
		}
		return e
	}
	s.state = StateOpen
	if s.kind == KindServer {
		s.state = StateListening
	}
	if reg != nil && s.kind == KindClient {
		reg.postForLocked(s.userNumber.Load(), EventConnected, 0, fault.OK)
	}
	return nil
}

func (s *Socket) connect(w *poll.Call, a *openAttempt) error {
	began := time.Now()
	st, err := s.dial(w, a)
	if err != nil {
		return err
	}
	s.connected(w, st, a.at, time.Since(began))
	return nil
}

// connected installs a connection. After a panic it is released, as soon as no call
// uses it, so that the socket can be opened again.
func (s *Socket) connected(w *poll.Call, st *stream, to endpoint.Location, took time.Duration) {
	kept := false
	defer func() {
		if !kept {
			s.reconnector.Store(nil)
			s.stream.CompareAndSwap(st, nil)
			s.gate.Retire(w, st.abort)
		}
	}()
	s.setConn(st, to, took)
	s.lib.log(levelTraffic, st, "connected in %.1f ms", took.Seconds()*1000)
	kept = true
}

// setConn makes st the socket's connection.
func (s *Socket) setConn(st *stream, to endpoint.Location, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dialDuration, s.to = took, &to
	s.stream.Store(st)
	s.recordLocked() // the options may have changed meanwhile
	s.enableReconnectLocked(s.options())
}

// localAddr is the local address to bind to.
func (s *Socket) localAddr(at endpoint.Location) *transport.Local {
	o := s.options()
	if at.Port == 0 && at.HasPort() {
		at.Port = uint16(o.LocalPort)
	}
	if at.Host == "" && at.Kind == endpoint.IP {
		at.Host = o.LocalAddress
	}
	return &transport.Local{Location: at, Family: o.Family, Options: &o.System}
}

// ownAddress looks the name of an own address up, as the options say and within
// their time.
func (s *Socket) ownAddress(w *poll.Call, at endpoint.Location) (endpoint.Location, error) {
	if _, _, group := transport.Group(at.Host); at.Kind != endpoint.IP || at.Host == "" || endpoint.IsIP(at.Host) || group {
		return at, nil
	}
	o := s.options()
	w.SetTimeout(o.ResolveTimeout)
	addrs, err := o.Resolver().Lookup(w, at.Host, o.Family)
	if err != nil {
		return at, err
	}
	for _, a := range addrs { // as the system chooses among them
		if a.Is4() {
			at.Host = a.String()
			return at, nil
		}
	}
	at.Host = addrs[0].String()
	return at, nil
}

func (s *Socket) listen(w *poll.Call, at endpoint.Location) error {
	var party *tlslayer.Party
	if s.Layers().has(LayerTLS) {
		var err error
		if party, err = tlslayer.NewServer(s.options().TLS); err != nil {
			return err
		}
	}
	if err := checkProxyHeader(&s.options().ProxyHeader); err != nil {
		return err
	}
	at, err := s.ownAddress(w, at)
	if err != nil {
		return err
	}
	ln, err := transport.Listen(s.localAddr(at))
	if err != nil {
		return err
	}
	v := newServer(s, ln)
	v.party, v.ws.path = party, at.WebPath()
	if _, err := v.ws.layer(s.Layers(), s.options()); err != nil {
		ln.Close()
		return err
	}
	if !v.chain(nil).empty() {
		v.handshaker = newHandshaker(v)
	}
	s.server.Store(v)
	if v.handshaker != nil {
		if w := s.gate.EnterTask(); w != nil {
			v.handshaker.start(w)
		}
	}
	s.lib.log(levelTraffic, s, "listening")
	return nil
}

func (s *Socket) bind(w *poll.Call, at endpoint.Location) error {
	at, err := s.ownAddress(w, at)
	if err != nil {
		return err
	}
	sock, err := transport.ListenPacket(s.localAddr(at))
	if err != nil {
		return err
	}
	u := &udpSocket{lib: s.lib, socket: s, sock: sock}
	u.timings.Opened(s.lib.micros())
	s.mu.Lock()
	s.udp.Store(u)
	s.recordLocked()
	s.mu.Unlock()
	s.lib.log(levelTraffic, s, "open")
	return nil
}
