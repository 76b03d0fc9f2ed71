package core

import (
	"slices"

	"wdsocket/core/fault"
	"wdsocket/core/layer/capture"
)

// publishPolicy says what happens when too much waits for one client.
type publishPolicy int

// The policies (WDS_OPT_PUBLISH_POLICY).
const (
	dropOldest publishPolicy = iota
	dropNewest
	disconnect
)

// GroupPublish writes one message to every member of a group of this server, or
// with "" to all its channels, and waits for none of them: what a client's
// system does not take at once waits for it, within the bytes of
// option.PublishQueue and as option.PublishPolicy says. It tells how many clients the
// message was written to or waits for.
//
// Of a channel it is the same for the server that accepted it, but this channel gets
// nothing: what one client says is told to the others. It need not be a member of the
// group, and its connection may be over.
//
// The message is made into bytes once for each framing among the members. What
// one goroutine publishes arrives in that order, and between the client's own
// messages as they were written.
//
// Errors: fault.TagInMessage, fault.TooLong, fault.Frame and fault.Text (it
// cannot be a message: no member got it), fault.Kind (neither a server nor a channel,
// or a simplified server), fault.NotConnected, fault.Argument, fault.Closed (the
// channel's server, too).
func (s *Socket) GroupPublish(name string, msg []byte) (int, error) {
	v, except, err := s.publisher()
	if err != nil {
		return 0, err
	}
	if except != nil {
		if !s.gate.EnterFast() {
			return 0, fault.New(fault.Closed, fault.PhaseWrite, s.Label())
		}
		defer s.gate.LeaveFast()
	}
	w, err := v.sock.enter(0, fault.PhaseWrite)
	switch {
	case err != nil && except != nil:
		return 0, fault.New(fault.Closed, fault.PhaseWrite, s.Label()).With(textServerClosed)
	case err != nil:
		return 0, err
	}
	defer w.Leave()
	members, err := v.recipients(name)
	if err != nil {
		return 0, err
	}
	p := publication{lib: s.lib, server: v.sock, msg: msg}
	for _, ch := range members {
		if ch == except {
			continue
		}
		if err := p.prepare(ch.config.Load().codec); err != nil {
			return 0, err
		}
	}
	reached := 0
	for _, ch := range members {
		if ch != except && ch.sendPublication(&p) {
			reached++
		}
	}
	if s.lib.journal.Enabled(levelAll) {
		s.lib.log(levelAll, s, "%d bytes published to %d clients", len(msg), reached)
	}
	return reached, nil
}

// publisher gives the server whose clients get what this socket publishes, and the one
// of them that gets nothing: the socket itself, if it is a client. Nil: none is left out.
func (s *Socket) publisher() (v *server, except *Socket, err error) {
	if s.parent != nil {
		return s.parent, s, nil
	}
	if s.server.Load() == nil && s.Kind() != KindServer {
		return nil, nil, s.wrongKind(fault.PhaseWrite, textNeedsServerOrChannel)
	}
	v, err = s.listening(fault.PhaseWrite)
	return v, nil, err
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
	s.endConnection(st, fault.New(fault.Reset, fault.PhaseWrite, st.peerLabel()).With(textTooSlow))
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
