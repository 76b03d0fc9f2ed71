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
)

// described connects a channel whose messages a text describes with a raw peer.
func described(t *testing.T, text string) (*kit, *Socket, *peer) {
	k := newKit(t, transports[0])
	s, p := k.raw(k, must(k, withText(option.TextFrame, text)))
	return k, s, p
}

func TestALineFeedBehindACarriageReturnIsNoMessage(t *testing.T) {
	k, s, p := described(t, "data (0D0A|0A|0D)")
	p.send("one\r")
	k.expect(s, "one") // at once
	p.send("\n")
	require.Eventually(k, func() bool { return s.stream.Load().conn.Buffered() > 0 }, patienceOfTests, time.Millisecond)
	n, err := s.Available()
	require.NoError(k, err)
	assert.Zero(k, n)
	assert.Zero(k, s.stream.Load().in.Len(), "it is dropped, and is not the beginning of a message")
	p.send("\r*\ntwo\r\n\r\nthree\r\rfour\n")
	k.expect(s, "")
	require.NoError(k, s.SetMode(frame.Raw, nil))
	one := make([]byte, 1)
	_, err = s.Read(one, forever)
	require.NoError(k, err)
	require.NoError(k, s.SetMode(frame.Described, nil))
	k.expect(s, "") // what was read in between stands in front of it
	for _, line := range []string{"two", "", "three", "", "four"} {
		k.expect(s, line)
	}
	_, err = s.Write([]byte("five"))
	require.NoError(k, err)
	p.expect("five\r\n")
}

func TestWhatAMessageIsIsTold(t *testing.T) {
	k, s, p := described(t, "02 d=data 03 xor(d) ; control=(06|15) ignore=00 bad=keep")
	kind := func() int32 {
		n, err := s.Option(option.FrameMessage)
		require.NoError(k, err)
		return n
	}
	assert.Zero(k, kind())
	p.send("\x00\x06\x00\x00\x02A\x03A\x02B\x03A\x15")
	k.expect(s, "\x06")
	assert.Equal(k, MessageControl, kind())
	k.expect(s, "A")
	assert.Zero(k, kind())
	k.expect(s, "B")
	assert.Equal(k, MessageWrong, kind())

	r := newRig(k)
	r.attach(s, false)
	event := r.next()
	assert.Equal(k, EventMessage, event.Kind)
	assert.Equal(k, MessageControl, event.Detail)
	k.expect(s, "\x15")
}

func TestWrongCheckBytesAreAnsweredWithNAK(t *testing.T) {
	k, s, p := described(t, "02 d=data 03 xor(d) ; bad=nak")
	p.send("\x02A\x03B")
	_, err := s.Read(make([]byte, 10), forever)
	k.fails(err, fault.Check)
	p.expect("\x15")
	p.send("\x02A\x03A")
	k.expect(s, "A")
	require.NoError(k, s.Close())
	p.expectEnd()
}

func TestANAKNeverWaitsForAWriter(t *testing.T) {
	k, s, p := described(t, "02 d=data 03 xor(d) ; bad=nak >> data")
	long := strings.Repeat("abcdefgh", 1<<20)
	written := make(chan error, 1)
	go func() {
		_, err := s.Write([]byte(long))
		written <- err
	}()
	st := s.stream.Load()
	require.Eventually(k, func() bool {
		free := st.tryLockWrite()
		if free {
			st.unlockWrite()
		}
		return !free && st.conn.WritePos() > 0
	}, patienceOfTests, time.Millisecond, "the write waits")
	p.send("\x02A\x03B")
	_, err := s.Read(make([]byte, 10), forever)
	k.fails(err, fault.Check)
	p.expect(long + "\x15")
	require.NoError(k, <-written)
}

func TestAMessageEndsWithItsTagOrWithSilence(t *testing.T) {
	k, s, p := described(t, "data 0D ; gap=50")
	p.send("tag\rsilence")
	k.expect(s, "tag")
	k.expect(s, "silence")
}

func TestCheckBytesAreJudgedAtSilence(t *testing.T) {
	k, s, p := described(t, "d=data crc-16/modbus(d) ; gap=50")
	p.send("\x01\x03\x00\x00\x00\x01\x84\x0a")
	require.Eventually(k, func() bool {
		n, err := s.Available()
		return err == nil && n == 6
	}, patienceOfTests, time.Millisecond)
	k.expect(s, "\x01\x03\x00\x00\x00\x01")
	p.send("\x01\x03\x00\x00\x00\x01\x84\x0b")
	_, err := s.Read(make([]byte, 10), forever)
	k.fails(err, fault.Check)
	p.send("\x01\x03\x00\x00\x00\x01\x84\x0a")
	k.expect(s, "\x01\x03\x00\x00\x00\x01")
}

func TestCheckBytesInFrontAreJudgedAtSilence(t *testing.T) {
	k, s, p := described(t, "xor(d) d=data ; gap=50")
	p.send("\x03A")
	require.Eventually(k, func() bool { return s.stream.Load().conn.Buffered() > 0 }, patienceOfTests, time.Millisecond)
	_, err := s.Read(make([]byte, 10), 0)
	k.fails(err, fault.Timeout)
	p.send("B")
	k.expect(s, "AB")
}

func TestAQueueJudgesAtSilenceWhatStandsBehindAMessage(t *testing.T) {
	const text = "02 d=data xor(d) ; control=06 gap=50"
	k, s, p := described(t, text)
	r := newRig(k)
	r.attach(s, false)
	p.send("\x06\x02A\x41")
	assert.Equal(k, MessageControl, r.expectEvent(s, EventMessage).Detail)
	event := r.expectEvent(s, EventMessage)
	assert.Zero(k, event.Detail)
	assert.EqualValues(k, 1, event.Value)
	k.expect(s, "\x06")
	k.expect(s, "A")
	p.send("\x06\x02A\x42")
	r.message(s, "\x06")
	assert.EqualValues(k, fault.Check, r.expectEvent(s, EventNoise).Code)
}

func TestAnAnswerThatSilenceEndsIsKnownByItsField(t *testing.T) {
	k := newKit(t, transports[0])
	s, p := k.raw(k, must(k, both(withText(option.TextFrame, "02 d=data xor(d) ; gap=50"), withInts(map[option.ID]int32{option.ExchangeField: 0}))))
	done := k.askStarted(s, "ABC", "ABD")
	p.expect("\x02ABC@")
	p.send("\x02ABDG")
	require.NoError(k, k.await(done))
}

// The peer's heartbeats are framed as what is read, whatever is written.
func TestHeartbeatsOfADescriptionWithTwoDirections(t *testing.T) {
	k := newKit(t, transports[0])
	s, p := k.raw(k, must(k, both(withText(option.TextFrame, "data 0A >> data 0D0A"), withText(option.TextHeartbeat, "alive"),
		withInts(map[option.ID]int32{option.Heartbeat: 86400000}))))
	p.send("alive\nnews\nalive\r\n")
	k.expect(s, "news")
	k.expect(s, "alive\r")
}

func TestTextsNameTheDescription(t *testing.T) {
	k, s, p := described(t, "02 data 03")
	p.send("\x02abc")
	require.Eventually(k, func() bool { return s.stream.Load().conn.Buffered() > 0 }, patienceOfTests, time.Millisecond)
	_, err := s.Read(make([]byte, 10), 0)
	k.fails(err, fault.Timeout)
	assert.ErrorContains(k, err, "the end 03 of WDS_TEXT_FRAME")
	assert.ErrorContains(k, err, "describe in WDS_TEXT_FRAME")
	require.NoError(k, p.Close())
	_, err = s.Read(make([]byte, 10), forever)
	k.fails(err, fault.PeerClosed)
	assert.ErrorContains(k, err, "the end 03 of WDS_TEXT_FRAME")
}

func TestADescriptionIsAnOption(t *testing.T) {
	k, s, p := described(t, ` 02   DATA "!" `)
	text, err := s.Text(option.TextFrame)
	require.NoError(k, err)
	assert.Equal(k, `02 data "!"`, text, "in canonical form")
	mode := func() frame.Mode {
		n, err := s.Option(option.Mode)
		require.NoError(k, err)
		return frame.Mode(n)
	}
	assert.Equal(k, frame.Described, mode())
	k.fails(s.SetText(option.TextFrame, "02 data"), fault.Argument)
	assert.Equal(k, frame.Described, mode(), "nothing has changed")
	k.write(s, "A")
	p.expect("\x02A!")

	require.NoError(k, s.SetMode(frame.EndTag, []byte(";")))
	text, err = s.Text(option.TextFrame)
	require.NoError(k, err)
	assert.Equal(k, `data ";"`, text, "of the mode in use")
	require.NoError(k, s.SetMode(frame.Described, nil))
	k.write(s, "B")
	p.expect("\x02B!")
	require.NoError(k, s.SetText(option.TextFrame, ""))
	assert.Equal(k, frame.Size, mode())
	k.fails(s.SetMode(frame.Described, nil), fault.Argument)

	require.NoError(k, s.SetText(option.TextFramePreset, "netstring"))
	text, err = s.Text(option.TextFramePreset)
	require.NoError(k, err)
	assert.Equal(k, "netstring", text)
	k.write(s, "abc")
	p.expect("3:abc,")
	k.fails(s.SetText(option.TextFramePreset, "no such protocol"), fault.Unsupported)
	require.NoError(k, s.SetText(option.TextFrame, `data 0A >> data 0D0A`))
	k.write(s, "d")
	p.expect("d\r\n")
	p.send("e\r\n")
	k.expect(s, "e\r")
}

// A queue goes on where it stopped looking for the end, too, where silence may end the message.
func TestAQueueLooksForTheEndOnce(t *testing.T) {
	for _, text := range []string{"data 0D0A", "data 0D0A ; gap=60000", "02 data~10 03 ; gap=60000"} {
		t.Run(text, func(t *testing.T) {
			k, s, p := described(t, text)
			r := newRig(k)
			r.attach(s, false)
			p.send("\x02abcdefgh")
			k.eventually(func() bool {
				_, told := r.within(0)
				require.False(k, told)
				return s.stream.Load().in.Len() == 9
			}, "all has arrived")
			assert.GreaterOrEqual(k, s.stream.Load().scanned, 8)
		})
	}
}

// What an escaped message is of which silence was the end is found out then, behind another
// message, too.
func TestAQueueJudgesAtSilence(t *testing.T) {
	k, s, p := described(t, "02 data~10 03 ; gap=20")
	r := newRig(k)
	r.attach(s, false)
	p.send("\x02A\x03\x02B\x10\x10C")
	for _, message := range []string{"A", "B\x10C"} {
		event := r.next()
		assert.Equal(k, EventMessage, event.Kind)
		assert.Equal(k, int32(len(message)), event.Value)
		assert.Zero(k, event.Detail, "a usual message")
		k.expect(s, message)
	}
}

// floods sends bytes of a kind until the test ends, faster than they are dropped.
func (p *peer) floods(unit string) {
	piece := []byte(strings.Repeat(unit, 1<<20/len(unit)))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			if _, err := p.Write(piece); err != nil {
				return
			}
		}
	}()
	p.t.Cleanup(func() {
		p.Close()
		<-done
	})
}

// What is dropped keeps no call beyond its time, and no queue from its other sockets, however
// much of it comes.
func TestAFloodOfWhatIsDropped(t *testing.T) {
	const dropped = "02 data 03 ; ignore=(FF|FE|FD|FC|FB|FA|F9|F8|F7|F6|F5|F4|F3|F2|F1|00)"
	calls := map[string]func(*Socket) error{
		"Read":      func(s *Socket) error { _, err := s.Read(make([]byte, 10), moment/3); return err },
		"poll":      func(s *Socket) error { _, err := s.Read(make([]byte, 10), 0); return err },
		"Available": func(s *Socket) error { _, err := s.Available(); return err },
		"Discard":   func(s *Socket) error { _, err := s.Discard(DiscardAll); return err },
		"older":     func(s *Socket) error { _, err := s.Discard(DiscardOlder); return err },
		"Exchange":  func(s *Socket) error { _, err := s.Exchange([]byte("A"), make([]byte, 10), moment/3); return err },
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			k, s, p := described(t, dropped)
			p.floods("\x00")
			require.Eventually(k, func() bool { return s.stream.Load().conn.Buffered() > 0 }, patienceOfTests, time.Millisecond)
			_ = k.await(k.start(func() error { return call(s) }))
		})
	}
	t.Run("queue", func(t *testing.T) {
		k, s, p := described(t, dropped)
		other, to := k.raw(k, must(k, withText(option.TextFrame, dropped)))
		r := newRig(k)
		r.attach(s, false)
		p.floods("\x00")
		r.attach(other, false)
		to.send("\x02A\x03")
		r.message(other, "A")
	})
	t.Run("acknowledgements", func(t *testing.T) {
		k := newKit(t, transports[0])
		s, p := k.raw(k, must(k, withText(option.TextExchangeAck, "\x06")))
		p.floods("\x06")
		_, err := s.Exchange([]byte("A"), make([]byte, 10), moment/3)
		k.fails(err, fault.Timeout)
	})
}
