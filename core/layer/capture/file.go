package capture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/safefile"
	"wdsocket/core/task"
)

// mostWaiting bounds the bytes of records that wait for the disk, for each file.
// As much may be on its way to the disk beside them.
const mostWaiting = 4 << 20

// keepBuffer is the largest buffer that a file keeps while nothing is recorded.
const keepBuffer = 64 << 10

var noteNoCapture = fault.NewNote(
	"what stands in it is no pcapng capture, or its end is damaged: name another file, or remove it",
	"son contenu n'est pas une capture pcapng, ou sa fin est endommagée : indiquez un autre fichier, ou supprimez-le")

// ErrFull is reported of a capture that has reached its size.
var ErrFull = errors.New("the capture has reached its size and ends")

// disk is an open file; tests put failing ones in its place.
type disk struct {
	handle
	kind kind
	size int64
}

// handle is what is needed of an *os.File.
type handle interface {
	Write([]byte) (int, error)
	ReadAt([]byte, int64) (int, error)
	Truncate(int64) error
	Stat() (os.FileInfo, error)
	Close() error
}

// openHandle opens a file for appending and reading.
var openHandle = func(path string) (handle, error) {
	f, err := safefile.OpenAppendRead(path)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// openDisk opens a file to record into. What a capture is appended to must be
// one, or it could not be read any further than that.
func openDisk(path string, k kind) (*disk, error) {
	h, err := openHandle(path)
	if err != nil {
		return nil, err
	}
	info, err := h.Stat()
	if err == nil && k == packets && info.Size() > 0 && !isCapture(h, info.Size()) {
		err = fault.New(fault.Argument, fault.PhaseOption, path).With(noteNoCapture)
	}
	if err != nil {
		h.Close()
		return nil, err
	}
	return &disk{handle: h, kind: k, size: info.Size()}, nil
}

// isCapture tells whether a file begins as a pcapng file does and ends with a
// whole block.
func isCapture(h handle, size int64) bool {
	var head [12]byte
	if size < 28 || size%4 != 0 || !readAt(h, head[:], 0) || binary.LittleEndian.Uint32(head[:]) != blockSection {
		return false
	}
	// The last section may have another byte order than the first.
	var word [4]byte
	if !readAt(h, word[:], size-4) {
		return false
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		length := int64(order.Uint32(word[:]))
		var first [8]byte
		if length >= 12 && length <= size && length%4 == 0 && readAt(h, first[:], size-length) && int64(order.Uint32(first[4:])) == length {
			return true
		}
	}
	return false
}

func readAt(h handle, p []byte, at int64) bool {
	n, _ := h.ReadAt(p, at)
	return n == len(p)
}

// file is one that sockets record into. A task of its own opens, writes and
// closes it.
type file struct {
	files *Files
	name
	uses int // under files.mu

	before []*file // that are closed first: they are the same file

	wake chan struct{} // something is to be done; never blocks
	done chan struct{} // closed when the task has ended

	mu      sync.Mutex
	batch   batch // records that wait
	dropped int64 // records that were dropped and not told of
	stopped bool  // nothing is recorded any more
	closing bool  // not used any more
	waiters []chan struct{}

	// of the task
	disk  *disk
	spare batch
	began bool // a section was written since the file was opened
}

// batch is records, one after the other.
type batch struct {
	bytes []byte
	ends  []int // of each record
}

func newFile(fs *Files, n name, before []*file) *file {
	f := &file{files: fs, name: n, before: before, wake: make(chan struct{}, 1), done: make(chan struct{})}
	task.Go("the recording", nil, f.run)
	return f
}

// add appends what record makes, about size bytes of n records, unless the disk
// is too slow for it: then they are dropped and counted. record is given the
// time and appends whole records, calling end after each.
func (f *file) add(size int, record func(b *batch, at time.Time)) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stopped || f.closing {
		return false
	}
	if waiting := len(f.batch.bytes); waiting > 0 && waiting+size > mostWaiting {
		f.dropped++
		return false
	}
	at := time.Now()
	if f.dropped > 0 {
		f.kind.noteDropped(&f.batch, at, f.dropped)
		f.dropped = 0
	}
	record(&f.batch, at)
	f.signal()
	return true
}

// endRecord says that a record is whole.
func (b *batch) endRecord() { b.ends = append(b.ends, len(b.bytes)) }

func (f *file) signal() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// finish ends the file after what waits.
func (f *file) finish() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closing = true
	f.signal()
}

// flushed gives a channel that is closed once all that was recorded before is
// with the system, or given up.
func (f *file) flushed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.done:
		return f.done
	default:
	}
	done := make(chan struct{})
	f.waiters = append(f.waiters, done)
	f.signal()
	return done
}

// run is the task.
func (f *file) run() {
	defer f.finishClose()
	for _, b := range f.before {
		<-b.done
	}
	f.before = nil
	d, err := openDisk(f.path, f.kind)
	if err != nil {
		f.stop(failure(f.path, err))
	}
	f.disk = d
	for range f.wake {
		if !f.writeBatch() {
			return
		}
	}
}

// writeBatch writes what waits, and tells whether more may come.
func (f *file) writeBatch() bool {
	full, waiters, closing := f.swapBatch()
	fell := task.Catch("the recording", func() { f.write(full) })
	if fell != nil {
		f.stop(fell)
	}
	for _, done := range waiters {
		close(done)
	}
	f.spare = batch{full.bytes[:0], full.ends[:0]}
	if cap(full.bytes) > keepBuffer {
		f.spare = batch{}
	}
	return !closing
}

// swapBatch takes what waits, and leaves an empty batch.
func (f *file) swapBatch() (full batch, waiters []chan struct{}, closing bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closing && f.dropped > 0 && !f.stopped {
		f.kind.noteDropped(&f.batch, time.Now(), f.dropped)
		f.dropped = 0
	}
	full, f.batch = f.batch, f.spare
	f.spare = batch{}
	waiters, f.waiters = f.waiters, nil
	return full, waiters, f.closing
}

// finishClose closes the file and wakes the calls that wait for it.
func (f *file) finishClose() {
	f.close()
	f.mu.Lock()
	f.stopped, f.batch = true, batch{}
	close(f.done)
	for _, done := range f.waiters {
		close(done)
	}
	f.waiters = nil
	f.mu.Unlock()
	f.files.ended(f)
}

func (f *file) close() {
	if f.disk != nil {
		f.disk.Close()
		f.disk = nil
	}
}

// stop ends recording and reports why.
func (f *file) stop(why error) {
	f.mu.Lock()
	told := f.stopped
	f.stopped, f.batch = true, batch{}
	f.mu.Unlock()
	f.close()
	if !told {
		f.files.failed(why)
	}
}

// write brings records to the disk.
func (f *file) write(b batch) {
	if len(b.ends) == 0 || f.disk == nil {
		return
	}
	if f.kind == text {
		f.writeText(b)
		return
	}
	limit := f.files.Size()
	if !f.began {
		f.began = true
		var head batch
		head.section()
		if !f.fits(head.bytes, limit) || !f.put(head.bytes, head.ends) {
			return
		}
	}
	ends := b.ends
	if limit > 0 {
		room := limit - f.disk.size - lastBlock
		for len(ends) > 0 && int64(ends[len(ends)-1]) > room {
			ends = ends[:len(ends)-1]
		}
	}
	whole := 0
	if len(ends) > 0 {
		whole = ends[len(ends)-1]
	}
	if !f.put(b.bytes[:whole], ends) || len(ends) == len(b.ends) {
		return
	}
	var last batch
	last.statistics(time.Now(), 0, fmt.Sprintf("the limit of %d bytes is reached: nothing is captured any more", limit))
	if f.put(last.bytes, last.ends) {
		f.stop(fmt.Errorf("%s: %w: %d bytes", f.path, ErrFull, limit))
	}
}

// fits tells whether so much may be added, and stops where not.
func (f *file) fits(p []byte, limit int64) bool {
	if limit <= 0 || f.disk.size+int64(len(p))+lastBlock <= limit {
		return true
	}
	f.stop(fmt.Errorf("%s: %w: %d bytes", f.path, ErrFull, limit))
	return false
}

// writeText writes records into a file that is turned over when it is full.
func (f *file) writeText(b batch) {
	for from := 0; len(b.ends) > 0 && f.disk != nil; {
		limit := f.files.Size()
		fit := len(b.ends)
		for fit > 0 && limit > 0 && f.disk.size+int64(b.ends[fit-1]-from) > limit {
			fit--
		}
		if fit == 0 && f.disk.size > 0 {
			if err := f.turnOver(); err != nil {
				f.stop(failure(f.path, err))
				return
			}
			if f.disk.size == 0 {
				continue
			}
		}
		fit = max(fit, 1) // it cannot be turned over, or one record is larger than the size
		to := b.ends[fit-1]
		ends := make([]int, fit)
		for i, e := range b.ends[:fit] {
			ends[i] = e - from
		}
		if !f.put(b.bytes[from:to], ends) {
			return
		}
		from, b.ends = to, b.ends[fit:]
	}
}

// turnOver renames the file and begins a new one.
func (f *file) turnOver() error {
	mine := safefile.IsAt(f.disk, f.path)
	f.close() // Windows does not rename open files
	if mine {
		// Where this fails the old file is opened again and grows on.
		_ = os.Rename(f.path, f.path+".1")
	}
	d, err := openDisk(f.path, f.kind)
	f.disk = d
	return err
}

// put writes whole records. If the disk takes a part only, what is no whole
// record is taken out of the file again, where that can be done.
func (f *file) put(p []byte, ends []int) bool {
	if len(p) == 0 {
		return true
	}
	n, err := f.disk.Write(p)
	if err == nil && n < len(p) {
		err = errors.New("short write")
	}
	f.disk.size += int64(n)
	if err == nil {
		return true
	}
	whole := 0
	for _, e := range ends {
		if e <= n {
			whole = e
		}
	}
	if info, e := f.disk.Stat(); e == nil && n > whole && info.Size() == f.disk.size {
		_ = f.disk.Truncate(f.disk.size - int64(n-whole))
	}
	f.stop(failure(f.path, err))
	return false
}
