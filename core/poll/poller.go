package poll

// Ready is what a socket shows.
type Ready struct {
	Number          int32
	Input, Writable bool
	Ended           bool // the peer has ended, or the connection is over
	Urgent          bool // TCP's urgent data has come: a receive ends in front of it, though there is more
}

// Pollable is what a Poller can wait for.
type Pollable interface{ Source() *Source }
