package core

import (
	"time"

	"wdsocket/core/fault"
)

// listening gives the server, or the error that fits the socket.
func (s *Socket) listening(phase fault.Phase) (*server, error) {
	if v := s.server.Load(); v != nil {
		return v, nil
	}
	s.mu.Lock()
	kind := s.kind
	s.mu.Unlock()
	if kind == KindServer {
		return nil, s.notOpen(phase)
	}
	return nil, s.wrongKind(phase, textNeedsServer)
}

// WaitForConnection waits until a client asks to connect, and leaves the
// request pending. The socket is a standard server from then on.
//
// Errors: fault.Timeout, fault.Busy, fault.Descriptors, fault.Kind,
// fault.State (a simplified client is being served), fault.Closed,
// fault.Cancelled.
func (s *Socket) WaitForConnection(timeout time.Duration) error {
	v, err := s.listening(fault.PhaseAccept)
	if err != nil {
		return err
	}
	w, err := s.enter(s.readTimeout(timeout), fault.PhaseAccept)
	if err != nil {
		return err
	}
	defer w.Leave()
	return v.awaitRequest(w)
}

// Accept accepts the pending request, or waits for one. The channel has the
// options of its server and lives on when the server is closed. register,
// which may be nil, is called with the channel before any other call can see it;
// if it fails the request stays pending. Errors as WaitForConnection.
func (s *Socket) Accept(timeout time.Duration, register func(*Socket) error) (*Socket, error) {
	v, err := s.listening(fault.PhaseAccept)
	if err != nil {
		return nil, err
	}
	w, err := s.enter(s.readTimeout(timeout), fault.PhaseAccept)
	if err != nil {
		return nil, err
	}
	defer w.Leave()
	return v.accept(w, func(ch *Socket) error {
		s.lib.addSocket(ch)
		if register == nil {
			return nil
		}
		err := register(ch)
		if err != nil {
			s.lib.removeSocket(ch)
		}
		return err
	})
}

// Deny refuses the pending request by a reset; a simplified server sends its
// present client away. Errors: fault.NoRequest, fault.Kind.
func (s *Socket) Deny() error {
	v, err := s.listening(fault.PhaseAccept)
	if err != nil {
		return err
	}
	w, err := s.enter(0, fault.PhaseAccept)
	if err != nil {
		return err
	}
	defer w.Leave()
	return v.deny()
}

func (s *Socket) clientLimits() (most, perAddress int) {
	o := s.options()
	return o.MaxClients, o.MaxClientsPerAddress
}

// handshakes tells how long one may take on a server, and how many there may be.
func (s *Socket) handshakes() (limit time.Duration, most int) {
	o := s.options()
	return o.HandshakeTimeout, o.HandshakesPending
}

func (s *Socket) listenBacklog() int { return s.options().System.Backlog }
