package frame

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each constant of type Mode has a framer, and there is no other mode.
func TestModesAreThoseThatHaveANumber(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "mode.go", nil, 0)
	require.NoError(t, err)
	var named []string
	ast.Inspect(f, func(n ast.Node) bool {
		spec, is := n.(*ast.ValueSpec)
		if !is {
			return true
		}
		if of, is := spec.Type.(*ast.Ident); is && of.Name == "Mode" && spec.Names[0].Name != "Described" {
			named = append(named, spec.Names[0].Name)
		}
		return true
	})
	require.Len(t, Modes(), len(named), "%v", named)
	for i, m := range Modes() {
		assert.EqualValues(t, i, m)
		assert.True(t, m.Valid())
		assert.NotNil(t, framers[m], named[i])
	}
	assert.False(t, Mode(-1).Valid())
	assert.True(t, Described.Valid())
	assert.False(t, (Described + 1).Valid())
	assert.NotContains(t, Modes(), Described)
}

// What the modes say of themselves. A mode that is missing here says nothing yet.
func TestEachModeSaysHowItIsRead(t *testing.T) {
	says := map[Mode]struct {
		tagged, contiguous, sized bool
		resync                    Resync
	}{
		EndTag:       {tagged: true, resync: ResyncTag},
		Size:         {contiguous: true, resync: ResyncLength},
		EndTagBuffer: {tagged: true, resync: ResyncTag},
		Raw:          {resync: ResyncAnywhere},
		Length:       {contiguous: true, resync: ResyncLength},
		Fixed:        {contiguous: true, sized: true, resync: ResyncLength},
		Markers:      {resync: ResyncTag},
		Gap:          {resync: ResyncAnywhere},
	}
	require.Len(t, says, len(Modes()))
	for _, m := range Modes() {
		want, said := says[m]
		require.True(t, said, "mode %d", m)
		f := framerWith(t, func(p *Params) { p.Mode = m })
		assert.Equal(t, want.tagged, m.Tagged(), "mode %d", m)
		assert.Equal(t, want.contiguous, f.Contiguous(), "mode %d", m)
		assert.Equal(t, want.resync, f.Resync(), "mode %d", m)
		nothing, err := f.Decode(nil, 0)
		require.NoError(t, err)
		assert.Equal(t, want.sized, nothing.Size >= 0, "mode %d", m)
		assert.LessOrEqual(t, f.Resync(), ResyncAnywhere)
	}
	for _, name := range Presets() {
		p, _ := Preset(Defaults(), name)
		assert.Equal(t, says[p.Mode].contiguous, preset(t, name).Contiguous(), name)
		assert.Equal(t, says[p.Mode].resync, preset(t, name).Resync(), name)
	}
}

// anyParams is randomParams for all modes.
func anyParams(r *rand.Rand) Params {
	p := randomParams(r)
	p.Mode = Modes()[r.IntN(len(Modes()))]
	return p
}

// Where a message is contiguous, what is still to come of one whose length is known
// is the rest of the message and nothing else.
func TestContiguousMessagesMayBeReceivedWhereTheyAreWanted(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	tried := map[Mode]int{}
	for range 20000 {
		p := anyParams(r)
		f, err := New(p)
		if err != nil || !f.Contiguous() {
			continue
		}
		m := fewBytes(r, 0, 12)
		wire := tryEncode(t, p, f, m)
		if wire == nil {
			continue
		}
		want := asRead(p, m, wire)
		for cut := range wire {
			fr, err := f.Decode(wire[:cut], 0)
			require.NoError(t, err)
			require.Zero(t, fr.Total, "%+v %x", p, wire)
			if fr.Size < 0 {
				continue
			}
			require.Equal(t, len(wire), fr.Need, "%+v %x", p, wire[:cut])
			require.Equal(t, want, wire[fr.Need-fr.Size:], "%+v %x", p, wire[:cut])
			tried[p.Mode]++
		}
	}
	for _, m := range Modes() {
		if framerWith(t, func(p *Params) { p.Mode = m }).Contiguous() {
			assert.Positive(t, tried[m], "mode %d", m)
		}
	}
}

// Where a tag shows the next message, one is found behind whatever is left of the
// message before it; where its length shows it, a message is found behind exactly
// as many bytes as that says.
func TestTheNextMessageIsFound(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	tried := map[Resync]int{}
	for range 20000 {
		p := anyParams(r)
		p.Start, p.End, p.Tag, p.Escape, p.Header = []byte{'['}, []byte{']'}, []byte{'\n'}, nil, nil
		p.Restart, p.Limit = true, 4000
		f, err := New(p)
		require.NoError(t, err)
		first, second := fewBytes(r, 1, 12), fewBytes(r, 1, 12)
		wire, next := tryEncode(t, p, f, first), tryEncode(t, p, f, second)
		if wire == nil || next == nil {
			continue
		}
		cut := r.IntN(len(wire))
		switch f.Resync() {
		case ResyncTag:
			got := atOnce(t, f, append(bytes.Clone(wire[cut:]), next...))
			require.NotEmpty(t, got.messages, "%+v %x", p, wire)
			require.Equal(t, second, got.messages[len(got.messages)-1], "%+v %x", p, wire)
		case ResyncLength:
			fr, err := f.Decode(wire[:cut], 0)
			require.NoError(t, err)
			for ; fr.Size < 0; cut++ {
				fr, err = f.Decode(wire[:cut+1], 0)
				require.NoError(t, err)
			}
			got := atOnce(t, f, append(bytes.Clone(wire), next...)[max(fr.Need, fr.Total):])
			require.Equal(t, [][]byte{asRead(p, second, next)}, got.messages, "%+v %x", p, wire)
		default:
			require.Equal(t, next, encode(t, f, second), "no byte of it says that it begins")
			require.Equal(t, second, next)
		}
		tried[f.Resync()]++
	}
	for resync := ResyncLength; resync <= ResyncAnywhere; resync++ {
		assert.Positive(t, tried[resync], "%d", resync)
	}
}

// TestAFrameFitsIntoRegisters: with more than nine fields each Decode would give it back by
// memory.
func TestAFrameFitsIntoRegisters(t *testing.T) {
	assert.LessOrEqual(t, reflect.TypeFor[Frame]().NumField(), 9)
}
