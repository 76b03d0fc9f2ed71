package core

import (
	"runtime"
	"sync/atomic"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/stats"
)

// Socket is a client, a server's channel, a server or a UDP socket, or one of
// them to be: it is made first, gets its options, and is opened then.
type Socket struct {
	lib  *Library
	gate poll.Gate // its end and what follows are needed by every message

	readLock     atomic.Bool // held by the one call that reads
	handshaking  atomic.Bool // and for a TLS handshake
	opening      atomic.Bool // not open yet, or not reported as open
	userNumber   atomic.Int32
	id           atomic.Int32
	registration atomic.Pointer[registration] // in a queue, if there is one
	ackWatcher   atomic.Pointer[registration] // registration that watches for unacknowledged data, nil if none is outstanding

	lingering atomic.Pointer[lingering] // an orderly close that a call waits for

	reconnector atomic.Pointer[reconnector] // of a client with option.Reconnect
	config      atomic.Pointer[ioConfig]
	stream      atomic.Pointer[stream]
	server      atomic.Pointer[server]
	udp         atomic.Pointer[udpSocket]

	name     atomic.Pointer[string]
	lastKind atomic.Int32 // what the message read last is, see messageKind

	// opts is shared with the sockets that have the same settings and never
	// changes: an option is set by replacing it, under mu.
	opts     atomic.Pointer[option.Settings]
	userText atomic.Pointer[string] // nil: the one in opts

	mu           lockorder.Mutex[lockorder.Socket] // guards what follows up to parent
	kind         Kind
	layers       Layers       // that it was opened with, its server's of a channel
	state        State        // until it is open
	openErr      *fault.Error // why opening failed
	dialDuration time.Duration
	to           *endpoint.Location // that a client was connected to, nil without
	dialTimeout  time.Duration      // that connecting might take

	parent      *server       // of a channel
	memberships *[]membership // groups it is in, nil for none; under the server's groups.mu

	counters stats.Counters // what opening and accepting met, and earlier connections
}

// newSocket makes a socket that shares its settings and what was made of them.
func newSocket(lib *Library, name string, opts *option.Settings, cfg *ioConfig) *Socket {
	s := &Socket{lib: lib, state: StateNew}
	if name != "" {
		s.setName(name)
	}
	s.opts.Store(opts)
	s.userNumber.Store(opts.UserNumber)
	s.config.Store(cfg)
	return s
}

// channel makes the socket of an accepted client.
func (s *Socket) channel(v *server, st *stream) *Socket {
	s.mu.Lock()
	opts, cfg, layers := s.opts.Load(), s.config.Load(), s.layers
	s.mu.Unlock()
	ch := newSocket(s.lib, "", opts, cfg)
	ch.userNumber.Store(s.userNumber.Load())
	ch.userText.Store(s.userText.Load())
	ch.kind, ch.layers, ch.state, ch.parent = KindClient, layers, StateOpen, v
	st.owner.Store(ch)
	ch.stream.Store(st)
	st.record(opts.Record, true) // those of the server may have changed meanwhile
	return ch
}

// setName gives the socket the name that texts use. Without one it is called
// '#' and its ID.
func (s *Socket) setName(name string) {
	s.name.Store(&name)
}

// SetID keeps a number that the user of the package knows the socket by.
func (s *Socket) SetID(id int32) { s.id.Store(id) }

// ID is the number given to SetID, 0 if there is none.
func (s *Socket) ID() int32 { return s.id.Load() }

func (s *Socket) ownLabel() string {
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
		return st.peerLabel()
	}
	return s.ownLabel()
}

// enter begins a call that may wait for timeout.
func (s *Socket) enter(timeout time.Duration, phase fault.Phase) (*poll.Call, error) {
	return s.orClosed(s.gate.Enter(timeout, s.lib.Direct), phase)
}

// enterBackground is enter for a call that a wake-up does not end.
func (s *Socket) enterBackground(timeout time.Duration, phase fault.Phase) (*poll.Call, error) {
	return s.orClosed(s.gate.EnterBackground(timeout, s.lib.Direct), phase)
}

// orClosed returns w, or fault.Closed if the gate is closed.
func (s *Socket) orClosed(w *poll.Call, phase fault.Phase) (*poll.Call, error) {
	if w == nil {
		return nil, fault.New(fault.Closed, phase, s.Label())
	}
	return w, nil
}

// lockRead takes the read lock. It fails with fault.Busy if another call holds it, and
// retries while the event queue or the reconnect task does, which is never for long.
func (s *Socket) lockRead(phase fault.Phase) error {
	for {
		rc, count := s.reconnector.Load(), int64(0)
		if rc != nil {
			count = rc.readLockCount.Load()
		}
		if s.tryLockRead() {
			return nil
		}
		if rc != nil && (rc.isDown() || rc.readLockedSince(count)) {
			time.Sleep(lockRetryPause) // its task holds the lock, and never for long
			continue
		}
		if s.registration.Load() == nil || s.handshaking.Load() {
			return fault.New(fault.Busy, phase, s.Label()).With(fault.NoteReader)
		}
		runtime.Gosched() // its queue is servicing it, which takes no time
	}
}

// tryLockRead takes the read lock if it is free, and takes the incoming messages that
// are lent to C back.
func (s *Socket) tryLockRead() bool {
	if !s.readLock.CompareAndSwap(false, true) {
		return false
	}
	if st := s.stream.Load(); st != nil && st.dealt.Load() != 0 {
		st.gatherIn()
	}
	return true
}

// unlockRead releases the read lock.
func (s *Socket) unlockRead() { s.readLock.Store(false) }

// wakeQueue makes the event queue of the socket service it.
func (s *Socket) wakeQueue() {
	if reg := s.registration.Load(); reg != nil {
		reg.input.Store(true)
		reg.q.markReady(reg)
	}
}

// options returns the settings, which must not be changed.
func (s *Socket) options() *option.Settings { return s.opts.Load() }

// notOpen is the error of using a socket that is not open.
func (s *Socket) notOpen(phase fault.Phase) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == StateFailed && s.openErr != nil {
		return s.openErr
	}
	return fault.New(fault.NotConnected, phase, s.ownLabel())
}
