package frame

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// unhex turns "02 4142 03" into bytes.
func unhex(text string) []byte {
	p, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		panic(err)
	}
	return p
}

// framerWith makes the framer of Defaults after change.
func framerWith(t testing.TB, change func(*Params)) Framer {
	t.Helper()
	p := Defaults()
	change(&p)
	f, err := New(p)
	require.NoError(t, err)
	return f
}

// preset makes the framer of a preset.
func preset(t testing.TB, name string) Framer {
	t.Helper()
	p, ok := Preset(Defaults(), name)
	require.True(t, ok)
	f, err := New(p)
	require.NoError(t, err)
	return f
}

// encode gives the wire bytes of m.
func encode(t testing.TB, f Framer, m []byte) []byte {
	t.Helper()
	before := bytes.Clone(m)
	head, body, tail, _, err := f.Encode(nil, m)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(before, m), "Encode changed its message")
	return bytes.Join([][]byte{head, body, tail}, nil)
}

// framedError checks the shape of every error that framing gives.
func framedError(t testing.TB, err error) *fault.Error {
	t.Helper()
	var e *fault.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, fault.PhaseFrame, e.Phase)
	assert.Empty(t, e.Who)
	assert.NotEqual(t, fault.NoNote, e.Note)
	for _, lang := range []fault.Language{fault.English, fault.French} {
		assert.NotContains(t, e.Text(lang), "{")
	}
	return e
}

// checkFrame checks what Decode promises of its result.
func checkFrame(t testing.TB, p []byte, fr Frame, err error) {
	t.Helper()
	if err != nil {
		framedError(t, err)
		require.True(t, fr.Total >= 0 && fr.Total <= len(p), "%+v", fr)
		return
	}
	if fr.Total == 0 {
		require.Greater(t, fr.Need, len(p), "%+v", fr)
		require.GreaterOrEqual(t, fr.Size, -1)
		return
	}
	require.True(t, fr.Start >= 0 && fr.Len >= 0 && fr.Start+fr.Len <= fr.Total && fr.Total <= len(p), "%+v", fr)
	require.True(t, fr.Size >= 0 && fr.Size <= fr.Len, "%+v", fr)
	require.Equal(t, fr.Escaped, fr.Size != fr.Len)
}

// reader runs a framer over a stream that arrives in pieces, as a socket does.
type reader struct {
	t        testing.TB
	f        Framer
	buffer   []byte
	scanned  int
	size     int // last size told of the message that is arriving
	need     int // what the last Decode asked for
	before   int // the byte that was consumed last, -1 for none
	events   []string
	messages [][]byte
	dead     bool
}

func newReader(t testing.TB, f Framer) *reader { return &reader{t: t, f: f, size: -1, before: -1} }

func (r *reader) feed(piece []byte) {
	r.buffer = append(r.buffer, piece...)
	for !r.dead && r.step() {
	}
}

// step decodes once and tells whether to go on.
func (r *reader) step() bool {
	before := bytes.Clone(r.buffer)
	fr, err := r.decode()
	require.True(r.t, bytes.Equal(before, r.buffer), "Decode changed its bytes")
	checkFrame(r.t, r.buffer, fr, err)
	switch {
	case err != nil:
		r.note(fmt.Sprint("error ", int32(fault.CodeOf(err))))
		r.dead = fr.Total == 0
	case fr.Total == 0:
		if r.size >= 0 {
			require.Equal(r.t, r.size, fr.Size, "a size once told stays")
		}
		if _, packs := r.f.(*redisFramer); !packs {
			require.True(r.t, max(fr.Scanned, ^fr.Scanned) <= len(r.buffer), "%+v", fr)
		}
		r.scanned, r.size, r.need = fr.Scanned, fr.Size, fr.Need
		r.dropBetween()
		return false
	default:
		if r.size >= 0 {
			require.Equal(r.t, r.size, fr.Size, "the size told before")
		}
		require.GreaterOrEqual(r.t, len(r.buffer), r.need, "whole with fewer bytes than needed")
		message := make([]byte, fr.Size)
		require.Equal(r.t, fr.Size, r.f.Extract(message, r.buffer, fr))
		r.messages = append(r.messages, message)
		r.events = append(r.events, fmt.Sprintf("message %x%s", message, map[bool]string{true: " wrong"}[fr.Wrong()]))
	}
	if fr.Total > 0 {
		r.before = -1
		if err == nil && !fr.Control() || fr.Wrong() {
			r.before = int(r.buffer[fr.Total-1])
		}
	}
	r.buffer = r.buffer[fr.Total:]
	r.scanned, r.size, r.need = 0, -1, 0
	return len(r.buffer) > 0
}

// decode is Decode as a socket calls it.
func (r *reader) decode() (Frame, error) {
	if f, is := r.f.(Follower); is {
		return f.DecodeBehind(r.before, r.buffer, r.scanned)
	}
	return r.f.Decode(r.buffer, r.scanned)
}

// dropBetween drops what is between messages at the front.
func (r *reader) dropBetween() {
	f, is := r.f.(Follower)
	if !is {
		return
	}
	if n := f.Between(r.before, r.buffer); n > 0 {
		r.before = -1
		r.buffer = r.buffer[n:]
		r.scanned, r.need = 0, 0
	}
}

// note keeps an event, the same error only once in a row: noise that comes in
// pieces is told once for each.
func (r *reader) note(event string) {
	if n := len(r.events); n == 0 || r.events[n-1] != event {
		r.events = append(r.events, event)
	}
}

// atOnce, byByte and inPieces give what a stream is made of.
func atOnce(t testing.TB, f Framer, stream []byte) *reader {
	r := newReader(t, f)
	r.feed(stream)
	return r
}

func byByte(t testing.TB, f Framer, stream []byte) *reader {
	r := newReader(t, f)
	for i := range stream {
		r.feed(stream[i : i+1])
	}
	return r
}

func inPieces(t testing.TB, f Framer, stream []byte, cut int) *reader {
	r := newReader(t, f)
	r.feed(stream[:cut])
	r.feed(stream[cut:])
	return r
}

// sameInPieces checks that a stream gives the same however it is cut.
func sameInPieces(t testing.TB, f Framer, stream []byte, cut int) *reader {
	t.Helper()
	all := atOnce(t, f, stream)
	for _, other := range []*reader{byByte(t, f, stream), inPieces(t, f, stream, cut)} {
		require.Equal(t, all.events, other.events)
		if !all.dead {
			require.True(t, bytes.Equal(all.buffer, other.buffer), "what is left over: %x, %x of %x", all.buffer, other.buffer, stream)
		}
	}
	return all
}
