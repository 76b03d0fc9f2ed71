// Package winmsg posts messages to windows, where the system has them.
package winmsg

import "golang.org/x/sys/windows"

// Available tells whether the system has windows that take messages.
const Available = true

var (
	user32          = windows.NewLazySystemDLL("user32.dll")
	procPostMessage = user32.NewProc("PostMessageW")
	procIsWindow    = user32.NewProc("IsWindow")
)

// Post puts a message into the window's queue: the number of the
// event queue is its first parameter. It does not wait.
func Post(window uintptr, message uint32, queue int32) bool {
	if procPostMessage.Find() != nil { // a system without a desktop
		return false
	}
	posted, _, _ := procPostMessage.Call(window, uintptr(message), uintptr(queue), 0)
	return posted != 0
}

// IsWindow tells whether there is such a window.
func IsWindow(window uintptr) bool {
	if procIsWindow.Find() != nil {
		return false
	}
	there, _, _ := procIsWindow.Call(window)
	return there != 0
}
