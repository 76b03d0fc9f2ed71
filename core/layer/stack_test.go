package layer

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
)

// bottom is a Base in memory.
type bottom struct {
	in, out []byte
	drained int
	err     error // of Drain
}

func (b *bottom) Read(p []byte) (int, error) {
	n := copy(p, b.in)
	b.in = b.in[n:]
	return n, nil
}

func (b *bottom) Write(p []byte) (int, error) {
	b.out = append(b.out, p...)
	return len(p), nil
}

func (b *bottom) Unsent() int { return len(b.out) }

func (b *bottom) Drain(time.Time) error {
	b.drained++
	return b.err
}

// tag is a layer that puts its letter before what it writes, and behind what it
// reads.
type tag struct {
	letter  byte
	instant bool
	fails   error
	rest    string
	stopped time.Time
	pending bool
}

func (t *tag) Phase() fault.Phase { return fault.PhaseTLS }
func (t *tag) Instant() bool      { return t.instant }

func (t *tag) Handshake(base Base, who string) (Conn, error) {
	if t.fails != nil {
		return nil, t.fails
	}
	return &tagged{Through{base}, t}, nil
}

type tagged struct {
	Through
	tag *tag
}

func (c *tagged) Read(p []byte) (int, error) {
	n, err := c.Base.Read(p[:len(p)-1])
	p[n] = c.tag.letter
	return n + 1, err
}

func (c *tagged) Write(p []byte) (int, error) {
	if _, err := c.Base.Write(append([]byte{c.tag.letter}, p...)); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (c *tagged) CloseWrite() error {
	_, err := c.Base.Write([]byte{c.tag.letter - 'a' + 'A'})
	return err
}

func (c *tagged) Pending() bool      { return c.tag.pending }
func (c *tagged) Leftover() []byte   { return []byte(c.tag.rest) }
func (c *tagged) Stopped() time.Time { return c.tag.stopped }

func insert(s *Stack, i int, l Layer) error {
	_, err := s.Insert(i, l)
	return err
}

func written(t *testing.T, s *Stack, b *bottom, text string) string {
	t.Helper()
	b.out = nil
	n, err := s.Top().Write([]byte(text))
	require.NoError(t, err)
	require.Equal(t, len(text), n)
	return string(b.out)
}

func read(t *testing.T, s *Stack) string {
	t.Helper()
	p := make([]byte, 100)
	n, err := s.Top().Read(p)
	require.NoError(t, err)
	return string(p[:n])
}

func TestLayersStandOnEachOther(t *testing.T) {
	b := new(bottom)
	s := New(b, "peer:1")
	assert.Nil(t, s.Top())
	assert.Zero(t, s.Len())
	require.NoError(t, insert(s, 0, &tag{letter: 'b'}))
	assert.Equal(t, 1, b.drained, "the end of a handshake leaves")
	require.NoError(t, insert(s, 1, &tag{letter: 'd', instant: true}))
	assert.Equal(t, 1, b.drained)
	require.NoError(t, insert(s, 1, &tag{letter: 'c'}))
	require.NoError(t, insert(s, 0, &tag{letter: 'a', instant: true}), "only instant ones may be above")
	assert.Equal(t, 4, s.Len())
	assert.Equal(t, "abcdtext", written(t, s, b, "text"))
	assert.Equal(t, 8, s.Top().Unsent())
	b.in = []byte("text")
	assert.Equal(t, "textabcd", read(t, s))
	b.out = nil
	require.NoError(t, s.CloseWrite())
	assert.Equal(t, "abcDabCaBA", string(b.out), "the uppermost first, through those below it")
}

func TestALayerIsTakenOutFromBeneathOthers(t *testing.T) {
	b := new(bottom)
	s := New(b, "peer:1")
	for i, l := range []*tag{{letter: 'a'}, {letter: 'b', rest: "rest"}, {letter: 'c', instant: true}} {
		require.NoError(t, insert(s, i, l))
	}
	require.NoError(t, s.Remove(1))
	assert.Empty(t, s.Rest())
	assert.Equal(t, "actext", written(t, s, b, "text"))
	assert.True(t, s.Pending())
	assert.Equal(t, "restc", read(t, s), "what came behind its end goes through those above")
	assert.False(t, s.Pending())
	b.in = []byte("text")
	assert.Equal(t, "textac", read(t, s))
}

func TestTheUppermostLayerLeavesWhatCameBehindItsEnd(t *testing.T) {
	s := New(new(bottom), "peer:1")
	require.NoError(t, insert(s, 0, &tag{letter: 'a', rest: "plain"}))
	require.NoError(t, s.Remove(0))
	assert.Nil(t, s.Top())
	assert.Equal(t, "plain", string(s.Rest()))
	assert.Empty(t, s.Rest(), "it is taken once")
}

func TestAnErrorIsOfTheHandshake(t *testing.T) {
	b := new(bottom)
	s := New(b, "peer:1")
	late := fault.New(fault.Timeout, fault.PhaseRead, "peer:1")
	err := insert(s, 0, &tag{fails: late})
	var e *fault.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, fault.PhaseTLS, e.Phase)
	assert.Equal(t, fault.Timeout, e.Code)
	assert.Equal(t, fault.PhaseRead, late.Phase, "the error of others stays as it is")
	assert.Zero(t, s.Len())

	b.err = errors.New("another")
	assert.Same(t, b.err, insert(s, 0, &tag{letter: 'a'}), "its end could not leave")
	assert.Zero(t, s.Len())
	b.err = nil
	require.NoError(t, insert(s, 0, &tag{letter: 'a'}))
	require.NoError(t, insert(s, 1, &tag{letter: 'b', instant: true}))
	require.Error(t, insert(s, 0, &tag{fails: late}))
	assert.Zero(t, s.Len(), "what stood above is gone")
}

func TestWhatALayerKnows(t *testing.T) {
	s := New(new(bottom), "peer:1")
	until := time.Now().Add(time.Hour)
	require.NoError(t, insert(s, 0, &tag{letter: 'a', stopped: until}))
	require.NoError(t, insert(s, 1, &tag{letter: 'b', instant: true}))
	assert.Equal(t, until, s.Stopped())
	assert.False(t, s.Pending())
	s.At(0).(*tagged).tag.pending = true
	assert.True(t, s.Pending())
	s.At(0).(*tagged).tag.stopped = time.Time{}
	assert.True(t, s.Stopped().IsZero())
}

// idler is a layer that knows whether it is idle.
type idler struct {
	Through
	idle bool
}

func (*idler) Phase() fault.Phase { return fault.PhaseTLS }
func (*idler) Instant() bool      { return true }
func (l *idler) Idle() bool       { return l.idle }

func (l *idler) Handshake(base Base, _ string) (Conn, error) {
	l.Base = base
	return l, nil
}

func TestAStackIsIdleIfEachOfItsLayersIsKnownToBe(t *testing.T) {
	s := New(&bottom{in: []byte("onetext")}, "peer:1")
	low, high := &idler{idle: true}, &idler{idle: true}
	require.NoError(t, insert(s, 0, low))
	require.NoError(t, insert(s, 1, high))
	assert.True(t, s.Idle())
	low.idle = false
	assert.False(t, s.Idle())
	low.idle, high.idle = true, false
	assert.False(t, s.Idle())
	high.idle = true
	require.NoError(t, insert(s, 2, &tag{letter: 'a', instant: true}))
	assert.False(t, s.Idle(), "it is not known of one")

	s = New(&bottom{in: []byte("onetext")}, "peer:1")
	require.NoError(t, insert(s, 0, &preamble{text: "one", more: 20}))
	require.NoError(t, insert(s, 0, &idler{idle: true}))
	assert.False(t, s.Idle(), "what a layer that has left had read too much is to be read")
	assert.Equal(t, "text", read(t, s))
	assert.True(t, s.Idle())
}

func TestALayerWithNothingOfItsOwn(t *testing.T) {
	b := &bottom{in: []byte("text")}
	var c Conn = Through{b}
	p := make([]byte, 4)
	n, err := c.Read(p)
	require.NoError(t, err)
	assert.Equal(t, "text", string(p[:n]))
	assert.NoError(t, c.CloseWrite())
	assert.False(t, c.Pending())
	assert.Empty(t, c.Leftover())
	assert.NoError(t, c.Drain(time.Now()))
	assert.Equal(t, 1, b.drained)
}

// renamed is a Conn that knows who the peer is.
type renamed struct{ Through }

func (renamed) Peer() endpoint.Addr { return endpoint.Parse("192.0.2.7:700") }

type renaming struct{}

func (renaming) Phase() fault.Phase { return fault.PhaseTLS }
func (renaming) Instant() bool      { return false }

func (renaming) Handshake(base Base, _ string) (Conn, error) { return renamed{Through{base}}, nil }

func TestALayerKnowsWhoThePeerIs(t *testing.T) {
	s := New(new(bottom), "proxy:1")
	peer, err := s.Insert(0, renaming{})
	require.NoError(t, err)
	assert.Equal(t, "192.0.2.7:700", peer.String())
	var named string
	require.NoError(t, insert(s, 1, naming(func(who string) { named = who })))
	assert.Equal(t, "192.0.2.7:700", named, "those above it name that peer")
}

// naming is a layer that is told who the peer is.
type naming func(who string)

func (naming) Phase() fault.Phase { return fault.PhaseTLS }
func (naming) Instant() bool      { return true }

func (f naming) Handshake(base Base, who string) (Conn, error) {
	f(who)
	return Through{base}, nil
}

// preamble is a layer that is a handshake alone: it reads its text, and too much behind
// it, and answers.
type preamble struct {
	text, answer string
	more         int // bytes that it reads behind its end, at most
	from         string
}

func (*preamble) Phase() fault.Phase { return fault.PhaseProxy }
func (*preamble) Instant() bool      { return false }

func (l *preamble) Handshake(base Base, who string) (Conn, error) {
	b := make([]byte, len(l.text)+l.more)
	got := 0
	for got < len(l.text) {
		n, err := base.Read(b[got:])
		if err != nil {
			return nil, err
		}
		got += n
	}
	if string(b[:len(l.text)]) != l.text {
		return nil, fault.New(fault.Refused, fault.PhaseRead, who)
	}
	if _, err := base.Write([]byte(l.answer)); err != nil {
		return nil, err
	}
	return Finish(base, b[len(l.text):got], endpoint.Parse(l.from)), nil
}

func TestALayerLeavesAfterItsHandshake(t *testing.T) {
	b := &bottom{in: []byte("helloplain and more")}
	s := New(b, "proxy:1")
	require.NoError(t, insert(s, 0, &preamble{text: "hello", answer: "welcome", more: 5}))
	assert.Equal(t, "welcome", string(b.out))
	assert.Equal(t, 1, b.drained, "its answer leaves")
	assert.Zero(t, s.Len())
	assert.Nil(t, s.Top())
	assert.Equal(t, "plain", string(s.Rest()))
	assert.Empty(t, s.Rest(), "it is taken once")
	assert.Equal(t, " and more", string(b.in))
}

func TestWhatALayerThatLeavesReadTooMuchGoesToTheNext(t *testing.T) {
	b := &bottom{in: []byte("onetwothreetext")}
	s := New(b, "proxy:1")
	for _, l := range []*preamble{{text: "one", more: 20, answer: "1"}, {text: "two", more: 1, answer: "2"}, {text: "three", answer: "3"}} {
		require.NoError(t, insert(s, s.Len(), l))
	}
	assert.Equal(t, "123", string(b.out))
	require.NoError(t, insert(s, s.Len(), &tag{letter: 'd'}))
	assert.Equal(t, 1, s.Len())
	assert.Empty(t, s.Rest(), "it is for the layer above")
	assert.True(t, s.Pending())
	assert.Equal(t, "textd", read(t, s))
	assert.False(t, s.Pending())
	b.in = []byte("more")
	assert.Equal(t, "mored", read(t, s))
	assert.Equal(t, "dtext", written(t, s, b, "text"))
}

func TestARestIsReadInItsOrder(t *testing.T) {
	b := &bottom{in: []byte("1too much")}
	s := New(b, "proxy:1")
	require.NoError(t, insert(s, 0, &preamble{text: "1", more: 3}))
	require.NoError(t, insert(s, 0, &tag{letter: 'a', rest: "first "}))
	require.NoError(t, insert(s, 1, &tag{letter: 'b', instant: true}))
	require.NoError(t, s.Remove(0))
	assert.Equal(t, "first toob", read(t, s), "the layer's own, then what it had not read")
	assert.Equal(t, " muchb", read(t, s))

	b.in = []byte("2rest of it")
	s = New(b, "proxy:1")
	require.NoError(t, insert(s, 0, &preamble{text: "2", more: 5}))
	require.NoError(t, insert(s, 0, &tag{letter: 'b', instant: true}))
	require.NoError(t, insert(s, 0, &tag{letter: 'a', instant: true}), "it comes below")
	assert.Equal(t, "rest ab", read(t, s))
	assert.Equal(t, "of itab", read(t, s))
	require.NoError(t, s.Remove(1))
	require.NoError(t, s.Remove(0))
	assert.Zero(t, s.Len())
}

func TestALayerThatLeavesHasSaidWhoThePeerIs(t *testing.T) {
	b := &bottom{in: []byte("12x")}
	s := New(b, "proxy:1")
	peer, err := s.Insert(0, &preamble{text: "1", from: "192.0.2.7:700"})
	require.NoError(t, err)
	assert.Equal(t, "192.0.2.7:700", peer.String())
	peer, err = s.Insert(0, &preamble{text: "2"})
	require.NoError(t, err)
	assert.False(t, peer.IsValid(), "one that does not know")
	err = insert(s, 0, &preamble{text: "3"})
	var e *fault.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "192.0.2.7:700", e.Who, "those above it name that peer")
	assert.Equal(t, fault.PhaseProxy, e.Phase, "each names its own phase")
}
