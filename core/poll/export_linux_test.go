package poll

// ParkedCalls tells how many calls the parker is to wake.
func ParkedCalls() int {
	parker.mu.Lock()
	defer parker.mu.Unlock()
	return parker.waiting
}

// Arm takes what wakes the call.
func (w *Call) Arm() error { return w.arm() }

// SourceOf makes a Source of a descriptor that it does not own.
func SourceOf(fd int) *Source { return &Source{fd: fd} }

// Parked tells whether a call that reads is parked.
func (d *Source) Parked() bool { return d.parked[slotRead] != nil }
