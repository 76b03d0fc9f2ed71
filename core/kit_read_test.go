package core

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/mem"
	"wdsocket/core/option"
)

func TestEchoOfEverySizeInEveryMode(t *testing.T) {
	overModes(t, modeCases(), func(k *kit, m modeCase) {
		client, channel := k.pair(k, must(k, m.set))
		echo := k.start(func() error {
			buf := make([]byte, 2<<20)
			for {
				n, err := channel.Read(buf, patienceOfTests)
				if fault.CodeOf(err) == fault.PeerClosed {
					return nil
				}
				if err != nil {
					return err
				}
				if _, err := channel.Write(buf[:n]); err != nil {
					return err
				}
			}
		})
		buf := make([]byte, 2<<20)
		for _, size := range m.sizes() {
			msg := m.message(size)
			sent := k.start(func() error { _, err := client.Write([]byte(msg)); return err })
			got := 0
			for {
				n, err := client.Read(buf[got:], patienceOfTests)
				require.NoError(k, err, "%d", size)
				got += n
				if m.name != "raw" || got == size {
					break
				}
			}
			require.NoError(k, k.await(sent))
			require.True(k, msg == string(buf[:got]), "%d bytes, %d came", size, got)
		}
		require.NoError(k, client.CloseAndWait(patienceOfTests))
		require.NoError(k, k.await(echo))
	})
}

func TestTheBytesOfEveryMode(t *testing.T) {
	overModes(t, modeCases(), func(k *kit, m modeCase) {
		s, p := k.raw(k, must(k, m.set))
		for _, size := range m.sizes() {
			if size > 5000 && size != m.fixed {
				continue
			}
			if k.websocket && m.name == "raw" && size > 4000 { // it comes in pieces
				continue
			}
			msg := m.message(size)
			k.write(s, msg)
			p.expect(m.wire(msg))
			p.send(m.wire(msg))
			k.expect(s, msg)
		}
	})
}

func TestOneByteAtATime(t *testing.T) {
	overModes(t, wholeModes(), func(k *kit, m modeCase) {
		s, p := k.raw(k, must(k, m.set))
		if m.fixed > 1000 {
			return // the short one has the same code
		}
		size := 50
		if m.fixed > 0 {
			size = m.fixed
		}
		first, second := m.message(size), m.message(size)
		feed := k.start(func() error {
			for _, c := range []byte(m.wire(first) + m.wire(second)) {
				if _, err := p.Write([]byte{c}); err != nil {
					return err
				}
				time.Sleep(50 * time.Microsecond) // so that most bytes are segments of their own
			}
			return nil
		})
		k.expect(s, first)
		k.expect(s, second)
		require.NoError(k, k.await(feed))
	})
}

func TestManyMessagesInOneSegment(t *testing.T) {
	overModes(t, wholeModes(), func(k *kit, m modeCase) {
		s, p := k.raw(k, must(k, m.set))
		var all strings.Builder
		var want []string
		sizes := []int{0, 1, 5, 300, 0, 17, 4000}
		if m.fixed > 0 {
			sizes = []int{m.fixed, m.fixed, m.fixed}
		}
		for _, size := range sizes {
			want = append(want, m.message(size))
			all.WriteString(m.wire(m.message(size)))
		}
		sent := k.start(func() error { _, err := io.WriteString(p, all.String()); return err })
		for _, msg := range want {
			k.expect(s, msg)
		}
		require.NoError(k, k.await(sent))
		k.readFails2(s, 1<<20, 0, fault.Timeout)
	})
}

func TestSizeThenShortThenFull(t *testing.T) {
	overModes(t, wholeModes(), func(k *kit, m modeCase) {
		s, p := k.raw(k, must(k, m.set))
		size := 2000
		if m.fixed > 0 {
			size = m.fixed
		}
		msg := m.message(size)
		sent := k.start(func() error { _, err := io.WriteString(p, m.wire(msg)); return err })
		for range 2 { // it consumes nothing
			n, err := s.Size(patienceOfTests)
			require.NoError(k, err)
			require.Equal(k, size, n)
		}
		short := []byte(strings.Repeat("#", size-1))
		for _, capacity := range []int{0, 1, size - 1} {
			n, err := s.Read(short[:capacity], patienceOfTests)
			k.fails(err, fault.Buffer)
			require.Zero(k, n)
			require.Equal(k, strings.Repeat("#", capacity), string(short[:capacity]), "left alone")
		}
		k.expect(s, msg)
		require.NoError(k, k.await(sent))
	})
}

func TestThatAMessageDoesNotFitIsToldWhenItIsThere(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		p.send("50000\r\nthe beginning")
		for _, room := range []int{0, 100, 49999} { // 49999 bytes would be read straight into the reader's memory
			_, err := s.Read(make([]byte, room), time.Millisecond)
			k.fails(err, fault.Timeout)
		}
		_, err := s.ReadMany(make([]byte, 100), make([]int32, 2), time.Millisecond)
		k.fails(err, fault.Timeout)
		_, err = s.Size(time.Millisecond)
		k.fails(err, fault.Timeout)
		p.send(strings.Repeat("x", 50000-13))
		_, err = s.Read(make([]byte, 49999), patienceOfTests)
		k.fails(err, fault.Buffer)
		n, err := s.Size(0)
		require.NoError(k, err)
		require.Equal(k, 50000, n)
		k.expect(s, "the beginning"+strings.Repeat("x", 50000-13))
	})
}

func TestRawReadsAtMostTheCapacity(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, inMode(frame.Raw, "")))
		p.send("Hello World")
		n, err := s.Size(patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, 11, n)
		_, err = s.Read(nil, patienceOfTests)
		k.fails(err, fault.Buffer)
		buf := make([]byte, 5)
		n, err = s.Read(buf, patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, "Hello", string(buf[:n]))
		k.expect(s, " World")
		k.readFails(s, 0, fault.Timeout)
		n, err = s.Read(nil, 0)
		k.fails(err, fault.Timeout)
		require.Zero(k, n)
	})
}

func TestReadMany(t *testing.T) {
	overModes(t, wholeModes(), func(k *kit, m modeCase) {
		s, p := k.raw(k, must(k, m.set))
		if m.fixed > 1000 {
			return
		}
		sizes := []int{3, 0, 10, 1, 7}
		if m.fixed > 0 {
			sizes = []int{m.fixed, m.fixed, m.fixed, m.fixed, m.fixed}
		}
		var all, want strings.Builder
		total := 0
		for _, n := range sizes {
			all.WriteString(m.wire(m.message(n)))
			want.WriteString(m.message(n))
			total += n
		}
		p.send(all.String() + m.wire(m.message(sizes[0]))[:1])
		k.eventually(func() bool { n, err := s.Available(); return err == nil && n == total }, "all there")

		lengths := make([]int32, 10)
		buf := make([]byte, 100)
		_, err := s.ReadMany(buf[:sizes[0]-1], lengths, patienceOfTests)
		k.fails(err, fault.Buffer)

		n, err := s.ReadMany(buf[:sizes[0]+sizes[1]+1], lengths, patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, 2, n, "as many as fit")
		used := int(lengths[0] + lengths[1])
		more, err := s.ReadMany(buf[used:], lengths[n:n+2], patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, 2, more, "as many as there are lengths")
		used += int(lengths[n] + lengths[n+1])
		n += more
		more, err = s.ReadMany(buf[used:], lengths[n:], patienceOfTests)
		require.NoError(k, err)
		n += more
		require.Equal(k, len(sizes), n)
		for i, size := range sizes {
			assert.EqualValues(k, size, lengths[i])
		}
		require.Equal(k, want.String(), string(buf[:total]))
		_, err = s.ReadMany(buf, lengths, 0)
		k.fails(err, fault.Timeout)
		p.send(m.wire(m.message(sizes[0]))[1:])
		n, err = s.ReadMany(buf, lengths, patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, 1, n)
	})
}

func TestReadManyLeavesAnErrorToTheNextCall(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		p.send("1\r\na2\r\nbbnonsense")
		k.eventually(func() bool { n, err := s.Available(); return err == nil && n == 3 }, "both there")
		lengths := make([]int32, 9)
		buf := make([]byte, 9)
		n, err := s.ReadMany(buf, lengths, patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, 2, n)
		require.Equal(k, "abb", string(buf[:3]))
		for range 2 {
			_, err = s.ReadMany(buf, lengths, patienceOfTests)
			k.fails(err, fault.Frame)
		}
		require.Equal(k, StateBroken, s.State(), "the framing failed for good")
		require.NoError(k, s.SetMode(frame.Raw, nil))
		require.Equal(k, StateOpen, s.State())
		k.expect(s, "nonsense")
	})
}

func TestReadMessage(t *testing.T) {
	overModes(t, modeCases(), func(k *kit, m modeCase) {
		s, p := k.raw(k, must(k, m.set))
		var kept []*mem.Message
		var want []string
		for i, size := range m.sizes() {
			if size > 70000 && size != m.fixed {
				continue
			}
			msg := m.message(size)
			sent := k.start(func() error { _, err := io.WriteString(p, m.wire(msg)); return err })
			got, all := "", 0
			for {
				lent, err := s.ReadMessage(patienceOfTests)
				require.NoError(k, err)
				require.Equal(k, lent.Bytes(), lent.Memory()[lent.Offset():lent.Offset()+len(lent.Bytes())])
				require.Zero(k, lent.Memory()[lent.Offset()+len(lent.Bytes())], "one NUL behind it")
				got += string(lent.Bytes())
				all += len(lent.Bytes())
				if i%2 == 0 && all == size {
					kept, want = append(kept, lent), append(want, string(lent.Bytes()))
				} else {
					lent.Free()
				}
				if m.name != "raw" || all == size {
					break
				}
			}
			require.NoError(k, k.await(sent))
			require.True(k, msg == got, "%d", size)
		}
		require.NoError(k, s.Close())
		require.NotZero(k, k.buffered(), "messages outlive their socket")
		for i, lent := range kept {
			assert.True(k, want[i] == string(lent.Bytes()))
			lent.Free()
		}
	})
}

func TestReadMessageAmongOthers(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		long := strings.Repeat("long", 500)
		p.send("3\r\none2000\r\n" + long + "5\r\nthree0\r\n4\r\nfive")
		k.eventually(func() bool { n, err := s.Available(); return err == nil && n == 3+2000+5+0+4 }, "all there")
		var kept []*mem.Message
		for range 4 {
			m, err := s.ReadMessage(patienceOfTests)
			require.NoError(k, err)
			kept = append(kept, m)
		}
		k.expect(s, "five")
		for i, want := range []string{"one", long, "three", ""} {
			assert.Equal(k, want, lent(kept[i]))
		}
	})
}

func TestAvailable(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		is := func(want int) {
			k.Helper()
			k.eventually(func() bool { n, err := s.Available(); return err == nil && n == want }, "available")
		}
		is(0)
		p.send("5\r\nHel")
		k.eventually(func() bool { s.Available(); return k.number(s, NumBuffered) == 6 }, "a part came")
		is(0)
		p.send("lo0\r\n3\r\nabc9")
		is(8)
		k.expect(s, "Hello")
		is(3)
		k.expect(s, "")
		k.expect(s, "abc")
		is(0)
		p.send("\r\n123456789")
		is(9)
		require.NoError(k, p.Close())
		is(9)
		k.expect(s, "123456789")
		k.eventually(func() bool { _, err := s.Available(); return fault.CodeOf(err) == fault.PeerClosed }, "the end")
	})
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, inMode(frame.Raw, "")))
		p.send("seven !")
		k.eventually(func() bool { n, err := s.Available(); return err == nil && n == 7 }, "raw bytes")
		k.expect(s, "seven !")
	})
}

func TestAvailableTellsWhatReadWould(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		p.send("x\r\n")
		require.NoError(k, p.Close())
		k.readFails(s, patienceOfTests, fault.Frame)
		k.eventually(func() bool { return s.stream.Load().conn.State() != 0 }, "the end")
		_, err := s.Available()
		k.fails(err, fault.Frame)
	})
}

func TestTimeoutInsideAMessageKeepsWhatCame(t *testing.T) {
	overModes(t, wholeModes(), func(k *kit, m modeCase) {
		s, p := k.raw(k, must(k, m.set))
		for _, size := range []int{40, 40000} {
			if m.fixed > 0 {
				size = m.fixed
			}
			msg := m.message(size)
			onWire := m.wire(msg)
			for _, cut := range []int{1, len(onWire) / 2, len(onWire) - 1} {
				k.readFails2(s, size, 0, fault.Timeout)
				k.readFails2(s, size, time.Millisecond, fault.Timeout)
				p.send(onWire[:cut])
				k.readFails2(s, size, moment/4, fault.Timeout)
				k.readFails2(s, size, 0, fault.Timeout)
				p.send(onWire[cut:])
				k.expect(s, msg)
			}
		}
	})
}

// readFails2 is readFails with room for the whole message.
func (k *kit) readFails2(s *Socket, room int, timeout time.Duration, code fault.Code) {
	k.Helper()
	_, err := s.Read(make([]byte, room), timeout)
	k.fails(err, code)
}

func TestReadGapGivesAMessageThatBeganMoreTime(t *testing.T) {
	cases := []struct {
		name      string
		set       func(*Socket) error
		from, end string
	}{
		{"size", inMode(frame.Size, ""), "11\r\nHello", " World"},
		{"fixed long", both(inMode(frame.Fixed, ""), withInts(map[option.ID]int32{option.FrameLength: 40000})),
			strings.Repeat("x", 100), strings.Repeat("x", 39900)},
		{"size long", inMode(frame.Size, ""), "40000\r\n" + strings.Repeat("x", 100), strings.Repeat("x", 39900)},
		{"end tag", inMode(frame.EndTag, "\n"), "Hello", "\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			overTransports(t, func(k *kit) {
				s, p := k.raw(k, must(k, both(c.set, withInts(map[option.ID]int32{option.ReadGap: 15000}))))
				began := time.Now()
				k.readFails2(s, 50000, moment, fault.Timeout)
				assert.Less(k, time.Since(began), patienceOfTests/2, "no message has begun")
				p.send(c.from)
				k.untilBuffered(s, len(c.from))
				done := k.start(func() error { _, err := s.Read(make([]byte, 50000), moment); return err })
				time.Sleep(3 * moment) // longer than the call's own time
				select {
				case err := <-done:
					require.Fail(k, "returned early", "%v", err)
				default:
				}
				p.send(c.end)
				require.NoError(k, k.await(done))
			})
		})
	}
}

func TestReadGapEnds(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, withInts(map[option.ID]int32{option.ReadGap: 50})))
		p.send("5\r\nHel")
		k.readFails(s, moment, fault.Timeout)
		k.readFails(s, patienceOfTests/100, fault.Timeout)
		p.send("lo")
		k.expect(s, "Hello")
	})
}

func TestReadGapCollectsRawBytes(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, both(inMode(frame.Raw, ""), withInts(map[option.ID]int32{option.ReadGap: 2000}))))
		done := k.start(func() error {
			buf := make([]byte, 11)
			n, err := s.Read(buf, patienceOfTests)
			if err == nil && string(buf[:n]) != "Hello World" {
				return unexpected("%q", buf[:n])
			}
			return err
		})
		for _, part := range []string{"Hel", "lo ", "World!"} {
			p.send(part)
			time.Sleep(5 * time.Millisecond)
		}
		require.NoError(k, k.await(done))
		require.NoError(k, s.SetOption(option.ReadGap, 1))
		k.expect(s, "!")
	})
}

func TestModeChangeKeepsSurplus(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		p.send("3\r\nonetwo\nrest\x02three\x03\x00\x04four12345")
		k.expect(s, "one")
		require.NoError(k, s.SetMode(frame.EndTag, []byte("\n")))
		k.expect(s, "two")
		require.NoError(k, s.SetMode(frame.Raw, nil))
		buf := make([]byte, 4)
		n, err := s.Read(buf, patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, "rest", string(buf[:n]))
		require.NoError(k, s.SetMode(frame.Markers, nil))
		k.expect(s, "three")
		require.NoError(k, s.SetMode(frame.Length, nil))
		k.expect(s, "four")
		require.NoError(k, both(inMode(frame.Fixed, ""), withInts(map[option.ID]int32{option.FrameLength: 5}))(s))
		k.expect(s, "12345")
		mode, err := s.Option(option.Mode)
		require.NoError(k, err)
		require.EqualValues(k, frame.Fixed, mode)
	})
}

func TestBadBytes(t *testing.T) {
	cases := []struct {
		name string
		set  func(*Socket) error
		sent string
		code fault.Code
	}{
		{"letters", nil, "abc\r\n", fault.Frame},
		{"negative", nil, "-5\r\n", fault.Frame},
		{"40 digits", nil, strings.Repeat("1", 40) + "\r\n", fault.Frame},
		{"no length", nil, "\r\n", fault.Frame},
		{"above the limit", withInts(map[option.ID]int32{option.MaxMessage: 10}), "11\r\n", fault.TooLong},
		{"a tag that never comes", both(inMode(frame.EndTag, "\n"), withInts(map[option.ID]int32{option.MaxMessage: 10})),
			"0123456789 and more", fault.TooLong},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			overTransports(t, func(k *kit) {
				var prepare func(*Socket)
				if c.set != nil {
					prepare = must(k, c.set)
				}
				s, p := k.raw(k, prepare)
				p.send(c.sent)
				for range 2 {
					k.readFails(s, patienceOfTests, c.code)
				}
			})
		})
	}
}

func TestAMessageOfTheLimitAndOneAbove(t *testing.T) {
	overModes(t, wholeModes(), func(k *kit, m modeCase) {
		if m.fixed > 0 {
			return // a fixed length has no limit to meet
		}
		s, p := k.raw(k, must(k, both(m.set, withInts(map[option.ID]int32{option.MaxMessage: 1000}))))
		_, err := s.Write([]byte(m.message(1001)))
		k.fails(err, fault.TooLong)
		k.write(s, m.message(1000))
		p.expect(m.wire(m.message(1000)))
		p.send(m.wire(m.message(1000)))
		k.expect(s, m.message(1000))
		p.send(m.wire(m.message(1001)))
		k.readFails2(s, 2000, patienceOfTests, fault.TooLong)
	})
}

func TestWrongCheckIsToldOnce(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, withText(option.TextFramePreset, "stx-etx-bcc")))
		p.send("\x02A\x03\x00\x02A\x03\x42")
		k.readFails(s, patienceOfTests, fault.Check)
		k.expect(s, "A")
	})
}

func TestCharset(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, withText(option.TextCharset, "windows-1252")))
		k.write(s, "é€")
		p.expect("2\r\n\xe9\x80")
		p.send("2\r\n\xe9\x80")
		n, err := s.Size(patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, 5, n)
		_, err = s.Read(make([]byte, 4), patienceOfTests)
		k.fails(err, fault.Buffer)
		k.expect(s, "é€")
		p.send("1\r\n\xe93\r\nabc")
		m, err := s.ReadMessage(patienceOfTests)
		require.NoError(k, err)
		require.Zero(k, m.Memory()[m.Offset()+2])
		require.Equal(k, "é", lent(m))
		k.expect(s, "abc")

		_, err = s.Write([]byte("中"))
		k.fails(err, fault.Text)
		p.send("1\r\n\x81")
		for range 2 {
			k.readFails(s, patienceOfTests, fault.Text)
		}
		require.NoError(k, s.SetText(option.TextCharset, ""))
		k.expect(s, "\x81")
	})
}

func TestCharsetManyAndRaw(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, withText(option.TextCharset, "windows-1252")))
		p.send("1\r\n\xe91\r\n\xe8")
		k.eventually(func() bool { n, err := s.Available(); return err == nil && n >= 2 }, "both")
		lengths := make([]int32, 4)
		buf := make([]byte, 10)
		n, err := s.ReadMany(buf, lengths, patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, 2, n)
		require.Equal(k, []int32{2, 2}, lengths[:2])
		require.Equal(k, "éè", string(buf[:4]))

		require.NoError(k, both(inMode(frame.Raw, ""), withText(option.TextCharset, "utf-16le"))(s))
		p.send("\xe9") // half a character
		k.readFails(s, moment, fault.Timeout)
		p.send("\x00a\x00b")
		got := ""
		for len(got) < 3 {
			n, err := s.Read(buf, patienceOfTests)
			require.NoError(k, err)
			got += string(buf[:n])
		}
		require.Equal(k, "éa", got)
		p.send("\x00")
		m, err := s.ReadMessage(patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, "b", lent(m))
	})
}

func TestANoiseBeforeGapMessages(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, both(inMode(frame.Gap, ""), withInts(map[option.ID]int32{option.FrameGap: 300}))))
		p.send("Hel")
		k.untilBuffered(s, 3)
		k.readFails(s, 0, fault.Timeout)
		p.send("lo")
		k.expect(s, "Hello")
		p.send("last")
		require.NoError(k, p.Close())
		k.expect(s, "last")
		k.readFails(s, patienceOfTests, fault.PeerClosed)
	})
}
