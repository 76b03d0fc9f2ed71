package resendlog

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTheLogAgreesWithAllThatWasWritten does random things with a log and compares it
// with all that was written.
func TestTheLogAgreesWithAllThatWasWritten(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 5))
	for range 60 {
		m := model{T: t, rng: rng, overhead: int64(rng.IntN(2) * 22), large: rng.IntN(4) == 0}
		m.log.Start(0)
		for range 300 {
			m.step()
		}
		m.breaks()
		m.log.Ack(m.sent)
		require.Empty(t, m.log.entries)
		require.Empty(t, m.log.data)
	}
}

type model struct {
	*testing.T
	rng      *rand.Rand
	log      Log
	overhead int64 // of TLS for each write
	large    bool

	written     []message // all, message 1 first
	sent, acked int64     // of this connection
	came        int64     // from the peer
}

type message struct {
	text string
	kept bool
	end  int64 // in this connection, 0: it is not in it
	gone bool  // told to be lost
	over bool  // something came behind it, in this connection
}

func (m *model) step() {
	switch m.rng.IntN(10) {
	case 0:
		m.acked += m.rng.Int64N(m.sent - m.acked + 1)
	case 1:
		if m.rng.IntN(20) == 0 {
			m.breaks()
		}
	case 2:
		m.log.Ack(m.acked)
	case 3:
		m.came++
		for i := range m.written {
			m.written[i].over = m.written[i].end > 0
		}
	default:
		m.write()
	}
}

func (m *model) write() {
	text := strconv.Itoa(len(m.written)+1) + ";"
	if m.large {
		text += string(bytes.Repeat([]byte("x"), m.rng.IntN(200_000)))
	}
	x := message{text: text, kept: m.rng.IntN(3) > 0}
	m.sent += int64(len(text)) + m.overhead
	x.end = m.sent
	m.written = append(m.written, x)
	m.log.NoteReceived(m.came)
	if !x.kept {
		m.log.Add(m.sent)
		return
	}
	most := 1 << 30
	require.True(m, m.log.HasRoom(len(text), most, func() int64 { return m.acked }))
	m.log.Keep([]byte(text[:1]), []byte(text[1:]))
	m.log.Sent(m.sent)
}

// breaks ends the connection and begins another one.
func (m *model) breaks() {
	m.log.Ack(m.acked)
	m.log.NoteReceived(m.came)
	orderly := m.rng.IntN(2) == 0
	unsure := m.log.Uncertain(m.acked, orderly)
	lost := map[int64]bool{}
	for _, sp := range m.log.ReportLost(false) {
		for i := range int64(sp.Count) {
			lost[sp.First+i] = true
		}
	}
	in := func(n int64) bool { return n >= unsure.First && n < unsure.First+int64(unsure.Count) }
	var again []string
	for i := range m.written {
		x, n := &m.written[i], int64(i+1)
		switch {
		case x.end == 0: // of an earlier connection
			require.False(m, lost[n], "told once")
			require.False(m, in(n) && !x.gone, "message %d was settled with an earlier connection", n)
		case x.end > m.acked && !x.kept:
			require.True(m, lost[n], "message %d is not told", n)
			x.end, x.gone = 0, true // it may stand among others that are not
		case x.end > m.acked:
			require.False(m, lost[n])
			require.False(m, in(n))
			again = append(again, x.text)
		default:
			require.False(m, lost[n])
			answered := orderly && x.over
			require.True(m, x.end <= m.acked-MaxPeerUnread || in(n) || answered, "message %d may be unread", n)
			require.False(m, answered && in(n), "message %d was answered", n)
			x.end = 0
		}
		x.over = false
	}
	var got []byte
	m.sent, m.acked = 100, 100 // a handshake
	single := m.overhead > 0
	require.NoError(m, m.log.Replay(single, func(p []byte) (int64, error) {
		got = append(got, p...)
		m.sent += int64(len(p)) + m.overhead
		return m.sent, nil
	}))
	require.Equal(m, string(bytes.Join(texts(again), nil)), string(got))
	m.noteEnds()
}

// noteEnds notes where the messages that were written again end.
func (m *model) noteEnds() {
	end := int64(100)
	for i := range m.written {
		x := &m.written[i]
		if x.end == 0 {
			continue
		}
		end += int64(len(x.text)) + m.overhead
		x.end = end
	}
}

func texts(all []string) (out [][]byte) {
	for _, s := range all {
		out = append(out, []byte(s))
	}
	return out
}

func TestTheLogIsBounded(t *testing.T) {
	var l Log
	msg := make([]byte, 1000)
	asked := 0
	acked := int64(0)
	ask := func() int64 { asked++; return acked }
	end := int64(0)
	taken := 0
	for l.HasRoom(len(msg), 10_000, ask) {
		l.Keep(msg)
		end += int64(len(msg))
		l.Sent(end)
		taken++
	}
	require.Equal(t, 10, taken)
	acked = end - 1
	require.True(t, l.HasRoom(len(msg), 10_000, ask))
	acked = 0
	asked = 0
	for range 100_000 { // all is acknowledged at once: hardly ever asked
		acked = end
		require.True(t, l.HasRoom(len(msg), 10_000, ask))
		l.Keep(msg)
		end += int64(len(msg))
		l.Sent(end)
	}
	require.Less(t, asked, 50_000)
	require.LessOrEqual(t, cap(l.data), 64<<10)
	require.LessOrEqual(t, len(l.checkpoints), 2*maxCheckpoints)
	for range 100_000 {
		end += 100_000
		l.Add(end)
		require.LessOrEqual(t, len(l.checkpoints), 2*maxCheckpoints+1)
	}
}
