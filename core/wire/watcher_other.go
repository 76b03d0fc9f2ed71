//go:build !linux && !windows

package wire

import (
	"net/netip"
	"time"

	"wdsocket/core/fault"
)

// Watcher waits for many sockets in one thread. It is not made for this system
// yet: NewWatcher gives fault.Unsupported.
type Watcher struct{}

// Ready is what a socket shows.
type Ready struct {
	Number          int32
	Input, Writable bool
	Ended           bool
}

// Watched is a socket that a Watcher can wait for.
type Watched interface{ LocalEnd() netip.AddrPort }

// NewWatcher gives fault.Unsupported.
func NewWatcher() (*Watcher, error) {
	return nil, fault.New(fault.Unsupported, fault.PhaseCall, "")
}

// Add is never called: there is no Watcher.
func (*Watcher) Add(Watched, int32) error { return nil }

// Remove is never called: there is no Watcher.
func (*Watcher) Remove(Watched) {}

// Rearm is never called: there is no Watcher.
func (*Watcher) Rearm(int32) {}

// Ring is never called: there is no Watcher.
func (*Watcher) Ring() {}

// Wait is never called: there is no Watcher.
func (*Watcher) Wait(*Wait, time.Time, bool, []Ready) (int, error) { return 0, nil }

// Glance is never called: there is no Watcher.
func (*Watcher) Glance([]Ready) int { return 0 }

// Descriptor is never called: there is no Watcher.
func (*Watcher) Descriptor() int { return -1 }

// Close is never called: there is no Watcher.
func (*Watcher) Close() {}
