package logfile

import (
	"fmt"
	"os"
	"time"

	"wdsocket/core/safefile"
	"wdsocket/core/task"
)

// retryAfter is how much is written, or tried, before a file that could not be
// turned over is tried again.
const retryAfter = 64 << 10

// item is a line to write, or a call that waits for those before.
type item struct {
	line []byte
	done chan struct{}
}

// file is what a writer needs of a file; tests put failing ones in its place.
type file interface {
	Write([]byte) (int, error)
	Stat() (os.FileInfo, error)
	Close() error
}

// writer owns a log file. Only its goroutine touches the fields below queue.
type writer struct {
	journal *Journal
	path    string
	open    func(path string) (file, error)
	queue   chan item
	ended   chan struct{}

	file   file  // nil after it could not be opened again
	size   int64 // of the file
	turnAt int64 // a failed turn-over is not tried before this size
	torn   bool  // the last line in the file has no end
}

// newWriter starts to write into a file that is open already; open opens it
// again.
func newWriter(j *Journal, path string, f file, open func(string) (file, error)) *writer {
	w := &writer{
		journal: j,
		path:    path,
		open:    open,
		queue:   make(chan item, queueLength),
		ended:   make(chan struct{}),
	}
	w.use(f)
	task.Go("the log", nil, w.run)
	return w
}

// stop ends the writer after what is queued. Nothing may be sent to it any more. It
// waits at most so long; a writer that hangs in the system ends later, alone.
func (w *writer) stop(wait time.Duration) {
	if w == nil {
		return
	}
	close(w.queue)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-w.ended:
	case <-timer.C:
	}
}

func (w *writer) run() {
	defer close(w.ended)
	for i := range w.queue {
		w.safely(func() { w.take(i) })
	}
	w.safely(func() { w.tellDropped(0) })
	w.safely(w.close)
}

// safely runs f. A panic in it cannot be logged, since it is the log that
// panics: what was to be written counts as dropped, and the file is opened
// again.
func (w *writer) safely(f func()) {
	if task.Catch("the log", f) == nil {
		return
	}
	w.torn = true
	_ = task.Catch("the log", w.close)
}

// take deals with one item.
func (w *writer) take(i item) {
	if i.done != nil {
		defer close(i.done)
		w.tellDropped(0)
	}
	if i.line != nil {
		w.write(i.line)
	}
}

// write writes one line, and before it how many were dropped.
func (w *writer) write(line []byte) {
	written := false
	defer func() {
		if !written {
			w.journal.dropped.Add(1)
		}
	}()
	w.tellDropped(len(line))
	written = w.put(line)
}

// tellDropped writes a line about lines that could not be written. room is the
// length of the line that will follow.
func (w *writer) tellDropped(room int) {
	if w.journal.dropped.Load() == 0 || !w.ready(room) {
		return
	}
	n := w.journal.dropped.Swap(0)
	told := false
	defer func() {
		if !told {
			w.journal.dropped.Add(n)
		}
	}()
	text := fmt.Sprintf("process: lines of this log that could not be written: %d", n)
	told = w.put(makeLine(time.Now(), Errors, text))
}

// put brings a line into the file.
func (w *writer) put(line []byte) bool {
	if !w.ready(len(line)) {
		return false
	}
	if w.torn {
		line = append([]byte{'\n'}, line...)
	}
	n, err := w.file.Write(line)
	w.size += int64(n)
	if n > 0 {
		w.torn = n < len(line)
	}
	return err == nil
}

// ready sees to it that a file is open and has room for so many bytes.
func (w *writer) ready(room int) bool {
	limit := w.journal.size.Load()
	if w.file != nil && limit > 0 && w.size > 0 && w.size+int64(room) > limit && w.size >= w.turnAt {
		w.turnOver()
	}
	if w.file == nil {
		w.reopen()
	}
	return w.file != nil
}

// turnOver renames the file and begins a new one. If another process has done
// so already, only the new one is opened.
func (w *writer) turnOver() {
	mine := safefile.IsAt(w.file, w.path)
	w.close() // Windows does not rename open files
	if mine {
		// Where this fails the old file is opened again and grows on.
		_ = os.Rename(w.path, w.path+".1")
	}
	w.reopen()
	w.turnAt = 0
	if w.size > 0 {
		w.turnAt = w.size + retryAfter
	}
}

func (w *writer) reopen() {
	if f, err := w.open(w.path); err == nil {
		w.use(f)
	}
}

// use takes a file that was just opened.
func (w *writer) use(f file) {
	w.file, w.size = f, 0
	if info, err := f.Stat(); err == nil {
		w.size = info.Size()
	}
	w.torn = w.torn && w.size > 0
}

func (w *writer) close() {
	if w.file != nil {
		f := w.file
		w.file = nil
		_ = f.Close() // nothing is left to do about it
	}
}
