package core

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// actor is a socket in the queue, its other end, and what the model expects of
// the two.
type actor struct {
	s, far     *Socket
	sent       []string // by the other end
	reported   int
	read       int
	reconnects bool // it reconnects

	connecting, open, attached, closed, upgraded bool

	end         EventKind // that must come, 0 for none
	ended       bool
	full        bool         // a write was refused: EventWritable must come
	handshaking bool         // EventTLSDone must come
	down        int          // reconnecting: events of it that came, -1: it is up
	busy        <-chan error // the other end is doing something that takes time
}

// kinds is a model of everything that a queue tells.
type kinds struct {
	*rig
	rng      *rand.Rand
	server   *Socket // in the queue
	far      *Socket // where clients connect to
	port     int     // of server
	farPort  int
	nobody   int // a port where nothing listens
	actors   []*actor
	expected map[string]*actor // by the other end's address: not accepted yet
	timers   map[int32]*Timer
	lastID   int32
	seen     map[EventKind]int
}

// TestRandomEventsOfEveryKind does random things with sockets of every sort in
// one queue. Whatever is told must be allowed by the model, and at the end all
// that the model expects must have been told.
func TestRandomEventsOfEveryKind(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	overQueues(t, func(r *rig) {
		m := newKinds(r, rand.New(rand.NewPCG(seed, 5)))
		for range 700 {
			m.step()
		}
		for _, step := range m.steps() { // each at least once, with somebody to do it to
			m.newcomer()
			m.newClient(true)
			m.newClient(false)
			m.settle()
			step()
		}
		m.finish()
		want := []EventKind{EventAccepted, EventConnected, EventMessage, EventPeerClosed, EventReset, EventError, EventTimer, EventTimeout,
			EventReconnecting, EventReconnected, EventWritable}
		if r.tls == 0 {
			want = append(want, EventTLSDone)
		}
		for _, kind := range want {
			require.Positive(r, m.seen[kind], "events of kind %d, with seed %d", kind, seed)
		}
	})
}

func newKinds(r *rig, rng *rand.Rand) *kinds {
	m := &kinds{rig: r, rng: rng, expected: map[string]*actor{}, timers: map[int32]*Timer{}, seen: map[EventKind]int{}, lastID: 1 << 20}
	m.server, m.port = r.listen(must(r, m.options(nil)))
	m.far, m.farPort = r.listen(must(r, m.options(nil)))
	closed, port := r.listen(nil)
	require.NoError(r, closed.Close())
	m.nobody = port
	r.attach(m.server, true)
	for range 8 {
		m.newcomer()
		m.newClient(rng.IntN(2) == 0)
	}
	return m
}

// options are those of every socket of the model.
func (m *kinds) options(more map[option.ID]int32) func(*Socket) error {
	return func(s *Socket) error {
		if m.tls == 0 { // to upgrade
			m.secured(s, 0)
		}
		return both(withInts(map[option.ID]int32{option.SendQueue: 1 << 16, option.SSLWarnDays: 0}), withInts(more))(s)
	}
}

func (m *kinds) steps() []func() {
	return []func(){m.join, m.connect, m.refuse, m.send, m.send, m.send, m.readSome, m.readSome, m.readSome, m.farCloses, m.farResets,
		m.farTalksNonsense, m.hostCloses, m.detachOrAttach, m.fill, m.timer, m.fallSilent, m.breakConnection, m.upgrade}
}

func (m *kinds) step() {
	steps := m.steps()
	if i := m.rng.IntN(2 * len(steps)); i < len(steps) {
		steps[i]()
	} else {
		m.ask([]time.Duration{0, time.Millisecond}[m.rng.IntN(2)])
	}
}

// some picks an actor that fits; nil if there is none.
func (m *kinds) some(fits func(*actor) bool) *actor {
	var all []*actor
	for _, x := range m.actors {
		if x.open && x.attached && !x.closed && !x.ended && x.end == 0 && !x.handshaking && x.busy == nil && x.down < 0 && fits(x) {
			all = append(all, x)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[m.rng.IntN(len(all))]
}

func anybody(*actor) bool          { return true }
func (x *actor) allReported() bool { return x.reported == len(x.sent) }
func (x *actor) allRead() bool     { return x.read == len(x.sent) && x.allReported() }

// crowded tells whether there are enough conversations.
func (m *kinds) crowded() bool {
	const most = 30
	n := len(m.expected)
	for _, x := range m.actors {
		if !x.ended && !x.closed {
			n++
		}
	}
	return n > most
}

func (m *kinds) join() {
	if !m.crowded() {
		m.newcomer()
	}
}

func (m *kinds) connect() {
	if !m.crowded() {
		m.newClient(m.rng.IntN(2) == 0)
	}
}

// newcomer makes a client of the managed server.
func (m *kinds) newcomer() {
	far := m.rig.connect(m.port, must(m, m.options(nil)))
	end, err := far.Local()
	require.NoError(m, err)
	m.expected[end.String()] = &actor{far: far, down: -1}
}

// newClient makes a client in the queue, perhaps one that reconnects.
func (m *kinds) newClient(reconnects bool) {
	x := &actor{reconnects: reconnects, connecting: true, attached: true, down: -1}
	more := map[option.ID]int32{option.ReconnectFirst: 1, option.ReconnectMost: 5}
	if x.reconnects {
		more[option.Reconnect] = 1
	}
	x.s = m.socket(must(m, m.options(more)))
	m.attach(x.s, false)
	m.actors = append(m.actors, x)
	require.NoError(m, m.open(x.s, KindClient, m.layers(), m.farPort, 0))
	m.accepted(x)
}

// accepted takes the other end of a client.
func (m *kinds) accepted(x *actor) {
	far, err := m.far.Accept(patienceOfTests, nil)
	require.NoError(m, err)
	x.far = far
}

// refuse makes a client that cannot connect.
func (m *kinds) refuse() {
	x := &actor{connecting: true, attached: true, end: EventError, down: -1}
	x.s = m.socket(must(m, m.options(nil)))
	m.attach(x.s, false)
	m.actors = append(m.actors, x)
	require.NoError(m, x.s.Open(KindClient, m.layers(), m.nobody, "127.0.0.1", 0))
}

func (m *kinds) send() {
	x := m.some(func(x *actor) bool { return len(x.sent)-x.read < 50 })
	if x == nil {
		return
	}
	for range 1 + m.rng.IntN(4) {
		msg := modeCase{}.message(m.rng.IntN(200))
		x.sent = append(x.sent, msg)
		m.write(x.far, msg)
	}
}

func (m *kinds) readSome() {
	for _, x := range m.actors {
		if x.reported > x.read && !x.closed && m.rng.IntN(2) == 0 {
			m.readOne(x)
		}
	}
}

func (m *kinds) readOne(x *actor) {
	n, err := x.s.Read(m.buf, forever)
	require.NoError(m, err, "%+v", x)
	require.Equal(m, x.sent[x.read], string(m.buf[:n]))
	x.read++
}

func (m *kinds) farCloses() {
	if x := m.some(func(x *actor) bool { return !x.reconnects }); x != nil {
		require.NoError(m, x.far.Close())
		x.end = EventPeerClosed
	}
}

func (m *kinds) farResets() {
	if x := m.some(func(x *actor) bool { return !x.reconnects && x.allRead() }); x != nil {
		require.NoError(m, x.far.Abort())
		x.end = EventReset
	}
}

func (m *kinds) farTalksNonsense() {
	x := m.some(anybody)
	if x == nil {
		return
	}
	require.NoError(m, x.far.SetMode(frame.Raw, nil))
	m.write(x.far, "nonsense\r\n")
	x.end = EventError
}

func (m *kinds) hostCloses() {
	if len(m.actors) == 0 {
		return
	}
	if x := m.actors[m.rng.IntN(len(m.actors))]; !x.closed && (m.rng.IntN(4) == 0 || x.ended) {
		require.NoError(m, x.s.Close())
		x.closed = true
	}
}

// detachOrAttach takes a socket out of the queue and puts it back.
func (m *kinds) detachOrAttach() {
	if x := m.some(func(x *actor) bool { return !x.full }); x != nil {
		require.NoError(m, x.s.Detach())
		m.waiting = slices.DeleteFunc(m.waiting, func(e Event) bool { return e.Socket == x.s.ID() })
		x.reported = x.read
		m.attach(x.s, false) // what was not read is told anew
	}
}

// fill writes until the send queue is full; the other end reads it all.
func (m *kinds) fill() {
	x := m.some(anybody)
	if x == nil {
		return
	}
	count := 0
	for {
		if _, err := x.s.Write(make([]byte, 60000)); err != nil {
			m.fails(err, fault.Full)
			break
		}
		count++
	}
	x.full = true
	x.busy = m.start(func() error {
		buf := make([]byte, 60000)
		for range count {
			if _, err := x.far.Read(buf, patienceOfTests); err != nil {
				return err
			}
		}
		return nil
	})
}

func (m *kinds) timer() {
	m.lastID++
	every := []time.Duration{0, 3 * time.Millisecond}[m.rng.IntN(2)]
	t, err := m.q.NewTimer(time.Duration(m.rng.IntN(3))*time.Millisecond, every, 9, m.lastID)
	require.NoError(m, err)
	m.timers[m.lastID] = t
	for id, t := range m.timers {
		if m.rng.IntN(3) == 0 {
			t.Stop()
			delete(m.timers, id)
		}
	}
}

// fallSilent lets a connection end because nothing comes.
func (m *kinds) fallSilent() {
	if x := m.some(func(x *actor) bool { return !x.reconnects && x.allRead() }); x != nil {
		require.NoError(m, x.s.SetOption(option.IdleLimit, 100))
		x.end = EventTimeout
	}
}

// breakConnection cuts a reconnecting socket.
func (m *kinds) breakConnection() {
	x := m.some(func(x *actor) bool { return x.reconnects && !x.upgraded && x.allRead() })
	if x == nil {
		return
	}
	x.down = 0
	require.NoError(m, x.far.Abort())
	x.busy = m.start(func() error { m.accepted(x); return nil })
	for x.down >= 0 && !x.closed {
		require.True(m, m.ask(patienceOfTests), "it reconnects")
	}
	if x.busy != nil {
		require.NoError(m, m.await(x.busy))
		x.busy = nil
	}
}

// upgrade makes a plain connection one with TLS.
func (m *kinds) upgrade() {
	if m.tls != 0 {
		return
	}
	x := m.some(func(x *actor) bool { return !x.upgraded && x.allRead() && !x.full })
	if x == nil {
		return
	}
	x.handshaking, x.upgraded = true, true
	x.reconnects = false
	far := x.far
	require.NoError(m, x.s.SetOption(option.Reconnect, 0))
	require.NoError(m, x.s.StartTLS(RoleServer, 0))
	x.busy = m.start(func() error { return far.StartTLS(RoleClient, patienceOfTests) })
}

// ask takes events and compares them with the model.
func (m *kinds) ask(timeout time.Duration) bool {
	e, reported := m.rig.within(timeout)
	for ; reported; e, reported = m.rig.within(0) {
		m.seen[e.Kind]++
		m.check(e)
		if timeout > 0 && len(m.waiting) == 0 {
			return true
		}
	}
	return false
}

func (m *kinds) check(e Event) {
	if e.Kind == EventTimer {
		return // checked where it was fetched: it may have been stopped since
	}
	if e.Kind == EventAccepted {
		m.checkAccepted(e)
		return
	}
	x := m.of(e.Socket)
	if x.closed {
		return // fetched before it was closed
	}
	require.True(m, x.attached, "%+v", e)
	require.False(m, x.ended, "%+v after the end of %+v", e, x)
	switch e.Kind {
	case EventConnected:
		require.True(m, x.connecting && x.end == 0)
		x.connecting, x.open = false, true
	case EventMessage:
		require.Less(m, x.reported, len(x.sent), "%+v", e)
		require.Equal(m, len(x.sent[x.reported]), int(e.Value))
		x.reported++
	case EventWritable:
		require.True(m, x.full)
		x.full = false
	case EventTLSDone:
		require.True(m, x.handshaking)
		x.handshaking = false
	case EventReconnecting:
		require.GreaterOrEqual(m, x.down, 0)
		x.down++
	case EventReconnected:
		require.Positive(m, x.down)
		x.down = -1
	case EventUnsure, EventDropped:
		require.Positive(m, x.down)
	default:
		m.checkEnd(x, e)
	}
	if x.busy != nil && !x.full && !x.handshaking && x.down < 0 {
		require.NoError(m, m.await(x.busy), "%+v", x)
		x.busy = nil
	}
}

func (m *kinds) checkEnd(x *actor, e Event) {
	require.Equal(m, x.end, e.Kind, "%+v of %+v", e, x)
	require.NotZero(m, x.end, "%+v", e)
	require.True(m, x.allReported(), "all messages come before: %+v of %+v", e, x)
	x.ended = true
}

func (m *kinds) checkAccepted(e Event) {
	require.Equal(m, m.server.ID(), e.Value)
	s := m.socketOf(e)
	end, err := s.Peer()
	require.NoError(m, err)
	x := m.expected[end.String()]
	require.NotNil(m, x, "%+v", e)
	delete(m.expected, end.String())
	x.s, x.open, x.attached = s, true, true
	m.actors = append(m.actors, x)
}

func (m *kinds) of(id int32) *actor {
	for _, x := range m.actors {
		if x.s.ID() == id {
			return x
		}
	}
	require.Fail(m, "no such socket")
	return nil
}

// finish ends all conversations; everything that the model expects must come.
func (m *kinds) finish() {
	m.settle()
	for _, x := range m.actors {
		if x.open && !x.closed && x.end == 0 {
			if x.reconnects {
				require.NoError(m, x.s.SetOption(option.Reconnect, 0))
			}
			require.NoError(m, x.far.Close())
			x.end = EventPeerClosed
		}
	}
	m.settle()
	for _, x := range m.actors {
		require.True(m, x.closed || x.ended && x.allRead() || x.end == EventError, "%+v", x)
	}
	for _, t := range m.timers {
		t.Stop()
	}
	m.waiting = nil
	m.silent()
}

// settle takes events until nothing more is expected.
func (m *kinds) settle() {
	expects := func() bool {
		for _, x := range m.actors {
			for x.reported > x.read && !x.closed {
				m.readOne(x)
			}
			if !x.closed && (x.connecting && x.end == 0 || x.full || x.handshaking || x.down >= 0 || x.busy != nil || x.end != 0 && !x.ended || !x.allReported()) {
				return true
			}
		}
		return len(m.expected) > 0
	}
	for expects() {
		require.True(m, m.ask(patienceOfTests), "an event")
	}
}
