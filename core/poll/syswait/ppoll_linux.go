//go:build !amd64 && !386 && !arm

package syswait

import "golang.org/x/sys/unix"

// longestPoll is how late a wait may see that the process was stopped: ppoll, which
// is all there is here, starts anew then with the time that was left.
const longestPoll = 1000

// poll waits as the system's call of that name does.
func poll(fds []unix.PollFd, milliseconds int) (int, error) {
	return unix.Poll(fds, milliseconds)
}
