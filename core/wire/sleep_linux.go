package wire

import (
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
)

// A call of the host's that has to wait sleeps in the receive or the send itself,
// as a program of its own would: in poll it needs one call more, and a second
// descriptor to be woken by. But nothing except the peer and time ends such a
// sleep, so it lasts for one tick of the system's clock; whoever still waits then
// goes on in poll, where Cancel and Close wake it.

// longestTick is where this ends: with a slower clock Cancel would be late.
const longestTick = 4 * time.Millisecond

// longestSleep is how long the system may take for a time-out of one tick: it
// rounds up, and once more.
const longestSleep = 2 * longestTick

// tick is the period of the system's clock, by which it ends a sleep; 0 if it is
// too long, or not known.
var tick = sync.OnceValue(func() time.Duration {
	var res unix.Timespec
	if err := unix.ClockGetres(unix.CLOCK_MONOTONIC_COARSE, &res); err != nil || res.Nano() > int64(longestTick) {
		return 0
	}
	return time.Duration(res.Nano())
})

// sleeper is what a connection knows of sleeping in one direction. It belongs to
// the reader, or to the writer.
type sleeper struct {
	ready bool  // the descriptor blocks, and calls of this direction for one tick only
	skip  uint8 // waits that go to poll
}

// A sleep in vain is followed by waits in poll: where the peer takes its time the
// sleep is one wake for nothing, and one during which nobody is heard. The first
// wait of a connection may be its last, and goes there too.
const (
	skipAtFirst = 1
	skipInVain  = 16
)

// may tells whether a call may sleep in the system's call of this direction,
// whose time-out is option.
func (s *sleeper) may(w *Wait, fd, option int) bool {
	if s.skip > 0 || !w.direct || w.now || w.Woken() != fault.OK {
		return false
	}
	if left := w.remaining(); left >= 0 && left < 2*longestSleep {
		return false
	}
	return s.ready || s.prepare(fd, option)
}

// maySleep is sleeper.may of one direction of a connection. Nobody begins a sleep
// in one that is being cut: some kernels refuse that while somebody sleeps.
func (c *Conn) maySleep(s *sleeper, w *Wait, option int) bool {
	return !c.cut.Load() && s.may(w, c.d.fd, option)
}

// prepare lets calls of this direction block for one tick. All the others say
// themselves that they do not wait.
func (s *sleeper) prepare(fd, option int) bool {
	d := tick()
	limit := unix.NsecToTimeval(int64(d))
	s.ready = d > 0 && unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, option, &limit) == nil && unix.SetNonblock(fd, false) == nil
	return s.ready
}

// slept notes how a sleep ended.
func (s *sleeper) slept(inVain bool) {
	if inVain {
		s.skip = skipInVain
	}
}

// polls notes a wait that goes to poll.
func (s *sleeper) polls() { s.skip -= min(s.skip, 1) }

// recvAsleep is a receive that sleeps: EAGAIN if nothing has come after a tick.
func (c *Conn) recvAsleep(p []byte) (int, syscall.Errno) {
	n, _, errno := unix.Syscall6(unix.SYS_RECVFROM, uintptr(c.d.fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)), 0, 0, 0)
	c.sleepIn.slept(errno == unix.EAGAIN)
	return int(n), errno
}
