package poll

import (
	"time"

	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
	"wdsocket/core/syserr"
)

// NeedTimer makes sure that SetTimer works. The timer is a descriptor, made only
// where a program watches the Poller's own. Error: fault.Descriptors.
func (a *Poller) NeedTimer() error {
	if a.timer > 0 {
		return nil
	}
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return syserr.Wrap(err, fault.PhaseCall, "")
	}
	ev := unix.EpollEvent{Events: unix.EPOLLIN, Fd: timerNumber}
	if err := unix.EpollCtl(a.epoll, unix.EPOLL_CTL_ADD, fd, &ev); err != nil {
		unix.Close(fd)
		return syserr.Wrap(err, fault.PhaseCall, "")
	}
	descriptors.Add(1)
	a.timer = fd
	return nil
}

// SetTimer makes the Poller's descriptor readable at a time, and stays so
// until it is set anew; the zero time is never. One call at a time.
func (a *Poller) SetTimer(due time.Time) {
	var spec unix.ItimerSpec
	if !due.IsZero() {
		left := max(time.Until(due), 1) // 0 would be never
		spec.Value = unix.NsecToTimespec(int64(left))
	}
	unix.TimerfdSettime(a.timer, 0, &spec, nil)
}

func (a *Poller) closeTimer() {
	if a.timer > 0 {
		unix.Close(a.timer)
		descriptors.Add(-1)
	}
}
