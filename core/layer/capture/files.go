// Package capture records what passes through sockets: as a pcapng file, which
// Wireshark and tshark read, and as a text file that a person reads.
//
//	files := capture.NewFiles(report)
//	r := files.Record(capture.Options{Capture: "scale.pcapng"}, socket, capture.Connected)
//	r.Bytes(capture.Both, capture.Sent, p)
//	...
//	r.Close(nil)
//
// A Tap is a Recorder that may come and go while a connection is open; a Layer
// records below TLS.
//
// Sockets that name the same file share it. Recording never makes a call wait
// for the disk and never fails one: what is recorded is collected in bounded
// memory and written by a task. When the disk is too slow records are dropped,
// and the file says how many; when it fails, recording ends, and Report is told.
//
// What is recorded is the payload alone. Headers of IP and TCP are made up
// around it, with the real addresses and ports, so that the tools put the
// streams together again byte for byte.
package capture

import (
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/safefile"
)

// DefaultSize is the size of a file unless SetSize chooses another.
const DefaultSize = 100 << 20

// Files are the files that the sockets of one library record into. All methods
// may be called from any goroutine.
type Files struct {
	report func(error)
	size   atomic.Int64
	ports  atomic.Uint32 // made-up ports that were given

	mu     sync.Mutex
	open   map[name]*file
	ending map[*file]struct{} // those not used any more, until they are closed
}

// name is what sockets that share a file agree in.
type name struct {
	path string
	kind kind
}

// kind of a file.
type kind byte

const (
	packets kind = iota // pcapng
	text
)

// NewFiles makes Files that have none yet. report, which may be nil, is told in
// a task when recording into a file cannot begin or comes to an end: once for
// each file, with an error that names it.
func NewFiles(report func(error)) *Files {
	fs := &Files{report: report, open: make(map[name]*file), ending: make(map[*file]struct{})}
	fs.size.Store(DefaultSize)
	return fs
}

// SetSize chooses the size in bytes that a file does not exceed: a capture ends
// there, with a whole packet; a trace is renamed to NAME.1, in place of an older
// one, and begun anew, as the log file is. 0 and less: no limit.
func (fs *Files) SetSize(bytes int64) { fs.size.Store(bytes) }

// Size tells the size that was set.
func (fs *Files) Size() int64 { return fs.size.Load() }

// Try tells whether a file can be recorded into, and makes it if it is not
// there. Hold no lock that another call needs: this opens a file.
//
// Errors: fault.Access (the system denies it, or it is no regular file),
// fault.Argument (what stands in a capture's file is none, or damaged),
// fault.System. They name the path and the reason.
func (o Options) Try() error {
	for _, n := range o.names() {
		path, err := filepath.Abs(n.path)
		if err == nil {
			var f *disk
			if f, err = openDisk(path, n.kind); err == nil {
				err = f.Close()
			}
		}
		if err != nil {
			return failure(n.path, err)
		}
	}
	return nil
}

// Options are the files of a socket; "" is none. A relative path is taken from
// the directory that is the current one when recording begins.
type Options struct {
	Capture  string // pcapng
	Trace    string // text
	BelowTLS bool   // what passes below TLS is recorded, not what does above it
}

// None tells that there is no file.
func (o Options) None() bool { return o.Capture == "" && o.Trace == "" }

// side is the one that is recorded.
func (o Options) side() Side {
	if o.BelowTLS {
		return Below
	}
	return Above
}

func (o Options) names() []name {
	var names []name
	if o.Capture != "" {
		names = append(names, name{o.Capture, packets})
	}
	if o.Trace != "" {
		names = append(names, name{o.Trace, text})
	}
	return names
}

// Absolute makes the paths independent of the current directory.
func (o Options) Absolute() Options {
	for _, path := range []*string{&o.Capture, &o.Trace} {
		if absolute, err := filepath.Abs(*path); *path != "" && err == nil {
			*path = absolute
		}
	}
	return o
}

// use gives the file of that name. Each use ends with one call of release.
func (fs *Files) use(n name) *file {
	if absolute, err := filepath.Abs(n.path); err == nil {
		n.path = absolute
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f := fs.open[n]
	if f == nil {
		f = newFile(fs, n, fs.endingLocked(n))
		fs.open[n] = f
	}
	f.uses++
	return f
}

// endingLocked is the files of that name that are not used any more and not closed
// yet: what is recorded anew comes behind what they have.
func (fs *Files) endingLocked(n name) (before []*file) {
	for f := range fs.ending {
		if f.name == n {
			before = append(before, f)
		}
	}
	return before
}

// release ends a use. The last one closes the file once all is written.
func (fs *Files) release(f *file) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if f.uses--; f.uses > 0 {
		return
	}
	delete(fs.open, f.name)
	fs.ending[f] = struct{}{}
	f.finish()
}

// ended forgets a file that is closed.
func (fs *Files) ended(f *file) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	delete(fs.ending, f)
}

// Wait waits until the files that are not used any more are written and closed,
// and tells whether it came to that within the time given.
func (fs *Files) Wait(patience time.Duration) bool {
	fs.mu.Lock()
	var all []*file
	for f := range fs.ending {
		all = append(all, f)
	}
	fs.mu.Unlock()
	return await(all, patience, func(f *file) <-chan struct{} { return f.done })
}

// Flush waits until all that was recorded before is with the system, and tells
// whether it came to that within the time given.
func (fs *Files) Flush(patience time.Duration) bool {
	fs.mu.Lock()
	var all []*file
	for _, f := range fs.open {
		all = append(all, f)
	}
	for f := range fs.ending {
		all = append(all, f)
	}
	fs.mu.Unlock()
	return await(all, patience, (*file).flushed)
}

// await waits for a channel of each file.
func await(all []*file, patience time.Duration, what func(*file) <-chan struct{}) bool {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for _, f := range all {
		select {
		case <-what(f):
		case <-timer.C:
			return false
		}
	}
	return true
}

// failed reports an error of a file.
func (fs *Files) failed(err error) {
	if fs.report != nil {
		fs.report(err)
	}
}

// failure names a file and what is wrong with it.
func failure(path string, err error) error {
	if own, ok := err.(*fault.Error); ok {
		return own
	}
	return safefile.Explain(fault.New(safefile.Code(err), fault.PhaseOption, path), err)
}
