package handles

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

const other Kind = 2

// object is what the tests put into a table: it knows its handle.
type object struct{ handle int32 }

func newObject(h int32) any { return &object{h} }

func add(t testing.TB, table *Table, name string, kind Kind) int32 {
	t.Helper()
	h, err := table.Add(name, kind, newObject)
	require.NoError(t, err)
	require.Positive(t, h)
	return h
}

func TestAddGetRemove(t *testing.T) {
	table := NewTable()
	h := add(t, table, "", Socket)

	for _, kind := range []Kind{Socket, Any} {
		got, err := table.Get(h, kind)
		require.NoError(t, err)
		assert.Equal(t, h, got.(*object).handle)
	}
	_, err := table.Get(h, other)
	assert.ErrorIs(t, err, fault.Kind)
	assert.ErrorContains(t, err, fmt.Sprintf("#%d", h))
	_, err = table.Remove(h, other)
	assert.ErrorIs(t, err, fault.Kind)

	got, err := table.Remove(h, Socket)
	require.NoError(t, err)
	assert.Equal(t, h, got.(*object).handle)
	_, err = table.Get(h, other)
	assert.ErrorIs(t, err, fault.Handle)
	_, err = table.Remove(h, Any)
	assert.ErrorIs(t, err, fault.Handle)
	assert.ErrorContains(t, err, fmt.Sprintf("the handle #%d is not valid: it was closed", h))
}

func TestAnyNumberIsSafe(t *testing.T) {
	table := NewTable()
	h := add(t, table, "", Socket)
	numbers := []int32{0, 1, -1, math.MaxInt32, math.MinInt32, -h, h ^ 1<<indexBits, h ^ 1, h ^ 1<<30}
	for range 10000 {
		if n := rand.Int32() - rand.Int32(); n != h {
			numbers = append(numbers, n)
		}
	}
	for _, n := range numbers {
		_, err := table.Get(n, Any)
		require.ErrorIs(t, err, fault.Handle, "%d", n)
		_, err = table.Remove(n, Any)
		require.ErrorIs(t, err, fault.Handle, "%d", n)
		_, ok := table.Name(n)
		require.False(t, ok)
	}
	_, err := table.Get(h, Socket)
	require.NoError(t, err)
}

// A result that nobody looked at and that is passed on as a handle.
func TestAnErrorPassedAsAHandleIsNamed(t *testing.T) {
	table := NewTable()
	_, err := table.Get(int32(fault.NotFound), Any)
	assert.ErrorContains(t, err, "-17 is not a handle but the error WDS_E_NOT_FOUND")
	_, err = table.Get(-1000, Any)
	assert.ErrorContains(t, err, "the handle #-1000 is not valid: it was closed")
	_, err = table.Get(0, Any)
	assert.ErrorContains(t, err, "the handle #0 is not valid: it was closed")
}

func TestFirstHandlesAreRandom(t *testing.T) {
	seen := map[int32]bool{}
	for range 100 {
		h := add(t, NewTable(), "", Socket)
		seen[h] = true
	}
	assert.Greater(t, len(seen), 95)
}

func TestNames(t *testing.T) {
	table := NewTable()
	named := add(t, table, "Line 1", Socket)
	unnamed := add(t, table, "", Socket)
	queue := add(t, table, "", other)
	long := strings.Repeat("é", 127) + "x"
	add(t, table, long, Socket)

	tests := []struct {
		name string
		want int32
		ok   bool
	}{
		{"Line 1", named, true},
		{"line 1", 0, false},
		{"", 0, false},
		{"#", 0, false},
		{fmt.Sprintf("#%d", unnamed), unnamed, true},
		{fmt.Sprintf("#0%d", unnamed), 0, false},
		{fmt.Sprintf("#+%d", unnamed), 0, false},
		{fmt.Sprintf("# %d", unnamed), 0, false},
		{fmt.Sprintf("#%d", named), 0, false},
		{fmt.Sprintf("#%d", queue), 0, false},
		{"#0", 0, false},
		{"#-1", 0, false},
		{"#99999999999999999999", 0, false},
	}
	for _, tt := range tests {
		h, ok := table.Find(tt.name)
		assert.Equal(t, tt.ok, ok, tt.name)
		assert.Equal(t, tt.want, h, tt.name)
	}

	name, ok := table.Name(named)
	assert.True(t, ok)
	assert.Equal(t, "Line 1", name)
	name, ok = table.Name(unnamed)
	assert.True(t, ok)
	assert.Equal(t, "#"+strconv.Itoa(int(unnamed)), name)

	for _, bad := range []string{"#", "#1", "#x", long + "x"} {
		h, err := table.Add(bad, Socket, newObject)
		assert.ErrorIs(t, err, fault.Argument)
		assert.ErrorContains(t, err, "socket_name")
		assert.Zero(t, h)
	}
	_, err := table.Add("Line 1", other, newObject)
	assert.ErrorIs(t, err, fault.NameTaken)
	assert.ErrorContains(t, err, "Line 1")

	_, err = table.Remove(named, Socket)
	require.NoError(t, err)
	_, ok = table.Find("Line 1")
	assert.False(t, ok)
	_, ok = table.Name(named)
	assert.False(t, ok)
	again := add(t, table, "Line 1", Socket)
	assert.NotEqual(t, named, again)
}

func TestAnObjectIsPublishedWhenItIsFinished(t *testing.T) {
	table := NewTable()
	h, err := table.Add("outer", Socket, func(h int32) any {
		_, err := table.Get(h, Any)
		assert.ErrorIs(t, err, fault.Handle)
		_, ok := table.Find("outer")
		assert.False(t, ok)
		_, ok = table.Name(h)
		assert.False(t, ok)
		assert.Empty(t, table.Handles(Any))
		_, err = table.Add("outer", Socket, newObject)
		assert.ErrorIs(t, err, fault.NameTaken)
		add(t, table, "inner", Socket) // the table may be used
		return newObject(h)
	})
	require.NoError(t, err)
	found, ok := table.Find("outer")
	assert.True(t, ok)
	assert.Equal(t, h, found)
	assert.Equal(t, 2, table.Len(Socket))
}

func TestNothingIsLeftOfAFailedMake(t *testing.T) {
	table := NewTable()
	_, err := table.Add("name", Socket, func(int32) any { return nil })
	assert.ErrorIs(t, err, fault.Internal)
	assert.PanicsWithValue(t, "boom", func() {
		_, _ = table.Add("name", Socket, func(int32) any { panic("boom") })
	})
	assert.Zero(t, table.Len(Any))
	assert.Zero(t, table.taken)
	assert.Equal(t, pageSize*table.grown, table.free)
	add(t, table, "name", Socket)
}

func TestHandlesAndLen(t *testing.T) {
	table := NewTable()
	var sockets, all []int32
	for i := range 1000 {
		kind := Socket
		if i%3 == 0 {
			kind = other
		}
		h := add(t, table, "", kind)
		if i%5 == 0 {
			_, err := table.Remove(h, kind)
			require.NoError(t, err)
			continue
		}
		all = append(all, h)
		if kind == Socket {
			sockets = append(sockets, h)
		}
	}
	assert.Equal(t, sockets, table.Handles(Socket), "the oldest first")
	assert.Equal(t, all, table.Handles(Any))
	assert.Equal(t, len(sockets), table.Len(Socket))
	assert.Equal(t, len(all)-len(sockets), table.Len(other))
	assert.Equal(t, len(all), table.Len(Any))
	assert.Zero(t, table.Len(77))
	assert.Empty(t, table.Handles(77))
}

// A handle must not come back before a million others, with few and with many
// live objects beside it.
func TestReuseDistance(t *testing.T) {
	const distance = 1_000_000
	tests := []struct{ live, rounds int }{
		{0, minFree*maxGeneration + distance/4}, // round the generations once
		{5000, distance + distance/4},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%d live", tt.live), func(t *testing.T) {
			table := NewTable()
			for range tt.live {
				add(t, table, "", Socket)
			}
			last := make(map[int32]int, tt.rounds)
			for i := range tt.rounds {
				h, err := table.Add("", Socket, newObject)
				if err != nil || h <= 0 {
					t.Fatal(h, err)
				}
				if before, ok := last[h]; ok && i-before <= distance {
					t.Fatalf("handle %d again after %d others", h, i-before)
				}
				last[h] = i
				if _, err := table.Remove(h, Socket); err != nil {
					t.Fatal(err)
				}
			}
			assert.Greater(t, len(last), distance)
		})
	}
}

func TestAFullTable(t *testing.T) {
	table := NewTable()
	handles := make([]int32, 0, MaxLive)
	seen := make(map[int32]bool, MaxLive)
	for range MaxLive {
		h, err := table.Add("", Socket, newObject)
		if err != nil || h <= 0 || seen[h] {
			t.Fatal(h, err)
		}
		seen[h] = true
		handles = append(handles, h)
	}
	_, err := table.Add("one more", Socket, newObject)
	require.ErrorIs(t, err, fault.Limit)
	assert.ErrorContains(t, err, strconv.Itoa(MaxLive))
	_, ok := table.Find("one more")
	assert.False(t, ok)
	assert.Equal(t, handles, table.Handles(Any))

	for i := range 1000 { // full, and one changes all the time
		_, err := table.Remove(handles[i], Socket)
		require.NoError(t, err)
		h := add(t, table, "", Socket)
		require.False(t, seen[h])
	}
	for _, h := range table.Handles(Any) {
		if _, err := table.Remove(h, Socket); err != nil {
			t.Fatal(err)
		}
	}
	assert.Zero(t, table.Len(Any))
	assert.Equal(t, slotCount, table.free)
}

func TestExactlyOneRemoves(t *testing.T) {
	table := NewTable()
	for range 200 {
		h := add(t, table, "one", Socket)
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if got, err := table.Remove(h, Socket); err == nil {
					assert.Equal(t, h, got.(*object).handle)
					won.Add(1)
				} else {
					assert.ErrorIs(t, err, fault.Handle)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, won.Load())
	}
}

func TestManyGoroutines(t *testing.T) {
	table := NewTable()
	var shared [64]atomic.Int32 // handles that any goroutine may look up or remove
	var added, removed atomic.Int64
	var wg sync.WaitGroup
	for g := range 16 {
		wg.Go(func() {
			for i := range 3000 {
				place := &shared[rand.IntN(len(shared))]
				switch i % 4 {
				case 0:
					name := ""
					if i%8 == 0 {
						name = fmt.Sprintf("%d-%d", g, i)
					}
					h, err := table.Add(name, Socket, newObject)
					if !assert.NoError(t, err) {
						return
					}
					added.Add(1)
					if old := place.Swap(h); old != 0 {
						if _, err := table.Remove(old, Socket); err == nil {
							removed.Add(1)
						}
					}
				case 1:
					if _, err := table.Remove(place.Load(), Socket); err == nil {
						removed.Add(1)
					}
				case 2:
					h := place.Load()
					if got, err := table.Get(h, Socket); err == nil {
						assert.Equal(t, h, got.(*object).handle)
					}
				default:
					if name, ok := table.Name(place.Load()); ok {
						table.Find(name)
					}
					if i%100 == 3 {
						assert.LessOrEqual(t, len(table.Handles(Socket)), len(shared)+16)
					}
				}
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, added.Load()-removed.Load(), table.Len(Socket))
	for _, h := range table.Handles(Any) {
		_, err := table.Remove(h, Any)
		assert.NoError(t, err)
	}
	assert.Zero(t, table.Len(Any))
	assert.Empty(t, table.names)
}

func TestOnlyOneGetsAName(t *testing.T) {
	table := NewTable()
	var wg sync.WaitGroup
	var holders atomic.Int32
	for range 8 {
		wg.Go(func() {
			for range 500 {
				h, err := table.Add("shared", Socket, func(h int32) any {
					assert.EqualValues(t, 1, holders.Add(1))
					return newObject(h)
				})
				if err != nil {
					assert.ErrorIs(t, err, fault.NameTaken)
					continue
				}
				found, ok := table.Find("shared")
				assert.True(t, ok)
				assert.Equal(t, h, found)
				holders.Add(-1)
				_, err = table.Remove(h, Socket)
				assert.NoError(t, err)
			}
		})
	}
	wg.Wait()
}

func TestGetDoesNotAllocate(t *testing.T) {
	table := NewTable()
	h := add(t, table, "name", Socket)
	assert.Zero(t, testing.AllocsPerRun(1000, func() {
		if got, err := table.Get(h, Socket); err != nil || got == nil {
			t.Fatal(err)
		}
		if _, ok := table.Find("name"); !ok {
			t.Fatal("not found")
		}
	}))
}

func BenchmarkGet(b *testing.B) {
	table := NewTable()
	h := add(b, table, "", Socket)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := table.Get(h, Socket); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGetStale(b *testing.B) {
	table := NewTable()
	h := add(b, table, "", Socket)
	_, _ = table.Remove(h, Socket)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := table.Get(h, Socket); err == nil {
			b.Fatal("alive")
		}
	}
}

func BenchmarkAddRemove(b *testing.B) {
	table := NewTable()
	b.ReportAllocs()
	for b.Loop() {
		h, err := table.Add("", Socket, newObject)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = table.Remove(h, Socket)
	}
}

func TestANameThatIsYielded(t *testing.T) {
	table := NewTable()
	old := add(t, table, "name", Socket)
	_, err := table.Add("name", Socket, newObject)
	require.ErrorIs(t, err, fault.NameTaken)
	require.NoError(t, table.YieldName(old))
	found, ok := table.Find("name")
	require.True(t, ok, "until another has it")
	require.Equal(t, old, found)
	next := add(t, table, "name", Socket)
	_, err = table.Add("name", Socket, newObject)
	require.ErrorIs(t, err, fault.NameTaken)
	_, err = table.Remove(old, Socket)
	require.NoError(t, err)
	found, ok = table.Find("name")
	require.True(t, ok)
	require.Equal(t, next, found)
	require.ErrorIs(t, table.YieldName(old), fault.Handle)
	_, err = table.Remove(next, Socket)
	require.NoError(t, err)
	require.Empty(t, table.names)
}
