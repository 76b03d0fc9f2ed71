// Package lockorder has the locks of the library that are held together, each of
// them with its place in the one order of ARCHITECTURE.md. A goroutine takes a lock
// only while all that it holds stand before it.
//
// Built with the tag lockorder, each locking asserts that and panics otherwise;
// without it a Mutex is a sync.Mutex.
package lockorder

// Rank is the place of a lock in the order.
type Rank interface {
	// Place is the number in ARCHITECTURE.md.
	Place() int
}

// The places, the first to be taken first.
type (
	QueuePoll    struct{} // Queue.pollLock
	QueueCalls   struct{} // Queue.calls
	Reconnector  struct{} // reconnector.mu
	Socket       struct{} // Socket.mu
	Server       struct{} // server.mu
	Handshakes   struct{} // handshaker.mu
	Groups       struct{} // groups.mu
	Queue        struct{} // Queue.mu
	Library      struct{} // Library.mu
	LibraryCalls struct{} // Library.calls
	SendQueue    struct{} // sendQueue.mu
	Budget       struct{} // mem.Budget.mu
	Output       struct{} // transport.tcpConn.outMu
	Poller       struct{} // poll.Poller.mu
	Gate         struct{} // poll.Gate.mu
	Leaf         struct{} // nothing is taken under it
)

func (QueuePoll) Place() int    { return 1 }
func (QueueCalls) Place() int   { return 2 }
func (Reconnector) Place() int  { return 5 }
func (Socket) Place() int       { return 6 }
func (Server) Place() int       { return 7 }
func (Handshakes) Place() int   { return 8 }
func (Groups) Place() int       { return 9 }
func (Queue) Place() int        { return 10 }
func (Library) Place() int      { return 11 }
func (LibraryCalls) Place() int { return 12 }
func (SendQueue) Place() int    { return 13 }
func (Budget) Place() int       { return 14 }
func (Output) Place() int       { return 15 }
func (Poller) Place() int       { return 16 }
func (Gate) Place() int         { return 17 }
func (Leaf) Place() int         { return 18 }
