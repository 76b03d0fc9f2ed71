package core

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// modelled is a socket and what the model knows of it.
type modelled struct {
	s        *Socket
	p        *peer
	unread   []string // sent and not read, in order
	reported int      // of them, since it was attached
	attached bool
	closed   bool // the peer has closed
	ended    bool // which was told, since it was attached
}

// TestRandomEvents does random things with sockets in a queue and compares what
// is told with a model.
func TestRandomEvents(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	overQueues(t, func(r *rig) {
		m := &queueModel{rig: r, rng: rand.New(rand.NewPCG(seed, 3))}
		modes := []func(*Socket) error{inMode(frame.Size, ""), inMode(frame.EndTag, "\n"), inMode(frame.Markers, "")}
		wires := []func(string) string{modeCases()[0].wire, func(s string) string { return s + "\n" },
			func(s string) string { return "\x02" + s + "\x03" }}
		for i := range 6 {
			s, p := r.raw(r.kit, must(r, modes[i%3]))
			r.know(s)
			m.all = append(m.all, &modelled{s: s, p: p})
			m.wires = append(m.wires, wires[i%3])
		}
		for range 1500 {
			m.step()
		}
		m.finish()
	})
}

type queueModel struct {
	*rig
	rng   *rand.Rand
	all   []*modelled
	wires []func(string) string
}

func (m *queueModel) step() {
	i := m.rng.IntN(len(m.all))
	x := m.all[i]
	switch m.rng.IntN(12) {
	case 0, 1, 2:
		m.send(i)
	case 3, 4, 5:
		m.ask([]time.Duration{0, time.Millisecond}[m.rng.IntN(2)])
	case 6, 7, 8:
		if x.reported > 0 {
			m.read(x, forever)
		}
	case 9:
		m.attachOrDetach(x)
	case 10:
		if !x.attached && len(x.unread) > 0 {
			m.read(x, patienceOfTests)
		} else {
			require.NoError(m, x.s.SetOption(option.UserNumber, int32(m.rng.IntN(100))))
		}
	case 11:
		if m.rng.IntN(40) == 0 && !x.closed {
			require.NoError(m, x.p.Close())
			x.closed = true
		}
	}
}

// send writes some messages, in pieces.
func (m *queueModel) send(i int) {
	x := m.all[i]
	if x.closed || len(x.unread) > 100 {
		return
	}
	var stream []byte
	for range 1 + m.rng.IntN(5) {
		msg := modeCase{}.message(m.rng.IntN(300))
		x.unread = append(x.unread, msg)
		stream = append(stream, m.wires[i](msg)...)
	}
	require.NoError(m, sendInPieces(x.p, m.rng, stream))
}

// ask takes events and compares them with the model.
func (m *queueModel) ask(timeout time.Duration) bool {
	out := make([]Event, 1+m.rng.IntN(8))
	n, err := m.q.Next(out, timeout)
	if err != nil {
		m.fails(err, fault.Timeout)
		return false
	}
	for _, e := range out[:n] {
		x := m.of(e.Socket)
		require.True(m, x.attached, "%+v", e)
		require.False(m, x.ended, "%+v after the end", e)
		switch e.Kind {
		case EventMessage:
			require.Less(m, x.reported, len(x.unread))
			require.Equal(m, len(x.unread[x.reported]), int(e.Value))
			x.reported++
		case EventPeerClosed:
			require.True(m, x.closed)
			require.Equal(m, len(x.unread), x.reported, "all messages come before")
			x.ended = true
		default:
			require.Fail(m, "unexpected", "%+v", e)
		}
	}
	return true
}

func (m *queueModel) of(id int32) *modelled {
	for _, x := range m.all {
		if x.s.ID() == id {
			return x
		}
	}
	require.Fail(m, "no such socket")
	return nil
}

func (m *queueModel) read(x *modelled, timeout time.Duration) {
	n, err := x.s.Read(m.buf, timeout)
	require.NoError(m, err)
	require.Equal(m, x.unread[0], string(m.buf[:n]))
	x.unread = x.unread[1:]
	x.reported = max(x.reported-1, 0)
}

func (m *queueModel) attachOrDetach(x *modelled) {
	if x.attached {
		require.NoError(m, x.s.Detach())
	} else {
		require.NoError(m, m.q.Attach(x.s, false))
	}
	x.attached, x.reported, x.ended = !x.attached, 0, false
}

// finish lets everything come that must.
func (m *queueModel) finish() {
	for _, x := range m.all {
		if !x.attached {
			m.attachOrDetach(x)
		}
		if !x.closed {
			require.NoError(m, x.p.Close())
			x.closed = true
		}
	}
	for left := true; left; {
		left = false
		for _, x := range m.all {
			for x.reported > 0 {
				m.read(x, forever)
			}
			left = left || !x.ended
		}
		if left {
			require.True(m, m.ask(patienceOfTests), "an event")
		}
	}
	require.False(m, m.ask(moment))
}
