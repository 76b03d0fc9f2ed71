package core

import (
	"errors"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
	"wdsocket/core/stats"
)

const (
	messageTime    = 200                    // ms that a message may take in these tests
	longerThanThat = 250 * time.Millisecond // longer than that
)

// withMessageLimit is a mode, with the limit of a message.
func withMessageLimit(k *kit, set func(*Socket) error) func(*Socket) {
	return must(k, both(set, withInts(map[option.ID]int32{option.MessageLimit: messageTime})))
}

// drip sends bytes one by one, with pauses, until the connection is cut, or they are over.
func (k *kit) drip(p *peer, text string) <-chan error {
	return k.start(func() error {
		for i := range len(text) {
			if _, err := p.Write([]byte{text[i]}); err != nil {
				return nil
			}
			time.Sleep(messageTime / 10 * time.Millisecond)
		}
		return nil
	})
}

// isLate checks the error of a message that was late.
func (k *kit) isLate(err error) {
	k.Helper()
	k.fails(err, fault.Silent)
	var e *fault.Error
	require.True(k, errors.As(err, &e))
	assert.True(k, isLateMessage(e), "%v", err)
	assert.Contains(k, err.Error(), "WDS_OPT_MESSAGE_LIMIT allows 200 ms")
}

func (k *kit) readsLate(s *Socket) {
	k.Helper()
	_, err := s.Read(make([]byte, 200000), forever)
	k.isLate(err)
}

// unfinishedOf is a message of a mode, as far as it is not whole.
func unfinishedOf(m modeCase) string {
	n := 60
	if m.fixed > 0 {
		n = m.fixed
	}
	wire := m.wire(m.message(n))
	return wire[:len(wire)-1]
}

// limitedModes are the modes that have messages. A silence does not end those that are sent
// slowly here.
func limitedModes() []modeCase {
	var out []modeCase
	for _, m := range modeCases() {
		if m.name == "raw" {
			continue
		}
		if m.name == "gap" {
			m.set = both(m.set, withInts(map[option.ID]int32{option.FrameGap: 1500}))
		}
		out = append(out, m)
	}
	return out
}

func TestAMessageThatDripsIsLateInEveryMode(t *testing.T) {
	for _, m := range limitedModes() {
		t.Run(m.name, func(t *testing.T) {
			t.Run("reader", func(t *testing.T) {
				k := newKit(t, setup{direct: true, exact: true, pair: plainPair, raw: plainRaw})
				s, p := k.raw(k, withMessageLimit(k, m.set))
				wire := unfinishedOf(m)
				split := max(len(wire)-40, 1)
				begun := time.Now()
				p.send(wire[:split])
				var done <-chan error
				if m.name == "gap" {
					done = k.drip(p, m.message(1000))
				} else {
					done = k.drip(p, wire[split:])
				}
				k.readsLate(s)
				k.onTime(begun, (messageTime-5)*time.Millisecond)
				k.readsLate(s) // it is the end
				require.NoError(k, k.await(done))
			})
			t.Run("queue", func(t *testing.T) {
				r := newRig(newKit(t, setup{exact: true, pair: plainPair, raw: plainRaw}))
				s, p := r.raw(r.kit, withMessageLimit(r.kit, m.set))
				r.attach(s, false)
				begun := time.Now()
				wire := unfinishedOf(m)
				if m.name == "gap" {
					wire = m.message(1000)
				}
				p.send(wire[:1])
				done := r.drip(p, wire[1:min(len(wire), 1000)])
				e := r.expectEvent(s, EventTimeout)
				require.Equal(r, int32(SilentMessage), e.Value)
				require.Equal(r, int32(fault.Silent), e.Code)
				r.onTime(begun, (messageTime-5)*time.Millisecond)
				r.readsLate(s)
				require.NoError(r, r.await(done))
			})
		})
	}
}

func TestAMessageThatStopsIsLate(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, withMessageLimit(k, inMode(frame.Size, "")))
		p.send("3\r\none")
		k.expect(s, "one")
		k.readFails(s, longerThanThat, fault.Timeout) // nothing has begun
		begun := time.Now()
		p.send("40\r\nx")
		k.readsLate(s)
		k.onTime(begun, (messageTime-5)*time.Millisecond)
		require.Equal(k, StateReset, s.State())
		p.expectReset()
		row := stats.Row{}
		s.stream.Load().counters.AddTo(&row)
		require.Equal(k, int64(1), row[stats.ErrorsSilent])
	})
}

func TestAMessageThatStopsIsLateInAQueue(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, must(r, inMode(frame.Size, "")))
		r.attach(s, false)
		p.send("3\r\none40\r\nx")
		r.message(s, "one")
		_, reported := r.within(longerThanThat)
		require.False(r, reported)
		begun := time.Now()
		require.NoError(r, s.SetOption(option.MessageLimit, messageTime)) // at once
		e := r.expectEvent(s, EventTimeout)
		require.Equal(r, int32(SilentMessage), e.Value)
		r.onTime(begun, (messageTime-5)*time.Millisecond)
		r.readsLate(s)
		p.expectReset()
		r.silent()
	})
}

// TestWholeMessagesAreNeverLate has a host that reads slowly: what has come in time is whole,
// however late it is read, and what stands behind it begins when it is taken.
func TestWholeMessagesAreNeverLate(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, withMessageLimit(k, inMode(frame.Size, "")))
		p.send("3\r\none3\r\ntwo5\r\nth")
		k.expect(s, "one")
		time.Sleep(longerThanThat)
		k.expect(s, "two")
		k.readFails(s, moment, fault.Timeout) // now it has begun
		p.send("ree")
		k.eventually(func() bool { n, err := s.Available(); return n == 5 && err == nil }, "the rest")
		time.Sleep(longerThanThat)
		k.expect(s, "three")
	})
}

func TestWholeMessagesAreNeverLateInAQueue(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, withMessageLimit(r.kit, inMode(frame.Size, "")))
		r.attach(s, false)
		p.send("3\r\none3\r\ntwo5\r\nth")
		r.expectEvent(s, EventMessage)
		r.expectEvent(s, EventMessage)
		_, reported := r.within(longerThanThat)
		require.False(r, reported, "both wait for the host")
		r.take(s, "one")
		begun := time.Now()
		r.take(s, "two")
		e := r.expectEvent(s, EventTimeout)
		require.Equal(r, int32(SilentMessage), e.Value)
		r.onTime(begun, (messageTime-5)*time.Millisecond)
	})
}

// TestARecordThatDripsIsLate has bytes that no framing sees: of a record of TLS, or of a frame.
func TestARecordThatDripsIsLate(t *testing.T) {
	overQueues(t, func(r *rig) {
		begins := ""
		switch {
		case r.masked, r.proxyScheme != "":
			return
		case r.tls != 0:
			begins = "\x17\x03\x03\x00\x50xx"
		case r.websocket:
			begins = "\x82"
		default:
			return
		}
		for _, queued := range []bool{false, true} {
			s, p := r.raw(r.kit, withMessageLimit(r.kit, inMode(frame.Size, "")))
			p.send("3\r\none")
			if queued {
				r.attach(s, false)
				r.message(s, "one")
			} else {
				r.expect(s, "one")
			}
			begun := time.Now()
			_, err := p.tcp.Write([]byte(begins))
			require.NoError(r, err)
			if queued {
				e := r.expectEvent(s, EventTimeout)
				require.Equal(r, int32(SilentMessage), e.Value)
			}
			r.readsLate(s)
			r.onTime(begun, (messageTime-5)*time.Millisecond)
		}
	})
}

// longMessageTime is the limit where a test must be in time, on a busy machine, too.
const longMessageTime = 1000 // ms

func withLongMessageLimit(k *kit, mode frame.Mode) func(*Socket) {
	return must(k, both(inMode(mode, ""), withInts(map[option.ID]int32{option.MessageLimit: longMessageTime})))
}

// inTwo sends a unit of a layer that is no message in two pieces, while a reader waits for a message longer than one
// may take: it ends with its own time.
func (k *kit) inTwo(s *Socket, to net.Conn, first, rest []byte) {
	k.Helper()
	done := k.start(func() error {
		_, err := s.Read(make([]byte, 100), 2*longMessageTime*time.Millisecond)
		return err
	})
	k.untilReadLocked(s)
	for _, piece := range [][]byte{first, rest} {
		_, err := to.Write(piece)
		require.NoError(k, err)
		time.Sleep(longMessageTime / 4 * time.Millisecond) // in which a call that waits looks
	}
	k.fails(k.await(done), fault.Timeout)
}

func TestAPingInTwoPiecesIsNoMessage(t *testing.T) {
	k := newKit(t, setup{name: "ws", websocket: true, direct: true, pair: plainPair, raw: plainRaw})
	s, p := k.raw(k, withLongMessageLimit(k, frame.Size))
	k.inTwo(s, p.tcp, []byte{0x89, 0x84}, []byte{1, 2, 3, 4, 1, 2, 3, 4})
	p.send("3\r\none")
	k.expect(s, "one")
}

func TestAKeyUpdateInTwoPiecesIsNoMessage(t *testing.T) {
	k := newKit(t, setup{direct: true, tls: tlslayer.TLS13})
	s, _, tcp, maker := k.updater(withLongMessageLimit(k, frame.Size))
	record := maker.newKeys()
	k.inTwo(s, tcp, record[:10], record[10:])
	require.NoError(k, s.Abort())
}

// What was only peeked at is whole: what comes behind it begins anew.
func TestAPeekIsNotLate(t *testing.T) {
	bothWaits(t, func(k *kit) {
		s, p := k.raw(k, withLongMessageLimit(k, frame.Raw))
		p.send("ab")
		_, err := s.ReadExactly(nil, 4, 0)
		k.fails(err, fault.Timeout)
		p.send("cd")
		_, err = s.ReadExactly(nil, 4, patienceOfTests)
		require.NoError(k, err)
		time.Sleep((longMessageTime + 100) * time.Millisecond)
		done := k.start(func() error {
			_, err := s.ReadExactly(make([]byte, 8), 8, forever)
			return err
		})
		k.untilReadLocked(s)
		p.send("efgh")
		require.NoError(k, k.await(done))
	})
}

// A silence completes what came before it, but not what is late, for a client that reconnects either.
func TestALateMessageIsNotCompletedByReconnecting(t *testing.T) {
	h := newKit(t, setup{direct: true, exact: true, pair: plainPair, raw: plainRaw}).reconnecting(nil,
		map[option.ID]int32{option.MessageLimit: messageTime, option.FrameGap: 2000, option.ReconnectWait: 1}, func(s *Socket) { require.NoError(t, s.SetMode(frame.Gap, nil)) })
	require.NoError(h, h.channel.SetMode(frame.Raw, nil))
	over := make(chan struct{})
	done := h.start(func() error {
		for {
			select {
			case <-over:
				return nil
			case <-time.After(messageTime / 4 * time.Millisecond):
			}
			if _, err := h.channel.Write([]byte("ab")); err != nil {
				return nil
			}
		}
	})
	n, err := h.client.Read(make([]byte, 500), (4000+3*messageTime)*time.Millisecond)
	assert.Zero(h, n)
	assert.Error(h, err)
	close(over)
	require.NoError(h, h.await(done))
	require.NoError(h, h.client.Abort())
}

func TestRawBytesAreNeverLate(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		s, p := r.raw(r.kit, withMessageLimit(r.kit, inMode(frame.Raw, "")))
		p.send("x")
		r.expect(s, "x")
		r.readFails(s, longerThanThat, fault.Timeout)
		r.attach(s, false)
		p.send("y")
		r.expectEvent(s, EventMessage)
		_, reported := r.within(longerThanThat)
		require.False(r, reported)
		r.take(s, "y")
	})
}

// TestASingleReadIsLate has bytes that a single read waits for: they are a message, in raw mode
// too.
func TestASingleReadIsLate(t *testing.T) {
	bothWaits(t, func(k *kit) {
		s, p := k.raw(k, withMessageLimit(k, inMode(frame.Raw, "")))
		p.send("a line\nof t")
		_, err := s.ReadUntil(make([]byte, 100), []byte("\n"), forever)
		require.NoError(k, err)
		begun := time.Now()
		done := k.drip(p, "wo")
		_, err = s.ReadUntil(make([]byte, 100), []byte("\n"), forever)
		k.isLate(err)
		k.onTime(begun, (messageTime-5)*time.Millisecond)
		require.NoError(k, k.await(done))
	})
}

// One client is one end, also where a single read had a part of what it wants.
func TestALateSingleReadOfASimplifiedServer(t *testing.T) {
	overTransports(t, func(k *kit) {
		if k.websocket { // which has no lines
			return
		}
		server, port := k.listen(withMessageLimit(k, inMode(frame.Size, "")))
		first := k.dial(port)
		first.send("40")
		_, err := server.ReadUntil(make([]byte, 100), []byte("\n"), forever)
		k.isLate(err)
		second := k.dial(port)
		second.send("next\n")
		got := make([]byte, 100)
		n, err := server.ReadUntil(got, []byte("\n"), patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, "next", string(got[:n]))
	})
}

// TestAnEndlessMessageIsLate has a peer that sends as fast as it is read.
func TestAnEndlessMessageIsLate(t *testing.T) {
	bothWaits(t, func(k *kit) {
		s, p := k.raw(k, withMessageLimit(k, inMode(frame.EndTag, "\n")))
		done := k.start(func() error {
			for p := (peer{Conn: p.Conn, t: k}); ; time.Sleep(time.Millisecond) {
				if _, err := p.Write(make([]byte, 100)); err != nil {
					return nil
				}
			}
		})
		k.readsLate(s)
		require.NoError(k, k.await(done))
	})
}

func TestADrippingClientOfASimplifiedServer(t *testing.T) {
	overTransports(t, func(k *kit) {
		server, port := k.listen(withMessageLimit(k, inMode(frame.Size, "")))
		first := k.dial(port)
		first.send("40\r\nx")
		done := k.drip(first, "12345678901234567890")
		_, err := server.Read(make([]byte, 100), forever)
		k.isLate(err)
		assert.Contains(k, err.Error(), "the server goes on: the next read accepts the next client")
		require.Equal(k, fault.ScopeClient, server.Scope(fault.Silent, fault.PhaseRead))
		require.NoError(k, k.await(done))
		second := k.dial(port)
		second.send("5\r\nhello")
		k.expect(server, "hello")
	})
}

// TestALimitedMessageAllocatesNothing has messages that come in two parts, each of which is noted.
func TestALimitedMessageAllocatesNothing(t *testing.T) {
	if raceEnabled {
		return
	}
	k := newKit(t, setup{direct: true, exact: true, pair: plainPair, raw: plainRaw})
	s, p := k.raw(k, must(k, inMode(frame.Size, "")))
	first, rest, buf := []byte("5\r\nhe"), []byte("llo"), make([]byte, 16)
	inTwo := func() {
		if _, err := p.Write(first); err != nil {
			panic(err)
		}
		if n, err := s.Size(time.Nanosecond); n != 0 || fault.CodeOf(err) != fault.Timeout {
			panic(err)
		}
		if _, err := p.Write(rest); err != nil {
			panic(err)
		}
		if n, err := s.Read(buf, forever); n != 5 || err != nil {
			panic(err)
		}
	}
	without := allocations(t, inTwo) // those of the time-outs
	require.NoError(t, s.SetOption(option.MessageLimit, 60000))
	assert.Equal(t, without, allocations(t, inTwo))
}
