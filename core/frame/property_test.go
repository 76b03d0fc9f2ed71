package frame

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// fewBytes makes random bytes out of few different ones, so that markers, tags
// and escapes meet by chance all the time.
func fewBytes(r *rand.Rand, atLeast, atMost int) []byte {
	p := make([]byte, atLeast+r.IntN(atMost-atLeast+1))
	for i := range p {
		p[i] = byte(r.IntN(4))
	}
	return p
}

// randomParams makes figures for any mode in which messages have an end.
func randomParams(r *rand.Rand) Params {
	modes := []Mode{EndTag, Size, EndTagBuffer, Length, Fixed, Markers}
	return Params{
		Mode:         modes[r.IntN(len(modes))],
		Tag:          fewBytes(r, 1, 5),
		Limit:        1 + r.IntN(40),
		Offset:       r.IntN(4),
		Width:        []int{1, 2, 4}[r.IntN(3)],
		LittleEndian: r.IntN(2) == 0,
		Adjustment:   r.IntN(9) - 4,
		KeepHeader:   r.IntN(3) == 0,
		CheckField:   r.IntN(3) == 0,
		Header:       fewBytes(r, 0, 4),
		Length:       1 + r.IntN(8),
		Gap:          Defaults().Gap,
		Start:        fewBytes(r, 0, 3),
		End:          fewBytes(r, 1, 3),
		Escape:       fewBytes(r, 0, 1),
		Check:        Check(r.IntN(6)),
		CheckSpan:    r.IntN(4),
		Restart:      r.IntN(2) == 0,
	}
}

// asRead is what a reader gets of m: with a kept header the length field has
// its right value.
func asRead(p Params, m, wire []byte) []byte {
	if p.Mode != Length || !p.KeepHeader {
		return m
	}
	want := bytes.Clone(m)
	copy(want[p.Offset:p.Offset+p.Width], wire[p.Offset:])
	return want
}

// TestRoundTrip writes random messages in random modes: what is written is read
// back however it is cut, and a message is only refused with a reason.
func TestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	written := map[Mode]int{}
	for range 20000 {
		p := randomParams(r)
		f, err := New(p)
		if err != nil {
			require.ErrorIs(t, err, fault.Argument)
			continue
		}
		var stream []byte
		var want [][]byte
		for range 3 {
			m := fewBytes(r, 0, 12)
			wire := tryEncode(t, p, f, m)
			if wire == nil {
				continue
			}
			stream = append(stream, wire...)
			want = append(want, asRead(p, m, wire))
		}
		if len(stream) == 0 {
			continue
		}
		written[p.Mode] += len(want)
		got := sameInPieces(t, f, stream, r.IntN(len(stream)))
		require.Equal(t, len(want), len(got.events), "%+v %x", p, stream)
		for i := range want {
			require.True(t, bytes.Equal(want[i], got.messages[i]), "%+v %x", p, stream)
		}
		require.Empty(t, got.buffer)
	}
	for _, mode := range []Mode{EndTag, Size, EndTagBuffer, Length, Fixed, Markers} {
		require.Greater(t, written[mode], 500, "mode %d", mode)
	}
}

// tryEncode gives the wire bytes of m, nil if it was refused as it must be.
func tryEncode(t testing.TB, p Params, f Framer, m []byte) []byte {
	t.Helper()
	head, body, tail, _, err := f.Encode(nil, m)
	if err == nil {
		require.LessOrEqual(t, len(m), p.Limit)
		return bytes.Join([][]byte{head, body, tail}, []byte{})
	}
	code := framedError(t, err).Code
	switch p.Mode {
	case Fixed:
		require.Equal(t, fault.Frame, code)
		require.NotEqual(t, p.Length, len(m))
	case EndTag, EndTagBuffer:
		requireRefused(t, code, p, m, p.Tag)
	case Markers:
		if code == fault.TagInMessage && p.Restart && !endsEarly(m, p.End) {
			require.True(t, len(p.Start) > 0 && !bytes.Equal(p.Start, p.End) && bytes.Contains(m, p.Start))
		} else {
			requireRefused(t, code, p, m, p.End)
		}
		require.True(t, code == fault.TooLong || len(p.Escape) == 0, "an escape makes every message possible")
	case Length:
		require.Contains(t, []fault.Code{fault.TooLong, fault.Frame}, code)
	default:
		require.Equal(t, fault.TooLong, code)
		require.Greater(t, len(m), p.Limit)
	}
	return nil
}

// requireRefused checks the reason with the plainest definition there is: m is
// refused if its end would be seen too early.
func requireRefused(t testing.TB, code fault.Code, p Params, m, end []byte) {
	t.Helper()
	if len(m) > p.Limit {
		require.Equal(t, fault.TooLong, code)
		return
	}
	require.Equal(t, fault.TagInMessage, code)
	require.True(t, endsEarly(m, end))
}

// endsEarly tells whether a reader sees the end of m before it is there.
func endsEarly(m, end []byte) bool {
	return bytes.Index(append(bytes.Clone(m), end...), end) < len(m)
}

// plainly reads a stream of markers without escape and check bytes with the
// plainest definition there is: of the start markers between a start and the
// first end behind it, the last one begins the message.
func plainly(p Params, stream []byte) (messages [][]byte) {
	for {
		start := bytes.Index(stream, p.Start)
		if start < 0 {
			return messages
		}
		stream = stream[start+len(p.Start):]
		end := bytes.Index(stream, p.End)
		if end < 0 {
			return messages
		}
		message := stream[:end]
		for p.Restart && !bytes.Equal(p.Start, p.End) {
			again := bytes.Index(message, p.Start)
			if again < 0 {
				break
			}
			message = message[again+len(p.Start):]
		}
		messages = append(messages, message)
		stream = stream[end+len(p.End):]
	}
}

// TestRestartByDefinition compares with it.
func TestRestartByDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	restarted := 0
	for range 3000 {
		p := Defaults()
		p.Mode, p.Start, p.End, p.Restart = Markers, fewBytes(r, 1, 3), fewBytes(r, 1, 3), true
		f, err := New(p)
		require.NoError(t, err)
		stream := fewBytes(r, 1, 40)
		got := sameInPieces(t, f, stream, r.IntN(len(stream)))
		want := plainly(p, stream)
		require.Equal(t, len(want), len(got.messages), "%+v %x", p, stream)
		for i := range want {
			require.True(t, bytes.Equal(want[i], got.messages[i]), "%+v %x", p, stream)
		}
		p.Restart = false
		other := plainly(p, stream)
		for i := range want {
			if !bytes.Equal(want[i], other[i]) {
				restarted++
			}
		}
	}
	require.Greater(t, restarted, 300)
}

// TestALostEndCostsOneMessage takes the end off a message: the next one comes,
// whatever is in it.
func TestALostEndCostsOneMessage(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	lost := 0
	for range 20000 {
		p := randomParams(r)
		p.Mode, p.Restart, p.Limit = Markers, true, 1000
		f, err := New(p)
		if err != nil || !p.restart() || p.Check != CheckNone {
			continue
		}
		first, second := tryEncode(t, p, f, fewBytes(r, 0, 8)), fewBytes(r, 0, 8)
		wire := tryEncode(t, p, f, second)
		if first == nil || wire == nil {
			continue
		}
		stream := append(bytes.Clone(first[:len(first)-len(p.End)]), wire...)
		if at, _, _ := f.(*markerFramer).findEnd(stream, 0); at >= 0 && at < len(stream)-len(p.End) {
			continue // what is left of the first and the second's start marker make an end
		}
		if anew := bytes.Index(stream[1:], p.Start) + 1; anew < len(first)-len(p.End) && len(p.Start) > 1 {
			continue // or a start marker
		}
		if len(p.Escape) > 0 && p.Escape[0] != p.Start[0] && bytes.HasSuffix(first[:len(first)-len(p.End)], p.Escape) {
			continue // or an escaped one
		}
		lost++
		got := sameInPieces(t, f, stream, r.IntN(len(stream)))
		require.Equal(t, []string{"error -60", "message " + hex.EncodeToString(second)}, got.events, "%+v %x", p, stream)
	}
	require.Greater(t, lost, 500)
}

// TestRandomStreams reads random bytes in random modes: the same comes out
// however they are cut.
func TestRandomStreams(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		f, err := New(randomParams(r))
		if err != nil {
			continue
		}
		stream := fewBytes(r, 1, 40)
		sameInPieces(t, f, stream, r.IntN(len(stream)))
	}
}

// TestFirstEnd compares with the plainest definition there is.
func TestFirstEnd(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 100000 {
		m, end := fewBytes(r, 0, 8), fewBytes(r, 1, 5)
		for i := range m {
			m[i] &= 1
		}
		for i := range end {
			end[i] &= 1
		}
		require.Equal(t, bytes.Index(append(bytes.Clone(m), end...), end), firstEnd(m, end), "%x %x", m, end)
	}
}
