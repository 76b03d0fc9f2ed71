// Package layertest is what the tests of layers share: what a layer stands on, in memory.
package layertest

import (
	"strings"
	"sync"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

var (
	_ layer.Base = (*End)(nil)
	_ layer.Base = (*Script)(nil)
)

// Queue is one direction of a connection.
type Queue struct {
	mu    sync.Mutex
	bytes []byte
	ended error
	added chan struct{}
}

// Put adds bytes.
func (q *Queue) Put(p []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.bytes = append(q.bytes, p...)
	q.signal()
}

// End has Read give err, once what was put has been read.
func (q *Queue) End(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended == nil {
		q.ended = err
	}
	q.signal()
}

// TakeAll takes what has been put so far.
func (q *Queue) TakeAll() []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.bytes
	q.bytes = nil
	return all
}

func (q *Queue) signal() {
	select {
	case q.added <- struct{}{}:
	default:
	}
}

func (q *Queue) take(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := copy(p, q.bytes)
	q.bytes = q.bytes[n:]
	if n == 0 {
		return 0, q.ended
	}
	return n, nil
}

// End is one end of a connection, as layer.Base promises: Read waits for at most Wait,
// Write never does.
type End struct {
	In, Out *Queue
	Wait    time.Duration
	Most    int                    // bytes per Read, 0 for any
	OnWrite func(p []byte) (n int) // takes what Write was given instead of Out
	Kept    int                    // what Unsent tells
}

// Pipe makes a connection whose ends wait so long.
func Pipe(wait time.Duration) (a, b *End) {
	one, two := &Queue{added: make(chan struct{}, 1)}, &Queue{added: make(chan struct{}, 1)}
	return &End{In: one, Out: two, Wait: wait}, &End{In: two, Out: one, Wait: wait}
}

// Read reads what was put into In.
func (e *End) Read(p []byte) (int, error) {
	if e.Most > 0 {
		p = p[:min(len(p), e.Most)]
	}
	var late <-chan time.Time
	for {
		if n, err := e.In.take(p); n > 0 || err != nil {
			return n, err
		}
		if late == nil {
			late = time.After(e.Wait)
		}
		select {
		case <-e.In.added:
		case <-late:
			return 0, fault.New(fault.Timeout, fault.PhaseRead, "bottom")
		}
	}
}

// Write puts p into Out.
func (e *End) Write(p []byte) (int, error) {
	if e.OnWrite != nil {
		return e.OnWrite(p), nil
	}
	e.Out.Put(p)
	return len(p), nil
}

// Stop ends the sending side without a layer knowing.
func (e *End) Stop() { e.Out.End(fault.New(fault.PeerClosed, fault.PhaseRead, "bottom")) }

// Unsent is Kept.
func (e *End) Unsent() int { return e.Kept }

// Drain does nothing.
func (e *End) Drain(time.Time) error { return nil }

// Script is what a layer stands on whose peer has sent all that it will.
type Script struct {
	In      string          // what is still to be read
	Piece   int             // bytes per Read, 0 for any
	End     error           // of Read behind In
	Out     strings.Builder // what was written
	Refuses error           // of Write
}

// Read reads a piece of In, and gives End behind it.
func (s *Script) Read(p []byte) (int, error) {
	if s.In == "" {
		return 0, s.End
	}
	if s.Piece > 0 {
		p = p[:min(len(p), s.Piece)]
	}
	n := copy(p, s.In)
	s.In = s.In[n:]
	return n, nil
}

// Write adds to Out, unless it Refuses.
func (s *Script) Write(p []byte) (int, error) {
	if s.Refuses != nil {
		return 0, s.Refuses
	}
	return s.Out.Write(p)
}

// Unsent is 0.
func (s *Script) Unsent() int { return 0 }

// Drain does nothing.
func (s *Script) Drain(time.Time) error { return nil }
