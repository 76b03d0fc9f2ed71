package transport

import "time"

// UserTimeoutCheck is how long to wait before the next look at UserTimeoutLeft while nothing is
// known to be on its way.
func UserTimeoutCheck(gone time.Duration) time.Duration {
	const (
		rounds  = 4 // looks in the time
		precise = 30 * time.Second
		latest  = 1500 * time.Millisecond
	)
	if gone <= precise {
		return min(gone/rounds, latest)
	}
	return gone / rounds
}
