package main

// #cgo noescape wds_wait_poll
// #cgo nocallback wds_wait_poll
// #cgo noescape wds_wait_epoll
// #cgo nocallback wds_wait_epoll
// #include "export_waits.h"
import "C"

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"wdsocket/core/poll/syswait"
)

// waitOnTheirStacks makes threads of the host wait on their own stacks, where a host that
// has to stop its threads can stop them: syswait.Use.
func waitOnTheirStacks() {
	syswait.Use(func(fds []unix.PollFd, milliseconds int) int {
		return int(C.wds_wait_poll((*C.struct_pollfd)(unsafe.Pointer(unsafe.SliceData(fds))), C.int32_t(len(fds)), C.int32_t(milliseconds)))
	}, func(epoll int, events []unix.EpollEvent, milliseconds int) int {
		return int(C.wds_wait_epoll(C.int32_t(epoll), (*C.struct_epoll_event)(unsafe.Pointer(unsafe.SliceData(events))), C.int32_t(len(events)), C.int32_t(milliseconds)))
	})
}
