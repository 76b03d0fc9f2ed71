package poll

// WakeupMarks follows the marks of a pipe that tells of the wake-up: 0 for a clearing,
// anything else for a wake-up. A call of this program changes the word first and puts
// its mark in then; other software puts marks of wake-ups in and leaves the word alone. A
// mark for which there is no room is dropped.
type WakeupMarks struct {
	// clearings is how many there were before the next mark. It may be too few for a
	// while, never too many: the word would be set, and stay so, by a wake-up that was
	// cleared since.
	clearings uint32
}

// Took is told of marks that came out, none if the pipe was empty; put is for how many
// clearings marks had been put in, or dropped, before it was looked into. woken: the calls
// are to be woken that began when there were no more than so many clearings.
func (m *WakeupMarks) Took(marks []byte, put uint32) (clearings uint32, woken bool) {
	if len(marks) == 0 { // the mark of a wake-up may have been dropped, or have counted for too few clearings
		if put = put << 1 >> 1; later(put, m.clearings) {
			m.clearings = put
		}
		word := wakeup.Load()
		clearings = word.Clearings() // first: one that is set since tells of itself
		return clearings, word.isSet()
	}
	for _, mark := range marks {
		if mark == 0 {
			m.clearings = nextClearing(m.clearings)
		} else {
			clearings, woken = m.clearings, true
		}
	}
	if woken {
		wakeup.Load().Set(clearings)
	}
	return clearings, woken
}

// later tells whether a number of clearings comes after another.
func later(a, b uint32) bool {
	const fits = 1 // 31 bits, which may have begun anew
	return int32((a-b)<<fits) > 0
}
