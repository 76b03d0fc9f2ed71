package core

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
	"wdsocket/core/stats"
)

// askStarted runs an exchange whose answer is known beside the test.
func (k *kit) askStarted(s *Socket, request, answer string) <-chan error {
	return k.start(func() error {
		buf := make([]byte, 1000)
		n, err := s.Exchange([]byte(request), buf, patienceOfTests)
		if err == nil && string(buf[:n]) != answer {
			err = unexpected("answer %q", buf[:n])
		}
		return err
	})
}

// askInVain runs an exchange that nobody answers in time.
func (k *kit) askInVain(s *Socket, request string) {
	k.Helper()
	_, err := s.Exchange([]byte(request), make([]byte, 1000), moment/3)
	k.fails(err, fault.Timeout)
}

// deviceModes are those in which a device is asked with short texts.
func deviceModes() []modeCase {
	var out []modeCase
	for _, m := range wholeModes() {
		if m.fixed == 0 {
			out = append(out, m)
		}
	}
	return out
}

func TestExchange(t *testing.T) {
	overModes(t, deviceModes(), func(k *kit, m modeCase) {
		s, p := k.raw(k, must(k, m.set))
		p.send(m.wire("stale") + m.wire("input"))
		k.eventually(func() bool { n, err := s.Available(); return err == nil && n == 10 }, "stale input")
		for _, q := range []string{"one", "two"} {
			done := k.askStarted(s, q, "answer to "+q)
			p.expect(m.wire(q))
			p.send(m.wire("answer to " + q))
			require.NoError(k, k.await(done))
		}
	})
}

// TestALateAnswerIsNeverTheNextOnes lets the answer of an exchange that timed
// out come in two parts, before and during the next one.
func TestALateAnswerIsNeverTheNextOnes(t *testing.T) {
	const late, right = "late answer", "right answer"
	overModes(t, deviceModes(), func(k *kit, m modeCase) {
		onWire := m.wire(late)
		for _, before := range []int{0, 1, len(onWire) / 2, len(onWire) - 1, len(onWire)} {
			s, p := k.raw(k, must(k, m.set))
			k.askInVain(s, "first")
			p.expect(m.wire("first"))
			if before > 0 {
				p.send(onWire[:before])
				k.eventually(func() bool {
					st := s.stream.Load()
					return st.conn.Buffered() >= before || st.in.Len() > 0
				}, "the part")
			}
			done := k.askStarted(s, "second", right)
			k.untilReadLocked(s)
			if before < len(onWire) {
				time.Sleep(time.Millisecond)
				p.send(onWire[before:])
			}
			p.expect(m.wire("second"))
			p.send(m.wire(right))
			require.NoError(k, k.await(done), "%d bytes before", before)
			require.NoError(k, s.Close())
		}
	})
}

func TestAPartOfTheAnswerWithinTheTime(t *testing.T) {
	overModes(t, deviceModes(), func(k *kit, m modeCase) {
		s, p := k.raw(k, must(k, m.set))
		onWire := m.wire("late answer")
		p2 := k.start(func() error {
			p.expect(m.wire("first"))
			p.send(onWire[:len(onWire)-2])
			return nil
		})
		_, err := s.Exchange([]byte("first"), make([]byte, 100), 2*moment)
		k.fails(err, fault.Timeout)
		require.NoError(k, k.await(p2))
		done := k.askStarted(s, "second", "right")
		time.Sleep(moment)
		p.send(onWire[len(onWire)-2:])
		p.expect(m.wire("second"))
		p.send(m.wire("right"))
		require.NoError(k, k.await(done))
	})
}

func TestSeveralLateReplies(t *testing.T) {
	overModes(t, deviceModes(), func(k *kit, m modeCase) {
		s, p := k.raw(k, must(k, m.set))
		k.askInVain(s, "first")
		p.expect(m.wire("first"))
		for range 2 { // nothing is written while an answer is pending
			_, err := s.Exchange([]byte("unsent"), make([]byte, 100), moment)
			k.fails(err, fault.Timeout)
			require.ErrorContains(k, err, "nothing was written")
		}
		p.send(m.wire("late"))
		done := k.askStarted(s, "second", "right")
		p.expect(m.wire("second"))
		p.send(m.wire("right"))
		require.NoError(k, k.await(done))
	})
}

func TestAReadTakesALateReply(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		k.askInVain(s, "first")
		p.send("4\r\nlate")
		k.expect(s, "late")
		done := k.askStarted(s, "second", "right")
		p.expect("5\r\nfirst6\r\nsecond")
		p.send("5\r\nright")
		require.NoError(k, k.await(done))
	})
}

func TestAReplyThatNeverComesIsGivenUp(t *testing.T) {
	overModes(t, deviceModes(), func(k *kit, m modeCase) {
		s, p := k.raw(k, must(k, both(m.set, withInts(map[option.ID]int32{option.ExchangeLate: 40}))))
		k.askInVain(s, "first")
		done := k.askStarted(s, "second", "right")
		p.expect(m.wire("first") + m.wire("second"))
		p.send(m.wire("right"))
		require.NoError(k, k.await(done))
	})
}

func TestALateReplyIsExpectedForEver(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, withInts(map[option.ID]int32{option.ExchangeLate: -1})))
		k.askInVain(s, "first")
		_, err := s.Exchange([]byte("unsent"), make([]byte, 100), 5*moment)
		k.fails(err, fault.Timeout)
		p.expect("5\r\nfirst")
		p.send("4\r\nlate")
		done := k.askStarted(s, "second", "right")
		p.expect("6\r\nsecond")
		p.send("5\r\nright")
		require.NoError(k, k.await(done))
	})
}

func TestACancelledExchangeExpectsItsReply(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		done := k.askStarted(s, "first", "")
		p.expect("5\r\nfirst")
		s.Cancel()
		k.fails(k.await(done), fault.Cancelled)
		p.send("4\r\nlate")
		done = k.askStarted(s, "second", "right")
		p.expect("6\r\nsecond")
		p.send("5\r\nright")
		require.NoError(k, k.await(done))
	})
}

// Noise is no answer and ends no exchange: it is counted, and the time goes on.
func TestExchangeSkipsNoise(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, inMode(frame.Markers, "")))
		done := k.askStarted(s, "Q1", "A1")
		p.expect("\x02Q1\x03")
		p.send("\x06")
		k.eventually(func() bool { return k.figures(s)[stats.ErrorsFrame] == 1 }, "the noise")
		p.send("\x02A1\x03")
		require.NoError(k, k.await(done))
		done = k.askStarted(s, "Q2", "A2")
		p.expect("\x02Q2\x03")
		p.send("\x06\x02A2\x03")
		require.NoError(k, k.await(done))
		require.Equal(k, int64(2), k.figures(s)[stats.ErrorsFrame])
	})
}

// Noise is no late answer, wherever it is met: in front of the request, or
// while a late answer is waited for.
func TestNoiseSettlesNothing(t *testing.T) {
	overTransports(t, func(k *kit) {
		for _, present := range []bool{true, false} {
			s, p := k.raw(k, must(k, inMode(frame.Markers, "")))
			k.askInVain(s, "Q1")
			p.expect("\x02Q1\x03")
			if present {
				p.send("\x06")
				k.eventually(func() bool { return s.stream.Load().conn.Buffered() > 0 }, "the noise")
			}
			done := k.askStarted(s, "Q2", "A2")
			k.untilReadLocked(s)
			p.send("\x06\x06")
			p.send("\x02A1\x03\x15")
			p.expect("\x02Q2\x03")
			p.send("\x06\x02A2\x03")
			require.NoError(k, k.await(done))
			require.NoError(k, s.Close())
		}
	})
}

// However much noise comes, an exchange takes no longer than it may.
func TestNoiseWithoutEndTakesNoLonger(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, inMode(frame.Markers, "")))
		flood := k.start(func() error {
			for {
				if _, err := p.Write([]byte(strings.Repeat("x", 4096))); err != nil {
					return nil
				}
			}
		})
		done := k.start(func() error { _, err := s.Exchange([]byte("Q1"), make([]byte, 9), 5*moment); return err })
		k.fails(k.await(done), fault.Timeout)
		done = k.start(func() error { // one error, and then its time is over
			for {
				if _, err := s.Read(make([]byte, 9), 5*moment); fault.CodeOf(err) != fault.Frame {
					return err
				}
			}
		})
		k.fails(k.await(done), fault.Timeout)
		require.NoError(k, s.Abort()) // the end of the flood is not waited for
		require.NoError(k, k.await(flood))
	})
}

// An answer with wrong check bytes has come: no late answer is expected.
func TestADamagedAnswerHasCome(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, both(withText(option.TextFramePreset, "stx-etx-bcc"), withInts(map[option.ID]int32{option.ExchangeLate: -1}))))
		done := k.askStarted(s, "a", "")
		p.expect("\x02a\x03b")
		p.send("\x02A\x03!")
		k.fails(k.await(done), fault.Check)
		k.askInVain(s, "b") // it is written at once
		p.expect("\x02b\x03a")
		done = k.askStarted(s, "c", "C")
		k.untilReadLocked(s)
		p.send("\x02B\x03!") // damaged, and late
		p.expect("\x02c\x03\x60")
		p.send("\x02C\x03\x40")
		require.NoError(k, k.await(done))
	})
}

// An answer of which the rest is on its way is waited for where silence ends it.
func TestALateAnswerThatSilenceEnds(t *testing.T) {
	overTransports(t, func(k *kit) {
		for _, silence := range []func(ms int32) func(*Socket){
			func(ms int32) func(*Socket) {
				return must(k, both(inMode(frame.Gap, ""), withInts(map[option.ID]int32{option.FrameGap: ms})))
			},
			func(ms int32) func(*Socket) {
				return must(k, both(inMode(frame.Raw, ""), withInts(map[option.ID]int32{option.ReadGap: ms})))
			},
		} {
			// On a busy machine the rest may leave after the silence: again, with a longer one.
			for ms := int32(500); !k.lateInTwoParts(silence(ms), time.Duration(ms)*time.Millisecond/2); ms *= 2 {
				require.Less(k, ms, int32(60000))
			}
		}
	})
}

// lateInTwoParts asks again while half of the late answer is there; false if its rest did not leave within that time.
func (k *kit) lateInTwoParts(set func(*Socket), within time.Duration) bool {
	k.Helper()
	s, p := k.raw(k, set)
	k.askInVain(s, "first")
	p.expect("first")
	begun := time.Now()
	p.send("late ")
	k.eventually(func() bool { return s.stream.Load().conn.Buffered() > 0 }, "the part")
	done := k.askStarted(s, "second", "right")
	k.untilReadLocked(s)
	p.send("answer")
	if time.Since(begun) > within {
		require.NoError(k, s.Close())
		_ = k.await(done) // ended by Close
		return false
	}
	p.expect("second")
	p.send("right")
	require.NoError(k, k.await(done))
	require.NoError(k, s.Close())
	return true
}

// A stream that is not understood any more is not asked.
func TestExchangeWritesNothingToALostStream(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		p.send("garbage")
		k.eventually(func() bool { return s.stream.Load().conn.Buffered() > 0 || s.stream.Load().buffered.Load() > 0 }, "it")
		for range 2 {
			_, err := s.Exchange([]byte("?"), make([]byte, 10), patienceOfTests)
			k.fails(err, fault.Frame)
		}
		require.Zero(k, k.figures(s)[stats.MessagesWritten])
	})
}

func TestExchangeWithModbusGoesByTheTransaction(t *testing.T) {
	overTransports(t, func(k *kit) {
		message := func(id byte, body string) string {
			return string([]byte{0, id, 0, 0, 0, byte(len(body))}) + body
		}
		s, p := k.raw(k, must(k, withText(option.TextFramePreset, "modbus-tcp")))
		k.askInVain(s, message(1, "\x01\x03"))
		p.expect(message(1, "\x01\x03"))
		done := k.askStarted(s, message(2, "\x01\x04"), message(2, "\x01\x04\x02"))
		p.expect(message(2, "\x01\x04")) // it did not wait for the first one's
		p.send(message(1, "\x01\x03\x02") + message(2, "\x01\x04\x02"))
		require.NoError(k, k.await(done))
	})
}

func TestExchangeWithAShortBufferLeavesNothingBehind(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		done := k.start(func() error { _, err := s.Exchange([]byte("first"), make([]byte, 3), patienceOfTests); return err })
		p.expect("5\r\nfirst")
		p.send("9\r\ntoo long!")
		k.fails(k.await(done), fault.Buffer)
		k.expect(s, "too long!")
		done = k.start(func() error { _, err := s.Exchange([]byte("again"), make([]byte, 3), patienceOfTests); return err })
		p.expect("5\r\nagain")
		p.send("9\r\ntoo long!")
		k.fails(k.await(done), fault.Buffer)
		done = k.askStarted(s, "second", "right")
		p.expect("6\r\nsecond")
		p.send("5\r\nright")
		require.NoError(k, k.await(done))
	})
}

func TestExchangeMeetsTheEnd(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		require.NoError(k, p.Close())
		k.eventually(func() bool { return s.State() == StatePeerClosed }, "the end")
		for range 2 {
			_, err := s.Exchange([]byte("?"), make([]byte, 10), forever)
			k.fails(err, fault.PeerClosed)
		}
	})
}

func TestExchangeInRawModeAndWithAPoll(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, inMode(frame.Raw, "")))
		p.send("stale")
		k.eventually(func() bool { n, err := s.Available(); return err == nil && n == 5 }, "stale input")
		done := k.askStarted(s, "?", "right")
		p.expect("?")
		p.send("right")
		require.NoError(k, k.await(done))
		_, err := s.Exchange([]byte("!"), make([]byte, 10), 0)
		k.fails(err, fault.Timeout)
		p.expect("!")
	})
}

func TestExchangeOnEmptyAndLongMessages(t *testing.T) {
	overTransports(t, func(k *kit) {
		client, channel := k.pair(k, nil)
		echo := k.start(func() error {
			buf := make([]byte, 1<<20)
			for {
				n, err := channel.Read(buf, patienceOfTests)
				if err != nil {
					return err
				}
				if _, err := channel.Write(buf[:n]); err != nil {
					return err
				}
			}
		})
		buf := make([]byte, 1<<20)
		for _, size := range []int{0, 1, 70000, 0, 500000} {
			msg := strings.Repeat("x", size)
			n, err := client.Exchange([]byte(msg), buf, patienceOfTests)
			require.NoError(k, err)
			assert.True(k, msg == string(buf[:n]))
		}
		require.NoError(k, client.Close())
		k.fails(k.await(echo), fault.PeerClosed)
	})
}

// modbusMessage is a message of "modbus-tcp" with a small transaction number.
func modbusMessage(id byte, body string) string {
	return string([]byte{0, id, 0, 0, 0, byte(len(body))}) + body
}

func TestModbusNamesTheOtherTransaction(t *testing.T) {
	overTransports(t, func(k *kit) {
		q := modbusMessage(2, "\x01\x03\x00\x00\x00\x02")
		s, p := k.raw(k, must(k, withText(option.TextFramePreset, "modbus-tcp")))
		done := k.start(func() error { _, err := s.Exchange([]byte(q), make([]byte, 300), 10*moment); return err })
		p.expect(q)
		p.send(modbusMessage(7, "\x01\x83\x02"))
		err := k.await(done)
		k.fails(err, fault.Timeout)
		require.ErrorContains(k, err, "transaction 7, expected 2")
		require.Equal(k, int64(1), k.figures(s)[stats.Stale])
		_, err = s.Write([]byte("\x00\x02\x00\x01\x00\x02\x01\x03"))
		k.fails(err, fault.Frame)
		_, err = s.Write(append([]byte("\x00\x02\x00\x00\x00\x00"), make([]byte, 255)...))
		k.fails(err, fault.Frame)
	})
}

// A damaged answer is one error, or a time-out where its header is one that may
// be, and the next exchange works.
func TestModbusGoesOnBehindADamagedAnswer(t *testing.T) {
	cases := []struct {
		name, answer string
		code         fault.Code
	}{
		{"length", "\x00\x01\x00\x00\xff\xff", fault.Frame},
		{"length, all of it", "\x00\x01\x00\x00\xff\xff\x01\x03\x02\x00\x07", fault.Frame},
		{"length, like a header behind it", "\x00\x01\x00\x00\xff\xff\x01\x03\x04\x00\x00\x00\x05", fault.Frame},
		{"length, like a longer one behind it", "\x00\x01\x00\x00\xff\xff\x01\x03\x04\x00\x00\x00\xfe", fault.Frame},
		{"protocol", "\x00\x01\x00\x09\x00\x05\x01\x03\x02\x00\x07", fault.Frame},
		{"noise before it", "\xff\x00\x01\x00\x00\xff\xff", fault.Frame},
		{"transaction", "\x00\x09\x00\x00\xff\xff\x01\x03\x02\x00\x07", fault.Timeout},
		{"a length that may be", "\x00\x01\x00\x00\x00\xfe\x01\x03\x02\x00\x07", fault.Timeout},
		{"a length that is too short", "\x00\x01\x00\x00\x00\x02\x01\x03\x02\x00\x07", fault.OK},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			overTransports(t, func(k *kit) {
				s, p := k.raw(k, must(k, withText(option.TextFramePreset, "modbus-tcp")))
				q := modbusMessage(1, "\x01\x03")
				wait := patienceOfTests
				if c.code == fault.Timeout {
					wait = 5 * moment
				}
				done := k.start(func() error { _, err := s.Exchange([]byte(q), make([]byte, 300), wait); return err })
				p.expect(q)
				p.send(c.answer)
				if err := k.await(done); c.code == fault.OK {
					require.NoError(k, err)
				} else {
					k.fails(err, c.code)
				}
				for id := byte(2); id < 4; id++ {
					q, answer := modbusMessage(id, "\x01\x03"), modbusMessage(id, "\x01\x03\x02\x00\x07")
					done = k.askStarted(s, q, answer)
					p.expect(q)
					p.send(answer)
					require.NoError(k, k.await(done))
				}
				require.LessOrEqual(k, k.figures(s)[stats.ErrorsFrame], int64(2))
			})
		})
	}
}

// A damaged header that is not the answer's is noise in an exchange.
func TestModbusSkipsNoiseBeforeTheAnswer(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, withText(option.TextFramePreset, "modbus-tcp")))
		q, answer := modbusMessage(2, "\x01\x03"), modbusMessage(2, "\x01\x03\x02\x00\x07")
		done := k.askStarted(s, q, answer)
		p.expect(q)
		p.send("\x00\x01\x00\x00\xff\xff\x01\x03\x02\x00\x07" + answer)
		require.NoError(k, k.await(done))
		require.Equal(k, int64(1), k.figures(s)[stats.ErrorsFrame])
	})
}

// Reading goes on behind a damaged header.
func TestModbusReadsOnBehindADamagedHeader(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, withText(option.TextFramePreset, "modbus-tcp")))
		good := modbusMessage(3, "\x01\x03\x02\x00\x07")
		p.send("\x00\x02\x00\x00\xff\xff\x01\x03\x02\x00\x07" + good)
		_, err := s.Read(make([]byte, 300), patienceOfTests)
		k.fails(err, fault.Frame)
		k.expect(s, good)
		require.NotEqual(k, StateBroken, s.State())
	})
}
