package syswait

import "golang.org/x/sys/unix"

// Function types of Use. The results are the system's: a number, or the negative of an
// errno.
type (
	PollFunc  func(fds []unix.PollFd, milliseconds int) int
	EpollFunc func(epoll int, events []unix.EpollEvent, milliseconds int) int
)

// Those of Use, nil for this package's own.
var (
	pollBy  PollFunc
	epollBy EpollFunc
)

// Use makes calls wait in other functions than this package's own, which make the system's
// calls where Go code runs: on a stack of Go. A host that stops its threads by signals to
// collect its garbage, as Mono does, takes such a thread for one that it must not stop now,
// and tries again until the wait is over. It is called before anything waits; nil stands
// for this package's own.
func Use(poll PollFunc, epoll EpollFunc) { pollBy, epollBy = poll, epoll }

// Poll is the system's poll, made by the function of Use where it may take time. It may end
// before its time, with nothing ready: longestPoll is the most that either is asked for.
func Poll(fds []unix.PollFd, milliseconds int) (int, error) {
	milliseconds = min(milliseconds, longestPoll)
	if pollBy == nil || milliseconds == 0 {
		return poll(fds, milliseconds)
	}
	return result(pollBy(fds, milliseconds))
}

// Epoll is the system's epoll_wait, as Poll.
func Epoll(epoll int, events []unix.EpollEvent, milliseconds int) (int, error) {
	if epollBy == nil || milliseconds == 0 {
		return unix.EpollWait(epoll, events, milliseconds)
	}
	return result(epollBy(epoll, events, milliseconds))
}

func result(n int) (int, error) {
	if n < 0 {
		return 0, unix.Errno(-n)
	}
	return n, nil
}
