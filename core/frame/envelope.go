package frame

// Envelope is all that stands around a message in a stream, in the modes where
// writing takes no more: first its length in decimal digits and CR LF, if Sized,
// then the message, then Tail.
//
// A message with the first byte of Tail in it, or longer than Limit, is for Encode
// to look at. Without that byte there is no tail in a message, and none across
// its end.
type Envelope struct {
	Sized bool
	Tail  []byte
	Limit int // bytes of a message at most
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
