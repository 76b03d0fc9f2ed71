package transport

import (
	"os"
	"time"

	"golang.org/x/sys/windows"

	"wdsocket/core/fault"
)

// lockPatience is how long another program may take to open its server.
const lockPatience = 2 * time.Second

// withLockFile runs f while no other program takes the file of a socket for one that was
// left behind: each has the lock file until it listens. The system takes that away even
// if the program is ended.
func withLockFile(l *Local, f func() error) error {
	path := l.Path + ".lock"
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return listenFailed(err, l)
	}
	for until := time.Now().Add(lockPatience); ; time.Sleep(5 * time.Millisecond) {
		h, err := windows.CreateFile(name, windows.GENERIC_WRITE|windows.DELETE, 0, nil, windows.CREATE_NEW, windows.FILE_FLAG_DELETE_ON_CLOSE, 0)
		if err == nil {
			defer windows.CloseHandle(h)
			return f()
		}
		taken := err == windows.ERROR_FILE_EXISTS || err == windows.ERROR_SHARING_VIOLATION ||
			err == windows.ERROR_ACCESS_DENIED // until one that is being taken away has gone
		if taken && time.Now().Before(until) {
			continue
		}
		if _, is := os.Lstat(path); taken && !isMissing(is) {
			return fault.New(fault.PortTaken, fault.PhaseListen, l.Label()).With(textLockFile, path)
		}
		return bindFailed(err, l)
	}
}
