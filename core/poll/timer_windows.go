package poll

import (
	"time"

	"wdsocket/core/fault"
)

// NeedTimer gives fault.Unsupported: a Watcher has no descriptor here.
func (*Poller) NeedTimer() error {
	return fault.New(fault.Unsupported, fault.PhaseCall, "")
}

// SetTimer does nothing: NeedClock has failed.
func (*Poller) SetTimer(time.Time) {}
