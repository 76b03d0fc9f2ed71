//go:build amd64 || 386 || arm

package syswait

import (
	"math"
	"unsafe"

	"golang.org/x/sys/unix"
)

// longestPoll is no limit: poll keeps the moment at which it ends.
const longestPoll = math.MaxInt32

// poll is the system's call of that name. Package unix takes ppoll, which starts
// anew with the time that was left when the process was stopped: that it was
// stopped would not count.
func poll(fds []unix.PollFd, milliseconds int) (int, error) {
	n, _, errno := unix.Syscall(unix.SYS_POLL, uintptr(unsafe.Pointer(unsafe.SliceData(fds))), uintptr(len(fds)), uintptr(milliseconds))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
