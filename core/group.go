package core

import (
	"slices"

	"wdsocket/core/capture"
	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
)

// publishPolicy says what happens when too much waits for one client.
type publishPolicy int

// The policies (WDS_OPT_PUBLISH_POLICY).
const (
	dropOldest publishPolicy = iota
	dropNewest
	disconnect
)

// MaxGroupName is the longest name of a group in bytes.
const MaxGroupName = 255

// groups are those of a server.
type groups struct {
	mu     lockorder.Mutex[lockorder.Groups]
	byName map[string]*group
}

// group is some channels of a server.
type group struct {
	name    string
	members []*Socket
	list    []*Socket // a copy for those who publish, nil when it is to be made anew
}

// membership is a channel's place in a group.
type membership struct {
	of *group
	at int // in its members
}

// join puts a channel into a group.
func (gs *groups) join(ch *Socket, name string) {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	g := gs.byName[name]
	if g == nil {
		if gs.byName == nil {
			gs.byName = make(map[string]*group)
		}
		g = &group{name: name}
		gs.byName[name] = g
	}
	if ch.place(g) >= 0 {
		return
	}
	if ch.joined == nil {
		ch.joined = new([]membership)
	}
	*ch.joined = append(*ch.joined, membership{of: g, at: len(g.members)})
	g.members = append(g.members, ch)
	g.list = nil
}

// place finds a group among those that the channel is in, -1 if it is not;
// groups.mu is held.
func (s *Socket) place(g *group) int {
	if s.joined == nil {
		return -1
	}
	return slices.IndexFunc(*s.joined, func(m membership) bool { return m.of == g })
}

// leave takes a channel out of a group.
func (gs *groups) leave(ch *Socket, name string) {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	if g := gs.byName[name]; g != nil {
		gs.remove(ch, ch.place(g))
	}
}

// leaveAll takes a channel out of all groups.
func (gs *groups) leaveAll(ch *Socket) {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	for ch.joined != nil {
		gs.remove(ch, 0)
	}
}

// remove ends a membership; gs.mu is held.
func (gs *groups) remove(ch *Socket, place int) {
	if place < 0 {
		return
	}
	m := (*ch.joined)[place]
	*ch.joined = slices.Delete(*ch.joined, place, place+1)
	if len(*ch.joined) == 0 {
		ch.joined = nil
	}
	g, last := m.of, len(m.of.members)-1
	if moved := g.members[last]; moved != ch {
		g.members[m.at] = moved
		(*moved.joined)[moved.place(g)].at = m.at
	}
	g.members[last] = nil
	g.members, g.list = g.members[:last], nil
	if last == 0 {
		delete(gs.byName, g.name)
	}
}

// membersOf lists the members of a group; the list is not to be changed.
func (gs *groups) membersOf(name string) []*Socket {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	g := gs.byName[name]
	if g == nil {
		return nil
	}
	if g.list == nil {
		g.list = slices.Clone(g.members)
	}
	return g.list
}

// everyone lists the channels; the list is not to be changed.
func (v *server) everyone() []*Socket {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.list == nil {
		v.list = make([]*Socket, 0, len(v.channels))
		for ch := range v.channels {
			v.list = append(v.list, ch)
		}
	}
	return v.list
}

// GroupJoin puts a channel into a group of its server: the name is 1 to
// MaxGroupName bytes. A group exists as long as it has members, and a channel
// leaves its groups when it is closed. Errors: fault.Kind (no channel of a
// server), fault.Argument (the name), fault.Closed.
func (s *Socket) GroupJoin(name string) error {
	if err := checkGroup(name); err != nil {
		return err
	}
	return s.asMember(func(gs *groups) { gs.join(s, name) })
}

// GroupLeave takes a channel out of a group, or with "" out of all that it is
// in; that it is not in it is no error. Errors: fault.Kind, fault.Argument,
// fault.Closed.
func (s *Socket) GroupLeave(name string) error {
	if name == "" {
		return s.asMember(func(gs *groups) { gs.leaveAll(s) })
	}
	if err := checkGroup(name); err != nil {
		return err
	}
	return s.asMember(func(gs *groups) { gs.leave(s, name) })
}

func checkGroup(name string) error {
	if len(name) >= 1 && len(name) <= MaxGroupName {
		return nil
	}
	return fault.New(fault.Argument, fault.PhaseCall, "group").
		With(fault.NoteTooLong, decimal(len(name)), decimal(MaxGroupName))
}

// asMember runs f with the groups of the channel's server.
func (s *Socket) asMember(f func(*groups)) error {
	w, err := s.enter(0, fault.PhaseCall)
	if err != nil {
		return err
	}
	defer w.Leave()
	if s.parent == nil {
		return fault.New(fault.Kind, fault.PhaseCall, s.Label())
	}
	f(&s.parent.groups)
	return nil
}

// GroupPublish writes one message to every member of a group of this server, or
// with "" to all its channels, and waits for none of them: what a client's
// system does not take at once waits for it, within the bytes of
// option.PublishQueue and as option.PublishPolicy says. It tells how many clients the
// message was written to or waits for.
//
// The message is made into bytes once for each framing among the members. What
// one goroutine publishes arrives in that order, and between the client's own
// messages as they were written.
//
// Errors: fault.TagInMessage, fault.TooLong, fault.Frame and fault.Text (it
// cannot be a message: nobody got it), fault.Kind (not a server, or a
// simplified one), fault.NotConnected, fault.Argument, fault.Closed.
func (s *Socket) GroupPublish(name string, msg []byte) (int, error) {
	v, err := s.listening(fault.PhaseWrite)
	if err != nil {
		return 0, err
	}
	w, err := s.enter(0, fault.PhaseWrite)
	if err != nil {
		return 0, err
	}
	defer w.Leave()
	members, err := v.audience(name)
	if err != nil {
		return 0, err
	}
	p := publication{lib: s.lib, who: s, msg: msg}
	for _, ch := range members {
		if err := p.prepare(ch.live.Load().framing); err != nil {
			return 0, err
		}
	}
	reached := 0
	for _, ch := range members {
		if ch.hear(&p) {
			reached++
		}
	}
	if s.lib.log0.Enabled(levelAll) {
		s.lib.log(levelAll, s, "%d bytes published to %d clients", len(msg), reached)
	}
	return reached, nil
}

// audience lists whom a message is for.
func (v *server) audience(name string) ([]*Socket, error) {
	v.mu.Lock()
	simplified := v.client != nil && !v.standard
	v.mu.Unlock()
	switch {
	case simplified:
		return nil, fault.New(fault.Kind, fault.PhaseWrite, v.sock.Label()).With(noteSimplified)
	case name == "":
		return v.everyone(), nil
	}
	if err := checkGroup(name); err != nil {
		return nil, err
	}
	return v.groups.membersOf(name), nil
}

// publication is a message on its way to many.
type publication struct {
	lib *Library
	who *Socket
	msg []byte

	last  edition // that was asked for last: mostly there is only one
	other map[*framing]*shared
}

// edition is the message in one framing.
type edition struct {
	of *framing
	m  *shared
}

// prepare makes the message into bytes, once for each framing.
func (p *publication) prepare(f *framing) error {
	if p.last.of == f {
		return nil
	}
	if p.last.of != nil {
		if p.other == nil {
			p.other = make(map[*framing]*shared)
		}
		p.other[p.last.of] = p.last.m
	}
	m := p.other[f]
	if m == nil {
		b, err := p.lib.encode(f, p.msg, p.who.Label)
		if err != nil {
			return err
		}
		m = &shared{b: b, money: &p.lib.money}
	}
	p.last = edition{f, m}
	return nil
}

// in gives the message in a framing; nil if it cannot be one in a mode that was
// chosen just now.
func (p *publication) in(f *framing) *shared {
	if p.prepare(f) != nil {
		return nil
	}
	return p.last.m
}

// encode makes a message into the bytes of the stream, in memory of its own.
func (lib *Library) encode(f *framing, msg []byte, who func() string) ([]byte, error) {
	body := msg
	if f.charset != nil {
		text, err := f.charset.ToWire(lib.HostText(), nil, msg)
		if err != nil {
			return nil, textFault(err, who())
		}
		body = text
	}
	head, body, tail, _, err := f.Encode(nil, body)
	if err != nil {
		return nil, textFault(err, who())
	}
	return slices.Concat(head, body, tail), nil
}

// hear gives a channel a published message, and tells whether it has it or will.
func (s *Socket) hear(p *publication) bool {
	if !s.gate.EnterFast() {
		return false
	}
	defer s.gate.LeaveFast()
	st := s.stream.Load()
	if st == nil || !st.takes() {
		return false
	}
	lv := s.live.Load()
	m := p.in(lv.framing)
	if m == nil {
		return false
	}
	st.traceMessage(capture.Sent, m.b)
	if len(m.b) == 0 { // raw: nothing to send, and nothing that could wait
		st.written.Add(1)
		return true
	}
	if st.tryTurn() {
		sent, err := st.publishNow(lv, m)
		if err != nil {
			return false
		}
		if sent {
			s.sent(st)
			return true
		}
	}
	return s.queueUp(st, lv, m)
}

// takes tells whether something can still be written.
func (st *stream) takes() bool {
	if st.shut.Load() || st.broken.Load() != nil {
		return false
	}
	e := st.ended.Load()
	return e == nil || e.Code == fault.PeerClosed
}

// publishNow hands a message to the layer below if nothing waits before it, and
// gives the writer's role back, which the caller has. What the system does not
// take of it is kept there: it is on its way.
func (st *stream) publishNow(lv *live, m *shared) (sent bool, err error) {
	defer st.dropTurn()
	if !st.idle() {
		if err := st.push(); err != nil {
			return false, err
		}
		if !st.idle() {
			return false, nil
		}
	}
	if err := st.put(m.b); err != nil {
		return false, st.cutShort(err)
	}
	st.written.Add(1)
	st.spoke(lv)
	return true, nil
}

// sent sees to what is still on its way, or was published meanwhile.
func (s *Socket) sent(st *stream) {
	s.wrote(st)
	if st.pressing() || st.conn.HasUnsent() {
		s.carryOn(st)
	}
}

// queueUp lets a message wait for its client.
func (s *Socket) queueUp(st *stream, lv *live, m *shared) bool {
	taken, lost := st.backlog().add(m, lv.publishQueue, lv.publishPolicy)
	st.endLoan() // what is written from now on leaves behind it
	if lost > 0 {
		s.lose(st, lost)
		if lv.publishPolicy == disconnect {
			s.expel(st)
			return false
		}
	}
	s.carryOn(st)
	return taken
}

// lose counts messages that were thrown away, and tells of them: one event
// until the host has fetched it.
func (s *Socket) lose(st *stream, lost int) {
	st.stats().dropped.Add(int64(lost))
	st.backlog().untold.Add(int64(lost))
	if a := s.attached.Load(); a != nil {
		a.postDropped()
	}
}

// postDropped tells the host that messages were thrown away.
func (a *attachment) postDropped() {
	if a.dropping.Swap(true) {
		return // it will be told with what it has not fetched yet
	}
	a.post(EventDropped, 0, fault.Full)
	a.q.heat(a)
}

// expel ends the connection of a client that does not keep up.
func (s *Socket) expel(st *stream) {
	s.cutOff(st, fault.New(fault.Reset, fault.PhaseWrite, st.who()).With(noteTooSlow))
}

// cutOff ends a connection for a reason of this side, and tells whether it was not
// over yet.
func (s *Socket) cutOff(st *stream, e *fault.Error) bool {
	first := st.ended.CompareAndSwap(nil, e)
	if first {
		st.endLoan()
		st.over(e)
		s.lib.log(levelTraffic, st, "%v", e)
	}
	st.conn.Reset()
	if a := s.attached.Load(); a != nil {
		a.ended.Store(true)
		a.input.Store(true)
		a.q.heat(a)
	}
	return first
}

// isFull tells whether it is the event of messages that a publish queue threw
// away.
func (e *Event) isFull() bool { return e.Kind == EventDropped && e.Code == int32(fault.Full) }

// untoldDrops takes the number of messages that were thrown away and not told
// of.
func (a *attachment) untoldDrops() int32 {
	a.dropping.Store(false)
	st := a.s.stream.Load()
	if st == nil {
		return 0
	}
	return int32(min(st.backlog().untold.Swap(0), 1<<31-1))
}
