package core

import (
	"maps"
	"slices"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/stats"
	"wdsocket/core/transport"
)

// microseconds since the library was made, for figures: never 0.
func (lib *Library) micros() int64 { return max(time.Since(lib.started).Microseconds(), 1) }

// noteFirstByte notes when the first byte was received.
func (st *stream) noteFirstByte() { st.timings.FirstByte(st.lib.micros()) }

// addTransferred adds what was transferred: figures that stay when the connection is
// closed.
func (st *stream) addTransferred(f *stats.Row) {
	f[stats.BytesRead] += st.conn.BytesIn()
	f[stats.BytesWritten] += st.conn.BytesOut()
	_, read := st.incoming()
	f[stats.MessagesRead] += read
	f[stats.MessagesWritten] += st.messagesWritten()
	st.timings.AddTo(f)
	st.counters.AddTo(f)
}

// addAll adds the lengths of the queues too.
func (st *stream) addAll(f *stats.Row) {
	st.addTransferred(f)
	held, _ := st.incoming()
	f[stats.ReceiveQueue] += held
	f[stats.SendQueue] += int64(st.conn.Unsent() + st.collected() + st.awaitingReconnect())
	if sq := st.sendq.Load(); sq != nil {
		sq.mu.Lock()
		f[stats.SendQueue] += int64(sq.directBytes)
		f[stats.PublishQueue] += int64(sq.publishedBytes)
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

func (u *udpSocket) addAll(f *stats.Row) {
	f[stats.BytesRead] += u.bytesIn.Load()
	f[stats.BytesWritten] += u.bytesOut.Load()
	f[stats.MessagesRead] += u.read.Load()
	f[stats.MessagesWritten] += u.written.Load()
	f[stats.ReceiveQueue] += u.buffered.Load()
	u.timings.AddTo(f)
	u.counters.AddTo(f)
}

// addOwnLocked adds the server's own figures, and those of a simplified client that
// is there; v.mu is held.
func (v *server) addOwnLocked(f *stats.Row) {
	f[stats.Accepted] += v.accepted.Load()
	f[stats.Refused] += v.refused.Load()
	f[stats.HealthChecks] += v.healthChecks.Load()
	f[stats.Clients] += int64(len(v.channels))
	if v.client != nil {
		v.client.addAll(f)
	}
}

// keepClientStatsLocked adds the figures of a client that is going. v.mu is held.
func (v *server) keepClientStatsLocked(st *stream) {
	var f stats.Row
	st.addTransferred(&f)
	v.closedStats.Add(&f)
	v.closedStats[stats.BytesWritten] -= st.countedBytes
	st.countedBytes = f[stats.BytesWritten]
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
	v.closedStats[stats.BytesWritten] += out - st.countedBytes
	st.countedBytes = out
}

// Statistics tells the figures of the socket; a server's are the sums over all
// clients that it has had and has. Error: fault.Closed.
func (s *Socket) Statistics() (stats.Row, error) {
	var f stats.Row
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
	f.Add(&v.closedStats)
	for ch := range v.channels {
		if st := ch.stream.Load(); st != nil {
			st.addAll(&f)
			f[stats.BytesWritten] -= st.countedBytes
		}
		ch.counters.AddTo(&f)
	}
	return f, nil
}

// addOwn adds the figures of this socket without its channels.
func (s *Socket) addOwn(f *stats.Row) {
	s.counters.AddTo(f)
	s.mu.Lock()
	f[stats.ConnectMicros] += s.dialDuration.Microseconds()
	s.mu.Unlock()
	if st := s.stream.Load(); st != nil {
		st.addAll(f)
	}
	if u := s.udp.Load(); u != nil {
		u.addAll(f)
	}
	if v := s.server.Load(); v != nil {
		_, pending := v.clientCounts()
		f[stats.Pending] += int64(pending)
		v.mu.Lock()
		v.addOwnLocked(f)
		v.mu.Unlock()
	}
}

// Statistics tells the sums over all sockets that are alive.
func (lib *Library) Statistics() stats.Row {
	lib.mu.Lock()
	all := slices.Collect(maps.Keys(lib.sockets))
	lib.mu.Unlock()
	var f stats.Row
	for _, s := range all {
		s.addOwn(&f)
	}
	return f
}

// noteHandshake notes how long the handshake of a layer took, as its phase says what
// for; what is received from now on comes from the peer's program.
func (st *stream) noteHandshake(phase fault.Phase, began time.Time) {
	if phase == fault.PhaseTLS {
		st.timings.TLSHandshake(time.Since(began))
	}
	if !st.timings.HasFirstByte() {
		st.timings.Opened(st.lib.micros())
	}
}

// keepStats keeps the figures of a connection that is replaced, but for its times.
func (s *Socket) keepStats(st *stream) {
	var f stats.Row
	st.addTransferred(&f)
	f[stats.TLSMicros], f[stats.FirstByteMicros] = 0, 0
	s.counters.AddClosed(&f)
}
