//go:build !windows

package winmsg

// Available tells whether the system has windows that take messages.
const Available = false

// Post is never called: there are no windows.
func Post(uintptr, uint32, int32) bool { return false }

// IsWindow is never called: there are no windows.
func IsWindow(uintptr) bool { return false }
