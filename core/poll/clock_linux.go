package poll

import (
	"time"

	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
	"wdsocket/core/syserr"
)

// NeedClock makes sure that SetClock works. The clock is a descriptor, which
// only those pay for who watch the Watcher's own. Error: fault.Descriptors.
func (a *Watcher) NeedClock() error {
	if a.clock > 0 {
		return nil
	}
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return syserr.Wrap(err, fault.PhaseCall, "")
	}
	ev := unix.EpollEvent{Events: unix.EPOLLIN, Fd: clockNumber}
	if err := unix.EpollCtl(a.epoll, unix.EPOLL_CTL_ADD, fd, &ev); err != nil {
		unix.Close(fd)
		return syserr.Wrap(err, fault.PhaseCall, "")
	}
	descriptors.Add(1)
	a.clock = fd
	return nil
}

// SetClock makes the Watcher's descriptor readable at a time, and stays so
// until it is set anew; the zero time is never. One call at a time.
func (a *Watcher) SetClock(due time.Time) {
	var spec unix.ItimerSpec
	if !due.IsZero() {
		left := max(time.Until(due), 1) // 0 would be never
		spec.Value = unix.NsecToTimespec(int64(left))
	}
	unix.TimerfdSettime(a.clock, 0, &spec, nil)
}

func (a *Watcher) closeClock() {
	if a.clock > 0 {
		unix.Close(a.clock)
		descriptors.Add(-1)
	}
}
