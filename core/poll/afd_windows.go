package poll

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The system's socket driver can be asked to tell when a socket shows
// something: a request that completes once, at once if the socket shows it
// already, through a completion port. That is what select and WSAPoll of the
// system stand on; asked directly it costs the same for one socket and for
// thousands.

// ioctlAFDPoll is the request (IOCTL_AFD_POLL).
const ioctlAFDPoll = 0x00012024

// What the request asks for and is answered with (AFD_POLL_).
const (
	afdReceive     = 0x0001
	afdSend        = 0x0004
	afdDisconnect  = 0x0008 // the peer has ended its sending side
	afdAbort       = 0x0010 // reset
	afdLocalClose  = 0x0020
	afdAccept      = 0x0080
	afdConnectFail = 0x0100

	afdInput  = afdReceive | afdAccept | afdDisconnect | afdAbort | afdLocalClose | afdConnectFail
	afdOutput = afdSend | afdAbort | afdLocalClose | afdConnectFail
	afdEnded  = afdDisconnect | afdAbort | afdLocalClose | afdConnectFail
)

// What winsock tells of the driver's handle below a socket (mswsock.h).
const (
	sioBaseHandle    = 0x48000022
	sioBSPHandle     = 0x4800001b
	sioBSPHandlePoll = 0x4800001d
)

// afdPollInfo is the request's input and output (AFD_POLL_INFO) for one socket.
type afdPollInfo struct {
	timeout   int64
	count     uint32
	exclusive uint32
	handle    windows.Handle
	events    uint32
	status    windows.NTStatus
}

// completion is an entry of a completion port (OVERLAPPED_ENTRY).
type completion struct {
	key      uintptr
	context  uintptr // of the request
	internal uintptr
	bytes    uint32
}

var (
	ntdll                       = windows.NewLazySystemDLL("ntdll.dll")
	kernel32                    = windows.NewLazySystemDLL("kernel32.dll")
	ntDeviceIoControlFile       = ntdll.NewProc("NtDeviceIoControlFile")
	ntCancelIoFileEx            = ntdll.NewProc("NtCancelIoFileEx")
	getQueuedCompletionStatusEx = kernel32.NewProc("GetQueuedCompletionStatusEx")
	postQueuedCompletionStatus  = kernel32.NewProc("PostQueuedCompletionStatus")
)

// openAFD opens the driver for requests about other sockets; they complete
// through port.
func openAFD(port windows.Handle) (windows.Handle, error) {
	name, err := windows.NewNTUnicodeString(`\Device\Afd\wdsocket`)
	if err != nil {
		return 0, err
	}
	attributes := windows.OBJECT_ATTRIBUTES{ObjectName: name}
	attributes.Length = uint32(unsafe.Sizeof(attributes))
	var h windows.Handle
	var iosb windows.IO_STATUS_BLOCK
	err = windows.NtCreateFile(&h, windows.SYNCHRONIZE, &attributes, &iosb, nil, 0,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE, windows.FILE_OPEN, 0, 0, 0)
	if err != nil {
		return 0, err
	}
	if _, err := windows.CreateIoCompletionPort(h, port, 0, 0); err != nil {
		windows.CloseHandle(h)
		return 0, err
	}
	windows.SetFileCompletionNotificationModes(h, windows.FILE_SKIP_SET_EVENT_ON_HANDLE) // saves work, no more
	return h, nil
}

// baseHandle is the driver's own handle of a socket, below what other products
// have put between it and winsock.
func baseHandle(s windows.Handle) windows.Handle {
	for _, code := range []uint32{sioBaseHandle, sioBSPHandlePoll, sioBSPHandle} {
		var base windows.Handle
		var got uint32
		err := windows.WSAIoctl(s, code, nil, 0, (*byte)(unsafe.Pointer(&base)), uint32(unsafe.Sizeof(base)), &got, nil, 0)
		if err == nil && base != 0 && base != windows.InvalidHandle {
			return base
		}
	}
	return s
}

// request is one request. While the system has it, it writes into it.
type request struct {
	iosb    windows.IO_STATUS_BLOCK
	info    afdPollInfo
	pending bool // the system has it
}

// issue gives the request to the system; context comes back with its completion.
// False: the system does not take it, and nothing completes.
func (o *request) issue(helper, base windows.Handle, events uint32, context uintptr) bool {
	const never = 1<<63 - 1
	o.info = afdPollInfo{timeout: never, count: 1, handle: base, events: events}
	o.iosb.Status = windows.STATUS_PENDING
	r, _, _ := syscall.SyscallN(ntDeviceIoControlFile.Addr(), uintptr(helper), 0, 0, context,
		uintptr(unsafe.Pointer(&o.iosb)), ioctlAFDPoll,
		uintptr(unsafe.Pointer(&o.info)), unsafe.Sizeof(o.info), uintptr(unsafe.Pointer(&o.info)), unsafe.Sizeof(o.info))
	o.pending = windows.NTStatus(r) == windows.STATUS_SUCCESS || windows.NTStatus(r) == windows.STATUS_PENDING
	return o.pending
}

// cancel makes the request complete soon.
func (o *request) cancel(helper windows.Handle) {
	if !o.pending {
		return
	}
	var iosb windows.IO_STATUS_BLOCK
	syscall.SyscallN(ntCancelIoFileEx.Addr(), uintptr(helper), uintptr(unsafe.Pointer(&o.iosb)), uintptr(unsafe.Pointer(&iosb)))
}

// result tells what a completed request found; again: nothing, it has to be
// asked anew.
func (o *request) result() (events uint32, again bool) {
	switch {
	case o.iosb.Status == windows.STATUS_CANCELLED: // the thread that asked has ended
		return 0, true
	case int32(o.iosb.Status) < 0:
		return afdAbort, false
	case o.info.count == 0 || o.info.events == 0:
		return 0, true
	}
	return o.info.events, false
}

// dequeue takes completions from a port, and waits for the first one; limit is
// in milliseconds, negative for ever.
func dequeue(port windows.Handle, into []completion, limit int) int {
	ms := uint32(windows.INFINITE)
	if limit >= 0 {
		ms = uint32(limit)
	}
	n := new(uint32)
	ok, _, _ := syscall.SyscallN(getQueuedCompletionStatusEx.Addr(), uintptr(port),
		uintptr(unsafe.Pointer(&into[0])), uintptr(len(into)), uintptr(unsafe.Pointer(n)), uintptr(ms), 0)
	if ok == 0 {
		return 0
	}
	return int(*n)
}

// enqueue puts a completion into a port.
func enqueue(port windows.Handle, key, context uintptr) bool {
	ok, _, _ := syscall.SyscallN(postQueuedCompletionStatus.Addr(), uintptr(port), 0, key, context)
	return ok != 0
}
