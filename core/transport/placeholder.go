package transport

import (
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
)

// placeholder stands in for a connection that is over: whatever is asked of it fails,
// and it has no descriptor.
type placeholder struct {
	source poll.Source
	peer   endpoint.Addr
}

// Placeholder makes a stand-in for a connection to peer that is over.
func Placeholder(peer endpoint.Addr) Conn { return &placeholder{source: poll.NoSource(), peer: peer} }

// IsPlaceholder tells whether a connection is a stand-in made by Placeholder.
func IsPlaceholder(c Conn) bool {
	_, is := c.(*placeholder)
	return is
}

func (l *placeholder) fail(phase fault.Phase) error { return fault.New(fault.Reset, phase, l.Peer()) }

// Source has no descriptor.
func (l *placeholder) Source() *poll.Source { return &l.source }

// What stands for nothing that could be read, written or waited for.
func (l *placeholder) UseReader(*poll.Call)        {}
func (l *placeholder) Read([]byte) (int, error)    { return 0, l.fail(fault.PhaseRead) }
func (l *placeholder) Pause(time.Time) error       { return l.fail(fault.PhaseRead) }
func (l *placeholder) Buffered() int               { return 0 }
func (l *placeholder) Unread() bool                { return false }
func (l *placeholder) TrySend([]byte) (int, error) { return 0, l.fail(fault.PhaseWrite) }
func (l *placeholder) Write([]byte) (int, error)   { return 0, l.fail(fault.PhaseWrite) }
func (l *placeholder) Unsent() int                 { return 0 }
func (l *placeholder) HasUnsent() bool             { return false }
func (l *placeholder) TryFlush() (int, error)      { return 0, nil }
func (l *placeholder) Flush(*poll.Call) error      { return nil }
func (l *placeholder) Drain(time.Time) error       { return nil }
func (l *placeholder) BytesIn() int64              { return 0 }
func (l *placeholder) BytesOut() int64             { return 0 }
func (l *placeholder) WritePos() int64             { return 0 }
func (l *placeholder) State() State                { return StateReset }
func (l *placeholder) WasReset() bool              { return true }
func (l *placeholder) Apply(*Options) error        { return nil } // the next one gets them
func (l *placeholder) CloseWrite() error           { return l.fail(fault.PhaseClose) }
func (l *placeholder) AllAcked() bool              { return true }
func (l *placeholder) Reset()                      {}
func (l *placeholder) Abort()                      {}
func (l *placeholder) Close() error                { return nil }
func (l *placeholder) PeerAddr() endpoint.Addr     { return l.peer }
func (l *placeholder) Peer() string                { return l.peer.String() }
func (l *placeholder) SetPeer(peer endpoint.Addr)  { l.peer = peer }
func (l *placeholder) LocalAddr() endpoint.Addr    { return endpoint.Addr{} }

// Send fails.
func (l *placeholder) Send(*poll.Call, []byte, []byte, []byte) (int, error) {
	return 0, l.fail(fault.PhaseWrite)
}

// AwaitAcked has nothing to wait for.
func (l *placeholder) AwaitAcked(func() time.Time, bool, func() bool) State { return StateReset }

// AwaitEnd has nothing to wait for.
func (l *placeholder) AwaitEnd(func() time.Time, time.Duration) {}
