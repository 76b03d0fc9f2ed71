package core

import (
	"slices"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
)

// SetOption sets an integer option. Errors: fault.Argument, fault.State (too
// late), fault.Busy (somebody is reading), fault.Kind, fault.Closed, and those
// of the system.
func (s *Socket) SetOption(id Option, value int32) error {
	o, value, err := id.check(value)
	if err != nil {
		return err
	}
	if id == OptUserNumber {
		return s.note(func() { s.userNumber.Store(value) })
	}
	return s.change(o.name, o.effect, func(n *settings) error { return o.store(n, value) })
}

// note keeps what is the socket's own and no setting to share.
func (s *Socket) note(keep func()) error {
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
func (s *Socket) SetText(id TextOption, value string) error {
	o, known := textOptions()[id]
	if !known {
		return WrongNumber("option", FamilyText, int32(id))
	}
	switch id {
	case TextMulticastJoin, TextMulticastLeave:
		return s.membership(id, value)
	case TextUserText:
		return s.note(func() { s.userText.Store(&value) })
	}
	if err := s.note(func() {}); err != nil { // closed: no file is read for it
		return err
	}
	change, err := o.change(s.options(), value, s.warn)
	if err != nil {
		return err
	}
	return s.change(o.name, o.effect, change)
}

// SetMode chooses the transmission mode; a nil tag keeps the one that is set.
// Errors: fault.Busy, fault.Kind (UDP), fault.Argument.
func (s *Socket) SetMode(mode frame.Mode, tag []byte) error {
	if s.packets.Load() != nil {
		return fault.New(fault.Kind, fault.PhaseCall, s.Label())
	}
	return s.change("mode", toFraming, func(n *settings) error { return setMode(n, mode, tag) })
}

// SetMode chooses the mode of sockets made afterwards.
func (lib *Library) SetMode(mode frame.Mode, tag []byte) error {
	return lib.change(func(n *settings) error { return setMode(n, mode, tag) })
}

func setMode(n *settings, mode frame.Mode, tag []byte) error {
	if !mode.Valid() {
		return argument("mode", decimal(int(mode)))
	}
	n.frame.Mode = mode
	if tag != nil {
		n.frame.Tag = slices.Clone(tag)
	}
	return nil
}

// change tries a change of the options and keeps it if it holds together and
// the system agrees.
func (s *Socket) change(name string, e effect, set func(*settings) error) error {
	if e == ofProcess {
		return fault.New(fault.Argument, fault.PhaseOption, "option").With(noteProcess, name)
	}
	w, err := s.enter(0, fault.PhaseOption)
	if err != nil {
		return err
	}
	defer w.Leave()
	if e == toFraming {
		if err := s.takeRole(fault.PhaseOption); err != nil {
			return err
		}
		defer s.dropRole()
	}
	defer s.uncollected()
	s.mu.Lock()
	defer s.mu.Unlock()
	if e == early && s.state != StateNew && s.state != StateFailed {
		return fault.New(fault.State, fault.PhaseOption, s.title()).With(fault.NoteTooLate, name)
	}
	next := *s.opts.Load()
	if e == toFraming {
		next.preset = ""
	}
	if err := set(&next); err != nil {
		return err
	}
	lv, err := newLive(&next, s.live.Load(), e == toFraming)
	if err != nil {
		return err
	}
	if e == toSystem {
		if err := s.applySystem(&next); err != nil {
			return err
		}
	}
	if e == toTLS {
		if err := s.applyTLS(&next); err != nil {
			return err
		}
	}
	s.opts.Store(&next)
	rewatched := lv.watch != s.live.Load().watch
	s.live.Store(lv)
	if st := s.stream.Load(); st != nil {
		st.endLoan()
		st.endDeal()
	}
	s.relink(&next)
	if rewatched {
		s.stir()
	}
	if st := s.stream.Load(); st != nil && e == toFraming {
		st.astray.Store(nil) // what made no sense may make some now
		s.stir()
	}
	return nil
}

// uncollected sends what a client has collected whose link is to heal from now
// on: what is not in the link's books yet must not wait.
func (s *Socket) uncollected() {
	if st := s.stream.Load(); st != nil && st.link.Load() != nil {
		s.letOut(st)
	}
}

// applySystem hands the options to the system's sockets; s.mu is held.
func (s *Socket) applySystem(next *settings) error {
	if st := s.stream.Load(); st != nil {
		return st.conn.Apply(&next.wire)
	}
	if v := s.server.Load(); v != nil {
		if err := v.ln.Apply(&next.wire); err != nil {
			return err
		}
		return v.applyClients(next)
	}
	if u := s.packets.Load(); u != nil {
		return u.sock.Apply(&next.wire)
	}
	return nil
}

// applyTLS gives the settings to a server, for the hand-shakes that
// begin afterwards; s.mu is held.
func (s *Socket) applyTLS(next *settings) error {
	if v := s.server.Load(); v != nil && v.party != nil {
		return v.party.Replace(next.tls)
	}
	return nil
}

// applyClients is for the clients that a server has taken already.
func (v *server) applyClients(next *settings) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.pending != nil {
		if err := v.pending.conn.Apply(&next.wire); err != nil {
			return err
		}
	}
	if v.client != nil {
		return v.client.conn.Apply(&next.wire)
	}
	return nil
}

func (s *Socket) membership(id TextOption, group string) error {
	w, err := s.enter(0, fault.PhaseOption)
	if err != nil {
		return err
	}
	defer w.Leave()
	u, err := s.udp(fault.PhaseOption)
	if err != nil {
		return err
	}
	if id == TextMulticastJoin {
		return u.sock.Join(group)
	}
	return u.sock.Leave(group)
}

// Option tells an integer option. Errors: fault.Argument, fault.NotConnected
// (a port there is none of yet). OptKind is told by Kind and
// Layers, OptServer by Server.
func (s *Socket) Option(id Option) (int32, error) {
	o, known := intOptions()[id]
	switch {
	case !known:
		return 0, WrongNumber("option", FamilyOption, int32(id))
	case o.effect == ofProcess:
		return s.lib.Option(id)
	}
	switch id {
	case OptLocalPort:
		end, err := s.Local()
		if err != nil && s.Kind() == 0 {
			return int32(s.options().localPort), nil
		}
		return int32(end.Port()), err
	case OptPeerPort:
		end, err := s.Peer()
		return int32(end.Port()), err
	case OptSSLDaysLeft:
		days, set := s.options().tls.DaysLeft()
		if !set {
			return 0, fault.New(fault.TLSNotSecured, fault.PhaseOption, s.Label())
		}
		return days, nil
	case OptKind, OptServer:
		return 0, nil
	case OptUserNumber:
		return s.userNumber.Load(), nil
	}
	return o.get(s.options()), nil
}

// Text tells an option that is text or bytes. Error: fault.Argument.
func (s *Socket) Text(id TextOption) (string, error) {
	o, known := textOptions()[id]
	if known && o.effect == ofProcess {
		return s.lib.Text(id)
	}
	if !known || o.get == nil {
		return "", WrongNumber("option", FamilyText, int32(id))
	}
	if own := s.userText.Load(); id == TextUserText && own != nil {
		return *own, nil
	}
	return o.get(s.options()), nil
}
