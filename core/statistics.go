package core

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/syserr"
	"wdsocket/core/transport"
)

// Stats is a row of statistics; a Stat is an index in it.
type Stats [StatCount]int64

func (f *Stats) add(g *Stats) {
	for i, n := range g {
		f[i] += n
	}
}

// counterSet has the counters that most connections and sockets never need.
type counterSet struct {
	dropped      atomic.Int64 // messages thrown away
	reconnects   atomic.Int64
	staleReplies atomic.Int64 // messages that exchanges threw away

	endCounted atomic.Bool // the end of the connection is among the errors
	errors     [StatErrorsOther - StatErrorsReset + 1]atomic.Int64

	mu           sync.Mutex
	closedTotals Stats // of connections that are over
}

// lazyCounters has a counterSet, allocated when there is first something to count: an
// idle client does not pay for it.
type lazyCounters struct{ set atomic.Pointer[counterSet] }

// counters returns the set, to count in.
func (t *lazyCounters) counters() *counterSet {
	if made := t.set.Load(); made != nil {
		return made
	}
	t.set.CompareAndSwap(nil, new(counterSet))
	return t.set.Load()
}

// countError counts an error, by its kind, and returns it. Time-outs, ends of the
// conversation, and wrong calls are no errors here.
func (t *lazyCounters) countError(err error) error {
	if kind, counted := statOf(fault.CodeOf(err)); counted {
		t.counters().errors[kind-StatErrorsReset].Add(1)
	}
	return err
}

// countEnd counts the error that ended the connection, once: reading and writing may
// both meet it.
func (t *lazyCounters) countEnd(e *fault.Error) {
	kind, counted := statOf(e.Code)
	if !counted {
		return
	}
	if syserr.IsUserTimeout(e) {
		kind = StatErrorsSilent
	}
	if st := t.counters(); !st.endCounted.Swap(true) {
		st.errors[kind-StatErrorsReset].Add(1)
	}
}

// countWriteError counts a failed write, of which some bytes may be sent.
func (t *lazyCounters) countWriteError(e *fault.Error, sent int) {
	switch e.Code {
	case fault.Timeout:
	case fault.Cancelled, fault.Closed:
		if sent == 0 {
			return
		}
	case fault.Reset:
		t.countEnd(e)
		return
	default:
		t.countError(e)
		return
	}
	t.counters().errors[StatErrorsWrite-StatErrorsReset].Add(1)
}

// addTo adds what was counted.
func (t *lazyCounters) addTo(f *Stats) {
	made := t.set.Load()
	if made == nil {
		return
	}
	f[StatDropped] += made.dropped.Load()
	f[StatReconnects] += made.reconnects.Load()
	f[StatStale] += made.staleReplies.Load()
	for i := range made.errors {
		f[int(StatErrorsReset)+i] += made.errors[i].Load()
	}
	made.mu.Lock()
	f.add(&made.closedTotals)
	made.mu.Unlock()
}

// addClosed adds the figures of a closed connection.
func (t *lazyCounters) addClosed(f *Stats) {
	made := t.counters()
	made.mu.Lock()
	made.closedTotals.add(f)
	made.mu.Unlock()
}

// closedTotals returns the figures of closed connections.
func (t *lazyCounters) closedTotals() (f Stats) {
	if made := t.set.Load(); made != nil {
		made.mu.Lock()
		f = made.closedTotals
		made.mu.Unlock()
	}
	return f
}

// statOf is the kind of an error; false if it is none that is counted.
func statOf(code fault.Code) (Stat, bool) {
	switch code {
	case fault.Reset:
		return StatErrorsReset, true
	case fault.Silent:
		return StatErrorsSilent, true
	case fault.Frame, fault.Check, fault.TooLong:
		return StatErrorsFrame, true
	case fault.Full:
		return StatErrorsFull, true
	case fault.Memory, fault.Internal, fault.Text, fault.TagInMessage, fault.PortUnreachable, fault.DatagramSize, fault.Limit:
		return StatErrorsOther, true
	}
	switch {
	case code <= fault.TLSExpired && code >= fault.TLSRecord && code != fault.TLSNotSecured:
		return StatErrorsTLS, true
	case code <= fault.Refused && code > fault.NotConnected:
		return StatErrorsOther, true
	}
	return 0, false
}

// microseconds since the library was made, for figures: never 0.
func (lib *Library) micros() int64 { return max(time.Since(lib.started).Microseconds(), 1) }

// timings are the times of a connection that are among its figures, in
// microseconds.
type timings struct {
	firstByte atomic.Int64 // when the first byte came, 0: none yet; from opened
	opened    int64        // when it was; belongs to the reader
	handshake atomic.Int64 // what the hand-shake of TLS took
}

// noteFirstByte notes when the first byte was received.
func (st *stream) noteFirstByte() {
	st.timings.firstByte.Store(max(st.lib.micros()-st.timings.opened, 1))
}

// addTransferred adds what was transferred: figures that stay when the connection is
// closed.
func (st *stream) addTransferred(f *Stats) {
	f[StatBytesRead] += st.conn.BytesIn()
	f[StatBytesWritten] += st.conn.BytesOut()
	_, read := st.incoming()
	f[StatMessagesRead] += read
	f[StatMessagesWritten] += st.messagesWritten()
	f[StatTLSMicros] += st.timings.handshake.Load()
	f[StatFirstByteMicros] += st.timings.firstByte.Load()
	st.lazyCounters.addTo(f)
}

// addAll adds the lengths of the queues too.
func (st *stream) addAll(f *Stats) {
	st.addTransferred(f)
	held, _ := st.incoming()
	f[StatReceiveQueue] += held
	f[StatSendQueue] += int64(st.conn.Unsent() + st.collected() + st.awaitingReconnect())
	if sq := st.sendq.Load(); sq != nil {
		sq.mu.Lock()
		f[StatSendQueue] += int64(sq.directBytes)
		f[StatPublishQueue] += int64(sq.publishedBytes)
		sq.mu.Unlock()
	}
}

// awaitingReconnect tells how many bytes wait for the reconnect.
func (st *stream) awaitingReconnect() int {
	rc := st.reconnector.Load()
	if rc == nil || !transport.IsPlaceholder(st.conn) || !st.tryLockWrite() {
		return 0
	}
	defer st.unlockWrite()
	return rc.log.Kept()
}

func (u *udpSocket) addAll(f *Stats) {
	f[StatBytesRead] += u.bytesIn.Load()
	f[StatBytesWritten] += u.bytesOut.Load()
	f[StatMessagesRead] += u.read.Load()
	f[StatMessagesWritten] += u.written.Load()
	f[StatReceiveQueue] += u.buffered.Load()
	f[StatFirstByteMicros] += u.timings.firstByte.Load()
	u.lazyCounters.addTo(f)
}

// addOwnLocked adds the server's own figures, and those of a simplified client that
// is there; v.mu is held.
func (v *server) addOwnLocked(f *Stats) {
	f[StatAccepted] += v.accepted.Load()
	f[StatRefused] += v.refused.Load()
	f[StatClients] += int64(len(v.channels))
	if v.client != nil {
		v.client.addAll(f)
	}
}

// keepClientStatsLocked adds the figures of a client that is going. v.mu is held.
func (v *server) keepClientStatsLocked(st *stream) {
	var f Stats
	st.addTransferred(&f)
	v.closedStats.add(&f)
	v.closedStats[StatBytesWritten] -= st.countedBytes
	st.countedBytes = f[StatBytesWritten]
}

// keepLateBytes adds, once the connection is closed, what was sent during the close.
func (st *stream) keepLateBytes() {
	v := st.server()
	if v == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	out := st.conn.BytesOut()
	v.closedStats[StatBytesWritten] += out - st.countedBytes
	st.countedBytes = out
}

// Statistics tells the figures of the socket; a server's are the sums over all
// clients that it has had and has. Error: fault.Closed.
func (s *Socket) Statistics() (Stats, error) {
	var f Stats
	w, err := s.enter(0, fault.PhaseCall)
	if err != nil {
		return f, err
	}
	defer w.Leave()
	s.addOwn(&f)
	v := s.server.Load()
	if v == nil {
		return f, nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	f.add(&v.closedStats)
	for ch := range v.channels {
		if st := ch.stream.Load(); st != nil {
			st.addAll(&f)
			f[StatBytesWritten] -= st.countedBytes
		}
		ch.lazyCounters.addTo(&f)
	}
	return f, nil
}

// addOwn adds the figures of this socket without its channels.
func (s *Socket) addOwn(f *Stats) {
	s.lazyCounters.addTo(f)
	s.mu.Lock()
	f[StatConnectMicros] += s.dialDuration.Microseconds()
	s.mu.Unlock()
	if st := s.stream.Load(); st != nil {
		st.addAll(f)
	}
	if u := s.udp.Load(); u != nil {
		u.addAll(f)
	}
	if v := s.server.Load(); v != nil {
		_, pending := v.clientCounts()
		f[StatPending] += int64(pending)
		v.mu.Lock()
		v.addOwnLocked(f)
		v.mu.Unlock()
	}
}

// Statistics tells the sums over all sockets that are alive.
func (lib *Library) Statistics() Stats {
	lib.mu.Lock()
	all := slices.Collect(maps.Keys(lib.sockets))
	lib.mu.Unlock()
	var f Stats
	for _, s := range all {
		s.addOwn(&f)
	}
	return f
}

// noteHandshake notes how long the hand-shake of a layer took, as its phase says what
// for; what is received from now on comes from the peer's program.
func (st *stream) noteHandshake(phase fault.Phase, began time.Time) {
	if phase == fault.PhaseTLS {
		st.timings.handshake.Store(max(time.Since(began).Microseconds(), 1))
	}
	if st.timings.firstByte.Load() == 0 {
		st.timings.opened = st.lib.micros()
	}
}

// keepStats keeps the figures of a connection that is replaced, but for its times.
func (s *Socket) keepStats(st *stream) {
	var f Stats
	st.addTransferred(&f)
	f[StatTLSMicros], f[StatFirstByteMicros] = 0, 0
	s.lazyCounters.addClosed(&f)
}

// countOpenFailure counts an opening or a hand-shake that failed.
func (t *lazyCounters) countOpenFailure(e *fault.Error) {
	kind, counted := statOf(e.Code)
	switch {
	case e.Code == fault.Closed, e.Code == fault.Cancelled:
		return
	case e.Phase == fault.PhaseTLS:
		kind, counted = StatErrorsTLS, true
	case e.Code == fault.Timeout:
		kind, counted = StatErrorsOther, true
	}
	if counted {
		t.counters().errors[kind-StatErrorsReset].Add(1)
	}
}
