package core

import (
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// SetOption sets an integer option. Errors: fault.Argument, fault.State (too
// late), fault.Busy (another call is reading), fault.Kind, fault.Closed, and those
// of the system.
func (s *Socket) SetOption(id option.ID, value int32) error {
	o, value, err := id.Check(value)
	if err != nil {
		return err
	}
	if id == option.UserNumber {
		return s.setUnshared(func() { s.userNumber.Store(value) })
	}
	return s.change(o.Name, o.Effect, func(n *option.Settings) error { return o.Store(n, value) })
}

// setUnshared keeps what is the socket's own and no setting to share.
func (s *Socket) setUnshared(keep func()) error {
	w, err := s.enter(0, fault.PhaseOption)
	if err != nil {
		return err
	}
	defer w.Leave()
	keep()
	return nil
}

// SetText sets an option that is text or bytes. Errors as SetOption, and
// fault.Unsupported for an unknown character set or preset.
func (s *Socket) SetText(id option.TextID, value string) error {
	o, known := option.Texts()[id]
	if !known {
		return option.WrongNumber("option", option.FamilyText, int32(id))
	}
	switch id {
	case option.TextMulticastJoin, option.TextMulticastLeave:
		return s.changeMembership(id, value)
	case option.TextUserText:
		return s.setUnshared(func() { s.userText.Store(&value) })
	}
	if err := s.setUnshared(func() {}); err != nil { // closed: no file is read for it
		return err
	}
	change, err := o.Change(s.options(), value, s.warn)
	if err != nil {
		return err
	}
	return s.change(o.Name, o.Effect, change)
}

// SetMode chooses the transmission mode; a nil tag keeps the one that is set.
// Errors: fault.Busy, fault.Kind (UDP), fault.Argument.
func (s *Socket) SetMode(mode frame.Mode, tag []byte) error {
	if s.udp.Load() != nil {
		return s.wrongKind(fault.PhaseCall, textNeedsTCP)
	}
	return s.change("mode", option.ToFraming, func(n *option.Settings) error { return n.SetMode(mode, tag) })
}

// SetMode chooses the mode of sockets made afterwards.
func (lib *Library) SetMode(mode frame.Mode, tag []byte) error {
	return lib.change(func(n *option.Settings) error { return n.SetMode(mode, tag) })
}

// change tries a change of the options and keeps it if it holds together and
// the system agrees.
func (s *Socket) change(name string, e option.Effect, set func(*option.Settings) error) error {
	if e == option.ProcessWide {
		return fault.New(fault.Argument, fault.PhaseOption, "option").With(noteProcess, name)
	}
	w, err := s.enter(0, fault.PhaseOption)
	if err != nil {
		return err
	}
	defer w.Leave()
	if e == option.ToFraming {
		if err := s.lockRead(fault.PhaseOption); err != nil {
			return err
		}
		defer s.unlockRead()
	}
	defer s.flushForReconnect()
	s.mu.Lock()
	defer s.mu.Unlock()
	if e == option.BeforeOpen && s.state != StateNew && s.state != StateFailed {
		return fault.New(fault.State, fault.PhaseOption, s.ownLabel()).With(fault.NoteTooLate, name)
	}
	next := *s.opts.Load()
	if err := set(&next); err != nil {
		return err
	}
	if err := s.checkWebSocketMode(&next); err != nil {
		return err
	}
	cfg, err := newIOConfig(&next, s.config.Load(), e)
	if err != nil {
		return err
	}
	if e == option.ToSystem {
		if err := s.applySystemLocked(&next); err != nil {
			return err
		}
	}
	if e == option.ToTLS {
		if err := s.applyTLSLocked(&next); err != nil {
			return err
		}
	}
	recorded := s.opts.Load().Record != next.Record
	s.opts.Store(&next)
	if recorded {
		s.recordLocked()
	}
	rewatched := cfg.liveness != s.config.Load().liveness
	s.config.Store(cfg)
	if st := s.stream.Load(); st != nil {
		st.endLoan()
		st.endDeal()
	}
	s.enableReconnectLocked(&next)
	if rewatched {
		s.wakeQueue()
	}
	if st := s.stream.Load(); st != nil && e == option.ToFraming {
		st.sharedFramingErr.Store(nil) // what made no sense may make some now
		s.wakeQueue()
	}
	return nil
}

// flushForReconnect sends what a client has collected that is to reconnect from now
// on: what is not in the reconnector's records yet must not wait.
func (s *Socket) flushForReconnect() {
	if st := s.stream.Load(); st != nil && st.reconnector.Load() != nil {
		s.flushCoalesced(st)
	}
}

// applySystemLocked hands the options to the system's sockets; s.mu is held.
func (s *Socket) applySystemLocked(next *option.Settings) error {
	if st := s.stream.Load(); st != nil {
		return st.conn.Apply(&next.System)
	}
	if v := s.server.Load(); v != nil {
		if err := v.ln.Apply(&next.System); err != nil {
			return err
		}
		return v.applyClients(next)
	}
	if u := s.udp.Load(); u != nil {
		return u.sock.Apply(&next.System)
	}
	return nil
}

// applyTLSLocked gives the settings to a server, for the handshakes that
// begin afterwards; s.mu is held.
func (s *Socket) applyTLSLocked(next *option.Settings) error {
	if v := s.server.Load(); v != nil && v.party != nil {
		return v.party.Replace(next.TLS)
	}
	return nil
}

// applyClients is for the clients that a server has taken already.
func (v *server) applyClients(next *option.Settings) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.pending != nil {
		if err := v.pending.conn.Apply(&next.System); err != nil {
			return err
		}
	}
	if v.client != nil {
		return v.client.conn.Apply(&next.System)
	}
	return nil
}

func (s *Socket) changeMembership(id option.TextID, group string) error {
	w, err := s.enter(0, fault.PhaseOption)
	if err != nil {
		return err
	}
	defer w.Leave()
	u, err := s.udpSocket(fault.PhaseOption)
	if err != nil {
		return err
	}
	if id == option.TextMulticastJoin {
		return u.sock.Join(group)
	}
	return u.sock.Leave(group)
}

// Option tells an integer option. Errors: fault.Argument, fault.NotConnected
// (a port there is none of yet). option.Kind is told by Kind and
// Layers, option.Server by Server.
func (s *Socket) Option(id option.ID) (int32, error) {
	o, known := option.Ints()[id]
	switch {
	case !known:
		return 0, option.WrongNumber("option", option.FamilyOption, int32(id))
	case o.Effect == option.ProcessWide:
		return s.lib.Option(id)
	}
	switch id {
	case option.LocalPort:
		end, err := s.Local()
		if err != nil && s.Kind() == 0 {
			return int32(s.options().LocalPort), nil
		}
		return int32(end.Port()), err
	case option.PeerPort:
		end, err := s.Peer()
		return int32(end.Port()), err
	case option.SSLDaysLeft:
		days, set := s.options().TLS.DaysLeft()
		if !set {
			return 0, fault.New(fault.TLSNotSecured, fault.PhaseOption, s.Label())
		}
		return days, nil
	case option.Kind, option.Server:
		return 0, nil
	case option.WebSocketMessage:
		return s.lastMessageKind(), nil
	case option.FrameMessage:
		return s.lastKind.Load(), nil
	case option.UserNumber:
		return s.userNumber.Load(), nil
	}
	return o.Get(s.options()), nil
}

// Text tells an option that is text or bytes. Error: fault.Argument.
func (s *Socket) Text(id option.TextID) (string, error) {
	o, known := option.Texts()[id]
	if known && o.Effect == option.ProcessWide {
		return s.lib.Text(id)
	}
	if !known || o.Get == nil {
		return "", option.WrongNumber("option", option.FamilyText, int32(id))
	}
	if own := s.userText.Load(); id == option.TextUserText && own != nil {
		return *own, nil
	}
	return o.Get(s.options()), nil
}
