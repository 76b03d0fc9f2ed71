package core

import (
	"net/netip"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/option"
	"wdsocket/core/stats"
	"wdsocket/core/transport"
)

// State tells the truth about the socket; 0 if it is closed.
func (s *Socket) State() State {
	w := s.gate.Enter(0, s.lib.Direct)
	if w == nil {
		return 0
	}
	defer w.Leave()
	if rc := s.reconnector.Load(); rc != nil && rc.isDown() {
		return StateConnecting
	}
	if st := s.stream.Load(); st != nil {
		return st.state()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// Why tells why the connection ended or why opening failed; nil if neither.
func (s *Socket) Why() *fault.Error {
	if st := s.stream.Load(); st != nil {
		if e := st.ended.Load(); e != nil {
			return e
		}
		if e := st.sharedFramingErr.Load(); e != nil {
			return e
		}
		return st.broken.Load()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.openErr
}

// Peer tells the other end: of a server who asks to connect or is served, of
// a UDP socket the sender of the last datagram read. Errors:
// fault.NotConnected, fault.NoRequest, fault.NoDestination.
func (s *Socket) Peer() (endpoint.Addr, error) {
	w, err := s.enter(0, fault.PhaseCall)
	if err != nil {
		return endpoint.Addr{}, err
	}
	defer w.Leave()
	if st := s.stream.Load(); st != nil {
		return st.conn.PeerAddr(), nil
	}
	if v := s.server.Load(); v != nil {
		return v.peer()
	}
	if u := s.udp.Load(); u != nil {
		if last, ok := u.lastEnds(); ok {
			return last.From, nil
		}
		return endpoint.Addr{}, fault.New(fault.NoDestination, fault.PhaseCall, s.Label())
	}
	return endpoint.Addr{}, s.notOpen(fault.PhaseCall)
}

// Local tells the own end. Error: fault.NotConnected.
func (s *Socket) Local() (endpoint.Addr, error) {
	w, err := s.enter(0, fault.PhaseCall)
	if err != nil {
		return endpoint.Addr{}, err
	}
	defer w.Leave()
	if st := s.stream.Load(); st != nil {
		if rc := s.reconnector.Load(); rc != nil && rc.isDown() || transport.IsPlaceholder(st.conn) {
			return endpoint.Addr{}, fault.New(fault.NotConnected, fault.PhaseCall, s.Label())
		}
		return st.conn.LocalAddr(), nil
	}
	if v := s.server.Load(); v != nil {
		return v.ln.LocalAddr(), nil
	}
	if u := s.udp.Load(); u != nil {
		return u.sock.LocalAddr(), nil
	}
	return endpoint.Addr{}, s.notOpen(fault.PhaseCall)
}

// Destination tells which address the datagram read last was sent to: an own
// one, a broadcast address or a group. Errors: fault.NoDestination, fault.Kind,
// fault.NotConnected.
func (s *Socket) Destination() (netip.Addr, error) {
	w, err := s.enter(0, fault.PhaseCall)
	if err != nil {
		return netip.Addr{}, err
	}
	defer w.Leave()
	u, err := s.udpSocket(fault.PhaseCall)
	if err != nil {
		return netip.Addr{}, err
	}
	last, ok := u.lastEnds()
	if !ok || !last.To.IsValid() {
		return netip.Addr{}, fault.New(fault.NoDestination, fault.PhaseCall, s.Label())
	}
	return last.To, nil
}

// Channels lists the open channels of a server. Error: fault.Kind.
func (s *Socket) Channels() ([]*Socket, error) {
	v, err := s.listening(fault.PhaseCall)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	out := make([]*Socket, 0, len(v.channels))
	for ch := range v.channels {
		out = append(out, ch)
	}
	return out, nil
}

// Server is the server of a channel, nil for other sockets.
func (s *Socket) Server() *Socket {
	if s.parent == nil {
		return nil
	}
	return s.parent.sock
}

// Kind of the socket, 0 while it was not opened.
func (s *Socket) Kind() Kind {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kind
}

// Layers are those that the socket was opened with; none while it was not opened.
func (s *Socket) Layers() Layers {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.layers
}

// Number tells a figure. Errors: fault.Kind (the figure is of another kind of
// socket), fault.Argument.
func (s *Socket) Number(what Number) (int64, error) {
	if what < NumBytesRead || what > NumRefused {
		return 0, option.WrongNumber("what", option.FamilyNumber, int32(what))
	}
	if what >= NumClients {
		return s.serverNumber(what)
	}
	if what == NumConnectMicros {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.dialDuration.Microseconds(), nil
	}
	if u := s.udp.Load(); u != nil {
		switch what {
		case NumBytesRead:
			return u.bytesIn.Load(), nil
		case NumBytesWritten:
			return u.bytesOut.Load(), nil
		case NumMessagesRead:
			return u.read.Load(), nil
		case NumMessagesWritten:
			return u.written.Load(), nil
		}
		return u.buffered.Load(), nil
	}
	st := s.stream.Load()
	if v := s.server.Load(); v != nil {
		v.mu.Lock()
		st = v.client
		v.mu.Unlock()
	}
	if st == nil {
		return 0, nil
	}
	past := s.counters.Closed() // before the last reconnect
	held, read := st.incoming()
	switch what {
	case NumBytesRead:
		return past[stats.BytesRead] + st.conn.BytesIn(), nil
	case NumBytesWritten:
		return past[stats.BytesWritten] + st.conn.BytesOut(), nil
	case NumMessagesRead:
		return past[stats.MessagesRead] + read, nil
	case NumMessagesWritten:
		return past[stats.MessagesWritten] + st.messagesWritten(), nil
	}
	return held, nil
}

func (s *Socket) serverNumber(what Number) (int64, error) {
	v := s.server.Load()
	if v == nil {
		return 0, s.wrongKind(fault.PhaseCall, textNeedsServer)
	}
	channels, pending := v.clientCounts()
	switch what {
	case NumClients:
		return int64(channels), nil
	case NumPending:
		return int64(pending), nil
	}
	return v.refused.Load(), nil
}

// inspect gives the stream that questions are about, without taking a client.
func (s *Socket) inspect() (*stream, error) {
	if st := s.stream.Load(); st != nil {
		return st, nil
	}
	if v := s.server.Load(); v != nil {
		v.mu.Lock()
		defer v.mu.Unlock()
		switch {
		case v.pending != nil:
			return v.pending, nil
		case v.client != nil:
			return v.client, nil
		}
		return nil, fault.New(fault.NoRequest, fault.PhaseCall, s.Label())
	}
	if s.udp.Load() != nil {
		return nil, s.wrongKind(fault.PhaseCall, textNeedsConnection)
	}
	return nil, s.notOpen(fault.PhaseCall)
}
