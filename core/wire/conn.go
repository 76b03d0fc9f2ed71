package wire

// Condition is what is known of a connection.
type Condition int

// What Look may find.
const (
	Alive     Condition = iota // both directions are open
	PeerEnded                  // the peer has ended its sending side
	Cut                        // reset, or over
)
