package main

// #include "export_wakeup.h"
import "C"

import (
	"os"
	"time"

	"golang.org/x/sys/unix"

	"wdsocket/core/poll"
	"wdsocket/core/task"
)

// wakeups is the reading end of the pipe of WDSocketWakeup. It is never closed.
var wakeups *os.File

// watchWakeups begins to read the pipe. Where the runtime cannot wait for it, a
// thread does.
func watchWakeups() {
	fd := int(C.wds_wakeup_reader())
	wakeups = os.NewFile(uintptr(fd), "wakeup")
	raw, err := wakeups.SyscallConn()
	if err == nil {
		err = wakeups.SetReadDeadline(time.Time{}) // tells whether the runtime waits for it
	}
	if err != nil {
		task.Go("the watch for wake-ups", lib.Report, func() { pollWakeups(fd) })
		return
	}
	task.Go("the watch for wake-ups", lib.Report, func() {
		raw.Read(func(uintptr) bool {
			takeAllWakeups(fd)
			return false
		})
	})
}

func pollWakeups(fd int) {
	unix.SetNonblock(fd, true)
	for {
		unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
		takeAllWakeups(fd)
	}
}

// takeAllWakeups takes what is in the pipe. A panic costs what was just taken, and
// not the watch.
func takeAllWakeups(fd int) {
	for more := true; more; {
		if fell := task.Catch("the watch for wake-ups", func() { more = takeWakeups(fd) }); fell != nil {
			lib.Report(fell)
		}
	}
}

// marks belongs to the watch.
var marks poll.WakeupMarks

// takeWakeups takes what is in the pipe and tells whether there may be more.
func takeWakeups(fd int) (more bool) {
	var buf [512]byte
	put := uint32(C.wds_clearings_put()) // before it is looked into
	n, err := unix.Read(fd, buf[:])
	if err != nil && err != unix.EAGAIN {
		return err == unix.EINTR
	}
	taken := max(n, 0)
	if clearings, woken := marks.Took(buf[:taken], put); woken {
		interrupt(clearings)
	}
	return taken > 0
}
