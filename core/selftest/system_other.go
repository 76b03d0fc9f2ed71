//go:build !linux && !windows

package selftest

import "runtime"

// system names the system.
func system() string { return runtime.GOOS }
