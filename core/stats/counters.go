package stats

import (
	"sync"
	"sync/atomic"

	"wdsocket/core/fault"
	"wdsocket/core/syserr"
)

// Counters are the figures that most connections and sockets never need. They are
// allocated when there is first something to count: an idle client pays for a pointer.
// The zero value is ready, and safe for concurrent use.
type Counters struct{ set atomic.Pointer[set] }

type set struct {
	dropped      atomic.Int64 // messages thrown away
	reconnects   atomic.Int64
	staleReplies atomic.Int64 // messages that exchanges threw away

	endCounted atomic.Bool // the end of the connection is among the errors
	errors     [ErrorsOther - ErrorsReset + 1]atomic.Int64

	mu     sync.Mutex
	closed Row // of connections that are over
}

// counters returns the set, to count in.
func (c *Counters) counters() *set {
	if made := c.set.Load(); made != nil {
		return made
	}
	c.set.CompareAndSwap(nil, new(set))
	return c.set.Load()
}

// Used tells whether anything has been counted.
func (c *Counters) Used() bool { return c.set.Load() != nil }

// CountDropped counts messages that were thrown away.
func (c *Counters) CountDropped(messages int) { c.counters().dropped.Add(int64(messages)) }

// CountReconnect counts a reconnect.
func (c *Counters) CountReconnect() { c.counters().reconnects.Add(1) }

// CountStaleReply counts a message that an exchange threw away.
func (c *Counters) CountStaleReply() { c.counters().staleReplies.Add(1) }

// count counts an error of a kind.
func (c *Counters) count(kind ID) { c.counters().errors[kind-ErrorsReset].Add(1) }

// CountError counts an error, by its kind, and returns it. Time-outs, ends of the
// conversation, and wrong calls are no errors here.
func (c *Counters) CountError(err error) error {
	if kind, counted := kindOf(fault.CodeOf(err)); counted {
		c.count(kind)
	}
	return err
}

// CountEnd counts the error that ended the connection, once: reading and writing may both
// meet it.
func (c *Counters) CountEnd(e *fault.Error) {
	kind, counted := kindOf(e.Code)
	if !counted {
		return
	}
	if syserr.IsUserTimeout(e) {
		kind = ErrorsSilent
	}
	if !c.counters().endCounted.Swap(true) {
		c.count(kind)
	}
}

// CountWriteError counts a failed write, of which some bytes may be sent.
func (c *Counters) CountWriteError(e *fault.Error, sent int) {
	switch e.Code {
	case fault.Timeout:
	case fault.Cancelled, fault.Closed:
		if sent == 0 {
			return
		}
	case fault.Reset:
		c.CountEnd(e)
		return
	default:
		c.CountError(e)
		return
	}
	c.count(ErrorsWrite)
}

// CountOpenFailure counts an opening or a handshake that failed.
func (c *Counters) CountOpenFailure(e *fault.Error) {
	kind, counted := kindOf(e.Code)
	switch {
	case e.Code == fault.Closed, e.Code == fault.Cancelled:
		return
	case e.Phase == fault.PhaseTLS:
		kind, counted = ErrorsTLS, true
	case e.Code == fault.Timeout:
		kind, counted = ErrorsOther, true
	}
	if counted {
		c.count(kind)
	}
}

// AddTo adds what was counted to r, and the figures of closed connections.
func (c *Counters) AddTo(r *Row) {
	made := c.set.Load()
	if made == nil {
		return
	}
	r[Dropped] += made.dropped.Load()
	r[Reconnects] += made.reconnects.Load()
	r[Stale] += made.staleReplies.Load()
	for i := range made.errors {
		r[int(ErrorsReset)+i] += made.errors[i].Load()
	}
	made.mu.Lock()
	r.Add(&made.closed)
	made.mu.Unlock()
}

// AddClosed adds the figures of a closed connection.
func (c *Counters) AddClosed(r *Row) {
	made := c.counters()
	made.mu.Lock()
	made.closed.Add(r)
	made.mu.Unlock()
}

// Closed returns the figures of closed connections.
func (c *Counters) Closed() (r Row) {
	if made := c.set.Load(); made != nil {
		made.mu.Lock()
		r = made.closed
		made.mu.Unlock()
	}
	return r
}

// kindOf is the kind of an error; false if it is none that is counted.
func kindOf(code fault.Code) (ID, bool) {
	switch code {
	case fault.Reset:
		return ErrorsReset, true
	case fault.Silent:
		return ErrorsSilent, true
	case fault.Frame, fault.Check, fault.TooLong:
		return ErrorsFrame, true
	case fault.Full:
		return ErrorsFull, true
	case fault.Memory, fault.Internal, fault.Text, fault.TagInMessage, fault.PortUnreachable, fault.DatagramSize, fault.Limit,
		fault.ProxyHeader, fault.NoProxyHeader:
		return ErrorsOther, true
	}
	switch {
	case code.IsTLS() && code != fault.TLSNotSecured:
		return ErrorsTLS, true
	case code <= fault.Refused && code > fault.NotConnected, code <= fault.ProxyUnreachable && code >= fault.ProxyProtocol,
		code.IsWebSocket() && code != fault.WebSocketClosed:
		return ErrorsOther, true
	}
	return 0, false
}
