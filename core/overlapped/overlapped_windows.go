package overlapped

import (
	"slices"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"

	"wdsocket/core/task"
)

// Handle is one of the system whose calls do not wait: one that cannot end at
// once goes on, and its end is told. A handle has one completion port for its whole life,
// and a socket goes from queue to queue; therefore all of them share one, and a goroutine
// that takes their completions while there are any.
type Handle struct {
	handle windows.Handle
	key    uintptr // of its completions
	done   func(*Operation, Outcome)

	mu      sync.Mutex
	pending []*Operation // the system has them
	peeked  uint32       // for Buffered, which allocates nothing
	closed  bool
}

// Operation is one of several calls that a Handle may make at a time. The system
// writes into it until it is done.
type Operation struct {
	system windows.Overlapped
	buf    []byte // kept for the system
}

// Outcome is how an Operation that went on has ended.
type Outcome struct {
	Buf []byte // that it was given
	N   int    // bytes of it
	Err error
}

// handles are all of them, with their port; a Handle stays until the system
// has nothing of it any more.
var handles struct {
	mu   sync.Mutex
	port windows.Handle // 0: no goroutine
	all  map[uintptr]*Handle
	last uintptr // key
}

// New takes a handle over that was opened for such calls. done is told of each
// that went on, in a goroutine of its own kind: it must not wait.
func New(h windows.Handle, done func(*Operation, Outcome)) (*Handle, error) {
	o := &handles
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.port == 0 {
		port, err := windows.CreateIoCompletionPort(windows.InvalidHandle, 0, 0, 1)
		if err != nil {
			windows.CloseHandle(h)
			return nil, err
		}
		o.port, o.all = port, make(map[uintptr]*Handle)
		task.Go("pipes", nil, func() { takeCompletions(port) })
	}
	o.last++
	f := &Handle{handle: h, key: o.last, done: done}
	_, err := windows.CreateIoCompletionPort(h, o.port, f.key, 0)
	if err == nil {
		// What ends at once has no completion.
		err = windows.SetFileCompletionNotificationModes(h, windows.FILE_SKIP_COMPLETION_PORT_ON_SUCCESS|windows.FILE_SKIP_SET_EVENT_ON_HANDLE)
	}
	if err != nil {
		windows.CloseHandle(h)
		if len(o.all) == 0 {
			enqueue(o.port, 0)
		}
		return nil, err
	}
	o.all[f.key] = f
	return f, nil
}

// takeCompletions tells of calls that went on, as long as there is a Handle.
func takeCompletions(port windows.Handle) {
	for {
		var n uint32
		var key uintptr
		var system *windows.Overlapped
		windows.GetQueuedCompletionStatus(port, &n, &key, &system, windows.INFINITE)
		handles.mu.Lock()
		f := handles.all[key]
		handles.mu.Unlock()
		if f != nil && system != nil {
			f.completed(system)
		}
		handles.mu.Lock()
		if len(handles.all) == 0 {
			windows.CloseHandle(port)
			handles.port = 0
			handles.mu.Unlock()
			return
		}
		handles.mu.Unlock()
	}
}

// completed tells of the operation that the system names.
func (f *Handle) completed(system *windows.Overlapped) {
	f.mu.Lock()
	for i, op := range f.pending {
		if &op.system != system || windows.NTStatus(op.system.Internal) == windows.STATUS_PENDING {
			continue
		}
		out := Outcome{Buf: op.buf, N: int(op.system.InternalHigh)}
		if status := windows.NTStatus(op.system.Internal); int32(status) < 0 {
			out.Err = status.Errno()
		}
		op.buf = nil
		f.pending = slices.Delete(f.pending, i, i+1)
		over := f.closed && len(f.pending) == 0
		f.mu.Unlock()
		if over {
			f.forget()
		}
		f.done(op, out)
		return
	}
	f.mu.Unlock()
}

// forget ends what is kept for the system.
func (f *Handle) forget() {
	o := &handles
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.all, f.key)
	if len(o.all) == 0 {
		enqueue(o.port, 0)
	}
}

// Control calls f with the handle, unless it is closed. call must not wait.
func (f *Handle) Control(call func(h windows.Handle)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.closed {
		call(f.handle)
	}
}

var (
	kernel32                   = windows.NewLazySystemDLL("kernel32.dll")
	peekNamedPipe              = kernel32.NewProc("PeekNamedPipe")
	postQueuedCompletionStatus = kernel32.NewProc("PostQueuedCompletionStatus")
)

// enqueue puts a completion into a port.
func enqueue(port windows.Handle, context uintptr) bool {
	ok, _, _ := syscall.SyscallN(postQueuedCompletionStatus.Addr(), uintptr(port), 0, 0, context)
	return ok != 0
}

// Buffered tells how many bytes there are to read in a pipe; ended, where there are none
// and nothing more comes.
func (f *Handle) Buffered() (n int, ended bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return 0, true
	}
	ok, _, _ := syscall.SyscallN(peekNamedPipe.Addr(), uintptr(f.handle), 0, 0, 0, uintptr(unsafe.Pointer(&f.peeked)), 0)
	if ok == 0 {
		return 0, true
	}
	return int(f.peeked), false
}

// start makes a call: nil if it has ended well at once, windows.ERROR_IO_PENDING if it
// goes on; any other error has ended it.
func (f *Handle) start(op *Operation, buf []byte, call func(h windows.Handle, buf []byte, system *windows.Overlapped) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return windows.ERROR_INVALID_HANDLE
	}
	op.system = windows.Overlapped{}
	op.buf = buf
	err := call(f.handle, buf, &op.system)
	if err == windows.ERROR_IO_PENDING {
		f.pending = append(f.pending, op)
	} else {
		op.buf = nil
	}
	return err
}

// Read receives into p, or tells when something can be received if p is empty. n is only
// told of a read that has ended.
func (f *Handle) Read(op *Operation, p []byte) (n int, err error) {
	err = f.start(op, p, readFile)
	if err == nil {
		n = int(op.system.InternalHigh)
	}
	return n, err
}

func readFile(h windows.Handle, p []byte, system *windows.Overlapped) error {
	return windows.ReadFile(h, p, nil, system)
}

// Write sends all of p.
func (f *Handle) Write(op *Operation, p []byte) error { return f.start(op, p, writeFile) }

func writeFile(h windows.Handle, p []byte, system *windows.Overlapped) error {
	return windows.WriteFile(h, p, nil, system)
}

// Connect waits for the client of a pipe.
func (f *Handle) Connect(op *Operation) error { return f.start(op, nil, connectPipe) }

func connectPipe(h windows.Handle, _ []byte, system *windows.Overlapped) error {
	return windows.ConnectNamedPipe(h, system)
}

// Pending tells whether the system has an operation.
func (f *Handle) Pending(op *Operation) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Contains(f.pending, op)
}

// Cancel ends the operations that the system has, or one of them; their ends are told.
func (f *Handle) Cancel(one *Operation) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, op := range f.pending {
		if one == nil || op == one {
			windows.CancelIoEx(f.handle, &op.system)
		}
	}
}

// Close gives the handle back, also beside calls, and again. What the system still has
// ends, and its memory stays until then.
func (f *Handle) Close() {
	f.Cancel(nil)
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return
	}
	f.closed = true
	windows.CloseHandle(f.handle)
	over := len(f.pending) == 0
	f.mu.Unlock()
	if over {
		f.forget()
	}
}
