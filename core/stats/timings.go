package stats

import (
	"sync/atomic"
	"time"
)

// Timings are the times of a connection that are among its figures. They are given as
// microseconds on a clock of the caller that is never 0.
type Timings struct {
	firstByte atomic.Int64 // when the first byte came, 0: none yet; from opened
	opened    int64        // belongs to the reader
	handshake atomic.Int64 // what the handshake of TLS took
}

// Opened notes when the connection was: what is received from now on comes from the
// peer's program. Only the reader may say so.
func (t *Timings) Opened(now int64) { t.opened = now }

// HasFirstByte tells whether a byte has been received.
func (t *Timings) HasFirstByte() bool { return t.firstByte.Load() != 0 }

// FirstByte notes when the first byte was received. Only the reader may say so.
func (t *Timings) FirstByte(now int64) { t.firstByte.Store(max(now-t.opened, 1)) }

// TLSHandshake notes how long that took.
func (t *Timings) TLSHandshake(took time.Duration) { t.handshake.Store(max(took.Microseconds(), 1)) }

// AddTo adds the times to r.
func (t *Timings) AddTo(r *Row) {
	r[TLSMicros] += t.handshake.Load()
	r[FirstByteMicros] += t.firstByte.Load()
}
