//go:build !windows

package main

// windowsThere tells whether the system has windows that take messages.
const windowsThere = false

// postToWindow is never called: there are no windows.
func postToWindow(uintptr, uint32, int32) bool { return false }

// isWindow is never called: there are no windows.
func isWindow(uintptr) bool { return false }
