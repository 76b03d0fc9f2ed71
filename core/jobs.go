package core

import (
	"maps"
	"slices"
	"time"

	"wdsocket/core/task"
)

// job is a task in progress.
type job struct {
	done  chan struct{} // closed when it is
	owner taskOwner     // nil: of a connection that is being closed
	close *lingering    // how long it may take, nil if it ends with its owner
}

// taskOwner is a socket or a queue, whose close ends its tasks.
type taskOwner interface{ Closed() bool }

// goTask runs f in a goroutine, for an owner: once that is closed, CloseAll waits for
// it. name says in errors what f is.
func (lib *Library) goTask(name string, of taskOwner, f func()) { lib.goJob(name, &job{owner: of}, f) }

// goLinger runs a close in a goroutine. CloseAll waits for it.
func (lib *Library) goLinger(l *lingering, f func()) { lib.goJob("the close", &job{close: l}, f) }

func (lib *Library) goJob(name string, t *job, f func()) {
	t.done = make(chan struct{})
	lib.mu.Lock()
	lib.tasks[t] = struct{}{}
	lib.mu.Unlock()
	lib.tasksRunning.Add(1)
	task.Go(name, lib.Report, func() {
		defer lib.jobEnded(t)
		f()
	})
}

func (lib *Library) jobEnded(t *job) {
	lib.tasksRunning.Add(-1)
	lib.mu.Lock()
	delete(lib.tasks, t)
	lib.mu.Unlock()
	close(t.done)
}

// awaitTasks waits for the tasks of what is closed; those of what other
// goroutines have opened meanwhile may go on for ever. Whatever keeps one, it
// waits no longer than a close may take, and a close for a call that it woke.
func (lib *Library) awaitTasks() {
	lib.mu.Lock()
	present, longest := slices.Collect(maps.Keys(lib.tasks)), lib.defaults.CloseTimeout
	lib.mu.Unlock()
	for _, t := range present {
		if t.close != nil {
			t.close.shorten()
			longest = max(longest, t.close.closeTimeout)
		}
	}
	timer := time.NewTimer(longest + wakeTimeout)
	defer timer.Stop()
	for _, t := range present {
		if t.owner != nil && !t.owner.Closed() {
			continue
		}
		select {
		case <-t.done:
		case <-timer.C:
			return
		}
	}
}
