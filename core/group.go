package core

import (
	"slices"

	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
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
