package core

import (
	"runtime"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
	"wdsocket/core/option"
	"wdsocket/core/poll"
)

// Socket is a client, a server's channel, a server or a UDP socket, or one of
// them to be: it is made first, gets its options, and is opened then.
type Socket struct {
	lib  *Library
	gate poll.Gate // its end and what follows are needed by every message

	reading    atomic.Bool // somebody has the reader's role
	layering   atomic.Bool // and keeps it for a TLS hand-shake
	opening    atomic.Bool // it is not open yet, or nobody was told that it is
	userNumber atomic.Int32
	id         atomic.Int32
	attached   atomic.Pointer[attachment] // the place in a queue, if there is one
	owing      atomic.Pointer[attachment] // the same: something was written that may not be acknowledged, and the queue sees to it

	lingering atomic.Pointer[lingering] // an orderly close that a call waits for

	link    atomic.Pointer[link] // of a client that is to be connected again
	live    atomic.Pointer[live]
	stream  atomic.Pointer[stream]
	server  atomic.Pointer[server]
	packets atomic.Pointer[datagrams]

	name atomic.Pointer[string]

	// opts is shared with the sockets that have the same settings and never
	// changes: an option is set by replacing it, under mu.
	opts     atomic.Pointer[option.Settings]
	userText atomic.Pointer[string] // nil: the one in opts

	mu    lockorder.Mutex[lockorder.Socket] // guards what follows up to parent
	kind  Kind
	over  Layers       // that it was opened with
	state State        // until it is open
	why   *fault.Error // why opening failed
	takes time.Duration
	host  string        // that a client was connected to
	port  int           // the same
	wait  time.Duration // that connecting might take

	parent *server       // of a channel
	joined *[]membership // groups it is in, nil for none; under the server's groups.mu

	tallied // what opening and accepting met, and earlier connections
}

// newSocket makes a socket that shares its settings and what was made of them.
func newSocket(lib *Library, name string, opts *option.Settings, lv *live) *Socket {
	s := &Socket{lib: lib, state: StateNew}
	if name != "" {
		s.SetName(name)
	}
	s.opts.Store(opts)
	s.userNumber.Store(opts.UserNumber)
	s.live.Store(lv)
	return s
}

// channel makes the socket of an accepted client.
func (s *Socket) channel(v *server, st *stream) *Socket {
	s.mu.Lock()
	opts, lv := s.opts.Load(), s.live.Load()
	s.mu.Unlock()
	ch := newSocket(s.lib, "", opts, lv)
	ch.userNumber.Store(s.userNumber.Load())
	ch.userText.Store(s.userText.Load())
	ch.kind, ch.state, ch.parent = KindClient, StateOpen, v
	if st.tls.Load() != nil {
		ch.over = LayerTLS
	}
	st.of.Store(ch)
	ch.stream.Store(st)
	return ch
}

// SetName gives the socket the name that texts use. Without one it is called
// '#' and its ID.
func (s *Socket) SetName(name string) {
	s.name.Store(&name)
}

// SetID keeps a number that the user of the package knows the socket by.
func (s *Socket) SetID(id int32) { s.id.Store(id) }

// ID is the number given to SetID, 0 if there is none.
func (s *Socket) ID() int32 { return s.id.Load() }

func (s *Socket) title() string {
	if name := s.name.Load(); name != nil {
		return *name
	}
	if id := s.ID(); id != 0 {
		return "#" + decimal(int(id))
	}
	return ""
}

// Label names the socket in texts.
func (s *Socket) Label() string {
	if st := s.stream.Load(); st != nil {
		return st.who()
	}
	return s.title()
}

// enter begins a call that may wait for timeout.
func (s *Socket) enter(timeout time.Duration, phase fault.Phase) (*poll.Call, error) {
	return s.entered(s.gate.Enter(timeout, s.lib.Direct), phase)
}

// enterBackground is enter for what a wake-up does not end.
func (s *Socket) enterBackground(timeout time.Duration, phase fault.Phase) (*poll.Call, error) {
	return s.entered(s.gate.EnterBackground(timeout, s.lib.Direct), phase)
}

func (s *Socket) entered(w *poll.Call, phase fault.Phase) (*poll.Call, error) {
	if w == nil {
		return nil, fault.New(fault.Closed, phase, s.Label())
	}
	return w, nil
}

// takeRole gives the reader's role to the caller, or says who has it.
func (s *Socket) takeRole(phase fault.Phase) error {
	for {
		l, readings := s.link.Load(), int64(0)
		if l != nil {
			readings = l.readings.Load()
		}
		if s.tryRole() {
			return nil
		}
		if l != nil && (l.isDown() || l.readsSince(readings)) {
			time.Sleep(linkGlance) // its task has the role, and never for long
			continue
		}
		if s.attached.Load() == nil || s.layering.Load() {
			return fault.New(fault.Busy, phase, s.Label()).With(fault.NoteReader)
		}
		runtime.Gosched() // its queue is looking at it, which takes no time
	}
}

// tryRole takes the reader's role if it is free.
func (s *Socket) tryRole() bool {
	if !s.reading.CompareAndSwap(false, true) {
		return false
	}
	if st := s.stream.Load(); st != nil && st.dealt.Load() != 0 {
		st.gatherIn()
	}
	return true
}

func (s *Socket) dropRole() { s.reading.Store(false) }

// stir makes the queue that the socket is attached to look at it.
func (s *Socket) stir() {
	if a := s.attached.Load(); a != nil {
		a.input.Store(true)
		a.q.heat(a)
	}
}

// options gives the settings, which must not be changed.
func (s *Socket) options() *option.Settings { return s.opts.Load() }

// notOpen is the error of using a socket that is not open.
func (s *Socket) notOpen(phase fault.Phase) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == StateFailed && s.why != nil {
		return s.why
	}
	return fault.New(fault.NotConnected, phase, s.title())
}
