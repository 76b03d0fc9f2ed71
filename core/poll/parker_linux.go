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
	"wdsocket/core/poll/syswait"
	"wdsocket/core/task"
)

// The parker wakes parked calls: one goroutine for all of them, with an epoll
// set of its own. It does not sleep in epoll_wait, which would take a thread and
// leave the scheduler to find out that it sleeps: the set is itself a descriptor
// that Go's runtime waits for. It starts with the first parked call and ends with
// ReleaseIdle.
var parker struct {
	mu      sync.Mutex
	epoll   int
	file    *os.File // owns epoll
	running bool
	ended   chan struct{}
	waiting int
	sources map[int32]*Source
}

const (
	slotRead = iota
	slotWrite
)

// park waits as ready does, but parks the goroutine instead of its thread.
func (w *Call) park(d *Source, events int16) (int16, error) {
	slot := slotRead
	if events&unix.POLLIN == 0 {
		slot = slotWrite
	}
	registered, err := w.register(d, slot, events)
	switch {
	case outOfResources(err): // the parker cannot have what it needs
		return w.waitInPoll(d, events)
	case err != nil:
		return 0, err
	case !registered: // another call is parked there: writers of one UDP socket
		return w.waitInPoll(d, events)
	}
	err = w.sleepParked()
	w.unregister(d, slot)
	if err == fault.Timeout { // the parker may be behind, where the process was stopped
		err = w.pollOnceMore(d, events)
	}
	if err != nil {
		return 0, err
	}
	if shown := w.waker.fds[0].Revents; shown != 0 {
		return shown, nil
	}
	if w.wakeupIsSet() {
		return 0, w.Expired()
	}
	return events, nil
}

// pollOnceMore asks the system whether an event is there that the parker has not
// told of in time.
func (w *Call) pollOnceMore(d *Source, events int16) error {
	w.waker.fds[0] = unix.PollFd{Fd: int32(d.fd), Events: events}
	if n, err := syswait.Poll(w.waker.fds[:1], 0); err != nil || n == 0 {
		return fault.Timeout
	}
	return nil
}

// outOfResources tells whether the system is short of what a wait needs.
func outOfResources(err error) bool {
	switch err {
	case unix.EMFILE, unix.ENFILE, unix.ENOMEM, unix.ENOSPC:
		return true
	}
	return false
}

// sleepParked waits to be woken, by the parker without a reason.
func (w *Call) sleepParked() error {
	left := w.remaining()
	var expired <-chan time.Time
	if left >= 0 {
		timer := time.NewTimer(left)
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case <-w.wakeCh:
		return w.reason(fault.OK)
	case <-expired:
		return w.reason(fault.Timeout)
	}
}

// register makes w the call that an event is for; false: another one is.
func (w *Call) register(d *Source, slot int, events int16) (bool, error) {
	parker.mu.Lock()
	defer parker.mu.Unlock()
	if d.parked[slot] != nil {
		return false, nil
	}
	if err := startParkerLocked(); err != nil {
		return false, err
	}
	d.parked[slot] = w
	parker.waiting++
	w.waker.fds[0].Revents = 0
	if events&unix.POLLIN != 0 && events&unix.POLLOUT != 0 {
		w.waker.fds[0].Events = events // a reader that drains for a layer above
	} else {
		w.waker.fds[0].Events = 0
	}
	if err := d.updateEpollLocked(); err != nil {
		d.parked[slot] = nil
		parker.waiting--
		return false, err
	}
	return true, nil
}

// updateEpollLocked tells epoll what the parked calls wait for; parker.mu is held.
func (d *Source) updateEpollLocked() error {
	ev := unix.EpollEvent{Fd: int32(d.fd), Events: unix.EPOLLONESHOT}
	if r := d.parked[slotRead]; r != nil {
		// For a writer alone the peer's end is no event: it would come again
		// and again.
		ev.Events |= unix.EPOLLIN | unix.EPOLLRDHUP
		if r.waker.fds[0].Events&unix.POLLOUT != 0 {
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
	if err := unix.EpollCtl(parker.epoll, op, d.fd, &ev); err != nil {
		return err
	}
	d.added = true
	parker.sources[int32(d.fd)] = d
	return nil
}

func (w *Call) unregister(d *Source, slot int) {
	parker.mu.Lock()
	if d.parked[slot] == w {
		d.parked[slot] = nil
		parker.waiting--
	}
	parker.mu.Unlock()
	if w.Woken() == fault.OK {
		select {
		case <-w.wakeCh:
		default:
		}
	}
}

// startParkerLocked makes sure that the goroutine runs; parker.mu is held.
func startParkerLocked() error {
	if parker.running {
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
	parker.epoll, parker.file, parker.running = epoll, file, true
	parker.sources = make(map[int32]*Source)
	parker.ended = make(chan struct{})
	descriptors.Add(1)
	over := parker.ended
	task.Go("the parker", nil, func() { runParker(epoll, raw, over) })
	return nil
}

// runParker delivers events until the set is closed. What comes between a look
// that found nothing and the sleep is not lost: the runtime notes it as long as
// Read is not left, and calls again.
func runParker(epoll int, raw syscall.RawConn, ended chan struct{}) {
	defer close(ended)
	events := make([]unix.EpollEvent, 128)
	raw.Read(func(uintptr) (done bool) {
		for parkerRound(epoll, events) {
		}
		return false
	})
}

// parkerRound delivers what is there, and tells whether there may be more. A panic
// in it loses what one descriptor was to be told, and not the goroutine.
func parkerRound(epoll int, events []unix.EpollEvent) (more bool) {
	if task.Catch("the parker", func() { more = deliverReady(epoll, events) }) != nil {
		return true
	}
	return more
}

func deliverReady(epoll int, events []unix.EpollEvent) (more bool) {
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(epoll), uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), 0, 0, 0)
	if errno != 0 {
		return errno == unix.EINTR
	}
	parker.mu.Lock()
	defer parker.mu.Unlock()
	for _, ev := range events[:n] {
		if d := parker.sources[ev.Fd]; d != nil {
			d.wakeCalls(ev.Events)
		}
	}
	return int(n) == len(events)
}

// wakeCalls wakes the calls an event is for and watches on for the others.
func (d *Source) wakeCalls(events uint32) {
	const ended = unix.EPOLLERR | unix.EPOLLHUP
	if r := d.parked[slotRead]; r != nil {
		wants := uint32(unix.EPOLLIN | unix.EPOLLRDHUP | ended)
		if r.waker.fds[0].Events&unix.POLLOUT != 0 {
			wants |= unix.EPOLLOUT
		}
		if events&wants != 0 {
			d.wakeLocked(slotRead, events)
		}
	}
	if d.parked[slotWrite] != nil && events&(unix.EPOLLOUT|ended) != 0 {
		d.wakeLocked(slotWrite, events)
	}
	if d.parked[slotRead] != nil || d.parked[slotWrite] != nil {
		if d.updateEpollLocked() != nil {
			d.wakeLocked(slotRead, 0)
			d.wakeLocked(slotWrite, 0)
		}
	}
}

// wakeLocked wakes a parked call and tells it the events (the bits of poll and epoll
// are the same), 0 if they are not known; parker.mu is held.
func (d *Source) wakeLocked(slot int, events uint32) {
	w := d.parked[slot]
	if w == nil {
		return
	}
	w.waker.fds[0].Revents = int16(events & math.MaxInt16)
	d.parked[slot] = nil
	parker.waiting--
	select {
	case w.wakeCh <- struct{}{}:
	default:
	}
}

// releaseParker ends the goroutine if no call is parked.
func releaseParker() {
	parker.mu.Lock()
	if !parker.running || parker.waiting > 0 {
		parker.mu.Unlock()
		return
	}
	parker.running = false
	for _, d := range parker.sources {
		d.added = false
	}
	parker.sources = nil
	file, ended := parker.file, parker.ended
	parker.file = nil
	parker.mu.Unlock()
	file.Close()
	<-ended
	descriptors.Add(-1)
}
