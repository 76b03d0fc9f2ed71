package core

import (
	"slices"

	"wdsocket/core/fault"
	"wdsocket/core/layer/capture"
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
	name     string
	members  []*Socket
	snapshot []*Socket // a copy for publishing, nil when it is outdated
}

// membership is a channel's place in a group.
type membership struct {
	group *group
	index int // in its members
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
	if ch.groupIndexLocked(g) >= 0 {
		return
	}
	if ch.memberships == nil {
		ch.memberships = new([]membership)
	}
	*ch.memberships = append(*ch.memberships, membership{group: g, index: len(g.members)})
	g.members = append(g.members, ch)
	g.snapshot = nil
}

// groupIndexLocked finds a group among those that the channel is in, -1 if it is not;
// groups.mu is held.
func (s *Socket) groupIndexLocked(g *group) int {
	if s.memberships == nil {
		return -1
	}
	return slices.IndexFunc(*s.memberships, func(m membership) bool { return m.group == g })
}

// leave takes a channel out of a group.
func (gs *groups) leave(ch *Socket, name string) {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	if g := gs.byName[name]; g != nil {
		gs.removeLocked(ch, ch.groupIndexLocked(g))
	}
}

// leaveAll takes a channel out of all groups.
func (gs *groups) leaveAll(ch *Socket) {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	for ch.memberships != nil {
		gs.removeLocked(ch, 0)
	}
}

// removeLocked ends a membership; gs.mu is held.
func (gs *groups) removeLocked(ch *Socket, index int) {
	if index < 0 {
		return
	}
	m := (*ch.memberships)[index]
	*ch.memberships = slices.Delete(*ch.memberships, index, index+1)
	if len(*ch.memberships) == 0 {
		ch.memberships = nil
	}
	g, last := m.group, len(m.group.members)-1
	if moved := g.members[last]; moved != ch {
		g.members[m.index] = moved
		(*moved.memberships)[moved.groupIndexLocked(g)].index = m.index
	}
	g.members[last] = nil
	g.members, g.snapshot = g.members[:last], nil
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
	if g.snapshot == nil {
		g.snapshot = slices.Clone(g.members)
	}
	return g.snapshot
}

// channelsOf lists the channels; the list must not be changed.
func (v *server) channelsOf() []*Socket {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.channelList == nil {
		v.channelList = make([]*Socket, 0, len(v.channels))
		for ch := range v.channels {
			v.channelList = append(v.channelList, ch)
		}
	}
	return v.channelList
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
		return s.wrongKind(fault.PhaseCall, textNeedsChannel)
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
// cannot be a message: no member got it), fault.Kind (not a server, or a
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
	members, err := v.recipients(name)
	if err != nil {
		return 0, err
	}
	p := publication{lib: s.lib, server: s, msg: msg}
	for _, ch := range members {
		if err := p.prepare(ch.config.Load().codec); err != nil {
			return 0, err
		}
	}
	reached := 0
	for _, ch := range members {
		if ch.sendPublication(&p) {
			reached++
		}
	}
	if s.lib.journal.Enabled(levelAll) {
		s.lib.log(levelAll, s, "%d bytes published to %d clients", len(msg), reached)
	}
	return reached, nil
}

// recipients lists the channels that a message is for.
func (v *server) recipients(name string) ([]*Socket, error) {
	v.mu.Lock()
	simplified := v.client != nil && !v.standard
	v.mu.Unlock()
	switch {
	case simplified:
		return nil, fault.New(fault.Kind, fault.PhaseWrite, v.sock.Label()).With(noteSimplified)
	case name == "":
		return v.channelsOf(), nil
	}
	if err := checkGroup(name); err != nil {
		return nil, err
	}
	return v.groups.membersOf(name), nil
}

// publication is one publish: a message and its encodings.
type publication struct {
	lib    *Library
	server *Socket
	msg    []byte

	last  encodedFor // that was asked for last: mostly there is only one
	other map[*codec]*encodedMessage
}

// encodedFor is the message encoded by one codec.
type encodedFor struct {
	codec *codec
	m     *encodedMessage
}

// prepare encodes the message, once for each codec.
func (p *publication) prepare(c *codec) error {
	if p.last.codec == c {
		return nil
	}
	if p.last.codec != nil {
		if p.other == nil {
			p.other = make(map[*codec]*encodedMessage)
		}
		p.other[p.last.codec] = p.last.m
	}
	m := p.other[c]
	if m == nil {
		b, err := p.lib.encode(c, p.msg, p.server.Label)
		if err != nil {
			return err
		}
		m = &encodedMessage{b: b, budget: &p.lib.budget}
	}
	p.last = encodedFor{c, m}
	return nil
}

// in returns the message encoded by a codec; nil if it cannot be encoded in a mode that
// was chosen just now.
func (p *publication) in(c *codec) *encodedMessage {
	if p.prepare(c) != nil {
		return nil
	}
	return p.last.m
}

// encode encodes a message into memory of its own.
func (lib *Library) encode(c *codec, msg []byte, who func() string) ([]byte, error) {
	body := msg
	if c.charset != nil {
		text, err := c.charset.ToWire(lib.HostText(), nil, msg)
		if err != nil {
			return nil, textFault(err, who())
		}
		body = text
	}
	head, body, tail, _, err := c.Encode(nil, body)
	if err != nil {
		return nil, textFault(err, who())
	}
	return slices.Concat(head, body, tail), nil
}

// sendPublication sends or queues a published message, and tells whether the channel gets it.
func (s *Socket) sendPublication(p *publication) bool {
	if !s.gate.EnterFast() {
		return false
	}
	defer s.gate.LeaveFast()
	st := s.stream.Load()
	if st == nil || !st.writable() {
		return false
	}
	cfg := s.config.Load()
	m := p.in(cfg.codec)
	if m == nil {
		return false
	}
	st.traceMessage(capture.Sent, m.b)
	if len(m.b) == 0 { // raw: nothing to send, and nothing that could wait
		st.written.Add(1)
		return true
	}
	if st.tryLockWrite() {
		sent, err := st.tryPublish(cfg, m)
		if err != nil {
			return false
		}
		if sent {
			s.afterSend(st)
			return true
		}
	}
	return s.queuePublished(st, cfg, m)
}

// writable tells whether something can still be written.
func (st *stream) writable() bool {
	if st.writeClosed.Load() || st.broken.Load() != nil {
		return false
	}
	e := st.ended.Load()
	return e == nil || e.Code == fault.PeerClosed
}

// tryPublish writes a message if nothing is pending before it, and unlocks; the caller
// holds the write lock. What the system does not take is kept: it is on its way.
func (st *stream) tryPublish(cfg *ioConfig, m *encodedMessage) (sent bool, err error) {
	defer st.unlockWrite()
	if !st.nothingUnsent() {
		if err := st.tryFlushLocked(); err != nil {
			return false, err
		}
		if !st.nothingUnsent() {
			return false, nil
		}
	}
	if _, err := st.write(m.b); err != nil {
		return false, st.markBroken(err)
	}
	st.written.Add(1)
	st.noteActivity(cfg)
	return true, nil
}

// afterSend takes care of what is still pending, or was published meanwhile.
func (s *Socket) afterSend(st *stream) {
	s.watchAcks(st)
	if st.needsFlush() || st.conn.HasUnsent() {
		s.ensureFlush(st)
	}
}

// queuePublished puts a published message into the client's send queue.
func (s *Socket) queuePublished(st *stream, cfg *ioConfig, m *encodedMessage) bool {
	queued, dropped := st.sendQueue().add(m, cfg.publishQueueLimit, cfg.publishPolicy)
	st.endLoan() // what is written from now on leaves behind it
	if dropped > 0 {
		s.countDrops(st, dropped)
		if cfg.publishPolicy == disconnect {
			s.disconnectSlow(st)
			return false
		}
	}
	s.ensureFlush(st)
	return queued
}

// countDrops counts dropped messages and posts one event for all that the host has not
// fetched.
func (s *Socket) countDrops(st *stream, dropped int) {
	st.counters.CountDropped(dropped)
	st.sendQueue().unreportedDrops.Add(int64(dropped))
	if reg := s.registration.Load(); reg != nil {
		reg.postDropped()
	}
}

// postDropped posts that messages were dropped.
func (reg *registration) postDropped() {
	if reg.dropsPosted.Swap(true) {
		return // it is reported with the event not fetched yet
	}
	reg.post(EventDropped, 0, fault.Full)
	reg.q.markReady(reg)
}

// disconnectSlow ends the connection of a client that does not keep up.
func (s *Socket) disconnectSlow(st *stream) {
	s.endConnection(st, fault.New(fault.Reset, fault.PhaseWrite, st.peerLabel()).With(noteTooSlow))
}

// endConnection ends a connection for a reason of this side, and tells whether it was
// not over yet.
func (s *Socket) endConnection(st *stream, e *fault.Error) bool {
	first := st.ended.CompareAndSwap(nil, e)
	if first {
		st.endLoan()
		st.counters.CountEnd(e)
		s.lib.log(levelTraffic, st, "%v", e)
	}
	st.conn.Reset()
	if reg := s.registration.Load(); reg != nil {
		reg.ended.Store(true)
		reg.input.Store(true)
		reg.q.markReady(reg)
	}
	return first
}

// isPublishDrop tells whether it is the event of messages that a publish queue dropped.
func (e *Event) isPublishDrop() bool { return e.Kind == EventDropped && e.Code == int32(fault.Full) }

// takeUnreportedDrops takes the number of dropped messages that were not reported.
func (reg *registration) takeUnreportedDrops() int32 {
	reg.dropsPosted.Store(false)
	st := reg.s.stream.Load()
	if st == nil {
		return 0
	}
	return int32(min(st.sendQueue().unreportedDrops.Swap(0), 1<<31-1))
}
