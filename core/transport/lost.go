package transport

import (
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
)

// lost stands in for a connection that is over: whatever is asked of it fails,
// and it has no descriptor.
type lost struct {
	source poll.Source
	peer   endpoint.Addr
}

// Lost makes a stand-in for a connection to peer that is over.
func Lost(peer endpoint.Addr) Conn { return &lost{source: poll.NoSource(), peer: peer} }

// IsLost tells whether a connection is a stand-in made by Lost.
func IsLost(c Conn) bool {
	_, is := c.(*lost)
	return is
}

func (l *lost) fail(phase fault.Phase) error { return fault.New(fault.Reset, phase, l.Peer()) }

// Source has no descriptor.
func (l *lost) Source() *poll.Source { return &l.source }

// What stands for nothing that could be read, written or waited for.
func (l *lost) UseReader(*poll.Wait)        {}
func (l *lost) Read([]byte) (int, error)    { return 0, l.fail(fault.PhaseRead) }
func (l *lost) Pause(time.Time) error       { return l.fail(fault.PhaseRead) }
func (l *lost) Buffered() int               { return 0 }
func (l *lost) Unread() bool                { return false }
func (l *lost) TrySend([]byte) (int, error) { return 0, l.fail(fault.PhaseWrite) }
func (l *lost) Write([]byte) (int, error)   { return 0, l.fail(fault.PhaseWrite) }
func (l *lost) Kept() int                   { return 0 }
func (l *lost) Holds() bool                 { return false }
func (l *lost) Push() (int, error)          { return 0, nil }
func (l *lost) Flush(*poll.Wait) error      { return nil }
func (l *lost) Drain(time.Time) error       { return nil }
func (l *lost) BytesIn() int64              { return 0 }
func (l *lost) BytesOut() int64             { return 0 }
func (l *lost) End() int64                  { return 0 }
func (l *lost) Look() Condition             { return Cut }
func (l *lost) WasReset() bool              { return true }
func (l *lost) Apply(*Options) error        { return nil } // the next one gets them
func (l *lost) CloseWrite() error           { return l.fail(fault.PhaseClose) }
func (l *lost) Settled() bool               { return true }
func (l *lost) Cut()                        {}
func (l *lost) Abort()                      {}
func (l *lost) Close() error                { return nil }
func (l *lost) PeerEnd() endpoint.Addr      { return l.peer }
func (l *lost) Peer() string                { return l.peer.String() }
func (l *lost) SetPeer(peer endpoint.Addr)  { l.peer = peer }
func (l *lost) LocalEnd() endpoint.Addr     { return endpoint.Addr{} }

// Send fails.
func (l *lost) Send(*poll.Wait, []byte, []byte, []byte) (int, error) {
	return 0, l.fail(fault.PhaseWrite)
}

// Settle has nothing to wait for.
func (l *lost) Settle(func() time.Time, bool, func() bool) Condition { return Cut }

// AwaitEnd has nothing to wait for.
func (l *lost) AwaitEnd(func() time.Time, time.Duration) {}
