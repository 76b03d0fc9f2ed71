package poll

// HelperLoad is for how many sockets one handle of the driver asks.
const HelperLoad = helperLoad

// Helpers is how many handles of the driver there are.
func (a *Watcher) Helpers() int { return len(a.helpers) }
