package stats

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"wdsocket/core/fault"
)

// figures of counters.
func figures(c *Counters) (r Row) {
	c.AddTo(&r)
	return r
}

func failure(code fault.Code, phase fault.Phase) *fault.Error { return fault.New(code, phase, "x") }

// What counts nothing costs nothing: an idle connection has a nil pointer.
func TestCountersAreMadeWhenThereIsSomethingToCount(t *testing.T) {
	var c Counters
	var r Row
	assert.Zero(t, testing.AllocsPerRun(10, func() {
		c.CountError(failureTimeout)
		c.CountWriteError(failureClosed, 0)
		c.CountOpenFailure(failureClosed)
		c.CountEnd(failurePeerClosed)
		c.AddTo(&r)
	}))
	assert.Equal(t, Row{}, r)
	assert.Equal(t, Row{}, c.Closed())
	assert.False(t, c.Used())
	c.CountDropped(3)
	assert.True(t, c.Used())
	assert.Equal(t, Row{Dropped: 3}, figures(&c))
}

var (
	failureTimeout    = failure(fault.Timeout, fault.PhaseRead)
	failureClosed     = failure(fault.Closed, fault.PhaseWrite)
	failurePeerClosed = failure(fault.PeerClosed, fault.PhaseRead)
)

func TestErrorsCountByTheirKind(t *testing.T) {
	for kind, codes := range map[ID][]fault.Code{
		ErrorsReset:  {fault.Reset},
		ErrorsSilent: {fault.Silent},
		ErrorsFrame:  {fault.Frame, fault.Check, fault.TooLong},
		ErrorsFull:   {fault.Full},
		ErrorsTLS:    {fault.TLSHandshake, fault.TLSRecord, fault.TLSTruncated, fault.TLSExpired},
		ErrorsOther:  {fault.Memory, fault.Internal, fault.Text, fault.TagInMessage, fault.Limit, fault.Refused},
	} {
		for _, code := range codes {
			var c Counters
			e := failure(code, fault.PhaseRead)
			assert.Equal(t, error(e), c.CountError(e), "it is returned")
			var want Row
			want[kind] = 1
			assert.Equal(t, want, figures(&c), code)
		}
	}
	var c Counters
	for _, code := range []fault.Code{fault.Timeout, fault.PeerClosed, fault.Closed, fault.Cancelled, fault.Busy, fault.TLSNotSecured} {
		c.CountError(failure(code, fault.PhaseRead))
	}
	assert.NoError(t, c.CountError(nil))
	foreign := errors.New("not of this library")
	assert.Equal(t, foreign, c.CountError(foreign))
	assert.Equal(t, int64(0), figures(&c)[ErrorsReset])
}

func TestTheEndCountsOnce(t *testing.T) {
	var c Counters
	for range 3 {
		c.CountEnd(failure(fault.Reset, fault.PhaseRead))
		c.CountWriteError(failure(fault.Reset, fault.PhaseWrite), 0)
	}
	assert.Equal(t, Row{ErrorsReset: 1}, figures(&c))
}

func TestWritesThatFail(t *testing.T) {
	var c Counters
	c.CountWriteError(failureTimeout, 0)
	c.CountWriteError(failureClosed, 0) // nothing was sent
	assert.Equal(t, Row{ErrorsWrite: 1}, figures(&c))
	c.CountWriteError(failureClosed, 5)
	assert.Equal(t, Row{ErrorsWrite: 2}, figures(&c))
	c.CountWriteError(failure(fault.Full, fault.PhaseWrite), 0)
	assert.Equal(t, Row{ErrorsWrite: 2, ErrorsFull: 1}, figures(&c))
}

func TestOpeningsThatFail(t *testing.T) {
	var c Counters
	c.CountOpenFailure(failure(fault.Closed, fault.PhaseTLS))
	c.CountOpenFailure(failure(fault.Cancelled, fault.PhaseConnect))
	assert.False(t, c.Used())
	c.CountOpenFailure(failure(fault.Timeout, fault.PhaseConnect))
	c.CountOpenFailure(failure(fault.Refused, fault.PhaseConnect))
	assert.Equal(t, Row{ErrorsOther: 2}, figures(&c))
	c.CountOpenFailure(failure(fault.Timeout, fault.PhaseTLS))
	assert.Equal(t, Row{ErrorsOther: 2, ErrorsTLS: 1}, figures(&c))
}

func TestClosedConnectionsStayInTheSum(t *testing.T) {
	var c Counters
	c.AddClosed(&Row{BytesRead: 5, Dropped: 1})
	c.AddClosed(&Row{BytesRead: 6})
	c.CountDropped(2)
	c.CountReconnect()
	c.CountStaleReply()
	assert.Equal(t, Row{BytesRead: 11, Dropped: 1}, c.Closed())
	r := Row{BytesRead: 100}
	c.AddTo(&r)
	assert.Equal(t, Row{BytesRead: 111, Dropped: 3, Reconnects: 1, Stale: 1}, r)
}

func TestCountersAreSafeForConcurrentUse(t *testing.T) {
	var c Counters
	var all sync.WaitGroup
	const goroutines, each = 8, 100
	for range goroutines {
		all.Go(func() {
			for range each {
				c.CountDropped(1)
				c.AddClosed(&Row{BytesRead: 2})
				c.CountEnd(failure(fault.Reset, fault.PhaseRead))
			}
		})
	}
	all.Wait()
	assert.Equal(t, Row{Dropped: goroutines * each, BytesRead: 2 * goroutines * each, ErrorsReset: 1}, figures(&c))
}

// A time that was taken is not 0, which says that there is none.
func TestTimings(t *testing.T) {
	var times Timings
	times.Opened(100)
	assert.False(t, times.HasFirstByte())
	times.TLSHandshake(time.Nanosecond)
	times.FirstByte(100)
	assert.True(t, times.HasFirstByte())
	var r Row
	times.AddTo(&r)
	assert.Equal(t, Row{FirstByteMicros: 1, TLSMicros: 1}, r)
	times.FirstByte(150)
	times.TLSHandshake(7 * time.Microsecond)
	r = Row{}
	times.AddTo(&r)
	assert.Equal(t, Row{FirstByteMicros: 50, TLSMicros: 7}, r)
}
