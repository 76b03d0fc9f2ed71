package poll

import (
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
)

// Source is a socket of the system, below one of package net, or a signalled: calls
// and queues can wait for it.
type Source struct {
	raw        syscall.RawConn
	signal     signalled                    // of what is no socket, otherwise nil
	registered atomic.Pointer[registration] // where it is watched
}

// registration is a socket's slot in a Poller.
type registration struct {
	a      *Poller
	number int32
}

// NoSource has no socket: whatever is asked about it fails.
func NoSource() Source { return Source{raw: closedConn{}} }

// closedConn is the RawConn of a socket that is closed.
type closedConn struct{}

func (closedConn) Control(func(uintptr)) error    { return net.ErrClosed }
func (closedConn) Read(func(uintptr) bool) error  { return net.ErrClosed }
func (closedConn) Write(func(uintptr) bool) error { return net.ErrClosed }

// signalled is what is no socket, and itself tells a completion port when it shows something.
type signalled interface {
	syscall.RawConn

	// Arm makes one completion of context in port when there is input, or room for output.
	// It is called with the lock of a Poller.
	Arm(port windows.Handle, context uintptr, output bool)

	// Disarm takes that back. False: the completion is in the port.
	Disarm(port windows.Handle, context uintptr) bool

	// Ended tells whether the connection is over.
	Ended() bool
}

// Init takes a socket over, which goes on belonging to package net, or a signalled.
func (s *Source) Init(raw syscall.RawConn) {
	s.raw = raw
	s.signal, _ = raw.(signalled)
	descriptors.Add(1)
}

// Close is for when the socket is closed.
func (s *Source) Close() { descriptors.Add(-1) }

// Control calls f with the socket's handle, unless it is closed.
func (s *Source) Control(f func(handle uintptr)) error { return s.raw.Control(f) }

// PollWritable makes the Poller of the socket, if it has one, tell when there is room
// for sending.
func (s *Source) PollWritable() {
	if at := s.registered.Load(); at != nil {
		at.a.pollWritable(at.number)
	}
}

// Await waits in the calling thread, as w says, until a socket shows input or
// has room for output. Errors: fault.Timeout, fault.Cancelled, fault.Closed,
// or the system's.
func (s *Source) Await(w *Call, input, room bool) (Ready, error) {
	a, err := acquirePoller()
	if err != nil {
		return Ready{}, err
	}
	defer a.release()
	const number = 0
	if err := a.add(s, number, input, room); err != nil {
		return Ready{}, err
	}
	defer a.remove(number)
	var out [1]Ready
	for {
		n, err := a.Wait(w, time.Time{}, false, out[:])
		if n > 0 || err != nil {
			return out[0], err
		}
	}
}

// idle keeps Pollers for the waits of single calls.
var idle struct {
	mu   sync.Mutex
	kept []*Poller
}

const maxIdlePollers = 16

func acquirePoller() (*Poller, error) {
	idle.mu.Lock()
	if n := len(idle.kept); n > 0 {
		a := idle.kept[n-1]
		idle.kept = idle.kept[:n-1]
		idle.mu.Unlock()
		return a, nil
	}
	idle.mu.Unlock()
	return NewPoller()
}

func (a *Poller) release() {
	idle.mu.Lock()
	keep := len(idle.kept) < maxIdlePollers
	if keep {
		idle.kept = append(idle.kept, a)
	}
	idle.mu.Unlock()
	if !keep {
		a.Close()
	}
}

func releasePollers() {
	idle.mu.Lock()
	kept := idle.kept
	idle.kept = nil
	idle.mu.Unlock()
	for _, a := range kept {
		a.Close()
	}
}
