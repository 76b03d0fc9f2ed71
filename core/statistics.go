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

// Figures is a row of statistics; a Stat is a place in it.
type Figures [StatCount]int64

func (f *Figures) add(g *Figures) {
	for i, n := range g {
		f[i] += n
	}
}

// tally counts what seldom happens on a connection or a socket.
type tally struct {
	dropped    atomic.Int64 // messages thrown away
	reconnects atomic.Int64
	stale      atomic.Int64 // messages that exchanges threw away

	cut    atomic.Bool // the end of the connection is among the errors
	errors [StatErrorsOther - StatErrorsReset + 1]atomic.Int64

	mu   sync.Mutex
	past Figures // of connections that are over
}

// tallied is something that has a tally, which is made when there is first
// something to count: an idle client does not pay for it.
type tallied struct{ made atomic.Pointer[tally] }

// stats is the tally, to count in.
func (t *tallied) stats() *tally {
	if made := t.made.Load(); made != nil {
		return made
	}
	t.made.CompareAndSwap(nil, new(tally))
	return t.made.Load()
}

// faulty counts an error, by its kind, and gives it back. Ends of a time, of
// the conversation, and of calls that were wrong are no errors here.
func (t *tallied) faulty(err error) error {
	if kind, counts := statOf(fault.CodeOf(err)); counts {
		t.stats().errors[kind-StatErrorsReset].Add(1)
	}
	return err
}

// over counts the error that ended the connection, which reading and writing
// may both meet.
func (t *tallied) over(e *fault.Error) {
	kind, counts := statOf(e.Code)
	if !counts {
		return
	}
	if syserr.IsUserTimeout(e) {
		kind = StatErrorsSilent
	}
	if st := t.stats(); !st.cut.Swap(true) {
		st.errors[kind-StatErrorsReset].Add(1)
	}
}

// unwritten counts a write that failed, of which some bytes may be out.
func (t *tallied) unwritten(e *fault.Error, sent int) {
	switch e.Code {
	case fault.Timeout:
	case fault.Cancelled, fault.Closed:
		if sent == 0 {
			return
		}
	case fault.Reset:
		t.over(e)
		return
	default:
		t.faulty(e)
		return
	}
	t.stats().errors[StatErrorsWrite-StatErrorsReset].Add(1)
}

// addTo adds what was counted.
func (t *tallied) addTo(f *Figures) {
	made := t.made.Load()
	if made == nil {
		return
	}
	f[StatDropped] += made.dropped.Load()
	f[StatReconnects] += made.reconnects.Load()
	f[StatStale] += made.stale.Load()
	for i := range made.errors {
		f[int(StatErrorsReset)+i] += made.errors[i].Load()
	}
	made.mu.Lock()
	f.add(&made.past)
	made.mu.Unlock()
}

// keep adds the figures of a connection that is over.
func (t *tallied) keep(f *Figures) {
	made := t.stats()
	made.mu.Lock()
	made.past.add(f)
	made.mu.Unlock()
}

// passed gives the figures of connections that are over.
func (t *tallied) passed() (f Figures) {
	if made := t.made.Load(); made != nil {
		made.mu.Lock()
		f = made.past
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
func (lib *Library) micros() int64 { return max(time.Since(lib.began).Microseconds(), 1) }

// clocks are the times of a connection that are among its figures, in
// microseconds.
type clocks struct {
	first  atomic.Int64 // when the first byte came, 0: none yet; from opened
	opened int64        // when it was; belongs to the reader
	tls    atomic.Int64 // what the hand-shake took
}

// noteFirst is told by the reader that bytes came.
func (st *stream) noteFirst() {
	st.clocks.first.Store(max(st.lib.micros()-st.clocks.opened, 1))
}

// addFlow adds what has passed through the connection: figures that stay when
// it is over.
func (st *stream) addFlow(f *Figures) {
	f[StatBytesRead] += st.conn.BytesIn()
	f[StatBytesWritten] += st.conn.BytesOut()
	_, read := st.incoming()
	f[StatMessagesRead] += read
	f[StatMessagesWritten] += st.messagesWritten()
	f[StatTLSMicros] += st.clocks.tls.Load()
	f[StatFirstByteMicros] += st.clocks.first.Load()
	st.tallied.addTo(f)
}

// addAll adds the lengths of the queues too.
func (st *stream) addAll(f *Figures) {
	st.addFlow(f)
	held, _ := st.incoming()
	f[StatReceiveQueue] += held
	f[StatSendQueue] += int64(st.conn.Unsent() + st.collected() + st.awaitingLink())
	if b := st.back.Load(); b != nil {
		b.mu.Lock()
		f[StatSendQueue] += int64(b.owned)
		f[StatPublishQueue] += int64(b.published)
		b.mu.Unlock()
	}
}

// awaitingLink tells how many bytes wait until the link is there again.
func (st *stream) awaitingLink() int {
	l := st.link.Load()
	if l == nil || !transport.IsPlaceholder(st.conn) || !st.tryTurn() {
		return 0
	}
	defer st.dropTurn()
	return l.log.Kept()
}

func (u *datagrams) addAll(f *Figures) {
	f[StatBytesRead] += u.bytesIn.Load()
	f[StatBytesWritten] += u.bytesOut.Load()
	f[StatMessagesRead] += u.read.Load()
	f[StatMessagesWritten] += u.written.Load()
	f[StatReceiveQueue] += u.held.Load()
	f[StatFirstByteMicros] += u.clocks.first.Load()
	u.tallied.addTo(f)
}

// addOwn adds the server's own figures, and those of a simplified client that
// is there; v.mu is held.
func (v *server) addOwn(f *Figures) {
	f[StatAccepted] += v.accepted.Load()
	f[StatRefused] += v.refused.Load()
	f[StatClients] += int64(len(v.channels))
	if v.client != nil {
		v.client.addAll(f)
	}
}

// keepPast adds the figures of a client that is going; v.mu is held.
func (v *server) keepPast(st *stream) {
	var f Figures
	st.addFlow(&f)
	v.past.add(&f)
	v.past[StatBytesWritten] -= st.reported
	st.reported = f[StatBytesWritten]
}

// keepLate adds, once the connection is closed, what left while it was.
func (st *stream) keepLate() {
	v := st.home()
	if v == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	out := st.conn.BytesOut()
	v.past[StatBytesWritten] += out - st.reported
	st.reported = out
}

// Statistics tells the figures of the socket; a server's are the sums over all
// clients that it has had and has. Error: fault.Closed.
func (s *Socket) Statistics() (Figures, error) {
	var f Figures
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
	f.add(&v.past)
	for ch := range v.channels {
		if st := ch.stream.Load(); st != nil {
			st.addAll(&f)
			f[StatBytesWritten] -= st.reported
		}
		ch.tallied.addTo(&f)
	}
	return f, nil
}

// addOwn adds the figures of this socket without its channels.
func (s *Socket) addOwn(f *Figures) {
	s.tallied.addTo(f)
	s.mu.Lock()
	f[StatConnectMicros] += s.takes.Microseconds()
	s.mu.Unlock()
	if st := s.stream.Load(); st != nil {
		st.addAll(f)
	}
	if u := s.packets.Load(); u != nil {
		u.addAll(f)
	}
	if v := s.server.Load(); v != nil {
		_, pending := v.counts()
		f[StatPending] += int64(pending)
		v.mu.Lock()
		v.addOwn(f)
		v.mu.Unlock()
	}
}

// Statistics tells the sums over all sockets that are alive.
func (lib *Library) Statistics() Figures {
	lib.mu.Lock()
	all := slices.Collect(maps.Keys(lib.sockets))
	lib.mu.Unlock()
	var f Figures
	for _, s := range all {
		s.addOwn(&f)
	}
	return f
}

// handshakeTook notes how long a hand-shake took; what comes from now on comes
// from the peer's program.
func (st *stream) handshakeTook(began time.Time) {
	st.clocks.tls.Store(max(time.Since(began).Microseconds(), 1))
	if st.clocks.first.Load() == 0 {
		st.clocks.opened = st.lib.micros()
	}
}

// replaced keeps the figures of a connection that another one takes the place
// of, but for its times.
func (s *Socket) replaced(st *stream) {
	var f Figures
	st.addFlow(&f)
	f[StatTLSMicros], f[StatFirstByteMicros] = 0, 0
	s.tallied.keep(&f)
}

// failed counts an opening or a hand-shake that failed.
func (t *tallied) failed(e *fault.Error) {
	kind, counts := statOf(e.Code)
	switch {
	case e.Code == fault.Closed, e.Code == fault.Cancelled:
		return
	case e.Phase == fault.PhaseTLS:
		kind, counts = StatErrorsTLS, true
	case e.Code == fault.Timeout:
		kind, counts = StatErrorsOther, true
	}
	if counts {
		t.stats().errors[kind-StatErrorsReset].Add(1)
	}
}
