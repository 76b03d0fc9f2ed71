package transport

import (
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// pipes is the network of named pipes.
type pipes struct{}

// pipePath is what the system calls a pipe.
func pipePath(at endpoint.Location) (*uint16, error) {
	return windows.UTF16PtrFromString(`\\.\pipe\` + at.Path)
}

var ntQueryInformationFile = windows.NewLazySystemDLL("ntdll.dll").NewProc("NtQueryInformationFile")

// pipeInfo is what the system tells of an end (FILE_PIPE_LOCAL_INFORMATION).
type pipeInfo struct {
	kind, configuration, maximum, instances uint32
	inboundQuota, readable                  uint32
	outboundQuota, writable                 uint32
	state, end                              uint32
}

// peerHasClosed tells whether the peer has ended, also while something that came before
// is unread.
func (c *pipeEnd) peerHasClosed() bool {
	const filePipeLocalInformation = 24
	at := new(struct {
		status windows.IO_STATUS_BLOCK
		info   pipeInfo
	})
	status := ^uintptr(0)
	c.handle.Control(func(h windows.Handle) {
		status, _, _ = ntQueryInformationFile.Call(uintptr(h), uintptr(unsafe.Pointer(&at.status)),
			uintptr(unsafe.Pointer(&at.info)), unsafe.Sizeof(at.info), filePipeLocalInformation)
	})
	return status == 0 && at.info.state == windows.FILE_PIPE_CLOSING_STATE
}

// dial connects within the time of w. An instance that waits takes a client at once;
// while there is none the client tries again.
func (pipes) dial(w *poll.Call, t *Target) (Conn, error) {
	path, err := pipePath(t.Location)
	if err != nil {
		return nil, syserr.Wrap(err, fault.PhaseConnect, t.Label())
	}
	h, err := openPipe(w, path, t)
	if err != nil {
		return nil, err
	}
	c, err := newPipeConn(h)
	if err != nil {
		return nil, err
	}
	var pid uint32
	windows.GetNamedPipeServerProcessId(h, &pid)
	c.peer, c.process, c.local = t.Addr(), processOf(endpoint.Pipe, pid), ownProcess(endpoint.Pipe)
	return c, nil
}

// openPipe opens the client's end. The server may learn who the client is, and may not
// act as that user.
func openPipe(w *poll.Call, path *uint16, t *Target) (windows.Handle, error) {
	const flags = windows.FILE_FLAG_OVERLAPPED | windows.SECURITY_SQOS_PRESENT | windows.SECURITY_IDENTIFICATION
	began := time.Now()
	for pause := time.Millisecond; ; pause = min(pause*2, 50*time.Millisecond) {
		h, err := windows.CreateFile(path, windows.GENERIC_READ|windows.FILE_WRITE_DATA, 0, nil, windows.OPEN_EXISTING, flags, 0)
		if err == nil {
			return h, nil
		}
		e := syserr.Wrap(err, fault.PhaseConnect, t.Label())
		switch {
		case err == windows.ERROR_FILE_NOT_FOUND, err == windows.ERROR_PIPE_BUSY && abandoned(t.Path):
			e.Code = fault.Refused
			return 0, e.With(textNoPipe)
		case err == windows.ERROR_ACCESS_DENIED:
			return 0, e.With(textPipeAccess)
		case err != windows.ERROR_PIPE_BUSY:
			return 0, e
		}
		if err := w.Pause(pause); err != nil {
			waited := time.Since(began)
			if poll.Allowed(w) > 0 {
				waited = poll.Allowed(w)
			}
			e := syserr.Wrap(err, fault.PhaseConnect, t.Label())
			if e.Code == fault.Timeout {
				e.With(textPipeBusy, strconv.FormatInt(waited.Milliseconds(), 10))
			}
			return 0, e
		}
	}
}
