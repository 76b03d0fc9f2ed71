package handles

import (
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/mattn/go-pointer"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestToken(t *testing.T) {
	var tokens Tokens
	p, q := tokens.Add("a"), tokens.Add("b")
	require.NotNil(t, p)
	require.NotEqual(t, p, q)
	assert.Equal(t, 2, tokens.Len())

	got, ok := tokens.Get(p)
	assert.True(t, ok)
	assert.Equal(t, "a", got)

	got, ok = tokens.Take(p)
	assert.True(t, ok)
	assert.Equal(t, "a", got)
	for range 2 {
		_, ok = tokens.Take(p)
		assert.False(t, ok, "freed twice")
		_, ok = tokens.Get(p)
		assert.False(t, ok)
	}
	got, ok = tokens.Get(q)
	assert.True(t, ok)
	assert.Equal(t, "b", got)
	assert.Equal(t, 1, tokens.Len())
	tokens.Drain(nil)
	assert.Zero(t, tokens.Len())
}

func TestForeignPointersAreNoTokens(t *testing.T) {
	var tokens, others Tokens
	defer others.Drain(nil)
	elsewhere := pointer.Save("somebody else's")
	defer pointer.Unref(elsewhere)
	var local int
	for name, p := range map[string]unsafe.Pointer{
		"NULL":                nil,
		"memory of the host":  unsafe.Pointer(&local),
		"of other tokens":     others.Add(1),
		"of another package":  elsewhere,
		"inside a live token": unsafe.Add(tokens.Add(2), 1),
	} {
		_, ok := tokens.Get(p)
		assert.False(t, ok, name)
		_, ok = tokens.Take(p)
		assert.False(t, ok, name)
	}
	assert.Equal(t, 1, tokens.Len())
	assert.Equal(t, 1, others.Len())
	assert.Equal(t, "somebody else's", pointer.Restore(elsewhere))
	tokens.Drain(nil)
}

// A NULL object is an object too: only the token says whether it is alive.
func TestTokenOfNil(t *testing.T) {
	var tokens Tokens
	p := tokens.Add(nil)
	require.NotNil(t, p)
	got, ok := tokens.Take(p)
	assert.True(t, ok)
	assert.Nil(t, got)
	tokens.Drain(nil)
}

func TestAFreedAddressDoesNotComeBackSoon(t *testing.T) {
	var tokens Tokens
	first := tokens.Add(0)
	_, ok := tokens.Take(first)
	require.True(t, ok)
	for i := range quarantine - 1 {
		p := tokens.Add(i)
		require.NotEqual(t, first, p)
		_, ok := tokens.Take(p)
		require.True(t, ok)
	}
	_, ok = tokens.Take(first)
	assert.False(t, ok)
	for range 3 * quarantine { // the ring goes round
		_, ok := tokens.Take(tokens.Add(1))
		require.True(t, ok)
	}
	assert.Len(t, tokens.taken, quarantine)
	tokens.Drain(nil)
	assert.Empty(t, tokens.taken)
}

func TestDrain(t *testing.T) {
	var tokens Tokens
	var live []unsafe.Pointer
	for i := range 5 {
		live = append(live, tokens.Add(i))
	}
	_, ok := tokens.Take(live[2])
	require.True(t, ok)
	_, ok = tokens.Take(live[0])
	require.True(t, ok)
	var got []any
	tokens.Drain(func(object any) {
		got = append(got, object)
		if len(got) < 100 { // or it would go on for ever
			tokens.Add("added meanwhile") // f runs without the lock
		}
	})
	assert.Equal(t, []any{1, 3, 4}, got)
	assert.Equal(t, 3, tokens.Len())
	tokens.Drain(nil)
	assert.Zero(t, tokens.Len())
	assert.Nil(t, tokens.oldest)
	assert.Nil(t, tokens.newest)
	tokens.Drain(func(any) { t.Error("nothing is left") })
	for _, p := range live {
		_, ok := tokens.Take(p)
		assert.False(t, ok)
	}
	_, ok = tokens.Get(tokens.Add(9))
	assert.True(t, ok, "usable afterwards")
	tokens.Drain(nil)
}

func TestFreedTwiceByTwoGoroutines(t *testing.T) {
	var tokens Tokens
	var bystander Tokens
	defer bystander.Drain(nil)
	for i := range 2000 {
		p := tokens.Add(i)
		var wins atomic.Int32
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if got, ok := tokens.Take(p); ok {
					assert.Equal(t, i, got)
					wins.Add(1)
				}
				_, ok := bystander.Take(p)
				assert.False(t, ok)
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, wins.Load())
	}
	assert.Zero(t, tokens.Len())
	tokens.Drain(nil)
}

func TestTokensInManyGoroutines(t *testing.T) {
	var tokens Tokens
	var wg sync.WaitGroup
	var drained atomic.Int64
	var taken atomic.Int64
	for range 8 {
		wg.Go(func() {
			for i := range 1000 {
				p := tokens.Add(i)
				if i%100 == 99 {
					tokens.Drain(func(any) { drained.Add(1) })
				}
				if got, ok := tokens.Get(p); ok {
					assert.IsType(t, 0, got)
				}
				if _, ok := tokens.Take(p); ok {
					taken.Add(1)
				}
			}
		})
	}
	wg.Wait()
	tokens.Drain(func(any) { drained.Add(1) })
	assert.EqualValues(t, 8000, drained.Load()+taken.Load())
	assert.Zero(t, tokens.Len())
}
