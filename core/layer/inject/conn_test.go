package inject

import (
	"bytes"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"wdsocket/core/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 30 * time.Second

// base is what a Conn stands on: Read gives what is there, Write keeps the pieces.
type base struct {
	in   []byte
	most int // of one Read, 0: no limit

	mu     sync.Mutex
	wrote  [][]byte
	broken error
	kept   int
	drains int
}

func (b *base) Read(p []byte) (int, error) {
	if len(b.in) == 0 {
		return 0, fault.New(fault.Timeout, fault.PhaseRead, "")
	}
	if b.most > 0 {
		p = p[:min(len(p), b.most)]
	}
	n := copy(p, b.in)
	b.in = b.in[n:]
	return n, nil
}

func (b *base) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.broken != nil {
		return 0, b.broken
	}
	b.wrote = append(b.wrote, bytes.Clone(p))
	return len(p), nil
}

func (b *base) Unsent() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.kept
}

func (b *base) push() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept = max(b.kept-1, 0)
}

func (b *base) Drain(time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drains++
	return nil
}

func (b *base) pieces() [][]byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([][]byte(nil), b.wrote...)
}

func (b *base) sent() []byte { return bytes.Join(b.pieces(), nil) }

// rig is a Conn on a base.
type rig struct {
	*Conn
	base  *base
	cuts  atomic.Int32
	polls bool // the reader does not wait
}

func put(t *testing.T, text string, b *base) *rig {
	t.Helper()
	f, err := Parse(text)
	require.NoError(t, err)
	r := &rig{base: b}
	r.Conn = New(f, Owner{
		Wait: func(until time.Time) error {
			if r.polls || time.Until(until) > patience {
				return fault.New(fault.Timeout, fault.PhaseRead, "")
			}
			time.Sleep(time.Until(until))
			return nil
		},
		Push: b.push,
		Cut:  func() { r.cuts.Add(1) },
	}, "peer")
	assert.True(t, r.Instant())
	assert.Equal(t, fault.PhaseConnect, r.Phase())
	_, err = r.Handshake(b, "")
	require.NoError(t, err)
	t.Cleanup(r.Close)
	return r
}

// read reads until an error comes, and tells the sizes of the pieces.
func (r *rig) read(room int) (got []byte, sizes []int, err error) {
	p := make([]byte, room)
	for {
		n, err := r.Read(p)
		if err != nil {
			return got, sizes, err
		}
		got = append(got, p[:n]...)
		sizes = append(sizes, n)
	}
}

func data(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(i * 7)
	}
	return p
}

func TestNothingIsDone(t *testing.T) {
	r := put(t, "seed=5", &base{in: data(1000)})
	got, sizes, err := r.read(400)
	require.ErrorIs(t, err, fault.Timeout)
	assert.Equal(t, data(1000), got)
	assert.Equal(t, []int{400, 400, 200}, sizes)
	n, err := r.Write(data(100))
	require.NoError(t, err)
	assert.Equal(t, 100, n)
	n, err = r.Write(nil)
	assert.NoError(t, err)
	assert.Zero(t, n)
	n, err = r.Read(nil)
	assert.NoError(t, err)
	assert.Zero(t, n)
	assert.Equal(t, [][]byte{data(100)}, r.base.pieces())
	assert.False(t, r.Pending())
	assert.Nil(t, r.Leftover())
	assert.Zero(t, r.Stopped())
	require.NoError(t, r.Drain(farAway))
	assert.Equal(t, 1, r.base.drains)
	require.NoError(t, r.CloseWrite())
}

func TestPieces(t *testing.T) {
	r := put(t, "partial=3..9 seed=1", &base{in: data(1000)})
	got, sizes, _ := r.read(400)
	assert.Equal(t, data(1000), got)
	different := map[int]bool{}
	for _, n := range sizes[:len(sizes)-1] {
		assert.True(t, n >= 3 && n <= 9, n)
		different[n] = true
	}
	assert.Len(t, different, 7)
	_, err := r.Write(data(1000))
	require.NoError(t, err)
	assert.Equal(t, data(1000), r.base.sent())
	for i, p := range r.base.pieces() {
		assert.True(t, len(p) <= 9 && (len(p) >= 3 || i == len(r.base.pieces())-1))
	}
}

// The same seed does the same to the same calls; damage depends on the place in
// the stream alone.
func TestTheSameSeedDoesTheSame(t *testing.T) {
	run := func(text string, most int) (received []byte, sizes []int, pieces [][]byte) {
		r := put(t, text, &base{in: data(5000), most: most})
		received, sizes, _ = r.read(300)
		for i := range 10 {
			_, err := r.Write(data(100 * (i + 1)))
			require.NoError(t, err)
		}
		return received, sizes, r.base.pieces()
	}
	const text = "corrupt=0.01 partial=1..50 "
	in, sizes, out := run(text+"seed=7", 0)
	for range 3 {
		in2, sizes2, out2 := run(text+"seed=7", 0)
		assert.Equal(t, in, in2)
		assert.Equal(t, sizes, sizes2)
		assert.Equal(t, out, out2)
	}
	in3, _, out3 := run(text+"seed=8", 0)
	assert.NotEqual(t, in, in3)
	assert.NotEqual(t, out, out3)
	in4, _, _ := run(text+"seed=7", 3)
	assert.Equal(t, in, in4, "however the bytes come")
	in5, _, out5 := run("corrupt=0.01 seed=7", 0)
	assert.Equal(t, in, in5)
	assert.Equal(t, bytes.Join(out, nil), bytes.Join(out5, nil))
}

func TestDamage(t *testing.T) {
	for rate, bounds := range map[string][2]int{"0": {0, 0}, "0.01": {500, 1500}, "0.5": {48000, 52000}, "1": {100000, 100000}, "1e-300": {0, 0}} {
		r := put(t, "corrupt="+rate+" seed=3", &base{in: data(100000)})
		got, _, _ := r.read(777)
		wrong := 0
		for i, b := range data(100000) {
			if got[i] != b {
				wrong++
			}
		}
		assert.True(t, wrong >= bounds[0] && wrong <= bounds[1], "%s: %d", rate, wrong)
		own := data(1000)
		_, err := r.Write(own)
		require.NoError(t, err)
		assert.Equal(t, data(1000), own, "the caller's bytes stay")
	}
}

func TestCut(t *testing.T) {
	r := put(t, "receive:cut=100", &base{in: data(1000)})
	got, _, err := r.read(30)
	require.ErrorIs(t, err, fault.Reset)
	assert.Equal(t, data(100), got)
	assert.False(t, r.Idle(), "the reset comes without anything from below")
	assert.EqualValues(t, 1, r.cuts.Load())

	r = put(t, "send:cut=100", new(base))
	n, err := r.Write(data(60))
	require.NoError(t, err)
	assert.Equal(t, 60, n)
	assert.Zero(t, r.cuts.Load())
	n, err = r.Write(data(60))
	require.NoError(t, err)
	assert.Equal(t, 60, n)
	assert.EqualValues(t, 1, r.cuts.Load())
	assert.Equal(t, append(data(60), data(40)...), r.base.sent())
	_, err = r.Write(data(1))
	require.ErrorIs(t, err, fault.Reset)
	require.NoError(t, r.CloseWrite())

	r = put(t, "cut=0", &base{in: data(10)})
	_, err = r.Read(make([]byte, 1))
	require.ErrorIs(t, err, fault.Reset)
	_, err = r.Write(data(1))
	require.ErrorIs(t, err, fault.Reset)
	assert.Empty(t, r.base.sent())

	r = put(t, "send:cut=10 send:delay=1", new(base)) // by the task
	_, err = r.Write(data(100))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return r.cuts.Load() == 1 }, patience, time.Millisecond)
	assert.Equal(t, data(10), r.base.sent())
}

func TestADelayedRead(t *testing.T) {
	r := put(t, "receive:delay=40 partial=50", &base{in: data(100)})
	r.polls = true
	began := time.Now()
	p := make([]byte, 100)
	_, err := r.Read(p)
	require.ErrorIs(t, err, fault.Timeout, "the caller's time is over")
	until := r.Stopped()
	assert.False(t, until.Before(began.Add(40*time.Millisecond)))
	assert.False(t, r.Pending())
	assert.False(t, r.Idle())
	require.Eventually(t, func() bool { return time.Now().After(until) }, patience, time.Millisecond)
	assert.Equal(t, until, r.Stopped(), "whoever did not wait for it asks late")
	r.polls = false
	n, err := r.Read(p)
	require.NoError(t, err)
	assert.Equal(t, data(50), p[:n])
	assert.False(t, time.Now().Before(until))
	r.polls = true
	_, err = r.Read(p)
	require.ErrorIs(t, err, fault.Timeout)
	r.polls = false
	n, err = r.Read(p[:10])
	require.NoError(t, err)
	assert.True(t, r.Pending(), "the rest of the piece")
	assert.Zero(t, r.Stopped())
	assert.False(t, r.Idle())
	assert.Equal(t, data(100)[50:60], p[:n])
	n, err = r.Read(p)
	require.NoError(t, err)
	assert.Equal(t, 40, n)
	assert.True(t, r.Idle())
}

func TestAStalledRead(t *testing.T) {
	r := put(t, "receive:stall=100", &base{in: data(200)})
	for range 3 {
		got, _, err := r.read(1000)
		require.ErrorIs(t, err, fault.Timeout)
		assert.True(t, bytes.HasPrefix(data(200), got))
		assert.Equal(t, farAway, r.Stopped())
		assert.False(t, r.Idle())
	}
	assert.Len(t, r.base.in, 100)

	r = put(t, "receive:stall=100/30", &base{in: data(200)})
	began := time.Now()
	got, sizes, _ := r.read(1000)
	assert.Equal(t, data(200), got)
	assert.Equal(t, []int{100, 100}, sizes)
	assert.GreaterOrEqual(t, time.Since(began), 30*time.Millisecond)
}

// What is late is passed on by a task, whole and in its order.
func TestADelayedWrite(t *testing.T) {
	r := put(t, "send:delay=1..20 send:partial=1..100 seed=2", new(base))
	began := time.Now()
	for i := range 10 {
		_, err := r.Write(data(1000)[i*100 : i*100+100])
		require.NoError(t, err)
	}
	assert.Positive(t, r.Unsent())
	require.NoError(t, r.Drain(farAway))
	assert.Equal(t, data(1000), r.base.sent())
	assert.GreaterOrEqual(t, time.Since(began), 2*time.Millisecond)
	assert.Zero(t, r.Unsent())
}

func TestDrainWithoutTime(t *testing.T) {
	r := put(t, "send:delay=25000", new(base))
	_, err := r.Write(data(10))
	require.NoError(t, err)
	require.ErrorIs(t, r.Drain(time.Now().Add(5*time.Millisecond)), fault.Timeout)
	r.polls = true
	require.ErrorIs(t, r.Drain(farAway), fault.Timeout)
	assert.Empty(t, r.base.sent())
	require.NoError(t, r.CloseWrite())
	assert.Equal(t, data(10), r.base.sent(), "an end brings it out")
}

func TestAStalledWrite(t *testing.T) {
	r := put(t, "send:stall=100 send:delay=1", new(base))
	_, err := r.Write(data(200))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return len(r.base.sent()) == 100 }, patience, time.Millisecond)
	for range mostHeld >> 20 {
		_, err = r.Write(make([]byte, 1<<20))
	}
	require.ErrorIs(t, err, fault.Memory)
	assert.Contains(t, err.Error(), "WDS_TEXT_FAULTS")
	require.NoError(t, r.CloseWrite())
	assert.Equal(t, data(100), r.base.sent(), "it is lost")
	assert.Zero(t, r.Unsent())

	r = put(t, "send:stall=100/30", new(base))
	began := time.Now()
	_, err = r.Write(data(200))
	require.NoError(t, err)
	assert.Equal(t, data(100), r.base.sent())
	require.Eventually(t, func() bool { return len(r.base.sent()) == 200 }, patience, time.Millisecond)
	assert.GreaterOrEqual(t, time.Since(began), 30*time.Millisecond)
	_, err = r.Write(data(5))
	require.NoError(t, err)
	assert.Len(t, r.base.sent(), 205, "a stall comes once")
}

// The task sends on what the system did not take at once.
func TestWhatIsKeptIsPushed(t *testing.T) {
	r := put(t, "send:delay=1", &base{kept: 3})
	_, err := r.Write(data(1))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return r.base.Unsent() == 0 }, patience, time.Millisecond)
}

func TestAConnectionThatIsOver(t *testing.T) {
	broken := fault.New(fault.Reset, fault.PhaseWrite, "below")
	r := put(t, "send:delay=1", &base{broken: broken})
	_, err := r.Write(data(1))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return r.Unsent() == 0 }, patience, time.Millisecond)
	require.NoError(t, r.CloseWrite())

	r = put(t, "partial=1", &base{broken: broken})
	_, err = r.Write(data(10))
	require.ErrorIs(t, err, broken.Code)
	assert.Zero(t, r.Unsent())

	r = put(t, "send:delay=500000", new(base))
	_, err = r.Write(data(1))
	require.NoError(t, err)
	r.Close()
	_, err = r.Write(data(1))
	require.ErrorIs(t, err, fault.Reset)
	require.NoError(t, r.CloseWrite())
	assert.Empty(t, r.base.sent(), "nothing below is touched any more")
}

// One reads and one writes at once, with everything that can be done.
func TestBothDirectionsAtOnce(t *testing.T) {
	r := put(t, "delay=0..2 partial=1..200 stall=700/5 seed=9", &base{in: data(3000)})
	var both sync.WaitGroup
	both.Go(func() {
		got, _, _ := r.read(100)
		assert.Equal(t, data(3000), got)
	})
	both.Go(func() {
		for i := range 30 {
			_, err := r.Write(data(3000)[i*100 : i*100+100])
			assert.NoError(t, err)
			r.Unsent()
		}
	})
	both.Wait()
	require.Eventually(t, func() bool { return len(r.base.sent()) == 3000 }, patience, time.Millisecond)
	assert.Equal(t, data(3000), r.base.sent())
}

func TestAnOwnerOfNothing(t *testing.T) {
	f, err := Parse("cut=1 send:delay=1")
	require.NoError(t, err)
	c := New(f, Owner{}, "peer")
	b := &base{in: data(2), kept: 1}
	_, err = c.Handshake(b, "")
	require.NoError(t, err)
	_, err = c.Read(make([]byte, 5))
	require.NoError(t, err)
	_, err = c.Read(make([]byte, 5))
	require.ErrorIs(t, err, fault.Reset)
	_, err = c.Write(data(1))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return len(b.pieces()) == 1 }, patience, time.Millisecond)
	_, err = c.Write(data(1))
	require.ErrorIs(t, err, fault.Reset, fmt.Sprint(f))
	c.Close()
}
