package transport

import (
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// Conn is the bottom of a connection: a stream of bytes to and from a peer.
//
// It is a layer.Base, on which layers such as TLS stand: Read waits as the
// poll.Call given to UseReader says and never longer; Write never waits, what the
// system does not take is kept and goes out with Flush; every end is a
// *fault.Error, never io.EOF, so that a layer above cannot take a cut for an
// orderly end.
//
// One reader at a time, and one of Send, TrySend, Write and Flush at a time by the
// socket's write lock; a layer's Write inside Read is safe beside them.
//
// What only some kinds of connections can tell is in Acknowledger, Drainer,
// UserTimeouter and Processed.
type Conn interface {
	poll.Pollable

	// UseReader sets how the reads that follow wait. The holder of the
	// reader's role calls it before the first read of a call.
	UseReader(w *poll.Call)

	// Read takes what is there, at least one byte, or waits for it.
	Read(p []byte) (int, error)

	// Pause waits, as Read does, until a time has come: nil then, otherwise an
	// error of waiting.
	Pause(until time.Time) error

	// Buffered tells how many bytes the system holds for reading.
	Buffered() int

	// Unread tells whether something has come that was not read, be it the
	// peer's end.
	Unread() bool

	// Send writes head, body and tail as one piece and waits as w says. It
	// returns how many bytes the system took; fewer than all come with an
	// error. What Write kept earlier goes first.
	Send(w *poll.Call, head, body, tail []byte) (int, error)

	// TrySend sends what the system takes at once, and keeps nothing. Nothing
	// that Write kept may wait.
	TrySend(p []byte) (int, error)

	// Write takes all of p and never waits: what the system does not take is
	// kept for Flush.
	Write(p []byte) (int, error)

	// Unsent tells how many bytes Write keeps, HasUnsent whether it keeps any.
	Unsent() int
	HasUnsent() bool

	// TryFlush sends what it can of what Write kept, without waiting, and tells how
	// much is left.
	TryFlush() (left int, err error)

	// Flush waits, as w says, until what Write kept is with the system. Drain is
	// Flush for a reader: it waits as Read does, and until a time at the latest.
	Flush(w *poll.Call) error
	Drain(until time.Time) error

	// BytesIn and BytesOut tell how many bytes were received and sent, End how
	// many will have been sent when all that was written so far is.
	BytesIn() int64
	BytesOut() int64
	WritePos() int64

	// State asks the system how the connection is, and changes nothing. Of a
	// connection that was reset behind the peer's end it tells the end, as
	// reading does. WasReset tells of that reset, too.
	State() State
	WasReset() bool

	// Apply sets the options that an open connection has.
	Apply(o *Options) error

	// CloseWrite tells the peer that nothing more comes, if HalfCloses.
	CloseWrite() error

	// AllAcked tells whether Close would lose nothing that was written.
	AllAcked() bool

	// AwaitAcked waits until all that was written has reached the peer's system,
	// throwing away what still comes in. If whole it ends the sending side
	// first, so that the peer sees an orderly end; otherwise the end is left to
	// Abort. feed is asked again and again for what is still to be written: it
	// writes what it can and tells whether there is more. until, asked again and
	// again too, tells when the time is over. The result is StateReset if it did not
	// within the time, or the connection broke; StateOpen, where something came in
	// and more may follow, is for AwaitEnd.
	AwaitAcked(until func() time.Time, whole bool, feed func() bool) State

	// AwaitEnd throws away what still comes in until the peer has ended, at most
	// until what until tells, asked again and again, and only as long as
	// something comes within silence: the system answers what comes in behind
	// Close by a reset, which takes from the peer what it has not read yet.
	AwaitEnd(until func() time.Time, silence time.Duration)

	// Reset resets the connection at once. Calls inside return, and it may run
	// beside them. Abort resets and closes, Close only closes, without waiting;
	// no call may be inside.
	Reset()
	Abort()
	Close() error

	// PeerAddr is the other end as it was when the connection was made, Peer its
	// text. SetPeer says who it is where a layer knows better than the system,
	// before anything else uses the connection. LocalAddr is the own end.
	PeerAddr() endpoint.Addr
	Peer() string
	SetPeer(peer endpoint.Addr)
	LocalAddr() endpoint.Addr
}

// Acknowledger is a Conn that knows what the peer's system has confirmed.
type Acknowledger interface {
	// Acknowledged tells how many of the bytes that were sent the peer's system
	// has confirmed. It holds after a reset, too.
	Acknowledged() int64
}

// KnowsAcknowledged tells whether Acknowledged is more than a guess.
func KnowsAcknowledged(c Conn) bool {
	_, ok := c.(Acknowledger)
	return ok
}

// Acknowledged tells how many of the bytes that were sent the peer's system has
// confirmed or, where that is not known, how many the own system has taken.
func Acknowledged(c Conn) int64 {
	if a, ok := c.(Acknowledger); ok {
		return a.Acknowledged()
	}
	return c.BytesOut()
}

// UserTimeouter is a Conn whose peer has to be watched while something is on its way
// to it: the system itself would go on for a quarter of an hour.
type UserTimeouter interface {
	// UserTimeout is the time without any answer after which the peer counts as
	// gone, 0 for never.
	UserTimeout() time.Duration

	// UserTimeoutLeft tells whether something is on its way to the peer, and how long it
	// may still stay unanswered until the peer counts as gone; 0 when it does.
	// A peer that only does not read answers, and is no such one.
	UserTimeoutLeft() (left time.Duration, unacked bool)

	// ResetUnanswered resets a connection whose peer is gone, and tells whether it did:
	// while something that has come is unread it does not, as that would be
	// lost.
	ResetUnanswered() bool
}

// UserTimeout is UserTimeouter.UserTimeout, 0 where the system itself gives up a peer.
func UserTimeout(c Conn) time.Duration {
	if v, ok := c.(UserTimeouter); ok {
		return v.UserTimeout()
	}
	return 0
}

// State is what is known of a connection.
type State int

// What State may find.
const (
	StateOpen       State = iota // both directions are open
	StatePeerClosed              // the peer has ended its sending side
	StateReset                   // reset, or over
)

// BytesIn is how many bytes were received.
func (c *tcpConn) BytesIn() int64 { return c.bytesIn.Load() }

// BytesOut is how many bytes were sent.
func (c *tcpConn) BytesOut() int64 { return c.bytesOut.Load() }

// WritePos tells how many bytes will have been sent when all that was written so
// far is: where the last thing written ends.
func (c *tcpConn) WritePos() int64 {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	return c.bytesOut.Load() + int64(len(c.unsent))
}

// Unread tells whether something has come that was not read, be it the peer's
// end.
func (c *tcpConn) Unread() bool { return c.Buffered() > 0 || c.State() == StatePeerClosed }

// Pause waits, as Read does, until a time has come: nil then, otherwise an error of
// waiting.
func (c *tcpConn) Pause(until time.Time) error {
	left := time.Until(until)
	if left <= 0 {
		return nil
	}
	w := c.reader
	c.TryFlush() // as Read does
	if err := w.Pause(left); err != nil {
		return syserr.Wrap(err, fault.PhaseRead, c.Peer())
	}
	return nil
}

// maxDiscard is how much a close throws away before it looks at the time again.
const maxDiscard = 256 << 10

// UseReader sets how the reads that follow wait. The holder of the read
// lock calls it before the first read of a call.
func (c *tcpConn) UseReader(w *poll.Call) { c.reader = w }

// Drain is Flush for a reader: it waits as Read does, and until a time at the
// latest.
func (c *tcpConn) Drain(until time.Time) error {
	w := c.reader
	own, ends := w.Deadline()
	if !w.NonBlocking() && (!ends || own.After(until)) {
		w.SetDeadline(until)
		defer w.SetDeadline(own)
	}
	return c.Flush(w)
}

// HasUnsent tells whether Write keeps something.
func (c *tcpConn) HasUnsent() bool { return c.hasUnsent.Load() }
