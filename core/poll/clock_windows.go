package poll

import (
	"time"

	"wdsocket/core/fault"
)

// NeedClock gives fault.Unsupported: a Watcher has no descriptor here.
func (*Watcher) NeedClock() error {
	return fault.New(fault.Unsupported, fault.PhaseCall, "")
}

// SetClock does nothing: NeedClock has failed.
func (*Watcher) SetClock(time.Time) {}
