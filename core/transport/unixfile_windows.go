package transport

import (
	"errors"
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// socketFile is the file of a Unix socket, open.
type socketFile struct {
	handle windows.Handle
	id     fileID
}

// fileID tells a file from others that stand at its path later.
type fileID struct {
	volume, high, low uint32
}

// errNoSocket is the error of a file that is none of a socket.
var errNoSocket = errors.New("no socket")

// socketFileAt opens the file at a path, not what it may lead to. Error: errNoSocket.
func socketFileAt(path string, access uint32) (*socketFile, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	const share = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	const flags = windows.FILE_FLAG_OPEN_REPARSE_POINT | windows.FILE_FLAG_BACKUP_SEMANTICS
	h, err := windows.CreateFile(name, access, share, nil, windows.OPEN_EXISTING, flags, 0)
	if err != nil {
		return nil, err
	}
	const tagOfSockets = 0x80000023 // IO_REPARSE_TAG_AF_UNIX
	var tag struct{ attributes, reparse uint32 }
	var info windows.ByHandleFileInformation
	err = windows.GetFileInformationByHandleEx(h, windows.FileAttributeTagInfo, (*byte)(unsafe.Pointer(&tag)), uint32(unsafe.Sizeof(tag)))
	if err == nil && (tag.attributes&windows.FILE_ATTRIBUTE_REPARSE_POINT == 0 || tag.reparse != tagOfSockets) {
		err = errNoSocket
	}
	if err == nil {
		err = windows.GetFileInformationByHandle(h, &info)
	}
	if err != nil {
		windows.CloseHandle(h)
		return nil, err
	}
	return &socketFile{h, fileID{info.VolumeSerialNumber, info.FileIndexHigh, info.FileIndexLow}}, nil
}

func (f *socketFile) close() { windows.CloseHandle(f.handle) }

// lockName is the name of the event that a server of this library holds while it has the
// file. Events have no file of their own that could stay, and are those of all users.
func (id fileID) lockName() *uint16 {
	name, _ := windows.UTF16PtrFromString(fmt.Sprintf(`Global\wdsocket unix %08x %08x%08x`, id.volume, id.high, id.low))
	return name
}

// fileLock is the lock of a file that a server has; 0: the system does not let it, and
// probes alone tell.
type fileLock windows.Handle

// lock says to all programs that a server has the file, until it releases the lock or the
// program has ended.
func (id fileID) lock() fileLock {
	h, _ := windows.CreateEvent(nil, 1, 0, id.lockName())
	return fileLock(h)
}

func (l fileLock) release() {
	if l != 0 {
		windows.CloseHandle(windows.Handle(l))
	}
}

// isLocked tells whether a server of this library has the file.
func (id fileID) isLocked() bool {
	h, err := windows.OpenEvent(windows.SYNCHRONIZE, false, id.lockName())
	if err == nil {
		windows.CloseHandle(h)
	}
	return err == nil || err == windows.ERROR_ACCESS_DENIED // another user's
}

// The system refuses a client where no server listens, and where as many wait as the
// server lets: what a busy server has not accepted it accepts within the probes.
const (
	probes     = 10
	probePause = 25 * time.Millisecond
)

// isServed tells whether a server of this library has the file at a path.
func isServed(path string) bool {
	file, err := socketFileAt(path, windows.FILE_READ_ATTRIBUTES)
	if err != nil {
		return false
	}
	defer file.close()
	return file.id.isLocked()
}

// isStale tells whether no server has the file: dial, which connects to it, is refused each
// time.
func (f *socketFile) isStale(dial func() error) bool {
	for n := 1; !f.id.isLocked() && errors.Is(dial(), windows.WSAECONNREFUSED); n++ {
		if n == probes {
			return true
		}
		time.Sleep(probePause)
	}
	return false
}

// remove takes away this file, whatever stands at its path now: at once where the file
// system can do that, otherwise when the last handle of it is closed.
func (f *socketFile) remove() error {
	const atOnce = 0x1 | 0x2 // FILE_DISPOSITION_DELETE, _POSIX_SEMANTICS
	flags := uint32(atOnce)
	if windows.SetFileInformationByHandle(f.handle, windows.FileDispositionInfoEx, (*byte)(unsafe.Pointer(&flags)), 4) == nil {
		return nil
	}
	yes := byte(1)
	return windows.SetFileInformationByHandle(f.handle, windows.FileDispositionInfo, &yes, 1)
}

// protect lets those connect whom the descriptor names: by default the server's own user,
// administrators and the system itself.
func (f *socketFile) protect(l *Local) error {
	security, err := pipeSecurity(l)
	if err != nil {
		return err
	}
	allowed, _, err := security.SecurityDescriptor.DACL()
	if err != nil {
		return err
	}
	const what = windows.DACL_SECURITY_INFORMATION | windows.PROTECTED_DACL_SECURITY_INFORMATION
	return windows.SetSecurityInfo(f.handle, windows.SE_FILE_OBJECT, what, nil, nil, allowed, nil)
}

// isMissing tells whether an error says that there is no such file or folder.
func isMissing(err error) bool {
	return errors.Is(err, windows.ERROR_FILE_NOT_FOUND) || errors.Is(err, windows.ERROR_PATH_NOT_FOUND)
}
