package core

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
	"wdsocket/core/stats"
)

// confirmed are settings of a device that confirms with ACK, refuses with NAK, and
// stands behind a converter with an echo.
func confirmed(repeats int32) func(*Socket) error {
	return both(withText(option.TextExchangeAck, "\x06"), withText(option.TextExchangeNak, "\x15"),
		withInts(map[option.ID]int32{option.ExchangeRepeats: repeats, option.ExchangeEcho: 1}))
}

// What stands before an answer, all of it, some, or nothing, is skipped in every mode,
// in whatever pieces it comes.
func TestWhatStandsBeforeAnAnswer(t *testing.T) {
	overModes(t, deviceModes(), func(k *kit, m modeCase) {
		if k.websocket {
			return // its messages have bounds of their own
		}
		s, p := k.raw(k, must(k, both(m.set, confirmed(0))))
		for _, before := range []string{"", "\x06", "\x06\x06", m.wire("question"), m.wire("question") + "\x06"} {
			for _, cut := range []int{0, 1, len(before)} {
				done := k.askStarted(s, "question", "the answer")
				p.expect(m.wire("question"))
				all := before + m.wire("the answer")
				p.send(all[:cut])
				p.send(all[cut:])
				require.NoError(k, k.await(done))
			}
		}
	})
}

// A refused request is written again, as often as the option says; then the refusal is
// the answer.
func TestRefusedRequests(t *testing.T) {
	overModes(t, deviceModes(), func(k *kit, m modeCase) {
		if k.websocket {
			return
		}
		s, p := k.raw(k, must(k, both(m.set, confirmed(2))))
		done := k.askStarted(s, "question", "the answer")
		for range 2 {
			p.expect(m.wire("question"))
			p.send(m.wire("question") + "\x15")
		}
		p.expect(m.wire("question"))
		p.send("\x06" + m.wire("the answer"))
		require.NoError(k, k.await(done))
		done = k.askStarted(s, "question", "\x15")
		for range 3 {
			p.expect(m.wire("question"))
			p.send("\x15")
		}
		require.NoError(k, k.await(done))
		done = k.askStarted(s, "next", "the answer")
		p.expect(m.wire("next"))
		p.send(m.wire("the answer"))
		require.NoError(k, k.await(done))
	})
}

// What confirms or refuses an earlier request, and its late answer, are not taken for
// those of the next one.
func TestLateConfirmations(t *testing.T) {
	overModes(t, deviceModes(), func(k *kit, m modeCase) {
		if k.websocket {
			return
		}
		for _, late := range []string{"\x06" + m.wire("late"), "\x15"} {
			s, p := k.raw(k, must(k, both(m.set, confirmed(0))))
			k.askInVain(s, "first")
			p.expect(m.wire("first"))
			done := k.askStarted(s, "second", "the answer")
			k.untilReadLocked(s)
			p.send(late)
			p.expect(m.wire("second"))
			p.send("\x06" + m.wire("the answer"))
			require.NoError(k, k.await(done))
			require.NoError(k, s.Close())
		}
	})
}

// Answers are known by a field, wherever it stands; others are counted and named.
func TestAnswersByAField(t *testing.T) {
	overModes(t, deviceModes(), func(k *kit, m modeCase) {
		s, p := k.raw(k, must(k, both(m.set, withInts(map[option.ID]int32{option.ExchangeField: 2, option.ExchangeFieldWidth: 3}))))
		done := k.askStarted(s, "q-123", "a-123 right")
		p.expect(m.wire("q-123"))
		p.send(m.wire("a-122 late"))
		p.send(m.wire("a"))
		p.send(m.wire("a-123 right"))
		require.NoError(k, k.await(done))
		require.EqualValues(k, 2, k.figures(s)[stats.Stale])

		require.NoError(k, s.SetOption(option.ExchangeFieldAnswer, 0))
		done = k.askStarted(s, "q-124", "124")
		p.expect(m.wire("q-124"))
		p.send(m.wire("124"))
		require.NoError(k, k.await(done))
		_, err := s.Exchange([]byte("q-1"), make([]byte, 10), moment)
		k.fails(err, fault.Argument)
	})
}

func TestTheAnswerToAnotherIsNamed(t *testing.T) {
	k := newKit(t, transports[0])
	s, p := k.raw(k, must(k, both(inMode(frame.Size, ""), withInts(map[option.ID]int32{option.ExchangeField: 2, option.ExchangeFieldWidth: 3, option.ExchangeFieldAnswer: 0}))))
	waits := k.start(func() error {
		_, err := s.Exchange([]byte("q-125"), make([]byte, 10), 10*moment)
		return err
	})
	p.expect("5\r\nq-125")
	p.send("3\r\n777")
	err := k.await(waits)
	k.fails(err, fault.Timeout)
	assert.ErrorContains(k, err, "777")
	assert.ErrorContains(k, err, "125")
}

func TestTheFieldNeedsMessages(t *testing.T) {
	k := newKit(t, transports[0])
	s, _ := k.raw(k, must(k, both(inMode(frame.Raw, ""), withInts(map[option.ID]int32{option.ExchangeField: 0}))))
	_, err := s.Exchange([]byte("question"), make([]byte, 10), moment)
	k.fails(err, fault.State)
	require.EqualValues(k, 0, k.number(s, NumMessagesWritten), "nothing is written")
	k.fails(s.SetText(option.TextExchangeAck, digits(17)), fault.Argument)
}

// An echo in raw mode, where it stands in front of the answer without a bound.
func TestTheEchoInRawMode(t *testing.T) {
	k := newKit(t, transports[0])
	s, p := k.raw(k, must(k, both(inMode(frame.Raw, ""), confirmed(0))))
	done := k.askStarted(s, "question", "the answer")
	p.expect("question")
	p.send("question\x06the answer")
	require.NoError(k, k.await(done))
	waits := k.start(func() error {
		answer := make([]byte, 10)
		n, err := s.Exchange([]byte("question"), answer, 10*moment)
		assert.Equal(k, "quest", string(answer[:n]), "the beginning of an echo that does not go on")
		return err
	})
	p.expect("question")
	p.send("quest")
	require.NoError(k, k.await(waits))
}
