package transport

import (
	"errors"
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
