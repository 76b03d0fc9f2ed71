package layer

import (
	"errors"
	"slices"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
)

// Stack is the layers of one connection. Only a caller that is its reader and its
// writer may change it.
//
// Each connection with TLS has one, and pays for what is in it.
type Stack struct {
	bottom  Base
	who     string
	floors  []floor          // the lowest first
	carried map[int]*carried // what stands below a floor, or below the next one; nil without any
}

// floor is one layer with its Conn.
type floor struct {
	layer Layer
	conn  Conn
	idler Idler // the Conn, where it is one: asked after each read
}

// carried is a Base whose first bytes are here already: a layer that has left had read
// them too much.
type carried struct {
	Base
	rest []byte
}

func (c *carried) Read(p []byte) (int, error) {
	if len(c.rest) == 0 {
		return c.Base.Read(p)
	}
	n := copy(p, c.rest)
	if c.rest = c.rest[n:]; len(c.rest) == 0 {
		c.rest = nil
	}
	return n, nil
}

// take takes the bytes, none of nil.
func (c *carried) take() (rest []byte) {
	if c != nil {
		rest, c.rest = c.rest, nil
	}
	return rest
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

// Insert makes l layer i, unless it has nothing more to do once its handshake is
// done: see Finished. Those above it must be instant: they are put on it anew. After
// an error those from i on are gone. peer is who the peer is, not valid where the
// layer does not know better than the system.
func (s *Stack) Insert(i int, l Layer) (peer endpoint.Addr, err error) {
	above, rests := s.cut(i)
	if len(above) > 0 {
		s.carry(rests[0])
		rests[0] = nil
	}
	if peer, err = s.put(l); err != nil {
		return endpoint.Addr{}, err
	}
	return peer, s.putBack(above, rests)
}

// Remove takes layer i away, both sides of which are closed. Those above it must
// be instant; they go on with what came behind its end.
func (s *Stack) Remove(i int) error {
	cut, rests := s.cut(i)
	s.carry(cut[0].conn.Leftover(), rests[0])
	return s.putBack(cut[1:], rests[1:])
}

// Rest takes what came for the uppermost layer and is not to be read through it: what
// the layers that have left had read too much, where none stands above them. It is
// asked for after each change.
func (s *Stack) Rest() []byte {
	rest := s.carried[s.Len()].take()
	s.carry()
	return rest
}

// carry makes the next layer read parts, in their order, before what is below it.
func (s *Stack) carry(parts ...[]byte) {
	delete(s.carried, s.Len())
	if rest := slices.Concat(parts...); len(rest) > 0 {
		if s.carried == nil {
			s.carried = make(map[int]*carried)
		}
		s.carried[s.Len()] = &carried{rest: rest}
	}
}

// cut takes layers i and those above it away, with the bytes that stood below each.
func (s *Stack) cut(i int) (above []floor, rests [][]byte) {
	for j := i; j < len(s.floors); j++ {
		rests = append(rests, s.carried[j].take())
		delete(s.carried, j)
	}
	above = append([]floor(nil), s.floors[i:]...)
	clear(s.floors[i:])
	s.floors = s.floors[:i]
	return above, rests
}

func (s *Stack) putBack(above []floor, rests [][]byte) error {
	for i, f := range above {
		s.carry(rests[i], s.carried[s.Len()].take())
		if _, err := s.put(f.layer); err != nil {
			return err
		}
	}
	return nil
}

// farAway is a time that does not come.
var farAway = time.Unix(1<<40, 0)

// put puts a layer on top. peer is as Insert's.
func (s *Stack) put(l Layer) (peer endpoint.Addr, err error) {
	base, on := s.bottom, s.carried[s.Len()]
	if top := s.Top(); top != nil {
		base = top
	}
	if on != nil {
		on.Base = base
		base = on
	}
	c, err := l.Handshake(base, s.who)
	if err == nil && !l.Instant() {
		err = base.Drain(farAway) // the end of the handshake
	}
	if err != nil {
		return endpoint.Addr{}, inPhase(err, l.Phase())
	}
	if done, is := c.(*Finished); is {
		s.carry(done.Rest, on.take())
	} else {
		idler, _ := c.(Idler)
		s.floors = append(s.floors, floor{l, c, idler})
	}
	if p, ok := c.(Peered); ok && p.Peer().IsValid() {
		peer = p.Peer()
		s.who = peer.String()
	}
	return peer, nil
}

// inPhase says that an error happened in the handshake, whatever was done there
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
	for i, f := range s.floors {
		if c := s.carried[i]; c != nil && c.rest != nil || f.conn.Pending() {
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

// Idle tells that reading from the top would give nothing, no end either, before the
// bottom has more, as far as all layers know that. It is the reader's to ask.
func (s *Stack) Idle() bool {
	for i := range s.floors {
		if s.carried != nil {
			if c := s.carried[i]; c != nil && c.rest != nil {
				return false
			}
		}
		if l := s.floors[i].idler; l == nil || !l.Idle() {
			return false
		}
	}
	return true
}

// Midway tells whether a layer has a unit of its own in part. It is the reader's to ask.
func (s *Stack) Midway() bool {
	for _, f := range s.floors {
		if l, ok := f.conn.(Piecemeal); ok && l.Midway() {
			return true
		}
	}
	return false
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
