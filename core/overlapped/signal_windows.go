package overlapped

import (
	"net"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/windows"
)

// Signal makes a poll.Source, by its Init, of what the socket driver does not know: whoever
// has it tells when it shows something.
type Signal struct {
	ask   func(output bool)
	ended atomic.Bool

	mu      sync.Mutex
	waiting []waiting
}

// waiting is a Poller that is to be told once.
type waiting struct {
	port    windows.Handle
	context uintptr
	output  bool
}

// NewSignal makes a Signal. ask is called when something waits for input, or for room for
// output, and calls Tell if that is there already. It must not wait, or use a Poller.
func NewSignal(ask func(output bool)) *Signal { return &Signal{ask: ask} }

// Tell tells the calls that wait that there is input, or room for output.
func (s *Signal) Tell(output bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = slices.DeleteFunc(s.waiting, func(w waiting) bool {
		return w.output == output && enqueue(w.port, w.context)
	})
}

// End tells that the connection is over.
func (s *Signal) End() {
	s.ended.Store(true)
	s.Tell(false)
	s.Tell(true)
}

// Arm makes a completion of context in port when there is what is waited for.
func (s *Signal) Arm(port windows.Handle, context uintptr, output bool) {
	s.mu.Lock()
	s.waiting = append(s.waiting, waiting{port, context, output})
	s.mu.Unlock()
	if s.ended.Load() {
		s.Tell(output)
		return
	}
	s.ask(output)
}

// Disarm takes back what Arm has asked for. False: its completion is in the port.
func (s *Signal) Disarm(port windows.Handle, context uintptr) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.waiting)
	s.waiting = slices.DeleteFunc(s.waiting, func(w waiting) bool { return w.port == port && w.context == context })
	return len(s.waiting) < before
}

// Ended tells whether the connection is over.
func (s *Signal) Ended() bool { return s.ended.Load() }

// Control, Read and Write are for a socket, which there is none of.
func (s *Signal) Control(func(uintptr)) error    { return net.ErrClosed }
func (s *Signal) Read(func(uintptr) bool) error  { return net.ErrClosed }
func (s *Signal) Write(func(uintptr) bool) error { return net.ErrClosed }
