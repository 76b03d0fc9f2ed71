// Package layer is what can stand between the bottom of a connection, which is
// a socket of the system, and its messages: TLS, a capture, injected faults.
//
// A Layer makes a Conn on what is below; the Conns of one connection are a
// Stack. Each is read and written through the one below it, so that any may
// stand on any. A layer that is a handshake and nothing else, as a proxy's or a
// PROXY header, leaves the stack once that is done.
package layer

import (
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
)

// Base is what a layer stands on: the bottom of a connection, or another layer.
// One goroutine at a time may read, and one may write beside it.
//
// Errors are *fault.Error, never io.EOF: what stands on it must not take a cut
// for an orderly end.
type Base interface {
	// Read reads at least one byte. It waits as the bottom's reader has
	// arranged; reading goes on after fault.Timeout and fault.Cancelled.
	Read(p []byte) (int, error)

	// Write takes all of p and never waits: what the system does not take
	// is kept at the bottom. It may be called inside Read.
	Write(p []byte) (int, error)

	// Unsent tells how many bytes are kept at the bottom.
	Unsent() int

	// Drain waits until they are with the system, as Read waits, and until
	// a time at the latest.
	Drain(until time.Time) error
}

// Conn is a layer of an open connection.
type Conn interface {
	Base

	// CloseWrite ends the layer's own sending side, as the close_notify of
	// TLS does; the layers below go on. It never waits. Reading goes on.
	CloseWrite() error

	// Pending tells whether Read may give bytes without the layer below
	// having any. It is the reader's to ask. True is no promise.
	Pending() bool

	// Leftover takes what came from below behind the layer's own end.
	Leftover() []byte
}

// Throttled is a Conn that stops reading at times, until its peer has taken what
// reading made it write.
type Throttled interface {
	// Stopped tells until when reading waits for that, the zero time when
	// it does not. It is the reader's to ask.
	Stopped() time.Time
}

// Idler is a Conn that knows when reading it is in vain. Of any other that is not known,
// and the bottom is read until it has nothing.
type Idler interface {
	// Idle tells that Read would give nothing, no end either, and do nothing else
	// before the layer below has more. It is the reader's to ask. False is no promise.
	Idle() bool
}

// Piecemeal is a Conn that knows when a unit of its own, such as a record or a frame, has come
// in part: what a reader waits for may be in it.
type Piecemeal interface {
	// Midway tells that. It is the reader's to ask.
	Midway() bool
}

// Unsolicited is a Conn whose peer sends of its own accord what no reader asked for.
type Unsolicited interface {
	// ExpectsMore tells whether some of it may still be on its way. It is the
	// reader's to ask.
	ExpectsMore() bool
}

// Peered is a Conn that knows better than the system who the peer is, as behind a
// proxy.
type Peered interface {
	// Peer is the address of the peer, not valid if nothing is known.
	Peer() endpoint.Addr
}

// Layer puts Conns on connections. It is safe for concurrent use.
type Layer interface {
	// Phase is what errors of the handshake happened in, and what its time
	// counts for.
	Phase() fault.Phase

	// Handshake puts a Conn on base once its handshake, if it has one, is
	// done. It waits in base's Read alone. who names the peer in errors,
	// "10.0.0.5:5000". A layer that has nothing more to do gives a *Finished.
	Handshake(base Base, who string) (Conn, error)

	// Instant tells that there is no handshake: it reads nothing.
	Instant() bool
}

// Limited is a Layer whose handshake has a time of its own. Each other has that of the
// connection's handshakes.
type Limited interface {
	// Limit is how long the handshake may take; 0 is the connection's.
	Limit() time.Duration
}

// Finished is the Conn of a layer that has nothing more to do once its handshake is
// over. It does not stay: what stands above goes on with Rest, and then with what is
// below.
type Finished struct {
	Through
	Rest []byte        // what was read behind the end of the handshake
	From endpoint.Addr // the peer, if the layer knows better than the system
}

// Finish makes a Finished on base.
func Finish(base Base, rest []byte, from endpoint.Addr) *Finished {
	return &Finished{Through{base}, rest, from}
}

// Leftover is the Rest.
func (f *Finished) Leftover() []byte { return f.Rest }

// Peer is From.
func (f *Finished) Peer() endpoint.Addr { return f.From }

// Through is a Conn that has nothing of its own: embedded in one, it passes on
// what that does not change.
type Through struct{ Base }

// CloseWrite does nothing.
func (Through) CloseWrite() error { return nil }

// Pending is false.
func (Through) Pending() bool { return false }

// Leftover is nothing.
func (Through) Leftover() []byte { return nil }
