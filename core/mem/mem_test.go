package mem

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const moment = 20 * time.Second

func newBudget(limit int64) *Budget {
	b := new(Budget)
	b.Init(limit, func() bool { return false }, nil)
	return b
}

// bufferOf is a buffer that holds a text.
func bufferOf(budget *Budget, text string) *Buffer {
	b := new(Buffer)
	b.Init(budget)
	for text != "" {
		room := b.Room()
		if room == nil {
			budget.ForceReserve(b.Size())
			b.Grow()
			continue
		}
		n := copy(room, text)
		b.Filled(n, len(room))
		text = text[n:]
	}
	return b
}

func TestABufferHasMemoryForWhatItHolds(t *testing.T) {
	budget := newBudget(1 << 20)
	text := strings.Repeat("0123456789", 5000)
	b := bufferOf(budget, text)
	require.True(t, string(b.Bytes()) == text)
	assert.Equal(t, int64(b.Size()), budget.Used())
	assert.Equal(t, 64<<10, b.Size())

	b.Consume(30_000)
	require.True(t, string(b.Bytes()) == text[30_000:])
	b.Append([]byte(text))
	require.True(t, string(b.Bytes()) == text[30_000:]+text)
	assert.Equal(t, int64(b.Size()), budget.Used())

	b.MarkGrowing(7)
	b.SetReservedPast(11)
	assert.Equal(t, int64(7), b.GrowingSince())
	assert.Equal(t, 11, b.ReservedPast())

	other := new(Buffer)
	other.Init(budget)
	other.TakeOver(b)
	assert.Zero(t, b.Len()+b.Size())
	assert.Equal(t, int64(7), other.GrowingSince())

	other.Shrink(10)
	assert.Equal(t, text[30_000:30_010], string(other.Bytes()))
	assert.Equal(t, SmallestBlock, other.Size())
	assert.Zero(t, other.GrowingSince())
	assert.Equal(t, int64(SmallestBlock), budget.Used())

	other.Truncate(3)
	assert.Equal(t, text[30_000:30_003], string(other.Bytes()))
	other.Consume(3)
	assert.Zero(t, other.Size())
	assert.Zero(t, budget.Used())
}

func TestARoomThatIsFullGrowsWhenItIsTold(t *testing.T) {
	b := bufferOf(newBudget(1<<20), strings.Repeat("x", SmallestBlock-1))
	require.Nil(t, b.Room())
	b.Consume(100)
	require.Len(t, b.Room(), 100)
	b.Drop()
}

func TestAMessageStandsInItsBlockWithAZeroBehind(t *testing.T) {
	budget := newBudget(1 << 20)
	for _, text := range []string{"<abc>de", "<abc>" + strings.Repeat("d", 50)} { // the message moves, or the rest
		b := bufferOf(budget, text)
		m := b.TakeMessage(1, 3, 5)
		assert.Equal(t, "abc", string(m.Bytes()))
		assert.Equal(t, "abc\x00", string(m.Memory()[m.Offset():m.Offset()+4]))
		assert.Equal(t, text[5:], string(b.Bytes()))
		m.Truncate(2)
		assert.Equal(t, "ab\x00", string(m.Memory()[m.Offset():m.Offset()+3]))
		m.Free()
		b.Drop()
		assert.Zero(t, budget.Used())
	}
}

func TestAMessageMayBeEmpty(t *testing.T) {
	budget := newBudget(1 << 20)
	m := NewMessage(budget, 0)
	assert.Empty(t, m.Bytes())
	assert.Equal(t, byte(0), m.Memory()[m.Offset()])
	m.Free()
	assert.Zero(t, budget.Used())
}

func TestBlocksAreOfTheSizeThatIsSaid(t *testing.T) {
	for _, n := range []int{0, 1, SmallestBlock, SmallestBlock + 1, 1 << 20, 1<<20 + 1, 5 << 20} {
		bl := NewBlock(n)
		assert.Len(t, bl.Bytes(), BlockSize(n), "%d", n)
		assert.GreaterOrEqual(t, BlockSize(n), n)
		bl.Recycle()
	}
}

func TestAReaderAboveItsShareComesBehindThoseWithin(t *testing.T) {
	b := newBudget(1 << 20)
	require.True(t, b.Reserve(1<<20))
	require.False(t, b.Reserve(1))
	woken := make(chan string, 2)
	claim := func(name string) *Claim {
		return &Claim{Wake: func() { woken <- name }, Withdrawn: func() bool { return false }}
	}
	large, small := claim("large"), claim("small")
	b.Request(large, 512<<10, 256<<10)
	b.Request(small, SmallestBlock, SmallestBlock)
	require.True(t, b.Waiting())
	b.Release(256 << 10)
	require.Equal(t, "small", next(t, woken))
	b.Request(small, SmallestBlock, SmallestBlock)
	require.False(t, b.ReserveFair(64<<10, 256<<10), "while a reader within its share waits")
	require.True(t, b.ReserveFair(SmallestBlock, SmallestBlock))
	b.Withdraw(small)
	require.True(t, b.ReserveFair(64<<10, 256<<10))
	b.Release(512 << 10)
	require.Equal(t, "large", next(t, woken))
	require.False(t, b.Waiting())
}

func next(t *testing.T, woken <-chan string) string {
	select {
	case name := <-woken:
		return name
	case <-time.After(moment):
		require.Fail(t, "no claim was woken")
		return ""
	}
}
