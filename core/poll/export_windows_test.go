package poll

// SocketsPerHandle is for how many sockets one handle of the driver asks.
const SocketsPerHandle = socketsPerHandle

// AFDHandles is how many handles of the driver there are.
func (a *Poller) AFDHandles() int { return len(a.afdHandles) }
