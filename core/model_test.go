package core

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// TestRandomReading sends random messages in random pieces and takes them with
// random calls; a queue of what was sent is the model.
func TestRandomReading(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	overModes(t, wholeModes(), func(k *kit, m modeCase) {
		if m.fixed > 1000 {
			return
		}
		rng := rand.New(rand.NewPCG(seed, 1))
		s, p := k.raw(k, must(k, m.set))
		messages, stream := randomMessages(rng, m)
		feed := k.start(func() error { return sendInPieces(p, rand.New(rand.NewPCG(seed, 2)), stream) })
		r := &randomReader{k: k, s: s, rng: rng, left: messages, buf: make([]byte, 1<<18)}
		for len(r.left) > 0 {
			r.step()
		}
		require.NoError(k, k.await(feed))
		_, err := s.Read(r.buf, 0)
		k.fails(err, fault.Timeout)
	})
}

func randomMessages(rng *rand.Rand, m modeCase) (messages [][]byte, stream []byte) {
	for range 60 {
		size := rng.IntN(40)
		switch rng.IntN(10) {
		case 0:
			size = rng.IntN(50000)
		case 1, 2:
			size = rng.IntN(5000)
		}
		if m.fixed > 0 {
			size = m.fixed
		}
		msg := m.message(size)
		messages = append(messages, []byte(msg))
		stream = append(stream, m.wire(msg)...)
	}
	return messages, stream
}

func sendInPieces(p *peer, rng *rand.Rand, stream []byte) error {
	for len(stream) > 0 {
		n := 1 + rng.IntN(20)
		if rng.IntN(4) == 0 {
			n = 1 + rng.IntN(20000)
		}
		n = min(n, len(stream))
		if _, err := p.Write(stream[:n]); err != nil {
			return err
		}
		stream = stream[n:]
		if rng.IntN(20) == 0 {
			time.Sleep(time.Duration(rng.IntN(300)) * time.Microsecond)
		}
	}
	return nil
}

type randomReader struct {
	k    *kit
	s    *Socket
	rng  *rand.Rand
	left [][]byte // the model: what must come
	buf  []byte
}

// step makes one call and compares it with the model.
func (r *randomReader) step() {
	next := r.left[0]
	timeout := []time.Duration{0, time.Microsecond, time.Millisecond, patienceOfTests}[r.rng.IntN(4)]
	switch r.rng.IntN(6) {
	case 0:
		if n, err := r.s.Size(timeout); r.came(err) {
			require.Equal(r.k, len(next), n)
		}
	case 1:
		if len(next) == 0 {
			return
		}
		_, err := r.s.Read(r.buf[:r.rng.IntN(len(next))], timeout)
		if fault.CodeOf(err) != fault.Timeout {
			r.k.fails(err, fault.Buffer)
		}
	case 2:
		r.many(timeout)
	case 3:
		if m, err := r.s.ReadMessage(timeout); r.came(err) {
			r.took([]byte(lent(m)))
		}
	case 4:
		n, err := r.s.Available()
		require.NoError(r.k, err)
		total := 0
		for _, msg := range r.left {
			if total == n {
				return
			}
			total += len(msg)
		}
		require.Equal(r.k, n, total, "the sum of the next messages")
	default:
		if n, err := r.s.Read(r.buf, timeout); r.came(err) {
			r.took(r.buf[:n])
		}
	}
}

func (r *randomReader) many(timeout time.Duration) {
	lengths := make([]int32, 1+r.rng.IntN(10))
	n, err := r.s.ReadMany(r.buf[:min(len(r.left[0])+r.rng.IntN(3000), len(r.buf))], lengths, timeout)
	if !r.came(err) {
		return
	}
	at := 0
	for _, length := range lengths[:n] {
		r.took(r.buf[at : at+int(length)])
		at += int(length)
	}
}

// came tells whether something came; nothing else may be wrong.
func (r *randomReader) came(err error) bool {
	if err != nil {
		r.k.fails(err, fault.Timeout)
	}
	return err == nil
}

func (r *randomReader) took(msg []byte) {
	require.True(r.k, bytes.Equal(r.left[0], msg), "%d bytes, not the %d that are next", len(msg), len(r.left[0]))
	r.left = r.left[1:]
}
