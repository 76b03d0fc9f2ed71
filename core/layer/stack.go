package layer

import (
	"errors"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
)

// Stack is the layers of one connection. Only a caller that is its reader and its
// writer may change it.
type Stack struct {
	// Renamed, if set, is told when a layer knows better than the system who the
	// peer is, before the next layer's hand-shake. Its error ends Insert.
	Renamed func(peer endpoint.Addr) error

	bottom Base
	who    string
	floors []floor // the lowest first
}

// floor is one layer with its Conn.
type floor struct {
	layer Layer
	conn  Conn
}

// New makes a Stack without a layer. who names the peer in errors.
func New(bottom Base, who string) *Stack { return &Stack{bottom: bottom, who: who} }

// Len tells how many layers there are.
func (s *Stack) Len() int { return len(s.floors) }

// Top is the uppermost layer, nil without any.
func (s *Stack) Top() Conn {
	if len(s.floors) == 0 {
		return nil
	}
	return s.floors[len(s.floors)-1].conn
}

// At is layer i, the lowest is 0.
func (s *Stack) At(i int) Conn { return s.floors[i].conn }

// Insert makes l layer i. Those above it must be instant: they are put on it
// anew. After an error those from i on are gone.
func (s *Stack) Insert(i int, l Layer) error {
	above := s.cut(i)
	if err := s.put(l); err != nil {
		return err
	}
	return s.putBack(above)
}

// Remove takes layer i away, both sides of which are closed. Those above it must
// be instant; they go on with what came behind its end. Without any above it that
// is the caller's.
func (s *Stack) Remove(i int) (rest []byte, err error) {
	cut := s.cut(i)
	rest = cut[0].conn.Leftover()
	if len(cut) == 1 {
		return rest, nil
	}
	if len(rest) > 0 {
		s.put(&replay{rest: rest})
	}
	return nil, s.putBack(cut[1:])
}

// replay is a layer whose first bytes are there already. It is for one
// connection.
type replay struct {
	Through
	rest []byte
}

func (r *replay) Phase() fault.Phase { return fault.PhaseRead }
func (r *replay) Instant() bool      { return true }

func (r *replay) Handshake(base Base, _ string) (Conn, error) {
	r.Base = base
	return r, nil
}

func (r *replay) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		return r.Base.Read(p)
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func (r *replay) Pending() bool { return len(r.rest) > 0 }

func (r *replay) Leftover() []byte { return r.rest }

// cut takes layers i and those above it away.
func (s *Stack) cut(i int) []floor {
	above := append([]floor(nil), s.floors[i:]...)
	clear(s.floors[i:])
	s.floors = s.floors[:i]
	return above
}

func (s *Stack) putBack(above []floor) error {
	for _, f := range above {
		if err := s.put(f.layer); err != nil {
			return err
		}
	}
	return nil
}

// farAway is a time that does not come.
var farAway = time.Unix(1<<40, 0)

// put puts a layer on top.
func (s *Stack) put(l Layer) error {
	base := s.bottom
	if top := s.Top(); top != nil {
		base = top
	}
	c, err := l.Handshake(base, s.who)
	if err == nil && !l.Instant() {
		err = base.Drain(farAway) // the end of the hand-shake
	}
	if err != nil {
		return inPhase(err, l.Phase())
	}
	s.floors = append(s.floors, floor{l, c})
	if p, ok := c.(Peered); ok && p.Peer().IsValid() {
		s.who = p.Peer().String()
		if s.Renamed != nil {
			return s.Renamed(p.Peer())
		}
	}
	return nil
}

// inPhase says that an error happened in the hand-shake, whatever was done there
// when it did.
func inPhase(err error, phase fault.Phase) error {
	var e *fault.Error
	if !errors.As(err, &e) {
		return err
	}
	in := *e
	in.Phase = phase
	return &in
}

// CloseWrite ends the sending sides of all layers, the uppermost first.
func (s *Stack) CloseWrite() error {
	for i := len(s.floors) - 1; i >= 0; i-- {
		if err := s.floors[i].conn.CloseWrite(); err != nil {
			return err
		}
	}
	return nil
}

// Pending tells whether reading from the top may give bytes without the bottom
// having any. It is the reader's to ask.
func (s *Stack) Pending() bool {
	for _, f := range s.floors {
		if f.conn.Pending() {
			return true
		}
	}
	return false
}

// Stopped tells until when a layer waits for its peer and reads no further, the
// zero time if none does. It is the reader's to ask.
func (s *Stack) Stopped() time.Time {
	for _, f := range s.floors {
		if t, ok := f.conn.(Throttled); ok {
			if until := t.Stopped(); !until.IsZero() {
				return until
			}
		}
	}
	return time.Time{}
}

// ExpectsMore tells whether the peer may still send what no reader asked for. It is
// the reader's to ask.
func (s *Stack) ExpectsMore() bool {
	for _, f := range s.floors {
		if u, ok := f.conn.(Unsolicited); ok && u.ExpectsMore() {
			return true
		}
	}
	return false
}
