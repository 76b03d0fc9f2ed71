package transport

import "wdsocket/core/endpoint"

// Processed is a Conn whose peer is a process of this machine.
type Processed interface {
	// PeerProcess is that process, a server's as it was when it began to listen.
	PeerProcess() endpoint.Addr
}

// PeerProcess is Processed.PeerProcess, the zero Addr where the peer may be anywhere.
func PeerProcess(c Conn) endpoint.Addr {
	if p, is := c.(Processed); is {
		return p.PeerProcess()
	}
	return endpoint.Addr{}
}

// HalfCloses tells whether a Conn can end its sending side alone, as all can that do not
// say otherwise.
func HalfCloses(c Conn) bool {
	h, ok := c.(interface{ HalfCloses() bool })
	return !ok || h.HalfCloses()
}
