// Package logfile is the log file of the library: one line for each event,
// never more than two files of a given size, and never a reason for a call to
// fail or to wait. It writes to its file only, never to the standard streams.
package logfile

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"wdsocket/core/escape"
	"wdsocket/core/safefile"
)

// The levels of events, and of a Journal: it keeps its level's events and
// those of the levels below.
const (
	Errors     int32 = 1 // what failed
	Connects   int32 = 2 // connections that begin and end
	Everything int32 = 3
)

const (
	defaultSize = 10 << 20
	queueLength = 1024        // lines that may wait for the disk
	maxLine     = 8 << 10     // bytes of a line, the rest is cut
	closeWait   = time.Second // for a disk that hangs
	timeFormat  = "2006-01-02T15:04:05.000Z"
)

// Journal is a log file that may be changed at any time. A goroutine of its
// own writes, while a file is set. All methods may be called from any
// goroutine.
type Journal struct {
	level   atomic.Int32
	size    atomic.Int64
	enabled atomic.Int32 // the level, or 0 without a file
	dropped atomic.Int64 // lines that are in no file and have not been told of

	lock   sync.RWMutex // held for reading around each send to the writer
	writer *writer      // nil without a file
}

// New makes a Journal without a file, with level Connects and a size of 10 MiB.
func New() *Journal {
	j := &Journal{}
	j.level.Store(Connects)
	j.size.Store(defaultSize)
	return j
}

// SetFile opens the file at path and writes there from now on; "" ends writing.
// The file is appended to, and made with access for this user only (0600) if
// it is not there. A relative path is taken from the directory that is the
// current one now. What was logged before goes to the file before, for which
// SetFile waits a second at most.
//
// Errors, after which all is as before: fault.Access (the system denies it, or
// it is no regular file), fault.System. They name the path and the reason.
func (j *Journal) SetFile(path string) error {
	var next *writer
	if path != "" {
		absolute, err := filepath.Abs(path)
		if err != nil {
			return fileError(path, err)
		}
		f, err := openLog(absolute)
		if err != nil {
			return err
		}
		next = newWriter(j, absolute, f, openLog)
	}
	j.replace(next).stop(closeWait)
	return nil
}

// replace puts another writer, or none, in the place of the present one.
func (j *Journal) replace(next *writer) *writer {
	j.lock.Lock()
	defer j.lock.Unlock()
	before := j.writer
	j.writer = next
	j.enable()
	return before
}

// enable works out what Enabled looks at. The caller has the lock.
func (j *Journal) enable() {
	if j.writer == nil {
		j.enabled.Store(0)
		return
	}
	j.enabled.Store(j.level.Load())
}

// Close writes what is logged so far, for which it waits a second at most, and
// ends writing. SetFile begins again.
func (j *Journal) Close() { j.replace(nil).stop(closeWait) }

// SetLevel chooses which events are kept: 0 none, Errors, Connects or
// Everything.
func (j *Journal) SetLevel(level int32) {
	j.lock.Lock()
	defer j.lock.Unlock()
	j.level.Store(level)
	j.enable()
}

// SetSize chooses the size in bytes at which the file is renamed to NAME.1, in
// place of an older one, and begun anew. 0 and less: never.
func (j *Journal) SetSize(bytes int64) { j.size.Store(bytes) }

// Level tells the level that was set.
func (j *Journal) Level() int32 { return j.level.Load() }

// Size tells the size that was set.
func (j *Journal) Size() int64 { return j.size.Load() }

// File tells the absolute path of the file, "" if there is none.
func (j *Journal) File() string {
	j.lock.RLock()
	defer j.lock.RUnlock()
	if j.writer == nil {
		return ""
	}
	return j.writer.path
}

// Enabled tells whether events of a level are kept now. It costs next to
// nothing: ask before working out the arguments of Log.
func (j *Journal) Enabled(level int32) bool { return level <= j.enabled.Load() }

// Log keeps an event as one line: the time (UTC, RFC 3339 with milliseconds),
// the level's word and the text. It never waits for the disk. If lines come
// faster than the disk takes them, or it fails, they are dropped, and the next
// line that can be written is preceded by one that tells how many.
func (j *Journal) Log(level int32, format string, args ...any) {
	if !j.Enabled(level) {
		return
	}
	line := makeLine(time.Now(), level, fmt.Sprintf(format, args...))
	j.lock.RLock()
	defer j.lock.RUnlock()
	if j.writer == nil {
		return
	}
	select {
	case j.writer.queue <- item{line: line}:
	default:
		j.dropped.Add(1)
	}
}

// Flush waits until all that was logged before is with the system, or dropped,
// and tells whether it came to that within the time given.
func (j *Journal) Flush(wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	done := make(chan struct{})
	for {
		sent, writing := j.sendFlush(done)
		if !writing {
			return true
		}
		if sent {
			break
		}
		select {
		case <-timer.C:
			return false
		case <-time.After(time.Millisecond): // the queue is full
		}
	}
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

func (j *Journal) sendFlush(done chan struct{}) (sent, writing bool) {
	j.lock.RLock()
	defer j.lock.RUnlock()
	if j.writer == nil {
		return false, false
	}
	select {
	case j.writer.queue <- item{done: done}:
		return true, true
	default:
		return false, true
	}
}

// makeLine puts a line together, with its end.
func makeLine(at time.Time, level int32, text string) []byte {
	line := make([]byte, 0, len(timeFormat)+len(text)+16)
	line = at.UTC().AppendFormat(line, timeFormat)
	line = append(line, ' ')
	line = append(line, word(level)...)
	line = append(line, ' ')
	line = escape.Append(line, text, maxLine) // what lies beyond is not looked at
	if len(line) > maxLine {
		cut := maxLine
		for cut > 0 && !utf8.RuneStart(line[cut]) {
			cut--
		}
		line = append(line[:cut], "..."...)
	}
	return append(line, '\n')
}

func word(level int32) string {
	switch {
	case level <= Errors:
		return "error"
	case level == Connects:
		return "event"
	default:
		return "trace"
	}
}

// openLog opens a log file for appending.
func openLog(path string) (file, error) {
	f, err := safefile.OpenAppend(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	return f, nil
}
