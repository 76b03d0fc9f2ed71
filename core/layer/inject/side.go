package inject

import (
	"math"
	"math/rand/v2"
	"time"
)

// side is one direction: what is done to it, and the chances of it. Each fault
// has chances of its own, so that none depends on how the others cut the bytes.
type side struct {
	Direction
	passed  int64
	delays  *rand.Rand
	sizes   *rand.Rand
	damages *rand.Rand
	sound   int64 // bytes until the next that is damaged, -1: not known yet
}

// The parts of a seed that are not the user's.
const (
	ofSend    = 0
	ofReceive = 100
	ofDelays  = 1
	ofSizes   = 2
	ofDamages = 3
)

func newSide(d Direction, seed, of uint64) side {
	source := func(what uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, of+what)) }
	return side{Direction: d, delays: source(ofDelays), sizes: source(ofSizes), damages: source(ofDamages), sound: -1}
}

// between draws a number from low to high.
func between(r *rand.Rand, low, high int64) int64 {
	if high <= low {
		return low
	}
	return low + r.Int64N(high-low+1)
}

// delay is how long the next piece is held back.
func (s *side) delay() time.Duration {
	if s.DelayMax == 0 {
		return 0
	}
	return time.Duration(between(s.delays, int64(s.DelayMin), int64(s.DelayMax)))
}

// size is how much of n bytes the next piece has: no more than up to a border.
func (s *side) size(n int) int {
	if s.PartialMax > 0 {
		n = min(n, int(between(s.sizes, int64(s.PartialMin), int64(s.PartialMax))))
	}
	for _, border := range []int64{s.Cut, s.Stall} {
		if border > s.passed {
			n = int(min(int64(n), border-s.passed))
		}
	}
	return n
}

// damage changes bytes of p, by their place in the stream alone.
func (s *side) damage(p []byte) {
	if s.Corrupt == 0 {
		return
	}
	for at := int64(0); ; at++ {
		if s.sound < 0 {
			s.sound = s.nextSound()
		}
		if at+s.sound >= int64(len(p)) {
			s.sound -= int64(len(p)) - at
			return
		}
		at += s.sound
		p[at] ^= 1 << s.damages.IntN(8)
		s.sound = -1
	}
}

// nextSound draws how many bytes stay whole before the next that does not.
func (s *side) nextSound() int64 {
	if s.Corrupt >= 1 {
		return 0
	}
	n := math.Floor(math.Log1p(-s.damages.Float64()) / math.Log1p(-s.Corrupt))
	return int64(min(n, 1<<60))
}

// stalled tells until when a direction stands still, the zero time if it does not.
// resume is when the stall that is there ends, and is set when it begins.
func (s *side) stalled(resume *time.Time) time.Time {
	if s.Stall < 0 || s.passed < s.Stall {
		return time.Time{}
	}
	if resume.IsZero() {
		*resume = farAway
		if s.StallFor > 0 {
			*resume = time.Now().Add(s.StallFor)
		}
	}
	if !time.Now().Before(*resume) {
		return time.Time{}
	}
	return *resume
}

func (s *side) isCut() bool { return s.Cut >= 0 && s.passed >= s.Cut }
