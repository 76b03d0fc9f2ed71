package core

import "wdsocket/core/fault"

// Scope is how far an error of this socket reaches now: phase is what was being done,
// fault.PhaseNone if that is not known. What the code says is one half of it, what has
// become of the connection the other.
func (s *Socket) Scope(code fault.Code, phase fault.Phase) fault.Scope {
	scope := code.ScopeIn(phase)
	switch {
	case scope == fault.ScopeNone, scope == fault.ScopeLibrary:
		return scope
	case s.Closed():
		return fault.ScopeProgram
	case code == fault.NotConnected && s.willConnect():
		return fault.ScopeCall
	case scope == fault.ScopeProgram:
		return scope
	}
	if st := s.stream.Load(); st != nil {
		return s.streamScope(st, scope, code, phase)
	}
	if v := s.server.Load(); v != nil {
		return s.clientScope(v, scope, code, phase)
	}
	if s.udp.Load() != nil {
		return datagramScope(scope)
	}
	return s.unopenedScope(scope, phase)
}

// willConnect tells whether the socket is being connected.
func (s *Socket) willConnect() bool {
	if rc := s.reconnector.Load(); rc != nil && rc.isDown() && !rc.isGivenUp() {
		return true
	}
	return s.opening.Load()
}

// unopenedScope is the scope of an error of a socket that is not open.
func (s *Socket) unopenedScope(scope fault.Scope, phase fault.Phase) fault.Scope {
	if scope == fault.ScopeCall && phase == fault.PhaseTLS { // that of its opening
		scope = fault.ScopeConnection
	}
	if scope != fault.ScopeConnection && scope != fault.ScopeServer {
		return scope
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.state == StateNew:
		return fault.ScopeProgram
	case s.kind == KindClient:
		return fault.ScopeConnection
	}
	return fault.ScopeServer
}

// datagramScope is the scope of an error of an open UDP socket, which none ends.
func datagramScope(scope fault.Scope) fault.Scope { return min(scope, fault.ScopeMessage) }

// streamScope is the scope of an error on the socket's connection st, which may be made
// again.
func (s *Socket) streamScope(st *stream, scope fault.Scope, code fault.Code, phase fault.Phase) fault.Scope {
	if scope != fault.ScopeConnection && !endedBy(st, code, phase) {
		return scope
	}
	if !isPermanent(code) && s.reconnectsAfter(st) {
		return fault.ScopeCall
	}
	return fault.ScopeConnection
}

// endedBy tells whether an error that may leave a connection as it was has ended st, or
// its sending side.
func endedBy(st *stream, code fault.Code, phase fault.Phase) bool {
	switch code {
	case fault.Frame, fault.TooLong, fault.Check:
		return st.sharedFramingErr.Load() != nil
	case fault.Timeout, fault.Cancelled:
		return phase != fault.PhaseRead && st.broken.Load() != nil
	case fault.Memory, fault.System, fault.Access, fault.Descriptors, fault.Reconnecting:
		return st.ended.Load() != nil
	}
	return false
}

// reconnectsAfter tells whether the socket is connected again, or will be, after its
// connection st has ended.
func (s *Socket) reconnectsAfter(st *stream) bool {
	rc := s.reconnector.Load()
	switch {
	case rc == nil, rc.isGivenUp(), st.sharedFramingErr.Load() != nil:
		return false
	case rc.isDown():
		return true
	}
	return st.ended.Load() == nil && !st.writeClosed.Load() && s.options().Reconnect
}

// clientScope is the scope of an error on a server: what ends a connection ends the
// client of a simplified one.
func (s *Socket) clientScope(v *server, scope fault.Scope, code fault.Code, phase fault.Phase) fault.Scope {
	v.mu.Lock()
	client, standard := v.client, v.standard
	v.mu.Unlock()
	switch {
	case scope == fault.ScopeConnection, scope == fault.ScopeServer:
		return fault.ScopeClient
	case standard || code == fault.NoClient:
		return scope
	case client == nil && scope == fault.ScopeMessage:
		return fault.ScopeClient
	case client != nil && (client.ended.Load() != nil || endedBy(client, code, phase)):
		return fault.ScopeClient
	}
	return scope
}

// eventScope is the detail of an event that carries a code.
func (s *Socket) eventScope(kind EventKind, code fault.Code) fault.Scope {
	switch kind {
	case EventPeerClosed, EventReset, EventTimeout:
		return fault.ScopeConnection
	case EventReconnecting:
		return fault.ScopeCall
	case EventNoise:
		return fault.ScopeMessage
	case EventError:
		scope := code.Scope()
		switch {
		case scope == fault.ScopeProgram || s.stream.Load() != nil:
			return max(scope, fault.ScopeConnection)
		case s.server.Load() != nil:
			return min(scope, fault.ScopeClient)
		case s.udp.Load() != nil:
			return datagramScope(scope)
		}
		return fault.ScopeConnection
	}
	return fault.ScopeNone
}
