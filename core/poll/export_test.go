package poll

// LastBegun tells whether the closing work has begun.
func (g *Gate) LastBegun() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.last == nil
}

// SetClearings makes the word one that was cleared so often.
func (w *WakeupWord) SetClearings(n uint32) { w.word.Store(n << 1) }

// Clear is clear.
func (w *WakeupWord) Clear() { w.clear() }

// IsSet is isSet.
func (w *WakeupWord) IsSet() bool { return w.isSet() }

// NextClearing is nextClearing.
func NextClearing(clearings uint32) uint32 { return nextClearing(clearings) }
