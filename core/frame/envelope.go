package frame

import "bytes"

// Envelope is all that stands around a message in a stream, in the modes where
// writing takes no more: first its length in decimal digits and CR LF, if Sized,
// then the message, then Tail.
type Envelope struct {
	Sized bool
	Tail  []byte
	Limit int // bytes of a message at most
}

// Plain tells whether message m may be written with no more than e. It may be
// false for a message that Encode takes, never true for one that it refuses.
func (e Envelope) Plain(m []byte) bool {
	// Without the first byte of the tail there is no tail in the message, and
	// none across its end.
	return len(m) <= e.Limit && (len(e.Tail) == 0 || bytes.IndexByte(m, e.Tail[0]) < 0)
}

// Enveloping is implemented by framers of which an Envelope may tell all: those
// of Size, EndTag, EndTagBuffer and Raw.
type Enveloping interface {
	// Envelope tells what stands around a message.
	Envelope() Envelope
}

// Envelope tells what stands around a message.
func (f sizeFramer) Envelope() Envelope { return Envelope{Sized: true, Limit: f.limit} }

// Envelope tells what stands around a message.
func (f rawFramer) Envelope() Envelope { return Envelope{Limit: f.limit} }

// Envelope tells what stands around a message.
func (f *tagFramer) Envelope() Envelope {
	if f.asIs {
		return Envelope{Limit: f.limit}
	}
	return Envelope{Tail: f.tag, Limit: f.limit}
}
