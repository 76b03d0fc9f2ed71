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

// clearings is how many clearings came out of the pipe, or never went in because it
// was full.
var clearings uint32

// takeWakeups takes what is in the pipe and tells whether there may be more.
func takeWakeups(fd int) (more bool) {
	var buf [512]byte
	before := poll.Wakeup().Clearings()
	n, err := unix.Read(fd, buf[:])
	if err == unix.EAGAIN && clearings != before { // those before are past, whether they went in or not
		clearings = before
		if poll.Wakeup().IsSet() { // by a mark that counted for too few clearings, or that did not go in
			interrupt(before)
		}
	}
	if err != nil || n == 0 {
		return err == unix.EINTR
	}
	woken, last := false, uint32(0)
	for _, mark := range buf[:n] {
		switch {
		case mark != 0:
			woken, last = true, clearings
		case clearings != poll.Wakeup().Clearings():
			clearings = poll.NextClearing(clearings)
		}
	}
	if woken {
		poll.Wakeup().Set(last)
		interrupt(last)
	}
	return true
}
