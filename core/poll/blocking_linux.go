package poll

import (
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
)

// A call of the host's that has to wait sleeps in the receive or the send itself,
// as a program of its own would: in poll it needs one call more, and a second
// descriptor to be woken by. But nothing except the peer and time ends such a
// sleep, so it lasts for one tick of the system's clock; a call that still waits then
// goes on in poll, where Cancel and Close wake it.

// longestTick is where this ends: with a slower clock Cancel would be late.
const longestTick = 4 * time.Millisecond

// LongestBlock is how long the system may take for a time-out of one tick: it
// rounds up, and once more.
const LongestBlock = 2 * longestTick

// tick is the period of the system's clock, by which it ends a sleep; 0 if it is
// too long, or not known.
var tick = sync.OnceValue(func() time.Duration {
	var res unix.Timespec
	if err := unix.ClockGetres(unix.CLOCK_MONOTONIC_COARSE, &res); err != nil || res.Nano() > int64(longestTick) {
		return 0
	}
	return time.Duration(res.Nano())
})

// BlockingIO is what a connection knows of sleeping in one direction. It belongs to
// the reader, or to the writer.
type BlockingIO struct {
	enabled bool  // the descriptor blocks, and calls of this direction for one tick only
	Skip    uint8 // waits that go to poll
}

// A sleep in vain is followed by waits in poll: where the peer takes its time the
// sleep is one wake for nothing, and one that Cancel and Close cannot end. The first
// wait of a connection may be its last, and goes there too.
const (
	skipAtFirst      = 1
	skipAfterTimeout = 16
)

// NewBlockingIO is a BlockingIO of a connection that has not waited yet.
func NewBlockingIO() BlockingIO { return BlockingIO{Skip: skipAtFirst} }

// WillBlock tells whether the next wait may sleep, as far as the waits before it
// say.
func (s *BlockingIO) WillBlock() bool { return s.enabled && s.Skip == 0 }

// MayBlock tells whether a call may sleep in the system's call of this direction,
// whose time-out is option.
func (s *BlockingIO) MayBlock(w *Call, fd, option int) bool {
	if s.Skip > 0 || !w.direct || w.nonBlocking || w.Woken() != fault.OK {
		return false
	}
	if left := w.remaining(); left >= 0 && left < 2*LongestBlock {
		return false
	}
	return s.enabled || s.enable(fd, option)
}

// enable lets calls of this direction block for one tick. All the others say
// themselves that they do not wait.
func (s *BlockingIO) enable(fd, option int) bool {
	d := tick()
	limit := unix.NsecToTimeval(int64(d))
	s.enabled = d > 0 && unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, option, &limit) == nil && unix.SetNonblock(fd, false) == nil
	return s.enabled
}

// Blocked notes how a sleep ended.
func (s *BlockingIO) Blocked(timedOut bool) {
	if timedOut {
		s.Skip = skipAfterTimeout
	}
}

// Skipped notes a wait that goes to poll.
func (s *BlockingIO) Skipped() { s.Skip -= min(s.Skip, 1) }
