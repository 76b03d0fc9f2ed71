// Package stats counts what happens to sockets and connections, and tells which errors
// are counted as what. What is summed over which sockets is not known here.
package stats

// ID is a place in a Row (WDS_STAT_).
type ID int

// The figures, see wdsocket.h.
const (
	BytesRead ID = iota
	BytesWritten
	MessagesRead
	MessagesWritten
	ConnectMicros
	TLSMicros
	FirstByteMicros
	ReceiveQueue
	SendQueue
	PublishQueue
	Dropped
	Reconnects
	Clients
	Pending
	Accepted
	Refused
	ErrorsReset
	ErrorsSilent
	ErrorsFrame
	ErrorsWrite
	ErrorsFull
	ErrorsTLS
	ErrorsOther
	Stale
	HealthChecks
	Count
)

// Row is the figures of one socket, or the sums of several.
type Row [Count]int64

// Add adds the figures of another.
func (r *Row) Add(other *Row) {
	for i, n := range other {
		r[i] += n
	}
}
