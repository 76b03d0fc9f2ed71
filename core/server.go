package core

import (
	"runtime"
	"sync/atomic"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/lockorder"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/stats"
	"wdsocket/core/transport"
)

// server is a listening socket in use, in one of two modes: simplified, with one client
// that the server itself is read and written for, or standard, with requests that are
// accepted as channels. It is standard from the first WaitForConnection or Accept.
type server struct {
	sock *Socket
	ln   transport.Listener

	accepting atomic.Bool // a call waits for a client

	mu           lockorder.Mutex[lockorder.Server]
	standard     bool
	pending      *stream    // taken from the system, not accepted yet
	client       *stream    // of a simplified server
	flushCall    *poll.Call // of the task that flushes to this client, nil without
	channels     map[*Socket]struct{}
	readyClients int                   // clients that wait to become channels, their handshake done
	perAddress   map[endpoint.Addr]int // by address: channels, those that are ready, and handshakes

	groups      groups
	channelList []*Socket // of the channels, for publishing, nil when it is outdated; under mu

	party *tlslayer.Party // of a server with TLS, nil without
	ws    serverWebSocket // of a server of WebSockets

	handshaker *handshaker // accepts its clients where they have layers, nil where they have none

	accepted, refused, healthChecks atomic.Int64

	closedStats stats.Row   // of clients that have gone, under mu
	lastTimeout lastTimeout // of a call for a client, under mu
}

func newServer(s *Socket, ln transport.Listener) *server {
	return &server{sock: s, ln: ln, channels: make(map[*Socket]struct{}), perAddress: make(map[endpoint.Addr]int)}
}

// nextClient accepts a client, within the limits; its handshake is done.
func (v *server) nextClient(w *poll.Call) (*stream, error) {
	if v.handshaker != nil {
		return v.handshaker.next(w)
	}
	st, err := v.acceptConn(w, admittedReady)
	if err != nil {
		return nil, err
	}
	if err := st.buildLayers(w, v.chain(st), 0); err != nil {
		st.abort()
		return nil, err
	}
	return st, nil
}

// acceptConn accepts a client from the system and counts it; those above the limits, and
// those whose address may not connect, are reset.
func (v *server) acceptConn(w *poll.Call, as admission) (*stream, error) {
	for {
		conn, _, err := v.ln.Accept(w)
		if err != nil {
			return nil, v.sock.counters.CountError(err)
		}
		st := newStream(v.sock, conn)
		if v.admit(st, as) {
			return st, nil
		}
	}
}

// admit counts a client that was taken from the system, or turns it away if it is
// above a limit or may not connect. It is called once for each client: what limits how many come
// counts here. A client counts until it is a channel or ended.
func (v *server) admit(st *stream, as admission) bool {
	return v.within(st, func() error {
		as, err := admissionOf(v, st, as)
		if err != nil {
			return err
		}
		return v.count(st, as)
	})
}

// makeReady counts a client that was admitted, and has made its handshakes, as a
// channel counts, or turns it away if it is above a limit.
func (v *server) makeReady(st *stream) bool {
	return v.within(st, func() error { return v.count(st, admittedReady) })
}

// allowed tells whether a client that counts is within the limits, which may have
// been lowered since, and turns it away if it is not. It counts nothing, and may be
// asked as often as one likes.
func (v *server) allowed(st *stream) bool {
	return v.within(st, func() error {
		most, perAddress := v.sock.clientLimits()
		v.mu.Lock()
		defer v.mu.Unlock()
		return reached(v.limitLocked(st, st.admission, most, perAddress))
	})
}

// within turns a client away for which check gives an error.
func (v *server) within(st *stream, check func() error) (within bool) {
	defer func() {
		if !within { // or a panic
			st.abort()
		}
	}()
	err := check()
	if err == nil {
		return true
	}
	v.noteRefused(st, err)
	return false
}

// noteRefused notes that a client is turned away, and why.
func (v *server) noteRefused(st *stream, why error) {
	v.refused.Add(1)
	v.sock.lib.log(levelTraffic, st, "refused, %v", why)
}

// limitError is what a handshake gives whose client turns out to be above the limit
// of that name.
type limitError string

func (e limitError) Error() string { return "the limit " + string(e) + " is reached" }

// reached is the error of a limit, nil for "".
func reached(limit string) error {
	if limit == "" {
		return nil
	}
	return limitError(limit)
}

// count counts a client unless a limit is reached, which the error names then.
func (v *server) count(st *stream, as admission) error {
	most, perAddress := v.sock.clientLimits()
	v.mu.Lock()
	defer v.mu.Unlock()
	limit := v.limitLocked(st, as, most, perAddress)
	if limit == "" {
		v.countLocked(st, as)
	}
	return reached(limit)
}

// limitLocked names the limit that keeps a client, itself not counted, from being
// one more, that counts for as; "" for none. It counts nothing.
func (v *server) limitLocked(st *stream, as admission, most, perAddress int) string {
	clients, here := len(v.channels)+v.readyClients, v.perAddress[st.conn.PeerAddr().WithoutPort()]
	if st.admission == admittedReady {
		clients--
	}
	if st.admission.hasAddress() {
		here--
	}
	if as == admittedProxy {
		perAddress = 0
	}
	switch {
	case most != 0 && clients >= most:
		return option.Ints()[option.MaxClients].Name
	case perAddress != 0 && here >= perAddress:
		return option.Ints()[option.MaxClientsPerAddress].Name
	}
	return ""
}

// uncount is told by a client's stream that it ends.
func (v *server) uncount(st *stream) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.countLocked(st, admittedNot)
}

func (v *server) countLocked(st *stream, as admission) {
	addr := st.conn.PeerAddr().WithoutPort()
	if st.admission.hasAddress() {
		v.countAddressLocked(addr, -1)
	}
	if as.hasAddress() {
		v.countAddressLocked(addr, 1)
	}
	if st.admission == admittedReady {
		v.readyClients--
	}
	if as == admittedReady {
		v.readyClients++
	}
	st.admission = as
}

func (v *server) countAddressLocked(addr endpoint.Addr, n int) {
	if v.perAddress[addr] += n; v.perAddress[addr] == 0 {
		delete(v.perAddress, addr)
	}
}

// useChannels makes it a standard server, unless a simplified client is there.
func (v *server) useChannels() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.client != nil {
		return fault.New(fault.State, fault.PhaseAccept, v.sock.Label()).With(noteSimplified)
	}
	v.standard = true
	return nil
}

// awaitRequest makes sure that a request is pending.
func (v *server) awaitRequest(w *poll.Call) error {
	if err := v.useChannels(); err != nil {
		return err
	}
	for tries := 0; !v.accepting.CompareAndSwap(false, true); tries++ {
		const most = 1000 // the server's queue is looking at it, which takes no time
		if v.sock.registration.Load() == nil || tries == most {
			return fault.New(fault.Busy, fault.PhaseAccept, v.sock.Label()).With(fault.NoteReader)
		}
		runtime.Gosched()
	}
	defer v.accepting.Store(false)
	v.mu.Lock()
	there := v.pending != nil
	v.mu.Unlock()
	if there {
		return nil
	}
	st, err := v.nextClient(w)
	if err != nil {
		return overdueAccept(v, w, err)
	}
	v.requeue(st)
	return nil
}

// takePending takes the pending request.
func (v *server) takePending() *stream {
	v.mu.Lock()
	defer v.mu.Unlock()
	st := v.pending
	v.pending = nil
	return st
}

// accept waits for a request and makes a channel of it. register registers the
// channel; if it fails the request stays pending.
func (v *server) accept(w *poll.Call, register func(*Socket) error) (*Socket, error) {
	for {
		if err := v.awaitRequest(w); err != nil {
			return nil, err
		}
		st := v.takePending()
		if st == nil { // another thread denied it meanwhile
			continue
		}
		v.sock.wakeQueue()
		ch := v.sock.channel(v, st)
		v.addChannel(ch, st)
		if err := register(ch); err != nil {
			v.removeChannel(ch, st.conn.PeerAddr().WithoutPort(), nil)
			st.owner.Store(v.sock)
			if ch.gate.Close(func() {}, 0) { // else CloseAll has ended it already
				v.mu.Lock()
				v.countLocked(st, admittedReady)
				v.mu.Unlock()
				v.requeue(st)
			}
			return nil, err
		}
		v.accepted.Add(1)
		if r := st.recording.recorder(); r != nil {
			r.Named(ch.label(wordChannel))
		}
		if v.sock.lib.journal.Enabled(levelTraffic) {
			v.sock.lib.log(levelTraffic, st, "accepted by %s", v.sock.label(wordServer))
		}
		return ch, nil
	}
}

// requeue makes a request the pending one; if there is another meanwhile this one is
// refused.
func (v *server) requeue(st *stream) {
	v.mu.Lock()
	taken := v.pending != nil
	if !taken {
		v.pending = st
	}
	v.mu.Unlock()
	if taken {
		v.refused.Add(1)
		st.abort()
	}
}

func (v *server) addChannel(ch *Socket, st *stream) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.countLocked(st, admittedNot)
	v.channels[ch] = struct{}{}
	v.channelList = nil
	v.countAddressLocked(st.conn.PeerAddr().WithoutPort(), 1)
}

// removeChannel removes a closed channel. st is its connection, whose figures are kept;
// nil if it was none of the server's clients after all.
func (v *server) removeChannel(ch *Socket, addr endpoint.Addr, st *stream) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, in := v.channels[ch]; !in {
		return
	}
	if st != nil {
		v.keepClientStatsLocked(st)
		ch.counters.AddTo(&v.closedStats)
	}
	delete(v.channels, ch)
	v.channelList = nil
	v.countAddressLocked(addr, -1)
}

// deny refuses the pending request, or disconnects the simplified client.
func (v *server) deny() error {
	v.mu.Lock()
	if st := v.client; st != nil && !v.standard {
		st.ended.CompareAndSwap(nil, fault.New(fault.Reset, fault.PhaseAccept, st.peerLabel()).With(textDenied))
		v.sock.lib.log(levelTraffic, st, "denied")
		st.conn.Reset()
		last := v.retireClientLocked(st)
		v.mu.Unlock()
		v.refused.Add(1)
		if last {
			v.finishClient(st)
		}
		return nil
	}
	st := v.pending
	v.pending = nil
	v.mu.Unlock()
	v.sock.wakeQueue()
	if st == nil {
		return fault.New(fault.NoRequest, fault.PhaseAccept, v.sock.Label())
	}
	v.refused.Add(1)
	v.sock.lib.log(levelTraffic, st, "denied")
	st.abort()
	return nil
}

// close ends the server, and its client by finish; no call is inside.
func (v *server) close(finish func(*stream)) {
	v.mu.Lock()
	asks, st := v.pending, v.client
	v.pending, v.client = nil, nil
	v.mu.Unlock()
	if st != nil {
		defer finish(st)
		v.sock.lib.log(levelTraffic, st, "closed")
	}
	if asks != nil {
		defer asks.abort()
	}
	if v.handshaker != nil {
		defer v.handshaker.close()
	}
	v.ln.Close()
}

// peer is the client that asks to connect, or the one being served.
func (v *server) peer() (endpoint.Addr, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.pending != nil:
		return v.pending.conn.PeerAddr(), nil
	case v.client != nil:
		return v.client.conn.PeerAddr(), nil
	}
	return endpoint.Addr{}, fault.New(fault.NoRequest, fault.PhaseAccept, v.sock.Label())
}

func (v *server) clientCounts() (channels, pending int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.pending != nil {
		pending = 1
	}
	if v.handshaker != nil {
		pending += v.handshaker.readyCount()
	}
	return len(v.channels), pending
}
