package poll

import (
	"time"

	"wdsocket/core/fault"
)

// NeedTimer gives fault.Unsupported: a Poller has no descriptor here.
func (*Poller) NeedTimer() error {
	return fault.New(fault.Unsupported, fault.PhaseCall, "")
}

// SetTimer does nothing: NeedTimer has failed.
func (*Poller) SetTimer(time.Time) {}
