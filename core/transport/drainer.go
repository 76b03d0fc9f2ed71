package transport

// Drainer is a Conn whose system says of itself that more has come, be it the end, once
// all was taken: it need not be asked in vain.
type Drainer interface {
	// Drained tells whether the last Read that gave bytes took all there was. It is
	// the reader's to ask.
	Drained() bool
}

// Drained is Drainer.Drained, false where that is not known.
func Drained(c Conn) bool {
	d, ok := c.(Drainer)
	return ok && d.Drained()
}
