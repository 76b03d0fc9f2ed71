package poll

import (
	"math"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
	"wdsocket/core/task"
)

// The poller wakes parked calls: one goroutine for all of them, with an epoll
// set of its own. It does not sleep in epoll_wait, which would take a thread and
// leave the scheduler to find out that it sleeps: the set is itself a descriptor
// that Go's runtime waits for. It starts with the first parked call and ends with
// ReleaseIdle.
var poller struct {
	mu      sync.Mutex
	epoll   int
	file    *os.File // owns epoll
	running bool
	ended   chan struct{}
	waiting int
	by      map[int32]*Source
}

const (
	slotRead = iota
	slotWrite
)

// park waits as ready does, but parks the goroutine instead of its thread.
func (w *Wait) park(d *Source, events int16) (int16, error) {
	slot := slotRead
	if events&unix.POLLIN == 0 {
		slot = slotWrite
	}
	enlisted, err := w.enlist(d, slot, events)
	switch {
	case lacks(err): // the poller cannot have what it needs
		return w.watch(d, events)
	case err != nil:
		return 0, err
	case !enlisted: // another call is parked there: writers of one UDP socket
		return w.watch(d, events)
	}
	err = w.doze()
	w.delist(d, slot)
	if err == fault.Timeout { // the poller may be behind, where the process was stopped
		err = w.lastLook(d, events)
	}
	if err != nil {
		return 0, err
	}
	if shown := w.sys.fds[0].Revents; shown != 0 {
		return shown, nil
	}
	return events, nil
}

// lastLook asks the system whether an event is there that a call has not heard of
// in its time.
func (w *Wait) lastLook(d *Source, events int16) error {
	w.sys.fds[0] = unix.PollFd{Fd: int32(d.fd), Events: events}
	if n, err := poll(w.sys.fds[:1], 0); err != nil || n == 0 {
		return fault.Timeout
	}
	return nil
}

// lacks tells whether the system is short of what a wait needs.
func lacks(err error) bool {
	switch err {
	case unix.EMFILE, unix.ENFILE, unix.ENOMEM, unix.ENOSPC:
		return true
	}
	return false
}

// doze waits for the bell, which the poller rings without a reason.
func (w *Wait) doze() error {
	left := w.remaining()
	var expired <-chan time.Time
	if left >= 0 {
		timer := time.NewTimer(left)
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case <-w.bell:
		return w.verdict(fault.OK)
	case <-expired:
		return w.verdict(fault.Timeout)
	}
}

// enlist makes w the call that an event is for; false: another one is.
func (w *Wait) enlist(d *Source, slot int, events int16) (bool, error) {
	poller.mu.Lock()
	defer poller.mu.Unlock()
	if d.parked[slot] != nil {
		return false, nil
	}
	if err := startPoller(); err != nil {
		return false, err
	}
	d.parked[slot] = w
	poller.waiting++
	w.sys.fds[0].Revents = 0
	if events&unix.POLLIN != 0 && events&unix.POLLOUT != 0 {
		w.sys.fds[0].Events = events // a reader that drains for a layer above
	} else {
		w.sys.fds[0].Events = 0
	}
	if err := d.watch(); err != nil {
		d.parked[slot] = nil
		poller.waiting--
		return false, err
	}
	return true, nil
}

// watch tells epoll what the parked calls wait for; poller.mu is held.
func (d *Source) watch() error {
	ev := unix.EpollEvent{Fd: int32(d.fd), Events: unix.EPOLLONESHOT}
	if r := d.parked[slotRead]; r != nil {
		// For a writer alone the peer's end is no event: it would come again
		// and again.
		ev.Events |= unix.EPOLLIN | unix.EPOLLRDHUP
		if r.sys.fds[0].Events&unix.POLLOUT != 0 {
			ev.Events |= unix.EPOLLOUT
		}
	}
	if d.parked[slotWrite] != nil {
		ev.Events |= unix.EPOLLOUT
	}
	op := unix.EPOLL_CTL_MOD
	if !d.added {
		op = unix.EPOLL_CTL_ADD
	}
	if err := unix.EpollCtl(poller.epoll, op, d.fd, &ev); err != nil {
		return err
	}
	d.added = true
	poller.by[int32(d.fd)] = d
	return nil
}

func (w *Wait) delist(d *Source, slot int) {
	poller.mu.Lock()
	if d.parked[slot] == w {
		d.parked[slot] = nil
		poller.waiting--
	}
	poller.mu.Unlock()
	if w.Woken() == fault.OK {
		select {
		case <-w.bell:
		default:
		}
	}
}

// startPoller makes sure that the goroutine runs; poller.mu is held.
func startPoller() error {
	if poller.running {
		return nil
	}
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return err
	}
	if err := unix.SetNonblock(epoll, true); err != nil { // or the runtime would not wait for it
		unix.Close(epoll)
		return err
	}
	file := os.NewFile(uintptr(epoll), "epoll")
	raw, err := file.SyscallConn()
	if err == nil {
		err = file.SetReadDeadline(time.Time{}) // tells whether the runtime waits for it
	}
	if err != nil {
		file.Close()
		return unix.ENOMEM
	}
	poller.epoll, poller.file, poller.running = epoll, file, true
	poller.by = make(map[int32]*Source)
	poller.ended = make(chan struct{})
	descriptors.Add(1)
	over := poller.ended
	task.Go("the poller", nil, func() { runPoller(epoll, raw, over) })
	return nil
}

// runPoller delivers events until the set is closed. What comes between a look
// that found nothing and the sleep is not lost: the runtime notes it as long as
// Read is not left, and calls again.
func runPoller(epoll int, raw syscall.RawConn, ended chan struct{}) {
	defer close(ended)
	events := make([]unix.EpollEvent, 128)
	raw.Read(func(uintptr) (done bool) {
		for pollOnce(epoll, events) {
		}
		return false
	})
}

// pollOnce delivers what is there, and tells whether there may be more. A panic
// in it loses what one descriptor was to be told, and not the goroutine.
func pollOnce(epoll int, events []unix.EpollEvent) (more bool) {
	if task.Catch("the poller", func() { more = deliverThere(epoll, events) }) != nil {
		return true
	}
	return more
}

func deliverThere(epoll int, events []unix.EpollEvent) (more bool) {
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(epoll), uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), 0, 0, 0)
	if errno != 0 {
		return errno == unix.EINTR
	}
	poller.mu.Lock()
	defer poller.mu.Unlock()
	for _, ev := range events[:n] {
		if d := poller.by[ev.Fd]; d != nil {
			d.deliver(ev.Events)
		}
	}
	return int(n) == len(events)
}

// deliver wakes the calls an event is for and watches on for the others.
func (d *Source) deliver(events uint32) {
	const ended = unix.EPOLLERR | unix.EPOLLHUP
	if r := d.parked[slotRead]; r != nil {
		wants := uint32(unix.EPOLLIN | unix.EPOLLRDHUP | ended)
		if r.sys.fds[0].Events&unix.POLLOUT != 0 {
			wants |= unix.EPOLLOUT
		}
		if events&wants != 0 {
			d.rouse(slotRead, events)
		}
	}
	if d.parked[slotWrite] != nil && events&(unix.EPOLLOUT|ended) != 0 {
		d.rouse(slotWrite, events)
	}
	if d.parked[slotRead] != nil || d.parked[slotWrite] != nil {
		if d.watch() != nil {
			d.rouse(slotRead, 0)
			d.rouse(slotWrite, 0)
		}
	}
}

// rouse wakes a parked call and tells it the events (the bits of poll and epoll
// are the same), 0 if they are not known.
func (d *Source) rouse(slot int, events uint32) {
	w := d.parked[slot]
	if w == nil {
		return
	}
	w.sys.fds[0].Revents = int16(events & math.MaxInt16)
	d.parked[slot] = nil
	poller.waiting--
	select {
	case w.bell <- struct{}{}:
	default:
	}
}

// releasePoller ends the goroutine if no call is parked.
func releasePoller() {
	poller.mu.Lock()
	if !poller.running || poller.waiting > 0 {
		poller.mu.Unlock()
		return
	}
	poller.running = false
	for _, d := range poller.by {
		d.added = false
	}
	poller.by = nil
	file, ended := poller.file, poller.ended
	poller.file = nil
	poller.mu.Unlock()
	file.Close()
	<-ended
	descriptors.Add(-1)
}
